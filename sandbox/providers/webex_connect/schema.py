"""Schema: the JSON Schemas of Webex Connect's objects, made from the tables of names, words and limits that checks read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

Json = dict[str, Any]

ANYTHING: Json = {}
NUMBER: Json = {"type": "integer"}
TEXT: Json = {"type": "string"}
TEXTS: Json = {"type": "array", "items": TEXT}
WHOLE: Json = {"type": ["integer", "string"], "description": "a whole number, which may be quoted"}
FLAG: Json = {"type": ["boolean", "string"], "description": "true or false, which may be quoted"}
TIME: Json = {"type": ["string", "integer"], "description": "ISO 8601 with a zone, or seconds since 1970"}
OBJECT: Json = {"type": "object"}


def made_of(
    title: str, names: Iterable[str], members: Mapping[str, Json] | None = None, required: Collection[str] = ()
) -> Json:
    """
    Return the schema of an object.

    Args:
        title: what it is called.
        names: of all members that are known.
        members: schemas of some of them; nothing is told of the others.
        required: names of those that must be there.

    Raises:
        LookupError: a member is told of, or required, that is not known.
    """
    known = sorted(names)
    told = members or {}
    if strangers := [name for name in (*told, *required) if name not in known]:
        raise LookupError(f"{title} has no {', '.join(strangers)}")
    schema: Json = {"title": title, "type": "object", "properties": {name: told.get(name, {}) for name in known}}
    return {**schema, "required": sorted(required)} if required else schema


def many(items: Json, most: int | None = None, least: int | None = None) -> Json:
    """Return the schema of an array."""
    schema: Json = {"type": "array", "items": items}
    if most is not None:
        schema["maxItems"] = most
    if least is not None:
        schema["minItems"] = least
    return schema


def text(most: int | None = None) -> Json:
    """Return the schema of a string, of at most so many characters."""
    return TEXT if most is None else {**TEXT, "maxLength": most}


def one_of(words: Iterable[Any]) -> Json:
    """Return the schema of a word of an enumeration."""
    return {"enum": sorted(words, key=str)}


def one_in_any_case(words: Iterable[str]) -> Json:
    """Return the schema of a word that may be written in any letter case."""
    known = sorted(words)
    pattern = "|".join("".join(f"[{c.upper()}{c.lower()}]" if c.isalpha() else c for c in word) for word in known)
    return {**TEXT, "pattern": f"^({pattern})$", "description": f"one of {', '.join(known)}, in any letter case"}
