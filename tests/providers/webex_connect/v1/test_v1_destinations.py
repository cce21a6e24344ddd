"""v1: who a request is for."""

from typing import Any

import pytest

from harness import NOON
from sandbox.core.errors import ApiError
from sandbox.providers.webex_connect.account import ServiceSettings
from sandbox.providers.webex_connect.checked import Addressed, Fate
from sandbox.providers.webex_connect.v1.channels import CHANNELS
from sandbox.providers.webex_connect.v1.request import check_body, check_element
from v1_requests import OMIT, assert_refused, check, fates, smallest, sms

ONE_OF = "any one of [customerid,msisdn,email, userid,pushid,psid, etc.] is mandatory"


@pytest.mark.parametrize(
    ("destination", "rule", "code", "detail"),
    [
        pytest.param(OMIT, "WX1-DEST-01", "7003", "destination", id="WX1-DEST-01-absent"),
        pytest.param(None, "WX1-DEST-01", "7003", "destination", id="WX1-DEST-01-null"),
        pytest.param([], "WX1-DEST-01", "7003", "destination", id="WX1-DEST-01-empty-array"),
        pytest.param("", "WX1-DEST-01", "7003", "destination", id="WX1-DEST-01-empty-string"),
        pytest.param({}, "WX1-DEST-01", "7003", "destination", id="WX1-DEST-01-empty-object"),
        pytest.param({"msisdn": ["1234567"]}, "WX1-DEST-02", "7004", "destination", id="WX1-DEST-02-object"),
        pytest.param("1234567", "WX1-DEST-02", "7004", "destination", id="WX1-DEST-02-string"),
        pytest.param(1234567, "WX1-DEST-02", "7004", "destination", id="WX1-DEST-02-number"),
        pytest.param(False, "WX1-DEST-02", "7004", "destination", id="WX1-DEST-02-boolean"),
        pytest.param(["1234567"], "WX1-DEST-02", "7004", "destination", id="WX1-DEST-02-array-of-strings"),
        pytest.param([None], "WX1-DEST-02", "7004", "destination", id="WX1-DEST-02-array-of-null"),
        pytest.param([{"msisdn": "1234567"}], "WX1-DEST-02", "7004", "destination", id="WX1-DEST-02-bare-value"),
        pytest.param([{"msisdn": 1234567}], "WX1-DEST-02", "7004", "destination", id="WX1-DEST-02-bare-number"),
        pytest.param([{"msisdn": {"0": "1234567"}}], "WX1-DEST-02", "7004", "destination", id="WX1-DEST-02-values-in-object"),
        pytest.param([{"msisdn": [1234567]}], "WX1-DEST-02", "7004", "destination", id="WX1-DEST-02-number-as-value"),
        pytest.param([{"msisdn": ["1234567", ""]}], "WX1-DEST-02", "7004", "destination", id="WX1-DEST-02-empty-value"),
        pytest.param([{"msisdn": [None]}], "WX1-DEST-02", "7004", "destination", id="WX1-DEST-02-null-as-value"),
        pytest.param([{"msisdn": [["1234567"]]}], "WX1-DEST-02", "7004", "destination", id="WX1-DEST-02-array-as-value"),
        pytest.param([{"msisdn": ["1234567"]}, {"msisdn": "1"}], "WX1-DEST-02", "7004", "destination",
                     id="WX1-DEST-02-the-second-object-counts-too"),
        pytest.param([{}], "WX1-DEST-03", "7003", ONE_OF, id="WX1-DEST-03-empty-object"),
        pytest.param([{"msisdn": []}], "WX1-DEST-03", "7003", ONE_OF, id="WX1-DEST-03-no-value"),
        pytest.param([{"msisdn": ""}], "WX1-DEST-03", "7003", ONE_OF, id="WX1-DEST-03-empty-value"),
        pytest.param([{"msisdn": None}], "WX1-DEST-03", "7003", ONE_OF, id="WX1-DEST-03-null"),
        pytest.param([{"psid": ["1234567"]}], "WX1-DEST-03", "7003", ONE_OF, id="WX1-DEST-03-key-of-another-channel"),
        pytest.param([{"email": ["a@example.com"]}], "WX1-DEST-03", "7003", ONE_OF, id="WX1-DEST-03-email"),
        pytest.param([{"phone": ["1234567"]}], "WX1-DEST-03", "7003", ONE_OF, id="WX1-DEST-03-unknown-key"),
        pytest.param([{"correlationid": "x"}], "WX1-DEST-03", "7003", ONE_OF, id="WX1-DEST-03-correlation-id-alone"),
        pytest.param([{"msisdn": ["1234567"]}, {}], "WX1-DEST-03", "7003", ONE_OF,
                     id="WX1-DEST-03-each-object-has-one"),
    ],
)  # fmt: skip
def test_bad_destinations(destination: Any, rule: str, code: str, detail: str) -> None:
    """Destinations are an array of objects, each with an array of values under a key that the channel knows."""
    assert_refused(sms(destination=destination), rule, code, detail)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        pytest.param(name, key, id=f"WX1-DEST-03-{name}-{key}")
        for name, keys in {
            "sms": ["msisdn", "customerid"],
            "voice": ["msisdn", "customerid"],
            "push": ["android_pushid", "ios_pushid", "chrome_pushid", "safari_pushid", "customerid", "userid",
                     "firefox_pushid", "hms_pushid", "pushid"],
            "appmessaging": ["userid", "customerid"],
            "fb": ["psid"],
            "whatsapp": ["waid", "bsuid"],
            "applebusinesschat": ["abcUserId"],
        }.items()
        for key in keys
    ],
)  # fmt: skip
def test_the_keys_of_a_channel(name: str, key: str) -> None:
    """Each key of the channel is accepted, in any letter case, and goes by its documented name further on."""
    for spelt in (key, key.upper(), key.title()):
        checked = check(smallest(name, destination=[{spelt: ["447700900123", "447700900124"], "correlationid": "x"}]))
        assert checked.addressed == (Addressed(key, "447700900123", "x"), Addressed(key, "447700900124", "x"))
        assert checked.warnings == ()


