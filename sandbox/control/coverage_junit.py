"""Coverage as JUnit's XML, for continuous integration: every entry is a test case.

What was not met is skipped, not failed: it is a gap and no defect, so a job stays green, and is counted by itself beside
what passed. Whether a gap is too large is for `--fail-under` to say. A case is known by its class and name together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from sandbox.core.coverage import Entry, Report


def document(account: str | None, reports: Mapping[str, Report]) -> str:
    """Return a suite for each provider."""
    title = "contract coverage" + (f" of {account}" if account is not None else "")
    suites = [line for name, report in reports.items() for line in _suite(name, report)]
    entries = [entry for report in reports.values() for entry in report.entries]
    lines = (f"<testsuites {_attributes(title, entries)}>", *suites, "</testsuites>", "")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(lines)


def _suite(name: str, report: Report) -> Iterator[str]:
    yield f"<testsuite {_attributes(name, report.entries)}>"
    for section, entries in report.sections.items():
        for entry in entries:
            case = f'<testcase classname="{escape(name)}.{section}" name="{escape(entry.id)}" time="0"'
            yield f"{case}/>" if entry.hit else f'{case}><skipped message="not met"/></testcase>'
    yield "</testsuite>"


def _attributes(name: str, entries: list[Entry]) -> str:
    skipped = sum(not entry.hit for entry in entries)
    return f'name="{escape(name)}" tests="{len(entries)}" failures="0" errors="0" skipped="{skipped}"'
