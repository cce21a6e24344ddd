"""Journal: everything that crossed the wire of one account, bounded, with those who wait for more."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Generic, Literal, Protocol, TypeVar

from sandbox.core.callback import Callback
from sandbox.core.conversation import Message
from sandbox.core.fault import Fault
from sandbox.core.operation import RawRequest, ReplyHeaders
from sandbox.core.stream import Kind, Stream

MAX_ROOM = 64 * 1024  # KiB that the records of a feed may take


class Record(Protocol):
    """What a feed keeps: something with an id and a place in the order of all things."""

    @property
    def id(self) -> str:
        """What it is called."""
        ...

    @property
    def seq(self) -> int:
        """Its place in the order of everything the sandbox remembers."""
        ...


R = TypeVar("R", bound=Record)


@dataclass(slots=True, eq=False)
class Exchange:
    """
    One request to a provider API and its answer.

    Attributes:
        operation: id of the documented operation; None if the path is none.
        near: the closest documented operation, where the path is none.
        fault: id of the armed fault, or the magic address, that decided the answer.
        detail: why it was refused, where the provider's body must not say.
        status: None if no answer was given.
    """

    id: str
    seq: int
    account: str | None
    provider: str | None
    operation: str | None
    request: RawRequest
    at: datetime
    ended_at: datetime
    status: int | None
    response_headers: ReplyHeaders
    response_body: bytes
    rule: str | None = None
    fault: str | None = None
    detail: str | None = None
    near: str | None = None
    messages: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """The room it takes, in bytes, about."""
        request = self.request
        content = len(request.path) + len(request.query) + len(request.body) + len(self.response_body)
        return 600 + request.headers.size + content


@dataclass(frozen=True, slots=True)
class FeedState(Generic[R]):
    """
    What a feed holds.

    Attributes:
        dropped: how many records it has dropped so far.
        sizes: the room that each record takes, in KiB.
    """

    records: tuple[R, ...]
    sizes: tuple[int, ...]
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Intervention:
    """
    Something that was done to an account from outside, or by a scenario in the place of an operator.

    Attributes:
        kind: an action of the person, a fault that was armed, or a change of settings or time.
        text: what it was, in a few words.
        user: the person it is about, in wire form; None if it is about nobody in particular.
        deed: of an action, all that was asked for, as plain JSON.
    """

    id: str
    seq: int
    at: datetime
    kind: Literal["action", "fault", "change"]
    text: str
    user: str | None = None
    deed: dict[str, Any] | None = None


class Feed(Generic[R]):
    """
    Records in the order they came; the oldest go first when there are too many or they take too much room.

    Args:
        kind: what its records are called.
        owner: id of the account they belong to; None if they belong to none.
        limit: most records kept.
        stream: is told kind, owner and record, whenever one was added or has changed.
    """

    def __init__(self, kind: Kind, owner: str | None, limit: int, stream: Stream) -> None:
        self.limit = limit
        self.dropped = 0
        self._kind: Kind = kind
        self._owner = owner
        self._stream = stream
        self._kept: deque[R] = deque()
        self._sizes: deque[int] = deque()  # in KiB: small numbers, which take no room of their own
        self._room = 0  # their sum
        self._by_id: dict[str, R] | None = None  # made when one is first asked for by its id: mostly nobody does

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[R]:
        return iter(self._kept)

    def __reversed__(self) -> Iterator[R]:
        return reversed(self._kept)

    def get(self, record_id: str) -> R | None:
        """Return the record of that id; None if there is none, or no more."""
        if self._by_id is None:
            self._by_id = {record.id: record for record in self._kept}
        return self._by_id.get(record_id)

    def add(self, record: R, size: int = 0) -> None:
        """Keep a record of about `size` bytes, drop the oldest if need be, and tell those who wait."""
        kept, sizes, by_id = self._kept, self._sizes, self._by_id
        if len(kept) == self.limit and by_id is None:  # as on a busy day: `_drop_oldest`, as fast as it goes
            kept.popleft()
            self._room -= sizes.popleft()
            self.dropped += 1
        room = (size >> 10) + 1
        kept.append(record)
        sizes.append(room)
        self._room += room
        if by_id is not None:
            by_id[record.id] = record
        if self._room > MAX_ROOM or len(kept) > self.limit:
            self._make_room()
        if self._stream.attended:
            self._stream.put(self._kind, self._owner, record)

    def _make_room(self) -> None:
        kept = self._kept
        while len(kept) > self.limit or (self._room > MAX_ROOM and len(kept) > 1):
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        oldest = self._kept.popleft()
        self._room -= self._sizes.popleft()
        self.dropped += 1
        if self._by_id is not None:
            self._by_id.pop(oldest.id, None)

    def changed(self, record: R) -> None:
        """Tell those who wait that a record is not what it was."""
        if self._stream.attended:
            self._stream.put(self._kind, self._owner, record)

    def after(self, mark: int) -> list[R]:
        """Return the records that came after `mark`, the oldest first."""
        newer: list[R] = []
        for record in reversed(self._kept):
            if record.seq <= mark:
                break
            newer.append(record)
        newer.reverse()
        return newer

    @property
    def state(self) -> FeedState[R]:
        """All that it holds."""
        return FeedState(tuple(self._kept), tuple(self._sizes), self.dropped)

    def restore(self, state: FeedState[R]) -> None:
        """Hold that and nothing else, as far as there is room for it; nobody is told."""
        self._kept, self._sizes = deque(state.records), deque(state.sizes)
        self._by_id = None
        self._room, self.dropped = sum(state.sizes), state.dropped
        self._make_room()

    def clear(self) -> None:
        """Forget everything, the count of dropped records too."""
        self._kept.clear()
        self._sizes.clear()
        self._by_id = None
        self._room = self.dropped = 0


class Journal:
    """
    What one account remembers of requests, messages, callbacks, scenario runs and interventions.

    Args:
        owner: id of the account.
        limit: most records of each sort.
        sequence: gives every record its place in the order of everything the sandbox remembers.
        stream: is told whenever a record was added or has changed.
    """

    def __init__(self, owner: str, limit: int, sequence: count[int], stream: Stream) -> None:
        self.next_seq = sequence.__next__
        self._owner = owner
        self._stream = stream
        self.requests: Feed[Exchange] = Feed("request", owner, limit, stream)
        self.messages: Feed[Message] = Feed("message", owner, limit, stream)
        self.callbacks: Feed[Callback] = Feed("callback", owner, limit, stream)
        self.runs: Feed[Record] = Feed("run", owner, limit, stream)
        # Nobody is told of these: whoever watches hears of what they changed.
        self.interventions: Feed[Intervention] = Feed("account", owner, limit, Stream())

    def fault_changed(self, fault: Fault) -> None:
        """Tell those who wait that a fault was armed, has fired or was disarmed."""
        self._stream.put("fault", self._owner, fault)

    def feeds(self) -> tuple[tuple[str, Feed[Any]], ...]:
        """Return every feed with its name."""
        return (
            ("requests", self.requests),
            ("messages", self.messages),
            ("callbacks", self.callbacks),
            ("runs", self.runs),
            ("interventions", self.interventions),
        )

    def clear(self) -> None:
        """Forget everything."""
        for _, feed in self.feeds():
            feed.clear()
