"""Sending: `message/send`, from the request to a message on its way.

Source: 3252-3392, 6350-6378.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from sandbox.core.account import Account
from sandbox.core.content import Card, Content, File, Media, Text
from sandbox.core.conversation import Body, Conversation
from sandbox.core.events import MessageAccepted
from sandbox.core.operation import Call, RawRequest, Reply
from sandbox.providers.mehery import (
    buttons,
    contents,
    magic,
    reading,
    recipients,
    rendering,
    sessions,
    statuses,
    window,
)
from sandbox.providers.mehery.account import settings_of
from sandbox.providers.mehery.addresses import email_address, phone_number
from sandbox.providers.mehery.authentication import acting_app
from sandbox.providers.mehery.chat_messages import reach
from sandbox.providers.mehery.contents import Carried
from sandbox.providers.mehery.envelopes import one
from sandbox.providers.mehery.errors import (
    HTTP_NOT_FOUND,
    PARAM_INVALID,
    PARAM_TYPE_MISMATCH,
    FieldFault,
    RefusalError,
    refusal,
)
from sandbox.providers.mehery.fixture_world import world_of
from sandbox.providers.mehery.identifiers import message_id
from sandbox.providers.mehery.models import attachment
from sandbox.providers.mehery.reading import Faults, Field, Schema, spelling
from sandbox.providers.mehery.sent import Sent
from sandbox.providers.mehery.vocabulary import OUTBOUND_TYPES
from sandbox.providers.mehery.world import App, Button, Channel, ChatMessage, Contact, Template, World

SCHEMA = "OutBoundMsg"
HEAD = Schema(
    SCHEMA,
    (
        Field("channelId", required=True),
        Field("type", required=True),
        Field("to", recipients.OUT_BOUND_CONTACT, required=True),
        Field("mask", "boolean"),
    ),
)
FAILS_AFTER = 0.2  # seconds from acceptance to a failure that is certain, as to SENT


class Order(NamedTuple):
    """
    A message that was checked.

    Attributes:
        kind: the request's `type`, as the document spells it.
        carried: what it carries.
        template: what it was made of, if it is a template.
        data: what the template was filled with.
        blanks: variables of a strict template that have no value.
    """

    kind: str
    carried: Carried
    buttons: tuple[Button, ...] = ()
    template: Template | None = None
    data: Mapping[str, Any] | None = None
    blanks: tuple[str, ...] = ()
    is_masked: bool = False


def send(call: Call) -> Reply:
    """POST /message/send: the checks in the order of the contract, then the message, whose fate is told later."""
    body = reading.document(call, SCHEMA)
    world = world_of(call.account)
    head, used = _read(body)
    channel = _channel(world, head["channelId"])
    kind = spelling(head["type"], OUTBOUND_TYPES)
    if kind is None:
        says = "type has a value that is not allowed"
        raise refusal(
            PARAM_INVALID, "MEH-GEN-11", "VALUE_NOT_ALLOWED", "type", says, possible=OUTBOUND_TYPES, schema=SCHEMA
        )
    carried = _carried(kind, channel, used)
    warnings = [*contents.ignored(tuple(used), body), *(carried.warnings if carried else ())]
    if _has_buttons(body) and kind not in buttons.WITH_BUTTONS:
        warnings.append(FieldFault("FIELD_IGNORED", "options.buttons", f"options.buttons is not used by {kind}"))
    given = buttons.checked(used.get("buttons") or (), later_docs=settings_of(call.account).later_docs, schema=SCHEMA)
    template = _template(world, channel, used["template"]) if kind == "template" else None
    contact = recipients.find(world, channel, head["to"], SCHEMA)
    if template is None and kind == "template":
        template = _template_by_code(world, channel, used["template"], contact)
    identifier = message_id(call.account.ids)
    if kind in contents.WITHOUT_CONTENT:
        contact.is_opted_in = kind == "optin"  # MEH-OPT-01
    else:
        name = (head["to"].get("name") or "").strip() or None
        order = Order(kind, carried or Carried(Text(""), ""), given, is_masked=bool(head.get("mask")))
        if template is not None:
            order = _filled(order, template, world, contact, name, used["template"].get("data") or {})
        if order.is_masked:
            _mask_request(call, body)
        app = acting_app(call.request, call.account)
        assert app is not None  # noqa: S101 - a request without a key never comes this far
        accepted = accept(world, app, contact, order, identifier, call.at, name)
        call.take(accepted.message)
        call.publish(accepted)
    return one(call, {"id": identifier}, warnings=warnings, schema=SCHEMA)  # MEH-SEND-03


# ------------------------------------------------------------------------------------------------------- the request


def _read(body: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Return the fields that every message has, and by name the objects that this one uses.

    Raises:
        RefusalError: a field is of another type, or missing (MEH-SEND-01, MEH-SEND-45).
    """
    faults = Faults(SCHEMA, "MEH-SEND-01")
    head = reading.read(body, HEAD, "", faults)
    kind = spelling(str(head.get("type", "")), OUTBOUND_TYPES)
    used: dict[str, Any] = {}
    if kind is not None:
        names = contents.used_by(kind, body)
        objects = Schema(SCHEMA, tuple(contents.OBJECTS[name] for name in names))
        used = {**dict.fromkeys(names), **reading.read(body, objects, "", faults)}
        if kind in buttons.WITH_BUTTONS and body.get("options") is not None:
            found = reading.read(body, Schema(SCHEMA, (Field("options", buttons.OPTIONS),)), "", faults)
            used["buttons"] = (found.get("options") or {}).get("buttons")
        data = (used.get("template") or {}).get("data")
        if data is not None and not isinstance(data, dict):
            faults.wrong_type("template.data", "an object")
            if len(faults.types) == 1:
                raise RefusalError(PARAM_TYPE_MISMATCH, "MEH-SEND-45", faults.types, schema=SCHEMA)
        if [each.field for each in faults.types] == ["options.buttons"]:
            raise RefusalError(PARAM_TYPE_MISMATCH, "MEH-SEND-20", faults.types, schema=SCHEMA)
    faults.refuse()
    return head, used


