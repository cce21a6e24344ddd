"""Clocks: one account's time, or that of all, stopped and moved; and reset, which takes it back."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from calls import ask, items, sandbox_with
from harness import USER, FakeWebhook, LinkClient, account_of
from sandbox.app import App

SAY = {"account": "acc_link", "user": USER, "type": "say", "text": "Hello"}


async def now(http: httpx.AsyncClient, **params: Any) -> str:
    """Return the time."""
    return str((await ask(http, "GET", "/clock", **params))["now"])


async def test_shape(http: httpx.AsyncClient) -> None:
    """A clock tells its time and what waits for it; the sandbox's own has no account."""
    await ask(http, "POST", "/actions", {**SAY, "callback": {"delay": 5}}, 202)
    assert await ask(http, "GET", "/clock", account="acc_link") == {
        "account": "acc_link",
        "mode": "virtual",
        "now": "2030-01-02T12:00:00.000Z",
        "pending": 1,
        "next_at": "2030-01-02T12:00:05.000Z",
    }
    own = {"account": None, "mode": "virtual", "now": "2030-01-02T12:00:00.000Z", "pending": 0, "next_at": None}
    assert await ask(http, "GET", "/clock") == own


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        pytest.param("2031-05-06T07:08:09.123Z", "2031-05-06T07:08:09.123Z", id="utc"),
        pytest.param("2031-05-06T07:08:09+02:00", "2031-05-06T05:08:09.000Z", id="another-zone"),
        pytest.param("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z", id="earliest"),
        pytest.param("9000-01-01T00:00:00Z", "9000-01-01T00:00:00.000Z", id="latest"),
    ],
)
async def test_freeze(http: httpx.AsyncClient, link: LinkClient, given: str, meant: str) -> None:
    """Time is stopped where it is told, in any zone; what is stamped then is in UTC."""
    clock = await ask(http, "PUT", "/clock", {"mode": "virtual", "now": given}, account="acc_link")
    assert (clock["account"], clock["mode"], clock["now"]) == ("acc_link", "virtual", meant)
    if given < "2100":
        sent = (await link.send(text="Hello")).json()["sendTime"]
        assert sent == meant
    assert await now(http) == "2030-01-02T12:00:00.000Z"


async def test_freeze_all(http: httpx.AsyncClient) -> None:
    """Without an account all clocks are set, and those of accounts made later."""
    await ask(http, "PUT", "/clock", {"mode": "virtual", "now": "2031-01-01T00:00:00Z"})
    later = await ask(http, "POST", "/accounts", {"provider": "link"}, 201)
    for params in ({}, {"account": "acc_link"}, {"account": later["id"]}):
        assert await now(http, **params) == "2031-01-01T00:00:00.000Z"


async def test_real_time() -> None:
    """A real clock cannot be moved; the refusal says how to stop it, and nothing moves unless all can."""
    async with sandbox_with(clock="real") as (_, http):
        assert (await ask(http, "GET", "/clock"))["mode"] == "real"
        problem = await ask(http, "POST", "/clock/advance", {"seconds": 1}, 409)
        assert 'PUT {"mode": "virtual"}' in problem["detail"]
        frozen = await ask(http, "PUT", "/clock", {"mode": "virtual"}, account="acc_link")
        await ask(http, "POST", "/clock/advance", {"seconds": 1}, 409)
        assert await now(http, account="acc_link") == frozen["now"]
        await ask(http, "POST", "/clock/advance", {"seconds": 1}, account="acc_link")
        assert await now(http, account="acc_link") > frozen["now"]
        thawed = await ask(http, "PUT", "/clock", {"mode": "real"}, account="acc_link")
        assert thawed["mode"] == "real"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        pytest.param({}, "mode", id="no-mode"),
        pytest.param({"mode": "fast"}, "mode", id="unknown-mode"),
        pytest.param({"mode": "real", "now": "2030-01-01T00:00:00Z"}, "", id="real-time-is-not-set"),
        pytest.param({"mode": "virtual", "now": "2030-01-01T00:00:00"}, "now", id="time-without-a-zone"),
        pytest.param({"mode": "virtual", "now": "yesterday"}, "now", id="no-time"),
        pytest.param({"mode": "virtual", "now": "1969-12-31T23:59:59Z"}, "now", id="before-the-earliest"),
        pytest.param({"mode": "virtual", "now": "9000-01-01T00:00:01Z"}, "now", id="past-the-latest"),
        pytest.param({"mode": "virtual", "account": "acc_link"}, "account", id="account-goes-into-the-query"),
    ],
)
async def test_bad_settings(http: httpx.AsyncClient, body: dict[str, Any], path: str) -> None:
    """What is wrong with a setting is told by its place."""
    problem = await ask(http, "PUT", "/clock", body, 422)
    assert [error["path"] for error in problem["errors"]] == [path]


@pytest.mark.parametrize(
    ("body", "fired", "time"),
    [
        pytest.param({"seconds": 0}, 0, "12:00:00.000", id="not-at-all"),
        pytest.param({"seconds": 4.999}, 0, "12:00:04.999", id="just-before"),
        pytest.param({"seconds": 5}, 1, "12:00:05.000", id="just-then"),
        pytest.param({"until": "next"}, 1, "12:00:05.000", id="next"),
        pytest.param({"until": "idle"}, 1, "12:00:05.000", id="idle"),
        pytest.param({"until": "idle", "limit": 4.999}, 0, "12:00:00.000", id="idle-within-a-limit"),
    ],
)
async def test_advance(
    http: httpx.AsyncClient, webhook: FakeWebhook, body: dict[str, Any], fired: int, time: str
) -> None:
    """Everything due has run when the answer comes, the attempts of callbacks included."""
    await ask(http, "POST", "/actions", {**SAY, "callback": {"delay": 5}}, 202)
    advanced = await ask(http, "POST", "/clock/advance", body, account="acc_link")
    assert advanced == {"now": f"2030-01-02T{time}Z", "fired": fired}
    assert len(webhook.received) == fired


