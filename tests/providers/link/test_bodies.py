"""LINK-GEN: what a body may be: its type and size, well-formed JSON, documented types, unknown members and nulls."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from harness import GATEWAY, USER, LinkClient, assert_message_refused, assert_refused, broken_rule
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.providers.link.models import CONVERSATION_MESSAGE
from sandbox.sandbox import AccountChanges

ID = "610fddb9-6420-49e6-9549-2842f4588411"
MESSAGE = f"/phone/{USER}/conversationMessage?messageId={ID}"
TEXT = {"messageContent": {"text": "Hello"}}
MIB = 2**20
BODIES: dict[str, tuple[str, str, Any]] = {
    "message": ("POST", MESSAGE, TEXT),
    "settings": ("PUT", "/admin/settings", {"id": ID, "webSmsTemplate": "Tap [conversationKey]"}),
    "file": ("POST", "/registerFile", {"url": "https://example.com/a.jpg"}),
}


def each_body(prefix: str) -> pytest.MarkDecorator:
    """Parametrize a test by a good request of each operation that has a body."""
    cases = [pytest.param(*case, id=f"{prefix}{name}") for name, case in BODIES.items()]
    return pytest.mark.parametrize(("method", "path", "body"), cases)


def warnings_of(account: Account) -> tuple[str, ...]:
    """Return what the journal noted beside the newest request."""
    return next(reversed(account.journal.requests)).warnings


def in_card(**content: Any) -> dict[str, Any]:
    """Return a message of a standalone card with that content."""
    card = {"cardContent": content, "cardOrientation": "VERTICAL", "thumbnailAlignment": "LEFT"}
    return {"messageContent": {"conversationCard": {"standaloneCard": card}}}


def suggesting(**suggestion: Any) -> dict[str, Any]:
    """Return a text message with one suggestion."""
    return {"messageContent": {"text": "a", "suggestions": [{"text": "b", "callbackData": "c", **suggestion}]}}


# ------------------------------------------------------------------------------------------------- content type


@each_body("")
@pytest.mark.parametrize(
    "content_type",
    [
        pytest.param("application/json", id="LINK-GEN-10-plain"),
        pytest.param("application/json; charset=utf-8", id="LINK-GEN-10-charset"),
        pytest.param("application/json;charset=UTF-8;x=y", id="LINK-GEN-10-parameters"),
        pytest.param("APPLICATION/Json", id="LINK-GEN-10-letter-case"),
    ],
)
async def test_a_json_body_is_taken(link: LinkClient, method: str, path: str, body: Any, content_type: str) -> None:
    """The type may have parameters and any letter case."""
    headers = {"Content-Type": content_type}
    response = await link.call(method, path, content=json.dumps(body), headers=headers)
    assert response.status_code == 200


@each_body("")
@pytest.mark.parametrize(
    "content_type",
    [
        pytest.param(None, id="LINK-GEN-10-none"),
        pytest.param("", id="LINK-GEN-10-empty"),
        pytest.param("text/plain", id="LINK-GEN-10-text"),
        pytest.param("text/json", id="LINK-GEN-10-text-json"),
        pytest.param("application/x-www-form-urlencoded", id="LINK-GEN-10-form"),
        pytest.param("application/jsonp", id="LINK-GEN-10-longer"),
        pytest.param("application/json-patch+json", id="LINK-GEN-10-other-json"),
        pytest.param("multipart/form-data; boundary=x", id="LINK-GEN-10-multipart"),
    ],
)
async def test_another_type_of_body_is_refused(
    link: LinkClient, method: str, path: str, body: Any, content_type: str | None
) -> None:
    """A body that is not announced as JSON is not read."""
    headers = {} if content_type is None else {"Content-Type": content_type}
    response = await link.call(method, path, content=json.dumps(body).encode(), headers=headers)
    assert_refused(response, 415, "LINK-GEN-10", "Content-Type must be application/json")
    assert not link.account.journal.messages
    assert (await link.call("GET", "/admin/settings")).json() == []


# -------------------------------------------------------------------------------------------------------- syntax

MALFORMED = [
    pytest.param(b"", id="LINK-GEN-11-empty"),
    pytest.param(b"  \r\n\t ", id="LINK-GEN-11-blank"),
    pytest.param(b'{"messageContent":{"text":"a"},}', id="LINK-GEN-11-trailing-comma"),
    pytest.param(b'{"messageContent":{"text":"a"}}}', id="LINK-GEN-11-more-than-a-document"),
    pytest.param(b'{"messageContent":{"text":"a"}} {}', id="LINK-GEN-11-two-documents"),
    pytest.param(b'{"messageContent":{"text":"a"}', id="LINK-GEN-11-cut-off"),
    pytest.param(b'{"messageContent":{"text":"a', id="LINK-GEN-11-cut-off-in-a-string"),
    pytest.param(b'{"messageContent":{"text":"a"}} // yes', id="LINK-GEN-11-comment"),
    pytest.param(b'{/* yes */"messageContent":{"text":"a"}}', id="LINK-GEN-11-block-comment"),
    pytest.param(b"{'messageContent':{'text':'a'}}", id="LINK-GEN-11-single-quotes"),
    pytest.param(b'{messageContent:{"text":"a"}}', id="LINK-GEN-11-bare-name"),
    pytest.param(b'{"messageContent":{"text":"a\nb"}}', id="LINK-GEN-11-raw-line-break"),
    pytest.param(b'{"messageContent":{"text":"a\x00b"}}', id="LINK-GEN-11-raw-null-character"),
    pytest.param(b'{"messageContent":{"text":"\\x41"}}', id="LINK-GEN-11-unknown-escape"),
    pytest.param(b'{"messageContent":{"text":"\\ud83d"}}', id="LINK-GEN-11-lone-leading-surrogate"),
    pytest.param(b'{"messageContent":{"text":"\\ude00"}}', id="LINK-GEN-11-lone-trailing-surrogate"),
    pytest.param(b'{"messageContent":{"text":"\\ude00\\ud83d"}}', id="LINK-GEN-11-surrogates-swapped"),
    pytest.param(b'{"messageContent":{"text":"a"},"x":01}', id="LINK-GEN-11-leading-zero"),
    pytest.param(b'{"messageContent":{"text":"a"},"x":NaN}', id="LINK-GEN-11-nan"),
    pytest.param(b'{"messageContent":{"text":"a"},"x":Infinity}', id="LINK-GEN-11-infinity"),
    pytest.param(b'{"messageContent":{"text":"a"},"x":-Infinity}', id="LINK-GEN-11-minus-infinity"),
    pytest.param(b'\xef\xbb\xbf{"messageContent":{"text":"a"}}', id="LINK-GEN-11-byte-order-mark"),
    pytest.param('{"messageContent":{"text":"a"}}'.encode("utf-16"), id="LINK-GEN-11-utf-16"),
    pytest.param(b"[" * 100_000, id="LINK-GEN-11-opened-100000-times"),
    pytest.param(b'{"messageContent":' * 10_000 + b"1" + b"}" * 10_000, id="LINK-GEN-11-nested-10000-deep"),
]


@pytest.mark.parametrize("body", MALFORMED)
async def test_malformed_json_is_refused(link: LinkClient, body: bytes) -> None:
    """What is no JSON text is refused with its reason, and leaves nothing behind."""
    response = await link.post_message(body)
    assert response.json()["message"].startswith("Malformed JSON: ")
    await assert_message_refused(link, body, "LINK-GEN-11", response.json()["message"])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b'{"messageContent":{"text":"\xff"}}', "not UTF-8 at byte 27", id="LINK-GEN-11-broken-utf-8"),
        pytest.param(b'{"messageContent":{"text":"\xc3"}}', "not UTF-8 at byte 27", id="LINK-GEN-11-cut-utf-8"),
        pytest.param(b'{"messageContent":{"text":"\xed\xa0\x80"}}', "not UTF-8 at byte 27", id="LINK-GEN-11-cesu"),
        pytest.param(b'{"messageContent":{"text":"\xc0\xaf"}}', "not UTF-8 at byte 27", id="LINK-GEN-11-overlong"),
    ],
)
async def test_broken_utf_8_is_refused(link: LinkClient, body: bytes, reason: str) -> None:
    """The answer tells where the text stops being UTF-8."""
    await assert_message_refused(link, body, "LINK-GEN-11", f"Malformed JSON: {reason}")


@each_body("LINK-GEN-11-")
async def test_a_non_breaking_space_is_pointed_out(link: LinkClient, method: str, path: str, body: Any) -> None:
    """Samples copied out of the document are indented with U+00A0, and the answer says so."""
    content = "{\n\u00a0" + json.dumps(body)[1:]
    response = await link.call(method, path, content=content.encode(), headers={"Content-Type": "application/json"})
    assert (response.status_code, broken_rule(response)) == (400, "LINK-GEN-11")
    assert "non-breaking space (U+00A0)" in response.json()["message"]


async def test_a_non_breaking_space_in_a_string_is_text(link: LinkClient) -> None:
    """LINK-GEN-11: between quotes U+00A0 is a character like any other."""
    response = await link.post_message('{"messageContent": {"text": "10\u00a0€"}}'.encode())
    assert response.json()["messageContent"] == {"text": "10\u00a0€"}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(b'{"messageContent":{"text":"a","text":"b"}}', "b", id="LINK-GEN-21-member"),
        pytest.param(b'{"messageContent":{"fileId":"x"},"messageContent":{"text":"b"}}', "b", id="LINK-GEN-21-content"),
        pytest.param(b'{"messageContent":{"text":5,"text":"b"}}', "b", id="LINK-GEN-21-the-first-may-be-wrong"),
        pytest.param(b'{"messageContent":{"text":"a","te\\u0078t":"b"}}', "b", id="LINK-GEN-21-escaped-name"),
    ],
)
async def test_of_equal_keys_the_last_counts(link: LinkClient, body: bytes, text: str) -> None:
    """A repeated key is no error; what stood before is forgotten."""
    response = await link.post_message(body)
    assert (response.status_code, response.json()["messageContent"]) == (200, {"text": text})


# --------------------------------------------------------------------------------------------------------- types


def of_cards(contents: Any, width: Any = "SMALL") -> dict[str, Any]:
    """Return a message of a carousel."""
    return {"messageContent": {"conversationCard": {"carouselCard": {"cardWidth": width, "cardContents": contents}}}}


def at(place: dict[str, Any]) -> dict[str, Any]:
    """Return a message with a location suggestion at those coordinates."""
    return suggesting(showLocationAction={"coordinates": place})


SUGGESTION = "messageContent.suggestions[0]"
CARD = "messageContent.conversationCard"
WRONG_TYPES = [
    pytest.param([], "body: must be an object", id="LINK-GEN-12-array"),
    pytest.param("a", "body: must be an object", id="LINK-GEN-12-string"),
    pytest.param(5, "body: must be an object", id="LINK-GEN-12-number"),
    pytest.param(True, "body: must be an object", id="LINK-GEN-12-boolean"),
    pytest.param(None, "body: must be an object", id="LINK-GEN-12-null"),
    pytest.param({"messageContent": "a"}, "messageContent: must be an object", id="LINK-GEN-12-content"),
    pytest.param({"messageContent": []}, "messageContent: must be an object", id="LINK-GEN-12-content-array"),
    pytest.param({"messageContent": {"text": 5}}, "messageContent.text: must be a string", id="LINK-GEN-12-text"),
    pytest.param(
        {"messageContent": {"text": False}}, "messageContent.text: must be a string", id="LINK-GEN-12-text-boolean"
    ),
    pytest.param(
        {"messageContent": {"text": ["a"]}}, "messageContent.text: must be a string", id="LINK-GEN-12-text-array"
    ),
    pytest.param(
        {"messageContent": {"fileId": {}}}, "messageContent.fileId: must be a string", id="LINK-GEN-12-file-id"
    ),
    pytest.param(
        {"messageContent": {"conversationCard": []}}, f"{CARD}: must be an object", id="LINK-GEN-12-conversation-card"
    ),
    pytest.param(
        {"messageContent": {"text": "a", "suggestions": {}}},
        "messageContent.suggestions: must be an array",
        id="LINK-GEN-12-suggestions",
    ),
    pytest.param(
        {"messageContent": {"text": "a", "suggestions": ["b"]}},
        f"{SUGGESTION}: must be an object",
        id="LINK-GEN-12-suggestion",
    ),
    pytest.param(
        {"messageContent": {"text": "a", "suggestions": [None]}},
        f"{SUGGESTION}: must be an object",
        id="LINK-GEN-12-null-in-an-array",
    ),
    pytest.param(suggesting(callbackData=5), f"{SUGGESTION}.callbackData: must be a string", id="LINK-GEN-12-payload"),
    pytest.param(suggesting(callAction="+49"), f"{SUGGESTION}.callAction: must be an object", id="LINK-GEN-12-action"),
    pytest.param(
        suggesting(callAction={"msisdn": 491711234567}),
        f"{SUGGESTION}.callAction.msisdn: must be a string",
        id="LINK-GEN-12-msisdn",
    ),
    pytest.param(
        at({"latitude": "5", "longitude": 5}),
        f"{SUGGESTION}.showLocationAction.coordinates.latitude: must be a number",
        id="LINK-GEN-12-latitude-string",
    ),
    pytest.param(
        at({"latitude": True, "longitude": 5}),
        f"{SUGGESTION}.showLocationAction.coordinates.latitude: must be a number",
        id="LINK-GEN-12-latitude-boolean",
    ),
    pytest.param(
        in_card(title=5), f"{CARD}.standaloneCard.cardContent.title: must be a string", id="LINK-GEN-12-title"
    ),
    pytest.param(
        in_card(title="a", suggestions="b"),
        f"{CARD}.standaloneCard.cardContent.suggestions: must be an array",
        id="LINK-GEN-12-card-suggestions",
    ),
    pytest.param(
        of_cards({}),
        f"{CARD}.carouselCard.cardContents: must be an array",
        id="LINK-GEN-12-card-contents",
    ),
]


@pytest.mark.parametrize(("body", "message"), WRONG_TYPES)
async def test_a_value_has_its_documented_type(link: LinkClient, body: Any, message: str) -> None:
    """Nothing is coerced: the answer names the place and the type that belongs there."""
    await assert_message_refused(link, json.dumps(body).encode(), "LINK-GEN-12", message)


@pytest.mark.parametrize(
    ("method", "path", "body", "message"),
    [
        pytest.param("PUT", "/admin/settings", [], "body: must be an object", id="LINK-GEN-12-settings"),
        pytest.param(
            "PUT",
            "/admin/settings",
            {"id": 5, "webSmsTemplate": "a"},
            "id: must be a string",
            id="LINK-GEN-12-settings-id",
        ),
        pytest.param("POST", "/registerFile", "a", "body: must be an object", id="LINK-GEN-12-file"),
        pytest.param("POST", "/registerFile", {"url": 5}, "url: must be a string", id="LINK-GEN-12-url"),
        pytest.param(
            "POST",
            "/registerFile",
            {"url": "https://example.com/a.jpg", "description": 5},
            "description: must be a string",
            id="LINK-GEN-12-description",
        ),
    ],
)
async def test_other_bodies_have_their_types_too(
    link: LinkClient, method: str, path: str, body: Any, message: str
) -> None:
    """The rule is the same for every operation with a body."""
    assert_refused(await link.call(method, path, json=body), 400, "LINK-GEN-12", message)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(in_card(title="a", suggestions=[0] * 200_000), id="LINK-GEN-05-suggestions-of-a-card"),
        pytest.param({"messageContent": {"text": "a", "suggestions": [{}] * 200_000}}, id="LINK-GEN-05-suggestions"),
        pytest.param(of_cards([0] * 200_000), id="LINK-GEN-05-cards"),
    ],
)
async def test_a_hostile_body_has_few_defects(link: LinkClient, body: Any) -> None:
    """A list is judged up to its first bad item: two hundred thousand of them are not worth hundreds of megabytes."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(CONVERSATION_MESSAGE.shape).validate_python(body)
    assert refused.value.error_count() <= 2
    assert (await link.post_message(body)).status_code == 400


