"""Problem: why a control call was refused, in the form of RFC 9457."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NotRequired

from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control.answer import answer
from sandbox.core.bounds import BoundReachedError
from sandbox.core.clock import ClockIsRealError
from sandbox.core.store import CredentialTakenError
from sandbox.engine.actions import InvalidActionError, NotPossibleError
from sandbox.engine.loader import ScenarioError
from sandbox.sandbox import UnknownProviderError

_log = logging.getLogger("sandbox.control")

MEDIA_TYPE = "application/problem+json"

# Written out, because the words of the language runtime differ from version to version.
TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
MOST_NAMES = 40  # of what there is, told where something is not
_TOLD = 5  # errors that `detail` repeats


class Complaint(TypedDict):
    """What is wrong with one value; in a scenario's text, with its place there, counted from 1."""

    path: str
    message: str
    line: NotRequired[int]
    column: NotRequired[int]


class Problem(TypedDict):
    """Why a call was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Complaint]


class ProblemError(Exception):
    """
    A control call cannot be answered as asked.

    Attributes:
        errors: what is wrong with which value, each `{"path", "message"}`; those of scenarios also tell the place.
        headers: further headers of the answer.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = headers


def invalid(errors: Sequence[Mapping[str, Any]]) -> ProblemError:
    """Return the problem of values that are not valid."""
    told = ["; ".join(": ".join(filter(None, (one["path"], one["message"]))) for one in errors[:_TOLD])]
    if len(errors) > _TOLD:
        told.append(f"and {len(errors) - _TOLD} more")
    return ProblemError(422, ", ".join(told), errors=errors)


def invalid_at(path: str, message: str) -> ProblemError:
    """Return the problem of one value that is not valid."""
    return invalid([{"path": path, "message": message}])


def missing(what: str, name: str, known: Iterable[str] = ()) -> ProblemError:
    """Return the problem of a thing that is not there; `known` are the names of those that are, unless they are many."""
    names = tuple(islice(known, MOST_NAMES + 1))
    there = f"; there are: {', '.join(names)}" if 0 < len(names) <= MOST_NAMES else ""
    return ProblemError(404, f"there is no {what} {name[:200]!r}, or no more{there}")


def rendered(error: Exception) -> Response:
    """Return the answer that tells of an error; one that nobody expected is logged, and told without its inside."""
    problem = _problem_of(error)
    if problem is None:
        _log.error("a control call failed", exc_info=error)
        problem = ProblemError(500, "the sandbox failed; its log tells more")
    body = {
        "type": "about:blank",
        "title": TITLES[problem.status],
        "status": problem.status,
        "detail": problem.detail,
        "errors": list(problem.errors),
    }
    return answer(body, problem.status, problem.headers, media_type=MEDIA_TYPE)


def _problem_of(error: Exception) -> ProblemError | None:
    match error:
        case ProblemError():
            return error
        case InvalidActionError(errors=errors):
            return invalid(errors)
        case ScenarioError(complaints=complaints):
            return invalid(
                [
                    {"path": one.path, "message": one.message, "line": one.line, "column": one.column}
                    for one in complaints
                ]
            )
        case UnknownProviderError():
            return invalid_at("provider", str(error))
        case NotPossibleError() | CredentialTakenError() | ClockIsRealError() | BoundReachedError():
            return ProblemError(409, str(error))
        case _:
            return None
