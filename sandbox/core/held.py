"""Held: calls that wait for something of one account, and are let go when it is not going to happen."""

from __future__ import annotations

import asyncio
from typing import NamedTuple
from weakref import WeakSet


class LetGo(NamedTuple):
    """
    Why a call waits no longer.

    Attributes:
        why: in a few words, `acc_link was reset`.
        forgotten: whether the account knows nothing of the call any more.
    """

    why: str
    forgotten: bool


class Held:
    """The calls that wait for something of one account: an answer that a fault holds back, the end of an attempt."""

    def __init__(self) -> None:
        self._waiting: WeakSet[asyncio.Future[LetGo]] = WeakSet()  # who stops to wait just drops it
        self._ended: LetGo | None = None

    def begin(self) -> asyncio.Future[LetGo]:
        """Return what is done as soon as there is nothing to wait for any more."""
        hold: asyncio.Future[LetGo] = asyncio.get_running_loop().create_future()
        if self._ended is not None:
            hold.set_result(self._ended)
        self._waiting.add(hold)
        return hold

    def let_go(self, why: str, *, forgotten: bool, for_good: bool) -> int:
        """
        Let all go who wait; return how many those were.

        Args:
            why: in a few words.
            forgotten: whether the account knows nothing of them any more.
            for_good: whether nobody is to wait from now on.
        """
        if for_good:
            self._ended = LetGo(why, forgotten)
        waiting = [hold for hold in self._waiting if not hold.done()]
        for hold in waiting:
            hold.set_result(LetGo(why, forgotten))
        return len(waiting)
