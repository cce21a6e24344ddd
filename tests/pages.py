"""Pages: the README and those of docs/, whose blocks are run as they stand there and whose links are followed."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self

from live_server import LiveServer
from sandbox.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "docs" / "examples"

# What a server makes up: two such values are alike if they are of one kind.
_MADE_UP = tuple(
    map(
        re.compile,
        (
            r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3,6})?(?:Z|[+-]\d\d:\d\d)",
            r"\d\d:\d\d:\d\d\.\d{3}",
            r"(?:acc|msg|req|cbk|run|flt|act)_[A-Za-z0-9]{10,}",
            r"(?:http://)?127\.0\.0\.1:\d+",
        ),
    )
)
ANYTHING = "…"  # what a page leaves out
_SET = "2030-"  # begins times of a clock that the page itself has set


class Block(NamedTuple):
    """A fenced block: its language, what else stands behind the fence, its text, and the line it begins at."""

    language: str
    note: str
    text: str
    line: int


class Page:
    """
    A page of Markdown.

    Blocks of `sh` run one after the other in one shell; `sh exits-1` ends with that status; `sh background` runs on, and
    is ready when it has printed a line; `sh serve` tells how the server was started; `sh install` is not run. `json` and `text` below a command show what it prints, `…` for what is
    left out. A name behind the fence makes the block a file; `js` is an excerpt of a file in docs/examples, all of which
    lie at hand.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")

    def __str__(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def blocks(self) -> list[Block]:
        """Return every fenced block, in order."""
        found = re.finditer(r"^```(\w+) ?(\S*)\n(.*?)^```$", self.text, re.MULTILINE | re.DOTALL)
        return [Block(one[1], one[2], one[3], self.text.count("\n", 0, one.start()) + 1) for one in found]

    @property
    def is_run(self) -> bool:
        """Whether there is a command to run."""
        return any(block.language == "sh" and block.note not in ("serve", "install") for block in self.blocks)

    @cached_property
    def prose(self) -> str:
        """Return the page without its fenced blocks."""
        return re.sub(r"^```.*?^```$", "", self.text, flags=re.MULTILINE | re.DOTALL)

    def section(self, heading: str) -> str:
        """Return the prose below a heading, up to the next one of its level or above it."""
        level = len(heading) - len(heading.lstrip("#"))
        begin = self.prose.index(f"\n{heading}\n") + len(heading) + 2
        end = re.compile(rf"^#{{1,{level}}} ", re.MULTILINE).search(self.prose, begin)
        return self.prose[begin : end.start() if end is not None else None]

    def links(self) -> Iterator[str]:
        """Yield where the page's relative links lead."""
        for target in re.findall(r"\]\(([^)\s]+)\)", self.prose):
            if "://" not in target:
                yield target

    def rows(self, heading: str) -> list[list[str]]:
        """Return the cells of the tables below a heading, without their own headings."""
        found = []
        for table in re.findall(r"(?:^\|.*\n)+", self.section(heading), re.MULTILINE):
            _, _, *rows = table.splitlines()
            found += [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]
        return found

    @property
    def settings(self) -> Settings:
        """Return what the page's server is started with."""
        from sandbox.cli.serve import serve

        commands = [block.text.split() for block in self.blocks if (block.language, block.note) == ("sh", "serve")]
        assert all(command[:2] == ["messaging-sandbox", "serve"] for command in commands), commands
        given = serve.make_context("serve", commands[0][2:]).params if commands else {}
        return Settings(**{name: value for name, value in given.items() if value is not None})


class Shell:
    """
    One shell that runs blocks, as somebody does who reads along.

    Args:
        folder: where it runs and where the files of the page lie.
        server: what answers in the place of the one on port 4700.
    """

    def __init__(self, folder: Path, server: LiveServer) -> None:
        self._ports = {"4700": str(server.port), "8080": str(_free_port())}
        self._folder = folder
        shutil.copytree(EXAMPLES, folder, dirs_exist_ok=True)
        self._errors = (folder / ".stderr").open("w+", encoding="utf-8")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SANDBOX_")}
        path = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
        self._environment = {**environment, "PATH": path, "SANDBOX_URL": server.url}
        self._others: list[subprocess.Popen[str]] = []
        self._process = self._start("sh", "-eu")  # the names that a page gives stay from block to block
        self._patience = threading.Timer(120, self._kill)
        self._patience.start()

    def _start(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )

    def _kill(self) -> None:
        for process in (self._process, *self._others):
            process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._patience.cancel()
        self._kill()
        for process in (self._process, *self._others):
            process.communicate()
        self._errors.close()

    def put(self, block: Block) -> None:
        """Write a block that is a file."""
        file = self._folder / block.note
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.here(block.text), encoding="utf-8")

    def run(self, block: Block) -> str:
        """Run a block and return what it prints; its commands must end as the page says."""
        code = int(block.note.removeprefix("exits-") or 0)
        script = self.here(block.text.replace("curl -s ", "curl -sSf "))
        if code:
            script = f"set +e; (\n{script}\n); [ $? -eq {code} ] || exit; set -e"
        script = f"{{\n{script}\n}} </dev/null"  # whose commands must not read on in what is to be run next
        mark = "== that was it =="
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{script}\nprintf '\\n%s\\n' '{mark}'\n")
        self._process.stdin.flush()
        printed = ""
        for line in self._process.stdout:
            if line.rstrip("\n") == mark:
                return printed.removesuffix("\n")
            printed += line
        raise AssertionError(f"line {block.line}:\n{block.text}\n{printed}\n{self._told()}")

    def run_beside(self, block: Block) -> None:
        """Start what runs on until the page is over."""
        process = self._start("sh", "-euc", f"exec {self.here(block.text)}")
        self._others.append(process)
        assert process.stdout is not None
        assert process.stdout.readline(), f"line {block.line}: {self._told()}"

    def here(self, text: str) -> str:
        """Return a text with the ports that are free here."""
        return re.sub(r"\b(4700|8080)\b", lambda found: self._ports[found[0]], text)

    def _told(self) -> str:
        self._errors.seek(0)
        return self._errors.read()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def runs(page: Page, shell: Shell) -> None:
    """Run a page from top to bottom; raises `AssertionError` where it is not as it says."""
    printed = ""
    for block in page.blocks:
        match block.language, block.note:
            case ("sh", note) if not note or note.startswith("exits-"):
                printed = shell.run(block)
            case "sh", "background":
                shell.run_beside(block)
            case "sh", "serve" | "install":
                printed = ""
            case "json", "":
                shown = json.loads(block.text)
                assert is_in(shown, list(documents(printed))), f"line {block.line}: it prints\n{printed}"
            case "python", "":
                shell.put(block._replace(note="test_example.py"))
                pytest = f"{sys.executable} -m pytest -q -p no:cacheprovider test_example.py"
                printed = shell.run(block._replace(note="", text=pytest))
            case "text", "":
                assert is_shown(block.text, printed), f"line {block.line}: it prints\n{printed}"
            case "js", "":
                assert any(block.text in file.read_text(encoding="utf-8") for file in EXAMPLES.iterdir()), block.line
            case _, name if "." in name:
                shell.put(block)
            case _:
                raise AssertionError(f"line {block.line}: nobody checks {block.language} {block.note}")


