"""L0, the limit: a bare ASGI application that reads the request and answers bytes made beforehand."""

import json
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from bench.yardsticks.gateway import STORED_SETTINGS


def _answer(status: int, document: dict[str, Any]) -> tuple[Message, Message]:
    body = json.dumps(document, separators=(",", ":")).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    return (
        {"type": "http.response.start", "status": status, "headers": headers},
        {"type": "http.response.body", "body": body},
    )


_STORED = _answer(200, STORED_SETTINGS)
_TAKEN = _answer(
    200,
    {
        "sendTime": "2018-07-05T11:28:17.620Z",
        "messageContent": {
            "text": "Would you like to continue?",
            "suggestions": [{"text": "Yes", "callbackData": "rb947"}, {"text": "No", "callbackData": "rb156"}],
        },
    },
)
_REFUSED = _answer(
    400,
    {
        "status": "400",
        "error": "Bad Request",
        "message": "messageContent: exactly one of text, fileId and conversationCard must be set",
    },
)
_W3 = b'{"messageContent":{"text":"Both a text and a file"'  # how the invalid payload begins


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer; lifespan events are declined by returning."""
    if scope["type"] != "http":
        return
    body, more = b"", scope["method"] != "GET"
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    start, rest = _STORED if scope["method"] == "GET" else _REFUSED if body.startswith(_W3) else _TAKEN
    await send(start)
    await send(rest)
