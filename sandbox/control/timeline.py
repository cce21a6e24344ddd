"""Timeline: what happened to an account as one tree, for programs and for people."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import Field
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from typing_extensions import TypedDict

from sandbox.control.answer import HEADERS, stamp
from sandbox.control.described import described
from sandbox.control.listing import MOST
from sandbox.control.problem import invalid_at
from sandbox.control.query import Query
from sandbox.core.piecemeal import Steps
from sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from sandbox.timeline.node import Node, Timeline

Format = Literal["json", "text"]


class TimelineQuery(TypedDict, total=False):
    """Whose, and how much of it."""

    account: Annotated[str, Field(description="id of the account; required")]
    user: Annotated[str, Field(description="the person's address: only what concerns them")]
    after: Annotated[int, Field(ge=0, description="cursor of an earlier answer: only what came since")]
    limit: Annotated[int, Field(ge=1, le=MOST, description=f"most roots of the answer; {MOST} if not given")]
    format: Annotated[Format, Field(description="as JSON, or as a tree to read")]


class WhyView(TypedDict):
    """The reason of something: what sort it is, what it is about, and where a document says so."""

    type: str
    id: str | None
    text: str
    source: str | None


class NodeView(TypedDict):
    """Something that happened, and what came of it."""

    type: str
    id: str | None
    at: str
    summary: str
    why: WhyView | None
    children: list[NodeView]


class TimelineView(TypedDict):
    """What happened to an account; `omitted` roots come before these, `dropped` records are no longer kept."""

    account: str
    items: list[NodeView]
    cursor: str
    omitted: int
    dropped: dict[str, int]


def written(node: Node) -> Generator[bytes, None, None]:
    """Yield the JSON of a node, with everything below it, in pieces."""
    why = node.why
    alone: NodeView = {
        "type": node.type,
        "id": node.id,
        "at": stamp(node.at),
        "summary": node.summary,
        "why": None if why is None else {"type": why.type, "id": why.id, "text": why.text, "source": why.source},
        "children": [],
    }
    text = to_json(alone)
    if not node.children:
        yield text
        return
    yield text.removesuffix(b"]}")
    for index, child in enumerate(node.children):
        if index:
            yield b","
        yield from written(child)
    yield b"]}"


def _in_json(timeline: Steps[Timeline]) -> Steps[bytes]:
    found = yield from timeline
    pieces = [b'{"account":%s,"items":[' % to_json(found.account)]
    for index, root in enumerate(found.roots):
        if index:
            pieces.append(b",")
        for piece in written(root):
            pieces.append(piece)
            if len(piece) > 1:
                yield
    rest = {"cursor": str(found.cursor), "omitted": found.omitted, "dropped": found.dropped}
    pieces.append(b"],%s" % to_json(rest).removeprefix(b"{"))
    return b"".join(pieces)


def _in_words(timeline: Steps[Timeline]) -> Steps[bytes]:
    from sandbox.timeline.text import lines  # noqa: PLC0415 - with the timeline itself, not at the start

    found = yield from timeline
    told = []
    for line in lines(found):
        told.append(f"{line}\n".encode())
        yield
    return b"".join(told)


@described(answer=TimelineView, media=(("text/plain", str),), query=TimelineQuery)
async def show(sandbox: Sandbox, request: Request) -> Response:
    """Return the end of an account's timeline, or what comes behind a cursor."""
    query = Query(request, *TimelineQuery.__annotations__)
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
    wanted = query.one_of("format", get_args(Format))
    found = sandbox.timeline(account, user, after=after, limit=limit)
    if wanted == "text":
        return PlainTextResponse(await sandbox.piecemeal(_in_words(found)), headers=HEADERS)
    return Response(await sandbox.piecemeal(_in_json(found)), headers=HEADERS, media_type="application/json")
