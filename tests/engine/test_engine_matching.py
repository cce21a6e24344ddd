"""The first scenario whose match holds answers a message."""

from __future__ import annotations

import pytest

from sandbox.core.content import Card, Content, Text
from sandbox.engine.loader import load
from sandbox.engine.matching import Matches
from stage import OTHER, USER, Stage, script


def found(*matches: str, user: str = USER, said: str | Content = "Hello", provider: str = "stub") -> str | None:
    """Return the name of the scenario that answers; the n-th match belongs to `s<n>`."""
    message = Stage().accept(said, user=user)
    scenarios = [load(script("do: read", name=f"s{place}", match=match)) for place, match in enumerate(matches)]
    scenario = Matches(scenarios, provider).find(user, message)
    return scenario.name if scenario else None


@pytest.mark.parametrize(
    ("match", "said", "expected"),
    [
        pytest.param("", "Hello", True, id="nothing-asked"),
        pytest.param("provider: stub", "Hello", True, id="provider"),
        pytest.param("provider: [link, stub]", "Hello", True, id="one-of-the-providers"),
        pytest.param("provider: s*", "Hello", True, id="provider-by-glob"),
        pytest.param("provider: link", "Hello", False, id="other-provider"),
        pytest.param(f"user: '{USER}'", "Hello", True, id="user"),
        pytest.param(f"user: '{OTHER}'", "Hello", False, id="other-user"),
        pytest.param("user: '+49*'", "Hello", True, id="user-by-glob"),
        pytest.param("user: '+47*'", "Hello", False, id="other-users-by-glob"),
        pytest.param(f"user: ['{OTHER}', '+491511234567?']", "Hello", True, id="one-of-the-users"),
        pytest.param("text: '*ELL*'", "Hello", True, id="text-without-case"),
        pytest.param("text: 'ell'", "Hello", False, id="part-of-the-text"),
        pytest.param("text: 'GRÜSSE*'", "grüsse aus Köln", True, id="umlauts"),
        pytest.param("channel: chat-1", "Hello", True, id="channel"),
        pytest.param("channel: [sms, 'chat-*']", "Hello", True, id="one-of-the-channels"),
        pytest.param("channel: chat", "Hello", False, id="other-channel"),
        pytest.param("kind: text", "Hello", True, id="kind"),
        pytest.param("kind: [card, media]", "Hello", False, id="other-kinds"),
        pytest.param("kind: card, text: '*hello*'", Card(title="Hello"), True, id="kind-and-text"),
        pytest.param(f"kind: text, user: '{OTHER}', text: '*'", "Hello", False, id="all-but-one"),
    ],
)
def test_conditions(match: str, said: str | Content, expected: bool) -> None:
    """All that a match names must hold; a list means any of it."""
    assert (found(match, said=said) is not None) is expected


def test_first_in_order() -> None:
    """The first in the given order wins, whether it names its user or not."""
    plain, glob = f"user: '{USER}'", "user: '+49*'"
    assert found(plain, glob) == found(glob, plain) == "s0"
    assert found(f"user: '{OTHER}'", "text: x", glob, plain) == "s2"
    assert found(f"user: '{OTHER}'", "text: x", plain, "") == "s2"


def test_user_named_twice() -> None:
    """A user that a match names twice is no trouble."""
    assert found(f"user: ['{USER}', '{USER}']") == "s0"


def test_no_match_is_no_match() -> None:
    """A scenario without a match answers nothing by itself."""
    scenarios = [load(script("do: read"))]
    assert Matches(scenarios, "stub").find(USER, Stage().accept()) is None


def test_message_is_read_only_if_need_be() -> None:
    """A message's words are looked at only when a match has come so far as to ask for them."""
    message = Stage().accept()
    asked: list[str] = []

    def body() -> object:
        asked.append("body")
        return message_body

    message_body = message.body
    message.body = body  # type: ignore[assignment]
    scenarios = [
        load(script("do: read", match=f"user: '{OTHER}', text: x")),
        load(script(match="user: '+47*', kind: card")),
    ]
    matches = Matches(scenarios, "stub")
    assert matches.find(USER, message) is None
    assert asked == []
    assert matches.find(OTHER, message) is None
    assert asked == ["body"]
    assert message.content == Text("Hello")
