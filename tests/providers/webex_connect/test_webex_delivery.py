"""Delivery: where notifications go, how they are signed, which answers end it, and which are tried again."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

import v1_requests
import v2_requests
from harness import NOON
from sandbox.core.fault import Corrupt, FaultSpec
from sandbox.providers.webex_connect.callbacks import NEVER_RETRIED
from sandbox.webhook_client import DeliveryError
from webex_service import NOTIFY, PERSON, WEBHOOK, Service

Body = dict[str, Any]
OWN = "http://127.0.0.1:9/service"
HUB = "http://127.0.0.1:9/hub"


def members(version: str, url: Any) -> Body:
    """Return a request's members that name its notify URL."""
    return {"notifyurl" if version == "v1" else "notifyUrl": url}


async def send(service: Service, version: str, **more: Any) -> None:
    """Send an SMS as it is."""
    if version == "v1":
        await service.v1(v1_requests.sms(**more))
    else:
        await service.v2(v2_requests.sms(**more))


# ---------------------------------------------------------------------------------------------------------- where


@pytest.mark.parametrize("version", [pytest.param("v1", id="WX1-CB-01-v1"), pytest.param("v2", id="WX1-CB-01-v2")])
async def test_preference(service: Service, version: str) -> None:
    """The request's notify URL beats the service's; an empty one counts as none."""
    service.configure(notify_url=OWN)
    await send(service, version, **members(version, NOTIFY))
    await service.advance(1)
    assert (len(service.told(NOTIFY)), len(service.told(OWN))) == (2, 0)
    await send(service, version)
    await send(service, version, **members(version, ""))
    await service.advance(1)
    assert (len(service.told(NOTIFY)), len(service.told(OWN))) == (2, 4)


async def test_nowhere(service: Service) -> None:
    """WX1-CB-01: with neither, nobody is told, and the history has the statuses all the same."""
    await send(service, "v1")
    await service.advance(1)
    assert service.webhook.received == []
    assert [change.provider_status for change in service.messages[0].history] == ["Submitted", "Delivered"]
    assert {(each.state, each.detail) for each in service.callbacks} == {
        ("recorded", "neither the request nor the service names a notify URL (setting notify_url)")
    }


BAD = {
    "relative": "/receipts",
    "another-scheme": "ftp://127.0.0.1/x",
    "blank-before": f" {NOTIFY}",
    "blank-behind": f"{NOTIFY} ",
    "no-host": "http:///x",
    "no-url": "receipts",
    "port-is-no-number": "http://127.0.0.1:x/",
    "open-bracket": "http://[::1/",
    "a-number": 5,
    "an-object": {"url": NOTIFY},
}


@pytest.mark.parametrize(
    ("version", "url"),
    [
        pytest.param(version, url, id=f"{rule}-{name}")
        for version, rule in (("v1", "WX1-CB-02"), ("v2", "WX2-ENV-12"))
        for name, url in BAD.items()
    ],
)
async def test_invalid_notify_url(service: Service, version: str, url: Any) -> None:
    """An invalid notify URL is accepted; nothing is attempted, ever, nor does the service's URL make up for it."""
    service.configure(notify_url=OWN)
    await send(service, version, **members(version, url))
    assert len(service.messages) == 1
    await service.advance(3600)
    assert service.webhook.received == []
    assert [(each.state, each.attempts) for each in service.callbacks] == [("recorded", ()), ("recorded", ())]
    assert all("is not valid" in (each.detail or "") for each in service.callbacks)


@pytest.mark.parametrize(
    ("required", "scheme", "state"),
    [
        pytest.param(False, "http", "delivered", id="WX2-ENV-12-http-is-accepted"),
        pytest.param(True, "http", "recorded", id="WX2-ENV-12-http-where-https-is-required"),
        pytest.param(True, "https", "delivered", id="WX2-ENV-12-https"),
    ],
)
async def test_require_https(service: Service, scheme: str, state: str, *, required: bool) -> None:
    """`require_https_notify` makes an `http` URL invalid; the service's own are as they are."""
    service.configure(require_https_notify=required, notify_url=OWN)
    await send(service, "v2", notifyUrl=f"{scheme}://127.0.0.1:9/receipts")
    await send(service, "v1")
    await service.advance(1)
    assert {each.state for each in service.callbacks if each.url != OWN} == {state}
    assert {each.state for each in service.callbacks if each.url == OWN} == {"delivered"}


