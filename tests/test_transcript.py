"""A transcript tells each thing once, in the order it happened, in words that people read."""

from __future__ import annotations

from typing import Any

import click
import pytest

from sandbox.transcript import Transcript

USER = "+491234567890"
AT = "2030-01-02T12:00:00.250Z"


def _message(kind: str = "text", direction: str = "outbound", **members: Any) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "account": "acc_link",
        "user": USER,
        "direction": direction,
        "at": AT,
        "kind": kind,
        "text": "Hello",
        "content": {},
        "suggestions": [],
        **members,
    }


def _request(**members: Any) -> dict[str, Any]:
    return {
        "id": "req_1",
        "at": AT,
        "method": "POST",
        "path": "/p",
        "status": 200,
        "rule": None,
        "fault": None,
    } | members


def _callback(state: str, *attempts: dict[str, Any], kind: str = "event.READ") -> dict[str, Any]:
    about = {"id": "cbk_1", "account": "acc_link", "user": USER, "due_at": AT}
    return {**about, "kind": kind, "state": state, "attempts": list(attempts)}


def _attempt(status: int | None, error: str | None = None) -> dict[str, Any]:
    return {"at": AT, "status": status, "error": error}


def _run(state: str, *steps: dict[str, Any]) -> dict[str, Any]:
    return {"id": "run_1", "scenario": "greeting", "state": state, "steps": list(steps)}


def _chips(*texts: str) -> list[dict[str, Any]]:
    return [{"text": text, "postback": text, "action": None} for text in texts]


INDENT = " " * 24
HEAD = f"── {USER} (acc_link) ──"
TOLD = [
    pytest.param("message", _message(), [HEAD, "12:00:00.250  business  Hello"], id="text"),
    pytest.param(
        "message",
        _message(text="Hello\nyou", suggestions=_chips("Yes", "No")),
        [HEAD, "12:00:00.250  business  Hello", INDENT + "you", INDENT + "[Yes] [No]"],
        id="lines-and-chips",
    ),
    pytest.param("message", _message(text=""), [HEAD, "12:00:00.250  business  "], id="nothing-said"),
    pytest.param("message", _message("media", "inbound"), [HEAD, "12:00:00.250  person    sends Hello"], id="file"),
    pytest.param(
        "message", _message("location", "inbound"), [HEAD, "12:00:00.250  person    shares Hello"], id="location"
    ),
    pytest.param(
        "message",
        _message("suggestion_response", "inbound"),
        [HEAD, "12:00:00.250  person    taps Hello"],
        id="suggestion",
    ),
    pytest.param(
        "message",
        _message(
            "carousel",
            content={
                "cards": [
                    {"title": "Sea", "description": "180", "suggestions": _chips("Take")},
                    {"description": "95"},
                ]
            },
            suggestions=_chips("None", "Take"),
        ),
        [HEAD, "12:00:00.250  business  Sea  180  [Take]", INDENT + "·  95", INDENT + "[None]"],
        id="carousel",
    ),
    pytest.param(
        "message",
        _message("card", content={"title": "Sea", "suggestions": _chips("Take")}, suggestions=_chips("Take")),
        [HEAD, "12:00:00.250  business  Sea  [Take]"],
        id="card",
    ),
    pytest.param("request", _request(), ["12:00:00.250  → POST /p  200"], id="request"),
    pytest.param(
        "request",
        _request(status=400, rule="LINK-MSG-12"),
        ["12:00:00.250  → POST /p  400  (LINK-MSG-12)"],
        id="refused-request",
    ),
    pytest.param(
        "request",
        _request(status=None, fault="flt_1"),
        ["12:00:00.250  → POST /p  no answer  (flt_1)"],
        id="lost-request",
    ),
    pytest.param("callback", _callback("scheduled"), [], id="callback-to-come"),
    pytest.param("callback", _callback("sending"), [], id="callback-under-way"),
    pytest.param(
        "callback", _callback("delivered", _attempt(200)), [HEAD, "12:00:00.250  ← READ  200"], id="delivered"
    ),
    pytest.param(
        "callback", _callback("retrying", _attempt(503)), [HEAD, "12:00:00.250  ← READ  503, retrying"], id="retrying"
    ),
    pytest.param(
        "callback",
        _callback("failed", _attempt(None, "timeout"), kind="error.NO_CHANNEL"),
        [HEAD, "12:00:00.250  ← NO_CHANNEL  timeout, failed"],
        id="failed",
    ),
    pytest.param("callback", _callback("recorded"), [HEAD, "12:00:00.250  ← READ  recorded"], id="recorded"),
    pytest.param("run", _run("running"), [], id="run-under-way"),
    pytest.param("run", _run("passed"), [" " * 14 + "✓ scenario greeting passed"], id="run-passed"),
    pytest.param(
        "run",
        _run(
            "failed",
            {"index": 0, "do": "say", "state": "done"},
            {"index": 1, "do": "expect", "state": "failed", "detail": "none came"},
        ),
        [" " * 14 + "✗ scenario greeting failed: step 1 (expect) none came"],
        id="run-failed",
    ),
    pytest.param("clock", {}, [], id="clock"),
]


@pytest.mark.parametrize(("kind", "item", "lines"), TOLD)
def test_told(kind: str, item: dict[str, Any], lines: list[str]) -> None:
    """Each event becomes lines, or none if it adds nothing for a reader."""
    assert [click.unstyle(line) for line in Transcript().lines(kind, item)] == lines


@pytest.mark.parametrize(("kind", "item", "lines"), [row for row in TOLD if row.values[2]])
def test_told_once(kind: str, item: dict[str, Any], lines: list[str]) -> None:
    """What was told is not told again."""
    transcript = Transcript()
    assert list(transcript.lines(kind, item))
    assert not list(transcript.lines(kind, item))


def test_every_attempt() -> None:
    """A callback is told after every attempt."""
    transcript = Transcript()
    attempts = [_attempt(503), _attempt(200)]
    told = [
        *transcript.lines("callback", _callback("retrying", attempts[0])),
        *transcript.lines("callback", _callback("sending", attempts[0])),
        *transcript.lines("callback", _callback("delivered", *attempts)),
    ]
    assert [click.unstyle(line)[14:] for line in told[1:]] == ["← READ  503, retrying", "← READ  200"]


def test_person_is_named_when_it_is_another() -> None:
    """The person stands above what is about them, once until another one's turn comes."""
    transcript = Transcript()
    heads = []
    for number, user in enumerate(["+491", "+491", "+492", "+491"]):
        lines = [*transcript.lines("message", _message(id=number, user=user))]
        heads += [click.unstyle(line) for line in lines if "──" in line]
    assert heads == ["── +491 (acc_link) ──", "── +492 (acc_link) ──", "── +491 (acc_link) ──"]


def test_colors() -> None:
    """An answer that is no success is red."""
    (good,) = Transcript().lines("request", _request())
    (bad,) = Transcript().lines("request", _request(status=404))
    assert click.style("200", fg="green") in good
    assert click.style("404", fg="red") in bad
