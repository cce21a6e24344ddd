"""`message/send`: what is checked, in which order, and what is only warned of."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mehery_shapes import complaints
from mehery_tenant import FIONA, JOHN, Tenant, refusal
from sandbox.core.content import Location, Media, Other, Text

pytestmark = pytest.mark.anyio

WHATSAPP, NOTIFICATIONS = "wa360:918828218374", "wacfb:919999998888"
MAIL, SMS, FACEBOOK, TELEGRAM = "mailto:supportexamplecom", "sms:SANDBX", "fb:100200300400500", "tg:sandboxsupportbot"
LINK = "https://example.com/a.jpg"


def message(kind: str = "text", **members: Any) -> dict[str, Any]:
    """Return a request that is as it should be, with some members changed; None takes one out."""
    content = {"text": {"text": {"body": "Hello"}}}.get(kind, {})
    body = {"channelId": WHATSAPP, "type": kind, "to": {"contactId": JOHN}, **content, **members}
    return {name: value for name, value in body.items() if value is not None}


def buttons(*given: Any, kind: str = "text", **members: Any) -> dict[str, Any]:
    """Return a request with buttons."""
    return message(kind, options={"buttons": list(given)}, **members)


async def send(tenant: Tenant, **members: Any) -> httpx.Response:
    """Send a request that is as it should be but for some members."""
    return await tenant.post("/message/send", message(**members))


def warned(response: httpx.Response) -> list[tuple[str, str]]:
    """Return key and field of each warning of an accepted message."""
    assert response.status_code == 200, response.text
    return [(entry["codeKey"], entry["field"]) for entry in response.json()["warnings"]]


QUICK = [{"label": f"Choice {number}"} for number in range(12)]
URL = {"type": "URL", "label": "Open", "code": "open", "url": "https://example.com"}
CALL = {"type": "PHONE_NUMBER", "label": "Call", "code": "call", "phone": "+91 9988-776655"}
DEEP: dict[str, Any] = {"a": [{"b": {}}]}

NO_CONTENT: list[tuple[str, str, dict[str, Any]]] = [
    ("text", "without-text", {}),
    ("text", "with-an-empty-text", {"text": {}}),
    ("text", "with-a-blank-body", {"text": {"body": " \n"}}),
    ("image", "without-image", {}),
    ("image", "with-an-empty-image", {"image": {}}),
    ("image", "without-link", {"image": {"caption": "A view"}}),
    ("video", "with-the-image-of-another-type", {"image": {"link": LINK}}),
    ("document", "without-document", {}),
    ("audio", "without-audio", {"voice": {"link": LINK}}),
    ("voice", "without-voice-and-audio", {}),
    ("location", "without-location", {}),
    ("location", "without-longitude", {"location": {"latitude": "1"}}),
    ("contacts", "without-cards", {}),
    ("contacts", "with-no-card", {"contacts": []}),
    ("template", "without-template", {}),
    ("template", "without-id-and-code", {"template": {"lang": "en"}}),
]

BAD_BUTTONS: list[tuple[str, str, str, list[dict[str, Any]], str]] = [
    ("MEH-SEND-22", "BUTTON_INVALID", "[0].label", [{"code": "a"}], "no-label"),
    ("MEH-SEND-22", "BUTTON_INVALID", "[1].label", [QUICK[0], {"label": "  "}], "blank-label"),
    ("MEH-SEND-22", "BUTTON_INVALID", "[2].label", [*QUICK[:2], {"label": "x" * 21}], "21-of-3-replies"),
    ("MEH-SEND-22", "BUTTON_INVALID", "[3].label", [*QUICK[:3], {"label": "x" * 25}], "25-of-4-replies"),
    ("MEH-SEND-23", "BUTTON_INVALID", "[0].url", [{**URL, "url": None}], "no-url"),
    ("MEH-SEND-23", "BUTTON_INVALID", "[0].url", [{**URL, "url": "example.com"}], "relative-url"),
    ("MEH-SEND-23", "BUTTON_INVALID", "[0].phone", [{**CALL, "phone": "12"}], "short-phone"),
    ("MEH-SEND-24", "BUTTONS_LIMIT_EXCEEDED", "", QUICK[:11], "11-buttons"),
    (
        "MEH-SEND-24",
        "BUTTONS_LIMIT_EXCEEDED",
        "",
        [{**URL, "code": f"{number}"} for number in range(3)],
        "3-urls",
    ),
    ("MEH-SEND-24", "BUTTONS_LIMIT_EXCEEDED", "", [CALL, {**CALL, "code": "again"}], "2-phones"),
    ("MEH-SEND-24", "BUTTON_INVALID", "[1].code", [{"label": "A"}, {"label": "B", "code": "A"}], "same-code"),
]

REFUSED = [
    # what every message has
    pytest.param(
        {},
        (400, "PARAM_MISSING", "MEH-SEND-01", [("FIELD_MISSING", name) for name in ("channelId", "type", "to")]),
        id="MEH-SEND-01-all-that-is-missing-is-listed",
    ),
    pytest.param(
        {"channelId": " ", "type": "text", "to": {}},
        (400, "PARAM_MISSING", "MEH-SEND-01", [("FIELD_MISSING", "channelId")]),
        id="MEH-SEND-01-blank-is-missing",
    ),
    pytest.param(
        message(to="919988776655"),
        (400, "PARAM_TYPE_MISMATCH", "MEH-GEN-08", [("FIELD_TYPE_MISMATCH", "to")]),
        id="MEH-SEND-01-to-is-an-object",
    ),
    pytest.param(
        message(mask="perhaps"),
        (400, "PARAM_TYPE_MISMATCH", "MEH-GEN-08", [("FIELD_TYPE_MISMATCH", "mask")]),
        id="MEH-SEND-30-mask-is-a-boolean",
    ),
    pytest.param(
        message(channelId="wa360:1", type="song"),
        (404, "HTTP_NOT_FOUND", "MEH-SEND-02", [("CHANNEL_NOT_FOUND", "channelId")]),
        id="MEH-SEND-02-unknown-channel-comes-before-unknown-type",
    ),
    pytest.param(
        message(type="song"),
        (400, "PARAM_INVALID", "MEH-GEN-11", [("VALUE_NOT_ALLOWED", "type")]),
        id="MEH-SEND-01-type-is-one-of-the-documents",
    ),
    # content objects
    *(
        pytest.param(
            message(kind, **{"text": None, **content}),
            (400, "PARAM_INVALID", "MEH-SEND-04", [(f"{kind.upper()}_DETAILS_MISSING", kind)]),
            id=f"MEH-SEND-04-{kind}-{name}",
        )
        for kind, name, content in NO_CONTENT
    ),
    pytest.param(
        message("system", text={"body": ""}),
        (400, "PARAM_INVALID", "MEH-SEND-04", [("TEXT_DETAILS_MISSING", "text")]),
        id="MEH-SEND-04-system-needs-a-text",
    ),
    pytest.param(
        message(text="Hello"),
        (400, "PARAM_TYPE_MISMATCH", "MEH-GEN-08", [("FIELD_TYPE_MISMATCH", "text")]),
        id="MEH-SEND-04-text-is-an-object",
    ),
    *(
        pytest.param(
            message(kind, **{name: {"link": link}}),
            (400, "PARAM_INVALID", "MEH-SEND-07", [("MEDIA_LINK_INVALID", f"{name}.link")]),
            id=f"MEH-SEND-07-{kind}-{reason}",
        )
        for kind, name, link, reason in [
            ("image", "image", "photo.jpg", "relative"),
            ("video", "video", "ftp://example.com/a", "ftp"),
            ("document", "document", "https://", "no-host"),
            ("audio", "audio", "https://example.com/a b", "with-a-blank"),
            ("voice", "audio", "https://example.com:99999/", "no-port"),
            ("image", "image", f"https://example.com/{'a' * 2048}", "too-long"),
            ("image", "image", "https://[", "no-address"),
        ]
    ),
    *(
        pytest.param(
            message("location", location={"latitude": 1, "longitude": 2, field: value}),
            (400, "PARAM_INVALID", "MEH-SEND-08", [("LOCATION_INVALID", f"location.{field}")]),
            id=f"MEH-SEND-08-{field}-{value}",
        )
        for field, value in [
            ("latitude", "90.0001"),
            ("latitude", -91),
            ("longitude", "180.5"),
            ("longitude", "east"),
            ("longitude", "nan"),
            ("latitude", "1_0"),
            ("latitude", "1e99"),
        ]
    ),
    pytest.param(
        message("contacts", contacts=[{"name": {"first_name": "Jo"}}, {"name": {"last_name": "Doe"}}, {}]),
        (
            400,
            "PARAM_INVALID",
            "MEH-SEND-09",
            [("CONTACTS_DETAILS_MISSING", f"contacts[{index}].name") for index in (1, 2)],
        ),
        id="MEH-SEND-09-cards-without-a-name-to-show",
    ),
    pytest.param(
        message("contacts", contacts={"name": {}}),
        (400, "PARAM_TYPE_MISMATCH", "MEH-GEN-08", [("FIELD_TYPE_MISMATCH", "contacts")]),
        id="MEH-SEND-09-cards-are-an-array",
    ),
    pytest.param(
        message(text={"body": "x" * 4097}),
        (400, "PARAM_INVALID", "MEH-SEND-14", [("TEXT_TOO_LONG", "text.body")]),
        id="MEH-SEND-14-whatsapp-takes-no-4097-characters",
    ),
    # recipients
    *(
        pytest.param(
            message(channelId=channel, to=to),
            (400, "PARAM_INVALID", "MEH-SEND-10", [("INSUFFICIENT_CONTACT_DETAILS", "to")]),
            id=f"MEH-SEND-10-{reason}",
        )
        for channel, to, reason in [
            (WHATSAPP, {}, "nobody"),
            (WHATSAPP, {"email": "jo@example.com"}, "an-email-on-whatsapp"),
            (MAIL, {"phone": "919988776655"}, "a-phone-on-email"),
            (FACEBOOK, {"phone": "919988776655", "email": "jo@example.com"}, "neither-will-do-on-facebook"),
            (SMS, {"contactId": " ", "phone": ""}, "blank"),
        ]
    ),
    pytest.param(
        message(to={"contactId": "wa1_918828218374"}),
        (404, "HTTP_NOT_FOUND", "MEH-SEND-11", [("CONTACT_NOT_FOUND", "to.contactId")]),
        id="MEH-SEND-11-unknown-contact",
    ),
    pytest.param(
        message(channelId=NOTIFICATIONS),
        (400, "PARAM_INVALID", "MEH-SEND-11", [("CONTACT_CHANNEL_MISMATCH", "to.contactId")]),
        id="MEH-SEND-11-contact-of-another-channel",
    ),
    *(
        pytest.param(
            message(to={"phone": phone}),
            (400, "PARAM_INVALID", "MEH-SEND-12", [("PHONE_INVALID", "to.phone")]),
            id=f"MEH-SEND-12-phone-{reason}",
        )
        for phone, reason in [
            ("123456", "of-6-digits"),
            ("1234567890123456", "of-16-digits"),
            ("12345a67", "with-a-letter"),
            ("١٢٣٤٥٦٧٨", "in-arabic-digits"),
        ]
    ),
    *(
        pytest.param(
            message(channelId=MAIL, to={"email": email}),
            (400, "PARAM_INVALID", "MEH-SEND-12", [("EMAIL_INVALID", "to.email")]),
            id=f"MEH-SEND-12-email-{email}",
        )
        for email in ("jo", "@example.com", "jo@", "jo@example@com")
    ),
    # buttons
    pytest.param(
        message(options={"buttons": "yes"}),
        (400, "PARAM_TYPE_MISMATCH", "MEH-SEND-20", [("FIELD_TYPE_MISMATCH", "options.buttons")]),
        id="MEH-SEND-20-buttons-are-an-array",
    ),
    pytest.param(
        buttons({"label": "Go", "type": "LINK"}, {"label": "Where?", "type": "LOCATION_REQUEST"}),
        (
            400,
            "PARAM_INVALID",
            "MEH-SEND-21",
            [("VALUE_NOT_ALLOWED", f"options.buttons[{index}].type") for index in (0, 1)],
        ),
        id="MEH-SEND-21-unknown-types",
    ),
    *(
        pytest.param(
            buttons(*given),
            (400, "PARAM_INVALID", rule, [(key, f"options.buttons{place}")]),
            id=f"{rule}-{reason}",
        )
        for rule, key, place, given, reason in BAD_BUTTONS
    ),
]


@pytest.mark.parametrize(("body", "expected"), REFUSED)
async def test_refused(body: dict[str, Any], expected: Any, tenant: Tenant) -> None:
    """A message that breaks a rule is refused with its key and field, and nothing comes of it."""
    known = len(tenant.world.contacts)
    assert refusal(await tenant.post("/message/send", body)) == expected
    assert (list(tenant.account.journal.messages), len(tenant.world.contacts)) == ([], known)


ACCEPTED = [
    pytest.param(message(channelId="918828218374"), [], id="MEH-SEND-02-a-bare-lane"),
    pytest.param(message(type="TEXT"), [], id="MEH-SEND-01-type-in-any-letter-case"),
    pytest.param(message(text={"body": 7}), [], id="MEH-SEND-04-a-number-is-a-text"),
    *(
        pytest.param(
            message(contacts=[DEEP], location=7, template={"data": 7}),
            [("CONTENT_IGNORED", name) for name in ("location", "contacts", "template")],
            id=f"MEH-SEND-05-{reason}",
        )
        for reason in ("other-objects-are-ignored-whatever-their-shape",)
    ),
    pytest.param(message(location=None, image=None), [], id="MEH-SEND-05-null-is-no-object"),
    pytest.param(
        message("image", image={"link": LINK, "filename": "a.jpg", "caption": "A"}),
        [("FIELD_IGNORED", "image.filename")],
        id="MEH-SEND-07-an-image-has-no-filename",
    ),
    pytest.param(
        message("audio", audio={"link": LINK, "caption": "A"}),
        [("FIELD_IGNORED", "audio.caption")],
        id="MEH-SEND-07-audio-has-no-caption",
    ),
    pytest.param(
        message("document", document={"link": LINK, "filename": "a.pdf", "caption": "A"}),
        [],
        id="MEH-SEND-07-a-document-has-both",
    ),
    pytest.param(
        message("voice", voice={"link": LINK}, audio={"link": LINK}),
        [("CONTENT_IGNORED", "audio")],
        id="MEH-SEND-04-voice-comes-before-audio",
    ),
    pytest.param(message("voice", audio={"link": LINK}), [], id="MEH-SEND-04-voice-may-use-audio"),
    pytest.param(
        message("location", location={"latitude": "-90", "longitude": 180}),
        [],
        id="MEH-SEND-08-the-corners-of-the-map",
    ),
    pytest.param(message(text={"body": "x" * 4096}), [], id="MEH-SEND-14-4096-characters"),
    pytest.param(
        message(channelId=SMS, to={"phone": "1234567"}, text={"body": "x" * 5000}), [], id="MEH-SEND-14-sms-takes-more"
    ),
    pytest.param(message(channelId=TELEGRAM, to={"phone": "+1 (234) 567-8901.23"}), [], id="MEH-SEND-12-punctuation"),
    pytest.param(message(channelId=SMS, to={"phone": 123456789012345}), [], id="MEH-SEND-12-15-digits"),
    pytest.param(message(channelId=MAIL, to={"email": "Jo@Example.com"}), [], id="MEH-SEND-12-an-address"),
    pytest.param(message(channelId=FACEBOOK, to={"contactId": "fb:12121212121"}), [], id="MEH-SEND-11-an-alias"),
    pytest.param(
        message(to={"contactId": JOHN, "phone": "1"}), [], id="MEH-SEND-10-with-a-contactId-nothing-else-is-looked-at"
    ),
    pytest.param(
        buttons(URL, kind="audio", audio={"link": LINK}),
        [("FIELD_IGNORED", "options.buttons")],
        id="MEH-SEND-20-audio-has-no-buttons",
    ),
    pytest.param(
        buttons({"label": "Go", "type": "url", "url": LINK}, QUICK[0]), [], id="MEH-SEND-21-types-in-any-letter-case"
    ),
    pytest.param(buttons(*QUICK[:2], {"label": "x" * 20}), [], id="MEH-SEND-22-20-characters-of-3-replies"),
    pytest.param(buttons(*QUICK[:3], {"label": "x" * 24}), [], id="MEH-SEND-22-24-characters-of-4-replies"),
    pytest.param(
        buttons(*QUICK[:7], URL, {**URL, "code": "2"}, CALL), [], id="MEH-SEND-24-ten-with-two-urls-and-a-phone"
    ),
    pytest.param(buttons(), [], id="MEH-SEND-24-no-button-at-all"),
]


@pytest.mark.parametrize(("body", "expected"), ACCEPTED)
async def test_accepted(body: dict[str, Any], expected: list[tuple[str, str]], tenant: Tenant) -> None:
    """The other side of each boundary is accepted; what is ignored is warned of."""
    response = await tenant.post("/message/send", body)
    assert warned(response) == expected
    assert complaints(response.json(), "ApiResponse«OutBoundReciept,object»") == []


async def test_meh_send_03(tenant: Tenant) -> None:
    """MEH-SEND-03: the receipt has an id of 27 characters, twice; the same request again is another message."""
    first, second = [(await send(tenant)).json() for _ in range(2)]
    identifier = first["data"]["id"]
    assert first["results"] == [{"id": identifier}]
    assert len(identifier) == 27
    assert identifier.startswith("gBEG")
    assert identifier.isalnum()
    assert second["data"]["id"] != identifier
    await tenant.advance(0.2)
    assert [told["statuses"][0]["id"] for told in tenant.bodies()] == [identifier, second["data"]["id"]]


@pytest.mark.parametrize(
    ("body", "content"),
    [
        pytest.param(message(), Text("Hello"), id="MEH-SEND-04-text"),
        pytest.param(
            message("location", location={"latitude": "1.5", "longitude": -2, "name": "Here"}),
            Location(1.5, -2.0, "Here"),
            id="MEH-SEND-04-location",
        ),
        pytest.param(
            message("contacts", contacts=[{"name": {"formatted_name": "Jo Doe"}}]),
            Other("Jo Doe", {"contacts": [{"name": {"formatted_name": "Jo Doe"}}]}),
            id="MEH-SEND-04-contacts",
        ),
    ],
)
async def test_shown(body: dict[str, Any], content: Any, tenant: Tenant) -> None:
    """The handset shows what the content object says."""
    warned(await tenant.post("/message/send", body))
    (shown,) = tenant.account.journal.messages
    assert shown.content == content
    assert (shown.conversation.sender, shown.conversation.user, shown.channel) == (WHATSAPP, "919988776655", "WHATSAPP")


@pytest.mark.parametrize("kind", ["image", "video", "document", "audio", "voice"])
async def test_meh_send_07_is_not_fetched(kind: str, tenant: Tenant) -> None:
    """A media object is shown by its link, which nobody follows."""
    warned(await tenant.post("/message/send", message(kind, **{kind: {"link": LINK}})))
    (shown,) = tenant.account.journal.messages
    assert isinstance(shown.content, Media)
    assert (shown.content.file.media, shown.content.file.url) == (kind, LINK)
    assert tenant.webhook.received == []


async def test_meh_send_06(tenant: Tenant) -> None:
    """MEH-SEND-06: beside a template, one media object is its header, and a further one is ignored."""
    body = message("template", template={"code": "FEEDBACK"}, image={"link": LINK}, video={"link": LINK})
    assert warned(await tenant.post("/message/send", body)) == [("CONTENT_IGNORED", "video")]
    (shown,) = tenant.account.journal.messages
    assert shown.content.kind == "card"
    broken = message("template", template={"code": "FEEDBACK"}, image={"link": "x"})
    assert refusal(await tenant.post("/message/send", broken))[2] == "MEH-SEND-07"


async def test_meh_send_13(tenant: Tenant) -> None:
    """MEH-SEND-13: an unknown number becomes a contact by the name it is given; a later name is that message's alone."""
    for name in ("Jo", "Joanna"):
        warned(await send(tenant, to={"phone": "+91 700 000 0001", "name": name}))
    contact = tenant.world.contact("wa917000000001_918828218374")
    assert contact is not None
    assert (contact.name, contact.phone, contact.is_opted_in) == ("Jo", "917000000001", True)
    session = tenant.world.sessions.get(contact.session or "")
    assert session is not None
    assert [chat.name for chat in session.messages] == ["Jo", "Joanna"]


