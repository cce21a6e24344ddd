"""Spelling: what somebody may have meant who wrote a name that is not there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Final

_SHOWN: Final = 3
_ALIKE: Final = 0.6  # of 1, as difflib counts it
_COMPARED: Final = 100  # characters: comparing takes time


def nearest(written: str, known: Iterable[str]) -> list[str]:
    """Return the few names that are nearest to a written one, whatever its letter case; none where none is near."""
    names = {name.casefold(): name for name in known}
    return [names[name] for name in get_close_matches(written[:_COMPARED].casefold(), names, _SHOWN, _ALIKE)]


def meant(written: str, known: Collection[str]) -> str:
    """Return in words the names that are nearest to a written one, or all where none is near."""
    near = nearest(written, known)
    told = near or known
    verb = "is" if len(told) == 1 else "are"
    return f"{'the nearest' if near else 'there'} {verb} {', '.join(told)}"
