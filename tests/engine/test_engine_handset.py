"""Actions become events: in the right conversation, about the right message, with what the provider can say of them."""

from __future__ import annotations

import base64
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, cast

import pytest

from sandbox.core.account import Account
from sandbox.core.content import (
    Card,
    Carousel,
    File,
    Location,
    Media,
    Other,
    SuggestedAction,
    Suggestion,
    SuggestionResponse,
    Text,
)
from sandbox.core.conversation import Body, Conversation, Message
from sandbox.core.events import (
    ActionReported,
    AgentActed,
    Cause,
    ErrorReported,
    EventReported,
    MessageAccepted,
    MessageDelivered,
    MessageFailed,
    MessageRead,
    MessageSent,
    ReceiptReported,
    Tweak,
    UrlClicked,
    UserReplied,
    UserTyped,
)
from sandbox.engine.actions import MAX_FILE, InvalidActionError, NotPossibleError
from stage import NO, OTHER, REPO, SHOP, USER, WHERE, YES, Stage, StubProvider, action

PHOTO = (REPO / "fixtures" / "samples" / "photo.jpg").read_bytes()


def test_say() -> None:
    """A text is an inbound message in the conversation, and the callback that tells of it is named."""
    stage = Stage()
    acted = stage.act("say", text="Hi")
    (reply,) = acted.messages
    (event,) = stage.events
    assert isinstance(event, UserReplied)
    assert (event.reply, event.answered, event.data, event.tweak) == (reply, None, None, None)
    assert (event.at, event.cause) == (stage.now, Cause("action", "act_1"))
    assert event.conversation == reply.conversation == Conversation(stage.key, SHOP, USER)
    assert (reply.direction, reply.status, reply.at, reply.channel) == ("inbound", "received", stage.now, "chat")
    assert (reply.content, reply.suggestions, reply.size) == (Text("Hi"), (), 2)
    assert reply.id.startswith("msg_")
    assert len(reply.provider_id) == 36
    assert [callback.cause for callback in acted.callbacks] == [event.cause]


def test_channel() -> None:
    """A reply goes where the action says, else where the newest message came from, else the provider's own way."""
    stage = Stage()
    stage.accept("Hi", user=OTHER)
    assert stage.act("say", text="a").messages[0].channel == "chat"
    stage.accept("Hi")
    assert stage.act("say", text="a").messages[0].channel == "chat-1"
    assert stage.act("say", text="a", channel="sms").messages[0].channel == "sms"
    assert stage.act("say", text="a").messages[0].channel == "sms"


def test_typing() -> None:
    """Typing is an event without a message."""
    stage = Stage()
    acted = stage.act("start_typing")
    assert (acted.messages, len(acted.callbacks)) == ((), 1)
    assert isinstance(stage.events[0], UserTyped)


def test_location() -> None:
    """A place is shared with its name and address, if they are given."""
    stage = Stage()
    acted = stage.act("share_location", latitude=1, longitude=2.5, name="Home", address="1 Road")
    assert acted.messages[0].content == Location(1, 2.5, "Home", "1 Road")


def test_error() -> None:
    """An error is one of the provider's codes."""
    stage = Stage()
    stage.act("error", code="LATE")
    (event,) = stage.events
    assert isinstance(event, ErrorReported)
    assert event.code == "LATE"
    with pytest.raises(InvalidActionError, match="code: 'HUGE' is none of BROKEN, LATE"):
        stage.act("error", code="HUGE")


def test_tweak_goes_along() -> None:
    """What is to be done to a callback goes along with its event."""
    stage = Stage()
    stage.act("start_typing", callback={"set": {"a": 1}, "duplicate": 1, "delay": 2})
    assert stage.events[0].tweak == Tweak({"a": 1}, (), 1, 2.0)


# files


