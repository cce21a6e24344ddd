"""Models: what the platform answers and tells, in the document's shapes; every property of a schema is there."""

from __future__ import annotations

from typing import Any

from sandbox.core.ids import Ids
from sandbox.providers.mehery.envelopes import millis
from sandbox.providers.mehery.world import App, Channel, Contact, GlobalVar, Template, World

# The properties of `Attachment` (4445-4465); `mediaSubType` is what the sample has, the type once more.
_ATTACHMENT = (
    *("mediaCaption", "mediaCode", "mediaId", "mediaMimeType", "mediaName", "mediaSrc"),
    *("mediaSubType", "mediaType", "mediaURL"),
)


def msg_channel(channel: Channel) -> dict[str, Any]:
    """Return `MsgChannel` (6168-6187)."""
    return {
        "channelId": channel.channel_id,
        "contactType": channel.contact_type,
        "lane": channel.lane,
        "name": channel.name,
    }


def company_var(variable: GlobalVar, domain: str, server: str) -> dict[str, Any]:
    """Return `CompanyVarsConfigDoc` (4886-4895)."""
    return {
        "id": variable.id,
        "key": variable.key,
        "value": variable.value,
        "type": variable.type,
        "group": None,
        "description": variable.description,
        "disabled": variable.is_disabled,
        "shared": False,
        "domain": domain,
        "server": server,
    }


def hsm_template(template: Template, world: World) -> dict[str, Any]:
    """Return `HSMTemplateDoc` (5368-5388)."""
    return {
        "id": template.id,
        "code": template.code,
        "name": template.code,
        "lang": template.lang,
        "contactType": template.contact_type,
        "category": template.category,
        "categoryType": None,
        "formatType": None,
        "header": template.header,
        "title": template.title,
        "body": template.body,
        "template": template.body,
        "footer": template.footer,
        "desc": template.desc,
        "options": {"buttons": [_button(template, index) for index in range(len(template.buttons))]},
        "attachments": [attachment(**each) for each in template.attachments],
        "approved": [
            {"channelId": channel, "status": status, "templateId": template.id}
            for channel, status in world.approvals(template).items()
        ],
        "createdBy": "sandbox",
        "createdStamp": millis(world.account.began_at),
        "meta": {},
        "model": {},
    }


def _button(template: Template, index: int) -> dict[str, Any]:
    """Return a template's `TmplElement` (7404-7417); its name is its code (MEH-SEND-25)."""
    button = template.buttons[index]
    return {
        "code": button.code,
        "name": button.code,
        "label": button.label,
        "desc": button.desc,
        "type": button.type,
        "url": button.url,
        "phone": button.phone,
    }


def attachment(**members: Any) -> dict[str, Any]:
    """Return `Attachment` (4445-4465) with these members, the others null."""
    return {**dict.fromkeys(_ATTACHMENT), "mediaSubType": members.get("mediaType"), **members}


def client_app(app: App, world: World) -> dict[str, Any]:
    """Return `ClientApp` (4713-4729); the key is masked, and the secret empty."""
    webhook, _ = world.webhook_of(app)
    return {
        "id": world.id_of(app),
        "queue": app.queue,
        "appType": app.app_type,
        "appMode": app.app_type,
        "agentApp": app.is_agent_app,
        "appHook": webhook,
        "appHookFrwrd": None,
        "forward": None,
        "webhook": webhook,
        "key": f"{world.key_of(app)[:4]}****",
        "keyName": app.queue,
        "keyVersion": "1",
        "secret": {},
        "config": {},
        "props": {},
        "readOnly": False,
        "shared": False,
    }


def inbound_contact(contact: Contact) -> dict[str, Any]:
    """Return `InBoundContact` (5429-5435): a person as callbacks and questions show them."""
    business = contact.business
    return {
        "channelId": contact.channel_id,
        "contactType": contact.contact_type,
        "contactId": contact.contact_id,
        "csid": contact.csid,
        "lane": contact.lane,
        "profile": {"name": contact.name, "phone": contact.phone, "email": contact.email},
        "businessProfile": {name: business.get(name) for name in ("profileId", "name", "phone", "email")},
    }


def contactable(contact: Contact) -> dict[str, Any]:
    """Return `Contactable` (5218-5225): a person as events and messages of a session show them."""
    return {
        "channelType": contact.channel_id.partition(":")[0],
        "contactId": contact.contact_id,
        "contactType": contact.contact_type,
        "csid": contact.csid,
        "email": contact.email,
        "lane": contact.lane,
        "name": contact.name,
        "phone": contact.phone,
    }


def checksum(ids: Ids) -> str:
    """Return the next checksum of an event, 32 hexadecimal digits; how it is computed is not documented."""
    return f"{ids.random.getrandbits(128):032x}"


def inbound_event(code: str, contact: Contact, event_id: str, checksum: str, **parts: Any) -> dict[str, Any]:
    """
    Return `InBoundEvent` (5534-5544).

    Args:
        code: `SESSION_ROUTED`.
        contact: whom it is about.
        event_id: 24 hexadecimal digits.
        checksum: 32 hexadecimal digits.
        parts: `sessionId`, `route`, `session`, `sessionAssigned` and `sessionRouted`; what is not given is null.
    """
    return {
        "eventId": event_id,
        "eventCode": code,
        "checksum": checksum,
        "sessionId": parts.get("sessionId"),
        "contactId": contact.contact_id,
        "contact": contactable(contact),
        "route": parts.get("route"),
        "session": parts.get("session"),
        "sessionAssigned": parts.get("sessionAssigned"),
        "sessionRouted": parts.get("sessionRouted"),
        "trace": [],
    }
