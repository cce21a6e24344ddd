"""Every scenario of the page plays to its end, against the business that the page tells of, and every step is there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import get_args

import httpx
import pytest

from harness import FakeWebhook, LinkClient, account_of
from pages import ROOT, Block, Page
from sandbox.app import App
from sandbox.core.callback import Encoded
from sandbox.engine.loader import load
from sandbox.engine.scenario import Run, Step
from sandbox.webhook_client import Answer

PAGE = Page(ROOT / "docs" / "scenarios.md")
SCENARIOS = [block for block in PAGE.blocks if block.language == "yaml"]
USER = "+491234567890"
SUGGESTIONS = [
    {"text": "Yes", "callbackData": "yes"},
    {"text": "Where?", "callbackData": "where", "requestLocationAction": {}},
]


class Business(FakeWebhook):
    """Answers texts as the business of the page does."""

    link: LinkClient

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
        """Take a callback, and answer a text of a LINK user."""
        match encoded.decoded:
            case {"message": {"data": {"text": str(text), "senderPhoneNumber": str(phone)}}}:
                await self.link.send(phone, text=f"You said: {text}", suggestions=SUGGESTIONS)
        return Answer(200, "")


@pytest.fixture
def webhook() -> FakeWebhook:
    """The business."""
    return Business()


def test_every_step_is_shown() -> None:
    """Each step and action that a scenario may have stands in an example."""
    shown = set(re.findall(r"^ *-? ?-? do: (\w+)", "".join(block.text for block in SCENARIOS), re.MULTILINE))
    assert shown == {str(model.model_fields["do"].default) for model in get_args(get_args(Step)[0])}


@pytest.mark.parametrize("block", SCENARIOS, ids=lambda block: block.note)
async def test_scenario(app: App, webhook: Business, link: LinkClient, http: httpx.AsyncClient, block: Block) -> None:
    """It passes."""
    webhook.link = link
    options = dict(re.findall(r"(--\w+) (\S+)", block.text.split("\n")[0]))
    account = account_of(app, options.get("--account", "acc_link"))
    scenario = load(block.text, name=block.note.removesuffix(".yaml"))
    app.sandbox.scenarios.put(scenario)
    if scenario.match is None:
        app.sandbox.start_run(account, scenario, options.get("--user", USER))
    else:
        await SENDS[account.id](link, http)
    await app.sandbox.advance(until="idle", account=account)
    (run,) = (run for run in account.journal.runs if isinstance(run, Run) and run.scenario == scenario.name)
    assert run.state == "passed", [step.detail for step in run.steps]


async def by_link(link: LinkClient, _: httpx.AsyncClient) -> None:
    """The business asks something."""
    await link.send("+491711111111", text="Shall we begin?", suggestions=SUGGESTIONS)


async def by_mehery(_: LinkClient, http: httpx.AsyncClient) -> None:
    """The business writes over WhatsApp."""
    body = {
        "channelId": "wa360:918828218374",
        "type": "text",
        "to": {"phone": "919988776655"},
        "text": {"body": "How was your visit?"},
    }
    answer = await http.post("/xms/api/v1/message/send", json=body, headers={"x-api-key": "sandbox-mehery-key-1"})
    assert answer.status_code == 200


async def by_webex_connect(_: LinkClient, http: httpx.AsyncClient) -> None:
    """The business sends a link whose clicks are tracked."""
    body = {
        "channel": "sms",
        "from": "SANDBX",
        "to": [{"msisdn": ["+491711111111"]}],
        "content": {"type": "text", "text": "Look: https://shop.example.com/1"},
        "options": {"shortenLinks": True, "trackClicks": True},
    }
    answer = await http.post("/v2/messages", json=body, headers={"key": "2f1d9c2e-5b7a-11ee-9a03-0242ac130003"})
    assert answer.status_code == 201


SENDS = {"acc_link": by_link, "acc_mehery": by_mehery, "acc_webex_connect": by_webex_connect}
