"""Account: one customer of one provider, with everything that is theirs alone."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sandbox.core.clock import Clock
from sandbox.core.conversation import AccountKey, Body, Conversation, Message
from sandbox.core.fault import Faults
from sandbox.core.held import Held
from sandbox.core.ids import Ids
from sandbox.core.journal import Journal
from sandbox.core.media import Media
from sandbox.core.tally import Tally

if TYPE_CHECKING:
    from sandbox.core.events import Event
    from sandbox.core.provider import Provider

T = TypeVar("T")

MAX_ROOM = 64 * 1024  # KiB that the larger things of a shelf may take


class Webhook(BaseModel):
    """Where callbacks go: the URL, further headers, and the seconds of real time an attempt may take."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    url: Annotated[str, Field(min_length=1, max_length=4096)]
    headers: dict[str, str] = {}
    timeout: Annotated[float, Field(gt=0, le=120)] = 10.0

    @field_validator("url")
    @classmethod
    def _leads_somewhere(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_good = False
        if not is_good or not url.isprintable() or " " in url:
            raise ValueError("must be an absolute http or https URL with a host")
        return url

    @field_validator("headers")
    @classmethod
    def _fit_on_a_line(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
                raise ValueError(f"{name!r} is no name of a header")
            if not value.isprintable():
                raise ValueError(f"the value of {name} must be printable, on one line")
        return headers

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The headers as pairs."""
        return tuple(self.headers.items())


class Shelf(Generic[T]):
    """One sort of things an account remembers, by key; the oldest go first beyond `limit`, or if they take too much room."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._things: dict[str, T] = {}
        self._order: deque[str] = deque()
        self._large: dict[str, int] = {}  # room in KiB, of those that take one or more
        self._room = 0  # the sum of it

    def __len__(self) -> int:
        return len(self._things)

    def __contains__(self, key: object) -> bool:
        return key in self._things

    def __iter__(self) -> Iterator[T]:
        return iter(self._things.values())

    def get(self, key: str) -> T | None:
        """Return what lies there; None if nothing does."""
        return self._things.get(key)

    @property
    def items(self) -> tuple[tuple[str, T, int], ...]:
        """Everything that lies here, with its key and its size in bytes if that is large, in the order it came."""
        return tuple((key, self._things[key], self._large.get(key, 0) << 10) for key in self._order)

    def put(self, key: str, thing: T, size: int = 0) -> None:
        """Lay a thing of about `size` bytes down, or replace it where it lies."""
        if key not in self._things:
            self._order.append(key)
            if len(self._order) > self._limit:
                self._drop(self._order.popleft())
        self._things[key] = thing
        if size >= 1024 or self._large:
            self._room += (size >> 10) - self._large.pop(key, 0)
            if size >= 1024:
                self._large[key] = size >> 10
            while self._room > MAX_ROOM and len(self._order) > 1:
                self._drop(self._order.popleft())

    def remove(self, key: str) -> T | None:
        """Take a thing away and return it; None if nothing lay there."""
        thing = self._drop(key)
        if thing is not None:
            self._order.remove(key)
        return thing

    def _drop(self, key: str) -> T | None:
        self._room -= self._large.pop(key, 0)
        return self._things.pop(key, None)


class Account:
    """
    One customer of one provider. Clock, ids, journal, faults and whatever the provider keeps hang here and nowhere else.

    Attributes:
        key: provider and id.
        credentials: the provider's own model.
        webhook: where callbacks go; None records them only.
        scenario: name of the scenario that plays for every message; None lets `match` decide.
        settings: the provider's own model.
        media: files of this account that are fetched from links.
        publish: lets something have happened that nobody asked for, as when time is up; the sandbox sees to it.
        seq: place in the order of everything the sandbox remembers, before all that happens to the account.
        began_at: since when it remembers: since it was made, or since it last had to forget.
        generation: grows when every token issued so far is revoked.
        tally: what is counted since then.
        held: the calls that wait for something of it.
    """

    def __init__(
        self,
        key: AccountKey,
        provider: Provider,
        name: str,
        credentials: BaseModel,
        settings: BaseModel,
        *,
        clock: Clock,
        ids: Ids,
        journal: Journal,
        webhook: Webhook | None = None,
        scenario: str | None = None,
        media: Media | None = None,
        seq: int | None = None,
    ) -> None:
        self.key = key
        self.provider = provider
        self.name = name
        self.credentials = credentials
        self.settings = settings
        self.webhook = webhook
        self.scenario = scenario
        self.clock = clock
        self.ids = ids
        self.journal = journal
        self.media = media if media is not None else Media()
        self.tally = Tally(frozenset(provider.callback_kinds))
        self.held = Held()
        self.faults = Faults(journal.next_seq, journal.fault_changed, self._fired)
        self.seq = journal.next_seq() if seq is None else seq
        self.created_at: datetime = clock.now()
        self.began_at = self.created_at
        self.generation = 0
        self._shelves: dict[type[Any], Shelf[Any]] = {}
        self.publish: Callable[[Event], object] = lambda _event: None

    @property
    def id(self) -> str:
        """What the control API calls it, `acc_link`."""
        return self.key.id

    def message(
        self,
        conversation: Conversation,
        channel: str,
        provider_id: str,
        at: datetime,
        body: Body | Callable[[], Body],
        size: int,
    ) -> Message:
        """Return a message that the business has just sent, in no journal yet; see `Message`."""
        return Message(
            self.ids.opaque("msg"),
            self.journal.next_seq(),
            conversation,
            "outbound",
            channel,
            provider_id,
            at,
            "accepted",
            body,
            None,
            size,
        )

    def shelf(self, kind: type[T]) -> Shelf[T]:
        """Return the place where things of that type are kept; a provider lays its own types there."""
        shelf = self._shelves.get(kind)
        if shelf is None:
            shelf = self._shelves[kind] = Shelf(max(self.journal.messages.limit, 1000))
        return shelf

    @property
    def shelves(self) -> Iterator[tuple[type[Any], Shelf[Any]]]:
        """Every place where something was laid, with the type of the things."""
        return iter(tuple(self._shelves.items()))

    def forget(self) -> Tally:
        """
        Forget all that happened: journal, schedule, faults, files, counts and what the provider kept; the rest stays.

        Returns what was counted.
        """
        counted, self.tally = self.tally, Tally(self.tally.kinds)
        counted.feeds(self.journal.feeds())
        self.clock.clear()
        self.journal.clear()
        self.faults.clear()
        self._shelves.clear()
        self.media.clear()
        self.ids.restart()
        self.began_at = self.clock.now()
        return counted

    def _fired(self, on: str, effect: str) -> None:
        self.tally.fault(on, effect)
