"""The table of v2's rules is whole, in order, and can answer."""

import inspect
import re
from string import Formatter
from typing import Any

import pytest

from sandbox.core.rule import Grade, Rule
from sandbox.providers.webex_connect.v2 import errors, rules
from sandbox.providers.webex_connect.v2.rules import RULES, invalid, missing

LINES_OF_DOCUMENT = 1062
FAMILIES = {
    "AUTH": 9,
    "SVC": 2,
    "JSON": 2,
    "ENV": 12,
    "TO": 8,
    "RATE": 1,
    "TIME": 9,
    "RCPT": 5,
    "SMS": 7,
    "EMAIL": 13,
    "RCS": 19,
    "SUB": 6,
    "LINK": 2,
    "CP": 1,
}


def blanks_of(rule: Rule) -> set[str]:
    """Return the names in braces of the rule's wording."""
    return {name for _, name, _, _ in Formatter().parse(rule.message or "") if name is not None}


def test_every_rule_stands_once_and_in_order() -> None:
    """Families and numbers run in the order of the contract, without a gap and without a repeat."""
    expected = [f"WX2-{family}-{number:02}" for family, last in FAMILIES.items() for number in range(1, last + 1)]
    assert [rule.id for rule in RULES] == expected
    assert re.findall(r'Rule\("([^"]+)"', inspect.getsource(rules)) == expected  # a rulebook keeps one row of an id
    assert len(expected) == 96


@pytest.mark.parametrize("rule", tuple(RULES), ids=lambda rule: rule.id)
def test_a_rule_is_well_formed(rule: Rule) -> None:
    """A rule has a sentence, a wording only beside an error, and a source unless it is a decision."""
    assert rule.says.endswith(".")
    assert rule.error is not None or rule.message is None
    assert bool(rule.source) == (rule.grade is not Grade.DECISION)
    for part in rule.source.split(", ") if rule.grade is Grade.DOCUMENTED else []:
        lines = [int(line) for line in part.split("-")]
        assert len(lines) <= 2
        assert lines == sorted(set(lines))
        assert all(1 <= line <= LINES_OF_DOCUMENT for line in lines)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.error], ids=lambda rule: rule.id)
def test_the_wording_of_a_rule_can_be_filled(rule: Rule) -> None:
    """Blanks filled, a violation is answered with the rule's error, its id and a text without braces."""
    blanks: dict[str, Any] = dict.fromkeys(blanks_of(rule), "filled")
    error = RULES.broken(rule.id, **blanks)
    assert (error.spec, error.rule) == (rule.error, rule.id)
    assert error.message
    assert not set(error.message) & set("{}")
    assert error.message.count("filled") == len(blanks)


def test_blanks_have_few_names() -> None:
    """A blank is the path of a member, or the name of a substitution."""
    assert set().union(*(blanks_of(rule) for rule in RULES)) == {"path", "name"}


def test_the_source_of_a_rule_is_its_first_line() -> None:
    """A documented rule points into the document, another nowhere."""
    assert RULES.source_of("WX2-SMS-03") == "004_41c4b639e6b3e426.txt:530"
    assert RULES.source_of("WX2-TIME-03") is None


def test_missing_and_invalid_word_the_same_rule_both_ways() -> None:
    """The path at fault stands behind the label."""
    for make, spec, message in (
        (missing, errors.MISSING, "Mandatory parameter missing - content.text"),
        (invalid, errors.INVALID, "Invalid parameter - content.text"),
    ):
        error = make("WX2-SMS-02", "content.text", detail="why")
        assert (error.spec, error.message, error.rule, error.detail) == (spec, message, "WX2-SMS-02", "why")


def test_the_errors_have_their_documented_statuses() -> None:
    """400 carries the codes; 401 is for keys and tokens, 429 for the rate, 500 for what a fault asks for."""
    assert {code: error.status for code, error in errors.BY_CODE.items()} == {
        "7000": 400,
        "7001": 401,
        "7002": 401,
        "7003": 400,
        "7004": 400,
        "7006": 500,
        "7007": 400,
        "7009": 400,
        "7020": 429,
        "7041": 400,
        "7108": 400,
    }
    assert len(errors.ERRORS) == len(errors.BY_CODE)
