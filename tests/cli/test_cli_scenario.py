"""Scenarios are checked without a server, listed, and played to their end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from command_line import Run
from live_server import LiveServer
from sandbox.client import Client, Event
from sandbox.shipped import folder

USER = "+491234567890"
GREETING = """\
name: greeting
steps:
  - do: say
    text: Hello
  - do: say
    text: Anybody there?
    after: 50ms
"""
WAITING = """\
name: waiting
steps:
  - do: expect
    within: 10ms
  - do: say
    text: Never
"""


@pytest.fixture
def greeting(tmp_path: Path) -> Path:
    """A scenario that passes."""
    file = tmp_path / "greeting.yaml"
    file.write_text(GREETING, encoding="utf-8")
    return file


@pytest.fixture
def waiting(tmp_path: Path) -> Path:
    """A scenario that fails: nobody answers."""
    file = tmp_path / "waiting.yaml"
    file.write_text(WAITING, encoding="utf-8")
    return file


def test_check(run: Run, greeting: Path) -> None:
    """Valid files are counted."""
    assert run("scenario", "check", str(greeting)).out == "1 scenario is valid\n"


def test_check_folder(run: Run) -> None:
    """A folder is checked as a whole; the shipped scenarios are valid."""
    ran = run("scenario", "check", str(folder("scenarios")))
    assert ran.code == 0
    assert ran.out.endswith(" scenarios are valid\n")


def test_check_complains(run: Run, tmp_path: Path, greeting: Path) -> None:
    """Everything that is wrong is told with file, line, column and path, and the exit code is 1."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("name: wrong\nsteps:\n  - do: sey\n    text: Hello\n  - do: say\n", encoding="utf-8")
    ran = run("scenario", "check", str(greeting), str(wrong), str(tmp_path))
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert lines[0].startswith(f"{wrong}:3:9: steps[0].do: ")
    assert lines[1].startswith(f"{wrong}:5:5: steps[1].text: ")
    assert lines[2:] == lines[:2]


def test_check_nothing(run: Run) -> None:
    """A file that is not there is wrong usage."""
    assert run("scenario", "check", "nope.yaml").code == 2


def test_list(server: LiveServer, run: Run) -> None:
    """The server's scenarios are listed with the first sentence of what they are."""
    ran = run("scenario", "list")
    assert [line.split()[0] for line in ran.out.splitlines()[1:]] == [
        scenario["name"] for scenario in run("scenario", "list", "--json").json
    ]
    assert "confirm-booking" in ran.out


def test_run(server: LiveServer, run: Run, greeting: Path) -> None:
    """A file is uploaded and played to its end; its steps are told."""
    ran = run("scenario", "run", str(greeting), "--user", USER, "--sender", "eap00001")
    assert ran.code == 0
    assert ran.out == "  0  done     say\n  1  done     say\ngreeting passed\n"


def test_run_fails(server: LiveServer, run: Run, greeting: Path, waiting: Path) -> None:
    """One that fails says why, the next ones are played all the same, and the exit code is 1."""
    ran = run("scenario", "run", str(waiting), str(greeting), "--user", USER)
    assert ran.code == 1
    failed, skipped, ended, *_, last = ran.out.splitlines()
    assert failed.startswith("  0  failed   expect  ")
    assert skipped == "  1  skipped  say"
    assert (ended, last) == ("waiting failed", "greeting passed")


def test_run_by_name(server: LiveServer, run: Run, greeting: Path) -> None:
    """A scenario that the server has is played by its name; `--json` prints the runs."""
    run("scenario", "run", str(greeting), "--user", USER)
    runs = run("scenario", "run", "greeting", "--user", USER, "--json").json
    assert [(one["scenario"], one["state"]) for one in runs] == [("greeting", "passed")]


def test_run_of_json(server: LiveServer, run: Run, tmp_path: Path) -> None:
    """A file may be JSON."""
    file = tmp_path / "short.json"
    file.write_text('{"name": "short", "steps": [{"do": "say", "text": "Hi"}]}', encoding="utf-8")
    assert run("scenario", "run", str(file), "--user", USER).code == 0


def test_run_of_wrong_file(server: LiveServer, run: Run, tmp_path: Path) -> None:
    """What the server finds wrong with a file is told with its place."""
    file = tmp_path / "wrong.yaml"
    file.write_text("name: wrong\nsteps:\n  - do: sey\n", encoding="utf-8")
    ran = run("scenario", "run", str(file), "--user", USER)
    assert ran.code == 1
    assert "3:9: steps[0].do: " in ran.err


def test_run_of_unknown_name(server: LiveServer, run: Run) -> None:
    """A scenario that nobody has is told."""
    ran = run("scenario", "run", "nope", "--user", USER)
    assert ran.code == 1
    assert "nope" in ran.err


def test_server_stops_meanwhile(server: LiveServer, run: Run, waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run whose server goes away is no success."""

    @contextmanager
    def events(_: Client, account: str) -> Iterator[Iterator[Event]]:
        yield iter([Event("message", {"account": account}, "1")])

    monkeypatch.setattr(Client, "events", events)
    ran = run("scenario", "run", str(waiting), "--user", USER)
    assert (ran.code, ran.err) == (1, "the server stopped before waiting had ended\n")
