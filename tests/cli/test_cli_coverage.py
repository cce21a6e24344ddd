"""The command that tells what of the documented APIs has been met."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from command_line import Run
from live_server import LiveServer
from sandbox.cli.coverage import shortfall

USER = "+491234567890"


@pytest.fixture
def said(server: LiveServer, run: Run) -> None:
    """A sandbox in which one person has said one thing."""
    assert run("say", "Hello", "--user", USER, "--account", "acc_rbm").code == 0


@pytest.mark.usefixtures("said")
def test_table(run: Run) -> None:
    """A row for each provider says how much of each section was met; `--account` leaves the others out."""
    headings, *rows = run("coverage").out.splitlines()
    assert headings.split() == ["provider", "operations", "outcomes", "errors", "callbacks", "covered"]
    assert [row.split()[0] for row in rows] == ["link", "webex-connect", "mehery", "rbm"]
    assert rows[-1].split("  ")[0] == "rbm"
    assert " ".join(rows[-1].split()) == "rbm 0 of 0 0 of 0 0 of 0 1 of 4 25.0 %"
    assert run("coverage", "--account", "acc_rbm_second").out.splitlines()[1].endswith("0 of 4     0.0 %")
    assert len(run("coverage", "--account", "acc_rbm").out.splitlines()) == 2


@pytest.mark.usefixtures("said")
def test_forms(run: Run) -> None:
    """The other forms are those of the control API."""
    told = run("coverage", "--account", "acc_rbm", "--json")
    assert (told.json["account"], told.json["providers"]["rbm"]["percent"]) == ("acc_rbm", 25.0)
    assert run("coverage", "--account", "acc_rbm", "--format", "json").out == told.out
    assert run("coverage", "--format", "markdown").out.startswith("# Contract coverage\n")
    assert run("coverage", "--format", "html").out.startswith("<!doctype html>\n")
    assert ET.fromstring(run("coverage", "--account", "acc_rbm", "--format", "junit").out).get("skipped") == "3"


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(["--fail-under", "25"], 0, "", id="as-much-as-wanted"),
        pytest.param(["--fail-under", "26"], 1, "coverage is below 26 %: 25.00 % of rbm\n", id="less-than-wanted"),
        pytest.param(["--fail-under", "0", "--account", "acc_link"], 0, "", id="nothing-is-enough"),
        pytest.param(
            ["--fail-under", "1", "--account", "acc_link"],
            1,
            "coverage is below 1 %: nothing has been met\n",
            id="nothing-was-met",
        ),
        pytest.param(
            ["--account", "acc_nope"],
            1,
            "there is no account 'acc_nope', or no more; there are: acc_link, acc_webex_connect, acc_mehery, acc_rbm, acc_rbm_second, acc_rbm_old\n",
            id="unknown-account",
        ),
    ],
)
def test_fail_under(run: Run, arguments: list[str], code: int, says: str) -> None:
    """The report comes in any case; too little is one line and the exit code 1."""
    ran = run("coverage", *arguments)
    assert (ran.code, ran.err) == (code, says)
    assert bool(ran.out) == ("acc_nope" not in arguments)


@pytest.mark.parametrize(
    ("option", "value"), [("--fail-under", "101"), ("--fail-under", "-1"), ("--fail-under", "1.5"), ("--format", "pdf")]
)
def test_wrong_usage(run: Run, option: str, value: str) -> None:
    """A value that means nothing is refused in one line."""
    ran = run("coverage", option, value)
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1
    assert option in ran.err


@pytest.mark.parametrize(
    ("percents", "least", "says"),
    [
        pytest.param({"a": 50.0, "c": 0.0}, 50, None, id="enough"),
        pytest.param({"a": 49.99, "b": 50.0, "c": 0.0}, 50, "49.99 % of a", id="hardly-not"),
        pytest.param({"a": 49.0, "b": 49.99}, 50, "49.00 % of a and 49.99 % of b", id="two"),
        pytest.param({"a": 0.0}, 1, "nothing has been met", id="nothing"),
        pytest.param({"a": 0.0}, 0, None, id="nothing-is-enough"),
    ],
)
def test_shortfall(percents: dict[str, float], least: int, says: str | None) -> None:
    """Each provider of which anything was met must come up to the mark; the others do not count."""
    report: dict[str, Any] = {"providers": {name: {"percent": percent} for name, percent in percents.items()}}
    expected = None if says is None else f"coverage is below {least} %: {says}"
    assert shortfall(report, least) == expected
