"""Addresses: which texts are phone numbers, e-mail addresses and URLs, in the sense of both API versions."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

LOCAL_PART_LIMIT = 64
EMAIL_LIMIT = 320

# Two documents show both forms: "9196..." and "+916304451252" (v2: 109, 221).
is_phone_number = re.compile(r"\+?[1-9][0-9]{6,14}").fullmatch
is_e164_number = re.compile(r"\+[1-9][0-9]{6,14}").fullmatch

_EMAIL = re.compile(
    r"(?P<local>[^\s@()<>\[\]:;,\\\"\x00-\x1f\x7f]+)@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W_](?:[\w-]*[^\W_])?"
)


def is_email_address(value: Any) -> bool:
    """Tell whether it looks like one: a local part, an @ and a domain of two labels at least, none of it too long."""
    return isinstance(value, str) and not is_too_long(value) and _EMAIL.fullmatch(value) is not None


def is_too_long(address: str) -> bool:
    """Tell whether an e-mail address, well formed or not, is longer than any may be."""
    return len(address) > EMAIL_LIMIT or address.find("@") > LOCAL_PART_LIMIT


def is_url(value: Any) -> bool:
    """Tell whether it is an absolute http(s) URL with a host, and nothing around it or in it that no URL has."""
    if not isinstance(value, str) or " " in value or not value.isprintable():
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket that is not closed, a port that is no number
        return False


def is_origin(value: Any) -> bool:
    """Tell whether it is such a URL of scheme and host alone, as a domain for short links is."""
    return is_url(value) and value.rstrip("/").count("/") == 2 and not set(value) & set("?#@")
