"""LINK-MSG: sending a message: whom to, under which id, with what content, and what is answered."""

import asyncio
import json
import re
from collections.abc import Callable, MutableMapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from harness import (
    GATEWAY,
    NOON,
    USER,
    FakeWebhook,
    LinkClient,
    assert_message_refused,
    assert_refused,
    broken_rule,
)
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.sandbox import AccountChanges

ID = "610fddb9-6420-49e6-9549-2842f4588411"
OTHER_ID = "33ac5cb2-b2ea-4ba7-8ee6-1283caa1cf25"
TEXT = {"messageContent": {"text": "Hello"}}
NOT_A_NUMBER = "msisdn: must be a phone number in E.164 format"
ONE_OF_THREE = "messageContent: exactly one of text, fileId and conversationCard must be set"
ONE_OF_TWO = "messageContent.conversationCard: exactly one of carouselCard and standaloneCard must be set"
SUGGESTIONS = [{"text": "Yes", "callbackData": "yes-1"}]
STANDALONE = {"cardContent": {"title": "a"}, "cardOrientation": "VERTICAL", "thumbnailAlignment": "LEFT"}
CAROUSEL = {"cardContents": [{"title": "a"}, {"title": "b"}], "cardWidth": "SMALL"}
IMAGE = "ea2bdb89-c9f5-43bf-a3c1-ec56ed4afaec"  # known beforehand, in fixtures/accounts.yaml


def warnings_of(account: Account) -> tuple[str, ...]:
    """Return what the journal noted beside the newest request."""
    return next(reversed(account.journal.requests)).warnings


async def store_settings(link: LinkClient, settings_id: str = ID) -> None:
    """Put settings."""
    body = {"id": settings_id, "webSmsTemplate": "Tap [conversationKey]"}
    assert (await link.call("PUT", "/admin/settings", json=body)).status_code == 200


# ------------------------------------------------------------------------------------------- msisdn and the query


@pytest.mark.parametrize(
    ("path", "user"),
    [
        pytest.param("+491234567890", "+491234567890", id="LINK-MSG-01-as-in-the-sample"),
        pytest.param("%2B491234567890", "+491234567890", id="LINK-MSG-01-encoded-plus"),
        pytest.param("%2b49%31234567890", "+491234567890", id="LINK-MSG-01-encoded-digit"),
        pytest.param("+1234567", "+1234567", id="LINK-MSG-01-seven-digits"),
        pytest.param("+123456789012345", "+123456789012345", id="LINK-MSG-01-fifteen-digits"),
    ],
)
async def test_a_recipient(link: LinkClient, path: str, user: str) -> None:
    """A plus and seven to fifteen digits; in a path a plus is a plus, encoded or not."""
    assert (await link.send(to=path, text="Hello")).status_code == 200
    assert [message.conversation.user for message in link.account.journal.messages] == [user]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("+123456", id="LINK-MSG-01-six-digits"),
        pytest.param("+1234567890123456", id="LINK-MSG-01-sixteen-digits"),
        pytest.param("491234567890", id="LINK-MSG-01-no-plus"),
        pytest.param("00491234567890", id="LINK-MSG-01-double-zero"),
        pytest.param("+0491234567890", id="LINK-MSG-01-leading-zero"),
        pytest.param("+49%201234567890", id="LINK-MSG-01-space"),
        pytest.param("%20491234567890", id="LINK-MSG-01-a-plus-that-became-a-space"),
        pytest.param("+49-1234567890", id="LINK-MSG-01-dash"),
        pytest.param("+49123456789O", id="LINK-MSG-01-letter"),
        pytest.param("++491234567890", id="LINK-MSG-01-two-pluses"),
        pytest.param("%EF%BC%8B491234567890", id="LINK-MSG-01-full-width-plus"),
        pytest.param("+49123456789%D9%A3", id="LINK-MSG-01-arabic-digit"),
        pytest.param("+491234567890%0A", id="LINK-MSG-01-line-break"),
        pytest.param("+491234567890%00", id="LINK-MSG-01-null-character"),
        pytest.param("+49123%2F4567890", id="LINK-MSG-01-encoded-slash"),
        pytest.param("tel:+491234567890", id="LINK-MSG-01-scheme"),
        pytest.param("%FF%FE", id="LINK-MSG-01-broken-utf-8"),
        pytest.param("msisdn", id="LINK-MSG-01-the-word-itself"),
    ],
)
async def test_what_is_no_recipient(link: LinkClient, path: str) -> None:
    """Everything else is refused."""
    response = await link.send(to=path, text="Hello")
    assert_refused(response, 400, "LINK-MSG-01", NOT_A_NUMBER)
    assert not link.account.journal.messages


