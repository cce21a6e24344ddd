"""A view gives fresh accounts, which see nothing of one another, and their time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from live_server import LiveServer
from sandbox.client import AsyncClient, ProblemError
from sandbox.testing import AsyncMessagingSandbox, MessagingSandbox, SandboxAccount
from sms import USER, send
from webhook_server import Receiver


@pytest.mark.parametrize(
    ("make", "header", "credential"),
    [
        pytest.param(lambda view: view.link(), "Authorization", "private_key", id="link"),
        pytest.param(lambda view: view.webex_connect(), "key", "service_key", id="webex-connect"),
        pytest.param(lambda view: view.mehery(), "x-api-key", "api_key", id="mehery"),
        pytest.param(lambda view: view.rbm(), None, "agent", id="rbm"),
    ],
)
def test_fresh_accounts(
    view: MessagingSandbox, make: Callable[[MessagingSandbox], SandboxAccount[Any]], header: str | None, credential: str
) -> None:
    """Each provider's account has credentials of its own, and the headers that go with them."""
    first, second = make(view), make(view)
    assert first.base_url == second.base_url == view.url
    assert first.credentials[credential] != second.credentials[credential]
    assert (header in first.authorization()) is (header is not None)
    assert list(view.accounts) == [first.id, second.id]
    assert view.accounts[first.id] == first.provider


def test_accounts_do_not_see_one_another(view: MessagingSandbox) -> None:
    """What happens to one account, with the same person, is nothing to another."""
    mine, others = view.webex_connect(), view.webex_connect()
    assert send(mine).status_code == 200
    mine.user(USER).say("Hi")
    assert [message["text"] for message in mine.messages()] == ["Hello", "Hi"]
    assert [request["operation"] for request in mine.requests()] == ["sendMessageV1"]
    assert [callback["kind"] for callback in mine.callbacks(kind="inbound.*")] == ["inbound.MO"]
    assert (others.messages(), others.requests(), others.callbacks()) == ([], [], [])


def test_options(view: MessagingSandbox) -> None:
    """An account may be given a webhook by its address alone, and whatever else accounts have."""
    account = view.link(webhook="http://127.0.0.1:9/", settings={"expires_in": 60}, name="Mine", scenario="silent-user")
    made = view.client.account(account.id)
    assert (made["name"], made["scenario"], made["settings"]["expires_in"]) == ("Mine", "silent-user", 60)
    assert made["webhook"] is not None
    assert made["webhook"]["url"] == "http://127.0.0.1:9/"
    whole = view.rbm(webhook={"url": "http://127.0.0.1:9/", "timeout": 1.0}, credentials={"agent": "MyAgent"})
    assert whole.credentials == {"agent": "MyAgent"}


def test_change(view: MessagingSandbox) -> None:
    """What is changed of an account is what it has from then on."""
    account = view.rbm()
    account.change(credentials={"agent": "Changed"}, name="New", webhook={"url": "http://127.0.0.1:9/"})
    assert (account.credentials["agent"], account.name) == ("Changed", "New")
    assert f"{account.id} of rbm" in repr(account)


def test_faults(view: MessagingSandbox) -> None:
    """Faults are armed for the account alone, until they are used up or disarmed."""
    account, other = view.webex_connect(), view.webex_connect()
    fault = account.arm({"on": "request", "effect": {"type": "status", "status": 503}})
    assert fault["account"] == account.id
    assert (send(account).status_code, send(other).status_code) == (503, 200)
    account.disarm()
    assert send(account).status_code == 200


def test_redeliver(view: MessagingSandbox) -> None:
    """A callback is sent once more."""
    account = view.link()
    acted = account.user(USER).say("Hi")
    assert account.redeliver(acted["callbacks"][0])["kind"] == "message.TEXT"


def test_time_of_one_account(view: MessagingSandbox) -> None:
    """An account's time is frozen and moved on by itself."""
    account, other = view.webex_connect(), view.webex_connect()
    account.clock.freeze("2030-01-02T12:00:00Z")
    send(account)
    assert account.clock.advance(until="next")["fired"] == 1
    assert account.clock.advance(60)["now"] == "2030-01-02T12:01:00.100Z"
    assert [callback["kind"] for callback in account.callbacks()] == ["receipt.Submitted", "receipt.Delivered"]
    account.clock.unfreeze()
    assert view.client.clock(account.id)["mode"] == view.client.clock(other.id)["mode"] == "real"


def test_time_of_all_accounts(view: MessagingSandbox) -> None:
    """The view's time is that of its accounts, also of those made later, and of nobody else."""
    first = view.link()
    view.clock.freeze(datetime(2030, 1, 2, 12, tzinfo=UTC))
    second = view.link()
    assert view.clock.advance(90) == {"now": "2030-01-02T12:01:30.000Z", "fired": 0}
    third = view.link()
    times = {view.client.clock(account.id)["now"] for account in (first, second, third)}
    assert times == {"2030-01-02T12:01:30.000Z"}
    assert view.client.clock("acc_link")["mode"] == "real"
    view.clock.unfreeze()
    assert view.client.clock(view.link().id)["mode"] == "real"


def test_frozen_where_it_is(view: MessagingSandbox) -> None:
    """Time that is stopped where it is, is the same for all accounts."""
    view.clock.freeze()
    first, second = view.link(), view.link()
    view.clock.freeze()
    assert view.client.clock(first.id)["now"] == view.client.clock(second.id)["now"]


def test_no_time_to_move(view: MessagingSandbox) -> None:
    """Time is moved on only where it stands still, and where somebody has it."""
    with pytest.raises(ValueError, match="no account yet"):
        view.clock.advance(1)
    view.link()
    with pytest.raises(ProblemError, match="real"):
        view.clock.advance(1)


def test_looking_back(view: MessagingSandbox) -> None:
    """Timeline and coverage are those of the account, the coverage that of its provider."""
    account = view.webex_connect()
    assert account.coverage()["percent"] == 0
    send(account, "Hello", USER)
    assert account.coverage()["percent"] > 0
    assert "Hello" in account.timeline(user=USER)
    assert "Hello" not in account.timeline(user="+491111111111")


async def test_async(server: LiveServer) -> None:
    """The async view does the same, and lets a webhook on the test's own loop answer meanwhile."""
    view = AsyncMessagingSandbox(AsyncClient(server.url, keeps_connections=False))
    async with Receiver() as webhook:
        made = (await view.webex_connect()).provider, (await view.mehery()).provider, (await view.rbm()).provider
        assert made == ("webex-connect", "mehery", "rbm")
        account = await view.link(webhook=webhook.url)
        await view.clock.freeze()
        await account.user(USER).say("Hi", wait=5)
        callback = await account.wait_for_callback(kind="message.TEXT", state="delivered")
        assert len(webhook.requests) == len(callback["attempts"]) == 1
        assert (await account.clock.advance(1))["fired"] == 0
        with pytest.raises(AssertionError, match="no message came"):
            await account.wait_for_message(kind="card", within=0)
