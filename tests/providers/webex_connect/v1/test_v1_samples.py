"""v1: every sample of the document gets what it must: as printed, and repaired."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import from_json

from harness import NOON
from sandbox.core.content import Carousel, Media, Other, Text
from sandbox.core.errors import ApiError
from sandbox.providers.webex_connect.account import ServiceSettings
from sandbox.providers.webex_connect.checked import Fate
from sandbox.providers.webex_connect.v1.request import check_element
from sandbox.shipped import folder
from v1_requests import check, fates

V1 = folder("fixtures") / "webex_connect" / "v1"
SAMPLES: dict[str, Any] = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted(V1.glob("requests/*.json"))
}
PARTS = {name: sample for name, sample in SAMPLES.items() if "place" in sample}
BROKEN = {name for name, sample in SAMPLES.items() if sample["printed_answer"]["code"] == "7000"}


def printed(name: str) -> str:
    """Return a sample exactly as the document has it."""
    return (V1 / "printed" / f"{name}.txt").read_text("utf-8")


def put(whole: Any, place: list[str | int], part: Any) -> Any:
    """Return the request with another part in that place; one without a place has its members beside the others."""
    copy = json.loads(json.dumps(whole))
    if not place:
        return {**copy, **part}
    at = copy
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = part
    return copy


def rule_of(data: Any) -> tuple[str, str | None]:
    """Return code and rule that answer a request."""
    try:
        check_element(data, ServiceSettings(), NOON)
    except ApiError as refused:
        return refused.spec.code, refused.rule
    return "1001", None


def test_there_are_thirty_eight() -> None:
    """Each request has its printed form, and the lines of the two agree; no line belongs to two samples."""
    assert len(SAMPLES) == 38
    assert {path.stem for path in Path(V1 / "printed").glob("*.txt")} == set(SAMPLES)
    last = 0
    for name, sample in SAMPLES.items():
        document, _, lines = sample["source"].partition(":")
        assert document == "001_dd3e958a9a894ff5.txt"
        first, _, end = lines.partition("-")
        assert last < int(first)
        last = int(end or first)
        assert printed(name).count("\n") == last - int(first) + 1
        assert printed(name).lstrip().startswith(("{", "//"))


@pytest.mark.parametrize("name", SAMPLES, ids=lambda name: f"WX1-JSON-01-{name}")
def test_a_sample_as_printed(name: str) -> None:
    """It is no JSON at all, or gets, in its place, the answer that is noted with it."""
    sample = SAMPLES[name]
    if name in BROKEN:
        assert sample["printed_answer"] == {"code": "7000", "rule": "WX1-JSON-01"}
        assert sample["repaired"]
        with pytest.raises(ValueError, match="line"):
            from_json(printed(name), allow_inf_nan=False)
        return
    value = from_json(printed(name), allow_inf_nan=False)
    data = put(sample["request"], sample["place"], value) if "place" in sample else value
    assert rule_of(data) == (sample["printed_answer"]["code"], sample["printed_answer"]["rule"])
    assert (rule_of(data)[0] == "1001") is (sample["repaired"] == [])
    assert (data == sample["request"]) is (sample["repaired"] == [])


@pytest.mark.parametrize("name", SAMPLES, ids=lambda name: f"WX1-JSON-03-{name}")
def test_a_sample_repaired(name: str) -> None:
    """It is accepted, even by a service that is strict about unknown members."""
    check(SAMPLES[name]["request"], strict_unknown_fields=True)


@pytest.mark.parametrize("name", PARTS, ids=lambda name: f"WX1-ENV-01-{name}")
def test_a_part_alone_is_no_request(name: str) -> None:
    """What the document prints a part of cannot be sent by itself."""
    if name not in BROKEN:
        assert rule_of(from_json(printed(name))) == ("7003", "WX1-ENV-01")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("01-everything", "7102", id="WX1-DEST-06-everything"),
        pytest.param("02-sms-with-smart-link", "7102", id="WX1-DEST-06-sms-with-smart-link"),
        pytest.param("04-sms-to-number-without-plus", "7102", id="WX1-DEST-06-sms-to-number-without-plus"),
        pytest.param("32-fb-airline-itinerary", "7010", id="WX1-FB-20-airline-itinerary"),
        pytest.param("33-fb-airline-checkin", "7010", id="WX1-FB-20-airline-checkin"),
        pytest.param("34-fb-airline-boarding-pass", "7010", id="WX1-FB-20-airline-boarding-pass"),
        pytest.param("35-fb-airline-update", "7010", id="WX1-FB-20-airline-update"),
    ],
)
def test_a_sample_that_is_accepted_and_fails(name: str, code: str) -> None:
    """Masked numbers and deprecated templates fail by receipt only, and the sample's note says so."""
    assert {fate.code for fate in fates(SAMPLES[name]["request"]) if fate is not None} == {code}
    assert code in SAMPLES[name]["note"]


def test_all_other_samples_are_delivered() -> None:
    """WX1-DEST-06: nothing else in the samples is known to fail."""
    failing = [
        name for name, sample in SAMPLES.items() if any(isinstance(fate, Fate) for fate in fates(sample["request"]))
    ]
    assert len(failing) == 7


WARNED = {"01-everything", "30-fb-button-template"}


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - WARNED), ids=lambda name: f"WX1-JSON-03-{name}")
def test_nothing_in_a_sample_is_unusual(name: str) -> None:
    """Nothing is noted beside a sample, but for the two that have an oddity."""
    assert check(SAMPLES[name]["request"]).warnings == ()


@pytest.mark.parametrize(
    ("name", "kind", "suggestions"),
    [
        pytest.param("06-sms", Text, 0, id="WX1-SMS-01-sms"),
        pytest.param("09-voice-prompt", Other, 0, id="WX1-VOICE-01-voice-prompt"),
        pytest.param("23-push-interactive", None, 2, id="WX1-PUSH-20-push-interactive"),
        pytest.param("24-fb-text", Text, 2, id="WX1-FB-01-fb-text"),
        pytest.param("25-fb-image", Media, 0, id="WX1-FB-09-fb-image"),
        pytest.param("29-fb-generic-template", Carousel, 0, id="WX1-FB-11-fb-generic-template"),
        pytest.param("37-fb-quick-replies", Text, 10, id="WX1-FB-21-fb-quick-replies"),
    ],
)
def test_what_a_sample_shows(name: str, kind: type | None, suggestions: int) -> None:
    """A handset shows the content of a sample, and what can be tapped beside it."""
    checked = check(SAMPLES[name]["request"])
    body = checked.content(checked.addressed[0])
    assert kind is None or isinstance(body.content, kind)
    assert len(body.suggestions) == suggestions
