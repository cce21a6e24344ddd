"""Contents: the objects that a message may carry, what each must have, and what a handset shows of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.core.content import Content, File, Location, Media, Other, Text
from sandbox.providers.mehery.errors import PARAM_INVALID, FieldFault, RefusalError
from sandbox.providers.mehery.links import is_link
from sandbox.providers.mehery.models import attachment
from sandbox.providers.mehery.reading import MOST_FAULTS, Field, Schema


def _strings(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name) for name in names)


TEXT = Schema("OutBoundMsgText", _strings("body"))
# Source: 6516
MEDIA = Schema("OutBoundMsgMedia", _strings("caption", "filename", "link"))
# Source: 4809-4817
LOCATION = Schema("CommonMsgLocation", _strings("address", "latitude", "longitude", "name", "url"))
# Source: 4788-4795
CONTACT_CARD = Schema(
    "CommonMsgContactCard",
    (
        Field(
            "addresses",
            Schema("Address", _strings("city", "country", "country_code", "state", "street", "type", "zip")),
            is_list=True,
        ),
        Field("birthday"),
        Field("emails", Schema("Email", _strings("email", "type")), is_list=True),
        Field("ims", Schema("Social", _strings("service", "userid")), is_list=True),
        Field("name", Schema("Name", _strings("first_name", "formatted_name", "last_name"))),
        Field("org", Schema("Org", _strings("company", "department", "title"))),
        Field("phones", Schema("Phone", _strings("phone", "type", "wa_id")), is_list=True),
        Field("urls", Schema("Url", _strings("type", "url")), is_list=True),
    ),
)
# Source: 4827-4838; `data` and `linked` are judged elsewhere, if at all.
TEMPLATE = Schema("CommonTemplateMeta", (*_strings("code", "id", "lang"), Field("data", "any"), Field("linked", "any")))

MEDIA_OBJECTS = ("image", "video", "document", "audio")
OBJECTS: Mapping[str, Field] = {
    "text": Field("text", TEXT),
    **{name: Field(name, MEDIA) for name in (*MEDIA_OBJECTS, "voice")},
    "location": Field("location", LOCATION),
    "contacts": Field("contacts", CONTACT_CARD, is_list=True),
    "template": Field("template", TEMPLATE),
}
WITHOUT_CONTENT = ("optin", "optout")

LONGEST_WHATSAPP_TEXT = 4096  # characters (MEH-SEND-14)
# What `mediaType` calls each: the document's enumeration has nothing for sounds.
MEDIA_TYPES = {"image": "IMAGE", "video": "VIDEO", "document": "DOCUMENT", "audio": "DOCUMENT", "voice": "DOCUMENT"}
MIME_TYPES = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "document": "application/pdf",
    "audio": "audio/mpeg",
    "voice": "audio/ogg",
}
_decimal = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?").fullmatch
_not_blank = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Carried:
    """
    What a message carries.

    Attributes:
        content: as a handset shows it.
        text: what `session/messages` tells as its text.
        attachments: each an `Attachment`.
        vccards: each a `PBVCard`.
        warnings: what of it is ignored.
    """

    content: Content
    text: str
    attachments: tuple[Mapping[str, Any], ...] = ()
    vccards: tuple[Mapping[str, Any], ...] = ()
    warnings: tuple[FieldFault, ...] = field(default=())


def used_by(kind: str, body: Mapping[str, Any]) -> tuple[str, ...]:
    """
    Return the names of the content objects that a message of a type uses (MEH-SEND-04, MEH-SEND-06).

    Args:
        kind: the request's `type`.
        body: the request as it came.
    """
    if kind in WITHOUT_CONTENT:
        return ()
    if kind == "system":
        return ("text",)
    if kind == "voice":
        return ("voice",) if body.get("voice") is not None or body.get("audio") is None else ("audio",)
    if kind == "template":
        header = next((name for name in MEDIA_OBJECTS if body.get(name) is not None), None)
        return ("template",) if header is None else ("template", header)
    return (kind,)


def ignored(used: Sequence[str], body: Mapping[str, Any]) -> Iterator[FieldFault]:
    """Yield a warning for each content object that is there and not used (MEH-SEND-05)."""
    for name in OBJECTS:
        if name not in used and body.get(name) is not None:
            yield FieldFault("CONTENT_IGNORED", name, f"{name} is not used by a message of this type")


def text(given: Any, contact_type: str, schema: str, *, is_note: bool = False) -> Carried:
    """Return a text. Raises `RefusalError` (MEH-SEND-04, MEH-SEND-14)."""
    body = (given or {}).get("body") or ""
    if not body.strip():
        raise _details_missing("text", "Text body is missing", schema)
    if contact_type == "WHATSAPP" and len(body) > LONGEST_WHATSAPP_TEXT:
        says = f"text.body has {len(body)} characters; WhatsApp takes {LONGEST_WHATSAPP_TEXT}"
        raise _invalid("MEH-SEND-14", (FieldFault("TEXT_TOO_LONG", "text.body", says),), schema)
    return Carried(Other(body, {"type": "system"}) if is_note else Text(body), body)


def media(kind: str, name: str, given: Any, schema: str) -> Carried:
    """
    Return a file by its link (MEH-SEND-04, MEH-SEND-07).

    Args:
        kind: the message's type, or that of a template's header.
        name: which object it stands in; a voice message may use `audio`.
        given: the object.
        schema: the document's name for the request body.

    Raises:
        RefusalError: there is no link, or it is none.
    """
    link = ((given or {}).get("link") or "").strip()
    if not link:
        raise _details_missing(kind, f"{kind.capitalize()} link is missing", schema)
    if not is_link(link):
        says = f"{name}.link must be an absolute http or https URL"
        raise _invalid("MEH-SEND-07", (FieldFault("MEDIA_LINK_INVALID", f"{name}.link", says),), schema)
    caption, filename = given.get("caption"), given.get("filename")
    warnings = []
    if caption is not None and kind in ("audio", "voice"):
        warnings.append(_ignored_field(f"{name}.caption", kind))
        caption = None
    if filename is not None and kind != "document":
        warnings.append(_ignored_field(f"{name}.filename", kind))
        filename = None
    shown = Media(File(kind, url=link, mime_type=MIME_TYPES[kind], name=filename), caption)
    attached = attached_file(kind, link, caption, filename)
    return Carried(shown, caption or "", (attached,), warnings=tuple(warnings))


def attached_file(
    kind: str, link: str, caption: str | None = None, name: str | None = None, mime_type: str | None = None
) -> dict[str, Any]:
    """Return `Attachment` (4445-4465) of a file at a link."""
    media_type = MEDIA_TYPES[kind]
    return attachment(
        mediaCaption=caption,
        mediaMimeType=mime_type or MIME_TYPES[kind],
        mediaName=name,
        mediaSrc=link,
        mediaSubType="IMAGE" if media_type == "IMAGE" else None,
        mediaType=media_type,
        mediaURL=link,
    )


def location(given: Any, schema: str) -> Carried:
    """Return a place. Raises `RefusalError` (MEH-SEND-04, MEH-SEND-08)."""
    place: Mapping[str, Any] = given or {}
    if not all((place.get(name) or "").strip() for name in ("latitude", "longitude")):
        raise _details_missing("location", "Location needs latitude and longitude", schema)
    degrees: dict[str, float] = {}
    faults = []
    for name, most in (("latitude", 90.0), ("longitude", 180.0)):
        value = place[name].strip()
        number = float(value) if _decimal(value) else None
        if number is None or abs(number) > most:
            says = f"location.{name} must be a decimal number from -{most:g} to {most:g}"
            faults.append(FieldFault("LOCATION_INVALID", f"location.{name}", says))
        else:
            degrees[name] = number
    if faults:
        raise _invalid("MEH-SEND-08", faults, schema)
    shown = Location(
        degrees["latitude"], degrees["longitude"], place.get("name"), place.get("address"), place.get("url")
    )
    return Carried(shown, place.get("name") or "")


def cards(given: Any, schema: str) -> Carried:
    """Return contact cards. Raises `RefusalError` (MEH-SEND-04, MEH-SEND-09)."""
    if not given:
        raise _details_missing("contacts", "Contacts need at least one card", schema)
    nameless = [
        FieldFault(
            "CONTACTS_DETAILS_MISSING", f"contacts[{index}].name", "A card needs a formatted_name or a first_name"
        )
        for index, card in enumerate(given)
        if not name_on(card)
    ]
    if nameless:
        raise _invalid("MEH-SEND-09", nameless, schema)
    names = ", ".join(name_on(card) for card in given)
    return Carried(Other(names, {"contacts": list(given)}), "", vccards=tuple(vccard(card) for card in given))


def name_on(card: Mapping[str, Any]) -> str:
    """Return what a card calls its person; empty if nothing."""
    name = card.get("name") or {}
    return str(name.get("formatted_name") or name.get("first_name") or "").strip()


def vccard(card: Mapping[str, Any]) -> dict[str, Any]:
    """Return `PBVCard` (7108-7116) of a `CommonMsgContactCard`: what it has in snake case is in camel case there."""
    name, org = card.get("name") or {}, card.get("org")

    def each(key: str, names: Mapping[str, str | None]) -> list[dict[str, Any]]:
        return [
            {ours: one.get(theirs) if theirs else None for ours, theirs in names.items()} for one in card.get(key) or ()
        ]

    return {
        "addresses": each("addresses", _ADDRESS),
        "dates": [{"date": card["birthday"], "label": "BIRTHDAY", "type": None}] if card.get("birthday") else [],
        "emails": each("emails", {"email": "email", "label": None, "type": "type", "uuid": None}),
        "ims": each("ims", {"service": "service", "userid": "userid"}),
        "locations": [],
        "name": {
            "firstName": name.get("first_name"),
            "formattedName": name.get("formatted_name"),
            "lastName": name.get("last_name"),
            "middleName": None,
        },
        "phones": each("phones", _PHONE),
        "urls": each("urls", {"label": None, "type": "type", "url": "url", "uuid": None}),
        "work": [{key: org.get(key) for key in ("company", "department", "title")}] if org else [],
    }


_ADDRESS: dict[str, str | None] = {
    "city": "city",
    "country": "country",
    "countryCode": "country_code",
    "state": "state",
    "street": "street",
    "type": "type",
    "uuid": None,
    "zip": "zip",
}
_PHONE: dict[str, str | None] = {
    "country": None,
    "countryCallingCode": None,
    "ext": None,
    "label": None,
    "nationalNumber": None,
    "phone": "phone",
    "type": "type",
    "uuid": None,
    "whatsAppId": "wa_id",
}


def masked(text: str) -> str:
    """Return a text with every character that is not a blank made a star (MEH-SEND-30)."""
    return _not_blank.sub("*", text)


def masked_content(content: Content) -> Content:
    """Return content with its text or caption masked; files and places stay."""
    match content:
        case Text(text=words):
            return Text(masked(words))
        case Other(text=words, details={"type": "system"} as details):
            return Other(masked(words), details)
        case Media(file=file, caption=caption):
            return Media(file, None if caption is None else masked(caption))
        case _:
            return content


def _details_missing(name: str, says: str, schema: str) -> RefusalError:
    return _invalid("MEH-SEND-04", (FieldFault(f"{name.upper()}_DETAILS_MISSING", name, says),), schema)


def _ignored_field(path: str, kind: str) -> FieldFault:
    return FieldFault("FIELD_IGNORED", path, f"{path} is not used by {kind}")


def _invalid(rule: str, faults: Sequence[FieldFault], schema: str) -> RefusalError:
    return RefusalError(PARAM_INVALID, rule, faults[:MOST_FAULTS], schema=schema)
