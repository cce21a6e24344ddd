"""Fitting: what of a scenario can never come about, as no provider that it is for has such a thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from sandbox.core.fault import UnfitFaultError
from sandbox.core.provider import Provider, fitted_by
from sandbox.core.spelling import meant
from sandbox.engine.complaint import Path
from sandbox.engine.scenario import ArmFault, Choose, Repeat, Scenario, Step


def unfit(scenario: Scenario, providers: Sequence[Provider]) -> Iterator[tuple[Path, str]]:
    """Yield the place of each name that is none, and what to say of it; none without providers to ask."""
    if not providers:
        return
    globs = (scenario.match.provider if scenario.match is not None else None) or ["*"]
    by_name = {provider.name: provider for provider in providers}
    players: dict[str, Provider] = {}
    for index, glob in enumerate(globs):
        fitting = [name for name in by_name if fnmatchcase(name, glob)]
        if not fitting:
            place = (index,) if len(globs) > 1 else ()
            yield ("match", "provider", *place), f"no provider is called {glob!r}; {meant(glob, by_name)}"
        players |= {name: by_name[name] for name in fitting}
    for path, fault in _faults(scenario.steps, ("steps",)):
        try:
            fitted_by((players or by_name).values(), fault.spec())
        except UnfitFaultError as error:
            yield (*path, *error.path.split(".")), str(error)


def _faults(steps: Sequence[Step], path: Path) -> Iterator[tuple[Path, ArmFault]]:
    for index, step in enumerate(steps):
        here = (*path, index)
        match step:
            case ArmFault():
                yield here, step
            case Repeat():
                yield from _faults(step.steps, (*here, "steps"))
            case Choose():
                for branch, inner in enumerate(step.of):
                    yield from _faults(inner, (*here, "of", branch))
            case _:
                pass
