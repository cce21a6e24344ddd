"""Clock: one account's time, real or moved by hand, and everything that waits for it."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from operator import attrgetter
from typing import Any, Literal

from sandbox.core.schedule import Action, Schedule, Timer

Mode = Literal["real", "virtual"]

# Seconds. Under load many actions fall due within a few milliseconds: a real clock runs those of one tick together.
_TICK = 0.004
# Of those it runs so many in one turn of the loop, before requests have theirs, and for every second that the first of
# them is late so many more: what falls due faster than it can run is late by some milliseconds, and not by ever more.
_AT_ONCE, _CATCH_UP = 32, 8000

_log = logging.getLogger("sandbox.clock")


def wall_time() -> datetime:
    """Return the machine's time, aware, in UTC: the only place that reads it."""
    return datetime.now(UTC)


class ClockIsRealError(Exception):
    """Time can only be moved by hand on a virtual clock."""

    def __init__(self) -> None:
        super().__init__('the clock is real and moves by itself; freeze it first with PUT {"mode": "virtual"}')


@dataclass(frozen=True, slots=True)
class ClockState:
    """
    Where time stands, and what waits for it.

    Attributes:
        now: where a virtual clock stands; None for a real one.
        waiting: what was put on the clock and has not run, in the order it will.
    """

    now: datetime | None = None
    waiting: tuple[Timer, ...] = ()


