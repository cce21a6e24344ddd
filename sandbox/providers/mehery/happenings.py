"""Happenings: what MeherY alone tells of: the events of a session, on their way to a webhook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.core.events import Event


@dataclass(slots=True, kw_only=True)
class SessionEvent(Event):
    """
    Something that happened to a session.

    Attributes:
        document: the `InBoundEvent` (5534-5544).
        contact_id: whose session it is.
        queue: the session's queue from then on; None if it has none.
    """

    document: Mapping[str, Any]
    contact_id: str
    queue: str | None
