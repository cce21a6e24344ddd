"""The stream: what has just changed, for those who watch or wait."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import pytest

from sandbox.core.stream import Stream

pytestmark = pytest.mark.anyio

LONG = 30.0  # seconds that no test takes


class Sized(NamedTuple):
    """Something that says how large it is."""

    size: int


@pytest.fixture
async def stream() -> Stream:
    """A stream of at most three changes that somebody watches."""
    made = Stream(limit=3)
    assert made.last == 0
    return made


async def test_nothing_is_kept_unwatched() -> None:
    """Before somebody asks, changes are not kept; from then on they are."""
    stream = Stream()
    stream.put("message", "acc_1", "unseen")
    assert (stream.last, stream.after(0)) == (0, [])
    stream.put("message", "acc_1", "seen")
    assert [change.subject for change in stream.after(0)] == ["seen"]


async def test_asking_for_what_came_is_watching() -> None:
    """Who asks for what came after a number watches, too."""
    stream = Stream()
    assert stream.after(0) == []
    stream.put("clock", None, "seen")
    assert stream.last == 1


async def test_after(stream: Stream) -> None:
    """Changes are numbered from 1, and returned from any number on, oldest first."""
    for subject in "abc":
        stream.put("message", "acc_1", subject)
    assert [(change.number, change.subject) for change in stream.after(1)] == [(2, "b"), (3, "c")]
    assert stream.after(3) == []
    assert (stream.last, stream.after(2)[0].kind, stream.after(2)[0].account) == (3, "message", "acc_1")


async def test_limit(stream: Stream) -> None:
    """The oldest changes go first; their numbers are not used again."""
    for subject in "abcde":
        stream.put("message", None, subject)
    assert [change.number for change in stream.after(0)] == [3, 4, 5]


async def test_room(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest go first, too, when what has changed takes too much room; the latest is always kept."""
    monkeypatch.setattr("sandbox.core.stream.MAX_ROOM", 100)
    for size in (60, 40):
        stream.put("message", None, Sized(size))
    assert [change.number for change in stream.after(0)] == [1, 2]
    stream.put("message", None, Sized(1))
    assert [change.number for change in stream.after(0)] == [2, 3]
    stream.put("message", None, Sized(1000))
    assert [change.number for change in stream.after(0)] == [4]
    stream.put("message", None, "of no size")
    assert [change.number for change in stream.after(0)] == [5]


async def test_listen(stream: Stream) -> None:
    """A burst of changes wakes a listener once; one that has stopped is not woken."""
    calls: list[str] = []
    woken = asyncio.Event()
    stream.listen(woken.set)
    stop = stream.listen(lambda: calls.append("stopped"))
    stream.listen(lambda: calls.append("awake"))
    stop()
    for subject in "abc":
        stream.put("message", None, subject)
    assert calls == []
    await asyncio.wait_for(woken.wait(), LONG)
    await asyncio.sleep(0)
    assert calls == ["awake"]


async def test_wait_until_it_holds(stream: Stream) -> None:
    """A condition is asked again after changes, until it holds."""
    waiting = asyncio.create_task(stream.wait_until(lambda: stream.last >= 2, LONG))
    for _ in range(2):
        await asyncio.sleep(0)
        stream.put("message", None, "x")
    assert await waiting is True


async def test_what_holds_already(stream: Stream) -> None:
    """A condition that holds is not waited for."""
    assert await stream.wait_until(lambda: True, 0) is True


async def test_what_never_holds(stream: Stream) -> None:
    """The wait ends at its deadline, with what is true then, and nobody listens any more."""
    assert await stream.wait_until(lambda: False, 0) is False
    answers = iter([False, False, True])
    assert await stream.wait_until(lambda: next(answers), 0) is True
    assert stream._listeners == set()
