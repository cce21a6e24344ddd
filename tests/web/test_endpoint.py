"""How a request to an emulated API is answered: the order of the steps, the faults, the journal, the events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from harness import GATEWAY, USER, FakeWebhook, LinkClient, broken_rule
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.core.fault import FaultSpec
from sandbox.core.journal import Exchange
from sandbox.core.operation import Call, Operation, Reply
from sandbox.providers.link import Link
from sandbox.web import endpoint
from sandbox.web.endpoint import Endpoints
from wire import GONE, Headers, Wire, piece

MIB = 1024 * 1024
SEND = f"{GATEWAY}/phone/{USER}/conversationMessage"
FEATURESET = f"{GATEWAY}/featureset"
HELLO = json.dumps({"messageContent": {"text": "Hello"}}).encode()
TROUBLE = "The Conversational Platform is currently experiencing problems"
FAULT = "x-sandbox-fault"
INSTANT = 0.000_001


def arm(app: App, account: Account, effect: dict[str, Any], **more: Any) -> str:
    """Arm a fault of requests and return its id."""
    spec = FaultSpec.model_validate({"on": "request", "effect": effect, **more})
    return app.sandbox.arm(spec, account).id


def latest(account: Account) -> Exchange:
    """Return the request that an account journaled last."""
    return next(reversed(account.journal.requests))


def bearer(app: App, account: Account) -> Headers:
    """Return the headers of a call with a token and JSON."""
    given = account.provider.authorization(account, app.sandbox.services)
    token = tuple((name.lower().encode(), value.encode()) for name, value in given.items())
    return (*token, (b"content-type", b"application/json"))


def send_to(app: App, account: Account, *incoming: dict[str, Any], headers: Headers = ()) -> Wire:
    """Return a sendMessage of which the body comes as these messages."""
    target = f"{SEND}?messageId=00000000-0000-4000-8000-000000000001"
    return Wire(app, "POST", target, (*bearer(app, account), *headers), list(incoming) or [piece(HELLO, last=True)])


Handle = Callable[[Call], Reply]


@pytest.fixture
def handled_by(app: App, account: Account, monkeypatch: pytest.MonkeyPatch) -> Callable[[Handle], Endpoints]:
    """Make endpoints whose only operation, `GET /gateway/test`, is of the test's own."""

    def made(handle: Handle) -> Endpoints:
        def authenticate(request: Any, _services: Any) -> Account:
            request.account = account
            return account

        operation = Operation("test", "GET", "/gateway/test", "1", authenticate, handle)
        monkeypatch.setattr(Link, "operations", (operation,))
        monkeypatch.setattr(endpoint, "_router", endpoint._router.__wrapped__)  # which remembers nothing
        return Endpoints(app.sandbox)

    return made


# --------------------------------------------------------------------------------------------------- the steps


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "fault", "status", "rule"),
    [
        pytest.param("POST", "/gateway/x", {}, b"", True, 404, "LINK-GEN-08", id="path-before-method-and-token"),
        pytest.param("DELETE", FEATURESET, {}, b"", True, 405, "LINK-GEN-09", id="method-before-token"),
        pytest.param("POST", SEND, {}, b"x" * (MIB + 1), True, 401, "LINK-AUTH-30", id="token-before-fault-and-size"),
        pytest.param("POST", SEND, None, b"x" * (MIB + 1), True, 503, None, id="fault-before-size"),
        pytest.param("POST", SEND, None, b"x" * (MIB + 1), False, 413, "LINK-GEN-22", id="size-before-content-type"),
        pytest.param("POST", SEND, None, b"x", True, 503, None, id="fault-before-content-type"),
        pytest.param("POST", SEND, None, b"x", False, 415, "LINK-GEN-10", id="content-type-before-body"),
    ],
)
async def test_order(
    app: App,
    account: Account,
    http: httpx.AsyncClient,
    link: LinkClient,
    method: str,
    path: str,
    headers: dict[str, str] | None,
    body: bytes,
    fault: bool,
    status: int,
    rule: str | None,
) -> None:
    """LINK-GEN-04: path, method, token, fault, size, then what the operation checks; the first defect is told."""
    given = await link.headers() if headers is None else headers
    if fault:
        arm(app, account, {"type": "status", "status": 503})
    answer = await http.request(method, path, content=body, headers=given)
    assert (answer.status_code, broken_rule(answer), FAULT in answer.headers) == (status, rule, status == 503)


