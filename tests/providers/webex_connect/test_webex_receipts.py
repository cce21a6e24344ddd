"""Receipts: every row of both tables, key for key, and which of them play by themselves."""

from __future__ import annotations

from typing import Any

import pytest

import v1_requests
import v2_requests
from sandbox.engine.actions import InvalidActionError, NotPossibleError
from sandbox.providers.webex_connect import codes
from v1_rich_requests import BUTTONS
from webex_service import NOTIFY, PERSON, Service

Body = dict[str, Any]
WAID = "447700900123"

MESSAGES: dict[str, tuple[str, Body, str]] = {
    "sms": ("v1", v1_requests.sms(), PERSON),
    "voice": ("v1", v1_requests.request("voice", {"voice": {"callflowid": "12"}}), PERSON),
    "push": (
        "v1",
        v1_requests.request(
            "push", {"push": {"android": {"text": "Hi"}}}, "token-1", key="android_pushid", appid="a_1"
        ),
        "token-1",
    ),
    "rt": (
        "v1",
        v1_requests.request(
            "rt", {"appmessaging": {"thread_id": "TH1", "message": {"text": "Hi"}}}, "u1", key="userid", appid="a_1"
        ),
        "u1",
    ),
    "fb": (
        "v1",
        v1_requests.request(
            "fb", {"OTT-Messaging": {"fb": {"text": "Hi"}}}, "1234567890123456", key="psid", appid="a_1"
        ),
        "1234567890123456",
    ),
    "whatsapp": (
        "v1",
        v1_requests.request(
            "whatsapp",
            {"OTT-Messaging": {"wa": {"type": "text", "text": {"body": "Hi"}}}},
            WAID,
            key="waid",
            appid="a_1",
        ),
        WAID,
    ),
    "applebusinesschat": (
        "v1",
        v1_requests.request(
            "applebusinesschat",
            {"AppleBusinessChat": {"type": "text", "text": "Hi"}},
            "urn:mbid:A",
            key="abcUserId",
            appid="a_1",
        ),
        "urn:mbid:A",
    ),
    "sms-v2": ("v2", v2_requests.sms(), PERSON),
    "email": ("v2", v2_requests.html(options={"trackOpens": True, "trackClicks": True}), v2_requests.PERSON),
    "rcs": ("v2", v2_requests.rcs(), PERSON),
}

SUBMITTED, DELIVERED = ("Submitted", "7501"), ("Delivered", "7500")
CALLED = [("OFFERED", "7407"), ("ACCEPTED", "7408"), ("ANSWERED", "7519"), ("DROPPED", "7409"), ("Released", "7405")]


@pytest.mark.parametrize(
    ("channel", "series"),
    [
        pytest.param("sms", [SUBMITTED, DELIVERED], id="WX1-CB-08-sms"),
        pytest.param("voice", CALLED, id="WX1-CB-08-voice"),
        pytest.param("push", [SUBMITTED, DELIVERED], id="WX1-CB-08-push"),
        pytest.param("rt", [SUBMITTED, DELIVERED], id="WX1-CB-08-in-app"),
        pytest.param("fb", [SUBMITTED, DELIVERED], id="WX1-CB-08-messenger"),
        pytest.param("whatsapp", [SUBMITTED, DELIVERED], id="WX1-CB-08-whatsapp"),
        pytest.param("applebusinesschat", [SUBMITTED], id="WX1-ABC-02-apple-is-only-submitted"),
        pytest.param("sms-v2", [SUBMITTED, DELIVERED], id="WX2-RCPT-02-sms"),
        pytest.param("email", [SUBMITTED, DELIVERED], id="WX2-RCPT-02-email"),
        pytest.param("rcs", [SUBMITTED, DELIVERED], id="WX2-RCPT-02-rcs"),
    ],
)
async def test_series_by_default(service: Service, channel: str, series: list[tuple[str, str]]) -> None:
    """What a channel tells by itself, in order, and nothing more in a week."""
    version, body, _ = MESSAGES[channel]
    await service.sends(version, body)
    await service.wait_until(604_800)
    assert service.receipts() == series


