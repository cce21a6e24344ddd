"""Heads: the heads of requests that were parsed before, since a client sends the same one again and again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

Pairs = list[tuple[bytes, bytes]]

MOST = 256  # heads that are remembered; then it begins anew
LONGEST = 4096  # bytes of one that is worth it

_END = b"\r\n\r\n"
_METHODS = {method.encode(): method for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}
# What needs no second look; everything else is for the parser to judge.
_line = re.compile(
    rb"(GET|POST|PUT|PATCH|DELETE) (/(?!/)[A-Za-z0-9/_.~!$&'()*+,;=:@%-]*)(?:\?([A-Za-z0-9/_.~!$&'()*+,;=:@%?-]*))? HTTP/1\.1\r\n"
).match
_NOT_PLAIN = frozenset((b"connection", b"expect", b"transfer-encoding", b"upgrade"))


class Request(NamedTuple):
    """A whole request."""

    method: str
    path: str
    query: bytes
    headers: Pairs
    body: bytes


class Heads:
    """
    Reads requests whose head was read before, but for its first line; that takes a quarter of a parser's time.

    Only plain requests of HTTP/1.1 are read here, and only if they are all there with nothing behind them.

    Args:
        keep: makes of headers what is kept of them, and given out again and again.
    """

    def __init__(self, keep: Callable[[Pairs], Pairs] = list) -> None:
        self._keep = keep
        self._known: dict[bytes, tuple[Pairs, int]] = {}

    def read(self, data: bytes) -> Request | None:
        """Return the request that `data` is; None if it is for the parser."""
        line = _line(data)
        if line is None:
            return None
        begin = line.end()
        end = data.find(_END, begin - 2) + len(_END)
        known = self._known.get(data[begin:end])
        if known is None or len(data) - end != known[1]:
            return None
        method, path, query = line.groups()
        request = _METHODS[method], path.decode("ascii"), query or b"", known[0], data[end:]
        return tuple.__new__(Request, request)  # a call takes twice as long

    def learn(self, data: bytes, headers: Pairs, body: bytes) -> None:
        """
        Remember the head of a request, if there is nothing special about it.

        Args:
            data: what came at once, with all of the request in it.
            headers: what the parser made of it.
            body: likewise; if something else came behind it, there is nothing to be remembered.
        """
        line = _line(data)
        if line is None:
            return
        begin = line.end()
        end = data.find(_END, begin - 2) + len(_END)
        names = [name for name, _ in headers]
        if end - begin > LONGEST or len(data) - end != len(body) or not _NOT_PLAIN.isdisjoint(names):
            return
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[data[begin:end]] = self._keep(headers), len(body)
