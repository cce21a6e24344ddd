"""Store: what the page knows is what the sandbox knows, whatever happens between the two."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from statistics import median

import pytest
from playwright.sync_api import Page, expect
from starlette.requests import Request

from business import PERSON, Business
from hand import Phone
from live_server import LiveServer
from patience import best, rest, wait_until
from sandbox.client import Client
from sandbox.control import events
from sandbox.engine.actions import Say
from sandbox.sandbox import Sandbox
from watch import Watch

Open = Callable[..., Page]

_LOST = r"ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET"
_STORE = "async () => { window.store = (await import('/_sandbox/ui/store.js')).store; }"


def test_everything_is_read_at_the_start(inspector: Open, sandbox: Client, business: Business) -> None:
    """What had happened before the page was opened is there."""
    business.say("Hello", "Yes")
    sandbox.act("acc_link", "tap", user=PERSON, suggestion="Yes", wait=5)
    sandbox.arm({"account": "acc_link", "on": "request", "effect": {"type": "code", "code": "400"}})
    page = inspector()
    page.evaluate(_STORE)
    found = page.evaluate(
        """() => ["messages", "requests", "callbacks", "runs", "faults", "conversations", "accounts"]
             .map((name) => store[name].size)"""
    )
    assert all(found), found
    assert page.evaluate("[...store.conversations.values()][0].messages.map((each) => each.text)") == ["Hello", "Yes"]


def test_a_burst_is_told_once_a_frame(inspector: Open, server: LiveServer) -> None:
    """However many events come in one go, nothing is drawn more often than the screen is."""
    page = inspector()
    page.evaluate(_STORE)
    page.evaluate(
        """() => {
          window.told = { frames: 0, messages: 0, conversations: 0 };
          const count = () => { told.frames += 1; requestAnimationFrame(count); };
          requestAnimationFrame(count);
          for (const name of ["messages", "conversations"]) store.addEventListener(name, () => (told[name] += 1));
        }"""
    )
    _say_often(server, 1000)
    wait_until(page, "window.store.messages.size >= 1000")
    rest(page)
    told = page.evaluate("told")
    assert 0 < told["messages"] <= told["frames"] + 1
    assert told["messages"] < 500


def test_an_event_is_on_the_screen_at_once(inspector: Open, sandbox: Client, business: Business) -> None:
    """
    From the request to the text on the screen it takes less than 300 ms, as a rule far less.

    The best of ten counts: others may have the processor meanwhile, and only ever add to it. The first does not: it may
    hit the moment at which a page that asks now and then would ask; each of the others begins as the one before is seen.
    """
    business.say("first")
    page = inspector()
    Phone(page, PERSON)
    thread = page.get_by_role("list", name="Messages")
    expect(thread.get_by_text("first")).to_be_visible()
    headers = sandbox.authorization("acc_link")
    _, *took = [_seen_after(page, headers, number) for number in range(11)]
    assert min(took) < 300, took


def test_a_lost_connection_is_resumed(
    inspector: Open, business: Business, server: LiveServer, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who lost the connection says so, asks for what was missed, and has everything again."""
    watch.allow(_LOST)
    asked: list[str | None] = []
    begins_after = events._begins_after  # noqa: SLF001 - the browser's header shows nowhere else

    def spy(sandbox: Sandbox, request: Request) -> int:
        asked.append(request.headers.get("last-event-id"))
        return begins_after(sandbox, request)

    monkeypatch.setattr(events, "_begins_after", spy)
    page = inspector()
    page.evaluate(_STORE)
    business.say("before")
    wait_until(page, "store.messages.size === 1")
    stream = server.app.sandbox.stream
    last = stream.last
    stream.close()
    page.locator("html[data-connection=lost]").wait_for(state="attached")
    stream.closed = False
    business.say("meanwhile")
    page.locator("html[data-connection=open]").wait_for(state="attached")
    assert page.evaluate("[...store.messages.values()].map((each) => each.text)") == ["before", "meanwhile"]
    assert asked[0] is None
    assert 0 < int(asked[1] or 0) <= last
    business.say("after")
    wait_until(page, "[...store.messages.values()].at(-1).text === 'after'")


def test_a_server_that_was_started_anew(inspector: Open, sandbox: Client, server: LiveServer, watch: Watch) -> None:
    """What a server has forgotten is not shown any longer, and what it does from then on is."""
    watch.allow(_LOST)
    sandbox.act("acc_link", "say", user=PERSON, text="long ago")
    page = inspector()
    page.evaluate(_STORE)
    assert page.evaluate("store.messages.size") == 1
    port = server.port
    server.stop()
    page.locator("html[data-connection=lost]").wait_for(state="attached")
    with LiveServer(port=port) as again, Client(again.url) as fresh:
        page.locator("html[data-connection=open]").wait_for(state="attached")
        assert page.evaluate("[store.messages.size, store.conversations.size]") == [0, 0]
        fresh.act("acc_link", "say", user=PERSON, text="anew")
        wait_until(page, "window.store.messages.size === 1")
        page.close()


