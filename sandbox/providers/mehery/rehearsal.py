"""Rehearsal: how each of MeherY's callbacks is brought about, and the forms that its document leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.core.rehearsal import Cue, Rehearsal, Sending, Variant
from sandbox.providers.mehery import inbound_requests, questions, sessions
from sandbox.providers.mehery.vocabulary import CALLBACK_STATUSES

_PREFIX = "/xms/api/v1"
_CHANNEL, _LANE = "wa360:918828218374", "918828218374"
_TEXT = Sending(
    f"{_PREFIX}/message/send",
    {
        "channelId": _CHANNEL,
        "type": "text",
        "to": {"phone": "{user}"},
        "text": {"body": "Shall we begin?"},
    },
)
_WRAPPER = Sending(
    f"{_PREFIX}/message/receive",
    {
        "type": "actions",
        "meta": {"appId": "61ec7d9c2ce85742b201c5ab", "domain": "sandbox", "server": "localhost", "debug": False},
        "contacts": [{"contactId": f"wa{{user}}_{_LANE}", "csid": "{user}", "contactType": "WHATSAPP"}],
        "actions": [{"actionCode": "SEND_INVOICE"}],
    },
)
_LONG_ID = "gBEG00000000000000000000001" * 4


def _does(**action: Any) -> dict[str, Any]:
    return {**action, "sender": _CHANNEL}


_SAID: Mapping[str, Mapping[str, Any]] = {
    "audio": _does(type="send_file", sample="voice.mp3"),
    "document": _does(type="send_file", sample="invoice.pdf"),
    "image": _does(type="send_file", sample="photo.jpg", caption="My room"),
    "location": _does(type="share_location", latitude=12.90909, longitude=6.90808),
    "system": _does(type="system", text="The user has changed their number"),
    "text": _does(type="say", text="Hello"),
    "video": _does(type="send_file", sample="clip.mp4"),
    "voice": _does(type="send_file", sample="voice.mp3", voice=True),
}
_BEFORE: Mapping[str, tuple[str, ...]] = {"DLVRD": ("SENT",), "READ": ("SENT", "DLVRD"), "DELTD": ("SENT",)}


def _cues() -> Iterator[Cue]:
    for kind, action in _SAID.items():
        yield Cue(f"message.{kind}", "MEH-CB-04", None, action)
    for status in CALLBACK_STATUSES:
        before = tuple(_does(type="receipt", status=each) for each in _BEFORE.get(status, ()))
        yield Cue(f"status.{status}", "MEH-STAT-02", _TEXT, _does(type="receipt", status=status), before=before)
    for code in sessions.CODES:
        if code == sessions.ROUTED:  # which a person's first message does
            yield Cue(f"event.{code}", "MEH-CB-02", None, _does(type="say", text="Hello"))
        else:
            yield Cue(f"event.{code}", "MEH-CB-03", _TEXT, _does(type="event", event_code=code))
    yield Cue("action", "MEH-CB-03", _TEXT, _does(type="action", action_code="SEND_INVOICE"))
    yield Cue(
        questions.KIND,
        "MEH-INFO-01",
        None,
        _does(type="say", text="Hello"),
        settings={"contact_info_url": "{url}"},
        may_refuse=True,  # the URL that is asked is configured apart
    )
    yield Cue(inbound_requests.KIND, "MEH-RECV-01", _WRAPPER)


def _listening(url: str, secret: str | None) -> Mapping[str, Any]:
    # What is in question is the webhook: neither WhatsApp's window nor who may be called without TLS.
    changes: dict[str, Any] = {"webhook": {"url": url}, "settings": {"window_enforced": False}}
    if secret is not None:
        changes["credentials"] = {"verify_token": secret}
    return changes


REHEARSAL = Rehearsal(
    user="9198{n}4321",
    listening=_listening,
    proof="x-verify-token",
    text="message.text",
    pairs=(("status.SENT", "status.DLVRD"), ("status.DLVRD", "status.READ")),
    longest_text=4096,  # what WhatsApp carries
    rules={
        "acknowledgement": "MEH-CB-06",
        "retry": "MEH-CB-06",
        "order": "MEH-CB-07",
        "form": "MEH-CB-01",
        "size": "MEH-CB-04",
        "time": "MEH-STAT-04",
        "proof": "MEH-CB-01",
    },
    cues=tuple(_cues()),
    variants=(
        Variant(
            "nulls",
            "a contact of whom nothing is known, its name and e-mail null",
            ("message.text", "status.READ"),
            "MEH-CB-05",
            set={"contacts.profile": {"name": None, "phone": None, "email": None}},
        ),
        Variant(
            "empty-array",
            "a message whose attachments are there, and empty",
            ("message.text",),
            "MEH-CB-04",
            set={"attachments": []},
        ),
        Variant(
            "long-id", f"an id of {len(_LONG_ID)} characters", ("message.text",), "MEH-CB-04", set={"id": _LONG_ID}
        ),
        Variant("no-tags", "a message without the optional tags", ("message.text",), "MEH-CB-04", drop=("tags",)),
        Variant(
            "unknown-status",
            "a status that the document does not list",
            ("status.READ",),
            "MEH-STAT-02",
            set={"status": "RECALLED"},
            unforeseen=True,
        ),
        Variant(
            "unknown-event",
            "an event that the document does not list",
            ("event.SESSION_STATUS",),
            "MEH-CB-03",
            set={"eventCode": "SESSION_PAUSED"},
            unforeseen=True,
        ),
    ),
)
