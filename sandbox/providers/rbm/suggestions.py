"""Suggestions: what a person can tap, by the vendor's types; the agent's own messages are not emulated."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.core.content import ActionKind, SuggestedAction, Suggestion

MOST_TEXT = 25  # characters
MOST_POSTBACK = 2048  # characters

# Every type with what tapping it does on the handset, besides telling the business (10).
TYPES: Mapping[str, ActionKind | None] = {
    "reply": None,
    "open_url": "open_url",
    "dial": "call",
    "view_location": "show_location",
    "share_location": "request_location",
    "create_calendar_event": "create_calendar_event",
}
_TYPE_OF = {action: name for name, action in TYPES.items()}


def suggestion(kind: str | None, text: str, postback: str) -> Suggestion:
    """
    Return a suggestion as it is tapped, a reply unless another type is given (RBM-IN-02, RBM-IN-04).

    Raises:
        ValueError: text or postback is longer than a suggestion's can be.
    """
    for what, value, limit in (("text", text, MOST_TEXT), ("postback", postback, MOST_POSTBACK)):
        if len(value) > limit:
            raise ValueError(f"the {what} has {len(value)} characters; a suggestion's has at most {limit}")
    action = TYPES[kind or "reply"]
    return Suggestion(text, postback, None if action is None else SuggestedAction(action))


def type_of(tapped: Suggestion | None) -> str:
    """Return the type of a tapped suggestion."""
    return _TYPE_OF[None if tapped is None or tapped.action is None else tapped.action.kind]
