"""v2: RCS texts, media, rich cards, carousels, agent events, and the SMS to fall back on."""

from typing import Any

import pytest

from sandbox.core.content import Card, Carousel, File, Media, Other, SuggestedAction, Suggestion, Text
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.account import Template
from sandbox.providers.webex_connect.checked import Fallback
from v2_requests import OMIT, check, of_type, outcome, rcs, refused, shown, warnings

MEDIA = {"height": "SHORT", "url": "https://bit.ly/2J5i2x0"}
REPLY = {"type": "reply", "displayText": "Yes", "postbackData": "usr_msg_yes"}
CARD = "content.richCard"
URL = "content.mediaContentUrl"


def kept(members: dict[str, Any]) -> dict[str, Any]:
    """Leave out the members that are `OMIT`."""
    return {name: value for name, value in members.items() if value is not OMIT}


def standalone(**changes: Any) -> dict[str, Any]:
    """Return a rich card; a member given as `OMIT` is left out."""
    return of_type("standalone", richCard=kept({"title": "T", "orientation": "VERTICAL", "media": MEDIA, **changes}))


def with_media(**changes: Any) -> dict[str, Any]:
    """Return a rich card whose media is changed."""
    return standalone(media=kept({**MEDIA, **changes}))


def card(**changes: Any) -> dict[str, Any]:
    """Return a card of a carousel."""
    return kept({"title": "T", "media": MEDIA, **changes})


def carousel(*cards: Any, **changes: Any) -> dict[str, Any]:
    """Return a carousel, of two cards unless told otherwise."""
    return of_type("carousel", **kept({"width": "SMALL", "cards": list(cards) or [card(), card()], **changes}))


def media(url: Any = "https://asset.com/asset.jpg", **changes: Any) -> dict[str, Any]:
    """Return a media message."""
    return of_type("media", **kept({"mediaContentUrl": url, **changes}))


def needs(rule: str, path: str) -> tuple[str, str, str]:
    """Return the refusal for something missing."""
    return refused(rule, "7003", path)


def bad(rule: str, path: str) -> tuple[str, str, str]:
    """Return the refusal for something wrong."""
    return refused(rule, "7004", path)


