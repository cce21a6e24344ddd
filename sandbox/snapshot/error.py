"""Error: a document that no sandbox can be made of, with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.engine.complaint import spell
from sandbox.snapshot.codec import WrongError


class SnapshotError(ValueError):
    """
    A document is no snapshot, or none that this version can read.

    Attributes:
        wrong: what is wrong where; the account's number stands in front when it is known.
        errors: the same as `{"path", "message"}`.
    """

    def __init__(self, wrong: Iterable[WrongError]) -> None:
        self.wrong = tuple(wrong)
        self.errors = [{"path": spell(tuple(one.path)), "message": str(one)} for one in self.wrong]
        super().__init__("; ".join(": ".join(filter(None, (one["path"], one["message"]))) for one in self.errors[:5]))

    def inside(self, *place: str | int) -> SnapshotError:
        """Return it as seen from around that place."""
        for one in self.wrong:
            one.path[:0] = place
        return SnapshotError(self.wrong)
