"""Snapshot: all that the sandbox holds, out as one JSON document and back in."""

from __future__ import annotations

import logging
from typing import Any

from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import Response

from sandbox.control.answer import HEADERS, nothing
from sandbox.control.body import demand_json, read
from sandbox.control.described import described
from sandbox.control.problem import ProblemError, invalid
from sandbox.control.query import Query
from sandbox.core.piecemeal import Steps
from sandbox.sandbox import Sandbox
from sandbox.snapshot.error import SnapshotError

MIB = 1024 * 1024
VALUE = 8  # bytes of a document for each value in it: one takes a hundred when it is read, however short it is written

_log = logging.getLogger("sandbox.snapshot")

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
    text = await sandbox.piecemeal(_written(sandbox))
    if (why := await sandbox.piecemeal(_too_large(text, sandbox.snapshot_limit))) is not None:
        _log.warning("this snapshot cannot be put back as the sandbox is: %s", why)
    return Response(text, headers=HEADERS, media_type="application/json")


def _written(sandbox: Sandbox) -> Steps[bytes]:
    from sandbox.snapshot.document import nothing_collected, text_of  # noqa: PLC0415 - with the first snapshot

    with nothing_collected():  # before the document is gone again
        return (yield from text_of(sandbox.snapshot()))


@described(statuses=(204,), body=SCHEMA)
async def put(sandbox: Sandbox, request: Request) -> Response:
    """Return to the state of a document; if anything is wrong with it, nothing changes."""
    Query(request)
    demand_json(request)
    limit = sandbox.snapshot_limit
    text = await read(request, limit, f"a snapshot that is put back here {_at_most(limit)}")
    if (why := await sandbox.piecemeal(_too_large(text, limit))) is not None:
        raise ProblemError(413, why)
    try:
        await sandbox.piecemeal(sandbox.restoring(_read(text)))
    except SnapshotError as error:
        raise invalid(error.errors) from None
    return nothing()


def _too_large(text: bytes, limit: int) -> Steps[str | None]:
    """Return why a document is not read; None if it is."""
    size, values = len(text), 0
    for start in range(0, size, MIB):
        values += sum(text.count(sign, start, start + MIB) for sign in b",[{")
        yield
    if size <= limit and values <= limit // VALUE:
        return None
    needed = max(size, values * VALUE) // MIB + 1
    says = f"it has {size / MIB:.1f} MiB with about {values} values; one that is put back here {_at_most(limit)}"
    return f"{says}; {needed} MiB would do"


def _at_most(limit: int) -> str:
    says = f"has at most {limit / MIB:g} MiB and {limit // VALUE} values"
    return f"{says}, by the setting snapshot_limit (serve --snapshot-limit, SANDBOX_SNAPSHOT_LIMIT)"


def _read(text: bytes) -> Any:
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise ProblemError(400, f"the body is not JSON: {error}") from None
