"""Conversations: the list of who talks to whom, and beginning to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from business import PERSON, Business
from hand import Phone
from sandbox.client import Client
from watch import Watch

Open = Callable[..., Page]
OTHER = "+491707654321"


@pytest.fixture
def phone(inspector: Open) -> Phone:
    """The page of a sandbox in which nothing has happened."""
    return Phone(inspector())


def order(phone: Phone) -> list[str]:
    """Return the people in the list, from above."""
    return phone.conversations.locator(".person strong").all_inner_texts()


def test_empty(phone: Phone) -> None:
    """Where nobody has said anything, the page says so and offers to begin."""
    expect(phone.page.get_by_text("No conversation yet.")).to_be_visible()
    expect(phone.page.locator("person-handset").get_by_role("button", name="New conversation")).to_be_visible()


def test_what_it_shows(phone: Phone, business: Business) -> None:
    """A conversation has provider, sender, person, last line and time; what was not looked at is counted."""
    business.say("Hello")
    business.say("Are you there?")
    row = phone.conversations.get_by_role("button")
    expect(row).to_contain_text(PERSON)
    expect(row).to_contain_text("LINK Conversations · rcs · eap00001")
    expect(row.locator(".text")).to_have_text("Are you there?")
    expect(row.locator("time")).to_have_count(1)
    expect(row).to_contain_text("2 unread")
    row.click()
    expect(row.locator(".unread")).to_have_count(0)
    business.say("Still here?")
    expect(row.locator(".text")).to_have_text("Still here?")
    expect(row.locator(".unread")).to_have_count(0)


def test_newest_first(phone: Phone, business: Business) -> None:
    """Whoever something was said to last stands above the others."""
    business.say("One")
    business.say("Two", to=OTHER)
    expect(phone.conversations.locator(".person strong")).to_have_text([OTHER, PERSON])
    business.say("Three")
    expect(phone.conversations.locator(".person strong")).to_have_text([PERSON, OTHER])


def test_search(phone: Phone, business: Business) -> None:
    """One finds a conversation by the person, or by anything that was ever said in it."""
    business.say("Your parcel is on its way")
    business.say("Good night")
    business.say("Hello", to=OTHER)
    search = phone.page.get_by_role("searchbox", name="Search conversations")
    rows = phone.conversations.get_by_role("button")
    expect(rows).to_have_count(2)
    search.fill("PARCEL")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(PERSON)
    search.fill(OTHER[-4:])
    expect(rows).to_contain_text(OTHER)
    search.fill("nothing of the kind")
    expect(rows).to_have_count(0)
    expect(phone.page.get_by_text("Nothing was said of that.")).to_be_visible()


def test_of_one_account(phone: Phone, business: Business, sandbox: Client) -> None:
    """Looking at one account leaves the conversations of others out."""
    business.say("Hello")
    sandbox.act("acc_rbm", "say", user=OTHER, text="Hello")
    rows = phone.conversations.get_by_role("button")
    expect(rows).to_have_count(2)
    phone.page.get_by_role("combobox", name="Account", exact=True).first.select_option("acc_rbm")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(OTHER)


@pytest.mark.sandbox(clock="virtual")
def test_running_scenario(phone: Phone, business: Business, sandbox: Client) -> None:
    """A scenario that is running is named until it is over, with how far it is."""
    business.say("Hello")
    steps = b"name: wait\nsteps:\n  - {do: say, text: first}\n  - {do: say, text: second, after: 1h}\n"
    sandbox.put_scenario("wait", steps)
    sandbox.advance(10)
    sandbox.start_run("wait", "acc_link", PERSON)
    badge = phone.conversations.locator(".playing")
    expect(badge).to_contain_text("wait 1/2")
    sandbox.advance(3600)
    expect(badge).to_have_count(0)


def test_armed_fault(phone: Phone, business: Business, sandbox: Client) -> None:
    """Conversations that an armed fault can strike are marked, as long as it is armed."""
    business.say("Hello")
    business.say("Hello", to=OTHER)
    armed = sandbox.arm({"account": "acc_link", "on": "callback", "match": {"user": OTHER}, "effect": {"type": "drop"}})
    badge = phone.conversations.locator(".armed")
    expect(badge).to_have_count(1)
    expect(phone.conversations.get_by_role("button").filter(has=phone.page.locator(".armed"))).to_contain_text(OTHER)
    sandbox.disarm(armed["id"])
    expect(badge).to_have_count(0)


def test_by_keyboard(phone: Phone, business: Business) -> None:
    """Arrows go from one conversation to the next, Home and End to the ends, and Enter chooses."""
    people = [f"+49170000000{number}" for number in range(9)]
    for each in people:
        business.say(f"Hello {each[-1]}", to=each)
    rows = phone.conversations.get_by_role("button")
    expect(rows).to_have_count(9)
    phone.page.get_by_role("searchbox", name="Search conversations").focus()
    phone.page.keyboard.press("Tab")
    expect(rows.nth(0)).to_be_focused()
    phone.page.keyboard.press("ArrowDown")
    phone.page.keyboard.press("ArrowDown")
    expect(rows.nth(2)).to_be_focused()
    phone.page.keyboard.press("ArrowUp")
    expect(rows.nth(1)).to_be_focused()
    phone.page.keyboard.press("Enter")
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    expect(phone.message("Hello 7")).to_be_visible()
    phone.page.keyboard.press("End")
    expect(rows.filter(has_text=people[0])).to_be_focused()
    phone.page.keyboard.press("Home")
    expect(rows.filter(has_text=people[8])).to_be_focused()


def test_thousands(phone: Phone) -> None:
    """Of five thousand conversations only those in sight are in the document; the keyboard still goes to the last."""
    phone.page.evaluate(
        """async () => {
          const { store } = await import("/_sandbox/ui/store.js");
          for (let each = 0; each < 5000; each += 1) store.open("acc_link", "eap00001", `+4917${10_000_000 + each}`, "rcs");
        }"""
    )
    rows = phone.conversations.get_by_role("button")
    expect(rows.first).to_contain_text("+4917")
    assert rows.count() < 60
    rows.first.focus()
    phone.page.keyboard.press("End")
    expect(rows.filter(has_text="+491710000000")).to_be_focused()


def begin(phone: Phone, account: str, user: str) -> None:
    """Ask for a new conversation."""
    phone.page.locator("conversation-list").get_by_role("button", name="New conversation").click()
    dialog = phone.page.get_by_role("dialog", name="New conversation")
    dialog.get_by_label("Account").select_option(account)
    dialog.get_by_label("Person").fill(user)


def test_new_conversation(phone: Phone, sandbox: Client) -> None:
    """An address as people write it becomes a conversation in which one writes at once."""
    begin(phone, "acc_link", "0049 170 123-4567")
    phone.page.get_by_role("button", name="Begin").click()
    expect(phone.page.locator("person-handset")).to_contain_text(f"to {PERSON}")
    phone.text.fill("Hello?")
    phone.text.press("Enter")
    expect(phone.message("Hello?")).to_be_visible()
    assert [message["user"] for message in sandbox.messages().items] == [PERSON]
    expect(phone.conversations.get_by_role("button")).to_have_count(1)


def test_new_conversation_with_a_sender(phone: Phone, sandbox: Client) -> None:
    """Where an account speaks by several addresses, one chooses which is written to."""
    begin(phone, "acc_mehery", "919812345678")
    phone.page.get_by_label("To", exact=True).select_option("tg:sandboxsupportbot")
    phone.page.get_by_role("button", name="Begin").click()
    phone.text.fill("Hello?")
    phone.text.press("Enter")
    expect(phone.message("Hello?")).to_be_visible()
    assert [message["sender"] for message in sandbox.messages().items] == ["tg:sandboxsupportbot"]


def test_new_conversation_on_a_channel(phone: Phone, sandbox: Client) -> None:
    """Where any sender will do, one names it, and the channel."""
    begin(phone, "acc_webex_connect", PERSON)
    phone.page.get_by_label("To", exact=True).fill("my-app")
    phone.page.get_by_label("Channel").select_option("whatsapp")
    phone.page.get_by_role("button", name="Begin").click()
    phone.text.fill("Hello?")
    phone.text.press("Enter")
    expect(phone.message("Hello?")).to_be_visible()
    assert [(each["sender"], each["channel"]) for each in sandbox.messages().items] == [("my-app", "whatsapp")]


def test_new_conversation_with_nobody(phone: Phone, watch: Watch) -> None:
    """An address that is none is refused beside its field, and everything stays as it was entered."""
    watch.allow("status of 422")
    begin(phone, "acc_link", "nobody")
    phone.page.get_by_role("button", name="Begin").click()
    dialog = phone.page.get_by_role("dialog", name="New conversation")
    expect(dialog.locator("[data-path=user] .complaint")).to_contain_text("is no phone number in E.164 format")
    expect(dialog.get_by_label("Person")).to_have_value("nobody")
    dialog.get_by_label("Person").press("Escape")
    expect(dialog).to_have_count(0)


def test_accessible(phone: Phone, business: Business, assert_accessible: Callable[[], None]) -> None:
    """List and form have no fault of contrast, name or role."""
    business.say("Hello")
    phone.choose(PERSON)
    assert_accessible()
    phone.page.locator("conversation-list").get_by_role("button", name="New conversation").click()
    expect(phone.page.get_by_role("dialog", name="New conversation")).to_be_visible()
    assert_accessible()
