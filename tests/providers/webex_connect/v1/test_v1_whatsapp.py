"""WX1-WA: texts, files, places, contacts, lists, replies and older templates for WhatsApp."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.core.content import Card, Content, File, Location, Media, Other, SuggestedAction, Suggestion, Text
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.checked import Fate
from v1_requests import OMIT, assert_refused, check, fates, refusal, request, without_omitted

Members = dict[str, Any]

URL = "https://example.com/a.png"
NOBODYS = "00000000_0000_0000_0000_000000000000"


def wa(kind: Any = OMIT, members: Any = OMIT, **block: Any) -> Members:
    """Return a message to a person on WhatsApp; a member given as OMIT is left out."""
    own = {kind: members} if isinstance(kind, str) else {}
    channels = {"OTT-Messaging": {"wa": without_omitted({"type": kind, **own, **block})}}
    return request("whatsapp", channels, "447700900123", key="waid", appid="a_1")


def media(kind: str, **changes: Any) -> Members:
    """Return a message with a file."""
    return wa(kind, without_omitted({"url": URL, "mimeType": "image/png", **changes}))


def place(**changes: Any) -> Members:
    """Return a message with a place."""
    return wa("location", without_omitted({"latitude": 51.5, "longitude": -0.1, **changes}))


def contact(**name: Any) -> Members:
    """Return a contact of this name."""
    return {"name": without_omitted({"formatted_name": "Ann Lee", "first_name": "Ann", **name})}


def row(number: Any = 1, **changes: Any) -> Members:
    """Return a row of a list."""
    return without_omitted({"id": f"r{number}", "title": f"Row {number}", **changes})


def sections(*counts: int, **changes: Any) -> list[Members]:
    """Return sections of so many rows, each row with an id of its own."""
    return [
        without_omitted(
            {"title": f"Section {place}", "rows": [row(f"{place}-{index}") for index in range(count)], **changes}
        )
        for place, count in enumerate(counts)
    ]


def chosen(button: Any = "Choose", rows: Any = None, **changes: Any) -> Members:
    """Return a list message; a member given as OMIT is left out."""
    action = without_omitted({"button": button, "sections": sections(1) if rows is None else rows})
    return wa("list", without_omitted({"body": {"text": "Which?"}, "action": action, **changes}))


def choice(number: Any = 1, kind: Any = "reply", **reply: Any) -> Members:
    """Return a reply button."""
    return without_omitted(
        {"type": kind, "reply": without_omitted({"id": f"b{number}", "title": f"Button {number}", **reply})}
    )


def replies(*buttons: Any, **changes: Any) -> Members:
    """Return a message with reply buttons; a member given as OMIT is left out."""
    members = {"body": {"text": "Which?"}, "action": {"buttons": list(buttons or (choice(),))}, **changes}
    return wa("reply", without_omitted(members))


def hsm(**changes: Any) -> Members:
    """Return a message of the older template form; a member given as OMIT is left out."""
    members = {
        "namespace": "abc_1",
        "element_name": "welcome",
        "language": {"code": "en", "policy": "deterministic"},
        **changes,
    }
    return wa("hsm", without_omitted(members))


LACKING = [
    pytest.param(wa(text={"body": "a"}), "01", "type", id="WX1-WA-01-no-type"),
    pytest.param(wa("", text={"body": "a"}), "01", "type", id="WX1-WA-01-empty-type"),
    pytest.param(wa("text"), "02", "text", id="WX1-WA-02-no-object"),
    pytest.param(wa("text", {}), "02", "text", id="WX1-WA-02-empty-object"),
    pytest.param(wa("text", {"body": ""}), "02", "text.body", id="WX1-WA-02-empty-body"),
    *[
        pytest.param(media(kind, url=OMIT), "02", f"{kind}.url", id=f"WX1-WA-02-{kind}-url")
        for kind in ("image", "video", "document", "audio", "sticker")
    ],
    pytest.param(place(latitude=OMIT), "02", "location.latitude", id="WX1-WA-02-latitude"),
    pytest.param(place(longitude=""), "02", "location.longitude", id="WX1-WA-02-longitude"),
    pytest.param(wa("contacts", []), "02", "contacts", id="WX1-WA-02-no-contact"),
    pytest.param(wa("contacts", [{"phones": []}]), "02", "contacts[0].name", id="WX1-WA-02-contact-without-name"),
    pytest.param(
        wa("contacts", [contact(), contact(formatted_name=OMIT)]),
        "02",
        "contacts[1].name.formatted_name",
        id="WX1-WA-02-formatted-name",
    ),
    pytest.param(
        wa("contacts", [contact(first_name=OMIT)]),
        "02",
        "contacts[0].name.first_name",
        id="WX1-WA-02-one-more-part-of-the-name",
    ),
    pytest.param(chosen(body=OMIT), "02", "list.body", id="WX1-WA-02-list-body"),
    pytest.param(chosen(body={"text": ""}), "02", "list.body.text", id="WX1-WA-02-list-text"),
    pytest.param(chosen(action=OMIT), "02", "list.action", id="WX1-WA-02-list-action"),
    pytest.param(chosen(OMIT), "02", "list.action.button", id="WX1-WA-02-list-button"),
    pytest.param(chosen(rows=[]), "02", "list.action.sections", id="WX1-WA-02-no-section"),
    pytest.param(
        chosen(rows=[{"title": "a", "rows": []}]), "02", "list.action.sections[0].rows", id="WX1-WA-02-no-row"
    ),
    pytest.param(
        chosen(rows=[{"rows": [row(), row(2, id=OMIT)]}]),
        "02",
        "list.action.sections[0].rows[1].id",
        id="WX1-WA-02-row-id",
    ),
    pytest.param(
        chosen(rows=[{"rows": [row(title=OMIT)]}]), "02", "list.action.sections[0].rows[0].title", id="WX1-WA-02-row"
    ),
    pytest.param(
        chosen(rows=sections(1, 1, title=OMIT)),
        "02",
        "list.action.sections[0].title",
        id="WX1-WA-02-two-sections-need-titles",
    ),
    pytest.param(chosen(header={"text": "a"}), "02", "list.header.type", id="WX1-WA-02-list-header-type"),
    pytest.param(chosen(header={"type": "text"}), "02", "list.header.text", id="WX1-WA-02-list-header-text"),
    pytest.param(replies(body={}), "02", "reply.body", id="WX1-WA-02-reply-body"),
    pytest.param(replies(action={"buttons": []}), "02", "reply.action.buttons", id="WX1-WA-02-no-button"),
    pytest.param(replies(choice(kind=OMIT)), "02", "reply.action.buttons[0].type", id="WX1-WA-02-button-type"),
    pytest.param(
        replies(choice(), choice(id=OMIT)), "02", "reply.action.buttons[1].reply.id", id="WX1-WA-02-button-id"
    ),
    pytest.param(replies(choice(title="")), "02", "reply.action.buttons[0].reply.title", id="WX1-WA-02-button-title"),
    pytest.param(replies(header={"type": "text"}), "02", "reply.header.text", id="WX1-WA-02-reply-header-text"),
    pytest.param(hsm(namespace=OMIT), "02", "hsm.namespace", id="WX1-WA-02-namespace"),
    pytest.param(hsm(element_name=""), "02", "hsm.element_name", id="WX1-WA-02-element-name"),
    pytest.param(hsm(language={}), "02", "hsm.language", id="WX1-WA-02-language"),
    pytest.param(hsm(language={"code": "en"}), "02", "hsm.language.policy", id="WX1-WA-02-language-policy"),
    pytest.param(hsm(language={"policy": "a"}), "02", "hsm.language.code", id="WX1-WA-02-language-code"),
    pytest.param(
        request("whatsapp", OMIT, "447700900123", key="waid", appid="a_1", message={"text": "Hello"}),
        "08",
        "channels",
        id="WX1-WA-08-message-text-is-no-message",
    ),
]


@pytest.mark.parametrize(("data", "rule", "detail"), LACKING)
def test_what_is_missing(data: Members, rule: str, detail: str) -> None:
    """A mandatory part that is absent, null or empty is 7003."""
    assert_refused(data, f"WX1-WA-{rule}", "7003", detail)


WRONG = [
    pytest.param(wa("poll", {"a": 1}), "01", "type", id="WX1-WA-01-unknown"),
    pytest.param(wa("TEXT", {"body": "a"}), "01", "type", id="WX1-WA-01-upper-case"),
    pytest.param(wa(type=5), "01", "type", id="WX1-WA-01-number"),
    pytest.param(wa("text", "Hello"), "02", "text", id="WX1-WA-02-text-for-an-object"),
    pytest.param(wa("text", {"body": 5}), "02", "text.body", id="WX1-WA-02-number-for-a-body"),
    pytest.param(wa("text", {"body": "a", "preview_url": "yes"}), "02", "text.preview_url", id="WX1-WA-02-preview"),
    pytest.param(wa("text", {"body": "a"}, identity_key_hash=5), "02", "identity_key_hash", id="WX1-WA-02-hash"),
    pytest.param(media("image", url="example.com/a.png"), "02", "image.url", id="WX1-WA-02-no-scheme"),
    pytest.param(media("video", url="ftp://example.com/a"), "02", "video.url", id="WX1-WA-02-other-scheme"),
    pytest.param(media("image", url=["a"]), "02", "image.url", id="WX1-WA-02-array-for-a-url"),
    pytest.param(media("image", mimeType=5), "02", "image.mimeType", id="WX1-WA-02-mime-type"),
    pytest.param(media("image", caption=5), "02", "image.caption", id="WX1-WA-02-caption"),
    pytest.param(media("document", filename=5), "02", "document.filename", id="WX1-WA-02-filename"),
    pytest.param(place(latitude=90.1), "02", "location.latitude", id="WX1-WA-02-latitude-90.1"),
    pytest.param(place(latitude="-91"), "02", "location.latitude", id="WX1-WA-02-latitude-minus-91"),
    pytest.param(place(longitude=180.1), "02", "location.longitude", id="WX1-WA-02-longitude-180.1"),
    pytest.param(place(longitude=True), "02", "location.longitude", id="WX1-WA-02-boolean-for-a-longitude"),
    pytest.param(place(name=5), "02", "location.name", id="WX1-WA-02-name-of-a-place"),
    pytest.param(wa("contacts", {"name": "a"}), "02", "contacts", id="WX1-WA-02-object-for-contacts"),
    pytest.param(wa("contacts", ["a"]), "02", "contacts[0]", id="WX1-WA-02-text-for-a-contact"),
    pytest.param(
        wa("contacts", [contact(first_name=5)]), "02", "contacts[0].name.first_name", id="WX1-WA-02-number-for-a-name"
    ),
    pytest.param(chosen(header={"type": "image"}), "02", "list.header.type", id="WX1-WA-02-list-header-is-text"),
    pytest.param(chosen(rows={"a": 1}), "02", "list.action.sections", id="WX1-WA-02-object-for-sections"),
    pytest.param(chosen(rows=["a"]), "02", "list.action.sections[0]", id="WX1-WA-02-text-for-a-section"),
    pytest.param(
        chosen(rows=[{"rows": [row(description=5)]}]),
        "02",
        "list.action.sections[0].rows[0].description",
        id="WX1-WA-02-row-description",
    ),
    pytest.param(replies(header={"type": "audio"}), "02", "reply.header.type", id="WX1-WA-02-reply-header-type"),
    pytest.param(replies(choice(kind="url")), "02", "reply.action.buttons[0].type", id="WX1-WA-02-other-button"),
    pytest.param(hsm(localizable_params={"a": 1}), "02", "hsm.localizable_params", id="WX1-WA-02-params"),
    pytest.param(
        chosen(header={"type": "text", "text": "a" * 61}), "03", "list.header.text", id="WX1-WA-03-list-header-61"
    ),
    pytest.param(chosen(body={"text": "a" * 1025}), "03", "list.body.text", id="WX1-WA-03-list-body-1025"),
    pytest.param(chosen("a" * 21), "03", "list.action.button", id="WX1-WA-03-list-button-21"),
    pytest.param(chosen(rows=sections(*[1] * 11)), "03", "list.action.sections", id="WX1-WA-03-eleven-sections"),
    pytest.param(
        chosen(rows=sections(1, title="a" * 25)), "03", "list.action.sections[0].title", id="WX1-WA-03-section-title-25"
    ),
    pytest.param(chosen(rows=sections(11)), "03", "list.action.sections", id="WX1-WA-03-eleven-rows"),
    pytest.param(chosen(rows=sections(6, 5)), "03", "list.action.sections", id="WX1-WA-03-eleven-rows-in-all"),
    pytest.param(
        chosen(rows=[{"rows": [row(1), row(1)]}]), "03", "list.action.sections", id="WX1-WA-03-same-id-in-a-section"
    ),
    pytest.param(
        chosen(rows=[{"title": "a", "rows": [row(1)]}, {"title": "b", "rows": [row(1)]}]),
        "03",
        "list.action.sections",
        id="WX1-WA-03-same-id-in-two-sections",
    ),
    pytest.param(replies(*map(choice, range(4))), "03", "reply.action.buttons", id="WX1-WA-03-four-buttons"),
    pytest.param(
        replies(header={"type": "text", "text": "a" * 61}), "03", "reply.header.text", id="WX1-WA-03-reply-header-61"
    ),
    pytest.param(replies(body={"text": "a" * 1025}), "03", "reply.body.text", id="WX1-WA-03-reply-body-1025"),
    pytest.param(replies(footer={"text": "a" * 61}), "03", "reply.footer.text", id="WX1-WA-03-reply-footer-61"),
    pytest.param(media("audio", caption="a"), "04", "caption", id="WX1-WA-04-audio"),
    pytest.param(media("sticker", caption="a"), "04", "caption", id="WX1-WA-04-sticker"),
]


@pytest.mark.parametrize(("data", "rule", "detail"), WRONG)
def test_what_is_wrong(data: Members, rule: str, detail: str) -> None:
    """A part that is there and is not as documented is 7004."""
    assert_refused(data, f"WX1-WA-{rule}", "7004", detail)


ACCEPTED = [
    pytest.param(wa("text", {"body": "a", "preview_url": "true"}), id="WX1-WA-01-text"),
    pytest.param(
        wa("text", {"body": "a", "identity_key_hash": "h"}, preview_url=True), id="WX1-WA-02-hash-and-preview"
    ),
    pytest.param(media("image", caption="a"), id="WX1-WA-04-image-with-caption"),
    pytest.param(media("video", caption="a"), id="WX1-WA-04-video-with-caption"),
    pytest.param(media("document", caption="a", filename="a.pdf"), id="WX1-WA-04-document-with-caption"),
    pytest.param(media("audio", caption=""), id="WX1-WA-04-audio-with-empty-caption"),
    pytest.param(media("sticker"), id="WX1-WA-02-sticker"),
    pytest.param(place(latitude=90, longitude="-180", name="a", address="b"), id="WX1-WA-02-limits-of-the-globe"),
    pytest.param(wa("contacts", [contact(), contact(first_name=OMIT, suffix="Jr")]), id="WX1-WA-02-contacts"),
    pytest.param(chosen(rows=sections(10)), id="WX1-WA-03-ten-rows-are-allowed"),
    pytest.param(chosen(rows=sections(*[1] * 10)), id="WX1-WA-03-ten-sections-are-allowed"),
    pytest.param(chosen(rows=sections(1, title=OMIT)), id="WX1-WA-02-one-section-needs-no-title"),
    pytest.param(chosen(rows=sections(1, title="a" * 24)), id="WX1-WA-03-section-title-24"),
    pytest.param(
        chosen("a" * 20, header={"type": "text", "text": "a" * 60}, body={"text": "a" * 1024}, footer={"text": "a"}),
        id="WX1-WA-03-list-limits",
    ),
    pytest.param(chosen(rows=[{"rows": [row(id=7, description="a")]}]), id="WX1-WA-02-row-id-as-a-number"),
    pytest.param(replies(*map(choice, range(3))), id="WX1-WA-03-three-buttons-are-allowed"),
    pytest.param(
        replies(header={"type": "text", "text": "a" * 60}, body={"text": "a" * 1024}, footer={"text": "a" * 60}),
        id="WX1-WA-03-reply-limits",
    ),
    *[
        pytest.param(replies(header={"type": kind, kind: {"url": URL}}), id=f"WX1-WA-02-reply-header-{kind}")
        for kind in ("document", "video", "image")
    ],
    pytest.param(hsm(localizable_params=[{"default": "a"}]), id="WX1-WA-05-any-namespace"),
]


@pytest.mark.parametrize("data", ACCEPTED)
def test_what_is_accepted(data: Members) -> None:
    """What the public pages show is accepted, and will be delivered."""
    assert check(data).warnings == ()
    assert fates(data) == [None]


def test_a_file_without_mime_type() -> None:
    """WX1-WA-02: a page calls it mandatory, clients leave it out; it is let through with a remark."""
    data = media("image", mimeType=OMIT)
    assert check(data).warnings == ("WX1-WA-02: image.mimeType is missing",)


APPS = {"a_1": {"channel": "whatsapp", "waba_namespace": "abc_1"}, "a_2": {"channel": "whatsapp"}}


@pytest.mark.parametrize(
    ("data", "apps"),
    [
        pytest.param(hsm(namespace=NOBODYS), {}, id="WX1-WA-05-the-reserved-namespace"),
        pytest.param(hsm(namespace="xyz_1"), APPS, id="WX1-WA-05-not-the-app's"),
        pytest.param(hsm(namespace=NOBODYS) | {"appid": "a_2"}, APPS, id="WX1-WA-05-app-without-namespace"),
    ],
)
def test_namespaces_that_do_not_match(data: Members, apps: Members) -> None:
    """A namespace of another account is 7722."""
    assert_refused(data, "WX1-WA-05", "7722", "namespace", apps=apps)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(hsm(), id="WX1-WA-05-the-app's"),
        pytest.param(hsm(namespace="xyz_1") | {"appid": "a_2"}, id="WX1-WA-05-app-without-namespace-takes-any"),
    ],
)
def test_namespaces_that_match(data: Members) -> None:
    """The app's own namespace passes, and any where the app has none."""
    assert fates(data, apps=APPS) == [None]


