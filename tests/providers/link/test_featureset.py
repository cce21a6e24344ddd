"""LINK-FEAT: the featureset that a customer reads is the one its messages are held against, limit by limit."""

import json
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from harness import LinkClient, broken_rule
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.sandbox import AccountChanges, AccountSpec

# The default answer, as settled: the document prints no numbers but those of 408, 423, 460-461 and 792-793.
RICH_ANSWER = (
    '{"carouselCardFeatureset":{"minCardNumbers":2,"maxCardNumbers":10},'
    '"mediaMessageFeatureset":{'
    '"mediaFeatureset":{"maxFileSizeInMB":100,"mediaTypes":["IMAGE","VIDEO","AUDIO"],'
    '"mediaTypesRequiringThumbnails":[],"mediaTypesSupportingThumbnails":["IMAGE","VIDEO"],"thumbnailTypes":["IMAGE"]},'
    '"suggestionsNumberFeatureset":{"suggestedActions":11,"textReplySuggestions":11,"totalSuggestions":11}},'
    '"richCardEnabled":true,'
    '"richCardFeatureset":{"titleLength":200,"descriptionLength":2000,'
    '"mandatoryFieldsFeatureset":{"minOneOfOptionalFields":["title","description","cardMedia"],"requiredFields":[]},'
    '"mediaFeatureset":{"maxFileSizeInMB":100,"mediaTypes":["IMAGE","VIDEO"],'
    '"mediaTypesRequiringThumbnails":[],"mediaTypesSupportingThumbnails":["IMAGE","VIDEO"],"thumbnailTypes":["IMAGE"]},'
    '"suggestionsNumberFeaturesetBelowCard":{"suggestedActions":11,"textReplySuggestions":11,"totalSuggestions":11},'
    '"suggestionsNumberFeaturesetWithinCard":{"suggestedActions":4,"textReplySuggestions":4,"totalSuggestions":4}},'
    '"suggestionsFeatureset":{"suggestionOpenUrlLength":2048,"suggestionPayloadLength":2048,"suggestionTitleLength":25},'
    '"textMessageFeatureset":{"length":2000,"lengthWithSuggestions":2000,'
    '"suggestionsNumberFeatureset":{"suggestedActions":11,"textReplySuggestions":11,"totalSuggestions":11}}}'
)
TEXT_ONLY = {
    "carouselCardFeatureset": {"minCardNumbers": 0, "maxCardNumbers": 0},
    "mediaMessageFeatureset": {
        "mediaFeatureset": {
            "maxFileSizeInMB": 0,
            "mediaTypes": [],
            "mediaTypesRequiringThumbnails": [],
            "mediaTypesSupportingThumbnails": [],
            "thumbnailTypes": [],
        },
        "suggestionsNumberFeatureset": {"suggestedActions": 0, "textReplySuggestions": 0, "totalSuggestions": 0},
    },
    "richCardEnabled": False,
    "suggestionsFeatureset": {
        "suggestionOpenUrlLength": 2048,
        "suggestionPayloadLength": 2048,
        "suggestionTitleLength": 25,
    },
    "textMessageFeatureset": {
        "length": 1600,
        "lengthWithSuggestions": 1600,
        "suggestionsNumberFeatureset": {"suggestedActions": 0, "textReplySuggestions": 0, "totalSuggestions": 0},
    },
}
TIGHT: dict[str, Any] = {
    "carouselCardFeatureset": {"minCardNumbers": 3, "maxCardNumbers": 5},
    "mediaMessageFeatureset": {
        "mediaFeatureset": {"maxFileSizeInMB": 1, "mediaTypes": ["IMAGE"]},
        "suggestionsNumberFeatureset": {"suggestedActions": 1, "textReplySuggestions": 2, "totalSuggestions": 3},
    },
    "richCardFeatureset": {
        "titleLength": 20,
        "descriptionLength": 60,
        "mediaFeatureset": {"mediaTypes": ["IMAGE"]},
        "suggestionsNumberFeaturesetBelowCard": {
            "suggestedActions": 3,
            "textReplySuggestions": 4,
            "totalSuggestions": 6,
        },
        "suggestionsNumberFeaturesetWithinCard": {
            "suggestedActions": 2,
            "textReplySuggestions": 1,
            "totalSuggestions": 3,
        },
    },
    "suggestionsFeatureset": {
        "suggestionOpenUrlLength": 30,
        "suggestionPayloadLength": 12,
        "suggestionTitleLength": 10,
    },
    "textMessageFeatureset": {
        "length": 160,
        "lengthWithSuggestions": 100,
        "suggestionsNumberFeatureset": {"suggestedActions": 4, "textReplySuggestions": 5, "totalSuggestions": 7},
    },
}
TIGHTER: dict[str, Any] = {
    "carouselCardFeatureset": {"minCardNumbers": 10, "maxCardNumbers": 10},
    "mediaMessageFeatureset": {
        "mediaFeatureset": {},
        "suggestionsNumberFeatureset": {"suggestedActions": 0, "textReplySuggestions": 1, "totalSuggestions": 1},
    },
    "richCardFeatureset": {
        "titleLength": 1,
        "descriptionLength": 0,
        "mediaFeatureset": {},
        "suggestionsNumberFeaturesetBelowCard": {"suggestedActions": 11},
        "suggestionsNumberFeaturesetWithinCard": {"textReplySuggestions": 30},
    },
    "suggestionsFeatureset": {"suggestionTitleLength": 1, "suggestionPayloadLength": 1, "suggestionOpenUrlLength": 3},
    "textMessageFeatureset": {"length": 1, "lengthWithSuggestions": 2, "suggestionsNumberFeatureset": {}},
}
FEATURESETS: dict[str, Any] = {"rich": "rich", "text-only": "text-only", "tight": TIGHT, "tighter": TIGHTER}
IMAGE = {"media_type": "IMAGE"}
REPLY = {"text": "a", "callbackData": "b"}
ACTION = {**REPLY, "requestLocationAction": {}}