async def test_an_integer_is_a_number(link: LinkClient) -> None:
    """LINK-GEN-12: a number without a fraction is a fine coordinate, and comes back as it went."""
    body = at({"latitude": 60, "longitude": -5})
    response = await link.post_message(body)
    assert response.json()["messageContent"] == body["messageContent"]
    assert '"latitude":60,' in response.text


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        pytest.param(b"1e999", "LINK-SUG-11", id="LINK-SUG-11-beyond-floats"),
        pytest.param(b"-1e999", "LINK-SUG-11", id="LINK-SUG-11-below-floats"),
        pytest.param(b"9" * 300, "LINK-SUG-11", id="LINK-SUG-11-integer-of-300-digits"),
        pytest.param(b"9" * 400, "LINK-GEN-12", id="LINK-GEN-12-integer-of-400-digits"),
        pytest.param(b"9" * 500_000, "LINK-GEN-11", id="LINK-GEN-11-integer-of-half-a-megabyte"),
        pytest.param(b"1" + b"0" * 5000 + b".5", "LINK-GEN-11", id="LINK-GEN-11-fraction-of-5000-digits"),
    ],
)
async def test_a_huge_number_is_refused(link: LinkClient, number: bytes, rule: str) -> None:
    """A number that no globe, no float or no parser has room for is refused like any other bad value."""
    body = json.dumps(at({"latitude": 0, "longitude": 0})).encode().replace(b'"latitude": 0', b'"latitude": ' + number)
    response = await link.post_message(body)
    assert (response.status_code, broken_rule(response)) == (400, rule)
    assert not link.account.journal.messages


