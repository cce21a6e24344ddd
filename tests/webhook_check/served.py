"""Served: receivers in a thread of their own, for commands that run in this one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager

import receivers


@contextmanager
def served(receiver: receivers.Receiver) -> Iterator[receivers.Receiver]:
    """Serve while the block lasts."""
    started: Future[asyncio.AbstractEventLoop] = Future()
    end = asyncio.Event()

    async def serve() -> None:
        async with receiver:
            started.set_result(asyncio.get_running_loop())
            await end.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    loop = started.result(10)
    try:
        yield receiver
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(10)


Serve = Callable[[receivers.Receiver], receivers.Receiver]
