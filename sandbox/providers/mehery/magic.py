"""Magic: phone numbers of WhatsApp and SMS, and one mailbox, that always behave the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.core.account import Account
from sandbox.core.content import readable
from sandbox.core.conversation import Message
from sandbox.core.fault import Latency, RequestEffect, Status
from sandbox.core.operation import RawRequest
from sandbox.core.provider import Magic, Steps
from sandbox.providers.mehery.account import settings_of
from sandbox.providers.mehery.sent import sent_of

PREFIX = "9199000000"
WINDOW_CLOSED = f"{PREFIX}04"
BOUNCE = "bounce@example.com"

_ACTS_AFTER = 0.5  # seconds from DLVRD to what the person does, which leaves READ behind it
_LATE = 5.0  # seconds until a receipt that takes its time
_APART = 0.1  # seconds between callbacks that come in the wrong order


def ladder(account: Account) -> list[dict[str, Any]]:
    """Return the statuses that a message comes to by itself, at the account's times (MEH-STAT-04)."""
    steps: list[dict[str, Any]] = []
    at = 0.0
    for word, due in sorted(settings_of(account).status_delays.items(), key=lambda item: item[1] or 0.0):
        if due is not None:
            steps.append({"do": "receipt", "status": word, "after": round(due - at, 6)})
            at = due
    return steps


def _until(word: str) -> Any:
    def steps(_message: Message, account: Account) -> Steps:
        usual = ladder(account)
        words = [step["status"] for step in usual]
        return usual[: words.index(word) + 1] if word in words else usual

    return steps


def _usual(_message: Message, account: Account) -> Steps:
    return ladder(account)


def _fails(code: str, *before: Mapping[str, Any]) -> Any:
    return lambda _message, _account: (*before, {"do": "fail", "code": code, "after": 0.2})


def _blocked(_message: Message, _account: Account) -> Steps:
    return ({"do": "receipt", "status": "BLCKD", "after": 0.2},)


def _deleted(_message: Message, account: Account) -> Steps:
    return (*ladder(account), {"do": "receipt", "status": "DELTD", "after": 0.5})


def _backwards(_message: Message, account: Account) -> Steps:
    """Hold each callback back until the one behind it has gone: the statuses themselves keep their order."""
    steps = ladder(account)
    end = sum(step["after"] for step in steps)
    at = 0.0
    for place, step in enumerate(steps):
        at += step["after"]
        if place < len(steps) - 1:
            step["callback"] = {"delay": round(end - at + _APART * (len(steps) - 1 - place), 6)}
    return steps


def _twice(_message: Message, account: Account) -> Steps:
    return [{**step, "callback": {"duplicate": 1}} for step in ladder(account)]


def _then(act: Mapping[str, Any], account: Account) -> Steps:
    """Have the person act after DLVRD; READ comes when it always does."""
    steps: list[Mapping[str, Any]] = []
    ahead = 0.0
    for step in ladder(account):
        steps.append({**step, "after": max(0.0, round(step["after"] - ahead, 6))})
        ahead = 0.0
        if step["status"] == "DLVRD":
            steps.append({**act, "after": _ACTS_AFTER})
            ahead = _ACTS_AFTER
    return steps


def _echoes(message: Message, account: Account) -> Steps:
    sent = sent_of(message)
    text = readable(message.content)
    if sent is None or sent.kind != "text":
        text = f"echo: {text or (sent.kind if sent is not None else '')}"
    return _then({"do": "say", "text": text[:65_536]}, account)


def _taps(message: Message, account: Account) -> Steps:
    for index, suggestion in enumerate(message.suggestions):
        if suggestion.action is None:
            return _then({"do": "tap", "suggestion": {"index": index}, "message": message.id}, account)
    return ladder(account)


def _acts(act: Mapping[str, Any]) -> Any:
    return lambda _message, account: _then(act, account)


def _answers(status: int) -> Any:
    return lambda _request, _account: Status(type="status", status=status)


def _takes_its_time(_request: RawRequest, _account: Account) -> RequestEffect:
    return Latency(type="latency", seconds=_LATE)


_PLACE = {"do": "share_location", "latitude": 59.90765, "longitude": 10.746597}
_SENT = {"do": "receipt", "status": "SENT", "after": 0.2}

MAGIC = (
    Magic(f"{PREFIX}01", "SENT, DLVRD, READ", _usual),
    Magic(f"{PREFIX}02", "SENT, DLVRD, never READ", _until("DLVRD")),
    Magic(f"{PREFIX}03", "SENT, and no more", _until("SENT")),
    Magic(WINDOW_CLOSED, "WhatsApp's window is closed: freeform gets 470, an approved template arrives", _usual),
    Magic(f"{PREFIX}05", "FAILD 471", _fails("471")),
    Magic(f"{PREFIX}06", "FAILD 472", _fails("472")),
    Magic(f"{PREFIX}07", "SENT, then FAILD 500", _fails("500", _SENT)),
    Magic(f"{PREFIX}08", "SENT, DLVRD, READ, then DELTD", _deleted),
    Magic(f"{PREFIX}09", "message/send answers 500", effect=_answers(500)),
    Magic(f"{PREFIX}10", "message/send answers 503", effect=_answers(503)),
    Magic(f"{PREFIX}11", "message/send answers 429", effect=_answers(429)),
    Magic(f"{PREFIX}12", "the receipt comes after 5 s", _usual, _takes_its_time),
    Magic(f"{PREFIX}13", "opted out: FAILD OPTOUT", _blocked),
    Magic(f"{PREFIX}14", "callbacks in the order READ, DLVRD, SENT", _backwards),
    Magic(f"{PREFIX}15", "each callback twice", _twice),
    Magic(f"{PREFIX}16", "after DLVRD, replies with the same text", _echoes),
    Magic(f"{PREFIX}17", "after DLVRD, taps the first quick reply", _taps),
    Magic(f"{PREFIX}18", "after DLVRD, shares 59.90765, 10.746597", _acts(_PLACE)),
    Magic(f"{PREFIX}19", "after DLVRD, sends an image", _acts({"do": "send_file", "sample": "photo.jpg"})),
    Magic(BOUNCE, "e-mail: FAILD 500", _fails("500")),
)
ADDRESSES = frozenset(one.address for one in MAGIC)
