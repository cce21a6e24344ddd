"""Coverage: what of each provider's catalogue has been met, for programs, people and continuous integration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired, get_args

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control import coverage_html, coverage_junit, coverage_markdown
from sandbox.control.answer import HEADERS, answer
from sandbox.control.described import described
from sandbox.control.query import Query
from sandbox.core.coverage import Entry, Report
from sandbox.sandbox import Sandbox

Format = Literal["json", "markdown", "html", "junit"]


class CoverageQuery(TypedDict, total=False):
    """Whose, and in which form."""

    account: Annotated[str, Field(description="id of an account; all of them together if not given")]
    format: Format


class EntryView(TypedDict):
    """Something documented, and how often it was met."""

    id: str
    status: NotRequired[int]
    hit: int
    acknowledged: NotRequired[int]


class ProviderCoverage(TypedDict):
    """A provider's whole catalogue; `percent` are entries met, of a hundred in it."""

    operations: list[EntryView]
    outcomes: list[EntryView]
    errors: list[EntryView]
    callbacks: list[EntryView]
    percent: float


class CoverageView(TypedDict):
    """What has been met of each provider's catalogue, by the name of the provider."""

    account: NotRequired[str]
    providers: dict[str, ProviderCoverage]


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


@described(
    answer=CoverageView,
    media=(("text/markdown", str), ("text/html", str), ("application/xml", str)),
    query=CoverageQuery,
)
async def show(sandbox: Sandbox, request: Request) -> Response:
    """Show what an account has met; without one, what all have met together."""
    query = Query(request, *CoverageQuery.__annotations__)
    account = query.account(sandbox)
    form = query.one_of("format", get_args(Format))
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
