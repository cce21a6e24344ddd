"""Listener: takes whatever it is sent over HTTP, keeps it, and answers as it is told."""

from __future__ import annotations

import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple, Self


class Heard(NamedTuple):
    """One request, as it came."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return a header's value; None if it was not sent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Listener:
    """
    Listens on a free port of loopback; used in a `with` block.

    Attributes:
        answers: statuses of the next answers, in order; then 200.
        heard: what came, to be taken.
    """

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.heard: queue.Queue[Heard] = queue.Queue()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                listener.heard.put(Heard(self.command, self.path, tuple(self.headers.items()), body))
                status = listener.answers.pop(0) if listener.answers else 200
                said = b"" if self.command == "HEAD" else f'{{"said": {status}}}'.encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = _answer  # noqa: N815 - its base class's words

            def log_message(self, *_: object) -> None:  # nobody reads it
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def next(self) -> Heard:
        """Return what comes next, or came already."""
        return self.heard.get(timeout=10)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()
