"""Answers: how v1 tells of trouble, inside an answer that is 200 unless the account wants it otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydantic_core import to_json

from sandbox.core.account import Account
from sandbox.core.answers import Answers
from sandbox.core.errors import ApiError, ErrorSpec
from sandbox.core.ids import Ids
from sandbox.core.operation import Reply
from sandbox.providers.webex_connect.account import settings_of
from sandbox.providers.webex_connect.v1 import errors
from sandbox.providers.webex_connect.v1.rules import RULES
from sandbox.providers.webex_connect.v2.errors import ERRORS as ERRORS_OF_V2

_EMPTY = "", ""  # code and label of an answer without a body
_OF_STATUS = {
    401: errors.AUTHENTICATION_FAILED,
    404: ErrorSpec(404, *_EMPTY, ""),
    405: ErrorSpec(405, *_EMPTY, ""),
    429: errors.TRANSACTION_LIMIT,
}

# A fault may be armed with a code that only the other version knows of itself.
_OF_V2 = {error.code: replace(error, status=200) for error in ERRORS_OF_V2 if error.code not in errors.BY_CODE}


class AnswersOfV1(Answers):
    """`{"response": {...}}` with code, label and an id: an object, where success has an array."""

    def render(self, error: ApiError, account: Account | None, ids: Ids) -> Reply:
        """Answer with 200 or what the account wants in its place, unless a fault asks for a status."""
        spec = error.spec
        if not spec.code:
            return Reply(spec.status, b"", error.headers)
        status = spec.status
        if status == 200 and account is not None:
            status = settings_of(account).v1_error_http_status
        body = {"response": {"code": spec.code, "description": error.message, "transid": ids.uuid4()}}
        return Reply(status, to_json(body))

    def not_found(self, path: str) -> ApiError:
        """Empty, also for `/resources/v1/messages`, which one public page shows."""
        return ApiError(_OF_STATUS[404], detail=path)

    def method_not_allowed(self, allowed: Sequence[str]) -> ApiError:
        """Empty."""
        return ApiError(_OF_STATUS[405], headers=((b"allow", ", ".join(allowed).encode()),))

    def too_large(self) -> ApiError:
        """No document speaks of it: the status tells, and the code is that of a value over its limit."""
        return ApiError(replace(errors.INVALID, status=413), "Invalid parameters: the body is too large")

    def broken_down(self) -> ApiError:
        """WX1-SVC-02."""
        return RULES.broken("WX1-SVC-02")

    def rate_limited(self) -> ApiError:
        """As one transaction too many is answered (WX1-RATE-02)."""
        return ApiError(errors.TRANSACTION_LIMIT)

    def of_status(self, status: int) -> ApiError:
        """Return the code that fits the status best."""
        spec = _OF_STATUS.get(status) or (errors.INTERNAL_ERROR if status >= 500 else errors.INVALID)
        return ApiError(replace(spec, status=status))

    def of_code(self, code: str) -> ApiError:
        """Return the error of that code, with its label alone."""
        if code == errors.INTERNAL_ERROR.code:
            return self.broken_down()
        spec = errors.BY_CODE.get(code) or _OF_V2.get(code)
        if spec is None:
            raise ValueError(f"{code!r} is none of {', '.join((*errors.BY_CODE, *_OF_V2))}")
        return ApiError(spec)
