"""Push: notifications to Android, iOS and browsers, with up to two action buttons."""

from __future__ import annotations

import re
from typing import Any

from pydantic_core import to_json

from sandbox.core.content import ActionKind, Card, Content, File, Other, SuggestedAction, Suggestion, Text
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.checked import Addressed, Fate
from sandbox.providers.webex_connect.v1 import members as take
from sandbox.providers.webex_connect.v1.element import Element
from sandbox.providers.webex_connect.v1.members import Members, shown
from sandbox.providers.webex_connect.v1.rules import RULES, invalid, missing
from sandbox.providers.webex_connect.values import given, integer, truth

PAYLOAD_LIMIT = 4096  # bytes
WEB_TIME_TO_LIVE = 51_840_000  # seconds

PLATFORMS = ("android", "ios", "web")
# Beyond these a message is accepted and fails: the platform, seconds, the code of the receipt.
_TIMES_TO_LIVE = {"android": (2_419_200, "7506"), "ios": (2_592_000, "7511")}
BROWSERS = frozenset({"chrome", "safari", "firefox"})

# The keys of 3.2 that mean one platform; the others mean a person, wherever the app is installed.
_PLATFORM_OF = {
    "android_pushid": "android",
    "hms_pushid": "android",
    "ios_pushid": "ios",
    "chrome_pushid": "web",
    "safari_pushid": "web",
    "firefox_pushid": "web",
}
_PROFILE_KEYS = frozenset({"customerid", "userid"})

# "windows" is in no table, but in a sample (666).
KNOWN = frozenset({"android", "ios", "web", "windows", "interactive", "pushref", "parameters"})
KNOWN_IN = {
    "android": frozenset({"text", "title", "extras"}),
    "ios": frozenset({"text", "title", "extras"}),
    "web": frozenset({
        "title", "text", "url", "actiontext", "actionText", "platform_types", "platorm_types", "extras",
        "time_to_live", "collapse_key", "customtags",
    }),
}  # fmt: skip
KNOWN_EXTRAS = {
    "android": frozenset({
        "collapse_key", "sound", "iconurl", "notificationChannelId", "time_to_live", "delay_while_idle", "customtags",
        "notificationaction",
    }),
    "ios": frozenset({
        "badge", "sound", "url", "html", "collapse_key", "attachmenturl", "silentpush", "time_to_live", "customtags",
        "notificationaction",
    }),
    "web": frozenset({"collapse_key", "time_to_live", "customtags"}),
}  # fmt: skip
_TEXTS = {
    "android": ("collapse_key", "sound", "iconurl", "notificationChannelId"),
    # The list of iOS extras (392-401) has four that the table (414-430) lacks.
    "ios": ("sound", "url", "html", "collapse_key", "attachmenturl"),
    "web": ("collapse_key",),
}
_FLAGS = {"android": ("delay_while_idle",), "ios": ("silentpush",), "web": ()}

# Names of actions compare without underscores: OPEN_URL (374) is OPENURL (572), OPEN_APP (378) is OPENAPP (381).
_NOTIFICATION_ACTIONS = frozenset({"OPENURL", "OPENWEBVIEW", "OPENHTML", "DEEPLINK", "OPENAPP"})

