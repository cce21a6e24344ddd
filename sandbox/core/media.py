"""Media: the files of one account that are fetched from links, bounded in the room they take."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

MAX_ROOM = 64 * 1024 * 1024  # bytes that the files of an account may take
_OVERHEAD = 1024  # bytes that a file takes besides its own, about


class StoredFile(NamedTuple):
    """A file under its link: what it is called, its MIME type, and its bytes."""

    id: str
    name: str
    mime_type: str
    data: bytes


class Media:
    """
    Files by id; the oldest go first when they take more than `room` bytes.

    The same file, put twice, lies there once and keeps its link: a sample that is sent a thousand times takes no room.

    Args:
        base: where links begin, with no slash at the end; whoever puts the server together knows it.
        room: most bytes of all files together; one that is larger by itself is alone.
    """

    def __init__(self, base: str = "", *, room: int = MAX_ROOM) -> None:
        self._base = base
        self._limit = room
        self._files: dict[str, StoredFile] = {}
        self._room = 0

    def __len__(self) -> int:
        return len(self._files)

    def __iter__(self) -> Iterator[StoredFile]:
        return iter(tuple(self._files.values()))

    @property
    def base(self) -> str:
        """Where links begin; empty where nobody knows."""
        return self._base

    def put(self, name: str, mime_type: str, data: bytes) -> str:
        """Keep a file and return its link, an absolute URL that needs no credentials."""
        file = StoredFile(_id_of(name, mime_type, data), name, mime_type, data)
        self._drop(file.id)  # it goes to the end of the queue
        self._files[file.id] = file
        self._room += _room_of(file)
        while self._room > self._limit and len(self._files) > 1:
            self._drop(next(iter(self._files)))
        return f"{self._base}/{file.id}"

    def get(self, file_id: str) -> StoredFile | None:
        """Return the file of that id; None if there is none, or no more."""
        return self._files.get(file_id)

    def clear(self) -> None:
        """Forget everything."""
        self._files.clear()
        self._room = 0

    def _drop(self, file_id: str) -> None:
        file = self._files.pop(file_id, None)
        if file is not None:
            self._room -= _room_of(file)


def _id_of(name: str, mime_type: str, data: bytes) -> str:
    """Return what a file is found by: nobody can guess it who does not have the file."""
    digest = hashlib.blake2s(data, digest_size=16)
    for part in (name, mime_type):
        digest.update(b"\0" + part.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _room_of(file: StoredFile) -> int:
    return len(file.data) + _OVERHEAD
