"""Members: takes what is documented out of an object of a request, or raises the rule that asks for it.

Everywhere `rule` is the id of the rule that is broken, and `where` what stands before the member's name in its path:
`"elements[2]."`, or "" for the channel's own object.
"""

from __future__ import annotations

from typing import Any

from sandbox.providers.webex_connect.v1.rules import invalid, missing
from sandbox.providers.webex_connect.values import given, integer, number, truth

Members = dict[str, Any]


def required(block: Members, name: str, rule: str, where: str = "") -> Any:
    """Return a member of any type. Raises 7003 where it is absent, null, or empty."""
    value = given(block, name)
    if value is None:
        raise missing(rule, where + name)
    return value


def text(block: Members, name: str, rule: str, where: str = "") -> str:
    """Return a mandatory string. Raises 7003 where it is missing, 7004 where it is something else."""
    value = required(block, name, rule, where)
    if not isinstance(value, str):
        raise invalid(rule, where + name, detail="must be a string")
    return value


def optional_text(block: Members, name: str, rule: str, where: str = "") -> str | None:
    """Return a string if there is one. Raises 7004 where it is something else."""
    value = given(block, name)
    if value is not None and not isinstance(value, str):
        raise invalid(rule, where + name, detail="must be a string")
    return value


def optional_texts(block: Members, names: tuple[str, ...], rule: str, where: str = "") -> None:
    """Raises 7004 where one of these members is there and no string."""
    for name in names:
        if name in block:
            optional_text(block, name, rule, where)


def digits_or_text(block: Members, name: str, rule: str, where: str = "") -> str:
    """Return a mandatory string whose sample holds a number, so that an integer will do as well."""
    value = required(block, name, rule, where)
    return _as_text(value, name, rule, where)


def optional_digits_or_text(block: Members, name: str, rule: str, where: str = "") -> str | None:
    """Return such a string if there is one."""
    value = given(block, name)
    return None if value is None else _as_text(value, name, rule, where)


def _as_text(value: Any, name: str, rule: str, where: str) -> str:
    if isinstance(value, str):
        return value
    if integer(value) is None or abs(value) >= 10**18:  # a number of thousands of digits is no text
        raise invalid(rule, where + name, detail="must be a string")
    return str(value)


def members(block: Members, name: str, rule: str, where: str = "") -> Members:
    """Return a mandatory object. Raises 7003 where it is missing or empty, 7004 where it is something else."""
    value = required(block, name, rule, where)
    if not isinstance(value, dict):
        raise invalid(rule, where + name, detail="must be an object")
    return value


def optional_members(block: Members, name: str, rule: str, where: str = "") -> Members | None:
    """Return an object if there is one, even an empty one. Raises 7004 where it is something else."""
    value = block.get(name)
    if value is not None and not isinstance(value, dict):
        raise invalid(rule, where + name, detail="must be an object")
    return value


def items(block: Members, name: str, rule: str, where: str = "") -> list[Any]:
    """Return a mandatory array. Raises 7003 where it is missing or empty, 7004 where it is something else."""
    value = required(block, name, rule, where)
    if not isinstance(value, list):
        raise invalid(rule, where + name, detail="must be an array")
    return value


def optional_items(block: Members, name: str, rule: str, where: str = "") -> list[Any]:
    """Return an array, empty if there is none. Raises 7004 where it is something else."""
    value = given(block, name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise invalid(rule, where + name, detail="must be an array")
    return value


def item(array: list[Any], index: int, rule: str, path: str) -> Members:
    """Return an object of an array at `path`. Raises 7004 where it is something else."""
    value = array[index]
    if not isinstance(value, dict):
        raise invalid(rule, f"{path}[{index}]", detail="must be an object")
    return value


def optional_truth(block: Members, name: str, rule: str, where: str = "") -> bool | None:
    """Return a boolean, or what is written as one, if there is one. Raises 7004 where it is something else."""
    value = given(block, name)
    if value is None:
        return None
    found = truth(value)
    if found is None:
        raise invalid(rule, where + name, detail="must be true or false")
    return found


def optional_number(block: Members, name: str, rule: str, where: str = "") -> float | None:
    """Return a number, or what is written as one, if there is one. Raises 7004 where it is something else."""
    value = given(block, name)
    if value is None:
        return None
    found = number(value)
    if found is None:
        raise invalid(rule, where + name, detail="must be a number")
    return found


def degrees(block: Members, name: str, most: int, rule: str, where: str = "") -> float:
    """Return a mandatory latitude or longitude, from -`most` to `most`. Raises 7003 or 7004."""
    found = number(required(block, name, rule, where))
    if found is None or not -most <= found <= most:
        raise invalid(rule, where + name, detail=f"must be a number from -{most} to {most}")
    return found


def one_of(value: Any, known: frozenset[str] | dict[str, Any], rule: str, path: str) -> str:
    """Return a word of a documented enumeration. Raises 7004 where it is not listed."""
    if not isinstance(value, str) or value not in known:
        raise invalid(rule, path, detail=f"must be one of {', '.join(sorted(known))}")
    return value


def shown(value: Any) -> str:
    """Return a value in a few characters, for a sentence about it."""
    return value[:50] if isinstance(value, str) else type(value).__name__
