"""Rehearsal: how everything that a provider tells a webhook is brought about, and in which other forms it may come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Sending(NamedTuple):
    """A request of the business to the provider's API; `{user}` and `{id}` in its strings stand for a person and a new UUID."""

    path: str
    body: Any


@dataclass(frozen=True, slots=True)
class Cue:
    """
    What makes the provider send one kind of callback.

    Attributes:
        kind: of the callback, one of `Provider.callback_kinds` or below it.
        rule: the rule that describes it.
        sends: what the business sends first, if it must.
        before: what then happens, and is told as well.
        action: what happens in the end, `{"type": "read"}`; None where the sending alone is told.
        user: form of the person's address, with `{n}` in it; None is the rehearsal's.
        settings: of the account meanwhile; `{url}` stands for the webhook.
        may_refuse: whether the webhook need not know this kind: a 4xx is no fault.
    """

    kind: str
    rule: str
    sends: Sending | None = None
    action: Mapping[str, Any] | None = None
    user: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    may_refuse: bool = False
    before: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """
    A form that a callback seldom has, and may have.

    Attributes:
        name: in a word or two, with dashes.
        says: what is unusual, as a noun phrase.
        kinds: of callbacks that come so.
        rule: the rule that allows it.
        settings: of the account meanwhile.
        set: members of the payload, by dotted path.
        drop: members that are left out.
        unforeseen: whether no document knows it yet: then a 4xx is a warning, as the receiver may insist on the document.
    """

    name: str
    says: str
    kinds: tuple[str, ...]
    rule: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    set: Mapping[str, Any] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    unforeseen: bool = False


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """
    Everything that a webhook of one provider can be tried with.

    Attributes:
        user: form of a person's address, with `{n}` in it.
        cues: one for each kind of callback, in the order of `Provider.callback_kinds`.
        text: the kind that tells of what a person wrote.
        file: the kind that carries a file's bytes; None if none does.
        pairs: kinds that are told of one message after another, and may overtake each other.
        longest_text: characters that a person's text may have.
        largest_file: bytes that a person's file may have, where they come along.
        variants: unusual forms.
        rules: which rule tells of `acknowledgement`, `retry`, `order`, `form`, `size`, `time` and `proof`.
        listening: what an account is changed to so that everything goes to a URL, with a secret by which the webhook
            knows the provider, if one is given. Raises `ValueError` if the provider has none, or not such a one.
        proof: what that secret is called; None if there is none.
    """

    user: str
    cues: tuple[Cue, ...]
    text: str
    variants: tuple[Variant, ...]
    rules: Mapping[str, str]
    listening: Callable[[str, str | None], Mapping[str, Any]]
    longest_text: int
    file: str | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    largest_file: int = 0
    proof: str | None = None

    def cue(self, kind: str) -> Cue:
        """Return what brings a kind about. Raises `KeyError`."""
        for cue in self.cues:
            if cue.kind == kind:
                return cue
        raise KeyError(kind)
