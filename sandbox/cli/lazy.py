"""LazyGroup: commands that are imported when they are run, so that help and completion come at once."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

Sections = Mapping[str, Mapping[str, tuple[str, str]]]


class LazyGroup(click.Group):
    """
    A group whose commands lie in modules of this package, each in a tuple `COMMANDS`.

    Args:
        sections: headings of the help, and below them each command's module and summary by its name.
    """

    def __init__(self, *args: Any, sections: Sections, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sections = sections
        self._entries = {name: entry for section in sections.values() for name, entry in section.items()}

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click hands it in
        """Import a command; None if there is none of that name."""
        if cmd_name not in self._entries:
            return None
        module = import_module(f"sandbox.cli.{self._entries[cmd_name][0]}")
        commands: tuple[click.Command, ...] = module.COMMANDS
        return next(command for command in commands if command.name == cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments begin with, or tell the nearest there is."""
        name = args[0]
        if name not in self._entries and not name.startswith("-"):
            from sandbox.core.spelling import meant, nearest  # noqa: PLC0415 - wanted by few

            if nearest(name, self._entries):
                ctx.fail(f"No such command {name!r}; {meant(name, self._entries)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the sections without importing a command."""
        for heading, entries in self._sections.items():
            with formatter.section(heading):
                formatter.write_dl([(name, summary) for name, (_, summary) in entries.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete names without importing a command."""
        found = [
            CompletionItem(name, help=summary)
            for name, (_, summary) in self._entries.items()
            if name.startswith(incomplete)
        ]
        return found + click.Command.shell_complete(self, ctx, incomplete)
