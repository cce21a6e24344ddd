"""Faults: what is armed to go wrong."""

from __future__ import annotations

from itertools import chain
from typing import Any, Literal, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control.answer import answer, nothing
from sandbox.control.body import checked, json_object
from sandbox.control.described import described
from sandbox.control.listing import PARAMETERS, ListQuery, Page, Rows, listed
from sandbox.control.problem import invalid_at, missing
from sandbox.control.query import AccountQuery, Query
from sandbox.core.account import Account
from sandbox.core.fault import Fault, FaultSpec, UnfitFaultError
from sandbox.sandbox import Sandbox


class _Armed(NamedTuple):
    """A fault of one account, or of all that are made later."""

    account: str | None
    fault: Fault

    @property
    def seq(self) -> int:
        return self.fault.seq


class FaultOrder(FaultSpec):
    """What is armed, and for which account; for every one there is, if none is named."""

    account: str | None = None


class FaultView(TypedDict):
    """An armed fault: how often it fired, and how often it still will."""

    id: str
    account: str | None
    on: Literal["request", "callback"]
    match: dict[str, str]
    effect: dict[str, Any]
    times: int | None
    left: int | None
    fired: int
    probability: float


def view(account: str | None, fault: Fault) -> FaultView:
    """Return a fault as JSON."""
    spec = fault.spec
    return {
        "id": fault.id,
        "account": account,
        "on": spec.on,
        "match": spec.match.model_dump(mode="json", exclude_none=True),
        "effect": spec.effect.model_dump(mode="json"),
        "times": spec.times,
        "left": fault.left,
        "fired": fault.fired,
        "probability": spec.probability,
    }


@described(answer=Page[FaultView], query=ListQuery)
async def show_all(sandbox: Sandbox, request: Request) -> Response:
    """List the faults that are armed; one armed for all stands there for those made later, and once for each account."""
    query = Query(request, *PARAMETERS)

    def source(accounts: list[Account], mark: int) -> Rows:
        for_all = () if "account" in query else (_Armed(None, fault) for fault in sandbox.faults)
        armed = (_Armed(account.id, fault) for account in accounts for fault in account.faults)
        return Rows(each for each in chain(for_all, armed) if each.seq > mark)

    return await listed(sandbox, request, query, source, lambda _, armed: view(*armed))


@described(answer=FaultView, statuses=(201,), body=FaultOrder, problems=(409,))
async def arm(sandbox: Sandbox, request: Request) -> Response:
    """Arm a fault for an account, or for all there are and those made later."""
    Query(request)
    document = await json_object(request)
    name = document.pop("account", None)
    account = sandbox.accounts.get(name) if isinstance(name, str) else None
    if name is not None and account is None:
        raise invalid_at("account", "there is no such account")
    spec = checked(FaultSpec, document)
    try:
        fault = sandbox.arm(spec, account)
    except UnfitFaultError as error:
        raise invalid_at(error.path, str(error)) from None
    return answer(view(name, fault), 201)


@described(statuses=(204,), query=AccountQuery)
async def disarm_all(sandbox: Sandbox, request: Request) -> Response:
    """Take away every fault, or every fault of an account."""
    sandbox.disarm_all(Query(request, *AccountQuery.__annotations__).account(sandbox))
    return nothing()


@described(statuses=(204,))
async def disarm(sandbox: Sandbox, request: Request) -> Response:
    """Take a fault away, wherever it is armed."""
    Query(request)
    if not sandbox.disarm(request.path_params["id"]):
        raise missing("fault", request.path_params["id"])
    return nothing()
