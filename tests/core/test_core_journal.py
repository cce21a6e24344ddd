"""The journal: bounded by count and by bytes, oldest out first, and what was dropped is counted."""

from __future__ import annotations

from itertools import count
from typing import Any, NamedTuple

import pytest

from sandbox.core import journal
from sandbox.core.journal import Feed, Journal
from sandbox.core.stream import Kind, Stream


class Entry(NamedTuple):
    """A record."""

    id: str
    seq: int


class Listener(Stream):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.attended = True
        self.told: list[tuple[Kind, str | None, str]] = []

    def put(self, kind: Kind, account: str | None, subject: Any) -> None:
        """Hear of a record."""
        self.told.append((kind, account, subject.id))


def feed(limit: int = 3, sizes: tuple[int, ...] = (), stream: Stream | None = None) -> Feed[Entry]:
    """Return a feed with a record of each size: their ids are r1, r2, their places 10, 20 and so on."""
    made: Feed[Entry] = Feed("message", "acc_1", limit, stream or Stream())
    for number, size in enumerate(sizes, start=1):
        made.add(Entry(f"r{number}", number * 10), size)
    return made


def ids(records: Feed[Entry] | list[Entry]) -> list[str]:
    """Return the records' ids."""
    return [record.id for record in records]


@pytest.mark.parametrize(
    ("added", "kept", "dropped"),
    [
        pytest.param(2, ["r1", "r2"], 0, id="room-left"),
        pytest.param(3, ["r1", "r2", "r3"], 0, id="limit"),
        pytest.param(4, ["r2", "r3", "r4"], 1, id="one-beyond"),
        pytest.param(9, ["r7", "r8", "r9"], 6, id="many-beyond"),
    ],
)
def test_bound_by_count(added: int, kept: list[str], dropped: int) -> None:
    """Beyond its limit the oldest go first, and are counted."""
    records = feed(3, (0,) * added)
    assert (ids(records), len(records), records.dropped) == (kept, len(kept), dropped)


@pytest.mark.parametrize(
    ("sizes", "kept"),
    [
        pytest.param((39, 59), ["r1", "r2"], id="just-fits"),
        pytest.param((39, 60), ["r2"], id="a-kibibyte-too-many"),
        pytest.param((9, 9, 89), ["r2", "r3"], id="only-as-many-as-needed"),
        pytest.param((10, 500), ["r2"], id="the-newest-stays-however-large"),
        pytest.param((10, 500, 10), ["r3"], id="and-goes-with-the-next"),
    ],
)
def test_bound_by_bytes(monkeypatch: pytest.MonkeyPatch, sizes: tuple[int, ...], kept: list[str]) -> None:
    """Beyond their room the oldest go first, too; each takes a kibibyte more than its whole ones."""
    monkeypatch.setattr(journal, "MAX_ROOM", 100)
    records = feed(1000, tuple(size * 1024 for size in sizes))
    assert (ids(records), records.dropped) == (kept, len(sizes) - len(kept))


def test_get() -> None:
    """A record is found by its id, until it was dropped."""
    records = feed(2, (0, 0, 0))
    assert records.get("r1") is None
    assert records.get("r3") == Entry("r3", 30)


def test_order() -> None:
    """Records come in order, and backwards."""
    records = feed(3, (0, 0, 0))
    assert ids(records) == ["r1", "r2", "r3"]
    assert [record.id for record in reversed(records)] == ["r3", "r2", "r1"]


@pytest.mark.parametrize(
    ("mark", "newer"),
    [
        pytest.param(0, ["r1", "r2", "r3"], id="all"),
        pytest.param(10, ["r2", "r3"], id="behind-a-record"),
        pytest.param(15, ["r2", "r3"], id="behind-a-gap"),
        pytest.param(29, ["r3"], id="just-before-the-last"),
        pytest.param(30, [], id="behind-the-last"),
    ],
)
def test_after(mark: int, newer: list[str]) -> None:
    """What came after a mark is returned, oldest first."""
    assert ids(feed(3, (0, 0, 0)).after(mark)) == newer


def test_telling() -> None:
    """Those who wait are told of what is added and of what has changed."""
    listener = Listener()
    records = feed(3, (0,), listener)
    records.changed(Entry("r1", 10))
    assert listener.told == [("message", "acc_1", "r1")] * 2


def test_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cleared feed has forgotten all, the bytes and the dropped ones too."""
    monkeypatch.setattr(journal, "MAX_ROOM", 100)
    records = feed(2, (100, 100, 100))
    records.clear()
    assert (len(records), records.dropped, ids(records.after(0))) == (0, 0, [])
    records.add(Entry("r9", 90), 60)
    records.add(Entry("r10", 100), 40)
    assert ids(records) == ["r9", "r10"]


def test_journal() -> None:
    """A journal's four feeds share the sequence, each with the limit; clearing it clears them all."""
    sequence = count(7)
    made = Journal("acc_1", 1, sequence, Stream())
    assert (made.next_seq(), made.next_seq()) == (7, 8)
    made.runs.add(Entry("run_1", 1))
    made.runs.add(Entry("run_2", 2))
    assert ([run.id for run in made.runs], made.runs.dropped) == (["run_2"], 1)
    made.clear()
    assert [len(one) for one in (made.requests, made.messages, made.callbacks, made.runs)] == [0, 0, 0, 0]
