"""Elsewhere: what businesses send over the other providers' APIs."""

from __future__ import annotations

from typing import Any

import httpx

from sandbox.client import Client

WHATSAPP = "wa360:918828218374"
CONTACT = "919812345678"


def over_mehery(sandbox: Client, kind: str, to: str = CONTACT, **content: Any) -> None:
    """Send a WhatsApp message: `over_mehery(sandbox, "text", body="Hello")`."""
    body = {"channelId": WHATSAPP, "to": {"phone": to}, "type": kind, kind: content}
    _post(sandbox, "acc_mehery", "/xms/api/v1/message/send", body)


def over_webex(sandbox: Client, channel: str, to: str, *, sender: str = "SHOP", **members: Any) -> None:
    """Send a text, or another `content`, over a channel to a number or an e-mail address."""
    person = {"email" if "@" in to else "msisdn": [to]}
    body = {"channel": channel, "from": sender, "to": [person], "content": {"type": "text", "text": "Hello"}}
    _post(sandbox, "acc_webex_connect", "/v2/messages", {**body, **members})


def _post(sandbox: Client, account: str, path: str, body: Any) -> None:
    headers = sandbox.authorization(account)
    with httpx.Client(base_url=sandbox.url, headers=headers, trust_env=False) as http:
        answer = http.post(path, json=body)
    assert answer.is_success, answer.text
