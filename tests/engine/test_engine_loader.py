"""A scenario file is read whole, or refused with everything that is wrong with it and where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox.engine.complaint import MOST, Complaint
from sandbox.engine.loader import ScenarioError, load, load_file, load_folder, schema
from sandbox.engine.scenario import MOST_STEPS
from stage import REPO


def complaints(text: str, **options: str) -> list[tuple[str, int, int, str]]:
    """Return what is said about a text: path, line, column and message."""
    with pytest.raises(ScenarioError) as caught:
        load(text, **options)  # type: ignore[arg-type]
    return [(one.path, one.line, one.column, one.message) for one in caught.value.complaints]


CONTRACT = """\
name: confirm-booking
description: A traveller reads the question, says yes, and expects a boarding pass.
match:                        # all given must hold; lists mean any of
  provider: [link, webex-connect]
  user: "+4917*"              # glob
  text: "*continue?*"         # glob on the outbound text, letter case ignored
  kind: text
steps:
  - do: deliver
    after: 200ms
  - do: read
    after: 600ms
  - do: tap
    suggestion: "Yes"
    after: 1s
  - do: expect                # wait for the business to answer; the run fails if it does not
    kind: card
    text: "*boarding pass*"
    within: 30s
  - do: say
    text: "Thanks, {{ user.first_name }}!"
  - do: share_location
    latitude: 59.90765
    longitude: 10.746597
    callback: {duplicate: 1, delay: 3s}
