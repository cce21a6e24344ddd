"""Fixtures for every test: a frozen sandbox in process, its clients, and a webhook without a network."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import AsyncIterator, Generator, Iterator
from functools import cache
from zlib import crc32

import httpx
import pytest

from conformance import Conformance
from harness import NOON, FakeWebhook, LinkClient, account_of
from sandbox.app import App, build
from sandbox.core.account import Account
from sandbox.engine import loader
from sandbox.settings import Settings
from sandbox.shipped import folder


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Half as many workers again as there are cores: two fifths of the time a test waits, for a process or a socket."""
    cores = yield
    return cores + cores // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files are run in an order without meaning, so that workers do not come all at once to those that mostly wait."""
    items.sort(key=lambda item: crc32(item.path.name.encode()))


def pytest_collection_finish() -> None:
    """Thousands of tests are collected and stay: the garbage collector need not go through them again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_trio() -> None:
    """HTTPX looks for it with every request, and looking through all folders for what is not there takes its time."""
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]


@pytest.fixture
def anyio_backend() -> str:
    """Everything runs on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def _scenarios_read_once() -> Iterator[None]:
    """The shipped scenario files, which no test changes, are read once and not for each of the thousands of sandboxes."""
    read, shipped = loader.load_folder, folder("scenarios")
    once = cache(lambda: read(shipped))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "load_folder", lambda path, **how: once() if path == shipped else read(path, **how))
        yield


@pytest.fixture(scope="session", autouse=True)
def _plain_environment() -> Iterator[None]:
    """No variable of the machine that runs the tests has a say in them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("SANDBOX_"):
                patch.delenv(name)
        yield


@pytest.fixture
def webhook() -> FakeWebhook:
    """The webhook of `acc_link`."""
    return FakeWebhook()


@pytest.fixture
async def app(webhook: FakeWebhook, conformance: Conformance) -> AsyncIterator[App]:
    """
    A sandbox whose clocks stand at noon, whose seed is `test`, and whose accounts call the fake webhook.

    Every callback of it is as the OpenAPI documents say.
    """
    settings = Settings(seed="test", clock=NOON, webhook_url="http://127.0.0.1:9/webhook")
    made = build(settings, client=webhook)
    yield made
    await made.sandbox.close()
    for account in made.sandbox.accounts:
        for callback in account.journal.callbacks:
            conformance.check_callback(callback)


@pytest.fixture
def account(app: App) -> Account:
    """The LINK account."""
    return account_of(app)


@pytest.fixture(scope="session")
def conformance() -> Conformance:
    """What holds answers against the served OpenAPI documents."""
    return Conformance()


@pytest.fixture
async def http(app: App, conformance: Conformance) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole application, in process; every answer to it is as the OpenAPI documents say."""

    async def look(response: httpx.Response) -> None:
        await response.aread()
        conformance.check(response)

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://localhost:4700", event_hooks={"response": [look]}
    ) as client:
        yield client


@pytest.fixture
def link(http: httpx.AsyncClient, app: App, account: Account) -> LinkClient:
    """A LINK client of `acc_link`."""
    return LinkClient(http, account, app.sandbox.services)
