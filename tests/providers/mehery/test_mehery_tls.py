"""Certificates of webhooks, on real sockets: verified unless the account says otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from calls import ask, items
from harness import NOON
from mehery_tenant import JOHN
from sandbox.app import build
from sandbox.settings import Settings
from webhook_server import Receiver, self_signed

pytestmark = pytest.mark.anyio


async def test_meh_hook_04_on_the_wire(tmp_path: Path) -> None:
    """MEH-HOOK-04: a certificate that nobody vouches for is refused, and taken with `verify_tls` off; questions too."""
    async with Receiver(usual=200, tls=self_signed(tmp_path)) as receiver:
        app = build(Settings(seed="test", clock=NOON, webhook_url=receiver.url))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:4700") as http:
            action = {"account": "acc_mehery", "user": JOHN, "type": "say", "text": "Hello"}

            async def attempts(**settings: Any) -> list[Any]:
                await ask(http, "PATCH", "/accounts/acc_mehery", {"settings": settings})
                await ask(http, "POST", "/reset", expects=204, account="acc_mehery")
                await ask(http, "POST", "/actions", action, 202, wait=5)
                info = (await ask(http, "POST", "/accounts/acc_mehery/authorization"))["headers"]
                await http.post("/xms/api/v1/contact/info", json={"contactId": JOHN}, headers=info)
                told = [each["attempts"][-1] for each in await items(http, "/callbacks", account="acc_mehery")]
                return [(each["status"], each["error"]) for each in told]

            assert await attempts(contact_info_url=receiver.url) == [(None, "certificate")] * 2
            assert receiver.requests == []
            assert await attempts(verify_tls=False) == [(200, None)] * 2
            assert len(receiver.requests) == 2
        await app.sandbox.close()
