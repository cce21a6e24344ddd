"""Parameters: what calls of the control API may be given by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

from sandbox.client.resources import CallbackState, Direction, FaultMatch, MessageKind, MessageStatus, RunState


class Paging(TypedDict, total=False):
    """
    Which part of a list is wanted, and when.

    Attributes:
        after: a cursor: only what came behind it.
        limit: most items, 100 if not given, at most 1000.
        wait: seconds, at most 60, to wait for `count` items.
        count: 1 if not given; 0 waits for nothing to come.
    """

    after: str | None
    limit: int
    wait: float
    count: int


class ListParameters(Paging, total=False):
    """What every list takes; `account` wants only what is of this one."""

    account: str


class MessageConditions(TypedDict, total=False):
    """Which messages are meant; `text` is a part of what they say, in whatever case."""

    direction: Direction
    user: str
    sender: str
    kind: MessageKind
    status: MessageStatus
    text: str
    provider_id: str


class RequestConditions(TypedDict, total=False):
    """Which calls of emulated APIs are meant; all but `status` may be globs."""

    operation: str
    status: int
    rule: str
    method: str
    path: str


class CallbackConditions(TypedDict, total=False):
    """Which callbacks are meant; `kind` may be a glob, `state` several words with commas, `message` is an id."""

    kind: str
    state: CallbackState | str
    user: str
    message: str


class MessageFilters(MessageConditions, ListParameters, total=False):
    """What a list of messages takes."""


class RequestFilters(RequestConditions, ListParameters, total=False):
    """What a list of requests takes."""


class CallbackFilters(CallbackConditions, ListParameters, total=False):
    """What a list of callbacks takes."""


class ConversationFilters(ListParameters, total=False):
    """What a list of conversations takes."""

    user: str
    sender: str


class RunFilters(ListParameters, total=False):
    """What a list of runs takes."""

    state: RunState
    scenario: str


class TimelineFilters(TypedDict, total=False):
    """Which part of a timeline is wanted."""

    user: str
    after: str | None
    limit: int


class AccountValues(TypedDict, total=False):
    """
    What an account is made of, besides its provider; what is not given is generated or has its default.

    Attributes:
        id: `acc_` and letters, digits, `_` or `-`.
        webhook: `{"url", "headers", "timeout"}`.
        settings: the provider's own names.
    """

    id: str
    name: str
    credentials: Mapping[str, Any]
    webhook: Mapping[str, Any] | None
    scenario: str | None
    settings: Mapping[str, Any]


class AccountChanges(TypedDict, total=False):
    """What of an account is changed; members of `credentials`, `webhook` and `settings` are merged, None undoes one."""

    name: str
    credentials: Mapping[str, Any]
    webhook: Mapping[str, Any] | None
    scenario: str | None
    settings: Mapping[str, Any]


class RunValues(TypedDict, total=False):
    """From which sender a scenario is played, and as the answer to which message."""

    sender: str
    message: str


class FaultSpec(TypedDict, total=False):
    """
    What is to go wrong; `on` and `effect` are required.

    Attributes:
        account: all accounts there are and those made later, if not given.
        effect: `{"type", …}`; on requests latency, status, code, reset, hang, drop_answer or rate_limit; on callbacks
            drop, duplicate, delay, reorder, corrupt or unknown_fields.
        times: how often; without end if not given.
        probability: from 0 to 1.
    """

    account: str
    on: Literal["request", "callback"]
    match: FaultMatch
    effect: Mapping[str, Any]
    times: int | None
    probability: float


class Tweak(TypedDict, total=False):
    """What is done to the callbacks of one action: members set or dropped by dotted path, extra copies, seconds of delay."""

    set: Mapping[str, Any]
    drop: list[str]
    duplicate: int
    delay: float


class ActionOptions(TypedDict, total=False):
    """
    What every action takes.

    Attributes:
        sender: the business's address, where an account has several.
        channel: that of the newest message between the two, if not given.
        callback: what is done to the callbacks that come of it.
        wait: seconds, at most 60, to wait until their first attempts are done.
    """

    sender: str
    channel: str
    callback: Tweak
    wait: float


class Choice(TypedDict, total=False):
    """A suggestion by its postback, or by its place: 0 is the first, -1 the last; exactly one of them."""

    postback: str
    index: int


class UnshownSuggestion(TypedDict, total=False):
    """A suggestion that no message showed, where the provider's people tap such; `type` may be left out."""

    type: str
    text: str
    postback: str


class Place(TypedDict):
    """A point on the map, in degrees."""

    latitude: float
    longitude: float
