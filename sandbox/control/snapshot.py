"""Snapshot: all that the sandbox holds, out as one JSON document and back in."""

from __future__ import annotations

from typing import Any

from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import Response

from sandbox.control.answer import answer, nothing
from sandbox.control.body import demand_json, read
from sandbox.control.described import described
from sandbox.control.problem import ProblemError, invalid
from sandbox.control.query import Query
from sandbox.sandbox import Sandbox
from sandbox.snapshot.error import SnapshotError

LIMIT = 64 * 1024 * 1024  # bytes of a document
MOST_VALUES = 8_000_000  # in it, about: each takes a hundred bytes when it is read, however short it is written


# Whatever else is in it is nobody's business but the sandbox's.
SCHEMA = {
    "title": "Snapshot",
    "description": "The whole state, to be put back as it is. There are credentials in it.",
    "type": "object",
    "properties": {
        "snapshot": {"type": "integer", "description": "version of the form"},
        "version": {"type": "string", "description": "of the sandbox that made it"},
        "accounts": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["snapshot", "accounts"],
}


@described(answer=SCHEMA)
async def show(sandbox: Sandbox, request: Request) -> Response:
    """Return the whole state, credentials among it."""
    Query(request)
    return answer(sandbox.snapshot())


@described(statuses=(204,), body=SCHEMA)
async def put(sandbox: Sandbox, request: Request) -> Response:
    """Return to the state of a document; if anything is wrong with it, nothing changes."""
    Query(request)
    demand_json(request)
    text = await read(request, LIMIT)
    if sum(map(text.count, b",[{")) > MOST_VALUES:
        raise ProblemError(413, f"a snapshot here has at most {MOST_VALUES} values")
    try:
        sandbox.restore(_read(text))
    except SnapshotError as error:
        raise invalid(error.errors) from None
    return nothing()


def _read(text: bytes) -> Any:
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise ProblemError(400, f"the body is not JSON: {error}") from None
