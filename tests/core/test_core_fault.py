"""Faults: which fires, how often, how likely, and what can be armed at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from pydantic import ValidationError

from sandbox.core.fault import Fault, Faults, FaultSpec

NOON = datetime(2030, 1, 2, 12, 0, 0, tzinfo=UTC)
ANNA = "+491700000001"


def armed(*specs: dict[str, Any]) -> Faults:
    """Return faults called f1, f2, … in that order."""
    faults = Faults(count(10).__next__, lambda _: None)
    for number, spec in enumerate(specs, start=1):
        made = FaultSpec.model_validate({"on": "request", "effect": {"type": "hang"}, **spec})
        faults.arm(Fault(f"f{number}", made, made.times))
    return faults


def draw(
    faults: Faults, name: str = "send", user: str | None = ANNA, *, on: Any = "request", after: float = 0, seed: int = 0
) -> str | None:
    """Return the id of the fault that fires, so many seconds after noon."""
    fault = faults.draw(on, name, () if user is None else (user,), NOON + timedelta(seconds=after), Random(seed))
    return None if fault is None else fault.id


@pytest.mark.parametrize(
    ("match", "name", "user", "fires"),
    [
        pytest.param({}, "send", ANNA, True, id="no-match-fits-all"),
        pytest.param({}, "send", None, True, id="no-match-fits-nobody-too"),
        pytest.param({"operation": "send"}, "send", ANNA, True, id="operation"),
        pytest.param({"operation": "se*"}, "send", ANNA, True, id="operation-glob"),
        pytest.param({"operation": "list"}, "send", ANNA, False, id="another-operation"),
        pytest.param({"user": ANNA}, "send", ANNA, True, id="user"),
        pytest.param({"user": "+4917*"}, "send", ANNA, True, id="user-glob"),
        pytest.param({"user": "+47*"}, "send", ANNA, False, id="another-user"),
        pytest.param({"user": ANNA}, "send", None, False, id="nobody"),
        pytest.param({"operation": "send", "user": "+47*"}, "send", ANNA, False, id="all-must-hold"),
    ],
)
def test_match(match: dict[str, str], name: str, user: str | None, fires: bool) -> None:
    """A fault fires for what it matches, by globs."""
    assert (draw(armed({"match": match}), name, user) is not None) == fires


def test_callbacks_match_by_kind() -> None:
    """A fault on callbacks looks at their kind and never fires for a request."""
    faults = armed({"on": "callback", "effect": {"type": "drop"}, "match": {"kind": "event.*"}})
    assert draw(faults, "event.READ") is None
    assert draw(faults, "message.TEXT", on="callback") is None
    assert draw(faults, "event.READ", on="callback") == "f1"


def test_first_that_fits() -> None:
    """Of several the one armed first fires, and only that is counted."""
    faults = armed({"match": {"operation": "list"}}, {}, {})
    assert draw(faults) == "f2"
    assert [fault.fired for fault in faults] == [0, 1, 0]


@pytest.mark.parametrize("times", [1, 3])
def test_times(times: int) -> None:
    """A fault fires as often as it was armed for, then it is gone and the next one's turn comes."""
    faults = armed({"times": times}, {})
    assert [draw(faults) for _ in range(times + 1)] == ["f1"] * times + ["f2"]
    assert [fault.id for fault in faults] == ["f2"]


def test_without_times() -> None:
    """A fault without a number fires until it is disarmed."""
    faults = armed({})
    assert [draw(faults) for _ in range(100)] == ["f1"] * 100
    fault = faults.disarm("f1")
    assert fault is not None
    assert (fault.fired, fault.left, bool(faults.armed), draw(faults)) == (100, None, False, None)
    assert faults.disarm("f1") is None


def test_seq() -> None:
    """A fault gets its place in the order of all things when it is armed."""
    assert [fault.seq for fault in armed({}, {})] == [10, 11]


def test_clear() -> None:
    """All faults can be taken away at once."""
    faults = armed({}, {})
    assert bool(faults.armed)
    faults.clear()
    assert (list(faults), bool(faults.armed)) == ([], False)


@pytest.mark.parametrize(
    ("probability", "fired"),
    [pytest.param(0, 0, id="never"), pytest.param(1, 1000, id="always"), pytest.param(0.25, 250, id="at-times")],
)
def test_probability(probability: float, fired: int) -> None:
    """A fault fires about as often as it is likely to."""
    faults, chance = armed({"probability": probability}), Random(1)
    drawn = sum(faults.draw("request", "send", (), NOON, chance) is not None for _ in range(1000))
    assert abs(drawn - fired) < 50 * (0 < probability < 1) + 1


