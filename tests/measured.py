"""
Plugin for pytest, `-p tests.measured`: which lines and branches of `sandbox` the tests reach, in all workers together.

SlipCover measures by marks in the code that it takes out once they were met. A tracer (coverage.py, before Python 3.14)
is called for every line of pytest and of the libraries too, which are nine tenths of what a run executes: it doubles
the time of the tests.
"""

from __future__ import annotations

import gc
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
import slipcover

SOURCE = "sandbox"
# Beside what the tool leaves out by itself: `# pragma: no cover` and `if TYPE_CHECKING:`.
EXCLUDED = [r"assert_never\(", r"raise NotImplementedError", r"^\s*\.\.\.$"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the bar."""
    parser.addoption("--least", type=float, default=0, metavar="PERCENT", help="fail if less of sandbox was reached")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Begin, before anything imports the package; a process that only hands the tests to workers runs none of it."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    found = slipcover.Slipcover(branch=True, source=None if is_worker else [SOURCE], exclude_also=EXCLUDED)
    if is_worker or not early_config.known_args_namespace.numprocesses:
        gc.disable()  # a syntax tree for each module, and nothing of them can go before all tests are collected
        slipcover.ImportManager(found, slipcover.FileMatcher(sources=[SOURCE])).__enter__()
    early_config.pluginmanager.register(Measured(found), "measured")


class Measured:
    """What was reached."""

    def __init__(self, found: slipcover.Slipcover) -> None:
        self._found = found
        self._of_workers: list[Any] = []
        self._total: Any = None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self) -> None:
        """From here on there is garbage again."""
        gc.enable()

    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker found; one that crashed has nothing to tell."""
        if hasattr(node, "workeroutput"):
            self._of_workers.append(json.loads(node.workeroutput["measured"]))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over what was found; or add it all up, and fail if it is too little."""
        for of_worker in self._of_workers:
            for file in of_worker["files"]:
                self._found.code_lines[str(Path(file).resolve())] = set()  # known: need not be read once more
        self._total = self._found.get_coverage()
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["measured"] = json.dumps(self._total)
            return
        for of_worker in self._of_workers:
            slipcover.merge_coverage(self._total, of_worker)
        if self._reached < session.config.getoption("--least"):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @property
    def _reached(self) -> float:
        return float(self._total["summary"]["percent_covered"])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        """Show what was not reached."""
        table = io.StringIO()
        slipcover.print_coverage(self._total, outfile=table, missing_width=80, skip_covered=True)
        terminalreporter.write(table.getvalue())
        least = config.getoption("--least")
        if self._reached < least:
            terminalreporter.write_line(
                f"{self._reached:.2f} % of {SOURCE} was reached, {least:g} % is the least", red=True
            )
