"""Description: RBM's incoming messages as types, and where its samples lie, for its OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic_core import from_json
from typing_extensions import TypedDict

from sandbox.core.description import CallbackDescription, Description, Sample
from sandbox.providers.rbm.suggestions import TYPES


class _Incoming(TypedDict):
    agent: str
    phone: Annotated[str, Field(pattern=r"^\+[0-9]{7,15}$")]
    request_id: Annotated[str, Field(description="the message's own; a retry repeats it")]
    session_id: str
    timestamp: Annotated[str, Field(description="when the person sent it, in UTC and milliseconds")]


class IncomingText(_Incoming):
    """A text. Source: 45-55."""

    type: Literal["text"]
    text: str


class TappedSuggestion(TypedDict):
    """Source: 10; its form is public elsewhere."""

    type: Annotated[str, Field(json_schema_extra={"enum": list(TYPES)})]
    postback: str
    text: str


class IncomingSuggestion(_Incoming):
    """A tapped suggestion."""

    type: Literal["suggestion"]
    suggestion: TappedSuggestion


class SentFile(TypedDict):
    """What is told of a file; its bytes lie under the link. Source: 96-99."""

    mimeType: str | None
    fileSizeBytes: int
    fileUri: str | None
    fileName: str | None


class FileContent(TypedDict, total=False):
    """A file, under the name of its media. Source: 86-99."""

    media: Literal["image", "video", "document"]
    image: SentFile
    video: SentFile
    document: SentFile


class IncomingFile(_Incoming):
    """A file. Source: 65-99."""

    type: Literal["file"]
    file: FileContent


class Coordinates(TypedDict):
    """Degrees."""

    latitude: float
    longitude: float


class IncomingLocation(_Incoming):
    """A shared place."""

    type: Literal["location"]
    location: Coordinates


_MESSAGES = {
    "text": IncomingText,
    "suggestion": IncomingSuggestion,
    "file": IncomingFile,
    "location": IncomingLocation,
}


def describe(fixtures: Path) -> Description:
    """Return the description; samples are read from `fixtures`, the provider's own folder."""
    return Description(
        version="1",
        callbacks={
            kind: CallbackDescription({"application/json": shape}, ("RBM-CB", "RBM-SES"))
            for kind, shape in _MESSAGES.items()
        },
        acknowledges="200",
        samples=tuple(_samples(fixtures / "callbacks")),
    )


def _samples(folder: Path) -> Iterator[Sample]:
    for file in sorted(folder.glob("*.json")):
        sample = from_json(file.read_bytes())
        title = f"A {sample['kind']} is sent"
        yield Sample(sample["kind"], title, sample["source"], sample["callback"])
