"""SMS: text, flash, binary and unicode messages."""

from __future__ import annotations

import re
from typing import Any

from sandbox.core.content import Other, Text
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.checked import Addressed, Fate
from sandbox.providers.webex_connect.v1 import templates
from sandbox.providers.webex_connect.v1.element import Element
from sandbox.providers.webex_connect.v1.rules import RULES, invalid
from sandbox.providers.webex_connect.values import given

DEFAULT_SENDER = "CONNCT"
TEXT_LIMIT = 1024  # characters
TEMPLATE_LIMIT = 1024  # bytes

KNOWN = frozenset({"text", "senderid", "type", "body", "extras", "parameters"})
KNOWN_EXTRAS = frozenset({"dlt_templateid"})
_BINARY = 3
TYPES: dict[str | int | None, int] = {
    None: 1,
    "": 1,
    **{name: kind for kind in (1, 2, 3, 4) for name in (kind, str(kind))},
}
_HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_DIGITS = re.compile(r"[0-9]+")


def check(block: dict[str, Any], element: Element) -> None:
    """Check `channels.sms`. Source: 201-219; WX1-SMS-01 to -08."""
    element.look_for_unknown(block, KNOWN, "channels.sms")
    text = block.get("text")
    if text is not None and not isinstance(text, str):
        raise RULES.broken("WX1-SMS-02", detail="text is no string")
    if text and len(text) > TEXT_LIMIT:
        raise RULES.broken("WX1-SMS-02", detail=f"text has {len(text)} characters")
    kind = _kind(block)
    if text:
        if kind != _BINARY:
            element.text = text
    elif kind != _BINARY:
        if element.template is None:
            raise RULES.broken("WX1-SMS-01")
        _measure_template(element)
    if "body" in block:
        _check_binary(block, kind, element)
    elif kind == _BINARY and element.template is None:
        raise RULES.broken("WX1-SMS-04")
    extras = block.get("extras")
    if extras is not None:
        _check_extras(extras, element)
    _check_sender(block, element)


def content(block: dict[str, Any], _element: Element, _addressed: Addressed) -> Body | None:
    """Return the text as it is shown; of a binary message its hexadecimal body."""
    if _kind(block) == _BINARY:
        body = block.get("body")
        return Body(Other(body, {"type": "binary", "body": body})) if body else None
    text = block.get("text")
    return Body(Text(text)) if text else None


def _kind(block: dict[str, Any]) -> int:
    """Return the message type. Raises WX1-SMS-03. A number may be given as one, though the samples have strings."""
    kind = block.get("type")
    # True and 1.0 are equal to 1, and a list is no key.
    found = TYPES.get(kind) if kind is None or kind.__class__ in (str, int) else None
    if found is None:
        raise RULES.broken("WX1-SMS-03")
    return found


def _check_binary(block: dict[str, Any], kind: int, element: Element) -> None:
    body = block["body"]
    if kind != _BINARY:
        element.warn("WX1-SMS-06", "body is ignored unless type is 3")
    elif body is None or body == "":
        if element.template is None:
            raise RULES.broken("WX1-SMS-04")
    elif not isinstance(body, str) or not _HEXADECIMAL.fullmatch(body):
        raise RULES.broken("WX1-SMS-05")


def _check_extras(extras: Any, element: Element) -> None:
    if not isinstance(extras, dict):
        raise invalid("WX1-JSON-02", "extras")
    element.look_for_unknown(extras, KNOWN_EXTRAS, "channels.sms.extras")
    registered = given(extras, "dlt_templateid")
    if registered is not None and not (isinstance(registered, str) and _DIGITS.fullmatch(registered)):
        raise invalid("WX1-JSON-02", "extras.dlt_templateid")


def _measure_template(element: Element) -> None:
    """
    Keep the template's text, which is limited in bytes where a text is limited in characters (WX1-TPL-05).

    "Message length is limited to 1024 bytes per SMS." (156)
    """
    element.text = templates.rendered(element)
    if element.text is not None and len(element.text.encode("utf-8", "surrogatepass")) > TEMPLATE_LIMIT:
        element.will(Fate("Failed", "7107"))


def _check_sender(block: dict[str, Any], element: Element) -> None:
    """Find the sender (WX1-SMS-07); one that the service does not have fails by receipt (WX1-SMS-08)."""
    sender = block.get("senderid")
    if sender is None or sender == "":
        sender = DEFAULT_SENDER
    elif not isinstance(sender, str):
        raise invalid("WX1-SMS-07", "senderid")
    element.sender = sender
    senders = element.settings.senders
    if senders and sender != DEFAULT_SENDER and sender not in senders:
        element.will(Fate("Failed", "7101"))
