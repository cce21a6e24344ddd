"""v2: e-mail."""

import time
from typing import Any

import pytest

from sandbox.core.content import Other
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.account import Template
from sandbox.providers.webex_connect.checked import Fate
from sandbox.providers.webex_connect.v2.email import tracked_links
from v2_requests import OMIT, PERSON, check, email, fates, html, outcome, rcs, refused, shown, sms, warnings

TOO_LARGE = Fate("Failed", "7535")
IMAGE = {"mimeType": "image/png", "name": "wings", "mediaUrl": "https://a.test/wings.jpg"}
FILE = "content.attachments[0]"


def attached(**changes: Any) -> dict[str, Any]:
    """Return an e-mail with one attachment; a member given as `OMIT` is left out."""
    attachment = {name: value for name, value in {**IMAGE, **changes}.items() if value is not OMIT}
    return html({"attachments": [attachment]})


def option(name: str, value: Any) -> dict[str, Any]:
    """Return an e-mail with one option."""
    return html(options={name: value})


def needs(rule: str, path: str) -> tuple[str, str, str]:
    """Return the refusal for something missing."""
    return refused(rule, "7003", path)


def bad(rule: str, path: str) -> tuple[str, str, str]:
    """Return the refusal for something wrong."""
    return refused(rule, "7004", path)


