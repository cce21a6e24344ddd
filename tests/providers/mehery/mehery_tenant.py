"""Tenant: a MeherY tenant for tests, with clients of its apps and its people."""

from __future__ import annotations

import json
from typing import Any

import httpx

from harness import FakeWebhook, Received
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.core.callback import Callback
from sandbox.engine.actions import action_from_json
from sandbox.engine.loader import load
from sandbox.providers.mehery.account import credentials_of
from sandbox.providers.mehery.fixture_world import world_of
from sandbox.providers.mehery.world import World
from sandbox.sandbox import AccountChanges

PREFIX = "/xms/api/v1"
WEBHOOK = "http://127.0.0.1:9/webhook"  # of external_bot
INFO = "http://127.0.0.1:9/who"
JOHN = "wa919988776655_918828218374"
FIONA = "fb12121212121_100200300400500"


class Tenant:
    """The account `acc_mehery`, seen from outside."""

    def __init__(self, app: App, http: httpx.AsyncClient, account: Account, webhook: FakeWebhook) -> None:
        self.app = app
        self.http = http
        self.account = account
        self.webhook = webhook

    @property
    def world(self) -> World:
        """What the platform knows."""
        return world_of(self.account)

    def key(self, queue: str = "external_bot") -> dict[str, str]:
        """Return the header with the key of an app."""
        return {"x-api-key": credentials_of(self.account).key_of(queue).api_key}

    async def get(self, path: str, headers: Any = None, **query: str) -> httpx.Response:
        """Call with GET, as external_bot unless other headers are given."""
        return await self.http.get(PREFIX + path, params=query, headers=self.key() if headers is None else headers)

    async def post(self, path: str, body: Any, headers: Any = None) -> httpx.Response:
        """Call with POST, as external_bot unless other headers are given; bytes go out as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"content-type": "application/json", **(self.key() if headers is None else headers)}
        return await self.http.post(PREFIX + path, content=content, headers=sent)

    # what is told

    def told(self, url: str = WEBHOOK) -> list[Received]:
        """Return what an address received, in order."""
        return [received for received in self.webhook.received if received.url == url]

    def bodies(self, url: str = WEBHOOK) -> list[dict[str, Any]]:
        """Return the JSON that an address received, in order."""
        return [json.loads(received.encoded.body) for received in self.told(url)]

    @property
    def callbacks(self) -> list[Callback]:
        """Every callback that was made, in order."""
        return list(self.account.journal.callbacks)

    # time, people, settings

    async def advance(self, seconds: float) -> None:
        """Let time pass."""
        await self.app.sandbox.advance(seconds=seconds, account=self.account)

    async def settle(self) -> None:
        """Let happen what is due."""
        await self.account.clock.settle()

    async def does(self, deed: str, user: str = JOHN, /, **members: Any) -> None:
        """Have a person do something, and what comes of it be told."""
        self.app.sandbox.act(self.account, action_from_json({"type": deed, "user": user, **members}))
        await self.settle()

    def silence(self) -> None:
        """Have nothing happen by itself."""
        self.app.sandbox.scenarios.put(load("name: silence\nsteps: []"))
        self.account.scenario = "silence"

    def configure(self, **settings: Any) -> None:
        """Change settings of the tenant."""
        self.app.sandbox.change_account(self.account, AccountChanges(settings=settings))


def refusal(response: httpx.Response) -> tuple[int, str, str | None, list[tuple[str, str | None]]]:
    """Return how a request was refused: status, status key, rule, and key and field of each entry of `errors`."""
    body = response.json()
    assert body["status"] == str(response.status_code)
    assert len(body) == 21
    entries = [(entry["codeKey"], entry["field"]) for entry in body["errors"]]
    return response.status_code, body["statusKey"], response.headers.get("x-sandbox-rule"), entries
