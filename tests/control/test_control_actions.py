"""Actions: acting as the person, with or without waiting for what comes of it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from calls import ask, items, turns
from harness import USER, FakeWebhook, LinkClient

SAY = {"account": "acc_link", "user": USER, "type": "say", "text": "Hello"}


async def test_say(http: httpx.AsyncClient) -> None:
    """An action is accepted and answered with the ids of what it made."""
    made = await ask(http, "POST", "/actions", SAY, 202)
    assert list(made) == ["messages", "callbacks"]
    assert [item["id"] for item in await items(http, "/messages")] == made["messages"]
    assert [item["id"] for item in await items(http, "/callbacks")] == made["callbacks"]


async def test_only_account(http: httpx.AsyncClient) -> None:
    """Where there is one account, it need not be named; where there are several, it must."""
    action = {name: value for name, value in SAY.items() if name != "account"}
    for account in (await items(http, "/accounts"))[1:]:
        await ask(http, "DELETE", f"/accounts/{account['id']}", expects=204)
    await ask(http, "POST", "/actions", action, 202)
    await ask(http, "POST", "/accounts", {"provider": "link", "id": "acc_x"}, 201)
    problem = await ask(http, "POST", "/actions", action, 422)
    assert problem["errors"] == [{"path": "account", "message": "is required: there is acc_link, acc_x"}]
    for _ in range(9):
        await ask(http, "POST", "/accounts", {"provider": "link"}, 201)
    assert "there are 11 accounts" in (await ask(http, "POST", "/actions", action, 422))["detail"]


async def test_no_account(http: httpx.AsyncClient) -> None:
    """Without any account nobody can act."""
    for account in await items(http, "/accounts"):
        await ask(http, "DELETE", f"/accounts/{account['id']}", expects=204)
    assert "there is no account" in (await ask(http, "POST", "/actions", SAY, 422))["detail"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        pytest.param({"account": "acc_x"}, "account", id="unknown-account"),
        pytest.param({"account": 5}, "account", id="account-no-text"),
        pytest.param({"type": "sing"}, "type", id="unknown-type"),
        pytest.param({"type": None}, "type", id="null-type"),
        pytest.param({"user": "Anna"}, "user", id="user-no-number"),
        pytest.param({"user": "\x00"}, "user", id="user-nul"),
        pytest.param({"user": None}, "user", id="user-null"),
        pytest.param({"sender": "eap00002"}, "sender", id="sender-of-another"),
        pytest.param({"text": ""}, "text", id="text-empty"),
        pytest.param({"text": 5}, "text", id="text-no-text"),
        pytest.param({"texd": "x"}, "texd", id="unknown-key"),
        pytest.param({"do": "say"}, "do", id="word-of-scenarios"),
        pytest.param({"after": 1}, "after", id="time-of-scenarios"),
        pytest.param({"callback": {"delay": "3s"}}, "callback.delay", id="duration-of-scenarios"),
        pytest.param({"callback": {"delay": -1}}, "callback.delay", id="delay-negative"),
        pytest.param({"callback": {"twice": 1}}, "callback.twice", id="unknown-tweak"),
        pytest.param({"type": "error", "code": "X", "text": None}, "text", id="key-of-another-type"),
    ],
)
async def test_bad_values(http: httpx.AsyncClient, changes: dict[str, Any], path: str) -> None:
    """What is wrong with an action is told by its place, and nothing happens."""
    problem = await ask(http, "POST", "/actions", {**SAY, **changes}, 422)
    assert path in [error["path"] for error in problem["errors"]]
    assert await items(http, "/messages") == []


async def test_everything_missing_is_told(http: httpx.AsyncClient) -> None:
    """Several errors are told at once."""
    problem = await ask(http, "POST", "/actions", {"account": "acc_link", "type": "say"}, 422)
    assert {error["path"] for error in problem["errors"]} == {"user", "text"}


async def test_tap_of_what_was_never_shown(http: httpx.AsyncClient, link: LinkClient) -> None:
    """A tap on nothing is a conflict that lists what there is."""
    await link.send(text="Continue?", suggestions=[{"text": "Yes", "callbackData": "y"}])
    tap = {"account": "acc_link", "user": USER, "type": "tap", "suggestion": "No"}
    problem = await ask(http, "POST", "/actions", tap, 409)
    assert "'Yes' (postback 'y')" in problem["detail"]
    for suggestion in ("Yes", {"postback": "y"}, {"index": 0}):
        await ask(http, "POST", "/actions", {**tap, "suggestion": suggestion}, 202)


async def test_what_the_provider_does_not_tell(http: httpx.AsyncClient) -> None:
    """An action that the provider has no callback for is a conflict that says what it has."""
    problem = await ask(http, "POST", "/actions", {**SAY, "type": "system"}, 409)
    assert "LINK Conversations has no callback for system" in problem["detail"]


async def test_wait_for_the_first_attempts(http: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    """With `wait`, the answer comes when the webhook has been tried once, though it is to be tried again."""
    webhook.answers = [500]
    await ask(http, "POST", "/actions", SAY, 202, wait=5)
    assert len(webhook.received) == 1
    assert (await items(http, "/callbacks"))[0]["state"] == "retrying"


async def test_wait_for_a_callback_that_is_late(http: httpx.AsyncClient) -> None:
    """On a frozen clock a delayed callback does not come by waiting; the answer comes at the deadline."""
    made = await ask(http, "POST", "/actions", {**SAY, "callback": {"delay": 5}}, 202, wait=0.01)
    assert len(made["callbacks"]) == 1


async def test_wait_that_time_travel_ends(http: httpx.AsyncClient) -> None:
    """When the clock is moved on meanwhile, the wait is over."""
    task = asyncio.create_task(ask(http, "POST", "/actions", {**SAY, "callback": {"delay": 5}}, 202, wait=5))
    await turns()
    assert not task.done()
    await ask(http, "POST", "/clock/advance", {"seconds": 5})
    await task


@pytest.mark.parametrize(
    ("wait", "status"),
    [pytest.param("0", 202, id="0"), pytest.param("60", 202, id="60"), pytest.param("61", 422, id="61")],
)
async def test_ranges_of_wait(http: httpx.AsyncClient, wait: str, status: int) -> None:
    """`wait` is at most 60 seconds here too."""
    await ask(http, "POST", "/actions", SAY, status, wait=wait)


async def test_user_is_normalised(http: httpx.AsyncClient) -> None:
    """A person's number may be written as people write it."""
    await ask(http, "POST", "/actions", {**SAY, "user": "0049 (123) 456-7890"}, 202)
    assert (await items(http, "/messages"))[0]["user"] == USER


@pytest.mark.parametrize(
    ("method", "path", "says"),
    [
        pytest.param("POST", "/reset?account=acc_link", "acc_link was reset", id="reset-of-the-account"),
        pytest.param("POST", "/reset", "acc_link was reset", id="reset"),
        pytest.param("DELETE", "/accounts/acc_link", "acc_link was removed", id="removal"),
    ],
)
async def test_account_ends_while_it_is_waited_for(
    http: httpx.AsyncClient, method: str, path: str, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Who waits for an attempt that is forgotten is told so at once, and the log has it."""
    waiting = asyncio.ensure_future(ask(http, "POST", "/actions", {**SAY, "callback": {"delay": 3}}, 409, wait=60))
    assert (await ask(http, "GET", "/callbacks", wait=5))["satisfied"]
    await ask(http, method, path, expects=204)
    assert (await waiting)["detail"] == f"{says} meanwhile: nothing comes of what was done"
    told = "calls that waited were answered, or cut off if a fault had them hang: 1"
    assert [record.getMessage() for record in caplog.records] == [f"{says}: {told}"]
