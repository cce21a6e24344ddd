"""Sessions: how they start, move, are settled and end, and what is told of it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mehery_shapes import complaints
from mehery_tenant import FIONA, JOHN, WEBHOOK, Tenant, refusal
from sandbox.engine.actions import InvalidActionError, NotPossibleError
from sandbox.providers.mehery import recipients, sessions
from sandbox.providers.mehery.world import Session

pytestmark = pytest.mark.anyio

WHATSAPP = "wa360:918828218374"
OPEN = "61f3810a02e14c0877fc1a32"
BILLING = "http://127.0.0.1:9/billing"
DAY = 86_400.0
NEW = "wa917000000001_918828218374"


async def call(tenant: Tenant, what: str, **body: Any) -> httpx.Response:
    """Call a session operation, about John's session unless told otherwise."""
    return await tenant.post(f"/session/{what}", {"sessionId": OPEN, **body})


def events(response: httpx.Response) -> list[dict[str, Any]]:
    """Return the events that an operation answered with, each as its schema says."""
    assert response.status_code == 200, response.text
    assert complaints(response.json(), "ApiResultsMetaCompactResponse«InBoundEvent,object»") == []
    found: list[dict[str, Any]] = response.json()["results"]
    return found


def told(tenant: Tenant, url: str = WEBHOOK) -> list[str]:
    """Return what a webhook heard of, in order: types of messages, statuses and event codes."""
    return [body["events"][0]["eventCode"] if body["type"] == "events" else body["type"] for body in tenant.bodies(url)]


async def send(tenant: Tenant, phone: str = "917000000001", queue: str = "external_bot") -> None:
    """Send a template to somebody."""
    body = {"channelId": WHATSAPP, "type": "template", "to": {"phone": phone}, "template": {"code": "FEEDBACK"}}
    assert (await tenant.post("/message/send", body, tenant.key(queue))).status_code == 200


def session_of(tenant: Tenant, contact_id: str = JOHN) -> Session:
    """Return the session of a contact that is open or was last."""
    contact = tenant.world.contact(contact_id)
    assert contact is not None
    session = tenant.world.sessions.get(contact.session or "")
    assert session is not None
    return session


# ------------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("what", ["close", "messages", "resolve", "routing"])
async def test_meh_sess_10(what: str, tenant: Tenant) -> None:
    """Every operation wants a session that is known; its id may look like anything."""
    queue = {"queue": "external_bot"} if what == "routing" else {}
    missing = refusal(await tenant.post(f"/session/{what}", queue))
    assert missing == (400, "PARAM_MISSING", "MEH-SESS-10", [("FIELD_MISSING", "sessionId")])
    unknown = refusal(await call(tenant, what, sessionId="no such\nthing", **queue))
    assert unknown == (404, "HTTP_NOT_FOUND", "MEH-SESS-10", [("SESSION_NOT_FOUND", "sessionId")])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            {"queue": "nowhere"},
            (404, "HTTP_NOT_FOUND", "MEH-SESS-04", [("QUEUE_NOT_FOUND", "queue")]),
            id="MEH-SESS-04-unknown-queue",
        ),
        pytest.param(
            {"queue": "old_bot"},
            (404, "HTTP_NOT_FOUND", "MEH-SESS-04", [("QUEUE_NOT_FOUND", "queue")]),
            id="MEH-SESS-04-queue-of-a-disabled-app",
        ),
        pytest.param(
            {"queue": "agent_desk", "agent": "mallory"},
            (404, "HTTP_NOT_FOUND", "MEH-SESS-06", [("AGENT_NOT_FOUND", "agent")]),
            id="MEH-SESS-06-unknown-agent",
        ),
        pytest.param(
            {"queue": "agent_desk", "team": "night"},
            (404, "HTTP_NOT_FOUND", "MEH-SESS-06", [("TEAM_NOT_FOUND", "team")]),
            id="MEH-SESS-06-unknown-team",
        ),
        pytest.param(
            {"queue": "agent_desk", "agent": "mallory", "team": "night"},
            (404, "HTTP_NOT_FOUND", "MEH-SESS-06", [("AGENT_NOT_FOUND", "agent"), ("TEAM_NOT_FOUND", "team")]),
            id="MEH-SESS-06-both-are-listed",
        ),
        pytest.param(
            {"queue": "agent_desk", "skills": "dental"},
            (400, "PARAM_TYPE_MISMATCH", "MEH-GEN-08", [("FIELD_TYPE_MISMATCH", "skills")]),
            id="MEH-SESS-06-skills-are-an-array",
        ),
    ],
)
async def test_routing_refused(body: dict[str, Any], expected: Any, tenant: Tenant) -> None:
    """A session is not routed to what is not there, and stays where it is."""
    assert refusal(await call(tenant, "routing", **body)) == expected
    assert (session_of(tenant).queue, tenant.callbacks) == ("external_bot", [])


