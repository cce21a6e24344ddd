"""Events: what happened between a business and a person, in the past tense and in no provider's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal, NamedTuple

from sandbox.core.content import Suggestion
from sandbox.core.conversation import Conversation, Message, Status


class Cause(NamedTuple):
    """Who made it happen: a scenario's run, an action somebody asked for, or a redelivery; with the id of that."""

    type: Literal["scenario", "action", "redelivery"]
    id: str


@dataclass(frozen=True, slots=True)
class Tweak:
    """
    What a script does to the callback of one event.

    Attributes:
        set: keys of the payload to override or add, by dotted path.
        drop: keys of the payload to leave out, by dotted path.
        duplicate: how many further times it is delivered.
        delay: seconds it is held back.
    """

    set: dict[str, Any] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    duplicate: int = 0
    delay: float = 0.0

    def apply(self, document: dict[str, Any], inner: tuple[str, ...] = ()) -> None:
        """
        Override, add and remove keys of `document`, in place; a path leads through objects only.

        A path that does not begin with a key of `document` is meant for the object at `inner`, the payload proper.
        """
        for path, value in self.set.items():
            *parents, last = self._steps(path, document, inner)
            place = document
            for name in parents:
                if not isinstance(place.get(name), dict):
                    place[name] = {}
                place = place[name]
            place[last] = value
        for path in self.drop:
            *parents, last = self._steps(path, document, inner)
            found: Any = document
            for name in parents:
                found = found.get(name) if isinstance(found, dict) else None
            if isinstance(found, dict):
                found.pop(last, None)

    @staticmethod
    def _steps(path: str, document: dict[str, Any], inner: tuple[str, ...]) -> tuple[str, ...]:
        steps = tuple(path.split("."))
        return steps if steps[0] in document else inner + steps


# Events are made by the thousand a second, and a frozen dataclass takes three times as long to make: they are slotted,
# and nobody writes to them. For the same reason the hot ones are made without naming what is given.
@dataclass(slots=True)
class Event:
    """
    Something that happened at a time, in a conversation, because of somebody.

    Attributes:
        becomes: the status that its message has from then on, if it is about that.
    """

    becomes: ClassVar[Status | None] = None

    at: datetime
    conversation: Conversation
    cause: Cause | None
    tweak: Tweak | None = field(default=None, kw_only=True)


@dataclass(slots=True)
class MessageAccepted(Event):
    """
    The platform took a message of the business.

    Attributes:
        fate: what is known already to become of it, as steps of a scenario. They play whatever the account's scenario,
            `match` or a magic address say, since those are about a person and this never gets so far. No steps at all
            is silence; None lets the person decide.
        plays_from: when it begins to play, if that is later: a message may be scheduled.
        expires_at: when the message expires unless it was delivered before.
    """

    message: Message
    fate: tuple[Mapping[str, Any], ...] | None = None
    plays_from: datetime | None = None
    expires_at: datetime | None = None


@dataclass(slots=True)
class MessageSent(Event):
    """The platform handed a message to the network."""

    becomes = "sent"

    message: Message


@dataclass(slots=True)
class MessageDelivered(Event):
    """A message reached the handset."""

    becomes = "delivered"

    message: Message


@dataclass(slots=True)
class MessageRead(Event):
    """The person saw a message."""

    becomes = "read"

    message: Message


@dataclass(slots=True)
class MessageFailed(Event):
    """A message will not arrive; `code` is the provider's own, if it has one."""

    becomes = "failed"

    message: Message
    code: str | None = None
    detail: str | None = None


@dataclass(slots=True)
class MessageExpired(Event):
    """A message was not delivered before its time was up."""

    becomes = "expired"

    message: Message


@dataclass(slots=True)
class ReceiptReported(Event):
    """A receipt in the provider's own status word."""

    message: Message
    status: str
    code: str | None = None
    detail: str | None = None


@dataclass(slots=True)
class UrlClicked(Event):
    """The person followed a link of a message."""

    message: Message
    url: str


@dataclass(slots=True)
class EventReported(Event):
    """The platform tells the business of an event of its own, by the provider's code."""

    code: str
    channel: str


@dataclass(slots=True)
class ActionReported(Event):
    """The platform tells the business of an action of its own, by code."""

    code: str


@dataclass(slots=True)
class AgentActed(Event):
    """
    A human agent of the business took a conversation, settled it or closed it.

    Attributes:
        name: whose it is from now on, where it was assigned.
    """

    deed: Literal["assign", "resolve", "close"]
    name: str | None = None


@dataclass(slots=True)
class UserTyped(Event):
    """The person began to write."""

    channel: str


@dataclass(slots=True)
class UserReplied(Event):
    """
    The person sent something: words, a tapped suggestion, a place, a file.

    Attributes:
        reply: the inbound message.
        answered: the message whose suggestion was tapped.
        tapped: that suggestion, which may belong to no message where people are shown none (`Provider.suggestion`).
        data: the bytes of a sent file.
    """

    reply: Message
    answered: Message | None = None
    tapped: Suggestion | None = None
    data: bytes | None = None


@dataclass(slots=True)
class SessionEnded(Event):
    """The session between business and person was ended before its time."""


@dataclass(slots=True)
class ErrorReported(Event):
    """The platform tells the business of trouble that belongs to no message."""

    code: str
    detail: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
