"""Piecemeal: long work on the event loop, done in pieces so that nobody else waits long for it."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")

Steps = Generator[None, None, T]  # work that can be left for a moment wherever it yields

PIECE = 0.004  # seconds of real time, about, that the loop is kept from everything else


def at_once(work: Steps[T]) -> T:
    """Do all of it, and return what it returns."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: T = end.value
            return result


class Piecemeal:
    """Does one work at a time: of two side by side each piece would be waited for."""

    def __init__(self) -> None:
        self._busy = asyncio.Lock()

    async def __call__(self, work: Steps[T]) -> T:
        """Do it while the loop turns, and return what it returns."""
        async with self._busy:
            until = perf_counter() + PIECE
            try:
                while True:
                    next(work)
                    if perf_counter() >= until:
                        await asyncio.sleep(0)  # others' turn
                        until = perf_counter() + PIECE
            except StopIteration as end:
                result: T = end.value
                return result
