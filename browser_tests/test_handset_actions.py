"""Handset, acted on: everything that the person can do, only where the business is told of it, and what is refused."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from business import PERSON, Business, reply
from elsewhere import CONTACT, WHATSAPP, over_mehery, over_webex
from hand import Phone
from sandbox.client import Client
from sandbox.client.resources import Message
from watch import Watch

Open = Callable[..., Page]
MAGIC = "+919900000101"


@pytest.fixture
def phone(inspector: Open) -> Phone:
    """A phone in nobody's hand yet."""
    return Phone(inspector())


def kinds(sandbox: Client, user: str = PERSON) -> list[str]:
    """Return the kinds of the callbacks that told of a person, receipts of the usual series left out."""
    usual = ("event.DELIVERED", "event.READ")
    return [each["kind"] for each in sandbox.callbacks(user=user).items if each["kind"] not in usual]


def said(sandbox: Client) -> list[Message]:
    """Return what people said."""
    return sandbox.messages(direction="inbound").items


def test_say(phone: Phone, business: Business, sandbox: Client) -> None:
    """Enter sends what was written, Shift and Enter begins a line, and the button sends too."""
    business.say("Hello")
    phone.choose(PERSON)
    phone.text.press_sequentially("One")
    phone.text.press("Shift+Enter")
    phone.text.press_sequentially("Two")
    phone.text.press("Enter")
    expect(phone.message("One")).to_have_attribute("data-direction", "inbound")
    expect(phone.text).to_have_value("")
    expect(phone.text).to_be_focused()
    phone.text.fill("Three")
    phone.page.get_by_role("button", name="Send", exact=True).click()
    expect(phone.message("Three")).to_be_visible()
    phone.text.press("Enter")
    assert [message["text"] for message in said(sandbox)] == ["One\nTwo", "Three"]


def test_drafts(phone: Phone, business: Business) -> None:
    """What was written and not sent waits in its own conversation, whatever comes meanwhile."""
    business.say("Hello")
    business.say("Hello", to="+491700000001")
    phone.choose(PERSON)
    phone.text.fill("Not yet")
    business.say("Still there?")
    expect(phone.message("Still there?")).to_be_visible()
    expect(phone.text).to_have_value("Not yet")
    phone.choose("+491700000001")
    expect(phone.text).to_have_value("")
    phone.choose(PERSON)
    expect(phone.text).to_have_value("Not yet")


def test_tap(phone: Phone, business: Business, sandbox: Client) -> None:
    """A chip is tapped by its place, so that of two that read the same the right one is."""
    business.send(text="Choose", suggestions=[reply("Same", "first"), reply("Same", "second")])
    phone.choose(PERSON)
    phone.messages.get_by_role("button", name="Same").nth(1).click()
    expect(phone.messages).to_have_count(2)
    assert [message["content"]["postback"] for message in said(sandbox)] == ["second"]


def test_tap_of_an_older_message(phone: Phone, business: Business, sandbox: Client) -> None:
    """A chip belongs to its message, however old that is."""
    business.send(text="One", suggestions=[reply("Yes", "old")])
    business.send(text="Two", suggestions=[reply("Yes", "new")])
    phone.choose(PERSON)
    phone.message("One").get_by_role("button", name="Yes").click()
    expect(phone.messages).to_have_count(3)
    assert said(sandbox)[0]["content"]["postback"] == "old"


def test_tap_in_a_carousel(phone: Phone, business: Business, sandbox: Client) -> None:
    """Buttons of cards count behind the chips beside them, and from card to card."""
    cards = [business.contents("Sea room"), business.contents("Garden room")]
    carousel = {"carouselCard": {"cardWidth": "SMALL", "cardContents": cards}}
    business.send(conversationCard=carousel, suggestions=[reply("Neither", "neither")])
    phone.choose(PERSON)
    phone.messages.get_by_role("button", name="Take it").nth(1).click()
    expect(phone.messages).to_have_count(2)
    phone.messages.get_by_role("button", name="Neither").click()
    expect(phone.messages).to_have_count(3)
    assert [message["content"]["postback"] for message in said(sandbox)] == ["take Garden room", "neither"]


