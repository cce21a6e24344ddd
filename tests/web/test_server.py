"""The server on real sockets: what hostile and unlucky clients get, how faults cut, and how it ends."""

from __future__ import annotations

import asyncio
import errno
import gc
import json
import random
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic_core import to_json

from harness import GATEWAY, NOON, USER, FakeWebhook
from raw_client import RawClient, Running, serving
from sandbox.app import App, build
from sandbox.core.account import Account
from sandbox.core.callback import Encoded
from sandbox.core.fault import FaultSpec
from sandbox.heads import LONGEST, MOST, Heads
from sandbox.protocol import HEAD_LIMIT, Protocol
from sandbox.sandbox import AccountChanges
from sandbox.server import Server, listen
from sandbox.settings import Settings
from sandbox.web.endpoint import Endpoints
from sandbox.webhook_client import Answer as WebhookAnswer

MIB = 1024 * 1024
SEND = f"{GATEWAY}/phone/{USER}/conversationMessage"
FEATURESET = f"{GATEWAY}/featureset"
HELLO = json.dumps({"messageContent": {"text": "Hello"}}).encode()
CUT_OFF = "the connection ended before the body was whole"
JSON = b"Content-Type: application/json"
LET_GO = "{}: calls that waited were answered, or cut off if a fault had them hang: 1"

_LOOPS = [pytest.param(("asyncio", {"use_uvloop": False}), id="asyncio")]
if find_spec("uvloop"):
    _LOOPS.append(pytest.param(("asyncio", {"use_uvloop": True}), id="uvloop"))


@pytest.fixture(scope="module", params=_LOOPS)
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    """Both loops that the server may run on."""
    return request.param


@pytest.fixture(scope="module")
async def any_server(anyio_backend: Any) -> AsyncIterator[Running]:
    """A server for clients that leave nothing behind."""
    async with serving(build(Settings(seed="test", clock=NOON), client=FakeWebhook()), grace=0.2) as running:
        yield running


@pytest.fixture
async def server(app: App) -> AsyncIterator[Running]:
    """The application of the test, served."""
    async with serving(app, grace=0.2) as running:
        yield running


SPOKE_NO_HTTP = "a client spoke no HTTP, or too much of it"
SPOKE_TLS = "a client spoke TLS where there is none: let it call http://, or serve with --tls-cert and --tls-key"


