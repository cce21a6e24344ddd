"""Scenario: what a person does, step by step, and which messages it answers; Run: one playing of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, field_validator, model_validator

from sandbox.core.account import Account
from sandbox.core.callback import Callback
from sandbox.core.conversation import Conversation, Message
from sandbox.core.events import Cause
from sandbox.core.fault import FaultSpec
from sandbox.core.schedule import Timer
from sandbox.engine.actions import Action, AnyAction, Deliver, Read, Receipt, Strict
from sandbox.engine.duration import Seconds, seconds_of
from sandbox.engine.pattern import Globs, Kinds, compile_globs

NAME_PATTERN = r"^[a-z0-9][a-z0-9-]{0,63}$"
MOST_STEPS = 10_000

_OF_A_RECEIPT = {"do", "after", "status"}

# Why it is this one that plays: it was asked for by name, the account's `scenario` wants it, its `match` fits, nothing
# else answers, the account's settings say what the default series is, the address is magic, or it was certain from the
# start what was to become of the message.
Choice = Literal["asked", "account", "match", "default", "settings", "magic", "fate"]
RunState = Literal["running", "passed", "failed", "cancelled"]
StepStatus = Literal["waiting", "done", "passed", "failed", "skipped"]


class Match(Strict):
    """Which messages of the business a scenario answers: all that is given must hold, a list means any of it."""

    provider: Globs | None = None
    user: Globs | None = None
    channel: Globs | None = None
    text: Globs | None = None
    kind: Kinds | None = None


class Expect(Strict):
    """
    Wait for the business to send a message; the run fails if none that fits comes `within` that time.

    With `channel` the business may write from any of its addresses, as it has another one on another channel.
    """

    do: Literal["expect"] = "expect"
    after: Seconds = 0.0
    channel: Globs | None = None
    kind: Kinds | None = None
    text: Globs | None = None
    within: Annotated[Seconds, Field(gt=0)]

    def fits(self, message: Message, conversation: Conversation) -> bool:
        """Tell whether this message to the person of a conversation is the one."""
        return next(self.unlike(message, conversation), None) is None

    def unlike(self, message: Message, conversation: Conversation) -> Iterator[str]:
        """Yield in what a message is not the one: `sender`, `channel`, `kind`, `text`."""
        if self.channel is None:
            if message.conversation.sender != conversation.sender:
                yield "sender"
        elif not compile_globs(tuple(self.channel)).match(message.channel):
            yield "channel"
        if self.kind is not None and message.content.kind not in self.kind:
            yield "kind"
        if self.text is not None and not compile_globs(tuple(self.text), fold_case=True).match(message.text):
            yield "text"


class ExpectCallback(Strict):
    """
    Wait until the webhook has taken what the step before it told, or not; the run fails if it fared otherwise.

    Attributes:
        state: what is to become of each of its callbacks.
        status: what the webhook is to answer at last.
        attempts: how many it is to take.
        latency: seconds of real time that the last answer may take.
        within: how long that is waited for, in seconds of the account's clock.
    """

    do: Literal["expect_callback"] = "expect_callback"
    after: Seconds = 0.0
    state: Literal["delivered", "failed", "blocked", "recorded"] = "delivered"
    status: Annotated[int, Field(ge=100, le=999)] | None = None
    attempts: Annotated[int, Field(ge=0, le=1000)] | None = None
    latency: Seconds | None = None
    within: Annotated[Seconds, Field(gt=0)]

    def unlike(self, callback: Callback) -> Iterator[tuple[str, str]]:
        """Yield what of a callback is not as expected: `state`, `status`, `attempts`, `latency`, with what it is."""
        last = callback.attempts[-1] if callback.attempts else None
        if callback.state != self.state:
            yield "state", callback.state
        if self.status is not None and self.status != (answered := None if last is None else last.status):
            yield "status", "no answer" if answered is None else str(answered)
        if self.attempts not in (None, len(callback.attempts)):
            yield "attempts", str(len(callback.attempts))
        if self.latency is not None and last is not None and last.duration_ms > self.latency * 1000:
            yield "latency", f"{last.duration_ms / 1000:.3f} s"


class Pause(Strict):
    """Let time pass."""

    do: Literal["pause"] = "pause"
    after: Seconds = 0.0
    seconds: Seconds


class Repeat(Strict):
    """Play steps several times."""

    do: Literal["repeat"] = "repeat"
    after: Seconds = 0.0
    times: Annotated[int, Field(ge=1, le=MOST_STEPS)]
    steps: list[Step]


class Choose(Strict):
    """Play one of several lists of steps, drawn by the account's seeded chance when the run starts."""

    do: Literal["choose"] = "choose"
    after: Seconds = 0.0
    weights: list[Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]] | None = None
    of: Annotated[list[list[Step]], Field(min_length=1)]

    @model_validator(mode="after")
    def _every_branch_weighs(self) -> Choose:
        if self.weights is not None and (len(self.weights) != len(self.of) or not any(self.weights)):
            raise ValueError(f"weights must be one number for each branch, {len(self.of)} in all, and not all 0")
        return self

    def draw(self, chance: Random) -> list[Step]:
        """Return one of the branches."""
        return chance.choices(self.of, self.weights)[0]


