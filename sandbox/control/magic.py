"""Magic: the addresses that always behave the same."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control.answer import answer
from sandbox.control.described import described
from sandbox.control.listing import Collection
from sandbox.control.query import Query
from sandbox.sandbox import Sandbox


class MagicQuery(TypedDict, total=False):
    """Whose."""

    provider: Annotated[str, Field(description="name of a provider: only its own")]


class MagicView(TypedDict):
    """An address that always behaves the same."""

    provider: str
    address: str
    does: str


@described(answer=Collection[MagicView], query=MagicQuery)
async def show_all(sandbox: Sandbox, request: Request) -> Response:
    """List every magic address with what it does, or those of one provider."""
    query = Query(request, *MagicQuery.__annotations__)
    wanted = query.one_of("provider", (provider.name for provider in sandbox.providers))
    items: list[MagicView] = [
        {"provider": provider.name, "address": magic.address, "does": magic.does}
        for provider in sandbox.providers
        if wanted in (None, provider.name)
        for magic in provider.magic
    ]
    return answer({"items": items})
