"""LiveServer: a real server on a free port, in a thread of its own, for tests that want sockets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.app import build
from sandbox.server import listen
from sandbox.server_thread import ServerThread
from sandbox.settings import Settings


class LiveServer(ServerThread):
    """Serves while its `with` block lasts."""

    def __init__(self, **settings: Any) -> None:
        wanted = Settings(**{"port": 0, "seed": "test", **settings})
        super().__init__(lambda: build(wanted, port=self.port), listen("127.0.0.1", wanted.port))

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def soon(self, work: Callable[[], object]) -> None:
        """Have something done on the server's own loop."""
        assert self._server is not None
        self._server.servers[0].get_loop().call_soon_threadsafe(work)
