"""`exec` gives a command a sandbox of its own, stays out of its way, and ends as it does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from command_line import Ran, Run
from sandbox.cli import exec as command
from sandbox.client import Client, ProblemError, UnreachableError
from sandbox.client.resources import Coverage

EXEC = [sys.executable, "-m", "sandbox", "exec"]
PYTHON = [sys.executable, "-IS", "-c"]
PATIENCE = 30

Told = Callable[..., Mapping[str, str]]


@pytest.fixture
def told(run: Run, tmp_path: Path) -> Told:
    """Run a command that writes down its environment, with some flags, and return that."""

    def told(*flags: str, also: str = "") -> Mapping[str, str]:
        file = tmp_path / "environment"
        script = f"import json, os; open({str(file)!r}, 'w').write(json.dumps(dict(os.environ))){also}"
        assert run("exec", *flags, "--", *PYTHON, script) == Ran(0, "", "")
        environment: Mapping[str, str] = json.loads(file.read_text(encoding="utf-8"))
        return environment

    return told


def test_where_it_is(told: Told) -> None:
    """The command finds a sandbox that answers at SANDBOX_URL, and that is gone when the command has ended."""
    asks = "; import urllib.request as r; r.urlopen(os.environ['SANDBOX_URL'] + '/_sandbox/health')"
    environment = told(also=asks)
    assert "SANDBOX_CONTROL_TOKEN" not in environment
    with Client(environment["SANDBOX_URL"]) as client, pytest.raises(UnreachableError):
        client.health()


def test_credentials(told: Told) -> None:
    """Each credential of each account is a variable; PEMs are whole, and what is nested is named by its way."""
    environment = told()
    assert environment["SANDBOX_ACC_LINK_CUSTOMER_ID"] == "eap00001"
    assert environment["SANDBOX_ACC_LINK_PRIVATE_KEY"].strip().endswith("\n-----END PRIVATE KEY-----")
    assert environment["SANDBOX_ACC_LINK_PUBLIC_KEYS_0"].startswith("-----BEGIN PUBLIC KEY-----\n")
    assert environment["SANDBOX_ACC_WEBEX_CONNECT_SERVICE_ID"] == "SV000000"
    assert environment["SANDBOX_ACC_MEHERY_APPS_OLD_BOT_API_KEY"] == "sandbox-mehery-key-5"
    assert environment["SANDBOX_ACC_RBM_SECOND_AGENT"] == "SecondAgent"


def test_settings(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings are those of `serve`, from flags and environment, but for the port, which is free unless given."""
    monkeypatch.setenv("SANDBOX_PORT", "1")
    monkeypatch.setenv("SANDBOX_CONTROL_TOKEN", "secret")
    accounts = '[{"provider": "rbm", "id": "acc_my-own", "credentials": {"agent": "Mine"}}]'
    environment = told("--accounts", accounts, "--seed", "7")
    assert environment["SANDBOX_ACC_MY_OWN_AGENT"] == "Mine"
    assert environment["SANDBOX_CONTROL_TOKEN"] == "secret"
    assert not environment["SANDBOX_URL"].endswith(":1")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["--port", "70000"], "--port: ", id="setting"),
        pytest.param(["--accounts", '[{"provider": "nope"}]'], "--accounts: 'nope' is no provider", id="account"),
        pytest.param(["--tls-cert", __file__, "--tls-key", __file__], "--tls-cert: ", id="certificate"),
    ],
)
def test_cannot_start(run: Run, arguments: list[str], says: str) -> None:
    """What the sandbox cannot start with is told in one line, and nothing is run."""
    ran = run("exec", *arguments, "--", "touch", "/nowhere/at/all")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(says)
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(["true"], 0, "", id="well"),
        pytest.param(["--", "sh", "-c", "exit 3"], 3, "", id="badly"),
        pytest.param(["sh", "-c", "kill -KILL $$"], 128 + 9, "", id="killed"),
        pytest.param(["sh", "-c", "kill -TERM $$"], 128 + 15, "", id="terminated"),
        pytest.param(["no-such-command"], 127, "no-such-command: no such command\n", id="not-there"),
        pytest.param([str(Path(__file__).parent)], 126, f"{Path(__file__).parent}: Permission denied\n", id="folder"),
    ],
)
def test_exit_code(run: Run, arguments: list[str], code: int, says: str) -> None:
    """The exit code is the command's, or what shells say of it."""
    assert run("exec", *arguments) == Ran(code, "", says)


def test_input_and_output() -> None:
    """The command's input and output are its own, byte for byte, and so are flags behind its name."""
    done = subprocess.run([*EXEC, "cat", "-u"], input=b"\x00\xffHello\n", capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"\x00\xffHello\n", b"")


