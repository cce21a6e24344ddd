"""WhatsApp: texts, files, places, contacts, lists, reply buttons and the older template messages.

The document only names the object (80); what stands in it is known from public material.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.core.content import Card, Content, File, Location, Media, Other, SuggestedAction, Suggestion, Text
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.addresses import is_url
from sandbox.providers.webex_connect.checked import Addressed, Fate
from sandbox.providers.webex_connect.v1 import members as take
from sandbox.providers.webex_connect.v1.element import Element
from sandbox.providers.webex_connect.v1.members import Members
from sandbox.providers.webex_connect.v1.rules import RULES, invalid, missing
from sandbox.providers.webex_connect.values import file_name, given, number

TEXT_LIMIT = 4096  # characters; a longer text is accepted, and fails
HEADER_LIMIT = 60
BODY_LIMIT = 1024
FOOTER_LIMIT = 60  # of a reply
LIST_BUTTON_LIMIT = 20
SECTION_LIMIT = 10
SECTION_TITLE_LIMIT = 24
ROW_LIMIT = 10  # in all sections together
REPLY_LIMIT = 3
FOREIGN_NAMESPACE = "00000000_0000_0000_0000_000000000000"
"""The namespace that belongs to no app, for where no app's own is configured (WX1-WA-05)."""

_WHERE = "channels.OTT-Messaging.wa"

_CAPTIONED = frozenset({"image", "video", "document"})
_HEADERS = frozenset({"text", "document", "video", "image"})
_NAME_PARTS = ("first_name", "last_name", "middle_name", "suffix", "prefix")

# The hash may stand anywhere in the object.
_HASH = "identity_key_hash"
KNOWN_MEDIA = frozenset({"url", "mimeType", "caption", "filename", _HASH})
KNOWN_IN = {
    "text": frozenset({"body", "preview_url", _HASH}),
    "image": KNOWN_MEDIA,
    "video": KNOWN_MEDIA,
    "document": KNOWN_MEDIA,
    "audio": KNOWN_MEDIA,
    "sticker": KNOWN_MEDIA,
    "location": frozenset({"latitude", "longitude", "name", "address", _HASH}),
    "list": frozenset({"header", "body", "footer", "action", _HASH}),
    "reply": frozenset({"header", "body", "footer", "action", _HASH}),
    "hsm": frozenset({"namespace", "element_name", "language", "localizable_params", _HASH}),
}
KNOWN_PARTS = {
    "header": frozenset({"type", *_HEADERS}),
    "body": frozenset({"text"}),
    "footer": frozenset({"text"}),
    "action": frozenset({"button", "buttons", "sections"}),
}
KNOWN_SECTION = frozenset({"title", "rows"})
KNOWN_ROW = frozenset({"id", "title", "description"})
KNOWN_BUTTON = frozenset({"type", "reply"})
KNOWN_REPLY = frozenset({"id", "title"})
KNOWN = frozenset({"type", "contacts", "preview_url", _HASH, "parameters", *KNOWN_IN})


def check(block: Members, element: Element) -> None:
    """Check `channels.OTT-Messaging.wa`. WX1-WA-01 to -06."""
    element.look_for_unknown(block, KNOWN, _WHERE)
    kind = given(block, "type")
    if kind is None:
        if element.template is None:
            raise RULES.broken("WX1-WA-01")
    else:
        take.one_of(kind, KINDS, "WX1-WA-01", "type")
        if kind == "contacts":
            _check_contacts(take.items(block, "contacts", "WX1-WA-02"))
        else:
            members = take.members(block, kind, "WX1-WA-02")
            element.look_for_unknown(members, KNOWN_IN[kind], f"{_WHERE}.{kind}")
            take.optional_text(members, _HASH, "WX1-WA-02", f"{kind}.")
            KINDS[kind](kind, members, element)
        take.optional_truth(block, "preview_url", "WX1-WA-02")
    take.optional_text(block, _HASH, "WX1-WA-02")


