"""Tenant: everything that one account holds, as it is written down, and the codecs of all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, cast

from sandbox.chaos import Delivery
from sandbox.core.account import Account, Shelf
from sandbox.core.callback import Callback, State
from sandbox.core.clock import ClockState
from sandbox.core.conversation import Body, Message
from sandbox.core.events import (
    ActionReported,
    AgentActed,
    ErrorReported,
    EventReported,
    MessageAccepted,
    MessageDelivered,
    MessageExpired,
    MessageFailed,
    MessageRead,
    MessageSent,
    ReceiptReported,
    SessionEnded,
    UrlClicked,
    UserReplied,
    UserTyped,
)
from sandbox.core.fault import Fault, FaultSpec
from sandbox.core.ids import IdsState
from sandbox.core.journal import Exchange, FeedState, Intervention, Record
from sandbox.core.media import StoredFile
from sandbox.core.piecemeal import Steps, at_once
from sandbox.core.provider import Provider
from sandbox.core.schedule import Action
from sandbox.core.tally import TallyState
from sandbox.dispatcher import Dispatcher, DispatcherState, Lane
from sandbox.engine import actions
from sandbox.engine.engine import Engine, Expecting
from sandbox.engine.scenario import ArmFault, ChangeSettings, Expect, ExpectCallback, Pause, Planned, Run
from sandbox.snapshot.audit import check
from sandbox.snapshot.codec import Codec, Fixed, Many, Marked, Reader, Writer, WrongError, in_steps
from sandbox.snapshot.codecs import Codecs, Special
from sandbox.snapshot.records import Model, Once

_EVENTS = (
    *(
        MessageAccepted,
        MessageSent,
        MessageDelivered,
        MessageRead,
        MessageFailed,
        MessageExpired,
        ReceiptReported,
        UrlClicked,
    ),
    *(EventReported, ActionReported, AgentActed, UserTyped, UserReplied, SessionEnded, ErrorReported),
)
_STEPS = (Expect, ExpectCallback, Pause, ArmFault, ChangeSettings)
_NOBODY_WAITS = "nobody waits for the answer since the sandbox was restored"


@dataclass(frozen=True, slots=True)
class TenantState:
    """
    What an account holds, besides what it was made of.

    Attributes:
        seq: its place in the order of all things.
        shelves: what its provider and the engine keep, by the name of the type.
        on_its_way: the callbacks that are not over.
    """

    seq: int
    created_at: datetime
    began_at: datetime
    ids: IdsState
    messages: FeedState[Message]
    requests: FeedState[Exchange]
    callbacks: FeedState[Callback]
    runs: FeedState[Run]
    interventions: FeedState[Intervention]
    tally: TallyState
    generation: int = 0
    faults: tuple[Fault, ...] = ()
    media: tuple[StoredFile, ...] = ()
    shelves: dict[str, tuple[tuple[str, Any, int], ...]] = field(default_factory=dict)
    on_its_way: DispatcherState = field(default_factory=DispatcherState)
    clock: ClockState = field(default_factory=ClockState)


class Tenants:
    """
    Writes and reads the accounts of one provider.

    Args:
        provider: whose accounts.
        engine: what plays scenarios to their people.
        dispatcher: any one, to tell what dispatchers put on clocks.
    """

    def __init__(self, provider: Provider, engine: Engine, dispatcher: Dispatcher) -> None:
        self._engine = engine
        self._timed = (*engine.timed, *provider.kept.timed)
        self._shelves = _shelves(provider)
        functions = [getattr(action, "__func__", action) for action in self._actions(dispatcher).values()]
        self._codec = _codec(provider, tuple(functions))

    def write(self, account: Account, dispatcher: Dispatcher) -> dict[str, Any]:
        """Return what an account holds as JSON."""
        writer = Writer({action: name for name, action in self._actions(dispatcher).items()}, dispatcher.asked)
        writer.give(id(account.settings), account.settings)  # 0, see `read`
        journal, clock = account.journal, account.clock.state
        state = TenantState(
            account.seq,
            account.created_at,
            account.began_at,
            account.ids.state,
            journal.messages.state,
            journal.requests.state,
            journal.callbacks.state,
            cast("FeedState[Run]", journal.runs.state),
            journal.interventions.state,
            account.tally.state,
            account.generation,
            tuple(account.faults),
            tuple(account.media),
            {kind.__name__: shelf.items for kind, shelf in account.shelves if len(shelf)},
            dispatcher.state,
            ClockState(clock.now, tuple(timer for timer in clock.waiting if timer.action in writer.actions)),
        )
        written: dict[str, Any] = self._codec.write(state, writer)
        return written

    def read(self, given: Any, account: Account, dispatcher: Dispatcher, sequence: int) -> Steps[None]:
        """
        Give a new account what a document says that it holds.

        Args:
            given: JSON values of unknown origin.
            account: to which nothing has happened.
            dispatcher: its own.
            sequence: the next place in the order of all things.

        Raises:
            WrongError: the document is not whole and good; the account is not to be used.
        """
        reader = Reader(account, self._actions(dispatcher))
        reader.things[0] = account.settings
        state: TenantState = yield from in_steps(self._codec, given, reader)
        self._fill(account, dispatcher, state)
        yield
        yield from check(account, dispatcher, state, self._engine, (account, *reader.things.values()), sequence)
        for thing in reader.things.values():
            if isinstance(thing, Run):
                self._engine.resume(thing)

    def _actions(self, dispatcher: Dispatcher) -> dict[str, Action]:
        """Return what may be on an account's clock, by its name."""
        return _named((*self._timed, *dispatcher.timed))

    def _fill(self, account: Account, dispatcher: Dispatcher, state: TenantState) -> None:
        account.seq, account.generation = state.seq, state.generation
        account.created_at, account.began_at = state.created_at, state.began_at
        try:
            account.ids.restore(state.ids)
        except ValueError as error:
            raise WrongError(str(error), "ids", "random") from None
        journal = account.journal
        journal.messages.restore(state.messages)
        journal.requests.restore(state.requests)
        journal.callbacks.restore(state.callbacks)
        journal.runs.restore(cast("FeedState[Record]", state.runs))
        journal.interventions.restore(state.interventions)
        try:
            account.tally.restore(state.tally)
        except ValueError as error:
            raise WrongError(str(error), "tally", "durations") from None
        account.faults.restore(state.faults)
        for file in state.media:
            account.media.put(file.name, file.mime_type, file.data)
        for name, things in state.shelves.items():
            shelf: Shelf[Any] = account.shelf(self._shelves[name])
            for key, thing, size in things:
                shelf.put(key, thing, size)
        dispatcher.restore(state.on_its_way)
        account.clock.restore(state.clock)


