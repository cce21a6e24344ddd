"""`doctor` finds what usually goes wrong, and says what to do about it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from command_line import Ran, Run
from live_server import LiveServer
from sandbox.cli import checkup, surroundings
from sandbox.cli.surroundings import reach
from sandbox.client import Client, ProblemError

USER = "+491234567890"
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _nothing_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No proxy of this machine and no settings file has a say."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def listening() -> Iterator[str]:
    """A web address where something listens and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/webhook"


@pytest.fixture
def deaf() -> Iterator[str]:
    """A web address where nothing listens, and nothing else can begin to."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/webhook"


def change(server: LiveServer, account: str, body: dict[str, Any]) -> None:
    """Change an account over the control API."""
    httpx.patch(f"{server.url}/_sandbox/accounts/{account}", json=body).raise_for_status()


def found(ran: Ran, check: str) -> list[tuple[str, str, str | None]]:
    """Return what `doctor --json` found of one sort: the mark, what it says and what helps."""
    return [(each["mark"], each["says"], each["remedy"]) for each in ran.json["findings"] if each["check"] == check]


def test_all_is_well(server: LiveServer, run: Run, listening: str) -> None:
    """Where all is well there is a line for each thing that was looked at, and the status is 0."""
    with Client(server.url) as client:
        accounts = [account["id"] for account in client.accounts()]
    for account in accounts:
        change(server, account, {"webhook": {"url": listening}})
    ran = run("doctor")
    assert ran.code == 0, ran.out
    lines = ran.out.splitlines()
    checks = [
        "version",
        "settings",
        "scenarios",
        "proxy",
        "server",
        "token",
        "webhook",
        "clock",
        "callbacks",
        "requests",
    ]
    assert [line.split()[:2] for line in lines[:-1]] == [["✓", check] for check in checks]
    assert f"{listening} (acc_link, acc_webex_connect, acc_mehery and 3 more) can be reached" in ran.out
    assert lines[-1] == "10 things looked at: 0 cannot work, 0 may be meant otherwise"


def test_json(server: LiveServer, run: Run) -> None:
    """`--json` gives every finding with what helps; a warning is no failure."""
    ran = run("doctor", "--json")
    assert (ran.code, ran.json["healthy"]) == (0, True)
    assert list(ran.json["findings"][0]) == ["check", "mark", "says", "remedy"]
    assert found(ran, "webhook") == [
        (
            "warn",
            "callbacks of acc_link, acc_webex_connect, acc_mehery and 3 more are recorded only: there is no webhook",
            "serve --webhook-url URL, or PATCH /_sandbox/accounts/{id} with a webhook",
        )
    ]


# ---------------------------------------------------------------------------------------------------- this machine


@pytest.mark.parametrize(
    ("text", "check", "says"),
    [
        pytest.param("port: 99999", "settings", "--port: should be less than or equal to 65535", id="a-bad-value"),
        pytest.param("colour: blue", "settings", "colour is no setting", id="an-unknown-setting"),
        pytest.param("scenarios: own", "scenarios", "bad.yaml:2:8", id="a-bad-scenario"),
        pytest.param("default_scenario: nope", "scenarios", "no scenario 'nope'", id="no-such-default"),
        pytest.param(
            "accounts: [{provider: link, credentials: {customer_id: eap00001}}]",
            "settings",
            "customer_id=eap00001 is taken",
            id="a-credential-that-is-taken",
        ),
    ],
)
def test_bad_settings(run: Run, deaf: str, tmp_path: Path, text: str, check: str, says: str) -> None:
    """What `serve` would refuse to start with is a failure, in the words of `serve`."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "bad.yaml").write_text("name: bad\nsteps: 7\n", encoding="utf-8")
    (tmp_path / "sandbox.yaml").write_text(text, encoding="utf-8")
    ran = run("doctor", "--url", deaf, "--json")
    ((mark, said, remedy),) = found(ran, check)
    assert (ran.code, mark) == (1, "fail")
    assert says in said
    assert remedy


@pytest.mark.parametrize("named", [pytest.param(True, id="--config"), pytest.param(False, id="sandbox.yaml")])
def test_good_settings(run: Run, deaf: str, tmp_path: Path, *, named: bool) -> None:
    """Good settings are told with the file that they are in."""
    name = "other.yaml" if named else "sandbox.yaml"
    (tmp_path / name).write_text("port: 4711\n", encoding="utf-8")
    ran = run("doctor", "--url", deaf, "--json", *(["--config", name] if named else []))
    assert found(ran, "settings") == [("ok", f"valid ({name})", None)]


