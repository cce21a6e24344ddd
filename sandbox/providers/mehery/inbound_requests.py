"""Inbound requests: the two operations that the platform makes of the business, as it answers them when called itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.core.account import Account
from sandbox.core.callback import Callback, Draft, Encoded
from sandbox.core.conversation import Conversation
from sandbox.core.events import Event
from sandbox.core.operation import Call, Question, Reply
from sandbox.providers.mehery import callbacks, questions, reading, recipients
from sandbox.providers.mehery.account import MAIN_QUEUE
from sandbox.providers.mehery.authentication import acting_app
from sandbox.providers.mehery.envelopes import bare
from sandbox.providers.mehery.errors import PARAM_INVALID, PARAM_MISSING, refusal
from sandbox.providers.mehery.fixture_world import world_of
from sandbox.providers.mehery.reading import Field, Schema
from sandbox.providers.mehery.vocabulary import (
    CALLBACK_STATUSES,
    CONTACT_TYPES,
    INBOUND_TYPES,
    WRAPPER_TYPES,
)
from sandbox.providers.mehery.world import App, World

KIND = "message.receive"


def _strings(name: str, *fields: str) -> Schema:
    return Schema(name, tuple(Field(each) for each in fields))


_PROFILE = _strings("InBoundContactProfile", "email", "name", "phone")
_BUSINESS = _strings("ContactBusinessProfile", "email", "name", "phone", "profileId")
# Source: 5429-5435
INBOUND_CONTACT = Schema(
    "InBoundContact",
    (
        Field("channelId"),
        Field("contactType", enum=CONTACT_TYPES),
        Field("contactId"),
        Field("csid"),
        Field("lane"),
        Field("profile", _PROFILE),
        Field("businessProfile", _BUSINESS),
    ),
)
# Source: 5736-5743
_MEDIA = _strings(
    *("InBoundMsgMedia", "caption", "filename", "id", "link", "linkSecure", "mime_type", "sha256", "type")
)
# Source: 7377-7385
_TAGS = Schema(
    "TagDocument",
    (
        *(
            Field(name, is_list=True)
            for name in (
                *("categories", "cities", "countries", "langs", "locations", "organizations", "persons"),
                "sentiments",
            )
        ),
        Field("sentimentScore", "int64"),
    ),
)
# Source: 5688-5713
_MESSAGE = Schema(
    "InBoundMsg",
    (
        *(Field(name) for name in ("id", "messageIdExt", "contactId", "from")),
        *(Field(name, _MEDIA) for name in ("audio", "document", "image", "video", "voice")),
        Field("attachments", _MEDIA, is_list=True),
        Field("location", _strings("CommonMsgLocation", "address", "latitude", "longitude", "name", "url")),
        Field("originalMessage", "object"),
        Field("session", _strings("MsgSession", "assignedToAgent", "assignedToDept", "routingId", "sessionId")),
        Field("tags", _TAGS),
        Field("text", _strings("InBoundMsgText", "body", "type")),
        Field("timestamp", "int64"),
        Field("type", enum=INBOUND_TYPES),
    ),
)
# Source: 5768-5782
_STATUS = Schema(
    "InBoundMsgStatus",
    (
        *(Field(name) for name in ("contactId", "id", "messageIdExt")),
        Field("errors", _strings("MessageReportError", "code", "details", "href", "title"), is_list=True),
        Field("status", enum=CALLBACK_STATUSES),
        Field("timestamp", "int64"),
    ),
)
# Source: 5534-5544
_EVENT = Schema(
    "InBoundEvent",
    (
        *(Field(name) for name in ("checksum", "contactId", "eventCode", "eventId", "sessionId")),
        Field(
            "contact",
            _strings(
                *("Contactable", "channelType", "contactId", "contactType", "csid", "email", "lane", "name", "phone")
            ),
        ),
        Field(
            "route",
            _strings(*("MessageRouter", "queueCode", "routerId", "sendMode", "senderApp", "senderCode", "senderType")),
        ),
        Field(
            "session",
            Schema(
                "MessageSession",
                (
                    *(Field(name) for name in ("agent", "bot", "dept", "mode", "queue", "routingId", "ticketHash")),
                    *(Field(name, "boolean") for name in ("firstMessage", "initMessage", "resolved")),
                    Field("sessionStamp", "int64"),
                ),
            ),
        ),
        Field(
            "sessionAssigned",
            _strings(*("SessionAssigned", "newAgent", "newBot", "newDept", "oldAgent", "oldBot", "oldDept")),
        ),
        Field(
            "sessionRouted",
            Schema(
                "SessionRouted",
                (
                    Field("params", "object"),
                    *(Field(name) for name in ("routingId", "sourceQueue", "targetQueue")),
                    Field("sessionStart", "boolean"),
                ),
            ),
        ),
        Field("trace", "object", is_list=True),
    ),
)
# Source: 5560-5563
_META = Schema("InBoundMeta", (*(Field(name) for name in ("appId", "domain", "server")), Field("debug", "boolean")))
# Source: 6033-6047; `message` is how the sample spells the first type (6025)
_TYPES = {**{name: name for name in WRAPPER_TYPES}, "message": "messages"}
INBOUND_WRAPPER = Schema(
    "InBoundWrapper",
    (
        Field("type"),
        Field("meta", _META),
        Field("contacts", INBOUND_CONTACT, is_list=True),
        Field("messages", _MESSAGE, is_list=True),
        Field("actions", _strings("InBoundAction", "actionCode"), is_list=True),
        Field("events", _EVENT, is_list=True),
        Field("statuses", _STATUS, is_list=True),
    ),
)


@dataclass(slots=True, kw_only=True)
class WrapperReceived(Event):
    """
    A client called `message/receive`.

    Attributes:
        document: the wrapper.
        queue: of the app whose webhook it is forwarded to.
        size: bytes of the wrapper.
    """

    document: Mapping[str, Any]
    queue: str
    size: int


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A wrapper as a client sent it, on its way to a webhook."""

    document: Mapping[str, Any]


