"""LINK-SUG: suggestions and their five actions, beside a message and inside its cards alike."""

from typing import Any

import pytest

from harness import LinkClient, assert_message_refused, broken_rule
from sandbox.app import App
from sandbox.sandbox import AccountChanges

REPLY = {"text": "Yes", "callbackData": "yes-1"}
CALL = {**REPLY, "callAction": {"msisdn": "+4940123456"}}
PLACES = ["message", "card"]
PATHS = {
    "message": "messageContent.suggestions",
    "card": "messageContent.conversationCard.standaloneCard.cardContent.suggestions",
}


def suggesting(*suggestions: Any, place: str = "message") -> dict[str, Any]:
    """Return a message with those suggestions, beside a text or inside a card."""
    if place == "message":
        return {"messageContent": {"text": "a", "suggestions": list(suggestions)}}
    content = {"title": "a", "suggestions": list(suggestions)}
    card = {"cardContent": content, "cardOrientation": "VERTICAL", "thumbnailAlignment": "LEFT"}
    return {"messageContent": {"conversationCard": {"standaloneCard": card}}}


def calendar(**changes: Any) -> dict[str, Any]:
    """Return a suggestion of a calendar entry; a member given as None is left out."""
    entry = {
        "title": "Flight",
        "description": "Your flight to Hamburg",
        "startTime": "2018-01-02T13:00:00Z",
        "endTime": "2018-01-02T14:59:00Z",
    }
    members = {name: value for name, value in {**entry, **changes}.items() if value is not None}
    return {**REPLY, "createCalendarEntryAction": members}


def opening(url: str) -> dict[str, Any]:
    """Return a suggestion that opens a URL."""
    return {**REPLY, "openUrlAction": {"url": url}}


def showing(**location: Any) -> dict[str, Any]:
    """Return a suggestion that shows a location."""
    return {**REPLY, "showLocationAction": location}


def at(latitude: Any, longitude: Any) -> dict[str, Any]:
    """Return a suggestion that shows a place on the globe."""
    return showing(coordinates={"latitude": latitude, "longitude": longitude})


NUMBER = "callAction.msisdn: must be a phone number in E.164 format"
URL = "openUrlAction.url: must be an absolute URL"
TIMESTAMP = "must be an RFC 3339 UTC timestamp"
ENTRY = "createCalendarEntryAction"

