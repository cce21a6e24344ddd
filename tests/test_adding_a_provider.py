"""The provider that docs/adding-a-provider.md adds is built from the page, and its tests run as they stand there."""

from __future__ import annotations

import importlib.util
import inspect
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML

from harness import NOON, FakeWebhook
from sandbox import providers
from sandbox.app import App, build
from sandbox.core.provider import Provider
from sandbox.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "adding-a-provider.md").read_text(encoding="utf-8")
FILES = {name: text for _, name, text in re.findall(r"^```(\w+) (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)}
FOLDER = "sandbox/providers/pigeon"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the page, where it says they stand."""
    top = tmp_path_factory.mktemp("tree")
    for name, text in FILES.items():
        file = top / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return top


@pytest.fixture(scope="module")
def pigeon(tree: Path) -> Iterator[Provider]:
    """The provider, imported as if its folder stood among the others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(providers, "__path__", [*providers.__path__, str(tree / "sandbox" / "providers")])
        made: Provider = importlib.import_module("sandbox.providers.pigeon").PROVIDER
        patch.setattr("sandbox.app.PROVIDERS", (*providers.PROVIDERS, made))
        yield made
    for name in [name for name in sys.modules if name.startswith("sandbox.providers.pigeon")]:
        del sys.modules[name]


@pytest.fixture
async def app(pigeon: Provider, webhook: FakeWebhook) -> AsyncIterator[App]:
    """A sandbox that has it, and the account of the page."""
    accounts = YAML(typ="safe", pure=True).load(FILES["fixtures/accounts.yaml"])
    accounts = [{**account, "webhook": {"url": "http://127.0.0.1:9/loft"}} for account in accounts]
    made = build(Settings.model_validate({"seed": "test", "clock": NOON, "accounts": accounts}), client=webhook)
    yield made
    await made.sandbox.close()


def cases() -> Iterator[Any]:
    """Yield the page's tests by name, with the number of each one's case."""
    text = FILES["tests/providers/pigeon/test_pigeon.py"]
    for block in text.split("\n\n\n"):
        if (found := re.search(r"^(?:async )?def (test_\w+)", block, re.MULTILINE)) is not None:
            ids = re.findall(r'id="([^"]+)"', block) or [""]
            yield from (pytest.param(found[1], number, id=f"{found[1]}-{one}") for number, one in enumerate(ids))


@pytest.mark.parametrize(("name", "number"), list(cases()))
async def test_the_tests_of_the_page(
    tree: Path, app: App, http: httpx.AsyncClient, webhook: FakeWebhook, name: str, number: int
) -> None:
    """Each passes, with the fixtures that all tests share."""
    spec = importlib.util.spec_from_file_location("test_pigeon", tree / "tests/providers/pigeon/test_pigeon.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    test = getattr(module, name)
    given: dict[str, Any] = {"app": app, "http": http, "webhook": webhook}
    for mark in getattr(test, "pytestmark", ()):
        names, rows = mark.args
        given.update(zip(names, rows[number].values, strict=True))
    outcome = test(**{parameter: given[parameter] for parameter in inspect.signature(test).parameters})
    if inspect.isawaitable(outcome):
        await outcome


def test_every_rule_is_kept_and_proven(pigeon: Provider) -> None:
    """The page's code names each of its rules outside the table, and its tests name each."""
    code = "".join(text for name, text in FILES.items() if name.startswith(FOLDER) and not name.endswith("rules.py"))
    tests = FILES["tests/providers/pigeon/test_pigeon.py"]
    for rule, text in product(pigeon.rules, (code, tests)):
        assert rule.id in text
    lines = FILES["pigeon-post.txt"].splitlines()
    assert all(int(rule.source) <= len(lines) for rule in pigeon.rules if rule.source)


def test_the_members_that_the_page_lists_are_there() -> None:
    """What a provider may have besides is a member of it, and the providers to look at have folders."""
    rows = re.findall(r"^\| (`.*?) \| .*? \| (`.*?`) \|$", PAGE, re.MULTILINE)
    assert len(rows) > 10
    for members, folders in rows:
        assert all(hasattr(Provider, member) or member in Provider.__annotations__ for member in _quoted(members))
        assert all((ROOT / "sandbox" / "providers" / folder).is_dir() for folder in _quoted(folders))


def _quoted(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


def test_the_page_is_in_good_style(tree: Path) -> None:
    """What people copy from the page passes the linter and is formatted."""
    shutil.copy(ROOT / "pyproject.toml", tree)
    known = ["--config", "lint.isort.known-first-party=['harness', 'sandbox']"]
    for check in (["check", "--quiet"], ["format", "--check", "--quiet"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *check, "--no-cache", *known, "sandbox", "tests"],
            cwd=tree,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
