"""Questions: who is somebody? The business's answer is merged into the contact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json, to_json

from sandbox.core.account import Account
from sandbox.core.callback import Callback, Draft, Encoded, Subscriber
from sandbox.providers.mehery import models
from sandbox.providers.mehery.account import credentials_of, settings_of
from sandbox.providers.mehery.fixture_world import world_of
from sandbox.providers.mehery.reading import spelling, text
from sandbox.providers.mehery.vocabulary import LABEL_FORMATS, LABEL_TYPES
from sandbox.providers.mehery.world import App, Contact, Label, World

KIND = "contact_info"
TIMEOUT = 5.0  # seconds (MEH-INFO-01)
MOST_LABELS = 1000  # of one contact

# What of the answer becomes what of `businessProfile` (MEH-INFO-02).
_PROFILE = {"email": "email", "mobile": "phone", "name": "name", "profileId": "profileId"}


@dataclass(frozen=True, slots=True)
class ContactQuestion:
    """
    A question about one person.

    Attributes:
        document: the bare `InBoundContact`.
        contact_id: whom the answer is merged into; None merges it into nobody.
    """

    document: Mapping[str, Any]
    contact_id: str | None = None


def about(contact: Contact, app: App, world: World) -> Draft | None:
    """Return the question that an app is asked when a session starts; None if it is asked none (MEH-INFO-01)."""
    to = asked(app, world)
    if to is None:
        return None
    question = ContactQuestion(models.inbound_contact(contact), contact.contact_id)
    return Draft(KIND, question, to, contact.contact_id)


def asked(app: App, world: World) -> Subscriber | None:
    """Return where an app is asked who somebody is; None if it is not to be asked."""
    url = world.contact_info_url(app)
    if url is None:
        return None
    return Subscriber(url, timeout=TIMEOUT, verify=settings_of(world.account).verify_tls, once=True)


def encode(callback: Callback, account: Account) -> Encoded:
    """Return the bytes of a question: the contact alone, without wrapper and meta."""
    document = dict(callback.payload.document)
    if callback.tweak is not None:
        callback.tweak.apply(document)
    token = (("x-verify-token", credentials_of(account).verify_token),)
    return Encoded("application/json", to_json(document, inf_nan_mode="null"), headers=token)


def settled(callback: Callback, account: Account, answer: str) -> None:
    """Merge the answer to a question into the contact, if it is of use (MEH-INFO-02, MEH-INFO-03)."""
    question: ContactQuestion = callback.payload
    info = useful(callback, answer)
    if question.contact_id is None or info is None:
        return
    contact = world_of(account).contacts.get(question.contact_id)
    if contact is not None:
        merge(info, contact)


def useful(callback: Callback, answer: str) -> dict[str, Any] | None:
    """Return the `ContactInfoUpdate` that an app answered; None if it answered nothing of use (MEH-INFO-03)."""
    if not callback.attempts or callback.attempts[-1].status != 200:
        return None
    try:
        found = from_json(answer, allow_inf_nan=False)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    info: dict[str, Any] = {}
    for name in _PROFILE:
        value = text(found.get(name))
        if value is not None:
            info[name] = value
    labels = found.get("labels")
    if isinstance(labels, list):
        info["labels"] = list(_good_labels(labels))
    return info


def merge(info: Mapping[str, Any], contact: Contact) -> None:
    """Write what the business knows of a person over what is remembered; what is absent changes nothing."""
    for name, place in _PROFILE.items():
        if name in info:
            contact.business[place] = info[name]
    for label in info.get("labels", ()):
        if label["key"] in contact.labels or len(contact.labels) < MOST_LABELS:
            contact.labels[label["key"]] = Label(
                label["key"],
                label["value"],
                label.get("name") or label["key"],
                label.get("type", "TEXT"),
                label.get("format"),
            )


def _good_labels(labels: Iterable[Any]) -> Iterable[dict[str, Any]]:
    """Yield the labels that have a key, a value and a known type; a bad one is dropped alone (5242-5254)."""
    for label in labels:
        if not isinstance(label, dict):
            continue
        key, value = text(label.get("key")), label.get("value")
        if not key or not key.strip() or value is None or isinstance(value, dict):
            continue
        good: dict[str, Any] = {"key": key, "value": value}
        name = text(label.get("name"))
        if name:
            good["name"] = name
        kind = label.get("type")
        if kind is not None:
            kind = spelling(kind, LABEL_TYPES) if isinstance(kind, str) else None
            if kind is None:
                continue
            good["type"] = kind
        if kind == "DATE" and label.get("format") in LABEL_FORMATS:
            good["format"] = label["format"]
        yield good
