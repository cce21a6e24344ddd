"""v2: when a message is sent, and when it expires."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness import NOON
from v2_requests import check, email, outcome, rcs, refused, sms

SEND_AT, EXPIRE_AT = refused("WX2-TIME-01", "7004", "sendAt"), refused("WX2-TIME-01", "7004", "expireAt")
EPOCH = int(NOON.timestamp())
HOUR = timedelta(hours=1)


def iso(**ahead: float) -> str:
    """Return a time so far after noon as the document writes it."""
    text: str = (NOON + timedelta(**ahead)).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("2030-01-02T13:00:00.000Z", NOON + HOUR, id="WX2-TIME-01-utc"),
        pytest.param("2030-01-02T18:30:00.000+05:30", NOON + HOUR, id="WX2-TIME-01-with-offset"),
        pytest.param("2030-01-02T08:00:00-05:00", NOON + HOUR, id="WX2-TIME-01-west-and-no-fraction"),
        pytest.param("2030-01-02T18:30:00+0530", NOON + HOUR, id="WX2-TIME-01-offset-without-colon"),
        pytest.param("2030-01-02T14:00+01", NOON + HOUR, id="WX2-TIME-01-hours-and-minutes"),
        pytest.param(
            "2030-01-02T12:00:00.123456789Z", NOON + timedelta(microseconds=123456), id="WX2-TIME-01-nine-digits"
        ),
        pytest.param(str(EPOCH + 3600), NOON + HOUR, id="WX2-TIME-01-epoch-in-digits"),
        pytest.param(EPOCH + 3600, NOON + HOUR, id="WX2-TIME-01-epoch-as-number"),
        pytest.param("2030-01-09T12:00:00.000Z", NOON + timedelta(days=7), id="WX2-TIME-02-seven-days"),
        pytest.param(EPOCH + 604_800, NOON + timedelta(seconds=604_800), id="WX2-TIME-02-604800-seconds"),
        pytest.param(EPOCH - 60, NOON - timedelta(seconds=60), id="WX2-TIME-03-sixty-seconds-ago"),
        pytest.param(None, None, id="WX2-TIME-01-null"),
    ],
)
def test_when_a_message_is_sent(value: Any, expected: datetime | None) -> None:
    """`sendAt` is an instant, in UTC."""
    send_at = check(sms(sendAt=value)).send_at
    assert send_at == expected
    assert send_at is None or send_at.tzinfo is UTC


NO_VALIDITIES: tuple[Any, ...] = (
    0,
    "0",
    -1,
    "-1",
    259_201,
    "259201",
    1.5,
    "1.5",
    "1h",
    "",
    " ",
    True,
    [60],
    {},
    10**30,
    "9" * 99,
)
BAD_TIMES: list[Any] = [
    "",
    "now",
    "2030-01-02",
    "2030-01-02T13:00:00",
    "2030-01-02T13:00:00.000",
    "2030-01-02 13:00:00Z",
    "2030-01-02T13Z",
    "20300102T130000Z",
    "2030-02-30T13:00:00Z",
    "2030-01-02T24:00:00Z",
    "2030-01-02T13:60:00Z",
    "2030-01-02T13:00:60Z",
    "2030-01-02T13:00:00+5:30",
    "2030-01-02T13:00:00+24:00",
    "2030-01-02T13:00:00Z ",
    "0000-01-02T13:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "٢٠٣٠-01-02T13:00:00Z",
    f"{EPOCH}000",
    EPOCH * 1000,
    EPOCH + 0.5,
    -1,
    "-1",
    10**30,
    float("inf"),
    True,
    [EPOCH],
    {},
]


@pytest.mark.parametrize("value", BAD_TIMES, ids=lambda value: f"WX2-TIME-01-{value!r}")
@pytest.mark.parametrize(
    ("name", "expected"), [("sendAt", SEND_AT), ("expireAt", EXPIRE_AT)], ids=["sendAt", "expireAt"]
)
def test_what_is_no_time(name: str, expected: tuple[str, str, str], value: Any) -> None:
    """Times without a zone, dates alone and milliseconds are refused, and whatever is no time at all."""
    assert outcome(sms(**{name: value})) == expected


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param({"sendAt": EPOCH + 604_800}, None, id="WX2-TIME-02-seven-days"),
        pytest.param(
            {"sendAt": EPOCH + 604_801}, refused("WX2-TIME-02", "7004", "sendAt"), id="WX2-TIME-02-a-second-more"
        ),
        pytest.param(
            {"sendAt": iso(days=7, milliseconds=1)},
            refused("WX2-TIME-02", "7004", "sendAt"),
            id="WX2-TIME-02-a-millisecond-more",
        ),
        pytest.param({"sendAt": EPOCH - 60}, None, id="WX2-TIME-03-sixty-seconds-ago"),
        pytest.param({"sendAt": EPOCH - 61}, refused("WX2-TIME-03", "7004", "sendAt"), id="WX2-TIME-03-sixty-one"),
        pytest.param({"sendAt": 0}, refused("WX2-TIME-03", "7004", "sendAt"), id="WX2-TIME-03-in-1970"),
        pytest.param(
            {"sendAt": "2021-06-26T13:47:18.000+05:30"},
            refused("WX2-TIME-03", "7004", "sendAt"),
            id="WX2-TIME-03-the-documents-own",
        ),
        pytest.param(
            {"expireAt": iso(hours=1), "validity": 60},
            refused("WX2-TIME-04", "7004", "validity"),
            id="WX2-TIME-04-both",
        ),
        pytest.param(
            {"expireAt": iso(hours=1), "validity": "soon"},
            refused("WX2-TIME-04", "7004", "validity"),
            id="WX2-TIME-04-both-whatever-they-are",
        ),
        pytest.param({"expireAt": iso(hours=1), "validity": None}, None, id="WX2-TIME-04-null"),
        pytest.param({"expireAt": None, "validity": 60}, None, id="WX2-TIME-04-the-other-null"),
        pytest.param({"expireAt": iso(milliseconds=1)}, None, id="WX2-TIME-05-a-millisecond-ahead"),
        pytest.param({"expireAt": iso()}, refused("WX2-TIME-05", "7004", "expireAt"), id="WX2-TIME-05-now"),
        pytest.param({"expireAt": EPOCH - 1}, refused("WX2-TIME-05", "7004", "expireAt"), id="WX2-TIME-05-past"),
        pytest.param(
            {"sendAt": iso(hours=1), "expireAt": iso(hours=1, seconds=1)}, None, id="WX2-TIME-05-a-second-after-sendAt"
        ),
        pytest.param(
            {"sendAt": iso(hours=1), "expireAt": iso(hours=1)},
            refused("WX2-TIME-05", "7004", "expireAt"),
            id="WX2-TIME-05-at-sendAt",
        ),
        pytest.param(
            {"sendAt": iso(seconds=-30), "expireAt": iso(seconds=-10)},
            refused("WX2-TIME-05", "7004", "expireAt"),
            id="WX2-TIME-05-after-a-sendAt-that-is-past-and-past-itself",
        ),
        pytest.param({"expireAt": "9999-12-31T23:59:59Z"}, None, id="WX2-TIME-05-the-last-second"),
        pytest.param({"expireAt": 253_402_300_799}, None, id="WX2-TIME-01-the-last-second-in-epoch-seconds"),
        pytest.param({"expireAt": 253_402_300_800}, EXPIRE_AT, id="WX2-TIME-01-a-second-beyond-every-calendar"),
        *[
            pytest.param({"validity": value}, None, id=f"WX2-TIME-06-{value!r}")
            for value in (1, "1", "3600", " 60 ", 259_200, "259200", None)
        ],
        *[
            pytest.param(
                {"validity": value}, refused("WX2-TIME-06", "7004", "validity"), id=f"WX2-TIME-06-{value!r}-is-none"
            )
            for value in NO_VALIDITIES
        ],
    ],
)
def test_the_bounds_of_time(members: dict[str, Any], expected: tuple[str, str, str] | None) -> None:
    """A schedule is at most seven days ahead and not past, an expiry is ahead and after it, a validity is whole seconds."""
    assert outcome(sms(**members)) == expected


@pytest.mark.parametrize("make", [email, rcs], ids=["WX2-TIME-06-email", "WX2-TIME-06-rcs"])
def test_only_sms_has_72_hours(make: Any) -> None:
    """The other channels know no greatest validity; one that no calendar reaches is none at all."""
    assert outcome(make(validity=259_201)) is None
    assert check(make(validity=259_201)).expires_at == NOON + timedelta(seconds=259_201)
    assert check(make(validity="9" * 18)).expires_at is None
    assert outcome(make(validity=0)) == refused("WX2-TIME-06", "7004", "validity")


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param({}, None, id="WX2-TIME-07-never"),
        pytest.param({"validity": "3600"}, NOON + HOUR, id="WX2-TIME-07-from-acceptance"),
        pytest.param({"validity": 3600, "sendAt": iso(hours=1)}, NOON + 2 * HOUR, id="WX2-TIME-07-from-sendAt"),
        pytest.param({"expireAt": iso(hours=1)}, NOON + HOUR, id="WX2-TIME-07-expireAt"),
        pytest.param({"expireAt": str(EPOCH + 3600)}, NOON + HOUR, id="WX2-TIME-07-expireAt-in-epoch-seconds"),
    ],
)
def test_when_a_message_expires(members: dict[str, Any], expected: datetime | None) -> None:
    """`validity` counts from `sendAt`, or else from now; `expireAt` is an instant."""
    assert check(sms(**members)).expires_at == expected


def test_a_time_is_read_before_the_bounds_are_looked_at() -> None:
    """WX2-TIME-01: a bad expireAt answers before a sendAt that is too far ahead."""
    assert outcome(sms(sendAt=EPOCH + 604_801, expireAt="soon")) == EXPIRE_AT
