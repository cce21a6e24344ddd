"""Request: checks one request object of v1, or an array of them, from its envelope to its contact policy."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.core.content import Other, Suggestion, Text
from sandbox.core.conversation import Body
from sandbox.core.errors import ApiError
from sandbox.providers.webex_connect.account import ServiceSettings
from sandbox.providers.webex_connect.checked import Addressed, Checked, Fate, no_fate
from sandbox.providers.webex_connect.v1 import contact_policy, destinations, smart_links, templates
from sandbox.providers.webex_connect.v1.channels import BY_NAME, PLACES, Channel
from sandbox.providers.webex_connect.v1.element import Element
from sandbox.providers.webex_connect.v1.expiry import instant
from sandbox.providers.webex_connect.v1.rules import RULES, invalid
from sandbox.providers.webex_connect.values import given, truth

CALLBACK_DATA_LIMIT = 2000  # characters

_LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)]")

Admit = Callable[[int], None]

KNOWN = frozenset({
    "deliverychannel", "destination", "channels", "appid", "correlationid", "correlationId", "notifyurl", "notifyURL",
    "notifyurlAuthId", "callbackData", "expiry", "message", "gtrId", "gtrids", "icmessage", "options", "contactPolicy",
    "smartlinks",
})  # fmt: skip
_AMONG_THE_CHANNELS = PLACES | {"smartlinks", "contactpolicy"}
_ESSENTIALS = frozenset({"deliverychannel", "destination", "channels"})
_WHOLE_REQUEST = ("WX1-DEST-05", "WX1-RATE-02")


def _anybody(_count: int) -> None:
    return None


def check_body(
    data: Any, settings: ServiceSettings, now: datetime, admit: Admit = _anybody
) -> list[Checked | ApiError]:
    """
    Check a whole body: a request object, or an array of them whose bad elements do not hold back the good ones.

    Args:
        data: the parsed JSON.
        settings: the service's.
        now: the account's time, aware.
        admit: takes the number of destinations, and raises WX1-RATE-02 if they are too many for now.

    Returns:
        One entry for each element; an `ApiError` for a bad one, which an array alone can have.

    Raises:
        ApiError: the request is refused as a whole.
    """
    if isinstance(data, dict):
        return [check_element(data, settings, now, admit)]
    if not isinstance(data, list):
        raise RULES.broken("WX1-JSON-01", detail="the body is neither an object nor an array")
    if not data:
        raise RULES.broken("WX1-JSON-02")
    if len(data) > destinations.LIMIT:
        raise destinations.too_many()  # as each of them needs at least one destination
    found: list[Checked | ApiError] = []
    total = 0
    for element in data:
        try:
            checked = check_element(element, settings, now)
        except ApiError as refused:
            if refused.rule in _WHOLE_REQUEST:
                raise
            found.append(refused)
        else:
            total += len(checked.addressed)
            found.append(checked)
        # A refused element sends nothing, so it counts nothing.
        if total > destinations.LIMIT:
            raise destinations.too_many()
    if total:
        admit(total)
    return found


def check_element(data: Any, settings: ServiceSettings, now: datetime, admit: Admit = _anybody) -> Checked:
    """
    Check one request object, in the order of the contract: the first failing check answers.

    Raises:
        ApiError: the rule that it breaks.

    Source: 135-175.
    """
    if not isinstance(data, dict):
        raise invalid("WX1-JSON-02", "a request is an object")
    element = Element(settings)
    says_more = not _ESSENTIALS.issuperset(data)  # than most do
    if says_more:
        element.look_for_unknown(data, KNOWN, "")
    channel = _channel(data)
    element.channel = channel.name
    block, channels = _object_of(channel, data, element)
    if channel.has_apps:
        element.sender = _app(data, settings, channel)
    stated, objects = destinations.read(data, channel, element)
    admit(len(stated))

    element.addressed = destinations.correlated(stated, _correlation(data) if says_more else "")
    options = _options(data, objects) if says_more else _NO_OPTIONS
    destinations.note_unreachable(element.addressed, element)

    if says_more:
        templates.check(data, block, element)
    channel.check(block, element)
    if (
        element.template is not None
        and element.text is None
        and channel.content(block, element, element.addressed[0]) is None
    ):
        element.text = templates.rendered(element)
    linked = smart_links.check(data, channels, channel.smart_links, element)
    policy = contact_policy.check(data, channels, element) if says_more or len(channels) > 1 else None
    if options.expires_at is not None and options.expires_at < now:
        # Nothing is sent at all, so nothing else can become of it.
        element.fate, element.fates = Fate("Failed", "7503" if channel.name == "push" else "7005"), None
    content = _Content(channel, block, element, linked)
    # Seventeen members by their names would take as long as all the checks of a text.
    fate = no_fate if element.fate is None and element.fates is None else element.fate_of
    checked = Checked(channel.name, element.sender, element.addressed, block, content, fate)
    if says_more:
        checked.notify_url = _notify_url(data)
        checked.notify_auth_id = options.notify_auth_id
        checked.callback_data = options.callback_data
        checked.expires_at = options.expires_at
    checked.contact_policy = policy
    checked.by_template = element.by_template or element.template is not None
    checked.silent = element.silent
    if options.tracks_clicks or linked:
        checked.clicks = True
        checked.links = _clickable(element.text, linked)
    checked.pushref = element.pushref
    checked.warnings = element.warnings
    return checked


@dataclass(frozen=True, slots=True)
class _Options:
    """What a request says besides whom to send what, over which channel; most say nothing."""

    callback_data: str = ""
    expires_at: datetime | None = None
    notify_auth_id: str | None = None
    tracks_clicks: bool = False


_NO_OPTIONS = _Options()


def _options(data: dict[str, Any], objects: int) -> _Options:
    """Check what is optional, in the contract's order. Raises WX1-ENV-09 to -12 and WX1-JSON-02."""
    callback_data = _callback_data(data)
    expires_at = _expiry(data)
    _check_gtr_ids(data, objects)
    return _Options(callback_data, expires_at, *_stored(data))


