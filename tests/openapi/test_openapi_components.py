"""Components: named schemas from types and from schemas, each under one name."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict
from typing_extensions import TypedDict

from sandbox.core.provider import Provider
from sandbox.openapi.components import Components
from sandbox.openapi.emulated import document
from sandbox.providers.rbm import Rbm
from sandbox.providers.webex_connect.schema import TEXT, made_of


class Leg(BaseModel):
    """
    One leg.

    Attributes:
        length: in metres,
            give or take.
        colour: of the stocking.
    """

    model_config = ConfigDict(extra="forbid")

    length: float
    colour: str = "red"


class StorkView(TypedDict):
    """A bird."""

    legs: list[Leg]


def test_types_become_components() -> None:
    """Types in types are referred to, and what a docstring says of an attribute stands beside it."""
    components = Components()
    assert components.of(StorkView) == {"$ref": "#/components/schemas/Stork"}
    assert components.schemas["Stork"]["properties"]["legs"]["items"] == {"$ref": "#/components/schemas/Leg"}
    leg = components.schemas["Leg"]
    assert leg["description"] == "One leg."
    assert leg["properties"]["length"]["description"] == "in metres, give or take."
    assert leg["properties"]["colour"]["description"] == "of the stocking."


@pytest.mark.parametrize(
    ("is_open", "told"), [pytest.param(False, False, id="closed"), pytest.param(True, None, id="open")]
)
def test_unknown_members(is_open: bool, told: bool | None) -> None:
    """Where unknown members are taken nevertheless, the schema does not forbid them."""
    components = Components(is_open=is_open)
    components.of(Leg)
    assert components.schemas["Leg"].get("additionalProperties") is told


def test_schemas_keep_their_definitions_to_themselves() -> None:
    """The definitions of a schema are called after it, so that another one may have the same names."""
    components = Components()
    inner = {"Leg": {"title": "Leg", "type": "object", "properties": {"wood": {"type": "string"}}}}
    table = {"title": "Table", "$defs": inner, "type": "object", "properties": {"leg": {"$ref": "#/$defs/Leg"}}}
    components.of(Leg)
    assert components.of(lambda: table) == {"$ref": "#/components/schemas/Table"}
    assert components.schemas["Table"]["properties"]["leg"] == {"$ref": "#/components/schemas/Table.Leg"}
    assert set(components.schemas) == {"Leg", "Table", "Table.Leg"}


def test_types_in_schemas() -> None:
    """A schema may hold a type where a schema could stand."""
    components = Components()
    assert components.of({"anyOf": [Leg, {"type": "null"}]})["anyOf"][0] == {"$ref": "#/components/schemas/Leg"}


def test_one_name_for_two() -> None:
    """Two different objects with one name are told, and not mixed up."""
    components = Components()
    components.of(Leg)
    with pytest.raises(ValueError, match="two schemas called Leg"):
        components.of({"title": "Leg", "type": "object", "properties": {}})


@pytest.mark.parametrize(
    ("members", "required"),
    [pytest.param({"tail": TEXT}, (), id="told-of"), pytest.param({}, ("tail",), id="required")],
)
def test_only_what_a_check_knows_is_described(members: dict[str, Any], required: tuple[str, ...]) -> None:
    """A description that has left the tables of the checks is told."""
    with pytest.raises(LookupError, match="Stork has no tail"):
        made_of("Stork", {"legs"}, members, required)


class Mute(Rbm):
    """A provider that says nothing of itself."""

    describe = Provider.describe


def test_a_provider_without_a_description() -> None:
    """Its kinds of callbacks are there all the same, with whatever they hold."""
    webhooks = document(Mute())["webhooks"]
    assert tuple(webhooks) == Rbm.callback_kinds
    assert webhooks["text"]["post"]["requestBody"]["content"] == {"*/*": {}}
