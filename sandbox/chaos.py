"""Chaos: what armed faults and scripts do to a callback before it leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sandbox.core.account import Account
from sandbox.core.callback import Callback, Encoded
from sandbox.core.fault import Corrupt, Delay, Drop, Duplicate, Fault, Reorder, UnknownFields
from sandbox.core.schedule import Timer

PATIENCE = 5.0  # seconds of the account's clock after which a window is released although it is not full

_UNKNOWN = b'"x_sandbox_unknown":{"why":"an armed fault added this","list":[1,null]}'


@dataclass(slots=True, eq=False)
class Delivery:
    """
    One callback on its way.

    Attributes:
        original: the callback that it is a copy of and shares the bytes with; itself, if it is no copy.
        tried: how many attempts were made.
    """

    callback: Callback
    original: Callback
    tried: int = 0

    @property
    def url(self) -> str:
        """Where it goes; only asked of one that goes somewhere."""
        return self.callback.url or ""

    def encoded(self, account: Account) -> Encoded:
        """Return the bytes, made when they are first needed and the same ever after."""
        callback, original = self.callback, self.original
        if callback.encoded is None:
            if original.encoded is None:
                original.encoded = made(original, account)
            callback.encoded = original.encoded
        return callback.encoded


@dataclass(slots=True, eq=False)
class Window:
    """Callbacks that one firing of a reorder fault collects."""

    fault: Fault
    size: int
    timer: Timer = field(init=False)
    deliveries: list[Delivery] = field(default_factory=list)

    def wants(self, callback: Callback) -> bool:
        """Tell whether the fault is for this callback too."""
        return self.fault.spec.match.covers(callback.kind, (callback.user,))


class Chaos:
    """
    Where callbacks of one account are dropped, doubled, delayed, mixed up and spoiled, when that was asked for.

    Attributes:
        timed: what it puts on the clock.

    Args:
        release: takes what was held back, when its time has come.
    """

    def __init__(self, account: Account, release: Callable[[Delivery], None]) -> None:
        self._account = account
        self._release = release
        self._windows: list[Window] = []
        self.timed = (self._close,)

    @property
    def held(self) -> int:
        """How many callbacks wait to be mixed up."""
        return sum(len(window.deliveries) for window in self._windows)

    def clear(self) -> None:
        """Forget what is held."""
        for window in self._windows:
            window.timer.cancel()
        self._windows.clear()

    @property
    def windows(self) -> tuple[Window, ...]:
        """The windows that are open."""
        return tuple(self._windows)

    def restore(self, windows: Iterable[Window]) -> None:
        """Hold what these hold."""
        self._windows = list(windows)

    def spares(self, callback: Callback) -> bool:
        """Tell whether nothing at all is done to a callback."""
        return callback.tweak is None and not self._windows and not self._account.faults.armed

    def meet(self, callback: Callback) -> Sequence[Delivery]:
        """Return the deliveries that come of a callback now: one, several, or none if it is dropped or held."""
        if self.spares(callback):
            return (Delivery(callback, callback),)
        window = next((window for window in self._windows if window.wants(callback)), None)
        copies = 0
        if window is not None:
            callback.fault = window.fault.id
        elif (fault := self._draw(callback)) is not None:
            match fault.spec.effect:
                case Drop():
                    self._drop(callback, fault)
                    return ()
                case Duplicate(copies=copies):
                    pass
                case Reorder(window=size):
                    window = self._open(fault, size)
        if callback.tweak is not None:
            copies += callback.tweak.duplicate
            callback.due_at += timedelta(seconds=callback.tweak.delay)
        deliveries = [Delivery(callback, callback), *(self._copy(callback) for _ in range(copies))]
        if window is None:
            return deliveries
        window.deliveries += deliveries
        if len(window.deliveries) >= window.size:
            self._close(window)
        return ()

    def _draw(self, callback: Callback) -> Fault | None:
        """Return the fault that fires for a callback, its effect on the callback itself done."""
        account = self._account
        now = account.clock.now()
        fault = account.faults.draw("callback", callback.kind, (callback.user,), now, account.ids.random)
        if fault is None:
            return None
        callback.fault = fault.id
        match fault.spec.effect:
            case Delay(seconds=seconds):
                callback.due_at += timedelta(seconds=seconds)
            case Corrupt() | UnknownFields() as effect:
                callback.corrupt = isinstance(effect, Corrupt)
                callback.unknown_fields = not callback.corrupt
                if callback.encoded is not None:  # it is redelivered
                    callback.encoded = account.provider.sign(spoiled(callback.encoded, callback), callback, account)
        return fault

    def _drop(self, callback: Callback, fault: Fault) -> None:
        callback.state = "failed"
        callback.detail = f"dropped by the fault {fault.id}"
        self._account.journal.callbacks.changed(callback)

    def _copy(self, callback: Callback) -> Delivery:
        """Return a further delivery of the very same bytes, as a record of its own."""
        account = self._account
        copy = replace(callback, id=account.ids.opaque("cbk"), seq=account.journal.next_seq(), attempts=())
        account.journal.callbacks.add(copy)
        return Delivery(copy, callback)

    def _open(self, fault: Fault, size: int) -> Window:
        window = Window(fault, size)
        window.timer = self._account.clock.call_later(PATIENCE, self._close, window)
        self._windows.append(window)
        return window

    def _close(self, window: Window) -> None:
        """Release what a window holds, in another order than it came."""
        window.timer.cancel()
        self._windows.remove(window)
        came = window.deliveries
        order = came.copy()
        self._account.ids.random.shuffle(order)
        if order == came:
            order.append(order.pop(0))
        # One time for all, since each person's callbacks leave in the order of their times.
        due = max(self._account.clock.now(), *(delivery.callback.due_at for delivery in came))
        for delivery in order:
            delivery.callback.due_at = due
            self._release(delivery)


def made(callback: Callback, account: Account) -> Encoded:
    """Return the bytes of a callback as they go out, with what faults make of them."""
    return account.provider.sign(spoiled(account.provider.encode(callback, account), callback), callback, account)


def spoiled(encoded: Encoded, callback: Callback) -> Encoded:
    """Return a callback's bytes as a fault wants them: cut, with members that no document knows, or as they are."""
    if callback.corrupt:
        return _rewritten(encoded, _cut)
    if callback.unknown_fields:
        return _rewritten(encoded, _extended)
    return encoded


def _rewritten(encoded: Encoded, change: Callable[[bytes], bytes]) -> Encoded:
    """Return a body with its JSON changed: all of it, or the JSON part of a multipart body."""
    if encoded.parts is None:
        return encoded._replace(body=change(encoded.body))
    body, parts = encoded.body, []
    for part in encoded.parts:
        content = part.content
        if part.content_type.startswith("application/json"):
            content = change(content)
            body = body.replace(part.content, content, 1)
        parts.append(part._replace(content=content))
    return encoded._replace(body=body, parts=tuple(parts))


def _cut(body: bytes) -> bytes:
    return body[: len(body) // 2]


def _extended(body: bytes) -> bytes:
    """Return a JSON object with a member more, its other bytes untouched; anything else as it is."""
    if not (body.startswith(b"{") and body.endswith(b"}")):
        return body
    members = body[1:-1].rstrip()
    return b"{" + members + (b"," if members else b"") + _UNKNOWN + b"}"
