"""Reading: turns a request's JSON into values of the document's types, and lists every field that does not fit.

A field is given as a number or a boolean where the document says string, for its samples do so (MEH-GEN-08); what it
says is required, a request may mostly leave out, so each operation names what it cannot do without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic_core import from_json, to_json

from sandbox.core.operation import Call, RawRequest
from sandbox.providers.mehery.errors import (
    PARAM_INVALID,
    PARAM_MISSING,
    PARAM_TYPE_MISMATCH,
    UNSUPPORTED_MEDIA_TYPE,
    FieldFault,
    RefusalError,
    refusal,
)

Kind = Literal["string", "boolean", "int64", "object", "any"]

MOST_FAULTS = 100  # of one answer: a hostile body has a hundred thousand
_INT64 = 1 << 63
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Field:
    """
    One property of a schema.

    Attributes:
        kind: a scalar, an object without a schema, anything, or the schema of an object.
        is_list: whether there are several of them, in an array.
        required: whether it must be there, and not blank.
        enum: the values it may have, in document order.
    """

    name: str
    kind: Kind | Schema = "string"
    is_list: bool = False
    required: bool = False
    enum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema of the document: its name and its properties."""

    name: str
    fields: tuple[Field, ...]


@dataclass(slots=True)
class Faults:
    """
    What is wrong with a body, by stage; the first stage that has any answers (MEH-GEN-01).

    Attributes:
        schema: the document's name for the body.
        missing_rule: the rule that an absent field breaks.
        type_rule: the rule that a value of another type breaks.
        blank: whether a required string was blank.
    """

    schema: str
    missing_rule: str = "MEH-GEN-10"
    type_rule: str = "MEH-GEN-08"
    types: list[FieldFault] = field(default_factory=list)
    missing: list[FieldFault] = field(default_factory=list)
    values: list[FieldFault] = field(default_factory=list)
    blank: bool = False

    def refuse(self) -> None:
        """Raise `RefusalError` if anything is wrong."""
        missing_rule = "MEH-GEN-09" if self.blank and self.missing_rule == "MEH-GEN-10" else self.missing_rule
        stages = (
            (PARAM_TYPE_MISMATCH, self.type_rule, self.types),
            (PARAM_MISSING, missing_rule, self.missing),
            (PARAM_INVALID, "MEH-GEN-11", self.values),
        )
        for spec, rule, found in stages:
            if found:
                raise RefusalError(spec, rule, found[:MOST_FAULTS], schema=self.schema)

    def wrong_type(self, path: str, wanted: str) -> None:
        """Note a value of another type than the document's."""
        self.types.append(FieldFault("FIELD_TYPE_MISMATCH", path, f"{path} must be {wanted}"))

    def is_missing(self, path: str) -> None:
        """Note a required field that is not there."""
        self.missing.append(FieldFault("FIELD_MISSING", path, f"{path} is missing"))

    def not_allowed(self, path: str, allowed: tuple[str, ...]) -> None:
        """Note a value that is none of an enumeration's."""
        self.values.append(FieldFault("VALUE_NOT_ALLOWED", path, f"{path} has a value that is not allowed", allowed))


def check_content_type(request: RawRequest) -> None:
    """Refuse a POST that is announced as anything but JSON (MEH-GEN-04)."""
    announced = request.header(b"content-type")
    if announced is None:
        return
    kind = announced.partition(b";")[0].strip().lower()
    if kind != b"application/json" and not (kind.count(b"/") == 1 and kind.endswith(b"+json")):
        raise refusal(
            UNSUPPORTED_MEDIA_TYPE, "MEH-GEN-04", "UNSUPPORTED_MEDIA_TYPE", None, UNSUPPORTED_MEDIA_TYPE.message
        )


def document(call: Call, schema: str) -> dict[str, Any]:
    """Return the JSON object of a request as it came. Raises `RefusalError` (MEH-GEN-05)."""
    try:
        found = from_json(call.request.body, allow_inf_nan=False)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise refusal(
            PARAM_INVALID, "MEH-GEN-05", "MALFORMED_JSON", None, "The body must be a JSON object", schema=schema
        )
    return found


