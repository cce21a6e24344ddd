"""Analytics: what a business pushes about its customers, kept and echoed."""

from __future__ import annotations

from typing import Any

from sandbox.core.operation import Call, Reply
from sandbox.providers.mehery import reading
from sandbox.providers.mehery.envelopes import one
from sandbox.providers.mehery.identifiers import object_id
from sandbox.providers.mehery.reading import Field, Schema
from sandbox.providers.mehery.world import DigitalEvent, DigitalObject

# Source: 5315-5317
DIGITAL_OBJECT_LINK = Schema(
    "DigitalObjectLink",
    (Field("linkName", required=True), Field("linkType", required=True), Field("linkValue", required=True)),
)
_LINKS = Field("links", DIGITAL_OBJECT_LINK, is_list=True)
# Source: 5300-5303
DIGITAL_OBJECT = Schema(
    "DigitalObjectDto",
    (Field("id", required=True), Field("type", required=True), Field("data", "object"), _LINKS),
)
# Source: 5276-5278
DIGITAL_EVENT = Schema("DigitalEventDto", (Field("eventName", required=True), Field("id", required=True), _LINKS))


def data_push(call: Call) -> Reply:
    """POST /data/push (1349-1380): an object replaces the one of the same type and id (MEH-DATA-01)."""
    given = _read(call, DIGITAL_OBJECT, "MEH-DATA-01")
    stored = {"id": given["id"], "type": given["type"], "data": given.get("data", {}), "links": given.get("links", [])}
    key = f"{len(given['type'])} {given['type']} {given['id']}"
    call.account.shelf(DigitalObject).put(key, DigitalObject(stored), len(call.request.body))
    return one(call, stored)


def event_push(call: Call) -> Reply:
    """POST /event/push (1612-1640): an event is one more, were it the same as another (MEH-DATA-02)."""
    given = _read(call, DIGITAL_EVENT, "MEH-DATA-02")
    stored = {"eventName": given["eventName"], "id": given["id"], "links": given.get("links", [])}
    call.account.shelf(DigitalEvent).put(object_id(call.account.ids), DigitalEvent(stored), len(call.request.body))
    return one(call, stored)


def _read(call: Call, schema: Schema, missing_rule: str) -> dict[str, Any]:
    """Return the body; what a link lacks, or what is no list of links at all, is MEH-DATA-03's."""
    faults = reading.Faults(schema.name, missing_rule)
    given = reading.read(reading.document(call, schema.name), schema, "", faults)
    if any((fault.field or "").startswith(("links", "data")) for fault in (faults.types or faults.missing)):
        faults.missing_rule = faults.type_rule = "MEH-DATA-03"
    faults.refuse()
    return given
