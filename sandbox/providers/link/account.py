"""A LINK customer: credentials, settings, and what the platform keeps for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from sandbox.core.account import Account
from sandbox.providers.link.featureset import ChannelFeatureset, preset, rich

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey


def _public_key(pem: str) -> RSAPublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - wanted with the first token
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415 - wanted with the first token
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPublicKey):
        raise ValueError("public_keys must be RSA public keys in PEM")  # noqa: TRY004 - reported as ValueError
    return key


class LinkCredentials(BaseModel):
    """
    What LINK hands out by e-mail, and the key pair that the customer signs assertions with.

    Attributes:
        public_keys: PEM; several for rotation.
        private_key: PEM, kept only so that a client under test can be given it; null if the customer keeps it.
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)

    customer_id: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9._~-]+$")]
    public_keys: Annotated[list[str], Field(min_length=1, max_length=16)]
    private_key: str | None = None

    @cached_property
    def verification_keys(self) -> tuple[RSAPublicKey, ...]:
        """The public keys, read when first needed: a sandbox that is only started reads none. Raises `ValueError`."""
        return tuple(_public_key(pem) for pem in self.public_keys)


class KnownFile(BaseModel):
    """A file that was registered beforehand: its media type, and whether it has a thumbnail."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    media_type: Literal["IMAGE", "VIDEO", "AUDIO", "UNKNOWN"] = "IMAGE"
    thumbnail: bool = False


class PartNames(BaseModel):
    """Names of the two parts of a user file's callback, which the document leaves open."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    message: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] = "message"
    file: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] = "file"


def _preset(value: Any) -> Any:
    if isinstance(value, str):
        return preset(value)
    return value


class LinkSettings(BaseModel):
    """
    How this customer's platform behaves.

    Attributes:
        expires_in: lifetime of a token, in seconds.
        featureset: `rich`, `text-only`, or a whole ChannelFeatureset in the place of the default.
        files: files known beforehand, by id.
        web_recipients: globs of the numbers that are reached over the Web Channel.
        disabled: the customer is switched off: 403 at the token endpoint, 401 at the gateway.
        strict_unknown_fields: unknown members are refused.
        put_settings_status: status of a successful PUT of settings.
        message_id: callbacks carry `message_id` beside `messageId`.
        publish_time: callbacks carry `publish_time` beside `publishTime`.
        include_event_id: events carry an `eventId`.
        fractional_digits: digits of the fraction of a second in callbacks; null: six for events, three for the rest.
        file_size_as_string: `fileSizeBytes` is a string.
        legacy_error_code: the upload error's code is `"1"`.
        location_message_type: value of `message_type` for a location; null leaves the attribute out.
        odd_uuids: ids of user messages are shaped as UUIDs that no RFC knows.
        part_names: names of the parts of a user file's callback.
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)

    expires_in: Annotated[int, Field(ge=1, le=10 * 365 * 86400)] = 3600
    featureset: Annotated[ChannelFeatureset, BeforeValidator(_preset)] = Field(default_factory=rich)
    files: dict[str, KnownFile] = {}
    web_recipients: list[str] = []
    disabled: bool = False
    strict_unknown_fields: bool = False
    put_settings_status: Literal[200, 204] = 200
    message_id: bool = True
    publish_time: bool = True
    include_event_id: bool = False
    fractional_digits: Annotated[int, Field(ge=0, le=9)] | None = None
    file_size_as_string: bool = False
    legacy_error_code: bool = False
    location_message_type: Literal["LOCATION"] | None = None
    odd_uuids: bool = False
    part_names: PartNames = PartNames()


def settings_of(account: Account) -> LinkSettings:
    """Return the settings of a LINK account, in their own type."""
    return account.settings  # type: ignore[return-value]  # it was made with these


def credentials_of(account: Account) -> LinkCredentials:
    """Return the credentials of a LINK account, in their own type."""
    return account.credentials  # type: ignore[return-value]  # it was made with these


@dataclass(frozen=True, slots=True)
class RegisteredFile:
    """A file of registerFile; `media_type` is `UNKNOWN` where the URL does not tell."""

    id: str
    media_type: str
    url: str | None = None
    thumbnail_url: str | None = None
    has_thumbnail: bool = False
    description: str | None = None


@dataclass(frozen=True, slots=True)
class StoredSettings:
    """ConversationSettings as the customer put them."""

    id: str
    web_sms_template: str


@dataclass(slots=True)
class Counter:
    """The last envelope id that was given out, and the time it was asked for at, in milliseconds since 1970."""

    last: int = 0
    asked_at: datetime | None = None
    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class Greeted:
    """A web recipient that has had the welcome SMS, with the key in it."""

    conversation_key: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A magic number that behaves otherwise at the second try."""

    times: int
