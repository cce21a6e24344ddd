"""Accepting: what a queued request is answered with, and what the platform knows of a message from the start."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

import v1_requests
import v2_requests
from harness import NOON, broken_rule
from webex_service import NOTIFY, PERSON, WEBHOOK, Service

Body = dict[str, Any]
OTHER = "+447700900456"
WAID = "447700900123"


def wa(**members: Any) -> Body:
    """Return a WhatsApp text."""
    channels = {"OTT-Messaging": {"wa": {"type": "text", "text": {"body": "Hi"}}}}
    return v1_requests.request("whatsapp", channels, WAID, key="waid", appid="a_1", **members)


# ------------------------------------------------------------------------------------------------- what is answered


async def test_queued_by_v1(service: Service) -> None:
    """WX1-DEST-07: one entry for each value, in order; a repeated value is sent twice; the ids have a suffix each."""
    destination = [
        {"msisdn": [PERSON, OTHER], "correlationid": "first"},
        {"msisdn": [PERSON]},
    ]
    response = await service.v1(v1_requests.sms(destination=destination, correlationid="of the request"))
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    entries = response.json()["response"]
    assert [list(entry) for entry in entries] == [["description", "correlationid", "code", "transid"]] * 3
    assert [entry["correlationid"] for entry in entries] == ["first", "first", "of the request"]
    assert {(entry["description"], entry["code"]) for entry in entries} == {("Queued", "1001")}
    first = entries[0]["transid"]
    assert str(UUID(first)) == first
    assert [entry["transid"] for entry in entries] == [first, f"{first}_1", f"{first}_2"]
    assert [message.provider_id for message in service.messages] == [entry["transid"] for entry in entries]
    (request,) = service.account.journal.requests
    assert request.messages == tuple(message.id for message in service.messages)


async def test_no_correlation_id(service: Service) -> None:
    """WX1-ENV-08: without a correlation id the entry has an empty one."""
    assert (await service.v1(v1_requests.sms())).json()["response"][0]["correlationid"] == ""


async def test_burst_mode(service: Service) -> None:
    """WX1-RATE-01: v1 may say that it queues in burst mode; the code stays."""
    service.configure(burst_mode=True)
    (entry,) = (await service.v1(v1_requests.sms())).json()["response"]
    assert (entry["description"], entry["code"]) == ("Queued in burst mode", "1001")


async def test_bulk(service: Service) -> None:
    """WX1-JSON-02: an array has one flat answer; a bad element has an entry of its own, the good ones are queued."""
    bulk = [v1_requests.sms(), v1_requests.sms({"text": ""}), 5, v1_requests.sms(correlationid="last")]
    response = await service.v1(bulk)
    entries = response.json()["response"]
    assert [entry["code"] for entry in entries] == ["1001", "7003", "7004", "1001"]
    assert entries[1]["description"] == "Mandatory parameters missing: param 'text' missing for channel sms"
    assert entries[3]["correlationid"] == "last"
    assert len({entry["transid"] for entry in entries}) == 4
    assert [message.provider_id for message in service.messages] == [entries[0]["transid"], entries[3]["transid"]]
    (request,) = service.account.journal.requests
    assert any(warning.startswith("WX1-SMS-01: an element was refused") for warning in request.warnings)


async def test_a_thousand(service: Service) -> None:
    """WX1-DEST-05: a thousand destinations are queued with one request, each with receipts of its own."""
    numbers = [f"+4477009{index:05d}" for index in range(1000)]
    transids = await service.sends("v1", v1_requests.request("sms", {"sms": {"text": "Hi"}}, *numbers))
    assert len(set(transids)) == 1000
    await service.wait_until(1)
    assert sorted(info["destination"] for info in service.infos()) == sorted(numbers * 2)


async def test_queued_by_v2(service: Service) -> None:
    """WX2-TO-08: one message is answered with an object, several with an array of them; ids are bare UUIDs."""
    response = await service.v2(v2_requests.sms(to=[{"msisdn": [PERSON], "correlationId": "c1"}]))
    assert (response.status_code, response.headers["content-type"]) == (201, "application/json;charset=ISO-8859-1")
    queued = response.json()
    assert list(queued) == ["requestTimestamp", "messageId", "correlationId", "status"]
    assert (queued["requestTimestamp"], queued["correlationId"]) == ("2030-01-02T12:00:00.000Z", "c1")
    assert queued["status"] == "queued"
    assert str(UUID(queued["messageId"])) == queued["messageId"]
    several = (await service.v2(v2_requests.sms(to=[{"msisdn": [PERSON, OTHER]}, {"msisdn": [PERSON]}]))).json()
    assert [entry["correlationId"] for entry in several] == ["", "", ""]
    assert len({UUID(entry["messageId"]) for entry in several}) == 3


async def test_v2_is_ascii(service: Service) -> None:
    """WX2-JSON-01: the body of v2's answer is pure ASCII, since it is said to be ISO-8859-1."""
    response = await service.v2(v2_requests.sms(to=[{"msisdn": [PERSON], "correlationId": "ключ"}]))
    assert response.content.isascii()
    assert response.json()["correlationId"] == "ключ"


