"""Files: what a registered file is, and where a message may use it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sandbox.core.account import Account
from sandbox.providers.link.account import KnownFile, RegisteredFile, settings_of
from sandbox.providers.link.featureset import MediaFeatureset
from sandbox.providers.link.rules import RULES
from sandbox.providers.link.urls import extension, is_https

_EXTENSIONS = {
    "IMAGE": "jpg jpeg png gif webp bmp",
    "VIDEO": "mp4 m4v mpeg mpg mpeg4 webm h263 3gp mov",
    "AUDIO": "mp3 m4a aac ogg opus wav amr flac",
    "DOCUMENT": "pdf doc docx xls xlsx ppt pptx odt ods odp rtf txt csv zip",
}
_MEDIA_BY_EXTENSION = {name: media for media, names in _EXTENSIONS.items() for name in names.split()}


class FileUse(NamedTuple):
    """
    A file that a message refers to.

    Attributes:
        path: where in the message.
        allowed: what the featureset lets stand there; None for anything.
        rule: broken by what it does not.
    """

    path: str
    id: str
    allowed: MediaFeatureset | None
    rule: str


def media_type(url: str) -> str:
    """Return what the extension tells: IMAGE, VIDEO, AUDIO, DOCUMENT, else UNKNOWN (LINK-FILE-06)."""
    return _MEDIA_BY_EXTENSION.get(extension(url), "UNKNOWN")


def check_registration(body: dict[str, Any]) -> str:
    """Hold a registerFile body against the rules; returns the file's media type. Raises LINK-FILE-02, -04 and -05."""
    for name in ("url", "thumbnailUrl"):
        if name in body and not is_https(body[name]):
            raise RULES.broken("LINK-FILE-02", path=name)
    media = media_type(body["url"])
    if media == "DOCUMENT":
        raise RULES.broken("LINK-FILE-04")
    if "thumbnailUrl" in body and media_type(body["thumbnailUrl"]) not in ("IMAGE", "UNKNOWN"):
        raise RULES.broken("LINK-FILE-05")
    return media


def find(account: Account, file_id: str) -> RegisteredFile | None:
    """Return the registered file of that id, or the one that the account's settings know beforehand."""
    return account.shelf(RegisteredFile).get(file_id) or _read(file_id, settings_of(account).files.get(file_id))


def _read(file_id: str, known: KnownFile | None) -> RegisteredFile | None:
    return None if known is None else _registered(file_id, known.media_type, known.thumbnail)


@lru_cache(maxsize=1024)
def _registered(file_id: str, media_type: str, thumbnail: bool) -> RegisteredFile:
    return RegisteredFile(file_id, media_type, has_thumbnail=thumbnail)


def check_uses(account: Account, uses: Sequence[FileUse]) -> None:
    """Look up the files of a message. Raises LINK-MSG-15, LINK-MSG-16 or LINK-CARD-08."""
    if not uses:
        return
    registered, known = account.shelf(RegisteredFile), settings_of(account).files
    for path, file_id, allowed, rule in uses:
        file = registered.get(file_id) or _read(file_id, known.get(file_id))
        if file is None:
            raise RULES.broken("LINK-MSG-15", path=path)
        if allowed is None:
            continue
        types = allowed.mediaTypes
        if types is not None and not (file.media_type in types or (types and file.media_type == "UNKNOWN")):
            raise RULES.broken(rule, path=path)
        if file.media_type in (allowed.mediaTypesRequiringThumbnails or ()) and not file.has_thumbnail:
            raise RULES.broken(rule, message="{path}: needs a thumbnail", path=path)