@pytest.mark.parametrize(
    ("query", "rule", "message"),
    [
        pytest.param("", "LINK-MSG-02", "messageId: is required", id="LINK-MSG-02-missing"),
        pytest.param("?messageId=", "LINK-MSG-02", "messageId: is required", id="LINK-MSG-02-empty"),
        pytest.param("?messageId", "LINK-MSG-02", "messageId: is required", id="LINK-MSG-02-no-value"),
        pytest.param(f"?messageid={ID}", "LINK-MSG-02", "messageId: is required", id="LINK-MSG-02-letter-case"),
        pytest.param(f"?settingsId={ID}", "LINK-MSG-02", "messageId: is required", id="LINK-MSG-02-only-settings"),
    ]
    + [
        pytest.param(f"?messageId={value}", "LINK-MSG-03", "messageId: must be a UUID", id=f"LINK-MSG-03-{name}")
        for name, value in {
            "braces": f"%7B{ID}%7D",
            "urn": f"urn:uuid:{ID}",
            "no-dashes": ID.replace("-", ""),
            "a-digit-short": ID[:-1],
            "a-digit-long": f"{ID}0",
            "no-hex": f"g{ID[1:]}",
            "other-groups": "610fddb96-420-49e6-9549-2842f4588411",
            "space": f"{ID}%20",
            "plus-is-a-space": f"{ID}+",
            "line-break": f"{ID}%0A",
            "full-width-digits": f"%EF%BC%96{ID[1:]}",
            "a-word": "latest",
        }.items()
    ]
    + [
        pytest.param(
            f"?messageId={OTHER_ID}&settingsId={value}",
            "LINK-MSG-07",
            "settingsId: must be a UUID",
            id=f"LINK-MSG-07-{name}",
        )
        for name, value in {"empty": "", "word": "default", "no-dashes": ID.replace("-", "")}.items()
    ]
    + [
        pytest.param(
            f"?messageId={OTHER_ID}&settingsId={ID}",
            "LINK-MSG-08",
            "settingsId: Settings with the given ID couldn't be found",
            id="LINK-MSG-08-unknown",
        )
    ],
)
async def test_parameters_that_are_refused(link: LinkClient, query: str, rule: str, message: str) -> None:
    """The id is given and a UUID in its hyphenated form; so are settings, which also have to exist."""
    response = await link.call("POST", f"/phone/{USER}/conversationMessage{query}", json=TEXT)
    assert_refused(response, 400, rule, message)
    assert not link.account.journal.messages


@pytest.mark.parametrize(
    "message_id",
    [
        pytest.param(ID, id="LINK-MSG-03-version-4"),
        pytest.param(ID.upper(), id="LINK-MSG-03-upper-case"),
        pytest.param("4fe3cf83-57d0-7074-1fca-000000000000", id="LINK-MSG-03-odd-version-and-variant"),
        pytest.param("00000000-0000-0000-0000-000000000000", id="LINK-MSG-03-nil"),
        pytest.param("ffffffff-ffff-ffff-ffff-ffffffffffff", id="LINK-MSG-03-max"),
    ],
)
async def test_any_uuid_will_do(link: LinkClient, message_id: str) -> None:
    """Of any version, variant and letter case; the message is known by it exactly as it was sent."""
    assert (await link.send(text="Hello", message_id=message_id)).status_code == 200
    assert [message.provider_id for message in link.account.journal.messages] == [message_id]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(f"messageId={OTHER_ID}&settingsId={ID}", id="LINK-MSG-07-after"),
        pytest.param(f"settingsId={ID}&messageId={OTHER_ID}", id="LINK-MSG-07-before"),
        pytest.param(f"settingsId={ID.upper()}&messageId={OTHER_ID}", id="LINK-MSG-08-letter-case"),
        pytest.param(f"messageId={OTHER_ID.replace('-', '%2D')}&x=y", id="LINK-MSG-03-encoded"),
    ],
)
async def test_parameters_that_are_taken(link: LinkClient, query: str) -> None:
    """In any order and encoding, beside others; settings are found whatever their letter case."""
    await store_settings(link)
    assert (await link.call("POST", f"/phone/{USER}/conversationMessage?{query}", json=TEXT)).status_code == 200


