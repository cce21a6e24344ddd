"""v2: SMS."""

import re
from typing import Any

import pytest

from sandbox.core.content import Text
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.account import Template
from sandbox.providers.webex_connect.checked import Fate
from v2_requests import OMIT, PHONE, check, fates, outcome, refused, shown, sms, warnings

TOO_LONG = Fate("Failed", "7107")  # delivered as Failed, not Un-Delivered


def text_of(data: Any, **settings: Any) -> str:
    """Return the words that the first destination sees."""
    content = shown(data, **settings).content
    assert isinstance(content, Text)
    return content.text


def option(name: str, value: Any) -> dict[str, Any]:
    """Return an SMS with one option."""
    return sms(options={name: value})


def bad(path: str) -> tuple[str, str, str]:
    """Return the refusal of an option."""
    return refused("WX2-SMS-07", "7004", path)


MESSAGES = [
    pytest.param(sms({"type": OMIT}), refused("WX2-SMS-01", "7003", "content.type"), id="WX2-SMS-01-absent"),
    pytest.param(sms({"type": ""}), refused("WX2-SMS-01", "7003", "content.type"), id="WX2-SMS-01-empty"),
    pytest.param(sms({"type": "unicode"}), None, id="WX2-SMS-01-unicode"),
    pytest.param(sms({"type": "TEXT"}), None, id="WX2-SMS-01-capitals"),
    pytest.param(sms({"type": "flash"}), refused("WX2-SMS-01", "7004", "content.type"), id="WX2-SMS-01-flash"),
    pytest.param(
        sms({"type": "text or unicode"}), refused("WX2-SMS-01", "7004", "content.type"), id="WX2-SMS-01-as-printed"
    ),
    pytest.param(sms({"type": 1}), refused("WX2-SMS-01", "7004", "content.type"), id="WX2-SMS-01-a-number"),
    pytest.param(sms({"text": OMIT}), refused("WX2-SMS-02", "7003", "content.text"), id="WX2-SMS-02-absent"),
    pytest.param(sms({"text": None}), refused("WX2-SMS-02", "7003", "content.text"), id="WX2-SMS-02-null"),
    pytest.param(sms({"text": ""}), refused("WX2-SMS-02", "7003", "content.text"), id="WX2-SMS-02-empty"),
    pytest.param(sms({"text": " "}), None, id="WX2-SMS-02-a-blank"),
    pytest.param(sms({"text": 5}), refused("WX2-SMS-02", "7004", "content.text"), id="WX2-SMS-02-a-number"),
    pytest.param(sms({"text": ["a"]}), refused("WX2-SMS-02", "7004", "content.text"), id="WX2-SMS-02-an-array"),
    pytest.param(sms({"text": "x" * 1024}), None, id="WX2-SMS-03-1024"),
    pytest.param(sms({"text": "x" * 1025}), refused("WX2-SMS-03", "7004", "content.text"), id="WX2-SMS-03-1025"),
    pytest.param(sms({"text": "😀" * 1024}), None, id="WX2-SMS-03-1024-emoji"),
    pytest.param(sms({"text": "😀" * 1025}), refused("WX2-SMS-03", "7004", "content.text"), id="WX2-SMS-03-1025-emoji"),
    pytest.param(
        sms({"text": "x" * 1018 + "$(name)"}, substitutions={"name": ""}),
        refused("WX2-SMS-03", "7004", "content.text"),
        id="WX2-SMS-03-before-substitution",
    ),
    pytest.param(sms(options=OMIT), None, id="WX2-SMS-07-no-options"),
    pytest.param(sms(options={}), None, id="WX2-SMS-07-empty-options"),
    pytest.param(sms(options="shortenLinks"), bad("options"), id="WX2-SMS-07-options-are-an-object"),
    *[
        pytest.param(option(name, value), None, id=f"WX2-SMS-07-{name}-{value!r}")
        for name in ("shortenLinks", "trackClicks")
        for value in (True, False, "true", "false", None)
    ],
    *[
        pytest.param(option(name, value), bad(f"options.{name}"), id=f"WX2-SMS-07-{name}-{value!r}-is-none")
        for name in ("shortenLinks", "trackClicks")
        for value in ("yes", 1, 0, "1", ["true"])
    ],
    *[
        pytest.param(option("domain", value), None, id=f"WX2-SMS-07-domain-{value!r}")
        for value in (
            "https://me.co.uk",
            "http://me.co.uk",
            "https://domainname",
            "https://me.co.uk/",
            "https://a:8080",
            "",
        )
    ],
    *[
        pytest.param(option("domain", value), bad("options.domain"), id=f"WX2-SMS-07-domain-{value!r}-is-none")
        for value in (
            "me.co.uk",
            "ftp://me.co.uk",
            "https://",
            "https://me.co.uk/path",
            "https://me.co.uk?a=b",
            "https://me.co.uk#a",
            "https://user@me.co.uk",
            "https://me .co.uk",
            "https://[::1",
            "https://a:x",
            5,
        )
    ],
    pytest.param(option("extras", {"dlt_templateid": "123456789"}), None, id="WX2-SMS-07-dlt"),
    pytest.param(option("extras", {"dlt_templateid": 123456789}), None, id="WX2-SMS-07-dlt-as-number"),
    pytest.param(option("extras", {}), None, id="WX2-SMS-07-empty-extras"),
    pytest.param(option("extras", "1"), bad("options.extras"), id="WX2-SMS-07-extras-are-an-object"),
    *[
        pytest.param(
            option("extras", {"dlt_templateid": value}),
            bad("options.extras.dlt_templateid"),
            id=f"WX2-SMS-07-dlt-{value!r}-is-none",
        )
        for value in ("12a", "-1", -1, 1.5, True, ["1"], "1" * 101)
    ],
    *[pytest.param(option(name, "a"), None, id=f"WX2-SMS-07-{name}") for name in ("tag1", "tag2", "allowFallbackURL")],
    pytest.param(option("allowFallbackURL", True), None, id="WX2-SMS-07-allowFallbackURL-true"),
    *[
        pytest.param(option(name, 5), bad(f"options.{name}"), id=f"WX2-SMS-07-{name}-is-a-string")
        for name in ("tag1", "tag2", "allowFallbackURL")
    ],
]


