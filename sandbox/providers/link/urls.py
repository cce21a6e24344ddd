"""Urls: which texts are URLs in the sense of LINK's document."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_is_usual = re.compile(r"https?://[A-Za-z0-9.-]*[A-Za-z0-9](?:/[!-~]*)?").fullmatch
_has_blank = re.compile(r"[\s\x00-\x1f\x7f-\x9f]").search
_has_scheme = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.", re.DOTALL).match


def is_absolute(url: str) -> bool:
    """Tell whether it has a scheme and no blanks; http and https need a host (LINK-SUG-08)."""
    if _is_usual(url):
        return True
    if not _has_scheme(url) or _has_blank(url):
        return False
    return not url[:6].lower().startswith(("http:", "https:")) or _has_host(url)


def is_https(url: str) -> bool:
    """Tell whether it is absolute, and of the one scheme that files are served by (LINK-FILE-02)."""
    return url[:6].lower() == "https:" and is_absolute(url)


def extension(url: str) -> str:
    """Return what follows the last dot of the path's last part, in lower case; "" if nothing does."""
    name = urlsplit(url).path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port  # a port that is no number is a ValueError, too
    except ValueError:
        return False
    return parts.hostname is not None