# ---------------------------------------------------------------------------------------------------- repeated ids


def repeat(name: str, body: Any, message_id: str = ID, to: str = USER) -> Any:
    """Return a case of a message that is the same as the first."""
    return pytest.param(body, message_id, to, id=f"LINK-MSG-04-{name}")


ONCE = {"messageContent": {"text": "Hello", "suggestions": SUGGESTIONS}}


@pytest.mark.parametrize(
    ("body", "message_id", "to"),
    [
        repeat("identical", ONCE),
        repeat("id-in-other-letters", ONCE, message_id=ID.upper()),
        repeat("encoded-recipient", ONCE, to=USER.replace("+", "%2B")),
        repeat("members-in-another-order", {"messageContent": {"suggestions": SUGGESTIONS, "text": "Hello"}}),
        repeat("with-a-null", {"messageContent": {**ONCE["messageContent"], "fileId": None}}),
        repeat("with-an-unknown-member", {**ONCE, "extra": 1}),
        repeat("with-blanks", json.dumps(ONCE, indent=8).encode()),
        repeat("escaped", json.dumps(ONCE).replace("Hello", "\\u0048ello").encode()),
    ],
)
async def test_a_repeat_gets_the_first_answer(
    link: LinkClient, webhook: FakeWebhook, body: Any, message_id: str, to: str
) -> None:
    """The same message under the same id is answered as the first time, byte for byte, and not delivered again."""
    first = await link.post_message(ONCE, message_id=ID)
    await link.account.clock.advance(60)
    received = len(webhook.received)
    again = await link.post_message(body, message_id=message_id, to=to)
    assert (again.status_code, again.content) == (200, first.content)
    assert any(warning.startswith("LINK-MSG-04: ") for warning in warnings_of(link.account))
    await link.account.clock.advance(60)
    assert len(webhook.received) == received > 0
    assert len(link.account.journal.messages) == 1


@pytest.mark.parametrize("letters", [str.upper, str.title, str.lower], ids=["upper", "mixed", "lower"])
async def test_a_repeat_in_other_letters(link: LinkClient, letters: Callable[[str], str]) -> None:
    """LINK-MSG-04: an id is the same id whatever letter case it first came in."""
    first = await link.send(text="Hello", message_id=letters(ID))
    assert [(await link.send(text="Hello", message_id=again)).content for again in (ID, ID.upper())] == [
        first.content
    ] * 2
    assert broken_rule(await link.send(text="Another", message_id=ID)) == "LINK-MSG-05"
    assert len(link.account.journal.messages) == 1


