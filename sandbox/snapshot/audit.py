"""Audit: what must hold between the things of an account, each of which is good by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from sandbox.core.account import Account
from sandbox.core.conversation import Message
from sandbox.core.fault import UnfitFaultError
from sandbox.core.journal import FeedState
from sandbox.core.piecemeal import Steps
from sandbox.core.schedule import Timer
from sandbox.dispatcher import Dispatcher
from sandbox.engine.engine import Engine
from sandbox.engine.scenario import Run
from sandbox.snapshot.codec import WrongError

if TYPE_CHECKING:
    from sandbox.snapshot.tenant import TenantState

_MANY = 500  # things that are looked at in one step
_HOLDS = ("expiry", "retry", "timer")  # where things keep what they have put on the clock


def check(
    account: Account,
    dispatcher: Dispatcher,
    state: TenantState,
    engine: Engine,
    things: Collection[Any],
    sequence: int,
) -> Steps[None]:
    """Make sure that an account could go on from here. Raises `WrongError`."""
    for name in ("messages", "requests", "callbacks", "runs", "interventions"):
        check_feed(name, getattr(state, name))
    for index, exchange in enumerate(state.requests.records):
        if exchange.account != account.id or exchange.provider != account.provider.name:
            raise WrongError("belongs to another account", "requests", "records", index)
    for index, fault in enumerate(state.faults):
        try:
            account.provider.fitted(fault.spec)
        except UnfitFaultError as error:
            raise WrongError(str(error), "faults", index, "spec", *error.path.split(".")) from None
    for index, lane in enumerate(state.on_its_way.lanes):
        if (flaw := dispatcher.flaw(lane)) is not None:
            raise WrongError(flaw, "on_its_way", "lanes", index)
    yield
    for count, thing in enumerate(things):
        if not count % _MANY:
            yield
        if isinstance(thing, Message) and (flaw := account.provider.kept.flaw(thing)) is not None:
            raise WrongError(f"{thing.id}: {flaw}", "messages")
        if isinstance(thing, Run) and (flaw := engine.flaw(thing)) is not None:
            raise WrongError(f"{thing.id}: {flaw}", "runs")
    yield
    check_places(things, sequence)
    yield
    _check_timers(state, things)


def check_feed(name: str, feed: FeedState[Any]) -> None:
    """Make sure that a feed is one. Raises `WrongError`."""
    records = feed.records
    if len(records) != len(feed.sizes):
        raise WrongError("must be as many as there are records", name, "sizes")
    if len({record.id for record in records}) != len(records):
        raise WrongError("must have ids of their own", name, "records")


def check_places(things: Iterable[Any], sequence: int) -> None:
    """Make sure that the next place in the order of all things is behind those of all there is. Raises `WrongError`."""
    for thing in things:
        if getattr(thing, "seq", 0) >= sequence:
            raise WrongError(f"{thing.id} has a seq that is still to come: the next one is `sequence`")


def _check_timers(state: TenantState, things: Collection[Any]) -> None:
    """Make sure that each timer is on the clock, and is what something waits for."""
    timers = [thing for thing in things if isinstance(thing, Timer)]
    if {id(timer) for timer in timers} != {id(timer) for timer in state.clock.waiting}:
        raise WrongError("must be every timer there is", "clock", "waiting")
    for index, timer in enumerate(state.clock.waiting):
        held = [getattr(arg, name) for arg in timer.args for name in _HOLDS if hasattr(arg, name)]
        if held and not any(each is timer for each in held):
            raise WrongError("is what nothing waits for", "clock", "waiting", index)
