"""Fixtures for tests of RBM."""

import httpx
import pytest

from harness import FakeWebhook, account_of
from rbm_agent import Agent
from sandbox.app import App


@pytest.fixture
def agent(app: App, http: httpx.AsyncClient, webhook: FakeWebhook) -> Agent:
    """SandboxAgent, its webhook and the people who write to it."""
    return Agent(app, http, account_of(app, "acc_rbm"), webhook)


@pytest.fixture
def second(app: App, http: httpx.AsyncClient, webhook: FakeWebhook) -> Agent:
    """SecondAgent."""
    return Agent(app, http, account_of(app, "acc_rbm_second"), webhook)


@pytest.fixture
def old(app: App, http: httpx.AsyncClient, webhook: FakeWebhook) -> Agent:
    """OldAgent, which is disabled."""
    return Agent(app, http, account_of(app, "acc_rbm_old"), webhook)
