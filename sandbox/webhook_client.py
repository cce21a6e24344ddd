"""WebhookClient: posts one callback and tells what came back; everything the dispatcher knows of the network."""

from __future__ import annotations

import errno
import io
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeAlias, cast

from sandbox.core.callback import Encoded
from sandbox.core.secret import without_secrets
from sandbox.deadlines import Deadlines
from sandbox.egress import Egress, EgressRule

if TYPE_CHECKING:
    import aiohttp
    from aiohttp import AddrInfoType
    from aiohttp.abc import AbstractResolver, ResolveResult
    from yarl import URL

KEPT = 64 * 1024  # bytes of an answer's body that are taken: some are answers to questions
DRAINED = 64 * 1024  # bytes of it that are read beyond, to keep the connection
IDLE = 1.0  # seconds a connection is kept; shorter than any server's own patience, so that its close does not race us

_USUAL_TYPE = "application/json"

AT_ONCE = 512 * 1024  # bytes of a request's body that go out in one piece; aiohttp warns of much more

# What the body and the client decide; a configured header of that name would break the request.
_FIXED = frozenset(("content-type", "content-length", "transfer-encoding", "connection", "expect"))

Reason = Literal[
    "timeout", "refused", "unreachable", "closed", "not http", "certificate", "tls", "dns", "blocked", "error"
]
_Headers: TypeAlias = dict[str, str] | list[tuple[str, str]]
_Kind: TypeAlias = tuple[bool, bool]  # of a session: whether the URL is vouched for, whether connections are fresh


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


class AiohttpWebhookClient:
    """
    The client that real callbacks go through.

    An answer counts as soon as its status is there: a body that breaks off or does not end changes nothing.

    Args:
        egress: see `EgressRule`.
        provider_hosts: hosts that are never called, with everything below them.
    """

    def __init__(self, egress: Egress, provider_hosts: Iterable[str] = ()) -> None:
        self._rule = EgressRule(egress, provider_hosts)
        self._sessions: dict[_Kind, aiohttp.ClientSession] = {}
        self._deadlines = Deadlines()
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
        fields = destination.headers(headers, encoded.content_type)
        connection = _Connection()
        _connection.set(connection)
        status, body = 0, bytearray()
        for fresh in (False, True):
            session = self._sessions.get((vouched, fresh)) or self._opened((vouched, fresh))
            data = encoded.body if len(encoded.body) <= AT_ONCE else io.BytesIO(encoded.body)
            try:
                with self._deadlines.within(timeout):
                    response = await session.post(
                        destination.url, headers=fields, data=data, allow_redirects=False, ssl=verify
                    )
                    try:
                        status = response.status
                        if not response.content.at_eof():
                            await _read_some(response, body)
                    finally:
                        response.release()
            except DeliveryError:
                raise
            except Exception as error:
                if status:
                    break
                # A kept connection may prove to have been closed; then it goes out at once on a fresh one.
                if fresh or connection.is_fresh or not _is_unanswered(error):
                    raise _told(error, timeout) from error
            else:
                break
        return Answer(status, body.decode(errors="replace"))

    async def close(self) -> None:
        """See `WebhookClient`."""
        sessions = tuple(self._sessions.values())
        self._sessions.clear()
        for session in sessions:
            await session.close()

    def _read(self, url: str, vouched: bool) -> _Destination:
        """Return what a URL says. Raises `DeliveryError` if the egress rule refuses it as it is written."""
        import aiohttp  # noqa: F401, PLC0415 - takes 0.1 s to load, which no attempt's time limit should bear
        from yarl import URL  # noqa: PLC0415 - comes with it

        try:
            # What is fit for the wire goes out as it was written; yarl would tidy up percent signs.
            address = URL(url, encoded=url.isascii() and url.isprintable() and " " not in url)
            host, user, password = address.raw_host or "", address.user, address.password
        except ValueError as error:
            raise DeliveryError("blocked", f"{without_secrets(url)} is not a URL: {error}") from error
        refusal = self._rule.refuses_url(address.scheme, host, vouched, address.explicit_port)
        if refusal is not None:
            raise DeliveryError("blocked", refusal)
        if user is None and password is None:
            return _Destination(address, None)
        token = b64encode(f"{user or ''}:{password or ''}".encode()).decode()
        return _Destination(address.with_user(None), f"Basic {token}")

    def _opened(self, kind: _Kind) -> aiohttp.ClientSession:
        """
        Return a new session with connections of its own.

        Connections are kept apart by who supplied the URL, since one that the operator may open is not for others to
        use. Those of a second try are never kept.
        """
        import aiohttp  # noqa: PLC0415

        vouched, fresh = kind
        resolver = _CheckedResolver(aiohttp.ThreadedResolver(), self._rule, vouched)
        session = self._sessions[kind] = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,  # the dispatcher bounds the attempts
                resolver=cast("AbstractResolver", resolver),
                socket_factory=_socket,
                force_close=fresh,
                keepalive_timeout=None if fresh else IDLE,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            headers={"User-Agent": "messaging-sandbox", "Accept-Encoding": "identity", "Content-Type": _USUAL_TYPE},
        )
        return session