REFUSED = [
    pytest.param({}, "LINK-SUG-02", "text: is required", id="LINK-SUG-02-empty-object"),
    pytest.param({"callbackData": "a"}, "LINK-SUG-02", "text: is required", id="LINK-SUG-02-no-text"),
    pytest.param({**REPLY, "text": ""}, "LINK-SUG-02", "text: is required", id="LINK-SUG-02-empty-text"),
    pytest.param({"text": "a"}, "LINK-SUG-02", "callbackData: is required", id="LINK-SUG-02-no-payload"),
    pytest.param(
        {**REPLY, "callbackData": ""}, "LINK-SUG-02", "callbackData: is required", id="LINK-SUG-02-empty-payload"
    ),
    pytest.param(
        {"text": "a", "callAction": {"msisdn": "+4940123456"}},
        "LINK-SUG-02",
        "callbackData: is required",
        id="LINK-SUG-02-even-with-an-action",
    ),
    pytest.param(
        {**REPLY, "text": "x" * 26}, "LINK-SUG-03", "text: must not be longer than 25 characters", id="LINK-SUG-03-26"
    ),
    pytest.param(
        {**CALL, "text": "x" * 26},
        "LINK-SUG-03",
        "text: must not be longer than 25 characters",
        id="LINK-SUG-03-26-with-an-action",
    ),
    pytest.param(
        {**REPLY, "callbackData": "x" * 2049},
        "LINK-SUG-04",
        "callbackData: must not be longer than 2048 characters",
        id="LINK-SUG-04-2049",
    ),
    pytest.param(
        {**CALL, "openUrlAction": {"url": "https://example.com"}},
        "LINK-SUG-05",
        "at most one action can be set",
        id="LINK-SUG-05-two-actions",
    ),
    pytest.param(
        {**CALL, "requestLocationAction": {}},
        "LINK-SUG-05",
        "at most one action can be set",
        id="LINK-SUG-05-an-empty-one-counts",
    ),
    *[
        pytest.param(opening(url), "LINK-SUG-08", URL, id=f"LINK-SUG-08-{name}")
        for name, url in {
            "empty": "",
            "no-scheme": "www.linkmobility.com",
            "path": "/path",
            "scheme-relative": "//example.com/path",
            "only-a-scheme": "https:",
            "no-host": "https://",
            "no-host-but-a-path": "https:///path",
            "no-host-but-a-port": "https://:443/",
            "no-slashes": "http:example.com",
            "http-without-a-host": "http://",
            "space": "https://example.com/a b",
            "leading-space": " https://example.com",
            "trailing-space": "https://example.com ",
            "tab": "https://example.com/a\tb",
            "line-break": "https://example.com/\n",
            "non-breaking-space": "https://example.com/a\u00a0b",
            "null-character": "https://example.com/\u0000",
            "c1-control-character": "https://example.com/\u0081",
            "broken-address": "https://[::1/",
            "port-is-no-number": "https://example.com:http/",
            "port-too-high": "https://example.com:65536/",
            "scheme-begins-with-a-digit": "1https://example.com",
            "scheme-with-an-underscore": "my_app://example.com",
            "mail-without-an-address": "mailto:",
        }.items()
    ],
    pytest.param(
        opening("https://example.com/" + "x" * 2029),
        "LINK-SUG-08",
        "openUrlAction.url: must not be longer than 2048 characters",
        id="LINK-SUG-08-2049-characters",
    ),
    *[
        pytest.param(
            {**REPLY, "callAction": {"msisdn": number}},
            "LINK-SUG-09",
            NUMBER,
            id=f"LINK-SUG-09-{name}",
        )
        for name, number in {
            "empty": "",
            "spaces-alone": "   ",
            "no-plus": "4940123456",
            "double-zero": "004940123456",
            "dashes": "+49-40-123456",
            "brackets": "+49 (40) 123456",
            "dots": "+49.40.123456",
            "slash": "+49 40/123456",
            "tab": "+49\t40123456",
            "non-breaking-space": "+49\u00a040123456",
            "six-digits": "+494012",
            "sixteen-digits": "+1234567890123456",
            "letters": "+49HELLO12",
            "short-code": "112",
        }.items()
    ],
    pytest.param(
        showing(), "LINK-SUG-10", "showLocationAction: coordinates or query must be set", id="LINK-SUG-10-nothing"
    ),
    pytest.param(
        showing(label="See you here"),
        "LINK-SUG-10",
        "showLocationAction: coordinates or query must be set",
        id="LINK-SUG-10-label-alone",
    ),
    pytest.param(
        showing(query=""),
        "LINK-SUG-10",
        "showLocationAction: coordinates or query must be set",
        id="LINK-SUG-10-empty-query",
    ),
    pytest.param(
        showing(coordinates=None, label="", query=None),
        "LINK-SUG-10",
        "showLocationAction: coordinates or query must be set",
        id="LINK-SUG-10-nulls",
    ),
    *[
        pytest.param(
            at(latitude, longitude),
            "LINK-SUG-11",
            f"showLocationAction.coordinates.{complaint}",
            id=f"LINK-SUG-11-{latitude}-{longitude}",
        )
        for latitude, longitude, complaint in (
            (90.000001, 0, "latitude: must be between -90 and 90"),
            (-90.000001, 0, "latitude: must be between -90 and 90"),
            (91, 0, "latitude: must be between -90 and 90"),
            (0, 180.000001, "longitude: must be between -180 and 180"),
            (0, -180.000001, "longitude: must be between -180 and 180"),
            (0, 10**300, "longitude: must be between -180 and 180"),
        )
    ],
    pytest.param(
        showing(coordinates={"longitude": 9.985211}),
        "LINK-SUG-11",
        "showLocationAction.coordinates.latitude: is required",
        id="LINK-SUG-11-no-latitude",
    ),
    pytest.param(
        showing(coordinates={"latitude": 53.542854}, query="Hamburg"),
        "LINK-SUG-11",
        "showLocationAction.coordinates.longitude: is required",
        id="LINK-SUG-11-no-longitude",
    ),
    *[
        pytest.param(
            calendar(**{name: value}), "LINK-SUG-12", f"{ENTRY}.{name}: is required", id=f"LINK-SUG-12-{what}-{name}"
        )
        for name in ("title", "description", "startTime", "endTime")
        for what, value in (("no", None), ("empty", ""))
    ],
    *[
        pytest.param(
            calendar(startTime=time), "LINK-SUG-12", f"{ENTRY}.startTime: {TIMESTAMP}", id=f"LINK-SUG-12-{name}"
        )
        for name, time in {
            "no-offset": "2018-01-02T13:00:00",
            "another-offset": "2018-01-02T13:00:00+01:00",
            "negative-zero-offset": "2018-01-02T13:00:00-00:00",
            "offset-without-a-colon": "2018-01-02T13:00:00+0000",
            "lower-case-z": "2018-01-02T13:00:00z",
            "lower-case-t": "2018-01-02t13:00:00Z",
            "space-for-t": "2018-01-02 13:00:00Z",
            "no-seconds": "2018-01-02T13:00Z",
            "date-alone": "2018-01-02",
            "ten-digits": "2018-01-02T13:00:00.0123456789Z",
            "no-digit-after-the-point": "2018-01-02T13:00:00.Z",
            "comma": "2018-01-02T13:00:00,5Z",
            "basic-format": "20180102T130000Z",
            "week-date": "2018-W01-2T13:00:00Z",
            "month-13": "2018-13-02T13:00:00Z",
            "day-that-is-not": "2018-02-29T13:00:00Z",
            "day-0": "2018-01-00T13:00:00Z",
            "year-0": "0000-01-02T13:00:00Z",
            "hour-24": "2018-01-02T24:00:00Z",
            "minute-60": "2018-01-02T13:60:00Z",
            "second-60": "2018-06-30T23:59:60Z",
            "trailing-line-break": "2018-01-02T13:00:00Z\n",
            "leading-space": " 2018-01-02T13:00:00Z",
            "arabic-digits": "٢٠١٨-01-02T13:00:00Z",
            "epoch": "1514898000",
            "in-words": "tomorrow",
        }.items()
    ],
    pytest.param(
        calendar(endTime="2018-01-02T14:59:00+02:00"),
        "LINK-SUG-12",
        f"{ENTRY}.endTime: {TIMESTAMP}",
        id="LINK-SUG-12-end-of-another-offset",
    ),
    *[
        pytest.param(
            calendar(startTime=start, endTime=end),
            "LINK-SUG-13",
            f"{ENTRY}.endTime: must not be before startTime",
            id=f"LINK-SUG-13-{name}",
        )
        for name, start, end in (
            ("a-second-before", "2018-01-02T13:00:01Z", "2018-01-02T13:00:00Z"),
            ("a-nanosecond-before", "2018-01-02T13:00:00.000000001Z", "2018-01-02T13:00:00Z"),
            ("digits-are-no-number", "2018-01-02T13:00:00.5Z", "2018-01-02T13:00:00.499999999Z"),
            ("a-year-before", "2019-01-02T13:00:00Z", "2018-01-02T13:00:00+00:00"),
        )
    ],
    *[
        pytest.param(
            {**REPLY, "requestLocationAction": value},
            "LINK-SUG-14",
            "requestLocationAction: must be an object",
            id=f"LINK-SUG-14-{name}",
        )
        for name, value in {"true": True, "string": "", "array": [], "number": 0}.items()
    ],
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("suggestion", "rule", "complaint"), REFUSED)
async def test_suggestions_that_are_refused(
    link: LinkClient, place: str, suggestion: Any, rule: str, complaint: str
) -> None:
    """Each defect is answered with its rule and its place, the second suggestion here."""
    separator = " " if rule == "LINK-SUG-05" else "."
    message = f"{PATHS[place]}[1]{separator}{complaint}".replace("] ", "]: ")
    await assert_message_refused(link, suggesting(REPLY, suggestion, place=place), rule, message)


