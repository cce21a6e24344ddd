"""`serve` says where it is and what to try, tells everything that is wrong at once, and ends when it is told to."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from command_line import Run
from sandbox.cli.serve import _serve, listen_on
from sandbox.client import Client
from sandbox.settings import Settings

SERVE = [sys.executable, "-m", "sandbox", "serve", "--port", "0"]
PATIENCE = 30


class Started:
    """A server of its own process, up to the line that tells what to try."""

    def __init__(self, *flags: str) -> None:
        self.process = subprocess.Popen(
            [*SERVE, *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
        assert self.process.stdout is not None
        self.lines: list[str] = []
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line.startswith("curl"):
                break
        found = re.search(r"http://127\.0\.0\.1:\d+", "\n".join(self.lines))
        assert found, self.lines
        self.url = found[0]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; return the exit code and what was written to stderr."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, errors


@pytest.fixture
def start() -> Iterator[Callable[..., Started]]:
    """Start servers, and end those that still run after the test."""
    servers: list[Started] = []

    def start(*flags: str) -> Started:
        servers.append(Started(*flags))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture
def started(start: Callable[..., Started]) -> Started:
    """A server that runs."""
    return start()


def test_curl_works_verbatim(started: Started) -> None:
    """The printed `curl` sends a message, pasted into a shell as it stands."""
    done = subprocess.run(["sh", "-c", started.lines[-1]], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["messageContent"]["text"] == "Shall we begin?"
    with Client(started.url) as client:
        assert client.messages(direction="inbound", kind="suggestion_response", wait=5).items[0]["text"] == "Yes"


def test_table(started: Started) -> None:
    """One table tells provider, base URL, account, credentials and webhook."""
    _, _, headings, row, *_ = started.lines
    assert re.split(r"  +", headings) == ["provider", "base URL", "account", "webhook", "credentials"]
    provider, base, account, webhook, credentials = re.split(r"  +", row)
    assert (provider, base, account) == ("link", started.url, "acc_link")
    assert credentials.startswith("customer_id eap00001; ")
    assert "PRIVATE KEY" not in row
    assert webhook == "none"


def test_where_to_look(start: Callable[..., Started]) -> None:
    """The page is named, and without a webhook so is the setting that brings one."""
    server = start()
    assert f"In a browser: {server.url}/" in server.lines
    assert any("--webhook-url" in line for line in server.lines)
    server = start("--webhook-url", "http://127.0.0.1:9/")
    assert not any("--webhook-url" in line for line in server.lines)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_ends_quietly(started: Started, number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C end the server at once, with exit code 0 and nothing to say, whoever watches."""
    with Client(started.url) as client, client.events() as events:
        assert started.stop(number) == (0, "")
        assert list(events) == []


