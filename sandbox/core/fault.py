"""Fault: something armed to go wrong, once or often, for some requests or callbacks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from random import Random
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sandbox.core.bounds import MOST_FAULTS, BoundReachedError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class _Effect(_Strict):
    type: str

    def __str__(self) -> str:
        """Name it with its parameter: `latency 3.0`."""
        return " ".join((self.type, *map(str, self.model_dump(exclude={"type", "body"}).values())))


class Latency(_Effect):
    """The answer comes late."""

    type: Literal["latency"]
    seconds: Annotated[float, Field(gt=0, le=600)]


class Status(_Effect):
    """The request is answered with this status and body, before it is looked at."""

    type: Literal["status"]
    status: Annotated[int, Field(ge=200, le=599)]
    body: Any = None


class Code(_Effect):
    """The request is answered with the provider's own error of this code."""

    type: Literal["code"]
    code: str


class Reset(_Effect):
    """The connection is reset before the request is looked at."""

    type: Literal["reset"]


class Hang(_Effect):
    """No answer comes until the client gives up."""

    type: Literal["hang"]


class DropAnswer(_Effect):
    """The request takes effect, and its answer is lost."""

    type: Literal["drop_answer"]


class RateLimit(_Effect):
    """More requests than so many a second, on the account's clock, are refused."""

    type: Literal["rate_limit"]
    per_second: Annotated[int, Field(ge=1)]


class Drop(_Effect):
    """The callback is never sent."""

    type: Literal["drop"]


class Duplicate(_Effect):
    """The callback is delivered so many times more."""

    type: Literal["duplicate"]
    copies: Annotated[int, Field(ge=1, le=100)] = 1


class Delay(_Effect):
    """The callback is held back."""

    type: Literal["delay"]
    seconds: Annotated[float, Field(gt=0, le=604_800)]


class Reorder(_Effect):
    """So many callbacks are collected and delivered in another order."""

    type: Literal["reorder"]
    window: Annotated[int, Field(ge=2, le=100)]


class Corrupt(_Effect):
    """The callback's body is broken JSON."""

    type: Literal["corrupt"]


class UnknownFields(_Effect):
    """The callback carries members that no document knows."""

    type: Literal["unknown_fields"]


RequestEffect = Latency | Status | Code | Reset | Hang | DropAnswer | RateLimit
CallbackEffect = Drop | Duplicate | Delay | Reorder | Corrupt | UnknownFields
Effect = Annotated[RequestEffect | CallbackEffect, Field(discriminator="type")]


Glob = Annotated[str, Field(max_length=1000)]


def is_glob(text: str) -> bool:
    """Tell whether a text may stand for others than itself."""
    return any(sign in text for sign in "*?[")


class Match(_Strict):
    """Which requests or callbacks a fault is for; what is left out matches all, `user` may be a glob."""

    operation: Glob | None = None
    kind: Glob | None = None
    user: Glob | None = None

    @property
    def person(self) -> str | None:
        """The person that is meant, if it is one and not a glob."""
        return None if self.user is None or is_glob(self.user) else self.user

    def covers(self, name: str, users: Collection[str]) -> bool:
        """Tell whether an operation or a kind of callback of that name, for any of those persons, is meant."""
        wanted = self.operation if self.kind is None else self.kind
        if wanted is not None and not fnmatchcase(name, wanted):
            return False
        wish = self.user
        return wish is None or wish == "*" or any(fnmatchcase(user, wish) for user in users)


class FaultSpec(_Strict):
    """What is armed: where, for what, with which effect, how often and how likely."""

    on: Literal["request", "callback"]
    match: Match = Match()
    effect: Effect
    times: Annotated[int, Field(ge=1)] | None = None
    probability: Annotated[float, Field(ge=0, le=1)] = 1.0

    @model_validator(mode="after")
    def _effect_fits(self) -> FaultSpec:
        if isinstance(self.effect, RequestEffect) != (self.on == "request"):
            raise ValueError(f"{self.effect.type} is no effect on a {self.on}")
        if self.on == "request" and self.match.kind is not None:
            raise ValueError("match.kind is for callbacks; requests match by operation")
        if self.on == "callback" and self.match.operation is not None:
            raise ValueError("match.operation is for requests; callbacks match by kind")
        return self

    def __str__(self) -> str:
        """Say what is armed in a few words: `status 503 on request operation=sendMessage, 1 time`."""
        matched = self.match.model_dump(exclude_none=True).items()
        where = " ".join((self.on, *(f"{name}={value}" for name, value in matched)))
        often = "" if self.times is None else f", {self.times} time{'s' if self.times > 1 else ''}"
        likely = "" if self.probability == 1 else f", with probability {self.probability:g}"
        return f"{self.effect} on {where}{often}{likely}"