class _Shelves(Marked):
    """Every shelf by the name of its type: key, thing and size of all that lies there."""

    def __init__(self, kinds: Mapping[str, Codec], codecs: Codecs) -> None:
        key, size = codecs.of(str), codecs.of(int)
        self._kinds = {name: Many(Fixed((key, codec, size)), tuple) for name, codec in kinds.items()}

    def write(self, value: Any, writer: Writer) -> Any:
        return {name: self._kinds[name].write(things, writer) for name, things in value.items()}

    def read(self, given: Any, reader: Reader) -> Any:
        return at_once(self.steps(given, reader))

    def steps(self, given: Any, reader: Reader) -> Steps[Any]:
        if not isinstance(given, dict):
            raise WrongError("must be an object")
        found = {}
        for name, things in given.items():
            codec = self._kinds.get(name)
            if codec is None:
                raise WrongError(f"must be one of {', '.join(self._kinds)}", name)
            try:
                found[name] = yield from codec.steps(things, reader)
            except WrongError as error:
                raise error.inside(name) from None
        return found


def _named(actions: Iterable[Any]) -> dict[str, Any]:
    return {action.__name__.lstrip("_"): action for action in actions}


def _shelves(provider: Provider) -> dict[str, type]:
    return {kind.__name__: kind for kind in (Expecting, *provider.kept.shelves)}


@lru_cache(maxsize=64)
def _codec(provider: Provider, timed: tuple[Action, ...]) -> Codec:
    """Return the codec of a provider's accounts; what is not as its annotation says stands here."""
    kept = provider.kept
    codecs = Codecs((*_EVENTS, *actions.models().values(), *_STEPS), _named(timed), kept.tables)
    of, special = codecs.of, codecs.special
    special(Message, "body", Special(lambda: of(Body), take=lambda message, _: message.said))
    special(Message, "facts", Special(lambda: codecs.one_of(kept.facts)))
    # Copies share it, and are known by that.
    special(Callback, "payload", Special(lambda: Once(object, codecs.one_of(kept.payloads), by_value=False)))
    special(Callback, "state", Special(lambda: of(State), take=_state))
    special(Callback, "detail", Special(lambda: of(str | None), take=_detail))
    special(Fault, "spec", Special(lambda: Model(FaultSpec)))
    # One for all who play the same.
    special(Run, "plan", Special(lambda: Once(tuple, of(tuple[Planned, ...]))))
    waiting = tuple[tuple[datetime, Delivery], ...]
    special(Lane, "waiting", Special(lambda: of(waiting), take=_in_order, put=_as_heap))
    shelves = _shelves(provider).items()
    special(TenantState, "shelves", Special(lambda: _Shelves({name: of(kind) for name, kind in shelves}, codecs)))
    return codecs.of(TenantState)


def _is_over(callback: Callback) -> bool:
    return callback.state not in ("scheduled", "sending", "retrying")


def _state(callback: Callback, writer: Writer) -> State:
    """Return the state of a callback without its attempt that is being made, which is to be made again."""
    if _is_over(callback):
        return callback.state
    if callback.id in writer.given_up:
        return "failed"
    return "retrying" if callback.attempts else "scheduled"


def _detail(callback: Callback, writer: Writer) -> str | None:
    return _NOBODY_WAITS if callback.id in writer.given_up and not _is_over(callback) else callback.detail


def _in_order(lane: Lane, _writer: Writer) -> list[tuple[datetime, Delivery]]:
    return [(due, delivery) for due, _, delivery in sorted(lane.waiting)]


def _as_heap(waiting: Iterable[tuple[datetime, Delivery]], _lane: Lane) -> list[tuple[datetime, int, Delivery]]:
    """Return a lane's heap of what waits in order, which is one."""
    by_time = sorted(waiting, key=itemgetter(0))
    return [(due, number, delivery) for number, (due, delivery) in enumerate(by_time)]
