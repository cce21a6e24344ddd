"""LINK-CARD: standalone cards and carousels: their members, their number, and what each holds."""

from typing import Any

import pytest

from harness import LinkClient, assert_message_refused, broken_rule
from sandbox.app import App
from sandbox.sandbox import AccountChanges

IMAGE = "ea2bdb89-c9f5-43bf-a3c1-ec56ed4afaec"  # known beforehand, in fixtures/accounts.yaml
MEDIA = {"cardHeight": "SHORT", "fileId": IMAGE}
CARD = "messageContent.conversationCard"
STANDALONE = f"{CARD}.standaloneCard"
CAROUSEL = f"{CARD}.carouselCard"
CONTENTS = f"{CAROUSEL}.cardContents"
REPLY = {"text": "Yes", "callbackData": "yes-1"}
ACTION = {"text": "Call", "callbackData": "call-1", "callAction": {"msisdn": "+4940123456"}}


def without_none(members: dict[str, Any]) -> dict[str, Any]:
    """Leave out the members that are None."""
    return {name: value for name, value in members.items() if value is not None}


def standalone(content: Any = None, **changes: Any) -> dict[str, Any]:
    """Return a message of one card; a member given as None is left out."""
    members = {"cardContent": content or {"title": "a"}, "cardOrientation": "VERTICAL", "thumbnailAlignment": "LEFT"}
    return {"messageContent": {"conversationCard": {"standaloneCard": without_none({**members, **changes})}}}


def carousel(*contents: Any, **changes: Any) -> dict[str, Any]:
    """Return a message of several cards."""
    members = {"cardWidth": "SMALL", "cardContents": list(contents), **changes}
    return {"messageContent": {"conversationCard": {"carouselCard": without_none(members)}}}


REFUSED = [
    pytest.param(
        {"messageContent": {"conversationCard": {"standaloneCard": {}}}},
        "LINK-CARD-01",
        f"{STANDALONE}.cardContent: is required",
        id="LINK-CARD-01-nothing",
    ),
    pytest.param(
        standalone(cardOrientation=None),
        "LINK-CARD-01",
        f"{STANDALONE}.cardOrientation: is required",
        id="LINK-CARD-01-orientation",
    ),
    pytest.param(
        standalone(thumbnailAlignment=None),
        "LINK-CARD-01",
        f"{STANDALONE}.thumbnailAlignment: is required",
        id="LINK-CARD-01-alignment-even-for-vertical",
    ),
    pytest.param(
        carousel({"title": "a"}, {"title": "b"}, cardContents=None),
        "LINK-CARD-02",
        f"{CONTENTS}: is required",
        id="LINK-CARD-02-contents",
    ),
    pytest.param(
        carousel({"title": "a"}, {"title": "b"}, cardWidth=None),
        "LINK-CARD-02",
        f"{CAROUSEL}.cardWidth: is required",
        id="LINK-CARD-02-width",
    ),
    pytest.param(
        carousel(), "LINK-CARD-03", f"{CONTENTS}: must contain between 2 and 10 cards", id="LINK-CARD-03-no-card"
    ),
    pytest.param(
        carousel({"title": "a"}),
        "LINK-CARD-03",
        f"{CONTENTS}: must contain between 2 and 10 cards",
        id="LINK-CARD-03-one-card-is-too-few",
    ),
    pytest.param(
        carousel(*[{"title": "a"}] * 11),
        "LINK-CARD-03",
        f"{CONTENTS}: must contain between 2 and 10 cards",
        id="LINK-CARD-03-eleven-are-too-many",
    ),
    pytest.param(
        standalone({"title": "x" * 201}),
        "LINK-CARD-04",
        f"{STANDALONE}.cardContent.title: must not be longer than 200 characters",
        id="LINK-CARD-04-201",
    ),
    pytest.param(
        carousel({"title": "a"}, {"title": "x" * 201}),
        "LINK-CARD-04",
        f"{CONTENTS}[1].title: must not be longer than 200 characters",
        id="LINK-CARD-04-201-in-a-carousel",
    ),
    pytest.param(
        standalone({"description": "x" * 2001}),
        "LINK-CARD-05",
        f"{STANDALONE}.cardContent.description: must not be longer than 2000 characters",
        id="LINK-CARD-05-2001",
    ),
    pytest.param(
        standalone({"suggestions": [REPLY]}),
        "LINK-CARD-06",
        f"{STANDALONE}.cardContent: at least one of title, description, cardMedia must be set",
        id="LINK-CARD-06-suggestions-alone",
    ),
    pytest.param(
        carousel({"title": "a"}, {}),
        "LINK-CARD-06",
        f"{CONTENTS}[1]: at least one of title, description, cardMedia must be set",
        id="LINK-CARD-06-an-empty-card",
    ),
    pytest.param(
        standalone({"cardMedia": None, "title": None, "suggestions": []}),
        "LINK-CARD-06",
        f"{STANDALONE}.cardContent: at least one of title, description, cardMedia must be set",
        id="LINK-CARD-06-nulls",
    ),
    pytest.param(
        standalone({"cardMedia": {"fileId": IMAGE}}),
        "LINK-CARD-07",
        f"{STANDALONE}.cardContent.cardMedia.cardHeight: is required",
        id="LINK-CARD-07-height",
    ),
    pytest.param(
        standalone({"title": "a", "cardMedia": {"cardHeight": "TALL"}}),
        "LINK-CARD-07",
        f"{STANDALONE}.cardContent.cardMedia.fileId: is required",
        id="LINK-CARD-07-file",
    ),
    pytest.param(
        standalone({"title": "a", "suggestions": [REPLY] * 5}),
        "LINK-CARD-09",
        f"{STANDALONE}.cardContent.suggestions: must not contain more than 4 suggestions",
        id="LINK-CARD-09-five-in-a-card",
    ),
    pytest.param(
        carousel({"title": "a", "suggestions": [REPLY] * 4}, {"title": "b", "suggestions": [ACTION] * 5}),
        "LINK-CARD-09",
        f"{CONTENTS}[1].suggestions: must not contain more than 4 suggestions",
        id="LINK-CARD-09-five-in-the-second-card",
    ),
    pytest.param(
        standalone({"title": "a", "suggestions": [{**REPLY, "text": "x" * 26}]}),
        "LINK-SUG-03",
        f"{STANDALONE}.cardContent.suggestions[0].text: must not be longer than 25 characters",
        id="LINK-SUG-03-in-a-card",
    ),
]


