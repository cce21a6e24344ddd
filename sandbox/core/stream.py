"""Stream: what has just changed anywhere in the sandbox, for those who watch or wait."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Any, Literal, NamedTuple

from sandbox.core.bounds import MOST_WAITING, BoundReachedError

Kind = Literal["message", "request", "callback", "run", "fault", "clock", "account"]

MAX_ROOM = 64 * 1024 * 1024  # bytes that the subjects of kept changes may take, each counted as often as it changed
WAKE_AFTER = 0.002  # seconds: a burst of changes wakes a waiter once, well within the 20 ms it may take


class Change(NamedTuple):
    """One thing that was added or changed; `account` is None for what belongs to none."""

    number: int
    kind: Kind
    account: str | None
    subject: Any


class Stream:
    """
    Keeps the latest changes, numbered from 1, and wakes listeners soon after one came.

    Nothing is kept until somebody asks for `last` or `after`: changes are many, and mostly nobody watches.

    Attributes:
        attended: whether anybody ever watched or waits; while nobody does, `put` need not be called.
    """

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._changes: deque[Change] = deque()
        self._sizes: deque[int] = deque()
        self._room = 0  # their sum
        self._numbers = count(1)
        self._watched = False
        self.attended = False
        self._listeners: set[Callable[[], None]] = set()
        self._waking = False
        self.closed = False

    @property
    def last(self) -> int:
        """Number of the latest change; 0 if none is kept."""
        self._watched = self.attended = True
        return self._changes[-1].number if self._changes else 0

    def put(self, kind: Kind, account: str | None, subject: Any) -> None:
        """Record a change and wake the listeners."""
        if self._watched:
            self._keep(Change(next(self._numbers), kind, account, subject))
        if self._listeners and not self._waking:
            self._waking = True
            asyncio.get_running_loop().call_later(WAKE_AFTER, self._wake)

    def _keep(self, change: Change) -> None:
        """Keep a change, and so its subject, which may be gone from everywhere else."""
        size: int = getattr(change.subject, "size", 0)
        self._changes.append(change)
        self._sizes.append(size)
        self._room += size
        while len(self._changes) > self._limit or (self._room > MAX_ROOM and len(self._changes) > 1):
            self._changes.popleft()
            self._room -= self._sizes.popleft()

    def after(self, number: int) -> list[Change]:
        """Return the changes that came after that one, as far as they are kept."""
        self._watched = self.attended = True
        newer: list[Change] = []
        for change in reversed(self._changes):
            if change.number <= number:
                break
            newer.append(change)
        newer.reverse()
        return newer

    def check_room(self) -> None:
        """Raise `BoundReachedError` if there is no room for one more listener: each change wakes them all."""
        if len(self._listeners) >= MOST_WAITING:
            raise BoundReachedError(MOST_WAITING, "calls that wait or watch", "try again when one has ended")

    def listen(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Have `wake` called soon after changes; returns what ends that."""
        self._listeners.add(wake)
        self.attended = True

        def stop() -> None:
            self._listeners.discard(wake)
            self.attended = self._watched or bool(self._listeners)

        return stop

    def close(self) -> None:
        """Let everybody go who waits, now and from now on: nothing more is going to happen."""
        self.closed = True
        self._wake()

    async def wait_until(self, satisfied: Callable[[], bool], seconds: float) -> bool:
        """
        Wait until a condition holds, asked again after every change, at most so many seconds of real time.

        Returns whether it holds; a stream that is closed is not waited for.
        """
        if satisfied():
            return True
        woken = asyncio.Event()
        stop = self.listen(woken.set)
        try:
            async with asyncio.timeout(seconds):
                while not (satisfied() or self.closed):
                    woken.clear()
                    await woken.wait()
        except TimeoutError:
            pass
        finally:
            stop()
        return satisfied()

    def _wake(self) -> None:
        self._waking = False
        for wake in tuple(self._listeners):
            wake()
