"""Handset: what the person sees of each kind of message, how far it came, and when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from business import PERSON, Business, reply
from elsewhere import CONTACT, WHATSAPP, over_mehery, over_webex
from hand import Phone
from sandbox.client import Client

Open = Callable[..., Page]
IS_DRAWN = "image => image.complete && image.naturalWidth > 0"


@pytest.fixture
def phone(inspector: Open) -> Phone:
    """A phone in nobody's hand yet."""
    return Phone(inspector())


def test_text(phone: Phone, business: Business) -> None:
    """A text is shown as it is, its lines too; addresses in it can be followed, and tell nobody where from."""
    business.say("See https://hotel.example/a?b=1.\nBye")
    phone.choose(PERSON)
    words = phone.messages.locator(".words")
    assert words.inner_text() == "See https://hotel.example/a?b=1.\nBye"
    link = words.get_by_role("link")
    expect(link).to_have_text("https://hotel.example/a?b=1")
    expect(link).to_have_attribute("href", "https://hotel.example/a?b=1")
    expect(link).to_have_attribute("rel", "noreferrer noopener")
    expect(link).to_have_attribute("target", "_blank")


def test_remote_picture(phone: Phone, business: Business) -> None:
    """A picture that lies elsewhere is fetched by nobody: its name and host stand there, and a link."""
    business.send(fileId=business.file("https://hotel.example/rooms/sea.jpg"))
    phone.choose(PERSON)
    figure = phone.messages.locator("figure")
    expect(figure).to_contain_text("a file")
    expect(figure.get_by_role("link", name="hotel.example")).to_have_attribute(
        "href", "https://hotel.example/rooms/sea.jpg"
    )
    expect(figure.locator("img")).to_have_count(0)


@pytest.mark.parametrize(
    ("orientation", "alignment", "height", "pixels"),
    [
        pytest.param("VERTICAL", "LEFT", "SHORT", 112, id="short"),
        pytest.param("VERTICAL", "LEFT", "MEDIUM", 168, id="medium"),
        pytest.param("VERTICAL", "LEFT", "TALL", 264, id="tall"),
        pytest.param("HORIZONTAL", "LEFT", "SHORT", None, id="left"),
        pytest.param("HORIZONTAL", "RIGHT", "SHORT", None, id="right"),
    ],
)
def test_card(
    phone: Phone, business: Business, orientation: str, alignment: str, height: str, pixels: int | None
) -> None:
    """A card has picture, title, description and buttons, lying and as high as it was sent."""
    content = {**business.contents("Sea room"), "cardMedia": {"cardHeight": height, "fileId": business.file()}}
    card = {"cardOrientation": orientation, "thumbnailAlignment": alignment, "cardContent": content}
    business.send(conversationCard={"standaloneCard": card})
    phone.choose(PERSON)
    shown = phone.messages.locator(".card")
    expect(shown.get_by_role("heading", name="Sea room")).to_be_visible()
    expect(shown).to_contain_text("180 euros a night, with breakfast")
    expect(shown.get_by_role("button", name="Take it")).to_be_visible()
    picture, words = (shown.locator(each).bounding_box() for each in (".picture", ".rest"))
    assert picture is not None
    assert words is not None
    if pixels is not None:
        assert picture["height"] == pixels
        assert words["y"] >= picture["y"] + pixels
    else:
        assert (picture["x"] < words["x"]) == (alignment == "LEFT")
        assert picture["y"] == words["y"]


def test_carousel(phone: Phone, business: Business) -> None:
    """Cards lie side by side; buttons and arrow keys turn them, as far as there are any."""
    business.carousel("Sea room", "Garden room", "Attic room")
    phone.choose(PERSON)
    strip = phone.messages.get_by_role("list", name="3 cards")
    back, forth = (phone.messages.get_by_role("button", name=f"{way} card") for way in ("Previous", "Next"))
    expect(strip.locator(".card")).to_have_count(3)
    expect(back).to_be_hidden()
    forth.click()
    expect(back).to_be_visible()
    expect(strip.get_by_role("heading", name="Garden room")).to_be_in_viewport()
    strip.focus()
    strip.press("ArrowRight")
    expect(strip.get_by_role("heading", name="Attic room")).to_be_in_viewport(ratio=1)
    expect(forth).to_be_hidden()
    strip.press("ArrowLeft")
    strip.press("ArrowLeft")
    expect(back).to_be_hidden()


def test_carousel_is_pulled(phone: Phone, business: Business) -> None:
    """A mouse pulls the cards along, as a finger does."""
    business.carousel("Sea room", "Garden room", "Attic room")
    phone.choose(PERSON)
    strip = phone.messages.get_by_role("list", name="3 cards")
    heading = strip.get_by_role("heading", name="Sea room")
    heading.hover()
    box = heading.bounding_box()
    assert box is not None
    phone.page.mouse.down()
    phone.page.mouse.move(box["x"] - 200, box["y"])
    phone.page.mouse.up()
    expect(phone.messages.get_by_role("button", name="Previous card")).to_be_visible()


