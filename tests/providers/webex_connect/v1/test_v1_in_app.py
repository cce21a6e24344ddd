"""WX1-APP: messages to the live chat of an app or a web page."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic_core import to_json

from sandbox.core.content import Content, File, Location, Media, Other, SuggestedAction, Suggestion, Text
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.checked import Fate
from v1_requests import OMIT, assert_refused, check, fates, refusal, request, without_omitted

Members = dict[str, Any]

URL = "https://example.com/a.png"
NO_TEXT = "param 'text' missing for channel rt"
NO_PARTS = "param 'mediaid' or type based attachment is required"


def in_app(message: Any = None, **block: Any) -> Members:
    """Return an in-app message; a member given as OMIT is left out."""
    members = {"thread_id": "TH1", "message": {"text": "Hello"} if message is None else message, **block}
    return request("appmessaging", {"appmessaging": without_omitted(members)}, "u1", key="userid", appid="a_1")


def attached(**attachment: Any) -> Members:
    """Return a message with an attachment."""
    return in_app({"attachment": attachment})


def quick(*options: Any, **more: Any) -> Members:
    """Return a text with quick replies."""
    return in_app({"text": "Which?", "quickreplies": {"options": list(options), **more}})


def option(number: Any = 1, **changes: Any) -> Members:
    """Return a quick reply; a member given as OMIT is left out."""
    return without_omitted({"type": "text", "identifier": f"i{number}", "title": f"Reply {number}", **changes})


def announced(**notification: Any) -> Members:
    """Return a message with a push that announces it; a member given as OMIT is left out."""
    return in_app(notification=without_omitted({"title": "a", "text": "b", **notification}))


def of_size(size: int) -> Members:
    """Return a message whose object has so many bytes as compact JSON."""
    empty = {"thread_id": "TH1", "message": {"text": ""}}
    return in_app({"text": "x" * (size - len(to_json(empty)))})


LACKING = [
    pytest.param(in_app(thread_id=OMIT), "01", "thread_id", id="WX1-APP-01-no-thread"),
    pytest.param(in_app(thread_id=""), "01", "thread_id", id="WX1-APP-01-empty-thread"),
    pytest.param(in_app(OMIT), "01", NO_TEXT, id="WX1-APP-01-no-message"),
    pytest.param(in_app({}), "01", NO_TEXT, id="WX1-APP-01-empty-message"),
    pytest.param(in_app({"quickreplies": {"options": [option()]}}), "02", NO_TEXT, id="WX1-APP-02-neither"),
    pytest.param(in_app({"text": "", "attachment": {}}), "02", NO_TEXT, id="WX1-APP-02-empty"),
    pytest.param(attached(size=1), "03", NO_PARTS, id="WX1-APP-03-neither-type-nor-id"),
    pytest.param(attached(file=URL), "03", NO_PARTS, id="WX1-APP-03-no-content-type"),
    *[
        pytest.param(attached(contentType=kind), "03", NO_PARTS, id=f"WX1-APP-03-{kind}-without-file")
        for kind in ("image", "video", "audio", "file")
    ],
    pytest.param(
        attached(contentType="location", latitude=1), "03", NO_PARTS, id="WX1-APP-03-location-without-longitude"
    ),
    pytest.param(
        attached(contentType="location", longitude=1), "03", NO_PARTS, id="WX1-APP-03-location-without-latitude"
    ),
    pytest.param(quick(), "04", "quickreplies.options", id="WX1-APP-04-no-options"),
    pytest.param(quick(option(type=OMIT)), "04", "quickreplies.options[0].type", id="WX1-APP-04-no-type"),
    pytest.param(
        quick(option(1), option(2, identifier="")),
        "04",
        "quickreplies.options[1].identifier",
        id="WX1-APP-04-no-identifier",
    ),
    pytest.param(quick(option(title=OMIT)), "04", "quickreplies.options[0].title", id="WX1-APP-04-no-title"),
]


@pytest.mark.parametrize(("data", "rule", "detail"), LACKING)
def test_what_is_missing(data: Members, rule: str, detail: str) -> None:
    """A mandatory part that is absent, null or empty is 7003."""
    assert_refused(data, f"WX1-APP-{rule}", "7003", detail)


NO_TITLE = "param 'title' in notification, is missed or empty"
WORDS = "param 'text' in notification, is missed or empty"

WRONG = [
    pytest.param(in_app(thread_id=["a"]), "WX1-APP-01", "thread_id", id="WX1-APP-01-array-for-a-thread"),
    pytest.param(in_app("Hello"), "WX1-APP-01", "message", id="WX1-APP-01-text-for-a-message"),
    pytest.param(in_app({"text": 5}), "WX1-APP-02", "message.text", id="WX1-APP-02-number"),
    pytest.param(in_app({"attachment": "a"}), "WX1-APP-03", "message.attachment", id="WX1-APP-03-text"),
    pytest.param(
        attached(contentType="sticker", file=URL),
        "WX1-APP-03",
        "message.attachment.contentType",
        id="WX1-APP-03-unknown-type",
    ),
    pytest.param(
        attached(contentType=5, file=URL), "WX1-APP-03", "message.attachment.contentType", id="WX1-APP-03-number"
    ),
    pytest.param(attached(contentType="image", file=5), "WX1-APP-03", "message.attachment.file", id="WX1-APP-03-file"),
    pytest.param(attached(mediaid=["a"]), "WX1-APP-03", "message.attachment.mediaid", id="WX1-APP-03-media-id"),
    pytest.param(
        attached(contentType="location", latitude=91, longitude=0),
        "WX1-APP-03",
        "message.attachment.latitude",
        id="WX1-APP-03-latitude-91",
    ),
    pytest.param(
        attached(contentType="location", latitude=0, longitude="east"),
        "WX1-APP-03",
        "message.attachment.longitude",
        id="WX1-APP-03-longitude",
    ),
    pytest.param(quick(option(), reference=5), "WX1-APP-04", "quickreplies.reference", id="WX1-APP-04-reference"),
    pytest.param(quick("a"), "WX1-APP-04", "quickreplies.options[0]", id="WX1-APP-04-text-for-an-option"),
    pytest.param(
        quick(option(payload=["a"])), "WX1-APP-04", "quickreplies.options[0].payload", id="WX1-APP-04-payload"
    ),
    pytest.param(announced(title=OMIT), "WX1-APP-06", NO_TITLE, id="WX1-APP-06-no-title"),
    pytest.param(announced(title=""), "WX1-APP-06", NO_TITLE, id="WX1-APP-06-empty-title"),
    pytest.param(announced(text=OMIT), "WX1-APP-06", WORDS, id="WX1-APP-06-no-text"),
    pytest.param(announced(text=5), "WX1-APP-06", WORDS, id="WX1-APP-06-number"),
    pytest.param(in_app(notification={}), "WX1-APP-06", NO_TITLE, id="WX1-APP-06-empty"),
    pytest.param(in_app(notification="a"), "WX1-APP-06", "notification", id="WX1-APP-06-text-for-it"),
    pytest.param(announced(ios_extras="a"), "WX1-APP-06", "notification.ios_extras", id="WX1-APP-06-text-for-extras"),
    pytest.param(
        announced(android_extras={"notificationaction": {"action": "OPEN_DOOR"}}),
        "WX1-PUSH-10",
        "notificationaction.action",
        id="WX1-PUSH-10-in-app",
    ),
    pytest.param(
        announced(interactive={"device_types": ["ios"], "category": "SINGLE_OPENING"}),
        "WX1-PUSH-24",
        "Invalid value of param category or no identifiers mapped to this category",
        id="WX1-PUSH-24-in-app",
    ),
]


@pytest.mark.parametrize(("data", "rule", "detail"), WRONG)
def test_what_is_wrong(data: Members, rule: str, detail: str) -> None:
    """A part that is there and is not as documented is 7004."""
    assert_refused(data, rule, "7004", detail)


@pytest.mark.parametrize(
    ("data", "rule", "code", "detail"),
    [
        pytest.param(
            quick(*map(option, range(6))),
            "WX1-APP-04",
            "7706",
            "quickreplies.options",
            id="WX1-APP-04-six-are-too-many",
        ),
        pytest.param(
            quick(option(1), option(1)),
            "WX1-APP-04",
            "7704",
            "quickreplies.options[1].identifier",
            id="WX1-APP-04-same-identifier",
        ),
        pytest.param(
            quick(option(identifier=1), option(identifier="1")),
            "WX1-APP-04",
            "7704",
            "quickreplies.options[1].identifier",
            id="WX1-APP-04-same-identifier-in-either-type",
        ),
        pytest.param(of_size(4097), "WX1-APP-07", "7026", None, id="WX1-APP-07-4097-bytes-are-too-many"),
    ],
)
def test_limits_with_codes_of_their_own(data: Members, rule: str, code: str, detail: str | None) -> None:
    """In-app limits have codes that the document does not list."""
    assert_refused(data, rule, code, detail)


ELEMENT = {"title": "a", "buttons": [{"title": "b"}] * 4, "image_urls": [URL] * 6}

ACCEPTED = [
    pytest.param(in_app(), id="WX1-APP-01-text"),
    pytest.param(in_app({"text": "a", "attachment": {"contentType": "image", "file": URL}}), id="WX1-APP-02-both"),
    *[
        pytest.param(attached(contentType=kind, file=URL), id=f"WX1-APP-03-{kind}")
        for kind in ("image", "video", "audio", "file")
    ],
    pytest.param(attached(mediaid="m1"), id="WX1-APP-03-media-id-alone"),
    pytest.param(attached(mediaid=17, contentType="image"), id="WX1-APP-03-media-id-beside-type"),
    pytest.param(attached(contentType="location", latitude=-90, longitude="180"), id="WX1-APP-03-location"),
    pytest.param(attached(contentType="template", elements=[ELEMENT] * 9), id="WX1-APP-05-template-of-any-size"),
    pytest.param(quick(*map(option, range(5)), reference="r"), id="WX1-APP-04-five-are-allowed"),
    pytest.param(quick(option(payload="p", imageurl=URL)), id="WX1-APP-04-optional-parts"),
    pytest.param(announced(ios_extras={"badge": "1"}, android_extras={}), id="WX1-APP-06-title-and-text"),
    pytest.param(of_size(4096), id="WX1-APP-07-4096-bytes-are-allowed"),
]


@pytest.mark.parametrize("data", ACCEPTED)
def test_what_is_accepted(data: Members) -> None:
    """What the public pages show is accepted, and will be delivered."""
    assert check(data).warnings == ()
    assert fates(data) == [None]


@pytest.mark.parametrize(
    ("threads", "fate"),
    [
        pytest.param([], None, id="WX1-APP-01-none-declared"),
        pytest.param(["TH1"], None, id="WX1-APP-01-known-thread"),
        pytest.param(["TH2"], Fate("Failed", "7312"), id="WX1-APP-01-unknown-thread"),
    ],
)
def test_threads(threads: list[str], fate: Fate | None) -> None:
    """Where threads are declared, another one fails by receipt."""
    assert fates(in_app(), threads=threads) == [fate]


def test_the_alias_of_the_channel() -> None:
    """WX1-ENV-03: `rt` is the same channel."""
    data = in_app() | {"deliverychannel": "rt", "destination": [{"customerid": ["c1"]}]}
    checked = check(data)
    assert (checked.channel, checked.addressed[0].key) == ("appmessaging", "customerid")


def test_the_buttons_of_a_notification() -> None:
    """WX1-PUSH-20: the announcement has buttons as a push has them, and their reference comes back."""
    action = {"pos": 1, "action": "OPEN_APP"}
    interactive = {"device_types": ["ios"], "category": "SINGLE_OPEN", "actions": [action], "pushref": "7"}
    assert check(announced(interactive=interactive)).pushref == "7"


def test_a_template_needs_no_message() -> None:
    """WX1-TPL-04: a template stands in for thread and message, and the channel's own message wins over it."""
    settings = {"templates": {"t1": {"channel": "appmessaging", "text": "Hi"}}}
    replies = {"quickreplies": {"options": [option()]}}
    for data, text in (in_app(OMIT), "Hi"), (in_app(replies), "Hi"), (in_app(), "Hello"):
        checked = check(data | {"message": {"template": "t1"}}, **settings)
        assert checked.content(checked.addressed[0]) == Body(Text(text))