# 538-556. The document gives the pattern of the identifiers (579-580, 689-707); the rest follow from the names.
CATEGORIES: dict[str, tuple[str, ...]] = {
    "SINGLE_DISMISS": ("DISMISS",),
    "SINGLE_OPEN": ("OPEN",),
    "SINGLE_SUBSCRIBE": ("SUBSCRIBE",),
    "SINGLE_UNSUBSCRIBE": ("UNSUBSCRIBE",),
    "SINGLE_SHARE": ("SHARE",),
    "SINGLE_DEEPLINK": ("DEEPLINK",),
    "SINGLE_REPLY": ("REPLY",),
    "DOUBLE_YES_NO": ("YES", "NO"),
    "DOUBLE_ACCEPT_CANCEL": ("ACCEPT", "CANCEL"),
    "DOUBLE_SHARE_CANCEL": ("SHARE", "CANCEL"),
    "DOUBLE_SHOPNOW_CANCEL": ("SHOPNOW", "CANCEL"),
    "DOUBLE_LATER_NOW": ("LATER", "NOW"),
    "DOUBLE_PLAY_NOW_PLAY_LATER": ("PLAY_NOW", "PLAY_LATER"),
    "DOUBLE_OK_LEARN_MORE": ("OK", "LEARN_MORE"),
    "DOUBLE_SUBSCRIBE_UNSUBSCRIBE": ("SUBSCRIBE", "UNSUBSCRIBE"),
    "DOUBLE_BUY_NOW_BUY_LATER": ("BUY_NOW", "BUY_LATER"),
    "DOUBLE_LIKE_SHARE": ("LIKE", "SHARE"),
}
DEVICE_TYPES = frozenset({"android", "ios", "windows"})
_ACTIONS = frozenset({"DISMISS", "OPENURL", "OPENAPP", "DEEPLINK", "OPENWEBVIEW", "SHARE"})
_REPLIES = frozenset({"TRIVIALREPLY", "INLINEREPLY"})  # for SINGLE_REPLY, as public material tells
_NEED_VALUES = frozenset({"OPENURL", "DEEPLINK", "OPENWEBVIEW", "SHARE"})
_OPEN_ADDRESSES = frozenset({"OPENURL", "OPENWEBVIEW"})
KNOWN_INTERACTIVE = frozenset({"device_types", "category", "actions", "pushref"})
KNOWN_ACTION = frozenset({"pos", "action", "identifier", "value"})

# With a scheme, or at least with a host of two parts: the document has "www.bbc.com" (379).
_looks_like_an_address = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/]\S*|[^\s./?#:@]+(?:\.[^\s./?#:@]+)+(?:[:/?#]\S*)?"
).fullmatch


def check(block: Members, element: Element) -> None:
    """Check `channels.push`. Source: 263-712; WX1-PUSH-01 to -33."""
    element.look_for_unknown(block, KNOWN, "channels.push")
    blocks = _blocks(block, element)
    if "web" in blocks:
        _check_web(blocks["web"], element)
    if len(to_json(block)) > PAYLOAD_LIMIT:
        raise RULES.broken("WX1-PUSH-06")
    extras = _extras(blocks, element)
    lives = _times_to_live(blocks, extras)
    for platform in ("android", "ios"):
        if platform in extras:
            check_notification_action(extras[platform], element, f"channels.push.{platform}.extras")
    for platform, members in extras.items():
        _check_custom_tags(members)
        if platform == "web":
            _check_custom_tags(blocks["web"])
    for platform, members in extras.items():
        _check_values(platform, members)
        if platform == "web":
            _check_values(platform, blocks["web"])
    element.pushref = take.optional_digits_or_text(block, "pushref", "WX1-PUSH-01")
    interactive = take.optional_members(block, "interactive", "WX1-PUSH-20")
    if interactive is not None:
        check_interactive(interactive, element, "channels.push.interactive")
    if blocks:
        _foresee(blocks, lives, element)


def _blocks(block: Members, element: Element) -> dict[str, Members]:
    """Return the blocks of the platforms that are there. Raises WX1-PUSH-01 to -03."""
    blocks: dict[str, Members] = {}
    for platform in PLATFORMS:
        members = take.optional_members(block, platform, "WX1-PUSH-01")
        if members is not None:
            blocks[platform] = members
    if not any(blocks.values()) and element.template is None:
        raise RULES.broken("WX1-PUSH-01")
    for platform, members in blocks.items():
        element.look_for_unknown(members, KNOWN_IN[platform], f"channels.push.{platform}")
        if platform == "web":
            continue
        if given(members, "text") is None and element.template is None:
            raise RULES.broken("WX1-PUSH-02", platform=platform)
        take.optional_texts(members, ("text", "title"), "WX1-PUSH-02", f"{platform}.")
    return blocks


def _check_web(web: Members, element: Element) -> None:
    """Check what only browsers have. Raises WX1-PUSH-03 to -05."""
    browsers = _platform_types(web)
    if element.template is None:
        for name in ("title", "text"):
            take.required(web, name, "WX1-PUSH-03", "web.")
        if browsers is None:
            raise RULES.broken("WX1-PUSH-03", name="platform_types")
    take.optional_texts(web, ("title", "text"), "WX1-PUSH-03", "web.")
    url = take.optional_text(web, "url", "WX1-PUSH-03", "web.")
    if url is not None and not url.lower().startswith(("http://", "https://")):
        raise invalid("WX1-PUSH-03", "web.url", detail="must be an http(s) address")
    # A lone string counts as one element: a sample has it so (598).
    targeted = [browsers] if isinstance(browsers, str) else browsers or []
    if not isinstance(targeted, list):
        raise RULES.broken("WX1-PUSH-04", detail="platform_types must be an array")
    seen: set[str] = set()
    for browser in targeted:
        name = browser.lower() if isinstance(browser, str) else ""
        if name not in BROWSERS or name in seen:
            raise RULES.broken("WX1-PUSH-04", detail=f"{shown(browser)} is unknown, or named twice")
        seen.add(name)
    # "actiontext" in the table (473), "actionText" in the list (285).
    for name in ("actiontext", "actionText"):
        take.optional_text(web, name, "WX1-PUSH-05", "web.")
    if "safari" in seen and _action_text(web) is None:
        raise RULES.broken("WX1-PUSH-05")