# ---------------------------------------------------------------------------------------------------------------- start


async def test_meh_sess_02_inbound(tenant: Tenant) -> None:
    """MEH-SESS-02: a first message starts a session at the channel's queue: the routing is told first, then the message."""
    await tenant.does("say", NEW, text="Hi")
    assert told(tenant) == ["SESSION_ROUTED", "messages"]
    routed, message = tenant.bodies()
    (event,) = routed["events"]
    session = session_of(tenant, NEW)
    assert event["sessionRouted"] == {
        "params": {},
        "routingId": session.routing_id,
        "sessionStart": True,
        "sourceQueue": None,
        "targetQueue": "external_bot",
    }
    assert (event["session"]["firstMessage"], event["session"]["initMessage"]) == (True, True)
    assert event["route"] == {
        "queueCode": "external_bot",
        "routerId": None,
        "sendMode": None,
        "senderApp": None,
        "senderCode": None,
        "senderType": "SYSTEM",
    }
    assert message["messages"][0]["session"]["sessionId"] == event["sessionId"]
    await tenant.does("say", NEW, text="Anybody there?")
    assert told(tenant) == ["SESSION_ROUTED", "messages", "messages"]


async def test_meh_sess_02_outbound(tenant: Tenant) -> None:
    """MEH-SESS-02: a session that the business starts has no queue and no event, until the person writes."""
    await send(tenant)
    session = session_of(tenant, NEW)
    assert (session.queue, session.routing_id, tenant.callbacks) == (None, None, [])
    await tenant.advance(5)
    assert told(tenant) == ["statuses"] * 3
    await tenant.does("say", NEW, text="Hi")
    assert told(tenant)[3:] == ["SESSION_ROUTED", "messages"]
    assert session_of(tenant, NEW) is session
    assert session.queue == "external_bot"


async def test_meh_sess_13(tenant: Tenant) -> None:
    """MEH-SESS-13: sending through another app does not move the session."""
    await send(tenant, "919988776655", "billing_bot")
    assert session_of(tenant).queue == "external_bot"


# -------------------------------------------------------------------------------------------------------------- routing


async def test_meh_sess_03(tenant: Tenant) -> None:
    """MEH-SESS-03: routing answers with its event, tells the new queue's app, and what comes later goes there."""
    tenant.configure(apps={"billing_bot": {"webhook": BILLING}})
    before = session_of(tenant).routing_id
    (event,) = events(await call(tenant, "routing", queue="billing_bot", params={"invoice": {"no": 7}}))
    await tenant.settle()
    session = session_of(tenant)
    assert session.routing_id != before
    assert event["sessionRouted"] == {
        "params": {"invoice": {"no": 7}},
        "routingId": session.routing_id,
        "sessionStart": False,
        "sourceQueue": "external_bot",
        "targetQueue": "billing_bot",
    }
    assert event["route"] == {
        "queueCode": "billing_bot",
        "routerId": "61ec7d9c2ce85742b201c5ab",
        "sendMode": "ACTION",
        "senderApp": "external_bot",
        "senderCode": "external_bot",
        "senderType": "API",
    }
    assert (event["session"]["mode"], event["session"]["queue"]) == ("WEBHOOK", "billing_bot")
    assert event["sessionAssigned"] is None
    assert tenant.bodies(BILLING)[0]["events"] == [event]
    await tenant.does("say", text="Where is my invoice?")
    assert (told(tenant, BILLING), told(tenant)) == (["SESSION_ROUTED", "messages"], [])