async def test_quota(service: Service) -> None:
    """WX2-RATE-01: v2 tells of rate and quota; the quota's day ends at the tenant's midnight."""
    service.configure(tenant_timezone="+02:00", tps=10)
    headers = (await service.v2(v2_requests.sms(to=[{"msisdn": [PERSON] * 3}]))).headers
    assert (headers["x-rate-limit-limit"], headers["x-rate-limit-remaining"]) == ("10", "7")
    assert (headers["x-quota-limit-limit"], headers["x-quota-limit-remaining"]) == ("1000000", "999997")
    assert headers["x-quota-limit-reset"] == "2030-01-03T00:00:00.000+02:00"
    await service.advance(10 * 3600)
    headers = (await service.v2(v2_requests.sms())).headers
    assert headers["x-quota-limit-remaining"] == "999999"
    assert headers["x-quota-limit-reset"] == "2030-01-04T00:00:00.000+02:00"
    service.configure(tps=None)
    headers = (await service.v2(v2_requests.sms())).headers
    assert (headers["x-rate-limit-limit"], headers["x-rate-limit-remaining"]) == ("1000", "1000")


@pytest.mark.parametrize("path", ["/resources/v1/messaging/", "/v2/messages/"])
async def test_trailing_slash(service: Service, path: str) -> None:
    """A real client sends one (WX1-DEST-01, WX2-TO-01: it is answered as ever)."""
    body = v1_requests.sms() if "v1" in path else v2_requests.sms()
    response = await service.http.post(path, json=body, headers=service.key)
    assert response.status_code in (200, 201)
    assert len(service.messages) == 1


@pytest.mark.parametrize(
    ("version", "rule"),
    [pytest.param("v1", "WX1-JSON-01", id="WX1-JSON-01-v1"), pytest.param("v2", "WX2-JSON-01", id="WX2-JSON-01-v2")],
)
async def test_content_type(service: Service, version: str, rule: str) -> None:
    """Another content type is noted, and the body is read nevertheless."""
    body = v1_requests.sms() if version == "v1" else v2_requests.sms()
    send = service.v1 if version == "v1" else service.v2
    await send(body, {**service.key, "Content-Type": "text/plain"})
    await send(body, {**service.key, "Content-Type": "application/json; charset=utf-8"})
    noted, plain = service.account.journal.requests
    assert (len(noted.messages), [warning[:11] for warning in noted.warnings]) == (1, [rule])
    assert (len(plain.messages), plain.warnings) == (1, ())


# ------------------------------------------------------------------------------------------------------- the rate


