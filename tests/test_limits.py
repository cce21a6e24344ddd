"""What clients cannot make the sandbox do: grow without end, wait without end, or work without end."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from calls import ask, items, serving
from calls import sandbox_with as sandbox_of
from harness import GATEWAY, NOON, USER, FakeWebhook, account_of
from raw_client import PATIENCE
from raw_client import serving as listening
from sandbox.app import App, build
from sandbox.control.app import ROUTES
from sandbox.core import account as accounts
from sandbox.core import journal, stream
from sandbox.engine import scenarios
from sandbox.providers.mehery.world import DigitalEvent, DigitalObject
from sandbox.settings import Settings

pytestmark = pytest.mark.anyio

MIB = 1024 * 1024
MEHERY = "/xms/api/v1"
SEND = f"{GATEWAY}/phone/{USER}/conversationMessage?messageId=00000001-0000-4000-8000-000000000000"
OPERATIONS = {
    "link": ("acc_link", SEND),
    "webex-connect-v1": ("acc_webex_connect", "/resources/v1/messaging"),
    "webex-connect-v2": ("acc_webex_connect", "/v2/messages"),
    "mehery": ("acc_mehery", f"{MEHERY}/message/send"),
}

BOMB = gzip.compress(b'{"x":"' + b"0" * 16 * MIB + b'"}')


@pytest.fixture(params=OPERATIONS)
def operation(request: pytest.FixtureRequest) -> tuple[str, str]:
    """An account and a path of its provider that takes a body."""
    return OPERATIONS[request.param]


async def authorized(http: httpx.AsyncClient, account: str) -> dict[str, str]:
    """Return the headers of an account's client."""
    headers: dict[str, str] = (await ask(http, "POST", f"/accounts/{account}/authorization"))["headers"]
    return {**headers, "Content-Type": "application/json"}


# --------------------------------------------------------------------------------------------------------- bodies


async def test_size_of_a_body(http: httpx.AsyncClient, operation: tuple[str, str]) -> None:
    """A body of 1 MiB is read; one byte more is refused as too large, and nothing of it is kept."""
    account, path = operation
    headers = await authorized(http, account)
    fits, too_large = (b'{"x":"' + b"x" * (size - 8) + b'"}' for size in (MIB, MIB + 1))
    response = await http.post(path, content=fits, headers=headers)
    assert response.headers["x-sandbox-rule"].partition("-")[0] in ("LINK", "WX1", "WX2", "MEH")
    assert response.status_code != 413
    response = await http.post(path, content=too_large, headers=headers)
    assert response.status_code == 413
    assert [each["body"] for each in await items(http, "/requests", status=413)] == [None]


async def test_compressed_body(http: httpx.AsyncClient, operation: tuple[str, str]) -> None:
    """A compressed body is not inflated: what comes is no JSON, however small it was made."""
    account, path = operation
    headers = {**await authorized(http, account), "Content-Encoding": "gzip"}
    response = await http.post(path, content=BOMB, headers=headers)
    assert (response.status_code < 500, "x-sandbox-rule" in response.headers) == (True, True)
    (kept,) = await items(http, "/requests", account=account, path=path.partition("?")[0])
    assert len(kept["body"]) <= len(BOMB)
    assert await items(http, "/messages") == []


async def test_compressed_body_of_a_control_call(http: httpx.AsyncClient) -> None:
    """So it is in the control API."""
    body = gzip.compress(json.dumps({"provider": "link"}).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    response = await http.post("/_sandbox/accounts", content=body, headers=headers)
    assert (response.status_code, response.json()["title"]) == (400, "Bad Request")


# -------------------------------------------------------------------------------------------------- what is kept


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        pytest.param("/data/push", {"type": "A", "data": {"x": "x" * 50_000}}, DigitalObject, id="objects"),
        pytest.param("/event/push", {"eventName": "A", "links": [], "x": "x" * 50_000}, DigitalEvent, id="events"),
    ],
)
async def test_what_a_business_pushes(
    app: App, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, Any], kind: type[Any]
) -> None:
    """What is remembered of a provider's own things is bounded by bytes, too."""
    monkeypatch.setattr(accounts, "MAX_ROOM", 150)
    headers = await authorized(http, "acc_mehery")
    for number in range(5):
        await http.post(MEHERY + path, json={"id": str(number), **body}, headers=headers)
    assert len(account_of(app, "acc_mehery").shelf(kind)) == 3


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("/message/receive", {"messages": [{"originalMessage": {"x": "x" * 50_000}}]}, id="receive"),
        pytest.param("/contact/info", {"csid": "1", "lane": "x" * 50_000}, id="info"),
    ],
)
async def test_what_goes_on_to_a_webhook(
    app: App, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, Any]
) -> None:
    """A callback that a client filled is counted with what the client put into it."""
    settings = {"settings": {"contact_info_url": "http://127.0.0.1:9/who"}}
    await ask(http, "PATCH", "/accounts/acc_mehery", settings)
    monkeypatch.setattr(journal, "MAX_ROOM", 300)
    headers = await authorized(http, "acc_mehery")
    for _ in range(5):
        assert (await http.post(MEHERY + path, json=body, headers=headers)).status_code == 200
    await account_of(app, "acc_mehery").clock.settle()
    assert len(account_of(app, "acc_mehery").journal.callbacks) == 3


