"""The schedule: the earliest first, whatever is put, taken and cancelled in between."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from sandbox.core.schedule import Schedule, Timer

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def timer(seconds: float) -> Timer:
    """One that is due so long after noon."""
    return Timer(NOON + timedelta(seconds=seconds), lambda: None)


def taken(schedule: Schedule) -> Timer:
    """Take the first."""
    first = schedule.first
    assert first is not None
    assert schedule.take(first.when - timedelta(microseconds=1)) is None
    assert schedule.take(first.when) is first
    return first


def test_in_order() -> None:
    """Timers go by their time; those of one instant, and those a moment apart, in the order that this means."""
    schedule = Schedule()
    late, early, twin, close = timer(0.002), timer(0.001), timer(0.001), timer(0.001_001)
    for each in (late, early, close, twin):
        schedule.put(each)
    assert [*schedule] == [early, twin, close, late]
    assert [taken(schedule) for _ in range(4)] == [early, twin, close, late]
    assert schedule.first is None
    assert len(schedule) == 0


def test_into_what_is_in_order() -> None:
    """What is put beside timers whose turn it nearly is has its place among them: behind those of its own instant."""
    schedule = Schedule()
    first, last = timer(0.0005), timer(0.001)
    schedule.put(last)
    schedule.put(first)
    assert schedule.first is first
    same, between, ahead = timer(0.0005), timer(0.0007), timer(0.0001)
    for each in (same, between, ahead):
        schedule.put(each)
    assert [*schedule] == [ahead, first, same, between, last]


def test_before_what_is_in_order() -> None:
    """What is due long before the timers that were looked at comes first."""
    schedule = Schedule()
    schedule.put(timer(100))
    assert schedule.first is not None
    sooner = timer(-100)
    schedule.put(sooner)
    assert schedule.first is sooner


def test_before_1970() -> None:
    """A clock may stand anywhere."""
    schedule = Schedule()
    at = datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
    timers = [Timer(at + timedelta(milliseconds=step), lambda: None) for step in range(3)]
    for each in reversed(timers):
        schedule.put(each)
    assert [taken(schedule) for _ in timers] == timers


def test_cancelled_ones_are_cleared_away() -> None:
    """Timers that are cancelled long before their time, one after the other without end, do not pile up."""
    schedule = Schedule()
    for number in range(20_000):
        each = timer(86_400 + number)
        schedule.put(each)
        if number % 100:
            each.cancel()
    assert len(schedule) == 200
    assert len([*schedule]) == 200
    assert sum(map(len, schedule._rows)) < 2500


def test_cancelled_once() -> None:
    """A timer that was cancelled, has run or was let go is not counted off again."""
    schedule = Schedule()
    ran, cancelled, waiting = timer(1), timer(2), timer(3)
    for each in (ran, cancelled, waiting):
        schedule.put(each)
    assert taken(schedule) is ran
    for each in (ran, cancelled, cancelled):
        each.cancel()
    assert len(schedule) == 1
    assert schedule.first is waiting
    schedule.clear()
    waiting.cancel()
    assert len(schedule) == 0


@pytest.mark.parametrize("instants", [3, 15, 60])
def test_like_a_sorted_list(instants: int) -> None:
    """Thousands of steps at random leave what a sorted list would, be the instants few or many."""
    chance = random.Random(5)
    schedule, kept = Schedule(), list[Timer]()
    for _ in range(5000):
        if chance.random() < 0.6:
            each = timer(chance.randrange(instants) * 0.3)
            schedule.put(each)
            kept.append(each)
            kept.sort(key=lambda one: one.when)
        elif kept and chance.random() < 0.5:
            kept.pop(chance.randrange(len(kept))).cancel()
        elif kept:
            assert taken(schedule) is kept.pop(0)
    assert [*schedule] == kept
    assert all(one.when <= other.when for one, other in pairwise(kept))