@pytest.mark.parametrize(
    ("tps", "sent", "then", "passes"),
    [
        pytest.param(None, 1000, 1000, True, id="WX1-RATE-01-no-rate-is-configured"),
        pytest.param(3, 0, 3, True, id="WX1-RATE-02-three-at-once"),
        pytest.param(3, 0, 4, False, id="WX1-RATE-02-four-at-once"),
        pytest.param(3, 2, 1, True, id="WX1-RATE-02-one-more"),
        pytest.param(3, 2, 2, False, id="WX1-RATE-02-two-more"),
    ],
)
async def test_rate(service: Service, tps: int | None, sent: int, then: int, *, passes: bool) -> None:
    """With a rate, a request is refused whole that has more destinations than the second has room for."""
    service.configure(tps=tps)
    if sent:
        await service.sends("v1", v1_requests.request("sms", {"sms": {"text": "Hi"}}, *[PERSON] * sent))
    response = await service.v1(v1_requests.request("sms", {"sms": {"text": "Hi"}}, *[PERSON] * then))
    answer = response.json()["response"]
    if passes:
        assert len(answer) == then
    else:
        assert (broken_rule(response), answer["code"]) == ("WX1-RATE-02", "7020")
        assert answer["description"].startswith("You have reached maximum transaction limit")
        assert len(service.messages) == sent


async def test_rate_is_shared_and_rolls(service: Service) -> None:
    """WX2-RATE-01: v1 and v2 share the second, which ends with each request; what was refused counts nothing."""
    service.configure(tps=2)
    await service.sends("v1", v1_requests.sms())
    await service.advance(0.5)
    await service.sends("v2", v2_requests.sms())
    response = await service.v2(v2_requests.sms())
    assert (response.status_code, broken_rule(response)) == (429, "WX2-RATE-01")
    assert response.json() == {"code": "7020", "message": "You have reached maximum transaction limit"}
    assert (response.headers["x-rate-limit-limit"], response.headers["x-rate-limit-remaining"]) == ("2", "0")
    await service.advance(0.499)
    assert (await service.v2(v2_requests.sms())).status_code == 429
    await service.advance(0.001)
    assert (await service.v2(v2_requests.sms())).status_code == 201
    assert (await service.v1(v1_requests.sms())).json()["response"]["code"] == "7020"


# --------------------------------------------------------------------------------------------- the contact policy


def policy(*, consent: bool = False, cap: bool = False, group: str = "g1") -> Body:
    """Return a contact policy."""
    return {"contactPolicyGroup": group, "channelCheckConsent": consent, "channelApplyFrequencyCap": cap}


# In v1 these are WX1-CP-03, WX1-CP-04 and WX1-CP-05.
@pytest.mark.parametrize(
    ("groups", "wish", "receipt"),
    [
        pytest.param({}, policy(consent=True, cap=True), None, id="CP-03-no-groups-are-declared"),
        pytest.param({"g1": {}}, policy(consent=True, cap=True), None, id="CP-03-a-declared-group"),
        pytest.param({"g2": {}}, policy(consent=True), ("Failed", "9005"), id="CP-03-an-unknown-group"),
        pytest.param({"g1": {"consented": [PERSON]}}, policy(consent=True), None, id="CP-04-consented"),
        pytest.param(
            {"g1": {"consented": ["447700 900123"]}}, policy(consent=True), None, id="CP-04-written-otherwise"
        ),
        pytest.param(
            {"g1": {"consented": [OTHER]}}, policy(consent=True), ("Failed", "9002"), id="CP-04-not-consented"
        ),
        pytest.param({"g1": {"consented": []}}, policy(consent=True), ("Failed", "9002"), id="CP-04-nobody-consented"),
        pytest.param({"g1": {"consented": []}}, policy(cap=True), None, id="CP-04-consent-is-not-asked-for"),
        pytest.param({"g1": {"cap": 0}}, policy(cap=True), ("Failed", "9006"), id="CP-05-no-message-at-all"),
        pytest.param({"g1": {"cap": 0}}, policy(consent=True), None, id="CP-05-cap-is-not-asked-for"),
    ],
)
@pytest.mark.parametrize("version", [pytest.param("v1", id="WX1"), pytest.param("v2", id="WX2-CP-01")])
async def test_contact_policy(
    service: Service, version: str, groups: Body, wish: Body, receipt: tuple[str, str] | None
) -> None:
    """A contact policy refuses by receipt: the request is queued all the same."""
    service.configure(contact_groups=groups)
    body = (v1_requests if version == "v1" else v2_requests).sms(contactPolicy=wish)
    await service.sends(version, body)
    await service.wait_until(1)
    assert service.receipts() == ([receipt] if receipt else [("Submitted", "7501"), ("Delivered", "7500")])


