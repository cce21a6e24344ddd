"""Submission: one request of v2 while it is checked, as the checks of its channel see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.providers.webex_connect.account import ServiceSettings, Template
from sandbox.providers.webex_connect.checked import Fallback, Fate

if TYPE_CHECKING:
    from sandbox.providers.webex_connect.v2.substitutions import Wording

_WARNINGS = 20  # of a hostile request there would be as many as it has bytes


@dataclass(slots=True, eq=False)
class Submission:
    """
    What is said, by whose settings, and what is known of it so far.

    Attributes:
        body: the request object as sent.
        now: the account's time, aware.
        channel: `sms`, `email` or `rcs`.
        sender: who it comes from.
        content: its `content`; empty where a template carries it.
        options: its `options`; empty where there are none.
        template_id: which template carries it; None for none.
        template: that template, where it is declared.
        texts: the texts in which placeholders stand, by their members: `text`, `subject`, `html`.
        domain: origin of short links; None leaves links as they are.
        clicks: clicks are tracked.
        opens: opens are tracked, or need no tracking.
        copies: cc and bcc of an e-mail.
        joins: an e-mail's addresses of one object share an id.
        silent: only Submitted comes of it.
        carrier: echoed in the receipts of RCS.
        fallback: the SMS that goes out if RCS fails.
        fate: what is known already to become of all of it.
    """

    body: dict[str, Any]
    settings: ServiceSettings
    now: datetime
    channel: str
    sender: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    template_id: str | None = None
    template: Template | None = None
    texts: dict[str, Wording] = field(default_factory=dict)
    domain: str | None = None
    clicks: bool = False
    opens: bool = True
    copies: tuple[str, ...] = ()
    joins: bool = False
    silent: bool = False
    carrier: str | None = None
    fallback: Fallback | None = None
    fate: Fate | None = None
    warnings: list[str] = field(default_factory=list)

    def warn(self, rule_id: str, what: str) -> None:
        """Note something for the journal: `WX2-EMAIL-13: cc is ignored`."""
        if len(self.warnings) < _WARNINGS:
            self.warnings.append(f"{rule_id}: {what}")

    def will(self, fate: Fate) -> None:
        """Note what becomes of all of it; what was noted first stands."""
        if self.fate is None:
            self.fate = fate
