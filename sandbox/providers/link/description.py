"""Description: LINK's parameters, answers and callbacks as types, and where its samples lie, for its OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from pydantic_core import from_json
from typing_extensions import TypedDict

from sandbox.core.description import CallbackDescription, Description, OperationDescription, Parameter, Sample
from sandbox.providers.link.callbacks import ERROR_MESSAGES, MIME_TYPES
from sandbox.providers.link.featureset import ChannelFeatureset
from sandbox.providers.link.models import (
    E164_PATTERN,
    UUID_PATTERN,
    ConversationMessage,
    ConversationSettings,
    MessageContent,
    RegisterFile,
)
from sandbox.providers.link.routes import OPERATIONS
from sandbox.providers.link.tokens import GRANT_TYPE

Uuid = Annotated[str, Field(pattern=f"^{UUID_PATTERN}$")]
Msisdn = Annotated[str, Field(pattern=rf"^{E164_PATTERN.removeprefix('^')}$")]


# ------------------------------------------------------------------------------------------- requests and answers


class TokenRequest(TypedDict):
    """Both may stand in the query instead. Source: 1159-1188, 1571-1584."""

    grant_type: Annotated[str, Field(pattern=f"^{GRANT_TYPE}$")]
    assertion: Annotated[str, Field(description="a JSON Web Token, signed with RS256 by the customer's private key")]


class AccessToken(TypedDict):
    """Source: 1247-1273."""

    access_token: str
    expires_in: Annotated[int, Field(description="seconds")]
    token_type: Literal["Bearer"]


class AcceptedMessage(TypedDict):
    """The content as accepted, behind the time; `error` where it cannot be passed on. Source: 572-599, 1728-1735."""

    sendTime: str
    messageContent: MessageContent
    error: NotRequired[str]


class RegisteredFileId(TypedDict):
    """Source: 857-863."""

    fileId: str


class ApiError(TypedDict):
    """Source: 356-382."""

    status: Annotated[str, Field(pattern="^[1-5][0-9]{2}$")]
    error: Annotated[str, Field(description="the reason phrase")]
    message: str


# ------------------------------------------------------------------------------------------------------ callbacks


class Attributes(TypedDict):
    """What kind of callback it is, and no more (LINK-CB-11)."""

    type: Literal["event", "message", "error"]
    event_type: NotRequired[Literal["DELIVERED", "READ", "IS_TYPING"]]
    message_type: NotRequired[Literal["TEXT", "SUGGESTION_RESPONSE", "USER_FILE", "LOCATION"]]


class EnvelopeMessage(TypedDict):
    """Id and time stand there under both of their spellings (LINK-CB-13), unless the account's settings leave one out."""

    data: Annotated[str, Field(description="JSON in base64")]
    attributes: Attributes
    messageId: str
    message_id: NotRequired[str]
    publishTime: str
    publish_time: NotRequired[str]


class Envelope(TypedDict):
    """What is posted to the webhook. Source: 1276-1349, 2327-2346."""

    message: EnvelopeMessage
    subscription: str


class _Data(TypedDict):
    senderPhoneNumber: Msisdn
    sendTime: str


class EventData(_Data):
    """A message was delivered or read, or the person types. Source: 1459-1500."""

    eventType: Literal["DELIVERED", "READ", "IS_TYPING"]
    messageId: NotRequired[str]
    eventId: NotRequired[str]


class _MessageData(_Data):
    messageId: str


class TextData(_MessageData):
    """The person wrote. Source: 2348-2375."""

    text: str


class Tapped(TypedDict):
    """Source: 2395-2423."""

    text: str
    postbackData: str


class SuggestionResponseData(_MessageData):
    """The person tapped a suggestion. Source: 2395-2423."""

    suggestionResponse: Tapped


class SharedLocation(TypedDict):
    """Degrees."""

    latitude: float
    longitude: float


class LocationData(_MessageData):
    """The person shared a place. Source: 1302-1304."""

    location: SharedLocation


class FilePayload(TypedDict):
    """Source: 1369-1388."""

    mimeType: Annotated[str, Field(json_schema_extra={"enum": list(MIME_TYPES)})]
    fileSizeBytes: int | str
    fileName: str


class UserFile(TypedDict):
    """Source: 1509-1514."""

    category: Literal["IMAGE", "VIDEO"]
    payload: FilePayload


class UserFileData(_MessageData):
    """The person sent a file, whose bytes are the second part. Source: 2533-2565."""

    userFile: UserFile


class ErrorData(_Data):
    """Trouble that belongs to no message. Source: 1419-1457, 2567-2592."""

    errorCode: Annotated[str, Field(json_schema_extra={"enum": [*ERROR_MESSAGES, "1"]})]
    errorMsg: str


_DATA: dict[str, Any] = {
    "event.": EventData,
    "message.TEXT": TextData,
    "message.SUGGESTION_RESPONSE": SuggestionResponseData,
    "message.LOCATION": LocationData,
    "message.USER_FILE": UserFileData,
    "error.": ErrorData,
}

