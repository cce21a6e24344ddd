"""Every effect of a fault, at every provider, on real sockets: what client and webhook see, and what the sandbox tells."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest

import v1_requests
import v2_requests
from calls import ask, items, serving
from harness import GATEWAY, NOON, USER, account_of
from mehery_tenant import JOHN, PREFIX
from rbm_agent import JOHN as RBM_JOHN
from sandbox.app import App, build
from sandbox.core.fault import FaultSpec
from sandbox.settings import Settings
from webex_service import V1, V2
from webhook_server import Receiver

pytestmark = pytest.mark.anyio

Body = dict[str, Any]

QUIET = "+15550007501"  # who gets what is sent, and no more
_numbers = count(1)  # no two messages have the same id


@dataclass(frozen=True)
class Api:
    """
    One emulated API as its client sees it.

    Attributes:
        operation: the one that is called.
        user: the person it is about, as they stand in the journal.
        accepted: the status of an accepted request.
        code: an error of its own, as a fault names it.
        coded: status of the answer to that, and the code in it.
        armed: code in the answer to an armed 503.
        limited: status of the answer to a request too many, and the code in it.
        code_in: where the code stands in an answer.
    """

    account: str
    operation: str
    path: str
    body: Body
    user: str
    accepted: int
    code: str
    coded: tuple[int, Any]
    armed: Any
    limited: tuple[int, Any]
    code_in: Callable[[Any], Any]


APIS = {
    "link": Api(
        "acc_link",
        "sendMessage",
        f"{GATEWAY}/phone/{USER}/conversationMessage",
        {"messageContent": {"text": "Hello"}},
        USER,
        200,
        "401",
        (401, "Unauthorized"),
        "Service Unavailable",
        (429, "Too Many Requests"),
        lambda body: body["error"],
    ),
    "webex-connect-v1": Api(
        "acc_webex_connect",
        "sendMessageV1",
        V1,
        v1_requests.sms(destination=[{"msisdn": [QUIET]}]),
        QUIET,
        200,
        "7006",
        (200, "7006"),
        "7006",
        (200, "7020"),
        lambda body: body["response"]["code"],
    ),
    "webex-connect-v2": Api(
        "acc_webex_connect",
        "sendMessageV2",
        V2,
        v2_requests.sms(to=[{"msisdn": [QUIET]}]),
        QUIET,
        201,
        "7006",
        (500, "7006"),
        "7006",
        (429, "7020"),
        lambda body: body["code"],
    ),
    "mehery": Api(
        "acc_mehery",
        "messageSend",
        f"{PREFIX}/message/send",
        {"channelId": "wa360:918828218374", "type": "text", "to": {"contactId": JOHN}, "text": {"body": "Hello"}},
        "919988776655",
        200,
        "API_ERROR",
        (500, "API_ERROR"),
        "SERVICE_UNAVAILABLE",
        (429, "TOO_MANY_REQUESTS"),
        lambda body: body["statusKey"],
    ),
}


@dataclass(frozen=True)
class Told:
    """
    What a webhook is told by one emulated API.

    Attributes:
        kind: of the callback.
        user: the person it is about.
        sends: the API whose message it is a receipt of; None: the person says something.
    """

    account: str
    kind: str
    user: str
    sends: str | None = None


TOLD = {
    "link": Told("acc_link", "message.TEXT", USER),
    "webex-connect-v1": Told("acc_webex_connect", "receipt.Submitted", QUIET, "webex-connect-v1"),
    "webex-connect-v2": Told("acc_webex_connect", "receipt.Submitted", QUIET, "webex-connect-v2"),
    "webex-connect-inbound": Told("acc_webex_connect", "inbound.MO", QUIET),
    "mehery": Told("acc_mehery", "message.text", JOHN),
    "rbm": Told("acc_rbm", "text", RBM_JOHN),
}


class Outside:
    """A client of the emulated APIs and of the control API, and the webhook that is told."""

    def __init__(self, app: App, http: httpx.AsyncClient, receiver: Receiver) -> None:
        self.app = app
        self.http = http
        self.receiver = receiver

    async def fresh(self, account: str) -> None:
        """Begin anew with an account, and with the webhook."""
        self.app.sandbox.reset(account_of(self.app, account))
        self.receiver.requests.clear()

    async def arm(self, account: str, on: str, effect: Body, **more: Any) -> Body:
        """Arm a fault behind some that must never fire."""
        name = "operation" if on == "request" else "kind"
        for decoy in ({"match": {name: "another*"}}, {"match": {"user": "+999*"}}, {"probability": 0}):
            spec = FaultSpec.model_validate({"on": on, "effect": effect, **decoy})
            self.app.sandbox.arm(spec, account_of(self.app, account))
        body = {"account": account, "on": on, "effect": effect, **more}
        armed: Body = await ask(self.http, "POST", "/faults", body, 201)
        return armed

    async def faults(self, account: str) -> list[tuple[str, int, int | None]]:
        """Return id, firings and what is left of each fault that is armed and has fired."""
        found = await items(self.http, "/faults", account=account)
        return [(each["id"], each["fired"], each["left"]) for each in found if each["fired"]]

    async def send(self, api: Api) -> httpx.Response:
        """Send a message."""
        account = account_of(self.app, api.account)
        headers = account.provider.authorization(account, self.app.sandbox.services)
        number = next(_numbers)
        query = {"messageId": f"{number:08}-0000-4000-8000-000000000000"} if api.account == "acc_link" else {}
        body = api.body | ({"notifyurl": self.receiver.url} if api.operation == "sendMessageV1" else {})
        body |= {"notifyUrl": self.receiver.url} if api.operation == "sendMessageV2" else {}
        return await self.http.post(api.path, params=query, json=body, headers=headers)

    async def requests(self, api: Api) -> list[Body]:
        """Return the journal of the operation."""
        return await items(self.http, "/requests", account=api.account, operation=api.operation)

    async def tell(self, told: Told, text: str = "Hello") -> None:
        """Let that happen of which the webhook is told with one callback."""
        if told.sends is None:
            action = {"account": told.account, "user": told.user, "type": "say", "text": text}
            await ask(self.http, "POST", "/actions", action, 202)
        else:
            assert (await self.send(APIS[told.sends])).status_code < 300
        await self.advance(told.account, 0.1)

    async def advance(self, account: str, seconds: float) -> None:
        """Let time pass, and all that is due happen."""
        await self.app.sandbox.advance(seconds=seconds, account=account_of(self.app, account))

    async def callbacks(self, told: Told) -> list[Body]:
        """Return the journal of callbacks."""
        return await items(self.http, "/callbacks", account=told.account, kind=told.kind)

    @property
    def bodies(self) -> list[bytes]:
        """What the webhook got, in order."""
        return [request.body for request in self.receiver.requests]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One loop for all tests here."""
    return "asyncio"


