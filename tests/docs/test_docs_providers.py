"""The tables of a provider's page are those of its code."""

from __future__ import annotations

import pytest

from pages import ROOT, Page
from sandbox.core.provider import Provider
from sandbox.engine.loader import load_folder
from sandbox.providers import PROVIDERS
from sandbox.shipped import folder

OWN = {provider.name: Page(ROOT / "docs" / f"{provider.name}.md") for provider in PROVIDERS}

each_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)


def rows(provider: Provider, beginning: str) -> list[list[str]]:
    """Return the cells of the tables below the heading that begins so, those of code without their quotes."""
    page = OWN[provider.name]
    (heading,) = (line for line in page.text.splitlines() if line.startswith(beginning))
    return [[cell.strip("`") for cell in row] for row in page.rows(heading)]


@each_provider
def test_magic_addresses(provider: Provider) -> None:
    """Every magic address stands there, in order, with what it does."""
    assert rows(provider, "## Magic ") == [[magic.address, magic.does] for magic in provider.magic]


@pytest.mark.parametrize("provider", [one for one in PROVIDERS if one.name != "rbm"], ids=lambda one: one.name)
def test_scenario_addresses(provider: Provider) -> None:
    """Everybody who plays a shipped scenario stands there with its name."""
    scenarios, _ = load_folder(folder("scenarios"))
    answering = [
        (one.match.user or [], one.name) for one in scenarios if one.match and one.match.provider == [provider.name]
    ]
    told = sorted((address, name) for address, name, *_ in rows(provider, "## Scenario "))
    assert told == sorted((address, name) for addresses, name in answering for address in addresses)
