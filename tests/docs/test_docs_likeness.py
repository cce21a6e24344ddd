"""What stands on a page is like what was printed if it is the same but for what a server makes up, and not otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from likeness import documents, is_in, is_shown


@pytest.mark.parametrize(
    ("shown", "printed", "alike"),
    [
        pytest.param({"a": 1}, {"a": 1, "b": 2}, True, id="members-may-be-left-out"),
        pytest.param({"a": 1}, {"b": [{"c": {"a": 1}}]}, True, id="deep-inside"),
        pytest.param({"a": 1}, {"a": 2}, False, id="another-value"),
        pytest.param({"a": 1}, {"b": 1}, False, id="another-member"),
        pytest.param({"a": {"b": 1}}, {"b": 1}, False, id="further-out"),
        pytest.param([1, 2], [1, 2], True, id="a-list"),
        pytest.param([1, 2], [1, 2, 3], False, id="a-longer-list"),
        pytest.param({"a": None}, {"a": 0}, False, id="null-is-not-zero"),
        pytest.param({"a": "…"}, {"a": 17.5}, True, id="anything"),
        pytest.param({"a": "b…"}, {"a": "bcd"}, True, id="anything-behind"),
        pytest.param({"a": "b…"}, {"a": "cbd"}, False, id="not-before"),
        pytest.param({"a": "msg_d534b093000010"}, {"a": "msg_000000000000ff"}, True, id="an-id-of-its-kind"),
        pytest.param({"a": "msg_d534b093000010"}, {"a": "cbk_000000000000ff"}, False, id="an-id-of-another-kind"),
        pytest.param({"a": "2026-01-02T10:00:00.000Z"}, {"a": "2030-01-02T12:00:00.200Z"}, True, id="a-time"),
        pytest.param(
            {"a": "2030-01-02T10:00:00.000Z"}, {"a": "2030-01-02T12:00:00.200Z"}, False, id="a-time-that-was-set"
        ),
        pytest.param({"a": "2030-01-02T10:00:00.000Z"}, {"a": "noon"}, False, id="no-time"),
    ],
)
def test_json(shown: Any, printed: Any, alike: bool) -> None:
    """Objects may have more members, lists are whole, and what is made up is of one kind."""
    assert is_in(shown, printed) is alike


@pytest.mark.parametrize(
    ("shown", "printed", "alike"),
    [
        pytest.param("two", "one\ntwo\nthree", True, id="a-line"),
        pytest.param("one\nthree", "one\ntwo\nthree", True, id="lines-between"),
        pytest.param("three\none", "one\ntwo\nthree", False, id="another-order"),
        pytest.param("tw", "one\ntwo", False, id="part-of-a-line"),
        pytest.param("t…", "one\ntwo", True, id="the-rest-of-a-line"),
        pytest.param("one\n…\n\ntwo", "one\ntwo", True, id="nothing-left-out"),
        pytest.param("03:23:46.491  READ", "11:00:00.000  READ", True, id="a-time-of-day"),
        pytest.param("a.c", "abc", False, id="a-dot-is-a-dot"),
    ],
)
def test_text(shown: str, printed: str, alike: bool) -> None:
    """Lines come in the order of the page, with others between them or not."""
    assert is_shown(shown, printed) is alike


def test_documents() -> None:
    """JSON is found amid other text, one document behind the other."""
    assert list(documents('200 {"a": [1]}{"b": 2}\n[3] and {no json} {"c": 4}')) == [
        {"a": [1]},
        {"b": 2},
        [3],
        {"c": 4},
    ]