@pytest.mark.parametrize(
    ("version", "body"),
    [
        pytest.param(
            "v1",
            v1_requests.request(
                "fb", {"OTT-Messaging": {"fb": {"sender_action": "typing_on"}}}, "1001", key="psid", appid="a_1"
            ),
            id="WX1-FB-26-sender-action",
        ),
        pytest.param("v2", v2_requests.of_type("agentEvent", event="IS_TYPING"), id="WX2-RCS-15-agent-event"),
    ],
)
async def test_what_nobody_is_shown(service: Service, version: str, body: Body) -> None:
    """Sender actions and agent events are submitted, and that is all."""
    await service.sends(version, body)
    await service.wait_until(3600)
    assert service.receipts() == [SUBMITTED]


async def test_times_of_the_series(service: Service) -> None:
    """Submitted comes 0.1 s after acceptance, Delivered 0.3 s later, and never before the answer."""
    await service.sends("v1", v1_requests.sms())
    assert service.told() == []
    for seconds, count in ((0.099, 0), (0.1, 1), (0.399, 1), (0.4, 2)):
        await service.wait_until(seconds)
        assert len(service.told()) == count
    assert [info["timeStamp"] for info in service.infos()] == ["2030-01-02T12:00:00.100Z", "2030-01-02T12:00:00.400Z"]


async def test_call_ends_at_one_time(service: Service) -> None:
    """WX1-CB-08: a call is dropped and released with one and the same timestamp."""
    await service.sends("v1", MESSAGES["voice"][1])
    await service.wait_until(10)
    assert service.infos()[-1]["timeStamp"] == service.infos()[-2]["timeStamp"]


def info(status: str, code: str, description: str, **more: Any) -> Body:
    """Return the part of `deliveryInfo` that every channel has, in order."""
    return {"Description": description, "code": code, **more, "deliveryStatus": status}


