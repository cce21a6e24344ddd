"""Each action of the control API is a command."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from command_line import Run
from live_server import LiveServer
from sandbox.cli import COMMANDS
from sandbox.client import Client

USER = "+491234567890"
PHOTO = b"not really a photo"

TABLE = [
    pytest.param(["say", "Hello"], "say", {"text": "Hello"}, id="say"),
    pytest.param(["tap", "Yes"], "tap", {"suggestion": "Yes"}, id="tap-text"),
    pytest.param(["tap", "--postback", "y"], "tap", {"suggestion": {"postback": "y"}}, id="tap-postback"),
    pytest.param(
        ["tap", "--index", "0", "--message", "m"], "tap", {"suggestion": {"index": 0}, "message": "m"}, id="tap-index"
    ),
    pytest.param(
        ["tap", "Yes", "--postback", "y"],
        "tap",
        {"suggestion": {"text": "Yes", "postback": "y"}},
        id="tap-what-nobody-showed",
    ),
    pytest.param(
        ["tap", "Here", "--postback", "h", "--type", "share_location"],
        "tap",
        {"suggestion": {"text": "Here", "postback": "h", "type": "share_location"}},
        id="tap-of-a-type",
    ),
    pytest.param(
        ["send-file", "photo.jpg", "--caption", "Look"],
        "send_file",
        {
            "content": b64encode(PHOTO).decode(),
            "name": "photo.jpg",
            "mime_type": "image/jpeg",
            "caption": "Look",
        },
        id="send-file",
    ),
    pytest.param(
        ["send-file", "--sample", "voice.mp3", "--voice"],
        "send_file",
        {"sample": "voice.mp3", "voice": True},
        id="send-sample",
    ),
    pytest.param(
        ["send-file", "--file-url", "https://example.test/a.pdf", "--size", "7"],
        "send_file",
        {"url": "https://example.test/a.pdf", "size": 7},
        id="send-file-url",
    ),
    pytest.param(
        ["share-location", "-33.87", "151.2", "--name", "Sydney"],
        "share_location",
        {"latitude": -33.87, "longitude": 151.2, "name": "Sydney"},
        id="share-location",
    ),
    pytest.param(["start-typing"], "start_typing", {}, id="start-typing"),
    pytest.param(["deliver"], "deliver", {}, id="deliver"),
    pytest.param(["read", "--message", "m"], "read", {"message": "m"}, id="read"),
    pytest.param(["fail", "--code", "7", "--detail", "Gone"], "fail", {"code": "7", "detail": "Gone"}, id="fail"),
    pytest.param(["receipt", "READ"], "receipt", {"status": "READ"}, id="receipt"),
    pytest.param(["click", "--link", "https://example.test/"], "click", {"url": "https://example.test/"}, id="click"),
    pytest.param(["error", "1"], "error", {"code": "1"}, id="error"),
    pytest.param(["system", "Moved"], "system", {"text": "Moved"}, id="system"),
    pytest.param(["event", "E1"], "event", {"event_code": "E1"}, id="event"),
    pytest.param(["action", "A1"], "action", {"action_code": "A1"}, id="action"),
    pytest.param(["agent", "--resolve"], "agent", {"resolve": True}, id="agent"),
    pytest.param(["end-session"], "end_session", {}, id="end-session"),
    pytest.param(["start"], "start", {}, id="start"),
]


@pytest.mark.parametrize(("arguments", "kind", "values"), TABLE)
def test_what_is_asked_for(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: list[str],
    kind: str,
    values: dict[str, Any],
) -> None:
    """A command asks for its action, with the values that were given and no others."""
    asked: list[Any] = []

    def act(_: Client, *positional: Any, **named: Any) -> dict[str, Any]:
        asked.append((positional, named))
        return {"messages": [], "callbacks": []}

    monkeypatch.chdir(tmp_path)
    (tmp_path / "photo.jpg").write_bytes(PHOTO)
    monkeypatch.setattr(Client, "act", act)
    ran = run(*arguments, "--user", USER, "--account", "acc_mine", "--sender", "me", "--wait", "2")
    assert ran.code == 0, ran.err
    assert asked == [(("acc_mine", kind), {"user": USER, "wait": 2.0, "sender": "me", **values})]
    assert ran.out == "done; the provider has no callback for it\n"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--type", "reply", "Yes"], id="type-without-a-postback"),
        pytest.param(["Yes", "--postback", "y", "--index", "0"], id="three-ways-at-once"),
        pytest.param([], id="no-way"),
    ],
)
def test_ways_to_tap_that_are_none(run: Run, arguments: list[str]) -> None:
    """A suggestion is named in one way, or given whole."""
    ran = run("tap", *arguments, "--user", USER)
    assert ran.code == 2
    assert "give one of" in ran.err or "needs TEXT" in ran.err


def test_every_action_is_tested() -> None:
    """The table above names every command that acts."""
    assert {str(row.values[0][0]) for row in TABLE} == set(COMMANDS["Act as the person"])  # type: ignore[index]


def test_what_came_of_it(server: LiveServer, run: Run) -> None:
    """A command tells the callbacks that came of it; without a webhook they are recorded."""
    ran = run("say", "Hello", "--user", USER, "--wait", "5")
    assert ran.code == 0
    assert re.fullmatch(r"message\.TEXT  cbk_\w+  recorded: no webhook is configured\n", ran.out)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        pytest.param(
            "http://127.0.0.1:9/", "retrying, refused: nothing listens there: start the program, or ", id="down"
        ),
        pytest.param("http://169.254.1.1/", "blocked: 169.254.1.1 is a link-local address; ", id="blocked"),
    ],
)
def test_why_it_did_not_arrive(server: LiveServer, run: Run, url: str, says: str) -> None:
    """A callback that did not arrive is told with the reason, and with what would help."""
    with Client(server.url) as client:
        client.change_account("acc_link", webhook={"url": url})
        ran = run("say", "Hello", "--user", USER, "--wait", "5")
        client.change_account("acc_link", webhook=None)
    assert ran.out.partition("  cbk_")[2].partition("  ")[2].startswith(says)


def test_to_whom(server: LiveServer, run: Run) -> None:
    """Whose person it was is said where nobody named an account, beside what is printed."""
    assert run("say", "Hello", "--user", USER).err == "with acc_link; --account names another\n"
    assert run("say", "Hello", "--user", USER, "--account", "acc_rbm").err == ""


def test_json(server: LiveServer, run: Run) -> None:
    """`--json` prints the control API's answer."""
    ran = run("say", "Hello", "--user", USER, "--json")
    assert [name[:4] for name in ran.json["messages"] + ran.json["callbacks"]] == ["msg_", "cbk_"]


def test_not_possible(server: LiveServer, run: Run) -> None:
    """What cannot be done now is told, and what could be."""
    ran = run("tap", "Yes", "--user", USER)
    assert ran.code == 1
    assert "'Yes'" in ran.err
