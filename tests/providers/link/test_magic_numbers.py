"""The magic numbers: each does exactly what the table says, at its time and not an instant before."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from harness import GATEWAY, LinkClient, Received, broken_rule
from phone import ASKS_FOR_LOCATION, INSTANT, Phone, card, carousel, reply
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.core.content import Other
from sandbox.engine.scenario import Scenario
from sandbox.providers.link import PROVIDER
from sandbox.sandbox import AccountChanges

Timeline = list[tuple[float, list[str]]]

DELIVERED, READ = (0.2, ["DELIVERED"]), (0.6, ["READ"])
AS_USUAL = [DELIVERED, READ]
FAULT = "x-sandbox-fault"
TROUBLE = "The Conversational Platform is currently experiencing problems"
DAY = 86_400

TIMELINES: dict[str, Timeline] = {
    "1000": AS_USUAL,
    "1001": [],
    "1002": [DELIVERED],
    "1003": [(30, ["DELIVERED"]), (30.4, ["READ"])],
    "1004": [READ],
    "1005": [(0.2, ["READ"]), (0.6, ["DELIVERED"])],
    "1006": [(0.2, ["DELIVERED", "DELIVERED"]), (0.6, ["READ", "READ"])],
    "2001": [*AS_USUAL, (1.0, ["SUGGESTION_RESPONSE"])],
    "2002": [*AS_USUAL, (1.0, ["SUGGESTION_RESPONSE"])],
    "2003": [*AS_USUAL, *((1.0 + 0.4 * index, ["SUGGESTION_RESPONSE"]) for index in range(4))],
    "2004": [*AS_USUAL, (1.0, ["IS_TYPING"]), (1.4, ["TEXT"])],
    "2005": [*AS_USUAL, (1.0, ["message"])],
    "2006": [*AS_USUAL, (1.0, ["USER_FILE"])],
    "2007": [*AS_USUAL, (1.0, ["USER_FILE"])],
    "2008": AS_USUAL,  # there is no previous message
    "3001": [(0.2, ["error"])],
    "3002": [],
    "3003": [(0.2, ["error"])],
    "3004": [*AS_USUAL, (1.0, ["error"])],
    "3005": [*AS_USUAL, (1.0, ["error"])],
    "4001": AS_USUAL,
}
OF_THE_REQUEST = ("3101", "3102", "3103", "3104", "3105", "3106")
WITHOUT_SUGGESTIONS = ("2001", "2002", "2003", "2008")

RICH: dict[str, Any] = {
    "conversationCard": carousel(card("One", reply("Third", "3")), card("Two", reply("Fourth", "4"))),
    "suggestions": [reply("First", "1"), reply("Second", "2")],
}


def number(digits: str) -> str:
    """Return the magic number of four digits."""
    return f"+9990000{digits}"


async def play(phone: Phone, timeline: Timeline, start: float = 0) -> list[Received]:
    """Let a timeline pass, check that every callback comes at its instant and none else, and return them."""
    before = len(phone.webhook.received)
    for seconds, kinds in timeline:
        assert await phone.wait_until(start + seconds - INSTANT) == []
        assert await phone.wait_until(start + seconds) == kinds
    assert await phone.advance(DAY) == []
    return phone.webhook.received[before:]


def test_the_table_is_whole() -> None:
    """Every magic number is proven here, and the sandbox lists them all with what they do."""
    listed = {magic.address: magic.does for magic in PROVIDER.magic}
    assert sorted(listed) == sorted(map(number, [*TIMELINES, *OF_THE_REQUEST]))
    assert all(listed.values())


@pytest.mark.parametrize("digits", [pytest.param(digits, id=f"magic-{digits}") for digits in TIMELINES])
class TestTimeline:
    """What is told after the 200, and when."""

    async def test_from_the_start(self, link: LinkClient, phone: Phone, digits: str) -> None:
        """Every callback comes at its instant, is about that number, and nothing else comes for a day."""
        phone.user = number(digits)
        assert (await link.send(to=phone.user, **RICH)).status_code == 200
        received = await play(phone, TIMELINES[digits])
        assert {one.data["senderPhoneNumber"] for one in received} <= {phone.user}

    async def test_again(self, link: LinkClient, phone: Phone, digits: str) -> None:
        """The second message to the number does the same as the first."""
        await link.send(to=number(digits), **RICH)
        await phone.wait_until(3600)
        link.token = None
        await link.send(to=number(digits), **RICH)
        timeline = TIMELINES[digits] if digits != "2008" else [*AS_USUAL, (1.0, ["SUGGESTION_RESPONSE"])]
        await play(phone, timeline, start=3600)

    async def test_stronger_than_scenarios(
        self, app: App, account: Account, link: LinkClient, phone: Phone, digits: str
    ) -> None:
        """Neither a scenario that matches nor one that the account asks for changes what the number does."""
        steps = [{"do": "say", "text": "me!"}]
        app.sandbox.scenarios.put(Scenario.model_validate({"name": "a", "match": {"user": "*"}, "steps": steps}))
        app.sandbox.change_account(account, AccountChanges(scenario="a"))
        await link.send(to=number(digits), **RICH)
        await play(phone, TIMELINES[digits])


@pytest.mark.parametrize("digits", [pytest.param(digits, id=f"magic-{digits}") for digits in WITHOUT_SUGGESTIONS])
async def test_without_suggestions(link: LinkClient, phone: Phone, digits: str) -> None:
    """Where there is nothing to tap, the number behaves as 1000."""
    await link.send(to=number(digits), text="Hello")
    await play(phone, AS_USUAL)


@pytest.mark.parametrize(
    ("digits", "tapped"),
    [
        pytest.param("2001", [("First", "1")], id="magic-2001-first"),
        pytest.param("2002", [("Fourth", "4")], id="magic-2002-last"),
        pytest.param("2003", [("First", "1"), ("Second", "2"), ("Third", "3"), ("Fourth", "4")], id="magic-2003-all"),
    ],
)
async def test_taps(link: LinkClient, phone: Phone, digits: str, tapped: list[tuple[str, str]]) -> None:
    """First and last run over the suggestions beside the message, then the cards' in order."""
    await link.send(to=number(digits), **RICH)
    received = await play(phone, TIMELINES[digits])
    responses = [one.data["suggestionResponse"] for one in received[2:]]
    assert [(response["text"], response["postbackData"]) for response in responses] == tapped


