"""WX1-PUSH: blocks of the platforms, their extras, the buttons, and which destinations a push cannot reach."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic_core import to_json

from sandbox.core.content import Card, File, Other, SuggestedAction, Suggestion, Text
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.checked import Fate
from v1_requests import OMIT, assert_refused, check, fates, refusal, request, without_omitted

Members = dict[str, Any]

ANDROID = {"text": "Hello"}
NO_BLOCK = "either android or ios information is mandatory for push channel"
UNREACHED = Fate("Failed", "7003", description="Mandatory parameters missing.")


def push(block: Any, *addresses: str, key: str = "userid", **members: Any) -> Members:
    """Return a push to a user."""
    return request("push", {"push": block}, *(addresses or ("4545",)), key=key, appid="a_1", **members)


def android(extras: Any) -> Members:
    """Return a push to Android with these extras."""
    return push({"android": {"text": "Hello", "extras": extras}})


def ios(extras: Any) -> Members:
    """Return a push to iOS with these extras."""
    return push({"ios": {"text": "Hello", "extras": extras}})


def web(**changes: Any) -> Members:
    """Return a push to Chrome; a member given as OMIT is left out."""
    members = {"title": "Offers", "text": "50% off", "platform_types": ["chrome"], **changes}
    return push({"web": without_omitted(members)})


def notification(**action: Any) -> Members:
    """Return a push with an action of its own for a click."""
    return android({"notificationaction": action})


def buttons(*actions: Any, **changes: Any) -> Members:
    """Return a push with two buttons, YES and NO; a member given as OMIT is left out."""
    members = {
        "device_types": ["ios", "android", "windows"],
        "category": "DOUBLE_YES_NO",
        "actions": list(actions or (button(1), button(2))),
        **changes,
    }
    return push({"android": ANDROID, "interactive": without_omitted(members)})


def button(pos: Any = 1, action: Any = "DISMISS", **more: Any) -> Members:
    """Return an action of an interactive push; a member given as OMIT is left out."""
    return without_omitted({"pos": pos, "action": action, **more})


def of_size(size: int) -> Members:
    """Return a push object of so many bytes as compact JSON, with letters of two bytes."""
    block: Members = {"android": {"text": "é" * 1000 + "x"}}
    block["android"]["text"] += "x" * (size - len(to_json(block)))
    return block


LACKING = [
    pytest.param(push({"windows": {"text": "Hello"}}), "01", NO_BLOCK, id="WX1-PUSH-01-windows-alone"),
    pytest.param(push({"pushref": "1"}), "01", NO_BLOCK, id="WX1-PUSH-01-no-platform"),
    pytest.param(push({"android": None}), "01", NO_BLOCK, id="WX1-PUSH-01-null"),
    pytest.param(push({"ios": {}}), "01", NO_BLOCK, id="WX1-PUSH-01-empty"),
    pytest.param(push({"android": {"title": "a"}}), "02", "param 'text' is missing for android", id="WX1-PUSH-02"),
    pytest.param(
        push({"android": ANDROID, "ios": {"title": "a"}}), "02", "param 'text' is missing for ios", id="WX1-PUSH-02-ios"
    ),
    pytest.param(push({"android": {"text": ""}}), "02", "param 'text' is missing for android", id="WX1-PUSH-02-empty"),
    pytest.param(
        push({"android": {}, "ios": ANDROID}), "02", "param 'text' is missing for android", id="WX1-PUSH-02-empty-block"
    ),
    pytest.param(web(title=OMIT), "03", "web.title", id="WX1-PUSH-03-title"),
    pytest.param(web(title=""), "03", "web.title", id="WX1-PUSH-03-empty-title"),
    pytest.param(web(text=None), "03", "web.text", id="WX1-PUSH-03-text"),
    pytest.param(web(platform_types=OMIT), "03", "web.platform_types", id="WX1-PUSH-03-platform-types"),
    pytest.param(web(platform_types=[]), "03", "web.platform_types", id="WX1-PUSH-03-no-platform-type"),
    pytest.param(web(platform_types=["safari"]), "05", "web.actiontext", id="WX1-PUSH-05-safari-needs-it"),
    pytest.param(
        web(platform_types="Safari", actiontext=""), "05", "web.actiontext", id="WX1-PUSH-05-empty-action-text"
    ),
    pytest.param(notification(action="OPEN_URL"), "11", "notificationaction.value", id="WX1-PUSH-11-open-url"),
    pytest.param(
        notification(action="DEEPLINK", value=""), "11", "notificationaction.value", id="WX1-PUSH-11-empty-value"
    ),
    pytest.param(
        notification(value="www.google.com"), "11", "notificationaction.action", id="WX1-PUSH-11-value-without-action"
    ),
    pytest.param(
        buttons(device_types=OMIT), "20", "mandatory param device_types missing", id="WX1-PUSH-20-no-device-types"
    ),
    pytest.param(buttons(device_types=[]), "20", "mandatory param device_types missing", id="WX1-PUSH-20-empty"),
    pytest.param(
        push({"android": ANDROID, "interactive": {}}),
        "20",
        "mandatory param device_types missing",
        id="WX1-PUSH-20-empty-interactive",
    ),
    pytest.param(buttons(category=OMIT), "23", "mandatory param category missing", id="WX1-PUSH-23-no-category"),
    pytest.param(buttons(category=""), "23", "mandatory param category missing", id="WX1-PUSH-23-empty-category"),
    pytest.param(buttons(actions=OMIT), "25", "mandatory param actions missing", id="WX1-PUSH-25-no-actions"),
    pytest.param(buttons(actions=[]), "25", "mandatory param actions missing", id="WX1-PUSH-25-empty-actions"),
    pytest.param(buttons(button(OMIT), button(2)), "27", "mandatory param pos missing", id="WX1-PUSH-27-no-pos"),
    pytest.param(buttons(button(1), button("")), "27", "mandatory param pos missing", id="WX1-PUSH-27-empty-pos"),
    pytest.param(buttons(button(1), button(2, OMIT)), "30", "actions[].action", id="WX1-PUSH-30-no-action"),
    pytest.param(
        buttons(button(1), button(2, "SHARE")),
        "32",
        "mandatory param value missing for action SHARE",
        id="WX1-PUSH-32-share",
    ),
    pytest.param(
        buttons(button(1, "OPEN_URL", value=""), button(2)),
        "32",
        "mandatory param value missing for action OPEN_URL",
        id="WX1-PUSH-32-open-url",
    ),
    pytest.param(
        buttons(button(1, "DEEPLINK"), button(2)),
        "32",
        "mandatory param value missing for action DEEPLINK",
        id="WX1-PUSH-32-deeplink",
    ),
    pytest.param(
        buttons(button(1, "OPENWEBVIEW"), button(2)),
        "32",
        "mandatory param value missing for action OPENWEBVIEW",
        id="WX1-PUSH-32-open-webview",
    ),
]


@pytest.mark.parametrize(("data", "rule", "detail"), LACKING)
def test_what_is_missing(data: Members, rule: str, detail: str) -> None:
    """A mandatory part that is absent, null or empty is 7003."""
    assert_refused(data, f"WX1-PUSH-{rule}", "7003", detail)


UNKNOWN_CATEGORY = "Invalid value of param category or no identifiers mapped to this category"
TOO_LARGE = "push payload exceeds 4KB"
BAD_POSITION = "Invalid value of param pos, only positions [1,2] are allowed for this category"
BAD_ACTION = "invalid value of param action or action is invalid for this channel"
BAD_IDENTIFIER = "invalid identifier or no actions mapped for this identifier"

WRONG = [
    pytest.param(push({"android": "Hello"}), "01", "android", id="WX1-PUSH-01-text-for-a-block"),
    pytest.param(push({"android": ANDROID, "web": []}), "01", "web", id="WX1-PUSH-01-array-for-a-block"),
    pytest.param(push({"android": ANDROID, "pushref": ["1"]}), "01", "pushref", id="WX1-PUSH-01-pushref"),
    pytest.param(push({"android": {"text": 5}}), "02", "android.text", id="WX1-PUSH-02-number-for-a-text"),
    pytest.param(push({"ios": {"text": "a", "title": True}}), "02", "ios.title", id="WX1-PUSH-02-title"),
    pytest.param(web(title=5), "03", "web.title", id="WX1-PUSH-03-number-for-a-title"),
    pytest.param(web(url="ftp://example.com"), "03", "web.url", id="WX1-PUSH-03-url-of-another-scheme"),
    pytest.param(web(url={}, text=["a"]), "03", "web.text", id="WX1-PUSH-03-array-for-a-text"),
    pytest.param(web(platform_types=["opera"]), "04", "platform_types", id="WX1-PUSH-04-opera"),
    pytest.param(web(platform_types=["chrome", "CHROME"]), "04", "platform_types", id="WX1-PUSH-04-twice"),
    pytest.param(web(platform_types={"a": 1}), "04", "platform_types", id="WX1-PUSH-04-object"),
    pytest.param(web(platform_types=[1]), "04", "platform_types", id="WX1-PUSH-04-number"),
    pytest.param(web(platform_types="chrome,firefox"), "04", "platform_types", id="WX1-PUSH-04-two-in-one-string"),
    pytest.param(
        web(platform_types=OMIT, platorm_types=["opera"]), "04", "platform_types", id="WX1-PUSH-04-other-spelling"
    ),
    pytest.param(web(actiontext=5), "05", "web.actiontext", id="WX1-PUSH-05-number"),
    pytest.param(push(of_size(4097)), "06", TOO_LARGE, id="WX1-PUSH-06-4097-bytes-are-too-many"),
    pytest.param(android({"time_to_live": "-1"}), "07", "time_to_live", id="WX1-PUSH-07-negative"),
    pytest.param(ios({"time_to_live": 1.5}), "07", "time_to_live", id="WX1-PUSH-07-fraction"),
    pytest.param(ios({"time_to_live": "soon"}), "07", "time_to_live", id="WX1-PUSH-07-word"),
    pytest.param(android({"time_to_live": True}), "07", "time_to_live", id="WX1-PUSH-07-boolean"),
    pytest.param(web(extras={"time_to_live": []}, time_to_live=-5), "07", "time_to_live", id="WX1-PUSH-07-flat"),
    pytest.param(web(extras={"time_to_live": "51840001"}), "08", "time_to_live", id="WX1-PUSH-08-51840001-is-too-long"),
    pytest.param(web(time_to_live=51840001), "08", "time_to_live", id="WX1-PUSH-08-flat"),
    pytest.param(notification(action="OPEN_DOOR"), "10", "notificationaction.action", id="WX1-PUSH-10-unknown"),
    pytest.param(notification(action=5), "10", "notificationaction.action", id="WX1-PUSH-10-number"),
    pytest.param(android({"notificationaction": "OPEN_APP"}), "10", "notificationaction", id="WX1-PUSH-10-text"),
    pytest.param(
        notification(action="OPEN_URL", value=["a"]), "11", "notificationaction.value", id="WX1-PUSH-11-array"
    ),
    pytest.param(android({"customtags": "a"}), "12", "customtags", id="WX1-PUSH-12-text"),
    pytest.param(ios({"customtags": {"a": 5}}), "12", "customtags", id="WX1-PUSH-12-number-for-a-tag"),
    pytest.param(android({"customtags": {"imageurl": {"a": "b"}}}), "12", "customtags", id="WX1-PUSH-12-imageurl"),
    pytest.param(web(customtags=[]), "12", "customtags", id="WX1-PUSH-12-flat-array"),
    pytest.param(ios({"badge": "many"}), "13", "badge", id="WX1-PUSH-13-badge"),
    pytest.param(ios({"badge": -1}), "13", "badge", id="WX1-PUSH-13-negative-badge"),
    pytest.param(ios({"silentpush": "yes"}), "13", "silentpush", id="WX1-PUSH-13-silentpush"),
    pytest.param(android({"delay_while_idle": 1}), "13", "delay_while_idle", id="WX1-PUSH-13-delay-while-idle"),
    pytest.param(android({"sound": 1}), "13", "sound", id="WX1-PUSH-13-sound"),
    pytest.param(ios({"attachmenturl": {"a": 1}}), "13", "attachmenturl", id="WX1-PUSH-13-attachmenturl"),
    pytest.param(web(extras={"collapse_key": 1}), "13", "collapse_key", id="WX1-PUSH-13-collapse-key"),
    pytest.param(android("a"), "13", "android.extras", id="WX1-PUSH-13-extras"),
    pytest.param(
        push({"android": ANDROID, "interactive": "a"}), "20", "interactive", id="WX1-PUSH-20-interactive-is-a-text"
    ),
    pytest.param(buttons(device_types="android"), "20", "device_types", id="WX1-PUSH-20-lone-string"),
    pytest.param(buttons(pushref={"a": 1}), "20", "pushref", id="WX1-PUSH-20-pushref"),
    pytest.param(
        buttons(device_types=["android", "web"]),
        "21",
        "invalid device type web, only ios or android is allowed",
        id="WX1-PUSH-21-web",
    ),
    pytest.param(
        buttons(device_types=[5]), "21", "invalid device type int, only ios or android is allowed", id="WX1-PUSH-21-int"
    ),
    pytest.param(
        buttons(device_types=["ios", "android", "ios"]), "22", "duplicate device type ios", id="WX1-PUSH-22-twice"
    ),
    pytest.param(buttons(category="TRIPLE_YES_NO_MAYBE"), "24", UNKNOWN_CATEGORY, id="WX1-PUSH-24-unknown"),
    pytest.param(buttons(category=["DOUBLE_YES_NO"]), "24", UNKNOWN_CATEGORY, id="WX1-PUSH-24-array"),
    pytest.param(buttons(actions={"pos": 1}), "25", "actions", id="WX1-PUSH-25-object"),
    pytest.param(
        buttons(button(1)),
        "26",
        "Invalid number of actions, expected actions size 2, but found 1",
        id="WX1-PUSH-26-one-for-double",
    ),
    pytest.param(
        buttons(button(1), button(2), category="SINGLE_OPEN"),
        "26",
        "Invalid number of actions, expected actions size 1, but found 2",
        id="WX1-PUSH-26-two-for-single",
    ),
    pytest.param(
        buttons(button(1), button(2), button(2)),
        "26",
        "Invalid number of actions, expected actions size 2, but found 3",
        id="WX1-PUSH-26-three-for-double",
    ),
    pytest.param(buttons("a", "b"), "27", "actions[0]", id="WX1-PUSH-27-texts-for-actions"),
    pytest.param(buttons(button(0), button(2)), "28", BAD_POSITION, id="WX1-PUSH-28-0"),
    pytest.param(buttons(button(1), button("3")), "28", BAD_POSITION, id="WX1-PUSH-28-3"),
    pytest.param(buttons(button(True), button(2)), "28", BAD_POSITION, id="WX1-PUSH-28-boolean"),
    pytest.param(
        buttons(button(2), category="SINGLE_OPEN"),
        "28",
        "Invalid value of param pos, only positions [1] are allowed for this category",
        id="WX1-PUSH-28-2-for-single",
    ),
    pytest.param(
        buttons(button(1), button("1")),
        "29",
        "invalid value of param pos, duplicate values for pos are not allowed",
        id="WX1-PUSH-29-twice",
    ),
    pytest.param(buttons(button(1, "EXPLODE"), button(2)), "30", BAD_ACTION, id="WX1-PUSH-30-unknown"),
    pytest.param(buttons(button(1, 5), button(2)), "30", BAD_ACTION, id="WX1-PUSH-30-number"),
    pytest.param(
        buttons(button(1, "INLINE_REPLY"), button(2)), "30", BAD_ACTION, id="WX1-PUSH-30-reply-in-another-category"
    ),
    pytest.param(buttons(button(1, identifier="NO"), button(2)), "31", BAD_IDENTIFIER, id="WX1-PUSH-31-other-position"),
    pytest.param(
        buttons(button(1), button(2, identifier="CANCEL")), "31", BAD_IDENTIFIER, id="WX1-PUSH-31-other-category"
    ),
    pytest.param(buttons(button(1, identifier=1), button(2)), "31", BAD_IDENTIFIER, id="WX1-PUSH-31-number"),
    pytest.param(
        buttons(button(1, "OPENURL", value="not a url"), button(2)),
        "33",
        "invalid value of param value, specified value is invalid for action OPENURL",
        id="WX1-PUSH-33-words",
    ),
    pytest.param(
        buttons(button(1, "OPEN_WEBVIEW", value="localhost"), button(2)),
        "33",
        "invalid value of param value, specified value is invalid for action OPEN_WEBVIEW",
        id="WX1-PUSH-33-bare-host",
    ),
    pytest.param(
        buttons(button(1, "OPENURL", value=5), button(2)),
        "33",
        "invalid value of param value, specified value is invalid for action OPENURL",
        id="WX1-PUSH-33-number",
    ),
    pytest.param(
        buttons(button(1, "SHARE", value=["a"]), button(2)),
        "33",
        "invalid value of param value, specified value is invalid for action SHARE",
        id="WX1-PUSH-33-array",
    ),
]


@pytest.mark.parametrize(("data", "rule", "detail"), WRONG)
def test_what_is_wrong(data: Members, rule: str, detail: str) -> None:
    """A part that is there and is not as documented is 7004."""
    assert_refused(data, f"WX1-PUSH-{rule}", "7004", detail)


ACCEPTED = [
    pytest.param(push({"android": ANDROID}), id="WX1-PUSH-01-android-alone"),
    pytest.param(push({"ios": ANDROID, "windows": {"text": ["a", "b"]}}), id="WX1-PUSH-01-windows-beside"),
    pytest.param(web(), id="WX1-PUSH-01-web-alone"),
    pytest.param(web(url="http://localhost:8080/a"), id="WX1-PUSH-03-url"),
    pytest.param(web(platform_types=["Chrome", "FIREFOX"]), id="WX1-PUSH-04-any-letter-case"),
    pytest.param(web(platform_types=OMIT, platorm_types=["firefox"]), id="WX1-PUSH-04-documented-misspelling"),
    pytest.param(web(platform_types="chrome"), id="WX1-PUSH-04-lone-string"),
    pytest.param(web(platform_types=["safari"], actiontext="view"), id="WX1-PUSH-05-actiontext"),
    pytest.param(web(platform_types=["safari"], actionText="view"), id="WX1-PUSH-05-actionText"),
    pytest.param(web(platform_types=["chrome", "firefox"]), id="WX1-PUSH-05-not-needed-elsewhere"),
    pytest.param(push(of_size(4096)), id="WX1-PUSH-06-4096-bytes-are-allowed"),
    pytest.param(android({"time_to_live": 0}), id="WX1-PUSH-07-zero"),
    pytest.param(ios({"time_to_live": "3600"}), id="WX1-PUSH-07-digits"),
    pytest.param(web(extras={"time_to_live": 51840000}), id="WX1-PUSH-08-51840000-is-allowed"),
    pytest.param(web(time_to_live="51840000"), id="WX1-PUSH-08-flat-51840000-is-allowed"),
    pytest.param(notification(action="OPEN_URL", value="www.google.com"), id="WX1-PUSH-10-open-url"),
    pytest.param(notification(action="OpenWebView", value="www.google.com"), id="WX1-PUSH-10-without-underscores"),
    pytest.param(notification(action="OPEN_HTML", value="<b>"), id="WX1-PUSH-10-open-html"),
    pytest.param(notification(action="DEEPLINK", value="PM19092429://command"), id="WX1-PUSH-10-deeplink"),
    pytest.param(notification(action="OPEN_APP"), id="WX1-PUSH-11-open-app-needs-no-value"),
    pytest.param(notification(action="OPENAPP", value=""), id="WX1-PUSH-11-openapp-needs-no-value"),
    pytest.param(notification(), id="WX1-PUSH-11-empty-object"),
    pytest.param(android({"customtags": {"a": "b", "c": {"d": 1}, "e": [1]}}), id="WX1-PUSH-12-three-kinds"),
    pytest.param(web(customtags={"a": "b"}, extras={"customtags": {}}), id="WX1-PUSH-12-flat"),
    pytest.param(android({"customtags": {"imageurl": None, "a": None}}), id="WX1-PUSH-12-null"),
    pytest.param(ios({"badge": 0, "silentpush": True}), id="WX1-PUSH-13-numbers-and-booleans"),
    pytest.param(ios({"badge": "3", "silentpush": "false"}), id="WX1-PUSH-13-strings"),
    pytest.param(android({"delay_while_idle": "true", "sound": "default"}), id="WX1-PUSH-13-android"),
    pytest.param(buttons(device_types=["windows"]), id="WX1-PUSH-21-windows"),
    pytest.param(buttons(button("2"), button(1)), id="WX1-PUSH-28-any-order-and-type"),
    pytest.param(buttons(button(1, "open_app"), button(2, "OPENAPP")), id="WX1-PUSH-30-underscores-and-case"),
    pytest.param(
        buttons(button(1, "TRIVIAL_REPLY"), category="SINGLE_REPLY"), id="WX1-PUSH-30-trivial-reply-in-its-category"
    ),
    pytest.param(
        buttons(button(1, "INLINE_REPLY"), category="SINGLE_REPLY"), id="WX1-PUSH-30-inline-reply-in-its-category"
    ),
    pytest.param(
        buttons(button(1, identifier="yes"), button(2, "SHARE", identifier="NO", value="54333")), id="WX1-PUSH-31-given"
    ),
    pytest.param(
        buttons(button(1, identifier="PLAYNOW"), button(2), category="DOUBLE_PLAY_NOW_PLAY_LATER"),
        id="WX1-PUSH-31-underscores",
    ),
    pytest.param(buttons(button(1, "SHARE", value=54333), button(2)), id="WX1-PUSH-32-number-as-in-the-sample"),
    pytest.param(buttons(button(1, "OPENURL", value="www.bbc.com"), button(2)), id="WX1-PUSH-33-without-scheme"),
    pytest.param(buttons(button(1, "OPENURL", value="bbc.com:8080/a?b#c"), button(2)), id="WX1-PUSH-33-port"),
    pytest.param(buttons(button(1, "OPENWEBVIEW", value="http://localhost/a"), button(2)), id="WX1-PUSH-33-scheme"),
]


@pytest.mark.parametrize("data", ACCEPTED)
def test_what_is_accepted(data: Members) -> None:
    """What the document shows is accepted, in every spelling that it uses, and without a remark."""
    assert check(data).warnings == ()


CATEGORIES = [
    ("SINGLE_DISMISS", ["DISMISS"]),
    ("SINGLE_OPEN", ["OPEN"]),
    ("SINGLE_SUBSCRIBE", ["SUBSCRIBE"]),
    ("SINGLE_UNSUBSCRIBE", ["UNSUBSCRIBE"]),
    ("SINGLE_SHARE", ["SHARE"]),
    ("SINGLE_DEEPLINK", ["DEEPLINK"]),
    ("SINGLE_REPLY", ["REPLY"]),
    ("DOUBLE_YES_NO", ["YES", "NO"]),
    ("DOUBLE_ACCEPT_CANCEL", ["ACCEPT", "CANCEL"]),
    ("DOUBLE_SHARE_CANCEL", ["SHARE", "CANCEL"]),
    ("DOUBLE_SHOPNOW_CANCEL", ["SHOPNOW", "CANCEL"]),
    ("DOUBLE_LATER_NOW", ["LATER", "NOW"]),
    ("DOUBLE_PLAY_NOW_PLAY_LATER", ["PLAY_NOW", "PLAY_LATER"]),
    ("DOUBLE_OK_LEARN_MORE", ["OK", "LEARN_MORE"]),
    ("DOUBLE_SUBSCRIBE_UNSUBSCRIBE", ["SUBSCRIBE", "UNSUBSCRIBE"]),
    ("DOUBLE_BUY_NOW_BUY_LATER", ["BUY_NOW", "BUY_LATER"]),
    ("DOUBLE_LIKE_SHARE", ["LIKE", "SHARE"]),
]


@pytest.mark.parametrize(
    ("category", "identifiers"),
    [pytest.param(category, ids, id=f"WX1-PUSH-24-{category}") for category, ids in CATEGORIES],
)
def test_the_seventeen_categories(category: str, identifiers: list[str]) -> None:
    """Each category has its identifiers, which become the postbacks of its buttons, given or not."""
    told = [button(place, identifier=identifier) for place, identifier in enumerate(identifiers, 1)]
    untold = [button(place) for place in range(1, len(identifiers) + 1)]
    for actions in (told, untold):
        checked = check(buttons(*actions, category=category))
        shown = checked.content(checked.addressed[0])
        assert [suggestion.postback for suggestion in shown.suggestions] == identifiers


@pytest.mark.parametrize(
    ("block", "pushref"),
    [
        pytest.param({"pushref": "4321"}, "4321", id="WX1-PUSH-20-pushref-beside"),
        pytest.param({"pushref": 4321}, "4321", id="WX1-PUSH-20-pushref-as-a-number"),
        pytest.param({}, None, id="WX1-PUSH-20-no-pushref"),
    ],
)
def test_pushref(block: Members, pushref: str | None) -> None:
    """The reference stands beside the blocks, or in `interactive`, which counts more."""
    assert check(push({"android": ANDROID, **block})).pushref == pushref
    inside = buttons(pushref="1")
    inside["channels"]["push"].update(block)
    assert check(inside).pushref == "1"


ORDER = [
    pytest.param({"android": {}, "web": {"title": "a"}}, "WX1-PUSH-02", id="WX1-PUSH-02-before-03"),
    pytest.param(
        {"web": {"title": "a" * 5000, "text": "b", "platform_types": ["opera"]}},
        "WX1-PUSH-04",
        id="WX1-PUSH-04-before-06",
    ),
    pytest.param(
        {"android": {"text": "a" * 5000, "extras": {"time_to_live": -1}}}, "WX1-PUSH-06", id="WX1-PUSH-06-before-07"
    ),
    pytest.param(
        {
            "android": {"text": "a", "extras": {"badge": "a", "customtags": 1}},
            "ios": {"text": "a", "extras": {"badge": "a", "time_to_live": "a"}},
        },
        "WX1-PUSH-07",
        id="WX1-PUSH-07-before-12-and-13",
    ),
    pytest.param(
        {"android": {"text": "a", "extras": {"sound": 1}}, "interactive": {}}, "WX1-PUSH-13", id="WX1-PUSH-13-before-20"
    ),
]


@pytest.mark.parametrize(("block", "rule"), ORDER)
def test_order(block: Members, rule: str) -> None:
    """The first broken rule answers, in the order of the contract."""
    assert refusal(push(block)).rule == rule


# ----------------------------------------------------------------------------------------------------- receipts

BOTH = {"android": ANDROID, "ios": ANDROID}


def lives(android: Any = None, ios: Any = None) -> Members:
    """Return a push object for the platforms that have a time to live."""
    given = {"android": android, "ios": ios}
    return {name: {"text": "a", "extras": {"time_to_live": live}} for name, live in given.items() if live is not None}


@pytest.mark.parametrize(
    ("block", "key", "fate"),
    [
        pytest.param(lives(2419200), "android_pushid", None, id="WX1-PUSH-09-android-2419200-is-allowed"),
        pytest.param(lives(2419201), "android_pushid", Fate("Failed", "7506"), id="WX1-PUSH-09-android-2419201-fails"),
        pytest.param(lives("2419201"), "hms_pushid", Fate("Failed", "7506"), id="WX1-PUSH-09-huawei"),
        pytest.param(lives(ios=2592000), "ios_pushid", None, id="WX1-PUSH-09-ios-2592000-is-allowed"),
        pytest.param(lives(ios=2592001), "ios_pushid", Fate("Failed", "7511"), id="WX1-PUSH-09-ios-2592001-fails"),
        pytest.param(lives(2419201, 3600), "ios_pushid", None, id="WX1-PUSH-09-the-other-platform"),
        pytest.param(lives(2419201, 3600), "userid", None, id="WX1-PUSH-09-user-reached-at-the-other-platform"),
        pytest.param(lives(2419201, 2592001), "userid", Fate("Failed", "7506"), id="WX1-PUSH-09-user-on-both"),
        pytest.param({"android": ANDROID}, "ios_pushid", UNREACHED, id="WX1-PUSH-14-ios-without-block"),
        pytest.param({"ios": ANDROID}, "android_pushid", UNREACHED, id="WX1-PUSH-14-android-without-block"),
        pytest.param({"ios": ANDROID}, "hms_pushid", UNREACHED, id="WX1-PUSH-14-huawei-without-block"),
        pytest.param(BOTH, "chrome_pushid", UNREACHED, id="WX1-PUSH-14-chrome-without-block"),
        pytest.param(BOTH, "safari_pushid", UNREACHED, id="WX1-PUSH-14-safari-without-block"),
        pytest.param(BOTH, "firefox_pushid", UNREACHED, id="WX1-PUSH-14-firefox-without-block"),
        pytest.param({"android": ANDROID}, "android_pushid", None, id="WX1-PUSH-14-android"),
        pytest.param(BOTH, "ios_pushid", None, id="WX1-PUSH-14-ios"),
        pytest.param({"android": ANDROID}, "pushid", None, id="WX1-PUSH-14-any-platform"),
        pytest.param({"ios": ANDROID}, "userid", None, id="WX1-PUSH-14-user"),
        pytest.param({"ios": ANDROID}, "customerid", None, id="WX1-PUSH-14-customer"),
    ],
)
def test_destinations_that_are_not_reached(block: Members, key: str, fate: Fate | None) -> None:
    """The request is accepted; what the platform would not take fails by receipt."""
    assert fates(push(block, "a", key=key)) == [fate]


def test_web_destinations_are_reached() -> None:
    """WX1-PUSH-14: each browser belongs to the web block."""
    for key in ("chrome_pushid", "safari_pushid", "firefox_pushid"):
        data = web()
        data["destination"] = [{key: ["a"]}]
        assert fates(data) == [None]


@pytest.mark.parametrize(
    ("key", "value", "fate"),
    [
        pytest.param("userid", "u1", None, id="WX1-PUSH-15-known-user"),
        pytest.param("customerid", "c1", None, id="WX1-PUSH-15-known-customer"),
        pytest.param("userid", "u9", Fate("Failed", "7105"), id="WX1-PUSH-15-unknown-user"),
        pytest.param("customerid", "c9", Fate("Failed", "7105"), id="WX1-PUSH-15-unknown-customer"),
        pytest.param("android_pushid", "u9", None, id="WX1-PUSH-15-a-device-needs-no-profile"),
        pytest.param("userid", "u2", UNREACHED, id="WX1-PUSH-14-user-with-another-device"),
    ],
)
def test_profiles(key: str, value: str, fate: Fate | None) -> None:
    """Where profiles are declared, they tell who there is, and which devices a person has."""
    profiles = {"u1": {"android_pushid": "a"}, "u2": {"ios_pushid": "b"}, "c1": {"msisdn": "+447700900123"}}
    assert fates(push({"android": ANDROID}, value, key=key), profiles=profiles) == [fate]


def test_each_destination_has_its_own_fate() -> None:
    """WX1-PUSH-14: one request, two keys, and only one of them has a block."""
    data = push({"android": ANDROID})
    data["destination"] = [{"android_pushid": ["a"]}, {"ios_pushid": ["b", "c"]}]
    assert fates(data) == [None, UNREACHED, UNREACHED]


def test_a_template_needs_no_blocks() -> None:
    """WX1-ENV-04: a template stands in for the blocks; those that are there are checked all the same."""
    bare = push({}, message={"template": "t1"}) | {"channels": {}}
    web_alone = push({"web": {"url": "https://example.com"}}, message={"template": "t1"})
    assert fates(bare) == fates(web_alone) == [None]
    assert_refused(
        push({"ios": {"extras": {"badge": "a"}}}, message={"template": "t1"}), "WX1-PUSH-13", "7004", "badge"
    )


def test_unknown_members() -> None:
    """WX1-JSON-03: what nobody documents is told of, or refused in the strict mode."""
    data = push({"android": {"text": "a", "extras": {"colour": "red"}, "subtitle": "b"}})
    assert check(data).warnings == (
        "WX1-JSON-03: ignored_fields: channels.push.android.subtitle",
        "WX1-JSON-03: ignored_fields: channels.push.android.extras.colour",
    )
    detail = "channels.push.android.subtitle is an unknown field"
    assert_refused(data, "WX1-JSON-03", "7004", detail, strict_unknown_fields=True)


# ------------------------------------------------------------------------------------------------------ content


def shown(data: Members) -> Body:
    """Return what the first destination's device shows."""
    checked = check(data)
    return checked.content(checked.addressed[0])


