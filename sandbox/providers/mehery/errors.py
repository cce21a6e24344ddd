"""MeherY's errors: the table of status keys, and the refusal that lists every field at fault."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.core.errors import ApiError, ErrorSpec
from sandbox.providers.mehery.vocabulary import DOCUMENT

# The document prints the bare statuses 401, 403 and 404; the status keys are public in the vendor's libraries, those of
# 405, 413, 415 and 429 are our decision.
PARAM_MISSING = ErrorSpec(400, "PARAM_MISSING", "A required parameter is missing", "")
PARAM_INVALID = ErrorSpec(400, "PARAM_INVALID", "A parameter is invalid", "")
PARAM_TYPE_MISMATCH = ErrorSpec(400, "PARAM_TYPE_MISMATCH", "A parameter has the wrong type", "")
UNAUTHORIZED = ErrorSpec(401, "UNAUTHORIZED", "Unauthorized", f"{DOCUMENT}:221")
ACCESS_DENIED = ErrorSpec(403, "ACCESS_DENIED", "Forbidden", f"{DOCUMENT}:222")
HTTP_NOT_FOUND = ErrorSpec(404, "HTTP_NOT_FOUND", "Not Found", f"{DOCUMENT}:223")
METHOD_NOT_ALLOWED = ErrorSpec(405, "METHOD_NOT_ALLOWED", "Method Not Allowed", "")
PAYLOAD_TOO_LARGE = ErrorSpec(413, "PAYLOAD_TOO_LARGE", "The body is larger than 1 MiB", "")
UNSUPPORTED_MEDIA_TYPE = ErrorSpec(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type must be application/json", "")
TOO_MANY_REQUESTS = ErrorSpec(429, "TOO_MANY_REQUESTS", "Too Many Requests", "")
API_ERROR = ErrorSpec(500, "API_ERROR", "Internal Server Error", "")
SERVICE_UNAVAILABLE = ErrorSpec(503, "SERVICE_UNAVAILABLE", "Service Unavailable", "")

ERRORS: tuple[ErrorSpec, ...] = (
    PARAM_MISSING,
    PARAM_INVALID,
    PARAM_TYPE_MISMATCH,
    UNAUTHORIZED,
    ACCESS_DENIED,
    HTTP_NOT_FOUND,
    METHOD_NOT_ALLOWED,
    PAYLOAD_TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    TOO_MANY_REQUESTS,
    API_ERROR,
    SERVICE_UNAVAILABLE,
)
BY_CODE: dict[str, ErrorSpec] = {spec.code: spec for spec in ERRORS}
# PARAM_INVALID is what a 400 is called when nothing else is known of it.
BY_STATUS: dict[int, ErrorSpec] = {**{spec.status: spec for spec in ERRORS}, 400: PARAM_INVALID}

# Fixed here and not taken from the language runtime, which renames them now and then.
REASONS: dict[int, str] = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


@dataclass(frozen=True, slots=True)
class FieldFault:
    """
    One entry of `errors[]` or `warnings[]`.

    Attributes:
        key: the `codeKey`, `FIELD_MISSING`.
        field: dotted path, `options.buttons[0].type`; None is the whole body.
        description: one English sentence.
        possible: the values an enumeration allows.
    """

    key: str
    field: str | None
    description: str
    possible: tuple[str, ...] = ()


class RefusalError(ApiError):
    """
    A request that is refused, with every field at fault (MEH-GEN-01).

    Attributes:
        faults: the entries of `errors[]`; the first one words the answer.
        schema: the document's name for the request body, `OutBoundMsg`.
    """

    def __init__(
        self,
        spec: ErrorSpec,
        rule: str | None,
        faults: Iterable[FieldFault],
        *,
        schema: str | None = None,
        headers: tuple[tuple[bytes, bytes], ...] = (),
        detail: str | None = None,
    ) -> None:
        self.faults = tuple(faults)
        self.schema = schema
        message = self.faults[0].description if self.faults else None
        super().__init__(spec, message, rule=rule, headers=headers, detail=detail)


def refusal(
    spec: ErrorSpec,
    rule: str,
    key: str,
    field: str | None,
    description: str,
    *,
    possible: tuple[str, ...] = (),
    schema: str | None = None,
) -> RefusalError:
    """Return a refusal for one field: `400 PARAM_INVALID/TEXT_DETAILS_MISSING @text` and its sentence."""
    return RefusalError(spec, rule, (FieldFault(key, field, description, possible),), schema=schema)
