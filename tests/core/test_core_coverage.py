"""The catalogue of each provider, and what a report makes of it."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from typing import cast

import pytest

import sandbox.providers
from sandbox.core.callback import State
from sandbox.core.catalogue import Answered, Catalogue
from sandbox.core.coverage import Entry, Report
from sandbox.core.errors import ApiError, ErrorSpec
from sandbox.core.provider import Provider
from sandbox.core.tally import Tally
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
    """Each entry has how often it was met; what is not in the catalogue is not told."""
    tally = Tally(frozenset(("note", "action")))
    for answered in (
        ("pay", 200, False, False, True),
        ("pay", 200, False, True, True),  # late, or a limit that it does not reach
        ("pay", None, False, True, True),  # the answer was lost
        ("pay", 200, False, True, False),  # a fault made it up
        ("pay", 400, True, False, False),
        (None, 404, False, False, False),
    ):
        tally.requests[answered] += 1
    for error in (
        ApiError(BAD, rule="SHOP-1"),
        ApiError(BAD),
        ApiError(ErrorSpec(500, "bad", "Bad", ""), rule="SHOP-1"),
        ApiError(ErrorSpec(404, "nowhere", "", "")),
    ):
        tally.error(error)
    for kind, *states in (
        ("note", "recorded"),
        ("note", "failed"),  # it was dropped
        ("action.PAID", "sending", "delivered"),
        ("action.SENT", "sending"),
    ):
        for state in states:
            tally.callback(kind, cast("State", state))
    catalogue = Catalogue(
        operations=("pay", "ask"),
        outcomes=(Answered("pay", 200), Answered("ask", 200), Answered("SHOP-1", 400), Answered("SHOP-2", 400)),
        errors=(Answered("400 bad", 400), Answered("500 bad", 500), Answered("503 bad", 503)),
        callbacks=("note", "action"),
    )
    report = Report.of(catalogue, tally)
    assert report.operations == (Entry("pay", 5), Entry("ask", 0))
    assert report.outcomes == (
        Entry("pay", 2, 200),
        Entry("ask", 0, 200),
        Entry("SHOP-1", 2, 400),
        Entry("SHOP-2", 0, 400),
    )
    assert report.errors == (Entry("400 bad", 2, 400), Entry("500 bad", 1, 500), Entry("503 bad", 0, 503))
    assert report.callbacks == (Entry("note", 1, acknowledged=0), Entry("action", 2, acknowledged=1))
    assert report.percent == 100 * 7 / 11
    assert set(tally.callbacks) == {
        ("note", "recorded"),
        ("note", "failed"),
        ("action", "sending"),
        ("action", "delivered"),
    }


def test_report_of_nothing() -> None:
    """Of a catalogue without entries everything was met."""
    assert Report.of(Catalogue((), (), (), ()), Tally()).percent == 100.0