def sent_file(stage: Stage) -> tuple[File, bytes | None]:
    """Return the file that was sent last."""
    event = stage.events[-1]
    assert isinstance(event, UserReplied)
    assert isinstance(event.reply.content, Media)
    return event.reply.content.file, event.data


@pytest.mark.parametrize(
    ("members", "name", "mime_type", "media"),
    [
        pytest.param({"sample": "photo.jpg"}, "photo.jpg", "image/jpeg", "image", id="sample"),
        pytest.param({"sample": "clip.mp4"}, "clip.mp4", "video/mp4", "video", id="video"),
        pytest.param({"sample": "document.pdf"}, "document.pdf", "application/pdf", "document", id="document"),
        pytest.param({"sample": "photo.jpg", "name": "me.JPEG"}, "me.JPEG", "image/jpeg", "image", id="own-name"),
        pytest.param(
            {"sample": "photo.jpg", "mime_type": "image/png"}, "photo.jpg", "image/png", "image", id="own-type"
        ),
        pytest.param({"content": "aGk=", "name": "hi.txt"}, "hi.txt", "text/plain", "document", id="content"),
        pytest.param({"content": "aGk=", "name": "hi"}, "hi", "application/octet-stream", "document", id="no-suffix"),
        pytest.param({"content": "", "name": "hi.mp3"}, "hi.mp3", "audio/mpeg", "audio", id="empty-content"),
    ],
)
def test_files(members: dict[str, Any], name: str, mime_type: str, media: str) -> None:
    """A file has a name, a type guessed from it unless given, and its bytes."""
    stage = Stage()
    stage.act("send_file", **members)
    file, data = sent_file(stage)
    assert (file.name, file.mime_type, file.media, file.url) == (name, mime_type, media, None)
    expected = (
        (REPO / "fixtures" / "samples" / members["sample"]).read_bytes()
        if "sample" in members
        else base64.b64decode(members["content"])
    )
    assert (data, file.size) == (expected, len(expected))


def test_caption() -> None:
    """A file may have words beside it."""
    stage = Stage()
    (reply,) = stage.act("send_file", sample="photo.jpg", caption="Look").messages
    assert (cast("Media", reply.content).caption, reply.text) == ("Look", "Look")


