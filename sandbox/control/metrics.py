"""Metrics: what has been counted, for Prometheus."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sandbox.control.answer import HEADERS
from sandbox.control.described import described
from sandbox.control.query import Query
from sandbox.core.release import installed_version
from sandbox.sandbox import Sandbox


@described(media=(("text/plain", str), ("application/openmetrics-text", str)))
async def show(sandbox: Sandbox, request: Request) -> Response:
    """Return every count as Prometheus text, or as OpenMetrics for those who accept it."""
    from sandbox.metrics import exposition  # noqa: PLC0415 - the library takes a tenth of a second to import

    Query(request)
    body, media_type = exposition(sandbox, installed_version(), request.headers.get("accept", ""))
    return Response(body, headers={**HEADERS, "Content-Type": media_type})
