"""Webex Connect Messaging, API versions 1 and 2: one service, one account."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel

from sandbox.core.account import Account
from sandbox.core.answers import Answers
from sandbox.core.callback import Callback, DeliveryPolicy, Encoded
from sandbox.core.content import Suggestion
from sandbox.core.conversation import Message
from sandbox.core.events import Event
from sandbox.core.kept import Kept, Table
from sandbox.core.keys import Keys
from sandbox.core.provider import Magic, Provider
from sandbox.core.rule import Rulebook
from sandbox.core.services import Services
from sandbox.providers.webex_connect import accepting, callbacks, inbound, limits, magic, memory, people, receipts
from sandbox.providers.webex_connect.account import ServiceCredentials, ServiceSettings, credentials_of
from sandbox.providers.webex_connect.authentication import PROVIDER as NAME
from sandbox.providers.webex_connect.checked import Checked
from sandbox.providers.webex_connect.inbound import Notice
from sandbox.providers.webex_connect.order import Order, order_of
from sandbox.providers.webex_connect.receipts import Receipt, flaw
from sandbox.providers.webex_connect.v1 import errors as v1_errors
from sandbox.providers.webex_connect.v1 import routes as v1_routes
from sandbox.providers.webex_connect.v1 import rules as v1_rules
from sandbox.providers.webex_connect.v1.answers import AnswersOfV1
from sandbox.providers.webex_connect.v2 import answers as v2_answers
from sandbox.providers.webex_connect.v2 import errors as v2_errors
from sandbox.providers.webex_connect.v2 import routes as v2_routes
from sandbox.providers.webex_connect.v2 import rules as v2_rules

if TYPE_CHECKING:
    from sandbox.core.description import Description
    from sandbox.core.rehearsal import Rehearsal

_ALWAYS = ("fail", "receipt", "start")
_ACTIONS_BY_CHANNEL: Mapping[str, frozenset[str]] = {
    channel: frozenset((*_ALWAYS, *actions))
    for channel, actions in {
        "sms": ("say", "deliver", "click"),
        "voice": ("deliver",),
        "push": ("tap", "deliver", "read"),
        "appmessaging": ("say", "tap", "send_file", "start_typing", "deliver", "read", "click", "event"),
        "fb": ("say", "tap", "send_file", "share_location", "deliver", "read"),
        "whatsapp": ("say", "tap", "send_file", "share_location", "deliver", "read"),
        "applebusinesschat": ("say", "tap", "send_file"),
        "email": ("say", "send_file", "deliver", "read", "click", "event"),
        "rcs": ("say", "tap", "send_file", "share_location", "deliver", "read", "event"),
    }.items()
}
# Which series of receipts a channel has by itself (section 5.1 of both contracts); never Read.
_SERIES: Mapping[str, str] = {
    "voice": "webex-connect-voice",
    "applebusinesschat": "webex-connect-submitted-only",
}


class WebexConnect(AnswersOfV1, Provider):
    """Webex Connect, formerly imiconnect: two messaging APIs, receipts to notify URLs, inbound events to webhooks."""

    name = NAME
    title = "Webex Connect"
    prefixes = ("/resources/", "/v2/")
    hosts = ("webexconnect.io", "imiconnect.io", "imiconnect.com", "imiconnect.ca", "imiconnect.eu", "imiconnect.us")
    rules = Rulebook.joined(v1_rules.RULES, v2_rules.RULES)
    operations = (*v1_routes.OPERATIONS, *v2_routes.OPERATIONS)
    errors = (*v1_errors.ERRORS, *v2_errors.ERRORS)
    callback_kinds = callbacks.KINDS
    actions = frozenset().union(*_ACTIONS_BY_CHANNEL.values())
    actions_by_channel = _ACTIONS_BY_CHANNEL
    receipts = tuple(receipts.DEEDS)
    magic = magic.MAGIC
    account_settings = ServiceSettings
    account_credentials = ServiceCredentials
    default_channel = "sms"
    kept = Kept(
        shelves=(limits.Contacts, limits.Traffic, memory.Inbound, memory.Known),
        facts=(Order,),
        payloads=(Receipt, Notice),
        # The content is read by then, and the fate known.
        tables=(Table(Checked, ("links", "unsubscribe"), Checked.destinations),),
        flaw=flaw,
    )

    def warm_up(self) -> None:
        """Read the checks of both versions."""
        v1_routes.checks()
        v2_routes.checks()

    def describe(self, fixtures: Path) -> Description:
        """See `description.describe`."""
        from sandbox.providers.webex_connect.description import describe  # noqa: PLC0415 - few ask

        return describe(fixtures / "webex_connect")

    # accounts

    def credentials(self, given: Mapping[str, Any], number: int, keys: Keys) -> ServiceCredentials:  # noqa: ARG002
        """Generate id, key and secret where they are not given."""
        made = {
            "service_id": f"SV{number + 1:06d}",
            "service_key": f"00000000-{number + 1:04x}-11ee-9a03-0242ac130003",
            "service_secret": base64.b64encode(hashlib.sha256(f"webex {number}".encode()).digest()).decode("ascii"),
        }
        return ServiceCredentials.model_validate(
            {**made, **{name: one for name, one in given.items() if one is not None}}
        )

    def identities(self, credentials: BaseModel, settings: BaseModel) -> tuple[str, ...]:
        """The service id of a JWT selects the account, and so does each of its keys."""
        own, keys = cast("ServiceCredentials", credentials), cast("ServiceSettings", settings).service_keys
        all_keys = dict.fromkeys((own.service_key, *keys))
        return (f"service_id={own.service_id}", *(f"service_key={key}" for key in all_keys))

    def authorization(self, account: Account, services: Services) -> dict[str, str]:  # noqa: ARG002 - nothing is issued
        """The service key."""
        return {"key": credentials_of(account).service_key}

    def senders(self, account: Account) -> tuple[str, ...]:  # noqa: ARG002 - any will do
        """Sender ids, app ids, caller ids and e-mail addresses: any will do, and is the one last heard of."""
        return ()

    def normalise_user(self, address: str) -> str:
        """Return `+` and the digits for what could be a number, e-mail in lower case, anything else as it is."""
        return people.normalise(address)

    # answers

    def answers_to(self, path: str) -> Answers:
        """The two versions tell of trouble in different ways; the service itself speaks as v1."""
        return v2_answers.ANSWERS if path.startswith("/v2/") else self

    # callbacks

    callbacks_for = staticmethod(callbacks.callbacks_for)
    encode = staticmethod(callbacks.encode)

    def sign(self, encoded: Encoded, callback: Callback, account: Account) -> Encoded:  # noqa: ARG002 - it is in the payload
        """See `callbacks.sign`."""
        return callbacks.sign(encoded, callback)

    def delivery(self, account: Account) -> DeliveryPolicy:  # noqa: ARG002 - the same for all
        """See `callbacks.delivery`."""
        return callbacks.delivery()

    def rehearsal(self) -> Rehearsal:
        """See `rehearsal.REHEARSAL`."""
        from sandbox.providers.webex_connect.rehearsal import REHEARSAL  # noqa: PLC0415 - only for those who try out a webhook

        return REHEARSAL

    # what is played

    def default_scenario(self, message: Message) -> str:
        """Submitted and Delivered, but for calls, for Apple, and for what nobody is shown."""
        if order_of(message).checked.silent:
            return "webex-connect-submitted-only"
        return _SERIES.get(message.channel, "webex-connect-default")

    def in_place_of(self, message: Message, account: Account) -> Message | None:
        """See `accepting.fallback_for`."""
        return accepting.fallback_for(message, account)

    # the person at the other end

    def status_word(self, event: Event) -> str | None:
        """The `deliveryStatus`."""
        return receipts.word_of(event)

    def receipt_event(self, status: str) -> str:
        """Return the deed behind a `deliveryStatus`."""
        if status not in receipts.DEEDS:
            raise ValueError(f"{status!r} is none of Webex Connect's receipts: {', '.join(receipts.DEEDS)}")
        return receipts.DEEDS[status]

    def inbound_id(self, account: Account) -> str:
        """A UUID."""
        return account.ids.uuid4()

    def event_codes(self) -> tuple[str, ...]:
        """Subscribe and Unsubscribe on e-mail and RCS, typing in an app."""
        return inbound.EVENT_CODES

    def links(self, message: Message, account: Account) -> tuple[str, ...]:  # noqa: ARG002 - it is with the message
        """The tracked links of a request, where the channel tells of clicks; and the one that unsubscribes."""
        order = order_of(message)
        checked, addressed = order.checked, order.addressed
        tracked = checked.links(addressed) if checked.clicks and "Clicked" in receipts.STATUSES[message.channel] else ()
        unsubscribe = checked.unsubscribe(addressed)
        return tracked if unsubscribe is None else (*tracked, unsubscribe)

    def told_of_tap(self, message: Message, suggestion: Suggestion) -> tuple[str, str] | None:
        """A pressed button of an interactive push is told by Read with its name, not as a reply."""
        return ("Read", suggestion.postback) if message.channel == "push" else None

    def user_of_magic(self, address: str) -> Magic | None:
        """See `magic.find`."""
        return magic.find(address)


PROVIDER = WebexConnect()
