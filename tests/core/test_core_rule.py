"""Rulebooks: rules by their ids, and one book of several."""

from __future__ import annotations

import pytest

from sandbox.core.errors import ErrorSpec
from sandbox.core.rule import Grade, Rule, Rulebook

BAD = ErrorSpec(400, "bad", "Bad", "")
FIRST = Rulebook(
    "first.txt", [Rule("A-01", Grade.DOCUMENTED, "12-14, 20", "One.", BAD), Rule("A-02", Grade.DECISION, "", "Two.")]
)
SECOND = Rulebook("second.txt", [Rule("B-01", Grade.DOCUMENTED, "7", "Three.", BAD)])


def test_joined() -> None:
    """A book of several has the rules of all, in order, and each still points into its own document."""
    whole = Rulebook.joined(FIRST, SECOND)
    assert [rule.id for rule in whole] == ["A-01", "A-02", "B-01"]
    assert [whole.source_of(rule) for rule in ("A-01", "A-02", "B-01", "C-01")] == [
        "first.txt:12",
        None,
        "second.txt:7",
        None,
    ]
    assert whole.broken("B-01").rule == "B-01"
    assert Rulebook.joined(whole).source_of("B-01") == "second.txt:7"


def test_the_same_rule_twice() -> None:
    """An id stands once, in one book or in several."""
    with pytest.raises(ValueError, match="A-01 stands twice"):
        Rulebook.joined(FIRST, SECOND, FIRST)
