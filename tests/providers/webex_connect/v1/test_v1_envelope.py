"""v1: what stands around a message: channel, app, ids, callback, expiry."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness import NOON
from sandbox.providers.webex_connect.checked import Fate
from sandbox.providers.webex_connect.v1.channels import CHANNELS
from sandbox.providers.webex_connect.v1.expiry import instant
from v1_requests import OMIT, SMALLEST, assert_refused, check, fates, smallest, sms

NO_CHANNEL = "No destination channel information found in request"


def test_all_channels_are_here() -> None:
    """The document lists seven (138-144)."""
    assert {channel.name for channel in CHANNELS} == set(SMALLEST)
    assert len(SMALLEST) == 7


@pytest.mark.parametrize(
    ("data", "rule", "code", "detail"),
    [
        pytest.param(sms(deliverychannel=OMIT), "WX1-ENV-01", "7003", "param 'deliverychannel' missing",
                     id="WX1-ENV-01-absent"),
        pytest.param(sms(deliverychannel=None), "WX1-ENV-01", "7003", "param 'deliverychannel' missing",
                     id="WX1-ENV-01-null"),
        pytest.param({}, "WX1-ENV-01", "7003", "param 'deliverychannel' missing", id="WX1-ENV-01-empty-object"),
        pytest.param(sms(deliverychannel=""), "WX1-ENV-02", "7003", NO_CHANNEL, id="WX1-ENV-02-empty"),
        pytest.param(sms(deliverychannel="email"), "WX1-ENV-03", "7004", "deliverychannel", id="WX1-ENV-03-email"),
        pytest.param(sms(deliverychannel="rcs"), "WX1-ENV-03", "7004", "deliverychannel", id="WX1-ENV-03-rcs"),
        pytest.param(sms(deliverychannel=" sms"), "WX1-ENV-03", "7004", "deliverychannel", id="WX1-ENV-03-blank-before"),
        pytest.param(sms(deliverychannel="OTT-Messaging"), "WX1-ENV-03", "7004", "deliverychannel",
                     id="WX1-ENV-03-name-of-an-object"),
        pytest.param(sms(deliverychannel=1), "WX1-ENV-03", "7004", "deliverychannel", id="WX1-ENV-03-number"),
        pytest.param(sms(deliverychannel=["sms"]), "WX1-ENV-03", "7004", "deliverychannel", id="WX1-ENV-03-array"),
        pytest.param(sms(channels=OMIT), "WX1-ENV-04", "7003", "channels", id="WX1-ENV-04-absent"),
        pytest.param(sms(channels=None), "WX1-ENV-04", "7003", "channels", id="WX1-ENV-04-null"),
        pytest.param(sms(channels={}), "WX1-ENV-04", "7003", "channels", id="WX1-ENV-04-empty"),
        pytest.param(sms(channels=OMIT, message={"template": ""}), "WX1-ENV-04", "7003", "channels",
                     id="WX1-ENV-04-an-empty-template-is-none"),
        pytest.param(sms(channels=OMIT, message={"text": "Hello"}), "WX1-ENV-04", "7003", "channels",
                     id="WX1-ENV-04-a-text-is-no-template"),
        pytest.param(sms(channels=OMIT, message="Hello"), "WX1-ENV-04", "7003", "channels",
                     id="WX1-ENV-04-a-message-that-is-no-object"),
        pytest.param(sms(channels=["sms"]), "WX1-ENV-04", "7004", "channels", id="WX1-ENV-04-array"),
        pytest.param(sms(channels="sms"), "WX1-ENV-04", "7004", "channels", id="WX1-ENV-04-string"),
        pytest.param(sms(channels={"voice": {"promptid": "1"}}), "WX1-ENV-05", "7003",
                     "param 'sms' missing for channel sms", id="WX1-ENV-05-object-of-another-channel"),
        pytest.param(sms(channels={"sms": None}), "WX1-ENV-05", "7003", "param 'sms' missing for channel sms",
                     id="WX1-ENV-05-null"),
        pytest.param(sms(channels={"sms": {}}), "WX1-ENV-05", "7003", "param 'sms' missing for channel sms",
                     id="WX1-ENV-05-empty"),
        pytest.param(sms(channels={"sms": "Hello"}), "WX1-ENV-05", "7004", "sms", id="WX1-ENV-05-string"),
        pytest.param(smallest("voice", channels={"sms": {}}), "WX1-ENV-05", "7003",
                     "param 'voice' missing for channel voice", id="WX1-ENV-05-voice"),
        pytest.param(smallest("push", channels={"sms": {}}), "WX1-ENV-05", "7003",
                     "param 'push' missing for channel push", id="WX1-ENV-05-push"),
        pytest.param(smallest("appmessaging", channels={"sms": {}}), "WX1-ENV-05", "7003",
                     "param 'appmessaging' missing for channel rt", id="WX1-ENV-05-appmessaging"),
        pytest.param(smallest("fb", channels={"fb": {"text": "Hello"}}), "WX1-ENV-05", "7003",
                     "param 'OTT-Messaging' missing for channel fb", id="WX1-ENV-05-fb-outside-OTT-Messaging"),
        pytest.param(smallest("fb", channels={"OTT-Messaging": {"wa": {"type": "text"}}}), "WX1-ENV-05", "7003",
                     "param 'fb' missing for channel fb", id="WX1-ENV-05-fb-not-in-OTT-Messaging"),
        pytest.param(smallest("fb", channels={"OTT-Messaging": []}), "WX1-ENV-05", "7003",
                     "param 'OTT-Messaging' missing for channel fb", id="WX1-ENV-05-empty-array"),
        pytest.param(smallest("whatsapp", channels={"OTT-Messaging": {"fb": {"text": "x"}}}), "WX1-ENV-05", "7003",
                     "param 'wa' missing for channel whatsapp", id="WX1-ENV-05-whatsapp"),
        pytest.param(smallest("applebusinesschat", channels={"sms": {}}), "WX1-ENV-05", "7003",
                     "param 'AppleBusinessChat' missing for channel applebusinesschat", id="WX1-ENV-05-apple"),
    ],
)  # fmt: skip
def test_a_bad_channel(data: dict[str, Any], rule: str, code: str, detail: str) -> None:
    """A request names one of seven channels, and carries that channel's object."""
    assert_refused(data, rule, code, detail)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        *(pytest.param(name, name, id=f"WX1-ENV-03-{name}") for name in SMALLEST),
        pytest.param("rt", "appmessaging", id="WX1-ENV-03-rt"),
        pytest.param("wa", "whatsapp", id="WX1-ENV-03-wa"),
        pytest.param("SMS", "sms", id="WX1-ENV-03-SMS"),
        pytest.param("AppleBusinessChat", "applebusinesschat", id="WX1-ENV-03-AppleBusinessChat"),
        pytest.param("RT", "appmessaging", id="WX1-ENV-03-RT"),
        pytest.param("WhatsApp", "whatsapp", id="WX1-ENV-03-WhatsApp"),
    ],
)
def test_a_good_channel(said: str, name: str) -> None:
    """The seven channels and two aliases are known, in any letter case; further on one name stands for each."""
    checked = check(smallest(name, deliverychannel=said))
    assert checked.channel == name
    assert checked.warnings == ()


