"""Substitutions: the values that a request has for the placeholders of its texts, and the texts with them put in."""

from __future__ import annotations

import re
from collections import ChainMap, Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from sandbox.providers.webex_connect.v2.destinations import Stated
from sandbox.providers.webex_connect.v2.rules import RULES, invalid
from sandbox.providers.webex_connect.v2.submission import Submission
from sandbox.providers.webex_connect.values import given

Texts: TypeAlias = dict[str, str]

# "body of the message with variables represented as $(variable)" (534); the ${field2} beside it is none (WX2-SUB-03).
_PLACEHOLDER = re.compile(r"\$\(([^()]+)\)")
_LONGEST = 512 * 1024  # characters of a filled text: a value may stand in it ten thousand times
_LISTED = 20


class Wording(NamedTuple):
    """
    A text with the places where values go.

    Attributes:
        literals: what stands before, between and after the placeholders.
        names: of the placeholders, one between each two literals.
    """

    literals: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Wording:
        """Read a text as it is written."""
        if "$(" not in text:
            return cls((text,), ())
        parts = _PLACEHOLDER.split(text)
        return cls(tuple(parts[::2]), tuple(parts[1::2]))

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the text with its values put in, once and not into each other; a name without one stays (WX2-SUB-02)."""
        if not self.names:
            return self.literals[0]
        length = 0
        parts: list[str] = []
        for literal, name in zip(self.literals, self.names, strict=False):
            value = values.get(name)
            parts += (literal, f"$({name})" if value is None else value)
            length += len(literal) + len(parts[-1])
            if length > _LONGEST:
                return "".join(parts)[:_LONGEST]
        return "".join(parts) + self.literals[-1]

    def length(self, values: Mapping[str, str]) -> int:
        """Return how many characters the filled text has, however many."""
        inserted = sum(len(values.get(name, name)) + 3 * (name not in values) for name in self.names)
        return sum(map(len, self.literals)) + inserted


def read(body: dict[str, Any], stated: Iterable[Stated]) -> tuple[Texts, list[Texts]]:
    """
    Return the values of the request, and those of each destination object.

    Raises:
        ApiError: WX2-SUB-05.

    Source: 369-375.
    """
    of_request = _texts(given(body, "substitutions"), "substitutions")
    return of_request, [
        {} if one.substitutions is None else _texts(one.substitutions, f"to[{index}].substitutions")
        for index, one in enumerate(stated)
    ]


def joined(of_request: Texts, own: Texts) -> Mapping[str, str]:
    """Return what a destination's placeholders become: its own value, else the request's (WX2-SUB-01)."""
    if not own:
        return of_request
    # Not one dictionary of both: a thousand destinations would each hold all values of the request.
    return ChainMap(own, of_request) if of_request else own


def longest(of_request: Texts, own: list[Texts]) -> int:
    """Return how many characters the longest value has."""
    return max((len(text) for texts in (of_request, *own) for text in texts.values()), default=0)


def check(submission: Submission, of_request: Texts, own: list[Texts]) -> None:
    """
    Look for values that are needed and not given: a template's, and those of the placeholders in the texts.

    Raises:
        ApiError: WX2-SUB-02 in the strict mode, WX2-SUB-06.
    """
    if submission.template is not None:
        for name in _without_value(submission.template.params, of_request, own):
            raise RULES.broken("WX2-SUB-06", name=name)
    names: dict[str, None] = {}
    for wording in submission.texts.values():
        if wording.names:
            names.update(dict.fromkeys(wording.names))
    if not names:
        return
    unresolved = _without_value(names, of_request, own)
    if submission.channel == "email" and "unsubscribe" in unresolved:
        unresolved.remove("unsubscribe")  # the platform's own (WX2-EMAIL-12)
    if not unresolved:
        return
    if submission.settings.strict_placeholders:
        raise RULES.broken("WX2-SUB-02", detail=f"$({unresolved[0][:100]}) has no value")
    more = f" and {len(unresolved) - _LISTED} more" if len(unresolved) > _LISTED else ""
    listed = ", ".join(name[:100] for name in unresolved[:_LISTED])
    submission.warn("WX2-SUB-02", f"unresolved_placeholders: {listed}{more}")


def _without_value(names: Iterable[str], of_request: Texts, own: list[Texts]) -> list[str]:
    """Return the names that some destination has no value for, in time that grows with the request only."""
    needed = [name for name in names if name not in of_request]
    if not needed or not any(own):
        return needed
    if len(own) == 1:
        return [name for name in needed if name not in own[0]]
    counts = Counter(name for values in own for name in values)
    return [name for name in needed if counts[name] < len(own)]


def _texts(value: Any, path: str) -> Texts:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise invalid("WX2-SUB-05", path, detail="substitutions are an object")
    for member in value.values():
        if member.__class__ is not str:
            return _converted(value, path)
    return value


def _converted(values: dict[str, Any], path: str) -> Texts:
    texts: Texts = {}
    for name, value in values.items():
        if isinstance(value, dict | list):
            raise RULES.broken("WX2-SUB-05", path=path, detail=f"{name[:100]} is no text")
        if value is not None:
            texts[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return texts
