"""LINK-CB: how a callback travels, what is in its envelope, and what is told of everything that can happen."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from uuid import UUID

import pytest

from harness import NOON, USER, FakeWebhook, LinkClient, Received
from phone import ACTIONS, ASKS_FOR_LOCATION, INSTANT, Phone, card, carousel, reply
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.core.content import Card
from sandbox.core.conversation import Body
from sandbox.core.events import MessageSent, UserReplied
from sandbox.engine.actions import InvalidActionError, NotPossibleError
from sandbox.providers.link.callbacks import MIME_TYPES, timestamp
from sandbox.sandbox import AccountChanges, AccountSpec
from sandbox.webhook_client import Answer, DeliveryError

ANNA, BERT = "+4915100000001", "+4915100000002"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n\x00\xff").decode()
FILE = {"name": "photo.png", "mime_type": "image/png", "content": PNG}
UPLOAD_ERROR = {"code": "USER_FILE_UPLOAD_ERROR"}


@pytest.fixture
async def sent(link: LinkClient, phone: Phone, webhook: FakeWebhook) -> str:
    """Id of a message that was sent, delivered and read."""
    message_id = "7F0C1C9E-3a53-4f0e-9d0a-0a4f3f1b7c11"
    suggestions = [reply("Yes", "yes-1"), reply("Where?", "where-1", **ASKS_FOR_LOCATION)]
    assert (await link.send(text="Shall we?", suggestions=suggestions, message_id=message_id)).status_code == 200
    assert await phone.advance(0.6) == ["DELIVERED", "READ"]
    webhook.received.clear()
    return message_id


def body_of(received: Received) -> Any:
    """Return the envelope as its bytes say."""
    return json.loads(received.encoded.body)


class TestTransport:
    """LINK-CB-01 to LINK-CB-05: one POST after the other, until it is acknowledged."""

    async def test_url_and_headers(self, app: App, account: Account, phone: Phone) -> None:
        """LINK-CB-01: the webhook's URL is used as it is, query and userinfo included; nothing is signed."""
        url = "http://me:secret@127.0.0.1:9/hook?tenant=1&x=%20"
        app.sandbox.change_account(account, AccountChanges(webhook={"url": url}))
        received = await phone.is_told("say", text="Hello")
        assert received.url == url
        assert received.headers == ()
        assert received.encoded.content_type == "application/json"

    async def test_configured_headers(self, app: App, account: Account, phone: Phone) -> None:
        """LINK-CB-01: headers that the operator gave the webhook are the only ones added."""
        app.sandbox.change_account(account, AccountChanges(webhook={"headers": {"X-Team": "blue"}}))
        assert (await phone.is_told("say", text="Hello")).headers == (("X-Team", "blue"),)

    @pytest.mark.parametrize(
        ("answer", "state"),
        [
            pytest.param(200, "delivered", id="LINK-CB-02-200"),
            pytest.param(204, "delivered", id="LINK-CB-02-204"),
            pytest.param(299, "delivered", id="LINK-CB-02-299"),
            pytest.param(199, "retrying", id="LINK-CB-02-199"),
            pytest.param(300, "retrying", id="LINK-CB-02-300"),
            pytest.param(302, "retrying", id="LINK-CB-02-redirect"),
            pytest.param(404, "retrying", id="LINK-CB-02-404"),
            pytest.param(410, "retrying", id="LINK-CB-02-410"),
            pytest.param(500, "retrying", id="LINK-CB-02-500"),
            pytest.param(DeliveryError("timeout", "no answer"), "retrying", id="LINK-CB-02-timeout"),
            pytest.param(DeliveryError("refused", "no connection"), "retrying", id="LINK-CB-02-refused"),
        ],
    )
    async def test_acknowledging(self, phone: Phone, webhook: FakeWebhook, answer: int | Exception, state: str) -> None:
        """Any 2xx acknowledges, and nothing else does."""
        webhook.answers = [answer]
        await phone.does("say", text="Hello")
        assert phone.states == [state]

    async def test_retries(self, account: Account, phone: Phone, webhook: FakeWebhook) -> None:
        """LINK-CB-02: what is not acknowledged is sent again after 1, 2, 4 and 8 s, and dropped after the fifth time."""
        webhook.answers = [503, 302, DeliveryError("timeout", "no answer"), 404, 500]
        await phone.does("say", text="Hello")
        for attempts, wait in enumerate((1, 2, 4, 8), start=1):
            assert await phone.advance(wait - INSTANT) == []
            assert len(webhook.received) == attempts
            assert await phone.advance(INSTANT) == ["TEXT"]
        (callback,) = account.journal.callbacks
        assert callback.state == "failed"
        assert [(attempt.at - NOON).total_seconds() for attempt in callback.attempts] == [0, 1, 3, 7, 15]
        assert [attempt.status for attempt in callback.attempts] == [503, 302, None, 404, 500]
        assert await phone.advance(86_400) == []

    async def test_timeout(self, account: Account) -> None:
        """LINK-CB-02: an attempt may take ten seconds, unless the webhook says otherwise."""
        assert account.provider.delivery(account).timeout == 10.0

    async def test_a_retry_is_byte_identical(self, phone: Phone, webhook: FakeWebhook) -> None:
        """LINK-CB-03: a retry repeats every byte, whatever was changed meanwhile."""
        webhook.answers = [503]
        await phone.does("say", text="Hello")
        phone.configure(message_id=False, fractional_digits=9)
        await phone.advance(1)
        first, second = webhook.received
        assert first.encoded == second.encoded
        assert first.encoded.body == second.encoded.body

    async def test_a_retried_file_is_byte_identical(self, phone: Phone, webhook: FakeWebhook) -> None:
        """LINK-CB-03: the boundary of a file's two parts stays the same, too."""
        webhook.answers = [503]
        await phone.does("send_file", **FILE)
        await phone.advance(1)
        first, second = webhook.received
        assert first.encoded == second.encoded

    async def test_a_retried_callback_holds_back_later_ones(self, phone: Phone, webhook: FakeWebhook) -> None:
        """LINK-CB-04: what comes later waits until the earlier callback is through; another number's does not."""
        webhook.answers = [503]
        phone.user = ANNA
        await phone.does("say", text="first")
        assert await phone.does("say", text="second") == []
        phone.user = BERT
        assert (await phone.is_told("say", text="other")).data["senderPhoneNumber"] == BERT
        assert await phone.advance(1 - INSTANT) == []
        await phone.advance(INSTANT)
        assert [received.data["text"] for received in webhook.received] == ["first", "other", "first", "second"]

    async def test_a_dropped_callback_lets_later_ones_go(self, phone: Phone, webhook: FakeWebhook) -> None:
        """LINK-CB-04: after the fifth attempt the next callback of that number leaves."""
        webhook.answers = [503] * 5
        await phone.does("say", text="first")
        await phone.does("say", text="second")
        await phone.advance(15)
        assert [received.data["text"] for received in webhook.received] == ["first"] * 5 + ["second"]
        assert phone.states == ["failed", "delivered"]

    async def test_without_webhook(self, app: App, account: Account, phone: Phone) -> None:
        """LINK-CB-05: without a webhook a callback is journaled only, and a webhook set later does not get it."""
        app.sandbox.change_account(account, AccountChanges(webhook=None))
        assert await phone.does("say", text="Hello") == []
        assert phone.states == ["recorded"]
        app.sandbox.change_account(account, AccountChanges(webhook={"url": "http://127.0.0.1:9/late"}))
        assert await phone.advance(60) == []


