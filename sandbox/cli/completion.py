"""Command that prints what makes a shell complete our commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print a completion script: `eval "$(messaging-sandbox completion bash)"`."""
    root = context.find_root()
    program = root.info_name or ""
    complete = get_completion_class(shell)
    if complete is None:  # pragma: no cover - click knows all three
        raise click.UsageError(f"{shell} has no completion")
    variable = f"_{program.replace('-', '_').upper()}_COMPLETE"
    click.echo(complete(root.command, {}, program, variable).source())


COMMANDS = (completion,)
