"""Text is only ever text: whatever anybody sends, it is read, and nothing of it runs or is fetched."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from business import PERSON, Business, reply
from elsewhere import CONTACT, WHATSAPP, over_mehery, over_webex
from hand import Phone
from sandbox.client import Client

Open = Callable[..., Page]
RAN = "() => window.ran"

EVIL = [
    pytest.param("<script>window.ran = 1</script>", id="script"),
    pytest.param("<img src=x onerror='window.ran = 1'>", id="image"),
    pytest.param("<svg onload=window.ran=1><circle/></svg>", id="drawing"),
    pytest.param("'\"><iframe srcdoc='<script>parent.ran = 1</script>'>", id="frame"),
    pytest.param("<style>* { display: none }</style>", id="style"),
    pytest.param("javascript:window.ran=1", id="address"),
    pytest.param("{{7*7}}${7*7}<b>&amp;&#60;", id="markup"),
    pytest.param("\u202ereversed\u202c \U0001f3f3\ufe0f\u200d\U0001f308 ne\u0301", id="unicode"),
]


@pytest.fixture
def phone(inspector: Open) -> Phone:
    """A phone in nobody's hand yet."""
    return Phone(inspector())


def assert_is_text(phone: Phone, place: Locator, text: str) -> None:
    """Check that this reads in a place, and that it did nothing."""
    shown = place.first.evaluate("place => place.textContent")
    assert text.strip() in shown
    for dangerous in ("script", "iframe", "style", "[onerror]", "[onload]", "[src=x]", "a[href^='javascript:' i]"):
        assert phone.page.locator(f"body {dangerous}").count() == 0
    assert phone.page.evaluate(RAN) is None
    expect(phone.page.locator("person-handset")).to_be_visible()


@pytest.mark.parametrize("text", EVIL)
def test_in_messages_and_suggestions(phone: Phone, business: Business, sandbox: Client, text: str) -> None:
    """In a text, on chips, in what they send back, in a card, and in what the person says."""
    business.send(text=f"1 {text}", suggestions=[reply(text[:25], text)])
    content = {**business.contents(text), "description": text, "suggestions": [reply(text[:25], text)]}
    card = {"cardOrientation": "VERTICAL", "thumbnailAlignment": "LEFT", "cardContent": content}
    business.send(conversationCard={"standaloneCard": card})
    business.send(conversationCard={"carouselCard": {"cardWidth": "MEDIUM", "cardContents": [content, content]}})
    sandbox.act("acc_link", "say", user=PERSON, text=f"2 {text}")
    phone.choose(PERSON)
    expect(phone.messages).to_have_count(4)
    assert_is_text(phone, phone.messages.nth(0).locator(".words"), text)
    assert_is_text(phone, phone.messages.nth(0).locator(".chip"), text[:25])
    assert_is_text(phone, phone.messages.nth(1).locator("h3"), text)
    assert_is_text(phone, phone.messages.nth(1).locator(".words p"), text)
    assert_is_text(phone, phone.messages.nth(1).locator(".chip"), text[:25])
    assert_is_text(phone, phone.messages.nth(2).locator("h3"), text)
    assert_is_text(phone, phone.messages.nth(3).locator(".words"), text)
    assert_is_text(phone, phone.conversations.locator(".text"), " ".join(text.split()))
    phone.messages.nth(0).locator(".chip").click()
    expect(phone.messages).to_have_count(5)
    assert_is_text(phone, phone.messages.nth(4).locator(".reply"), text[:25])