async def test_meh_sess_03_to_the_same_queue(tenant: Tenant) -> None:
    """MEH-SESS-03: routing to the queue where a session is emits again."""
    first, second = [events(await call(tenant, "routing", queue="external_bot"))[0] for _ in range(2)]
    await tenant.settle()
    assert first["sessionRouted"]["routingId"] != second["sessionRouted"]["routingId"]
    assert second["sessionRouted"]["sourceQueue"] == "external_bot"
    assert told(tenant) == ["SESSION_ROUTED"] * 2


@pytest.mark.parametrize("queue", ["billing_bot", "basic_bot"])
async def test_meh_sess_05(queue: str, tenant: Tenant) -> None:
    """MEH-SESS-05: to an app without agents, agent, team and skills mean nothing, even if nobody has heard of them."""
    body = {"agent": "mallory", "team": "night", "skills": ["cooking"]}
    (event,) = events(await call(tenant, "routing", queue=queue, **body))
    assert event["eventCode"] == "SESSION_ROUTED"
    assert (session_of(tenant).agent, session_of(tenant).dept) == (None, None)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param({"agent": "bob"}, ("bob", "sales"), id="MEH-SESS-06-an-agent-and-his-team"),
        pytest.param({"agent": "bob", "team": "support"}, ("bob", "sales"), id="MEH-SESS-06-the-agent-beats-the-team"),
        pytest.param({"team": "sales"}, (None, "sales"), id="MEH-SESS-06-a-team-alone"),
        pytest.param({"skills": ["dental"]}, ("alice", "support"), id="MEH-SESS-06-the-first-with-a-skill"),
        pytest.param({"skills": ["ortho", "dental"]}, ("alice", "support"), id="MEH-SESS-06-all-of-the-skills"),
        pytest.param({"team": "sales", "skills": ["dental"]}, (None, "sales"), id="MEH-SESS-06-nobody-in-the-team"),
        pytest.param({"skills": ["cooking"]}, None, id="MEH-SESS-06-nobody-has-it"),
        pytest.param({"skills": []}, None, id="MEH-SESS-06-no-skill"),
        pytest.param({}, None, id="MEH-SESS-06-nobody-is-named"),
    ],
)
async def test_meh_sess_06(body: dict[str, Any], expected: tuple[str, str] | None, tenant: Tenant) -> None:
    """At an agent desk a session is assigned by agent, team or skills, and a second event tells so."""
    found = events(await call(tenant, "routing", queue="agent_desk", **body))
    await tenant.settle()
    session = session_of(tenant)
    assert [event["eventCode"] for event in found] == ["SESSION_ROUTED", "SESSION_ASSIGNED"][: 2 if expected else 1]
    assert (session.agent, session.dept) == (expected or (None, None))
    assert found[0]["session"]["mode"] == "AGENT"
    # An agent desk has no webhook: assignments go to the app of the channel's own queue (MEH-CB-02, MEH-CB-03).
    assert told(tenant) == (["SESSION_ASSIGNED"] if expected else [])
    if expected:
        agent, team = expected
        assert found[1]["sessionRouted"] is None
        assert found[1]["sessionAssigned"] == {
            "newAgent": agent,
            "newBot": None,
            "newDept": team,
            "oldAgent": None,
            "oldBot": None,
            "oldDept": None,
        }
        assert (found[1]["session"]["agent"], found[1]["session"]["dept"]) == (agent, team)


async def test_meh_sess_06_again(tenant: Tenant) -> None:
    """A later assignment tells whose the session was; leaving the desk, it is nobody's."""
    await call(tenant, "routing", queue="agent_desk", agent="alice")
    found = events(await call(tenant, "routing", queue="agent_desk", agent="bob"))
    assert found[1]["sessionAssigned"]["oldAgent"] == "alice"
    assert found[1]["sessionAssigned"]["oldDept"] == "support"
    await call(tenant, "routing", queue="basic_bot")
    session = session_of(tenant)
    assert (session.agent, session.dept, session.bot) == (None, None, "basic_bot")


# ------------------------------------------------------------------------------------------------------ resolve, close


