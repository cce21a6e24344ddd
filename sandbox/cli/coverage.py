"""The command that tells what of the documented APIs has been met, and whether that is enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from sandbox.cli.connection import FailureError, connects, json_option
from sandbox.cli.output import print_json, print_table

if TYPE_CHECKING:
    from sandbox.client import Client

_SECTIONS = ("operations", "outcomes", "errors", "callbacks")


@click.command
@connects
@click.option("--account", metavar="ID", help="An account; all of them together if not given.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown", "html", "junit"]),
    default="table",
    show_default=True,
    help="How it is written; all but the table name every entry.",
)
@click.option(
    "--fail-under",
    type=click.IntRange(0, 100),
    metavar="PERCENT",
    help="Exit with 1 if less was met of a provider of which anything was, or nothing of any.",
)
@json_option
def coverage(client: Client, account: str | None, form: str, fail_under: int | None, *, as_json: bool) -> None:
    """Show what of the documented APIs has been met: operations, outcomes, errors and callbacks."""
    report = client.coverage(account)
    if as_json or form == "json":
        print_json(report)
    elif form == "table":
        _print(report)
    else:
        click.echo(client.coverage_as(form, account), nl=False)
    lacking = None if fail_under is None else shortfall(report, fail_under)
    if lacking is not None:
        raise FailureError(lacking)


def shortfall(report: Mapping[str, Any], least: int) -> str | None:
    """
    Return, in a line, of which providers less than `least` percent was met; None if it is enough.

    A provider of which nothing at all was met is one that the client has no business with, and is passed over.
    """
    met = {name: one["percent"] for name, one in report["providers"].items() if one["percent"]}
    if not met and least:
        return f"coverage is below {least} %: nothing has been met"
    short = [f"{percent:.2f} % of {name}" for name, percent in met.items() if percent < least]
    return f"coverage is below {least} %: {' and '.join(short)}" if short else None


def _print(report: Mapping[str, Any]) -> None:
    rows = []
    for name, one in report["providers"].items():
        met = (f"{sum(entry['hit'] > 0 for entry in one[section])} of {len(one[section])}" for section in _SECTIONS)
        rows.append((name, *met, f"{one['percent']:.1f} %"))
    print_table(("provider", *_SECTIONS, "covered"), rows)


COMMANDS = (coverage,)
