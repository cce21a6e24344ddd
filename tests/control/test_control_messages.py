"""Messages and conversations: what was sent and received, and between whom."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from calls import ask, items
from harness import USER, LinkClient

OTHER_USER = "+4917612345678"
YES = {"text": "Yes", "callbackData": "yes"}
MAP = {"text": "Map", "showLocationAction": {"query": "Oslo"}, "callbackData": "map"}
MEMBERS = [
    *("id", "account", "provider", "direction", "channel", "sender", "user", "provider_id", "kind", "text", "content"),
    *("suggestions", "status", "history", "request", "at"),
]


async def tell(http: httpx.AsyncClient, **action: Any) -> Any:
    """Act as the usual person."""
    return await ask(http, "POST", "/actions", {"account": "acc_link", "user": USER, **action}, 202)


async def test_outbound(http: httpx.AsyncClient, link: LinkClient) -> None:
    """A message of the business has its content in no provider's words, and its history in both."""
    sent = await link.send(text="Continue?", suggestions=[YES])
    assert sent.status_code == 200, sent.text
    await ask(http, "POST", "/clock/advance", {"seconds": 10})
    message = (await items(http, "/messages"))[0]
    assert list(message) == MEMBERS
    assert message == await ask(http, "GET", f"/messages/{message['id']}")
    assert (message["direction"], message["sender"], message["user"]) == ("outbound", "eap00001", USER)
    assert (message["kind"], message["text"], message["status"]) == ("text", "Continue?", "read")
    assert message["content"] == {"kind": "text", "text": "Continue?"}
    assert message["suggestions"] == [{"text": "Yes", "postback": "yes", "action": None}]
    assert message["at"] == "2030-01-02T12:00:00.000Z"
    delivered = {
        "status": "delivered",
        "provider_status": "DELIVERED",
        "at": "2030-01-02T12:00:00.200Z",
        "code": None,
        "detail": None,
    }
    assert delivered in message["history"]
    request = await ask(http, "GET", f"/requests/{message['request']}")
    assert request["messages"] == [message["id"]]


async def test_inbound(http: httpx.AsyncClient) -> None:
    """A message of the person is received, and came by no request."""
    made = await tell(http, type="share_location", latitude=1.5, longitude=2.5)
    message = await ask(http, "GET", f"/messages/{made['messages'][0]}")
    assert list(message) == MEMBERS
    assert (message["direction"], message["status"], message["request"]) == ("inbound", "received", None)
    assert message["content"] == {"kind": "location", "latitude": 1.5, "longitude": 2.5}
    assert (message["kind"], message["text"], message["suggestions"]) == ("location", "1.5, 2.5", [])


@pytest.mark.parametrize(
    ("filters", "texts"),
    [
        pytest.param({}, ["Good morning", "Yes?", "GOOD evening"], id="none"),
        pytest.param({"direction": "outbound"}, ["Good morning", "Yes?"], id="outbound"),
        pytest.param({"direction": "inbound"}, ["GOOD evening"], id="inbound"),
        pytest.param({"user": USER}, ["Good morning", "GOOD evening"], id="user"),
        pytest.param({"user": "49 123/4567890"}, [], id="user-that-no-provider-can-read"),
        pytest.param({"user": "0049 (123) 456-7890"}, ["Good morning", "GOOD evening"], id="user-normalised"),
        pytest.param(
            {"user": "0049 (123) 456-7890", "account": "acc_link"},
            ["Good morning", "GOOD evening"],
            id="user-normalised-by-the-provider-of-the-account",
        ),
        pytest.param({"sender": "eap00001"}, ["Good morning", "Yes?", "GOOD evening"], id="sender"),
        pytest.param({"sender": "eap00002"}, [], id="another-sender"),
        pytest.param({"kind": "text"}, ["Good morning", "Yes?", "GOOD evening"], id="kind"),
        pytest.param({"kind": "card"}, [], id="another-kind"),
        pytest.param({"status": "received"}, ["GOOD evening"], id="status"),
        pytest.param({"text": "good"}, ["Good morning", "GOOD evening"], id="text-in-any-case"),
        pytest.param({"text": "?"}, ["Yes?"], id="text-is-no-pattern"),
        pytest.param({"provider_id": "00000000-0000-4000-8000-000000000002"}, ["Yes?"], id="provider-id"),
        pytest.param({"text": "good", "direction": "outbound", "user": USER}, ["Good morning"], id="all-must-hold"),
    ],
)
async def test_filters(http: httpx.AsyncClient, link: LinkClient, filters: dict[str, str], texts: list[str]) -> None:
    """Filters pick messages; all of them must hold."""
    await link.send(text="Good morning")
    await link.send(text="Yes?", to=OTHER_USER)
    await tell(http, type="say", text="GOOD evening")
    assert [message["text"] for message in await items(http, "/messages", **filters)] == texts


async def test_user_that_the_provider_cannot_read(http: httpx.AsyncClient) -> None:
    """With an account, its provider says what is wrong with an address."""
    problem = await ask(http, "GET", "/messages", expects=422, account="acc_link", user="Anna")
    assert problem["errors"][0]["path"] == "user"
    assert "E.164" in problem["errors"][0]["message"]


async def test_suggestions_of_cards_are_there(http: httpx.AsyncClient, link: LinkClient) -> None:
    """Every suggestion that can be tapped is listed with what it does, those of cards after those of the message."""
    card = {"title": "Card", "description": "Text", "suggestions": [MAP]}
    layout = {"cardOrientation": "VERTICAL", "thumbnailAlignment": "LEFT", "cardContent": card}
    sent = await link.send(conversationCard={"standaloneCard": layout}, suggestions=[YES])
    assert sent.status_code == 200, sent.text
    message = (await items(http, "/messages"))[0]
    assert message["kind"] == "card"
    assert [suggestion["text"] for suggestion in message["suggestions"]] == ["Yes", "Map"]
    assert message["suggestions"][1:] == message["content"]["suggestions"]
    assert message["suggestions"][1]["action"]["kind"] == "show_location"


async def test_conversations(http: httpx.AsyncClient, link: LinkClient) -> None:
    """A row for each business and person, the one that was quiet longest first."""
    await link.send(text="One")
    await link.send(text="Two", to=OTHER_USER)
    await tell(http, type="say", text="Three")
    page = await ask(http, "GET", "/conversations")
    rows = page["items"]
    assert list(rows[0]) == [
        *("account", "provider", "sender", "user", "channel", "last_message", "counts", "session"),
    ]
    assert [(row["user"], row["last_message"]["text"]) for row in rows] == [(OTHER_USER, "Two"), (USER, "Three")]
    assert [row["counts"] for row in rows] == [{"outbound": 1, "inbound": 0}, {"outbound": 1, "inbound": 1}]
    assert {row["session"] for row in rows} == {None}
    assert [row["user"] for row in await items(http, "/conversations", user=OTHER_USER)] == [OTHER_USER]
    assert await items(http, "/conversations", sender="x") == []
    assert await items(http, "/conversations", after=page["cursor"]) == []
    await link.send(text="Four", to=OTHER_USER)
    assert [row["user"] for row in await items(http, "/conversations", after=page["cursor"])] == [OTHER_USER]
