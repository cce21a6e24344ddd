"""Errors: why a call of the control API came to nothing."""

from __future__ import annotations

from sandbox.client.resources import Complaint


class ClientError(Exception):
    """
    A call of the control API came to nothing.

        ClientError
        ├── UnreachableError   no sandbox answers
        └── ProblemError       it answered with a problem
    """


class UnreachableError(ClientError):
    """No sandbox answers at that URL; `why` says more where there is more than that nobody listens."""

    def __init__(self, url: str, why: str = "") -> None:
        super().__init__(f"no sandbox answers at {url}" + (f" ({why})" if why else ""))
        self.url = url
        self.why = why


class ProblemError(ClientError):
    """
    The sandbox refused.

    Attributes:
        status: of the answer.
        detail: why, in a sentence.
        errors: what is wrong with which value; complaints about scenarios also tell `line` and `column`.
    """

    def __init__(self, status: int, detail: str, errors: list[Complaint]) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