async def test_a_repeat_with_settings(link: LinkClient) -> None:
    """LINK-MSG-04: the settings id is compared without letter case, too."""
    await store_settings(link)
    answers = [
        await link.post_message(TEXT, message_id=OTHER_ID, settingsId=settings_id) for settings_id in (ID, ID.upper())
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(link.account.journal.messages) == 1


async def test_a_repeat_with_equal_numbers(link: LinkClient) -> None:
    """LINK-MSG-04: 5 and 5.0 are the same latitude."""
    for number in ("5", "5.0", "0.5e1"):
        place = f'{{"coordinates":{{"latitude":{number},"longitude":1}}}}'
        suggestion = f'{{"text":"a","callbackData":"b","showLocationAction":{place}}}'
        body = f'{{"messageContent":{{"text":"a","suggestions":[{suggestion}]}}}}'
        assert (await link.post_message(body.encode(), message_id=ID)).status_code == 200
    assert len(link.account.journal.messages) == 1


@pytest.mark.parametrize(
    ("content", "to", "settings_id"),
    [
        pytest.param({"text": "Hello!"}, USER, None, id="LINK-MSG-05-another-text"),
        pytest.param({"text": "Hello", "suggestions": SUGGESTIONS}, USER, None, id="LINK-MSG-05-more"),
        pytest.param({"fileId": IMAGE}, USER, None, id="LINK-MSG-05-another-kind"),
        pytest.param({"text": "Hello"}, "+491234567891", None, id="LINK-MSG-05-another-recipient"),
        pytest.param({"text": "Hello"}, USER, ID, id="LINK-MSG-05-settings"),
    ],
)
async def test_another_message_under_the_same_id(
    link: LinkClient, content: dict[str, Any], to: str, settings_id: str | None
) -> None:
    """Whatever differs, the id is taken; the first message stays as it is."""
    await store_settings(link)
    first = await link.send(text="Hello", message_id=ID)
    query = {} if settings_id is None else {"settingsId": settings_id}
    response = await link.post_message({"messageContent": content}, message_id=ID.upper(), to=to, **query)
    assert_refused(response, 400, "LINK-MSG-05", "messageId: already used for a different message")
    assert (await link.send(text="Hello", message_id=ID)).content == first.content
    assert len(link.account.journal.messages) == 1


async def test_the_order_of_suggestions_makes_a_difference(link: LinkClient) -> None:
    """LINK-MSG-05: arrays are compared in order."""
    two = [{"text": "Yes", "callbackData": "1"}, {"text": "No", "callbackData": "2"}]
    await link.send(text="Hello", suggestions=two, message_id=ID)
    assert broken_rule(await link.send(text="Hello", suggestions=two[::-1], message_id=ID)) == "LINK-MSG-05"


@pytest.mark.parametrize(
    ("method", "path", "headers", "content"),
    [
        pytest.param("PATCH", USER, {}, b"", id="LINK-MSG-06-405"),
        pytest.param("POST", USER, {"Authorization": "Bearer x"}, b"{}", id="LINK-MSG-06-401"),
        pytest.param("POST", USER, {"Content-Type": "text/plain"}, b"{}", id="LINK-MSG-06-415"),
        pytest.param("POST", USER, {}, b" " * (2**20 + 1), id="LINK-MSG-06-413"),
        pytest.param("POST", USER, {}, b"{", id="LINK-MSG-06-400-syntax"),
        pytest.param("POST", "+99900003101", {}, json.dumps(TEXT).encode(), id="LINK-MSG-06-400-trouble"),
        pytest.param("POST", "+99900003102", {}, json.dumps(TEXT).encode(), id="LINK-MSG-06-500"),
        pytest.param("POST", "+99900003103", {}, json.dumps(TEXT).encode(), id="LINK-MSG-06-503"),
        pytest.param("POST", "+99900003106", {}, json.dumps(TEXT).encode(), id="LINK-MSG-06-401-by-script"),
    ],
)
async def test_a_refused_request_leaves_its_id_free(
    link: LinkClient, webhook: FakeWebhook, method: str, path: str, headers: dict[str, str], content: bytes
) -> None:
    """Nothing is remembered of it, and a different message may have the id."""
    path = f"/phone/{path}/conversationMessage?messageId={ID}"
    headers = {**await link.headers(), "Content-Type": "application/json", **headers}
    refused = await link.http.request(method, GATEWAY + path, headers=headers, content=content)
    assert refused.status_code >= 400
    await link.account.clock.advance(60)
    assert not link.account.journal.messages
    assert not webhook.received
    assert (await link.send(text="Something else", message_id=ID)).status_code == 200


async def test_identical_requests_at_once_are_one_message(link: LinkClient, webhook: FakeWebhook) -> None:
    """LINK-MSG-06: of two at the same time one is delivered, and both get its answer."""
    await link.headers()
    answers = await asyncio.gather(*(link.send(text="Hello", message_id=ID) for _ in range(8)))
    assert {answer.content for answer in answers} == {answers[0].content}
    assert len(link.account.journal.messages) == 1
    await link.account.clock.advance(60)
    assert webhook.kinds == ["DELIVERED", "READ"]


# --------------------------------------------------------------------------------------------------------- content


@pytest.mark.parametrize(
    ("body", "rule", "message"),
    [
        pytest.param(
            {**TEXT, "sendTime": "2018-07-05T11:20:27.240Z"},
            "LINK-MSG-09",
            "sendTime: must not be included in the request",
            id="LINK-MSG-09-given",
        ),
        pytest.param(
            {**TEXT, "sendTime": ""}, "LINK-MSG-09", "sendTime: must not be included in the request", id="LINK-MSG-09"
        ),
        pytest.param({}, "LINK-MSG-11", "messageContent: is required", id="LINK-MSG-11-empty-object"),
        pytest.param(
            {"text": "Hello"}, "LINK-MSG-11", "messageContent: is required", id="LINK-MSG-11-a-level-too-high"
        ),
        pytest.param({"messageContent": {}}, "LINK-MSG-12", ONE_OF_THREE, id="LINK-MSG-12-none"),
        pytest.param({"messageContent": {"extra": 1}}, "LINK-MSG-12", ONE_OF_THREE, id="LINK-MSG-12-none-known"),
        pytest.param(
            {"messageContent": {"suggestions": SUGGESTIONS}}, "LINK-MSG-12", ONE_OF_THREE, id="LINK-MSG-12-suggestions"
        ),
        pytest.param(
            {"messageContent": {"text": "a", "fileId": IMAGE}}, "LINK-MSG-12", ONE_OF_THREE, id="LINK-MSG-12-text-file"
        ),
        pytest.param(
            {"messageContent": {"text": "", "fileId": IMAGE}},
            "LINK-MSG-12",
            ONE_OF_THREE,
            id="LINK-MSG-12-an-empty-string-counts",
        ),
        pytest.param(
            {"messageContent": {"text": "a", "conversationCard": {"standaloneCard": STANDALONE}}},
            "LINK-MSG-12",
            ONE_OF_THREE,
            id="LINK-MSG-12-text-card",
        ),
        pytest.param(
            {"messageContent": {"fileId": IMAGE, "conversationCard": {}}},
            "LINK-MSG-12",
            ONE_OF_THREE,
            id="LINK-MSG-12-file-card",
        ),
        pytest.param(
            {"messageContent": {"text": "a", "fileId": "b", "conversationCard": {}}},
            "LINK-MSG-12",
            ONE_OF_THREE,
            id="LINK-MSG-12-all-three",
        ),
        pytest.param(
            {"messageContent": {"text": ""}},
            "LINK-MSG-13",
            "messageContent.text: must not be empty",
            id="LINK-MSG-13-empty",
        ),
        pytest.param(
            {"messageContent": {"text": "x" * 2001}},
            "LINK-MSG-14",
            "messageContent.text: must not be longer than 2000 characters",
            id="LINK-MSG-14-2001",
        ),
        pytest.param(
            {"messageContent": {"fileId": "f00"}},
            "LINK-MSG-15",
            "messageContent.fileId: unknown file",
            id="LINK-MSG-15-a-word",
        ),
        pytest.param(
            {"messageContent": {"fileId": ""}}, "LINK-MSG-15", "messageContent.fileId: unknown file", id="LINK-MSG-15"
        ),
        pytest.param(
            {"messageContent": {"fileId": ID}},
            "LINK-MSG-15",
            "messageContent.fileId: unknown file",
            id="LINK-MSG-15-a-uuid",
        ),
        pytest.param(
            {
                "messageContent": {
                    "conversationCard": {
                        "standaloneCard": {
                            **STANDALONE,
                            "cardContent": {"cardMedia": {"cardHeight": "TALL", "fileId": ID}},
                        }
                    }
                }
            },
            "LINK-MSG-15",
            "messageContent.conversationCard.standaloneCard.cardContent.cardMedia.fileId: unknown file",
            id="LINK-MSG-15-in-a-card",
        ),
        pytest.param({"messageContent": {"conversationCard": {}}}, "LINK-MSG-17", ONE_OF_TWO, id="LINK-MSG-17-none"),
        pytest.param(
            {"messageContent": {"conversationCard": {"carouselCard": CAROUSEL, "standaloneCard": STANDALONE}}},
            "LINK-MSG-17",
            ONE_OF_TWO,
            id="LINK-MSG-17-both",
        ),
    ],
)
async def test_content_that_is_refused(link: LinkClient, body: Any, rule: str, message: str) -> None:
    """Content is there, is one of three things, and keeps its limits."""
    await assert_message_refused(link, body, rule, message)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"text": "a"}, id="LINK-MSG-12-text"),
        pytest.param({"text": " \n\t "}, id="LINK-MSG-13-blanks-alone"),
        pytest.param({"text": "x" * 2000}, id="LINK-MSG-14-2000"),
        pytest.param({"text": "x" * 2000, "suggestions": SUGGESTIONS}, id="LINK-MSG-14-2000-with-suggestions"),
        pytest.param({"text": "a", "suggestions": []}, id="LINK-SUG-01-empty-suggestions"),
        pytest.param({"fileId": IMAGE}, id="LINK-MSG-15-known-file"),
        pytest.param({"fileId": IMAGE, "suggestions": SUGGESTIONS}, id="LINK-MSG-12-file-and-suggestions"),
        pytest.param({"conversationCard": {"standaloneCard": STANDALONE}}, id="LINK-MSG-17-standalone"),
        pytest.param({"conversationCard": {"carouselCard": CAROUSEL}}, id="LINK-MSG-17-carousel"),
        pytest.param(
            {"conversationCard": {"carouselCard": CAROUSEL}, "suggestions": SUGGESTIONS},
            id="LINK-MSG-12-card-and-suggestions",
        ),
    ],
)
async def test_content_that_is_taken(link: LinkClient, content: dict[str, Any]) -> None:
    """It is accepted, echoed as it was sent, and remembered."""
    response = await link.send(**content)
    assert (response.status_code, response.json()["messageContent"]) == (200, content)
    assert len(link.account.journal.messages) == 1


