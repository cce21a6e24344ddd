"""Both clients speak the control API over real sockets."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, cast

import pytest

from live_server import LiveServer
from sandbox.client import AsyncClient, Client, Event, ProblemError, UnreachableError
from sandbox.client.event_stream import EventReader
from webhook_server import self_signed

USER = "+491234567890"


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    """A sandbox with a virtual clock."""
    with LiveServer(clock="2030-01-02T12:00:00Z") as server:
        yield server


class Awaited:
    """An `AsyncClient` for tests that are not async: every call is awaited on a loop of its own."""

    def __init__(self, url: str, token: str | None = None, **options: Any) -> None:
        self._client = AsyncClient(url, token, **options)
        self._runner = asyncio.Runner()

    def __enter__(self) -> Client:
        return cast("Client", self)

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._client.close())
        self._runner.close()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = getattr(self._client, name)
        return lambda *args, **kwargs: self._runner.run(call(*args, **kwargs))


CLIENTS = [pytest.param(Client, id="sync"), pytest.param(Awaited, id="async")]


@pytest.fixture(params=CLIENTS)
def client_class(request: pytest.FixtureRequest) -> type[Client]:
    """Either client."""
    return cast("type[Client]", request.param)


@pytest.fixture
def client(server: LiveServer, client_class: type[Client]) -> Iterator[Client]:
    """A client of it, as at the start."""
    with client_class(server.url + "/") as client:
        client.reset()
        yield client


def test_server_and_accounts(client: Client) -> None:
    """Health, accounts and their authorization can be read."""
    assert client.health()["status"] == "ok"
    assert [account["id"] for account in client.accounts()] == [
        *("acc_link", "acc_webex_connect", "acc_mehery"),
        *("acc_rbm", "acc_rbm_second", "acc_rbm_old"),
    ]
    assert client.account("acc_link")["credentials"]["customer_id"] == "eap00001"
    assert client.authorization("acc_link")["Authorization"].startswith("Bearer ")
    assert {item["provider"] for item in client.magic()["items"]} == {"link", "webex-connect", "mehery", "rbm"}


def test_descriptions(client: Client) -> None:
    """The APIs' own descriptions and the metrics can be read."""
    assert client.openapi()["openapi"] == client.openapi("link")["openapi"]
    assert "# TYPE" in client.metrics()


def test_snapshot(client: Client) -> None:
    """The whole state goes out and back in."""
    client.act("acc_link", "say", user=USER, text="Hello")
    snapshot = client.snapshot()
    client.reset()
    client.restore(snapshot)
    assert [message["text"] for message in client.messages().items] == ["Hello"]


def test_act_and_look(client: Client) -> None:
    """What the person does is found in the lists, and its callback can be sent again."""
    done = client.act("acc_link", "say", user=USER, wait=5, text="Hello")
    page = client.messages(account="acc_link", direction="inbound", wait=5)
    assert page.satisfied
    assert [message["text"] for message in page.items] == ["Hello"]
    assert client.messages(after=page.cursor).items == []
    assert client.callback(done["callbacks"][0])["kind"] == "message.TEXT"
    again = client.redeliver(done["callbacks"][0])
    assert [callback["id"] for callback in client.callbacks(user=USER).items] == [*done["callbacks"], again["id"]]
    assert client.requests(wait=0, count=0).satisfied


def test_reset_of_one_account(client: Client) -> None:
    """One account can be reset alone."""
    client.act("acc_link", "say", user=USER, text="Hello")
    client.reset("acc_link")
    assert client.messages().items == []


def test_scenarios(client: Client) -> None:
    """A scenario is put, listed and played, and the run is found."""
    client.put_scenario("greeting", b"name: greeting\nsteps:\n  - do: say\n    text: Hi\n")
    assert "greeting" in [scenario["name"] for scenario in client.scenarios()]
    run = client.start_run("greeting", "acc_link", USER)
    assert client.runs(scenario="greeting", state="passed", wait=5).satisfied
    assert client.run(run["id"])["state"] == "passed"


def test_faults(client: Client) -> None:
    """A fault is armed, listed and disarmed."""
    armed = client.arm({"account": "acc_link", "on": "request", "effect": {"type": "status", "status": 503}})
    assert [fault["id"] for fault in client.faults()] == [armed["id"]]
    client.disarm(armed["id"])
    assert client.faults() == []


def test_time(client: Client) -> None:
    """Time is read, moved and frozen elsewhere."""
    assert client.clock("acc_link")["now"] == "2030-01-02T12:00:00.000Z"
    assert client.advance(1.5, "acc_link")["now"] == "2030-01-02T12:00:01.500Z"
    assert client.freeze("2031-01-01T00:00:00Z", "acc_link")["now"] == "2031-01-01T00:00:00.000Z"


def test_events(server: LiveServer) -> None:
    """A stream that is open misses nothing, and goes on behind the event it was left at."""
    with Client(server.url) as client:
        with client.events("acc_link") as events:
            client.act("acc_link", "say", user=USER, text="Hello")
            first = next(events)
            assert (first.kind, first.data["text"]) == ("message", "Hello")
        with client.events(after=first.id) as events:
            assert next(events).kind == "callback"
        with pytest.raises(ProblemError, match="nope"), client.events("nope"):
            pass