TAKEN = [
    pytest.param(REPLY, id="LINK-SUG-02-reply"),
    pytest.param({"text": " ", "callbackData": " "}, id="LINK-SUG-02-blanks"),
    pytest.param({**REPLY, "text": "x" * 25}, id="LINK-SUG-03-25"),
    pytest.param({**REPLY, "callbackData": "x" * 2048}, id="LINK-SUG-04-2048"),
    pytest.param(CALL, id="LINK-SUG-05-one-action"),
    *[
        pytest.param(opening(url), id=f"LINK-SUG-08-{name}")
        for name, url in {
            "https": "https://linkmobility.de",
            "http": "http://example.com",
            "upper-case-scheme": "HTTPS://EXAMPLE.COM/",
            "port-and-query": "https://example.com:8443/a?b=c&d=%20#e",
            "user": "https://user:secret@example.com/",
            "address": "http://127.0.0.1/",
            "address-of-six": "http://[::1]:8080/",
            "international": "https://bücher.example/straße?q=ß",
            "mail": "mailto:a@example.com",
            "phone": "tel:+4940123456",
            "app": "myapp://open",
            "app-without-slashes": "com.example.app:open",
            "data": "data:,Hello",
            "2048-characters": "https://example.com/" + "x" * 2028,
        }.items()
    ],
    *[
        pytest.param({**REPLY, "callAction": {"msisdn": number}}, id=f"LINK-SUG-09-{name}")
        for name, number in {
            "as-documented": "+491711234567",
            "spaced-as-in-the-sample": "+47 22 99 44 00",
            "spaces-everywhere": "  + 4 7 2 2 9 9 4 4 0 0 ",
            "seven-digits": "+1234567",
            "fifteen-digits": "+12345 67890 12345",
        }.items()
    ],
    pytest.param(showing(query="LINK Mobility GmbH"), id="LINK-SUG-10-query"),
    pytest.param(showing(query=" "), id="LINK-SUG-10-blank-query"),
    pytest.param(at(53.542854, 9.985211), id="LINK-SUG-10-coordinates"),
    pytest.param(
        showing(coordinates={"latitude": 0, "longitude": 0}, query="", label=""), id="LINK-SUG-10-with-empty-query"
    ),
    pytest.param(
        showing(coordinates={"latitude": 1.5, "longitude": 2}, query="Here", label="See you here"),
        id="LINK-SUG-10-both",
    ),
    *[
        pytest.param(at(latitude, longitude), id=f"LINK-SUG-11-{latitude}-{longitude}")
        for latitude, longitude in ((90, 180), (-90, -180), (90.0, 180.0), (-90.0, -180.0), (0, 0), (1e-9, -1e-9))
    ],
    *[
        pytest.param(calendar(startTime=time, endTime="2100-01-01T00:00:00Z"), id=f"LINK-SUG-12-{name}")
        for name, time in {
            "as-in-the-sample": "2018-07-05T09:00:00Z",
            "nanoseconds-as-documented": "2018-01-02T13:00:23.056123456Z",
            "one-digit": "2018-01-02T13:00:00.5Z",
            "zero-offset": "2018-01-02T13:00:00+00:00",
            "digits-and-zero-offset": "2018-01-02T13:00:00.123+00:00",
            "leap-day": "2020-02-29T23:59:59Z",
            "year-1": "0001-01-01T00:00:00Z",
        }.items()
    ],
    *[
        pytest.param(calendar(startTime=start, endTime=end), id=f"LINK-SUG-13-{name}")
        for name, start, end in (
            ("equal", "2018-01-02T13:00:00Z", "2018-01-02T13:00:00Z"),
            ("equal-in-other-words", "2018-01-02T13:00:00.100Z", "2018-01-02T13:00:00.1+00:00"),
            ("a-nanosecond-after", "2018-01-02T13:00:00.000000001Z", "2018-01-02T13:00:00.000000002Z"),
        )
    ],
    pytest.param({**REPLY, "requestLocationAction": {}}, id="LINK-SUG-14-empty-object"),
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("suggestion", TAKEN)
async def test_suggestions_that_are_taken(link: LinkClient, place: str, suggestion: Any) -> None:
    """The limit itself is fine; everything comes back as it was sent."""
    body = suggesting(REPLY, suggestion, place=place)
    response = await link.post_message(body)
    assert response.status_code == 200, response.text
    assert response.json()["messageContent"] == body["messageContent"]


@pytest.mark.parametrize("beside", ["text", "fileId", "conversationCard"])
async def test_a_message_has_eleven_suggestions_at_most(link: LinkClient, beside: str) -> None:
    """LINK-SUG-01: eleven beside any content, and not twelve."""
    contents = {
        "text": {"text": "a"},
        "fileId": {"fileId": "ea2bdb89-c9f5-43bf-a3c1-ec56ed4afaec"},
        "conversationCard": suggesting(REPLY, place="card")["messageContent"],
    }
    content = contents[beside]
    assert (await link.send(**content, suggestions=[REPLY] * 11)).status_code == 200
    message = "messageContent.suggestions: must not contain more than 11 suggestions"
    body = {"messageContent": {**content, "suggestions": [REPLY] * 12}}
    await assert_message_refused(link, body, "LINK-SUG-01", message)


async def test_no_suggestions_are_like_none(link: LinkClient) -> None:
    """LINK-SUG-01: an empty list is taken, and comes back as it was sent."""
    response = await link.send(text="a", suggestions=[])
    assert response.json()["messageContent"] == {"text": "a", "suggestions": []}
    assert [message.suggestions for message in link.account.journal.messages] == [()]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"LINK-SUG-07-{place}")
