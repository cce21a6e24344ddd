"""Command that prints OpenAPI documents, which needs no server."""

from __future__ import annotations

import json

import click

from sandbox.cli.output import print_json


@click.command
@click.argument("provider", required=False)
def openapi(provider: str | None) -> None:
    """Print the OpenAPI 3.1 document of a PROVIDER's emulated API, its callbacks as webhooks; or of the control API."""
    from sandbox.app import openapi as document  # noqa: PLC0415 - with it comes the whole house
    from sandbox.sandbox import UnknownProviderError  # noqa: PLC0415

    try:
        print_json(json.loads(document(provider)))
    except UnknownProviderError as error:
        raise click.BadParameter(str(error), param_hint="PROVIDER") from None


COMMANDS = (openapi,)