def test_probability_is_seeded() -> None:
    """The same chance gives the same firings; a misfire does not use one up, and a certain fault draws nothing."""

    def firings(seed: int) -> list[bool]:
        faults, chance = armed({"probability": 0.5, "times": 3}), Random(seed)
        return [faults.draw("request", "send", (), NOON, chance) is not None for _ in range(30)]

    assert firings(1) == firings(1) != firings(2)
    assert sum(firings(1)) == 3
    chance = Random(1)
    armed({}).draw("request", "send", (), NOON, chance)
    assert chance.random() == Random(1).random()


def test_rate_limit() -> None:
    """More than so many in any second are refused; a second after the first there is room again, not an instant before."""
    faults = armed({"effect": {"type": "rate_limit", "per_second": 2}})
    assert [draw(faults, after=after) for after in (0, 0.5, 0.9)] == [None, None, "f1"]
    assert draw(faults, after=1 - 0.000_001) == "f1"
    assert draw(faults, after=1) is None
    assert draw(faults, after=1.2) == "f1"
    assert [draw(faults, after=after) for after in (1.5, 1.999_999, 2)] == [None, "f1", None]
    assert [fault.fired for fault in faults] == [4]


def test_rate_limit_within_limits_lets_others_fire() -> None:
    """A rate limit that has room is no firing: the next fault has its turn."""
    faults = armed({"effect": {"type": "rate_limit", "per_second": 1}}, {"effect": {"type": "reset"}})
    assert [draw(faults), draw(faults)] == ["f2", "f1"]


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        pytest.param({"effect": {"type": "drop"}}, "drop is no effect on a request", id="callback-effect"),
        pytest.param({"on": "callback"}, "hang is no effect on a callback", id="request-effect"),
        pytest.param({"match": {"kind": "x"}}, "requests match by operation", id="kind-of-a-request"),
        pytest.param(
            {"on": "callback", "effect": {"type": "drop"}, "match": {"operation": "x"}},
            "callbacks match by kind",
            id="operation-of-a-callback",
        ),
        pytest.param({"probability": 1.01}, "less than or equal to 1", id="more-than-certain"),
        pytest.param({"probability": -0.01}, "greater than or equal to 0", id="less-than-never"),
        pytest.param({"times": 0}, "greater than or equal to 1", id="no-times"),
        pytest.param({"effect": {"type": "explode"}}, "does not match any of the expected tags", id="unknown-effect"),
        pytest.param({"effect": {"type": "latency", "seconds": 0}}, "greater than 0", id="no-latency"),
        pytest.param({"effect": {"type": "latency", "seconds": 600.1}}, "less than or equal to 600", id="latency"),
        pytest.param({"effect": {"type": "status", "status": 199}}, "greater than or equal to 200", id="low-status"),
        pytest.param({"effect": {"type": "status", "status": 600}}, "less than or equal to 599", id="high-status"),
        pytest.param({"effect": {"type": "rate_limit", "per_second": 0}}, "greater than or equal to 1", id="no-rate"),
        pytest.param(
            {"on": "callback", "effect": {"type": "reorder", "window": 1}}, "greater than or equal to 2", id="window"
        ),
        pytest.param({"more": 1}, "Extra inputs", id="unknown-member"),
    ],
)
def test_refused(spec: dict[str, Any], complaint: str) -> None:
    """What makes no sense cannot be armed."""
    with pytest.raises(ValidationError, match=complaint):
        armed(spec)


@pytest.mark.parametrize(
    ("users", "fires"),
    [
        pytest.param((ANNA,), True, id="the-one"),
        pytest.param(("+1", ANNA), True, id="one-of-several"),
        pytest.param(("+1", "+2"), False, id="none-of-several"),
        pytest.param((), False, id="nobody"),
    ],
)
def test_several_people(users: tuple[str, ...], *, fires: bool) -> None:
    """A request may be for several people: a fault strikes if one of them is meant."""
    fault = armed({"match": {"user": ANNA}}).draw("request", "send", users, NOON, Random(0))
    assert (fault is not None) is fires


def test_anybody() -> None:
    """A star is anybody, and nobody as well."""
    assert armed({"match": {"user": "*"}}).draw("request", "send", (), NOON, Random(0)) is not None
