"""Templates: how they are found, in which language, and what their placeholders become."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mehery_tenant import JOHN, Tenant, refusal
from sandbox.providers.mehery import rendering
from sandbox.providers.mehery.world import Template

pytestmark = pytest.mark.anyio

WHATSAPP, NOTIFICATIONS, MAIL = "wa360:918828218374", "wacfb:919999998888", "mailto:supportexamplecom"
FEEDBACK = "60d236c6142e53561cb7716c"
LINK = "https://example.com/a.jpg"


async def send(tenant: Tenant, channel: str = WHATSAPP, to: dict[str, Any] | None = None, **template: Any) -> Any:
    """Send a template, to John unless told otherwise."""
    body = {"channelId": channel, "type": "template", "to": to or {"contactId": JOHN}, "template": template}
    return await tenant.post("/message/send", body)


def shown(tenant: Tenant) -> str:
    """Return what the person reads of the newest message."""
    return list(tenant.account.journal.messages)[-1].text


@pytest.mark.parametrize(
    ("channel", "template", "rule", "field"),
    [
        pytest.param(WHATSAPP, {"id": "1"}, "MEH-SEND-41", "template.id", id="MEH-SEND-41-unknown-id"),
        pytest.param(WHATSAPP, {"code": "NOPE"}, "MEH-SEND-41", "template.code", id="MEH-SEND-41-unknown-code"),
        pytest.param(
            WHATSAPP, {"id": "1", "code": "FEEDBACK"}, "MEH-SEND-41", "template.id", id="MEH-SEND-40-id-beats-code"
        ),
        pytest.param(
            WHATSAPP, {"code": "email_welcome"}, "MEH-SEND-42", "template.code", id="MEH-SEND-42-of-another-channel"
        ),
        pytest.param(MAIL, {"id": FEEDBACK}, "MEH-SEND-42", "template.id", id="MEH-SEND-42-by-id-too"),
    ],
)
async def test_no_template(channel: str, template: dict[str, Any], rule: str, field: str, tenant: Tenant) -> None:
    """A template that is not there, or is for another kind of channel, is not found."""
    to = {"email": "jane@example.com"} if channel == MAIL else None
    expected = (404, "HTTP_NOT_FOUND", rule, [("TEMPLATE_NOT_FOUND", field)])
    assert refusal(await send(tenant, channel, to, **template)) == expected


@pytest.mark.parametrize("data", [[], "x", 7, [{}]], ids=lambda data: f"MEH-SEND-45-{type(data).__name__}")
async def test_meh_send_45(data: Any, tenant: Tenant) -> None:
    """A template's data is an object."""
    expected = (400, "PARAM_TYPE_MISMATCH", "MEH-SEND-45", [("FIELD_TYPE_MISMATCH", "template.data")])
    assert refusal(await send(tenant, code="FEEDBACK", data=data)) == expected


@pytest.mark.parametrize(
    ("template", "preferred", "begins"),
    [
        pytest.param({"code": "feedback"}, None, "Hi ", id="MEH-SEND-40-code-in-any-letter-case"),
        pytest.param({"id": FEEDBACK, "code": "NOPE", "lang": "hi"}, "HI", "Hi ", id="MEH-SEND-40-id-ignores-the-rest"),
        pytest.param({"code": "FEEDBACK", "lang": "hi"}, None, "नमस्ते", id="MEH-SEND-43-exactly"),
        pytest.param({"code": "FEEDBACK", "lang": "hi_IN"}, None, "नमस्ते", id="MEH-SEND-43-language-of-a-region"),
        pytest.param({"code": "FEEDBACK", "lang": "HI-in"}, None, "नमस्ते", id="MEH-SEND-43-in-any-letter-case"),
        pytest.param({"code": "FEEDBACK"}, "HI", "नमस्ते", id="MEH-SEND-43-the-contacts-preference"),
        pytest.param({"code": "FEEDBACK", "lang": "fr"}, "HI", "Hi ", id="MEH-SEND-43-a-missing-one-falls-back-to-en"),
        pytest.param({"code": "FEEDBACK", "lang": " "}, "HI", "नमस्ते", id="MEH-SEND-43-a-blank-one-is-none"),
        pytest.param({"code": "FEEDBACK"}, "FR", "Hi ", id="MEH-SEND-43-a-preference-that-is-missing-too"),
    ],
)
async def test_language(template: dict[str, Any], preferred: str | None, begins: str, tenant: Tenant) -> None:
    """The language falls back from what is asked for to the preference, English and the only one there is."""
    contact = tenant.world.contact(JOHN)
    assert contact is not None
    contact.lang = preferred
    assert (await send(tenant, **template)).status_code == 200
    assert shown(tenant).startswith(begins)