MESSAGES = [
    pytest.param(rcs({"type": OMIT}), needs("WX2-RCS-01", "content.type"), id="WX2-RCS-01-absent"),
    pytest.param(rcs({"type": None}), needs("WX2-RCS-01", "content.type"), id="WX2-RCS-01-null"),
    pytest.param(of_type("video"), bad("WX2-RCS-01", "content.type"), id="WX2-RCS-01-video"),
    pytest.param(of_type("html"), bad("WX2-RCS-01", "content.type"), id="WX2-RCS-01-html"),
    pytest.param(rcs({"type": ["text"]}), bad("WX2-RCS-01", "content.type"), id="WX2-RCS-01-an-array"),
    pytest.param(rcs({"type": "Text"}), None, id="WX2-RCS-01-letter-case"),
    pytest.param(rcs({"text": OMIT}), needs("WX2-RCS-02", "content.text"), id="WX2-RCS-02-absent"),
    pytest.param(rcs({"text": ""}), needs("WX2-RCS-02", "content.text"), id="WX2-RCS-02-empty"),
    pytest.param(rcs({"text": 5}), bad("WX2-RCS-02", "content.text"), id="WX2-RCS-02-a-number"),
    pytest.param(rcs({"text": "x" * 3072}), None, id="WX2-RCS-02-3072"),
    pytest.param(rcs({"text": "x" * 3073}), bad("WX2-RCS-02", "content.text"), id="WX2-RCS-02-3073"),
    pytest.param(rcs({"text": "😀" * 3072}), None, id="WX2-RCS-02-3072-emoji"),
    pytest.param(media(OMIT), needs("WX2-RCS-03", URL), id="WX2-RCS-03-absent"),
    pytest.param(media(""), needs("WX2-RCS-03", URL), id="WX2-RCS-03-empty"),
    *[
        pytest.param(media(url), None, id=f"WX2-RCS-03-{url}")
        for url in (
            "https://asset.com/asset.jpg",
            "http://asset.com/a/b.c.mp4",
            "https://asset.com/asset.jpg?size=1#top",
            "HTTPS://asset.com/ASSET.JPG",
        )
    ],
    *[
        pytest.param(media(url), bad("WX2-RCS-03", URL), id=f"WX2-RCS-03-{url!r}-is-none")
        for url in (
            "https://bit.ly/2J5i2x0",
            "https://asset.com",
            "https://asset.com/asset.",
            "https://asset.com/.jpg",
            "https://asset.com/asset.jpg/",
            "https://asset.com/asset?file=a.jpg",
            "asset.jpg",
            "ftp://asset.com/asset.jpg",
            "https:///asset.jpg",
            "https://[::1/asset.jpg",
            " https://asset.com/asset.jpg",
            5,
            ["https://asset.com/asset.jpg"],
        )
    ],
    pytest.param(of_type("standalone"), needs("WX2-RCS-04", CARD), id="WX2-RCS-04-absent"),
    pytest.param(of_type("standalone", richCard={}), needs("WX2-RCS-04", CARD), id="WX2-RCS-04-empty"),
    pytest.param(of_type("standalone", richCard="T"), bad("WX2-RCS-04", CARD), id="WX2-RCS-04-a-string"),
    pytest.param(standalone(), None, id="WX2-RCS-04-what-is-needed"),
    *[
        pytest.param(standalone(**{name: OMIT}), needs("WX2-RCS-04", f"{CARD}.{name}"), id=f"WX2-RCS-04-{name}-absent")
        for name in ("title", "orientation", "media")
    ],
    pytest.param(standalone(title=""), needs("WX2-RCS-04", f"{CARD}.title"), id="WX2-RCS-04-title-empty"),
    pytest.param(standalone(title=5), bad("WX2-RCS-04", f"{CARD}.title"), id="WX2-RCS-04-title-a-number"),
    pytest.param(standalone(description=""), None, id="WX2-RCS-04-description-empty"),
    pytest.param(
        standalone(description=5), bad("WX2-RCS-04", f"{CARD}.description"), id="WX2-RCS-04-description-a-number"
    ),
    pytest.param(standalone(orientation="vertical"), None, id="WX2-RCS-04-orientation-in-small-letters"),
    pytest.param(
        standalone(orientation="DIAGONAL"),
        bad("WX2-RCS-04", f"{CARD}.orientation"),
        id="WX2-RCS-04-orientation-diagonal",
    ),
    pytest.param(
        standalone(orientation="VERTICAL/HORIZONTAL"),
        bad("WX2-RCS-04", f"{CARD}.orientation"),
        id="WX2-RCS-04-orientation-as-printed",
    ),
    pytest.param(
        standalone(orientation=1), bad("WX2-RCS-04", f"{CARD}.orientation"), id="WX2-RCS-04-orientation-a-number"
    ),
    pytest.param(
        standalone(orientation="HORIZONTAL"),
        needs("WX2-RCS-04", f"{CARD}.thumbnailAlignment"),
        id="WX2-RCS-04-horizontal-needs-an-alignment",
    ),
    pytest.param(
        standalone(orientation="horizontal", thumbnailAlignment=None),
        needs("WX2-RCS-04", f"{CARD}.thumbnailAlignment"),
        id="WX2-RCS-04-alignment-null",
    ),
    pytest.param(
        standalone(orientation="HORIZONTAL", thumbnailAlignment="right"), None, id="WX2-RCS-04-alignment-right"
    ),
    pytest.param(standalone(thumbnailAlignment="LEFT"), None, id="WX2-RCS-04-alignment-of-vertical"),
    pytest.param(
        standalone(thumbnailAlignment="TOP"),
        bad("WX2-RCS-04", f"{CARD}.thumbnailAlignment"),
        id="WX2-RCS-04-alignment-top",
    ),
    pytest.param(standalone(media="a"), bad("WX2-RCS-04", f"{CARD}.media"), id="WX2-RCS-04-media-a-string"),
    pytest.param(with_media(url=OMIT), needs("WX2-RCS-04", f"{CARD}.media.url"), id="WX2-RCS-04-media-url-absent"),
    pytest.param(
        with_media(url="bit.ly/2"), bad("WX2-RCS-04", f"{CARD}.media.url"), id="WX2-RCS-04-media-url-relative"
    ),
    pytest.param(with_media(height=OMIT), needs("WX2-RCS-04", f"{CARD}.media.height"), id="WX2-RCS-04-height-absent"),
    *[pytest.param(with_media(height=height), None, id=f"WX2-RCS-04-height-{height}") for height in ("MEDIUM", "tall")],
    pytest.param(with_media(height="HUGE"), bad("WX2-RCS-04", f"{CARD}.media.height"), id="WX2-RCS-04-height-huge"),
    pytest.param(
        with_media(height="SHORT/MEDIUM/TALL"),
        bad("WX2-RCS-04", f"{CARD}.media.height"),
        id="WX2-RCS-04-height-as-printed",
    ),
    pytest.param(
        standalone(thumbnail={**MEDIA, "contentType": "image/png", "description": "a"}), None, id="WX2-RCS-04-thumbnail"
    ),
    pytest.param(standalone(thumbnail=None), None, id="WX2-RCS-04-thumbnail-null"),
    pytest.param(
        standalone(thumbnail={"height": "SHORT"}),
        needs("WX2-RCS-04", f"{CARD}.thumbnail.url"),
        id="WX2-RCS-04-thumbnail-url",
    ),
    pytest.param(
        standalone(thumbnail={**MEDIA, "contentType": 5}),
        bad("WX2-RCS-04", f"{CARD}.thumbnail.contentType"),
        id="WX2-RCS-04-thumbnail-type-a-number",
    ),
    pytest.param(standalone(thumbnail=5), bad("WX2-RCS-04", f"{CARD}.thumbnail"), id="WX2-RCS-04-thumbnail-a-number"),
    pytest.param(carousel(width=OMIT), needs("WX2-RCS-05", "content.width"), id="WX2-RCS-05-absent"),
    pytest.param(carousel(width="medium"), None, id="WX2-RCS-05-medium"),
    pytest.param(carousel(width="LARGE"), bad("WX2-RCS-05", "content.width"), id="WX2-RCS-05-large"),
    pytest.param(carousel(width="SMALL/MEDIUM"), bad("WX2-RCS-05", "content.width"), id="WX2-RCS-05-as-printed"),
    pytest.param(carousel(width=1), bad("WX2-RCS-05", "content.width"), id="WX2-RCS-05-a-number"),
    pytest.param(carousel(cards=OMIT), needs("WX2-RCS-06", "content.cards"), id="WX2-RCS-06-absent"),
    pytest.param(carousel(cards=[]), needs("WX2-RCS-06", "content.cards"), id="WX2-RCS-06-empty"),
    pytest.param(carousel(cards={"0": card()}), bad("WX2-RCS-06", "content.cards"), id="WX2-RCS-06-an-object"),
    pytest.param(carousel(card()), bad("WX2-RCS-06", "content.cards"), id="WX2-RCS-06-one-card-is-too-few"),
    pytest.param(carousel(card(), card()), None, id="WX2-RCS-06-two-cards-are-enough"),
    pytest.param(carousel(*[card()] * 10), None, id="WX2-RCS-06-ten-cards-are-allowed"),
    pytest.param(carousel(*[card()] * 11), bad("WX2-RCS-06", "content.cards"), id="WX2-RCS-06-eleven-are-too-many"),
    pytest.param(carousel(card(), "b"), bad("WX2-RCS-06", "content.cards[1]"), id="WX2-RCS-06-a-string"),
    pytest.param(carousel(card(), {}), needs("WX2-RCS-06", "content.cards[1].title"), id="WX2-RCS-06-an-empty-card"),
    pytest.param(
        carousel(card(title=5), card()), bad("WX2-RCS-06", "content.cards[0].title"), id="WX2-RCS-06-title-a-number"
    ),
    pytest.param(
        carousel(card(), card(media=OMIT)), needs("WX2-RCS-06", "content.cards[1].media"), id="WX2-RCS-06-media-absent"
    ),
    pytest.param(
        carousel(card(media={"url": "https://a.test"}), card()),
        needs("WX2-RCS-06", "content.cards[0].media.height"),
        id="WX2-RCS-06-height-absent",
    ),
    pytest.param(
        carousel(card(media={**MEDIA, "height": "SHORT/MEDIUM/TALL"}), card()),
        bad("WX2-RCS-06", "content.cards[0].media.height"),
        id="WX2-RCS-06-height-as-printed",
    ),
    *[
        pytest.param(make(suggestions=[REPLY] * 10), None, id=f"WX2-RCS-07-ten-on-{name}")
        for name, make in (("media", media), ("carousel", carousel))
    ],
    pytest.param(rcs({"suggestions": [REPLY] * 10}), None, id="WX2-RCS-07-ten-on-text"),
    pytest.param(
        rcs({"suggestions": [REPLY] * 11}), bad("WX2-RCS-07", "content.suggestions"), id="WX2-RCS-07-eleven-on-text"
    ),
    pytest.param(
        media(suggestions=[REPLY] * 11), bad("WX2-RCS-07", "content.suggestions"), id="WX2-RCS-07-eleven-on-media"
    ),
    pytest.param(
        of_type(
            "standalone", richCard={"title": "T", "orientation": "VERTICAL", "media": MEDIA}, suggestions=[REPLY] * 11
        ),
        bad("WX2-RCS-07", "content.suggestions"),
        id="WX2-RCS-07-eleven-beside-a-card",
    ),
    pytest.param(
        carousel(suggestions=[REPLY] * 11),
        bad("WX2-RCS-07", "content.suggestions"),
        id="WX2-RCS-07-eleven-on-a-carousel",
    ),
    pytest.param(rcs({"suggestions": {}}), None, id="WX2-RCS-07-empty"),
    pytest.param(rcs({"suggestions": REPLY}), bad("WX2-RCS-07", "content.suggestions"), id="WX2-RCS-07-an-object"),
    pytest.param(standalone(suggestions=[REPLY] * 4), None, id="WX2-RCS-08-four"),
    pytest.param(standalone(suggestions=[REPLY] * 5), bad("WX2-RCS-08", f"{CARD}.suggestions"), id="WX2-RCS-08-five"),
    pytest.param(carousel(card(suggestions=[REPLY] * 2), card()), None, id="WX2-RCS-09-two"),
    pytest.param(
        carousel(card(), card(suggestions=[REPLY] * 3)),
        bad("WX2-RCS-09", "content.cards[1].suggestions"),
        id="WX2-RCS-09-three",
    ),
    *[
        pytest.param(media(**{name: value}), None, id=f"WX2-RCS-12-{name}-{value!r}")
        for name in ("fileSize", "filesize")
        for value in (1, "1148279", 10**12, None)
    ],
    *[
        pytest.param(media(fileSize=value), bad("WX2-RCS-12", "content.fileSize"), id=f"WX2-RCS-12-{value!r}-is-none")
        for value in (0, -1, "0", 1.5, "1 KB", "", True, [1])
    ],
    pytest.param(media(filesize=0), bad("WX2-RCS-12", "content.filesize"), id="WX2-RCS-12-alias"),
    pytest.param(with_media(fileSize=1212), None, id="WX2-RCS-12-in-a-card"),
    pytest.param(with_media(fileSize=0), bad("WX2-RCS-12", f"{CARD}.media.fileSize"), id="WX2-RCS-12-in-a-card-zero"),
    pytest.param(
        standalone(thumbnail={**MEDIA, "fileSize": 0}),
        bad("WX2-RCS-12", f"{CARD}.thumbnail.fileSize"),
        id="WX2-RCS-12-in-a-thumbnail-zero",
    ),
    pytest.param(
        carousel(card(), card(media={**MEDIA, "filesize": "x"})),
        bad("WX2-RCS-12", "content.cards[1].media.filesize"),
        id="WX2-RCS-12-in-a-carousel",
    ),
    pytest.param(of_type("agentEvent"), needs("WX2-RCS-13", "content.event"), id="WX2-RCS-13-absent"),
    pytest.param(of_type("agentEvent", event="IS_TYPING"), None, id="WX2-RCS-13-typing"),
    pytest.param(of_type("agentEvent", event="is_typing"), None, id="WX2-RCS-13-letter-case"),
    pytest.param(of_type("agentEvent", event="TYPING"), bad("WX2-RCS-13", "content.event"), id="WX2-RCS-13-unknown"),
    pytest.param(of_type("agentEvent", event=5), bad("WX2-RCS-13", "content.event"), id="WX2-RCS-13-a-number"),
    pytest.param(of_type("agentEvent", event="READ", messageId="never-seen"), None, id="WX2-RCS-14-any-id"),
    pytest.param(of_type("agentEvent", event="READ"), needs("WX2-RCS-14", "content.messageId"), id="WX2-RCS-14-absent"),
    pytest.param(
        of_type("agentEvent", event="READ", messageId=""),
        needs("WX2-RCS-14", "content.messageId"),
        id="WX2-RCS-14-empty",
    ),
    pytest.param(
        of_type("agentEvent", event="READ", messageId=5),
        bad("WX2-RCS-14", "content.messageId"),
        id="WX2-RCS-14-a-number",
    ),
    pytest.param(
        of_type("agentEvent", event="IS_TYPING", suggestions="whatever"), None, id="WX2-RCS-15-suggestions-are-ignored"
    ),
]


