"""What the yardstick servers have in common: two addresses, one token secret, one error form."""

import time
from datetime import UTC, datetime

import jwt
from starlette.responses import JSONResponse

SECRET = "a-yardstick-secret-of-32-bytes-or-more"
SEND = "/gateway/lmc/v1/phone/{msisdn}/conversationMessage"
SETTINGS = "/gateway/lmc/v1/admin/settings/{id}"
STORED_SETTINGS = {
    "id": "27fe4972-36d1-4b69-8d63-339c096d054e",
    "webSmsTemplate": "LINK Mobility wants to chat with you. Tap https://mydialog.me/[conversationKey] to start.",
}
_MOST_TOKENS = 10_000
_expiry_of: dict[str, float] = {}


def admitted(authorization: str | None) -> bool:
    """Tell whether the header holds a valid token; a token once verified costs one look-up from then on."""
    if not authorization:
        return False
    expiry = _expiry_of.get(authorization)
    if expiry is None:
        token = authorization.removeprefix("Bearer ")
        try:
            expiry = float(jwt.decode(token, SECRET, algorithms=["HS256"], options={"require": ["exp"]})["exp"])
        except jwt.PyJWTError:
            return False
        if len(_expiry_of) >= _MOST_TOKENS:
            _expiry_of.clear()
        _expiry_of[authorization] = expiry
    return expiry > time.time()


def now_text() -> str:
    """Give the time of day in UTC with three fractional digits, as answers carry it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")[:23] + "Z"


def refused(status: int, error: str, message: str) -> JSONResponse:
    """Make an error answer in the provider's form."""
    return JSONResponse({"status": str(status), "error": error, "message": message}, status)


def unauthorized() -> JSONResponse:
    """Make the answer to a missing or bad token."""
    return refused(401, "Unauthorized", "Missing or invalid token")
