"""Command that starts the emulator: settings in, a table and a `curl` to begin with out."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import click
from pydantic import ValidationError

from sandbox import logs
from sandbox.app import App, build
from sandbox.cli.connection import FailureError
from sandbox.cli.welcome import Welcome
from sandbox.core.store import CredentialTakenError
from sandbox.engine.complaint import spell
from sandbox.engine.loader import ScenarioError
from sandbox.sandbox import UnknownProviderError
from sandbox.server import Server, listen, run
from sandbox.settings import Settings, SettingsError, flag, read

GRACE = 1.0  # seconds of real time that requests in flight have left when the server is told to end


class CannotStartError(FailureError):
    """What the server was told to start with will not do."""

    exit_code = 2


def settings_flags(**others: object) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """
    Give a command a flag for every setting; what they may be is judged where all sources have come together.

    Args:
        others: defaults of settings that the command has others of, to be told.
    """

    def flagged(function: Callable[..., None]) -> Callable[..., None]:
        for name, field in reversed(Settings.model_fields.items()):
            words = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
            default = others.get(name, field.default)
            shown = "" if default in (None, (), []) else f"  [default: {default}]"
            about = f"{field.description or ''}{shown}"
            metavar = "|".join(words) or "VALUE"
            function = click.option(flag(name), name, metavar=metavar, help=about[:1].upper() + about[1:])(function)
        file = click.Path(path_type=Path)
        return click.option("--config", type=file, help="File of settings; sandbox.yaml if there is one.")(function)

    return flagged


@click.command
@settings_flags()
def serve(config: Path | None, **flags: Any) -> None:
    """
    Start the emulator, until Ctrl-C.

    Every flag is also a variable SANDBOX_<NAME> and a key of sandbox.yaml; the flag comes first, the file last.
    """
    settings = read_settings(config, flags)
    with listen_on(settings.host, settings.port) as listener:
        run(_serve(settings, listener))


def read_settings(config: Path | None, flags: dict[str, Any]) -> Settings:
    """Return the settings that flags, environment and file come to, and log as they say. Raises `CannotStartError`."""
    try:
        settings = read(flags, os.environ, config)
    except SettingsError as error:
        raise CannotStartError(str(error)) from None
    logs.configure(
        settings.log_format, settings.log_level, colors=sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    )
    return settings


def listen_on(host: str, port: int) -> socket.socket:
    """Listen before anything else is made, so that a port in use is told at once."""
    try:
        return listen(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotStartError(
                f"--port: {port} is in use on {host}; stop what listens there, or take a free one with --port 0"
            ) from None
        if error.errno in (errno.EACCES, errno.EPERM):
            raise CannotStartError(f"--port: {port} is not ours to listen on; take one from 1024 up") from None
        raise CannotStartError(f"--host: cannot listen on {host}: {error.strerror}") from None


async def _serve(settings: Settings, listener: socket.socket) -> None:
    app = build_app(settings, listener.getsockname()[1])
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    try:
        server = Server(
            app,
            settings.host,
            settings.port,
            tls_cert=str(settings.tls_cert) if settings.tls_cert is not None else None,
            tls_key=str(settings.tls_key) if settings.tls_key is not None else None,
            started=port.set_result,
            owns_process=True,
            grace=GRACE,
        )
    except ValueError as error:
        raise CannotStartError(f"--tls-cert: {error}") from None
    if settings.log_level == "debug":
        logs.log_requests(app.sandbox.stream)
    greeting = asyncio.create_task(_greet(app, settings, port))
    # The server heeds a signal, and raises it once more when it has ended: by then it is no news.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    await server.serve(sockets=[listener])
    greeting.cancel()
    with suppress(asyncio.CancelledError):
        await greeting


def build_app(settings: Settings, port: int) -> App:
    """Make the application that is served there. Raises `CannotStartError`."""
    try:
        return build(settings, port=port)
    except ScenarioError as error:
        raise CannotStartError(str(error)) from None
    except ValidationError as error:
        wrong = [f"--accounts: {spell(one['loc'])}: {one['msg']}" for one in error.errors()]
        raise CannotStartError("\n".join(wrong)) from None
    except (ValueError, UnknownProviderError, CredentialTakenError) as error:
        raise CannotStartError(f"--accounts: {error}") from None


async def _greet(app: App, settings: Settings, port: asyncio.Future[int]) -> None:
    """Print what there is to know; requests are answered meanwhile, as a token takes its time."""
    welcome = Welcome(app.sandbox, settings, await port)
    for line in welcome.table():
        click.echo(line)
    if settings.control_token is None and not _is_loopback(settings.host):
        click.secho(
            f"warning: {settings.host} can be reached from other machines, and anyone there can control this sandbox; "
            "set --control-token, or listen on 127.0.0.1",
            fg="yellow",
            err=True,
        )
    await asyncio.to_thread(import_module, "jwt")
    for line in welcome.first_message():
        click.echo(line)


def _is_loopback(host: str) -> bool:
    return host == "localhost" or host.startswith("127.") or host == "::1"


COMMANDS = (serve,)
