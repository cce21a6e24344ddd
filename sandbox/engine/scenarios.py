"""Scenarios: the collection that a sandbox plays from, filled from folders and changed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from sandbox.core.bounds import MOST_SCENARIOS, BoundReachedError
from sandbox.core.conversation import Message
from sandbox.engine.complaint import Complaint
from sandbox.engine.matching import Matches
from sandbox.engine.scenario import Scenario


class Scenarios:
    """
    Scenarios by name.

    What is shipped is read when something is first asked for, or by `load`; where an operator brings files along or
    names a default, all is read at once, so that what is wrong comes out at the start.

    Args:
        shipped: folder of the files that are always there.
        own: folder of the operator's files; one of the same name replaces the shipped one.
        default: name of the scenario that plays when nothing else does; None leaves that to the provider.

    Raises:
        ScenarioError: with all that is wrong in any file, from the constructor if there is `own` or a `default`.
    """

    def __init__(self, shipped: Path | None = None, own: Path | None = None, *, default: str | None = None) -> None:
        self._folders = [folder for folder in (shipped, own) if folder is not None]
        self._tested = shipped
        self._default = default
        self._named: dict[str, Scenario] | None = None
        self._matches: dict[str, Matches] = {}
        if own is not None or default is not None:
            self.load()

    def __iter__(self) -> Iterator[Scenario]:
        named = self._all()
        return iter([named[name] for name in sorted(named)])

    def __len__(self) -> int:
        return len(self._all())

    def __contains__(self, name: object) -> bool:
        return name in self._all()

    def load(self) -> None:
        """Read the folders now, if that has not been done. Raises `ScenarioError`."""
        self._all()

    def get(self, name: str) -> Scenario | None:
        """Return the scenario of that name; None if there is none."""
        return self._all().get(name)

    def default(self, name: str) -> Scenario | None:
        """Return what plays when nothing else does: the operator's choice, else the provider's `name`, else `default`."""
        named = self._all()
        return named.get(self._default or name) or named.get("default")

    def put(self, scenario: Scenario) -> None:
        """Add a scenario, or replace the one of its name. Raises `BoundReachedError`."""
        named = self._all()
        if scenario.name not in named and len(named) >= len(self._shipped) + MOST_SCENARIOS:
            raise BoundReachedError(MOST_SCENARIOS, "scenarios beside the files", "delete some first, or reset")
        named[scenario.name] = scenario
        self._matches.clear()

    def delete(self, name: str) -> Scenario | None:
        """Take a scenario away and return it; None if there is none."""
        self._matches.clear()
        return self._all().pop(name, None)

    def restore(self, scenarios: Iterable[Scenario]) -> None:
        """Have these and no others, until `reset`."""
        self._named = {scenario.name: scenario for scenario in scenarios}
        self._matches.clear()

    def reset(self) -> None:
        """Return to what was in the folders at first."""
        if self._named is not None:
            self._named = dict(self._shipped)
            self._matches.clear()

    def matching(self, provider: str, user: str, message: Message) -> Scenario | None:
        """Return the first scenario, in the order of names, that answers a message of this provider to this user."""
        matches = self._matches.get(provider)
        if matches is None:
            matches = self._matches[provider] = Matches(self, provider)
        return matches.find(user, message)

    def _all(self) -> dict[str, Scenario]:
        if self._named is None:
            self._named = dict(self._shipped)
        return self._named

    @cached_property
    def _shipped(self) -> dict[str, Scenario]:
        # Imported when files are read: a sandbox that is only started reads none.
        from sandbox.engine.loader import ScenarioError, load_folder  # noqa: PLC0415

        named: dict[str, Scenario] = {}
        complaints: list[Complaint] = []
        for folder in self._folders:
            scenarios, wrong = load_folder(folder, tested=folder == self._tested)
            named.update((scenario.name, scenario) for scenario in scenarios)
            complaints += wrong
        wanted = self._default or "default"
        if self._folders and not complaints and wanted not in named:
            says = f"there is no scenario {wanted!r} to play by default; there are: {', '.join(sorted(named))}"
            place = str(self._folders[-1]) if self._default is None else "--default-scenario"
            complaints.append(Complaint("", says, line=0, file=place))
        if complaints:
            raise ScenarioError(complaints)
        return named
