"""Command check-webhook: what it prints and writes, how it ends, and bots that it watches over real HTTP."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

import receivers
from command_line import Run
from live_server import LiveServer
from sandbox.client import Client
from sandbox.providers.rbm import PROVIDER
from served import Serve, served

HELD = " and holds back all that comes after it for this person"
QUICK = ("--port", "0", "--only", "kind")


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a receiver, and stop it with the test."""
    with ExitStack() as stack:
        yield lambda receiver: stack.enter_context(served(receiver))


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_good_webhook(run: Run, serve: Serve) -> None:
    """A good webhook ends with 0: a line for each check between what is done and what came of it."""
    receiver = serve(receivers.of("rbm"))
    ran = run("check-webhook", receiver.url, "--provider", "rbm", *QUICK)
    assert ran.code == 0, ran.out
    first, blank, *lines, last_blank, summary = ran.out.splitlines()
    assert first == f"{receiver.url}: 4 checks as RBM calls it, at most 10 s an answer"
    assert (blank, last_blank) == ("", "")
    assert [line.split()[:2] for line in lines] == [
        ["passed", f"kind/{kind}"] for kind in ("text", "suggestion", "file", "location")
    ]
    assert summary.startswith("4 passed in ")


def test_findings(run: Run, serve: Serve) -> None:
    """A finding is told once, with what was sent, what came back, what says so and what to do, and ends with 1."""
    receiver = serve(receivers.of("rbm", receivers.AnswersNoContent))
    ran = run("check-webhook", receiver.url, "--provider", "rbm", *QUICK)
    assert ran.code == 1
    assert "A bot is watched" not in ran.out  # RBM takes no messages
    told = ran.out[ran.out.index("failed  kind/text") :].splitlines()
    assert told[1:3] == ["  came back answered with 204, to text", "  sent      one callback text"]
    assert told[3].startswith('  body      {"agent":"SandboxAgent","phone":"+9198')
    assert told[4:] == [
        "  wanted    a robust receiver acknowledges",
        f"  source    RBM-CB-02: {PROVIDER.rules['RBM-CB-02'].says} (002_d75509f13cd52d15.txt:22-31, 47-55, 67-83)",
        f"  to do     answer exactly 200: the provider tries again after 1, 5, 15 s{HELD}",
        "  also in   kind/suggestion, kind/file, kind/location",
        "",
        ran.out.splitlines()[-1],
    ]
    assert ran.out.splitlines()[-1].startswith("4 failed in ")


def test_json(run: Run, serve: Serve) -> None:
    """JSON has every check with its requests and findings."""
    receiver = serve(receivers.of("rbm", receivers.ComplainsInJson))
    ran = run("check-webhook", receiver.url, "--provider", "rbm", *QUICK, "--json")
    assert ran.code == 0  # a warning is no finding
    assert ran.json["url"] == receiver.url
    assert {name: ran.json["summary"][name] for name in ("passed", "failed", "warning", "not_observed")} == {
        "passed": 3,
        "failed": 0,
        "warning": 1,
        "not_observed": 0,
    }
    check: dict[str, Any] = ran.json["checks"][3]
    assert (check["name"], check["outcome"], check["requests"][0]["status"]) == ("kind/location", "warning", 200)
    (finding,) = check["findings"]
    assert finding["severity"] == "warning"
    assert '"error": "not implemented"' in finding["answer"]
    assert '"type":"location"' in finding["request"]["body"]


@pytest.mark.parametrize(("options", "code", "failures"), [((), 0, "0"), (("--strict",), 1, "1")], ids=["", "strict"])
def test_junit(run: Run, serve: Serve, tmp_path: Path, options: tuple[str, ...], code: int, failures: str) -> None:
    """JUnit XML has a case for each check; with --strict, warnings are failures."""
    receiver = serve(receivers.of("rbm", receivers.ComplainsInJson))
    file = tmp_path / "check.xml"
    only = ("--only", "kind", "--only", "proof/absent", "--port", "0")
    ran = run("check-webhook", receiver.url, "--provider", "rbm", *only, "--junit", str(file), *options)
    assert ran.code == code
    suite = ET.parse(file).getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("5", failures, "1")
    cases = {case.get("name"): case for case in suite}
    assert cases["proof/absent"].find("skipped") is not None
    text = cases["kind/text"].findtext("system-out") or ""
    assert text.startswith("text: 200 in ")


