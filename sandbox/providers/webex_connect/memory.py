"""Memory: what the platform keeps of a person: that mail to them bounced, that they unsubscribed, when they last wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sandbox.core.account import Account


@dataclass(slots=True)
class Known:
    """
    What is kept of one person.

    Attributes:
        bounced: mail to them came back for good: later mail fails at once (7240).
        unsubscribed: they want no more mail: later mail fails at once (7241).
        wrote_at: when they last sent something over WhatsApp, which opens a window of 24 hours.
    """

    bounced: bool = False
    unsubscribed: bool = False
    wrote_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """An id that was given to an inbound RCS message, which a READ event may name (WX2-RCS-14)."""

    id: str


def of(account: Account, user: str) -> Known | None:
    """Return what is kept of a person; None if nothing."""
    return account.shelf(Known).get(user)


def noted(account: Account, user: str) -> Known:
    """Return what is kept of a person, to be written to."""
    shelf = account.shelf(Known)
    known = shelf.get(user)
    if known is None:
        known = Known()
        shelf.put(user, known)
    return known