@pytest.fixture(scope="module")
async def outside(anyio_backend: str) -> AsyncIterator[Outside]:
    """A sandbox that stands still at noon and listens, and a webhook that listens too."""
    async with Receiver(usual=200) as receiver:
        app = build(Settings(seed="test", clock=NOON, webhook_url=receiver.url))
        async with serving(app) as http:
            yield Outside(app, http, receiver)


# ------------------------------------------------------------------------------------------------------- requests


@pytest.fixture(params=APIS, scope="module")
def api(request: pytest.FixtureRequest) -> Api:
    """Each API that is called."""
    return APIS[request.param]


async def assert_over(outside: Outside, api: Api, fault: Body, status: int | None) -> None:
    """Check that a fault for once is named where it fired, is gone, and that the next request meets nothing."""
    (struck,) = await outside.requests(api)
    assert (struck["fault"], struck["status"], struck["rule"]) == (fault["id"], status, None)
    assert await outside.faults(api.account) == []
    response = await outside.send(api)
    assert (response.status_code, response.headers.get("x-sandbox-fault")) == (api.accepted, None)


async def test_latency(outside: Outside, api: Api) -> None:
    """`latency`: the request is accepted, and its answer held back on the account's clock."""
    await outside.fresh(api.account)
    fault = await outside.arm(api.account, "request", {"type": "latency", "seconds": 1.5}, times=1)
    sending = asyncio.ensure_future(outside.send(api))
    found = await ask(outside.http, "GET", "/requests", account=api.account, operation=api.operation, wait=5, count=1)
    assert found["satisfied"]
    await outside.advance(api.account, 1.4)
    assert not sending.done()
    await outside.advance(api.account, 0.1)
    response = await sending
    assert (response.status_code, response.headers["x-sandbox-fault"]) == (api.accepted, fault["id"])
    assert (await outside.requests(api))[0]["duration_ms"] == 1500
    await assert_over(outside, api, fault, api.accepted)


