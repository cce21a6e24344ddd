"""Garbage: when Python looks for cycles of objects that nobody can reach, in a process that is there for its server."""

from __future__ import annotations

import gc
from typing import Protocol

THRESHOLD = 50_000  # objects more than at the last look: as many as some hundreds of messages have
GROWN = 500_000  # as many more are looked through even while requests come
WAIT = 10  # ticks without a request, after which nobody is kept waiting


class Collector(Protocol):
    """What of the module `gc` is used here."""

    def collect(self) -> int:
        """Look through everything."""
        ...

    def freeze(self) -> None:
        """Leave out what there is now."""
        ...

    def unfreeze(self) -> None:
        """Leave nothing out any more."""
        ...

    def get_count(self) -> tuple[int, int, int]:
        """Return by how many the objects have become more, at first."""
        ...

    def set_threshold(self, threshold0: int, threshold1: int = ..., threshold2: int = ..., /) -> None:
        """Set how many more are too many."""
        ...


class Garbage:
    """
    Has collections go through little, for full journals take them a quarter of a second, and cycles are rare here.

    At each tick it leaves out what there is. Everything is gone through when it has become more and no request has come
    for a while, or when it has become much more.

    Args:
        collector: the module `gc`, or what stands in for it.
    """

    def __init__(self, collector: Collector = gc) -> None:
        self._collector = collector
        self._requests = 0
        self._idle = 0  # ticks since the last request
        self._grown = 0  # objects, since everything was gone through
        collector.set_threshold(THRESHOLD)
        self._go_through()

    def tick(self, requests: int) -> None:
        """Look after it, every tenth of a second; `requests` is how many there were so far."""
        self._idle = 0 if requests != self._requests else self._idle + 1
        self._requests = requests
        self._grown += self._collector.get_count()[0]
        if self._grown > GROWN or (self._grown > THRESHOLD and self._idle >= WAIT):
            self._go_through()
        else:
            self._collector.freeze()

    def _go_through(self) -> None:
        self._collector.unfreeze()
        self._collector.collect()
        self._collector.freeze()
        self._grown = 0
