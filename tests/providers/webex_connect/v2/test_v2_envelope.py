"""v2: the body and the envelope, from channel to notifyUrl."""

from typing import Any

import pytest

from harness import NOON
from sandbox.core.errors import ApiError
from sandbox.providers.webex_connect.account import App, ServiceSettings, Template
from sandbox.providers.webex_connect.checked import Fate
from sandbox.providers.webex_connect.v2 import request as v2
from v2_requests import OMIT, assert_refused, check, email, fates, html, outcome, rcs, refused, sms, warnings

TEMPLATES = {
    "T1": Template(channel="sms", text="Hi"),
    "T2": Template(channel="email", text="Hi", subject="Stored"),
}


def with_template(template: Any, **members: Any) -> dict[str, Any]:
    """Return an SMS with a template in the place of its content."""
    return sms(**{"content": OMIT, "template": template, **members})


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="WX2-JSON-01-empty"),
        pytest.param(b"  ", id="WX2-JSON-01-blank"),
        pytest.param(b"[]", id="WX2-JSON-01-an-array"),
        pytest.param(b'[{"channel":"sms"}]', id="WX2-JSON-01-a-batch"),
        pytest.param(b'"sms"', id="WX2-JSON-01-a-string"),
        pytest.param(b"null", id="WX2-JSON-01-null"),
        pytest.param(b'{"channel":"sms",}', id="WX2-JSON-01-trailing-comma"),
        pytest.param(b'{"channel":"sms",,"from":"A"}', id="WX2-JSON-01-double-comma"),
        pytest.param(b'{"channel":"sms" // which\n}', id="WX2-JSON-01-comment"),
        pytest.param(b'{"channel":"sms', id="WX2-JSON-01-unclosed-string"),
        pytest.param(b'{"channel":"sms"', id="WX2-JSON-01-unclosed-object"),
        pytest.param(b'{"channel":"sms"}}', id="WX2-JSON-01-one-brace-too-many"),
        pytest.param(b"{'channel':'sms'}", id="WX2-JSON-01-single-quotes"),
        pytest.param(b'{"channel":"\xff"}', id="WX2-JSON-01-no-utf-8"),
        pytest.param('{"channel":"sms"}'.encode("utf-16"), id="WX2-JSON-01-utf-16"),
        pytest.param(b'\xef\xbb\xbf{"channel":"sms"}', id="WX2-JSON-01-byte-order-mark"),
        pytest.param(b'{"channel":"\\ud800"}', id="WX2-JSON-01-lone-surrogate"),
        pytest.param(b'{"validity":NaN}', id="WX2-JSON-01-not-a-number"),
        pytest.param(b'{"validity":Infinity}', id="WX2-JSON-01-infinity"),
        pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, id="WX2-JSON-01-a-hundred-thousand-levels"),
        pytest.param(b'{"a":' + b"9" * 5000 + b"}", id="WX2-JSON-01-five-thousand-digits"),
    ],
)
def test_a_body_that_is_no_json_object(raw: bytes) -> None:
    """A body is one JSON object, strictly; the samples' comments and stray commas are refused."""
    with pytest.raises(ApiError) as caught:
        v2.read(raw)
    error = caught.value
    assert (error.rule, error.spec.status, error.spec.code, error.message) == (
        "WX2-JSON-01",
        400,
        "7000",
        "Invalid JSON",
    )


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b'{"channel":"sms","a":{"b":[1.5,true,null]}}', id="WX2-JSON-01-an-object"),
        pytest.param('{"channel":"sms","text":"Grüße 😀"}'.encode(), id="WX2-JSON-01-utf-8"),
        pytest.param(b' \n{"channel":"sms","text":"\\ud83d\\ude00"}\t', id="WX2-JSON-01-escapes-and-blanks"),
    ],
)
def test_a_body_that_is_a_json_object(raw: bytes) -> None:
    """Whatever else it holds, an object is read."""
    assert v2.read(raw)["channel"] == "sms"


@pytest.mark.parametrize("data", [None, [], "sms", 1, True], ids=lambda data: f"WX2-JSON-01-{data!r}")
def test_checked_data_is_an_object(data: Any) -> None:
    """The same holds for data that came parsed."""
    assert_refused(data, "WX2-JSON-01", "7000")


