"""Config: the lists of channels, variables and templates, and the webhook of the calling app."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from sandbox.core.operation import Call, Reply
from sandbox.providers.mehery import models, reading
from sandbox.providers.mehery.account import server_of, settings_of
from sandbox.providers.mehery.authentication import acting_app
from sandbox.providers.mehery.envelopes import api_response, compact, one
from sandbox.providers.mehery.errors import (
    PARAM_INVALID,
    PARAM_MISSING,
    PARAM_TYPE_MISMATCH,
    RefusalError,
    refusal,
)
from sandbox.providers.mehery.fixture_world import world_of
from sandbox.providers.mehery.reading import Field, Schema
from sandbox.providers.mehery.world import Hook

MOST_URL = 2048  # characters (MEH-HOOK-02)
WEBHOOK_URL_REQUEST = Schema("WebhookUrlRequest", (Field("url"),))

_FLAGS = {
    **dict.fromkeys(("true", "1", "yes", "on"), True),
    **dict.fromkeys(("false", "0", "no", "off", ""), False),
}


def channels(call: Call) -> Reply:
    """GET /config/channels (202-223): those that are no sandbox, unless asked for (MEH-CHAN-01, MEH-CHAN-02)."""
    query = dict(call.request.query_pairs())
    wanted = False
    for name in ("sabdnox", "sandbox"):  # the first is how the table spells it, the second how the text does
        flag = _FLAGS.get(query.get(name, "").strip().lower())
        if flag is None:
            sentence = f"{name} must be a boolean"
            raise refusal(PARAM_TYPE_MISMATCH, "MEH-CHAN-02", "FIELD_TYPE_MISMATCH", name, sentence)
        wanted = wanted or flag
    found = world_of(call.account).channels.values()
    return compact(call, [models.msg_channel(channel) for channel in found if wanted or not channel.is_sandbox])


def global_vars(call: Call) -> Reply:
    """GET /config/global/vars (407-424): all of them, disabled ones too (MEH-VARS-01)."""
    world, settings = world_of(call.account), settings_of(call.account)
    channel = dict(call.request.query_pairs()).get("channelId")
    if channel and world.channel(channel) is None:  # MEH-VARS-02
        return api_response(call, [])
    server = server_of(call.account)
    found = [models.company_var(variable, settings.domain, server) for variable in world.variables.values()]
    return api_response(call, found)


def hsm_templates(call: Call) -> Reply:
    """GET /config/tmpl/hsm (612-631): those of which one approval is as asked for (MEH-TMPL-01)."""
    world = world_of(call.account)
    query = dict(call.request.query_pairs())
    name, status = query.get("channelId"), (query.get("channelStatus") or "").lower()
    channel = world.channel(name) if name else None
    wanted = channel.channel_id if channel is not None else name

    def fits(approval: tuple[str, str]) -> bool:
        return (not wanted or approval[0] == wanted) and (not status or approval[1].lower() == status)

    found = [
        models.hsm_template(template, world)
        for template in world.templates.values()
        if (not wanted and not status) or any(map(fits, world.approvals(template).items()))
    ]
    return api_response(call, found)


def webhook(call: Call) -> Reply:
    """POST /config/webhook (844-873): sets the calling app's (MEH-HOOK-01), and calls nothing to try it (MEH-HOOK-07)."""
    given = reading.body(call, WEBHOOK_URL_REQUEST)
    world = world_of(call.account)
    app = acting_app(call.request, call.account)
    if app is None:
        raise LookupError("an authenticated request has an app")
    url = given.get("url")
    if url is None:
        raise refusal(
            PARAM_MISSING, "MEH-HOOK-05", "FIELD_MISSING", "url", "url is missing", schema=WEBHOOK_URL_REQUEST.name
        )
    if url:
        _check(url, call)
    if app.app_type != "WEBHOOK":
        raise _bad("MEH-HOOK-06", "INCORRECT_APP_TYPE", "appType", "Only apps of the type WEBHOOK have a webhook")
    app.hook = Hook(url or None, world.configured(app))
    return one(call, models.client_app(app, world), meta=given)


def _check(url: str, call: Call) -> None:
    parts = _parsed(url)
    if parts is None:
        raise _bad("MEH-HOOK-02", "WEBHOOK_URL_INVALID", "url", "The webhook must be an absolute URL")
    if parts.scheme != "https" and not settings_of(call.account).is_http_host(parts.hostname or ""):
        raise _bad("MEH-HOOK-03", "WEBHOOK_HTTPS_REQUIRED", "url", "The webhook must be https")


def _parsed(url: str) -> SplitResult | None:
    """Return the parts of a URL that a webhook may have; None for any other (MEH-HOOK-02)."""
    if len(url) > MOST_URL or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        is_good = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    if not is_good or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return None
    return parts


def _bad(rule: str, key: str, field: str, sentence: str) -> RefusalError:
    return refusal(PARAM_INVALID, rule, key, field, sentence, schema=WEBHOOK_URL_REQUEST.name)