class GatedWebhook(FakeWebhook):
    """A webhook that answers when the gate is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()

    async def post(self, *args: Any, **options: Any) -> Answer:
        """Take a callback, and answer when the gate is open."""
        answer = await super().post(*args, **options)
        await self.gate.wait()
        return answer


class TestLanes:
    """LINK-CB-04, seen while the webhook takes its time."""

    @pytest.fixture
    def webhook(self) -> GatedWebhook:
        """A webhook whose gate is shut."""
        return GatedWebhook()

    async def test_one_at_a_time(self, app: App, account: Account, webhook: GatedWebhook) -> None:
        """LINK-CB-04: a number has one callback under way, however many wait; numbers do not wait for one another."""
        phone = Phone(app, account, webhook)
        for phone.user in (ANNA, BERT):
            for text in ("one", "two", "three"):
                app.sandbox.act(account, phone.action("say", text=text))
        for _ in range(50):
            await asyncio.sleep(0)
        under_way = [(received.data["senderPhoneNumber"], received.data["text"]) for received in webhook.received]
        assert under_way == [(ANNA, "one"), (BERT, "one")]
        webhook.gate.set()
        await account.clock.settle()
        for user in (ANNA, BERT):
            texts = [one.data["text"] for one in webhook.received if one.data["senderPhoneNumber"] == user]
            assert texts == ["one", "two", "three"]


class TestEnvelope:
    """LINK-CB-10 to LINK-CB-15: what is around the data of every callback."""

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("Hey, there!", id="LINK-CB-10-ascii"),
            pytest.param("Grüße aus Ålesund", id="LINK-CB-10-letters-stay-raw"),
            pytest.param("👩\u200d👧 ✓ \u2028\u00a0", id="LINK-CB-10-emoji-and-odd-blanks-stay-raw"),
            pytest.param('"quoted" \\ / \n\r\t\x00\x1f', id="LINK-CB-10-json-escapes"),
            pytest.param("~~~???>>>ÿÿÿ¿¿¿", id="LINK-CB-10-plus-and-slash-in-base64"),
            pytest.param("a", id="LINK-CB-10-padding-1"),
            pytest.param("aa", id="LINK-CB-10-padding-2"),
            pytest.param("aaa", id="LINK-CB-10-padding-3"),
        ],
    )
    async def test_data(self, phone: Phone, text: str) -> None:
        """Data is base64 in its standard alphabet, padded, of JSON without blanks and with non-ASCII left raw."""
        received = await phone.is_told("say", text=text)
        printed = base64.b64decode(received.envelope["message"]["data"], validate=True).decode()
        data = json.loads(printed)
        assert data["text"] == text
        assert data == received.data
        assert ", " not in printed.replace(text, "")
        assert all(ord(sign) < 0x20 or sign in '"\\' or sign in printed for sign in text)

    async def test_members_in_order(self, phone: Phone) -> None:
        """LINK-CB-10 to -14: the envelope has exactly the documented members, in their order."""
        envelope = body_of(await phone.is_told("say", text="Hello"))
        assert list(envelope) == ["message", "subscription"]
        assert list(envelope["message"]) == [
            "data",
            "attributes",
            "messageId",
            "message_id",
            "publishTime",
            "publish_time",
        ]

    @pytest.mark.parametrize(
        ("deed", "members", "attributes"),
        [
            pytest.param("say", {"text": "Hello"}, {"type": "message", "message_type": "TEXT"}, id="LINK-CB-11-text"),
            pytest.param(
                "tap",
                {"suggestion": "Yes"},
                {"type": "message", "message_type": "SUGGESTION_RESPONSE"},
                id="LINK-CB-11-tap",
            ),
            pytest.param("send_file", FILE, {"type": "message", "message_type": "USER_FILE"}, id="LINK-CB-11-file"),
            pytest.param("share_location", {"latitude": 1, "longitude": 2}, {"type": "message"}, id="LINK-CB-17"),
            pytest.param("start_typing", {}, {"type": "event", "event_type": "IS_TYPING"}, id="LINK-CB-11-typing"),
            pytest.param("error", UPLOAD_ERROR, {"type": "error"}, id="LINK-CB-11-error"),
        ],
    )
    async def test_attributes(
        self, phone: Phone, sent: str, deed: str, members: dict[str, Any], attributes: dict[str, str]
    ) -> None:
        """The attributes tell type and kind, and an error or a location has a type alone."""
        received = await phone.is_told(deed, **members)
        assert list(received.envelope["message"]["attributes"].items()) == list(attributes.items())

    async def test_receipts_attributes(self, link: LinkClient, phone: Phone, webhook: FakeWebhook) -> None:
        """LINK-CB-11: receipts are events."""
        await link.send(text="Hello")
        await phone.advance(0.6)
        assert [received.envelope["message"]["attributes"] for received in webhook.received] == [
            {"type": "event", "event_type": "DELIVERED"},
            {"type": "event", "event_type": "READ"},
        ]

    @pytest.mark.parametrize(
        ("milliseconds", "number"),
        [
            pytest.param(0, "1893585600000", id="LINK-CB-12-whole-second"),
            pytest.param(1_001, "1893585601001", id="LINK-CB-12-one-more"),
            pytest.param(999_999_999, "1894585599999", id="LINK-CB-12-last-of-its-second"),
        ],
    )
    async def test_number(self, app: App, account: Account, phone: Phone, milliseconds: int, number: str) -> None:
        """The envelope's id is its time in epoch milliseconds, in decimal."""
        app.sandbox.set_clock("virtual", NOON + timedelta(milliseconds=milliseconds), account)
        message = (await phone.is_told("say", text="Hello")).envelope["message"]
        assert message["messageId"] == message["message_id"] == number

    async def test_number_is_exact(self, app: App, account: Account, phone: Phone) -> None:
        """LINK-CB-12: no millisecond is lost, not even where a float of the seconds would lose one."""
        app.sandbox.set_clock("virtual", datetime(2038, 1, 19, 4, 19, 5, 239_000, tzinfo=UTC), account)
        assert (await phone.is_told("start_typing")).envelope["message"]["messageId"] == "2147487545239"

    async def test_numbers_increase(self, app: App, account: Account, phone: Phone, webhook: FakeWebhook) -> None:
        """LINK-CB-12: ids increase strictly in an account, while time stands and when it is set back."""
        for user in (ANNA, BERT, ANNA):
            phone.user = user
            await phone.does("say", text="Hello")
        app.sandbox.set_clock("virtual", NOON - timedelta(days=1), account)
        await phone.does("say", text="Yesterday")
        numbers = [int(received.envelope["message"]["messageId"]) for received in webhook.received]
        assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2, numbers[0] + 3]

    async def test_numbers_belong_to_the_account(self, app: App, phone: Phone, webhook: FakeWebhook) -> None:
        """LINK-CB-12: another account counts for itself."""
        other = app.sandbox.create_account(
            AccountSpec.model_validate({"provider": "link", "webhook": {"url": "http://127.0.0.1:9/other"}})
        )
        (first,) = await phone.does("say", text="Hello")
        (second,) = await Phone(app, other, webhook).does("say", text="Hello")
        assert first.envelope["message"]["messageId"] == second.envelope["message"]["messageId"]

    async def test_number_is_not_the_messages(self, phone: Phone, sent: str) -> None:
        """LINK-CB-12: the envelope's id names the callback and never the message."""
        received = await phone.is_told("read", message=sent)
        assert received.envelope["message"]["messageId"] != received.data["messageId"] == sent

    async def test_twins(self, phone: Phone) -> None:
        """LINK-CB-13: message_id and publish_time repeat their namesakes."""
        message = (await phone.is_told("say", text="Hello")).envelope["message"]
        assert message["message_id"] == message["messageId"]
        assert message["publish_time"] == message["publishTime"]

    async def test_subscription(self, app: App, phone: Phone, webhook: FakeWebhook) -> None:
        """LINK-CB-14: the subscription is named after the customer, twice."""
        subscription = "projects/eap00001/subscription/eap00001-callback-subscription"
        assert (await phone.is_told("say", text="Hello")).envelope["subscription"] == subscription
        other = app.sandbox.create_account(
            AccountSpec.model_validate(
                {
                    "provider": "link",
                    "credentials": {"customer_id": "eapTwo"},
                    "webhook": {"url": "http://127.0.0.1:9/other"},
                }
            )
        )
        received = await Phone(app, other, webhook).is_told("say", text="Hello")
        assert received.envelope["subscription"] == "projects/eapTwo/subscription/eapTwo-callback-subscription"

    @pytest.mark.parametrize(
        ("deed", "members", "stamp"),
        [
            pytest.param("start_typing", {}, "2030-01-02T12:00:00.120000Z", id="LINK-CB-15-events-have-six-digits"),
            pytest.param("say", {"text": "Hi"}, "2030-01-02T12:00:00.120Z", id="LINK-CB-15-messages-have-three"),
            pytest.param("tap", {"suggestion": "Yes"}, "2030-01-02T12:00:00.120Z", id="LINK-CB-15-taps-have-three"),
            pytest.param("send_file", FILE, "2030-01-02T12:00:00.120Z", id="LINK-CB-15-files-have-three"),
            pytest.param("error", UPLOAD_ERROR, "2030-01-02T12:00:00.120Z", id="LINK-CB-15-errors-have-three"),
        ],
    )
    async def test_stamp(
        self, app: App, account: Account, phone: Phone, sent: str, deed: str, members: dict[str, Any], stamp: str
    ) -> None:
        """The publish time is the data's send time, in UTC, with trailing zeros kept."""
        app.sandbox.set_clock("virtual", NOON + timedelta(seconds=0.12), account)
        received = await phone.is_told(deed, **members)
        assert received.envelope["message"]["publishTime"] == received.data["sendTime"] == stamp

    @pytest.mark.parametrize(
        ("digits", "stamp"),
        [
            pytest.param(0, "2030-01-02T12:00:01Z", id="LINK-CB-15-no-digit-and-no-point"),
            pytest.param(1, "2030-01-02T12:00:01.2Z", id="LINK-CB-15-one-digit"),
            pytest.param(3, "2030-01-02T12:00:01.250Z", id="LINK-CB-15-three-digits"),
            pytest.param(6, "2030-01-02T12:00:01.250009Z", id="LINK-CB-15-six-digits"),
            pytest.param(7, "2030-01-02T12:00:01.2500090Z", id="LINK-CB-15-seven-digits"),
            pytest.param(9, "2030-01-02T12:00:01.250009000Z", id="LINK-CB-15-nine-digits"),
        ],
    )
    def test_digits(self, digits: int, stamp: str) -> None:
        """A time is cut, never rounded, to the digits wanted, and filled up with zeros."""
        assert timestamp(NOON + timedelta(seconds=1, microseconds=250_009), digits) == stamp

    def test_digits_of_a_whole_second(self) -> None:
        """LINK-CB-15: a whole second keeps its zeros."""
        assert timestamp(NOON, 6) == "2030-01-02T12:00:00.000000Z"


