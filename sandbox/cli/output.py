"""Output: tables and JSON on a terminal or in a pipe."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click


def print_json(value: Any) -> None:
    """Print a value as JSON for people and machines."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows below their headings, each column as wide as it needs to be."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    click.secho(_row(headings, widths), bold=True)
    for row in rows:
        click.echo(_row(row, widths))


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