async def test_meh_opt_03(tenant: Tenant) -> None:
    """MEH-OPT-03: a new contact is opted in."""
    warned(await send(tenant, channelId=MAIL, to={"email": "New@Example.com"}))
    contact = tenant.world.contact("emailnew@example.com_support@example.com")
    assert contact is not None
    assert contact.is_opted_in


async def test_meh_send_15(tenant: Tenant) -> None:
    """MEH-SEND-15: a system message is a note in the session: nobody is told, and its status stays CRTD."""
    warned(await send(tenant, kind="system", text={"body": "Called back"}))
    await tenant.advance(60)
    session = tenant.world.sessions.get("61f3810a02e14c0877fc1a32")
    assert session is not None
    assert (session.messages[-1].text, session.messages[-1].status) == ("Called back", "CRTD")
    assert tenant.callbacks == []


@pytest.mark.parametrize("switch", [False, True], ids=["MEH-SEND-21-usually-not", "MEH-SEND-21-with-later-docs"])
async def test_location_request(switch: bool, tenant: Tenant) -> None:
    """A button may ask for a location where later versions of the document count."""
    tenant.configure(later_docs=switch)
    response = await tenant.post("/message/send", buttons({"label": "Where?", "type": "LOCATION_REQUEST"}))
    assert response.status_code == (200 if switch else 400)