@pytest.mark.parametrize(
    "value", ["No route to the user", "", 5, {"code": 1}], ids=lambda value: f"LINK-MSG-10-{value}"
)
async def test_error_is_ignored(link: LinkClient, value: Any) -> None:
    """It belongs to answers: in a request it may hold anything, is not echoed, and is noted in the journal."""
    response = await link.post_message({**TEXT, "error": value})
    assert response.json() == {"sendTime": "2030-01-02T12:00:00.000Z", **TEXT}
    assert warnings_of(link.account) == ("LINK-MSG-10: error belongs to the answer and was ignored",)


def featureset(**changes: Any) -> dict[str, Any]:
    """Return a whole featureset with few limits, some parts of it changed."""
    unlimited: dict[str, Any] = {
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
    return {**unlimited, **changes}


@pytest.mark.parametrize(
    ("text", "suggestions", "limit"),
    [
        pytest.param("x" * 20, [], None, id="LINK-MSG-14-length"),
        pytest.param("x" * 21, [], 20, id="LINK-MSG-14-length-exceeded"),
        pytest.param("x" * 10, SUGGESTIONS, None, id="LINK-MSG-14-length-with-suggestions"),
        pytest.param("x" * 11, SUGGESTIONS, 10, id="LINK-MSG-14-length-with-suggestions-exceeded"),
        pytest.param("x" * 11, [], None, id="LINK-MSG-14-no-suggestions-no-shorter-length"),
    ],
)
async def test_a_text_may_have_to_be_shorter_beside_suggestions(
    app: App, link: LinkClient, text: str, suggestions: list[Any], limit: int | None
) -> None:
    """Two lengths: one without, one with at least one suggestion; an empty list is none."""
    texts = {"length": 20, "lengthWithSuggestions": 10, "suggestionsNumberFeatureset": {}}
    settings = {"featureset": featureset(textMessageFeatureset=texts)}
    app.sandbox.change_account(link.account, AccountChanges(settings=settings))
    response = await link.send(text=text, suggestions=suggestions)
    if limit is None:
        assert response.status_code == 200
    else:
        message = f"messageContent.text: must not be longer than {limit} characters"
        assert_refused(response, 400, "LINK-MSG-14", message)


FILES = {
    "image": {"media_type": "IMAGE"},
    "image-with-thumbnail": {"media_type": "IMAGE", "thumbnail": True},
    "video": {"media_type": "VIDEO"},
    "video-with-thumbnail": {"media_type": "VIDEO", "thumbnail": True},
    "audio": {"media_type": "AUDIO"},
    "unknown": {"media_type": "UNKNOWN"},
}
UNSUPPORTED, NO_THUMBNAIL = "media type not supported here", "needs a thumbnail"


@pytest.mark.parametrize("in_card", [False, True], ids=["LINK-MSG-16-message", "LINK-CARD-08-card"])
@pytest.mark.parametrize(
    ("media", "file_id", "complaint"),
    [
        pytest.param({"mediaTypes": ["IMAGE"]}, "image", None, id="type-supported"),
        pytest.param({"mediaTypes": ["IMAGE"]}, "video", UNSUPPORTED, id="type-not-supported"),
        pytest.param({"mediaTypes": ["IMAGE", "AUDIO"]}, "audio", None, id="second-type"),
        pytest.param({"mediaTypes": ["IMAGE"]}, "unknown", None, id="unknown-passes"),
        pytest.param({"mediaTypes": []}, "image", UNSUPPORTED, id="no-type-supported"),
        pytest.param({"mediaTypes": []}, "unknown", UNSUPPORTED, id="no-type-not-even-unknown"),
        pytest.param({}, "audio", None, id="no-limit"),
        pytest.param({"mediaTypesRequiringThumbnails": ["VIDEO"]}, "video", NO_THUMBNAIL, id="thumbnail-missing"),
        pytest.param({"mediaTypesRequiringThumbnails": ["VIDEO"]}, "video-with-thumbnail", None, id="thumbnail-there"),
        pytest.param({"mediaTypesRequiringThumbnails": ["VIDEO"]}, "image", None, id="thumbnail-not-required"),
        pytest.param({"mediaTypesRequiringThumbnails": ["VIDEO"]}, "unknown", None, id="thumbnail-unknown"),
        pytest.param(
            {"mediaTypes": ["VIDEO"], "mediaTypesRequiringThumbnails": ["VIDEO", "IMAGE"]},
            "image",
            UNSUPPORTED,
            id="type-before-thumbnail",
        ),
    ],
)
async def test_media_types(
    app: App, link: LinkClient, in_card: bool, media: dict[str, Any], file_id: str, complaint: str | None
) -> None:
    """A file of a known type has to be among those of its place, with a thumbnail where that is demanded."""
    features = featureset()
    features["richCardFeatureset" if in_card else "mediaMessageFeatureset"]["mediaFeatureset"] = media
    app.sandbox.change_account(link.account, AccountChanges(settings={"featureset": features, "files": FILES}))
    path = "messageContent.fileId"
    body: dict[str, Any] = {"messageContent": {"fileId": file_id}}
    if in_card:
        path = "messageContent.conversationCard.standaloneCard.cardContent.cardMedia.fileId"
        card = {**STANDALONE, "cardContent": {"cardMedia": {"cardHeight": "TALL", "fileId": file_id}}}
        body = {"messageContent": {"conversationCard": {"standaloneCard": card}}}
    if complaint is None:
        assert (await link.post_message(body)).status_code == 200
    else:
        rule = "LINK-CARD-08" if in_card else "LINK-MSG-16"
        await assert_message_refused(link, body, rule, f"{path}: {complaint}")


@pytest.mark.parametrize(
    "card",
    [
        pytest.param({"standaloneCard": STANDALONE}, id="LINK-MSG-18-standalone"),
        pytest.param({"carouselCard": CAROUSEL}, id="LINK-MSG-18-carousel"),
    ],
)
async def test_cards_have_to_be_enabled(app: App, link: LinkClient, card: dict[str, Any]) -> None:
    """A customer without rich cards cannot send any."""
    settings = {"featureset": featureset(richCardEnabled=False)}
    app.sandbox.change_account(link.account, AccountChanges(settings=settings))
    message = "messageContent.conversationCard: rich cards are not enabled for this account"
    await assert_message_refused(link, {"messageContent": {"conversationCard": card}}, "LINK-MSG-18", message)


# --------------------------------------------------------------------------------------------------------- answers


async def test_the_answer_echoes_the_content(link: LinkClient) -> None:
    """LINK-MSG-19: sendTime, then the content with everything as sent: member order, blanks, empty label and object."""
    content = (
        '{"suggestions":[{"callbackData":"b","text":"a","callAction":{"msisdn":"+47 22 99 44 00"}},'
        '{"text":"c","callbackData":"d","showLocationAction":{"query":"Oslo","label":""}},'
        '{"text":"e","callbackData":"f","requestLocationAction":{}},'
        '{"text":"g","callbackData":"h","showLocationAction":{"coordinates":{"longitude":-0.5,"latitude":59.90765}}}],'
        '"text":"Zwei Wörter"}'
    )
    response = await link.post_message(f'{{"messageContent":{content}}}'.encode())
    assert response.text == f'{{"sendTime":"2030-01-02T12:00:00.000Z","messageContent":{content}}}'


@pytest.mark.parametrize(
    ("at", "text"),
    [
        pytest.param(NOON, "2030-01-02T12:00:00.000Z", id="LINK-MSG-20-zeros"),
        pytest.param(NOON + timedelta(milliseconds=620), "2030-01-02T12:00:00.620Z", id="LINK-MSG-20-trailing-zero"),
        pytest.param(NOON + timedelta(microseconds=11_080), "2030-01-02T12:00:00.011Z", id="LINK-MSG-20-leading-zero"),
        pytest.param(NOON + timedelta(microseconds=999_999), "2030-01-02T12:00:00.999Z", id="LINK-MSG-20-not-rounded"),
        pytest.param(
            datetime.fromisoformat("2031-02-03T04:05:06.007+00:00"), "2031-02-03T04:05:06.007Z", id="LINK-MSG-20-date"
        ),
    ],
)
async def test_the_send_time_has_three_digits(link: LinkClient, at: datetime, text: str) -> None:
    """UTC with milliseconds, zeros kept."""
    link.account.clock.freeze(at)
    assert (await link.send(text="Hello")).json()["sendTime"] == text


async def test_on_a_real_clock_the_send_time_has_three_digits(link: LinkClient) -> None:
    """LINK-MSG-20: whatever the time is."""
    link.account.clock.thaw()
    link.token = None
    send_time = (await link.send(text="Hello")).json()["sendTime"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", send_time)


async def test_accepted_is_not_delivered(link: LinkClient) -> None:
    """LINK-MSG-21: after a 200 the message is accepted; delivery is told later."""
    assert (await link.send(text="Hello")).status_code == 200
    (message,) = link.account.journal.messages
    statuses = [message.status]
    await link.account.clock.advance(1)
    assert [*statuses, message.status] == ["accepted", "read"]


@pytest.mark.parametrize(
    ("number", "kinds"),
    [
        pytest.param("+99900003002", [], id="LINK-MSG-21-silent"),
        pytest.param("+99900003003", ["error"], id="LINK-MSG-21-with-a-callback"),
    ],
)
async def test_a_message_that_cannot_be_passed_on(
    link: LinkClient, webhook: FakeWebhook, number: str, kinds: list[str]
) -> None:
    """The same 200 has an `error` at its end, the message has failed, and no receipt follows."""
    response = await link.send(to=number, text="Hello", message_id=ID)
    assert response.status_code == 200
    assert list(response.json()) == ["sendTime", "messageContent", "error"]
    assert response.json()["error"] == "The message could not be forwarded to the user."
    await link.account.clock.advance(600)
    assert webhook.kinds == kinds
    (message,) = link.account.journal.messages
    assert message.status == "failed"
    assert (await link.send(to=number, text="Hello", message_id=ID)).content == response.content


@pytest.mark.parametrize(
    ("number", "kinds"),
    [
        pytest.param(USER, ["DELIVERED", "READ"], id="LINK-MSG-22-receipts"),
        pytest.param("+99900003003", ["error"], id="LINK-MSG-22-error"),
    ],
)
async def test_no_callback_precedes_the_answer(
    app: App, link: LinkClient, webhook: FakeWebhook, number: str, kinds: list[str]
) -> None:
    """However long the answer takes to be written, no callback leaves before it."""
    path = f"{GATEWAY}/phone/{number}/conversationMessage"
    headers = {**await link.headers(), "Content-Type": "application/json"}
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": f"messageId={ID}".encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    callbacks_at_each_step: list[int] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": json.dumps(TEXT).encode()}

    async def send(_: MutableMapping[str, Any]) -> None:
        await link.account.clock.advance(10)  # far longer than it takes to deliver
        callbacks_at_each_step.append(len(webhook.received) + len(link.account.journal.callbacks))

    await app(scope, receive, send)
    assert callbacks_at_each_step == [0, 0]
    await link.account.clock.advance(10)
    assert webhook.kinds == kinds
