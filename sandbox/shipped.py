"""Shipped: where the fixtures and scenarios lie, in an installed package as in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the shipped folder of that name, `fixtures` or `scenarios`: inside a wheel, beside the package in a tree."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
