"""Bodies: reads the JSON of a request, and refuses what has not the documented shape."""

from __future__ import annotations

from typing import Any

from pydantic_core import from_json

from sandbox.core.errors import ApiError
from sandbox.core.operation import Call
from sandbox.core.schema import Defect, Loc, Schema, json_path, without_nulls
from sandbox.providers.link.account import settings_of
from sandbox.providers.link.models import (
    ACTIONS,
    CARDS,
    CONTENTS,
    CONVERSATION_MESSAGE,
    MAX_CARDS,
    MIN_CARDS,
    ConversationCard,
    MessageContent,
    Suggestion,
)
from sandbox.providers.link.rules import RULES

_TYPES = {
    "string_type": "a string",
    "float_type": "a number",
    "dict_type": "an object",
    "list_type": "an array",
}
_WARNINGS = 20  # unknown members that are named one by one; a hostile body has a hundred thousand


def message(call: Call) -> dict[str, Any]:
    """Return the `messageContent` of the body. Raises what `read` does, and LINK-MSG-09."""
    data = read(call, CONVERSATION_MESSAGE)
    if "sendTime" in data:
        raise RULES.broken("LINK-MSG-09")
    if "error" in data:
        call.warnings.append("LINK-MSG-10: error belongs to the answer and was ignored")
    content: dict[str, Any] = data["messageContent"]
    return content


def read(call: Call, schema: Schema) -> dict[str, Any]:
    """
    Return the body as sent, without nulls and unknown members.

    Raises LINK-GEN-11 for what is no JSON, and the rules that the schema's members cite. Unknown members become
    warnings, or LINK-GEN-13 if the account is strict about them.
    """
    raw = call.request.body
    try:
        data: Any = from_json(raw, allow_inf_nan=False, cache_strings="keys")
    except ValueError as error:
        raise RULES.broken("LINK-GEN-11", reason=_why_malformed(raw, str(error))) from None
    if b"null" in raw:
        data = without_nulls(data)
    unknown, defect = schema.fit(data)
    if unknown:
        _unknown(call, unknown)
    if defect is not None:
        raise _broken_choice(schema, data, defect.loc) or _refusal(defect)
    return data  # type: ignore[no-any-return]  # the schema has found it to be an object


def _why_malformed(raw: bytes, reason: str) -> str:
    if b"\xc2\xa0" in raw:
        return f"{reason}; the text holds a non-breaking space (U+00A0), as samples copied from a PDF do"
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return f"not UTF-8 at byte {error.start}"
    return reason


def _unknown(call: Call, unknown: list[Loc]) -> None:
    if settings_of(call.account).strict_unknown_fields:
        raise RULES.broken("LINK-GEN-13", path=json_path(unknown[0]))
    for loc in unknown[:_WARNINGS]:
        call.warnings.append(f"LINK-GEN-13: {json_path(loc)} is unknown and was ignored")
    if len(unknown) > _WARNINGS:
        call.warnings.append(f"LINK-GEN-13: {len(unknown) - _WARNINGS} more unknown members were ignored")


def _broken_choice(schema: Schema, data: Any, loc: Loc) -> ApiError | None:
    """Return what is wrong with the choices on the way to a defect, since parents are judged before their children."""
    for at, shape, members in schema.objects_along(data, loc):
        if shape is MessageContent and sum(name in members for name in CONTENTS) != 1:
            return RULES.broken("LINK-MSG-12")
        if shape is ConversationCard and sum(name in members for name in CARDS) != 1:
            return RULES.broken("LINK-MSG-17")
        if shape is Suggestion and sum(name in members for name in ACTIONS) > 1:
            return RULES.broken("LINK-SUG-05", path=json_path(at))
    return None


def _refusal(defect: Defect) -> ApiError:
    """Return the answer to a defect: by the rule its member cites, or the general one for types and enumerations."""
    cites, path = defect.cites, defect.path
    rule = cites.limit or "LINK-GEN-12"
    match defect.type:
        case "missing":
            return RULES.broken(cites.missing or "LINK-GEN-14", message="{path}: is required", path=path)
        case "literal_error":
            values = defect.context["expected"].replace("'", "").replace(" or ", ", ")
            return RULES.broken("LINK-GEN-18", path=path, values=values)
        case kind if kind in _TYPES:
            message = "{path}: must be {type}"
            return RULES.broken(cites.kind or "LINK-GEN-12", message=message, path=path, type=_TYPES[kind])
        case "string_too_short" if rule != "LINK-MSG-13":
            return RULES.broken(rule, message="{path}: is required", path=path)
        case "string_too_long":
            return RULES.broken(rule, path=path, limit=defect.context["max_length"])
        case "greater_than_equal" | "less_than_equal":
            end = 90 if defect.loc[-1] == "latitude" else 180
            return RULES.broken(rule, path=path, minimum=-end, maximum=end)
        case "too_short" | "too_long":
            return RULES.broken(rule, path=path, minimum=MIN_CARDS, maximum=MAX_CARDS)
        case _:
            return RULES.broken(rule, path=path, type="valid")
