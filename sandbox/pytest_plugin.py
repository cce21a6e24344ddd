"""pytest plugin: a sandbox for tests, each of which has accounts of its own; it starts when the first test wants it."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sandbox.client import Client
    from sandbox.testing import AsyncMessagingSandbox, MessagingSandbox
    from sandbox.testing.coverage import CoverageSum

# Nothing of the sandbox is imported before it is wanted: those who have it installed pay for nothing else.

OPTION = "--messaging-sandbox-coverage"
PATIENCE = 60.0  # seconds for an answer: many workers that all begin at once keep a machine busy
OUTPUT = "messaging_sandbox_coverage"  # what a worker of pytest-xdist hands over at its end

_ACCOUNTS: pytest.StashKey[list[tuple[Client, Mapping[str, str]]]] = pytest.StashKey()
_COVERAGE: pytest.StashKey[CoverageSum] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our option."""
    parser.getgroup("messaging-sandbox").addoption(
        OPTION, action="store_true", help="Tell which documented operations, outcomes and callbacks the tests have met."
    )


@pytest.fixture(scope="session")
def messaging_sandbox_settings() -> dict[str, Any]:
    """Settings of the sandbox that is started for the tests, by their names; override it to change some."""
    return {}


@pytest.fixture(scope="session")
def messaging_sandbox_server(messaging_sandbox_settings: dict[str, Any]) -> Iterator[Client]:
    """Client of the sandbox at SANDBOX_URL, or of one that runs while the session lasts; `url` is where it is."""
    from sandbox.client import Client, ClientError, ProblemError  # noqa: PLC0415

    if url := os.environ.get("SANDBOX_URL"):
        with Client(url, os.environ.get("SANDBOX_CONTROL_TOKEN"), patience=PATIENCE) as client:
            try:
                client.health()
                client.clock()
            except ProblemError as error:
                name = "SANDBOX_CONTROL_TOKEN" if error.status == 401 else "SANDBOX_URL"
                raise pytest.fail.Exception(f"{name}: {error}", pytrace=False) from None
            except ClientError as error:
                raise pytest.fail.Exception(f"SANDBOX_URL: {error}", pytrace=False) from None
            yield client
    else:
        from sandbox.embedded import embedded  # noqa: PLC0415

        with ExitStack() as stack:
            try:
                address = stack.enter_context(embedded(messaging_sandbox_settings))
            except ValueError as error:
                raise pytest.fail.Exception(f"messaging_sandbox_settings: {error}", pytrace=False) from None
            yield stack.enter_context(Client(*address, patience=PATIENCE))


@pytest.fixture
def messaging_sandbox(request: pytest.FixtureRequest, messaging_sandbox_server: Client) -> Iterator[MessagingSandbox]:
    """A sandbox in which nothing has happened: `link()`, `webex_connect()`, `mehery()`, `rbm()` give fresh accounts."""
    from sandbox.testing import MessagingSandbox  # noqa: PLC0415

    view = MessagingSandbox(messaging_sandbox_server)
    with _owned(request, view.accounts, messaging_sandbox_server):
        yield view


@pytest.fixture
def async_messaging_sandbox(
    request: pytest.FixtureRequest, messaging_sandbox_server: Client
) -> Iterator[AsyncMessagingSandbox]:
    """`messaging_sandbox` for async tests: every call is awaited, so that a webhook on the test's loop can answer."""
    from sandbox.client import AsyncClient  # noqa: PLC0415
    from sandbox.testing import AsyncMessagingSandbox  # noqa: PLC0415

    server = messaging_sandbox_server
    view = AsyncMessagingSandbox(AsyncClient(server.url, server.token, keeps_connections=False, patience=PATIENCE))
    with _owned(request, view.accounts, server):
        yield view


@contextmanager
def _owned(request: pytest.FixtureRequest, accounts: Mapping[str, str], client: Client) -> Iterator[None]:
    """Let the accounts of a test go at its end, when what they have met has been counted."""
    from sandbox.client import ProblemError  # noqa: PLC0415

    request.node.stash.setdefault(_ACCOUNTS, []).append((client, accounts))
    yield
    is_counted = request.config.getoption(OPTION)
    for account, provider in accounts.items():
        with suppress(ProblemError):  # the test has let it go itself
            if is_counted:
                _sum(request.config).add(provider, client.coverage(account)["providers"][provider])
        with suppress(ProblemError):
            client.remove_account(account)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Tell with a test that failed what happened to its accounts, which are there until it is torn down."""
    report = yield
    if report.failed and call.when != "teardown":
        for client, accounts in item.stash.get(_ACCOUNTS, []):
            report.sections += _timelines(client, accounts)
    return report


def _timelines(client: Client, accounts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    from sandbox.client import ClientError  # noqa: PLC0415

    for account, provider in accounts.items():
        with suppress(ClientError):  # it is not there any more, and the failure tells why
            yield f"messaging-sandbox timeline of {account} ({provider})", client.timeline_text(account)


# ----------------------------------------------------------------------------------------------------------- coverage


def _sum(config: pytest.Config) -> CoverageSum:
    from sandbox.testing.coverage import CoverageSum  # noqa: PLC0415

    return config.stash.setdefault(_COVERAGE, CoverageSum())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand over what this worker of pytest-xdist has counted."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[OUTPUT] = _sum(session.config).totals


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker of pytest-xdist has counted; one that crashed hands over nothing."""
    _sum(node.config).merge(getattr(node, "workeroutput", {}).get(OUTPUT, {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell what all tests have met together."""
    if config.getoption(OPTION):
        terminalreporter.section("messaging-sandbox coverage")
        for line in _sum(config).lines(everything=config.get_verbosity() > 0):
            terminalreporter.write_line(line)
