"""Wire: requests to a webhook piece by piece, and its answers read as strictly as HTTP/1.1 is written."""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from time import perf_counter
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import httptools

REMEMBERED = 1024  # bytes of an answer's body that are kept
_AFTERTHOUGHT = 0.05  # seconds of real time in which an answer that is over must not go on


class WireAnswer(NamedTuple):
    """
    What came back.

    Attributes:
        status: None if no whole answer came.
        error: why none did: `timeout`, `closed`, `not http`, `refused`.
        detail: the same for people, where there is more to say.
        keeps: whether the connection may be used again.
    """

    status: int | None
    error: str | None = None
    detail: str = ""
    body: str = ""
    duration_ms: float = 0.0
    keeps: bool = False


class Wire:
    """
    Where raw requests go; the address has been called by the webhook client before, whose rule let it pass.

    Args:
        url: of the webhook.
        headers: of every request.
        timeout: seconds of real time that connecting, and an answer, may take.
    """

    def __init__(self, url: str, headers: Sequence[tuple[str, str]], timeout: float) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._tls = parts.scheme == "https"
        self._port = parts.port or (443 if self._tls else 80)
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._timeout = timeout
        authority = parts.netloc.rpartition("@")[2]
        self._headers = [("Host", authority), ("User-Agent", "messaging-sandbox"), *headers]
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers.append(("Authorization", f"Basic {b64encode(pair.encode()).decode()}"))

    def head(self, method: str, *headers: tuple[str, str], lower: bool = False) -> bytes:
        """Return the head of a request; `lower` writes its names in lower case, which are the same names."""
        lines = [f"{method} {self._target} HTTP/1.1"]
        for name, value in (*self._headers, *headers):
            lines.append(f"{name.lower() if lower else name}: {value}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Connection]:
        """Hand out a connection of one's own. Raises `OSError` or `TimeoutError` if none comes about."""
        context = ssl.create_default_context() if self._tls else None
        async with asyncio.timeout(self._timeout):
            reader, writer = await asyncio.open_connection(self._host, self._port, ssl=context)
        try:
            yield Connection(reader, writer, self._timeout)
        finally:
            writer.close()
            with suppress(OSError, asyncio.TimeoutError):
                async with asyncio.timeout(1):
                    await writer.wait_closed()

    async def ask(self, *pieces: bytes, pause: float = 0.0, bodiless: bool = False) -> WireAnswer:
        """Send a request in pieces, with pauses between them, and return what comes back."""
        try:
            async with self.connected() as connection:
                await connection.send(*pieces, pause=pause)
                return await connection.answer(bodiless=bodiless)
        except TimeoutError:
            return WireAnswer(None, "timeout")
        except OSError as error:
            return WireAnswer(None, "refused" if isinstance(error, ConnectionRefusedError) else "closed", str(error))


class Connection:
    """One connection to the webhook; see `Wire.connected`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, timeout: float) -> None:
        self._reader = reader
        self._writer = writer
        self._timeout = timeout

    async def send(self, *pieces: bytes, pause: float = 0.0) -> None:
        """Send pieces, with a pause between them."""
        for place, piece in enumerate(pieces):
            if place and pause:
                await asyncio.sleep(pause)
            self._writer.write(piece)
            with suppress(ConnectionError):  # it may have been refused already; then there is an answer to read
                await self._writer.drain()

    async def answer(self, within: float | None = None, *, bodiless: bool = False) -> WireAnswer:
        """
        Read one answer.

        Args:
            within: seconds of real time; None is the wire's own.
            bodiless: whether it has none whatever its head says, as one to HEAD.
        """
        began = perf_counter()
        message = _Message()
        message.parser = parser = httptools.HttpResponseParser(message)
        try:
            async with asyncio.timeout(self._timeout if within is None else within):
                while not message.complete:
                    data = await self._reader.read(65536)
                    if not data:
                        return self._ended(parser, message, began)
                    parser.feed_data(data)
                    if bodiless and message.headed:
                        break
        except TimeoutError:
            return WireAnswer(None, "timeout", message.so_far, duration_ms=_since(began))
        except httptools.HttpParserError as error:
            return WireAnswer(None, "not http", str(error), duration_ms=_since(began))
        except ConnectionError as error:
            return WireAnswer(None, "closed", str(error), duration_ms=_since(began))
        return self._whole(parser, message, began)

    async def says_more(self) -> bool:
        """Tell whether bytes come that belong to no answer."""
        try:
            async with asyncio.timeout(_AFTERTHOUGHT):
                return bool(await self._reader.read(1))
        except (TimeoutError, ConnectionError):
            return False

    def _ended(self, parser: Any, message: _Message, began: float) -> WireAnswer:
        """Return an answer that ended with its connection, which is right where nothing told its length."""
        if message.headed and not message.is_measured:
            return self._whole(parser, message, began)._replace(keeps=False)
        return WireAnswer(None, "closed", message.so_far, duration_ms=_since(began))

    def _whole(self, parser: Any, message: _Message, began: float) -> WireAnswer:
        body = bytes(message.body).decode(errors="replace")
        return WireAnswer(parser.get_status_code(), None, "", body, _since(began), message.keeps)


def _since(began: float) -> float:
    return (perf_counter() - began) * 1000


class _Message:
    """What the parser has read of an answer."""

    def __init__(self) -> None:
        self.parser: Any = None
        self.body = bytearray()
        self.headed = self.complete = self.is_measured = self.keeps = False

    @property
    def so_far(self) -> str:
        """What is lacking, for people."""
        return "the answer broke off within its body" if self.headed else ""

    def on_message_begin(self) -> None:
        """Refuse a second answer to one request."""
        if self.headed:
            raise ValueError("two answers to one request")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note how the body's length is told."""
        field = name.lower()
        self.is_measured |= field == b"content-length" or (
            field == b"transfer-encoding" and b"chunked" in value.lower()
        )

    def on_headers_complete(self) -> None:
        """Note that the head is over; an interim one is none."""
        self.headed = True

    def on_body(self, body: bytes) -> None:
        """Keep the beginning of the body."""
        self.body += body[: REMEMBERED - len(self.body)]

    def on_message_complete(self) -> None:
        """Note that it is over."""
        self.complete = True
        self.keeps = bool(self.parser.should_keep_alive())  # which it forgets with the message