def _platform_types(web: Members) -> Any:
    """Return them from under either name: the samples have "platorm_types" (502, 598)."""
    found = given(web, "platform_types")
    return given(web, "platorm_types") if found is None else found


def _action_text(web: Members) -> Any:
    found = given(web, "actiontext")
    return given(web, "actionText") if found is None else found


def _extras(blocks: dict[str, Members], element: Element) -> dict[str, Members]:
    """Return the extras of each platform, empty where there are none."""
    found: dict[str, Members] = {}
    for platform, members in blocks.items():
        extras = take.optional_members(members, "extras", "WX1-PUSH-13", f"{platform}.") or {}
        element.look_for_unknown(extras, KNOWN_EXTRAS[platform], f"channels.push.{platform}.extras")
        found[platform] = extras
    return found


def _times_to_live(blocks: dict[str, Members], extras: dict[str, Members]) -> dict[str, int]:
    """Return how long each platform keeps trying, in seconds, where that is given. Raises WX1-PUSH-07 and -08."""
    found: dict[str, int] = {}
    for platform, members in extras.items():
        value = given(members, "time_to_live")
        if value is None and platform == "web":  # the list of web parameters is flat (281-290)
            value = given(blocks["web"], "time_to_live")
        if value is not None:
            seconds = integer(value)
            if seconds is None or seconds < 0:
                raise RULES.broken("WX1-PUSH-07", detail=f"{platform}: must be a whole number")
            found[platform] = seconds
    if found.get("web", 0) > WEB_TIME_TO_LIVE:
        raise RULES.broken("WX1-PUSH-08", detail=f"must be at most {WEB_TIME_TO_LIVE}")
    return found


def check_notification_action(extras: Members, element: Element, path: str) -> None:
    """
    Check what a click on the notification does, `notificationaction` of `extras`. Raises WX1-PUSH-10 and -11.

    Source: 366-385.
    """
    block = extras.get("notificationaction")
    if block is None:
        return
    if not isinstance(block, dict):
        raise invalid("WX1-PUSH-10", "notificationaction")
    element.look_for_unknown(block, frozenset({"action", "value"}), f"{path}.notificationaction")
    action = given(block, "action")
    if action is not None and _plain(action) not in _NOTIFICATION_ACTIONS:
        raise RULES.broken("WX1-PUSH-10", detail=f"{shown(action)} is unknown")
    value = take.optional_digits_or_text(block, "value", "WX1-PUSH-11", "notificationaction.")
    if value is None and action is not None and _plain(action) != "OPENAPP":
        raise RULES.broken("WX1-PUSH-11", name="value")
    if value is not None and action is None:
        raise RULES.broken("WX1-PUSH-11", name="action")


def _plain(word: Any) -> str:
    """Return a word as such words are compared: without underscores and letter case; "" for what is none."""
    return word.replace("_", "").upper() if isinstance(word, str) and len(word) < 100 else ""


def _check_custom_tags(extras: Members) -> None:
    """Raises WX1-PUSH-12."""
    tags = extras.get("customtags")
    if tags is None or tags == "":
        return
    if not isinstance(tags, dict):
        raise RULES.broken("WX1-PUSH-12", detail="must be an object")
    for name, value in tags.items():
        if value is not None and not isinstance(value, str | dict | list):
            raise RULES.broken("WX1-PUSH-12", detail=f"{shown(name)} must be a string, an object or an array")
    if not isinstance(tags.get("imageurl") or "", str):
        raise RULES.broken("WX1-PUSH-12", detail="imageurl must be a string")