class TestKinds:
    """LINK-CB-16a to LINK-CB-19: the data of each kind, its members in their order."""

    async def test_receipts(self, link: LinkClient, phone: Phone, webhook: FakeWebhook) -> None:
        """LINK-CB-16a, -16b: receipts bear the message's id in the letter case that the client used."""
        message_id = "7F0C1C9E-3a53-4f0e-9d0a-0a4f3f1b7c11"
        await link.send(text="Hello", message_id=message_id)
        await phone.advance(0.6)
        assert [list(received.data.items()) for received in webhook.received] == [
            [
                ("senderPhoneNumber", USER),
                ("eventType", "DELIVERED"),
                ("sendTime", "2030-01-02T12:00:00.200000Z"),
                ("messageId", message_id),
            ],
            [
                ("senderPhoneNumber", USER),
                ("eventType", "READ"),
                ("sendTime", "2030-01-02T12:00:00.600000Z"),
                ("messageId", message_id),
            ],
        ]

    async def test_typing(self, phone: Phone) -> None:
        """LINK-CB-16c: typing relates to no message."""
        received = await phone.is_told("start_typing")
        assert list(received.data.items()) == [
            ("senderPhoneNumber", USER),
            ("eventType", "IS_TYPING"),
            ("sendTime", "2030-01-02T12:00:00.000000Z"),
        ]

    async def test_text(self, phone: Phone) -> None:
        """LINK-CB-16d: a text has an id of its own, which is a UUID v4."""
        received = await phone.is_told("say", text="Hey, there!")
        assert list(received.data) == ["senderPhoneNumber", "messageId", "sendTime", "text"]
        assert received.data["text"] == "Hey, there!"
        assert UUID(received.data["messageId"]).version == 4
        other = await phone.is_told("say", text="Hey, there!")
        assert other.data["messageId"] != received.data["messageId"]

    @pytest.mark.parametrize(
        "action", [pytest.param(action, id=f"LINK-CB-16e-{name}") for name, action in ACTIONS.items()]
    )
    @pytest.mark.parametrize("place", ["beside-the-message", "on-a-card"])
    async def test_tap(self, link: LinkClient, phone: Phone, action: dict[str, Any], place: str) -> None:
        """Every tap is told by the suggestion's text and callbackData, which is called postbackData on its way back."""
        suggestion = reply("Tap me", "data-1", **action)
        other = reply("Not me", "data-2")
        if place == "on-a-card":
            cards = carousel(card("One", other), card("Two", other, suggestion))
            assert (await link.send(conversationCard=cards)).status_code == 200
        else:
            assert (await link.send(text="Pick one", suggestions=[other, suggestion])).status_code == 200
        await phone.advance(0.6)
        received = await phone.is_told("tap", suggestion={"postback": "data-1"})
        assert list(received.data) == ["senderPhoneNumber", "messageId", "sendTime", "suggestionResponse"]
        assert list(received.data["suggestionResponse"].items()) == [("text", "Tap me"), ("postbackData", "data-1")]

    async def test_tap_names_no_message(self, phone: Phone, sent: str) -> None:
        """LINK-CB-16e: a tap has an id of its own; only postbackData leads back to the message."""
        received = await phone.is_told("tap", suggestion={"index": 0}, message=sent)
        assert sent.lower() not in json.dumps(received.data).lower()

    async def test_tap_on_a_request_for_a_location(self, phone: Phone, sent: str) -> None:
        """LINK-CB-16e, -17: a tapped location request is told as a tap, and then comes the location."""
        tap, location = await phone.does("tap", suggestion={"postback": "where-1"})
        assert tap.data["suggestionResponse"] == {"text": "Where?", "postbackData": "where-1"}
        assert location.data["location"] == {"latitude": 59.90765, "longitude": 10.746597}
        assert tap.data["messageId"] != location.data["messageId"]

    async def test_tap_and_share_another_place(self, phone: Phone, sent: str) -> None:
        """LINK-CB-17: the person shares the place that the script gives."""
        where = {"latitude": -33.5, "longitude": 151}
        _, location = await phone.does("tap", suggestion="Where?", location=where)
        assert location.data["location"] == where

    async def test_tap_and_cancel(self, phone: Phone, sent: str) -> None:
        """LINK-CB-16e: a person who cancels has tapped, and shares nothing."""
        received = await phone.is_told("tap", suggestion="Where?", location=False)
        assert received.kind == "SUGGESTION_RESPONSE"

    async def test_tap_on_what_was_never_shown(self, phone: Phone, sent: str) -> None:
        """LINK-CB-16e: such a tap is an error of the script, which lists what there is, and no callback."""
        with pytest.raises(NotPossibleError, match=r"'Yes'.*'Where\?'"):
            await phone.does("tap", suggestion="No")
        phone.user = BERT
        with pytest.raises(NotPossibleError, match="there are none"):
            await phone.does("tap", suggestion="Yes")
        assert await phone.advance(60) == []

    async def test_location(self, phone: Phone) -> None:
        """LINK-CB-17: a location has two numbers."""
        received = await phone.is_told("share_location", latitude=59.90765, longitude=10.746597, name="Oslo")
        assert list(received.data) == ["senderPhoneNumber", "messageId", "sendTime", "location"]
        assert list(received.data["location"].items()) == [("latitude", 59.90765), ("longitude", 10.746597)]

    async def test_file(self, phone: Phone) -> None:
        """LINK-CB-18: a file is told by its category and the facts about it."""
        received = await phone.is_told("send_file", **FILE)
        assert list(received.data) == ["senderPhoneNumber", "messageId", "sendTime", "userFile"]
        assert list(received.data["userFile"]) == ["category", "payload"]
        assert list(received.data["userFile"]["payload"].items()) == [
            ("mimeType", "image/png"),
            ("fileSizeBytes", 10),
            ("fileName", "photo.png"),
        ]

    @pytest.mark.parametrize(
        ("code", "text"),
        [
            pytest.param(
                "USER_FILE_UPLOAD_ERROR",
                "An error occurred while uploading a file from the user device.",
                id="LINK-CB-24-failed-upload",
            ),
            pytest.param(
                "NO_CHANNEL_AVAILABLE_ERROR", "No channel is available to reach the user.", id="LINK-CB-26-no-channel"
            ),
        ],
    )
    async def test_error(self, phone: Phone, code: str, text: str) -> None:
        """LINK-CB-19: an error has the documented code and a text, as plain JSON, and no id of any message."""
        received = await phone.is_told("error", code=code)
        assert received.encoded.content_type == "application/json"
        assert list(received.data.items()) == [
            ("senderPhoneNumber", USER),
            ("sendTime", "2030-01-02T12:00:00.000Z"),
            ("errorCode", code),
            ("errorMsg", text),
        ]

    async def test_no_channel(self, link: LinkClient, account: Account, phone: Phone) -> None:
        """LINK-CB-26: a message that fails is told by that error."""
        await link.send(text="Hello")
        received = await phone.is_told("fail")
        assert received.data["errorCode"] == "NO_CHANNEL_AVAILABLE_ERROR"
        assert "messageId" not in received.data
        (message,) = account.journal.messages
        assert message.status == "failed"
        assert await phone.advance(60) == []

    async def test_what_link_does_not_tell(self, link: LinkClient, phone: Phone) -> None:
        """LINK-CB-19: codes that are none of LINK's, and what it has no callback for, are refused and send nothing."""
        await link.send(text="Hello")
        with pytest.raises(InvalidActionError, match="NO_CHANNEL_AVAILABLE_ERROR"):
            await phone.does("error", code="OTHER_ERROR")
        with pytest.raises(InvalidActionError, match="NO_CHANNEL_AVAILABLE_ERROR"):
            await phone.does("fail", code="OTHER_ERROR")
        with pytest.raises(InvalidActionError, match="DELIVERED, READ"):
            await phone.does("receipt", status="SENT")
        with pytest.raises(NotPossibleError, match="LINK Conversations has no callback for click"):
            await phone.does("click")
        assert phone.webhook.received == []
        assert [message.status for message in phone.account.journal.messages] == ["accepted"]

    async def test_what_no_callback_tells(self, app: App, link: LinkClient, account: Account) -> None:
        """LINK has no word for a message on its way, and none for a person's card."""
        await link.send(text="Hello")
        (message,) = account.journal.messages
        facts: dict[str, Any] = {"at": account.clock.now(), "conversation": message.conversation, "cause": None}
        assert app.sandbox.publish(MessageSent(**facts, message=message), account) == ()
        odd = replace(message, direction="inbound", body=Body(Card("A card")))
        with pytest.raises(ValueError, match="LINK has no callback for card"):
            app.sandbox.publish(UserReplied(**facts, reply=odd), account)

    @pytest.mark.parametrize(
        "status", [pytest.param("DELIVERED", id="LINK-CB-16a-by-word"), pytest.param("READ", id="LINK-CB-16b-by-word")]
    )
    async def test_receipt_by_its_word(self, link: LinkClient, phone: Phone, status: str) -> None:
        """A receipt in LINK's own word is the same event."""
        await link.send(text="Hello")
        assert (await phone.is_told("receipt", status=status)).kind == status


