"""WX1-FB: texts, files, templates, sender actions and quick replies for Facebook Messenger."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.core.content import Card, Carousel, File, Media, Other, SuggestedAction, Suggestion, Text
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.checked import Fate
from v1_requests import OMIT, assert_refused, check, fates, refusal, request, without_omitted

Members = dict[str, Any]


def fb(**block: Any) -> Members:
    """Return a message to a person on Messenger; a member given as OMIT is left out."""
    channels = {"OTT-Messaging": {"fb": without_omitted(block)}}
    return request("fb", channels, "1000000001", key="psid", appid="a_1")


def file(kind: Any = "image", **payload: Any) -> Members:
    """Return a message with a file."""
    return fb(attachment=without_omitted({"type": kind, "payload": payload or {"url": "https://example.com/a.png"}}))


def template(kind: Any = OMIT, **payload: Any) -> Members:
    """Return a message of a template."""
    return fb(attachment={"type": "template", "payload": without_omitted({"template_type": kind, **payload})})


def generic(*elements: Any) -> Members:
    """Return a generic template of these elements."""
    return template("generic", elements=list(elements))


def element(**changes: Any) -> Members:
    """Return an element of a generic template; a member given as OMIT is left out."""
    return without_omitted({"title": "a", **changes})


def button(kind: Any = "postback", **changes: Any) -> Members:
    """Return a button; a member given as OMIT is left out."""
    return without_omitted({"type": kind, "title": "a", "payload": "p", **changes})


def link(**changes: Any) -> Members:
    """Return a button that opens a page."""
    return without_omitted({"type": "web_url", "title": "a", "url": "https://example.com", **changes})


def receipt(**changes: Any) -> Members:
    """Return a receipt; a member given as OMIT is left out."""
    members = {
        "recipient_name": "Stephane Crozatier",
        "order_number": "1234444415678902",
        "currency": "USD",
        "payment_method": "Visa 2345",
        "elements": [{"title": "Shirt"}],
        "summary": {"total_cost": 56.14},
        **changes,
    }
    return template("receipt", **members)


def address(**changes: Any) -> Members:
    """Return a receipt with an address; a part given as OMIT is left out."""
    parts = {
        "street_1": "1 Hacker Way",
        "city": "Menlo Park",
        "postal_code": "94025",
        "state": "CA",
        "country": "US",
        **changes,
    }
    return receipt(address=without_omitted(parts))


def quick(*replies: Any, **block: Any) -> Members:
    """Return a text with quick replies."""
    return fb(**{"text": "Which?", "quick_replies": list(replies), **block})


def reply(**changes: Any) -> Members:
    """Return a quick reply; a member given as OMIT is left out."""
    return without_omitted({"content_type": "text", "title": "Red", "payload": "PICK_RED", **changes})


NO_TEXT = "param 'text' missing for channel fb"
TWO = "text, attachment and sender_action are exclusive"

LACKING = [
    pytest.param(fb(notification_type="REGULAR"), "01", NO_TEXT, id="WX1-FB-01-nothing"),
    pytest.param(fb(text=""), "01", NO_TEXT, id="WX1-FB-01-empty-text"),
    pytest.param(fb(attachment={}, quick_replies=[reply()]), "01", NO_TEXT, id="WX1-FB-01-empty-attachment"),
    pytest.param(fb(sender_action=None), "01", NO_TEXT, id="WX1-FB-01-null"),
    pytest.param(fb(text="a", messaging_type="MESSAGE_TAG"), "06", "tag", id="WX1-FB-06-no-tag"),
    pytest.param(fb(text="a", messaging_type="MESSAGE_TAG", tag=""), "06", "tag", id="WX1-FB-06-empty-tag"),
    pytest.param(fb(attachment={"payload": {"url": "a"}}), "08", "attachment.type", id="WX1-FB-08-no-type"),
    pytest.param(fb(attachment={"type": "image"}), "08", "attachment.payload", id="WX1-FB-08-no-payload"),
    pytest.param(
        fb(attachment={"type": "image", "payload": {}}), "08", "attachment.payload", id="WX1-FB-08-empty-payload"
    ),
    pytest.param(file(URL="https://example.com"), "09", "attachment.payload.url", id="WX1-FB-09-no-url"),
    pytest.param(file(url=""), "09", "attachment.payload.url", id="WX1-FB-09-empty-url"),
    pytest.param(template(elements=[element()]), "10", "template_type", id="WX1-FB-10-no-template-type"),
    pytest.param(template("generic"), "11", "elements", id="WX1-FB-11-no-elements"),
    pytest.param(generic(), "11", "elements", id="WX1-FB-11-no-element-is-too-few"),
    pytest.param(generic(element(), element(title=OMIT)), "12", "elements[1].title", id="WX1-FB-12-no-title"),
    pytest.param(generic(element(title="")), "12", "elements[0].title", id="WX1-FB-12-empty-title"),
    pytest.param(
        generic(element(buttons=[button(), {"title": "a", "payload": "p"}])),
        "15",
        "elements[0].buttons[1].type",
        id="WX1-FB-15-no-type",
    ),
    pytest.param(
        template("button", text="a", buttons=[button(title=OMIT)]), "15", "buttons[0].title", id="WX1-FB-15-no-title"
    ),
    pytest.param(
        template("button", text="a", buttons=[link(url=OMIT)]), "15", "buttons[0].url", id="WX1-FB-15-web-url-needs-url"
    ),
    pytest.param(
        template("button", text="a", buttons=[button(payload=OMIT)]),
        "15",
        "buttons[0].payload",
        id="WX1-FB-15-postback-needs-payload",
    ),
    pytest.param(
        template("button", text="a", buttons=[button("phone_number", payload="")]),
        "15",
        "buttons[0].payload",
        id="WX1-FB-15-phone-number-needs-payload",
    ),
    pytest.param(template("button", buttons=[button()]), "16", "text", id="WX1-FB-16-no-text"),
    pytest.param(template("button", text=None), "16", "text", id="WX1-FB-16-null"),
    pytest.param(receipt(recipient_name=OMIT), "17", "recipient_name", id="WX1-FB-17-recipient-name"),
    pytest.param(receipt(order_number=""), "17", "order_number", id="WX1-FB-17-order-number"),
    pytest.param(receipt(currency=OMIT), "17", "currency", id="WX1-FB-17-currency"),
    pytest.param(receipt(payment_method=None), "17", "payment_method", id="WX1-FB-17-payment-method"),
    pytest.param(receipt(elements=[]), "17", "elements", id="WX1-FB-17-elements"),
    pytest.param(receipt(summary=OMIT), "17", "summary", id="WX1-FB-17-summary"),
    pytest.param(receipt(elements=[{"quantity": 2}]), "18", "elements[0].title", id="WX1-FB-18-title"),
    pytest.param(address(street_1=OMIT), "19", "address.street_1", id="WX1-FB-19-street"),
    pytest.param(address(city=""), "19", "address.city", id="WX1-FB-19-city"),
    pytest.param(address(postal_code=OMIT), "19", "address.postal_code", id="WX1-FB-19-postal-code"),
    pytest.param(address(state=OMIT), "19", "address.state", id="WX1-FB-19-state"),
    pytest.param(address(country=OMIT), "19", "address.country", id="WX1-FB-19-country"),
    pytest.param(receipt(address={}), "19", "address.street_1", id="WX1-FB-19-empty-address"),
    pytest.param(
        quick({"title": "a", "payload": "b"}), "22", "quick_replies[0].content_type", id="WX1-FB-22-no-content-type"
    ),
    pytest.param(quick(reply(), reply(title=OMIT)), "23", "quick_replies[1].title", id="WX1-FB-23-no-title"),
    pytest.param(quick(reply(payload="")), "24", "quick_replies[0].payload", id="WX1-FB-24-empty-payload"),
]


@pytest.mark.parametrize(("data", "rule", "detail"), LACKING)
def test_what_is_missing(data: Members, rule: str, detail: str) -> None:
    """A mandatory part that is absent, null or empty is 7003."""
    assert_refused(data, f"WX1-FB-{rule}", "7003", detail)


WRONG = [
    pytest.param(fb(text=5), "01", "text", id="WX1-FB-01-number"),
    pytest.param(fb(text="a", attachment={"type": "image"}), "02", TWO, id="WX1-FB-02-text-and-attachment"),
    pytest.param(fb(text="a", sender_action="typing_on"), "02", TWO, id="WX1-FB-02-text-and-sender-action"),
    pytest.param(
        fb(attachment={"type": "image"}, sender_action="a"), "02", TWO, id="WX1-FB-02-attachment-and-sender-action"
    ),
    pytest.param(fb(sender_action="typing"), "03", "sender_action", id="WX1-FB-03-unknown"),
    pytest.param(fb(sender_action=["typing_on"]), "03", "sender_action", id="WX1-FB-03-array"),
    pytest.param(fb(text="a", notification_type="LOUD"), "04", "notification_type", id="WX1-FB-04-unknown"),
    pytest.param(fb(text="a", notification_type=1), "04", "notification_type", id="WX1-FB-04-number"),
    pytest.param(fb(text="a", messaging_type="SHOUT"), "05", "messaging_type", id="WX1-FB-05-unknown"),
    pytest.param(fb(text="a", messaging_type={}, tag=1), "06", "tag", id="WX1-FB-06-number"),
    pytest.param(fb(attachment="image"), "08", "attachment", id="WX1-FB-08-text-for-an-attachment"),
    pytest.param(file("sticker"), "08", "attachment.type", id="WX1-FB-08-unknown-type"),
    pytest.param(file(5), "08", "attachment.type", id="WX1-FB-08-number-for-a-type"),
    pytest.param(
        fb(attachment={"type": "image", "payload": "a"}), "08", "attachment.payload", id="WX1-FB-08-text-for-a-payload"
    ),
    pytest.param(file(url="ftp://example.com/a"), "09", "attachment.payload.url", id="WX1-FB-09-other-scheme"),
    pytest.param(file(url="example.com/a.png"), "09", "attachment.payload.url", id="WX1-FB-09-no-scheme"),
    pytest.param(file(url=5), "09", "attachment.payload.url", id="WX1-FB-09-number"),
    pytest.param(file(url="https://example.com/a b"), "09", "attachment.payload.url", id="WX1-FB-09-blank"),
    pytest.param(template("list"), "10", "template_type", id="WX1-FB-10-unknown"),
    pytest.param(template(["generic"]), "10", "template_type", id="WX1-FB-10-array"),
    pytest.param(generic(*[element()] * 11), "11", "elements", id="WX1-FB-11-eleven-are-too-many"),
    pytest.param(template("generic", elements={"title": "a"}), "11", "elements", id="WX1-FB-11-object"),
    pytest.param(generic(element(title="a" * 81)), "12", "elements[0].title", id="WX1-FB-12-81-are-too-many"),
    pytest.param(generic(element(), element(title=5)), "12", "elements[1].title", id="WX1-FB-12-number"),
    pytest.param(generic("a"), "12", "elements[0]", id="WX1-FB-12-text-for-an-element"),
    pytest.param(generic(element(subtitle="a" * 81)), "13", "elements[0].subtitle", id="WX1-FB-13-81-are-too-many"),
    pytest.param(generic(element(subtitle=True)), "13", "elements[0].subtitle", id="WX1-FB-13-boolean"),
    pytest.param(generic(element(image_url=5)), "13", "elements[0].image_url", id="WX1-FB-13-image-url"),
    pytest.param(generic(element(buttons=[button()] * 4)), "14", "buttons", id="WX1-FB-14-four-at-an-element"),
    pytest.param(template("button", text="a", buttons=[button()] * 4), "14", "buttons", id="WX1-FB-14-four"),
    pytest.param(template("button", text="a", buttons="a"), "14", "buttons", id="WX1-FB-14-text"),
    pytest.param(
        template("button", text="a", buttons=[button("share")]), "15", "buttons[0].type", id="WX1-FB-15-unknown-type"
    ),
    pytest.param(
        template("button", text="a", buttons=[button(title=5)]), "15", "buttons[0].title", id="WX1-FB-15-number"
    ),
    pytest.param(
        template("button", text="a", buttons=[button(payload={"a": 1})]),
        "15",
        "buttons[0].payload",
        id="WX1-FB-15-object-for-a-payload",
    ),
    pytest.param(template("button", text="a", buttons=[link(url=5)]), "15", "buttons[0].url", id="WX1-FB-15-url"),
    pytest.param(template("button", text="a", buttons=["a"]), "15", "buttons[0]", id="WX1-FB-15-text-for-a-button"),
    pytest.param(template("button", text=5), "16", "text", id="WX1-FB-16-number"),
    pytest.param(receipt(recipient_name=5), "17", "recipient_name", id="WX1-FB-17-number-for-a-name"),
    pytest.param(receipt(order_number=1.5), "17", "order_number", id="WX1-FB-17-fraction-for-an-order-number"),
    pytest.param(receipt(summary=[1]), "17", "summary", id="WX1-FB-17-array-for-a-summary"),
    pytest.param(receipt(timestamp="yesterday"), "17", "timestamp", id="WX1-FB-17-timestamp"),
    pytest.param(
        receipt(elements=[{"title": "a", "quantity": 1.5}]), "18", "elements[0].quantity", id="WX1-FB-18-quantity"
    ),
    pytest.param(
        receipt(elements=[{"title": "a"}, {"title": "b", "price": "a"}]),
        "18",
        "elements[1].price",
        id="WX1-FB-18-price",
    ),
    pytest.param(receipt(elements=[{"title": 5}]), "18", "elements[0].title", id="WX1-FB-18-number-for-a-title"),
    pytest.param(
        receipt(elements=[{"title": "a", "subtitle": 5}]), "18", "elements[0].subtitle", id="WX1-FB-18-subtitle"
    ),
    pytest.param(receipt(summary={"subtotal": "a lot"}), "18", "summary.subtotal", id="WX1-FB-18-subtotal"),
    pytest.param(receipt(summary={"total_tax": True}), "18", "summary.total_tax", id="WX1-FB-18-boolean"),
    pytest.param(receipt(adjustments=[{"amount": "a"}]), "18", "adjustments[0].amount", id="WX1-FB-18-adjustment"),
    pytest.param(receipt(adjustments=[{"name": 5}]), "18", "adjustments[0].name", id="WX1-FB-18-name"),
    pytest.param(address(country="USA"), "19", "address.country", id="WX1-FB-19-three-letters"),
    pytest.param(address(country="U"), "19", "address.country", id="WX1-FB-19-one-letter"),
    pytest.param(address(country="U1"), "19", "address.country", id="WX1-FB-19-digit"),
    pytest.param(address(country=12), "19", "address.country", id="WX1-FB-19-number"),
    pytest.param(address(city=["a"]), "19", "address.city", id="WX1-FB-19-array"),
    pytest.param(receipt(address="1 Hacker Way"), "19", "address", id="WX1-FB-19-text"),
    pytest.param(quick(*[reply()] * 11), "21", "quick_replies", id="WX1-FB-21-eleven-are-too-many"),
    pytest.param(quick(quick_replies={"a": 1}), "21", "quick_replies", id="WX1-FB-21-object"),
    pytest.param(
        quick(reply(content_type="user_email")), "22", "quick_replies[0].content_type", id="WX1-FB-22-unknown"
    ),
    pytest.param(quick("Red"), "22", "quick_replies[0]", id="WX1-FB-22-text-for-a-reply"),
    pytest.param(quick(reply(title="a" * 21)), "23", "quick_replies[0].title", id="WX1-FB-23-21-are-too-many"),
    pytest.param(quick(reply(title=5)), "23", "quick_replies[0].title", id="WX1-FB-23-number"),
    pytest.param(quick(reply(payload="a" * 1001)), "24", "quick_replies[0].payload", id="WX1-FB-24-1001-are-too-many"),
    pytest.param(quick(reply(payload=["a"])), "24", "quick_replies[0].payload", id="WX1-FB-24-array"),
    pytest.param(fb(sender_action="typing_on", quick_replies=[reply()]), "25", "quick_replies", id="WX1-FB-25"),
]


@pytest.mark.parametrize(("data", "rule", "detail"), WRONG)
def test_what_is_wrong(data: Members, rule: str, detail: str) -> None:
    """A part that is there and is not as documented is 7004."""
    assert_refused(data, f"WX1-FB-{rule}", "7004", detail)


ACCEPTED = [
    pytest.param(fb(text="a", type="conversation"), id="WX1-FB-01-text"),
    pytest.param(fb(text="", attachment=file()["channels"]["OTT-Messaging"]["fb"]["attachment"]), id="WX1-FB-02-empty"),
    *[
        pytest.param(fb(sender_action=action), id=f"WX1-FB-03-{action}")
        for action in ("markseen", "mark_seen", "typing_on", "typing_off")
    ],
    *[
        pytest.param(fb(text="a", notification_type=kind), id=f"WX1-FB-04-{kind}")
        for kind in ("REGULAR", "NO_PUSH", "SILENT_PUSH")
    ],
    pytest.param(fb(text="a", messaging_type="RESPONSE"), id="WX1-FB-05-RESPONSE"),
    pytest.param(fb(text="a", messaging_type="UPDATE"), id="WX1-FB-05-UPDATE"),
    pytest.param(fb(text="a", messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT"), id="WX1-FB-06-tag"),
    *[pytest.param(file(kind), id=f"WX1-FB-08-{kind}") for kind in ("image", "audio", "video", "file")],
    pytest.param(generic(*[element()] * 10), id="WX1-FB-11-ten-are-allowed"),
    pytest.param(generic(element(title="é" * 80)), id="WX1-FB-12-80-are-allowed"),
    pytest.param(generic(element(subtitle="a" * 80)), id="WX1-FB-13-80-are-allowed"),
    pytest.param(
        generic(element(buttons=[button(), link(), button("phone_number")])), id="WX1-FB-14-three-are-allowed"
    ),
    pytest.param(template("button", text="a", buttons=[button()] * 3), id="WX1-FB-14-three-in-the-template"),
    pytest.param(template("button", text="a"), id="WX1-FB-14-no-buttons"),
    pytest.param(template("button", text="a", buttons=[button(payload=1232)]), id="WX1-FB-15-digits-as-in-the-sample"),
    pytest.param(receipt(order_number=1234444415678902, timestamp=0), id="WX1-FB-17-numbers"),
    pytest.param(receipt(timestamp="1428444852", order_url="http://example.com"), id="WX1-FB-17-digits"),
    pytest.param(
        receipt(elements=[{"title": "a", "quantity": "2", "price": "4.95"}], summary={"subtotal": "75.00"}),
        id="WX1-FB-18-numeric-strings",
    ),
    pytest.param(receipt(elements=[{"title": "a", "quantity": 2, "price": 4.95}]), id="WX1-FB-18-numbers"),
    pytest.param(receipt(adjustments=[{"name": "Discount", "amount": 20}, {}]), id="WX1-FB-18-adjustments"),
    pytest.param(address(street_2=""), id="WX1-FB-19-complete"),
    pytest.param(address(postal_code=94025, country="us"), id="WX1-FB-19-digits"),
    pytest.param(quick(*[reply()] * 10), id="WX1-FB-21-ten-are-allowed"),
    pytest.param(quick(), id="WX1-FB-21-none"),
    pytest.param(quick(reply(content_type="location", title=OMIT, payload=OMIT)), id="WX1-FB-22-location"),
    pytest.param(quick(reply(title="a" * 20)), id="WX1-FB-23-20-are-allowed"),
    pytest.param(quick(reply(payload="a" * 1000, image_url="https://example.com/1.png")), id="WX1-FB-24-1000"),
    pytest.param(fb(sender_action="typing_on", quick_replies=[]), id="WX1-FB-25-no-replies"),
]


@pytest.mark.parametrize("data", ACCEPTED)
def test_what_is_accepted(data: Members) -> None:
    """What the document shows is accepted, in every spelling that it uses, and will be delivered."""
    checked = check(data)
    assert checked.warnings == ()
    assert fates(data) == [None]


def test_an_empty_text_in_a_button_template() -> None:
    """WX1-FB-16: the document's own sample has one, so that it is let through with a remark."""
    data = template("button", text="", buttons=[button()])
    assert check(data).warnings == ("WX1-FB-16: the text of the button template is empty",)