@pytest.mark.parametrize(
    ("size", "status", "rule"),
    [
        pytest.param(MIB, 400, "LINK-GEN-11", id="LINK-GEN-22-one-mebibyte-is-read"),
        pytest.param(MIB + 1, 413, "LINK-GEN-22", id="LINK-GEN-22-one-byte-more-is-not"),
    ],
)
async def test_largest_body(link: LinkClient, account: Account, size: int, status: int, rule: str) -> None:
    """A body of 1 MiB is validated; one byte more is refused in LINK's own form, and nothing of it is kept."""
    answer = await link.post_message(b"x" * size)
    assert (answer.status_code, broken_rule(answer)) == (status, rule)
    assert answer.json()["status"] == str(status)
    assert len(latest(account).request.body) == (size if status == 400 else 0)


async def test_pieces(app: App, account: Account) -> None:
    """A body may come in pieces, empty ones too."""
    pieces = [piece(HELLO[:3]), piece(b""), piece(HELLO[3:]), piece(b"", last=True)]
    wire = await send_to(app, account, *pieces).run()
    assert wire.status == 200
    assert latest(account).request.body == HELLO


async def test_too_large_in_pieces(app: App, account: Account) -> None:
    """What passes the limit piece by piece is read to its end and refused; the connection ends with the answer."""
    wire = await send_to(app, account, piece(b"x" * MIB), piece(b"x"), piece(b"x", last=True)).run()
    assert (wire.status, wire.asked) == (413, 3)
    assert wire.answer_headers[b"connection"] == b"close"


async def test_endless_body(app: App, account: Account) -> None:
    """Of a body without end only so much is read before it is refused."""
    endpoints = Endpoints(app.sandbox, drain_limit=2 * MIB)
    wire = send_to(app, account, *[piece(b"x" * MIB)] * 10)
    wire.app = endpoints
    await wire.run()
    assert (wire.status, wire.asked) == (413, 3)


@pytest.mark.parametrize(
    ("size", "status", "asked"),
    [
        pytest.param(MIB, 200, 1, id="one-mebibyte-is-asked-for"),
        pytest.param(MIB + 1, 413, 0, id="one-byte-more-is-not"),
    ],
)
async def test_expect(app: App, account: Account, size: int, status: int, asked: int) -> None:
    """A client that asks before it sends too large a body need not send it."""
    headers = ((b"expect", b"100-continue"), (b"content-length", b"%d" % size))
    wire = await send_to(app, account, headers=headers).run()
    assert (wire.status, wire.asked) == (status, asked)


async def test_stray_body(app: App) -> None:
    """Of a request that no document knows a body is kept as well, but not a large one."""
    for size, kept in ((64 * 1024, 64 * 1024), (64 * 1024 + 1, 0)):
        wire = await Wire(app, "POST", "/gateway/x", incoming=[piece(b"x" * size, last=True)]).run()
        assert wire.status == 404
        assert len(next(reversed(app.sandbox.unclaimed)).request.body) == kept


# ------------------------------------------------------------------------------------------------- the journal


async def test_journaled(app: App, account: Account, link: LinkClient) -> None:
    """A request is journaled with its answer before the client has it, and its messages know it."""
    answer = await link.send(text="Hello", to=USER)
    exchange = latest(account)
    (message,) = account.journal.messages
    assert (exchange.account, exchange.provider, exchange.operation) == ("acc_link", "link", "sendMessage")
    assert (exchange.request.method, exchange.request.path) == ("POST", SEND)
    assert exchange.request.query == b"messageId=00000000-0000-4000-8000-000000000001"
    assert (exchange.status, exchange.response_body) == (200, answer.content)
    assert (exchange.rule, exchange.fault, exchange.detail, exchange.near) == (None, None, None, None)
    assert (exchange.at, exchange.ended_at) == (account.clock.now(), account.clock.now())
    assert (exchange.messages, message.request) == ((message.id,), exchange.id)


