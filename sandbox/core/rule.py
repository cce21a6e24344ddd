"""Rule: one documented constraint as data, and Rulebook, a provider's rules by their ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sandbox.core.errors import ApiError, ErrorSpec


class Grade(StrEnum):
    """How a rule is known: from the provider's document, from public material elsewhere, or by our decision."""

    DOCUMENTED = "documented"
    OUTSIDE = "outside"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One constraint or promise of an emulated API.

    Attributes:
        id: what code, tests, headers and the journal call it, `LINK-MSG-12`.
        grade: how it is known.
        source: line or lines of the provider's document, `766-769`; the public material, where that is outside of it;
            "" for a decision.
        says: the rule in a sentence.
        error: the documented error that answers a violation; None for a rule that no request can break.
        message: text of that answer, with blanks in braces.
    """

    id: str
    grade: Grade
    source: str
    says: str
    error: ErrorSpec | None = None
    message: str | None = None


class Rulebook:
    """Every rule of one provider, in the order of its documentation; `document` is the file that sources point into."""

    def __init__(self, document: str, rules: Iterable[Rule]) -> None:
        self.document = document
        self._rules: dict[str, Rule] = {}
        self._documents: dict[str, str] = {}
        for rule in rules:
            self._take(rule, document)

    @classmethod
    def joined(cls, *books: Rulebook) -> Rulebook:
        """Return one book of several, for a provider that more than one document describes."""
        whole = cls("", ())
        for book in books:
            for rule in book:
                whole._take(rule, book.document_of(rule.id))
        return whole

    def _take(self, rule: Rule, document: str) -> None:
        if rule.id in self._rules:
            raise ValueError(f"{rule.id} stands twice")
        self._rules[rule.id] = rule
        self._documents[rule.id] = document

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._rules

    def __getitem__(self, rule_id: str) -> Rule:
        return self._rules[rule_id]

    def document_of(self, rule_id: str) -> str:
        """Return the file that a rule's source points into."""
        return self._documents[rule_id]

    def source_of(self, rule_id: str) -> str | None:
        """Return `file:line` of the rule's first documented line; None if the rule is unknown or undocumented."""
        rule = self._rules.get(rule_id)
        if rule is None or rule.grade is not Grade.DOCUMENTED:
            return None
        return f"{self._documents[rule_id]}:{rule.source.split('-')[0].split(',')[0]}"

    def broken(
        self,
        rule_id: str,
        *,
        message: str | None = None,
        headers: tuple[tuple[bytes, bytes], ...] = (),
        detail: str | None = None,
        **blanks: Any,
    ) -> ApiError:
        """
        Return the error that answers a violation of `rule_id`, for the caller to raise.

        Args:
            rule_id: which one.
            message: replaces the rule's own wording, where a rule has more than one.
            headers: further headers of the answer.
            detail: why, for the journal only.
            blanks: what fills the braces of the wording.

        Raises:
            LookupError: the rule is unknown, or is one that no request can break.
        """
        rule = self._rules[rule_id]
        if rule.error is None:
            raise LookupError(f"{rule_id} answers no request")
        wording = message or rule.message
        return ApiError(
            rule.error,
            wording.format(**blanks) if wording is not None else None,
            rule=rule_id,
            headers=headers,
            detail=detail,
        )