def looking(orientation: Any = "VERTICAL", alignment: Any = "LEFT") -> dict[str, Any]:
    """Return a message of a standalone card that looks like that."""
    card = {"cardContent": {"title": "a"}, "cardOrientation": orientation, "thumbnailAlignment": alignment}
    return {"messageContent": {"conversationCard": {"standaloneCard": card}}}


NOT_ORIENTATIONS: tuple[Any, ...] = ("vertical", "Vertical", "", "DIAGONAL", "VERTICAL ", 5, True, {})
ENUMERATED = [
    *[
        pytest.param(
            looking(orientation=value),
            f"{CARD}.standaloneCard.cardOrientation",
            "UNSPECIFIED, HORIZONTAL, VERTICAL",
            id=f"LINK-GEN-18-orientation-{value}",
        )
        for value in NOT_ORIENTATIONS
    ],
    pytest.param(
        looking(alignment="TOP"),
        f"{CARD}.standaloneCard.thumbnailAlignment",
        "UNSPECIFIED, LEFT, RIGHT",
        id="LINK-GEN-18-alignment",
    ),
    pytest.param(
        in_card(cardMedia={"cardHeight": "LARGE", "fileId": "x"}),
        f"{CARD}.standaloneCard.cardContent.cardMedia.cardHeight",
        "UNSPECIFIED, SHORT, MEDIUM, TALL",
        id="LINK-GEN-18-height",
    ),
    pytest.param(
        of_cards([{"title": "a"}, {"title": "b"}], "LARGE"),
        f"{CARD}.carouselCard.cardWidth",
        "UNSPECIFIED, SMALL, MEDIUM",
        id="LINK-GEN-18-width",
    ),
]


