"""Everything that the README tells people to type works, in the order it stands there, and its tables are true."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from command_line import parse
from live_server import LiveServer
from page_shell import Shell, runs
from pages import README as PAGE
from pages import ROOT
from sandbox.client import Client
from sandbox.control.app import ROUTES
from sandbox.settings import Settings, flag

README = PAGE.text


def test_blocks(tmp_path: Path) -> None:
    """The commands, files and tests of the README work one after the other."""
    with LiveServer() as server:
        with Shell(tmp_path, server) as shell:
            runs(PAGE, shell)
        with Client(server.url) as client:
            assert client.requests(status=200, limit=1).items, "nothing was sent"


def test_serve_block() -> None:
    """What starts the server is the command and nothing that would make the addresses below it wrong."""
    assert [block.text for block in PAGE.blocks if block.note == "serve"] == ["messaging-sandbox serve\n"]


def test_check_block() -> None:
    """What checks a webhook is a command that there is, with options that it takes."""
    ((_, *arguments),) = [shlex.split(block.text) for block in PAGE.blocks if block.note == "check"]
    parse(arguments)


def test_install_blocks() -> None:
    """What installs or builds names a target or a file that is there."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for line in (line for block in PAGE.blocks if block.note == "install" for line in block.text.splitlines()):
        match line.split():
            case ["make", target]:
                assert target in targets, line
            case ["pip", "install", "."]:
                assert (ROOT / "pyproject.toml").is_file()
            case ["docker", "build" | "run", *_]:
                assert (ROOT / "Dockerfile").is_file()
            case _:
                pytest.fail(f"nobody checks {line!r}")
    assert set(re.findall(r"`make ([a-z]+)`", README)) <= targets


def test_settings() -> None:
    """The table of settings is that of the code."""
    told = re.findall(r"^\| `(--[a-z0-9-]+)` \| (?:`(.*?)`)? ?\| (.*) \|$", README, re.MULTILINE)
    fields = Settings.model_fields.items()
    assert told == [(flag(name), _shown(field.default), field.description) for name, field in fields]


def _shown(default: object) -> str:
    return "" if default in (None, (), []) else str(default)


def test_control_api() -> None:
    """Every call in the table of the control API exists."""
    routes = {(method, path) for path, handlers in ROUTES for method in handlers}
    table = README[README.index("## Control API") : README.index("## Settings")]
    calls = re.findall(r"`((?:[A-Z]+ )+)(/_sandbox/[a-z/{}]+)`", table)
    told = {(method, path) for methods, path in calls for method in methods.split()}
    assert told <= routes
    assert len(told) > 30
