"""Filters: which items of a list are wanted, by the parameters that name their members."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Generic, TypeVar

from sandbox.control.problem import invalid_at
from sandbox.control.query import Query
from sandbox.core.provider import Provider
from sandbox.sandbox import Sandbox

T = TypeVar("T")

LONGEST_GLOB = 1000  # characters: reading one takes time


class Filters(Generic[T]):
    """Conditions that an item must meet, all of them; a parameter that was not given is none."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._tests: list[Callable[[T], bool]] = []

    def __call__(self, items: Iterable[T]) -> Iterable[T]:
        """Return the items that are wanted."""
        for test in self._tests:
            items = filter(test, items)
        return items

    def exact(self, name: str, member: Callable[[T], str | None], among: Iterable[str] | None = None) -> None:
        """Want a member to be what the parameter says; `among` are the words that it may be."""
        wanted = self._query.text(name) if among is None else self._query.one_of(name, among)
        if wanted is not None:
            self._tests.append(lambda item: member(item) == wanted)

    def any_of(self, name: str, member: Callable[[T], str], among: Iterable[str]) -> None:
        """Want a member to be one of the words that the parameter lists with commas; `among` are those it may list."""
        wanted = self._query.some_of(name, among)
        if wanted is not None:
            self._tests.append(lambda item: member(item) in wanted)

    def pattern(self, name: str, member: Callable[[T], str | None]) -> None:
        """Want a member to match the parameter, which is a glob. Raises `ProblemError` if it is too long."""
        wanted = self._query.text(name)
        if wanted is not None and len(wanted) > LONGEST_GLOB:
            raise invalid_at(name, f"has at most {LONGEST_GLOB} characters")
        if wanted is not None:
            self._tests.append(lambda item: fnmatchcase(member(item) or "", wanted))

    def misnamed(self, sandbox: Sandbox, name: str, flaw: Callable[[Provider, str], str | None]) -> str | None:
        """Return why no item can ever be what the parameter names, by every provider that is asked; None if one can."""
        wanted = self._query.text(name)
        if wanted is None:
            return None
        account = self._query.account(sandbox)
        flaws = [flaw(each, wanted) for each in (sandbox.providers if account is None else (account.provider,))]
        return None if None in flaws else "; ".join(filter(None, flaws))

    def substring(self, name: str, member: Callable[[T], str]) -> None:
        """Want a member to contain the parameter, in whatever case."""
        wanted = self._query.text(name)
        if wanted is not None:
            sought = wanted.casefold()
            self._tests.append(lambda item: sought in member(item).casefold())

    def number(self, name: str, member: Callable[[T], int | None]) -> None:
        """Want a member to be the number that the parameter is. Raises `ProblemError` if it is none."""
        if name in self._query:
            wanted = self._query.integer(name, 0, 0, 999)
            self._tests.append(lambda item: member(item) == wanted)

    def user(self, sandbox: Sandbox, member: Callable[[T], str]) -> None:
        """
        Want a person, given in any form that the account's provider understands.

        Without an account every provider may read the address in its own way. Raises `ProblemError`.
        """
        wanted = self._query.text("user")
        if wanted is None:
            return
        account = self._query.account(sandbox)
        meant = set()
        for provider in sandbox.providers if account is None else (account.provider,):
            try:
                meant.add(provider.normalise_user(wanted))
            except ValueError as error:
                if account is not None:
                    raise invalid_at("user", str(error)) from None
        if account is None:
            meant.add(wanted)
        self._tests.append(lambda item: member(item) in meant)