@pytest.mark.parametrize(
    ("name", "bypass", "expected"),
    [
        pytest.param("HTTP_PROXY", None, "warn", id="http"),
        pytest.param("all_proxy", None, "warn", id="all"),
        pytest.param("HTTPS_PROXY", None, "ok", id="of-another-scheme"),
        pytest.param("HTTP_PROXY", "localhost,127.0.0.1", "ok", id="bypassed"),
    ],
)
def test_proxy(
    run: Run, deaf: str, monkeypatch: pytest.MonkeyPatch, name: str, bypass: str | None, expected: str
) -> None:
    """A proxy of the shell that would stand in the way is a warning; its password is not told."""
    monkeypatch.setenv(name, "http://user:secret@proxy.test:3128")
    if bypass is not None:
        monkeypatch.setenv("NO_PROXY", bypass)
    ran = run("doctor", "--url", deaf, "--json")
    ((mark, says, remedy),) = found(ran, "proxy")
    assert mark == expected
    assert "secret" not in ran.out
    if mark == "warn":
        assert says == "the environment sends what a client asks of 127.0.0.1 to http://proxy.test:3128"
        assert remedy is not None
        assert remedy.startswith("export NO_PROXY=127.0.0.1 ")


# ------------------------------------------------------------------------------------------------------ the server


def test_nobody_listens(run: Run, deaf: str) -> None:
    """Where nothing listens that is said, with how to start a server, and nothing more is asked."""
    url = deaf.removesuffix("/webhook")
    ran = run("doctor", "--url", url)
    assert ran.code == 1
    assert f"✗ server     no sandbox answers at {url}: nothing listens at {url.removeprefix('http://')}\n" in ran.out
    assert "→ start one with `messaging-sandbox serve`" in ran.out
    assert "token" not in ran.out


def test_somebody_else_listens(run: Run) -> None:
    """Where another program answers that is said, with what to do about the port."""
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as other:
        thread = threading.Thread(target=other.handle_request)
        thread.start()
        ran = run("doctor", "--url", f"http://127.0.0.1:{other.server_port}", "--json")
        thread.join(10)
    ((mark, says, remedy),) = found(ran, "server")
    assert (ran.code, mark) == (1, "fail")
    assert "is taken by another program: what answers there is no sandbox (status 501)" in says
    assert remedy is not None
    assert "--port 0" in remedy


def test_https_where_there_is_none(server: LiveServer, run: Run) -> None:
    """A sandbox that speaks http and is asked by https is not taken for another program."""
    url = server.url.replace("http", "https")
    assert found(run("doctor", "--json", "--url", url), "server") == [
        (
            "fail",
            f"what listens at {url} cannot be asked: it speaks http, not https",
            "correct --url or SANDBOX_URL",
        )
    ]