def _has_buttons(body: Mapping[str, Any]) -> bool:
    options = body.get("options")
    return isinstance(options, dict) and bool(options.get("buttons"))


def _channel(world: World, name: str) -> Channel:
    channel = world.channel(name)
    if channel is None:
        says = "The channel is not known"
        raise refusal(HTTP_NOT_FOUND, "MEH-SEND-02", "CHANNEL_NOT_FOUND", "channelId", says, schema=SCHEMA)
    return channel


def _carried(kind: str, channel: Channel, used: Mapping[str, Any]) -> Carried | None:
    """Return what a message carries by its own objects. Raises `RefusalError` (MEH-SEND-04 to MEH-SEND-09)."""
    match kind:
        case "text" | "system":
            return contents.text(used["text"], channel.contact_type, SCHEMA, is_note=kind == "system")
        case "location":
            return contents.location(used["location"], SCHEMA)
        case "contacts":
            return contents.cards(used["contacts"], SCHEMA)
        case "template":
            _demand_template(used["template"])
            header = next((name for name in contents.MEDIA_OBJECTS if name in used), None)
            return contents.media(header, header, used[header], SCHEMA) if header is not None else None
        case "optin" | "optout":
            return None
        case _:
            name = next(name for name in used if name != "buttons")
            return contents.media(kind, name, used[name], SCHEMA)


def _demand_template(given: Mapping[str, Any] | None) -> None:
    if not any(((given or {}).get(name) or "").strip() for name in ("id", "code")):
        says = "Template id or code is missing"
        raise refusal(PARAM_INVALID, "MEH-SEND-04", "TEMPLATE_DETAILS_MISSING", "template", says, schema=SCHEMA)


def _template(world: World, channel: Channel, given: Mapping[str, Any]) -> Template | None:
    """
    Return the template of an id; of a code, only see that there is one, for its language may be the contact's.

    Raises:
        RefusalError: there is none (MEH-SEND-40 to MEH-SEND-42).
    """
    if template_id := (given.get("id") or "").strip():
        template = world.templates.get(template_id)
        if template is None:
            raise _no_template("MEH-SEND-41", "template.id")
        if template.contact_type not in (None, channel.contact_type):
            raise _no_template("MEH-SEND-42", "template.id")
        return template
    variants = world.variants(given["code"].strip())
    if not any(one.contact_type in (None, channel.contact_type) for one in variants):
        raise _no_template("MEH-SEND-42" if variants else "MEH-SEND-41", "template.code")
    return None