@pytest.mark.parametrize(("data", "expected"), MESSAGES)
def test_an_rcs_message(data: Any, expected: tuple[str, str, str] | None) -> None:
    """An RCS message is accepted, or refused by rule, code and path."""
    assert outcome(data) == expected


FALLBACK = {"smsFallback": True, "smsSenderId": "sender", "text": "fallback text"}


def with_options(**options: Any) -> dict[str, Any]:
    """Return an RCS text with the options of a fallback, changed; a member given as `OMIT` is left out."""
    return rcs(options=kept({**FALLBACK, **options}))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(with_options(), None, id="WX2-RCS-16-whole"),
        pytest.param(with_options(smsFallback="true"), None, id="WX2-RCS-16-as-text"),
        pytest.param(
            with_options(smsSenderId=OMIT), needs("WX2-RCS-16", "options.smsSenderId"), id="WX2-RCS-16-sender-absent"
        ),
        pytest.param(
            with_options(smsSenderId=""), needs("WX2-RCS-16", "options.smsSenderId"), id="WX2-RCS-16-sender-empty"
        ),
        pytest.param(
            with_options(smsSenderId=5), bad("WX2-RCS-16", "options.smsSenderId"), id="WX2-RCS-16-sender-a-number"
        ),
        pytest.param(with_options(text=OMIT), needs("WX2-RCS-16", "options.text"), id="WX2-RCS-16-text-absent"),
        pytest.param(with_options(text=""), needs("WX2-RCS-16", "options.text"), id="WX2-RCS-16-text-empty"),
        pytest.param(with_options(text=5), bad("WX2-RCS-16", "options.text"), id="WX2-RCS-16-text-a-number"),
        pytest.param(with_options(smsFallback="yes"), bad("WX2-RCS-16", "options.smsFallback"), id="WX2-RCS-16-yes"),
        pytest.param(
            with_options(smsFallback=False, smsSenderId=OMIT, text=OMIT), None, id="WX2-RCS-16-not-without-fallback"
        ),
        pytest.param(
            with_options(smsFallback=OMIT, text=5),
            bad("WX2-RCS-16", "options.text"),
            id="WX2-RCS-16-types-without-fallback",
        ),
        pytest.param(rcs(options="a"), bad("WX2-RCS-16", "options"), id="WX2-RCS-16-options-are-an-object"),
        pytest.param(with_options(text="x" * 1024), None, id="WX2-RCS-17-1024"),
        pytest.param(with_options(text="x" * 1025), bad("WX2-RCS-17", "options.text"), id="WX2-RCS-17-1025"),
        pytest.param(
            with_options(smsFallback=False, text="x" * 1025),
            bad("WX2-RCS-17", "options.text"),
            id="WX2-RCS-17-1025-without-fallback",
        ),
        pytest.param(with_options(carrierId=41), None, id="WX2-RCS-16-carrier-as-number"),
        pytest.param(
            with_options(carrierId=[41]), bad("WX2-RCS-16", "options.carrierId"), id="WX2-RCS-16-carrier-array"
        ),
        pytest.param(
            with_options(carrierId=True), bad("WX2-RCS-16", "options.carrierId"), id="WX2-RCS-16-carrier-true"
        ),
    ],
)
def test_the_options(data: Any, expected: tuple[str, str, str] | None) -> None:
    """A fallback needs a sender and a text."""
    assert outcome(data) == expected


