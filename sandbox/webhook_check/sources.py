"""Sources: where it is written what a check goes by."""

from __future__ import annotations

from sandbox.core.provider import Provider
from sandbox.core.rehearsal import Rehearsal
from sandbox.core.rule import Grade

HTTP = "RFC 9112 (HTTP/1.1)"
SEMANTICS = "RFC 9110 (HTTP semantics)"
MULTIPART = "RFC 7578 (multipart/form-data)"
JSON = "RFC 8259 (JSON)"


class Sources:
    """What a provider's rules say of callbacks, each with its place in the document."""

    def __init__(self, provider: Provider, rehearsal: Rehearsal) -> None:
        self._rules = provider.rules
        self._aspects = rehearsal.rules

    def rule(self, aspect: str) -> str:
        """Return what the provider says of `acknowledgement`, `retry`, … ; see `Rehearsal.rules`."""
        return self.of(self._aspects[aspect])

    def of(self, rule_id: str) -> str:
        """Return what a rule says, and how that is known."""
        rule = self._rules[rule_id]
        known = {
            Grade.DOCUMENTED: f"{self._rules.document_of(rule_id)}:{rule.source}",
            Grade.OUTSIDE: "public material outside the document",
            Grade.DECISION: "the document is silent",
        }[rule.grade]
        return f"{rule_id}: {rule.says} ({known})"
