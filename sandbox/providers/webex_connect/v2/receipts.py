"""Receipts: the names by which a request asks for some of them, and which name each status has."""

from __future__ import annotations

from typing import Any

from sandbox.providers.webex_connect.v2.rules import RULES

# The document's lists (449-451); then what its samples and public pages use as well.
_TABLE: dict[str, tuple[str, ...]] = {
    "sms": ("submitted", "delivered", "undelivered", "failed"),
    "email": ("submitted", "delivered", "not verified", "invalid", "bounced", "complaint", "read", "failed"),
    "rcs": ("submitted", "delivered", "read", "failed"),
}
_ALSO: dict[str, dict[str, str]] = {
    "sms": {"sent": "submitted", "clicked": "clicked"},  # "SENT", "Clicked" (149-150)
    "email": {"bounce": "bounced", "clicked": "clicked", "opened": "read"},
    "rcs": {"sent": "submitted", "clicked": "clicked"},
}
_SEPARATORS = str.maketrans("", "", " -_\t")

# By the name as it is compared: without case, blanks, "-" and "_".
NAMES: dict[str, dict[str, str]] = {
    channel: {**{name.translate(_SEPARATORS): name for name in names}, **_ALSO[channel]}
    for channel, names in _TABLE.items()
}

_OF_STATUS: dict[str, str] = {
    "Submitted": "submitted",
    "Delivered": "delivered",
    "Un-Delivered": "undelivered",
    "Failed": "failed",
    "Read": "read",
    "Clicked": "clicked",
    "Bounce": "bounced",
    "Complaint": "complaint",
    "Not Verified": "not verified",
}
_INVALID_ADDRESS = "7523"


def check(body: dict[str, Any], channel: str) -> frozenset[str] | None:
    """
    Return the names of the receipts that are wanted at `notifyUrl`; None for all of them (WX2-RCPT-02).

    Raises:
        ApiError: WX2-RCPT-01.

    Source: 445-451.
    """
    wanted = body.get("requestedReceipts")
    if wanted is None or wanted == []:
        return None
    if not isinstance(wanted, list):
        raise RULES.broken("WX2-RCPT-01", detail="requestedReceipts is no array")
    names, found = NAMES[channel], set()
    for item in wanted:
        name = names.get(item.lower().translate(_SEPARATORS)) if isinstance(item, str) else None
        if name is None:
            raise RULES.broken("WX2-RCPT-01", detail=f"{channel} has {', '.join(sorted(set(names.values())))}")
        found.add(name)
    return frozenset(found)


def name_of(status: str, code: str) -> str:
    """
    Return the name of a receipt by its `deliveryStatus` and code; each has one of its own (WX2-RCPT-04).

    The notification of an invalid address reads `Failed`, and is asked for as `invalid` (WX2-RCPT-05).
    """
    return "invalid" if code == _INVALID_ADDRESS else _OF_STATUS.get(status, status.lower())


def is_wanted(wanted: frozenset[str] | None, status: str, code: str) -> bool:
    """Tell whether a receipt goes to the `notifyUrl` of a request that asked for those (WX2-RCPT-02)."""
    return wanted is None or name_of(status, code) in wanted
