"""A dispatcher of no real provider, with a webhook client without a network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple, cast

from pydantic import BaseModel

from sandbox.core.account import Account
from sandbox.core.callback import Callback, DeliveryPolicy, Encoded
from sandbox.core.clock import Clock
from sandbox.core.conversation import AccountKey
from sandbox.core.fault import Fault, FaultSpec
from sandbox.core.ids import Ids
from sandbox.core.journal import Journal
from sandbox.core.provider import Provider
from sandbox.core.stream import Kind, Stream
from sandbox.dispatcher import Dispatcher
from sandbox.webhook_client import Answer

NOON = datetime(2030, 1, 2, 12, 0, 0, tzinfo=UTC)
ANNA, BERT = "+491700000001", "+491700000002"
LADDER = (1.0, 2.0, 4.0, 8.0)


@dataclass
class StubProvider:
    """
    What the dispatcher asks of a provider.

    Attributes:
        encodings: how many callbacks were encoded; the number is in the bytes, so that no two are alike.
        heard: state and answer of the callbacks that were over.
    """

    policy: DeliveryPolicy = field(
        default_factory=lambda: DeliveryPolicy(lambda status: 200 <= status < 300, LADDER, 10.0, strict_order=True)
    )
    callback_kinds: tuple[str, ...] = ("event.READ",)
    encodings: int = 0
    heard: list[tuple[str, str]] = field(default_factory=list)

    def delivery(self, _account: Account) -> DeliveryPolicy:
        """Return the policy."""
        return self.policy

    def encode(self, callback: Callback, _account: Account) -> Encoded:
        """Return the payload as JSON; a payload that is an exception is raised, and one that is encoded returned."""
        if isinstance(callback.payload, Exception):
            raise callback.payload
        if isinstance(callback.payload, Encoded):
            return callback.payload
        self.encodings += 1
        document = {"payload": callback.payload, "encoding": self.encodings}
        return Encoded("application/json", json.dumps(document).encode())

    def sign(self, encoded: Encoded, _callback: Callback, _account: Account) -> Encoded:
        """Nothing is signed."""
        return encoded

    def settled(self, callback: Callback, _account: Account, answer: str) -> None:
        """Remember what was heard."""
        self.heard.append((callback.state, answer))


class Nothing(BaseModel):
    """Credentials and settings."""


class Change(NamedTuple):
    """What the journal was told of a callback."""

    id: str
    state: str


class _Watch(Stream):
    """Writes down what callbacks have come to, when they have."""

    def __init__(self) -> None:
        super().__init__()
        self.attended = True
        self.changes: list[Change] = []

    def put(self, kind: Kind, account: str | None, subject: Any) -> None:
        """Hear of a change."""
        if kind == "callback":
            self.changes.append(Change(subject.id, subject.state))


def account(provider: StubProvider | None = None, clock: Clock | None = None) -> tuple[Account, list[Change]]:
    """Return an account whose clock stands at noon, and the list of what changes in its callbacks."""
    watch = _Watch()
    made = Account(
        AccountKey("stub", "acc_stub"),
        cast(Provider, provider or StubProvider()),
        "Stub",
        Nothing(),
        Nothing(),
        clock=clock or Clock(frozen_at=NOON),
        ids=Ids("test", "acc_stub"),
        journal=Journal("acc_stub", 10_000, count(1), watch),
    )
    return made, watch.changes


def callback(owner: Account, payload: Any, user: str = ANNA, **facts: Any) -> Callback:
    """Return a callback, due now unless `after` says in how many seconds."""
    after = facts.pop("after", 0.0)
    return Callback(
        id=owner.ids.opaque("cbk"),
        seq=owner.journal.next_seq(),
        account=owner.key,
        kind=facts.pop("kind", "event.READ"),
        user=user,
        message=None,
        cause=facts.pop("cause", None),
        url=facts.pop("url", "http://127.0.0.1:9/in"),
        headers=(),
        payload=payload,
        due_at=owner.clock.now() + timedelta(seconds=after),
        **facts,
    )


def arm(owner: Account, effect: dict[str, Any], **spec: Any) -> Fault:
    """Arm a fault of callbacks."""
    made = FaultSpec.model_validate({"on": "callback", "effect": effect, **spec})
    fault = Fault(owner.ids.opaque("flt"), made, made.times)
    owner.faults.arm(fault)
    return fault


class Sent(NamedTuple):
    """One attempt as the webhook saw it; `after` is in seconds from noon."""

    after: float
    url: str
    body: bytes

    @property
    def payload(self) -> Any:
        """What the callback was made with."""
        return json.loads(self.body)["payload"]


@dataclass
class FakeClient:
    """
    A webhook client without a network.

    Attributes:
        outcome: what an attempt comes to, by its body; an exception is raised.
        gate: what every attempt waits for.
        running: how many attempts run.
        most: how many have run at once, by URL.
    """

    clock: Clock
    outcome: Callable[[bytes], int | Exception] = lambda _body: 200
    gate: asyncio.Event | None = None
    sent: list[Sent] = field(default_factory=list)
    running: int = 0
    most: dict[str, int] = field(default_factory=dict)

    def answers(self, *outcomes: int | Exception) -> None:
        """Let the next attempts come to these, and those after them to 200."""
        script = list(outcomes)
        self.outcome = lambda _body: script.pop(0) if script else 200

    @property
    def payloads(self) -> list[Any]:
        """What was sent, in order."""
        return [sent.payload for sent in self.sent]

    async def post(
        self,
        url: str,
        headers: Sequence[tuple[str, str]],
        encoded: Encoded,
        timeout: float,
        vouched: bool,
        *,
        verify: bool = True,
    ) -> Answer:
        """See `WebhookClient`."""
        self.sent.append(Sent((self.clock.now() - NOON).total_seconds(), url, encoded.body))
        self.running += 1
        self.most[url] = max(self.most.get(url, 0), self.running)
        try:
            await (self.gate.wait() if self.gate is not None else asyncio.sleep(0))
        finally:
            self.running -= 1
        outcome = self.outcome(encoded.body)
        if isinstance(outcome, Exception):
            raise outcome
        return Answer(outcome, "thanks")

    async def close(self) -> None:
        """Nothing is open."""


class Desk:
    """A dispatcher with all that is around it; the clock stands at noon unless another is given."""

    def __init__(self, provider: StubProvider | None = None, clock: Clock | None = None, **bounds: Any) -> None:
        self.provider = provider or StubProvider()
        self.account, self.changes = account(self.provider, clock)
        self.clock = self.account.clock
        self.client = FakeClient(self.clock)
        self.dispatcher = Dispatcher(self.account, self.client, **bounds)

    def send(self, payload: Any, user: str = ANNA, **facts: Any) -> Callback:
        """Make and send a callback."""
        made = callback(self.account, payload, user, **facts)
        self.dispatcher.send(made)
        return made

    def is_empty(self) -> bool:
        """Whether the dispatcher keeps nothing of what it did."""
        dispatcher = self.dispatcher
        return not (dispatcher.pending or dispatcher._lanes or dispatcher._doors or dispatcher._workers)
