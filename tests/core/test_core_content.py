"""Content: what a person would read of it, what can be tapped, and its JSON."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.core.content import (
    Card,
    Carousel,
    Content,
    File,
    Location,
    Media,
    Other,
    SuggestedAction,
    Suggestion,
    SuggestionResponse,
    Text,
    as_json,
    card_suggestions,
    readable,
)

YES, NO = Suggestion("Yes", "y"), Suggestion("No", "n")
PHOTO = File("image", url="https://files.example/a.png", name="a.png", description="A photo")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param(Text("Hello"), "Hello", id="text"),
        pytest.param(SuggestionResponse("Yes", "y"), "Yes", id="suggestion-response"),
        pytest.param(Other("Note", {"a": 1}), "Note", id="other"),
        pytest.param(Media(PHOTO, "Look!"), "Look!", id="caption"),
        pytest.param(Media(PHOTO), "A photo", id="description"),
        pytest.param(Media(File("image", url="https://files.example/a.png", name="a.png")), "a.png", id="name"),
        pytest.param(Media(File("image", url="https://files.example/a")), "https://files.example/a", id="url"),
        pytest.param(Media(File("unknown", id="f1")), "f1", id="file-id"),
        pytest.param(Media(File("unknown")), "", id="nothing"),
        pytest.param(Card("Title", "Words"), "Title\nWords", id="card"),
        pytest.param(Card(description="Words"), "Words", id="card-without-title"),
        pytest.param(Card(media=PHOTO), "", id="card-of-a-picture"),
        pytest.param(Carousel((Card("One"), Card(media=PHOTO), Card("Two"))), "One\nTwo", id="carousel"),
        pytest.param(Location(1.5, -2.5), "1.5, -2.5", id="location"),
        pytest.param(Location(1.5, -2.5, "Home"), "Home", id="place"),
    ],
)
def test_readable(content: Content, text: str) -> None:
    """Every sort of content comes down to one string."""
    assert readable(content) == text


@pytest.mark.parametrize(
    ("content", "suggestions"),
    [
        pytest.param(Text("Hello"), (), id="no-card"),
        pytest.param(Card("One", suggestions=(YES, NO)), (YES, NO), id="card"),
        pytest.param(
            Carousel((Card("One", suggestions=(NO,)), Card("Two"), Card("Three", suggestions=(YES, NO)))),
            (NO, YES, NO),
            id="carousel-in-order",
        ),
    ],
)
def test_card_suggestions(content: Content, suggestions: tuple[Suggestion, ...]) -> None:
    """Suggestions inside cards are found in the order they are shown."""
    assert card_suggestions(content) == suggestions


@pytest.mark.parametrize(
    ("value", "document"),
    [
        pytest.param(Text("Hi"), {"kind": "text", "text": "Hi"}, id="text"),
        pytest.param(YES, {"text": "Yes", "postback": "y", "action": None}, id="an-action-stays-null"),
        pytest.param(
            Suggestion("Call", "c", SuggestedAction("call", {"number": "+491"})),
            {"text": "Call", "postback": "c", "action": {"kind": "call", "number": "+491"}},
            id="an-actions-details-lie-beside-its-kind",
        ),
        pytest.param(
            Media(File("image", id="f1")),
            {"kind": "media", "file": {"media": "image", "id": "f1"}},
            id="what-is-none-is-left-out",
        ),
        pytest.param(
            Carousel((Card("One", suggestions=(YES,)),), "small"),
            {
                "kind": "carousel",
                "cards": [
                    {
                        "kind": "card",
                        "title": "One",
                        "suggestions": [{"text": "Yes", "postback": "y", "action": None}],
                    }
                ],
                "card_width": "small",
            },
            id="carousel",
        ),
        pytest.param(Other("x", {"a": [1]}), {"kind": "other", "text": "x", "a": [1]}, id="other"),
        pytest.param((YES, NO), [as_json(YES), as_json(NO)], id="list"),
    ],
)
def test_as_json(value: Any, document: Any) -> None:
    """Content becomes plain JSON values."""
    assert as_json(value) == document