@pytest.mark.parametrize(
    ("data", "fallback", "carrier"),
    [
        pytest.param(with_options(), Fallback("sender", "fallback text"), None, id="WX2-RCS-18-fallback"),
        pytest.param(
            with_options(text="$(name)"), Fallback("sender", "$(name)"), None, id="WX2-SUB-04-not-in-a-fallback"
        ),
        pytest.param(with_options(smsFallback=False), None, None, id="WX2-RCS-19-no-fallback"),
        pytest.param(rcs(), None, None, id="WX2-RCS-19-no-options"),
        pytest.param(with_options(carrierId="41"), Fallback("sender", "fallback text"), "41", id="WX2-RCS-18-carrier"),
        pytest.param(rcs(options={"carrierId": 41}), None, "41", id="WX2-RCS-19-carrier-as-number"),
    ],
)
def test_what_is_kept_of_the_options(data: Any, fallback: Fallback | None, carrier: str | None) -> None:
    """What goes out when RCS fails, and what the receipts echo."""
    checked = check(data)
    assert (checked.fallback, checked.carrier) == (fallback, carrier)


@pytest.mark.parametrize(
    ("content", "details"),
    [
        pytest.param({"event": "is_typing"}, {"event": "IS_TYPING"}, id="WX2-RCS-15-typing"),
        pytest.param({"event": "READ", "messageId": "m1"}, {"event": "READ", "message_id": "m1"}, id="WX2-RCS-15-read"),
    ],
)
def test_an_agent_event_is_silent(content: dict[str, Any], details: dict[str, Any]) -> None:
    """Nothing arrives that could be delivered or read, and nothing falls back to an SMS."""
    data = of_type("agentEvent", **content)
    assert check({**data, "options": FALLBACK}).silent
    assert check({**data, "options": FALLBACK}).fallback is None
    assert shown(data) == Body(Other("", details))
    assert not check(rcs()).silent
    with_suggestions = of_type("agentEvent", **content, suggestions=[REPLY])
    assert warnings(with_suggestions) == ("WX2-RCS-15: content.suggestions is ignored on an agent event",)
    assert shown(with_suggestions).suggestions == ()


