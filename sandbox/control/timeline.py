"""Timeline: what happened to an account as one tree, for programs and for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sandbox.control.answer import HEADERS, answer, stamp
from sandbox.control.listing import MOST
from sandbox.control.problem import invalid_at
from sandbox.control.query import Query
from sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from sandbox.timeline.node import Node

FORMATS = ("json", "text")


def view(node: Node) -> dict[str, Any]:
    """Return a node as JSON, with everything below it."""
    why = node.why
    return {
        "type": node.type,
        "id": node.id,
        "at": stamp(node.at),
        "summary": node.summary,
        "why": None if why is None else why._asdict(),
        "children": [view(child) for child in node.children],
    }


async def show(sandbox: Sandbox, request: Request) -> Response:
    """Return the end of an account's timeline, or what comes behind a cursor."""
    query = Query(request, "account", "user", "after", "limit", "format")
    account = query.account(sandbox)
    if account is None:
        raise invalid_at("account", "is required: a timeline is that of one account")
    user = query.text("user")
    if user is not None:
        try:
            user = account.provider.normalise_user(user)
        except ValueError as error:
            raise invalid_at("user", str(error)) from None
    after = query.integer("after", 0, 0) if "after" in query else None
    limit = query.integer("limit", MOST, 1, MOST)
    wanted = query.one_of("format", FORMATS)
    found = sandbox.timeline(account, user, after=after, limit=limit)
    if wanted == "text":
        from sandbox.timeline.text import lines  # noqa: PLC0415 - with the timeline itself, not at the start

        return PlainTextResponse("".join(f"{line}\n" for line in lines(found)), headers=HEADERS)
    return answer(
        {
            "account": account.id,
            "items": [view(root) for root in found.roots],
            "cursor": str(found.cursor),
            "omitted": found.omitted,
            "dropped": found.dropped,
        }
    )
