"""Recording: a remembered conversation as a scenario that plays it again."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sandbox.control.answer import answer
from sandbox.control.problem import ProblemError, invalid_at
from sandbox.control.query import Query
from sandbox.sandbox import Sandbox


async def show(sandbox: Sandbox, request: Request) -> Response:
    """Return the conversation with `user` as a scenario: the name it has, and the text of its file."""
    query = Query(request, "account", "user", "sender")
    account, user = query.account(sandbox), query.text("user")
    if account is None:
        raise invalid_at("account", "is required")
    if user is None:
        raise invalid_at("user", "is required: a recording is that of one conversation")
    found = sandbox.recording(account, user, query.text("sender"))
    if found is None:
        raise ProblemError(404, f"nothing is remembered of a conversation with {user} that a scenario could tell")
    name, text = found
    return answer({"name": name, "yaml": text})
