"""Phones: how a person's number is written, the numbers that always behave the same, and people who have a name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.core.provider import Magic

_PUNCTUATION = re.compile(r"[-+(). ]")
_NUMBER = re.compile(r"[0-9]{7,15}").fullmatch

TWICE = "+919900000107"  # every message of it is told twice
ALWAYS_NEW = "+919900000109"  # every message of it begins a session

# Who the published numbers belong to, for texts that want a name.
PEOPLE: Mapping[str, tuple[str, str]] = {"+919988776655": ("John", "Doe"), "+6599999999": ("Mei", "Tan")}

_HELLO: Mapping[str, Any] = {"do": "say", "text": "Hello"}


def normalise(address: str) -> str:
    """
    Return `+` and the digits of a number written with spaces, dashes, dots, brackets and pluses (RBM-IN-01).

    Raises:
        ValueError: there are fewer than 7 digits, more than 15, or anything else.
    """
    digits = _PUNCTUATION.sub("", address)
    if not _NUMBER(digits):
        raise ValueError(f"{address[:100]!r} is no phone number of 7 to 15 digits, such as +919988776655")
    return f"+{digits}"


MAGIC = (
    Magic("+919900000101", 'sends the text "Hello" on start', on_start=(_HELLO,)),
    Magic("+919900000102", "sends an image on start", on_start=({"do": "send_file", "sample": "photo.jpg"},)),
    Magic("+919900000103", "sends a video on start", on_start=({"do": "send_file", "sample": "clip.mp4"},)),
    Magic("+919900000104", "sends a document on start", on_start=({"do": "send_file", "sample": "invoice.pdf"},)),
    Magic(
        "+919900000105",
        "taps the suggestion Start on start",
        on_start=({"do": "tap", "suggestion": {"type": "reply", "text": "Start", "postback": "start"}},),
    ),
    Magic(
        "+919900000106",
        "shares 19.076, 72.8777 on start",
        on_start=({"do": "share_location", "latitude": 19.076, "longitude": 72.8777},),
    ),
    Magic(TWICE, "every message told twice, with the same request_id", on_start=(_HELLO,)),
    Magic(
        "+919900000108",
        "two texts on start, the second told before the first",
        on_start=(
            {"do": "say", "text": "first", "callback": {"delay": 2.0}},
            {"do": "say", "text": "second", "after": 1.0},
        ),
    ),
    Magic(ALWAYS_NEW, "a new session_id with every message", on_start=(_HELLO,)),
)
