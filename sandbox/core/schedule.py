"""Schedule: what waits for its time on a clock, the earliest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime
from heapq import heappop, heappush
from operator import attrgetter
from typing import Any

Action = Callable[..., Coroutine[Any, Any, None] | None]

_A_SECOND = 256  # slots: under load some dozens of timers share one
_FEW = 1000  # cancelled timers that may stand about

_when = attrgetter("when")


class Timer:
    """
    An action that waits for its time; `cancel` makes the clock pass over it.

    Attributes:
        when: that time.
        args: what the action is run with.
        quiet: it takes effect when time passes it, but nobody moves time for it.
        cancelled: it will not run any more, or has run.
    """

    __slots__ = ("action", "args", "cancelled", "quiet", "schedule", "when")

    def __init__(self, when: datetime, action: Action, args: tuple[Any, ...] = (), quiet: bool = False) -> None:
        self.when = when
        self.action = action
        self.args = args
        self.quiet = quiet
        self.cancelled = False
        self.schedule: Schedule | None = None

    def cancel(self) -> None:
        """Take the action off the clock; one that has run is left alone."""
        if not self.cancelled:
            self.cancelled = True
            if self.schedule is not None:
                self.schedule.pass_over()


class Schedule:
    """
    Timers, the earliest first; those of one instant in the order they were put.

    They lie in slots of a few milliseconds, each of which is put in order, if it is not, when its time comes. On a busy
    clock this costs a fraction of what one large heap would.
    """

    def __init__(self) -> None:
        self._slots: dict[int, deque[Timer]] = {}
        self._numbers: list[int] = []  # of the slots, a heap
        self._mixed: set[int] = set()  # numbers of the slots that are not in order
        self._count = 0
        self._passed_over = 0  # of these, cancelled

    def __len__(self) -> int:
        return self._count - self._passed_over

    def __iter__(self) -> Iterator[Timer]:
        """Return all timers in the order in which their time comes."""
        for number in sorted(self._numbers):
            yield from (timer for timer in self._in_order(number) if not timer.cancelled)

    def put(self, timer: Timer) -> None:
        """Have a timer wait."""
        timer.schedule = self
        number = int(timer.when.timestamp() * _A_SECOND)
        slot = self._slots.get(number)
        if slot is None:
            self._slots[number] = deque((timer,))
            heappush(self._numbers, number)
        else:
            if slot and timer.when < slot[-1].when:
                self._mixed.add(number)
            slot.append(timer)
        self._count += 1

    @property
    def first(self) -> Timer | None:
        """The timer whose time comes next; None if nothing waits."""
        while self._numbers:
            number = self._numbers[0]
            slot = self._in_order(number) if number in self._mixed else self._slots[number]
            while slot:
                timer = slot[0]
                if not timer.cancelled:
                    return timer
                slot.popleft()
                self._count -= 1
                self._passed_over -= 1
            heappop(self._numbers)
            del self._slots[number]
        return None

    def take(self, now: datetime) -> Timer | None:
        """Return the first timer and let it go, for it is about to run; None if its time is after `now`."""
        timer = self.first
        if timer is None or timer.when > now:
            return None
        self._slots[self._numbers[0]].popleft()
        self._count -= 1
        timer.cancelled = True
        return timer

    def pass_over(self) -> None:
        """Hear that a timer was cancelled. Where they are many, they are cleared away long before their time."""
        self._passed_over += 1
        if self._passed_over > _FEW and self._passed_over > self._count // 2:
            left = {
                number: deque([timer for timer in slot if not timer.cancelled]) for number, slot in self._slots.items()
            }
            self._slots = {number: slot for number, slot in left.items() if slot}
            self._numbers = sorted(self._slots)
            self._mixed.intersection_update(self._slots)
            self._count -= self._passed_over
            self._passed_over = 0

    def clear(self) -> None:
        """Let all timers go, as if each was cancelled."""
        for slot in self._slots.values():
            for timer in slot:
                timer.cancelled = True
        self._slots.clear()
        self._numbers.clear()
        self._mixed.clear()
        self._count = self._passed_over = 0

    def _in_order(self, number: int) -> deque[Timer]:
        if number in self._mixed:
            self._mixed.remove(number)
            self._slots[number] = deque(sorted(self._slots[number], key=_when))
        return self._slots[number]
