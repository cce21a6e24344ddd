"""The shipped scenario of RBM, played from beginning to end."""

from __future__ import annotations

from calls import ask
from rbm_agent import JOHN, Agent


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
