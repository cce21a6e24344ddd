"""v2 over HTTP: the documented samples, what is known at acceptance as receipts, and damaged requests."""

import json
import logging
from random import Random
from typing import Any

import pytest

from sandbox.providers.webex_connect.account import App as DeclaredApp
from sandbox.providers.webex_connect.account import Template
from sandbox.shipped import folder
from v2_requests import OMIT, PERSON, PHONE, email, html, rcs, sms
from webex_service import Service

V2 = folder("fixtures") / "webex_connect" / "v2"
SAMPLES: dict[str, Any] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((V2 / "requests").glob("*.json"))
}
WHOLE = [name for name, sample in SAMPLES.items() if "place" not in sample]
IMAGE = {"mimeType": "image/png", "name": "wings", "mediaUrl": "https://a.test/wings.jpg"}


@pytest.mark.parametrize("name", SAMPLES, ids=lambda name: f"WX2-JSON-01-{name}-repaired")
async def test_a_repaired_sample_is_queued(service: Service, name: str) -> None:
    """Every sample is queued, a message for each address; what it says can be looked at."""
    response = await service.v2(SAMPLES[name]["request"])
    assert response.status_code == 201
    queued = response.json()
    assert {entry["status"] for entry in (queued if isinstance(queued, list) else [queued])} == {"queued"}
    assert all(message.content for message in service.messages)


@pytest.mark.parametrize("name", WHOLE, ids=lambda name: f"WX2-JSON-01-{name}-as-printed")
async def test_a_printed_request_gets_its_answer(service: Service, name: str) -> None:
    """A request copied from the document is refused as the note beside it says; the header names the rule."""
    response = await service.v2((V2 / "printed" / f"{name}.txt").read_bytes())
    expected = SAMPLES[name]["printed_answer"]
    message = expected.get("message", "Invalid JSON")
    assert (response.status_code, response.json()) == (400, {"code": expected["code"], "message": message})
    assert response.headers["x-sandbox-rule"] == expected["rule"]


FATES = [
    pytest.param(sms(), {"senders": ["OTHER"]}, "7101", "Invalid Sender ID", id="WX2-ENV-05-an-unknown-sender"),
    pytest.param(
        rcs(),
        {"apps": {"a_1": DeclaredApp(channel="rcs").model_dump()}},
        "7322",
        "Provider not configured for chatbot",
        id="WX2-ENV-06-an-unknown-app",
    ),
    pytest.param(email(to=[{"email": ["nobody"]}]), {}, "7523", "Invalid email address", id="WX2-TO-06-no-address"),
    pytest.param(
        email(to=[{"email": ["x" * 65 + "@a.test"]}]),
        {},
        "7524",
        "Email address max length reached",
        id="WX2-TO-06-a-long-address",
    ),
    pytest.param(
        html({"attachments": [IMAGE]}),
        {"media_sizes": {IMAGE["mediaUrl"]: 10_000_000}},
        "7535",
        "attachment length exceeded",
        id="WX2-EMAIL-07-a-large-attachment",
    ),
    pytest.param(
        sms(content=OMIT, template={"id": "T"}),
        {"templates": {"T": Template(channel="sms", text="x" * 4001).model_dump()}},
        "7107",
        None,
        id="WX2-SMS-04-a-long-text",
    ),
]


@pytest.mark.parametrize(("data", "settings", "code", "text"), FATES)
async def test_what_is_known_at_acceptance_is_told(
    service: Service, data: Any, settings: dict[str, Any], code: str, text: str | None
) -> None:
    """The message is queued, fails at once, and nothing else ever comes of it."""
    service.configure(**settings)
    await service.sends("v2", data)
    await service.advance(60)
    assert service.receipts() == [("Failed", code)]
    (info,) = service.infos()
    assert text in (None, info["Description"], info["additionalInfo"])


async def test_each_address_of_a_joined_email_has_its_own_fate(service: Service) -> None:
    """WX2-TO-06: who shares an id with a malformed address gets the e-mail nevertheless."""
    data = email(to=[{"email": [PERSON, "nobody"]}], cc=["copy@example.com"], multipleToRecipients=True)
    (message_id,) = await service.sends("v2", data)
    await service.advance(60)
    told = {
        (body["deliveryInfoNotification"]["transid"], info["destination"], info["deliveryStatus"], info["code"])
        for body, info in zip(service.bodies(), service.infos(), strict=True)
    }
    assert told == {
        (message_id, PERSON, "Submitted", "7501"),
        (message_id, PERSON, "Delivered", "7500"),
        (message_id, "nobody", "Failed", "7523"),
        (message_id, "copy@example.com", "Submitted", "7501"),
        (message_id, "copy@example.com", "Delivered", "7500"),
    }


@pytest.mark.parametrize("seed", range(10))
async def test_a_damaged_body_is_answered(service: Service, caplog: pytest.LogCaptureFixture, seed: int) -> None:
    """Bytes changed, dropped and added at random: never a 5xx, and every refusal names its rule."""
    random = Random(seed)
    for _ in range(10):
        raw = bytearray(json.dumps(random.choice(list(SAMPLES.values()))["request"]).encode())
        for _ in range(random.randint(1, 3)):
            index = random.randrange(len(raw))
            raw[index : index + random.randint(0, 3)] = random.randbytes(random.randint(0, 2))
        response = await service.v2(bytes(raw))
        assert response.status_code in (201, 400), bytes(raw)
        assert (response.status_code == 400) == ("x-sandbox-rule" in response.headers)
    await service.advance(60)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(sms(**{'"\r\nx: y\u2028ü': 1}), "7004", id="a-name-with-line-ends"),
        pytest.param(sms(to=[{"msisdn": ["\u0000"]}]), "7041", id="a-number-of-nothing"),
        pytest.param(sms(content=OMIT, template={"id": "\u2028\u0000"}), "7108", id="a-template-of-nothing"),
    ],
)
async def test_odd_letters_in_an_answer(service: Service, data: Any, code: str) -> None:
    """Whatever a request holds, the answer is JSON in plain ASCII, and no header is split."""
    service.configure(strict_unknown_fields=True, templates={"T": Template(channel="sms", text="x").model_dump()})
    response = await service.v2(data)
    assert (response.status_code, response.json()["code"]) == (400, code)
    assert response.content.isascii()
    assert "x" not in response.headers


async def test_many_copies_are_one_request(service: Service) -> None:
    """WX2-EMAIL-09: the most copies that a request may bring are taken, each with its address."""
    data = email(to=[{"email": [PERSON]}], cc=[f"copy{number}@example.com" for number in range(500)])
    response = await service.v2(data)
    assert response.status_code == 201
    assert isinstance(response.json(), dict)
    assert len(service.messages) == 501
    assert {message.provider_id for message in service.messages} == {response.json()["messageId"]}


async def test_a_thousand_destinations_are_queued_in_order(service: Service) -> None:
    """WX2-TO-04: an array of a thousand, in the request's order."""
    numbers = [f"+4477009{number:05}" for number in range(1000)]
    response = await service.v2(
        sms({"text": "Hi $(n)"}, to=[{"msisdn": [number], "correlationId": number} for number in numbers])
    )
    assert response.status_code == 201
    assert [entry["correlationId"] for entry in response.json()] == numbers
    assert (await service.v2(sms(to=[{"msisdn": [PHONE] * 1001}]))).json()["code"] == "7009"
