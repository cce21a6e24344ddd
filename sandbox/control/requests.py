"""Requests: the journal of calls to the emulated APIs."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control import redaction
from sandbox.control.answer import answer, stamp
from sandbox.control.described import described
from sandbox.control.filters import Filters
from sandbox.control.listing import ListQuery, Page, Rows, behind, listed, one_of
from sandbox.control.query import Query
from sandbox.core.account import Account
from sandbox.core.journal import Exchange, Feed
from sandbox.core.provider import Provider
from sandbox.sandbox import Sandbox


class RequestQuery(ListQuery, total=False):
    """Which requests; what is no number may be a glob."""

    operation: Annotated[str, Field(description="id of the documented operation")]
    status: Annotated[int, Field(ge=0, le=999, description="of the answer")]
    rule: Annotated[str, Field(description="id of the rule that was broken")]
    method: str
    path: str


class RequestView(TypedDict):
    """A call of an emulated API and its answer, with the rule it broke and where that is documented."""

    id: str
    account: str | None
    provider: str | None
    operation: str | None
    method: str
    path: str
    query: dict[str, Any]
    headers: dict[str, str]
    body: Any
    status: int | None
    response_headers: dict[str, str]
    response_body: Any
    rule: str | None
    source: Annotated[str | None, Field(description="file and line of the provider's document")]
    warnings: list[str]
    fault: Annotated[str | None, Field(description="the armed fault, or the magic address, that decided the answer")]
    messages: list[str]
    at: str
    duration_ms: float
    near: Annotated[str | None, Field(description="the closest documented operation, where the path is none")]
    detail: str | None


def view(sandbox: Sandbox, exchange: Exchange) -> RequestView:
    """Return a request and its answer as JSON, secrets shortened."""
    request, rule = exchange.request, exchange.rule
    source = None
    if rule is not None and exchange.provider is not None:
        source = sandbox.provider(exchange.provider).rules.source_of(rule)
    return {
        "id": exchange.id,
        "account": exchange.account,
        "provider": exchange.provider,
        "operation": exchange.operation,
        "method": request.method,
        "path": request.path,
        "query": redaction.parameters(request.query_pairs()),
        "headers": redaction.headers(request.headers),
        "body": redaction.body(request.body),
        "status": exchange.status,
        "response_headers": redaction.headers(exchange.response_headers),
        "response_body": redaction.body(exchange.response_body),
        "rule": rule,
        "source": source,
        "warnings": list(exchange.warnings),
        "fault": exchange.fault,
        "messages": list(exchange.messages),
        "at": stamp(exchange.at),
        "duration_ms": (exchange.ended_at - exchange.at).total_seconds() * 1000,
        "near": exchange.near,
        "detail": exchange.detail,
    }


def _feed(account: Account) -> Feed[Exchange]:
    return account.journal.requests


@described(answer=Page[RequestView], query=RequestQuery)
async def show_all(sandbox: Sandbox, request: Request) -> Response:
    """List requests; those that no account could be told of are there unless an account is asked for."""
    query = Query(request, *RequestQuery.__annotations__)
    wanted: Filters[Exchange] = Filters(query)
    wanted.pattern("operation", lambda exchange: exchange.operation)
    wanted.number("status", lambda exchange: exchange.status)
    wanted.pattern("rule", lambda exchange: exchange.rule)
    wanted.pattern("method", lambda exchange: exchange.request.method)
    wanted.pattern("path", lambda exchange: exchange.request.path)

    def source(accounts: list[Account], mark: int) -> Rows:
        unclaimed = () if "account" in query else (sandbox.unclaimed,)
        return behind((*map(_feed, accounts), *unclaimed), mark)

    hint = wanted.misnamed(sandbox, "operation", Provider.no_operation)
    return await listed(sandbox, request, query, source, view, wanted, hint=hint)


@described(answer=RequestView)
async def show(sandbox: Sandbox, request: Request) -> Response:
    """Return one request."""
    Query(request)
    name = request.path_params["id"]
    exchange = sandbox.unclaimed.get(name) or one_of(sandbox, "request", name, _feed)[1]
    return answer(view(sandbox, exchange))
