"""WebhookClient: posts one callback and tells what came back; everything the dispatcher knows of the network."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeAlias

from httptools import HttpParserError

from sandbox.core.callback import Encoded
from sandbox.core.secret import without_secrets
from sandbox.egress import Egress, EgressRule
from sandbox.webhook_connection import Connection, IdleConnections, NoAnswerError

if TYPE_CHECKING:
    from aiohappyeyeballs import AddrInfoType

_HEADERS = {"User-Agent": "messaging-sandbox", "Accept": "*/*", "Accept-Encoding": "identity"}
_LINE_END = re.compile(r"[\r\n\0]")
_NEXT_ADDRESS = 0.25  # seconds until a host's next address is tried beside one that has not answered, as browsers do

# What the body and the client decide; a configured header of that name would break the request.
_FIXED = frozenset(("content-type", "content-length", "transfer-encoding", "connection", "expect"))

Reason = Literal[
    "timeout", "refused", "unreachable", "closed", "not http", "certificate", "tls", "dns", "blocked", "error"
]
_Headers: TypeAlias = Sequence[tuple[str, str]]


class Answer(NamedTuple):
    """What a webhook answered: the status and the beginning of the body, read as UTF-8 as far as it is."""

    status: int
    response: str


class DeliveryError(Exception):
    """
    No answer came.

    Attributes:
        reason: in a word; `blocked` means that the egress rule refused and no further attempt will help.
        detail: the same for people.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class WebhookClient(Protocol):
    """The dispatcher's edge to the network."""

    async def post(
        self,
        url: str,
        headers: Sequence[tuple[str, str]],
        encoded: Encoded,
        timeout: float,  # noqa: ASYNC109 - the policy's, in seconds of real time whatever the account's clock
        vouched: bool,
        *,
        verify: bool = True,
    ) -> Answer:
        """
        Make one request and return the answer; a redirect is an answer.

        `vouched` says whether the operator supplied the URL, not a provider request; `verify`, whether its certificate
        must be good. Raises `DeliveryError`.
        """
        ...

    async def close(self) -> None:
        """Let all connections go."""
        ...


class HttpWebhookClient:
    """
    The client that real callbacks go through.

    It is made of kept parts, yarl for URLs, aiohappyeyeballs to connect and httptools to read answers, and puts a
    request out in one piece: a callback costs a third of what a general client takes for it. An answer counts as soon
    as its status is there: a body that breaks off or does not end changes nothing.

    Args:
        egress: see `EgressRule`.
        provider_hosts: hosts that are never called, with everything below them.
    """

    def __init__(self, egress: Egress, provider_hosts: Iterable[str] = ()) -> None:
        self._rule = EgressRule(egress, provider_hosts)
        self._idle = IdleConnections()
        self._destination = lru_cache(maxsize=1024)(self._read)

    async def post(
        self,
        url: str,
        headers: Sequence[tuple[str, str]],
        encoded: Encoded,
        timeout: float,  # noqa: ASYNC109 - as above
        vouched: bool,
        *,
        verify: bool = True,
    ) -> Answer:
        """See `WebhookClient`."""
        destination = self._destination(url, vouched)
        purpose = (destination.place, verify)
        deadline = asyncio.get_running_loop().time() + timeout
        try:
            head = destination.head(headers, encoded)
            connection = self._idle.take(purpose)
            if connection is not None:
                try:
                    await connection.exchange(head, encoded.body, deadline)
                except NoAnswerError:  # it had been closed meanwhile; the request goes out at once on a fresh one
                    connection = None
            if connection is None:
                async with asyncio.timeout_at(deadline):
                    connection = await self._connected(destination.place, verify)
                await connection.exchange(head, encoded.body, deadline)
        except DeliveryError:
            raise
        except Exception as error:
            raise _told(error, destination.place, timeout) from error
        if connection.is_reusable:
            self._idle.put(purpose, connection)
        else:
            connection.close()
        return Answer(connection.status, connection.body.decode(errors="replace"))

    async def close(self) -> None:
        """See `WebhookClient`."""
        self._idle.close()

    def _read(self, url: str, vouched: bool) -> _Destination:
        """Return what a URL says. Raises `DeliveryError` if the egress rule refuses it as it is written."""
        from yarl import URL  # noqa: PLC0415 - takes a while to load, and not everybody has a webhook

        try:
            # What is fit for the wire goes out as it was written; yarl would tidy up percent signs.
            address = URL(url, encoded=url.isascii() and url.isprintable() and " " not in url)
            host, port, user, password = address.raw_host or "", address.port, address.user, address.password
        except ValueError as error:
            raise DeliveryError("blocked", f"{without_secrets(url)} is not a URL: {error}") from error
        refusal = self._rule.refuses_url(address.scheme, host, vouched, address.explicit_port)
        if refusal is not None:
            raise DeliveryError("blocked", refusal)
        headers = {"Host": address.host_port_subcomponent or host, **_HEADERS}
        if user is not None or password is not None:
            token = b64encode(f"{user or ''}:{password or ''}".encode()).decode()
            headers["Authorization"] = f"Basic {token}"
        place = _Place(host, port or 0, address.scheme == "https", vouched)
        return _Destination(place, f"POST {address.raw_path_qs} HTTP/1.1\r\n".encode("ascii"), tuple(headers.items()))

    async def _connected(self, place: _Place, verify: bool) -> Connection:
        """
        Return a new connection to an address that the egress rule allows.

        Connections are kept apart by who supplied the URL, since one that the operator may open is not for others to
        use. Raises `OSError`, and `DeliveryError` if the rule refuses all addresses.
        """
        from aiohappyeyeballs import start_connection  # noqa: PLC0415 - as yarl

        loop = asyncio.get_running_loop()
        addresses = await self._addresses(place, loop)
        connected = await start_connection(addresses, happy_eyeballs_delay=_NEXT_ADDRESS, loop=loop)
        try:
            _, connection = await loop.create_connection(
                Connection,
                sock=connected,
                ssl=_tls(verify) if place.is_secure else None,
                server_hostname=place.host.rstrip(".") if place.is_secure else None,
            )
        except BaseException:
            connected.close()
            raise
        return connection

    async def _addresses(self, place: _Place, loop: asyncio.AbstractEventLoop) -> Sequence[AddrInfoType]:
        """Return the allowed addresses of a host; one that is an address was judged with its URL."""
        host, port = place.host, place.port
        if ":" in host:
            return [(socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port, 0, 0))]
        with suppress(ValueError):
            IPv4Address(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port))]
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        refusals = [self._rule.refuses_address(str(address[0]), place.is_vouched) for *_, address in found]
        allowed = [each for each, refusal in zip(found, refusals, strict=True) if refusal is None]
        if not allowed:
            raise DeliveryError("blocked", f"{host}: {refusals[0]}")
        return allowed


