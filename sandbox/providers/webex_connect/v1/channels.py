"""Channels: what v1 sends over, each with its names, its destination keys and the module that reads its object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.checked import Addressed
from sandbox.providers.webex_connect.v1 import apple, in_app, messenger, push, sms, voice, whatsapp
from sandbox.providers.webex_connect.v1.element import Element


@dataclass(frozen=True, slots=True)
class Channel:
    """
    One channel of v1.

    Attributes:
        name: canonical, as the body parameters list it.
        spoken: what the answers call it, where they do not use its name.
        aliases: what else `deliverychannel` may say, in lower case.
        place: where its object stands under `channels`; names compare without letter case.
        keys: its destination keys, in the order in which one is chosen (WX1-DEST-04).
        has_apps: an `appid` is needed (WX1-ENV-06).
        smart_links: links are put into its texts (WX1-LINK-04).
        check: judges its object; raises the first broken rule, and notes warnings, fates, sender and text.
        content: what the handset of a destination shows of its object: the same for all destinations of one key. None
            where the object has no content of its own (a template's).
    """

    name: str
    place: tuple[str, ...]
    keys: tuple[str, ...]
    check: Callable[[dict[str, Any], Element], None]
    content: Callable[[dict[str, Any], Element, Addressed], Body | None]
    aliases: tuple[str, ...] = ()
    spoken: str = ""
    has_apps: bool = False
    smart_links: bool = False


PHONE_KEYS = ("msisdn", "customerid")
PUSH_KEYS = (
    "android_pushid", "ios_pushid", "chrome_pushid", "safari_pushid", "customerid", "userid",
    # The last three are known from outside the document only.
    "firefox_pushid", "hms_pushid", "pushid",
)  # fmt: skip

CHANNELS: tuple[Channel, ...] = (
    Channel("sms", ("sms",), PHONE_KEYS, sms.check, sms.content, smart_links=True),
    Channel("voice", ("voice",), PHONE_KEYS, voice.check, voice.content),
    Channel("appmessaging", ("appmessaging",), ("userid", "customerid"), in_app.check, in_app.content,
            aliases=("rt",), spoken="rt", has_apps=True, smart_links=True),
    Channel("push", ("push",), PUSH_KEYS, push.check, push.content, has_apps=True),
    Channel("fb", ("OTT-Messaging", "fb"), ("psid",), messenger.check, messenger.content,
            has_apps=True, smart_links=True),
    Channel("whatsapp", ("OTT-Messaging", "wa"), ("waid", "bsuid"), whatsapp.check, whatsapp.content,
            aliases=("wa",), has_apps=True, smart_links=True),
    Channel("applebusinesschat", ("AppleBusinessChat",), ("abcUserId",), apple.check, apple.content, has_apps=True),
)  # fmt: skip

BY_NAME: dict[str, Channel] = {name: channel for channel in CHANNELS for name in (channel.name, *channel.aliases)}
PLACES = frozenset(name.lower() for channel in CHANNELS for name in channel.place)