def test_no_other_key() -> None:
    """WX1-DEST-03: the key of one channel is none of another's, unless it is listed for both."""
    keys = {key for channel in CHANNELS for key in channel.keys}
    assert len(keys) == 14
    for channel in CHANNELS:
        for key in keys - set(channel.keys) | {"email"}:
            assert_refused(smallest(channel.name, destination=[{key: ["1234567"]}]), "WX1-DEST-03", "7003", ONE_OF)


@pytest.mark.parametrize(
    ("name", "entry", "used", "ignored"),
    [
        pytest.param("sms", {"customerid": ["c"], "msisdn": ["1234567"]}, ("msisdn", "1234567"), "customerid",
                     id="WX1-DEST-04-the-first-of-the-table-not-of-the-request"),
        pytest.param("whatsapp", {"waid": ["1234567"], "bsuid": ["b"]}, ("waid", "1234567"), "bsuid",
                     id="WX1-DEST-04-waid-beats-bsuid"),
        pytest.param("push", {"userid": ["u"], "ios_pushid": ["i"]}, ("ios_pushid", "i"), "userid",
                     id="WX1-DEST-04-a-device-beats-a-user"),
        pytest.param("sms", {"email": ["a@example.com"], "msisdn": ["1234567"]}, ("msisdn", "1234567"), "email",
                     id="WX1-DEST-04-a-key-of-no-channel"),
        pytest.param("sms", {"msisdn": ["1234567"], "correlationid": "c", "customerid": ["c"]}, ("msisdn", "1234567"),
                     "customerid", id="WX1-DEST-04-beside-a-correlation-id"),
        pytest.param("sms", {"msisdn": ["1234567"], "psid": 5}, ("msisdn", "1234567"), "psid",
                     id="WX1-DEST-04-an-ignored-one-may-be-anything"),
    ],
)  # fmt: skip
def test_several_keys(name: str, entry: dict[str, Any], used: tuple[str, str], ignored: str) -> None:
    """Of several keys in one object the first in the document's order is used, the rest ignored with a warning."""
    checked = check(smallest(name, destination=[entry]))
    assert [(addressed.key, addressed.value) for addressed in checked.addressed] == [used]
    assert checked.warnings == (f"WX1-DEST-04: destination[0].{ignored} is ignored: {used[0]} is used",)


