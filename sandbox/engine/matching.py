"""Matches: the scenarios of a collection that answer messages of one provider, arranged for finding the first fast."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from operator import attrgetter
from re import Pattern

from sandbox.core.conversation import Message
from sandbox.engine.pattern import compile_globs, is_exact
from sandbox.engine.scenario import Match, Scenario


class _Candidate:
    """A scenario with its conditions made ready, the cheap ones to be asked first."""

    __slots__ = ("channels", "kinds", "place", "scenario", "texts", "users")

    def __init__(self, place: int, scenario: Scenario, match: Match) -> None:
        self.place = place
        self.scenario = scenario
        self.users = _pattern(match.user)
        self.channels = _pattern(match.channel)
        self.kinds = match.kind
        self.texts = _pattern(match.text, fold_case=True)

    def fits(self, user: str, message: Message) -> bool:
        if self.users is not None and self.users.match(user) is None:
            return False
        if self.channels is not None and self.channels.match(message.channel) is None:
            return False
        if self.kinds is not None and message.content.kind not in self.kinds:
            return False
        return self.texts is None or self.texts.match(message.text) is not None


def _pattern(globs: list[str] | None, *, fold_case: bool = False) -> Pattern[str] | None:
    return None if globs is None else compile_globs(tuple(globs), fold_case=fold_case)


class Matches:
    """
    Finds the first scenario that answers a message.

    Scenarios for plainly written users are kept by user, so that for everybody else they cost nothing.

    Args:
        scenarios: in the order in which they are to be tried.
        provider: name of the provider; scenarios for others are left out.
    """

    def __init__(self, scenarios: Iterable[Scenario], provider: str) -> None:
        self._by_user: dict[str, list[_Candidate]] = {}
        self._others: list[_Candidate] = []
        places = count()
        for scenario in scenarios:
            match = scenario.match
            if match is None or (
                match.provider is not None and compile_globs(tuple(match.provider)).match(provider) is None
            ):
                continue
            candidate = _Candidate(next(places), scenario, match)
            if match.user is not None and all(map(is_exact, match.user)):
                for user in dict.fromkeys(match.user):
                    self._by_user.setdefault(user, []).append(candidate)
            else:
                self._others.append(candidate)

    def find(self, user: str, message: Message) -> Scenario | None:
        """Return the first scenario that answers this message to this user."""
        candidates = self._others
        if (his_own := self._by_user.get(user)) is not None:
            candidates = sorted((*his_own, *candidates), key=attrgetter("place"))
        for candidate in candidates:
            if candidate.fits(user, message):
                return candidate.scenario
        return None