UNKNOWN = [
    pytest.param(sms(colour="red"), "colour", id="WX2-JSON-02-in-the-request"),
    pytest.param(sms(to=[{"msisdn": ["+447700900123"], "name": "Ann"}]), "to[0].name", id="WX2-JSON-02-in-to"),
    pytest.param(
        sms(to=[{"msisdn": ["+447700900123"]}, {"msisdn": ["+447700900123"], "email": ["a@b.test"]}]),
        "to[1].email",
        id="WX2-JSON-02-the-key-of-another-channel",
    ),
    pytest.param(sms({"subject": "News"}), "content.subject", id="WX2-JSON-02-the-content-of-another-channel"),
    pytest.param(sms(options={"smsFallback": True}), "options.smsFallback", id="WX2-JSON-02-another-channels-option"),
    pytest.param(sms(options={"extras": {"a": 1}}), "options.extras.a", id="WX2-JSON-02-in-extras"),
    pytest.param(
        html({"attachments": [{"mimeType": "a/b", "name": "a", "mediaUrl": "https://a.test/b", "size": 1}]}),
        "content.attachments[0].size",
        id="WX2-JSON-02-in-an-attachment",
    ),
    pytest.param(
        rcs({"suggestions": [{"type": "reply", "displayText": "Yes", "id": 1}]}),
        "content.suggestions[0].id",
        id="WX2-JSON-02-in-a-suggestion",
    ),
    pytest.param(
        sms(smartlinks=[{"smartlinkId": 1, "validity": 1, "name": "a"}]),
        "smartlinks[0].name",
        id="WX2-JSON-02-smartlinks",
    ),
    pytest.param(
        sms(contactPolicy={"contactPolicyGroup": "g", "channelCheckConsent": True, "strict": True}),
        "contactPolicy.strict",
        id="WX2-JSON-02-in-the-contact-policy",
    ),
]


@pytest.mark.parametrize(("data", "path"), UNKNOWN)
def test_unknown_fields_are_listed(data: Any, path: str) -> None:
    """A field that neither document nor samples nor public pages know is ignored, and the journal tells where it stands."""
    assert f"WX2-JSON-02: ignored_fields: {path}" in warnings(data)


@pytest.mark.parametrize(("data", "path"), UNKNOWN)
def test_unknown_fields_are_refused_by_the_strict(data: Any, path: str) -> None:
    """`strict_unknown_fields` names the first of them."""
    assert_refused(data, "WX2-JSON-02", "7004", path, strict_unknown_fields=True)


def test_few_unknown_fields_are_listed() -> None:
    """WX2-JSON-02: of a hundred thousand twenty are named and the rest counted, and long names are cut."""
    data = sms(**{f"field{number}": 1 for number in range(100_000)})
    (warning,) = warnings(data)
    assert warning.endswith(", field19 and 99980 more")
    (warning,) = warnings(sms(**{"x" * 100_000: 1}))
    assert len(warning) < 300


def test_substitutions_may_have_any_name() -> None:
    """WX2-JSON-02: the members of substitutions are names, not fields."""
    data = sms(substitutions={"any": "a"}, to=[{"msisdn": ["+447700900123"], "substitutions": {"other": "b"}}])
    assert warnings(data, strict_unknown_fields=True) == ()


def test_the_appid_is_ignored() -> None:
    """WX2-JSON-02: line 40 knows it for channels that v2 does not have."""
    assert warnings(sms(appid="a_1"), strict_unknown_fields=True) == ()


NO_PRIORITIES: tuple[Any, ...] = (0, 4, -1, "0", "4", "high", "", 1.5, "1.5", True, [1], {}, 10**30)