def _check_values(platform: str, extras: Members) -> None:
    """Raises WX1-PUSH-13."""
    badge = given(extras, "badge") if platform == "ios" else None
    if badge is not None:
        number = integer(badge)
        if number is None or number < 0:
            raise RULES.broken("WX1-PUSH-13", path="badge", detail="must be a whole number")
    for name in _FLAGS[platform]:
        take.optional_truth(extras, name, "WX1-PUSH-13")
    take.optional_texts(extras, _TEXTS[platform], "WX1-PUSH-13")


# ---------------------------------------------------------------------------------------------------- interactive


def check_interactive(block: Members, element: Element, path: str) -> None:
    """
    Check the buttons of a notification, which in-app messages have too. Raises WX1-PUSH-20 to -33.

    Source: 528-582.
    """
    element.look_for_unknown(block, KNOWN_INTERACTIVE, path)
    _check_device_types(block)
    category = given(block, "category")
    if category is None:
        raise RULES.broken("WX1-PUSH-23")
    identifiers = CATEGORIES.get(category) if isinstance(category, str) else None
    if identifiers is None:
        raise RULES.broken("WX1-PUSH-24", detail=f"{shown(category)} is unknown")
    actions = given(block, "actions")
    if actions is None:
        raise RULES.broken("WX1-PUSH-25")
    if not isinstance(actions, list):
        raise invalid("WX1-PUSH-25", "actions", detail="must be an array")
    if len(actions) != len(identifiers):
        raise RULES.broken("WX1-PUSH-26", expected=len(identifiers), found=len(actions))
    taken: set[int] = set()
    for index in range(len(actions)):
        action = take.item(actions, index, "WX1-PUSH-27", "actions")
        element.look_for_unknown(action, KNOWN_ACTION, f"{path}.actions[{index}]")
        place = _place(action, len(identifiers))
        if place in taken:
            raise RULES.broken("WX1-PUSH-29")
        taken.add(place)
        _check_action(action, category, identifiers[place - 1])
    # It may stand beside `interactive` (584, 687) or in it (537), where it counts more.
    element.pushref = take.optional_digits_or_text(block, "pushref", "WX1-PUSH-20") or element.pushref


def _check_device_types(block: Members) -> None:
    devices = given(block, "device_types")
    if devices is None:
        raise RULES.broken("WX1-PUSH-20")
    if not isinstance(devices, list):
        raise invalid("WX1-PUSH-20", "device_types", detail="must be an array")
    seen: set[str] = set()
    for device in devices:
        if not isinstance(device, str) or device not in DEVICE_TYPES:
            # The sentence is the platform's own, although the document takes windows as well (536).
            raise RULES.broken("WX1-PUSH-21", value=shown(device))
        if device in seen:
            raise RULES.broken("WX1-PUSH-22", value=device)
        seen.add(device)


def _place(action: Members, places: int) -> int:
    """Return which button it is, 1 or 2. Raises WX1-PUSH-27 and -28."""
    value = given(action, "pos")
    if value is None:
        raise RULES.broken("WX1-PUSH-27")
    place = integer(value)
    if place is None or not 1 <= place <= places:
        raise RULES.broken("WX1-PUSH-28", positions="[1,2]" if places > 1 else "[1]")
    return place


def _check_action(action: Members, category: str, identifier: str) -> None:
    """Raises WX1-PUSH-30 to -33."""
    name = given(action, "action")
    if name is None:
        raise missing("WX1-PUSH-30", "actions[].action")
    plain = _plain(name)
    if plain not in _ACTIONS and not (plain in _REPLIES and category == "SINGLE_REPLY"):
        raise RULES.broken("WX1-PUSH-30", detail=f"{shown(name)} is unknown")
    # Any action goes with any identifier: a sample pairs NO with SHARE (702-704). Another leaves it out (607-615).
    if given(action, "identifier") is not None and _plain(action["identifier"]) != _plain(identifier):
        raise RULES.broken("WX1-PUSH-31", detail=f"the identifier of this position is {identifier}")
    value = given(action, "value")
    if value is None:
        if plain in _NEED_VALUES:
            raise RULES.broken("WX1-PUSH-32", value=name)
    elif plain in _OPEN_ADDRESSES:
        # One that is longer than a whole push is not looked at any further.
        if not isinstance(value, str) or len(value) > PAYLOAD_LIMIT or not _looks_like_an_address(value):
            raise RULES.broken("WX1-PUSH-33", value=name)
    elif not isinstance(value, str) and integer(value) is None:
        raise RULES.broken("WX1-PUSH-33", value=name)


