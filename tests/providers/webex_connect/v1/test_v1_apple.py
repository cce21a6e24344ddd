"""WX1-ABC: texts, typing, rich links and interactive messages for Apple Messages for Business."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.core.content import Card, Other, SuggestedAction, Suggestion, Text
from sandbox.core.conversation import Body
from v1_requests import OMIT, assert_refused, check, fates, request, without_omitted

Members = dict[str, Any]


def apple(**block: Any) -> Members:
    """Return a message to a person on Messages; a member given as OMIT is left out."""
    channels = {"AppleBusinessChat": without_omitted(block)}
    return request("applebusinesschat", channels, "urn:mbid:AQAAY", key="abcUserId", appid="a_1")


@pytest.mark.parametrize(
    ("data", "code", "detail"),
    [
        pytest.param(apple(text="a"), "7003", "type", id="WX1-ABC-01-no-type"),
        pytest.param(apple(type="", text="a"), "7003", "type", id="WX1-ABC-01-empty-type"),
        pytest.param(apple(type="image"), "7004", "type", id="WX1-ABC-01-unknown-type"),
        pytest.param(apple(type="richlink", richLink={"a": 1}), "7004", "type", id="WX1-ABC-01-lower-case"),
        pytest.param(apple(type=["text"]), "7004", "type", id="WX1-ABC-01-array"),
        pytest.param(apple(type="text"), "7003", "text", id="WX1-ABC-01-no-text"),
        pytest.param(apple(type="text", text=""), "7003", "text", id="WX1-ABC-01-empty-text"),
        pytest.param(apple(type="text", text=5), "7004", "text", id="WX1-ABC-01-number"),
        pytest.param(apple(type="richLink"), "7003", "richLink", id="WX1-ABC-01-no-rich-link"),
        pytest.param(apple(type="richLink", richLink={}), "7003", "richLink", id="WX1-ABC-01-empty-rich-link"),
        pytest.param(apple(type="richLink", richLink="a"), "7004", "richLink", id="WX1-ABC-01-text-for-a-rich-link"),
        pytest.param(apple(type="interactive"), "7003", "interactive", id="WX1-ABC-01-no-interactive"),
        pytest.param(apple(type="interactive", interactive=[1]), "7004", "interactive", id="WX1-ABC-01-array-for-it"),
        pytest.param(
            apple(type="text", text="a", sendLinkAsAppClip="yes"), "7004", "sendLinkAsAppClip", id="WX1-ABC-01-app-clip"
        ),
        pytest.param(apple(type="text", text="a", storeRegion=5), "7004", "storeRegion", id="WX1-ABC-01-store-region"),
    ],
)
def test_refused(data: Members, code: str, detail: str) -> None:
    """A type is needed, and what belongs to it."""
    assert_refused(data, "WX1-ABC-01", code, detail)


@pytest.mark.parametrize(
    ("data", "silent"),
    [
        pytest.param(apple(type="text", text="a"), False, id="WX1-ABC-01-text"),
        pytest.param(
            apple(type="text", text="https://a.com", sendLinkAsAppClip="true", storeRegion="DE"),
            False,
            id="WX1-ABC-01-app-clip",
        ),
        pytest.param(apple(type="typing_start"), True, id="WX1-ABC-01-typing-start"),
        pytest.param(apple(type="typing_end"), True, id="WX1-ABC-01-typing-end"),
        pytest.param(apple(type="richLink", richLink={"anything": [1]}), False, id="WX1-ABC-01-rich-link"),
        pytest.param(apple(type="interactive", interactive={"anything": 1}), False, id="WX1-ABC-01-interactive"),
    ],
)
def test_accepted(data: Members, silent: bool) -> None:
    """The inside of links and interactive messages is passed on unchecked; typing arrives at nobody as a message."""
    checked = check(data)
    assert (checked.warnings, checked.silent) == ((), silent)
    assert fates(data) == [None]


@pytest.mark.parametrize("name", ["applebusinesschat", "AppleBusinessChat", "APPLEBUSINESSCHAT"])
def test_names_in_any_letter_case(name: str) -> None:
    """WX1-ENV-03: the channel and its object are found in any letter case."""
    data = request(name, {name: {"type": "text", "text": "a"}}, "urn:mbid:AQAAY", key="abcuserid", appid="a_1")
    assert check(data).channel == "applebusinesschat"


def test_a_template_needs_no_type() -> None:
    """WX1-ENV-04: a template stands in for the object."""
    settings = {"templates": {"t1": {"channel": "applebusinesschat", "text": "Hi"}}}
    data = request("applebusinesschat", OMIT, "u", key="abcUserId", appid="a_1", message={"template": "t1"})
    checked = check(data, **settings)
    assert checked.content(checked.addressed[0]) == Body(Text("Hi"))


def test_unknown_members() -> None:
    """WX1-JSON-03: what nobody documents is told of."""
    assert check(apple(type="text", text="a", b=1)).warnings == (
        "WX1-JSON-03: ignored_fields: channels.AppleBusinessChat.b",
    )


LINK = {"url": "https://example.com", "title": "Example", "assets": {}}
PICKER = {
    "data": {
        "listPicker": {
            "sections": [
                {"title": "Hot", "items": [{"identifier": "1", "title": "Tea"}, {"identifier": "2"}, "odd"]},
                {"items": 5},
                "odd",
            ]
        }
    },
    "receivedMessage": {"title": "Choose"},
}
REPLIES = {"data": {"quick-reply": {"summaryText": "Well?", "items": [{"identifier": "y", "title": "Yes"}]}}}
TIMES = {
    "data": {"event": {"title": "When?", "timeslots": [{"identifier": "1", "startTime": "2026-05-01T10:00+0000"}]}}
}

CONTENTS = [
    pytest.param(apple(type="text", text="a"), Body(Text("a")), id="text"),
    pytest.param(apple(type="typing_start"), Body(Other("", {"type": "typing_start"})), id="typing"),
    pytest.param(
        apple(type="richLink", richLink=LINK),
        Body(
            Card(
                title="Example",
                description="https://example.com",
                suggestions=(
                    Suggestion(
                        "Example", "https://example.com", SuggestedAction("open_url", {"url": "https://example.com"})
                    ),
                ),
            )
        ),
        id="rich-link",
    ),
    pytest.param(
        apple(type="richLink", richLink={"url": 5, "title": "a"}),
        Body(Other("a", {"richLink": {"url": 5, "title": "a"}})),
        id="rich-link-of-anything",
    ),
    pytest.param(
        apple(type="interactive", interactive=PICKER),
        Body(Other("Choose", {"interactive": PICKER}), (Suggestion("Tea", "1"),)),
        id="list-picker",
    ),
    pytest.param(
        apple(type="interactive", interactive=REPLIES),
        Body(Other("Well?", {"interactive": REPLIES}), (Suggestion("Yes", "y"),)),
        id="quick-replies",
    ),
    pytest.param(
        apple(type="interactive", interactive=TIMES),
        Body(Other("", {"interactive": TIMES}), (Suggestion("2026-05-01T10:00+0000", "1"),)),
        id="time-picker",
    ),
    pytest.param(
        apple(type="interactive", interactive={"data": "a", "receivedMessage": 5}),
        Body(Other("", {"interactive": {"data": "a", "receivedMessage": 5}})),
        id="interactive-of-anything",
    ),
]


@pytest.mark.parametrize(("data", "body"), CONTENTS)
def test_what_messages_shows(data: Members, body: Body) -> None:
    """What is recognised of Apple's own form can be read and chosen; the rest is kept."""
    checked = check(data)
    assert checked.content(checked.addressed[0]) == body
