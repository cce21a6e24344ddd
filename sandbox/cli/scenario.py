"""Commands that check, list and run scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from sandbox.cli.connection import account_option, chosen, connects, json_option
from sandbox.cli.output import print_json, print_table
from sandbox.cli.playing import Ended, Stage, steps_of
from sandbox.junit import junit

if TYPE_CHECKING:
    from sandbox.client import Client

_SUFFIXES = (".yaml", ".yml", ".json")


@click.group
def scenario() -> None:
    """Check, list and run scenarios."""


@scenario.command
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...]) -> None:
    """Tell what is wrong with FILES or folders. No server is needed."""
    from sandbox.app import load_scenarios  # noqa: PLC0415 - slow, wanted only here

    complaints: list[Any] = []
    read = 0
    for file in files:
        scenarios, wrong = load_scenarios(file)
        read += len(scenarios)
        complaints += wrong
    for complaint in complaints:
        click.echo(complaint)
    if complaints:
        context.exit(1)
    click.echo(f"{read} scenario{'s are' if read != 1 else ' is'} valid")


@scenario.command("list")
@connects
@json_option
def list_(client: Client, *, as_json: bool) -> None:
    """List the scenarios of the server."""
    scenarios = client.scenarios()
    if as_json:
        print_json(scenarios)
    else:
        print_table(
            ("scenario", "does"), [(each["name"], _first_sentence(each.get("description") or "")) for each in scenarios]
        )


@scenario.command
@connects
@click.argument("files", nargs=-1, required=True, metavar="FILE|FOLDER|NAME...")
@account_option
@click.option("--user", default="+491234567890", show_default=True, metavar="ADDRESS", help="The person who plays it.")
@click.option("--sender", metavar="ADDRESS", help="The business's address, where an account has several.")
@click.option("--junit", "report", type=click.File("w", lazy=False), metavar="FILE", help="Write a JUnit report.")
@click.option(
    "--patience",
    type=click.FloatRange(0, 60),
    default=1.0,
    show_default=True,
    metavar="SECONDS",
    help="Where the account's clock stands still: real time that the business has for an answer before time moves on.",
)
@json_option
@click.pass_context
def run(
    context: click.Context,
    client: Client,
    files: tuple[str, ...],
    account: str | None,
    user: str,
    sender: str | None,
    report: TextIO | None,
    patience: float,
    *,
    as_json: bool,
) -> None:
    """
    Play scenarios, one after the other, against a running server.

    A FILE is uploaded first, and so is every file of a FOLDER; a NAME is one of the server's. On a clock that stands
    still, time is moved on as far as the scenario needs.

    Exits with 0 if all passed, 1 if one failed or could not be read, 2 for wrong usage, 3 if no server answers.
    """
    ended: list[Ended] = []
    stage = Stage(client, chosen(client, account), user, {"sender": sender} if sender else {}, patience)
    for each in _named(client, files):
        ended.append(stage.play(each))
        for complaint in ended[-1].complaints:
            click.echo(complaint, err=True)
        if ended[-1].run is not None and not as_json:
            _print(ended[-1].run)
    if as_json:
        print_json([one.run for one in ended if one.run is not None])
    if report is not None:
        report.write(junit("scenarios", [one.case() for one in ended]))
    if not all(one.passed for one in ended):
        context.exit(1)


def _named(client: Client, files: Iterable[str]) -> list[Path | str]:
    """Return the files and the server's scenarios that are meant. Raises `UsageError` before anything is played."""
    found: list[Path | str] = []
    known: set[str] | None = None
    for each in files:
        path = Path(each)
        if path.is_dir():
            inside = [file for file in sorted(path.iterdir()) if _is_scenario(file)]
            if not inside:
                raise click.UsageError(f"{each} holds no scenario")
            found += inside
        elif path.is_file():
            found.append(path)
        elif path.suffix in _SUFFIXES:
            raise click.UsageError(f"there is no file {each}")
        else:
            known = known if known is not None else {one["name"] for one in client.scenarios()}
            if each not in known:
                raise click.UsageError(f"{each} is neither a file nor a scenario of the server")
            found.append(each)
    return found


def _is_scenario(file: Path) -> bool:
    return file.suffix in _SUFFIXES and file.name != "schema.json" and not file.name.startswith(".")


def _print(run: Mapping[str, Any]) -> None:
    for line in steps_of(run):
        click.echo(line)
    color = "green" if run["state"] == "passed" else "red"
    click.secho(f"{run['scenario']} {run['state']}", fg=color, bold=True)


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].removesuffix(".")


COMMANDS = (scenario,)
