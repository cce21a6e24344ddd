"""Kept: which types a provider keeps with an account, so that a snapshot can write them down and read them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sandbox.core.conversation import Message


class Table(NamedTuple):
    """
    Functions that a thing holds, each of one argument, which are written down as what they return.

    Attributes:
        of: the type of the thing, a dataclass.
        names: its fields that hold such functions.
        arguments: returns all that they will ever be asked about.
    """

    of: type
    names: tuple[str, ...]
    arguments: Callable[[Any], Iterable[Any]]


def _none(_message: Message) -> str | None:
    return None


class Kept(NamedTuple):
    """
    What a provider keeps. All of it is dataclasses, named tuples and models, with annotations that tell what is in them.

    Attributes:
        shelves: what lies on `Account.shelf`.
        facts: what is in `Message.facts`, besides None.
        payloads: what is in `Callback.payload`.
        timed: what is put on the clock.
        tables: the types among those, and inside of them, that hold functions.
        flaw: returns why a message cannot be as a document has it, so that nothing could be made of it; None if it can.
    """

    shelves: tuple[type, ...] = ()
    facts: tuple[type, ...] = ()
    payloads: tuple[type, ...] = ()
    timed: tuple[Callable[..., Any], ...] = ()
    tables: tuple[Table, ...] = ()
    flaw: Callable[[Message], str | None] = _none
