"""Answer: JSON on its way out, and how times are written in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, overload

from pydantic_core import to_json
from starlette.responses import Response

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def answer(
    value: Any, status: int = 200, headers: Mapping[str, str] | None = None, *, media_type: str = "application/json"
) -> Response:
    """Return an answer with a JSON value as its body."""
    body = to_json(value, inf_nan_mode="null")
    return Response(body, status, headers={**HEADERS, **(headers or {})}, media_type=media_type)


def nothing() -> Response:
    """Return the answer that says no more than that it is done."""
    return Response(status_code=204, headers=HEADERS)


@overload
def stamp(at: datetime) -> str: ...
@overload
def stamp(at: None) -> None: ...
def stamp(at: datetime | None) -> str | None:
    """Return a time as RFC 3339 in UTC with milliseconds."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
