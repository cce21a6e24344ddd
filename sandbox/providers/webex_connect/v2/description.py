"""Description: v2's requests and answers as JSON Schemas, made from the tables that its checks read."""

from __future__ import annotations

from typing import Any

from sandbox.core.description import OperationDescription, Parameter
from sandbox.providers.webex_connect.schema import (
    ANYTHING,
    FLAG,
    NUMBER,
    OBJECT,
    TEXT,
    TEXTS,
    TIME,
    WHOLE,
    Json,
    made_of,
    many,
    one_in_any_case,
    text,
)
from sandbox.providers.webex_connect.v2 import destinations, email, rcs, request, sms, suggestions
from sandbox.providers.webex_connect.v2.errors import ERRORS
from sandbox.providers.webex_connect.v2.shape import REQUEST, Shape

_RATE_HEADERS = {
    "X-Rate-Limit-Limit": "destinations that the service may address in a second",
    "X-Rate-Limit-Remaining": "how many of them are left",
    "X-Quota-Limit-Limit": "destinations of a day",
    "X-Quota-Limit-Remaining": "how many of them are left",
    "X-Quota-Limit-Reset": "when the day is over",
}
_KEYS = ("key", "bearer")
_AUTH = ("WX2-AUTH", "WX2-SVC")
_QUEUED = ("requestTimestamp", "messageId", "correlationId", "status")
_RETRIEVED = {
    **dict.fromkeys(("clientId", "groupId", "teamId"), NUMBER),
    **dict.fromkeys(("content", "options", "requestedReceipts"), ANYTHING),
    **dict.fromkeys(("toType", "numSegments", "requestTimestamp", "channel", "messageId", "version"), TEXT),
    **dict.fromkeys(("callbackData", "notifyUrl", "from", "correlationId", "to", "direction", "status"), TEXT),
}
# What is said of fields, wherever they stand; of the others only the name is known.
_MEMBERS: dict[str, Json] = {
    **dict.fromkeys(("displayText", "postbackData", "query", "address", "url", "phone", "title", "description"), TEXT),
    **dict.fromkeys(
        ("startTime", "endTime", "meetingTitle", "meetingDescription", "messageId", "mediaContentUrl"), TEXT
    ),
    **dict.fromkeys(("subject", "html", "encoding", "mimeType", "mimetype", "name", "mediaUrl", "cid", "id"), TEXT),
    **dict.fromkeys(("notifyUrl", "notifyurl", "notifyUrlAuthId", "correlationId", "contactPolicyGroup"), TEXT),
    **dict.fromkeys(("trackClicks", "shortenLinks", "trackOpens", "smsFallback", "multipleToRecipients"), FLAG),
    **dict.fromkeys(("channelCheckConsent", "channelApplyFrequencyCap"), FLAG),
    **dict.fromkeys(("sendAt", "expireAt"), TIME),
    **dict.fromkeys(("fileSize", "filesize", "smartlinkId", "linkid", "validity"), WHOLE),
    "from": TEXT,
    "priority": {"type": ["integer", "string"], "description": f"one of {', '.join(sorted(request.PRIORITIES))}"},
    "callbackData": text(request.CALLBACK_DATA_LIMIT),
    "requestedReceipts": TEXTS,
    "substitutions": OBJECT,
    "orientation": one_in_any_case(rcs.ORIENTATIONS),
    "thumbnailAlignment": one_in_any_case(rcs.ALIGNMENTS),
    "height": one_in_any_case(rcs.HEIGHTS),
    "width": one_in_any_case(rcs.WIDTHS),
    "event": one_in_any_case(rcs.EVENTS),
}
_ARRAYS: dict[str, int | None] = {
    "to": destinations.LIMIT,
    "cards": 10,
    "suggestions": suggestions.MESSAGE_LIMIT,
    "attachments": None,
    "smartlinks": None,
}
_OF_CHANNEL = ("to", "content", "options")
_TYPES = {"sms": sms.TYPES, "email": email.TYPES, "rcs": frozenset(rcs.TYPES)}
_TEXTS = {"sms": sms.TEXT_LIMIT, "email": None, "rcs": rcs.TEXT_LIMIT}


def operations() -> dict[str, OperationDescription]:
    """Return what both operations take and answer. Source: 5-24, 325-473."""
    queued = made_of("QueuedV2", _QUEUED, dict.fromkeys(_QUEUED, TEXT), _QUEUED)
    return {
        "sendMessageV2": OperationDescription(
            {201: {"anyOf": [queued, many(queued, least=2)]}},
            ("WX2-",),
            body={"anyOf": [_request(channel, shape) for channel, shape in REQUEST.items()]},
            security=_KEYS,
            headers=_RATE_HEADERS,
        ),
        "retrieveMessageV2": OperationDescription(
            {200: made_of("MessageV2", _RETRIEVED, _RETRIEVED, _RETRIEVED)},
            _AUTH,
            parameters=(Parameter("messageId", "path", "the id that the message was queued with", required=True),),
            security=_KEYS,
            statuses=(404,),
            headers=_RATE_HEADERS,
        ),
    }


def error() -> Json:
    """Return what a refusal is, where it has a body at all."""
    code = {**TEXT, "pattern": "^[0-9]{4}$", "description": ", ".join(f"{one.code} {one.message}" for one in ERRORS)}
    return made_of("RefusedV2", ("code", "message"), {"code": code, "message": TEXT}, ("code", "message"))


def _request(channel: str, shape: Shape) -> Json:
    body = _object(f"Send{channel.capitalize()}V2", shape, channel)
    body["properties"]["channel"] = one_in_any_case((channel,))
    body["required"] = ["channel", "from", "to"]
    return body


def _object(title: str, shape: Shape, channel: str) -> Json:
    """Return the schema of an object, with what is known of the objects in it."""
    members: dict[str, Any] = {name: _MEMBERS[name] for name in shape.names if name in _MEMBERS}
    for name, inner in shape.inside.items():
        own = channel.capitalize() if name in _OF_CHANNEL else ""
        inside = _object(f"{own}{name[0].upper()}{name[1:]}V2", inner, channel)
        if name == "content":
            inside["properties"]["type"] = one_in_any_case(_TYPES[channel])
            inside["properties"]["text"] = text(_TEXTS[channel])
        members[name] = many(inside, _ARRAYS[name]) if name in _ARRAYS else inside
    for name in shape.names & {"msisdn", "email"}:
        members[name] = many(TEXT, destinations.LIMIT, 1)
    return made_of(title, shape.names, members)
