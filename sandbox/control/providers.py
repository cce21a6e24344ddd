"""Providers: what each emulated API can do and knows, for faces that offer it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandbox.control.answer import answer
from sandbox.control.query import Query
from sandbox.core.provider import Provider
from sandbox.sandbox import Sandbox


async def show_all(sandbox: Sandbox, request: Request) -> Response:
    """List the providers with the operations, actions, receipts, codes and rules of each."""
    Query(request)
    return answer({"items": [_view(provider) for provider in sandbox.providers]})


def _view(provider: Provider) -> dict[str, Any]:
    return {
        "name": provider.name,
        "title": provider.title,
        "operations": [{"id": each.id, "method": each.method, "path": each.path} for each in provider.operations],
        "actions": sorted(provider.actions),
        "actions_by_channel": {channel: sorted(actions) for channel, actions in provider.actions_by_channel.items()},
        "receipts": provider.receipts,
        "fault_codes": provider.fault_codes(),
        "error_codes": provider.error_codes(),
        "event_codes": provider.event_codes(),
        "suggestion_types": provider.suggestion_types,
        "default_channel": provider.default_channel,
        "has_voice": provider.has_voice,
        "callback_kinds": provider.callback_kinds,
        "rules": [
            {"id": rule.id, "says": rule.says, "grade": rule.grade, "source": provider.rules.source_of(rule.id)}
            for rule in provider.rules
        ],
    }
