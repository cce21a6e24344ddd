"""Health: whether the sandbox is ready, and what it is."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sandbox.control.answer import answer
from sandbox.control.query import Query
from sandbox.core.release import installed_version
from sandbox.sandbox import Sandbox


async def show(sandbox: Sandbox, request: Request) -> Response:
    """Say that all is well; whoever can be answered can be served."""
    Query(request)
    return answer(
        {
            "status": "ok",
            "version": installed_version(),
            "providers": [provider.name for provider in sandbox.providers],
            "clock": sandbox.clock.mode,
            "seed": sandbox.seed,
        }
    )
