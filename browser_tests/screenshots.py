"""Screenshots: the page in its main states, as docs/ shows them; `make screenshots` writes them anew."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

import chromium
from business import Business
from live_server import LiveServer
from sandbox.client import Client

MORNING = datetime(2030, 1, 2, 9, 30, 0, tzinfo=UTC)
COLOURS = 160  # of which a picture consists: enough for a page, and a third of the bytes
GUEST, CALLER = "+99900005001", "+491701234567"


def main(folder: Path) -> None:
    """Write all of them into a folder."""
    program = chromium.find()
    if program is None:
        sys.exit(f"error: {chromium.MISSING}")
    folder.mkdir(parents=True, exist_ok=True)
    with (
        LiveServer(clock=MORNING) as server,
        Client(server.url) as sandbox,
        Business(sandbox) as business,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=program, args=chromium.ARGUMENTS)
        with _page(browser, 1000, 760) as page:
            page.goto(f"{server.url}/?play=booking&speed=10")
            page.locator("demo-phone[data-ended=true]").wait_for()
            page.get_by_label("Position").fill("550")
            page.get_by_role("button", name="Pause").click()
            _shoot(page, folder / "demo.png")
        _talk(sandbox, business)
        for scheme in _SCHEMES:
            with _page(browser, 1360, 800, scheme) as page:
                _open(page, server, GUEST)
                page.get_by_text("Kinds", exact=True).click()
                for kind in ("change", "attempt"):
                    page.get_by_label(kind, exact=True).uncheck()
                page.get_by_text("Kinds", exact=True).click()
                _reveal_carousel(page, sandbox)
                name = "inspector" if scheme == "light" else "inspector-dark"
                _shoot(page, folder / f"{name}.png")
        with _page(browser, 1180, 620) as page:
            _open(page, server, CALLER)
            page.get_by_label("What the wire shows").select_option("all")
            page.get_by_label("Only errors").check()
            page.get_by_text("LINK-CARD-03").first.click()
            expect(page.get_by_text("must contain between 2 and 10 cards").first).to_be_visible()
            _shoot(page, folder / "refused.png")
        browser.close()


_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def _talk(sandbox: Client, business: Business) -> None:
    """Let a few more people talk, and one message be refused."""
    business.say("Your table for two is reserved, tomorrow at 19:30.", "Thank you", to=CALLER)
    sandbox.advance(2, account="acc_link")
    sandbox.act("acc_link", "tap", user=CALLER, suggestion="Thank you", wait=5)
    business.post(
        {"conversationCard": {"carouselCard": {"cardWidth": "MEDIUM", "cardContents": [{"title": "Terrace"}]}}}, CALLER
    )
    sandbox.act("acc_webex_connect", "say", user="+491759876543", sender="48000", text="STOP", channel="sms")
    sandbox.act("acc_rbm", "say", user="+4915112345678", text="Is my parcel on its way?")
    sandbox.arm({"account": "acc_rbm", "on": "callback", "effect": {"type": "duplicate", "copies": 1}, "times": 1})


def _open(page: Page, server: LiveServer, user: str) -> None:
    page.goto(server.url)
    page.locator("html[data-connection=open]").wait_for(state="attached")
    page.get_by_role("region", name="Conversations").get_by_role("button", name=user).click()
    expect(page.get_by_role("list", name="Messages").get_by_role("listitem").first).to_be_visible()


def _reveal_carousel(page: Page, sandbox: Client) -> None:
    """Bring the first carousel into sight."""
    message = sandbox.messages(account="acc_demo_booking", kind="carousel").items[0]
    page.evaluate("key => document.querySelector('message-thread window-list').reveal(key)", message["id"])


@contextmanager
def _page(browser: Browser, width: int, height: int, scheme: Literal["light", "dark"] = "light") -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def _shoot(page: Page, path: Path) -> None:
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    picture = Image.open(BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path}  {path.stat().st_size // 1024} kB")  # noqa: T201 - a command, which says what it did


if __name__ == "__main__":
    main(Path(sys.argv[1]))
