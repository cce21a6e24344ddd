"""The table of RBM's rules is whole, in order, and points into its document."""

import inspect
import re
from pathlib import Path

import pytest

from sandbox.core.rule import Grade, Rule
from sandbox.providers import rbm
from sandbox.providers.rbm import rules
from sandbox.providers.rbm.rules import RULES

LINES_OF_DOCUMENT = 99
FAMILIES = {"CFG": 3, "IN": 5, "CB": 10, "SES": 3}
FOLDER = Path(rbm.__file__).parent


def test_every_rule_stands_once_and_in_order() -> None:
    """Families and numbers run in the order of the contract, without a gap and without a repeat."""
    expected = [f"RBM-{family}-{number:02}" for family, last in FAMILIES.items() for number in range(1, last + 1)]
    assert [rule.id for rule in RULES] == expected
    assert re.findall(r'Rule\("([^"]+)"', inspect.getsource(rules)) == expected  # a rulebook keeps one row of an id
    assert len(expected) == 21


@pytest.mark.parametrize("rule", tuple(RULES), ids=lambda rule: rule.id)
def test_a_rule_is_well_formed(rule: Rule) -> None:
    """A rule has a sentence, no error since nobody asks RBM anything, and a source unless it is a decision."""
    assert rule.says.endswith(".")
    assert (rule.error, rule.message) == (None, None)
    assert bool(rule.source) == (rule.grade is not Grade.DECISION)
    for part in rule.source.split(", ") if rule.grade is Grade.DOCUMENTED else []:
        lines = [int(line) for line in part.split("-")]
        assert len(lines) <= 2
        assert lines == sorted(set(lines))
        assert all(1 <= line <= LINES_OF_DOCUMENT for line in lines)


@pytest.mark.parametrize("rule", tuple(RULES), ids=lambda rule: rule.id)
def test_a_rule_is_kept_where_its_id_stands(rule: Rule) -> None:
    """The code that keeps a rule names it, and so does a test."""
    code = [file for file in FOLDER.glob("*.py") if file.name != "rules.py"]
    assert any(rule.id in file.read_text(encoding="utf-8") for file in code)
    tests = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    assert re.search(rf'id=(lambda \w+: )?f?"{rule.id}-', tests.replace("ids=", "id="))


def test_the_source_of_a_rule_is_its_first_line() -> None:
    """A documented rule points into the document, another nowhere."""
    assert RULES.source_of("RBM-CB-02") == "002_d75509f13cd52d15.txt:22"
    assert RULES.source_of("RBM-CB-05") is None


def test_nobody_asks_rbm_anything() -> None:
    """The document describes no operation: nothing is served, no error has a code, and no receipt is sent."""
    provider = rbm.PROVIDER
    assert (provider.operations, provider.prefixes, provider.receipts) == ((), (), ())
    with pytest.raises(ValueError, match="answers no requests"):
        provider.of_code("400")
    with pytest.raises(ValueError, match="RBM has no receipts"):
        provider.receipt_event("READ")
