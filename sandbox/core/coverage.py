"""Coverage: how often what stands in a provider's catalogue has been met."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple, Self

from sandbox.core.catalogue import Catalogue
from sandbox.core.tally import Tally


class Entry(NamedTuple):
    """
    One entry of a catalogue, and how often it was met.

    Attributes:
        status: of the answer, as it is documented; None for what is no answer.
        acknowledged: how often the webhook took it; None for what is no callback.
    """

    id: str
    hit: int
    status: int | None = None
    acknowledged: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A whole catalogue with its counts; see `Catalogue` for the sections."""

    operations: tuple[Entry, ...]
    outcomes: tuple[Entry, ...]
    errors: tuple[Entry, ...]
    callbacks: tuple[Entry, ...]

    @classmethod
    def of(cls, catalogue: Catalogue, tally: Tally) -> Self:
        """
        Return the entries of a catalogue, with how often each was met.

        An operation is met by every request that reaches it, its success by those that it answered itself; a rule by
        the errors that name it, whoever gave them; a callback when its turn comes, once however often it is tried.
        """
        operations: Counter[str | None] = Counter()
        outcomes: Counter[str | None] = Counter()
        errors: Counter[str] = Counter()
        for (operation, status, _, _, handled), count in tally.requests.items():
            operations[operation] += count
            if handled and status is not None:
                outcomes[operation] += count
        for (error, rule), count in tally.errors.items():
            errors[error] += count
            outcomes[rule] += count
        return cls(
            operations=tuple(Entry(name, operations[name]) for name in catalogue.operations),
            outcomes=tuple(Entry(name, outcomes[name], status) for name, status in catalogue.outcomes),
            errors=tuple(Entry(name, errors[name], status) for name, status in catalogue.errors),
            callbacks=tuple(_callback(kind, tally) for kind in catalogue.callbacks),
        )

    @property
    def sections(self) -> dict[str, tuple[Entry, ...]]:
        """The entries by the names of their sections."""
        return {
            "operations": self.operations,
            "outcomes": self.outcomes,
            "errors": self.errors,
            "callbacks": self.callbacks,
        }

    @property
    def entries(self) -> list[Entry]:
        """Every entry."""
        return [entry for section in self.sections.values() for entry in section]

    @property
    def percent(self) -> float:
        """Entries met, of a hundred in the catalogue."""
        entries = self.entries
        return 100 * sum(entry.hit > 0 for entry in entries) / len(entries) if entries else 100.0


def _callback(kind: str, tally: Tally) -> Entry:
    sent, unsent, taken = (tally.callbacks.get((kind, state), 0) for state in ("sending", "recorded", "delivered"))
    return Entry(kind, sent + unsent, acknowledged=taken)