@pytest.mark.parametrize(
    "channels",
    [
        pytest.param({"SMS": {"text": "Hello"}}, id="WX1-ENV-05-SMS"),
        pytest.param({"sms": None, "Sms": {"text": "Hello"}}, id="WX1-ENV-05-the-null-one-is-absent"),
    ],
)
def test_an_object_in_another_case(channels: dict[str, Any]) -> None:
    """The name of a channel's object compares without letter case, too."""
    assert check(sms(channels=channels)).warnings == ()


def test_objects_of_other_channels() -> None:
    """WX1-ENV-05: only the object of the chosen channel is used; the others are ignored with a warning."""
    channels = {"sms": {"text": "Hello"}, "voice": 5, "OTT-Messaging": {"fb": {"text": "Hello"}}}
    assert check(sms(channels=channels)).warnings == (
        "WX1-ENV-05: channels.voice is ignored: the channel is sms",
        "WX1-ENV-05: channels.OTT-Messaging is ignored: the channel is sms",
    )
    both = {"OTT-Messaging": {"fb": {"text": "Hello"}, "wa": {}}}
    assert check(smallest("fb", channels=both)).warnings == (
        "WX1-ENV-05: channels.OTT-Messaging.wa is ignored: the channel is fb",
    )


APP_CHANNELS = [channel.name for channel in CHANNELS if channel.has_apps]


