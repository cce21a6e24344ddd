"""Inbound: what a person does, as each channel tells it to the webhook of the app or number."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from sandbox.core.account import Account
from sandbox.core.content import Location, Media, SuggestionResponse, Text
from sandbox.core.conversation import Message
from sandbox.core.events import Event, EventReported, UrlClicked, UserReplied, UserTyped
from sandbox.providers.webex_connect import memory
from sandbox.providers.webex_connect.account import OutboundWebhook
from sandbox.providers.webex_connect.order import order_of
from sandbox.providers.webex_connect.receipts import as_text, message_count, stamp

MEDIA_HOST = "https://media.sandbox.invalid"

UNSUBSCRIBE, SUBSCRIBE = "Unsubscribe", "Subscribe"
TYPING_START, TYPING_STOP = "typingStart", "typingStop"
EVENT_CODES = (SUBSCRIBE, UNSUBSCRIBE, TYPING_START, TYPING_STOP)

_MEDIA = {"image": "image", "video": "video", "audio": "audio", "document": "file"}


class Notice(NamedTuple):
    """
    What a person did.

    Attributes:
        channel: over what.
        name: the document's word for it, `MO`, `postback`, ...
        user: who, in wire form.
        sender: whom they wrote to: our number, or the app.
        tid: the id of the transaction.
        hub: the subscriber by whose secret it is signed, if by any.
    """

    event: Event
    channel: str
    name: str
    user: str
    sender: str
    tid: str
    hub: OutboundWebhook | None = None


def notice_of(event: Event, account: Account) -> Notice | None:
    """
    Return what the business is told of what a person did; None if nothing.

    Raises:
        ValueError: the channel has no callback for it.
    """
    user, sender = event.conversation.user, event.conversation.sender
    match event:
        case UserReplied(reply=reply):
            channel, tid = reply.channel, reply.provider_id
        case UserTyped(channel=channel) | EventReported(channel=channel):
            tid = account.ids.uuid4()
        case UrlClicked():  # one that has no receipt: the link to unsubscribe (WX2-EMAIL-12)
            channel, tid = "email", account.ids.uuid4()
        case _:
            return None
    name = _name(event, channel)
    if channel == "whatsapp":
        memory.noted(account, user).wrote_at = event.at
    elif channel == "rcs":
        account.shelf(memory.Inbound).put(short_id(tid), memory.Inbound(short_id(tid)))
    elif channel == "email" and name in (SUBSCRIBE, UNSUBSCRIBE):
        memory.noted(account, user).unsubscribed = name == UNSUBSCRIBE
    return Notice(event, channel, name, user, sender, tid)


def _name(event: Event, channel: str) -> str:
    """Return the document's word for what was done. Raises `ValueError`."""
    match event:
        case UrlClicked():
            return UNSUBSCRIBE
        case UserTyped():
            if channel == "appmessaging":
                return "TypingIndicator"
        case EventReported(code=code):
            if code in (TYPING_START, TYPING_STOP) and channel == "appmessaging":
                return "TypingIndicator"
            if code in (SUBSCRIBE, UNSUBSCRIBE) and channel in ("email", "rcs"):
                return code.upper() if channel == "rcs" else code
        case UserReplied(reply=reply, answered=answered):
            if (name := _name_of_reply(reply, answered, channel)) is not None:
                return name
        case _:
            pass
    raise ValueError(f"{channel} has no callback for this")


def _name_of_reply(reply: Message, answered: Message | None, channel: str) -> str | None:
    match channel, reply.content:
        case "sms" | "email", Text():
            return "MO"
        case "email", Media():
            return "MO"
        case "fb" | "whatsapp" | "applebusinesschat" | "appmessaging", Text() | Media():
            return "MO"
        case "rcs", Text():
            return "MO"
        case "rcs", Media():
            return "ATTACHMENT"
        case "fb" | "whatsapp", Location():
            return "MO"
        case "rcs", Location():
            return "Location"
        case "fb" | "appmessaging", SuggestionResponse():
            return "OnPostback"
        case "whatsapp", SuggestionResponse():
            return _whatsapp_tap(answered)
        case "applebusinesschat", SuggestionResponse():
            return "QuickReplyResponse" if _apple_picker(answered) is None else "INTERACTIVERESPONSE"
        case "rcs", SuggestionResponse():
            return "postback"
        case _:
            return None


