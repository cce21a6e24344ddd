"""Fixtures for tests of MeherY over HTTP."""

import httpx
import pytest

from harness import FakeWebhook, account_of
from mehery_tenant import Tenant
from sandbox.app import App


@pytest.fixture
def tenant(app: App, http: httpx.AsyncClient, webhook: FakeWebhook) -> Tenant:
    """The MeherY tenant, its five apps and its people."""
    return Tenant(app, http, account_of(app, "acc_mehery"), webhook)