@pytest.mark.parametrize(
    ("url", "name"),
    [("https://a.b/c/my%20photo.jpg?x=1", "my photo.jpg"), ("https://a.b/", "file"), ("https://a.b", "file")],
)
def test_file_by_url(url: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A URL is recorded and not followed."""
    stage = Stage()
    monkeypatch.setattr(stage.provider, "callbacks_for", lambda _event, _account: ())
    stage.act("send_file", url=url)
    file, data = sent_file(stage)
    assert (file.url, file.name, file.size, data) == (url, name, None, None)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        pytest.param(
            {"sample": "nothing.jpg"},
            "sample: there is no sample 'nothing.jpg'; there are: .*photo.jpg",
            id="no-sample",
        ),
        pytest.param({"sample": "photo"}, "sample: there is no sample 'photo'", id="half-a-name"),
        pytest.param({"sample": "a.zip", "content": None, "name": "x"}, "no sample 'a.zip'", id="other-sample"),
        pytest.param({"content": "aGk", "name": "a.txt"}, "content: is not base64: .*padding", id="no-padding"),
        pytest.param({"content": "aGk=", "name": "a.zip"}, "mime_type: a zip cannot be sent", id="type-of-the-name"),
        pytest.param({"url": "https://a.b/c.jpg"}, "the bytes of a file are needed", id="provider-needs-bytes"),
    ],
)
def test_files_that_cannot_be_sent(members: dict[str, Any], message: str) -> None:
    """A file that is not there, is not what it says, or is none of the provider's is refused, and nothing happens."""
    stage = Stage()
    with pytest.raises(InvalidActionError, match=message):
        stage.act("send_file", **members)
    assert stage.events == []
    assert len(stage.account.journal.messages) == 0


@pytest.mark.parametrize(("size", "fits"), [(MAX_FILE, True), (MAX_FILE + 1, False)])
def test_size_of_files(size: int, fits: bool) -> None:
    """A file has at most 10 MiB."""
    stage = Stage()
    content = base64.b64encode(b"x" * size).decode()
    if fits:
        stage.act("send_file", name="a.txt", content=content)
        assert sent_file(stage)[0].size == size
    else:
        with pytest.raises(InvalidActionError, match="content: is larger than 10 MiB"):
            stage.act("send_file", name="a.txt", content=content)


# what becomes of a message


@pytest.mark.parametrize(
    ("do", "event"), [("deliver", MessageDelivered), ("read", MessageRead), ("fail", MessageFailed)]
)
def test_newest_that_fits(do: str, event: type[MessageDelivered]) -> None:
    """Without a name the newest message is meant, then the one before, and in the end there is none."""
    stage = Stage()
    first, second = stage.accept("1"), stage.accept("2")
    stage.accept("3", user=OTHER)
    assert stage.act(do).messages == (second,)
    assert stage.act(do).messages == (first,)
    with pytest.raises(NotPossibleError, match=f"no message to .{USER[1:]} is there that {do} fits"):
        stage.act(do)
    found = stage.events[-1]
    assert isinstance(found, event)
    assert (found.message, found.conversation) == (first, first.conversation)


@pytest.mark.parametrize("name", ["id", "provider_id"])
def test_named_message(name: str) -> None:
    """A message goes by our id or the provider's; what is named may happen again."""
    stage = Stage()
    first = stage.accept("1")
    stage.accept("2")
    for _ in range(2):
        assert stage.act("read", message=getattr(first, name)).messages == (first,)
    assert stage.done == ["MessageRead", "MessageRead"]


@pytest.mark.parametrize(
    "find",
    [
        pytest.param(lambda _stage, _theirs: "msg_none", id="unknown"),
        pytest.param(lambda _stage, theirs: theirs.id, id="of-somebody-else"),
        pytest.param(lambda _stage, theirs: theirs.provider_id, id="of-somebody-else-by-their-id"),
        pytest.param(lambda stage, _theirs: stage.act("say", text="Hi").messages[0].id, id="of-the-person"),
    ],
)
def test_messages_that_were_not_sent(find: Callable[[Stage, Any], str]) -> None:
    """Only what the business sent to this person can be delivered to them."""
    stage = Stage()
    stage.accept("Hi")
    name = find(stage, stage.accept("Hi", user=OTHER))
    with pytest.raises(NotPossibleError, match=f"no message '{name}' was sent to .{USER[1:]}"):
        stage.act("deliver", message=name)


@pytest.mark.parametrize(
    ("before", "do", "fits"),
    [
        pytest.param([], "deliver", True, id="deliver-a-new-one"),
        pytest.param(["read"], "deliver", True, id="deliver-one-that-was-read"),
        pytest.param(["deliver"], "deliver", False, id="deliver-twice"),
        pytest.param(["read", "deliver"], "deliver", False, id="deliver-twice-after-reading"),
        pytest.param(["fail"], "deliver", False, id="deliver-a-failed-one"),
        pytest.param([], "read", True, id="read-before-it-was-delivered"),
        pytest.param(["deliver"], "read", True, id="read-one-that-was-delivered"),
        pytest.param(["deliver", "read"], "read", False, id="read-twice"),
        pytest.param(["fail"], "read", False, id="read-a-failed-one"),
        pytest.param([], "fail", True, id="fail-a-new-one"),
        pytest.param(["deliver"], "fail", False, id="fail-a-delivered-one"),
        pytest.param(["read"], "fail", False, id="fail-a-read-one"),
        pytest.param(["fail"], "fail", False, id="fail-twice"),
    ],
)
def test_what_fits(before: list[str], do: str, fits: bool) -> None:
    """Nothing happens twice to a message, nothing to one that failed, and reading may come before delivery."""
    stage = Stage()
    message = stage.accept()
    for each in before:
        stage.act(each, message=message.id)
    if fits:
        stage.act(do)
    else:
        with pytest.raises(NotPossibleError, match="fits"):
            stage.act(do)


def test_fail_says_why() -> None:
    """A failure carries the code and the words that were given."""
    stage = Stage()
    stage.accept()
    stage.act("fail", code="7006", detail="Gone")
    event = stage.events[-1]
    assert isinstance(event, MessageFailed)
    assert (event.code, event.detail) == ("7006", "Gone")


@pytest.mark.parametrize(
    ("status", "code", "event"),
    [
        pytest.param("SENT", None, MessageSent, id="sent"),
        pytest.param("DELIVERED", None, MessageDelivered, id="delivered"),
        pytest.param("SEEN", None, MessageRead, id="read"),
        pytest.param("LOST", None, MessageFailed, id="failed"),
        pytest.param("LOST", "7006", MessageFailed, id="failed-with-a-code"),
        pytest.param("READ", None, ReceiptReported, id="another-word-for-read"),
        pytest.param("DELIVERED", "0", ReceiptReported, id="a-code-that-delivery-has-not"),
        pytest.param("GONE", None, ReceiptReported, id="expired"),
    ],
)
def test_receipts(status: str, code: str | None, event: type[ReceiptReported]) -> None:
    """A receipt is the event that its word stands for, or a receipt in that very word."""
    stage = Stage()
    message = stage.accept()
    acted = stage.act("receipt", status=status, code=code)
    found = stage.events[-1]
    assert type(found) is event
    assert (acted.messages, found.message) == ((message,), message)
    if isinstance(found, ReceiptReported):
        assert (found.status, found.code) == (status, code)
    if isinstance(found, MessageFailed):
        assert found.code == code


def test_receipt_fits_as_its_event_does() -> None:
    """A receipt without a message is about the newest that it fits."""
    stage = Stage()
    first, second = stage.accept("1"), stage.accept("2")
    assert stage.act("receipt", status="SENT").messages == (second,)
    assert stage.act("receipt", status="SENT").messages == (first,)
    with pytest.raises(NotPossibleError, match="SENT fits"):
        stage.act("receipt", status="SENT")
    assert stage.act("receipt", status="GONE").messages == (second,)


def test_unknown_receipt() -> None:
    """A word that is none of the provider's is refused."""
    stage = Stage()
    stage.accept()
    with pytest.raises(InvalidActionError, match="status: 'MAYBE' is no receipt"):
        stage.act("receipt", status="MAYBE")


# suggestions

CARDS = Carousel((Card(title="a", suggestions=(Suggestion("Book", "book-a"),)), Card(title="b", suggestions=(YES,))))


@pytest.mark.parametrize(
    ("suggestion", "expected"),
    [
        pytest.param("Yes", ("Yes", "yes-1"), id="text"),
        pytest.param({"postback": "no-1"}, ("No", "no-1"), id="postback"),
        pytest.param({"index": 0}, ("No", "no-1"), id="first"),
        pytest.param({"index": 1}, ("Book", "book-a"), id="first-of-the-cards"),
        pytest.param({"index": 2}, ("Yes", "yes-1"), id="last-of-the-cards"),
        pytest.param({"index": -1}, ("Yes", "yes-1"), id="last"),
    ],
)
def test_tap(suggestion: Any, expected: tuple[str, str]) -> None:
    """A suggestion is tapped by text, postback or place: those beside the message first, then the cards' in order."""
    stage = Stage()
    message = stage.accept(CARDS, NO)
    acted = stage.act("tap", suggestion=suggestion)
    (event,) = stage.events[1:]
    assert isinstance(event, UserReplied)
    assert event.answered is message
    assert acted.messages == (event.reply,)
    assert event.reply.content == SuggestionResponse(*expected)


def test_tap_finds_the_newest_that_has_it() -> None:
    """Without a message the newest that has the suggestion is answered, however old it is."""
    stage = Stage()
    first = stage.accept("1", YES, NO)
    second = stage.accept("2", YES)
    stage.accept("3")
    stage.accept("4", NO, user=OTHER)
    for suggestion, answered in (("Yes", second), ("No", first), ({"index": 0}, second), ({"index": 1}, first)):
        stage.act("tap", suggestion=suggestion)
        assert cast("UserReplied", stage.events[-1]).answered is answered


def test_tap_on_a_named_message() -> None:
    """A named message is the one that is answered."""
    stage = Stage()
    first = stage.accept("1", YES)
    stage.accept("2", YES)
    stage.act("tap", suggestion="Yes", message=first.provider_id)
    assert cast("UserReplied", stage.events[-1]).answered is first
    with pytest.raises(NotPossibleError, match=r"the suggestion 'No'; there are: 'Yes' \(postback 'yes-1'\)$"):
        stage.act("tap", suggestion="No", message=first.id)


def test_tap_on_what_was_never_shown() -> None:
    """A suggestion that this person was never shown cannot be tapped; those that exist are listed."""
    stage = Stage()
    with pytest.raises(NotPossibleError, match="was never shown the suggestion 'Yes'; there are none"):
        stage.act("tap", suggestion="Yes")
    stage.accept("1", YES)
    stage.accept("2", NO)
    stage.accept("3", WHERE, user=OTHER)
    listed = r"; there are: 'No' \(postback 'no-1'\), 'Yes' \(postback 'yes-1'\)$"
    for suggestion in ("Share location", {"postback": "where-1"}, {"index": 1}):
        with pytest.raises(NotPossibleError, match=listed):
            stage.act("tap", suggestion=suggestion)


def test_lists_have_an_end() -> None:
    """Of very many suggestions fifty are listed."""
    stage = Stage()
    stage.accept("1", *[Suggestion(f"s{index}", "p") for index in range(60)])
    with pytest.raises(NotPossibleError, match="'s49'") as caught:
        stage.act("tap", suggestion="Yes")
    assert "'s50'" not in str(caught.value)


def test_failed_messages_show_nothing() -> None:
    """What failed was never shown, so its suggestions cannot be tapped."""
    stage = Stage()
    stage.accept("1", YES)
    stage.act("fail")
    with pytest.raises(NotPossibleError, match="there are none"):
        stage.act("tap", suggestion="Yes")


@pytest.mark.parametrize(
    ("location", "shared"),
    [
        pytest.param({}, Location(59.90765, 10.746597), id="where-people-are"),
        pytest.param({"location": {"latitude": 1, "longitude": 2}}, Location(1, 2), id="elsewhere"),
        pytest.param({"location": False}, None, id="not-told"),
    ],
)
def test_tap_on_a_request_for_the_location(location: dict[str, Any], shared: Location | None) -> None:
    """The tap is told first, then the place; a person may keep that to themselves."""
    stage = Stage()
    stage.accept("Where?", WHERE)
    acted = stage.act("tap", suggestion={"index": 0}, callback={"duplicate": 1}, **location)
    contents = [message.content for message in acted.messages]
    assert contents == [SuggestionResponse("Share location", "where-1"), *([shared] if shared else [])]
    assert stage.replies() == list(acted.messages)
    assert len(acted.callbacks) == len(contents)
    assert all(event.tweak == Tweak(duplicate=1) for event in stage.events[1:])


def test_location_for_no_request() -> None:
    """A place for a suggestion that asks for none is refused; to keep it back is fine."""
    stage = Stage()
    stage.accept("Call?", Suggestion("Call", "call-1", SuggestedAction("call")))
    with pytest.raises(InvalidActionError, match="location: the suggestion 'Call' asks for no location"):
        stage.act("tap", suggestion="Call", location={"latitude": 1, "longitude": 2})
    stage.act("tap", suggestion="Call", location=False)
    assert len(stage.replies()) == 1


# who


@pytest.mark.parametrize("do", ["system", "end_session"])
def test_what_the_provider_has_not(do: str) -> None:
    """What the provider tells nobody of cannot be done, and the text names what can."""
    stage = Stage()
    members = {"text": "Hi"} if do == "system" else {}
    with pytest.raises(NotPossibleError, match=f"^Stub Messaging has no callback for {do}; it has: click, deliver"):
        stage.act(do, **members)


def test_users() -> None:
    """An address is brought into the provider's form, or refused."""
    stage = Stage()
    assert stage.act("say", text="Hi", user="+49 151 12345678").messages[0].conversation.user == USER
    with pytest.raises(InvalidActionError, match="user: '0151' is no number"):
        stage.act("say", text="Hi", user="0151")


def test_user_is_needed() -> None:
    """Somebody has to do it."""
    with pytest.raises(InvalidActionError, match="user: is required"):
        Stage().engine.act(Stage().account, action("read").model_copy(update={"user": None}), Cause("action", "x"))


@pytest.mark.parametrize(
    ("known", "given", "expected"),
    [
        pytest.param(("shop",), None, "shop", id="the-only-one"),
        pytest.param(("shop",), "shop", "shop", id="the-only-one-by-name"),
        pytest.param(("shop",), "bank", "sender: 'bank' is none of shop", id="another"),
        pytest.param(("shop", "bank"), "bank", "bank", id="one-of-several"),
        pytest.param(("shop", "bank"), None, "sender: is required here; one of shop, bank", id="which-of-several"),
        pytest.param((), "any", "any", id="any-will-do"),
        pytest.param((), None, "last", id="the-one-they-last-heard-of"),
    ],
)
def test_senders(known: tuple[str, ...], given: str | None, expected: str) -> None:
    """The sender is one of the account's; it may be left out where there is only one."""
    stage = Stage()
    stage.accept("Hi", sender="last")
    stage.accept("Hi", sender="shop", user=OTHER)
    stage.provider.known_senders = known
    if ":" in expected:
        with pytest.raises(InvalidActionError, match=expected):
            stage.act("say", text="Hi", sender=given)
    else:
        assert stage.act("say", text="Hi", sender=given).messages[0].conversation.sender == expected


def test_no_sender_at_all() -> None:
    """Where any sender will do and none was heard of, there is none."""
    stage = Stage()
    stage.provider.known_senders = ()
    assert stage.act("say", text="Hi").messages[0].conversation.sender == ""


# what only some providers tell of


def test_actions_of_a_channel() -> None:
    """What a channel has no callback for cannot be done there, though it can elsewhere; the text says what can."""

    class Shy(StubProvider):
        actions_by_channel = MappingProxyType({"chat-1": frozenset({"say"}), "chat-2": frozenset({"say", "read"})})

    stage = Stage(provider=Shy())
    stage.accept()
    with pytest.raises(NotPossibleError, match="Stub Messaging has no callback for read on chat-1; it has: say"):
        stage.act("read")
    stage.act("say", text="Hi")
    stage.act("read", channel="chat-2")
    assert stage.done == ["UserReplied", "MessageRead"]
    with pytest.raises(InvalidActionError) as caught:
        stage.act("read", channel="chat1")
    assert caught.value.errors == [{"path": "channel", "message": "'chat1' is none; the nearest are chat-1, chat-2"}]


def test_click() -> None:
    """A click is on a tracked link: the one that is named, else the first of the newest message that has any."""
    stage = Stage()
    links = {"two": ("https://x.test/1", "https://x.test/2"), "none": ()}
    stage.provider.links = lambda message, account: links[message.text]  # type: ignore[method-assign]  # as it may
    two = stage.accept("two")
    stage.accept("none")
    stage.act("click")
    stage.act("click", url="https://x.test/2")
    stage.act("click", url="https://x.test/2", message=two.id)
    clicked = [event for event in stage.events if isinstance(event, UrlClicked)]
    assert [(event.message, event.url[-1]) for event in clicked] == [(two, "1"), (two, "2"), (two, "2")]
    with pytest.raises(NotPossibleError, match="tracked; there are: https:"):
        stage.act("click", url="https://x.test/3")


def test_click_on_nothing() -> None:
    """Where no click is told of, none can be made."""
    stage = Stage()
    stage.accept("See https://x.test/1")
    with pytest.raises(NotPossibleError, match="whose clicks are tracked; there are none"):
        stage.act("click")


def test_a_tap_that_is_a_receipt() -> None:
    """A provider may tell of a tap by a receipt, in the place of a reply."""
    stage = Stage()
    told = ("SEEN", "yes-1")
    stage.provider.told_of_tap = lambda message, suggestion: told  # type: ignore[method-assign]  # as it may
    message = stage.accept("Well?", YES)
    acted = stage.act("tap", suggestion="Yes")
    (event,) = [event for event in stage.events if isinstance(event, ReceiptReported)]
    assert (event.message, event.status, event.detail) == (message, "SEEN", "yes-1")
    assert (acted.messages, stage.replies()) == ((message,), [])


@pytest.mark.parametrize(
    ("wish", "happened"),
    [
        pytest.param({"status": "LOST", "code": "1", "detail": "why"}, (MessageFailed, "1", "why"), id="failed"),
        pytest.param({"status": "SEEN", "detail": "why"}, (ReceiptReported, None, "why"), id="more-than-read"),
        pytest.param({"status": "NOTED", "code": "1"}, (ReceiptReported, "1", None), id="noted"),
    ],
)
def test_details_of_receipts(wish: dict[str, Any], happened: tuple[type, str | None, str | None]) -> None:
    """A receipt may say more than its word; one that is only noted fits whatever became of the message."""
    stage = Stage()
    message = stage.accept()
    if wish["status"] == "NOTED":
        message.status = "failed"
    stage.act("receipt", **wish)
    event = stage.events[-1]
    assert isinstance(event, MessageFailed | ReceiptReported)
    assert (type(event), event.code, event.detail) == happened


def test_events_of_the_platform() -> None:
    """The platform tells of its own events, by the codes that it has, in the channel of the conversation."""

    class Talkative(StubProvider):
        actions = StubProvider.actions | {"event"}

        def event_codes(self) -> tuple[str, ...]:
            return ("Joined", "Left")

    stage = Stage(provider=Talkative())
    stage.accept()
    stage.act("event", event_code="Left")
    event = stage.events[-1]
    assert isinstance(event, EventReported)
    assert (event.code, event.channel) == ("Left", "chat-1")
    with pytest.raises(InvalidActionError, match="event_code: 'Gone' is none of Joined, Left"):
        stage.act("event", event_code="Gone")


class Manned(StubProvider):
    """A provider whose business has agents, and that tells whatever there is to tell."""

    actions = StubProvider.actions | {"agent", "system", "action"}
    has_voice = True
    is_on = True

    def agent_message(self, text: str, conversation: Conversation, account: Account) -> MessageAccepted:
        """Return the agent's text, which nothing is played for."""
        if not self.is_on:
            return super().agent_message(text, conversation, account)
        message = Message(
            id=account.ids.opaque("msg"),
            seq=account.journal.next_seq(),
            conversation=conversation,
            direction="outbound",
            channel="chat-1",
            provider_id="theirs",
            at=account.clock.now(),
            status="accepted",
            body=Body(Text(text)),
        )
        return MessageAccepted(message.at, conversation, None, message, fate=())

    def keeps_tap(self, suggestion: Suggestion) -> bool:
        """Keep what leads nowhere."""
        return suggestion == NO

    def sender_in(self, address: str, account: Account) -> str | None:
        """Return what is written behind a slash."""
        return address.partition("/")[2] or None

    def normalise_user(self, address: str) -> str:
        """Return what is written before it."""
        return super().normalise_user(address.partition("/")[0])

    def channel_of(self, sender: str, account: Account) -> str:
        """Each sender is a channel."""
        return f"channel of {sender}"


def test_system() -> None:
    """What the platform notes in a conversation comes as a message of its own sort."""
    stage = Stage(provider=Manned())
    (reply,) = stage.act("system", text="The number has changed").messages
    assert reply.content == Other("The number has changed", {"type": "system"})


def test_actions_of_the_platform() -> None:
    """The platform's actions have whatever codes they like."""
    stage = Stage(provider=Manned())
    stage.act("action", action_code="SEND_INVOICE")
    event = stage.events[-1]
    assert isinstance(event, ActionReported)
    assert event.code == "SEND_INVOICE"


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        pytest.param({"assign": "alice"}, ("assign", "alice"), id="assign"),
        pytest.param({"resolve": True}, ("resolve", None), id="resolve"),
        pytest.param({"close": True}, ("close", None), id="close"),
    ],
)
def test_agents(wish: dict[str, Any], expected: tuple[str, str | None]) -> None:
    """An agent takes a conversation, settles it or closes it."""
    stage = Stage(provider=Manned())
    stage.act("agent", **wish)
    event = stage.events[-1]
    assert isinstance(event, AgentActed)
    assert (event.deed, event.name) == expected