async def test_status(outside: Outside, api: Api) -> None:
    """`status`: answered with that status in the provider's own form, and nothing is accepted."""
    await outside.fresh(api.account)
    fault = await outside.arm(api.account, "request", {"type": "status", "status": 503}, times=1)
    response = await outside.send(api)
    assert (response.status_code, response.headers["x-sandbox-fault"]) == (503, fault["id"])
    assert api.code_in(response.json()) == api.armed
    assert await items(outside.http, "/messages", account=api.account) == []
    await assert_over(outside, api, fault, 503)


async def test_status_and_body(outside: Outside, api: Api) -> None:
    """`status` with a body: answered with just that."""
    await outside.fresh(api.account)
    effect = {"type": "status", "status": 418, "body": {"short": ["and", "stout"]}}
    fault = await outside.arm(api.account, "request", effect, times=1)
    response = await outside.send(api)
    assert (response.status_code, response.headers["x-sandbox-fault"]) == (418, fault["id"])
    assert response.json() == {"short": ["and", "stout"]}
    await assert_over(outside, api, fault, 418)


async def test_code(outside: Outside, api: Api) -> None:
    """`code`: answered with the provider's own error."""
    await outside.fresh(api.account)
    fault = await outside.arm(api.account, "request", {"type": "code", "code": api.code}, times=1)
    response = await outside.send(api)
    assert response.headers["x-sandbox-fault"] == fault["id"]
    assert (response.status_code, api.code_in(response.json())) == api.coded
    await assert_over(outside, api, fault, api.coded[0])


async def test_reset(outside: Outside, api: Api) -> None:
    """`reset`: the connection breaks, and nothing is accepted."""
    await outside.fresh(api.account)
    fault = await outside.arm(api.account, "request", {"type": "reset"}, times=1)
    with pytest.raises(httpx.ReadError):
        await outside.send(api)
    assert await items(outside.http, "/messages", account=api.account) == []
    await assert_over(outside, api, fault, None)


async def test_hang(outside: Outside, api: Api) -> None:
    """`hang`: no answer comes, however long it is waited for; nothing is accepted."""
    await outside.fresh(api.account)
    fault = await outside.arm(api.account, "request", {"type": "hang"}, times=1)
    sending = asyncio.ensure_future(outside.send(api))
    await ask(outside.http, "GET", "/requests", account=api.account, operation=api.operation, wait=5)
    await outside.advance(api.account, 86_400)
    assert not sending.done()
    sending.cancel()
    assert await items(outside.http, "/messages", account=api.account) == []
    await assert_over(outside, api, fault, None)


