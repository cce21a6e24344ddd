"""Expiry: the times of v1, in ISO 8601 with an offset that may lack a zero."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

# "2015-04-12T13:00:19.456Z or 2015-04-12T18:30:19.456+5:30" (148)
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:Z|([+-])([0-9]{1,2}):([0-5][0-9]))"
)


def instant(value: Any) -> datetime | None:
    """Return the instant that a text names, in UTC; None if it names none."""
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    *numbers, fraction, sign, hours, minutes = found.groups()
    year, month, day, hour, minute, second = map(int, numbers)
    microsecond = int(f"{fraction or '0':0<6}"[:6])
    ahead = timedelta(hours=int(hours), minutes=int(minutes)) if sign else timedelta()
    try:
        zone = timezone(-ahead if sign == "-" else ahead)
        return datetime(year, month, day, hour, minute, second, microsecond, zone).astimezone(UTC)
    except (ValueError, OverflowError):  # the 30th of February, an offset of 30 hours, the year 0
        return None