ROWS = [
    # channel, status, code, further members of the action, deliveryInfo without its time, members beside it
    ("sms", "Submitted", None, {}, "Submitted", "7501", {"deliveryChannel": "SMS"}, {}),
    (
        "sms",
        "Delivered",
        None,
        {},
        "Delivered",
        "7500",
        {"messageCount": "1", "deliveryChannel": "SMS"},
        {"carrier": ""},
    ),
    (
        *("sms", "Un-Delivered", "7207", {}),
        *("Subscriber out of coverage area or not reachable", "7207"),
        *({"messageCount": "1", "deliveryChannel": "SMS"}, {"carrier": ""}),
    ),
    (
        *("sms", "Failed", "7101", {}, "Invalid Sender ID", "7101"),
        *({"messageCount": "1", "deliveryChannel": "SMS"}, {"carrier": ""}),
    ),
    ("push", "Submitted", None, {}, "Submitted", "7501", {"deliveryChannel": "push"}, {}),
    ("push", "Delivered", None, {}, "Delivered", "7500", {"deliveryChannel": "push"}, {}),
    ("push", "Read", None, {}, "Read", "7502", {"deliveryChannel": "push"}, {}),
    ("push", "Failed", "7404", {}, "Others", "7404", {"deliveryChannel": "push"}, {}),
    ("rt", "Read", None, {}, "Read", "7502", {"deliveryChannel": "rt"}, {}),
    ("rt", "Failed", "7312", {}, "Invalid thread id", "7312", {"deliveryChannel": "rt"}, {}),
    ("fb", "Read", None, {}, "Read", "7502", {"deliveryChannel": "fb"}, {}),
    ("fb", "Failed", "7010", {"detail": "why"}, "Service provider exception", "7010", {"deliveryChannel": "fb"}, {}),
    ("whatsapp", "Submitted", None, {}, "Submitted", "7501", {"deliveryChannel": "whatsapp"}, {}),
    ("whatsapp", "Read", None, {}, "Read", "7502", {"deliveryChannel": "whatsapp"}, {}),
    (
        *("whatsapp", "Failed", "7710", {"detail": "(#131047)  | Re-engagement"}, "Re-engagement message", "7710"),
        *({"deliveryChannel": "whatsapp"}, {}),
    ),
    (
        *("applebusinesschat", "Failed", "7316", {}, "Invalid application details", "7316"),
        *({"deliveryChannel": "applebusinesschat"}, {}),
    ),
    ("email", "Submitted", None, {}, "Submitted", "7501", {"deliveryChannel": "email"}, {}),
    ("email", "Read", None, {}, "Read", "7502", {"deliveryChannel": "email"}, {}),
    ("email", "Bounce", None, {}, "Permanent_General", "7520", {"deliveryChannel": "email"}, {}),
    (
        *("email", "Bounce", None, {"detail": "Transient_MailboxFull"}, "Transient_MailboxFull", "7520"),
        *({"deliveryChannel": "email"}, {}),
    ),
    ("email", "Complaint", None, {}, "abuse", "7521", {"deliveryChannel": "email"}, {}),
    ("email", "Complaint", None, {"detail": "virus"}, "virus", "7521", {"deliveryChannel": "email"}, {}),
    (
        *("email", "Not Verified", None, {}),
        *("Account in sandbox mode. Destination email address is not verified", "7522"),
        *({"deliveryChannel": "email"}, {}),
    ),
    ("email", "Failed", "7523", {}, "Invalid email address", "7523", {"deliveryChannel": "email"}, {}),
    ("email", "Failed", "7535", {}, "attachment length exceeded", "7535", {"deliveryChannel": "email"}, {}),
    (
        *("rcs", "Delivered", None, {}, "Delivered", "7500", {"deliveryChannel": "rcs"}),
        {"carrier": "N/A", "serviceProvider": "GOOGLE"},
    ),
    (
        *("rcs", "Read", None, {}, "Read", "7502", {"deliveryChannel": "rcs"}),
        {"carrier": "N/A", "serviceProvider": "GOOGLE"},
    ),
    ("rcs", "Failed", "7322", {}, "Provider not configured for chatbot", "7322", {"deliveryChannel": "rcs"}, {}),
    *(
        ("voice", status, None, {}, description, code, {"deliveryChannel": "voice"}, {})
        for status, code, description in (
            ("OFFERED", "7407", "Call offered"),
            ("ACCEPTED", "7408", "Call accepted"),
            ("ANSWERED", "7519", "Answered"),
            ("DROPPED", "7409", "Call dropped"),
            ("Released", "7405", "Release"),
            ("DISCONNECTED", "7410", "Call disconnected"),
            ("REJECTED", "7402", "Customer busy"),
            ("TROMBONE_CONNECTED", "7411", "Trombone connected"),
            ("TROMBONE_RELEASED", "7412", "Trombone released"),
        )
    ),
    ("voice", "REJECTED", "7401", {}, "No answer", "7401", {"deliveryChannel": "voice"}, {}),
    ("voice", "Failed", "7005", {}, "Request expired", "7005", {"deliveryChannel": "voice"}, {}),
]
_OWN_KEYS: dict[str, Body] = {
    "push": {"pushId": "token-1", "deviceid": ""},
    "whatsapp": {"waid": WAID, "bsuid": "", "waidNormalized": "false", "identityKeyHash": ""},
}
_KINDS = {
    "sms": "msisdn",
    "voice": "msisdn",
    "push": "android_pushid",
    "rt": "userid",
    "fb": "psid",
    "whatsapp": "waid",
    "applebusinesschat": "applebusinesschat",
    "email": "email",
    "rcs": "msisdn",
}


