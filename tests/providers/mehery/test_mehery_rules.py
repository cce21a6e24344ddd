"""The table of MeherY's rules is whole, in order, and can answer."""

import inspect
import re
from pathlib import Path

import pytest

from sandbox.core.rule import Grade, Rule
from sandbox.providers.mehery import errors, rules
from sandbox.providers.mehery.rules import RULES

LINES_OF_DOCUMENT = 9207
FAMILIES: list[tuple[str, list[int]]] = [
    ("GEN", [*range(1, 16)]),
    ("AUTH", [*range(1, 10)]),
    ("CHAN", [1, 2]),
    ("VARS", [1, 2]),
    ("TMPL", [1]),
    ("HOOK", [*range(1, 8)]),
    ("PREF", [*range(1, 5)]),
    ("DATA", [*range(1, 4)]),
    ("SEND", [*range(1, 16), *range(20, 26), 30]),
    ("OPT", [*range(1, 4)]),
    ("SEND", [*range(40, 48)]),
    ("WIN", [*range(1, 5)]),
    ("SESS", [*range(1, 14)]),
    ("STAT", [*range(1, 8)]),
    ("CB", [*range(1, 10)]),
    ("INFO", [*range(1, 5)]),
    ("RECV", [1, 2]),
]


def test_every_rule_stands_once_and_in_order() -> None:
    """Families and numbers run in the order of the contract, without a repeat."""
    expected = [f"MEH-{family}-{number:0>2}" for family, numbers in FAMILIES for number in numbers]
    assert [rule.id for rule in RULES] == expected
    assert re.findall(r'Rule\("([^"]+)"', inspect.getsource(rules)) == expected  # a rulebook keeps one row of an id
    assert len(expected) == 115


@pytest.mark.parametrize("rule", tuple(RULES), ids=lambda rule: rule.id)
def test_a_rule_is_well_formed(rule: Rule) -> None:
    """A rule is a sentence; all but a decision have a source, lines inside the document if it is documented."""
    assert rule.says.endswith(".")
    assert rule.error is None or rule.error in errors.ERRORS
    assert bool(rule.source) == (rule.grade is not Grade.DECISION)
    for lines in rule.source.split(", ") if rule.grade is Grade.DOCUMENTED else ():
        first, _, last = lines.partition("-")
        assert 0 < int(first) <= int(last or first) <= LINES_OF_DOCUMENT


def test_the_code_names_every_rule() -> None:
    """Each rule is named where it is kept, besides in the table."""
    places = Path(rules.__file__).parent.glob("*.py")
    text = "".join(place.read_text(encoding="utf-8") for place in places if place.name != "rules.py")
    named = set(re.findall(r"MEH-[A-Z]+-\d\d", text))
    for first, last in re.findall(r"(MEH-[A-Z]+-\d\d) to -(\d\d)", text):
        family, number = first.rsplit("-", 1)
        named |= {f"{family}-{each:0>2}" for each in range(int(number), int(last) + 1)}
    named |= {f"{family}-{number}" for family, number in re.findall(r"(MEH-[A-Z]+)-\d\d, -(\d\d)", text)}
    assert {rule.id for rule in RULES} - named == set()
    assert named - {rule.id for rule in RULES} == set()
