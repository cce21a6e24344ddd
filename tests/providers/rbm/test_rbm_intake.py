"""Scenarios of RBM: the shipped one from beginning to end, and runs that judge how the webhook takes what they tell."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from calls import ask
from rbm_agent import JOHN, Agent
from sandbox.engine.loader import load
from sandbox.engine.scenario import Run, Scenario


async def test_intake(agent: Agent) -> None:
    """John reports damage: six messages, one of them twice, in two sessions, and every file can be fetched."""
    run = await ask(agent.http, "POST", "/scenarios/rbm-intake/runs", {"account": "acc_rbm", "user": JOHN}, expects=201)
    await agent.advance(26 * 3600)
    bodies = agent.bodies
    assert [body["type"] for body in bodies] == [
        *("text", "suggestion", "file", "file", "file", "suggestion", "location", "text")
    ]
    assert bodies[0]["text"] == "Hello, this is John. A stone hit my windscreen."
    assert bodies[3] == bodies[4]
    assert len({body["request_id"] for body in bodies}) == 7
    first, second = bodies[0]["session_id"], bodies[-1]["session_id"]
    assert first != second
    assert [body["session_id"] for body in bodies] == [first] * 7 + [second]
    for body, media in ((bodies[2], "image"), (bodies[3], "document")):
        file = body["file"][media]
        assert len((await agent.http.get(file["fileUri"])).content) == file["fileSizeBytes"]
    assert (await ask(agent.http, "GET", f"/runs/{run['id']}"))["state"] == "passed"


SCENARIO = """
name: judged
steps:
  - do: tap
    suggestion: {type: share_location, text: Here, postback: here}
  - do: expect_callback
    within: 1m
    %s
  - do: say
    text: Thanks!
"""


@pytest.mark.parametrize(
    ("answers", "expects", "state", "detail"),
    [
        pytest.param([200, 200], "status: 200", "passed", None, id="RBM-CB-05-both-were-taken"),
        pytest.param(
            [200, 500, 200], "attempts: 1", "failed", "attempts  got 2, expected 1", id="RBM-CB-06-one-was-retried"
        ),
        pytest.param(
            [500, 200, 200], "status: 500", "failed", "status    got 200, expected 500", id="RBM-CB-05-in-the-end"
        ),
        pytest.param(
            [500] * 4,
            "state: failed",
            "failed",
            "state     got delivered, expected failed",
            id="RBM-CB-06-only-the-first",
        ),
        pytest.param([500] * 8, "{state: failed, status: 500, attempts: 4}", "passed", None, id="RBM-CB-06-given-up"),
        pytest.param(
            [500] * 8, "status: 200", "failed", "state     got failed, expected delivered", id="RBM-CB-06-not"
        ),
        pytest.param(
            [500] * 4, "within: 5s", "failed", "state     got retrying, expected delivered", id="RBM-CB-06-too-slow"
        ),
        pytest.param([200, 200], "latency: 5s", "passed", None, id="RBM-CB-05-quick-enough"),
    ],
)
async def test_a_run_judges_the_webhook(
    agent: Agent, answers: list[int | Exception], expects: str, state: str, detail: str | None
) -> None:
    """A run waits until its callbacks are over, and goes on only if the webhook did as expected."""
    document = load(SCENARIO % "after: 0s").model_dump(exclude_unset=True)
    given = YAML(typ="safe", pure=True).load(expects)
    document["steps"][1].update({key: 5.0 if value == "5s" else value for key, value in given.items()})
    agent.webhook.answers = [*answers]
    run = agent.app.sandbox.start_run(agent.account, Scenario.model_validate(document), JOHN)
    await agent.advance(120)
    assert run.state == state
    assert ("Thanks!" in [body.get("text") for body in agent.bodies]) == (state == "passed")
    assert (detail or "") in (run.steps[1].detail or "")
    assert (run.told, run.awaits) == ((), None)
    assert len(agent.account.shelf(Run)) == 0


async def test_a_run_that_has_told_nothing(agent: Agent) -> None:
    """There is nothing to judge before the first step, nor behind one that nobody is told of."""
    run = agent.app.sandbox.start_run(
        agent.account, load("name: early\nsteps: [{do: expect_callback, within: 1s}]"), JOHN
    )
    await agent.advance(1)
    assert (run.state, run.steps[0].detail) == ("failed", "nobody was told anything\nexpected  state delivered")


async def test_a_run_that_is_cancelled_while_it_waits(agent: Agent) -> None:
    """What a cancelled run was waiting for ends without it."""
    agent.webhook.answers = [500]
    run = agent.app.sandbox.start_run(agent.account, load(SCENARIO % "attempts: 2"), JOHN)
    await agent.settle()
    agent.app.sandbox.engine.cancel(run)
    await agent.advance(120)
    assert (run.state, len(agent.account.shelf(Run))) == ("cancelled", 0)
    assert [body["type"] for body in agent.bodies] == ["suggestion", "suggestion", "location"]
