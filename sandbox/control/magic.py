"""Magic: the addresses that always behave the same."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sandbox.control.answer import answer
from sandbox.control.query import Query
from sandbox.sandbox import Sandbox


async def show_all(sandbox: Sandbox, request: Request) -> Response:
    """List every magic address with what it does, or those of one provider."""
    wanted = Query(request, "provider").one_of("provider", (provider.name for provider in sandbox.providers))
    items = [
        {"provider": provider.name, "address": magic.address, "does": magic.does}
        for provider in sandbox.providers
        if wanted in (None, provider.name)
        for magic in provider.magic
    ]
    return answer({"items": items})
