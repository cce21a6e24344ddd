"""Contacts: the language that a person prefers."""

from __future__ import annotations

import re

from sandbox.core.operation import Call, Reply
from sandbox.providers.mehery import models, reading
from sandbox.providers.mehery.envelopes import compact
from sandbox.providers.mehery.errors import HTTP_NOT_FOUND, PARAM_INVALID, refusal
from sandbox.providers.mehery.fixture_world import world_of
from sandbox.providers.mehery.identifiers import object_id
from sandbox.providers.mehery.reading import Field, Schema
from sandbox.providers.mehery.vocabulary import LANGUAGES

CONTACT_PREFS_UPDATE = Schema(
    "ContactPrefsUpdate",
    (Field("contactId", required=True), Field("lang", required=True)),
)

_language = re.compile(r"([A-Za-z]{2})(?:[_-][A-Za-z]{2})?").fullmatch


def prefs_lang(call: Call) -> Reply:
    """POST /contact/prefs/lang (1088-1118): the answer is an event that no callback tells (MEH-PREF-03)."""
    given = reading.body(call, CONTACT_PREFS_UPDATE)
    lang = language(given["lang"])
    if lang is None:
        raise refusal(
            PARAM_INVALID,
            "MEH-PREF-02",
            "LANG_INVALID",
            "lang",
            "lang is no language",
            possible=LANGUAGES,
            schema=CONTACT_PREFS_UPDATE.name,
        )
    contact = world_of(call.account).contact(given["contactId"])
    if contact is None:
        raise refusal(
            HTTP_NOT_FOUND,
            "MEH-PREF-01",
            "CONTACT_NOT_FOUND",
            "contactId",
            "The contact is not known",
            schema=CONTACT_PREFS_UPDATE.name,
        )
    contact.lang = lang
    ids = call.account.ids
    event = models.inbound_event("CONTACT_UPDATE", contact, object_id(ids), models.checksum(ids))
    return compact(call, [event])


def language(given: str) -> str | None:
    """Return a language in two capital letters, without its region; None if it is none of the list (MEH-PREF-02)."""
    found = _language(given.strip())
    code = found[1].upper() if found else None
    return code if code in LANGUAGES else None
