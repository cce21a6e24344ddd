"""Garbage: nobody waits for a collection that can wait, and none of it stays for good."""

from __future__ import annotations

import pytest

from sandbox.garbage import GROWN, THRESHOLD, WAIT, Garbage


class Collector:
    """Stands in for `gc`, and notes what it is told; `more` objects have come since it was last asked for them."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.more = 0

    def collect(self) -> int:
        """Note it; there is nothing to collect."""
        self.told.append("collect")
        return 0

    def freeze(self) -> None:
        """Note it."""
        self.told.append("freeze")

    def unfreeze(self) -> None:
        """Note it."""
        self.told.append("unfreeze")

    def get_count(self) -> tuple[int, int, int]:
        """Tell of those that have come."""
        more, self.more = self.more, 0
        return more, 0, 0

    def set_threshold(self, threshold0: int, threshold1: int = 0, threshold2: int = 0, /) -> None:
        """Note the first."""
        self.told.append(f"threshold {threshold0}")


EVERYTHING = ["unfreeze", "collect", "freeze"]


@pytest.fixture
def collector() -> Collector:
    """The one that is looked after."""
    return Collector()


@pytest.fixture
def garbage(collector: Collector) -> Garbage:
    """What looks after it, from the start of the server on."""
    garbage = Garbage(collector)
    assert collector.told == [f"threshold {THRESHOLD}", *EVERYTHING]
    collector.told.clear()
    return garbage


def test_little_is_left_out(collector: Collector, garbage: Garbage) -> None:
    """What a few messages leave is no reason to go through everything, however long nobody comes."""
    collector.more = THRESHOLD
    for _ in range(3 * WAIT):
        garbage.tick(1)
    assert collector.told == ["freeze"] * (3 * WAIT)


def test_waits_until_nobody_comes(collector: Collector, garbage: Garbage) -> None:
    """While requests come, more is left out as well; a while after the last of them it is gone through, once."""
    collector.more = THRESHOLD + 1
    for requests in range(100):
        garbage.tick(requests + 1)
    assert collector.told == ["freeze"] * 100
    collector.told.clear()
    for _ in range(2 * WAIT):
        garbage.tick(100)
    assert collector.told == ["freeze"] * (WAIT - 1) + EVERYTHING + ["freeze"] * WAIT


def test_much_does_not_wait(collector: Collector, garbage: Garbage) -> None:
    """Cycles that every request leaves do not pile up without end, though requests never cease."""
    for requests in range(12):
        collector.more = GROWN // 10
        garbage.tick(requests + 1)
    assert collector.told == ["freeze"] * 10 + EVERYTHING + ["freeze"]