@pytest.mark.parametrize(("body", "path", "values"), ENUMERATED)
async def test_an_enumerated_value_is_spelt_as_documented(link: LinkClient, body: Any, path: str, values: str) -> None:
    """Upper case and one of the documented values, or the answer lists them."""
    await assert_message_refused(link, body, "LINK-GEN-18", f"{path}: must be one of {values}")


@pytest.mark.parametrize(
    "orientation", ["UNSPECIFIED", "HORIZONTAL", "VERTICAL"], ids=lambda name: f"LINK-GEN-18-{name}"
)
@pytest.mark.parametrize("alignment", ["UNSPECIFIED", "LEFT", "RIGHT"])
async def test_every_documented_value_is_taken(link: LinkClient, orientation: str, alignment: str) -> None:
    """LINK-GEN-18: UNSPECIFIED is as good a value as the others."""
    assert (await link.post_message(looking(orientation, alignment))).status_code == 200


# --------------------------------------------------------------------------------------------- unknown and null

UNKNOWN = [
    pytest.param({**TEXT, "extra": 1}, TEXT, ["extra"], id="LINK-GEN-13-top"),
    pytest.param({"messageContent": {"text": "Hello", "textt": "b"}}, TEXT, ["messageContent.textt"], id="LINK-GEN-13"),
    pytest.param(
        suggesting(callAction={"msisdn": "+49171123456", "name": "b"}, note={}),
        suggesting(callAction={"msisdn": "+49171123456"}),
        [f"{SUGGESTION}.callAction.name", f"{SUGGESTION}.note"],
        id="LINK-GEN-13-suggestion",
    ),
    pytest.param(
        suggesting(text="b", postbackData="c"),
        suggesting(),
        [f"{SUGGESTION}.postbackData"],
        id="LINK-GEN-13-word-of-the-callbacks",
    ),
    pytest.param(
        in_card(title="a", subtitle="b", suggestions=[{"text": "a", "callbackData": "b", "c": [{"d": 1}]}]),
        in_card(title="a", suggestions=[{"text": "a", "callbackData": "b"}]),
        [
            f"{CARD}.standaloneCard.cardContent.subtitle",
            f"{CARD}.standaloneCard.cardContent.suggestions[0].c",
        ],
        id="LINK-GEN-13-card",
    ),
    pytest.param(
        at({"latitude": 1, "longitude": 2, "altitude": 3}),
        at({"latitude": 1, "longitude": 2}),
        [f"{SUGGESTION}.showLocationAction.coordinates.altitude"],
        id="LINK-GEN-13-coordinates",
    ),
    pytest.param(
        suggesting(requestLocationAction={"a": {"b": 1}}),
        suggesting(requestLocationAction={}),
        [f"{SUGGESTION}.requestLocationAction.a"],
        id="LINK-GEN-13-location-request",
    ),
    pytest.param({**TEXT, "": 1, "a.b[0]": "\u0001"}, TEXT, ["", "a.b[0]"], id="LINK-GEN-13-odd-names"),
]


