"""Server thread: a server with an event loop of its own, for programs that have something else to do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any, Self

from sandbox.server import Server, run


class ServerThread:
    """
    Serves while its `with` block lasts, and leaves signals to the main thread.

    Args:
        make: makes the ASGI application, on the event loop that will serve it.
        listener: where to listen; it is closed at the end.
        options: further arguments of `Server`.

    Attributes:
        app: the application, once it serves.
        port: where it listens.

    Raises:
        ValueError: from `with`, the certificate or its key cannot be used.
        BaseException: from `with`, whatever `make` raises.
    """

    def __init__(self, make: Callable[[], Any], listener: socket.socket, **options: Any) -> None:
        self._make = make
        self._listener = listener
        self.port = int(listener.getsockname()[1])
        self._options = options
        self.app: Any = None
        self._settled = threading.Event()
        self._failure: BaseException | None = None
        self._server: Server | None = None
        # It must not keep a program alive that forgets it.
        self._thread = threading.Thread(target=self._run, name="messaging-sandbox", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._settled.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End, and wait until that is done."""
        if self._server is not None:
            self._server.should_exit = True
        self._thread.join()

    def _run(self) -> None:
        try:
            with self._listener:
                run(self._serve())
        except BaseException as error:  # noqa: BLE001 - it is raised where somebody waits for the server
            self._failure = error
        finally:
            self._settled.set()

    async def _serve(self) -> None:
        host = self._listener.getsockname()[0]
        self.app = self._make()
        self._server = Server(self.app, host, self.port, started=lambda _: self._settled.set(), **self._options)
        await self._server.serve(sockets=[self._listener])
