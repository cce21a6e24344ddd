"""Coverage as one page without a script, to be looked at or kept with the results of a job."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from html import escape

from sandbox.core.coverage import Entry, Report

_STYLE = """
:root { color-scheme: light dark; font-family: system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8884; padding: .2rem .5rem; text-align: left; }
.number { text-align: right; }
.met { background: #2a82; }
summary { cursor: pointer; margin: 1rem 0; }
"""

# The style is the page's own and known by its hash; nothing else is loaded or run, wherever the page is served from.
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_HEADINGS = '<tr><th>entry</th><th class="number">status</th><th class="number">hit</th><th class="number">acknowledged</th></tr>'

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def page(account: str | None, reports: Mapping[str, Report]) -> str:
    """Return the page: for each provider a bar, and its catalogue by sections."""
    title = "Contract coverage" + (f" of {account}" if account is not None else "")
    body = "\n".join(line for name, report in reports.items() for line in _provider(name, report))
    return _PAGE.format(title=escape(title), style=_STYLE, body=body)


def _provider(name: str, report: Report) -> Iterator[str]:
    yield f"<h2>{escape(name)}: {report.percent:.1f} %</h2>"
    yield f'<progress max="100" value="{report.percent:.1f}"></progress>'
    for section, entries in report.sections.items():
        if entries:
            yield f"<details><summary>{section}: {sum(entry.hit > 0 for entry in entries)} of {len(entries)}</summary>"
            yield "<table>"
            yield _HEADINGS
            yield from map(_row, entries)
            yield "</table>"
            yield "</details>"


def _row(entry: Entry) -> str:
    row = '<tr class="met">' if entry.hit else "<tr>"
    numbers = ("" if number is None else str(number) for number in (entry.status, entry.hit, entry.acknowledged))
    cells = "".join(f'<td class="number">{number}</td>' for number in numbers)
    return f"{row}<td>{escape(entry.id)}</td>{cells}</tr>"
