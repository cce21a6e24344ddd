"""Element: one request object while it is checked, as the checks of its channel see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.providers.webex_connect.account import ServiceSettings
from sandbox.providers.webex_connect.checked import Addressed, Fate
from sandbox.providers.webex_connect.v1.rules import RULES

_WARNINGS = 20  # of a hostile request there would be as many as it has bytes
_NAME = 100  # characters shown of a name that nobody knows


@dataclass(slots=True, eq=False)
class Element:
    """
    What is said, by whose settings, and what is known of it so far.

    Attributes:
        channel: canonical name, `appmessaging`.
        addressed: the destinations.
        template: which template carries the message; None for none. With one, a channel's mandatory parts are optional.
        parameters: what the template's blanks are filled with; None where there is no template.
        sender: who it comes from: set to the app's id already where the channel has apps; other channels set it.
        text: the text in which smart links stand; a channel sets it for a text message.
        pushref: what an interactive push echoes.
        by_template: the channel's object is a template message, though the request names none.
        silent: only Submitted comes of it.
        fate: what is known already to become of all of it.
        fates: the same for single destinations, by key and value.
    """

    settings: ServiceSettings
    channel: str = ""
    addressed: tuple[Addressed, ...] = ()
    template: str | None = None
    parameters: dict[str, str] | None = None
    sender: str = ""
    text: str | None = None
    pushref: str | None = None
    by_template: bool = False
    silent: bool = False
    fate: Fate | None = None
    fates: dict[tuple[str, str], Fate] | None = None
    warnings: tuple[str, ...] = ()

    def warn(self, rule_id: str, what: str) -> None:
        """Note something for the journal: `WX1-SMS-06: body is ignored`."""
        if len(self.warnings) < _WARNINGS:
            self.warnings += (f"{rule_id}: {what}",)

    def will(self, fate: Fate) -> None:
        """Note what becomes of all of it; what was noted first stands."""
        if self.fate is None:
            self.fate = fate

    def will_to(self, addressed: Addressed, fate: Fate) -> None:
        """Note what becomes of it at one destination; what was noted first stands."""
        if self.fates is None:
            self.fates = {}
        self.fates.setdefault((addressed.key, addressed.value), fate)

    def fate_of(self, addressed: Addressed) -> Fate | None:
        """Return what is known to become of it at a destination: its own fate first, then that of all."""
        return self.fate if self.fates is None else self.fates.get((addressed.key, addressed.value), self.fate)

    def look_for_unknown(self, block: dict[str, Any], known: frozenset[str], path: str) -> None:
        """
        List the members of an object that nobody documents, or refuse them in the strict mode (WX1-JSON-03).

        Args:
            block: the object.
            known: every member that may stand in it.
            path: where it stands, `channels.sms`; "" for the request object itself.
        """
        if not known.issuperset(block):
            self._tell_of([name for name in block if name not in known], path)

    def look_for_unknown_in_any_case(self, block: dict[str, Any], known: frozenset[str], path: str) -> None:
        """Do the same for an object whose members compare without letter case; `known` is in lower case."""
        if unknown := [name for name in block if name.lower() not in known]:
            self._tell_of(unknown, path)

    def _tell_of(self, names: list[str], path: str) -> None:
        unknown = [f"{path}.{name[:_NAME]}" if path else name[:_NAME] for name in names[:_WARNINGS]]
        if self.settings.strict_unknown_fields:
            raise RULES.broken("WX1-JSON-03", path=unknown[0])
        more = f" and {len(names) - _WARNINGS} more" if len(names) > _WARNINGS else ""
        self.warn("WX1-JSON-03", f"ignored_fields: {', '.join(unknown)}{more}")
