"""Providers: what each emulated API can do and knows, for faces that offer it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control.answer import answer
from sandbox.control.described import described
from sandbox.control.listing import Collection
from sandbox.control.query import Query
from sandbox.core.provider import Provider
from sandbox.sandbox import Sandbox


class OperationView(TypedDict):
    """A documented operation."""

    id: str
    method: str
    path: str


class RuleView(TypedDict):
    """A rule, how it is known, and the place that says so."""

    id: str
    says: str
    grade: str
    source: str | None


class ProviderView(TypedDict):
    """What an emulated API can do and knows."""

    name: str
    title: str
    operations: list[OperationView]
    actions: list[str]
    actions_by_channel: dict[str, list[str]]
    receipts: list[str]
    fault_codes: list[str]
    error_codes: list[str]
    event_codes: list[str]
    suggestion_types: list[str]
    default_channel: str
    has_voice: bool
    callback_kinds: list[str]
    rules: list[RuleView]


@described(answer=Collection[ProviderView])
async def show_all(sandbox: Sandbox, request: Request) -> Response:
    """List the providers with the operations, actions, receipts, codes and rules of each."""
    Query(request)
    return answer({"items": [_view(provider) for provider in sandbox.providers]})


def _view(provider: Provider) -> ProviderView:
    return {
        "name": provider.name,
        "title": provider.title,
        "operations": [{"id": each.id, "method": each.method, "path": each.path} for each in provider.operations],
        "actions": sorted(provider.actions),
        "actions_by_channel": {channel: sorted(actions) for channel, actions in provider.actions_by_channel.items()},
        "receipts": list(provider.receipts),
        "fault_codes": list(provider.fault_codes()),
        "error_codes": list(provider.error_codes()),
        "event_codes": list(provider.event_codes()),
        "suggestion_types": list(provider.suggestion_types),
        "default_channel": provider.default_channel,
        "has_voice": provider.has_voice,
        "callback_kinds": list(provider.callback_kinds),
        "rules": [
            {"id": rule.id, "says": rule.says, "grade": rule.grade, "source": provider.rules.source_of(rule.id)}
            for rule in provider.rules
        ],
    }
