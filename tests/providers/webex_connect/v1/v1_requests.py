"""Requests of v1 for tests, and what the checks say of them."""

from __future__ import annotations

from typing import Any

import pytest

from harness import NOON
from sandbox.core.errors import ApiError
from sandbox.providers.webex_connect.account import ServiceSettings
from sandbox.providers.webex_connect.checked import Checked, Fate
from sandbox.providers.webex_connect.v1.errors import BY_CODE
from sandbox.providers.webex_connect.v1.request import check_element

PHONE = "+447700900123"
OMIT = object()  # as the value of a member: leave it out


def without_omitted(members: dict[str, Any]) -> dict[str, Any]:
    """Return the members that are not `OMIT`."""
    return {name: value for name, value in members.items() if value is not OMIT}


def request(channel: str, channels: Any, /, *addresses: str, key: str = "msisdn", **members: Any) -> dict[str, Any]:
    """Return a request object; `members` replace or, given as `OMIT`, remove what stands at its top."""
    whole = {
        "deliverychannel": channel,
        "channels": channels,
        "destination": [{key: list(addresses or (PHONE,))}],
        **members,
    }
    return without_omitted(whole)


def sms(block: dict[str, Any] | None = None, /, **members: Any) -> dict[str, Any]:
    """Return an SMS that says "Hello"; `block` changes its object, `members` the request."""
    return request("sms", {"sms": without_omitted({"text": "Hello", **(block or {})})}, **members)


# The smallest message of each channel, by the name that the answers use, with the place where its object stands.
SMALLEST: dict[str, tuple[tuple[str, ...], dict[str, Any], str, str]] = {
    "sms": (("sms",), {"text": "Hello"}, "msisdn", "+447700900123"),
    "voice": (("voice",), {"promptid": "1"}, "msisdn", "+447700900123"),
    "push": (("push",), {"android": {"text": "Hello"}}, "android_pushid", "abc"),
    "appmessaging": (("appmessaging",), {"thread_id": "t", "message": {"text": "Hello"}}, "userid", "u"),
    "fb": (("OTT-Messaging", "fb"), {"text": "Hello"}, "psid", "123"),
    "whatsapp": (("OTT-Messaging", "wa"), {"type": "text", "text": {"body": "Hello"}}, "waid", "447700900123"),
    "applebusinesschat": (("AppleBusinessChat",), {"type": "text", "text": "Hello"}, "abcUserId", "urn:mbid:1"),
}


def smallest(name: str, /, **members: Any) -> dict[str, Any]:
    """Return the smallest request of a channel."""
    place, block, key, address = SMALLEST[name]
    channels: dict[str, Any] = block
    for step in reversed(place):
        channels = {step: channels}
    return request(name, channels, address, key=key, **{"appid": "app", **members})


def check(data: Any, **settings: Any) -> Checked:
    """Check a request object at noon, by a service of these settings."""
    return check_element(data, ServiceSettings(**settings), NOON)


def refusal(data: Any, **settings: Any) -> ApiError:
    """Return why a request object is refused."""
    with pytest.raises(ApiError) as refused:
        check(data, **settings)
    return refused.value


def assert_refused(data: Any, rule: str, code: str, detail: str | None = None, **settings: Any) -> None:
    """Check which rule a request breaks, and the whole answer: code, and label with detail (the label alone for None)."""
    error = refusal(data, **settings)
    label = BY_CODE[code].message
    assert (error.rule, error.spec.code, error.message) == (rule, code, f"{label}: {detail}" if detail else label)


def fates(data: Any, **settings: Any) -> list[Fate | None]:
    """Return what becomes of each destination of an accepted request, as far as it is known."""
    checked = check(data, **settings)
    return [checked.fate(addressed) for addressed in checked.addressed]
