"""Callbacks: from what happened to the Pub/Sub-like envelope that LINK posts to the customer's webhook."""

from __future__ import annotations

from binascii import b2a_base64
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic_core import to_json

from sandbox.core.account import Account
from sandbox.core.callback import Callback, DeliveryPolicy, Draft, Encoded, Part
from sandbox.core.content import Location, Media, SuggestionResponse, Text
from sandbox.core.conversation import Message
from sandbox.core.events import (
    ErrorReported,
    Event,
    MessageDelivered,
    MessageFailed,
    MessageRead,
    UserReplied,
    UserTyped,
)
from sandbox.core.multipart import multipart
from sandbox.providers.link.account import Counter, LinkSettings, credentials_of, settings_of

UPLOAD_ERROR = "USER_FILE_UPLOAD_ERROR"
NO_CHANNEL = "NO_CHANNEL_AVAILABLE_ERROR"
WELCOME_CHANNEL = "sms"  # of the welcome SMS alone, which no callback ever tells of (LINK-SET-11)
ERROR_MESSAGES = {
    UPLOAD_ERROR: "An error occurred while uploading a file from the user device.",
    NO_CHANNEL: "No channel is available to reach the user.",
}
KINDS = (
    "event.DELIVERED",
    "event.READ",
    "event.IS_TYPING",
    "message.TEXT",
    "message.SUGGESTION_RESPONSE",
    "message.LOCATION",
    "message.USER_FILE",
    f"error.{NO_CHANNEL}",
    f"error.{UPLOAD_ERROR}",
)
# 1377-1388
MIME_TYPES = (
    "image/jpeg",
    "image/jpg",
    "image/gif",
    "image/png",
    "video/h263",
    "video/m4v",
    "video/mp4",
    "video/mpeg",
    "video/mpeg4",
    "video/webm",
)
_DATA = ("message", "data")  # of the envelope, which is in base64
_EVENT_DIGITS, _OTHER_DIGITS = 6, 3  # LINK-CB-15


_EVENT_KINDS: dict[type[Event], str] = {
    MessageDelivered: "event.DELIVERED",
    MessageRead: "event.READ",
    UserTyped: "event.IS_TYPING",
}


class Notice(NamedTuple):
    """
    What a callback tells, before it is put into its envelope.

    Attributes:
        event: what happened.
        number: the envelope's `messageId`, which identifies the callback and never the message (LINK-CB-12).
        event_id: the `eventId` of an event, if the account wants one.
    """

    event: Event
    number: int
    event_id: str | None = None


def delivery(account: Account) -> DeliveryPolicy:
    """Any 2xx acknowledges; five attempts, the gaps 1, 2, 4 and 8 s; one at a time to a person (LINK-CB-02, -04)."""
    return _policy(account.webhook.timeout if account.webhook else 10.0)


@lru_cache(maxsize=64)
def _policy(timeout: float) -> DeliveryPolicy:
    return DeliveryPolicy(_acknowledges, (1.0, 2.0, 4.0, 8.0), timeout, strict_order=True)


def _acknowledges(status: int) -> bool:
    return 200 <= status < 300


def timestamp(at: datetime, digits: int) -> str:
    """Return RFC 3339 UTC with so many digits of a second's fraction, trailing zeros kept (LINK-CB-15)."""
    second = _second(int(at.timestamp()))
    if not digits:
        return f"{second}Z"
    fraction = str(1_000_000_000 + at.microsecond * 1000)  # in nanoseconds, behind a 1 that keeps its zeros
    return f"{second}.{fraction[1 : digits + 1]}Z"


@lru_cache(maxsize=16)
def _second(since_1970: int) -> str:
    """Return a second as text; most of what is written in a row happens in the same one."""
    return datetime.fromtimestamp(since_1970, UTC).isoformat()[:19]


