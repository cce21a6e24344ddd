"""Callbacks: who is told of what, in which form and order; and what people send."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from harness import FakeWebhook
from mehery_shapes import complaints
from mehery_tenant import FIONA, INFO, JOHN, WEBHOOK, Tenant
from sandbox.engine.actions import InvalidActionError, NotPossibleError
from sandbox.providers.mehery import callbacks
from sandbox.shipped import folder

pytestmark = pytest.mark.anyio

WHATSAPP = "wa360:918828218374"
BILLING = "http://127.0.0.1:9/billing"
OPEN = "61f3810a02e14c0877fc1a32"
NEW = "wa917000000001_918828218374"
ALWAYS = ["id", "messageIdExt", "contactId", "from", "timestamp", "type", "session", "tags"]


async def send(tenant: Tenant, **members: Any) -> str:
    """Send a text to John, with some members changed, and return the message's id."""
    body = {"channelId": WHATSAPP, "type": "text", "to": {"contactId": JOHN}, "text": {"body": "Hello"}, **members}
    response = await tenant.post("/message/send", body)
    assert response.status_code == 200
    return str(response.json()["data"]["id"])


def ill_shaped(body: dict[str, Any]) -> list[str]:
    """Return what of a callback is not as published, but for keys that a message of its type has not, or has besides."""
    extra = (": lacks", ".input: unknown", ".form: unknown")
    return [line for line in complaints(body, "InBoundWrapper") if not line.endswith(extra)]


async def heard(tenant: Tenant, deed: str, user: str = JOHN, **members: Any) -> dict[str, Any]:
    """Have a person do something and return the message that the webhook heard of last."""
    await tenant.does(deed, user, **members)
    body = tenant.bodies()[-1]
    assert ill_shaped(body) == []
    (message,) = body["messages"]
    return dict(message)


# ------------------------------------------------------------------------------------------------------------ the form


async def test_whole_text(tenant: Tenant) -> None:
    """A text is told exactly so (section 5 of the contract)."""
    message = await heard(tenant, "say", text="Hello")
    (body,) = tenant.bodies()
    assert body == {
        "type": "messages",
        "meta": {"appId": "61ec7d9c2ce85742b201c5ab", "domain": "sandbox", "server": "localhost:4700", "debug": False},
        "contacts": [
            {
                "channelId": WHATSAPP,
                "contactType": "WHATSAPP",
                "contactId": JOHN,
                "csid": "919988776655",
                "lane": "918828218374",
                "profile": {"name": "John Doe", "phone": "919988776655", "email": None},
                "businessProfile": {"profileId": None, "name": None, "phone": None, "email": None},
            }
        ],
        "messages": [
            {
                "id": message["id"],
                "messageIdExt": message["messageIdExt"],
                "contactId": JOHN,
                "from": "919988776655",
                "timestamp": int(tenant.account.clock.now().timestamp() * 1000),
                "type": "text",
                "text": {"body": "Hello", "type": "text"},
                "session": {
                    "sessionId": OPEN,
                    "routingId": "77fc1a320-323-232",
                    "assignedToDept": None,
                    "assignedToAgent": None,
                },
                "tags": {
                    "categories": [],
                    "cities": [],
                    "countries": [],
                    "langs": [],
                    "locations": [],
                    "organizations": [],
                    "persons": [],
                    "sentimentScore": 0,
                    "sentiments": [],
                },
            }
        ],
    }
    assert (message["id"][:4], message["messageIdExt"][:4]) == ("gBEG", "ABEG")
    assert (len(message["id"]), len(message["messageIdExt"])) == (27, 27)


async def test_meh_cb_01(tenant: Tenant) -> None:
    """MEH-CB-01: a callback is JSON, and carries the verify token; the operator's own headers go along."""
    await tenant.does("say", text="Hello")
    (received,) = tenant.told()
    assert received.encoded.content_type == "application/json"
    assert ("x-verify-token", "s1agenttoken$$$") in received.headers


async def test_meh_cb_04(tenant: Tenant) -> None:
    """MEH-CB-04: each callback has the one array that its type names, with one element, beside type, meta and contacts."""
    await send(tenant)
    await tenant.advance(5)
    await tenant.does("say", NEW, text="Hi")
    await tenant.does("action", action_code="SEND_INVOICE")
    found = tenant.bodies()
    assert [body["type"] for body in found] == [*["statuses"] * 3, "events", "messages", "actions"]
    for body in found:
        assert list(body) == ["type", "meta", "contacts", body["type"]]
        assert len(body[body["type"]]) == 1
        assert ill_shaped(body) == []