PICTURE = "https://example.com/a.png"


@pytest.mark.parametrize(
    ("block", "key", "body"),
    [
        pytest.param({"android": ANDROID}, "android_pushid", Body(Text("Hello")), id="text"),
        pytest.param(
            {"android": {"text": "a", "title": "b"}}, "userid", Body(Card(title="b", description="a")), id="title"
        ),
        pytest.param(
            {"android": {"text": "a", "extras": {"customtags": {"imageurl": PICTURE}}}},
            "userid",
            Body(Card(description="a", media=File("image", url=PICTURE))),
            id="image",
        ),
        pytest.param(
            {"ios": {"text": "a", "extras": {"attachmenturl": PICTURE}}},
            "userid",
            Body(Card(description="a", media=File("image", url=PICTURE))),
            id="attachment",
        ),
        pytest.param({"android": {"text": "a"}, "ios": {"text": "b"}}, "ios_pushid", Body(Text("b")), id="own-block"),
        pytest.param({"ios": {"text": "b"}, "android": {"text": "a"}}, "userid", Body(Text("a")), id="first-block"),
        pytest.param({"android": {"text": "a"}}, "ios_pushid", Body(Text("a")), id="no-block-of-its-own"),
        pytest.param(
            {"ios": {"text": "a", "extras": {"silentpush": "true"}}},
            "ios_pushid",
            Body(Other("", {"silentpush": True, "push": {"text": "a", "extras": {"silentpush": "true"}}})),
            id="silent",
        ),
        pytest.param(
            {"web": {"title": "a", "text": "b", "platform_types": ["safari"], "actiontext": "view", "url": PICTURE}},
            "safari_pushid",
            Body(
                Card(title="a", description="b"),
                (Suggestion("view", "view", SuggestedAction("open_url", {"url": PICTURE})),),
            ),
            id="web",
        ),
        pytest.param(
            {"web": {"title": "a", "text": "b", "platform_types": ["chrome"], "customtags": {"imageurl": PICTURE}}},
            "chrome_pushid",
            Body(Card(title="a", description="b", media=File("image", url=PICTURE))),
            id="web-image-in-the-flat-list",
        ),
    ],
)
def test_what_a_device_shows(block: Members, key: str, body: Body) -> None:
    """Title, text and image of the block for the destination's platform."""
    assert shown(push(block, "a", key=key)) == body


def test_each_platform_shows_its_own_block() -> None:
    """Two destinations of one request see different texts."""
    data = push({"android": {"text": "a"}, "ios": {"text": "b"}})
    data["destination"] = [{"android_pushid": ["1"]}, {"ios_pushid": ["2"]}]
    checked = check(data)
    assert [checked.content(addressed).content for addressed in checked.addressed] == [Text("a"), Text("b")]


def test_buttons() -> None:
    """The buttons stand in the order of their positions, and tell what they do."""
    data = buttons(
        button(2, "SHARE", value="54333"), button(1, "OPENURL", value="www.bbc.com"), category="DOUBLE_SHOPNOW_CANCEL"
    )
    assert shown(data).suggestions == (
        Suggestion("Shopnow", "SHOPNOW", SuggestedAction("open_url", {"action": "OPENURL", "url": "www.bbc.com"})),
        Suggestion("Cancel", "CANCEL", SuggestedAction("other", {"action": "SHARE", "value": "54333"})),
    )


def test_buttons_are_for_the_device_types() -> None:
    """WX1-PUSH-20: a device that is not among the device types shows no buttons."""
    assert shown(buttons(device_types=["ios", "windows"])).suggestions == ()