@pytest.mark.parametrize("name", SMALLEST, ids=lambda name: f"WX1-ENV-06-{name}")
def test_the_app(name: str) -> None:
    """An app is needed for five channels, and sends there; the other two take no notice of one."""
    assert APP_CHANNELS == ["appmessaging", "push", "fb", "whatsapp", "applebusinesschat"]
    for nothing in (OMIT, None, ""):
        if name in APP_CHANNELS:
            assert_refused(smallest(name, appid=nothing), "WX1-ENV-06", "7003", "appid")
        else:
            check(smallest(name, appid=nothing))
    if name in APP_CHANNELS:
        assert check(smallest(name)).sender == "app"
        assert_refused(smallest(name, appid=5), "WX1-ENV-06", "7004", "appid")
    else:
        assert check(smallest(name)).sender != "app"


@pytest.mark.parametrize(
    ("apps", "known"),
    [
        pytest.param({}, True, id="WX1-ENV-07-nothing-declared"),
        pytest.param({"app": {"channel": "fb"}}, True, id="WX1-ENV-07-declared"),
        pytest.param({"other": {"channel": "fb"}}, False, id="WX1-ENV-07-undeclared"),
        pytest.param({"app": {"channel": "push"}}, False, id="WX1-ENV-07-declared-for-another-channel"),
    ],
)
def test_declared_apps(apps: dict[str, Any], known: bool) -> None:
    """Where apps are declared, another one is invalid."""
    if known:
        check(smallest("fb"), apps=apps)
    else:
        assert_refused(smallest("fb"), "WX1-ENV-07", "7104", "appid", apps=apps)


IDS = [
    pytest.param("x" * 50, True, id="WX1-ENV-08-50-letters"),
    pytest.param("x" * 51, False, id="WX1-ENV-08-51-letters"),
    pytest.param("é" * 25, True, id="WX1-ENV-08-25-letters-of-two-bytes"),
    pytest.param("é" * 26, False, id="WX1-ENV-08-26-letters-of-two-bytes"),
    pytest.param("😀" * 12, True, id="WX1-ENV-08-12-letters-of-four-bytes"),
    pytest.param("😀" * 13, False, id="WX1-ENV-08-13-letters-of-four-bytes"),
    pytest.param(5, False, id="WX1-ENV-08-number"),
    pytest.param(0, False, id="WX1-ENV-08-zero"),
    pytest.param(["x"], False, id="WX1-ENV-08-array"),
    pytest.param([], False, id="WX1-ENV-08-empty-array"),
]


@pytest.mark.parametrize(("value", "allowed"), IDS)
@pytest.mark.parametrize("name", ["correlationid", "correlationId"])
def test_a_correlation_id(name: str, value: Any, allowed: bool) -> None:
    """A correlation id has at most 50 bytes, beside the channel and beside a destination."""
    for data in (sms(**{name: value}), sms(destination=[{"msisdn": ["1234567"], name: value}])):
        if allowed:
            assert [addressed.correlation_id for addressed in check(data).addressed] == [value]
        else:
            assert_refused(data, "WX1-ENV-08", "7004", "correlationid")


