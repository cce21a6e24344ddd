"""Sessions: how long a session_id stays, whose it is, and how it ends (RBM-SES)."""

from __future__ import annotations

import pytest

from calls import ask, items
from rbm_agent import JOHN, MEI, Agent
from sandbox.engine.actions import NotPossibleError

DAY = 24 * 3600


@pytest.mark.parametrize(
    ("gaps", "sessions"),
    [
        pytest.param([DAY - 0.001], [0, 0], id="RBM-SES-01-just-under-a-day"),
        pytest.param([DAY], [0, 1], id="RBM-SES-01-a-day"),
        pytest.param([DAY + 1], [0, 1], id="RBM-SES-01-more-than-a-day"),
        pytest.param([DAY - 1, DAY - 1, DAY - 1], [0, 0, 0, 0], id="RBM-SES-01-every-message-renews-it"),
        pytest.param([0, DAY, 1], [0, 0, 1, 1], id="RBM-SES-01-the-new-one-stays-too"),
    ],
)
async def test_how_long_a_session_lasts(agent: Agent, gaps: list[float], sessions: list[int]) -> None:
    """The session_id stays until a day has passed without a message."""
    ids = [(await agent.gets("say", text="Hello"))["session_id"]]
    for gap in gaps:
        await agent.advance(gap)
        ids.append((await agent.gets("say", text="Hello"))["session_id"])
    distinct = list(dict.fromkeys(ids))
    assert [distinct.index(one) for one in ids] == sessions


async def test_every_sort_of_message_belongs_to_it(agent: Agent) -> None:
    """RBM-SES-01: text, file, tap and location are of one session, and so is what arrives late."""
    agent.does("say", text="Hello", callback={"delay": 2 * DAY})
    agent.does("send_file", sample="photo.jpg")
    agent.does("tap", suggestion={"type": "share_location", "text": "Here", "postback": "here"})
    await agent.advance(2 * DAY)
    assert [body["type"] for body in agent.bodies] == ["file", "suggestion", "location", "text"]
    assert len({body["session_id"] for body in agent.bodies}) == 1


@pytest.mark.parametrize(
    "phones",
    [
        pytest.param((JOHN, MEI), id="RBM-SES-02-two-phones"),
        pytest.param((JOHN, JOHN), id="RBM-SES-02-two-agents"),
    ],
)
async def test_nobody_shares_a_session(agent: Agent, second: Agent, phones: tuple[str, str]) -> None:
    """Two phones, or one phone and two agents, have a session each."""
    other = agent if phones[0] != phones[1] else second
    one, two = await agent.gets("say", phones[0], text="Hello"), await other.gets("say", phones[1], text="Hello")
    assert one["session_id"] != two["session_id"]
    assert (await agent.gets("say", phones[0], text="Hello"))["session_id"] == one["session_id"]


@pytest.mark.parametrize("phone", [pytest.param(JOHN, id="RBM-SES-03-ended-early")])
async def test_a_session_that_is_ended(agent: Agent, phone: str) -> None:
    """After `end_session` the next message has a new session_id; that of another phone stays."""
    first, other = await agent.gets("say", phone, text="Hello"), await agent.gets("say", MEI, text="Hello")
    acted = agent.does("end_session", phone)
    assert acted == ((), ())
    assert (await agent.gets("say", phone, text="Hello"))["session_id"] != first["session_id"]
    assert (await agent.gets("say", MEI, text="Hello"))["session_id"] == other["session_id"]


@pytest.mark.parametrize(
    "wait",
    [
        pytest.param(None, id="RBM-SES-03-there-was-none"),
        pytest.param(DAY, id="RBM-SES-03-it-is-over-already"),
    ],
)
async def test_no_session_to_end(agent: Agent, wait: int | None) -> None:
    """Without an open session there is nothing to end."""
    if wait is not None:
        await agent.gets("say", text="Hello")
        await agent.advance(wait)
    with pytest.raises(NotPossibleError, match=r"no session with \+919988776655 is open"):
        agent.does("end_session")


async def test_the_open_session_is_shown(agent: Agent) -> None:
    """RBM-SES-01: the list of conversations tells the session while it is open, and null behind that."""
    told = await agent.gets("say", text="Hello")
    (row,) = await items(agent.http, "/conversations", account="acc_rbm")
    assert (row["session"], row["sender"], row["channel"]) == (told["session_id"], "SandboxAgent", "rcs")
    await agent.advance(DAY)
    (row,) = await items(agent.http, "/conversations", account="acc_rbm")
    assert row["session"] is None


async def test_a_session_over_the_control_api(agent: Agent) -> None:
    """RBM-SES-03: the control API ends a session, and a second time says that there is none."""
    await agent.gets("say", text="Hello")
    assert (await agent.asked("end_session")).json() == {"messages": [], "callbacks": []}
    assert (await agent.asked("end_session")).status_code == 409


async def test_a_reset_forgets_sessions(agent: Agent) -> None:
    """A reset takes the agent back to its first message: the same ids come again."""
    first = await agent.gets("say", text="Hello")
    await ask(agent.http, "POST", "/reset", account="acc_rbm", expects=204)
    assert await agent.gets("say", text="Hello") == first


async def test_time_that_goes_back(agent: Agent) -> None:
    """RBM-SES-01: a clock that is set back does not shorten a session."""
    from datetime import timedelta

    first = await agent.gets("say", text="Hello")
    agent.account.clock.freeze(agent.account.clock.now() - timedelta(days=3))
    assert (await agent.gets("say", text="Hello"))["session_id"] == first["session_id"]