# --------------------------------------------------------------------------------------------------------- fates


def _foresee(blocks: dict[str, Members], lives: dict[str, int], element: Element) -> None:
    """Note what is known to fail at some of the destinations: WX1-PUSH-09 and WX1-PUSH-14."""
    late = {
        platform: Fate("Failed", code)
        for platform, (limit, code) in _TIMES_TO_LIVE.items()
        if lives.get(platform, 0) > limit
    }
    profiles = element.settings.profiles
    for addressed in element.addressed:
        platform = _PLATFORM_OF.get(addressed.key)
        reached: tuple[str, ...] = PLATFORMS if platform is None else (platform,)
        if platform is None and profiles and addressed.key in _PROFILE_KEYS:
            # Who has no profile at all is noted with the destinations (WX1-PUSH-15).
            reached = _platforms_of(profiles.get(addressed.value, {})) or PLATFORMS
        served = [name for name in reached if name in blocks]
        if not served:
            element.will_to(addressed, Fate("Failed", "7003", description="Mandatory parameters missing."))
        elif late and all(name in late for name in served):
            element.will_to(addressed, late[served[0]])


def _platforms_of(profile: dict[str, str]) -> tuple[str, ...]:
    """Return where a person has the app, as far as the profile tells."""
    known = {_PLATFORM_OF[key] for key in profile if key in _PLATFORM_OF}
    return tuple(platform for platform in PLATFORMS if platform in known)


# ------------------------------------------------------------------------------------------------------- content


def content(block: Members, _element: Element, addressed: Addressed) -> Body | None:
    """
    Return what the device of a destination shows: title, text and image, with the buttons below.

    Of several blocks the one for the destination's own platform is shown, else the first there is. A silent push shows
    nothing. The postback of a button is its identifier, which its category gives where the request does not.
    """
    wanted = _PLATFORM_OF.get(addressed.key)
    platform = next((name for name in PLATFORMS if block.get(name) and wanted in (None, name)), None)
    if platform is None:
        platform = next((name for name in PLATFORMS if block.get(name)), None)
    if platform is None:
        return None
    members = block[platform]
    extras = members.get("extras") or {}
    if platform == "ios" and truth(extras.get("silentpush")):
        return Body(Other("", {"silentpush": True, "push": members}))
    buttons: tuple[Suggestion, ...] = ()
    if platform == "web":
        buttons = _web_button(members)
    else:
        interactive = block.get("interactive")
        if interactive and platform in interactive["device_types"]:
            buttons = action_buttons(interactive)
    return Body(_notification(members, _picture(platform, members, extras)), buttons)


def _notification(members: Members, picture: str | None) -> Content:
    title, text = given(members, "title"), given(members, "text")
    if title is None and picture is None:
        return Text(text or "")
    return Card(title=title, description=text, media=File("image", url=picture) if picture else None)


def _picture(platform: str, members: Members, extras: Members) -> str | None:
    for place in (extras, members) if platform == "web" else (extras,):
        tags = place.get("customtags") or {}
        if url := tags.get("imageurl"):
            return str(url)
    return given(extras, "attachmenturl") if platform == "ios" else None


def _web_button(web: Members) -> tuple[Suggestion, ...]:
    label, url = _action_text(web), given(web, "url")
    if label is None:
        return ()
    return (Suggestion(label, label, SuggestedAction("open_url", {"url": url}) if url else None),)


def action_buttons(interactive: Members) -> tuple[Suggestion, ...]:
    """Return the buttons of a checked `interactive`, in the order of their positions."""
    identifiers = CATEGORIES[interactive["category"]]
    placed = sorted((integer(action["pos"]) or 0, index) for index, action in enumerate(interactive["actions"]))
    return tuple(_button(interactive["actions"][index], identifiers[place - 1]) for place, index in placed)


_KINDS: dict[str, ActionKind] = {"OPENURL": "open_url", "OPENWEBVIEW": "open_url", "DEEPLINK": "open_url"}


def _button(action: Members, identifier: str) -> Suggestion:
    kind = _KINDS.get(_plain(action["action"]), "other")
    value = given(action, "value")
    details: Members = {"action": action["action"]}
    if value is not None:
        details["url" if kind == "open_url" else "value"] = value
    return Suggestion(
        identifier.replace("_", " ").capitalize(),
        given(action, "identifier") or identifier,
        SuggestedAction(kind, details),
    )
