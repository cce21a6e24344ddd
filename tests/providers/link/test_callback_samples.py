"""The documented callbacks (000_8fd44aca822109ef.txt:2327-2592): the sandbox sends each of them, member for member."""

from __future__ import annotations

import base64
import json
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest

from harness import LinkClient, Received
from phone import Phone
from sandbox.core.account import Account
from sandbox.providers.link.account import Counter
from sandbox.sandbox import AccountChanges
from sandbox.shipped import folder

CALLBACKS = folder("fixtures") / "link" / "callbacks"
REQUESTS = folder("fixtures") / "link" / "requests"
SAMPLES = {file.stem: json.loads(file.read_text()) for file in sorted(CALLBACKS.glob("*.json"))}
PRINTED_WITH_THE_DATA_OF_THE_TEXT = ("06-user-file", "07-error")  # 2536 and 2571
LACKING_THE_TWINS = {"message_id": False, "publish_time": False}

samples = pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in SAMPLES])


def request_with(callback_data: str) -> dict[str, Any]:
    """Return the documented message that has a suggestion of that callbackData."""
    for file in sorted(REQUESTS.glob("*.json")):
        if f'"{callback_data}"' in file.read_text():
            request: dict[str, Any] = json.loads(file.read_text())
            return request
    raise LookupError(callback_data)


async def provoke(sample: dict[str, Any], phone: Phone, link: LinkClient) -> Received:
    """Have happen what the sample tells of, and return the callback."""
    data = sample["decoded"]
    phone.user = data["senderPhoneNumber"]
    match data:
        case {"eventType": "READ", "messageId": message_id}:
            assert (await link.send(to=phone.user, message_id=message_id, text="Hello")).status_code == 200
            return await phone.is_told("read")
        case {"text": text}:
            return await phone.is_told("say", text=text)
        case {"suggestionResponse": response}:
            message = request_with(response["postbackData"])["body"]
            assert (await link.post_message(message, to=phone.user)).status_code == 200
            return await phone.is_told("tap", suggestion={"postback": response["postbackData"]})
        case {"userFile": {"payload": payload}}:
            content = base64.b64encode(b"\x00" * int(payload["fileSizeBytes"])).decode()
            return await phone.is_told(
                "send_file", name=payload["fileName"], mime_type=payload["mimeType"], content=content
            )
        case _:
            return await phone.is_told("error", code="USER_FILE_UPLOAD_ERROR")


@pytest.fixture
def at_that_time(phone: Phone, account: Account, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Make the account the one of the sample, its time the sample's, and the ids it makes up next the printed ones."""
    sample = SAMPLES[name]
    envelope, data = sample["envelope"]["message"], sample["decoded"]
    phone.sandbox.change_account(account, AccountChanges(credentials={"customer_id": "customerId"}))
    phone.sandbox.set_clock("virtual", datetime.fromisoformat(data["sendTime"]), account)
    account.shelf(Counter).put("envelope", Counter(int(envelope["messageId"]) - 1))
    if "eventType" not in data and "messageId" in data:
        monkeypatch.setattr(account.provider, "inbound_id", lambda _account: data["messageId"])


@samples
@pytest.mark.usefixtures("at_that_time")
class TestSample:
    """Every documented callback, provoked at its time."""

    async def test_as_printed(self, name: str, phone: Phone, link: LinkClient) -> None:
        """With the options that the sample shows, every member comes in its printed order with its printed value."""
        sample = SAMPLES[name]
        if "message_id" not in sample["envelope"]["message"]:
            phone.configure(**LACKING_THE_TWINS)
        phone.configure(legacy_error_code=True, file_size_as_string=True)
        received = await provoke(sample, phone, link)
        assert json.dumps(received.data) == json.dumps(sample["decoded"])
        expected = deepcopy(sample["envelope"])
        if name in PRINTED_WITH_THE_DATA_OF_THE_TEXT:
            compact = json.dumps(sample["decoded"], separators=(",", ":"), ensure_ascii=False)
            expected["message"]["data"] = base64.b64encode(compact.encode()).decode()
        assert json.dumps(received.envelope) == json.dumps(expected)

    async def test_by_default(self, name: str, phone: Phone, link: LinkClient) -> None:
        """Without any option the same members come, both twins with them, and the schema's own types (C-12, C-13)."""
        sample = SAMPLES[name]
        received = await provoke(sample, phone, link)
        expected = dict(sample["decoded"])
        if name == "06-user-file":
            payload = {"mimeType": "image/png", "fileSizeBytes": 64_023, "fileName": "original-filename.png"}
            expected["userFile"] = {"category": "IMAGE", "payload": payload}
        if name == "07-error":
            expected["errorCode"] = "USER_FILE_UPLOAD_ERROR"
        assert json.dumps(received.data) == json.dumps(expected)
        printed = sample["envelope"]["message"]
        message = received.envelope["message"]
        assert list(message) == list(SAMPLES["01-read"]["envelope"]["message"])
        assert message["attributes"] == printed["attributes"]
        assert message["messageId"] == message["message_id"] == printed["messageId"]
        assert message["publishTime"] == message["publish_time"] == printed["publishTime"]

    async def test_kind(self, name: str, phone: Phone, account: Account, link: LinkClient) -> None:
        """The journal calls it what the catalogue calls it."""
        await provoke(SAMPLES[name], phone, link)
        assert next(reversed(account.journal.callbacks)).kind == SAMPLES[name]["kind"]


@samples
def test_printed_data(name: str) -> None:
    """The printed data decodes to compact JSON: that of the sample, or, printed by mistake, that of the text (C-17)."""
    decoded = base64.b64decode(SAMPLES[name]["envelope"]["message"]["data"], validate=True).decode()
    truth = SAMPLES["02-text" if name in PRINTED_WITH_THE_DATA_OF_THE_TEXT else name]["decoded"]
    assert decoded == json.dumps(truth, separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize(
    "name", [pytest.param("03-tap-yes", id="C-21-2417"), pytest.param("04-tap-call-us", id="C-21-2480")]
)
async def test_odd_ids(name: str, phone: Phone) -> None:
    """With odd_uuids new ids are shaped as those of the samples, which no version and variant of RFC 9562 fits."""
    phone.configure(odd_uuids=True)
    made = (await phone.is_told("say", text="Hello")).data["messageId"]
    for message_id in (made, SAMPLES[name]["decoded"]["messageId"]):
        assert [len(part) for part in message_id.split("-")] == [8, 4, 4, 4, 12]
        assert message_id[19] not in "89ab"


def test_there_are_seven() -> None:
    """The document prints seven callbacks."""
    assert len(SAMPLES) == 7
