"""v2: which receipts a request asks for."""

from typing import Any

import pytest

from sandbox.providers.webex_connect.v2.receipts import is_wanted, name_of
from v2_requests import check, email, outcome, rcs, refused, sms

MAKE: dict[str, Any] = {"sms": sms, "email": email, "rcs": rcs}
TABLE = {
    "sms": ["submitted", "delivered", "undelivered", "failed"],
    "email": ["submitted", "delivered", "not verified", "invalid", "bounced", "complaint", "read", "failed"],
    "rcs": ["submitted", "delivered", "read", "failed"],
}
ALSO = {
    "sms": {"sent": "submitted", "clicked": "clicked"},
    "email": {"bounce": "bounced", "clicked": "clicked", "opened": "read"},
    "rcs": {"sent": "submitted", "clicked": "clicked"},
}
SPELLINGS = {
    "DELIVERED": "delivered",
    "Un-Delivered": "undelivered",
    "un_delivered": "undelivered",
    " Not Verified": "not verified",
    "NOT_VERIFIED": "not verified",
    "notverified": "not verified",
    "not-verified": "not verified",
}
OF_TABLE = [(channel, name, name) for channel, names in TABLE.items() for name in names]
OF_SAMPLES = [(channel, given, name) for channel, names in ALSO.items() for given, name in names.items()]


@pytest.mark.parametrize(
    ("channel", "given", "expected"),
    [pytest.param(*case, id=f"WX2-RCPT-01-{case[0]}-{case[1]}") for case in OF_TABLE + OF_SAMPLES],
)
def test_the_names_of_a_channel(channel: str, given: str, expected: str) -> None:
    """The table's names and those of the samples are taken, whatever their letter case."""
    for spelling in (given, given.upper(), given.title()):
        assert check(MAKE[channel](requestedReceipts=[spelling])).receipts == frozenset({expected})


@pytest.mark.parametrize(
    ("given", "expected"), [pytest.param(*case, id=f"WX2-RCPT-01-{case[0]!r}") for case in SPELLINGS.items()]
)
def test_separators_do_not_count(given: str, expected: str) -> None:
    """Names are compared without case, blanks, dashes and underscores."""
    channel = "sms" if expected == "undelivered" else "email"
    assert check(MAKE[channel](requestedReceipts=[given])).receipts == frozenset({expected})


@pytest.mark.parametrize(
    ("channel", "value"),
    [
        pytest.param("sms", ["read"], id="WX2-RCPT-01-sms-has-no-read"),
        pytest.param("sms", ["delivered", "bounced"], id="WX2-RCPT-01-sms-has-no-bounce"),
        pytest.param("sms", ["opened"], id="WX2-RCPT-01-sms-has-no-opened"),
        pytest.param("email", ["undelivered"], id="WX2-RCPT-01-email-has-no-undelivered"),
        pytest.param("email", ["sent"], id="WX2-RCPT-01-email-has-no-sent"),
        pytest.param("rcs", ["undelivered"], id="WX2-RCPT-01-rcs-has-no-undelivered"),
        pytest.param("rcs", ["complaint"], id="WX2-RCPT-01-rcs-has-no-complaint"),
        pytest.param("sms", ["delivery"], id="WX2-RCPT-01-no-such-receipt"),
        pytest.param("sms", [""], id="WX2-RCPT-01-an-empty-name"),
        pytest.param("sms", [None], id="WX2-RCPT-01-null"),
        pytest.param("sms", [1], id="WX2-RCPT-01-a-number"),
        pytest.param("sms", [["delivered"]], id="WX2-RCPT-01-an-array-in-it"),
        pytest.param("sms", "delivered", id="WX2-RCPT-01-a-string"),
        pytest.param("sms", {"delivered": True}, id="WX2-RCPT-01-an-object"),
        pytest.param("sms", 0, id="WX2-RCPT-01-zero"),
        pytest.param("sms", "", id="WX2-RCPT-01-an-empty-string"),
    ],
)
def test_what_is_no_receipt_of_the_channel(channel: str, value: Any) -> None:
    """Names of other channels are refused as unknown ones are."""
    assert outcome(MAKE[channel](requestedReceipts=value)) == refused("WX2-RCPT-01", "7004", "requestedReceipts")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param([], None, id="WX2-RCPT-02-empty-is-all"),
        pytest.param(None, None, id="WX2-RCPT-02-null-is-all"),
        pytest.param(
            ["SENT", "DELIVERED", "Clicked"], {"submitted", "delivered", "clicked"}, id="WX2-RCPT-02-the-sample"
        ),
        pytest.param(["failed", "Failed", "FAILED"], {"failed"}, id="WX2-RCPT-02-one-three-times"),
    ],
)
def test_the_receipts_that_are_wanted(value: Any, expected: set[str] | None) -> None:
    """Only requested receipts go to the notifyUrl; where none is named, all do."""
    assert check(sms(requestedReceipts=value)).receipts == expected


@pytest.mark.parametrize(
    ("status", "code", "name"),
    [
        pytest.param("Submitted", "7501", "submitted", id="WX2-RCPT-04-submitted"),
        pytest.param("Delivered", "7500", "delivered", id="WX2-RCPT-04-delivered"),
        pytest.param("Un-Delivered", "7207", "undelivered", id="WX2-RCPT-04-undelivered"),
        pytest.param("Failed", "7101", "failed", id="WX2-RCPT-04-failed"),
        pytest.param("Failed", "7524", "failed", id="WX2-RCPT-04-a-long-address-is-failed"),
        pytest.param("Clicked", "7528", "clicked", id="WX2-RCPT-04-clicked"),
        pytest.param("Read", "7502", "read", id="WX2-RCPT-04-read"),
        pytest.param("Bounce", "7520", "bounced", id="WX2-RCPT-04-bounced"),
        pytest.param("Complaint", "7521", "complaint", id="WX2-RCPT-04-complaint"),
        pytest.param("Not Verified", "7522", "not verified", id="WX2-RCPT-04-not-verified"),
        pytest.param("Failed", "7523", "invalid", id="WX2-RCPT-05-invalid"),
        pytest.param("Something New", "9999", "something new", id="WX2-RCPT-04-an-unknown-status"),
    ],
)
def test_each_receipt_has_its_own_name(status: str, code: str, name: str) -> None:
    """A name selects its own receipt and no other; all are wanted where nothing is asked for."""
    assert name_of(status, code) == name
    assert is_wanted(frozenset({name}), status, code)
    assert is_wanted(None, status, code)
    others = frozenset({name for names in TABLE.values() for name in names} | {"clicked"}) - {name}
    assert not is_wanted(others, status, code)
