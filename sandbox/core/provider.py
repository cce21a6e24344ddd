"""Provider: what an emulated API must supply, and nothing else knows it by name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel

from sandbox.core.callback import Callback, DeliveryPolicy, Draft, Encoded
from sandbox.core.conversation import Message
from sandbox.core.errors import ApiError
from sandbox.core.events import Event
from sandbox.core.fault import RequestEffect
from sandbox.core.keys import Keys
from sandbox.core.operation import Operation, RawRequest, Reply
from sandbox.core.rule import Rulebook

if TYPE_CHECKING:
    from sandbox.core.account import Account
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
        effect: what happens to the request itself; asked before it is validated.
    """

    address: str
    does: str
    script: Callable[[Message, Account], Steps] | None = None
    effect: Callable[[RawRequest, Account], RequestEffect | None] | None = None


class Provider(ABC):
    """
    One emulated API as a value.

    Attributes:
        name: what settings, accounts and the command line call it.
        title: what its owner calls it.
        prefixes: starts of the paths that are its own, for answering unknown ones in its own form.
        hosts: domains of the real platform; no callback ever goes there.
        rules: every documented constraint.
        operations: every documented endpoint, in the document's order.
        callback_kinds: every kind of callback it can send.
        actions: every action of a person that it has a callback for.
        receipts: its own words for what became of a message, as `receipt{status}` takes them.
        magic: its magic addresses.
        account_settings: the model of an account's settings.
        account_credentials: the model of an account's credentials.
        default_channel: the channel of a conversation that nothing was sent in yet.
        body_limit: most bytes of a request's body.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    prefixes: ClassVar[tuple[str, ...]]
    hosts: ClassVar[tuple[str, ...]]
    rules: ClassVar[Rulebook]
    operations: ClassVar[tuple[Operation, ...]]
    callback_kinds: ClassVar[tuple[str, ...]]
    actions: ClassVar[frozenset[str]]
    receipts: ClassVar[tuple[str, ...]]
    magic: ClassVar[tuple[Magic, ...]]
    account_settings: ClassVar[type[BaseModel]]
    account_credentials: ClassVar[type[BaseModel]]
    default_channel: ClassVar[str]
    body_limit: ClassVar[int] = 1024 * 1024

    def __init__(self) -> None:
        self._magic = {magic.address: magic for magic in self.magic}

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
    def identities(self, credentials: BaseModel) -> tuple[str, ...]:
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

    # answers

    @abstractmethod
    def render(self, error: ApiError) -> Reply:
        """Return the provider's answer to a broken rule."""

    @abstractmethod
    def not_found(self, path: str) -> ApiError:
        """Return the error for a path under its prefixes that it does not have."""

    @abstractmethod
    def method_not_allowed(self, allowed: Sequence[str]) -> ApiError:
        """Return the error for a known path and another method."""

    @abstractmethod
    def too_large(self) -> ApiError:
        """Return the error for a body beyond `body_limit`."""

    @abstractmethod
    def broken_down(self) -> ApiError:
        """Return the error for a failure of the platform itself."""

    @abstractmethod
    def status_reply(self, status: int, body: Any) -> Reply:
        """Return the answer of an armed `status` fault: `body` as JSON, or the provider's own error form if it is None."""

    @abstractmethod
    def code_reply(self, code: str) -> Reply:
        """Return the answer of an armed `code` fault. Raises `ValueError` naming the codes there are."""

    # callbacks

    @abstractmethod
    def callbacks_for(self, event: Event, account: Account) -> tuple[Draft, ...]:
        """Return the callbacks that tell the business of an event; none, if the provider does not tell it."""

    @abstractmethod
    def encode(self, callback: Callback, account: Account) -> Encoded:
        """Return the bytes of a callback, its tweak applied."""

    @abstractmethod
    def delivery(self, account: Account) -> DeliveryPolicy:
        """Return how this account's callbacks are delivered."""

    # the person at the other end

    @abstractmethod
    def status_word(self, event: Event) -> str | None:
        """Return the provider's own word for what became of a message; None if it has none."""

    @abstractmethod
    def receipt_event(self, status: str) -> str:
        """Return which action (`deliver`, `read`, `fail`, `sent`, `expire`) a receipt of that word is; raises `ValueError`."""

    @abstractmethod
    def inbound_id(self, account: Account) -> str:
        """Return a new id for a message of the person."""

    def error_codes(self) -> tuple[str, ...]:
        """Return the codes that the `error` action takes."""
        return ()

    def media_for(self, mime_type: str) -> str:
        """Return what sort of file a MIME type is to this provider; raises `ValueError` if a person cannot send it."""
        family = mime_type.partition("/")[0]
        return family if family in ("image", "video", "audio") else "document"

    def user_of_magic(self, address: str) -> Magic | None:
        """Return the magic address of that name; None for a person's."""
        return self._magic.get(address)
