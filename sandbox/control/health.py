"""Health: whether the sandbox is ready, and what it is."""

from __future__ import annotations

from typing import Literal

from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control.answer import answer
from sandbox.control.described import described
from sandbox.control.query import Query
from sandbox.core.clock import Mode
from sandbox.core.release import installed_version
from sandbox.sandbox import Sandbox


class Health(TypedDict):
    """That all is well, and what runs."""

    status: Literal["ok"]
    version: str
    providers: list[str]
    clock: Mode
    seed: str


@described(answer=Health, is_open=True)
async def show(sandbox: Sandbox, request: Request) -> Response:
    """Say that all is well; whoever can be answered can be served."""
    Query(request)
    health: Health = {
        "status": "ok",
        "version": installed_version(),
        "providers": [provider.name for provider in sandbox.providers],
        "clock": sandbox.clock.mode,
        "seed": sandbox.seed,
    }
    return answer(health)
