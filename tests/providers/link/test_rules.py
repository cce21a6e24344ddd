"""The table of LINK's rules is whole, in order, and can answer."""

import inspect
import re
from string import Formatter
from typing import Any

import pytest

from sandbox.core.rule import Grade, Rule
from sandbox.providers.link import rules
from sandbox.providers.link.rules import RULES

LINES_OF_DOCUMENT = 2592
FAMILIES = {
    "GEN": [*range(1, 23)],
    "AUTH": [*range(1, 23), *range(30, 37)],
    "MSG": [*range(1, 23)],
    "CARD": [*range(1, 11)],
    "SUG": [*range(1, 15)],
    "FILE": [*range(1, 12)],
    "SET": [*range(1, 13)],
    "FEAT": [*range(1, 6)],
    "CB": [*range(1, 6), *range(10, 16), "16a", "16b", "16c", "16d", "16e", *range(17, 27)],
}


def blanks_of(rule: Rule) -> set[str]:
    """Return the names in braces of the rule's wording."""
    return {name for _, name, _, _ in Formatter().parse(rule.message or "") if name is not None}


def test_every_rule_stands_once_and_in_order() -> None:
    """Families and numbers run in the order of the documentation, without a gap and without a repeat."""
    expected = [f"LINK-{family}-{number:0>2}" for family, numbers in FAMILIES.items() for number in numbers]
    assert [rule.id for rule in RULES] == expected
    assert re.findall(r'Rule\("([^"]+)"', inspect.getsource(rules)) == expected  # a rulebook keeps one row of an id
    assert len(expected) == 151


@pytest.mark.parametrize("rule", tuple(RULES), ids=lambda rule: rule.id)
def test_a_rule_is_well_formed(rule: Rule) -> None:
    """A rule has a proper id, a sentence, and a wording only beside an error."""
    assert re.fullmatch(r"LINK-[A-Z]+-\d+[a-e]?", rule.id)
    assert rule.says.endswith(".")
    assert rule.error is not None or rule.message is None


@pytest.mark.parametrize("rule", tuple(RULES), ids=lambda rule: rule.id)
def test_all_but_a_decision_have_a_source_and_lines_lie_in_the_document(rule: Rule) -> None:
    """Sources are lines and ascending ranges of lines, all of them inside the document."""
    assert bool(rule.source) == (rule.grade is not Grade.DECISION)
    for part in rule.source.split(", ") if rule.grade is Grade.DOCUMENTED else []:
        lines = [int(line) for line in part.split("-")]
        assert len(lines) <= 2
        assert lines == sorted(set(lines))
        assert all(1 <= line <= LINES_OF_DOCUMENT for line in lines)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.error], ids=lambda rule: rule.id)
def test_the_wording_of_a_rule_can_be_filled(rule: Rule) -> None:
    """Named blanks filled, a violation is answered with the rule's error, its id and a text without braces."""
    blanks: dict[str, Any] = dict.fromkeys(blanks_of(rule), "filled")
    error = RULES.broken(rule.id, **blanks)
    assert error.spec is rule.error
    assert error.rule == rule.id
    assert error.message
    assert not set(error.message) & set("{}")
    assert error.message.count("filled") == len(blanks)


def test_blanks_have_few_names() -> None:
    """The same blank has the same name in every rule, so that enforcing code can fill them alike."""
    names = set().union(*(blanks_of(rule) for rule in RULES))
    assert names == {"path", "name", "reason", "type", "values", "limit", "minimum", "maximum", "fields", "what"}


def test_the_source_of_a_rule_is_its_first_line() -> None:
    """The rule of exactly one content points at the sentence that prints it; a decision points nowhere."""
    assert RULES.source_of("LINK-MSG-12") == "000_8fd44aca822109ef.txt:766"
    assert RULES.source_of("LINK-AUTH-01") == "000_8fd44aca822109ef.txt:1159"
    assert RULES.source_of("LINK-GEN-05") is None


def test_a_promise_cannot_be_broken() -> None:
    """Asking for the error of a rule that no request can break is a mistake of the caller."""
    with pytest.raises(LookupError, match="LINK-GEN-01 answers no request"):
        RULES.broken("LINK-GEN-01")
