"""Shapes: holds JSON against the types and enumerations of the vendor's published description of the API.

The description marks nearly every property as required, and what is empty is null here: a null is of every type, and
what is not there is looked for elsewhere.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from sandbox.shipped import folder

# Two spellings that the description's own samples have where its enumerations do not: the sub-type is the type once more.
_SAMPLED = {("Attachment", "mediaSubType"): ("IMAGE", "VIDEO", "DOCUMENT")}

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
}


@cache
def schemas() -> dict[str, Any]:
    """Return the description's schemas: type, items and enumeration of each property."""
    text = (folder("fixtures") / "mehery" / "schemas.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def complaints(value: Any, schema: str, at: str = "", *, whole: bool = True) -> list[str]:
    """Return what of an object is not as its schema says: types, enumerations, unknown names and, if whole, lacking ones."""
    properties = schemas()[schema]
    if not isinstance(value, dict):
        return [f"{at}: no object"]
    found = [f"{at}.{name}: unknown" for name in value if name not in properties]
    if whole:
        found += [f"{at}.{name}: lacks" for name in properties if name not in value]
    for name, said in properties.items():
        allowed = _SAMPLED.get((schema, name))
        found += _of_property(
            value.get(name), {**said, **({"enum": allowed} if allowed else {})}, f"{at}.{name}", whole=whole
        )
    return found


def _of_property(value: Any, said: dict[str, Any], at: str, *, whole: bool) -> list[str]:
    if value is None:
        return []
    if "schema" in said:
        return complaints(value, said["schema"], at, whole=whole)
    if "list" in said:
        if not isinstance(value, list):
            return [f"{at}: no array"]
        return [
            line
            for index, one in enumerate(value)
            for line in _of_property(one, said["list"], f"{at}[{index}]", whole=whole)
        ]
    if said["type"] == "object":  # which stands for any JSON in the description
        return []
    if not isinstance(value, _TYPES[said["type"]]) or (isinstance(value, bool) and said["type"] != "boolean"):
        return [f"{at}: no {said['type']}"]
    if "enum" in said and value not in said["enum"]:
        return [f"{at}: {value!r} is none of its values"]
    return []
