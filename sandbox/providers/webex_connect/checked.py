"""Checked: one request object that passed every check, as both API versions hand it on to be accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sandbox.core.conversation import Body

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Addressed(NamedTuple):
    """
    One destination: it gets a message, an id and receipts of its own.

    Attributes:
        key: which sort of address, in the document's spelling: `msisdn`, `psid`, `email`, ...
        value: the address exactly as given.
        correlation_id: the destination's, else the request's; "" for none.
        substitutions: v2: what its placeholders are replaced by, the global values included.
        joined: v2 e-mail: the further addresses that share the id and have receipts of their own: the rest of a
            `multipleToRecipients` object, then cc and bcc.
    """

    key: str
    value: str
    correlation_id: str = ""
    substitutions: Mapping[str, str] = _NOTHING
    joined: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[Addressed, ...]:
        """Those who get a message under its id: the destination itself, and whom it is joined by (WX2-EMAIL-09)."""
        return (self, *(self._replace(value=copy, joined=()) for copy in self.joined)) if self.joined else (self,)


def addressed(key: str, value: str, correlation_id: str) -> Addressed:
    """Return a destination that has no more than that; a call of the class takes twice as long."""
    return tuple.__new__(Addressed, (key, value, correlation_id, _NOTHING, ()))


@dataclass(frozen=True, slots=True)
class Fate:
    """
    What is known already to become of a message that is accepted nevertheless ("receipt ..." in the contracts).

    Attributes:
        status: the `deliveryStatus`: `Failed` or `Un-Delivered`.
        code: the receipt code.
        detail: the `additionalInfo`.
        description: replaces the code's own label.
    """

    status: str
    code: str
    detail: str = ""
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ContactPolicy:
    """Which contact policy group is asked, and about what (WX1-CP-01, -02; the outcomes -03 to -05 are receipts)."""

    group: str
    consent: bool
    cap: bool


@dataclass(frozen=True, slots=True)
class Fallback:
    """The SMS that goes out when an RCS message fails (WX2-RCS-18)."""

    sender: str
    text: str


def no_fate(_addressed: Addressed) -> Fate | None:
    """Return what is known to become of a destination's message, where nothing is."""
    return None


def _no_links(_addressed: Addressed) -> tuple[str, ...]:
    return ()


def _no_link(_addressed: Addressed) -> str | None:
    return None


@dataclass(slots=True, eq=False)
class Checked:
    """
    One request object that passed. Once it is made nobody changes it; freezing it would take longer than all of a text's checks.

    Attributes:
        channel: `sms` `voice` `push` `appmessaging` `fb` `whatsapp` `applebusinesschat`, or `sms` `email` `rcs`.
        sender: the business's own address: sender id, app id, caller id or e-mail address.
        addressed: the destinations in the request's order.
        body: what is asked for later of what was sent: v1: the channel's object; v2: the request object.
        content: what the handset of a destination shows, read when somebody asks.
        fate: what is known to become of a destination's message; None lets the scenario decide.
        notify_url: where the request wants its receipts, exactly as given, valid or not; None for the service's place.
        notify_auth_id: which configured authorization its callbacks carry.
        callback_data: echoed in every receipt.
        expires_at: a message not delivered by then expires; one in the past was accepted nevertheless.
        send_at: v2: when a scheduled message goes out; None is at once.
        receipts: which receipts go to `notify_url`, in the spelling of v2's table (`submitted`, `delivered`,
            `undelivered`, `failed`, `read`, `clicked`, `not verified`, `invalid`, `bounced`, `complaint`); None is all.
        contact_policy: which group is asked; None asks nobody.
        by_template: a template carries it (the 24 hours' window does not apply).
        silent: nothing arrives at a person: only Submitted comes (sender actions, agent events, typing).
        clicks: clicks are tracked, so that Clicked may come.
        opens: opens are tracked, so that Read may come (v2 e-mail; true wherever Read needs no tracking).
        links: the links of a destination's message whose clicks can be told, as the request has them.
        unsubscribe: v2 e-mail: the link in a destination's message that unsubscribes, where it has one.
        pushref: what an interactive push echoes in its Read receipt.
        carrier: v2 RCS: `options.carrierId`, echoed as `carrier`.
        fallback: v2 RCS: the SMS that goes out in its place.
        warnings: for the journal: "WX1-SMS-06: body is ignored ...".
    """

    channel: str
    sender: str
    addressed: tuple[Addressed, ...]
    body: dict[str, Any]
    content: Callable[[Addressed], Body]
    fate: Callable[[Addressed], Fate | None] = no_fate
    notify_url: str | None = None
    notify_auth_id: str | None = None
    callback_data: str = ""
    expires_at: datetime | None = None
    send_at: datetime | None = None
    receipts: frozenset[str] | None = None
    contact_policy: ContactPolicy | None = None
    by_template: bool = False
    silent: bool = False
    clicks: bool = False
    opens: bool = True
    links: Callable[[Addressed], tuple[str, ...]] = _no_links
    unsubscribe: Callable[[Addressed], str | None] = _no_link
    pushref: str | None = None
    carrier: str | None = None
    fallback: Fallback | None = None
    warnings: tuple[str, ...] = ()

    def destinations(self) -> Iterator[Addressed]:
        """Yield all that get a message of their own."""
        for addressed in self.addressed:
            yield from addressed.people
