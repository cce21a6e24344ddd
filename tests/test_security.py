"""SECURITY.md: every claim of what is refused, shown and borne names a test that is there, and its figures are true."""

from __future__ import annotations

import ast
import re
from inspect import signature
from pathlib import Path

import pytest

from sandbox import dispatcher, server, webhook_connection
from sandbox.control import filters
from sandbox.control.guard import COOKIE
from sandbox.core import account, bounds, journal, media, secret
from sandbox.engine import reader, templates
from sandbox.protocol import HEAD_LIMIT
from sandbox.providers import PROVIDERS
from sandbox.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
KIB, MIB = 1024, 1024 * 1024


def section(title: str) -> str:
    """Return what stands under a heading."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found is not None, title
    return found[1]


def rows() -> dict[str, str]:
    """Return the table of bounds: what, and how much at most."""
    return dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \| [^|]+ \|$", section("What it bears"), re.MULTILINE)[1:])


@pytest.mark.parametrize("reference", sorted(set(re.findall(r"`(tests/[\w/.]+::\w+)`", TEXT))))
def test_references(reference: str) -> None:
    """A test that is named is there."""
    path, _, name = reference.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert name in functions


@pytest.mark.parametrize("title", ["Who may call it", "Where it calls", "What it shows"])
def test_every_claim_names_a_test(title: str) -> None:
    """Each point is backed, but for what is left out by having no code at all, and the stated exception."""
    points = [" ".join(point.split()) for point in re.split(r"^- ", section(title), flags=re.MULTILINE)[1:]]
    bare = [point for point in points if "`tests/" not in point]
    assert [point.partition(" ")[0] for point in bare] == {
        "Who may call it": [],
        "Where it calls": [],
        "What it shows": ["`GET"],
    }[title]


def test_every_bound_names_a_test() -> None:
    """So is each row of the table."""
    lines = [line for line in section("What it bears").splitlines() if line.startswith("| ")][1:]
    assert len(lines) == len(rows()) > 10
    assert [line for line in lines if "`tests/" not in line] == []


def test_figures() -> None:
    """The bounds are those of the code."""
    waiting = signature(dispatcher.Dispatcher.__init__).parameters["max_pending"].default
    limit = Settings.model_fields["journal_limit"].default
    assert (journal.MAX_ROOM, account.MAX_ROOM) == (64 * KIB, 64 * KIB)  # in KiB
    assert {provider.body_limit for provider in PROVIDERS} == {MIB}
    assert rows() == {
        "URL and headers of a request": f"{HEAD_LIMIT // KIB} KiB",
        "body of a request": "1 MiB",
        "compressed bodies": "none",
        "time for a request to arrive, and for a connection to be idle": f"{server.PATIENCE:g} s",
        "records kept of each sort and account": f"{limit} and {journal.MAX_ROOM // KIB} MiB",
        "what a provider remembers, of each sort": f"{account.MAX_ROOM // KIB} MiB",
        "callbacks of an account that wait": f"{waiting} and {dispatcher.MAX_ROOM // MIB} MiB",
        "files of an account under links": f"{media.MAX_ROOM // MIB} MiB",
        "bytes of a webhook's answer that are read": f"{(webhook_connection.KEPT + webhook_connection.DRAINED) // KIB} KiB",
        "accounts": str(bounds.MOST_ACCOUNTS),
        "faults armed for an account": str(bounds.MOST_FAULTS),
        "scenarios beside the files": str(bounds.MOST_SCENARIOS),
        "calls that wait or watch": str(bounds.MOST_WAITING),
        "a scenario's text": f"{reader.LARGEST // KIB} KiB",
        "a pattern": f"{filters.LONGEST_GLOB} characters",
        "a template": f"{templates.LONGEST_SOURCE} characters",
    }
    assert f"cut after {secret.KEPT} characters" in section("What it shows")
    assert f"cookie `{COOKIE}`" in section("Who may call it")
