"""v1: what a body may be: an object, an array of them, and nothing that the document does not know."""

from typing import Any

import pytest

from harness import NOON
from sandbox.core.errors import ApiError
from sandbox.providers.webex_connect.account import ServiceSettings
from sandbox.providers.webex_connect.checked import Checked
from sandbox.providers.webex_connect.v1.request import check_body
from v1_requests import OMIT, assert_refused, check, sms


def answers(data: Any, **settings: Any) -> list[str | None]:
    """Return the rule that each element of a body breaks; None for one that is accepted."""
    found = check_body(data, ServiceSettings(**settings), NOON)
    return [entry.rule if isinstance(entry, ApiError) else None for entry in found]


def whole_refusal(data: Any, **settings: Any) -> tuple[str | None, str, str]:
    """Return rule, code and text of the refusal of a whole body."""
    with pytest.raises(ApiError) as refused:
        check_body(data, ServiceSettings(**settings), NOON)
    return refused.value.rule, refused.value.spec.code, refused.value.message


def to(count: int) -> dict[str, Any]:
    """Return an SMS to so many destinations."""
    return sms(destination=[{"msisdn": ["+447700900123"] * count}])


@pytest.mark.parametrize("data", ["text", 5, 1.5, True, None, ""], ids=lambda data: f"WX1-JSON-01-{data!r}")
def test_a_body_that_is_neither_object_nor_array(data: Any) -> None:
    """It is no JSON that anybody sends, and answered as none."""
    assert whole_refusal(data) == ("WX1-JSON-01", "7000", "Invalid JSON")


def test_an_object() -> None:
    """WX1-JSON-01: a request object is checked by itself, and its refusal is that of the request."""
    assert answers(sms()) == [None]
    assert whole_refusal(sms({"text": ""}))[0] == "WX1-SMS-01"


def test_an_empty_array() -> None:
    """WX1-JSON-02: an array without elements lacks what is mandatory."""
    assert whole_refusal([]) == ("WX1-JSON-02", "7003", "Mandatory parameters missing: request objects")


@pytest.mark.parametrize(
    "element",
    [
        pytest.param(None, id="WX1-JSON-02-null"),
        pytest.param("text", id="WX1-JSON-02-string"),
        pytest.param(5, id="WX1-JSON-02-number"),
        pytest.param([sms()], id="WX1-JSON-02-array-in-array"),
        pytest.param([], id="WX1-JSON-02-empty-array-in-array"),
    ],
)
def test_an_element_that_is_no_object(element: Any) -> None:
    """It gets an error of its own in its place, and holds back nothing."""
    found = check_body([sms(), element, sms()], ServiceSettings(), NOON)
    assert [type(entry) for entry in found] == [Checked, ApiError, Checked]
    assert isinstance(found[1], ApiError)
    assert (found[1].rule, found[1].spec.code) == ("WX1-JSON-02", "7004")


def test_an_array_of_good_and_bad() -> None:
    """WX1-JSON-02: each element of an array gets its own answer, in order."""
    assert answers([sms(), sms({"text": ""}), {}, sms()]) == [None, "WX1-SMS-01", "WX1-ENV-01", None]


@pytest.mark.parametrize(
    ("data", "allowed"),
    [
        pytest.param([to(600), to(400)], True, id="WX1-DEST-05-600-and-400-in-two-elements"),
        pytest.param([to(600), to(401)], False, id="WX1-DEST-05-600-and-401-in-two-elements"),
        pytest.param([to(1)] * 1000, True, id="WX1-DEST-05-1000-elements"),
        pytest.param([to(1)] * 1001, False, id="WX1-DEST-05-1001-elements"),
        pytest.param([sms(), to(1001)], False, id="WX1-DEST-05-1001-in-one-element"),
        pytest.param([to(1000), {}], True, id="WX1-DEST-05-a-refused-element-counts-nothing"),
        pytest.param([5] * 1001, False, id="WX1-DEST-05-1001-elements-of-nothing"),
    ],
)
def test_destinations_of_an_array(data: list[Any], allowed: bool) -> None:
    """The limit of 1000 holds for the whole body, which is refused as one beyond it."""
    if allowed:
        assert None in answers(data)
    else:
        assert whole_refusal(data) == ("WX1-DEST-05", "7009", "Max number of destinations")


def test_the_rate_of_an_array() -> None:
    """WX1-RATE-02: the rate is judged once for all good elements, and refuses them as one."""
    asked: list[int] = []
    check_body([to(2), {}, to(3)], ServiceSettings(), NOON, asked.append)
    check_body([{}], ServiceSettings(), NOON, asked.append)
    assert asked == [5]

    def nobody(_count: int) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        check_body([to(2), {}], ServiceSettings(), NOON, nobody)


