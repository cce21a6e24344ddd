"""LINK: what a handset shows of a message, in words that belong to no provider; and the order of suggestions."""

from typing import Any

import pytest

from harness import LinkClient
from sandbox.core.content import Card, Carousel, File, Media, SuggestedAction, Suggestion, Text, as_json
from sandbox.core.conversation import Message

IMAGE = "ea2bdb89-c9f5-43bf-a3c1-ec56ed4afaec"  # known beforehand, in fixtures/accounts.yaml
FILE = File("image", id=IMAGE)


async def accepted(link: LinkClient, **content: Any) -> Message:
    """Send a message and return it as it is remembered."""
    response = await link.send(**content)
    assert response.status_code == 200, response.text
    return next(reversed(link.account.journal.messages))


def reply(number: int) -> dict[str, Any]:
    """Return a suggestion that tells its place."""
    return {"text": f"Reply {number}", "callbackData": f"reply-{number}"}


async def test_a_text(link: LinkClient) -> None:
    """LINK-MSG-12: the words alone."""
    message = await accepted(link, text="Hello world!")
    assert (message.content, message.text, message.suggestions) == (Text("Hello world!"), "Hello world!", ())
    assert as_json(message.content) == {"kind": "text", "text": "Hello world!"}


async def test_a_file(link: LinkClient) -> None:
    """LINK-MSG-12: a file has its family and id; one known beforehand has no URL."""
    message = await accepted(link, fileId=IMAGE)
    assert message.content == Media(FILE)
    assert message.text == IMAGE


@pytest.mark.parametrize(
    ("extension", "family"), [("jpg", "image"), ("mp4", "video"), ("mp3", "audio"), ("bin", "unknown")]
)
async def test_a_file_has_a_family(link: LinkClient, extension: str, family: str) -> None:
    """LINK-FILE-06: the media type in our own words."""
    url = f"https://your.domain/folder/a.{extension}"
    file_id = (await link.register(url=url)).json()["fileId"]
    message = await accepted(link, fileId=file_id)
    assert message.content == Media(File(family, url=url, name=f"a.{extension}", id=file_id))


async def test_a_forgotten_file(link: LinkClient) -> None:
    """LINK-FILE-09: a message that is read after its file was forgotten tells the id alone."""
    file_id = (await link.register(url="https://your.domain/a.jpg")).json()["fileId"]
    message = await accepted(link, fileId=file_id)
    link.account.forget()
    assert message.content == Media(File("unknown", id=file_id))


async def test_a_standalone_card(link: LinkClient) -> None:
    """LINK-CARD-01: with its looks in lower case, and suggestions of its own."""
    content = {
        "title": "Boarding Pass",
        "description": "Please also carry your passport.",
        "cardMedia": {"cardHeight": "MEDIUM", "fileId": IMAGE},
        "suggestions": [reply(1)],
    }
    card = {"cardContent": content, "cardOrientation": "HORIZONTAL", "thumbnailAlignment": "LEFT"}
    message = await accepted(link, conversationCard={"standaloneCard": card})
    assert message.content == Card(
        title="Boarding Pass",
        description="Please also carry your passport.",
        media=FILE,
        media_height="medium",
        orientation="horizontal",
        thumbnail_alignment="left",
        suggestions=(Suggestion("Reply 1", "reply-1"),),
    )
    assert message.text == "Boarding Pass\nPlease also carry your passport."


async def test_a_carousel(link: LinkClient) -> None:
    """LINK-CARD-02: cards side by side, of one width; what a card lacks is not there."""
    contents = [{"title": "One"}, {"description": "Two"}, {"cardMedia": {"cardHeight": "TALL", "fileId": IMAGE}}]
    card = {"cardWidth": "SMALL", "cardContents": contents}
    message = await accepted(link, conversationCard={"carouselCard": card})
    cards = (Card(title="One"), Card(description="Two"), Card(media=FILE, media_height="tall"))
    assert message.content == Carousel(cards, card_width="small")
    assert message.text == "One\nTwo"


@pytest.mark.parametrize(
    ("action", "read"),
    [
        pytest.param({}, None, id="LINK-SUG-02-reply"),
        pytest.param(
            {"callAction": {"msisdn": "+47 22 99 44 00"}},
            SuggestedAction("call", {"msisdn": "+47 22 99 44 00"}),
            id="LINK-SUG-09-call",
        ),
        pytest.param(
            {"openUrlAction": {"url": "https://linkmobility.de"}},
            SuggestedAction("open_url", {"url": "https://linkmobility.de"}),
            id="LINK-SUG-08-open-url",
        ),
        pytest.param(
            {"showLocationAction": {"coordinates": None, "label": "", "query": "Oslo"}},
            SuggestedAction("show_location", {"label": "", "query": "Oslo"}),
            id="LINK-SUG-10-show-location",
        ),
        pytest.param(
            {"requestLocationAction": {"extra": 1}},
            SuggestedAction("request_location", {}),
            id="LINK-SUG-14-request-location",
        ),
        pytest.param(
            {
                "createCalendarEntryAction": {
                    "title": "Flight",
                    "description": "To Hamburg",
                    "startTime": "2018-01-02T13:00:00Z",
                    "endTime": "2018-01-02T14:00:00Z",
                }
            },
            SuggestedAction(
                "create_calendar_event",
                {
                    "title": "Flight",
                    "description": "To Hamburg",
                    "startTime": "2018-01-02T13:00:00Z",
                    "endTime": "2018-01-02T14:00:00Z",
                },
            ),
            id="LINK-SUG-12-calendar-entry",
        ),
    ],
)
async def test_an_action(link: LinkClient, action: dict[str, Any], read: SuggestedAction | None) -> None:
    """Its kind in our own words, its members as they were sent; `callbackData` is the postback."""
    message = await accepted(link, text="a", suggestions=[{"text": "Go", "callbackData": "go-1", **action}])
    assert message.suggestions == (Suggestion("Go", "go-1", read),)


async def test_suggestions_have_an_order(link: LinkClient) -> None:
    """LINK-SUG-07: those beside the message first, then the cards' in order: that is how they are counted."""
    contents = [
        {"title": "One", "suggestions": [reply(3), reply(4)]},
        {"title": "Two"},
        {"title": "Three", "suggestions": [reply(5)]},
    ]
    card = {"cardWidth": "SMALL", "cardContents": contents}
    message = await accepted(link, conversationCard={"carouselCard": card}, suggestions=[reply(1), reply(2)])
    assert [suggestion.postback for suggestion in message.suggestions] == [f"reply-{n}" for n in (1, 2, 3, 4, 5)]
    assert [suggestion.text for suggestion in message.said.suggestions] == ["Reply 1", "Reply 2"]


async def test_what_is_remembered_of_a_message(link: LinkClient) -> None:
    """LINK-MSG-21: who it is between, under which id, when, and by which request."""
    message = await accepted(link, text="Hello")
    exchange = next(reversed(link.account.journal.requests))
    assert message.conversation == (("link", "acc_link"), "eap00001", "+491234567890")
    assert (message.direction, message.channel, message.status) == ("outbound", "rcs", "accepted")
    assert message.at == link.account.clock.now()
    assert (message.request, exchange.messages) == (exchange.id, (message.id,))
