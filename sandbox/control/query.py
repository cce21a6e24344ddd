"""Query: the parameters of a control call, none of them unknown, repeated or blank."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from typing_extensions import TypedDict

from sandbox.control.problem import invalid, invalid_at, missing
from sandbox.core.account import Account
from sandbox.sandbox import Sandbox

LONGEST_WAIT = 60.0  # seconds of real time

_INTEGER = re.compile(r"[0-9]{1,18}")
_NUMBER = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?|\.[0-9]{1,18}")


class AccountQuery(TypedDict, total=False):
    """Whose; without it, everybody's."""

    account: Annotated[str, Field(description="id of an account; all of them if not given")]


class WaitQuery(TypedDict, total=False):
    """How long to wait for what comes of a call."""

    wait: Annotated[
        float, Field(ge=0, le=LONGEST_WAIT, description="seconds of real time to wait for first attempts at callbacks")
    ]


class Query:
    """
    Reads what stands behind the question mark.

    Args:
        request: of which.
        known: names of the parameters that it may have.

    Raises:
        ProblemError: a parameter is unknown, stands there twice, or is blank.
    """

    def __init__(self, request: Request, *known: str) -> None:
        given = request.query_params.multi_items()
        self._values = dict(given)
        names = [name for name, _ in given]
        told = f"known here: {', '.join(known)}" if known else "none is known here"
        wrong = {name: f"unknown parameter; {told}" for name in names if name not in known}
        wrong |= {name: "stands there twice" for name in names if names.count(name) > 1 and name not in wrong}
        wrong |= {name: "must not be blank" for name, value in given if not value and name not in wrong}
        if wrong:
            raise invalid([{"path": name[:200], "message": message} for name, message in wrong.items()])

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def text(self, name: str) -> str | None:
        """Return a parameter as it stands there; None if it was not given."""
        return self._values.get(name)

    def integer(self, name: str, default: int, low: int, high: int = 10**18) -> int:
        """Return a whole number between `low` and `high`, both included. Raises `ProblemError`."""
        value = self._values.get(name)
        if value is None:
            return default
        if not _INTEGER.fullmatch(value) or not low <= int(value) <= high:
            most = f"from {low} to {high}" if high < 10**18 else f"from {low} on"
            raise invalid_at(name, f"must be a whole number {most}")
        return int(value)

    def one_of(self, name: str, options: Iterable[str]) -> str | None:
        """Return a parameter that is one of a few words; None if it was not given. Raises `ProblemError`."""
        value, words = self._values.get(name), tuple(options)
        if value is not None and value not in words:
            raise invalid_at(name, f"must be one of {', '.join(words)}")
        return value

    def some_of(self, name: str, options: Iterable[str]) -> frozenset[str] | None:
        """Return the words, of a few, that a parameter lists with commas; None if not given. Raises `ProblemError`."""
        value, words = self._values.get(name), tuple(options)
        wanted = None if value is None else frozenset(value.split(","))
        if wanted is not None and not wanted.issubset(words):
            raise invalid_at(name, f"must be one of {', '.join(words)}, or several with commas")
        return wanted

    def wait(self) -> float:
        """Return the seconds of real time that `wait` allows; 0 if it was not given. Raises `ProblemError`."""
        value = self._values.get("wait", "0")
        if not _NUMBER.fullmatch(value) or float(value) > LONGEST_WAIT:
            raise invalid_at("wait", f"must be a number of seconds from 0 to {LONGEST_WAIT:g}")
        return float(value)

    def account(self, sandbox: Sandbox) -> Account | None:
        """Return the account that `account` names; None if it was not given. Raises `ProblemError`."""
        value = self._values.get("account")
        return None if value is None else account_named(sandbox, value)


def account_named(sandbox: Sandbox, account_id: str) -> Account:
    """Return the account of that id. Raises `ProblemError`."""
    account = sandbox.accounts.get(account_id)
    if account is None:
        raise missing("account", account_id, (each.id for each in sandbox.accounts))
    return account