def test_an_empty_key_is_no_key() -> None:
    """WX1-DEST-04: a key without values leaves its place to the next."""
    checked = check(sms(destination=[{"msisdn": [], "customerid": ["c"]}]))
    assert checked.addressed == (Addressed("customerid", "c"),)


def numbers(count: int) -> list[str]:
    """Return so many phone numbers."""
    return [f"+4477{number:08}" for number in range(count)]


@pytest.mark.parametrize(
    ("destination", "allowed"),
    [
        pytest.param([{"msisdn": numbers(1000)}], True, id="WX1-DEST-05-1000-values-of-one-object"),
        pytest.param([{"msisdn": numbers(1001)}], False, id="WX1-DEST-05-1001-values-of-one-object"),
        pytest.param([{"msisdn": [number]} for number in numbers(1000)], True, id="WX1-DEST-05-1000-objects"),
        pytest.param([{"msisdn": [number]} for number in numbers(1001)], False, id="WX1-DEST-05-1001-objects"),
        pytest.param([{"msisdn": numbers(600)}, {"msisdn": numbers(400)}], True, id="WX1-DEST-05-600-and-400"),
        pytest.param([{"msisdn": numbers(600)}, {"msisdn": numbers(401)}], False, id="WX1-DEST-05-600-and-401"),
        pytest.param([{"msisdn": ["1234567"] * 1001}], False, id="WX1-DEST-05-the-same-one-1001-times"),
        pytest.param([{"msisdn": numbers(1000), "customerid": numbers(500)}], True, id="WX1-DEST-05-ignored-ones-do-not-count"),
    ],
)  # fmt: skip
def test_the_number_of_destinations(destination: list[Any], allowed: bool) -> None:
    """A request has at most 1000 destination values, however they are spread over objects."""
    if allowed:
        assert len(check(sms(destination=destination)).addressed) == 1000
    else:
        assert_refused(sms(destination=destination), "WX1-DEST-05", "7009")


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        pytest.param("1234567", True, id="WX1-DEST-06-7-digits"),
        pytest.param("123456", False, id="WX1-DEST-06-6-digits"),
        pytest.param("123456789012345", True, id="WX1-DEST-06-15-digits"),
        pytest.param("1234567890123456", False, id="WX1-DEST-06-16-digits"),
        pytest.param("+4490123456", True, id="WX1-DEST-06-plus"),
        pytest.param("++4490123456", False, id="WX1-DEST-06-two-pluses"),
        pytest.param("04490123456", False, id="WX1-DEST-06-leading-zero"),
        pytest.param("+04490123456", False, id="WX1-DEST-06-leading-zero-after-plus"),
        pytest.param("+44 7700-900 123", True, id="WX1-DEST-06-blanks-and-dashes"),
        pytest.param("-+447700900123", True, id="WX1-DEST-06-a-dash-anywhere"),
        pytest.param("+44.7700.900123", False, id="WX1-DEST-06-dots"),
        pytest.param("4490XXXXX009", False, id="WX1-DEST-06-masked"),
        pytest.param("+44٧٧00900123", False, id="WX1-DEST-06-other-digits"),
        pytest.param("1234567\n", False, id="WX1-DEST-06-line-end"),
        pytest.param(" ", False, id="WX1-DEST-06-blank"),
    ],
)
@pytest.mark.parametrize("name", ["sms", "voice"])
def test_phone_numbers(name: str, number: str, valid: bool) -> None:
    """A msisdn that is no phone number is accepted as it is, and fails by receipt as an invalid address."""
    data = smallest(name, destination=[{"msisdn": [number]}])
    assert check(data).addressed == (Addressed("msisdn", number),)
    assert fates(data) == [None if valid else Fate("Failed", "7102")]


