"""Magic numbers: country code 999 is in nobody's hands, so `+9990000` and four digits always behave the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.core.account import Account
from sandbox.core.conversation import Message
from sandbox.core.fault import DropAnswer, Hang, RequestEffect, Status
from sandbox.core.operation import RawRequest
from sandbox.core.provider import Magic, Steps
from sandbox.providers.link.account import Tried
from sandbox.providers.link.callbacks import NO_CHANNEL, UPLOAD_ERROR
from sandbox.providers.link.content import AcceptedMessage

PREFIX = "+9990000"
UNDELIVERABLE = (f"{PREFIX}3002", f"{PREFIX}3003")
WEB_RECIPIENT = f"{PREFIX}4001"

_DELIVER = {"do": "deliver", "after": 0.2}
_READ = {"do": "read", "after": 0.4}
_RECEIPTS = (_DELIVER, _READ)
_ACTS = 0.4  # seconds from READ to what the person does, which makes it 1.0 s after acceptance


def _plays(*steps: Mapping[str, Any]) -> Any:
    return lambda _message, _account: steps


def _then(step: Mapping[str, Any]) -> Any:
    return _plays(*_RECEIPTS, {**step, "after": _ACTS})


def _tap(index: int, **more: Any) -> dict[str, Any]:
    return {"do": "tap", "suggestion": {"index": index}, "after": _ACTS, **more}


def _taps_first(message: Message, _account: Account) -> Steps:
    return (*_RECEIPTS, _tap(0)) if message.suggestions else _RECEIPTS


def _taps_last(message: Message, _account: Account) -> Steps:
    last = len(message.suggestions) - 1
    return (*_RECEIPTS, _tap(last)) if message.suggestions else _RECEIPTS


def _taps_all(message: Message, _account: Account) -> Steps:
    return (*_RECEIPTS, *(_tap(index) for index in range(len(message.suggestions))))


def _taps_previous(message: Message, account: Account) -> Steps:
    for earlier in reversed(account.journal.messages):
        before = earlier.seq < message.seq and earlier.conversation == message.conversation
        if before and earlier.direction == "outbound":
            if not earlier.suggestions:
                break
            return (*_RECEIPTS, _tap(0, message=earlier.id))
    return _RECEIPTS


def _shares_location(message: Message, _account: Account) -> Steps:
    for index, suggestion in enumerate(message.suggestions):
        if suggestion.action is not None and suggestion.action.kind == "request_location":
            return (*_RECEIPTS, _tap(index))
    place = {"do": "share_location", "latitude": 59.90765, "longitude": 10.746597, "after": _ACTS}
    return (*_RECEIPTS, place)


def _fails_again(message: Message, _account: Account) -> Steps:
    return ({"do": "fail", "code": NO_CHANNEL, "message": message.id, "after": 0.2},)  # it has failed: name it


def _answers(status: int) -> Any:
    return lambda _request, _account: Status(type="status", status=status)


def _hangs(_request: RawRequest, _account: Account) -> RequestEffect:
    return Hang(type="hang")


def _loses_first_answer(request: RawRequest, account: Account) -> RequestEffect | None:
    message_id = dict(request.query_pairs()).get("messageId", "").lower()
    return None if message_id in account.shelf(AcceptedMessage) else DropAnswer(type="drop_answer")


def _refuses_first_call(request: RawRequest, account: Account) -> RequestEffect | None:
    number = request.params["msisdn"]
    if number in account.shelf(Tried):
        return None
    account.shelf(Tried).put(number, Tried(1))
    return Status(type="status", status=401)


_TWICE = {"callback": {"duplicate": 1}}

MAGIC = (
    Magic(f"{PREFIX}1000", "DELIVERED, READ", _plays(*_RECEIPTS)),
    Magic(f"{PREFIX}1001", "accepted, then silence", _plays()),
    Magic(f"{PREFIX}1002", "DELIVERED, never READ", _plays(_DELIVER)),
    Magic(f"{PREFIX}1003", "DELIVERED after 30 s, READ", _plays({**_DELIVER, "after": 30.0}, _READ)),
    Magic(f"{PREFIX}1004", "READ without DELIVERED", _plays({**_READ, "after": 0.6})),
    Magic(
        f"{PREFIX}1005",
        "READ before DELIVERED",
        lambda message, _account: (
            {"do": "read", "message": message.id, "after": 0.2},
            {"do": "deliver", "message": message.id, "after": 0.4},
        ),
    ),
    Magic(f"{PREFIX}1006", "each callback twice", _plays({**_DELIVER, **_TWICE}, {**_READ, **_TWICE})),
    Magic(f"{PREFIX}2001", "reads, taps the first suggestion", _taps_first),
    Magic(f"{PREFIX}2002", "reads, taps the last suggestion", _taps_last),
    Magic(f"{PREFIX}2003", "reads, taps every suggestion in order", _taps_all),
    Magic(
        f"{PREFIX}2004",
        "IS_TYPING, then a text",
        _plays(
            *_RECEIPTS,
            {"do": "start_typing", "after": _ACTS},
            {"do": "say", "text": "Hello from your sandbox!", "after": _ACTS},
        ),
    ),
    Magic(
        f"{PREFIX}2005",
        "shares 59.90765, 10.746597; taps the location request first if there is one",
        _shares_location,
    ),
    Magic(f"{PREFIX}2006", "sends an image (multipart)", _then({"do": "send_file", "sample": "photo.jpg"})),
    Magic(f"{PREFIX}2007", "sends a video (multipart)", _then({"do": "send_file", "sample": "clip.mp4"})),
    Magic(f"{PREFIX}2008", "taps the first suggestion of the previous message", _taps_previous),
    Magic(f"{PREFIX}3001", f"{NO_CHANNEL} callback", _plays({"do": "fail", "code": NO_CHANNEL, "after": 0.2})),
    Magic(f"{PREFIX}3002", "200 with error, no callback", _plays()),
    Magic(f"{PREFIX}3003", "200 with error, and the callback of 3001", _fails_again),
    Magic(f"{PREFIX}3004", f"{UPLOAD_ERROR} callback", _then({"do": "error", "code": UPLOAD_ERROR})),
    Magic(
        f"{PREFIX}3005",
        f'{UPLOAD_ERROR} callback with errorCode "1"',
        _then({"do": "error", "code": UPLOAD_ERROR, "callback": {"set": {"errorCode": "1"}}}),
    ),
    Magic(f"{PREFIX}3101", "400 platform trouble", effect=_answers(400)),
    Magic(f"{PREFIX}3102", "500", effect=_answers(500)),
    Magic(f"{PREFIX}3103", "503", effect=_answers(503)),
    Magic(f"{PREFIX}3104", "hangs until the client gives up, not accepted", effect=_hangs),
    Magic(
        f"{PREFIX}3105",
        "accepted, connection dropped before the answer; the retry gets 200",
        effect=_loses_first_answer,
    ),
    Magic(f"{PREFIX}3106", "first call 401, next calls normal", effect=_refuses_first_call),
    Magic(f"{PREFIX}4001", "web recipient: welcome SMS, then DELIVERED, READ", _plays(*_RECEIPTS)),
)
