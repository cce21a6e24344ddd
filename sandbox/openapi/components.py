"""Components: the named schemas of one OpenAPI document, made from types and from schemas that are there already."""

from __future__ import annotations

import re
from inspect import isfunction
from typing import Any, get_args, get_origin

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from typing_extensions import is_typeddict

Json = dict[str, Any]

PLACE = "#/components/schemas/"

_ATTRIBUTES = "\n\nAttributes:\n"
_is_attribute = re.compile(r"    (\w+): (.*)").fullmatch


class _Untitled(GenerateJsonSchema):
    """Leaves members without a title, which would but repeat their names."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - whatever it is
        return False


class Components:
    """
    Takes what is described and hands out references to it.

    Args:
        is_open: whether unknown members of objects are taken, whatever the types say.
    """

    def __init__(self, *, is_open: bool = False) -> None:
        self.schemas: dict[str, Json] = {}
        self._is_open = is_open

    def of(self, shape: Any, *, given: bool = True) -> Json:
        """
        Return the schema of a shape; objects with a title become components, and what refers to them is returned.

        Args:
            shape: a type, a JSON Schema, or a function that makes one.
            given: whether it is data that comes in, rather than such as goes out.

        Raises:
            ValueError: two different objects have the same title.
        """
        if isfunction(shape):
            shape = shape()
        if isinstance(shape, dict):
            document = dict(shape)
            scope = f"{document['title']}." if "$defs" in document else ""
        else:
            document, scope = _described(shape, "validation" if given else "serialization"), ""
        document.pop("$schema", None)
        for name, schema in document.pop("$defs", {}).items():
            self._put(scope + name, {**schema, "title": name}, scope)
        taken: Json = self._take(document, scope)
        return taken

    def members_of(self, shape: type) -> dict[str, Json]:
        """Return the schemas of a TypedDict's members, by name; it becomes no component itself."""
        members: Json = _described(shape, "validation").get("properties", {})
        return {name: self._plain(member, "") for name, member in members.items()}

    def _take(self, value: Any, scope: str) -> Any:
        """Return a part of a schema with its references led here, and its titled objects taken out."""
        if value is None or isinstance(value, str | int | float):
            return value
        if isinstance(value, list):
            return [self._take(item, scope) for item in value]
        if not isinstance(value, dict):
            return self.of(value)  # a type in the midst of a schema
        if "properties" in value and "title" in value:
            return {"$ref": self._put(value["title"], value, scope)}
        return self._plain(value, scope)

    def _put(self, name: str, schema: Json, scope: str) -> str:
        name = _name(name)
        made = self._plain(schema, scope)
        if self.schemas.setdefault(name, made) != made:
            raise ValueError(f"there are two schemas called {name}")
        return PLACE + name

    def _plain(self, schema: Json, scope: str) -> Json:
        made: Json = {}
        for key, value in schema.items():
            if key in ("$ref", "mapping"):
                made[key] = _led(value, scope)
            elif key in ("properties", "patternProperties"):
                made[key] = {name: self._take(member, scope) for name, member in value.items()}
            elif key in ("default", "const", "enum", "examples"):
                made[key] = value
            elif key != "title":
                made[key] = self._take(value, scope)
        if self._is_open and made.get("additionalProperties") is False:
            del made["additionalProperties"]
        if _ATTRIBUTES in made.get("description", ""):
            _tell_of_members(made)
        return made


def _described(shape: Any, mode: JsonSchemaMode) -> Json:
    document = TypeAdapter(shape).json_schema(schema_generator=_Untitled, mode=mode)
    if is_typeddict(get_origin(shape)):  # a page of messages is called after both
        document["title"] = "".join(_name(part.__name__) for part in (*get_args(shape), get_origin(shape)))
    return document


def _led(reference: Any, scope: str) -> Any:
    """Lead references to the definitions of one schema to those of the document."""
    if isinstance(reference, dict):
        return {name: _led(one, scope) for name, one in reference.items()}
    return PLACE + _name(scope + reference.removeprefix("#/$defs/"))


def _name(title: str) -> str:
    """Return a title as a component may be called: without the underscore of a private class, without brackets."""
    return re.sub(r"View(?=[_.]|$)", "", re.sub(r"[^A-Za-z0-9.-]+", "_", title).strip("_"))


def _tell_of_members(schema: Json) -> None:
    """Put what a docstring says of each attribute where it belongs."""
    schema["description"], _, lines = schema["description"].partition(_ATTRIBUTES)
    name = ""
    for line in lines.split("\n"):
        if (found := _is_attribute(line)) is not None:
            name, said = found.groups()
        else:
            said = line.strip()
        member = schema.get("properties", {}).get(name)
        if member is not None and said:
            member["description"] = f"{member['description']} {said}" if "description" in member else said