class ChangeSettings(Strict):
    """Change settings of the account from here on, by the provider's own names; null takes one back to its default."""

    do: Literal["settings"] = "settings"
    after: Seconds = 0.0
    set: Annotated[dict[str, Any], Field(min_length=1)]


class ArmFault(FaultSpec):
    """Arm a fault: from here on, requests or callbacks of the account go wrong as it says."""

    do: Literal["fault"] = "fault"
    after: Seconds = 0.0

    @model_validator(mode="before")
    @classmethod
    def _effect_in_seconds(cls, data: Any) -> Any:
        """Take durations in the effect as everywhere else in a scenario."""
        match data:
            case {"effect": {"seconds": str(text), **effect}, **fault}:
                return {**fault, "effect": {**effect, "seconds": seconds_of(text)}}
            case _:
                return data

    def spec(self) -> FaultSpec:
        """Return what is armed."""
        return FaultSpec(
            on=self.on, match=self.match, effect=self.effect, times=self.times, probability=self.probability
        )


Step = Annotated[
    AnyAction | Expect | ExpectCallback | Pause | Repeat | Choose | ArmFault | ChangeSettings, Field(discriminator="do")
]
Leaf = Action | Expect | ExpectCallback | Pause | ArmFault | ChangeSettings


class Scenario(Strict):
    """
    A script for the person at the other end: `steps` play for messages that `match`.

    One without `match` plays only when it is asked for by name.
    """

    name: Annotated[str, Field(pattern=NAME_PATTERN)]
    description: Annotated[str, Field(max_length=2000)] = ""
    match: Match | None = None
    steps: list[Step]

    @field_validator("steps")
    @classmethod
    def _not_too_many(cls, steps: list[Step]) -> list[Step]:
        if (count := _count(steps)) > MOST_STEPS:
            raise ValueError(f"a run has at most {MOST_STEPS} steps; these come to {count}")
        return steps

    def plan(self, chance: Random) -> tuple[Planned, ...]:
        """Return the steps as they are to be played; choices are drawn from `chance`."""
        unvarying = self._unvarying
        return tuple(planned(self.steps, chance)) if unvarying is None else unvarying

    @cached_property
    def _unvarying(self) -> tuple[Planned, ...] | None:
        """The plan, where nothing is left to chance."""
        return None if _chooses(self.steps) else tuple(planned(self.steps, Random(0)))  # noqa: S311 - draws nothing


class Planned(NamedTuple):
    """
    A step to be played, and how long after the one before it.

    Attributes:
        do: what it does, by name.
        is_receipt: it says what became of the run's message, and not a word more, as most steps do.
        status: in which word of the provider's it says so, if in any.
    """

    step: Leaf
    after: timedelta
    do: str
    is_receipt: bool = False
    status: str | None = None


