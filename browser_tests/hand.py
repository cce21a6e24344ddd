"""Phone: the handset of the inspector as a test takes it in hand."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class Phone:
    """
    The handset of a page.

    Args:
        page: shows the inspector.
        user: whose conversation is chosen first, if one is given.
    """

    def __init__(self, page: Page, user: str | None = None) -> None:
        self.page = page
        self.conversations = page.get_by_role("list", name="Conversations")
        self.messages = page.get_by_role("list", name="Messages").locator("message-view")
        self.text = page.get_by_role("textbox", name="Message")
        self.refusal = page.locator("person-handset .refusal:visible")
        self.sheet = page.locator("phone-sheet [role=dialog]")
        if user is not None:
            self.choose(user)

    def choose(self, user: str) -> None:
        """Look at the conversation with somebody."""
        self.conversations.get_by_role("button").filter(has_text=user).first.click()
        chosen = self.page.locator("conversation-list [aria-current=true]")  # out of sight on a narrow screen
        expect(chosen).to_contain_text(user)

    def message(self, text: str) -> Locator:
        """Return the messages that say that."""
        return self.messages.filter(has_text=text)

    @property
    def offered(self) -> list[str]:
        """The actions in the tray, which is opened for that; none if there is nothing to open."""
        if not self.more.is_visible():
            return []
        if self.more.get_attribute("aria-expanded") == "false":
            self.more.click()
        types: list[str] = self.page.locator("message-composer [data-type]").evaluate_all(
            "tiles => tiles.map((tile) => tile.dataset.type)"
        )
        return types

    @property
    def more(self) -> Locator:
        """The button that opens the tray."""
        return self.page.locator("message-composer").get_by_role("button", name="More to do")

    def do(self, kind: str) -> None:
        """Choose an action of the tray."""
        assert kind in self.offered
        self.page.locator(f"message-composer [data-type={kind}]").click()

    def fill(self, **values: str) -> None:
        """Fill in the sheet by the names on its fields, and send it; `_` stands for a space."""
        for name, value in values.items():
            box = self.sheet.get_by_label(name.replace("_", " "), exact=False).first
            if box.evaluate("node => node.tagName") == "SELECT":
                box.select_option(value)
            else:
                box.fill(value)
        self.submit()

    def submit(self) -> None:
        """Send what is in the sheet."""
        self.sheet.locator("button[type=submit]").click()

    def befall(self, text: str, kind: str) -> None:
        """Let something happen to the message that says that, by the panel below it."""
        message = self.message(text)
        line = message.locator(".fate")
        if line.get_attribute("aria-expanded") == "false":
            line.click()
        message.locator(f".story [data-type={kind}]").click()
