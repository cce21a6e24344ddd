"""v1: what becomes of messages that are accepted and not delivered, up to their receipts; and what a tap tells."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from harness import FakeWebhook, account_of
from sandbox.app import App
from sandbox.providers.webex_connect.account import credentials_of
from sandbox.sandbox import AccountChanges
from v1_requests import request
from v1_rich_requests import BUTTONS

Members = dict[str, Any]

NOTIFY = "http://127.0.0.1:9/receipts"


def fb(**block: Any) -> Members:
    """Return a message to a person on Messenger."""
    return request("fb", {"OTT-Messaging": {"fb": block}}, "1001", key="psid", appid="a_1")


def wa(**block: Any) -> Members:
    """Return a message to a person on WhatsApp."""
    return request("whatsapp", {"OTT-Messaging": {"wa": block}}, "447700900123", key="waid", appid="a_1")


def apple(**block: Any) -> Members:
    """Return a message to a person on Messages."""
    return request("applebusinesschat", {"AppleBusinessChat": block}, "urn:mbid:A", key="abcUserId", appid="a_1")


def in_app(**message: Any) -> Members:
    """Return an in-app message."""
    block = {"thread_id": "TH1", "message": message}
    return request("rt", {"appmessaging": block}, "u1", key="userid", appid="a_1")


def push(block: Members, key: str = "userid") -> Members:
    """Return a push."""
    return request("push", {"push": block}, "u1", key=key, appid="a_1")


def live(platform: str, seconds: int) -> Members:
    """Return a push object with a time to live."""
    return {platform: {"text": "a", "extras": {"time_to_live": seconds}}}


async def send(app: App, http: httpx.AsyncClient, data: Members) -> None:
    """Send a request whose receipts go to a place of their own, and let half a minute pass."""
    key = credentials_of(account_of(app, "acc_webex_connect")).service_key
    answer = await http.post("/resources/v1/messaging", json={**data, "notifyurl": NOTIFY}, headers={"key": key})
    assert answer.json()["response"][0]["code"] == "1001"
    await app.sandbox.advance(seconds=30)


def receipts(webhook: FakeWebhook) -> list[Members]:
    """Return what the receipts tell."""
    told = (received.encoded.decoded for received in webhook.received if received.url == NOTIFY)
    return [receipt["deliveryInfoNotification"]["deliveryInfo"] for receipt in told]


SUBMITTED, DELIVERED = ("Submitted", "7501", "Submitted", ""), ("Delivered", "7500", "Delivered", "")


@pytest.mark.parametrize(
    ("data", "series"),
    [
        pytest.param(fb(text="a"), [SUBMITTED, DELIVERED], id="WX1-FB-26-a-text-is-delivered"),
        pytest.param(fb(sender_action="typing_on"), [SUBMITTED], id="WX1-FB-26-a-sender-action-is-not"),
        pytest.param(
            fb(attachment={"type": "template", "payload": {"template_type": "airline_checkin"}}),
            [("Failed", "7010", "Service provider exception", "Airline template airline_checkin is deprecated")],
            id="WX1-FB-20-airline",
        ),
        pytest.param(apple(type="text", text="a"), [SUBMITTED], id="WX1-ABC-02-text"),
        pytest.param(apple(type="typing_start"), [SUBMITTED], id="WX1-ABC-02-typing"),
        pytest.param(wa(type="text", text={"body": "a" * 4096}), [SUBMITTED, DELIVERED], id="WX1-WA-06-4096"),
        pytest.param(
            wa(type="text", text={"body": "a" * 4097}),
            [("Failed", "7714", "Message too long", "")],
            id="WX1-WA-06-4097",
        ),
    ],
)
async def test_receipts(
    app: App, http: httpx.AsyncClient, webhook: FakeWebhook, data: Members, series: list[tuple[str, ...]]
) -> None:
    """Status, code, description and additional information of each receipt, in order."""
    await send(app, http, data)
    names = ("deliveryStatus", "code", "Description", "additionalInfo")
    assert [tuple(info[name] for name in names) for info in receipts(webhook)] == series


@pytest.mark.parametrize(
    ("data", "code", "description"),
    [
        pytest.param(push(live("android", 2419201)), "7506", "Invalid time to live value", id="WX1-PUSH-09-android"),
        pytest.param(push(live("ios", 2592001)), "7511", "Invalid time to live value", id="WX1-PUSH-09-ios"),
        pytest.param(
            push(live("ios", 60), "android_pushid"), "7003", "Mandatory parameters missing.", id="WX1-PUSH-14"
        ),
    ],
)
async def test_failed_pushes(
    app: App, http: httpx.AsyncClient, webhook: FakeWebhook, data: Members, code: str, description: str
) -> None:
    """One receipt tells why; a push has no additional information."""
    await send(app, http, data)
    (info,) = receipts(webhook)
    assert (info["deliveryStatus"], info["code"], info["Description"]) == ("Failed", code, description)
    assert "additionalInfo" not in info


async def test_unknown_tags_profiles_and_threads(app: App, http: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    """WX1-FB-07, WX1-PUSH-15, WX1-APP-01: each has a code of its own."""
    settings = {"profiles": {"u1": {}}, "threads": ["TH9"]}
    app.sandbox.change_account(account_of(app, "acc_webex_connect"), AccountChanges(settings=settings))
    for data in (
        fb(text="a", messaging_type="MESSAGE_TAG", tag="SHIPPING_UPDATE"),
        push({"ios": {"text": "a"}}) | {"destination": [{"userid": ["u2"]}]},
        in_app(text="a"),
    ):
        await send(app, http, data)
    assert [(info["deliveryStatus"], info["code"]) for info in receipts(webhook)] == [
        ("Failed", "7526"),
        ("Failed", "7105"),
        ("Failed", "7312"),
    ]


# --------------------------------------------------------------------------------------------------------- taps

LIST = {
    "body": {"text": "Which?"},
    "action": {"button": "a", "sections": [{"rows": [{"id": "r1", "title": "Tea", "description": "Black"}]}]},
}
REPLY = {"body": {"text": "Well?"}, "action": {"buttons": [{"type": "reply", "reply": {"id": "b1", "title": "Yes"}}]}}
QUICK = [{"content_type": "text", "title": "Red", "payload": "PICK_RED"}]
BUTTON = {"template_type": "button", "text": "a", "buttons": [{"type": "postback", "title": "Go", "payload": "GO"}]}
OPTIONS = {"options": [{"type": "text", "identifier": "i1", "title": "Tea"}]}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(
            fb(text="Which?", quick_replies=QUICK),
            {"event": "OnPostback", "postback": '{"payload":"PICK_RED"}', "message": "Red"},
            id="WX1-FB-24-quick-reply",
        ),
        pytest.param(
            fb(attachment={"type": "template", "payload": BUTTON}),
            {"event": "OnPostback", "postback": '{"payload":"GO"}', "message": ""},
            id="WX1-FB-15-button",
        ),
        pytest.param(
            wa(type="list", list=LIST),
            {
                "event": "list",
                "listRowIdentifier": "r1",
                "listRowTitle": "Tea",
                "listRowDescription": "Black",
            },
            id="WX1-WA-03-row",
        ),
        pytest.param(
            wa(type="reply", reply=REPLY),
            {"event": "reply", "replyButtonIdentifier": "b1", "replyButtonTitle": "Yes"},
            id="WX1-WA-03-button",
        ),
        pytest.param(in_app(text="Which?", quickreplies=OPTIONS), {"event": "OnPostback"}, id="WX1-APP-04-quick-reply"),
    ],
)
async def test_taps(app: App, http: httpx.AsyncClient, webhook: FakeWebhook, data: Members, told: Members) -> None:
    """The first thing that can be tapped comes back with what the request named it."""
    await send(app, http, data)
    body = await tap(app, http, webhook)
    assert {name: body[name] for name in told} == told
    if "interactiveData" in body:
        assert json.loads(body["interactiveData"])["identifier"] == "i1"


async def test_a_pressed_button(app: App, http: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    """WX1-PUSH-20: a pressed button makes the push read, and its reference comes back."""
    await send(app, http, push({"android": {"text": "a"}, "interactive": BUTTONS}))
    body = await tap(app, http, webhook)
    info = body["deliveryInfoNotification"]["deliveryInfo"]
    assert (info["code"], info["interaction"]) == ("7502", {"Button_Pressed": "YES", "pushref": "1"})


async def tap(app: App, http: httpx.AsyncClient, webhook: FakeWebhook) -> Members:
    """Tap the first suggestion of the newest message, and return what the business is told."""
    message = next(reversed(account_of(app, "acc_webex_connect").journal.messages))
    action = {
        "account": "acc_webex_connect",
        "user": message.conversation.user,
        "channel": message.channel,
        "type": "tap",
        "suggestion": {"index": 0},
    }
    answer = await http.post("/_sandbox/actions?wait=5", json=action)
    assert answer.status_code == 202, answer.text
    told: Members = webhook.received[-1].encoded.decoded
    return told
