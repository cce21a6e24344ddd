"""v1: smart links and contact policies."""

import re
from typing import Any

import pytest

from sandbox.core.content import Text
from sandbox.providers.webex_connect.checked import ContactPolicy
from v1_requests import OMIT, SMALLEST, assert_refused, check, request, smallest, sms

LINK = r"https://lnk\.sandbox\.invalid/{}-[0-9a-f]{{10}}"
FIVE = [{"linkid": 5, "validity": 30}]


def linked(text: str, smartlinks: Any = OMIT, **members: Any) -> dict[str, Any]:
    """Return an SMS with smart links among the channels."""
    channels: dict[str, Any] = {"sms": {"text": text}}
    if smartlinks is not OMIT:
        channels["smartlinks"] = smartlinks
    return request("sms", channels, **members)


def text_of(data: Any, index: int = 0, **settings: Any) -> str:
    """Return what a handset shows."""
    checked = check(data, **settings)
    content = checked.content(checked.addressed[index]).content
    assert isinstance(content, Text)
    return content.text


@pytest.mark.parametrize(
    ("data", "rule", "code", "detail"),
    [
        pytest.param(linked("{{link_5}}"), "WX1-LINK-01", "7003", "smartlinks entry for linkid 5", id="WX1-LINK-01-none"),
        pytest.param(linked("{{link_5}}", None), "WX1-LINK-01", "7003", "smartlinks entry for linkid 5",
                     id="WX1-LINK-01-null"),
        pytest.param(linked("{{link_5}}", []), "WX1-LINK-01", "7003", "smartlinks entry for linkid 5",
                     id="WX1-LINK-01-empty"),
        pytest.param(linked("{{link_5}} {{link_6}}", FIVE), "WX1-LINK-01", "7003", "smartlinks entry for linkid 6",
                     id="WX1-LINK-01-one-of-two"),
        pytest.param(linked("{{link_50}}", FIVE), "WX1-LINK-01", "7003", "smartlinks entry for linkid 50",
                     id="WX1-LINK-01-another-number"),
        pytest.param(linked("", FIVE * 2), "WX1-SMS-01", "7003", "param 'text' missing for channel sms",
                     id="WX1-LINK-02-the-channel-is-judged-first"),
        pytest.param(linked("x", FIVE * 2), "WX1-LINK-02", "7004", "smartlinks", id="WX1-LINK-02-duplicate"),
        pytest.param(linked("x", [*FIVE, {"linkid": "5", "validity": 1}]), "WX1-LINK-02", "7004", "smartlinks",
                     id="WX1-LINK-02-duplicate-in-a-string"),
        pytest.param(linked("x", {"linkid": 5, "validity": 30}), "WX1-LINK-02", "7004", "smartlinks",
                     id="WX1-LINK-02-no-array"),
        pytest.param(linked("x", [5]), "WX1-LINK-03", "7004", "smartlinks[0]", id="WX1-LINK-03-no-object"),
        pytest.param(linked("x", [{"validity": 30}]), "WX1-LINK-03", "7003", "smartlinks[0].linkid",
                     id="WX1-LINK-03-no-linkid"),
        pytest.param(linked("x", [{"linkid": 5}]), "WX1-LINK-03", "7003", "smartlinks[0].validity",
                     id="WX1-LINK-03-no-validity"),
        pytest.param(linked("x", [*FIVE, {"linkid": 0, "validity": 30}]), "WX1-LINK-03", "7004", "smartlinks[1].linkid",
                     id="WX1-LINK-03-linkid-0"),
        pytest.param(linked("x", [{"linkid": 5, "validity": 0}]), "WX1-LINK-03", "7004", "smartlinks[0].validity",
                     id="WX1-LINK-03-validity-0"),
        pytest.param(linked("x", [{"linkid": -5, "validity": 1}]), "WX1-LINK-03", "7004", "smartlinks[0].linkid",
                     id="WX1-LINK-03-negative"),
        pytest.param(linked("x", [{"linkid": "five", "validity": 1}]), "WX1-LINK-03", "7004", "smartlinks[0].linkid",
                     id="WX1-LINK-03-word"),
        pytest.param(linked("x", [{"linkid": 1.5, "validity": 1}]), "WX1-LINK-03", "7004", "smartlinks[0].linkid",
                     id="WX1-LINK-03-fraction"),
        pytest.param(linked("x", [{"linkid": True, "validity": 1}]), "WX1-LINK-03", "7004", "smartlinks[0].linkid",
                     id="WX1-LINK-03-boolean"),
        pytest.param(linked("x", [{"linkid": 5, "validity": "30 days"}]), "WX1-LINK-03", "7004",
                     "smartlinks[0].validity", id="WX1-LINK-03-unit"),
    ],
)  # fmt: skip
def test_bad_smart_links(data: dict[str, Any], rule: str, code: str, detail: str) -> None:
    """Each placeholder has an entry, each link one entry, each entry two positive integers."""
    assert_refused(data, rule, code, detail)


