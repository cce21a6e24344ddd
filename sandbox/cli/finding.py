"""Finding: one thing that `doctor` looked at, and what it found."""

from __future__ import annotations

from typing import Literal, NamedTuple

Mark = Literal["ok", "warn", "fail"]


class Finding(NamedTuple):
    """
    What was found.

    Attributes:
        check: what was looked at, in a word.
        says: what there is, in a sentence.
        remedy: what to do about it; None where nothing needs doing.
    """

    check: str
    mark: Mark
    says: str
    remedy: str | None = None


def ok(check: str, says: str) -> Finding:
    """Return that all is well."""
    return Finding(check, "ok", says)


def warn(check: str, says: str, remedy: str | None = None) -> Finding:
    """Return what may or may not be meant so."""
    return Finding(check, "warn", says, remedy)


def fail(check: str, says: str, remedy: str | None = None) -> Finding:
    """Return what cannot work."""
    return Finding(check, "fail", says, remedy)
