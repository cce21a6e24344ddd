"""The plugin gives tests a sandbox, prints what happened when one fails, and costs nothing where it is not wanted."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

# What a sandbox imports only when it is needed: sessions within this one would import it again and again.
import aiohttp  # noqa: F401
import httpcore  # noqa: F401
import jinja2  # noqa: F401
import jwt  # noqa: F401
import pytest
import ruamel.yaml  # noqa: F401

import sandbox.embedded
import sandbox.pytest_plugin
import sandbox.testing.coverage  # noqa: F401
from live_server import LiveServer
from sandbox.client import Client, ProblemError

pytest_plugins = "pytester"

# What is imported already, for these sessions, is left as it was imported: that is how it is measured.
QUIET = ("-q", "-p", "no:cacheprovider", "-p", "no:slipcover", "-W", "error", "-W", "ignore:Module already imported")

TALKS = """
    def test_talk(messaging_sandbox):
        account = messaging_sandbox.link()
        account.user("+491234567890").say("Hello")
        assert account.wait_for_callback(kind="message.TEXT")["user"] == "+491234567890"
        assert len(account.messages()) == 1
"""


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    """A sandbox that runs already, with a control token."""
    with LiveServer(control_token="secret") as server:
        yield server


@pytest.fixture
def shared(server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Its client; sessions find it in their environment."""
    monkeypatch.setenv("SANDBOX_URL", server.url)
    monkeypatch.setenv("SANDBOX_CONTROL_TOKEN", "secret")
    with Client(server.url, "secret") as client:
        yield client


def test_server_of_its_own(pytester: pytest.Pytester) -> None:
    """Without SANDBOX_URL a server is started once, with the settings that the tests wish, and ended."""
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def messaging_sandbox_settings():
            return {"seed": "wished", "control_token": "secret"}
        """
    )
    pytester.makepyfile(
        TALKS,
        test_settings="""
        import pytest

        URLS = set()

        @pytest.mark.parametrize("number", range(2))
        def test_settings(messaging_sandbox, messaging_sandbox_server, number):
            assert messaging_sandbox.client.health()["seed"] == "wished"
            URLS.add(messaging_sandbox.url)
            assert URLS == {messaging_sandbox_server.url}
        """,
    )
    before = set(threading.enumerate())
    pytester.runpytest_inprocess(*QUIET).assert_outcomes(passed=3)
    assert set(threading.enumerate()) <= before


def test_shared_server(pytester: pytest.Pytester, shared: Client) -> None:
    """With SANDBOX_URL the tests use that server, and leave no account behind; one that is gone is none to remove."""
    pytester.makepyfile(
        TALKS,
        test_removed="""
        def test_removed(messaging_sandbox):
            messaging_sandbox.client.remove_account(messaging_sandbox.rbm().id)
            assert messaging_sandbox.mehery().credentials["api_key"]
        """,
    )
    before = shared.accounts()
    pytester.runpytest_inprocess(*QUIET).assert_outcomes(passed=2)
    assert shared.accounts() == before


def test_nobody_answers(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A SANDBOX_URL at which nothing is, is told in one line."""
    monkeypatch.setenv("SANDBOX_URL", "http://127.0.0.1:9")
    pytester.makepyfile(TALKS)
    result = pytester.runpytest_inprocess(*QUIET)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["SANDBOX_URL: no sandbox answers at http://127.0.0.1:9"])


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        pytest.param({"seeed": "7"}, "--config: seeed is no setting; there are host, port, *", id="a-name"),
        pytest.param({"egress": "al"}, "--egress: should be 'private' or 'any', not 'al'", id="a-value"),
    ],
)
def test_bad_settings(pytester: pytest.Pytester, settings: dict[str, object], says: str) -> None:
    """Settings that no sandbox could be started with are told in a line, by the name of their fixture."""
    pytester.makeconftest(
        f"""
        import pytest

        @pytest.fixture(scope="session")
        def messaging_sandbox_settings():
            return {settings!r}
        """
    )
    pytester.makepyfile(TALKS)
    result = pytester.runpytest_inprocess(*QUIET)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"messaging_sandbox_settings: {says}"])


