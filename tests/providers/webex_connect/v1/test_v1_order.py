"""v1: the order in which a request object is judged; the first failing check answers."""

from collections.abc import Callable
from typing import Any

import pytest

from harness import NOON
from sandbox.core.errors import ApiError
from sandbox.providers.webex_connect.account import ServiceSettings
from sandbox.providers.webex_connect.v1.request import check_element
from sandbox.providers.webex_connect.v1.rules import RULES

SETTINGS = ServiceSettings(
    strict_unknown_fields=True,
    apps={"app": {"channel": "fb"}},
    templates={"t": {"channel": "fb", "text": "Dear $(name)", "params": ["name"]}},
)

Change = Callable[[dict[str, Any]], None]


def put(*path: Any, value: Any) -> Change:
    """Return what sets a member of a request."""

    def change(data: dict[str, Any]) -> None:
        at: Any = data
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value

    return change


def drop(name: str) -> Change:
    """Return what removes a member at the top of a request."""
    return lambda data: data.pop(name)


WORST: dict[str, Any] = {
    "unknown": 1,
    "destination": [],
    "correlationid": 5,
    "callbackData": 5,
    "expiry": "soon",
    "gtrId": [],
    "icmessage": 5,
    "message": {"template": "other"},
    "smartlinks": [{"linkid": 1}],
    "contactPolicy": {"channelCheckConsent": True},
}
FB = {"quick_replies": [{"content_type": "text", "title": "x" * 21, "payload": "p"}]}

# Each step: which rule a request breaks that breaks all the following ones, too, and what mends it.
STEPS: list[tuple[str, Change]] = [
    ("WX1-JSON-03", drop("unknown")),
    ("WX1-ENV-01", put("deliverychannel", value="")),
    ("WX1-ENV-02", put("deliverychannel", value="pigeon")),
    ("WX1-ENV-03", put("deliverychannel", value="fb")),
    ("WX1-ENV-06", put("appid", value="stranger")),
    ("WX1-ENV-07", put("appid", value="app")),
    ("WX1-DEST-01", put("destination", value=[5])),
    ("WX1-DEST-02", put("destination", value=[{}])),
    ("WX1-DEST-03", put("destination", value=[{"psid": ["x"] * 1001, "correlationid": "x" * 51}])),
    ("WX1-DEST-05", put("destination", 0, "psid", value=["x"] * 11)),
    ("WX1-RATE-02", put("destination", 0, "psid", value=["x"])),
    ("WX1-ENV-08", put("correlationid", value="c")),
    ("WX1-ENV-08", put("destination", 0, "correlationid", value="c")),
    ("WX1-ENV-09", put("callbackData", value="d")),
    ("WX1-ENV-10", put("expiry", value="2015-04-12T18:30:19.456+5:30")),
    ("WX1-ENV-12", put("gtrId", value=["g"])),
    ("WX1-JSON-02", put("icmessage", value="true")),
    ("WX1-TPL-01", put("message", "template", value="t")),
    ("WX1-TPL-02", put("message", "parameters", value={"name": "Ann"})),
    ("WX1-FB-23", put("channels", "OTT-Messaging", "fb", value={"text": "{{link_2}}"})),
    ("WX1-LINK-03", put("smartlinks", value=[{"linkid": 1, "validity": 1}])),
    ("WX1-LINK-01", put("smartlinks", value=[{"linkid": 2, "validity": 1}])),
    ("WX1-CP-01", put("contactPolicy", "contactPolicyGroup", value="g")),
]


def admit(number: int) -> None:
    """Let ten destinations pass in a second."""
    if number > 10:
        raise RULES.broken("WX1-RATE-02")


def worst() -> dict[str, Any]:
    """Return a request in which nothing is right."""
    return {
        **WORST,
        "message": dict(WORST["message"]),
        "contactPolicy": dict(WORST["contactPolicy"]),
        "channels": {"OTT-Messaging": {"fb": dict(FB)}},
    }


@pytest.mark.parametrize("number", range(len(STEPS)), ids=lambda number: f"{STEPS[number][0]}-step-{number}")
def test_the_order_of_checks(number: int) -> None:
    """Mended so far, a request breaks the next rule in the order of the contract."""
    data = worst()
    for _, mend in STEPS[:number]:
        mend(data)
    with pytest.raises(ApiError) as refused:
        check_element(data, SETTINGS, NOON, admit)
    assert refused.value.rule == STEPS[number][0]


def test_mended_all_over_it_passes() -> None:
    """WX1-ENV-11: at the end only its expiry is past, which does not refuse it."""
    data = worst()
    for _, mend in STEPS:
        mend(data)
    checked = check_element(data, SETTINGS, NOON, admit)
    fate = checked.fate(checked.addressed[0])
    assert fate is not None
    assert fate.code == "7005"


@pytest.mark.parametrize(
    ("channels", "rule"),
    [
        pytest.param({}, "WX1-ENV-04", id="WX1-ENV-04-channels-before-the-app"),
        pytest.param({"sms": {"text": "x"}}, "WX1-ENV-05", id="WX1-ENV-05-the-channels-object-before-the-app"),
    ],
)
def test_the_channels_come_before_the_app(channels: dict[str, Any], rule: str) -> None:
    """Without a template the channel's object is looked for first."""
    data = {"deliverychannel": "fb", "channels": channels, "destination": []}
    with pytest.raises(ApiError) as refused:
        check_element(data, SETTINGS, NOON)
    assert refused.value.rule == rule