def test_location(phone: Phone, sandbox: Client) -> None:
    """A place has name, address and coordinates."""
    sandbox.act(
        "acc_link", "share_location", user=PERSON, latitude=59.9, longitude=10.7, name="Oslo S", address="1 Road"
    )
    phone.choose(PERSON)
    place = phone.messages.locator(".place")
    expect(place).to_contain_text("Oslo S")
    expect(place).to_contain_text("1 Road")
    expect(place).to_contain_text("59.9, 10.7")


def test_tapped(phone: Phone, business: Business, sandbox: Client) -> None:
    """A tapped suggestion is the person's, and keeps its postback."""
    business.say("Go on?", "Yes")
    sandbox.act("acc_link", "tap", user=PERSON, suggestion="Yes")
    phone.choose(PERSON)
    answer = phone.messages.locator("[data-kind=suggestion_response] .reply, .reply")
    expect(answer).to_have_text("Yes")
    expect(answer).to_have_attribute("title", "postback yes")
    expect(phone.messages.last).to_have_attribute("data-direction", "inbound")


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        pytest.param({"kind": "callAction", "msisdn": "+4722994400"}, "call", id="call"),
        pytest.param({"kind": "openUrlAction", "url": "https://hotel.example"}, "open_url", id="open"),
        pytest.param({"kind": "showLocationAction", "query": "Oslo"}, "show_location", id="show"),
        pytest.param({"kind": "requestLocationAction"}, "request_location", id="request"),
    ],
)
def test_icon_of_an_action(phone: Phone, business: Business, action: dict[str, Any], kind: str) -> None:
    """A chip that does something has an icon for what it does; one that only answers has none."""
    name = action.pop("kind")
    business.send(text="Choose", suggestions=[{**reply("Act"), name: action}, reply("Answer")])
    phone.choose(PERSON)
    chips = phone.messages.locator(".offer .chip")
    expect(chips.filter(has_text="Act").locator("svg")).to_have_count(1)
    expect(chips.filter(has_text="Answer").locator("svg")).to_have_count(0)
    assert kind in (chips.filter(has_text="Act").get_attribute("title") or "")


def test_file_of_the_person(phone: Phone, sandbox: Client) -> None:
    """What a person sent in a callback is shown from there, whether it was sent before or is sent now."""
    sandbox.act("acc_link", "send_file", user=PERSON, sample="photo.jpg", caption="My ticket")
    phone.choose(PERSON)
    picture = phone.messages.locator("img")
    expect(picture).to_have_count(1)
    expect(picture).to_have_attribute("alt", "photo.jpg")
    picture.evaluate("image => image.decode()")
    assert picture.evaluate(IS_DRAWN)
    expect(phone.messages).to_contain_text("My ticket")
    sandbox.act("acc_link", "send_file", user=PERSON, sample="photo.png")
    expect(phone.messages.locator("img")).to_have_count(2)


@pytest.mark.parametrize(
    ("sample", "shown"),
    [
        pytest.param("photo.jpg", "img", id="image"),
        pytest.param("clip.mp4", "video", id="video"),
        pytest.param("voice.mp3", "audio", id="audio"),
        pytest.param("document.pdf", ".file a[download='document.pdf']", id="document"),
    ],
)
def test_file_with_a_link(phone: Phone, sandbox: Client, sample: str, shown: str) -> None:
    """A file that the sandbox serves is shown as what it is."""
    sandbox.act("acc_mehery", "send_file", user=CONTACT, sender=WHATSAPP, sample=sample)
    phone.choose(CONTACT)
    element = phone.messages.locator(shown)
    expect(element).to_have_count(1)
    source = element.get_attribute("src") or element.get_attribute("href") or ""
    assert source.startswith("/_sandbox/media/acc_mehery/")


def test_remote_document(phone: Phone, sandbox: Client) -> None:
    """A document that lies elsewhere has its name, its type and its host."""
    sandbox.act("acc_mehery", "say", user=CONTACT, sender=WHATSAPP, text="Hi")
    over_mehery(
        sandbox, "document", link="https://shop.example/files/7", filename="invoice.pdf", caption="Your invoice"
    )
    phone.choose(CONTACT)
    tile = phone.messages.locator(".file")
    expect(tile.get_by_role("link", name="invoice.pdf")).to_have_attribute("href", "https://shop.example/files/7")
    expect(tile).to_contain_text("application/pdf · shop.example")
    expect(phone.messages.last).to_contain_text("Your invoice")