async def test_meh_sess_07(tenant: Tenant) -> None:
    """Resolving tells so once; the next message takes the same session up again, without a word."""
    (event,) = events(await call(tenant, "resolve"))
    assert (event["eventCode"], event["session"]["resolved"]) == ("SESSION_STATUS", True)
    assert (event["sessionRouted"], event["sessionAssigned"]) == (None, None)
    assert events(await call(tenant, "resolve")) == []
    await tenant.settle()
    assert told(tenant) == ["SESSION_STATUS"]
    await tenant.does("say", text="One more thing")
    assert told(tenant) == ["SESSION_STATUS", "messages"]
    assert (session_of(tenant).session_id, session_of(tenant).is_resolved) == (OPEN, False)
    assert len(events(await call(tenant, "resolve"))) == 1


async def test_meh_sess_08(tenant: Tenant) -> None:
    """MEH-SESS-08: closing ends a session, once; the next message starts another, at the channel's own queue."""
    await call(tenant, "routing", queue="basic_bot")
    (event,) = events(await call(tenant, "close"))
    assert (event["eventCode"], event["session"]["queue"]) == ("SESSION_CLOSED", "basic_bot")
    assert events(await call(tenant, "close")) == []
    assert events(await call(tenant, "resolve")) == []  # MEH-SESS-07: it is closed
    await tenant.does("say", text="Hello again")
    assert told(tenant) == ["SESSION_CLOSED", "SESSION_ROUTED", "messages"]
    assert session_of(tenant).session_id != OPEN
    assert session_of(tenant).queue == "external_bot"


async def test_meh_sess_09(tenant: Tenant) -> None:
    """A closed session is not routed, but its messages are told."""
    await call(tenant, "close")
    refused = refusal(await call(tenant, "routing", queue="nowhere"))
    assert refused == (400, "PARAM_INVALID", "MEH-SESS-09", [("SESSION_CLOSED", "sessionId")])
    assert len((await call(tenant, "messages")).json()["results"]) == 2


# --------------------------------------------------------------------------------------------------------------- expiry


async def test_meh_sess_11(tenant: Tenant) -> None:
    """A session that was quiet for 24 hours is closed when time passes that, to the second; nobody waits for it."""
    await tenant.does("say", NEW, text="Hi")
    tenant.webhook.received.clear()
    session = session_of(tenant, NEW)
    assert tenant.account.clock.pending == 0
    await tenant.advance(DAY - 0.001)
    assert not session.is_closed
    tenant.webhook.received.clear()  # John's and Fiona's were an hour older
    await tenant.advance(0.001)
    assert session.is_closed
    (body,) = tenant.bodies()
    assert (body["events"][0]["eventCode"], body["contacts"][0]["contactId"]) == ("SESSION_CLOSED", NEW)
    assert body["events"][0]["session"]["resolved"] is False
    assert body["events"][0]["route"]["senderType"] == "SYSTEM"


@pytest.mark.parametrize("who", ["person", "business"])
async def test_meh_sess_01(who: str, tenant: Tenant) -> None:
    """MEH-SESS-01: a session lasts 24 hours from the last message, whoever sent it."""
    await tenant.does("say", NEW, text="Hi")
    session = session_of(tenant, NEW)
    await tenant.advance(DAY / 2)
    if who == "person":
        await tenant.does("say", NEW, text="Still there?")
    else:
        await send(tenant)
    await tenant.advance(DAY - 1)
    assert not session.is_closed
    await tenant.advance(1)
    assert session.is_closed


async def test_meh_sess_01_one_at_a_time(tenant: Tenant) -> None:
    """MEH-SESS-01: a contact has one session at a time, and each contact its own."""
    await send(tenant)
    await send(tenant)
    await send(tenant, "917000000002")
    assert session_of(tenant, NEW) is not session_of(tenant, "wa917000000002_918828218374")
    assert len(session_of(tenant, NEW).messages) == 2
    assert len({session.contact_id for session in tenant.world.sessions}) == len(tenant.world.sessions)


async def test_a_closed_session_does_not_expire(tenant: Tenant) -> None:
    """What was closed is not closed again (MEH-SESS-11)."""
    await call(tenant, "close")
    await tenant.settle()
    tenant.webhook.received.clear()
    await tenant.advance(2 * DAY)
    assert JOHN not in [body["contacts"][0]["contactId"] for body in tenant.bodies()]


