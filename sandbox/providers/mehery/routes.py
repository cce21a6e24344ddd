"""Routes: MeherY's documented operations, in the document's order, under the three prefixes that clients call them by."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sandbox.core.account import Account
from sandbox.core.operation import Call, Operation, RawRequest, Reply
from sandbox.core.services import Services
from sandbox.providers.mehery import (
    analytics,
    authentication,
    config,
    contacts,
    inbound_requests,
    reading,
    sending,
    session_operations,
)

PREFIX = "/xms/api/v1"
# The headings print `/api/v1/…`, the samples a URL that lost its slashes; one slash at the end is tolerated.
ALIASES = ("/api/v1", "/api.mehery.xyz/xms/api/v1")


def operation(
    name: str,
    method: str,
    path: str,
    source: str,
    handle: Callable[[Call], Reply],
    *,
    authenticate: Callable[[RawRequest, Services], Account] = authentication.by_key,
    users_of: Callable[[RawRequest], Iterable[str]] = lambda _request: (),
) -> Operation:
    """
    Return one documented operation.

    Args:
        name: what faults and coverage call it.
        method: in upper case.
        path: after the prefix, `/message/send`.
        source: where the document describes it, lines.
        handle: from the call to its reply.
        authenticate: who is calling.
        users_of: whom it is for, where a magic address may strike.
    """
    places = [f"{prefix}{path}{end}" for prefix in (PREFIX, *ALIASES) for end in ("", "/")]
    return Operation(
        name,
        method,
        places[0],
        source,
        authenticate,
        handle,
        users_of,
        tuple(places[1:]),
        reading.check_content_type if method == "POST" else lambda _request: None,
    )


OPERATIONS: tuple[Operation, ...] = (
    operation("configChannels", "GET", "/config/channels", "202-223", config.channels),
    operation("configGlobalVars", "GET", "/config/global/vars", "407-424", config.global_vars),
    operation("configHsmTemplates", "GET", "/config/tmpl/hsm", "612-631", config.hsm_templates),
    operation("configWebhook", "POST", "/config/webhook", "844-873", config.webhook),
    operation("contactPrefsLang", "POST", "/contact/prefs/lang", "1088-1118", contacts.prefs_lang),
    operation("dataPush", "POST", "/data/push", "1349-1380", analytics.data_push),
    operation("eventPush", "POST", "/event/push", "1612-1640", analytics.event_push),
    operation(
        "contactInfo",
        "POST",
        "/contact/info",
        "1879-1930",
        inbound_requests.contact_info,
        authenticate=authentication.by_token,
    ),
    operation(
        "messageReceive",
        "POST",
        "/message/receive",
        "2564-2823",
        inbound_requests.message_receive,
        authenticate=authentication.by_token,
    ),
    operation("messageSend", "POST", "/message/send", "3252-3397", sending.send, users_of=sending.users_of),
    operation("sessionClose", "POST", "/session/close", "3606-3639", session_operations.close),
    operation("sessionMessages", "POST", "/session/messages", "3844-3877", session_operations.messages),
    operation("sessionResolve", "POST", "/session/resolve", "4082-4115", session_operations.resolve),
    operation("sessionRouting", "POST", "/session/routing", "4336-4377", session_operations.routing),
)
