"""Commands that check, list and run scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sandbox.cli.connection import FailureError, account_option, chosen, connects, json_option
from sandbox.cli.output import print_json, print_table

if TYPE_CHECKING:
    from sandbox.client import Client
    from sandbox.client.parameters import RunValues
    from sandbox.client.resources import Run

_COLORS = {"done": "green", "passed": "green", "failed": "red"}


@click.group
def scenario() -> None:
    """Check, list and run scenarios."""


@scenario.command
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...]) -> None:
    """Tell what is wrong with FILES or folders. No server is needed."""
    from sandbox.engine.loader import ScenarioError, load_file, load_folder  # noqa: PLC0415 - slow, wanted only here

    complaints: list[Any] = []
    read = 0
    for file in files:
        if file.is_dir():
            scenarios, wrong = load_folder(file)
            read += len(scenarios)
            complaints += wrong
            continue
        try:
            load_file(file)
            read += 1
        except ScenarioError as error:
            complaints += error.complaints
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
@click.argument("files", nargs=-1, required=True, metavar="FILE|NAME...")
@account_option
@click.option("--user", required=True, metavar="ADDRESS", help="The person who plays it.")
@click.option("--sender", metavar="ADDRESS", help="The business's address, where an account has several.")
@json_option
@click.pass_context
def run(
    context: click.Context,
    client: Client,
    files: tuple[str, ...],
    account: str | None,
    user: str,
    sender: str | None,
    *,
    as_json: bool,
) -> None:
    """Play scenarios, one after the other. A FILE is uploaded first; a NAME is one of the server's."""
    chosen_account = chosen(client, account)
    ended = []
    for each in files:
        name = _upload(client, Path(each)) if Path(each).is_file() else each
        ended.append(_played(client, name, chosen_account, user, {"sender": sender} if sender else {}))
        if not as_json:
            _print_run(ended[-1])
    if as_json:
        print_json(ended)
    if any(one["state"] != "passed" for one in ended):
        context.exit(1)


def _played(client: Client, name: str, account: str, user: str, values: RunValues) -> Run:
    """Play a scenario and return the run as it ended; whoever watches before it starts misses nothing."""
    with client.events(account) as events:
        run = client.start_run(name, account, user, **values)
        while run["state"] == "running":
            event = next(events, None)
            if event is None:
                raise FailureError(f"the server stopped before {name} had ended")
            if event.kind == "run" and event.data["id"] == run["id"]:
                run = event.data
    return run


def _upload(client: Client, file: Path) -> str:
    media_type = "application/json" if file.suffix == ".json" else "application/yaml"
    client.put_scenario(file.stem, file.read_bytes(), media_type)
    return file.stem


def _print_run(ended: Run) -> None:
    for step in ended["steps"]:
        state = click.style(step["state"].ljust(7), fg=_COLORS.get(step["state"]), dim=step["state"] == "skipped")
        detail = f"  {step['detail']}" if step.get("detail") else ""
        click.echo(f"{step['index']:>3}  {state}  {step['do']}{detail}")
    good = ended["state"] == "passed"
    click.secho(f"{ended['scenario']} {ended['state']}", fg="green" if good else "red", bold=True)


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].removesuffix(".")


COMMANDS = (scenario,)
