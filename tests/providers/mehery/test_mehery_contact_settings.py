"""Settings of contacts: what an operator or a scenario makes of people in the middle of a story."""

from __future__ import annotations

from typing import Any

import pytest

from mehery_tenant import JOHN, Tenant
from sandbox.engine.loader import load

pytestmark = pytest.mark.anyio

WHATSAPP = "wa360:918828218374"
STRANGER = "wa917000000001_918828218374"


async def first_status(tenant: Tenant, to: dict[str, Any]) -> tuple[str, str | None]:
    """Send a template and return the first status that is told of it, with its error."""
    await tenant.post(
        "/message/send", {"channelId": WHATSAPP, "type": "template", "to": to, "template": {"code": "FEEDBACK"}}
    )
    await tenant.advance(0.2)
    status = next(one for body in tenant.bodies() for one in body.get("statuses", ()))
    tenant.webhook.received.clear()
    return status["status"], next((error["code"] for error in status.get("errors") or ()), None)


@pytest.mark.parametrize(
    ("name", "to"),
    [
        pytest.param(JOHN, {"contactId": JOHN}, id="MEH-OPT-02-a-known-contact"),
        pytest.param("wa:919988776655", {"contactId": JOHN}, id="MEH-OPT-02-by-alias"),
        pytest.param(STRANGER, {"phone": "917000000001"}, id="MEH-OPT-02-one-who-is-not-known-yet"),
    ],
)
async def test_opted_out(name: str, to: dict[str, Any], tenant: Tenant) -> None:
    """Who the operator lets opt out gets nothing, until they may again."""
    tenant.configure(contacts={name: {"opted_in": False}})
    assert await first_status(tenant, to) == ("FAILD", "OPTOUT")
    tenant.configure(contacts={name: {"opted_in": True}})
    assert (await first_status(tenant, to))[0] == "SENT"


async def test_profile(tenant: Tenant) -> None:
    """Name, mail, language and labels are as the settings say, and what they do not say stays."""
    tenant.configure(contacts={JOHN: {"lang": "HI", "labels": {"tier": "gold"}}})
    john = tenant.world.contact(JOHN)
    assert john is not None
    assert (john.name, john.lang, {key: label.value for key, label in john.labels.items()}) == (
        "John Doe",
        "HI",
        {"tier": "gold"},
    )
    tenant.configure(contacts={JOHN: {"name": "Johnny", "email": "john@example.com"}})
    assert tenant.world.contact(JOHN) is john
    assert (john.name, john.email, john.lang) == ("Johnny", "john@example.com", "HI")


async def test_calls_come_later(tenant: Tenant) -> None:
    """MEH-PREF-03: what a call says after the settings did holds until they change."""
    tenant.configure(contacts={JOHN: {"lang": "HI"}})
    await tenant.post("/contact/prefs/lang", {"contactId": JOHN, "lang": "EN"})
    john = tenant.world.contact(JOHN)
    assert john is not None
    assert john.lang == "EN"


async def test_in_a_scenario(tenant: Tenant) -> None:
    """A scenario lets a person opt out when it is their turn."""
    out = f"{{contacts: {{{JOHN}: {{opted_in: false}}}}}}"
    script = f"name: leaving\nsteps:\n  - {{do: settings, after: 5s, set: {out}}}"
    tenant.app.sandbox.start_run(tenant.account, load(script), "919988776655", "wa360:918828218374")
    told = []
    for seconds in (4.9, 0.1):
        await tenant.advance(seconds)
        john = tenant.world.contact(JOHN)
        assert john is not None
        told.append(john.is_opted_in)
    assert told == [True, False]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"lang": "hi"}, id="lang-in-small-letters"),
        pytest.param({"lang": "XX"}, id="no-language"),
        pytest.param({"opted_in": "perhaps"}, id="no-word-for-yes-or-no"),
        pytest.param({"mood": "good"}, id="unknown"),
    ],
)
async def test_what_it_cannot_be(said: dict[str, Any], tenant: Tenant) -> None:
    """Values that nobody knows are refused, and nothing changes."""
    before = tenant.account.settings
    with pytest.raises(ValueError, match="contacts"):
        tenant.configure(contacts={JOHN: said})
    assert tenant.account.settings is before