ENVELOPE = [
    pytest.param(sms(channel=OMIT), refused("WX2-ENV-01", "7003", "channel"), id="WX2-ENV-01-absent"),
    pytest.param(sms(channel=None), refused("WX2-ENV-01", "7003", "channel"), id="WX2-ENV-01-null"),
    pytest.param(sms(channel=""), refused("WX2-ENV-01", "7003", "channel"), id="WX2-ENV-01-empty"),
    pytest.param(sms(channel="SMS"), None, id="WX2-ENV-02-capitals"),
    pytest.param(email(channel="Email"), None, id="WX2-ENV-02-email"),
    pytest.param(rcs(channel="RCS"), None, id="WX2-ENV-02-rcs"),
    pytest.param(sms(channel="voice"), refused("WX2-ENV-02", "7004", "channel"), id="WX2-ENV-02-voice"),
    pytest.param(sms(channel="mms"), refused("WX2-ENV-02", "7004", "channel"), id="WX2-ENV-02-mms"),
    pytest.param(sms(channel="sms "), refused("WX2-ENV-02", "7004", "channel"), id="WX2-ENV-02-a-blank"),
    pytest.param(sms(channel=["sms"]), refused("WX2-ENV-02", "7004", "channel"), id="WX2-ENV-02-an-array"),
    pytest.param(sms(channel=1), refused("WX2-ENV-02", "7004", "channel"), id="WX2-ENV-02-a-number"),
    pytest.param(sms(channel=False), refused("WX2-ENV-02", "7004", "channel"), id="WX2-ENV-02-false"),
    pytest.param(sms(**{"from": OMIT}), refused("WX2-ENV-03", "7003", "from"), id="WX2-ENV-03-absent"),
    pytest.param(sms(**{"from": None}), refused("WX2-ENV-03", "7003", "from"), id="WX2-ENV-03-null"),
    pytest.param(rcs(**{"from": ""}), refused("WX2-ENV-03", "7003", "from"), id="WX2-ENV-03-empty"),
    pytest.param(sms(**{"from": 12345}), refused("WX2-ENV-03", "7004", "from"), id="WX2-ENV-03-a-number"),
    pytest.param(sms(**{"from": {"id": "A"}}), refused("WX2-ENV-03", "7004", "from"), id="WX2-ENV-03-an-object"),
    pytest.param(email(**{"from": "brand"}), refused("WX2-ENV-04", "7004", "from"), id="WX2-ENV-04-no-address"),
    pytest.param(email(**{"from": "a@localhost"}), refused("WX2-ENV-04", "7004", "from"), id="WX2-ENV-04-no-domain"),
    pytest.param(email(**{"from": "A <a@b.test>"}), refused("WX2-ENV-04", "7004", "from"), id="WX2-ENV-04-a-name"),
    pytest.param(email(**{"from": "a@b.test"}), None, id="WX2-ENV-04-an-address"),
    pytest.param(sms(**{"from": "brand"}), None, id="WX2-ENV-04-not-on-sms"),
    pytest.param(sms(content=OMIT), refused("WX2-ENV-07", "7003", "content"), id="WX2-ENV-07-neither"),
    pytest.param(sms(content=None), refused("WX2-ENV-07", "7003", "content"), id="WX2-ENV-07-null"),
    pytest.param(sms(content={}), refused("WX2-ENV-07", "7003", "content"), id="WX2-ENV-07-empty"),
    pytest.param(sms(content="Hello"), refused("WX2-ENV-07", "7004", "content"), id="WX2-ENV-07-a-string"),
    pytest.param(sms(content=[{}]), refused("WX2-ENV-07", "7004", "content"), id="WX2-ENV-07-an-array"),
    pytest.param(with_template({}), refused("WX2-ENV-07", "7003", "content"), id="WX2-ENV-07-empty-template"),
    pytest.param(sms(template={"id": "T1"}), refused("WX2-ENV-08", "7004", "template"), id="WX2-ENV-08-both"),
    pytest.param(sms(template={}), None, id="WX2-ENV-08-an-empty-template"),
    pytest.param(sms(template=None), None, id="WX2-ENV-08-null-template"),
    pytest.param(with_template({"id": "T1"}, content={}), None, id="WX2-ENV-08-empty-content"),
    pytest.param(with_template({"id": "any"}), None, id="WX2-ENV-09-none-declared"),
    pytest.param(with_template({"x": 1}), refused("WX2-ENV-09", "7003", "template.id"), id="WX2-ENV-09-absent"),
    pytest.param(with_template({"id": ""}), refused("WX2-ENV-09", "7003", "template.id"), id="WX2-ENV-09-empty"),
    pytest.param(with_template({"id": 7}), refused("WX2-ENV-09", "7004", "template.id"), id="WX2-ENV-09-a-number"),
    pytest.param(with_template("T1"), refused("WX2-ENV-09", "7004", "template"), id="WX2-ENV-09-a-string"),
    pytest.param(
        with_template({"id": "T1", "subject": 1}),
        refused("WX2-ENV-09", "7004", "template.subject"),
        id="WX2-ENV-09-subject-is-a-string",
    ),
    *[
        pytest.param(sms(priority=value), None, id=f"WX2-ENV-10-{value!r}-is-one")
        for value in (1, 2, 3, "1", "3", " 2", "1 ", None)
    ],
    *[
        pytest.param(sms(priority=value), refused("WX2-ENV-10", "7004", "priority"), id=f"WX2-ENV-10-{value!r}-is-none")
        for value in NO_PRIORITIES
    ],
    pytest.param(sms(callbackData="x" * 2000), None, id="WX2-ENV-11-2000"),
    pytest.param(sms(callbackData="😀" * 2000), None, id="WX2-ENV-11-2000-letters-of-four-bytes"),
    pytest.param(sms(callbackData="x" * 2001), refused("WX2-ENV-11", "7004", "callbackData"), id="WX2-ENV-11-2001"),
    pytest.param(sms(callbackData=5), refused("WX2-ENV-11", "7004", "callbackData"), id="WX2-ENV-11-a-number"),
    pytest.param(sms(callbackData={}), refused("WX2-ENV-11", "7004", "callbackData"), id="WX2-ENV-11-an-object"),
    *[
        pytest.param(sms(notifyUrl=url), None, id=f"WX2-ENV-12-{url!r}-is-accepted")
        for url in (
            "http://localhost:9000/x",
            "no url",
            " https://a.test ",
            "ftp://a.test",
            "",
            None,
            5,
            ["https://a.test"],
        )
    ],
]