@pytest.mark.parametrize(("data", "expected"), MESSAGES)
def test_an_sms(data: Any, expected: tuple[str, str, str] | None) -> None:
    """Content and options of an SMS are accepted, or refused by rule, code and path."""
    assert outcome(data) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("x" * 2983, None, id="WX2-SMS-04-4000"),
        pytest.param("x" * 2984, TOO_LONG, id="WX2-SMS-04-4001"),
    ],
)
def test_a_text_that_substitution_makes_long(value: str, expected: Fate | None) -> None:
    """A text of more than 4000 characters after substitution is accepted and fails; each destination has its own."""
    data = sms(
        {"text": "x" * 1017 + "$(name)"},
        substitutions={"name": "short"},
        to=[{"msisdn": [PHONE], "substitutions": {"name": value}}, {"msisdn": [PHONE]}],
    )
    assert fates(data) == [expected, None]


def test_a_template_may_be_long_from_the_start() -> None:
    """WX2-SMS-04: the limit holds for a template's text as well, with placeholders and without."""
    for text, expected in (("x" * 4000, None), ("x" * 4001, TOO_LONG), ("x" * 3990 + "$(unknown)", None)):
        templates = {"T": Template(channel="sms", text=text)}
        assert fates(sms(content=OMIT, template={"id": "T"}), templates=templates) == [expected]
    templates = {"T": Template(channel="sms", text="x" * 3991 + "$(unknown)")}
    assert fates(sms(content=OMIT, template={"id": "T"}), templates=templates) == [TOO_LONG]


def test_an_unknown_sender_comes_before_a_long_text() -> None:
    """WX2-ENV-05: of two reasons to fail the first is told."""
    data = sms({"text": "$(name)"}, substitutions={"name": "x" * 4001})
    assert fates(data, senders=["OTHER"]) == [Fate("Failed", "7101")]