@pytest.mark.parametrize(
    ("tag", "fate"),
    [
        pytest.param("HUMAN_AGENT", None, id="WX1-FB-07-HUMAN_AGENT"),
        pytest.param("ACCOUNT_UPDATE", None, id="WX1-FB-07-ACCOUNT_UPDATE"),
        pytest.param("CONFIRMED_EVENT_UPDATE", None, id="WX1-FB-07-CONFIRMED_EVENT_UPDATE"),
        pytest.param("POST_PURCHASE_UPDATE", None, id="WX1-FB-07-POST_PURCHASE_UPDATE"),
        pytest.param("SHIPPING_UPDATE", Fate("Failed", "7526"), id="WX1-FB-07-unknown"),
        pytest.param("account_update", Fate("Failed", "7526"), id="WX1-FB-07-lower-case"),
    ],
)
def test_tags(tag: str, fate: Fate | None) -> None:
    """A tag that Messenger does not take fails by receipt."""
    assert fates(fb(text="a", messaging_type="MESSAGE_TAG", tag=tag)) == [fate]


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, id=f"WX1-FB-20-{kind}")
        for kind in (
            "airline_itinerary",
            "airline_checkin",
            "airline_boardingpass",
            "airline_flight_update",
            "airline_update",
        )
    ],
)
def test_airline_templates(kind: str) -> None:
    """A deprecated template is accepted whatever it holds, and fails by receipt, which says why."""
    for payload in ({}, {"intro_message": 5, "flight_info": "a", "product_info": [1, 2, 3, 4, 5]}):
        fate = Fate("Failed", "7010", f"Airline template {kind} is deprecated")
        assert fates(template(kind, **payload)) == [fate]


