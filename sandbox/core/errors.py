"""Documented errors as data, and the exception that carries one of them to the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ErrorSpec:
    """
    One row of a provider's table of errors.

    Attributes:
        status: HTTP status code of the answer.
        code: the provider's own word or number for it (LINK: the reason phrase).
        message: the wording used unless a rule brings its own.
        source: where the provider documents it, `file:line`, or "" if it does not.
    """

    status: int
    code: str
    message: str
    source: str

    @property
    def id(self) -> str:
        """What coverage calls it, `400 Bad Request`; versions of an API may share a code and differ in its status."""
        return f"{self.status} {self.code}"


class ApiError(Exception):
    """
    A request that breaks a documented rule, on its way to being answered.

    Attributes:
        spec: the row of the provider's table that answers it.
        message: the text of the answer, blanks filled in.
        rule: id of the rule that was broken, as it goes out in `X-Sandbox-Rule`; None for what no rule speaks of.
        headers: further headers of the answer.
        detail: why, for the journal only; never part of a provider's body.
        path: of the request, as it came; filled in as it is answered, for those whose answers tell.
        at: when it is answered, on the clock of whose request it was; filled in likewise.
    """

    path: str = ""
    at: datetime | None = None

    def __init__(
        self,
        spec: ErrorSpec,
        message: str | None = None,
        *,
        rule: str | None = None,
        headers: tuple[tuple[bytes, bytes], ...] = (),
        detail: str | None = None,
    ) -> None:
        super().__init__(message or spec.message)
        self.spec = spec
        self.message = message or spec.message
        self.rule = rule
        self.headers = headers
        self.detail = detail
