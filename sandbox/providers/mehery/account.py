"""A MeherY tenant: credentials and settings of an account, which holds five apps of one company."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Annotated, Literal, cast
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator

from sandbox.core.account import Webhook
from sandbox.providers.mehery.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from sandbox.core.account import Account

PROVIDER = "mehery"
DEFAULT_ACCOUNT = "acc_mehery"  # who is meant by an inbound request that names nobody

# The client apps of the fixture world, by their queue; `external_bot` is the account's own.
MAIN_QUEUE = "external_bot"
OTHER_QUEUES = ("billing_bot", "agent_desk", "basic_bot", "old_bot")
Queue = Literal["external_bot", "billing_bot", "agent_desk", "basic_bot", "old_bot"]

LOOPBACK = ("localhost", "*.localhost", "127.0.0.0/8", "::1")  # MEH-HOOK-03

Status = Literal["SENT", "DLVRD", "READ"]
# Seconds after acceptance (MEH-STAT-04).
STATUS_DELAYS: dict[Status, float | None] = {"SENT": 0.2, "DLVRD": 0.5, "READ": 1.5}

Key = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[!-~]+$")]
Seconds = Annotated[float, Field(ge=0, le=604_800)]


def _is_url(url: str) -> str:
    return Webhook(url=url).url


Url = Annotated[str, AfterValidator(_is_url)]


class AppKey(BaseModel):
    """What opens one app: its `x-api-key`, and the `x-api-id` that must match it."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    api_key: Key
    api_id: Key


class MeheryCredentials(BaseModel):
    """
    What opens a tenant.

    Attributes:
        api_key: `x-api-key` of the app external_bot.
        api_id: `x-api-id` of the app external_bot.
        verify_token: `x-verify-token` of every callback.
        apps: keys of the other apps, by queue.
        platform_key: the integration key, which acts for the app that `x-api-id` names.
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)

    api_key: Key
    api_id: Key
    verify_token: Key
    apps: dict[Queue, AppKey]
    platform_key: Key

    @field_validator("apps")
    @classmethod
    def _are_the_others(cls, apps: dict[Queue, AppKey]) -> dict[Queue, AppKey]:
        if sorted(apps) != sorted(OTHER_QUEUES):
            raise ValueError(f"must have the apps {', '.join(OTHER_QUEUES)}; {MAIN_QUEUE} has api_key and api_id")
        return apps

    def key_of(self, queue: str) -> AppKey:
        """Return what opens the app of a queue. Raises `KeyError`."""
        if queue == MAIN_QUEUE:
            return AppKey(api_key=self.api_key, api_id=self.api_id)
        return self.apps[cast("Queue", queue)]


class AppSettings(BaseModel):
    """
    What the operator says of one app; None leaves it as the fixture world or the app's own calls have it.

    Attributes:
        webhook: where its callbacks go; that of external_bot is the account's.
        contact_info_url: where it is asked who somebody is.
        disabled: whether its key is refused and its queue unknown.
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)

    webhook: Url | None = None
    contact_info_url: Url | None = None
    disabled: bool | None = None


def _is_language(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError("must be a language in two capital letters, such as EN")
    return code


class ContactSettings(BaseModel):
    """
    What the operator says of one contact when the settings change; None leaves it as it is, and so may calls later on.

    Attributes:
        lang: preferred language, two capital letters.
        opted_in: whether they want messages.
        labels: values by key; they take the place of all labels.
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    email: Annotated[str, StringConstraints(min_length=3, max_length=320)] | None = None
    lang: Annotated[str, AfterValidator(_is_language)] | None = None
    opted_in: bool | None = None
    labels: dict[str, str | float | bool] | None = None


class MeherySettings(BaseModel):
    """
    How this tenant behaves.

    Attributes:
        domain: `meta.domain` of callbacks.
        server: `meta.server` of callbacks; None is the sandbox's own host and port.
        contact_info_url: where external_bot is asked who somebody is; None asks nobody.
        http_webhook_hosts: hosts whose webhooks may be http: names, `*.name`, addresses and networks.
        verify_tls: whether certificates of webhooks are verified.
        window_enforced: whether WhatsApp's 24-hour window is.
        status_delays: seconds from acceptance to each status, for those given; None leaves one out.
        callback_retries: seconds between attempts at a callback; as many retries as there are waits.
        later_docs: accept what later versions of the document added.
        apps: what is said of single apps, by queue.
        approvals: status of templates on channels, by template id or code and then channelId.
        contacts: what is said of single contacts, by contactId or alias.
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)

    domain: Annotated[str, StringConstraints(min_length=1, max_length=253)] = "sandbox"
    server: Annotated[str, StringConstraints(min_length=1, max_length=260)] | None = None
    contact_info_url: Url | None = None
    http_webhook_hosts: Annotated[list[str], Field(max_length=100)] = list(LOOPBACK)
    verify_tls: bool = True
    window_enforced: bool = True
    status_delays: dict[Status, Seconds | None] = dict(STATUS_DELAYS)
    callback_retries: Annotated[list[Seconds], Field(max_length=20)] = []
    later_docs: bool = False
    apps: dict[Queue, AppSettings] = {}
    approvals: dict[str, dict[str, Literal["APPROVED", "PENDING", "REJECTED"]]] = {}
    contacts: dict[str, ContactSettings] = {}

    @field_validator("status_delays")
    @classmethod
    def _are_whole(cls, delays: dict[Status, float | None]) -> dict[Status, float | None]:
        return {**STATUS_DELAYS, **delays}

    def is_http_host(self, host: str) -> bool:
        """Tell whether a webhook on a host may do without TLS (MEH-HOOK-03)."""
        name = host.lower().rstrip(".")
        return any(_covers(entry.lower(), name) for entry in self.http_webhook_hosts)


def _covers(entry: str, host: str) -> bool:
    if entry.startswith("*."):
        return host.endswith(entry[1:]) and len(host) > len(entry) - 1
    if entry == host:
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return False


def server_of(account: Account) -> str:
    """Return `meta.server` of callbacks: host and port, so that `https://{domain}.{server}` leads to the sandbox."""
    said = settings_of(account).server
    if said is not None:
        return said
    own = urlsplit(account.media.base).netloc or "localhost:4700"
    return own.replace("127.0.0.1", "localhost", 1)  # of which names below exist


def settings_of(account: Account) -> MeherySettings:
    """Return the settings of a MeherY account, in their own type."""
    return account.settings  # type: ignore[return-value]  # it was made with these


def credentials_of(account: Account) -> MeheryCredentials:
    """Return the credentials of a MeherY account, in their own type."""
    return account.credentials  # type: ignore[return-value]  # it was made with these
