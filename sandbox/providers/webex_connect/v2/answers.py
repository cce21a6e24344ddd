"""Answers: how v2 tells of trouble, by the HTTP status and, where that is not 401, code and message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sandbox.core.account import Account
from sandbox.core.answers import Answers
from sandbox.core.errors import ApiError, ErrorSpec
from sandbox.core.ids import Ids
from sandbox.core.operation import Reply, ReplyHeaders
from sandbox.providers.webex_connect import limits
from sandbox.providers.webex_connect.v1.errors import ERRORS as ERRORS_OF_V1
from sandbox.providers.webex_connect.v2 import errors
from sandbox.providers.webex_connect.v2.json_text import ascii_json
from sandbox.providers.webex_connect.v2.rules import RULES

# As recorded from the platform. The bodies are ASCII, so that the odd charset never matters.
JSON_HEADERS: ReplyHeaders = ((b"content-type", b"application/json;charset=ISO-8859-1"),)

_NOT_FOUND = ErrorSpec(404, "", "", "")
_METHOD_NOT_ALLOWED = ErrorSpec(405, "", "", "")
_OF_STATUS = {
    401: errors.AUTHENTICATION_FAILED,
    404: _NOT_FOUND,
    405: _METHOD_NOT_ALLOWED,
    429: errors.TRANSACTION_LIMIT,
}

# A fault may be armed with a code that only the other version knows of itself.
_OF_V1 = {error.code: replace(error, status=400) for error in ERRORS_OF_V1 if error.code not in errors.BY_CODE}


class AnswersOfV2(Answers):
    """`{"code", "message"}`; no body at all for 401, 404 and 405."""

    def render(self, error: ApiError, account: Account | None, ids: Ids) -> Reply:  # noqa: ARG002 - v2's have no ids
        """Answer with the status of the error; one of the rate brings the headers that tell of it."""
        spec = error.spec
        if spec.status == 401 or not spec.code:
            return Reply(spec.status, b"", error.headers)
        headers = JSON_HEADERS + error.headers
        if spec.status == 429 and account is not None:
            headers += limits.headers(account, account.clock.now(), exhausted=True)
        return Reply(spec.status, ascii_json({"code": spec.code, "message": error.message}), headers)

    def not_found(self, path: str) -> ApiError:
        """Empty."""
        return ApiError(_NOT_FOUND, detail=path)

    def method_not_allowed(self, allowed: Sequence[str]) -> ApiError:
        """Empty."""
        return ApiError(_METHOD_NOT_ALLOWED, headers=((b"allow", ", ".join(allowed).encode()),))

    def too_large(self) -> ApiError:
        """No document speaks of it: the status tells, and the code is that of a value over its limit."""
        return ApiError(replace(errors.INVALID, status=413), "Invalid parameter - the body is too large")

    def broken_down(self) -> ApiError:
        """WX2-SVC-02."""
        return RULES.broken("WX2-SVC-02")

    def rate_limited(self) -> ApiError:
        """As one destination too many is answered (WX2-RATE-01)."""
        return ApiError(errors.TRANSACTION_LIMIT)

    def of_status(self, status: int) -> ApiError:
        """Return the code that fits the status best."""
        spec = _OF_STATUS.get(status) or (errors.INTERNAL_ERROR if status >= 500 else errors.INVALID)
        return ApiError(replace(spec, status=status))

    def of_code(self, code: str) -> ApiError:
        """Return the error of that code, with its message alone; 7001 and 7002 are an empty 401."""
        if code == errors.INTERNAL_ERROR.code:
            return self.broken_down()
        spec = errors.BY_CODE.get(code) or _OF_V1.get(code)
        if spec is None:
            raise ValueError(f"{code!r} is none of {', '.join((*errors.BY_CODE, *_OF_V1))}")
        return ApiError(spec)


ANSWERS = AnswersOfV2()
