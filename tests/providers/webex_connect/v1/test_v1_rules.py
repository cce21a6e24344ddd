"""The table of v1's rules is whole, in order, and can answer."""

import inspect
import re
from string import Formatter
from typing import Any

import pytest

from sandbox.core.errors import ErrorSpec
from sandbox.core.rule import Grade, Rule
from sandbox.providers.webex_connect.v1 import errors, rules
from sandbox.providers.webex_connect.v1.rules import RULES, invalid, missing, refused

LINES_OF_DOCUMENT = 2006
FAMILIES = {
    "AUTH": [*range(1, 12)],
    "SVC": [*range(1, 3)],
    "JSON": [*range(1, 4)],
    "ENV": [*range(1, 14)],
    "DEST": [*range(1, 8)],
    "RATE": [*range(1, 3)],
    "TPL": [*range(1, 6)],
    "SMS": [*range(1, 9)],
    "VOICE": [*range(1, 5)],
    "PUSH": [*range(1, 16), *range(20, 34)],
    "FB": [*range(1, 27)],
    "WA": [*range(1, 9)],
    "ABC": [*range(1, 3)],
    "APP": [*range(1, 8)],
    "LINK": [*range(1, 5)],
    "CP": [*range(1, 6)],
    "CB": [*range(1, 9)],
}


def blanks_of(rule: Rule) -> set[str]:
    """Return the names in braces of the rule's wording."""
    return {name for _, name, _, _ in Formatter().parse(rule.message or "") if name is not None}


def test_every_rule_stands_once_and_in_order() -> None:
    """Families and numbers run in the order of the contract, without a repeat."""
    expected = [f"WX1-{family}-{number:0>2}" for family, numbers in FAMILIES.items() for number in numbers]
    assert [rule.id for rule in RULES] == expected
    assert re.findall(r'Rule\("([^"]+)"', inspect.getsource(rules)) == expected  # a rulebook keeps one row of an id
    assert len(expected) == 144


@pytest.mark.parametrize("rule", tuple(RULES), ids=lambda rule: rule.id)
def test_a_rule_is_well_formed(rule: Rule) -> None:
    """A rule is a sentence, and its wording, if it has any, is its error's label and a detail."""
    assert rule.says.endswith(".")
    assert rule.message is None or (rule.error is not None and rule.message.startswith(f"{rule.error.message}: "))


@pytest.mark.parametrize("rule", tuple(RULES), ids=lambda rule: rule.id)
def test_all_but_a_decision_have_a_source_and_lines_lie_in_the_document(rule: Rule) -> None:
    """Sources are lines and ascending ranges of lines, all of them inside the document."""
    assert bool(rule.source) == (rule.grade is not Grade.DECISION)
    source = rule.source if rule.grade is Grade.DOCUMENTED else ""
    parts = [[int(line) for line in part.split("-")] for part in source.split(", ") if part]
    assert parts == sorted(parts)
    for lines in parts:
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
    assert not set(error.message) & set("{}")
    assert error.message.count("filled") == len(blanks)


def test_the_other_error_of_a_rule() -> None:
    """What is missing is 7003, what is wrong 7004, and each names the rule and says what is meant."""
    for error, code, label in (
        (missing("WX1-FB-12", "elements[0].title"), "7003", "Mandatory parameters missing"),
        (invalid("WX1-FB-12", "elements[0].title"), "7004", "Invalid parameters"),
        (
            refused(errors.DUPLICATE_IDENTIFIERS, "WX1-FB-12", "elements[0].title"),
            "7704",
            "Duplicate identifiers not allowed",
        ),
    ):
        assert (error.spec.code, error.rule, error.message) == (code, "WX1-FB-12", f"{label}: elements[0].title")


def test_an_unknown_rule_cannot_be_broken() -> None:
    """Naming a rule that does not stand in the table is a mistake of the caller."""
    with pytest.raises(KeyError):
        missing("WX1-FB-99", "anything")


def test_a_promise_cannot_be_broken() -> None:
    """Asking for the error of a rule that no request can break is a mistake of the caller."""
    with pytest.raises(LookupError, match="WX1-DEST-07 answers no request"):
        RULES.broken("WX1-DEST-07")


@pytest.mark.parametrize("error", errors.ERRORS, ids=lambda error: error.code)
def test_an_error_is_found_by_its_code(error: ErrorSpec) -> None:
    """Codes are strings of four digits, each of one label, and HTTP tells nothing of them."""
    assert re.fullmatch("[0-9]{4}", error.code)
    assert errors.BY_CODE[error.code] is error
    assert error.status == 200


@pytest.mark.parametrize(
    ("code", "label", "line"),
    [
        ("1001", "Queued", 1994),
        ("7000", "Invalid JSON", 1995),
        ("7001", "Authentication failed", 1996),
        ("7002", "Service key missing", 1997),
        ("7003", "Mandatory parameters missing", 1998),
        ("7004", "Invalid parameters", 1999),
        ("7006", "Internal error occurred", 2000),
        ("7007", "Service inactive", 2001),
        ("7009", "Max number of destinations", 2002),
        ("7722", "Parameter value is invalid", 2003),
    ],
)
def test_the_documented_labels(code: str, label: str, line: int) -> None:
    """The response codes of the document have its messages, and say where they are printed."""
    error = errors.QUEUED if code == "1001" else errors.BY_CODE[code]
    assert (error.code, error.message, error.source) == (code, label, f"001_dd3e958a9a894ff5.txt:{line}")


def test_the_source_of_a_rule_is_its_first_line() -> None:
    """A documented rule points at its line; one from outside and a decision point nowhere."""
    assert RULES.source_of("WX1-ENV-08") == "001_dd3e958a9a894ff5.txt:92"
    assert RULES.source_of("WX1-SMS-02") == "001_dd3e958a9a894ff5.txt:202"
    assert RULES.source_of("WX1-ENV-09") is None
    assert RULES.source_of("WX1-DEST-07") is None