def _check_text(_kind: str, members: Members, element: Element) -> None:
    text = take.text(members, "body", "WX1-WA-02", "text.")
    take.optional_truth(members, "preview_url", "WX1-WA-02", "text.")
    element.text = text
    if len(text) > TEXT_LIMIT:
        element.will(Fate("Failed", "7714"))  # WX1-WA-06


def _check_media(kind: str, members: Members, element: Element) -> None:
    if not is_url(take.required(members, "url", "WX1-WA-02", f"{kind}.")):
        raise invalid("WX1-WA-02", f"{kind}.url", detail="must be an http(s) address")
    if take.optional_text(members, "mimeType", "WX1-WA-02", f"{kind}.") is None:
        # The public page calls it mandatory, but clients that leave it out are served.
        element.warn("WX1-WA-02", f"{kind}.mimeType is missing")
    if kind not in _CAPTIONED and given(members, "caption") is not None:
        raise RULES.broken("WX1-WA-04")
    take.optional_texts(members, ("caption", "filename"), "WX1-WA-02", f"{kind}.")


def _check_location(_kind: str, members: Members, _element: Element) -> None:
    take.degrees(members, "latitude", 90, "WX1-WA-02", "location.")
    take.degrees(members, "longitude", 180, "WX1-WA-02", "location.")
    take.optional_texts(members, ("name", "address"), "WX1-WA-02", "location.")


def _check_contacts(contacts: list[Any]) -> None:
    for index in range(len(contacts)):
        contact = take.item(contacts, index, "WX1-WA-02", "contacts")
        where = f"contacts[{index}]."
        name = take.members(contact, "name", "WX1-WA-02", where)
        where += "name."
        take.text(name, "formatted_name", "WX1-WA-02", where)
        take.optional_texts(name, _NAME_PARTS, "WX1-WA-02", where)
        if all(given(name, part) is None for part in _NAME_PARTS):
            raise missing("WX1-WA-02", f"{where}first_name", detail="one more part of the name is needed")


def _check_hsm(_kind: str, members: Members, element: Element) -> None:
    """Check the deprecated form of a template message. Raises WX1-WA-02 and -05. Source: 2003."""
    namespace = take.text(members, "namespace", "WX1-WA-02", "hsm.")
    take.text(members, "element_name", "WX1-WA-02", "hsm.")
    language = take.members(members, "language", "WX1-WA-02", "hsm.")
    element.look_for_unknown(language, frozenset({"code", "policy"}), f"{_WHERE}.hsm.language")
    for name in ("code", "policy"):
        take.text(language, name, "WX1-WA-02", "hsm.language.")
    take.optional_items(members, "localizable_params", "WX1-WA-02", "hsm.")
    app = element.settings.apps.get(element.sender)
    own = app.waba_namespace if app is not None else None
    if (namespace != own) if own is not None else (namespace == FOREIGN_NAMESPACE):
        raise RULES.broken("WX1-WA-05", detail=f"the app's own is {own}" if own else "belongs to no app")
    element.by_template = True


# ------------------------------------------------------------------------------------------------ list and reply


def _check_list(_kind: str, members: Members, element: Element) -> None:
    header = take.optional_members(members, "header", "WX1-WA-02", "list.")
    if header is not None:
        take.one_of(take.required(header, "type", "WX1-WA-02", "list.header."), frozenset({"text"}), "WX1-WA-02",
                    "list.header.type")  # fmt: skip
    texts = _texts(members, "list.", header)
    action = take.members(members, "action", "WX1-WA-02", "list.")
    _look_for_unknown_parts(members, element, "list")
    button = take.text(action, "button", "WX1-WA-02", "list.action.")
    sections = take.items(action, "sections", "WX1-WA-02", "list.action.")
    rows: list[str] = []
    titles: list[str | None] = []
    for index in range(len(sections)):
        section = take.item(sections, index, "WX1-WA-02", "list.action.sections")
        where = f"list.action.sections[{index}]."
        element.look_for_unknown(section, KNOWN_SECTION, f"{_WHERE}.{where[:-1]}")
        title = take.optional_text(section, "title", "WX1-WA-02", where)
        if title is None and len(sections) > 1:
            raise missing("WX1-WA-02", f"{where}title")
        titles.append(title)
        rows += _rows(section, element, where)

    _keep(texts["header"], HEADER_LIMIT, "list.header.text")
    _keep(texts["body"], BODY_LIMIT, "list.body.text")
    _keep(button, LIST_BUTTON_LIMIT, "list.action.button")
    if len(sections) > SECTION_LIMIT:
        raise RULES.broken("WX1-WA-03", path="list.action.sections", detail=f"more than {SECTION_LIMIT}")
    for index, title in enumerate(titles):
        _keep(title, SECTION_TITLE_LIMIT, f"list.action.sections[{index}].title")
    if len(rows) > ROW_LIMIT:
        raise RULES.broken("WX1-WA-03", path="list.action.sections", detail=f"more than {ROW_LIMIT} rows in all")
    if len(set(rows)) < len(rows):
        raise RULES.broken("WX1-WA-03", path="list.action.sections", detail="two rows have the same id")