def test_what_a_tap_does(phone: Phone, business: Business) -> None:
    """Whoever taps a chip that opens something is told what the phone would open, and may follow it."""
    chip = {**reply("Web site"), "openUrlAction": {"url": "https://hotel.example/"}}
    business.send(text="More?", suggestions=[chip])
    phone.choose(PERSON)
    phone.messages.get_by_role("button", name="Web site").click()
    told = phone.messages.locator(".effect")
    expect(told).to_contain_text("The phone would open")
    expect(told.get_by_role("link")).to_have_attribute("href", "https://hotel.example/")


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        pytest.param("yes", ["suggestion_response", "location"], id="sharing"),
        pytest.param("no", ["suggestion_response"], id="not-sharing"),
    ],
)
def test_tap_asked_for_a_location(
    phone: Phone, business: Business, sandbox: Client, choice: str, expected: list[str]
) -> None:
    """A chip that asks where one is lets one say so, or not."""
    business.send(text="Where?", suggestions=[{**reply("Share"), "requestLocationAction": {}}])
    phone.choose(PERSON)
    phone.messages.get_by_role("button", name="Share").click()
    phone.sheet.get_by_label("Where you are").select_option(choice)
    if choice == "yes":
        phone.sheet.get_by_label("Latitude").fill("48.1")
    phone.submit()
    expect(phone.messages).to_have_count(1 + len(expected))
    assert [message["kind"] for message in said(sandbox)] == expected
    if choice == "yes":
        assert said(sandbox)[1]["content"]["latitude"] == 48.1
    expect(phone.sheet).to_have_count(0)


def test_share_location(phone: Phone, business: Business, sandbox: Client) -> None:
    """A place is shared as it was entered; what was left empty is not told."""
    business.say("Where are you?")
    phone.choose(PERSON)
    phone.do("share_location")
    phone.fill(Latitude="59.9", Longitude="-10.5", Name="Here")
    expect(phone.messages.locator(".place")).to_contain_text("59.9, -10.5")
    assert said(sandbox)[0]["content"] == {"kind": "location", "latitude": 59.9, "longitude": -10.5, "name": "Here"}


def test_send_sample(phone: Phone, business: Business, sandbox: Client) -> None:
    """Every shipped file can be sent, with a caption."""
    business.say("A photo?")
    phone.choose(PERSON)
    phone.do("send_file")
    phone.sheet.get_by_role("radio", name="photo.png").check()
    phone.fill(Caption="My ticket")
    expect(phone.message("My ticket").locator("img")).to_have_count(1)
    file = said(sandbox)[0]["content"]["file"]
    assert (file["name"], file["mime_type"]) == ("photo.png", "image/png")


def test_send_own_file(phone: Phone, business: Business, sandbox: Client, tmp_path: Path) -> None:
    """A file of one's own is sent byte for byte."""
    business.say("A photo?")
    phone.choose(PERSON)
    own = tmp_path / "my own.gif"
    own.write_bytes(
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\x00\x00\x00\x00\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    )
    phone.do("send_file")
    phone.sheet.get_by_role("radio", name="photo.png").check()
    phone.sheet.get_by_label("Or a file of your own").set_input_files(own)
    expect(phone.sheet.get_by_role("radio", name="photo.png")).not_to_be_checked()
    phone.submit()
    picture = phone.messages.locator("img")
    expect(picture).to_have_attribute("alt", "my own.gif")
    answer = phone.page.request.get(picture.evaluate("image => image.src"))
    assert answer.body() == own.read_bytes()
    assert said(sandbox)[0]["content"]["file"]["mime_type"] == "image/gif"


@pytest.mark.parametrize(("sample", "speaks"), [("voice.mp3", True), ("photo.jpg", False)])
def test_voice(phone: Phone, sandbox: Client, sample: str, speaks: bool) -> None:
    """A recording can be sent as a voice message where a provider knows such, and nothing else can."""
    sandbox.act("acc_mehery", "say", user=CONTACT, sender=WHATSAPP, text="Hi")
    phone.choose(CONTACT)
    phone.do("send_file")
    phone.sheet.get_by_role("radio", name=sample).check()
    voice = phone.sheet.get_by_role("checkbox", name="Spoken")
    expect(voice).to_have_count(int(speaks))
    if speaks:
        voice.check()
    phone.submit()
    expect(phone.messages).to_have_count(2)
    assert (said(sandbox)[1]["content"]["file"]["media"] == "voice") is speaks


