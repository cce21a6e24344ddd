"""Coverage as Markdown, for the summary of a job: the figures first, every entry below them, folded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sandbox.core.coverage import Entry, Report

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|&~])")


def page(account: str | None, reports: Mapping[str, Report]) -> str:
    """Return a table of the providers, and for each one a table of its catalogue."""
    return "\n".join(
        (*_figures(account, reports), *(line for item in reports.items() for line in _catalogue(*item)), "")
    )


def _figures(account: str | None, reports: Mapping[str, Report]) -> Iterator[str]:
    yield "# Contract coverage" + (f" of {_plain(account)}" if account is not None else "")
    yield ""
    yield "| provider | operations | outcomes | errors | callbacks | covered |"
    yield "|---|--:|--:|--:|--:|--:|"
    for name, report in reports.items():
        met = " | ".join(f"{sum(entry.hit > 0 for entry in all_)} of {len(all_)}" for all_ in report.sections.values())
        yield f"| {_plain(name)} | {met} | {report.percent:.1f} % |"


def _catalogue(name: str, report: Report) -> Iterator[str]:
    yield ""
    yield f"<details><summary>{_plain(name)}: every entry</summary>"
    yield ""
    yield "| | met | entry | status | hit | acknowledged |"
    yield "|---|---|---|--:|--:|--:|"
    for section, entries in report.sections.items():
        for entry in entries:
            yield f"| {section} | {_row(entry)} |"
    yield ""
    yield "</details>"


def _row(entry: Entry) -> str:
    met = "✓" if entry.hit else ""
    numbers = (entry.status, entry.hit, entry.acknowledged)
    return " | ".join((met, _plain(entry.id), *("" if number is None else str(number) for number in numbers)))


def _plain(text: str) -> str:
    """Return a text that Markdown takes for nothing but text."""
    return _SPECIAL.sub(r"\\\1", text)