async def test_taps_a_location_request(link: LinkClient, phone: Phone) -> None:
    """2001: a location request that is tapped is answered with a location too."""
    await link.send(to=number("2001"), text="Where?", suggestions=[reply("Here", "here", **ASKS_FOR_LOCATION)])
    await play(phone, [*AS_USUAL, (1.0, ["SUGGESTION_RESPONSE", "message"])])


async def test_1005(link: LinkClient, phone: Phone, account: Account) -> None:
    """1005: the delivery that comes late does not make the message unread."""
    await link.send(to=number("1005"), text="Hello")
    await phone.advance(DAY)
    (message,) = account.journal.messages
    assert message.status == "read"
    assert [change.status for change in message.history] == ["read", "delivered"]


async def test_1006(link: LinkClient, phone: Phone) -> None:
    """1006: the second of each pair has the very bytes of the first, envelope id included."""
    await link.send(to=number("1006"), text="Hello")
    bodies = [one.encoded.body for one in await play(phone, TIMELINES["1006"])]
    assert bodies == [bodies[0], bodies[0], bodies[2], bodies[2]]
    assert bodies[0] != bodies[2]


async def test_2004(link: LinkClient, phone: Phone) -> None:
    """2004: the person types, then writes."""
    await link.send(to=number("2004"), text="Hello")
    *_, typing, text = await play(phone, TIMELINES["2004"])
    assert typing.data["eventType"] == "IS_TYPING"
    assert text.data["text"] == "Hello from your sandbox!"


