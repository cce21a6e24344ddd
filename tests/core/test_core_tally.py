"""A tally counts what there is, adds up, and cannot be made to grow without end."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

import pytest

from sandbox.core.callback import Attempt
from sandbox.core.journal import Intervention, Journal
from sandbox.core.tally import BUCKETS, MOST_KINDS, Tally

NOON = datetime(2030, 1, 2, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("milliseconds", "bucket"),
    [
        pytest.param(0.0, 0, id="at-once"),
        pytest.param(1.0, 0, id="a-bound-belongs-to-its-bucket"),
        pytest.param(1.1, 1, id="beyond-a-bound"),
        pytest.param(10_000.0, len(BUCKETS) - 1, id="the-last-bound"),
        pytest.param(60_000.0, len(BUCKETS), id="beyond-all-bounds"),
    ],
)
def test_buckets(milliseconds: float, bucket: int) -> None:
    """An attempt falls into the first bucket whose bound it does not pass."""
    tally = Tally()
    tally.attempt(Attempt(NOON, 204, None, milliseconds, ""))
    assert (tally.durations.index(1), tally.seconds) == (bucket, milliseconds / 1000)


def test_results() -> None:
    """Attempts are told apart by their status, or by the word for why no answer came."""
    tally = Tally()
    for status, error in ((200, None), (204, None), (503, None), (None, "timeout")):
        tally.attempt(Attempt(NOON, status, error, 1.0, ""))
    assert tally.attempts == {200: 1, 204: 1, 503: 1, "timeout": 1}


def test_kinds_are_bounded() -> None:
    """Beyond so many kinds new ones are counted together, and known ones still by themselves."""
    tally = Tally()
    for number in range(MOST_KINDS + 5):
        tally.callback(f"action.{number}", "delivered")
    tally.callback("action.0", "delivered")
    assert tally.callbacks["action.0", "delivered"] == 2
    assert tally.callbacks["other", "delivered"] == 5
    assert len(tally.callbacks) == MOST_KINDS + 1


def test_sum() -> None:
    """Tallies add up, member by member, and what feeds have recorded counts whether it is kept or not."""
    journal = Journal("acc_x", 2, count(1), lambda *_: None)
    for number in range(3):
        journal.interventions.add(Intervention(f"chg_{number}", number, NOON, "change", "x"))
    one, both = Tally(), Tally()
    one.feeds(journal.feeds())
    one.callback("event.READ", "failed")
    one.attempt(Attempt(NOON, 500, None, 2000.0, ""))
    one.fault("request", "hang")
    one.inbound = 3
    both.add(one)
    both.add(one)
    assert (both.recorded["interventions"], both.dropped["interventions"], both.recorded["runs"]) == (6, 2, 0)
    assert (both.callbacks, both.attempts) == ({("event.READ", "failed"): 2}, {500: 2})
    assert (both.faults, both.inbound, both.seconds) == ({("request", "hang"): 2}, 6, 4.0)
    assert sum(both.durations) == 2
