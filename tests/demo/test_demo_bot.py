"""The sample bot speaks LINK as the document has it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.core.callback import Part
from sandbox.core.multipart import multipart
from sandbox.demo.bot import Callback, Webhook

ENVELOPE = json.dumps(
    {
        "message": {
            "data": "eyJzZW5kZXJQaG9uZU51bWJlciI6Iis0OTEyMzQ1Njc4OTAiLCJ0ZXh0IjoiSGkifQ==",
            "attributes": {"type": "message", "message_type": "TEXT"},
            "messageId": "1893578401251",
        }
    }
).encode()
DATA = {"senderPhoneNumber": "+491234567890", "text": "Hi"}


@pytest.fixture
async def webhook() -> AsyncIterator[Webhook]:
    """A webhook on a free port."""
    async with Webhook() as webhook:
        yield webhook


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Calls it."""
    async with aiohttp.ClientSession() as session:
        yield session


async def test_callback(webhook: Webhook, http: aiohttp.ClientSession) -> None:
    """A callback is acknowledged and decoded; one that comes again is taken once."""
    for _ in range(2):
        async with http.post(webhook.url, data=ENVELOPE, headers={"Content-Type": "application/json"}) as answer:
            assert answer.status == 200
    assert webhook.received.get_nowait() == Callback("1893578401251", "message", DATA)
    assert webhook.received.empty()


@pytest.mark.parametrize("names", [("message", "file"), ("file", "message")], ids=str)
async def test_file(webhook: Webhook, http: aiohttp.ClientSession, names: tuple[str, str]) -> None:
    """LINK-CB-20: a file comes in two parts, which are told by their types, whatever their names."""
    parts = (
        Part(names[0], "application/json", None, ENVELOPE),
        Part(names[1], "application/octet-stream", "photo.jpg", b"\xff\xd8"),
    )
    content_type, body = multipart(parts, boundary="x")
    async with http.post(webhook.url, data=body, headers={"Content-Type": content_type}) as answer:
        assert answer.status == 200
    assert webhook.received.get_nowait() == Callback("1893578401251", "message", DATA, b"\xff\xd8")
