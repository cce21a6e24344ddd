"""Command that looks for what usually goes wrong, and says what to do about it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from sandbox.cli.connection import json_option, token_option, url_option
from sandbox.cli.finding import Finding
from sandbox.cli.output import print_json

_MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}


@click.command
@url_option
@token_option
@click.option(
    "--config", type=click.Path(path_type=Path), help="File of settings to look at; sandbox.yaml if there is one."
)
@json_option
@click.pass_context
def doctor(context: click.Context, url: str, token: str | None, config: Path | None, *, as_json: bool) -> None:
    """
    Find what usually goes wrong, and say what to do.

    Looks at settings, scenarios, proxy, server, token, webhooks, clocks and callbacks; exits with 1 if something cannot
    work.
    """
    from sandbox.cli import checkup, surroundings  # noqa: PLC0415 - slow, wanted only here
    from sandbox.client import Client  # noqa: PLC0415

    findings = [
        *surroundings.installation(),
        *surroundings.settings(os.environ, config),
        *surroundings.proxies(url),
    ]
    with Client(url, token) as client:
        findings += checkup.examine(client)
    failed = sum(finding.mark == "fail" for finding in findings)
    if as_json:
        print_json({"healthy": not failed, "findings": [finding._asdict() for finding in findings]})
    else:
        _print(findings, failed)
    if failed:
        context.exit(1)


def _print(findings: list[Finding], failed: int) -> None:
    for finding in findings:
        mark, color = _MARKS[finding.mark]
        click.echo(f"{click.style(mark, fg=color, bold=True)} {finding.check.ljust(10)} {finding.says}")
        if finding.remedy is not None:
            click.echo(f"{' ' * 13}→ {finding.remedy}")
    warned = sum(finding.mark == "warn" for finding in findings)
    click.echo(f"{len(findings)} things looked at: {failed} cannot work, {warned} may be meant otherwise")


COMMANDS = (doctor,)
