"""Clock: the time of a test's accounts, frozen and moved on together."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from sandbox.client.asking import Asking, AsyncBorrowing, Asynchronous, Borrowing, Synchronous, call
from sandbox.client.calls import Calls
from sandbox.client.resources import Advanced, Clock

_CALLS = Calls()


class ClockActions:
    """
    What can be done with the time of some accounts; that of others goes on.

    Args:
        accounts: their ids; more may be added to it.
    """

    def __init__(self, accounts: Collection[str]) -> None:
        self._accounts = accounts
        self._frozen = False
        self._now: str | None = None

    @call
    def freeze(self, now: datetime | str | None = None) -> Asking[None]:
        """Stop time, at an aware `now` or where it is; accounts that are made later have that time, too."""
        self._frozen = True
        self._now = now.isoformat() if isinstance(now, datetime) else now
        for account in self._accounts:
            yield from self.join(account)

    @call
    def unfreeze(self) -> Asking[None]:
        """Let time run again."""
        self._frozen = False
        for account in self._accounts:
            yield from _CALLS.unfreeze(account)

    @call
    def advance(
        self,
        seconds: float | None = None,
        *,
        until: Literal["idle", "next"] | None = None,
        limit: float | None = None,
    ) -> Asking[Advanced]:
        """
        Move frozen time on; everything due has happened, callbacks and their retries too, when this returns.

        Args:
            seconds: how far; or else `until`.
            until: nothing waits any more (`idle`), or the next thing that waits has happened; of several accounts each
                goes by itself.
            limit: seconds that `until="idle"` may move at most, a week if not given.
        """
        if not self._accounts:
            raise ValueError("there is no account yet whose time could be moved on")
        fired = 0
        for account in self._accounts:
            moved: Advanced = yield from _CALLS.advance(seconds, account, until=until, limit=limit)
            self._now = max(self._now or "", moved["now"])
            fired += moved["fired"]
        return {"now": self._now or "", "fired": fired}

    def join(self, account: str) -> Asking[None]:
        """Give an account the time of the others, if it stands still."""
        if self._frozen:
            stands: Clock = yield from _CALLS.freeze(self._now, account)
            self._now = stands["now"]


class SandboxClock(ClockActions, Borrowing):
    """The time of some accounts."""

    def __init__(self, client: Synchronous, accounts: Collection[str]) -> None:
        super().__init__(accounts)
        self.network = client


class AsyncSandboxClock(ClockActions, AsyncBorrowing):
    """The time of some accounts; every call is awaited."""

    def __init__(self, client: Asynchronous, accounts: Collection[str]) -> None:
        super().__init__(accounts)
        self.network = client
