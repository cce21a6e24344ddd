"""Parameters: what a request says outside its body, held against LINK's rules in the order of LINK-GEN-04."""

from __future__ import annotations

import re

from sandbox.core.operation import Call
from sandbox.providers.link.models import E164_PATTERN, UUID_PATTERN
from sandbox.providers.link.rules import RULES

is_uuid = re.compile(UUID_PATTERN).fullmatch
is_e164 = re.compile(E164_PATTERN).fullmatch
_is_json_type = re.compile(rb"\s*application/json\s*(;.*)?", re.IGNORECASE | re.DOTALL).fullmatch
_is_message_id_alone = re.compile(rb"messageId=(" + UUID_PATTERN.encode() + rb")").fullmatch


def content_type(call: Call) -> None:
    """Demand a JSON body. Raises LINK-GEN-10."""
    given = call.request.header(b"content-type")
    if given != b"application/json" and (given is None or not _is_json_type(given)):
        raise RULES.broken("LINK-GEN-10")


def recipient(call: Call) -> str:
    """Return the msisdn of the path. Raises LINK-MSG-01."""
    msisdn = call.request.params["msisdn"]
    if not is_e164(msisdn):
        raise RULES.broken("LINK-MSG-01")
    return msisdn


def message_parameters(call: Call) -> tuple[str, str | None]:
    """Return `messageId` and `settingsId` as sent. Raises LINK-GEN-15, LINK-MSG-02, -03 and -07."""
    usual = _is_message_id_alone(call.request.query)
    if usual is not None:
        return usual[1].decode("ascii"), None
    given: dict[str, str] = {}
    for name, value in call.request.query_pairs():
        if name in ("messageId", "settingsId"):
            if name in given:
                raise RULES.broken("LINK-GEN-15", name=name)
            given[name] = value
    message_id, settings_id = given.get("messageId"), given.get("settingsId")
    if not message_id:
        raise RULES.broken("LINK-MSG-02")
    if not is_uuid(message_id):
        raise RULES.broken("LINK-MSG-03")
    if settings_id is not None and not is_uuid(settings_id):
        raise RULES.broken("LINK-MSG-07")
    return message_id, settings_id
