"""Destinations: who a request of v2 is for."""

from __future__ import annotations

from typing import Any, NamedTuple

from sandbox.providers.webex_connect.account import ServiceSettings
from sandbox.providers.webex_connect.addresses import is_e164_number, is_phone_number
from sandbox.providers.webex_connect.v2.rules import RULES, invalid
from sandbox.providers.webex_connect.values import given

LIMIT = 1000
CORRELATION_LIMIT = 50  # bytes; the number is v1's (its line 145)


class Stated(NamedTuple):
    """One destination object as a request has it; `substitutions` are not looked at yet, and None where absent."""

    values: list[str]
    correlation_id: str | None
    substitutions: Any


def read(body: dict[str, Any], key: str, settings: ServiceSettings) -> tuple[list[Stated], int]:
    """
    Return the destination objects, and how many addresses they have.

    Args:
        body: the request object.
        key: where the channel's addresses stand: `msisdn` or `email`.
        settings: the service's, which say what a phone number is.

    Raises:
        ApiError: WX2-TO-01 to -05 and -07.

    Source: 107-110, 355-367.
    """
    objects = given(body, "to")
    if objects is None:
        raise RULES.broken("WX2-TO-01")
    if not isinstance(objects, list):
        raise invalid("WX2-TO-01", "to", detail="to is no array")
    stated: list[Stated] = []
    count = 0
    for index, entry in enumerate(objects):
        if not isinstance(entry, dict):
            raise invalid("WX2-TO-01", "to", detail=f"to[{index}] is no object")
        values = given(entry, key)
        if values is None:
            raise RULES.broken("WX2-TO-02", path=f"to[{index}].{key}")
        if not isinstance(values, list):
            raise RULES.broken("WX2-TO-03", path=f"to[{index}].{key}", detail="addresses stand in an array")
        for value in values:
            if not isinstance(value, str):
                raise RULES.broken("WX2-TO-03", path=f"to[{index}].{key}", detail="an address is a string")
            if not value:
                raise RULES.broken("WX2-TO-02", path=f"to[{index}].{key}", detail="an address is empty")
        count += len(values)
        stated.append(Stated(values, entry.get("correlationId"), entry.get("substitutions")))
    if count > LIMIT:
        raise RULES.broken("WX2-TO-04", detail=f"the request has {count} destinations")
    if key == "msisdn":
        _check_numbers(stated, settings)
    for index, one in enumerate(stated):
        if one.correlation_id is not None:
            check_correlation_id(one.correlation_id, "to[{}].correlationId", index)
    return stated, count


def _check_numbers(stated: list[Stated], settings: ServiceSettings) -> None:
    is_number = is_e164_number if settings.plus_e164 else is_phone_number
    for index, one in enumerate(stated):
        for value in one.values:
            if not is_number(value):
                raise RULES.broken("WX2-TO-05", detail=f"to[{index}].msisdn: {value[:50]}")


def check_correlation_id(value: Any, place: str, index: int = 0) -> None:
    """Demand a string that keeps the limit. Raises WX2-TO-07 for `place`, its index put in."""
    if not isinstance(value, str):
        raise RULES.broken("WX2-TO-07", path=place.format(index))
    # No letter takes more than four bytes, and few ids come near the limit.
    if len(value) * 4 > CORRELATION_LIMIT and len(value.encode("utf-8", "surrogatepass")) > CORRELATION_LIMIT:
        raise RULES.broken("WX2-TO-07", path=place.format(index), detail=f"more than {CORRELATION_LIMIT} bytes")
