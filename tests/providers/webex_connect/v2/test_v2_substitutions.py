"""v2: values of placeholders, smart links, and the contact policy."""

from typing import Any

import pytest

from sandbox.core.content import Text
from sandbox.providers.webex_connect.account import Template
from sandbox.providers.webex_connect.checked import ContactPolicy
from v2_requests import OMIT, PHONE, assert_refused, check, email, html, outcome, rcs, refused, shown, sms, warnings


def texts(data: Any, **settings: Any) -> list[str]:
    """Return what each destination reads."""
    checked = check(data, **settings)
    return [
        content.text
        for addressed in checked.addressed
        if isinstance(content := checked.content(addressed).content, Text)
    ]


def bad(path: str) -> tuple[str, str, str]:
    """Return the refusal of substitutions."""
    return refused("WX2-SUB-05", "7004", path)


def to(*values: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return an object for each of these values."""
    return [{"msisdn": [PHONE], **({} if own is None else {"substitutions": own})} for own in values]


@pytest.mark.parametrize(
    ("text", "members", "expected"),
    [
        pytest.param("Hi $(name)", {"substitutions": {"name": "Ann"}}, ["Hi Ann"], id="WX2-SUB-01-of-the-request"),
        pytest.param("Hi $(name)", {"to": to({"name": "Bob"})}, ["Hi Bob"], id="WX2-SUB-01-of-the-destination"),
        pytest.param(
            "Hi $(name) $(last)",
            {"substitutions": {"name": "Ann", "last": "Lee"}, "to": to({"name": "Bob"}, None, {"last": "Ray"})},
            ["Hi Bob Lee", "Hi Ann Lee", "Hi Ann Ray"],
            id="WX2-SUB-01-the-destination-wins",
        ),
        pytest.param("$(a)$(a)", {"substitutions": {"a": "1"}}, ["11"], id="WX2-SUB-01-twice"),
        pytest.param("$(first name)", {"substitutions": {"first name": "Ann"}}, ["Ann"], id="WX2-SUB-01-a-blank-in-it"),
        pytest.param("$($(a))", {"substitutions": {"a": "1"}}, ["$(1)"], id="WX2-SUB-01-the-inner-one"),
        pytest.param("$() $(", {"substitutions": {"": "1"}}, ["$() $("], id="WX2-SUB-01-no-name"),
        pytest.param("$(Name)", {"substitutions": {"name": "Ann"}}, ["$(Name)"], id="WX2-SUB-01-letter-case-counts"),
        pytest.param("$(area)", {"substitutions": {"value": "1"}}, ["$(area)"], id="WX2-SUB-02-stays"),
        pytest.param(
            "${a} {{a}} $a {a} $[a]", {"substitutions": {"a": "1"}}, ["${a} {{a}} $a {a} $[a]"], id="WX2-SUB-03-others"
        ),
        pytest.param("$(a)", {"substitutions": {"a": "$(b)", "b": "1"}}, ["$(b)"], id="WX2-SUB-05-once"),
        pytest.param("$(a)", {"substitutions": {"a": 5}}, ["5"], id="WX2-SUB-05-a-number"),
        pytest.param("$(a)", {"substitutions": {"a": 1.5}}, ["1.5"], id="WX2-SUB-05-a-fraction"),
        pytest.param("$(a) $(b)", {"substitutions": {"a": True, "b": False}}, ["true false"], id="WX2-SUB-05-booleans"),
        pytest.param("$(a)", {"substitutions": {"a": ""}}, [""], id="WX2-SUB-05-an-empty-text"),
        pytest.param("$(a)", {"substitutions": {"a": None}}, ["$(a)"], id="WX2-SUB-05-null-is-absent"),
        pytest.param(
            "$(a)", {"substitutions": {"a": "1"}, "to": to({"a": None})}, ["1"], id="WX2-SUB-05-null-hides-nothing"
        ),
    ],
)
def test_values_are_put_into_a_text(text: str, members: dict[str, Any], expected: list[str]) -> None:
    """$(name) becomes the destination's value, or else the request's; whatever has none stays as it is written."""
    assert texts(sms({"text": text}, **members)) == expected
    assert texts(rcs({"text": text}, **members)) == expected


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param({"substitutions": {}}, None, id="WX2-SUB-05-empty"),
        pytest.param({"substitutions": None}, None, id="WX2-SUB-05-null"),
        pytest.param({"substitutions": {"": "a"}}, None, id="WX2-SUB-05-a-name-of-nothing"),
        pytest.param({"substitutions": "a"}, bad("substitutions"), id="WX2-SUB-05-a-string"),
        pytest.param({"substitutions": [{"a": "b"}]}, bad("substitutions"), id="WX2-SUB-05-an-array"),
        pytest.param({"substitutions": {"a": {"b": "c"}}}, bad("substitutions"), id="WX2-SUB-05-an-object-in-it"),
        pytest.param({"substitutions": {"a": "b", "c": ["d"]}}, bad("substitutions"), id="WX2-SUB-05-an-array-in-it"),
        pytest.param({"to": to(None, {"a": []})}, bad("to[1].substitutions"), id="WX2-SUB-05-of-a-destination"),
        pytest.param(
            {"to": [{"msisdn": [PHONE], "substitutions": "a"}]},
            bad("to[0].substitutions"),
            id="WX2-SUB-05-a-string-there",
        ),
    ],
)
def test_values_are_texts(members: dict[str, Any], expected: tuple[str, str, str] | None) -> None:
    """Substitutions are an object of texts, numbers and booleans, even where no placeholder asks for them."""
    assert outcome(sms(**members)) == expected


@pytest.mark.parametrize(
    ("text", "members", "unresolved"),
    [
        pytest.param("$(a)", {}, "a", id="WX2-SUB-02-no-values"),
        pytest.param("$(a) $(b) $(a)", {"substitutions": {"b": "1"}}, "a", id="WX2-SUB-02-named-once"),
        pytest.param("$(a)", {"to": to({"a": "1"}, {"b": "1"})}, "a", id="WX2-SUB-02-one-destination-lacks-it"),
        pytest.param("$(a)", {"to": to({"a": "1"}, None)}, "a", id="WX2-SUB-02-one-destination-has-nothing"),
        pytest.param("$(a) $(b)", {"to": to({"a": "1"}, {"a": "1"})}, "b", id="WX2-SUB-02-both-lack-it"),
        pytest.param("$(a)", {"to": to({"a": "1"}, {"a": "2"})}, None, id="WX2-SUB-02-both-have-it"),
        pytest.param(
            "$(a)", {"to": to({"b": "1"}, None), "substitutions": {"a": "1"}}, None, id="WX2-SUB-02-the-request-has-it"
        ),
        pytest.param("no placeholder", {}, None, id="WX2-SUB-02-no-placeholder"),
    ],
)
def test_placeholders_without_a_value(text: str, members: dict[str, Any], unresolved: str | None) -> None:
    """They are listed, or refused where the service is strict about them."""
    data = sms({"text": text}, **members)
    expected = () if unresolved is None else (f"WX2-SUB-02: unresolved_placeholders: {unresolved}",)
    assert warnings(data) == expected
    strict = None if unresolved is None else refused("WX2-SUB-02", "7004", "substitutions")
    assert outcome(data, strict_placeholders=True) == strict


def test_few_placeholders_are_listed() -> None:
    """WX2-SUB-02: twenty are named and the rest counted."""
    (warning,) = warnings(html({"html": "".join(f"$({number})" for number in range(30_000))}))
    assert warning.endswith(", 19 and 29980 more")


@pytest.mark.parametrize(
    ("data", "listed"),
    [
        pytest.param(sms({"text": "$(a)"}), True, id="WX2-SUB-04-sms"),
        pytest.param(rcs({"text": "$(a)"}), True, id="WX2-SUB-04-rcs-text"),
        pytest.param(email({"subject": "$(a)"}), True, id="WX2-SUB-04-subject"),
        pytest.param(email({"text": "$(a)"}), True, id="WX2-SUB-04-text-of-an-email"),
        pytest.param(html({"html": "$(a)"}), True, id="WX2-SUB-04-html"),
        pytest.param(html({"text": "$(a)"}), True, id="WX2-SUB-04-text-beside-html"),
        pytest.param(email({"html": "$(a)"}), False, id="WX2-SUB-04-html-that-is-ignored"),
        pytest.param(
            rcs({"suggestions": [{"type": "reply", "displayText": "$(a)", "postbackData": "$(a)"}]}),
            False,
            id="WX2-SUB-04-suggestions",
        ),
        pytest.param(
            rcs({"type": "media", "text": OMIT, "mediaContentUrl": "https://a.test/$(a).jpg"}),
            False,
            id="WX2-SUB-04-media",
        ),
        pytest.param(
            rcs(options={"smsFallback": True, "smsSenderId": "a", "text": "$(a)"}), False, id="WX2-SUB-04-fallback"
        ),
        pytest.param(sms(callbackData="$(a)"), False, id="WX2-SUB-04-callbackData"),
        pytest.param(html(options={"fromName": "$(a)"}), False, id="WX2-SUB-04-fromName"),
    ],
)
def test_where_placeholders_stand(data: Any, listed: bool) -> None:
    """In the texts of SMS, RCS and e-mail; elsewhere $(name) is plain words."""
    assert any(warning.startswith("WX2-SUB-02") for warning in warnings(data)) == listed


STORED = {
    "T": Template(channel="sms", text="$(a) $(b)", params=["a"]),
    "U": Template(channel="email", text="x", params=["a", "b"]),
}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param({"substitutions": {"a": "1"}}, None, id="WX2-SUB-06-of-the-request"),
        pytest.param({"to": to({"a": "1"})}, None, id="WX2-SUB-06-of-the-destination"),
        pytest.param({}, "a", id="WX2-SUB-06-absent"),
        pytest.param({"substitutions": {"b": "1"}}, "a", id="WX2-SUB-06-another"),
        pytest.param({"to": to({"a": "1"}, None)}, "a", id="WX2-SUB-06-one-destination-lacks-it"),
        pytest.param({"substitutions": {"a": None}}, "a", id="WX2-SUB-06-null"),
    ],
)
def test_the_parameters_of_a_template(members: dict[str, Any], expected: str | None) -> None:
    """All that a declared template asks for has a value at every destination."""
    data = sms(content=OMIT, template={"id": "T"}, **members)
    refusal = None if expected is None else refused("WX2-SUB-06", "7003", f"substitutions.{expected}")
    assert outcome(data, templates=STORED) == refusal
    assert outcome(data) is None


def test_the_first_missing_parameter_is_named() -> None:
    """WX2-SUB-06: in the template's order; a braced name does not upset the answer."""
    data = email(content=OMIT, template={"id": "U"}, substitutions={"c": "1"})
    assert_refused(data, "WX2-SUB-06", "7003", "substitutions.a", templates=STORED)
    odd = {"U": Template(channel="email", text="x", params=["{0}"])}
    assert_refused(data, "WX2-SUB-06", "7003", "substitutions.{0}", templates=odd)


def test_a_template_as_the_handset_shows_it() -> None:
    """WX2-SUB-02: beyond its parameters a template's placeholders are as any others."""
    data = sms(content=OMIT, template={"id": "T"}, substitutions={"a": "1"})
    assert texts(data, templates=STORED) == ["1 $(b)"]
    assert warnings(data, templates=STORED) == ("WX2-SUB-02: unresolved_placeholders: b",)


def test_values_do_not_grow_with_the_destinations() -> None:
    """WX2-SUB-01: a thousand destinations share the request's values instead of having each a copy."""
    values = {f"name{number}": "x" for number in range(20_000)}
    data = sms({"text": "$(name7) $(own)"}, substitutions=values, to=to(*[{"own": str(n)} for n in range(1000)]))
    checked = check(data)
    assert checked.addressed[999].substitutions["name7"] == "x"
    assert checked.addressed[999].substitutions["own"] == "999"
    assert texts(data)[7] == "x 7"


def test_a_filled_text_is_cut() -> None:
    """WX2-SUB-01: a value that stands ten thousand times in a text does not fill the memory."""
    data = html({"html": "$(a)" * 80_000}, substitutions={"a": "x" * 100_000})
    content: Any = shown(data).content
    assert len(content.details["html"]) == 512 * 1024


# --------------------------------------------------------------------------------------------------- smart links

ENTRY = {"smartlinkId": 5, "validity": 30}


def with_links(*entries: Any, text: str = "Get {{link_5}}") -> dict[str, Any]:
    """Return an SMS with a smart link in its text."""
    return sms({"text": text}, smartlinks=list(entries))


def entry(**changes: Any) -> dict[str, Any]:
    """Return an SMS with one entry; a member given as `OMIT` is left out."""
    members = {name: value for name, value in {**ENTRY, **changes}.items() if value is not OMIT}
    return with_links(members, text="Hello")


NO_ENTRY = refused("WX2-LINK-01", "7003", "smartlinks")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(with_links(ENTRY), None, id="WX2-LINK-01-has-an-entry"),
        pytest.param(with_links(ENTRY, text="{{smartlink_5}}"), None, id="WX2-LINK-01-the-second-form"),
        pytest.param(with_links({"linkid": "5", "validity": "30"}), None, id="WX2-LINK-01-the-alias"),
        pytest.param(sms({"text": "Get {{link_5}}"}), NO_ENTRY, id="WX2-LINK-01-no-entries"),
        pytest.param(with_links(), NO_ENTRY, id="WX2-LINK-01-empty"),
        pytest.param(with_links(ENTRY, text="{{link_6}}"), NO_ENTRY, id="WX2-LINK-01-another"),
        pytest.param(with_links(ENTRY, text="{{link_5}} {{link_6}}"), NO_ENTRY, id="WX2-LINK-01-one-of-two"),
        pytest.param(sms({"text": "{{smartlink_5}}"}), NO_ENTRY, id="WX2-LINK-01-the-second-form-without"),
        pytest.param(sms({"text": "{{link_linkid}} {link_5} {{link_}}"}), None, id="WX2-LINK-01-no-placeholders"),
        pytest.param(rcs({"text": "Get {{link_5}}"}), None, id="WX2-LINK-01-not-in-rcs"),
        pytest.param(email({"text": "Get {{link_5}}"}), None, id="WX2-LINK-01-not-in-email"),
        pytest.param(with_links(ENTRY, text="Hello"), None, id="WX2-LINK-02-unused"),
        pytest.param(sms(smartlinks=ENTRY), refused("WX2-LINK-02", "7004", "smartlinks"), id="WX2-LINK-02-an-object"),
        pytest.param(with_links("a"), refused("WX2-LINK-02", "7004", "smartlinks[0]"), id="WX2-LINK-02-a-string"),
        pytest.param(
            with_links(ENTRY, {**ENTRY, "smartlinkId": "5"}),
            refused("WX2-LINK-02", "7004", "smartlinks[1].smartlinkId"),
            id="WX2-LINK-02-twice",
        ),
        pytest.param(with_links(ENTRY, {**ENTRY, "smartlinkId": 6}), None, id="WX2-LINK-02-two"),
        *[
            pytest.param(entry(**{name: value}), None, id=f"WX2-LINK-02-{name}-{value!r}")
            for name in ENTRY
            for value in (1, "1", 10**9)
        ],
        *[
            pytest.param(
                entry(**{name: value}),
                refused("WX2-LINK-02", code, f"smartlinks[0].{name}"),
                id=f"WX2-LINK-02-{name}-{what}",
            )
            for name in ENTRY
            for what, value, code in (
                ("absent", OMIT, "7003"),
                ("null", None, "7003"),
                ("empty", "", "7003"),
                ("zero", 0, "7004"),
                ("negative", -1, "7004"),
                ("fraction", 1.5, "7004"),
                ("word", "five", "7004"),
                ("true", True, "7004"),
                ("array", [5], "7004"),
            )
        ],
        pytest.param(
            rcs(smartlinks=[{}]), refused("WX2-LINK-02", "7003", "smartlinks[0].smartlinkId"), id="WX2-LINK-02-on-rcs"
        ),
    ],
)
def test_smart_links(data: Any, expected: tuple[str, str, str] | None) -> None:
    """A placeholder in an SMS needs its entry; entries are whole, and one of an id."""
    assert outcome(data) == expected