async def test_meh_cb_05(tenant: Tenant) -> None:
    """MEH-CB-05: each callback has the one contact that it is about, whatever its type."""
    await send(tenant)
    await tenant.advance(5)
    await tenant.does("action", action_code="SEND_INVOICE")
    await tenant.does("event", event_code="SESSION_STATUS")
    assert [[one["contactId"] for one in body["contacts"]] for body in tenant.bodies()] == [[JOHN]] * 5


@pytest.mark.parametrize(
    ("queue", "expected"),
    [
        pytest.param("external_bot", [WEBHOOK], id="MEH-CB-02-the-main-app"),
        pytest.param("billing_bot", [BILLING], id="MEH-CB-02-another-app"),
        pytest.param("agent_desk", [], id="MEH-CB-02-agents-look-for-themselves"),
        pytest.param("basic_bot", [], id="MEH-CB-02-bots-do-too"),
    ],
)
async def test_meh_cb_02(queue: str, expected: list[str], tenant: Tenant) -> None:
    """Messages and routings go to the webhook of the queue's app, if it is of the type WEBHOOK."""
    tenant.configure(apps={"billing_bot": {"webhook": BILLING}})
    await tenant.post("/session/routing", {"sessionId": OPEN, "queue": queue})
    await tenant.does("say", text="Hi")
    assert [received.url for received in tenant.webhook.received] == expected * 2


async def test_meh_cb_02_without_a_url(tenant: Tenant) -> None:
    """An app of the type WEBHOOK without a webhook is told in the journal alone."""
    await tenant.post("/session/routing", {"sessionId": OPEN, "queue": "billing_bot"})
    await tenant.does("say", text="Hi")
    assert [(one.kind, one.state, one.detail) for one in tenant.callbacks] == [
        ("event.SESSION_ROUTED", "recorded", "billing_bot has no webhook (setting apps.billing_bot.webhook)"),
        ("message.text", "recorded", "billing_bot has no webhook (setting apps.billing_bot.webhook)"),
    ]


@pytest.mark.parametrize(
    ("queue", "expected"),
    [
        pytest.param("billing_bot", BILLING, id="MEH-CB-03-the-queues-app"),
        pytest.param("agent_desk", WEBHOOK, id="MEH-CB-03-else-that-of-the-channels-queue"),
        pytest.param("basic_bot", WEBHOOK, id="MEH-CB-03-for-a-bot-too"),
    ],
)
async def test_meh_cb_03(queue: str, expected: str, tenant: Tenant) -> None:
    """Other events and actions reach somebody in any case."""
    tenant.configure(apps={"billing_bot": {"webhook": BILLING}})
    await tenant.post("/session/routing", {"sessionId": OPEN, "queue": queue})
    await tenant.settle()
    tenant.webhook.received.clear()
    await tenant.does("action", action_code="SEND_INVOICE")
    await tenant.post("/session/resolve", {"sessionId": OPEN})
    await tenant.post("/session/close", {"sessionId": OPEN})
    await tenant.settle()
    assert [received.url for received in tenant.webhook.received] == [expected] * 3


@pytest.mark.parametrize(
    ("retries", "answers", "expected"),
    [
        pytest.param([], [500], "failed", id="MEH-CB-06-one-attempt"),
        pytest.param([], [299], "delivered", id="MEH-CB-06-any-2xx"),
        pytest.param([], [199], "failed", id="MEH-CB-06-and-nothing-below"),
        pytest.param([], [300], "failed", id="MEH-CB-06-redirects-are-not-followed"),
        pytest.param([2.0], [500, 200], "delivered", id="MEH-CB-06-a-second-if-settings-say-so"),
    ],
)
async def test_meh_cb_06(
    retries: list[float], answers: list[int], expected: str, tenant: Tenant, webhook: FakeWebhook
) -> None:
    """A 2xx acknowledges; one attempt is made unless settings say more."""
    tenant.configure(callback_retries=retries)
    webhook.answers = [*answers]
    await tenant.does("say", text="Hi")
    await tenant.advance(60)
    (callback,) = tenant.callbacks
    assert (callback.state, len(callback.attempts)) == (expected, len(answers))


async def test_meh_cb_06_timeout(tenant: Tenant) -> None:
    """An attempt may take ten seconds, unless the webhook says otherwise."""
    assert tenant.account.provider.delivery(tenant.account).timeout == 10.0