async def test_suggestions_may_repeat(link: LinkClient, place: str) -> None:
    """Equal texts and equal callback data are fine."""
    body = suggesting(REPLY, REPLY, {**REPLY, "callbackData": "b"}, {**REPLY, "text": "b"}, place=place)
    assert (await link.post_message(body)).status_code == 200
    (message,) = link.account.journal.messages
    assert [suggestion.text for suggestion in message.suggestions] == ["Yes", "Yes", "Yes", "b"]


TEXTS = "textMessageFeatureset"
MEDIA = "mediaMessageFeatureset"


@pytest.mark.parametrize("place", [pytest.param(TEXTS, id="text"), pytest.param(MEDIA, id="media")])
@pytest.mark.parametrize(
    ("limits", "refused", "taken", "complaint"),
    [
        pytest.param(
            {"totalSuggestions": 2},
            [REPLY, CALL, REPLY],
            [REPLY, CALL],
            "must not contain more than 2 suggestions",
            id="LINK-SUG-06-total",
        ),
        pytest.param(
            {"suggestedActions": 1},
            [REPLY, CALL, CALL],
            [REPLY, CALL, REPLY, REPLY],
            "must not contain more than 1 suggested actions",
            id="LINK-SUG-06-actions",
        ),
        pytest.param(
            {"textReplySuggestions": 1},
            [REPLY, CALL, REPLY],
            [REPLY, CALL, CALL, CALL],
            "must not contain more than 1 text replies",
            id="LINK-SUG-06-replies",
        ),
        pytest.param(
            {"totalSuggestions": 0}, [REPLY], [], "must not contain more than 0 suggestions", id="LINK-SUG-06-none"
        ),
        pytest.param(
            {"suggestedActions": 0},
            [{**REPLY, "requestLocationAction": {}}],
            [REPLY],
            "must not contain more than 0 suggested actions",
            id="LINK-SUG-06-an-empty-action-is-one",
        ),
    ],
)
async def test_each_kind_of_message_has_its_numbers(
    app: App, link: LinkClient, place: str, limits: dict[str, int], refused: Any, taken: Any, complaint: str
) -> None:
    """Actions, replies and all of them are limited by the featureset of the kind of message."""
    featureset: dict[str, Any] = {
        "carouselCardFeatureset": {},
        MEDIA: {"mediaFeatureset": {}, "suggestionsNumberFeatureset": {}},
        "suggestionsFeatureset": {},
        TEXTS: {"suggestionsNumberFeatureset": {}},
    }
    featureset[place]["suggestionsNumberFeatureset"] = limits
    app.sandbox.change_account(link.account, AccountChanges(settings={"featureset": featureset}))
    content = {"text": "a"} if place == TEXTS else {"fileId": "ea2bdb89-c9f5-43bf-a3c1-ec56ed4afaec"}
    message = f"messageContent.suggestions: {complaint}"
    body = {"messageContent": {**content, "suggestions": refused}}
    await assert_message_refused(link, body, "LINK-SUG-06", message)
    assert (await link.send(**content, suggestions=taken)).status_code == 200


