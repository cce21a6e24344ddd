"""LiveServer: a real server on a free port, in a thread of its own, for tests that want sockets."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Self

from sandbox.app import App, build
from sandbox.server import Server, listen, run
from sandbox.settings import Settings


class LiveServer:
    """Serves while its `with` block lasts."""

    def __init__(self, **settings: Any) -> None:
        self._settings = Settings(**{"port": 0, "seed": "test", **settings})
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: run(self._serve()))
        self.port = 0
        self.app: App
        self._server: Server

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10), "the server did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End, and wait until that is done."""
        self._server.should_exit = True
        self._thread.join(10)

    def soon(self, work: Callable[[], object]) -> None:
        """Have something done on the server's own loop."""
        self._server.servers[0].get_loop().call_soon_threadsafe(work)

    async def _serve(self) -> None:
        listener = listen("127.0.0.1", self._settings.port)
        self.app = build(self._settings, port=listener.getsockname()[1])
        self._server = Server(self.app, "127.0.0.1", 0, started=self._started)
        await self._server.serve(sockets=[listener])

    def _started(self, port: int) -> None:
        self.port = port
        self._ready.set()