@pytest.mark.parametrize(("data", "expected"), ENVELOPE)
def test_the_envelope(data: Any, expected: tuple[str, str, str] | None) -> None:
    """What stands at the top of a request is accepted, or refused by its rule, code and message."""
    assert outcome(data) == expected


@pytest.mark.parametrize(
    ("sender", "domains", "accepted"),
    [
        pytest.param("a@brand.test", ["brand.test"], True, id="WX2-ENV-04-registered"),
        pytest.param("a@Brand.TEST", ["brand.test"], True, id="WX2-ENV-04-letter-case"),
        pytest.param("a@brand.test", ["BRAND.test"], True, id="WX2-ENV-04-letter-case-of-the-setting"),
        pytest.param("a@mail.brand.test", ["brand.test"], False, id="WX2-ENV-04-a-domain-below"),
        pytest.param("a@other.test", ["brand.test"], False, id="WX2-ENV-04-not-registered"),
        pytest.param("a@other.test", [], True, id="WX2-ENV-04-none-registered"),
    ],
)
def test_the_domains_of_a_sender(sender: str, domains: list[str], accepted: bool) -> None:
    """E-mail comes from a registered domain; with none registered, from any."""
    expected = None if accepted else refused("WX2-ENV-04", "7004", "from")
    assert outcome(email(**{"from": sender}), email_domains=domains) == expected


RCS_APP, FB_APP = App(channel="rcs"), App(channel="fb")
UNKNOWN_CHATBOT = Fate("Failed", "7322", "Provider not configured for chatbot")


@pytest.mark.parametrize(
    ("data", "settings", "expected"),
    [
        pytest.param(sms(), {"senders": ["CNNECT"]}, None, id="WX2-ENV-05-known"),
        pytest.param(sms(), {"senders": ["OTHER"]}, Fate("Failed", "7101"), id="WX2-ENV-05-unknown"),
        pytest.param(sms(), {}, None, id="WX2-ENV-05-none-declared"),
        pytest.param(rcs(), {"senders": ["OTHER"]}, None, id="WX2-ENV-05-not-of-rcs"),
        pytest.param(rcs(), {"apps": {"a_1568": RCS_APP}}, None, id="WX2-ENV-06-known"),
        pytest.param(rcs(), {"apps": {"a_1": RCS_APP}}, UNKNOWN_CHATBOT, id="WX2-ENV-06-unknown"),
        pytest.param(rcs(), {"apps": {"a_1568": FB_APP}}, UNKNOWN_CHATBOT, id="WX2-ENV-06-of-another-channel"),
        pytest.param(rcs(), {}, None, id="WX2-ENV-06-none-declared"),
        pytest.param(sms(), {"apps": {"a_1": RCS_APP}}, None, id="WX2-ENV-06-not-of-sms"),
    ],
)
def test_an_unknown_sender_fails_by_receipt(data: Any, settings: dict[str, Any], expected: Fate | None) -> None:
    """A sender or app that is not declared is accepted, and its messages fail."""
    assert fates(data, **settings) == [expected]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(with_template({"id": "T1"}), None, id="WX2-ENV-09-declared"),
        pytest.param(with_template({"id": "T3"}), refused("WX2-ENV-09", "7108"), id="WX2-ENV-09-not-declared"),
        pytest.param(with_template({"id": "t1"}), refused("WX2-ENV-09", "7108"), id="WX2-ENV-09-letter-case"),
        pytest.param(with_template({"id": "T2"}), refused("WX2-ENV-09", "7108"), id="WX2-ENV-09-of-another-channel"),
        pytest.param(email(content=OMIT, template={"id": "T2"}), None, id="WX2-ENV-09-email"),
    ],
)
def test_declared_templates(data: Any, expected: tuple[str, str, str] | None) -> None:
    """Where templates are declared, one of them is named, and one of the channel."""
    assert outcome(data, templates=TEMPLATES) == expected


