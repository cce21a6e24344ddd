"""Inbound: what a person sends, as an `InBoundMsg`, and what it does to their session.

Source: 5688-5743, 6203-6206.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from sandbox.core.content import Location, Media, Other, SuggestionResponse, Text
from sandbox.core.events import UserReplied
from sandbox.providers.mehery import recipients, sessions
from sandbox.providers.mehery.account import settings_of
from sandbox.providers.mehery.chat_messages import RECEIVED, no_route, reach, tags
from sandbox.providers.mehery.contents import MIME_TYPES, attached_file
from sandbox.providers.mehery.envelopes import millis
from sandbox.providers.mehery.happenings import SessionEvent
from sandbox.providers.mehery.identifiers import message_id
from sandbox.providers.mehery.sent import sent_of
from sandbox.providers.mehery.world import ChatMessage, Contact, Session, World

_FROM_CHANNEL, _FROM_SERVICE = "ABEG", "gBEG"


class Heard(NamedTuple):
    """
    A message of a person, taken into their session.

    Attributes:
        document: the `InBoundMsg`.
        started: the routing that the session starts with, if it starts.
    """

    contact: Contact
    session: Session
    document: dict[str, Any]
    chat: ChatMessage
    started: SessionEvent | None


def hear(event: UserReplied, world: World) -> Heard:
    """
    Take a message of a person into their session: it opens the window, and starts or reopens the session.

    Raises:
        ValueError: nobody can write so.
    """
    contact = recipients.known(world, event.conversation)
    kind, content = _content(event, world)
    if contact.name is None:
        contact.name = world.account.ids.person(contact.csid).name  # the channel tells what somebody calls themselves
    contact.last_inbound = event.at  # MEH-WIN-03
    session, started = sessions.heard_from(world, contact, event.at)
    identifier = event.reply.provider_id
    ids = world.account.ids
    chat = ChatMessage(
        identifier,
        "I",
        event.at,
        _words(event),
        contact.contact_id,
        contact.name,
        RECEIVED,
        message_id_ext=message_id(ids).replace(_FROM_SERVICE, _FROM_CHANNEL, 1),
        attachments=_attachments(kind, event),
        route=no_route(session.queue),
        **_answered(event),
    )
    reach(chat, RECEIVED, event.at)
    session.messages.append(chat)
    document = {
        "id": identifier,
        "messageIdExt": chat.message_id_ext,
        "contactId": contact.contact_id,
        "from": contact.phone or contact.email or contact.csid,
        "timestamp": millis(event.at),
        "type": kind,
        **content,
        "session": {
            "sessionId": session.session_id,
            "routingId": session.routing_id,
            "assignedToDept": session.dept,
            "assignedToAgent": session.agent,
        },
        "tags": tags(),
    }
    return Heard(contact, session, document, chat, started)


def _content(event: UserReplied, world: World) -> tuple[str, dict[str, Any]]:
    """Return the type of a message and the keys that only this type has."""
    match event.reply.content:
        case Text(text=text):
            return "text", {"text": {"body": text, "type": "text"}}
        case SuggestionResponse(text=text, postback=postback):
            chosen = {"reply_id": postback, "reply_title": text, "reply_desc": _description(event, postback)}
            form = {"form": chosen} if settings_of(world.account).later_docs else {}
            return "text", {"text": {"body": text, "type": "text"}, "input": chosen, **form}  # MEH-CB-09
        case Location() as place:
            return "location", {"location": _location(place)}
        case Media() as media:
            kind = media.file.media
            told = _media(media, event.data)
            return kind, {kind: told, "attachments": [told]}
        case Other(text=text, details={"type": "system"}):
            return "system", {"text": {"body": text, "type": "system"}}
        case content:
            raise ValueError(f"MeherY has no message for {content.kind}")


def _location(place: Location) -> dict[str, Any]:
    """Return `CommonMsgLocation` (4809-4817), whose degrees are strings."""
    return {
        "latitude": f"{place.latitude:.10f}".rstrip("0").rstrip("."),
        "longitude": f"{place.longitude:.10f}".rstrip("0").rstrip("."),
        "name": place.name,
        "address": place.address,
        "url": place.url,
    }


def _media(media: Media, data: bytes | None) -> dict[str, Any]:
    """Return `InBoundMsgMedia` (5736-5743); the bytes of a file that only its URL is known of are not known."""
    file, kind = media.file, media.file.media
    link = file.url or ""
    told: dict[str, Any] = {
        "id": link.rstrip("/").rpartition("/")[2],
        "link": link,
        "linkSecure": link,
        "mime_type": file.mime_type or MIME_TYPES[kind],
        "sha256": hashlib.sha256(data).hexdigest() if data is not None else None,
        "type": kind,
    }
    if media.caption is not None:
        told["caption"] = media.caption
    if kind == "document":
        told["filename"] = file.name
    return told


def _attachments(kind: str, event: UserReplied) -> tuple[dict[str, Any], ...]:
    content = event.reply.content
    if not isinstance(content, Media):
        return ()
    file = content.file
    return (attached_file(kind, file.url or "", content.caption, file.name, file.mime_type),)


def _words(event: UserReplied) -> str:
    """Return the words of a message, without those that stand in for a file or a place."""
    match event.reply.content:
        case Text(text=text) | SuggestionResponse(text=text) | Other(text=text):
            return text
        case Media(caption=caption):
            return caption or ""
        case _:
            return ""


def _answered(event: UserReplied) -> dict[str, Any]:
    """Return what a tap answers, as `session/messages` tells it (MEH-SESS-12)."""
    content, answered = event.reply.content, event.answered
    if answered is None or not isinstance(content, SuggestionResponse):
        return {}
    reply_to = {"messageId": answered.provider_id, "code": content.postback, "label": content.text}
    return {"reply_id": answered.provider_id, "reply_to": reply_to}


def _description(event: UserReplied, code: str) -> str:
    sent = sent_of(event.answered) if event.answered is not None else None
    buttons = sent.buttons if sent is not None else ()
    return next((button.desc or "" for button in buttons if button.code == code), "")