"""


def test_documented_example() -> None:
    """The example of the contract is a scenario."""
    found = load(CONTRACT, name="confirm-booking")
    assert found.match is not None
    assert (found.match.provider, found.match.user) == (["link", "webex-connect"], ["+4917*"])
    assert [step.do for step in found.steps] == ["deliver", "read", "tap", "expect", "say", "share_location"]
    assert [step.after for step in found.steps] == [0.2, 0.6, 1.0, 0.0, 0.0, 0.0]


def test_json_is_the_same() -> None:
    """A scenario may be written in JSON, with durations as numbers or in words."""
    steps = [{"do": "deliver", "after": 0.2}, {"do": "pause", "seconds": "2m"}]
    text = json.dumps({"name": "x", "steps": steps})
    assert load(text, "json") == load("name: x\nsteps: [{do: deliver, after: 200ms}, {do: pause, seconds: 120}]")


HEAD = "name: x\nsteps:\n"


@pytest.mark.parametrize(
    ("text", "path", "line", "column", "message"),
    [
        pytest.param("[]", "", 1, 1, "input should be", id="no-mapping"),
        pytest.param("just words", "", 1, 1, "input should be", id="words"),
        pytest.param("description: x\nsteps: []", "name", 1, 1, "is required", id="no-name"),
        pytest.param("name: x\n", "steps", 1, 1, "is required", id="no-steps"),
        pytest.param("name: X\nsteps: []", "name", 1, 7, "must match ^[a-z0-9]", id="name-in-capitals"),
        pytest.param(f"name: {'x' * 65}\nsteps: []", "name", 1, 7, "must match", id="name-too-long"),
        pytest.param("name: -x\nsteps: []", "name", 1, 7, "must match", id="name-begins-with-a-dash"),
        pytest.param("name: 5\nsteps: []", "name", 1, 7, "valid string", id="name-is-a-number"),
        pytest.param("name: x\nsteps: {}", "steps", 2, 8, "valid list", id="steps-are-no-list"),
        pytest.param("name: x\nstep: []\nsteps: []", "step", 2, 1, "known here: name, desc", id="unknown-key"),
        pytest.param(
            f"name: x\ndescription: {'x' * 2001}\nsteps: []",
            "description",
            2,
            14,
            "at most 2000",
            id="long-description",
        ),
        pytest.param(HEAD + "  - after: 1s", "steps[0].do", 3, 5, "is required", id="no-do"),
        pytest.param(HEAD + "  - do: sya", "steps[0].do", 3, 9, "'sya' is none of say, tap", id="unknown-step"),
        pytest.param(HEAD + "  - say", "steps[0]", 3, 5, "input should be", id="step-is-a-word"),
        pytest.param(HEAD + "  - do: say", "steps[0].text", 3, 5, "is required", id="no-text"),
        pytest.param(
            HEAD + "  - do: say\n    text: a\n    txet: b",
            "steps[0].txet",
            5,
            5,
            "unknown key; known here: do, after, user, sender, channel, callback, text",
            id="unknown-key-of-a-step",
        ),
        pytest.param(HEAD + "  - {do: say, text: 5}", "steps[0].text", 3, 21, "valid string", id="text-is-a-number"),
        pytest.param(HEAD + "  - {do: say, text: ''}", "steps[0].text", 3, 21, "at least 1", id="text-is-empty"),
        pytest.param(HEAD + "  - {do: read, after: 1w}", "steps[0].after", 3, 23, "write 200ms", id="no-duration"),
        pytest.param(HEAD + "  - {do: read, after: 31d}", "steps[0].after", 3, 23, "less than", id="long-duration"),
        pytest.param(HEAD + "  - {do: read, after: yes}", "steps[0].after", 3, 23, "'yes' is no", id="yes-is-a-word"),
        pytest.param(
            HEAD + "  - do: tap\n    suggestion: {index: -2}", "steps[0].suggestion.index", 4, 25, "-1", id="index"
        ),
        pytest.param(HEAD + "  - do: tap\n    suggestion: {}", "steps[0].suggestion", 4, 17, "either", id="no-choice"),
        pytest.param(
            HEAD + "  - do: tap\n    suggestion: {index: 0, postback: a}",
            "steps[0].suggestion",
            4,
            17,
            "either",
            id="two-choices",
        ),
        pytest.param(
            HEAD + "  - do: tap\n    suggestion: a\n    location: true",
            "steps[0].location",
            5,
            15,
            "False",
            id="location-is-true",
        ),
        pytest.param(
            HEAD + "  - {do: share_location, latitude: 90.1, longitude: 0}",
            "steps[0].latitude",
            3,
            36,
            "less than or equal to 90",
            id="beyond-the-pole",
        ),
        pytest.param(
            HEAD + "  - {do: share_location, latitude: .nan, longitude: 0}",
            "steps[0].latitude",
            3,
            36,
            "finite",
            id="nowhere",
        ),
        pytest.param(
            HEAD + "  - {do: send_file, sample: ../accounts.yaml}",
            "steps[0].sample",
            3,
            29,
            "must match ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
            id="sample-elsewhere",
        ),
        pytest.param(
            HEAD + "  - {do: send_file, sample: a.jpg, url: 'https://a.b/c'}",
            "steps[0]",
            3,
            5,
            "exactly one",
            id="two-files",
        ),
        pytest.param(
            HEAD + "  - do: read\n    callback: {duplicate: 101}",
            "steps[0].callback.duplicate",
            4,
            27,
            "less than or equal to 100",
            id="too-many-duplicates",
        ),
        pytest.param(
            HEAD + "  - do: read\n    callback: {dely: 1s}",
            "steps[0].callback.dely",
            4,
            16,
            "known here: set, drop, duplicate, delay",
            id="unknown-key-of-a-callback",
        ),
        pytest.param(HEAD + "  - do: expect", "steps[0].within", 3, 5, "is required", id="endless-expect"),
        pytest.param(
            HEAD + "  - {do: expect, within: 0}", "steps[0].within", 3, 26, "greater than 0", id="expect-in-no-time"
        ),
        pytest.param(
            HEAD + "  - {do: expect, within: 1s, kind: txet}",
            "steps[0].kind",
            3,
            36,
            "'text', 'media'",
            id="unknown-kind",
        ),
        pytest.param(
            HEAD + "  - {do: expect, within: 1s, kind: []}", "steps[0].kind", 3, 36, "at least 1", id="no-kinds"
        ),
        pytest.param(
            HEAD + "  - {do: expect, within: 1s, text: [a, '']}",
            "steps[0].text[1]",
            3,
            40,
            "at least 1",
            id="empty-glob",
        ),
        pytest.param(
            "name: x\nmatch: {kind: [text, word]}\nsteps: []",
            "match.kind[1]",
            2,
            22,
            "'text', 'media'",
            id="match-kind",
        ),
        pytest.param(
            "name: x\nmatch: {user: +4917}\nsteps: []", "match.user", 2, 15, "into quotes", id="number-without-quotes"
        ),
        pytest.param(
            "name: x\nmatch:\n  users: a\nsteps: []",
            "match.users",
            3,
            3,
            "unknown key; known here: provider, user, channel, text, kind",
            id="unknown-key-of-match",
        ),
        pytest.param(
            HEAD + "  - do: repeat\n    times: 2\n    steps:\n      - do: say\n      - do: read",
            "steps[0].steps[0].text",
            6,
            9,
            "is required",
            id="inside-a-repeat",
        ),
        pytest.param(
            HEAD + "  - {do: repeat, times: 0, steps: []}", "steps[0].times", 3, 25, "equal to 1", id="never-repeated"
        ),
        pytest.param(
            HEAD + "  - do: choose\n    of:\n      - - do: read\n        - do: say",
            "steps[0].of[0][1].text",
            6,
            11,
            "is required",
            id="inside-a-choice",
        ),
        pytest.param(HEAD + "  - {do: choose, of: []}", "steps[0].of", 3, 22, "at least 1", id="nothing-to-choose"),
        pytest.param(
            HEAD + "  - {do: choose, weights: [1], of: [[], []]}",
            "steps[0]",
            3,
            5,
            "one number for each branch, 2 in all",
            id="too-few-weights",
        ),
        pytest.param(
            HEAD + "  - {do: choose, weights: [0, 0], of: [[], []]}", "steps[0]", 3, 5, "not all 0", id="no-weight"
        ),
        pytest.param(
            HEAD + "  - {do: choose, weights: [-1, 2], of: [[], []]}",
            "steps[0].weights[0]",
            3,
            28,
            "equal to 0",
            id="negative-weight",
        ),
        pytest.param(
            HEAD + "  - do: fault\n    on: callback\n    effect: {type: reset}",
            "steps[0]",
            3,
            5,
            "reset is no effect on a callback",
            id="effect-on-the-wrong-side",
        ),
        pytest.param(
            HEAD + "  - do: fault\n    on: request\n    effect: {type: restart}",
            "steps[0].effect.type",
            5,
            20,
            "'restart' is none of",
            id="unknown-effect",
        ),
        pytest.param(
            HEAD + "  - do: fault\n    on: request\n    effect: {type: latency}",
            "steps[0].effect.seconds",
            5,
            13,
            "is required",
            id="effect-without-its-parameter",
        ),
        pytest.param(
            HEAD + "  - do: event\n    event: {event_code: x}\n    event_code: y",
            "steps[0].event",
            4,
            5,
            "unknown key",
            id="key-called-like-the-step",
        ),
        pytest.param(
            HEAD + "  - {do: say, text: 'Hi {{ user.first_name }'}",
            "steps[0].text",
            3,
            21,
            "template: ",
            id="template-that-does-not-end",
        ),
        pytest.param(
            HEAD + "  - {do: say, text: 'Hi {{ usr.first_name }}'}",
            "steps[0].text",
            3,
            21,
            "template: 'usr' is unknown",
            id="template-with-an-unknown-name",
        ),
        pytest.param(
            HEAD + "  - do: say\n    text: |\n      one\n      {% if %}\n",
            "steps[0].text",
            4,
            11,
            "(line 2 of the text)",
            id="template-of-several-lines",
        ),
        pytest.param(
            HEAD + "  - do: read\n    callback:\n      set: {a: [b, '{{ 1 + 1 }}']}",
            "steps[0].callback.set.a[1]",
            5,
            20,
            "may not hold Add",
            id="template-deep-inside",
        ),
    ],
)
def test_complaints(text: str, path: str, line: int, column: int, message: str) -> None:
    """Whatever is wrong is told with its path, and with line and column from 1."""
    found = complaints(text)
    assert [one[:3] for one in found] == [(path, line, column)], found
    assert message in found[0][3]


def test_all_complaints_at_once() -> None:
    """Everything that is wrong is told at once, in the order of the text."""
    text = HEAD + "  - {do: say, text: 5}\n  - {do: read, after: 1w, x: 1}\n  - do: nap\nextra: 1\n"
    assert [one[:3] for one in complaints(text)] == [
        ("steps[0].text", 3, 21),
        ("steps[1].after", 4, 23),
        ("steps[1].x", 4, 27),
        ("steps[2].do", 5, 9),
        ("extra", 6, 1),
    ]


def test_complaints_have_an_end() -> None:
    """After a hundred complaints nobody reads on."""
    assert len(complaints(HEAD + "  - {do: say}\n" * (MOST + 1))) == MOST


def test_json_complaints_have_places() -> None:
    """Complaints about JSON are told with line and column as well."""
    text = '{\n  "name": "x",\n  "steps": [\n    {"do": "say"},\n    {"do": "read", "x": 1}\n  ]\n}'
    assert [one[:3] for one in complaints(text, form="json")] == [
        ("steps[0].text", 4, 5),
        ("steps[1].x", 5, 20),
    ]


@pytest.mark.parametrize(
    "step",
    [
        "{do: expect, text: '{{ nobody }} {% if', within: 1s}",
        "{do: fault, on: callback, match: {kind: '{{'}, effect: {type: drop}}",
    ],
)
def test_braces_outside_actions(step: str) -> None:
    """Only actions have templates; elsewhere braces are plain signs."""
    load(HEAD + f"  - {step}")


@pytest.mark.parametrize(
    ("steps", "holds"),
    [
        pytest.param(f"[{{do: repeat, times: {MOST_STEPS}, steps: [{{do: read}}]}}]", True, id="just-enough"),
        pytest.param(
            f"[{{do: repeat, times: {MOST_STEPS}, steps: [{{do: read}}]}}, {{do: read}}]", False, id="one-more"
        ),
        pytest.param(
            "[{do: repeat, times: 100, steps: [{do: repeat, times: 101, steps: [{do: read}]}]}]", False, id="nested"
        ),
        pytest.param("[{do: repeat, times: 5000, steps: [{do: read}, {do: read}]}]", True, id="two-each"),
        pytest.param(
            "[{do: repeat, times: 5000, steps: [{do: choose, of: [[], [{do: read}, {do: read}, {do: read}]]}]}]",
            False,
            id="the-longest-choice-counts",
        ),
        pytest.param(
            "[{do: repeat, times: 10000, steps: [{do: repeat, times: 10000, steps: []}]}]", False, id="much-of-nothing"
        ),
    ],
)
def test_number_of_steps(steps: str, holds: bool) -> None:
    """A run has at most 10,000 steps, however they come about."""
    text = f"name: x\nsteps: {steps}"
    if holds:
        load(text)
    else:
        ((path, line, column, message),) = complaints(text)
        assert (path, line, column) == ("steps", 2, 8)
        assert "at most 10000 steps" in message


def test_name_is_that_of_the_file(tmp_path: Path) -> None:
    """A scenario is called as its file is."""
    file = tmp_path / "one.yaml"
    file.write_text("# first\nname: two\nsteps: []")
    with pytest.raises(ScenarioError) as caught:
        load_file(file)
    assert caught.value.complaints == (Complaint("name", "must be 'one', as the file is called", 2, 7, str(file)),)
    assert str(caught.value) == f"{file}:2:7: name: must be 'one', as the file is called"


def test_folder(tmp_path: Path) -> None:
    """A folder's YAML and JSON files are read in the order of their names, and nothing else that lies there is."""
    (tmp_path / "b.yml").write_text("name: b\nsteps: []")
    (tmp_path / "a.json").write_text('{"name": "a", "steps": []}')
    (tmp_path / "c.yaml").write_text("name: c\nsteps: []")
    (tmp_path / "schema.json").write_text("{}")
    (tmp_path / ".#c.yaml").write_text("never saved")
    (tmp_path / "notes.txt").write_text("words")
    scenarios, wrong = load_folder(tmp_path)
    assert ([scenario.name for scenario in scenarios], wrong) == (["a", "b", "c"], [])


