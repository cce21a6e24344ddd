"""Fixtures for the conversations of a LINK account with a person."""

import pytest

from harness import FakeWebhook
from phone import Phone
from sandbox.app import App
from sandbox.core.account import Account


@pytest.fixture
def phone(app: App, account: Account, webhook: FakeWebhook) -> Phone:
    """The handset of the usual user."""
    return Phone(app, account, webhook)