async def test_drop_answer(outside: Outside, api: Api) -> None:
    """`drop_answer`: the message is accepted, and the connection ends before the answer."""
    await outside.fresh(api.account)
    fault = await outside.arm(api.account, "request", {"type": "drop_answer"}, times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await outside.send(api)
    (message,) = await items(outside.http, "/messages", account=api.account)
    (struck,) = await outside.requests(api)
    assert struck["messages"] == [message["id"]]
    await assert_over(outside, api, fault, None)


async def test_rate_limit(outside: Outside, api: Api) -> None:
    """`rate_limit`: beyond so many a second of the account's clock, requests are refused as the provider does it."""
    await outside.fresh(api.account)
    fault = await outside.arm(api.account, "request", {"type": "rate_limit", "per_second": 1})
    assert (await outside.send(api)).status_code == api.accepted
    refused = await outside.send(api)
    assert (refused.status_code, api.code_in(refused.json())) == api.limited
    assert refused.headers["x-sandbox-fault"] == fault["id"]
    assert await outside.faults(api.account) == [(fault["id"], 1, None)]
    await outside.advance(api.account, 1)
    response = await outside.send(api)
    assert (response.status_code, "x-sandbox-fault" in response.headers) == (api.accepted, False)


async def test_requests_match(outside: Outside, api: Api) -> None:
    """A fault on requests strikes the operation and the person that it names."""
    await outside.fresh(api.account)
    match = {"operation": f"{api.operation[:4]}*", "user": api.user}
    fault = await outside.arm(api.account, "request", {"type": "status", "status": 500}, match=match)
    assert (await outside.send(api)).headers["x-sandbox-fault"] == fault["id"]
    assert await outside.faults(api.account) == [(fault["id"], 1, None)]


# ------------------------------------------------------------------------------------------------------ callbacks


@pytest.fixture(params=TOLD, scope="module")
def told(request: pytest.FixtureRequest) -> Told:
    """Each API that calls back."""
    return TOLD[request.param]


async def assert_unharmed(outside: Outside, told: Told) -> None:
    """Check that the fault is gone and that the next callback meets nothing."""
    assert await outside.faults(told.account) == []
    before = len(outside.bodies)
    await outside.tell(told, "And now")
    last = (await outside.callbacks(told))[-1]
    assert (last["fault"], last["state"], len(outside.bodies) - before) == (None, "delivered", 1)
    assert last["body"] == outside.bodies[-1].decode()


async def test_drop(outside: Outside, told: Told) -> None:
    """`drop`: the webhook never hears of it."""
    await outside.fresh(told.account)
    fault = await outside.arm(told.account, "callback", {"type": "drop"}, times=1)
    await outside.tell(told)
    (callback,) = await outside.callbacks(told)
    assert (callback["state"], callback["fault"], callback["attempts"]) == ("failed", fault["id"], [])
    assert outside.bodies == []
    await assert_unharmed(outside, told)


async def test_duplicate(outside: Outside, told: Told) -> None:
    """`duplicate`: the same bytes come again, and each copy names the fault."""
    await outside.fresh(told.account)
    fault = await outside.arm(told.account, "callback", {"type": "duplicate", "copies": 2}, times=1)
    await outside.tell(told)
    found = await outside.callbacks(told)
    assert [(each["state"], each["fault"]) for each in found] == [("delivered", fault["id"])] * 3
    assert [body.decode() for body in outside.bodies] == [found[0]["body"]] * 3
    await assert_unharmed(outside, told)


async def test_delay(outside: Outside, told: Told) -> None:
    """`delay`: it comes so much later, and not before."""
    await outside.fresh(told.account)
    fault = await outside.arm(told.account, "callback", {"type": "delay", "seconds": 30}, times=1)
    await outside.tell(told)
    await outside.advance(told.account, 29.8)
    assert outside.bodies == []
    await outside.advance(told.account, 0.2)
    (callback,) = await outside.callbacks(told)
    assert (callback["state"], callback["fault"], len(outside.bodies)) == ("delivered", fault["id"], 1)
    await assert_unharmed(outside, told)


async def test_reorder(outside: Outside, told: Told) -> None:
    """`reorder`: two callbacks come the other way round."""
    await outside.fresh(told.account)
    fault = await outside.arm(told.account, "callback", {"type": "reorder", "window": 2}, times=1)
    await outside.tell(told, "One")
    assert outside.bodies == []
    await outside.tell(told, "Two")
    found = await outside.callbacks(told)
    assert [(each["state"], each["fault"]) for each in found] == [("delivered", fault["id"])] * 2
    assert [body.decode() for body in outside.bodies] == [found[1]["body"], found[0]["body"]]
    await assert_unharmed(outside, told)


async def test_corrupt(outside: Outside, told: Told) -> None:
    """`corrupt`: what comes is no JSON, with a type that says it is."""
    await outside.fresh(told.account)
    fault = await outside.arm(told.account, "callback", {"type": "corrupt"}, times=1)
    await outside.tell(told)
    (request,) = outside.receiver.requests
    assert "json" in (request.header("content-type") or "")
    with pytest.raises(json.JSONDecodeError):
        json.loads(request.body)
    (callback,) = await outside.callbacks(told)
    assert (callback["fault"], callback["decoded"], callback["body"]) == (fault["id"], None, request.body.decode())
    await assert_unharmed(outside, told)


async def test_unknown_fields(outside: Outside, told: Told) -> None:
    """`unknown_fields`: what comes has a member that no document knows."""
    await outside.fresh(told.account)
    fault = await outside.arm(told.account, "callback", {"type": "unknown_fields"}, times=1)
    await outside.tell(told)
    (body,) = outside.bodies
    members = json.loads(body)
    assert members.pop("x_sandbox_unknown")["list"] == [1, None]
    (callback,) = await outside.callbacks(told)
    assert callback["fault"] == fault["id"]
    await assert_unharmed(outside, told)
    assert members.keys() == json.loads(outside.bodies[-1]).keys()


async def test_callbacks_match(outside: Outside, told: Told) -> None:
    """A fault on callbacks is for the kind and the person that it names."""
    await outside.fresh(told.account)
    match = {"kind": f"{told.kind[:3]}*", "user": told.user}
    fault = await outside.arm(told.account, "callback", {"type": "drop"}, match=match)
    await outside.tell(told)
    assert await outside.faults(told.account) == [(fault["id"], 1, None)]


# ----------------------------------------------------------------------------------------------------------- both


async def test_chance_comes_of_the_seed(outside: Outside) -> None:
    """With a probability, the same seed lets the same requests and callbacks fail, whenever it begins anew."""
    seen = []
    for _ in range(2):
        await outside.fresh("acc_rbm")
        await outside.arm("acc_rbm", "callback", {"type": "drop"}, probability=0.5)
        for _ in range(8):
            await outside.tell(TOLD["rbm"])
        told = [each["fault"] is not None for each in await outside.callbacks(TOLD["rbm"])]
        await outside.fresh("acc_webex_connect")
        await outside.arm("acc_webex_connect", "request", {"type": "status", "status": 500}, probability=0.5)
        sent = [(await outside.send(APIS["webex-connect-v2"])).status_code for _ in range(8)]
        seen.append((told, sent))
    assert seen[0] == seen[1]
    assert set(seen[0][0]) == {True, False}
    assert set(seen[0][1]) == {201, 500}


async def test_question_of_a_client(outside: Outside) -> None:
    """What MeherY asks the business because a client calls contact/info meets faults too, and is answered without."""
    await outside.fresh("acc_mehery")
    changes = {"settings": {"contact_info_url": outside.receiver.url}}
    await ask(outside.http, "PATCH", "/accounts/acc_mehery", changes)
    headers = (await ask(outside.http, "POST", "/accounts/acc_mehery/authorization"))["headers"]
    who = b'{"name": "Jo"}'
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(who), who)
    outside.receiver.answers(answer, answer)
    match = {"kind": "contact_info", "user": JOHN}
    fault = await outside.arm("acc_mehery", "callback", {"type": "drop"}, match=match, times=1)

    async def info() -> Any:
        return (await outside.http.post(f"{PREFIX}/contact/info", json={"contactId": JOHN}, headers=headers)).json()

    assert (await info(), outside.bodies) == ({}, [])
    (dropped,) = await items(outside.http, "/callbacks", account="acc_mehery", kind="contact_info")
    assert (dropped["state"], dropped["fault"]) == ("failed", fault["id"])
    assert await info() == {"name": "Jo"}
    await outside.arm("acc_mehery", "callback", {"type": "delay", "seconds": 3}, match=match, times=1)
    asking = asyncio.ensure_future(info())
    held: Body = {"account": "acc_mehery", "kind": "contact_info", "wait": 5, "count": 3}
    assert (await ask(outside.http, "GET", "/callbacks", **held))["satisfied"]
    await outside.advance("acc_mehery", 2.9)
    assert (asking.done(), len(outside.bodies)) == (False, 1)
    await outside.advance("acc_mehery", 0.1)
    assert await asking == {"name": "Jo"}


async def test_client_leaves_while_the_business_is_asked(outside: Outside) -> None:
    """A client that gives up meanwhile is journaled without an answer; the question is put all the same."""
    await outside.fresh("acc_mehery")
    await ask(outside.http, "PATCH", "/accounts/acc_mehery", {"settings": {"contact_info_url": outside.receiver.url}})
    headers = (await ask(outside.http, "POST", "/accounts/acc_mehery/authorization"))["headers"]
    await outside.arm("acc_mehery", "callback", {"type": "delay", "seconds": 3}, times=1)
    body = {"contactId": JOHN}
    asking = asyncio.ensure_future(outside.http.post(f"{PREFIX}/contact/info", json=body, headers=headers))
    assert (await ask(outside.http, "GET", "/callbacks", account="acc_mehery", wait=5))["satisfied"]
    asking.cancel()
    found = await ask(outside.http, "GET", "/requests", account="acc_mehery", operation="contactInfo", wait=5)
    assert [each["status"] for each in found["items"]] == [None]
    await outside.advance("acc_mehery", 3)
    assert len(outside.bodies) == 1
