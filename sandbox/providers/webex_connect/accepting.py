"""Accepting: from a checked request to messages that are accepted, one for each person, and their fates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sandbox.core.account import Account
from sandbox.core.content import Text
from sandbox.core.conversation import Body, Conversation, Message
from sandbox.core.events import MessageAccepted
from sandbox.core.operation import Call
from sandbox.providers.webex_connect import codes, limits, magic, memory
from sandbox.providers.webex_connect.account import settings_of
from sandbox.providers.webex_connect.checked import Addressed, Checked, Fate
from sandbox.providers.webex_connect.order import Order, Version, order_of
from sandbox.providers.webex_connect.people import wire_form

MOST_WARNINGS = 100  # of one request, for an array may hold a thousand elements
FATE_AFTER = 0.1  # seconds from acceptance until the platform tells what it knew from the start
_WINDOW = timedelta(hours=24)

_ALREADY_BOUNCED = "already bounced : {}"
_UNSUBSCRIBED = "unsubscribed : {}"
_OUTSIDE_WINDOW = Fate("Failed", "7710")


def accept(call: Call, checked: Checked, version: Version, transids: Iterator[str]) -> list[tuple[Addressed, str]]:
    """
    Take a checked request: messages, and what becomes of them once the answer is out.

    Args:
        call: the request it came with.
        checked: what is asked for.
        version: which API it came by.
        transids: deals out an id for each destination.

    Returns the destinations with their ids, in the request's order.
    """
    account, at = call.account, call.at
    if checked.warnings:
        call.warnings += checked.warnings[: max(0, MOST_WARNINGS - len(call.warnings))]
    if checked.notify_auth_id and checked.notify_auth_id not in settings_of(account).authorizations:
        rule = "WX1-CB-07" if version == "v1" else "WX2-ENV-12"
        call.warnings.append(f"{rule}: no authorization is configured under {checked.notify_auth_id[:100]!r}")
    size = len(call.request.body) // max(1, len(checked.addressed))
    given = []
    for addressed in checked.addressed:  # a repeated one is sent again (WX1-DEST-07, WX2-TO-08)
        transid = next(transids)
        given.append((addressed, transid))
        for person in addressed.people:
            order = tuple.__new__(Order, (checked, person, version, False))  # a call takes twice as long
            _take(call, order, transid, at, size)
    limits.count(account, len(checked.addressed), at)
    return given


def _take(call: Call, order: Order, transid: str, at: datetime, size: int) -> None:
    account, checked, addressed = call.account, order.checked, order.addressed
    user = wire_form(addressed.value)
    conversation = tuple.__new__(Conversation, (account.key, checked.sender, user))
    # An order can be called, though mypy does not see that of a named tuple.
    message = account.message(conversation, checked.channel, transid, at, order, size)  # type: ignore[arg-type]
    message.facts = order
    call.take(message)
    fate = checked.fate(addressed) or _refusal(account, order, user, at)
    call.publish(
        MessageAccepted(
            at,
            conversation,
            None,
            message,
            None if fate is None else _steps(fate),
            checked.send_at,  # WX2-TIME-09
            checked.expires_at if fate is None else None,  # WX1-ENV-11, WX2-TIME-08
        )
    )


def _refusal(account: Account, order: Order, user: str, at: datetime) -> Fate | None:
    """Return what the platform knows against a message by what happened before; None if nothing."""
    checked, addressed = order.checked, order.addressed
    if checked.channel == "email" and not magic.is_magic(user):
        # Magic addresses are left out, for they always behave the same.
        kept = memory.of(account, user)
        if kept is not None and kept.unsubscribed:
            return Fate("Failed", codes.UNSUBSCRIBED, description=_UNSUBSCRIBED.format(addressed.value))
        if kept is not None and kept.bounced:
            return Fate("Failed", codes.ALREADY_BOUNCED, description=_ALREADY_BOUNCED.format(addressed.value))
    if checked.channel == "whatsapp" and not checked.by_template and settings_of(account).enforce_24h_window:
        kept = memory.of(account, user)
        if kept is None or kept.wrote_at is None or at - kept.wrote_at >= _WINDOW:
            return _OUTSIDE_WINDOW  # WX1-WA-07
    if checked.contact_policy is not None:
        return limits.refusal(account, checked.contact_policy, user, at)
    return None


@lru_cache(maxsize=256)
def _steps(fate: Fate) -> tuple[Mapping[str, Any], ...]:
    """Return a fate as steps of a scenario."""
    told: dict[str, Any] = {"do": "receipt", "status": fate.status, "code": fate.code, "after": FATE_AFTER}
    if fate.detail:
        told["detail"] = fate.detail
    if fate.description is not None:
        told["callback"] = {"set": {"deliveryInfoNotification.deliveryInfo.Description": fate.description}}
    return (told,)


def fallback_for(message: Message, account: Account) -> Message | None:
    """Return the SMS that goes out in the place of an RCS message that failed, if the request wants one (WX2-RCS-18)."""
    order = order_of(message)
    fallback = order.checked.fallback
    if fallback is None:  # WX2-RCS-19
        return None
    body = Body(Text(fallback.text))
    checked = replace(order.checked, channel="sms", sender=fallback.sender, content=lambda _: body, fallback=None)
    conversation = Conversation(account.key, fallback.sender, message.conversation.user)
    size = len(fallback.text)
    instead = account.message(conversation, "sms", message.provider_id, account.clock.now(), body, size)
    instead.request = message.request
    instead.facts = Order(checked, order.addressed, order.version, is_fallback=True)
    return instead
