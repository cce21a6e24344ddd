"""Piecemeal: long work lets the loop turn, and waits for its turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from sandbox.core import piecemeal
from sandbox.core.piecemeal import Piecemeal, Steps, at_once

pytestmark = pytest.mark.anyio


def work(name: str, log: list[str], steps: int = 3) -> Steps[str]:
    """Note each step."""
    for step in range(steps):
        log.append(f"{name}{step}")
        yield
    return name


async def ticking(log: list[str]) -> None:
    """Note each turn of the loop."""
    while True:
        log.append("turn")
        await asyncio.sleep(0)


@pytest.fixture
def tick(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return a function that has each look at the machine's time find that so many seconds have passed."""

    def set_to(seconds: float) -> None:
        time = iter(range(1_000_000))
        monkeypatch.setattr(piecemeal, "perf_counter", lambda: next(time) * seconds)

    return set_to


def test_at_once() -> None:
    """Work can be done in one go as well."""
    log: list[str] = []
    assert (at_once(work("a", log)), log) == ("a", ["a0", "a1", "a2"])


@pytest.mark.parametrize(
    ("seconds", "turns"),
    [
        pytest.param(piecemeal.PIECE, 3, id="long-steps"),
        pytest.param(piecemeal.PIECE / 1000, 0, id="short-steps"),
    ],
)
async def test_loop_turns(tick: Callable[[float], None], seconds: float, turns: int) -> None:
    """The loop turns whenever a piece has taken its time, and no more often."""
    tick(seconds)
    log: list[str] = []
    clock = asyncio.create_task(ticking(log))
    assert await Piecemeal()(work("a", log)) == "a"
    clock.cancel()
    assert (log.count("turn"), log.index("a2") > log.index("a0")) == (turns, True)


async def test_one_at_a_time(tick: Callable[[float], None]) -> None:
    """The second begins when the first has ended; else each turn of the loop would bring a piece of both."""
    tick(1)
    log: list[str] = []
    both = Piecemeal()
    assert list(await asyncio.gather(both(work("a", log)), both(work("b", log)))) == ["a", "b"]
    assert log == ["a0", "a1", "a2", "b0", "b1", "b2"]


async def test_failure_and_cancellation_let_the_next_begin(tick: Callable[[float], None]) -> None:
    """Work that fails, or that nobody wants any more, holds nobody up."""
    tick(1)
    log: list[str] = []
    both = Piecemeal()

    def broken() -> Steps[str]:
        yield
        raise ValueError("broken")

    left = asyncio.create_task(both(work("a", log, 100)))
    await asyncio.sleep(0)
    left.cancel()
    with pytest.raises(ValueError, match="broken"):
        await both(broken())
    assert (left.cancelled(), await both(work("b", log))) == (True, "b")
