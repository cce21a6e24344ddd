"""Sessions: a conversation from its first message until it is closed, and the events that tell its story."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sandbox.core.conversation import Conversation
from sandbox.providers.mehery.envelopes import millis
from sandbox.providers.mehery.happenings import SessionEvent
from sandbox.providers.mehery.identifiers import object_id
from sandbox.providers.mehery.models import checksum, inbound_event
from sandbox.providers.mehery.world import Agent, App, Contact, Session, World

LASTS = timedelta(hours=24)  # from the last message (MEH-SESS-01)

ROUTED, ASSIGNED, STATUS, CLOSED = "SESSION_ROUTED", "SESSION_ASSIGNED", "SESSION_STATUS", "SESSION_CLOSED"
INIT, CONTACT_UPDATE = "SESSION_INIT", "CONTACT_UPDATE"
CODES = (ROUTED, ASSIGNED, STATUS, CLOSED, INIT, CONTACT_UPDATE)

_FIRST_ROUTING = 300  # what the middle of a routing id counts from; the samples show 323 and 324


class Assignment(NamedTuple):
    """Who takes a session: an agent with his team, or a team alone."""

    agent: str | None
    team: str | None


class Actor(NamedTuple):
    """
    Who makes something happen, as `MessageRouter` (6114-6119) names it.

    Attributes:
        kind: `API`, `AGENT`, `SYSTEM`.
        app: id and queue of the app; None for the platform itself.
        code: the agent's code, where an agent acts.
    """

    kind: str
    app: tuple[str, str] | None = None
    code: str | None = None

    def route(self, queue: str | None) -> dict[str, Any]:
        """Return `MessageRouter` of something that is about a queue."""
        app_id, name = self.app or (None, None)
        return {
            "queueCode": queue,
            "routerId": app_id,
            "sendMode": "ACTION" if self.app else None,
            "senderApp": name,
            "senderCode": self.code or name,
            "senderType": self.kind,
        }


PLATFORM = Actor("SYSTEM")


def api(world: World, app: App) -> Actor:
    """Return an app that calls."""
    return Actor("API", (world.id_of(app), app.queue))


def current(world: World, contact: Contact) -> Session | None:
    """Return the session that is open with a contact; None if none is."""
    session = world.sessions.get(contact.session) if contact.session is not None else None
    return None if session is None or session.is_closed else session


def spoken_to(world: World, contact: Contact, at: datetime) -> Session:
    """Return the session that a message of the business belongs to; a new one has no queue yet (MEH-SESS-02, -13)."""
    session = current(world, contact) or _begun(world, contact, at)
    session.last_message = at
    watch(world, session)
    return session


def heard_from(world: World, contact: Contact, at: datetime) -> tuple[Session, SessionEvent | None]:
    """
    Return the session that a message of the contact belongs to, and the routing that it starts with, if it starts.

    A resolved one is taken up again without a word (MEH-SESS-02, MEH-SESS-07).
    """
    session = current(world, contact) or _begun(world, contact, at)
    session.last_message = at
    session.is_resolved = False
    watch(world, session)
    if session.queue is not None:
        return session, None
    session.queue = world.channels[contact.channel_id].queue
    _reroute(world, session)
    routed = _routing(session, None, {}, is_start=True)
    event = _event(world, session, ROUTED, at, PLATFORM, is_first=True, sessionRouted=routed)
    return session, event


def routed(
    world: World, session: Session, app: App, at: datetime, actor: Actor, params: Mapping[str, Any]
) -> SessionEvent:
    """Move a session to an app's queue and return what tells of it (MEH-SESS-03)."""
    source, session.queue = session.queue, app.queue
    session.agent = session.dept = None
    session.bot = app.queue if app.app_type == "BOT" else None
    _reroute(world, session)
    return _event(world, session, ROUTED, at, actor, sessionRouted=_routing(session, source, params, is_start=False))


