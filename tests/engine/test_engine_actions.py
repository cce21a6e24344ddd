"""Every action of the contract is read from the control API's JSON, and what is wrong with one is told."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from sandbox.core.events import Tweak
from sandbox.engine import actions
from sandbox.engine.actions import AnyAction, InvalidActionError, Say, Tap, action_from_json
from stage import USER


def wrong(**members: Any) -> dict[str, str]:
    """Return what is said about an action, by path."""
    with pytest.raises(InvalidActionError) as caught:
        action_from_json({"user": USER, **members})
    assert all(one["path"] in str(caught.value) for one in caught.value.errors)
    return {one["path"]: one["message"] for one in caught.value.errors}


@pytest.mark.parametrize(
    "members",
    [
        {"type": "say", "text": "Hi"},
        {"type": "say", "text": "x" * 65_536},
        {"type": "tap", "suggestion": "Yes"},
        {"type": "tap", "suggestion": {"postback": "yes-1"}, "message": "msg_1"},
        {"type": "tap", "suggestion": {"index": 0}, "location": False},
        {"type": "tap", "suggestion": {"index": -1}, "location": {"latitude": 1, "longitude": 2.5}},
        {"type": "send_file", "name": "a.jpg", "mime_type": "image/jpeg", "content": "aGk="},
        {"type": "send_file", "sample": "photo.jpg", "caption": "Look", "voice": True},
        {"type": "send_file", "url": "https://example.com/a.jpg"},
        {"type": "share_location", "latitude": -90, "longitude": 180, "name": "Pole", "address": "South"},
        {"type": "start_typing"},
        {"type": "deliver"},
        {"type": "read", "message": "theirs-1"},
        {"type": "fail", "code": "7006", "detail": "Gone"},
        {"type": "receipt", "status": "DELIVERED", "code": "0"},
        {"type": "click", "url": "https://example.com"},
        {"type": "error", "code": "BROKEN"},
        {"type": "system", "text": "Hello"},
        {"type": "event", "event_code": "x"},
        {"type": "action", "action_code": "x"},
        {"type": "agent", "reply": "Hello"},
        {"type": "agent", "assign": "Ada"},
        {"type": "agent", "resolve": True},
        {"type": "agent", "close": True},
        {"type": "end_session"},
        {"type": "start"},
    ],
    ids=lambda members: "-".join(members.values() if len(members) == 1 else [members["type"], *list(members)[1:]]),
)
def test_actions(members: dict[str, Any]) -> None:
    """Every action of the contract is an action of the control API."""
    action = action_from_json({"user": USER, "sender": "shop", "channel": "sms", **members})
    assert action.do == members["type"]
    assert (action.user, action.sender, action.channel, action.after) == (USER, "shop", "sms", 0.0)


def test_no_action_is_forgotten() -> None:
    """The contract names seventeen types."""
    assert set(actions.models()) == {
        *("say", "tap", "send_file", "share_location", "start_typing", "deliver", "read", "fail", "receipt"),
        *("click", "error", "system", "event", "action", "agent", "end_session", "start"),
    }
    assert len(get_args(AnyAction)) == 17


@pytest.mark.parametrize(
    ("members", "path", "message"),
    [
        pytest.param({}, "type", "is required", id="no-type"),
        pytest.param({"type": "dance"}, "type", "'dance' is none of say, tap", id="unknown-type"),
        pytest.param({"type": 5}, "type", "'5' is none of", id="type-is-a-number"),
        pytest.param({"type": "expect", "within": 1}, "type", "'expect' is none of", id="a-step-is-no-action"),
        pytest.param({"type": "read", "do": "read"}, "do", "unknown key", id="do-is-for-scenarios"),
        pytest.param({"type": "read", "after": 1}, "after", "unknown key", id="after-is-for-scenarios"),
        pytest.param({"type": "read", "account": "acc"}, "account", "unknown key", id="account-was-taken-out"),
        pytest.param({"type": "read", "user": None}, "user", "is required", id="user-is-null"),
        pytest.param({"type": "read", "user": 49}, "user", "string", id="user-is-a-number"),
        pytest.param({"type": "read", "user": ""}, "user", "at least 1", id="user-is-empty"),
        pytest.param({"type": "say"}, "text", "is required", id="no-text"),
        pytest.param({"type": "say", "text": ""}, "text", "at least 1", id="empty-text"),
        pytest.param({"type": "say", "text": "x" * 65_537}, "text", "at most 65536", id="long-text"),
        pytest.param({"type": "say", "text": 5}, "text", "string", id="text-is-a-number"),
        pytest.param({"type": "tap"}, "suggestion", "is required", id="no-suggestion"),
        pytest.param({"type": "tap", "suggestion": 1}, "suggestion", "must be an object", id="bare-index"),
        pytest.param({"type": "tap", "suggestion": {}}, "suggestion", "either", id="nothing-chosen"),
        pytest.param({"type": "tap", "suggestion": {"index": -2}}, "suggestion.index", "-1", id="index-too-low"),
        pytest.param({"type": "tap", "suggestion": {"index": True}}, "suggestion.index", "integer", id="boolean-index"),
        pytest.param({"type": "tap", "suggestion": {"index": "0"}}, "suggestion.index", "integer", id="text-as-index"),
        pytest.param(
            {"type": "tap", "suggestion": {"text": "Yes"}}, "suggestion.postback", "is required", id="half-a-suggestion"
        ),
        pytest.param({"type": "tap", "suggestion": "Yes", "location": True}, "location", "False", id="location-true"),
        pytest.param(
            {"type": "tap", "suggestion": "Yes", "location": {"latitude": 1}},
            "location.longitude",
            "is required",
            id="half-a-location",
        ),
        pytest.param({"type": "send_file"}, "", "exactly one of content", id="no-file"),
        pytest.param({"type": "send_file", "content": "aGk="}, "", "needs a name", id="content-without-a-name"),
        pytest.param({"type": "send_file", "sample": "a", "size": 1}, "", "of a url only", id="size-of-a-sample"),
        pytest.param(
            {"type": "send_file", "sample": "a", "mime_type": "\u56fe/x"},
            "mime_type",
            "must match",
            id="type-not-ascii",
        ),
        pytest.param({"type": "send_file", "name": "a", "content": "?"}, "content", "must match", id="no-base64"),
        pytest.param({"type": "send_file", "name": "a/b", "content": ""}, "name", "must match", id="name-with-a-slash"),
        pytest.param({"type": "send_file", "name": "a\r\nb", "content": ""}, "name", "must match", id="name-of-lines"),
        pytest.param({"type": "send_file", "name": "a" * 256, "content": ""}, "name", "at most 255", id="long-name"),
        pytest.param({"type": "send_file", "sample": "../a"}, "sample", "must match", id="sample-elsewhere"),
        pytest.param({"type": "send_file", "url": "file:///etc/passwd"}, "url", "must match", id="local-file"),
        pytest.param(
            {"type": "send_file", "sample": "a", "mime_type": "jpeg"}, "mime_type", "must match", id="no-mime-type"
        ),
        pytest.param(
            {"type": "share_location", "latitude": -90.1, "longitude": 0}, "latitude", "-90", id="beyond-the-pole"
        ),
        pytest.param(
            {"type": "share_location", "latitude": 0, "longitude": 180.1}, "longitude", "180", id="beyond-the-date-line"
        ),
        pytest.param(
            {"type": "share_location", "latitude": "5", "longitude": 0}, "latitude", "number", id="latitude-as-text"
        ),
        pytest.param({"type": "receipt"}, "status", "is required", id="receipt-of-nothing"),
        pytest.param({"type": "agent"}, "", "exactly one of reply", id="idle-agent"),
        pytest.param({"type": "agent", "resolve": True, "close": True}, "", "exactly one", id="busy-agent"),
        pytest.param({"type": "agent", "resolve": False}, "resolve", "True", id="agent-who-does-not"),
        pytest.param({"type": "read", "callback": {"delay": "1s"}}, "callback.delay", "number", id="delay-in-words"),
        pytest.param({"type": "read", "callback": {"delay": -1}}, "callback.delay", "equal to 0", id="delay-backwards"),
        pytest.param({"type": "read", "callback": {"duplicate": 101}}, "callback.duplicate", "100", id="many-copies"),
        pytest.param({"type": "read", "callback": {"drop": "a"}}, "callback.drop", "list", id="drop-is-a-list"),
        pytest.param({"type": "read", "callback": {"drop": [""]}}, "callback.drop[0]", "at least 1", id="drop-nothing"),
        pytest.param({"type": "read", "callback": {"copies": 1}}, "callback.copies", "unknown key", id="copies"),
    ],
)
def test_wrong_actions(members: dict[str, Any], path: str, message: str) -> None:
    """What is wrong is told by its path in the request."""
    found = wrong(**members)
    assert list(found) == [path]
    assert message in found[path]


def test_everything_wrong_at_once() -> None:
    """All that is wrong with an action is told at once."""
    with pytest.raises(InvalidActionError) as caught:
        action_from_json({"type": "say", "after": 1, "callback": {"duplicate": -1}, "txet": "Hi"})
    assert {one["path"] for one in caught.value.errors} == {"after", "user", "callback.duplicate", "text", "txet"}


def test_braces_in_the_control_api() -> None:
    """The control API has no templates: braces go out as they are."""
    action = action_from_json({"type": "say", "user": USER, "text": "{{ user.first_name }}"})
    assert isinstance(action, Say)
    assert action.text == "{{ user.first_name }}"


def test_tweak() -> None:
    """What is done to a callback is handed on in the core's words."""
    given = {"set": {"a.b": 1}, "drop": ["c"], "duplicate": 2, "delay": 1.5}
    action = action_from_json({"type": "read", "user": USER, "callback": given})
    assert action.callback is not None
    assert action.callback.tweak() == Tweak({"a.b": 1}, ("c",), 2, 1.5)


def test_rendered() -> None:
    """A template is filled in wherever it stands, and what comes out is checked again."""
    tap = Tap(suggestion="{{ now }}", callback={"set": {"a": ["{{ now }}"]}})  # type: ignore[arg-type]
    assert tap.templated
    assert tap.rendered(lambda _: "Yes") == Tap(suggestion="Yes", callback={"set": {"a": ["Yes"]}})  # type: ignore[arg-type]
    assert not Tap(suggestion="Yes").templated
    with pytest.raises(InvalidActionError) as caught:
        Say(text="{{ now }}").rendered(lambda _: "")
    assert [one["path"] for one in caught.value.errors] == ["text"]
