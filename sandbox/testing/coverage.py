"""Coverage: what of the documented APIs the accounts of all tests have met, added up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sandbox.client.resources import ProviderCoverage

SHOWN = 8  # things of a section that are named although they were not met

Hits = dict[str, dict[str, int]]


class CoverageSum:
    """Hits by provider, section (`operations`, `outcomes`, …) and id; those of a thing that was not met are 0."""

    def __init__(self) -> None:
        self.totals: dict[str, Hits] = {}

    def add(self, provider: str, coverage: ProviderCoverage) -> None:
        """Add what one account has met."""
        sections = {name: entries for name, entries in coverage.items() if isinstance(entries, list)}
        hits = {name: {entry["id"]: entry["hit"] for entry in entries} for name, entries in sections.items()}
        self.merge({provider: hits})

    def merge(self, totals: Mapping[str, Hits]) -> None:
        """Add what another process has counted."""
        for provider, sections in totals.items():
            mine = self.totals.setdefault(provider, {})
            for section, hits in sections.items():
                sums = mine.setdefault(section, {})
                for entry, hit in hits.items():
                    sums[entry] = sums.get(entry, 0) + hit

    def lines(self, *, everything: bool = False) -> Iterator[str]:
        """Yield a table with a row for each provider, then what was not met: all of it, or the first few."""
        headings = list(dict.fromkeys(section for sections in self.totals.values() for section in sections))
        rows = [("provider", *headings, "percent")]
        rows += [self._row(provider, headings) for provider in sorted(self.totals)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for first, *others in rows:
            cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
            yield "  ".join((first.ljust(widths[0]), *cells))
        for provider, sections in sorted(self.totals.items()):
            for section, hits in sections.items():
                missed = [entry for entry, hit in hits.items() if not hit]
                shown = missed if everything else missed[:SHOWN]
                more = f" and {len(missed) - len(shown)} more (-v names them)" if len(missed) > len(shown) else ""
                if missed:
                    yield f"{provider}: {section} not met: {', '.join(shown)}{more}"

    def _row(self, provider: str, headings: Iterable[str]) -> tuple[str, ...]:
        sections = [self.totals[provider].get(heading, {}) for heading in headings]
        met = [sum(hit > 0 for hit in hits.values()) for hits in sections]
        counts = [f"{some}/{len(hits)}" for some, hits in zip(met, sections, strict=True)]
        entries = sum(map(len, sections))
        return (provider, *counts, f"{100 * sum(met) / entries if entries else 100:.1f}")
