"""Tally: what is counted of an account for good; counts only ever grow, whatever the journal forgets."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from sandbox.core.callback import Attempt
    from sandbox.core.journal import Exchange, Feed

K = TypeVar("K")

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds, upper bounds
MOST_KINDS = 1000  # kinds of callbacks that are told apart: some have a code in them that anybody can make up
OTHER = "other"


# How a request was answered: the operation and the status, None where there was none; the rule that it broke; whether a
# fault or a magic address decided the answer. A plain tuple, since one is made for every request.
Answered = tuple[str | None, int | None, str | None, bool]


class Tally:
    """
    Counts of one account, or the sum of several.

    Attributes:
        requests: by how they were answered.
        inbound: messages of people.
        callbacks: those that are over, by kind and state.
        attempts: by the status that came back, or the word for why none did.
        durations: attempts by the bucket that their time falls into, the last one beyond all bounds.
        seconds: of real time that all attempts took.
        faults: firings, by side of the wire and effect.
        recorded: records ever journaled, by feed.
        dropped: those of them that the journal had no room for.
    """

    def __init__(self) -> None:
        self.requests: dict[Answered, int] = {}
        self.inbound = 0
        self.callbacks: dict[tuple[str, str], int] = {}
        self.attempts: dict[str | int | None, int] = {}
        self.durations = [0] * (len(BUCKETS) + 1)
        self.seconds = 0.0
        self.faults: dict[tuple[str, str], int] = {}
        self.recorded: dict[str, int] = {}
        self.dropped: dict[str, int] = {}

    def request(self, exchange: Exchange) -> None:
        """Count a request."""
        counts, key = self.requests, (exchange.operation, exchange.status, exchange.rule, exchange.fault is not None)
        counts[key] = counts.get(key, 0) + 1

    def callback(self, kind: str, state: str) -> None:
        """Count a callback that is over."""
        counts, key = self.callbacks, (kind, state)
        if key not in counts and len(counts) >= MOST_KINDS:
            key = (OTHER, state)
        counts[key] = counts.get(key, 0) + 1

    def attempt(self, attempt: Attempt) -> None:
        """Count an attempt, and the time it took."""
        counts, result = self.attempts, attempt.error or attempt.status
        counts[result] = counts.get(result, 0) + 1
        seconds = attempt.duration_ms / 1000
        self.durations[bisect_left(BUCKETS, seconds)] += 1
        self.seconds += seconds

    def fault(self, on: str, effect: str) -> None:
        """Count a fault that fired."""
        _count(self.faults, (on, effect))

    def feeds(self, feeds: Iterable[tuple[str, Feed[Any]]]) -> None:
        """Count all that feeds have recorded since they were last cleared."""
        for name, feed in feeds:
            _count(self.recorded, name, len(feed) + feed.dropped)
            _count(self.dropped, name, feed.dropped)

    def add(self, other: Tally) -> None:
        """Add the counts of another."""
        pairs: tuple[tuple[dict[Any, int], Mapping[Any, int]], ...] = (
            (self.requests, other.requests),
            (self.callbacks, other.callbacks),
            (self.attempts, other.attempts),
            (self.faults, other.faults),
            (self.recorded, other.recorded),
            (self.dropped, other.dropped),
        )
        for mine, theirs in pairs:
            for key, count in theirs.items():
                _count(mine, key, count)
        self.inbound += other.inbound
        self.durations = [sum(pair) for pair in zip(self.durations, other.durations, strict=True)]
        self.seconds += other.seconds


def _count(counts: dict[K, int], key: K, by: int = 1) -> None:
    counts[key] = counts.get(key, 0) + by
