"""Sent: what the platform keeps with a message of the business."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.core.conversation import Message
from sandbox.providers.mehery.world import Button, ChatMessage


@dataclass(frozen=True, slots=True)
class Sent:
    """
    A message of the business, besides what the handset shows.

    Attributes:
        queue: of the app whose key sent it, which is told of its statuses (MEH-STAT-06).
        contact_id: whom it went to.
        chat: how the session has it; its status is the message's own.
        buttons: what can be tapped under it.
        kind: the request's `type`.
    """

    queue: str
    contact_id: str
    chat: ChatMessage
    buttons: tuple[Button, ...] = ()
    kind: str = "text"


def sent_of(message: Message) -> Sent | None:
    """Return what is kept with a message; None for one of the person."""
    return message.facts if isinstance(message.facts, Sent) else None