@pytest.fixture(autouse=True)
def expected_logs(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What the log may hold from `warning` up: whatever clients do, no error and no traceback but those a test expects."""
    expected = [SPOKE_NO_HTTP, SPOKE_TLS]
    yield expected
    assert [record.getMessage() for record in caplog.get_records("call") if record.getMessage() not in expected] == []


def authorization(app: App, account: Account) -> bytes:
    """Return the header line with a token."""
    headers = account.provider.authorization(account, app.sandbox.services)
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()


def request(method: str, target: str, *headers: bytes, body: bytes = b"") -> bytes:
    """Return a request; a body brings its length along."""
    lines = [f"{method} {target} HTTP/1.1\r\nHost: sandbox\r\n".encode(), *(line + b"\r\n" for line in headers)]
    if body:
        lines.append(b"Content-Length: %d\r\n" % len(body))
    return b"".join([*lines, b"\r\n", body])


@pytest.fixture
def send(app: App, account: Account) -> Any:
    """Return a function that makes the bytes of a sendMessage."""
    token = authorization(app, account)[:-2]

    def made(*headers: bytes, number: int = 1, body: bytes = HELLO, to: str = USER) -> bytes:
        target = f"{SEND.replace(USER, to)}?messageId={number:08}-0000-4000-8000-000000000000"
        return request("POST", target, token, b"Content-Type: application/json", *headers, body=body)

    return made


def arm(app: App, account: Account, effect: str, **parameters: Any) -> None:
    """Arm a fault of requests, for once."""
    spec = FaultSpec.model_validate({"on": "request", "effect": {"type": effect, **parameters}, "times": 1})
    app.sandbox.arm(spec, account)


# ------------------------------------------------------------------------------------------------- what is HTTP

TLS_GREETING = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
GET = f"GET {FEATURESET} HTTP/1.1\r\nHost: sandbox\r\n".encode()
POST = f"POST {SEND} HTTP/1.1\r\nHost: sandbox\r\n".encode()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TLS_GREETING, id="a-tls-greeting"),
        pytest.param(b"\x00" * 100 + b"\r\n\r\n", id="nulls"),
        pytest.param(b"hello\r\n\r\n", id="a-word"),
        pytest.param(b"GET\r\n\r\n", id="a-method-alone"),
        pytest.param(b"BREW / HTTP/1.1\r\n\r\n", id="a-method-that-is-none"),
        pytest.param(b"get / HTTP/1.1\r\n\r\n", id="a-method-in-lower-case"),
        pytest.param(b"GET / HTTP/1.7\r\n\r\n", id="a-version-that-is-none"),
        pytest.param(b"GET / HTTP/9.9\r\n\r\n", id="another-version-that-is-none"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", id="http-2"),
        pytest.param(b"GET / FTP/1.1\r\n\r\n", id="another-protocol"),
        pytest.param(b"GET / HTTP/1.1\r\nNo colon\r\n\r\n", id="a-header-without-colon"),
        pytest.param(b"GET / HTTP/1.1\r\n: empty\r\n\r\n", id="a-header-without-name"),
        pytest.param(b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", id="a-space-before-the-colon"),
        pytest.param(b"GET / HTTP/1.1\r\nX: a\x00b\r\n\r\n", id="a-null-in-a-header"),
        pytest.param(b"GET / HTTP/1.1\r\nX: a\r b\r\n\r\n", id="a-return-in-a-header"),
        pytest.param("GET /grüße HTTP/1.1\r\n\r\n".encode(), id="letters-that-must-be-encoded"),
        pytest.param(b"GET /\xff\xfe HTTP/1.1\r\n\r\n", id="bytes-that-are-no-text"),
        pytest.param(b"GET /\x01 HTTP/1.1\r\n\r\n", id="a-control-character"),
        pytest.param(b"GET http:// HTTP/1.1\r\n\r\n", id="a-target-without-host"),
        pytest.param(b"GET http://sandbox HTTP/1.1\r\n\r\n", id="a-target-without-path"),
        pytest.param(b"CONNECT sandbox:443 HTTP/1.1\r\n\r\n", id="a-tunnel"),
        pytest.param(POST + b"Content-Length: -1\r\n\r\n", id="a-negative-length"),
        pytest.param(POST + b"Content-Length: many\r\n\r\n", id="a-length-in-words"),
        pytest.param(POST + b"Content-Length: 1e3\r\n\r\n", id="a-length-with-an-exponent"),
        pytest.param(POST + b"Content-Length: 99999999999999999999999\r\n\r\n", id="a-length-beyond-numbers"),
        pytest.param(POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", id="two-lengths"),
        pytest.param(POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", id="a-length-and-chunks"),
        pytest.param(POST + b"Transfer-Encoding: gzip\r\n\r\n{}", id="an-encoding-without-end"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", id="a-chunk-without-size"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n", id="a-chunk-of-negative-size"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}{}\r\n", id="a-chunk-that-is-too-long"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", id="a-chunk-beyond-numbers"),
    ],
)
async def test_no_http(any_server: Running, data: bytes) -> None:
    """What is no HTTP gets 400 and an end; the next client is served."""
    async with any_server.connect() as client:
        assert (await client.ask(data)).status == 400
        assert await client.rest() == b""
    assert (await any_server.ask(GET + b"\r\n")).status == 401
    await any_server.idle()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(TLS_GREETING, SPOKE_TLS, id="tls"),
        pytest.param(b"\x16 / HTTP/1.1\r\n\r\n", SPOKE_NO_HTTP, id="something-else"),
        pytest.param(POST + TLS_GREETING, SPOKE_NO_HTTP, id="tls-in-the-midst-of-http"),
    ],
)
async def test_what_was_spoken(server: Running, caplog: pytest.LogCaptureFixture, data: bytes, says: str) -> None:
    """Who calls https:// where there is no TLS is told from others in the log, with what to do."""
    async with server.connect() as client:
        await client.ask(data)
    assert caplog.messages == [says]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(GET[: GET.index(b"Host")] + b"\r\n", 401, id="no-host"),
        pytest.param(GET.replace(b" HTTP/1.1", b"") + b"\r\n", 401, id="no-version"),
        pytest.param(GET.replace(b"GET ", b"GET  ") + b"\r\n", 401, id="two-spaces"),
        pytest.param(b"OPTIONS * HTTP/1.1\r\n\r\n", 404, id="the-server-itself"),
        pytest.param(GET + b"Host: another\r\n\r\n", 401, id="two-hosts"),
        pytest.param(b"\r\n\r\n" + GET + b"\r\n", 401, id="blank-lines-before"),
        pytest.param(GET + b"X-Empty:\r\n\r\n", 401, id="an-empty-header"),
        pytest.param(GET + b"X-Text: gr\xfc\xdfe\r\n\r\n", 401, id="a-header-in-latin-1"),
        pytest.param(GET.replace(b"/gateway", b"http://anywhere/gateway") + b"\r\n", 401, id="a-target-with-host"),
        pytest.param(GET.replace(b" HTTP", b"?%zz=%&=& HTTP") + b"\r\n", 401, id="a-garbled-query"),
        pytest.param(GET.replace(b" HTTP", b"#top HTTP") + b"\r\n", 401, id="a-fragment"),
        pytest.param(GET.replace(b"/gateway", b"//gateway") + b"\r\n", 404, id="a-doubled-slash"),
        pytest.param(b"GET /gateway/../gateway HTTP/1.1\r\n\r\n", 404, id="dots"),
        pytest.param(b"GET /gateway/%2e%2e/%2F/%00/%zz/% HTTP/1.1\r\n\r\n", 404, id="percent-garbage"),
        pytest.param(b"GET /gateway/" + b"x" * 60_000 + b" HTTP/1.1\r\n\r\n", 404, id="a-very-long-path"),
        pytest.param(GET + b"".join(b"X-%d: y\r\n" % n for n in range(300)) + b"\r\n", 401, id="three-hundred-headers"),
        pytest.param(b"TRACE /gateway/x HTTP/1.1\r\n\r\n", 404, id="a-rare-method"),
        pytest.param(GET.replace(b"GET", b"PROPFIND") + b"\r\n", 405, id="another-rare-method"),
    ],
)
async def test_odd_http(any_server: Running, data: bytes, status: int) -> None:
    """What is HTTP, however odd, is answered as the document has it."""
    assert (await any_server.ask(data)).status == status


async def test_http_1_0(any_server: Running) -> None:
    """An old client is answered, and its connection ends."""
    async with any_server.connect() as client:
        answer = await client.ask(GET.replace(b"1.1", b"1.0") + b"\r\n")
        assert (answer.status, answer.headers["connection"], await client.rest()) == (401, "close", b"")


