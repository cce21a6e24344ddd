"""Window: WhatsApp's 24 hours after a person wrote, in which the business may send what it likes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sandbox.providers.mehery.account import settings_of
from sandbox.providers.mehery.world import Contact, World

OPEN_FOR = timedelta(hours=24)
_CONTACT_TYPE = "WHATSAPP"


def is_open(world: World, contact: Contact, at: datetime) -> bool:
    """Tell whether freeform messages reach a contact (MEH-WIN-01, MEH-WIN-03, MEH-WIN-04)."""
    if contact.contact_type != _CONTACT_TYPE or not settings_of(world.account).window_enforced:
        return True
    return contact.last_inbound is not None and at - contact.last_inbound < OPEN_FOR