async def test_meh_send_25(tenant: Tenant) -> None:
    """MEH-SEND-25: a button's code is its label unless it has one, and its name is the code."""
    given = ({"label": "Yes", "name": "other"}, {"label": "No", "code": "n", "desc": "Not now"})
    warned(await tenant.post("/message/send", buttons(*given)))
    (shown,) = tenant.account.journal.messages
    assert [(one.text, one.postback) for one in shown.suggestions] == [("Yes", "Yes"), ("No", "n")]
    session = (await tenant.post("/session/messages", {"sessionId": "61f3810a02e14c0877fc1a32"})).json()
    told = session["results"][-1]["options"]["buttons"]
    assert [(one["code"], one["name"], one["type"]) for one in told] == [
        ("Yes", "Yes", "QUICK_REPLY"),
        ("n", "n", "QUICK_REPLY"),
    ]


async def test_meh_send_30(tenant: Tenant) -> None:
    """A masked message is readable on the handset, and nowhere else: not in the session, the journal or the control API."""
    await send(tenant, text={"body": "Your code is 1234"}, mask=True)
    await send(tenant, kind="image", image={"link": LINK, "caption": "Secret view"}, mask="true")
    await send(tenant, kind="template", template={"code": "FEEDBACK", "data": {"amount": "1234"}}, mask=True)
    assert [one.text for one in tenant.account.journal.messages][:2] == ["Your code is 1234", "Secret view"]
    session = (await tenant.post("/session/messages", {"sessionId": "61f3810a02e14c0877fc1a32"})).json()["results"][2:]
    assert [one["text"] for one in session[:2]] == ["**** **** ** ****", "****** ****"]
    assert session[1]["attachments"][0]["mediaCaption"] == "****** ****"
    assert session[2]["meta"] == {"data": {}}
    control = await tenant.http.get("/_sandbox/messages", params={"account": "acc_mehery"})
    requests = await tenant.http.get("/_sandbox/requests", params={"account": "acc_mehery"})
    for text in (control.text, requests.text):
        assert "1234" not in text
        assert "Secret" not in text
    assert control.json()["items"][0]["text"] == "**** **** ** ****"


