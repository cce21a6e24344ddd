"""Destinations: who a request of v1 is for, and who of them cannot be reached."""

from __future__ import annotations

from typing import Any

from sandbox.core.errors import ApiError
from sandbox.providers.webex_connect.addresses import is_phone_number
from sandbox.providers.webex_connect.checked import Addressed, Fate, addressed
from sandbox.providers.webex_connect.v1.channels import Channel
from sandbox.providers.webex_connect.v1.element import Element
from sandbox.providers.webex_connect.v1.rules import RULES

LIMIT = 1000
CORRELATION_LIMIT = 50  # bytes

# What any channel may be addressed by; "email" stands in the document's list (91), though no v1 channel sends e-mail.
KNOWN = frozenset({
    "customerid", "msisdn", "email", "android_pushid", "ios_pushid", "chrome_pushid", "safari_pushid", "userid", "psid",
    "waid", "bsuid", "abcuserid", "firefox_pushid", "hms_pushid", "pushid", "correlationid",
})  # fmt: skip
_TOLERATED = str.maketrans("", "", " -")
_INVALID_ADDRESS = Fate("Failed", "7102")
_UNKNOWN_PROFILE = Fate("Failed", "7105")


Stated = list[tuple[str, str, Any]]  # key, value and correlation id as given (None for none), one for each value


def read(data: dict[str, Any], channel: Channel, element: Element) -> tuple[Stated, int]:
    """
    Return the destinations of a request, and how many objects there are of them.

    Raises:
        ApiError: WX1-DEST-01, -02, -03 or -05.

    Source: 88-94, 118, 157.
    """
    objects = data.get("destination")
    if _is_absent(objects):
        raise RULES.broken("WX1-DEST-01")
    if not isinstance(objects, list):
        raise RULES.broken("WX1-DEST-02", detail="destination is no array")
    found: Stated = []
    for index, entry in enumerate(objects):
        if not isinstance(entry, dict):
            raise RULES.broken("WX1-DEST-02", detail=f"destination[{index}] is no object")
        key, values, correlation = _used(entry, channel, element, index)
        if not isinstance(values, list):
            raise RULES.broken("WX1-DEST-02", detail=f"destination[{index}].{key} is no array")
        if len(found) + len(values) > LIMIT:
            raise too_many()
        for value in values:
            if not value or not isinstance(value, str):
                raise RULES.broken("WX1-DEST-02", detail=f"destination[{index}].{key} holds no non-empty string")
            found.append((key, value, correlation))
    return found, len(objects)


def too_many() -> ApiError:
    """Return the error for more than 1000 destinations, however they come together (WX1-DEST-05)."""
    return RULES.broken("WX1-DEST-05", detail=f"the request has more than {LIMIT} destinations")


def correlated(stated: Stated, of_request: str) -> tuple[Addressed, ...]:
    """Give each destination its correlation id: its object's, else the request's. Raises WX1-ENV-08."""
    return tuple(
        [  # a list is filled faster than a tuple
            addressed(key, value, of_request if own is None or own == "" else correlation_id(own))
            for key, value, own in stated
        ]
    )


def correlation_id(value: Any) -> str:
    """Return a correlation id that keeps the limit. Raises WX1-ENV-08."""
    if not isinstance(value, str):
        raise RULES.broken("WX1-ENV-08", detail="correlationid is no string")
    # No letter takes more than four bytes, and few ids come near the limit.
    if len(value) * 4 > CORRELATION_LIMIT and len(value.encode("utf-8", "surrogatepass")) > CORRELATION_LIMIT:
        raise RULES.broken("WX1-ENV-08", detail=f"correlationid has more than {CORRELATION_LIMIT} bytes")
    return value


def _used(entry: dict[str, Any], channel: Channel, element: Element, index: int) -> tuple[str, Any, Any]:
    """
    Return key and values of the address that the channel uses, and the correlation id beside them.

    Names compare without letter case. Other addresses are ignored with a warning (WX1-DEST-04).

    Raises:
        ApiError: WX1-DEST-03, where there is none that the channel knows.
    """
    key = channel.keys[0]
    values = entry.get(key)
    if values and (len(entry) == 1 or (len(entry) == 2 and "correlationid" in entry)):
        return key, values, entry.get("correlationid")  # as nearly all of them are
    members = {name.lower(): value for name, value in entry.items()}
    element.look_for_unknown_in_any_case(entry, KNOWN, f"destination[{index}]")
    usable = [key for key in channel.keys if not _is_absent(members.get(key.lower()))]
    if not usable:
        raise RULES.broken("WX1-DEST-03", detail=f"destination[{index}] has none of {', '.join(channel.keys)}")
    key = usable[0]
    for name in members:
        if name in KNOWN and name not in (key.lower(), "correlationid"):
            element.warn("WX1-DEST-04", f"destination[{index}].{name} is ignored: {key} is used")
    return key, members[key.lower()], members.get("correlationid")


def _is_absent(value: Any) -> bool:
    return not value and (value is None or isinstance(value, str | list | dict))


def note_unreachable(addressed: tuple[Addressed, ...], element: Element) -> None:
    """Note who is no phone number (WX1-DEST-06), and who has no profile where profiles are declared (WX1-PUSH-15)."""
    for one in addressed:
        key = one.key
        if key == "msisdn":
            if not is_phone_number(one.value) and not is_phone_number(one.value.translate(_TOLERATED)):
                element.will_to(one, _INVALID_ADDRESS)
        elif key in ("customerid", "userid"):
            profiles = element.settings.profiles
            if profiles and one.value not in profiles:
                element.will_to(one, _UNKNOWN_PROFILE)