@pytest.mark.parametrize(
    ("data", "silent"),
    [
        pytest.param(fb(sender_action="typing_on"), True, id="WX1-FB-26-sender-action"),
        pytest.param(fb(text="a"), False, id="WX1-FB-26-text"),
    ],
)
def test_sender_actions_are_silent(data: Members, silent: bool) -> None:
    """A sender action is submitted, and nothing more comes of it."""
    assert check(data).silent is silent


ORDER = [
    pytest.param(fb(text="a", sender_action="b"), "WX1-FB-02", id="WX1-FB-02-before-03"),
    pytest.param(fb(sender_action="b", notification_type="c"), "WX1-FB-03", id="WX1-FB-03-before-04"),
    pytest.param(fb(attachment={"type": "a"}, messaging_type="MESSAGE_TAG"), "WX1-FB-06", id="WX1-FB-06-before-08"),
    pytest.param(generic(element(title="a" * 81, subtitle="b" * 81)), "WX1-FB-12", id="WX1-FB-12-before-13"),
    pytest.param(template("button", buttons=[button()] * 4), "WX1-FB-14", id="WX1-FB-14-before-16"),
    pytest.param(receipt(address={"city": "a"}, summary={"subtotal": "a"}), "WX1-FB-18", id="WX1-FB-18-before-19"),
    pytest.param(quick(reply(title="", payload="")), "WX1-FB-23", id="WX1-FB-23-before-24"),
    pytest.param(fb(sender_action="typing_on", quick_replies=[reply(title="")]), "WX1-FB-23", id="WX1-FB-23-before-25"),
]


