"""A tally counts what there is, adds up, and cannot be made to grow without end."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

import pytest

from sandbox.core.callback import Attempt
from sandbox.core.errors import ApiError, ErrorSpec
from sandbox.core.journal import Intervention, Journal
from sandbox.core.stream import Stream
from sandbox.core.tally import BUCKETS, Tally

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


@pytest.mark.parametrize(
    ("kind", "counted"),
    [
        pytest.param("note", "note", id="known"),
        pytest.param("event.READ", "event.READ", id="known-with-a-dot"),
        pytest.param("action.PAID", "action", id="a-code-behind-the-dot"),
        pytest.param("event.SEEN", "other", id="of-no-kind-that-has-codes"),
        pytest.param("surprise", "other", id="unknown"),
    ],
)
def test_kinds(kind: str, counted: str) -> None:
    """A kind that is not listed is of the one before its dot, so that codes anybody can make up do not add up."""
    tally = Tally(frozenset(("note", "event.READ", "action")))
    tally.callback(kind, "delivered")
    assert tally.callbacks == {(counted, "delivered"): 1}


def test_sum() -> None:
    """Tallies add up, member by member, and what feeds have recorded counts whether it is kept or not."""
    journal = Journal("acc_x", 2, count(1), Stream())
    for number in range(3):
        journal.interventions.add(Intervention(f"chg_{number}", number, NOON, "change", "x"))
    one, both = Tally(frozenset(("event.READ",))), Tally()
    one.feeds(journal.feeds())
    one.requests["sendMessage", 400, True, False, False] += 1
    one.error(ApiError(ErrorSpec(400, "Bad Request", "Bad", ""), rule="LINK-MSG-12"))
    one.callback("event.READ", "failed")
    one.attempt(Attempt(NOON, 500, None, 2000.0, ""))
    one.fault("request", "hang")
    one.inbound = 3
    both.add(one)
    both.add(one)
    assert (both.recorded["interventions"], both.dropped["interventions"], both.recorded["runs"]) == (6, 2, 0)
    assert both.requests == {("sendMessage", 400, True, False, False): 2}
    assert both.errors == {("400 Bad Request", "LINK-MSG-12"): 2}
    assert (both.callbacks, both.attempts) == ({("event.READ", "failed"): 2}, {500: 2})
    assert (both.faults, both.inbound, both.seconds) == ({("request", "hang"): 2}, 6, 4.0)
    assert sum(both.durations) == 2