def test_what_is_kept_of_the_envelope() -> None:
    """WX2-ENV-11, -12: what the callbacks need is handed on exactly as it was sent."""
    data = sms(callbackData="data", notifyUrl=" https://a.test/ ", notifyUrlAuthId="AUTH")
    checked = check(data)
    assert (checked.channel, checked.sender, checked.body) == ("sms", "CNNECT", data)
    assert (checked.callback_data, checked.notify_url, checked.notify_auth_id) == ("data", " https://a.test/ ", "AUTH")
    assert not checked.by_template
    assert check(sms(notifyUrlAuthId=5)).notify_auth_id is None
    assert warnings(email(cc=["a@b.test"], multipleToRecipients=True)) == ()
    assert check(with_template({"id": "T1"})).by_template


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param({"notifyurl": "https://a.test"}, "https://a.test", id="WX2-ENV-12-alias"),
        pytest.param(
            {"notifyUrl": "https://a.test", "notifyurl": "https://b.test"}, "https://a.test", id="WX2-ENV-12-both"
        ),
        pytest.param({"notifyUrl": ""}, None, id="WX2-ENV-12-empty-is-absent"),
        pytest.param({"notifyUrl": {"a": 1}}, '{"a":1}', id="WX2-ENV-12-no-text"),
        pytest.param({}, None, id="WX2-ENV-12-absent"),
    ],
)
def test_the_notify_url(members: dict[str, Any], expected: str | None) -> None:
    """The request's callback address is kept whatever it is: it is judged when something is to be sent there."""
    assert check(sms(**members)).notify_url == expected


def test_the_first_failing_check_answers() -> None:
    """The envelope is looked at before the destinations, these before the times, and so on down to the contact policy."""
    wrong: dict[str, Any] = {
        "channel": "fax",
        "from": "",
        "priority": 9,
        "to": [],
        "sendAt": "now",
        "requestedReceipts": ["read"],
        "options": {"domain": 5},
        "substitutions": [1],
        "smartlinks": 5,
        "contactPolicy": 5,
    }
    right = sms(options={}, smartlinks=[])
    seen = []
    for name in wrong:
        seen.append(outcome({**right, **wrong}, strict_unknown_fields=True))
        wrong[name] = right.get(name)
    assert [rule for rule, _, _ in filter(None, seen)] == [
        "WX2-ENV-02",
        "WX2-ENV-03",
        "WX2-ENV-10",
        "WX2-TO-01",
        "WX2-TIME-01",
        "WX2-RCPT-01",
        "WX2-SMS-07",
        "WX2-SUB-05",
        "WX2-LINK-02",
        "WX2-CP-01",
    ]
    assert outcome({**right, **wrong}) is None


def test_unknown_fields_are_refused_before_all_else() -> None:
    """WX2-JSON-02: as a matter of the body's form, they come before the envelope."""
    assert_refused(sms(colour="red", **{"from": ""}), "WX2-JSON-02", "7004", "colour", strict_unknown_fields=True)


def test_the_rate_is_asked_between_destinations_and_times() -> None:
    """WX2-RATE-01: who may be too many is asked with the number of destinations, once these are known to be good."""
    seen: list[int] = []
    settings = ServiceSettings()
    v2.check(sms(to=[{"msisdn": ["+447700900123"] * 3}, {"msisdn": ["+447700900124"]}]), settings, NOON, seen.append)
    with pytest.raises(ApiError):
        v2.check(sms(to=[{"msisdn": ["x"]}]), settings, NOON, seen.append)
    with pytest.raises(ApiError):
        v2.check(sms(sendAt="now"), settings, NOON, seen.append)
    v2.check(email(cc=["a@b.test"], to=[{"email": ["a@b.test", "b@b.test"]}]), settings, NOON, seen.append)
    assert seen == [4, 1, 2]