@pytest.mark.parametrize("name", EVIL)
def test_in_names(phone: Phone, sandbox: Client, name: str) -> None:
    """In the addresses of sender and person, in names of files and places, in captions, and in a search for them."""
    where: dict[str, Any] = {"user": "ann@example.com", "sender": name, "channel": "whatsapp"}
    sandbox.act("acc_webex_connect", "share_location", latitude=1, longitude=2, name=name, address=name, **where)
    content = base64.b64encode(b"x").decode()
    file = name.translate({ord(each): "_" for each in "/\\"})
    sandbox.act(
        "acc_webex_connect", "send_file", name=file, mime_type="text/plain", content=content, caption=name, **where
    )
    phone.choose("ann@example.com")
    expect(phone.messages).to_have_count(2)
    assert_is_text(phone, phone.page.locator(".who h2"), name)
    assert_is_text(phone, phone.conversations.locator(".provider"), name)
    assert_is_text(phone, phone.messages.nth(0).locator(".place strong"), name)
    assert_is_text(phone, phone.messages.nth(1).locator(".file"), file)
    assert_is_text(phone, phone.messages.nth(1).locator(".words"), name)
    phone.page.get_by_role("searchbox", name="Search conversations").fill(name)
    expect(phone.conversations.get_by_role("button")).to_have_count(1)


@pytest.mark.parametrize("evil", EVIL[:5])
def test_in_a_person(phone: Phone, sandbox: Client, evil: str) -> None:
    """A person whose address is markup is a person like others."""
    sandbox.act("acc_webex_connect", "say", user=evil, sender="S", channel="appmessaging", text="Hi")
    phone.choose(evil)
    expect(phone.messages).to_have_count(1)
    assert_is_text(phone, phone.conversations.locator("strong"), evil)
    assert_is_text(phone, phone.page.locator(".who p"), evil)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://x.example/'\"><script>window.ran=1</script>.png", id="markup"),
        pytest.param("http://127.0.0.1:1/_sandbox/media/acc_link/../../ui/app.js", id="climbing"),
        pytest.param("https://x.example/_sandbox/accounts", id="control-api"),
        pytest.param("http://[::1]:9/a.png", id="loopback"),
    ],
)
def test_in_links_to_files(phone: Phone, sandbox: Client, url: str) -> None:
    """A link to a file is never fetched, whatever it looks like."""
    asked: list[str] = []
    sandbox.act("acc_mehery", "say", user=CONTACT, sender=WHATSAPP, text="Hi")
    for kind in ("image", "video", "audio", "document"):
        over_mehery(sandbox, kind, link=url)
    phone.page.on("request", lambda request: asked.append(request.resource_type))
    phone.choose(CONTACT)
    expect(phone.messages).to_have_count(5)
    expect(phone.messages.locator("img, video, audio")).to_have_count(0)
    assert phone.page.evaluate(RAN) is None
    assert not {"image", "media"}.intersection(asked)


def test_in_what_only_one_provider_knows(phone: Phone, sandbox: Client) -> None:
    """The source of an e-mail is read, not shown as a page."""
    html = "<p onclick=window.ran=1>Hello</p><script>window.ran=1</script><img src=x onerror=window.ran=1>"
    content = {"type": "html", "html": html, "subject": "<b>News</b>"}
    over_webex(sandbox, "email", "ann@example.com", sender="shop@example.com", content=content)
    phone.choose("ann@example.com")
    assert_is_text(phone, phone.messages.locator(".words"), "<b>News</b>")
    phone.messages.locator("summary").click()
    assert_is_text(phone, phone.messages.locator("pre"), "onerror=window.ran=1>")


def test_files_run_nothing(phone: Phone, sandbox: Client) -> None:
    """A picture that is a page, and a drawing with a script, do nothing where they are shown."""
    for name, mime_type, text in (
        ("a.png", "image/png", "<script>window.ran=1</script>"),
        (
            "b.svg",
            "image/svg+xml",
            "<svg xmlns='http://www.w3.org/2000/svg' onload='window.ran=1'><script>parent.ran=1</script></svg>",
        ),
    ):
        content = base64.b64encode(text.encode()).decode()
        sandbox.act(
            "acc_mehery", "send_file", user=CONTACT, sender=WHATSAPP, name=name, mime_type=mime_type, content=content
        )
    phone.choose(CONTACT)
    expect(phone.messages).to_have_count(2)
    expect(phone.messages.nth(0).locator(".file")).to_contain_text("a.png")  # what is no picture is a file
    assert phone.page.evaluate(RAN) is None