def test_what_only_one_provider_knows(phone: Phone, sandbox: Client) -> None:
    """Anything else shows what a person would read, and the rest on demand."""
    over_webex(
        sandbox,
        "rcs",
        PERSON,
        content={"type": "agentEvent", "event": "READ", "messageId": "3682cb0f-5dae-42fe-9a75-2aea271efeff"},
    )
    phone.choose(PERSON)
    expect(phone.messages).to_contain_text("event: READ")
    phone.messages.get_by_text("Details").click()
    expect(phone.messages.locator("pre")).to_contain_text("3682cb0f-5dae-42fe-9a75-2aea271efeff")


def test_business_is_typing(phone: Phone, sandbox: Client) -> None:
    """A business that begins to write is seen doing so."""
    over_webex(sandbox, "rcs", PERSON, content={"type": "agentEvent", "event": "IS_TYPING"})
    phone.choose(PERSON)
    expect(phone.messages.locator(".typing")).to_have_text("The business is typing")
    expect(phone.conversations).to_contain_text("is typing…")


@pytest.mark.sandbox(clock="virtual")
def test_receipts(phone: Phone, business: Business, sandbox: Client) -> None:
    """Below a message stands how far it came, as it goes on; its whole history is shown on demand."""
    business.say("Hello")
    phone.choose(PERSON)
    line = phone.messages.locator(".fate")
    expect(line).to_contain_text("Accepted")
    sandbox.advance(0.2)
    expect(line).to_contain_text("Delivered")
    line.click()
    history = phone.messages.get_by_role("list", name="History").get_by_role("listitem")
    expect(history).to_contain_text(["Accepted", "Delivered"])
    sandbox.advance(0.4)
    expect(history).to_contain_text(["Accepted", "Delivered", "Read"])
    expect(history.nth(2)).to_contain_text("READ")
    expect(line).to_contain_text("Read")
    expect(line).to_have_attribute("aria-expanded", "true")
    line.click()
    expect(history).to_have_count(0)


def test_failure_has_its_reason(phone: Phone, sandbox: Client) -> None:
    """A message that is lost says why, and its suggestions can no more be tapped."""
    content = {
        "type": "text",
        "text": "Hello",
        "suggestions": [{"type": "reply", "displayText": "Yes", "postbackData": "y"}],
    }
    over_webex(sandbox, "rcs", "+15550007010", content=content)
    phone.choose("+15550007010")
    expect(phone.messages.locator(".fate")).to_contain_text("Failed")
    expect(phone.messages.locator(".reason")).to_contain_text("7010")
    expect(phone.messages.locator(".offer")).to_have_text("Yes")
    expect(phone.messages.locator(".offer").get_by_role("button")).to_have_count(0)


@pytest.mark.sandbox(clock="2030-01-02T23:59:00Z")
def test_times_are_of_the_clock(phone: Phone, business: Business, sandbox: Client) -> None:
    """All times are those of the account's clock: on the phone, at the messages, and where a new day begins."""
    business.say("Good night")
    phone.choose(PERSON)
    clock = phone.page.locator("phone-clock")
    expect(clock).to_contain_text("23:59")
    expect(clock).to_contain_text("frozen")
    expect(phone.messages.locator(".fate time")).to_have_text("23:59")
    sandbox.advance(120)
    expect(clock).to_contain_text("00:01")
    business.say("Good morning")
    expect(phone.messages.locator(".day")).to_have_text(["Wednesday, 2 January 2030", "Thursday, 3 January 2030"])


def test_magic_address(phone: Phone, sandbox: Client, business: Business) -> None:
    """A magic address says what it does."""
    business.say("Hello", to="+99900002001")
    phone.choose("+99900002001")
    expect(phone.page.locator(".does")).to_contain_text("A magic address: ")


def test_new_message_is_spoken(phone: Phone, business: Business) -> None:
    """Whoever cannot see the phone hears what is new."""
    business.say("Hello")
    phone.choose(PERSON)
    expect(phone.messages).to_have_count(1)
    business.say("Are you there?")
    expect(phone.page.locator("message-thread [aria-live=polite]")).to_have_text("Business: Are you there?")


@pytest.mark.parametrize("width", [360, 1280, 2560])
def test_accessible(
    page: Page, phone: Phone, business: Business, sandbox: Client, assert_accessible: Callable[[], None], width: int
) -> None:
    """A phone with everything on it has no fault of contrast, name or role, and is not wider than the window."""
    page.set_viewport_size({"width": width, "height": 900})
    business.carousel("Sea room", "Garden room")
    business.card()
    business.send(fileId=business.file())
    sandbox.act("acc_link", "share_location", user=PERSON, latitude=1, longitude=2)
    sandbox.act("acc_link", "send_file", user=PERSON, sample="photo.jpg")
    business.say("Go on? https://hotel.example", "Yes")
    phone.choose(PERSON)
    phone.messages.last.locator(".fate").click()
    assert phone.offered
    page.locator("callback-tweak summary").click()
    assert_accessible()
    phone.do("share_location")
    expect(phone.sheet).to_be_visible()
    assert_accessible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