async def test_head(any_server: Running) -> None:
    """A HEAD has the length of an answer and no body."""
    async with any_server.connect() as client:
        answer = await client.ask(GET.replace(b"GET", b"HEAD") + b"\r\n", "HEAD")
        assert (answer.status, int(answer.headers["content-length"]) > 0) == (405, True)
        assert (await client.ask(GET + b"\r\n")).status == 401


@pytest.mark.parametrize("offer", [b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA", b"Upgrade: websocket"])
async def test_upgrade(server: Running, send: Any, offer: bytes) -> None:
    """Who offers another protocol is answered in this one, without a word in the log."""
    async with server.connect() as client:
        for number in range(3):
            answer = await client.ask(send(b"Connection: Upgrade, HTTP2-Settings\r\n" + offer, number=number))
            assert answer.status == 200


async def test_control_and_page(any_server: Running) -> None:
    """The control API is behind the same port."""
    answer = await any_server.ask(b"GET /_sandbox/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert (answer.status, json.loads(answer.body)["status"]) == (200, "ok")


# --------------------------------------------------------------------------------------------------- the limits


def padded(size: int) -> bytes:
    """Return a request whose URL and headers come to that many bytes."""
    spare = size - len(FEATURESET) - len("Host: sandbox\r\n") - len("X-Pad: \r\n")
    return GET + b"X-Pad: " + b"x" * spare + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("size", "status"),
    [
        pytest.param(HEAD_LIMIT, 401, id="as-large-as-may-be"),
        pytest.param(HEAD_LIMIT + 1, 431, id="one-byte-more"),
        pytest.param(10 * HEAD_LIMIT, 431, id="much-more"),
    ],
)
@pytest.mark.parametrize("pieces", [1, 3])
async def test_large_head(any_server: Running, size: int, status: int, pieces: int) -> None:
    """URL and headers may come to 64 KiB, in whatever pieces they arrive."""
    data = padded(size)
    step = len(data) // pieces + 1
    async with any_server.connect() as client:
        for begin in range(0, len(data), step):
            await client.write(data[begin : begin + step])
            await asyncio.sleep(0)
        assert (await client.answer()).status == status


async def flood(client: RawClient, begin: bytes, more: bytes) -> int:
    """Write without end until the server will have no more; return how many bytes it let come."""
    sent = 0
    try:
        await client.write(begin)
        while sent < 64 * MIB:
            await client.write(more)
            sent += len(more)
    except ConnectionError:
        pass
    return sent


@pytest.mark.parametrize(
    ("begin", "more"),
    [
        pytest.param(GET, b"X: y\r\n" * 4096, id="headers"),
        pytest.param(GET + b"X: ", b"y" * 16384, id="one-header"),
        pytest.param(GET + b"X", b"y" * 16384, id="one-name"),
        pytest.param(b"GET /", b"x" * 16384, id="a-path"),
        pytest.param(b"", b"\r\n" * 8192, id="blank-lines"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x" * 16384, id="a-chunk-extension"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n" * 4096, id="trailers"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: ", b"y" * 16384, id="one-trailer"),
    ],
)
async def test_endless_head(any_server: Running, begin: bytes, more: bytes) -> None:
    """What has no end and is no body is soon refused; the rest of it is in the buffers between."""
    async with any_server.connect() as client:
        assert await flood(client, begin, more) < 32 * MIB
    await any_server.idle()


async def test_endless_head_behind_a_request(app: App, account: Account, server: Running, send: Any) -> None:
    """A request that hangs does not shelter what comes behind it."""
    arm(app, account, "hang")
    async with server.connect() as client:
        assert await flood(client, send() + GET, b"X: y\r\n" * 4096) < 32 * MIB
    await server.idle()


@pytest.mark.parametrize(
    ("size", "status"),
    [
        pytest.param(MIB, 400, id="LINK-GEN-22-one-mebibyte-is-read"),
        pytest.param(MIB + 1, 413, id="LINK-GEN-22-one-byte-more-is-not"),
        pytest.param(20 * MIB, 413, id="LINK-GEN-22-nor-is-much-more"),
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
async def test_large_body(server: Running, send: Any, size: int, status: int, chunked: bool) -> None:
    """A client that sends too large a body hears of it when it has sent it, in LINK's own form."""
    if chunked:
        body = b"%x\r\n" % size + b"x" * size + b"\r\n0\r\n\r\n"
        data = send(b"Transfer-Encoding: chunked", body=b"") + body
    else:
        data = send(body=b"x" * size)
    answer = await server.ask(data)
    assert answer.status == status
    assert json.loads(answer.body)["status"] == str(status)


async def test_expect(server: Running, send: Any) -> None:
    """A client that asks first sends a body that fits, and not one that is too large."""
    async with server.connect() as client:
        head = send(b"Expect: 100-continue", b"Content-Length: %d" % len(HELLO), body=b"")
        assert (await client.ask(head)).status == 100
        assert (await client.ask(HELLO)).status == 200
        head = send(b"Expect: 100-continue", b"Content-Length: %d" % (MIB + 1), body=b"")
        answer = await client.ask(head)
        assert (answer.status, answer.headers["connection"], await client.rest()) == (413, "close", b"")


async def test_endless_body(app: App, send: Any) -> None:
    """Of a body without end only so much is read; then comes the answer, and an end."""
    endpoints = Endpoints(app.sandbox, drain_limit=2 * MIB)
    app._endpoints = endpoints
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    async with serving(app, grace=0.2) as server, server.connect() as client:
        assert await flood(client, send(b"Transfer-Encoding: chunked", body=b""), chunk) < 32 * MIB


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        pytest.param(b"", b"", id="silence"),
        pytest.param(b"\r\n", b"", id="a-blank-line"),
        pytest.param(GET[:20], b"HTTP/1.1 408 Request Timeout", id="half-a-head"),
        pytest.param(POST + b"Content-Length: 9\r\n\r\n", b"HTTP/1.1 408 Request Timeout", id="no-body"),
        pytest.param(POST + b"Content-Length: 9\r\n\r\n{}", b"HTTP/1.1 408 Request Timeout", id="half-a-body"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\n", b"HTTP/1.1 408 Request Timeout", id="no-chunk"),
    ],
)
async def test_slow_client(app: App, data: bytes, refusal: bytes) -> None:
    """A request that is not whole in time is given up, and why is told if it has begun."""
    async with serving(app, patience=0.2) as server, server.connect() as client:
        await client.write(data)
        assert (await client.rest()).partition(b"\r\n")[0] == refusal
        await server.idle()
        stray = [exchange.detail for exchange in app.sandbox.unclaimed]
        assert stray == ([CUT_OFF] if data.startswith(POST) else [])


async def test_idle(app: App) -> None:
    """A connection that nobody uses any more is closed without a word."""
    async with serving(app, patience=0.05) as server, server.connect() as client:
        assert (await client.ask(GET + b"\r\n")).status == 401
        assert await client.rest() == b""


async def test_trickle(app: App) -> None:
    """A byte now and then prolongs nothing, on a connection that has been used before neither."""
    async with serving(app, patience=0.1) as server, server.connect() as client:
        assert (await client.ask(GET + b"\r\n")).status == 401
        ended = asyncio.ensure_future(client.rest())
        try:
            while not ended.done():
                await client.write(b"\r\n")
                await asyncio.sleep(0)
        except ConnectionError:
            pass
        await asyncio.gather(ended, return_exceptions=True)
        await server.idle()


@pytest.mark.parametrize("reset", [False, True])
async def test_client_leaves(app: App, account: Account, server: Running, send: Any, reset: bool) -> None:
    """A client that leaves in the middle of a body leaves a line in the journal and nothing else."""
    async with server.connect() as client:
        await client.write(send(body=b"x" * 100)[:-50])
        await server.until(lambda: bool(server.server.server_state.tasks))
        client.leave(reset=reset)
        await server.until(lambda: len(account.journal.requests) == 1)
    await server.idle()
    (exchange,) = account.journal.requests
    assert (exchange.status, exchange.detail) == (None, CUT_OFF)


async def test_client_closes_its_side(app: App, server: Running, send: Any) -> None:
    """A client that says that nothing more will come may still hear the answer to what has come."""
    async with server.connect() as client:
        await client.write(send())
        client.finish()
        assert (await client.rest()).startswith(b"HTTP/1.1 200 OK")


async def test_client_leaves_without_the_answer(app: App, account: Account, server: Running, send: Any) -> None:
    """A client that does not take a large answer leaves nothing behind when it goes."""
    arm(app, account, "status", status=200, body="x" * (16 * MIB))
    async with server.connect() as client:
        await client.write(send())
        await server.until(lambda: len(account.journal.requests) == 1)
        client.leave(reset=True)
    await server.idle()


# ---------------------------------------------------------------------------------------------- many and again


async def test_keep_alive(server: Running, send: Any) -> None:
    """One connection serves one request after the other."""
    async with server.connect() as client:
        for number in range(5):
            assert (await client.ask(send(number=number))).status == 200
        assert (await client.ask(send(b"Connection: close", number=6))).headers["connection"] == "close"
        assert await client.rest() == b""


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the parser was given, in its order."""
    given: list[bytes] = []
    parse = Protocol._parse

    def noted(protocol: Protocol, data: bytes) -> None:
        given.append(data)
        parse(protocol, data)

    monkeypatch.setattr(Protocol, "_parse", noted)
    return given


async def test_known_head(account: Account, server: Running, send: Any, parsed: list[bytes]) -> None:
    """A head that was parsed before is not parsed again, on any connection; requests are answered as the first was."""
    first = await server.ask(send(number=1))
    async with server.connect() as client:
        others = [await client.ask(send(number=number)) for number in (2, 3)]
    assert parsed == [send(number=1)]
    assert [(answer.status, sorted(answer.headers)) for answer in others] == [(200, sorted(first.headers))] * 2
    taken = [exchange.request for exchange in account.journal.requests]
    assert [one.query for one in taken] == [b"messageId=%08d-0000-4000-8000-000000000000" % n for n in (1, 2, 3)]
    assert {(one.method, one.path, tuple(one.headers), one.body) for one in taken} == {
        ("POST", SEND, tuple(taken[0].headers), HELLO)
    }


async def test_known_head_and_a_late_answer(
    app: App, account: Account, server: Running, send: Any, parsed: list[bytes]
) -> None:
    """What is not answered at once goes to the parser after all, and is asked of the application but once."""
    await server.ask(send(number=1))
    arm(app, account, "latency", seconds=5)
    async with server.connect() as client:
        await client.write(send(number=2))
        await server.until(lambda: len(account.journal.requests) == 2)
        await account.clock.advance(5)
        assert (await client.answer()).status == 200
        assert (await client.ask(send(number=3))).status == 200
    assert parsed == [send(number=1), send(number=2)]
    assert [len(account.journal.requests), len(account.journal.messages)] == [3, 3]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: data.replace(b" HTTP/1.1", b" HTTP/1.0"), id="another-version"),
        pytest.param(lambda data: data.replace(b"Host: sandbox", b"Host: sandbux"), id="another-header"),
        pytest.param(lambda data: data.replace(b"POST /", b"POST http://sandbox/"), id="an-absolute-target"),
        pytest.param(lambda data: data.replace(b" HTTP/1.1", b"#end HTTP/1.1"), id="a-fragment"),
        pytest.param(lambda data: data.replace(b"POST ", b"OPTIONS "), id="another-method"),
        pytest.param(lambda data: b"\r\n" + data, id="an-empty-line-before"),
        pytest.param(lambda data: data + b"GET / HTTP/1.1\r\n\r\n", id="something-behind"),
        pytest.param(lambda data: data[:-1], id="a-byte-missing"),
    ],
)
async def test_known_head_and_something_else(
    server: Running, send: Any, parsed: list[bytes], change: Callable[[bytes], bytes]
) -> None:
    """Whatever is not just another first line goes to the parser."""
    await server.ask(send(number=1))
    data = change(send(number=2))
    async with server.connect() as client:
        await client.write(data)
        await server.until(lambda: len(parsed) == 2)
    assert parsed[1] == data


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"Connection: close", id="connection"),
        pytest.param(b"Expect: 100-continue", id="expect"),
        pytest.param(b"Upgrade: h2c", id="upgrade"),
        pytest.param(b"X: " + b"x" * LONGEST, id="long"),
    ],
)
async def test_head_that_is_not_remembered(server: Running, send: Any, parsed: list[bytes], head: bytes) -> None:
    """Heads that mean more than their words are parsed each time, and long ones for the room they take."""
    for number in (1, 2):
        assert (await server.ask(send(head, number=number))).status in (100, 200)
    assert send(head, number=2) in b"".join(parsed)


async def test_length_is_that_of_one_request(server: Running, send: Any, parsed: list[bytes]) -> None:
    """What came behind a request is not taken for its body the next time."""
    two = send(number=1) + GET + b"\r\n"
    for _ in range(2):
        async with server.connect() as client:
            assert [(await client.ask(two)).status, (await client.answer()).status] == [200, 401]
    assert parsed == [two, two]


def test_heads_are_bounded() -> None:
    """Many different heads take no more room than some."""
    heads = Heads()
    for number in range(10 * MOST):
        heads.learn(b"GET / HTTP/1.1\r\nX: %d\r\n\r\n" % number, [(b"x", b"%d" % number)], b"")
        assert len(heads._known) <= MOST
    last = heads.read(b"GET /a?b HTTP/1.1\r\nX: %d\r\n\r\n" % number)
    assert last == ("GET", "/a", b"b", [(b"x", b"%d" % number)], b"")


def test_heads_give_what_is_kept() -> None:
    """Whoever knows better than a list what to do with headers that come again is given theirs, the very same one."""
    heads = Heads(lambda pairs: [*pairs, (b"kept", b"yes")])
    data = b"GET /a HTTP/1.1\r\nX: 1\r\n\r\n"
    heads.learn(data, [(b"x", b"1")], b"")
    first, second = heads.read(data), heads.read(data.replace(b"/a", b"/b"))
    assert first is not None
    assert second is not None
    assert first.headers == [(b"x", b"1"), (b"kept", b"yes")]
    assert first.headers is second.headers


async def test_pipeline(server: Running, send: Any) -> None:
    """Requests that are sent without waiting are answered in their order, also if they come in odd pieces."""
    data = b"".join(
        [send(), GET + b"\r\n", request("POST", "/gateway/x", body=b"{}"), send(), send(b"Connection: close", number=2)]
    )
    for step in (len(data), 700, 7):
        async with server.connect() as client:
            for begin in range(0, len(data), step):
                await client.write(data[begin : begin + step])
                await asyncio.sleep(0)
            assert [(await client.answer()).status for _ in range(5)] == [200, 401, 404, 200, 200]
            assert await client.rest() == b""


async def test_garbage_behind_a_request(account: Account, server: Running, send: Any) -> None:
    """A request is answered although what follows is no HTTP, as when its length was told too small."""
    async with server.connect() as client:
        assert (await client.ask(send() + b"}}} and so on\r\n\r\n")).status == 200
        assert (await client.rest()).startswith(b"HTTP/1.1 400 ")
    await server.idle()
    assert len(account.journal.messages) == 1


async def test_garbage_behind_a_late_answer(app: App, account: Account, server: Running, send: Any) -> None:
    """That holds for a request that is still to be answered; then the connection ends."""
    arm(app, account, "latency", seconds=5)
    async with server.connect() as client:
        await client.write(send() + b"}}} and so on\r\n\r\n")
        await server.until(lambda: len(account.journal.requests) == 1)
        await account.clock.advance(5)
        answer = await client.answer()
        assert (answer.status, answer.headers["connection"], await client.rest()) == (200, "close", b"")


async def test_request_behind_the_last(account: Account, server: Running, send: Any) -> None:
    """What comes behind a request that ends the connection is not read."""
    async with server.connect() as client:
        assert (await client.ask(send(b"Connection: close") + send(number=2))).status == 200
        assert await client.rest() == b""
    assert len(account.journal.messages) == 1


async def test_bug(
    account: Account, server: Running, send: Any, monkeypatch: pytest.MonkeyPatch, expected_logs: list[str]
) -> None:
    """A bug that even the journal is not spared cuts the connection, stands in the log, and harms no other client."""

    def record(*_: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as broken:
        broken.setattr("sandbox.sandbox.Sandbox.record", record)
        async with server.connect() as client:
            await client.write(send())
            with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                await client.answer()
    expected_logs.append(f"POST {SEND} failed")
    assert (await server.ask(send(number=2))).status == 200


async def test_client_leaves_a_pipeline(app: App, account: Account, server: Running, send: Any) -> None:
    """A request that hangs ends when its client leaves, also with others waiting behind it."""
    arm(app, account, "hang")
    async with server.connect() as client:
        await client.write(send())
        await server.until(lambda: len(account.journal.requests) == 1)
        await client.write(GET[:-9])
    await server.idle()


async def test_many(app: App, account: Account, server: Running, send: Any) -> None:
    """Two hundred clients at once are all answered."""
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(server.connect()) for _ in range(200)]
        answers = await asyncio.gather(*(client.ask(send(number=n)) for n, client in enumerate(clients)))
    assert {answer.status for answer in answers} == {200}
    assert len(account.journal.messages) == 200
    await server.idle()


# --------------------------------------------------------------------------------------------------- the faults


async def test_reset(app: App, account: Account, server: Running, send: Any) -> None:
    """The client sees its connection reset, before the request has had any effect."""
    arm(app, account, "reset")
    async with server.connect() as client:
        await client.write(send())
        with pytest.raises(ConnectionResetError):
            await client.rest()
    await server.idle()
    assert len(account.journal.messages) == 0


async def test_drop_answer(app: App, account: Account, server: Running, send: Any, webhook: FakeWebhook) -> None:
    """The client sees its connection end without an answer; its retry gets the first answer, for one delivery."""
    arm(app, account, "drop_answer")
    async with server.connect() as client:
        await client.write(send())
        assert await client.rest() == b""
    assert (await server.ask(send())).status == 200
    await account.clock.advance(1)
    assert (len(account.journal.messages), webhook.kinds) == (1, ["DELIVERED", "READ"])


async def test_hang(app: App, account: Account, server: Running, send: Any) -> None:
    """Nothing comes until the client gives up."""
    arm(app, account, "hang")
    async with server.connect() as client:
        await client.write(send())
        await server.until(lambda: len(account.journal.requests) == 1)
        assert len(server.server.server_state.tasks) == 1
    await server.idle()
    assert len(account.journal.messages) == 0


async def test_latency(app: App, account: Account, server: Running, send: Any) -> None:
    """The answer comes when the account's clock says so."""
    arm(app, account, "latency", seconds=600)
    async with server.connect() as client:
        await client.write(send())
        await server.until(lambda: len(account.journal.requests) == 1)
        answer = asyncio.ensure_future(client.answer())
        await account.clock.advance(599)
        assert not answer.done()
        await account.clock.advance(1)
        assert (await answer).status == 200


ENDS = [
    pytest.param("reset", "acc_link was reset", id="reset-of-the-account"),
    pytest.param("reset-all", "acc_link was reset", id="reset"),
    pytest.param("remove", "acc_link was removed", id="removal"),
    pytest.param("restore", "acc_link was replaced by a snapshot", id="snapshot"),
]


def end(how: str, app: App, account: Account) -> None:
    """Let all end that waits for something of an account."""
    match how:
        case "reset":
            app.sandbox.reset(account)
        case "reset-all":
            app.sandbox.reset()
        case "remove":
            app.sandbox.remove_account(account)
        case _:
            app.sandbox.restore(json.loads(to_json(app.sandbox.snapshot())))


@pytest.mark.parametrize("frozen", [pytest.param(True, id="virtual"), pytest.param(False, id="real")])
@pytest.mark.parametrize(("how", "says"), ENDS)
async def test_account_of_a_late_answer_ends(
    app: App,
    account: Account,
    server: Running,
    send: Any,
    webhook: FakeWebhook,
    expected_logs: list[str],
    how: str,
    says: str,
    frozen: bool,
) -> None:
    """An answer whose account ends goes out at once: what would have brought it is gone. Nothing else comes of it."""
    expected_logs.append(LET_GO.format(says))
    if not frozen:
        app.sandbox.set_clock("real", None, account)
    arm(app, account, "latency", seconds=600)
    async with server.connect() as client:
        await client.write(send())
        await server.until(lambda: len(account.journal.requests) == 1)
        end(how, app, account)
        answer = await client.answer()
        assert (answer.status, "x-sandbox-fault" in answer.headers) == (200, True)
    await server.idle()
    now = app.sandbox.accounts.get(account.id) or account
    if frozen:
        await now.clock.advance(3600)
    else:
        await now.clock.settle()
    # A snapshot brings the message back, as it was written: without what the answer would have started.
    assert len(now.journal.messages) == (how == "restore")
    assert (webhook.kinds, now.clock.pending) == ([], 0)


@pytest.mark.parametrize(("how", "says"), ENDS)
async def test_account_of_a_hanging_request_ends(
    app: App, account: Account, server: Running, send: Any, expected_logs: list[str], how: str, says: str
) -> None:
    """A request that hangs is cut off when its account ends."""
    expected_logs.append(LET_GO.format(says))
    arm(app, account, "hang")
    async with server.connect() as client:
        await client.write(send())
        await server.until(lambda: len(account.journal.requests) == 1)
        end(how, app, account)
        assert await client.rest() == b""
    await server.idle()


async def test_client_leaves_a_late_answer(
    app: App, account: Account, server: Running, send: Any, webhook: FakeWebhook
) -> None:
    """A client whose patience ends before a late answer has had its message accepted, and leaves nothing behind."""
    arm(app, account, "latency", seconds=600)
    async with server.connect() as client:
        await client.write(send())
        await server.until(lambda: len(account.journal.requests) == 1)
    await server.idle()
    await account.clock.advance(1)
    assert webhook.kinds == ["DELIVERED", "READ"]


@pytest.mark.parametrize(
    ("effect", "status"),
    [
        pytest.param({"effect": "status", "status": 500}, 500, id="status"),
        pytest.param({"effect": "status", "status": 204, "body": {"tea": 1}}, 204, id="status-without-body"),
        pytest.param({"effect": "code", "code": "503"}, 503, id="code"),
    ],
)
async def test_answered_by_a_fault(
    app: App, account: Account, server: Running, send: Any, effect: dict[str, Any], status: int
) -> None:
    """A fault's answer is an answer like any other: the connection goes on."""
    arm(app, account, **effect)
    async with server.connect() as client:
        assert (await client.ask(send())).status == status
        assert (await client.ask(send())).status == 200


# ------------------------------------------------------------------------------------------------------ the end


async def test_answers_before_it_ends(app: App, account: Account, send: Any, expected_logs: list[str]) -> None:
    """A request that is held back is answered at once, an idle connection closed, and a new one refused."""
    expected_logs.append(LET_GO.format("the sandbox stops"))
    arm(app, account, "latency", seconds=5)
    async with serving(app) as server, server.connect() as busy, server.connect() as idle:
        assert (await idle.ask(GET + b"\r\n")).status == 401
        await busy.write(send())
        await server.until(lambda: len(account.journal.requests) == 1)
        server.server.should_exit = True
        assert await idle.rest() == b""
        with pytest.raises(ConnectionRefusedError):
            await server.ask(GET)
        answer = await busy.answer()
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        await server.stop()
    (exchange,) = account.journal.requests
    assert (exchange.status, exchange.detail) == (200, "answered before its time: the sandbox stops")


async def test_nobody_holds_it_up(app: App, account: Account, send: Any, expected_logs: list[str]) -> None:
    """What hangs is cut off at once, and half a body when the time left is over."""
    expected_logs.append(LET_GO.format("the sandbox stops"))
    arm(app, account, "hang")
    began = asyncio.get_running_loop().time()
    async with serving(app, grace=0.2) as server, server.connect() as held, server.connect() as half:
        await held.write(send())
        await half.write(send(number=2)[:-1])
        await server.until(lambda: len(account.journal.requests) == 1)
        await server.stop()
        assert await held.rest() == b""
        assert await half.rest() == b""
    assert asyncio.get_running_loop().time() - began < 3
    assert not server.server.server_state.tasks


class SlowWebhook(FakeWebhook):
    """A webhook that answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.go_on = asyncio.Event()
        self.closed = False

    async def post(
        self,
        url: str,
        headers: Sequence[tuple[str, str]],
        encoded: Encoded,
        timeout: float,
        vouched: bool,
        *,
        verify: bool = True,
    ) -> WebhookAnswer:
        """Take a callback, in time."""
        self.asked.set()
        await self.go_on.wait()
        return await super().post(url, headers, encoded, timeout, vouched, verify=verify)

    async def close(self) -> None:
        """Remember it."""
        self.closed = True


@pytest.mark.parametrize(("how", "says"), [*ENDS, pytest.param("stop", "the sandbox stops", id="end-of-the-server")])
async def test_account_ends_while_the_business_is_asked(how: str, says: str, expected_logs: list[str]) -> None:
    """A client is answered as if the business had not, and a question that is forgotten leaves nothing behind."""
    webhook = SlowWebhook()
    app = build(Settings(seed="test", clock=NOON), client=webhook)
    account = app.sandbox.accounts.get("acc_mehery")
    assert account is not None
    changes = {"settings": {"contact_info_url": "http://127.0.0.1:9/who"}}
    app.sandbox.change_account(account, AccountChanges.model_validate(changes))
    head = request("POST", "/xms/api/v1/contact/info", authorization(app, account)[:-2], JSON, body=b'{"csid": "919"}')
    async with serving(app) as server, server.connect() as client:
        await client.write(head)
        await asyncio.wait_for(webhook.asked.wait(), 5)
        if how == "stop":
            app.stop()
        else:
            expected_logs.append(LET_GO.format(says.replace("acc_link", "acc_mehery")))
            end(how, app, account)
        answer = await client.answer()
        assert (answer.status, json.loads(answer.body)) == (200, {})
        if how == "stop":
            expected_logs.append(LET_GO.format(says))
            (exchange,) = account.journal.requests
            assert exchange.detail == "answered without the business: the sandbox stops"
            assert [callback.request for callback in account.journal.callbacks] == [exchange.id]
        else:
            assert len(account.journal.requests) == 0
        webhook.go_on.set()


@pytest.mark.parametrize("answers", [pytest.param(True, id="which-ends"), pytest.param(False, id="which-is-cut-off")])
async def test_callbacks_at_the_end(
    answers: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, expected_logs: list[str]
) -> None:
    """A callback in flight may end, or is counted as not delivered; then the client of webhooks is closed."""
    monkeypatch.setattr("sandbox.app.GRACE", 5 if answers else 0.01)
    expected_logs.append("1 callbacks were not delivered before the end")
    webhook = SlowWebhook()
    app = build(Settings(seed="test", clock=NOON, webhook_url="http://127.0.0.1:9/webhook"), client=webhook)
    account = app.sandbox.accounts.get("acc_link")
    assert account is not None
    async with serving(app) as server:
        token = authorization(app, account)[:-2]
        target = f"{SEND}?messageId=00000000-0000-4000-8000-000000000000"
        head = request("POST", target, token, b"Content-Type: application/json", body=HELLO)
        assert (await server.ask(head)).status == 200
        advancing = asyncio.create_task(account.clock.advance(0.2))
        await asyncio.wait_for(webhook.asked.wait(), 5)
        server.server.should_exit = True
        if answers:
            webhook.go_on.set()
        await server.stop()
    advancing.cancel()
    await asyncio.gather(advancing, return_exceptions=True)
    (callback,) = account.journal.callbacks
    assert (callback.state == "delivered", webhook.closed) == (answers, True)
    assert bool(caplog.records) is not answers


# ------------------------------------------------------------------------------------------------ start and TLS


def test_listen() -> None:
    """The socket knows that it is TCP; one that does not sends small answers 40 ms late on asyncio's own loop."""
    with listen("127.0.0.1", 0) as listener:
        assert (listener.proto, listener.getsockname()[1] > 0) == (socket.IPPROTO_TCP, True)


async def test_port_in_use(app: App) -> None:
    """A port that is taken is an error that says so, before anything has begun."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use") as caught:
            await Server(app, "127.0.0.1", port).serve()
        assert caught.value.errno == errno.EADDRINUSE


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Files of a certificate for localhost that signs itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    files = folder / "cert.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


async def test_tls(app: App, account: Account, send: Any, certificate: tuple[Path, Path]) -> None:
    """With certificate and key it speaks TLS, and faults cut there too; who speaks plainly is not understood."""
    cert, key = certificate
    trusting = ssl.create_default_context(cafile=str(cert))
    async with serving(app, trusting, tls_cert=str(cert), tls_key=str(key), grace=0.2) as server:
        assert (await server.ask(send())).status == 200
        for effect in ("reset", "drop_answer"):
            arm(app, account, effect)
            async with server.connect() as client:
                await client.write(send(number=2))
                with pytest.raises((ConnectionError, asyncio.IncompleteReadError, ssl.SSLError)):
                    await client.answer()
        server.tls = None
        async with server.connect() as client:
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await client.ask(GET + b"\r\n")
        await server.idle()


async def test_bad_certificate(app: App, certificate: tuple[Path, Path]) -> None:
    """Files that do not fit are refused when the server is made, in words for whoever gave them."""
    cert, _ = certificate
    with pytest.raises(ValueError, match=r"the certificate .*cert\.pem and the key .*cert\.pem cannot be used: "):
        Server(app, "127.0.0.1", 0, tls_cert=str(cert), tls_key=str(cert))


# -------------------------------------------------------------------------------------------------- anything else


def mutated(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Return a request with a few things gone wrong in it."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(changed) + 1)
        length = chance.choice((1, 1, 4, 40))
        match chance.randrange(7):
            case 0:
                changed[at : at + length] = chance.randbytes(length)
            case 1:
                del changed[at : at + length]
            case 2:
                changed[at:at] = changed[at : at + length] * chance.choice((1, 2, 50))
            case 3:
                changed[at:at] = chance.choice(NASTY)
            case 4:
                del changed[at:]
            case 5:
                changed += chance.choice(others)
            case 6:
                head, mark, body = bytes(changed).partition(b"\r\n")
                changed = bytearray(head + mark + chance.choice(NASTY) + mark + body)
    return bytes(changed)


NASTY = [
    b"Content-Length: 5",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: \x0bchunked",
    b"Expect: 100-continue",
    b"Connection: close",
    b"Connection: Upgrade\r\nUpgrade: h2c",
    b"Authorization: Bearer a.b.c",
    b"Content-Type: application/x-www-form-urlencoded",
    b"%00",
    b"%2F..%2F",
    b"\xf0\x9f\x92\xa9",
    b"\x00",
    b"\r\n\r\n",
    b"?messageId=",
    b"&settingsId=%00",
    b'{"a":' * 300,
    b"[" * 3000,
    b"\\ud800",
    b"1e999",
    b"null",
    b'"sendTime":1,',
]


async def test_anything_else(webhook: FakeWebhook, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever comes, nothing is answered with 500, nothing stays behind, and the server goes on serving."""
    app = build(Settings(seed="test", clock=NOON, journal_limit=50), client=webhook)
    account = app.sandbox.accounts.get("acc_link")
    assert account is not None
    token = authorization(app, account)[:-2]
    json_type = b"Content-Type: application/json"
    put = json.dumps({"id": "27fe4972-36d1-4b69-8d63-339c096d054e", "webSmsTemplate": "x"}).encode()
    form = b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + token[22:]
    target = f"{SEND}?messageId=00000000-0000-4000-8000-000000000000"
    seeds = [
        request("POST", target, token, json_type, body=HELLO),
        request("POST", target, token, json_type, b"Transfer-Encoding: chunked") + b"5\r\nhello\r\n0\r\n\r\n",
        request("PUT", f"{GATEWAY}/admin/settings", token, json_type, body=put),
        request("GET", FEATURESET, token),
        request("POST", "/auth/oauth2/token", b"Content-Type: application/x-www-form-urlencoded", body=form),
        request("GET", "/_sandbox/health"),
    ]
    chance = random.Random("requests")
    things: list[int] = []
    async with serving(app, grace=0.2) as server:

        async def one(data: bytes) -> bytes:
            async with server.connect() as client:
                try:
                    await client.write(data)
                    client.finish()
                    return await client.rest()
                except ConnectionError:
                    return b""

        for _ in range(2):
            for _ in range(25):
                batch = [mutated(chance, chance.choice(seeds), seeds) for _ in range(10)]
                answers = await asyncio.gather(*map(one, batch))
                assert not [data for data, answer in zip(batch, answers, strict=True) if b"HTTP/1.1 5" in answer]
                assert (await server.ask(seeds[3])).status == 200
            await server.idle()
            gc.collect()
            things.append(len(gc.get_objects()))
        assert (await server.ask(seeds[0])).status == 200
    assert len(app.sandbox.unclaimed) <= 50
    assert things[1] - things[0] < 5000
    assert not [record for record in caplog.records if record.exc_info]