class TestUserFile:
    """LINK-CB-20 to LINK-CB-24: the two parts of a file's callback."""

    async def test_parts(self, phone: Phone) -> None:
        """LINK-CB-20, -21: first the envelope as JSON, then the raw bytes under the file's name."""
        encoded = (await phone.is_told("send_file", **FILE)).encoded
        assert encoded.content_type.startswith("multipart/form-data; boundary=")
        form = BytesParser(policy=HTTP).parsebytes(
            f"Content-Type: {encoded.content_type}\r\n\r\n".encode() + encoded.body
        )
        message, file = form.iter_parts()
        assert message.get_content_type() == "application/json"
        assert message.get_filename() is None
        assert message.get_param("name", header="content-disposition") == "message"
        payload = message.get_payload(decode=True)
        assert isinstance(payload, bytes)
        envelope = json.loads(payload)
        assert envelope["message"]["attributes"]["message_type"] == "USER_FILE"
        assert file.get_content_type() == "application/octet-stream"
        assert file.get_param("name", header="content-disposition") == "file"
        assert file.get_filename() == "photo.png"
        assert file.get_payload(decode=True) == base64.b64decode(PNG)

    async def test_bytes(self, phone: Phone) -> None:
        """LINK-CB-20: the body is the two parts, byte for byte."""
        encoded = (await phone.is_told("send_file", **FILE)).encoded
        boundary = encoded.content_type.partition("boundary=")[2].encode()
        assert encoded.parts is not None
        assert encoded.body == (
            b"--" + boundary + b"\r\n"
            b'Content-Disposition: form-data; name="message"\r\n'
            b"Content-Type: application/json\r\n\r\n" + encoded.parts[0].content + b"\r\n"
            b"--" + boundary + b"\r\n"
            b'Content-Disposition: form-data; name="file"; filename="photo.png"\r\n'
            b"Content-Type: application/octet-stream\r\n\r\n" + base64.b64decode(PNG) + b"\r\n"
            b"--" + boundary + b"--\r\n"
        )

    async def test_part_names(self, phone: Phone) -> None:
        """LINK-CB-21: the names of the parts can be chosen."""
        phone.configure(part_names={"message": "json", "file": "bytes"})
        parts = (await phone.is_told("send_file", **FILE)).encoded.parts
        assert parts is not None
        assert [part.name for part in parts] == ["json", "bytes"]

    @pytest.mark.parametrize(
        "size",
        [
            pytest.param(0, id="LINK-CB-22-empty-file"),
            pytest.param(1, id="LINK-CB-22-one-byte"),
            pytest.param(64_023, id="LINK-CB-22-the-samples-size"),
        ],
    )
    async def test_size(self, phone: Phone, size: int) -> None:
        """The size is an integer, the exact count of the second part's bytes."""
        content = base64.b64encode(b"\x00" * size).decode()
        received = await phone.is_told("send_file", name="a.png", content=content)
        assert received.encoded.parts is not None
        assert received.data["userFile"]["payload"]["fileSizeBytes"] == len(received.encoded.parts[1].content) == size

    @pytest.mark.parametrize("mime_type", [pytest.param(one, id=f"LINK-CB-23-{one}") for one in MIME_TYPES])
    async def test_category(self, phone: Phone, mime_type: str) -> None:
        """The ten listed types are images or videos."""
        received = await phone.is_told("send_file", name="a", mime_type=mime_type, content=PNG)
        category = "IMAGE" if mime_type.startswith("image/") else "VIDEO"
        assert received.data["userFile"]["category"] == category
        assert received.data["userFile"]["payload"]["mimeType"] == mime_type

    def test_the_ten_types(self) -> None:
        """LINK-CB-23: there are four types of images and six of videos."""
        assert sorted(MIME_TYPES) == sorted(
            [
                *("image/jpeg", "image/jpg", "image/gif", "image/png"),
                *("video/h263", "video/m4v", "video/mp4", "video/mpeg", "video/mpeg4", "video/webm"),
            ]
        )

    @pytest.mark.parametrize(
        "mime_type",
        [
            pytest.param("audio/mpeg", id="LINK-CB-23-no-audio"),
            pytest.param("application/pdf", id="LINK-CB-23-no-document"),
            pytest.param("image/webp", id="LINK-CB-23-no-other-image"),
        ],
    )
    async def test_other_types(self, phone: Phone, mime_type: str) -> None:
        """A file of another type is an error of the script."""
        with pytest.raises(InvalidActionError, match="image/jpeg, image/jpg"):
            await phone.does("send_file", name="a", mime_type=mime_type, content=PNG)
        assert phone.states == []

    async def test_forced_category(self, phone: Phone) -> None:
        """LINK-CB-23: a script can force a category that no listed type has."""
        changes = {"set": {"userFile.category": "AUDIO", "userFile.payload.mimeType": "audio/mpeg"}}
        received = await phone.is_told("send_file", **FILE, callback=changes)
        assert received.data["userFile"]["category"] == "AUDIO"
        data = base64.b64decode(received.envelope["message"]["data"])
        assert json.loads(data)["userFile"]["payload"]["mimeType"] == "audio/mpeg"

    async def test_a_file_by_url(self, phone: Phone) -> None:
        """LINK-CB-20: LINK sends bytes, so a file of which only the URL is known is an error of the script."""
        with pytest.raises(InvalidActionError, match="give content or sample"):
            await phone.does("send_file", url="https://files.example/a.png")
        assert len(phone.account.journal.messages) == 0
        assert phone.states == []

    @pytest.mark.parametrize(
        ("name", "written"),
        [
            pytest.param("a b.png", "a b.png", id="LINK-CB-20-blank"),
            pytest.param("Grüße.png", "Grüße.png", id="LINK-CB-20-utf-8"),
            pytest.param('a"b.png', "a%22b.png", id="LINK-CB-20-quotes-are-escaped"),
        ],
    )
    async def test_file_name(self, phone: Phone, name: str, written: str) -> None:
        """The second part is named as the data names the file."""
        received = await phone.is_told("send_file", name=name, content=PNG)
        assert received.data["userFile"]["payload"]["fileName"] == name
        assert f'filename="{written}"\r\n'.encode() in received.encoded.body

    async def test_a_failed_upload(self, phone: Phone) -> None:
        """LINK-CB-24: it is told by an error in plain JSON, and no file comes."""
        received = await phone.is_told("error", **UPLOAD_ERROR)
        assert (received.kind, received.encoded.parts) == ("error", None)


