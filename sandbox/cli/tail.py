"""Command that follows the conversations live."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from sandbox.cli.connection import connects
from sandbox.transcript import Transcript

if TYPE_CHECKING:
    from sandbox.client import Client


@click.command
@connects
@click.option("--account", metavar="ID", help="Only this account.")
@click.option("--json", "as_json", is_flag=True, help="Print every event as a line of JSON.")
def tail(client: Client, account: str | None, *, as_json: bool) -> None:
    """Follow the conversations live, until Ctrl-C."""
    transcript = Transcript()
    with client.events(account) as events:
        for event in events:
            if as_json:
                click.echo(json.dumps({"id": event.id, "kind": event.kind, "data": event.data}, ensure_ascii=False))
            else:
                for line in transcript.lines(event.kind, event.data):
                    click.echo(line)


COMMANDS = (tail,)
