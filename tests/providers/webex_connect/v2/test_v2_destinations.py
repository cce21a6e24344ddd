"""v2: who a request is for."""

from typing import Any

import pytest

from sandbox.providers.webex_connect.checked import Fate
from v2_requests import OMIT, PERSON, PHONE, assert_refused, check, email, fates, outcome, rcs, refused, sms

LOCAL_64 = "l" * 64


def to(*values: Any, **members: Any) -> list[dict[str, Any]]:
    """Return one destination object."""
    return [{"msisdn": list(values), **members}]


def address(length: int) -> str:
    """Return an e-mail address of that many characters, none of its labels too long."""
    labels = ("d" * 60 + ".") * 6
    return f"{LOCAL_64}@{labels}"[: length - 5] + ".test"


DESTINATIONS = [
    pytest.param(sms(to=OMIT), refused("WX2-TO-01", "7003", "to"), id="WX2-TO-01-absent"),
    pytest.param(sms(to=None), refused("WX2-TO-01", "7003", "to"), id="WX2-TO-01-null"),
    pytest.param(sms(to=[]), refused("WX2-TO-01", "7003", "to"), id="WX2-TO-01-empty"),
    pytest.param(sms(to={"msisdn": [PHONE]}), refused("WX2-TO-01", "7004", "to"), id="WX2-TO-01-an-object"),
    pytest.param(sms(to=PHONE), refused("WX2-TO-01", "7004", "to"), id="WX2-TO-01-a-string"),
    pytest.param(sms(to=5), refused("WX2-TO-01", "7004", "to"), id="WX2-TO-01-a-number"),
    pytest.param(sms(to=False), refused("WX2-TO-01", "7004", "to"), id="WX2-TO-01-false"),
    pytest.param(sms(to=[PHONE]), refused("WX2-TO-01", "7004", "to"), id="WX2-TO-01-strings"),
    pytest.param(sms(to=[*to(PHONE), None]), refused("WX2-TO-01", "7004", "to"), id="WX2-TO-01-null-among-objects"),
    pytest.param(sms(to=to(PHONE)), None, id="WX2-TO-01-one-object"),
    pytest.param(sms(to=[{}]), refused("WX2-TO-02", "7003", "to[0].msisdn"), id="WX2-TO-02-nothing"),
    pytest.param(
        sms(to=[*to(PHONE), {"email": [PERSON]}]),
        refused("WX2-TO-02", "7003", "to[1].msisdn"),
        id="WX2-TO-02-the-key-of-another-channel",
    ),
    pytest.param(
        email(to=to(PHONE)), refused("WX2-TO-02", "7003", "to[0].email"), id="WX2-TO-02-a-number-for-an-email"
    ),
    pytest.param(
        rcs(to=[{"email": [PERSON]}]), refused("WX2-TO-02", "7003", "to[0].msisdn"), id="WX2-TO-02-an-email-for-rcs"
    ),
    pytest.param(sms(to=to()), refused("WX2-TO-02", "7003", "to[0].msisdn"), id="WX2-TO-02-no-value"),
    pytest.param(sms(to=[{"msisdn": None}]), refused("WX2-TO-02", "7003", "to[0].msisdn"), id="WX2-TO-02-null"),
    pytest.param(sms(to=to("")), refused("WX2-TO-02", "7003", "to[0].msisdn"), id="WX2-TO-02-empty-number"),
    pytest.param(
        email(to=[{"email": [PERSON, ""]}]), refused("WX2-TO-02", "7003", "to[0].email"), id="WX2-TO-02-empty-address"
    ),
    pytest.param(
        sms(to=[{"msisdn": PHONE}]), refused("WX2-TO-03", "7004", "to[0].msisdn"), id="WX2-TO-03-a-bare-string"
    ),
    pytest.param(
        email(to=[{"email": PERSON}]), refused("WX2-TO-03", "7004", "to[0].email"), id="WX2-TO-03-a-bare-address"
    ),
    pytest.param(
        sms(to=[{"msisdn": {"0": PHONE}}]), refused("WX2-TO-03", "7004", "to[0].msisdn"), id="WX2-TO-03-an-object"
    ),
    pytest.param(sms(to=to(447700900123)), refused("WX2-TO-03", "7004", "to[0].msisdn"), id="WX2-TO-03-a-number-in-it"),
    pytest.param(sms(to=to(PHONE, None)), refused("WX2-TO-03", "7004", "to[0].msisdn"), id="WX2-TO-03-null-in-it"),
    pytest.param(
        email(to=[{"email": [[PERSON]]}]), refused("WX2-TO-03", "7004", "to[0].email"), id="WX2-TO-03-an-array-in-it"
    ),
    pytest.param(sms(to=to(*[PHONE] * 1000)), None, id="WX2-TO-04-1000-in-one-object"),
    pytest.param(sms(to=to(*[PHONE] * 1001)), refused("WX2-TO-04", "7009"), id="WX2-TO-04-1001-in-one-object"),
    pytest.param(sms(to=to(PHONE) * 1000), None, id="WX2-TO-04-1000-objects"),
    pytest.param(
        sms(to=[*to(PHONE) * 999, *to(PHONE, PHONE)]), refused("WX2-TO-04", "7009"), id="WX2-TO-04-1001-in-1000"
    ),
    pytest.param(
        email(to=[{"email": [PERSON] * 1000}], cc=[PERSON] * 5, bcc=[PERSON] * 5),
        None,
        id="WX2-TO-04-copies-are-not-counted",
    ),
    pytest.param(
        email(to=[{"email": [PERSON] * 1001}], multipleToRecipients=True),
        refused("WX2-TO-04", "7009"),
        id="WX2-TO-04-joined-addresses-are-counted",
    ),
    pytest.param(sms(to=to(*["x"] * 1001)), refused("WX2-TO-04", "7009"), id="WX2-TO-04-before-the-numbers"),
    *[
        pytest.param(sms(to=to(number)), None, id=f"WX2-TO-05-{number}-is-one")
        for number in ("1234567", "+1234567", "123456789012345", "+123456789012345", "919600000000")
    ],
    *[
        pytest.param(sms(to=to(PHONE, number)), refused("WX2-TO-05", "7041"), id=f"WX2-TO-05-{number!r}-is-none")
        for number in (
            "123456",
            "+123456",
            "1234567890123456",
            "+1234567890123456",
            "0123456789",
            "+0123456789",
            "++447700900123",
            "00447700900123",
            "+44 7700 900123",
            "+44-7700-900123",
            "9196zzzzzzzz",
            "٤٤٧٧٠٠٩٠٠١٢٣",
            "+447700900123\n",
            " +447700900123",
            "+",
            "x" * 10_000,
        )
    ],
    pytest.param(rcs(to=to("12")), refused("WX2-TO-05", "7041"), id="WX2-TO-05-on-rcs"),
    pytest.param(sms(to=to(PHONE, correlationId="x" * 50)), None, id="WX2-TO-07-50-bytes"),
    pytest.param(
        sms(to=to(PHONE, correlationId="x" * 51)),
        refused("WX2-TO-07", "7004", "to[0].correlationId"),
        id="WX2-TO-07-51-bytes",
    ),
    pytest.param(sms(to=to(PHONE, correlationId="ü" * 25)), None, id="WX2-TO-07-25-letters-of-two-bytes"),
    pytest.param(
        sms(to=[*to(PHONE), *to(PHONE, correlationId="ü" * 26)]),
        refused("WX2-TO-07", "7004", "to[1].correlationId"),
        id="WX2-TO-07-26-letters-of-two-bytes",
    ),
    pytest.param(sms(to=to(PHONE, correlationId="😀" * 12)), None, id="WX2-TO-07-12-letters-of-four-bytes"),
    pytest.param(
        sms(to=to(PHONE, correlationId="😀" * 13)),
        refused("WX2-TO-07", "7004", "to[0].correlationId"),
        id="WX2-TO-07-13-letters-of-four-bytes",
    ),
    pytest.param(
        sms(to=to(PHONE, correlationId=5)), refused("WX2-TO-07", "7004", "to[0].correlationId"), id="WX2-TO-07-a-number"
    ),
    pytest.param(sms(to=to(PHONE, correlationId=None)), None, id="WX2-TO-07-null"),
    pytest.param(sms(correlationId="x" * 50), None, id="WX2-TO-07-50-bytes-at-the-root"),
    pytest.param(
        sms(correlationId="x" * 51), refused("WX2-TO-07", "7004", "correlationId"), id="WX2-TO-07-51-bytes-at-the-root"
    ),
    pytest.param(
        sms(correlationid=[]), refused("WX2-TO-07", "7004", "correlationid"), id="WX2-TO-07-an-array-in-the-alias"
    ),
    pytest.param(sms(to=to(PHONE, PHONE, correlationId="a") * 2), None, id="WX2-TO-08-all-the-same"),
]


