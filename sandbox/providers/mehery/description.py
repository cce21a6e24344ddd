"""Description: MeherY's parameters, answers and callbacks as JSON Schemas, and its samples, for its OpenAPI document.

What comes in is described by the schemas that it is read with, what goes out by those of the vendor's own description.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from sandbox.core.description import CallbackDescription, Description, OperationDescription, Parameter, Sample
from sandbox.providers.mehery import (
    analytics,
    buttons,
    config,
    contacts,
    contents,
    inbound_requests,
    session_operations,
)
from sandbox.providers.mehery.reading import Field, Schema
from sandbox.providers.mehery.sending import HEAD
from sandbox.providers.mehery.vocabulary import MEDIA_TYPES, OUTBOUND_TYPES

Json = dict[str, Any]

# Of the objects a message has the one that its type names.
_OUTBOUND = Schema(HEAD.name, (*HEAD.fields, *contents.OBJECTS.values(), Field("options", buttons.OPTIONS)))
_KEY, _TOKEN = ("key", "key+app"), ("token", "key", "key+app", "")
_AUTH = ("MEH-AUTH",)
_BODY = (*_AUTH, "MEH-GEN-04", "MEH-GEN-05", "MEH-GEN-06", "MEH-GEN-08", "MEH-GEN-09", "MEH-GEN-10", "MEH-GEN-11")
_SESSION = (*_BODY, "MEH-SESS")
_FLAG = {"type": "string", "description": "true or false"}
# By operation: what is read, whose schema the answer's results have, in which envelope, and which rules there are.
_FULL, _COMPACT = "ApiResponse", "ApiResultsMetaCompactResponse"
_SENT: dict[str, tuple[Schema, str, str, tuple[str, ...]]] = {
    "configWebhook": (config.WEBHOOK_URL_REQUEST, _FULL, "ClientApp", (*_BODY, "MEH-HOOK")),
    "contactPrefsLang": (contacts.CONTACT_PREFS_UPDATE, _COMPACT, "InBoundEvent", (*_BODY, "MEH-PREF")),
    "dataPush": (analytics.DIGITAL_OBJECT, _FULL, "DigitalObjectDto", (*_BODY, "MEH-DATA")),
    "eventPush": (analytics.DIGITAL_EVENT, _FULL, "DigitalEventDto", (*_BODY, "MEH-DATA")),
    "messageSend": (_OUTBOUND, _FULL, "OutBoundReciept", (*_BODY, "MEH-SEND")),
    "sessionClose": (session_operations.SESSION_STATUS_CLOSE, _COMPACT, "InBoundEvent", _SESSION),
    "sessionMessages": (session_operations.SESSION_STATUS_CLOSE, _COMPACT, "ChatMessageDTO", _SESSION),
    "sessionResolve": (session_operations.SESSION_STATUS_CLOSE, _COMPACT, "InBoundEvent", _SESSION),
    "sessionRouting": (session_operations.SESSION_QUEUE_ASSIGNMENT, _COMPACT, "InBoundEvent", _SESSION),
}
_ASKED: dict[str, tuple[str, str, tuple[str, ...], tuple[Parameter, ...]]] = {
    "configChannels": (
        _COMPACT,
        "MsgChannel",
        (*_AUTH, "MEH-CHAN"),
        (
            Parameter("sabdnox", "query", "the sandbox channels too; spelt as the document's table has it", _FLAG),
            Parameter("sandbox", "query", "the same, spelt as its text has it", _FLAG),
        ),
    ),
    "configGlobalVars": (
        _FULL,
        "CompanyVarsConfigDoc",
        _AUTH,
        (Parameter("channelId", "query", "an unknown one empties the list"),),
    ),
    "configHsmTemplates": (
        _FULL,
        "HSMTemplateDoc",
        _AUTH,
        (
            Parameter("channelId", "query", "those that this channel has an approval of"),
            Parameter("channelStatus", "query", "those of which an approval has this status"),
        ),
    ),
}
_STATUSES = {"messageSend": (429, 500, 503)}  # which magic contacts answer


def describe(fixtures: Path) -> Description:
    """Return the description; schemas and samples are read from `fixtures`, the provider's own folder."""
    schemas = from_json((fixtures / "schemas.json").read_bytes())
    wrapper = _described("InBoundWrapper", schemas)
    return Description(
        version="v1.0",
        operations=dict(_operations(schemas)),
        error={"": _refusal(schemas)},
        callbacks={
            **dict.fromkeys(
                ("message.", "status.", "event.", "action"),
                CallbackDescription({"application/json": wrapper}, ("MEH-CB", "MEH-STAT")),
            ),
            "contact_info": CallbackDescription(
                {"application/json": _described("InBoundContact", schemas)}, ("MEH-INFO",)
            ),
        },
        acknowledges="2XX",
        security={
            "key": {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "key of an app"},
            "app": {"type": "apiKey", "in": "header", "name": "x-api-id", "description": "id of the same app"},
            "token": {"type": "apiKey", "in": "header", "name": "x-verify-token", "description": "the tenant's token"},
        },
        samples=tuple(_samples(fixtures / "requests")),
    )


