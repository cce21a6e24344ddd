"""Times: the instants of v2, in ISO 8601 with a zone or as seconds since 1970, and what bounds them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.providers.webex_connect.v2.rules import RULES
from sandbox.providers.webex_connect.values import integer

FURTHEST_AHEAD = timedelta(days=7)  # "max 7 days from current time" (75)
LONGEST_PAST = timedelta(seconds=60)
LONGEST_SMS_VALIDITY = 72 * 3600  # seconds

_MEMBERS = frozenset({"sendAt", "expireAt", "validity"})
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)"
)
_EPOCH = re.compile(r"[0-9]{1,12}")  # thirteen digits are milliseconds
_LAST_EPOCH = 253_402_300_799  # the end of the year 9999


def iso_instant(value: Any) -> datetime | None:
    """Return the instant that an ISO 8601 text with a zone names, in UTC; None if it is none."""
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):  # the 30th of February, the year 0
        return None


def instant(value: Any) -> datetime | None:
    """Return the instant that a text or a number of epoch seconds names, in UTC; None if it names none."""
    if isinstance(value, str) and not _EPOCH.fullmatch(value):
        return iso_instant(value)
    seconds = integer(value)
    return None if seconds is None or not 0 <= seconds <= _LAST_EPOCH else datetime.fromtimestamp(seconds, UTC)


def check(body: dict[str, Any], channel: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """
    Return when a message is to be sent (None: at once) and when it expires (None: never), in UTC.

    Raises:
        ApiError: WX2-TIME-01 to -06.

    Source: 72-78, 377-403.
    """
    if _MEMBERS.isdisjoint(body):
        return None, None
    send_at, expires_at = _instant_at(body, "sendAt"), _instant_at(body, "expireAt")
    if send_at is not None:
        if send_at - now > FURTHEST_AHEAD:
            raise RULES.broken("WX2-TIME-02")
        if now - send_at > LONGEST_PAST:
            raise RULES.broken("WX2-TIME-03")
    validity = body.get("validity")
    if expires_at is not None:
        if validity is not None:
            raise RULES.broken("WX2-TIME-04")
        if expires_at <= now or (send_at is not None and expires_at <= send_at):
            raise RULES.broken("WX2-TIME-05")
    if validity is not None:
        seconds = integer(validity.strip() if isinstance(validity, str) else validity)
        if seconds is None or seconds < 1 or (channel == "sms" and seconds > LONGEST_SMS_VALIDITY):
            raise RULES.broken("WX2-TIME-06")
        expires_at = _later(send_at or now, seconds)
    return send_at, expires_at


def _instant_at(body: dict[str, Any], name: str) -> datetime | None:
    value = body.get(name)
    if value is None:
        return None
    found = instant(value)
    if found is None:
        raise RULES.broken("WX2-TIME-01", path=name)
    return found


def _later(start: datetime, seconds: int) -> datetime | None:
    """Return the instant so many seconds on (WX2-TIME-07); None for one that no calendar reaches."""
    try:
        return start + timedelta(seconds=seconds)
    except OverflowError:
        return None