def test_host_is_refused(server: LiveServer, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that does not want to be called by that name is told in its words."""

    def refuse(_: Client) -> None:
        raise ProblemError(403, "the Host 'x' is not one of this server", [])

    monkeypatch.setattr(Client, "health", refuse)
    ((mark, says, _),) = found(run("doctor", "--json"), "server")
    assert (mark, says) == ("fail", f"{server.url} refuses: the Host 'x' is not one of this server")


def test_another_version(server: LiveServer, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of another version is a warning."""
    monkeypatch.setattr(Client, "health", lambda _: {"version": "9.9", "clock": "real", "seed": "s"})
    ((mark, says, _),) = found(run("doctor", "--json"), "server")
    assert mark == "warn"
    assert says.startswith("messaging-sandbox 9.9 answers, real clock, seed s; this command is ")


def test_token(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing token and a wrong one are told apart; with the right one all else is looked at."""
    with LiveServer(control_token="secret") as server:
        monkeypatch.setenv("SANDBOX_URL", server.url)
        missing, wrong = run("doctor", "--json"), run("doctor", "--token", "guess", "--json")
        right = run("doctor", "--token", "secret", "--json")
    assert [mark for mark, *_ in found(missing, "token")] == ["fail"]
    assert found(missing, "token")[0][1] == "the server wants a control token"
    assert found(wrong, "token")[0][1] == "the control token given is not the server's"
    assert (wrong.code, right.code) == (1, 0)
    assert found(right, "token") == [("ok", "the control API may be called", None)]


def test_other_refusal(server: LiveServer, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps the control API from being asked otherwise is told in its words."""

    def refuse(_: Client) -> None:
        raise ProblemError(500, "the sandbox failed", [])

    monkeypatch.setattr(Client, "accounts", refuse)
    assert found(run("doctor", "--json"), "token") == [("fail", "the sandbox failed", None)]


# ---------------------------------------------------------------------------------------------------- the accounts


def test_webhooks(server: LiveServer, run: Run, listening: str, deaf: str) -> None:
    """Every address of an account is tried, those in its settings too; one that is never called says why."""
    blocked = "http://169.254.169.254/latest"
    change(server, "acc_link", {"webhook": {"url": deaf}})
    change(server, "acc_rbm", {"webhook": {"url": blocked}})
    outbound = [{"url": listening, "hub_secret": "s"}]
    change(server, "acc_webex_connect", {"settings": {"outbound_webhooks": outbound}})
    ran = run("doctor", "--json")
    assert ran.code == 1
    reached, refused, never, silent = _by_address(found(ran, "webhook"), listening, deaf, blocked)
    assert reached == ("ok", f"{listening} (acc_webex_connect) can be reached", None)
    assert refused[0] == "fail"
    assert refused[1].startswith(f"{deaf} (acc_link) cannot be reached: nothing listens at 127.0.0.1:")
    assert never[0] == "fail"
    assert never[1].startswith(f"{blocked} (acc_rbm) is never called: 169.254.169.254 is ")
    assert silent[0] == "warn"


def _by_address(findings: list[tuple[str, str, str | None]], *urls: str) -> list[tuple[str, str, str | None]]:
    """Return the findings about each of these addresses, and behind them the one about none."""
    about = [next(each for each in findings if each[1].startswith(url)) for url in urls]
    return [*about, next(each for each in findings if each not in about)]


def test_clock(server: LiveServer, run: Run) -> None:
    """A clock that stands while something waits for it is a warning; one that nothing waits for is none."""
    with Client(server.url) as client:
        client.freeze("2030-01-02T12:00:00Z", "acc_link")
        assert found(run("doctor", "--json"), "clock")[0][0] == "ok"
        client.act("acc_link", "say", user=USER, text="Hello", callback={"delay": 60})
        headers = client.authorization("acc_link")
    path = f"/gateway/lmc/v1/phone/{USER}/conversationMessage?messageId=33ac5cb2-b2ea-4ba7-8ee6-1283caa1cf25"
    httpx.post(server.url + path, json={"messageContent": {"text": "Hi"}}, headers=headers).raise_for_status()
    ((mark, says, remedy),) = found(run("doctor", "--json"), "clock")
    assert mark == "warn"
    assert says == (
        "acc_link stands at 2030-01-02T12:00:00.000Z while 1 action waits, the next until 2030-01-02T12:00:00.200Z"
    )
    assert remedy is not None
    assert "clock/advance" in remedy


def test_callbacks(server: LiveServer, run: Run, deaf: str) -> None:
    """Callbacks that did not arrive are told by account and reason, with what helps."""
    change(server, "acc_webex_connect", {"webhook": {"url": deaf}})
    change(server, "acc_rbm", {"webhook": {"url": "http://169.254.169.254/x"}})
    change(server, "acc_rbm_second", {"webhook": {"url": deaf}})
    change(server, "acc_rbm_old", {"webhook": {"url": deaf}})
    with Client(server.url) as client:
        client.freeze("2030-01-02T12:00:00Z")
        client.act("acc_rbm", "say", user=USER, text="Hello", wait=5)
        client.act("acc_rbm_second", "say", user=USER, text="Hello", wait=5)
        client.act("acc_rbm_old", "say", user=USER, text="Hello", wait=5)
        for text in ("Hello", "Hello?"):
            client.act("acc_link", "say", user=USER, text=text, wait=5)
        client.act("acc_webex_connect", "say", user=USER, sender="12345", channel="sms", text="Hello", wait=5)
        client.advance(86_400, "acc_webex_connect")
    ran = run("doctor", "--json")
    told = {says.partition(":")[0]: remedy for _, says, remedy in found(ran, "callbacks")}
    assert list(told) == [
        "1 callback of acc_rbm was blocked",
        "1 callback of acc_webex_connect failed",
        "1 callback of acc_rbm_second is yet to be tried again",
        "1 callback of acc_rbm_old was recorded",
    ]
    failed = told["1 callback of acc_webex_connect failed"]
    assert failed == (
        "nothing listens there: start the program, or correct the webhook's URL; "
        "from a container, 127.0.0.1 is the container itself; "
        "`messaging-sandbox timeline --account acc_webex_connect` tells of each"
    )
    assert all(mark == "warn" for mark, *_ in found(ran, "callbacks"))


def test_strays(server: LiveServer, run: Run) -> None:
    """Requests without good credentials, and those to unknown paths, are told with the last of them."""
    for _ in range(2):
        httpx.post(f"{server.url}/gateway/lmc/v1/phone/{USER}/conversationMessage", json={})
    httpx.get(f"{server.url}/gateway/lmc/v1/phone/{USER}/conversationMessages")
    unauthorized, unknown = found(run("doctor", "--json"), "requests")
    assert unauthorized[1].startswith("2 had no good credentials, the last POST /gateway/lmc/v1/phone/")
    assert unauthorized[1].endswith(" (401, LINK-AUTH-30): no Authorization header")
    assert "messaging-sandbox token" in str(unauthorized[2])
    assert unknown[1].startswith("1 went to a path that no document knows, the last GET /gateway/")
    assert "; the closest is " in unknown[1]


def test_credentials_of_any_form(server: LiveServer, run: Run) -> None:
    """A provider that refuses credentials with a 200 has refused them, too."""
    httpx.post(f"{server.url}/resources/v1/messaging", json={}, headers={"key": "nobody's"})
    ((mark, says, _),) = found(run("doctor", "--json"), "requests")
    assert (mark, says) == (
        "warn",
        "1 had no good credentials, the last POST /resources/v1/messaging (200, WX1-AUTH-02)",
    )


def test_tokens_of_another_time(server: LiveServer, run: Run) -> None:
    """Where tokens are judged by a clock that is not everybody's, that is said."""
    with Client(server.url) as client:
        headers = client.authorization("acc_link")
        client.freeze("2040-01-02T12:00:00Z", "acc_link")
    httpx.get(f"{server.url}/gateway/lmc/v1/featureset", headers=headers)
    ((_, says, remedy),) = found(run("doctor", "--json"), "requests")
    assert says.endswith(", the account's clock says 2040-01-02T12:00:00+00:00")
    assert remedy is not None
    assert remedy.startswith("acc_link's clock says 2040-01-02T12:00:00.000Z, by which tokens are judged; ")


def test_many_accounts(server: LiveServer, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of very many accounts only the first are looked at, which is said."""
    monkeypatch.setattr(checkup, "MOST_ACCOUNTS", 2)
    ran = run("doctor", "--json")
    assert found(ran, "accounts") == [("warn", "only the first 2 of 6 accounts are looked at", None)]
    assert "acc_link, acc_webex_connect are" in found(ran, "webhook")[0][1]


# ------------------------------------------------------------------------------------------------------- reaching


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        pytest.param(TimeoutError(), "127.0.0.1:9 gives no answer within 2 s", id="timeout"),
        pytest.param(OSError(113, "No route to host"), "127.0.0.1:9: No route to host", id="no-way"),
    ],
)
def test_trouble_on_the_way(monkeypatch: pytest.MonkeyPatch, trouble: OSError, why: str) -> None:
    """Whatever keeps a connection from being made is told in a few words."""

    def fail(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(socket, "create_connection", fail)
    assert reach("http://127.0.0.1:9/x") == (False, True, why)


def test_unknown_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that nobody knows is said to be none."""

    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert reach("http://nowhere.test") == (False, True, "the name nowhere.test is not known here")


def test_name_of_a_forbidden_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name counts as what it leads to."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("169.254.169.254", 80))])
    reached = reach("http://innocent.test")
    assert (reached.good, reached.allowed) == (False, False)


def test_slow_resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits longer for a name to be looked up than for the rest."""
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(10) and [])
    monkeypatch.setattr(surroundings, "PATIENCE", 0.01)
    assert reach("https://slow.test").why == "slow.test:443 gives no answer within 0.01 s"
    released.set()


def test_no_address() -> None:
    """What is no address says what is wrong with it."""
    assert "Port" in reach("http://127.0.0.1:99999/").why