def test_list(run: Run) -> None:
    """The checks are listed without being made, as a table or as JSON."""
    table = run("check-webhook", "http://127.0.0.1:9/", "--provider", "link", "--list", "--only", "delivery/*")
    assert table.code == 0
    assert table.out.splitlines()[0].split() == ["check", "sends"]
    assert "delivery/event.READ-before-event.DELIVERED" in table.out
    listed = run("check-webhook", "http://127.0.0.1:9/", "--provider", "link", "--list", "--json").json
    assert len(listed) > 50
    assert set(listed[0]) == {"name", "sends", "expects", "source"}


def test_nobody_listens(run: Run) -> None:
    """Where nothing listens, that is found once and the rest is left out."""
    ran = run("check-webhook", f"http://127.0.0.1:{free_port()}/", "--provider", "rbm", *QUICK)
    assert ran.code == 1
    assert "came back nothing listens there, to text" in ran.out
    assert "1 failed, 3 skipped" in ran.out
    skipped = [line for line in ran.out.splitlines() if line.startswith(("skipped", "   "))]
    assert [line.split()[0] for line in skipped] == ["skipped", "and"]


def test_headers_and_secret(run: Run, serve: Serve) -> None:
    """The webhook gets the headers that it wants, and the secret by which it knows its provider."""
    headers: list[str | None] = []

    class Gated(receivers.Receiver):
        async def answer(self, request: receivers.Request) -> receivers.Answer:
            headers.append(request.headers.get("x-gate"))
            return await super().answer(request)

    receiver = serve(receivers.of("rbm", Gated, "user:word"))
    only = ("--only", "kind", "--only", "proof", "--only", "http/pieces", "--port", "0")
    options = ("--secret", "user:word", "--header", "X-Gate: open sesame")
    ran = run("check-webhook", receiver.url, "--provider", "rbm", *only, *options)
    assert ran.code == 0, ran.out
    assert set(headers) == {"open sesame"}


BAD_USE = [
    pytest.param(("--provider", "fax"), "--provider: 'fax' is no provider; there are link, ", id="unknown-provider"),
    pytest.param((), "give --provider, or --account of a running sandbox", id="no-provider"),
    pytest.param(("--provider", "link", "--secret", "x"), "--secret: LINK documents no signature", id="no-secret"),
    pytest.param(("--provider", "rbm", "--secret", "x"), "--secret: RBM sends Basic credentials", id="bad-secret"),
    pytest.param(("--provider", "rbm", "--secret", "a\x01:b"), "--secret: ", id="control-character"),
    pytest.param(("--provider", "rbm", "--header", "x"), "--header: 'x' is not NAME:VALUE on one line", id="header"),
    pytest.param(
        ("--provider", "rbm", "--only", "x/*"), "--only: no check is called x/*; there are groups kind, ", id="only"
    ),
    pytest.param(("--provider", "rbm", "--timeout", "0"), "invalid value for '--timeout'", id="timeout"),
    pytest.param(("--provider", "rbm", "--junit", "/nowhere/x.xml"), "--junit: /nowhere/x.xml: ", id="junit"),
]


@pytest.mark.parametrize(("options", "says"), BAD_USE)
def test_bad_use(run: Run, options: tuple[str, ...], says: str) -> None:
    """What cannot be done is said in a line, and ends with 2."""
    only = () if "--only" in options else ("--only", "kind")
    ran = run("check-webhook", f"http://127.0.0.1:{free_port()}/", *options, *only, "--port", "0")
    assert (ran.code, says in ran.err) == (2, True), (ran.out, ran.err)
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("url", "says"),
    [
        pytest.param("ftp://localhost/", "must be an absolute http or https URL with a host", id="scheme"),
        pytest.param("hook", "must be an absolute http or https URL with a host", id="no-url"),
        pytest.param("http://169.254.169.254/", "link-local", id="metadata"),
        pytest.param(
            "https://hooks.mehery.com/", "is a real provider's host; callbacks never go there", id="real-provider"
        ),
    ],
)
def test_addresses_that_are_never_called(run: Run, url: str, says: str) -> None:
    """Neither what is no address nor what no callback ever goes to is tried out."""
    ran = run("check-webhook", url, "--provider", "rbm", "--port", "0")
    assert ran.code == 2
    assert says in ran.err


