"""Rehearsal: how each of LINK's callbacks is brought about, and the forms that its document leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.core.rehearsal import Cue, Rehearsal, Sending, Variant
from sandbox.providers.link.callbacks import NO_CHANNEL, UPLOAD_ERROR

_QUESTION = Sending(
    "/gateway/lmc/v1/phone/{user}/conversationMessage?messageId={id}",
    {"messageContent": {"text": "Shall we begin?", "suggestions": [{"text": "Yes", "callbackData": "yes-1"}]}},
)
_LONG_ID = "7f0c1c9e-3a53-4f0e-9d0a-0a4f3f1b7c11-" * 3


def _listening(url: str, secret: str | None) -> Mapping[str, Any]:
    if secret is not None:
        raise ValueError("LINK documents no signature and no credentials of its callbacks")
    return {"webhook": {"url": url}}


REHEARSAL = Rehearsal(
    user="+49155{n}77",
    listening=_listening,
    text="message.TEXT",
    file="message.USER_FILE",
    pairs=(("event.DELIVERED", "event.READ"),),
    longest_text=3072,  # what RCS carries; the document says nothing of a person's texts
    largest_file=10 * 1024 * 1024,  # what a scripted person can send; the document has no limit
    rules={
        "acknowledgement": "LINK-CB-02",
        "retry": "LINK-CB-03",
        "order": "LINK-CB-04",
        "form": "LINK-CB-10",
        "size": "LINK-CB-20",
        "time": "LINK-CB-15",
    },
    cues=(
        Cue("event.DELIVERED", "LINK-CB-16a", _QUESTION, {"type": "deliver"}),
        Cue("event.READ", "LINK-CB-16b", _QUESTION, {"type": "read"}),
        Cue("event.IS_TYPING", "LINK-CB-16c", None, {"type": "start_typing"}),
        Cue("message.TEXT", "LINK-CB-16d", None, {"type": "say", "text": "Hello"}),
        Cue("message.SUGGESTION_RESPONSE", "LINK-CB-16e", _QUESTION, {"type": "tap", "suggestion": "Yes"}),
        Cue(
            "message.LOCATION",
            "LINK-CB-17",
            None,
            {"type": "share_location", "latitude": 59.90765, "longitude": 10.746597},
        ),
        Cue("message.USER_FILE", "LINK-CB-18", None, {"type": "send_file", "sample": "photo.jpg"}),
        Cue(f"error.{NO_CHANNEL}", "LINK-CB-26", _QUESTION, {"type": "fail"}),
        Cue(f"error.{UPLOAD_ERROR}", "LINK-CB-24", None, {"type": "error", "code": UPLOAD_ERROR}),
    ),
    variants=(
        Variant(
            "no-fraction",
            "times without a fraction of a second",
            ("message.TEXT", "event.READ"),
            "LINK-CB-15",
            settings={"fractional_digits": 0},
        ),
        Variant(
            "nanoseconds",
            "times with nine digits of a second's fraction",
            ("message.TEXT", "event.READ"),
            "LINK-CB-15",
            settings={"fractional_digits": 9},
        ),
        Variant(
            "odd-uuid",
            "an id in the form of a UUID, but of no version that an RFC knows",
            ("message.TEXT",),
            "LINK-CB-16e",
            settings={"odd_uuids": True},
        ),
        Variant(
            "long-id",
            f"a message id of {len(_LONG_ID)} characters",
            ("message.TEXT",),
            "LINK-CB-16d",
            set={"messageId": _LONG_ID},
        ),
        Variant(
            "one-spelling",
            "an envelope with messageId and publishTime, but not message_id and publish_time",
            ("message.TEXT", "event.READ"),
            "LINK-CB-13",
            settings={"message_id": False, "publish_time": False},
        ),
        Variant(
            "event-id",
            "an event with the documented eventId, which the samples lack",
            ("event.READ",),
            "LINK-CB-16b",
            settings={"include_event_id": True},
        ),
        Variant(
            "no-message-type",
            "a message without the optional attribute message_type",
            ("message.TEXT",),
            "LINK-CB-11",
            drop=("message.attributes.message_type",),
        ),
        Variant(
            "size-as-text",
            "a file whose fileSizeBytes is a string, as the sample prints it",
            ("message.USER_FILE",),
            "LINK-CB-22",
            settings={"file_size_as_string": True},
        ),
        Variant(
            "part-names",
            "a file whose two parts have other names, since the document gives none",
            ("message.USER_FILE",),
            "LINK-CB-21",
            settings={"part_names": {"message": "json", "file": "content"}},
        ),
        Variant(
            "digit-for-code",
            'an upload error whose errorCode is "1", as the sample prints it',
            (f"error.{UPLOAD_ERROR}",),
            "LINK-CB-25",
            settings={"legacy_error_code": True},
        ),
        Variant(
            "unknown-message-type",
            "a location whose message_type is LOCATION, which the document does not list",
            ("message.LOCATION",),
            "LINK-CB-17",
            settings={"location_message_type": "LOCATION"},
            unforeseen=True,
        ),
        Variant(
            "unknown-event",
            "an event of a type that the document does not list",
            ("event.READ",),
            "LINK-CB-11",
            set={"message.attributes.event_type": "REVOKED", "eventType": "REVOKED"},
            unforeseen=True,
        ),
    ),
)