def _rows(section: Members, element: Element, where: str) -> list[str]:
    """Return the ids of a section's rows."""
    ids: list[str] = []
    rows = take.items(section, "rows", "WX1-WA-02", where)
    for index in range(len(rows)):
        row = take.item(rows, index, "WX1-WA-02", f"{where}rows")
        path = f"{where}rows[{index}]."
        element.look_for_unknown(row, KNOWN_ROW, f"{_WHERE}.{path[:-1]}")
        ids.append(take.digits_or_text(row, "id", "WX1-WA-02", path))
        take.text(row, "title", "WX1-WA-02", path)
        take.optional_text(row, "description", "WX1-WA-02", path)
    return ids


def _check_reply(_kind: str, members: Members, element: Element) -> None:
    header = take.optional_members(members, "header", "WX1-WA-02", "reply.")
    if header is not None:
        take.one_of(take.required(header, "type", "WX1-WA-02", "reply.header."), _HEADERS, "WX1-WA-02",
                    "reply.header.type")  # fmt: skip
    texts = _texts(members, "reply.", header)
    action = take.members(members, "action", "WX1-WA-02", "reply.")
    _look_for_unknown_parts(members, element, "reply")
    buttons = take.items(action, "buttons", "WX1-WA-02", "reply.action.")
    for index in range(len(buttons)):
        button = take.item(buttons, index, "WX1-WA-02", "reply.action.buttons")
        where = f"reply.action.buttons[{index}]."
        element.look_for_unknown(button, KNOWN_BUTTON, f"{_WHERE}.{where[:-1]}")
        take.one_of(take.required(button, "type", "WX1-WA-02", where), frozenset({"reply"}), "WX1-WA-02",
                    f"{where}type")  # fmt: skip
        reply = take.members(button, "reply", "WX1-WA-02", where)
        element.look_for_unknown(reply, KNOWN_REPLY, f"{_WHERE}.{where}reply")
        take.digits_or_text(reply, "id", "WX1-WA-02", f"{where}reply.")
        take.text(reply, "title", "WX1-WA-02", f"{where}reply.")

    _keep(texts["header"], HEADER_LIMIT, "reply.header.text")
    _keep(texts["body"], BODY_LIMIT, "reply.body.text")
    _keep(texts["footer"], FOOTER_LIMIT, "reply.footer.text")
    if len(buttons) > REPLY_LIMIT:
        raise RULES.broken("WX1-WA-03", path="reply.action.buttons", detail=f"more than {REPLY_LIMIT}")


def _look_for_unknown_parts(members: Members, element: Element, kind: str) -> None:
    for name, known in KNOWN_PARTS.items():
        if members.get(name):
            element.look_for_unknown(members[name], known, f"{_WHERE}.{kind}.{name}")


