"""Rehearsal: how each of RBM's messages is brought about, and the forms that its document leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.core.rehearsal import Cue, Rehearsal, Variant

_LONG_ID = "6f1c0a52-9f0e-4b7e-8a55-0d2f6f1b7a01-" * 3


def _listening(url: str, secret: str | None) -> Mapping[str, Any]:
    if secret is None:
        return {"webhook": {"url": url}}
    username, colon, password = secret.partition(":")
    if not colon:
        raise ValueError("RBM sends Basic credentials: give USER:PASSWORD")
    return {"webhook": {"url": url}, "settings": {"basic_auth": {"username": username, "password": password}}}


REHEARSAL = Rehearsal(
    user="+9198{n}4321",
    listening=_listening,
    proof="Basic credentials, USER:PASSWORD",
    text="text",
    longest_text=3072,  # what RCS carries
    rules={
        "acknowledgement": "RBM-CB-05",
        "retry": "RBM-CB-03",
        "order": "RBM-CB-07",
        "form": "RBM-CB-01",
        "size": "RBM-CB-01",
        "time": "RBM-CB-04",
        "proof": "RBM-CB-09",
    },
    cues=(
        Cue("text", "RBM-CB-02", None, {"type": "say", "text": "Hello"}),
        Cue(
            "suggestion",
            "RBM-IN-04",
            None,
            {"type": "tap", "suggestion": {"type": "reply", "text": "Yes", "postback": "confirm_yes"}},
        ),
        Cue("file", "RBM-CB-08", None, {"type": "send_file", "sample": "photo.jpg"}),
        Cue("location", "RBM-IN-02", None, {"type": "share_location", "latitude": 19.076, "longitude": 72.8777}),
    ),
    variants=(
        Variant(
            "long-id",
            f"a request_id of {len(_LONG_ID)} characters",
            ("text",),
            "RBM-CB-03",
            set={"request_id": _LONG_ID},
        ),
        Variant(
            "whole-degrees",
            "a location whose coordinates are whole numbers",
            ("location",),
            "RBM-IN-02",
            set={"location": {"latitude": 19, "longitude": 0}},
        ),
        Variant(
            "unknown-media",
            "a file of a media that the document does not list",
            ("file",),
            "RBM-IN-03",
            set={"file": {"media": "audio", "audio": {"mimeType": "audio/ogg", "fileSizeBytes": 1}}},
            unforeseen=True,
        ),
        Variant(
            "unknown-type",
            "a message of a type that the document does not list",
            ("text",),
            "RBM-CB-02",
            set={"type": "reaction", "reaction": {"emoji": "👍"}},
            drop=("text",),
            unforeseen=True,
        ),
    ),
)
