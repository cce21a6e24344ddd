"""OpenAPI: the documents that describe this control API, and the API of each provider."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from sandbox.control.answer import HEADERS
from sandbox.control.described import JSON, described
from sandbox.control.problem import missing
from sandbox.control.query import Query
from sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from sandbox.core.provider import Provider


@described(answer=dict[str, Any])
async def show(sandbox: Sandbox, request: Request) -> Response:
    """Return the OpenAPI 3.1 document of this control API."""
    Query(request)
    return _answer(await asyncio.to_thread(of_control, sandbox.providers))


@described(answer=dict[str, Any])
async def show_provider(sandbox: Sandbox, request: Request) -> Response:
    """Return the OpenAPI 3.1 document of a provider's emulated API, its callbacks as webhooks."""
    Query(request)
    name = request.path_params["provider"]
    provider = next((provider for provider in sandbox.providers if provider.name == name), None)
    if provider is None:
        raise missing("provider", name, (each.name for each in sandbox.providers))
    return _answer(await asyncio.to_thread(of_provider, provider))


@lru_cache(maxsize=1)
def of_control(providers: tuple[Provider, ...]) -> bytes:
    """Return the document of this API, made when it is first asked for: half a second that nobody else waits for."""
    from sandbox.control.app import ROUTES  # noqa: PLC0415 - which has this module's routes among others
    from sandbox.control.document import document  # noqa: PLC0415 - few ask

    return to_json(document(ROUTES, providers))


@lru_cache(maxsize=16)
def of_provider(provider: Provider) -> bytes:
    """Return the document of an emulated API, made when it is first asked for."""
    from sandbox.openapi.emulated import document  # noqa: PLC0415 - few ask

    return to_json(document(provider))


def _answer(document: bytes) -> Response:
    return Response(document, headers=HEADERS, media_type=JSON)
