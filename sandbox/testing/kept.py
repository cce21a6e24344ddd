"""Kept: the lists that a sandbox keeps of an account, and how their items are told in a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypedDict, TypeVar

from sandbox.client.asking import Asking
from sandbox.client.calls import Calls
from sandbox.client.resources import ApiRequest, Callback, Message, Page

SHOWN = 5  # items of a list that are told
LONGEST = 80  # characters of a value that are told


class Identified(TypedDict):
    """What has an id."""

    id: str


T = TypeVar("T", bound=Identified)

_CALLS = Calls()


class Kept(NamedTuple, Generic[T]):
    """What the items are called, how the list is asked for, and how an item is told."""

    noun: str
    listed: Callable[..., Asking[Page[T]]]
    told: Callable[[T], str]

    def lines(self, items: Sequence[T]) -> list[str]:
        """Return a line for each of the first items, and how many more there are."""
        more = len(items) - SHOWN
        return [f"  {self.told(item)}" for item in items[:SHOWN]] + ([f"  and {more} more"] if more > 0 else [])


def short(value: Any) -> str:
    """Return a value as Python writes it, cut where it gets long."""
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _message(message: Message) -> str:
    what = f"{message['direction']} {message['kind']} {short(message['text'])}"
    return f"{message['id']}  {what} ({message['user']}, {message['status']})"


def _request(request: ApiRequest) -> str:
    rule = f" {request['rule']} ({request['source']})" if request["rule"] else ""
    near = f", near {request['near']}" if request["near"] else ""
    return f"{request['id']}  {request['method']} {request['path']} -> {request['status']}{rule}{near}"


def _callback(callback: Callback) -> str:
    last = callback["attempts"][-1] if callback["attempts"] else None
    came = f" {last['status'] or last['error']}" if last else ""
    detail = f": {callback['detail']}" if callback["detail"] else ""
    return f"{callback['id']}  {callback['kind']} ({callback['user']}, {callback['state']}{came}{detail})"


MESSAGES = Kept("message", _CALLS.messages, _message)
REQUESTS = Kept("request", _CALLS.requests, _request)
CALLBACKS = Kept("callback", _CALLS.callbacks, _callback)
