"""What faults and scripts do to callbacks: dropped, doubled, delayed, mixed up, spoiled."""

from __future__ import annotations

import asyncio
import json
from itertools import permutations
from typing import Any

import pytest

from callback_stubs import ANNA, BERT, Change, Desk, account, arm, callback
from sandbox.chaos import PATIENCE, spoiled
from sandbox.core.account import Account
from sandbox.core.callback import Callback, Encoded, Part
from sandbox.core.events import Cause, Tweak

pytestmark = pytest.mark.anyio

INSTANT = 0.000_001


@pytest.fixture
def desk() -> Desk:
    """A desk whose clock stands at noon."""
    return Desk()


def copies(owner: Account, original: Callback) -> list[Callback]:
    """Return the journaled copies of a callback."""
    return [one for one in owner.journal.callbacks if one.payload is original.payload and one is not original]


# dropped and delayed


async def test_drop(desk: Desk) -> None:
    """A dropped callback fails at once, names the fault, and is never sent; the next is."""
    fault = arm(desk.account, {"type": "drop"}, times=1)
    dropped, sent = desk.send("dropped"), desk.send("sent")
    await desk.clock.settle()
    assert (dropped.state, dropped.detail, dropped.fault) == ("failed", f"dropped by the fault {fault.id}", fault.id)
    assert Change(dropped.id, "failed") in desk.changes
    assert (desk.client.payloads, sent.fault, desk.dispatcher.pending) == (["sent"], None, 0)


async def test_drop_is_heard_of(desk: Desk) -> None:
    """Whoever waits for the end of a callback, provider or scenario, hears at once that it is lost."""
    arm(desk.account, {"type": "drop"})
    desk.send("dropped")
    assert desk.provider.heard == [("failed", "")]


@pytest.mark.parametrize(
    ("effect", "seconds", "answer", "sent"),
    [
        pytest.param({"type": "drop"}, 0, "", 0, id="drop"),
        pytest.param({"type": "duplicate", "copies": 2}, 0, "thanks", 3, id="duplicate"),
        pytest.param({"type": "delay", "seconds": 2}, 2, "thanks", 1, id="delay"),
        pytest.param({"type": "reorder", "window": 2}, PATIENCE, "thanks", 1, id="reorder-one-alone"),
        pytest.param({"type": "corrupt"}, 0, "thanks", 1, id="corrupt"),
        pytest.param({"type": "unknown_fields"}, 0, "thanks", 1, id="unknown-fields"),
    ],
)
async def test_questions(desk: Desk, effect: dict[str, Any], seconds: float, answer: str, sent: int) -> None:
    """What the business is asked meets the same faults as what it is told."""
    fault = arm(desk.account, effect)
    question = callback(desk.account, "who?")
    asking = asyncio.ensure_future(desk.dispatcher.ask(question))
    await desk.clock.settle()
    await asyncio.sleep(0)
    if seconds:
        await desk.clock.advance(seconds - INSTANT)
        assert (asking.done(), desk.client.sent) == (False, [])
        await desk.clock.advance(INSTANT)
    assert (await asking, question.fault) == (answer, fault.id)
    await desk.clock.settle()
    assert len(desk.client.sent) == sent


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        pytest.param({}, True, id="everything"),
        pytest.param({"kind": "event.READ"}, True, id="its-kind"),
        pytest.param({"kind": "message.*"}, False, id="another-kind"),
        pytest.param({"user": "+49170*"}, True, id="its-person"),
        pytest.param({"user": BERT}, False, id="another-person"),
    ],
)
async def test_match(desk: Desk, match: dict[str, str], hit: bool) -> None:
    """A fault is for the callbacks that it matches."""
    arm(desk.account, {"type": "drop"}, match=match)
    assert (desk.send("hello").state == "failed") is hit
    await desk.clock.settle()


async def test_delay(desk: Desk) -> None:
    """A delayed callback leaves so much after its time, and not an instant before; a script's delay comes on top."""
    fault = arm(desk.account, {"type": "delay", "seconds": 2})
    held = desk.send("held", after=1, tweak=Tweak(delay=4))
    await desk.clock.advance(7 - INSTANT)
    assert (held.state, held.fault, desk.dispatcher.pending) == ("scheduled", fault.id, 1)
    await desk.clock.advance(INSTANT)
    assert held.state == "delivered"