async def test_refused_is_journaled(account: Account, link: LinkClient) -> None:
    """A refused request is journaled with the rule it broke, and with the answer."""
    answer = await link.send(text="")
    exchange = latest(account)
    assert (exchange.status, exchange.rule, exchange.messages) == (400, "LINK-MSG-13", ())
    assert exchange.response_body == answer.content


async def test_unauthorised_is_journaled(app: App, account: Account, http: httpx.AsyncClient) -> None:
    """Why a token was refused stands in the journal alone; whose it was, if that can be told."""
    await http.get(FEATURESET)
    stray = next(reversed(app.sandbox.unclaimed))
    assert (stray.status, stray.rule, stray.detail) == (401, "LINK-AUTH-30", "no Authorization header")
    headers = account.provider.authorization(account, app.sandbox.services)
    account.generation += 1
    await http.get(FEATURESET, headers=headers)
    assert (latest(account).rule, latest(account).detail) == ("LINK-AUTH-36", "the token is revoked")


@pytest.mark.parametrize(
    ("method", "path", "status", "provider", "near"),
    [
        pytest.param(
            "POST", SEND + "s", 404, "link", f"POST {SEND.replace(USER, '{msisdn}')}", id="LINK-GEN-08-a-typo"
        ),
        pytest.param("GET", FEATURESET + "/", 404, "link", f"GET {FEATURESET}", id="LINK-GEN-08-a-slash-too-many"),
        pytest.param("PATCH", FEATURESET, 405, "link", None, id="LINK-GEN-09-another-method"),
        pytest.param("HEAD", FEATURESET, 405, "link", None, id="LINK-GEN-09-head-is-another-method"),
        pytest.param("POST", "/featureset", 404, None, f"GET {FEATURESET}", id="nobodys-path"),
        pytest.param("GET", "/robots.txt", 404, None, None, id="nothing-like-it"),
    ],
)
async def test_unknown(
    app: App, http: httpx.AsyncClient, method: str, path: str, status: int, provider: str | None, near: str | None
) -> None:
    """What no document knows is journaled too, and the operation that was likely meant stands in the answer's head."""
    answer = await http.request(method, path)
    stray = next(reversed(app.sandbox.unclaimed))
    assert answer.status_code == stray.status == status
    assert (stray.account, stray.operation, stray.provider, stray.near) == (None, None, provider, near)
    assert answer.headers.get("x-sandbox-near") == near
    assert (answer.headers["content-type"] == "application/json") is (provider is not None)
    assert ("GET /_sandbox/providers" in answer.text) is (provider is None)


async def test_allowed(http: httpx.AsyncClient) -> None:
    """LINK-GEN-09: the answer to another method names those there are."""
    answer = await http.patch(f"{GATEWAY}/admin/settings")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, PUT")


async def test_warnings(account: Account, link: LinkClient) -> None:
    """Warnings are journaled, whether the request is accepted or refused."""
    for text, status in (("Hello", 200), ("", 400)):
        answer = await link.send(text=text, colour="red")
        assert answer.status_code == status
        assert latest(account).warnings == ("LINK-GEN-13: messageContent.colour is unknown and was ignored",)


@pytest.mark.parametrize("token", [pytest.param(True, id="whose-it-was"), pytest.param(False, id="nobodys")])
async def test_client_leaves(app: App, account: Account, token: bool) -> None:
    """A request whose client leaves before the body is whole is journaled without an answer, and has no effect."""
    wire = send_to(app, account, piece(HELLO[:9]), GONE)
    if not token:
        wire.headers = ()
    await wire.run()
    exchange = next(reversed(account.journal.requests if token else app.sandbox.unclaimed))
    assert (exchange.operation, exchange.status) == ("sendMessage", None)
    assert exchange.detail == "the connection ended before the body was whole"
    assert (wire.log, len(account.journal.messages)) == ([], 0)