@pytest.mark.parametrize(("body", "taken", "unknown"), UNKNOWN)
async def test_unknown_members_are_dropped(link: LinkClient, body: Any, taken: Any, unknown: list[str]) -> None:
    """They are left out of the echo, and the journal notes each."""
    response = await link.post_message(body)
    assert response.status_code == 200
    assert response.json()["messageContent"] == taken["messageContent"]
    assert sorted(warnings_of(link.account)) == sorted(
        f"LINK-GEN-13: {path or 'body'} is unknown and was ignored" for path in unknown
    )


@pytest.mark.parametrize(("body", "taken", "unknown"), UNKNOWN)
async def test_unknown_members_are_refused_by_switch(
    app: App, link: LinkClient, body: Any, taken: Any, unknown: list[str]
) -> None:
    """LINK-GEN-13: with `strict_unknown_fields` the first of them is an error."""
    app.sandbox.change_account(link.account, AccountChanges(settings={"strict_unknown_fields": True}))
    response = await link.post_message(body)
    assert (response.status_code, broken_rule(response)) == (400, "LINK-GEN-13")
    assert response.json()["message"] in [f"{path or 'body'}: unknown field" for path in unknown]
    assert not link.account.journal.messages
    assert (await link.post_message(taken)).status_code == 200


async def test_the_switch_finds_a_misspelt_member(app: App, link: LinkClient) -> None:
    """LINK-GEN-13: a misspelt `text` is named, rather than said to be missing."""
    app.sandbox.change_account(link.account, AccountChanges(settings={"strict_unknown_fields": True}))
    response = await link.send(txt="Hello")
    assert_refused(response, 400, "LINK-GEN-13", "messageContent.txt: unknown field")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        pytest.param("PUT", "/admin/settings", {"id": ID, "webSmsTemplate": "[conversationKey]"}, id="LINK-GEN-13-put"),
        pytest.param("POST", "/registerFile", {"url": "https://example.com/a.jpg"}, id="LINK-GEN-13-register"),
    ],
)
async def test_unknown_members_of_other_bodies(app: App, link: LinkClient, method: str, path: str, body: Any) -> None:
    """The other operations drop or refuse them alike."""
    assert (await link.call(method, path, json={**body, "extra": {}})).status_code == 200
    assert warnings_of(link.account) == ("LINK-GEN-13: extra is unknown and was ignored",)
    app.sandbox.change_account(link.account, AccountChanges(settings={"strict_unknown_fields": True}))
    response = await link.call(method, path, json={**body, "extra": {}})
    assert_refused(response, 400, "LINK-GEN-13", "extra: unknown field")


