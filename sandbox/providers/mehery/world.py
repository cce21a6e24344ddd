"""World: what a tenant's platform knows: apps, channels, contacts, templates, variables, teams, agents and sessions."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sandbox.core.account import Account, Shelf, Webhook
from sandbox.core.schedule import Timer
from sandbox.providers.mehery.account import (
    MAIN_QUEUE,
    AppSettings,
    ContactSettings,
    MeherySettings,
    credentials_of,
    settings_of,
)
from sandbox.providers.mehery.vocabulary import SHORT_NAMES

AppType = Literal["WEBHOOK", "AGENT", "BOT"]

MOST_SESSION_MESSAGES = 1000  # of one session; the oldest go first


@dataclass(frozen=True, slots=True)
class Hook:
    """
    A webhook that was set with `config/webhook`.

    Attributes:
        url: where; None if it was cleared.
        replaced: what the operator had configured then; when that changes, the operator's word is the newer one.
    """

    url: str | None
    replaced: Webhook | str | None


@dataclass(slots=True)
class App:
    """
    A client app: the owner of a key, a queue and a webhook.

    Attributes:
        is_disabled: as the fixture world has it; settings may say otherwise, see `World.is_disabled`.
        hook: what `config/webhook` made of its webhook; None if it was never called.
    """

    queue: str
    app_type: AppType
    is_disabled: bool = False
    hook: Hook | None = None

    @property
    def is_agent_app(self) -> bool:
        """Whether people answer in it."""
        return self.app_type == "AGENT"


@dataclass(frozen=True, slots=True)
class Channel:
    """
    A channel of the business.

    Attributes:
        channel_id: `wa360:918828218374`.
        lane: the business's number or address.
        is_sandbox: whether lists show it only when asked to.
        queue: where its inbound messages go when a session starts.
    """

    channel_id: str
    contact_type: str
    lane: str
    name: str
    is_sandbox: bool = False
    queue: str = MAIN_QUEUE

    @property
    def channel_type(self) -> str:
        """What stands before the colon, `wa360`."""
        return self.channel_id.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a contact (5242-5254)."""

    key: str
    value: Any
    name: str
    type: str = "TEXT"
    format: str | None = None


@dataclass(slots=True)
class Contact:
    """
    A person on one channel.

    Attributes:
        contact_id: `wa919988776655_918828218374`.
        csid: the person's id on the channel: digits, an e-mail address, or the channel's own.
        business: what the business told of them: email, name, phone, profileId.
        lang: preferred language, two capital letters; templates that name none are sent in it (MEH-PREF-04).
        last_inbound: when they last wrote.
        session: id of the session that is open, or was last.
    """

    contact_id: str
    channel_id: str
    contact_type: str
    csid: str
    lane: str
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    business: dict[str, str | None] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    lang: str | None = None
    is_opted_in: bool = True
    last_inbound: datetime | None = None
    session: str | None = None

    @property
    def alias(self) -> str:
        """The shorter name that a contact is found by, `fb:12121212121` (MEH-PREF-01)."""
        return f"{SHORT_NAMES[self.contact_type]}:{self.csid}"

    def follow(self, said: ContactSettings) -> None:
        """Become what the operator says."""
        self.name = said.name or self.name
        self.email = said.email or self.email
        self.lang = said.lang or self.lang
        self.is_opted_in = self.is_opted_in if said.opted_in is None else said.opted_in
        if said.labels is not None:
            self.labels = {key: Label(key, value, key) for key, value in said.labels.items()}


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a template (7404-7417)."""

    code: str
    label: str
    type: str = "QUICK_REPLY"
    url: str | None = None
    phone: str | None = None
    desc: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """
    A message template in one language.

    Attributes:
        approved: status by channelId; settings may say otherwise, see `World.approvals`.
        required: the variables that a strict template cannot do without (MEH-SEND-46); empty is not strict.
    """

    id: str
    code: str
    lang: str
    contact_type: str | None
    approved: Mapping[str, str]
    body: str
    header: str | None = None
    footer: str | None = None
    title: str | None = None
    desc: str | None = None
    category: str = "UTILITY"
    buttons: tuple[Button, ...] = ()
    attachments: tuple[Mapping[str, Any], ...] = ()
    required: tuple[str, ...] = ()
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class GlobalVar:
    """A global variable (4886-4895)."""

    id: str
    key: str
    value: Any
    type: str = "TEXT"
    description: str | None = None
    is_disabled: bool = False


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who answers at the agent desk."""

    code: str
    team: str
    skills: tuple[str, ...] = ()


