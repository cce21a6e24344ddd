"""Messages: what was sent and received."""

from __future__ import annotations

from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response

from sandbox.control.answer import answer, stamp
from sandbox.control.filters import Filters
from sandbox.control.listing import PARAMETERS, listed, of_feeds, one_of
from sandbox.control.query import Query
from sandbox.core.account import Account
from sandbox.core.content import as_json, readable
from sandbox.core.conversation import Direction, Message, Status, StatusChange
from sandbox.core.journal import Feed
from sandbox.engine.pattern import Kind
from sandbox.sandbox import Sandbox


def view(_: Sandbox, message: Message) -> dict[str, Any]:
    """Return a message as JSON."""
    conversation = message.conversation
    return {
        "id": message.id,
        "account": conversation.account.id,
        "provider": conversation.account.provider,
        "direction": message.direction,
        "channel": message.channel,
        "sender": conversation.sender,
        "user": conversation.user,
        "provider_id": message.provider_id,
        "kind": message.content.kind,
        "text": readable(message.shown.content),
        "content": as_json(message.shown.content),
        "suggestions": as_json(message.suggestions),
        "status": message.status,
        "history": [_history(change) for change in message.story],
        "request": message.request,
        "at": stamp(message.at),
    }


def _history(change: StatusChange) -> dict[str, Any]:
    return {
        "status": change.status,
        "provider_status": change.provider_status,
        "at": stamp(change.at),
        "code": change.code,
        "detail": change.detail,
    }


def _feed(account: Account) -> Feed[Message]:
    return account.journal.messages


async def show_all(sandbox: Sandbox, request: Request) -> Response:
    """List messages."""
    filters = ("direction", "user", "sender", "kind", "status", "text", "provider_id")
    query = Query(request, *PARAMETERS, *filters)
    wanted: Filters[Message] = Filters(query)
    wanted.exact("direction", lambda message: message.direction, get_args(Direction))
    wanted.user(sandbox, lambda message: message.conversation.user)
    wanted.exact("sender", lambda message: message.conversation.sender)
    wanted.exact("status", lambda message: message.status, get_args(Status))
    wanted.exact("provider_id", lambda message: message.provider_id)
    wanted.exact("kind", lambda message: message.content.kind, get_args(Kind))
    wanted.substring("text", lambda message: readable(message.shown.content))
    return await listed(sandbox, request, query, of_feeds(_feed), view, wanted)


async def show(sandbox: Sandbox, request: Request) -> Response:
    """Return one message."""
    Query(request)
    _, message = one_of(sandbox, "message", request.path_params["id"], _feed)
    return answer(view(sandbox, message))