def configure(app: App, account: Account, featureset: Any) -> None:
    """Give the customer a featureset, and a file that fits it."""
    app.sandbox.change_account(account, AccountChanges(settings={"featureset": featureset, "files": {"image": IMAGE}}))


async def read(link: LinkClient) -> Any:
    """Return the featureset as a client reads it."""
    response = await link.call("GET", "/featureset")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    return response.json()


# What a message at a limit looks like, for each number of a featureset; `n` is the number itself.


def text(length: int, *suggestions: Any) -> dict[str, Any]:
    """Return a text of that length."""
    return {"text": "x" * length, **({"suggestions": list(suggestions)} if suggestions else {})}


def card(content: dict[str, Any], *suggestions: Any) -> dict[str, Any]:
    """Return a standalone card."""
    members = {"cardContent": content, "cardOrientation": "VERTICAL", "thumbnailAlignment": "LEFT"}
    message: dict[str, Any] = {"conversationCard": {"standaloneCard": members}}
    return {**message, "suggestions": list(suggestions)} if suggestions else message


def carousel(cards: int) -> dict[str, Any]:
    """Return a carousel of so many cards."""
    contents = [{"title": "a"}] * cards
    return {"conversationCard": {"carouselCard": {"cardWidth": "SMALL", "cardContents": contents}}}


def mixed(number: int, limits: dict[str, int]) -> list[Any]:
    """Return so many suggestions, as few of them actions as the limits allow."""
    replies = min(number, limits.get("textReplySuggestions", number))
    return [REPLY] * replies + [ACTION] * (number - replies)


def numbered(limits: dict[str, int], name: str, number: int) -> list[Any]:
    """Return so many suggestions of the sort that a limit counts."""
    match name:
        case "totalSuggestions":
            return mixed(number, limits)
        case "suggestedActions":
            return [ACTION] * number
        case _:
            return [REPLY] * number


