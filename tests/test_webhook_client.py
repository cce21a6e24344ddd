"""The client that calls webhooks, on real sockets: what it sends, what it makes of answers, and of none."""

from __future__ import annotations

import asyncio
import errno
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest

from sandbox import webhook_client, webhook_connection
from sandbox.core.callback import Encoded
from sandbox.webhook_client import Answer, DeliveryError, HttpWebhookClient
from sandbox.webhook_connection import DRAINED, KEPT
from webhook_server import Receiver, Step, redirect, self_signed

pytestmark = pytest.mark.anyio

BODY = '{"text":"Grüße"}'.encode()
ENCODED = Encoded("application/json", BODY)
OK = b"HTTP/1.1 200 OK\r\n"

Headers = tuple[tuple[str, str], ...]
Resolve = Callable[..., list[str]]


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    """The loop of whoever embeds a sandbox, and the server's."""
    return "asyncio", {"use_uvloop": request.param}


@pytest.fixture
async def client() -> AsyncIterator[HttpWebhookClient]:
    """A client with the default rule, that knows one real provider."""
    made = HttpWebhookClient("private", ("provider.example",))
    yield made
    await made.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A webhook that answers 204 until told otherwise."""
    async with Receiver() as made:
        yield made


async def post(
    client: HttpWebhookClient,
    url: str,
    *headers: tuple[str, str],
    encoded: Encoded = ENCODED,
    timeout: float = 5,
    vouched: bool = True,
) -> Answer:
    """Post with what most tests have in common."""
    return await client.post(url, headers, encoded, timeout, vouched)


async def failure(client: HttpWebhookClient, url: str, **how: Any) -> DeliveryError:
    """Return how a post that must fail fails."""
    with pytest.raises(DeliveryError) as caught:
        await post(client, url, **how)
    return caught.value


def names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let every name resolve to these addresses, one list a lookup; an empty one is a failure. Returns the lookups."""
    asked: list[str] = []

    async def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        with suppress(ValueError):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (str(IPv4Address(host)), port))]
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    return asked


# what goes out


async def test_request(client: HttpWebhookClient, receiver: Receiver) -> None:
    """LINK-CB-01: a callback is a POST of the very bytes with their content type, and of little else."""
    assert await post(client, receiver.url) == Answer(204, "")
    (request,) = receiver.requests
    assert (request.method, request.target, request.body) == ("POST", "/callbacks", BODY)
    assert dict(request.headers) == {
        "Host": f"127.0.0.1:{receiver.port}",
        "Content-Type": "application/json",
        "Content-Length": str(len(BODY)),
        "User-Agent": "messaging-sandbox",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
    }


@pytest.mark.parametrize(
    ("given", "target", "authorization"),
    [
        pytest.param("", "/", None, id="LINK-CB-01-no-path"),
        pytest.param("?key=1", "/?key=1", None, id="LINK-CB-01-query-without-path"),
        pytest.param(
            "/a%7Eb/?x=%7e+1%20&x=&y=a/b#top", "/a%7Eb/?x=%7e+1%20&x=&y=a/b", None, id="LINK-CB-01-as-written"
        ),
        pytest.param("/straße?q=ä", "/stra%C3%9Fe?q=%C3%A4", None, id="LINK-CB-01-escaped-where-it-must-be"),
        pytest.param("user:secret@/in", "/in", "Basic dXNlcjpzZWNyZXQ=", id="LINK-CB-01-userinfo"),
        pytest.param("u%20s:p%40%C3%A9@/in?a=1", "/in?a=1", "Basic dSBzOnBAw6k=", id="LINK-CB-01-escaped-userinfo"),
        pytest.param("user@/in", "/in", "Basic dXNlcjo=", id="LINK-CB-01-user-alone"),
    ],
)
async def test_url(
    client: HttpWebhookClient, receiver: Receiver, given: str, target: str, authorization: str | None
) -> None:
    """A URL's query string is kept as it was written, and its userinfo becomes Basic authentication."""
    userinfo, at, rest = given.rpartition("@")
    await post(client, f"http://{userinfo}{at}127.0.0.1:{receiver.port}{rest}")
    (request,) = receiver.requests
    assert (request.target, request.header("authorization")) == (target, authorization)