EMAILS = [
    pytest.param(email({"type": OMIT}), needs("WX2-EMAIL-01", "content.type"), id="WX2-EMAIL-01-absent"),
    pytest.param(email({"type": "HTML", "html": "a"}), None, id="WX2-EMAIL-01-capitals"),
    pytest.param(email({"type": "unicode"}), bad("WX2-EMAIL-01", "content.type"), id="WX2-EMAIL-01-unicode"),
    pytest.param(email({"type": 1}), bad("WX2-EMAIL-01", "content.type"), id="WX2-EMAIL-01-a-number"),
    pytest.param(email({"subject": OMIT}), needs("WX2-EMAIL-02", "content.subject"), id="WX2-EMAIL-02-absent"),
    pytest.param(email({"subject": None}), needs("WX2-EMAIL-02", "content.subject"), id="WX2-EMAIL-02-null"),
    pytest.param(email({"subject": ""}), None, id="WX2-EMAIL-02-empty-as-in-the-samples"),
    pytest.param(email({"subject": 5}), bad("WX2-EMAIL-02", "content.subject"), id="WX2-EMAIL-02-a-number"),
    pytest.param(email({"text": OMIT}), needs("WX2-EMAIL-03", "content.text"), id="WX2-EMAIL-03-absent"),
    pytest.param(email({"text": ""}), needs("WX2-EMAIL-03", "content.text"), id="WX2-EMAIL-03-empty"),
    pytest.param(email({"text": 5}), bad("WX2-EMAIL-03", "content.text"), id="WX2-EMAIL-03-a-number"),
    pytest.param(
        email({"text": OMIT, "html": "<p>"}),
        needs("WX2-EMAIL-03", "content.text"),
        id="WX2-EMAIL-03-html-does-not-count",
    ),
    pytest.param(html({"text": OMIT}), None, id="WX2-EMAIL-03-optional-beside-html"),
    pytest.param(html({"text": ""}), None, id="WX2-EMAIL-03-empty-beside-html"),
    pytest.param(html({"text": 5}), bad("WX2-EMAIL-03", "content.text"), id="WX2-EMAIL-03-a-number-beside-html"),
    pytest.param(html({"html": OMIT}), needs("WX2-EMAIL-04", "content.html"), id="WX2-EMAIL-04-absent"),
    pytest.param(
        html({"html": OMIT, "text": "a"}), needs("WX2-EMAIL-04", "content.html"), id="WX2-EMAIL-04-text-does-not-count"
    ),
    pytest.param(html({"html": ""}), needs("WX2-EMAIL-04", "content.html"), id="WX2-EMAIL-04-empty"),
    pytest.param(html({"html": ["a"]}), bad("WX2-EMAIL-04", "content.html"), id="WX2-EMAIL-04-an-array"),
    pytest.param(html({"html": "x" * 358_400}), None, id="WX2-EMAIL-05-350-KB"),
    pytest.param(html({"html": "x" * 358_401}), bad("WX2-EMAIL-05", "content.html"), id="WX2-EMAIL-05-a-byte-more"),
    pytest.param(html({"html": "ü" * 179_200}), None, id="WX2-EMAIL-05-350-KB-in-letters-of-two-bytes"),
    pytest.param(
        html({"html": "ü" * 179_200 + "x"}), bad("WX2-EMAIL-05", "content.html"), id="WX2-EMAIL-05-a-byte-more-in-them"
    ),
    pytest.param(email({"html": "x" * 358_401}), None, id="WX2-EMAIL-05-not-in-type-text"),
    pytest.param(attached(), None, id="WX2-EMAIL-06-whole"),
    pytest.param(attached(cid="logo"), None, id="WX2-EMAIL-06-cid"),
    pytest.param(attached(mimeType=OMIT, mimetype="image/png"), None, id="WX2-EMAIL-06-alias"),
    pytest.param(attached(mimeType="text/plain; charset=utf-8"), None, id="WX2-EMAIL-06-parameter"),
    pytest.param(html({"attachments": []}), None, id="WX2-EMAIL-06-none"),
    pytest.param(email({"attachments": [IMAGE]}), None, id="WX2-EMAIL-06-in-type-text"),
    pytest.param(html({"attachments": IMAGE}), bad("WX2-EMAIL-06", "content.attachments"), id="WX2-EMAIL-06-no-array"),
    pytest.param(html({"attachments": ["a"]}), bad("WX2-EMAIL-06", FILE), id="WX2-EMAIL-06-a-string"),
    *[
        pytest.param(
            attached(**{name: value}), needs("WX2-EMAIL-06", f"{FILE}.{name}"), id=f"WX2-EMAIL-06-{name}-{what}"
        )
        for name in IMAGE
        for what, value in (("absent", OMIT), ("null", None), ("empty", ""))
    ],
    *[
        pytest.param(
            attached(**{name: value}), bad("WX2-EMAIL-06", f"{FILE}.{name}"), id=f"WX2-EMAIL-06-{name}-{value!r}"
        )
        for name, value in (
            ("mimeType", "png"),
            ("mimeType", "image/"),
            ("mimeType", "/png"),
            ("mimeType", "image/png/x"),
            ("mimeType", 5),
            ("name", 5),
            ("mediaUrl", "wings.jpg"),
            ("mediaUrl", "ftp://a.test/wings.jpg"),
            ("mediaUrl", "https://"),
            ("mediaUrl", "https://a.test/the wings.jpg"),
            ("mediaUrl", 5),
            ("cid", 5),
        )
    ],
    pytest.param(
        html({"attachments": [IMAGE, {**IMAGE, "name": ""}]}),
        needs("WX2-EMAIL-06", "content.attachments[1].name"),
        id="WX2-EMAIL-06-the-second",
    ),
    pytest.param(email({"replyTo": "a@b.test"}), None, id="WX2-EMAIL-08-replyTo"),
    pytest.param(email({"replyTo": None}), None, id="WX2-EMAIL-08-replyTo-null"),
    *[
        pytest.param(
            email({"replyTo": value}), bad("WX2-EMAIL-08", "content.replyTo"), id=f"WX2-EMAIL-08-replyTo-{value!r}"
        )
        for value in ("a", "", "[email\u00a0protected]", 5, ["a@b.test"])
    ],
    *[
        pytest.param(email(cc=value, bcc=value), None, id=f"WX2-EMAIL-08-copies-{value!r}")
        for value in ([], None, [PERSON])
    ],
    *[
        pytest.param(email(**{name: value}), bad("WX2-EMAIL-08", path), id=f"WX2-EMAIL-08-{path}-{value!r}")
        for name in ("cc", "bcc")
        for value, path in (
            (PERSON, name),
            ({"email": PERSON}, name),
            (["a"], f"{name}[0]"),
            ([PERSON, ""], f"{name}[1]"),
            ([PERSON, None], f"{name}[1]"),
            ([5], f"{name}[0]"),
        )
    ],
    pytest.param(email(cc=[PERSON] * 12_000, bcc=[PERSON] * 8_000), None, id="WX2-TO-04-20000-copies"),
    pytest.param(
        email(cc=[PERSON] * 12_000, bcc=[PERSON] * 8_001), refused("WX2-TO-04", "7009"), id="WX2-TO-04-20001-copies"
    ),
    pytest.param(
        email(cc=[PERSON] * 20, to=[{"email": [PERSON] * 1000}]), None, id="WX2-TO-04-20-copies-of-1000-messages"
    ),
    pytest.param(
        email(cc=[PERSON] * 21, to=[{"email": [PERSON] * 1000}]),
        refused("WX2-TO-04", "7009"),
        id="WX2-TO-04-21-copies-of-1000-messages",
    ),
    pytest.param(
        email(cc=[PERSON] * 21, to=[{"email": [PERSON] * 1000}], multipleToRecipients=True),
        None,
        id="WX2-TO-04-21-copies-of-one-joined-message",
    ),
    *[
        pytest.param(email(multipleToRecipients=value), None, id=f"WX2-EMAIL-10-{value!r}")
        for value in (True, False, "true", "false", None)
    ],
    *[
        pytest.param(
            email(multipleToRecipients=value),
            bad("WX2-EMAIL-10", "multipleToRecipients"),
            id=f"WX2-EMAIL-10-{value!r}-is-none",
        )
        for value in (1, "yes", [True])
    ],
    *[
        pytest.param(option(name, value), None, id=f"WX2-EMAIL-11-{name}-{value!r}")
        for name in ("trackClicks", "trackOpens", "shortenLinks")
        for value in (True, False, "true", "false", None)
    ],
    *[
        pytest.param(
            option(name, value), bad("WX2-EMAIL-11", f"options.{name}"), id=f"WX2-EMAIL-11-{name}-{value!r}-is-none"
        )
        for name, value in (
            ("trackClicks", "yes"),
            ("trackClicks", 1),
            ("trackOpens", "yes"),
            ("trackOpens", 0),
            ("shortenLinks", 1),
            ("domain", "me.co.uk"),
            ("domain", 5),
            ("fromName", 5),
            ("tag1", 5),
            ("tag2", []),
            ("allowFallbackURL", 5),
            ("listUnsubscribeUrl", 5),
            ("unsubscribeEmailAddress", 5),
            ("unsubscribeEmailSubject", 5),
        )
    ],
    pytest.param(option("fromName", "IMI UK"), None, id="WX2-EMAIL-11-fromName"),
    pytest.param(option("domain", "https://me.co.uk"), None, id="WX2-EMAIL-11-domain"),
    pytest.param(option("allowFallbackURL", True), None, id="WX2-EMAIL-11-allowFallbackURL-true"),
    pytest.param(email(options=[1]), bad("WX2-EMAIL-11", "options"), id="WX2-EMAIL-11-options-are-an-object"),
]