def test_whose_correlation_id_it_is() -> None:
    """WX1-ENV-08: the destination's beats the request's, which serves where that is absent, null or empty."""
    data = sms(
        correlationid="whole",
        destination=[
            {"msisdn": ["1234567", "1234568"], "correlationid": "own"},
            {"msisdn": ["1234569"], "correlationid": ""},
            {"msisdn": ["1234570"], "correlationid": None},
            {"msisdn": ["1234571"]},
        ],
    )
    assert [addressed.correlation_id for addressed in check(data).addressed] == [
        "own",
        "own",
        "whole",
        "whole",
        "whole",
    ]


def test_no_correlation_id() -> None:
    """WX1-ENV-08: it is optional, and null is none."""
    assert check(sms()).addressed[0].correlation_id == ""
    assert check(sms(correlationid=None)).addressed[0].correlation_id == ""


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        pytest.param("smstesting", "smstesting", id="WX1-ENV-09-text"),
        pytest.param("", "", id="WX1-ENV-09-empty"),
        pytest.param(None, "", id="WX1-ENV-09-null"),
        pytest.param("é" * 2000, "é" * 2000, id="WX1-ENV-09-2000-characters"),
        pytest.param("x" * 2001, None, id="WX1-ENV-09-2001-characters"),
        pytest.param(5, None, id="WX1-ENV-09-number"),
        pytest.param({}, None, id="WX1-ENV-09-object"),
    ],
)
def test_callback_data(value: Any, kept: str | None) -> None:
    """Callback data are kept as they are, up to 2000 characters."""
    if kept is None:
        assert_refused(sms(callbackData=value), "WX1-ENV-09", "7004", "callbackData")
    else:
        assert check(sms(callbackData=value)).callback_data == kept


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("2015-04-12T13:00:19.456Z", datetime(2015, 4, 12, 13, 0, 19, 456000, UTC), id="WX1-ENV-10-Z"),
        pytest.param("2015-04-12T18:30:19.456+5:30", datetime(2015, 4, 12, 13, 0, 19, 456000, UTC),
                     id="WX1-ENV-10-unpadded-offset"),
        pytest.param("2015-04-12T18:30:19.456+05:30", datetime(2015, 4, 12, 13, 0, 19, 456000, UTC),
                     id="WX1-ENV-10-padded-offset"),
        pytest.param("2031-01-01T00:00:00-08:00", datetime(2031, 1, 1, 8, 0, 0, 0, UTC), id="WX1-ENV-10-west"),
        pytest.param("2031-01-01T00:00:00Z", datetime(2031, 1, 1, 0, 0, 0, 0, UTC), id="WX1-ENV-10-no-fraction"),
        pytest.param("2031-01-01T00:00:00.5Z", datetime(2031, 1, 1, 0, 0, 0, 500000, UTC), id="WX1-ENV-10-one-digit"),
        pytest.param("2031-01-01T00:00:00.123456789Z", datetime(2031, 1, 1, 0, 0, 0, 123456, UTC),
                     id="WX1-ENV-10-nanoseconds"),
        pytest.param("", None, id="WX1-ENV-10-empty"),
        pytest.param(None, None, id="WX1-ENV-10-null"),
    ],
)  # fmt: skip
def test_an_expiry(value: str | None, expected: datetime | None) -> None:
    """An expiry is a time in ISO 8601 with an offset, whose hours may lack their zero."""
    assert check(sms(expiry=value)).expires_at == expected


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(value, id=f"WX1-ENV-10-{name}")
        for name, value in {
            "no-offset": "2031-01-01T00:00:00",
            "day-only": "2031-01-01",
            "blank-for-T": "2031-01-01 00:00:00Z",
            "month-13": "2031-13-01T00:00:00Z",
            "30th-of-February": "2031-02-30T00:00:00Z",
            "hour-24": "2031-01-01T24:00:00Z",
            "second-60": "2031-01-01T00:00:60Z",
            "year-0": "0000-01-01T00:00:00Z",
            "before-year-1": "0001-01-01T00:00:00+14:00",
            "after-year-9999": "9999-12-31T23:59:59-14:00",
            "offset-of-24-hours": "2031-01-01T00:00:00+24:00",
            "offset-of-60-minutes": "2031-01-01T00:00:00+05:60",
            "offset-without-colon": "2031-01-01T00:00:00+0530",
            "blank-around": " 2031-01-01T00:00:00Z",
            "line-end": "2031-01-01T00:00:00Z\n",
            "wide-digits": "２031-01-01T00:00:00Z",
            "number": 1924948800,
            "array": ["2031-01-01T00:00:00Z"],
        }.items()
    ],
)
def test_a_bad_expiry(value: Any) -> None:
    """What is no such time is refused."""
    assert instant(value) is None
    assert_refused(sms(expiry=value), "WX1-ENV-10", "7004", "expiry")


