"""Validation: holds a message against the featureset of its account, in the document's order, and raises what breaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.providers.link.featureset import ChannelFeatureset, SuggestionsFeatureset, SuggestionsNumberFeatureset
from sandbox.providers.link.files import FileUse
from sandbox.providers.link.models import MAX_CARDS, MIN_CARDS
from sandbox.providers.link.parameters import is_e164
from sandbox.providers.link.rules import RULES
from sandbox.providers.link.urls import is_absolute

Members = dict[str, Any]

_utc_time = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(?:Z|\+00:00)"
).fullmatch


def check_content(content: Members, features: ChannelFeatureset) -> list[FileUse]:
    """
    Hold a `messageContent` of the documented shape against the rules of its values.

    A number that the featureset leaves out is no limit (LINK-FEAT-04). Returns the files it refers to, to be looked up.
    Raises the first rule that is broken.
    """
    if ("text" in content) + ("fileId" in content) + ("conversationCard" in content) != 1:
        raise RULES.broken("LINK-MSG-12")
    files: list[FileUse] = []
    suggestions = content.get("suggestions")
    numbers: SuggestionsNumberFeatureset | None
    rule = "LINK-SUG-06"
    if "text" in content:
        texts = features.textMessageFeatureset
        limit = texts.lengthWithSuggestions if suggestions else texts.length
        if limit is not None and len(content["text"]) > limit:
            raise RULES.broken("LINK-MSG-14", path="messageContent.text", limit=limit)
        numbers = texts.suggestionsNumberFeatureset
    elif "fileId" in content:
        media = features.mediaMessageFeatureset
        files.append(FileUse("messageContent.fileId", content["fileId"], media.mediaFeatureset, "LINK-MSG-16"))
        numbers = media.suggestionsNumberFeatureset
    else:
        _check_card(content["conversationCard"], features, files)
        rich = features.richCardFeatureset
        numbers, rule = None if rich is None else rich.suggestionsNumberFeaturesetBelowCard, "LINK-CARD-09"
    if suggestions:
        _check_suggestions("messageContent.suggestions", suggestions, numbers, rule, features.suggestionsFeatureset)
    return files


# --------------------------------------------------------------------------------------------------------- cards


def _check_card(card: Members, features: ChannelFeatureset, files: list[FileUse]) -> None:
    if not features.richCardEnabled:
        raise RULES.broken("LINK-MSG-18")
    if ("carouselCard" in card) == ("standaloneCard" in card):
        raise RULES.broken("LINK-MSG-17")
    path = "messageContent.conversationCard"
    if "standaloneCard" in card:
        content = card["standaloneCard"]["cardContent"]
        _check_card_content(f"{path}.standaloneCard.cardContent", content, features, files)
        return
    path = f"{path}.carouselCard.cardContents"
    contents = card["carouselCard"]["cardContents"]
    bounds = features.carouselCardFeatureset
    least = MIN_CARDS if bounds.minCardNumbers is None else bounds.minCardNumbers
    most = MAX_CARDS if bounds.maxCardNumbers is None else bounds.maxCardNumbers
    if not least <= len(contents) <= most:
        raise RULES.broken("LINK-CARD-03", path=path, minimum=least, maximum=most)
    for index, content in enumerate(contents):
        _check_card_content(f"{path}[{index}]", content, features, files)


def _check_card_content(path: str, content: Members, features: ChannelFeatureset, files: list[FileUse]) -> None:
    rich = features.richCardFeatureset
    if rich is not None:
        if (mandatory := rich.mandatoryFieldsFeatureset) is not None:
            some = mandatory.minOneOfOptionalFields
            if some and content.keys().isdisjoint(some):
                raise RULES.broken("LINK-CARD-06", path=path, fields=", ".join(some))
            for name in mandatory.requiredFields or ():
                if name not in content:
                    raise RULES.broken("LINK-CARD-06", message="{path}: is required", path=f"{path}.{name}")
        if (most := rich.titleLength) is not None and len(content.get("title", "")) > most:
            raise RULES.broken("LINK-CARD-04", path=f"{path}.title", limit=most)
        if (most := rich.descriptionLength) is not None and len(content.get("description", "")) > most:
            raise RULES.broken("LINK-CARD-05", path=f"{path}.description", limit=most)
    if "cardMedia" in content:
        allowed = None if rich is None else rich.mediaFeatureset
        files.append(FileUse(f"{path}.cardMedia.fileId", content["cardMedia"]["fileId"], allowed, "LINK-CARD-08"))
    if suggestions := content.get("suggestions"):
        numbers = None if rich is None else rich.suggestionsNumberFeaturesetWithinCard
        _check_suggestions(f"{path}.suggestions", suggestions, numbers, "LINK-CARD-09", features.suggestionsFeatureset)


# --------------------------------------------------------------------------------------------------- suggestions


def _check_suggestions(
    path: str,
    suggestions: list[Members],
    numbers: SuggestionsNumberFeatureset | None,
    rule: str,
    lengths: SuggestionsFeatureset,
) -> None:
    """Hold the suggestions of one place against the numbers and lengths that fit there, then their actions."""
    if numbers is not None:
        _check_numbers(path, suggestions, numbers, rule)
    title, payload = lengths.suggestionTitleLength, lengths.suggestionPayloadLength
    for index, suggestion in enumerate(suggestions):
        if len(suggestion) > 3:  # more than text, callbackData and one action
            raise RULES.broken("LINK-SUG-05", path=f"{path}[{index}]")
        if title is not None and len(suggestion["text"]) > title:
            raise RULES.broken("LINK-SUG-03", path=f"{path}[{index}].text", limit=title)
        if payload is not None and len(suggestion["callbackData"]) > payload:
            raise RULES.broken("LINK-SUG-04", path=f"{path}[{index}].callbackData", limit=payload)
        if len(suggestion) == 3:
            for name, member in suggestion.items():
                if check := _ACTION_CHECKS.get(name):
                    check(f"{path}[{index}].{name}", member, lengths)


def _check_numbers(path: str, suggestions: list[Members], numbers: SuggestionsNumberFeatureset, rule: str) -> None:
    total, actions = len(suggestions), 0
    for suggestion in suggestions:
        if len(suggestion) > 2:
            actions += 1
    if (most := numbers.totalSuggestions) is not None and total > most:
        raise RULES.broken(rule, path=path, limit=most, what="suggestions")
    if (most := numbers.suggestedActions) is not None and actions > most:
        raise RULES.broken(rule, path=path, limit=most, what="suggested actions")
    if (most := numbers.textReplySuggestions) is not None and total - actions > most:
        raise RULES.broken(rule, path=path, limit=most, what="text replies")


def _check_call(path: str, action: Members, _lengths: SuggestionsFeatureset) -> None:
    if not is_e164(action["msisdn"].replace(" ", "")):
        raise RULES.broken("LINK-SUG-09", path=f"{path}.msisdn")


def _check_location(path: str, action: Members, _lengths: SuggestionsFeatureset) -> None:
    if "coordinates" not in action and not action.get("query"):
        raise RULES.broken("LINK-SUG-10", path=path)


def _check_calendar_entry(path: str, action: Members, _lengths: SuggestionsFeatureset) -> None:
    start = _read_time(f"{path}.startTime", action["startTime"])
    end = _read_time(f"{path}.endTime", action["endTime"])
    if end < start:
        raise RULES.broken("LINK-SUG-13", path=f"{path}.endTime")


def _check_url(path: str, action: Members, lengths: SuggestionsFeatureset) -> None:
    url, limit = action["url"], lengths.suggestionOpenUrlLength
    if not is_absolute(url):
        raise RULES.broken("LINK-SUG-08", path=f"{path}.url")
    if limit is not None and len(url) > limit:
        message = "{path}: must not be longer than {limit} characters"
        raise RULES.broken("LINK-SUG-08", message=message, path=f"{path}.url", limit=limit)


_ACTION_CHECKS: dict[str, Callable[[str, Members, SuggestionsFeatureset], None]] = {
    "callAction": _check_call,
    "showLocationAction": _check_location,
    "createCalendarEntryAction": _check_calendar_entry,
    "openUrlAction": _check_url,
}


def _read_time(path: str, text: str) -> tuple[datetime, str]:
    """Return the second and its fraction in nine digits, which compare as times do. Raises LINK-SUG-12."""
    parts = _utc_time(text)
    if parts is not None:
        try:
            return datetime.fromisoformat(parts[1]), (parts[2] or "").ljust(9, "0")
        except ValueError:
            pass  # a day or minute that there is not
    raise RULES.broken("LINK-SUG-12", path=path)
