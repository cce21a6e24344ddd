"""Voice: calls that follow a call flow or play a prompt."""

from __future__ import annotations

import re
from typing import Any

from sandbox.core.content import Other
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.checked import Addressed
from sandbox.providers.webex_connect.v1.element import Element
from sandbox.providers.webex_connect.v1.rules import RULES
from sandbox.providers.webex_connect.values import given

KNOWN = frozenset({"callflowid", "promptid", "media", "cli", "parameters"})
_IDS = ("callflowid", "promptid", "media")
_CALLER = re.compile(r"\+?[0-9]{1,30}")


def check(block: dict[str, Any], element: Element) -> None:
    """Check `channels.voice`. Source: 234-261; WX1-VOICE-01 to -04."""
    element.look_for_unknown(block, KNOWN, "channels.voice")
    callflow, prompt, media = (given(block, name) for name in _IDS)
    if callflow is None and prompt is None and media is None and element.template is None:
        raise RULES.broken("WX1-VOICE-01")
    if callflow is not None and (prompt is not None or media is not None):
        raise RULES.broken("WX1-VOICE-02", detail="callflowid stands beside a prompt")
    if prompt is not None and media is not None:
        raise RULES.broken("WX1-VOICE-03", detail="promptid and media are two names of one thing")
    for name in _IDS:
        value = given(block, name)
        if value is not None and not isinstance(value, str) and not _is_small_integer(value):
            raise RULES.broken("WX1-VOICE-04", path=name)
    caller = given(block, "cli")
    if caller is not None:
        if not isinstance(caller, str) or not _CALLER.fullmatch(caller):
            raise RULES.broken("WX1-VOICE-04", path="cli")
        element.sender = caller


def _is_small_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18


def content(block: dict[str, Any], _element: Element, _addressed: Addressed) -> Body | None:
    """Return what the phone would tell of the call: which flow or prompt it is about."""
    for name in _IDS:
        value = given(block, name)
        if value is not None:
            words = "Call flow" if name == "callflowid" else "Prompt"
            return Body(Other(f"{words} {value}", {name: value}))
    return None
