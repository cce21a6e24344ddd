"""Callbacks: what was told to webhooks, with every attempt."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.chaos import made
from sandbox.control import redaction
from sandbox.control.answer import answer, stamp
from sandbox.control.body import nothing_in
from sandbox.control.described import Nothing, described
from sandbox.control.filters import Filters
from sandbox.control.listing import ListQuery, Page, listed, of_feeds, one_of
from sandbox.control.media import harmless
from sandbox.control.problem import missing
from sandbox.control.query import Query
from sandbox.core.account import Account
from sandbox.core.callback import Attempt, Callback, Encoded, Part, State, headers_of
from sandbox.core.journal import Feed
from sandbox.core.provider import Provider
from sandbox.core.secret import without_secrets
from sandbox.sandbox import Sandbox

_STATE = "|".join(get_args(State))
_STATES = f"^({_STATE})(,({_STATE}))*$"


class CallbackQuery(ListQuery, total=False):
    """Which callbacks."""

    kind: Annotated[str, Field(description="a glob, `event.*`")]
    state: Annotated[str, Field(pattern=_STATES, description="a state, or several with commas")]
    user: Annotated[str, Field(description="the person's address, in any form that the provider understands")]
    message: Annotated[str, Field(description="id of the message that it tells of")]


class CauseView(TypedDict):
    """What made it happen, by id."""

    type: Literal["scenario", "action", "redelivery"]
    id: str


class PartView(TypedDict):
    """One part of a multipart body; only that of JSON is shown."""

    name: str
    content_type: str
    filename: str | None
    size: int
    text: str | None


class AttemptView(TypedDict):
    """One try, with the first kilobyte of what was answered."""

    at: str
    status: int | None
    error: str | None
    duration_ms: float
    response: str


class CallbackView(TypedDict):
    """A callback: `body` as it goes out, `decoded` the same read for you, payloads in base64 included."""

    id: str
    account: str
    provider: str
    kind: str
    user: str
    message: str | None
    cause: CauseView | None
    url: str | None
    method: str
    headers: dict[str, str]
    body: str | None
    parts: list[PartView] | None
    decoded: Any
    state: State
    due_at: str
    attempts: list[AttemptView]
    fault: str | None
    detail: str | None


def view(sandbox: Sandbox, callback: Callback) -> CallbackView:
    """Return a callback as JSON; one that was not sent yet as it would be sent now."""
    encoded = _encoded(sandbox, callback)
    cause = callback.cause
    headers = list(callback.headers)
    body, parts, decoded = None, None, None
    if encoded is not None:
        headers = [("content-type", encoded.content_type), *headers_of(callback.headers, encoded)]
        decoded = encoded.decoded
        if encoded.parts is None:
            body = encoded.body.decode(errors="replace")
        else:
            parts = [_part(part) for part in encoded.parts]
    return {
        "id": callback.id,
        "account": callback.account.id,
        "provider": callback.account.provider,
        "kind": callback.kind,
        "user": callback.user,
        "message": callback.message,
        "cause": None if cause is None else {"type": cause.type, "id": cause.id},
        "url": None if callback.url is None else without_secrets(callback.url),
        "method": "POST",
        "headers": redaction.headers((name.encode(), value.encode("latin-1", "replace")) for name, value in headers),
        "body": body,
        "parts": parts,
        "decoded": decoded,
        "state": callback.state,
        "due_at": stamp(callback.due_at),
        "attempts": [_attempt(attempt) for attempt in callback.attempts],
        "fault": callback.fault,
        "detail": callback.detail,
    }


def _encoded(sandbox: Sandbox, callback: Callback) -> Encoded | None:
    """Return the bytes of a callback without keeping them, for it may yet be sent otherwise; None if there are none."""
    if callback.encoded is not None:
        return callback.encoded
    account = sandbox.accounts.get(callback.account.id)
    try:
        return None if account is None else made(callback, account)
    except Exception:  # noqa: BLE001 - one that cannot be made, which the dispatcher logs, must not hide the others
        return None


def _part(part: Part) -> PartView:
    is_json = part.content_type.startswith("application/json")
    return {
        "name": part.name,
        "content_type": part.content_type,
        "filename": part.filename,
        "size": len(part.content),
        "text": part.content.decode(errors="replace") if is_json else None,
    }


def _attempt(attempt: Attempt) -> AttemptView:
    return {
        "at": stamp(attempt.at),
        "status": attempt.status,
        "error": attempt.error,
        "duration_ms": round(attempt.duration_ms, 3),
        "response": attempt.response,
    }


def _feed(account: Account) -> Feed[Callback]:
    return account.journal.callbacks


@described(answer=Page[CallbackView], query=CallbackQuery)
async def show_all(sandbox: Sandbox, request: Request) -> Response:
    """List callbacks."""
    query = Query(request, *CallbackQuery.__annotations__)
    wanted: Filters[Callback] = Filters(query)
    wanted.pattern("kind", lambda callback: callback.kind)
    wanted.any_of("state", lambda callback: callback.state, get_args(State))
    wanted.user(sandbox, lambda callback: callback.user)
    wanted.exact("message", lambda callback: callback.message)
    hint = wanted.misnamed(sandbox, "kind", Provider.no_callback)
    return await listed(sandbox, request, query, of_feeds(_feed), view, wanted, hint=hint)


@described(answer=CallbackView)
async def show(sandbox: Sandbox, request: Request) -> Response:
    """Return one callback."""
    Query(request)
    _, callback = one_of(sandbox, "callback", request.path_params["id"], _feed)
    return answer(view(sandbox, callback))


@described(media=(("*/*", bytes),))
async def show_part(sandbox: Sandbox, request: Request) -> Response:
    """Return the bytes of one part of a multipart callback, a file that a person sent, as they went out."""
    Query(request)
    _, callback = one_of(sandbox, "callback", request.path_params["id"], _feed)
    encoded = _encoded(sandbox, callback)
    parts = () if encoded is None else encoded.parts or ()
    index = request.path_params["index"]
    if index not in map(str, range(len(parts))):
        raise missing("part", index)
    part = parts[int(index)]
    return harmless(part.filename or part.name, part.content_type, part.content)


@described(answer=CallbackView, statuses=(202,), body=Nothing)
async def redeliver(sandbox: Sandbox, request: Request) -> Response:
    """Send a callback once more, byte for byte, as a new one."""
    Query(request)
    account, callback = one_of(sandbox, "callback", request.path_params["id"], _feed)
    await nothing_in(request)
    again = sandbox.redeliver(account, callback)
    return answer(view(sandbox, again), 202, {"Location": f"/_sandbox/callbacks/{again.id}"})
