"""Node: one thing that happened, why it did, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

NodeType = Literal["request", "action", "message", "callback", "attempt", "run", "step", "fault", "change"]
WhyType = Literal["rule", "fault", "scenario", "magic", "schedule", "action", "redelivery", "default", "setting"]


class Why(NamedTuple):
    """
    The reason of something.

    Attributes:
        id: of the rule, fault, run, action, message or magic address that it is about.
        text: the reason in a sentence.
        source: where a document says so, `file:line`.
    """

    type: WhyType
    id: str | None
    text: str
    source: str | None = None


@dataclass(slots=True, eq=False)
class Node:
    """
    Something that happened.

    Attributes:
        at: when, on the account's clock.
        summary: it in one line.
        told: what stands around it says as much, so that people need not read it.
    """

    type: NodeType
    id: str | None
    at: datetime
    summary: str
    why: Why | None = None
    children: list[Node] = field(default_factory=list)
    told: bool = False


class Timeline(NamedTuple):
    """
    A part of what happened, as trees.

    Attributes:
        mode: whether the account's clock is real or virtual.
        now: where it is.
        roots: what nothing else is known to have caused, in time order.
        omitted: how many roots before these were left out.
        dropped: how many records of each sort the journal keeps no more.
        cursor: place behind the last root, in the order of everything.
    """

    account: str
    provider: str
    mode: str
    now: datetime
    roots: tuple[Node, ...]
    omitted: int
    dropped: dict[str, int]
    cursor: int
