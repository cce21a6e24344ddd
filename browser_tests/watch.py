"""Watch: what a page must never do, whatever is tested; each is a complaint that fails the test."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request

_TELLS_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`the policy forbids ${event.violatedDirective}: ${event.blockedURI}`));
"""


class Watch:
    """
    Complains of errors in the console, errors nobody caught, breaches of the policy, and requests to anybody else.

    Args:
        context: whose pages are watched.
        origin: the one that they may call.
    """

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.complaints: list[str] = []
        self._origin = urlsplit(origin).netloc
        self._allowed: list[str] = []
        context.add_init_script(_TELLS_VIOLATIONS)
        context.on("console", self._hear)
        context.on("weberror", lambda found: self._complain(f"error: {_stack(found.error)}"))
        context.on("request", self._see)
        context.on("page", self._attend)

    def allow(self, pattern: str) -> None:
        """Let this pass: a pattern that is searched for in complaints of the console."""
        self._allowed.append(pattern)

    def _attend(self, page: Page) -> None:
        page.on("crash", lambda _: self._complain("the page crashed"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._complain(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _see(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob", "about") and url.netloc != self._origin:
            self._complain(f"a request to another server: {request.url}")

    def _complain(self, text: str) -> None:
        if not any(re.search(pattern, text) for pattern in self._allowed):
            self.complaints.append(text)


def _stack(error: Error) -> str:
    return error.stack or error.message