YES = Suggestion("Yes", "usr_msg_yes")


def test_a_text_as_the_handset_shows_it() -> None:
    """Values are put into the text; suggestions stand beside it."""
    data = rcs({"text": "Hi $(name)", "suggestions": [REPLY]}, substitutions={"name": "Ann"})
    assert shown(data) == Body(Text("Hi Ann"), (YES,))


@pytest.mark.parametrize(
    ("url", "family", "name"),
    [
        ("https://asset.com/asset.jpg", "image", "asset.jpg"),
        ("https://asset.com/a/CLIP.MP4?x=1", "video", "CLIP.MP4"),
        ("https://asset.com/voice.mp3", "audio", "voice.mp3"),
        ("https://asset.com/terms.pdf", "document", "terms.pdf"),
    ],
)
def test_media_as_the_handset_shows_it(url: str, family: str, name: str) -> None:
    """What sort of file it is tells its extension."""
    data = media(url, fileSize="1148279", suggestions=[REPLY])
    assert shown(data) == Body(Media(File(family, url=url, name=name, size=1148279)), (YES,))


def test_a_rich_card_as_the_handset_shows_it() -> None:
    """Its own suggestions stand in it, the message's beside it; no value is put into a card."""
    rich = {
        "title": "Hi $(name)",
        "description": "The description",
        "orientation": "Horizontal",
        "thumbnailAlignment": "left",
        "media": {**MEDIA, "fileSize": 1212},
        "thumbnail": {**MEDIA, "url": "https://a.test/small.png"},
        "suggestions": [REPLY],
    }
    data = of_type("standalone", richCard=rich, suggestions=[{**REPLY, "displayText": "No", "postbackData": None}])
    expected = Card(
        title="Hi $(name)",
        description="The description",
        media=File(
            "unknown",
            url="https://bit.ly/2J5i2x0",
            name="2J5i2x0",
            size=1212,
            thumbnail_url="https://a.test/small.png",
        ),
        media_height="short",
        orientation="horizontal",
        thumbnail_alignment="left",
        suggestions=(YES,),
    )
    assert shown({**data, "substitutions": {"name": "Ann"}}) == Body(expected, (Suggestion("No", "No"),))
    assert warnings({**data, "substitutions": {"name": "Ann"}}) == ()


