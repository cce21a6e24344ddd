"""Every page of docs/ works from top to bottom, and leads nowhere but to what is there."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from command_line import parse
from live_server import LiveServer
from page_shell import Shell, runs
from pages import PAGES, README, ROOT, Page
from sandbox.client import Client
from sandbox.providers import PROVIDERS

INDEX = next(page for page in PAGES if page.path.name == "README.md")
HERE = Path(__file__).parent
TESTS = [file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py") if HERE not in file.parents]


def is_run_here(page: Page) -> bool:
    """Tell whether a page has commands, and no test of its own elsewhere that names it."""
    return page.is_run and not any(f'"{page.path.name}"' in test or f"/{page.path.name}" in test for test in TESTS)


@pytest.mark.parametrize("tool", ["curl", "openssl", "node"])
def test_tools(tool: str) -> None:
    """What the examples need is there: without it nothing below would be shown."""
    assert shutil.which(tool), f"the examples of docs/ need {tool}: install it (Node.js 20 or newer) and run this again"


@pytest.mark.parametrize("page", [page for page in PAGES if is_run_here(page)], ids=str)
def test_commands(page: Page, tmp_path: Path) -> None:
    """The commands work one after the other and print what stands below them; a provider's page calls all operations."""
    with LiveServer(**page.settings.model_dump(exclude_unset=True)) as server:
        with Shell(tmp_path, server) as shell:
            runs(page, shell)
        with Client(server.url) as client:
            called = {request["operation"] for request in client.requests(limit=1000).items}
    assert called >= {
        operation.id for provider in PROVIDERS if provider.name == page.path.stem for operation in provider.operations
    }


@pytest.mark.parametrize("page", [README, *PAGES], ids=str)
def test_links(page: Page) -> None:
    """Every relative link leads to a file and, behind a `#`, to a heading of it."""
    for link in page.links():
        name, _, anchor = link.partition("#")
        file = page.path.parent / name if name else page.path
        assert file.exists(), link
        assert not anchor or anchor in _anchors(file), link


def _anchors(file: Path) -> set[str]:
    """Return what headings are called in links."""
    headings = re.findall(r"^#+ (.*)$", Page(file).prose, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_index() -> None:
    """Every page is in the index, and the README leads there."""
    listed = {(INDEX.path.parent / link).resolve() for link in INDEX.links()}
    assert {page.path for page in PAGES} - {INDEX.path} <= listed
    assert "docs/README.md" in README.links()


@pytest.mark.parametrize("page", [README, *PAGES], ids=str)
def test_files(page: Page) -> None:
    """Every file of the tree that a page names is there."""
    for path in re.findall(r"`((?:sandbox|scenarios|fixtures|tests|docs)/[\w/.-]+)`", page.prose):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("page", [README, *PAGES], ids=str)
def test_commands_amid_text(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those, and what is only shown, are commands that have the options they are given."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "FILE").touch()
    lines = [line for block in page.blocks if block.note in ("install", "serve") for line in block.text.splitlines()]
    shown = [line.removeprefix("messaging-sandbox ") for line in lines if line.startswith("messaging-sandbox ")]
    for line in (*shown, *re.findall(r"`messaging-sandbox (\w[^`]*)`", page.prose)):
        parse(shlex.split(line))
