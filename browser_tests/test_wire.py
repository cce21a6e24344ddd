"""Wire: what happened is seen as it happens, with why it did, and can be looked into."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

import hostile
from business import PERSON, Business
from listener import Listener
from live_server import LiveServer
from sandbox.client import Client

Open = Callable[..., Page]

_SELECT = """async (conversation) => {
  const { store, keyOf } = await import("/_sandbox/ui/store.js");
  store.select(keyOf(conversation));
}"""


@pytest.fixture
def wire(inspector: Open, page: Page) -> Open:
    """Opens the inspector in a window so high that every row of a few is in it."""
    page.set_viewport_size({"width": 1280, "height": 6000})
    return inspector


def choose(page: Page, account: str) -> None:
    """Look at one account."""
    page.get_by_label("Account", exact=True).select_option(account)
    look_at(page, "account")


def look_at(page: Page, scope: str) -> None:
    """Look at all requests or everything of an account, and wait until it is there."""
    chosen = page.get_by_label("What the wire shows")
    chosen.locator(f"option[value={scope}]").wait_for(state="attached")
    chosen.select_option(scope)
    page.locator("wire-view window-list[aria-busy=false]").wait_for(state="attached")


def select(page: Page, user: str = PERSON, account: str = "acc_link", sender: str = "eap00001") -> None:
    """Look at one conversation."""
    page.evaluate(_SELECT, {"account": account, "sender": sender, "user": user})


def rows(page: Page, kind: str) -> Locator:
    """Return the rows of a sort."""
    return page.locator(f".wire-row[data-type={kind}]")


def opened(row: Locator) -> Locator:
    """Open a row and return what is below it."""
    row.locator(".line").click()
    panel = row.locator(".panel")
    expect(panel).to_be_visible()
    return panel


def tell(server: LiveServer, listener: Listener) -> None:
    """Have the callbacks of `acc_link` go there, with a header."""
    webhook = {"url": f"{listener.url}/hook", "headers": {"X-Mine": "yes"}}
    answer = httpx.patch(f"{server.url}/_sandbox/accounts/acc_link", json={"webhook": webhook}, trust_env=False)
    assert answer.status_code == 200


def test_a_request_comes_live(wire: Open, business: Business) -> None:
    """A request is a row as soon as it was made: method, path, status and how long it took."""
    page = wire()
    expect(page.get_by_text("Nothing happened yet.")).to_be_visible()
    business.say("Hello")
    row = rows(page, "request")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("POST")
    expect(row).to_contain_text(f"/gateway/lmc/v1/phone/{PERSON}/conversationMessage")
    expect(row.locator(".status")).to_have_text("200")
    expect(row).to_contain_text(" ms")
    expect(row).not_to_contain_text("error")


def test_a_request_is_looked_into(wire: Open, business: Business) -> None:
    """An open row has headers and bodies, the JSON in them set out, and as it is on demand."""
    page = wire()
    business.say("Hello", "Yes")
    panel = opened(rows(page, "request"))
    expect(panel).to_contain_text("sendMessage")
    body = panel.get_by_label("Request body", exact=True)
    expect(body).to_contain_text('{\n  "messageContent": {\n    "text": "Hello"')
    raw = panel.get_by_role("button", name="Request body, raw")
    raw.click()
    expect(raw).to_have_attribute("aria-pressed", "true")
    expect(body).to_contain_text('{"messageContent":{"text":"Hello"')
    raw.click()
    expect(body).to_contain_text('{\n  "messageContent"')
    panel.get_by_text("Request headers").click()
    expect(panel.get_by_text("Bearer eyJhb…")).to_be_visible()
    panel.get_by_text("Response headers").click()
    expect(panel.locator("[data-section=response-headers]").get_by_text("application/json")).to_be_visible()
    expect(panel.get_by_label("Response body", exact=True)).to_contain_text('"sendTime"')


def test_a_refused_request_stands_out(wire: Open, business: Business, sandbox: Client) -> None:
    """It is marked by a word as well, and names the rule: what it says, how it is known, and where it is written."""
    page = wire()
    assert business.post({}).status_code == 400
    row = rows(page, "request")
    expect(row.locator(".mark")).to_have_text("✕ error")
    (refused,) = sandbox.requests().items
    (rule,) = [each for each in _rules(sandbox) if each["id"] == refused["rule"]]
    expect(row).to_contain_text(f"{rule['id']} {rule['says']}")
    panel = opened(row)
    expect(panel).to_contain_text(rule["says"])
    expect(panel.locator(".rule")).to_contain_text(rule["grade"])
    assert rule["source"] is not None
    expect(panel.locator(".rule code")).to_have_text(rule["source"])


def _rules(sandbox: Client) -> list[dict[str, Any]]:
    answer = httpx.get(f"{sandbox.url}/_sandbox/providers", trust_env=False).json()
    return [rule for provider in answer["items"] for rule in provider["rules"]]


def test_requests_of_nobody(wire: Open, server: LiveServer) -> None:
    """A request with credentials that nobody has is told of wherever one looks, and found in all requests."""
    page = wire()
    choose(page, "acc_link")
    path = f"/gateway/lmc/v1/phone/{PERSON}/conversationMessage"
    httpx.post(server.url + path, headers={"Authorization": "Bearer wrong"}, json={}, trust_env=False)
    expect(page.get_by_text("Nothing happened yet.")).to_be_visible()
    page.get_by_role("button", name="1 of no account").click()
    row = rows(page, "request")
    expect(row).to_contain_text("no account")
    expect(opened(row)).to_contain_text("the credentials are of nobody, or there were none")
    expect(page.get_by_label("What the wire shows")).to_have_value("all")


def test_a_tree_of_what_came_of_it(wire: Open, business: Business, sandbox: Client) -> None:
    """In a conversation stands below a request its message, below that the run with its callbacks, each with the reason."""
    page = wire()
    business.say("Shall we?", "Yes", to="+99900002001")
    business.say("Somebody else")
    sandbox.act("acc_link", "say", user="+99900002001", text="Fine", wait=5)
    page.wait_for_function("document.querySelector('inspector-app') !== null")
    select(page, "+99900002001")
    expect(rows(page, "request")).to_have_count(1)
    expect(rows(page, "message").first).to_contain_text("Shall we?")
    expect(rows(page, "run")).to_contain_text("passed")
    expect(rows(page, "callback").first).to_contain_text("step 0 deliver")
    expect(rows(page, "action")).to_contain_text('say "Fine"')
    expect(page.locator("wire-view")).not_to_contain_text("Somebody else")
    depths = page.locator(".wire-row").evaluate_all(
        "(rows) => rows.map((row) => row.style.getPropertyValue('--depth'))"
    )
    assert depths[:4] == ["0", "1", "2", "3"]
    run = opened(rows(page, "run"))
    expect(run).to_contain_text("reads, taps the first suggestion")
    expect(run.locator("ol li")).to_have_text(["deliver done", "read done", "tap done"])
    expect(opened(rows(page, "message").first)).to_contain_text("accepted")
    look_at(page, "account")
    expect(page.locator("wire-view")).to_contain_text("Somebody else")


@pytest.mark.sandbox(clock="virtual")
def test_a_callback_is_looked_into(wire: Open, server: LiveServer, business: Business, sandbox: Client) -> None:
    """Every attempt with what came of it, the payload decoded beside the raw body, the headers, and the reason."""
    with Listener(503) as listener:
        tell(server, listener)
        business.say("Hello")
        sandbox.advance(0.3, "acc_link")
        page = wire()
        choose(page, "acc_link")
        expect(rows(page, "callback")).to_contain_text("retrying")
        sandbox.advance(0.2, "acc_link")
        expect(rows(page, "callback").first.locator(".mark")).to_have_text("✕ error")
        sandbox.advance(30, "acc_link")
        attempts = rows(page, "attempt")
        expect(attempts).to_have_count(2)
        expect(attempts.first.locator(".mark")).to_have_text("✕ error")
        panel = opened(rows(page, "callback").first)
        expect(panel).to_contain_text("event.DELIVERED")
        expect(panel).to_contain_text(f"{listener.url}/hook")
        expect(panel).to_contain_text("default series, step 0 deliver")
        tried = panel.get_by_role("list", name="Attempts").locator(":scope > li")
        expect(tried).to_have_count(2)
        expect(tried.nth(0)).to_contain_text("503")
        expect(tried.nth(0)).to_contain_text('"said": 503')
        expect(tried.nth(1)).to_contain_text("200")
        expect(tried.nth(1)).to_contain_text("retry 1 of 4")
        (sent, *_) = sandbox.callbacks().items
        decoded, raw = panel.get_by_label("Decoded payload", exact=True), panel.get_by_label("Raw body", exact=True)
        expect(decoded).to_contain_text('"eventType": "DELIVERED"')
        expect(raw).not_to_contain_text("eventType")
        panel.get_by_role("button", name="Raw body, raw").click()
        assert raw.text_content() == sent["body"] == listener.next().body.decode()
        panel.get_by_text("Headers (").click()
        expect(panel.get_by_text("x-mine")).to_be_visible()
        expect(opened(attempts.nth(0))).to_contain_text("503")


def test_redeliver(wire: Open, server: LiveServer, business: Business) -> None:
    """The button sends the same bytes once more, as a callback of its own."""
    with Listener() as listener:
        tell(server, listener)
        page = wire()
        choose(page, "acc_link")
        business.say("Hello")
        first, second = listener.next(), listener.next()
        panel = opened(rows(page, "callback").first)
        panel.get_by_role("button", name="Redeliver").click()
        assert listener.next().body in (first.body, second.body)
        expect(panel.get_by_text("Sent once more as cbk_")).to_be_visible()
        expect(rows(page, "callback")).to_have_count(3)
        expect(rows(page, "callback").last).to_contain_text("was sent once more on demand")


def test_parts(wire: Open, sandbox: Client, business: Business) -> None:
    """A multipart callback is shown part by part: JSON to be read, of a file its name and size."""
    business.say("Send me a file")
    sandbox.act("acc_link", "send_file", user=PERSON, sample="photo.jpg", wait=5)
    page = wire()
    choose(page, "acc_link")
    page.get_by_label("Filter the wire by text").fill("message.USER_FILE")
    expect(rows(page, "callback")).to_have_count(1)
    panel = opened(rows(page, "callback"))
    parts = panel.get_by_role("list", name="Parts").locator(":scope > li")
    expect(parts.filter(has_text="photo.jpg")).to_contain_text(" bytes")
    expect(parts.first.locator("pre")).to_contain_text("{")
    expect(panel.get_by_label("Decoded payload", exact=True)).to_contain_text("USER_FILE")


def test_what_was_not_sent(wire: Open, business: Business, sandbox: Client) -> None:
    """A callback without a webhook says which setting would help, and offers no command to copy."""
    business.say("Hello")
    sandbox.act("acc_link", "say", user=PERSON, text="Hi", wait=5)
    page = wire()
    choose(page, "acc_link")
    expect(rows(page, "attempt").first).to_contain_text("not sent: no webhook is configured")
    expect(rows(page, "attempt").first).to_contain_text("--webhook-url")
    panel = opened(rows(page, "callback").first)
    expect(panel).to_contain_text("No attempt was made yet")
    expect(panel.get_by_role("button", name="Copy as curl")).to_have_count(0)


@pytest.mark.sandbox(clock="virtual")
def test_faults_and_changes(wire: Open, business: Business, sandbox: Client) -> None:
    """What an operator did is there too, and what an armed fault has done is named where it has."""
    page = wire()
    choose(page, "acc_link")
    armed = sandbox.arm(
        {"account": "acc_link", "on": "request", "effect": {"type": "status", "status": 503}, "times": 1}
    )
    assert business.post({"text": "Hello"}).status_code == 503
    sandbox.advance(5, "acc_link")
    expect(rows(page, "fault")).to_contain_text("status 503")
    expect(rows(page, "change")).to_contain_text("moved on by 5 s")
    row = rows(page, "request")
    expect(row.locator(".mark")).to_be_visible()
    expect(row.locator(".why")).to_contain_text(armed["id"])
    expect(opened(row)).to_contain_text(armed["id"])


@pytest.mark.sandbox(clock="virtual")
def test_what_is_open_stays(wire: Open, business: Business, sandbox: Client) -> None:
    """While more happens, an open row stays open as it was left, and the focus where it was."""
    business.say("Hello")
    page = wire()
    choose(page, "acc_link")
    panel = opened(rows(page, "request"))
    panel.get_by_text("Request headers").click()
    raw = panel.get_by_role("button", name="Request body, raw")
    raw.focus()
    raw.press("Enter")
    rows(page, "request").evaluate("(row) => { row.marked = true }")
    sandbox.advance(10, "acc_link")
    expect(rows(page, "callback")).to_have_count(2)
    assert rows(page, "request").evaluate("(row) => row.marked")
    expect(raw).to_have_attribute("aria-pressed", "true")
    expect(raw).to_be_focused()
    expect(panel.locator("[data-section=headers] details")).to_have_attribute("open", "")
    line = rows(page, "request").locator(".line")
    line.click()
    expect(panel).to_have_count(0)
    expect(line).to_have_attribute("aria-expanded", "false")


@pytest.mark.sandbox(clock="virtual")
def test_filter(wire: Open, business: Business, sandbox: Client) -> None:
    """By words, of bodies too; by errors; by kinds. What a find came of stays in sight, faintly."""
    business.say("A needle in it")
    business.say("Something else")
    business.post({})
    sandbox.advance(10, "acc_link")
    page = wire()
    choose(page, "acc_link")
    expect(rows(page, "request")).to_have_count(3)
    words = page.get_by_label("Filter the wire by text")
    words.fill("a NEEDLE in")
    expect(rows(page, "request")).to_have_count(1)
    expect(rows(page, "message")).to_have_count(1)
    expect(rows(page, "callback")).to_have_count(0)
    words.fill("event.READ")
    expect(rows(page, "callback")).to_have_count(2)
    expect(rows(page, "request").first).to_have_class("wire-row faint")
    words.fill("no such thing at all")
    expect(page.get_by_text("Nothing fits the filter.")).to_be_visible()
    words.fill("")
    page.get_by_label("Only errors").check()
    expect(page.locator(".wire-row")).to_have_count(1)
    expect(page.locator(".wire-row .mark")).to_be_visible()
    page.get_by_label("Only errors").uncheck()
    page.get_by_text("Kinds", exact=True).click()
    kinds = page.locator(".kinds")
    kinds.get_by_role("button", name="None").click()
    expect(page.locator(".wire-row")).to_have_count(0)
    kinds.get_by_label("callback").check()
    expect(rows(page, "callback")).to_have_count(4)
    expect(page.locator(".wire-row")).to_have_count(4)
    kinds.get_by_role("button", name="All").click()
    expect(rows(page, "message")).to_have_count(2)


@pytest.mark.sandbox(clock="virtual", journal_limit=350)
def test_much(inspector: Open, business: Business) -> None:
    """Of much the newest is shown, the rest on demand; what the journal has dropped is counted; few rows are drawn."""
    for number in range(360):
        business.say(f"text {number}")
    page = inspector()
    choose(page, "acc_link")
    expect(page.get_by_text("The journal is bounded and has dropped 10 requests, 10 messages")).to_be_visible()
    expect(page.get_by_text("100 earlier ones are left out.")).to_be_visible()
    expect(rows(page, "message").last).to_contain_text('"text 359"')
    assert page.locator(".wire-row").count() < 80
    business.say("the newest")
    expect(rows(page, "message").last).to_contain_text("the newest")
    page.get_by_role("button", name="Show up to 1000").click()
    expect(page.get_by_text("are left out")).to_have_count(0)
    page.locator("wire-view window-list").evaluate("(list) => { list.scrollTop = 0 }")
    expect(rows(page, "message").first).to_contain_text('"text 11"')
    page.get_by_role("button", name="to the newest").click()
    expect(rows(page, "message").last).to_contain_text("the newest")
    expect(page.get_by_role("button", name="to the newest")).to_be_hidden()


@pytest.mark.sandbox(clock="virtual")
@pytest.mark.parametrize("text", hostile.TEXTS)
def test_text_is_only_text(wire: Open, server: LiveServer, business: Business, sandbox: Client, text: str) -> None:
    """Whatever stands in messages, headers, paths, queries and answers, it is shown and never run."""
    sandbox.arm(
        {"account": "acc_link", "on": "request", "effect": {"type": "status", "status": 500, "body": text}, "times": 1}
    )
    business.post({"text": text})
    business.say(text, text[:25])
    sandbox.act("acc_link", "say", user=PERSON, text=text, wait=5)
    sent = httpx.Request(
        "POST", f"{server.url}/gateway/lmc/v1/x", params={"q": text}, headers={"X-Text": text}, json={text: text}
    )
    with httpx.Client(trust_env=False) as client:
        client.send(sent)
    sandbox.advance(10, "acc_link")
    page = wire()
    choose(page, "acc_link")
    for kind in ("request", "message", "callback"):
        for place in range(rows(page, kind).count()):
            opened(rows(page, kind).nth(place))
    look_at(page, "all")
    last = rows(page, "request").last
    panel = opened(last)
    for summary in panel.locator("summary").all():
        summary.click()
    expect(panel.get_by_text(text, exact=True)).to_be_visible()
    expect(panel.get_by_label("Request body", exact=True)).to_have_text(
        json.dumps({text: text}, indent=2, ensure_ascii=False)
    )
    hostile.assert_harmless(page)


@pytest.mark.sandbox(clock="virtual")
def test_accessible(wire: Open, business: Business, sandbox: Client, assert_accessible: Callable[[], None]) -> None:
    """Rows, errors, faint ones and open ones have no fault of contrast, name or role."""
    business.say("Hello")
    business.post({})
    sandbox.advance(10, "acc_link")
    page = wire()
    choose(page, "acc_link")
    opened(rows(page, "callback").first)
    opened(rows(page, "request").last)
    page.get_by_text("Kinds", exact=True).click()
    assert_accessible()
    page.get_by_text("Kinds", exact=True).click()
    page.get_by_label("Only errors").check()
    page.get_by_label("Filter the wire by text").fill("conversationMessage")
    assert_accessible()