@pytest.mark.parametrize(("data", "expected"), EMAILS)
def test_an_email(data: Any, expected: tuple[str, str, str] | None) -> None:
    """An e-mail is accepted, or refused by rule, code and path."""
    assert outcome(data) == expected


@pytest.mark.parametrize(
    ("data", "warning"),
    [
        pytest.param(email({"subject": ""}), "WX2-EMAIL-02: content.subject is empty", id="WX2-EMAIL-02-empty"),
        pytest.param(
            email({"html": "<p>"}),
            "WX2-EMAIL-04: content.html is ignored in an e-mail of type text",
            id="WX2-EMAIL-04-html-of-a-text",
        ),
        *[
            pytest.param(
                make(**{name: "whatever"}),
                f"WX2-EMAIL-13: {name} is ignored: the channel is {channel}",
                id=f"WX2-EMAIL-13-{name}-on-{channel}",
            )
            for make, channel in ((sms, "sms"), (rcs, "rcs"))
            for name in ("cc", "bcc", "multipleToRecipients")
        ],
    ],
)
def test_what_is_tolerated_is_warned_of(data: Any, warning: str) -> None:
    """The journal tells what was accepted and is probably not meant so."""
    assert warnings(data) == (warning,)


SIZES = {"https://a.test/wings.jpg": 7_653_800, "https://a.test/small.jpg": 1}  # x 1.37 = 10,485,706 of 10,485,760


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param({"html": "x" * 54, "attachments": [IMAGE]}, None, id="WX2-EMAIL-07-10-MiB"),
        pytest.param({"html": "x" * 55, "attachments": [IMAGE]}, TOO_LARGE, id="WX2-EMAIL-07-a-byte-more"),
        pytest.param({"html": "ü" * 27, "attachments": [IMAGE]}, None, id="WX2-EMAIL-07-bytes-of-utf-8"),
        pytest.param({"html": "ü" * 28, "attachments": [IMAGE]}, TOO_LARGE, id="WX2-EMAIL-07-a-letter-more"),
        pytest.param(
            {"html": "x" * 27, "text": "y" * 28, "attachments": [IMAGE]}, TOO_LARGE, id="WX2-EMAIL-07-text-and-html"
        ),
        pytest.param(
            {"type": "text", "text": "x" * 54, "html": "y" * 99, "attachments": [IMAGE]},
            None,
            id="WX2-EMAIL-07-html-that-is-ignored",
        ),
        pytest.param({"attachments": [IMAGE, IMAGE]}, TOO_LARGE, id="WX2-EMAIL-07-two-attachments"),
        pytest.param(
            {"attachments": [{**IMAGE, "mediaUrl": "https://a.test/other.jpg"}] * 100},
            None,
            id="WX2-EMAIL-07-unknown-sizes",
        ),
        pytest.param({"html": "x" * 358_400}, None, id="WX2-EMAIL-07-no-attachment"),
    ],
)
def test_a_large_email_fails_by_receipt(content: dict[str, Any], expected: Fate | None) -> None:
    """Known sizes, encoded, and the body are at most 10 MiB; nothing is ever downloaded."""
    assert fates(html(content), media_sizes=SIZES) == [expected]


