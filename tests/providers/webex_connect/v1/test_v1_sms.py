"""v1: what an SMS may say, and who it comes from."""

from typing import Any

import pytest

from sandbox.core.content import Other, Text
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.checked import Fate
from v1_requests import OMIT, assert_refused, check, fates, sms


def body_of(data: Any) -> Body:
    """Return what the first handset shows."""
    checked = check(data)
    return checked.content(checked.addressed[0])


TYPE = "invalid value of param 'type' , only [1,2,3,4] are allowed"
NO_TEXT = "param 'text' missing for channel sms"
NO_BODY = "param 'body' missing for channel sms"


@pytest.mark.parametrize(
    ("block", "rule", "code", "detail"),
    [
        pytest.param({"text": OMIT, "senderid": "A"}, "WX1-SMS-01", "7003", NO_TEXT, id="WX1-SMS-01-no-text"),
        pytest.param({"text": None}, "WX1-SMS-01", "7003", NO_TEXT, id="WX1-SMS-01-null"),
        pytest.param({"text": ""}, "WX1-SMS-01", "7003", NO_TEXT, id="WX1-SMS-01-empty"),
        pytest.param({"text": "", "type": "1"}, "WX1-SMS-01", "7003", NO_TEXT, id="WX1-SMS-01-empty-text-of-type-1"),
        pytest.param({"text": "", "type": "2"}, "WX1-SMS-01", "7003", NO_TEXT, id="WX1-SMS-01-empty-flash"),
        pytest.param({"text": "", "type": 4}, "WX1-SMS-01", "7003", NO_TEXT, id="WX1-SMS-01-empty-unicode"),
        pytest.param({"text": "", "body": "48"}, "WX1-SMS-01", "7003", NO_TEXT, id="WX1-SMS-01-a-body-is-no-text"),
        pytest.param({"text": "x" * 1025}, "WX1-SMS-02", "7004", "text", id="WX1-SMS-02-1025-characters"),
        pytest.param({"text": "é" * 1025}, "WX1-SMS-02", "7004", "text", id="WX1-SMS-02-1025-letters-of-two-bytes"),
        pytest.param({"text": "😀" * 1025}, "WX1-SMS-02", "7004", "text", id="WX1-SMS-02-1025-emoji"),
        pytest.param({"text": "x" * 1025, "type": 3, "body": "48"}, "WX1-SMS-02", "7004", "text",
                     id="WX1-SMS-02-1025-characters-beside-a-binary-body"),
        pytest.param({"text": 5}, "WX1-SMS-02", "7004", "text", id="WX1-SMS-02-number"),
        pytest.param({"text": ["Hello"]}, "WX1-SMS-02", "7004", "text", id="WX1-SMS-02-array"),
        pytest.param({"text": False}, "WX1-SMS-02", "7004", "text", id="WX1-SMS-02-boolean"),
        pytest.param({"type": "0"}, "WX1-SMS-03", "7004", TYPE, id="WX1-SMS-03-type-0"),
        pytest.param({"type": "5"}, "WX1-SMS-03", "7004", TYPE, id="WX1-SMS-03-type-5"),
        pytest.param({"type": 5}, "WX1-SMS-03", "7004", TYPE, id="WX1-SMS-03-number-5"),
        pytest.param({"type": "01"}, "WX1-SMS-03", "7004", TYPE, id="WX1-SMS-03-leading-zero"),
        pytest.param({"type": "text"}, "WX1-SMS-03", "7004", TYPE, id="WX1-SMS-03-word"),
        pytest.param({"type": True}, "WX1-SMS-03", "7004", TYPE, id="WX1-SMS-03-true-is-not-1"),
        pytest.param({"type": 1.0}, "WX1-SMS-03", "7004", TYPE, id="WX1-SMS-03-1.0-is-not-1"),
        pytest.param({"type": ["1"]}, "WX1-SMS-03", "7004", TYPE, id="WX1-SMS-03-array"),
        pytest.param({"type": 10**4299}, "WX1-SMS-03", "7004", TYPE, id="WX1-SMS-03-huge-number"),
        pytest.param({"type": "3"}, "WX1-SMS-04", "7003", NO_BODY, id="WX1-SMS-04-no-body"),
        pytest.param({"type": 3, "body": ""}, "WX1-SMS-04", "7003", NO_BODY, id="WX1-SMS-04-empty-body"),
        pytest.param({"type": 3, "body": None}, "WX1-SMS-04", "7003", NO_BODY, id="WX1-SMS-04-null-body"),
        pytest.param({"type": 3, "body": "4"}, "WX1-SMS-05", "7004", "body", id="WX1-SMS-05-one-digit"),
        pytest.param({"type": 3, "body": "486"}, "WX1-SMS-05", "7004", "body", id="WX1-SMS-05-odd-number-of-digits"),
        pytest.param({"type": 3, "body": "4G"}, "WX1-SMS-05", "7004", "body", id="WX1-SMS-05-no-digit"),
        pytest.param({"type": 3, "body": "48 65"}, "WX1-SMS-05", "7004", "body", id="WX1-SMS-05-blank"),
        pytest.param({"type": 3, "body": "48\n"}, "WX1-SMS-05", "7004", "body", id="WX1-SMS-05-line-end"),
        pytest.param({"type": 3, "body": "４８"}, "WX1-SMS-05", "7004", "body", id="WX1-SMS-05-wide-digits"),
        pytest.param({"type": 3, "body": 48}, "WX1-SMS-05", "7004", "body", id="WX1-SMS-05-number"),
        pytest.param({"senderid": 5}, "WX1-SMS-07", "7004", "senderid", id="WX1-SMS-07-a-sender-is-a-string"),
        pytest.param({"extras": "x"}, "WX1-JSON-02", "7004", "extras", id="WX1-JSON-02-extras-are-an-object"),
        pytest.param({"extras": {"dlt_templateid": "11x"}}, "WX1-JSON-02", "7004", "extras.dlt_templateid",
                     id="WX1-JSON-02-a-dlt-template-id-is-digits"),
        pytest.param({"extras": {"dlt_templateid": 11}}, "WX1-JSON-02", "7004", "extras.dlt_templateid",
                     id="WX1-JSON-02-a-dlt-template-id-is-a-string"),
    ],
)  # fmt: skip
def test_a_bad_sms(block: dict[str, Any], rule: str, code: str, detail: str) -> None:
    """An SMS that breaks a rule is answered with its code and the words of that rule."""
    assert_refused(sms(block), rule, code, detail)


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        pytest.param({}, Text("Hello"), id="WX1-SMS-01-text"),
        pytest.param({"text": " "}, Text(" "), id="WX1-SMS-01-a-blank-is-a-text"),
        pytest.param({"text": "x" * 1024}, Text("x" * 1024), id="WX1-SMS-02-1024-characters"),
        pytest.param({"text": "😀" * 1024}, Text("😀" * 1024), id="WX1-SMS-02-1024-emoji"),
        pytest.param({"type": None}, Text("Hello"), id="WX1-SMS-03-null-is-text"),
        pytest.param({"type": ""}, Text("Hello"), id="WX1-SMS-03-empty-is-text"),
        pytest.param({"type": "1"}, Text("Hello"), id="WX1-SMS-03-text"),
        pytest.param({"type": "2"}, Text("Hello"), id="WX1-SMS-03-flash"),
        pytest.param({"type": "4"}, Text("Hello"), id="WX1-SMS-03-unicode"),
        pytest.param({"type": 1}, Text("Hello"), id="WX1-SMS-03-number-1"),
        pytest.param({"type": 4}, Text("Hello"), id="WX1-SMS-03-number-4"),
        pytest.param({"type": "3", "text": OMIT, "body": "48656C6C6F"},
                     Other("48656C6C6F", {"type": "binary", "body": "48656C6C6F"}), id="WX1-SMS-04-no-text-is-needed"),
        pytest.param({"type": 3, "body": "4f"}, Other("4f", {"type": "binary", "body": "4f"}),
                     id="WX1-SMS-05-two-digits"),
        pytest.param({"type": 3, "body": "aB09"}, Other("aB09", {"type": "binary", "body": "aB09"}),
                     id="WX1-SMS-05-either-case"),
        pytest.param({"extras": {}}, Text("Hello"), id="WX1-JSON-02-empty-extras"),
        pytest.param({"extras": {"dlt_templateid": "1107158158796985790"}}, Text("Hello"),
                     id="WX1-JSON-02-dlt-template-id"),
    ],
)  # fmt: skip
def test_a_good_sms(block: dict[str, Any], shown: Text | Other) -> None:
    """An SMS within the rules is accepted without a word, and its handset shows it."""
    assert check(sms(block)).warnings == ()
    assert body_of(sms(block)) == Body(shown)


