"""v1: what a call plays, and who it comes from."""

from typing import Any

import pytest

from sandbox.core.content import Other
from sandbox.core.conversation import Body
from v1_requests import PHONE, assert_refused, check, request

NEITHER = "either param 'callflowid' or param 'media' is required"


def voice(**block: Any) -> dict[str, Any]:
    """Return a call."""
    return request("voice", {"voice": block})


@pytest.mark.parametrize(
    ("block", "rule", "code", "detail"),
    [
        pytest.param({"cli": "0453745878"}, "WX1-VOICE-01", "7003", NEITHER, id="WX1-VOICE-01-none"),
        pytest.param({"callflowid": ""}, "WX1-VOICE-01", "7003", NEITHER, id="WX1-VOICE-01-empty-call-flow"),
        pytest.param({"promptid": None}, "WX1-VOICE-01", "7003", NEITHER, id="WX1-VOICE-01-null-prompt"),
        pytest.param({"media": ""}, "WX1-VOICE-01", "7003", NEITHER, id="WX1-VOICE-01-empty-media"),
        pytest.param({"callflowid": "1", "promptid": "2"}, "WX1-VOICE-02", "7004", "callflowid",
                     id="WX1-VOICE-02-call-flow-with-prompt"),
        pytest.param({"callflowid": "1", "media": "2"}, "WX1-VOICE-02", "7004", "callflowid",
                     id="WX1-VOICE-02-call-flow-with-media"),
        pytest.param({"callflowid": 1, "promptid": 2, "media": 3}, "WX1-VOICE-02", "7004", "callflowid",
                     id="WX1-VOICE-02-all-three"),
        pytest.param({"promptid": "1", "media": "2"}, "WX1-VOICE-03", "7004", "media",
                     id="WX1-VOICE-03-prompt-with-media"),
        pytest.param({"callflowid": ["1"]}, "WX1-VOICE-04", "7004", "callflowid", id="WX1-VOICE-04-array"),
        pytest.param({"promptid": True}, "WX1-VOICE-04", "7004", "promptid", id="WX1-VOICE-04-boolean"),
        pytest.param({"promptid": 1.5}, "WX1-VOICE-04", "7004", "promptid", id="WX1-VOICE-04-fraction"),
        pytest.param({"media": {"id": 1}}, "WX1-VOICE-04", "7004", "media", id="WX1-VOICE-04-object"),
        pytest.param({"media": 10**4299}, "WX1-VOICE-04", "7004", "media", id="WX1-VOICE-04-huge-number"),
        pytest.param({"promptid": "1", "cli": "me"}, "WX1-VOICE-04", "7004", "cli", id="WX1-VOICE-04-word-as-caller"),
        pytest.param({"promptid": "1", "cli": "+"}, "WX1-VOICE-04", "7004", "cli", id="WX1-VOICE-04-lone-plus"),
        pytest.param({"promptid": "1", "cli": "1+2"}, "WX1-VOICE-04", "7004", "cli", id="WX1-VOICE-04-plus-inside"),
        pytest.param({"promptid": "1", "cli": "12\n"}, "WX1-VOICE-04", "7004", "cli", id="WX1-VOICE-04-line-end"),
        pytest.param({"promptid": "1", "cli": 12}, "WX1-VOICE-04", "7004", "cli", id="WX1-VOICE-04-number-as-caller"),
    ],
)  # fmt: skip
def test_a_bad_call(block: dict[str, Any], rule: str, code: str, detail: str) -> None:
    """A call that breaks a rule is answered with its code and the words of that rule."""
    assert_refused(voice(**block), rule, code, detail)


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        pytest.param({"callflowid": "184"}, Other("Call flow 184", {"callflowid": "184"}), id="WX1-VOICE-01-call-flow"),
        pytest.param({"promptid": "354"}, Other("Prompt 354", {"promptid": "354"}), id="WX1-VOICE-01-prompt"),
        pytest.param({"media": "hello.wav"}, Other("Prompt hello.wav", {"media": "hello.wav"}), id="WX1-VOICE-01-media"),
        pytest.param({"callflowid": "184", "promptid": "", "media": None},
                     Other("Call flow 184", {"callflowid": "184"}), id="WX1-VOICE-02-empty-ones-exclude-nothing"),
        pytest.param({"promptid": "", "media": "a"}, Other("Prompt a", {"media": "a"}),
                     id="WX1-VOICE-03-an-empty-prompt-excludes-nothing"),
        pytest.param({"callflowid": 184}, Other("Call flow 184", {"callflowid": 184}), id="WX1-VOICE-04-integer"),
    ],
)  # fmt: skip
def test_a_good_call(block: dict[str, Any], shown: Other) -> None:
    """A call within the rules is accepted without a word, and the phone tells what it is about."""
    checked = check(voice(**block))
    assert checked.warnings == ()
    assert checked.content(checked.addressed[0]) == Body(shown)


@pytest.mark.parametrize(
    ("cli", "sender"),
    [
        pytest.param("0453745878", "0453745878", id="WX1-VOICE-04-digits"),
        pytest.param("+453745878", "+453745878", id="WX1-VOICE-04-plus"),
        pytest.param("", "", id="WX1-VOICE-04-empty"),
        pytest.param(None, "", id="WX1-VOICE-04-null"),
    ],
)
def test_the_caller(cli: str | None, sender: str) -> None:
    """A call comes from its caller id, if it has one."""
    checked = check(voice(promptid="1", cli=cli))
    assert (checked.sender, checked.addressed[0].value) == (sender, PHONE)
