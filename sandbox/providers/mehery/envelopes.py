"""Envelopes: the two forms of every answer, and the entries of errors and warnings inside them.

Source: 7520-7541 (`ApiResponse`, 21 keys), 9054-9061 (`ApiResultsMetaCompactResponse`, 8 keys).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic_core import to_json

from sandbox.core.errors import ApiError
from sandbox.core.ids import Ids
from sandbox.core.operation import JSON_TYPE, Call, Reply, ReplyHeaders
from sandbox.providers.mehery.errors import REASONS, FieldFault, RefusalError

ANY_ORIGIN = (b"access-control-allow-origin", b"*")  # MEH-GEN-14
_HEADERS = (JSON_TYPE, ANY_ORIGIN)


def millis(at: datetime) -> int:
    """Return a time in milliseconds since 1970, as the samples of the envelope have it."""
    return int(at.timestamp() * 1000 + 0.5)


def trace_id(ids: Ids) -> str:
    """Return the next 16 hexadecimal digits."""
    return f"{ids.random.getrandbits(64):016x}"


def compact(call: Call, results: Sequence[Mapping[str, Any]]) -> Reply:
    """Return `ApiResultsMetaCompactResponse` of a list."""
    trace = trace_id(call.account.ids)
    document = {
        "status": "200",
        "statusKey": "SUCCESS",
        "message": "Success",
        "messageKey": "MESSAGE_SUCCESS",
        "results": results,
        "meta": {},
        "timestamp": millis(call.at),
        "traceid": trace,
    }
    return Reply(200, _bytes(document), _traced(trace))


def api_response(
    call: Call,
    results: Sequence[Mapping[str, Any]],
    *,
    data: Mapping[str, Any] | None = None,
    meta: Mapping[str, Any] | None = None,
    warnings: Iterable[FieldFault] = (),
    schema: str | None = None,
) -> Reply:
    """
    Return `ApiResponse` of a list, or with `data` of a single object.

    Args:
        call: the request it answers.
        results: the objects.
        data: the one object, where the operation has but one.
        meta: what goes into `meta`.
        warnings: what was ignored.
        schema: the document's name for the request body.
    """
    trace = trace_id(call.account.ids)
    entries = [_entry(each, "200", schema) for each in warnings]
    document = _whole("200", "SUCCESS", "Success", "MESSAGE_SUCCESS", call.request.path, millis(call.at), trace)
    document["results"], document["data"], document["meta"] = results, data, meta or {}
    document["warnings"] = entries
    document["warningKey"] = entries[0]["codeKey"] if entries else None
    return Reply(200, _bytes(document), _traced(trace))


def one(call: Call, thing: Mapping[str, Any], **options: Any) -> Reply:
    """Return `ApiResponse` of a single object, which stands in `data` and in `results` (MEH section 7, 13)."""
    return api_response(call, [thing], data=thing, **options)


def bare(document: Any) -> Reply:
    """Return an answer without an envelope, as the two inbound requests have it."""
    return Reply(200, _bytes(document), _HEADERS)


def refused(error: ApiError, ids: Ids) -> Reply:
    """Return the envelope of an error, which is the full one on every operation (MEH-GEN-12, MEH-GEN-13)."""
    status, trace = str(error.spec.status), trace_id(ids)
    entries = []
    if isinstance(error, RefusalError):
        entries = [_entry(each, status, error.schema) for each in error.faults]
    key = entries[0]["codeKey"] if entries else error.spec.code
    at = millis(error.at) if error.at is not None else 0
    document = _whole(status, error.spec.code, error.message, key, error.path, at, trace)
    document["errors"] = entries
    document["error"] = REASONS.get(error.spec.status, error.spec.message)
    return Reply(error.spec.status, _bytes(document), (*_traced(trace), *error.headers))


def _whole(status: str, status_key: str, message: str, key: str, path: str, at: int, trace: str) -> dict[str, Any]:
    return {
        "status": status,
        "statusKey": status_key,
        "message": message,
        "messageKey": key,
        "results": [],
        "data": None,
        "meta": {},
        "errors": [],
        "warnings": [],
        "warningKey": None,
        "error": None,
        "exception": None,
        "details": [],
        "logs": [],
        "params": {},
        "extra": {},
        "query": {},
        "redirectUrl": None,
        "path": path,
        "timestamp": at,
        "traceid": trace,
    }


def _entry(fault: FieldFault, status: str, schema: str | None) -> dict[str, Any]:
    """Return one `ApiFieldError` (4399-4407); `obzect` is spelt so."""
    return {
        "field": fault.field,
        "obzect": schema,
        "code": status,
        "codeKey": fault.key,
        "codes": [fault.key],
        "description": fault.description,
        "descriptionKey": None,
        "possibleValues": list(fault.possible),
        "body": None,
    }


def _traced(trace: str) -> ReplyHeaders:
    return (*_HEADERS, (b"x-trace-id", trace.encode("ascii")))


def _bytes(document: Any) -> bytes:
    return to_json(document, inf_nan_mode="null")
