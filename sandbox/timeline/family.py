"""Family: which record of a journal came of which."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import NamedTuple, cast

from sandbox.core.account import Account
from sandbox.core.callback import Callback
from sandbox.core.conversation import Message
from sandbox.core.events import Cause
from sandbox.core.journal import Exchange, Feed, Intervention
from sandbox.engine.scenario import Run, StepState

_OPERATES = ("fault", "settings")  # steps that do what otherwise an operator does


class Step(NamedTuple):
    """A step of a run that was played, or waits to be."""

    run: Run
    state: StepState
    at: datetime

    @property
    def id(self) -> str:
        """The run's id with the step's index."""
        return f"{self.run.id}/{self.state.index}"

    @property
    def seq(self) -> int:
        """Place in the order of everything; one that waits is behind all that was played."""
        return self.state.seq or self.run.seq


Record = Exchange | Message | Callback | Run | Step | Intervention


def runs_of(account: Account) -> Feed[Run]:
    """Return the runs that an account remembers."""
    return cast("Feed[Run]", account.journal.runs)


class Family:
    """
    Every record of an account with what came of it, as far as both are still kept.

    Attributes:
        roots: what nothing else is known to have caused, by place in the order of everything.
        expected: the step that waited for a message, by the message's id.
    """

    def __init__(self, account: Account) -> None:
        journal = account.journal
        self._requests = {exchange.id: exchange for exchange in journal.requests}
        self._messages = {message.id: message for message in journal.messages}
        self._runs = {run.id: run for run in runs_of(account)}
        self._actions = {each.id for each in journal.interventions if each.kind == "action"}
        self.expected: dict[str, Step] = {}
        self._children: dict[str, list[Record]] = defaultdict(list)
        self._operating: dict[int, str] = {}  # by the place just before a step's own
        steps = [step for run in self._runs.values() for step in self._steps_of(run)]
        self.roots: list[Record] = []
        for record in cast(
            "Iterator[Record]",
            chain(
                self._requests.values(),
                journal.interventions,
                self._messages.values(),
                self._runs.values(),
                journal.callbacks,
            ),
        ):
            parent = self._parent(record)
            (self.roots if parent is None else self._children[parent]).append(record)
        for step, parent in steps:
            self._children[parent].append(step)
        self.roots.sort(key=attrgetter("seq"))

    def children(self, record_id: str) -> list[Record]:
        """Return what came of a record, in no order."""
        return self._children.get(record_id, [])

    def step_of(self, run: Run, seq: int) -> StepState | None:
        """Return the step of a run that something at that place in the order came of; None if it is not known."""
        index = bisect_right(run.ended, seq, key=attrgetter("seq"))
        return run.ended[index] if index < len(run.ended) else None

    def run_of(self, cause: Cause | None) -> Run | None:
        """Return the run that is a cause; None if it is none, or kept no more."""
        return self._runs.get(cause.id) if cause is not None and cause.type == "scenario" else None

    def _steps_of(self, run: Run) -> Iterator[tuple[Step, str]]:
        """Yield the steps of a run, each with what it hangs under: the run, or the message that it went on with."""
        parent = run.id
        for state in run.ended:
            step = Step(run, state, state.at or run.due_at)
            yield step, parent
            if state.do == "expect" and state.state == "passed" and state.detail is not None:
                self.expected[state.detail] = step
                message = self._messages.get(state.detail)
                # Messages that another run sends would make chains of runs that have no end.
                if message is not None and message.cause is None:
                    parent = message.id
            elif state.do in _OPERATES:
                self._operating[state.seq - 1] = step.id
        if run.state == "running":
            waiting = StepState(run.position, run.plan[run.position].step.do, "waiting")
            yield Step(run, waiting, run.due_at), parent

    def _parent(self, record: Record) -> str | None:
        match record:
            case Message(replaces=str(lost)) if lost in self._messages:
                return lost
            case Message(request=str(request)) if request in self._requests:
                return request
            case Message(cause=cause, seq=seq):
                return self._by_cause(cause, seq)
            case Run(origin=str(message)) if message in self._messages:
                return message
            case Intervention(seq=seq):
                return self._operating.get(seq)
            case Callback():
                return self._of_callback(record)
            case _:
                return None

    def _of_callback(self, callback: Callback) -> str | None:
        message = self._messages.get(callback.message or "")
        cause = callback.cause
        if cause is not None and cause.type == "redelivery":
            return None
        if message is not None and message.direction == "inbound":
            return message.id
        parent = self._by_cause(cause, callback.seq)
        if parent is None and callback.request in self._requests:
            return callback.request
        return parent if parent is not None or message is None else message.id

    def _by_cause(self, cause: Cause | None, seq: int) -> str | None:
        if cause is None:
            return None
        run = self.run_of(cause)
        if run is not None:
            state = self.step_of(run, seq)
            return run.id if state is None else f"{run.id}/{state.index}"
        if cause.type == "action" and cause.id in self._actions:
            return cause.id
        return None