def test_a_carousel_as_the_handset_shows_it() -> None:
    """Cards side by side, each with its suggestions."""
    data = carousel(card(suggestions=[REPLY]), card(title="U", description="second"), suggestions=[REPLY])
    image = File("unknown", url="https://bit.ly/2J5i2x0", name="2J5i2x0")
    assert shown(data) == Body(
        Carousel(
            (
                Card("T", None, image, "short", suggestions=(YES,)),
                Card("U", "second", image, "short"),
            ),
            card_width="small",
        ),
        (YES,),
    )


def test_an_rcs_message_by_template() -> None:
    """A declared template has the text; of another only its id and the values are known."""
    data = rcs(content=OMIT, template={"id": "T"}, substitutions={"name": "Ann"})
    templates = {"T": Template(channel="rcs", text="Hi $(name)")}
    assert shown(data, templates=templates) == Body(Text("Hi Ann"))
    assert shown(data) == Body(Other("", {"template": "T", "substitutions": {"name": "Ann"}}))


SUGGESTION = "content.suggestions[0]"
PLACE = {"type": "viewLocation", "displayText": "Office", "latitude": 43.649269, "longitude": -79.378423}
EVENT = {
    "type": "calendarEvent",
    "displayText": "Meet",
    "startTime": "2017-03-14T00:00:00Z",
    "endTime": "2017-03-14T01:00:00Z",
    "meetingTitle": "Meeting",
}
LINK = {"type": "openUrl", "displayText": "Mobile", "url": "http://www.imimobile.com"}
DIAL = {"type": "dialPhone", "displayText": "Call Us!", "phone": "+14163688400"}
SHARE = {"type": "shareLocation", "displayText": "Where"}


