"""Description: v1's request and answers as JSON Schemas, made from the tables that its checks read."""

from __future__ import annotations

from sandbox.core.description import OperationDescription
from sandbox.providers.webex_connect.schema import (
    FLAG,
    OBJECT,
    TEXT,
    TEXTS,
    WHOLE,
    Json,
    made_of,
    many,
    one_in_any_case,
    one_of,
    text,
)
from sandbox.providers.webex_connect.v1 import (
    apple,
    contact_policy,
    destinations,
    in_app,
    messenger,
    push,
    request,
    smart_links,
    sms,
    templates,
    voice,
    whatsapp,
)
from sandbox.providers.webex_connect.v1.channels import BY_NAME, CHANNELS
from sandbox.providers.webex_connect.v1.errors import ERRORS, QUEUED

_KEYS = {key for channel in CHANNELS for key in channel.keys}


def operation() -> OperationDescription:
    """Return what `sendMessageV1` takes and answers. Source: 5-24."""
    element = _element()
    entry = made_of(
        "QueuedV1",
        ("description", "correlationid", "code", "transid"),
        {"description": TEXT, "correlationid": TEXT, "code": _code(), "transid": TEXT},
        ("description", "correlationid", "code", "transid"),
    )
    return OperationDescription(
        {200: made_of("AnswerV1", ("response",), {"response": many(entry)}, ("response",))},
        ("WX1-",),
        body={"anyOf": [element, many(element, destinations.LIMIT)]},
        security=("key", "bearer"),
        statuses=(400,),  # which an account may want in the place of 200
    )


def error() -> Json:
    """Return what a refusal is: an object, where success has an array."""
    names = ("code", "description", "transid")
    refusal = made_of("RefusalV1", names, {"code": _code(), "description": TEXT, "transid": TEXT}, names)
    return made_of("RefusedV1", ("response",), {"response": refusal}, ("response",))


def _code() -> Json:
    return {
        **TEXT,
        "pattern": "^[0-9]{4}$",
        "description": ", ".join(f"{e.code} {e.message}" for e in (QUEUED, *ERRORS)),
    }


def _element() -> Json:
    """Return one request object. Source: 135-175."""
    numbers = {key: many(TEXT, destinations.LIMIT, 1) for key in _KEYS}
    destination = made_of("DestinationV1", (*_KEYS, "correlationid"), {**numbers, "correlationid": TEXT})
    template = made_of("TemplateV1", templates.KNOWN, {"template": TEXT, "parameters": OBJECT})
    return made_of(
        "SendMessageV1",
        request.KNOWN,
        {
            "deliverychannel": one_in_any_case(BY_NAME),
            "destination": many(destination, destinations.LIMIT, 1),
            "channels": _channels(),
            "appid": TEXT,
            "correlationid": TEXT,
            "correlationId": TEXT,
            "notifyurl": TEXT,
            "notifyURL": TEXT,
            "notifyurlAuthId": TEXT,
            "callbackData": text(request.CALLBACK_DATA_LIMIT),
            "expiry": TEXT,
            "message": template,
            "gtrId": TEXTS,
            "gtrids": TEXTS,
            "icmessage": FLAG,
            "options": OBJECT,
            "contactPolicy": _contact_policy(),
            "smartlinks": _smart_links(),
        },
        ("deliverychannel", "destination"),
    )


def _channels() -> Json:
    """Return the objects of the channels, of which `deliverychannel` picks one."""
    ott = made_of("OttMessagingV1", ("fb", "wa"), {"fb": _messenger(), "wa": _whatsapp()})
    objects = {
        "sms": _sms(),
        "voice": _voice(),
        "appmessaging": _in_app(),
        "push": _push(),
        "OTT-Messaging": ott,
        "AppleBusinessChat": _apple(),
    }
    return made_of(
        "ChannelsV1",
        (*(channel.place[0] for channel in CHANNELS), "smartlinks", "contactPolicy"),
        {**objects, "smartlinks": _smart_links(), "contactPolicy": _contact_policy()},
    )


def _contact_policy() -> Json:
    flags = {"contactPolicyGroup": TEXT, "channelCheckConsent": FLAG, "channelApplyFrequencyCap": FLAG}
    return made_of("ContactPolicyV1", contact_policy.KNOWN, flags)


def _smart_links() -> Json:
    return many(made_of("SmartLinkV1", smart_links.KNOWN, {"linkid": WHOLE, "validity": WHOLE}, smart_links.KNOWN))