def test_each_destination_has_its_own_fate() -> None:
    """WX1-DEST-06: a bad number among good ones fails alone; nobody looks at the form of other keys."""
    data = sms(destination=[{"msisdn": ["1234567", "nobody", "1234568"]}, {"customerid": ["nobody"]}])
    assert fates(data) == [None, Fate("Failed", "7102"), None, None]


@pytest.mark.parametrize("name", ["sms", "voice", "push", "appmessaging"], ids=lambda name: f"WX1-PUSH-15-{name}")
@pytest.mark.parametrize("key", ["customerid", "userid"])
def test_profiles(name: str, key: str) -> None:
    """Where profiles are declared, a customer or user without one fails by receipt; nobody else needs one."""
    if key not in next(channel for channel in CHANNELS if channel.name == name).keys:
        key = "customerid"
    data = smallest(name, destination=[{key: ["known", "stranger"]}])
    profiles = {"known": {"msisdn": "+447700900123", "android_pushid": "a", "userid": "known", "ios_pushid": "i"}}
    assert fates(data, profiles=profiles) == [None, Fate("Failed", "7105")]
    assert fates(data) == [None, None]


def test_phone_numbers_need_no_profile() -> None:
    """WX1-PUSH-15: profiles are those of customers and users."""
    assert fates(sms(), profiles={"known": {}}) == [None]


@pytest.mark.parametrize(
    "destination",
    [
        pytest.param([{"msisdn": ["1234567"] * 3}], id="WX1-DEST-07-in-one-object"),
        pytest.param([{"msisdn": ["1234567"]}] * 3, id="WX1-DEST-07-in-three-objects"),
        pytest.param([{"msisdn": ["1234567", "1234567"]}, {"msisdn": ["1234567"]}], id="WX1-DEST-07-in-two-objects"),
    ],
)
def test_a_destination_given_twice(destination: list[Any]) -> None:
    """The same destination twice is two messages, and a third time three."""
    assert check(sms(destination=destination)).addressed == (Addressed("msisdn", "1234567"),) * 3


@pytest.mark.parametrize(
    ("count", "most", "allowed"),
    [
        pytest.param(10, 10, True, id="WX1-RATE-02-as-many-as-allowed"),
        pytest.param(11, 10, False, id="WX1-RATE-02-one-more"),
    ],
)
def test_the_rate(count: int, most: int, allowed: bool) -> None:
    """The rate is judged for all destinations together, before the common fields and after the destinations."""
    asked: list[int] = []

    def admit(number: int) -> None:
        asked.append(number)
        if number > most:
            raise LookupError

    # callbackData is wrong: that is found out only after the rate was judged.
    data = sms(destination=[{"msisdn": numbers(count)}], callbackData=5)
    with pytest.raises(ApiError if allowed else LookupError) as refused:
        check_element(data, ServiceSettings(), NOON, admit)
    assert asked == [count]
    assert getattr(refused.value, "rule", None) == ("WX1-ENV-09" if allowed else None)
    with pytest.raises(ApiError, match="destination"):
        check_body(sms(destination=[]), ServiceSettings(), NOON, admit)
    assert asked == [count]


@pytest.mark.parametrize("requests", [1, 3], ids=lambda requests: f"WX1-RATE-01-{requests}-full-requests")
def test_no_rate(requests: int) -> None:
    """Without a configured rate, nobody counts: the limit of 1000 is that of each request."""
    settings = ServiceSettings()
    assert settings.tps is None
    data = sms(destination=[{"msisdn": numbers(1000)}])
    assert [len(check_element(data, settings, NOON).addressed) for _ in range(requests)] == [1000] * requests