# doubled


async def test_duplicates(desk: Desk) -> None:
    """Further copies are records of their own with the very same bytes, right behind the original."""
    fault = arm(desk.account, {"type": "duplicate", "copies": 2}, times=1)
    original = desk.send(["twice more"], cause=Cause("action", "act_1"))
    desk.send("next")
    await desk.clock.settle()
    assert desk.client.payloads == [["twice more"]] * 3 + ["next"]
    assert (len({sent.body for sent in desk.client.sent}), desk.provider.encodings) == (2, 2)
    made = copies(desk.account, original)
    assert len({original.id, *(copy.id for copy in made)}) == 3
    assert all(copy.id.startswith("cbk_") for copy in made)
    assert original.seq < made[0].seq < made[1].seq
    for copy in made:
        assert (copy.state, copy.fault, copy.cause, len(copy.attempts)) == ("delivered", fault.id, original.cause, 1)
        assert copy.encoded is original.encoded


async def test_scripted_duplicates(desk: Desk) -> None:
    """A script's copies are delayed as the original is, and the bytes are made when the first of them is due."""
    original = desk.send(["once more"], tweak=Tweak(duplicate=1, delay=3))
    await desk.clock.advance(3 - INSTANT)
    assert (desk.client.sent, desk.provider.encodings, desk.dispatcher.pending) == ([], 0, 2)
    await desk.clock.advance(INSTANT)
    assert len(desk.client.sent) == 2
    assert [copy.due_at for copy in copies(desk.account, original)] == [original.due_at]


async def test_duplicates_without_a_webhook(desk: Desk) -> None:
    """Without a webhook the copies are recorded like the original."""
    original = desk.send(["twice"], url=None, tweak=Tweak(duplicate=1))
    assert [one.state for one in (original, *copies(desk.account, original))] == ["recorded", "recorded"]


# mixed up


@pytest.mark.parametrize("window", [2, 3, 100])
@pytest.mark.parametrize("persons", [1, 2])
async def test_reorder(desk: Desk, window: int, persons: int) -> None:
    """A full window is released at once, in an order that is not the original."""
    fault = arm(desk.account, {"type": "reorder", "window": window}, times=1)
    sent = [desk.send(number, f"+{number % persons}") for number in range(window - 1)]
    await desk.clock.settle()
    assert (desk.client.sent, desk.dispatcher.pending) == ([], window - 1)
    sent.append(desk.send(window - 1, "+0"))
    await desk.clock.settle()
    assert sorted(desk.client.payloads) == list(range(window))
    assert desk.client.payloads != list(range(window))
    assert {one.fault for one in sent} == {fault.id}
    assert (desk.dispatcher.pending, desk.clock.pending) == (0, 0)


async def test_reorder_by_chance(desk: Desk) -> None:
    """Every order but the original comes up."""
    arm(desk.account, {"type": "reorder", "window": 3})
    for number in range(3 * 100):
        desk.send(number % 3)
    await desk.clock.settle()
    seen = {tuple(desk.client.payloads[start : start + 3]) for start in range(0, 300, 3)}
    assert seen == set(permutations(range(3))) - {(0, 1, 2)}


async def test_reorder_of_different_times(desk: Desk) -> None:
    """Callbacks of one person that are due at different times are mixed up nevertheless."""
    arm(desk.account, {"type": "reorder", "window": 2}, times=1)
    desk.send("first", after=1)
    desk.send("second", after=2)
    await desk.clock.advance(2)
    assert desk.client.payloads == ["second", "first"]


async def test_partial_window(desk: Desk) -> None:
    """A window that is not full is released after five seconds, and not an instant before; one alone just leaves."""
    arm(desk.account, {"type": "reorder", "window": 5}, times=2)
    for number in range(2):
        desk.send(number)
    await desk.clock.advance(PATIENCE - INSTANT)
    assert desk.client.sent == []
    await desk.clock.advance(INSTANT)
    assert desk.client.payloads == [1, 0]
    alone = desk.send("alone")
    await desk.clock.advance(PATIENCE)
    assert alone.state == "delivered"


