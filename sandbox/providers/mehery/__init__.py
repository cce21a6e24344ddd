"""MeherY Messaging APIs v1.0 (xms), as their document describes them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel

from sandbox.core.account import Account
from sandbox.core.callback import Callback, DeliveryPolicy, Draft, Encoded
from sandbox.core.content import Suggestion
from sandbox.core.conversation import Conversation, Message
from sandbox.core.errors import ApiError, ErrorSpec
from sandbox.core.events import Event, MessageAccepted
from sandbox.core.ids import Ids
from sandbox.core.kept import Kept
from sandbox.core.keys import Keys
from sandbox.core.operation import Reply
from sandbox.core.provider import Provider, Steps
from sandbox.core.services import Services
from sandbox.providers.mehery import (
    callbacks,
    envelopes,
    errors,
    inbound_requests,
    magic,
    receipts,
    recipients,
    sending,
    sessions,
    statuses,
)
from sandbox.providers.mehery.account import (
    OTHER_QUEUES,
    STATUS_DELAYS,
    MeheryCredentials,
    MeherySettings,
    credentials_of,
    settings_of,
)
from sandbox.providers.mehery.account import PROVIDER as NAME
from sandbox.providers.mehery.addresses import email_address
from sandbox.providers.mehery.errors import FieldFault, RefusalError
from sandbox.providers.mehery.fixture_world import app_id, world_of
from sandbox.providers.mehery.identifiers import message_id
from sandbox.providers.mehery.inbound_requests import Forwarded, WrapperReceived
from sandbox.providers.mehery.questions import ContactQuestion
from sandbox.providers.mehery.routes import OPERATIONS
from sandbox.providers.mehery.rules import RULES
from sandbox.providers.mehery.sent import Sent
from sandbox.providers.mehery.world import ChatMessage, Contact, DigitalEvent, DigitalObject, Session, World

if TYPE_CHECKING:
    from sandbox.core.description import Description
    from sandbox.core.rehearsal import Rehearsal

CALLBACK_TIMEOUT = 10.0  # seconds (MEH-CB-06)
_PREFLIGHT_HEADERS = b"x-api-key, x-api-id, x-verify-token, content-type"


class Mehery(Provider):
    """MeherY's xms: one company with five client apps, nine channels, sessions, templates and WhatsApp's window."""

    name = NAME
    title = "MeherY"
    prefixes = ("/xms/", "/api.mehery.xyz/")
    hosts = ("mehery.com", "mehery.io", "mehery.xyz")
    rules = RULES
    operations = OPERATIONS
    errors = errors.ERRORS
    callback_kinds = (*callbacks.KINDS, inbound_requests.KIND)
    coded_kinds = callbacks.CODED_KINDS
    actions = frozenset(
        {*("say", "tap", "send_file", "share_location", "system", "deliver", "read", "fail", "receipt", "start")}
        | {*("event", "action", "agent", "end_session")}
    )
    receipts = tuple(statuses.DEEDS)
    magic = magic.MAGIC
    account_settings = MeherySettings
    account_credentials = MeheryCredentials
    default_channel = "WHATSAPP"
    has_voice = True
    serves_files = True
    kept = Kept(
        shelves=(Contact, DigitalEvent, DigitalObject, Session, World),
        facts=(ChatMessage, Sent),
        payloads=(ContactQuestion, Forwarded, callbacks.Told),
        timed=sessions.TIMED,
    )

    def describe(self, fixtures: Path) -> Description:
        """See `description.describe`."""
        from sandbox.providers.mehery.description import describe  # noqa: PLC0415 - few ask

        return describe(fixtures / "mehery")

    # accounts

    def credentials(self, given: Mapping[str, Any], number: int, keys: Keys) -> MeheryCredentials:  # noqa: ARG002
        """Generate keys and token where they are not given; app ids are those of the fixture world."""
        apps = {
            queue: {"api_key": f"sandbox-mehery-{number + 1}-{queue.replace('_', '-')}", "api_id": app_id(queue)}
            for queue in OTHER_QUEUES
        }
        made = {
            "api_key": f"sandbox-mehery-{number + 1}-external-bot",
            "api_id": app_id("external_bot"),
            "verify_token": f"s1agenttoken$$${number + 1}",
            "platform_key": f"sandbox-mehery-{number + 1}-platform",
        }
        whole = {**made, **{name: one for name, one in given.items() if one is not None}}
        said = given.get("apps")
        if said is None or isinstance(said, Mapping):
            whole["apps"] = {
                **apps,
                **{queue: _completed(app, apps.get(queue, {})) for queue, app in (said or {}).items()},
            }
        return MeheryCredentials.model_validate(whole)

    def identities(self, credentials: BaseModel, settings: BaseModel) -> tuple[str, ...]:  # noqa: ARG002 - no part of it
        """Every key selects the account, and so does its verify token where a request has no key."""
        own = cast("MeheryCredentials", credentials)
        keys = [own.api_key, *(app.api_key for app in own.apps.values()), own.platform_key]
        if len(set(keys)) != len(keys):
            raise ValueError("the keys of a tenant must differ from one another")
        return (*(f"api_key={key}" for key in keys), f"verify_token={own.verify_token}")

    def authorization(self, account: Account, services: Services) -> dict[str, str]:  # noqa: ARG002 - nothing is issued
        """Key and id of external_bot."""
        own = credentials_of(account)
        return {"x-api-key": own.api_key, "x-api-id": own.api_id}

    def senders(self, account: Account) -> tuple[str, ...]:
        """The channelIds."""
        return tuple(world_of(account).channels)

    def normalise_user(self, address: str) -> str:
        """Return a person's id on their channel: the digits of a number, an e-mail address, or the channel's own."""
        text = recipients.csid_in(address.strip())
        if not text or not text.isprintable() or len(text) > 320:
            raise ValueError(f"{address[:50]!r} is nobody: a phone number, an e-mail address or a contactId is wanted")
        number = re.sub(r"[\s().+-]", "", text)
        if number.isascii() and number.isdigit():
            return number
        return email_address(text) or text

    def sender_in(self, address: str, account: Account) -> str | None:
        """The channel of a contactId or of an alias."""
        place = recipients.place_of(address.strip())
        if place is not None:
            return place[0].channel_id
        contact = world_of(account).contact(address.strip()) if ":" in address else None
        return contact.channel_id if contact is not None else None

    def channel_of(self, sender: str, account: Account) -> str:
        """The contact type of a channelId."""
        channel = world_of(account).channels.get(sender)
        return channel.contact_type if channel is not None else self.default_channel

    # answers

    def render(self, error: ApiError, account: Account | None, ids: Ids) -> Reply:  # noqa: ARG002 - the same for all
        """See `envelopes.refused`."""
        return envelopes.refused(error, ids)

    def not_found(self, path: str) -> ApiError:
        """MEH-GEN-02: `errors` is empty, for no field is at fault."""
        return RefusalError(errors.HTTP_NOT_FOUND, "MEH-GEN-02", (), detail=path)

    def method_not_allowed(self, allowed: Sequence[str]) -> ApiError:
        """MEH-GEN-03."""
        headers = ((b"allow", ", ".join(allowed).encode()),)
        return _plain(errors.METHOD_NOT_ALLOWED, "MEH-GEN-03", headers)

    def preflight(self, allowed: Sequence[str]) -> Reply:
        """MEH-GEN-14."""
        methods = ", ".join((*allowed, "OPTIONS")).encode()
        return Reply(
            204,
            b"",
            (
                envelopes.ANY_ORIGIN,
                (b"access-control-allow-methods", methods),
                (b"access-control-allow-headers", _PREFLIGHT_HEADERS),
            ),
        )

    def too_large(self) -> ApiError:
        """MEH-GEN-06."""
        return _plain(errors.PAYLOAD_TOO_LARGE, "MEH-GEN-06")

    def broken_down(self) -> ApiError:
        """API_ERROR."""
        return _plain(errors.API_ERROR)

    def rate_limited(self) -> ApiError:
        """TOO_MANY_REQUESTS."""
        return _plain(errors.TOO_MANY_REQUESTS)

    def of_status(self, status: int) -> ApiError:
        """Return the error of that status, by its status key."""
        return _plain(errors.BY_STATUS.get(status) or ErrorSpec(status, "API_ERROR", f"Status {status}", ""))

    def of_code(self, code: str) -> ApiError:
        """Return the error of a status key."""
        if code not in errors.BY_CODE:
            raise ValueError(f"{code!r} is none of MeherY's: {', '.join(errors.BY_CODE)}")
        return _plain(errors.BY_CODE[code])

    # callbacks

    def callbacks_for(self, event: Event, account: Account) -> tuple[Draft, ...]:
        """See `callbacks.callbacks_for` and `inbound_requests.forward`."""
        if isinstance(event, WrapperReceived):
            return (inbound_requests.forward(event, world_of(account)),)
        return callbacks.callbacks_for(event, account)

    def encode(self, callback: Callback, account: Account) -> Encoded:
        """See `callbacks.encode` and `inbound_requests.encode`."""
        encode = inbound_requests.encode if isinstance(callback.payload, Forwarded) else callbacks.encode
        return encode(callback, account)

    def settled(self, callback: Callback, account: Account, answer: str) -> None:
        """See `callbacks.settled`."""
        callbacks.settled(callback, account, answer)

    def delivery(self, account: Account) -> DeliveryPolicy:
        """Any 2xx; one attempt unless settings say more; a contact's callbacks in order (MEH-CB-06, MEH-CB-07)."""
        webhook = account.webhook
        return DeliveryPolicy(
            lambda status: 200 <= status < 300,
            tuple(settings_of(account).callback_retries),
            webhook.timeout if webhook is not None else CALLBACK_TIMEOUT,
            strict_order=True,
        )

    def rehearsal(self) -> Rehearsal:
        """See `rehearsal.REHEARSAL`."""
        from sandbox.providers.mehery.rehearsal import REHEARSAL  # noqa: PLC0415 - only for those who try out a webhook

        return REHEARSAL

    # what is played

    def default_scenario(self, message: Message) -> str:  # noqa: ARG002 - the same for all
        """SENT, DLVRD, READ."""
        return "mehery-default"

    def default_steps(self, message: Message, account: Account) -> Steps | None:  # noqa: ARG002 - the same for all
        """The account's own times, where they are not the usual ones (MEH-STAT-04)."""
        return magic.ladder(account) if settings_of(account).status_delays != STATUS_DELAYS else None

    def agent_message(self, text: str, conversation: Conversation, account: Account) -> MessageAccepted:
        """See `sending.agent_message`."""
        return sending.agent_message(text, conversation, account)

    # the person at the other end

    def session(self, conversation: Conversation, account: Account) -> str | None:
        """The session that is open with a person, if there is one."""
        world = world_of(account)
        contact = recipients.met(world, conversation)
        session = sessions.current(world, contact) if contact is not None else None
        return session.session_id if session is not None else None

    def status_word(self, event: Event) -> str | None:
        """SENT, DLVRD, READ, FAILD, or the word of a receipt."""
        return receipts.word_of(event)

    def receipt_event(self, status: str) -> str:
        """Return the deed behind a status of the document."""
        if status not in statuses.DEEDS:
            raise ValueError(f"{status!r} is none of MeherY's statuses: {', '.join(statuses.DEEDS)}")
        return statuses.DEEDS[status]

    def event_codes(self) -> tuple[str, ...]:
        """SESSION_ROUTED and the others."""
        return sessions.CODES

    def keeps_tap(self, suggestion: Suggestion) -> bool:
        """URL and PHONE_NUMBER buttons open something on the handset and send nothing (MEH-CB-09)."""
        return suggestion.action is not None and suggestion.action.kind in ("open_url", "call")

    def inbound_id(self, account: Account) -> str:
        """A message id as the samples have it."""
        return message_id(account.ids)


def _completed(given: Any, made: Mapping[str, str]) -> Any:
    """Return an app's keys with what was not given."""
    return {**made, **given} if isinstance(given, Mapping) else given


def _plain(spec: ErrorSpec, rule: str | None = None, headers: tuple[tuple[bytes, bytes], ...] = ()) -> ApiError:
    """Return an error of no field in particular; its key is its status key."""
    return RefusalError(spec, rule, (FieldFault(spec.code, None, spec.message),), headers=headers)


PROVIDER = Mehery()
