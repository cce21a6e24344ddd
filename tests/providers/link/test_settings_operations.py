"""LINK-SET: conversation settings: stored, listed, read, deleted, and the welcome SMS that is made of them."""

from typing import Any

import pytest
from pydantic import ValidationError

from harness import GATEWAY, USER, FakeWebhook, LinkClient, assert_refused, broken_rule
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.core.content import Other
from sandbox.core.conversation import Message
from sandbox.sandbox import AccountChanges

ID = "27fe4972-36d1-4b69-8d63-339c096d054e"
IDS = [f"{digit * 8}-{digit * 4}-{digit * 4}-{digit * 4}-{digit * 12}" for digit in "abcd"]
TEMPLATE = "LINK Mobility wants to chat with you. Tap https://mydialog.me/[conversationKey] to start."
NOT_FOUND = "Settings with the given ID couldn't be found"
WEB = "+99900004001"


def warnings_of(account: Account) -> tuple[str, ...]:
    """Return what the journal noted beside the newest request."""
    return next(reversed(account.journal.requests)).warnings


async def put(link: LinkClient, settings_id: Any = ID, template: Any = TEMPLATE) -> Any:
    """Put settings and return the answer."""
    return await link.call("PUT", "/admin/settings", json={"id": settings_id, "webSmsTemplate": template})


async def all_settings(link: LinkClient) -> list[tuple[str, str]]:
    """Return id and template of all settings, in the order of the list."""
    response = await link.call("GET", "/admin/settings")
    assert response.status_code == 200
    return [(settings["id"], settings["webSmsTemplate"]) for settings in response.json()]


@pytest.mark.parametrize("replaced", range(4), ids=lambda index: f"LINK-SET-01-replaced-at-{index}")
async def test_settings_are_created_and_replaced(link: LinkClient, replaced: int) -> None:
    """PUT creates, replaces the whole where it stands, and does the same when it is repeated."""
    for settings_id in IDS:
        assert (await put(link, settings_id, "First")).status_code == 200
    for _ in range(2):
        assert (await put(link, IDS[replaced], "Second")).status_code == 200
        templates = ["Second" if index == replaced else "First" for index in range(4)]
        assert await all_settings(link) == list(zip(IDS, templates, strict=True))


@pytest.mark.parametrize("status", [200, 204], ids=lambda status: f"LINK-SET-02-{status}")
async def test_put_is_answered_without_a_body(app: App, link: LinkClient, status: int) -> None:
    """200 unless the switch says 204; created and replaced alike, with neither body nor type."""
    app.sandbox.change_account(link.account, AccountChanges(settings={"put_settings_status": status}))
    for _ in range(2):
        response = await put(link)
        assert (response.status_code, response.content) == (status, b"")
        assert "content-type" not in response.headers
        assert response.headers.get("content-length") == (None if status == 204 else "0")


async def test_the_status_of_put_is_one_of_two(app: App, link: LinkClient) -> None:
    """LINK-SET-02: nothing else can be configured."""
    with pytest.raises(ValidationError):
        app.sandbox.change_account(link.account, AccountChanges(settings={"put_settings_status": 201}))


@pytest.mark.parametrize(
    ("body", "rule", "message"),
    [
        pytest.param({"webSmsTemplate": "a"}, "LINK-SET-03", "id: is required", id="LINK-SET-03-missing"),
        pytest.param({"id": None, "webSmsTemplate": "a"}, "LINK-SET-03", "id: is required", id="LINK-SET-03-null"),
        *[
            pytest.param(
                {"id": value, "webSmsTemplate": "a"}, "LINK-SET-03", "id: must be a UUID", id=f"LINK-SET-03-{name}"
            )
            for name, value in {
                "empty": "",
                "word": "default",
                "no-dashes": ID.replace("-", ""),
                "braces": f"{{{ID}}}",
                "urn": f"urn:uuid:{ID}",
                "leading-space": f" {ID}",
                "trailing-line-break": f"{ID}\n",
                "longer": f"{ID}0",
            }.items()
        ],
        pytest.param({"id": ID}, "LINK-SET-04", "webSmsTemplate: is required", id="LINK-SET-04-missing"),
        *[
            pytest.param(
                {"id": ID, "webSmsTemplate": value},
                "LINK-SET-04",
                "webSmsTemplate: is required",
                id=f"LINK-SET-04-{name}",
            )
            for name, value in {"null": None, "empty": "", "blank": " \t\n", "no-break-space": "\u00a0"}.items()
        ],
    ],
)
async def test_settings_that_are_refused(link: LinkClient, body: Any, rule: str, message: str) -> None:
    """An id that is a UUID and a template that is not blank, or nothing is stored."""
    assert_refused(await link.call("PUT", "/admin/settings", json=body), 400, rule, message)
    assert await all_settings(link) == []


