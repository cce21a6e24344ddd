"""Scenarios are checked without a server, listed, and played to their end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as ET

import httpx
import pytest

from command_line import Run
from live_server import LiveServer
from sandbox.cli.playing import Stage
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


def test_check_names(run: Run, tmp_path: Path) -> None:
    """Names that no provider has are complained of, in a file and in a folder, and so are they at a start."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("name: wrong\nmatch: {provider: linc}\nsteps: []\n")
    says = f"{wrong}:2:19: match.provider: no provider is called 'linc'; the nearest is link\n"
    assert run("scenario", "check", str(wrong)).out == says
    assert run("scenario", "check", str(tmp_path)).out == says
    assert run("serve", "--port", "0", "--scenarios", str(tmp_path)).err == says


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
    failed, expected, skipped, ended, *_, last = ran.out.splitlines()
    assert failed == "  0  failed   expect  no message came within 0.01 s"
    assert expected == "     expected  any message"
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


def test_run_of_wrong_file(server: LiveServer, run: Run, tmp_path: Path, greeting: Path) -> None:
    """What is wrong with a file is told as a compiler tells it, and the others are played all the same."""
    file = tmp_path / "wrong.yaml"
    file.write_text("name: wrong\nsteps:\n  - do: sey\n  - do: say\n", encoding="utf-8")
    ran = run("scenario", "run", str(file), str(greeting))
    assert ran.code == 1
    first, second = ran.err.splitlines()
    assert first.startswith(f"{file}:3:9: steps[0].do: ")
    assert second.startswith(f"{file}:4:5: steps[1].text: ")
    assert ran.out.endswith("greeting passed\n")


