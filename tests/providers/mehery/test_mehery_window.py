"""WhatsApp's support window: when it is open, what happens outside, and what opens it."""

from __future__ import annotations

from typing import Any

import pytest

from mehery_tenant import JOHN, Tenant

pytestmark = pytest.mark.anyio

WHATSAPP = "wa360:918828218374"
ASHA = "wa919977665544_918828218374"
HOUR = 3600.0
TITLE = (
    "Failed to send message because you are outside the support window for freeform messages to this user."
    " Please use a valid HSM notification or reconsider."
)


async def outcome(tenant: Tenant, to: dict[str, Any], channel: str = WHATSAPP, kind: str = "text") -> str:
    """Send something and return the first status that is told of it."""
    content = {"template": {"code": "FEEDBACK"}} if kind == "template" else {"text": {"body": "Hello"}}
    response = await tenant.post("/message/send", {"channelId": channel, "type": kind, "to": to, **content})
    await tenant.advance(0.2)
    statuses = [one for body in tenant.bodies() for one in body.get("statuses", ())]
    return str(next(one["status"] for one in statuses if one["id"] == response.json()["data"]["id"]))


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        pytest.param(23 - 1 / HOUR, "SENT", id="MEH-WIN-01-a-second-before-24-hours"),
        pytest.param(23, "FAILD", id="MEH-WIN-01-at-24-hours"),
    ],
)
async def test_meh_win_01(hours: float, expected: str, tenant: Tenant) -> None:
    """John wrote an hour before the start: his window is open for 23 hours more, to the second."""
    assert tenant.world.contact(JOHN) is not None
    await tenant.advance(hours * HOUR)
    tenant.webhook.received.clear()
    assert await outcome(tenant, {"contactId": JOHN}) == expected


async def test_meh_win_01_never_wrote(tenant: Tenant) -> None:
    """Somebody who never wrote has no window."""
    assert await outcome(tenant, {"phone": "917000000001"}) == "FAILD"


async def test_meh_win_02(tenant: Tenant) -> None:
    """Outside the window freeform is accepted, and told FAILD once, with one error and nothing before it."""
    response = await tenant.post(
        "/message/send",
        {"channelId": WHATSAPP, "type": "text", "to": {"contactId": ASHA}, "text": {"body": "Hello"}},
    )
    assert response.status_code == 200
    await tenant.advance(HOUR)
    (told,) = tenant.bodies()
    assert told["statuses"] == [
        {
            "id": response.json()["data"]["id"],
            "messageIdExt": None,
            "contactId": ASHA,
            "status": "FAILD",
            "timestamp": told["statuses"][0]["timestamp"],
            "errors": [
                {
                    "code": "470",
                    "title": TITLE,
                    "details": "",
                    "href": "https://developers.facebook.com/docs/whatsapp/api/errors#error",
                }
            ],
        }
    ]
    contact = tenant.world.contact(ASHA)
    assert contact is not None
    session = tenant.world.sessions.get(contact.session or "")
    assert session is not None
    assert session.messages[-1].status == "CCWIN"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param("template", "SENT", id="MEH-WIN-02-an-approved-template-arrives"),
        pytest.param("text", "FAILD", id="MEH-WIN-02-a-text-does-not"),
    ],
)
async def test_meh_win_02_by_kind(kind: str, expected: str, tenant: Tenant) -> None:
    """Approved templates need no window."""
    assert await outcome(tenant, {"contactId": ASHA}, kind=kind) == expected


async def test_meh_win_03(tenant: Tenant) -> None:
    """MEH-WIN-03: a template does not open the window; a tapped button does, for 24 hours."""
    assert await outcome(tenant, {"contactId": ASHA}, kind="template") == "SENT"
    assert await outcome(tenant, {"contactId": ASHA}) == "FAILD"
    await tenant.does("tap", ASHA, suggestion="Good")
    assert tenant.bodies()[-1]["type"] == "messages"
    assert await outcome(tenant, {"contactId": ASHA}) == "SENT"


@pytest.mark.parametrize(
    ("channel", "to", "enforced"),
    [
        pytest.param(WHATSAPP, {"phone": "917000000001"}, False, id="MEH-WIN-04-switched-off"),
        pytest.param("sms:SANDBX", {"phone": "917000000001"}, True, id="MEH-WIN-04-not-on-sms"),
        pytest.param("mailto:supportexamplecom", {"email": "a@example.com"}, True, id="MEH-WIN-04-not-on-email"),
        pytest.param("tg:sandboxsupportbot", {"phone": "917000000001"}, True, id="MEH-WIN-04-not-on-telegram"),
    ],
)
async def test_meh_win_04(channel: str, to: dict[str, Any], enforced: bool, tenant: Tenant) -> None:
    """The window can be switched off, and is WhatsApp's alone."""
    tenant.configure(window_enforced=enforced)
    assert await outcome(tenant, to, channel) == "SENT"