@pytest.mark.parametrize(("data", "rule"), ORDER)
def test_order(data: Members, rule: str) -> None:
    """The first broken rule answers, in the order of the contract."""
    assert refusal(data).rule == rule


def test_a_template_of_the_platform_needs_no_text() -> None:
    """WX1-TPL-04: a template stands in for the content, and the channel's own content wins over it."""
    settings = {"templates": {"t1": {"channel": "fb", "text": "Hi $(name)"}}}
    for block, text in ({"notification_type": "NO_PUSH"}, "Hi Ann"), ({"text": "Hello"}, "Hello"):
        data = fb(**block) | {"message": {"template": "t1", "parameters": {"name": "Ann"}}}
        checked = check(data, **settings)
        assert checked.content(checked.addressed[0]).content == Text(text)


def test_unknown_members() -> None:
    """WX1-JSON-03: what nobody documents is told of, or refused in the strict mode."""
    data = generic(element(buttons=[button(colour="red")]))
    path = "channels.OTT-Messaging.fb.attachment.payload.elements[0].buttons[0].colour"
    assert check(data).warnings == (f"WX1-JSON-03: ignored_fields: {path}",)
    assert_refused(data, "WX1-JSON-03", "7004", f"{path} is an unknown field", strict_unknown_fields=True)


