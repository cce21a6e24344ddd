"""Whatever was going on: a sandbox made of a snapshot goes on just as the one that it was taken of."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from pydantic_core import to_json

from calls import sandbox_with, turns
from harness import FakeWebhook
from random_play import ACCOUNTS, SCENARIOS, Move, Player, moves, shown
from sandbox.webhook_client import Answer, DeliveryError

pytestmark = pytest.mark.anyio

WEBHOOK = "http://127.0.0.1:9/webhook"


def moods(chance: Random) -> list[int | Answer | Exception]:
    """Return how a moody webhook answers one call after the other."""
    who = Answer(200, json.dumps({"name": "Jo", "labels": [{"key": "k", "value": [1.5, None]}]}))
    answers: list[int | Answer | Exception] = [200, 200, 503, 404, who, DeliveryError("timeout", "too slow")]
    return [chance.choice(answers) for _ in range(500)]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("provider", ACCOUNTS)
async def test_goes_on_the_same(provider: str, seed: int) -> None:
    """A sandbox of another seed and time, given the snapshot, answers and tells from then on what the first one does."""
    chance = Random(f"{provider}/{seed}")
    calls = moves(provider, chance, 60)
    at = chance.randrange(20, 60)
    first_webhook, second_webhook = FakeWebhook(moods(chance)), FakeWebhook()
    async with (
        sandbox_with(first_webhook, webhook_url=WEBHOOK) as (first, http),
        sandbox_with(second_webhook, seed="other", clock="real") as (second, other_http),
    ):
        authorization = await http.post(f"/_sandbox/accounts/{ACCOUNTS[provider]}/authorization")
        player = Player(http, ACCOUNTS[provider], authorization.json()["headers"])
        for name, steps in SCENARIOS.items():
            await player.make(Move("PUT", f"/_sandbox/scenarios/{name}", {"name": name, "steps": steps}))
        for move in calls[:at]:
            await player.make(move)
        await turns(chance.randrange(4))
        document = to_json(first.sandbox.snapshot())
        second.sandbox.restore(json.loads(document))
        assert to_json(second.sandbox.snapshot()) == document
        second_webhook.answers, told = list(first_webhook.answers), len(first_webhook.received)
        assert await shown(other_http) == await shown(http)

        other = Player(other_http, player.account, player.headers)
        for move in calls[at:]:
            assert await other.make(move) == await player.make(move), move
        assert await shown(other_http) == await shown(http)
        assert second_webhook.received == first_webhook.received[told:]
        assert still(second.sandbox.snapshot()) == still(first.sandbox.snapshot())


def still(document: dict[str, Any]) -> Any:
    """Return a snapshot without how long attempts took."""
    for account in document["accounts"]:
        for name in ("durations", "seconds"):
            account["tally"].pop(name, None)
        for callback in account["callbacks"]["records"]:
            for attempt in callback.get("attempts", ()):
                attempt[3] = 0
    return document
