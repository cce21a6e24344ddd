"""Sms: a message as a customer of Webex Connect sends it."""

from __future__ import annotations

from typing import Any

import httpx

from sandbox.testing import SandboxAccount

USER = "+491234567890"


def send(account: SandboxAccount[Any], text: str = "Hello", to: str = USER) -> httpx.Response:
    """Send an SMS."""
    destination = {"msisdn": [to]}
    body = {"deliverychannel": "sms", "destination": [destination], "channels": {"sms": {"text": text}}}
    return httpx.post(f"{account.base_url}/resources/v1/messaging", json=body, headers=account.authorization())
