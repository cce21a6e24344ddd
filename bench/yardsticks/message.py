"""The documented ConversationMessage in pydantic, about as strict as a server with rules of its own must be."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from starlette.responses import Response

from bench.yardsticks.gateway import now_text, refused


class _Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, extra="forbid")


def _given(*values: object) -> int:
    return sum(value is not None for value in values)


class _Call(_Part):
    msisdn: Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9 ]{5,20}$")]


class _Coordinates(_Part):
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class _ShowLocation(_Part):
    coordinates: _Coordinates | None = None
    label: str | None = None
    query: str | None = None


class _CalendarEntry(_Part):
    start_time: datetime
    end_time: datetime
    title: str
    description: str


class _OpenUrl(_Part):
    url: Annotated[str, StringConstraints(pattern=r"^https?://", max_length=2048)]


class _RequestLocation(_Part):
    pass


class _Suggestion(_Part):
    text: Annotated[str, StringConstraints(min_length=1, max_length=25)]
    callback_data: Annotated[str, StringConstraints(min_length=1, max_length=2048)]
    call_action: _Call | None = None
    show_location_action: _ShowLocation | None = None
    create_calendar_entry_action: _CalendarEntry | None = None
    open_url_action: _OpenUrl | None = None
    request_location_action: _RequestLocation | None = None

    @model_validator(mode="after")
    def _one_action(self) -> Self:
        given = _given(
            self.call_action,
            self.show_location_action,
            self.create_calendar_entry_action,
            self.open_url_action,
            self.request_location_action,
        )
        if given > 1:
            raise ValueError("at most one action can be set")
        return self


class _Height(StrEnum):
    UNSPECIFIED = "UNSPECIFIED"
    SHORT = "SHORT"
    MEDIUM = "MEDIUM"
    TALL = "TALL"


class _Width(StrEnum):
    UNSPECIFIED = "UNSPECIFIED"
    SMALL = "SMALL"
    MEDIUM = "MEDIUM"


class _Media(_Part):
    card_height: _Height
    file_id: str


class _Card(_Part):
    card_media: _Media | None = None
    title: Annotated[str | None, Field(max_length=200)] = None
    description: Annotated[str | None, Field(max_length=2000)] = None
    suggestions: Annotated[list[_Suggestion] | None, Field(max_length=4)] = None


class _Carousel(_Part):
    card_width: _Width
    card_contents: list[_Card] = Field(min_length=2, max_length=10)


class _Standalone(_Part):
    card_content: _Card
    card_orientation: str
    thumbnail_alignment: str


class _ConversationCard(_Part):
    carousel_card: _Carousel | None = None
    standalone_card: _Standalone | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if _given(self.carousel_card, self.standalone_card) != 1:
            raise ValueError("exactly one of carouselCard and standaloneCard must be set")
        return self


class _Content(_Part):
    text: Annotated[str | None, Field(min_length=1, max_length=2000)] = None
    file_id: str | None = None
    conversation_card: _ConversationCard | None = None
    suggestions: Annotated[list[_Suggestion] | None, Field(max_length=11)] = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if _given(self.text, self.file_id, self.conversation_card) != 1:
            raise ValueError("exactly one of text, fileId and conversationCard must be set")
        return self


class ConversationMessage(_Part):
    """A message as sent, and as echoed with the time it was taken in."""

    error: str | None = None
    message_content: _Content
    send_time: str | None = None

    def echo(self) -> bytes:
        """Give the JSON of the answer."""
        return self.__pydantic_serializer__.to_json(self, by_alias=True, exclude_none=True)


def read(raw: bytes) -> ConversationMessage | Response:
    """Read a message and stamp it, or make the answer that says what is wrong with it."""
    try:
        message = ConversationMessage.model_validate_json(raw)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_context=False, include_input=False)[0]
        return refused(400, "Bad Request", f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
    message.send_time = now_text()
    return message
