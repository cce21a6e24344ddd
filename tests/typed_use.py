"""Typed use: what type checkers see of client and plugin; this file is checked and never run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, assert_type

from sandbox.client import AsyncClient, AsyncUser, Client, Event, Page, User
from sandbox.client.resources import (
    Account,
    Acted,
    Advanced,
    ApiRequest,
    Callback,
    CallbackState,
    Fault,
    LinkCredentials,
    MeheryCredentials,
    Message,
    ProviderCoverage,
    RbmCredentials,
    WebexConnectCredentials,
)
from sandbox.testing import AsyncMessagingSandbox, AsyncSandboxAccount, MessagingSandbox, SandboxAccount


def client(client: Client) -> None:
    """A call returns what it is for."""
    assert_type(client.messages(kind="text", wait=5, count=2), Page[Message])
    assert_type(client.messages().items[0]["text"], str)
    assert_type(client.callbacks(state="failed").items[0]["state"], CallbackState)
    assert_type(client.accounts(), list[Account[dict[str, Any]]])
    assert_type(client.authorization("acc_link"), dict[str, str])
    assert_type(client.arm({"on": "request", "effect": {"type": "hang"}}), Fault)
    assert_type(client.advance(until="idle"), Advanced)
    assert_type(client.user("acc_link", "+49"), User)
    with client.events() as events:
        assert_type(events, Iterator[Event])
    client.messages(knd="text")  # type: ignore[call-arg]
    client.messages(kind="txt")  # type: ignore[arg-type]
    client.advance(until="later")  # type: ignore[arg-type]


async def async_client(client: AsyncClient) -> None:
    """Awaited, a call returns the same."""
    assert_type(await client.messages(kind="text", wait=5, count=2), Page[Message])
    assert_type(await client.authorization("acc_link"), dict[str, str])
    assert_type(client.user("acc_link", "+49"), AsyncUser)
    async with client.events() as events:
        assert_type(events, AsyncIterator[Event])
    await client.messages(knd="text")  # type: ignore[call-arg]


def plugin(messaging_sandbox: MessagingSandbox) -> None:
    """An account knows its provider's credentials, and what it returns."""
    account = messaging_sandbox.link(webhook="http://127.0.0.1:8000/")
    assert_type(account, SandboxAccount[LinkCredentials])
    assert_type(account.credentials["private_key"], str | None)
    assert_type(messaging_sandbox.webex_connect().credentials, WebexConnectCredentials)
    assert_type(messaging_sandbox.mehery().credentials, MeheryCredentials)
    assert_type(messaging_sandbox.rbm().credentials, RbmCredentials)
    assert_type(account.user("+49").tap({"index": 0}, wait=5), Acted)
    assert_type(account.messages(direction="outbound"), list[Message])
    assert_type(account.wait_for_message(text="Hello", within=1), Message)
    assert_type(account.wait_for_request(status=400), ApiRequest)
    assert_type(account.wait_for_callback(kind="event.*"), Callback)
    assert_type(account.coverage(), ProviderCoverage)
    assert_type(messaging_sandbox.clock.advance(60), Advanced)
    account.wait_for_callback(text="Hello")  # type: ignore[call-arg]
    account.user("+49").say()  # type: ignore[call-arg]
    messaging_sandbox.link(provider="rbm")  # type: ignore[call-arg]


async def async_plugin(async_messaging_sandbox: AsyncMessagingSandbox) -> None:
    """Awaited, it does the same."""
    account = await async_messaging_sandbox.link()
    assert_type(account, AsyncSandboxAccount[LinkCredentials])
    assert_type(await account.user("+49").say("Hello"), Acted)
    assert_type(await account.messages(), list[Message])
    assert_type(await account.wait_for_callback(kind="event.*"), Callback)
    assert_type(await account.clock.advance(60), Advanced)
