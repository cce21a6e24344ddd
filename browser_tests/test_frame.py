"""Frame: the page as a whole: what it may do, and how its parts stand side by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from business import PERSON, Business
from hand import Phone
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


# The part of the page that has the focus; null if none has.
_STOP = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return null;
  return focused.closest("sandbox-bar") ? "the bar" : focused.closest("section")?.getAttribute("aria-label") ?? "elsewhere";
}"""


def test_by_keyboard_from_part_to_part(inspector: Open, business: Business) -> None:
    """Tab leads from the bar through conversations and phone to the wire, and out again; one link skips to the phone."""
    business.say("Hello", "Yes")
    page = inspector()
    expect(page.locator(".wire-row")).to_have_count(1)
    skip = page.get_by_role("link", name="Skip to the handset")
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    met: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop is None:
            break
        if stop not in met[-1:]:
            met.append(stop)
    else:
        pytest.fail("the focus never left the page")
    assert met == ["the bar", "Conversations", "Handset", "Wire"]
    skip.press("Enter")
    expect(page.get_by_role("region", name="Handset")).to_be_focused()


def test_one_part_at_a_time(inspector: Open, page: Page, business: Business) -> None:
    """Where there is room for one part alone, the others are a tap away, and a chosen conversation is shown."""
    page.set_viewport_size({"width": 360, "height": 640})
    business.say("Hello")
    inspector()
    parts = page.get_by_role("navigation", name="Parts")
    expect(parts.get_by_role("button", name="Conversations")).to_have_attribute("aria-pressed", "true")
    Phone(page, PERSON)
    expect(page.get_by_role("list", name="Messages").get_by_text("Hello")).to_be_visible()
    expect(page.get_by_role("region", name="Conversations")).to_be_hidden()
    parts.get_by_role("button", name="Wire").click()
    expect(page.get_by_role("region", name="Wire")).to_be_visible()
    expect(page.get_by_role("region", name="Handset")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
