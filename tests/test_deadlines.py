"""Deadlines: who is late is ended, and nobody else."""

from __future__ import annotations

import asyncio

import pytest

from sandbox import deadlines
from sandbox.deadlines import Deadlines


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look more often, for tests are impatient."""
    monkeypatch.setattr(deadlines, "LOOK_EVERY", 0.001)


async def until_late(limits: Deadlines, seconds: float = 0.0) -> str:
    """Wait for what never comes."""
    try:
        with limits.within(seconds):
            await asyncio.Event().wait()
    except TimeoutError:
        return "late"
    return "in time"


async def test_late() -> None:
    """What is not done in time ends with TimeoutError, and its task is as good as new."""
    assert await until_late(Deadlines()) == "late"
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_in_time() -> None:
    """What is done in time is let alone, with its result and its errors."""
    limits = Deadlines()
    with limits.within(60):
        pass
    with pytest.raises(ValueError, match="its own"), limits.within(60):
        raise ValueError("its own")
    assert limits._until == {}


async def test_one_of_many() -> None:
    """Only those are ended whose time is up, and each has as long as it was given."""
    limits = Deadlines()
    patient = asyncio.ensure_future(until_late(limits, 3600))
    assert await asyncio.gather(*(until_late(limits, number / 1000) for number in range(20))) == ["late"] * 20
    assert not patient.done()
    patient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await patient


async def test_again() -> None:
    """A task may have one limit after the other."""
    limits = Deadlines()
    assert [await until_late(limits) for _ in range(3)] == ["late"] * 3


async def test_cancelled_by_somebody() -> None:
    """A task that somebody else ends is not late, not even if it is late at the same time."""
    limits = Deadlines()
    task = asyncio.ensure_future(until_late(limits))
    while not limits._until:
        await asyncio.sleep(0)
    task.cancel()
    limits._look_at_all(asyncio.get_running_loop())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert limits._late == set()


async def test_rests() -> None:
    """When nothing has a limit, nobody looks."""
    limits = Deadlines()
    await until_late(limits)
    while limits._look is not None:
        await asyncio.sleep(0)
    assert limits._until == {}
