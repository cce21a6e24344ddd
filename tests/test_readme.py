"""Everything that the README tells people to type works, in the order it stands there, and its tables are true."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from live_server import LiveServer
from sandbox.client import Client
from sandbox.control.app import ROUTES
from sandbox.engine.loader import load_folder
from sandbox.providers import PROVIDERS
from sandbox.settings import Settings, flag
from sandbox.shipped import folder

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


class Block(NamedTuple):
    """A fenced block: its language, what else stands behind the fence, and its text."""

    language: str
    note: str
    text: str


BLOCKS = [Block(*found) for found in re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)]


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    """What `messaging-sandbox serve` starts, on a port of its own."""
    with LiveServer() as server:
        yield server


def test_every_block_is_known() -> None:
    """Each block is run, checked, or only to be looked at."""
    kinds = {(block.language, block.note) for block in BLOCKS}
    assert kinds == {
        ("sh", ""),
        ("sh", "install"),
        ("sh", "serve"),
        ("sh", "check"),
        ("python", ""),
        ("yaml", "greeting.yaml"),
        ("json", ""),
        ("text", ""),
    }


def test_blocks(server: LiveServer, tmp_path: Path) -> None:
    """The commands, files and tests of the README work one after the other."""
    binaries = Path(sys.executable).parent
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SANDBOX_")},
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
        "SANDBOX_URL": server.url,
    }
    for block in BLOCKS:
        text = block.text.replace("127.0.0.1:4700", f"127.0.0.1:{server.port}")
        match block.language, block.note:
            case "sh", "":
                command = ["sh", "-euc", text.replace("curl -s ", "curl -sSf ")]
            case "python", _:
                (tmp_path / "test_example.py").write_text(text, encoding="utf-8")
                command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_example.py"]
            case "yaml", name:
                (tmp_path / name).write_text(text, encoding="utf-8")
                continue
            case _:
                continue
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, (block.text, done.stdout, done.stderr)
    with Client(server.url) as client:
        assert client.requests(status=200, limit=1).items, "nothing was sent"


def test_serve_block() -> None:
    """What starts the server is the command and nothing that would make the addresses below it wrong."""
    assert [block.text for block in BLOCKS if block.note == "serve"] == ["messaging-sandbox serve\n"]


def test_check_block() -> None:
    """What checks a webhook is a command that there is, with options that it takes."""
    ((_, command, *arguments),) = [shlex.split(block.text) for block in BLOCKS if block.note == "check"]
    done = subprocess.run(
        [Path(sys.executable).parent / "messaging-sandbox", command, *arguments, "--list"], check=False, stdout=-1
    )
    assert done.returncode == 0


def test_install_blocks() -> None:
    """What installs or builds names a target or a file that is there."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for line in (line for block in BLOCKS if block.note == "install" for line in block.text.splitlines()):
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


def test_magic_numbers() -> None:
    """The table of magic numbers is that of the code."""
    tables = re.findall(r"^### Magic [a-z]+ of .*?(?=^##)", README, re.MULTILINE | re.DOTALL)
    told = re.findall(r"^\| `([^`]+)` \| (.*) \|$", "".join(tables), re.MULTILINE)
    assert told == [(magic.address, magic.does) for provider in PROVIDERS for magic in provider.magic]


def test_scenario_numbers() -> None:
    """The tables of scenario numbers are those of the shipped files."""
    told = re.findall(
        r"^\| `(\+9990000[56]\d{3}|919900005\d{3}|[a-z]+@x\.test)` \| `([a-z-]+)`(?: \(\w+\))? \|(?: .* \|)?$",
        README,
        re.MULTILINE,
    )
    scenarios, _ = load_folder(folder("scenarios"))
    answering = [(scenario.match.user or [], scenario.name) for scenario in scenarios if scenario.match is not None]
    assert sorted(told) == sorted((number, name) for numbers, name in answering for number in numbers)


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


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:sandbox|scenarios|tests)/[\w/.-]+)`", README))))
def test_files(path: str) -> None:
    """Every file that the README points at is there."""
    assert (ROOT / path).exists()


def test_tools() -> None:
    """What the commands need is there: without it nothing above would be shown."""
    assert shutil.which("curl")