async def test_configured_headers(client: HttpWebhookClient, receiver: Receiver) -> None:
    """Configured headers go out, twice if given twice, and replace ours, but cannot break the request."""
    given: Headers = (
        ("X-Api-Key", "1"),
        ("X-Api-Key", "2"),
        ("user-agent", "mine"),
        ("AUTHORIZATION", "Bearer t"),
        ("Content-Length", "3"),
        ("content-type", "text/plain"),
        ("Transfer-Encoding", "chunked"),
    )
    await post(client, receiver.url.replace("://", "://user:secret@"), *given)
    (request,) = receiver.requests
    assert [value for name, value in request.headers if name == "X-Api-Key"] == ["1", "2"]
    assert [request.header(name) for name in ("User-Agent", "Authorization", "Content-Type", "Transfer-Encoding")] == [
        "mine",
        "Bearer t",
        "application/json",
        None,
    ]
    assert request.body == BODY


async def test_header_injection(client: HttpWebhookClient, receiver: Receiver) -> None:
    """A header with a line break in it is not sent."""
    with pytest.raises(DeliveryError) as caught:
        await post(client, receiver.url, ("X-A", "1\r\nX-B: 2"))
    assert (caught.value.reason, receiver.requests) == ("error", [])


async def test_multipart(client: HttpWebhookClient, receiver: Receiver) -> None:
    """LINK-CB-20: a multipart body goes out as it was encoded, however large it is."""
    encoded = Encoded("multipart/form-data; boundary=b", b"--b\r\n" + bytes(range(256)) * 12_000, ())
    await post(client, receiver.url, encoded=encoded)
    (request,) = receiver.requests
    assert (request.header("content-type"), request.body) == (encoded.content_type, encoded.body)


async def test_proxies_of_the_environment(
    client: HttpWebhookClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy in the environment is not used: what it would connect to could not be checked."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert (await post(client, receiver.url)).status == 204


# what comes back


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        pytest.param(OK + b"Content-Length: 2\r\n\r\nok", Answer(200, "ok"), id="whole"),
        pytest.param(OK + b"\r\nuntil the end", Answer(200, "until the end"), id="no-length"),
        pytest.param(OK + b"\r\n" + b"x" * (KEPT - 1), Answer(200, "x" * (KEPT - 1)), id="not-quite-a-kilobyte"),
        pytest.param(OK + b"\r\n" + b"x" * (KEPT + 1), Answer(200, "x" * KEPT), id="more-than-a-kilobyte"),
        pytest.param(OK + b"\r\n\xff!", Answer(200, "�!"), id="not-utf-8"),
        pytest.param(
            OK + b"Content-Encoding: gzip\r\n\r\nnot gzip", Answer(200, "not gzip"), id="compression-is-ignored"
        ),
        pytest.param(OK + b"Content-Length: 99\r\n\r\nshort", Answer(200, "short"), id="broken-off"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"\r\n", Answer(200, ""), id="after-an-interim-answer"),
        pytest.param(b"HTTP/1.0 503 No\r\n\r\nbusy", Answer(503, "busy"), id="old-and-unwilling"),
        pytest.param(
            OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nin \r\n6;a=b\r\npieces\r\n0\r\nX: y\r\n\r\n",
            Answer(200, "in pieces"),
            id="in-pieces",
        ),
        pytest.param(
            OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\none\r\nnot hexadecimal",
            Answer(200, "one"),
            id="in-pieces-that-are-none",
        ),
        pytest.param(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nxyz",
            Answer(101, ""),
            id="another-protocol",
        ),
        pytest.param(
            OK + b"Content-Length: 3\r\n\r\none" + OK + b"Content-Length: 3\r\n\r\ntwo",
            Answer(200, "one"),
            id="two-at-once",
        ),
    ],
)
async def test_answers(client: HttpWebhookClient, receiver: Receiver, raw: bytes, answer: Answer) -> None:
    """An answer is its status and the beginning of its body; a body that is in order or not changes nothing."""
    receiver.answers(raw)
    assert await post(client, receiver.url) == answer


async def test_endless_answer(client: HttpWebhookClient, receiver: Receiver) -> None:
    """A body that stops coming keeps the answer until the timeout, and no longer."""
    receiver.after = "hang"
    receiver.answers(OK + b"Content-Length: 99\r\n\r\nthe beginning")
    assert await post(client, receiver.url, timeout=0.2) == Answer(200, "the beginning")


async def test_redirect(client: HttpWebhookClient, receiver: Receiver) -> None:
    """LINK-CB-02: a redirect is an answer; nobody goes there."""
    async with Receiver() as elsewhere:
        receiver.answers(redirect(elsewhere.url))
        assert (await post(client, receiver.url)).status == 307
        assert elsewhere.connections == 0


