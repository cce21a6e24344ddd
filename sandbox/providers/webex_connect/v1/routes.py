"""v1's operation: `POST /resources/v1/messaging`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from typing import Any

from pydantic_core import from_json, to_json

from sandbox.core.account import Account
from sandbox.core.errors import ApiError
from sandbox.core.operation import Call, Operation, RawRequest, Reply
from sandbox.providers.webex_connect import limits, people
from sandbox.providers.webex_connect.accepting import MOST_WARNINGS, accept
from sandbox.providers.webex_connect.account import settings_of
from sandbox.providers.webex_connect.authentication import Authentication
from sandbox.providers.webex_connect.checked import Checked
from sandbox.providers.webex_connect.v1.errors import QUEUED
from sandbox.providers.webex_connect.v1.rules import RULES

PATH = "/resources/v1/messaging"
QUEUED_IN_BURST = "Queued in burst mode"  # known from outside the document

authenticate = Authentication(
    RULES,
    missing="WX1-AUTH-01",
    elsewhere="WX1-AUTH-11",
    key="WX1-AUTH-02",
    form="WX1-AUTH-04",
    algorithm="WX1-AUTH-05",
    issuer="WX1-AUTH-07",
    signature="WX1-AUTH-06",
    issued="WX1-AUTH-08",
    stale="WX1-AUTH-09",
    inactive="WX1-SVC-01",
)


@cache
def checks() -> Callable[..., list[Checked | ApiError]]:
    """Return what checks a body; its modules are read with the first message, or by `warm_up`."""
    from sandbox.providers.webex_connect.v1.request import check_body  # noqa: PLC0415 - it would cost the start its speed

    return check_body


def send_message(call: Call) -> Reply:
    """Queue a message for every destination; bad elements of an array have entries of their own. Source: 5-24, 1989-1991."""
    try:
        data: Any = from_json(call.request.body, allow_inf_nan=False)
    except ValueError as error:
        raise RULES.broken("WX1-JSON-01", detail=str(error)) from None

    def admit(number: int) -> None:
        if not limits.has_room(call.account, number, call.at):
            raise RULES.broken("WX1-RATE-02", detail=f"{number} destinations more than the second has room for")

    found = checks()(data, settings_of(call.account), call.at, admit)
    _note_content_type(call)
    transids = _transids(call.account)
    queued = QUEUED_IN_BURST if settings_of(call.account).burst_mode else QUEUED.message
    entries = []
    for checked in found:
        if isinstance(checked, ApiError):
            if len(call.warnings) < MOST_WARNINGS:
                call.warnings.append(f"{checked.rule}: an element was refused: {checked.message}")
            call.account.tally.error(checked)
            entries.append(_entry(checked.message, "", checked.spec.code, next(transids)))
            continue
        for addressed, transid in accept(call, checked, "v1", transids):
            entries.append(_entry(queued, addressed.correlation_id, QUEUED.code, transid))
    return Reply(200, to_json({"response": entries}))


def _entry(description: str, correlation_id: str, code: str, transid: str) -> dict[str, str]:
    return {"description": description, "correlationid": correlation_id, "code": code, "transid": transid}


def _transids(account: Account) -> Iterator[str]:
    """Deal out the ids of a request: one that is new, then the same with `_1`, `_2` and so on."""
    first = account.ids.uuid4()
    yield first
    for number in count(1):
        yield f"{first}_{number}"


def _note_content_type(call: Call) -> None:
    kind = call.request.header(b"content-type") or b""
    if kind != b"application/json" and not kind.lower().startswith(b"application/json"):
        call.warnings.append("WX1-JSON-01: Content-Type is not application/json; the body was read nevertheless")


def users_of(request: RawRequest) -> Iterator[str]:
    """Return whom a request addresses, as far as it can be read."""
    try:
        data: Any = from_json(request.body, allow_inf_nan=False)
    except ValueError:
        return
    for element in data if isinstance(data, list) else (data,):
        objects = element.get("destination") if isinstance(element, dict) else None
        for entry in objects if isinstance(objects, list) else ():
            for values in entry.values() if isinstance(entry, dict) else ():
                for value in values if isinstance(values, list) else ():
                    if isinstance(value, str):
                        yield people.wire_form(value)


OPERATIONS = (
    Operation(
        "sendMessageV1",
        "POST",
        PATH,
        "5-24",
        authenticate,
        send_message,
        users_of=users_of,
        aliases=(f"{PATH}/",),
    ),
)
