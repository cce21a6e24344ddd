"""Limits: the rate of a service in any second, its quota of a day, and how often a person is written to."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sandbox.core.account import Account
from sandbox.core.operation import ReplyHeaders
from sandbox.providers.webex_connect.account import settings_of
from sandbox.providers.webex_connect.checked import ContactPolicy, Fate
from sandbox.providers.webex_connect.receipts import stamp

# What the headers of v2 say of a service without a configured rate, and of every service's day. No document tells how
# large they are.
UNLIMITED = 1000
QUOTA = 1_000_000

_BEFORE = datetime.fromtimestamp(0, UTC)
_SECOND = timedelta(seconds=1)
_CAP_WINDOW = timedelta(hours=24)

_UNKNOWN_GROUP = Fate("Failed", "9005")
_NO_CONSENT = Fate("Failed", "9002")
_CAPPED = Fate("Failed", "9006")


@dataclass(slots=True)
class Traffic:
    """
    The destinations that a service addressed, over v1 and v2.

    Attributes:
        recent: when and how many, within the second that ends now; kept only where a rate is configured.
        today: how many there were on the tenant's day.
        day_ends: when that day is over.
        reset: the same, as the headers of v2 tell it.
        zone: the time zone that the day is of.
    """

    recent: deque[tuple[datetime, int]] = field(default_factory=deque)
    today: int = 0
    day_ends: datetime = _BEFORE
    reset: bytes = b""
    zone: str = ""

    def used(self, now: datetime) -> int:
        """Return how many there were in the second that ends now."""
        recent = self.recent
        while recent and now - recent[0][0] >= _SECOND:
            recent.popleft()
        return sum(count for _, count in recent)


@dataclass(slots=True)
class Contacts:
    """When a person was written to under a contact policy, within 24 hours."""

    at: deque[datetime] = field(default_factory=deque)


def _traffic(account: Account, now: datetime) -> Traffic:
    """Return an account's traffic, with the day's begun anew if that is over."""
    shelf = account.shelf(Traffic)
    traffic = shelf.get("")
    if traffic is None:
        traffic = Traffic()
        shelf.put("", traffic)
    settings = settings_of(account)
    if now >= traffic.day_ends or traffic.zone != settings.tenant_timezone:
        tomorrow = now.astimezone(settings.zone) + timedelta(days=1)
        midnight = tomorrow.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
        traffic.today = 0
        traffic.day_ends, traffic.reset = midnight, stamp(midnight, account).encode()
        traffic.zone = settings.tenant_timezone
    return traffic


def has_room(account: Account, count: int, now: datetime) -> bool:
    """Tell whether so many destinations more fit into the second that ends now (WX1-RATE-01, -02; WX2-RATE-01)."""
    tps = settings_of(account).tps
    return tps is None or _traffic(account, now).used(now) + count <= tps


def count(account: Account, number: int, now: datetime) -> None:
    """Count destinations that were accepted; what is refused counts nothing."""
    traffic = _traffic(account, now)
    if settings_of(account).tps is not None:
        traffic.recent.append((now, number))
    traffic.today += number


def headers(account: Account, now: datetime, *, exhausted: bool = False) -> ReplyHeaders:
    """Return the headers by which v2 tells of rate and quota."""
    traffic, tps = _traffic(account, now), settings_of(account).tps
    limit = tps or UNLIMITED
    remaining = 0 if exhausted else max(0, limit - traffic.used(now)) if tps is not None else limit
    return (
        (b"x-rate-limit-limit", b"%d" % limit),
        (b"x-rate-limit-remaining", b"%d" % remaining),
        (b"x-quota-limit-limit", b"%d" % QUOTA),
        (b"x-quota-limit-remaining", b"%d" % max(0, QUOTA - traffic.today)),
        (b"x-quota-limit-reset", traffic.reset),
    )


def refusal(account: Account, policy: ContactPolicy, user: str, now: datetime) -> Fate | None:
    """Return what a contact policy makes of a message to a person: None lets it go, and counts it."""
    groups = settings_of(account).contact_groups
    group = groups.get(policy.group)
    if group is None:
        return _UNKNOWN_GROUP if groups else None  # WX1-CP-03
    if policy.consent and group.consented is not None and not _is_among(user, group.consented, account):
        return _NO_CONSENT  # WX1-CP-04
    if policy.cap and group.cap is not None:
        shelf = account.shelf(Contacts)
        name = f"{policy.group} {user}"
        contacts = shelf.get(name)
        if contacts is None:
            contacts = Contacts()
            shelf.put(name, contacts)
        while contacts.at and now - contacts.at[0] >= _CAP_WINDOW:
            contacts.at.popleft()
        if len(contacts.at) >= group.cap:
            return _CAPPED  # WX1-CP-05
        contacts.at.append(now)
    return None


def _is_among(user: str, consented: list[str], account: Account) -> bool:
    """Tell whether a person, in wire form, is among those who consented, however their addresses are written."""
    return user in consented or any(account.provider.normalise_user(each) == user for each in consented)
