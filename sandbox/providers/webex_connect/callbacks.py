"""Callbacks: who is told of what, how it is signed, and how often it is tried."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator
from functools import lru_cache

from pydantic_core import to_json

from sandbox.core.account import Account
from sandbox.core.callback import Callback, DeliveryPolicy, Draft, Encoded, Subscriber
from sandbox.core.events import Event
from sandbox.providers.webex_connect import codes, inbound, memory, receipts
from sandbox.providers.webex_connect.account import BasicAuthorization, ServiceSettings, settings_of
from sandbox.providers.webex_connect.addresses import is_url
from sandbox.providers.webex_connect.checked import Checked
from sandbox.providers.webex_connect.inbound import Notice
from sandbox.providers.webex_connect.order import order_of
from sandbox.providers.webex_connect.receipts import Receipt
from sandbox.providers.webex_connect.v2.receipts import is_wanted

INBOUND_KINDS = (
    *("MO", "OnPostback", "reply", "list", "postback", "INTERACTIVERESPONSE", "QuickReplyResponse", "TypingIndicator"),
    *("ATTACHMENT", "Location", "SUBSCRIBE", "UNSUBSCRIBE", "Subscribe", "Unsubscribe"),
)
KINDS = (*(f"receipt.{status}" for status in receipts.DEEDS), *(f"inbound.{name}" for name in INBOUND_KINDS))

RETRY_WAITS = (60.0, 60.0, 60.0)  # WX1-CB-04
TIMEOUT = 10.0  # WX1-CB-03
# WX1-CB-05, literally: 201, 401, 403, 412, 413 and 5xx other than 505 are not among them.
NEVER_RETRIED = frozenset(
    {*range(202, 209), 226, *range(300, 309), 400, 402, *range(404, 412), *range(414, 417), 418, 505}
)
_POLICY = DeliveryPolicy(
    lambda status: status == 200,
    RETRY_WAITS,
    TIMEOUT,
    strict_order=False,  # WX1-CB-08
    gives_up=NEVER_RETRIED.__contains__,
)

_INNER = ("deliveryInfoNotification", "deliveryInfo")

_NOBODY = Subscriber(None, refused="neither the request nor the service names a notify URL (setting notify_url)")
_SIGNATURE = "x-hub-signature"

_Headers = tuple[tuple[str, str], ...]


def delivery() -> DeliveryPolicy:
    """200 acknowledges; three retries, 60 s apart, but for the statuses that are final (WX1-CB-03 to -05)."""
    return _POLICY


def callbacks_for(event: Event, account: Account) -> tuple[Draft, ...]:
    """
    Return the callbacks that tell of an event: receipts to where they are wanted, what a person did to the webhooks.

    Raises:
        ValueError: the channel has no callback for such a thing.
    """
    receipt = receipts.receipt_of(event)
    if receipt is not None:
        return _receipts(receipt, account)
    notice = inbound.notice_of(event, account)
    return () if notice is None else tuple(_notices(notice, account))


def _receipts(receipt: Receipt, account: Account) -> tuple[Draft, ...]:
    if receipt.code == codes.BOUNCED and receipt.description.startswith("Permanent"):
        memory.noted(account, receipt.message.conversation.user).bounced = True
    settings = settings_of(account)
    checked = order_of(receipt.message).checked
    kind = _kind(receipt.status)
    drafts: tuple[Draft, ...] = ()
    # WX2-RCPT-02, WX2-RCPT-03: the filter is the request's, and so is the address that it is about.
    if checked.notify_url is None or is_wanted(checked.receipts, receipt.status, receipt.code):
        drafts = (Draft(kind, receipt, _notified(checked, settings)),)
    if settings.outbound_webhooks:
        drafts += tuple(
            Draft(kind, receipt._replace(hub=hub), Subscriber(hub.url)) for hub in settings.outbound_webhooks
        )
    return drafts


@lru_cache(maxsize=64)
def _kind(status: str) -> str:
    """Return the kind of callback that tells of a status: one string for all."""
    return f"receipt.{status}"


def _notices(notice: Notice, account: Account) -> Iterator[Draft]:
    settings = settings_of(account)
    kind = f"inbound.{notice.name}"
    app = settings.apps.get(notice.sender)
    to = Subscriber(app.webhook) if app is not None and app.webhook is not None else None
    yield Draft(kind, notice, to)
    for hub in settings.outbound_webhooks:
        yield Draft(kind, notice._replace(hub=hub), Subscriber(hub.url))


def _notified(checked: Checked, settings: ServiceSettings) -> Subscriber:
    """Return who gets the receipts of a request: the address it names itself, valid or not, else the service's."""
    headers = _authorization(checked.notify_auth_id, settings) if checked.notify_auth_id else ()
    url = checked.notify_url
    if url is None:  # WX1-CB-01
        return Subscriber(settings.notify_url, headers) if settings.notify_url else _NOBODY
    # WX1-CB-02: what the request prefers is not made up for by the service's.
    return Subscriber(url, headers, vouched=False, refused=why_invalid(url, settings))


def why_invalid(url: str, settings: ServiceSettings) -> str | None:
    """Return why nothing is sent to a notify URL of a request; None if it is a good one (WX1-ENV-13, WX2-ENV-12)."""
    if not is_url(url):
        return "the notify URL of the request is not valid: an absolute http or https URL without blanks around it is"
    if settings.require_https_notify and not url.startswith("https:"):
        return "the notify URL of the request is not valid: it must be https here (require_https_notify)"
    return None


def _authorization(name: str, settings: ServiceSettings) -> _Headers:
    """Return the header of a configured authorization; an unknown one adds nothing (WX1-CB-07)."""
    found = settings.authorizations.get(name)
    if found is None:
        return ()
    if isinstance(found, BasicAuthorization):
        pair = base64.b64encode(f"{found.username}:{found.password}".encode()).decode("ascii")
        return (("Authorization", f"Basic {pair}"),)
    return ((found.header, found.value),)


def encode(callback: Callback, account: Account) -> Encoded:
    """Return the JSON of a callback."""
    what: Receipt | Notice = callback.payload
    is_receipt = isinstance(what, Receipt)
    traced = is_receipt or what.hub is not None
    headers = (("x-wx-gtrid", account.ids.uuid_named(callback.id)),) if traced else ()
    document = receipts.document(what, account) if isinstance(what, Receipt) else inbound.document(what, account)
    if callback.tweak is not None:
        callback.tweak.apply(document, inner=_INNER if is_receipt else ())
    return Encoded("application/json", to_json(document, inf_nan_mode="null"), headers=headers)


def sign(encoded: Encoded, callback: Callback) -> Encoded:
    """Return a callback with the HMAC of its very bytes, for a subscriber that has a secret (WX1-CB-06)."""
    hub = callback.payload.hub
    if hub is None or hub.hub_secret is None:
        return encoded
    digest = hmac.digest(hub.hub_secret.encode(), encoded.body, hub.algorithm).hex()
    others = tuple(header for header in encoded.headers if header[0] != _SIGNATURE)  # a fault has the rest signed anew
    return encoded._replace(headers=(*others, (_SIGNATURE, digest)))
