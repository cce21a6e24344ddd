"""Reset: back to the beginning."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sandbox.control.answer import nothing
from sandbox.control.body import nothing_in
from sandbox.control.described import Nothing, described
from sandbox.control.query import AccountQuery, Query
from sandbox.sandbox import Sandbox


@described(statuses=(204,), query=AccountQuery, body=Nothing)
async def reset(sandbox: Sandbox, request: Request) -> Response:
    """Forget what happened to an account; without one, return to the state at start-up."""
    account = Query(request, *AccountQuery.__annotations__).account(sandbox)
    await nothing_in(request)
    sandbox.reset(account)
    return nothing()
