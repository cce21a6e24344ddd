"""What hostile or careless triggers may not do: fail in the sandbox, or make it grow."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from rbm_agent import JOHN, Agent
from sandbox.providers.rbm.sessions import Session

DEEP = '{"a":' * 500 + "1" + "}" * 500
DEEP_ENOUGH = '{"a":' * 180 + "1" + "}" * 180  # about as deep as a trigger can be


@pytest.mark.parametrize(
    "body",
    [
        pytest.param('{"type":"say","text":"\\ud800"}', id="lone-surrogate"),
        pytest.param('{"type":"say","text":7}', id="number-for-a-text"),
        pytest.param('{"type":"share_location","latitude":1e400,"longitude":0}', id="beyond-any-number"),
        pytest.param('{"type":"share_location","latitude":NaN,"longitude":0}', id="not-a-number"),
        pytest.param('{"type":"tap","suggestion":{"type":[],"text":{},"postback":0}}', id="wrong-types"),
        pytest.param('{"type":"tap","suggestion":[["text"]]}', id="a-list-for-a-suggestion"),
        pytest.param('{"type":"tap","suggestion":null}', id="null-for-a-suggestion"),
        pytest.param('{"type":"tap","suggestion":' + DEEP + "}", id="deep-suggestion"),
        pytest.param('{"type":"send_file","name":"..","content":"aGk"}', id="base64-that-breaks-off"),
        pytest.param('{"type":"send_file","sample":"../accounts.yaml"}', id="sample-elsewhere"),
        pytest.param('{"type":"send_file","sample":"photo.jpg","mime_type":"a/b\\r\\nX: 1"}', id="header-in-a-type"),
        pytest.param('{"type":"send_file","url":"http://a b"}', id="url-with-a-space"),
        pytest.param('{"type":"send_file","url":"http://a.test/","size":-1}', id="negative-size"),
        pytest.param('{"type":"send_file","url":"http://a.test/","size":1e30}', id="huge-size"),
        pytest.param('{"type":"say","text":"a"' + "".join(f',"k{n}":1' for n in range(10_000)) + "}", id="10000-keys"),
    ],
)
async def test_refused(agent: Agent, body: str) -> None:
    """A trigger that makes no sense is refused in the form of a problem, and leaves nothing behind."""
    whole = f'{{"account":"acc_rbm","user":"{JOHN}",{body[1:]}'
    response = await agent.http.post("/_sandbox/actions", content=whole, headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422), response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert not agent.account.journal.messages
    assert not agent.callbacks


@pytest.mark.parametrize(
    ("action", "told"),
    [
        pytest.param({"type": "say", "text": "a" * 65_536}, 65_536, id="long-text"),
        pytest.param({"type": "say", "text": "\u0000\u2028\ufeff"}, 3, id="odd-characters"),
        pytest.param({"type": "say", "text": "{{ 7 * 7 }}"}, 11, id="braces"),
        pytest.param({"type": "say", "text": "</script><script>"}, 17, id="markup"),
    ],
)
async def test_taken_as_it_is(agent: Agent, action: dict[str, Any], told: int) -> None:
    """What is a text is told as it is."""
    members = dict(action)
    deed = members.pop("type")
    assert len((await agent.gets(deed, **members))["text"]) == told


@pytest.mark.parametrize(
    "tweak",
    [
        pytest.param({"set": {"type.text.deep.er": 1}}, id="a-path-through-a-string"),
        pytest.param({"set": {"": 1, ".": 2, "..": 3}}, id="empty-steps"),
        pytest.param({"drop": ["agent", "phone", "request_id", "session_id", "type", "text", "timestamp"]}, id="all"),
        pytest.param({"set": {"text": json.loads(DEEP_ENOUGH)}}, id="deep-value"),
    ],
)
async def test_odd_overrides(agent: Agent, tweak: dict[str, Any]) -> None:
    """RBM-IN-05: whatever a script makes of a message, it is sent."""
    await agent.gets("say", text="Hello", callback=tweak)
    assert [callback.state for callback in agent.callbacks] == ["delivered"]


async def test_files_do_not_pile_up(agent: Agent) -> None:
    """The same file takes its room once, however often it is sent."""
    content = base64.b64encode(bytes(1_000_000)).decode()
    for _ in range(5):
        agent.does("send_file", name="zeros.bin", content=content)
    assert len(agent.account.media) == 1


async def test_sessions_do_not_pile_up(agent: Agent) -> None:
    """As many sessions are remembered as the account remembers messages, and no more."""
    limit = agent.account.journal.messages.limit
    shelf = agent.account.shelf(Session)
    for number in range(limit + 5):
        shelf.put(str(number), Session("", agent.account.clock.now()))
    assert len(shelf) == limit
