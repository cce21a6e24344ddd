"""A webhook that counts: a process on the second CPU that answers 204 at once, or holds its answers until told.

The process listens for lines on its standard input and answers each with a line of JSON; `Webhook` is its handle.
"""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any, Self, cast

import httptools
import uvloop

from bench.servers import ROOT, cpus, pinned

_ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


class _Tally:
    """What all connections share."""

    def __init__(self) -> None:
        self.held: list[asyncio.WriteTransport] | None = None
        self.count, self.last, self.body = 0, time.monotonic(), b""

    async def begin(self, _: str) -> dict[str, Any]:
        self.count, self.last = 0, time.monotonic()
        return {}

    async def hold(self, _: str) -> dict[str, Any]:
        self.held = []
        return {}

    async def release(self, _: str) -> dict[str, Any]:
        held, self.held = self.held or [], None
        report = {"count": self.count, "at": time.monotonic()}
        for transport in held:
            transport.write(_ANSWER)
        return report

    async def settle(self, quiet: str) -> dict[str, Any]:
        rest = float(quiet)
        while rest > 0:
            await asyncio.sleep(rest)
            rest = self.last + float(quiet) - time.monotonic()
        return {"count": self.count, "at": self.last, "body": self.body.decode()}

    def took(self, body: bytes, transport: asyncio.WriteTransport) -> None:
        self.count += 1
        self.last = time.monotonic()
        self.body = body
        if self.held is None:
            transport.write(_ANSWER)
        else:
            self.held.append(transport)


class _Connection(asyncio.Protocol):
    """One keep-alive connection, read by httptools."""

    def __init__(self, tally: _Tally) -> None:
        self._tally = tally
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is none by inheritance
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        self._tally.took(self._body, self._transport)
        self._body = b""


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    tally = _Tally()
    server = await loop.create_server(lambda: _Connection(tally), "127.0.0.1", 0, backlog=512)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := (await lines.readline()).decode():
        order, _, argument = line.strip().partition(" ")
        print(json.dumps(await getattr(tally, order)(argument)), flush=True)


@dataclass(frozen=True)
class Arrived:
    """How many callbacks had come, and when the last of them did, on the machine's monotonic clock."""

    count: int
    at: float
    body: str = ""


class Webhook:
    """The handle of the process, for a `with` block."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            pinned(cpus()[1], [sys.executable, "-m", "bench.webhook"]),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.url = f"http://127.0.0.1:{self._hear()['port']}/callbacks"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def begin(self) -> None:
        """Forget what came before."""
        self._order("begin")

    def hold(self) -> None:
        """Answer nothing from now on."""
        self._order("hold")

    def release(self) -> Arrived:
        """Answer all that wait, and from now on at once; tell what had come by then."""
        return Arrived(**self._order("release"))

    def settle(self, quiet: float) -> Arrived:
        """Wait until nothing has come for so many seconds; tell what came in all."""
        return Arrived(**self._order(f"settle {quiet}"))

    def _order(self, line: str) -> dict[str, Any]:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._hear()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout
        heard: dict[str, Any] = json.loads(self._process.stdout.readline())
        return heard


if __name__ == "__main__":
    uvloop.run(_serve())
