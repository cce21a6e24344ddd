"""TemplateValues: what a template gets to see of an account, and nothing that is secret or large."""

from __future__ import annotations

from collections.abc import Sequence
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


def _view(message: Message | None) -> MessageView | None:
    return MessageView(message) if message is not None else None


class TemplateValues:
    """
    Finds the value of a name when a template uses it: `user`, `account`, `message`, `messages` or `now`.

    Args:
        account: whose person it is.
        user: the person's address.
        message: what it is about.
        now: the time.
        met: ids of the messages that the run has met so far.
    """

    def __init__(
        self, account: Account, user: str, message: Message | None, now: datetime, met: Sequence[str] = ()
    ) -> None:
        self._account = account
        self._user = user
        self._message = message
        self._now = now
        self._met = met

    def __call__(self, name: str) -> Any:
        """Return the value; a message that is missing, or forgotten, is None."""
        match name:
            case "user":
                return self._account.provider.person(self._user, self._account)
            case "account":
                return AccountView(self._account)
            case "message":
                return _view(self._message)
            case "messages":
                return [_view(self._account.journal.messages.get(each)) for each in self._met]
            case _:
                return self._now
