"""Callbacks: from what happened to the `InBoundWrapper` that is posted to the webhook of an app.

Source: 5401, 5560-5563, 6033-6047.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic_core import to_json

from sandbox.core.account import Account, Webhook
from sandbox.core.callback import Callback, Draft, Encoded, Subscriber
from sandbox.core.events import ActionReported, AgentActed, Event, EventReported, SessionEnded, UserReplied
from sandbox.providers.mehery import inbound, questions, receipts, recipients, sessions
from sandbox.providers.mehery.account import credentials_of, server_of, settings_of
from sandbox.providers.mehery.chat_messages import FORWARD_ERR, FORWARDED, STATUS_FORWARD_ERR, log, reach
from sandbox.providers.mehery.fixture_world import world_of
from sandbox.providers.mehery.happenings import SessionEvent
from sandbox.providers.mehery.models import inbound_contact
from sandbox.providers.mehery.questions import ContactQuestion
from sandbox.providers.mehery.sessions import Actor
from sandbox.providers.mehery.vocabulary import CALLBACK_STATUSES, INBOUND_TYPES
from sandbox.providers.mehery.world import App, ChatMessage, Contact, Session, World

KINDS = (
    *(f"message.{kind}" for kind in INBOUND_TYPES),
    *(f"status.{status}" for status in CALLBACK_STATUSES),
    *(f"event.{code}" for code in sessions.CODES),
    "action",
    questions.KIND,
)
CODED_KINDS = frozenset({"action"})


class Told(NamedTuple):
    """
    What a callback tells, before it is put into its wrapper.

    Attributes:
        type: the wrapper's `type`, which names the array that it stands in.
        element: the one thing in that array.
        contact: whom it is about, as they are when the callback goes out.
        app: who is told.
        chat: the message that it is about, which remembers how the callback fared.
    """

    type: str
    element: Mapping[str, Any]
    contact: Contact
    app: App
    chat: ChatMessage | None = None


def callbacks_for(event: Event, account: Account) -> tuple[Draft, ...]:
    """
    Let an event take its effect on the tenant's world, and return the callbacks that tell of it.

    Raises:
        ValueError: such a thing cannot happen now.
    """
    world = world_of(account)
    match event:
        case UserReplied():
            return tuple(_of_message(event, world))
        case SessionEvent():
            return tuple(_of_session(event, world))
        case EventReported(code=code):
            contact = recipients.known(world, event.conversation)
            return tuple(_of_session(sessions.reported(world, contact, code, event.at), world))
        case ActionReported(code=code):
            return tuple(_of_action(code, recipients.known(world, event.conversation), world))
        case AgentActed():
            told = (_of_session(each, world) for each in _by_agent(event, world))
            return tuple(draft for drafts in told for draft in drafts)
        case SessionEnded():
            return tuple(_of_session(_ended(event, world), world))
        case _:
            return tuple(_of_status(event, world))


# ------------------------------------------------------------------------------------------------- who is told of what


def _of_message(event: UserReplied, world: World) -> Iterator[Draft]:
    """Tell of a message, behind the start of its session, to the app of the session's queue (MEH-CB-02)."""
    heard = inbound.hear(event, world)
    event.reply.facts = heard.chat
    app = _webhook_app(world, heard.session.queue)
    if app is None:
        return
    if heard.started is not None:
        question = questions.about(heard.contact, app, world)  # MEH-INFO-01: before the business hears of the session
        if question is not None:
            yield question
        yield _draft(world, f"event.{sessions.ROUTED}", Told("events", heard.started.document, heard.contact, app))
    kind = heard.document["type"]
    yield _draft(world, f"message.{kind}", Told("messages", heard.document, heard.contact, app, heard.chat))


def _of_status(event: Event, world: World) -> Iterator[Draft]:
    """Tell of a status to the app that sent the message, if that has webhooks at all (MEH-STAT-06)."""
    for sent, document in receipts.statuses_of(event, world):
        app = _webhook_app(world, sent.queue)
        contact = world.contacts.get(sent.contact_id)
        if app is not None and contact is not None:
            yield _draft(world, f"status.{document['status']}", Told("statuses", document, contact, app, sent.chat))


def _of_session(event: SessionEvent, world: World) -> Iterator[Draft]:
    contact = world.contacts.get(event.contact_id)
    if contact is None:
        return
    code = event.document["eventCode"]
    app = _webhook_app(world, event.queue)
    if app is None and code != sessions.ROUTED:  # MEH-CB-03
        app = _webhook_app(world, world.channels[contact.channel_id].queue)
    if app is not None:
        yield _draft(world, f"event.{code}", Told("events", event.document, contact, app))


def _of_action(code: str, contact: Contact, world: World) -> Iterator[Draft]:
    session = sessions.current(world, contact)
    queue = session.queue if session is not None else None
    app = _webhook_app(world, queue) or _webhook_app(world, world.channels[contact.channel_id].queue)
    if app is not None:
        yield _draft(world, f"action.{code}", Told("actions", {"actionCode": code}, contact, app))


def _webhook_app(world: World, queue: str | None) -> App | None:
    """Return the app of a queue if it is one that is told by webhook; agents and bots look for themselves."""
    app = world.app_of_queue(queue) if queue is not None else None
    return app if app is not None and app.app_type == "WEBHOOK" else None


