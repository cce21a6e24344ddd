"""Command that starts the emulator for another command, which finds it in its environment."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import click

from sandbox.cli.connection import FailureError
from sandbox.cli.coverage import shortfall
from sandbox.cli.serve import GRACE, CannotStartError, build_app, listen_on, read_settings, settings_flags
from sandbox.core.account import Account
from sandbox.server_thread import ServerThread

LOOKS_UP = 0.1  # seconds of real time
RELAYED = (signal.SIGINT, signal.SIGTERM)
TERMINAL = Path("/dev/tty")  # whichever the process belongs to


class CannotRunError(FailureError):
    """The command cannot be run; the exit code is that of shells."""

    exit_code = 126


class NoCommandError(CannotRunError):
    """The command is not there."""

    exit_code = 127


@click.command("exec", context_settings={"allow_interspersed_args": False})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- CMD [ARGS]...")
@click.option(
    "--coverage-fail-under",
    "least",
    type=click.IntRange(0, 100),
    metavar="PERCENT",
    help="Exit with 1 if CMD has met less of a provider of which it has met anything, or nothing of any.",
)
@settings_flags(port=0)
@click.pass_context
def exec_(
    context: click.Context, /, command: tuple[str, ...], least: int | None, config: Path | None, **flags: Any
) -> None:
    """
    Start the emulator on a free port, run CMD, stop, and exit as CMD does.

    CMD finds SANDBOX_URL in its environment, SANDBOX_CONTROL_TOKEN if there is one, and the credentials of every
    account: SANDBOX_ACC_LINK_CUSTOMER_ID, SANDBOX_ACC_LINK_PRIVATE_KEY, SANDBOX_ACC_WEBEX_CONNECT_SERVICE_KEY and so on.
    """
    settings = read_settings(config, {**flags, "port": flags["port"] or "0"})
    listener = listen_on(settings.host, settings.port)
    port = listener.getsockname()[1]
    url = settings.base_url(port)
    options = {name: str(path) for name in ("tls_cert", "tls_key") if (path := getattr(settings, name)) is not None}
    with ExitStack() as stack:
        try:
            serving = ServerThread(lambda: build_app(settings, port), listener, grace=GRACE, **options)
            server = stack.enter_context(serving)
        except ValueError as error:
            raise CannotStartError(f"--tls-cert: {error}") from None
        variables = dict(_variables(url, settings.control_token, server.app.sandbox.accounts))
        code = _run(command, {**os.environ, **variables})
        lacking = None if code or least is None else _lacking(url, settings.control_token, least)
    if lacking is not None:
        raise FailureError(lacking)
    context.exit(code)


def _variables(url: str, token: str | None, accounts: Iterable[Account]) -> Iterator[tuple[str, str]]:
    """Yield what the command is told: where the sandbox is, and `SANDBOX_<ACCOUNT>_<CREDENTIAL>` of each account."""
    yield "SANDBOX_URL", url
    if token is not None:
        yield "SANDBOX_CONTROL_TOKEN", token
    for account in accounts:
        credentials = account.credentials.model_dump(mode="json", exclude_none=True)
        yield from _flattened(f"SANDBOX_{account.id}", credentials)


def _flattened(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield a value as variables: members of objects by their names, those of lists by their places from 0."""
    match value:
        case dict():
            for member, inside in value.items():
                yield from _flattened(f"{name}_{member}", inside)
        case list():
            for index, inside in enumerate(value):
                yield from _flattened(f"{name}_{index}", inside)
        case _:
            yield re.sub(r"[^A-Z0-9]", "_", name.upper()), str(value)


def _ended(child: subprocess.Popen[bytes]) -> int:
    """
    Wait for a command and return its exit code.

    Of two signals in a row the system gives the second one to another thread, if there is one, and nothing would wake
    this one to relay it: so it wakes by itself now and then.
    """
    while True:
        with suppress(subprocess.TimeoutExpired):
            return child.wait(timeout=LOOKS_UP)


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command, relay signals to it, and return how it ended, as shells count it. Raises `CannotRunError`."""
    child: subprocess.Popen[bytes] | None = None
    early: list[int] = []

    def relay(number: int, _: object) -> None:
        if child is None:
            early.append(number)
        elif number != signal.SIGINT or not _terminal_tells():
            child.send_signal(number)

    before = {number: signal.signal(number, relay) for number in RELAYED}
    try:
        child = subprocess.Popen(command, env=environment)  # noqa: S603 - running it is what we are told to do
        for number in early:
            child.send_signal(number)
        code = _ended(child)
    except FileNotFoundError:
        raise NoCommandError(f"{command[0]}: no such command") from None
    except OSError as error:
        raise CannotRunError(f"{command[0]}: {error.strerror}") from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def _terminal_tells(terminal: Path = TERMINAL) -> bool:
    """Tell whether Ctrl-C reaches the command anyway: a terminal sends it to everybody in its foreground."""
    try:
        with terminal.open(encoding="ascii") as opened:
            return os.tcgetpgrp(opened.fileno()) == os.getpgrp()
    except OSError:
        return False


def _lacking(url: str, token: str | None, least: int) -> str | None:
    """Return, in a line, why coverage is not enough; None if it is."""
    from sandbox.client import Client, ClientError  # noqa: PLC0415 - wanted only here

    try:
        with Client(url, token) as client:
            return shortfall(client.coverage(), least)
    except ClientError as error:
        return f"--coverage-fail-under: {error}"


COMMANDS = (exec_,)
