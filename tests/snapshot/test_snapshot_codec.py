"""Codecs, one by one: what is written can be read again and is the same."""

from __future__ import annotations

import json
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from math import inf
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import pytest
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from sandbox.core.kept import Table
from sandbox.snapshot.codec import Reader, Writer, WrongError
from sandbox.snapshot.codecs import Codecs


class Pair(NamedTuple):
    """A row."""

    left: int
    right: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A value."""

    pair: Pair
    at: datetime | None = None
    words: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class Node:
    """A thing: it has an identity."""

    name: str
    next: Node | None = None
    recent: deque[int] = field(default_factory=lambda: deque(maxlen=2))


class Limits(BaseModel):
    """A model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    most: int = Field(default=3, ge=1)


@dataclass(slots=True, eq=False)
class Doubler:
    """A thing that holds functions."""

    numbers: tuple[int, ...]
    double: Callable[[int], int] = lambda number: number
    once: Callable[[], int] | None = None
    needed: Callable[[], int] = field(kw_only=True)


def written(codecs: Codecs, annotation: Any, value: Any) -> Any:
    """Return what becomes of a value that was written, and read again from a file."""
    document = json.loads(to_json(codecs.of(annotation).write(value, Writer({}))))
    return codecs.of(annotation).read(document, Reader(None, {}))


NOON = datetime(2030, 1, 2, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        pytest.param(str, "ä\n\U0001f600", id="text"),
        pytest.param(float, -0.1, id="fraction"),
        pytest.param(bytes, b"short", id="bytes-that-are-text"),
        pytest.param(bytes, b"\xff\x00", id="bytes-that-are-none"),
        pytest.param(list[bytes], [b"#" * 100, b"\xfe" * 100, b"#" * 100], id="bytes-that-occur-twice"),
        pytest.param(datetime, NOON, id="time"),
        pytest.param(datetime, NOON.astimezone(timezone(timedelta(hours=5.5))), id="time-elsewhere"),
        pytest.param(timedelta, timedelta(days=3, microseconds=1), id="length-of-time"),
        pytest.param(Literal["a", 1], 1, id="word"),
        pytest.param(tuple[int, str], (1, "x"), id="tuple"),
        pytest.param(tuple[int, ...], (), id="empty-tuple"),
        pytest.param(frozenset[str], frozenset(("b", "a")), id="set"),
        pytest.param(dict[Pair, list[Pair]], {Pair(1): [Pair(2, "x")]}, id="dict-with-other-keys"),
        pytest.param(OrderedDict[str, None], OrderedDict(b=None, a=None), id="ordered"),
        pytest.param(Mapping[str, int], {"$": 1, "#": 2}, id="keys-that-look-like-marks"),
        pytest.param(Fact, Fact(Pair(1), NOON, frozenset("x")), id="value"),
        pytest.param(Limits, Limits(most=5), id="model"),
        pytest.param(Limits | str | None, "x", id="union-text"),
        pytest.param(Limits | str | None, Limits(), id="union-model"),
        pytest.param(Any, {"a": (1, [inf, -inf, None, True]), "$": {"b": 1.5}}, id="json-with-marks"),
        pytest.param(Any, {1: "a", None: {}}, id="json-with-other-keys"),
        pytest.param(Sequence[Mapping[str, Any]], ({"a": 1},), id="sequence"),
        pytest.param(str | Mapping[str, Any], {"a": {"$": 1}}, id="text-or-json"),
    ],
)
def test_is_the_same(annotation: Any, value: Any) -> None:
    """What is read is equal to what was written, and of the same type."""
    read = written(Codecs((), {}, ()), annotation, value)
    assert (read, type(read)) == (value, type(value))


def test_mapping_that_cannot_be_changed() -> None:
    """A view of a mapping is written as what it shows."""
    assert written(Codecs((), {}, ()), Any, MappingProxyType({"a": 1})) == {"a": 1}


def test_identity() -> None:
    """A thing that occurs twice, or in itself, is the same thing again; a bounded queue stays bounded."""
    one = Node("one", recent=deque([1, 2], maxlen=2))
    one.next = Node("two", one)
    first, second, same = written(Codecs((), {}, ()), list[Node], [one, one.next, one])
    assert (first is same, first.next is second, second.next is first) == (True, True, True)
    assert (first.name, second.name) == ("one", "two")
    first.recent.append(3)
    assert list(first.recent) == [2, 3]


