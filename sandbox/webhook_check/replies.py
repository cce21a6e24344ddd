"""Replies: what a bot sends to a person, seen from the sandbox that it takes for its provider."""

from __future__ import annotations

from typing import Protocol

from sandbox.core.account import Account
from sandbox.sandbox import Sandbox


class Replies(Protocol):
    """Where the business's messages are seen."""

    async def count(self, user: str, least: int, within: float) -> int:
        """Return how many messages a person was sent: as soon as there are `least`, or after so many real seconds."""
        ...


class OwnReplies:
    """The messages that an account of this process was sent."""

    def __init__(self, sandbox: Sandbox, account: Account) -> None:
        self._sandbox = sandbox
        self._account = account

    async def count(self, user: str, least: int, within: float) -> int:
        """See `Replies`."""

        def sent() -> int:
            return sum(
                message.direction == "outbound" and message.conversation.user == user
                for message in self._account.journal.messages
            )

        await self._sandbox.stream.wait_until(lambda: sent() >= least, within)
        return sent()