async def test_frequency_cap(service: Service) -> None:
    """WX1-CP-05: the cap counts for each person within 24 hours; what was refused counts nothing."""
    service.configure(contact_groups={"g1": {"cap": 2}})
    body = v1_requests.sms(contactPolicy=policy(cap=True))

    async def outcome(body: Body) -> str:
        await service.sends("v1", body)
        await service.advance(1)
        return service.receipts()[-1][1]

    assert [await outcome(body) for _ in range(3)] == ["7500", "7500", "9006"]
    assert service.infos()[-1]["Description"] == "Frequency cap: Recipient has exceeded frequency cap"
    other = v1_requests.request("sms", {"sms": {"text": "Hi"}}, OTHER, contactPolicy=policy(cap=True))
    assert await outcome(other) == "7500"
    await service.wait_until(24 * 3600 - 1)
    assert await outcome(body) == "9006"
    assert await outcome(body) == "7500"  # the first of the two is 24 hours old now
    assert await outcome(body) == "7500"
    assert await outcome(body) == "9006"


# ------------------------------------------------------------------------------------------------- WhatsApp's window


@pytest.mark.parametrize(
    ("enforced", "wrote", "waited", "receipts"),
    [
        pytest.param(False, False, 0, ["7501", "7500"], id="WX1-WA-07-not-enforced"),
        pytest.param(True, False, 0, ["7710"], id="WX1-WA-07-never-wrote"),
        pytest.param(True, True, 0, ["7501", "7500"], id="WX1-WA-07-wrote-just-now"),
        pytest.param(True, True, 86_399, ["7501", "7500"], id="WX1-WA-07-one-second-is-left"),
        pytest.param(True, True, 86_400, ["7710"], id="WX1-WA-07-24-hours-are-over"),
    ],
)
async def test_window(service: Service, waited: float, receipts: list[str], *, enforced: bool, wrote: bool) -> None:
    """Where the window is enforced, a message without template needs one from the person within 24 hours."""
    service.configure(enforce_24h_window=enforced)
    if wrote:
        await service.does("say", WAID, text="Hi", channel="whatsapp", sender="a_1")
        await service.advance(waited)
    await service.sends("v1", wa())
    await service.advance(1)
    assert [code for _, code in service.receipts()] == receipts


async def test_templates_need_no_window(service: Service) -> None:
    """WX1-WA-07: a template opens a conversation at any time."""
    service.configure(enforce_24h_window=True)
    body = {**wa(), "message": {"template": "T1", "parameters": {}}}
    del body["channels"]
    await service.sends("v1", body)
    await service.advance(1)
    assert [code for _, code in service.receipts()] == ["7501", "7500"]


# ---------------------------------------------------------------------------------------------------------- e-mail


def mail(*people: str, **members: Any) -> Body:
    """Return an e-mail to some people, each in an object of their own."""
    return v2_requests.email(to=[{"email": [person]} for person in people], **members)


async def test_copies(service: Service) -> None:
    """WX2-EMAIL-09: to, cc and bcc each have receipts, with one id."""
    (message_id,) = await service.sends("v2", mail("to@x.test", cc=["cc@x.test"], bcc=["bcc@x.test"]))
    await service.wait_until(1)
    told = [body["deliveryInfoNotification"] for body in service.bodies()]
    assert {each["transid"] for each in told} == {message_id}
    assert sorted(each["deliveryInfo"]["destination"] for each in told) == sorted(
        ["to@x.test", "cc@x.test", "bcc@x.test"] * 2
    )


