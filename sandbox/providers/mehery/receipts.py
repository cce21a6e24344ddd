"""Receipts: what became of a message of the business, as an `InBoundMsgStatus`.

Source: 5768-5782, 6093-6096.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.core.conversation import Message, Status, StatusChange
from sandbox.core.events import (
    Event,
    MessageDelivered,
    MessageFailed,
    MessageRead,
    MessageSent,
    ReceiptReported,
)
from sandbox.providers.mehery import statuses
from sandbox.providers.mehery.chat_messages import reach
from sandbox.providers.mehery.envelopes import millis
from sandbox.providers.mehery.identifiers import message_id
from sandbox.providers.mehery.sent import Sent, sent_of
from sandbox.providers.mehery.world import World

_OURS: dict[str, Status] = {"SENT": "sent", "DLVRD": "delivered", "READ": "read"}


def word_of(event: Event) -> str | None:
    """Return the document's word for what became of a message; None if the event is about none."""
    match event:
        case MessageSent():
            return "SENT"
        case MessageDelivered():
            return "DLVRD"
        case MessageRead():
            return "READ"
        case MessageFailed():
            return "FAILD"
        case ReceiptReported(status=status):
            return status
        case _:
            return None


def statuses_of(event: Event, world: World) -> Iterator[tuple[Sent, dict[str, Any]]]:
    """
    Let a message come to a status and yield what is told of it, those that were missing in between first.

    Raises:
        ValueError: the message cannot come to it any more (MEH-STAT-01).
    """
    word, message = word_of(event), getattr(event, "message", None)
    sent = sent_of(message) if message is not None else None
    if word is None or message is None or sent is None:
        return
    if sent.kind == "system":
        raise ValueError("a note in the session goes to nobody: nothing becomes of it")
    chat = sent.chat
    passed = statuses.path_to(word, chat.status)
    for each in passed:
        reach(chat, each, event.at)
        if each == "SENT":  # MEH-STAT-05
            chat.message_id_ext = message_id(world.account.ids)
        if each != word:
            message.history += (StatusChange(_OURS.get(each, "sent"), each, event.at),)
        told = statuses.TOLD.get(each)
        if told is not None:
            yield sent, _status(told, each, event, message, sent)


def _status(told: str, word: str, event: Event, message: Message, sent: Sent) -> dict[str, Any]:
    errors = []
    if told == "FAILD":  # MEH-STAT-03
        errors.append(statuses.error_of(word, getattr(event, "code", None), getattr(event, "detail", None)))
    return {
        "id": message.provider_id,
        "messageIdExt": sent.chat.message_id_ext,
        "contactId": sent.contact_id,
        "status": told,
        "timestamp": millis(event.at),
        "errors": errors,
    }
