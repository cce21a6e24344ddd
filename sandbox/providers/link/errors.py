"""LINK's errors: the fixed reason phrases, and the ApiError body that carries them."""

from __future__ import annotations

from pydantic_core import to_json

from sandbox.core.errors import ApiError, ErrorSpec

DOCUMENT = "000_8fd44aca822109ef.txt"

# The phrases are fixed here and not taken from the language runtime: Python 3.13 renamed 422 (LINK-GEN-02).
BAD_REQUEST = ErrorSpec(400, "Bad Request", "Bad request", f"{DOCUMENT}:265")
UNAUTHORIZED = ErrorSpec(401, "Unauthorized", "Missing or invalid token", f"{DOCUMENT}:363")
ACCOUNT_NOT_FOUND = ErrorSpec(403, "Forbidden", "Account not found", f"{DOCUMENT}:1205")
NOT_FOUND = ErrorSpec(404, "Not Found", "No such resource", "")
METHOD_NOT_ALLOWED = ErrorSpec(405, "Method Not Allowed", "Method not allowed", "")
PAYLOAD_TOO_LARGE = ErrorSpec(413, "Payload Too Large", "The body is larger than 1 MiB", "")
UNSUPPORTED_MEDIA_TYPE = ErrorSpec(415, "Unsupported Media Type", "Content-Type must be application/json", "")
UNPROCESSABLE = ErrorSpec(
    422, "Unprocessable Entity", "Settings with the given ID couldn't be found", f"{DOCUMENT}:113"
)
TOO_MANY_REQUESTS = ErrorSpec(429, "Too Many Requests", "Too many requests", "")
SERVER_ERROR = ErrorSpec(
    500, "Internal Server Error", "The Conversational Platform is currently experiencing problems", ""
)
UNAVAILABLE = ErrorSpec(
    503, "Service Unavailable", "The Conversational Platform is currently experiencing problems", ""
)

ERRORS: tuple[ErrorSpec, ...] = (
    BAD_REQUEST,
    UNAUTHORIZED,
    ACCOUNT_NOT_FOUND,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    PAYLOAD_TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    UNPROCESSABLE,
    TOO_MANY_REQUESTS,
    SERVER_ERROR,
    UNAVAILABLE,
)


def body(error: ApiError) -> bytes:
    """Return the ApiError of the document: `status` (a string), `error` and `message`; empty for the token endpoint's 403."""
    if error.spec is ACCOUNT_NOT_FOUND:
        return b""
    return to_json({"status": str(error.spec.status), "error": error.spec.code, "message": error.message})