def callbacks_for(event: Event, account: Account) -> tuple[Draft, ...]:
    """Return the callback that tells the customer of an event (LINK-CB-16a to -19); none for what LINK does not tell."""
    kind = _EVENT_KINDS.get(type(event))
    event_id, size = None, 0
    if kind is None:
        kind = _kind(event)
        size = len(event.data or b"") if isinstance(event, UserReplied) else 0
    elif settings_of(account).include_event_id:
        event_id = account.ids.uuid4()
    message: Message | None = getattr(event, "message", None)
    if kind is None or (message is not None and message.channel == WELCOME_CHANNEL):
        return ()
    # A call of `Notice` would take twice as long.
    return (Draft(kind, tuple.__new__(Notice, (event, _number(event.at, account), event_id)), None, None, size),)


def _kind(event: Event) -> str | None:
    match event:
        case UserReplied():
            return _message_kind(event)
        case MessageFailed(code=code):
            if code not in (None, NO_CHANNEL):
                raise ValueError(f"LINK has one code for a message that fails, {NO_CHANNEL}; {code!r} is none")
            return f"error.{NO_CHANNEL}"
        case ErrorReported(code=code):
            return f"error.{code}"
        case _:
            return None


def _message_kind(event: UserReplied) -> str:
    match event.reply.content:
        case Text():
            return "message.TEXT"
        case SuggestionResponse():
            return "message.SUGGESTION_RESPONSE"
        case Location():
            return "message.LOCATION"
        case Media():
            if event.data is None:
                raise ValueError("LINK sends the bytes of a user's file along: give content or sample")
            return "message.USER_FILE"
        case other:
            raise ValueError(f"LINK has no callback for {other.kind}")


def _number(at: datetime, account: Account) -> int:
    """Return the dispatch time in epoch milliseconds, made greater than every one before it (LINK-CB-12)."""
    shelf = account.shelf(Counter)
    counter = shelf.get("envelope")
    if counter is None:
        counter = Counter()
        shelf.put("envelope", counter)
    if at is not counter.asked_at:  # all that happens in one tick of the clock has its time from the same object
        counter.asked_at = at
        counter.milliseconds = int(at.timestamp()) * 1000 + at.microsecond // 1000
    counter.last = max(counter.last + 1, counter.milliseconds)
    return counter.last


def encode(callback: Callback, account: Account) -> Encoded:
    """Return the envelope of LINK-CB-10 to -15, as JSON or, with a user file, as the two parts of LINK-CB-20."""
    notice: Notice = callback.payload
    settings = settings_of(account)
    attributes, stamp, data = _told(notice, settings)
    number = str(notice.number)
    plain = callback.tweak is None
    message: dict[str, Any] = {
        "data": _base64(data) if plain else data,
        "attributes": attributes,
        "messageId": number,
    }
    if settings.message_id:
        message["message_id"] = number
    message["publishTime"] = stamp
    if settings.publish_time:
        message["publish_time"] = stamp
    customer = credentials_of(account).customer_id
    envelope: dict[str, Any] = {
        "message": message,
        "subscription": f"projects/{customer}/subscription/{customer}-callback-subscription",
    }
    if callback.tweak is not None:
        callback.tweak.apply(envelope, inner=_DATA)
        tweaked = envelope.get("message")
        if isinstance(tweaked, dict) and "data" in tweaked:
            tweaked["data"] = _base64(tweaked["data"])
    body = to_json(envelope)
    file = notice.event.data if isinstance(notice.event, UserReplied) else None
    if file is None:
        return Encoded("application/json", body, None, _DATA)
    parts = (
        Part(settings.part_names.message, "application/json", None, body),
        Part(settings.part_names.file, "application/octet-stream", _file_name(notice.event), file),
    )
    content_type, body = multipart(parts, boundary=f"sandbox-{number}")
    return Encoded(content_type, body, parts, _DATA)