async def test_the_journal_does_not_drown_in_unknown_members(link: LinkClient) -> None:
    """LINK-GEN-13: a hundred thousand of them are dropped and counted, not listed."""
    body = {**TEXT, **{f"x{number}": 0 for number in range(50_000)}}
    assert (await link.post_message(body)).status_code == 200
    assert len(warnings_of(link.account)) == 21
    assert warnings_of(link.account)[-1] == "LINK-GEN-13: 49980 more unknown members were ignored"


@pytest.mark.parametrize(
    ("body", "taken"),
    [
        pytest.param({**TEXT, "sendTime": None, "error": None}, TEXT, id="LINK-GEN-14-beside-content"),
        pytest.param(
            {"messageContent": {"text": "Hello", "fileId": None, "conversationCard": None, "suggestions": None}},
            TEXT,
            id="LINK-GEN-14-in-content",
        ),
        pytest.param(
            suggesting(callAction=None, openUrlAction={"url": "https://example.com"}, requestLocationAction=None),
            suggesting(openUrlAction={"url": "https://example.com"}),
            id="LINK-GEN-14-actions",
        ),
        pytest.param(
            suggesting(showLocationAction={"coordinates": None, "label": "", "query": "Oslo"}),
            suggesting(showLocationAction={"label": "", "query": "Oslo"}),
            id="LINK-GEN-14-as-in-the-sample",
        ),
        pytest.param(
            in_card(title="a", description=None, cardMedia=None, suggestions=None),
            in_card(title="a"),
            id="LINK-GEN-14-card",
        ),
        pytest.param({**TEXT, "extra": None}, TEXT, id="LINK-GEN-14-unknown"),
    ],
)
async def test_null_counts_as_absent(link: LinkClient, body: Any, taken: Any) -> None:
    """An optional member that is null is not there, nor in the echo, and nothing is noted of it."""
    response = await link.post_message(body)
    assert response.json()["messageContent"] == taken["messageContent"]
    assert warnings_of(link.account) == ()


