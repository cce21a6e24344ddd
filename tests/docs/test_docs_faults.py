"""The page of faults shows every effect."""

from __future__ import annotations

import re
from typing import get_args

from pages import ROOT, Page
from sandbox.core.fault import CallbackEffect, RequestEffect

PAGE = Page(ROOT / "docs" / "faults.md")


def test_effects() -> None:
    """Every effect stands in the table of its side of the wire, with its parameters."""
    for heading, effects in (("## Requests", RequestEffect), ("## Callbacks", CallbackEffect)):
        told = {
            frozenset(re.findall(r'"(\w+)":', cell)) | {kind}
            for cell, _ in PAGE.rows(heading)
            for kind in re.findall(r'"type": "(\w+)"', cell)
        }
        assert told == {
            frozenset(effect.model_fields) | {get_args(effect.model_fields["type"].annotation)[0]}
            for effect in get_args(effects)
        }