def test_functions() -> None:
    """A function becomes what it returns for all it may be asked about; another has done what it was for."""
    codecs = Codecs((), {}, (Table(Doubler, ("double",), lambda doubler: doubler.numbers),))
    doubler = Doubler((1, 2), lambda number: 2 * number, lambda: 1, needed=lambda: 1)
    read = written(codecs, Doubler, doubler)
    assert [read.double(number) for number in (1, 2)] == [2, 4]
    assert read.once is None
    with pytest.raises(LookupError):
        read.needed()
    document = codecs.of(Doubler).write(doubler, Writer({}))
    with pytest.raises(WrongError, match="must be 2"):
        codecs.of(Doubler).read({**document, "double": [2]}, Reader(None, {}))
    plain = written(codecs, Doubler, Doubler((1,), needed=lambda: 1))
    assert plain.double(1) == 1


@pytest.mark.parametrize(
    ("annotation", "given"),
    [
        pytest.param(str, 1, id="text"),
        pytest.param(int, 1.0, id="whole-number"),
        pytest.param(int, True, id="truth"),
        pytest.param(float, 1e300, id="beyond-all-reason"),
        pytest.param(bytes, {"base64": "a"}, id="base64"),
        pytest.param(bytes, 3, id="bytes-that-are-not-there"),
        pytest.param(bytes, {"#": 1, "of": {"#": 2, "of": "x"}}, id="bytes-in-bytes"),
        pytest.param(timedelta, -1, id="negative-time"),
        pytest.param(Literal["a", 1], True, id="word"),
        pytest.param(tuple[int, str], [1], id="tuple-too-short"),
        pytest.param(tuple[int, str], ["1", "x"], id="tuple-of-others"),
        pytest.param(list[int], {}, id="array"),
        pytest.param(Mapping[str, int], [], id="object"),
        pytest.param(Mapping[str, int], {"a": "1"}, id="object-of-others"),
        pytest.param(Fact, [], id="record"),
        pytest.param(Node, 1, id="thing-that-is-not-there"),
        pytest.param(Node, [], id="thing"),
        pytest.param(Node, {"#": True, "name": "x"}, id="number-is-truth"),
        pytest.param(list[Node], [{"#": 1, "name": "x"}, {"#": 1, "name": "y"}], id="number-twice"),
        pytest.param(Pair, [1, 2], id="row"),
        pytest.param(Limits, {"most": 0}, id="model"),
        pytest.param(Limits | str | None, 1, id="union"),
        pytest.param(Limits | str | None, {"$": "Other", "of": {}}, id="other-type"),
        pytest.param(Limits | str | None, {"$": "Limits", "of": {"x": 1}}, id="bad-member"),
        pytest.param(Any, {"$": "x"}, id="unknown-mark"),
        pytest.param(Any, {"$": "json", "of": "{"}, id="no-json-in-text"),
        pytest.param(Any, {"$": "dict", "of": [[[], 1]]}, id="key-that-is-none"),
        pytest.param(Any, {"a": inf}, id="infinite"),
    ],
)
def test_refused(annotation: Any, given: Any) -> None:
    """What does not fit is refused, and makes nothing."""
    with pytest.raises(WrongError):
        Codecs((), {}, ()).of(annotation).read(given, Reader(None, {}))


@pytest.mark.parametrize("annotation", [complex, type, Literal, Node | complex], ids=str)
def test_no_type_of_ours(annotation: Any) -> None:
    """What nobody said may be written, cannot be: that comes out with the first snapshot, not with a wrong one."""
    with pytest.raises(TypeError):
        Codecs((), {}, ()).of(annotation)


def test_unknown_type() -> None:
    """Neither can a value that is of none of the types that may stand there."""
    with pytest.raises(TypeError, match="is no JSON"):
        Codecs((), {}, ()).of(Any).write(object(), Writer({}))
    with pytest.raises(TypeError, match="is none of Pair, Fact"):
        Codecs((), {}, ()).one_of((Pair, Fact)).write(Limits(), Writer({}))
