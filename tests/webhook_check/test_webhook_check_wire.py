"""Wire: answers are read as strictly as HTTP/1.1 is written."""

from __future__ import annotations

import pytest

from sandbox.webhook_check.wire import Wire, WireAnswer
from webhook_server import Receiver, Step

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def wire(receiver: Receiver, **changes: str) -> Wire:
    """Return a wire to a receiver that gives up soon."""
    url = receiver.url
    for old, new in changes.items():
        url = url.replace(old, new)
    return Wire(url, (("X-Extra", "1"),), 0.3)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        pytest.param(OK, WireAnswer(200, None, "", "ok", keeps=True), id="measured"),
        pytest.param(
            OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), WireAnswer(200, body="ok"), id="closing"
        ),
        pytest.param(b"HTTP/1.0 200 OK\r\n\r\nok", WireAnswer(200, body="ok"), id="unmeasured"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            WireAnswer(200, body="ok", keeps=True),
            id="chunked",
        ),
        pytest.param(b"HTTP/1.1 204 No\r\n\r\n", WireAnswer(204, keeps=True), id="no-content"),
        pytest.param(OK[:-1], WireAnswer(None, "closed", "the answer broke off within its body"), id="too-short"),
        pytest.param("close", WireAnswer(None, "closed"), id="closed"),
        pytest.param("hang", WireAnswer(None, "timeout"), id="silence"),
        pytest.param(b"SSH-2.0-x\r\n\r\n", WireAnswer(None, "not http"), id="not-http"),
        pytest.param(OK + OK, WireAnswer(None, "not http"), id="two-answers"),
        pytest.param(OK.replace(b": 2", b": 1"), WireAnswer(None, "not http"), id="too-long"),
    ],
)
async def test_answers(step: Step, expected: WireAnswer) -> None:
    """An answer is whole, or is told for what it is."""
    async with Receiver([step], after="close") as receiver:
        call = wire(receiver)
        answer = await call.ask(call.head("POST", ("Content-Length", "0")))
    detail = expected.detail if expected.error != "not http" else answer.detail
    assert answer._replace(duration_ms=0.0) == expected._replace(detail=detail)


async def test_request() -> None:
    """A request goes to the URL's target, with the host, the userinfo as credentials, and the headers that are wanted."""
    async with Receiver([200]) as receiver:
        call = wire(receiver, **{"127.0.0.1": "a%40b:c@127.0.0.1", "/callbacks": "/x/y?z=1"})
        await call.ask(call.head("POST", ("Content-Length", "2"), lower=True), b"h", b"i", pause=0.001)
    (request,) = receiver.requests
    assert (request.method, request.target, request.body) == ("POST", "/x/y?z=1", b"hi")
    assert request.header("host") == f"127.0.0.1:{receiver.port}"
    assert request.header("authorization") == "Basic YUBiOmM="
    assert request.header("x-extra") == "1"
    assert all(name == name.lower() for name, _ in request.headers)


async def test_head() -> None:
    """The answer to HEAD has no body, whatever its length says."""
    async with Receiver([OK.removesuffix(b"ok")], after="hang") as receiver:
        call = wire(receiver)
        assert (await call.ask(call.head("HEAD"), bodiless=True)).status == 200


async def test_nobody() -> None:
    """Where nobody listens, that is told."""
    async with Receiver() as receiver:
        call = wire(receiver)
    assert (await call.ask(call.head("GET"))).error == "refused"


async def test_says_more() -> None:
    """What comes behind an answer is noticed; silence is not."""
    async with Receiver([OK, 200], after="serve") as receiver:
        call = wire(receiver)
        async with call.connected() as connection:
            await connection.send(call.head("GET"))
            assert (await connection.answer()).status == 200
            assert not await connection.says_more()
            await connection.send(call.head("GET"))
            assert await connection.says_more()
