"""JSON text: v2's bodies, which are pure ASCII although they are said to be ISO-8859-1."""

from __future__ import annotations

import json
from typing import Any

from pydantic_core import to_json

_escaped = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def ascii_json(value: Any) -> bytes:
    """Return JSON with everything beyond ASCII in escapes."""
    text = to_json(value)
    return text if text.isascii() else _escaped(value).encode("ascii")