async def test_a_reset_forgets_the_expiry(tenant: Tenant) -> None:
    """After a reset, only the sessions of the new world expire."""
    await tenant.does("say", NEW, text="Hi")
    tenant.app.sandbox.reset(tenant.account)
    tenant.webhook.received.clear()
    await tenant.advance(2 * DAY)
    assert tenant.bodies() == []
    assert session_of(tenant).session_id == OPEN


# ------------------------------------------------------------------------------------------------------------- messages


async def test_meh_sess_12(tenant: Tenant) -> None:
    """All messages are told, in and out, the oldest first; a tap names what it answers."""
    body = {"channelId": WHATSAPP, "type": "text", "to": {"contactId": JOHN}, "text": {"body": "Coming?"}}
    sent = await tenant.post("/message/send", {**body, "options": {"buttons": [{"label": "Yes", "code": "y"}]}})
    await tenant.advance(5)
    await tenant.does("tap", suggestion="Yes")
    await tenant.does("send_file", sample="photo.jpg", caption="My dog")
    response = await call(tenant, "messages")
    assert complaints(response.json(), "ApiResultsMetaCompactResponse«ChatMessageDTO,object»") == []
    found = response.json()["results"]
    assert [(one["type"], one["text"], one["status"]) for one in found] == [
        ("I", "Hello", "FORWARDED"),
        ("O", "Hello John, how can we help?", "READ"),
        ("O", "Coming?", "READ"),
        ("I", "Yes", "FORWARDED"),
        ("I", "My dog", "FORWARDED"),
    ]
    assert (found[2]["sender"], found[3]["sender"]) == ("external_bot", JOHN)
    identifier = sent.json()["data"]["id"]
    assert (found[3]["replyId"], found[3]["replyTo"]) == (
        identifier,
        {"messageId": identifier, "code": "y", "label": "Yes"},
    )
    assert (found[2]["replyId"], found[2]["replyTo"]) == (None, {})
    assert found[2]["route"]["senderApp"] == "external_bot"
    assert found[4]["attachments"][0]["mediaCaption"] == "My dog"


@pytest.mark.parametrize(
    ("kind", "media_type", "sub_type"),
    [
        pytest.param("image", "IMAGE", "IMAGE", id="MEH-SESS-12-image"),
        pytest.param("video", "VIDEO", None, id="MEH-SESS-12-video"),
        pytest.param("audio", "DOCUMENT", None, id="MEH-SESS-12-audio-is-a-document"),
        pytest.param("voice", "DOCUMENT", None, id="MEH-SESS-12-voice-is-a-document"),
    ],
)
async def test_attachments(kind: str, media_type: str, sub_type: str | None, tenant: Tenant) -> None:
    """The document's types of media know no sounds."""
    link = "https://example.com/a"
    body = {"channelId": WHATSAPP, "type": kind, "to": {"contactId": JOHN}, kind: {"link": link}}
    await tenant.post("/message/send", body)
    (attached,) = (await call(tenant, "messages")).json()["results"][-1]["attachments"]
    assert (attached["mediaType"], attached["mediaSubType"]) == (media_type, sub_type)
    assert (attached["mediaURL"], attached["mediaSrc"]) == (link, link)


async def test_cards(tenant: Tenant) -> None:
    """Contact cards are told in the camel case of `PBVCard`."""
    card = {
        "name": {"first_name": "Jo", "last_name": "Doe"},
        "phones": [{"phone": "+1", "type": "HOME", "wa_id": 16505551234}],
        "addresses": [{"country_code": "us", "zip": 94025}],
        "emails": [{"email": "jo@example.com", "type": "WORK"}],
        "org": {"company": "WhatsApp", "title": "Manager"},
        "urls": [{"url": "https://example.com", "type": "WORK"}],
        "ims": [{"service": "FACEBOOK", "userid": "jo"}],
        "birthday": "2000-01-02",
    }
    body = {"channelId": WHATSAPP, "type": "contacts", "to": {"contactId": JOHN}, "contacts": [card]}
    await tenant.post("/message/send", body)
    response = await call(tenant, "messages")
    assert complaints(response.json(), "ApiResultsMetaCompactResponse«ChatMessageDTO,object»") == []
    (told_card,) = response.json()["results"][-1]["vccards"]
    assert told_card["name"]["firstName"] == "Jo"
    assert told_card["phones"][0]["whatsAppId"] == "16505551234"
    assert told_card["addresses"][0]["countryCode"] == "us"
    assert told_card["dates"][0]["date"] == "2000-01-02"
    assert told_card["work"] == [{"company": "WhatsApp", "department": None, "title": "Manager"}]