def _base64(data: Any) -> str:
    """Write standard alphabet, padded, of compact JSON with what is not ASCII left as it is (LINK-CB-10)."""
    return b2a_base64(to_json(data), newline=False).decode("ascii")


def _told(notice: Notice, settings: LinkSettings) -> tuple[dict[str, str], str, dict[str, Any]]:
    """Return `attributes` (LINK-CB-11), the time, and the members of `data` in the order of LINK-CB-16a to -19."""
    event = notice.event
    user = event.conversation.user
    match event:
        case MessageDelivered(message=message):
            return _event(notice, settings, "DELIVERED", user, message.provider_id)
        case MessageRead(message=message):
            return _event(notice, settings, "READ", user, message.provider_id)
        case UserTyped():
            return _event(notice, settings, "IS_TYPING", user, None)
        case UserReplied():
            return _message(event, settings, user)
        case MessageFailed(detail=detail):
            return _error(event, settings, NO_CHANNEL, detail)
        case ErrorReported(code=code, detail=detail):
            return _error(event, settings, code, detail)
        case _:
            raise ValueError(f"LINK has no callback for {type(event).__name__}")


def _event(
    notice: Notice, settings: LinkSettings, name: str, user: str, message_id: str | None
) -> tuple[dict[str, str], str, dict[str, Any]]:
    stamp = _stamp(notice.event, settings, _EVENT_DIGITS)
    data = {"senderPhoneNumber": user, "eventType": name, "sendTime": stamp}
    if message_id is not None:
        data["messageId"] = message_id
    if notice.event_id is not None:
        data["eventId"] = notice.event_id
    return {"type": "event", "event_type": name}, stamp, data


def _message(event: UserReplied, settings: LinkSettings, user: str) -> tuple[dict[str, str], str, dict[str, Any]]:
    stamp = _stamp(event, settings, _OTHER_DIGITS)
    data: dict[str, Any] = {"senderPhoneNumber": user, "messageId": event.reply.provider_id, "sendTime": stamp}
    attributes = {"type": "message"}
    match event.reply.content:
        case Text(text=text):
            attributes["message_type"] = "TEXT"
            data["text"] = text
        case SuggestionResponse(text=text, postback=postback):
            attributes["message_type"] = "SUGGESTION_RESPONSE"
            data["suggestionResponse"] = {"text": text, "postbackData": postback}
        case Location(latitude=latitude, longitude=longitude):
            # The enumeration of message types has no value for a location (1302-1304): the attribute stays away.
            if settings.location_message_type is not None:
                attributes["message_type"] = settings.location_message_type
            data["location"] = {"latitude": latitude, "longitude": longitude}
        case Media(file=sent):
            attributes["message_type"] = "USER_FILE"
            size = len(event.data or b"")
            data["userFile"] = {
                "category": sent.media.upper(),
                "payload": {
                    "mimeType": sent.mime_type,
                    "fileSizeBytes": str(size) if settings.file_size_as_string else size,
                    "fileName": _file_name(event),
                },
            }
    return attributes, stamp, data


def _error(
    event: Event, settings: LinkSettings, code: str, detail: str | None
) -> tuple[dict[str, str], str, dict[str, Any]]:
    stamp = _stamp(event, settings, _OTHER_DIGITS)
    legacy = settings.legacy_error_code and code == UPLOAD_ERROR
    data = {
        "senderPhoneNumber": event.conversation.user,
        "sendTime": stamp,
        "errorCode": "1" if legacy else code,
        "errorMsg": detail or ERROR_MESSAGES[code],
    }
    return {"type": "error"}, stamp, data


def _stamp(event: Event, settings: LinkSettings, digits: int) -> str:
    wanted = settings.fractional_digits
    return timestamp(event.at, digits if wanted is None else wanted)


def _file_name(event: Event) -> str:
    content = event.reply.content if isinstance(event, UserReplied) else None
    return (content.file.name if isinstance(content, Media) else None) or "file"