@pytest.mark.parametrize(
    ("template", "warned"),
    [
        pytest.param(TEMPLATE, False, id="LINK-SET-04-with-the-placeholder"),
        pytest.param("[conversationKey][conversationKey]", False, id="LINK-SET-04-twice"),
        pytest.param("Hello", True, id="LINK-SET-04-without"),
        pytest.param("[ConversationKey]", True, id="LINK-SET-04-misspelt"),
        pytest.param("x" * 100_000, True, id="LINK-SET-04-long"),
    ],
)
async def test_the_placeholder_is_not_demanded(link: LinkClient, template: str, warned: bool) -> None:
    """A template without it is accepted, and the journal tells what that means."""
    assert (await put(link, template=template)).status_code == 200
    text = "LINK-SET-04: webSmsTemplate has no [conversationKey], so the user gets no link"
    assert warnings_of(link.account) == ((text,) if warned else ())


@pytest.mark.parametrize(
    "ids",
    [
        pytest.param([], id="LINK-SET-05-none"),
        pytest.param(IDS[:1], id="LINK-SET-05-one"),
        pytest.param(IDS, id="LINK-SET-05-in-order"),
        pytest.param(IDS[::-1], id="LINK-SET-05-in-reverse"),
    ],
)
async def test_all_settings_are_listed(link: LinkClient, ids: list[str]) -> None:
    """An array in the order of creation, empty if there are none."""
    for settings_id in ids:
        await put(link, settings_id)
    assert (await link.call("GET", "/admin/settings")).json() == [
        {"id": settings_id, "webSmsTemplate": TEMPLATE} for settings_id in ids
    ]


@pytest.mark.parametrize(
    "template",
    [
        pytest.param(TEMPLATE, id="LINK-SET-06-as-documented"),
        pytest.param(f" {TEMPLATE}\n", id="LINK-SET-06-blanks-around-it"),
        pytest.param("Grüß Gott 👋 [conversationKey]", id="LINK-SET-06-beyond-ascii"),
    ],
)
async def test_settings_are_read_as_stored(link: LinkClient, template: str) -> None:
    """Id and template as they were put, and nothing else."""
    await link.call("PUT", "/admin/settings", json={"webSmsTemplate": template, "extra": 1, "id": ID})
    response = await link.call("GET", f"/admin/settings/{ID}")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert list(response.json().items()) == [("id", ID), ("webSmsTemplate", template)]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize(
    ("settings_id", "rule"),
    [
        pytest.param(IDS[0], "LINK-SET-07", id="LINK-SET-07-unknown"),
        pytest.param("00000000-0000-0000-0000-000000000000", "LINK-SET-07", id="LINK-SET-07-nil"),
        pytest.param("default", "LINK-SET-08", id="LINK-SET-08-word"),
        pytest.param(ID.replace("-", ""), "LINK-SET-08", id="LINK-SET-08-no-dashes"),
        pytest.param(f"{ID}%20", "LINK-SET-08", id="LINK-SET-08-trailing-space"),
        pytest.param(f"%7B{ID}%7D", "LINK-SET-08", id="LINK-SET-08-braces"),
        pytest.param("%F0%9F%98%80", "LINK-SET-08", id="LINK-SET-08-emoji"),
    ],
)
async def test_unknown_settings(link: LinkClient, method: str, settings_id: str, rule: str) -> None:
    """What does not exist, or is no UUID, is a 422 with the documented sentence; what exists stays."""
    await put(link)
    assert_refused(await link.call(method, f"/admin/settings/{settings_id}"), 422, rule, NOT_FOUND)
    assert [stored for stored, _ in await all_settings(link)] == [ID]


@pytest.mark.parametrize("deleted", range(4), ids=lambda index: f"LINK-SET-09-deleted-at-{index}")
async def test_settings_are_deleted(link: LinkClient, deleted: int) -> None:
    """The answer is what was deleted; then the id is unknown, and free again, at the end of the list."""
    for settings_id in IDS:
        await put(link, settings_id)
    gone = IDS[deleted]
    response = await link.call("DELETE", f"/admin/settings/{gone}")
    assert (response.status_code, response.json()) == (200, {"id": gone, "webSmsTemplate": TEMPLATE})
    for method in ("GET", "DELETE"):
        assert_refused(await link.call(method, f"/admin/settings/{gone}"), 422, "LINK-SET-07", NOT_FOUND)
    assert broken_rule(await link.post_message({"messageContent": {"text": "a"}}, settingsId=gone)) == "LINK-MSG-08"
    assert (await put(link, gone)).status_code == 200
    others = [settings_id for settings_id in IDS if settings_id != gone]
    assert [settings_id for settings_id, _ in await all_settings(link)] == [*others, gone]


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        pytest.param(ID, ID.upper(), id="LINK-SET-10-stored-in-lower-case"),
        pytest.param(ID.upper(), ID, id="LINK-SET-10-stored-in-upper-case"),
        pytest.param(ID.title(), ID, id="LINK-SET-10-stored-in-mixed-case"),
    ],
)
async def test_ids_have_no_letter_case(link: LinkClient, stored: str, asked: str) -> None:
    """One id however it is written, returned as it was put last."""
    await put(link, asked, "First")
    await put(link, stored, "Second")
    assert await all_settings(link) == [(stored, "Second")]
    for method in ("GET", "DELETE"):
        response = await link.call(method, f"/admin/settings/{asked}")
        assert response.json() == {"id": stored, "webSmsTemplate": "Second"}
    assert await all_settings(link) == []