async def test_2005(link: LinkClient, phone: Phone) -> None:
    """2005: the person shares 59.90765, 10.746597, unasked."""
    await link.send(to=number("2005"), text="Hello")
    *_, location = await play(phone, TIMELINES["2005"])
    assert location.data["location"] == {"latitude": 59.90765, "longitude": 10.746597}


async def test_2005_with_a_request(link: LinkClient, phone: Phone) -> None:
    """2005: where a suggestion asks for a location, wherever it stands, that one is tapped first."""
    cards = carousel(card("One", reply("Other", "o")), card("Two", reply("Share", "share", **ASKS_FOR_LOCATION)))
    await link.send(to=number("2005"), conversationCard=cards, suggestions=[reply("First", "1")])
    *_, tap, location = await play(phone, [*AS_USUAL, (1.0, ["SUGGESTION_RESPONSE", "message"])])
    assert tap.data["suggestionResponse"] == {"text": "Share", "postbackData": "share"}
    assert location.data["location"] == {"latitude": 59.90765, "longitude": 10.746597}


@pytest.mark.parametrize(
    ("digits", "category", "mime_type", "name"),
    [
        pytest.param("2006", "IMAGE", "image/jpeg", "photo.jpg", id="magic-2006-image"),
        pytest.param("2007", "VIDEO", "video/mp4", "clip.mp4", id="magic-2007-video"),
    ],
)
async def test_files(link: LinkClient, phone: Phone, digits: str, category: str, mime_type: str, name: str) -> None:
    """The person sends a shipped sample, in two parts."""
    await link.send(to=number(digits), text="Hello")
    *_, file = await play(phone, TIMELINES[digits])
    parts = file.encoded.parts
    assert parts is not None
    payload = {"mimeType": mime_type, "fileSizeBytes": len(parts[1].content), "fileName": name}
    assert file.data["userFile"] == {"category": category, "payload": payload}
    assert len(parts[1].content) > 0


async def test_2008(link: LinkClient, phone: Phone) -> None:
    """2008: the person taps a suggestion of the message before, not of the newest."""
    await link.send(to=number("2008"), text="Old", suggestions=[reply("Yes", "old-yes"), reply("No", "old-no")])
    await phone.wait_until(10)
    await link.send(to=number("2008"), text="New", suggestions=[reply("Yes", "new-yes")])
    *_, tap = await play(phone, [*AS_USUAL, (1.0, ["SUGGESTION_RESPONSE"])], start=10)
    assert tap.data["suggestionResponse"] == {"text": "Yes", "postbackData": "old-yes"}


async def test_2008_with_nothing_to_tap(link: LinkClient, phone: Phone) -> None:
    """2008: if the message before had no suggestion, the number behaves as 1000, whatever came earlier."""
    await link.send(to=number("2008"), text="Oldest", suggestions=[reply("Yes", "yes")])
    await link.send(to=number("2008"), text="Old")
    await phone.wait_until(10)
    await link.send(to=number("2008"), text="New", suggestions=[reply("Yes", "new-yes")])
    await play(phone, AS_USUAL, start=10)


@pytest.mark.parametrize(
    ("digits", "error"), [pytest.param("3002", [], id="magic-3002"), pytest.param("3003", ["error"], id="magic-3003")]
)
async def test_200_with_error(link: LinkClient, phone: Phone, account: Account, digits: str, error: list[str]) -> None:
    """LINK-MSG-21: the answer is the usual 200 with a description in `error` behind it; the message has failed."""
    response = await link.send(to=number(digits), text="Hello")
    assert response.status_code == 200
    assert list(response.json()) == ["sendTime", "messageContent", "error"]
    assert response.json()["messageContent"] == {"text": "Hello"}
    assert response.json()["error"] != ""
    assert FAULT not in response.headers
    assert await phone.advance(DAY) == error
    (message,) = account.journal.messages
    assert message.status == "failed"


