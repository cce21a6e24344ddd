"""Sandbox: the whole emulator as an object; control API, command line, plugin and page are thin layers over it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic_core import to_json

from sandbox.chaos import Delivery
from sandbox.core.account import Account, Webhook
from sandbox.core.bounds import MOST_ACCOUNTS, BoundReachedError
from sandbox.core.callback import Callback, Draft
from sandbox.core.catalogue import Catalogue
from sandbox.core.clock import Clock, ClockIsRealError, wall_time
from sandbox.core.conversation import AccountKey, Conversation, Message, Status, StatusChange
from sandbox.core.coverage import Report
from sandbox.core.errors import ApiError
from sandbox.core.events import (
    Cause,
    Event,
    MessageAccepted,
    MessageDelivered,
    MessageExpired,
    MessageFailed,
    MessageRead,
    MessageSent,
    ReceiptReported,
    UrlClicked,
    UserReplied,
)
from sandbox.core.fault import Fault, Faults, FaultSpec, UnfitFaultError
from sandbox.core.ids import Ids
from sandbox.core.journal import Exchange, Feed, Intervention, Journal
from sandbox.core.keys import Keys
from sandbox.core.media import Media
from sandbox.core.piecemeal import Piecemeal, Steps, at_once
from sandbox.core.provider import Provider, fitted_by
from sandbox.core.services import Services
from sandbox.core.store import CredentialTakenError, Store
from sandbox.core.stream import Stream
from sandbox.core.tally import Tally
from sandbox.dispatcher import Dispatcher
from sandbox.engine.actions import Acted, Action
from sandbox.engine.attachment import Sample, samples_in
from sandbox.engine.engine import Engine
from sandbox.engine.recording import deed_of, record
from sandbox.engine.scenario import Run, Scenario
from sandbox.engine.scenarios import Scenarios
from sandbox.engine.telling import shortened, told
from sandbox.webhook_client import WebhookClient

if TYPE_CHECKING:
    from sandbox.timeline.node import Timeline

_log = logging.getLogger("sandbox")

NOBODY = "none"  # whose what is that belongs to no provider
_WITHHELD = "…"

MEDIA_PATH = "/_sandbox/media"  # where accounts' files are served
OWN_IDS = "sandbox"  # the scope of ids that belong to no account

# What a message becomes by a receipt, by the action that the provider's word for it stands for.
_BECOMES: dict[str, Status] = {
    "sent": "sent",
    "deliver": "delivered",
    "read": "read",
    "fail": "failed",
    "expire": "expired",
}
_CALLBACK_SIZE = 1000  # bytes, about, beside its payload
_RANK: dict[Status, int] = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3, "expired": 4, "failed": 4}
_LOST = _RANK["failed"]


class UnknownProviderError(Exception):
    """No provider has that name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"{name!r} is no provider; there are {', '.join(known)}")


class AccountSpec(BaseModel):
    """
    What an account is made from.

    Attributes:
        id: generated if not given.
        credentials: what is not given is generated.
        settings: the provider's own names.
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)

    provider: str
    id: Annotated[str, StringConstraints(pattern=r"^acc_[A-Za-z0-9_-]{1,60}$")] | None = None
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    credentials: dict[str, Any] = {}
    webhook: Webhook | None = None
    scenario: str | None = None
    settings: dict[str, Any] = {}


class AccountChanges(BaseModel):
    """What of an account is changed; members of `credentials`, `webhook` and `settings` are merged, null undoes one."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    credentials: dict[str, Any] | None = None
    webhook: dict[str, Any] | None = None
    scenario: str | None = None
    settings: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """
    One conversation at a glance.

    Attributes:
        last: its newest message.
        outbound: messages of the business that are remembered.
        inbound: messages of the person that are remembered.
    """

    conversation: Conversation
    last: Message
    outbound: int
    inbound: int


class Emptied(NamedTuple):
    """An account that has just forgotten all that happened to it, as those who watch are told."""

    account: Account


