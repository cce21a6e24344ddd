"""Check: one thing that a webhook is tried with, and what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from sandbox.core.callback import Attempt

if TYPE_CHECKING:
    from sandbox.webhook_check.stage import Stage

Severity = Literal["failed", "warning"]
Outcome = Literal["passed", "failed", "warning", "not observed", "skipped"]


class NotObservedError(Exception):
    """What a check is about could not be brought about or seen; the text says why."""


class Shot(NamedTuple):
    """
    One request that was made of the webhook.

    Attributes:
        what: the callback's kind, or what was sent in its place.
        body: what was sent, as far as it is text; the beginning of it.
        attempt: what came back, and how fast.
    """

    what: str
    body: str
    attempt: Attempt


class Finding(NamedTuple):
    """
    What is wrong with an answer.

    Attributes:
        answer: what came back, or did not.
        advice: what to do.
        shot: on which request; None if it is on no one of them.
    """

    severity: Severity
    answer: str
    advice: str
    shot: Shot | None = None


class Verdict(NamedTuple):
    """
    What a check found.

    Attributes:
        shots: every request that it made.
        findings: what was wrong; nothing is good.
        note: what else there is to say.
    """

    shots: Sequence[Shot] = ()
    findings: Sequence[Finding] = ()
    note: str = ""


Play = Callable[["Stage"], Awaitable[Verdict]]


@dataclass(frozen=True, slots=True)
class Check:
    """
    One check of a webhook.

    Attributes:
        name: its group and what it is, with a slash between.
        sends: what is sent, as a noun phrase.
        expects: what a robust receiver does.
        source: what says so: the provider's document, or a standard.
        play: does it.
    """

    name: str
    sends: str
    expects: str
    source: str
    play: Play


@dataclass(frozen=True, slots=True)
class Result:
    """How one check went; `seconds` are of real time."""

    check: Check
    outcome: Outcome
    shots: Sequence[Shot] = ()
    findings: Sequence[Finding] = ()
    note: str = ""
    seconds: float = 0.0


@dataclass(slots=True)
class Report:
    """
    How a whole run went.

    Attributes:
        url: of the webhook.
        provider: whose callbacks it got.
        account: of which account.
        timeout: seconds of real time that an attempt could take.
        results: one for each check.
        seconds: of real time.
    """

    url: str
    provider: str
    account: str
    timeout: float
    results: list[Result] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, outcome: Outcome) -> int:
        """Return how many checks ended so."""
        return sum(result.outcome == outcome for result in self.results)

    @property
    def latencies(self) -> list[float]:
        """How long each answer took, in milliseconds, the fastest first."""
        attempts = (shot.attempt for result in self.results for shot in result.shots)
        return sorted(attempt.duration_ms for attempt in attempts if attempt.status is not None)
