"""Inbound: what a person does on each channel, as the webhook is told of it, key for key."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

import v1_requests
import v2_requests
from sandbox.engine.actions import InvalidActionError, NotPossibleError
from webex_service import PERSON, WEBHOOK, Service

Body = dict[str, Any]
WAID, PSID, APPLE, USER = "447700900123", "1234567890123456", "urn:mbid:A", "u1"
NOW = "2030-01-02T12:00:00.000Z"
ANY = object()


def fb(**block: Any) -> Body:
    """Return a message on Messenger."""
    return v1_requests.request("fb", {"OTT-Messaging": {"fb": block}}, PSID, key="psid", appid="a_1")


def wa(**block: Any) -> Body:
    """Return a message on WhatsApp."""
    return v1_requests.request("whatsapp", {"OTT-Messaging": {"wa": block}}, WAID, key="waid", appid="a_1")


def apple(**block: Any) -> Body:
    """Return a message on Messages."""
    return v1_requests.request("applebusinesschat", {"AppleBusinessChat": block}, APPLE, key="abcUserId", appid="a_1")


def in_app(**message: Any) -> Body:
    """Return an in-app message."""
    block = {"thread_id": "TH1", "message": message}
    return v1_requests.request("rt", {"appmessaging": block}, USER, key="userid", appid="a_1")


async def told(service: Service, deed: str, user: str, **members: Any) -> Body:
    """Do something, and return the one callback that tells of it."""
    before = len(service.bodies(WEBHOOK))
    await service.does(deed, user, **members)
    (body,) = service.bodies(WEBHOOK)[before:]
    return body


def assert_shape(body: Body, expected: Body) -> None:
    """Check keys, their order, and values; what is `ANY` is only there."""
    assert list(body) == list(expected)
    assert {name: value for name, value in body.items() if expected[name] is not ANY} == {
        name: value for name, value in expected.items() if value is not ANY
    }


def json_text(value: str) -> Any:
    """Return the JSON that a member holds as text."""
    assert isinstance(value, str)
    return json.loads(value)


# ------------------------------------------------------------------------------------------------------------- SMS


async def test_sms(service: Service) -> None:
    """WX1-SMS-07: the originator is `oa`, our number `da`, which is the default sender here."""
    await service.sends("v1", v1_requests.sms())
    body = await told(service, "say", PERSON, text="hi")
    expected: Body = {"userId": "", "Channel": "SMS", "da": "CONNCT", "message_source": "SMS", "oa": "447700900123"}
    expected |= {"message": "hi", "messageCount": "1", "tid": ANY, "datetime": NOW, "ts": NOW, "x_networkid": ""}
    assert_shape(body, expected)
    assert UUID(body["tid"])
    assert service.callbacks[-1].kind == "inbound.MO"
    assert (await told(service, "say", PERSON, text="x" * 161))["messageCount"] == "2"


# ------------------------------------------------------------------------------------------------------- Messenger

MESSENGER: Body = {
    "userId": "",
    "channel": "Facebook Messenger",
    "psid": PSID,
    "appId": "a_1",
    "event": "MO",
    "ts": NOW,
    "tid": ANY,
    "message": "",
    "attachments": "",
    "locale": "",
    "gender": "",
    "timezone": "",
    "name": ANY,
    "profile_pic": "",
}


async def test_messenger(service: Service) -> None:
    """WX1-FB-01: a text, a file and a place on Messenger."""
    await service.sends("v1", fb(text="Hello"))
    body = await told(service, "say", PSID, text="hi")
    assert_shape(body, {**MESSENGER, "message": "hi"})
    assert body["tid"].endswith("_0")
    body = await told(service, "send_file", PSID, url="https://example.com/a.png", mime_type="image/png")
    assert_shape(body, {**MESSENGER, "attachments": ANY})
    assert json_text(body["attachments"]) == [{"payload": {"url": "https://example.com/a.png"}, "type": "image"}]
    body = await told(service, "share_location", PSID, latitude=1.5, longitude=2.5, name="Here")
    (place,) = json_text(body["attachments"])
    assert list(place) == ["title", "payload", "type", "url"]
    assert (place["title"], place["type"]) == ("Here", "location")
    assert place["payload"] == {"coordinates": {"long": 2.5, "lat": 1.5}}


async def test_messenger_taps(service: Service) -> None:
    """WX1-FB-24: a quick reply comes with its title, a button without; both as `postback` in JSON text."""
    replies = [{"content_type": "text", "title": "Red", "payload": "r"}]
    await service.sends("v1", fb(text="Which?", quick_replies=replies))
    body = await told(service, "tap", PSID, suggestion="Red")
    assert_shape(body, {**MESSENGER, "event": "OnPostback", "message": "Red", "postback": '{"payload":"r"}'})
    button = {"type": "postback", "title": "Go", "payload": "g"}
    payload = {"template_type": "button", "text": "Well?", "buttons": [button]}
    await service.sends("v1", fb(attachment={"type": "template", "payload": payload}))
    body = await told(service, "tap", PSID, suggestion={"postback": "g"})
    assert_shape(body, {**MESSENGER, "event": "OnPostback", "postback": '{"payload":"g"}'})
    assert service.callbacks[-1].kind == "inbound.OnPostback"


# -------------------------------------------------------------------------------------------------------- WhatsApp

WHATSAPP: Body = {
    "userId": "",
    "username": ANY,
    "channel": "WhatsApp",
    "appId": "a_1",
    "event": "MO",
    "waid": WAID,
    "message": "",
    "attachments": "[]",
    "system": "",
    "location": "",
    "contacts": "[]",
    "type": "text",
    "ts": NOW,
    "tid": ANY,
    "identityKeyHash": "",
    "bsuid": "",
    "userHandle": "",
    "waidDerived": "false",
}


async def test_whatsapp(service: Service) -> None:
    """WX1-WA-01: a text, a file and a place on WhatsApp."""
    await service.sends("v1", wa(type="text", text={"body": "Hello"}))
    body = await told(service, "say", WAID, text="hi")
    assert_shape(body, {**WHATSAPP, "message": "hi"})
    assert body["tid"].endswith("_0")
    wish = {"url": "https://example.com/a.pdf", "mime_type": "application/pdf", "caption": "see"}
    body = await told(service, "send_file", WAID, **wish)
    assert_shape(body, {**WHATSAPP, "message": "see", "attachments": ANY, "type": "document"})
    assert json_text(body["attachments"]) == [{"payload": {"url": "https://example.com/a.pdf"}, "type": "file"}]
    body = await told(service, "share_location", WAID, latitude=1.5, longitude=2.5, name="Here")
    assert_shape(body, {**WHATSAPP, "location": ANY, "type": "location"})
    assert json_text(body["location"]) == {"latitude": 1.5, "longitude": 2.5, "name": "Here", "address": ""}


async def test_whatsapp_list(service: Service) -> None:
    """WX1-WA-03: a chosen row of a list comes with its description and the message it answers."""
    rows = [{"id": "1", "title": "Tea", "description": "Black"}, {"id": "2", "title": "Milk"}]
    action = {"button": "Choose", "sections": [{"title": "Hot", "rows": rows}]}
    (transid,) = await service.sends("v1", wa(type="list", list={"body": {"text": "Which?"}, "action": action}))
    body = await told(service, "tap", WAID, suggestion="Tea")
    choice = {"listRowIdentifier": "1", "listRowTitle": "Tea", "listRowDescription": "Black", "contextId": transid}
    assert_shape(body, {**WHATSAPP, "event": "list", "type": "interactive", **choice})
    body = await told(service, "tap", WAID, suggestion="Milk")
    assert (body["listRowIdentifier"], body["listRowDescription"]) == ("2", "")


async def test_whatsapp_reply(service: Service) -> None:
    """WX1-WA-03: a tapped reply button comes with its id, its title and the message it answers."""
    action = {"buttons": [{"type": "reply", "reply": {"id": "1", "title": "Yes"}}]}
    (transid,) = await service.sends("v1", wa(type="reply", reply={"body": {"text": "Well?"}, "action": action}))
    body = await told(service, "tap", WAID, suggestion="Yes")
    choice = {"replyButtonIdentifier": "1", "replyButtonTitle": "Yes", "contextId": transid}
    assert_shape(body, {**WHATSAPP, "event": "reply", "type": "interactive", **choice})


async def test_whatsapp_template(service: Service) -> None:
    """WX1-TPL-01: a quick reply of a declared template comes as `postback`."""
    service.configure(templates={"T1": {"channel": "whatsapp", "text": "Well?", "quick_replies": ["Yes", "No"]}})
    body = {**wa(), "message": {"template": "T1", "parameters": {}}}
    del body["channels"]
    await service.sends("v1", body)
    body = await told(service, "tap", WAID, suggestion="No")
    assert_shape(body, {**WHATSAPP, "event": "postback", "type": "button", "buttonPayload": "No", "buttonText": "No"})


# ------------------------------------------------------------------------------------------------------------ Apple

APPLE_SHAPE: Body = {
    "abcUserId": APPLE,
    "channel": "AppleBusinessChat",
    "abcAccountId": "",
    "appId": "a_1",
    "event": "MO",
    "ts": NOW,
    "tid": ANY,
    "message": "",
    "attachments": "",
    "locale": "en_US",
    "bizGroupId": "",
    "bizIntentId": "",
    "requestIdentifier": "",
    "timestamp": "",
    "capabilities": "",
    "deviceAgent": "",
    "capabilityList": "",
}


async def test_apple(service: Service) -> None:
    """WX1-ABC-01: a text and a file on Messages."""
    await service.sends("v1", apple(type="text", text="Hello"))
    assert_shape(await told(service, "say", APPLE, text="Hey"), {**APPLE_SHAPE, "message": "Hey"})
    body = await told(service, "send_file", APPLE, url="https://example.com/a.mp4", mime_type="video/mp4")
    assert json_text(body["attachments"]) == [{"payload": {"url": "https://example.com/a.mp4"}, "type": "video"}]


@pytest.mark.parametrize(
    ("data", "event", "member"),
    [
        pytest.param(
            {"listPicker": {"sections": [{"items": [{"identifier": "1", "title": "Tea"}]}]}},
            *("INTERACTIVERESPONSE", "listPicker"),
            id="WX1-ABC-01-list-picker",
        ),
        pytest.param(
            {"event": {"timeslots": [{"identifier": "1", "startTime": "Tea"}]}},
            *("INTERACTIVERESPONSE", "datePicker"),
            id="WX1-ABC-01-time-picker",
        ),
        pytest.param(
            {"quick-reply": {"items": [{"identifier": "1", "title": "Tea"}]}},
            *("QuickReplyResponse", "quickreplies"),
            id="WX1-ABC-01-quick-reply",
        ),
    ],
)
async def test_apple_choices(service: Service, data: Body, event: str, member: str) -> None:
    """What is chosen on Messages comes as JSON text under the name of what it was chosen from."""
    await service.sends("v1", apple(type="interactive", interactive={"data": data}))
    body = await told(service, "tap", APPLE, suggestion="Tea")
    assert_shape(body, {**APPLE_SHAPE, "event": event, member: ANY})
    assert json_text(body[member]) == {"identifier": "1", "title": "Tea"}


# ----------------------------------------------------------------------------------------------------------- in-app

IN_APP: Body = {
    "userId": USER,
    "channel": "Rtm",
    "appId": "a_1",
    "event": "MO",
    "message": "",
    "ts": NOW,
    "tid": ANY,
    "attachments": "",
    "replyTo": "",
    "clientId": "",
    "thread_id": "TH1",
    "thread_title": "",
    "thread": "{}",
    "extras": "",
}


async def test_in_app(service: Service) -> None:
    """WX1-APP-01: a text, a file and typing in an app, in the thread of the newest message."""
    await service.sends("v1", in_app(text="Hello"))
    assert_shape(await told(service, "say", USER, text="hi"), {**IN_APP, "message": "hi"})
    body = await told(service, "send_file", USER, url="https://example.com/a.png", mime_type="image/png")
    assert json_text(body["attachments"]) == [{"payload": {"url": "https://example.com/a.png"}, "type": "image"}]
    typing = {**IN_APP, "event": "TypingIndicator"}
    assert_shape(await told(service, "start_typing", USER), {**typing, "type": "typingStart"})
    assert_shape(await told(service, "event", USER, event_code="typingStop"), {**typing, "type": "typingStop"})


async def test_in_app_taps(service: Service) -> None:
    """WX1-APP-04: a tapped quick reply comes as `interactiveData` in JSON text."""
    options = [{"type": "text", "identifier": "y", "title": "Yes"}]
    await service.sends("v1", in_app(text="Well?", quickreplies={"reference": "r", "options": options}))
    body = await told(service, "tap", USER, suggestion="Yes")
    assert_shape(body, {**IN_APP, "event": "OnPostback", "interactiveData": ANY})
    assert json_text(body["interactiveData"]) == {"identifier": "y", "type": "postback", "title": "Yes"}


# -------------------------------------------------------------------------------------------------------------- RCS

RCS: Body = {
    "channel": "rcs",
    "msisdn": PERSON,
    "appId": "a_1568",
    "event": "MO",
    "ts": NOW,
    "tid": ANY,
    "serviceProvider": "GOOGLE",
    "carrier": "N/A",
    "messageId": ANY,
    "messageid": ANY,
}


async def test_rcs(service: Service) -> None:
    """WX2-RCS-14: text, file, place and tap over RCS; the id has both spellings, and 26 characters."""
    suggestion = {"type": "reply", "displayText": "Yes", "postbackData": "y"}
    plain = {"type": "reply", "displayText": "No"}
    await service.sends("v2", v2_requests.rcs({"suggestions": [suggestion, plain]}))
    body = await told(service, "say", PERSON, text="hi")
    assert_shape(body, {**RCS, "message": "hi"})
    assert body["messageId"] == body["messageid"]
    assert len(body["messageId"]) == 26
    body = await told(service, "send_file", PERSON, url="https://example.com/a.mp4", mime_type="video/mp4")
    assert_shape(body, {**RCS, "event": "ATTACHMENT", "attachments": ANY})
    assert json_text(body["attachments"]) == [{"payload": {"url": "https://example.com/a.mp4"}, "type": "video"}]
    body = await told(service, "share_location", PERSON, latitude=1.5, longitude=2)
    assert_shape(body, {**RCS, "event": "Location", "latitude": "1.5", "longitude": "2.0"})
    assert_shape(await told(service, "tap", PERSON, suggestion="Yes"), {**RCS, "event": "postback", "postback": "y"})
    assert_shape(await told(service, "tap", PERSON, suggestion="No"), {**RCS, "event": "postback", "postback": "No"})


async def test_rcs_shared_location(service: Service) -> None:
    """WX2-RCS-11: tapping a request for a place tells the tap and the place."""
    asks = {"type": "shareLocation", "displayText": "Where?", "postbackData": "w"}
    await service.sends("v2", v2_requests.rcs({"suggestions": [asks]}))
    await service.does("tap", suggestion="Where?")
    assert [body["event"] for body in service.bodies(WEBHOOK)] == ["postback", "Location"]


@pytest.mark.parametrize("code", ["Subscribe", "Unsubscribe"])
async def test_rcs_subscription(service: Service, code: str) -> None:
    """WX2-RCS-15: RCS tells of subscriptions in capitals."""
    await service.sends("v2", v2_requests.rcs())
    assert_shape(await told(service, "event", PERSON, event_code=code), {**RCS, "event": code.upper()})


# ----------------------------------------------------------------------------------------------------------- e-mail


async def test_email(service: Service) -> None:
    """WX2-EMAIL-08: an answer by e-mail, with the subject of what it answers."""
    await service.sends("v2", v2_requests.email({"subject": "News"}))
    body = await told(service, "say", v2_requests.PERSON, text="hi")
    expected: Body = {"channel": "Email", "from": v2_requests.PERSON, "to": '["brand@example.com"]', "appId": ""}
    expected |= {"event": "MO", "ts": NOW, "tid": ANY, "messageId": ANY, "subject": "Re: News", "textMessage": "hi"}
    expected |= {"htmlMessage": "", "returnPath": v2_requests.PERSON, "attachments": "[]"}
    assert_shape(body, expected)
    wish = {"name": "a.txt", "mime_type": "text/plain", "content": "aGk="}
    body = await told(service, "send_file", v2_requests.PERSON, **wish)
    assert json_text(body["attachments"]) == [
        {"payload": {"url": "https://media.sandbox.invalid/a.txt"}, "type": "file"}
    ]


@pytest.mark.parametrize("code", ["Subscribe", "Unsubscribe"])
async def test_email_subscription(service: Service, code: str) -> None:
    """WX2-EMAIL-12: subscriptions by e-mail."""
    to = [{"email": [v2_requests.PERSON], "correlationId": "c"}]
    await service.sends("v2", v2_requests.email(to=to))
    expected: Body = {"channel": "Email", "from": v2_requests.PERSON, "appId": "", "event": code}
    expected |= {"senderId": "brand@example.com", "correlationId": "c", "ts": NOW, "tid": ANY}
    assert_shape(await told(service, "event", v2_requests.PERSON, event_code=code), expected)


# ------------------------------------------------------------------------------------------------------------- others


async def test_first_words(service: Service) -> None:
    """WX1-SMS-07: a person may write before anything was sent to them, to any sender, by SMS unless told."""
    body = await told(service, "say", "0044 7700 900123", text="hi", sender="BRAND")
    assert (body["Channel"], body["oa"], body["da"]) == ("SMS", "447700900123", "BRAND")
    body = await told(service, "say", PSID, text="hi", channel="fb", sender="a_1")
    assert_shape(body, {**MESSENGER, "message": "hi"})


@pytest.mark.parametrize("user", ["", "   ", "a\nb", "x" * 2049])
async def test_no_address(service: Service, user: str) -> None:
    """An address is printable, and has a character at least."""
    with pytest.raises(InvalidActionError):
        await service.does("say", user, text="hi", sender="a")


@pytest.mark.parametrize(
    ("body", "user", "members", "error"),
    [
        pytest.param(
            in_app(text="Hello"), USER, {"event_code": "Subscribe"}, InvalidActionError, id="WX1-APP-01-no-subscription"
        ),
        pytest.param(
            in_app(text="Hello"), USER, {"event_code": "MO"}, InvalidActionError, id="WX1-APP-01-unknown-event"
        ),
        pytest.param(fb(text="Hello"), PSID, {"event_code": "Subscribe"}, NotPossibleError, id="WX1-FB-01-no-events"),
    ],
)
async def test_events_of_other_channels(
    service: Service, body: Body, user: str, members: Body, error: type[Exception]
) -> None:
    """A channel has its own events and no others."""
    await service.sends("v1", body)
    with pytest.raises(error):
        await service.does("event", user, **members)
