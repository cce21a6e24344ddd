"""Fixture world: what every tenant starts with. Ids that the document shows are used as they stand there."""

from __future__ import annotations

from datetime import timedelta

from sandbox.core.account import Account
from sandbox.providers.mehery import sessions
from sandbox.providers.mehery.identifiers import fixture_id
from sandbox.providers.mehery.world import (
    Agent,
    App,
    Button,
    Channel,
    ChatMessage,
    Contact,
    GlobalVar,
    Session,
    Template,
    World,
    contact_id,
)

MAIN_APP_ID = "61ec7d9c2ce85742b201c5ab"
OPEN_SESSION_ID = "61f3810a02e14c0877fc1a32"
SUPPORT_NUMBER, NOTIFICATION_NUMBER = "wa360:918828218374", "wacfb:919999998888"
SUPPORT_MAIL = "mailto:supportexamplecom"
TEAMS = ("sales", "support")

# Laid out by hand, so that they read as the tables they are.
# fmt: off
CHANNELS = (
    Channel(SUPPORT_NUMBER, "WHATSAPP", "918828218374", "Customer Support"),
    Channel(NOTIFICATION_NUMBER, "WHATSAPP", "919999998888", "Notifications"),
    Channel("fb:100200300400500", "FACEBOOK", "100200300400500", "Facebook Page"),
    Channel("ig:17841400000000001", "INSTAGRAM", "17841400000000001", "Instagram"),
    Channel("tg:sandboxsupportbot", "TELEGRAM", "sandboxsupportbot", "Telegram Bot"),
    Channel("sms:SANDBX", "SMS", "SANDBX", "SMS Alerts"),
    Channel(SUPPORT_MAIL, "EMAIL", "support@example.com", "Support Mailbox"),
    Channel("web:sandboxweb", "WEBSITE", "sandboxweb", "Web Chat"),
    Channel("wa360:910000000001", "WHATSAPP", "910000000001", "WhatsApp Sandbox", is_sandbox=True),
)

AGENTS = (
    Agent("bob", "sales"),
    Agent("alice", "support", ("dental", "ortho")),
    Agent("carol", "support", ("dental",)),
)

VARIABLES = (
    GlobalVar(fixture_id("var", 1), "company_name", "Sandbox Co", description="Name of the company"),
    GlobalVar(fixture_id("var", 2), "crm_number", "18000000000", description="Number of the help line"),
    GlobalVar(fixture_id("var", 3), "support_email", "support@example.com", description="Address of the help desk"),
    GlobalVar(fixture_id("var", 4), "business_hours", {"open": "09:00", "close": "18:00"}, "JSON", "When somebody answers"),
    GlobalVar(fixture_id("var", 5), "old_promo", "SUMMER", description="A promotion that is over", is_disabled=True),
)

_GOOD_OR_BAD = (Button("good", "Good"), Button("bad", "Bad"))

TEMPLATES = (
    Template("60d236c6142e53561cb7716c", "FEEDBACK", "en", "WHATSAPP", {SUPPORT_NUMBER: "APPROVED"},
             "Hi {{contact.name}}, thanks for paying {{data.amount}} {{data.currency}} to {{global.company_name}}. How was it?",
             desc="Asks how a payment went", buttons=_GOOD_OR_BAD),
    Template(fixture_id("template", 2), "FEEDBACK", "hi", "WHATSAPP", {SUPPORT_NUMBER: "APPROVED"},
             "नमस्ते {{contact.name}}, {{global.company_name}} को {{data.amount}} {{data.currency}} देने के लिए धन्यवाद। कैसा रहा?",
             desc="Asks how a payment went", buttons=_GOOD_OR_BAD),
    Template(fixture_id("template", 3), "transaction_acknowledgment", "en", "WHATSAPP",
             {SUPPORT_NUMBER: "APPROVED", NOTIFICATION_NUMBER: "APPROVED"},
             "Transaction {{data.ref_id}} of {{data.amount}} {{data.currency}} done. Help: {{global.crm_number}}",
             footer="{{global.company_name}}", desc="Confirms a transaction"),
    Template(fixture_id("template", 4), "otp_code", "en", "WHATSAPP", {NOTIFICATION_NUMBER: "APPROVED"},
             "{{1}} is your code.", desc="A code to sign in with", category="AUTHENTICATION", required=("1",)),
    Template(fixture_id("template", 5), "promo_image", "en", "WHATSAPP", {SUPPORT_NUMBER: "PENDING"},
             "Something for you, {{contact.name}}.", desc="An offer with a picture", category="MARKETING",
             buttons=(Button("see", "See it", "URL", url="https://example.com/p/{{data.slug}}"),),
             attachments=({"mediaType": "IMAGE", "mediaMimeType": "image/png", "mediaName": "promo.png",
                           "mediaURL": "https://example.com/promo.png"},)),
    Template(fixture_id("template", 6), "rejected_offer", "en", "WHATSAPP", {SUPPORT_NUMBER: "REJECTED"},
             "Buy now, pay never.", desc="An offer that was not approved", category="MARKETING"),
    Template(fixture_id("template", 7), "email_welcome", "en", "EMAIL", {SUPPORT_MAIL: "APPROVED"},
             "Dear {{contact.name}}, good to have you with {{global.company_name}}.",
             title="Welcome to {{global.company_name}}", desc="Greets a new customer"),
)
# fmt: on