def _template_by_code(world: World, channel: Channel, given: Mapping[str, Any], contact: Contact) -> Template:
    """Return the template of a code in the language that fits best. Raises `RefusalError` (MEH-SEND-43)."""
    code, lang = given["code"].strip(), (given.get("lang") or "").strip() or None
    template = rendering.by_code(world, code, channel.contact_type, lang, contact.lang)
    if template is None:
        raise _no_template("MEH-SEND-43", "template.code")
    return template


def _no_template(rule: str, field: str) -> RefusalError:
    says = "There is no such template for the channel"
    return refusal(HTTP_NOT_FOUND, rule, "TEMPLATE_NOT_FOUND", field, says, schema=SCHEMA)


def _filled(
    order: Order, template: Template, world: World, contact: Contact, name: str | None, data: Mapping[str, Any]
) -> Order:
    """Return an order with its template filled; a media object beside it is its header (MEH-SEND-06, MEH-SEND-44)."""
    text = rendering.rendered(template, world, contact, name, data)
    attachments = order.carried.attachments or tuple(attachment(**each) for each in template.attachments)
    content: Content = Text(text.text)
    file = order.carried.content.file if isinstance(order.carried.content, Media) else None
    if file is None and attachments:
        first = attachments[0]
        file = File(str(first["mediaType"]).lower(), first["mediaURL"], first["mediaMimeType"], first["mediaName"])
    if file is not None or text.header:
        content = Card(text.header or text.title or None, text.text, file)
    return order._replace(
        carried=replace(order.carried, content=content, text=text.text, attachments=attachments),
        buttons=(*text.buttons, *order.buttons),
        template=template,
        data=data,
        blanks=text.blanks,
    )


def _mask_request(call: Call, body: dict[str, Any]) -> None:
    """Let the journal keep a masked request, for it is a log (MEH-SEND-30)."""
    shown = dict(body)
    for name in ("text", *contents.MEDIA_OBJECTS, "voice"):
        if isinstance(thing := shown.get(name), dict):
            secret = {
                key: contents.masked(str(thing[key])) for key in ("body", "caption") if thing.get(key) is not None
            }
            shown[name] = {**thing, **secret}
    if isinstance(template := shown.get("template"), dict) and "data" in template:
        shown["template"] = {**template, "data": {}}
    call.request.body = to_json(shown, inf_nan_mode="null")


# ------------------------------------------------------------------------------------------------------- the message


def accept(
    world: World, app: App, contact: Contact, order: Order, identifier: str, at: datetime, name: str | None = None
) -> MessageAccepted:
    """
    Take a message into the contact's session and return what happened, with its fate if that is known already.

    Args:
        world: whose message it is.
        app: who sends it.
        contact: who gets it.
        order: what it is.
        identifier: the service's message id.
        at: when.
        name: what the contact is called in this message.
    """
    account = world.account
    session = sessions.spoken_to(world, contact, at)
    chat = _chat(app, contact, order, identifier, at, name)
    chat.route = {**_route(world, app), "queueCode": session.queue}
    session.messages.append(chat)
    reach(chat, "CRTD", at)
    if order.kind != "system":
        reach(chat, "INIT", at)
    body = Body(order.carried.content, buttons.suggestions(order.buttons))
    conversation = sessions.conversation(world, contact)
    size = len(order.carried.text) + 200 * len(order.buttons)
    message = account.message(conversation, contact.contact_type, identifier, at, body, size)
    message.facts = Sent(app.queue, contact.contact_id, chat, order.buttons, order.kind)
    if order.is_masked:
        message.disclosed = Body(_disclosed(body.content), body.suggestions)
    fate = _fate(world, contact, order, at)
    return MessageAccepted(at, conversation, None, message, fate)


