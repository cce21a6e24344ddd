"""Account: one customer of a provider that belongs to one test, with what it expects of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar, Unpack, cast

from sandbox.client.asking import Asking, AsyncBorrowing, Asynchronous, Borrowing, Synchronous, call
from sandbox.client.calls import MOST, Calls
from sandbox.client.parameters import (
    AccountChanges,
    CallbackConditions,
    FaultSpec,
    MessageConditions,
    Paging,
    RequestConditions,
    TimelineFilters,
)
from sandbox.client.resources import Account, AnyAccount, ApiRequest, Callback, Fault, Message, ProviderCoverage
from sandbox.client.user import AsyncUser, User
from sandbox.testing.clock import AsyncSandboxClock, SandboxClock
from sandbox.testing.expectation import Expectation
from sandbox.testing.kept import CALLBACKS, MESSAGES, REQUESTS, Identified, Kept

WITHIN = 5.0  # seconds of real time in which something is expected to come
QUIET = 0.5  # seconds of real time in which nothing is expected to come
SETTLED = "retrying,delivered,failed,blocked,recorded"  # states of a callback that the webhook could know of

C = TypeVar("C")
T = TypeVar("T", bound=Identified)

_CALLS = Calls()


class _MessageFilters(MessageConditions, Paging, total=False):
    """What a list of an account's messages takes."""


class _RequestFilters(RequestConditions, Paging, total=False):
    """What a list of an account's requests takes."""


class _CallbackFilters(CallbackConditions, Paging, total=False):
    """What a list of an account's callbacks takes."""


