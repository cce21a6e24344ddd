"""Contact policy: the group whose consent and frequency cap a request wants to be kept."""

from __future__ import annotations

from typing import Any

from sandbox.providers.webex_connect.checked import ContactPolicy
from sandbox.providers.webex_connect.v1.element import Element
from sandbox.providers.webex_connect.v1.rules import RULES, invalid
from sandbox.providers.webex_connect.values import given, truth

KNOWN = frozenset({"contactPolicyGroup", "channelCheckConsent", "channelApplyFrequencyCap"})
_FLAGS = ("channelCheckConsent", "channelApplyFrequencyCap")


def check(data: dict[str, Any], channels: dict[str, Any], element: Element) -> ContactPolicy | None:
    """
    Check the contact policy, which stands among the channels in the document and at the root on public pages.

    Returns what is to be asked of the group; None where nothing is.

    Raises:
        ApiError: WX1-CP-01 or -02.

    Source: 58-65.
    """
    policy = channels.get("contactPolicy")
    if policy is None:
        policy = data.get("contactPolicy")
    if policy is None:
        return None
    if not isinstance(policy, dict):
        raise invalid("WX1-CP-02", "contactPolicy")
    element.look_for_unknown(policy, KNOWN, "contactPolicy")
    flags = []
    for name in _FLAGS:
        value = given(policy, name)
        flag = False if value is None else truth(value)
        if flag is None:
            raise invalid("WX1-CP-02", f"contactPolicy.{name}")
        flags.append(flag)
    consent, cap = flags
    if not (consent or cap):
        raise RULES.broken("WX1-CP-02", detail="neither flag is true")
    group = given(policy, "contactPolicyGroup")
    if group is None:
        raise RULES.broken("WX1-CP-01")
    if not isinstance(group, str):
        raise invalid("WX1-CP-01", "contactPolicyGroup")
    return ContactPolicy(group, consent, cap)