async def test_meh_pref_04(tenant: Tenant) -> None:
    """MEH-PREF-04: the language that a person prefers is that of templates which name none."""
    await tenant.post("/contact/prefs/lang", {"contactId": JOHN, "lang": "hi"})
    await send(tenant, code="FEEDBACK")
    assert shown(tenant).startswith("नमस्ते")
    await send(tenant, code="FEEDBACK", lang="en")
    assert shown(tenant).startswith("Hi ")


@pytest.mark.parametrize(
    ("languages", "found"),
    [
        pytest.param(["hi"], "hi", id="MEH-SEND-43-the-only-variant"),
        pytest.param(["hi", "fr"], None, id="MEH-SEND-43-two-and-neither-is-en"),
    ],
)
async def test_without_english(languages: list[str], found: str | None, tenant: Tenant) -> None:
    """Where there is no English, the only variant will do; of several none is preferred."""
    world, template = tenant.world, tenant.world.templates[FEEDBACK]
    world.templates = {lang: replace(template, id=lang, code="solo", lang=lang) for lang in languages}
    chosen = rendering.by_code(world, "solo", "WHATSAPP", "de", None)
    assert (chosen.lang if chosen is not None else None) == found
    assert (await send(tenant, code="solo")).status_code == (200 if found else 404)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("{{data.a}}|{{a}}|{{ data.a }}", "x|x|x", id="MEH-SEND-44-data-bare-and-spaced"),
        pytest.param("{{1}}", "first", id="MEH-SEND-44-numbered"),
        pytest.param("{{data.deep.er}}", "y", id="MEH-SEND-44-nested"),
        pytest.param("{{data.dotted.key}}", "z", id="MEH-SEND-44-a-key-with-a-dot"),
        pytest.param("{{contact.name}} {{contact.phone}}", "Jo 919988776655", id="MEH-SEND-44-contact"),
        pytest.param("{{global.company_name}}", "Sandbox Co", id="MEH-SEND-44-global"),
        pytest.param("[{{global.old_promo}}]", "[]", id="MEH-SEND-44-a-disabled-global"),
        pytest.param("[{{data.no}}{{nobody.at.all}}{{data.a.b}}]", "[]", id="MEH-SEND-44-missing-is-empty"),
        pytest.param("{{data.ten}} {{data.half}} {{data.yes}}", "10 0.5 true", id="MEH-SEND-44-numbers-as-json"),
        pytest.param("{{data.deep}}", '{"er":"y"}', id="MEH-SEND-44-objects-as-json"),
        pytest.param("[{{data.null}}]", "[]", id="MEH-SEND-44-null-is-missing"),
        pytest.param("{{data.tricky}}", "{{data.a}}", id="MEH-SEND-44-a-value-is-no-template"),
        pytest.param("{ {a} } {{}} {{a b}}", "{ {a} } {{}} {{a b}}", id="MEH-SEND-44-what-is-no-placeholder"),
    ],
)
async def test_meh_send_44(text: str, expected: str, tenant: Tenant) -> None:
    """Placeholders are filled in header, body, footer and URL; what is missing is an empty string."""
    data = {
        "a": "x",
        "1": "first",
        "deep": {"er": "y"},
        "dotted.key": "z",
        "ten": 10,
        "half": 0.5,
        "yes": True,
        "null": None,
        "tricky": "{{data.a}}",
    }
    whole = Template("t", "t", "en", None, {}, text, header=text, footer=text, title=text)
    contact = tenant.world.contact(JOHN)
    assert contact is not None
    found = rendering.rendered(whole, tenant.world, contact, "Jo", data)
    assert (found.body, found.header, found.footer, found.title) == (expected,) * 4


