"""Clocks: an account's time, or that of all accounts, read, stopped and moved on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control.answer import answer, stamp
from sandbox.control.body import checked, json_object
from sandbox.control.described import described
from sandbox.control.problem import invalid_at
from sandbox.control.query import AccountQuery, Query
from sandbox.core.account import Account
from sandbox.core.clock import Clock, ClockIsRealError, Mode
from sandbox.sandbox import Sandbox

# Far enough from where the calendar ends that no retry, expiry or advance runs into it.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
LONGEST = 100 * 365 * 86_400  # seconds that one advance may be

_Seconds = Annotated[float, Field(ge=0, le=LONGEST)]


class _Setting(BaseModel):
    """Whether time stands still, and where."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    mode: Literal["real", "virtual"]
    now: Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)] | None = None

    @model_validator(mode="after")
    def _only_virtual_time_is_set(self) -> _Setting:
        if self.mode == "real" and self.now is not None:
            raise ValueError("now goes with the mode virtual")
        return self


class _Advance(BaseModel):
    """How far time moves: by seconds, to the next action, or until nothing waits."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)

    seconds: _Seconds | None = None
    until: Literal["idle", "next"] | None = None
    limit: _Seconds = 604_800

    @model_validator(mode="after")
    def _one_way(self) -> _Advance:
        if (self.seconds is None) == (self.until is None):
            raise ValueError("give either seconds or until")
        if "limit" in self.model_fields_set and self.until != "idle":
            raise ValueError("limit goes with until: idle")
        return self


class ClockView(TypedDict):
    """A clock: how much waits on it, and until when."""

    account: str | None
    mode: Mode
    now: str
    pending: int
    next_at: str | None


class Advanced(TypedDict):
    """What time it is now, and how much has run."""

    now: str
    fired: int


def view(account: str | None, clock: Clock) -> ClockView:
    """Return a clock as JSON; one without account is that of the accounts to come."""
    return {
        "account": account,
        "mode": clock.mode,
        "now": stamp(clock.now()),
        "pending": clock.pending,
        "next_at": stamp(clock.next_at),
    }


def _view(sandbox: Sandbox, account: Account | None) -> ClockView:
    return view(None, sandbox.clock) if account is None else view(account.id, account.clock)


@described(answer=ClockView, query=AccountQuery)
async def show(sandbox: Sandbox, request: Request) -> Response:
    """Return an account's clock, or the sandbox's own."""
    return answer(_view(sandbox, Query(request, *AccountQuery.__annotations__).account(sandbox)))


@described(answer=ClockView, query=AccountQuery, body=_Setting)
async def put(sandbox: Sandbox, request: Request) -> Response:
    """Stop time or let it run, for an account or for all and those made later."""
    account = Query(request, *AccountQuery.__annotations__).account(sandbox)
    setting = checked(_Setting, await json_object(request))
    sandbox.set_clock(setting.mode, setting.now, account)
    return answer(_view(sandbox, account))


@described(answer=Advanced, query=AccountQuery, body=_Advance, problems=(409,))
async def advance(sandbox: Sandbox, request: Request) -> Response:
    """Move time on and answer when everything due has run."""
    account = Query(request, *AccountQuery.__annotations__).account(sandbox)
    wish = checked(_Advance, await json_object(request))
    clocks = sandbox.clocks(account)
    if any(clock.mode == "real" for clock in clocks):  # none moves unless all can
        raise ClockIsRealError
    if any((LATEST - clock.now()).total_seconds() < (wish.seconds or 0) for clock in clocks):
        raise invalid_at("seconds", f"leads beyond {LATEST:%Y}")
    fired = await sandbox.advance(seconds=wish.seconds, until=wish.until, limit=wish.limit, account=account)
    return answer({"now": stamp((sandbox.clock if account is None else account.clock).now()), "fired": fired})
