"""LINK-SET-11 and LINK-SET-12: who is reached over the Web Channel gets a welcome SMS first."""

from __future__ import annotations

import pytest

from harness import USER, LinkClient, broken_rule
from phone import Phone
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.core.content import Other
from sandbox.core.conversation import Message
from sandbox.engine.scenario import Scenario
from sandbox.sandbox import AccountSpec

SETTINGS_ID = "610fddb9-6420-49e6-9549-2842f4588411"
TEMPLATE = "Chat: https://mydialog.me/[conversationKey] or https://m.me/[conversationKey]"


def welcomes(account: Account) -> list[Message]:
    """Return the welcome SMS that were recorded."""
    return [message for message in account.journal.messages if message.channel == "sms"]


def details(sms: Message) -> dict[str, object]:
    """Return what is recorded beside the text."""
    assert isinstance(sms.content, Other)
    return sms.content.details


@pytest.fixture
def everybody_on_web(phone: Phone) -> None:
    """Reach every number over the Web Channel."""
    phone.configure(web_recipients=["*"])


@pytest.fixture
async def settings(link: LinkClient) -> str:
    """Id of settings with a template that has its placeholder twice."""
    body = {"id": SETTINGS_ID, "webSmsTemplate": TEMPLATE}
    assert (await link.call("PUT", "/admin/settings", json=body)).status_code == 200
    return SETTINGS_ID


@pytest.mark.parametrize(
    ("globs", "user", "channel"),
    [
        pytest.param([], USER, "rcs", id="LINK-SET-11-nobody-by-default"),
        pytest.param(["+4912*"], USER, "web", id="LINK-SET-11-glob"),
        pytest.param([USER], USER, "web", id="LINK-SET-11-number"),
        pytest.param(["+47*", "+4913*"], USER, "rcs", id="LINK-SET-11-other-globs"),
        pytest.param(["+491234567890"], "+4912345678901", "rcs", id="LINK-SET-11-the-number-alone"),
    ],
)
async def test_recipients(
    link: LinkClient, phone: Phone, account: Account, globs: list[str], user: str, channel: str
) -> None:
    """Numbers that a glob names are web recipients, and only those get the SMS."""
    phone.configure(web_recipients=globs)
    await link.send(to=user, text="Hello")
    assert next(reversed(account.journal.messages)).channel == channel
    assert len(welcomes(account)) == (channel == "web")


@pytest.mark.parametrize(
    ("user", "words"),
    [
        pytest.param("+491234567890", "Wir möchten mit Ihnen chatten.", id="LINK-SET-11-german"),
        pytest.param("+4791234567", "Vi vil gjerne chatte med deg.", id="LINK-SET-11-norwegian"),
        pytest.param("+4512345678", "We would like to chat with you.", id="LINK-SET-11-english-otherwise"),
        pytest.param("+14155550100", "We would like to chat with you.", id="LINK-SET-11-english"),
    ],
)
@pytest.mark.usefixtures("everybody_on_web")
async def test_default_templates(link: LinkClient, account: Account, user: str, words: str) -> None:
    """Without settings the country prefix picks the text, in which the key stands."""
    await link.send(to=user, text="Hello")
    (sms,) = welcomes(account)
    assert sms.text.startswith(words)
    assert f"https://mydialog.me/{details(sms)['conversation_key']}" in sms.text
    assert (sms.conversation.user, sms.direction, sms.content.kind) == (user, "outbound", "other")
    assert details(sms)["settings_id"] is None


@pytest.mark.usefixtures("everybody_on_web")
async def test_template_of_settings(link: LinkClient, account: Account, settings: str) -> None:
    """The template of the settings is used, the key standing wherever the placeholder stood."""
    await link.post_message({"messageContent": {"text": "Hello"}}, settingsId=settings.upper())
    (sms,) = welcomes(account)
    key = details(sms)["conversation_key"]
    assert sms.text == f"Chat: https://mydialog.me/{key} or https://m.me/{key}"
    assert details(sms)["settings_id"] == settings.upper()


@pytest.mark.usefixtures("everybody_on_web")
async def test_template_without_placeholder(link: LinkClient, account: Account) -> None:
    """LINK-SET-04, -11: a template without the placeholder is sent as it is."""
    await link.call("PUT", "/admin/settings", json={"id": SETTINGS_ID, "webSmsTemplate": "Come and chat"})
    await link.post_message({"messageContent": {"text": "Hello"}}, settingsId=SETTINGS_ID)
    assert [sms.text for sms in welcomes(account)] == ["Come and chat"]


