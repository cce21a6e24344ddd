"""v1's errors: the table of response codes with their labels, and the wording that a label and a detail make."""

from __future__ import annotations

from sandbox.core.errors import ErrorSpec

DOCUMENT = "001_dd3e958a9a894ff5.txt"

# v1 tells of an error inside HTTP 200; `v1_error_http_status` switches that when the answer is rendered.
_OK = 200


def _documented(code: str, label: str, line: int) -> ErrorSpec:
    return ErrorSpec(_OK, code, label, f"{DOCUMENT}:{line}")


def _outside(code: str, label: str) -> ErrorSpec:
    return ErrorSpec(_OK, code, label, "")


QUEUED = _documented("1001", "Queued", 1994)

INVALID_JSON = _documented("7000", "Invalid JSON", 1995)
AUTHENTICATION_FAILED = _documented("7001", "Authentication failed", 1996)
SERVICE_KEY_MISSING = _documented("7002", "Service key missing", 1997)
MISSING = _documented("7003", "Mandatory parameters missing", 1998)
INVALID = _documented("7004", "Invalid parameters", 1999)
INTERNAL_ERROR = _documented("7006", "Internal error occurred", 2000)
SERVICE_INACTIVE = _documented("7007", "Service inactive", 2001)
TOO_MANY_DESTINATIONS = _documented("7009", "Max number of destinations", 2002)
INVALID_VALUE = _documented("7722", "Parameter value is invalid", 2003)

# Codes that only public material outside the document tells of.
TRANSACTION_LIMIT = _outside("7020", "You have reached maximum transaction limit")
PARAMETER_TOO_LARGE = _outside("7026", "Request Json parameter size exceeded 4 KB")
TOO_MANY_ELEMENTS = _outside("7034", "Max allowed elements reached")
INVALID_APP = _outside("7104", "Invalid app id")
INVALID_TEMPLATE = _outside("7108", "Invalid template ID")
TOO_MANY_BUTTONS = _outside("7703", "Max allowed buttons in a section reached")
DUPLICATE_IDENTIFIERS = _outside("7704", "Duplicate identifiers not allowed")
TOO_MANY_QUICK_REPLIES = _outside("7706", "Max allowed quick replies reached")
TOO_MANY_IMAGES = _outside("7708", "Max allowed image urls reached")

ERRORS: tuple[ErrorSpec, ...] = (
    INVALID_JSON,
    AUTHENTICATION_FAILED,
    SERVICE_KEY_MISSING,
    MISSING,
    INVALID,
    INTERNAL_ERROR,
    SERVICE_INACTIVE,
    TOO_MANY_DESTINATIONS,
    INVALID_VALUE,
    TRANSACTION_LIMIT,
    PARAMETER_TOO_LARGE,
    TOO_MANY_ELEMENTS,
    INVALID_APP,
    INVALID_TEMPLATE,
    TOO_MANY_BUTTONS,
    DUPLICATE_IDENTIFIERS,
    TOO_MANY_QUICK_REPLIES,
    TOO_MANY_IMAGES,
)
BY_CODE: dict[str, ErrorSpec] = {error.code: error for error in ERRORS}


def worded(error: ErrorSpec, detail: str) -> str:
    """Return the text of an answer: the label stays first, the detail tells the developer what is meant."""
    return f"{error.message}: {detail}"