class Clock:
    """
    The time of one account.

    Real time follows `wall` and fires timers on the running event loop. Virtual time stands still until `advance`,
    which runs everything due, in order, and waits for the work it starts. Work that is already due runs on a frozen
    clock without an advance.
    """

    def __init__(self, wall: Callable[[], datetime] = wall_time, frozen_at: datetime | None = None) -> None:
        self._wall = wall
        self._frozen = None if frozen_at is None else frozen_at.astimezone(UTC)
        self._waiting = Schedule()
        self._quiet: Schedule | None = None  # what takes effect when time passes it, and is not waited for
        self._handle: asyncio.Handle | None = None
        self._armed_for: datetime | None = None
        self._tick: datetime | None = None  # the time of what runs at present, which is one and the same for all of it
        self._tasks: set[asyncio.Task[None]] = set()
        self._moving = asyncio.Lock()

    @property
    def mode(self) -> Mode:
        """Whether time runs by itself or stands still."""
        return "real" if self._frozen is None else "virtual"

    @property
    def pending(self) -> int:
        """How many actions wait for their time."""
        return len(self._waiting)

    @property
    def next_at(self) -> datetime | None:
        """When the next action is due; None if nothing waits."""
        first = self._waiting.first
        return None if first is None else first.when

    @property
    def _next(self) -> Timer | None:
        """What is to run next, be it waited for or quiet; of two at one time the quiet one is."""
        first = self._waiting.first
        quiet = None if self._quiet is None else self._quiet.first
        return first if quiet is None or (first is not None and first.when < quiet.when) else quiet

    def now(self) -> datetime:
        """Return the account's time, aware, in UTC."""
        return self._frozen or self._tick or self._wall()

    def call_at(self, when: datetime, action: Action, *args: Any, quiet: bool = False) -> Timer:
        """
        Run `action` at `when`, or as soon as the loop turns if that has passed; a coroutine it returns is awaited.

        Args:
            when: aware time.
            action: what is run; what is part of the state is a named function, so that a snapshot can write it down.
            args: what it is run with.
            quiet: it takes effect when time passes it, as an expiry does, but is not pending: nobody moves time for it.
        """
        timer = Timer(when, action, args, quiet)
        if quiet:
            self._put(timer)
        else:
            self._waiting.put(timer)
        if self._tick is None and (self._armed_for is None or when < self._armed_for):
            self._arm()
        return timer

    def call_later(self, seconds: float, action: Action, *args: Any) -> Timer:
        """Run `action` after that many seconds of this clock."""
        return self.call_at(self.now() + timedelta(seconds=seconds), action, *args)

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start work that `advance` waits for before it moves time on."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def freeze(self, at: datetime | None = None) -> None:
        """Stop time, at `at` or where it is; what lies before is due at once."""
        self._frozen = (at or self.now()).astimezone(UTC)
        self._arm()

    def thaw(self) -> None:
        """Let time run again, from the machine's time."""
        self._frozen = None
        self._arm()

    async def advance(self, seconds: float) -> int:
        """Move time on by so many seconds and return how many actions ran. Raises `ClockIsRealError`."""
        async with self._moving:
            return await self._advance_to(self._standing() + timedelta(seconds=seconds))

    async def advance_to_next(self) -> int:
        """Move time to the next action and return how many ran then, 0 if nothing waits. Raises `ClockIsRealError`."""
        async with self._moving:
            self._standing()
            await self.settle()
            when = self.next_at
            return 0 if when is None else await self._advance_to(when)

    async def advance_until_idle(self, limit: float) -> int:
        """Move time on until nothing waits, at most `limit` seconds; return how many ran. Raises `ClockIsRealError`."""
        async with self._moving:
            end = self._standing() + timedelta(seconds=limit)
            fired = 0
            await self.settle()
            while (when := self.next_at) is not None and when <= end:
                fired += await self._advance_to(when)
            return fired

    @property
    def state(self) -> ClockState:
        """Where time stands, and what waits."""
        return ClockState(self._frozen, tuple(merge(self._quiet or (), self._waiting, key=attrgetter("when"))))

    def restore(self, state: ClockState) -> None:
        """Stand there, and have timers wait that were made for this clock; nothing runs before `resume`."""
        self._frozen = None if state.now is None else state.now.astimezone(UTC)
        for timer in state.waiting:
            self._put(timer)

    def resume(self) -> None:
        """Let run what has fallen due."""
        self._arm()

    async def settle(self) -> None:
        """Wait until the work that was started has ended, and on a frozen clock until all that is due has run."""
        while self._tasks or (self._frozen is not None and self._is_due()):
            if self._frozen is not None:
                self._fire_due()
            if self._tasks:
                await asyncio.wait(tuple(self._tasks))

    def clear(self) -> None:
        """Forget everything that waits and stop what runs; the time itself stays."""
        self._waiting.clear()
        if self._quiet is not None:
            self._quiet.clear()
        for task in tuple(self._tasks):
            task.cancel()
        if self._handle is not None:
            self._handle.cancel()
        self._handle = self._armed_for = None

    @property
    def running(self) -> int:
        """How many pieces of started work have not ended."""
        return len(self._tasks)

    def _standing(self) -> datetime:
        if self._frozen is None:
            raise ClockIsRealError
        return self._frozen

    async def _advance_to(self, target: datetime) -> int:
        fired = 0
        await self.settle()
        while (timer := self._next) is not None and timer.when <= target:
            if self._frozen is None:  # let go while it was moving
                return fired
            self._frozen = max(self._frozen, timer.when)
            fired += self._fire_due()
            await self.settle()
        if self._frozen is not None:
            self._frozen = max(self._frozen, target)
        return fired

    def _is_due(self) -> bool:
        timer = self._next
        return timer is not None and timer.when <= self.now()

    def _put(self, timer: Timer) -> None:
        if not timer.quiet:
            self._waiting.put(timer)
            return
        if self._quiet is None:
            self._quiet = Schedule()
        self._quiet.put(timer)

    def _take(self, now: datetime) -> Timer | None:
        """Return what is to run next and let it go; None if its time is after `now`."""
        timer = self._next
        schedule = self._quiet if timer is not None and timer.quiet else self._waiting
        return None if schedule is None else schedule.take(now)

    def _arm(self) -> None:
        """Have the loop call us when the next action is due; a frozen clock only waits for what is due already."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = self._armed_for = None
        timer = self._next
        if timer is None:
            return
        when = timer.when
        delay = (when - self.now()).total_seconds()
        if self._frozen is not None and delay > 0:
            return
        loop = asyncio.get_running_loop()
        self._handle = loop.call_later(max(delay, _TICK), self._on_loop) if delay > 0 else loop.call_soon(self._on_loop)
        self._armed_for = when

    def _on_loop(self) -> None:
        self._handle = self._armed_for = None
        self._tick = now = self.now()
        first = self._next
        late = 0.0 if first is None else (now - first.when).total_seconds()
        try:
            self._fire_due(_AT_ONCE + int(late * _CATCH_UP))
        finally:
            self._tick = None
            self._arm()  # which sees what was put on the clock meanwhile

    def _fire_due(self, most: int = sys.maxsize) -> int:
        """Run every action due by now, or so many, the earliest first, in the order they were put on the clock."""
        fired = 0
        now = self.now()
        while fired < most and (
            (timer := self._waiting.take(now) if self._quiet is None else self._take(now)) is not None
        ):
            fired += 1
            try:
                work = timer.action(*timer.args)
            except Exception:  # noqa: BLE001 - one bad action must not take the others along
                _log.exception("an action on the clock failed")
                continue
            if work is not None:
                self.spawn(work)
        return fired

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("work on the clock failed", exc_info=error)
