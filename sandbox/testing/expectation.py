"""Expectation: something that is to come or must not; if it goes otherwise, it tells what came instead and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sandbox.client.asking import Asking
from sandbox.client.calls import MOST, Calls
from sandbox.client.resources import Clock, Page
from sandbox.testing.kept import REQUESTS, Identified, Kept, short

T = TypeVar("T", bound=Identified)

_CALLS = Calls()


@dataclass(frozen=True, slots=True)
class Expectation(Generic[T]):
    """
    Something of an account that meets conditions.

    Attributes:
        account: its id.
        base_url: where its provider's API is, for those who look elsewhere.
        conditions: filters of the list that the test has named.
        implied: those that go without saying.
    """

    kept: Kept[T]
    account: str
    base_url: str
    conditions: Mapping[str, Any]
    implied: Mapping[str, Any] = field(default_factory=dict)

    def met(self, within: float, returned: set[str]) -> Asking[T]:
        """
        Wait for it and return it.

        Args:
            within: seconds of real time, at most 60.
            returned: ids of what the same expectation had before, which is not meant; what is returned is added.

        Raises:
            AssertionError: it did not come.
        """
        __tracebackhide__ = True  # a test that fails is to show its own line
        # A cursor will not do: what came before the last one may meet a condition only now.
        there = (yield from self._listed()).items if returned else []
        fresh = _fresh(there, returned)
        if fresh is None:
            page = yield from self._listed(wait=within, count=len(there) + 1)
            fresh = _fresh(page.items, returned)
            if fresh is None:
                raise AssertionError("\n".join((yield from self._explained(within, returned, page.hint))))
        returned.add(fresh["id"])
        return fresh

    def refuted(self, within: float) -> Asking[None]:
        """
        Make sure that it is not there and does not come within so many seconds.

        Raises:
            AssertionError: it is there; or it never could be, so that nothing would be made sure of.
        """
        __tracebackhide__ = True
        page = yield from self._listed(wait=within, count=0)
        if page.items:
            raise AssertionError(
                "\n".join([f"a {self.kept.noun} must not be there{self._wanted()}", *self.kept.lines(page.items)])
            )
        if page.hint is not None:
            raise AssertionError(f"there never is a {self.kept.noun}{self._wanted()}\n{page.hint}")

    def _listed(self, **waiting: Any) -> Asking[Page[T]]:
        filters = {"account": self.account, "limit": MOST, **self.implied, **self.conditions, **waiting}
        return self.kept.listed(**filters)

    def _wanted(self) -> str:
        width = max(map(len, self.conditions), default=0)
        lines = [f"\n  {name.ljust(width)}  {short(value)}" for name, value in self.conditions.items()]
        return "".join((" with", *lines)) if lines else ""

    # -------------------------------------------------------------------------------------------------- explanation

    def _explained(self, within: float, returned: Collection[str], hint: str | None) -> Asking[list[str]]:
        """Return what came instead, what of it was not as wanted, and likely reasons."""
        further = "further " if returned else ""
        lines = [f"no {further}{self.kept.noun} came within {within:g} s{self._wanted()}"]
        if hint is not None and not hint.startswith("time stands still"):  # which is told below, in Python's words
            lines.append(hint)
        everything = (yield from self.kept.listed(account=self.account, limit=MOST)).items
        others = [item for item in everything if item["id"] not in returned]
        if others:
            met = yield from self._met(others)
            closest = max(others, key=lambda item: len(met[item["id"]]))  # the oldest of those that are alike
            rest = [item for item in others if item is not closest]
            lines.append(f"the closest of {len(others)} that came:" if rest else "what came instead:")
            lines += self.kept.lines([closest])
            lines += self._differences(closest, met[closest["id"]])
            if met[closest["id"]] >= {*self.implied, *self.conditions}:
                lines.append("it came too late: let it take longer with within=...")
            lines += ["the others:", *self.kept.lines(rest)] if rest else []
        else:
            lines.append(f"no {further}{self.kept.noun} came at all")
        lines += yield from self._stands_still()
        lines += yield from self._refusals(is_silent=not everything)
        return lines

    def _met(self, items: Iterable[T]) -> Asking[dict[str, set[str]]]:
        """Return the conditions that each item meets, as the sandbox judges them one by one."""
        met: dict[str, set[str]] = {item["id"]: set() for item in items}
        for name, value in {**self.implied, **self.conditions}.items():
            page = yield from self.kept.listed(**{"account": self.account, "limit": MOST, name: value})
            for item in page.items:
                met.get(item["id"], set()).add(name)
        return met

    def _differences(self, item: T, met: Collection[str]) -> Iterator[str]:
        values: Mapping[str, Any] = {**item}
        missed = {name: value for name, value in self.implied.items() if name not in met}
        told = {**missed, **self.conditions}
        width = max(map(len, told), default=0)
        for name, value in told.items():
            verdict = "as wanted" if name in met else f"is not {short(value)}"
            yield f"    {name.ljust(width)}  {short(values[name])}  {verdict}"

    def _stands_still(self) -> Asking[list[str]]:
        clock: Clock = yield from _CALLS.clock(self.account)
        if clock["mode"] == "real" or not clock["pending"]:
            return []
        waits = f"the next of {clock['pending']} that wait for it is due at {clock['next_at']}"
        return [f"time stands still at {clock['now']}, and {waits}: move it on with clock.advance(...)"]

    def _refusals(self, *, is_silent: bool) -> Asking[list[str]]:
        requests = (yield from _CALLS.requests(account=self.account, limit=MOST)).items
        refused = [request for request in requests if request["rule"] or (request["status"] or 0) >= 400]
        if refused:
            return [f"{len(refused)} of {len(requests)} calls were refused:", *REQUESTS.lines(refused)]
        if requests or not is_silent:
            return []
        ask = f"does your program call {self.base_url}, and with the credentials of this account?"
        lines = [f"nothing was called as {self.account}: {ask}"]
        everybody = (yield from _CALLS.requests(limit=MOST)).items
        if strays := [request for request in everybody if request["account"] is None]:
            lines += ["calls of nobody that is known, maybe another test's:", *REQUESTS.lines(strays[-3:])]
        return lines


def _fresh(items: Iterable[T], returned: Collection[str]) -> T | None:
    return next((item for item in items if item["id"] not in returned), None)
