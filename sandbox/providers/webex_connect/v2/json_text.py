"""JSON text: v2's bodies, which are pure ASCII although they are said to be ISO-8859-1."""

from __future__ import annotations

import json
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def ascii_json(value: Any) -> bytes:
    """Return JSON with everything beyond ASCII in escapes."""
    return _encode(value).encode("ascii")