class Sandbox:
    """
    Everything of one emulator; all of it runs on one event loop.

    Attributes:
        faults: those armed for all accounts, as accounts made later begin with them.
        piecemeal: does what takes long, and lets the loop turn meanwhile.
        apart: by provider, what was counted of requests of no account, and of accounts that were removed.

    Args:
        providers: the emulated APIs.
        accounts: the accounts it starts with, known to be whole and good.
        further: more of them, to be completed and checked.
        scenarios: what people can be made to do.
        client: what calls webhooks.
        keys: deals out key pairs.
        samples: folder of the files that a scripted person sends.
        base_url: where the server is, `http://127.0.0.1:4700`; links to files begin with it.
        seed: of all ids, chance and people.
        virtual: whether accounts start with a clock that stands still.
        frozen_at: where it then stands; None: where the machine's time is.
        journal_limit: most requests, messages and callbacks that an account remembers of each.
        snapshot_limit: bytes of the largest snapshot that calls may put back.
        wall: the machine's time.
    """

    def __init__(
        self,
        providers: Sequence[Provider],
        accounts: Sequence[AccountSpec],
        *,
        further: Sequence[AccountSpec] = (),
        scenarios: Scenarios,
        client: WebhookClient,
        keys: Keys,
        samples: Path,
        base_url: str = "",
        seed: str = "0",
        virtual: bool = False,
        frozen_at: datetime | None = None,
        journal_limit: int = 10_000,
        snapshot_limit: int = 64 * 1024 * 1024,
        wall: Callable[[], datetime] = wall_time,
    ) -> None:
        self.providers = tuple(providers)
        self.scenarios = scenarios
        self._first_seed = seed
        self.base_url = base_url
        self.stream = Stream()
        self.piecemeal = Piecemeal()
        self._samples = samples
        self.engine = Engine(scenarios, self.publish, samples.joinpath, self.arm, self._change_settings)
        self.services = Services(Store(), keys)
        self._client = client
        self._limit = journal_limit
        self.snapshot_limit = snapshot_limit
        self._wall = wall
        self._starts_with = tuple(accounts), tuple(further)
        self._start_clock = (virtual, frozen_at)
        self._dispatchers: dict[Account, Dispatcher] = {}
        self._past = self._blank_tallies()  # what resets took away from coverage: metrics go on telling it
        self._sequence = count(1)  # goes on when everything else begins again: a place in it is never given twice
        self.faults = Faults(self.next_seq, lambda fault: self.stream.put("fault", None, fault))
        self._begin()

    def _begin(self) -> None:
        virtual, frozen_at = self._start_clock
        self._made = 0
        self.seed = self._first_seed
        self.ids = Ids(self.seed, OWN_IDS)
        self.clock = Clock(self._wall, (frozen_at or self._wall()) if virtual else None)
        self.unclaimed: Feed[Exchange] = Feed("request", None, self._limit, self.stream)
        self.apart = self._blank_tallies()
        trusted, further = self._starts_with
        for spec in trusted:
            self._create(spec, trusted=True)
        for spec in further:
            self.create_account(spec)

    # ------------------------------------------------------------------------------------------------- accounts

    @property
    def accounts(self) -> Store:
        """Every account."""
        return self.services.store

    def provider(self, name: str) -> Provider:
        """Return the provider of that name. Raises `UnknownProviderError`."""
        for provider in self.providers:
            if provider.name == name:
                return provider
        raise UnknownProviderError(name, [provider.name for provider in self.providers])

    def create_account(self, spec: AccountSpec) -> Account:
        """Make an account. Raises `UnknownProviderError`, `CredentialTakenError`, `BoundReachedError`, `ValueError`."""
        if len(self.accounts) >= MOST_ACCOUNTS:
            raise BoundReachedError(MOST_ACCOUNTS, "accounts", "delete some first, or reset")
        if spec.id is not None and self.accounts.get(spec.id) is not None:
            raise CredentialTakenError(f"id={spec.id}", "another account")
        return self._create(spec, trusted=False)

    def _create(self, spec: AccountSpec, *, trusted: bool) -> Account:
        provider = self.provider(spec.provider)
        account_id = spec.id or self.ids.opaque("acc")
        if spec.settings:
            settings = provider.account_settings.model_validate(spec.settings)
        else:  # the defaults alone need no validator, which would have to be built first
            settings = provider.account_settings.model_construct()
        if trusted:  # shipped credentials are whole and good: checking their keys would cost the start its speed
            credentials = provider.account_credentials.model_validate(spec.credentials)
        else:
            credentials = self._credentials(provider, spec.credentials, settings)
        account, dispatcher = self.blank(
            spec,
            account_id,
            credentials,
            settings,
            self.seed,
            self._sequence,
            frozen_at=self.clock.now() if self.clock.mode == "virtual" else None,
        )
        self.accounts.add(account)
        self._made += 1
        self._dispatchers[account] = dispatcher
        self._arm_as_all(account)
        self.stream.put("account", account.id, account)
        return account

    def blank(
        self,
        spec: AccountSpec,
        account_id: str,
        credentials: BaseModel,
        settings: BaseModel,
        seed: str,
        sequence: count[int],
        *,
        frozen_at: datetime | None = None,
        seq: int | None = None,
    ) -> tuple[Account, Dispatcher]:
        """
        Return an account that nobody knows yet, with what sends its callbacks.

        Args:
            spec: what it is made from, besides what follows.
            account_id: the id it has.
            credentials: whole and good.
            settings: valid.
            seed: what its ids, chance and people come from.
            sequence: gives what happens to it a place in the order of all things.
            frozen_at: where its clock stands; None lets it run.
            seq: its own place in that order; None gives it the next.
        """
        account = Account(
            AccountKey(spec.provider, account_id),
            self.provider(spec.provider),
            spec.name or account_id,
            credentials,
            settings,
            clock=Clock(self._wall, frozen_at),
            ids=Ids(seed, account_id),
            journal=Journal(account_id, self._limit, sequence, self.stream),
            webhook=spec.webhook,
            scenario=spec.scenario,
            media=Media(f"{self.base_url}{MEDIA_PATH}/{account_id}"),
            seq=seq,
        )
        account.publish = partial(self.publish, account=account)
        return account, Dispatcher(account, self._client)

    def dispatcher(self, account: Account) -> Dispatcher:
        """Return what sends an account's callbacks."""
        return self._dispatchers[account]

    def _credentials(self, provider: Provider, given: Mapping[str, Any], settings: BaseModel) -> BaseModel:
        """Return a new account's credentials; those generated are made again if another account has them already."""
        while True:
            credentials = provider.credentials(given, self._made, self.services.keys)
            identities = provider.identities(credentials, settings)
            taken = {each for each in identities if self.accounts.find(provider.name, each) is not None}
            if not taken:
                return credentials
            self._made += 1
            again = provider.credentials(given, self._made, self.services.keys)
            if taken.intersection(provider.identities(again, settings)):
                return credentials  # what is taken was given: the store refuses it

    def change_account(self, account: Account, changes: AccountChanges) -> None:
        """Change an account; nothing changes unless everything is valid. Raises `CredentialTakenError`, `ValueError`."""
        given = changes.model_fields_set
        provider = account.provider
        settings, credentials, webhook = account.settings, account.credentials, account.webhook
        if changes.settings is not None:
            merged = _merged(settings.model_dump(exclude_unset=True), changes.settings)
            settings = provider.account_settings.model_validate(merged)
        if changes.credentials is not None:
            merged = _merged(credentials.model_dump(), changes.credentials)
            credentials = provider.credentials(merged, self._made, self.services.keys)
        if changes.webhook is not None:
            webhook = Webhook.model_validate(_merged(webhook.model_dump() if webhook else {}, changes.webhook))
        elif "webhook" in given:
            webhook = None
        before = account.credentials, account.settings
        account.credentials, account.settings = credentials, settings
        try:
            self.accounts.claim(account)
        except Exception:
            account.credentials, account.settings = before
            raise
        account.webhook = webhook
        if changes.name is not None:
            account.name = changes.name
        if "scenario" in given:
            account.scenario = changes.scenario
        self._changed(account, f"account changed: {_said(changes)}")
        self.stream.put("account", account.id, account)

    def _change_settings(self, account: Account, settings: Mapping[str, Any]) -> None:
        self.change_account(account, AccountChanges(settings=dict(settings)))

    def remove_account(self, account: Account, why: str = "was removed") -> None:
        """Let an account go, with everything of it; `why` is told where calls wait for it."""
        self._dispatchers.pop(account).clear()
        self._let_go(account, f"{account.id} {why}")
        self.apart[account.provider.name].add(account.forget())
        self.accounts.remove(account)
        self.stream.put("account", account.id, account)

    def revoke_tokens(self, account: Account) -> None:
        """Make every token issued to the account so far invalid."""
        account.generation += 1
        self._changed(account, "every token issued so far was revoked")
        self.stream.put("account", account.id, account)

    # --------------------------------------------------------------------------------------------- what happens

    def publish(self, event: Event, account: Account, request: str | None = None) -> tuple[Callback, ...]:
        """
        Let something have happened to an account: messages change, the business is told, people react.

        Args:
            event: what happened.
            account: to whom.
            request: id of the journaled request that it came of, if one did.

        Returns the callbacks that tell it. Raises `ValueError` if the provider cannot tell such a thing.
        """
        dispatcher = self._dispatchers.get(account)
        if dispatcher is None:  # it was removed meanwhile
            return ()
        if isinstance(event, MessageAccepted):
            self.engine.on(event, account)
            return ()
        drafts = account.provider.callbacks_for(event, account)
        self._apply(event, account)
        callbacks = tuple([self._callback(account, draft, event, request) for draft in drafts])
        for callback in callbacks:
            dispatcher.send(callback)
        return callbacks

    def _apply(self, event: Event, account: Account) -> None:
        match event:
            case MessageDelivered() | MessageRead() | MessageSent() | MessageExpired():
                self._note(account, event, event.message, event.becomes)
            case UserReplied(reply=reply):
                account.tally.inbound += 1
                account.journal.messages.add(reply, reply.size)
            case MessageFailed(message=message, code=code, detail=detail):
                self._note(account, event, message, event.becomes, code, detail)
            case ReceiptReported(message=message, status=word, code=code, detail=detail):
                becomes = _BECOMES.get(account.provider.receipt_event(word), message.status)
                self._note(account, event, message, becomes, code, detail)
            case UrlClicked(message=message, url=url):
                self._note(account, event, message, message.status, None, url)
            case _:
                pass

    def _note(
        self,
        account: Account,
        event: Event,
        message: Message,
        status: Status,
        code: str | None = None,
        detail: str | None = None,
    ) -> None:
        """Write a status into a message's history; a receipt that comes late does not take the status back."""
        change = status, account.provider.status_word(event), event.at, code, detail
        message.history += (tuple.__new__(StatusChange, change),)  # in half of the time that a call takes
        rank = _RANK[status]
        if rank > _RANK.get(message.status, 0):
            message.status = status
            if message.expiry is not None and rank > _RANK["sent"]:
                message.expiry.cancel()
                message.expiry = None
            if rank == _LOST:
                self._replace(account, event, message)
        account.journal.messages.changed(message)

    def _replace(self, account: Account, event: Event, lost: Message) -> None:
        """Send what the platform itself sends in the place of a message that will not arrive, if anything."""
        instead = account.provider.in_place_of(lost, account)
        if instead is not None:
            instead.replaces = lost.id
            account.journal.messages.add(instead, instead.size + 300)
            accepted = MessageAccepted(event.at, instead.conversation, None, instead)
            # In a moment, when a run whose step this came of stands where it may expect it.
            account.clock.call_at(event.at, self.engine.on, accepted, account)

    def _callback(self, account: Account, draft: Draft, event: Event, request: str | None = None) -> Callback:
        to, webhook = draft.to, account.webhook
        url, headers, vouched = (webhook.url, webhook.pairs, True) if webhook is not None else (None, (), True)
        if to is not None:
            url, headers, vouched = to.url, to.headers, to.vouched
        message = getattr(event, "message", None) or getattr(event, "reply", None)
        return Callback(
            account.ids.opaque("cbk"),
            account.journal.next_seq(),
            account.key,
            draft.kind,
            event.conversation.user,
            message.id if message is not None else None,
            event.cause,
            url,
            headers,
            draft.payload,
            event.at,
            vouched,
            event.tweak,
            to,
            draft.lane,
            draft.size + _CALLBACK_SIZE if draft.size else _CALLBACK_SIZE,  # nearly always the very same number
            request,
        )

    def question(self, account: Account, draft: Draft, user: str) -> Callback:
        """Return what the business is to be asked, for `ask`."""
        event = Event(account.clock.now(), Conversation(account.key, "", user), None)
        return self._callback(account, draft, event)

    async def ask(self, account: Account, question: Callback) -> str:
        """Ask the business something at once; return the beginning of the answer, empty if none came."""
        dispatcher = self._dispatchers.get(account)  # none if the account was removed meanwhile
        return "" if dispatcher is None else await dispatcher.ask(question)

    def act(self, account: Account, action: Action) -> Acted:
        """Do something as the person at the other end. Raises `NotPossibleError`, `InvalidActionError`."""
        cause, seq, at = Cause("action", account.ids.opaque("act")), account.journal.next_seq(), account.clock.now()
        acted = self.engine.act(account, action, cause)
        conversation, _ = self.conversation_with(account, action.user or "", action.sender)
        deed = deed_of(action, conversation, acted)
        intervention = Intervention(cause.id, seq, at, "action", told(action), conversation.user, deed)
        account.journal.interventions.add(intervention, len(deed.get("content") or ""))
        return acted

    def conversation_with(self, account: Account, user: str, sender: str | None = None) -> tuple[Conversation, str]:
        """Return between whom, and on which channel, an action would be. Raises `InvalidActionError`."""
        return self.engine.place(account, user, sender)

    def samples(self) -> tuple[Sample, ...]:
        """Return the shipped files that a person can send by their name."""
        return samples_in(self._samples)

    def redeliver(self, account: Account, callback: Callback) -> Callback:
        """Send a callback once more, byte for byte, to the webhook that the account has now, or who else was told."""
        webhook = account.webhook if callback.to is None else None
        again = replace(
            callback,
            id=account.ids.opaque("cbk"),
            seq=account.journal.next_seq(),
            cause=Cause("redelivery", callback.id),
            url=callback.url if callback.to is not None else webhook.url if webhook is not None else None,
            headers=callback.headers if callback.to is not None else webhook.pairs if webhook is not None else (),
            due_at=account.clock.now(),
            state="scheduled",
            attempts=(),
            encoded=Delivery(callback, callback).encoded(account),
            tweak=None,
            fault=None,
            detail=None,
        )
        self._dispatchers[account].send(again)
        return again

    def give_up(self, account: Account) -> None:
        """Make no further attempt at any callback of an account that waits; each keeps its state."""
        self._dispatchers[account].clear()

    def start_run(
        self, account: Account, scenario: Scenario, user: str, sender: str | None = None, message: Message | None = None
    ) -> Run:
        """Play a scenario with a person. Raises `InvalidActionError`, `NotPossibleError`."""
        return self.engine.start(account, scenario, user, sender, message)

    # --------------------------------------------------------------------------------------------------- faults

    def arm(self, spec: FaultSpec, account: Account | None = None) -> Fault:
        """
        Arm a fault for an account, or for all: each there is and each made later has it, with a count of its own.

        A code or a person that only some providers know is for the accounts of those. Raises `BoundReachedError`, and
        `UnfitFaultError` if none does.
        """
        fitted = fitted_by(self.providers if account is None else (account.provider,), spec)
        struck = [account] if account is not None else [each for each in self.accounts if each.provider.name in fitted]
        places = [(each.faults, fitted[each.provider.name]) for each in struck]
        if account is None:
            places.insert(0, (self.faults, spec))
        for faults, _ in places:
            faults.check_room()
        fault_id = (account or self).ids.opaque("flt")
        armed = [Fault(fault_id, fit, fit.times) for _, fit in places]
        for (faults, _), fault in zip(places, armed, strict=True):
            faults.arm(fault)
        for each, fault in zip(struck, armed[len(armed) - len(struck) :], strict=True):
            self._note_armed(each, fault)
        return armed[0]

    def _note_armed(self, account: Account, fault: Fault) -> None:
        text = shortened(str(fault.spec))
        account.journal.interventions.add(Intervention(fault.id, fault.seq, account.clock.now(), "fault", text))

    def _arm_as_all(self, account: Account) -> None:
        """Arm for a new account what is armed for all."""
        for fault in self.faults:
            with suppress(UnfitFaultError):
                spec = account.provider.fitted(fault.spec)
                own = Fault(fault.id, spec, spec.times)
                account.faults.arm(own)
                self._note_armed(account, own)

    def disarm(self, fault_id: str) -> bool:
        """Take a fault away wherever it is armed; False if it is nowhere."""
        found = self.faults.disarm(fault_id) is not None
        disarmed = [self._disarm(account, fault_id) for account in self.accounts]
        return found or any(disarmed)

    def disarm_all(self, account: Account | None = None) -> None:
        """Take away every fault of an account, or every one there is."""
        if account is None:
            for fault in self.faults:
                self.faults.disarm(fault.id)
        for each in self._meant(account):
            for fault in each.faults:
                self._disarm(each, fault.id)

    def _disarm(self, account: Account, fault_id: str) -> bool:
        fault = account.faults.disarm(fault_id)
        if fault is not None:
            self._changed(account, f"fault {fault_id} disarmed")
        return fault is not None

    # --------------------------------------------------------------------------------------------------- clocks

    def clocks(self, account: Account | None = None) -> list[Clock]:
        """Return an account's clock; or every clock, and the one that accounts made later begin with."""
        if account is not None:
            return [account.clock]
        return [self.clock, *(each.clock for each in self.accounts)]

    def set_clock(self, mode: Literal["real", "virtual"], now: datetime | None, account: Account | None = None) -> None:
        """Freeze time, at `now` or where it is, or let it run again."""
        for clock in self.clocks(account):
            if mode == "virtual":
                clock.freeze(now)
            else:
                clock.thaw()
        self._clock_changed(account)
        for each in self._meant(account):
            says = "the clock stands" if mode == "virtual" else "the clock runs with the machine's"
            self._changed(each, f"{says}, at {each.clock.now():%Y-%m-%d %H:%M:%S} UTC")

    async def advance(
        self,
        *,
        seconds: float | None = None,
        until: Literal["idle", "next"] | None = None,
        limit: float = 604_800,
        account: Account | None = None,
    ) -> int:
        """
        Move virtual time by seconds, or to the next action, or until nothing waits; returns how many actions ran.

        Everything due has run, and every callback due has been attempted, when this returns. Raises `ClockIsRealError`.
        """
        clocks = self.clocks(account)
        if any(clock.mode == "real" for clock in clocks):
            raise ClockIsRealError

        for each in self._meant(account):
            self._changed(each, f"the clock is moved on {f'by {seconds:g} s' if until is None else f'until {until}'}")

        async def move(clock: Clock) -> int:
            if until == "idle":
                return await clock.advance_until_idle(limit)
            if until == "next":
                return await clock.advance_to_next()
            return await clock.advance(seconds or 0.0)

        fired = sum(await asyncio.gather(*(move(clock) for clock in clocks)))
        self._clock_changed(account)
        return fired

    def _clock_changed(self, account: Account | None) -> None:
        for each in self._meant(account):
            self.stream.put("clock", each.id, each)

    def _meant(self, account: Account | None) -> Sequence[Account]:
        return (account,) if account is not None else tuple(self.accounts)

    # -------------------------------------------------------------------------------------------- what was seen

    def conversations(self, account: Account) -> list[ConversationRow]:
        """Return a row for each conversation that is remembered, the one that was quiet longest first."""
        rows: dict[Conversation, ConversationRow] = {}
        for message in account.journal.messages:
            row = rows.pop(message.conversation, None)
            inbound = message.direction == "inbound"
            rows[message.conversation] = ConversationRow(
                message.conversation,
                message,
                (row.outbound if row else 0) + (not inbound),
                (row.inbound if row else 0) + inbound,
            )
        return list(rows.values())

    def coverage(self, account: Account | None = None) -> dict[str, Report]:
        """
        Return by provider what of its catalogue an account has met.

        Without one: what all have met together, those removed included, and requests that belong to no account.
        """
        if account is not None:
            return {account.provider.name: Report.of(Catalogue.of(account.provider), account.tally)}
        sums = self._since_reset()
        return {each.name: Report.of(Catalogue.of(each), sums[each.name]) for each in self.providers}

    def timeline(
        self, account: Account, user: str | None = None, *, after: int | None = None, limit: int = 1000
    ) -> Steps[Timeline]:
        """
        Return what happened to an account as trees, each thing with its reason: long work, to be done `piecemeal`.

        Args:
            account: whose.
            user: a person in wire form: what is about others is left out.
            after: a place in the order of everything; None shows the end of what there is.
            limit: most trees.
        """
        from sandbox.timeline.tree import Tree  # noqa: PLC0415 - for those who look back, not for the start

        return Tree(account, user).timeline(after, limit)

    def recording(self, account: Account, user: str, sender: str | None = None) -> tuple[str, str] | None:
        """
        Return the remembered conversation with a person as a scenario that plays it again: its name, and its file's text.

        None if nothing is remembered that a scenario could tell. Raises `InvalidActionError`.
        """
        from sandbox.engine.scenario_file import written  # noqa: PLC0415 - ruamel, which is not for the start

        conversation, _ = self.conversation_with(account, user, sender)
        recording = record(account, conversation)
        return written(conversation, account.clock.now(), recording) if recording.steps else None

    def record(self, account: Account | None, exchange: Exchange, error: ApiError | None, *, handled: bool) -> None:
        """
        Journal and count a request and its answer.

        Args:
            account: whose; None if it was nobody's.
            exchange: the two of them.
            error: that was answered, if one was.
            handled: whether the operation itself made the answer.
        """
        if account is not None:
            tally, requests = account.tally, account.journal.requests
        else:
            tally, requests = self.apart[exchange.provider or NOBODY], self.unclaimed
        tally.request(exchange, handled=handled)
        if error is not None:
            tally.error(error)
        requests.add(exchange, exchange.size)

    def tallies(self) -> dict[str, Tally]:
        """
        Return what was counted since the start, by provider; what belongs to none is that of `NOBODY`.

        Nothing takes a count back: neither a reset nor the removal of an account.
        """
        sums = self._since_reset()
        for name, past in self._past.items():
            sums[name].add(past)
        for account in self.accounts:
            sums[account.provider.name].feeds(account.journal.feeds())
        sums[NOBODY].feeds((("requests", self.unclaimed),))
        return sums

    def _since_reset(self) -> dict[str, Tally]:
        """Return by provider what was counted that no reset has taken away, but for what the journals tell."""
        sums = self._blank_tallies()
        for name, apart in self.apart.items():
            sums[name].add(apart)
        for account in self.accounts:
            sums[account.provider.name].add(account.tally)
        return sums

    def _blank_tallies(self) -> dict[str, Tally]:
        return {name: Tally() for name in (*(provider.name for provider in self.providers), NOBODY)}

    def _changed(self, account: Account, text: str) -> None:
        """Journal a change of an account's settings or time."""
        seq = account.journal.next_seq()
        account.journal.interventions.add(Intervention(f"chg_{seq:06x}", seq, account.clock.now(), "change", text))

    def next_seq(self) -> int:
        """Return the next place in the order of all things."""
        return next(self._sequence)

    # ------------------------------------------------------------------------------------------- begin and end

    def reset(self, account: Account | None = None) -> None:
        """Forget what happened to an account; without one, return to the state at the start."""
        if account is not None:
            self._dispatchers[account].clear()
            self._let_go(account, f"{account.id} was reset", for_good=False)
            self._past[account.provider.name].add(account.forget())
            self.stream.put("account", account.id, Emptied(account))
            return
        for each in self.accounts:
            self.remove_account(each, "was reset")
        self.clock.clear()
        self.apart[NOBODY].feeds((("requests", self.unclaimed),))
        for name, apart in self.apart.items():
            self._past[name].add(apart)
        self.unclaimed.clear()
        self.faults.clear()
        self.scenarios.reset()
        self.services.keys.restart()
        self._begin()

    def _let_go(self, account: Account, why: str, *, forgotten: bool = True, for_good: bool = True) -> None:
        """Have all calls answered that wait for something of an account which is not going to happen any more."""
        if held := account.held.let_go(why, forgotten=forgotten, for_good=for_good):
            _log.warning("%s: calls that waited were answered, or cut off if a fault had them hang: %d", why, held)

    @property
    def made(self) -> int:
        """How many accounts were made since the beginning."""
        return self._made

    @property
    def place(self) -> int:
        """The next place in the order of all things, which it does not take."""
        return int(repr(self._sequence).partition("(")[2].rstrip(")"))  # nothing else tells it

    def snapshot(self) -> dict[str, Any]:
        """
        Return all of the state as JSON values, credentials among them.

        An attempt at a callback that is being made is written as one that is due; a request that waits for its answer
        is no part of the state.
        """
        from sandbox.snapshot.document import write  # noqa: PLC0415 - most sandboxes are never written down

        return write(self)

    def restore(self, document: Any) -> None:
        """
        Be again what a snapshot says, and nothing else; what fell due meanwhile on a real clock is due at once.

        Raises:
            SnapshotError: with everything that is wrong with the document; nothing has changed.
        """
        at_once(self.restoring(document))

    def restoring(self, document: Any) -> Steps[None]:
        """Do as `restore`, in steps that read the document; all changes in the last one. Raises `SnapshotError`."""
        from sandbox.snapshot.document import read  # noqa: PLC0415 - as above

        restored = yield from read(document, self)
        state, counted = restored.state, self.tallies()
        for each in self.accounts:
            self.remove_account(each, "was replaced by a snapshot")
        self.seed, self._made, self._sequence = state.seed, state.made, restored.sequence
        self.services.keys.restart(state.dealt)
        self.scenarios.restore(state.scenarios)
        self.ids = restored.ids
        self.clock = Clock(self._wall, state.clock.now)
        self.unclaimed = Feed("request", None, self._limit, self.stream)
        self.unclaimed.restore(state.unclaimed)
        self.faults.restore(state.faults)
        self.apart = restored.apart
        self._dispatchers = restored.dispatchers
        for account in restored.store:
            self.accounts.add(account)
            self.stream.put("account", account.id, account)
        # Metrics go on: a snapshot brings nothing along that this sandbox has done.
        for name, brought in self.tallies().items():
            self._past[name].add(counted[name])
            self._past[name].add(brought, -1)
        for account in restored.store:
            self._dispatchers[account].resume()
            account.clock.resume()

    @property
    def undelivered(self) -> int:
        """How many callbacks wait for an attempt."""
        return sum(dispatcher.pending for dispatcher in self._dispatchers.values())

    def stop(self) -> None:
        """Let everybody go who waits or watches: nothing more is going to happen."""
        self.stream.close()
        for account in self.accounts:
            self._let_go(account, "the sandbox stops", forgotten=False)

    async def close(self, grace: float = 3.0) -> None:
        """Stop: let callbacks in flight finish for `grace` seconds of real time, and say how many were not delivered."""
        self.stop()
        left = await asyncio.gather(*(dispatcher.close(grace) for dispatcher in self._dispatchers.values()))
        if sum(left):
            _log.warning("%d callbacks were not delivered before the end", sum(left))
        for account in self.accounts:
            account.clock.clear()
        await self._client.close()


def _said(changes: AccountChanges) -> str:
    """Return what is changed in a line; of what may hold secrets only the names."""
    given = changes.model_dump(exclude_unset=True)
    settings = {f"settings.{name}": value for name, value in (given.pop("settings", None) or {}).items()}
    if given.get("webhook") is not None:
        given["webhook"] = given["webhook"].get("url", _WITHHELD)
    return shortened(", ".join(f"{name} = {_plain(value)}" for name, value in {**given, **settings}.items()))


def _plain(value: Any) -> str:
    return _WITHHELD if isinstance(value, dict | list) else to_json(value).decode()


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return `old` with the members of `new`; a null takes a member back to its default."""
    merged = {**old, **new}
    return {name: value for name, value in merged.items() if value is not None or name not in new}