@pytest.mark.parametrize(
    ("body", "rule", "path"),
    [
        pytest.param({"messageContent": None}, "LINK-MSG-11", "messageContent", id="LINK-GEN-14-content"),
        pytest.param(suggesting(text=None), "LINK-SUG-02", f"{SUGGESTION}.text", id="LINK-GEN-14-text"),
        pytest.param(
            suggesting(callAction={"msisdn": None}),
            "LINK-GEN-14",
            f"{SUGGESTION}.callAction.msisdn",
            id="LINK-GEN-14-msisdn",
        ),
        pytest.param(
            suggesting(openUrlAction={}), "LINK-GEN-14", f"{SUGGESTION}.openUrlAction.url", id="LINK-GEN-14-url"
        ),
        pytest.param(
            in_card(cardMedia={"cardHeight": None, "fileId": "x"}),
            "LINK-CARD-07",
            f"{CARD}.standaloneCard.cardContent.cardMedia.cardHeight",
            id="LINK-GEN-14-height",
        ),
        pytest.param(
            at({"latitude": None, "longitude": 1}),
            "LINK-SUG-11",
            f"{SUGGESTION}.showLocationAction.coordinates.latitude",
            id="LINK-GEN-14-latitude",
        ),
    ],
)
async def test_a_required_null_is_missing(link: LinkClient, body: Any, rule: str, path: str) -> None:
    """A required member that is null is answered as if it were not there."""
    await assert_message_refused(link, body, rule, f"{path}: is required")


# ------------------------------------------------------------------------------------------------------ lengths


@pytest.mark.parametrize(
    "character",
    [
        pytest.param("a", id="LINK-GEN-17-ascii"),
        pytest.param("é", id="LINK-GEN-17-two-bytes"),
        pytest.param("字", id="LINK-GEN-17-three-bytes"),
        pytest.param("😀", id="LINK-GEN-17-four-bytes"),
        pytest.param("\u0301", id="LINK-GEN-17-combining"),
    ],
)
async def test_lengths_count_code_points(link: LinkClient, character: str) -> None:
    """Neither bytes, nor UTF-16 units, nor what a reader calls a character: every limit counts alike."""
    for body, limit, rule in (
        (lambda text: {"messageContent": {"text": text}}, 2000, "LINK-MSG-14"),
        (lambda text: in_card(title=text), 200, "LINK-CARD-04"),
        (lambda text: in_card(description=text), 2000, "LINK-CARD-05"),
        (lambda text: suggesting(text=text), 25, "LINK-SUG-03"),
        (lambda text: suggesting(callbackData=text), 2048, "LINK-SUG-04"),
    ):
        assert (await link.post_message(body(character * limit))).status_code == 200
        assert broken_rule(await link.post_message(body(character * (limit + 1)))) == rule