def _operations(schemas: Mapping[str, Any]) -> Iterator[tuple[str, OperationDescription]]:
    def answers(envelope: str, results: str) -> dict[int, Json]:
        return {200: _described(f"{envelope}«{results},object»", schemas)}

    headers = {"X-Trace-Id": "the `traceid` of the body"}
    for name, (envelope, results, rules, parameters) in _ASKED.items():
        yield (
            name,
            OperationDescription(
                answers(envelope, results), rules, parameters=parameters, security=_KEY, headers=headers
            ),
        )
    for name, (body, envelope, results, rules) in _SENT.items():
        yield (
            name,
            OperationDescription(
                answers(envelope, results),
                rules,
                body=_read(body),
                security=_KEY,
                statuses=_STATUSES.get(name, ()),
                headers=headers,
            ),
        )
    for name, body, answered, rule in (
        ("contactInfo", inbound_requests.INBOUND_CONTACT, "ContactInfoUpdate", "MEH-INFO"),
        ("messageReceive", inbound_requests.INBOUND_WRAPPER, "InBoundWrapper", "MEH-RECV"),
    ):
        yield (
            name,
            OperationDescription(
                {200: _described(answered, schemas)}, (*_BODY, rule), body=_read(body), security=_TOKEN
            ),
        )


def _samples(folder: Path) -> Iterator[Sample]:
    for file in sorted(folder.glob("*.json")):
        sample = from_json(file.read_bytes())
        yield Sample(sample["operation"], sample["title"], sample["source"], sample["request"])


# ------------------------------------------------------------------------------------------------- what comes in


def _read(schema: Schema) -> Json:
    """Return what is read by a schema: scalars turn into the type of their field, and a null is as good as nothing."""
    made: Json = {
        "title": f"{schema.name}Request",
        "type": "object",
        "properties": {field.name: _field(field, schema) for field in schema.fields},
    }
    required = [field.name for field in schema.fields if field.required]
    return {**made, "required": required} if required else made


def _field(field: Field, schema: Schema) -> Json:
    inner: Json
    match field.kind:
        case Schema():
            inner = _read(field.kind)
        case "string":
            inner = {"type": ["string", "number", "boolean"]}
        case "boolean":
            inner = {"type": ["boolean", "string"]}
        case "int64":
            inner = {"type": ["integer", "string"], "format": "int64"}
        case "object":
            inner = {"type": "object"}
        case "any":
            inner = {}
    words = OUTBOUND_TYPES if (schema.name, field.name) == (HEAD.name, "type") else field.enum
    if words:
        inner = {"type": "string", "pattern": _in_any_case(words), "description": f"one of {', '.join(words)}"}
    if field.is_list:
        return {"type": "array", "items": inner}
    return inner


def _in_any_case(words: tuple[str, ...]) -> str:
    spelt = ("".join(f"[{c.upper()}{c.lower()}]" if c.isalpha() else c for c in word) for word in words)
    return f"^({'|'.join(spelt)})$"


# ------------------------------------------------------------------------------------------------ what goes out


def _described(name: str, schemas: Mapping[str, Any]) -> Json:
    """Return a schema of the vendor's description. What is empty is null; of an envelope nothing is left out."""
    members = {member: _member(said, schemas) for member, said in schemas[name].items()}
    if name == "Attachment":  # the samples have the type once more, where the description has but two words
        members["mediaSubType"] = {"enum": [*schemas[name]["mediaSubType"]["enum"], *MEDIA_TYPES, None]}
    made: Json = {"title": name, "type": "object", "properties": members}
    return {**made, "required": list(members)} if name.startswith("Api") and "«" in name else made


def _member(said: Mapping[str, Any], schemas: Mapping[str, Any]) -> Json:
    if "schema" in said:
        return {"anyOf": [_described(said["schema"], schemas), {"type": "null"}]}
    if "list" in said:
        return {"type": ["array", "null"], "items": _member(said["list"], schemas)}
    if "enum" in said:
        return {"enum": [*said["enum"], None]}
    if said["type"] == "object":  # which stands for any JSON
        return {}
    return {**said, "type": [said["type"], "null"]}


def _refusal(schemas: Mapping[str, Any]) -> Json:
    """Return the envelope of an error, which has no results (MEH-GEN-12)."""
    made = _described("ApiResponse«OutBoundReciept,object»", schemas)
    return {**made, "title": "ApiError", "properties": {**made["properties"], "results": {}, "data": {}}}
