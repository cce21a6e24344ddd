"""Callbacks: from what a person sent to the JSON that the webhook gets, and how it gets there."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic_core import to_json

from sandbox.core.account import Account
from sandbox.core.callback import Callback, DeliveryPolicy, Draft, Encoded, Subscriber
from sandbox.core.content import File, Location, Media, SuggestionResponse, Text
from sandbox.core.events import Event, SessionEnded, UserReplied
from sandbox.providers.rbm import sessions
from sandbox.providers.rbm.account import settings_of
from sandbox.providers.rbm.phones import TWICE
from sandbox.providers.rbm.suggestions import type_of

KINDS = ("text", "suggestion", "file", "location")  # the values of `type` (40)

_ACKNOWLEDGES = 200
_TIMEOUT = 10.0  # seconds of real time


class IncomingMessage(NamedTuple):
    """
    One message as it is told, fixed when the person sent it.

    Attributes:
        type: one of `KINDS`, which also names the key of the content.
        content: what stands under that key.
        timestamp: when it was sent; no retry changes it (RBM-CB-04).
    """

    agent: str
    phone: str
    request_id: str
    session_id: str
    type: str
    content: str | Mapping[str, Any]
    timestamp: str

    def document(self) -> dict[str, Any]:
        """Return exactly the seven keys (RBM-CB-02), in the order of the document (RBM-CB-10). Source: 22-31."""
        return {
            "agent": self.agent,
            "phone": self.phone,
            "request_id": self.request_id,
            "session_id": self.session_id,
            "type": self.type,
            self.type: deepcopy(self.content),
            "timestamp": self.timestamp,
        }


def callbacks_for(event: Event, account: Account) -> tuple[Draft, ...]:
    """
    Return the callback that tells of a message (RBM-CB-01); one number's are told twice.

    What comes while the agent is disabled is recorded for nobody to hear (RBM-CFG-03).
    """
    match event:
        case UserReplied():
            pass
        case SessionEnded():
            sessions.end(event.conversation, account)
            return ()
        case _:
            return ()
    message = _incoming(event, account)
    to = None
    if not settings_of(account).enabled:
        webhook = account.webhook
        to = Subscriber(webhook.url if webhook is not None else None, refused="the agent is disabled (setting enabled)")
    draft = Draft(message.type, message, to, size=2 * event.reply.size)
    return (draft, draft) if message.phone == TWICE else (draft,)


def _incoming(event: UserReplied, account: Account) -> IncomingMessage:
    kind, content = _told(event)
    _, agent, phone = event.conversation
    return IncomingMessage(
        agent,
        phone,
        event.reply.provider_id,
        sessions.session_id(event.conversation, account, event.at),
        kind,
        content,
        timestamp(event.at),
    )


def _told(event: UserReplied) -> tuple[str, str | dict[str, Any]]:
    """Return the type of a message and what stands under it. Raises `ValueError` if a person cannot send such (40)."""
    match event.reply.content:
        case Text(text=text):
            return "text", text
        case SuggestionResponse(text=text, postback=postback):
            return "suggestion", {"type": type_of(event.tapped), "postback": postback, "text": text}
        case Media(file=file):
            return "file", {"media": file.media, file.media: _file(file)}  # named after the value, not `$media` (91)
        case Location(latitude=latitude, longitude=longitude):
            return "location", {"latitude": latitude, "longitude": longitude}
        case other:
            raise ValueError(f"RBM has no incoming message for {other.kind}")


def _file(file: File) -> dict[str, Any]:
    """
    Return what is told of a file (96-99).

    One that came as bytes lies under a link of ours, which serves just what is told here (RBM-CB-08). What is told of
    one that lies elsewhere is not looked up: its size is 0 unless it was given.
    """
    return {"mimeType": file.mime_type, "fileSizeBytes": file.size or 0, "fileUri": file.url, "fileName": file.name}


def timestamp(at: datetime) -> str:
    """
    Return a time in UTC with three digits of milliseconds (RBM-CB-04).

    Source: 41, whose `II` are minutes and whose `000` are any milliseconds.
    """
    return f"{at.astimezone(UTC).isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


def encode(callback: Callback) -> Encoded:
    """Return one JSON object in UTF-8 (RBM-CB-01), with what a script makes of it (RBM-IN-05)."""
    message: IncomingMessage = callback.payload
    document = message.document()
    if callback.tweak is not None:
        callback.tweak.apply(document)
    return Encoded("application/json", to_json(document))


def sign(encoded: Encoded, account: Account) -> Encoded:
    """Return a callback with the agent's Basic credentials, if it has any (RBM-CB-09)."""
    basic = settings_of(account).basic_auth
    if basic is None:
        return encoded
    token = b64encode(f"{basic.username}:{basic.password}".encode()).decode("ascii")
    return encoded._replace(headers=(("Authorization", f"Basic {token}"),))


def delivery(account: Account) -> DeliveryPolicy:
    """
    Return how the webhook is called: 200 alone acknowledges, in strict order (RBM-CB-05, RBM-CB-06, RBM-CB-07).

    Its URL is the account's, checked where it is given and read anew for each message (RBM-CFG-02).
    """
    webhook = account.webhook
    waits = tuple(settings_of(account).callback_retries)
    return _policy(waits, webhook.timeout if webhook is not None else _TIMEOUT)


@lru_cache(maxsize=64)
def _policy(waits: tuple[float, ...], timeout: float) -> DeliveryPolicy:
    return DeliveryPolicy(_acknowledges, waits, timeout, strict_order=True)


def _acknowledges(status: int) -> bool:
    return status == _ACKNOWLEDGES