@pytest.mark.parametrize(
    ("digits", "code", "text"),
    [
        pytest.param(
            "3001", "NO_CHANNEL_AVAILABLE_ERROR", "No channel is available to reach the user.", id="magic-3001"
        ),
        pytest.param(
            "3003", "NO_CHANNEL_AVAILABLE_ERROR", "No channel is available to reach the user.", id="magic-3003"
        ),
        pytest.param(
            "3004",
            "USER_FILE_UPLOAD_ERROR",
            "An error occurred while uploading a file from the user device.",
            id="magic-3004",
        ),
        pytest.param(
            "3005", "1", "An error occurred while uploading a file from the user device.", id="magic-3005-digit"
        ),
    ],
)
async def test_error_callbacks(link: LinkClient, phone: Phone, digits: str, code: str, text: str) -> None:
    """The error has its documented code and text."""
    await link.send(to=number(digits), text="Hello")
    *_, error = await play(phone, TIMELINES[digits])
    assert (error.data["errorCode"], error.data["errorMsg"]) == (code, text)


async def test_4001(link: LinkClient, phone: Phone, account: Account) -> None:
    """4001: the first message is preceded by a welcome SMS, which no callback tells of, and no later one is."""
    await link.send(to=number("4001"), text="Hello")
    await play(phone, AS_USUAL)
    sms, message = account.journal.messages
    assert (sms.channel, sms.content.kind, message.channel) == ("sms", "other", "web")
    assert isinstance(sms.content, Other)
    assert sms.content.details["conversation_key"] in sms.text
    link.token = None
    await link.send(to=number("4001"), text="Hello again")
    assert [message.channel for message in account.journal.messages] == ["sms", "web", "web"]