async def test_cookies(client: HttpWebhookClient, receiver: Receiver) -> None:
    """A webhook's cookies are not sent back."""
    receiver.answers(b"HTTP/1.1 204 No Content\r\nSet-Cookie: a=1\r\n\r\n")
    for _ in range(2):
        await post(client, receiver.url)
    assert receiver.requests[1].header("cookie") is None


# what does not


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        pytest.param("close", "closed", id="LINK-CB-02-closed-without-an-answer"),
        pytest.param(b"HTTP/1.1 20", "closed", id="LINK-CB-02-closed-within-the-status"),
        pytest.param(OK + b"X-Half: ", "closed", id="LINK-CB-02-closed-within-a-header"),
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n", "not http", id="LINK-CB-02-another-protocol"),
        pytest.param(bytes(range(64)), "not http", id="LINK-CB-02-bytes"),
        pytest.param(OK + b"Content-Length: many\r\n\r\n", "not http", id="LINK-CB-02-bad-length"),
        pytest.param(OK + b"Content-Length: -1\r\n\r\n", "not http", id="LINK-CB-02-negative-length"),
        pytest.param(OK + b"X: y\r\n" * 200_000, "not http", id="LINK-CB-02-headers-without-end"),
        pytest.param(OK + b"X: " + b"y" * 1_000_000, "not http", id="LINK-CB-02-a-line-without-end"),
        pytest.param("hang", "timeout", id="LINK-CB-02-silence"),
        pytest.param(b"HTTP/1.1 2", "timeout", id="LINK-CB-02-half-an-answer"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, "timeout", id="LINK-CB-02-interim-answers-only"),
    ],
)
async def test_failures(client: HttpWebhookClient, receiver: Receiver, step: Step, reason: str) -> None:
    """What is no answer is told apart, within the timeout."""
    receiver.after = "close" if reason == "closed" else "hang"
    receiver.answers(step)
    assert (await failure(client, receiver.url, timeout=0.05 if reason == "timeout" else 5)).reason == reason
    assert len(receiver.requests) <= 1


async def test_refused(client: HttpWebhookClient) -> None:
    """A port that nobody listens at refuses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        error = await failure(client, f"http://127.0.0.1:{port}/")
    assert (error.reason, error.detail) == ("refused", f"nothing listens at 127.0.0.1:{port}")


async def test_reset(client: HttpWebhookClient) -> None:
    """A connection that is reset has been closed."""

    async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    server = await asyncio.start_server(reset, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert (await failure(client, f"http://127.0.0.1:{port}/")).reason == "closed"
    server.close()


async def test_unreachable(client: HttpWebhookClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that no way leads to says so."""

    async def no_route(*_: object) -> None:
        raise OSError(errno.EHOSTUNREACH, "No route to host")

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", no_route)
    error = await failure(client, "http://192.168.1.9:8080/")
    assert error.reason == "unreachable"
    assert error.detail.startswith("192.168.1.9:8080 cannot be reached")


