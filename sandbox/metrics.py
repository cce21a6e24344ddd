"""Metrics: what a sandbox has counted, in the form that Prometheus reads; collected when it is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from sandbox.core.tally import BUCKETS, Tally
from sandbox.sandbox import NOBODY, Sandbox

PREFIX = "messaging_sandbox"
OPEN_METRICS = "application/openmetrics-text"

_UPPER_BOUNDS = (*map(str, BUCKETS), "+Inf")


def exposition(sandbox: Sandbox, version: str, accept: str) -> tuple[bytes, str]:
    """
    Return everything that is counted, and the media type that it is in.

    Args:
        sandbox: whose.
        version: of this package.
        accept: what the client wants to read; OpenMetrics if it names that, else Prometheus's own text.
    """
    registry = CollectorRegistry()
    registry.register(_Counts(sandbox, version))
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    encode, media_type = choose_encoder(f"{OPEN_METRICS}; version=1.0.0" if OPEN_METRICS in accept else "")
    return encode(registry), media_type


class _Counts(Collector):
    """Reads the counts of a sandbox; no label is an account, a person or anything else that there are many of."""

    def __init__(self, sandbox: Sandbox, version: str) -> None:
        self._sandbox = sandbox
        self._version = version

    def collect(self) -> Iterator[Metric]:
        """Yield every family; called at each scrape."""
        tallies = self._sandbox.tallies()
        yield InfoMetricFamily(PREFIX, "This sandbox.", {"version": self._version})
        yield self._requests(tallies)
        yield from self._messages(tallies)
        yield from self._callbacks(tallies)
        yield _durations(tallies)
        yield self._faults(tallies)
        yield from self._journal(tallies)
        yield from self._now()

    def _requests(self, tallies: dict[str, Tally]) -> Metric:
        family = _counter("requests", "Requests to emulated APIs.", "provider", "operation", "status", "outcome")
        for provider, tally in tallies.items():
            counts: Counter[tuple[str, ...]] = Counter()
            for (operation, status, is_refused, is_faulty, _), count in tally.requests.items():
                how = _outcome(status, is_refused=is_refused, is_faulty=is_faulty)
                counts[provider, operation or NOBODY, str(status or NOBODY), how] += count
            _fill(family, counts)
        return family

    def _messages(self, tallies: dict[str, Tally]) -> Iterator[Metric]:
        total = _counter("messages", "Messages that were sent and received.", "provider", "direction")
        for provider, tally in tallies.items():
            if provider == NOBODY:
                continue
            total.add_metric((provider, "inbound"), tally.inbound)
            total.add_metric((provider, "outbound"), tally.recorded.get("messages", 0) - tally.inbound)
        yield total
        kept = _gauge("messages_kept", "Messages that the journal keeps.", "provider", "direction", "status")
        _fill(
            kept,
            Counter(
                (account.provider.name, message.direction, message.status)
                for account in self._sandbox.accounts
                for message in account.journal.messages
            ),
        )
        yield kept

    def _callbacks(self, tallies: dict[str, Tally]) -> Iterator[Metric]:
        over = _counter("callbacks", "Callbacks that are over.", "provider", "kind", "state")
        attempts = _counter("callback_attempts", "Attempts at callbacks.", "provider", "result")
        for provider in self._sandbox.providers:
            tally = tallies[provider.name]
            ends = {(provider.name, *what): n for what, n in tally.callbacks.items() if what[1] != "sending"}
            _fill(over, Counter(ends))
            results: Counter[tuple[str, ...]] = Counter()
            for came, count in tally.attempts.items():
                results[provider.name, f"{came // 100}xx" if isinstance(came, int) else str(came)] += count
            _fill(attempts, results)
        yield over
        yield attempts
        yield GaugeMetricFamily(
            f"{PREFIX}_callbacks_pending", "Callbacks that wait for an attempt.", self._sandbox.undelivered
        )

    def _faults(self, tallies: dict[str, Tally]) -> Metric:
        family = _counter("faults_fired", "Armed faults that fired.", "provider", "on", "effect")
        for provider, tally in tallies.items():
            _fill(family, Counter({(provider, *what): count for what, count in tally.faults.items()}))
        return family

    def _journal(self, tallies: dict[str, Tally]) -> Iterator[Metric]:
        recorded = _counter("journal_recorded", "Records ever written to journals.", "provider", "feed")
        dropped = _counter("journal_dropped", "Records that journals had no room for.", "provider", "feed")
        for provider, tally in tallies.items():
            _fill(recorded, Counter({(provider, feed): count for feed, count in tally.recorded.items()}))
            _fill(dropped, Counter({(provider, feed): count for feed, count in tally.dropped.items()}))
        yield recorded
        yield dropped
        kept = _gauge("journal_records", "Records that journals keep.", "provider", "feed")
        sizes: Counter[tuple[str, ...]] = Counter({(NOBODY, "requests"): len(self._sandbox.unclaimed)})
        for account in self._sandbox.accounts:
            for name, feed in account.journal.feeds():
                sizes[account.provider.name, name] += len(feed)
        _fill(kept, sizes)
        yield kept

    def _now(self) -> Iterator[Metric]:
        accounts: Counter[tuple[str, ...]] = Counter({(provider.name,): 0 for provider in self._sandbox.providers})
        armed, timers = accounts.copy(), accounts.copy()
        for account in self._sandbox.accounts:
            labels = (account.provider.name,)
            accounts[labels] += 1
            armed[labels] += sum(1 for _ in account.faults)
            timers[labels] += account.clock.pending
        for what, says, counts in (
            ("accounts", "Accounts there are.", accounts),
            ("faults_armed", "Faults that are armed.", armed),
            ("timers_pending", "Actions that wait for their time on the clocks of accounts.", timers),
        ):
            family = _gauge(what, says, "provider")
            _fill(family, counts)
            yield family


def _outcome(status: int | None, *, is_refused: bool, is_faulty: bool) -> str:
    """Return the class of how a request fared: decided by a fault, refused by a rule, unanswered, and so on."""
    if is_faulty:
        return "fault"
    if is_refused:
        return "refused"
    if status is None:
        return "unanswered"
    return "answered" if status < 400 else "failed"


def _durations(tallies: dict[str, Tally]) -> Metric:
    family = HistogramMetricFamily(
        f"{PREFIX}_callback_attempt_duration_seconds",
        "Real time that attempts at callbacks took.",
        labels=("provider",),
    )
    for provider, tally in tallies.items():
        if tally.attempts:
            buckets = list(zip(_UPPER_BOUNDS, accumulate(tally.durations), strict=True))
            family.add_metric((provider,), buckets, tally.seconds)
    return family


def _counter(name: str, says: str, *labels: str) -> CounterMetricFamily:
    return CounterMetricFamily(f"{PREFIX}_{name}", says, labels=labels)


def _gauge(name: str, says: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}_{name}", says, labels=labels)


def _fill(family: CounterMetricFamily | GaugeMetricFamily, counts: Counter[tuple[str, ...]]) -> None:
    for labels, count in sorted(counts.items()):
        family.add_metric(labels, count)
