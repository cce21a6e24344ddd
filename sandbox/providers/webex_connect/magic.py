"""Magic: destinations that end in `000` and a receipt code, and mailboxes `code-...`, which always get that receipt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sandbox.core.account import Account
from sandbox.core.conversation import Message
from sandbox.core.provider import Magic, Steps
from sandbox.providers.webex_connect import codes
from sandbox.providers.webex_connect.order import order_of

SUBMITTED_AFTER, DELIVERED_AFTER, NEXT_AFTER = 0.1, 0.3, 0.4  # seconds after the step before

_NUMBER = re.compile(r".*000(7[0-9]{3}|90[0-9]{2})", re.DOTALL).fullmatch
_MAILBOX = re.compile(r"code-(7[0-9]{3}|90[0-9]{2})(?:-([a-z_-]{1,40}))?@.*", re.DOTALL).fullmatch

_WITHOUT_READ = ("sms", "voice", "applebusinesschat")
_RCS_ONLY = re.compile(r"73[0-9]{2}").fullmatch


def _receipt(status: str, after: float, **more: Any) -> dict[str, Any]:
    return {"do": "receipt", "status": status, "after": after, **more}


_SUBMITTED = _receipt("Submitted", SUBMITTED_AFTER)
_DELIVERED = {"do": "deliver", "after": DELIVERED_AFTER}
_ARRIVED = (_SUBMITTED, _DELIVERED)
_CALLED = (
    _receipt("OFFERED", SUBMITTED_AFTER),
    _receipt("ACCEPTED", SUBMITTED_AFTER),
    _receipt("ANSWERED", DELIVERED_AFTER),
)
_HANGS_UP = (*_CALLED, _receipt("Released", NEXT_AFTER), _receipt("DISCONNECTED", 0.0), _receipt("DROPPED", 0.0))
# As in the scenarios that play by default.
_USUAL: Mapping[str, Steps] = {
    "voice": (*_CALLED, _receipt("DROPPED", NEXT_AFTER), _receipt("Released", 0.0)),
    "applebusinesschat": (_SUBMITTED,),
}

EXAMPLES: Mapping[str, str] = {
    "+15550007500": "the usual receipts",
    "+15550007501": "Submitted, then silence",
    "+15550007502": "Submitted, Delivered, Read",
    "+15550007528": "Submitted, Delivered, Clicked (where clicks are tracked)",
    "+15550007101": "Failed: invalid sender",
    "+15550007102": "Failed: invalid address",
    "+15550007207": "SMS: Submitted, then Un-Delivered: unreachable",
    "+15550007208": "SMS: Submitted, then Un-Delivered: expired",
    "+15550007323": "RCS: Failed: not reachable; the fallback goes out if there is one",
    "+15550007401": "voice: no answer",
    "+15550007402": "voice: busy",
    "+15550007410": "voice: answered, and the person hangs up",
    "+15550007010": "Failed 7010; any code at the end of any destination does the like",
    "+15550009002": "Failed: no consent",
    "code-7520@x.test": "e-mail: Submitted, then Bounce Permanent_General; code-7520-Transient_MailboxFull@ picks the type",
    "code-7521@x.test": "e-mail: Submitted, Delivered, then Complaint abuse",
    "code-7522@x.test": "e-mail: Not Verified",
    "code-7523@x.test": "e-mail: Failed: invalid address",
    "code-7502@x.test": "e-mail: Submitted, Delivered, Read (where opens are tracked)",
    "code-7528@x.test": "e-mail: Submitted, Delivered, Clicked (where clicks are tracked)",
    "code-9002@x.test": "e-mail: Failed: no consent",
}


def is_magic(user: str) -> bool:
    """Tell whether a person, in wire form, is a magic destination."""
    return find(user) is not None


def find(user: str) -> Magic | None:
    """Return the magic destination of that name; None for a person's."""
    # Three ends out of a million are magic, and this is asked for every message.
    if "000" in user[-8:] or user.startswith("code-"):
        return _made(user)
    return None


@lru_cache(maxsize=1024)
def _made(user: str) -> Magic | None:
    if "@" in user:
        found = _MAILBOX(user)
        if found is None:
            return None
        code, subtype = found[1], found[2] or ""
    else:
        found = _NUMBER(user)
        if found is None:
            return None
        code, subtype = found[1], ""
    if code == codes.DELIVERED:
        return Magic(user, "the usual receipts")
    return Magic(user, f"receipt code {code}", lambda message, account: steps(code, subtype, message, account))


def steps(code: str, subtype: str, message: Message, account: Account) -> Steps:
    """
    Return what plays when a message to a magic destination was accepted.

    Args:
        code: the receipt code that its address names.
        subtype: of a mailbox: which sort of bounce or complaint, in lower case.
        message: what was accepted.
        account: whose.
    """
    channel, order = message.channel, order_of(message)
    if order.is_fallback and _RCS_ONLY(code):
        return _ARRIVED
    usual = (_SUBMITTED,) if order.checked.silent else _USUAL.get(channel, _ARRIVED)
    match code:
        case "7501":
            return usual[:1]
        case "7502" if channel not in _WITHOUT_READ and order.checked.opens and not order.checked.silent:
            return (*usual, {"do": "read", "after": NEXT_AFTER})
        case "7528" if account.provider.links(message, account):
            return (*usual, {"do": "click", "after": NEXT_AFTER})
        case "7502" | "7528":
            return usual
        case "7410" if channel == "voice":
            return _HANGS_UP
        case "7520" if channel == "email":
            kind = _spelled(subtype, codes.BOUNCE_TYPES)
            return (_SUBMITTED, _receipt("Bounce", NEXT_AFTER, code=code, detail=kind))
        case "7521" if channel == "email":
            kind = _spelled(subtype, codes.COMPLAINT_TYPES)
            return (*_ARRIVED, _receipt("Complaint", NEXT_AFTER, code=code, detail=kind))
        case _:
            return _failed(code, channel)


def _failed(code: str, channel: str) -> Steps:
    """Return the steps of something gone wrong, with Submitted first where the message had left the platform."""
    if not codes.is_listed(code):
        code = codes.UNKNOWN
    status = codes.status(channel, code)
    if status == "REJECTED":
        return (_receipt("DROPPED", SUBMITTED_AFTER), _receipt(status, 0.0, code=code))
    if status == "Un-Delivered":
        return (_SUBMITTED, _receipt(status, NEXT_AFTER, code=code))
    return (_receipt(status if status == "Not Verified" else "Failed", SUBMITTED_AFTER, code=code),)


def _spelled(subtype: str, kinds: tuple[str, ...]) -> str:
    """Return a sort of bounce or complaint as it is spelled, whatever the case of the mailbox; the first by default."""
    return next((kind for kind in kinds if kind.lower() == subtype), kinds[0])


MAGIC = tuple(Magic(address, does) for address, does in EXAMPLES.items())