async def test_meh_send_44_in_a_url(tenant: Tenant) -> None:
    """A button's URL is filled too, and the header's picture is shown."""
    assert (await send(tenant, code="promo_image", data={"slug": "spring"})).status_code == 200
    (message,) = tenant.account.journal.messages
    (button,) = message.suggestions
    assert button.action is not None
    assert button.action.details["url"] == "https://example.com/p/spring"
    assert message.content.kind == "card"


async def test_meh_send_44_has_an_end(tenant: Tenant) -> None:
    """However often a large value is repeated, a part has an end."""
    whole = Template("t", "t", "en", None, {}, "{{a}}" * 50)
    contact = tenant.world.contact(JOHN)
    assert contact is not None
    found = rendering.rendered(whole, tenant.world, contact, None, {"a": "x" * 100_000})
    assert len(found.body) == rendering.MOST_TEXT


async def test_buttons_of_a_template(tenant: Tenant) -> None:
    """A template's own buttons come first, then those of the request (MEH-SEND-20)."""
    body = {"channelId": WHATSAPP, "type": "template", "to": {"contactId": JOHN}, "template": {"code": "FEEDBACK"}}
    await tenant.post("/message/send", {**body, "options": {"buttons": [{"label": "So so"}]}})
    (message,) = tenant.account.journal.messages
    assert [one.text for one in message.suggestions] == ["Good", "Bad", "So so"]
    session = (await tenant.post("/session/messages", {"sessionId": "61f3810a02e14c0877fc1a32"})).json()
    told = session["results"][-1]
    assert (told["template"], told["templateId"]) == ("FEEDBACK", FEEDBACK)
    assert told["text"].startswith("Hi John Doe, thanks for paying")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param({"1": "1234"}, ["SENT", "DLVRD", "READ"], id="MEH-SEND-46-filled"),
        pytest.param({"1": 0}, ["SENT", "DLVRD", "READ"], id="MEH-SEND-46-nought-is-something"),
        pytest.param({}, ["FAILD"], id="MEH-SEND-46-missing"),
        pytest.param({"1": " "}, ["FAILD"], id="MEH-SEND-46-blank"),
    ],
)
async def test_meh_send_46(data: dict[str, Any], expected: list[str], tenant: Tenant) -> None:
    """A strict template is accepted with a blank variable, and fails later with 2000."""
    response = await send(tenant, NOTIFICATIONS, {"phone": "917000000002"}, code="otp_code", data=data)
    assert response.status_code == 200
    await tenant.advance(60)
    told = [body["statuses"][0] for body in tenant.bodies()]
    assert [one["status"] for one in told] == expected
    if expected == ["FAILD"]:
        (error,) = told[0]["errors"]
        assert (error["code"], error["title"]) == ("2000", "Template parameters do not match the approved format")


@pytest.mark.parametrize(
    ("code", "phone", "expected"),
    [
        pytest.param("promo_image", "919988776655", "READ", id="MEH-SEND-47-pending-inside-the-window"),
        pytest.param("rejected_offer", "919988776655", "READ", id="MEH-SEND-47-rejected-inside-the-window"),
        pytest.param("promo_image", "919977665544", "FAILD", id="MEH-SEND-47-pending-outside"),
        pytest.param("rejected_offer", "919977665544", "FAILD", id="MEH-SEND-47-rejected-outside"),
        pytest.param("FEEDBACK", "919977665544", "READ", id="MEH-SEND-47-approved-outside"),
    ],
)
async def test_meh_send_47(code: str, phone: str, expected: str, tenant: Tenant) -> None:
    """A template that is not approved for the channel is as good as freeform."""
    await send(tenant, to={"phone": phone}, code=code)
    await tenant.advance(60)
    assert tenant.bodies()[-1]["statuses"][0]["status"] == expected


async def test_meh_send_47_elsewhere(tenant: Tenant) -> None:
    """Off WhatsApp nobody asks whether a template was approved; on it, settings can approve one."""
    tenant.configure(approvals={"email_welcome": {MAIL: "REJECTED"}, "promo_image": {WHATSAPP: "APPROVED"}})
    await send(tenant, MAIL, {"email": "jane@example.com"}, code="email_welcome")
    await tenant.advance(60)
    assert tenant.bodies()[-1]["statuses"][0]["status"] == "READ"
    await send(tenant, to={"phone": "919977665544"}, code="promo_image")
    await tenant.advance(60)
    assert tenant.bodies()[-1]["statuses"][0]["status"] == "READ"
