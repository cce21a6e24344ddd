"""Buttons: the elements under a message, as a request gives them and as a handset shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sandbox.core.content import SuggestedAction, Suggestion
from sandbox.providers.mehery import world
from sandbox.providers.mehery.addresses import phone_number
from sandbox.providers.mehery.errors import PARAM_INVALID, FieldFault, RefusalError
from sandbox.providers.mehery.links import is_link
from sandbox.providers.mehery.reading import MOST_FAULTS, Field, Schema, spelling
from sandbox.providers.mehery.vocabulary import BUTTON_TYPES

# Source: 7404-7417
TMPL_ELEMENT = Schema(
    "TmplElement", tuple(Field(name) for name in ("code", "desc", "label", "name", "phone", "type", "url"))
)
OPTIONS = Schema("CommonMsgOptions", (Field("buttons", TMPL_ELEMENT, is_list=True),))

WITH_BUTTONS = ("text", "image", "video", "document", "location", "template")  # MEH-SEND-20
LOCATION_REQUEST = "LOCATION_REQUEST"  # later published versions of the document have it
MOST, MOST_OF_TYPE = 10, {"URL": 2, "PHONE_NUMBER": 1}  # MEH-SEND-24
# Characters of a label: WhatsApp shows up to three replies as buttons, more of them as a list (MEH-SEND-22).
_FEW_REPLIES, _SHORT_LABEL, _LONG_LABEL = 3, 20, 24

_AT = "options.buttons"
_Fault = tuple[str, FieldFault]


def checked(given: Sequence[Mapping[str, Any]], *, later_docs: bool, schema: str) -> tuple[world.Button, ...]:
    """
    Return the buttons of a request.

    Args:
        given: as they were read, each a `TmplElement`.
        later_docs: whether a button may ask for a location.
        schema: the document's name for the request body.

    Raises:
        RefusalError: with all that is wrong with them (MEH-SEND-21 to MEH-SEND-24).
    """
    types = (*BUTTON_TYPES, LOCATION_REQUEST) if later_docs else BUTTON_TYPES
    kinds = [spelling(str(one.get("type") or BUTTON_TYPES[0]), types) for one in given]
    faults = list(_too_many(kinds))
    if not faults:
        limit = _SHORT_LABEL if kinds.count(BUTTON_TYPES[0]) <= _FEW_REPLIES else _LONG_LABEL
        for index, (one, kind) in enumerate(zip(given, kinds, strict=True)):
            faults += _faults(one, kind, f"{_AT}[{index}]", limit, types)
        faults += _repeated(given)
    if faults:
        listed = [fault for _, fault in faults[:MOST_FAULTS]]
        raise RefusalError(PARAM_INVALID, faults[0][0], listed, schema=schema)
    return tuple(_button(one, kind or "") for one, kind in zip(given, kinds, strict=True))


def _too_many(kinds: Sequence[str | None]) -> Iterator[_Fault]:
    counts = [("", len(kinds), MOST), *((f"{kind} ", kinds.count(kind), most) for kind, most in MOST_OF_TYPE.items())]
    for kind, number, most in counts:
        if number > most:
            says = f"{_AT} has {number} {kind}buttons; {most} are allowed"
            yield "MEH-SEND-24", FieldFault("BUTTONS_LIMIT_EXCEEDED", _AT, says)


def _faults(one: Mapping[str, Any], kind: str | None, at: str, limit: int, types: tuple[str, ...]) -> Iterator[_Fault]:
    if kind is None:
        says = f"{at}.type has a value that is not allowed"
        yield "MEH-SEND-21", FieldFault("VALUE_NOT_ALLOWED", f"{at}.type", says, types)
    label = one.get("label") or ""
    if not label.strip() or len(label) > limit:
        yield "MEH-SEND-22", _invalid(f"{at}.label", f"must have 1 to {limit} characters")
    if kind == "URL" and not is_link(one.get("url") or ""):
        yield "MEH-SEND-23", _invalid(f"{at}.url", "must be an absolute http or https URL")
    if kind == "PHONE_NUMBER" and phone_number(one.get("phone") or "") is None:
        yield "MEH-SEND-23", _invalid(f"{at}.phone", "must have 7 to 15 digits")


def _repeated(given: Sequence[Mapping[str, Any]]) -> Iterator[_Fault]:
    seen: set[str] = set()
    for index, one in enumerate(given):
        code = _code(one)
        if code in seen:
            yield "MEH-SEND-24", _invalid(f"{_AT}[{index}].code", "must differ from those before it")
        seen.add(code)


def _invalid(field: str, says: str) -> FieldFault:
    return FieldFault("BUTTON_INVALID", field, f"{field} {says}")


def _code(one: Mapping[str, Any]) -> str:
    """Return a button's code: its own, else its label (MEH-SEND-25)."""
    return str(one.get("code") or one.get("label") or "")


def _button(one: Mapping[str, Any], kind: str) -> world.Button:
    return world.Button(_code(one), str(one["label"]), kind, one.get("url"), one.get("phone"), one.get("desc"))


def element(button: world.Button) -> dict[str, Any]:
    """Return `TmplElement` of a button; its name is its code, whatever the request said (MEH-SEND-25)."""
    return {
        "code": button.code,
        "name": button.code,
        "label": button.label,
        "desc": button.desc,
        "type": button.type,
        "url": button.url,
        "phone": button.phone,
    }


def suggestions(buttons: Iterable[world.Button]) -> tuple[Suggestion, ...]:
    """Return buttons as a handset shows them; what a quick reply sends back is its code."""
    return tuple(Suggestion(button.label, button.code, _action(button)) for button in buttons)


def _action(button: world.Button) -> SuggestedAction | None:
    match button.type:
        case "URL":
            return SuggestedAction("open_url", {"url": button.url})
        case "PHONE_NUMBER":
            return SuggestedAction("call", {"phone": button.phone})
        case "LOCATION_REQUEST":
            return SuggestedAction("request_location")
        case _:
            return None
