"""What the workers reached is added up, and too little fails the run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from measured import Measured

FILE = "sandbox/__init__.py"


def reached(*lines: int) -> dict[str, Any]:
    """Return what a process tells that reached these of three lines, and the branches between them."""
    branches = [[1, 2], [1, 3]]
    seen = [branch for branch in branches if branch[1] in lines]
    return {
        "meta": {"software": "slipcover", "branch_coverage": True},
        "files": {
            FILE: {
                "executed_lines": sorted(lines),
                "missing_lines": [line for line in (1, 2, 3) if line not in lines],
                "executed_branches": seen,
                "missing_branches": [branch for branch in branches if branch not in seen],
            }
        },
        "summary": {"percent_covered": 0.0},
    }


@pytest.mark.parametrize(
    ("second", "status", "says"),
    [
        pytest.param((1, 3), pytest.ExitCode.OK, [], id="all-by-both-together"),
        pytest.param(
            (1, 2),
            pytest.ExitCode.TESTS_FAILED,
            ["60.00 % of sandbox was reached, 95 % is the least"],
            id="a-line-and-its-branch-by-nobody",
        ),
    ],
)
def test_least(second: tuple[int, ...], status: pytest.ExitCode, says: list[str]) -> None:
    """What one of two workers reached is reached, a third crashed and tells nothing, and too little fails the run."""
    controller = Measured(SimpleNamespace(code_lines={}, get_coverage=reached))
    for lines in ((1, 2), second):
        worker = SimpleNamespace(workeroutput={})
        found = SimpleNamespace(get_coverage=lambda lines=lines: reached(*lines))
        Measured(found).pytest_sessionfinish(SimpleNamespace(config=worker))  # type: ignore[arg-type]
        controller.pytest_testnodedown(worker)
    controller.pytest_testnodedown(SimpleNamespace())
    session: Any = SimpleNamespace(config=SimpleNamespace(getoption=lambda _: 95.0), exitstatus=pytest.ExitCode.OK)
    controller.pytest_sessionfinish(session)
    assert session.exitstatus is status
    told: list[str] = []
    reporter: Any = SimpleNamespace(write=lambda _: None, write_line=lambda line, **_: told.append(line))
    controller.pytest_terminal_summary(reporter, session.config)
    assert told == says