def probe(featureset: dict[str, Any], path: str, number: int) -> dict[str, Any] | None:
    """Return the content that has exactly `number` of what the limit at `path` is about; None if no content can."""
    place, _, name = path.rpartition(".")
    limits: Any = featureset
    for step in place.split("."):
        limits = limits[step]
    match place.split("."):
        case ["carouselCardFeatureset"]:
            return carousel(number)
        case ["mediaMessageFeatureset", "suggestionsNumberFeatureset"]:
            return {"fileId": "image", "suggestions": numbered(limits, name, number)}
        case ["richCardFeatureset"]:
            field = {"titleLength": "title", "descriptionLength": "description"}[name]
            return card({"title": "a", field: "x" * number})
        case ["richCardFeatureset", "suggestionsNumberFeaturesetBelowCard"]:
            return card({"title": "a"}, *numbered(limits, name, number))
        case ["richCardFeatureset", "suggestionsNumberFeaturesetWithinCard"]:
            return card({"title": "a", "suggestions": numbered(limits, name, number)})
        case ["textMessageFeatureset", "suggestionsNumberFeatureset"]:
            return text(1, *numbered(limits, name, number))
        case ["textMessageFeatureset"] if name == "length":
            return text(number)
        case ["textMessageFeatureset"]:
            return text(number, REPLY)
        case ["suggestionsFeatureset"]:
            member: dict[str, Any] = {
                "suggestionTitleLength": {"text": "x" * number},
                "suggestionPayloadLength": {"callbackData": "x" * number},
                "suggestionOpenUrlLength": {"openUrlAction": {"url": "x:".ljust(number, "y")}},
            }
            return text(1, {**REPLY, **member[name]})
        case _:
            return None


def limits_of(value: Any, path: str = "") -> list[tuple[str, int]]:
    """Return every number of a featureset by its path; the size of files is announced and not enforced."""
    found: list[tuple[str, int]] = []
    for name, member in value.items():
        here = f"{path}.{name}" if path else name
        if isinstance(member, dict):
            found += limits_of(member, here)
        elif type(member) is int and name != "maxFileSizeInMB":
            found.append((here, member))
    return found


def is_shadowed(featureset: dict[str, Any], path: str, number: int) -> bool:
    """Tell whether another limit already forbids `number` of what the limit at `path` is about."""
    place, _, name = path.rpartition(".")
    limits: Any = featureset
    for step in place.split("."):
        limits = limits[step]
    total = number
    if name in ("suggestedActions", "textReplySuggestions"):
        total = limits.get("totalSuggestions", number)
    match place.split("."):
        case ["carouselCardFeatureset"] | ["richCardFeatureset", *_]:
            allowed = featureset["richCardEnabled"]
        case ["mediaMessageFeatureset", *_]:
            allowed = featureset["mediaMessageFeatureset"]["mediaFeatureset"].get("mediaTypes") != []
        case ["suggestionsFeatureset"]:
            allowed = featureset["textMessageFeatureset"]["suggestionsNumberFeatureset"].get("totalSuggestions") != 0
        case _ if name == "lengthWithSuggestions":
            allowed = limits["suggestionsNumberFeatureset"].get("totalSuggestions") != 0
        case _:
            allowed = True
    return not allowed or number > total


@pytest.mark.parametrize("name", FEATURESETS, ids=lambda name: f"LINK-FEAT-01-{name}")
async def test_what_is_announced_is_what_is_enforced(app: App, link: LinkClient, name: str) -> None:
    """At each number N that is read, a message at N passes and one at N+1 fails; for the least, N-1 fails."""
    configure(app, link.account, FEATURESETS[name])
    featureset = await read(link)
    limits = limits_of(featureset)
    assert len(limits) >= 10
    proved = 0
    for path, limit in limits:
        if is_shadowed(featureset, path, limit):
            continue
        inside, outside = (limit, limit - 1) if path.endswith("minCardNumbers") else (limit, limit + 1)
        good, bad = probe(featureset, path, inside), probe(featureset, path, outside)
        assert good is not None, path
        assert bad is not None, path
        if limit > 0:  # nothing at all is another content, where it is one
            response = await link.post_message({"messageContent": good})
            assert response.status_code == 200, (path, inside, response.text)
        response = await link.post_message({"messageContent": bad})
        assert response.status_code == 400, (path, outside)
        assert broken_rule(response) is not None
        proved += 1
    assert proved >= {"rich": 21, "text-only": 4, "tight": 21, "tighter": 12}[name]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        pytest.param({"text": "x" * 1600}, None, id="LINK-FEAT-03-text"),
        pytest.param({"text": "x" * 1601}, "LINK-MSG-14", id="LINK-FEAT-03-long-text"),
        pytest.param({"text": "a", "suggestions": []}, None, id="LINK-FEAT-03-no-suggestions"),
        pytest.param({"text": "a", "suggestions": [REPLY]}, "LINK-SUG-06", id="LINK-FEAT-03-a-suggestion"),
        pytest.param({"fileId": "image"}, "LINK-MSG-16", id="LINK-FEAT-03-a-file"),
        pytest.param(card({"title": "a"}), "LINK-MSG-18", id="LINK-FEAT-03-a-card"),
        pytest.param(carousel(2), "LINK-MSG-18", id="LINK-FEAT-03-a-carousel"),
    ],
)
async def test_text_only_means_what_it_says(
    app: App, link: LinkClient, content: dict[str, Any], rule: str | None
) -> None:
    """Texts of 1600 characters pass, and nothing else does."""
    configure(app, link.account, "text-only")
    assert broken_rule(await link.post_message({"messageContent": content})) == rule


