"""Error: a document that no sandbox can be made of, with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.engine.complaint import Path, spell


class SnapshotError(ValueError):
    """
    A document is no snapshot, or none that this version can read.

    Attributes:
        errors: what is wrong where, each `{"path", "message"}`.
    """

    def __init__(self, complaints: Iterable[tuple[Path, str]]) -> None:
        self.errors = [{"path": spell(path), "message": message} for path, message in complaints]
        super().__init__("; ".join(": ".join(filter(None, (one["path"], one["message"]))) for one in self.errors))
