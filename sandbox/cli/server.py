"""Commands that look at a running sandbox as a whole, or change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from sandbox.cli.connection import account_option, chosen, connects, json_option
from sandbox.cli.output import print_json, print_table

if TYPE_CHECKING:
    from sandbox.client import Client
    from sandbox.client.parameters import TimelineFilters


@click.command
@connects
@json_option
def status(client: Client, *, as_json: bool) -> None:
    """Show what runs, its accounts, and the faults that are armed: how often they have fired and may still."""
    health, accounts, faults = client.health(), client.accounts(), client.faults()
    if as_json:
        print_json({**health, "accounts": accounts, "faults": faults})
        return
    click.echo(f"messaging-sandbox {health['version']} at {client.url}, {health['clock']} clock, seed {health['seed']}")
    rows = [(a["provider"], a["id"], a["webhook"]["url"] if a["webhook"] else "none") for a in accounts]
    print_table(("provider", "account", "webhook"), rows)
    if faults:
        click.echo()
        print_table(("fault", "account", "strikes", "effect", "fired", "left"), [_row(fault) for fault in faults])


def _row(fault: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a fault as a row: what it is for, what it does with what, and how often."""
    target = next((fault["match"][name] for name in ("operation", "kind") if name in fault["match"]), f"{fault['on']}s")
    user = f" of {fault['match']['user']}" if "user" in fault["match"] else ""
    chance = f" with probability {fault['probability']:g}" if fault["probability"] < 1 else ""
    effect = " ".join(
        str(value) if name in ("type", fault["effect"]["type"]) else f"{name} {value}"
        for name, value in fault["effect"].items()
        if value is not None
    )
    left = "any" if fault["left"] is None else str(fault["left"])
    return fault["id"], fault["account"] or "later ones", target + user, effect + chance, str(fault["fired"]), left


@click.command
@connects
@account_option
@json_option
def token(client: Client, account: str | None, *, as_json: bool) -> None:
    """Print a fresh authorization for an account: the headers that its client sends, for `curl -H`."""
    name = chosen(client, account)
    headers = client.authorization(name)
    if not headers:
        click.echo(f"clients of {name} send no authorization", err=True)
    if as_json:
        print_json(headers)
    else:
        for header, value in headers.items():
            click.echo(f"{header}: {value}")


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
@click.option("--user", metavar="ADDRESS", help="Only what is about this person.")
@click.option("--limit", type=click.IntRange(1, 1000), metavar="N", help="At most so many trees, the latest.")
@json_option
def timeline(client: Client, account: str | None, user: str | None, limit: int | None, *, as_json: bool) -> None:
    """Tell what happened to an account, and why: requests with what came of them, actions, faults and changes."""
    name = chosen(client, account)
    filters: TimelineFilters = {}
    if user is not None:
        filters["user"] = user
    if limit is not None:
        filters["limit"] = limit
    if as_json:
        print_json(client.timeline(name, **filters))
    else:
        click.echo(client.timeline_text(name, **filters), nl=False)


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


COMMANDS = (status, token, magic, timeline, reset, resend)
