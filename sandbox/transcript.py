"""Transcript: conversations as people read them, made of what the control API tells as it happens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

Item = dict[str, Any]

_INDENT = " " * 24
_WHO = {"outbound": ("business", "cyan"), "inbound": ("person", "yellow")}
_MARKS = {"media": "sends ", "location": "shares ", "suggestion_response": "taps "}
_TOLD = ("retrying", "delivered", "failed", "blocked", "recorded")  # states of a callback in which something came of it


class Transcript:
    """
    Turns events of the control API into lines.

    A message is told once, a request once, a callback after every attempt; whoever they are about stands above them.
    """

    def __init__(self) -> None:
        self._told: set[tuple[Any, ...]] = set()
        self._person: tuple[str, str] | None = None

    def lines(self, kind: str, item: Item) -> Iterator[str]:
        """Yield the lines for one event; none, if it adds nothing for a reader."""
        match kind:
            case "message" if self._is_news(item["id"]):
                yield from self._about(item)
                yield from _message(item)
            case "request" if self._is_news(item["id"]):
                yield _request(item)
            case "callback" if item["state"] in _TOLD and self._is_news(item["id"], len(item["attempts"])):
                yield from self._about(item)
                yield _callback(item)
            case "run" if item["state"] != "running" and self._is_news(item["id"]):
                yield _run(item)

    def _is_news(self, *what: Any) -> bool:
        if what in self._told:
            return False
        self._told.add(what)
        return True

    def _about(self, item: Item) -> Iterator[str]:
        person = (item["account"], item["user"])
        if person != self._person:
            self._person = person
            yield click.style(f"── {item['user']} ({item['account']}) ──", dim=True)


def _message(item: Item) -> Iterator[str]:
    name, color = _WHO[item["direction"]]
    first, *rest = _content(item)
    yield f"{_time(item['at'])}  {click.style(name.ljust(8), fg=color, bold=True)}  {first}"
    yield from (_INDENT + line for line in rest)


def _content(item: Item) -> Iterator[str]:
    content, suggestions = item["content"], item["suggestions"]
    cards = content.get("cards", []) if item["kind"] == "carousel" else [content] if item["kind"] == "card" else []
    if cards:
        for card in cards:
            title = click.style(card.get("title") or "·", bold=True)
            yield "  ".join(filter(None, (title, card.get("description"), *_chips(card.get("suggestions", [])))))
        within = sum(len(card.get("suggestions", [])) for card in cards)
        yield from _chips(suggestions[: len(suggestions) - within])
        return
    yield from (click.style(_MARKS.get(item["kind"], ""), dim=True) + item["text"]).splitlines() or [""]
    yield from _chips(suggestions)


def _chips(suggestions: Sequence[Item]) -> Iterator[str]:
    if suggestions:
        yield " ".join(click.style(f"[{suggestion['text']}]", fg="magenta") for suggestion in suggestions)


def _request(item: Item) -> str:
    status, why = item["status"], item["fault"] or item["rule"]
    good = status is not None and status < 400 and item["rule"] is None  # some tell of errors inside a 200
    shown = click.style(str(status or "no answer"), fg="green" if good else "red")
    return _line(item["at"], "→", f"{item['method']} {item['path']}", shown, f"({why})" if why else "")


def _callback(item: Item) -> str:
    state, attempts = item["state"], item["attempts"]
    last = attempts[-1] if attempts else None
    came = str(last["status"] or last["error"]) if last else ""
    shown = ", ".join(filter(None, (came, "" if state == "delivered" else state)))
    good = state in ("delivered", "recorded")
    name = click.style(item["kind"].rpartition(".")[2], bold=True)
    return _line(last["at"] if last else item["due_at"], "←", name, click.style(shown, fg="green" if good else "red"))


def _line(at: str, arrow: str, *parts: str) -> str:
    return "  ".join(filter(None, (_time(at), click.style(arrow, dim=True) + " " + parts[0], *parts[1:])))


def _run(item: Item) -> str:
    good = item["state"] == "passed"
    mark = click.style("✓" if good else "✗", fg="green" if good else "red")
    failed = next((step for step in item["steps"] if step["state"] == "failed"), None)
    why = f": step {failed['index']} ({failed['do']}) {failed['detail']}" if failed else ""
    return f"{_INDENT[:-10]}{mark} scenario {item['scenario']} {item['state']}{why}"


def _time(at: str) -> str:
    """Return the time of day of a timestamp."""
    return click.style(at[11:23], dim=True)