def _sms() -> Json:
    """Source: 201-219."""
    extras = made_of("SmsExtrasV1", sms.KNOWN_EXTRAS, {"dlt_templateid": TEXT})
    kinds = {"description": "1 text, 2 flash, 3 binary, 4 unicode", **one_of(kind for kind in sms.TYPES if kind)}
    members = {"text": text(sms.TEXT_LIMIT), "senderid": TEXT, "type": kinds, "body": TEXT, "extras": extras}
    return made_of("SmsV1", sms.KNOWN, {**members, "parameters": OBJECT})


def _voice() -> Json:
    """Source: 234-261."""
    ids = dict.fromkeys(("callflowid", "promptid", "media"), WHOLE)
    return made_of("VoiceV1", voice.KNOWN, {**ids, "cli": TEXT, "parameters": OBJECT})


def _push() -> Json:
    """Source: 263-712."""
    platforms = {}
    for platform, names in push.KNOWN_IN.items():
        extras = made_of(f"{platform.capitalize()}ExtrasV1", push.KNOWN_EXTRAS[platform])
        told: dict[str, Json] = {
            name: TEXT for name in ("title", "text", "url", "actiontext", "actionText") if name in names
        }
        platforms[platform] = made_of(f"{platform.capitalize()}PushV1", names, {**told, "extras": extras})
    return made_of(
        "PushV1", push.KNOWN, {**platforms, "interactive": _interactive(), "pushref": WHOLE, "parameters": OBJECT}
    )


def _interactive() -> Json:
    """Source: 528-582."""
    action = made_of(
        "PushActionV1", push.KNOWN_ACTION, {"pos": WHOLE, "action": TEXT, "identifier": TEXT}, ("pos", "action")
    )
    members = {
        "device_types": many(one_of(push.DEVICE_TYPES)),
        "category": one_of(push.CATEGORIES),
        "actions": many(action, 2),
        "pushref": WHOLE,
    }
    return made_of("InteractivePushV1", push.KNOWN_INTERACTIVE, members, ("device_types", "category", "actions"))


def _messenger() -> Json:
    """Source: 716-1985."""
    reply = made_of(
        "QuickReplyV1", messenger.KNOWN_REPLY, dict.fromkeys(messenger.KNOWN_REPLY, TEXT), ("content_type",)
    )
    attachment = made_of(
        "MessengerAttachmentV1",
        ("type", "payload"),
        {"type": one_of(messenger.ATTACHMENTS), "payload": OBJECT},
        ("type", "payload"),
    )
    return made_of(
        "MessengerV1",
        messenger.KNOWN,
        {
            "text": TEXT,
            "attachment": attachment,
            "sender_action": one_of(messenger.SENDER_ACTIONS),
            "notification_type": one_of(messenger.NOTIFICATION_TYPES),
            "messaging_type": one_of(messenger.MESSAGING_TYPES),
            "tag": TEXT,
            "quick_replies": many(reply, messenger.QUICK_REPLY_LIMIT),
            "parameters": OBJECT,
        },
    )


def _whatsapp() -> Json:
    """Known from outside the document."""
    objects = {kind: made_of(f"WhatsApp{kind.capitalize()}V1", names) for kind, names in whatsapp.KNOWN_IN.items()}
    members = {"type": one_of(whatsapp.KINDS), "contacts": many(OBJECT), "preview_url": FLAG, "parameters": OBJECT}
    return made_of("WhatsAppV1", whatsapp.KNOWN, {**objects, **members})


def _apple() -> Json:
    """Known from outside the document."""
    members = {"type": one_of(apple.TYPES), "text": TEXT, "storeRegion": TEXT, "sendLinkAsAppClip": FLAG}
    return made_of("AppleBusinessChatV1", apple.KNOWN, {**members, "richLink": OBJECT, "interactive": OBJECT})


def _in_app() -> Json:
    """Known from outside the document."""
    reply = made_of("InAppReplyV1", in_app.KNOWN_REPLY, dict.fromkeys(("type", "identifier", "title"), TEXT))
    replies = made_of("InAppRepliesV1", in_app.KNOWN_REPLIES, {"options": many(reply)})
    attachment = made_of("InAppAttachmentV1", in_app.KNOWN_ATTACHMENT, {"contentType": one_of(in_app.CONTENT_TYPES)})
    message = made_of(
        "InAppMessageV1", in_app.KNOWN_MESSAGE, {"text": TEXT, "attachment": attachment, "quickreplies": replies}
    )
    notification = made_of(
        "InAppNotificationV1", in_app.KNOWN_NOTIFICATION, {"title": TEXT, "text": TEXT, "interactive": _interactive()}
    )
    members = {"thread_id": TEXT, "message": message, "notification": notification, "parameters": OBJECT}
    return made_of("InAppV1", in_app.KNOWN, members)
