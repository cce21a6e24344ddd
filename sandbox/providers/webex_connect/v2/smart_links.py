"""Smart links: short addresses that the platform puts where an SMS has `{{link_5}}`."""

from __future__ import annotations

import re
from typing import Any

from sandbox.providers.webex_connect.checked import Addressed
from sandbox.providers.webex_connect.links import short_address
from sandbox.providers.webex_connect.v2.rules import RULES, invalid
from sandbox.providers.webex_connect.values import given, integer

_PLACEHOLDER = re.compile(r"\{\{(?:smart)?link_([0-9]{1,18})\}\}")


def check(body: dict[str, Any], text: str | None) -> None:
    """
    Check the entries, and that the placeholders of an SMS have theirs.

    Args:
        body: the request object.
        text: an SMS's text; None on the other channels, where placeholders are plain words.

    Raises:
        ApiError: WX2-LINK-01 or -02.

    Source: 117-122.
    """
    entries = given(body, "smartlinks")
    placed = _PLACEHOLDER.findall(text) if text is not None and "link_" in text else []
    if entries is None and not placed:
        return
    ids = _ids(entries) if entries is not None else set()
    for link in placed:
        if int(link) not in ids:
            raise RULES.broken("WX2-LINK-01", detail=f"no entry for link {link}")


def put_into(text: str, addressed: Addressed) -> str:
    """Return the text with a link in place of each placeholder."""
    if "link_" not in text:
        return text
    return _PLACEHOLDER.sub(lambda found: short_address(int(found[1]), addressed), text)


def _ids(entries: Any) -> set[int]:
    if not isinstance(entries, list):
        raise invalid("WX2-LINK-02", "smartlinks")
    ids: set[int] = set()
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict):
            raise invalid("WX2-LINK-02", f"smartlinks[{index}]")
        # "linkid" is v1's name for it.
        name = "smartlinkId" if given(entry, "smartlinkId") is not None or "linkid" not in entry else "linkid"
        link = _positive(entry, name, index)
        _positive(entry, "validity", index)
        if link in ids:
            raise invalid("WX2-LINK-02", f"smartlinks[{index}].{name}", detail=f"link {link} stands twice")
        ids.add(link)
    return ids


def _positive(entry: dict[str, Any], name: str, index: int) -> int:
    value = given(entry, name)
    if value is None:
        raise RULES.broken("WX2-LINK-02", path=f"smartlinks[{index}].{name}")
    found = integer(value)
    if found is None or found < 1:
        raise invalid("WX2-LINK-02", f"smartlinks[{index}].{name}")
    return found
