"""Everything that the guide to testing with pytest shows works, and its tables are true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from live_server import LiveServer
from sandbox import pytest_plugin
from sandbox.cli.exec import _variables
from sandbox.engine.actions import models
from sandbox.testing import SandboxAccount

pytest_plugins = "pytester"

# What is imported already, for this session, is left as it was imported: that is how it is measured.
QUIET = ("-q", "-p", "no:cacheprovider", "-p", "no:slipcover", "-W", "error", "-W", "ignore:Module already imported")

GUIDE = (Path(__file__).resolve().parent.parent / "docs" / "testing-with-pytest.md").read_text(encoding="utf-8")
EXAMPLES: Mapping[str, str] = dict(re.findall(r"^```python (\S+)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL))
ASYNC = "import pytest\n@pytest.fixture\ndef anyio_backend():\n    return 'asyncio'\n"


def test_examples(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example runs, with warnings as errors."""
    for name, text in EXAMPLES.items():
        pytester.path.joinpath(name).write_text(text + (ASYNC if name == "conftest.py" else ""), encoding="utf-8")
    with LiveServer() as server:
        monkeypatch.setenv("SANDBOX_URL", server.url)
        result = pytester.runpytest_inprocess(*QUIET)
    result.assert_outcomes(passed=len(EXAMPLES) - 1)


def test_first_example_is_short() -> None:
    """The first test, without what it imports, is ten lines at most."""
    assert EXAMPLES["test_first.py"].strip().count("\n") <= 10


def test_what_an_account_has() -> None:
    """The table of an account names what there is, and leaves nothing out."""
    table = GUIDE[GUIDE.index("| of an account") : GUIDE.index("## People")]
    told = {name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)", row)}
    own = {"id", "provider", "name", "base_url", "credentials", "clock"}
    public = {name for name in dir(SandboxAccount) if not name.startswith("_")}
    assert told == own | public - {"perform", "send", "network"}


def test_actions() -> None:
    """Every action is named, and there is no other."""
    told = GUIDE[GUIDE.index("## People") : GUIDE.index("```python test_people.py")]
    assert set(re.findall(r"`(\w+)`", told)) == set(models())


def test_fixtures() -> None:
    """The table of fixtures is that of the plugin."""
    told = set(re.findall(r"^\| `(\w+)` \| (?:test|session) \|", GUIDE, re.MULTILINE))
    assert told == {name for name in vars(pytest_plugin) if "messaging_sandbox" in name}
    assert pytest_plugin.OPTION in GUIDE


def test_variables() -> None:
    """The variables that `exec` is said to set are set."""
    with LiveServer() as server:
        variables = dict(_variables(server.url, "secret", server.app.sandbox.accounts))
    told = GUIDE[GUIDE.index("| variable | is |") : GUIDE.index("## When a test fails")]
    for row in told.splitlines()[2:-2]:
        first, *others = re.findall(r"`(…?[A-Z0-9_]+)`", row.split("|")[1])
        account = re.match(r"SANDBOX_ACC_(WEBEX_CONNECT|[A-Z]+)|", first)
        assert account is not None
        assert {first, *(name.replace("…", account[0]) for name in others)} <= variables.keys()