@pytest.mark.parametrize(
    ("joined", "ids"),
    [
        pytest.param(True, 2, id="WX2-EMAIL-10-one-id-an-object"),
        pytest.param(False, 3, id="WX2-EMAIL-10-one-id-an-address"),
    ],
)
async def test_joined(service: Service, ids: int, *, joined: bool) -> None:
    """`multipleToRecipients` makes one message of the addresses of an object."""
    to = [{"email": ["a@x.test", "b@x.test"]}, {"email": ["c@x.test"]}]
    queued = await service.sends("v2", v2_requests.email(to=to, multipleToRecipients=joined))
    await service.wait_until(1)
    assert len(queued) == ids
    told = [body["deliveryInfoNotification"] for body in service.bodies()]
    assert {each["deliveryInfo"]["destination"] for each in told} == {"a@x.test", "b@x.test", "c@x.test"}
    assert {each["transid"] for each in told} == set(queued)


async def test_unsubscribed(service: Service) -> None:
    """WX2-EMAIL-12: who unsubscribes gets no more mail: it fails with 7241, until they subscribe again."""
    await service.sends("v2", mail("Person@x.test"))
    await service.does("event", "person@x.test", event_code="Unsubscribe")
    await service.advance(1)
    service.webhook.received.clear()
    await service.sends("v2", mail("Person@x.test"))
    await service.advance(1)
    assert service.receipts() == [("Failed", "7241")]
    assert service.infos()[0]["Description"] == "unsubscribed : Person@x.test"
    await service.does("event", "person@x.test", event_code="Subscribe")
    await service.sends("v2", mail("Person@x.test"))
    await service.advance(1)
    assert service.receipts()[-1] == ("Delivered", "7500")


async def test_unsubscribed_by_the_link(service: Service) -> None:
    """WX2-EMAIL-12: the link that `$(unsubscribe)` became unsubscribes who clicks it, tracked or not; no receipt tells it."""
    html = '<a href="https://x.test/">x</a> <a href="$(unsubscribe)">no more</a>'
    to = [{"email": ["a@x.test"], "correlationId": "c"}, {"email": ["b@x.test"]}]
    await service.sends("v2", v2_requests.html({"html": html}, to=to))
    await service.advance(1)
    before = len(service.receipts())
    await service.does("click", "a@x.test")
    (told,) = service.bodies(WEBHOOK)
    assert (told["event"], told["from"], told["correlationId"]) == ("Unsubscribe", "a@x.test", "c")
    assert len(service.receipts()) == before
    await service.sends("v2", mail("a@x.test", "b@x.test"))
    await service.advance(1)
    assert [code for _, code in service.receipts()[before:]] == ["7241", "7501", "7500"]
    assert service.messages[0].history[-1].provider_status is None


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        pytest.param("Permanent_NoEmail", "7240", id="WX2-TO-06-for-good"),
        pytest.param("Transient_MailboxFull", "7500", id="WX2-TO-06-for-now"),
    ],
)
async def test_bounced(service: Service, kind: str, code: str) -> None:
    """Where mail bounced for good, later mail fails with 7240; a full mailbox may be empty by then."""
    await service.sends("v2", mail("person@x.test"))
    await service.does("receipt", "person@x.test", status="Bounce", detail=kind)
    await service.sends("v2", mail("person@x.test"))
    await service.advance(1)
    assert service.receipts()[-1][1] == code
    assert code == "7500" or service.infos()[-1]["Description"] == "already bounced : person@x.test"


# ------------------------------------------------------------------------------------------------- time: sendAt, expiry


@pytest.mark.parametrize(
    "wait", [pytest.param(3600, id="WX2-TIME-09-an-hour"), pytest.param(604_800, id="WX2-TIME-09-a-week")]
)
async def test_scheduled(service: Service, wait: int) -> None:
    """A scheduled message is queued at once; its receipts begin at `sendAt`."""
    at = int(NOON.timestamp()) + wait
    response = await service.v2(v2_requests.sms(sendAt=at, notifyUrl=NOTIFY))
    assert (response.status_code, response.json()["status"]) == (201, "queued")
    await service.wait_until(wait)
    assert service.receipts() == []
    await service.wait_until(wait + 0.4)
    assert service.receipts() == [("Submitted", "7501"), ("Delivered", "7500")]


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        pytest.param(v2_requests.sms(validity=60), "7208", "Un-Delivered", id="WX2-TIME-08-sms"),
        pytest.param(v2_requests.rcs(validity=60), "7301", "Failed", id="WX2-TIME-08-rcs"),
        pytest.param(v2_requests.email(validity=60), "7301", "Failed", id="WX2-TIME-08-email"),
    ],
)
async def test_expiry(service: Service, body: Body, code: str, status: str) -> None:
    """What is not delivered when its time is up expires, once and for all."""
    service.silence()
    await service.sends("v2", body)
    await service.wait_until(59.999)
    assert service.receipts() == []
    await service.wait_until(60)
    assert (service.receipts(), service.infos()[0]["Description"]) == ([(status, code)], "Message expired")
    assert service.messages[0].status == "expired"
    await service.wait_until(3600)
    assert len(service.told()) == 1


