"""Durations are numbers of seconds, or a number and a unit."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from sandbox.engine.duration import LONGEST, NUMBERS_ONLY, Seconds, seconds_of

ADAPTER: TypeAdapter[float] = TypeAdapter(Seconds)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("200ms", 0.2),
        ("1.5s", 1.5),
        ("0s", 0.0),
        ("2m", 120.0),
        ("24h", 86_400.0),
        ("7d", 604_800.0),
        ("0.5ms", 0.0005),
    ],
)
def test_units(text: str, expected: float) -> None:
    """A duration is a number and one of ms, s, m, h and d."""
    assert seconds_of(text) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    "text", ["", "5", "s", "-1s", "+1s", "1 s", "1S", "1w", "1.s", ".5s", "1e3s", "1s ", "1h30m", "1,5s", "١s"]
)
def test_no_durations(text: str) -> None:
    """What is not exactly a number and a unit is no duration, and the complaint shows how one is written."""
    with pytest.raises(ValueError, match=r"write 200ms, 1\.5s, 2m, 24h, 7d"):
        seconds_of(text)


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        pytest.param(0, True, id="nothing"),
        pytest.param(-0.001, False, id="less-than-nothing"),
        pytest.param(LONGEST, True, id="thirty-days"),
        pytest.param("30d", True, id="thirty-days-in-words"),
        pytest.param(LONGEST + 0.001, False, id="more-than-thirty-days"),
        pytest.param("31d", False, id="more-than-thirty-days-in-words"),
        pytest.param(float("nan"), False, id="nan"),
        pytest.param(float("inf"), False, id="infinity"),
        pytest.param(True, False, id="a-boolean"),
        pytest.param(None, False, id="null"),
        pytest.param([1], False, id="a-list"),
    ],
)
def test_limits(value: Any, holds: bool) -> None:
    """A duration lies between nothing and thirty days."""
    if holds:
        assert ADAPTER.validate_python(value, strict=True) >= 0
    else:
        with pytest.raises(ValidationError):
            ADAPTER.validate_python(value, strict=True)


def test_control_api_takes_numbers_only() -> None:
    """Where durations are numbers by contract, a text is refused."""
    assert ADAPTER.validate_python(1.5, context=NUMBERS_ONLY) == 1.5
    with pytest.raises(ValidationError):
        ADAPTER.validate_python("1s", context=NUMBERS_ONLY)