def test_a_bad_address_comes_before_a_large_email() -> None:
    """WX2-TO-06: each address fails for its own reason first."""
    data = html({"attachments": [IMAGE, IMAGE]}, to=[{"email": ["nobody", PERSON]}])
    assert fates(data, media_sizes=SIZES) == [Fate("Failed", "7523"), TOO_LARGE]


TO = [{"email": ["a@b.test", "b@b.test"], "correlationId": "1"}, {"email": ["c@b.test"], "correlationId": "2"}]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param(
            {},
            [("a@b.test", "1", ()), ("b@b.test", "1", ()), ("c@b.test", "2", ())],
            id="WX2-EMAIL-10-one-for-each-address",
        ),
        pytest.param(
            {"multipleToRecipients": "false", "cc": ["cc@b.test"]},
            [("a@b.test", "1", ("cc@b.test",)), ("b@b.test", "1", ("cc@b.test",)), ("c@b.test", "2", ("cc@b.test",))],
            id="WX2-EMAIL-09-a-copy-of-each",
        ),
        pytest.param(
            {"multipleToRecipients": True},
            [("a@b.test", "1", ("b@b.test",)), ("c@b.test", "2", ())],
            id="WX2-EMAIL-10-one-for-each-object",
        ),
        pytest.param(
            {"multipleToRecipients": "true", "cc": ["cc@b.test"], "bcc": ["bcc@b.test"]},
            [
                ("a@b.test", "1", ("b@b.test", "cc@b.test", "bcc@b.test")),
                ("c@b.test", "2", ("cc@b.test", "bcc@b.test")),
            ],
            id="WX2-EMAIL-09-joined-then-cc-then-bcc",
        ),
    ],
)
def test_who_shares_an_id(members: dict[str, Any], expected: list[tuple[str, str, tuple[str, ...]]]) -> None:
    """Each message has an id and its receipts go out for all who get it: the address or addresses, cc, bcc."""
    checked = check(email(to=TO, **members))
    assert [(one.value, one.correlation_id, one.joined) for one in checked.addressed] == expected
    assert {one.key for one in checked.addressed} == {"email"}


LINK = '<a href="https://a.test/1">one</a>'


