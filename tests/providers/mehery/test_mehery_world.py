"""The world that every MeherY tenant starts with hangs together, and comes back with a reset."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from harness import NOON
from mehery_tenant import FIONA, JOHN, Tenant
from sandbox.providers.mehery import fixture_world
from sandbox.providers.mehery.account import server_of
from sandbox.providers.mehery.identifiers import fixture_id, message_id, object_id
from sandbox.providers.mehery.vocabulary import CONTACT_TYPES, SHORT_NAMES
from sandbox.providers.mehery.world import Channel

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("channel", fixture_world.CHANNELS, ids=lambda channel: channel.channel_id)
def test_a_channel_is_named_by_its_lane(channel: Channel) -> None:
    """A channelId is the channel's type and its lane without punctuation."""
    assert channel.channel_id == f"{channel.channel_type}:{re.sub(r'[^A-Za-z0-9]', '', channel.lane)}"
    assert channel.contact_type in CONTACT_TYPES
    assert channel.contact_type in SHORT_NAMES


def test_templates_fit_their_channels() -> None:
    """A template is approved for channels there are, of its own contact type, and no variant stands twice."""
    types = {channel.channel_id: channel.contact_type for channel in fixture_world.CHANNELS}
    for template in fixture_world.TEMPLATES:
        assert {types[channel] for channel in template.approved} == {template.contact_type}
    variants = [(template.code, template.lang) for template in fixture_world.TEMPLATES]
    assert len(set(variants)) == len(variants) == len({template.id for template in fixture_world.TEMPLATES})


def test_agents_are_of_teams() -> None:
    """Each agent is of a team there is."""
    assert {agent.team for agent in fixture_world.AGENTS} <= set(fixture_world.TEAMS)


async def test_people(tenant: Tenant) -> None:
    """Five people are there from the start, with the state that their stories need."""
    world = tenant.world
    people = {contact.contact_id: contact for contact in world.contacts}
    assert {name: person.name for name, person in people.items()} == {
        JOHN: "John Doe",
        "wa919977665544_918828218374": "Asha Rao",
        "wa919966554433_918828218374": "Out Opted",
        FIONA: "Fiona Bell",
        "emailjane@example.com_support@example.com": "Jane Roe",
    }
    assert people[JOHN].last_inbound == NOON - timedelta(hours=1)
    assert people["wa919977665544_918828218374"].last_inbound == NOON - timedelta(hours=25)
    assert [person.name for person in people.values() if not person.is_opted_in] == ["Out Opted"]
    sessions = {session.contact_id: session for session in world.sessions}
    assert set(sessions) == {JOHN, FIONA}
    assert (sessions[JOHN].session_id, sessions[JOHN].queue) == ("61f3810a02e14c0877fc1a32", "external_bot")
    assert len(sessions[JOHN].messages) == 2
    desk = sessions[FIONA]
    assert (desk.queue, desk.dept, desk.agent) == ("agent_desk", "support", "alice")


async def test_meh_gen_15_a_reset_brings_the_world_back(tenant: Tenant) -> None:
    """MEH-GEN-15: after a reset the people are as at the start, as of the moment of the reset."""
    await tenant.post("/contact/prefs/lang", {"contactId": JOHN, "lang": "hi"})
    await tenant.advance(86_400)
    tenant.app.sandbox.reset(tenant.account)
    john = tenant.world.contact(JOHN)
    assert john is not None
    assert john.lang is None
    assert john.last_inbound == NOON + timedelta(days=1) - timedelta(hours=1)


async def test_lanes_and_aliases(tenant: Tenant) -> None:
    """A lane that is unique names its channel, and an alias its contact."""
    world = tenant.world
    assert world.channel("918828218374") is world.channel("wa360:918828218374")
    assert world.channel("support@example.com") is world.channel("mailto:supportexamplecom")
    assert world.channel("nowhere") is None
    assert world.contact("fb:12121212121") is world.contact(FIONA)
    world.channels["sms:2"] = Channel("sms:2", "SMS", "SANDBX", "Another")
    assert world.channel("SANDBX") is None


async def test_the_server_is_one_that_names_below_lead_to(tenant: Tenant) -> None:
    """`meta.server` is the sandbox's own place; loopback goes by name, for `sandbox.127.0.0.1` would be nowhere."""
    assert server_of(tenant.account) == "localhost:4700"
    tenant.configure(server="example.test:8443")
    assert server_of(tenant.account) == "example.test:8443"


async def test_meh_gen_15_shapes_of_ids(tenant: Tenant) -> None:
    """MEH-GEN-15: ids have the shapes of the samples, and those of the fixture world are the same everywhere."""
    ids = tenant.account.ids
    assert fixture_id("app", 2) == "f3a2cabf4995af1204039db4"
    assert re.fullmatch("[0-9a-f]{24}", object_id(ids))
    assert re.fullmatch("gBEG[A-Za-z0-9]{23}", message_id(ids))
