"""Values: reads single values of a request, with the liberties of both versions: "1" for 1, "true" for true, "" for absent."""

from __future__ import annotations

import math
import re
from typing import Any
from urllib.parse import urlsplit

_DIGITS = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)
_TRUTH: dict[str, bool] = {"true": True, "false": False}


def given(block: dict[str, Any], name: str) -> Any:
    """Return the member of that name; None where it is absent, null, "" or an empty array or object."""
    value = block.get(name)
    return None if not value and (value is None or isinstance(value, str | list | dict)) else value


def integer(value: Any) -> int | None:
    """Return an integer, given as a number or as digits; None if it is neither."""
    if isinstance(value, str):
        return int(value) if _DIGITS.fullmatch(value) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number(value: Any) -> float | None:
    """Return a finite number, given as one or as a numeric string; None if it is neither."""
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def truth(value: Any) -> bool | None:
    """Return a boolean, given as one or as `"true"` or `"false"`; None if it is neither."""
    if isinstance(value, bool):
        return value
    return _TRUTH.get(value) if isinstance(value, str) else None


def file_name(url: str | None) -> str | None:
    """Return what follows the last slash of a URL's path; None if nothing does, or there is no URL."""
    try:
        return urlsplit(url or "").path.rpartition("/")[2] or None
    except ValueError:
        return None