async def test_unknown_name(client: HttpWebhookClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that does not resolve says so."""
    names(monkeypatch, [])
    error = await failure(client, "http://webhook.test/")
    assert (error.reason, error.detail) == ("dns", "webhook.test cannot be resolved: Name or service not known")


async def test_bad_certificate(client: HttpWebhookClient, tmp_path: Path) -> None:
    """A certificate that nobody vouches for is not accepted."""
    async with Receiver(tls=self_signed(tmp_path)) as receiver:
        error = await failure(client, receiver.url)
    assert error.reason == "certificate"
    assert "self-signed" in error.detail
    assert receiver.requests == []


async def test_certificate_of_ones_own(
    client: HttpWebhookClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`SSL_CERT_FILE` vouches for a certificate that nobody else does."""
    async with Receiver(tls=self_signed(tmp_path)) as receiver:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
        webhook_client._tls.cache_clear()
        try:
            assert (await client.post(receiver.url, (), ENCODED, 5, vouched=True)).status == 204
        finally:
            webhook_client._tls.cache_clear()


async def test_unverified_certificate(client: HttpWebhookClient, tmp_path: Path) -> None:
    """Where that is asked for a certificate is not looked at; the next request looks at it again."""
    async with Receiver(tls=self_signed(tmp_path)) as receiver:
        assert (await client.post(receiver.url, (), ENCODED, 5, vouched=True, verify=False)).status == 204
        assert (await failure(client, receiver.url)).reason == "certificate"
    assert [request.body for request in receiver.requests] == [BODY]


async def test_no_tls(client: HttpWebhookClient) -> None:
    """An https URL of a webhook that speaks plain HTTP fails as such."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert (await failure(client, f"https://127.0.0.1:{port}/")).reason == "tls"
    server.close()


# connections


async def test_keep_alive(client: HttpWebhookClient, receiver: Receiver) -> None:
    """One connection serves request after request."""
    for _ in range(3):
        await post(client, receiver.url)
    assert [request.connection for request in receiver.requests] == [1, 1, 1]


@pytest.mark.parametrize(
    ("first", "connections"),
    [
        pytest.param(OK + b"Content-Length: 0\r\n\r\n", 1, id="as-usual"),
        pytest.param(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 1, id="in-pieces"),
        pytest.param(OK + b"Content-Length: 0\r\nConnection: close\r\n\r\n", 2, id="to-be-closed"),
        pytest.param(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 2, id="old"),
        pytest.param(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n", 1, id="old-and-kept"),
        pytest.param(b"HTTP/1.1 204 No Content\r\n\r\nno content", 2, id="with-something-behind-it"),
        pytest.param(2 * (OK + b"Content-Length: 0\r\n\r\n"), 2, id="with-another-behind-it"),
        pytest.param(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", 2, id="another-protocol"
        ),
    ],
)
async def test_connection_after(client: HttpWebhookClient, receiver: Receiver, first: bytes, connections: int) -> None:
    """After an answer that allows it a connection is used again, and not if anything came behind the answer."""
    receiver.after = "serve"
    receiver.answers(first, 204)
    await post(client, receiver.url)
    assert await post(client, receiver.url) == Answer(204, "")
    assert receiver.connections == connections


async def test_unasked(client: HttpWebhookClient, receiver: Receiver) -> None:
    """What comes on an idle connection answers nothing: the next request goes out on another."""
    await post(client, receiver.url)
    receiver.say(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
    while receiver.open:
        await asyncio.sleep(0)
    assert await post(client, receiver.url) == Answer(204, "")
    assert receiver.connections == 2


async def test_idle_connections_end(
    client: HttpWebhookClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that nobody uses is closed; when none is left nobody looks any more."""
    monkeypatch.setattr(webhook_connection, "IDLE", 0.01)
    await post(client, receiver.url)
    while receiver.open:
        await asyncio.sleep(0)
    while client._idle._sweep is not None:
        await asyncio.sleep(0)
    assert not client._idle._idle
    await post(client, receiver.url)
    assert receiver.connections == 2


async def test_old_connection(client: HttpWebhookClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that has waited for longer than it may is not used, although it is still there."""
    await post(client, receiver.url)
    monkeypatch.setattr(webhook_connection, "IDLE", 0)
    await post(client, receiver.url)
    assert [request.connection for request in receiver.requests] == [1, 2]


async def test_ended_before_the_request(receiver: Receiver) -> None:
    """A connection that ended after it was made and before its first request tells so at once."""
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(webhook_connection.Connection, "127.0.0.1", receiver.port)
    connection.close()
    while receiver.open or not receiver.connections:
        await asyncio.sleep(0)
    with pytest.raises(webhook_connection.NoAnswerError):
        await connection.exchange(b"POST / HTTP/1.1\r\n\r\n", b"", loop.time() + 60)


async def test_given_up(client: HttpWebhookClient, receiver: Receiver) -> None:
    """Who stops waiting hangs up, and the connection serves nobody else."""
    receiver.answers("hang", 204)
    waiting = asyncio.ensure_future(post(client, receiver.url))
    while not receiver.requests:
        await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await post(client, receiver.url) == Answer(204, "")
    assert receiver.connections == 2


async def test_ipv6(client: HttpWebhookClient) -> None:
    """LINK-CB-01: an address of IPv6 is called as it is written."""
    async with Receiver(host="::1") as receiver:
        url = f"http://[::1]:{receiver.port}/in"
        assert await post(client, url, vouched=False) == Answer(204, "")
    assert receiver.requests[0].header("host") == f"[::1]:{receiver.port}"


async def test_next_address(client: HttpWebhookClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a name with several addresses the one that answers is used."""
    names(monkeypatch, ["127.0.0.9", "127.0.0.1"])
    assert await post(client, f"http://webhook.test:{receiver.port}/") == Answer(204, "")


@pytest.mark.parametrize(
    ("length", "connections"),
    [
        pytest.param(DRAINED, 1, id="long"),
        pytest.param(64 * DRAINED, 2, id="too-long"),
    ],
)
async def test_long_answers(client: HttpWebhookClient, receiver: Receiver, length: int, connections: int) -> None:
    """A long body is read to its end, so that the connection can be kept; from a longer one we hang up."""
    long = OK + f"Content-Length: {length}\r\n\r\n".encode() + b"x" * length
    receiver.after = "serve"
    receiver.answers(long)
    assert await post(client, receiver.url) == Answer(200, "x" * KEPT)
    await post(client, receiver.url)
    assert receiver.connections == connections


async def test_stale_connection(client: HttpWebhookClient, receiver: Receiver) -> None:
    """A kept connection that is closed instead of answering costs nothing: the request goes out on a fresh one."""
    receiver.answers(204, "close", 200)
    assert (await post(client, receiver.url)).status == 204
    assert (await post(client, receiver.url)).status == 200
    assert [request.connection for request in receiver.requests] == [1, 1, 2]


@pytest.mark.parametrize(
    ("steps", "requests"),
    [
        pytest.param(["close", 204], 1, id="a-fresh-connection-is-not-tried-again"),
        pytest.param([204, "close", "close", 204], 3, id="once-is-enough"),
        pytest.param([204, b"HTTP/1.1 2", 204], 2, id="an-answer-had-begun"),
        pytest.param([204, b"garbage\r\n", 204], 2, id="an-answer-that-is-none"),
    ],
)
async def test_second_tries(client: HttpWebhookClient, receiver: Receiver, steps: list[Step], requests: int) -> None:
    """Only a kept connection that was closed before any byte of an answer is followed by a second try, and by one."""
    receiver.answers(*steps)
    if steps[0] == 204:
        await post(client, receiver.url)
    await failure(client, receiver.url)
    assert len(receiver.requests) == requests


async def test_connections_of_others(client: HttpWebhookClient, receiver: Receiver) -> None:
    """A connection to a URL of the operator is not used for one that came in a request."""
    await post(client, receiver.url, vouched=True)
    await post(client, receiver.url, vouched=False)
    assert receiver.connections == 2


# the egress rule


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        pytest.param("http://169.254.169.254/latest", "link-local", id="metadata"),
        pytest.param("http://2852039166/", "link-local", id="metadata-in-decimal"),
        pytest.param("http://[::ffff:169.254.169.254]/", "link-local", id="metadata-mapped"),
        pytest.param("http://user@169.254.169.254:80/", "link-local", id="metadata-behind-userinfo"),
        pytest.param("https://EU.Provider.Example./x", "real provider", id="provider"),
        pytest.param("ftp://127.0.0.1/", "http and https", id="another-scheme"),
        pytest.param("127.0.0.1/in", "http and https", id="no-scheme"),
        pytest.param("http:///in", "neither an IP address nor a host name", id="no-host"),
        pytest.param("http://127.0.0.1:99999/", "not a URL", id="no-such-port"),
        pytest.param("http://[::1/", "not a URL", id="half-a-bracket"),
    ],
)
async def test_blocked(client: HttpWebhookClient, url: str, detail: str) -> None:
    """What the egress rule refuses is not connected to, and the refusal says why."""
    error = await failure(client, url)
    assert error.reason == "blocked"
    assert detail in error.detail