def planned(steps: Sequence[Step], chance: Random) -> Iterator[Planned]:
    """Resolve repeats and choices, whose own `after` goes to the first step inside; a pause is over when it is done."""
    held = 0.0
    for step, after in _flattened(steps, chance):
        held += after + (step.seconds if isinstance(step, Pause) else 0.0)
        if step is not None:
            is_receipt = isinstance(step, Deliver | Read | Receipt) and step.model_fields_set <= _OF_A_RECEIPT
            status = step.status if isinstance(step, Receipt) else None
            yield Planned(step, timedelta(seconds=held), step.do, is_receipt, status)
            held = 0.0


def _flattened(steps: Sequence[Step], chance: Random) -> Iterator[tuple[Leaf | None, float]]:
    for step in steps:
        match step:
            case Repeat():
                yield None, step.after
                for _ in range(step.times):
                    yield from _flattened(step.steps, chance)
            case Choose():
                yield None, step.after
                yield from _flattened(step.draw(chance), chance)
            case _:
                yield step, step.after


def _count(steps: Sequence[Step]) -> int:
    """Return how many steps a run may come to; a repeat or choice of nothing counts as one."""
    total = 0
    for step in steps:
        match step:
            case Repeat():
                total += step.times * max(1, _count(step.steps))
            case Choose():
                total += max(1, *map(_count, step.of))
            case _:
                total += 1
    return total


def _chooses(steps: Sequence[Step]) -> bool:
    return any(isinstance(step, Choose) or (isinstance(step, Repeat) and _chooses(step.steps)) for step in steps)


@dataclass(slots=True)
class StepState:
    """
    How one step of a run stands.

    Attributes:
        do: what it does, by name.
        at: when it came to its state; None while it waits, and if it was skipped.
        detail: why it failed, in a sentence and perhaps further lines, or which message it was waiting for.
    """

    index: int
    do: str
    state: StepStatus
    at: datetime | None = None
    detail: str | None = None


@dataclass(slots=True, eq=False)
class Run:
    """
    One playing of a scenario, to one person.

    Attributes:
        conversation: with whom the person talks: at first as it was started, later as the last message expected has it.
        scenario: its name, or the magic address whose steps these are.
        cause: why things happen in it.
        plan: what is played.
        position: index of the step it is at.
        due_at: when the next step is played or, at an `expect`, when its time is up.
        message: the message it answers: the one that started it, later the last one expected.
        chosen: why it plays.
        origin: id of the message that started it.
        begun_at: when it began to play.
        templates: whether strings of its steps may be templates.
        ended: the steps that were played, in order.
        told: the callbacks that tell of the step before.
        expecting: whether it waits at an `expect`.
        awaits: the callback that it waits for the end of, at an `expect_callback`.
        timer: where it hangs on the account's clock.
    """

    id: str
    seq: int
    scenario: str
    account: Account
    conversation: Conversation
    cause: Cause
    plan: tuple[Planned, ...]
    due_at: datetime
    message: Message | None = None
    templates: bool = True
    chosen: Choice = "asked"
    origin: str | None = None
    begun_at: datetime | None = None
    state: RunState = "running"
    position: int = 0
    ended: list[StepState] = field(default_factory=list)
    told: tuple[Callback, ...] = ()
    expecting: bool = False
    awaits: Callback | None = None
    timer: Timer | None = None

    @property
    def user(self) -> str:
        """To whom it is played."""
        return self.conversation.user

    @property
    def met(self) -> list[str]:
        """Ids of the messages that it has met: the one that started it, and those that it expected."""
        expected = (each.detail for each in self.ended if each.do == "expect" and each.state == "passed")
        return [each for each in (self.origin, *expected) if each is not None]

    @property
    def steps(self) -> list[StepState]:
        """Every step: those that were played, and behind them those that wait or are skipped for good."""
        rest: StepStatus = "waiting" if self.state == "running" else "skipped"
        ahead = (StepState(index, self.plan[index].do, rest) for index in range(self.position, len(self.plan)))
        return [*self.ended, *ahead]
