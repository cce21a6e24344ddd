"""Rehearsal: how each of Webex Connect's callbacks is brought about, and the forms that public samples have besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.core.rehearsal import Cue, Rehearsal, Sending, Variant
from sandbox.providers.webex_connect import receipts

_PHONE, _MAILBOX, _PSID, _WAID, _APPLE, _APP_USER = (
    *("+49155{n}77", "guest{n}@example.com", "1234567{n}777", "49155{n}77", "urn:mbid:AQAAY{n}", "user{n}"),
)
_LONG_ID = "7f3af32c-8d6a-4c1e-b1c8-4805135ada71_" * 3


def _v1(channel: str, key: str, channels: Mapping[str, Any]) -> Sending:
    body = {
        "deliverychannel": channel,
        "appid": "a_1568",
        "destination": [{key: ["{user}"], "correlationid": "order-17"}],
        "channels": channels,
    }
    return Sending("/resources/v1/messaging", body)


def _v2(channel: str, key: str, sender: str, content: Mapping[str, Any]) -> Sending:
    body = {"channel": channel, "from": sender, "to": [{key: ["{user}"]}], "content": content}
    return Sending("/v2/messages", body)


def _apple(**data: Any) -> Sending:
    block = {"type": "interactive", "interactive": {"data": data}}
    return _v1("applebusinesschat", "abcUserId", {"AppleBusinessChat": block})


def _whatsapp(kind: str, members: Mapping[str, Any]) -> Sending:
    return _v1("whatsapp", "waid", {"OTT-Messaging": {"wa": {"type": kind, kind: members}}})


_SMS = _v1("sms", "msisdn", {"sms": {"text": "Shall we begin?"}})
_CALL = _v1("voice", "msisdn", {"voice": {"promptid": "1"}})
_PUSH = _v1("push", "android_pushid", {"push": {"android": {"text": "Hello"}}})
_IN_APP = _v1("rt", "userid", {"appmessaging": {"thread_id": "TH1", "message": {"text": "Hello"}}})
_MESSENGER = _v1(
    "fb",
    "psid",
    {
        "OTT-Messaging": {
            "fb": {
                "text": "Which?",
                "quick_replies": [{"content_type": "text", "title": "Yes", "payload": "yes"}],
            }
        }
    },
)
_LIST = _whatsapp(
    "list",
    {
        "body": {"text": "Which?"},
        "action": {"button": "Choose", "sections": [{"title": "Hot", "rows": [{"id": "1", "title": "Yes"}]}]},
    },
)
_BUTTONS = _whatsapp(
    "reply",
    {"body": {"text": "Well?"}, "action": {"buttons": [{"type": "reply", "reply": {"id": "1", "title": "Yes"}}]}},
)
_PICKER = _apple(listPicker={"sections": [{"items": [{"identifier": "1", "title": "Yes"}]}]})
_QUICK_REPLY = _apple(**{"quick-reply": {"items": [{"identifier": "1", "title": "Yes"}]}})
_MAIL = _v2("email", "email", "hotel@example.com", {"type": "text", "subject": "Your room", "text": "Hello"})
_RCS = _v2(
    "rcs",
    "msisdn",
    "a_1568",
    {
        "type": "text",
        "text": "Well?",
        "suggestions": [{"type": "reply", "displayText": "Yes", "postbackData": "yes"}],
    },
)
_YES = {"type": "tap", "suggestion": "Yes"}

# Which message has a status; of those that several channels have, the one whose callback differs most from the others.
_TOLD_OF: Mapping[str, tuple[Sending, str]] = {
    **dict.fromkeys(("Submitted", "Delivered", "Clicked", "Failed", "Un-Delivered"), (_SMS, _PHONE)),
    "Read": (_PUSH, "push{n}token"),
    **dict.fromkeys(("Bounce", "Complaint", "Not Verified"), (_MAIL, _MAILBOX)),
}


def _cues() -> Iterator[Cue]:
    for status in receipts.DEEDS:
        sends, user = _TOLD_OF.get(status, (_CALL, _PHONE))
        yield Cue(f"receipt.{status}", "WX1-CB-01", sends, {"type": "receipt", "status": status}, user)
    for name, rule, sent, action, user in (
        ("MO", "WX1-CB-06", None, {"type": "say", "text": "Hello", "sender": "HOTEL"}, _PHONE),
        ("OnPostback", "WX1-FB-24", _MESSENGER, _YES, _PSID),
        ("reply", "WX1-WA-03", _BUTTONS, _YES, _WAID),
        ("list", "WX1-WA-03", _LIST, _YES, _WAID),
        ("postback", "WX2-RCS-14", _RCS, _YES, _PHONE),
        ("INTERACTIVERESPONSE", "WX1-ABC-01", _PICKER, _YES, _APPLE),
        ("QuickReplyResponse", "WX1-ABC-01", _QUICK_REPLY, _YES, _APPLE),
        ("TypingIndicator", "WX1-APP-01", _IN_APP, {"type": "start_typing"}, _APP_USER),
        ("ATTACHMENT", "WX2-RCS-14", _RCS, {"type": "send_file", "sample": "photo.jpg"}, _PHONE),
        ("Location", "WX2-RCS-14", _RCS, {"type": "share_location", "latitude": 1.5, "longitude": 2}, _PHONE),
        ("SUBSCRIBE", "WX2-RCS-14", _RCS, {"type": "event", "event_code": "Subscribe"}, _PHONE),
        ("UNSUBSCRIBE", "WX2-RCS-14", _RCS, {"type": "event", "event_code": "Unsubscribe"}, _PHONE),
        ("Subscribe", "WX2-EMAIL-12", _MAIL, {"type": "event", "event_code": "Subscribe"}, _MAILBOX),
        ("Unsubscribe", "WX2-EMAIL-12", _MAIL, {"type": "event", "event_code": "Unsubscribe"}, _MAILBOX),
    ):
        yield Cue(f"inbound.{name}", rule, sent, action, user)


def _listening(url: str, secret: str | None) -> Mapping[str, Any]:
    if secret is None:
        return {"webhook": {"url": url}, "settings": {"notify_url": url, "outbound_webhooks": []}}
    # Only the outbound webhooks are signed: everything goes to one, and nothing is told twice.
    hub = {"url": url, "hub_secret": secret}
    return {"webhook": None, "settings": {"notify_url": None, "outbound_webhooks": [hub]}}


REHEARSAL = Rehearsal(
    user=_PHONE,
    listening=_listening,
    proof="hub secret of an outbound webhook",
    text="inbound.MO",
    pairs=(("receipt.Submitted", "receipt.Delivered"),),
    longest_text=4096,  # what WhatsApp carries
    rules={
        "acknowledgement": "WX1-CB-03",
        "retry": "WX1-CB-04",
        "order": "WX1-CB-08",
        "form": "WX1-CB-06",
        "size": "WX1-CB-06",
        "time": "WX1-CB-08",
        "proof": "WX1-CB-06",
    },
    cues=tuple(_cues()),
    variants=(
        Variant(
            "offset",
            "times with the offset of a tenant in India, +05:30",
            ("inbound.MO", "receipt.Delivered"),
            "WX1-CB-01",
            settings={"tenant_timezone": "+05:30"},
        ),
        Variant(
            "negative-offset",
            "times with the offset of a tenant in Newfoundland, -03:30",
            ("inbound.MO", "receipt.Delivered"),
            "WX1-CB-01",
            settings={"tenant_timezone": "-03:30"},
        ),
        Variant(
            "long-id",
            f"a tid of {len(_LONG_ID)} characters",
            ("inbound.MO",),
            "WX1-CB-06",
            set={"tid": _LONG_ID},
        ),
        Variant(
            "no-message-count",
            "a receipt without messageCount and carrier, which some statuses lack",
            ("receipt.Delivered",),
            "WX1-CB-01",
            drop=("messageCount", "deliveryInfoNotification.carrier"),
        ),
        Variant(
            "unknown-status",
            "a receipt of a status that nobody has listed",
            ("receipt.Delivered",),
            "WX1-CB-01",
            set={"deliveryStatus": "Throttled", "code": "7599"},
            unforeseen=True,
        ),
        Variant(
            "unknown-event",
            "an inbound event of a name that nobody has listed",
            ("inbound.postback",),
            "WX1-CB-06",
            set={"event": "REACTION"},
            unforeseen=True,
        ),
    ),
)
