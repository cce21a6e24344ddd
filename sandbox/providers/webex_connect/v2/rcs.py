"""RCS: texts, media, rich cards, carousels and agent events, with an SMS to fall back on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sandbox.core.content import Card, Carousel, Content, File, Media, Other, Text
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.addresses import is_url
from sandbox.providers.webex_connect.checked import Addressed, Fallback, Fate
from sandbox.providers.webex_connect.v2 import suggestions
from sandbox.providers.webex_connect.v2.fields import choice, file_size, flag, limited_text, needed, optional_text, text
from sandbox.providers.webex_connect.v2.rules import RULES, invalid
from sandbox.providers.webex_connect.v2.submission import Submission
from sandbox.providers.webex_connect.v2.substitutions import Wording
from sandbox.providers.webex_connect.values import given, integer

TEXT_LIMIT = 3072  # characters
FALLBACK_LIMIT = 1024  # characters
LEAST_CARDS, MOST_CARDS = 2, 10

ORIENTATIONS = frozenset({"VERTICAL", "HORIZONTAL"})
ALIGNMENTS = frozenset({"LEFT", "RIGHT"})
HEIGHTS = frozenset({"SHORT", "MEDIUM", "TALL"})
WIDTHS = frozenset({"SMALL", "MEDIUM"})
EVENTS = frozenset({"IS_TYPING", "READ"})
_UNKNOWN_APP = Fate("Failed", "7322", "Provider not configured for chatbot")

_MEDIA: dict[str, str] = {
    **dict.fromkeys(("jpg", "jpeg", "png", "gif", "bmp", "webp"), "image"),
    **dict.fromkeys(("mp4", "m4v", "mpg", "mpeg", "3gp", "webm", "mov"), "video"),
    **dict.fromkeys(("mp3", "aac", "amr", "ogg", "wav", "m4a"), "audio"),
}


def check(submission: Submission) -> None:
    """Check content and options of an RCS message. Source: 675-1037; WX2-RCS-01 to -17, WX2-ENV-06."""
    apps = submission.settings.apps
    if apps and (submission.sender not in apps or apps[submission.sender].channel != "rcs"):
        submission.will(_UNKNOWN_APP)
    if submission.template_id is None:
        kind = TYPES.get(text(submission.content, "type", "content", "WX2-RCS-01").lower())
        if kind is None:
            raise invalid("WX2-RCS-01", "content.type")
        kind.check(submission.content, submission)
    elif submission.template is not None:
        submission.texts["text"] = Wording.of(submission.template.text)
    if submission.options:
        _check_options(submission.options, submission)


def _check_text(content: dict[str, Any], submission: Submission) -> None:
    words = limited_text(content, "text", "content", "WX2-RCS-02", TEXT_LIMIT, "WX2-RCS-02")
    submission.texts["text"] = Wording.of(words)
    _check_suggestions(content, submission)


def _check_media(content: dict[str, Any], submission: Submission) -> None:
    url = needed(content, "mediaContentUrl", "content", "WX2-RCS-03")
    if not is_url(url) or not _extension(url):
        raise invalid("WX2-RCS-03", "content.mediaContentUrl", detail="it ends in a file extension")
    file_size(content, "content")
    _check_suggestions(content, submission)


def _check_standalone(content: dict[str, Any], submission: Submission) -> None:
    rule, path = "WX2-RCS-04", "content.richCard"
    card = needed(content, "richCard", "content", rule)
    if not isinstance(card, dict):
        raise invalid(rule, path)
    _check_words(card, path, rule)
    if choice(card, "orientation", path, rule, ORIENTATIONS) == "HORIZONTAL" or given(card, "thumbnailAlignment"):
        choice(card, "thumbnailAlignment", path, rule, ALIGNMENTS)
    _check_file(needed(card, "media", path, rule), f"{path}.media", rule)
    if given(card, "thumbnail") is not None:
        _check_file(card["thumbnail"], f"{path}.thumbnail", rule)
        for name in ("contentType", "description"):
            optional_text(card["thumbnail"], name, f"{path}.thumbnail", rule)
    _check_suggestions(content, submission)
    suggestions.check(card, path, suggestions.RICH_CARD_LIMIT, "WX2-RCS-08", submission)


def _check_carousel(content: dict[str, Any], submission: Submission) -> None:
    choice(content, "width", "content", "WX2-RCS-05", WIDTHS)
    rule = "WX2-RCS-06"
    cards = needed(content, "cards", "content", rule)
    if not isinstance(cards, list) or not LEAST_CARDS <= len(cards) <= MOST_CARDS:
        raise invalid(rule, "content.cards", detail=f"cards are an array of {LEAST_CARDS} to {MOST_CARDS}")
    for index, card in enumerate(cards):
        path = f"content.cards[{index}]"
        if not isinstance(card, dict):
            raise invalid(rule, path)
        _check_words(card, path, rule)
        _check_file(needed(card, "media", path, rule), f"{path}.media", rule)
    # "2 when within a carousel" (792) is for a card: the carousel's own list has six in the sample (937-977).
    _check_suggestions(content, submission)
    for index, card in enumerate(cards):
        path = f"content.cards[{index}]"
        suggestions.check(card, path, suggestions.CAROUSEL_CARD_LIMIT, "WX2-RCS-09", submission)


def _check_agent_event(content: dict[str, Any], submission: Submission) -> None:
    if choice(content, "event", "content", "WX2-RCS-13", EVENTS) == "READ":
        text(content, "messageId", "content", "WX2-RCS-14")
    if given(content, "suggestions") is not None:
        submission.warn("WX2-RCS-15", "content.suggestions is ignored on an agent event")
    submission.silent = True


def _check_suggestions(content: dict[str, Any], submission: Submission) -> None:
    suggestions.check(content, "content", suggestions.MESSAGE_LIMIT, "WX2-RCS-07", submission)


def _check_words(card: dict[str, Any], path: str, rule: str) -> None:
    text(card, "title", path, rule)
    optional_text(card, "description", path, rule)


def _check_file(media: Any, path: str, rule: str) -> None:
    if not isinstance(media, dict):
        raise invalid(rule, path)
    if not is_url(needed(media, "url", path, rule)):
        raise invalid(rule, f"{path}.url")
    choice(media, "height", path, rule, HEIGHTS)
    file_size(media, path)


def _check_options(options: dict[str, Any], submission: Submission) -> None:
    rule = "WX2-RCS-16"
    falls_back = flag(options, "smsFallback", "options", rule)
    read = text if falls_back else optional_text
    sender, words = (read(options, name, "options", rule) for name in ("smsSenderId", "text"))
    if words is not None and len(words) > FALLBACK_LIMIT:
        raise RULES.broken("WX2-RCS-17", detail=f"text has {len(words)} characters")
    if falls_back and sender is not None and words is not None and not submission.silent:
        submission.fallback = Fallback(sender, words)
    carrier = given(options, "carrierId")
    if carrier is not None:
        if not isinstance(carrier, str) and integer(carrier) is None:
            raise invalid(rule, "options.carrierId")
        submission.carrier = str(carrier)


def fate(submission: Submission, _addressed: Addressed) -> Fate | None:
    """Return what becomes of every message: that of an unknown app fails (WX2-ENV-06)."""
    return submission.fate


def content(submission: Submission, addressed: Addressed) -> Body:
    """Return what the handset shows. Values stand in a text only, not in cards or suggestions (WX2-SUB-04)."""
    own = submission.content
    if not own:  # a declared template
        return Body(Text(submission.texts["text"].filled(addressed.substitutions)))
    kind = TYPES[own["type"].lower()]
    return Body(kind.read(own, submission, addressed), () if submission.silent else suggestions.shown(own))


def _read_text(_content: dict[str, Any], submission: Submission, addressed: Addressed) -> Content:
    return Text(submission.texts["text"].filled(addressed.substitutions))


def _read_media(content: dict[str, Any], _submission: Submission, _addressed: Addressed) -> Content:
    return Media(_file(content, content["mediaContentUrl"]))


def _read_standalone(content: dict[str, Any], _submission: Submission, _addressed: Addressed) -> Content:
    card = content["richCard"]
    alignment = card.get("thumbnailAlignment")
    return _card(
        card, orientation=card["orientation"].lower(), thumbnail_alignment=alignment.lower() if alignment else None
    )


def _read_carousel(content: dict[str, Any], _submission: Submission, _addressed: Addressed) -> Content:
    return Carousel(tuple(_card(card) for card in content["cards"]), card_width=content["width"].lower())


def _read_agent_event(content: dict[str, Any], _submission: Submission, _addressed: Addressed) -> Content:
    event = content["event"].upper()
    return Other("", {"event": event, "message_id": content["messageId"]} if event == "READ" else {"event": event})


def _card(card: dict[str, Any], orientation: str | None = None, thumbnail_alignment: str | None = None) -> Card:
    media, thumbnail = card["media"], card.get("thumbnail")
    return Card(
        title=card["title"],
        description=card.get("description"),
        media=_file(media, media["url"], thumbnail["url"] if thumbnail else None),
        media_height=media["height"].lower(),
        orientation=orientation,
        thumbnail_alignment=thumbnail_alignment,
        suggestions=suggestions.shown(card),
    )


def _file(block: dict[str, Any], url: str, thumbnail_url: str | None = None) -> File:
    extension = _extension(url)
    return File(
        _MEDIA.get(extension, "document") if extension else "unknown",
        url=url,
        name=urlsplit(url).path.rpartition("/")[2] or None,
        size=file_size(block, ""),
        thumbnail_url=thumbnail_url,
    )


def _extension(url: str) -> str:
    """Return what follows the last dot of the path's last part, in lower case; "" if it is no file extension."""
    name, dot, extension = urlsplit(url).path.rpartition("/")[2].rpartition(".")
    return extension.lower() if name and dot and extension.isalnum() else ""


class _Type(NamedTuple):
    """How a type of content is checked, and how it is read."""

    check: Callable[[dict[str, Any], Submission], None]
    read: Callable[[dict[str, Any], Submission, Addressed], Content]


TYPES: dict[str, _Type] = {
    "text": _Type(_check_text, _read_text),
    "media": _Type(_check_media, _read_media),
    "standalone": _Type(_check_standalone, _read_standalone),
    "carousel": _Type(_check_carousel, _read_carousel),
    "agentevent": _Type(_check_agent_event, _read_agent_event),
}
