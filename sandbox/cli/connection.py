"""Connection: gives a command its client of a running sandbox, and tells in one line why it came to nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sandbox.client import Client, ProblemError
    from sandbox.client.resources import Complaint

URL = "http://127.0.0.1:4700"
HOW_TO_GIVE_IT = "give it with --token, or export SANDBOX_CONTROL_TOKEN"

url_option = click.option(
    "--url", envvar="SANDBOX_URL", default=URL, show_default=True, show_envvar=True, help="The server."
)
token_option = click.option(
    "--token", envvar="SANDBOX_CONTROL_TOKEN", show_envvar=True, help="Its control token, if it has one."
)


class FailureError(click.ClickException):
    """A command came to nothing."""


class NobodyAnswersError(FailureError):
    """No sandbox is there."""

    exit_code = 3


def connects(function: Callable[..., None]) -> Callable[..., None]:
    """Hand a command a `Client` as its first argument, from the options `--url` and `--token` that it gets."""

    @url_option
    @token_option
    @wraps(function)
    def connected(url: str, token: str | None, **values: Any) -> None:
        from sandbox.client import Client, ProblemError, UnreachableError  # noqa: PLC0415 - httpx: 44 ms

        try:
            with Client(url, token) as client:
                function(client, **values)
        except UnreachableError as error:
            if "://" not in url:
                raise NobodyAnswersError(f"--url: {url!r} must begin with http:// or https://") from None
            why = f" ({error.why})" if error.why else ""
            raise NobodyAnswersError(
                f"no sandbox answers at {url}{why}; start one with `messaging-sandbox serve`, or name it with --url"
            ) from None
        except ProblemError as error:
            raise FailureError(f"{of_token(token)}: {HOW_TO_GIVE_IT}" if error.status == 401 else told(error)) from None

    return connected


def of_token(given: str | None) -> str:
    """Return what to say where the server refuses a call for its token, or for want of one."""
    return "the server wants a control token" if given is None else "the control token given is not the server's"


def told(problem: ProblemError) -> str:
    """Return what a problem says: a line for each value that is wrong, and its sentence if that says more."""
    lines = [_error(error) for error in problem.errors]
    repeats = bool(lines) and problem.detail.startswith(lines[0])
    return "\n".join(lines if repeats else [problem.detail, *lines])


def _error(error: Complaint) -> str:
    place = f"{error['line']}:{error['column']}" if "line" in error else ""
    return ": ".join(filter(None, (place, error.get("path"), error.get("message"))))


def chosen(client: Client, account: str | None) -> str:
    """Return the account that was named, else the server's first one. Raises `FailureError` if there is none."""
    if account is not None:
        return account
    accounts = client.accounts()
    if not accounts:
        raise FailureError("the sandbox has no account; make one with POST /_sandbox/accounts")
    return str(accounts[0]["id"])


account_option = click.option("--account", metavar="ID", help="An account; the server's first one if not given.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
