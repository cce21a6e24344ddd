"""Identifiers: the shapes of the ids that the platform makes up; the same seed and the same calls give the same ones."""

from __future__ import annotations

import hashlib
import string

from sandbox.core.ids import Ids

FIXTURE_SEED = "1"

_LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits


def fixture_id(kind: str, number: int) -> str:
    """Return the id of a thing of the fixture world: 24 hexadecimal digits, the same in every sandbox (MEH-GEN-15)."""
    return hashlib.sha256(f"mehery:{FIXTURE_SEED}:{kind}:{number}".encode()).hexdigest()[:24]


def object_id(ids: Ids) -> str:
    """Return the next id of a session, an event or a stored object: 24 hexadecimal digits, as `61f3810a02e14c0877fc1a32`."""
    return f"{ids.random.getrandbits(96):024x}"


def message_id(ids: Ids) -> str:
    """Return the next id of a message, 27 letters and digits that begin `gBEG` (6534)."""
    return "gBEG" + "".join(ids.random.choices(_LETTERS, k=23))