class _Place(NamedTuple):
    """What a connection leads to, and whether the operator named it."""

    host: str
    port: int
    is_secure: bool
    is_vouched: bool


class _Destination:
    """What a URL says: where to connect, and how a request begins."""

    def __init__(self, place: _Place, line: bytes, headers: _Headers) -> None:
        self.place = place
        self._line = line
        self._headers = headers
        self._usual = line + _written(headers)

    def head(self, given: Sequence[tuple[str, str]], encoded: Encoded) -> bytes:
        """
        Return a request up to its body; configured headers replace ours except where they would break the request.

        Raises `ValueError` if one would end before its end.
        """
        start = self._usual
        if given:
            names = {name.lower() for name, _ in given} - _FIXED
            ours = [pair for pair in self._headers if pair[0].lower() not in names]
            start = self._line + _written([*ours, *(pair for pair in given if pair[0].lower() in names)])
        return b"%bContent-Type: %b\r\nContent-Length: %d\r\n\r\n" % (
            start,
            encoded.content_type.encode(),
            len(encoded.body),
        )


def _written(headers: _Headers) -> bytes:
    for name, value in headers:
        if _LINE_END.search(name) or _LINE_END.search(value):
            raise ValueError(f"the header {name!r} holds a line break or a null character")
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode()


@lru_cache(maxsize=2)
def _tls(verify: bool) -> ssl.SSLContext:
    """Return our side of TLS; made once, for it reads all the certificates that the machine trusts."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _told(error: Exception, place: _Place, timeout: float) -> DeliveryError:
    """Return what kept an answer from coming, in our words."""
    match error:
        case ssl.SSLCertVerificationError():
            return DeliveryError("certificate", str(error))
        case ssl.SSLError():
            return DeliveryError("tls", str(error))
        case socket.gaierror():
            return DeliveryError("dns", f"{place.host} cannot be resolved: {error.strerror}")
        case ConnectionRefusedError():
            return DeliveryError("refused", f"nothing listens at {place.host}:{place.port}")
        case ConnectionError():
            return DeliveryError("closed", "the connection was closed before an answer came")
        case TimeoutError(errno=None):
            return DeliveryError("timeout", f"no answer within {timeout:g} s")
        case OSError():
            return DeliveryError("unreachable", f"{place.host}:{place.port} cannot be reached: {error.strerror}")
        case HttpParserError():
            return DeliveryError("not http", f"not an HTTP answer: {error}")
        case _:
            return DeliveryError("error", f"{type(error).__name__}: {error}")
