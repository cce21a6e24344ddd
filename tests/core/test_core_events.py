"""Tweaks: what a script overrides, adds and leaves out in one callback."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from sandbox.core.events import Tweak

ENVELOPE: dict[str, Any] = {"message": {"data": {"text": "Hi", "place": {"x": 1}}, "id": "7"}, "to": "you"}


@pytest.mark.parametrize(
    ("tweak", "expected"),
    [
        pytest.param({}, ENVELOPE, id="nothing"),
        pytest.param(
            {"set": {"text": "Ho"}},
            {"message": {"data": {"text": "Ho", "place": {"x": 1}}, "id": "7"}, "to": "you"},
            id="set-in-the-payload",
        ),
        pytest.param(
            {"set": {"message.id": 8, "to": None}},
            {"message": {"data": {"text": "Hi", "place": {"x": 1}}, "id": 8}, "to": None},
            id="set-in-the-envelope",
        ),
        pytest.param(
            {"set": {"place.y": 2, "deep.er.still": True}},
            {
                "message": {
                    "data": {"text": "Hi", "place": {"x": 1, "y": 2}, "deep": {"er": {"still": True}}},
                    "id": "7",
                },
                "to": "you",
            },
            id="set-adds-objects-on-the-way",
        ),
        pytest.param(
            {"set": {"text.length": 2}},
            {"message": {"data": {"text": {"length": 2}, "place": {"x": 1}}, "id": "7"}, "to": "you"},
            id="set-through-a-string-replaces-it",
        ),
        pytest.param(
            {"drop": ("text", "place.x")},
            {"message": {"data": {"place": {}}, "id": "7"}, "to": "you"},
            id="drop",
        ),
        pytest.param({"drop": ("message.data", "to")}, {"message": {"id": "7"}}, id="drop-in-the-envelope"),
        pytest.param({"drop": ("nothing", "text.deep", "no.such.thing")}, ENVELOPE, id="drop-what-is-not-there"),
        pytest.param(
            {"set": {"text": "Ho"}, "drop": ("text",)},
            {"message": {"data": {"place": {"x": 1}}, "id": "7"}, "to": "you"},
            id="drop-comes-last",
        ),
    ],
)
def test_apply(tweak: dict[str, Any], expected: dict[str, Any]) -> None:
    """A path that does not begin with a member of the envelope is meant for the payload in it."""
    document = copy.deepcopy(ENVELOPE)
    Tweak(**tweak).apply(document, inner=("message", "data"))
    assert document == expected
    assert list(document["message"]) == list(expected["message"])


def test_apply_to_a_flat_document() -> None:
    """Where the payload is the whole document, every path is meant for it."""
    document: dict[str, Any] = {"text": "Hi"}
    Tweak(set={"more.here": 1}, drop=("text",)).apply(document)
    assert document == {"more": {"here": 1}}


def test_apply_where_the_payload_is_missing() -> None:
    """If the payload was dropped before, setting brings it back and dropping finds nothing."""
    document: dict[str, Any] = {"message": "odd"}
    Tweak(drop=("text",)).apply(document, inner=("message", "data"))
    assert document == {"message": "odd"}
    Tweak(set={"text": 1}).apply(document, inner=("message", "data"))
    assert document == {"message": {"data": {"text": 1}}}