def body(call: Call, schema: Schema, *, missing_rule: str = "MEH-GEN-10") -> dict[str, Any]:
    """
    Return a request's body in the document's types, without nulls (MEH-GEN-09) and unknown keys (MEH-GEN-07).

    Raises `RefusalError`.
    """
    faults = Faults(schema.name, missing_rule)
    values = read(document(call, schema.name), schema, "", faults)
    faults.refuse()
    return values


def read(found: Mapping[str, Any], schema: Schema, at: str, faults: Faults, *, keep: bool = False) -> dict[str, Any]:
    """
    Return an object in the types of its schema, and note what does not fit.

    Args:
        found: as it came.
        schema: what it should be.
        at: path of the object, with its dot; empty for the body.
        faults: takes what is wrong.
        keep: whether nulls and unknown keys stay where they are.
    """
    values: dict[str, Any] = dict(found) if keep else {}
    for each in schema.fields:
        path, given = f"{at}{each.name}", found.get(each.name)
        if given is None:
            if each.required:
                faults.is_missing(path)
            continue
        value = _value(given, each, path, faults, keep=keep)
        if value is None:
            continue
        if each.required and isinstance(value, str) and not value.strip():
            faults.is_missing(path)
            faults.blank = True
        elif each.enum and isinstance(value, str):
            spelt = spelling(value, each.enum)
            if spelt is None:
                faults.not_allowed(path, each.enum)
            values[each.name] = spelt
        else:
            values[each.name] = value
    return values


def spelling(value: str, allowed: Sequence[str]) -> str | None:
    """Return a value of an enumeration as the document spells it, whatever its letter case (MEH-GEN-11)."""
    return next((one for one in allowed if one.lower() == value.lower()), None)


def _value(given: Any, each: Field, path: str, faults: Faults, *, keep: bool) -> Any:
    if not each.is_list:
        return _one(given, each, path, faults, keep=keep)
    if not isinstance(given, list):
        faults.wrong_type(path, "an array")
        return None
    values = []
    for index, one in enumerate(given):
        if len(faults.types) + len(faults.missing) > MOST_FAULTS:
            break
        if one is not None:
            values.append(_one(one, each, f"{path}[{index}]", faults, keep=keep))
    return values


def _one(given: Any, each: Field, path: str, faults: Faults, *, keep: bool) -> Any:
    if isinstance(each.kind, Schema):
        if isinstance(given, dict):
            return read(given, each.kind, f"{path}.", faults, keep=keep)
        faults.wrong_type(path, "an object")
        return None
    value: Any
    match each.kind:
        case "any":
            return given
        case "object":
            value, wanted = (given if isinstance(given, dict) else None), "an object"
        case "string":
            value, wanted = text(given), "a string"
        case "boolean":
            value, wanted = truth(given), "a boolean"
        case "int64":
            value, wanted = integer(given), "an integer"
    if value is None:
        faults.wrong_type(path, wanted)
    return value


def text(given: Any) -> str | None:
    """Return a scalar as a string, numbers and booleans as JSON prints them; None for anything else (MEH-GEN-08)."""
    if isinstance(given, str):
        return given
    if isinstance(given, bool | int | float):
        return to_json(given).decode("ascii") if not isinstance(given, float) else _number(given)
    return None


def truth(given: Any) -> bool | None:
    """Return a boolean, or what the strings "true" and "false" say; None for anything else (MEH-GEN-08)."""
    if isinstance(given, bool):
        return given
    return _TRUTH.get(given.lower()) if isinstance(given, str) else None


def integer(given: Any) -> int | None:
    """Return an integral number or a string of digits as a 64-bit integer; None for anything else (MEH-GEN-08)."""
    if isinstance(given, bool):
        return None
    number: int | None = None
    if isinstance(given, int):
        number = given
    elif isinstance(given, float) and given.is_integer():
        number = int(given)
    elif isinstance(given, str):
        digits = given.removeprefix("-")
        if digits.isascii() and digits.isdigit() and len(digits) <= 19:
            number = int(given)
    return number if number is not None and -_INT64 <= number < _INT64 else None


def _number(given: float) -> str | None:
    """Return a fraction as JSON prints it; None for one that JSON cannot print, such as 1e400."""
    printed = to_json(given, inf_nan_mode="null").decode("ascii")
    return None if printed == "null" else printed