# Asks its parent for some signals, counts interrupts, and ends when it is to. It waits for signals instead of handling
# them: one that came just before `pause` would be waited for in vain.
SIGNALLED = """
import os, signal, sys
signals = {signal.SIGINT, signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, signals)
for number in map(int, sys.argv[1:]):
    os.kill(os.getppid(), number)
interrupts = 0
while signal.sigwait(signals) == signal.SIGINT:
    interrupts += 1
sys.exit(10 + interrupts)
"""


@pytest.mark.parametrize(
    ("terminal_tells", "code"), [pytest.param(False, 11, id="alone"), pytest.param(True, 10, id="in-a-terminal")]
)
def test_signals(run: Run, monkeypatch: pytest.MonkeyPatch, terminal_tells: bool, code: int) -> None:
    """SIGTERM and SIGINT reach the command; a terminal's Ctrl-C is not told it twice."""
    monkeypatch.setattr(command, "_terminal_tells", lambda: terminal_tells)
    before = {number: signal.getsignal(number) for number in command.RELAYED}
    assert run("exec", *PYTHON, SIGNALLED, str(int(signal.SIGINT)), str(int(signal.SIGTERM))).code == code
    assert {number: signal.getsignal(number) for number in command.RELAYED} == before


def test_early_signal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal that comes before the command has begun is not lost."""
    start = subprocess.Popen

    def interrupted(*args: Any, **kwargs: Any) -> subprocess.Popen[bytes]:
        os.kill(os.getpid(), signal.SIGTERM)
        return start(*args, **kwargs)

    monkeypatch.setattr("sandbox.cli.exec.subprocess.Popen", interrupted)
    assert run("exec", *PYTHON, "import signal; signal.pause()").code == 128 + signal.SIGTERM


IN_A_TERMINAL = f"""
import pty, sys
sys.exit(pty.spawn({[*EXEC, *PYTHON]!r} + sys.argv[1:]) >> 8)
"""
COUNTS = """
import signal
interrupts = []
signal.signal(signal.SIGINT, lambda *_: interrupts.append(1))
print("ready", flush=True)
input()
print(len(interrupts), "interrupts")
"""


def test_ctrl_c_in_a_terminal() -> None:
    """Ctrl-C in a terminal interrupts the command once."""
    with subprocess.Popen(
        [sys.executable, "-c", IN_A_TERMINAL, COUNTS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        while process.stdout.readline().strip() != b"ready":
            pass
        out, _ = process.communicate(b"\x03\n", timeout=PATIENCE)
    assert b"1 interrupts" in out


def test_whose_terminal_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A terminal tells its foreground group; without one nobody does."""
    (tmp_path / "tty").touch()
    assert not command._terminal_tells(tmp_path / "nothing")
    assert not command._terminal_tells(tmp_path / "tty")
    monkeypatch.setattr(os, "tcgetpgrp", lambda _: os.getpgrp())
    assert command._terminal_tells(tmp_path / "tty")


@pytest.mark.parametrize(
    ("least", "code", "says"),
    [
        pytest.param("80", 0, "", id="enough"),
        pytest.param("81", 1, "coverage is below 81 %: 80.00 % of link\n", id="too-little"),
    ],
)
def test_coverage(run: Run, monkeypatch: pytest.MonkeyPatch, least: str, code: int, says: str) -> None:
    """Too little coverage makes a good command a bad one, and is told as `coverage` tells it."""
    link = {"operations": [], "outcomes": [], "callbacks": [], "percent": 80.0}
    monkeypatch.setattr(Client, "coverage", lambda _: {"providers": {"link": link}})
    assert run("exec", "--coverage-fail-under", least, "true") == Ran(code, "", says)


def test_coverage_that_is_not_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A good command is a bad one too if its coverage cannot be had."""

    def refuse(_: Client) -> Coverage:
        raise ProblemError(404, "why", [])

    monkeypatch.setattr(Client, "coverage", refuse)
    assert run("exec", "--coverage-fail-under", "1", "true") == Ran(1, "", "--coverage-fail-under: why\n")


def test_failure_comes_before_coverage(run: Run) -> None:
    """What the command itself says counts first."""
    assert run("exec", "--coverage-fail-under", "100", "false") == Ran(1, "", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param([], "missing argument", id="no-command"),
        pytest.param(["--coverage-fail-under", "101", "true"], "101", id="too-much"),
        pytest.param(["--coverage-fail-under", "nan", "true"], "nan", id="no-number"),
        pytest.param(["--nope", "true"], "no such option", id="flag"),
    ],
)
def test_wrong_usage(run: Run, arguments: list[str], says: str) -> None:
    """Wrong usage is one line, and exit code 2."""
    ran = run("exec", *arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert says in ran.err
