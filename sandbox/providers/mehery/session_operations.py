"""Session operations: `session/close`, `session/messages`, `session/resolve` and `session/routing`.

Source: 3606-3634, 3844-3872, 4082-4110, 4336-4372.
"""

from __future__ import annotations

from collections.abc import Sequence

from sandbox.core.operation import Call, Reply
from sandbox.providers.mehery import reading, sessions
from sandbox.providers.mehery.authentication import acting_app
from sandbox.providers.mehery.chat_messages import chat_message_dto
from sandbox.providers.mehery.envelopes import compact
from sandbox.providers.mehery.errors import HTTP_NOT_FOUND, PARAM_INVALID, FieldFault, RefusalError, refusal
from sandbox.providers.mehery.fixture_world import world_of
from sandbox.providers.mehery.happenings import SessionEvent
from sandbox.providers.mehery.reading import Field, Schema
from sandbox.providers.mehery.sessions import PLATFORM, Actor
from sandbox.providers.mehery.world import Session, World

# Source: 7340
SESSION_STATUS_CLOSE = Schema("SessionStatusClose", (Field("sessionId", required=True),))
# Source: 7301-7306
SESSION_QUEUE_ASSIGNMENT = Schema(
    "SessionQueueAssignment",
    (
        Field("agent"),
        Field("params", "object"),
        Field("queue", required=True),
        Field("sessionId", required=True),
        Field("skills", is_list=True),
        Field("team"),
    ),
)


def close(call: Call) -> Reply:
    """POST /session/close: the session ends; once is enough (MEH-SESS-08)."""
    world, session, actor = _session(call)
    return _told(call, [sessions.closed(world, session, call.at, actor)])


def resolve(call: Call) -> Reply:
    """POST /session/resolve: the matter is settled; closing is left to the person (MEH-SESS-07)."""
    world, session, actor = _session(call)
    return _told(call, [sessions.resolved(world, session, call.at, actor)])


def messages(call: Call) -> Reply:
    """POST /session/messages: all of them, the oldest first, of a closed session too (MEH-SESS-09, MEH-SESS-12)."""
    world, session, _ = _session(call)
    return compact(call, [chat_message_dto(one, session, world) for one in session.messages])


def routing(call: Call) -> Reply:
    """POST /session/routing: the session moves to a queue, and to an agent or a team of an agent desk (MEH-SESS-03)."""
    given = reading.body(call, SESSION_QUEUE_ASSIGNMENT, missing_rule="MEH-SESS-10")
    world, schema = world_of(call.account), SESSION_QUEUE_ASSIGNMENT.name
    session = _known(world, given["sessionId"], schema)
    if session.is_closed:
        raise refusal(
            PARAM_INVALID, "MEH-SESS-09", "SESSION_CLOSED", "sessionId", "The session is closed", schema=schema
        )
    app = world.app_of_queue(given["queue"])
    if app is None:
        raise refusal(
            HTTP_NOT_FOUND, "MEH-SESS-04", "QUEUE_NOT_FOUND", "queue", "The queue is not known", schema=schema
        )
    to = None
    if app.is_agent_app:  # to all others it means nothing (MEH-SESS-05)
        to, unknown = sessions.choose(world, given.get("agent"), given.get("team"), given.get("skills") or ())
        if unknown:
            faults = [FieldFault(key, field, f"The {field} is not known") for field, key in unknown]
            raise RefusalError(HTTP_NOT_FOUND, "MEH-SESS-06", faults, schema=schema)
    actor, before = _actor(call, world), sessions.snapshot(session)
    told: list[SessionEvent | None] = [sessions.routed(world, session, app, call.at, actor, given.get("params") or {})]
    if to is not None:
        told.append(sessions.assigned(world, session, before, to, call.at, actor))
    return _told(call, told)


def _session(call: Call) -> tuple[World, Session, Actor]:
    """Return the session that a request names, and who names it. Raises `RefusalError` (MEH-SESS-10)."""
    given = reading.body(call, SESSION_STATUS_CLOSE, missing_rule="MEH-SESS-10")
    world = world_of(call.account)
    return world, _known(world, given["sessionId"], SESSION_STATUS_CLOSE.name), _actor(call, world)


def _known(world: World, session_id: str, schema: str) -> Session:
    session = world.sessions.get(session_id)
    if session is None:
        raise refusal(
            HTTP_NOT_FOUND, "MEH-SESS-10", "SESSION_NOT_FOUND", "sessionId", "The session is not known", schema=schema
        )
    return session


def _actor(call: Call, world: World) -> Actor:
    app = acting_app(call.request, call.account)
    return sessions.api(world, app) if app is not None else PLATFORM


def _told(call: Call, events: Sequence[SessionEvent | None]) -> Reply:
    """Answer with the events that came of a call, and have them told."""
    happened = [event for event in events if event is not None]
    for event in happened:
        call.publish(event)
    return compact(call, [event.document for event in happened])