def test_no_control_token(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A control token that is missing is told in one line, by the name of the variable that brings it."""
    pytester.makepyfile(TALKS)
    with LiveServer(control_token="secret") as server:
        monkeypatch.setenv("SANDBOX_URL", server.url)
        result = pytester.runpytest_inprocess(*QUIET)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["SANDBOX_CONTROL_TOKEN: this call needs Authorization: Bearer and the control token"])


def test_async(pytester: pytest.Pytester, shared: Client) -> None:
    """Async tests await every call, each on whatever loop it has, and their accounts go, too."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.anyio
        @pytest.mark.parametrize("number", range(2))
        async def test_talk(async_messaging_sandbox, anyio_backend_name, number):
            account = await async_messaging_sandbox.link()
            await account.user("+491234567890").say("Hello")
            assert (await account.wait_for_callback(kind="message.*"))["kind"] == "message.TEXT"
            assert len(await account.messages()) == 1
        """
    )
    before = shared.accounts()
    pytester.makeconftest("import pytest\n@pytest.fixture\ndef anyio_backend(): return 'asyncio'")
    pytester.runpytest_inprocess(*QUIET).assert_outcomes(passed=2)
    assert shared.accounts() == before


def test_failure_shows_timeline(pytester: pytest.Pytester, shared: Client) -> None:
    """A test that fails, or whose set-up does, prints what happened to its accounts; others print nothing."""
    pytester.makepyfile(
        """
        import pytest

        def test_passes(messaging_sandbox):
            messaging_sandbox.rbm()

        def test_fails(messaging_sandbox):
            messaging_sandbox.link().user("+491234567890").say("Good morning")
            messaging_sandbox.mehery()
            assert messaging_sandbox.url == 0

        @pytest.fixture
        def account(messaging_sandbox):
            messaging_sandbox.webex_connect()
            raise RuntimeError

        def test_has_no_account(account):
            pass

        def test_is_another_thing():
            assert 0
        """
    )
    result = pytester.runpytest_inprocess(*QUIET)
    result.assert_outcomes(passed=1, failed=2, errors=1)
    told = re.findall(r"-+ messaging-sandbox timeline of acc_\w+ \(([\w-]+)\) -+", result.stdout.str())
    assert sorted(told) == ["link", "mehery", "webex-connect"]
    result.stdout.fnmatch_lines(["*timeline of acc_* (link)*", "*say*Good morning*", "*timeline of acc_* (mehery)*"])


def test_no_timeline(pytester: pytest.Pytester, shared: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox that tells no timeline leaves the failure as it is."""

    def refuse(*_: object) -> str:
        raise ProblemError(404, "there is none", [])

    monkeypatch.setattr(Client, "timeline_text", refuse)
    pytester.makepyfile("def test_fails(messaging_sandbox): assert not messaging_sandbox.link()")
    result = pytester.runpytest_inprocess(*QUIET)
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*timeline of*")


def test_failure_ends_at_the_line_of_the_test(pytester: pytest.Pytester, shared: Client) -> None:
    """What is waited for in vain fails the test at its own line, and nothing of ours is shown below it."""
    pytester.makepyfile("def test_fails(messaging_sandbox): messaging_sandbox.rbm().wait_for_callback(within=0)")
    result = pytester.runpytest_inprocess(*QUIET)
    result.stdout.fnmatch_lines(["E*no callback came within 0 s", "", "*.py:1: AssertionError"])
    result.stdout.no_fnmatch_line("*expectation.py*")


# Counts as if the sandbox had: an account has met the operation that it is called by, and every account a callback.
COUNTED = """
    import pytest
    from sandbox.client import Client

    def coverage(client, account_id):
        account = client.account(account_id)
        hits = [{"id": each, "hit": int(each == account["name"])} for each in ("send", "read", "delete")]
        callbacks = [{"id": "event.READ", "hit": 1, "acknowledged": 1}]
        met = {"operations": hits, "outcomes": [], "callbacks": callbacks, "percent": 50.0}
        return {"providers": {account["provider"]: met}}

    @pytest.fixture(scope="session", autouse=True)
    def counted():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Client, "coverage", coverage)
            yield
"""
MEETS = """
    import pytest

    @pytest.mark.parametrize("operation", ["send", "read"])
    def test_meets(messaging_sandbox, operation):
        messaging_sandbox.link(name=operation)
"""
TOLD = [
    "*= messaging-sandbox coverage =*",
    "provider * operations  outcomes  callbacks  percent",
    "link * 2/3       0/0        1/1     75.0",
    "link: operations not met: delete",
]


def test_coverage(pytester: pytest.Pytester, shared: Client) -> None:
    """What all tests have met together is told at the end, although their accounts are gone; else nothing is."""
    pytester.makeconftest(COUNTED)
    pytester.makepyfile(MEETS)
    result = pytester.runpytest_inprocess(*QUIET, "--messaging-sandbox-coverage")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(TOLD, consecutive=True)
    pytester.runpytest_inprocess(*QUIET).stdout.no_fnmatch_line("*coverage*")


def test_workers(pytester: pytest.Pytester, shared: Client) -> None:
    """
    Under pytest-xdist tests that talk to the same person see nothing of one another, and what they met is added up.

    `make flakes` runs all of them, many times over.
    """
    pytester.makeconftest(COUNTED)
    flakes = Path(__file__).with_name("flakes") / "same_numbers.py"
    pytester.makepyfile(MEETS, test_flakes=flakes.read_text(encoding="utf-8"))
    result = pytester.runpytest_inprocess(*QUIET, "--messaging-sandbox-coverage", "-n", "2", "-k", "meets or turn0")
    result.assert_outcomes(passed=12)
    result.stdout.fnmatch_lines(TOLD)


def test_costs_nothing(pytester: pytest.Pytester) -> None:
    """Where no test wants a sandbox, nothing of it is imported but the plugin."""
    pytester.makepyfile(
        """
        import sys

        def test_other_things():
            ours = {name for name in sys.modules if name.partition(".")[0] == "sandbox"}
            assert ours == {"sandbox", "sandbox.pytest_plugin"}
            assert not {"httpx", "pydantic", "uvicorn", "starlette", "asyncio"} & set(sys.modules)
        """
    )
    pytester.runpytest_subprocess(*QUIET, "-p", "no:anyio", "-p", "no:xdist").assert_outcomes(passed=1)
