"""Coverage: how often what stands in a provider's catalogue has been met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self

from sandbox.core.catalogue import Catalogue
from sandbox.core.errors import ApiError


class Coverage:
    """
    The counts of one account, or of what is no account's.

    They are about as many as the catalogue has entries, however much happens, and know what the journal has long dropped.

    Args:
        kinds: the provider's kinds of callbacks. One that is not among them, `action.PAID`, is of the kind before the dot.

    Attributes:
        operations: requests, by the id of the operation that they reached, whatever came of them.
        outcomes: those that succeeded, by the operation's id, and those that broke a rule, by the rule's.
        errors: errors answered, by their id, be a rule behind them or a fault.
        callbacks: those whose turn came, by kind; one that is tried again counts once.
        acknowledged: those that the webhook took, by kind.
    """

    def __init__(self, kinds: Iterable[str]) -> None:
        self._kinds = frozenset(kinds)
        self.operations: defaultdict[str, int] = defaultdict(int)
        self.outcomes: defaultdict[str, int] = defaultdict(int)
        self.errors: defaultdict[str, int] = defaultdict(int)
        self.callbacks: defaultdict[str, int] = defaultdict(int)
        self.acknowledged: defaultdict[str, int] = defaultdict(int)

    def refused(self, error: ApiError) -> None:
        """Count an error that was answered, and the rule behind it if there is one."""
        self.errors[error.spec.id] += 1
        if error.rule is not None:
            self.outcomes[error.rule] += 1

    def called(self, kind: str) -> None:
        """Count a callback whose turn has come."""
        self.callbacks[kind if kind in self._kinds else kind.partition(".")[0]] += 1

    def taken(self, kind: str) -> None:
        """Count a callback that was acknowledged."""
        self.acknowledged[kind if kind in self._kinds else kind.partition(".")[0]] += 1

    def add(self, other: Coverage) -> None:
        """Count what somebody else met as well."""
        for own, more in zip(self._counts, other._counts, strict=True):
            for entry, number in more.items():
                own[entry] += number

    def clear(self) -> None:
        """Count from nothing again."""
        for counts in self._counts:
            counts.clear()

    @property
    def _counts(self) -> tuple[defaultdict[str, int], ...]:
        return self.operations, self.outcomes, self.errors, self.callbacks, self.acknowledged


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
    def of(cls, catalogue: Catalogue, met: Coverage) -> Self:
        """Return the entries of a catalogue, with how often each was met."""
        return cls(
            operations=tuple(Entry(name, met.operations.get(name, 0)) for name in catalogue.operations),
            outcomes=tuple(Entry(name, met.outcomes.get(name, 0), status) for name, status in catalogue.outcomes),
            errors=tuple(Entry(name, met.errors.get(name, 0), status) for name, status in catalogue.errors),
            callbacks=tuple(
                Entry(kind, met.callbacks.get(kind, 0), acknowledged=met.acknowledged.get(kind, 0))
                for kind in catalogue.callbacks
            ),
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