async def test_the_preset_for_rich_cards(app: App, link: LinkClient) -> None:
    """LINK-FEAT-03: `rich` is the default, member by member and byte by byte."""
    assert (await link.call("GET", "/featureset")).text == RICH_ANSWER
    configure(app, link.account, "text-only")
    configure(app, link.account, "rich")
    assert (await link.call("GET", "/featureset")).text == RICH_ANSWER


async def test_the_preset_for_text_only(app: App, link: LinkClient) -> None:
    """LINK-FEAT-03: rich cards are absent where they are not supported; what is required stays, with zeros."""
    configure(app, link.account, "text-only")
    featureset = await read(link)
    assert featureset == TEXT_ONLY
    assert "richCardFeatureset" not in featureset


@pytest.mark.parametrize("name", ["length", "lengthWithSuggestions"], ids=lambda name: f"LINK-FEAT-05-{name}")
@pytest.mark.parametrize(("length", "rule"), [(2000, None), (2001, "LINK-MSG-14")], ids=["2000", "2001"])
async def test_the_text_length_is_2000(link: LinkClient, name: str, length: int, rule: str | None) -> None:
    """With suggestions and without, by default."""
    assert (await read(link))["textMessageFeatureset"][name] == 2000
    content = text(length) if name == "length" else text(length, REPLY)
    assert broken_rule(await link.post_message({"messageContent": content})) == rule


async def test_a_featureset_is_one_customers(app: App, link: LinkClient, http: httpx.AsyncClient) -> None:
    """LINK-FEAT-01: changing one customer's leaves the others' alone, what is read and what is enforced."""
    spec = AccountSpec(provider="link", settings={"featureset": "text-only"})
    other = LinkClient(http, app.sandbox.create_account(spec))
    assert (await read(other), (await read(link))["richCardEnabled"]) == (TEXT_ONLY, True)
    assert (await other.send(text="a", suggestions=[REPLY])).status_code == 400
    assert (await link.send(text="a", suggestions=[REPLY])).status_code == 200


