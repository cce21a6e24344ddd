"""A request handed to an ASGI application by hand, message by message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Asgi = Callable[[Any, Any, Any], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]

PIECE = {"type": "http.request", "body": b"", "more_body": True}
GONE = {"type": "http.disconnect"}


def piece(body: bytes, *, last: bool = False) -> dict[str, Any]:
    """Return a piece of a body."""
    return {"type": "http.request", "body": body, "more_body": not last}


@dataclass
class Wire:
    """
    One request.

    Attributes:
        incoming: what the application receives, in order; then nothing more until `leave`.
        asked: how often it asked for more.
        log: what happened, in order: `head`, `body`, and what a test adds.
        broken: sending fails.
    """

    app: Asgi
    method: str
    target: str
    headers: Headers = ()
    incoming: list[dict[str, Any]] = field(default_factory=lambda: [piece(b"", last=True)])
    state: dict[str, Any] = field(default_factory=dict)
    broken: bool = False
    asked: int = 0
    log: list[str] = field(default_factory=list)
    status: int | None = None
    answer_headers: dict[bytes, bytes] = field(default_factory=dict)
    answer: bytes | None = None
    _left: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> Wire:
        """Have the request answered."""
        path, _, query = self.target.partition("?")
        scope = {
            "type": "http",
            "method": self.method,
            "path": path,
            "raw_path": path.encode("ascii"),
            "query_string": query.encode("ascii"),
            "headers": [*self.headers],
            "state": self.state,
        }
        await self.app(scope, self._receive, self._send)
        return self

    def leave(self) -> None:
        """Let the client give up."""
        self._left.set()

    async def _receive(self) -> dict[str, Any]:
        self.asked += 1
        if self.incoming:
            return self.incoming.pop(0)
        await self._left.wait()
        return GONE

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if self.broken:
            raise BrokenPipeError
        if message["type"] == "http.response.start":
            self.log.append("head")
            self.status = message["status"]
            self.answer_headers = dict(message["headers"])
        else:
            self.log.append("body")
            self.answer = message["body"]