def test_no_voice_elsewhere(phone: Phone, business: Business) -> None:
    """Where a provider knows no voice messages, none is offered."""
    business.say("Hello")
    phone.choose(PERSON)
    phone.do("send_file")
    phone.sheet.get_by_role("radio", name="voice.mp3").check()
    expect(phone.sheet.get_by_role("checkbox")).to_have_count(0)


def test_start_typing(phone: Phone, business: Business, sandbox: Client) -> None:
    """Beginning to write is told, and seen until something is said."""
    business.say("Hello")
    phone.choose(PERSON)
    phone.do("start_typing")
    dots = phone.page.locator(".typing-place")
    expect(dots).to_contain_text("The person is typing")
    assert kinds(sandbox) == ["event.IS_TYPING"]
    phone.text.fill("Hi")
    phone.text.press("Enter")
    expect(phone.message("Hi")).to_be_visible()
    expect(dots).to_be_hidden()


def test_report_error(phone: Phone, business: Business, sandbox: Client) -> None:
    """An error of the platform is reported by one of its codes."""
    business.say("Hello")
    phone.choose(PERSON)
    phone.do("error")
    phone.fill(Code="NO_CHANNEL_AVAILABLE_ERROR")
    expect(phone.sheet).to_have_count(0)
    assert kinds(sandbox) == ["error.NO_CHANNEL_AVAILABLE_ERROR"]


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        pytest.param("event", {"Event": "SESSION_ROUTED"}, "event.SESSION_ROUTED", id="event"),
        pytest.param("system", {"Text": "Noted"}, "message.system", id="system"),
        pytest.param("action", {"Action_code": "REFUND"}, "action.REFUND", id="action"),
        pytest.param("agent", {"What_the_agent_does": "reply", "Text": "I am Ann"}, "", id="agent-replies"),
        pytest.param("agent", {"What_the_agent_does": "resolve"}, "event.SESSION_STATUS", id="agent-resolves"),
        pytest.param("end_session", {}, "event.SESSION_CLOSED", id="end-session"),
    ],
)
def test_platform(phone: Phone, sandbox: Client, kind: str, values: dict[str, str], expected: str) -> None:
    """Where a platform has agents, sessions and notes, each of them can be brought about."""
    sandbox.act("acc_mehery", "say", user=CONTACT, sender=WHATSAPP, text="Hi")
    replies = kind == "agent" and "Text" in values
    if replies:  # none can who was not assigned, and then the bot is told no more
        sandbox.act("acc_mehery", "agent", user=CONTACT, sender=WHATSAPP, assign="alice")
    phone.choose(CONTACT)
    before = len(kinds(sandbox, CONTACT))
    phone.do(kind)
    if values:
        phone.fill(**values)
        expect(phone.sheet).to_have_count(0)
    if replies:
        expect(phone.message("I am Ann")).to_have_attribute("data-direction", "outbound")
    else:
        sandbox.callbacks(user=CONTACT, wait=5, count=before + 1)
        assert any(expected in each for each in kinds(sandbox, CONTACT)[before:])


def test_tap_unshown(phone: Phone, sandbox: Client) -> None:
    """Where people are shown nothing, a suggestion is told whole."""
    sandbox.act("acc_rbm", "say", user=PERSON, text="Hi")
    phone.choose(PERSON)
    phone.do("tap")
    phone.fill(Type="reply", Text="Yes", Postback="yes please")
    expect(phone.messages.locator(".reply")).to_have_text("Yes")
    assert said(sandbox)[1]["content"]["postback"] == "yes please"


def test_start(phone: Phone, sandbox: Client) -> None:
    """A magic address can be told to do its magic; a person cannot."""
    sandbox.act("acc_rbm", "say", user=MAGIC, text="Hi")
    sandbox.act("acc_rbm", "say", user=PERSON, text="Hi")
    phone.choose(PERSON)
    assert "start" not in phone.offered
    phone.choose(MAGIC)
    expect(phone.page.locator("message-composer [data-type=start]")).to_be_visible()
    phone.do("start")
    expect(phone.messages.nth(1)).to_be_visible()


