"""Links: what the platform takes for a link in a request; it never follows one."""

from __future__ import annotations

from urllib.parse import urlsplit

_LONGEST = 2048


def is_link(text: str) -> bool:
    """Tell whether a text is an absolute http or https URL with a host (MEH-SEND-07, MEH-SEND-23)."""
    if len(text) > _LONGEST or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False
