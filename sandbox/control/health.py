"""Health: whether the sandbox is ready, and what it is."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

from starlette.requests import Request
from starlette.responses import Response

from sandbox.control.answer import answer
from sandbox.control.query import Query
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


@lru_cache(maxsize=1)
def installed_version() -> str:
    """Return the version of this package."""
    try:
        return version("messaging-sandbox")
    except PackageNotFoundError:  # run from a checkout that nobody installed
        return "unknown"