def document(notice: Notice, account: Account) -> dict[str, Any]:
    """Return the callback's body. Its members are those of the public samples, every value a string unless shown."""
    return _SHAPES[notice.channel](notice, account)


# ---------------------------------------------------------------------------------------------------- the shapes


def _sms(notice: Notice, account: Account) -> dict[str, Any]:
    text, at = _text(notice), stamp(notice.event.at, account)
    return {
        "userId": "",
        "Channel": "SMS",
        "da": notice.sender,
        "message_source": "SMS",
        "oa": _bare(notice.user),  # "o" is for originator, although the public table has it the other way round
        "message": text,
        "messageCount": str(message_count(text)),
        "tid": notice.tid,
        "datetime": at,
        "ts": at,
        "x_networkid": "",
    }


def _messenger(notice: Notice, account: Account) -> dict[str, Any]:
    told: dict[str, Any] = {
        "userId": "",
        "channel": "Facebook Messenger",
        "psid": _bare(notice.user),
        "appId": notice.sender,
        "event": notice.name,
        "ts": stamp(notice.event.at, account),
        "tid": f"{notice.tid}_0",
        "message": _text(notice),
        "attachments": "",
        "locale": "",
        "gender": "",
        "timezone": "",
        "name": account.ids.person(notice.user).first_name,
        "profile_pic": "",
    }
    match _content(notice):
        case Media() as media:
            told["attachments"] = as_text([_attachment(media)])
        case Location(latitude=latitude, longitude=longitude, name=name, url=url):
            place = {"coordinates": {"long": longitude, "lat": latitude}}
            told["attachments"] = as_text(
                [{"title": name or "", "payload": place, "type": "location", "url": url or _map(latitude, longitude)}]
            )
        case SuggestionResponse(text=text, postback=postback):
            told["message"] = text if _is_quick_reply(notice) else ""
            told["postback"] = as_text({"payload": postback})
        case _:
            pass
    return told


def _whatsapp(notice: Notice, account: Account) -> dict[str, Any]:
    told: dict[str, Any] = {
        "userId": "",
        "username": account.ids.person(notice.user).first_name,
        "channel": "WhatsApp",
        "appId": notice.sender,
        "event": notice.name,
        "waid": _bare(notice.user),
        "message": _text(notice),
        "attachments": "[]",
        "system": "",
        "location": "",
        "contacts": "[]",
        "type": "text",
        "ts": stamp(notice.event.at, account),
        "tid": f"{notice.tid}_0",
        "identityKeyHash": "",
        "bsuid": "",
        "userHandle": "",
        "waidDerived": "false",
    }
    match _content(notice):
        case Media(file=file, caption=caption) as media:
            told["message"] = caption or ""
            told["attachments"] = as_text([_attachment(media)])
            told["type"] = file.media
        case Location(latitude=latitude, longitude=longitude, name=name, address=address):
            place = {"latitude": latitude, "longitude": longitude, "name": name or "", "address": address or ""}
            told["location"] = as_text(place)
            told["type"] = "location"
        case SuggestionResponse(text=text, postback=postback):
            told["message"] = ""
            told["type"] = "button" if notice.name == "postback" else "interactive"
            told.update(_whatsapp_choice(notice, text, postback))
        case _:
            pass
    return told


def _whatsapp_choice(notice: Notice, text: str, postback: str) -> dict[str, str]:
    answered = _answered(notice)
    context = answered.provider_id if answered is not None else ""
    match notice.name:
        case "list":
            return {
                "listRowIdentifier": postback,
                "listRowTitle": text,
                "listRowDescription": _row_description(answered, postback),
                "contextId": context,
            }
        case "reply":
            return {"replyButtonIdentifier": postback, "replyButtonTitle": text, "contextId": context}
        case _:
            return {"buttonPayload": postback, "buttonText": text}


