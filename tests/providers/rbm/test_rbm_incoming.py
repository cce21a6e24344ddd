"""Incoming messages: what a trigger must be, and what becomes of each sort of content (RBM-IN)."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from rbm_agent import JOHN, YES, Agent
from sandbox.core.content import SuggestedAction, Suggestion
from sandbox.engine.actions import InvalidActionError, NotPossibleError
from sandbox.providers import rbm
from sandbox.providers.rbm import phones, suggestions

PROVIDER = rbm.PROVIDER


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        pytest.param("1234567", "+1234567", id="RBM-IN-01-seven-digits"),
        pytest.param("123456", None, id="RBM-IN-01-six-digits"),
        pytest.param("123456789012345", "+123456789012345", id="RBM-IN-01-fifteen-digits"),
        pytest.param("1234567890123456", None, id="RBM-IN-01-sixteen-digits"),
        pytest.param("+91 (99) 8877-66.55", "+9199887766.55".replace(".", ""), id="RBM-IN-01-punctuation"),
        pytest.param("++91-998877 6655++", "+919988776655", id="RBM-IN-01-pluses-wherever"),
        pytest.param("0091 9988776655", "+00919988776655", id="RBM-IN-01-zeros-are-digits"),
        pytest.param("+91998877665x", None, id="RBM-IN-01-a-letter"),
        pytest.param("+91/9988776655", None, id="RBM-IN-01-a-slash"),
        pytest.param("+91\u00a09988776655", None, id="RBM-IN-01-another-space"),
        pytest.param("\u0661\u0662\u0663\u0664\u0665\u0666\u0667", None, id="RBM-IN-01-digits-of-another-script"),
        pytest.param("+-() .", None, id="RBM-IN-01-no-digits"),
        pytest.param("9" * 100_000, None, id="RBM-IN-01-very-long"),
    ],
)
def test_phones(written: str, phone: str | None) -> None:
    """A number has 7 to 15 digits, whatever it is written with, and goes out with a plus."""
    if phone is None:
        with pytest.raises(ValueError, match="no phone number of 7 to 15 digits"):
            phones.normalise(written)
    else:
        assert phones.normalise(written) == phone


@pytest.mark.parametrize(
    ("action", "at"),
    [
        pytest.param({"type": "say", "text": "H"}, None, id="RBM-IN-02-one-character"),
        pytest.param({"type": "say", "text": ""}, "text", id="RBM-IN-02-empty-text"),
        pytest.param({"type": "say"}, "text", id="RBM-IN-02-no-text"),
        pytest.param({"type": "send_file"}, "", id="RBM-IN-02-no-file"),
        pytest.param({"type": "send_file", "sample": "photo.jpg"}, None, id="RBM-IN-02-sample"),
        pytest.param({"type": "send_file", "sample": "none.jpg"}, "sample", id="RBM-IN-02-no-such-sample"),
        pytest.param({"type": "send_file", "name": "a.txt", "content": "aGk="}, None, id="RBM-IN-02-bytes"),
        pytest.param({"type": "send_file", "url": "https://cdn.test/a.pdf"}, None, id="RBM-IN-02-url"),
        pytest.param({"type": "send_file", "url": "file:///etc/passwd"}, "url", id="RBM-IN-02-url-of-another-scheme"),
        pytest.param({"type": "tap", "suggestion": {**YES, "text": "a" * 25}}, None, id="RBM-IN-02-text-of-25"),
        pytest.param({"type": "tap", "suggestion": {**YES, "text": "a" * 26}}, "suggestion", id="RBM-IN-02-text-of-26"),
        pytest.param({"type": "tap", "suggestion": {**YES, "text": ""}}, "suggestion.text", id="RBM-IN-02-empty-label"),
        pytest.param(
            {"type": "tap", "suggestion": {**YES, "postback": "a" * 2048}}, None, id="RBM-IN-02-postback-2048"
        ),
        pytest.param(
            {"type": "tap", "suggestion": {**YES, "postback": "a" * 2049}}, "suggestion", id="RBM-IN-02-postback-2049"
        ),
        pytest.param(
            {"type": "tap", "suggestion": {**YES, "postback": ""}}, "suggestion.postback", id="RBM-IN-02-empty-postback"
        ),
        pytest.param({"type": "tap", "suggestion": {"text": "Yes"}}, "suggestion.postback", id="RBM-IN-02-no-postback"),
        pytest.param(
            {"type": "tap", "suggestion": {**YES, "type": "shout"}}, "suggestion.type", id="RBM-IN-02-unknown-type"
        ),
        pytest.param(
            {"type": "share_location", "latitude": 90, "longitude": 180}, None, id="RBM-IN-02-north-pole-at-180"
        ),
        pytest.param(
            {"type": "share_location", "latitude": -90, "longitude": -180}, None, id="RBM-IN-02-south-pole-at-minus-180"
        ),
        pytest.param(
            {"type": "share_location", "latitude": 90.001, "longitude": 0}, "latitude", id="RBM-IN-02-beyond-the-pole"
        ),
        pytest.param(
            {"type": "share_location", "latitude": -90.001, "longitude": 0}, "latitude", id="RBM-IN-02-beyond-the-other"
        ),
        pytest.param(
            {"type": "share_location", "latitude": 0, "longitude": 180.001}, "longitude", id="RBM-IN-02-too-far-east"
        ),
        pytest.param(
            {"type": "share_location", "latitude": 0, "longitude": -180.001}, "longitude", id="RBM-IN-02-too-far-west"
        ),
        pytest.param(
            {"type": "share_location", "latitude": "19", "longitude": 0}, "latitude", id="RBM-IN-02-no-number"
        ),
    ],
)
async def test_what_a_message_needs(agent: Agent, action: dict[str, Any], at: str | None) -> None:
    """Each content has what it needs, within its limits; a trigger that has not leaves nothing behind."""
    members = dict(action)
    deed = members.pop("type")
    if at is None:
        assert len(agent.does(deed, **members).messages) == 1
    else:
        with pytest.raises(InvalidActionError) as caught:
            agent.does(deed, **members)
        assert [error["path"] for error in caught.value.errors] == [at]
        assert not agent.account.journal.messages
        assert not agent.callbacks


@pytest.mark.parametrize(
    ("mime_type", "media"),
    [
        pytest.param("image/jpeg", "image", id="RBM-IN-03-image"),
        pytest.param("image/x-unheard-of", "image", id="RBM-IN-03-any-image"),
        pytest.param("IMAGE/PNG", "image", id="RBM-IN-03-upper-case"),
        pytest.param("video/mp4", "video", id="RBM-IN-03-video"),
        pytest.param("application/pdf", "document", id="RBM-IN-03-document"),
        pytest.param("audio/mpeg", "document", id="RBM-IN-03-recordings-are-documents"),
        pytest.param("text/plain", "document", id="RBM-IN-03-text"),
        pytest.param("imagery/jpeg", "document", id="RBM-IN-03-almost-an-image"),
    ],
)
async def test_media(agent: Agent, mime_type: str, media: str) -> None:
    """The media and the key beside it follow the MIME type, which is told as it is."""
    told = await agent.gets("send_file", name="a.bin", mime_type=mime_type, content="aGk=")
    assert list(told["file"]) == ["media", media]
    assert told["file"]["media"] == media
    assert told["file"][media]["mimeType"] == mime_type
    assert "$media" not in told["file"]


@pytest.mark.parametrize(
    ("kind", "types"),
    [
        pytest.param(None, ["suggestion"], id="RBM-IN-04-a-reply-unless-told"),
        pytest.param("reply", ["suggestion"], id="RBM-IN-04-reply"),
        pytest.param("open_url", ["suggestion"], id="RBM-IN-04-open-url"),
        pytest.param("dial", ["suggestion"], id="RBM-IN-04-dial"),
        pytest.param("view_location", ["suggestion"], id="RBM-IN-04-view-location"),
        pytest.param("create_calendar_event", ["suggestion"], id="RBM-IN-04-create-calendar-event"),
        pytest.param("share_location", ["suggestion", "location"], id="RBM-IN-04-share-location-is-two"),
    ],
)
async def test_taps(agent: Agent, kind: str | None, types: list[str]) -> None:
    """A tap tells type, postback and text; one that shares a location is told before the location."""
    suggestion = {"text": "Go", "postback": "go-1"} | ({} if kind is None else {"type": kind})
    acted = agent.does("tap", suggestion=suggestion)
    await agent.settle()
    assert [body["type"] for body in agent.bodies] == types
    assert agent.bodies[0]["suggestion"] == {"type": kind or "reply", "postback": "go-1", "text": "Go"}
    assert len(acted.messages) == len(acted.callbacks) == len(types)
    assert len({body["request_id"] for body in agent.bodies}) == len(types)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        pytest.param({"latitude": 19.076, "longitude": 72.8777}, (19.076, 72.8777), id="RBM-IN-04-a-place-of-ones-own"),
        pytest.param(None, (59.90765, 10.746597), id="RBM-IN-04-the-usual-place"),
        pytest.param(False, None, id="RBM-IN-04-a-person-who-declines"),
    ],
)
async def test_what_a_tap_shares(agent: Agent, place: Any, told: tuple[float, float] | None) -> None:
    """The place that is shared can be told, and whether one is shared at all."""
    more = {} if place is None else {"location": place}
    agent.does("tap", suggestion={**YES, "type": "share_location"}, **more)
    await agent.settle()
    shared = [(body["location"]["latitude"], body["location"]["longitude"]) for body in agent.bodies[1:]]
    assert shared == ([] if told is None else [told])


@pytest.mark.parametrize(
    "suggestion",
    [
        pytest.param("Yes", id="RBM-IN-02-by-its-text"),
        pytest.param({"postback": "yes"}, id="RBM-IN-02-by-its-postback"),
        pytest.param({"index": 0}, id="RBM-IN-02-by-its-place"),
    ],
)
async def test_nothing_is_ever_shown(agent: Agent, suggestion: Any) -> None:
    """A suggestion that a message would have to show is not there; the refusal tells how to give one."""
    with pytest.raises(NotPossibleError, match=r"shows people nothing; give the suggestion whole.*share_location"):
        agent.does("tap", suggestion=suggestion)


def test_types_of_suggestions_go_there_and_back() -> None:
    """Each type does something of its own on the handset, and is told by its name again."""
    made = [suggestions.suggestion(kind, "Go", "go") for kind in suggestions.TYPES]
    assert [suggestions.type_of(one) for one in made] == list(suggestions.TYPES)
    assert suggestions.type_of(None) == "reply"
    assert suggestions.suggestion("dial", "Go", "go") == Suggestion("Go", "go", SuggestedAction("call"))


@pytest.mark.parametrize(
    ("tweak", "changed"),
    [
        pytest.param({"set": {"request_id": "r-1"}}, {"request_id": "r-1"}, id="RBM-IN-05-request-id"),
        pytest.param({"set": {"session_id": "s-1"}}, {"session_id": "s-1"}, id="RBM-IN-05-session-id"),
        pytest.param({"set": {"timestamp": "yesterday"}}, {"timestamp": "yesterday"}, id="RBM-IN-05-timestamp"),
        pytest.param({"set": {"extra": [1, None]}}, {"extra": [1, None]}, id="RBM-IN-05-a-key-more"),
        pytest.param({"drop": ["session_id"]}, {"session_id": ...}, id="RBM-IN-05-a-key-less"),
        pytest.param({"set": {"type": "hologram"}}, {"type": "hologram"}, id="RBM-IN-05-an-unknown-type"),
        pytest.param({"set": {"text": {"deep": 1}}}, {"text": {"deep": 1}}, id="RBM-IN-05-another-shape"),
        pytest.param({}, {}, id="RBM-IN-05-nothing"),
    ],
)
async def test_overrides(agent: Agent, tweak: dict[str, Any], changed: dict[str, Any]) -> None:
    """A script overrides, adds and drops keys of one message; the rest and the next message are as documented."""
    told = await agent.gets("say", text="Hello", callback=tweak)
    plain = await agent.gets("say", text="Hello")
    assert list(plain) == ["agent", "phone", "request_id", "session_id", "type", "text", "timestamp"]
    expected = {**plain, "request_id": told.get("request_id"), **changed}
    assert told == {key: value for key, value in expected.items() if value is not ...}


async def test_overrides_inside(agent: Agent) -> None:
    """RBM-IN-05: a dotted path leads into the content."""
    told = await agent.gets(
        "send_file",
        sample="photo.jpg",
        callback={"set": {"file.image.fileSizeBytes": "1"}, "drop": ["file.image.fileName"]},
    )
    assert told["file"]["image"].keys() == {"mimeType", "fileSizeBytes", "fileUri"}
    assert told["file"]["image"]["fileSizeBytes"] == "1"


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param(("deliver", {}), id="deliver"),
        pytest.param(("read", {}), id="read"),
        pytest.param(("start_typing", {}), id="start-typing"),
        pytest.param(("receipt", {"status": "READ"}), id="receipt"),
        pytest.param(("error", {"code": "1"}), id="error"),
        pytest.param(("system", {"text": "Hi"}), id="system"),
    ],
)
async def test_what_rbm_tells_nobody_of(agent: Agent, deed: tuple[str, dict[str, Any]]) -> None:
    """The document knows four sorts of messages; there is no callback for anything else."""
    with pytest.raises(NotPossibleError, match="RBM has no callback for"):
        agent.does(deed[0], **deed[1])


async def test_a_trigger_over_http(agent: Agent) -> None:
    """RBM-IN-01, RBM-IN-02: the control API normalises the phone, and refuses in its own form."""
    good = await agent.asked("say", "91 99887-76655", text="Hello")
    assert good.status_code == 202
    assert [message.conversation.user for message in agent.account.journal.messages] == [JOHN]
    for bad in (await agent.asked("say", "123456", text="Hello"), await agent.asked("say", text="")):
        assert (bad.status_code, bad.headers["content-type"]) == (422, "application/problem+json")


async def test_bytes_come_as_they_were_sent(agent: Agent) -> None:
    """RBM-IN-02: the base64 of a trigger is the file that is served."""
    data = bytes(range(256))
    told = await agent.gets("send_file", name="all bytes.bin", content=base64.b64encode(data).decode())
    document = told["file"]["document"]
    assert (document["fileSizeBytes"], document["fileName"]) == (256, "all bytes.bin")
    assert (await agent.http.get(document["fileUri"])).content == data


@pytest.mark.parametrize(
    ("phone", "name"),
    [
        pytest.param("+919988776655", "John Doe", id="john"),
        pytest.param("+6599999999", "Mei Tan", id="mei"),
    ],
)
async def test_people(agent: Agent, phone: str, name: str) -> None:
    """The published numbers have people with a name; everybody else is drawn from the seed."""
    assert PROVIDER.person(phone, agent.account).name == name
    assert PROVIDER.person("+911", agent.account) == agent.account.ids.person("+911")
