"""Messages: what was sent and received."""

from __future__ import annotations

from typing import Annotated, Any, cast, get_args

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control.answer import answer, stamp
from sandbox.control.described import described
from sandbox.control.filters import Filters
from sandbox.control.listing import ListQuery, Page, listed, of_feeds, one_of
from sandbox.control.query import Query
from sandbox.core.account import Account
from sandbox.core.content import as_json, readable
from sandbox.core.conversation import Direction, Message, Status, StatusChange
from sandbox.core.journal import Feed
from sandbox.engine.pattern import Kind
from sandbox.sandbox import Sandbox


class MessageQuery(ListQuery, total=False):
    """Which messages."""

    direction: Direction
    user: Annotated[str, Field(description="the person's address, in any form that the provider understands")]
    sender: Annotated[str, Field(description="the business's own address")]
    kind: Kind
    status: Status
    text: Annotated[str, Field(description="stands in its text, in whatever letter case")]
    provider_id: Annotated[str, Field(description="the id that client and provider know it by")]


class HistoryEntry(TypedDict):
    """What became of a message, in our word and in the provider's own."""

    status: Status
    provider_status: str | None
    at: str
    code: str | None
    detail: str | None


class MessageView(TypedDict):
    """A message: `text` is what a person would read, `content` what a handset draws, in words of no provider."""

    id: str
    account: str
    provider: str
    direction: Direction
    channel: str
    sender: str
    user: str
    provider_id: str
    kind: Kind
    text: str
    content: dict[str, Any]
    suggestions: list[dict[str, Any]]
    status: Status
    history: list[HistoryEntry]
    request: str | None
    at: str


def view(_: Sandbox, message: Message) -> MessageView:
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
        "kind": cast("Kind", message.content.kind),
        "text": readable(message.shown.content),
        "content": as_json(message.shown.content),
        "suggestions": as_json(message.suggestions),
        "status": message.status,
        "history": [_history(change) for change in message.story],
        "request": message.request,
        "at": stamp(message.at),
    }


def _history(change: StatusChange) -> HistoryEntry:
    return {
        "status": change.status,
        "provider_status": change.provider_status,
        "at": stamp(change.at),
        "code": change.code,
        "detail": change.detail,
    }


def _feed(account: Account) -> Feed[Message]:
    return account.journal.messages


@described(answer=Page[MessageView], query=MessageQuery)
async def show_all(sandbox: Sandbox, request: Request) -> Response:
    """List messages."""
    query = Query(request, *MessageQuery.__annotations__)
    wanted: Filters[Message] = Filters(query)
    wanted.exact("direction", lambda message: message.direction, get_args(Direction))
    wanted.user(sandbox, lambda message: message.conversation.user)
    wanted.exact("sender", lambda message: message.conversation.sender)
    wanted.exact("status", lambda message: message.status, get_args(Status))
    wanted.exact("provider_id", lambda message: message.provider_id)
    wanted.exact("kind", lambda message: message.content.kind, get_args(Kind))
    wanted.substring("text", lambda message: readable(message.shown.content))
    return await listed(sandbox, request, query, of_feeds(_feed), view, wanted)


@described(answer=MessageView)
async def show(sandbox: Sandbox, request: Request) -> Response:
    """Return one message."""
    Query(request)
    _, message = one_of(sandbox, "message", request.path_params["id"], _feed)
    return answer(view(sandbox, message))
