"""The catalogue of each provider and the counts of what was met."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

import sandbox.providers
from sandbox.core.catalogue import Catalogue
from sandbox.core.coverage import Coverage, Entry, Report
from sandbox.core.errors import ApiError, ErrorSpec
from sandbox.core.provider import Provider
from sandbox.providers import PROVIDERS

BAD = ErrorSpec(400, "bad", "Bad", "")

providers = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)


@providers
def test_catalogue(provider: Provider) -> None:
    """The catalogue has what the provider enforces: each rule that a request can break, and no promise."""
    catalogue = Catalogue.of(provider)
    assert catalogue.operations == tuple(operation.id for operation in provider.operations)
    assert catalogue.callbacks == provider.callback_kinds
    outcomes = dict(catalogue.outcomes)
    assert {name for name in outcomes if name not in catalogue.operations} == {
        rule.id for rule in provider.rules if rule.error is not None
    }
    assert all(outcomes[rule.id] == rule.error.status for rule in provider.rules if rule.error is not None)
    assert {rule.error for rule in provider.rules if rule.error is not None} <= set(provider.errors)


@providers
def test_no_entry_stands_twice(provider: Provider) -> None:
    """An id names one thing in its section."""
    catalogue = Catalogue.of(provider)
    outcomes, errors = [[entry.id for entry in entries] for entries in (catalogue.outcomes, catalogue.errors)]
    for entries in (catalogue.operations, outcomes, errors, catalogue.callbacks):
        assert [entry for entry, number in Counter(entries).items() if number > 1] == []


def test_every_outcome_can_be_met() -> None:
    """A rule that a request can break is named by code outside its table; one that is not would never be met."""
    named = set()
    for file in Path(sandbox.providers.__file__).parent.rglob("*.py"):
        if file.name != "rules.py":
            constants = (node for node in ast.walk(ast.parse(file.read_bytes())) if isinstance(node, ast.Constant))
            named |= {node.value for node in constants if isinstance(node.value, str)}
    broken = [rule.id for provider in PROVIDERS for rule in provider.rules if rule.error is not None]
    assert [rule for rule in broken if rule not in named] == []


def test_report() -> None:
    """Entries have their counts; a kind that is not listed is of the one before its dot; what is not listed at all is not told."""
    met = Coverage(["note", "action"])
    met.operations["pay"] += 2
    met.outcomes["pay"] += 1
    met.refused(ApiError(BAD, rule="SHOP-1"))
    met.refused(ApiError(BAD))
    met.refused(ApiError(ErrorSpec(500, "bad", "Bad", ""), rule="SHOP-9"))
    for kind in ("note", "action.PAID", "action.SENT"):
        met.called(kind)
    met.taken("action.PAID")
    catalogue = Catalogue(
        operations=("pay", "ask"),
        outcomes=Catalogue.of(PROVIDERS[0]).outcomes[:0],
        errors=(),
        callbacks=("note", "action"),
    )
    report = Report.of(catalogue, met)
    assert report.operations == (Entry("pay", 2), Entry("ask", 0))
    assert report.callbacks == (Entry("note", 1, acknowledged=0), Entry("action", 2, acknowledged=1))
    assert report.percent == 75.0
    assert dict(met.errors) == {"400 bad": 2, "500 bad": 1}
    assert dict(met.outcomes) == {"pay": 1, "SHOP-1": 1, "SHOP-9": 1}


def test_report_of_nothing() -> None:
    """Of a catalogue without entries everything was met."""
    assert Report.of(Catalogue((), (), (), ()), Coverage(())).percent == 100.0


def test_add_and_clear() -> None:
    """Counts of several add up, and can begin again."""
    one, two = Coverage(["note"]), Coverage(["note"])
    for met in (one, two, two):
        met.operations["pay"] += 1
        met.refused(ApiError(BAD, rule="SHOP-1"))
        met.called("note")
        met.taken("note")
    one.add(two)
    counts = ({"pay": 3}, {"SHOP-1": 3}, {"400 bad": 3}, {"note": 3}, {"note": 3})
    assert (one.operations, one.outcomes, one.errors, one.callbacks, one.acknowledged) == counts
    one.clear()
    assert (one.operations, one.outcomes, one.errors, one.callbacks, one.acknowledged) == ({}, {}, {}, {}, {})
    assert two.operations == {"pay": 2}
