"""Waiting: for something to happen in the sandbox, as long as the client waits too."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request

from sandbox.control.problem import ProblemError
from sandbox.sandbox import Sandbox


async def wait_until(sandbox: Sandbox, request: Request, met: Callable[[], bool], seconds: float) -> None:
    """
    Return when a condition is met, or when so many seconds of real time have passed.

    Args:
        sandbox: is watched.
        request: whose body has been read, if it has one.
        met: asked now and after every change.
        seconds: none means that nothing is waited for.

    Raises:
        BoundReachedError: too many wait already.
        ClientDisconnect: the client has gone.
        ProblemError: 503, because the server stops.
    """
    if not seconds or met():
        return
    sandbox.stream.check_room()
    waiting = asyncio.ensure_future(sandbox.stream.wait_until(met, seconds))
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((waiting, gone), return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            raise ClientDisconnect
        if not waiting.result() and sandbox.stream.closed:
            raise ProblemError(503, "the sandbox stops")
    finally:
        waiting.cancel()
        gone.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
