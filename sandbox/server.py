"""Server: uvicorn with the limits that hostile clients need, and an end that nobody can hold up."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any

import uvicorn

from sandbox.garbage import Garbage
from sandbox.heads import Heads
from sandbox.protocol import Protocol

PATIENCE = 30.0  # seconds of real time in which a request must have arrived, and for which a connection may be idle
GRACE = 2.0  # seconds of real time that requests in flight have left when the server ends


class Server(uvicorn.Server):
    """
    One listening server.

    Args:
        app: the ASGI application; if it has a `stop`, that is called as soon as the server is to end, and if it has an
            `at_once`, that is asked first (see `Protocol`), and given headers that came before as its `headers` made
            them.
        host: address to listen on, unless `serve` is given sockets.
        port: 0 takes a free one.
        tls_cert: PEM file.
        tls_key: PEM file.
        started: is told the port when requests are answered.
        owns_process: the process is there for this server, which may tune it.
        patience: seconds of real time in which a request must have arrived, and for which a connection may be idle.
        grace: seconds of real time that requests in flight have left when the server ends.

    Raises:
        ValueError: the certificate or its key cannot be used.
        OSError: from `serve`, it cannot listen there.
    """

    def __init__(
        self,
        app: Any,
        host: str,
        port: int,
        *,
        tls_cert: str | None = None,
        tls_key: str | None = None,
        started: Callable[[int], None] | None = None,
        owns_process: bool = False,
        patience: float = PATIENCE,
        grace: float = GRACE,
    ) -> None:
        heads = Heads(getattr(app, "headers", list))
        config = uvicorn.Config(
            app,
            host,
            port,
            http=partial(Protocol, patience=patience, grace=grace, heads=heads),  # type: ignore[arg-type]  # it is called as a class
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=int(grace) + 5,  # a last resort: connections are cut after the grace
            ssl_certfile=tls_cert,
            ssl_keyfile=tls_key,
        )
        try:
            config.load()
        except OSError as error:
            raise ValueError(f"the certificate {tls_cert} and the key {tls_key} cannot be used: {error}") from None
        super().__init__(config)
        self._tell = started
        self._owns_process = owns_process
        self._garbage: Garbage | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen and say so."""
        await super().startup(sockets if sockets is not None else [listen(self.config.host, self.config.port)])
        if self.should_exit:
            return
        if self._owns_process:
            self._garbage = Garbage()
        if self._tell is not None:
            self._tell(self.servers[0].sockets[0].getsockname()[1])

    async def on_tick(self, counter: int) -> bool:
        """Do what there is to do every tenth of a second; tell whether to end."""
        if self._garbage is not None:
            self._garbage.tick(self.server_state.total_requests)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let those go who wait or watch, which would else hold the end up, and end."""
        if (stop := getattr(self.config.app, "stop", None)) is not None:
            stop()
        await super().shutdown(sockets)


class _Guest(Server):
    """A server that leaves signals alone: it ends with what it was started for, or with the whole process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def serving(app: Any, listener: socket.socket) -> AsyncIterator[str]:
    """Serve beside what else the process does, while the block lasts; hands out the base URL."""
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    server = _Guest(app, "127.0.0.1", 0, started=port.set_result)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{await port}"
    finally:
        server.should_exit = True
        await running


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the first address that a host has. Raises `OSError`."""
    # The kind of socket is told in full, as asyncio lets answers out at once (TCP_NODELAY) only if it knows it is TCP.
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run on an event loop of uvicorn's choice: uvloop where there is one."""
    factory = uvicorn.Config("", loop="auto", log_config=None).get_loop_factory()
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(main)
