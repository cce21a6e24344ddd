"""The fidelity ledger is whole and current, and says so when it is not."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

import fidelity
from sandbox.core.errors import ErrorSpec
from sandbox.core.provider import Provider
from sandbox.core.rule import Grade, Rule, Rulebook
from sandbox.providers import PROVIDERS

GOOD = Rule("SHOP-PAY-1a", Grade.DOCUMENTED, "12-14, 20", "A price has a|b.", ErrorSpec(400, "bad", "Bad", ""))
PROVEN = {"SHOP-PAY-1A": ("providers/shop/test_a.py::test_one",)}


def shop(*rules: Rule) -> list[Provider]:
    """Return a list of one provider, which has these rules."""
    return [cast("Provider", SimpleNamespace(title="Shop", rules=Rulebook("shop.txt", rules)))]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Write the ledger as `make fidelity` does."""
    command = [sys.executable, "tests/fidelity.py", *arguments]
    return subprocess.run(command, cwd=fidelity.ROOT, capture_output=True, text=True, check=False)


def test_whole_and_current(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Every rule has what it needs, and the page is what rules and tests say."""
    written = fidelity.PAGE.read_text(encoding="utf-8")
    wrong = fidelity.complaints(PROVIDERS, fidelity.proofs(request.session.items), written)
    if wrong:  # perhaps only because this run has but some of the tests: ask all
        whole = run(str(tmp_path / "page.md"))
        assert whole.returncode == 0, whole.stderr
        now = (tmp_path / "page.md").read_text(encoding="utf-8")
        wrong = list(
            unified_diff(written.splitlines(), now.splitlines(), "docs/fidelity.md", "make fidelity", n=0, lineterm="")
        )
    assert not wrong, "\n".join(wrong)


def test_what_make_says(tmp_path: Path) -> None:
    """Where a rule lacks its test, nothing is written, and each such rule is named."""
    page = tmp_path / "page.md"
    done = run(str(page), "tests/core/test_core_rule.py")
    assert (done.returncode, page.exists(), done.stdout) == (1, False, "")
    assert done.stderr.splitlines() == [f"{rule.id} has no test" for provider in PROVIDERS for rule in provider.rules]


@pytest.mark.parametrize(
    ("rule", "lacks"),
    [
        pytest.param(GOOD, [], id="nothing"),
        pytest.param(replace(GOOD, source=""), ["source"], id="documented-without-lines"),
        pytest.param(replace(GOOD, grade=Grade.OUTSIDE, source=""), ["source"], id="outside-without-material"),
        pytest.param(replace(GOOD, grade=Grade.DECISION, source=""), [], id="a-decision-has-no-source"),
        pytest.param(replace(GOOD, grade=Grade.DECISION, source="", says=""), ["wording"], id="a-decision-of-nothing"),
        pytest.param(replace(GOOD, id="SHOP-PAY-1"), ["test"], id="a-test-of-a-longer-id"),
    ],
)
def test_what_a_rule_lacks(rule: Rule, lacks: list[str]) -> None:
    """A rule without source, wording or test is told, and then whether the page is current is not asked."""
    told = [f"{rule.id} has no {what}" for what in lacks]
    providers = shop(rule)
    assert fidelity.lacks(providers, PROVEN) == told
    assert fidelity.complaints(providers, PROVEN, "" if told else fidelity.page(providers, PROVEN)) == told


@pytest.mark.parametrize(
    ("rules", "proven"),
    [
        pytest.param([replace(GOOD, says="A price is paid.")], PROVEN, id="another-wording"),
        pytest.param([replace(GOOD, source="13")], PROVEN, id="another-source"),
        pytest.param([replace(GOOD, grade=Grade.OUTSIDE)], PROVEN, id="another-grade"),
        pytest.param([GOOD, replace(GOOD, id="SHOP-PAY-2")], {**PROVEN, "SHOP-PAY-2": ("t",)}, id="another-rule"),
        pytest.param([], PROVEN, id="no-rule"),
        pytest.param([GOOD], {"SHOP-PAY-1A": ("providers/shop/test_a.py::test_two",)}, id="another-test"),
    ],
)
def test_stale(rules: list[Rule], proven: fidelity.Proofs) -> None:
    """A page that was written before rules or tests changed is told, with what to do."""
    written = fidelity.page(shop(GOOD), PROVEN)
    assert fidelity.complaints(shop(GOOD), PROVEN, written) == []
    (told,) = fidelity.complaints(shop(*rules), proven, written)
    assert "make fidelity" in told


def test_page() -> None:
    """A row has the rule, its lines, and two tests at most, the second by its name alone if the file is the same."""
    tests = ("providers/shop/test_a.py::test_one", "providers/shop/test_a.py::test_two", "test_b.py::test_three")
    rules = GOOD, Rule("SHOP-PAY-2", Grade.OUTSIDE, "the shop's blog", "A price is paid.")
    page = fidelity.page(shop(*rules), {"SHOP-PAY-1A": tests, "SHOP-PAY-2": tests[1:]})
    assert "| Shop | 1 | 1 | 0 | 2 |\n| together | 1 | 1 | 0 | 2 |" in page
    one, two = (line.strip("| ").split(" | ") for line in page.splitlines()[-2:])
    assert one[:4] == ["SHOP-PAY-1a", "A price has a\\|b.", "documented", "shop.txt:12-14 20"]
    assert one[4:] == ["`providers/shop/test_a.py::test_one`, `::test_two` and 1 more"]
    assert two[2:4] == ["outside", "the shop's blog"]
    assert two[4:] == ["`providers/shop/test_a.py::test_two`, `test_b.py::test_three`"]


def test_proofs(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A test proves what its name, the id of a case or its docstring names; a test of a table proves nothing."""

    def test(name: str, file: str = "test_shop.py", says: str = "It is paid.") -> pytest.Item:
        def function() -> None: ...

        function.__doc__ = says
        module = pytest.Module.from_parent(request.session, path=tmp_path / file)
        found: pytest.Item = pytest.Function.from_parent(module, name=name, callobj=function)
        return found

    found = fidelity.proofs(
        [
            test("test_told", says="SHOP-PAY-2: it is paid (see SHOP-PAY-1a and SHOP-PAY-30, not SHOP-PAY-5x2)."),
            test("test_case[in-time]"),
            test("test_case[POST-SHOP-PAY-1a-too-late]"),
            test("test_shop_pay_1a"),
            test("test_table[SHOP-PAY-7]", "test_shop_rules.py"),
        ]
    )
    assert {rule: [test.rpartition("::")[2] for test in tests] for rule, tests in found.items()} == {
        "SHOP-PAY-1A": ["test_case", "test_shop_pay_1a", "test_told"],
        "SHOP-PAY-2": ["test_told"],
        "SHOP-PAY-30": ["test_told"],
    }
