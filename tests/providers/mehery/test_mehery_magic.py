"""Magic phones: each does what is listed of it, always; and the stories that MeherY's people play."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from mehery_tenant import INFO, Tenant
from sandbox.engine.scenario import Run
from sandbox.providers.mehery import magic
from sandbox.webhook_client import Answer

pytestmark = pytest.mark.anyio

WHATSAPP, SMS, MAIL = "wa360:918828218374", "sms:SANDBX", "mailto:supportexamplecom"
PREFIX = "9199000000"
USUAL = ["SENT", "DLVRD", "READ"]


async def send(tenant: Tenant, to: str, channel: str = WHATSAPP, /, **members: Any) -> httpx.Response:
    """Send a text to a phone or a mailbox."""
    address = {"email": to} if "@" in to else {"phone": to}
    body = {"channelId": channel, "type": "text", "to": address, "text": {"body": "Hello"}, **members}
    return await tenant.post("/message/send", body)


def told(tenant: Tenant) -> list[str]:
    """Return statuses, and types of messages, that the webhook heard of in order; no events."""
    found = []
    for body in tenant.bodies():
        if body["type"] == "statuses":
            (one,) = body["statuses"]
            found.append(" ".join([one["status"], *(error["code"] for error in one["errors"])]))
        elif body["type"] == "messages":
            found.append(body["messages"][0]["type"])
    return found


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        pytest.param("01", USUAL, id="0001-the-usual-way"),
        pytest.param("02", USUAL[:2], id="0002-stops-at-DLVRD"),
        pytest.param("03", USUAL[:1], id="0003-stops-at-SENT"),
        pytest.param("04", ["FAILD 470"], id="0004-the-window-is-closed"),
        pytest.param("05", ["FAILD 471"], id="0005-from-INIT"),
        pytest.param("06", ["FAILD 472"], id="0006-from-INIT"),
        pytest.param("07", ["SENT", "FAILD 500"], id="0007-after-SENT"),
        pytest.param("08", [*USUAL, "DELTD"], id="0008-is-deleted"),
        pytest.param("13", ["FAILD OPTOUT"], id="0013-opted-out"),
        pytest.param("14", USUAL[::-1], id="0014-backwards"),
        pytest.param("15", ["SENT", "SENT", "DLVRD", "DLVRD", "READ", "READ"], id="0015-twice"),
        pytest.param("16", ["SENT", "DLVRD", "text", "READ"], id="0016-echoes"),
        pytest.param("17", USUAL, id="0017-has-nothing-to-tap"),
        pytest.param("18", ["SENT", "DLVRD", "location", "READ"], id="0018-shares-a-place"),
        pytest.param("19", ["SENT", "DLVRD", "image", "READ"], id="0019-sends-an-image"),
    ],
)
async def test_magic_phones(phone: str, expected: list[str], tenant: Tenant) -> None:
    """A freeform text on WhatsApp comes to what is listed; the window counts as open but for 0004."""
    assert (await send(tenant, PREFIX + phone)).status_code == 200
    await tenant.advance(30)
    assert told(tenant) == expected
    assert all(run.state == "passed" for run in tenant.account.journal.runs if isinstance(run, Run))


@pytest.mark.parametrize(
    ("phone", "status", "key"),
    [("09", 500, "API_ERROR"), ("10", 503, "SERVICE_UNAVAILABLE"), ("11", 429, "TOO_MANY_REQUESTS")],
    ids=["0009", "0010", "0011"],
)
@pytest.mark.parametrize("by", ["phone", "contactId"])
async def test_magic_refusals(by: str, phone: str, status: int, key: str, tenant: Tenant) -> None:
    """Some phones have `message/send` itself fail, in MeherY's own form, and the journal names them."""
    to = {"phone": f"+{PREFIX}{phone}"} if by == "phone" else {"contactId": f"wa{PREFIX}{phone}_918828218374"}
    response = await send(tenant, "", WHATSAPP, to=to)
    assert (response.status_code, response.json()["statusKey"], response.json()["status"]) == (status, key, str(status))
    assert list(tenant.account.journal.requests)[-1].fault == PREFIX + phone
    assert list(tenant.account.journal.messages) == []


async def test_magic_0012(tenant: Tenant) -> None:
    """The receipt comes after five seconds, and the statuses behind it."""
    call = asyncio.ensure_future(send(tenant, f"{PREFIX}12"))
    for _ in range(50):
        await asyncio.sleep(0)
    await tenant.advance(4.999)
    assert not call.done()
    await tenant.advance(0.001)
    assert (await call).status_code == 200
    await tenant.advance(30)
    assert told(tenant) == USUAL


