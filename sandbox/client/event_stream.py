"""Event stream: what happens in a sandbox, read from server-sent events line by line."""

from __future__ import annotations

import json
from typing import Any, NamedTuple


class Event(NamedTuple):
    """Something was added or changed: its kind (`message`, `request`, …), the object, and the place in the stream."""

    kind: str
    data: Any
    id: str


class EventReader:
    """Makes events of the lines of a stream; comments, which keep the connection open, are passed over."""

    def __init__(self) -> None:
        self._fields: dict[str, str] = {}

    def read(self, line: str) -> Event | None:
        """Take a line, without its end; return the event that it completes."""
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            before = self._fields.get("data") if name == "data" else None
            self._fields[name] = value if before is None else f"{before}\n{value}"
            return None
        fields, self._fields = self._fields, {}
        if "data" not in fields:
            return None
        return Event(fields.get("event", "message"), json.loads(fields["data"]), fields.get("id", ""))
