"""Coverage: what of each provider's catalogue has been met, for programs, people and continuous integration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandbox.control import coverage_html, coverage_junit, coverage_markdown
from sandbox.control.answer import HEADERS, answer
from sandbox.control.query import Query
from sandbox.core.coverage import Entry, Report
from sandbox.sandbox import Sandbox

FORMATS = ("json", "markdown", "html", "junit")


def view(account: str | None, reports: Mapping[str, Report]) -> dict[str, Any]:
    """Return coverage as JSON."""
    providers = {
        name: {
            **{section: [_entry(entry) for entry in entries] for section, entries in report.sections.items()},
            "percent": report.percent,
        }
        for name, report in reports.items()
    }
    return {"providers": providers} if account is None else {"account": account, "providers": providers}


def _entry(entry: Entry) -> dict[str, Any]:
    told = {"id": entry.id, "status": entry.status, "hit": entry.hit, "acknowledged": entry.acknowledged}
    return {name: value for name, value in told.items() if value is not None}


async def show(sandbox: Sandbox, request: Request) -> Response:
    """Show what an account has met; without one, what all have met together."""
    query = Query(request, "account", "format")
    account = query.account(sandbox)
    form = query.one_of("format", FORMATS)
    reports = sandbox.coverage(account)
    name = account.id if account is not None else None
    match form:
        case "markdown":
            return Response(coverage_markdown.page(name, reports), headers=HEADERS, media_type="text/markdown")
        case "html":
            headers = {**HEADERS, "Content-Security-Policy": coverage_html.POLICY}
            return Response(coverage_html.page(name, reports), headers=headers, media_type="text/html")
        case "junit":
            return Response(coverage_junit.document(name, reports), headers=HEADERS, media_type="application/xml")
        case _:
            return answer(view(name, reports))