@pytest.mark.parametrize(("body", "rule", "message"), REFUSED)
async def test_cards_that_are_refused(link: LinkClient, body: Any, rule: str, message: str) -> None:
    """Each defect is answered with its rule and its place."""
    await assert_message_refused(link, body, rule, message)


TAKEN = [
    pytest.param(standalone(), id="LINK-CARD-01-whole"),
    pytest.param(carousel({"title": "a"}, {"title": "b"}), id="LINK-CARD-03-two-cards"),
    pytest.param(carousel(*[{"title": "a"}] * 10), id="LINK-CARD-03-ten-cards"),
    pytest.param(standalone({"title": "x" * 200}), id="LINK-CARD-04-200"),
    pytest.param(standalone({"description": "x" * 2000}), id="LINK-CARD-05-2000"),
    pytest.param(standalone({"cardMedia": MEDIA}), id="LINK-CARD-06-media-alone"),
    pytest.param(standalone({"description": "a"}), id="LINK-CARD-06-description-alone"),
    pytest.param(carousel({"title": "a", "cardMedia": MEDIA}, {"title": "b"}), id="LINK-CARD-06-some-without-media"),
    pytest.param(standalone({"title": "a", "suggestions": [REPLY] * 4}), id="LINK-CARD-09-four-in-a-card"),
    pytest.param(
        carousel(*[{"title": "a", "suggestions": [REPLY, ACTION] * 2}] * 10), id="LINK-CARD-09-four-in-every-card"
    ),
]


@pytest.mark.parametrize("body", TAKEN)
async def test_cards_that_are_taken(link: LinkClient, body: Any) -> None:
    """The limit itself is fine, and what is optional may be missing."""
    response = await link.post_message(body)
    assert (response.status_code, response.json()["messageContent"]) == (200, body["messageContent"])


@pytest.mark.parametrize(
    ("within", "below", "rule"),
    [
        pytest.param(4, 11, None, id="LINK-CARD-09-both-places-full"),
        pytest.param(5, 0, "LINK-CARD-09", id="LINK-CARD-09-one-too-many-within"),
        pytest.param(0, 12, "LINK-SUG-01", id="LINK-SUG-01-one-too-many-below"),
    ],
)
async def test_suggestions_within_and_below_are_counted_apart(
    link: LinkClient, within: int, below: int, rule: str | None
) -> None:
    """Four in each card and eleven beside them do not add up."""
    body = carousel({"title": "a", "suggestions": [REPLY] * within}, {"title": "b", "suggestions": [REPLY] * 4})
    body["messageContent"]["suggestions"] = [REPLY] * below
    assert broken_rule(await link.post_message(body)) == rule


@pytest.mark.parametrize(
    ("place", "limits", "path", "refused", "taken", "what"),
    [
        pytest.param(place, {limit: 2}, path, refused, taken, what, id=f"LINK-CARD-09-{place[-9:]}-{limit}")
        for place, path in (
            ("suggestionsNumberFeaturesetWithinCard", f"{STANDALONE}.cardContent.suggestions"),
            ("suggestionsNumberFeaturesetBelowCard", "messageContent.suggestions"),
        )
        for limit, refused, taken, what in (
            ("totalSuggestions", [REPLY, ACTION, REPLY], [REPLY, ACTION], "suggestions"),
            ("suggestedActions", [ACTION] * 3, [REPLY, *[ACTION] * 2, REPLY], "suggested actions"),
            ("textReplySuggestions", [REPLY] * 3, [ACTION, *[REPLY] * 2, ACTION], "text replies"),
        )
    ],
)
async def test_each_place_has_its_numbers(
    app: App, link: LinkClient, place: str, limits: dict[str, int], path: str, refused: Any, taken: Any, what: str
) -> None:
    """Actions, replies and all of them are limited for each place on its own."""
    rich: dict[str, Any] = {
        "mediaFeatureset": {},
        "suggestionsNumberFeaturesetBelowCard": {},
        "suggestionsNumberFeaturesetWithinCard": {},
        place: limits,
    }
    change_rich_cards(app, link, rich)

    def body(suggestions: Any) -> dict[str, Any]:
        if place.endswith("WithinCard"):
            return standalone({"title": "a", "suggestions": suggestions})
        message = standalone()
        message["messageContent"]["suggestions"] = suggestions
        return message

    complaint = f"{path}: must not contain more than 2 {what}"
    await assert_message_refused(link, body(refused), "LINK-CARD-09", complaint)
    assert (await link.post_message(body(taken))).status_code == 200


