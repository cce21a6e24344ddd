"""ChannelFeatureset: what an account's channels can show, as returned to clients and as validated against."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sandbox.providers.link.models import MAX_CARDS, MIN_CARDS

MediaType = Literal["IMAGE", "VIDEO", "AUDIO"]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
UpToEleven = Annotated[int, Field(ge=0, le=11)]
CardNumber = Literal[0] | Annotated[int, Field(ge=MIN_CARDS, le=MAX_CARDS)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class CarouselCardFeatureset(_Model):
    """Source: 476-496; the bounds themselves 460-461. A pair of zeros means that carousels are not supported."""

    minCardNumbers: CardNumber | None = None
    maxCardNumbers: CardNumber | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        least, most = self.minCardNumbers, self.maxCardNumbers
        if (least == 0) != (most == 0):
            raise ValueError("minCardNumbers and maxCardNumbers are both 0 where carousels are not supported")
        if least is not None and most is not None and least > most:
            raise ValueError("minCardNumbers is greater than maxCardNumbers")
        return self


class SuggestionsNumberFeatureset(_Model):
    """How many suggestions fit in one place. Source: 1054-1077."""

    suggestedActions: Count | None = None
    textReplySuggestions: Count | None = None
    totalSuggestions: Count | None = None


class MessageSuggestionsNumberFeatureset(SuggestionsNumberFeatureset):
    """The same at message level, where the document allows 11 at most. Source: 792-793."""

    suggestedActions: UpToEleven | None = None
    textReplySuggestions: UpToEleven | None = None
    totalSuggestions: UpToEleven | None = None


class MediaFeatureset(_Model):
    """Source: 698-742."""

    maxFileSizeInMB: Count | None = None
    mediaTypes: tuple[MediaType, ...] | None = None
    mediaTypesRequiringThumbnails: tuple[MediaType, ...] | None = None
    mediaTypesSupportingThumbnails: tuple[MediaType, ...] | None = None
    thumbnailTypes: tuple[MediaType, ...] | None = None


class MediaMessageFeatureset(_Model):
    """Source: 744-763."""

    mediaFeatureset: MediaFeatureset
    suggestionsNumberFeatureset: MessageSuggestionsNumberFeatureset


class MandatoryFieldsFeatureset(_Model):
    """Source: 682-696."""

    minOneOfOptionalFields: tuple[str, ...] | None = None
    requiredFields: tuple[str, ...] | None = None


class RichCardFeatureset(_Model):
    """Source: 869-914; the fixed lengths 408, 423."""

    titleLength: Annotated[int, Field(ge=0, le=200)] | None = None
    descriptionLength: Annotated[int, Field(ge=0, le=2000)] | None = None
    mandatoryFieldsFeatureset: MandatoryFieldsFeatureset | None = None
    mediaFeatureset: MediaFeatureset
    suggestionsNumberFeaturesetBelowCard: MessageSuggestionsNumberFeatureset
    suggestionsNumberFeaturesetWithinCard: SuggestionsNumberFeatureset


class SuggestionsFeatureset(_Model):
    """Source: 1028-1052."""

    suggestionOpenUrlLength: Count | None = None
    suggestionPayloadLength: Count | None = None
    suggestionTitleLength: Count | None = None


class TextMessageFeatureset(_Model):
    """Source: 1079-1109."""

    length: Count | None = None
    lengthWithSuggestions: Count | None = None
    suggestionsNumberFeatureset: MessageSuggestionsNumberFeatureset


class ChannelFeatureset(_Model):
    """An absent number is no limit of that kind; the document's own limits still hold. Source: 498-554."""

    carouselCardFeatureset: CarouselCardFeatureset
    mediaMessageFeatureset: MediaMessageFeatureset
    richCardEnabled: bool = True
    richCardFeatureset: RichCardFeatureset | None = None
    suggestionsFeatureset: SuggestionsFeatureset
    textMessageFeatureset: TextMessageFeatureset


_ELEVEN: dict[str, Any] = {"suggestedActions": 11, "textReplySuggestions": 11, "totalSuggestions": 11}
_NONE: dict[str, Any] = {"suggestedActions": 0, "textReplySuggestions": 0, "totalSuggestions": 0}


def _media(*types: MediaType, size: int = 100) -> dict[str, Any]:
    thumbnails = [kind for kind in types if kind != "AUDIO"]
    return {
        "maxFileSizeInMB": size,
        "mediaTypes": types,
        "mediaTypesRequiringThumbnails": [],
        "mediaTypesSupportingThumbnails": thumbnails,
        "thumbnailTypes": ["IMAGE"],
    }


_SUGGESTIONS = {"suggestionOpenUrlLength": 2048, "suggestionPayloadLength": 2048, "suggestionTitleLength": 25}

_RICH: dict[str, Any] = {
    "carouselCardFeatureset": {"minCardNumbers": 2, "maxCardNumbers": 10},
    "mediaMessageFeatureset": {
        "mediaFeatureset": _media("IMAGE", "VIDEO", "AUDIO"),
        "suggestionsNumberFeatureset": _ELEVEN,
    },
    "richCardEnabled": True,
    "richCardFeatureset": {
        "titleLength": 200,
        "descriptionLength": 2000,
        "mandatoryFieldsFeatureset": {
            "minOneOfOptionalFields": ["title", "description", "cardMedia"],
            "requiredFields": [],
        },
        "mediaFeatureset": _media("IMAGE", "VIDEO"),
        "suggestionsNumberFeaturesetBelowCard": _ELEVEN,
        "suggestionsNumberFeaturesetWithinCard": {
            "suggestedActions": 4,
            "textReplySuggestions": 4,
            "totalSuggestions": 4,
        },
    },
    "suggestionsFeatureset": _SUGGESTIONS,
    "textMessageFeatureset": {
        "length": 2000,
        "lengthWithSuggestions": 2000,
        "suggestionsNumberFeatureset": _ELEVEN,
    },
}

_TEXT_ONLY: dict[str, Any] = {
    "carouselCardFeatureset": {"minCardNumbers": 0, "maxCardNumbers": 0},
    "mediaMessageFeatureset": {
        "mediaFeatureset": {
            "maxFileSizeInMB": 0,
            "mediaTypes": [],
            "mediaTypesRequiringThumbnails": [],
            "mediaTypesSupportingThumbnails": [],
            "thumbnailTypes": [],
        },
        "suggestionsNumberFeatureset": _NONE,
    },
    "richCardEnabled": False,
    "suggestionsFeatureset": _SUGGESTIONS,
    "textMessageFeatureset": {
        "length": 1600,
        "lengthWithSuggestions": 1600,
        "suggestionsNumberFeatureset": _NONE,
    },
}

_PRESETS = {"rich": _RICH, "text-only": _TEXT_ONLY}


@cache
def preset(name: str) -> ChannelFeatureset:
    """Return the featureset of that name. Raises `ValueError` naming those there are."""
    if name not in _PRESETS:
        raise ValueError(f"must be one of {', '.join(_PRESETS)}, or a whole ChannelFeatureset")
    return ChannelFeatureset.model_validate(_PRESETS[name])


def rich() -> ChannelFeatureset:
    """Return what an account has that asks for nothing else."""
    return preset("rich")