# ---------------------------------------------------------------------------------------------------- description

_BEARER = ("bearer",)
_GATEWAY = ("LINK-GEN-20", "LINK-AUTH-3")
_BODY = (*_GATEWAY, "LINK-GEN-1", "LINK-GEN-22")
_SETTINGS_ID = Parameter("settingsId", "path", "id of settings, in any letter case", required=True)
_MESSAGE_PARAMETERS = (
    Parameter("msisdn", "path", "the recipient", {"type": "string", "pattern": f"^{E164_PATTERN}$"}, required=True),
    Parameter(
        "messageId",
        "query",
        "the client's id of the message; the same one again is a safe retry",
        {"type": "string", "pattern": f"^{UUID_PATTERN}$"},
        required=True,
    ),
    Parameter(
        "settingsId", "query", "settings for the Web Channel", {"type": "string", "pattern": f"^{UUID_PATTERN}$"}
    ),
)

_OPERATIONS = {
    "requestToken": OperationDescription(
        {200: AccessToken},
        ("LINK-AUTH-0", "LINK-AUTH-1", "LINK-AUTH-2", "LINK-GEN-22", "LINK-GEN-20"),
        body=TokenRequest,
        media="application/x-www-form-urlencoded",
        security=("",),
    ),
    "listSettings": OperationDescription({200: list[ConversationSettings]}, _GATEWAY, security=_BEARER),
    "putSettings": OperationDescription(
        {200: None, 204: None},
        (*_BODY, "LINK-SET-03", "LINK-SET-04"),
        body=ConversationSettings,
        security=_BEARER,
    ),
    "getSettings": OperationDescription(
        {200: ConversationSettings},
        (*_GATEWAY, "LINK-SET-07", "LINK-SET-08"),
        parameters=(_SETTINGS_ID,),
        security=_BEARER,
    ),
    "deleteSettings": OperationDescription(
        {200: ConversationSettings},
        (*_GATEWAY, "LINK-SET-07", "LINK-SET-08"),
        parameters=(_SETTINGS_ID,),
        security=_BEARER,
    ),
    "getFeatureset": OperationDescription({200: ChannelFeatureset}, _GATEWAY, security=_BEARER),
    "sendMessage": OperationDescription(
        {200: AcceptedMessage},
        (*_BODY, "LINK-MSG", "LINK-CARD", "LINK-SUG"),
        body=ConversationMessage,
        parameters=_MESSAGE_PARAMETERS,
        security=_BEARER,
        statuses=(500, 503),
    ),
    "registerFile": OperationDescription(
        {200: RegisteredFileId}, (*_BODY, "LINK-FILE"), body=RegisterFile, security=_BEARER
    ),
}


def describe(fixtures: Path) -> Description:
    """Return the description; samples are read from `fixtures`, the provider's own folder."""
    return Description(
        version="2.0.2",
        operations=_OPERATIONS,
        error={"": ApiError},
        callbacks={kind: _callback(kind) for kind in _DATA},
        acknowledges="2XX",
        security={
            "bearer": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "the access token of `requestToken`",
            }
        },
        samples=(*_requests(fixtures), *_told(fixtures)),
    )


def _callback(kind: str) -> CallbackDescription:
    """Return what a kind of callback holds: the envelope, beside the bytes if it tells of a file (LINK-CB-20)."""
    data = {"contentEncoding": "base64", "contentMediaType": "application/json", "contentSchema": _DATA[kind]}
    envelope = {"allOf": [Envelope, {"properties": {"message": {"properties": {"data": data}}}}]}
    if kind != "message.USER_FILE":
        return CallbackDescription({"application/json": envelope}, ("LINK-CB",))
    parts = {
        "type": "object",
        "description": "the account's settings may give the two parts other names",
        "properties": {"message": envelope, "file": {"type": "string", "format": "binary"}},
        "required": ["message", "file"],
    }
    return CallbackDescription({"multipart/form-data": parts}, ("LINK-CB",))


def _requests(fixtures: Path) -> Iterator[Sample]:
    for sample in _read(fixtures / "requests"):
        (of,) = (each.id for each in OPERATIONS if sample["path"].endswith(each.path.rpartition("/")[2]))
        answer = sample["answer"]
        yield Sample(of, sample["title"], sample["source"], sample["body"], answer["status"], answer["body"])


def _told(fixtures: Path) -> Iterator[Sample]:
    for sample in _read(fixtures / "callbacks"):
        body = sample["envelope"]
        if sample["kind"] == "message.USER_FILE":
            body = {"message": body, "file": ""}
        yield Sample(sample["kind"], sample["title"], sample["source"], body)


def _read(folder: Path) -> list[dict[str, Any]]:
    return [from_json(file.read_bytes()) for file in sorted(folder.glob("*.json"))]
