"""Content: what a handset can show or send, in words that belong to no provider."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal, TypeAlias

ActionKind = Literal["call", "open_url", "show_location", "request_location", "create_calendar_event", "other"]


@dataclass(frozen=True, slots=True)
class SuggestedAction:
    """What tapping a suggestion does on the handset besides telling the business; `details` are the action's own facts."""

    kind: ActionKind
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A chip or button: what it reads, what it sends back, and what it does."""

    text: str
    postback: str
    action: SuggestedAction | None = None


@dataclass(frozen=True, slots=True)
class File:
    """
    A file, sent or received.

    Attributes:
        media: `image`, `video`, `audio`, `document` or `unknown`.
        size: in bytes, if known.
        id: the provider's own id for it.
    """

    media: str
    url: str | None = None
    mime_type: str | None = None
    name: str | None = None
    size: int | None = None
    thumbnail_url: str | None = None
    description: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Words alone."""

    kind = "text"
    text: str


@dataclass(frozen=True, slots=True)
class Media:
    """One file, with or without a caption."""

    kind = "media"
    file: File
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A rich card: title, description, media and suggestions of its own."""

    kind = "card"
    title: str | None = None
    description: str | None = None
    media: File | None = None
    media_height: str | None = None
    orientation: str | None = None
    thumbnail_alignment: str | None = None
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Carousel:
    """Cards side by side."""

    kind = "carousel"
    cards: tuple[Card, ...]
    card_width: str | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """A place on the map."""

    kind = "location"
    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class SuggestionResponse:
    """A tapped suggestion, as it goes back to the business."""

    kind = "suggestion_response"
    text: str
    postback: str


@dataclass(frozen=True, slots=True)
class Other:
    """Whatever else a provider knows; `text` is what a person would read of it."""

    kind = "other"
    text: str = ""
    details: dict[str, Any] = field(default_factory=dict)


Content: TypeAlias = Text | Media | Card | Carousel | Location | SuggestionResponse | Other


def readable(content: Content) -> str:
    """Return what a person would read of it, in one string."""
    match content:
        case Text(text=text) | SuggestionResponse(text=text) | Other(text=text):
            return text
        case Media(file=file, caption=caption):
            return caption or file.description or file.name or file.url or file.id or ""
        case Card(title=title, description=description):
            return "\n".join(part for part in (title, description) if part)
        case Carousel(cards=cards):
            return "\n".join(filter(None, (readable(card) for card in cards)))
        case Location(name=name, latitude=latitude, longitude=longitude):
            return name or f"{latitude}, {longitude}"


def card_suggestions(content: Content) -> tuple[Suggestion, ...]:
    """Return the suggestions inside its cards, in the order they are shown."""
    match content:
        case Card(suggestions=suggestions):
            return suggestions
        case Carousel(cards=cards):
            return tuple(suggestion for card in cards for suggestion in card.suggestions)
        case _:
            return ()


def as_json(value: Any) -> Any:
    """Return content or a part of it as plain JSON values; what is None is left out, an action stays null."""
    if is_dataclass(value) and not isinstance(value, type):
        members: dict[str, Any] = {"kind": kind} if (kind := getattr(value, "kind", None)) else {}
        for item in fields(value):
            member = getattr(value, item.name)
            if item.name == "details":
                members.update(member)
            elif member is not None or item.name == "action":
                members[item.name] = as_json(member)
        return members
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    return value
