"""Patterns: the globs and kinds by which scenarios recognise messages, written singly or as a list."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

Kind = Literal["text", "media", "card", "carousel", "location", "suggestion_response", "event", "other"]
LONGEST_GLOB = 1000  # characters

_Glob = Annotated[str, Field(min_length=1, max_length=LONGEST_GLOB)]


def _listed(value: Any) -> Any:
    if not isinstance(value, str | list):
        raise ValueError("must be text or a list of texts; put a number into quotes")  # noqa: TRY004 - pydantic's way
    return [value] if isinstance(value, str) else value


Globs = Annotated[
    list[_Glob], Field(min_length=1), BeforeValidator(_listed, json_schema_input_type=_Glob | list[_Glob])
]
Kinds = Annotated[list[Kind], Field(min_length=1), BeforeValidator(_listed, json_schema_input_type=Kind | list[Kind])]


def is_exact(pattern: str) -> bool:
    """Tell whether a glob matches itself and nothing else."""
    return not any(sign in pattern for sign in "*?[")


def escaped(text: str, longest: int) -> str:
    """Return the glob that matches a text, or all that begin as it does if the glob would be longer than that."""
    signs = [f"[{sign}]" if sign in "*?[" else sign for sign in text[: longest + 1]]
    whole = "".join(signs)
    if len(whole) <= longest:
        return whole
    while len(whole) >= longest:
        whole = whole[: -len(signs.pop())]
    return f"{whole}*"


@lru_cache(maxsize=4096)
def compile_globs(patterns: tuple[str, ...], *, fold_case: bool = False) -> re.Pattern[str]:
    """Return what matches whatever any of the globs matches, as a whole."""
    return re.compile("|".join(map(translate, patterns)), re.IGNORECASE if fold_case else re.NOFLAG)