@pytest.mark.parametrize(
    ("length", "fate"),
    [
        pytest.param(4096, None, id="WX1-WA-06-4096-are-allowed"),
        pytest.param(4097, Fate("Failed", "7714"), id="WX1-WA-06-4097-fail"),
    ],
)
def test_long_texts(length: int, fate: Fate | None) -> None:
    """A text that is too long is accepted, and fails by receipt."""
    assert fates(wa("text", {"body": "é" * length})) == [fate]


@pytest.mark.parametrize(
    ("data", "by_template"),
    [
        pytest.param(wa("text", {"body": "a"}), False, id="WX1-WA-07-text"),
        pytest.param(hsm(), True, id="WX1-WA-07-hsm"),
        pytest.param(wa(identity_key_hash="h") | {"message": {"template": "t1"}}, True, id="WX1-WA-07-template"),
    ],
)
def test_what_the_window_is_for(data: Members, by_template: bool) -> None:
    """A template may be sent outside the 24 hours' window."""
    assert check(data).by_template is by_template


def test_a_template_needs_no_type() -> None:
    """WX1-WA-01: beside a template the object may be missing, or hold nothing but the hash."""
    settings = {"templates": {"t1": {"channel": "whatsapp", "text": "Hi"}}}
    bare = request("whatsapp", OMIT, "447700900123", key="waid", appid="a_1", message={"template": "t1"})
    for data in (bare, wa(identity_key_hash="h") | {"message": {"template": "t1"}}):
        checked = check(data, **settings)
        assert checked.content(checked.addressed[0]) == Body(Text("Hi"))