@pytest.mark.parametrize(
    ("channel", "status", "code", "more", "description", "told_code", "name", "beside"),
    [
        pytest.param(*row, id=f"WX{1 if MESSAGES[row[0]][0] == 'v1' else 2}-CB-08-{row[0]}-{row[1]}-{row[5]}"
                     if MESSAGES[row[0]][0] == "v1" else f"WX2-RCPT-04-{row[0]}-{row[1]}-{row[4][:9]}")
        for row in ROWS
    ],
)  # fmt: skip
async def test_rows(
    service: Service,
    channel: str,
    status: str,
    code: str | None,
    more: Body,
    description: str,
    told_code: str,
    name: Body,
    beside: Body,
) -> None:
    """Every row of the tables has its keys, in order, and its words."""
    version, body, user = MESSAGES[channel]
    service.silence()
    echoed = {"callbackData": "echo me"}
    if version == "v1":
        body = {**body, **echoed, "correlationid": "order-17"}
    else:
        body = {**body, **echoed, "correlationId": "order-17"}
    (transid,) = await service.sends(version, body)
    wish = {"status": status, **({"code": code} if code is not None else {}), **more}
    await service.does("receipt", user, **wish)
    (told,) = service.bodies()
    expected_info: Body = {
        "timeStamp": "2030-01-02T12:00:00.000Z",
        "Description": description,
        "code": told_code,
        **name,
    }
    if channel != "push":
        additional = more.get("detail", "") if told_code not in ("7520", "7521") else ""
        if told_code == "7520":
            additional = "smtp; 550 5.1.1 the mailbox is not available"
        expected_info["additionalInfo"] = additional
    expected_info |= {"destination": user, "destinationType": _KINDS[channel], "deliveryStatus": status}
    expected_info |= _OWN_KEYS.get(channel, {})
    expected: Body = {
        "deliveryInfo": expected_info,
        **beside,
        "subtid": "",
        "transid": transid,
        "callbackData": "echo me",
        "correlationid": "order-17",
    }
    assert list(told["deliveryInfoNotification"]["deliveryInfo"].items()) == list(expected_info.items())
    assert list(told["deliveryInfoNotification"].items()) == list(expected.items())
    if channel == "voice":
        assert told["deliveryTransInfo"] == "<voice release event xml data>"
    else:
        assert list(told) == ["deliveryInfoNotification"]
    assert service.callbacks[0].kind == f"receipt.{status}"
    assert service.messages[0].history[0].provider_status == status


async def test_clicked_sms(service: Service) -> None:
    """WX2-SMS-06: a click on a shortened link tells link, address and browser, over the channel `sms` in small letters."""
    options = {"shortenLinks": True, "trackClicks": True}
    await service.sends("v2", v2_requests.sms({"text": "See https://example.com/a"}, options=options))
    await service.wait_until(1)
    await service.does("click")
    told = service.bodies()[-1]["deliveryInfoNotification"]
    assert told["deliveryInfo"]["code"] == "7528"
    assert told["deliveryInfo"]["deliveryChannel"] == "sms"
    assert told["deliveryInfo"]["Description"].endswith("|203.0.113.7")
    assert told["deliveryInfo"]["Description"].startswith("https://")
    assert told["deliveryInfo"]["additionalInfo"].startswith("Mozilla/5.0")
    assert "messageCount" not in told["deliveryInfo"]
    assert "carrier" not in told
    assert service.messages[0].status == "delivered"


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"trackClicks": True}, id="WX2-SMS-05-links-are-not-shortened"),
        pytest.param({"shortenLinks": True}, id="WX2-SMS-05-clicks-are-not-tracked"),
        pytest.param({}, id="WX2-SMS-05-neither"),
    ],
)
async def test_clicks_nobody_hears_of(service: Service, options: Body) -> None:
    """Clicked comes only where links are shortened and clicks are tracked."""
    await service.sends("v2", v2_requests.sms({"text": "See https://example.com/a"}, options=options))
    with pytest.raises(NotPossibleError, match="was sent no URL whose clicks are tracked; there are none"):
        await service.does("click")