@pytest.mark.parametrize(
    ("account", "sender", "channel", "expected"),
    [
        pytest.param("acc_link", None, None, ["send_file", "share_location", "start_typing", "error"], id="link"),
        pytest.param(
            "acc_mehery",
            WHATSAPP,
            None,
            ["send_file", "share_location", "event", "system", "action", "agent", "end_session"],
            id="mehery",
        ),
        pytest.param("acc_rbm", None, None, ["send_file", "share_location", "tap", "end_session"], id="rbm"),
        pytest.param("acc_webex_connect", "S", "sms", [], id="webex-sms"),
        pytest.param("acc_webex_connect", "S", "whatsapp", ["send_file", "share_location"], id="webex-whatsapp"),
        pytest.param("acc_webex_connect", "S", "email", ["send_file", "event"], id="webex-email"),
        pytest.param("acc_webex_connect", "S", "rcs", ["send_file", "share_location", "event"], id="webex-rcs"),
        pytest.param(
            "acc_webex_connect", "S", "appmessaging", ["send_file", "start_typing", "event"], id="webex-in-app"
        ),
    ],
)
def test_no_dead_controls(
    phone: Phone, sandbox: Client, account: str, sender: str | None, channel: str | None, expected: list[str]
) -> None:
    """Exactly that is offered which a provider, on a channel, has a callback for."""
    user = "ann@example.com" if channel == "email" else CONTACT
    where: dict[str, Any] = {name: value for name, value in {"sender": sender, "channel": channel}.items() if value}
    sandbox.act(account, "say", user=user, text="Hi", **where)
    phone.choose(user)
    assert phone.offered == expected
    expect(phone.text).to_be_visible()


def test_nobody_writes(phone: Phone, sandbox: Client) -> None:
    """Where a person cannot answer, there is nothing to write in."""
    body = {"deliverychannel": "voice", "channels": {"voice": {"callerid": "0453745878", "promptid": "354"}}}
    headers = sandbox.authorization("acc_webex_connect")
    destination = [{"msisdn": [PERSON]}]
    answer = phone.page.request.post(
        f"{sandbox.url}/resources/v1/messaging", data={**body, "destination": destination}, headers=headers
    )
    assert answer.ok, answer.text()
    phone.choose(PERSON)
    expect(phone.page.get_by_text("Nobody can write on this channel.")).to_be_visible()
    expect(phone.text).to_be_hidden()


@pytest.mark.sandbox(clock="virtual")
@pytest.mark.parametrize(
    ("kind", "values", "status", "word"),
    [
        pytest.param("deliver", None, "delivered", "DELIVERED", id="deliver"),
        pytest.param("read", None, "read", "READ", id="read"),
        pytest.param("fail", {"Code": "NO_CHANNEL_AVAILABLE_ERROR", "Detail": "no luck"}, "failed", None, id="fail"),
        pytest.param("receipt", {"Status": "READ"}, "read", "READ", id="receipt"),
    ],
)
def test_what_becomes_of_a_message(
    phone: Phone,
    business: Business,
    sandbox: Client,
    kind: str,
    values: dict[str, str] | None,
    status: str,
    word: str | None,
) -> None:
    """A message of the business is delivered, read, lost or told of in the provider's words, and only that one."""
    business.say("One")
    business.say("Two")
    phone.choose(PERSON)
    phone.befall("One", kind)
    if values:
        phone.fill(**values)
    expect(phone.message("One")).to_have_attribute("data-status", status)
    one, two = sandbox.messages().items
    assert (one["status"], two["status"]) == (status, "accepted")
    if word:
        assert one["history"][-1]["provider_status"] == word
    else:
        assert (one["history"][-1]["code"], one["history"][-1]["detail"]) == ("NO_CHANNEL_AVAILABLE_ERROR", "no luck")
        expect(phone.message("One").locator(".fate")).to_contain_text("NO_CHANNEL_AVAILABLE_ERROR no luck")


@pytest.mark.sandbox(clock="virtual")
def test_what_can_still_become_of_it(phone: Phone, business: Business, sandbox: Client) -> None:
    """What has happened to a message is not offered a second time."""
    business.say("Hello")
    phone.choose(PERSON)
    deeds = phone.messages.locator(".story button")
    phone.messages.locator(".fate").click()
    expect(deeds).to_have_text(["Deliver", "Mark read", "Fail…", "Receipt…"])
    sandbox.advance(0.2)
    expect(deeds).to_have_text(["Mark read", "Receipt…"])
    sandbox.advance(0.4)
    expect(deeds).to_have_text(["Receipt…"])


def test_nothing_becomes_of_what_the_person_said(phone: Phone, sandbox: Client) -> None:
    """What the person said has been received, and that is all."""
    sandbox.act("acc_link", "say", user=PERSON, text="Hi")
    phone.choose(PERSON)
    phone.messages.locator(".fate").click()
    expect(phone.messages.get_by_role("list", name="History")).to_contain_text("Received")
    expect(phone.messages.locator(".story button")).to_have_count(0)


