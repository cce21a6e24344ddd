"""Commands, for tests: how one ended, and whether one could be run at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any, NamedTuple

import click

from sandbox.cli import PROGRAM, command


class Ran(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, read as JSON."""
        return json.loads(self.out)


Run = Callable[..., Ran]


def parse(arguments: Sequence[str]) -> None:
    """Parse a command without running it. Raises `click.UsageError` where it is wrong."""
    with ExitStack() as stack:
        context = stack.enter_context(command.make_context(PROGRAM, list(arguments)))
        while isinstance(context.command, click.Group):
            _, found, rest = context.command.resolve_command(context, [*context._protected_args, *context.args])
            assert found is not None
            context = stack.enter_context(found.make_context(found.name, rest, parent=context))
