"""Callback: one request to be made to a webhook, how it is to be delivered, and what came of it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from pydantic_core import from_json

from sandbox.core.conversation import AccountKey
from sandbox.core.events import Cause, Tweak

NO_WEBHOOK = "no webhook is configured"  # why nobody is told, mostly
ALLOWED_BY_EGRESS = "the setting egress: any allows it"  # ends why a callback is blocked, where anything allows it

State = Literal["scheduled", "sending", "retrying", "delivered", "failed", "blocked", "recorded"]


def _never(_status: int) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """
    How a provider delivers callbacks.

    Attributes:
        acknowledges: tells from a status code whether the webhook took it.
        gives_up: tells from a status code that did not whether no further attempt is made.
        retry_waits: seconds between one attempt and the next; as many retries as there are waits.
        timeout: seconds of real time an attempt may take.
        strict_order: whether a callback that is being retried holds back later ones to the same person.
    """

    acknowledges: Callable[[int], bool]
    retry_waits: tuple[float, ...]
    timeout: float
    strict_order: bool
    gives_up: Callable[[int], bool] = _never


class Part(NamedTuple):
    """One part of a multipart body; `filename` only where it is a file."""

    name: str
    content_type: str
    filename: str | None
    content: bytes


class Encoded(NamedTuple):
    """
    A callback as it goes over the wire.

    Attributes:
        parts: those of a multipart body.
        base64_at: path to the member of the JSON that is JSON itself, in base64.
        headers: what goes along and depends on the bytes.
    """

    content_type: str
    body: bytes
    parts: tuple[Part, ...] | None = None
    base64_at: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def decoded(self) -> Any:
        """The JSON in it, read for people; None if there is none that can be read."""
        bodies = [self.body] if self.parts is None else [part.content for part in self.parts if part.filename is None]
        try:
            document = from_json(bodies[0]) if bodies else None
        except ValueError:
            return None
        place: Any = document
        *parents, last = self.base64_at or ("",)
        for name in parents:
            place = place.get(name) if isinstance(place, dict) else None
        if isinstance(place, dict) and isinstance(text := place.get(last), str):
            with suppress(ValueError):
                place[last] = from_json(base64.b64decode(text))
        return document


class Attempt(NamedTuple):
    """
    One try at delivering a callback.

    Attributes:
        error: `timeout`, `refused`, ... when no answer came.
        duration_ms: how long it took, in milliseconds of real time.
        response: the first kilobyte of the answer's body.
    """

    at: datetime
    status: int | None
    error: str | None
    duration_ms: float
    response: str


class Subscriber(NamedTuple):
    """
    Somebody other than the account's webhook who is told.

    Attributes:
        url: where; None if the address is not known, which is recorded.
        headers: what goes along, besides what depends on the bytes.
        vouched: whether the operator supplied the address, not a provider request (the egress rule asks).
        refused: why nothing is ever sent there, although it is recorded; None lets it go.
        timeout: seconds of real time an attempt may take; None is what the policy says.
        verify: whether its certificate must be good.
        once: whether no further attempt is ever made.
    """

    url: str | None
    headers: tuple[tuple[str, str], ...] = ()
    vouched: bool = True
    refused: str | None = None
    timeout: float | None = None
    verify: bool = True
    once: bool = False


@dataclass(slots=True, eq=False)
class Draft:
    """
    A callback as a provider words it, before it has an id and an address.

    Attributes:
        kind: what the catalogue calls it, `event.READ`.
        payload: the provider's own facts, from which `Provider.encode` makes the bytes.
        to: who is told, if not the account's webhook.
        lane: what it keeps in order with; None: whatever is told to the same address about the same person.
        size: bytes that the payload holds and nothing else does, about.
    """

    kind: str
    payload: Any
    to: Subscriber | None = None
    lane: str | None = None
    size: int = 0


def headers_of(configured: tuple[tuple[str, str], ...], encoded: Encoded) -> tuple[tuple[str, str], ...]:
    """Return what goes along with a callback: what is configured, but for what the provider itself decides."""
    if not encoded.headers:
        return configured
    decided = {name.lower() for name, _ in encoded.headers}
    return (*(pair for pair in configured if pair[0].lower() not in decided), *encoded.headers)


@dataclass(slots=True, eq=False)
class Callback:
    """
    One callback and its story.

    Attributes:
        seq: place in the order of everything the sandbox remembers.
        url: where it goes; None if no webhook was configured when it was made.
        vouched: whether the operator supplied the address, not a provider request (the egress rule asks).
        payload: the provider's own facts; `Provider.encode` makes the bytes of it.
        tweak: what a script changes in the payload.
        to: who is told, if not the account's webhook.
        lane: what it keeps in order with, if the provider names that itself.
        size: bytes that it holds and nothing else does, about.
        request: id of the journaled request that it came of, where no scenario and no action made it.
        encoded: the bytes, once they were needed; a retry sends the very same.
        fault: id of the armed fault that changed its course.
        detail: why it was blocked, failed or only recorded.
        step: index of the step that made it, where its cause is a scenario's run; only the first of several copies has it.
        over: is told when its course is over, of this very callback: no copy has it.
    """

    id: str
    seq: int
    account: AccountKey
    kind: str
    user: str
    message: str | None
    cause: Cause | None
    url: str | None
    headers: tuple[tuple[str, str], ...]
    payload: Any
    due_at: datetime
    vouched: bool = True
    tweak: Tweak | None = None
    to: Subscriber | None = None
    lane: str | None = None
    size: int = 0
    request: str | None = None
    state: State = "scheduled"
    attempts: tuple[Attempt, ...] = ()
    encoded: Encoded | None = None
    fault: str | None = None
    detail: str | None = None
    corrupt: bool = False
    unknown_fields: bool = False
    step: int | None = None
    over: Callable[[], None] | None = field(default=None, init=False)
