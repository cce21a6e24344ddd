"""Token: the page asks for the control token where the sandbox wants one."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from live_server import LiveServer
from watch import Watch

TOKEN = 'a "b"; c=%41, ü☃'


@pytest.mark.sandbox(control_token=TOKEN)
def test_the_page_asks_for_the_token(page: Page, context: BrowserContext, server: LiveServer, watch: Watch) -> None:
    """Nothing is shown before the right token; a wrong one is refused with a word; the right one is kept."""
    watch.allow("401")
    page.goto(server.url)
    dialog = page.get_by_role("dialog", name="Control token")
    expect(dialog).to_be_visible()
    expect(page.get_by_text("needs the control token")).to_be_visible()
    field = dialog.get_by_label("Control token")
    expect(field).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    field.fill("wrong")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("the sandbox does not take this one")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill(TOKEN)
    page.keyboard.press("Enter")
    page.locator("html[data-connection=open]").wait_for(state="attached")
    expect(dialog).to_have_count(0)
    expect(page.get_by_label("Account", exact=True).locator("option")).to_have_count(7)
    (cookie,) = context.cookies()
    assert (cookie["name"], cookie["sameSite"], cookie["path"]) == ("sandbox_token", "Strict", "/")
    page.reload()
    page.locator("html[data-connection=open]").wait_for(state="attached")
    expect(dialog).to_have_count(0)


@pytest.mark.sandbox(control_token=TOKEN)
def test_the_token_dialog_is_accessible(
    page: Page, server: LiveServer, watch: Watch, assert_accessible: object
) -> None:
    """The question itself has no fault of contrast, name or role."""
    watch.allow("401")
    page.goto(server.url)
    expect(page.get_by_role("dialog", name="Control token")).to_be_visible()
    assert callable(assert_accessible)
    assert_accessible()


def test_no_token_no_question(inspector: object, page: Page) -> None:
    """Where none is wanted, none is asked for."""
    assert callable(inspector)
    inspector()
    expect(page.get_by_role("dialog")).to_have_count(0)