async def test_meh_cb_07(tenant: Tenant, webhook: FakeWebhook) -> None:
    """MEH-CB-07: what is told of one contact waits for what was told before, of whatever app; another contact does not wait."""
    tenant.configure(callback_retries=[30], apps={"billing_bot": {"webhook": BILLING}})
    webhook.answers = [500]
    await tenant.does("say", text="First")
    await tenant.post("/session/routing", {"sessionId": OPEN, "queue": "billing_bot"})
    await tenant.settle()
    await tenant.does("say", "919988776655", sender="sms:SANDBX", text="By SMS")
    found = [(received.url, received.envelope["type"]) for received in webhook.received]
    assert found == [(WEBHOOK, "messages"), (WEBHOOK, "events"), (WEBHOOK, "messages")]
    await tenant.advance(30)
    found = [(received.url, received.envelope["type"]) for received in webhook.received][3:]
    assert found == [(WEBHOOK, "messages"), (BILLING, "events")]


async def test_meh_cb_08(tenant: Tenant) -> None:
    """`meta` names the app that is told, and where the sandbox is; it is no debugging unless a script says so."""
    tenant.configure(domain="alex", server="server.test:8443", apps={"billing_bot": {"webhook": BILLING}})
    await tenant.does("say", text="Hi")
    await tenant.post("/session/routing", {"sessionId": OPEN, "queue": "billing_bot"})
    await tenant.does("say", text="Hi", callback={"set": {"meta.debug": True}})
    assert tenant.bodies()[0]["meta"] == {
        "appId": "61ec7d9c2ce85742b201c5ab",
        "domain": "alex",
        "server": "server.test:8443",
        "debug": False,
    }
    last = tenant.bodies(BILLING)[-1]["meta"]
    assert (last["appId"], last["debug"]) == (tenant.world.id_of(tenant.world.apps["billing_bot"]), True)


@pytest.mark.parametrize(
    ("later", "keys"),
    [
        pytest.param(False, ["text", "input"], id="MEH-CB-09-input"),
        pytest.param(True, ["text", "input", "form"], id="MEH-CB-09-and-form-with-later-docs"),
    ],
)
async def test_meh_cb_09(later: bool, keys: list[str], tenant: Tenant) -> None:
    """A tapped quick reply is a text of its label, with its code in `input`, which no other message has."""
    tenant.configure(later_docs=later)
    await send(tenant, options={"buttons": [{"label": "Yes", "code": "y", "desc": "I come"}, {"label": "No"}]})
    message = await heard(tenant, "tap", suggestion="Yes")
    assert message["text"] == {"body": "Yes", "type": "text"}
    assert message["input"] == {"reply_id": "y", "reply_title": "Yes", "reply_desc": "I come"}
    assert sorted(set(message) - {*ALWAYS}) == sorted(keys)
    assert (await heard(tenant, "tap", suggestion="No"))["input"] == {
        "reply_id": "No",
        "reply_title": "No",
        "reply_desc": "",
    }
    assert "input" not in await heard(tenant, "say", text="Yes")


@pytest.mark.parametrize(
    "button",
    [{"type": "URL", "url": "https://example.com"}, {"type": "PHONE_NUMBER", "phone": "919988776655"}],
    ids=["MEH-CB-09-a-url-sends-nothing", "MEH-CB-09-a-phone-sends-nothing"],
)
async def test_silent_taps(button: dict[str, Any], tenant: Tenant) -> None:
    """A button that opens something sends nothing."""
    tenant.silence()
    await send(tenant, options={"buttons": [{"label": "Go", **button}]})
    await tenant.does("tap", suggestion="Go")
    assert (tenant.callbacks, len(tenant.account.journal.messages)) == ([], 1)


# --------------------------------------------------------------------------------------------------- what people send


@pytest.mark.parametrize(
    ("sample", "members", "kind", "mime_type"),
    [
        pytest.param("photo.jpg", {}, "image", "image/jpeg", id="image"),
        pytest.param("clip.mp4", {}, "video", "video/mp4", id="video"),
        pytest.param("photo.jpg", {"mime_type": "audio/mpeg"}, "audio", "audio/mpeg", id="audio"),
        pytest.param("photo.jpg", {"mime_type": "audio/ogg", "voice": True}, "voice", "audio/ogg", id="voice"),
        pytest.param("photo.jpg", {"mime_type": "application/pdf"}, "document", "application/pdf", id="document"),
    ],
)
async def test_media(sample: str, members: dict[str, Any], kind: str, mime_type: str, tenant: Tenant) -> None:
    """A file lies under a link of its own, stands twice in the message, and has no text."""
    message = await heard(tenant, "send_file", sample=sample, caption="Look", **members)
    data = (folder("fixtures") / "samples" / sample).read_bytes()
    told = message[kind]
    assert message["attachments"] == [told]
    assert message["type"] == kind
    assert sorted(set(message) - {*ALWAYS}) == sorted(["attachments", kind])
    assert (told["mime_type"], told["sha256"], told["type"]) == (mime_type, hashlib.sha256(data).hexdigest(), kind)
    assert told["caption"] == "Look"
    assert ("filename" in told) == (kind == "document")
    for link in (told["link"], told["linkSecure"]):
        path = link.removeprefix("http://127.0.0.1:4700").removeprefix("http://localhost:4700")
        assert (await tenant.http.get(path)).content == data


