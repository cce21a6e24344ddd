"""v1: whatever the JSON is, it is accepted or refused by a rule; it never breaks anything."""

import json
import random
from typing import Any

import pytest

from harness import NOON
from sandbox.core.content import as_json
from sandbox.core.errors import ApiError
from sandbox.providers.webex_connect.account import ServiceSettings
from sandbox.providers.webex_connect.checked import Checked
from sandbox.providers.webex_connect.v1.errors import BY_CODE
from sandbox.providers.webex_connect.v1.request import check_element
from sandbox.providers.webex_connect.v1.rules import RULES
from sandbox.shipped import folder
from v1_requests import SMALLEST, smallest
from v1_rich_requests import RICH_REQUESTS

REQUESTS = [
    *(json.loads(path.read_text("utf-8"))["request"]
      for path in sorted((folder("fixtures") / "webex_connect" / "v1" / "requests").glob("*.json"))),
    *(smallest(name) for name in SMALLEST),
    *RICH_REQUESTS,
    smallest("sms", message={"template": "t", "parameters": {"a": "b"}}, channels={"sms": {"parameters": {"a": "c"}}}),
    smallest("sms", correlationid="c", notifyurl="http://127.0.0.1/", callbackData="d", expiry="2031-01-01T00:00:00Z",
             gtrId=["g"], icmessage=True, options={"trackClicks": True, "shortenLinks": True},
             smartlinks=[{"linkid": 5, "validity": 30}]),
]  # fmt: skip


def _nested(depth: int) -> Any:
    value: Any = "x"
    for level in range(depth):
        value = [value] if level % 2 else {"x": value}
    return value


# Lone surrogates and longer numbers are not among it: the JSON reader refuses them. 1e400 it reads as infinity.
POISON: list[Any] = [
    None, True, False, 0, 1, -1, 1.0, 1e308, -0.0, float("inf"), 10**30, 10**4299, "", " ", "x", "1", "true",
    "NaN", "\x00", "{{link_5}}", "{path}", "%s", "١", "x" * 5000, [], {}, [[]], [{}], [None], {"": ""},
    {"text": 5}, ["x", 5], [{"x": "y"}], {"x": None}, "+447700900123", "https://[", "http://", "$(a)", _nested(100),
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return where every value in a JSON value stands."""
    found = [path] if path else []
    inside: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in inside:
        found += places(member, (*path, step))
    return found


def poisoned(data: Any, path: tuple[Any, ...], poison: Any) -> Any:
    """Return a copy with another value in one place."""
    step, rest = path[0], path[1:]
    new = poisoned(data[step], rest, poison) if rest else poison
    if isinstance(data, dict):
        return {**data, step: new}
    return [*data[:step], new, *data[step + 1 :]]


def outcome(data: Any, settings: ServiceSettings) -> Checked | ApiError:
    """Check a request, and return what comes of it."""
    try:
        return check_element(data, settings, NOON)
    except ApiError as refused:
        return refused


def judge(data: Any, settings: ServiceSettings) -> bool:
    """Check a request and read all that is made of it; a refusal names a rule and a code. Return whether it passed."""
    checked = outcome(data, settings)
    if isinstance(checked, ApiError):
        assert checked.rule in RULES
        assert BY_CODE[checked.spec.code] is checked.spec
        assert checked.message.startswith(checked.spec.message)
        return False
    assert 1 <= len(checked.addressed) <= 1000
    for addressed in checked.addressed[:3]:
        as_json(checked.content(addressed))
        checked.fate(addressed)
        checked.links(addressed)
    assert len(checked.warnings) <= 20
    return True


SETTINGS = [
    ServiceSettings(),
    ServiceSettings(
        strict_unknown_fields=True,
        senders=["SENDER"],
        profiles={"4545": {"android_pushid": "x"}},
        templates={"t": {"channel": "sms", "text": "$(a) {{link_5}}", "params": ["a"]}},
        contact_groups={"g": {"consented": [], "cap": 1}},
    ),
]


@pytest.mark.parametrize("number", range(len(REQUESTS)), ids=lambda number: f"WX1-JSON-02-{number}")
def test_one_wrong_value_anywhere(number: int) -> None:
    """Any value in the place of any other is accepted or refused by a rule."""
    chance = random.Random(number)
    data = REQUESTS[number]
    for path in places(data):
        for poison in chance.sample(POISON, 12):
            judge(poisoned(data, path, poison), SETTINGS[chance.randrange(2)])


@pytest.mark.parametrize("number", range(len(REQUESTS)), ids=lambda number: f"WX1-JSON-02-{number}")
def test_several_wrong_values(number: int) -> None:
    """Several wrong values at once break nothing either, and some requests survive them."""
    chance = random.Random(1000 + number)
    for _ in range(150):
        data = REQUESTS[number]
        for _ in range(chance.randrange(1, 5)):
            data = poisoned(data, chance.choice(places(data)), chance.choice(POISON))
        judge(data, SETTINGS[chance.randrange(2)])


@pytest.mark.parametrize(
    "poison", POISON, ids=lambda poison: f"WX1-JSON-02-{type(poison).__name__}-{str(type(poison))[:8]}"
)
def test_a_wrong_request(poison: Any) -> None:
    """A request that is nothing of the kind is refused."""
    assert not judge(poison, SETTINGS[0])


def test_the_requests_themselves_pass() -> None:
    """WX1-JSON-02: what is spoilt above is in order before."""
    assert all(judge(data, SETTINGS[0]) for data in REQUESTS)
