"""Store: the accounts of a sandbox, by id and by the credentials that select them."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.core.account import Account
from sandbox.core.secret import shortened


class CredentialTakenError(Exception):
    """Another account of the provider has that credential already."""

    def __init__(self, identity: str, holder: str) -> None:
        name, _, value = identity.partition("=")
        super().__init__(f"{name}={shortened(value)} is taken by {holder}")
        self.identity = identity


class Store:
    """Every account; nothing of one is reachable from another."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._by_identity: dict[tuple[str, str], Account] = {}
        self._identities: dict[str, tuple[str, ...]] = {}

    def __iter__(self) -> Iterator[Account]:
        return iter(tuple(self._accounts.values()))

    def __len__(self) -> int:
        return len(self._accounts)

    def get(self, account_id: str) -> Account | None:
        """Return the account of that id; None if there is none."""
        return self._accounts.get(account_id)

    def find(self, provider: str, identity: str) -> Account | None:
        """Return the provider's account that an identity such as `customer_id=eap00001` selects."""
        return self._by_identity.get((provider, identity))

    def add(self, account: Account) -> None:
        """Take an account in. Raises `CredentialTakenError`."""
        self.claim(account)
        self._accounts[account.id] = account

    def claim(self, account: Account) -> None:
        """Let an account be found by its present credentials and settings, and by no former ones. Raises `CredentialTakenError`."""
        provider = account.key.provider
        identities = account.provider.identities(account.credentials, account.settings)
        for identity in identities:
            holder = self._by_identity.get((provider, identity))
            if holder is not None and holder is not account:
                raise CredentialTakenError(identity, holder.id)
        self._release(account)
        self._identities[account.id] = identities
        for identity in identities:
            self._by_identity[(provider, identity)] = account

    def remove(self, account: Account) -> None:
        """Let an account go."""
        self._accounts.pop(account.id, None)
        self._release(account)

    def _release(self, account: Account) -> None:
        for identity in self._identities.pop(account.id, ()):
            del self._by_identity[(account.key.provider, identity)]