@pytest.mark.parametrize(
    ("name", "after", "expected"),
    [
        pytest.param("sms", -1, Fate("Failed", "7005"), id="WX1-ENV-11-a-millisecond-ago"),
        pytest.param("sms", 0, None, id="WX1-ENV-11-now"),
        pytest.param("sms", 1, None, id="WX1-ENV-11-in-a-millisecond"),
        pytest.param("push", -1, Fate("Failed", "7503"), id="WX1-ENV-11-push"),
        pytest.param("push", 1, None, id="WX1-ENV-11-push-in-time"),
        pytest.param("voice", -1, Fate("Failed", "7005"), id="WX1-ENV-11-voice"),
        pytest.param("fb", -1, Fate("Failed", "7005"), id="WX1-ENV-11-fb"),
    ],
)
def test_a_past_expiry(name: str, after: int, expected: Fate | None) -> None:
    """A request whose time is over is accepted, and fails by receipt."""
    expiry = (NOON + timedelta(milliseconds=after)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert fates(smallest(name, expiry=expiry)) == [expected]


def test_a_past_expiry_beats_every_other_fate() -> None:
    """WX1-ENV-11: nothing is sent, so neither a bad number nor a bad sender is found."""
    data = sms({"senderid": "OTHER"}, expiry="2015-04-12T13:00:19.456Z", destination=[{"msisdn": ["nobody"]}])
    assert fates(data, senders=["SENDER"]) == [Fate("Failed", "7005")]


TWO = [{"msisdn": ["1234567", "1234568"]}, {"msisdn": ["1234569"]}]


@pytest.mark.parametrize(
    ("members", "allowed"),
    [
        pytest.param({"gtrId": ["a", "b"]}, True, id="WX1-ENV-12-one-for-each-object"),
        pytest.param({"gtrids": ["a", "b"]}, True, id="WX1-ENV-12-the-other-name"),
        pytest.param({"gtrId": None}, True, id="WX1-ENV-12-null"),
        pytest.param({"gtrId": ["a"]}, False, id="WX1-ENV-12-one-too-few"),
        pytest.param({"gtrId": ["a", "b", "c"]}, False, id="WX1-ENV-12-one-for-each-value"),
        pytest.param({"gtrids": []}, False, id="WX1-ENV-12-none"),
        pytest.param({"gtrId": "ab"}, False, id="WX1-ENV-12-string"),
        pytest.param({"gtrId": {"0": "a", "1": "b"}}, False, id="WX1-ENV-12-object"),
        pytest.param({"gtrId": ["a", 5]}, False, id="WX1-ENV-12-number-among-them"),
    ],
)
def test_gtr_ids(members: dict[str, Any], allowed: bool) -> None:
    """There are as many gtr ids as destination objects, however many values those have."""
    data = sms(destination=TWO, **members)
    if allowed:
        assert check(data).warnings == ()
    else:
        assert_refused(data, "WX1-ENV-12", "7004", "gtrId")


@pytest.mark.parametrize(
    ("members", "kept"),
    [
        pytest.param({}, None, id="WX1-ENV-13-none"),
        pytest.param({"notifyurl": ""}, None, id="WX1-ENV-13-empty"),
        pytest.param({"notifyurl": None}, None, id="WX1-ENV-13-null"),
        pytest.param({"notifyurl": "http://127.0.0.1/x"}, "http://127.0.0.1/x", id="WX1-ENV-13-valid"),
        pytest.param({"notifyURL": "http://127.0.0.1/x"}, "http://127.0.0.1/x", id="WX1-ENV-13-notifyURL"),
        pytest.param({"notifyurl": "/relative"}, "/relative", id="WX1-ENV-13-relative"),
        pytest.param({"notifyurl": " http://127.0.0.1/x "}, " http://127.0.0.1/x ", id="WX1-ENV-13-blanks-around"),
        pytest.param({"notifyurl": "ftp://127.0.0.1"}, "ftp://127.0.0.1", id="WX1-ENV-13-another-scheme"),
        pytest.param({"notifyurl": 5}, "int", id="WX1-ENV-13-number"),
        pytest.param({"notifyurl": {"a": 1}}, "dict", id="WX1-ENV-13-object"),
    ],
)
def test_the_notification_address(members: dict[str, Any], kept: str | None) -> None:
    """A request is accepted whatever its notifyurl is, and that is handed on exactly as it came."""
    assert check(sms(**members)).notify_url == kept


@pytest.mark.parametrize(
    ("members", "path"),
    [
        pytest.param({"icmessage": "yes"}, "icmessage", id="WX1-JSON-02-icmessage"),
        pytest.param({"icmessage": 1}, "icmessage", id="WX1-JSON-02-icmessage-number"),
        pytest.param({"options": "x"}, "options", id="WX1-JSON-02-options"),
        pytest.param({"options": [1]}, "options", id="WX1-JSON-02-options-array"),
        pytest.param({"notifyurlAuthId": 5}, "notifyurlAuthId", id="WX1-JSON-02-notifyurlAuthId"),
    ],
)
def test_what_is_only_stored_has_its_type(members: dict[str, Any], path: str) -> None:
    """A member that nothing depends on is still of its documented type."""
    assert_refused(sms(**members), "WX1-JSON-02", "7004", path)


@pytest.mark.parametrize("flag", [True, False, "true", "false", None, ""], ids=lambda flag: f"WX1-JSON-02-{flag!r}")
def test_icmessage(flag: Any) -> None:
    """`icmessage` is a boolean, or one in a string."""
    assert check(sms(icmessage=flag)).warnings == ()


def test_the_authorization_of_callbacks() -> None:
    """WX1-JSON-02: the id of a configured authorization is handed on."""
    assert check(sms(notifyurlAuthId="TNPXXXT09U")).notify_auth_id == "TNPXXXT09U"
    assert check(sms(notifyurlAuthId="")).notify_auth_id is None


@pytest.mark.parametrize(
    ("options", "clicks"),
    [
        pytest.param({"trackClicks": True, "shortenLinks": True}, True, id="WX1-JSON-02-both"),
        pytest.param({"trackClicks": "true", "shortenLinks": "true"}, True, id="WX1-JSON-02-both-in-strings"),
        pytest.param({"trackClicks": True}, False, id="WX1-JSON-02-one"),
        pytest.param({"trackClicks": True, "shortenLinks": "false"}, False, id="WX1-JSON-02-one-false"),
        pytest.param({}, False, id="WX1-JSON-02-neither"),
        pytest.param(None, False, id="WX1-JSON-02-null"),
    ],
)
def test_tracked_clicks(options: Any, clicks: bool) -> None:
    """Clicks are told where links are both tracked and shortened: those of all links in the text."""
    checked = check(sms({"text": "See https://example.com/a?b=1, or http://example.org."}, options=options))
    assert checked.clicks is clicks
    links = ("https://example.com/a?b=1", "http://example.org") if clicks else ()
    assert checked.links(checked.addressed[0]) == links