@pytest.mark.parametrize(
    ("found", "vouched", "detail"),
    [
        pytest.param(["8.8.8.8"], False, "egress: any", id="public"),
        pytest.param(["169.254.169.254"], False, "link-local", id="metadata"),
        pytest.param(["169.254.169.254", "169.254.170.2"], True, "link-local", id="metadata-for-the-operator"),
    ],
)
async def test_blocked_by_what_a_name_resolves_to(
    client: HttpWebhookClient, monkeypatch: pytest.MonkeyPatch, found: list[str], vouched: bool, detail: str
) -> None:
    """A name is judged by the addresses it resolves to."""
    names(monkeypatch, found)
    error = await failure(client, "http://webhook.test/", vouched=vouched)
    assert (error.reason, error.detail.startswith("webhook.test: ")) == ("blocked", True)
    assert detail in error.detail


async def test_pinned(client: HttpWebhookClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection goes to an address that was checked: a name is looked up once, and what is refused is left out."""
    asked = names(monkeypatch, ["169.254.169.254", "127.0.0.1"], ["169.254.169.254"])
    await post(client, f"http://webhook.test:{receiver.port}/in", vouched=False)
    assert (asked, receiver.requests[0].header("host")) == (["webhook.test"], f"webhook.test:{receiver.port}")


def test_lazy_import() -> None:
    """Who has no webhook does not wait for what only webhooks need."""
    program = "import sys, sandbox.webhook_client, sandbox.dispatcher; sys.exit('yarl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