def change_rich_cards(app: App, link: LinkClient, rich: dict[str, Any], **bounds: int) -> None:
    """Give the customer a featureset of those rich cards."""
    featureset = {
        "carouselCardFeatureset": bounds,
        "mediaMessageFeatureset": {"mediaFeatureset": {}, "suggestionsNumberFeatureset": {}},
        "richCardFeatureset": rich,
        "suggestionsFeatureset": {},
        "textMessageFeatureset": {"suggestionsNumberFeatureset": {}},
    }
    app.sandbox.change_account(link.account, AccountChanges(settings={"featureset": featureset}))


RICH: dict[str, Any] = {
    "mediaFeatureset": {},
    "suggestionsNumberFeaturesetBelowCard": {},
    "suggestionsNumberFeaturesetWithinCard": {},
}


@pytest.mark.parametrize(
    ("mandatory", "content", "complaint"),
    [
        pytest.param({}, {}, None, id="LINK-CARD-06-nothing-demanded"),
        pytest.param({"minOneOfOptionalFields": []}, {}, None, id="LINK-CARD-06-one-of-none"),
        pytest.param(
            {"minOneOfOptionalFields": ["title"]},
            {"description": "a"},
            ": at least one of title must be set",
            id="LINK-CARD-06-one-of-one",
        ),
        pytest.param({"requiredFields": ["title"]}, {"title": "a"}, None, id="LINK-CARD-06-required-is-there"),
        pytest.param(
            {"requiredFields": ["title", "cardMedia"]},
            {"title": "a"},
            ".cardMedia: is required",
            id="LINK-CARD-06-required-is-missing",
        ),
        pytest.param(
            {"minOneOfOptionalFields": ["title", "description"], "requiredFields": ["cardMedia"]},
            {"cardMedia": MEDIA},
            ": at least one of title, description must be set",
            id="LINK-CARD-06-both-demands",
        ),
    ],
)
async def test_the_featureset_tells_which_fields_a_card_has(
    app: App, link: LinkClient, mandatory: dict[str, Any], content: dict[str, Any], complaint: str | None
) -> None:
    """Some are required, of others at least one; with no demands an empty card will do."""
    change_rich_cards(app, link, {**RICH, "mandatoryFieldsFeatureset": mandatory})
    body = standalone()
    body["messageContent"]["conversationCard"]["standaloneCard"]["cardContent"] = content
    if complaint is None:
        assert (await link.post_message(body)).status_code == 200
    else:
        await assert_message_refused(link, body, "LINK-CARD-06", f"{STANDALONE}.cardContent{complaint}")


@pytest.mark.parametrize(
    ("extension", "rule"),
    [
        pytest.param("png", None, id="LINK-CARD-08-image"),
        pytest.param("mp4", None, id="LINK-CARD-08-video"),
        pytest.param("mp3", "LINK-CARD-08", id="LINK-CARD-08-audio"),
        pytest.param("bin", None, id="LINK-CARD-08-unknown"),
    ],
)
async def test_cards_show_images_and_videos(link: LinkClient, extension: str, rule: str | None) -> None:
    """By default a card takes no audio file, though a message does."""
    file_id = (await link.register(url=f"https://example.com/a.{extension}")).json()["fileId"]
    assert (await link.send(fileId=file_id)).status_code == 200
    response = await link.post_message(standalone({"cardMedia": {"cardHeight": "TALL", "fileId": file_id}}))
    assert broken_rule(response) == rule


@pytest.mark.parametrize("height", ["UNSPECIFIED", "SHORT", "MEDIUM", "TALL"], ids=lambda name: f"LINK-CARD-10-{name}")
async def test_looks_combine_freely(link: LinkClient, height: str) -> None:
    """No rule couples height with width, orientation or alignment."""
    content = {"cardMedia": {"cardHeight": height, "fileId": IMAGE}}
    for orientation in ("UNSPECIFIED", "HORIZONTAL", "VERTICAL"):
        for alignment in ("UNSPECIFIED", "LEFT", "RIGHT"):
            body = standalone(content, cardOrientation=orientation, thumbnailAlignment=alignment)
            assert (await link.post_message(body)).status_code == 200
    for width in ("UNSPECIFIED", "SMALL", "MEDIUM"):
        assert (await link.post_message(carousel(content, content, cardWidth=width))).status_code == 200
