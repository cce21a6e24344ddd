"""Calls: short ways to the control API, in process and over a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from harness import NOON, FakeWebhook
from sandbox.app import App, build
from sandbox.server import Server
from sandbox.settings import Settings


async def ask(
    http: httpx.AsyncClient, method: str, path: str, /, body: Any = None, expects: int = 200, **params: Any
) -> Any:
    """Call the control API, make sure of the status, and return the JSON that came; None for an empty answer."""
    sent = {} if body is None else {"json": body}
    response = await http.request(method, f"/_sandbox{path}", params=params or None, **sent)
    assert response.status_code == expects, response.text
    return response.json() if response.content else None


async def items(http: httpx.AsyncClient, path: str, /, **params: Any) -> list[Any]:
    """Return the items of a list."""
    found: list[Any] = (await ask(http, "GET", path, **params))["items"]
    return found


async def turns(count: int = 20) -> None:
    """Let everything that is ready run."""
    for _ in range(count):
        await asyncio.sleep(0)


@asynccontextmanager
async def sandbox_with(
    webhook: FakeWebhook | None = None, **settings: Any
) -> AsyncIterator[tuple[App, httpx.AsyncClient]]:
    """A sandbox with settings of its own, and a client of it, in process."""
    app = build(Settings(**{"seed": "test", "clock": NOON, **settings}), client=webhook or FakeWebhook())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:4700") as client:
        yield app, client
    await app.sandbox.close()


@asynccontextmanager
async def serving(app: App) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the sandbox on a real socket, on this very loop."""
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    server = Server(app, "127.0.0.1", 0, started=port.set_result)
    task = asyncio.create_task(server.serve())
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{await port}", timeout=5) as client:
        try:
            yield client
        finally:
            server.should_exit = True
            await task


class Watcher:
    """Reads server-sent events from an open answer."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def block(self) -> dict[str, str]:
        """Return the fields of what comes next; a comment has the name ""."""
        fields: dict[str, str] = {}
        async for line in self._lines:
            if not line:
                return fields
            name, _, value = line.partition(":")
            fields[name] = value.strip()
        raise EOFError

    async def event(self) -> tuple[int, str, Any]:
        """Return the next event: its id, its name and its object."""
        while "event" not in (fields := await self.block()):
            pass
        return int(fields["id"]), fields["event"], json.loads(fields["data"])


@asynccontextmanager
async def watching(
    http: httpx.AsyncClient, headers: dict[str, str] | None = None, **params: Any
) -> AsyncIterator[Watcher]:
    """Watch the events; what begins with the block's body is seen."""
    async with http.stream("GET", "/_sandbox/events", params=params, headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].partition(";")[0] == "text/event-stream"
        watcher = Watcher(response)
        assert await watcher.block() == {"retry": "1000"}
        yield watcher