async def test_media_without_caption(tenant: Tenant) -> None:
    """A caption stands there only if the person wrote one; a file by its URL keeps that."""
    message = await heard(tenant, "send_file", url="https://example.com/a.pdf")
    told = message["document"]
    assert "caption" not in told
    assert (told["filename"], told["link"], told["sha256"]) == ("a.pdf", "https://example.com/a.pdf", None)


async def test_location(tenant: Tenant) -> None:
    """Degrees are strings; name, address and URL are null if they are not told."""
    message = await heard(tenant, "share_location", latitude=12.90909, longitude=-6)
    assert message["location"] == {
        "latitude": "12.90909",
        "longitude": "-6",
        "name": None,
        "address": None,
        "url": None,
    }
    place = {"name": "Main Building", "address": "1 Hacker Way", "url": "https://example.com/map"}
    message = await heard(tenant, "share_location", latitude=0, longitude=100, **place)
    assert message["location"] == {"latitude": "0", "longitude": "100", **place}
    assert sorted(set(message) - {*ALWAYS}) == ["location"]


async def test_system(tenant: Tenant) -> None:
    """The platform notes something in the person's name."""
    message = await heard(tenant, "system", text="The number has changed")
    assert (message["type"], message["text"]) == ("system", {"body": "The number has changed", "type": "system"})


@pytest.mark.parametrize(
    ("user", "sender", "expected"),
    [
        pytest.param("+91 70000-00001", WHATSAPP, (NEW, "917000000001"), id="whatsapp"),
        pytest.param(
            "Jo@Example.com",
            "mailto:supportexamplecom",
            ("emailjo@example.com_support@example.com", "jo@example.com"),
            id="email",
        ),
        pytest.param(
            "jo.doe", "ig:17841400000000001", ("igjo.doe_17841400000000001", "jo.doe"), id="a-name-of-the-channels-own"
        ),
        pytest.param("fb:12121212121", None, (FIONA, "12121212121"), id="an-alias-tells-the-channel"),
        pytest.param(JOHN, None, (JOHN, "919988776655"), id="a-contactId-tells-the-channel"),
    ],
)
async def test_who_writes(user: str, sender: str | None, expected: tuple[str, str], tenant: Tenant) -> None:
    """Whoever writes becomes a contact, and `from` is their phone, else their e-mail, else their id."""
    await tenant.does("end_session", FIONA)
    await tenant.does("say", user, text="Hi", **({"sender": sender} if sender else {}))
    (message,) = tenant.bodies()[-1]["messages"]
    assert (message["contactId"], message["from"]) == expected
    assert tenant.bodies()[-1]["contacts"][0]["profile"]["name"]


async def test_a_new_person_has_a_name(tenant: Tenant) -> None:
    """The channel tells what somebody calls themselves: a person of the seed, always the same."""
    await tenant.does("say", NEW, text="Hi")
    name = tenant.bodies()[-1]["contacts"][0]["profile"]["name"]
    assert name == tenant.account.ids.person("917000000001").name


@pytest.mark.parametrize(
    ("user", "sender"),
    [("bob", WHATSAPP), ("12", "sms:SANDBX"), ("bob", "mailto:supportexamplecom")],
    ids=["no-number", "a-short-number", "no-address"],
)
async def test_nobody(user: str, sender: str, tenant: Tenant) -> None:
    """Who could not exist on a channel cannot write there, and leaves nothing behind."""
    known = len(tenant.world.contacts)
    with pytest.raises(InvalidActionError, match="nobody's address"):
        await tenant.does("say", user, sender=sender, text="Hi")
    assert (len(tenant.world.contacts), len(tenant.account.journal.messages)) == (known, 0)


@pytest.mark.parametrize("deed", ["start_typing", "click", "error"])
async def test_what_mehery_has_not(deed: str, tenant: Tenant) -> None:
    """There are no callbacks for typing, clicks and errors of no message."""
    members = {"code": "500"} if deed == "error" else {}
    with pytest.raises(NotPossibleError, match="MeherY has no callback"):
        await tenant.does(deed, **members)


