"""In-app: messages to the live chat of an app or a web page.

The document only names the object (69); what stands in it is known from public material.
"""

from __future__ import annotations

from typing import Any

from pydantic_core import to_json

from sandbox.core.content import Content, File, Location, Media, Other, SuggestedAction, Suggestion, Text
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.checked import Addressed, Fate
from sandbox.providers.webex_connect.v1 import members as take
from sandbox.providers.webex_connect.v1 import push
from sandbox.providers.webex_connect.v1.element import Element
from sandbox.providers.webex_connect.v1.errors import DUPLICATE_IDENTIFIERS
from sandbox.providers.webex_connect.v1.members import Members
from sandbox.providers.webex_connect.v1.rules import RULES, invalid, missing, refused
from sandbox.providers.webex_connect.values import file_name, given, number

PAYLOAD_LIMIT = 4096  # bytes
QUICK_REPLY_LIMIT = 5

_WHERE = "channels.appmessaging"
_FILES = {"image": "image", "video": "video", "audio": "audio", "file": "document"}
CONTENT_TYPES = frozenset({*_FILES, "location", "template"})
KNOWN = frozenset({"thread_id", "message", "notification", "parameters"})
KNOWN_MESSAGE = frozenset({"text", "attachment", "quickreplies"})
KNOWN_ATTACHMENT = frozenset({"contentType", "mediaid", "file", "latitude", "longitude"})
KNOWN_REPLIES = frozenset({"reference", "options"})
KNOWN_REPLY = frozenset({"type", "identifier", "title", "payload", "imageurl"})
KNOWN_NOTIFICATION = frozenset({"title", "text", "ios_extras", "android_extras", "interactive"})


def check(block: Members, element: Element) -> None:
    """Check `channels.appmessaging`. WX1-APP-01 to -07."""
    element.look_for_unknown(block, KNOWN, _WHERE)
    if element.template is None:
        take.required(block, "thread_id", "WX1-APP-01")
        if given(block, "message") is None:
            raise missing("WX1-APP-01", "param 'text' missing for channel rt")
    thread = take.optional_text(block, "thread_id", "WX1-APP-01")
    if thread is not None and element.settings.threads and thread not in element.settings.threads:
        element.will(Fate("Failed", "7312"))
    message = take.optional_members(block, "message", "WX1-APP-01")
    if message:
        _check_message(message, element)
    notification = take.optional_members(block, "notification", "WX1-APP-06")
    if notification is not None:
        _check_notification(notification, element)
    if len(to_json(block)) > PAYLOAD_LIMIT:
        raise RULES.broken("WX1-APP-07")


def _check_message(message: Members, element: Element) -> None:
    """Raises WX1-APP-02 to -04."""
    element.look_for_unknown(message, KNOWN_MESSAGE, f"{_WHERE}.message")
    text = take.optional_text(message, "text", "WX1-APP-02", "message.")
    attachment = given(message, "attachment")
    if text is None and attachment is None and element.template is None:
        raise RULES.broken("WX1-APP-02")
    if attachment is None:
        element.text = text
    elif not isinstance(attachment, dict):
        raise invalid("WX1-APP-03", "message.attachment", detail="must be an object")
    else:
        _check_attachment(attachment, element)
    replies = take.optional_members(message, "quickreplies", "WX1-APP-04", "message.")
    if replies:
        _check_quick_replies(replies, element)


def _check_attachment(attachment: Members, element: Element) -> None:
    """
    Check what an attachment of its type needs. Raises WX1-APP-03.

    A template is passed on as it is (WX1-APP-05): nobody tells what it looks like.
    """
    kind = given(attachment, "contentType")
    if kind != "template":
        element.look_for_unknown(attachment, KNOWN_ATTACHMENT, f"{_WHERE}.message.attachment")
    if kind is not None:
        take.one_of(kind, CONTENT_TYPES, "WX1-APP-03", "message.attachment.contentType")
    take.optional_digits_or_text(attachment, "mediaid", "WX1-APP-03", "message.attachment.")
    if given(attachment, "mediaid") is None and kind != "template":
        needed = ("latitude", "longitude") if kind == "location" else ("file",)
        if kind is None or any(given(attachment, name) is None for name in needed):
            raise RULES.broken("WX1-APP-03")
    take.optional_text(attachment, "file", "WX1-APP-03", "message.attachment.")
    if kind == "location":
        for name, most in (("latitude", 90), ("longitude", 180)):
            if given(attachment, name) is not None:
                take.degrees(attachment, name, most, "WX1-APP-03", "message.attachment.")


