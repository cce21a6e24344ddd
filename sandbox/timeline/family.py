"""Family: which record of a journal came of which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple, cast

from sandbox.core.account import Account
from sandbox.core.callback import Callback
from sandbox.core.conversation import Message
from sandbox.core.events import Cause
from sandbox.core.journal import Exchange, Feed, Intervention
from sandbox.engine.scenario import ArmFault, ChangeSettings, Run, StepState
from sandbox.engine.telling import shortened

_OPERATES = ("fault", "settings")  # steps that do what otherwise an operator does


class Step(NamedTuple):
    """A step of a run that was played, or waits to be."""

    run: Run
    state: StepState
    at: datetime

    @property
    def id(self) -> str:
        """The run's id with the step's index."""
        return step_id(self.run, self.state.index)

    @property
    def seq(self) -> int:
        """The run's place in the order of everything."""
        return self.run.seq


def step_id(run: Run, index: int) -> str:
    """Return what a step is called: steps have no ids of their own."""
    return f"{run.id}/{index}"


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
        self._operating: dict[datetime, list[Step]] = defaultdict(list)
        self._originals: dict[tuple[str, int], int] = {}
        self._children: dict[str, list[Record]] = defaultdict(list)
        self.expected: dict[str, Step] = {}
        self.roots: list[Record] = []
        for run in self._runs.values():
            for step, parent in self._steps_of(run):
                self._children[parent].append(step)
        for records in (self._requests, self._messages, self._runs):
            self._place(records.values())
        self._place(journal.interventions)
        self._place(journal.callbacks)
        self.roots.sort(key=attrgetter("seq"))

    def _place(self, records: Iterable[Record]) -> None:
        for record in records:
            parent = self._parent(record)
            (self.roots if parent is None else self._children[parent]).append(record)

    def children(self, record_id: str) -> list[Record]:
        """Return what came of a record, in no order."""
        return self._children.get(record_id, [])

    def step_of(self, record: Callback | Message, run: Run) -> int | None:
        """Return the index of a run's step that made a record; None if that is not known."""
        if record.step is not None or isinstance(record, Message):
            return record.step
        return self._originals.get((run.id, id(record.payload)))

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
            elif state.do in _OPERATES and state.state == "done":
                self._operating[step.at].append(step)
        if run.state == "running":
            waiting = StepState(run.position, run.plan[run.position].step.do, "waiting")
            yield Step(run, waiting, run.due_at), parent

    def _parent(self, record: Record) -> str | None:
        match record:
            case Message(replaces=str(lost)) if lost in self._messages:
                return lost
            case Message(request=str(request)) if request in self._requests:
                return request
            case Message():
                return self._by_cause(record)
            case Run(origin=str(message)) if message in self._messages:
                return message
            case Intervention():
                return self._of_intervention(record)
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
        parent = self._by_cause(callback)
        if parent is None and callback.request in self._requests:
            return callback.request
        return parent if parent is not None or message is None else message.id

    def _of_intervention(self, deed: Intervention) -> str | None:
        """Return the step that did what otherwise an operator does: then, and with the same words."""
        for step in self._operating.get(deed.at, ()):
            played = step.run.plan[step.state.index].step
            match played:
                case ArmFault() if deed.kind == "fault" and deed.text.startswith(shortened(f"{played.effect} on ")):
                    break
                case ChangeSettings() if deed.kind == "change" and any(name in deed.text for name in played.set):
                    break
        else:
            return None
        self._operating[deed.at].remove(step)
        return step.id

    def _by_cause(self, record: Callback | Message) -> str | None:
        cause = record.cause
        run = self.run_of(cause)
        if run is not None:
            index = self.step_of(record, run)
            if isinstance(record, Callback) and index is not None:  # for the copies of it, which follow
                self._originals[run.id, id(record.payload)] = index
            return run.id if index is None else step_id(run, index)
        if cause is not None and cause.type == "action" and cause.id in self._actions:
            return cause.id
        return None