async def test_no_expiry_once_delivered(service: Service) -> None:
    """WX2-TIME-08: what was delivered in time does not expire, and nothing waits for it."""
    await service.sends("v2", v2_requests.sms(validity=60))
    await service.wait_until(1)
    assert service.account.clock.pending == 0
    await service.wait_until(61)
    assert [code for _, code in service.receipts()] == ["7501", "7500"]


async def test_validity_counts_from_send_at(service: Service) -> None:
    """WX2-TIME-07: `validity` counts from `sendAt`."""
    service.silence()
    at = (NOON + timedelta(seconds=100)).isoformat()
    await service.sends("v2", v2_requests.sms(sendAt=at, validity=60))
    await service.wait_until(159.999)
    assert service.receipts() == []
    await service.wait_until(160)
    assert service.receipts() == [("Un-Delivered", "7208")]


async def test_expiry_of_v1(service: Service) -> None:
    """WX1-ENV-11: v1's `expiry` does the same, with the code of a request that had expired when it came."""
    service.silence()
    await service.sends("v1", v1_requests.sms(expiry="2030-01-02T12:01:00Z"))
    await service.sends("v1", v1_requests.sms(expiry="2015-04-12T18:30:19.456+5:30"))
    await service.wait_until(59.999)
    assert service.receipts() == [("Failed", "7005")]
    await service.wait_until(60)
    assert service.receipts() == [("Failed", "7005"), ("Failed", "7005")]
    assert service.infos()[1]["Description"] == "Request expired"


async def test_late_delivery(service: Service) -> None:
    """WX2-TIME-08: a person who would have got it later does not get what has expired."""
    await service.sends("v2", v2_requests.sms(validity=1, to=[{"msisdn": ["+15550007501"]}]))
    await service.wait_until(1)
    assert [code for _, code in service.receipts()] == ["7501", "7208"]


# ------------------------------------------------------------------------------------------------------ RCS fallback


FALLBACK = {"smsFallback": True, "smsSenderId": "BRAND", "text": "Read me as SMS"}


async def test_fallback(service: Service) -> None:
    """WX2-RCS-18: where RCS fails, an SMS goes out with the same id; its receipts follow the failure."""
    body = v2_requests.rcs(options=FALLBACK, to=[{"msisdn": ["+15550007323"], "correlationId": "c"}], callbackData="d")
    (message_id,) = await service.sends("v2", body)
    await service.wait_until(5)
    told = [each["deliveryInfoNotification"] for each in service.bodies()]
    assert [(each["deliveryInfo"]["deliveryChannel"], each["deliveryInfo"]["code"]) for each in told] == [
        ("rcs", "7323"),
        ("SMS", "7501"),
        ("SMS", "7500"),
    ]
    assert {(each["transid"], each["correlationid"], each["callbackData"]) for each in told} == {(message_id, "c", "d")}
    rcs, sms = service.messages
    assert (sms.channel, sms.text, sms.conversation.sender, sms.request) == (
        "sms",
        FALLBACK["text"],
        "BRAND",
        rcs.request,
    )


async def test_no_fallback(service: Service) -> None:
    """WX2-RCS-19: without `smsFallback` there is only the failure."""
    await service.sends("v2", v2_requests.rcs(to=[{"msisdn": ["+15550007323"]}]))
    await service.wait_until(5)
    assert service.receipts() == [("Failed", "7323")]
    assert len(service.messages) == 1


