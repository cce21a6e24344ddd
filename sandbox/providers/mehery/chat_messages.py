"""Chat messages: the messages of a session as `session/messages` tells them, and how they come to be there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.providers.mehery.envelopes import millis
from sandbox.providers.mehery.models import contactable
from sandbox.providers.mehery.world import ChatMessage, Session, World

RECEIVED, FORWARDED, FORWARD_ERR, STATUS_FORWARD_ERR = "RECEIVD", "FORWARDED", "FORWARD_ERR", "STATUS_FORWARD_ERR"

MOST_LOGS = 100  # of one message
_TAGS = ("categories", "cities", "countries", "langs", "locations", "organizations", "persons")


def tags() -> dict[str, Any]:
    """Return `TagDocument` (7377-7385) of a message that no program has looked at."""
    return {**{name: [] for name in _TAGS}, "sentimentScore": 0, "sentiments": []}


def no_route(queue: str | None) -> dict[str, Any]:
    """Return `MessageRouter` (6114-6119) of what a person wrote: nobody sent it but them."""
    return {
        "queueCode": queue,
        "routerId": None,
        "sendMode": None,
        "senderApp": None,
        "senderCode": None,
        "senderType": None,
    }


def reach(message: ChatMessage, status: str, at: datetime) -> None:
    """Let a message come to a status, and note when."""
    message.status = status
    message.stamps[status] = millis(at)


def log(message: ChatMessage, status: str, at: datetime, **facts: Any) -> None:
    """Note something that went wrong with a message, besides its status."""
    if len(message.logs) < MOST_LOGS:
        message.logs.append({"status": status, "timestamp": millis(at), **facts})


def chat_message_dto(message: ChatMessage, session: Session, world: World) -> dict[str, Any]:
    """Return `ChatMessageDTO` (4658-4684)."""
    contact = world.contacts.get(session.contact_id)
    return {
        "action": None,
        "attachments": list(message.attachments),
        "bulkSessionId": None,
        "contact": contactable(contact) if contact is not None else None,
        "logs": list(message.logs),
        "messageId": message.message_id,
        "messageIdExt": message.message_id_ext,
        "messageIdRef": None,
        "meta": message.meta,
        "name": message.name,
        "options": dict(message.options),
        "replyId": message.reply_id,
        "replyIdExt": None,
        "replyTo": message.reply_to,
        "route": message.route if message.route is not None else no_route(session.queue),
        "sender": message.sender,
        "sessionId": session.session_id,
        "stamps": message.stamps,
        "status": message.status,
        "tags": tags(),
        "template": message.template,
        "templateId": message.template_id,
        "text": message.text,
        "timestamp": millis(message.at),
        "type": message.direction,
        "vccards": list(message.vccards),
    }