@pytest.mark.parametrize("body", ["48", "no hexadecimal", 5, ""], ids=lambda body: f"WX1-SMS-06-{body!r}")
@pytest.mark.parametrize("kind", ["1", "2", "4", None])
def test_a_body_of_another_type(kind: str | None, body: Any) -> None:
    """WX1-SMS-06: the body of a message that is not binary is ignored with a warning, whatever it is."""
    checked = check(sms({"type": kind, "body": body}))
    assert checked.warnings == ("WX1-SMS-06: body is ignored unless type is 3",)
    assert checked.content(checked.addressed[0]) == Body(Text("Hello"))


@pytest.mark.parametrize(
    ("block", "sender"),
    [
        pytest.param({}, "CONNCT", id="WX1-SMS-07-none"),
        pytest.param({"senderid": None}, "CONNCT", id="WX1-SMS-07-null"),
        pytest.param({"senderid": ""}, "CONNCT", id="WX1-SMS-07-empty"),
        pytest.param({"senderid": "SENDER"}, "SENDER", id="WX1-SMS-07-given"),
    ],
)
def test_the_sender(block: dict[str, Any], sender: str) -> None:
    """Without a sender id a message comes from CONNCT."""
    assert check(sms(block)).sender == sender


@pytest.mark.parametrize(
    ("block", "senders", "fate"),
    [
        pytest.param({"senderid": "OTHER"}, ["SENDER"], Fate("Failed", "7101"), id="WX1-SMS-08-undeclared"),
        pytest.param({"senderid": "sender"}, ["SENDER"], Fate("Failed", "7101"), id="WX1-SMS-08-another-case"),
        pytest.param({"senderid": "SENDER"}, ["SENDER"], None, id="WX1-SMS-08-declared"),
        pytest.param({}, ["SENDER"], None, id="WX1-SMS-08-the-default-needs-no-declaration"),
        pytest.param({"senderid": "OTHER"}, [], None, id="WX1-SMS-08-nothing-declared"),
    ],
)
def test_an_undeclared_sender(block: dict[str, Any], senders: list[str], fate: Fate | None) -> None:
    """Where senders are declared, another one is accepted, and fails by receipt as an invalid sender id."""
    assert fates(sms(block), senders=senders) == [fate]
