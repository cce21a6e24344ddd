"""Fixtures for tests of Webex Connect over HTTP."""

import httpx
import pytest

from harness import FakeWebhook, account_of
from sandbox.app import App
from webex_service import Service


@pytest.fixture
def service(app: App, http: httpx.AsyncClient, webhook: FakeWebhook) -> Service:
    """The Webex Connect service, its receipts and its people."""
    return Service(app, http, account_of(app, "acc_webex_connect"), webhook)