UNKNOWN = [
    pytest.param(sms(extra=1), "extra", id="WX1-JSON-03-in-the-request"),
    pytest.param(sms(Appid="x"), "Appid", id="WX1-JSON-03-another-case"),
    pytest.param(sms({"extra": 1}), "channels.sms.extra", id="WX1-JSON-03-in-the-sms"),
    pytest.param(sms({"extras": {"extra": 1}}), "channels.sms.extras.extra", id="WX1-JSON-03-in-its-extras"),
    pytest.param(sms(channels={"sms": {"text": "Hello"}, "rcs": {}}), "channels.rcs", id="WX1-JSON-03-in-channels"),
    pytest.param(sms(channels={"sms": {"text": "x"}, "smartlinks": [{"linkid": 1, "validity": 1, "extra": 1}]}),
                 "smartlinks[0].extra", id="WX1-JSON-03-in-a-smart-link"),
    pytest.param(sms(contactPolicy={"contactPolicyGroup": "g", "channelCheckConsent": True, "extra": 1}),
                 "contactPolicy.extra", id="WX1-JSON-03-in-the-contact-policy"),
    pytest.param(sms(message={"extra": 1}), "message.extra", id="WX1-JSON-03-in-the-message"),
    pytest.param(sms(destination=[{"msisdn": ["1234567"]}, {"msisdn": ["1234567"], "phone": 1}]),
                 "destination[1].phone", id="WX1-JSON-03-in-a-destination"),
    pytest.param({**sms(), "deliverychannel": "voice", "channels": {"voice": {"promptid": "1", "extra": 1}}},
                 "channels.voice.extra", id="WX1-JSON-03-in-a-call"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "path"), UNKNOWN)
def test_an_unknown_member(data: dict[str, Any], path: str) -> None:
    """It is ignored and listed, unless the service is strict."""
    assert check(data).warnings == (f"WX1-JSON-03: ignored_fields: {path}",)
    assert_refused(data, "WX1-JSON-03", "7004", f"{path} is an unknown field", strict_unknown_fields=True)


def test_a_strict_service_looks_at_the_members_of_the_request_first() -> None:
    """WX1-JSON-03: the form of a body is judged before what it says."""
    assert_refused(sms(extra=1, deliverychannel=OMIT), "WX1-JSON-03", "7004", "extra is an unknown field",
                   strict_unknown_fields=True)  # fmt: skip
    assert_refused(sms(extra=1, deliverychannel=OMIT), "WX1-ENV-01", "7003", "param 'deliverychannel' missing")


def test_every_known_member_is_known_to_the_strict() -> None:
    """WX1-JSON-03: nothing that the document names is an unknown field."""
    data = sms(
        {"senderid": "A", "type": "1", "extras": {"dlt_templateid": "1"}, "parameters": {"a": "b"}},
        appid="app",
        correlationid="c",
        correlationId="c",
        notifyurl="",
        notifyURL="",
        notifyurlAuthId="a",
        callbackData="d",
        expiry="2031-01-01T00:00:00Z",
        message={"template": "t", "parameters": {"a": "b"}},
        gtrId=["g"],
        gtrids=["g"],
        icmessage="true",
        options={
            "trackClicks": True,
            "shortenLinks": True,
            "domain": "d",
            "tag1": "1",
            "tag2": "2",
            "allowFallbackURL": 1,
        },
        contactPolicy={"contactPolicyGroup": "g", "channelCheckConsent": True, "channelApplyFrequencyCap": False},
        smartlinks=[{"linkid": 5, "validity": 30}],
    )
    assert check(data, strict_unknown_fields=True).warnings == ()


@pytest.mark.parametrize(
    ("count", "end"),
    [
        pytest.param(20, "member18, member19", id="WX1-JSON-03-20-are-listed"),
        pytest.param(21, "member18, member19 and 1 more", id="WX1-JSON-03-of-21-the-last-is-counted"),
        pytest.param(100_000, "member18, member19 and 99980 more", id="WX1-JSON-03-100000"),
    ],
)
def test_many_unknown_members(count: int, end: str) -> None:
    """Twenty are listed by name, the others counted."""
    (warning,) = check(sms(**{f"member{number}": 1 for number in range(count)})).warnings
    assert warning.endswith(end)


def test_very_much_that_is_unknown() -> None:
    """WX1-JSON-03: of a very long name, and of a thousand objects with unknown members, the journal keeps little."""
    (warning,) = check(sms(**{"x" * 100_000: 1})).warnings
    assert warning == f"WX1-JSON-03: ignored_fields: {'x' * 100}"
    objects = [{"msisdn": ["1234567"], f"member{number}": 1} for number in range(1000)]
    assert len(check(sms(destination=objects)).warnings) == 20
