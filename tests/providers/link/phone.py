"""Phone: the handset of one LINK user, and what the customer is told of what is done with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from harness import NOON, USER, FakeWebhook, Received
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.engine.actions import Action, action_from_json
from sandbox.sandbox import AccountChanges

INSTANT = 0.000_001


class Phone:
    """A user's handset; `user` may be changed to pick up another one."""

    def __init__(self, app: App, account: Account, webhook: FakeWebhook) -> None:
        self.sandbox = app.sandbox
        self.account = account
        self.webhook = webhook
        self.user = USER

    def action(self, deed: str, **members: Any) -> Action:
        """Return an action of this user, as the control API asks for it."""
        return action_from_json({"type": deed, "user": self.user, **members})

    async def does(self, deed: str, **members: Any) -> list[Received]:
        """Do something, and return the callbacks that are received of it at once."""
        before = len(self.webhook.received)
        self.sandbox.act(self.account, self.action(deed, **members))
        await self.account.clock.settle()
        return self.webhook.received[before:]

    async def is_told(self, deed: str, **members: Any) -> Received:
        """Do something that is told by exactly one callback, and return that."""
        (received,) = await self.does(deed, **members)
        return received

    async def advance(self, seconds: float) -> list[str]:
        """Let so many seconds pass, and return the kinds of the callbacks received meanwhile."""
        before = len(self.webhook.received)
        await self.sandbox.advance(seconds=seconds, account=self.account)
        return self.webhook.kinds[before:]

    async def wait_until(self, seconds: float) -> list[str]:
        """Let time pass until so many seconds after noon, and return the kinds of the callbacks received meanwhile."""
        return await self.advance((NOON + timedelta(seconds=seconds) - self.account.clock.now()).total_seconds())

    def configure(self, **settings: Any) -> None:
        """Change settings of the account."""
        self.sandbox.change_account(self.account, AccountChanges(settings=settings))

    @property
    def states(self) -> list[str]:
        """The states of the account's callbacks, in order."""
        return [callback.state for callback in self.account.journal.callbacks]


def reply(text: str, data: str, **action: Any) -> dict[str, Any]:
    """Return a suggestion, with or without an action."""
    return {"text": text, "callbackData": data, **action}


def card(title: str, *suggestions: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a card."""
    return {"title": title, "suggestions": list(suggestions)}


def carousel(*cards: dict[str, Any]) -> dict[str, Any]:
    """Return a conversationCard that is a carousel."""
    return {"carouselCard": {"cardWidth": "SMALL", "cardContents": list(cards)}}


ASKS_FOR_LOCATION: dict[str, Any] = {"requestLocationAction": {}}
ACTIONS: dict[str, dict[str, Any]] = {
    "reply": {},
    "callAction": {"callAction": {"msisdn": "+47 22 99 44 00"}},
    "openUrlAction": {"openUrlAction": {"url": "https://www.example.com"}},
    "showLocationAction": {"showLocationAction": {"query": "Langkaia, Oslo"}},
    "createCalendarEntryAction": {
        "createCalendarEntryAction": {
            "startTime": "2030-01-05T09:00:00Z",
            "endTime": "2030-01-05T10:00:00Z",
            "title": "Event",
            "description": "A sample event",
        }
    },
}
