"""View: a sandbox as one test sees it, with fresh accounts and their time, and nothing of other tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack, cast

from sandbox.client import AsyncClient, Client
from sandbox.client.asking import Asking
from sandbox.client.calls import Calls
from sandbox.client.parameters import AccountValues
from sandbox.client.resources import (
    Account,
    AnyAccount,
    LinkCredentials,
    MeheryCredentials,
    ProviderName,
    RbmCredentials,
    WebexConnectCredentials,
)
from sandbox.testing.account import AsyncSandboxAccount, SandboxAccount
from sandbox.testing.clock import AsyncSandboxClock, ClockActions, SandboxClock

_CALLS = Calls()


class AccountOptions(TypedDict, total=False):
    """
    What a fresh account may be given.

    Attributes:
        webhook: where callbacks go: a URL, or `{"url", "headers", "timeout"}`; without one they are only recorded.
        settings: the provider's own names.
        scenario: what plays when a message is sent, whatever it says.
        credentials: those that are not to be generated.
        name: what it is called.
    """

    webhook: str | Mapping[str, Any]
    settings: Mapping[str, Any]
    scenario: str
    credentials: Mapping[str, Any]
    name: str


class MessagingSandbox:
    """
    A sandbox for one test.

    Attributes:
        client: the control API of the whole sandbox, which other tests may use, too.
        url: where it is; every provider's paths begin there.
        accounts: providers of the accounts of this test, by their ids.
        clock: the time of all accounts of this test.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.url = client.url
        self.accounts: dict[str, ProviderName] = {}
        self.clock = SandboxClock(client, self.accounts)

    def link(self, **options: Unpack[AccountOptions]) -> SandboxAccount[LinkCredentials]:
        """Return a fresh account of LINK Conversations."""
        return SandboxAccount(self.client, self._made("link", options), self.url)

    def webex_connect(self, **options: Unpack[AccountOptions]) -> SandboxAccount[WebexConnectCredentials]:
        """Return a fresh account of Webex Connect."""
        return SandboxAccount(self.client, self._made("webex-connect", options), self.url)

    def mehery(self, **options: Unpack[AccountOptions]) -> SandboxAccount[MeheryCredentials]:
        """Return a fresh tenant of MeherY."""
        return SandboxAccount(self.client, self._made("mehery", options), self.url)

    def rbm(self, **options: Unpack[AccountOptions]) -> SandboxAccount[RbmCredentials]:
        """Return a fresh agent of RBM."""
        return SandboxAccount(self.client, self._made("rbm", options), self.url)

    def _made(self, provider: ProviderName, options: AccountOptions) -> Account[Any]:
        return self.client.perform(_made(self.accounts, self.clock, provider, options))


class AsyncMessagingSandbox:
    """
    A sandbox for one test that lets its event loop run meanwhile; every call is awaited.

    Attributes:
        client: the control API of the whole sandbox, which other tests may use, too.
        url: where it is; every provider's paths begin there.
        accounts: providers of the accounts of this test, by their ids.
        clock: the time of all accounts of this test.
    """

    def __init__(self, client: AsyncClient) -> None:
        self.client = client
        self.url = client.url
        self.accounts: dict[str, ProviderName] = {}
        self.clock = AsyncSandboxClock(client, self.accounts)

    async def link(self, **options: Unpack[AccountOptions]) -> AsyncSandboxAccount[LinkCredentials]:
        """Return a fresh account of LINK Conversations."""
        return AsyncSandboxAccount(self.client, await self._made("link", options), self.url)

    async def webex_connect(self, **options: Unpack[AccountOptions]) -> AsyncSandboxAccount[WebexConnectCredentials]:
        """Return a fresh account of Webex Connect."""
        return AsyncSandboxAccount(self.client, await self._made("webex-connect", options), self.url)

    async def mehery(self, **options: Unpack[AccountOptions]) -> AsyncSandboxAccount[MeheryCredentials]:
        """Return a fresh tenant of MeherY."""
        return AsyncSandboxAccount(self.client, await self._made("mehery", options), self.url)

    async def rbm(self, **options: Unpack[AccountOptions]) -> AsyncSandboxAccount[RbmCredentials]:
        """Return a fresh agent of RBM."""
        return AsyncSandboxAccount(self.client, await self._made("rbm", options), self.url)

    async def _made(self, provider: ProviderName, options: AccountOptions) -> Account[Any]:
        return await self.client.perform(_made(self.accounts, self.clock, provider, options))


def _made(
    accounts: dict[str, ProviderName], clock: ClockActions, provider: ProviderName, options: AccountOptions
) -> Asking[Account[Any]]:
    """Make an account, which has the time of the others."""
    webhook = options.get("webhook")
    values = {**options, "webhook": {"url": webhook}} if isinstance(webhook, str) else options
    made: AnyAccount = yield from _CALLS.create_account(provider, **cast("AccountValues", values))
    accounts[made["id"]] = provider
    yield from clock.join(made["id"])
    return made
