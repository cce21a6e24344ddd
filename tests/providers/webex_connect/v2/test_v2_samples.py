"""v2: the sixteen requests that the document prints, as printed and repaired."""

import json
from typing import Any

import pytest
from pydantic_core import from_json

from harness import NOON
from sandbox.core.errors import ApiError
from sandbox.providers.webex_connect.account import ServiceSettings
from sandbox.providers.webex_connect.v2 import request as v2
from sandbox.shipped import folder
from v2_requests import check, refused

V2 = folder("fixtures") / "webex_connect" / "v2"
SAMPLES: dict[str, Any] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((V2 / "requests").glob("*.json"))
}
HIDDEN = "[email\u00a0protected]"  # what the page shows in the place of an address


def printed(name: str) -> str:
    """Return a sample as the document prints it."""
    return (V2 / "printed" / f"{name}.txt").read_text(encoding="utf-8")


def printed_in_its_place(name: str) -> bytes:
    """Return the request of a sample with the printed text where it belongs."""
    sample = SAMPLES[name]
    if "place" not in sample:
        return printed(name).encode()
    (place,) = sample["place"]
    whole = json.dumps({**sample["request"], place: "the sample"}, ensure_ascii=False)
    return whole.replace('"the sample"', printed(name)).encode()


def send(raw: bytes) -> tuple[int, str | None, str | None]:
    """Return status, code and rule of the answer to a body."""
    try:
        v2.check(v2.read(raw), ServiceSettings(), NOON)
    except ApiError as error:
        return error.spec.status, error.spec.code, error.rule
    return 201, None, None


def test_there_are_sixteen() -> None:
    """Four whole requests, three options and nine contents; each with its printed text, in document order."""
    assert [path.stem for path in sorted((V2 / "printed").glob("*.txt"))] == list(SAMPLES)
    starts = [int(sample["source"].partition(":")[2].partition("-")[0]) for sample in SAMPLES.values()]
    assert starts == sorted(starts)
    assert len(SAMPLES) == 16
    places = [sample.get("place", [""])[0] for sample in SAMPLES.values()]
    assert (places.count(""), places.count("options"), places.count("content")) == (4, 3, 9)


@pytest.mark.parametrize("name", SAMPLES, ids=lambda name: f"WX2-JSON-01-{name}-as-printed")
def test_a_sample_as_printed_gets_its_answer(name: str) -> None:
    """Most printed samples are no JSON: comments, commas after which nothing follows, a comma or a quote that lacks."""
    answer = SAMPLES[name]["printed_answer"]
    assert send(printed_in_its_place(name)) == (answer["status"], answer["code"], answer["rule"])


@pytest.mark.parametrize("name", SAMPLES, ids=lambda name: f"WX2-JSON-01-{name}-repaired")
def test_a_repaired_sample_is_accepted(name: str) -> None:
    """With what its note tells put right, every sample is queued, even where unknown fields are refused."""
    checked = check(SAMPLES[name]["request"], strict_unknown_fields=True)
    assert checked.addressed
    for addressed in checked.addressed:
        assert checked.fate(addressed) is None
        checked.content(addressed)


@pytest.mark.parametrize("name", SAMPLES, ids=str)
def test_a_sample_lies_where_its_source_says(name: str) -> None:
    """As many lines are printed as its source names."""
    first, last = SAMPLES[name]["source"].partition(":")[2].split("-")
    assert len(printed(name).splitlines()) == int(last) - int(first) + 1


@pytest.mark.parametrize("name", SAMPLES, ids=str)
def test_a_sample_that_needed_no_repair_is_sent_as_printed(name: str) -> None:
    """Where nothing is said to be repaired, the printed text is the part; where something is, it is not."""
    sample = SAMPLES[name]
    part = sample["request"]
    for step in sample.get("place", []):
        part = part[step]
    try:
        same = from_json(printed(name)) == part
    except ValueError:
        same = False
    assert same == (not sample["repaired"])


def test_the_email_sample_is_refused_for_its_hidden_addresses() -> None:
    """WX2-ENV-04: line 159 has "[email protected]" for a sender."""
    data = v2.read(printed("03-email").encode())
    assert data["from"] == HIDDEN
    with pytest.raises(ApiError) as caught:
        check(data)
    assert caught.value.message == SAMPLES["03-email"]["printed_answer"]["message"] == "Invalid parameter - from"


def test_the_html_sample_without_html_is_refused() -> None:
    """WX2-EMAIL-04: with all but its html mended, the sample at 636-653 lacks what line 626 asks for."""
    request = json.loads(json.dumps(SAMPLES["08-email-html-without-html"]["request"]))
    del request["content"]["html"]
    with pytest.raises(ApiError) as caught:
        check(request)
    error = caught.value
    assert (error.rule, error.spec.code, error.message) == refused("WX2-EMAIL-04", "7003", "content.html")


@pytest.mark.parametrize(
    ("name", "place", "printed_choice", "expected"),
    [
        pytest.param(
            "04-rcs-standalone",
            ("richCard", "orientation"),
            "VERTICAL/HORIZONTAL",
            refused("WX2-RCS-04", "7004", "content.richCard.orientation"),
            id="WX2-RCS-04-orientation-as-printed",
        ),
        pytest.param(
            "13-rcs-standalone",
            ("richCard", "media", "height"),
            "SHORT/MEDIUM/TALL",
            refused("WX2-RCS-04", "7004", "content.richCard.media.height"),
            id="WX2-RCS-04-height-as-printed",
        ),
        pytest.param(
            "14-rcs-carousel",
            ("width",),
            "SMALL/MEDIUM",
            refused("WX2-RCS-05", "7004", "content.width"),
            id="WX2-RCS-05-width-as-printed",
        ),
    ],
)
def test_a_printed_choice_is_no_choice(
    name: str, place: tuple[str, ...], printed_choice: str, expected: tuple[str, str, str]
) -> None:
    """Where a sample lists what may be chosen, one has to be chosen."""
    assert printed_choice in printed(name)
    request = json.loads(json.dumps(SAMPLES[name]["request"]))
    block = request["content"]
    for step in place[:-1]:
        block = block[step]
    block[place[-1]] = printed_choice
    with pytest.raises(ApiError) as caught:
        check(request)
    error = caught.value
    assert (error.rule, error.spec.code, error.message) == expected


def test_the_token_sample() -> None:
    """WX2-AUTH-04, -06, -07: printed, it is no JSON; repaired, it names HS256, the service and a time in seconds."""
    sample = json.loads((V2 / "token" / "jwt.json").read_text(encoding="utf-8"))
    text = (V2 / "token" / "jwt.txt").read_text(encoding="utf-8")
    for part in ("header", "claims"):
        with pytest.raises(ValueError, match="expected value"):
            from_json(text.partition(part)[2].partition("}")[0] + "}")
    assert sample["header"] == {"alg": "HS256"}
    assert sample["claims"] == {"iss": "<Service ID>", "iat": 1624782447}