def test_click(phone: Phone, sandbox: Client) -> None:
    """A click on a tracked link is told; which links a text has is offered."""
    content = {"type": "text", "text": "Look: https://shop.example/sale"}
    options = {"trackClicks": "true", "shortenLinks": "true", "domain": "https://s.example"}
    over_webex(sandbox, "sms", PERSON, content=content, options=options, requestedReceipts=["Clicked"])
    phone.choose(PERSON)
    phone.befall("Look", "click")
    expect(phone.sheet.locator("datalist option")).to_have_count(1)
    phone.submit()
    expect(phone.sheet).to_have_count(0)
    phone.messages.locator(".fate").click()
    assert any("Clicked" in str(each["provider_status"]) for each in sandbox.messages().items[0]["history"])


def test_callbacks_of_the_next_action(phone: Phone, business: Business, sandbox: Client) -> None:
    """Whatever is done next is called back as one chose: late, again, without keys or with others; and what follows is not."""
    business.say("Hello")
    phone.choose(PERSON)
    tweak = phone.page.locator("callback-tweak")
    title = tweak.locator("summary")
    expect(title).to_have_text("Callbacks of the next action")
    title.click()

    def asked(do: Callable[[], None]) -> Any:
        """Return what is asked for the callbacks of what is done."""
        with phone.page.expect_response("**/_sandbox/actions") as answer:
            do()
        assert answer.value.status == 202
        action: dict[str, Any] = answer.value.request.post_data_json or {}
        return action.get("callback")

    def say() -> None:
        phone.text.fill("Hi")
        phone.text.press("Enter")

    def share() -> None:
        phone.do("share_location")
        phone.submit()

    tweak.get_by_label("Further copies").fill("2")
    tweak.get_by_label("Seconds late").fill("0.5")
    expect(title).to_have_text("Callbacks of the next action: 0.5 s late; 2 more")
    assert asked(say) == {"duplicate": 2, "delay": 0.5}
    expect(title).to_have_text("Callbacks of the next action")
    tweak.get_by_label("Without the keys").fill("eventType, other")
    tweak.get_by_label("With keys set").fill('{"more": [1]}')
    assert asked(lambda: phone.do("start_typing")) == {"drop": ["eventType", "other"], "set": {"more": [1]}}
    (typing,) = [each for each in sandbox.callbacks(user=PERSON).items if each["kind"] == "event.IS_TYPING"]
    told = json.loads(base64.b64decode(json.loads(typing["body"] or "")["message"]["data"]))
    assert (told["more"], "eventType" in told) == ([1], False)
    expect(title).to_have_text("Callbacks of the next action")
    tweak.get_by_label("Further copies").fill("1")
    assert asked(share) == {"duplicate": 1}
    expect(phone.sheet).to_have_count(0)
    assert asked(share) is None
    tweak.get_by_label("Seconds late").fill("1")
    tweak.get_by_role("button", name="As usual").click()
    expect(tweak.get_by_label("Seconds late")).to_have_value("")
    assert asked(say) is None


def test_refused_callbacks(phone: Phone, business: Business, sandbox: Client, watch: Watch) -> None:
    """What cannot be done to callbacks is told, nothing is done, and what was chosen stays."""
    watch.allow("status of 422")
    business.say("Hello")
    phone.choose(PERSON)
    tweak = phone.page.locator("callback-tweak")
    tweak.locator("summary").click()
    phone.text.fill("Hi")
    for label, wrong, complaint in (
        ("With keys set", "{", "callback.set is no JSON"),
        ("Further copies", "101", "callback.duplicate"),
    ):
        tweak.get_by_label(label).fill(wrong)
        phone.text.press("Enter")
        expect(phone.refusal).to_contain_text(complaint)
        expect(tweak.get_by_label(label)).to_have_value(wrong)
        tweak.get_by_role("button", name="As usual").click()
    expect(phone.text).to_have_value("Hi")
    assert said(sandbox) == []


def test_refused_value(phone: Phone, business: Business, watch: Watch) -> None:
    """What does not fit is told beside its field, and the sheet stays as it was."""
    watch.allow("status of 422")
    business.say("Where?")
    phone.choose(PERSON)
    phone.do("share_location")
    phone.fill(Latitude="91", Name="Nowhere")
    expect(phone.sheet.locator("[data-path=latitude] .complaint")).to_contain_text("90")
    expect(phone.sheet.get_by_label("Name")).to_have_value("Nowhere")


