"""Command line: `messaging-sandbox`; each command is a thin layer on the control API, or on the server itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from sandbox.cli.lazy import LazyGroup

PROGRAM = "messaging-sandbox"

# Section by section as `--help` shows them: the module a command is in, and what it does.
COMMANDS = {
    "Run": {
        "serve": ("serve", "Start the emulator."),
        "exec": ("exec", "Start the emulator for another command, and stop with it."),
        "demo": ("demo", "Watch a sample bot and a scripted person talk."),
    },
    "Look": {
        "status": ("server", "Show what runs, and its accounts."),
        "tail": ("tail", "Follow the conversations live."),
        "timeline": ("server", "Tell what happened, and why."),
        "token": ("server", "Print a fresh authorization for an account."),
        "coverage": ("coverage", "Show what of the documented APIs has been met."),
        "magic": ("server", "List the addresses that always behave the same."),
        "openapi": ("openapi", "Print the OpenAPI document of an API."),
        "doctor": ("doctor", "Find what usually goes wrong, and say what to do."),
    },
    "Test": {
        "check-webhook": ("check_webhook", "Try out a webhook with everything its provider may send."),
    },
    "Change": {
        "resend": ("server", "Send a callback once more."),
        "reset": ("server", "Forget what happened."),
    },
    "Act as the person": {
        "say": ("actions", "Write a text."),
        "tap": ("actions", "Tap a suggestion."),
        "send-file": ("actions", "Send a file."),
        "share-location": ("actions", "Share a place."),
        "start-typing": ("actions", "Begin to write."),
        "deliver": ("actions", "Let a message arrive."),
        "read": ("actions", "Read a message."),
        "fail": ("actions", "Let a message fail."),
        "receipt": ("actions", "Report a status in the provider's own word."),
        "click": ("actions", "Follow a link of a message."),
        "error": ("actions", "Report trouble of the platform."),
        "system": ("actions", "Note something in the conversation."),
        "event": ("actions", "Report an event of the platform."),
        "action": ("actions", "Report an action of the platform."),
        "agent": ("actions", "Let a human agent of the business act."),
        "end-session": ("actions", "End the session."),
        "start": ("actions", "Let a magic address do its thing again."),
    },
    "Scenarios": {
        "scenario": ("scenario", "Check, list and run scenarios."),
    },
    "Shell": {
        "completion": ("completion", "Print a completion script."),
    },
}


@click.group(cls=LazyGroup, sections=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="messaging-sandbox", message="%(prog)s %(version)s")
def command() -> None:
    """An in-memory emulator of conversational-messaging APIs."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0, 1 for a failure, 2 for wrong usage, 3 if no sandbox answers, 130 if interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # what a terminal cannot show must not end a command
            stream.reconfigure(errors="replace")
    color = False if os.environ.get("NO_COLOR") else None
    try:
        code = command.main(arguments, PROGRAM, standalone_mode=False, color=color)
    except click.Abort:
        code = 130
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        code = error.exit_code
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx is not None else PROGRAM
        says = " ".join(error.format_message().split()).removesuffix(".")
        click.echo(f"{path}: {says[:1].lower()}{says[1:]}; see `{path} --help`", err=True)
        code = error.exit_code
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        code = error.exit_code
    sys.exit(code if isinstance(code, int) else 0)
