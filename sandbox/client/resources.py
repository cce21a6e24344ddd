"""
Resources: what the control API tells, as it stands in the JSON of its answers.

They are plain dictionaries with known members: nothing is read twice, and a newer server may tell more. Times are
RFC 3339 in UTC, durations seconds unless their name says otherwise.
"""

from __future__ import annotations

from typing import Any, Generic, Literal, NamedTuple, NotRequired, TypedDict, TypeVar

ProviderName = Literal["link", "webex-connect", "mehery", "rbm"]
Direction = Literal["outbound", "inbound"]
MessageKind = Literal["text", "media", "card", "carousel", "location", "suggestion_response", "event", "other"]
MessageStatus = Literal["accepted", "sent", "delivered", "read", "failed", "expired", "received"]
CallbackState = Literal["scheduled", "sending", "retrying", "delivered", "failed", "blocked", "recorded"]
RunState = Literal["running", "passed", "failed", "cancelled"]
StepState = Literal["waiting", "done", "passed", "failed", "skipped"]
ClockMode = Literal["real", "virtual"]

T = TypeVar("T")
C = TypeVar("C")


class Page(NamedTuple, Generic[T]):
    """
    A part of a list, the oldest item first.

    Attributes:
        cursor: give it as `after` for what comes next.
        satisfied: whether as many came as were waited for; None if nothing was waited for.
        hint: why what was asked for is not there, or cannot be; None if nobody can tell.
    """

    items: list[T]
    cursor: str | None
    satisfied: bool | None
    hint: str | None


class Complaint(TypedDict):
    """What is wrong with one value; `line` and `column`, from 1, only in files."""

    path: str
    message: str
    line: NotRequired[int]
    column: NotRequired[int]


class Health(TypedDict):
    """That a sandbox is ready, and what it is."""

    status: str
    version: str
    providers: list[ProviderName]
    clock: ClockMode
    seed: str


# ----------------------------------------------------------------------------------------------------------- accounts


class LinkCredentials(TypedDict):
    """Those of LINK Conversations; keys are PEM."""

    customer_id: str
    public_keys: list[str]
    private_key: str | None


class WebexConnectCredentials(TypedDict):
    """Those of Webex Connect; the secret is base64."""

    service_id: str
    service_key: str
    service_secret: str


class AppKey(TypedDict):
    """What one app of a MeherY tenant sends along."""

    api_key: str
    api_id: str


class MeheryCredentials(TypedDict):
    """Those of a MeherY tenant: `api_key` and `api_id` are `external_bot`'s, `apps` has the others by their queue."""

    api_key: str
    api_id: str
    verify_token: str
    apps: dict[str, AppKey]
    platform_key: str


class RbmCredentials(TypedDict):
    """An RBM agent's."""

    agent: str


class Webhook(TypedDict):
    """Where callbacks go; `timeout` in seconds."""

    url: str
    headers: dict[str, str]
    timeout: float


class Account(TypedDict, Generic[C]):
    """One customer of one provider."""

    id: str
    provider: ProviderName
    name: str
    credentials: C
    webhook: Webhook | None
    scenario: str | None
    settings: dict[str, Any]
    created_at: str


AnyAccount = Account[dict[str, Any]]


class Sender(TypedDict):
    """One of the business's own addresses, and the channel that it speaks on."""

    sender: str
    channel: str


class Place(TypedDict):
    """Between whom an action would be, and where; `does` is what a magic address does."""

    sender: str
    user: str
    channel: str
    does: str | None


# ------------------------------------------------------------------------------------------------------ what happened


class SuggestedAction(TypedDict):
    """What tapping a suggestion does besides telling the business; further members are the action's own."""

    kind: str


class Suggestion(TypedDict):
    """A chip or button."""

    text: str
    postback: str
    action: SuggestedAction | None


class StatusChange(TypedDict):
    """One entry of a message's history; `provider_status` is the provider's own word."""

    status: MessageStatus
    provider_status: str | None
    at: str
    code: str | None
    detail: str | None


class Message(TypedDict):
    """One thing said; *outbound* is business to user, `text` what a person would read, `content` what is drawn."""

    id: str
    account: str
    provider: ProviderName
    direction: Direction
    channel: str
    sender: str
    user: str
    provider_id: str
    kind: MessageKind
    text: str
    content: dict[str, Any]
    suggestions: list[Suggestion]
    status: MessageStatus
    history: list[StatusChange]
    request: str | None
    at: str


class ApiRequest(TypedDict):
    """
    One call of an emulated API, its secrets shortened.

    `rule` is what it broke and `source` where that is documented; `near` the operation that is closest to a path that
    none has.
    """

    id: str
    account: str | None
    provider: ProviderName | None
    operation: str | None
    method: str
    path: str
    query: dict[str, Any]
    headers: dict[str, str]
    body: Any
    status: int | None
    response_headers: dict[str, str]
    response_body: Any
    rule: str | None
    source: str | None
    warnings: list[str]
    fault: str | None
    messages: list[str]
    at: str
    duration_ms: float
    near: str | None
    detail: str | None


class Cause(TypedDict):
    """What a callback came of."""

    type: str
    id: str


class Part(TypedDict):
    """One part of a multipart callback; `size` in bytes, `text` where it is JSON."""

    name: str
    content_type: str
    filename: str | None
    size: int
    text: str | None


class Attempt(TypedDict):
    """One try at a callback: a `status`, or the `error` why none came; `response` is the first kilobyte."""

    at: str
    status: int | None
    error: str | None
    duration_ms: float
    response: str


