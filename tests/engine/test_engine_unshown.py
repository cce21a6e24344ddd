"""Providers whose people are shown nothing: whole suggestions, sessions, files under links, and magic that starts."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.core.account import Account
from sandbox.core.callback import Draft
from sandbox.core.content import Media, SuggestedAction, Suggestion
from sandbox.core.conversation import Conversation
from sandbox.core.events import Event, SessionEnded, UserReplied
from sandbox.core.provider import Magic
from sandbox.engine.actions import InvalidActionError, NotPossibleError
from stage import OTHER, USER, YES, Stage, StubProvider

WHOLE = {"text": "Here", "postback": "here"}


class Blind(StubProvider):
    """Shows people nothing, serves what they send, and has a session with one of them."""

    actions = StubProvider.actions | {"end_session"}
    serves_files = True
    suggestion_types = ("plain", "place")

    def suggestion(self, kind: str | None, text: str, postback: str) -> Suggestion:
        """Texts are short."""
        if len(text) > 4:
            raise ValueError("the text is too long")
        return Suggestion(text, postback, SuggestedAction("request_location") if kind == "place" else None)

    def callbacks_for(self, event: Event, account: Account) -> tuple[Draft, ...]:
        """Nobody is told."""
        return ()

    def session(self, conversation: Conversation, account: Account) -> str | None:
        """One person is in the middle of something."""
        return "session-1" if conversation.user == USER else None


def replies(stage: Stage) -> list[UserReplied]:
    """Return what the person sent, as events."""
    return [event for event in stage.events if isinstance(event, UserReplied)]


@pytest.mark.parametrize(
    ("kind", "contents"),
    [
        pytest.param({}, ["suggestion_response"], id="the-usual"),
        pytest.param({"type": "plain"}, ["suggestion_response"], id="plain"),
        pytest.param({"type": "place"}, ["suggestion_response", "location"], id="one-that-shares-a-place"),
    ],
)
def test_whole_suggestions(kind: dict[str, str], contents: list[str]) -> None:
    """A suggestion is given whole and belongs to no message; what it does on the handset is done."""
    stage = Stage(provider=Blind())
    stage.act("tap", suggestion={**WHOLE, **kind})
    events = replies(stage)
    assert [event.reply.content.kind for event in events] == contents
    assert events[0].answered is None
    assert events[0].tapped is not None
    assert events[0].tapped.postback == "here"


@pytest.mark.parametrize(
    ("suggestion", "path"),
    [
        pytest.param({**WHOLE, "type": "odd"}, "suggestion.type", id="unknown-type"),
        pytest.param({**WHOLE, "text": "Over there"}, "suggestion", id="not-what-the-provider-allows"),
        pytest.param({**WHOLE, "index": 0}, "suggestion.index", id="two-ways-at-once"),
    ],
)
def test_whole_suggestions_that_are_wrong(suggestion: dict[str, Any], path: str) -> None:
    """What is wrong with one is told by its path."""
    stage = Stage(provider=Blind())
    with pytest.raises(InvalidActionError) as caught:
        stage.act("tap", suggestion=suggestion)
    assert [error["path"] for error in caught.value.errors] == [path]


def test_where_something_is_shown() -> None:
    """Where messages show suggestions, none can be made up; and where they do not, none can be found."""
    stage = Stage()
    stage.accept("Go on?", YES)
    with pytest.raises(InvalidActionError, match="shows what can be tapped"):
        stage.act("tap", suggestion=WHOLE)
    blind = Stage(provider=Blind())
    blind.accept("Go on?", YES)
    with pytest.raises(NotPossibleError, match="give the suggestion whole"):
        blind.act("tap", suggestion="Yes")


def test_sessions_end() -> None:
    """An open session is ended by an event; where none is open there is nothing to end, or to tell."""
    stage = Stage(provider=Blind())
    assert stage.act("end_session") == ((), ())
    assert [type(event) for event in stage.events] == [SessionEnded]
    with pytest.raises(NotPossibleError, match="no session with"):
        stage.act("end_session", user=OTHER)
    with pytest.raises(NotPossibleError, match="no callback for end_session"):
        Stage().act("end_session")


@pytest.mark.parametrize(
    ("provider", "has_link"),
    [pytest.param(Blind(), True, id="serves"), pytest.param(StubProvider(), False, id="does-not")],
)
def test_files_under_links(provider: StubProvider, has_link: bool) -> None:
    """The content has a link where the provider tells of one, and the bytes lie there."""
    stage = Stage(provider=provider)
    (reply,) = stage.act("send_file", sample="photo.jpg").messages
    assert isinstance(reply.content, Media)
    assert (reply.content.file.url is not None) == has_link
    assert len(stage.account.media) == has_link


def test_the_size_of_what_lies_elsewhere() -> None:
    """The size of a file that is only named is what was told."""
    stage = Stage(provider=Blind())
    (reply,) = stage.act("send_file", url="https://cdn.test/a.pdf", size=7).messages
    assert isinstance(reply.content, Media)
    assert (reply.content.file.url, reply.content.file.size) == ("https://cdn.test/a.pdf", 7)
    assert len(stage.account.media) == 0


async def test_magic_that_starts_by_itself() -> None:
    """An address that needs no message plays its steps when it is told to, and braces in them mean nothing."""
    magic = Magic(USER, "says hello", on_start=({"do": "say", "text": "{{ hello }}"},))
    stage = Stage(provider=Blind(), magic=(magic,))
    assert stage.act("start") == ((), ())
    await stage.account.clock.settle()
    assert [event.reply.text for event in replies(stage)] == ["{{ hello }}"]
    assert [(run.scenario, run.state) for run in stage.runs] == [(USER, "passed")]


def test_what_has_no_default() -> None:
    """A provider that lets people tap what nobody showed must say how; one that does not is never asked."""
    with pytest.raises(NotImplementedError):
        StubProvider().suggestion(None, "a", "b")
