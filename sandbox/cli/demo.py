"""Command that shows a conversation from beginning to end, without anything to set up."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from shutil import which

import click

from sandbox.cli.connection import FailureError
from sandbox.demo.show import play
from sandbox.server import run

_NEXT = """
What to try next:
  messaging-sandbox serve        start the emulator; it prints a first message to send
  messaging-sandbox tail         watch what is sent and called back, in another terminal
  messaging-sandbox demo --keep  look around in what you have just seen"""


@click.command
@click.option("--keep", is_flag=True, help="Leave the server running when the conversation is over.")
def demo(*, keep: bool) -> None:
    """Watch a sample bot take a booking from a scripted person, over real HTTP and without any set-up."""
    troubles: list[str | None] = []

    async def show() -> None:
        troubles.append(await play(click.echo, keep=keep))

    run(show())
    if (trouble := troubles[0]) is not None:
        raise FailureError(f"the demo failed: {trouble}")
    click.echo(_NEXT)
    activate = Path(sys.executable).with_name("activate")
    if which("messaging-sandbox") is None and activate.exists():
        click.echo(f"Your shell does not know that command yet: . {shlex.quote(os.path.relpath(activate))}")


COMMANDS = (demo,)