async def test_accounts(app: App, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """There are so many accounts and no more; who deletes one may make another."""
    monkeypatch.setattr("sandbox.sandbox.MOST_ACCOUNTS", len(app.sandbox.accounts) + 1)
    made = await ask(http, "POST", "/accounts", {"provider": "mehery"}, 201)
    problem = await ask(http, "POST", "/accounts", {"provider": "mehery"}, 409)
    assert "accounts, and more there may not be; delete some first" in problem["detail"]
    await ask(http, "DELETE", f"/accounts/{made['id']}", expects=204)
    await ask(http, "POST", "/accounts", {"provider": "mehery"}, 201)


async def test_scenarios(http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the files there are so many scenarios and no more; one that is there may be replaced."""
    monkeypatch.setattr(scenarios, "MOST_SCENARIOS", 1)
    await ask(http, "PUT", "/scenarios/one", {"name": "one", "steps": []}, 201)
    await ask(http, "PUT", "/scenarios/one", {"name": "one", "steps": []})
    problem = await ask(http, "PUT", "/scenarios/two", {"name": "two", "steps": []}, 409)
    assert "1 scenarios beside the files" in problem["detail"]


# ------------------------------------------------------------------------------------------------ what is waited for


@pytest.fixture
async def served(app: App) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application on a real socket."""
    async with serving(app) as http:
        yield http


async def test_waiting_calls(app: App, served: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many calls may wait or watch at once; the next one is refused, and let in when one has ended."""
    monkeypatch.setattr(stream, "MOST_WAITING", 3)
    waiting = [asyncio.create_task(ask(served, "GET", "/messages", wait=30)) for _ in range(3)]
    async with asyncio.timeout(PATIENCE):
        while len(app.sandbox.stream._listeners) < 3:
            await asyncio.sleep(0)
    for path in ("/messages?wait=1", "/events"):
        refused = await served.get(f"/_sandbox{path}")
        assert (refused.status_code, "try again when one has ended" in refused.text) == (409, True)
    assert (await served.get("/_sandbox/messages")).status_code == 200
    action = {"account": "acc_link", "user": USER, "type": "say", "text": "Hello"}
    await ask(served, "POST", "/actions", action, 202)
    assert [found["satisfied"] for found in await asyncio.gather(*waiting)] == [True] * 3
    await ask(served, "GET", "/callbacks", wait=0.01, kind="nothing")


@pytest.mark.parametrize("path", ["/callbacks?kind=", "/requests?path=", "/requests?operation=", "/requests?rule="])
async def test_long_globs(http: httpx.AsyncClient, path: str) -> None:
    """A pattern has at most a thousand characters: reading a longer one would take its time."""
    assert (await http.get(f"/_sandbox{path}{'*a' * 500}")).status_code == 200
    assert (await http.get(f"/_sandbox{path}{'*a' * 500}*")).status_code == 422


async def test_long_globs_of_scenarios(http: httpx.AsyncClient) -> None:
    """So it is in a scenario."""
    document: dict[str, Any] = {"name": "long", "match": {"text": "*a" * 500}, "steps": []}
    await ask(http, "PUT", "/scenarios/long", document, 201)
    document["match"]["text"] += "*"
    await ask(http, "PUT", "/scenarios/long", document, 422)


async def test_hard_globs(app: App, http: httpx.AsyncClient) -> None:
    """Patterns that would take other matchers for ever are done with at once."""
    await ask(http, "PUT", "/scenarios/hard", {"name": "hard", "match": {"text": "*a" * 500}, "steps": []}, 201)
    body = {"account": "acc_link", "on": "callback", "match": {"user": "*1" * 500}, "effect": {"type": "drop"}}
    await ask(http, "POST", "/faults", body, 201)
    headers = await authorized(http, "acc_link")
    async with asyncio.timeout(PATIENCE):
        await http.post(SEND, json={"messageContent": {"text": "a" * 499 + "b" * 1000}}, headers=headers)
        await app.sandbox.advance(seconds=1)
    assert [each["state"] for each in await items(http, "/callbacks")] == ["delivered", "delivered"]


async def test_clients_that_do_not_go_on() -> None:
    """A hundred clients that begin and stop keep nobody else waiting, and are all let go when their time is up."""
    app = build(Settings(seed="test", clock=NOON), client=FakeWebhook())
    begins = (
        b"",
        b"POST ",
        b"GET / HTTP/1.1\r\nHost: a\r\nX",
        b"POST /v2/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{",
    )
    async with listening(app, grace=0.2, patience=0.3) as server, AsyncExitStack() as stack:
        slow = [await stack.enter_async_context(server.connect()) for _ in range(100)]
        for number, client in enumerate(slow):
            await client.write(begins[number % len(begins)])
        answer = await server.ask(b"GET /_sandbox/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert answer.status == 200
        for client in slow:
            assert (await client.rest())[:12] in (b"", b"HTTP/1.1 408")
        await server.idle()


# ------------------------------------------------------------------------------------------------ what is answered


@pytest.mark.parametrize(("method", "path"), [(method, path) for path, each in ROUTES for method in each])
async def test_headers_of_every_answer(method: str, path: str) -> None:
    """Whatever the control API answers: no browser keeps it, or takes it for another type than it says."""
    target = re.sub(r"\{\w+\}", "default", path)
    async with sandbox_of() as (app, http):
        if path == "/_sandbox/events":
            app.stop()  # so that the answer ends
        response = await http.request(method, target)
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in response.headers
        if response.headers.get("content-type", "").startswith("text/html"):
            assert response.headers["content-security-policy"].startswith("default-src 'none'")