def test_smart_links() -> None:
    """WX1-LINK-04: links are put into a text, and its quick replies stay."""
    data = quick(reply(), text="See {{link_5}}") | {"smartlinks": [{"linkid": 5, "validity": 30}]}
    checked = check(data)
    said = checked.content(checked.addressed[0])
    assert isinstance(said.content, Text)
    assert said.content.text.startswith("See https://lnk.sandbox.invalid/5-")
    assert said.suggestions == (Suggestion("Red", "PICK_RED"),)


# ------------------------------------------------------------------------------------------------------ content

PICTURE = "https://example.com/a.png"
PAGE = SuggestedAction("open_url", {"url": "https://example.com"})

CONTENTS = [
    pytest.param(fb(text="Hello"), Body(Text("Hello")), id="text"),
    pytest.param(file("image"), Body(Media(File("image", url=PICTURE, name="a.png"))), id="image"),
    pytest.param(
        file("file", url="https://example.com/a.pdf?b=c/d"),
        Body(Media(File("document", url="https://example.com/a.pdf?b=c/d", name="a.pdf"))),
        id="file",
    ),
    pytest.param(file("audio", url="https://x.com"), Body(Media(File("audio", url="https://x.com"))), id="audio"),
    pytest.param(fb(sender_action="typing_on"), Body(Other("", {"sender_action": "typing_on"})), id="sender-action"),
    pytest.param(
        generic(element(title="a", subtitle="b", image_url=PICTURE, buttons=[link()])),
        Body(
            Card(
                title="a",
                description="b",
                media=File("image", url=PICTURE),
                suggestions=(Suggestion("a", "", PAGE),),
            )
        ),
        id="one-element",
    ),
    pytest.param(
        generic(element(title="a"), element(title="b", buttons=[button(payload=5)])),
        Body(Carousel((Card(title="a"), Card(title="b", suggestions=(Suggestion("a", "5"),))))),
        id="two-elements",
    ),
    pytest.param(
        template("button", text="a", buttons=[button("phone_number", payload="+4477")]),
        Body(
            Card(description="a", suggestions=(Suggestion("a", "+4477", SuggestedAction("call", {"msisdn": "+4477"})),))
        ),
        id="button-template",
    ),
    pytest.param(
        quick(reply(), reply(content_type="location", title=OMIT, payload=OMIT)),
        Body(
            Text("Which?"),
            (
                Suggestion("Red", "PICK_RED"),
                Suggestion("Send location", "", SuggestedAction("request_location")),
            ),
        ),
        id="quick-replies",
    ),
    pytest.param(
        template("airline_update", intro_message="Late"),
        Body(Other("Late", {"template": {"template_type": "airline_update", "intro_message": "Late"}})),
        id="airline",
    ),
    pytest.param(
        template("airline_update", intro_message=5),
        Body(Other("airline_update", {"template": {"template_type": "airline_update", "intro_message": 5}})),
        id="airline-with-anything",
    ),
]