@pytest.mark.parametrize(("data", "expected"), DESTINATIONS)
def test_the_destinations(data: Any, expected: tuple[str, str, str] | None) -> None:
    """Destinations are accepted, or the whole request is refused."""
    assert outcome(data) == expected


@pytest.mark.parametrize(
    ("number", "accepted"),
    [
        pytest.param("+447700900123", True, id="WX2-TO-05-with-plus"),
        pytest.param("447700900123", False, id="WX2-TO-05-without-plus"),
        pytest.param("+123456", False, id="WX2-TO-05-six-digits"),
        pytest.param("+0447700900", False, id="WX2-TO-05-zero-first"),
    ],
)
def test_the_plus_may_be_mandatory(number: str, accepted: bool) -> None:
    """A tenant may ask for the + of E.164 (`plus_e164`)."""
    assert outcome(sms(to=to(number)), plus_e164=True) == (None if accepted else refused("WX2-TO-05", "7041"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(PERSON, None, id="WX2-TO-06-an-address"),
        pytest.param("first.last+tag@mail.example.co.uk", None, id="WX2-TO-06-dots-and-plus"),
        pytest.param("jürgen@müller.example", None, id="WX2-TO-06-letters-of-any-alphabet"),
        pytest.param("person", Fate("Failed", "7523"), id="WX2-TO-06-no-at"),
        pytest.param("@example.com", Fate("Failed", "7523"), id="WX2-TO-06-no-local-part"),
        pytest.param("person@", Fate("Failed", "7523"), id="WX2-TO-06-no-domain"),
        pytest.param("person@example", Fate("Failed", "7523"), id="WX2-TO-06-one-label"),
        pytest.param("person@example..com", Fate("Failed", "7523"), id="WX2-TO-06-an-empty-label"),
        pytest.param("person@-example.com", Fate("Failed", "7523"), id="WX2-TO-06-a-label-with-a-dash-first"),
        pytest.param("a@b@example.com", Fate("Failed", "7523"), id="WX2-TO-06-two-ats"),
        pytest.param("a b@example.com", Fate("Failed", "7523"), id="WX2-TO-06-a-blank"),
        pytest.param("[email\u00a0protected]", Fate("Failed", "7523"), id="WX2-TO-06-the-documents-own"),
        pytest.param(f"{LOCAL_64}@example.com", None, id="WX2-TO-06-local-part-of-64"),
        pytest.param(f"{LOCAL_64}x@example.com", Fate("Failed", "7524"), id="WX2-TO-06-local-part-of-65"),
        pytest.param(address(320), None, id="WX2-TO-06-320-characters"),
        pytest.param(address(321), Fate("Failed", "7524"), id="WX2-TO-06-321-characters"),
        pytest.param("x" * 321, Fate("Failed", "7524"), id="WX2-TO-06-321-characters-without-at"),
    ],
)
def test_a_bad_email_address_fails_by_receipt(value: str, expected: Fate | None) -> None:
    """E-mail addresses are accepted as they are; what is no address fails, the others arrive."""
    assert fates(email(to=[{"email": [PERSON, value]}])) == [None, expected]


