"""Likeness: what a page shows below a command, held against what the command printed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

# What a server makes up, and what stands for it: two such values are alike if they are of one kind.
_MADE_UP = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3,6})?(?:Z|[+-]\d\d:\d\d)"), "<time>"),
    (re.compile(r"\d\d:\d\d:\d\d\.\d{3}"), "<time of day>"),
    (re.compile(r"(acc|msg|req|cbk|run|flt|act)_[A-Za-z0-9]{10,}"), r"\1_<id>"),
    (re.compile(r"(?:http://)?127\.0\.0\.1:\d+"), "<server>"),
)
ANYTHING = "…"  # what a page leaves out
_SET = "2030-"  # begins times of a clock that the page itself has set


def documents(printed: str) -> Iterator[Any]:
    """Yield every JSON object and list that was printed, one behind the other, amid other text or not."""
    decoder, place = json.JSONDecoder(), 0
    while (found := re.compile(r"[{\[]").search(printed, place)) is not None:
        try:
            document, place = decoder.raw_decode(printed, found.start())
        except ValueError:
            place = found.end()
        else:
            yield document


def is_in(shown: Any, value: Any) -> bool:
    """Tell whether a value is what a page shows, or has it somewhere inside."""
    inside: list[Any] = []
    if isinstance(value, dict):
        inside = list(value.values())
    elif isinstance(value, list):
        inside = value
    return _fits(shown, value) or any(is_in(shown, one) for one in inside)


def _fits(shown: Any, value: Any) -> bool:
    """Tell whether a value is what a page shows: objects may have more members, and what is made up is alike."""
    match shown, value:
        case dict(), dict():
            return all(name in value and _fits(one, value[name]) for name, one in shown.items())
        case list(), list():
            return len(shown) == len(value) and all(map(_fits, shown, value))
        case str(), str() if shown.startswith(_SET) and value.startswith(_SET):
            return shown == value
        case str(), str():
            return is_shown(shown, value, whole=True)
        case _:
            return bool(shown == value) or shown == ANYTHING


def is_shown(shown: str, printed: str, *, whole: bool = False) -> bool:
    """Tell whether a text is what a page shows, line by line and in this order; `…` stands for whatever is left out."""
    lines = [re.escape(_alike(line.rstrip())) for line in shown.rstrip("\n").split("\n")]
    if whole:
        pattern = r"\n".join(lines)
        return re.fullmatch(pattern.replace(ANYTHING, "(?s:.*)"), _alike(printed)) is not None
    rest = iter([_alike(line.rstrip()) for line in printed.splitlines()])
    return all(
        any(re.fullmatch(line.replace(ANYTHING, ".*"), one) for one in rest)
        for line in lines
        if line not in ("", ANYTHING)
    )


def _alike(text: str) -> str:
    for made_up, kind in _MADE_UP:
        text = made_up.sub(kind, text)
    return text