async def test_window_of_a_match(desk: Desk) -> None:
    """A window collects what its fault matches; all else passes by."""
    arm(desk.account, {"type": "reorder", "window": 2}, times=1, match={"kind": "event.*", "user": ANNA})
    desk.send("first")
    desk.send("other kind", kind="message.TEXT")
    desk.send("other person", BERT)
    await desk.clock.settle()
    assert desk.client.payloads == ["other kind", "other person"]
    desk.send("second")
    await desk.clock.settle()
    assert desk.client.payloads[2:] == ["second", "first"]


async def test_forgotten_window(desk: Desk) -> None:
    """A reset forgets what a window holds."""
    arm(desk.account, {"type": "reorder", "window": 5})
    desk.send("forgotten")
    desk.dispatcher.clear()
    assert (await desk.clock.advance(60), desk.dispatcher.pending, desk.client.sent) == (0, 0, [])


# spoiled


async def test_corrupt(desk: Desk) -> None:
    """A corrupt callback's body is no JSON, in every attempt the same."""
    arm(desk.account, {"type": "corrupt"}, times=1)
    desk.client.answers(400)
    sent = desk.send("hello")
    await desk.clock.advance(1)
    first, second = (attempt.body for attempt in desk.client.sent)
    assert first == second
    with pytest.raises(json.JSONDecodeError):
        json.loads(first)
    assert sent.corrupt
    assert sent.encoded is not None
    assert sent.encoded.decoded is None


async def test_unknown_fields(desk: Desk) -> None:
    """A callback with unknown fields has one member more, and is otherwise the same byte for byte."""
    arm(desk.account, {"type": "unknown_fields"}, times=1)
    sent = desk.send("hello")
    await desk.clock.settle()
    (attempt,) = desk.client.sent
    assert attempt.body.startswith(b'{"payload": "hello", "encoding": 1,"x_sandbox_unknown":{')
    assert set(json.loads(attempt.body)) == {"payload", "encoding", "x_sandbox_unknown"}
    assert sent.unknown_fields


async def test_redelivered(desk: Desk) -> None:
    """A fault spoils bytes that were made before, too."""
    arm(desk.account, {"type": "unknown_fields"}, times=1)
    desk.send("ignored", encoded=Encoded("application/json", b'{"payload":1}'))
    await desk.clock.settle()
    assert "x_sandbox_unknown" in json.loads(desk.client.sent[0].body)


@pytest.mark.parametrize(
    ("body", "extended"),
    [
        pytest.param(b"{}", b"{%s}", id="empty-object"),
        pytest.param(b'{"a":1}', b'{"a":1,%s}', id="object"),
        pytest.param(b'{"a":{}}', b'{"a":{},%s}', id="object-in-an-object"),
        pytest.param(b"[1]", b"[1]", id="array"),
        pytest.param(b"a=1&b=2", b"a=1&b=2", id="form"),
    ],
)
def test_extended(body: bytes, extended: bytes) -> None:
    """Members are added to JSON objects only."""
    added = b'"x_sandbox_unknown":{"why":"an armed fault added this","list":[1,null]}'
    made = callback(account()[0], None, unknown_fields=True)
    assert spoiled(Encoded("application/json", body), made) == Encoded(
        "application/json", extended.replace(b"%s", added)
    )


@pytest.mark.parametrize("flag", ["corrupt", "unknown_fields"])
def test_multipart(flag: str) -> None:
    """LINK-CB-20: of a multipart body only the JSON part is spoiled; the file and the boundaries stay."""
    envelope, file = b'{"message":{"data":"eyJ9"}}', b'{"not":"the envelope"}'
    parts = (
        Part("message", "application/json", None, envelope),
        Part("file", "application/octet-stream", "a.bin", file),
    )
    encoded = Encoded("multipart/form-data; boundary=b", b"--b\r\n" + envelope + b"\r\n--b\r\n" + file, parts)
    made = spoiled(encoded, callback(account()[0], None, corrupt=flag == "corrupt", unknown_fields=flag != "corrupt"))
    assert made.parts is not None
    assert made.parts[1] == parts[1]
    assert made.parts[0].content != envelope
    assert made.body == encoded.body.replace(envelope, made.parts[0].content)
