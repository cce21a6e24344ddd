"""Patterns: the globs and kinds by which scenarios recognise messages, written singly or as a list."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

Kind = Literal["text", "media", "card", "carousel", "location", "suggestion_response", "event", "other"]
_Glob = Annotated[str, Field(min_length=1, max_length=1000)]


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


@lru_cache(maxsize=4096)
def compile_globs(patterns: tuple[str, ...], *, fold_case: bool = False) -> re.Pattern[str]:
    """Return what matches whatever any of the globs matches, as a whole."""
    return re.compile("|".join(map(translate, patterns)), re.IGNORECASE if fold_case else re.NOFLAG)
