"""TemplateValues: what a template gets to see of an account, and nothing that is secret or large."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.core.account import Account
from sandbox.core.content import Suggestion
from sandbox.core.conversation import Message

MOST_TEXT = 10_000
MOST_SUGGESTIONS = 100


class AccountView:
    """The account without its credentials."""

    def __init__(self, account: Account) -> None:
        self.id = account.id
        self.name = account.name
        self.provider = account.provider.name


class MessageView:
    """A message; its text and suggestions are read only if asked for."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self.id = message.id
        self.provider_id = message.provider_id

    @property
    def text(self) -> str:
        """What a person would read, as far as `MOST_TEXT` characters."""
        return self._message.text[:MOST_TEXT]

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """What can be tapped, as far as `MOST_SUGGESTIONS`."""
        return self._message.suggestions[:MOST_SUGGESTIONS]


class TemplateValues:
    """Finds the value of a name when a template uses it: `user`, `account`, `message` or `now`."""

    def __init__(self, account: Account, user: str, message: Message | None, now: datetime) -> None:
        self._account = account
        self._user = user
        self._message = message
        self._now = now

    def __call__(self, name: str) -> Any:
        """Return the value; a missing message is None."""
        match name:
            case "user":
                return self._account.provider.person(self._user, self._account)
            case "account":
                return AccountView(self._account)
            case "message":
                return MessageView(self._message) if self._message is not None else None
            case _:
                return self._now
