"""A client that writes to a socket whatever a test likes, and a server in the test's own event loop for it."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple
from unittest.mock import patch

from sandbox.server import Server

PATIENCE = 10.0  # seconds of real time after which a test has failed


class Answer(NamedTuple):
    """One answer as it came; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class RawClient:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def write(self, data: bytes) -> None:
        """Write bytes, as far as they are taken."""
        async with asyncio.timeout(PATIENCE):
            self._writer.write(data)
            await self._writer.drain()

    async def answer(self, method: str = "GET") -> Answer:
        """Read the next answer; raises `IncompleteReadError` or `ConnectionError` if there is none."""
        async with asyncio.timeout(PATIENCE):
            head = await self._reader.readuntil(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")[:-2]
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            length = 0 if method == "HEAD" else int(headers.get("content-length", 0))
            return Answer(int(first.split(" ")[1]), headers, await self._reader.readexactly(length))

    async def ask(self, data: bytes, method: str = "GET") -> Answer:
        """Write a request and read its answer."""
        await self.write(data)
        return await self.answer(method)

    async def rest(self) -> bytes:
        """Read until the server ends the connection; raises `ConnectionResetError` if it resets it."""
        async with asyncio.timeout(PATIENCE):
            return await self._reader.read()

    async def some(self) -> bytes:
        """Read what has come, at least a byte."""
        async with asyncio.timeout(PATIENCE):
            data = await self._reader.read(64 * 1024)
        assert data, "the server ended the connection"
        return data

    def finish(self) -> None:
        """Say that nothing more will be written."""
        self._writer.write_eof()

    def leave(self, *, reset: bool = False) -> None:
        """Close the connection, if so by a reset."""
        if reset:
            connection: socket.socket = self._writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._writer.transport.abort()
        self._writer.close()


@dataclass
class Running:
    """A server that listens on a free port."""

    server: Server
    port: int
    task: asyncio.Task[None]
    tls: ssl.SSLContext | None = None

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[RawClient]:
        """Open a connection, and close it."""
        name = "localhost" if self.tls is not None else None
        opened = asyncio.open_connection("127.0.0.1", self.port, ssl=self.tls, server_hostname=name)
        reader, writer = await asyncio.wait_for(opened, PATIENCE)
        try:
            yield RawClient(reader, writer)
        finally:
            writer.close()

    async def ask(self, data: bytes, method: str = "GET") -> Answer:
        """Ask once, on a connection of its own."""
        async with self.connect() as client:
            return await client.ask(data, method)

    async def until(self, met: Callable[[], bool]) -> None:
        """Let the event loop turn until a condition is met."""
        async with asyncio.timeout(PATIENCE):
            while not met():
                await asyncio.sleep(0)

    async def idle(self) -> None:
        """Wait until the server has neither connections nor work."""
        state = self.server.server_state
        await self.until(lambda: not state.connections and not state.tasks)

    async def stop(self) -> None:
        """Stop the server and wait until it has ended."""
        self.server.should_exit = True
        async with asyncio.timeout(PATIENCE):
            await self.task


class _Asyncio:
    """What the server's library knows as asyncio: it looks after things ten times a second, and here more often."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        """Sleep less."""
        await asyncio.sleep(seconds / 50)


@asynccontextmanager
async def serving(app: Any, tls: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[Running]:
    """Serve an application; `tls` is the client's side of it."""
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    server = Server(app, "127.0.0.1", 0, started=port.set_result, **options)
    with patch("uvicorn.server.asyncio", _Asyncio()):
        running = Running(server, 0, asyncio.create_task(server.serve()), tls)
        try:
            running.port = await asyncio.wait_for(port, PATIENCE)
            yield running
        finally:
            await running.stop()
