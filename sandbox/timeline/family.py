"""Family: which record of a journal came of which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple, TypeVar, cast

from sandbox.core.account import Account
from sandbox.core.callback import Callback
from sandbox.core.conversation import Message
from sandbox.core.events import Cause
from sandbox.core.journal import Exchange, Feed, Intervention
from sandbox.core.piecemeal import Steps
from sandbox.engine.scenario import ArmFault, ChangeSettings, Run, StepState
from sandbox.engine.telling import shortened

_PART = 250  # records that are gone through in one piece
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
R = TypeVar("R", Message, Callback, Run, Intervention)
T = TypeVar("T")


def _parts(records: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield records some at a time."""
    return (records[start : start + _PART] for start in range(0, len(records), _PART))


def _is_met(state: StepState) -> bool:
    """Tell whether a step waited for a message that came."""
    return state.do == "expect" and state.state == "passed" and state.detail is not None


def runs_of(account: Account) -> Feed[Run]:
    """Return the runs that an account remembers."""
    return cast("Feed[Run]", account.journal.runs)


class Family:
    """
    Every record of an account with what came of it, as far as both are still kept.

    It knows nothing before it has gone through the records.

    Attributes:
        roots: what nothing else is known to have caused, by place in the order of everything.
        expected: the step that waited for a message, by the message's id.
    """

    def __init__(self, account: Account) -> None:
        self._account = account
        self._requests: dict[str, Exchange] = {}
        self._messages: dict[str, Message] = {}
        self._runs: dict[str, Run] = {}
        self._actions: set[str] = set()
        self._operating: dict[datetime, list[Step]] = defaultdict(list)
        self._originals: dict[tuple[str, int], int] = {}
        self._children: dict[str, list[Record]] = {}
        self._gone_through: set[str] = set()  # runs whose steps are among the children already
        self.expected: dict[str, Step] = {}
        self.roots: list[Record] = []

    def gather(self) -> Steps[None]:
        """Go through all records, as they are now; what changes meanwhile may be told as it was or as it is."""
        journal = self._account.journal
        requests, messages, callbacks = tuple(journal.requests), tuple(journal.messages), tuple(journal.callbacks)
        runs, interventions = tuple(runs_of(self._account)), tuple(journal.interventions)
        self._requests = {exchange.id: exchange for exchange in requests}
        yield
        self._messages = {message.id: message for message in messages}
        yield
        self._runs = {run.id: run for run in runs}
        yield
        self._actions = {each.id for each in interventions if each.kind == "action"}
        self.roots += requests
        yield
        # Steps come behind what came of them, so that whatever names one finds it.
        yield from self._place(messages, self._of_message)
        yield from self._place(callbacks, self._of_callback)
        yield from self._place(runs, self._of_run)
        for part in _parts(runs):
            for run in part:
                self._go_through(run)
            yield
        yield from self._place(interventions, self._of_intervention)
        self.roots.sort(key=attrgetter("seq"))
        yield

    def _place(self, records: Sequence[R], parent_of: Callable[[R], str | None]) -> Steps[None]:
        children, roots = self._children, self.roots
        for part in _parts(records):
            for record in part:
                parent = parent_of(record)
                if parent is None:
                    roots.append(record)
                elif parent in children:
                    children[parent].append(record)
                else:
                    children[parent] = [record]
            yield

    def children(self, record: Record) -> Sequence[Record]:
        """Return what came of a record, in no order."""
        children = self._children.get(record.id, ())
        if isinstance(record, Run) and record.id not in self._gone_through:
            return (*children, *(step for step, _ in self._steps_of(record)))
        return children

    def step_of(self, record: Callback | Message, run: Run) -> int | None:
        """Return the index of a run's step that made a record; None if that is not known."""
        if record.step is not None or isinstance(record, Message):
            return record.step
        return self._originals.get((run.id, id(record.payload)))

    def run_of(self, cause: Cause | None) -> Run | None:
        """Return the run that is a cause; None if it is none, or kept no more."""
        return self._runs.get(cause.id) if cause is not None and cause.type == "scenario" else None

    def _go_through(self, run: Run) -> None:
        """Look at the steps of a run that are more than its own: that waited for a message, or did an operator's work."""
        if not any(state.do == "expect" or state.do in _OPERATES for state in run.ended):
            return
        self._gone_through.add(run.id)
        for step, parent in self._steps_of(run):
            self._children.setdefault(parent, []).append(step)
            state = step.state
            if _is_met(state):
                self.expected[state.detail or ""] = step
            elif state.do in _OPERATES and state.state == "done":
                self._operating[step.at].append(step)

    def _steps_of(self, run: Run) -> Iterator[tuple[Step, str]]:
        """Yield the steps of a run, each with what it hangs under: the run, or the message that it went on with."""
        parent = run.id
        for state in tuple(run.ended):
            yield Step(run, state, state.at or run.due_at), parent
            if _is_met(state):
                message = self._messages.get(state.detail or "")
                # Messages that another run sends would make chains of runs that have no end.
                if message is not None and message.cause is None:
                    parent = message.id
        if run.state == "running":
            waiting = StepState(run.position, run.plan[run.position].do, "waiting")
            yield Step(run, waiting, run.due_at), parent

    def _of_message(self, message: Message) -> str | None:
        if message.replaces is not None and message.replaces in self._messages:
            return message.replaces
        if message.request is not None and message.request in self._requests:
            return message.request
        return self._by_cause(message)

    def _of_run(self, run: Run) -> str | None:
        return run.origin if run.origin is not None and run.origin in self._messages else None

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