def test_an_agent_replies() -> None:
    """What an agent writes is a message of the business; it lies in the journal, and here nothing plays for it."""
    stage = Stage("name: default\nsteps: [{do: read}]", provider=Manned())
    (message,) = stage.act("agent", reply="Hello, this is Alice").messages
    assert list(stage.account.journal.messages) == [message]
    assert isinstance(stage.events[-1], MessageAccepted)
    assert stage.runs == []


def test_an_agent_who_cannot_reply() -> None:
    """Where there is nobody to reply, that is said."""
    provider = Manned()
    provider.is_on = False
    with pytest.raises(InvalidActionError, match="reply: Stub Messaging has no agents"):
        Stage(provider=provider).act("agent", reply="Hello")


def test_a_tap_that_stays_on_the_handset() -> None:
    """A suggestion that only opens something tells nobody."""
    stage = Stage(provider=Manned())
    stage.accept("Go on?", YES, NO)
    assert stage.act("tap", suggestion="No") == ((), ())
    assert stage.replies() == []
    stage.act("tap", suggestion="Yes")
    assert len(stage.replies()) == 1


@pytest.mark.parametrize(
    ("mime_type", "voice", "has_voice", "expected"),
    [
        pytest.param("audio/ogg", True, True, "voice", id="voice"),
        pytest.param("audio/ogg", False, True, "audio", id="a-recording"),
        pytest.param("image/png", True, True, "image", id="no-sound"),
        pytest.param("audio/ogg", True, False, "audio", id="a-provider-that-knows-no-voice"),
    ],
)
def test_voice(mime_type: str, voice: bool, has_voice: bool, expected: str) -> None:
    """A voice message is a sort of file of its own where the provider knows it."""
    provider = Manned() if has_voice else StubProvider()
    stage = Stage(provider=provider)
    (reply,) = stage.act("send_file", sample="photo.jpg", mime_type=mime_type, voice=voice).messages
    assert isinstance(reply.content, Media)
    assert reply.content.file.media == expected


def test_an_address_that_tells_the_sender() -> None:
    """A person's address may tell the business's as well; the sender may tell the channel."""
    provider = Manned()
    provider.known_senders = ("one", "two")
    stage = Stage(provider=provider)
    (reply,) = stage.act("say", user=f"{USER}/two", text="Hi").messages
    assert (reply.conversation.sender, reply.conversation.user, reply.channel) == ("two", USER, "channel of two")
