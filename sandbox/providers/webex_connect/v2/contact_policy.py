"""Contact policy: the group whose consent and frequency cap a request wants to be kept, as in v1."""

from __future__ import annotations

from typing import Any

from sandbox.providers.webex_connect.checked import ContactPolicy
from sandbox.providers.webex_connect.v2.rules import RULES, invalid
from sandbox.providers.webex_connect.values import given, truth

_FLAGS = ("channelCheckConsent", "channelApplyFrequencyCap")


def check(body: dict[str, Any]) -> ContactPolicy | None:
    """
    Return what is to be asked of the group; None where nothing is.

    Raises:
        ApiError: WX2-CP-01.
    """
    policy = body.get("contactPolicy")
    if policy is None:
        return None
    if not isinstance(policy, dict):
        raise invalid("WX2-CP-01", "contactPolicy")
    consent, cap = (_flag(policy, name) for name in _FLAGS)
    group = given(policy, "contactPolicyGroup")
    if not (consent or cap):
        raise invalid("WX2-CP-01", "contactPolicy", detail="neither flag is true")
    if group is None:
        raise RULES.broken("WX2-CP-01", path="contactPolicy.contactPolicyGroup")
    if not isinstance(group, str):
        raise invalid("WX2-CP-01", "contactPolicy.contactPolicyGroup")
    return ContactPolicy(group, consent, cap)


def _flag(policy: dict[str, Any], name: str) -> bool:
    value = given(policy, name)
    flag = False if value is None else truth(value)
    if flag is None:
        raise invalid("WX2-CP-01", f"contactPolicy.{name}")
    return flag