class Callback(TypedDict):
    """
    One request to a webhook and its story.

    `body` is the text as sent, `decoded` the same read for you. A callback is `recorded` where no webhook is
    configured, and `blocked` where it must not go; `detail` tells why.
    """

    id: str
    account: str
    provider: ProviderName
    kind: str
    user: str
    message: str | None
    cause: Cause | None
    url: str | None
    method: str
    headers: dict[str, str]
    body: str | None
    parts: list[Part] | None
    decoded: Any
    state: CallbackState
    due_at: str
    attempts: list[Attempt]
    fault: str | None
    detail: str | None


class Counts(TypedDict):
    """Messages in each direction."""

    outbound: int
    inbound: int


class Conversation(TypedDict):
    """Who talks to whom, at a glance; `session` is the provider's own."""

    account: str
    provider: ProviderName
    sender: str
    user: str
    channel: str
    last_message: Message
    counts: Counts
    session: dict[str, Any] | None


class Acted(TypedDict):
    """What came of an action: the ids of the messages it made or changed, and of the callbacks that tell of it."""

    messages: list[str]
    callbacks: list[str]


# ------------------------------------------------------------------------------------------ scenarios, faults and time


class Magic(TypedDict):
    """An address that always behaves the same."""

    provider: ProviderName
    address: str
    does: str


class MagicList(TypedDict):
    """All of them."""

    items: list[Magic]


class Scenario(TypedDict):
    """What people can be made to do, as its file says it."""

    name: str
    steps: list[dict[str, Any]]
    description: NotRequired[str]
    match: NotRequired[dict[str, Any]]


class Step(TypedDict):
    """One step of a run; `detail` tells why it failed."""

    index: int
    do: str
    state: StepState
    at: str | None
    detail: str | None


class Run(TypedDict):
    """A scenario being played, and how it went."""

    id: str
    scenario: str
    account: str
    user: str
    state: RunState
    steps: list[Step]


class FaultMatch(TypedDict, total=False):
    """Which requests (`operation`) or callbacks (`kind`) a fault is for, of which person; all may be globs."""

    operation: str
    kind: str
    user: str


class Fault(TypedDict):
    """Something armed to go wrong; `left` and `times` are None where it has no end."""

    id: str
    account: str | None
    on: Literal["request", "callback"]
    match: FaultMatch
    effect: dict[str, Any]
    times: int | None
    left: int | None
    fired: int
    probability: float


class Clock(TypedDict):
    """An account's time, and what waits for it; without account that of those to come."""

    account: str | None
    mode: ClockMode
    now: str
    pending: int
    next_at: str | None


class Advanced(TypedDict):
    """Where time is after it was moved on, and how many actions were due."""

    now: str
    fired: int


# ------------------------------------------------------------------------------------------------- timeline, coverage


class Why(TypedDict):
    """What made something happen, in a sentence; `source` is `file:line`."""

    type: Literal["rule", "fault", "scenario", "magic", "schedule", "action", "redelivery", "default", "setting"]
    id: str | None
    text: str
    source: str | None


class TimelineNode(TypedDict):
    """Something that happened, and below it what came of it."""

    type: Literal["request", "action", "message", "callback", "attempt", "run", "step", "fault", "change"]
    id: str | None
    at: str
    summary: str
    why: Why | None
    children: list[TimelineNode]


class Timeline(TypedDict):
    """
    What happened to an account, causes above their effects, each level in the order of time.

    `cursor` is given as `after` for what comes next; `omitted` trees before these are not told, and `dropped` things are
    no longer kept.
    """

    account: str
    items: list[TimelineNode]
    cursor: str
    omitted: int
    dropped: int


class OperationHits(TypedDict):
    """How often a documented operation was called."""

    id: str
    hit: int


class OutcomeHits(TypedDict):
    """How often a rule or error answered, and with which status."""

    id: str
    status: int
    hit: int


class CallbackHits(TypedDict):
    """How often a kind of callback was sent, and how often the webhook took it."""

    id: str
    hit: int
    acknowledged: int


class ProviderCoverage(TypedDict):
    """What of one provider's catalogue has been met; `percent` is entries hit over all entries."""

    operations: list[OperationHits]
    outcomes: list[OutcomeHits]
    errors: list[OutcomeHits]
    callbacks: list[CallbackHits]
    percent: float


class Coverage(TypedDict):
    """What of the documented APIs has been met."""

    providers: dict[str, ProviderCoverage]
    account: NotRequired[str | None]


# ------------------------------------------------------------------------------------------------- what there is to do


class Recording(TypedDict):
    """A conversation as a scenario: its name, and the text of its file."""

    name: str
    yaml: str


class Sample(TypedDict):
    """A file that comes with the sandbox; its size in bytes."""

    name: str
    mime_type: str
    size: int


class Operation(TypedDict):
    """A documented operation."""

    id: str
    method: str
    path: str


class Rule(TypedDict):
    """A rule, how it is known, and the place that says so."""

    id: str
    says: str
    grade: str
    source: str | None


class Provider(TypedDict):
    """What an emulated API can do and knows."""

    name: ProviderName
    title: str
    operations: list[Operation]
    actions: list[str]
    actions_by_channel: dict[str, list[str]]
    receipts: list[str]
    fault_codes: list[str]
    error_codes: list[str]
    event_codes: list[str]
    suggestion_types: list[str]
    default_channel: str
    has_voice: bool
    callback_kinds: list[str]
    rules: list[Rule]
