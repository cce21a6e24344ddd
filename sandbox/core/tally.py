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


@dataclass(frozen=True, slots=True)
class TallyState:
    """The counts of a tally, see there, each behind what it is of."""

    requests: tuple[tuple[Answered, int], ...] = ()
    errors: tuple[tuple[tuple[str, str | None], int], ...] = ()
    inbound: int = 0
    callbacks: tuple[tuple[tuple[str, State], int], ...] = ()
    attempts: tuple[tuple[str | int | None, int], ...] = ()
    durations: tuple[int, ...] = ()
    seconds: float = 0.0
    faults: tuple[tuple[tuple[str, str], int], ...] = ()
    recorded: tuple[tuple[str, int], ...] = ()
    dropped: tuple[tuple[str, int], ...] = ()


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

    def add(self, other: Tally, times: int = 1) -> None:
        """Add the counts of another, so many times; -1 takes them away."""
        _add(self.requests, other.requests, times)
        _add(self.errors, other.errors, times)
        _add(self.callbacks, other.callbacks, times)
        _add(self.attempts, other.attempts, times)
        _add(self.faults, other.faults, times)
        _add(self.recorded, other.recorded, times)
        _add(self.dropped, other.dropped, times)
        self.inbound += times * other.inbound
        self.durations = [mine + times * theirs for mine, theirs in zip(self.durations, other.durations, strict=True)]
        self.seconds += times * other.seconds

    @property
    def state(self) -> TallyState:
        """All counts."""
        return TallyState(
            tuple(self.requests.items()),
            tuple(self.errors.items()),
            self.inbound,
            tuple(self.callbacks.items()),
            tuple(self.attempts.items()),
            tuple(self.durations),
            self.seconds,
            tuple(self.faults.items()),
            tuple(self.recorded.items()),
            tuple(self.dropped.items()),
        )

    def restore(self, state: TallyState) -> None:
        """Go on from these counts. Raises `ValueError` if there are not as many durations as buckets."""
        if len(state.durations) not in (0, len(self.durations)):
            raise ValueError(f"must be {len(self.durations)} counts")
        self.requests.update(state.requests)
        self.errors.update(state.errors)
        self.callbacks.update(state.callbacks)
        self.attempts.update(state.attempts)
        self.faults.update(state.faults)
        self.recorded.update(state.recorded)
        self.dropped.update(state.dropped)
        self.inbound, self.seconds = state.inbound, state.seconds
        self.durations[: len(state.durations)] = state.durations


def _add(counts: defaultdict[K, int], others: defaultdict[K, int], times: int) -> None:
    for key, count in others.items():
        counts[key] += times * count