def test_run_of_what_cannot_be_read(
    server: LiveServer, run: Run, greeting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be read is told as one that is wrong."""

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    ran = run("scenario", "run", str(greeting), "--json")
    assert (ran.code, ran.json, ran.err) == (1, [], f"{greeting}:1:1: cannot be read: Permission denied\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["nope"], "nope is neither a file nor a scenario of the server", id="unknown-name"),
        pytest.param(["nope.yaml"], "there is no file nope.yaml", id="no-file"),
        pytest.param(["."], ". holds no scenario", id="empty-folder"),
        pytest.param(["greeting", "--junit", "no/such/folder.xml"], "No such file or directory", id="no-report"),
        pytest.param(["greeting", "--patience", "61"], "61.0 is not in the range", id="too-patient"),
    ],
)
def test_wrong_usage(
    server: LiveServer, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    """Whatever is asked for in vain is told before anything is played."""
    monkeypatch.chdir(tmp_path)
    ran = run("scenario", "run", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says.lower() in ran.err.lower()


def test_run_of_folder(server: LiveServer, run: Run, greeting: Path, waiting: Path) -> None:
    """Every scenario of a folder is played, in the order of names; schema and hidden files are none."""
    for name in ("schema.json", ".hidden.yaml", "notes.txt"):
        (greeting.parent / name).write_text("{}", encoding="utf-8")
    runs = run("scenario", "run", str(greeting.parent), "--json").json
    assert [(one["scenario"], one["state"]) for one in runs] == [("greeting", "passed"), ("waiting", "failed")]


def test_run_with_nobody(server: LiveServer, run: Run, greeting: Path) -> None:
    """A run that cannot be started is told with what is wrong."""
    ran = run("scenario", "run", str(greeting), "--user", "nobody")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"{greeting}: user: ")


def test_junit(server: LiveServer, run: Run, tmp_path: Path, greeting: Path, waiting: Path) -> None:
    """A report has a case for each scenario: why it failed, why it could not be played, and every step."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("name: wrong\n", encoding="utf-8")
    report = tmp_path / "report.xml"
    assert run("scenario", "run", *map(str, (greeting, waiting, wrong)), "--junit", str(report)).code == 1
    (suite,) = ET.parse(report).getroot()
    counts = {name: suite.attrib[name] for name in ("name", "tests", "failures", "errors")}
    assert counts == {"name": "scenarios", "tests": "3", "failures": "1", "errors": "1"}
    assert [(case.get("name"), case.get("classname")) for case in suite] == [
        (file.stem, str(file)) for file in (greeting, waiting, wrong)
    ]
    assert suite[0].findtext("system-out") == "  0  done     say\n  1  done     say"
    why = "step 0, expect: no message came within 0.01 s"
    (failure,) = suite[1].findall("failure")
    assert (failure.get("message"), failure.text) == (why, f"{why}\nexpected  any message")
    assert suite[2].findtext("error") == f"{wrong}:1:1: steps: is required"


def test_cancelled(server: LiveServer, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that somebody cancelled has not passed, and the report says so."""
    (tmp_path / "long.yaml").write_text("name: long\nsteps: [{do: pause, seconds: 1h}]", encoding="utf-8")
    start = Stage._start

    def cancelled(stage: Stage, name: str) -> Mapping[str, Any]:
        begun = start(stage, name)
        httpx.delete(f"{server.url}/_sandbox/runs/{begun['id']}").raise_for_status()
        return begun

    monkeypatch.setattr(Stage, "_start", cancelled)
    report = tmp_path / "report.xml"
    ran = run("scenario", "run", str(tmp_path / "long.yaml"), "--junit", str(report))
    assert (ran.code, ran.out) == (1, "  0  skipped  pause\nlong cancelled\n")
    assert ET.parse(report).getroot()[0][0].findtext("failure") == "the run was cancelled"


@pytest.fixture
def standing(server: LiveServer) -> Iterator[Client]:
    """Time stands still for all accounts."""
    with Client(server.url) as client:
        client.freeze("2030-01-02T12:00:00Z")
        yield client


def test_still_clock(standing: Client, run: Run, tmp_path: Path) -> None:
    """On a clock that stands still, time is moved on for the scenario: two days are over at once."""
    (tmp_path / "two-days.yaml").write_text(
        "name: two-days\nsteps: [{do: say, text: Hi}, {do: expect, within: 2d}]", encoding="utf-8"
    )
    ran = run("scenario", "run", str(tmp_path / "two-days.yaml"), "--patience", "0")
    assert ran.code == 1
    assert "no message came within 172800 s" in ran.out
    assert standing.clock("acc_link")["now"] == "2030-01-04T12:00:00.000Z"


def test_patience(standing: Client, run: Run, tmp_path: Path) -> None:
    """The business may take its time for an answer; what does not fit does not end the wait, and time stands meanwhile."""
    (tmp_path / "patient.yaml").write_text(
        "name: patient\nsteps: [{do: say, text: Hi}, {do: expect, text: Hello, within: 2d}]", encoding="utf-8"
    )

    def answer() -> None:
        with Client(standing.url) as client:
            mark = client.messages(account="acc_link", direction="inbound", text="Hi", wait=10).cursor
            for text in ("One moment", "Hello"):
                path = f"/gateway/lmc/v1/phone/{USER}/conversationMessage?messageId={uuid4()}"
                message = {"messageContent": {"text": text}}
                httpx.post(client.url + path, json=message, headers=client.authorization("acc_link")).raise_for_status()
                mark = client.messages(account="acc_link", text=text, after=mark, wait=10).cursor

    business = Thread(target=answer)
    business.start()
    ran = run("scenario", "run", str(tmp_path / "patient.yaml"), "--patience", "10", "--user", USER)
    business.join()
    assert (ran.code, ran.err) == (0, "")
    assert standing.clock("acc_link")["now"] == "2030-01-02T12:00:00.000Z"


def test_clock_is_stopped_meanwhile(
    server: LiveServer, run: Run, waiting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run whose clock somebody stops would never end: that is told."""

    @contextmanager
    def events(_: Client, account: str) -> Iterator[Iterator[Event]]:
        yield iter([Event("clock", {"account": account, "mode": "virtual"}, "1")])

    monkeypatch.setattr(Client, "events", events)
    ran = run("scenario", "run", str(waiting))
    assert (ran.code, ran.err) == (1, "acc_link's clock was stopped before waiting had ended\n")


def test_server_stops_meanwhile(server: LiveServer, run: Run, waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run whose server goes away is no success."""

    @contextmanager
    def events(_: Client, account: str) -> Iterator[Iterator[Event]]:
        yield iter([Event("message", {"account": account}, "1")])

    monkeypatch.setattr(Client, "events", events)
    ran = run("scenario", "run", str(waiting), "--user", USER)
    assert (ran.code, ran.err) == (1, "the server stopped before waiting had ended\n")