def _texts(members: Members, where: str, header: Members | None) -> dict[str, str | None]:
    """Return the texts of header, body and footer, of which only the body's is mandatory."""
    texts: dict[str, str | None] = {"header": None, "footer": None}
    if header is not None and header.get("type") == "text":
        texts["header"] = take.text(header, "text", "WX1-WA-02", f"{where}header.")
    texts["body"] = take.text(take.members(members, "body", "WX1-WA-02", where), "text", "WX1-WA-02", f"{where}body.")
    footer = take.optional_members(members, "footer", "WX1-WA-02", where)
    if footer:
        texts["footer"] = take.text(footer, "text", "WX1-WA-02", f"{where}footer.")
    return texts


def _keep(text: str | None, limit: int, path: str) -> None:
    if text is not None and len(text) > limit:
        raise RULES.broken("WX1-WA-03", path=path, detail=f"longer than {limit} characters")


KINDS: dict[str, Callable[[str, Members, Element], None]] = {
    "text": _check_text,
    "image": _check_media,
    "video": _check_media,
    "document": _check_media,
    "audio": _check_media,
    "sticker": _check_media,
    "location": _check_location,
    "contacts": lambda _kind, _members, _element: None,  # an array, which is looked at on its own
    "list": _check_list,
    "reply": _check_reply,
    "hsm": _check_hsm,
}


# ------------------------------------------------------------------------------------------------------- content


def content(block: Members, _element: Element, _addressed: Addressed) -> Body | None:
    """Return what WhatsApp shows. The rows of a list and the reply buttons are suggestions, their ids the postbacks."""
    kind = given(block, "type")
    if kind is None:
        return None
    members = block[kind]
    match kind:
        case "text":
            return Body(Text(members["body"]))
        case "location":
            return Body(_location(members))
        case "contacts":
            names = ", ".join(contact["name"]["formatted_name"] for contact in members)
            return Body(Other(names, {"contacts": members}))
        case "hsm":
            return Body(Other(members["element_name"], {"hsm": members}))
        case "list":
            return Body(_framed(members), tuple(_row(section, row) for section, row in rows_of(members)))
        case "reply":
            buttons = (button["reply"] for button in members["action"]["buttons"])
            return Body(_framed(members), tuple(Suggestion(button["title"], str(button["id"])) for button in buttons))
        case _:
            return Body(_media(kind, members))


def _media(kind: str, members: Members) -> Media:
    url = members["url"]
    name = given(members, "filename") or file_name(url)
    file = File("image" if kind == "sticker" else kind, url=url, mime_type=given(members, "mimeType"), name=name)
    return Media(file, given(members, "caption"))


def _location(members: Members) -> Location:
    latitude, longitude = number(members["latitude"]), number(members["longitude"])
    return Location(latitude or 0.0, longitude or 0.0, given(members, "name"), given(members, "address"))


def rows_of(chosen: Members) -> list[tuple[Members, Members]]:
    """Return the rows of a checked `list`, each after its section, in the order in which they are shown."""
    return [(section, row) for section in chosen["action"]["sections"] for row in section["rows"]]


def _row(section: Members, row: Members) -> Suggestion:
    facts = {"section": given(section, "title"), "description": given(row, "description")}
    details = {name: value for name, value in facts.items() if value is not None}
    return Suggestion(row["title"], str(row["id"]), SuggestedAction("other", details) if details else None)


def _framed(members: Members) -> Content:
    """Return a body between its header and its footer."""
    header = given(members, "header") or {}
    footer = (given(members, "footer") or {}).get("text")
    words = members["body"]["text"]
    if footer:
        words = f"{words}\n{footer}"
    kind = header.get("type")
    if kind is None:
        return Text(words)
    if kind == "text":
        return Card(title=header["text"], description=words)
    return Card(description=words, media=_header_media(kind, header.get(kind)))


def _header_media(kind: str, file: Any) -> File:
    """Return the file of a header, which is passed on as it is: nobody tells what stands in it."""
    facts = file if isinstance(file, dict) else {}
    url, mime_type, name = (
        value if isinstance(value, str) else None
        for value in (facts.get("url"), facts.get("mimeType"), facts.get("filename"))
    )
    return File(kind, url=url or (file if isinstance(file, str) else None), mime_type=mime_type, name=name)
