"""Apple: texts, typing, rich links and interactive messages for Apple Messages for Business.

The document only names the object (84); what stands in it is known from public material.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.core.content import Card, Content, Other, SuggestedAction, Suggestion, Text
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.checked import Addressed
from sandbox.providers.webex_connect.v1 import members as take
from sandbox.providers.webex_connect.v1.element import Element
from sandbox.providers.webex_connect.v1.members import Members
from sandbox.providers.webex_connect.v1.rules import RULES
from sandbox.providers.webex_connect.values import given

_WHERE = "channels.AppleBusinessChat"
_TYPING = frozenset({"typing_start", "typing_end"})
_OBJECTS = frozenset({"richLink", "interactive"})
TYPES = frozenset({"text", *_TYPING, *_OBJECTS})
KNOWN = frozenset({"type", "text", "sendLinkAsAppClip", "storeRegion", *_OBJECTS, "parameters"})


def check(block: Members, element: Element) -> None:
    """
    Check `channels.AppleBusinessChat`. WX1-ABC-01.

    A rich link or an interactive message must be there; what is in it is passed on unchecked.
    """
    element.look_for_unknown(block, KNOWN, _WHERE)
    kind = given(block, "type")
    if kind is None:
        if element.template is None:
            raise RULES.broken("WX1-ABC-01", path="type")
    else:
        take.one_of(kind, TYPES, "WX1-ABC-01", "type")
    if kind == "text":
        take.required(block, "text", "WX1-ABC-01")
    if kind in _OBJECTS:
        take.members(block, kind, "WX1-ABC-01")
    take.optional_texts(block, ("text", "storeRegion"), "WX1-ABC-01")
    take.optional_truth(block, "sendLinkAsAppClip", "WX1-ABC-01")
    element.silent = kind in _TYPING


# ------------------------------------------------------------------------------------------------------- content


def content(block: Members, _element: Element, _addressed: Addressed) -> Body | None:
    """
    Return what Messages shows.

    Of rich links and interactive messages it reads what it recognises of Apple's own form: title and address of a link,
    the items of a list picker, the times of a time picker, and quick replies.
    """
    match given(block, "type"):
        case None:
            return None
        case "text":
            return Body(Text(block["text"]))
        case "richLink":
            return _rich_link(block["richLink"])
        case "interactive":
            interactive = block["interactive"]
            choices = tuple(Suggestion(*choice) for choice in _choices(interactive))
            return Body(_interactive(interactive), choices)
        case typing:
            return Body(Other("", {"type": typing}))


def _rich_link(link: Members) -> Body:
    title = _words(link, "title")
    url = _words(link, "url")
    if url is None:
        return Body(Other(title or "", {"richLink": link}))
    opens = Suggestion(title or url, url, SuggestedAction("open_url", {"url": url}))
    return Body(Card(title=title, description=url, suggestions=(opens,)))


def _interactive(interactive: Members) -> Content:
    message = interactive.get("receivedMessage")
    title = _words(message, "title") or _words(_part(interactive, "data", "quick-reply"), "summaryText")
    return Other(title or "", {"interactive": interactive})


def _choices(interactive: Members) -> Iterator[tuple[str, str]]:
    """Yield title and identifier of everything that can be chosen."""
    data = interactive.get("data")
    for section in _all(_part(data, "listPicker"), "sections"):
        yield from _titled(_all(section, "items"), "title")
    yield from _titled(_all(_part(data, "quick-reply"), "items"), "title")
    yield from _titled(_all(_part(data, "event"), "timeslots"), "startTime")


def _titled(choices: list[Any], title: str) -> Iterator[tuple[str, str]]:
    for choice in choices:
        words, identifier = _words(choice, title), _words(choice, "identifier")
        if words is not None and identifier is not None:
            yield words, identifier


def _part(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _all(value: Any, name: str) -> list[Any]:
    found = _part(value, name)
    return found if isinstance(found, list) else []


def _words(value: Any, name: str) -> str | None:
    found = _part(value, name)
    return found if isinstance(found, str) and found else None