@dataclass(frozen=True, slots=True)
class _Destination:
    """A URL without its userinfo, and the header that this becomes."""

    url: URL
    authorization: str | None

    def headers(self, given: Sequence[tuple[str, str]], content_type: str) -> _Headers | None:
        """
        Return a request's headers; configured ones replace ours except where they would break the request.

        None if they are the session's own, which costs a request less.
        """
        if not given and self.authorization is None and content_type == _USUAL_TYPE:
            return None
        ours = {"Content-Type": content_type}
        if self.authorization is not None:
            ours["Authorization"] = self.authorization
        if not given:
            return ours
        names = {name.lower() for name, _ in given} - _FIXED
        return [pair for pair in ours.items() if pair[0].lower() not in names] + [
            pair for pair in given if pair[0].lower() in names
        ]


class _Connection:
    """Whether a request had to open one."""

    __slots__ = ("is_fresh",)

    def __init__(self) -> None:
        self.is_fresh = False


# Of the request that the current task makes: aiohttp tells no other way whether a connection was kept.
_connection: ContextVar[_Connection] = ContextVar("connection")


def _socket(address: AddrInfoType) -> socket.socket:
    """Return the socket for a new connection, and note that there is one."""
    _connection.get().is_fresh = True
    family, kind, protocol, _, _ = address
    return socket.socket(family, kind, protocol)


class _CheckedResolver:
    """Resolves names and leaves out the addresses that the egress rule refuses; aiohttp connects to what is left."""

    def __init__(self, resolver: AbstractResolver, rule: EgressRule, vouched: bool) -> None:
        self._resolver = resolver
        self._rule = rule
        self._vouched = vouched

    async def resolve(self, host: str, port: int, family: Any) -> list[ResolveResult]:
        """Return the allowed addresses of a host. Raises `OSError`, and `DeliveryError` if all are refused."""
        found = await self._resolver.resolve(host, port, family)
        refusals = [self._rule.refuses_address(each["host"], self._vouched) for each in found]
        allowed = [each for each, refusal in zip(found, refusals, strict=True) if refusal is None]
        if found and not allowed:
            raise DeliveryError("blocked", f"{host}: {refusals[0]}")
        return allowed


def _is_unanswered(error: Exception) -> bool:
    """Tell whether a connection ended before any byte of an answer."""
    import aiohttp  # noqa: PLC0415

    if isinstance(error, aiohttp.ServerDisconnectedError):
        return isinstance(error.message, str)  # otherwise it is what came of the answer
    return isinstance(error, aiohttp.ClientOSError) and not isinstance(error, aiohttp.ClientConnectorError)


async def _read_some(response: aiohttp.ClientResponse, body: bytearray) -> None:
    """Take the beginning of an answer's body into `body`, and drop the connection rather than read without end."""
    content = response.content
    taken = 0
    while not content.at_eof():
        chunk = await content.readany()
        body += chunk[: KEPT - len(body)]
        taken += len(chunk)
        if taken > KEPT + DRAINED:
            response.close()
            return


def _told(error: Exception, timeout: float) -> DeliveryError:
    """Return what kept an answer from coming, in our words."""
    import aiohttp  # noqa: PLC0415

    match error:
        case aiohttp.ClientConnectorCertificateError():
            return DeliveryError("certificate", str(error.certificate_error))
        case aiohttp.ClientConnectorSSLError():
            return DeliveryError("tls", str(error.os_error))
        case aiohttp.ClientConnectorDNSError():
            return DeliveryError("dns", f"{error.host} cannot be resolved: {error.os_error.strerror}")
        case aiohttp.ClientConnectorError(errno=errno.ECONNREFUSED):
            return DeliveryError("refused", f"nothing listens at {error.host}:{error.port}")
        case aiohttp.ClientConnectorError():
            return DeliveryError("unreachable", f"{error.host}:{error.port} cannot be reached: {error.strerror}")
        case aiohttp.ClientResponseError():
            what, _, _ = error.message.partition("\n")
            return DeliveryError("not http", f"not an HTTP answer: {what[:200]}")
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError() | ssl.SSLError():
            return DeliveryError("closed", "the connection was closed before an answer came")
        case TimeoutError():
            return DeliveryError("timeout", f"no answer within {timeout:g} s")
        case _:
            return DeliveryError("error", f"{type(error).__name__}: {error}")
