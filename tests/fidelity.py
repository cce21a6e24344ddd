"""The fidelity ledger: every rule of every provider, how it is known, where that is to be read, and which tests prove it.

`python tests/fidelity.py docs/fidelity.md` collects the tests and writes the page, unless a rule lacks something.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from sandbox.core.provider import Provider
from sandbox.core.rule import Grade, Rule
from sandbox.providers import PROVIDERS

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "fidelity.md"
NAMED = 2  # tests that a row names; where there are more, it says how many

MEANINGS = {
    Grade.DOCUMENTED: "The provider's document says so. The source is the document and the lines.",
    Grade.OUTSIDE: "The document is silent, and public material outside of it says so. The source is that material.",
    Grade.DECISION: "Nobody says so. It is what we decided that the sandbox does.",
}

_ID = re.compile(r"(?<![A-Z0-9])[A-Z][A-Z0-9]*-[A-Z]+-\d+[A-Z]?(?![A-Z0-9])")

Proofs = Mapping[str, Sequence[str]]


def proofs(items: Iterable[pytest.Item]) -> Proofs:
    """
    Return by rule, its id in capitals, the tests that prove it.

    A test says what it proves by its name, by the id of a case or, where neither does, in its docstring. The tests of
    the tables go through all rules and prove none.
    """
    by_name: dict[str, set[str]] = {}
    by_docstring: dict[str, set[str]] = {}
    for item in items:
        if not isinstance(item, pytest.Function) or item.path.name.endswith("rules.py"):
            continue
        test = item.nodeid.partition("[")[0].removeprefix("tests/")
        for rule in _ids_in(item.nodeid.partition("::")[2]):
            by_name.setdefault(rule, set()).add(test)
        for rule in _ids_in(item.function.__doc__ or ""):
            by_docstring.setdefault(rule, set()).add(test)
    return {
        rule: (
            *sorted(by_name.get(rule, ()), key=_own_first),
            *sorted(by_docstring.get(rule, set()) - by_name.get(rule, set()), key=_own_first),
        )
        for rule in {*by_name, *by_docstring}
    }


def _own_first(test: str) -> tuple[bool, str]:
    return not test.startswith("providers/"), test


def _ids_in(text: str) -> list[str]:
    return _ID.findall(text.replace("_", "-").upper())


def lacks(providers: Sequence[Provider], proven: Proofs) -> list[str]:
    """Return what rules lack that each must have; a decision has no source but ourselves."""
    return [
        f"{rule.id} has no {what}"
        for provider in providers
        for rule in provider.rules
        for what, is_there in (
            ("wording", bool(rule.says)),
            ("source", bool(rule.source) or rule.grade is Grade.DECISION),
            ("test", rule.id.upper() in proven),
        )
        if not is_there
    ]


def complaints(providers: Sequence[Provider], proven: Proofs, written: str) -> list[str]:
    """Return what is wrong: what rules lack, or else that the page which was written is another one."""
    stale = "docs/fidelity.md is not what rules and tests say; run `make fidelity`"
    return lacks(providers, proven) or ([stale] if page(providers, proven) != written else [])


def page(providers: Sequence[Provider], proven: Proofs) -> str:
    """Return the ledger."""
    return "\n".join((*_summary(providers), *(line for one in providers for line in _rules(one, proven)), ""))


def _summary(providers: Sequence[Provider]) -> Iterator[str]:
    yield "# Fidelity"
    yield ""
    yield "Every rule that the sandbox keeps, by the id that answers give in `X-Sandbox-Rule`, and the tests that prove it;"
    yield "their names are those of pytest, below `tests/`. This page is written by `make fidelity` from the tables that the"
    yield "code enforces and from the tests as they are collected, and `make check` fails when it is not what they say."
    yield ""
    yield f"| | {' | '.join(Grade)} | together |"
    yield f"|---|{'--:|' * (len(Grade) + 1)}"
    totals = dict.fromkeys(Grade, 0)
    for provider in providers:
        counts = {grade: sum(rule.grade is grade for rule in provider.rules) for grade in Grade}
        totals = {grade: totals[grade] + counts[grade] for grade in Grade}
        yield _row(provider.title, *map(str, counts.values()), str(sum(counts.values())))
    yield _row("together", *map(str, totals.values()), str(sum(totals.values())))
    yield ""
    for grade, meaning in MEANINGS.items():
        yield f"- *{grade}*: {meaning}"


def _rules(provider: Provider, proven: Proofs) -> Iterator[str]:
    yield ""
    yield f"## {provider.title}"
    yield ""
    yield "| rule | says | known | source | proven by |"
    yield "|---|---|---|---|---|"
    for rule in provider.rules:
        yield _row(rule.id, _plain(rule.says), rule.grade, _source(provider, rule), _tests(proven[rule.id.upper()]))


def _source(provider: Provider, rule: Rule) -> str:
    lines = rule.source.replace(", ", " ")
    return f"{provider.rules.document_of(rule.id)}:{lines}" if rule.grade is Grade.DOCUMENTED else _plain(rule.source)


def _tests(tests: Sequence[str]) -> str:
    named = []
    file = ""
    for test in tests[:NAMED]:
        named.append(f"`{test.removeprefix(file)}`")  # the file is that of the one before, unless it says otherwise
        file = test.partition("::")[0]
    more = f" and {len(tests) - len(named)} more" if len(tests) > len(named) else ""
    return ", ".join(named) + more


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Return a text that Markdown takes for nothing but text."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", text)


class Collected:
    """Has pytest collect tests without running one, and keeps them."""

    def __init__(self, *arguments: str) -> None:
        self.items: list[pytest.Item] = []
        told = StringIO()
        # The package is here before pytest, which would like to rewrite the plugin in it and says so.
        quiet = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
        options = ("--collect-only", "-qq", *quiet, "-p", "no:cacheprovider", f"--rootdir={ROOT}")
        with redirect_stdout(told):
            code = pytest.main([*options, *arguments], plugins=[self])
        if code:
            raise SystemExit(told.getvalue())

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep what was collected."""
        self.items = session.items


def main(path: str, *arguments: str) -> None:
    """Write the page, or say what rules lack; further arguments are pytest's, in the place of all tests."""
    proven = proofs(Collected(*(arguments or (str(ROOT / "tests"),))).items)
    if lacking := lacks(PROVIDERS, proven):
        raise SystemExit("\n".join(lacking))
    Path(path).write_text(page(PROVIDERS, proven), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
