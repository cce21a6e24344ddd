"""Redaction: what was sent, for people to look at, with its secrets shortened."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic_core import from_json

from sandbox.core.secret import is_secret, shortened

# Of bodies that are read as JSON only what is surely one: a message may speak of keys and tokens.
_MEMBERS = ("access_token", "refresh_token", "client_secret", "assertion")
_IN_FORM = re.compile(r"(?:^|(?<=&))([^=&]{1,100})=([^&]*)")


def headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by their names in lower case; those that came several times are joined by commas."""
    found: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        value = shortened(value) if is_secret(name) else value
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def parameters(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the parameters of a query; one that came several times is a list."""
    found: dict[str, Any] = {}
    for name, given in pairs:
        value = shortened(given) if is_secret(name) else given
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
        return _IN_FORM.sub(_shown, content.decode(errors="replace"))
    if isinstance(value, dict):
        value |= {name: shortened(value[name]) for name in _MEMBERS if isinstance(value.get(name), str)}
    return value


def _shown(member: re.Match[str]) -> str:
    """Return a member of a form as it is shown."""
    name, value = member.groups()
    return f"{name}={shortened(value) if is_secret(name) else value}"