@pytest.mark.sandbox(clock="virtual")
def test_refused_as_a_whole(phone: Phone, business: Business, sandbox: Client, watch: Watch) -> None:
    """What fits no field is told above the button."""
    watch.allow("status of 422")
    business.say("Hello")
    phone.choose(PERSON)
    phone.befall("Hello", "fail")
    phone.fill(Code="42")
    expect(phone.sheet.get_by_role("alert")).to_contain_text("one code for a message that fails")
    assert sandbox.messages().items[0]["status"] == "accepted"


def test_refused_file(phone: Phone, business: Business, watch: Watch) -> None:
    """A file that the provider's people cannot send is refused in words."""
    watch.allow("status of 422")
    business.say("A photo?")
    phone.choose(PERSON)
    phone.do("send_file")
    phone.sheet.get_by_role("radio", name="document.pdf").check()
    phone.submit()
    expect(phone.sheet).to_contain_text("application/pdf")


def test_refused_now(phone: Phone, sandbox: Client, watch: Watch) -> None:
    """What cannot be now is told beside the control, until something else is done."""
    watch.allow("status of 409")
    sandbox.act("acc_rbm", "say", user=PERSON, text="Hi")
    phone.choose(PERSON)
    phone.do("end_session")
    phone.do("end_session")
    expect(phone.refusal).to_contain_text("no session with")
    phone.text.fill("Hello")
    phone.text.press("Enter")
    expect(phone.refusal).to_have_count(0)


def test_refused_tap(phone: Phone, business: Business, sandbox: Client, watch: Watch) -> None:
    """A tap that is refused says so below the chips."""
    watch.allow("status of 409")
    business.say("Go on?", "Yes")
    phone.choose(PERSON)
    chip = phone.messages.get_by_role("button", name="Yes")
    expect(chip).to_be_visible()
    phone.page.route("**/_sandbox/actions", lambda route: route.fulfill(status=409, json={"detail": "not now"}))
    chip.click()
    expect(phone.messages.locator(".refusal")).to_have_text("not now")
    assert said(sandbox) == []


def test_a_server_that_is_gone(phone: Phone, business: Business, watch: Watch) -> None:
    """Where nothing answers, that is told, and nothing that was written is lost."""
    watch.allow("Failed to load resource")
    business.say("Hello")
    phone.choose(PERSON)
    phone.text.fill("Are you there?")
    phone.page.route("**/_sandbox/actions", lambda route: route.abort())
    phone.text.press("Enter")
    expect(phone.refusal).to_have_text("the sandbox does not answer")
    expect(phone.text).to_have_value("Are you there?")


def test_by_keyboard(phone: Phone, business: Business, sandbox: Client) -> None:
    """Tray, sheet and back again without a mouse; Escape closes, and the focus goes where it was."""
    business.say("Where?")
    phone.choose(PERSON)
    phone.more.focus()
    phone.page.keyboard.press("Enter")
    expect(phone.more).to_have_attribute("aria-expanded", "true")
    tile = phone.page.locator("message-composer [data-type=share_location]")
    tile.focus()
    phone.page.keyboard.press("Enter")
    expect(phone.sheet.get_by_label("Latitude")).to_be_focused()
    phone.page.keyboard.press("Escape")
    expect(phone.sheet).to_have_count(0)
    expect(tile).to_be_focused()
    phone.page.keyboard.press("Enter")
    phone.page.keyboard.press("Enter")
    expect(phone.messages.locator(".place")).to_be_visible()
    assert said(sandbox)[0]["kind"] == "location"


def test_mehery_buttons(phone: Phone, sandbox: Client) -> None:
    """What one says to a business that speaks by several addresses goes to the one it is said to."""
    sandbox.act("acc_mehery", "say", user=CONTACT, sender=WHATSAPP, text="Hi")
    over_mehery(sandbox, "text", body="How can we help?")
    phone.choose(CONTACT)
    expect(phone.message("How can we help?")).to_be_visible()
    phone.text.fill("With shoes")
    phone.text.press("Enter")
    expect(phone.message("With shoes")).to_be_visible()
    assert {message["sender"] for message in sandbox.messages().items} == {WHATSAPP}
