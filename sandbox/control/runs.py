"""Runs: scenarios being played, and how they went."""

from __future__ import annotations

from typing import Annotated, cast, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control.answer import answer, nothing, stamp
from sandbox.control.body import checked, json_object, taken_account
from sandbox.control.described import described
from sandbox.control.filters import Filters
from sandbox.control.listing import ListQuery, Page, listed, of_feeds, one_of
from sandbox.control.problem import invalid_at
from sandbox.control.query import Query
from sandbox.control.scenarios import named
from sandbox.core.account import Account
from sandbox.core.conversation import Message
from sandbox.core.journal import Feed
from sandbox.engine.scenario import Run, RunState, StepStatus
from sandbox.sandbox import Sandbox

_Word = Annotated[str, StringConstraints(min_length=1, max_length=2048)]


class _Start(BaseModel):
    """With whom a scenario is played, and which message it answers."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)

    user: _Word
    sender: _Word | None = None
    message: _Word | None = None


class RunOrder(_Start):
    """With whom a scenario is played; `account` may be left out where there is one alone."""

    account: str | None = None


class RunQuery(ListQuery, total=False):
    """Which runs."""

    state: RunState
    scenario: str


class StepView(TypedDict):
    """A step of a run, played or still ahead."""

    index: int
    do: str
    state: StepStatus
    at: str | None
    detail: str | None


class RunView(TypedDict):
    """A scenario being played with a person, or how that went."""

    id: str
    scenario: str
    account: str
    user: str
    state: RunState
    steps: list[StepView]


def view(_: Sandbox, run: Run) -> RunView:
    """Return a run as JSON."""
    return {
        "id": run.id,
        "scenario": run.scenario,
        "account": run.account.id,
        "user": run.user,
        "state": run.state,
        "steps": [
            {"index": step.index, "do": step.do, "state": step.state, "at": stamp(step.at), "detail": step.detail}
            for step in run.steps
        ],
    }


def _feed(account: Account) -> Feed[Run]:
    return cast("Feed[Run]", account.journal.runs)


@described(answer=Page[RunView], query=RunQuery)
async def show_all(sandbox: Sandbox, request: Request) -> Response:
    """List runs."""
    query = Query(request, *RunQuery.__annotations__)
    wanted: Filters[Run] = Filters(query)
    wanted.exact("state", lambda run: run.state, get_args(RunState))
    wanted.exact("scenario", lambda run: run.scenario)
    return await listed(sandbox, request, query, of_feeds(_feed), view, wanted)


@described(answer=RunView)
async def show(sandbox: Sandbox, request: Request) -> Response:
    """Return one run."""
    Query(request)
    _, run = one_of(sandbox, "run", request.path_params["id"], _feed)
    return answer(view(sandbox, run))


@described(answer=RunView, statuses=(201,), body=RunOrder, problems=(409,))
async def start(sandbox: Sandbox, request: Request) -> Response:
    """Play a scenario with a person."""
    Query(request)
    scenario = named(sandbox, request)
    document = await json_object(request)
    account = taken_account(sandbox, document)
    wish = checked(_Start, document)
    message = None if wish.message is None else _message(account, wish.user, wish.message)
    run = sandbox.start_run(account, scenario, wish.user, wish.sender, message)
    return answer(view(sandbox, run), 201, {"Location": f"/_sandbox/runs/{run.id}"})


@described(statuses=(204,))
async def cancel(sandbox: Sandbox, request: Request) -> Response:
    """Stop a run; one that has ended stays as it ended."""
    Query(request)
    _, run = one_of(sandbox, "run", request.path_params["id"], _feed)
    sandbox.engine.cancel(run)
    return nothing()


def _message(account: Account, address: str, name: str) -> Message:
    """Return the message to a person of that id, ours or the provider's. Raises `ProblemError`."""
    try:
        user = account.provider.normalise_user(address)
    except ValueError as error:
        raise invalid_at("user", str(error)) from None
    for message in reversed(account.journal.messages):
        is_to_user = message.direction == "outbound" and message.conversation.user == user
        if is_to_user and name in (message.id, message.provider_id):
            return message
    raise invalid_at("message", f"no message {name[:200]!r} was sent to {user}")
