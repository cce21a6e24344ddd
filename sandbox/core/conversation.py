"""Conversation: who talks to whom; Message: one thing said, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sandbox.core.content import Content, Suggestion, card_suggestions, readable

if TYPE_CHECKING:
    from sandbox.core.events import Cause
    from sandbox.core.schedule import Timer

Direction = Literal["outbound", "inbound"]
Status = Literal["accepted", "sent", "delivered", "read", "failed", "expired", "received"]


class AccountKey(NamedTuple):
    """One customer of one provider."""

    provider: str
    id: str


class Conversation(NamedTuple):
    """A business's sender and a person, by their addresses in the provider's wire form."""

    account: AccountKey
    sender: str
    user: str


class Body(NamedTuple):
    """What a message says: its content, and the suggestions beside it (those inside cards are in the content)."""

    content: Content
    suggestions: tuple[Suggestion, ...] = ()


class StatusChange(NamedTuple):
    """
    One entry of a message's history.

    Attributes:
        status: our word for it.
        provider_status: the provider's own word, or None where it has none.
    """

    status: Status
    provider_status: str | None
    at: datetime
    code: str | None = None
    detail: str | None = None


@dataclass(slots=True, eq=False)
class Message:
    """
    One message of a conversation; *outbound* is business to user.

    Attributes:
        seq: place in the order of everything the sandbox remembers.
        provider_id: the id that client and provider know it by.
        body: what it says, or how to find out: reading an outbound request is put off until somebody asks.
        request: id of the journaled request that brought it.
        facts: what the provider itself keeps with it.
        disclosed: what everybody but the person may see of it, where that is less than it says.
        expiry: what waits on the account's clock to let it expire.
        cause: who made it happen, where no request did.
        step: index of the step that did, where that was a scenario's run.
        replaces: id of the message in whose place the platform sent it.
    """

    id: str
    seq: int
    conversation: Conversation
    direction: Direction
    channel: str
    provider_id: str
    at: datetime
    status: Status
    body: Body | Callable[[], Body]
    request: str | None = None
    size: int = 0
    history: tuple[StatusChange, ...] = ()
    facts: Any = None
    disclosed: Body | None = None
    expiry: Timer | None = None
    cause: Cause | None = None
    step: int | None = None
    replaces: str | None = None

    @property
    def story(self) -> tuple[StatusChange, ...]:
        """Its history from the start: when it was accepted or received, and what became of it since."""
        first: Status = "accepted" if self.direction == "outbound" else "received"
        return (StatusChange(first, None, self.at), *self.history)

    @property
    def said(self) -> Body:
        """Content and suggestions."""
        if not isinstance(self.body, Body):
            self.body = self.body()
        return self.body

    @property
    def shown(self) -> Body:
        """What those who look on may see."""
        return self.disclosed or self.said

    @property
    def content(self) -> Content:
        """What the handset shows."""
        return self.said.content

    @property
    def text(self) -> str:
        """What a person would read."""
        return readable(self.content)

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """Every suggestion that can be tapped: those beside the message first, then the cards' in order."""
        return self.said.suggestions + card_suggestions(self.content)
