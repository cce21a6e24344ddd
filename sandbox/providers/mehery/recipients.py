"""Recipients: who a message is for, by contactId, phone number or e-mail address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.core.conversation import Conversation
from sandbox.providers.mehery import magic
from sandbox.providers.mehery.addresses import email_address, phone_number
from sandbox.providers.mehery.errors import HTTP_NOT_FOUND, PARAM_INVALID, FieldFault, RefusalError
from sandbox.providers.mehery.fixture_world import CHANNELS
from sandbox.providers.mehery.reading import Field, Schema
from sandbox.providers.mehery.vocabulary import SHORT_NAMES
from sandbox.providers.mehery.world import Channel, Contact, World, contact_id

# Source: 6222-6225
OUT_BOUND_CONTACT = Schema("OutBoundContact", (Field("contactId"), Field("email"), Field("name"), Field("phone")))

BY_PHONE = ("SMS", "WHATSAPP", "TELEGRAM")
BY_EMAIL = ("EMAIL",)


def find(world: World, channel: Channel, to: Mapping[str, Any], schema: str) -> Contact:
    """
    Return whom a message goes to; a phone number or an address not heard of becomes a contact (MEH-SEND-10 to -13).

    Args:
        world: who is known.
        channel: how it goes.
        to: the request's `OutBoundContact`.
        schema: the document's name for the request body.

    Raises:
        RefusalError: nobody can be reached so.
    """
    given = {name: (to.get(name) or "").strip() for name in ("contactId", "phone", "email", "name")}
    if given["contactId"]:
        return _by_id(world, channel, given["contactId"], schema)
    if channel.contact_type in BY_PHONE and given["phone"]:
        csid, key, wants = phone_number(given["phone"]), "phone", "7 to 15 digits"
    elif channel.contact_type in BY_EMAIL and given["email"]:
        csid, key, wants = email_address(given["email"]), "email", "one @ with text on both sides"
    else:
        wants = "phone" if channel.contact_type in BY_PHONE else "email" if channel.contact_type in BY_EMAIL else ""
        says = f"to needs contactId{f' or {wants}' if wants else ''} on {channel.contact_type}"
        raise _refusal("MEH-SEND-10", "INSUFFICIENT_CONTACT_DETAILS", "to", says, schema)
    if csid is None:
        raise _refusal("MEH-SEND-12", f"{key.upper()}_INVALID", f"to.{key}", f"to.{key} must have {wants}", schema)
    return at(world, channel, csid, given["name"] or None)


def at(world: World, channel: Channel, csid: str, name: str | None = None) -> Contact:
    """
    Return the person of an id on a channel; one not heard of becomes a contact, opted in (MEH-SEND-13, MEH-OPT-03).

    Args:
        world: who is known.
        channel: where.
        csid: the person's id there, in the platform's form.
        name: what a new contact is called.
    """
    key = contact_id(channel.contact_type, csid, channel.lane)
    known = world.contacts.get(key)
    if known is not None:
        return known
    contact = Contact(
        key,
        channel.channel_id,
        channel.contact_type,
        csid,
        channel.lane,
        name,
        phone=csid if channel.contact_type in BY_PHONE else None,
        email=csid if channel.contact_type in BY_EMAIL else None,
    )
    world.meet(contact)
    return contact


def place_of(address: str) -> tuple[Channel, str] | None:
    """Return the channel and the person's id there that a contactId tells; None if it is no contactId."""
    for channel in CHANNELS:
        start, end = SHORT_NAMES[channel.contact_type], f"_{channel.lane}"
        if address.startswith(start) and address.endswith(end) and len(address) > len(start) + len(end):
            return channel, address[len(start) : -len(end)]
    return None


def csid_in(address: str) -> str:
    """Return the person's id on their channel that a contactId or an alias tells; any other address as it is."""
    place = place_of(address)
    if place is not None:
        return place[1]
    short, colon, csid = address.partition(":")
    return csid if colon and csid and short in SHORT_NAMES.values() else address


def _by_id(world: World, channel: Channel, name: str, schema: str) -> Contact:
    contact = world.contact(name)
    if contact is None and (place := place_of(name)) is not None and place[1] in magic.ADDRESSES:
        contact = at(world, *place)
    if contact is None:
        faults = (FieldFault("CONTACT_NOT_FOUND", "to.contactId", "The contact is not known"),)
        raise RefusalError(HTTP_NOT_FOUND, "MEH-SEND-11", faults, schema=schema)
    if contact.channel_id != channel.channel_id:
        says = f"The contact belongs to {contact.channel_id}"
        raise _refusal("MEH-SEND-11", "CONTACT_CHANNEL_MISMATCH", "to.contactId", says, schema)
    return contact


def _refusal(rule: str, key: str, field: str, says: str, schema: str) -> RefusalError:
    return RefusalError(PARAM_INVALID, rule, (FieldFault(key, field, says),), schema=schema)


def known(world: World, conversation: Conversation) -> Contact:
    """
    Return the contact behind a conversation of the sandbox; somebody not heard of becomes one.

    Raises:
        ValueError: the channel is not known, or nobody there has such an address.
    """
    channel = world.channels.get(conversation.sender)
    if channel is None:
        raise ValueError(f"{conversation.sender!r} is no channel of this account")
    csid: str | None = conversation.user
    if channel.contact_type in BY_PHONE:
        csid = phone_number(conversation.user)
    elif channel.contact_type in BY_EMAIL:
        csid = email_address(conversation.user)
    if csid is None:
        raise ValueError(f"{conversation.user!r} is nobody's address on {channel.contact_type}")
    return at(world, channel, csid)


def met(world: World, conversation: Conversation) -> Contact | None:
    """Return the contact behind a conversation of the sandbox; None if nobody has been heard of there."""
    channel = world.channels.get(conversation.sender)
    return world.contacts.get(contact_id(channel.contact_type, conversation.user, channel.lane)) if channel else None