# ------------------------------------------------------------------------------------------------- welcome message


def welcomes(account: Account) -> list[Message]:
    """Return the welcome messages that were sent."""
    return [message for message in account.journal.messages if message.channel == "sms"]


def on_web(app: App, account: Account, *globs: str) -> None:
    """Have numbers reached over the Web Channel."""
    app.sandbox.change_account(account, AccountChanges(settings={"web_recipients": list(globs)}))


async def test_the_first_message_triggers_a_welcome(link: LinkClient, webhook: FakeWebhook) -> None:
    """LINK-SET-11: a web recipient gets one SMS, recorded with number, text, key and settings, and no callback of it."""
    await put(link)
    for _ in range(2):
        assert (await link.send(to=WEB, text="Hello")).status_code == 200
    assert (await link.post_message({"messageContent": {"text": "a"}}, to=WEB, settingsId=ID)).status_code == 200
    (welcome,) = welcomes(link.account)
    assert isinstance(welcome.content, Other)
    assert (welcome.direction, welcome.conversation.user, welcome.content.kind) == ("outbound", WEB, "other")
    assert welcome.content.details["settings_id"] is None
    key = welcome.content.details["conversation_key"]
    assert key in welcome.text
    assert "[conversationKey]" not in welcome.text
    await link.account.clock.advance(60)
    assert sorted(webhook.kinds) == ["DELIVERED"] * 3 + ["READ"] * 3
    assert [message.channel for message in link.account.journal.messages].count("web") == 3


async def test_settings_choose_the_welcome(link: LinkClient) -> None:
    """LINK-SET-11: the template of the settings is used, every placeholder in it filled with the same fresh key."""
    await put(link, template="[conversationKey]: tap https://mydialog.me/[conversationKey]")
    body = {"messageContent": {"text": "Hello"}}
    await link.post_message(body, to=WEB, settingsId=ID.upper())
    (welcome,) = welcomes(link.account)
    assert isinstance(welcome.content, Other)
    key = welcome.content.details["conversation_key"]
    assert welcome.text == f"{key}: tap https://mydialog.me/{key}"
    assert welcome.content.details["settings_id"] == ID.upper()


@pytest.mark.parametrize(
    ("user", "beginning"),
    [
        pytest.param("+491711234567", "Wir möchten mit Ihnen chatten.", id="LINK-SET-11-german"),
        pytest.param("+4722994400", "Vi vil gjerne chatte med deg.", id="LINK-SET-11-norwegian"),
        pytest.param("+441711234567", "We would like to chat with you.", id="LINK-SET-11-english"),
        pytest.param("+4599440000", "We would like to chat with you.", id="LINK-SET-11-danish-has-no-text"),
    ],
)
async def test_the_prefix_chooses_the_language(app: App, link: LinkClient, user: str, beginning: str) -> None:
    """Without settings the text is that of the country."""
    on_web(app, link.account, "+4*")
    await link.send(to=user, text="Hello")
    (welcome,) = welcomes(link.account)
    assert welcome.text.startswith(beginning)


async def test_keys_are_fresh(app: App, link: LinkClient) -> None:
    """LINK-SET-11: each conversation has its own key."""
    on_web(app, link.account, "+49171*")
    for number in range(10):
        await link.send(to=f"+49171000000{number}", text="Hello")
    assert len({message.provider_id for message in welcomes(link.account)}) == 10


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"messageContent": {"text": ""}}, id="LINK-SET-11-refused-text"),
        pytest.param({"messageContent": {"fileId": "x"}}, id="LINK-SET-11-refused-file"),
    ],
)
async def test_a_refused_message_sends_no_welcome(link: LinkClient, body: Any) -> None:
    """The first message is the first that is accepted."""
    assert (await link.post_message(body, to=WEB)).status_code == 400
    assert welcomes(link.account) == []
    await link.send(to=WEB, text="Hello")
    assert len(welcomes(link.account)) == 1


@pytest.mark.parametrize(
    ("settings_id", "rule"),
    [
        pytest.param(ID, None, id="LINK-SET-12-known"),
        pytest.param(IDS[0], "LINK-MSG-08", id="LINK-SET-12-unknown"),
        pytest.param("x", "LINK-MSG-07", id="LINK-SET-12-no-uuid"),
    ],
)
async def test_on_other_channels_settings_are_only_checked(
    link: LinkClient, settings_id: str, rule: str | None
) -> None:
    """They have to exist, and have no effect: no welcome is sent."""
    await put(link)
    path = f"{GATEWAY}/phone/{USER}/conversationMessage"
    query = {"messageId": link.next_message_id(), "settingsId": settings_id}
    body = {"messageContent": {"text": "Hello"}}
    response = await link.http.post(path, params=query, headers=await link.headers(), json=body)
    assert broken_rule(response) == rule
    assert welcomes(link.account) == []
    assert [message.channel for message in link.account.journal.messages] == ([] if rule else ["rcs"])