async def test_click_on_the_second_link(service: Service) -> None:
    """WX2-EMAIL-11: any tracked link can be clicked, by its address; another cannot."""
    html = '<a href="https://example.com/1">1</a> <a href="https://example.com/2">2</a>'
    await service.sends("v2", v2_requests.html({"html": html}, options={"trackClicks": True}))
    await service.does("click", v2_requests.PERSON, url="https://example.com/2")
    assert service.infos()[-1]["Description"] == "https://example.com/2|203.0.113.7"
    with pytest.raises(NotPossibleError, match="/1, https:"):
        await service.does("click", v2_requests.PERSON, url="https://example.com/3")


@pytest.mark.parametrize(
    ("body", "is_told"),
    [
        pytest.param(v2_requests.html(options={"trackOpens": True}), True, id="WX2-EMAIL-11-html-with-tracking"),
        pytest.param(v2_requests.html(), False, id="WX2-EMAIL-11-html-without-tracking"),
        pytest.param(v2_requests.email(options={"trackOpens": True}), False, id="WX2-EMAIL-11-text-with-tracking"),
    ],
)
async def test_opened_mail(service: Service, body: Body, is_told: bool) -> None:
    """Read needs `trackOpens` and type html."""
    await service.sends("v2", body)
    if is_told:
        await service.does("read", v2_requests.PERSON)
        assert service.receipts() == [("Read", "7502")]
    else:
        with pytest.raises(InvalidActionError, match="trackOpens"):
            await service.does("read", v2_requests.PERSON)
        assert service.receipts() == []


async def test_pressed_push_button(service: Service) -> None:
    """WX1-PUSH-31: a pressed button of an interactive push is told by Read, with the button and the `pushref`."""
    buttons = {name: value for name, value in BUTTONS.items() if name != "pushref"}
    push = {"android": {"text": "Yes?"}, "pushref": "4321", "interactive": buttons}
    await service.sends("v1", v1_requests.request("push", {"push": push}, "t1", key="android_pushid", appid="a_1"))
    await service.wait_until(1)
    first = service.messages[0].suggestions[0]
    await service.does("tap", "t1", suggestion={"index": 0})
    told = service.infos()[-1]
    assert (told["deliveryStatus"], told["code"], told["Description"]) == ("Read", "7502", "Read")
    assert told["interaction"] == {"Button_Pressed": first.postback, "pushref": "4321"}
    assert list(told)[-1] == "interaction"
    assert service.messages[0].status == "read"


@pytest.mark.parametrize(
    ("zone", "stamp"),
    [
        pytest.param("UTC", "2030-01-02T12:00:00.000Z", id="WX1-CB-08-utc"),
        pytest.param("+01:00", "2030-01-02T13:00:00.000+01:00", id="WX1-CB-08-offset"),
        pytest.param("-0330", "2030-01-02T08:30:00.000-03:30", id="WX1-CB-08-offset-of-half-an-hour"),
        pytest.param("Asia/Kolkata", "2030-01-02T17:30:00.000+05:30", id="WX1-CB-08-zone"),
        pytest.param("Europe/London", "2030-01-02T12:00:00.000Z", id="WX1-CB-08-zone-at-utc"),
    ],
)
async def test_tenant_timezone(service: Service, zone: str, stamp: str) -> None:
    """Times bear the tenant's offset, and milliseconds."""
    service.configure(tenant_timezone=zone)
    await service.sends("v1", v1_requests.sms())
    await service.does("deliver")
    assert service.infos()[0]["timeStamp"] == stamp


@pytest.mark.parametrize("zone", ["Mars/Olympus", "+25:00", "../UTC", ""])
async def test_no_timezone(service: Service, zone: str) -> None:
    """What is no zone is refused when it is set."""
    with pytest.raises(ValueError, match="must be UTC, an offset such as"):
        service.configure(tenant_timezone=zone)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("x" * 160, "1", id="WX1-SMS-02-one-sms"),
        pytest.param("x" * 161, "2", id="WX1-SMS-02-two-parts"),
        pytest.param("x" * 307, "3", id="WX1-SMS-02-three-parts"),
        pytest.param("ж" * 70, "1", id="WX1-SMS-02-one-unicode-sms"),
        pytest.param("ж" * 71, "2", id="WX1-SMS-02-two-unicode-parts"),
        pytest.param("😀" * 36, "2", id="WX1-SMS-02-emoji-take-two"),
        pytest.param("à" * 160, "1", id="WX1-SMS-02-gsm-beyond-ascii"),
    ],
)
async def test_message_count(service: Service, text: str, count: str) -> None:
    """`messageCount` is how many SMS the text takes."""
    await service.sends("v1", v1_requests.sms({"text": text}))
    await service.does("deliver")
    assert service.infos()[0]["messageCount"] == count


