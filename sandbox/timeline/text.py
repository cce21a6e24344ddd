"""Text: a timeline for a terminal, as a tree."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from datetime import date

from sandbox.timeline.node import Node, Timeline, Why

WIDTH = 140  # characters beyond which a reason gets a line of its own


def lines(timeline: Timeline) -> Iterator[str]:
    """Yield a heading, what is left out, and a line for each thing that happened; times are those of the account's clock."""
    now = timeline.now
    yield f"{timeline.account} ({timeline.provider}), {timeline.mode} clock at {now:%Y-%m-%d %H:%M:%S} UTC"
    gone = ", ".join(f"{name} {count}" for name, count in timeline.dropped.items() if count)
    if gone:
        yield f"… kept no more: {gone} (the setting journal_limit keeps more)"
    if timeline.omitted:
        yield f"… {timeline.omitted} things before are left out"
    if not timeline.roots:
        yield "nothing has happened"
    day = now.date()
    for root in timeline.roots:
        for node in _shown((root,)):
            day = yield from _tree(node, None, "", "", day)


def _tree(node: Node, parent: Node | None, first: str, rest: str, day: date) -> Generator[str, None, date]:
    """Yield a node and what is below it, and return the day that it ended with."""
    at = node.at
    time = f"{at:%H:%M:%S}.{at.microsecond // 1000:03d}"
    if at.date() != day:  # the day is told where it changes
        time = f"{at:%Y-%m-%d} {time}"
        day = at.date()
    reason = _reason(node.why, parent)
    below = list(_shown(node.children))
    line = f"{first}{time}  {node.summary}"
    if not reason:
        yield line
    elif len(line) + len(reason) + 2 <= WIDTH:
        yield f"{line}  {reason}"
    else:
        yield line
        yield f"{rest}{'│' if below else ' '}   {reason}"
    for index, child in enumerate(below):
        is_last = index == len(below) - 1
        branch, trunk = ("└─ ", "   ") if is_last else ("├─ ", "│  ")
        day = yield from _tree(child, node, rest + branch, rest + trunk, day)
    return day


def _reason(why: Why | None, parent: Node | None) -> str:
    """Return a reason in brackets; "" where what stands above tells it already."""
    if why is None:
        return ""
    if parent is not None and (why == parent.why or (parent.type in ("action", "request") and why.id == parent.id)):
        return ""
    return f"({why.text})" if why.source is None else f"({why.text}; {why.source})"


def _shown(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield nodes, in the place of one that needs no telling what came of it."""
    for node in nodes:
        if node.told:
            yield from _shown(node.children)
        else:
            yield node
