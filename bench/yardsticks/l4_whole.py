"""L4, a sketch of the whole: L2 that also checks ids, remembers, journals, and delivers two status events a message.

`WEBHOOK` names where the events go; without it they only change the message's state.
"""

import asyncio
import heapq
import json
import os
import re
import time
import uuid
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import aiohttp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.yardsticks.gateway import SEND, SETTINGS, STORED_SETTINGS, admitted, now_text, refused, unauthorized
from bench.yardsticks.message import read

LADDER = ((0.2, "MESSAGE_DELIVERED"), (0.6, "MESSAGE_READ"))  # the sandbox's own delays: s after acceptance
SENDERS = 50
TICK = 0.01  # s between looks at what is due
MOST_MESSAGES = 100_000
MOST_JOURNALED = 10_000
WEBHOOK = os.environ.get("WEBHOOK")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_PADDING = "x" * 380  # makes an event as long as a real envelope

_messages: dict[str, dict[str, Any]] = {}
_oldest_first: deque[str] = deque()
_journal: deque[tuple[Any, ...]] = deque(maxlen=MOST_JOURNALED)
_due: list[tuple[float, int, str, str]] = []
_numbers = count()
_outbox: asyncio.Queue[bytes] = asyncio.Queue()


async def _send(request: Request) -> Response:
    raw = await request.body()
    return _journaled(request, raw, _take(request, raw))


def _take(request: Request, raw: bytes) -> Response:
    if not admitted(request.headers.get("authorization")):
        return unauthorized()
    msisdn = request.path_params["msisdn"]
    if not _PHONE.fullmatch(msisdn):
        return refused(400, "Bad Request", "msisdn: must be a phone number in E.164 format")
    message_id = request.query_params.get("messageId", "")
    try:
        uuid.UUID(message_id)
    except ValueError:
        return refused(400, "Bad Request", "messageId: must be a UUID")
    if message_id in _messages:
        return refused(400, "Bad Request", "messageId: already used for a different message")
    message = read(raw)
    if isinstance(message, Response):
        return message
    body = message.echo()
    _messages[message_id] = {"msisdn": msisdn, "body": body, "state": "SENT", "at": message.send_time}
    _oldest_first.append(message_id)
    if len(_oldest_first) > MOST_MESSAGES:
        _messages.pop(_oldest_first.popleft(), None)
    now = time.monotonic()
    for delay, event in LADDER:
        heapq.heappush(_due, (now + delay, next(_numbers), message_id, event))
    return Response(body, media_type="application/json")


async def _settings(request: Request) -> Response:
    allowed = admitted(request.headers.get("authorization"))
    return _journaled(request, b"", JSONResponse(STORED_SETTINGS) if allowed else unauthorized())


def _journaled(request: Request, raw: bytes, response: Response) -> Response:
    scope = request.scope
    asked = (request.method, request.url.path, scope["query_string"], scope["headers"], raw)
    _journal.append((time.time(), *asked, response.status_code, response.body))
    return response


async def _play() -> None:
    while True:
        await asyncio.sleep(TICK)
        now = time.monotonic()
        while _due and _due[0][0] <= now:
            _, number, message_id, event = heapq.heappop(_due)
            message = _messages.get(message_id)
            if message is None:
                continue
            message["state"] = event
            if WEBHOOK:
                envelope = {"messageId": message_id, "msisdn": message["msisdn"], "eventType": event}
                envelope |= {"sendTime": now_text(), "eventId": number, "pad": _PADDING}
                _outbox.put_nowait(json.dumps(envelope).encode())


async def _deliver(session: aiohttp.ClientSession, url: str) -> None:
    headers = {"Content-Type": "application/json"}
    while True:
        body = await _outbox.get()
        async with session.post(url, data=body, headers=headers) as answer:
            await answer.read()


@asynccontextmanager
async def _running(_: Starlette) -> AsyncIterator[None]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=SENDERS)) as session:
        work = [_play()]
        if WEBHOOK:
            work += [_deliver(session, WEBHOOK) for _ in range(SENDERS)]
        tasks = [asyncio.create_task(each) for each in work]
        yield
        for task in tasks:
            task.cancel()


app = Starlette(routes=[Route(SEND, _send, methods=["POST"]), Route(SETTINGS, _settings)], lifespan=_running)
