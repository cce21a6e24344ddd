"""Requests of v1 with everything in them that a channel may have, for tests that spoil them."""

from __future__ import annotations

from typing import Any

from v1_requests import request

URL = "https://example.com/a.png"
BUTTONS: dict[str, Any] = {
    "device_types": ["ios", "android"],
    "category": "DOUBLE_YES_NO",
    "actions": [
        {"pos": 1, "action": "OPENURL", "identifier": "YES", "value": "www.bbc.com"},
        {"pos": "2", "action": "OPEN_APP"},
    ],
    "pushref": "1",
}


def _whatsapp(kind: str, members: Any) -> dict[str, Any]:
    channels = {"OTT-Messaging": {"wa": {"type": kind, kind: members}}}
    return request("whatsapp", channels, "447700900123", key="waid", appid="a_1")


def _apple(kind: str, members: Any) -> dict[str, Any]:
    channels = {"AppleBusinessChat": {"type": kind, kind: members}}
    return request("applebusinesschat", channels, "urn:mbid:AQAAY", key="abcUserId", appid="a_1")


def _in_app(**block: Any) -> dict[str, Any]:
    return request("rt", {"appmessaging": {"thread_id": "TH1", **block}}, "u1", key="userid", appid="a_1")


_LIST = {
    "header": {"type": "text", "text": "Top"},
    "body": {"text": "Which?"},
    "footer": {"text": "End"},
    "action": {
        "button": "Choose",
        "sections": [{"title": "Hot", "rows": [{"id": "1", "title": "Tea", "description": "Black"}]}],
    },
}
_REPLY = {
    "header": {"type": "image", "image": {"url": URL, "filename": "a.png"}},
    "body": {"text": "Well?"},
    "action": {"buttons": [{"type": "reply", "reply": {"id": "1", "title": "Yes"}}]},
}
_HSM = {
    "namespace": "abc_1",
    "element_name": "welcome",
    "language": {"code": "en", "policy": "deterministic"},
    "localizable_params": [{"default": "a"}],
}

RICH_REQUESTS: tuple[dict[str, Any], ...] = (
    _whatsapp("text", {"body": "Hello", "preview_url": "true"}),
    _whatsapp("document", {"url": URL, "mimeType": "image/png", "caption": "a", "filename": "b"}),
    _whatsapp("location", {"latitude": "51.5", "longitude": -0.1, "name": "a", "address": "b"}),
    _whatsapp("contacts", [{"name": {"formatted_name": "Ann Lee", "first_name": "Ann"}}]),
    _whatsapp("list", _LIST),
    _whatsapp("reply", _REPLY),
    _whatsapp("hsm", _HSM),
    _apple("text", "Hello"),
    _apple("richLink", {"url": URL, "title": "a"}),
    _apple(
        "interactive",
        {
            "data": {
                "listPicker": {"sections": [{"items": [{"identifier": "1", "title": "Tea"}]}]},
                "quick-reply": {"summaryText": "Well?", "items": [{"identifier": "y", "title": "Yes"}]},
                "event": {"timeslots": [{"identifier": "1", "startTime": "2026-05-01T10:00+0000"}]},
            },
            "receivedMessage": {"title": "Choose"},
        },
    ),
    _in_app(
        message={
            "text": "Which?",
            "attachment": {"contentType": "image", "file": URL},
            "quickreplies": {
                "reference": "r",
                "options": [{"type": "text", "identifier": "1", "title": "Tea", "payload": "p", "imageurl": URL}],
            },
        },
        notification={
            "title": "a",
            "text": "b",
            "ios_extras": {"notificationaction": {"action": "OPEN_APP"}},
            "interactive": BUTTONS,
        },
    ),
    _in_app(message={"attachment": {"contentType": "location", "latitude": 1, "longitude": "2"}}),
    request(
        "push",
        {
            "push": {
                "android": {
                    "text": "a",
                    "title": "b",
                    "extras": {
                        "time_to_live": "3600",
                        "delay_while_idle": "true",
                        "customtags": {"imageurl": URL, "a": ["b"]},
                        "notificationaction": {"action": "OPEN_URL", "value": "www.bbc.com"},
                    },
                },
                "ios": {"text": "a", "extras": {"badge": "1", "silentpush": "false", "attachmenturl": URL}},
                "web": {
                    "title": "a",
                    "text": "b",
                    "url": URL,
                    "actiontext": "c",
                    "platform_types": ["chrome", "safari"],
                    "time_to_live": 5,
                    "extras": {"customtags": {"imageurl": URL}},
                },
                "interactive": BUTTONS,
                "pushref": "2",
            }
        },
        "4545",
        key="userid",
        appid="a_1",
        destination=[{"android_pushid": ["a"]}, {"userid": ["4545"]}, {"safari_pushid": ["b"]}],
    ),
)
