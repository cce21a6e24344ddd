"""Headers: those of a request, in the order they came, with their names in lower case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Pairs = Iterable[tuple[bytes, bytes]]


class Headers(list[tuple[bytes, bytes]]):
    """
    Name and value of each header; they do not change.

    A client sends the same ones again and again, so what is found out about them is kept.
    """

    __slots__ = ("_named", "_size")

    def __init__(self, pairs: Pairs) -> None:
        super().__init__(pairs)
        self._named: dict[bytes, Sequence[bytes]] = {}
        self._size = 0

    def named(self, name: bytes) -> Sequence[bytes]:
        """Return the values of every header of that (lower-case) name."""
        values = self._named.get(name)
        if values is None:
            values = self._named[name] = tuple([value for key, value in self if key == name])
        return values

    @property
    def size(self) -> int:
        """The room they take, in bytes, about; one of them may be as large as a head can be."""
        if not self._size:
            self._size = 80 * len(self) + sum([len(name) + len(value) for name, value in self])
        return self._size