@pytest.mark.parametrize(
    ("lengths", "suggestion", "rule", "message"),
    [
        pytest.param(
            {"suggestionTitleLength": 3},
            {**REPLY, "text": "Yeah"},
            "LINK-SUG-03",
            "messageContent.suggestions[0].text: must not be longer than 3 characters",
            id="LINK-SUG-03-configured",
        ),
        pytest.param(
            {"suggestionPayloadLength": 5},
            {**REPLY, "callbackData": "yes-22"},
            "LINK-SUG-04",
            "messageContent.suggestions[0].callbackData: must not be longer than 5 characters",
            id="LINK-SUG-04-configured",
        ),
        pytest.param(
            {"suggestionOpenUrlLength": 10},
            opening("https://a.b"),
            "LINK-SUG-08",
            "messageContent.suggestions[0].openUrlAction.url: must not be longer than 10 characters",
            id="LINK-SUG-08-configured",
        ),
    ],
)
async def test_lengths_are_the_featuresets(
    app: App, link: LinkClient, lengths: dict[str, int], suggestion: Any, rule: str, message: str
) -> None:
    """The customer's own lengths are the ones that count."""
    featureset: dict[str, Any] = {
        "carouselCardFeatureset": {},
        MEDIA: {"mediaFeatureset": {}, "suggestionsNumberFeatureset": {}},
        "suggestionsFeatureset": {},
        TEXTS: {"suggestionsNumberFeatureset": {}},
    }
    app.sandbox.change_account(link.account, AccountChanges(settings={"featureset": featureset}))
    assert broken_rule(await link.post_message(suggesting(suggestion))) is None
    featureset["suggestionsFeatureset"] = lengths
    app.sandbox.change_account(link.account, AccountChanges(settings={"featureset": featureset}))
    await assert_message_refused(link, suggesting(suggestion), rule, message)
