"""Playing: scenarios of a running server, or of files, played to their end and told step by step."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sandbox.cli.connection import FailureError, told
from sandbox.junit import Case

if TYPE_CHECKING:
    from sandbox.client import Client, ProblemError

_COLORS = {"done": "green", "passed": "green", "failed": "red"}
_BESIDE = " " * 5  # what a step's further lines begin with


class Ended(NamedTuple):
    """
    How one scenario went.

    Attributes:
        origin: its file, or `server`.
        seconds: of real time that it took.
        run: None if it could not be played.
        complaints: why not.
    """

    name: str
    origin: str
    seconds: float = 0.0
    run: Mapping[str, Any] | None = None
    complaints: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether it was played and nothing failed."""
        return self.run is not None and self.run["state"] == "passed"

    def case(self) -> Case:
        """Return it as a case of a JUnit report."""
        if self.run is None:
            return Case(self.name, self.origin, error="\n".join(self.complaints))
        failed = [step for step in self.run["steps"] if step["state"] == "failed"]
        why = "\n".join(f"step {step['index']}, {step['do']}: {step['detail']}" for step in failed)
        failure = None if self.passed else why or f"the run was {self.run['state']}"
        return Case(self.name, self.origin, self.seconds, failure, output=click.unstyle("\n".join(steps_of(self.run))))


class Stage(NamedTuple):
    """
    Where scenarios are played.

    Attributes:
        values: what else a run is started with.
        patience: seconds of real time that the business has for an answer where the account's clock stands still.
    """

    client: Client
    account: str
    user: str
    values: dict[str, str]
    patience: float

    def play(self, script: Path | str) -> Ended:
        """Play a scenario to its end; whoever watches before it starts misses nothing."""
        from sandbox.client import ProblemError  # noqa: PLC0415 - httpx: 44 ms

        name, origin = (script.stem, str(script)) if isinstance(script, Path) else (script, "server")
        began = time.perf_counter()
        try:
            if isinstance(script, Path):
                media_type = "application/json" if script.suffix == ".json" else "application/yaml"
                self.client.put_scenario(name, script.read_bytes(), media_type)
            is_still = self.client.clock(self.account)["mode"] == "virtual"
            run = self._on_still_clock(name) if is_still else self._on_running_clock(name)
        except OSError as error:
            return Ended(name, origin, complaints=(f"{script}:1:1: cannot be read: {error.strerror}",))
        except ProblemError as error:
            return Ended(name, origin, complaints=tuple(_complaints(origin, error)))
        return Ended(name, origin, time.perf_counter() - began, run)

    def _start(self, name: str) -> Mapping[str, Any]:
        return self.client.start_run(name, self.account, self.user, **self.values)

    def _on_running_clock(self, name: str) -> Mapping[str, Any]:
        with self.client.events(self.account) as events:
            run: Mapping[str, Any] = self._start(name)
            while run["state"] == "running":
                event = next(events, None)
                if event is None:
                    raise FailureError(f"the server stopped before {name} had ended")
                if event.kind == "clock" and event.data["mode"] == "virtual":
                    raise FailureError(f"{self.account}'s clock was stopped before {name} had ended")
                if event.kind == "run" and event.data["id"] == run["id"]:
                    run = event.data
        return run

    def _on_still_clock(self, name: str) -> Mapping[str, Any]:
        """Move time on step by step, but let the business answer before the time of an `expect` is up."""
        outbox = _Outbox(self.client, self.account)
        run = self._start(name)
        while True:
            self.client.advance(0, self.account)  # what is due by now happens, so that the run stands where it waits
            run = self.client.run(run["id"])
            if run["state"] != "running":
                return run
            if not (_expects(run) and outbox.grew(self.patience)):
                self.client.advance(account=self.account, until="next")


class _Outbox:
    """What the business of an account sends, from now on."""

    def __init__(self, client: Client, account: str) -> None:
        self._client = client
        self._account = account
        self._seen = "0"
        while self.grew(0):
            pass

    def grew(self, patience: float) -> bool:
        """Wait so many seconds for a message; tell whether any came."""
        page = self._client.messages(
            account=self._account, direction="outbound", after=self._seen, limit=1000, wait=patience
        )
        self._seen = str(page.cursor)
        return bool(page.items)


def _expects(run: Mapping[str, Any]) -> bool:
    at = next((step for step in run["steps"] if step["state"] == "waiting"), None)
    return at is not None and at["do"] == "expect"


def _complaints(origin: str, error: ProblemError) -> Iterator[str]:
    """Yield what the server finds wrong: with a place in the file as a compiler would, or with what was asked for."""
    for one in error.errors:
        if "line" in one:
            yield ": ".join(filter(None, (f"{origin}:{one['line']}:{one['column']}", one.get("path"), one["message"])))
    if not any("line" in one for one in error.errors):
        yield f"{origin}: {told(error)}"


def steps_of(run: Mapping[str, Any]) -> Iterator[str]:
    """Yield a run step by step, each with its detail below it if that has more than a line."""
    for step in run["steps"]:
        state = click.style(step["state"].ljust(7), fg=_COLORS.get(step["state"]), dim=step["state"] == "skipped")
        first, *further = (step.get("detail") or "").split("\n")
        yield f"{step['index']:>3}  {state}  {step['do']}{'  ' if first else ''}{first}"
        yield from (f"{_BESIDE}{line}" for line in further)
