"""Described: a handler with what the served OpenAPI document tells of it, which stands beside the handler alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.sandbox import Sandbox

Handler = Callable[[Sandbox, Request], Awaitable[Response]]

JSON = "application/json"


class NoQuery(TypedDict, total=False):
    """No parameters."""


class Nothing(TypedDict):
    """An empty object."""


@dataclass(frozen=True, slots=True)
class Described:
    """
    A handler of one method of one path. Its docstring is the summary; the path's own parts need no telling.

    Attributes:
        answer: what the answer holds: a type, by which the JSON is described; None where it has no body.
        statuses: of success.
        query: the parameters, a TypedDict whose names are those that the handler lets pass.
        headers: those of the request that matter, a TypedDict too.
        body: what the request holds: a type, a JSON Schema or what makes one; `Nothing` where no body or an empty object
            is taken; None where none is read.
        bodies: media types of the body.
        media: further media types of the answer, each with its type.
        problems: statuses of refusals besides those that follow from the rest; see `refusals`.
        is_open: whether no token is asked for.
    """

    handle: Handler
    answer: Any = None
    statuses: tuple[int, ...] = (200,)
    query: Any = NoQuery
    headers: Any = NoQuery
    body: Any = None
    bodies: tuple[str, ...] = (JSON,)
    media: tuple[tuple[str, Any], ...] = ()
    problems: tuple[int, ...] = ()
    is_open: bool = False

    def __call__(self, sandbox: Sandbox, request: Request) -> Awaitable[Response]:
        """Handle a request."""
        return self.handle(sandbox, request)

    @property
    def says(self) -> str:
        """What it does, in a sentence."""
        return (self.handle.__doc__ or "").strip().partition("\n")[0]

    def refusals(self, path: str) -> list[int]:
        """Return the statuses of its problems: what any call may meet, and what the parameters and the body bring along."""
        names = self.query.__annotations__
        found = {403, 422, 500, *self.problems}
        if not self.is_open:
            found.add(401)
        if "{" in path or "account" in names:
            found.add(404)
        if self.body is not None:
            found |= {400, 413}
        if self.body not in (None, Nothing):
            found.add(415)
        if "wait" in names:
            found.add(503)
        return sorted(found)


def described(**told: Any) -> Callable[[Handler], Described]:
    """Return what puts a description, in the words of `Described`, to a handler."""
    return lambda handler: replace(Described(handler), **told)