def _channel(data: dict[str, Any]) -> Channel:
    """Return the channel that `deliverychannel` names. Raises WX1-ENV-01 to -03."""
    name = data.get("deliverychannel")
    if name is None:
        raise RULES.broken("WX1-ENV-01")
    if name == "":
        raise RULES.broken("WX1-ENV-02")
    channel = BY_NAME.get(name.lower()) if isinstance(name, str) else None
    if channel is None:
        raise RULES.broken("WX1-ENV-03")
    return channel


def _object_of(channel: Channel, data: dict[str, Any], element: Element) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Return the channel's object and all of `channels`; empty ones where a template stands in for them.

    Raises:
        ApiError: WX1-ENV-04 or -05; WX1-WA-08 for a message that stands where only a template may.
    """
    channels = given(data, "channels")
    if channels is None:
        if templates.named(data) is None:
            message = data.get("message")
            stray = channel.name == "whatsapp" and isinstance(message, dict) and "text" in message
            raise RULES.broken("WX1-WA-08" if stray else "WX1-ENV-04")
        return {}, {}
    if not isinstance(channels, dict):
        raise invalid("WX1-ENV-04", "channels")
    block: dict[str, Any] = channels
    for name in channel.place:
        found = block.get(name)
        if found is None:
            found = _in_any_case(block, name)
        if len(block) > 1:
            _tell_of_others(block, name, element, "channels" if block is channels else f"channels.{channel.place[0]}")
        if found is None or (not found and isinstance(found, str | list | dict)):
            if templates.named(data) is None:
                raise RULES.broken("WX1-ENV-05", name=name, channel=channel.spoken or channel.name)
            found = {}
        elif not isinstance(found, dict):
            raise invalid("WX1-ENV-05", name)
        block = found
    return block, channels


def _in_any_case(block: dict[str, Any], name: str) -> Any:
    lower = name.lower()
    return next((value for key, value in block.items() if key.lower() == lower and value is not None), None)


def _tell_of_others(block: dict[str, Any], own: str, element: Element, path: str) -> None:
    """Warn of the objects of other channels (WX1-ENV-05), and look for what is no channel at all."""
    own = own.lower()
    element.look_for_unknown_in_any_case(block, _AMONG_THE_CHANNELS, path)
    for name in block:
        lower = name.lower()
        if lower != own and lower in PLACES:
            element.warn("WX1-ENV-05", f"{path}.{name} is ignored: the channel is {element.channel}")


def _app(data: dict[str, Any], settings: ServiceSettings, channel: Channel) -> str:
    """Return the app that sends. Raises WX1-ENV-06; WX1-ENV-07 for one that is not declared, or of another channel."""
    app = given(data, "appid")
    if app is None:
        raise RULES.broken("WX1-ENV-06")
    if not isinstance(app, str):
        raise invalid("WX1-ENV-06", "appid")
    if settings.apps and (app not in settings.apps or settings.apps[app].channel != channel.name):
        raise RULES.broken("WX1-ENV-07", detail=f"no app of that id is declared for {channel.name}")
    return app


def _correlation(data: dict[str, Any]) -> str:
    """Return the request's correlation id. Raises WX1-ENV-08."""
    value = data.get("correlationid")
    if value is None:
        value = data.get("correlationId")
    return destinations.correlation_id(value) if value is not None else ""


