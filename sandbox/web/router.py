"""Router: finds the documented operation that a path and method mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from sandbox.core.answers import Answers
from sandbox.core.operation import Operation
from sandbox.core.provider import Provider

Found = tuple[Mapping[str, "Endpoint"], Mapping[str, str]]

_COMPARED = 500  # characters of an unknown path that are held against the known ones
_REMEMBERED = 200  # characters of a path whose meaning is remembered


class Endpoint(NamedTuple):
    """An operation, the provider it is of, and the forms in which trouble with it is answered."""

    provider: Provider
    operation: Operation
    answers: Answers


@dataclass(slots=True)
class _Node:
    """One segment of the known paths: what may follow, by name or as a named part, and what ends here, by method."""

    inner: dict[str, _Node] = field(default_factory=dict)
    part: tuple[str, _Node] | None = None
    ends: dict[str, Endpoint] = field(default_factory=dict)


class Router:
    """
    Every operation of every provider, by path. A segment by that name is preferred to a named part, for good.

    Args:
        providers: whose operations.
        without: beginnings of paths that lead nowhere, although an operation has them as aliases.

    Raises:
        ValueError: two operations contradict one another.
    """

    def __init__(self, providers: Iterable[Provider], *, without: tuple[str, ...] = ()) -> None:
        self._top = _Node()
        self._providers = tuple(providers)
        self._known: list[str] = []
        self._found = lru_cache(maxsize=1024)(self._walk)  # a client asks for the same few again and again
        for provider in self._providers:
            for operation in provider.operations:
                aliases = [alias for alias in operation.aliases if not alias.startswith(without)]
                for path in (operation.path, *aliases):
                    self._add(path, Endpoint(provider, operation, provider.answers_to(operation.path)))
                self._known.append(f"{operation.method} {operation.path}")

    def _add(self, path: str, endpoint: Endpoint) -> None:
        operation = endpoint.operation
        node = self._top
        for segment in path.split("/"):
            if segment.startswith("{"):
                name, inner = node.part = node.part or (segment[1:-1], _Node())
                if segment != f"{{{name}}}":
                    raise ValueError(f"{path} calls {segment} what another path calls {{{name}}}")
                node = inner
            else:
                node = node.inner.setdefault(segment, _Node())
        if operation.method in node.ends:
            other = node.ends[operation.method]
            raise ValueError(f"{operation.method} {path} is both {other.operation.id} and {operation.id}")
        node.ends[operation.method] = endpoint

    def find(self, path: str) -> Found:
        """
        Return what a path means: its endpoints by method, none if it means nothing, and the parts that it names.

        Args:
            path: as it came, percent-encoded; segments are decoded one by one, and a plus stays a plus.
        """
        return self._found(path) if len(path) <= _REMEMBERED else self._walk(path)

    def _walk(self, path: str) -> Found:
        node = self._top
        params: dict[str, str] = {}
        segments = path.split("/")
        if "%" in path:
            segments = [unquote(segment) for segment in segments]
        for segment in segments:
            inner = node.inner.get(segment)
            if inner is None:
                if node.part is None or not segment:
                    return {}, {}
                name, inner = node.part
                params[name] = segment
            node = inner
        return node.ends, params

    def owner(self, path: str) -> Provider | None:
        """Return the provider whose paths begin like this one."""
        return next((provider for provider in self._providers if path.startswith(provider.prefixes)), None)

    def nearest(self, method: str, path: str) -> str | None:
        """Return the documented `METHOD /path` that looks most like an unknown one."""
        close = get_close_matches(f"{method} {path[:_COMPARED]}", self._known, n=1, cutoff=0.5)
        return close[0] if close else None
