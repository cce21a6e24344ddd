"""Events: everything that happens in the sandbox, as it happens, for those who watch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from typing import Annotated, assert_never

from pydantic import Field
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from typing_extensions import TypedDict

from sandbox.control import accounts, callbacks, clocks, faults, messages, requests, runs
from sandbox.control.answer import HEADERS
from sandbox.control.described import described
from sandbox.control.problem import invalid_at
from sandbox.control.query import AccountQuery, Query
from sandbox.core.stream import Change
from sandbox.sandbox import Emptied, Sandbox

PING = 15.0  # seconds of real time without an event after which a comment keeps the connection open
RETRY = 1000  # milliseconds after which a client that lost the connection is to come back
MEDIA_TYPE = "text/event-stream"
BATCH = 100  # changes taken at once: a client that reads slowly holds no more than these


# The name of the header has dashes, which no class can have.
LastEvent = TypedDict(
    "LastEvent",
    {
        "Last-Event-ID": Annotated[
            str, Field(pattern=r"^[0-9]{1,18}$", description="id of the last event that was seen")
        ]
    },
    total=False,
)


@described(media=((MEDIA_TYPE, str),), query=AccountQuery, headers=LastEvent)
async def watch(sandbox: Sandbox, request: Request) -> Response:
    """Send every change as a server-sent event, from now on or behind the `Last-Event-ID`."""
    query = Query(request, *AccountQuery.__annotations__)
    query.account(sandbox)
    number = _begins_after(sandbox, request)
    sandbox.stream.check_room()
    if request.method == "HEAD":
        return Response(headers=HEADERS, media_type=MEDIA_TYPE)
    return StreamingResponse(_events(sandbox, number, query.text("account")), headers=HEADERS, media_type=MEDIA_TYPE)


def _begins_after(sandbox: Sandbox, request: Request) -> int:
    last = request.headers.get("last-event-id", "")
    if not last:
        return sandbox.stream.last
    if not (last.isascii() and last.isdecimal() and len(last) <= 18):
        raise invalid_at("Last-Event-ID", "must be the id of an event")
    # A number that has not come yet is from before a restart: whoever has it has seen nothing of what is kept.
    return int(last) if int(last) <= sandbox.stream.last else 0


async def _events(sandbox: Sandbox, number: int, account: str | None) -> AsyncGenerator[bytes, None]:
    """Yield changes behind a number until the sandbox ends; they are read from what the stream keeps, not queued."""
    stream = sandbox.stream
    now = asyncio.get_running_loop().time
    woken = asyncio.Event()
    stop = stream.listen(woken.set)
    try:
        yield b"retry: %d\n\n" % RETRY
        spoke_at = now()
        while not stream.closed:
            if now() >= spoke_at + PING:  # whatever others hear meanwhile
                yield b": still here\n\n"
                spoke_at = now()
            woken.clear()
            changes = stream.after(number)[:BATCH]
            if not changes:
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(spoke_at + PING):
                        await woken.wait()
                continue
            if (missed := changes[0].number - number - 1) > 0:
                yield b": %d changes were missed, since only the latest are kept\n\n" % missed
            # A run changes with each of its thousands of steps and is told with all of them, as it is now: once will do.
            runs_last = {id(change.subject): change.number for change in changes if change.kind == "run"}
            for change in changes:
                number = change.number
                if account in (None, change.account) and runs_last.get(id(change.subject), number) == number:
                    yield b"id: %d\nevent: %s\ndata: %s\n\n" % (number, change.kind.encode(), _data(sandbox, change))
                    spoke_at = now()
            await asyncio.sleep(0)  # others are waiting too
    finally:
        stop()


def _data(sandbox: Sandbox, change: Change) -> bytes:
    """Return the object of a change as JSON, as it is now; one that is there no more is marked as `deleted`, an emptied account as `reset`."""
    subject = change.subject
    data: Mapping[str, object]
    is_there = True
    match change.kind:
        case "message":
            data = messages.view(sandbox, subject)
        case "request":
            data = requests.view(sandbox, subject)
        case "callback":
            data = callbacks.view(sandbox, subject)
        case "run":
            data = runs.view(sandbox, subject)
        case "clock":
            data = clocks.view(subject.id, subject.clock)
        case "fault":
            data = faults.view(change.account, subject)
            owner = sandbox if change.account is None else sandbox.accounts.get(change.account)
            is_there = owner is not None and subject in owner.faults
        case "account":
            account = subject.account if isinstance(subject, Emptied) else subject
            data = {**accounts.view(sandbox, account), **({"reset": True} if account is not subject else {})}
            is_there = sandbox.accounts.get(account.id) is account
        case unknown:
            assert_never(unknown)
    return to_json(data if is_there else {**data, "deleted": True}, inf_nan_mode="null")