async def test_magic_0004_with_a_template(tenant: Tenant) -> None:
    """Outside the window an approved template arrives; on SMS there is no window."""
    await send(tenant, f"{PREFIX}04", type="template", template={"code": "FEEDBACK"})
    await send(tenant, f"{PREFIX}04", SMS)
    await tenant.advance(30)
    assert sorted(told(tenant)) == sorted(USUAL * 2)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param({}, "Hello", id="0016-the-same-text"),
        pytest.param(
            {"type": "image", "image": {"link": "https://example.com/a.jpg", "caption": "A dog"}},
            "echo: A dog",
            id="0016-a-caption",
        ),
        pytest.param(
            {"type": "location", "location": {"latitude": 1, "longitude": 2}}, "echo: 1.0, 2.0", id="0016-a-place"
        ),
        pytest.param({"text": {"body": "{{ user }}"}}, "{{ user }}", id="0016-braces-mean-nothing"),
    ],
)
async def test_magic_0016(members: dict[str, Any], expected: str, tenant: Tenant) -> None:
    """The echo says the same, or what can be read of what is no text."""
    await send(tenant, f"{PREFIX}16", **members)
    await tenant.advance(30)
    texts = [body["messages"][0]["text"]["body"] for body in tenant.bodies() if body["type"] == "messages"]
    assert texts == [expected]


async def test_magic_0017(tenant: Tenant) -> None:
    """The first quick reply is tapped, wherever it stands."""
    given = [{"type": "URL", "label": "Open", "url": "https://example.com"}, {"label": "Yes", "code": "y"}]
    await send(tenant, f"{PREFIX}17", options={"buttons": given})
    await tenant.advance(30)
    assert told(tenant) == ["SENT", "DLVRD", "text", "READ"]
    (message,) = [body["messages"][0] for body in tenant.bodies() if body["type"] == "messages"]
    assert message["input"]["reply_id"] == "y"


async def test_magic_mailbox(tenant: Tenant) -> None:
    """A mailbox bounces."""
    assert (await send(tenant, "Bounce@example.com", MAIL)).status_code == 200
    await tenant.advance(30)
    assert told(tenant) == ["FAILD 500"]


async def test_magic_follows_the_accounts_times(tenant: Tenant) -> None:
    """The usual way takes the account's own times."""
    tenant.configure(status_delays={"SENT": 2, "DLVRD": 4, "READ": None})
    await send(tenant, f"{PREFIX}16")
    await tenant.advance(3.999)
    assert told(tenant) == ["SENT"]
    await tenant.advance(30)
    assert told(tenant) == ["SENT", "DLVRD", "text"]


def test_magic_is_listed() -> None:
    """The phones run from 0001 to 0019 without a gap, and one mailbox comes last."""
    addresses = [one.address for one in magic.MAGIC]
    assert addresses == [*(f"{PREFIX}{number:02d}" for number in range(1, 20)), "bounce@example.com"]
    assert all(one.does for one in magic.MAGIC)


# ------------------------------------------------------------------------------------------------------------- stories


def run_of(tenant: Tenant, scenario: str) -> Run:
    """Return the one run of a scenario."""
    (run,) = [run for run in tenant.account.journal.runs if isinstance(run, Run) and run.scenario == scenario]
    return run


@pytest.mark.parametrize(
    ("routes", "state"), [(True, "passed"), (False, "failed")], ids=["handed-over", "kept-by-the-bot"]
)
async def test_support_handover(routes: bool, state: str, tenant: Tenant) -> None:
    """The run passes if the business routes the session to the agent desk in time, and only then."""
    phone = "919900005001"
    await send(tenant, phone, type="template", template={"code": "FEEDBACK"})
    await tenant.advance(3)
    session = tenant.bodies()[-1]["messages"][0]["session"]["sessionId"]
    if routes:
        await tenant.post("/session/routing", {"sessionId": session, "queue": "agent_desk", "skills": ["ortho"]})
    await tenant.advance(60)
    assert run_of(tenant, "support-handover").state == state
    response = await tenant.post("/session/messages", {"sessionId": session})
    senders = [one["sender"] for one in response.json()["results"] if one["type"] == "O"]
    assert senders == ["external_bot", *(["alice", "alice"] if routes else [])]
    known = tenant.world.sessions.get(session)
    assert known is not None
    assert known.is_resolved is routes


async def test_reopen_window(tenant: Tenant) -> None:
    """Freeform fails, a template is answered, and then freeform arrives."""
    phone = "919900005002"
    await send(tenant, phone)
    await tenant.advance(5)
    assert told(tenant) == ["FAILD 470"]
    await send(tenant, phone, type="template", template={"code": "FEEDBACK"})
    await tenant.advance(5)
    assert told(tenant)[1:] == [*USUAL, "text"]
    await send(tenant, phone, text={"body": "Gladly: here is more."})
    await tenant.advance(5)
    assert told(tenant)[5:] == USUAL
    assert run_of(tenant, "reopen-window").state == "passed"


async def test_first_contact_profile(tenant: Tenant) -> None:
    """Who writes first is asked about first, and the next callback shows what was answered."""
    tenant.configure(contact_info_url=INFO)
    tenant.webhook.answers = [200, 200, 200, Answer(200, '{"name": "Jo Doe", "profileId": "C1"}')]
    phone = "919900005003"
    await send(tenant, phone, type="template", template={"code": "FEEDBACK"})
    await tenant.advance(5)
    assert len(tenant.told(INFO)) == 1
    routed = next(body for body in tenant.bodies() if body["type"] == "events")
    assert routed["contacts"][0]["businessProfile"]["name"] == "Jo Doe"
    await send(tenant, phone, text={"body": "Of course, Jo!"})
    await tenant.advance(60)
    assert run_of(tenant, "first-contact-profile").state == "passed"
