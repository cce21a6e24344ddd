"""Document: plain values, with the place in a text where each of them stands; Builder: puts one together."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from sandbox.engine.complaint import Path, spell

DEEPEST = 64
MOST_VALUES = 20_000  # an alias counts as all that it repeats


class Mark(NamedTuple):
    """A place in a text, from 1."""

    line: int
    column: int


class DocumentError(Exception):
    """A text cannot be read as a document."""

    def __init__(self, message: str, mark: Mark = Mark(1, 1), path: Path = ()) -> None:  # noqa: B008 - a constant
        super().__init__(message)
        self.mark = mark
        self.path = spell(path)


class Document(NamedTuple):
    """What was read, and where its values and keys stand."""

    value: Any
    values: dict[Path, Mark]
    keys: dict[Path, Mark]

    def where(self, path: Path, *, at_key: bool = False) -> Mark:
        """Return where a value or key stands; for one that is not there, where the nearest thing around it does."""
        if at_key and path in self.keys:
            return self.keys[path]
        while path not in self.values:
            path = path[:-1]
        return self.values[path]


class Happening(NamedTuple):
    """One step of reading: a scalar, an alias, a collection that begins, or one that ends."""

    kind: Literal["scalar", "alias", "list", "dict", "end"]
    value: Any
    mark: Mark
    anchor: str | None = None


class _Frame:
    """A collection that is being read; in a dict, `key` waits for its value."""

    __slots__ = ("anchor", "before", "into", "key", "path")

    def __init__(self, into: list[Any] | dict[str, Any], path: Path, anchor: str | None, before: int) -> None:
        self.into = into
        self.path = path
        self.anchor = anchor
        self.before = before
        self.key: str | None = None

    def next_path(self) -> Path:
        return (*self.path, len(self.into) if isinstance(self.into, list) else self.key or "")


class Builder:
    """Puts a document together, without recursion, and counts what it would come to if every alias were written out."""

    def __init__(self) -> None:
        self._frames: list[_Frame] = []
        self._values: dict[Path, Mark] = {}
        self._keys: dict[Path, Mark] = {}
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._count = 0
        self._root: Any = None

    def document(self) -> Document:
        """Return what was put together."""
        return Document(self._root, self._values, self._keys)

    def take(self, happening: Happening) -> None:
        """Go one step on. Raises `DocumentError`."""
        kind, value, mark, anchor = happening
        if kind == "end":
            frame = self._frames.pop()
            if frame.anchor is not None:
                self._anchors[frame.anchor] = (frame.into, self._count - frame.before)
            return
        before = self._count
        if kind == "alias":
            if value not in self._anchors:
                raise DocumentError(f"*{value} stands for nothing that was read before", mark, self._path())
            value, weight = self._anchors[value]
            self._count += weight
        elif kind == "list":
            value = []
        elif kind == "dict":
            value = {}
        self._count += 1
        if self._count > MOST_VALUES:
            raise DocumentError(f"holds more than {MOST_VALUES} values", mark)
        path = self._place(value, mark)
        if kind in ("list", "dict"):
            if len(self._frames) == DEEPEST:
                raise DocumentError(f"is nested more than {DEEPEST} deep", mark, path)
            self._frames.append(_Frame(value, path, anchor, before))
        elif anchor is not None:
            self._anchors[anchor] = (value, 1)

    def _path(self) -> Path:
        return self._frames[-1].next_path() if self._frames else ()

    def _place(self, value: Any, mark: Mark) -> Path:
        if not self._frames:
            self._root = value
            self._values[()] = mark
            return ()
        frame = self._frames[-1]
        if isinstance(frame.into, dict):
            if frame.key is None:
                self._take_key(frame, value, mark)
                return frame.next_path()
            path = frame.next_path()
            frame.into[frame.key] = value
            frame.key = None
        else:
            path = frame.next_path()
            frame.into.append(value)
        self._values[path] = mark
        return path

    def _take_key(self, frame: _Frame, key: Any, mark: Mark) -> None:
        if not isinstance(key, str):
            raise DocumentError("a key must be text; put it into quotes", mark, frame.path)
        if key in frame.into:
            raise DocumentError(f"the key {key!r} stands here twice", mark, (*frame.path, key))
        frame.key = key
        self._keys[frame.next_path()] = mark