@pytest.mark.parametrize(("data", "body"), CONTENTS)
def test_what_messenger_shows(data: Members, body: Body) -> None:
    """Content and suggestions: quick replies belong to the message, buttons to its cards."""
    checked = check(data)
    assert checked.content(checked.addressed[0]) == body


def test_a_receipt_can_be_read() -> None:
    """Number, buyer, items, adjustments, sums, payment and address, a line each."""
    data = address(street_2="", postal_code=94025)
    data["channels"]["OTT-Messaging"]["fb"]["attachment"]["payload"] |= {
        "elements": [
            {"title": "White T-Shirt", "quantity": 2, "price": 50},
            {"title": "Grey T-Shirt", "price": "25.00", "currency": "EUR"},
            {"title": "Bag"},
        ],
        "adjustments": [{"name": "Discount", "amount": 20}, {"amount": 1.5}, {"name": "Nothing"}],
        "summary": {"subtotal": 75.00, "total_cost": 56.14},
    }
    checked = check(data)
    content = checked.content(checked.addressed[0]).content
    assert isinstance(content, Other)
    assert content.text.splitlines() == [
        "Receipt 1234444415678902 for Stephane Crozatier",
        "2 x White T-Shirt: 50 USD",
        "Grey T-Shirt: 25.00 EUR",
        "Bag",
        "Discount: 20 USD",
        "Adjustment: 1.5 USD",
        "Subtotal: 75 USD",
        "Total cost: 56.14 USD",
        "Paid by Visa 2345",
        "1 Hacker Way, Menlo Park, 94025, CA, US",
    ]