def suggestion(of: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return an RCS text with one suggestion; a member given as `OMIT` is left out."""
    return rcs({"suggestions": [kept({**of, **changes})]})


def lacks(name: str, rule: str = "WX2-RCS-11") -> tuple[str, str, str]:
    """Return the refusal for a missing member of the suggestion."""
    return needs(rule, f"{SUGGESTION}.{name}")


def has_bad(name: str, rule: str = "WX2-RCS-11") -> tuple[str, str, str]:
    """Return the refusal for a wrong member of the suggestion."""
    return bad(rule, f"{SUGGESTION}.{name}")


SUGGESTIONS = [
    *[
        pytest.param(suggestion(of), None, id=f"WX2-RCS-10-{of['type']}")
        for of in (REPLY, PLACE, SHARE, LINK, EVENT, DIAL)
    ],
    pytest.param(rcs({"suggestions": ["Yes"]}), bad("WX2-RCS-10", SUGGESTION), id="WX2-RCS-10-a-string"),
    pytest.param(suggestion(REPLY, type=OMIT), lacks("type", "WX2-RCS-10"), id="WX2-RCS-10-type-absent"),
    pytest.param(suggestion(REPLY, type="button"), has_bad("type", "WX2-RCS-10"), id="WX2-RCS-10-type-unknown"),
    pytest.param(suggestion(REPLY, type=5), has_bad("type", "WX2-RCS-10"), id="WX2-RCS-10-type-a-number"),
    pytest.param(suggestion(REPLY, type="REPLY"), None, id="WX2-RCS-10-letter-case"),
    pytest.param(suggestion(REPLY, displayText=OMIT), lacks("displayText", "WX2-RCS-10"), id="WX2-RCS-10-text-absent"),
    pytest.param(suggestion(REPLY, displayText=""), lacks("displayText", "WX2-RCS-10"), id="WX2-RCS-10-text-empty"),
    pytest.param(suggestion(REPLY, displayText=5), has_bad("displayText", "WX2-RCS-10"), id="WX2-RCS-10-text-a-number"),
    pytest.param(suggestion(REPLY, postbackData=OMIT), None, id="WX2-RCS-10-postback-absent"),
    pytest.param(
        suggestion(REPLY, postbackData=5), has_bad("postbackData", "WX2-RCS-10"), id="WX2-RCS-10-postback-a-number"
    ),
    pytest.param(
        rcs({"suggestions": [REPLY, {**LINK, "url": "x"}]}),
        bad("WX2-RCS-11", "content.suggestions[1].url"),
        id="WX2-RCS-11-the-second",
    ),
    pytest.param(
        standalone(suggestions=[{**DIAL, "phone": ""}]),
        needs("WX2-RCS-11", f"{CARD}.suggestions[0].phone"),
        id="WX2-RCS-11-in-a-card",
    ),
    pytest.param(
        carousel(card(), card(suggestions=[REPLY, {**DIAL, "phone": "x"}])),
        bad("WX2-RCS-11", "content.cards[1].suggestions[1].phone"),
        id="WX2-RCS-11-in-a-carousel",
    ),
    pytest.param(suggestion(PLACE, latitude=90, longitude=-180), None, id="WX2-RCS-11-the-ends-of-the-world"),
    pytest.param(suggestion(PLACE, latitude=90.01), has_bad("latitude"), id="WX2-RCS-11-latitude-beyond-90"),
    pytest.param(suggestion(PLACE, latitude=-90.01), has_bad("latitude"), id="WX2-RCS-11-latitude-beyond--90"),
    pytest.param(suggestion(PLACE, longitude=180.01), has_bad("longitude"), id="WX2-RCS-11-longitude-beyond-180"),
    pytest.param(suggestion(PLACE, longitude=-180.01), has_bad("longitude"), id="WX2-RCS-11-longitude-beyond--180"),
    pytest.param(suggestion(PLACE, latitude=0, longitude=0), None, id="WX2-RCS-11-nought-and-nought"),
    pytest.param(suggestion(PLACE, latitude="43.6"), None, id="WX2-RCS-11-latitude-as-text"),
    *[
        pytest.param(suggestion(PLACE, latitude=value), has_bad("latitude"), id=f"WX2-RCS-11-latitude-{value!r}")
        for value in ("NaN", "north", True, [1], float("inf"), 10**400)
    ],
    pytest.param(suggestion(PLACE, longitude=OMIT), lacks("longitude"), id="WX2-RCS-11-longitude-absent"),
    pytest.param(suggestion(PLACE, latitude=OMIT, longitude=OMIT), lacks("latitude"), id="WX2-RCS-11-no-place"),
    pytest.param(suggestion(PLACE, latitude=OMIT, longitude=OMIT, query="office"), None, id="WX2-RCS-11-query"),
    pytest.param(
        suggestion(PLACE, latitude=OMIT, longitude=OMIT, query=""), lacks("latitude"), id="WX2-RCS-11-query-empty"
    ),
    pytest.param(suggestion(PLACE, query="office"), None, id="WX2-RCS-11-query-and-coordinates"),
    pytest.param(suggestion(PLACE, query="office", latitude=91), has_bad("latitude"), id="WX2-RCS-11-both-and-one-bad"),
    pytest.param(
        suggestion(PLACE, query="office", latitude=OMIT), lacks("latitude"), id="WX2-RCS-11-both-and-one-half"
    ),
    pytest.param(suggestion(PLACE, query=5), has_bad("query"), id="WX2-RCS-11-query-a-number"),
    pytest.param(suggestion(PLACE, address="+14165551234"), None, id="WX2-RCS-11-address"),
    pytest.param(suggestion(PLACE, address=5), has_bad("address"), id="WX2-RCS-11-address-a-number"),
    pytest.param(suggestion(LINK, url=OMIT), lacks("url"), id="WX2-RCS-11-url-absent"),
    *[
        pytest.param(suggestion(LINK, url=value), has_bad("url"), id=f"WX2-RCS-11-url-{value!r}")
        for value in ("www.imimobile.com", "tel:+14163688400", "javascript:alert(1)", 5)
    ],
    *[
        pytest.param(suggestion(EVENT, **{name: OMIT}), lacks(name), id=f"WX2-RCS-11-{name}-absent")
        for name in ("startTime", "endTime", "meetingTitle")
    ],
    *[
        pytest.param(suggestion(EVENT, startTime=value), has_bad("startTime"), id=f"WX2-RCS-11-startTime-{value!r}")
        for value in (
            "2017-03-14",
            "2017-03-14T00:00:00",
            "14.03.2017",
            "2017-02-29T00:00:00Z",
            1489449600,
            "1489449600",
        )
    ],
    pytest.param(suggestion(EVENT, endTime="later"), has_bad("endTime"), id="WX2-RCS-11-endTime-later"),
    pytest.param(suggestion(EVENT, endTime="2017-03-14T00:00:00Z"), None, id="WX2-RCS-11-ends-when-it-starts"),
    pytest.param(
        suggestion(EVENT, endTime="2017-03-13T23:59:59Z"), has_bad("endTime"), id="WX2-RCS-11-ends-before-it-starts"
    ),
    pytest.param(
        suggestion(EVENT, endTime="2017-03-14T00:30:00+01:00"), has_bad("endTime"), id="WX2-RCS-11-zones-count"
    ),
    pytest.param(suggestion(EVENT, meetingTitle=5), has_bad("meetingTitle"), id="WX2-RCS-11-title-a-number"),
    pytest.param(suggestion(EVENT, meetingDescription="a"), None, id="WX2-RCS-11-description"),
    pytest.param(
        suggestion(EVENT, meetingDescription=5), has_bad("meetingDescription"), id="WX2-RCS-11-description-a-number"
    ),
    pytest.param(suggestion(DIAL, phone=OMIT), lacks("phone"), id="WX2-RCS-11-phone-absent"),
    pytest.param(suggestion(DIAL, phone="14163688400"), None, id="WX2-RCS-11-phone-without-plus"),
    *[
        pytest.param(suggestion(DIAL, phone=value), has_bad("phone"), id=f"WX2-RCS-11-phone-{value!r}")
        for value in ("123456", "1" * 16, "0123456789", "+1 416 368 8400", 14163688400)
    ],
]


@pytest.mark.parametrize(("data", "expected"), SUGGESTIONS)
def test_a_suggestion(data: Any, expected: tuple[str, str, str] | None) -> None:
    """A suggestion has what its type needs."""
    assert outcome(data) == expected


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        pytest.param("+14163688400", None, id="WX2-RCS-11-phone-with-plus"),
        pytest.param("14163688400", has_bad("phone"), id="WX2-RCS-11-phone-needs-its-plus"),
    ],
)
def test_the_plus_of_a_phone_may_be_mandatory(phone: str, expected: tuple[str, str, str] | None) -> None:
    """A phone number is one in the tenant's sense; a bad one here is 7004, not 7041."""
    assert outcome(suggestion(DIAL, phone=phone), plus_e164=True) == expected


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        pytest.param(REPLY, None, id="reply"),
        pytest.param(SHARE, SuggestedAction("request_location"), id="shareLocation"),
        pytest.param(
            {**PLACE, "address": "+14165551234"},
            SuggestedAction(
                "show_location", {"latitude": 43.649269, "longitude": -79.378423, "address": "+14165551234"}
            ),
            id="viewLocation",
        ),
        pytest.param(
            {"type": "viewLocation", "displayText": "Office", "query": "office"},
            SuggestedAction("show_location", {"query": "office"}),
            id="viewLocation-by-query",
        ),
        pytest.param(LINK, SuggestedAction("open_url", {"url": "http://www.imimobile.com"}), id="openUrl"),
        pytest.param(DIAL, SuggestedAction("call", {"phone": "+14163688400"}), id="dialPhone"),
        pytest.param(
            {**EVENT, "type": "CalendarEvent", "meetingDescription": "a"},
            SuggestedAction(
                "create_calendar_event",
                {
                    "startTime": "2017-03-14T00:00:00Z",
                    "endTime": "2017-03-14T01:00:00Z",
                    "meetingTitle": "Meeting",
                    "meetingDescription": "a",
                },
            ),
            id="calendarEvent",
        ),
    ],
)
def test_what_a_suggestion_does(of: dict[str, Any], expected: SuggestedAction | None) -> None:
    """A tap tells its postbackData, or else its displayText, and does what the type says."""
    text = of["displayText"]
    assert shown(suggestion(of)).suggestions == (Suggestion(text, of.get("postbackData", text), expected),)