async def test_fallback_that_fails(service: Service) -> None:
    """WX2-RCS-18: the SMS may fail in its turn, and nothing goes out in its place."""
    await service.sends("v2", v2_requests.rcs(options=FALLBACK, to=[{"msisdn": ["+15550007207"]}]))
    await service.wait_until(5)
    assert service.receipts() == [("Failed", "7207"), ("Submitted", "7501"), ("Un-Delivered", "7207")]


async def test_fallback_of_what_expired(service: Service) -> None:
    """WX2-RCS-18: RCS that expires is followed by the SMS as well, and so is one that failed at second hand only once."""
    service.silence()
    await service.sends("v2", v2_requests.rcs(options=FALLBACK, validity=60))
    await service.wait_until(60)
    assert [message.channel for message in service.messages] == ["rcs", "sms"]
    await service.does("fail", code="7301", message=service.messages[0].id)
    assert [message.channel for message in service.messages] == ["rcs", "sms"]


# ------------------------------------------------------------------------------------------------------ retrieving


async def test_retrieve(service: Service) -> None:
    """WX2-RCPT-02: a message can be retrieved, with what was told of it last; a v1 message cannot."""
    body = v2_requests.sms(
        callbackData="d",
        options={"trackClicks": True},
        requestedReceipts=["delivered"],
        to=[{"msisdn": [PERSON], "correlationId": "c"}],
    )
    (message_id,) = await service.sends("v2", body)
    response = await service.http.get(f"/v2/messages/{message_id}", headers=service.key)
    assert response.headers["content-type"] == "application/json;charset=ISO-8859-1"
    assert response.json() == {
        "clientId": 0,
        "toType": "msisdn",
        "numSegments": "1",
        "requestTimestamp": "2030-01-02T12:00:00.000Z",
        "groupId": 0,
        "channel": "sms",
        "messageId": message_id,
        "requestedReceipts": ["delivered"],
        "version": "2.0",
        "content": {"type": "text", "text": "Hello"},
        "teamId": 0,
        "callbackData": "d",
        "options": {"trackClicks": True},
        "notifyUrl": NOTIFY,
        "from": "CNNECT",
        "correlationId": "c",
        "to": PERSON,
        "direction": "outbound",
        "status": "Queued",
    }
    for seconds, status in ((0.1, "Submitted"), (0.4, "Delivered")):
        await service.wait_until(seconds)
        response = await service.http.get(f"/v2/messages/{message_id}", headers=service.key)
        assert response.json()["status"] == status
    (of_v1,) = await service.sends("v1", v1_requests.sms())
    for unknown in (of_v1, "x", ""):
        response = await service.http.get(f"/v2/messages/{unknown}", headers=service.key)
        assert (response.status_code, response.content) == (405 if not unknown else 404, b"")


@pytest.mark.parametrize(
    "headers", [pytest.param({}, id="WX2-AUTH-01-get"), pytest.param({"key": "x"}, id="WX2-AUTH-02-get")]
)
async def test_retrieve_without_a_key(service: Service, headers: dict[str, str]) -> None:
    """Retrieving needs a key as well."""
    response = await service.http.get("/v2/messages/x", headers=headers)
    assert (response.status_code, response.content) == (401, b"")


async def test_read_event_of_an_unknown_message(service: Service) -> None:
    """WX2-RCS-14: READ may name an id that nobody has seen, with a warning; one that was given has none."""
    event = v2_requests.of_type("agentEvent", event="READ", messageId="MxUnknown")
    await service.sends("v2", event)
    await service.does("say", text="Hi", channel="rcs", sender="a_1568")
    given = service.bodies(WEBHOOK)[0]["messageId"]
    await service.sends("v2", v2_requests.of_type("agentEvent", event="READ", messageId=given))
    first, second = service.account.journal.requests
    assert (first.warnings, second.warnings) == (("WX2-RCS-14: no inbound message has the id 'MxUnknown'",), ())
