"""Attachment: the file that a person sends, from base64, a shipped sample or a URL."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from sandbox.engine.actions import MAX_FILE, InvalidActionError, SendFile

# A table of our own: what the language runtime knows differs from version to version and from machine to machine.
MIME_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".mp4": "video/mp4",
    ".m4v": "video/m4v",
    ".mpeg": "video/mpeg",
    ".mpg": "video/mpeg",
    ".webm": "video/webm",
    ".mov": "video/quicktime",
    ".3gp": "video/3gpp",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
    ".opus": "audio/opus",
    ".wav": "audio/wav",
    ".amr": "audio/amr",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".vcf": "text/vcard",
    ".zip": "application/zip",
}
UNKNOWN = "application/octet-stream"


class Sample(NamedTuple):
    """A shipped file: its name and type, and its size in bytes."""

    name: str
    mime_type: str
    size: int


def samples_in(folder: Path) -> tuple[Sample, ...]:
    """Return the shipped files in a folder, by name."""
    return tuple(Sample(file.name, _mime_type(file.name), file.stat().st_size) for file in _files_in(folder))


class Attachment(NamedTuple):
    """A file's name and type, and its bytes unless only its URL is known."""

    name: str
    mime_type: str
    data: bytes | None


def attachment(action: SendFile, sample: Callable[[str], Path]) -> Attachment:
    """
    Return what is sent.

    Args:
        action: asks for it.
        sample: finds a shipped sample file by its name.

    Raises:
        InvalidActionError: there is no such sample, or the content is not base64 or larger than 10 MiB.
    """
    if action.sample is not None:
        name, data = action.sample, _sample(action.sample, sample)
    elif action.content is not None:
        name, data = "file", _decoded(action.content)
    else:
        name, data = Path(unquote(urlsplit(action.url or "").path)).name or "file", None
    name = action.name or name
    return Attachment(name, action.mime_type or _mime_type(name), data)


def _mime_type(name: str) -> str:
    return MIME_TYPES.get(Path(name).suffix.lower(), UNKNOWN)


def _files_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("[!.]*.*"), key=lambda file: file.name)


def _decoded(content: str) -> bytes:
    try:
        data = base64.b64decode(content, validate=True)
    except binascii.Error as error:
        raise InvalidActionError.at("content", f"is not base64: {error}") from None
    if len(data) > MAX_FILE:
        raise InvalidActionError.at("content", f"is larger than {MAX_FILE // 1024 // 1024} MiB")
    return data


def _sample(name: str, find: Callable[[str], Path]) -> bytes:
    path = find(name)
    if Path(name).name != name or not path.is_file():
        there = ", ".join(file.name for file in _files_in(path.parent))
        raise InvalidActionError.at("sample", f"there is no sample {name!r}; there are: {there}")
    return path.read_bytes()