@pytest.mark.parametrize(
    ("text", "smartlinks", "pattern"),
    [
        pytest.param("See {{link_5}}.", FIVE, rf"See {LINK.format(5)}\.", id="WX1-LINK-01-one"),
        pytest.param("{{link_5}}{{link_5}}", FIVE, f"({LINK.format(5)})\\1", id="WX1-LINK-01-the-same-one-twice"),
        pytest.param("{{link_6}} {{link_5}}", [*FIVE, {"linkid": 6, "validity": 1}],
                     f"{LINK.format(6)} {LINK.format(5)}", id="WX1-LINK-01-two"),
        pytest.param("{{link_linkid}}", FIVE, r"\{\{link_linkid\}\}", id="WX1-LINK-01-no-number-no-placeholder"),
        pytest.param("{{link_5}", FIVE, r"\{\{link_5\}", id="WX1-LINK-01-a-brace-too-few"),
        pytest.param("{{Link_5}}", OMIT, r"\{\{Link_5\}\}", id="WX1-LINK-01-another-case"),
        pytest.param("None", FIVE, "None", id="WX1-LINK-02-an-entry-without-placeholder"),
        pytest.param("{{link_5}}", [{"linkid": "5", "validity": "30"}], LINK.format(5), id="WX1-LINK-03-strings"),
        pytest.param("{{link_1}}", [{"linkid": 1, "validity": 1}], LINK.format(1), id="WX1-LINK-03-ones"),
    ],
)  # fmt: skip
def test_good_smart_links(text: str, smartlinks: Any, pattern: str) -> None:
    """A placeholder becomes a link; whatever else there is stays."""
    data = linked(text, smartlinks)
    assert check(data).warnings == ()
    assert re.fullmatch(pattern, text_of(data))


def test_smart_links_at_the_root() -> None:
    """WX1-LINK-01: the entries are read from the root as well; those among the channels come first."""
    assert re.fullmatch(LINK.format(5), text_of(linked("{{link_5}}", smartlinks=FIVE)))
    other = [{"linkid": 6, "validity": 1}]
    at_the_root = {**linked("{{link_5}}"), "smartlinks": FIVE}
    assert re.fullmatch(LINK.format(5), text_of(at_the_root))
    both = {**linked("{{link_5}}", other), "smartlinks": FIVE}
    assert_refused(both, "WX1-LINK-01", "7003", "smartlinks entry for linkid 5")


def test_each_destination_has_links_of_its_own() -> None:
    """WX1-LINK-04: the links differ by destination, are the same each time, and are those that clicks are told of."""
    data = linked("{{link_5}}", FIVE, destination=[{"msisdn": ["1234567", "1234568"]}])
    first, second = text_of(data, 0), text_of(data, 1)
    assert first != second
    assert text_of(data, 0) == first
    checked = check(data)
    assert checked.clicks
    assert [checked.links(addressed) for addressed in checked.addressed] == [(first,), (second,)]


@pytest.mark.parametrize("name", SMALLEST, ids=lambda name: f"WX1-LINK-04-{name}")
def test_where_smart_links_are_replaced(name: str) -> None:
    """SMS, in-app, Messenger and WhatsApp texts get links; elsewhere the text stays, with a warning."""
    place, block, _, _ = SMALLEST[name]
    channels: dict[str, Any] = _with_link(block)
    for step in reversed(place):
        channels = {step: channels}
    data = smallest(name, channels={**channels, "smartlinks": FIVE})
    checked = check(data)
    shown = repr(checked.content(checked.addressed[0]))
    replaced = name in ("sms", "appmessaging", "fb", "whatsapp")
    assert ("lnk.sandbox.invalid/5-" in shown) is replaced
    assert checked.clicks is replaced
    assert checked.warnings == (() if replaced else (f"WX1-LINK-04: smart links are left as they are on {name}",))
    if replaced:
        assert_refused(smallest(name, channels=channels), "WX1-LINK-01", "7003", "smartlinks entry for linkid 5")
    else:
        check(smallest(name, channels=channels))


def _with_link(block: Any) -> Any:
    """Return a channel's object that has a placeholder where the smallest one says Hello."""
    if isinstance(block, dict):
        return {name: _with_link(value) for name, value in block.items()}
    return "Hello {{link_5}}" if block == "Hello" else block


@pytest.mark.parametrize("name", ["sms", "appmessaging", "fb", "whatsapp"], ids=lambda name: f"WX1-LINK-04-{name}")
def test_smart_links_in_a_template(name: str) -> None:
    """The text of a template gets links, too, and needs its entries."""
    templates = {"t": {"channel": name, "text": "See {{link_5}}"}}
    data = smallest(name, channels={"smartlinks": FIVE}, message={"template": "t"})
    shown = text_of(data, templates=templates)
    assert re.fullmatch(f"See {LINK.format(5)}", shown)
    checked = check(data, templates=templates)
    assert checked.links(checked.addressed[0]) == (shown.removeprefix("See "),)
    alone = smallest(name, channels=OMIT, message={"template": "t"})
    assert_refused(alone, "WX1-LINK-01", "7003", "smartlinks entry for linkid 5", templates=templates)