@pytest.mark.usefixtures("everybody_on_web")
async def test_first_message_alone(link: LinkClient, account: Account, settings: str) -> None:
    """The SMS goes before the first message of a conversation; every conversation has a key of its own."""
    await link.send(text="One")
    await link.send(text="Two")
    await link.post_message({"messageContent": {"text": "Three"}}, settingsId=settings)
    await link.send(to="+4791234567", text="Another")
    channels = [message.channel for message in account.journal.messages]
    assert channels == ["sms", "web", "web", "web", "sms", "web"]
    assert len({details(sms)["conversation_key"] for sms in welcomes(account)}) == 2


@pytest.mark.usefixtures("everybody_on_web")
async def test_refused_message(link: LinkClient, account: Account) -> None:
    """LINK-MSG-06, LINK-SET-11: a refused message is none: the next one is the first."""
    await link.send(text="")
    assert welcomes(account) == []
    await link.send(text="Hello")
    assert len(welcomes(account)) == 1


@pytest.mark.usefixtures("everybody_on_web")
async def test_repeated_message(link: LinkClient, account: Account) -> None:
    """LINK-MSG-04, LINK-SET-11: a safe retry sends no second SMS."""
    for _ in range(2):
        await link.send(text="Hello", message_id="7f0c1c9e-3a53-4f0e-9d0a-0a4f3f1b7c11")
    assert len(welcomes(account)) == 1


@pytest.mark.usefixtures("everybody_on_web")
async def test_after_a_reset(app: App, link: LinkClient, account: Account) -> None:
    """LINK-SET-11: when the account has forgotten everything, the conversation begins anew."""
    await link.send(text="Hello")
    app.sandbox.reset(account)
    await link.send(text="Hello")
    assert len(welcomes(account)) == 1


@pytest.mark.usefixtures("everybody_on_web")
async def test_other_account(app: App, link: LinkClient, account: Account) -> None:
    """LINK-GEN-16, LINK-SET-11: conversations belong to their account."""
    spec = {"provider": "link", "settings": {"web_recipients": ["*"]}}
    other = app.sandbox.create_account(AccountSpec.model_validate(spec))
    for one in (account, other):
        await LinkClient(link.http, one).send(text="Hello")
        assert len(welcomes(one)) == 1


@pytest.mark.usefixtures("everybody_on_web")
async def test_never_told(link: LinkClient, phone: Phone, account: Account) -> None:
    """The SMS is no callback, not even when it arrives; the message is told of as ever."""
    message_id = "7f0c1c9e-3a53-4f0e-9d0a-0a4f3f1b7c11"
    await link.send(text="Hello", message_id=message_id)
    assert await phone.advance(0.6) == ["DELIVERED", "READ"]
    (sms,) = welcomes(account)
    for deed in ("deliver", "read"):
        assert await phone.does(deed, message=sms.id) == []
    assert sms.status == "read"
    assert {received.data["messageId"] for received in phone.webhook.received} == {message_id}


@pytest.mark.usefixtures("everybody_on_web")
async def test_the_message_is_the_newest(link: LinkClient, phone: Phone, account: Account) -> None:
    """A person who reads, or writes, means the message and its channel, and not the SMS before it."""
    await link.send(text="Hello")
    assert (await phone.is_told("read")).data["messageId"] == next(reversed(account.journal.messages)).provider_id
    await phone.does("say", text="Hello")
    assert next(reversed(account.journal.messages)).channel == "web"


async def test_link_opened_by_a_script(app: App, link: LinkClient, phone: Phone) -> None:
    """Behaviour 5: DELIVERED follows when the script has the person open the link."""
    phone.configure(web_recipients=["*"])
    steps = [{"do": "deliver", "after": "2m"}, {"do": "say", "text": "I am here", "after": "5s"}]
    app.sandbox.scenarios.put(Scenario.model_validate({"name": "opens-link", "match": {"user": USER}, "steps": steps}))
    await link.send(text="Hello")
    assert await phone.wait_until(119.999_999) == []
    assert await phone.wait_until(120) == ["DELIVERED"]
    assert await phone.wait_until(125) == ["TEXT"]


@pytest.mark.parametrize(
    ("settings_id", "status", "rule"),
    [
        pytest.param(SETTINGS_ID, 200, None, id="LINK-SET-12-known-settings"),
        pytest.param("00000000-0000-4000-8000-000000000000", 400, "LINK-MSG-08", id="LINK-SET-12-unknown-settings"),
        pytest.param("settings", 400, "LINK-MSG-07", id="LINK-SET-12-no-uuid"),
    ],
)
@pytest.mark.usefixtures("settings")
async def test_other_channels(
    link: LinkClient, phone: Phone, account: Account, settings_id: str, status: int, rule: str | None
) -> None:
    """On another channel a settings id is checked, and has no effect."""
    response = await link.post_message({"messageContent": {"text": "Hello"}}, settingsId=settings_id)
    assert (response.status_code, broken_rule(response)) == (status, rule)
    assert welcomes(account) == []
    assert await phone.advance(60) == (["DELIVERED", "READ"] if status == 200 else [])
