"""Pages: the README and those of docs/, taken apart into blocks, links and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from sandbox.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "docs" / "examples"


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


README = Page(ROOT / "README.md")
PAGES = [Page(path) for path in sorted((ROOT / "docs").glob("*.md"))]
