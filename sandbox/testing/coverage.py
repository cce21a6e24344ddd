"""Coverage: what of the documented APIs the accounts of all tests have met, added up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.client.resources import ProviderCoverage

SECTIONS = ("operations", "outcomes", "callbacks")
SHOWN = 8  # things of a section that are named although they were not met

Totals = dict[str, dict[str, dict[str, int]]]


class CoverageSum:
    """Hits by provider, section and id; those of a thing that was not met are 0."""

    def __init__(self) -> None:
        self.totals: Totals = {}

    def add(self, provider: str, coverage: ProviderCoverage) -> None:
        """Add what one account has met."""
        entries: Mapping[str, list[dict[str, Any]]] = {section: coverage[section] for section in SECTIONS}  # type: ignore[literal-required]
        self.merge(
            {provider: {name: {entry["id"]: entry["hit"] for entry in found} for name, found in entries.items()}}
        )

    def merge(self, totals: Totals) -> None:
        """Add what another process has counted."""
        for provider, sections in totals.items():
            mine = self.totals.setdefault(provider, {section: {} for section in SECTIONS})
            for section, hits in sections.items():
                for entry, hit in hits.items():
                    mine[section][entry] = mine[section].get(entry, 0) + hit

    def lines(self, *, everything: bool = False) -> Iterator[str]:
        """Yield a table with a row for each provider, then what was not met: all of it, or the first few."""
        rows = [("provider", *SECTIONS, "percent"), *map(self._row, sorted(self.totals))]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for first, *others in rows:
            cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
            yield "  ".join((first.ljust(widths[0]), *cells))
        for provider in sorted(self.totals):
            for section in SECTIONS:
                missed = [entry for entry, hit in self.totals[provider][section].items() if not hit]
                shown = missed if everything else missed[:SHOWN]
                more = f" and {len(missed) - len(shown)} more (-v names them)" if len(missed) > len(shown) else ""
                if missed:
                    yield f"{provider}: {section} not met: {', '.join(shown)}{more}"

    def _row(self, provider: str) -> tuple[str, ...]:
        sections = self.totals[provider]
        met = {section: sum(hit > 0 for hit in sections[section].values()) for section in SECTIONS}
        entries = sum(len(sections[section]) for section in SECTIONS)
        percent = 100 * sum(met.values()) / entries if entries else 100.0
        counts = [f"{met[section]}/{len(sections[section])}" for section in SECTIONS]
        return (provider, *counts, f"{percent:.1f}")
