"""LINK's operations, in the document's order, each with its handler."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from pydantic_core import from_json, to_json

from sandbox.core.account import Account
from sandbox.core.content import Other
from sandbox.core.conversation import Body, Conversation, StatusChange
from sandbox.core.events import MessageAccepted
from sandbox.core.operation import JSON_TYPE, Call, Operation, RawRequest, Reply
from sandbox.providers.link import bodies, files, parameters, tokens
from sandbox.providers.link.account import (
    Greeted,
    LinkSettings,
    RegisteredFile,
    StoredSettings,
    credentials_of,
    settings_of,
)
from sandbox.providers.link.callbacks import WELCOME_CHANNEL, timestamp
from sandbox.providers.link.content import AcceptedMessage
from sandbox.providers.link.magic import UNDELIVERABLE, WEB_RECIPIENT
from sandbox.providers.link.models import CONVERSATION_SETTINGS, REGISTER_FILE
from sandbox.providers.link.rules import RULES
from sandbox.providers.link.validation import check_content

UNDELIVERABLE_ERROR = "The message could not be forwarded to the user."
# The texts are ours: the document tells only that the country prefix picks one (233-241).
_WELCOME = {
    "+49": "Wir möchten mit Ihnen chatten. Tippen Sie auf https://mydialog.me/[conversationKey], um zu beginnen.",
    "+47": "Vi vil gjerne chatte med deg. Trykk på https://mydialog.me/[conversationKey] for å starte.",
    "": "We would like to chat with you. Tap https://mydialog.me/[conversationKey] to start.",
}
KEY_PLACEHOLDER = "[conversationKey]"


# -------------------------------------------------------------------------------------------------- access token


def request_token(call: Call) -> Reply:
    """Exchange an assertion for an access token. Source: 1142-1212; LINK-AUTH-17."""
    token, lifetime = tokens.issue(call.account, call.services)
    granted = {"access_token": token, "expires_in": lifetime, "token_type": "Bearer"}
    headers = (JSON_TYPE, (b"cache-control", b"no-store"), (b"pragma", b"no-cache"))
    return Reply(200, to_json(granted), headers)


# ------------------------------------------------------------------------------------------------------ settings


def list_settings(call: Call) -> Reply:
    """Return all settings in creation order. Source: 20-49; LINK-SET-05."""
    return Reply(200, to_json([_settings_json(stored) for stored in call.account.shelf(StoredSettings)]))


def put_settings(call: Call) -> Reply:
    """Create or replace settings; the id is in the body. Source: 51-86; LINK-SET-01, -02."""
    parameters.content_type(call)
    given = bodies.read(call, CONVERSATION_SETTINGS)
    if KEY_PLACEHOLDER not in given["webSmsTemplate"]:
        call.warnings.append(f"LINK-SET-04: webSmsTemplate has no {KEY_PLACEHOLDER}, so the user gets no link")
    stored = StoredSettings(given["id"], given["webSmsTemplate"])
    call.account.shelf(StoredSettings).put(stored.id.lower(), stored, len(call.request.body))
    return Reply(settings_of(call.account).put_settings_status, headers=())


def get_settings(call: Call) -> Reply:
    """Return the settings of an id. Source: 88-126; LINK-SET-06."""
    return Reply(200, to_json(_settings_json(_stored(call))))


def delete_settings(call: Call) -> Reply:
    """Delete settings and return them. Source: 128-167; LINK-SET-09."""
    stored = _stored(call)
    call.account.shelf(StoredSettings).remove(stored.id.lower())
    return Reply(200, to_json(_settings_json(stored)))


def _stored(call: Call) -> StoredSettings:
    """Return the settings that the path names (LINK-SET-07), by an id that is one (LINK-SET-08) in any letter case."""
    settings_id = call.request.params["settingsId"]
    stored = call.account.shelf(StoredSettings).get(settings_id.lower())
    if stored is None:
        raise RULES.broken("LINK-SET-07" if parameters.is_uuid(settings_id) else "LINK-SET-08")
    return stored


def _settings_json(stored: StoredSettings) -> dict[str, str]:
    return {"id": stored.id, "webSmsTemplate": stored.web_sms_template}


# ---------------------------------------------------------------------------------------------------- featureset


def get_featureset(call: Call) -> Reply:
    """Return what the customer's channels can show, which is what messages are held against. Source: 168-206."""
    return Reply(200, settings_of(call.account).featureset.model_dump_json(exclude_none=True).encode())


# ------------------------------------------------------------------------------------------------------ messages


def send_message(call: Call) -> Reply:
    """Accept a message to a msisdn. Source: 208-293; the order of checks is LINK-GEN-04."""
    account = call.account
    parameters.content_type(call)
    msisdn = parameters.recipient(call)
    message_id, settings_id = parameters.message_parameters(call)
    said = bodies.message(call)
    uses = check_content(said, settings_of(account).featureset)
    if settings_id is not None:
        _chosen(account, settings_id)
    files.check_uses(account, uses)

    key = message_id.lower()
    if key == message_id:
        key = message_id  # as nearly always: one string is kept, not two
    shelf = account.shelf(AcceptedMessage)
    earlier = shelf.get(key)
    if earlier is not None:
        return _repeated(call, earlier, msisdn, settings_id, said)

    sent_at = timestamp(call.at, 3).encode("ascii")
    undeliverable = msisdn in UNDELIVERABLE
    error = b',"error":' + to_json(UNDELIVERABLE_ERROR) if undeliverable else b""
    # LINK-MSG-19: sendTime first, then the content as it came.
    answer = b'{"sendTime":"' + sent_at + b'","messageContent":' + to_json(said) + error + b"}"
    accepted = AcceptedMessage(account, msisdn, settings_id and settings_id.lower(), answer)
    shelf.put(key, accepted, len(answer))
    _accept(call, accepted, message_id, settings_id, undeliverable=undeliverable)
    return Reply(200, answer)


