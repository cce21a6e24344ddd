"""The phones that always behave the same, on start and when somebody speaks for them."""

from __future__ import annotations

from typing import Any

import pytest

from calls import ask
from rbm_agent import JOHN, Agent
from sandbox.engine.actions import NotPossibleError
from sandbox.providers import rbm

BASE = "+91990000"


def content(body: dict[str, Any]) -> Any:
    """Return what a message says: of a file its media and name, else what stands under its type."""
    told = body[body["type"]]
    return (told["media"], told[told["media"]]["fileName"]) if body["type"] == "file" else told


@pytest.mark.parametrize(
    ("number", "told"),
    [
        pytest.param("0101", ["Hello"], id="0101-text"),
        pytest.param("0102", [("image", "photo.jpg")], id="0102-image"),
        pytest.param("0103", [("video", "clip.mp4")], id="0103-video"),
        pytest.param("0104", [("document", "invoice.pdf")], id="0104-document"),
        pytest.param("0105", [{"type": "reply", "postback": "start", "text": "Start"}], id="0105-suggestion"),
        pytest.param("0106", [{"latitude": 19.076, "longitude": 72.8777}], id="0106-location"),
        pytest.param("0107", ["Hello", "Hello"], id="0107-twice"),
        pytest.param("0108", ["second", "first"], id="0108-out-of-order"),
        pytest.param("0109", ["Hello"], id="0109-text"),
    ],
)
async def test_start(agent: Agent, number: str, told: list[Any]) -> None:
    """`start` plays what the phone does, without any message before it, within three seconds; and again when asked."""
    for times in (1, 2):
        assert (await agent.asked("start", BASE + number)).status_code == 202
        await agent.advance(3)
        assert [content(body) for body in agent.bodies] == told * times
    assert {body["phone"] for body in agent.bodies} == {BASE + number}
    assert {run.scenario for run in agent.account.journal.runs} == {BASE + number}  # type: ignore[attr-defined]


async def test_twice(agent: Agent) -> None:
    """Whatever 0107 sends comes twice, byte for byte; a consumer tells by the request_id."""
    agent.does("say", f"{BASE}0107", text="Only once")
    await agent.settle()
    first, again = agent.webhook.received
    assert first == again
    assert len(agent.account.journal.messages) == 1


async def test_out_of_order(agent: Agent) -> None:
    """The timestamps of 0108 tell the order in which its texts were sent."""
    agent.does("start", f"{BASE}0108")
    await agent.advance(3)
    second, first = agent.bodies
    assert (second["text"], first["text"]) == ("second", "first")
    assert first["timestamp"] < second["timestamp"]
    assert first["session_id"] == second["session_id"]


async def test_always_new(agent: Agent) -> None:
    """Every message of 0109 has a session_id of its own."""
    ids = [(await agent.gets("say", f"{BASE}0109", text="Hello"))["session_id"] for _ in range(3)]
    assert len(set(ids)) == 3


async def test_an_ordinary_phone_does_not_start(agent: Agent) -> None:
    """Nobody else does anything by themselves."""
    with pytest.raises(NotPossibleError, match="is no magic address"):
        agent.does("start", JOHN)


async def test_they_are_listed(agent: Agent) -> None:
    """All nine are listed with what they do."""
    listed = (await ask(agent.http, "GET", "/magic", provider="rbm"))["items"]
    assert [item["address"] for item in listed] == [f"{BASE}010{number}" for number in range(1, 10)]
    assert all(item["does"] for item in listed)
    assert [magic.address for magic in rbm.PROVIDER.magic] == [item["address"] for item in listed]