def test_folder_with_trouble(tmp_path: Path) -> None:
    """What is wrong in several files is told at once, each with its file."""
    (tmp_path / "a.yaml").write_text("name: a\nsteps: {}")
    (tmp_path / "b.json").write_text("{")
    (tmp_path / "b.yaml").write_text("name: b\nsteps: []")
    (tmp_path / "c.yaml").write_text("name: c\nsteps: []")
    (tmp_path / "d.yaml").write_bytes(b"#" * (64 * 1024 + 1))
    (tmp_path / "e.yaml").mkdir()
    scenarios, wrong = load_folder(tmp_path)
    assert [scenario.name for scenario in scenarios] == ["c"]
    assert [(Path(one.file).name, one.line, one.column) for one in wrong] == [
        ("a.yaml", 2, 8),
        ("b.json", 1, 2),
        ("b.yaml", 1, 1),
        ("d.yaml", 1, 1),
        ("e.yaml", 1, 1),
    ]
    assert wrong[2].message == "b.json has that name already"


def test_no_folder(tmp_path: Path) -> None:
    """A folder that is not there is told."""
    assert load_folder(tmp_path / "none")[1][0].message == "there is no such folder"


def test_shipped_files() -> None:
    """Nothing is wrong with the scenarios that are shipped, their templates included, which no start looks at again."""
    scenarios, wrong = load_folder(REPO / "scenarios")
    assert (len(scenarios) >= 8, wrong) == (True, [])


def test_templates_of_tested_files(tmp_path: Path) -> None:
    """Of files that were tested templates are not compiled."""
    (tmp_path / "a.yaml").write_text('name: a\nsteps: [{do: say, text: "{{ }}"}]')
    assert [len(load_folder(tmp_path, tested=tested)[1]) for tested in (False, True)] == [1, 0]


def test_published_schema_is_current() -> None:
    """scenarios/schema.json is what the models say: write `sandbox.engine.loader.schema()` there when they change."""
    assert json.loads((REPO / "scenarios" / "schema.json").read_text()) == schema()


def test_schema_describes() -> None:
    """The schema tells steps apart by `do`, and every part of it has a description."""
    found = schema()
    for name, model in found["$defs"].items():
        assert model.get("description"), name
        if "do" in model["properties"]:
            assert "do" in model["required"], name
    assert found["description"].startswith("A script for the person")
    assert found["additionalProperties"] is False
    assert {"string", "number"} == {kind["type"] for kind in found["$defs"]["Delay"]["properties"]["seconds"]["anyOf"]}