def assigned(
    world: World, session: Session, before: Session, to: Assignment, at: datetime, actor: Actor
) -> SessionEvent:
    """
    Give a session to an agent or a team and return what tells of it (MEH-SESS-06).

    Args:
        world: whose session it is.
        session: is given away.
        before: the session as it was before it was given away, or routed for it.
        to: who takes it.
        at: when.
        actor: who does it.
    """
    session.agent, session.dept = to.agent, to.team
    told = {
        "newAgent": session.agent,
        "newBot": session.bot,
        "newDept": session.dept,
        "oldAgent": before.agent,
        "oldBot": before.bot,
        "oldDept": before.dept,
    }
    return _event(world, session, ASSIGNED, at, actor, sessionAssigned=told)


def resolved(world: World, session: Session, at: datetime, actor: Actor) -> SessionEvent | None:
    """Settle a session; None if that has been done, or it is closed (MEH-SESS-07)."""
    if session.is_resolved or session.is_closed:
        return None
    session.is_resolved = True
    return _event(world, session, STATUS, at, actor)


def closed(world: World, session: Session, at: datetime, actor: Actor) -> SessionEvent | None:
    """End a session; None if it has ended (MEH-SESS-08)."""
    if session.is_closed:
        return None
    session.is_closed = True
    return _event(world, session, CLOSED, at, actor)


def reported(world: World, contact: Contact, code: str, at: datetime) -> SessionEvent:
    """Return an event that a script wants told, as of the session that is open or was last; nothing changes by it."""
    session = world.sessions.get(contact.session) if contact.session is not None else None
    if session is None or code == CONTACT_UPDATE:
        ids = world.account.ids
        document = inbound_event(code, contact, object_id(ids), checksum(ids))
        return SessionEvent(
            at=at,
            conversation=conversation(world, contact),
            cause=None,
            document=document,
            contact_id=contact.contact_id,
            queue=None,
        )
    parts: dict[str, Any] = {}
    if code == ROUTED:
        parts["sessionRouted"] = _routing(session, session.queue, {}, is_start=False)
    if code == ASSIGNED:
        now = (session.agent, session.bot, session.dept)
        parts["sessionAssigned"] = dict(
            zip(("newAgent", "newBot", "newDept", "oldAgent", "oldBot", "oldDept"), now * 2, strict=True)
        )
    return _event(world, session, code, at, PLATFORM, **parts)


def choose(
    world: World, agent: str | None, team: str | None, skills: Sequence[str]
) -> tuple[Assignment | None, list[tuple[str, str]]]:
    """
    Return who takes a session by what a routing asks for (MEH-SESS-06).

    Also returns what of it is unknown: the field and the rest of its `codeKey`.
    """
    unknown = [
        (field, f"{field.upper()}_NOT_FOUND")
        for field, name, known in (("agent", agent, world.agents), ("team", team, world.teams))
        if name and name not in known
    ]
    if unknown:
        return None, unknown
    if agent:
        return Assignment(agent, world.agents[agent].team), []
    found = next((one for one in _skilled(world, team, skills)), None) if skills else None
    if found is not None:
        return Assignment(found.code, found.team), []
    return (Assignment(None, team) if team else None), []


def watch(world: World, session: Session) -> None:
    """
    Let a session end when nobody has written for 24 hours (MEH-SESS-11).

    One timer waits for all of them, as they end in the order in which they fell silent.
    """
    idle = world.idle
    idle[session.session_id] = None
    idle.move_to_end(session.session_id)
    while len(idle) > len(world.sessions):
        idle.popitem(last=False)  # the shelf has forgotten as many
    if world.expiry is None:
        _wait(world, session)


def snapshot(session: Session) -> Session:
    """Return a session's assignment as it is now, for the old half of `SessionAssigned`."""
    return Session(
        session.session_id,
        session.contact_id,
        session.started,
        session.last_message,
        session.ticket_hash,
        agent=session.agent,
        dept=session.dept,
        bot=session.bot,
    )


