"""v2: damaged and hostile requests, none of which may take the checks off their feet."""

import json
import time
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from harness import NOON
from sandbox.core.errors import ApiError
from sandbox.providers.webex_connect.account import App, ContactGroup, ServiceSettings, Template
from sandbox.providers.webex_connect.v2 import request as v2
from sandbox.providers.webex_connect.v2.rules import RULES
from sandbox.shipped import folder
from v2_requests import PERSON, PHONE, email, html, of_type, rcs, sms

SAMPLES = [
    json.loads(path.read_text(encoding="utf-8"))["request"]
    for path in sorted((folder("fixtures") / "webex_connect" / "v2" / "requests").glob("*.json"))
]
MORE: list[dict[str, Any]] = [
    sms(
        {"text": "$(a) {{link_5}} https://a.test/b"},
        smartlinks=[{"smartlinkId": 5, "validity": 1}],
        options={"shortenLinks": True, "trackClicks": True},
        contactPolicy={"contactPolicyGroup": "g", "channelCheckConsent": True},
        sendAt="2030-01-03T12:00:00Z",
        expireAt=1893700000,
    ),
    sms(content={}, template={"id": "T", "subject": "a"}, substitutions={"a": 1}),
    email(content={}, template={"id": "U"}, multipleToRecipients=True, to=[{"email": [PERSON, "x"]}], cc=[PERSON]),
]
SETTINGS = [
    ServiceSettings(),
    ServiceSettings(
        strict_unknown_fields=True,
        strict_placeholders=True,
        plus_e164=True,
        senders=["A"],
        apps={"a": App(channel="rcs")},
        templates={
            "T": Template(channel="sms", text="$(a)", params=["a"]),
            "U": Template(channel="email", html="$(a)"),
        },
        contact_groups={"g": ContactGroup(consented=[], cap=0)},
        email_domains=["example.com"],
        media_sizes={"https://i.imgur.com/y5GjuE8.jpg": 10**9},
    ),
]
ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    1e308,
    float("inf"),
    10**30,
    "",
    " ",
    "\u0000",
    "\ud800",
    "NaN",
    "😀" * 400,
    "x" * 5000,
    "$(a)",
    [],
    [[]],
    [None],
    [{}],
    {},
    {"": {}},
    "2018-02-30T00:00:00Z",
    "https://[::1",
    "+",
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every container of a JSON document with each of its keys or indexes."""
    if isinstance(value, dict):
        own: list[tuple[Any, Any]] = [(value, key) for key in value]
    elif isinstance(value, list):
        own = [(value, index) for index in range(len(value))]
    else:
        return []
    return own + [place for container, key in own for place in places(container[key])]


def replaced(body: Any, random: Random) -> None:
    """Put an odd value somewhere."""
    container, key = random.choice(places(body))
    container[key] = random.choice(ODD_VALUES)


def removed(body: Any, random: Random) -> None:
    """Take something away."""
    container, key = random.choice(places(body))
    del container[key]


def repeated(body: Any, random: Random) -> None:
    """Make something of an array twelve, or a member two of different names."""
    container, key = random.choice(places(body))
    if isinstance(container, list):
        container[:] = [container[key]] * 12
    else:
        container[random.choice(["text", "type", "suggestions", "template", "to", "extra"])] = container[key]


def moved(body: Any, random: Random) -> None:
    """Put a part of the document where another was."""
    (target, key), (source, other) = random.choice(places(body)), random.choice(places(body))
    target[key] = json.loads(json.dumps(source[other]))


DAMAGES: tuple[Callable[[Any, Random], None], ...] = (replaced, replaced, removed, repeated, moved)


def answered(data: Any, settings: ServiceSettings) -> bool:
    """Check a request and read all there is of it; tell whether it was accepted. A refusal names a rule that can refuse."""
    refusal: ApiError | None = None
    try:
        checked = v2.check(data, settings, NOON)
    except ApiError as error:
        refusal = error
    if refusal is not None:
        assert refusal.rule is not None
        assert RULES[refusal.rule].error is not None
        return False
    assert checked.addressed
    for addressed in checked.addressed[:20]:
        checked.fate(addressed)
        checked.content(addressed)
        checked.links(addressed)
    return True


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_request_is_answered(seed: int) -> None:
    """Whatever is put, missing, repeated or misplaced: a request is accepted and can be read, or is refused by a rule."""
    random = Random(seed)
    outcomes = set()
    for _ in range(100):
        body = json.loads(json.dumps(random.choice(SAMPLES + MORE)))
        for _ in range(random.choice([1, 1, 1, 2, 4])):
            if places(body):
                random.choice(DAMAGES)(body, random)
        outcomes.add(answered(body, random.choice(SETTINGS)))
    assert outcomes == {True, False}


@pytest.mark.parametrize("value", ODD_VALUES, ids=lambda value: repr(value)[:30])
def test_an_odd_value_anywhere_is_answered(value: Any) -> None:
    """Every member of every sample takes its turn."""
    for sample in SAMPLES + MORE:
        for number in range(len(places(sample))):
            body = json.loads(json.dumps(sample))
            container, key = places(body)[number]
            container[key] = value
            answered(body, SETTINGS[0])


SUGGESTION = {"type": "reply", "displayText": "x"}
LARGE: list[Any] = [
    pytest.param(sms(**{f"field{number}": number for number in range(60_000)}), id="sixty-thousand-fields"),
    pytest.param(sms(to=[{"msisdn": [PHONE], f"f{number}": 1} for number in range(20_000)]), id="odd-destinations"),
    pytest.param(sms(to=[{}] * 200_000), id="empty-destinations"),
    pytest.param(sms(to=[{"msisdn": [PHONE] * 60_000}]), id="sixty-thousand-numbers"),
    pytest.param(sms(to=[{"msisdn": ["x"] * 200_000}]), id="short-numbers"),
    pytest.param(sms(to=[{"msisdn": ["1" * 900_000]}]), id="a-long-number"),
    pytest.param(sms(to=[{"msisdn": [PHONE]}], requestedReceipts=["sent"] * 100_000), id="receipts"),
    pytest.param(sms(requestedReceipts=["-" * 900_000]), id="a-long-receipt"),
    pytest.param(sms(smartlinks=[{"smartlinkId": n, "validity": 1} for n in range(1, 25_000)]), id="smart-links"),
    pytest.param(sms({"text": "$(" * 500}), id="unclosed-placeholders"),
    pytest.param(sms(substitutions={f"{number}": number for number in range(60_000)}), id="values"),
    pytest.param(
        sms({"text": "$(x)" * 250}, to=[{"msisdn": [PHONE], "substitutions": {"x": "y" * 800}}] * 1000),
        id="long-texts",
    ),
    pytest.param(
        html(
            {"html": "".join(f"$({number})" for number in range(50_000))},
            to=[{"email": [PERSON], "substitutions": {"a": ""}}] * 1000,
        ),
        id="placeholders-without-values",
    ),
    pytest.param(html({"html": "$(a" * 119_000}), id="unclosed-placeholders-in-html"),
    pytest.param(html({"html": "<" * 358_000}), id="brackets"),
    pytest.param(
        html({"attachments": [{"mimeType": "a/b", "name": "a", "mediaUrl": "https://a.b"}] * 15_000}), id="files"
    ),
    pytest.param(email({"replyTo": "a@" + "b." * 400_000 + "c"}), id="a-long-reply-address"),
    pytest.param(email(to=[{"email": ["a@" + "b-" * 100_000]}]), id="a-long-address"),
    pytest.param(email(cc=[PERSON] * 40_000), id="copies"),
    pytest.param(
        email(to=[{"email": [PERSON]}] * 1000, cc=[PERSON] * 1000, multipleToRecipients=True), id="a-million-copies"
    ),
    pytest.param(rcs({"suggestions": [SUGGESTION] * 20_000}), id="suggestions"),
    pytest.param(of_type("carousel", width="SMALL", cards=[{}] * 100_000), id="cards"),
    pytest.param(of_type("media", mediaContentUrl="https://a.b/" + "." * 900_000), id="a-long-url"),
    pytest.param(sms(notifyUrl="https://a.b/" + "x" * 900_000), id="a-long-notify-url"),
    pytest.param(sms(validity="9" * 900_000), id="a-long-validity"),
    pytest.param(sms(sendAt="9" * 900_000), id="a-long-time"),
    pytest.param(sms(priority=" " * 900_000), id="a-long-priority"),
    pytest.param(sms(correlationId="ü" * 400_000), id="a-long-correlation-id"),
]


@pytest.mark.parametrize("data", LARGE)
def test_a_large_request_is_answered_in_time(data: Any) -> None:
    """A mebibyte of anything takes a fraction of a second of computing, and little memory."""
    began = time.process_time()
    answered(data, SETTINGS[0])
    answered(data, SETTINGS[1])
    assert time.process_time() - began < 3  # a quadratic check takes minutes


def test_a_deep_value_is_answered() -> None:
    """What a parser lets through, two hundred levels, is no trouble anywhere."""
    deep: Any = []
    for _ in range(190):
        deep = [deep]
    nested: Any = {}
    for _ in range(190):
        nested = {"content": nested}
    for value in (deep, nested):
        for sample in SAMPLES:
            for name in sample:
                answered({**sample, name: value}, SETTINGS[0])
