"""Hostile requests over HTTP: whatever comes of them, nothing breaks: no answer, no callback, no list of the control API."""

from __future__ import annotations

import json
import logging
from random import Random
from typing import Any

import pytest

from sandbox.engine.actions import InvalidActionError, NotPossibleError
from test_webex_receipts import MESSAGES
from v1_rich_requests import RICH_REQUESTS
from webex_service import Service

REQUESTS = [*(("v1", body) for body in RICH_REQUESTS), *((version, body) for version, body, _ in MESSAGES.values())]
ODD: list[Any] = [
    *(None, True, 0, -1, 1.5, 2**63, 1e308, 10**30, "", " ", "x" * 3000, "\x00", "😀", "NaN", "1", "true", "+"),
    *("http://", "http://[", "2030-01-02T12:00:00Z", "$(a)", "{{link_1}}", "%s", "{path}"),
    *([], {}, [[]], [None], [{}], ["x"], {"": ""}, {"a": {}}),
]
DEEDS: list[tuple[str, dict[str, Any]]] = [
    ("say", {"text": "Hi"}),
    ("tap", {"suggestion": {"index": 0}}),
    ("tap", {"suggestion": {"index": -1}}),
    ("click", {}),
    ("read", {}),
    ("deliver", {}),
    ("start_typing", {}),
    ("share_location", {"latitude": 1, "longitude": 2}),
    ("send_file", {"url": "https://x.test/a.png", "mime_type": "image/png"}),
    ("event", {"event_code": "Unsubscribe"}),
]


def spoiled(body: dict[str, Any], chance: Random) -> Any:
    """Return a request with a few odd values in it, or without some of its members."""
    copy = json.loads(json.dumps(body))
    for _ in range(chance.choice((1, 1, 2, 3))):
        holders = list(_holders(copy))
        if not holders:
            break
        holder, name = chance.choice(holders)
        if isinstance(holder, dict) and chance.random() < 0.15:
            del holder[name]
        else:
            holder[name] = json.loads(json.dumps(chance.choice(ODD)))
    return [copy, body] if chance.random() < 0.1 else copy


def _holders(value: Any) -> Any:
    for name, inner in list(value.items()) if isinstance(value, dict) else list(enumerate(value)):
        yield value, name
        if isinstance(inner, dict | list):
            yield from _holders(inner)


@pytest.mark.parametrize("seed", range(8), ids=lambda seed: f"WX1-JSON-02-WX2-JSON-01-{seed}")
async def test_nothing_breaks(service: Service, seed: int, caplog: pytest.LogCaptureFixture) -> None:
    """Spoiled requests are refused or queued; what was queued has receipts, people and lists like any other."""
    chance = Random(seed)
    service.configure(outbound_webhooks=[{"url": "http://127.0.0.1:9/hub", "hub_secret": "x"}])
    for _ in range(30):
        version, body = chance.choice(REQUESTS)
        wish = spoiled(body, chance)
        response = await (service.v1 if version == "v1" else service.v2)(wish)
        assert response.status_code in ((200,) if version == "v1" else (201, 400)), response.text
        assert '"7006"' not in response.text, wish
        await service.advance(1)
        for deed, members in chance.sample(DEEDS, 3) if service.messages else ():
            try:
                await service.does(deed, service.messages[-1].conversation.user, **members)
            except (NotPossibleError, InvalidActionError) as error:
                assert str(error)  # noqa: PT017 - whether it can be done is not the question, only that it is told
    for path in ("messages", "callbacks", "requests", "runs", "conversations"):
        query = {"account": "acc_webex_connect", "limit": "1000"}
        assert (await service.http.get(f"/_sandbox/{path}", params=query)).status_code == 200
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert {callback.state for callback in service.callbacks} <= {"delivered", "recorded"}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" * 100_000, id="WX1-JSON-01-deep"),
        pytest.param(b"1" * 1_000_000, id="WX1-JSON-01-huge-number"),
        pytest.param(b'{"deliverychannel":"sms","expiry":1e400}', id="WX1-ENV-10-infinity"),
        pytest.param(b'{"a":"\\ud800"}', id="WX1-JSON-01-lone-surrogate"),
        pytest.param(b"\xff\xfe{}", id="WX1-JSON-01-another-encoding"),
        pytest.param(
            json.dumps({**RICH_REQUESTS[0], **{f"x{index}": 0 for index in range(60_000)}}).encode(),
            id="WX1-JSON-03-unknown-members",
        ),
        pytest.param(json.dumps([5] * 200_000).encode(), id="WX1-JSON-02-bulk-of-numbers"),
        pytest.param(json.dumps([5] * 1000).encode(), id="WX1-JSON-02-a-thousand-bad-elements"),
    ],
)
async def test_large_and_odd(service: Service, body: bytes) -> None:
    """What is deep, huge or no text at all is answered like anything else, by both versions."""
    for send, good in ((service.v1, (200,)), (service.v2, (201, 400))):
        response = await send(body)
        assert response.status_code in good
        assert '"7006"' not in response.text
    assert all(len(request.warnings) <= 100 for request in service.account.journal.requests)
