"""Service: a Webex Connect service for tests, with its clients of both versions and its people."""

from __future__ import annotations

import base64
import json
import warnings
from datetime import timedelta
from typing import Any

import httpx
import jwt

import v1_requests
from harness import NOON, FakeWebhook, Received
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.core.callback import Callback
from sandbox.core.conversation import Message
from sandbox.engine.actions import action_from_json
from sandbox.engine.loader import load
from sandbox.providers.webex_connect.account import credentials_of
from sandbox.sandbox import AccountChanges

V1 = "/resources/v1/messaging"
V2 = "/v2/messages"
NOTIFY = "http://127.0.0.1:9/receipts"
WEBHOOK = "http://127.0.0.1:9/webhook"
PERSON = v1_requests.PHONE


class Service:
    """The account `acc_webex_connect`, seen from outside."""

    def __init__(self, app: App, http: httpx.AsyncClient, account: Account, webhook: FakeWebhook) -> None:
        self.app = app
        self.http = http
        self.account = account
        self.webhook = webhook

    # requests

    @property
    def key(self) -> dict[str, str]:
        """The header with the service key."""
        return {"key": credentials_of(self.account).service_key}

    def token(self, *, secret: bytes | None = None, headers: dict[str, Any] | None = None, **claims: Any) -> str:
        """Return a JWT as both documents describe it; a claim given as None is left out."""
        credentials = credentials_of(self.account)
        payload = {"iss": credentials.service_id, "iat": int(self.account.clock.now().timestamp()), **claims}
        payload = {name: value for name, value in payload.items() if value is not None}
        key = secret if secret is not None else base64.b64decode(credentials.service_secret)
        algorithm = (headers or {}).get("alg", "HS256")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of secrets that are short for their algorithm
            return jwt.encode(payload, key, algorithm, headers=headers)

    async def v1(self, body: Any, headers: dict[str, str] | None = None, **options: Any) -> httpx.Response:
        """Send with v1, with the service key unless other headers are given."""
        return await self._post(V1, body, headers, **options)

    async def v2(self, body: Any, headers: dict[str, str] | None = None, **options: Any) -> httpx.Response:
        """Send with v2, with the service key unless other headers are given."""
        return await self._post(V2, body, headers, **options)

    async def _post(self, path: str, body: Any, headers: dict[str, str] | None, **options: Any) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **(self.key if headers is None else headers)}
        return await self.http.post(path, content=content, headers=sent, **options)

    async def sends(self, version: str, body: dict[str, Any]) -> list[str]:
        """Send something whose receipts go to `NOTIFY`, and return the ids of what was queued."""
        if version == "v1":
            answer = (await self.v1({"notifyurl": NOTIFY, **body})).json()["response"]
            assert all(entry["code"] == "1001" for entry in answer), answer
            return [entry["transid"] for entry in answer]
        response = await self.v2({"notifyUrl": NOTIFY, **body})
        assert response.status_code == 201, response.text
        queued = response.json()
        return [entry["messageId"] for entry in (queued if isinstance(queued, list) else [queued])]

    # what is told

    def told(self, url: str = NOTIFY) -> list[Received]:
        """Return what an address received, in order."""
        return [received for received in self.webhook.received if received.url == url]

    def bodies(self, url: str = NOTIFY) -> list[dict[str, Any]]:
        """Return the JSON that an address received, in order."""
        return [json.loads(received.encoded.body) for received in self.told(url)]

    def receipts(self, url: str = NOTIFY) -> list[tuple[str, str]]:
        """Return status and code of the receipts that an address received, in order."""
        infos = [body["deliveryInfoNotification"]["deliveryInfo"] for body in self.bodies(url)]
        return [(info["deliveryStatus"], info["code"]) for info in infos]

    def infos(self, url: str = NOTIFY) -> list[dict[str, Any]]:
        """Return the `deliveryInfo` of the receipts that an address received, in order."""
        return [body["deliveryInfoNotification"]["deliveryInfo"] for body in self.bodies(url)]

    @property
    def callbacks(self) -> list[Callback]:
        """Every callback that was made, in order."""
        return list(self.account.journal.callbacks)

    @property
    def messages(self) -> list[Message]:
        """Every message, in order."""
        return list(self.account.journal.messages)

    # time, people, settings

    async def advance(self, seconds: float) -> None:
        """Let time pass."""
        await self.app.sandbox.advance(seconds=seconds, account=self.account)

    async def wait_until(self, seconds: float) -> None:
        """Let time pass until so many seconds after noon."""
        await self.advance((NOON + timedelta(seconds=seconds) - self.account.clock.now()).total_seconds())

    async def does(self, deed: str, user: str = PERSON, /, **members: Any) -> None:
        """Have a person do something, and what comes of it be told."""
        self.app.sandbox.act(self.account, action_from_json({"type": deed, "user": user, **members}))
        await self.account.clock.settle()

    def silence(self) -> None:
        """Have nothing happen by itself."""
        self.app.sandbox.scenarios.put(load("name: silence\nsteps: []"))
        self.account.scenario = "silence"

    def configure(self, **settings: Any) -> None:
        """Change settings of the service."""
        self.app.sandbox.change_account(self.account, AccountChanges(settings=settings))
