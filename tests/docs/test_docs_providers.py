"""The tables of a provider's page are those of its code."""

from __future__ import annotations

import json
import re

import pytest
from pydantic import BaseModel

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


@pytest.mark.parametrize("provider", [one for one in PROVIDERS if one.operations], ids=lambda one: one.name)
def test_operations(provider: Provider) -> None:
    """Every operation stands there, with its path, its id and the lines that describe it."""
    assert rows(provider, "## Operations") == [
        [f"{one.method} {one.path}", one.id, one.source or "none"] for one in provider.operations
    ]


@each_provider
def test_callbacks(provider: Provider) -> None:
    """Every kind of callback stands there, in the order of the code."""
    assert [kind for kind, *_ in rows(provider, "## Callbacks")] == list(provider.callback_kinds)


@each_provider
def test_actions(provider: Provider) -> None:
    """Every action that the provider has a callback for is named, and no other."""
    (sentence,) = re.findall(r"The person's actions are (.*?)\.", OWN[provider.name].section("## Callbacks"), re.DOTALL)
    assert set(re.findall(r"`(\w+)`", sentence)) == provider.actions


@each_provider
def test_settings(provider: Provider) -> None:
    """Every setting of an account stands there with its default, in the order of the code."""
    fields = provider.account_settings.model_fields
    told = rows(provider, "## Settings")
    assert [name for name, *_ in told] == list(fields)
    defaults = {name: field.get_default(call_default_factory=True) for name, field in fields.items()}
    for name, shown, _ in told:
        if not isinstance(defaults[name], BaseModel):  # which the page puts in words
            assert json.loads(shown) == defaults[name], name


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