class AccountCalls(Generic[C]):
    """
    What a test does with an account.

    Attributes:
        id: `acc_…`.
        base_url: what stands before the provider's documented paths.
        credentials: what the provider gave to this customer.
    """

    def __init__(self, account: Account[C], base_url: str) -> None:
        self.id = account["id"]
        self.provider = account["provider"]
        self.name = account["name"]
        self.credentials = account["credentials"]
        self.base_url = base_url
        self._returned: dict[object, set[str]] = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id} of {self.provider} at {self.base_url}>"

    @call
    def authorization(self) -> Asking[dict[str, str]]:
        """Return the headers that a client of this account sends; LINK's has a fresh token."""
        return _CALLS.authorization(self.id)

    @call
    def change(self, **changes: Unpack[AccountChanges]) -> Asking[None]:
        """Change webhook, settings, scenario, credentials or name; members are merged, None undoes one."""
        changed: AnyAccount = yield from _CALLS.change_account(self.id, **changes)
        self.name = changed["name"]
        self.credentials = cast("C", changed["credentials"])

    # ------------------------------------------------------------------------------------------------ what happened

    @call
    def messages(self, **filters: Unpack[_MessageFilters]) -> Asking[list[Message]]:
        """Return what was sent and received, the oldest first."""
        return self._listed(MESSAGES, filters)

    @call
    def requests(self, **filters: Unpack[_RequestFilters]) -> Asking[list[ApiRequest]]:
        """Return the calls that were made as this account, the oldest first."""
        return self._listed(REQUESTS, filters)

    @call
    def callbacks(self, **filters: Unpack[_CallbackFilters]) -> Asking[list[Callback]]:
        """Return what the webhook was or will be told, the oldest first."""
        return self._listed(CALLBACKS, filters)

    @call
    def timeline(self, **filters: Unpack[TimelineFilters]) -> Asking[str]:
        """Return what happened, causes above their effects, as a tree to read."""
        return _CALLS.timeline_text(self.id, **filters)

    @call
    def coverage(self) -> Asking[ProviderCoverage]:
        """Return what of the provider's documented operations, outcomes and callbacks this account has met."""
        return (yield from _CALLS.coverage(self.id))["providers"][self.provider]

    # ------------------------------------------------------------------------------------------------- expectations

    @call
    def wait_for_message(self, *, within: float = WITHIN, **conditions: Unpack[MessageConditions]) -> Asking[Message]:
        """
        Wait for a message and return it; asked once more with the same conditions, the next one.

        Args:
            within: seconds of real time, at most 60.
            conditions: see `MessageConditions`.

        Raises:
            AssertionError: none came; it tells what came instead, field by field.
        """
        return self._awaited(self._expected(MESSAGES, conditions), within)

    @call
    def wait_for_request(
        self, *, within: float = WITHIN, **conditions: Unpack[RequestConditions]
    ) -> Asking[ApiRequest]:
        """Wait for a call that is made as this account; see `wait_for_message`."""
        return self._awaited(self._expected(REQUESTS, conditions), within)

    @call
    def wait_for_callback(
        self, *, within: float = WITHIN, **conditions: Unpack[CallbackConditions]
    ) -> Asking[Callback]:
        """
        Wait for a callback, until the webhook has been called, unless there is none or a `state` is given.

        See `wait_for_message`.
        """
        return self._awaited(self._expected(CALLBACKS, conditions, state=SETTLED), within)

    @call
    def assert_no_message(self, *, within: float = QUIET, **conditions: Unpack[MessageConditions]) -> Asking[None]:
        """Make sure that there is no such message and none comes for a while; see `assert_no_callback`."""
        return self._expected(MESSAGES, conditions).refuted(within)

    @call
    def assert_no_callback(self, *, within: float = QUIET, **conditions: Unpack[CallbackConditions]) -> Asking[None]:
        """
        Make sure that there is no such callback, not even one that still waits, and none comes for a while.

        Args:
            within: seconds of real time, at most 60; on a frozen clock 0 will do.
            conditions: see `CallbackConditions`.

        Raises:
            AssertionError: there is one.
        """
        return self._expected(CALLBACKS, conditions).refuted(within)

    def _listed(self, kept: Kept[T], filters: Mapping[str, Any]) -> Asking[list[T]]:
        return (yield from kept.listed(**{"account": self.id, "limit": MOST, **filters})).items

    def _expected(self, kept: Kept[T], conditions: Mapping[str, Any], **implied: Any) -> Expectation[T]:
        unsaid = {name: value for name, value in implied.items() if name not in conditions}
        return Expectation(kept, self.id, self.base_url, conditions, unsaid)

    def _awaited(self, expected: Expectation[T], within: float) -> Asking[T]:
        same = (expected.kept.noun, *sorted(expected.conditions.items()))
        return expected.met(within, self._returned.setdefault(same, set()))

    # --------------------------------------------------------------------------------------------------- disturbances

    @call
    def arm(self, fault: FaultSpec) -> Asking[Fault]:
        """Let requests or callbacks of this account go wrong: `{"on", "match", "effect", "times", "probability"}`."""
        return _CALLS.arm({**fault, "account": self.id})

    @call
    def disarm(self) -> Asking[None]:
        """Let everything go well again."""
        return _CALLS.disarm_all(self.id)

    @call
    def redeliver(self, callback_id: str) -> Asking[Callback]:
        """Send a callback once more, byte for byte, and return the new one."""
        return _CALLS.redeliver(callback_id)


class SandboxAccount(AccountCalls[C], Borrowing):
    """An account of one test."""

    def __init__(self, client: Synchronous, account: Account[C], base_url: str) -> None:
        super().__init__(account, base_url)
        self.network = client
        self.clock = SandboxClock(client, [self.id])

    def user(self, address: str) -> User:
        """Return a person's handset: a phone number, mostly."""
        return User(self.network, self.id, address)


class AsyncSandboxAccount(AccountCalls[C], AsyncBorrowing):
    """An account of one test; every call is awaited."""

    def __init__(self, client: Asynchronous, account: Account[C], base_url: str) -> None:
        super().__init__(account, base_url)
        self.network = client
        self.clock = AsyncSandboxClock(client, [self.id])

    def user(self, address: str) -> AsyncUser:
        """Return a person's handset: a phone number, mostly."""
        return AsyncUser(self.network, self.id, address)