@each_body("LINK-GEN-22-")
async def test_a_body_has_at_most_one_mebibyte(link: LinkClient, method: str, path: str, body: Any) -> None:
    """One mebibyte is taken; a byte more is refused and leaves nothing behind."""
    headers = {"Content-Type": "application/json"}
    content = json.dumps(body).encode()
    too_large = await link.call(method, path, content=content.ljust(MIB + 1), headers=headers)
    assert_refused(too_large, 413, "LINK-GEN-22", "The body is larger than 1 MiB")
    assert not link.account.journal.messages
    assert (await link.call(method, path, content=content.ljust(MIB), headers=headers)).status_code == 200


async def test_the_token_endpoint_has_the_same_limit(link: LinkClient) -> None:
    """LINK-GEN-22: the form may have one mebibyte, too."""
    form = f"grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion={link.assertion()}&padding=".encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    path = "/auth/oauth2/token"
    refused = await link.http.post(path, content=form.ljust(MIB + 1, b"a"), headers=headers)
    assert_refused(refused, 413, "LINK-GEN-22", "The body is larger than 1 MiB")
    assert (await link.http.post(path, content=form.ljust(MIB, b"a"), headers=headers)).status_code == 200


async def test_many_headers_do_no_harm(link: LinkClient) -> None:
    """Three hundred headers, some of them of a kilobyte, change nothing."""
    headers = {f"X-Padding-{number}": "a" * (number % 5 * 250) for number in range(300)}
    response = await link.http.post(
        f"{GATEWAY}/phone/{USER}/conversationMessage?messageId={ID}",
        headers={**headers, **await link.headers()},
        json=TEXT,
    )
    assert response.status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\u0000\u0001\u001f\u007f\u0080", id="LINK-MSG-19-escaped-control-characters"),
        pytest.param("\u2028\u2029\ufeff\uffff", id="LINK-MSG-19-separators-and-noncharacters"),
        pytest.param("👩‍👩‍👧‍👦 \U0010ffff", id="LINK-MSG-19-beyond-the-basic-plane"),
        pytest.param('"\\/\b\f\n\r\t', id="LINK-MSG-19-everything-that-is-escaped"),
        pytest.param("null", id="LINK-MSG-19-the-word-null"),
    ],
)
async def test_any_text_comes_back_as_it_went(link: LinkClient, text: str) -> None:
    """Whatever JSON can hold is echoed unchanged, and remembered."""
    response = await link.send(text=text)
    assert response.json()["messageContent"] == {"text": text}
    assert [message.text for message in link.account.journal.messages] == [text]


# ---------------------------------------------------------------------------------------------------- the query


@pytest.mark.parametrize(
    ("query", "name"),
    [
        pytest.param(f"messageId={ID}&messageId={ID}", "messageId", id="LINK-GEN-15-message-id-equal"),
        pytest.param(f"messageId={ID}&messageId=x", "messageId", id="LINK-GEN-15-message-id-different"),
        pytest.param(f"messageId={ID}&message%49d={ID}", "messageId", id="LINK-GEN-15-message-id-encoded"),
        pytest.param(f"messageId={ID}&settingsId={ID}&settingsId={ID}", "settingsId", id="LINK-GEN-15-settings-id"),
        pytest.param(f"messageId={ID}&settingsId=&settingsId=", "settingsId", id="LINK-GEN-15-settings-id-empty"),
    ],
)
async def test_a_parameter_comes_once(link: LinkClient, query: str, name: str) -> None:
    """A documented parameter given twice is refused, be the values equal or not."""
    response = await link.call("POST", f"/phone/{USER}/conversationMessage?{query}", json=TEXT)
    assert_refused(response, 400, "LINK-GEN-15", f"{name}: given more than once")
    assert not link.account.journal.messages


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        pytest.param("POST", f"{MESSAGE}&trace=1&trace=2&MESSAGEID=x", TEXT, id="LINK-GEN-15-message"),
        pytest.param("GET", "/admin/settings?limit=5&limit=5&messageId=x&messageId=y", None, id="LINK-GEN-15-settings"),
        pytest.param("GET", "/featureset?channel=rcs", None, id="LINK-GEN-15-featureset"),
    ],
)
async def test_unknown_parameters_are_ignored(link: LinkClient, method: str, path: str, body: Any) -> None:
    """What the operation does not document has no effect, however often it is given."""
    assert (await link.call(method, path, json=body)).status_code == 200
