"""Catalogue: everything of a provider that a client can meet, read from the very objects that enforce it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sandbox.core.provider import Provider


class Answered(NamedTuple):
    """What a request is answered with: success, by the id of its operation; a broken rule; or an error of the table."""

    id: str
    status: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """
    What of a provider can be met, in the order of its documentation; no section has an id twice.

    Attributes:
        operations: ids of the documented operations.
        outcomes: the success of each operation, then every rule that a request can break. What no request can break is
            the provider's promise, which tests prove and no client does.
        errors: its table of errors.
        callbacks: the kinds of its callbacks.
    """

    operations: tuple[str, ...]
    outcomes: tuple[Answered, ...]
    errors: tuple[Answered, ...]
    callbacks: tuple[str, ...]

    @classmethod
    def of(cls, provider: Provider) -> Catalogue:
        """Return a provider's catalogue."""
        successes = [Answered(operation.id, operation.success) for operation in provider.operations]
        broken = [Answered(rule.id, rule.error.status) for rule in provider.rules if rule.error is not None]
        return cls(
            operations=tuple(operation.id for operation in provider.operations),
            outcomes=(*successes, *broken),
            errors=tuple(Answered(error.id, error.status) for error in provider.errors),
            callbacks=provider.callback_kinds,
        )
