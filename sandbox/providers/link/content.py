"""Content: reads an accepted LINK message as what the handset shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from sandbox.core.account import Account
from sandbox.core.content import (
    ActionKind,
    Card,
    Carousel,
    Content,
    File,
    Media,
    SuggestedAction,
    Suggestion,
    Text,
)
from sandbox.core.conversation import Body
from sandbox.providers.link import files

_ACTION_KINDS: dict[str, ActionKind] = {
    "callAction": "call",
    "showLocationAction": "show_location",
    "createCalendarEntryAction": "create_calendar_event",
    "openUrlAction": "open_url",
    "requestLocationAction": "request_location",
}
_FAMILIES = {"IMAGE": "image", "VIDEO": "video", "AUDIO": "audio"}


@dataclass(slots=True, eq=False)
class AcceptedMessage:
    """
    What a repeated message id is compared with: recipient, settings and answer of the first.

    What the message says is read from the answer when somebody asks.
    """

    account: Account
    msisdn: str
    settings_id: str | None
    answer: bytes

    def __call__(self) -> Body:
        """Read what it says."""
        content = from_json(self.answer)["messageContent"]
        return Body(_content(content, self.account), _suggestions(content))


def _content(content: dict[str, Any], account: Account) -> Content:
    if "text" in content:
        return Text(content["text"])
    if "fileId" in content:
        return Media(_file(content["fileId"], account))
    card = content["conversationCard"]
    if "standaloneCard" in card:
        standalone = card["standaloneCard"]
        return _card(
            standalone["cardContent"],
            account,
            orientation=standalone["cardOrientation"].lower(),
            thumbnail_alignment=standalone["thumbnailAlignment"].lower(),
        )
    carousel = card["carouselCard"]
    cards = tuple(_card(content, account) for content in carousel["cardContents"])
    return Carousel(cards, card_width=carousel["cardWidth"].lower())


def _card(content: dict[str, Any], account: Account, **layout: str) -> Card:
    media = content.get("cardMedia")
    return Card(
        title=content.get("title"),
        description=content.get("description"),
        media=media and _file(media["fileId"], account),
        media_height=media and media["cardHeight"].lower(),
        suggestions=_suggestions(content),
        **layout,
    )


def _suggestions(place: dict[str, Any]) -> tuple[Suggestion, ...]:
    return tuple(Suggestion(item["text"], item["callbackData"], _action(item)) for item in place.get("suggestions", ()))


def _action(suggestion: dict[str, Any]) -> SuggestedAction | None:
    for name, kind in _ACTION_KINDS.items():
        if name in suggestion:
            return SuggestedAction(kind, suggestion[name])
    return None


def _file(file_id: str, account: Account) -> File:
    file = files.find(account, file_id)
    if file is None:  # forgotten since: the message outlived it
        return File("unknown", id=file_id)
    return File(
        _FAMILIES.get(file.media_type, "unknown"),
        url=file.url,
        name=file.url and file.url.partition("?")[0].rpartition("/")[2],
        thumbnail_url=file.thumbnail_url,
        description=file.description,
        id=file_id,
    )