class TestOptions:
    """Account settings that change the format of callbacks."""

    @pytest.mark.parametrize(
        ("setting", "members"),
        [
            pytest.param(
                "message_id",
                ["data", "attributes", "messageId", "publishTime", "publish_time"],
                id="LINK-CB-13-message_id-off",
            ),
            pytest.param(
                "publish_time",
                ["data", "attributes", "messageId", "message_id", "publishTime"],
                id="LINK-CB-13-publish_time-off",
            ),
        ],
    )
    async def test_twins_off(self, phone: Phone, setting: str, members: list[str]) -> None:
        """Each of the twins can be left out."""
        phone.configure(**{setting: False})
        assert list(body_of(await phone.is_told("say", text="Hello"))["message"]) == members

    async def test_event_id(self, link: LinkClient, phone: Phone, webhook: FakeWebhook) -> None:
        """LINK-CB-16a to -16c: with include_event_id every event ends with a UUID of its own, and no message does."""
        phone.configure(include_event_id=True)
        await link.send(text="Hello")
        await phone.advance(0.6)
        await phone.does("start_typing")
        delivered, read, typing = (received.data for received in webhook.received)
        assert list(delivered) == list(read) == ["senderPhoneNumber", "eventType", "sendTime", "messageId", "eventId"]
        assert list(typing) == ["senderPhoneNumber", "eventType", "sendTime", "eventId"]
        ids = {delivered["eventId"], read["eventId"], typing["eventId"]}
        assert len(ids) == 3
        assert {UUID(event_id).version for event_id in ids} == {4}
        assert "eventId" not in (await phone.is_told("say", text="Hello")).data
        assert "eventId" not in (await phone.is_told("error", **UPLOAD_ERROR)).data

    @pytest.mark.parametrize("digits", [pytest.param(digits, id=f"LINK-CB-15-{digits}") for digits in range(10)])
    async def test_fractional_digits(self, phone: Phone, digits: int) -> None:
        """With fractional_digits every kind of callback has so many."""
        phone.configure(fractional_digits=digits)
        fraction = "." + "0" * digits if digits else ""
        for deed, members in (("start_typing", {}), ("say", {"text": "Hi"}), ("error", UPLOAD_ERROR)):
            received = await phone.is_told(deed, **members)
            assert received.data["sendTime"] == f"2030-01-02T12:00:00{fraction}Z"
            assert received.envelope["message"]["publishTime"] == received.data["sendTime"]

    async def test_file_size_as_string(self, phone: Phone) -> None:
        """LINK-CB-22: the size can be a string."""
        phone.configure(file_size_as_string=True)
        assert (await phone.is_told("send_file", **FILE)).data["userFile"]["payload"]["fileSizeBytes"] == "10"

    async def test_legacy_error_code(self, phone: Phone) -> None:
        """LINK-CB-25: the upload error's code can be the printed digit; no digit is known for the other one."""
        phone.configure(legacy_error_code=True)
        assert (await phone.is_told("error", **UPLOAD_ERROR)).data["errorCode"] == "1"
        other = await phone.is_told("error", code="NO_CHANNEL_AVAILABLE_ERROR")
        assert other.data["errorCode"] == "NO_CHANNEL_AVAILABLE_ERROR"

    async def test_location_message_type(self, phone: Phone) -> None:
        """LINK-CB-17: a location can have a message type that the document does not list."""
        phone.configure(location_message_type="LOCATION")
        received = await phone.is_told("share_location", latitude=1, longitude=2)
        assert received.envelope["message"]["attributes"] == {"type": "message", "message_type": "LOCATION"}

    async def test_odd_uuids(self, phone: Phone) -> None:
        """LINK-CB-16d: ids of user messages can be shaped as UUIDs whose version and variant no RFC knows."""
        phone.configure(odd_uuids=True)
        message_id = (await phone.is_told("say", text="Hello")).data["messageId"]
        assert (message_id[14], message_id[19]) == ("7", "1")
        assert UUID(message_id).variant != UUID("68765f3a-9ef8-494f-986e-1d6c525d1a8f").variant