def _callback_data(data: dict[str, Any]) -> str:
    """Return what the callbacks echo. Raises WX1-ENV-09."""
    value = data.get("callbackData")
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > CALLBACK_DATA_LIMIT:
        raise RULES.broken("WX1-ENV-09")
    return value


def _expiry(data: dict[str, Any]) -> datetime | None:
    """Return when the request expires. Raises WX1-ENV-10."""
    value = data.get("expiry")
    if value is None or value == "":
        return None
    expires_at = instant(value)
    if expires_at is None:
        raise RULES.broken("WX1-ENV-10")
    return expires_at


def _check_gtr_ids(data: dict[str, Any], objects: int) -> None:
    """Raises WX1-ENV-12. The document spells the member both ways: "gtrId" (95) and "gtrids" (96)."""
    value = data.get("gtrId")
    if value is None:
        value = data.get("gtrids")
    if value is None:
        return
    if not isinstance(value, list) or len(value) != objects or not all(isinstance(item, str) for item in value):
        raise RULES.broken("WX1-ENV-12", detail=f"there are {objects} destination objects")


def _notify_url(data: dict[str, Any]) -> str | None:
    """
    Return the request's callback address as it was given, a valid one or not (WX1-ENV-13). An empty one is absent.

    What is no string is no address either; its type stands in for it.
    """
    value = data.get("notifyurl") or data.get("notifyURL") or None
    return value if value is None or isinstance(value, str) else type(value).__name__


def _stored(data: dict[str, Any]) -> tuple[str | None, bool]:
    """
    Look at what is only stored: the callback's authorization, `icmessage` and `options`.

    Returns the authorization's id, and whether clicks are tracked. Raises WX1-JSON-02 for a wrong type.
    """
    auth_id = given(data, "notifyurlAuthId")
    if auth_id is not None and not isinstance(auth_id, str):
        raise invalid("WX1-JSON-02", "notifyurlAuthId")
    flag = given(data, "icmessage")
    if flag is not None and truth(flag) is None:
        raise invalid("WX1-JSON-02", "icmessage")
    options = given(data, "options")
    if options is None:
        return auth_id, False
    if not isinstance(options, dict):
        raise invalid("WX1-JSON-02", "options")
    return auth_id, bool(truth(options.get("trackClicks")) and truth(options.get("shortenLinks")))


def _clickable(text: str | None, linked: bool) -> Callable[[Addressed], tuple[str, ...]]:
    """Return what tells the links of a destination's text: the smart ones as they are put into it, and all others."""

    def clickable(addressed: Addressed) -> tuple[str, ...]:
        shown = text or ""
        return tuple(_LINK.findall(smart_links.put_into(shown, addressed) if linked else shown))

    return clickable


@dataclass(slots=True, eq=False)
class _Content:
    """
    Reads the content when somebody asks: once for all, unless each destination has links of its own.

    Attributes:
        read: what was read, by the destination's key: each platform has a push of its own.
    """

    channel: Channel
    block: dict[str, Any]
    element: Element
    linked: bool
    read: dict[str, Body] | None = None

    def __call__(self, addressed: Addressed) -> Body:
        """Return what a destination is shown."""
        if self.read is None:
            self.read = {}
        body = self.read.get(addressed.key)
        if body is None:
            # WX1-TPL-04: the channel's own content wins over the template's.
            body = self.channel.content(self.block, self.element, addressed) or _template_content(self.element)
            self.read[addressed.key] = body
        if self.linked and isinstance(body.content, Text):
            return body._replace(content=Text(smart_links.put_into(body.content.text, addressed)))
        return body


def _template_content(element: Element) -> Body:
    text = templates.rendered(element)
    if text is None:
        return Body(Other("", {"template": element.template, "parameters": element.parameters or {}}))
    replies = element.settings.templates[element.template or ""].quick_replies
    return Body(Text(text), tuple(Suggestion(title, title) for title in replies))