def conversation(world: World, contact: Contact) -> Conversation:
    """Return who talks to whom, as the rest of the sandbox knows it."""
    return Conversation(world.account.key, contact.channel_id, contact.csid)


def _wait(world: World, session: Session) -> None:
    due = session.last_message + LASTS
    world.expiry = world.account.clock.call_at(due, _look_after, world, quiet=True)


def _look_after(world: World) -> None:
    """Close the sessions whose time is up, and wait for the next."""
    world.expiry = None
    now = world.account.clock.now()
    while world.idle:
        session = world.sessions.get(next(iter(world.idle)))
        if session is not None and not session.is_closed and now - session.last_message < LASTS:
            _wait(world, session)
            return
        world.idle.popitem(last=False)
        event = closed(world, session, now, PLATFORM) if session is not None else None
        if event is not None:
            world.account.publish(event)


TIMED = (_look_after,)  # what is put on the clock


def _begun(world: World, contact: Contact, at: datetime) -> Session:
    ids = world.account.ids
    session = Session(object_id(ids), contact.contact_id, at, at, f"{ids.random.getrandbits(32):08X}")
    world.sessions.put(session.session_id, session)
    contact.session = session.session_id
    return session


def _reroute(world: World, session: Session) -> None:
    """Give a session a new routing id, shaped as the sampled `77fc1a320-323-232`."""
    session.routings += 1
    drawn = world.account.ids.random.randrange(100, 1000)
    session.routing_id = f"{session.session_id[-8:]}0-{_FIRST_ROUTING + session.routings}-{drawn}"


def _routing(session: Session, source: str | None, params: Mapping[str, Any], *, is_start: bool) -> dict[str, Any]:
    """Return `SessionRouted` (7323-7327)."""
    return {
        "params": params,
        "routingId": session.routing_id,
        "sessionStart": is_start,
        "sourceQueue": source,
        "targetQueue": session.queue,
    }


def _event(
    world: World,
    session: Session,
    code: str,
    at: datetime,
    actor: Actor,
    *,
    is_first: bool = False,
    **parts: Any,
) -> SessionEvent:
    contact = world.contacts.get(session.contact_id)
    if contact is None:  # forgotten among very many, while the session is remembered
        contact = _remembered(world, session)
    ids = world.account.ids
    document = inbound_event(
        code,
        contact,
        object_id(ids),
        checksum(ids),
        sessionId=session.session_id,
        route=actor.route(session.queue),
        session=_message_session(world, session, is_first=is_first),
        **parts,
    )
    return SessionEvent(
        at=at,
        conversation=conversation(world, contact),
        cause=None,
        document=document,
        contact_id=contact.contact_id,
        queue=session.queue,
    )


def _remembered(world: World, session: Session) -> Contact:
    """Return a contact again of which only the session is left."""
    from sandbox.providers.mehery.recipients import at, place_of  # noqa: PLC0415 - needed once in a very long while

    found = place_of(session.contact_id)
    channel, csid = found if found is not None else (next(iter(world.channels.values())), session.contact_id)
    contact = at(world, channel, csid)
    contact.session = session.session_id
    return contact


def _message_session(world: World, session: Session, *, is_first: bool) -> dict[str, Any]:
    """Return `MessageSession` (6142-6152)."""
    app = world.apps.get(session.queue) if session.queue is not None else None
    return {
        "agent": session.agent,
        "bot": session.bot,
        "dept": session.dept,
        "firstMessage": is_first,
        "initMessage": is_first,
        "mode": app.app_type if app is not None else None,
        "queue": session.queue,
        "resolved": session.is_resolved,
        "routingId": session.routing_id,
        "sessionStamp": millis(session.started),
        "ticketHash": session.ticket_hash,
    }


def _skilled(world: World, team: str | None, skills: Sequence[str]) -> Iterator[Agent]:
    for agent in world.agents.values():
        if (team is None or agent.team == team) and set(skills) <= set(agent.skills):
            yield agent