def test_ends_while_something_hangs(start: Callable[..., Started]) -> None:
    """A webhook that never answers and a request that is never answered hold the end up for less than 3 s."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = start("--webhook-url", f"http://127.0.0.1:{silent.getsockname()[1]}/")
        hanging = subprocess.Popen(["sh", "-c", server.lines[-1].replace("+99900002001", "+99900003104")])
        with Client(server.url) as client:
            client.act("acc_link", "say", user="+491234567890", text="Hello")
            assert client.requests(wait=5).satisfied
            assert client.callbacks(state="sending", wait=5).satisfied
        begun = time.monotonic()
        code, errors = server.stop()
        assert time.monotonic() - begun < 3
    assert hanging.wait(PATIENCE) != 0
    assert code == 0
    assert "the sandbox stops: calls that waited were answered, or cut off if a fault had them hang: 1" in errors
    assert "1 callbacks were not delivered before the end" in errors
    assert errors.count("\n") == 2


def test_requests_are_logged(start: Callable[..., Started]) -> None:
    """With `--log-level debug` each provider request is a line on stderr, as JSON if that is wanted."""
    server = start("--log-level", "debug", "--log-format", "json")
    subprocess.run(["sh", "-c", server.lines[-1]], capture_output=True, check=True)
    with Client(server.url) as client:
        assert client.requests(wait=5).satisfied
    code, errors = server.stop()
    (line,) = errors.splitlines()
    logged = json.loads(line)
    assert logged["event"] == "POST /gateway/lmc/v1/phone/+99900002001/conversationMessage 200"
    assert (code, logged["level"], logged["logger"]) == (0, "debug", "sandbox.requests")


def test_same_seed_same_ids(start: Callable[..., Started]) -> None:
    """Printing a token takes nothing from the seed: ids after the start are those after a reset."""
    server = start("--seed", "7")
    with Client(server.url) as client:
        first = client.act("acc_link", "say", user="+491234567890", text="Hello")
        client.reset()
        assert client.act("acc_link", "say", user="+491234567890", text="Hello") == first


def test_all_problems_at_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each wrong setting is a line that names its flag; the exit code is 2."""
    monkeypatch.setenv("SANDBOX_EGRESS", "all")
    ran = run("serve", "--port", "70000", "--tls-cert", __file__, "--config", "nope.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert [line.partition(":")[0] for line in ran.err.splitlines()] == ["--config", "--port", "--egress", "--tls-key"]


def test_no_certificate(run: Run) -> None:
    """Files that hold no certificate are told in one line."""
    ran = run("serve", "--port", "0", "--tls-cert", __file__, "--tls-key", __file__)
    assert ran.code == 2
    assert ran.err.startswith("--tls-cert: ")
    assert ran.err.count("\n") == 1


def test_port_in_use(run: Run) -> None:
    """A port that is taken is told in one line with a way out."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = run("serve", "--port", str(taken.getsockname()[1]))
    assert ran.code == 2
    assert re.fullmatch(r"--port: \d+ is in use on 127\.0\.0\.1; .*--port 0\n", ran.err)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["--host", "no.such.host.invalid"], "--host: cannot listen on no.such.host.invalid", id="name"),
        pytest.param(["--host", "203.0.113.1"], "--host: cannot listen on 203.0.113.1", id="not-ours"),
    ],
)
def test_host(run: Run, arguments: list[str], says: str) -> None:
    """An address that is not this machine's is told in one line."""
    ran = run("serve", "--port", "0", *arguments)
    assert ran.code == 2
    assert ran.err.startswith(says)
    assert ran.err.count("\n") == 1


def test_port_not_ours(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that the system keeps to itself is told in one line."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("sandbox.cli.serve.listen", refuse)
    ran = run("serve", "--port", "80")
    assert (ran.code, ran.err) == (2, "--port: 80 is not ours to listen on; take one from 1024 up\n")


def test_scenario_complaints(run: Run, tmp_path: Path) -> None:
    """What is wrong with the user's scenarios is told with file, line and column."""
    (tmp_path / "wrong.yaml").write_text("name: wrong\nsteps:\n  - do: sey\n", encoding="utf-8")
    ran = run("serve", "--port", "0", "--scenarios", str(tmp_path))
    assert ran.code == 2
    assert ran.err.startswith(f"{tmp_path / 'wrong.yaml'}:3:9: steps[0].do: ")


@pytest.mark.parametrize(
    ("accounts", "says"),
    [
        pytest.param([{"provider": "nope"}], "'nope' is no provider; there are link", id="unknown-provider"),
        pytest.param(
            [{"provider": "link", "credentials": {"customer_id": "eap00001"}}], "customer_id", id="credential-taken"
        ),
        pytest.param([{"provider": "link", "settings": {"nope": 1}}], "nope", id="unknown-setting"),
        pytest.param([{"provider": "link", "id": "mine"}], "[0].id", id="bad-id"),
    ],
)
def test_wrong_accounts(run: Run, accounts: list[object], says: str) -> None:
    """An account that cannot be made is told in one line."""
    ran = run("serve", "--port", "0", "--accounts", json.dumps(accounts))
    assert ran.code == 2
    assert ran.err.startswith("--accounts: ")
    assert says in ran.err
    assert ran.err.count("\n") == 1


async def _serve_for_a_moment(settings: Settings) -> None:
    """Start as `serve` does, and send ourselves SIGTERM when the last line is printed."""
    with listen_on(settings.host, settings.port) as listener:
        serving = asyncio.create_task(_serve(settings, listener))
        with Client(f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
            await asyncio.to_thread(client.health)
        os.kill(os.getpid(), signal.SIGTERM)
        await serving


@pytest.fixture
def signals() -> Iterator[None]:
    """Signals are handled as before when the test has ended."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("signals")
@pytest.mark.parametrize(
    ("host", "token", "warned"),
    [
        pytest.param("0.0.0.0", None, True, id="open-to-all"),
        pytest.param("0.0.0.0", "secret", False, id="open-with-a-token"),
        pytest.param("127.0.0.1", None, False, id="loopback"),
        pytest.param("localhost", None, False, id="localhost"),
    ],
)
async def test_warning(host: str, token: str | None, warned: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """A sandbox that others can reach and nobody protects is warned of."""
    await _serve_for_a_moment(Settings(host=host, port=0, control_token=token, seed="test", clock="virtual"))
    printed = capsys.readouterr()
    assert ("warning: 0.0.0.0 can be reached" in printed.err) is warned
    assert "http://0.0.0.0" not in printed.out
    assert "clock standing at " in printed.out


@pytest.mark.usefixtures("signals")
async def test_own_accounts(capsys: pytest.CaptureFixture[str]) -> None:
    """Accounts of the settings are completed, and replace shipped ones of their id."""
    settings = Settings.model_validate(
        {
            "port": 0,
            "webhook_url": "http://127.0.0.1:8000/hook",
            "accounts": [
                {"provider": "link", "id": "acc_link", "name": "Mine"},
                {"provider": "link", "id": "acc_other", "webhook": {"url": "http://127.0.0.1:8001/"}},
            ],
        }
    )
    await _serve_for_a_moment(settings)
    rows = {row.split()[2]: row for row in capsys.readouterr().out.splitlines()[3:10]}
    assert rows["acc_link"].split()[3] == "none"
    assert rows["acc_other"].split()[3] == "http://127.0.0.1:8001/"