# ------------------------------------------------------------------------------------------------------- agents, ending


async def test_agent_replies(tenant: Tenant) -> None:
    """An agent's reply goes the usual way, in the agent's name; the desk has no webhook to be told of its statuses."""
    with pytest.raises(InvalidActionError, match="no agent has this person's session"):
        await tenant.does("agent", reply="Hello")
    await call(tenant, "routing", queue="agent_desk", agent="alice")
    await tenant.settle()
    tenant.webhook.received.clear()
    await tenant.does("agent", reply="Hello, this is Alice")
    await tenant.advance(5)
    assert tenant.bodies() == []
    newest = (await call(tenant, "messages")).json()["results"][-1]
    assert (newest["sender"], newest["text"], newest["status"]) == ("alice", "Hello, this is Alice", "READ")
    assert newest["route"]["senderType"] == "AGENT"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("carol", ("carol", "support")), ("sales", (None, "sales"))],
    ids=["an-agent", "a-team"],
)
async def test_agent_assigns(name: str, expected: tuple[str | None, str], tenant: Tenant) -> None:
    """A session is taken by an agent or given to a team; it comes to the desk if it is not there."""
    await tenant.does("agent", assign=name)
    session = session_of(tenant)
    assert (session.queue, session.agent, session.dept) == ("agent_desk", *expected)
    assert told(tenant) == ["SESSION_ASSIGNED"]
    with pytest.raises(InvalidActionError, match="no agent and no team; there are bob, alice, carol, sales, support"):
        await tenant.does("agent", assign="mallory")


async def test_agent_resolves_and_closes(tenant: Tenant) -> None:
    """An agent settles and closes; what has ended cannot be ended again."""
    await tenant.does("agent", resolve=True)
    with pytest.raises(InvalidActionError, match="resolved already"):
        await tenant.does("agent", resolve=True)
    await tenant.does("agent", close=True)
    assert told(tenant) == ["SESSION_STATUS", "SESSION_CLOSED"]
    assert tenant.bodies()[0]["events"][0]["route"]["senderType"] == "AGENT"
    with pytest.raises(InvalidActionError, match="no open session"):
        await tenant.does("agent", close=True)


async def test_end_session(tenant: Tenant) -> None:
    """`end_session` closes what is open, and is not possible where nothing is."""
    await tenant.does("end_session")
    assert told(tenant) == ["SESSION_CLOSED"]
    with pytest.raises(NotPossibleError, match="no session with"):
        await tenant.does("end_session")
    with pytest.raises(NotPossibleError, match="no session with"):
        await tenant.does("end_session", "917000000009", sender=WHATSAPP)


async def test_fionas_session_is_at_the_desk(tenant: Tenant) -> None:
    """What is said at an agent desk is told to no webhook (MEH-CB-02)."""
    await tenant.does("say", FIONA, text="Hello Alice")
    assert tenant.callbacks == []
    assert session_of(tenant, FIONA).messages[-1].status == "RECEIVD"


async def test_very_many_sessions(tenant: Tenant) -> None:
    """However many people are written to, one timer waits for all, and no more is remembered than the shelf holds."""
    world, now = tenant.world, tenant.account.clock.now()
    channel = world.channels[WHATSAPP]
    number = tenant.account.journal.messages.limit + 50
    for index in range(number):
        sessions.spoken_to(world, recipients.at(world, channel, f"91{index:010d}"), now)
    assert len(world.idle) == len(world.sessions) == tenant.account.journal.messages.limit
    assert len(tenant.account.clock._quiet or ()) == 1
    await tenant.advance(DAY)
    assert len(world.idle) == 0
    assert all(session.is_closed for session in world.sessions)
