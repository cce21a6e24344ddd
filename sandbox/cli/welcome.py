"""Welcome: what a server that has started says: where it is, what clients need, and a first thing to try."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any
from uuid import uuid4

from sandbox.core.account import Account
from sandbox.sandbox import Sandbox
from sandbox.settings import Settings

# A message for each provider, to a magic number that reads it and taps the first suggestion: path and body.
_FIRST = {
    "link": (
        "/gateway/lmc/v1/phone/+99900002001/conversationMessage?messageId={id}",
        {
            "messageContent": {
                "text": "Shall we begin?",
                "suggestions": [{"text": "Yes", "callbackData": "yes"}, {"text": "No", "callbackData": "no"}],
            }
        },
    )
}
_LONGEST = 60  # characters of a credential that fits into the table


class Welcome:
    """The lines for one server, which listens on `port`."""

    def __init__(self, sandbox: Sandbox, settings: Settings, port: int) -> None:
        self._sandbox = sandbox
        self._accounts = list(sandbox.accounts)
        self._base = settings.base_url(port)

    def table(self) -> Iterator[str]:
        """Yield what there is: a row for each account."""
        clock = self._sandbox.clock
        time = "real" if clock.mode == "real" else f"standing at {clock.now().isoformat(timespec='seconds')}"
        yield f"messaging-sandbox {version('messaging-sandbox')}  clock {time}, seed {self._sandbox.seed}"
        yield ""
        rows = [
            ("provider", "base URL", "account", "webhook", "credentials"),
            *(
                (
                    account.provider.name,
                    self._base,
                    account.id,
                    account.webhook.url if account.webhook is not None else "none",
                    shown_credentials(account),  # the longest comes last: it is more than most terminals are wide
                )
                for account in self._accounts
            ),
        ]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        yield ""
        if all(account.webhook is None for account in self._accounts):
            yield "Callbacks are recorded; with --webhook-url they also go to your program."
        yield f"In a browser: {self._base}/"
        yield ""

    def first_message(self) -> Iterator[str]:
        """Yield one `curl` that works as it stands, with a token of its own."""
        account = next((account for account in self._accounts if account.provider.name in _FIRST), None)
        if account is None:
            return
        path, body = _FIRST[account.provider.name]
        headers = {
            **account.provider.authorization(account, self._sandbox.services),
            "Content-Type": "application/json",
        }
        account.ids.restart()  # the token drew from the seed: nothing has happened yet, and ids are to be the same
        options = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        url = self._base + path.format(id=uuid4())
        yield "Send a message; the person reads it and taps Yes (`messaging-sandbox tail` shows it):"
        yield ""
        yield shlex.join(["curl", "-s", "-X", "POST", url, *options, "-d", json.dumps(body)])
        yield ""


def shown_credentials(account: Account, base: str = "") -> str:
    """Return what can be copied from a table; keys are asked for."""
    shown, elsewhere = [], []
    given: dict[str, Any] = account.credentials.model_dump(exclude_none=True)
    for name, value in given.items():
        if isinstance(value, str) and len(value) <= _LONGEST:
            shown.append(f"{name} {value}")
        elif value:
            elsewhere.append(name)
    if elsewhere:
        shown.append(f"{', '.join(elsewhere)}: GET {base}/_sandbox/accounts/{account.id}")
    return "; ".join(shown)
