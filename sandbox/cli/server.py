"""Commands that look at a running sandbox as a whole, or change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sandbox.cli.connection import account_option, chosen, connects, json_option
from sandbox.cli.output import print_json, print_table

if TYPE_CHECKING:
    from sandbox.client import Client


@click.command
@connects
@json_option
def status(client: Client, *, as_json: bool) -> None:
    """Show what runs, and its accounts."""
    health, accounts = client.health(), client.accounts()
    if as_json:
        print_json({**health, "accounts": accounts})
        return
    click.echo(f"messaging-sandbox {health['version']} at {client.url}, {health['clock']} clock, seed {health['seed']}")
    rows = [(a["provider"], a["id"], a["webhook"]["url"] if a["webhook"] else "none") for a in accounts]
    print_table(("provider", "account", "webhook"), rows)


@click.command
@connects
@account_option
@json_option
def token(client: Client, account: str | None, *, as_json: bool) -> None:
    """Print a fresh authorization for an account: the headers that its client sends, for `curl -H`."""
    headers = client.authorization(chosen(client, account))
    if as_json:
        print_json(headers)
    else:
        for name, value in headers.items():
            click.echo(f"{name}: {value}")


@click.command
@connects
@json_option
def magic(client: Client, *, as_json: bool) -> None:
    """List the addresses that always behave the same."""
    found = client.magic()
    if as_json:
        print_json(found)
    else:
        rows = [(item["provider"], item["address"], item["does"]) for item in found["items"]]
        print_table(("provider", "address", "does"), rows)


@click.command
@connects
@account_option
def reset(client: Client, account: str | None) -> None:
    """Forget what happened: to one account, or everything back to the state at the start."""
    client.reset(account)
    click.echo(f"{account} starts afresh" if account else "the sandbox is as it was at the start")


@click.command
@connects
@click.argument("callback")
@json_option
def resend(client: Client, callback: str, *, as_json: bool) -> None:
    """Send a callback once more, byte for byte."""
    again = client.redeliver(callback)
    if as_json:
        print_json(again)
    else:
        click.echo(f"{again['kind']} goes out again as {again['id']}")


COMMANDS = (status, token, magic, reset, resend)