def _chosen(account: Account, settings_id: str) -> StoredSettings:
    """Return the settings that a message asks for. Raises LINK-MSG-08."""
    stored = account.shelf(StoredSettings).get(settings_id.lower())
    if stored is None:
        raise RULES.broken("LINK-MSG-08")
    return stored


def _repeated(
    call: Call, earlier: AcceptedMessage, msisdn: str, settings_id: str | None, said: dict[str, Any]
) -> Reply:
    """Give a safe retry its first answer (LINK-MSG-04); refuse another message under the same id (LINK-MSG-05)."""
    same_place = earlier.msisdn == msisdn and earlier.settings_id == (settings_id and settings_id.lower())
    if not same_place or from_json(earlier.answer)["messageContent"] != said:
        raise RULES.broken("LINK-MSG-05")
    call.warnings.append("LINK-MSG-04: a repeat; it got the first answer and is not delivered again")
    return Reply(200, earlier.answer)


def _accept(
    call: Call, accepted: AcceptedMessage, message_id: str, settings_id: str | None, *, undeliverable: bool
) -> None:
    account = call.account
    conversation = Conversation(account.key, credentials_of(account).customer_id, accepted.msisdn)
    on_web = _is_web_recipient(accepted.msisdn, settings_of(account))
    if on_web:
        _welcome(call, conversation, settings_id)
    channel = "web" if on_web else "rcs"
    message = account.message(conversation, channel, message_id, call.at, accepted, len(accepted.answer))
    if undeliverable:
        message.status = "failed"
        message.history = (StatusChange("failed", None, call.at, None, UNDELIVERABLE_ERROR),)
    call.take(message)
    call.publish(MessageAccepted(call.at, conversation, None, message))


def _is_web_recipient(msisdn: str, settings: LinkSettings) -> bool:
    if not settings.web_recipients:
        return msisdn == WEB_RECIPIENT
    return msisdn == WEB_RECIPIENT or any(fnmatchcase(msisdn, glob) for glob in settings.web_recipients)


def _welcome(call: Call, conversation: Conversation, settings_id: str | None) -> None:
    """Record the SMS that invites a web recipient at the first message of a conversation (LINK-SET-11)."""
    account = call.account
    greeted = account.shelf(Greeted)
    if conversation.user in greeted:
        return
    if settings_id is not None:
        template = _chosen(account, settings_id).web_sms_template
    else:
        template = next(text for prefix, text in _WELCOME.items() if conversation.user.startswith(prefix))
    key = account.ids.uuid4().replace("-", "")[:12]
    greeted.put(conversation.user, Greeted(key))
    text = template.replace(KEY_PLACEHOLDER, key)
    body = Body(Other(text, {"welcome_sms": True, "settings_id": settings_id, "conversation_key": key}))
    sms = account.message(conversation, WELCOME_CHANNEL, key, call.at, body, len(text))
    sms.status = "sent"
    call.take(sms)


# --------------------------------------------------------------------------------------------------------- files


def register_file(call: Call) -> Reply:
    """Register the URL of a media file; nothing is fetched. Source: 294-353; LINK-FILE-08, -09."""
    parameters.content_type(call)
    given = bodies.read(call, REGISTER_FILE)
    media = files.check_registration(given)
    thumbnail = given.get("thumbnailUrl")
    if thumbnail is not None and media == "AUDIO":
        call.warnings.append("LINK-FILE-07: thumbnailUrl has no effect on an audio file")
    file = RegisteredFile(
        id=call.account.ids.uuid4(),
        media_type=media,
        url=given["url"],
        thumbnail_url=thumbnail,
        has_thumbnail=thumbnail is not None,
        description=given.get("description", given.get("contentDescription")),
    )
    call.account.shelf(RegisteredFile).put(file.id, file, len(call.request.body))
    return Reply(200, to_json({"fileId": file.id}))


def _msisdn(request: RawRequest) -> tuple[str, ...]:
    return (request.params["msisdn"],)


_ADMIN = "/gateway/lmc/v1/admin/settings"

OPERATIONS = (
    Operation("requestToken", "POST", "/auth/oauth2/token", "1144-1212", tokens.customer, request_token),
    Operation("listSettings", "GET", _ADMIN, "20-49", tokens.bearer, list_settings),
    Operation("putSettings", "PUT", _ADMIN, "51-86", tokens.bearer, put_settings),
    Operation("getSettings", "GET", f"{_ADMIN}/{{settingsId}}", "88-126", tokens.bearer, get_settings),
    Operation("deleteSettings", "DELETE", f"{_ADMIN}/{{settingsId}}", "128-167", tokens.bearer, delete_settings),
    Operation("getFeatureset", "GET", "/gateway/lmc/v1/featureset", "168-206", tokens.bearer, get_featureset),
    Operation(
        "sendMessage",
        "POST",
        "/gateway/lmc/v1/phone/{msisdn}/conversationMessage",
        "208-293",
        tokens.bearer,
        send_message,
        users_of=_msisdn,
    ),
    Operation("registerFile", "POST", "/gateway/lmc/v1/registerFile", "294-353", tokens.bearer, register_file),
)
