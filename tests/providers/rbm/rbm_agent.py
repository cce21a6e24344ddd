"""Agent: an RBM agent for tests, with the people who write to it and the webhook that is told."""

from __future__ import annotations

import json
from typing import Any

import httpx

from harness import FakeWebhook
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.core.callback import Callback
from sandbox.engine.actions import Acted, action_from_json
from sandbox.sandbox import AccountChanges

JOHN, MEI = "+919988776655", "+6599999999"
YES = {"type": "reply", "text": "Yes", "postback": "confirm_yes"}


class Agent:
    """One account of RBM, seen from outside."""

    def __init__(self, app: App, http: httpx.AsyncClient, account: Account, webhook: FakeWebhook) -> None:
        self.app = app
        self.http = http
        self.account = account
        self.webhook = webhook

    def does(self, deed: str, phone: str = JOHN, /, **members: Any) -> Acted:
        """Have a person do something. Raises what the sandbox raises."""
        return self.app.sandbox.act(self.account, action_from_json({"type": deed, "user": phone, **members}))

    async def gets(self, deed: str, phone: str = JOHN, /, **members: Any) -> dict[str, Any]:
        """Have a person do something, and return the one message that the webhook gets of it."""
        before = len(self.webhook.received)
        self.does(deed, phone, **members)
        await self.account.clock.settle()
        (message,) = self.bodies[before:]
        return message

    async def asked(self, deed: str, phone: str = JOHN, /, **members: Any) -> httpx.Response:
        """Trigger something over the control API."""
        body = {"account": self.account.id, "user": phone, "type": deed, **members}
        return await self.http.post("/_sandbox/actions", json=body)

    async def settle(self) -> None:
        """Let everything that is due be told."""
        await self.account.clock.settle()

    async def advance(self, seconds: float) -> None:
        """Let time pass."""
        await self.app.sandbox.advance(seconds=seconds, account=self.account)

    def configure(self, **settings: Any) -> None:
        """Change settings of the agent."""
        self.app.sandbox.change_account(self.account, AccountChanges(settings=settings))

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The JSON that the webhook got, in order; every attempt counts."""
        return [json.loads(received.encoded.body) for received in self.webhook.received]

    @property
    def texts(self) -> list[str]:
        """The texts that the webhook got, in order."""
        return [body["text"] for body in self.bodies]

    @property
    def callbacks(self) -> list[Callback]:
        """Every callback that was made, in order."""
        return list(self.account.journal.callbacks)
