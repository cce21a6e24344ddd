"""Durations: seconds as a number, or `200ms | 1.5s | 2m | 24h | 7d` where people write them."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo

PATTERN = r"^[0-9]{1,9}(\.[0-9]{1,9})?(ms|s|m|h|d)$"
LONGEST = 30 * 86_400
NUMBERS_ONLY = {"durations": "numbers"}  # validation context of the control API, which counts in seconds

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


def seconds_of(text: str) -> float:
    """Return the seconds that a duration such as `1.5s` stands for. Raises `ValueError`."""
    found = re.fullmatch(PATTERN, text)
    if found is None:
        raise ValueError(f"{text!r} is no duration; write 200ms, 1.5s, 2m, 24h, 7d or a number of seconds")
    unit = found[2]
    return float(text.removesuffix(unit)) * _UNITS[unit]


def _read(value: Any, info: ValidationInfo) -> Any:
    return seconds_of(value) if isinstance(value, str) and info.context != NUMBERS_ONLY else value


_Number = Annotated[float, Field(ge=0, le=LONGEST, allow_inf_nan=False)]
Seconds = Annotated[
    _Number, BeforeValidator(_read, json_schema_input_type=_Number | Annotated[str, Field(pattern=PATTERN)])
]