def _draft(world: World, kind: str, told: Told) -> Draft:
    return Draft(kind, told, subscriber(world, told.app), told.contact.contact_id)  # MEH-CB-07


def subscriber(world: World, app: App) -> Subscriber:
    """Return where an app is told, with the headers and the patience that the operator gave its webhook."""
    url, is_operators = world.webhook_of(app)
    configured = world.configured(app)
    own = configured if isinstance(configured, Webhook) else None
    return Subscriber(
        url,
        own.pairs if own is not None and is_operators else (),
        vouched=is_operators,
        refused=None if url is not None else f"{app.queue} has no webhook (setting apps.{app.queue}.webhook)",
        timeout=own.timeout if own is not None else None,
        verify=settings_of(world.account).verify_tls,  # MEH-HOOK-04
    )


# ------------------------------------------------------------------------------------------------------ what is done


def _by_agent(event: AgentActed, world: World) -> Iterator[SessionEvent]:
    """Do what a human agent does to the session of a person. Raises `ValueError`."""
    contact, session = _session(event, world)
    desk = next(app for app in world.apps.values() if app.is_agent_app)
    actor = Actor("AGENT", (world.id_of(desk), desk.queue), event.name or session.agent)
    if event.deed == "assign":
        to, unknown = sessions.choose(world, event.name if event.name in world.agents else None, None, ())
        if event.name in world.teams:
            to, unknown = sessions.choose(world, None, event.name, ())
        if to is None or unknown:
            there = ", ".join((*world.agents, *world.teams))
            raise ValueError(f"{event.name!r} is no agent and no team; there are {there}")
        before = sessions.snapshot(session)
        if session.queue != desk.queue:
            yield sessions.routed(world, session, desk, event.at, actor, {})
        yield sessions.assigned(world, session, before, to, event.at, actor)
        return
    end = sessions.resolved if event.deed == "resolve" else sessions.closed
    done = end(world, session, event.at, actor)
    if done is None:
        raise ValueError(f"the session of {contact.contact_id} is resolved already")
    yield done


def _ended(event: SessionEnded, world: World) -> SessionEvent:
    contact, session = _session(event, world)
    done = sessions.closed(world, session, event.at, sessions.PLATFORM)
    if done is None:
        raise ValueError(f"the session of {contact.contact_id} has ended already")
    return done


def _session(event: Event, world: World) -> tuple[Contact, Session]:
    contact = recipients.known(world, event.conversation)
    session = sessions.current(world, contact)
    if session is None:
        raise ValueError(f"{contact.contact_id} has no open session")
    return contact, session


# --------------------------------------------------------------------------------------------------------- the bytes


def encode(callback: Callback, account: Account) -> Encoded:
    """Return the JSON of a callback (MEH-CB-01, MEH-CB-04, MEH-CB-05)."""
    if isinstance(callback.payload, ContactQuestion):
        return questions.encode(callback, account)
    document = wrapper(callback.payload, account)
    if callback.tweak is not None:
        _tweaked(document, callback)
    return encoded(document, account)


def encoded(document: Any, account: Account) -> Encoded:
    """Return a JSON document as it goes to a webhook, with the token that tells it from a stranger's (MEH-CB-01)."""
    token = credentials_of(account).verify_token
    return Encoded("application/json", to_json(document, inf_nan_mode="null"), headers=(("x-verify-token", token),))


def wrapper(told: Told, account: Account) -> dict[str, Any]:
    """Return `InBoundWrapper` with its one array, of one element."""
    settings = settings_of(account)
    world = world_of(account)
    return {
        "type": told.type,
        "meta": {
            "appId": world.id_of(told.app),  # MEH-CB-08
            "domain": settings.domain,
            "server": server_of(account),
            "debug": False,
        },
        "contacts": [inbound_contact(told.contact)],
        told.type: [told.element],
    }


def _tweaked(document: dict[str, Any], callback: Callback) -> None:
    """Change what a script wants changed: paths lead into the single elements of the arrays."""
    assert callback.tweak is not None  # noqa: S101 - the caller has looked
    kind = callback.payload.type
    for name in ("contacts", kind):
        document[name] = _copied(document[name][0])
    callback.tweak.apply(document, inner=(kind,))
    for name in ("contacts", kind):
        if isinstance(document.get(name), dict):
            document[name] = [document[name]]


def _copied(value: Any) -> Any:
    """Return JSON objects as copies, for what happened must not change with what is told of it."""
    return {name: _copied(member) for name, member in value.items()} if isinstance(value, Mapping) else value


# ------------------------------------------------------------------------------------------------ what came of telling


def settled(callback: Callback, account: Account, answer: str) -> None:
    """Take the answer to a question; remember with a message how its callback fared (MEH-STAT-07)."""
    told = callback.payload
    if isinstance(told, ContactQuestion):
        questions.settled(callback, account, answer)
    if not isinstance(told, Told) or told.chat is None or callback.state == "recorded":
        return
    at = account.clock.now()
    if told.type == "messages":
        if told.chat.status != FORWARDED:
            reach(told.chat, FORWARDED if callback.state == "delivered" else FORWARD_ERR, at)
    elif callback.state != "delivered":
        log(told.chat, STATUS_FORWARD_ERR, at, callbackStatus=told.element["status"])