class UnfitFaultError(ValueError):
    """A fault is none for a provider; `path` is the place of what it does not know."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


@dataclass(slots=True, eq=False)
class Fault:
    """
    An armed fault.

    Attributes:
        left: how often it may still fire; None: as often as may be.
        fired: how often it has.
        seq: place in the order of everything the sandbox remembers, given when it is armed.
    """

    id: str
    spec: FaultSpec
    left: int | None
    fired: int = 0
    seq: int = 0
    recent: deque[datetime] = field(default_factory=deque)

    def has_room(self, now: datetime, per_second: int) -> bool:
        """Tell whether one more request fits into the second that ends now, and count it if so."""
        while self.recent and now - self.recent[0] >= timedelta(seconds=1):
            self.recent.popleft()
        if len(self.recent) >= per_second:
            return False
        self.recent.append(now)
        return True


class Faults:
    """
    The faults of one account, or of all there are and will be, in the order they were armed.

    Attributes:
        armed: those that are, by id.

    Args:
        next_seq: gives each its place among all things.
        tell: is told of every fault that was armed, has fired or was disarmed.
        count: is told of every firing, by side of the wire and effect.
    """

    def __init__(
        self,
        next_seq: Callable[[], int],
        tell: Callable[[Fault], None],
        count: Callable[[str, str], None] = lambda _on, _effect: None,
    ) -> None:
        self._next_seq = next_seq
        self._tell = tell
        self._count = count
        self.armed: dict[str, Fault] = {}

    def __iter__(self) -> Iterator[Fault]:
        return iter(tuple(self.armed.values()))

    def check_room(self) -> None:
        """Raise `BoundReachedError` if there is no room for one more."""
        if len(self.armed) >= MOST_FAULTS:
            raise BoundReachedError(MOST_FAULTS, "faults", "disarm some first, or reset")

    def arm(self, fault: Fault) -> None:
        """Add a fault behind the others."""
        fault.seq = self._next_seq()
        self.armed[fault.id] = fault
        self._tell(fault)

    def restore(self, faults: Iterable[Fault]) -> None:
        """Have these armed, as they are, and no others; nobody is told."""
        self.armed = {fault.id: fault for fault in faults}

    def disarm(self, fault_id: str) -> Fault | None:
        """Take a fault away; None if there is none of that id."""
        fault = self.armed.pop(fault_id, None)
        if fault is not None:
            self._tell(fault)
        return fault

    def clear(self) -> None:
        """Take all faults away."""
        self.armed.clear()

    def draw(
        self, on: Literal["request", "callback"], name: str, users: Collection[str], now: datetime, chance: Random
    ) -> Fault | None:
        """
        Return the first armed fault that fires for this request or callback, and count it.

        Args:
            on: which side of the wire.
            name: the operation's id or the callback's kind.
            users: whom it is for, as far as is known.
            now: the account's time, for rate limits.
            chance: the account's seeded chance.
        """
        for fault in tuple(self.armed.values()):
            spec = fault.spec
            if spec.on != on or not spec.match.covers(name, users):
                continue
            if spec.probability < 1 and chance.random() >= spec.probability:
                continue
            if isinstance(spec.effect, RateLimit) and fault.has_room(now, spec.effect.per_second):
                continue
            fault.fired += 1
            self._count(on, spec.effect.type)
            if fault.left is not None:
                fault.left -= 1
                if fault.left == 0:
                    del self.armed[fault.id]
            self._tell(fault)
            return fault
        return None