def test_order() -> None:
    """The first broken rule answers, in the order of the contract."""
    large = "x" * 5000
    assert refusal(in_app({"text": large}, notification={})).rule == "WX1-APP-06"
    assert refusal(in_app({"quickreplies": {}}, thread_id=OMIT)).rule == "WX1-APP-01"


@pytest.mark.parametrize(
    ("data", "path"),
    [
        pytest.param(quick(option(colour=1)), "message.quickreplies.options[0].colour", id="WX1-JSON-03-option"),
        pytest.param(attached(mediaid="m", colour=1), "message.attachment.colour", id="WX1-JSON-03-attachment"),
        pytest.param(announced(colour=1), "notification.colour", id="WX1-JSON-03-notification"),
    ],
)
def test_unknown_members(data: Members, path: str) -> None:
    """What nobody documents is told of, or refused in the strict mode."""
    path = f"channels.appmessaging.{path}"
    assert check(data).warnings == (f"WX1-JSON-03: ignored_fields: {path}",)
    assert_refused(data, "WX1-JSON-03", "7004", f"{path} is an unknown field", strict_unknown_fields=True)


# ------------------------------------------------------------------------------------------------------ content

CONTENTS = [
    pytest.param(in_app(), Text("Hello"), id="text"),
    pytest.param(
        in_app({"text": "a", "attachment": {"contentType": "file", "file": "https://example.com/a.pdf"}}),
        Media(File("document", url="https://example.com/a.pdf", name="a.pdf"), "a"),
        id="file",
    ),
    pytest.param(attached(mediaid=17), Media(File("unknown", id="17")), id="media-id"),
    pytest.param(
        attached(contentType="image", file="http://["), Media(File("image", url="http://[")), id="file-of-anything"
    ),
    pytest.param(
        in_app({"text": "Here", "attachment": {"contentType": "location", "latitude": "1.5", "longitude": 2}}),
        Location(1.5, 2.0, "Here"),
        id="location",
    ),
    pytest.param(
        attached(contentType="location", mediaid="m"),
        Other("", {"attachment": {"contentType": "location", "mediaid": "m"}}),
        id="location-by-id",
    ),
    pytest.param(
        attached(contentType="template", elements=[1]),
        Other("", {"attachment": {"contentType": "template", "elements": [1]}}),
        id="template",
    ),
]


@pytest.mark.parametrize(("data", "content"), CONTENTS)
def test_what_the_chat_shows(data: Members, content: Content) -> None:
    """Text, file or place; a template is kept as it is."""
    checked = check(data)
    assert checked.content(checked.addressed[0]).content == content


def test_quick_replies_can_be_tapped() -> None:
    """Their identifiers are the postbacks; type and payload stand beside."""
    checked = check(quick(option(1), option(identifier=2, payload="p")))
    assert checked.content(checked.addressed[0]).suggestions == (
        Suggestion("Reply 1", "i1", SuggestedAction("other", {"type": "text"})),
        Suggestion("Reply 1", "2", SuggestedAction("other", {"type": "text", "payload": "p"})),
    )


def test_smart_links() -> None:
    """WX1-LINK-04: links are put into a text."""
    data = in_app({"text": "See {{link_5}}"}) | {"smartlinks": [{"linkid": 5, "validity": 30}]}
    checked = check(data)
    content = checked.content(checked.addressed[0]).content
    assert isinstance(content, Text)
    assert content.text.startswith("See https://lnk.sandbox.invalid/5-")
