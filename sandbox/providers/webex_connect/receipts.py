"""Receipts: what became of a message, as `deliveryInfoNotification` tells it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sandbox.core.account import Account
from sandbox.core.conversation import Message
from sandbox.core.events import (
    Event,
    MessageDelivered,
    MessageExpired,
    MessageFailed,
    MessageRead,
    MessageSent,
    ReceiptReported,
    UrlClicked,
)
from sandbox.providers.webex_connect import codes
from sandbox.providers.webex_connect.account import OutboundWebhook, settings_of
from sandbox.providers.webex_connect.order import Order, order_of
from sandbox.providers.webex_connect.people import number

# Every `deliveryStatus`, and which deed of the sandbox it is: `note` changes nothing.
DEEDS: dict[str, str] = {
    "Submitted": "sent",
    "Delivered": "deliver",
    "Read": "read",
    "Clicked": "note",
    "Failed": "fail",
    "Un-Delivered": "fail",
    "OFFERED": "sent",
    "ACCEPTED": "note",
    "ANSWERED": "deliver",
    "DROPPED": "note",
    "Released": "note",
    "DISCONNECTED": "note",
    "REJECTED": "fail",
    "TROMBONE_CONNECTED": "note",
    "TROMBONE_RELEASED": "note",
    "Bounce": "fail",
    "Complaint": "note",
    "Not Verified": "fail",
}

_CHAT = ("Submitted", "Delivered", "Read", "Failed")
STATUSES: dict[str, tuple[str, ...]] = {
    "sms": ("Submitted", "Delivered", "Un-Delivered", "Failed", "Clicked"),
    "voice": (
        *("OFFERED", "ACCEPTED", "ANSWERED", "DROPPED", "Released", "DISCONNECTED", "REJECTED", "Failed"),
        *("TROMBONE_CONNECTED", "TROMBONE_RELEASED"),
    ),
    "push": _CHAT,
    "appmessaging": (*_CHAT, "Clicked"),
    "fb": _CHAT,
    "whatsapp": _CHAT,
    "applebusinesschat": ("Submitted", "Failed"),  # WX1-ABC-02
    "email": (*_CHAT, "Clicked", "Bounce", "Complaint", "Not Verified"),
    "rcs": _CHAT,
}

# `deliveryChannel` and `destinationType`; None: the key that the request addressed the person by.
_NAMES: dict[str, tuple[str, str | None]] = {
    "sms": ("SMS", "msisdn"),
    "voice": ("voice", "msisdn"),
    "push": ("push", None),
    "appmessaging": ("rt", None),
    "fb": ("fb", "psid"),
    "whatsapp": ("whatsapp", None),
    "applebusinesschat": ("applebusinesschat", "applebusinesschat"),
    "email": ("email", "email"),
    "rcs": ("rcs", "msisdn"),
}

# The status of what befalls nearly every message: on any channel but the voice, and there.
_WORDS: dict[type[Event], tuple[str, str]] = {
    MessageSent: ("Submitted", "OFFERED"),
    MessageDelivered: ("Delivered", "ANSWERED"),
    MessageRead: ("Read", "Read"),
}

_COUNTED = ("Delivered", "Failed", "Un-Delivered")
_WITHOUT_CARRIER = ("Submitted", "Clicked")

# The code of a message whose time is up: v2's by WX2-TIME-08; v1's as of a request that had expired when it came.
_EXPIRED: dict[str, tuple[str, str]] = {
    "sms": ("Un-Delivered", "7208"),
    "rcs": ("Failed", "7301"),
    "email": ("Failed", "7301"),
}
_EXPIRED_IN_V1 = "Failed", "7005"
_EXPIRED_PUSH = "Failed", "7503"

# Where a click comes from: documentation addresses are nobody's.
_CLICKED_FROM = "203.0.113.7"
_BROWSER = "Mozilla/5.0 (Linux; Android 14; Mobile) AppleWebKit/537.36"
_SMTP_TEXT = "smtp; 550 5.1.1 the mailbox is not available"
_RELEASE_EVENT = "<voice release event xml data>"  # the public sample says no more

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)


class Receipt(NamedTuple):
    """
    One receipt.

    Attributes:
        message: what it is about.
        status: the `deliveryStatus`.
        description: the `Description`.
        additional: the `additionalInfo`.
        pressed: which button of an interactive push was pressed.
        link: the link that was followed.
        hub: the subscriber by whose secret it is signed, if by any.
    """

    at: datetime
    message: Message
    status: str
    code: str
    description: str
    additional: str = ""
    pressed: str | None = None
    link: str | None = None
    hub: OutboundWebhook | None = None


def flaw(message: Message) -> str | None:
    """Return why no receipt could ever tell of a message; None if one can."""
    if message.channel not in STATUSES:
        return f"its channel is none of {', '.join(STATUSES)}"
    return "it has no facts" if message.direction == "outbound" and message.facts is None else None


def word_of(event: Event) -> str | None:
    """Return the `deliveryStatus` that tells of an event; None if none does."""
    words = _WORDS.get(type(event))
    if words is not None:
        return words[event.message.channel == "voice"]  # type: ignore[attr-defined]  # these have one
    match event:
        case MessageFailed(message=message, code=code):
            return codes.status(message.channel, code or codes.UNKNOWN)
        case MessageExpired(message=message):
            return _expired(message)[0]
        case ReceiptReported(status=status):
            return status
        case UrlClicked(message=message, url=url):
            order = order_of(message)
            # A click on the link to unsubscribe is told as that, and not as a receipt (WX2-EMAIL-12).
            return "Clicked" if url != order.checked.unsubscribe(order.addressed) else None
        case _:
            return None


def receipt_of(event: Event) -> Receipt | None:
    """
    Return the receipt that tells of an event; None if none does.

    Raises:
        ValueError: the channel has no such status, or the code is none.
    """
    status = word_of(event)
    message: Message | None = getattr(event, "message", None)
    if status is None or message is None or message.direction != "outbound":
        return None
    if type(event) is MessageSent or type(event) is MessageDelivered:  # as most are, and these have no more to say
        facts = event.at, message, *_plain(message.channel, status)
        return tuple.__new__(Receipt, facts)  # a call takes twice as long
    code, detail = getattr(event, "code", None), getattr(event, "detail", None)
    _demand(message.channel, status)
    if code is not None and not (len(code) == 4 and code.isascii() and code.isdecimal()):
        raise ValueError(f"{code!r} is no receipt code; they have four digits")
    match event:
        case UrlClicked(url=url):
            return Receipt(event.at, message, status, codes.CLICKED, f"{url}|{_CLICKED_FROM}", _BROWSER, None, url)
        case MessageExpired():
            code = _expired(message)[1]
        case MessageRead() if not order_of(message).checked.opens:
            raise ValueError("nobody is told that this is read: it needs trackOpens, and type html")  # WX2-EMAIL-11
        case _:
            pass
    code = code or codes.code(status)
    if status == "Read" and message.channel == "push" and detail is not None:
        return Receipt(event.at, message, status, code, status, "", detail)
    if code == codes.BOUNCED:
        return Receipt(event.at, message, status, code, detail or codes.BOUNCE_TYPES[0], _SMTP_TEXT)
    if code == codes.COMPLAINED:
        return Receipt(event.at, message, status, code, detail or codes.COMPLAINT_TYPES[0])
    return Receipt(event.at, message, status, code, codes.description(message.channel, code), detail or "")


@lru_cache(maxsize=64)
def _plain(channel: str, status: str) -> tuple[str | None, ...]:
    """Return all of a receipt behind its message, where it says nothing of its own. Raises `ValueError` as `_demand`."""
    _demand(channel, status)
    code = codes.code(status)
    return status, code, codes.description(channel, code), "", None, None, None


def _demand(channel: str, status: str) -> None:
    """Raise `ValueError` if a channel has no receipt of that status."""
    if status not in STATUSES[channel]:
        raise ValueError(f"{channel} has no receipt {status}; it has {', '.join(STATUSES[channel])}")


def _expired(message: Message) -> tuple[str, str]:
    if message.channel == "push":
        return _EXPIRED_PUSH
    return _EXPIRED[message.channel] if order_of(message).version == "v2" else _EXPIRED_IN_V1


def document(receipt: Receipt, account: Account) -> dict[str, Any]:
    """
    Return the notification of a receipt, its keys in the order of the public samples.

    Source: 146-147 for where it goes and what it echoes; the shape is public elsewhere.
    """
    message, status = receipt.message, receipt.status
    order, channel = order_of(message), message.channel
    checked, addressed = order.checked, order.addressed
    name, kind = _NAMES[channel]
    info: dict[str, Any] = {
        "timeStamp": stamp(receipt.at, account),
        "Description": receipt.description,
        "code": receipt.code,
    }
    if channel == "sms" and status in _COUNTED:
        info["messageCount"] = str(message_count(message.text))
    info["deliveryChannel"] = "sms" if channel == "sms" and status == "Clicked" else name
    if channel != "push":
        info["additionalInfo"] = receipt.additional
    info["destination"] = _destination(order, channel, account)
    info["destinationType"] = kind or addressed.key
    info["deliveryStatus"] = status
    if channel == "push":
        info["pushId"] = addressed.value
        info["deviceid"] = ""
    elif channel == "whatsapp":
        info["waid"] = addressed.value if addressed.key == "waid" else ""
        info["bsuid"] = addressed.value if addressed.key == "bsuid" else ""
        info["waidNormalized"] = "false"
        info["identityKeyHash"] = ""
    elif channel == "appmessaging" and receipt.link is not None:
        info["interactiveData"] = _interactive_data(message, receipt.link)
    if receipt.pressed is not None:
        info["interaction"] = {"Button_Pressed": receipt.pressed, "pushref": checked.pushref or ""}
    notification: dict[str, Any] = {"deliveryInfo": info}
    if channel == "sms" and status not in _WITHOUT_CARRIER:
        notification["carrier"] = ""
    elif channel == "rcs" and status != "Failed":
        notification["carrier"] = checked.carrier or "N/A"
        notification["serviceProvider"] = "GOOGLE"
    notification["subtid"] = ""
    notification["transid"] = message.provider_id
    notification["callbackData"] = checked.callback_data
    notification["correlationid"] = addressed.correlation_id
    told: dict[str, Any] = {"deliveryInfoNotification": notification}
    if channel == "voice":
        told["deliveryTransInfo"] = _RELEASE_EVENT
    return told


def _destination(order: Order, channel: str, account: Account) -> str:
    """Return who it was for: a customer's number where a profile tells it, else what the request said."""
    addressed = order.addressed
    if channel in ("sms", "voice", "rcs"):
        if addressed.key == "customerid":
            return settings_of(account).profiles.get(addressed.value, {}).get("msisdn", addressed.value)
        return number(addressed.value)
    return addressed.value


def _interactive_data(message: Message, link: str) -> dict[str, str]:
    for suggestion in message.suggestions:
        if suggestion.action is not None and suggestion.action.details.get("url") == link:
            return {"identifier": suggestion.postback, "type": "url", "title": suggestion.text, "url": link}
    return {"identifier": "", "type": "url", "title": "", "url": link}


def stamp(at: datetime, account: Account) -> str:
    """Return a time with milliseconds and the tenant's offset; `Z` for UTC."""
    zone = settings_of(account).zone
    if zone is UTC:
        return at.isoformat(timespec="milliseconds")[:-6] + "Z"  # it is UTC by construction
    text = at.astimezone(zone).isoformat(timespec="milliseconds")
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def message_count(text: str) -> int:
    """Return how many SMS a text takes, of the GSM alphabet or beyond it."""
    size = len(text)
    if text.isascii() or _GSM.issuperset(text):
        return 1 if size <= 160 else -(-size // 153)
    size = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return 1 if size <= 70 else -(-size // 67)


def as_text(value: Any) -> str:
    """Return JSON text, as members that hold JSON in a string have it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
