"""A webhook on a real socket that keeps what it was sent and answers from a script, badly if the script says so."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Step = int | bytes | Literal["close", "hang"]
"""A status, the raw bytes of an answer, an end without answer, or silence."""


class Received(NamedTuple):
    """One request, in the order of arrival; `connection` counts from 1."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    connection: int

    def header(self, name: str) -> str | None:
        """Return a header's value; None if it was not sent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def redirect(location: str) -> bytes:
    """Return the answer that sends a client elsewhere."""
    return f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


@dataclass
class Receiver:
    """
    Listens on a free port of loopback while its `async with` block runs.

    Attributes:
        script: what the next requests get, in order.
        usual: what they get when that is used up.
        after: what becomes of a connection when `bytes` of the script were written to it.
        tls: the server's side of TLS.
        connections: how many there have been.
        host: where it listens.
    """

    script: list[Step] = field(default_factory=list)
    usual: int = 204
    after: Literal["close", "hang", "serve"] = "close"
    tls: ssl.SSLContext | None = None
    requests: list[Received] = field(default_factory=list)
    connections: int = 0
    host: str = "127.0.0.1"

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self._server = await asyncio.start_server(self._serve, self.host, 0, ssl=self.tls)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def url(self) -> str:
        """The address of the webhook."""
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}/callbacks"

    @property
    def open(self) -> int:
        """How many connections there are."""
        return len(self._writers)

    def say(self, raw: bytes) -> None:
        """Write something on all of them, unasked."""
        for writer in self._writers:
            writer.write(raw)

    def answers(self, *steps: Step) -> None:
        """Answer the next requests so."""
        self.script[:] = steps

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        self._writers.append(writer)
        number = self.connections
        try:
            while (received := await _request(reader, number)) is not None:
                self.requests.append(received)
                step = self.script.pop(0) if self.script else self.usual
                if not await self._answer(writer, step):
                    return
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._writers.remove(writer)
            writer.close()
            self._tasks.discard(task)

    async def _answer(self, writer: asyncio.StreamWriter, step: Step) -> bool:
        """Answer one request and return whether the connection goes on."""
        if step == "close":
            return False
        if isinstance(step, int):
            writer.writelines(_lines(step))
            await writer.drain()
            return True
        if isinstance(step, bytes):
            writer.write(step)
            await writer.drain()
        if step == "hang" or self.after == "hang":
            await asyncio.Event().wait()
        return self.after == "serve"


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return the server's side of TLS for a certificate of 127.0.0.1 that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "both.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


def _lines(status: int) -> Iterable[bytes]:
    body = b"" if status in (204, 304) else f"answer {status}".encode()
    yield f"HTTP/1.1 {status} Scripted\r\n".encode()
    if status not in (204, 304):
        yield f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n".encode()
    yield b"\r\n" + body


async def _request(reader: asyncio.StreamReader, connection: int) -> Received | None:
    """Return the next request on a connection; None when the client has gone."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")[:-2]
        method, target, _ = first.split(" ")
        headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        return Received(method, target, headers, await reader.readexactly(length), connection)
    except asyncio.IncompleteReadError:
        return None