@pytest.mark.parametrize(
    ("make", "options", "opens", "links"),
    [
        pytest.param(
            html, {"trackOpens": True, "trackClicks": True}, True, ("https://a.test/1",), id="WX2-EMAIL-11-both"
        ),
        pytest.param(html, {"trackOpens": "true"}, True, (), id="WX2-EMAIL-11-opens"),
        pytest.param(html, {"trackClicks": "true"}, False, ("https://a.test/1",), id="WX2-EMAIL-11-clicks"),
        pytest.param(html, {}, False, (), id="WX2-EMAIL-11-neither"),
        pytest.param(email, {"trackOpens": True, "trackClicks": True}, False, (), id="WX2-EMAIL-11-not-in-a-text"),
    ],
)
def test_what_is_tracked(make: Any, options: dict[str, Any], opens: bool, links: tuple[str, ...]) -> None:
    """Opens and clicks are told only of html, and only when the request wants them to be tracked."""
    checked = check(make({"html": LINK}, options=options))
    assert (checked.opens, checked.clicks) == (opens, bool(links))
    assert checked.links(checked.addressed[0]) == links


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("<a href='https://a.test/1'>a</a>", ["https://a.test/1"], id="WX2-EMAIL-11-single-quotes"),
        pytest.param("<A\nHREF = https://a.test/1>a</A>", ["https://a.test/1"], id="WX2-EMAIL-11-without-quotes"),
        pytest.param('<a no-track-connect href="http://a.test">a</a>', [], id="WX2-EMAIL-11-the-sample"),
        pytest.param('<a href="http://a.test" NO-TRACK-CONNECT>a</a>', [], id="WX2-EMAIL-11-marked-behind"),
        pytest.param(
            '<a no-track-connect="">a</a><a href="http://a.test">', ["http://a.test"], id="WX2-EMAIL-11-the-next"
        ),
        pytest.param('<a href="http://a.test?a=1&amp;b=2">', ["http://a.test?a=1&b=2"], id="WX2-EMAIL-11-entities"),
        pytest.param(
            '<a title="a > b" href="http://a.test">', ["http://a.test"], id="WX2-EMAIL-11-a-bracket-in-quotes"
        ),
        pytest.param('<a href="mailto:a@b.test">', [], id="WX2-EMAIL-11-mailto"),
        pytest.param('<a href="#top">', [], id="WX2-EMAIL-11-an-anchor"),
        pytest.param('<a href="/relative">', [], id="WX2-EMAIL-11-relative"),
        pytest.param('<abbr href="http://a.test">', [], id="WX2-EMAIL-11-another-tag"),
        pytest.param('<img src="http://a.test">', [], id="WX2-EMAIL-11-an-image"),
        pytest.param(
            '<!-- <a href="http://a.test"> --><a href="http://b.test">', ["http://b.test"], id="WX2-EMAIL-11-comment"
        ),
        pytest.param('<!-- <a href="http://a.test">', [], id="WX2-EMAIL-11-comment-without-end"),
        pytest.param('<a href="http://a.test', [], id="WX2-EMAIL-11-cut-off"),
        pytest.param(
            '<a href="http://a.test"/><a/href=http://b.test>',
            ["http://a.test", "http://b.test"],
            id="WX2-EMAIL-11-slashes",
        ),
        pytest.param(
            '<a href="http://a.test" href="http://b.test">', ["http://a.test"], id="WX2-EMAIL-11-the-first-href"
        ),
    ],
)
def test_the_links_of_html(text: str, expected: list[str]) -> None:
    """Every http(s) link of an anchor is tracked unless it is marked `no-track-connect`."""
    assert list(tracked_links(text)) == expected


