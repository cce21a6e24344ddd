"""
Asking: calls of the control API without a network, each a generator of the requests that it needs.

A call yields a `Request`, is sent the `Answer`, and returns what it makes of it. Whoever has a network runs it:
`Synchronous` returns the result, `Asynchronous` a coroutine of it. So each call is described once, for both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Generator, Mapping
from functools import wraps
from types import MethodType
from typing import Any, Concatenate, Generic, NamedTuple, ParamSpec, TypeVar, overload
from urllib.parse import quote

from sandbox.client.errors import ProblemError, UnreachableError

P = ParamSpec("P")
T = TypeVar("T")

PROBLEM = "application/problem+json"


class Request(NamedTuple):
    """
    One request.

    Attributes:
        path: behind `/_sandbox`.
        parameters: of the query; those that are None are left out.
        body: sent as JSON, unless there is `content`.
        wait: seconds that the answer may take longer than others.
    """

    method: str
    path: str
    parameters: Mapping[str, Any] = {}
    body: Any = None
    content: bytes | None = None
    headers: Mapping[str, str] = {}
    wait: float = 0.0


class Answer(NamedTuple):
    """What came back from `url`."""

    url: str
    status: int
    media_type: str
    content: bytes

    def json(self) -> Any:
        """Return the JSON object in it. Raises `UnreachableError`: what has none is no sandbox."""
        try:
            read = json.loads(self.content)
        except ValueError:
            read = None
        if not isinstance(read, dict):
            raise UnreachableError(self.url, "what answers there is no sandbox")
        return read

    def text(self) -> str:
        """Return it as it reads."""
        return self.content.decode(errors="replace")

    def accepted(self) -> Answer:
        """Return it if the sandbox did what it was asked. Raises `ProblemError`, and `UnreachableError` if it is none."""
        __tracebackhide__ = True
        if 200 <= self.status < 300:
            return self
        if self.media_type != PROBLEM:
            raise UnreachableError(self.url, f"what answers there is no sandbox (status {self.status})")
        problem = self.json()
        detail = problem.get("detail") or problem.get("title") or f"status {self.status}"
        raise ProblemError(self.status, detail, problem.get("errors") or [])


Asking = Generator[Request, Answer, T]


def place(path: str, *names: str) -> str:
    """Return a path with names filled in, whatever is in them."""
    return path.format(*(quote(name, safe="") for name in names))


class Synchronous:
    """Has a network, and waits for it."""

    def send(self, request: Request) -> Answer:
        """Send a request and return what came back. Raises `ClientError`."""
        raise NotImplementedError

    def perform(self, asking: Asking[T]) -> T:
        """Send what a call asks for, and return what it returns. Raises `ClientError`, and what the call raises."""
        __tracebackhide__ = True  # a test that fails is to show its own line
        try:
            request = next(asking)
            while True:
                request = asking.send(self.send(request))
        except StopIteration as end:
            result: T = end.value
            return result


class Asynchronous:
    """Has a network, and lets others run meanwhile."""

    async def send(self, request: Request) -> Answer:
        """Send a request and return what came back. Raises `ClientError`."""
        raise NotImplementedError

    async def perform(self, asking: Asking[T]) -> T:
        """Send what a call asks for, and return what it returns. Raises `ClientError`, and what the call raises."""
        __tracebackhide__ = True  # a test that fails is to show its own line
        try:
            request = next(asking)
            while True:
                request = asking.send(await self.send(request))
        except StopIteration as end:
            result: T = end.value
            return result


class Borrowing(Synchronous):
    """Has the network of another."""

    network: Synchronous

    def send(self, request: Request) -> Answer:
        """Send a request and return what came back. Raises `ClientError`."""
        __tracebackhide__ = True
        return self.network.send(request)


class AsyncBorrowing(Asynchronous):
    """Has the network of another."""

    network: Asynchronous

    async def send(self, request: Request) -> Answer:
        """Send a request and return what came back. Raises `ClientError`."""
        __tracebackhide__ = True
        return await self.network.send(request)


class Call(Generic[P, T]):
    """A described call as a method: it returns a result, a coroutine of it, or, without a network, the call itself."""

    def __init__(self, describe: Callable[Concatenate[Any, P], Asking[T]]) -> None:
        self._describe = describe
        self.__doc__ = describe.__doc__

    @overload
    def __get__(self, caller: Synchronous, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, caller: Asynchronous, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, caller: object, owner: type) -> Callable[P, Asking[T]]: ...
    def __get__(self, caller: Any, owner: type) -> Callable[..., Any]:
        """Return the method of a caller."""
        if caller is None:
            return self._describe
        describe = MethodType(self._describe, caller)
        if not isinstance(caller, Synchronous | Asynchronous):
            return describe

        @wraps(self._describe)
        def called(*args: P.args, **kwargs: P.kwargs) -> Any:
            __tracebackhide__ = True
            return caller.perform(describe(*args, **kwargs))

        return called


def call(describe: Callable[Concatenate[Any, P], Asking[T]]) -> Call[P, T]:
    """Make a method of a description: a generator of requests."""
    return Call(describe)
