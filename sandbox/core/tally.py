"""Tally: how often what happens to an account has happened, whatever its journal forgets."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sandbox.core.callback import Attempt, State
from sandbox.core.errors import ApiError
from sandbox.core.journal import Exchange, Feed

K = TypeVar("K")

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds, upper bounds
OTHER = "other"  # the kind of a callback that the catalogue has not

# How a request was answered: the operation and the status, None where there was none; whether it broke a rule; whether
# a fault or a magic address decided the answer; whether the operation itself made one. A plain tuple, since one is made
# for every request.
Answered = tuple[str | None, int | None, bool, bool, bool]


def _counts() -> defaultdict[Any, int]:
    return defaultdict(int)


@dataclass(slots=True, eq=False)
class Tally:
    """
    Counts of one account, or the sum of several.

    They are about as many as the catalogue has entries, however much happens.

    Attributes:
        kinds: the provider's kinds of callbacks, by which they are told apart; a sum of tallies needs none.
        requests: by how they were answered.
        errors: those that were answered, to a request or to a part of one, by the error's id and the rule behind it.
        inbound: messages of people.
        callbacks: by kind and the state that they have come to: `sending`, once, with the first attempt, and then the
            one that they are over with; `recorded` is both. Of kinds with a code in them, `action.PAID`, all are one.
        attempts: by the status that came back, or the word for why none did.
        durations: attempts by the bucket that their time falls into, the last one beyond all bounds.
        seconds: of real time that all attempts took.
        faults: firings, by side of the wire and effect.
        recorded: records that were journaled, by feed.
        dropped: those of them that the journal had no room for.
    """

    kinds: frozenset[str] = frozenset()
    requests: defaultdict[Answered, int] = field(default_factory=_counts)
    errors: defaultdict[tuple[str, str | None], int] = field(default_factory=_counts)
    inbound: int = 0
    callbacks: defaultdict[tuple[str, State], int] = field(default_factory=_counts)
    attempts: defaultdict[str | int | None, int] = field(default_factory=_counts)
    durations: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0
    faults: defaultdict[tuple[str, str], int] = field(default_factory=_counts)
    recorded: defaultdict[str, int] = field(default_factory=_counts)
    dropped: defaultdict[str, int] = field(default_factory=_counts)

    def request(self, exchange: Exchange, *, handled: bool) -> None:
        """Count a request."""
        is_refused, is_faulty = exchange.rule is not None, exchange.fault is not None
        self.requests[exchange.operation, exchange.status, is_refused, is_faulty, handled] += 1

    def error(self, error: ApiError) -> None:
        """Count an error that was answered."""
        self.errors[error.spec.id, error.rule] += 1

    def callback(self, kind: str, state: State) -> None:
        """Count a callback whose turn has come, or that is over."""
        if kind not in self.kinds:
            kind = kind.partition(".")[0]
            if kind not in self.kinds:
                kind = OTHER
        self.callbacks[kind, state] += 1

    def attempt(self, attempt: Attempt) -> None:
        """Count an attempt, and the time it took."""
        self.attempts[attempt.error or attempt.status] += 1
        seconds = attempt.duration_ms / 1000
        self.durations[bisect_left(BUCKETS, seconds)] += 1
        self.seconds += seconds

    def fault(self, on: str, effect: str) -> None:
        """Count a fault that fired."""
        self.faults[on, effect] += 1

    def feeds(self, feeds: Iterable[tuple[str, Feed[Any]]]) -> None:
        """Count all that feeds have recorded since they were last cleared."""
        for name, feed in feeds:
            self.recorded[name] += len(feed) + feed.dropped
            self.dropped[name] += feed.dropped

    def add(self, other: Tally) -> None:
        """Add the counts of another."""
        _add(self.requests, other.requests)
        _add(self.errors, other.errors)
        _add(self.callbacks, other.callbacks)
        _add(self.attempts, other.attempts)
        _add(self.faults, other.faults)
        _add(self.recorded, other.recorded)
        _add(self.dropped, other.dropped)
        self.inbound += other.inbound
        self.durations = [sum(pair) for pair in zip(self.durations, other.durations, strict=True)]
        self.seconds += other.seconds


def _add(counts: defaultdict[K, int], others: defaultdict[K, int]) -> None:
    for key, count in others.items():
        counts[key] += count
