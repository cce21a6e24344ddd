"""Harness: the pieces that tests build their conversations from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sandbox.app import App
from sandbox.core.account import Account
from sandbox.core.callback import Encoded
from sandbox.core.services import Services
from sandbox.providers.link import tokens
from sandbox.providers.link.account import credentials_of
from sandbox.webhook_client import Answer

NOON = datetime(2030, 1, 2, 12, 0, 0, tzinfo=UTC)
USER = "+491234567890"
GATEWAY = "/gateway/lmc/v1"


@dataclass(slots=True)
class Received:
    """One callback as the fake webhook got it."""

    url: str
    headers: tuple[tuple[str, str], ...]
    encoded: Encoded
    timeout: float
    verify: bool

    @property
    def envelope(self) -> Any:
        """The JSON of it, or of its first part."""
        parts = self.encoded.parts
        return json.loads(parts[0].content if parts else self.encoded.body)

    @property
    def data(self) -> Any:
        """The decoded payload."""
        return self.encoded.decoded["message"]["data"]

    @property
    def kind(self) -> str:
        """What the attributes say, `READ` or `TEXT` or `error`."""
        attributes = self.envelope["message"]["attributes"]
        return str(attributes.get("event_type") or attributes.get("message_type") or attributes["type"])


@dataclass(slots=True)
class FakeWebhook:
    """A webhook without a network: keeps what it gets, and answers from a list, 200 when that is used up."""

    answers: list[int | Answer | Exception] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)

    async def post(
        self,
        url: str,
        headers: Sequence[tuple[str, str]],
        encoded: Encoded,
        timeout: float,
        vouched: bool,
        *,
        verify: bool = True,
    ) -> Answer:
        """Take a callback."""
        self.received.append(Received(url, tuple(headers), encoded, timeout, verify))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Answer) else Answer(answer, "")

    async def close(self) -> None:
        """Nothing is open."""

    @property
    def kinds(self) -> list[str]:
        """The kinds of what came, in order."""
        return [received.kind for received in self.received]


@cache
def _read_key(pem: str) -> RSAPrivateKey:
    """Read a private key once and unchecked: checking it takes a tenth of a second, for every test that wants a token."""
    key = load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, RSAPrivateKey)
    return key


class LinkClient:
    """A client written from LINK's document, in process; `token` is got with the first call that needs one."""

    def __init__(self, http: httpx.AsyncClient, account: Account, services: Services | None = None) -> None:
        self.http = http
        self.account = account
        self._services = services
        self.token: str | None = None
        self._messages = 0

    def assertion(self, key: str | None = None, headers: dict[str, Any] | None = None, **claims: Any) -> str:
        """Return a signed assertion as in the document; a claim given as None is left out."""
        now = int(self.account.clock.now().timestamp())
        credentials = credentials_of(self.account)
        payload = {"iss": credentials.customer_id, "iat": now, "exp": now + 60, **claims}
        payload = {name: value for name, value in payload.items() if value is not None}
        return jwt.encode(payload, _read_key(key or credentials.private_key or ""), "RS256", headers=headers)

    async def request_token(self, **form: str) -> httpx.Response:
        """POST the token form; without arguments the documented one."""
        if not form:
            form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": self.assertion()}
        return await self.http.post("/auth/oauth2/token", data=form)

    async def fetch_token(self) -> None:
        """Get a fresh token as a client does, with a signed request."""
        self.token = (await self.request_token()).json()["access_token"]

    async def headers(self) -> dict[str, str]:
        """Return the Authorization header, with a fresh token if there is none yet."""
        if self.token is None and self._services is not None:
            # Asking for one over HTTP, with a signature, takes longer than most of what is tested with it.
            self.token, _ = tokens.issue(self.account, self._services)
        elif self.token is None:
            await self.fetch_token()
        return {"Authorization": f"Bearer {self.token}"}

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Call a gateway operation with a token."""
        headers = {**await self.headers(), **options.pop("headers", {})}
        return await self.http.request(method, GATEWAY + path, headers=headers, **options)

    def next_message_id(self) -> str:
        """Return a new message id."""
        self._messages += 1
        return str(UUID(int=self._messages, version=4))

    async def post_message(
        self, body: Any, to: str = USER, message_id: str | None = None, **query: str
    ) -> httpx.Response:
        """Send a whole ConversationMessage (bytes go out as they are)."""
        params = {"messageId": message_id or self.next_message_id(), **query}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.call(
            "POST",
            f"/phone/{to}/conversationMessage",
            params=params,
            content=content,
            headers={"Content-Type": "application/json"},
        )

    async def send(self, to: str = USER, message_id: str | None = None, **content: Any) -> httpx.Response:
        """Send messageContent given as keywords: `send(text="Hello")`."""
        return await self.post_message({"messageContent": content}, to, message_id)

    async def register(self, **body: Any) -> httpx.Response:
        """Register a file."""
        return await self.call("POST", "/registerFile", json=body)


def broken_rule(response: httpx.Response) -> str | None:
    """Return the rule that a refused request broke, as the diagnostic header names it."""
    rule: str | None = response.headers.get("x-sandbox-rule")
    return rule


def account_of(app: App, account_id: str = "acc_link") -> Account:
    """Return an account of the sandbox."""
    account = app.sandbox.accounts.get(account_id)
    assert account is not None
    return account


REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Entity",
}


def assert_refused(response: httpx.Response, status: int, rule: str, message: str) -> None:
    """Check that LINK refused a request: status, the whole ApiError, and the rule that it names."""
    assert (response.status_code, broken_rule(response)) == (status, rule), response.text
    assert response.headers["content-type"] == "application/json"
    assert response.json() == {"status": str(status), "error": REASONS[status], "message": message}


async def assert_message_refused(link: LinkClient, body: Any, rule: str, message: str) -> None:
    """Check that a message is refused with 400, leaves nothing behind and does not use up its id (LINK-MSG-06)."""
    before = len(link.account.journal.messages)
    message_id = link.next_message_id()
    assert_refused(await link.post_message(body, message_id=message_id), 400, rule, message)
    assert len(link.account.journal.messages) == before
    assert (await link.send(text="Now in good order", message_id=message_id)).status_code == 200