def test_either_kind_of_id() -> None:
    """WX1-DEST-03: a person goes by a number or by a business-scoped id."""
    data = wa("text", {"body": "a"})
    data["destination"] = [{"bsuid": ["US.1"]}, {"waid": ["447700900123"]}]
    assert [(one.key, one.value) for one in check(data).addressed] == [("bsuid", "US.1"), ("waid", "447700900123")]


def test_order() -> None:
    """WX1-WA-02: what is missing is told before what is too long, and a caption only then."""
    data = chosen("a" * 21, rows=[{"rows": [row(title=OMIT)]}])
    assert refusal(data).rule == "WX1-WA-02"
    assert refusal(media("audio", url=OMIT, caption="a")).rule == "WX1-WA-02"


@pytest.mark.parametrize(
    ("data", "path"),
    [
        pytest.param(wa("text", {"body": "a"}, colour="red"), "colour", id="WX1-JSON-03-object"),
        pytest.param(media("image", colour="red"), "image.colour", id="WX1-JSON-03-file"),
        pytest.param(
            chosen(header={"type": "text", "text": "a", "colour": 1}), "list.header.colour", id="WX1-JSON-03-header"
        ),
        pytest.param(chosen(footer={"text": "a", "colour": 1}), "list.footer.colour", id="WX1-JSON-03-footer"),
        pytest.param(chosen(rows=sections(1, colour=1)), "list.action.sections[0].colour", id="WX1-JSON-03-section"),
        pytest.param(
            chosen(rows=[{"rows": [row(colour=1)]}]), "list.action.sections[0].rows[0].colour", id="WX1-JSON-03-row"
        ),
        pytest.param(replies(choice() | {"colour": 1}), "reply.action.buttons[0].colour", id="WX1-JSON-03-button"),
        pytest.param(replies(choice(colour=1)), "reply.action.buttons[0].reply.colour", id="WX1-JSON-03-reply"),
        pytest.param(
            hsm(language={"code": "en", "policy": "a", "colour": 1}), "hsm.language.colour", id="WX1-JSON-03-language"
        ),
    ],
)
def test_unknown_members(data: Members, path: str) -> None:
    """What nobody documents is told of, or refused in the strict mode."""
    whole = f"channels.OTT-Messaging.wa.{path}"
    assert check(data).warnings == (f"WX1-JSON-03: ignored_fields: {whole}",)
    assert_refused(data, "WX1-JSON-03", "7004", f"{whole} is an unknown field", strict_unknown_fields=True)