async def test_who_vouches(service: Service) -> None:
    """WX1-CB-01: a request's URL is nobody's word, so that the egress rule looks at it; the operator's are good."""
    service.configure(notify_url=OWN, outbound_webhooks=[{"url": HUB}])
    await send(service, "v1", notifyurl=NOTIFY)
    await send(service, "v1")
    await service.advance(0.1)
    assert {(each.url, each.vouched) for each in service.callbacks} == {(NOTIFY, False), (OWN, True), (HUB, True)}


async def test_subscribers(service: Service) -> None:
    """WX1-CB-06: outbound webhooks get the same bodies, of receipts and of what people do."""
    service.configure(notify_url=OWN, outbound_webhooks=[{"url": HUB}, {"url": f"{HUB}2"}])
    await send(service, "v1")
    await service.advance(1)
    await service.does("say", text="Hi")
    assert service.bodies(HUB)[:2] == service.bodies(OWN)
    assert service.bodies(HUB)[2:] == service.bodies(WEBHOOK)
    assert service.bodies(f"{HUB}2") == service.bodies(HUB)
    assert len(service.bodies(HUB)) == 3


async def test_app_webhook(service: Service) -> None:
    """An app's own webhook gets what its people do; the account's gets the rest (WX1-CB-06: subscribers get both)."""
    service.configure(apps={"a_1": {"channel": "whatsapp", "webhook": OWN}})
    await service.does("say", text="Hi", channel="whatsapp", sender="a_1")
    await service.does("say", text="Hi", channel="whatsapp", sender="a_2")
    assert (len(service.told(OWN)), len(service.told(WEBHOOK))) == (1, 1)


# ---------------------------------------------------------------------------------------------------------- headers


@pytest.mark.parametrize(
    ("declared", "named", "headers"),
    [
        pytest.param(
            {"A1": {"type": "basic", "username": "user", "password": "pä:ss"}},
            "A1",
            {"Authorization": "Basic dXNlcjpww6Q6c3M="},
            id="WX1-CB-07-basic",
        ),
        pytest.param(
            {"A1": {"type": "api_key", "header": "X-Token", "value": "secret"}},
            "A1",
            {"X-Token": "secret"},
            id="WX1-CB-07-api-key",
        ),
        pytest.param({"A1": {"type": "api_key", "value": "k"}}, "A1", {"x-api-key": "k"}, id="WX1-CB-07-usual-header"),
        pytest.param({}, "A1", {}, id="WX1-CB-07-unknown-id"),
        pytest.param({"A1": {"type": "api_key", "value": "k"}}, None, {}, id="WX1-CB-07-none-is-named"),
    ],
)
@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_authorization(service: Service, version: str, declared: Body, named: str | None, headers: Body) -> None:
    """A configured authorization adds its header; an unknown id adds nothing and is noted."""
    service.configure(authorizations=declared)
    auth = {"notifyurlAuthId" if version == "v1" else "notifyUrlAuthId": named} if named else {}
    await send(service, version, **members(version, NOTIFY), **auth)
    await service.advance(0.1)
    sent = dict(service.told(NOTIFY)[0].headers)
    sent.pop("x-wx-gtrid")
    assert sent == headers
    (request,) = service.account.journal.requests
    assert bool(request.warnings) == (named is not None and not declared)


@pytest.mark.parametrize(
    ("algorithm", "digest"),
    [
        pytest.param("sha256", hashlib.sha256, id="WX1-CB-06-sha256"),
        pytest.param("sha512", hashlib.sha512, id="WX1-CB-06-sha512"),
    ],
)
async def test_signature(service: Service, algorithm: str, digest: Any) -> None:
    """A subscriber with a secret gets the HMAC of the raw body, in small hexadecimal digits without a prefix."""
    service.configure(
        outbound_webhooks=[{"url": HUB, "hub_secret": "s3cret ключ", "algorithm": algorithm}, {"url": OWN}],
    )
    await send(service, "v1", notifyurl=NOTIFY)
    await service.advance(1)
    await service.does("say", text="Grüße")
    assert len(service.told(HUB)) == 3
    for received in service.told(HUB):
        expected = hmac.new("s3cret ключ".encode(), received.encoded.body, digest).hexdigest()
        assert dict(received.headers)["x-hub-signature"] == expected
    for other in (*service.told(OWN), *service.told(NOTIFY)):
        assert "x-hub-signature" not in dict(other.headers)


