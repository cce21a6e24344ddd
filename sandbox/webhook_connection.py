"""Connection: HTTP/1.1 over one socket to a webhook, a request at a time, and the place where idle ones are kept."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Hashable
from typing import cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

KEPT = 64 * 1024  # bytes of an answer's body that are taken: some are answers to questions
DRAINED = 64 * 1024  # bytes of an answer that are read beyond, to keep the connection
IDLE = 1.0  # seconds a connection is kept; shorter than any server's own patience, so that its close does not race us


class NoAnswerError(ConnectionError):
    """A connection ended before any byte of an answer."""


class Connection(asyncio.Protocol):
    """
    One connection, on which httptools reads the answers.

    Attributes:
        status: of the answer, as soon as its head is there, interim ones left out; 0 before.
        body: its beginning, `KEPT` bytes at most.
        idle_since: when it was last put away, in seconds of the loop's clock.
    """

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self.status = 0
        self.body = bytearray()
        self.idle_since = 0.0
        self._parser = HttpResponseParser(self)
        self._over: asyncio.Future[None] | None = None
        self._taken = 0
        self._is_reusable = False

    async def exchange(self, head: bytes, body: bytes, deadline: float) -> None:
        """
        Send a request and wait for the end of the answer, or of as much as is read of it.

        Args:
            head: the request up to its body.
            body: the rest of it.
            deadline: until when it may take, in seconds of the loop's clock.

        Raises:
            NoAnswerError: the connection ended before any byte of it.
            ConnectionError: it ended before the answer's status and headers were there.
            HttpParserError: what came is no answer.
            TimeoutError: the time is up, and status and headers were not there.
        """
        if self._transport.is_closing():  # it ended before anything was sent, and so nobody would hear of it
            raise NoAnswerError
        if self._taken:
            self.status, self.body, self._taken, self._is_reusable = 0, bytearray(), 0, False
        loop = asyncio.get_running_loop()
        over = self._over = loop.create_future()
        limit = loop.call_at(deadline, self._end_badly, TimeoutError())
        self._transport.writelines((head, body))
        try:
            await over
        except asyncio.CancelledError:
            self.close()
            raise
        finally:
            limit.cancel()

    @property
    def is_reusable(self) -> bool:
        """Whether another request can be sent."""
        return self._is_reusable and not self._transport.is_closing()

    def close(self) -> None:
        """Hang up, whatever is under way."""
        self._transport.abort()

    # what the socket has to tell

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        if self._over is None:  # nobody has asked for anything
            self.close()
            return
        self._taken += len(data)
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:  # the latter: another protocol is to follow
            self._end_badly(error)
        if self._over is not None and self._taken > KEPT + DRAINED:
            self._end_badly(HttpParserError("there is no end to its headers"))

    def connection_lost(self, _: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._end(ConnectionError() if self._taken else NoAnswerError())

    # what the parser has to tell

    def on_headers_complete(self) -> None:
        """Note the status."""
        if self._over is None:  # it is a second answer, right behind the first
            self.close()
            return
        status = self._parser.get_status_code()
        if status >= 200 or status == 101:
            self.status = status

    def on_body(self, body: bytes) -> None:
        """Take what there is room for."""
        if self._over is not None:
            self.body += body[: KEPT - len(self.body)]

    def on_message_complete(self) -> None:
        """Let the request be over, unless this was an interim answer."""
        if self.status:
            self._is_reusable = self._parser.should_keep_alive()
            self._end(None)

    def _end_badly(self, error: Exception) -> None:
        self._end(error)
        self.close()

    def _end(self, error: Exception | None) -> None:
        """Let the request be over, if there is one. After the answer's head nothing is an error any more."""
        over, self._over = self._over, None
        if over is None or over.done():
            return
        if error is None or self.status:
            over.set_result(None)
        else:
            over.set_exception(error)


class IdleConnections:
    """Connections that wait for the next request, at most `IDLE` seconds, by what they may be used for."""

    def __init__(self) -> None:
        self._idle: defaultdict[Hashable, list[Connection]] = defaultdict(list)
        self._sweep: asyncio.TimerHandle | None = None

    def take(self, purpose: Hashable) -> Connection | None:
        """Return the one that has waited least, and is open; None if there is none."""
        connections = self._idle.get(purpose)
        if connections is None:
            return None
        oldest = asyncio.get_running_loop().time() - IDLE
        while connections:
            connection = connections.pop()
            if connection.is_reusable and connection.idle_since > oldest:
                return connection
            connection.close()
        return None

    def put(self, purpose: Hashable, connection: Connection) -> None:
        """Keep one for a while."""
        loop = asyncio.get_running_loop()
        connection.idle_since = loop.time()
        self._idle[purpose].append(connection)
        if self._sweep is None:  # one for all: a timer for each would cost every request
            self._sweep = loop.call_later(IDLE, self._close_old, loop)

    def close(self) -> None:
        """Hang up on all."""
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None

    def _close_old(self, loop: asyncio.AbstractEventLoop) -> None:
        oldest = loop.time() - IDLE
        for purpose, connections in tuple(self._idle.items()):
            while connections and connections[0].idle_since <= oldest:
                connections.pop(0).close()
            if not connections:
                del self._idle[purpose]
        self._sweep = loop.call_later(IDLE, self._close_old, loop) if self._idle else None