@pytest.mark.parametrize(("kind", "expected"), [("optin", True), ("optout", False)])
async def test_meh_opt_01(kind: str, expected: bool, tenant: Tenant) -> None:
    """MEH-OPT-01: optin and optout set the flag, as often as one likes; nothing goes to the handset, and nobody is told."""
    for _ in range(2):
        assert warned(await send(tenant, kind=kind)) == []
        contact = tenant.world.contact(JOHN)
        assert contact is not None
        assert contact.is_opted_in is expected
    assert warned(await send(tenant, kind=kind, text={"body": "Bye"})) == [("CONTENT_IGNORED", "text")]
    await tenant.advance(60)
    assert (tenant.callbacks, list(tenant.account.journal.messages)) == ([], [])


@pytest.mark.parametrize(
    ("kind", "members"),
    [("text", {}), ("template", {"template": {"code": "FEEDBACK"}})],
    ids=["MEH-OPT-02-freeform-and-outside-the-window", "MEH-OPT-02-an-approved-template"],
)
async def test_meh_opt_02(kind: str, members: dict[str, Any], tenant: Tenant) -> None:
    """Whoever opted out gets nothing: the message is accepted, and FAILD with OPTOUT; they may still write."""
    out = "wa919966554433_918828218374"
    warned(await send(tenant, kind=kind, to={"contactId": out}, **members))
    await tenant.advance(60)
    (told,) = tenant.bodies()
    (status,) = told["statuses"]
    assert (status["status"], status["messageIdExt"]) == ("FAILD", None)
    assert [(one["code"], one["title"]) for one in status["errors"]] == [("OPTOUT", "Recipient has opted out")]
    contact = tenant.world.contact(out)
    assert contact is not None
    session = tenant.world.sessions.get(contact.session or "")
    assert session is not None
    assert session.messages[-1].status == "BLCKD"
    await tenant.does("say", out, text="I am still here")
    assert tenant.bodies()[-1]["messages"][0]["text"]["body"] == "I am still here"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"channelId": ' + b"[" * 100_000, id="deep"),
        pytest.param(message(to={"phone": 1e300}), id="a-huge-number"),
        pytest.param(b'{"channelId": 1e400, "type": "text", "to": {}}', id="beyond-all-numbers"),
        pytest.param(message(text={"body": [1] * 1000}), id="a-list-for-a-text"),
        pytest.param(b'{"channelId": "\\ud800", "type": "text", "to": {}}', id="half-a-character"),
        pytest.param(message("contacts", contacts=[{} for _ in range(30_000)]), id="very-many-cards"),
        pytest.param(buttons(*[{}] * 30_000), id="very-many-buttons"),
        pytest.param(message("template", template={"code": {"a": 1}}), id="an-object-for-a-code"),
        pytest.param(message("template", template={"id": "x", "data": [DEEP]}), id="a-list-for-data"),
        pytest.param(b'{"channelId": 10000000000000000000000000000000000000000, "type": 1, "to": {}}', id="bignum"),
    ],
)
async def test_hostile(body: Any, tenant: Tenant) -> None:
    """Whatever comes, the answer is a refusal with at most a hundred entries."""
    response = await tenant.post("/message/send", body)
    assert response.status_code in (400, 404)
    assert len(response.json()["errors"]) <= 100


async def test_fiona_is_on_facebook(tenant: Tenant) -> None:
    """On Facebook, people are reached by their contactId."""
    assert warned(await send(tenant, channelId=FACEBOOK, to={"contactId": FIONA})) == []