class TestTweaks:
    """What a script changes in one callback."""

    async def test_set_and_drop(self, phone: Phone) -> None:
        """Keys of the envelope and of the data are set and dropped by path; the base64 holds what comes out."""
        changes = {
            "set": {"text": 5, "extra.deep": True, "message.attributes.type": "odd", "subscription": None},
            "drop": ["sendTime", "message.message_id", "message.nothing.there"],
        }
        envelope = body_of(await phone.is_told("say", text="Hello", callback=changes))
        assert envelope["subscription"] is None
        assert list(envelope["message"]) == ["data", "attributes", "messageId", "publishTime", "publish_time"]
        assert envelope["message"]["attributes"] == {"type": "odd", "message_type": "TEXT"}
        data = json.loads(base64.b64decode(envelope["message"]["data"]))
        assert list(data) == ["senderPhoneNumber", "messageId", "text", "extra"]
        assert (data["text"], data["extra"]) == (5, {"deep": True})

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            pytest.param({"drop": ["message.data"]}, None, id="no-data"),
            pytest.param({"set": {"message": "odd"}}, "odd", id="no-message"),
            pytest.param({"drop": ["message"]}, None, id="no-message-at-all"),
        ],
    )
    async def test_an_envelope_in_pieces(self, phone: Phone, changes: dict[str, Any], message: str | None) -> None:
        """An envelope without its data is sent as it is."""
        envelope = body_of(await phone.is_told("say", text="Hello", callback=changes))
        if isinstance(envelope.get("message"), dict):
            assert "data" not in envelope["message"]
        else:
            assert envelope.get("message") == message
