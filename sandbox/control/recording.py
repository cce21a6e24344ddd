"""Recording: a remembered conversation as a scenario that plays it again."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control.answer import answer
from sandbox.control.described import described
from sandbox.control.problem import ProblemError, invalid_at
from sandbox.control.query import Query
from sandbox.sandbox import Sandbox


class RecordingQuery(TypedDict, total=False):
    """Which conversation."""

    account: Annotated[str, Field(description="id of the account; required")]
    user: Annotated[str, Field(description="the person's address, in any form; required")]
    sender: Annotated[str, Field(description="the business's address; required where it has several")]


class RecordingView(TypedDict):
    """A scenario: its name, and the text of its file."""

    name: str
    yaml: str


@described(answer=RecordingView, query=RecordingQuery, problems=(404,))
async def show(sandbox: Sandbox, request: Request) -> Response:
    """Return the conversation with `user` as a scenario: the name it has, and the text of its file."""
    query = Query(request, *RecordingQuery.__annotations__)
    account, user = query.account(sandbox), query.text("user")
    if account is None:
        raise invalid_at("account", "is required")
    if user is None:
        raise invalid_at("user", "is required: a recording is that of one conversation")
    found = sandbox.recording(account, user, query.text("sender"))
    if found is None:
        raise ProblemError(404, f"nothing is remembered of a conversation with {user} that a scenario could tell")
    name, text = found
    recording: RecordingView = {"name": name, "yaml": text}
    return answer(recording)
