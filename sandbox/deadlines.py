"""Deadlines: ends tasks that take too long, at next to no cost for all the others."""

from __future__ import annotations

import asyncio
from types import TracebackType

LOOK_EVERY = 0.05  # seconds of real time


class Deadlines:
    """
    Time limits of many short pieces of work.

    A timer for each would cost a tenth of a callback. Here one looks at all of them, every `LOOK_EVERY` seconds while
    there are any, and so lets one that is late go on for as long at most.
    """

    def __init__(self) -> None:
        self._until: dict[asyncio.Task[object], float] = {}
        self._late: set[asyncio.Task[object]] = set()
        self._look: asyncio.TimerHandle | None = None

    def within(self, seconds: float) -> Deadline:
        """Return a block in which the current task may spend so many seconds; it raises `TimeoutError` then."""
        return Deadline(self, seconds)

    def begin(self, seconds: float) -> asyncio.Task[object]:
        """Let the current task have a limit, and return the task. It can have only one at a time."""
        loop = asyncio.get_running_loop()
        task: asyncio.Task[object] | None = asyncio.current_task(loop)
        assert task is not None  # noqa: S101 - a coroutine runs in one
        self._until[task] = loop.time() + seconds
        if self._look is None:
            self._look = loop.call_later(LOOK_EVERY, self._look_at_all, loop)
        return task

    def end(self, task: asyncio.Task[object]) -> bool:
        """Let a task go on without a limit; tells whether it was ended for being late, and by nobody else as well."""
        del self._until[task]
        if task not in self._late:
            return False
        self._late.discard(task)
        return task.uncancel() == 0

    def _look_at_all(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for task, until in self._until.items():
            if until <= now and task not in self._late:
                self._late.add(task)
                task.cancel()
        self._look = loop.call_later(LOOK_EVERY, self._look_at_all, loop) if self._until else None


class Deadline:
    """See `Deadlines.within`."""

    __slots__ = ("_deadlines", "_seconds", "_task")

    def __init__(self, deadlines: Deadlines, seconds: float) -> None:
        self._deadlines = deadlines
        self._seconds = seconds

    def __enter__(self) -> None:
        self._task = self._deadlines.begin(self._seconds)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._deadlines.end(self._task) and kind is asyncio.CancelledError:
            raise TimeoutError from error
