"""Schedule: what waits for its time on a clock, the earliest first."""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime
from heapq import merge
from operator import attrgetter
from typing import Any

Action = Callable[..., Coroutine[Any, Any, None] | None]

_MOST_ROWS = 16
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

    They stand in a few rows, each in order. What waits as long as others do stands behind them without a search, as
    nearly all timers of a busy clock can: this costs a fraction of what one large heap would.
    """

    def __init__(self) -> None:
        # None is empty. A row's end only ever moves to later times, so that of those of one instant the first that was
        # put stands in the first of the rows.
        self._rows: list[deque[Timer]] = []
        self._count = 0
        self._passed_over = 0  # of these, cancelled

    def __len__(self) -> int:
        return self._count - self._passed_over

    def __iter__(self) -> Iterator[Timer]:
        """Return all timers in the order in which their time comes."""
        return (timer for timer in merge(*self._rows, key=_when) if not timer.cancelled)

    def put(self, timer: Timer) -> None:
        """Have a timer wait."""
        timer.schedule = self
        self._count += 1
        when = timer.when
        for row in self._rows:
            if row[-1].when <= when:
                row.append(timer)
                return
        if len(self._rows) < _MOST_ROWS:
            self._rows.append(deque((timer,)))
        else:
            insort(self._rows[-1], timer, key=_when)

    @property
    def first(self) -> Timer | None:
        """The timer whose time comes next; None if nothing waits."""
        row = self._first_row()
        return None if row is None else row[0]

    def take(self, now: datetime) -> Timer | None:
        """Return the first timer and let it go, for it is about to run; None if its time is after `now`."""
        row = self._first_row()
        if row is None or row[0].when > now:
            return None
        timer = row.popleft()
        if not row:
            self._rows.remove(row)
        self._count -= 1
        timer.cancelled = True
        return timer

    def pass_over(self) -> None:
        """Hear that a timer was cancelled. Where they are many, they are cleared away long before their time."""
        self._passed_over += 1
        if self._passed_over > _FEW and self._passed_over > self._count // 2:
            left = deque(self)
            self._rows = [left] if left else []
            self._count, self._passed_over = len(left), 0

    def clear(self) -> None:
        """Let all timers go, as if each was cancelled."""
        for row in self._rows:
            for timer in row:
                timer.cancelled = True
        self._rows.clear()
        self._count = self._passed_over = 0

    def _first_row(self) -> deque[Timer] | None:
        """Return the row whose first timer is the first of all."""
        found = None
        for row in self._rows:
            timer = row[0]
            if timer.cancelled:
                self._pass_by(row)
                return self._first_row()
            if found is None or timer.when < found[0].when:
                found = row
        return found

    def _pass_by(self, row: deque[Timer]) -> None:
        """Let the cancelled timers at the beginning of a row go."""
        while row and row[0].cancelled:
            row.popleft()
            self._count -= 1
            self._passed_over -= 1
        if not row:
            self._rows.remove(row)