def _apple(notice: Notice, account: Account) -> dict[str, Any]:
    told: dict[str, Any] = {
        "abcUserId": notice.user,
        "channel": "AppleBusinessChat",
        "abcAccountId": "",
        "appId": notice.sender,
        "event": notice.name,
        "ts": stamp(notice.event.at, account),
        "tid": notice.tid,
        "message": _text(notice),
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
    match _content(notice):
        case Media() as media:
            told["attachments"] = as_text([_attachment(media)])
        case SuggestionResponse(text=text, postback=postback):
            told["message"] = ""
            picker = _apple_picker(_answered(notice))
            told[picker or "quickreplies"] = as_text({"identifier": postback, "title": text})
        case _:
            pass
    return told


def _in_app(notice: Notice, account: Account) -> dict[str, Any]:
    told: dict[str, Any] = {
        "userId": notice.user,
        "channel": "Rtm",
        "appId": notice.sender,
        "event": notice.name,
        "message": _text(notice),
        "ts": stamp(notice.event.at, account),
        "tid": notice.tid,
        "attachments": "",
        "replyTo": "",
        "clientId": "",
        "thread_id": _thread(notice, account),
        "thread_title": "",
        "thread": "{}",
        "extras": "",
    }
    match notice.event, _content(notice):
        case (UserTyped(), _):
            told["type"] = TYPING_START
        case (EventReported(code=code), _):
            told["type"] = code
        case (_, Media() as media):
            told["attachments"] = as_text([_attachment(media)])
        case (_, SuggestionResponse(text=text, postback=postback)):
            told["message"] = ""
            told["interactiveData"] = as_text({"identifier": postback, "type": "postback", "title": text})
        case _:
            pass
    return told


def _rcs(notice: Notice, account: Account) -> dict[str, Any]:
    message_id = short_id(notice.tid)
    told: dict[str, Any] = {
        "channel": "rcs",
        "msisdn": notice.user,
        "appId": notice.sender,
        "event": notice.name,
        "ts": stamp(notice.event.at, account),
        "tid": notice.tid,
        "serviceProvider": "GOOGLE",
        "carrier": "N/A",
        "messageId": message_id,
        "messageid": message_id,  # the public samples have both spellings
    }
    match _content(notice):
        case Text(text=text):
            told["message"] = text
        case Media() as media:
            told["attachments"] = as_text([_attachment(media)])
        case Location(latitude=latitude, longitude=longitude):
            told["latitude"], told["longitude"] = str(latitude), str(longitude)
        case SuggestionResponse(text=text, postback=postback):
            told["postback"] = postback or text
        case _:
            pass
    return told


def _email(notice: Notice, account: Account) -> dict[str, Any]:
    at = stamp(notice.event.at, account)
    if isinstance(notice.event, EventReported | UrlClicked):
        return {
            "channel": "Email",
            "from": notice.user,
            "appId": "",
            "event": notice.name,
            "senderId": notice.sender,
            "correlationId": _correlation(notice, account),
            "ts": at,
            "tid": notice.tid,
        }
    content = _content(notice)
    text = _text(notice)
    return {
        "channel": "Email",
        "from": notice.user,
        "to": as_text([notice.sender]),
        "appId": "",
        "event": notice.name,
        "ts": at,
        "tid": notice.tid,
        "messageId": f"<{notice.tid}@sandbox.invalid>",
        "subject": f"Re: {_subject(notice, account)}",
        "textMessage": text,
        "htmlMessage": "",
        "returnPath": notice.user,
        "attachments": as_text([_attachment(content)]) if isinstance(content, Media) else "[]",
    }


_SHAPES: dict[str, Callable[[Notice, Account], dict[str, Any]]] = {
    "sms": _sms,
    "fb": _messenger,
    "whatsapp": _whatsapp,
    "applebusinesschat": _apple,
    "appmessaging": _in_app,
    "rcs": _rcs,
    "email": _email,
}


# -------------------------------------------------------------------------------------------------- their parts


def short_id(tid: str) -> str:
    """Return the id of an inbound RCS message: 26 characters, made of its transaction's id."""
    return base64.b32encode(UUID(tid).bytes).decode("ascii").rstrip("=")


def _content(notice: Notice) -> Any:
    return notice.event.reply.content if isinstance(notice.event, UserReplied) else None


def _answered(notice: Notice) -> Message | None:
    return notice.event.answered if isinstance(notice.event, UserReplied) else None


def _text(notice: Notice) -> str:
    content = _content(notice)
    match content:
        case Text(text=text):
            return text
        case Media(caption=caption) if notice.channel == "email":
            return caption or ""
        case _:
            return ""


def _bare(user: str) -> str:
    """Return a number as most channels print it, without its plus."""
    return user.removeprefix("+")


def _attachment(media: Media) -> dict[str, Any]:
    """Return a file as `attachments` has it. One that was given by its bytes lies at an address where nothing is."""
    file = media.file
    url = file.url or f"{MEDIA_HOST}/{file.name or 'file'}"
    return {"payload": {"url": url}, "type": _MEDIA.get(file.media, "file")}


def _map(latitude: float, longitude: float) -> str:
    return f"{MEDIA_HOST}/map?q={latitude},{longitude}"


def _object_in(answered: Message | None, *names: str) -> dict[str, Any]:
    """Return an object of what a message was sent as, by names in any letter case; empty if it is not there."""
    found: Any = order_of(answered).checked.body if answered is not None else {}
    for name in names:
        members = found if isinstance(found, dict) else {}
        found = next((value for key, value in members.items() if key.lower() == name.lower()), {})
    return found if isinstance(found, dict) else {}


def _is_quick_reply(notice: Notice) -> bool:
    """Tell whether a quick reply was tapped rather than a button."""
    messenger = _object_in(_answered(notice))
    replies, content = messenger.get("quick_replies"), _content(notice)
    titles = [reply.get("title") for reply in replies if isinstance(reply, dict)] if isinstance(replies, list) else []
    return isinstance(content, SuggestionResponse) and content.text in titles


def _whatsapp_tap(answered: Message | None) -> str:
    kind = _object_in(answered).get("type")
    return kind.lower() if isinstance(kind, str) and kind.lower() in ("list", "reply") else "postback"


def _row_description(answered: Message | None, identifier: str) -> str:
    wa = _object_in(answered, "list", "action")
    for section in wa.get("sections") or ():
        for row in section.get("rows") or () if isinstance(section, dict) else ():
            if isinstance(row, dict) and row.get("id") == identifier:
                return str(row.get("description", ""))
    return ""


def _apple_picker(answered: Message | None) -> str | None:
    """Return which picker an interactive Apple message shows; None for quick replies and whatever has none."""
    data = _object_in(answered, "interactive", "data")
    if "listPicker" in data:
        return "listPicker"
    return "datePicker" if "event" in data else None


def _thread(notice: Notice, account: Account) -> str:
    """Return the thread of the newest message between the two, which a reply belongs to."""
    message = _answered(notice) or _newest(notice, account)
    found = _object_in(message).get("thread_id")
    return found if isinstance(found, str) else ""


def _subject(notice: Notice, account: Account) -> str:
    message = _newest(notice, account)
    found = _object_in(message, "content").get("subject")
    return found if isinstance(found, str) else ""


def _correlation(notice: Notice, account: Account) -> str:
    message = _newest(notice, account)
    return order_of(message).addressed.correlation_id if message is not None else ""


def _newest(notice: Notice, account: Account) -> Message | None:
    conversation = notice.event.conversation
    for message in reversed(account.journal.messages):
        if message.conversation == conversation and message.direction == "outbound":
            return message
    return None