def test_smart_links_are_put_into_the_text() -> None:
    """WX2-LINK-01: both forms become the same address, which shortenLinks leaves alone and another person has not."""
    data = with_links(ENTRY, text="{{link_5}} {{smartlink_5}} {{link_x}}")
    first, second, third = texts({**data, "options": {"shortenLinks": True}})[0].split(" ")
    assert first == second
    assert first.startswith("https://lnk.sandbox.invalid/5-")
    assert third == "{{link_x}}"
    one, two = texts({**data, "to": [{"msisdn": [PHONE, "+447700900124"]}]})
    assert one != two
    assert texts(rcs({"text": "{{link_5}}"}, smartlinks=[ENTRY])) == ["{{link_5}}"]


# ------------------------------------------------------------------------------------------------ contact policy


def with_policy(**policy: Any) -> dict[str, Any]:
    """Return an SMS with a contact policy."""
    return sms(contactPolicy=policy)


GROUP = "contactPolicy.contactPolicyGroup"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(sms(contactPolicy=None), None, id="WX2-CP-01-null"),
        pytest.param(with_policy(contactPolicyGroup="g", channelCheckConsent=True), None, id="WX2-CP-01-consent"),
        pytest.param(with_policy(contactPolicyGroup="g", channelApplyFrequencyCap="true"), None, id="WX2-CP-01-cap"),
        pytest.param(
            with_policy(channelCheckConsent=True), refused("WX2-CP-01", "7003", GROUP), id="WX2-CP-01-no-group"
        ),
        pytest.param(
            with_policy(contactPolicyGroup="", channelApplyFrequencyCap=True),
            refused("WX2-CP-01", "7003", GROUP),
            id="WX2-CP-01-empty-group",
        ),
        pytest.param(
            with_policy(contactPolicyGroup=5, channelCheckConsent=True),
            refused("WX2-CP-01", "7004", GROUP),
            id="WX2-CP-01-a-number-for-a-group",
        ),
        pytest.param(
            with_policy(contactPolicyGroup="g"), refused("WX2-CP-01", "7004", "contactPolicy"), id="WX2-CP-01-no-flag"
        ),
        pytest.param(
            with_policy(contactPolicyGroup="g", channelCheckConsent=False, channelApplyFrequencyCap="false"),
            refused("WX2-CP-01", "7004", "contactPolicy"),
            id="WX2-CP-01-both-false",
        ),
        pytest.param(
            with_policy(contactPolicyGroup="g", channelCheckConsent="yes"),
            refused("WX2-CP-01", "7004", "contactPolicy.channelCheckConsent"),
            id="WX2-CP-01-yes",
        ),
        pytest.param(
            with_policy(contactPolicyGroup="g", channelApplyFrequencyCap=1),
            refused("WX2-CP-01", "7004", "contactPolicy.channelApplyFrequencyCap"),
            id="WX2-CP-01-one",
        ),
        pytest.param(with_policy(), refused("WX2-CP-01", "7004", "contactPolicy"), id="WX2-CP-01-empty"),
        pytest.param(sms(contactPolicy="g"), refused("WX2-CP-01", "7004", "contactPolicy"), id="WX2-CP-01-a-string"),
    ],
)
def test_the_contact_policy(data: Any, expected: tuple[str, str, str] | None) -> None:
    """A policy names a group and asks it for consent, for the cap, or for both."""
    assert outcome(data) == expected


def test_what_is_asked_of_a_group() -> None:
    """WX2-CP-01: both flags are handed on with the group."""
    data = with_policy(contactPolicyGroup="g", channelCheckConsent="true", channelApplyFrequencyCap=False)
    assert check(data).contact_policy == ContactPolicy("g", consent=True, cap=False)
    assert check(sms()).contact_policy is None