def _check_quick_replies(replies: Members, element: Element) -> None:
    element.look_for_unknown(replies, KNOWN_REPLIES, f"{_WHERE}.message.quickreplies")
    take.optional_text(replies, "reference", "WX1-APP-04", "quickreplies.")
    options = take.items(replies, "options", "WX1-APP-04", "quickreplies.")
    if len(options) > QUICK_REPLY_LIMIT:
        raise RULES.broken("WX1-APP-04", detail=f"{len(options)} are more than {QUICK_REPLY_LIMIT}")
    seen: set[str] = set()
    for index in range(len(options)):
        option = take.item(options, index, "WX1-APP-04", "quickreplies.options")
        where = f"quickreplies.options[{index}]."
        element.look_for_unknown(option, KNOWN_REPLY, f"{_WHERE}.message.{where[:-1]}")
        take.text(option, "type", "WX1-APP-04", where)
        identifier = take.digits_or_text(option, "identifier", "WX1-APP-04", where)
        if identifier in seen:
            raise refused(DUPLICATE_IDENTIFIERS, "WX1-APP-04", f"{where}identifier")
        seen.add(identifier)
        take.text(option, "title", "WX1-APP-04", where)
        take.optional_digits_or_text(option, "payload", "WX1-APP-04", where)
        take.optional_text(option, "imageurl", "WX1-APP-04", where)


def _check_notification(notification: Members, element: Element) -> None:
    """Check the push that announces the message. Raises WX1-APP-06, and the rules of push for its actions."""
    path = f"{_WHERE}.notification"
    element.look_for_unknown(notification, KNOWN_NOTIFICATION, path)
    for name in ("title", "text"):
        if not isinstance(given(notification, name), str):
            raise RULES.broken("WX1-APP-06", name=name)
    for name in ("ios_extras", "android_extras"):
        extras = take.optional_members(notification, name, "WX1-APP-06", "notification.")
        if extras:
            push.check_notification_action(extras, element, f"{path}.{name}")
    interactive = take.optional_members(notification, "interactive", "WX1-PUSH-20", "notification.")
    if interactive is not None:
        push.check_interactive(interactive, element, f"{path}.interactive")


# ------------------------------------------------------------------------------------------------------- content


def content(block: Members, _element: Element, _addressed: Addressed) -> Body | None:
    """Return what the chat shows; quick replies are suggestions, their identifiers the postbacks."""
    message = given(block, "message")
    if message is None:
        return None
    replies = (given(message, "quickreplies") or {}).get("options") or ()
    text = given(message, "text")
    attachment = given(message, "attachment")
    if text is None and attachment is None:
        return None
    shows = Text(text) if attachment is None else _attachment(attachment, text)
    return Body(shows, tuple(_quick_reply(reply) for reply in replies))


def _attachment(attachment: Members, text: str | None) -> Content:
    kind = given(attachment, "contentType")
    if kind == "location" and given(attachment, "latitude") is not None and given(attachment, "longitude") is not None:
        # A text beside it takes the place of the name.
        return Location(number(attachment["latitude"]) or 0.0, number(attachment["longitude"]) or 0.0, name=text)
    if kind in ("template", "location"):
        return Other(text or "", {"attachment": attachment})
    url, media_id = given(attachment, "file"), given(attachment, "mediaid")
    own_id = None if media_id is None else str(media_id)
    return Media(File(_FILES.get(kind, "unknown"), url=url, name=file_name(url), id=own_id), text)


def _quick_reply(reply: Members) -> Suggestion:
    facts: dict[str, Any] = {name: given(reply, name) for name in ("type", "payload", "imageurl")}
    details = {name: value for name, value in facts.items() if value is not None}
    return Suggestion(reply["title"], str(reply["identifier"]), SuggestedAction("other", details))
