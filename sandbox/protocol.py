"""Protocol: HTTP/1.1 on one connection, bounded in what it takes and in how long it waits for it."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import struct
from collections import deque
from collections.abc import Callable
from typing import Any

from httptools import HttpParserError, HttpParserUpgrade, parse_url
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from sandbox.heads import Heads, Pairs, Request

HEAD_LIMIT = 64 * 1024  # bytes of a request's URL and headers

_log = logging.getLogger("sandbox.server")

Write = Callable[[int, Pairs, bytes], None]
Asgi = Callable[..., Any]
AtOnce = Callable[[str, str, bytes, Pairs, bytes, Write], Asgi | None]

_CHUNK = 256 * 1024  # bytes: most that arrives at once
_NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
_REFUSAL = b"HTTP/1.1 %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_NO_HTTP = _REFUSAL % b"400 Bad Request"
_TLS = b"\x16\x03"  # begins every greeting
_SPOKE_TLS = "a client spoke TLS where there is none: let it call http://, or serve with --tls-cert and --tls-key"
_TOO_SLOW = _REFUSAL % b"408 Request Timeout"
_TOO_LARGE = _REFUSAL % b"431 Request Header Fields Too Large"


class Protocol(HttpToolsProtocol):
    """
    uvicorn's, with a shorter way for most requests, and with limits.

    The short way: a request that is all there when nothing else waits on its connection is given to the application's
    `at_once`, if it has one, which answers it or returns what is to answer it the long way, uvicorn's.

    There the application finds `cut` in the state of its scope: it ends the connection without an answer, by a reset if
    that is asked for.

    Args:
        patience: seconds in which a request must have arrived, and for which a connection may be idle.
        grace: seconds that requests in flight have left when the server ends.
        heads: what the server's connections have in common.
    """

    def __init__(self, *args: Any, patience: float, grace: float, heads: Heads, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._heads = heads
        self.app_state = {**self.app_state, "cut": self._cut}
        self._patience = patience
        self._grace = grace
        self._application = self.app
        self._at_once: AtOnce | None = getattr(self.app, "at_once", None)
        self._begun = False  # a request that is neither whole nor answered
        self._fed = 0  # bytes of which nothing has come yet
        self._held: tuple[str, str, bytes] | None = None  # method, path and query of what may go the short way
        self._body = bytearray()  # of that
        self._whole: bytes | None = None  # what came, if it may be one whole request
        self._stays = True  # whether the connection does, behind the answer
        self._decided: Asgi | None = None  # what is to answer a request that the application was asked about already
        self._unanswered: deque[RequestResponseCycle] = deque()  # what went the long way
        self._silent_since: float | None = None  # the loop's time; None: it is not the client who is waited for
        self._watch: asyncio.TimerHandle | None = None

    # the connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._silent_since = self.loop.time()
        self._watch = self.loop.call_later(self._patience, self._look)

    def data_received(self, data: bytes) -> None:
        """Take what came, unless it is neither a body nor an end of anything and already more than a head may be."""
        self._whole = None
        if self._at_once is not None and not (self._begun or self._fed or self._unanswered or self.flow.write_paused):
            request = self._heads.read(data)
            if request is not None:  # it needs no parser, or only to go the long way
                self._stays = True
                self._decided = self._ask(self._at_once, request)
                self._silent_since = self.loop.time()
                if self._decided is None:
                    return
            self._whole = data
        self._fed += len(data)
        self._parse(data)
        if self._held is not None:  # its body is still to come
            self._go_the_long_way(self._application)
        if self._fed > HEAD_LIMIT + _CHUNK:
            self._end(_TOO_LARGE)

    def shutdown(self) -> None:
        """Let what is in flight be answered, for a while."""
        super().shutdown()
        self.loop.call_later(self._grace, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell all who work for this client that it has gone."""
        if self._watch is not None:
            self._watch.cancel()
        for cycle in self._unanswered:  # uvicorn tells the newest, which is not the one that runs if there are more
            cycle.disconnected = True
            cycle.message_event.set()
        self._unanswered.clear()
        super().connection_lost(exc)
        self.app_state, self.scope, self.cycle = {}, None, None  # type: ignore[assignment]  # these know this protocol

    def _look(self) -> None:
        """End the connection if the client has been waited for too long, or look again when that may be."""
        now = self.loop.time()
        since = self._silent_since if self._silent_since is not None else now
        if now - since >= self._patience:
            self._end(_TOO_SLOW)
        else:
            self._watch = self.loop.call_later(since + self._patience - now, self._look)

    def _end(self, refusal: bytes) -> None:
        """End the connection; if a request has begun and no earlier one waits for its answer, say why."""
        if self._begun and (not self._unanswered or self._unanswered[0].more_body):
            self.transport.write(refusal)
        self.transport.close()

    def _cut(self, *, reset: bool) -> None:
        if reset:
            connection: socket.socket = self.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.transport.abort()

    # what comes

    def _parse(self, data: bytes) -> None:
        try:
            while True:
                try:
                    self.parser.feed_data(data)
                    break
                except HttpParserUpgrade as offer:
                    data = self._head_without_offer() + data[offer.args[0] :]
        except HttpParserError:
            if self.transport.is_closing():
                return
            _log.warning(_SPOKE_TLS if data.startswith(_TLS) else "a client spoke no HTTP, or too much of it")
            if self._unanswered and not self._unanswered[0].more_body:
                self._unanswered[-1].keep_alive = False  # what came before is answered yet
            else:
                self._end(_TOO_LARGE if self._head_is_too_large() else _NO_HTTP)

    def _head_without_offer(self) -> bytes:
        """
        Return the head of a request again, without its offer of another protocol.

        With it the parser takes what follows to be in that protocol, but it is a body: Java's client offers HTTP/2 with
        whatever it sends first.
        """
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        if method == b"CONNECT":
            raise HttpParserError("this is no proxy")
        headers = [b"%s: %s\r\n" % header for header in self.headers if header[0] != b"upgrade"]
        return b"%s %s HTTP/%s\r\n%s\r\n" % (method, self.url, version, b"".join(headers))

    def _head_is_too_large(self) -> bool:
        if self._fed <= HEAD_LIMIT:
            return False
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > HEAD_LIMIT

    def on_message_begin(self) -> None:
        """Wait for a request from its first byte on."""
        super().on_message_begin()
        self._begun = True
        self._silent_since = self.loop.time()

    def on_headers_complete(self) -> None:
        """Choose the way of a request. Behind one that ended the connection, or with too large a head, it has none."""
        if self.transport.is_closing() or self._head_is_too_large():
            raise ValueError("this is not to be read")
        if self.parser.should_upgrade():
            return  # it will come once more, without its offer
        method = self.parser.get_method()
        may_be_short = not self._unanswered and not self.expect_100_continue and not self.flow.write_paused
        if self._at_once is None or not may_be_short or method == b"HEAD":
            self._begin_cycle(self._application)
            return
        url = parse_url(self.url)
        self._held = method.decode("ascii"), url.path.decode("ascii"), url.query or b""

    def on_body(self, body: bytes) -> None:
        """Leave a body's size to the application."""
        self._fed = 0
        if self._held is not None:
            self._body += body
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Have a whole request answered."""
        if self._held is None and self.parser.should_upgrade():
            return
        self._begun = False
        self._fed = 0
        if self._held is not None and self._at_once is not None:
            self._take_the_short_way(self._at_once, *self._held)
        else:
            super().on_message_complete()
        self._silent_since = None if self._unanswered else self.loop.time()

    # the short way

    def _take_the_short_way(self, at_once: AtOnce, method: str, path: str, query: bytes) -> None:
        body = bytes(self._body)
        later = self._decided
        if later is None:
            self._stays = self.parser.should_keep_alive() and self.parser.get_http_version() != "1.0"
            later = self._ask(at_once, Request(method, path, query, self.headers, body))
        self._decided = None
        if later is None:
            self._held = None
            self._body.clear()
            if self._whole is not None:
                self._heads.learn(self._whole, self.headers, body)
        else:
            self._go_the_long_way(later)
            super().on_message_complete()

    def _ask(self, at_once: AtOnce, request: Request) -> Asgi | None:
        try:
            later = at_once(*request, self._write)
        except Exception:  # noqa: BLE001 - the parser, whose callback this is, would take it for a fault of the client
            _log.exception("%s %s failed", request.method, request.path)
            self.transport.abort()
            later = None
        if later is None:
            self.server_state.total_requests += 1
        return later

    def _write(self, status: int, headers: Pairs, body: bytes) -> None:
        """Put an answer on the wire as uvicorn does."""
        lines = [STATUS_LINE[status]]
        for name, value in self.server_state.default_headers:
            lines += (name, b": ", value, b"\r\n")
        for name, value in headers:
            lines += (name, b": ", value, b"\r\n")
        lines += (b"\r\n" if self._stays else b"connection: close\r\n\r\n", body)
        self.transport.write(b"".join(lines))
        if not self._stays:
            self.transport.close()

    # the long way

    def _go_the_long_way(self, app: Asgi) -> None:
        self._held = None
        self._begin_cycle(app)
        if self._body:
            super().on_body(bytes(self._body))
            self._body.clear()

    def _begin_cycle(self, app: Asgi) -> None:
        self.app = app
        super().on_headers_complete()
        self._unanswered.append(self.cycle)

    def on_response_complete(self) -> None:
        """Go on to what has waited for its turn, or wait for more."""
        self._unanswered.popleft()
        super().on_response_complete()
        self._unset_keepalive_if_required()  # that is looked after here
        if not self._unanswered:
            self._begun = False
            if self._silent_since is None:
                self._silent_since = self.loop.time()