def agent_message(text: str, conversation: Conversation, account: Account) -> MessageAccepted:
    """
    Return what comes of a text that a human agent writes: it goes the usual way, and starts no script.

    Raises:
        ValueError: the session with that person is not at an agent desk.
    """
    world = world_of(account)
    contact = recipients.known(world, conversation)
    session = sessions.current(world, contact)
    app = world.apps.get(session.queue) if session is not None and session.queue is not None else None
    if session is None or app is None or not app.is_agent_app:
        raise ValueError("no agent has this person's session: route it to an agent desk, or assign it, first")
    at = account.clock.now()
    accepted = accept(world, app, contact, Order("text", Carried(Text(text), text)), message_id(account.ids), at)
    sent = accepted.message.facts
    sender = session.agent or app.queue
    sent.chat.sender = sender
    sent.chat.route = {**sent.chat.route, "senderCode": sender, "sendMode": "REPLY"}
    if accepted.fate is None:
        accepted.fate = tuple(magic.ladder(account))
    return accepted


def _chat(app: App, contact: Contact, order: Order, identifier: str, at: datetime, name: str | None) -> ChatMessage:
    carried, template = order.carried, order.template
    text, attachments = carried.text, carried.attachments
    if order.is_masked:
        text = contents.masked(text)
        attachments = tuple(
            {**one, "mediaCaption": one["mediaCaption"] and contents.masked(one["mediaCaption"])} for one in attachments
        )
    meta: dict[str, Any] = {}
    if template is not None:
        meta = {"data": {} if order.is_masked else dict(order.data or {})}
    return ChatMessage(
        identifier,
        "O",
        at,
        text,
        app.queue,
        name or contact.name,
        "CRTD",
        template=template.code if template is not None else None,
        template_id=template.id if template is not None else None,
        attachments=attachments,
        vccards=carried.vccards,
        options={"buttons": [buttons.element(each) for each in order.buttons]} if order.buttons else {},
        meta=meta,
    )


_SENDER_TYPES = {"WEBHOOK": "API", "AGENT": "AGENT", "BOT": "BOT"}


def _route(world: World, app: App) -> dict[str, Any]:
    return {
        "queueCode": None,
        "routerId": world.id_of(app),
        "sendMode": "SEND",
        "senderApp": app.queue,
        "senderCode": app.queue,
        "senderType": _SENDER_TYPES[app.app_type],
    }


def _disclosed(content: Content) -> Content:
    match content:
        case Card(title=title, description=description, media=media):
            return Card(title and contents.masked(title), description and contents.masked(description), media)
        case _:
            return contents.masked_content(content)


def _fate(world: World, contact: Contact, order: Order, at: datetime) -> tuple[Mapping[str, Any], ...] | None:
    """Return what is certain of a message that was accepted, as steps of a script; None lets the person decide."""
    if order.kind == "system":
        return ()  # MEH-SEND-15
    if not contact.is_opted_in:
        return (_fails("BLCKD"),)  # MEH-OPT-02
    if not _is_approved(world, contact, order.template) and not _reaches(world, contact, at):
        return (_fails("CCWIN"),)  # MEH-WIN-02, MEH-SEND-47
    if order.blanks:
        return (_fails("FAILD", code=statuses.TEMPLATE_MISMATCH),)  # MEH-SEND-46
    return None


def _fails(status: str, **more: Any) -> dict[str, Any]:
    return {"do": "receipt", "status": status, "after": FAILS_AFTER, **more}


def _is_approved(world: World, contact: Contact, template: Template | None) -> bool:
    return template is not None and world.approvals(template).get(contact.channel_id) == "APPROVED"


def _reaches(world: World, contact: Contact, at: datetime) -> bool:
    """Tell whether freeform reaches somebody; magic phones have made up their minds."""
    if contact.csid in magic.ADDRESSES and settings_of(world.account).window_enforced:
        return contact.csid != magic.WINDOW_CLOSED or contact.contact_type != "WHATSAPP"
    return window.is_open(world, contact, at)


def users_of(request: RawRequest) -> Iterator[str]:
    """Return whom a request is for, as far as it can be read, in wire form."""
    try:
        found = from_json(request.body)
    except ValueError:
        return
    to = found.get("to") if isinstance(found, dict) else None
    if not isinstance(to, dict):
        return
    named = reading.text(to.get("contactId"))
    if named:
        yield recipients.csid_in(named)
    elif (phone := phone_number(reading.text(to.get("phone")) or "")) is not None:
        yield phone
    elif (email := email_address(reading.text(to.get("email")) or "")) is not None:
        yield email