@pytest.mark.parametrize(
    "piece", ["<a ", "<a href='", '<a href="', "<!--", "<a a=", "<", "<a" + " " * 99, "<a =", "<a '\""]
)
def test_hostile_html_is_read_in_time(piece: str) -> None:
    """WX2-EMAIL-11: 350 KB of unclosed tags, quotes and comments are read in time that grows with their length."""
    text = piece * (358_400 // len(piece))
    data = html({"html": text}, options={"trackClicks": True})
    checked = check(data)
    began = time.process_time()
    checked.links(checked.addressed[0])
    checked.content(checked.addressed[0])
    assert time.process_time() - began < 5  # a quadratic reader takes minutes


def test_links_are_told_once_and_with_their_values() -> None:
    """WX2-EMAIL-11: the same link twice is one, and a placeholder in it is replaced."""
    data = html(
        {"html": f'{LINK}{LINK}<a href="https://a.test/$(page)">'},
        substitutions={"page": "2"},
        options={"trackClicks": True},
    )
    checked = check(data)
    assert checked.links(checked.addressed[0]) == ("https://a.test/1", "https://a.test/2")


def body_of(data: Any, **settings: Any) -> Other:
    """Return the e-mail that the first destination gets."""
    content = shown(data, **settings).content
    assert isinstance(content, Other)
    return content


UNSUBSCRIBE = "<a href='$(unsubscribe)'>unsubscribe</a>"


@pytest.mark.parametrize(
    ("members", "start"),
    [
        pytest.param({}, "https://s.sandbox.invalid/unsubscribe/", id="WX2-EMAIL-12-without-substitutions"),
        pytest.param(
            {"substitutions": {"unsubscribe": "https://mine.test"}},
            "https://s.sandbox.invalid/unsubscribe/",
            id="WX2-EMAIL-12-beats-the-substitutions",
        ),
        pytest.param(
            {"to": [{"email": [PERSON], "substitutions": {"unsubscribe": "https://mine.test"}}]},
            "https://s.sandbox.invalid/unsubscribe/",
            id="WX2-EMAIL-12-beats-the-destinations",
        ),
        pytest.param(
            {"options": {"domain": "https://me.co.uk"}}, "https://me.co.uk/unsubscribe/", id="WX2-EMAIL-12-domain"
        ),
    ],
)
def test_unsubscribe_is_the_platforms_own(members: dict[str, Any], start: str) -> None:
    """$(unsubscribe) is a link that the platform makes, for each person another; it needs no value."""
    data = html({"html": UNSUBSCRIBE}, **members)
    page = body_of(data).details["html"]
    assert page.startswith(f"<a href='{start}")
    assert "$(" not in page
    assert warnings(data) == ()
    assert outcome(data, strict_placeholders=True) is None
    checked = check(html({"html": UNSUBSCRIBE}, to=[{"email": [PERSON, "other@example.com"]}]))
    first, second = (checked.content(addressed) for addressed in checked.addressed)
    assert first != second


def test_to_unsubscribe_is_no_click() -> None:
    """WX2-EMAIL-12: the link is not among those whose clicks are told."""
    checked = check(html({"html": f"{UNSUBSCRIBE}{LINK}"}, options={"trackClicks": True}))
    assert checked.links(checked.addressed[0]) == ("https://a.test/1",)


def test_unsubscribe_is_for_email_only() -> None:
    """WX2-EMAIL-12: elsewhere it is a placeholder like any other."""
    assert warnings(sms({"text": "$(unsubscribe)"})) == ("WX2-SUB-02: unresolved_placeholders: unsubscribe",)


def test_what_a_mailbox_shows() -> None:
    """Subject and words are to be read; html, sender, copies and attachments stand beside them."""
    data = html(
        {
            "html": "<p>Hello <b>$(name)</b> &amp; all</p>",
            "replyTo": "r@b.test",
            "attachments": [{**IMAGE, "cid": "w"}],
        },
        substitutions={"name": "Ann"},
        options={"fromName": "Brand Name"},
        cc=["cc@b.test"],
    )
    assert shown(data) == Body(
        Other(
            "News\n\nHello Ann & all",
            {
                "type": "email",
                "subject": "News",
                "html": "<p>Hello <b>Ann</b> &amp; all</p>",
                "from_name": "Brand Name",
                "reply_to": "r@b.test",
                "copies": ["cc@b.test"],
                "attachments": [
                    {"name": "wings", "mime_type": "image/png", "url": "https://a.test/wings.jpg", "cid": "w"}
                ],
            },
        )
    )
    assert shown(email()) == Body(Other("News\n\nHello", {"type": "email", "subject": "News"}))
    assert body_of(html({"text": "Plain"})).text == "News\n\nPlain"
    assert body_of(email({"subject": ""})).text == "Hello"
    aliased = {"mimetype": "image/png", "name": "wings", "mediaUrl": IMAGE["mediaUrl"]}
    assert body_of(email({"attachments": [aliased]})).details["attachments"][0]["mime_type"] == "image/png"


STORED = {
    "T1": Template(channel="email", text="Hi $(name)", subject="Stored"),
    "T2": Template(channel="email", subject="Stored", html=f"<p>Hi</p>{LINK}"),
}


@pytest.mark.parametrize(
    ("template", "text", "opens"),
    [
        pytest.param({"id": "T1"}, "Stored\n\nHi Ann", False, id="WX2-ENV-09-text"),
        pytest.param({"id": "T1", "subject": "Own $(name)"}, "Own Ann\n\nHi Ann", False, id="WX2-ENV-09-own-subject"),
        pytest.param({"id": "T2"}, "Stored\n\nHi one", True, id="WX2-ENV-09-html"),
    ],
)
def test_an_email_by_template(template: dict[str, Any], text: str, opens: bool) -> None:
    """A declared template has the words; the request may have a subject of its own."""
    data = email(
        content=OMIT,
        template=template,
        substitutions={"name": "Ann"},
        options={"trackOpens": True, "trackClicks": True},
    )
    assert body_of(data, templates=STORED).text == text
    checked = check(data, templates=STORED)
    assert checked.opens is opens
    assert checked.links(checked.addressed[0]) == (("https://a.test/1",) if opens else ())
    assert checked.by_template


def test_an_email_by_a_template_that_is_not_declared() -> None:
    """WX2-ENV-09: nothing is known of it but its id and its values; opens are tracked when asked for."""
    data = email(content=OMIT, template={"id": "T"}, substitutions={"a": 1}, options={"trackOpens": True})
    assert shown(data) == Body(Other("", {"template": "T", "substitutions": {"a": "1"}}))
    assert check(data).opens