def test_what_is_gone_vanishes(inspector: Open, sandbox: Client) -> None:
    """An account that was deleted goes with all that was its; one that was emptied stays without it; faults go."""
    for account in ("acc_link", "acc_rbm"):
        sandbox.act(account, "say", user=PERSON, text="Hello")
    fault = sandbox.arm({"account": "acc_link", "on": "callback", "effect": {"type": "drop"}})
    page = inspector()
    page.evaluate(_STORE)
    here = "[...store.conversations.values()].map((each) => each.account)"
    assert sorted(page.evaluate(here)) == ["acc_link", "acc_rbm"]
    sandbox.disarm(fault["id"])
    wait_until(page, "window.store.faults.size === 0")
    sandbox.reset("acc_link")
    wait_until(page, "window.store.conversations.size === 1")
    assert page.evaluate("[store.accounts.has('acc_link'), store.messages.size, store.callbacks.size]") == [True, 1, 1]
    with page.expect_response("**/_sandbox/accounts/acc_rbm"):
        page.evaluate("fetch('/_sandbox/accounts/acc_rbm', { method: 'DELETE' })")
    wait_until(page, "!window.store.accounts.has('acc_rbm')")
    assert page.evaluate("[store.conversations.size, store.messages.size, store.callbacks.size]") == [0, 0, 0]


@pytest.mark.parametrize("count", [pytest.param(10_000, id="ten-thousand")])
def test_many_messages_stay_smooth(inspector: Open, server: LiveServer, count: int) -> None:
    """Ten thousand messages are read in seconds, scrolled through at the screen's pace, and take tens of megabytes."""
    _say_often(server, count)
    page = inspector()
    page.evaluate(_STORE)
    loaded = page.evaluate("performance.now()")
    assert page.evaluate("store.messages.size") == count
    Phone(page, PERSON)
    thread = page.get_by_role("list", name="Messages")
    expect(thread.get_by_text(f"message {count}")).to_be_visible()
    frames: list[float] = []

    def journey() -> float:
        frames[:] = page.evaluate(_SCROLL)
        return median(frames)

    pace = best(journey, 50)
    memory = page.evaluate("performance.memory.usedJSHeapSize") / 2**20
    figures = {
        "read_ms": round(loaded),
        "frame_ms_median": round(pace, 1),
        "frame_ms_95": round(sorted(frames)[int(len(frames) * 0.95)], 1),
        "rows": thread.get_by_role("listitem").count(),
        "heap_mib": round(memory),
    }
    print(json.dumps(figures))  # noqa: T201 - the figures that are stated
    assert figures["rows"] < 100
    assert figures["frame_ms_median"] < 50
    assert loaded < 30_000
    assert memory < 250


# Scrolls up through the list for two hundred frames and returns how long each took, in milliseconds.
_SCROLL = """() => new Promise((done) => {
  const list = document.querySelector("[role=list][aria-label=Messages]");
  const took = [];
  let before = performance.now();
  const step = () => {
    const now = performance.now();
    took.push(now - before);
    before = now;
    list.scrollTop -= 400;
    if (took.length < 200) requestAnimationFrame(step);
    else done(took.slice(1));
  };
  requestAnimationFrame(step);
})"""

# Sends a message as the business does, and returns the milliseconds until its text is on the screen.
_SEND = """([path, headers, text]) => new Promise((done) => {
  const began = performance.now();
  const look = () => {
    const rows = document.querySelector("[role=list][aria-label=Messages]");
    if (rows.textContent.includes(text)) done(performance.now() - began);
    else requestAnimationFrame(look);
  };
  fetch(path, { method: "POST", headers: { ...headers, "Content-Type": "application/json" },
                body: JSON.stringify({ messageContent: { text } }) });
  requestAnimationFrame(look);
})"""


def _seen_after(page: Page, headers: dict[str, str], number: int) -> float:
    message_id = f"00000000-0000-4000-8000-{number:012}"
    path = f"/gateway/lmc/v1/phone/{PERSON}/conversationMessage?messageId={message_id}"
    took: float = page.evaluate(_SEND, [path, headers, f"live update {number}"])
    return took


def _say_often(server: LiveServer, count: int) -> None:
    """Have a person say so many things in one go, some of them longer."""
    sandbox = server.app.sandbox
    account = sandbox.accounts.get("acc_link")
    assert account is not None
    said = threading.Event()

    def say() -> None:
        for number in range(1, count + 1):
            sandbox.act(account, Say(user=PERSON, text=f"message {number}" + " and more of it" * (number % 9)))
        said.set()

    server.soon(say)
    assert said.wait(60)
