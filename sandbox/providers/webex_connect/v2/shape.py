"""Shape: every field that the document, its samples or public pages know, by where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

_LISTED = 20  # a hostile body has a hundred thousand


class Shape(NamedTuple):
    """The fields that an object, or each object of an array, may have; and what is known of the objects in them."""

    names: frozenset[str]
    inside: dict[str, Shape]


def _shape(names: str = "", **inside: Shape) -> Shape:
    return Shape(frozenset([*names.split(), *inside]), inside)


_SUGGESTIONS = _shape(
    "type displayText postbackData latitude longitude query address url startTime endTime meetingTitle"
    " meetingDescription phone"
)
_MEDIA = _shape("url height fileSize filesize")
_THUMBNAIL = _shape("url height fileSize filesize contentType description")

_CONTENT: dict[str, Shape] = {
    "sms": _shape("type text"),
    "email": _shape(
        "type subject replyTo text html encoding", attachments=_shape("mimeType mimetype name mediaUrl cid")
    ),
    "rcs": _shape(
        "type text mediaContentUrl fileSize filesize width event messageId",
        richCard=_shape(
            "title description orientation thumbnailAlignment",
            media=_MEDIA,
            thumbnail=_THUMBNAIL,
            suggestions=_SUGGESTIONS,
        ),
        cards=_shape("title description", media=_MEDIA, suggestions=_SUGGESTIONS),
        suggestions=_SUGGESTIONS,
    ),
}
_OPTIONS: dict[str, Shape] = {
    "sms": _shape(
        "shortenLinks domain trackClicks tag1 tag2 allowFallbackURL",
        extras=_shape("dlt_templateid"),
    ),
    "email": _shape(
        "trackClicks trackOpens fromName shortenLinks domain tag1 tag2 allowFallbackURL listUnsubscribeUrl"
        " unsubscribeEmailAddress unsubscribeEmailSubject"
    ),
    "rcs": _shape("smsFallback smsSenderId text carrierId"),
}
_KEYS = {"sms": "msisdn", "email": "email", "rcs": "msisdn"}
_ROOT = (
    "channel from substitutions sendAt expireAt validity priority callbackData notifyUrl notifyurl notifyUrlAuthId"
    " requestedReceipts cc bcc multipleToRecipients appid correlationId correlationid"
)

REQUEST: dict[str, Shape] = {
    channel: _shape(
        _ROOT,
        to=_shape(f"{key} correlationId substitutions"),
        content=_CONTENT[channel],
        template=_shape("id subject"),
        options=_OPTIONS[channel],
        smartlinks=_shape("smartlinkId linkid validity"),
        contactPolicy=_shape("contactPolicyGroup channelCheckConsent channelApplyFrequencyCap"),
    )
    for channel, key in _KEYS.items()
}


def unknown_in(body: dict[str, Any], shape: Shape) -> tuple[list[str], int]:
    """Return the paths of the first unknown fields in a request, and how many more there are."""
    if _fits(body, shape):
        return [], 0
    listed: list[str] = []
    more = 0
    for place, name in _unknown(body, shape, ""):
        if len(listed) < _LISTED:
            listed.append(f"{place}.{name}"[:200] if place else name[:200])
        else:
            more += 1
    return listed, more


def _fits(value: Any, shape: Shape) -> bool:
    """Tell whether nothing unknown is in it; nearly always so, and told without making a path."""
    if isinstance(value, list):
        for item in value:  # noqa: SIM110 - a generator takes twice the time for one destination
            if isinstance(item, dict) and not _fits(item, shape):
                return False
        return True
    if not isinstance(value, dict):
        return True
    if not shape.names.issuperset(value):
        return False
    if inside := shape.inside:
        for name, member in value.items():
            if name in inside and not _fits(member, inside[name]):
                return False
    return True


def _unknown(value: Any, shape: Shape, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield from _unknown(item, shape, f"{path}[{index}]")
    elif isinstance(value, dict):
        for name, member in value.items():
            if name not in shape.names:
                yield path, name
            elif name in shape.inside:
                yield from _unknown(member, shape.inside[name], f"{path}.{name}" if path else name)