def test_smart_links() -> None:
    """WX1-LINK-04: links are put into a text."""
    data = wa("text", {"body": "See {{link_5}}"}) | {"smartlinks": [{"linkid": 5, "validity": 30}]}
    checked = check(data)
    content = checked.content(checked.addressed[0]).content
    assert isinstance(content, Text)
    assert content.text.startswith("See https://lnk.sandbox.invalid/5-")


# ------------------------------------------------------------------------------------------------------ content

CONTENTS = [
    pytest.param(wa("text", {"body": "Hello"}), Text("Hello"), id="text"),
    pytest.param(
        media("image", caption="b"), Media(File("image", url=URL, mime_type="image/png", name="a.png"), "b"), id="image"
    ),
    pytest.param(
        media("document", filename="b.pdf", mimeType=OMIT),
        Media(File("document", url=URL, name="b.pdf")),
        id="document",
    ),
    pytest.param(media("sticker"), Media(File("image", url=URL, mime_type="image/png", name="a.png")), id="sticker"),
    pytest.param(place(latitude="51.5", name="a"), Location(51.5, -0.1, "a"), id="place"),
    pytest.param(
        wa("contacts", [contact(), contact(formatted_name="Bo")]),
        Other("Ann Lee, Bo", {"contacts": [contact(), contact(formatted_name="Bo")]}),
        id="contacts",
    ),
    pytest.param(
        hsm(),
        Other("welcome", {"hsm": hsm()["channels"]["OTT-Messaging"]["wa"]["hsm"]}),
        id="hsm",
    ),
    pytest.param(chosen(), Text("Which?"), id="list"),
    pytest.param(
        chosen(header={"type": "text", "text": "Top"}, footer={"text": "End"}),
        Card(title="Top", description="Which?\nEnd"),
        id="list-with-header-and-footer",
    ),
    pytest.param(
        replies(header={"type": "image", "image": {"url": URL}}),
        Card(description="Which?", media=File("image", url=URL)),
        id="reply-with-image",
    ),
    pytest.param(
        replies(header={"type": "video", "video": URL}),
        Card(description="Which?", media=File("video", url=URL)),
        id="reply-with-address-alone",
    ),
    pytest.param(
        replies(header={"type": "document", "document": 5}),
        Card(description="Which?", media=File("document")),
        id="reply-with-anything",
    ),
]


@pytest.mark.parametrize(("data", "content"), CONTENTS)
def test_what_whatsapp_shows(data: Members, content: Content) -> None:
    """Text, file, place, or a card where there is a header."""
    checked = check(data)
    assert checked.content(checked.addressed[0]).content == content


def test_rows_and_buttons_can_be_tapped() -> None:
    """The ids of rows and reply buttons are the postbacks; a row tells its section and description, too."""
    rows = [{"title": "Hot", "rows": [row(1, description="Black")]}, {"title": "Cold", "rows": [row(2)]}]
    checked = check(chosen(rows=rows))
    assert checked.content(checked.addressed[0]).suggestions == (
        Suggestion("Row 1", "r1", SuggestedAction("other", {"section": "Hot", "description": "Black"})),
        Suggestion("Row 2", "r2", SuggestedAction("other", {"section": "Cold"})),
    )
    checked = check(replies(choice(1), choice(2, id=5)))
    assert checked.content(checked.addressed[0]).suggestions == (
        Suggestion("Button 1", "b1"),
        Suggestion("Button 2", "5"),
    )