@dataclass(slots=True)
class ChatMessage:
    """
    One message of a session, as `session/messages` tells it (4658-4684).

    Attributes:
        direction: `I` from the contact, `O` to them.
        text: rendered, and masked where the request asked for it.
        sender: the app's queue or the agent's code; the contactId of an inbound message.
        reply_to: the tapped button's message, code and label.
        stamps: when each status was reached, in milliseconds.
        meta: what a template was filled with; empty if the message is masked.
    """

    message_id: str
    direction: Literal["I", "O"]
    at: datetime
    text: str
    sender: str
    name: str | None
    status: str
    message_id_ext: str | None = None
    template: str | None = None
    template_id: str | None = None
    reply_id: str | None = None
    reply_to: dict[str, Any] = field(default_factory=dict)
    stamps: dict[str, int] = field(default_factory=dict)
    attachments: Sequence[Mapping[str, Any]] = ()
    vccards: Sequence[Mapping[str, Any]] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    route: Mapping[str, Any] | None = None
    logs: list[Mapping[str, Any]] = field(default_factory=list)
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Session:
    """
    A conversation from its first message until it is closed.

    Attributes:
        queue: of the app that gets what the person says; None until the first inbound message.
        routing_id: grows with each routing; None until the first.
        started: when it began, the document's `sessionStamp`.
        last_message: what its expiry counts from.
        routings: how often it was routed.
    """

    session_id: str
    contact_id: str
    started: datetime
    last_message: datetime
    ticket_hash: str
    queue: str | None = None
    routing_id: str | None = None
    agent: str | None = None
    dept: str | None = None
    bot: str | None = None
    is_resolved: bool = False
    is_closed: bool = False
    routings: int = 0
    messages: deque[ChatMessage] = field(default_factory=lambda: deque(maxlen=MOST_SESSION_MESSAGES))


@dataclass(frozen=True, slots=True)
class DigitalObject:
    """What `data/push` stores, as it echoes it (5300-5303)."""

    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DigitalEvent:
    """What `event/push` stores, as it echoes it (5276-5278)."""

    document: Mapping[str, Any]


