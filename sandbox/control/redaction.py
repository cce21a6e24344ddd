"""Redaction: what was sent, for people to look at, with its secrets shortened."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic_core import from_json

KEPT = 12  # characters, enough to tell one secret from another

_HEADERS = frozenset(("authorization", "proxy-authorization", "key", "x-api-key", "cookie", "set-cookie"))
_PARAMETERS = frozenset(("assertion", "token", "access_token", "refresh_token", "client_secret"))
_MEMBERS = ("access_token", "refresh_token")
_IN_FORM = re.compile(rf"((?:^|&)(?:{'|'.join(sorted(_PARAMETERS))})=[^&]{{{KEPT}}})[^&]+")


def shortened(secret: str) -> str:
    """Return the beginning of a secret."""
    return secret if len(secret) <= KEPT else f"{secret[:KEPT]}…"


def headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by their names in lower case; those that came several times are joined by commas."""
    found: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        value = shortened(value) if name in _HEADERS else value
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def parameters(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the parameters of a query; one that came several times is a list."""
    found: dict[str, Any] = {}
    for name, given in pairs:
        value = shortened(given) if name in _PARAMETERS else given
        before = found.get(name)
        found[name] = value if before is None else [*(before if isinstance(before, list) else [before]), value]
    return found


def body(content: bytes) -> Any:
    """Return a body as the JSON that it is, else as text, read as UTF-8 as far as it is; None if there is none."""
    if not content:
        return None
    try:
        value = from_json(content, allow_inf_nan=False)
    except ValueError:
        return _IN_FORM.sub(r"\1…", content.decode(errors="replace"))
    if isinstance(value, dict):
        value |= {name: shortened(value[name]) for name in _MEMBERS if isinstance(value.get(name), str)}
    return value
