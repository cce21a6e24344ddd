"""Surroundings: what `doctor` finds on this machine, whether a server runs or not."""

from __future__ import annotations

import asyncio
import platform
import socket
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from sandbox.app import provider_hosts, scenarios_of
from sandbox.cli.finding import Finding, fail, ok, warn
from sandbox.cli.serve import CannotStartError, build_app
from sandbox.egress import EgressRule
from sandbox.engine.loader import ScenarioError
from sandbox.settings import FILE, Settings, SettingsError, read

PATIENCE = 2.0  # seconds of real time in which a connection must be made


def installation() -> Iterator[Finding]:
    """Say what is installed."""
    yield ok(
        "version",
        f"messaging-sandbox {version('messaging-sandbox')}, Python {platform.python_version()} on {platform.system()}",
    )


def settings(environment: Mapping[str, str], file: Path | None) -> Iterator[Finding]:
    """Say whether `serve` would start with the settings of environment and file."""
    try:
        found = read({}, environment, file)
    except SettingsError as error:
        for problem in error.problems:
            yield fail("settings", str(problem), "correct it there; `messaging-sandbox serve --help` lists what may be")
        return
    named = file or environment.get("SANDBOX_CONFIG") or (FILE if FILE.exists() else None)
    try:
        scenarios = scenarios_of(found)
        scenarios.load()
    except ScenarioError as error:
        for complaint in error.complaints:
            yield fail("scenarios", str(complaint), "`messaging-sandbox scenario check` looks at files one by one")
        return
    try:
        asyncio.run(_would_start(found))
    except CannotStartError as error:
        yield fail("settings", error.format_message(), "correct the accounts in the settings")
        return
    yield ok("settings", f"valid ({named})" if named is not None else "valid (the environment's, and no sandbox.yaml)")
    yield ok("scenarios", f"{len(scenarios)} are valid")


async def _would_start(found: Settings) -> None:
    await build_app(found, found.port).sandbox.close()


def proxies(url: str) -> Iterator[Finding]:
    """Say whether the shell's proxy would stand between a client and the server."""
    parts = urlsplit(url)
    configured = getproxies_environment()
    proxy = configured.get(parts.scheme) or configured.get("all")
    if proxy is None or proxy_bypass(parts.netloc):
        yield ok("proxy", "none stands between a client and the server")
        return
    yield warn(
        "proxy",
        f"the environment sends what a client asks of {parts.hostname} to {_without_user(proxy)}",
        f"export NO_PROXY={parts.hostname} for your program; these commands never use a proxy",
    )


def _without_user(proxy: str) -> str:
    """Return a proxy's URL without the password that may stand in it."""
    scheme, found, rest = proxy.rpartition("://")
    return scheme + found + rest.rpartition("@")[2]


class Reached(NamedTuple):
    """How an address was reached: whether it was, whether callbacks may go there at all, and why not."""

    good: bool
    allowed: bool = True
    why: str = ""


def reach(url: str) -> Reached:
    """
    Try whether an address of the operator's can be called back, without sending it a byte.

    The egress rule is asked first, then a connection is made and let go, within `PATIENCE` seconds.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        return Reached(good=False, why=str(error))
    rule = EgressRule("private", provider_hosts())
    refused = rule.refuses_url(parts.scheme, host, vouched=True)
    if refused is not None:
        return Reached(good=False, allowed=False, why=refused)
    outcome = [Reached(good=False, why=f"{host}:{port} gives no answer within {PATIENCE:g} s")]
    # A name may take a resolver longer to look up than anybody wants to wait, and nothing can interrupt it.
    attempt = Thread(target=lambda: outcome.insert(0, _connect(rule, host, port)), daemon=True)
    attempt.start()
    attempt.join(2 * PATIENCE)
    return outcome[0]


def _connect(rule: EgressRule, host: str, port: int) -> Reached:
    try:
        addresses = {str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return Reached(good=False, why=f"the name {host} is not known here")
    for address in addresses:
        refused = rule.refuses_address(address, vouched=True)
        if refused is not None:
            return Reached(good=False, allowed=False, why=refused)
    try:
        socket.create_connection((host, port), PATIENCE).close()
    except ConnectionRefusedError:
        return Reached(good=False, why=f"nothing listens at {host}:{port}")
    except TimeoutError:
        return Reached(good=False, why=f"{host}:{port} gives no answer within {PATIENCE:g} s")
    except OSError as error:
        return Reached(good=False, why=f"{host}:{port}: {error.strerror or error}")
    return Reached(good=True)