def apps() -> tuple[App, ...]:
    """Return the apps of a new world; their keys are the account's credentials."""
    return (
        App("external_bot", "WEBHOOK"),
        App("billing_bot", "WEBHOOK"),
        App("agent_desk", "AGENT"),
        App("basic_bot", "BOT"),
        App("old_bot", "WEBHOOK", is_disabled=True),
    )


def app_id(queue: str) -> str:
    """Return the id that an app has unless the account's credentials say otherwise."""
    number = [app.queue for app in apps()].index(queue) + 1
    return MAIN_APP_ID if number == 1 else fixture_id("app", number)


def world_of(account: Account) -> World:
    """Return what a tenant's platform knows; at first, the fixture world as of the account's beginning."""
    shelf = account.shelf(World)
    world = shelf.get("world")
    if world is None:
        world = World(
            account,
            {app.queue: app for app in apps()},
            {channel.channel_id: channel for channel in CHANNELS},
            {template.id: template for template in TEMPLATES},
            {variable.key: variable for variable in VARIABLES},
            TEAMS,
            {agent.code: agent for agent in AGENTS},
        )
        shelf.put("world", world)
        _people(world)
    world.follow()
    return world


def _people(world: World) -> None:
    began = world.account.began_at
    john = _person(world, SUPPORT_NUMBER, "919988776655", "John Doe")
    john.last_inbound = began - timedelta(hours=1)
    asha = _person(world, SUPPORT_NUMBER, "919977665544", "Asha Rao")
    asha.last_inbound = began - timedelta(hours=25)
    _person(world, SUPPORT_NUMBER, "919966554433", "Out Opted").is_opted_in = False
    fiona = _person(world, "fb:100200300400500", "12121212121", "Fiona Bell")
    _person(world, SUPPORT_MAIL, "jane@example.com", "Jane Roe")

    hour_ago = began - timedelta(hours=1)
    session = Session(
        OPEN_SESSION_ID,
        john.contact_id,
        hour_ago,
        hour_ago + timedelta(minutes=1),
        "9F3A11C0",
        queue="external_bot",
        routing_id="77fc1a320-323-232",
        routings=1,
    )
    session.messages.append(
        ChatMessage("gBEGfixture0000000000000001", "I", hour_ago, "Hello", john.contact_id, john.name, "FORWARDED")
    )
    session.messages.append(
        ChatMessage(
            "gBEGfixture0000000000000002",
            "O",
            session.last_message,
            "Hello John, how can we help?",
            "external_bot",
            john.name,
            "READ",
        )
    )
    desk = Session(
        fixture_id("session", 2),
        fiona.contact_id,
        hour_ago,
        hour_ago,
        "9F3A11C1",
        queue="agent_desk",
        routing_id="77fc1a320-323-233",
        agent="alice",
        dept="support",
        routings=1,
    )
    fiona.last_inbound = hour_ago
    _open(world, fiona, desk)  # in the order in which they fell silent
    _open(world, john, session)


def _person(world: World, channel_id: str, csid: str, name: str) -> Contact:
    channel = world.channels[channel_id]
    contact = Contact(
        contact_id(channel.contact_type, csid, channel.lane),
        channel_id,
        channel.contact_type,
        csid,
        channel.lane,
        name,
        phone=csid if channel.contact_type == "WHATSAPP" else None,
        email=csid if channel.contact_type == "EMAIL" else None,
    )
    world.contacts.put(contact.contact_id, contact)
    return contact


def _open(world: World, contact: Contact, session: Session) -> None:
    contact.session = session.session_id
    world.sessions.put(session.session_id, session)
    sessions.watch(world, session)
