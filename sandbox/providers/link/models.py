"""LINK's schemas, in the document's order and words; each member names the rules that stand behind it."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import ConfigDict, Field, JsonValue, with_config
from typing_extensions import TypedDict

from sandbox.core.schema import Cites, Schema

_BODY = ConfigDict(strict=True, extra="forbid")


def _one_of(*names: str, none: bool = False) -> ConfigDict:
    """Return what an object is checked by that has one of these members, or at most one; for its JSON Schema only."""
    choices: list[JsonValue] = [{"properties": {name: {"not": {"type": "null"}}}, "required": [name]} for name in names]
    if none:
        choices.append({"properties": {name: {"type": "null"} for name in names}})
    return ConfigDict(strict=True, extra="forbid", json_schema_extra={"oneOf": choices})


UUID_PATTERN = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
E164_PATTERN = r"\+[1-9][0-9]{6,14}"
MIN_CARDS, MAX_CARDS = 2, 10  # 460-461

# Of each of these an object has one (LINK-MSG-12, LINK-MSG-17), or at most one (LINK-SUG-05).
CONTENTS = ("text", "fileId", "conversationCard")
CARDS = ("carouselCard", "standaloneCard")
ACTIONS = (
    "callAction",
    "showLocationAction",
    "createCalendarEntryAction",
    "openUrlAction",
    "requestLocationAction",
)


@with_config(_BODY)
class CallAction(TypedDict):
    """Source: 384-394."""

    msisdn: str


@with_config(_BODY)
class OpenUrlAction(TypedDict):
    """Source: 805-815."""

    url: str


@with_config(_BODY)
class RequestLocationAction(TypedDict):
    """An empty object. Source: 864-867."""


@with_config(_BODY)
class Coordinates(TypedDict):
    """Degrees. Source: 624-644."""

    latitude: Annotated[float, Field(ge=-90, le=90), Cites(missing="LINK-SUG-11", limit="LINK-SUG-11")]
    longitude: Annotated[float, Field(ge=-180, le=180), Cites(missing="LINK-SUG-11", limit="LINK-SUG-11")]


@with_config(_BODY)
class ShowLocationAction(TypedDict):
    """Source: 916-939."""

    coordinates: NotRequired[Coordinates | None]
    label: NotRequired[str | None]
    query: NotRequired[str | None]


@with_config(_BODY)
class CreateCalendarEntryAction(TypedDict):
    """Both times are RFC 3339 UTC. Source: 646-680."""

    title: Annotated[str, Field(min_length=1), Cites(missing="LINK-SUG-12", limit="LINK-SUG-12")]
    description: Annotated[str, Field(min_length=1), Cites(missing="LINK-SUG-12", limit="LINK-SUG-12")]
    startTime: Annotated[str, Field(min_length=1), Cites(missing="LINK-SUG-12", limit="LINK-SUG-12")]
    endTime: Annotated[str, Field(min_length=1), Cites(missing="LINK-SUG-12", limit="LINK-SUG-12")]


@with_config(_one_of(*ACTIONS, none=True))
class Suggestion(TypedDict):
    """Text and callback data always; at most one action (LINK-SUG-05). Source: 972-1026."""

    text: Annotated[str, Field(min_length=1), Cites(missing="LINK-SUG-02", limit="LINK-SUG-02")]
    callbackData: Annotated[str, Field(min_length=1), Cites(missing="LINK-SUG-02", limit="LINK-SUG-02")]
    callAction: NotRequired[CallAction | None]
    showLocationAction: NotRequired[ShowLocationAction | None]
    createCalendarEntryAction: NotRequired[CreateCalendarEntryAction | None]
    openUrlAction: NotRequired[OpenUrlAction | None]
    requestLocationAction: NotRequired[Annotated[RequestLocationAction | None, Cites(kind="LINK-SUG-14")]]


@with_config(_BODY)
class CardMedia(TypedDict):
    """Source: 428-451."""

    cardHeight: Annotated[Literal["UNSPECIFIED", "SHORT", "MEDIUM", "TALL"], Cites(missing="LINK-CARD-07")]
    fileId: Annotated[str, Cites(missing="LINK-CARD-07")]


@with_config(_BODY)
class CardContent(TypedDict):
    """Source: 396-426."""

    title: NotRequired[Annotated[str | None, Field(max_length=200), Cites(limit="LINK-CARD-04")]]
    description: NotRequired[Annotated[str | None, Field(max_length=2000), Cites(limit="LINK-CARD-05")]]
    cardMedia: NotRequired[CardMedia | None]
    suggestions: NotRequired[Annotated[list[Suggestion] | None, Field(fail_fast=True)]]


@with_config(_BODY)
class StandaloneCard(TypedDict):
    """All three are required, the alignment even where it has no effect. Source: 941-970."""

    cardContent: Annotated[CardContent, Cites(missing="LINK-CARD-01")]
    cardOrientation: Annotated[Literal["UNSPECIFIED", "HORIZONTAL", "VERTICAL"], Cites(missing="LINK-CARD-01")]
    thumbnailAlignment: Annotated[Literal["UNSPECIFIED", "LEFT", "RIGHT"], Cites(missing="LINK-CARD-01")]


@with_config(_BODY)
class CarouselCard(TypedDict):
    """Source: 453-474."""

    cardContents: Annotated[
        list[CardContent],
        Field(min_length=MIN_CARDS, max_length=MAX_CARDS, fail_fast=True),
        Cites(missing="LINK-CARD-02", limit="LINK-CARD-03"),
    ]
    cardWidth: Annotated[Literal["UNSPECIFIED", "SMALL", "MEDIUM"], Cites(missing="LINK-CARD-02")]


@with_config(_one_of(*CARDS))
class ConversationCard(TypedDict):
    """Exactly one of the two (LINK-MSG-17). Source: 556-570."""

    carouselCard: NotRequired[CarouselCard | None]
    standaloneCard: NotRequired[StandaloneCard | None]


@with_config(_one_of(*CONTENTS))
class MessageContent(TypedDict):
    """Exactly one of the first three (LINK-MSG-12). Source: 765-803."""

    text: NotRequired[Annotated[str | None, Field(min_length=1), Cites(limit="LINK-MSG-13")]]
    fileId: NotRequired[str | None]
    conversationCard: NotRequired[ConversationCard | None]
    suggestions: NotRequired[
        Annotated[list[Suggestion] | None, Field(max_length=11, fail_fast=True), Cites(limit="LINK-SUG-01")]
    ]


@with_config(_BODY)
class ConversationMessage(TypedDict):
    """`sendTime` and `error` belong to the answer. Source: 572-599."""

    messageContent: Annotated[MessageContent, Cites(missing="LINK-MSG-11")]
    error: NotRequired[object]
    sendTime: NotRequired[object]


@with_config(_BODY)
class RegisterFile(TypedDict):
    """The table says `description`, the examples `contentDescription`. Source: 817-851, 1680."""

    url: Annotated[str, Cites(missing="LINK-FILE-01")]
    thumbnailUrl: NotRequired[str | None]
    description: NotRequired[str | None]
    contentDescription: NotRequired[str | None]


@with_config(_BODY)
class ConversationSettings(TypedDict):
    """Source: 601-622."""

    id: Annotated[str, Field(pattern=f"^{UUID_PATTERN}$"), Cites(missing="LINK-SET-03", limit="LINK-SET-03")]
    webSmsTemplate: Annotated[str, Field(pattern=r"\S"), Cites(missing="LINK-SET-04", limit="LINK-SET-04")]


CONVERSATION_MESSAGE = Schema(ConversationMessage)
REGISTER_FILE = Schema(RegisterFile)
CONVERSATION_SETTINGS = Schema(ConversationSettings)