@pytest.mark.parametrize(
    ("channel", "deed", "members"),
    [
        pytest.param("sms", "read", {}, id="WX1-CB-08-no-read-of-an-sms"),
        pytest.param("voice", "say", {"text": "Hi"}, id="WX1-CB-08-nothing-said-in-a-call"),
        pytest.param("applebusinesschat", "deliver", {}, id="WX1-ABC-02-no-delivered"),
        pytest.param("applebusinesschat", "read", {}, id="WX1-ABC-02-no-read"),
        pytest.param("sms", "start_typing", {}, id="WX1-CB-08-no-typing-in-an-sms"),
        pytest.param("email", "share_location", {"latitude": 1, "longitude": 2}, id="WX2-RCPT-04-no-place-in-a-mail"),
        pytest.param("push", "say", {"text": "Hi"}, id="WX1-CB-08-nothing-said-to-a-push"),
        pytest.param("rcs", "click", {}, id="WX2-RCPT-04-no-click-in-rcs"),
        pytest.param("rt", "share_location", {"latitude": 1, "longitude": 2}, id="WX1-CB-08-no-place-in-app"),
        pytest.param("sms", "system", {"text": "x"}, id="WX1-CB-08-no-system-notes"),
    ],
)
async def test_not_on_this_channel(service: Service, channel: str, deed: str, members: Body) -> None:
    """What a channel has no callback for cannot be done there, and the answer says what can."""
    version, body, user = MESSAGES[channel]
    await service.sends(version, body)
    with pytest.raises(NotPossibleError, match=f"Webex Connect has no callback for {deed}.*; it has: .*receipt"):
        await service.does(deed, user, **members)


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        pytest.param(
            {"status": "Read"}, "sms has no receipt Read; it has Submitted", id="WX1-CB-08-of-another-channel"
        ),
        pytest.param({"status": "delivered"}, "'delivered' is none of Webex Connect's receipts", id="WX1-CB-08-case"),
        pytest.param({"status": "Failed", "code": "ten"}, "'ten' is no receipt code", id="WX1-CB-08-no-code"),
        pytest.param({"status": "Failed", "code": "71020"}, "'71020' is no receipt code", id="WX1-CB-08-five-digits"),
    ],
)
async def test_no_such_receipt(service: Service, wish: Body, error: str) -> None:
    """A receipt is one of the channel's, with a code of four digits; nothing happens otherwise."""
    await service.sends("v1", v1_requests.sms())
    with pytest.raises(InvalidActionError, match=error):
        await service.does("receipt", **wish)
    assert service.messages[0].history == ()


async def test_fail_without_a_code(service: Service) -> None:
    """A failure that nobody explains has the code for that."""
    await service.sends("v1", v1_requests.sms())
    await service.does("fail")
    assert (service.receipts(), service.infos()[0]["Description"]) == ([("Failed", "7200")], "Unknown Status")


async def test_fail_with_the_code_of_an_undelivered_sms(service: Service) -> None:
    """The code says which of the two words it is."""
    await service.sends("v1", v1_requests.sms())
    await service.does("fail", code="7204")
    assert service.receipts() == [("Un-Delivered", "7204")]


async def test_length_exceeded_is_failed(service: Service) -> None:
    """WX1-TPL-05: 7107 is told as Failed, as the public sample has it."""
    assert codes.status("sms", "7107") == "Failed"


