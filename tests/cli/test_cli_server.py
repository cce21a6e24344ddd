"""Commands that look at a running sandbox as a whole, or change it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from command_line import Run
from live_server import LiveServer
from sandbox.client import Client, Event

USER = "+491234567890"


def test_status(server: LiveServer, run: Run) -> None:
    """`status` shows the server and a row for each account."""
    ran = run("status")
    first, headings, row, *others = ran.out.splitlines()
    assert server.url in first
    assert "seed test" in first
    assert headings.split() == ["provider", "account", "webhook"]
    assert row.split() == ["link", "acc_link", "none"]
    assert [other.split() for other in others] == [
        ["webex-connect", "acc_webex_connect", "none"],
        ["mehery", "acc_mehery", "none"],
        ["rbm", "acc_rbm", "none"],
        ["rbm", "acc_rbm_second", "none"],
        ["rbm", "acc_rbm_old", "none"],
    ]


def test_status_tells_of_faults(server: LiveServer, run: Run) -> None:
    """`status` shows what is armed: for whom, what it does, how often it fired and how often it still may."""
    with Client(server.url) as client:
        client.arm({"on": "request", "match": {"operation": "send*"}, "effect": {"type": "status", "status": 503}})
        client.arm(
            {
                "account": "acc_link",
                "on": "callback",
                "match": {"user": USER},
                "effect": {"type": "duplicate"},
                "times": 3,
                "probability": 0.99999,
            }
        )
        run("say", "Hello", "--user", USER)
        told = run("status").out.splitlines()
        faults = run("status", "--json").json["faults"]
        client.reset()
    headings, for_all, *_, last = told[told.index("") + 1 :]
    assert headings.split() == ["fault", "account", "strikes", "effect", "fired", "left"]
    assert "later ones         send*                       status 503" in for_all
    assert last.startswith(faults[-1]["id"])
    assert "callbacks of +491234567890  duplicate copies 1 with probability 0.99999  1      2" in last


def test_status_json(server: LiveServer, run: Run) -> None:
    """`status --json` gives health and accounts."""
    told = run("status", "--json").json
    assert told["status"] == "ok"
    assert told["accounts"][0]["credentials"]["customer_id"] == "eap00001"


def test_url_beats_environment(server: LiveServer, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--url` names the server whatever the environment says."""
    monkeypatch.setenv("SANDBOX_URL", "http://127.0.0.1:9")
    assert run("status", "--url", server.url).code == 0


def test_control_token(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control token comes from `--token` or from the environment; without it the server's refusal is told."""
    with LiveServer(control_token="secret") as server:
        monkeypatch.setenv("SANDBOX_URL", server.url)
        assert run("status", "--token", "secret").code == 0
        refused, wrong = run("status"), run("status", "--token", "other")
        monkeypatch.setenv("SANDBOX_CONTROL_TOKEN", "secret")
        assert run("status").code == 0
    given = "give it with --token, or export SANDBOX_CONTROL_TOKEN\n"
    assert (refused.code, refused.err) == (1, f"the server wants a control token: {given}")
    assert (wrong.code, wrong.err) == (1, f"the control token given is not the server's: {given}")


def test_token(server: LiveServer, run: Run) -> None:
    """`token` prints headers that curl takes, of the first account if none is named."""
    assert run("token").out.startswith("Authorization: Bearer ey")
    assert set(run("token", "--account", "acc_link", "--json").json) == {"Authorization"}


def test_no_token(server: LiveServer, run: Run) -> None:
    """Where a client sends none that is said, not to whatever takes the output."""
    ran = run("token", "--account", "acc_rbm")
    assert (ran.code, ran.out, ran.err) == (0, "", "clients of acc_rbm send no authorization\n")


def test_unknown_account(server: LiveServer, run: Run) -> None:
    """An account that is not there is told."""
    ran = run("token", "--account", "acc_nope")
    assert ran.code == 1
    assert "acc_nope" in ran.err


def test_no_account(server: LiveServer, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox without any account says how to make one."""
    monkeypatch.setattr(Client, "accounts", lambda _: [])
    ran = run("token")
    assert ran.code == 1
    assert "POST /_sandbox/accounts" in ran.err


def test_magic(server: LiveServer, run: Run) -> None:
    """`magic` lists every magic address."""
    shown = run("magic").out.splitlines()
    listed = run("magic", "--json").json["items"]
    assert len(shown) == len(listed) + 1
    assert shown[1].split()[:2] == ["link", listed[0]["address"]]


def test_resend(server: LiveServer, run: Run) -> None:
    """`resend` sends a callback again, under a new id."""
    callback = run("say", "Hello", "--user", USER, "--json").json["callbacks"][0]
    ran = run("resend", callback)
    assert ran.out.startswith("message.TEXT goes out again as cbk_")
    assert run("resend", callback, "--json").json["cause"] == {"type": "redelivery", "id": callback}


def test_timeline(server: LiveServer, run: Run) -> None:
    """`timeline` draws what happened to an account, of one person or of all; `--json` gives the same."""
    for user in (USER, "+4917612345678"):
        run("say", "Hello", "--user", user)
    lines = run("timeline", "--user", USER).out.splitlines()
    assert lines[0].startswith("acc_link (link), real clock at ")
    assert [line.partition("  ")[2] for line in lines[1:3]] == [
        f'action for {USER}: say "Hello"',
        f'message from {USER} (rcs): text "Hello"',
    ]
    told = run("timeline", "--account", "acc_link", "--limit", "1", "--json").json
    assert [item["summary"] for item in told["items"]] == ['action for +4917612345678: say "Hello"']
    assert told["omitted"] == 1
    refused = run("timeline", "--user", "nobody")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("user: ")


def test_reset(server: LiveServer, run: Run) -> None:
    """`reset` forgets, for one account or altogether."""
    run("say", "Hello", "--user", USER)
    assert run("reset", "--account", "acc_link").out == "acc_link starts afresh\n"
    assert run("reset").out == "the sandbox is as it was at the start\n"
    with Client(server.url) as client:
        assert client.messages().items == []


@pytest.fixture
def happened(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream in which a person says hello, and no more."""
    said = {
        "id": "msg_1",
        "account": "acc_link",
        "user": USER,
        "direction": "inbound",
        "at": "2030-01-02T12:00:00.000Z",
        "kind": "text",
        "text": "Hello",
        "content": {},
        "suggestions": [],
    }

    @contextmanager
    def events(_: Client, account: str | None = None) -> Iterator[Iterator[Event]]:
        assert account == "acc_link"
        yield iter([Event("message", said, "7"), Event("clock", {}, "8")])

    monkeypatch.setattr(Client, "events", events)


@pytest.mark.usefixtures("happened")
def test_tail(run: Run) -> None:
    """`tail` tells what happens as people read it."""
    assert run("tail", "--account", "acc_link").out == (
        "── +491234567890 (acc_link) ──\n12:00:00.000  person    Hello\n"
    )


@pytest.mark.usefixtures("happened")
def test_tail_json(run: Run) -> None:
    """`tail --json` prints a line for every event."""
    lines: list[Any] = run("tail", "--account", "acc_link", "--json").out.splitlines()
    assert [line[:24] for line in lines] == ['{"id": "7", "kind": "mes', '{"id": "8", "kind": "clo']