def documents(printed: str) -> Iterator[Any]:
    """Yield every JSON object and list that was printed, one behind the other, amid other text or not."""
    decoder, place = json.JSONDecoder(), 0
    while (found := re.compile(r"[{\[]").search(printed, place)) is not None:
        try:
            document, place = decoder.raw_decode(printed, found.start())
        except ValueError:
            place = found.end()
        else:
            yield document


def is_in(shown: Any, value: Any) -> bool:
    """Tell whether a value is what a page shows, or has it somewhere inside."""
    inside: list[Any] = []
    if isinstance(value, dict):
        inside = list(value.values())
    elif isinstance(value, list):
        inside = value
    return _fits(shown, value) or any(is_in(shown, one) for one in inside)


def _fits(shown: Any, value: Any) -> bool:
    """Tell whether a value is what a page shows: objects may have more members, and what is made up is alike."""
    match shown, value:
        case dict(), dict():
            return all(name in value and _fits(one, value[name]) for name, one in shown.items())
        case list(), list():
            return len(shown) == len(value) and all(map(_fits, shown, value))
        case str(), str() if shown.startswith(_SET) and value.startswith(_SET):
            return shown == value
        case str(), str():
            return is_shown(shown, value, whole=True)
        case _:
            return bool(shown == value) or shown == ANYTHING


def is_shown(shown: str, printed: str, *, whole: bool = False) -> bool:
    """Tell whether a text is what a page shows, line by line and in this order; `…` stands for whatever is left out."""
    lines = [re.escape(_alike(line.rstrip())) for line in shown.rstrip("\n").split("\n")]
    if whole:
        pattern = r"\n".join(lines)
        return re.fullmatch(pattern.replace(ANYTHING, "(?s:.*)"), _alike(printed)) is not None
    rest = iter([_alike(line.rstrip()) for line in printed.splitlines()])
    return all(
        any(re.fullmatch(line.replace(ANYTHING, ".*"), one) for one in rest)
        for line in lines
        if line not in ("", ANYTHING)
    )


def _alike(text: str) -> str:
    for number, made_up in enumerate(_MADE_UP):
        text = made_up.sub(f"<{number}>", text)
    return text


README = Page(ROOT / "README.md")
PAGES = [Page(path) for path in sorted((ROOT / "docs").glob("*.md"))]
