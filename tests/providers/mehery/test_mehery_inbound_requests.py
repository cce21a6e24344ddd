"""contact/info and message/receive: as the platform asks and tells the business, and as it answers when called itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mehery_shapes import complaints
from mehery_tenant import INFO, JOHN, WEBHOOK, Tenant, refusal
from sandbox.providers.mehery import questions
from sandbox.providers.mehery.world import Contact
from sandbox.webhook_client import Answer, DeliveryError

pytestmark = pytest.mark.anyio

STRANGER = "919900112233"  # who has no session yet
SUPPORT = "wa360:918828218374"
LABEL = {"key": "CUSTOMER_TYPE", "name": "Customer Type", "type": "TEXT", "value": "Platinum"}
WHO = {"profileId": "C34567", "name": "John Doe", "mobile": "919988776655", "email": "abc@xyz.com", "labels": [LABEL]}


def answers(tenant: Tenant, *given: Any) -> None:
    """Let the next callbacks be answered with these: JSON with 200, or an answer as it is."""
    tenant.configure(contact_info_url=INFO)
    tenant.webhook.answers = [
        one if isinstance(one, Answer | Exception) else Answer(200, json.dumps(one)) for one in given
    ]


async def begins(tenant: Tenant, text: str = "Hello") -> Contact:
    """Have a stranger write, which starts a session, and return them as the platform knows them."""
    await tenant.does("say", STRANGER, sender=SUPPORT, text=text)
    contact = tenant.world.contact(f"wa{STRANGER}_918828218374")
    assert contact is not None
    return contact


async def test_meh_info_01(tenant: Tenant) -> None:
    """MEH-INFO-01: before a session starts the app is asked with the bare contact, and waited for at most five seconds."""
    answers(tenant, WHO)
    await begins(tenant)
    assert [received.url for received in tenant.webhook.received] == [INFO, WEBHOOK, WEBHOOK]
    assert [callback.kind for callback in tenant.callbacks] == ["contact_info", "event.SESSION_ROUTED", "message.text"]
    (question,) = tenant.told(INFO)
    assert question.timeout == 5.0
    assert dict(question.encoded.headers)["x-verify-token"] == "s1agenttoken$$$"
    (body,) = tenant.bodies(INFO)
    assert complaints(body, "InBoundContact") == []
    assert (body["contactId"], body["csid"]) == (f"wa{STRANGER}_918828218374", STRANGER)
    assert body["businessProfile"] == {"profileId": None, "name": None, "phone": None, "email": None}


async def test_meh_info_01_only_at_the_start(tenant: Tenant) -> None:
    """MEH-INFO-01: nobody is asked in the middle of a session, nor without a URL."""
    await begins(tenant)
    answers(tenant)
    await begins(tenant, "And now")
    await tenant.does("say", JOHN, text="Hello")
    assert tenant.told(INFO) == []


async def test_meh_info_02(tenant: Tenant) -> None:
    """MEH-INFO-02: the answer is merged, and the very next callback shows it; labels are merged by key."""
    answers(tenant, WHO)
    contact = await begins(tenant)
    business = {"profileId": "C34567", "name": "John Doe", "phone": "919988776655", "email": "abc@xyz.com"}
    assert [body["contacts"][0]["businessProfile"] for body in tenant.bodies()] == [business, business]
    assert [(each.key, each.value, each.name, each.type) for each in contact.labels.values()] == [
        ("CUSTOMER_TYPE", "Platinum", "Customer Type", "TEXT")
    ]
    questions.merge({"name": "Jo", "labels": [{**LABEL, "value": "Gold"}, {"key": "X", "value": [1]}]}, contact)
    assert contact.business == {**business, "name": "Jo"}
    assert {each.key: (each.value, each.name) for each in contact.labels.values()} == {
        "CUSTOMER_TYPE": ("Gold", "Customer Type"),
        "X": ([1], "X"),
    }


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(201, json.dumps(WHO)), id="MEH-INFO-03-another-success"),
        pytest.param(Answer(404, json.dumps(WHO)), id="MEH-INFO-03-not-found"),
        pytest.param(Answer(500, ""), id="MEH-INFO-03-trouble"),
        pytest.param(Answer(200, "{"), id="MEH-INFO-03-no-json"),
        pytest.param(Answer(200, ""), id="MEH-INFO-03-nothing"),
        pytest.param(Answer(200, "[]"), id="MEH-INFO-03-no-object"),
        pytest.param(Answer(200, "[" * 10_000), id="MEH-INFO-03-too-deep"),
        pytest.param(DeliveryError("timeout", "slow"), id="MEH-INFO-03-no-answer-in-time"),
        pytest.param(DeliveryError("blocked", "not there"), id="MEH-INFO-03-a-forbidden-address"),
        pytest.param({"name": None, "email": [], "labels": {}}, id="MEH-INFO-03-nothing-usable-in-it"),
    ],
)
async def test_meh_info_03(tenant: Tenant, answer: Any) -> None:
    """An answer of no use changes nothing, is not asked for again, and the rest goes on."""
    tenant.configure(callback_retries=[1.0])
    answers(tenant, answer)
    contact = await begins(tenant)
    assert (contact.business, contact.labels) == ({}, {})
    assert len(tenant.told(INFO)) == 1
    assert [body["type"] for body in tenant.bodies()] == ["events", "messages"]


@pytest.mark.parametrize(
    ("label", "kept"),
    [
        pytest.param({"key": "a", "value": "b"}, {"key": "a", "value": "b"}, id="MEH-INFO-03-key-and-value"),
        pytest.param({"key": 1, "value": False}, {"key": "1", "value": False}, id="MEH-INFO-03-scalars"),
        pytest.param({"key": "a", "value": [1, 2]}, {"key": "a", "value": [1, 2]}, id="MEH-INFO-03-an-array"),
        pytest.param({"value": "b"}, None, id="MEH-INFO-03-no-key"),
        pytest.param({"key": " ", "value": "b"}, None, id="MEH-INFO-03-a-blank-key"),
        pytest.param({"key": "a"}, None, id="MEH-INFO-03-no-value"),
        pytest.param({"key": "a", "value": {}}, None, id="MEH-INFO-03-an-object-for-a-value"),
        pytest.param({"key": "a", "value": 1, "type": "NUMBER"}, {"key": "a", "value": 1, "type": "NUMBER"}, id="MEH-INFO-03-a-type"),
        pytest.param({"key": "a", "value": 1, "type": "list"}, {"key": "a", "value": 1, "type": "LIST"}, id="MEH-INFO-03-a-type-in-small-letters"),
        pytest.param({"key": "a", "value": 1, "type": "COLOUR"}, None, id="MEH-INFO-03-an-unknown-type"),
        pytest.param({"key": "a", "value": 1, "type": 7}, None, id="MEH-INFO-03-no-type"),
        pytest.param(
            {"key": "a", "value": 1, "type": "DATE", "format": "MM/DD/YY"},
            {"key": "a", "value": 1, "type": "DATE", "format": "MM/DD/YY"},
            id="MEH-INFO-03-a-format-of-a-date",
        ),
        pytest.param(
            {"key": "a", "value": 1, "type": "TEXT", "format": "MM/DD/YY"},
            {"key": "a", "value": 1, "type": "TEXT"},
            id="MEH-INFO-03-a-format-of-a-text",
        ),
        pytest.param("label", None, id="MEH-INFO-03-no-object-as-a-label"),
    ],
)  # fmt: skip
async def test_meh_info_03_labels(tenant: Tenant, label: Any, kept: Any) -> None:
    """A label without key or value, or of an unknown type, is dropped alone."""
    answers(tenant, {"labels": [label, LABEL]})
    response = await tenant.post("/contact/info", {"csid": "1"})
    assert response.json() == {"labels": [LABEL] if kept is None else [kept, LABEL]}


def test_meh_info_03_a_thousand_labels_are_enough() -> None:
    """However many labels an app thinks of, a contact keeps a thousand."""
    contact = Contact("wa1_2", SUPPORT, "WHATSAPP", "1", "2")
    questions.merge({"labels": [{"key": str(number), "value": 1} for number in range(1001)]}, contact)
    assert len(contact.labels) == 1000
    questions.merge({"labels": [{"key": "0", "value": 2}]}, contact)
    assert contact.labels["0"].value == 2


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param({"contactId": JOHN}, None, id="MEH-INFO-04-a-contact-id"),
        pytest.param({"csid": 919988776655}, None, id="MEH-INFO-04-a-csid"),
        pytest.param({}, "MEH-INFO-04", id="MEH-INFO-04-neither"),
        pytest.param({"contactId": " ", "csid": ""}, "MEH-INFO-04", id="MEH-INFO-04-both-blank"),
        pytest.param({"csid": "1", "contactType": "PIGEON"}, "MEH-GEN-11", id="MEH-INFO-04-an-unknown-contact-type"),
        pytest.param({"csid": "1", "profile": []}, "MEH-GEN-08", id="MEH-INFO-04-a-profile-that-is-none"),
    ],
)
async def test_meh_info_04(tenant: Tenant, body: Any, rule: str | None) -> None:
    """Called by a client, the question needs somebody; without a URL the answer is empty."""
    response = await tenant.post("/contact/info", body)
    assert response.headers.get("x-sandbox-rule") == rule
    if rule is None:
        assert (response.status_code, response.json()) == (200, {})
    elif rule == "MEH-INFO-04":
        assert refusal(response) == (400, "PARAM_MISSING", rule, [("FIELD_MISSING", "contactId")])


async def test_meh_info_04_asks_the_business(tenant: Tenant) -> None:
    """The question goes to the app of the key, else to the default one, and its answer is the reply."""
    answers(tenant, WHO, WHO, {"name": 7, "colour": "blue"}, Answer(500, ""))
    tenant.configure(apps={"billing_bot": {"contact_info_url": f"{INFO}/bills"}})
    response = await tenant.post("/contact/info", {"csid": STRANGER, "lane": 5})
    assert (response.status_code, response.json()) == (200, WHO)
    assert complaints(response.json(), "ContactInfoUpdate", whole=False) == []
    (asked,) = tenant.bodies(INFO)
    assert complaints(asked, "InBoundContact") == []
    assert (asked["csid"], asked["lane"], asked["profile"]["name"]) == (STRANGER, "5", None)
    await tenant.post("/contact/info", {"csid": STRANGER}, tenant.key("billing_bot"))
    assert len(tenant.told(f"{INFO}/bills")) == 1
    assert (await tenant.post("/contact/info", {"csid": STRANGER}, {})).json() == {"name": "7"}
    assert (await tenant.post("/contact/info", {"csid": STRANGER}, {})).json() == {}
    assert [callback.kind for callback in tenant.callbacks] == ["contact_info"] * 4
    assert [callback.state for callback in tenant.callbacks] == ["delivered"] * 3 + ["failed"]


ACTION = {"actions": [{"actionCode": "SEND_INVOICE"}]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param({"type": "actions", **ACTION}, None, id="MEH-RECV-02-named"),
        pytest.param({"type": "ACTIONS", **ACTION}, None, id="MEH-RECV-02-named-in-capitals"),
        pytest.param(ACTION, None, id="MEH-RECV-02-inferred"),
        pytest.param({"messages": [], **ACTION}, None, id="MEH-RECV-02-inferred-past-an-empty-array"),
        pytest.param({"type": "message", "messages": [{"id": 1}]}, None, id="MEH-RECV-02-as-the-sample-has-it"),
        pytest.param({"type": "letters", **ACTION}, ("PARAM_INVALID", "MEH-RECV-02", "type"), id="MEH-RECV-02-unknown"),
        pytest.param({}, ("PARAM_INVALID", "MEH-RECV-02", "type"), id="MEH-RECV-02-nothing-to-infer-from"),
        pytest.param({"actions": []}, ("PARAM_INVALID", "MEH-RECV-02", "type"), id="MEH-RECV-02-only-an-empty-array"),
        pytest.param({"type": "events", **ACTION}, ("PARAM_MISSING", "MEH-RECV-02", "events"), id="MEH-RECV-02-absent"),
        pytest.param(
            {"type": "actions", "actions": []}, ("PARAM_MISSING", "MEH-RECV-02", "actions"), id="MEH-RECV-02-empty"
        ),
        pytest.param({"actions": {}}, ("PARAM_TYPE_MISMATCH", "MEH-GEN-08", "actions"), id="MEH-RECV-01-no-array"),
        pytest.param({"actions": ["x"]}, ("PARAM_TYPE_MISMATCH", "MEH-GEN-08", "actions[0]"), id="MEH-RECV-01-no-object"),
        pytest.param(
            {"messages": [{"type": "poem"}]}, ("PARAM_INVALID", "MEH-GEN-11", "messages[0].type"), id="MEH-RECV-01-no-type"
        ),
        pytest.param(
            {"statuses": [{"timestamp": "soon"}]},
            ("PARAM_TYPE_MISMATCH", "MEH-GEN-08", "statuses[0].timestamp"),
            id="MEH-RECV-01-no-time",
        ),
    ],
)  # fmt: skip
async def test_meh_recv_02(tenant: Tenant, body: Any, expected: tuple[str, str, str] | None) -> None:
    """The type names an array that is not empty, or is inferred from the first one."""
    response = await tenant.post("/message/receive", body)
    if expected is None:
        assert response.status_code == 200
        assert response.json().get("type") in (None, "actions", "messages")
    else:
        key, rule, field = expected
        status, status_key, broken, entries = refusal(response)
        assert (status, status_key, broken, [each for _, each in entries]) == (400, key, rule, [field])


async def test_meh_recv_01(tenant: Tenant) -> None:
    """The wrapper is echoed with its scalars in the document's types, and forwarded to the app's webhook."""
    body = {
        "type": "messages",
        "contacts": [{"contactId": 1234567, "contactType": "whatsapp"}],
        "messages": [{"id": 7, "timestamp": "156753339076", "text": {"body": True}, "input": {"reply_id": "x"}}],
        "meta": {"debug": "true"},
        "note": None,
    }
    expected = {
        "type": "messages",
        "contacts": [{"contactId": "1234567", "contactType": "WHATSAPP"}],
        "messages": [{"id": "7", "timestamp": 156753339076, "text": {"body": "true"}, "input": {"reply_id": "x"}}],
        "meta": {"debug": True},
        "note": None,
    }
    assert (await tenant.post("/message/receive", body, {})).json() == expected
    await tenant.settle()
    assert tenant.bodies() == [expected]
    (callback,) = tenant.callbacks
    assert (callback.kind, callback.user, callback.state) == ("message.receive", "1234567", "delivered")


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(500, id="MEH-RECV-01-the-webhook-fails"),
        pytest.param(DeliveryError("refused", "nobody listens"), id="MEH-RECV-01-nobody-listens"),
    ],
)
async def test_meh_recv_01_failure_changes_nothing(tenant: Tenant, trouble: Any) -> None:
    """What comes of forwarding does not change the reply."""
    tenant.webhook.answers = [trouble]
    response = await tenant.post("/message/receive", ACTION)
    assert (response.status_code, response.json()) == (200, ACTION)
    await tenant.settle()
    assert [callback.state for callback in tenant.callbacks] == ["failed"]


async def test_meh_recv_01_the_key_names_the_app(tenant: Tenant) -> None:
    """The wrapper goes to the webhook of the key's app; one without a webhook is only recorded."""
    await tenant.post("/message/receive", ACTION, tenant.key("billing_bot"))
    tenant.configure(apps={"billing_bot": {"webhook": "http://127.0.0.1:9/bills"}})
    await tenant.post("/message/receive", ACTION, tenant.key("billing_bot"))
    await tenant.settle()
    assert [callback.state for callback in tenant.callbacks] == ["recorded", "delivered"]
    assert (len(tenant.told()), len(tenant.told("http://127.0.0.1:9/bills"))) == (0, 1)
