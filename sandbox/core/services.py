"""Services: what a handler may reach besides its own account."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.core.auth import VerifiedTokens
from sandbox.core.keys import Keys
from sandbox.core.store import Store


@dataclass(frozen=True, slots=True)
class Services:
    """
    Handed to every operation.

    Attributes:
        store: finds the account that a credential selects.
        keys: the sandbox's own signing key, and key pairs for accounts.
        verified: tokens that were found good before.
    """

    store: Store
    keys: Keys
    verified: VerifiedTokens = field(default_factory=VerifiedTokens)