def test_ports(run: Run, serve: Serve) -> None:
    """The port that was asked for must be free; the usual one gives way."""
    receiver = serve(receivers.of("link"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = run("check-webhook", receiver.url, "--provider", "link", "--port", port)
    assert ran.code == 2
    assert f"--port: {port} is in use; to watch a bot of the sandbox there, give --account and --url" in ran.err


def test_usual_port_gives_way(run: Run, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the usual port is in use, a free one is taken and told."""
    receiver = serve(receivers.of("link"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr("sandbox.cli.check_webhook.PORT", port)
        ran = run("check-webhook", receiver.url, "--provider", "link", "--only", "kind")
    assert ran.code == 0
    assert "A bot is watched if it sends to http://127.0.0.1:" in ran.out
    assert f"http://127.0.0.1:{port};" not in ran.out


def test_ports_that_are_not_ours(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that cannot be listened at for another reason is told with it."""

    def refuse(_host: str, _port: int) -> socket.socket:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("sandbox.server.listen", refuse)
    ran = run("check-webhook", "http://127.0.0.1:9/", "--provider", "link", "--port", "80")
    assert (ran.code, ran.err) == (2, "--port: cannot listen on 80: Permission denied\n")


def test_provider_without_rehearsal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that nobody has rehearsed cannot be checked, and that is said."""
    monkeypatch.setattr(type(PROVIDER), "rehearsal", lambda _: None)
    ran = run("check-webhook", "http://127.0.0.1:9/", "--provider", "rbm", "--port", "0")
    assert (ran.code, ran.err) == (2, "--provider: nobody has said how RBM's callbacks are brought about\n")


class Chatty:
    """A bot that answers what it is told, twice if it is told twice, by Webex Connect's API over real HTTP."""

    def __init__(self, base: str, key: str) -> None:
        self.base = base
        self.key = key

    def __call__(self, user: str) -> None:
        """Send an answer."""
        body = {"deliverychannel": "sms", "channels": {"sms": {"text": "Hi"}}, "destination": [{"msisdn": [user]}]}
        answer = httpx.post(f"{self.base}/resources/v1/messaging", json=body, headers={"key": self.key}, timeout=5)
        assert answer.status_code == 200


ONLY_BOT = ("--only", "bot/answers", "--only", "bot/duplicate", "--wait", "2")


def test_bot_of_ones_own_server(run: Run, serve: Serve) -> None:
    """A bot that takes the command for its provider is seen to answer twice."""
    port = free_port()
    bot = Chatty(f"http://127.0.0.1:{port}", "2f1d9c2e-5b7a-11ee-9a03-0242ac130003")
    receiver = serve(receivers.bot("webex-connect", "every", bot))
    options = ("--provider", "webex-connect", "--port", str(port), "--say", "Is anybody there?")
    ran = run("check-webhook", receiver.url, *options, *ONLY_BOT)
    assert ran.code == 1, ran.out
    assert "the bot sent 2 messages, where it sends 1 for one text" in ran.out
    assert {told.text for told in receiver.told} == {"Is anybody there?"}


def test_bot_of_a_running_server(run: Run, serve: Serve, server: LiveServer) -> None:
    """A bot of a running sandbox is watched there, with the credentials of its account."""
    with Client(server.url) as client:
        key = client.account("acc_webex_connect")["credentials"]["service_key"]
    receiver = serve(receivers.bot("webex-connect", "every", Chatty(server.url, key)))
    options = ("--account", "acc_webex_connect", "--url", server.url)
    ran = run("check-webhook", receiver.url, *options, *ONLY_BOT, "--port", "0")
    assert ran.code == 1, ran.out
    assert f"A bot is watched at {server.url}, account acc_webex_connect." in ran.out
    assert "the bot sent 2 messages, where it sends 1 for one text" in ran.out


def test_account_of_another_provider(run: Run, server: LiveServer) -> None:
    """An account and a provider that contradict each other are told."""
    ran = run("check-webhook", "http://127.0.0.1:9/", "--account", "acc_link", "--provider", "rbm")
    assert (ran.code, ran.err) == (2, "--provider: acc_link is an account of link, not rbm\n")