async def test_client_leaves_a_stray_request(app: App) -> None:
    """That holds where no document knows the path, too."""
    wire = await Wire(app, "POST", "/gateway/x", incoming=[GONE]).run()
    stray = next(reversed(app.sandbox.unclaimed))
    assert (stray.provider, stray.status, wire.log) == ("link", None, [])


async def test_large_heads_are_counted(app: App, http: httpx.AsyncClient) -> None:
    """The journal's limit of bytes counts paths and headers, so that many large ones do not add up."""
    await http.get("/x" * 20_000, headers={"x-large": "y" * 20_000})
    assert next(reversed(app.sandbox.unclaimed)).size > 60_000


# -------------------------------------------------------------------------------------------------- the events


async def test_events_follow_the_answer(app: App, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """LINK-MSG-22: events take effect when the answer has been written, so no callback can precede it."""
    wire = send_to(app, account)
    monkeypatch.setattr(app.sandbox, "publish", lambda event, *_: wire.log.append(type(event).__name__))
    await wire.run()
    assert wire.log == ["head", "body", "MessageAccepted"]


async def test_events_follow_even_a_lost_answer(app: App, account: Account, webhook: FakeWebhook) -> None:
    """A message that was accepted is delivered, although its answer could not be written."""
    wire = send_to(app, account)
    wire.broken = True
    with pytest.raises(BrokenPipeError):
        await wire.run()
    await account.clock.advance(1)
    assert webhook.kinds == ["DELIVERED", "READ"]


async def test_event_fails(
    app: App, account: Account, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An event that goes wrong is our trouble alone: the answer is out, and the log has it."""

    def publish(_event: object) -> None:
        raise RuntimeError("the engine failed")

    monkeypatch.setattr(app.sandbox, "publish", publish)
    wire = await send_to(app, account).run()
    assert wire.status == 200
    assert [record.message for record in caplog.records] == ["MessageAccepted had no effect"]


# ------------------------------------------------------------------------------------------------ our own bugs


async def test_bug(handled_by: Callable[[Handle], Endpoints], account: Account, caplog: Any) -> None:
    """LINK-GEN-20: a bug of ours is the platform's trouble to the client, and a traceback in the log alone."""

    def handle(call: Call) -> Reply:
        call.take(account.journal.messages)  # type: ignore[arg-type]  # anything will do
        call.warnings.append("so far so good")
        raise KeyError("a bug")

    wire = await Wire(handled_by(handle), "GET", "/gateway/test").run()
    assert wire.status == 400
    assert wire.answer is not None
    assert json.loads(wire.answer) == {"status": "400", "error": "Bad Request", "message": TROUBLE}
    exchange = latest(account)
    assert exchange.detail == "the sandbox failed; its log tells more"
    assert (exchange.messages, exchange.warnings) == ((), ("so far so good",))
    assert len(account.journal.messages) == 0
    (record,) = caplog.records
    assert (record.name, record.message) == ("sandbox.web", "GET /gateway/test failed")
    assert record.exc_info[0] is KeyError


@pytest.mark.parametrize("status", [204, 304])
async def test_no_content(handled_by: Callable[[Handle], Endpoints], status: int) -> None:
    """Answers that have no body have no length either."""
    wire = await Wire(handled_by(lambda _: Reply(status, b"{}")), "GET", "/gateway/test").run()
    assert (wire.status, wire.answer) == (status, b"")
    assert b"content-length" not in wire.answer_headers


async def test_empty_answer(handled_by: Callable[[Handle], Endpoints]) -> None:
    """An empty body has a length of 0."""
    wire = await Wire(handled_by(lambda _: Reply(200, headers=())), "GET", "/gateway/test").run()
    assert wire.answer_headers == {b"content-length": b"0"}


# -------------------------------------------------------------------------------------------------- the faults


@pytest.mark.parametrize(
    ("effect", "status", "body"),
    [
        pytest.param({"type": "status", "status": 503}, 503, {"error": "Service Unavailable"}, id="status"),
        pytest.param({"type": "status", "status": 418, "body": {"tea": 1}}, 418, {"tea": 1}, id="status-and-body"),
        pytest.param({"type": "status", "status": 204, "body": {"tea": 1}}, 204, None, id="status-without-body"),
        pytest.param({"type": "status", "status": 400}, 400, {"message": TROUBLE}, id="LINK-GEN-20-platform-trouble"),
        pytest.param({"type": "code", "code": "401"}, 401, {"message": "Missing or invalid token"}, id="code"),
    ],
)
async def test_answered_by_a_fault(
    app: App, account: Account, link: LinkClient, effect: dict[str, Any], status: int, body: dict[str, Any] | None
) -> None:
    """A fault answers in place of the operation, names itself and no rule, and is named in journal and stream."""
    await link.headers()
    mark = app.sandbox.stream.last
    fault = arm(app, account, effect, times=1)
    answer = await link.send(text="Hello")
    assert (answer.status_code, answer.headers[FAULT], broken_rule(answer)) == (status, fault, None)
    assert (answer.json() | body if answer.content else None) == (answer.json() if body else None)
    exchange = latest(account)
    assert (exchange.status, exchange.fault, exchange.rule) == (status, fault, None)
    assert len(account.journal.messages) == 0
    assert "fault" in [change.kind for change in app.sandbox.stream.after(mark)]
    assert (await link.send(text="Hello")).status_code == 200


async def test_rate_limit(app: App, account: Account, link: LinkClient) -> None:
    """Beyond so many requests in any second of the account's clock the rest are refused; then there is room again."""
    await link.headers()
    fault = arm(app, account, {"type": "rate_limit", "per_second": 2})
    statuses = [(await link.send(text="Hello")).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert latest(account).fault == fault
    await account.clock.advance(1 - INSTANT)
    assert (await link.send(text="Hello")).status_code == 429
    await account.clock.advance(INSTANT)
    assert (await link.send(text="Hello")).status_code == 200


async def test_match(app: App, account: Account, link: LinkClient) -> None:
    """A fault strikes the operation and the person it is for, and no other."""
    await link.headers()
    arm(app, account, {"type": "status", "status": 503}, match={"operation": "sendMessage", "user": "+47*"})
    assert (await link.call("GET", "/featureset")).status_code == 200
    assert (await link.send(text="Hello", to="+491234567890")).status_code == 200
    assert (await link.send(text="Hello", to="+4712345678")).status_code == 503


async def test_magic_comes_first(app: App, account: Account, link: LinkClient) -> None:
    """A magic address does what it always does, and an armed fault waits for another request."""
    await link.headers()
    fault = arm(app, account, {"type": "status", "status": 418}, times=1)
    answer = await link.send(text="Hello", to="+99900003103")
    assert (answer.status_code, answer.headers[FAULT]) == (503, "+99900003103")
    assert [armed.id for armed in account.faults] == [fault]


async def test_drop_answer(app: App, account: Account, link: LinkClient, webhook: FakeWebhook) -> None:
    """The message is accepted and its answer lost; the retry gets the first answer, and it is delivered once."""
    await link.headers()
    fault = arm(app, account, {"type": "drop_answer"}, times=1)
    with pytest.raises(ConnectionResetError):
        await link.send(text="Hello", message_id="00000000-0000-4000-8000-00000000000a")
    lost = latest(account)
    assert (lost.status, lost.fault, lost.response_body, len(lost.messages)) == (None, fault, b"", 1)
    retry = await link.send(text="Hello", message_id="00000000-0000-4000-8000-00000000000a")
    assert (retry.status_code, retry.json()["sendTime"]) == (200, "2030-01-02T12:00:00.000Z")
    await account.clock.advance(1)
    assert (len(account.journal.messages), webhook.kinds) == (1, ["DELIVERED", "READ"])


async def test_reset(app: App, account: Account, link: LinkClient) -> None:
    """The connection is reset before the request is looked at."""
    await link.headers()
    fault = arm(app, account, {"type": "reset"}, times=1)
    with pytest.raises(ConnectionResetError):
        await link.send(text="Hello")
    assert (latest(account).status, latest(account).fault) == (None, fault)
    assert len(account.journal.messages) == 0


@pytest.mark.parametrize(
    ("effect", "reset"),
    [
        pytest.param("drop_answer", False, id="an-end"),
        pytest.param("reset", True, id="a-reset"),
    ],
)
async def test_cut(app: App, account: Account, effect: str, reset: bool) -> None:
    """Where the server lends a knife the connection is cut with it, and nothing is written."""
    cuts: list[bool] = []
    wire = send_to(app, account)

    def cut(*, reset: bool) -> None:
        cuts.append(reset)
        wire.leave()

    wire.state["cut"] = cut
    arm(app, account, {"type": effect})
    await wire.run()
    assert (cuts, wire.log) == ([reset], [])


async def test_hang(app: App, account: Account) -> None:
    """No answer comes until the client gives up; the journal has the request at once."""
    arm(app, account, {"type": "hang"})
    wire = send_to(app, account)
    running = asyncio.create_task(wire.run())
    await app.sandbox.stream.wait_until(lambda: len(account.journal.requests) == 1, 5)
    assert (latest(account).status, running.done()) == (None, False)
    wire.leave()
    await running
    assert (wire.log, len(account.journal.messages)) == ([], 0)


async def started(app: App, account: Account, wire: Wire) -> asyncio.Task[Wire]:
    """Begin a request and return when it is journaled."""
    running = asyncio.create_task(wire.run())
    before = len(account.journal.requests)
    await app.sandbox.stream.wait_until(lambda: len(account.journal.requests) > before, 5)
    return running


async def test_latency(app: App, account: Account, webhook: FakeWebhook) -> None:
    """The answer is held back on the account's clock; who moves it finds the answer out and its callbacks sent."""
    fault = arm(app, account, {"type": "latency", "seconds": 5})
    wire = send_to(app, account)
    running = await started(app, account, wire)
    await account.clock.advance(5 - INSTANT)
    assert (wire.log, webhook.kinds) == ([], [])
    await account.clock.advance(INSTANT)
    assert (wire.log, wire.status, wire.answer_headers[b"x-sandbox-fault"]) == (["head", "body"], 200, fault.encode())
    exchange = latest(account)
    assert (exchange.ended_at - exchange.at).total_seconds() == 5
    await running
    await account.clock.settle()
    assert webhook.kinds == ["DELIVERED", "READ"]


async def test_latency_of_a_refusal(app: App, account: Account) -> None:
    """A refused request is answered as late, and its rule is told."""
    fault = arm(app, account, {"type": "latency", "seconds": 5})
    wire = send_to(app, account, piece(b"x", last=True))
    running = await started(app, account, wire)
    await account.clock.advance(5)
    await running
    assert wire.status == 400
    assert (wire.answer_headers[b"x-sandbox-rule"], wire.answer_headers[b"x-sandbox-fault"]) == (
        b"LINK-GEN-11",
        fault.encode(),
    )


async def test_client_leaves_a_late_answer(app: App, account: Account, webhook: FakeWebhook) -> None:
    """A client that gives up before a late answer has had its message accepted all the same."""
    arm(app, account, {"type": "latency", "seconds": 5})
    wire = send_to(app, account)
    running = await started(app, account, wire)
    wire.leave()
    await running
    await account.clock.advance(1)
    assert webhook.kinds == ["DELIVERED", "READ"]
    assert account.clock.pending == 0


async def test_cancelled_late_answer(app: App, account: Account, webhook: FakeWebhook) -> None:
    """So has one in process whose patience ends: only the waiting is cancelled."""
    arm(app, account, {"type": "latency", "seconds": 5})
    running = await started(app, account, send_to(app, account))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await account.clock.advance(1)
    assert (running.cancelled(), webhook.kinds) == (True, ["DELIVERED", "READ"])
