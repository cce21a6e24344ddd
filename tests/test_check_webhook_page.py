"""The examples of docs/check-webhook.md work as they stand there, and its table is that of the code."""

from __future__ import annotations

import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox.cli import main
from sandbox.providers import PROVIDERS
from sandbox.webhook_check.catalogue import catalogue

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "check-webhook.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def block(language: str, note: str) -> str:
    """Return the first block of that sort."""
    found: list[str] = [text for *sort, text in BLOCKS if sort == [language, note]]
    return found[0]


@contextmanager
def running(name: str, folder: Path) -> Iterator[int]:
    """Run a program of the page on a free port."""
    (folder / name).write_text(block("python", name), encoding="utf-8")
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    command = [sys.executable, str(folder / name), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as program:
        try:
            assert program.stdout is not None
            assert program.stdout.readline() == "ready\n"
            yield port
        finally:
            program.terminate()


def run(line: str, port: int, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run a command of the page in this process; return how it ended and what it printed."""
    program, *arguments = shlex.split(line.replace("127.0.0.1:8080", f"127.0.0.1:{port}"))
    assert program == "messaging-sandbox"
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--port", "0"])
    return int(ended.value.code or 0), capsys.readouterr().out


def test_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The naive receiver is found wanting in the very words of the page."""
    with running("webhook.py", tmp_path) as port:
        code, out = run(block("sh", "findings"), port, capsys)
    assert code == 1
    printed = [line for line in out.splitlines() if not line.startswith("  body")]
    shown = [line for line in block("text", "").splitlines() if not line.startswith("  body")]
    first = shown.index("")
    for part in (shown[:first], shown[first + 1 :]):
        start = printed.index(part[0])
        assert printed[start : start + len(part)] == part


def test_good(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The better receiver passes every command of the page."""
    monkeypatch.chdir(tmp_path)
    commands = [line for *sort, text in BLOCKS if sort == ["sh", "good"] for line in text.splitlines()]
    assert len(commands) == 3
    with running("better.py", tmp_path) as port:
        for line in commands:
            code, out = run(line, port, capsys)
            assert code == 0, out
    assert (tmp_path / "report.xml").is_file()


def test_groups() -> None:
    """The table has every group of checks, in the order in which they come first."""
    told = re.findall(
        r"^\| `([a-z]+)` \|", PAGE[PAGE.index("## What is checked") : PAGE.index("## Secrets")], re.MULTILINE
    )
    groups: dict[str, None] = {}
    for provider in PROVIDERS:
        rehearsal = provider.rehearsal()
        assert rehearsal is not None
        groups |= dict.fromkeys(check.name.partition("/")[0] for check in catalogue(provider, rehearsal))
    assert sorted(told) == sorted(groups)
    secrets = re.findall(r"^\| `([a-z-]+)` \|", PAGE[PAGE.index("## Secrets") : PAGE.index("## Bots")], re.MULTILINE)
    assert secrets == [provider.name for provider in PROVIDERS]