def test_smart_links_in_a_template_that_is_not_sent() -> None:
    """WX1-LINK-01: beside an attachment the template's text goes nowhere, so nothing asks for its links."""
    fb = {"attachment": {"type": "image", "payload": {"url": "https://example.com/a.png"}}}
    data = smallest("fb", channels={"OTT-Messaging": {"fb": fb}}, message={"template": "t"})
    checked = check(data, templates={"t": {"channel": "fb", "text": "See {{link_5}}"}})
    assert not checked.clicks
    assert checked.links(checked.addressed[0]) == ()


def test_a_binary_message_has_no_text() -> None:
    """WX1-LINK-04: beside a binary body a placeholder is no placeholder."""
    assert check(sms({"text": "{{link_5}}", "type": "3", "body": "48"})).warnings == ()


CHECKS = {"contactPolicyGroup": "g", "channelCheckConsent": True}


@pytest.mark.parametrize(
    ("policy", "rule", "code", "detail"),
    [
        pytest.param({"channelCheckConsent": True}, "WX1-CP-01", "7003", "contactPolicyGroup", id="WX1-CP-01-no-group"),
        pytest.param({"channelApplyFrequencyCap": True, "contactPolicyGroup": ""}, "WX1-CP-01", "7003",
                     "contactPolicyGroup", id="WX1-CP-01-empty-group"),
        pytest.param({"channelApplyFrequencyCap": True, "contactPolicyGroup": None}, "WX1-CP-01", "7003",
                     "contactPolicyGroup", id="WX1-CP-01-null-group"),
        pytest.param({**CHECKS, "contactPolicyGroup": 5}, "WX1-CP-01", "7004", "contactPolicyGroup",
                     id="WX1-CP-01-number-as-group"),
        pytest.param({}, "WX1-CP-02", "7004", "contactPolicy", id="WX1-CP-02-empty"),
        pytest.param({"contactPolicyGroup": "g"}, "WX1-CP-02", "7004", "contactPolicy", id="WX1-CP-02-group-alone"),
        pytest.param({"contactPolicyGroup": "g", "channelCheckConsent": False, "channelApplyFrequencyCap": "false"},
                     "WX1-CP-02", "7004", "contactPolicy", id="WX1-CP-02-both-false"),
        pytest.param({"contactPolicyGroup": "g", "channelCheckConsent": "yes"}, "WX1-CP-02", "7004",
                     "contactPolicy.channelCheckConsent", id="WX1-CP-02-yes-is-no-boolean"),
        pytest.param({**CHECKS, "channelApplyFrequencyCap": 1}, "WX1-CP-02", "7004",
                     "contactPolicy.channelApplyFrequencyCap", id="WX1-CP-02-1-is-no-boolean"),
        pytest.param("g", "WX1-CP-02", "7004", "contactPolicy", id="WX1-CP-02-string"),
        pytest.param([], "WX1-CP-02", "7004", "contactPolicy", id="WX1-CP-02-array"),
    ],
)  # fmt: skip
def test_a_bad_contact_policy(policy: Any, rule: str, code: str, detail: str) -> None:
    """A contact policy checks something, and names the group for it; at the root as among the channels."""
    assert_refused(sms(contactPolicy=policy), rule, code, detail)
    assert_refused(sms(channels={"sms": {"text": "x"}, "contactPolicy": policy}), rule, code, detail)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param(CHECKS, ContactPolicy("g", True, False), id="WX1-CP-01-consent"),
        pytest.param({"contactPolicyGroup": "g", "channelApplyFrequencyCap": True}, ContactPolicy("g", False, True),
                     id="WX1-CP-01-cap"),
        pytest.param({**CHECKS, "channelApplyFrequencyCap": "true"}, ContactPolicy("g", True, True), id="WX1-CP-02-both"),
        pytest.param({**CHECKS, "channelApplyFrequencyCap": None}, ContactPolicy("g", True, False),
                     id="WX1-CP-02-null-is-false"),
        pytest.param(None, None, id="WX1-CP-02-null-policy"),
    ],
)  # fmt: skip
def test_a_good_contact_policy(policy: Any, expected: ContactPolicy | None) -> None:
    """It is handed on as a group with what is to be asked of it."""
    assert check(sms(contactPolicy=policy)).contact_policy == expected
    assert check(sms(channels={"sms": {"text": "x"}, "contactPolicy": policy})).contact_policy == expected


def test_two_contact_policies() -> None:
    """WX1-CP-01: the one among the channels, where the document has it, beats the one at the root."""
    channels = {"sms": {"text": "x"}, "contactPolicy": CHECKS}
    data = sms(channels=channels, contactPolicy={"contactPolicyGroup": "root", "channelCheckConsent": True})
    assert check(data).contact_policy == ContactPolicy("g", True, False)
