"""Transports: the calls over HTTP, for programs that wait (`Client`) and for those that do not (`AsyncClient`)."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Self

import httpx

from sandbox.client.asking import Answer, Asynchronous, Request, Synchronous
from sandbox.client.calls import Calls
from sandbox.client.errors import UnreachableError
from sandbox.client.event_stream import Event, EventReader
from sandbox.client.user import AsyncUser, User

URL = "http://127.0.0.1:4700"
PATIENCE = 10.0  # seconds


class Client(Calls, Synchronous):
    """
    Calls one sandbox; used in a `with` block, or closed.

    Args:
        url: where it listens, `http://127.0.0.1:4700`.
        token: the control token, where it has one.
        patience: seconds that an answer may take, beyond those that it was asked to wait.
    """

    def __init__(self, url: str = URL, token: str | None = None, *, patience: float = PATIENCE) -> None:
        self.url = url.rstrip("/")
        self.token = token
        self.patience = patience
        self._http = httpx.Client(**_options(self.url, token))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def user(self, account: str, address: str) -> User:
        """Return a person's handset."""
        return User(self, account, address)

    def send(self, request: Request) -> Answer:
        """Send a request and return what came back. Raises `ClientError`."""
        __tracebackhide__ = True  # a test that fails is to show its own line
        with _reaching(self.url):
            response = self._http.request(**_arguments(request, self.patience))
        return _answer(self.url, response).accepted()

    @contextmanager
    def events(self, account: str | None = None, after: str | None = None) -> Iterator[Iterator[Event]]:
        """
        Open the stream of all that happens and hand it out: from now on, or behind the event of that id.

        It ends when the server does.
        """
        with _reaching(self.url), self._http.stream(**_watching(account, after, self.patience)) as response:
            if not response.is_success:
                response.read()
                _answer(self.url, response).accepted()
            yield self._read(response)

    @staticmethod
    def _read(response: httpx.Response) -> Generator[Event, None, None]:
        reader = EventReader()
        for line in response.iter_lines():
            if (event := reader.read(line)) is not None:
                yield event


class AsyncClient(Calls, Asynchronous):
    """
    Calls one sandbox without blocking; used in an `async with` block, or closed.

    Args:
        url: where it listens, `http://127.0.0.1:4700`.
        token: the control token, where it has one.
        keeps_connections: whether connections stay open between calls. If they do not, nothing is left to close, and
            the calls may come from one event loop after another.
        patience: seconds that an answer may take, beyond those that it was asked to wait.
    """

    def __init__(
        self,
        url: str = URL,
        token: str | None = None,
        *,
        keeps_connections: bool = True,
        patience: float = PATIENCE,
    ) -> None:
        self.url = url.rstrip("/")
        self.token = token
        self.patience = patience
        limits = httpx.Limits() if keeps_connections else httpx.Limits(max_keepalive_connections=0)
        self._http = httpx.AsyncClient(**_options(self.url, token), limits=limits)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    def user(self, account: str, address: str) -> AsyncUser:
        """Return a person's handset."""
        return AsyncUser(self, account, address)

    async def send(self, request: Request) -> Answer:
        """Send a request and return what came back. Raises `ClientError`."""
        __tracebackhide__ = True  # a test that fails is to show its own line
        with _reaching(self.url):
            response = await self._http.request(**_arguments(request, self.patience))
        return _answer(self.url, response).accepted()

    @asynccontextmanager
    async def events(self, account: str | None = None, after: str | None = None) -> AsyncIterator[AsyncIterator[Event]]:
        """
        Open the stream of all that happens and hand it out: from now on, or behind the event of that id.

        It ends when the server does.
        """
        with _reaching(self.url):
            async with self._http.stream(**_watching(account, after, self.patience)) as response:
                if not response.is_success:
                    await response.aread()
                    _answer(self.url, response).accepted()
                yield self._read(response)

    @staticmethod
    async def _read(response: httpx.Response) -> AsyncGenerator[Event, None]:
        reader = EventReader()
        async for line in response.aiter_lines():
            if (event := reader.read(line)) is not None:
                yield event


def _options(url: str, token: str | None) -> dict[str, Any]:
    return {
        "base_url": url + "/_sandbox",
        "headers": {"Authorization": f"Bearer {token}"} if token else None,
        # No proxy stands between anybody and their sandbox. Certificates are those of the system or SSL_CERT_FILE.
        "trust_env": False,
        "verify": ssl.create_default_context() if url.startswith("https:") else False,
    }


def _arguments(request: Request, patience: float) -> dict[str, Any]:
    return {
        "method": request.method,
        "url": request.path,
        "params": _given(request.parameters),
        "json": request.body,
        "content": request.content,
        "headers": request.headers,
        "timeout": patience + request.wait,
    }


def _watching(account: str | None, after: str | None, patience: float) -> dict[str, Any]:
    return {
        "method": "GET",
        "url": "/events",
        "params": _given({"account": account}),
        "headers": {"Accept": "text/event-stream", **({"Last-Event-ID": after} if after else {})},
        "timeout": httpx.Timeout(patience, read=None),
    }


def _given(parameters: Any) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if value is not None}


def _answer(url: str, response: httpx.Response) -> Answer:
    media_type = response.headers.get("content-type", "").partition(";")[0]
    return Answer(url, response.status_code, media_type, response.content)


@contextmanager
def _reaching(url: str) -> Iterator[None]:
    """Say in our words why nothing came back. Raises `UnreachableError`."""
    try:
        yield
    except httpx.ConnectError as error:
        raise UnreachableError(url, _of_tls(error)) from None
    except httpx.TimeoutException:
        raise UnreachableError(url, "it takes too long to answer") from None
    except (httpx.TransportError, httpx.InvalidURL) as error:
        why = str(error) or type(error).__name__
        if url.startswith("http:") and isinstance(error, httpx.RemoteProtocolError | httpx.ReadError):
            why += "; does it speak https?"
        raise UnreachableError(url, why) from None


def _of_tls(error: BaseException) -> str:
    """Return what was wrong with TLS where a connection was not made; empty if it was something else."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    match cause:
        case None:
            return ""
        case ssl.SSLCertVerificationError():
            return f"its certificate is not trusted: {cause.verify_message}; SSL_CERT_FILE names one that is"
        case ssl.SSLError(reason="WRONG_VERSION_NUMBER" | "RECORD_LAYER_FAILURE"):
            return "it speaks http, not https"
        case _:
            return f"no TLS with it: {cause.reason or cause}"
