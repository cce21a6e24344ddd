"""LINK Conversations, version 2.0.2, as its document describes it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel

from sandbox.core.account import Account
from sandbox.core.errors import ApiError, ErrorSpec
from sandbox.core.events import Event, MessageDelivered, MessageRead
from sandbox.core.ids import Ids
from sandbox.core.kept import Kept
from sandbox.core.keys import Keys
from sandbox.core.operation import JSON_TYPE, Reply
from sandbox.core.provider import Provider
from sandbox.core.services import Services
from sandbox.providers.link import callbacks, errors, tokens
from sandbox.providers.link.account import (
    Counter,
    Greeted,
    LinkCredentials,
    LinkSettings,
    RegisteredFile,
    StoredSettings,
    Tried,
    credentials_of,
    settings_of,
)
from sandbox.providers.link.content import AcceptedMessage
from sandbox.providers.link.magic import MAGIC
from sandbox.providers.link.models import E164_PATTERN
from sandbox.providers.link.routes import OPERATIONS
from sandbox.providers.link.rules import RULES

if TYPE_CHECKING:
    from sandbox.core.description import Description
    from sandbox.core.rehearsal import Rehearsal

_SPECS: dict[int, ErrorSpec] = {spec.status: spec for spec in errors.ERRORS}
_STATUS_WORDS: dict[type[Event], str] = {MessageDelivered: "DELIVERED", MessageRead: "READ"}
_RECEIPTS = {"DELIVERED": "deliver", "READ": "read"}


class Link(Provider):
    """LINK Conversations: seven gateway operations, one token operation, and callbacks to one webhook a customer."""

    name = "link"
    title = "LINK Conversations"
    prefixes = ("/gateway/", "/auth/")
    hosts = ("conversationalmessaging.com",)
    rules = RULES
    operations = OPERATIONS
    errors = errors.ERRORS
    callback_kinds = callbacks.KINDS
    actions = frozenset(
        [
            "say",
            "tap",
            "send_file",
            "share_location",
            "start_typing",
            "deliver",
            "read",
            "fail",
            "receipt",
            "error",
            "start",
        ]
    )
    receipts = tuple(_RECEIPTS)
    magic = MAGIC
    account_settings = LinkSettings
    account_credentials = LinkCredentials
    default_channel = "rcs"
    kept = Kept(
        shelves=(AcceptedMessage, Counter, Greeted, RegisteredFile, StoredSettings, Tried),
        payloads=(callbacks.Notice,),
    )

    def describe(self, fixtures: Path) -> Description:
        """See `description.describe`."""
        from sandbox.providers.link.description import describe  # noqa: PLC0415 - few ask

        return describe(fixtures / "link")

    # accounts

    def credentials(self, given: Mapping[str, Any], number: int, keys: Keys) -> LinkCredentials:
        """Generate a customer id and a key pair where they are not given; public keys alone keep the private one yours."""
        members = {"customer_id": f"eap{number + 1:05d}", **given}
        if members.get("public_keys") is None:
            members.update(_key_pair(members.get("private_key"), keys))
        credentials = LinkCredentials.model_validate(members)
        _ = credentials.verification_keys  # a bad key is told when it is given, not at the first token
        return credentials

    def identities(self, credentials: BaseModel, settings: BaseModel) -> tuple[str, ...]:  # noqa: ARG002 - no part of it
        """The customer id selects the account, whatever the settings."""
        return (f"customer_id={cast('LinkCredentials', credentials).customer_id}",)

    def authorization(self, account: Account, services: Services) -> dict[str, str]:
        """A fresh bearer token."""
        return {"Authorization": f"Bearer {tokens.issue(account, services)[0]}"}

    def senders(self, account: Account) -> tuple[str, ...]:
        """LINK knows the business by its customer id alone."""
        return (credentials_of(account).customer_id,)

    def normalise_user(self, address: str) -> str:
        """Return `+` and the digits of a phone number written with spaces, dashes, dots or brackets."""
        number = re.sub(r"[\s().-]", "", address)
        number = f"+{number[2:]}" if number.startswith("00") else number if number.startswith("+") else f"+{number}"
        if re.fullmatch(E164_PATTERN, number) is None:
            raise ValueError(f"{address!r} is no phone number in E.164 format, such as +491234567890")
        return number

    # answers

    def render(self, error: ApiError, account: Account | None, ids: Ids) -> Reply:  # noqa: ARG002 - no part of it
        """Answer with ApiError; the token endpoint's 403 is empty (LINK-GEN-01, LINK-AUTH-09)."""
        body = errors.body(error)
        return Reply(error.spec.status, body, ((JSON_TYPE, *error.headers) if body else error.headers))

    def not_found(self, path: str) -> ApiError:
        """LINK-GEN-08."""
        return RULES.broken("LINK-GEN-08", detail=path)

    def method_not_allowed(self, allowed: Sequence[str]) -> ApiError:
        """LINK-GEN-09."""
        return RULES.broken("LINK-GEN-09", headers=((b"allow", ", ".join(allowed).encode()),))

    def too_large(self) -> ApiError:
        """LINK-GEN-22."""
        return RULES.broken("LINK-GEN-22")

    def broken_down(self) -> ApiError:
        """Trouble of the platform is documented as 400 (LINK-GEN-20)."""
        return RULES.broken("LINK-GEN-20")

    def rate_limited(self) -> ApiError:
        """A 429, as the document knows it for the token endpoint."""
        return self.of_status(errors.TOO_MANY_REQUESTS.status)

    def of_status(self, status: int) -> ApiError:
        """Return ApiError of that status."""
        if status == errors.BAD_REQUEST.status:
            return self.broken_down()
        spec = _SPECS.get(status) or ErrorSpec(status, "Error", f"Status {status}", "")
        return ApiError(spec, headers=tokens.CHALLENGE if status == errors.UNAUTHORIZED.status else ())

    def of_code(self, code: str) -> ApiError:
        """LINK's errors have no codes but their statuses."""
        if not code.isdecimal() or int(code) not in _SPECS:
            raise ValueError(f"{code!r} is none of LINK's: {', '.join(map(str, sorted(_SPECS)))}")
        return self.of_status(int(code))

    # callbacks

    callbacks_for = staticmethod(callbacks.callbacks_for)
    encode = staticmethod(callbacks.encode)
    delivery = staticmethod(callbacks.delivery)

    def rehearsal(self) -> Rehearsal:
        """See `rehearsal.REHEARSAL`."""
        from sandbox.providers.link.rehearsal import REHEARSAL  # noqa: PLC0415 - only for those who try out a webhook

        return REHEARSAL

    # the person at the other end

    def status_word(self, event: Event) -> str | None:
        """DELIVERED and READ; a failure has no word."""
        return _STATUS_WORDS.get(type(event))

    def receipt_event(self, status: str) -> str:
        """Receipts are DELIVERED and READ."""
        if status not in _RECEIPTS:
            raise ValueError(f"{status!r} is none of LINK's receipts: {', '.join(_RECEIPTS)}")
        return _RECEIPTS[status]

    def inbound_id(self, account: Account) -> str:
        """A UUID v4, or one of the odd shapes that the samples show (2417, 2480)."""
        return account.ids.odd_uuid() if settings_of(account).odd_uuids else account.ids.uuid4()

    def error_codes(self) -> tuple[str, ...]:
        """Source: 1429-1433."""
        return tuple(callbacks.ERROR_MESSAGES)

    def media_for(self, mime_type: str) -> str:
        """LINK's users can send ten types of images and videos (1377-1388)."""
        if mime_type not in callbacks.MIME_TYPES:
            raise ValueError(f"{mime_type!r} is none of LINK's: {', '.join(callbacks.MIME_TYPES)}")
        return mime_type.partition("/")[0]


def _key_pair(private_pem: Any, keys: Keys) -> dict[str, Any]:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - as below
    from cryptography.hazmat.primitives import serialization as pem  # noqa: PLC0415 - slow to import, seldom needed
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415

    try:
        private = keys.deal() if private_pem is None else pem.load_pem_private_key(str(private_pem).encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # no PEM, encrypted, or of a sort that nobody knows
        private = None
    if not isinstance(private, RSAPrivateKey):
        raise ValueError("private_key must be an RSA key in PEM, not encrypted")  # noqa: TRY004 - told with the others
    private_bytes = private.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    public_bytes = private.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
    return {"private_key": private_bytes.decode(), "public_keys": [public_bytes.decode()]}


PROVIDER = Link()
