"""v2's operations: `POST /v2/messages`, and `GET /v2/messages/{messageId}`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from pydantic_core import from_json

from sandbox.core.account import Account
from sandbox.core.conversation import Message
from sandbox.core.errors import ApiError
from sandbox.core.operation import Call, Operation, RawRequest, Reply
from sandbox.providers.webex_connect import limits, memory, people
from sandbox.providers.webex_connect.accepting import accept
from sandbox.providers.webex_connect.account import settings_of
from sandbox.providers.webex_connect.authentication import Authentication
from sandbox.providers.webex_connect.checked import Checked
from sandbox.providers.webex_connect.order import Order
from sandbox.providers.webex_connect.receipts import message_count, stamp
from sandbox.providers.webex_connect.v2.answers import ANSWERS, JSON_HEADERS
from sandbox.providers.webex_connect.v2.json_text import ascii_json
from sandbox.providers.webex_connect.v2.rules import RULES

PATH = "/v2/messages"

authenticate = Authentication(
    RULES,
    missing="WX2-AUTH-01",
    elsewhere="WX2-AUTH-01",
    key="WX2-AUTH-02",
    form="WX2-AUTH-09",
    algorithm="WX2-AUTH-04",
    issuer="WX2-AUTH-06",
    signature="WX2-AUTH-05",
    issued="WX2-AUTH-07",
    stale="WX2-AUTH-08",
    inactive="WX2-SVC-01",
)


@cache
def checks() -> tuple[Callable[..., Any], Callable[..., Checked]]:
    """Return what reads and checks a request; its modules are read with the first message, or by `warm_up`."""
    from sandbox.providers.webex_connect.v2.request import check, read  # noqa: PLC0415 - it would cost the start its speed

    return read, check


def send_message(call: Call) -> Reply:
    """Queue a message for every destination; the answer to one is an object, to several an array. Source: 5-24, 325-473."""
    account = call.account

    def admit(number: int) -> None:
        if not limits.has_room(account, number, call.at):
            raise RULES.broken("WX2-RATE-01", detail=f"{number} destinations more than the second has room for")

    read, check = checks()
    checked = check(read(call.request.body), settings_of(account), call.at, admit)
    _note(call, checked)
    requested = stamp(call.at, account)
    queued = [
        {
            "requestTimestamp": requested,
            "messageId": message_id,
            "correlationId": addressed.correlation_id,
            "status": "queued",
        }
        for addressed, message_id in accept(call, checked, "v2", _message_ids(account))
    ]
    body = ascii_json(queued[0] if len(queued) == 1 else queued)
    return Reply(call.operation.success, body, JSON_HEADERS + limits.headers(account, call.at))


def _message_ids(account: Account) -> Iterator[str]:
    """Deal out ids: bare UUIDs, since a production consumer reads them as such."""
    while True:
        yield account.ids.uuid4()


def _note(call: Call, checked: Checked) -> None:
    kind = call.request.header(b"content-type") or b""
    if not kind.lower().startswith(b"application/json"):
        call.warnings.append("WX2-JSON-01: Content-Type is not application/json; the body was read nevertheless")
    content = checked.body.get("content")
    named = content.get("messageId") if checked.channel == "rcs" and isinstance(content, dict) else None
    if isinstance(named, str) and named not in call.account.shelf(memory.Inbound):
        call.warnings.append(f"WX2-RCS-14: no inbound message has the id {named[:100]!r}")


def retrieve_message(call: Call) -> Reply:
    """Return a message with what became of it so far; empty 404 for an id that is unknown. Not in the document."""
    account, wanted = call.account, call.request.params["messageId"]
    for message in account.journal.messages:
        order = message.facts
        if message.provider_id == wanted and isinstance(order, Order) and order.version == "v2":
            headers = JSON_HEADERS + limits.headers(account, call.at)
            return Reply(200, ascii_json(_retrieved(message, order, account)), headers)
    raise _unknown(wanted)


def _unknown(message_id: str) -> ApiError:
    return ANSWERS.not_found(message_id)


def _retrieved(message: Message, order: Order, account: Account) -> dict[str, Any]:
    checked, addressed = order.checked, order.addressed
    body = checked.body
    told = [change.provider_status for change in message.history if change.provider_status is not None]
    return {
        "clientId": 0,
        "toType": addressed.key,
        "numSegments": str(message_count(message.text)) if message.channel == "sms" else "1",
        "requestTimestamp": stamp(message.at, account),
        "groupId": 0,
        "channel": checked.channel,
        "messageId": message.provider_id,
        "requestedReceipts": body.get("requestedReceipts") or [],
        "version": "2.0",
        "content": body.get("content") or {},
        "teamId": 0,
        "callbackData": checked.callback_data,
        "options": body.get("options") or {},
        "notifyUrl": checked.notify_url or "",
        "from": checked.sender,
        "correlationId": addressed.correlation_id,
        "to": addressed.value,
        "direction": "outbound",
        "status": told[-1] if told else "Queued",
    }


def users_of(request: RawRequest) -> Iterator[str]:
    """Return whom a request addresses, as far as it can be read."""
    try:
        data: Any = from_json(request.body, allow_inf_nan=False)
    except ValueError:
        return
    objects = data.get("to") if isinstance(data, dict) else None
    for entry in objects if isinstance(objects, list) else ():
        for key in ("msisdn", "email"):
            values = entry.get(key) if isinstance(entry, dict) else None
            for value in values if isinstance(values, list) else ():
                if isinstance(value, str):
                    yield people.wire_form(value)


OPERATIONS = (
    Operation(
        "sendMessageV2",
        "POST",
        PATH,
        "5-24",
        authenticate,
        send_message,
        users_of=users_of,
        aliases=(f"{PATH}/",),
        success=201,
    ),
    Operation("retrieveMessageV2", "GET", f"{PATH}/{{messageId}}", "", authenticate, retrieve_message),
)
