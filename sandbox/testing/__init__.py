"""A sandbox as tests see it: each has accounts of its own, and sees nothing of the others (see `pytest_plugin`)."""

from sandbox.client import AsyncUser, User
from sandbox.testing.account import AsyncSandboxAccount, SandboxAccount
from sandbox.testing.clock import AsyncSandboxClock, SandboxClock
from sandbox.testing.view import AsyncMessagingSandbox, MessagingSandbox

__all__ = [
    "AsyncMessagingSandbox",
    "AsyncSandboxAccount",
    "AsyncSandboxClock",
    "AsyncUser",
    "MessagingSandbox",
    "SandboxAccount",
    "SandboxClock",
    "User",
]