@pytest.mark.parametrize(
    ("options", "clicks"),
    [
        pytest.param({"trackClicks": True, "shortenLinks": True}, True, id="WX2-SMS-05-both"),
        pytest.param({"trackClicks": "true", "shortenLinks": "true"}, True, id="WX2-SMS-05-both-as-texts"),
        pytest.param({"trackClicks": True}, False, id="WX2-SMS-05-not-shortened"),
        pytest.param({"trackClicks": True, "shortenLinks": False}, False, id="WX2-SMS-05-expressly-not-shortened"),
        pytest.param({"shortenLinks": True}, False, id="WX2-SMS-05-not-tracked"),
        pytest.param({}, False, id="WX2-SMS-05-neither"),
    ],
)
def test_clicks_are_told_of_shortened_links_only(options: dict[str, Any], clicks: bool) -> None:
    """`trackClicks` counts together with `shortenLinks`; alone it is accepted, with a warning."""
    checked = check(sms({"text": "See https://a.test/1."}, options=options))
    assert checked.clicks is clicks
    assert checked.links(checked.addressed[0]) == (("https://a.test/1",) if clicks else ())
    assert any(warning.startswith("WX2-SMS-05") for warning in checked.warnings) == (
        "trackClicks" in options and not clicks
    )


SHORT = "https://s.sandbox.invalid/~"  # the tilde stands for what is made up


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        pytest.param("See https://a.test/1?b=c&d#e", {}, f"See {SHORT}", id="WX2-SMS-06-https"),
        pytest.param("HTTPS://A.test", {}, SHORT, id="WX2-SMS-06-letter-case"),
        pytest.param("http://a.test/3", {}, "http://a.test/3", id="WX2-SMS-06-http-stays"),
        pytest.param(
            "https://a.test, (https://b.test).", {}, f"{SHORT}, ({SHORT}).", id="WX2-SMS-06-punctuation-stays"
        ),
        pytest.param("https:// www.a.test", {}, "https:// www.a.test", id="WX2-SMS-06-no-link"),
        pytest.param("https://a.test", {"shortenLinks": "true"}, SHORT, id="WX2-SMS-06-as-text"),
        pytest.param("https://a.test", {"domain": "https://me.co.uk"}, "https://me.co.uk/~", id="WX2-SMS-06-domain"),
        pytest.param(
            "https://a.test", {"domain": "http://me.co.uk/"}, "http://me.co.uk/~", id="WX2-SMS-06-domain-slash"
        ),
        pytest.param("https://a.test", {"domain": ""}, SHORT, id="WX2-SMS-06-empty-domain"),
        pytest.param("https://a.test", {"shortenLinks": False}, "https://a.test", id="WX2-SMS-06-false"),
        pytest.param("https://a.test", {"shortenLinks": None}, "https://a.test", id="WX2-SMS-06-absent"),
        pytest.param(
            "https://a.test",
            {"shortenLinks": "false", "domain": "https://me.co.uk"},
            "https://a.test",
            id="WX2-SMS-06-a-domain-alone",
        ),
        pytest.param("$(link)", {}, SHORT, id="WX2-SMS-06-in-a-value"),
    ],
)
def test_https_links_are_shortened(text: str, options: dict[str, Any], expected: str) -> None:
    """Each https link of the body as it is sent becomes one of the domain; http links and all else stay."""
    data = sms({"text": text}, options={"shortenLinks": True, **options}, substitutions={"link": "https://v.test"})
    assert re.fullmatch(re.escape(expected).replace("\\~", "~").replace("~", "[0-9a-f]{10}"), text_of(data))


def test_every_link_has_a_short_one_of_its_own() -> None:
    """WX2-SMS-06: two links are two; the same one twice is the same."""
    data = sms({"text": "https://a.test https://b.test https://a.test"}, options={"shortenLinks": True})
    first, second, third = text_of(data).split(" ")
    assert first == third != second


def test_short_links_are_of_the_domain_that_is_asked_for() -> None:
    """WX2-SMS-06: and the same whenever they are read, but another for another person."""
    data = sms(
        {"text": "https://a.test/1"},
        to=[{"msisdn": [PHONE, "+447700900124"]}],
        options={"shortenLinks": True, "domain": "https://me.co.uk/"},
    )
    checked = check(data)
    first, second = (checked.content(addressed) for addressed in checked.addressed)
    assert isinstance(first.content, Text)
    assert first.content.text.startswith("https://me.co.uk/")
    assert first == checked.content(checked.addressed[0]) != second


def test_a_plain_sms() -> None:
    """The handset shows the text alone; nothing is warned of."""
    data = sms({"text": "Hello"})
    assert shown(data) == Body(Text("Hello"))
    assert warnings(data) == ()
    checked = check(data)
    assert (checked.silent, checked.clicks, checked.carrier, checked.fallback) == (False, False, None, None)
