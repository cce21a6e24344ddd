"""Fixtures for tests of what tests are given: a real sandbox, seen by one test after the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from live_server import LiveServer
from sandbox.client import Client
from sandbox.testing import MessagingSandbox


@pytest.fixture(scope="package")
def server() -> Iterator[LiveServer]:
    """A sandbox with the machine's time."""
    with LiveServer() as server:
        yield server


@pytest.fixture
def view(server: LiveServer) -> Iterator[MessagingSandbox]:
    """A view of it without accounts."""
    with Client(server.url) as client:
        yield MessagingSandbox(client)
