"""Provider: what an emulated API must supply, and nothing else knows it by name."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel

from sandbox.core.answers import Answers
from sandbox.core.callback import Callback, DeliveryPolicy, Draft, Encoded
from sandbox.core.content import Suggestion
from sandbox.core.conversation import Conversation, Message
from sandbox.core.errors import ErrorSpec
from sandbox.core.events import Event, MessageAccepted
from sandbox.core.fault import Code, FaultSpec, RequestEffect, UnfitFaultError, is_glob
from sandbox.core.ids import Person
from sandbox.core.kept import Kept
from sandbox.core.keys import Keys
from sandbox.core.operation import Operation, RawRequest
from sandbox.core.rule import Rulebook
from sandbox.core.spelling import meant

if TYPE_CHECKING:
    from sandbox.core.account import Account
    from sandbox.core.description import Description
    from sandbox.core.rehearsal import Rehearsal
    from sandbox.core.services import Services

Steps = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Magic:
    """
    An address in no person's hands that always behaves the same.

    Attributes:
        address: in the provider's wire form.
        does: what it does, for people.
        script: the steps that play when a message to it was accepted, as in a scenario file; None plays the default.
        effect: what happens to the request itself; asked before it is validated, of listed addresses only.
        on_start: the steps that play when it is told to start, where it needs no message for that.
    """

    address: str
    does: str
    script: Callable[[Message, Account], Steps] | None = None
    effect: Callable[[RawRequest, Account], RequestEffect | None] | None = None
    on_start: Steps | None = None


class Provider(Answers):
    """
    One emulated API as a value.

    Attributes:
        name: what settings, accounts and the command line call it.
        title: what its owner calls it.
        prefixes: starts of the paths that are its own, for answering unknown ones in its own form.
        hosts: domains of the real platform; no callback ever goes there.
        rules: every documented constraint.
        operations: every documented endpoint, in the document's order.
        errors: its table of errors, each code once for each status that it comes with.
        callback_kinds: every kind of callback it can send; `action` stands for each `action.<code>`.
        coded_kinds: those of them that stand for others in this way, and never go out by themselves.
        actions: every action of a person that it has a callback for.
        actions_by_channel: those of every channel there is, where channels differ.
        receipts: its own words for what became of a message, as `receipt{status}` takes them.
        magic: its magic addresses, as they are listed for people; see `user_of_magic`.
        account_settings: the model of an account's settings.
        account_credentials: the model of an account's credentials.
        default_channel: the channel of a conversation that nothing was sent in yet.
        serves_files: whether the business fetches what a person sends from a link of ours, which its content then has.
        suggestion_types: types of suggestions that a person taps without having been shown any, see `suggestion`; none
            where only what a message shows can be tapped.
        body_limit: most bytes of a request's body.
        has_voice: whether a voice message is another sort of file than a recording.
        kept: the types of what it keeps with an account, for snapshots.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    prefixes: ClassVar[tuple[str, ...]]
    hosts: ClassVar[tuple[str, ...]]
    rules: ClassVar[Rulebook]
    operations: ClassVar[tuple[Operation, ...]] = ()
    errors: ClassVar[tuple[ErrorSpec, ...]] = ()
    callback_kinds: ClassVar[tuple[str, ...]]
    coded_kinds: ClassVar[frozenset[str]] = frozenset()
    actions: ClassVar[frozenset[str]]
    actions_by_channel: ClassVar[Mapping[str, frozenset[str]]] = MappingProxyType({})
    receipts: ClassVar[tuple[str, ...]] = ()
    magic: ClassVar[tuple[Magic, ...]] = ()
    account_settings: ClassVar[type[BaseModel]]
    account_credentials: ClassVar[type[BaseModel]]
    default_channel: ClassVar[str]
    serves_files: ClassVar[bool] = False
    suggestion_types: ClassVar[tuple[str, ...]] = ()
    body_limit: ClassVar[int] = 1024 * 1024
    has_voice: ClassVar[bool] = False
    kept: ClassVar[Kept] = Kept()

    def __init__(self) -> None:
        self._magic = {magic.address: magic for magic in self.magic}
        self.has_magic_effects = any(magic.effect is not None for magic in self.magic)

    def describe(self, fixtures: Path) -> Description:  # noqa: ARG002 - for those who have samples there
        """Return what machines are told of this API besides its operations and rules; samples are read from `fixtures`."""
        from sandbox.core.description import Description  # noqa: PLC0415 - few ask

        return Description()

    def warm_up(self) -> None:
        """Make ready what was put off at the start, so that the first request need not."""

    # accounts

    @abstractmethod
    def credentials(self, given: Mapping[str, Any], number: int, keys: Keys) -> BaseModel:
        """
        Return a new account's credentials: what is given, the rest generated.

        Args:
            given: what the caller wants them to be.
            keys: deals out key pairs.
            number: how many accounts the sandbox has made before this one.

        Raises:
            pydantic.ValidationError: what was given is not valid.
        """

    @abstractmethod
    def identities(self, credentials: BaseModel, settings: BaseModel) -> tuple[str, ...]:
        """Return what selects the account in a request, `customer_id=eap00001`; no two accounts may share one."""

    @abstractmethod
    def authorization(self, account: Account, services: Services) -> dict[str, str]:
        """Return the headers that a client of this account sends."""

    @abstractmethod
    def senders(self, account: Account) -> tuple[str, ...]:
        """Return the business's own addresses; empty if any will do."""

    @abstractmethod
    def normalise_user(self, address: str) -> str:
        """Return a person's address in wire form. Raises `ValueError` with what is wrong with it."""

    def sender_in(self, address: str, account: Account) -> str | None:  # noqa: ARG002 - mostly it names the person alone
        """Return the business's address that a person's address, as it was given, tells as well; None if it does not."""
        return None

    def channel_of(self, sender: str, account: Account) -> str:  # noqa: ARG002 - mostly the sender does not tell
        """Return the channel of a conversation that nothing was sent in yet."""
        return self.default_channel

    # answers

    def answers_to(self, path: str) -> Answers:  # noqa: ARG002 - for those whose versions have paths of their own
        """Return the forms of answers under a path or a beginning of it; the provider's own unless it has several."""
        return self

    def fitted(self, spec: FaultSpec) -> FaultSpec:
        """Return a fault as this provider's accounts have it, with the person in wire form. Raises `UnfitFaultError`."""
        if isinstance(spec.effect, Code):
            try:
                self.of_code(spec.effect.code)
            except ValueError as error:
                raise UnfitFaultError("effect.code", str(error)) from None
        match = spec.match
        for name, says in (
            ("operation", self.no_operation(match.operation)),
            ("kind", self.no_callback(match.kind)),
        ):
            if says is not None:
                raise UnfitFaultError(f"match.{name}", says)
        if match.person is None:
            return spec
        try:
            match = match.model_copy(update={"user": self.normalise_user(match.person)})
        except ValueError as error:
            raise UnfitFaultError("match.user", str(error)) from None
        return spec.model_copy(update={"match": match})

    def no_operation(self, wanted: str | None) -> str | None:
        """Return what to say of a name that no operation has; None if one has it. Globs may fit nothing."""
        known = [operation.id for operation in self.operations]
        if wanted is None or wanted in known or is_glob(wanted):
            return None
        says = meant(wanted, known) if known else "it answers no requests"
        return f"{self.title} has no operation {wanted!r}; {says}"

    def no_callback(self, wanted: str | None) -> str | None:
        """Return what to say of a kind that no callback is of; None if one can be. Globs may fit nothing."""
        if wanted is None or is_glob(wanted):
            return None
        family, _, code = wanted.partition(".")
        if wanted in self.callback_kinds if family not in self.coded_kinds else code:
            return None
        known = [f"{kind}.<code>" if kind in self.coded_kinds else kind for kind in self.callback_kinds]
        return f"{self.title} has no callback {wanted!r}; {meant(wanted, known)}"

    def fault_codes(self) -> tuple[str, ...]:
        """Return the codes that a `code` fault takes, in the order of the table of errors."""
        words = dict.fromkeys(word for spec in self.errors for word in (spec.code, str(spec.status)))
        return tuple(word for word in words if self._has_code(word))

    def _has_code(self, code: str) -> bool:
        try:
            self.of_code(code)
        except ValueError:
            return False
        return True

    # callbacks

    @abstractmethod
    def callbacks_for(self, event: Event, account: Account) -> tuple[Draft, ...]:
        """Return the callbacks that tell the business of an event; none, if the provider does not tell it."""

    @abstractmethod
    def encode(self, callback: Callback, account: Account) -> Encoded:
        """Return the bytes of a callback, its tweak applied."""

    def sign(self, encoded: Encoded, callback: Callback, account: Account) -> Encoded:  # noqa: ARG002 - few sign
        """Return a callback with the headers that depend on its very bytes, whatever a fault made of them."""
        return encoded

    @abstractmethod
    def delivery(self, account: Account) -> DeliveryPolicy:
        """Return how this account's callbacks are delivered."""

    def settled(self, callback: Callback, account: Account, answer: str) -> None:
        """
        Hear that a callback's course is over: delivered, failed, blocked or only recorded.

        Args:
            callback: which one, with its attempts.
            account: whose it is.
            answer: the beginning of what the webhook said last, up to 64 KiB; empty if it said nothing.
        """

    def rehearsal(self) -> Rehearsal | None:
        """Return how each kind of callback is brought about, for trying out a webhook; None if nobody has said."""
        return None

    # what is played

    def default_scenario(self, message: Message) -> str:  # noqa: ARG002 - for those with series of their own
        """Return the name of the scenario that plays for a message when nothing else does."""
        return "default"

    def default_steps(self, message: Message, account: Account) -> Steps | None:  # noqa: ARG002 - few let accounts choose
        """Return what plays in the place of that scenario, where the account's settings say so; None if they do not."""
        return None

    def in_place_of(self, message: Message, account: Account) -> Message | None:  # noqa: ARG002 - few do so
        """Return the message that the platform sends by itself in the place of one that failed or expired, if any."""
        return None

    def agent_message(self, text: str, conversation: Conversation, account: Account) -> MessageAccepted:  # noqa: ARG002
        """Return what comes of a text that a human agent of the business writes. Raises `ValueError` if none can."""
        raise ValueError(f"{self.title} has no agents")

    # the person at the other end

    def status_word(self, event: Event) -> str | None:  # noqa: ARG002 - for those that send receipts
        """Return the provider's own word for what became of a message; None if it has none."""
        return None

    def receipt_event(self, status: str) -> str:
        """
        Return which action (`sent`, `deliver`, `read`, `fail`, `expire`) a receipt of that word is.

        `note` is for one that changes nothing, and may be told of any message at any time. Raises `ValueError`.
        """
        raise ValueError(f"{status!r} is none: {self.title} has no receipts")

    @abstractmethod
    def inbound_id(self, account: Account) -> str:
        """Return a new id for a message of the person."""

    def error_codes(self) -> tuple[str, ...]:
        """Return the codes that the `error` action takes."""
        return ()

    def event_codes(self) -> tuple[str, ...]:
        """Return the codes that the `event` action takes."""
        return ()

    def links(self, message: Message, account: Account) -> tuple[str, ...]:  # noqa: ARG002 - few track clicks
        """Return the links of a message whose clicks the business is told of."""
        return ()

    def told_of_tap(self, message: Message, suggestion: Suggestion) -> tuple[str, str] | None:  # noqa: ARG002
        """Return the receipt (status word and detail) that tells of a tapped suggestion; None tells it as a reply."""
        return None

    def suggestion(self, kind: str | None, text: str, postback: str) -> Suggestion:
        """
        Return a suggestion that a person taps without having been shown it; asked only with `suggestion_types`.

        Args:
            kind: one of `suggestion_types`; None for the usual one.
            text: what it reads.
            postback: what it sends back.

        Raises:
            ValueError: a value is not what the provider allows.
        """
        raise NotImplementedError

    def session(self, conversation: Conversation, account: Account) -> str | None:  # noqa: ARG002 - few have sessions
        """Return the id of the session that is open between business and person; None if none is."""
        return None

    def person(self, user: str, account: Account) -> Person:
        """Return the person behind an address, for texts that want a name; the same one always."""
        return account.ids.person(user)

    def keeps_tap(self, suggestion: Suggestion) -> bool:  # noqa: ARG002 - mostly the business is told of every tap
        """Tell whether a tapped suggestion stays between a person and their handset."""
        return False

    def media_for(self, mime_type: str) -> str:
        """Return what sort of file a MIME type is to this provider; raises `ValueError` if a person cannot send it."""
        family = mime_type.partition("/")[0]
        return family if family in ("image", "video", "audio") else "document"

    def user_of_magic(self, address: str) -> Magic | None:
        """Return the magic address of that name, in wire form; None for a person's. Asked for every message."""
        return self._magic.get(address)


def fitted_by(providers: Iterable[Provider], spec: FaultSpec) -> dict[str, FaultSpec]:
    """Return a fault as each provider has it, by name, of those that can. Raises `UnfitFaultError` if none can."""
    fitted, unfit = {}, []
    for provider in providers:
        try:
            fitted[provider.name] = provider.fitted(spec)
        except UnfitFaultError as error:
            unfit.append(error)
    if not fitted:
        raise UnfitFaultError(unfit[0].path, "; ".join(map(str, unfit)))
    return fitted
