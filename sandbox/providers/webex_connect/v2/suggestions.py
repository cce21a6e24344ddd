"""Suggestions: the chips and buttons of RCS, each with what its type needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sandbox.core.content import ActionKind, SuggestedAction, Suggestion
from sandbox.providers.webex_connect.addresses import is_e164_number, is_phone_number, is_url
from sandbox.providers.webex_connect.v2.fields import needed, optional_text, text
from sandbox.providers.webex_connect.v2.rules import invalid
from sandbox.providers.webex_connect.v2.submission import Submission
from sandbox.providers.webex_connect.v2.times import iso_instant
from sandbox.providers.webex_connect.values import given, number

# "upto 10 suggestions with a message, 2 when within a carousel and 4 when within a richcard" (792)
MESSAGE_LIMIT = 10
RICH_CARD_LIMIT = 4
CAROUSEL_CARD_LIMIT = 2

_RULE = "WX2-RCS-11"


def check(block: dict[str, Any], path: str, limit: int, limit_rule: str, submission: Submission) -> None:
    """
    Check the suggestions of a message or a card.

    Args:
        block: what they stand in.
        path: where that is: `content`, `content.richCard`, `content.cards[0]`.
        limit: how many there may be.
        limit_rule: which rule says so.
        submission: whose settings say what a phone number is.

    Raises:
        ApiError: WX2-RCS-07 to -11.

    Source: 786-842, 1041-1059.
    """
    found = given(block, "suggestions")
    if found is None:
        return
    if not isinstance(found, list) or len(found) > limit:
        raise invalid(limit_rule, f"{path}.suggestions", detail=f"suggestions are an array of at most {limit}")
    for index, suggestion in enumerate(found):
        at = f"{path}.suggestions[{index}]"
        if not isinstance(suggestion, dict):
            raise invalid("WX2-RCS-10", at)
        kind = _KINDS.get(text(suggestion, "type", at, "WX2-RCS-10").lower())
        if kind is None:
            raise invalid("WX2-RCS-10", f"{at}.type")
        text(suggestion, "displayText", at, "WX2-RCS-10")
        optional_text(suggestion, "postbackData", at, "WX2-RCS-10")
        kind.check(suggestion, at, submission)


def shown(block: dict[str, Any]) -> tuple[Suggestion, ...]:
    """Return the suggestions of a checked message or card as a handset shows them."""
    return tuple(_shown(suggestion) for suggestion in block.get("suggestions") or ())


def _shown(suggestion: dict[str, Any]) -> Suggestion:
    kind = _KINDS[suggestion["type"].lower()]
    display, action = suggestion["displayText"], None
    if kind.action is not None:
        facts = {name: suggestion[name] for name in kind.fields if suggestion.get(name) is not None}
        action = SuggestedAction(kind.action, facts)
    return Suggestion(display, suggestion.get("postbackData") or display, action)


def _check_nothing(_suggestion: dict[str, Any], _path: str, _submission: Submission) -> None:
    return None


def _check_view_location(suggestion: dict[str, Any], path: str, _submission: Submission) -> None:
    """A place is told by coordinates, or else by a query (1047); the address is free text, in the samples a phone number."""
    optional_text(suggestion, "address", path, _RULE)
    query = optional_text(suggestion, "query", path, _RULE)
    names = ("latitude", "longitude")
    if query and all(given(suggestion, name) is None for name in names):
        return
    for name, most in zip(names, (90, 180), strict=True):
        degrees = number(needed(suggestion, name, path, _RULE))
        if degrees is None or not -most <= degrees <= most:
            raise invalid(_RULE, f"{path}.{name}")


def _check_open_url(suggestion: dict[str, Any], path: str, _submission: Submission) -> None:
    if not is_url(needed(suggestion, "url", path, _RULE)):
        raise invalid(_RULE, f"{path}.url")


def _check_calendar_event(suggestion: dict[str, Any], path: str, _submission: Submission) -> None:
    """The end may be the start, as in the samples (831-832)."""
    start, end = (_time(suggestion, name, path) for name in ("startTime", "endTime"))
    if end < start:
        raise invalid(_RULE, f"{path}.endTime", detail="the end is before the start")
    text(suggestion, "meetingTitle", path, _RULE)
    optional_text(suggestion, "meetingDescription", path, _RULE)


def _time(suggestion: dict[str, Any], name: str, path: str) -> Any:
    found = iso_instant(needed(suggestion, name, path, _RULE))
    if found is None:
        raise invalid(_RULE, f"{path}.{name}", detail=f"{name} is ISO 8601 with a zone")
    return found


def _check_dial_phone(suggestion: dict[str, Any], path: str, submission: Submission) -> None:
    is_number = is_e164_number if submission.settings.plus_e164 else is_phone_number
    if not is_number(text(suggestion, "phone", path, _RULE)):
        raise invalid(_RULE, f"{path}.phone")


class _Kind(NamedTuple):
    """What a type needs, and what a tap does on the handset with which fields."""

    check: Callable[[dict[str, Any], str, Submission], None]
    action: ActionKind | None
    fields: tuple[str, ...] = ()


_KINDS: dict[str, _Kind] = {
    "reply": _Kind(_check_nothing, None),
    "viewlocation": _Kind(_check_view_location, "show_location", ("latitude", "longitude", "query", "address")),
    "sharelocation": _Kind(_check_nothing, "request_location"),
    "openurl": _Kind(_check_open_url, "open_url", ("url",)),
    "calendarevent": _Kind(
        _check_calendar_event,
        "create_calendar_event",
        ("startTime", "endTime", "meetingTitle", "meetingDescription"),
    ),
    "dialphone": _Kind(_check_dial_phone, "call", ("phone",)),
}
