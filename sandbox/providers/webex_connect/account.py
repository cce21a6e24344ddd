"""A Webex Connect service: credentials, settings, and what the platform keeps for it. Both API versions share it."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator

from sandbox.core.account import Webhook

if TYPE_CHECKING:
    from sandbox.core.account import Account

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Channel = Literal["sms", "voice", "push", "appmessaging", "fb", "whatsapp", "applebusinesschat", "email", "rcs"]


def decoded_secret(text: str) -> bytes:
    """
    Return the bytes of a service secret: Base64 in the standard or the URL alphabet, padding optional (WX1-AUTH-06).

    Raises:
        ValueError: it is no Base64, or empty.
    """
    plain = text.strip().rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        secret = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not secret:
        raise ValueError("a service secret must be Base64 text")
    return secret


def _is_secret(text: str) -> str:
    decoded_secret(text)
    return text


def _is_url(url: str) -> str:
    return Webhook(url=url).url


def offset(text: str) -> tzinfo:
    """
    Return the offset or zone of that name: `UTC`, `Z`, `+01:00` or `Europe/Berlin`.

    Raises:
        ValueError: there is none of that name.
    """
    if text in ("UTC", "Z"):
        return UTC
    if found := re.fullmatch(r"([+-])([01]\d|2[0-3]):?([0-5]\d)", text):
        distance = timedelta(hours=int(found[2]), minutes=int(found[3]))
        return timezone(distance if found[1] == "+" else -distance)
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as trouble:
        raise ValueError("must be UTC, an offset such as +01:00, or the name of a time zone") from trouble


Secret = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_is_secret)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[!-~]+$")]
Url = Annotated[str, AfterValidator(_is_url)]


class ServiceCredentials(BaseModel):
    """
    What Webex Connect shows on a service's page.

    Attributes:
        service_id: `iss` of a JWT.
        service_key: value of the header `key`.
        service_secret: Base64 text; a JWT is signed with what it decodes to.
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)

    service_id: Key
    service_key: Key
    service_secret: Secret


class App(BaseModel):
    """An app of a channel (its `appid`); `webhook` beats the account's for what its people do."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    channel: Channel
    waba_namespace: str | None = None
    webhook: Url | None = None


class Template(BaseModel):
    """
    A message template.

    Attributes:
        channel: which one it is for.
        text: with `$(name)` blanks.
        params: the names that must be given.
        subject: of an e-mail.
        html: of an e-mail.
        quick_replies: what a person may tap beneath it.
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)

    channel: Channel
    text: Annotated[str, StringConstraints(max_length=100_000)] = ""
    params: list[Name] = []
    subject: Annotated[str, StringConstraints(max_length=1000)] | None = None
    html: Annotated[str, StringConstraints(max_length=400_000)] | None = None
    quick_replies: Annotated[list[Name], Field(max_length=10)] = []


class ContactGroup(BaseModel):
    """A contact policy group: who consented (null: everybody), and how many messages a person gets in 24 hours."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    consented: list[str] | None = None
    cap: Annotated[int, Field(ge=0)] | None = None


class BasicAuthorization(BaseModel):
    """A callback authorization of name and password."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    type: Literal["basic"]
    username: Annotated[str, StringConstraints(max_length=500)]
    password: Annotated[str, StringConstraints(max_length=500)]


class KeyAuthorization(BaseModel):
    """A callback authorization of one header."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    type: Literal["api_key"]
    header: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")] = "x-api-key"
    value: Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[ -~]+$")]


Authorization = Annotated[BasicAuthorization | KeyAuthorization, Field(discriminator="type")]


class OutboundWebhook(BaseModel):
    """A subscriber to receipts and inbound events; with a secret, the body is signed (WX1-CB-06)."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    url: Url
    hub_secret: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = None
    algorithm: Literal["sha256", "sha512"] = "sha256"


class ServiceSettings(BaseModel):
    """
    How this service behaves; an empty list or table of ids means that any id will do.

    Attributes:
        active: a service that is not gets 7007.
        service_keys: further keys that open it, for rotation.
        service_secrets: further secrets that sign for it, for rotation.
        notify_url: where receipts go unless a request names its own place.
        outbound_webhooks: further subscribers to receipts and inbound events.
        authorizations: what `notifyurlAuthId` may name.
        tps: destinations in any second, v1 and v2 together; null is no limit.
        apps: known apps, by `appid`.
        senders: known sender ids.
        templates: known templates, by id.
        burst_mode: v1 answers "Queued in burst mode" in the place of "Queued".
        profiles: known customers, by `customerid` or `userid`: their addresses by destination key.
        contact_groups: known contact policy groups.
        threads: known in-app threads.
        tenant_timezone: offset or zone of the times in callbacks.
        enforce_24h_window: a WhatsApp message without template needs one from the person within 24 hours.
        v1_error_http_status: HTTP status of v1's errors.
        strict_unknown_fields: a field that the document does not know is 7004.
        require_https_notify: an `http` callback URL of a request is invalid.
        plus_e164: v2's numbers must begin with `+`.
        email_domains: domains that e-mail may be sent from.
        media_sizes: sizes of attachments in bytes, by URL; nothing is ever fetched.
        strict_placeholders: v2 refuses a placeholder without a value.
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)

    active: bool = True
    service_keys: Annotated[list[Key], Field(max_length=16)] = []
    service_secrets: Annotated[list[Secret], Field(max_length=16)] = []
    notify_url: Url | None = None
    outbound_webhooks: Annotated[list[OutboundWebhook], Field(max_length=16)] = []
    authorizations: dict[str, Authorization] = {}
    tps: Annotated[int, Field(ge=1)] | None = None
    apps: dict[str, App] = {}
    senders: list[str] = []
    templates: dict[str, Template] = {}
    burst_mode: bool = False
    profiles: dict[str, dict[str, str]] = {}
    contact_groups: dict[str, ContactGroup] = {}
    threads: list[str] = []
    tenant_timezone: str = "UTC"
    enforce_24h_window: bool = False
    v1_error_http_status: Literal[200, 400] = 200
    strict_unknown_fields: bool = False
    require_https_notify: bool = False
    plus_e164: bool = False
    email_domains: list[str] = []
    media_sizes: dict[str, Annotated[int, Field(ge=0)]] = {}
    strict_placeholders: bool = False

    @field_validator("tenant_timezone")
    @classmethod
    def _is_a_zone(cls, text: str) -> str:
        offset(text)
        return text

    @cached_property
    def zone(self) -> tzinfo:
        """The tenant's time zone."""
        return offset(self.tenant_timezone)


def settings_of(account: Account) -> ServiceSettings:
    """Return the settings of a Webex Connect account, in their own type."""
    return account.settings  # type: ignore[return-value]  # it was made with these


def credentials_of(account: Account) -> ServiceCredentials:
    """Return the credentials of a Webex Connect account, in their own type."""
    return account.credentials  # type: ignore[return-value]  # it was made with these