async def test_signature_of_what_a_fault_made(service: Service) -> None:
    """WX1-CB-06: the signature is that of the bytes that go out, so that a broken body reaches the reader of JSON."""
    service.configure(outbound_webhooks=[{"url": HUB, "hub_secret": "x"}])
    service.app.sandbox.arm(FaultSpec(on="callback", effect=Corrupt(type="corrupt")), service.account)
    await send(service, "v1")
    await service.advance(0.1)
    (received,) = service.told(HUB)
    with pytest.raises(ValueError, match="line 1 column"):
        json.loads(received.encoded.body)
    assert dict(received.headers)["x-hub-signature"] == hmac.digest(b"x", received.encoded.body, "sha256").hex()


async def test_headers_are_shown(service: Service) -> None:
    """WX1-CB-06: the control API shows the headers that go along."""
    service.configure(outbound_webhooks=[{"url": HUB, "hub_secret": "x"}])
    await send(service, "v1")
    await service.advance(0.1)
    items = (await service.http.get("/_sandbox/callbacks", params={"account": "acc_webex_connect"})).json()["items"]
    names = [name for item in items if item["url"] == HUB for name in item["headers"]]
    assert sorted(names) == ["content-type", "x-hub-signature", "x-wx-gtrid"]


# ---------------------------------------------------------------------------------------------------------- retries

RETRIED = [201, 203 + 6, 225, 227, 299, 309, 401, 403, 412, 413, 417, 419, 429, 500, 502, 503, 504, 506]


@pytest.mark.parametrize(
    ("answer", "attempts", "state"),
    [
        pytest.param(200, 1, "delivered", id="WX1-CB-03-200"),
        *(pytest.param(status, 1, "failed", id=f"WX1-CB-05-{status}") for status in sorted(NEVER_RETRIED)),
        *(pytest.param(status, 4, "failed", id=f"WX1-CB-04-{status}") for status in RETRIED),
        pytest.param(DeliveryError("refused", "nobody"), 4, "failed", id="WX1-CB-04-unreachable"),
        pytest.param(DeliveryError("timeout", "late"), 4, "failed", id="WX1-CB-04-timed-out"),
    ],
)
async def test_attempts(service: Service, answer: Any, attempts: int, state: str) -> None:
    """200 alone acknowledges; listed statuses end it; after anything else there are three more attempts, 60 s apart."""
    service.silence()
    service.webhook.answers = [answer] * 9
    await send(service, "v1", notifyurl=NOTIFY)
    await service.does("deliver")
    for number in range(1, 5):
        await service.wait_until(60 * number - 0.001)
        assert len(service.told()) == min(number, attempts)
        await service.wait_until(60 * number)
    await service.wait_until(3600)
    assert len(service.told()) == attempts
    assert len({received.encoded.body for received in service.told()}) == 1
    (callback,) = service.callbacks
    assert callback.state == state
    assert [(attempt.at - NOON).total_seconds() for attempt in callback.attempts] == [60.0 * i for i in range(attempts)]


def test_literal_list() -> None:
    """WX1-CB-05: the statuses are those of the public page, to the number."""
    told = "202-208, 226, 300-308, 400, 402, 404-411, 414-416, 418, 505"
    found: set[int] = set()
    for part in told.split(", "):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    assert found == NEVER_RETRIED


async def test_policy(service: Service) -> None:
    """WX1-CB-03: an attempt has ten seconds, and three retries may follow a minute apart (WX1-CB-04)."""
    policy = service.account.provider.delivery(service.account)
    assert (policy.timeout, policy.retry_waits, policy.strict_order) == (10.0, (60.0, 60.0, 60.0), False)


async def test_a_retry_holds_nothing_back(service: Service) -> None:
    """WX1-CB-08: Delivered goes out while Submitted waits to be tried again, so that they come out of order."""
    service.webhook.answers = [503]
    await send(service, "v1", notifyurl=NOTIFY)
    await service.wait_until(60.1)
    assert [code for _, code in service.receipts()] == ["7501", "7500", "7501"]


async def test_order(service: Service) -> None:
    """WX1-CB-08: statuses of one destination leave in order, whoever else is told of them."""
    service.configure(outbound_webhooks=[{"url": HUB}])
    await service.sends(
        "v1", v1_requests.request("sms", {"sms": {"text": "Hi"}}, *[f"+4477009001{i:02}" for i in range(50)])
    )
    await service.wait_until(1)
    for url in (NOTIFY, HUB):
        seen: dict[str, list[str]] = {}
        for info in service.infos(url):
            seen.setdefault(info["destination"], []).append(info["code"])
        assert len(seen) == 50
        assert set(map(tuple, seen.values())) == {("7501", "7500")}