async def test_a_customers_number(service: Service) -> None:
    """WX1-DEST-04: a customer is told of by the number in their profile, where there is one."""
    service.configure(profiles={"c1": {"msisdn": "+4915112345678"}, "c2": {}})
    await service.sends("v1", v1_requests.request("sms", {"sms": {"text": "Hi"}}, "c1", "c2", key="customerid"))
    await service.wait_until(0.2)
    assert [(info["destination"], info["destinationType"]) for info in service.infos()] == [
        ("+4915112345678", "msisdn"),
        ("c2", "msisdn"),
    ]


async def test_destination_as_given(service: Service) -> None:
    """WX1-DEST-06: a number is told as it was given, without blanks and dashes, and is one person with its plus."""
    await service.sends("v1", v1_requests.request("sms", {"sms": {"text": "Hi"}}, "44 7700-900123", "+447700900123"))
    await service.wait_until(0.2)
    assert [info["destination"] for info in service.infos()] == ["447700900123", "+447700900123"]
    assert {message.conversation.user for message in service.messages} == {"+447700900123"}


async def test_scripted_changes(service: Service) -> None:
    """Keys of a receipt can be overridden and left out: by their own name, or by the whole path."""
    await service.sends("v1", v1_requests.sms())
    changes = {"set": {"code": "7599", "deliveryInfoNotification.carrier": "X"}, "drop": ["additionalInfo"]}
    await service.does("deliver", callback=changes)
    told = service.bodies()[0]["deliveryInfoNotification"]
    assert (told["deliveryInfo"]["code"], told["carrier"]) == ("7599", "X")
    assert "additionalInfo" not in told["deliveryInfo"]


async def test_carrier_of_rcs(service: Service) -> None:
    """WX2-RCS-01: `options.carrierId` is echoed as `carrier`."""
    await service.sends("v2", v2_requests.rcs(options={"carrierId": 5}))
    await service.does("deliver")
    assert service.bodies()[0]["deliveryInfoNotification"]["carrier"] == "5"


async def test_tracing(service: Service) -> None:
    """WX1-CB-06: each notification has an id of its own in `x-wx-gtrid`."""
    await service.sends("v1", v1_requests.sms())
    await service.wait_until(1)
    ids = [dict(received.headers)["x-wx-gtrid"] for received in service.told(NOTIFY)]
    assert len(set(ids)) == len(ids) == 2
    assert all(len(one) == 36 for one in ids)


async def test_clicked_in_app(service: Service) -> None:
    """WX1-LINK-04: a click in an app tells which button or link it was on."""
    version, body, user = MESSAGES["rt"]
    text = {"appmessaging": {"thread_id": "TH1", "message": {"text": "See https://x.test/a"}}}
    await service.sends(version, {**body, "channels": text, "options": {"trackClicks": True, "shortenLinks": True}})
    await service.does("click", user)
    told = service.infos()[-1]
    assert (told["deliveryStatus"], told["code"], told["deliveryChannel"]) == ("Clicked", "7528", "rt")
    assert told["interactiveData"] == {"identifier": "", "type": "url", "title": "", "url": "https://x.test/a"}


async def test_expired_push(service: Service) -> None:
    """WX1-ENV-11: a push whose time is up has a code of its own."""
    service.silence()
    version, body, _ = MESSAGES["push"]
    await service.sends(version, {**body, "expiry": "2030-01-02T12:01:00Z"})
    await service.wait_until(60)
    assert service.receipts() == [("Failed", "7503")]


async def test_ids_of_whatsapp(service: Service) -> None:
    """WX1-DEST-04: a person known by a `bsuid` is told of by it."""
    version, body, _ = MESSAGES["whatsapp"]
    await service.sends(version, {**body, "destination": [{"bsuid": ["US.1"]}]})
    await service.does("deliver", "US.1")
    told = service.infos()[0]
    assert (told["destination"], told["destinationType"], told["waid"], told["bsuid"]) == ("US.1", "bsuid", "", "US.1")
