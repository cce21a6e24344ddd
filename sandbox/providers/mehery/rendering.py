"""Rendering: how a template is found, and what its placeholders become."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from sandbox.providers.mehery.world import Button, Contact, Template, World

FALLBACK_LANGUAGE = "en"
MOST_TEXT = 65_536  # characters of a rendered part: placeholders may repeat a large value

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}\s]{1,200})\s*\}\}")
_SOURCES = ("data", "contact", "global")


@dataclass(frozen=True, slots=True)
class Rendered:
    """
    A template with its placeholders filled.

    Attributes:
        blanks: the variables of a strict template that got no value (MEH-SEND-46).
    """

    header: str
    body: str
    footer: str
    title: str
    buttons: tuple[Button, ...]
    blanks: tuple[str, ...]

    @property
    def text(self) -> str:
        """What a person reads, part by part."""
        return "\n".join(part for part in (self.title or self.header, self.body, self.footer) if part)


def by_code(world: World, code: str, contact_type: str, lang: str | None, preferred: str | None) -> Template | None:
    """
    Return the template of a code in the best language there is (MEH-SEND-40, MEH-SEND-42, MEH-SEND-43).

    Args:
        world: where it is looked for.
        code: in any letter case.
        contact_type: of the channel; a template for another is as good as none.
        lang: what the request asks for, `en_US`.
        preferred: what the contact prefers.
    """
    variants = [one for one in world.variants(code) if one.contact_type in (None, contact_type)]
    wanted = [lang, re.split("[_-]", lang)[0]] if lang else [preferred] if preferred else []
    for name in (*wanted, FALLBACK_LANGUAGE):
        for one in variants:
            if one.lang.lower() == str(name).lower():
                return one
    return variants[0] if len(variants) == 1 else None


def rendered(template: Template, world: World, contact: Contact, name: str | None, data: Mapping[str, Any]) -> Rendered:
    """
    Return a template with its placeholders filled (MEH-SEND-44).

    Args:
        template: what is rendered.
        world: has the global variables.
        contact: to whom it goes.
        name: what the contact is called in this message.
        data: the request's own values.
    """
    sources = {"data": data, "contact": _contact_values(contact, name), "global": _global_values(world)}

    def value_of(path: str) -> str:
        first, _, rest = path.partition(".")
        if first in _SOURCES and rest:
            return printed(_found(sources[first], rest))
        return printed(_found(data, path))

    def filled(text: str | None) -> str:
        return _filled(text or "", value_of)

    return Rendered(
        filled(template.header),
        filled(template.body),
        filled(template.footer),
        filled(template.title),
        tuple(
            Button(one.code, one.label, one.type, filled(one.url) if one.url else None, one.phone, one.desc)
            for one in template.buttons
        ),
        tuple(one for one in template.required if not value_of(one).strip()),
    )


def _filled(text: str, value_of: Callable[[str], str]) -> str:
    """Fill a text's placeholders in one pass: what stands in a value is no placeholder."""
    return _PLACEHOLDER.sub(lambda found: value_of(found[1]), text)[:MOST_TEXT]


def printed(value: Any) -> str:
    """Return a value as it stands in a text: nothing for null, numbers and objects as compact JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return to_json(value, inf_nan_mode="null").decode()


def _found(value: Any, path: str) -> Any:
    """Return what lies at a dotted path; None if nothing does. A key that itself has dots is found too."""
    if isinstance(value, Mapping):
        if path in value:
            return value[path]
        first, dot, rest = path.partition(".")
        return _found(value.get(first), rest) if dot else None
    return None


def _contact_values(contact: Contact, name: str | None) -> dict[str, Any]:
    labels = {label.key: label.value for label in contact.labels.values()}
    return {
        "name": name or contact.name,
        "phone": contact.phone,
        "email": contact.email,
        "contactId": contact.contact_id,
        "csid": contact.csid,
        "lane": contact.lane,
        "lang": contact.lang,
        "labels": labels,
    }


def _global_values(world: World) -> dict[str, Any]:
    return {one.key: one.value for one in world.variables.values() if not one.is_disabled}
