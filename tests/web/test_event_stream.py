"""The stream of events on a real socket, while others do a great deal: who watches hears of it, and holds nobody's memory."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from harness import USER, account_of
from raw_client import RawClient, serving
from sandbox.app import App
from sandbox.control import events
from sandbox.core import stream as core_stream
from sandbox.engine.actions import Say

pytestmark = pytest.mark.anyio

KIB = 1024
WATCH = b"GET /_sandbox/events%s HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def test_ping_amid_a_flood(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much happens to other accounts, a watcher of a silent one is told that the connection lives."""
    monkeypatch.setattr(events, "PING", 0.02)
    async with serving(app, grace=0.2) as server, server.connect() as client:
        await client.write(WATCH % b"?account=acc_rbm")
        heard = asyncio.create_task(heard_until(client, b": still here\n\n", 3))
        done = 0
        while not heard.done():
            app.sandbox.act(account_of(app), Say(user=USER, text="Hello"))
            done += 1
            await asyncio.sleep(0)
        text = await heard
        assert (text.count(b"event: "), done > 3) == (0, True)


async def test_slow_reader_is_bounded(app: App) -> None:
    """For a client that reads nothing little is written and nothing queued; it may be that it hears of less."""
    account = account_of(app)
    async with serving(app, grace=0.2) as server, server.connect() as client:
        await client.write(WATCH % b"")
        await server.until(lambda: len(app.sandbox.stream._listeners) == 1)
        (connection,) = server.server.server_state.connections
        protocol: Any = connection
        most = 0
        for _ in range(300):
            for _ in range(10):
                app.sandbox.act(account, Say(user=USER, text="Hello" * 1000))
            await asyncio.sleep(0)
            most = max(most, protocol.transport.get_write_buffer_size())
        kept = app.sandbox.stream
        # More than the socket takes was made, and the rest waits in the one place that all watchers share.
        assert kept.last >= 3000
        assert protocol.flow.write_paused
        assert 0 < most < 512 * KIB
        assert len(kept._changes) <= kept._limit
        assert kept._room <= core_stream.MAX_ROOM
        text = await heard_until(client, b"event: ", 1)
        assert text.startswith(b"HTTP/1.1 200 ")


async def heard_until(client: RawClient, mark: bytes, times: int) -> bytes:
    """Read until a mark has come so often."""
    heard = b""
    async with asyncio.timeout(30):
        while heard.count(mark) < times:
            heard += await client.some()
    return heard