@dataclass(slots=True, eq=False)
class World:
    """
    One tenant's own copy of the fixture world, and what became of it.

    Attributes:
        apps: by queue.
        channels: by channelId, in fixture order.
        templates: by id, in fixture order.
        agents: by code, in fixture order.
        issued: how many ids were made so far, by kind.
        idle: ids of the sessions that are open, the one that was quiet longest first.
        expiry: what waits on the clock for the first of them to end.
        followed: the settings that contacts were made to follow last.
    """

    account: Account
    apps: dict[str, App]
    channels: dict[str, Channel]
    templates: dict[str, Template]
    variables: dict[str, GlobalVar]
    teams: tuple[str, ...]
    agents: dict[str, Agent]
    issued: dict[str, int] = field(default_factory=dict)
    idle: OrderedDict[str, None] = field(default_factory=OrderedDict)
    expiry: Timer | None = None
    followed: MeherySettings | None = None

    # what grows is kept on the account's shelves, which are bounded

    @property
    def contacts(self) -> Shelf[Contact]:
        """The people, by contactId."""
        return self.account.shelf(Contact)

    @property
    def sessions(self) -> Shelf[Session]:
        """The sessions, by id."""
        return self.account.shelf(Session)

    # look-ups

    def app_of_queue(self, queue: str) -> App | None:
        """Return the app that owns a queue; None if it is unknown or the app disabled (MEH-SESS-04)."""
        app = self.apps.get(queue)
        return None if app is None or self.is_disabled(app) else app

    def app_of_id(self, app_id: str) -> App | None:
        """Return the app of an `x-api-id`, disabled or not."""
        return next((app for app in self.apps.values() if self.id_of(app) == app_id), None)

    def channel(self, name: str) -> Channel | None:
        """Return the channel of a channelId, or of a bare lane that is unique (MEH-SEND-02)."""
        found = self.channels.get(name)
        if found is None:
            same = [channel for channel in self.channels.values() if channel.lane == name]
            found = same[0] if len(same) == 1 else None
        return found

    def contact(self, name: str) -> Contact | None:
        """Return the person of a contactId or an alias (MEH-PREF-01)."""
        found = self.contacts.get(name)
        if found is None and name.partition(":")[0] in SHORT_NAMES.values():
            found = next((contact for contact in self.contacts if contact.alias == name), None)
        return found

    def variants(self, code: str) -> list[Template]:
        """Return the templates of a code, whatever its letter case, one for each language."""
        return [template for template in self.templates.values() if template.code.lower() == code.lower()]

    # what settings and calls have made of it

    def follow(self) -> None:
        """Let contacts be what the settings say of them, once whenever these have changed."""
        settings = settings_of(self.account)
        if settings is not self.followed:
            self.followed = settings
            for name, said in settings.contacts.items():
                if (contact := self.contact(name)) is not None:
                    contact.follow(said)

    def meet(self, contact: Contact) -> None:
        """Take a new contact in, as the settings will have it."""
        self.contacts.put(contact.contact_id, contact)
        said = settings_of(self.account).contacts
        if (of_it := said.get(contact.contact_id) or said.get(contact.alias)) is not None:
            contact.follow(of_it)

    def is_disabled(self, app: App) -> bool:
        """Tell whether an app's key is refused and its queue unknown."""
        said = self._said_of(app).disabled
        return app.is_disabled if said is None else said

    def id_of(self, app: App) -> str:
        """Return the `x-api-id` of an app."""
        return credentials_of(self.account).key_of(app.queue).api_id

    def key_of(self, app: App) -> str:
        """Return the `x-api-key` of an app."""
        return credentials_of(self.account).key_of(app.queue).api_key

    def webhook_of(self, app: App) -> tuple[str | None, bool]:
        """Return where an app's callbacks go, and whether the operator supplied that address."""
        configured = self.configured(app)
        if app.hook is not None and app.hook.replaced == configured:
            return app.hook.url, False
        return (configured.url if isinstance(configured, Webhook) else configured), True

    def configured(self, app: App) -> Webhook | str | None:
        """Return the operator's webhook for an app."""
        if app.queue == MAIN_QUEUE and self.account.webhook is not None:
            return self.account.webhook
        return self._said_of(app).webhook

    def contact_info_url(self, app: App) -> str | None:
        """Return where an app is asked who somebody is; None asks nobody."""
        said = self._said_of(app).contact_info_url
        return said or (settings_of(self.account).contact_info_url if app.queue == MAIN_QUEUE else None)

    def approvals(self, template: Template) -> dict[str, str]:
        """Return a template's status by channelId."""
        said = settings_of(self.account).approvals
        return {**template.approved, **said.get(template.code, {}), **said.get(template.id, {})}

    def next_number(self, kind: str) -> int:
        """Return the next number of a sort of ids, from 1."""
        number = self.issued[kind] = self.issued.get(kind, 0) + 1
        return number

    def _said_of(self, app: App) -> AppSettings:
        return settings_of(self.account).apps.get(app.queue, _NOTHING)  # type: ignore[call-overload, no-any-return]


_NOTHING = AppSettings()


def contact_id(contact_type: str, csid: str, lane: str) -> str:
    """Return the contactId of a person on a channel, `wa919988776655_918828218374`."""
    return f"{SHORT_NAMES[contact_type]}{csid}_{lane}"
