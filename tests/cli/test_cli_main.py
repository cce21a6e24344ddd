"""The command line as a whole: help that comes at once, errors in one line, exit codes, colours, completion."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version

import click
import pytest
from click.shell_completion import ShellComplete

import sandbox.cli.server
from command_line import Run
from sandbox.cli import COMMANDS, command

HEAVY = ("httpx", "pydantic", "uvicorn", "starlette", "aiohttp", "structlog", "sandbox.sandbox")


def test_help_imports_little() -> None:
    """Help needs click and nothing else that takes time to import."""
    script = f"""
import sys
from sandbox.cli import main
try:
    main(["--help"])
finally:
    print([name for name in {HEAVY} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    for section, entries in COMMANDS.items():
        assert f"{section}:" in done.stdout
        assert all(name in done.stdout for name in entries)


def test_help(run: Run) -> None:
    """Help goes section by section; nothing at all is answered with help, too."""
    ran = run("--help")
    assert ran.code == 0
    assert [line[:-1] for line in ran.out.splitlines() if line.endswith(":")] == ["Options", *COMMANDS]
    assert "Usage: messaging-sandbox" in run().err


@pytest.mark.parametrize(
    ("name", "summary"),
    [pytest.param(name, does, id=name) for section in COMMANDS.values() for name, (_, does) in section.items()],
)
def test_every_command_is_there(run: Run, name: str, summary: str) -> None:
    """Each command of the table can be asked for help; the table's summary is a short form of it."""
    assert summary.endswith(".")
    helped = run(name, "--help")
    assert helped.code == 0
    assert f"messaging-sandbox {name}" in helped.out


def test_version(run: Run) -> None:
    """`--version` prints the version that is installed."""
    assert run("--version").out == f"messaging-sandbox {version('messaging-sandbox')}\n"


def test_as_a_module() -> None:
    """`python -m sandbox` is the same command."""
    done = subprocess.run([sys.executable, "-m", "sandbox", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("messaging-sandbox ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["serve"], r"--port VALUE .*\[default: 4700\]", id="port"),
        pytest.param(["exec"], r"--port VALUE .*\[default: 0\]", id="port-of-exec"),
        pytest.param(["status"], r"--url TEXT .*\[env var: SANDBOX_URL;", id="url"),
        pytest.param(["doctor"], r"--token TEXT .*\[env var: SANDBOX_CONTROL_TOKEN\]", id="token"),
    ],
)
def test_where_values_come_from(run: Run, arguments: list[str], says: str) -> None:
    """Help tells the default that is a command's own, and the variables that stand in for an option."""
    assert re.search(says, " ".join(run(*arguments, "--help").out.split()))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["nope"], "messaging-sandbox: no such command 'nope'", id="unknown-command"),
        pytest.param(["servee"], "no such command 'servee'; the nearest is serve; see", id="misspelt-command"),
        pytest.param(["send_file"], "no such command 'send_file'; the nearest is send-file; see", id="underscore"),
        pytest.param(["say"], "messaging-sandbox say: missing argument 'TEXT'", id="missing-argument"),
        pytest.param(["say", "Hi"], "messaging-sandbox say: missing option '--user'", id="missing-option"),
        pytest.param(["status", "--nope"], "messaging-sandbox status: no such option", id="unknown-option"),
        pytest.param(["scenario", "nope"], "messaging-sandbox scenario: no such command 'nope'", id="sub-command"),
        pytest.param(["completion", "cmd"], "messaging-sandbox completion: invalid value", id="unknown-shell"),
        pytest.param(["say", "Hi", "--user", "+49", "--wait", "61"], "61.0 is not in the range", id="out-of-range"),
        pytest.param(["tap", "--user", "+49"], "give one of TEXT, --postback and --index", id="nothing-to-tap"),
        pytest.param(["tap", "Yes", "--index", "0", "--user", "+49"], "give one of TEXT", id="two-things-to-tap"),
        pytest.param(["send-file", "--user", "+49"], "give one of FILE, --sample and --file-url", id="no-file"),
    ],
)
def test_wrong_usage(server: object, run: Run, arguments: list[str], says: str) -> None:
    """Wrong usage is one line with a hint on stderr, and exit code 2."""
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1
    assert "--help`" in ran.err


@pytest.mark.parametrize("arguments", [["status"], ["say", "Hi", "--user", "+491234567890"], ["tail"]], ids=str)
def test_nobody_answers(run: Run, arguments: list[str]) -> None:
    """Where no server is, one line says how to start or name one, and the exit code is 3."""
    ran = run(*arguments, "--url", "http://127.0.0.1:9")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        "no sandbox answers at http://127.0.0.1:9; start one with `messaging-sandbox serve`, or name it with --url\n"
    )


def test_url_without_scheme(run: Run) -> None:
    """A URL that begins with no scheme is told to be none, for no server would make it one."""
    ran = run("status", "--url", "127.0.0.1:4700")
    assert (ran.code, ran.err) == (3, "--url: '127.0.0.1:4700' must begin with http:// or https://\n")


def test_problem(server: object, run: Run) -> None:
    """What the server refuses is told as it says it, and the exit code is 1."""
    ran = run("say", "Hi", "--user", "nobody")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("user: 'nobody' is no phone number")
    assert ran.err.count("\n") == 1


def test_interrupt_is_quiet(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a command without a traceback."""

    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sandbox.cli.server.magic, "callback", interrupted)
    ran = run("magic")
    assert (ran.code, ran.out, ran.err.strip()) == (130, "", "")


@pytest.mark.parametrize(("no_color", "colored"), [("", True), ("1", False)])
def test_no_color(run: Run, monkeypatch: pytest.MonkeyPatch, no_color: str, colored: bool) -> None:
    """Colours are for terminals, and `NO_COLOR` is honoured there too."""
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda _stream, color: color is False)
    monkeypatch.setattr(sandbox.cli.server.magic, "callback", lambda **_: click.secho("x", fg="red"))
    monkeypatch.setenv("NO_COLOR", no_color)
    assert ("\x1b[" in run("magic").out) is colored


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script(run: Run, shell: str) -> None:
    """A script is printed for each shell."""
    ran = run("completion", shell)
    assert ran.code == 0
    assert "_MESSAGING_SANDBOX_COMPLETE" in ran.out


def test_completion() -> None:
    """Commands and their options are completed."""
    complete = ShellComplete(command, {}, "messaging-sandbox", "_MESSAGING_SANDBOX_COMPLETE")
    assert [item.value for item in complete.get_completions([], "s")] == [
        "serve",
        "status",
        "say",
        "send-file",
        "share-location",
        "start-typing",
        "system",
        "start",
        "scenario",
    ]
    assert "--postback" in [item.value for item in complete.get_completions(["tap"], "--p")]