# ------------------------------------------------------------------------------------------------- events and actions


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        pytest.param("SESSION_ROUTED", ["route", "session", "sessionRouted"], id="SESSION_ROUTED"),
        pytest.param("SESSION_ASSIGNED", ["route", "session", "sessionAssigned"], id="SESSION_ASSIGNED"),
        pytest.param("SESSION_STATUS", ["route", "session"], id="SESSION_STATUS"),
        pytest.param("SESSION_CLOSED", ["route", "session"], id="SESSION_CLOSED"),
        pytest.param("SESSION_INIT", ["route", "session"], id="SESSION_INIT"),
        pytest.param("CONTACT_UPDATE", [], id="CONTACT_UPDATE"),
    ],
)
async def test_events(code: str, parts: list[str], tenant: Tenant) -> None:
    """Every event has its eleven keys, of which only its own are filled; a scripted one changes nothing."""
    await tenant.does("event", event_code=code)
    (event,) = tenant.bodies()[-1]["events"]
    assert complaints(event, "InBoundEvent") == []
    assert len(event) == 11
    filled = [name for name in ("route", "session", "sessionAssigned", "sessionRouted") if event[name] is not None]
    assert (event["eventCode"], filled) == (code, parts)
    assert event["sessionId"] == (OPEN if parts else None)
    assert (len(event["checksum"]), len(event["eventId"]), event["trace"]) == (32, 24, [])
    session = tenant.world.sessions.get(OPEN)
    assert session is not None
    assert (session.is_closed, session.is_resolved, session.routing_id) == (False, False, "77fc1a320-323-232")


async def test_event_with_chosen_fields(tenant: Tenant) -> None:
    """A script changes what it likes, by paths into the element; what happened stays as it was."""
    set_ = {"sessionRouted.params": {"vip": True}, "eventCode": "SESSION_OTHER", "contacts.profile.name": "Jo"}
    tweak = {"set": set_, "drop": ["trace", "meta.debug"]}
    await tenant.does("event", event_code="SESSION_ROUTED", callback=tweak)
    (body,) = tenant.bodies()
    (event,) = body["events"]
    assert (event["eventCode"], event["sessionRouted"]["params"]) == ("SESSION_OTHER", {"vip": True})
    assert "trace" not in event
    assert "debug" not in body["meta"]
    assert body["contacts"][0]["profile"]["name"] == "Jo"
    contact = tenant.world.contact(JOHN)
    assert contact is not None
    assert contact.name == "John Doe"


async def test_arrays_may_be_dropped(tenant: Tenant) -> None:
    """A script may take a whole array out, or put another thing in its place."""
    await tenant.does("say", text="Hi", callback={"drop": ["messages"], "set": {"contacts": []}})
    (body,) = tenant.bodies()
    assert "messages" not in body
    assert body["contacts"] == []


async def test_a_message_modified_by_the_service(tenant: Tenant) -> None:
    """`originalMessage` stands there only if a script says so."""
    message = await heard(tenant, "say", text="Hi", callback={"set": {"originalMessage": {"raw": "H\x00i"}}})
    assert message["originalMessage"] == {"raw": "H\x00i"}


async def test_action(tenant: Tenant) -> None:
    """An action has its code and no more; its kind in the journal names it."""
    await tenant.does("action", action_code="SEND_INVOICE")
    assert tenant.bodies()[-1]["actions"] == [{"actionCode": "SEND_INVOICE"}]
    assert [callback.kind for callback in tenant.callbacks] == ["action.SEND_INVOICE"]


async def test_unknown_event(tenant: Tenant) -> None:
    """Events have the published codes."""
    with pytest.raises(InvalidActionError, match="'HAPPENED' is none of SESSION_ROUTED"):
        await tenant.does("event", event_code="HAPPENED")


async def test_first_contact_in_order(tenant: Tenant) -> None:
    """A first text: the question who that is, the start of the session, the message (section 5)."""
    tenant.configure(contact_info_url=INFO)
    await tenant.does("say", NEW, text="Hi")
    assert [callback.kind for callback in tenant.callbacks] == [
        "contact_info",
        "event.SESSION_ROUTED",
        "message.text",
    ]
    assert [received.url for received in tenant.webhook.received] == [INFO, WEBHOOK, WEBHOOK]


async def test_kinds_are_listed(tenant: Tenant) -> None:
    """Every kind that is told stands in the list, actions by their family."""
    await send(tenant)
    await tenant.advance(5)
    await tenant.does("say", NEW, text="Hi")
    await tenant.does("action", action_code="X")
    for callback in tenant.callbacks:
        assert callback.kind in callbacks.KINDS or callback.kind.partition(".")[0] in callbacks.KINDS
