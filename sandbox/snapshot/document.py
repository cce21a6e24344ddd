"""Document: a sandbox as JSON from its first member to its last; and the parts of a sandbox made of such a document."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_json

from sandbox.core.account import Account
from sandbox.core.bounds import MOST_ACCOUNTS
from sandbox.core.clock import ClockState
from sandbox.core.fault import Fault, FaultSpec
from sandbox.core.ids import Ids, IdsState
from sandbox.core.journal import Exchange, FeedState
from sandbox.core.piecemeal import Steps
from sandbox.core.release import installed_version
from sandbox.core.store import CredentialTakenError, Store
from sandbox.core.tally import Tally, TallyState
from sandbox.dispatcher import Dispatcher
from sandbox.engine.scenario import Scenario
from sandbox.sandbox import OWN_IDS, AccountSpec, Sandbox, UnknownProviderError
from sandbox.snapshot.audit import check_feed, check_places
from sandbox.snapshot.codec import Codec, Many, Reader, Writer, WrongError, in_steps
from sandbox.snapshot.codecs import Codecs, Special
from sandbox.snapshot.error import SnapshotError
from sandbox.snapshot.records import Model
from sandbox.snapshot.tenant import Tenants

VERSION = 1  # of the form of documents

_FEW = 50  # records that are made text in one step


@dataclass(frozen=True, slots=True)
class SandboxState:
    """
    What a sandbox holds besides its accounts.

    Attributes:
        seed: what all ids, chance and people come from.
        sequence: the next place in the order of all things.
        made: how many accounts were made.
        dealt: how many pairs of keys were.
        ids: of what belongs to no account.
        clock: what accounts made later begin with.
        unclaimed: the requests that no account could be told of.
        scenarios: all there are.
        faults: those armed for all accounts.
        apart: by provider, what was counted of no account that is there.
    """

    seed: str
    sequence: int
    made: int
    dealt: int
    ids: IdsState
    clock: ClockState
    unclaimed: FeedState[Exchange]
    scenarios: tuple[Scenario, ...]
    faults: tuple[Fault, ...] = ()
    apart: dict[str, TallyState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Restored:
    """
    The parts of a sandbox that a document describes; nothing of them is in use yet.

    Attributes:
        ids: of what belongs to no account.
        sequence: gives everything its place in the order of all things.
        store: holds the accounts.
        dispatchers: theirs.
        apart: by provider, what was counted of no account that is there.
    """

    state: SandboxState
    ids: Ids
    sequence: count[int]
    store: Store
    dispatchers: dict[Account, Dispatcher]
    apart: dict[str, Tally]


def write(sandbox: Sandbox) -> dict[str, Any]:
    """Return all that a sandbox holds as JSON values."""
    state = SandboxState(
        sandbox.seed,
        sandbox.place,
        sandbox.made,
        sandbox.services.keys.dealt,
        sandbox.ids.state,
        ClockState(sandbox.clock.state.now),
        sandbox.unclaimed.state,
        tuple(sandbox.scenarios),
        tuple(sandbox.faults),
        {name: tally.state for name, tally in sandbox.apart.items()},
    )
    rooms = _Rooms(sandbox)
    with nothing_collected():
        return {
            "snapshot": VERSION,
            "version": installed_version(),
            **_codec().write(state, Writer({})),
            "accounts": [rooms.written(account) for account in sandbox.accounts],
        }


def text_of(document: Mapping[str, Any]) -> Steps[bytes]:
    """Return a document as text, in steps; what of it is text is let go, since to let all of it go takes a while."""
    pieces = []
    for piece in _pieces(document, 4):  # the document, its accounts, the feeds of one, the records of one
        pieces.append(piece)
        yield
    return b"".join(pieces)


def _pieces(value: Any, depth: int) -> Iterator[bytes]:
    """Yield the JSON of a value in pieces of some records, which lie so many levels down."""
    match value:
        case dict() if depth and value:
            mark = b"{"
            for name, item in value.items():
                yield mark + to_json(name) + b":"
                yield from _pieces(item, depth - 1)
                mark = b","
            yield b"}"
        case list() if depth and value and isinstance(value[0], dict) and "spec" in value[0]:
            mark = b"["
            for item in value:
                yield mark
                yield from _pieces(item, depth - 1)
                mark = b","
            yield b"]"
        case list() if len(value) > _FEW:
            mark = b"["
            for start in range(0, len(value), _FEW):
                few = value[start : start + _FEW]
                value[start : start + _FEW] = [None] * len(few)
                yield mark + to_json(few, inf_nan_mode="null")[1:-1]
                mark = b","
            yield b"]"
        case _:
            yield to_json(value, inf_nan_mode="null")


def read(document: Any, sandbox: Sandbox) -> Steps[Restored]:
    """
    Make the parts of a sandbox of a document, in steps between which the sandbox may go on.

    Args:
        document: JSON values of unknown origin.
        sandbox: gives them its providers, and its ways to the outside; it does not change.

    Raises:
        SnapshotError: with everything that is wrong with the document.
    """
    try:
        with nothing_collected():
            return (yield from _read(document, sandbox))
    except WrongError as error:
        raise SnapshotError(error.complaints) from None
    except RecursionError:
        raise SnapshotError([((), "is nested too deeply")]) from None


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Keep the interpreter from looking for garbage in what is being made, of which there is much: it would take as long."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(document: Any, sandbox: Sandbox) -> Steps[Restored]:
    if not isinstance(document, dict):
        raise WrongError("must be an object")
    _check_version(document)
    accounts = document.get("accounts")
    if not isinstance(accounts, list) or len(accounts) > MOST_ACCOUNTS:
        raise WrongError(f"must be an array of at most {MOST_ACCOUNTS}", "accounts")
    left = {name: value for name, value in document.items() if name not in ("snapshot", "version", "accounts")}
    state: SandboxState = yield from in_steps(_codec(), left, Reader(None, {}))
    _check(state, sandbox)
    apart = _counted(state.apart, sandbox.apart)
    restored = Restored(state, Ids(state.seed, OWN_IDS), count(state.sequence), Store(), {}, apart)
    try:
        restored.ids.restore(state.ids)
    except ValueError as error:
        raise WrongError(str(error), "ids", "random") from None
    rooms = _Rooms(sandbox)
    wrong = []
    for index, account in enumerate(accounts):
        try:
            yield from rooms.read(account, restored)
        except WrongError as error:
            wrong.append(error.inside("accounts", index))
    if wrong:
        raise WrongError.of(wrong)
    return restored


def _check(state: SandboxState, sandbox: Sandbox) -> None:
    """Make sure that what belongs to no account fits together. Raises `WrongError`."""
    check_feed("unclaimed", state.unclaimed)
    check_places((*state.unclaimed.records, *state.faults), state.sequence)
    providers = {None, *(provider.name for provider in sandbox.providers)}
    for index, exchange in enumerate(state.unclaimed.records):
        if exchange.account is not None or exchange.provider not in providers:
            raise WrongError("belongs to an account, or to a provider that is not there", "unclaimed", "records", index)


def _counted(given: Mapping[str, TallyState], known: Collection[str]) -> dict[str, Tally]:
    """Return tallies by the names that are known. Raises `WrongError`."""
    tallies = {name: Tally() for name in known}
    for name, state in given.items():
        if name not in tallies:
            raise WrongError("is the name of no provider", "apart", name)
        try:
            tallies[name].restore(state)
        except ValueError as error:
            raise WrongError(str(error), "apart", name, "durations") from None
    return tallies


def _check_version(document: Mapping[str, Any]) -> None:
    form = document.get("snapshot")
    if type(form) is not int:
        raise WrongError("is required: the version of the snapshot", "snapshot")
    if form != VERSION:
        made_by = str(document.get("version"))[:100]
        says = (
            f"is version {form}, made by {made_by}; this sandbox, {installed_version()}, reads version {VERSION} only"
        )
        raise WrongError(says, "snapshot")


@lru_cache(maxsize=1)
def _codec() -> Codec:
    codecs = Codecs((), {}, ())
    codecs.special(SandboxState, "scenarios", Special(lambda: Many(Model(Scenario), tuple)))
    codecs.special(Fault, "spec", Special(lambda: Model(FaultSpec)))
    return codecs.of(SandboxState)


class _Rooms:
    """Writes and reads accounts, whosever provider they are of."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._spec = Model(AccountSpec)
        self._tenants: dict[str, Tenants] = {}

    def _of(self, account: Account, dispatcher: Dispatcher) -> Tenants:
        provider = account.provider
        tenants = self._tenants.get(provider.name)
        if tenants is None:
            tenants = self._tenants[provider.name] = Tenants(provider, self._sandbox.engine, dispatcher)
        return tenants

    def written(self, account: Account) -> dict[str, Any]:
        """Return an account as JSON: what it is made of, and what it holds."""
        dispatcher = self._sandbox.dispatcher(account)
        webhook = account.webhook
        spec = {
            "provider": account.provider.name,
            "id": account.id,
            "name": account.name,
            "credentials": account.credentials.model_dump(mode="json", exclude_unset=True),
            "webhook": None if webhook is None else webhook.model_dump(mode="json", exclude_unset=True),
            "scenario": account.scenario,
            "settings": account.settings.model_dump(mode="json", exclude_unset=True),
        }
        return {"spec": spec, **self._of(account, dispatcher).write(account, dispatcher)}

    def read(self, given: Any, restored: Restored) -> Steps[None]:
        """Add an account to what is restored. Raises `WrongError`."""
        if not isinstance(given, dict):
            raise WrongError("must be an object")
        try:
            account, dispatcher = self._blank(given.get("spec"), restored)
            restored.store.add(account)
        except WrongError as error:
            raise error.inside("spec") from None
        except CredentialTakenError as error:
            raise WrongError(str(error), "spec", "credentials") from None
        left = {name: value for name, value in given.items() if name != "spec"}
        yield from self._of(account, dispatcher).read(left, account, dispatcher, restored.state.sequence)
        restored.dispatchers[account] = dispatcher

    def _blank(self, given: Any, restored: Restored) -> tuple[Account, Dispatcher]:
        """Return an account to which nothing has happened, checked as if it were made now. Raises `WrongError`."""
        spec: AccountSpec = self._spec.read(given, Reader(None, {}))
        if spec.id is None or restored.store.get(spec.id) is not None:
            raise WrongError("must be an id of its own", "id")
        try:
            provider = self._sandbox.provider(spec.provider)
        except UnknownProviderError as error:
            raise WrongError(str(error), "provider") from None
        settings = _model(provider.account_settings, spec.settings, "settings")
        _model(provider.account_credentials, spec.credentials, "credentials")
        try:
            credentials = provider.credentials(spec.credentials, 0, self._sandbox.services.keys)
        except ValueError as error:
            raise WrongError(str(error), "credentials") from None
        return self._sandbox.blank(spec, spec.id, credentials, settings, restored.state.seed, restored.sequence, seq=0)


def _model(kind: type[BaseModel], given: Mapping[str, Any], place: str) -> Any:
    try:
        return Model(kind).read(given, Reader(None, {}))
    except WrongError as error:
        raise error.inside(place) from None
