"""Messenger: texts, files, templates and sender actions for Facebook Messenger."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.core.content import Card, Carousel, Content, File, Media, Other, SuggestedAction, Suggestion, Text
from sandbox.core.conversation import Body
from sandbox.providers.webex_connect.addresses import is_url
from sandbox.providers.webex_connect.checked import Addressed, Fate
from sandbox.providers.webex_connect.v1 import members as take
from sandbox.providers.webex_connect.v1.element import Element
from sandbox.providers.webex_connect.v1.members import Members
from sandbox.providers.webex_connect.v1.rules import RULES, invalid, missing
from sandbox.providers.webex_connect.values import file_name, given, integer

TITLE_LIMIT = 80  # characters, of an element of a generic template
SUBTITLE_LIMIT = 80
ELEMENT_LIMIT = 10
BUTTON_LIMIT = 3
QUICK_REPLY_LIMIT = 10
QUICK_REPLY_TITLE_LIMIT = 20
QUICK_REPLY_PAYLOAD_LIMIT = 1000

_WHERE = "channels.OTT-Messaging.fb"
_PAYLOAD = f"{_WHERE}.attachment.payload"

# "markseen" is the document's (765), "mark_seen" Messenger's own.
SENDER_ACTIONS = frozenset({"markseen", "mark_seen", "typing_on", "typing_off"})
# The third stands in a sample (727).
NOTIFICATION_TYPES = frozenset({"REGULAR", "NO_PUSH", "SILENT_PUSH"})
MESSAGING_TYPES = frozenset({"RESPONSE", "UPDATE", "MESSAGE_TAG"})
_TAGS = frozenset({"HUMAN_AGENT", "ACCOUNT_UPDATE", "CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE"})
_MEDIA = {"image": "image", "audio": "audio", "video": "video", "file": "document"}
ATTACHMENTS = frozenset({*_MEDIA, "template"})
# The last is "airline_flight_update" in one list (800), "airline_update" in its own table and sample (1738, 1758).
_AIRLINE = ("airline_itinerary", "airline_checkin", "airline_boardingpass", "airline_flight_update", "airline_update")
# The list has two (1038-1039), a sample the third (1014). Each needs one member besides its title.
_BUTTONS = {"web_url": "url", "postback": "payload", "phone_number": "payload"}
_REPLIES = frozenset({"text", "location"})

KNOWN = frozenset({
    "text", "attachment", "sender_action", "notification_type", "messaging_type", "tag", "quick_replies", "type",
    "parameters",
})  # fmt: skip
KNOWN_ELEMENT = frozenset({"title", "subtitle", "item_url", "image_url", "buttons"})
KNOWN_BUTTON = frozenset({"type", "title", "url", "payload"})
KNOWN_RECEIPT = frozenset({
    "template_type", "recipient_name", "order_number", "currency", "payment_method", "timestamp", "order_url",
    "elements", "address", "summary", "adjustments",
})  # fmt: skip
KNOWN_RECEIPT_ELEMENT = frozenset({"title", "subtitle", "quantity", "price", "currency", "image_url"})
_SUMS = ("subtotal", "shipping_cost", "total_tax", "total_cost")
_ADDRESS = ("street_1", "city", "postal_code", "state", "country")
KNOWN_ADJUSTMENT = frozenset({"name", "amount"})
KNOWN_REPLY = frozenset({"content_type", "title", "payload", "image_url"})

_two_letters = re.compile(r"[A-Za-z]{2}").fullmatch


def check(block: Members, element: Element) -> None:
    """Check `channels.OTT-Messaging.fb`. Source: 716-1985; WX1-FB-01 to -26."""
    element.look_for_unknown(block, KNOWN, _WHERE)
    text, attachment, sender_action = _one_of_three(block, element)
    if sender_action is not None:
        take.one_of(sender_action, SENDER_ACTIONS, "WX1-FB-03", "sender_action")
        element.silent = True  # WX1-FB-26
    notification_type = given(block, "notification_type")
    if notification_type is not None:
        take.one_of(notification_type, NOTIFICATION_TYPES, "WX1-FB-04", "notification_type")
    _check_tag(block, element)
    if attachment is not None:
        _check_attachment(attachment, element)
    elif text is not None:
        element.text = text
    replies = take.optional_items(block, "quick_replies", "WX1-FB-21")
    if replies:
        _check_quick_replies(replies, element)
        if sender_action is not None:
            raise RULES.broken("WX1-FB-25")


def _one_of_three(block: Members, element: Element) -> tuple[str | None, Members | None, Any]:
    """Return text, attachment and sender action, of which one is there. Raises WX1-FB-01 and -02."""
    text = take.optional_text(block, "text", "WX1-FB-01")
    attachment = given(block, "attachment")
    sender_action = given(block, "sender_action")
    count = (text is not None) + (attachment is not None) + (sender_action is not None)
    if count == 0 and element.template is None:
        raise RULES.broken("WX1-FB-01")
    if count > 1:
        raise RULES.broken("WX1-FB-02")
    if attachment is not None and not isinstance(attachment, dict):
        raise invalid("WX1-FB-08", "attachment", detail="must be an object")
    return text, attachment, sender_action


def _check_tag(block: Members, element: Element) -> None:
    """Raises WX1-FB-05 and -06. A tag that Messenger does not know fails by receipt (WX1-FB-07)."""
    messaging_type = given(block, "messaging_type")
    if messaging_type is not None:
        take.one_of(messaging_type, MESSAGING_TYPES, "WX1-FB-05", "messaging_type")
    tag = take.optional_text(block, "tag", "WX1-FB-06")
    if tag is None:
        if messaging_type == "MESSAGE_TAG":
            raise RULES.broken("WX1-FB-06")
    elif tag not in _TAGS:
        element.will(Fate("Failed", "7526"))


# ---------------------------------------------------------------------------------------------------- attachments


def _check_attachment(attachment: Members, element: Element) -> None:
    """Raises WX1-FB-08 to -20."""
    element.look_for_unknown(attachment, frozenset({"type", "payload"}), f"{_WHERE}.attachment")
    kind = take.required(attachment, "type", "WX1-FB-08", "attachment.")
    take.one_of(kind, ATTACHMENTS, "WX1-FB-08", "attachment.type")
    payload = take.members(attachment, "payload", "WX1-FB-08", "attachment.")
    if kind != "template":
        element.look_for_unknown(payload, frozenset({"url"}), _PAYLOAD)
        if not is_url(take.required(payload, "url", "WX1-FB-09", "attachment.payload.")):
            raise invalid("WX1-FB-09", "attachment.payload.url", detail="must be an http(s) address")
        return
    template = take.required(payload, "template_type", "WX1-FB-10")
    take.one_of(template, _TEMPLATES, "WX1-FB-10", "template_type")
    _TEMPLATES[template](payload, element)


def _check_airline(payload: Members, element: Element) -> None:
    """
    Foresee the failure of a deprecated template, whatever else it holds (WX1-FB-20).

    Its tables contradict its samples: a product_info of at most four is a string (1401), a schedule is an airport (1391).
    """
    element.will(Fate("Failed", "7010", f"Airline template {payload['template_type']} is deprecated"))


def _check_generic(payload: Members, element: Element) -> None:
    element.look_for_unknown(payload, frozenset({"template_type", "elements"}), _PAYLOAD)
    elements = take.items(payload, "elements", "WX1-FB-11")
    if len(elements) > ELEMENT_LIMIT:
        raise invalid("WX1-FB-11", "elements", detail=f"{len(elements)} are more than {ELEMENT_LIMIT}")
    for index in range(len(elements)):
        card = take.item(elements, index, "WX1-FB-12", "elements")
        where = f"elements[{index}]."
        element.look_for_unknown(card, KNOWN_ELEMENT, f"{_PAYLOAD}.elements[{index}]")
        title = take.text(card, "title", "WX1-FB-12", where)
        if len(title) > TITLE_LIMIT:
            raise invalid("WX1-FB-12", f"{where}title", detail=f"longer than {TITLE_LIMIT} characters")
        subtitle = take.optional_text(card, "subtitle", "WX1-FB-13", where)
        if subtitle is not None and len(subtitle) > SUBTITLE_LIMIT:
            raise invalid("WX1-FB-13", f"{where}subtitle", detail=f"longer than {SUBTITLE_LIMIT} characters")
        take.optional_texts(card, ("item_url", "image_url"), "WX1-FB-13", where)
        _check_buttons(card, element, where)


def _check_button_template(payload: Members, element: Element) -> None:
    element.look_for_unknown(payload, frozenset({"template_type", "text", "buttons"}), _PAYLOAD)
    _check_buttons(payload, element, "")
    text = payload.get("text")
    if text is None:
        raise RULES.broken("WX1-FB-16")
    if not isinstance(text, str):
        raise invalid("WX1-FB-16", "text", detail="must be a string")
    if not text:  # the sample's own text is empty (1001)
        element.warn("WX1-FB-16", "the text of the button template is empty")


def _check_buttons(block: Members, element: Element, where: str) -> None:
    """Raises WX1-FB-14 and -15."""
    buttons = take.optional_items(block, "buttons", "WX1-FB-14", where)
    if len(buttons) > BUTTON_LIMIT:
        raise RULES.broken("WX1-FB-14", detail=f"{where}buttons: {len(buttons)} are more than {BUTTON_LIMIT}")
    for index in range(len(buttons)):
        button = take.item(buttons, index, "WX1-FB-15", f"{where}buttons")
        path = f"{where}buttons[{index}]."
        element.look_for_unknown(button, KNOWN_BUTTON, f"{_PAYLOAD}.{path[:-1]}")
        kind = take.required(button, "type", "WX1-FB-15", path)
        take.one_of(kind, _BUTTONS, "WX1-FB-15", f"{path}type")
        take.text(button, "title", "WX1-FB-15", path)
        # The table wants url and payload both (1041-1042), its samples give what the type needs.
        if kind == "web_url":
            take.text(button, "url", "WX1-FB-15", path)
            take.optional_digits_or_text(button, "payload", "WX1-FB-15", path)
        else:
            take.digits_or_text(button, "payload", "WX1-FB-15", path)
            take.optional_text(button, "url", "WX1-FB-15", path)


def _check_receipt(payload: Members, element: Element) -> None:
    """Raises WX1-FB-17 to -19."""
    element.look_for_unknown(payload, KNOWN_RECEIPT, _PAYLOAD)
    take.text(payload, "recipient_name", "WX1-FB-17")
    take.digits_or_text(payload, "order_number", "WX1-FB-17")
    take.text(payload, "currency", "WX1-FB-17")
    take.text(payload, "payment_method", "WX1-FB-17")
    elements = take.items(payload, "elements", "WX1-FB-17")
    summary = take.members(payload, "summary", "WX1-FB-17")
    take.optional_text(payload, "order_url", "WX1-FB-17")
    timestamp = given(payload, "timestamp")
    if timestamp is not None and integer(timestamp) is None:
        raise invalid("WX1-FB-17", "timestamp", detail="must be a number, or a string of digits")
    for index in range(len(elements)):
        _check_receipt_element(elements, index, element)
    element.look_for_unknown(summary, frozenset(_SUMS), f"{_PAYLOAD}.summary")
    for name in _SUMS:
        take.optional_number(summary, name, "WX1-FB-18", "summary.")
    _check_adjustments(payload, element)
    _check_address(payload, element)


def _check_receipt_element(elements: list[Any], index: int, element: Element) -> None:
    bought = take.item(elements, index, "WX1-FB-18", "elements")
    where = f"elements[{index}]."
    element.look_for_unknown(bought, KNOWN_RECEIPT_ELEMENT, f"{_PAYLOAD}.elements[{index}]")
    take.text(bought, "title", "WX1-FB-18", where)
    quantity = given(bought, "quantity")
    if quantity is not None and integer(quantity) is None:
        raise invalid("WX1-FB-18", f"{where}quantity", detail="must be an integer")
    take.optional_number(bought, "price", "WX1-FB-18", where)
    take.optional_texts(bought, ("subtitle", "currency", "image_url"), "WX1-FB-18", where)


def _check_adjustments(payload: Members, element: Element) -> None:
    adjustments = take.optional_items(payload, "adjustments", "WX1-FB-18")
    for index in range(len(adjustments)):
        adjustment = take.item(adjustments, index, "WX1-FB-18", "adjustments")
        where = f"adjustments[{index}]."
        element.look_for_unknown(adjustment, KNOWN_ADJUSTMENT, f"{_PAYLOAD}.{where[:-1]}")
        take.optional_text(adjustment, "name", "WX1-FB-18", where)
        take.optional_number(adjustment, "amount", "WX1-FB-18", where)


def _check_address(payload: Members, element: Element) -> None:
    """Raises WX1-FB-19."""
    address = take.optional_members(payload, "address", "WX1-FB-19")
    if address is None:
        return
    element.look_for_unknown(address, frozenset({*_ADDRESS, "street_2"}), f"{_PAYLOAD}.address")
    for name in _ADDRESS:
        take.digits_or_text(address, name, "WX1-FB-19", "address.")
    if not isinstance(address["country"], str) or not _two_letters(address["country"]):
        raise invalid("WX1-FB-19", "address.country", detail="must be two letters")
    take.optional_digits_or_text(address, "street_2", "WX1-FB-19", "address.")


_TEMPLATES: dict[str, Callable[[Members, Element], None]] = {
    "generic": _check_generic,
    "button": _check_button_template,
    "receipt": _check_receipt,
    **dict.fromkeys(_AIRLINE, _check_airline),
}


# -------------------------------------------------------------------------------------------------- quick replies


def _check_quick_replies(replies: list[Any], element: Element) -> None:
    """Raises WX1-FB-21 to -24."""
    if len(replies) > QUICK_REPLY_LIMIT:
        raise RULES.broken("WX1-FB-21", detail=f"{len(replies)} are more than {QUICK_REPLY_LIMIT}")
    for index in range(len(replies)):
        reply = take.item(replies, index, "WX1-FB-22", "quick_replies")
        where = f"quick_replies[{index}]."
        element.look_for_unknown(reply, KNOWN_REPLY, f"{_WHERE}.quick_replies[{index}]")
        kind = take.required(reply, "content_type", "WX1-FB-22", where)
        take.one_of(kind, _REPLIES, "WX1-FB-22", f"{where}content_type")
        take.optional_text(reply, "image_url", "WX1-FB-22", where)
        for name, rule, limit in (
            ("title", "WX1-FB-23", QUICK_REPLY_TITLE_LIMIT),
            ("payload", "WX1-FB-24", QUICK_REPLY_PAYLOAD_LIMIT),
        ):
            value = take.optional_text(reply, name, rule, where)
            if kind == "location":
                continue  # title and payload are the handset's own
            if value is None:
                raise missing(rule, where + name)
            if len(value) > limit:
                raise invalid(rule, where + name, detail=f"longer than {limit} characters")


# ------------------------------------------------------------------------------------------------------- content


def content(block: Members, _element: Element, _addressed: Addressed) -> Body | None:
    """
    Return what Messenger shows.

    Quick replies are the message's own suggestions, buttons those of its cards: a tap on the one and on the other are
    told apart by that.
    """
    shows = _content(block)
    if shows is None:
        return None
    return Body(shows, tuple(_quick_reply(reply) for reply in block.get("quick_replies") or ()))


def _content(block: Members) -> Content | None:
    if attachment := block.get("attachment"):
        return _attachment(attachment)
    if text := block.get("text"):
        return Text(text)
    if action := block.get("sender_action"):
        return Other("", {"sender_action": action})
    return None


def _attachment(attachment: Members) -> Content:
    kind, payload = attachment["type"], attachment["payload"]
    if kind in _MEDIA:
        url = payload["url"]
        return Media(File(_MEDIA[kind], url=url, name=file_name(url)))
    match payload["template_type"]:
        case "generic":
            cards = tuple(_card(card) for card in payload["elements"])
            return cards[0] if len(cards) == 1 else Carousel(cards)
        case "button":
            return Card(description=payload["text"] or None, suggestions=_buttons(payload))
        case "receipt":
            return Other(_receipt_in_words(payload), {"template": payload})
        case _:
            words = payload.get("intro_message")
            return Other(words if isinstance(words, str) else payload["template_type"], {"template": payload})


def _card(card: Members) -> Card:
    picture = given(card, "image_url")
    return Card(
        title=card["title"],
        description=given(card, "subtitle"),
        media=File("image", url=picture) if picture else None,
        suggestions=_buttons(card),
    )


def _buttons(block: Members) -> tuple[Suggestion, ...]:
    return tuple(_button(button) for button in block.get("buttons") or ())


def _button(button: Members) -> Suggestion:
    title, payload = button["title"], str(given(button, "payload") or "")
    match button["type"]:
        case "web_url":
            return Suggestion(title, payload, SuggestedAction("open_url", {"url": button["url"]}))
        case "phone_number":
            return Suggestion(title, payload, SuggestedAction("call", {"msisdn": payload}))
        case _:
            return Suggestion(title, payload)


def _quick_reply(reply: Members) -> Suggestion:
    if reply["content_type"] == "location":
        return Suggestion(given(reply, "title") or "Send location", "", SuggestedAction("request_location"))
    return Suggestion(reply["title"], reply["payload"])


def _receipt_in_words(payload: Members) -> str:
    """Return a receipt as a person would read it: number, buyer, items, sums and address, a line each."""
    currency = payload["currency"]
    lines = [f"Receipt {payload['order_number']} for {payload['recipient_name']}"]
    for bought in payload["elements"]:
        line = str(bought["title"])
        if (quantity := given(bought, "quantity")) is not None:
            line = f"{_in_digits(quantity)} x {line}"
        if (price := given(bought, "price")) is not None:
            line += f": {_in_digits(price)} {given(bought, 'currency') or currency}"
        lines.append(line)
    lines += [
        f"{given(adjustment, 'name') or 'Adjustment'}: {_in_digits(adjustment['amount'])} {currency}"
        for adjustment in payload.get("adjustments") or ()
        if given(adjustment, "amount") is not None
    ]
    lines += [
        f"{name.replace('_', ' ').capitalize()}: {_in_digits(payload['summary'][name])} {currency}"
        for name in _SUMS
        if given(payload["summary"], name) is not None
    ]
    lines.append(f"Paid by {payload['payment_method']}")
    if address := payload.get("address"):
        parts = (address.get(name) for name in ("street_1", "street_2", "city", "postal_code", "state", "country"))
        lines.append(", ".join(str(part) for part in parts if part))
    return "\n".join(lines)


def _in_digits(value: Any) -> str:
    """Return a number of a request as text; it may be one already."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)