async def test_async_events(server: LiveServer) -> None:
    """The same goes for the async client."""
    async with AsyncClient(server.url) as client:
        async with client.events("acc_link") as events:
            await client.user("acc_link", USER).say("Hello")
            first = await anext(events)
            assert (first.kind, first.data["text"]) == ("message", "Hello")
        async with client.events(after=first.id) as events:
            assert (await anext(events)).kind == "callback"
        with pytest.raises(ProblemError, match="nope"):
            async with client.events("nope"):
                pass


def test_stream_is_read_as_specified() -> None:
    """Comments are passed over, data over several lines is joined, and an event without data is none."""
    lines = [": ping", "", "id: 7", "event: run", 'data: {"a":', "data:1}", "", "event: message", "", "data: {}", ""]
    reader = EventReader()
    assert [event for line in lines if (event := reader.read(line))] == [
        Event("run", {"a": 1}, "7"),
        Event("message", {}, ""),
    ]


def test_problem(client: Client) -> None:
    """What the sandbox refuses is raised with everything that is wrong."""
    with pytest.raises(ProblemError) as caught:
        client.act("acc_link", "say", user=USER, text="", nope=1)
    assert caught.value.status == 422
    assert {error["path"] for error in caught.value.errors} == {"text", "nope"}


def test_token(client_class: type[Client]) -> None:
    """The control token is sent along."""
    with LiveServer(control_token="secret") as server:
        with client_class(server.url, "secret") as client:
            assert client.accounts()
        with client_class(server.url) as client, pytest.raises(ProblemError) as caught:
            client.accounts()
    assert caught.value.status == 401


def test_server_ends() -> None:
    """The stream ends when the server does."""
    with LiveServer() as ending, Client(ending.url) as client, client.events() as events:
        ending.stop()
        assert list(events) == []


async def test_server_ends_meanwhile() -> None:
    """The same goes for the async client."""
    with LiveServer() as ending:
        async with AsyncClient(ending.url) as client, client.events() as events:
            await asyncio.to_thread(ending.stop)
            assert [event async for event in events] == []


async def test_connections_are_not_kept(server: LiveServer) -> None:
    """A client that keeps no connections has nothing to close, and calls from one loop after another."""
    client = AsyncClient(server.url, keeps_connections=False)
    for _ in range(2):
        assert (await asyncio.to_thread(lambda: asyncio.run(client.health())))["status"] == "ok"


def test_nobody_listens(client_class: type[Client]) -> None:
    """A port without a server is told as such."""
    with client_class("http://127.0.0.1:9") as client, pytest.raises(UnreachableError) as caught:
        client.health()
    assert caught.value.why == ""


def test_no_url(client_class: type[Client]) -> None:
    """What is no URL is told too."""
    with pytest.raises(UnreachableError), client_class("nowhere") as client:
        client.health()


class _Stranger(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.endswith("health"):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>")
        else:
            self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


def test_another_server_answers(client_class: type[Client]) -> None:
    """A server that is no sandbox is not taken for one, whatever it answers."""
    with HTTPServer(("127.0.0.1", 0), _Stranger) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        try:
            with client_class(f"http://127.0.0.1:{server.server_port}") as client:
                with pytest.raises(UnreachableError, match="no sandbox"):
                    client.health()
                with pytest.raises(UnreachableError, match="status 404"):
                    client.accounts()
        finally:
            server.shutdown()


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[str]:
    """A server that speaks TLS, with a certificate that nobody vouches for, and is no sandbox."""
    with HTTPServer(("127.0.0.1", 0), _Stranger) as server:
        server.socket = self_signed(tmp_path).wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        try:
            yield f"https://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def test_certificates(
    client_class: type[Client], encrypted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate that nobody vouches for is told as such; `SSL_CERT_FILE` vouches for one."""
    untrusted = r"its certificate is not trusted: self.signed certificate; SSL_CERT_FILE names one that is"
    with client_class(encrypted) as client, pytest.raises(UnreachableError, match=untrusted):
        client.health()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
    with client_class(encrypted) as client, pytest.raises(UnreachableError, match="status 404"):
        client.accounts()


def test_https_where_there_is_none(client_class: type[Client], server: LiveServer) -> None:
    """A server that speaks http is not asked by https."""
    with client_class(server.url.replace("http", "https")) as client, pytest.raises(UnreachableError) as caught:
        client.health()
    assert caught.value.why == "it speaks http, not https"


def test_http_where_there_is_tls(client_class: type[Client], encrypted: str) -> None:
    """A server that speaks TLS is silent to http, and what that may mean is said."""
    with (
        client_class(encrypted.replace("https", "http")) as client,
        pytest.raises(UnreachableError, match=r"; does it speak https\?"),
    ):
        client.health()


def test_silent_server(client_class: type[Client]) -> None:
    """A server that never answers is given up."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        client_class(f"http://127.0.0.1:{listener.getsockname()[1]}", patience=0.05) as client,
        pytest.raises(UnreachableError, match="too long"),
    ):
        client.health()
