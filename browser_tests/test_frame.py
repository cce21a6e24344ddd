"""Frame: the page as a whole: what it may do, and how its parts stand side by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from business import PERSON, Business
from live_server import LiveServer
from watch import Watch

Open = Callable[..., Page]


def test_the_start_leads_to_the_page(inspector: Open, server: LiveServer) -> None:
    """Whoever opens the server's address sees the inspector, by the name of what this is."""
    page = inspector()
    assert page.url == f"{server.url}/_sandbox/ui/"
    expect(page).to_have_title("messaging-sandbox")
    expect(page.get_by_role("main")).to_be_visible()


@pytest.mark.parametrize("width", [360, 768, 1280, 2560])
def test_nothing_is_wider_than_the_window(inspector: Open, page: Page, width: int) -> None:
    """From a small phone to a wide screen, nobody has to scroll sideways."""
    page.set_viewport_size({"width": width, "height": 800})
    inspector()
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_accessible(inspector: Open, assert_accessible: Callable[[], None]) -> None:
    """An empty page has no fault of contrast, name or role."""
    inspector()
    assert_accessible()


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        pytest.param("console.error('no')", "error: no", id="console"),
        pytest.param("setTimeout(() => { throw new Error('lost') })", "Error: lost", id="uncaught"),
        pytest.param(
            "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
            "script-src",
            id="policy",
        ),
        pytest.param(
            "document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}))",
            "img-src",
            id="elsewhere",
        ),
    ],
)
def test_the_watch_hears_what_goes_wrong(inspector: Open, page: Page, watch: Watch, wrong: str, complaint: str) -> None:
    """Errors, breaches of the policy and calls of others are noticed, and only then are they a reason to fail."""
    inspector()
    assert watch.complaints == []
    with page.expect_event("console") if "throw" not in wrong else page.expect_event("pageerror"):
        page.evaluate(f"{{ {wrong}; }}")
    page.evaluate("new Promise((done) => requestAnimationFrame(done))")
    assert any(complaint in heard for heard in watch.complaints)
    watch.complaints.clear()


def test_by_keyboard_from_part_to_part(inspector: Open, business: Business) -> None:
    """Tab leads from the bar through conversations and phone to the wire, and out again; one link skips to the phone."""
    business.say("Hello", "Yes")
    page = inspector()
    page.get_by_role("button", name=PERSON).click()
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.reload()
    page.locator("html[data-connection=open]").wait_for(state="attached")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the handset")).to_be_focused()
    met: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        part = page.evaluate("document.activeElement.closest('section, header')?.getAttribute('aria-label') ?? null")
        if page.evaluate("document.activeElement === document.body"):
            break
        if part not in met:
            met.append(part)
    else:
        pytest.fail("the focus never left the page")
    assert [part for part in met if part is not None] == ["Conversations", "Handset", "Wire"]


def test_one_part_at_a_time(inspector: Open, page: Page, business: Business) -> None:
    """Where there is room for one part alone, the others are a tap away, and a chosen conversation is shown."""
    page.set_viewport_size({"width": 360, "height": 640})
    business.say("Hello")
    inspector()
    parts = page.get_by_role("navigation", name="Parts")
    expect(parts.get_by_role("button", name="Conversations")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name=PERSON).click()
    expect(page.get_by_role("list", name="Messages").get_by_text("Hello")).to_be_visible()
    expect(page.get_by_role("region", name="Conversations")).to_be_hidden()
    parts.get_by_role("button", name="Wire").click()
    expect(page.get_by_role("region", name="Wire")).to_be_visible()
    expect(page.get_by_role("region", name="Handset")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