NO_LIMITS: dict[str, Any] = {
    "carouselCardFeatureset": {},
    "mediaMessageFeatureset": {"mediaFeatureset": {}, "suggestionsNumberFeatureset": {}},
    "richCardFeatureset": {
        "mediaFeatureset": {},
        "suggestionsNumberFeaturesetBelowCard": {},
        "suggestionsNumberFeaturesetWithinCard": {},
    },
    "suggestionsFeatureset": {},
    "textMessageFeatureset": {"suggestionsNumberFeatureset": {}},
}


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        pytest.param(text(50_000), None, id="LINK-FEAT-04-text"),
        pytest.param(text(50_000, REPLY), None, id="LINK-FEAT-04-text-with-suggestions"),
        pytest.param(text(1, {**REPLY, "text": "x" * 5000}), None, id="LINK-FEAT-04-title-of-a-suggestion"),
        pytest.param(text(1, {**REPLY, "callbackData": "x" * 5000}), None, id="LINK-FEAT-04-payload"),
        pytest.param(
            text(1, {**REPLY, "openUrlAction": {"url": "https://a.b/" + "x" * 5000}}), None, id="LINK-FEAT-04-url"
        ),
        pytest.param(card({"title": "a", "suggestions": [REPLY] * 50}), None, id="LINK-FEAT-04-within-a-card"),
        pytest.param(card({}), None, id="LINK-FEAT-04-an-empty-card"),
        pytest.param({"fileId": "audio"}, None, id="LINK-FEAT-04-any-file"),
        pytest.param(
            card({"cardMedia": {"cardHeight": "TALL", "fileId": "audio"}}), None, id="LINK-FEAT-04-any-file-in-a-card"
        ),
        pytest.param(text(1, *[REPLY] * 11), None, id="LINK-FEAT-04-eleven"),
        pytest.param(text(1, *[REPLY] * 12), "LINK-SUG-01", id="LINK-FEAT-04-twelve-all-the-same"),
        pytest.param(card({"title": "x" * 200}), None, id="LINK-FEAT-04-title"),
        pytest.param(card({"title": "x" * 201}), "LINK-CARD-04", id="LINK-FEAT-04-title-all-the-same"),
        pytest.param(card({"description": "x" * 2001}), "LINK-CARD-05", id="LINK-FEAT-04-description-all-the-same"),
        pytest.param(carousel(2), None, id="LINK-FEAT-04-two-cards"),
        pytest.param(carousel(10), None, id="LINK-FEAT-04-ten-cards"),
        pytest.param(carousel(1), "LINK-CARD-03", id="LINK-FEAT-04-one-card-all-the-same"),
        pytest.param(carousel(11), "LINK-CARD-03", id="LINK-FEAT-04-eleven-cards-all-the-same"),
    ],
)
@pytest.mark.parametrize("with_rich_cards", [True, False], ids=["cards-described", "cards-not-described"])
async def test_an_absent_number_is_no_limit(
    app: App, link: LinkClient, with_rich_cards: bool, content: dict[str, Any], rule: str | None
) -> None:
    """Of its kind: what the document itself prints holds all the same. The same goes for an absent richCardFeatureset."""
    featureset = {name: value for name, value in NO_LIMITS.items() if with_rich_cards or name != "richCardFeatureset"}
    settings = {"featureset": featureset, "files": {"audio": {"media_type": "AUDIO"}}}
    app.sandbox.change_account(link.account, AccountChanges(settings=settings))
    assert limits_of(await read(link)) == []
    assert broken_rule(await link.post_message({"messageContent": content})) == rule


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return the featureset without limits, but for one member."""
    featureset: dict[str, Any] = json.loads(json.dumps(NO_LIMITS))
    *parents, name = path.split(".")
    place = featureset
    for step in parents:
        place = place[step]
    if value is ...:
        del place[name]
    else:
        place[name] = value
    return featureset


RICH_CARDS = "richCardFeatureset"
MESSAGE_LEVEL = (
    "textMessageFeatureset.suggestionsNumberFeatureset",
    "mediaMessageFeatureset.suggestionsNumberFeatureset",
    f"{RICH_CARDS}.suggestionsNumberFeaturesetBelowCard",
)
NUMBERS = ("suggestedActions", "textReplySuggestions", "totalSuggestions")


@pytest.mark.parametrize(
    "featureset",
    [
        *[
            pytest.param(changed(f"{place}.{name}", 12), id=f"LINK-FEAT-02-12-{name}-{place.split('.')[0]}")
            for place in MESSAGE_LEVEL
            for name in NUMBERS
        ],
        pytest.param(changed(f"{RICH_CARDS}.titleLength", 201), id="LINK-FEAT-02-title-201"),
        pytest.param(changed(f"{RICH_CARDS}.descriptionLength", 2001), id="LINK-FEAT-02-description-2001"),
        pytest.param(changed("carouselCardFeatureset", {"minCardNumbers": 1}), id="LINK-FEAT-02-one-card"),
        pytest.param(
            changed("carouselCardFeatureset", {"minCardNumbers": 1, "maxCardNumbers": 10}), id="LINK-FEAT-02-1-to-10"
        ),
        pytest.param(
            changed("carouselCardFeatureset", {"minCardNumbers": 2, "maxCardNumbers": 11}), id="LINK-FEAT-02-2-to-11"
        ),
        pytest.param(
            changed("carouselCardFeatureset", {"minCardNumbers": 0, "maxCardNumbers": 10}), id="LINK-FEAT-02-0-to-10"
        ),
        pytest.param(changed("carouselCardFeatureset", {"minCardNumbers": 0}), id="LINK-FEAT-02-0-to-anything"),
        pytest.param(
            changed("carouselCardFeatureset", {"minCardNumbers": 6, "maxCardNumbers": 5}), id="LINK-FEAT-02-6-to-5"
        ),
        pytest.param(changed("textMessageFeatureset.length", -1), id="LINK-FEAT-02-negative"),
        pytest.param(changed("textMessageFeatureset.length", 2**31), id="LINK-FEAT-02-beyond-int32"),
        pytest.param(changed("textMessageFeatureset.length", 1.5), id="LINK-FEAT-02-fraction"),
        pytest.param(changed("textMessageFeatureset", ...), id="LINK-FEAT-02-required-member-missing"),
        pytest.param(changed("textMessageFeatureset.lengthh", 5), id="LINK-FEAT-02-unknown-member"),
        pytest.param(
            changed("mediaMessageFeatureset.mediaFeatureset", {"mediaTypes": ["image"]}), id="LINK-FEAT-02-media-type"
        ),
        pytest.param("poor", id="LINK-FEAT-02-unknown-preset"),
        pytest.param(5, id="LINK-FEAT-02-number"),
    ],
)
async def test_a_featureset_cannot_exceed_the_document(app: App, link: LinkClient, featureset: Any) -> None:
    """Configuration beyond the printed limits, or of another shape, is refused and changes nothing."""
    with pytest.raises(ValidationError):
        configure(app, link.account, featureset)
    assert (await link.call("GET", "/featureset")).text == RICH_ANSWER


@pytest.mark.parametrize(
    "featureset",
    [
        *[
            pytest.param(changed(f"{place}.{name}", 11), id=f"LINK-FEAT-02-11-{name}-{place.split('.')[0]}")
            for place in MESSAGE_LEVEL
            for name in NUMBERS
        ],
        pytest.param(changed(f"{RICH_CARDS}.titleLength", 200), id="LINK-FEAT-02-title-200"),
        pytest.param(changed(f"{RICH_CARDS}.descriptionLength", 2000), id="LINK-FEAT-02-description-2000"),
        pytest.param(
            changed("carouselCardFeatureset", {"minCardNumbers": 2, "maxCardNumbers": 10}), id="LINK-FEAT-02-2-to-10"
        ),
        pytest.param(
            changed("carouselCardFeatureset", {"minCardNumbers": 0, "maxCardNumbers": 0}), id="LINK-FEAT-02-none"
        ),
        pytest.param(changed("carouselCardFeatureset", {"maxCardNumbers": 2}), id="LINK-FEAT-02-at-most-2"),
        pytest.param(
            changed(f"{RICH_CARDS}.suggestionsNumberFeaturesetWithinCard.totalSuggestions", 30),
            id="LINK-FEAT-02-no-limit-is-printed-within-a-card",
        ),
        pytest.param(changed("textMessageFeatureset.length", 3072), id="LINK-FEAT-02-no-limit-is-printed-for-texts"),
    ],
)
async def test_a_featureset_can_reach_the_documents_limits(app: App, link: LinkClient, featureset: Any) -> None:
    """The printed limit itself can be configured, and is what is read back."""
    configure(app, link.account, featureset)
    assert await read(link) == {"richCardEnabled": True, **featureset}


@pytest.mark.parametrize("cards", range(12), ids=lambda cards: f"LINK-CARD-03-{cards}-cards-where-none-are-supported")
async def test_zeros_mean_that_carousels_are_not_supported(app: App, link: LinkClient, cards: int) -> None:
    """Not even one without cards passes, while standalone cards do."""
    configure(app, link.account, changed("carouselCardFeatureset", {"minCardNumbers": 0, "maxCardNumbers": 0}))
    assert broken_rule(await link.post_message({"messageContent": carousel(cards)})) == "LINK-CARD-03"
    assert (await link.post_message({"messageContent": card({"title": "a"})})).status_code == 200


async def test_enabled_is_the_default(app: App, link: LinkClient) -> None:
    """LINK-FEAT-01: `richCardEnabled` left out is true, and read as such (521-527)."""
    configure(app, link.account, NO_LIMITS)
    assert (await read(link))["richCardEnabled"] is True
    assert (await link.post_message({"messageContent": card({"title": "a"})})).status_code == 200