def contact_info(call: Call) -> Reply:
    """POST /contact/info (1879-1917): asks the business and answers with what it says (MEH-INFO-04)."""
    given = reading.body(call, INBOUND_CONTACT)
    if not (given.get("contactId") or "").strip() and not (given.get("csid") or "").strip():
        sentence = "contactId or csid is needed"
        raise refusal(PARAM_MISSING, "MEH-INFO-04", "FIELD_MISSING", "contactId", sentence, schema=INBOUND_CONTACT.name)
    app, world = _app_and_world(call)
    to = questions.asked(app, world)
    if to is not None:
        document = {
            **{each.name: given.get(each.name) for each in INBOUND_CONTACT.fields},
            **{
                part.name: {each.name: given.get(part.name, {}).get(each.name) for each in part.kind.fields}
                for part in INBOUND_CONTACT.fields
                if isinstance(part.kind, Schema)
            },
        }
        draft = Draft(questions.KIND, questions.ContactQuestion(document), to, size=2 * len(call.request.body))
        user = given.get("csid") or recipients.csid_in(given["contactId"])
        call.question = Question(draft, user, _told)
    return bare({})


def _told(callback: Callback, answer: str) -> Reply:
    return bare(questions.useful(callback, answer) or {})


def message_receive(call: Call) -> Reply:
    """POST /message/receive (2564-2810): echoes the wrapper and forwards it (MEH-RECV-01)."""
    found = reading.document(call, INBOUND_WRAPPER.name)
    faults = reading.Faults(INBOUND_WRAPPER.name)
    given = reading.read(found, INBOUND_WRAPPER, "", faults, keep=True)
    faults.refuse()
    name = _type_of(given)
    if not given.get(name):
        raise refusal(
            PARAM_MISSING, "MEH-RECV-02", "FIELD_MISSING", name, f"{name} is missing", schema=INBOUND_WRAPPER.name
        )
    if given.get("type") is not None:
        given["type"] = name
    app, _ = _app_and_world(call)
    user = _user(given)
    conversation = Conversation(call.account.key, "", user)
    call.publish(
        WrapperReceived(call.at, conversation, None, document=given, queue=app.queue, size=len(call.request.body))
    )
    return bare(given)


def _type_of(given: Mapping[str, Any]) -> str:
    """Return the array that a wrapper is about: named, or the first that is not empty (MEH-RECV-02)."""
    said = given.get("type")
    if said is None:
        name = next((name for name in WRAPPER_TYPES if given.get(name)), None)
    else:
        name = _TYPES.get(said.strip().lower())
    if name is None:
        raise refusal(
            PARAM_INVALID,
            "MEH-RECV-02",
            "VALUE_NOT_ALLOWED",
            "type",
            "type has a value that is not allowed",
            possible=WRAPPER_TYPES,
            schema=INBOUND_WRAPPER.name,
        )
    return name


def forward(event: WrapperReceived, world: World) -> Draft:
    """Return the callback that takes a wrapper to the webhook of the app that was meant."""
    app = world.apps[event.queue]
    to = callbacks.subscriber(world, app)
    # What a client makes as large as it likes is there twice, as it is remembered and as it goes out.
    return Draft(KIND, Forwarded(event.document), to, event.conversation.user, 2 * event.size)


def encode(callback: Callback, account: Account) -> Encoded:
    """Return the bytes of a forwarded wrapper."""
    document = dict(callback.payload.document)
    if callback.tweak is not None:
        callback.tweak.apply(document)
    return callbacks.encoded(document, account)


def _app_and_world(call: Call) -> tuple[App, World]:
    """Return the app that the request's key names, or the default one."""
    world = world_of(call.account)
    return acting_app(call.request, call.account) or world.apps[MAIN_QUEUE], world


def _user(given: Mapping[str, Any]) -> str:
    """Return whom a wrapper is about, for the journal."""
    for name in ("contacts", *WRAPPER_TYPES):
        for each in given.get(name) or ():
            if isinstance(each, dict) and isinstance(each.get("contactId"), str):
                return str(each["contactId"])[:200]
    return ""