def test_a_request_becomes_a_message_for_each_address() -> None:
    """WX2-TO-08: in the request's order, each with the correlation id of its object or else of the request."""
    objects = [
        *to("+447700900123", "447700900124", correlationId="a"),
        *to("+447700900123"),
        *to(PHONE, correlationId=""),
    ]
    checked = check(sms(to=objects, correlationId="root"))
    assert [(one.key, one.value, one.correlation_id) for one in checked.addressed] == [
        ("msisdn", "+447700900123", "a"),
        ("msisdn", "447700900124", "a"),
        ("msisdn", "+447700900123", "root"),
        ("msisdn", PHONE, "root"),
    ]
    assert [one.correlation_id for one in check(sms(correlationid="alias")).addressed] == ["alias"]
    assert [one.correlation_id for one in check(sms(correlationId="a", correlationid="b")).addressed] == ["a"]
    assert [one.correlation_id for one in check(sms()).addressed] == [""]


def test_the_form_is_looked_at_before_the_numbers() -> None:
    """Objects, keys and values come first, then how many there are, then what they hold."""
    assert_refused(sms(to=[*to("x"), {}]), "WX2-TO-02", "7003", "to[1].msisdn")
    assert_refused(sms(to=[*to("x", correlationId=5)]), "WX2-TO-05", "7041")
