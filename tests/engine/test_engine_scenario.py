"""A scenario comes to a flat list of steps, each with its time after the one before."""

from __future__ import annotations

from random import Random

import pytest

from sandbox.core.content import Card, Text
from sandbox.core.conversation import AccountKey, Body, Conversation, Message
from sandbox.core.fault import FaultSpec, Latency
from sandbox.engine.loader import load
from sandbox.engine.pattern import compile_globs, is_exact
from sandbox.engine.scenario import ArmFault, Expect
from stage import NOON, script


def plan(*steps: str, seed: int = 1) -> list[tuple[str, float]]:
    """Return what steps come to: what they do, and after how many seconds."""
    return [(step.do, after.total_seconds()) for step, after, *_ in load(script(*steps)).plan(Random(seed))]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(
            ["do: deliver, after: 200ms", "do: read, after: 0.4"], [("deliver", 0.2), ("read", 0.4)], id="two"
        ),
        pytest.param(
            ["do: pause, seconds: 2s, after: 1s", "do: read"], [("pause", 3.0), ("read", 0.0)], id="a-pause-takes-time"
        ),
        pytest.param(
            ["do: repeat, times: 2, after: 3s, steps: [{do: deliver, after: 1s}, {do: read}]"],
            [("deliver", 4.0), ("read", 0.0), ("deliver", 1.0), ("read", 0.0)],
            id="a-repeat-waits-once",
        ),
        pytest.param(
            ["do: repeat, times: 2, after: 3s, steps: []", "do: read, after: 1s"], [("read", 4.0)], id="a-wait-is-kept"
        ),
        pytest.param(["do: choose, after: 1s, of: [[{do: read, after: 2s}]]"], [("read", 3.0)], id="a-choice-of-one"),
        pytest.param(
            ["do: choose, after: 1s, weights: [0, 1], of: [[{do: deliver}], []]", "do: read"],
            [("read", 1.0)],
            id="a-choice-of-nothing",
        ),
        pytest.param(
            ["do: repeat, times: 2, steps: [{do: repeat, times: 2, steps: [{do: read, after: 1s}]}]"],
            [("read", 1.0)] * 4,
            id="a-repeat-in-a-repeat",
        ),
    ],
)
def test_plan(steps: list[str], expected: list[tuple[str, float]]) -> None:
    """Repeats are written out, a pause is over when it is done, and no `after` is lost."""
    assert plan(*steps) == expected


CHOICES = "do: repeat, times: 100, steps: [{do: choose, weights: [3, 1, 0], of: [[{do: deliver}], [{do: read}], [{do: fail}]]}]"


def test_choices_are_seeded() -> None:
    """The same chance draws the same branches, another chance others."""
    assert plan(CHOICES, seed=1) == plan(CHOICES, seed=1)
    assert plan(CHOICES, seed=1) != plan(CHOICES, seed=2)


def test_weights() -> None:
    """Branches are drawn in proportion to their weights; one that weighs nothing never is."""
    drawn = [do for do, _ in plan(CHOICES)]
    assert 60 <= drawn.count("deliver") <= 90
    assert drawn.count("deliver") + drawn.count("read") == 100


def test_plan_without_chance_is_made_once() -> None:
    """Where nothing is left to chance the plan is shared, and chance is not drawn from."""
    chance = Random(1)
    before = chance.getstate()
    fixed = load(script("do: read"))
    assert fixed.plan(chance) is fixed.plan(chance)
    assert chance.getstate() == before


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("Yes", "Yes", True),
        ("Yes", "yes", False),
        ("+4917*", "+49171", True),
        ("+4917*", "x+49171", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("[ab]c", "bc", True),
        ("a.c", "abc", False),
        ("*line*", "a\nline\nhere", True),
        ("a", "a\n", False),
    ],
)
def test_globs(pattern: str, text: str, matches: bool) -> None:
    """A glob matches a whole text; the dot is a dot and the star runs over lines."""
    assert (compile_globs((pattern,)).match(text) is not None) is matches


@pytest.mark.parametrize(
    ("pattern", "exact"), [("+4917", True), ("a.b", True), ("a*", False), ("a?", False), ("[a]", False)]
)
def test_exact(pattern: str, exact: bool) -> None:
    """A pattern without wildcards matches itself alone."""
    assert is_exact(pattern) is exact


def message(content: Text | Card) -> Message:
    """Return an outbound message."""
    conversation = Conversation(AccountKey("stub", "acc"), "shop", "+1")
    return Message("m", 1, conversation, "outbound", "chat", "p", NOON, "accepted", Body(content))


@pytest.mark.parametrize(
    ("expect", "content", "fits"),
    [
        pytest.param("", Text("Hi"), True, id="anything"),
        pytest.param("kind: text", Text("Hi"), True, id="kind"),
        pytest.param("kind: card", Text("Hi"), False, id="other-kind"),
        pytest.param("kind: [card, text]", Text("Hi"), True, id="one-of-the-kinds"),
        pytest.param('text: "*BOARDING*"', Text("your boarding pass"), True, id="case-ignored"),
        pytest.param('text: "boarding"', Text("your boarding pass"), False, id="the-whole-text"),
        pytest.param('text: [a, "*pass"]', Text("your boarding pass"), True, id="one-of-the-texts"),
        pytest.param('kind: card, text: "*pass*"', Text("pass"), False, id="kind-and-text"),
        pytest.param('kind: card, text: "*pass*"', Card(title="Your", description="pass"), True, id="text-of-a-card"),
    ],
)
def test_expect(expect: str, content: Text | Card, fits: bool) -> None:
    """An expect names kinds and texts; all that it names must hold."""
    step = load(script(f"do: expect, within: 1s{expect and ', ' + expect}")).steps[0]
    assert isinstance(step, Expect)
    sent = message(content)
    assert step.fits(sent, sent.conversation) is fits


def test_fault_in_durations() -> None:
    """A fault's effect takes durations as everything else in a scenario."""
    step = load(script("do: fault, on: request, match: {user: '+1*'}, effect: {type: latency, seconds: 1.5s}")).steps[0]
    assert isinstance(step, ArmFault)
    assert type(step.spec()) is FaultSpec
    assert (step.spec().effect, step.spec().match.user) == (Latency(type="latency", seconds=1.5), "+1*")
