"""Actions: acting as the person at the other end."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control.answer import answer
from sandbox.control.body import json_object, taken_account
from sandbox.control.described import described
from sandbox.control.problem import ProblemError
from sandbox.control.query import Query, WaitQuery
from sandbox.control.waiting import wait_until
from sandbox.core.callback import Callback
from sandbox.engine.actions import action_from_json, actions_schema
from sandbox.sandbox import Sandbox

LIMIT = 16 * 1024 * 1024  # bytes: room for a file of 10 MiB in base64


class ActedView(TypedDict):
    """What came of it: ids of the messages it made or changed, and of the callbacks that tell of it."""

    messages: list[str]
    callbacks: list[str]


@described(answer=ActedView, statuses=(202,), query=WaitQuery, body=actions_schema, problems=(409,))
async def act(sandbox: Sandbox, request: Request) -> Response:
    """Do something as a person; with `wait`, answer when the first attempts of the callbacks are done."""
    seconds = Query(request, *WaitQuery.__annotations__).wait()
    document = await json_object(request, LIMIT)
    account = taken_account(sandbox, document)
    acted = sandbox.act(account, action_from_json(document))
    hold = account.held.begin()

    def met() -> bool:
        return hold.done() or all(map(_is_tried, acted.callbacks))

    await wait_until(sandbox, request, met, seconds)
    if hold.done() and hold.result().forgotten:
        raise ProblemError(409, f"{hold.result().why} meanwhile: nothing comes of what was done")
    ids: ActedView = {
        "messages": [message.id for message in acted.messages],
        "callbacks": [callback.id for callback in acted.callbacks],
    }
    return answer(ids, 202)


def _is_tried(callback: Callback) -> bool:
    return bool(callback.attempts) or callback.state in ("delivered", "failed", "blocked", "recorded")
