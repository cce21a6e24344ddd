"""v2's errors: the table of codes with their HTTP statuses, and the wording that names the member at fault."""

from __future__ import annotations

from sandbox.core.errors import ErrorSpec

DOCUMENT = "004_41c4b639e6b3e426.txt"

# The document prints no code but that both expireAt and validity are "a 400 Bad request" (line 76); codes and wordings are
# public elsewhere, and 7009 is v1's. A 401 has an empty body: its code is for the journal only.
INVALID_JSON = ErrorSpec(400, "7000", "Invalid JSON", "")
AUTHENTICATION_FAILED = ErrorSpec(401, "7001", "Authentication failed", "")
SERVICE_KEY_MISSING = ErrorSpec(401, "7002", "Service key missing", "")
MISSING = ErrorSpec(400, "7003", "Mandatory parameter missing", "")
INVALID = ErrorSpec(400, "7004", "Invalid parameter", f"{DOCUMENT}:76")
INTERNAL_ERROR = ErrorSpec(500, "7006", "Internal error occurred", "")
SERVICE_INACTIVE = ErrorSpec(400, "7007", "Service inactive", "")
TOO_MANY_DESTINATIONS = ErrorSpec(400, "7009", "Max number of destinations", f"{DOCUMENT}:11")
TRANSACTION_LIMIT = ErrorSpec(429, "7020", "You have reached maximum transaction limit", f"{DOCUMENT}:11")
INVALID_NUMBER = ErrorSpec(400, "7041", "Number not in +E164 format", "")
INVALID_TEMPLATE = ErrorSpec(400, "7108", "Invalid template ID", "")

ERRORS: tuple[ErrorSpec, ...] = (
    INVALID_JSON,
    AUTHENTICATION_FAILED,
    SERVICE_KEY_MISSING,
    MISSING,
    INVALID,
    INTERNAL_ERROR,
    SERVICE_INACTIVE,
    TOO_MANY_DESTINATIONS,
    TRANSACTION_LIMIT,
    INVALID_NUMBER,
    INVALID_TEMPLATE,
)
BY_CODE: dict[str, ErrorSpec] = {error.code: error for error in ERRORS}


def worded(error: ErrorSpec, path: str) -> str:
    """Return the text of an answer that names a member: `Invalid parameter - to[0].msisdn`."""
    return f"{error.message} - {path}"
