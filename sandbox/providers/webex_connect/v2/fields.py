"""Fields: reads single members of a request of v2, and refuses them by the rule that they break."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from sandbox.providers.webex_connect.v2.rules import invalid, missing
from sandbox.providers.webex_connect.values import given, integer, truth


def needed(block: dict[str, Any], name: str, path: str, rule: str) -> Any:
    """Return a mandatory member of any type. Raises 7003 for `path`, which is the object's, and the name."""
    value = given(block, name)
    if value is None:
        raise missing(rule, f"{path}.{name}")
    return value


def text(block: dict[str, Any], name: str, path: str, rule: str) -> str:
    """Return a mandatory text that is not empty. Raises 7003, or 7004 for another type."""
    value = needed(block, name, path, rule)
    if not isinstance(value, str):
        raise invalid(rule, f"{path}.{name}", detail=f"{name} is a string")
    return value


def optional_text(block: dict[str, Any], name: str, path: str, rule: str) -> str | None:
    """Return a text; None where it is absent or null. Raises 7004 for another type."""
    value = block.get(name)
    if value is not None and not isinstance(value, str):
        raise invalid(rule, f"{path}.{name}", detail=f"{name} is a string")
    return value


def limited_text(block: dict[str, Any], name: str, path: str, rule: str, limit: int, limit_rule: str) -> str:
    """Return a mandatory text of at most so many characters. Raises 7003, or 7004 for another type or too many."""
    value = text(block, name, path, rule)
    if len(value) > limit:
        raise invalid(limit_rule, f"{path}.{name}", detail=f"{name} has {len(value)} characters, at most {limit} go")
    return value


def choice(block: dict[str, Any], name: str, path: str, rule: str, choices: Container[str]) -> str:
    """
    Return one of the choices, which stand in capitals, whatever its letter case.

    Raises:
        ApiError: 7003, or 7004 for anything else: the samples' `"SMALL/MEDIUM"` (978) is an explanation, no choice.
    """
    value = text(block, name, path, rule).upper()
    if value not in choices:
        raise invalid(rule, f"{path}.{name}")
    return value


def flag(block: dict[str, Any], name: str, path: str, rule: str) -> bool:
    """Return a boolean, which may be a text; False where it is absent. Raises 7004. Source: 130-131, 483-495."""
    value = given(block, name)
    if value is None:
        return False
    found = truth(value)
    if found is None:
        raise invalid(rule, f"{path}.{name}" if path else name, detail=f"{name} is true or false")
    return found


def file_size(block: dict[str, Any], path: str) -> int | None:
    """Return a size in bytes; None where it is absent. Raises WX2-RCS-12. Source: 254."""
    name = "fileSize" if block.get("fileSize") is not None else "filesize"
    value = block.get(name)
    if value is None:
        return None
    size = integer(value)
    if size is None or size < 1:
        raise invalid("WX2-RCS-12", f"{path}.{name}")
    return size


def members(block: dict[str, Any], name: str, path: str, rule: str) -> dict[str, Any]:
    """Return an optional object; an empty one where it is absent. Raises 7004 for another type."""
    value = given(block, name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise invalid(rule, f"{path}.{name}" if path else name, detail=f"{name} is an object")
    return value
