"""Fixtures: a server of each test's own, a browser for all of them, and a page that may do no wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

import accessibility
import chromium
from business import Business
from live_server import LiveServer
from sandbox.client import Client
from watch import Watch

PATIENCE = 30_000  # milliseconds; nothing takes that long, but a machine may be busy


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser."""
    program = chromium.find()
    if program is None:
        pytest.exit(f"error: {chromium.MISSING}", returncode=2)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=chromium.ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    """A server on a free port, with the settings of the test's `sandbox` mark: `@pytest.mark.sandbox(clock="virtual")`."""
    import os

    for name in list(os.environ):
        if name.startswith("SANDBOX_"):
            monkeypatch.delenv(name)
    mark = request.node.get_closest_marker("sandbox")
    with LiveServer(**(mark.kwargs if mark is not None else {})) as running:
        yield running


@pytest.fixture
def sandbox(server: LiveServer) -> Iterator[Client]:
    """The control API of the server."""
    with Client(server.url) as client:
        yield client


@pytest.fixture
def business(sandbox: Client) -> Iterator[Business]:
    """What sends messages to people, as `acc_link`."""
    with Business(sandbox) as made:
        yield made


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that remembers nothing of the test before."""
    made = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def watch(context: BrowserContext, server: LiveServer) -> Iterator[Watch]:
    """Fails the test at its end if the page did what it must not; a test that provokes it tells what is allowed."""
    watching = Watch(context, server.url)
    yield watching
    assert watching.complaints == []


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    """An empty page."""
    return context.new_page()


@pytest.fixture
def inspector(page: Page, server: LiveServer) -> Callable[..., Page]:
    """Opens the inspector, which has read everything when this returns; what it is given is the query."""

    def open_it(**query: str) -> Page:
        from urllib.parse import urlencode

        page.goto(f"{server.url}/?{urlencode(query)}" if query else server.url)
        page.locator("html[data-connection=open]").wait_for(state="attached")
        return page

    return open_it


@pytest.fixture
def assert_accessible(page: Page, watch: Watch) -> Callable[[], None]:
    """Checks what the page shows now against WCAG 2.2 AA."""
    return lambda: accessibility.check(page, watch)