class TestRequests:
    """3101 to 3106: what happens to the request itself."""

    @pytest.mark.parametrize(
        ("digits", "status", "phrase", "message"),
        [
            pytest.param("3101", 400, "Bad Request", TROUBLE, id="magic-3101"),
            pytest.param("3102", 500, "Internal Server Error", None, id="magic-3102"),
            pytest.param("3103", 503, "Service Unavailable", None, id="magic-3103"),
        ],
    )
    async def test_refused(
        self, link: LinkClient, phone: Phone, account: Account, digits: str, status: int, phrase: str, message: str
    ) -> None:
        """The answer is an ApiError that names the number as its cause and no rule; nothing was accepted."""
        for _ in range(2):
            response = await link.send(to=number(digits), text="Hello")
            assert response.status_code == status
            assert list(response.json()) == ["status", "error", "message"]
            assert (response.json()["status"], response.json()["error"]) == (str(status), phrase)
            assert message is None or response.json()["message"] == message
            assert response.headers[FAULT] == number(digits)
            assert broken_rule(response) is None
        exchange = next(reversed(account.journal.requests))
        assert (exchange.fault, exchange.rule, exchange.messages) == (number(digits), None, ())
        assert len(account.journal.messages) == 0
        assert await phone.advance(DAY) == []

    @pytest.mark.parametrize("digits", [pytest.param(digits, id=f"magic-{digits}") for digits in OF_THE_REQUEST])
    async def test_after_the_token(self, http: httpx.AsyncClient, digits: str) -> None:
        """LINK-GEN-04: without a token the answer is the usual 401, by its rule, and no number's doing."""
        response = await http.post(f"{GATEWAY}/phone/{number(digits)}/conversationMessage", json={})
        assert (response.status_code, broken_rule(response)) == (401, "LINK-AUTH-30")
        assert FAULT not in response.headers

    async def test_before_the_body(self, link: LinkClient) -> None:
        """LINK-GEN-04: right after the bearer check; a body that nobody could read makes no difference."""
        response = await link.post_message(b"{", to=number("3103"))
        assert (response.status_code, response.headers[FAULT]) == (503, number("3103"))

    async def test_message_id_is_not_used_up(self, link: LinkClient) -> None:
        """LINK-MSG-06: the id of a message that met trouble is free for another."""
        message_id = link.next_message_id()
        await link.send(to=number("3102"), message_id=message_id, text="Hello")
        assert (await link.send(to=number("1001"), message_id=message_id, text="Other")).status_code == 200

    async def test_3104(self, app: App, link: LinkClient, phone: Phone, account: Account) -> None:
        """3104: no answer comes while the client stays, and nothing was accepted when it leaves."""
        body = json.dumps({"messageContent": {"text": "Hello"}}).encode()
        came = [{"type": "http.request", "body": body, "more_body": False}]
        written: list[Any] = []
        asked = 0

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if came:
                return came.pop(0)
            asked += 1
            return {"type": "http.disconnect"} if asked == 3 else {"type": "http.request", "body": b""}

        async def send(message: Any) -> None:
            written.append(message)

        path = f"{GATEWAY}/phone/{number('3104')}/conversationMessage"
        headers = [(name.lower().encode(), value.encode()) for name, value in (await link.headers()).items()]
        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "query_string": f"messageId={link.next_message_id()}".encode(),
            "headers": [*headers, (b"content-type", b"application/json")],
        }
        await app(scope, receive, send)
        assert (written, asked) == ([], 3)
        exchange = next(reversed(account.journal.requests))
        assert (exchange.status, exchange.fault) == (None, number("3104"))
        assert len(account.journal.messages) == 0
        assert await phone.advance(DAY) == []

    async def test_3105(self, link: LinkClient, phone: Phone, account: Account) -> None:
        """3105: the message is accepted and its answer lost; the retry gets it, and nothing is delivered twice."""
        message_id = link.next_message_id()
        with pytest.raises(ConnectionResetError):
            await link.send(to=number("3105"), message_id=message_id, text="Hello")
        lost = next(reversed(account.journal.requests))
        assert (lost.status, lost.fault, len(lost.messages)) == (None, number("3105"), 1)
        assert await phone.advance(0.2) == ["DELIVERED"]
        response = await link.send(to=number("3105"), message_id=message_id.upper(), text="Hello")
        assert response.status_code == 200
        assert response.json() == {"sendTime": "2030-01-02T12:00:00.000Z", "messageContent": {"text": "Hello"}}
        assert FAULT not in response.headers
        assert await phone.advance(DAY) == ["READ"]
        assert len(account.journal.messages) == 1

    async def test_3105_is_about_one_message(self, link: LinkClient, account: Account) -> None:
        """3105: another message loses its first answer too."""
        for text in ("One", "Two"):
            with pytest.raises(ConnectionResetError):
                await link.send(to=number("3105"), text=text)
        assert len(account.journal.messages) == 2

    async def test_3106(self, link: LinkClient, phone: Phone, account: Account) -> None:
        """3106: the first call gets the 401 of a bad token, and the next ones are answered as usual."""
        response = await link.send(to=number("3106"), text="Hello")
        assert response.status_code == 401
        assert response.json() == {"status": "401", "error": "Unauthorized", "message": "Missing or invalid token"}
        assert response.headers["www-authenticate"] == "Bearer"
        assert (response.headers[FAULT], broken_rule(response)) == (number("3106"), None)
        assert len(account.journal.messages) == 0
        for _ in range(2):
            response = await link.send(to=number("3106"), text="Hello")
            assert (response.status_code, FAULT in response.headers) == (200, False)
        assert await phone.advance(DAY) == ["DELIVERED", "DELIVERED", "READ", "READ"]

    async def test_3106_after_a_reset(self, app: App, link: LinkClient) -> None:
        """3106: when the account has forgotten everything, the first call is the first again."""
        for _ in range(2):
            assert (await link.send(to=number("3106"), text="Hello")).headers[FAULT] == number("3106")
            app.sandbox.reset(link.account)
