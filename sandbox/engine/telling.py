"""Telling: what an action or a step does, in a few words."""

from __future__ import annotations

from pydantic import BaseModel
from pydantic_core import to_json

LONGEST = 120  # characters

_BESIDE = {"do", "after", "user", "sender", "channel", "callback", "content"}  # said elsewhere, or too much to say


def told(deed: BaseModel) -> str:
    """Return what a step or action does with what: `tap "Yes"`, `expect kind="card" within=30.0`."""
    values = {
        name: to_json(value, inf_nan_mode="constants").decode()
        for name, value in deed.model_dump(exclude_unset=True, exclude=_BESIDE).items()
    }
    said = values.values() if len(values) == 1 else (f"{name}={value}" for name, value in values.items())
    return shortened(" ".join((str(getattr(deed, "do", "")), *said)))


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return a text on one line, cut where it is too long, and without what a terminal might take for a command."""
    line = " ".join(text.split())
    if not line.isprintable():
        line = "".join(each if each.isprintable() else "\ufffd" for each in line)
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