# --------------------------------------------------------------------------------------------------------- the filter


@pytest.mark.parametrize(
    ("body", "deeds", "told"),
    [
        pytest.param(
            v2_requests.sms(requestedReceipts=["delivered"]), [], ["Delivered"], id="WX2-RCPT-02-only-delivered"
        ),
        pytest.param(
            v2_requests.sms(requestedReceipts=["SENT", "Delivered"]),
            [],
            ["Submitted", "Delivered"],
            id="WX2-RCPT-02-sent-is-submitted",
        ),
        pytest.param(
            v2_requests.sms(requestedReceipts=[]), [], ["Submitted", "Delivered"], id="WX2-RCPT-02-none-is-all"
        ),
        pytest.param(v2_requests.sms(), [], ["Submitted", "Delivered"], id="WX2-RCPT-02-absent-is-all"),
        pytest.param(
            v2_requests.sms(requestedReceipts=["failed"]),
            [{"status": "Un-Delivered", "code": "7207"}],
            [],
            id="WX2-RCPT-04-failed-is-not-undelivered",
        ),
        pytest.param(
            v2_requests.sms(requestedReceipts=["undelivered"]),
            [{"status": "Un-Delivered", "code": "7207"}],
            ["Un-Delivered"],
            id="WX2-RCPT-04-undelivered",
        ),
        pytest.param(
            v2_requests.email(requestedReceipts=["failed"]),
            [{"status": "Bounce"}],
            [],
            id="WX2-RCPT-04-failed-is-no-bounce",
        ),
        pytest.param(
            v2_requests.email(requestedReceipts=["bounced"]),
            [{"status": "Bounce"}],
            ["Bounce"],
            id="WX2-RCPT-04-bounced",
        ),
        pytest.param(
            v2_requests.email(requestedReceipts=["failed"]),
            [{"status": "Failed", "code": "7523"}],
            [],
            id="WX2-RCPT-05-failed-is-not-invalid",
        ),
        pytest.param(
            v2_requests.email(requestedReceipts=["invalid"]),
            [{"status": "Failed", "code": "7523"}],
            ["Failed"],
            id="WX2-RCPT-05-invalid",
        ),
        pytest.param(
            v2_requests.email(requestedReceipts=["invalid"]),
            [{"status": "Failed", "code": "7535"}],
            [],
            id="WX2-RCPT-05-another-failure",
        ),
    ],
)
async def test_filter(service: Service, body: Body, deeds: list[Body], told: list[str]) -> None:
    """Only the receipts that a request asks for go to its notify URL."""
    if deeds:
        service.silence()
    user = v2_requests.PERSON if body["channel"] == "email" else PERSON
    await service.sends("v2", body)
    for deed in deeds:
        await service.does("receipt", user, **deed)
    await service.advance(1)
    assert [status for status, _ in service.receipts()] == told


async def test_filter_is_not_the_services(service: Service) -> None:
    """WX2-RCPT-03: the service's own webhooks get every receipt."""
    service.configure(notify_url=OWN, outbound_webhooks=[{"url": HUB}])
    await service.v2(v2_requests.sms(requestedReceipts=["delivered"], notifyUrl=NOTIFY))
    await service.advance(1)
    assert [status for status, _ in service.receipts(HUB)] == ["Submitted", "Delivered"]
    assert [status for status, _ in service.receipts(NOTIFY)] == ["Delivered"]
    await service.v2(v2_requests.sms(requestedReceipts=["delivered"]))
    await service.advance(1)
    assert [status for status, _ in service.receipts(OWN)] == ["Submitted", "Delivered"]


async def test_redelivery(service: Service) -> None:
    """A receipt is sent again, byte for byte, to where it went (WX1-CB-01: that is not the account's webhook)."""
    service.configure(outbound_webhooks=[{"url": HUB, "hub_secret": "x"}])
    await send(service, "v1", notifyurl=NOTIFY)
    await service.advance(0.1)
    before = list(service.webhook.received)
    for callback in service.callbacks:
        service.app.sandbox.redeliver(service.account, callback)
    await service.account.clock.settle()
    again = service.webhook.received[len(before) :]
    assert [(each.url, each.headers, each.encoded.body) for each in again] == [
        (each.url, each.headers, each.encoded.body) for each in before
    ]
