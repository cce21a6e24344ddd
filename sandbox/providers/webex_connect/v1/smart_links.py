"""Smart links: short addresses that the platform puts where a text has `{{link_5}}`, and whose clicks it tells of."""

from __future__ import annotations

import re
from typing import Any

from sandbox.providers.webex_connect.checked import Addressed
from sandbox.providers.webex_connect.links import short_address
from sandbox.providers.webex_connect.v1.element import Element
from sandbox.providers.webex_connect.v1.rules import RULES, invalid
from sandbox.providers.webex_connect.values import given, integer

KNOWN = frozenset({"linkid", "validity"})
_PLACEHOLDER = re.compile(r"\{\{link_([0-9]{1,18})\}\}")


def put_into(text: str, addressed: Addressed) -> str:
    """Return the text of a destination, with a link in place of each placeholder."""
    return _PLACEHOLDER.sub(lambda found: short_address(int(found[1]), addressed), text)


def check(data: dict[str, Any], channels: dict[str, Any], replaced: bool, element: Element) -> bool:
    """
    Check the smart links and the placeholders for them; return whether the text has any to be replaced.

    Args:
        data: the request object, where they may stand as well.
        channels: its channels, where the document has them.
        replaced: whether the channel takes links at all (WX1-LINK-04).
        element: what the channel has found out about its text.

    Raises:
        ApiError: WX1-LINK-01 to -03.

    Source: 51-57, 103-109, 169-171, 230.
    """
    entries = given(channels, "smartlinks")
    if entries is None:
        entries = given(data, "smartlinks")
    text = element.text
    if entries is None and (text is None or "{{link_" not in text):
        return False
    ids = _ids(entries, element) if entries is not None else set()
    placed = [int(found) for found in _PLACEHOLDER.findall(text or "")]
    if not replaced:
        element.warn("WX1-LINK-04", f"smart links are left as they are on {element.channel}")
        return False
    for link in placed:
        if link not in ids:
            raise RULES.broken("WX1-LINK-01", link=link)
    return bool(placed)


def _ids(entries: Any, element: Element) -> set[int]:
    if not isinstance(entries, list):
        raise RULES.broken("WX1-LINK-02", detail="smartlinks is no array")
    ids: set[int] = set()
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict):
            raise invalid("WX1-LINK-03", f"smartlinks[{index}]")
        element.look_for_unknown(entry, KNOWN, f"smartlinks[{index}]")
        link = _positive(entry, "linkid", index)
        _positive(entry, "validity", index)
        if link in ids:
            raise RULES.broken("WX1-LINK-02", detail=f"linkid {link} stands twice")
        ids.add(link)
    return ids


def _positive(entry: dict[str, Any], name: str, index: int) -> int:
    value = given(entry, name)
    if value is None:
        raise RULES.broken("WX1-LINK-03", index=index, name=name)
    found = integer(value)
    if found is None or found < 1:
        raise invalid("WX1-LINK-03", f"smartlinks[{index}].{name}")
    return found
