"""Templates: messages that the platform keeps, named and filled by a request."""

from __future__ import annotations

import re
from typing import Any

from sandbox.providers.webex_connect.v1.element import Element
from sandbox.providers.webex_connect.v1.rules import RULES, invalid
from sandbox.providers.webex_connect.values import given

KNOWN = frozenset({"template", "parameters"})
_LONGEST = 1_000_000  # characters of a message that nobody could send anyway
_BLANK = re.compile(r"\$\(([^()]*)\)")


def named(data: dict[str, Any]) -> Any:
    """Return the template that a request names, as it stands there; None for none, and for an empty one."""
    message = data.get("message")
    return given(message, "template") if isinstance(message, dict) else None


def check(data: dict[str, Any], block: dict[str, Any], element: Element) -> None:
    """
    Check the template and its parameters, and keep them.

    Args:
        data: the request object.
        block: the channel's.
        element: where they are kept.

    Raises:
        ApiError: WX1-TPL-01 or -02.

    Source: 149-156.
    """
    message = given(data, "message")
    if message is None:
        return
    if not isinstance(message, dict):
        raise invalid("WX1-TPL-01", "message")
    element.look_for_unknown(message, KNOWN, "message")
    template = given(message, "template")
    if template is None:
        return
    if not isinstance(template, str):
        raise invalid("WX1-TPL-01", "message.template")
    declared = element.settings.templates
    if declared and (template not in declared or declared[template].channel != element.channel):
        raise RULES.broken("WX1-TPL-01", detail=f"no template of that id is declared for {element.channel}")
    element.template = template
    element.parameters = {
        **_parameters(message, "message.parameters"),
        # WX1-TPL-03: "The parameters in this message block are overridden if a channel specific parameter block is also used." (155)
        **_parameters(block, "parameters"),
    }
    for name in declared[template].params if declared else ():
        if name not in element.parameters:
            raise RULES.broken("WX1-TPL-02", name=name)


def rendered(element: Element) -> str | None:
    """Return the template's text with its blanks filled; None where the template is not declared."""
    declared = element.settings.templates.get(element.template or "")
    if declared is None:
        return None
    parameters = element.parameters or {}
    pieces: list[str] = []
    size = at = 0
    for blank in _BLANK.finditer(declared.text):
        pieces += (declared.text[at : blank.start()], parameters.get(blank[1], blank[0]))
        size += len(pieces[-2]) + len(pieces[-1])
        at = blank.end()
        if size > _LONGEST:  # many blanks for one long value
            break
    pieces.append(declared.text[at:])
    return "".join(pieces)


def _parameters(block: dict[str, Any], path: str) -> dict[str, str]:
    parameters = given(block, "parameters")
    if parameters is None:
        return {}
    if not isinstance(parameters, dict):
        raise invalid("WX1-TPL-02", path)
    for name, value in parameters.items():
        if not isinstance(value, str):
            raise invalid("WX1-TPL-02", f"{path}.{name}")
    return parameters