async def test_advance_all(http: httpx.AsyncClient) -> None:
    """Without an account all clocks move."""
    await ask(http, "POST", "/actions", {**SAY, "callback": {"delay": 5}}, 202)
    advanced = await ask(http, "POST", "/clock/advance", {"seconds": 10})
    assert advanced == {"now": "2030-01-02T12:00:10.000Z", "fired": 1}
    assert await now(http, account="acc_link") == "2030-01-02T12:00:10.000Z"


async def test_days_of_retries(http: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    """Retries are run through without waiting."""
    webhook.answers = [500] * 10
    await ask(http, "POST", "/actions", SAY, 202)
    await ask(http, "POST", "/clock/advance", {"seconds": 72 * 3600})
    callback = (await items(http, "/callbacks"))[0]
    assert (callback["state"], len(callback["attempts"])) == ("failed", 5)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        pytest.param({}, "", id="neither"),
        pytest.param({"seconds": 1, "until": "idle"}, "", id="both"),
        pytest.param({"seconds": 1, "limit": 5}, "", id="limit-with-seconds"),
        pytest.param({"until": "next", "limit": 5}, "", id="limit-with-next"),
        pytest.param({"until": "then"}, "until", id="unknown-until"),
        pytest.param({"seconds": -0.001}, "seconds", id="backwards"),
        pytest.param({"seconds": "5"}, "seconds", id="seconds-no-number"),
        pytest.param({"seconds": 3_153_600_000}, None, id="a-hundred-years"),
        pytest.param({"seconds": 3_153_600_001}, "seconds", id="more-than-a-hundred-years"),
        pytest.param({"until": "idle", "limit": -1}, "limit", id="limit-backwards"),
    ],
)
async def test_bad_advances(http: httpx.AsyncClient, body: dict[str, Any], path: str | None) -> None:
    """What is wrong with an advance is told by its place; time does not go backwards or beyond the calendar."""
    answered = await ask(http, "POST", "/clock/advance", body, 200 if path is None else 422)
    if path is not None:
        assert [error["path"] for error in answered["errors"]] == [path]
        assert await now(http) == "2030-01-02T12:00:00.000Z"


async def test_end_of_the_calendar(http: httpx.AsyncClient) -> None:
    """Time stops being moved long before the calendar ends."""
    await ask(http, "PUT", "/clock", {"mode": "virtual", "now": "8999-12-31T23:59:59Z"})
    await ask(http, "POST", "/clock/advance", {"seconds": 1})
    problem = await ask(http, "POST", "/clock/advance", {"seconds": 0.001}, 422)
    assert problem["errors"][0]["path"] == "seconds"


# --------------------------------------------------------------------------------------------------------- reset


async def test_reset_of_an_account(http: httpx.AsyncClient, app: App, link: LinkClient) -> None:
    """An account's past is forgotten; its credentials, its settings and the other accounts stay."""
    other = LinkClient(http, account_of(app, (await ask(http, "POST", "/accounts", {"provider": "link"}, 201))["id"]))
    await ask(http, "PATCH", "/accounts/acc_link", {"settings": {"expires_in": 60}})
    for client in (link, other):
        await client.send(text="Hello")
        await ask(http, "POST", "/actions", {**SAY, "account": client.account.id}, 202)
    for each in ("acc_link", other.account.id):
        await ask(http, "POST", "/faults", {"account": each, "on": "request", "effect": {"type": "hang"}}, 201)
    await ask(http, "POST", "/reset", expects=204, account="acc_link")
    for path in ("/messages", "/requests", "/callbacks", "/runs", "/faults", "/conversations"):
        assert {item["account"] for item in await items(http, path)} == {other.account.id}
    assert (await ask(http, "GET", "/accounts/acc_link"))["settings"]["expires_in"] == 60
    assert (await link.send(text="Hello")).status_code == 200


async def test_reset_of_everything(http: httpx.AsyncClient) -> None:
    """A whole reset leads back to the start: accounts, clocks, scenarios, and the same ids again."""

    async def ids() -> list[Any]:
        await ask(http, "POST", "/accounts", {"provider": "link"}, 201)
        await ask(http, "POST", "/actions", SAY, 202)
        return [[item["id"] for item in await items(http, path)] for path in ("/accounts", "/messages", "/callbacks")]

    first = await ids()
    await http.get("/somewhere")
    await ask(http, "PATCH", "/accounts/acc_link", {"name": "Changed", "webhook": None})
    await ask(http, "POST", "/clock/advance", {"seconds": 10})
    await ask(http, "POST", "/reset", expects=204)
    for path in ("/messages", "/requests", "/callbacks", "/runs", "/faults"):
        assert await items(http, path) == []
    account, *_ = await items(http, "/accounts")
    assert (account["name"], account["webhook"]["url"]) == ("LINK Conversations", "http://127.0.0.1:9/webhook")
    assert await now(http) == await now(http, account="acc_link") == "2030-01-02T12:00:00.000Z"
    assert await ids() == first
