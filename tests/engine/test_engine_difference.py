"""A step that waited in vain tells what it expected and what came in its place, member by member."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from sandbox.core.callback import Attempt, Callback
from sandbox.engine import difference
from sandbox.engine.scenario import ExpectCallback
from stage import NOON, OTHER, USER, Stage, script


async def told(step: str, *texts: str) -> list[str]:
    """Return the detail of an `expect` that the business answers with these texts, a second into the wait."""
    stage = Stage()
    run = stage.start(script(step))
    await stage.advance(1)
    for text in texts:
        stage.accept(text)
    await stage.advance(60)
    return lines_of(run.steps[0].detail)


def lines_of(detail: str | None) -> list[str]:
    """Return a detail line by line, with ids that are easy to compare with."""
    return re.sub(r"(msg|cbk)_\w+", r"\1", detail or "").splitlines()


async def test_nothing_came() -> None:
    """All that was expected is told, and that there was nothing."""
    assert await told('do: expect, channel: [sms, rcs], kind: card, text: "*pass*", within: 30s') == [
        "no message came within 30 s",
        'expected  channel sms or rcs, kind card, text "*pass*"',
    ]


async def test_anything_would_have_done() -> None:
    """An `expect` without conditions says so."""
    assert await told("do: expect, within: 1.5s") == ["no message came within 1.5 s", "expected  any message"]


async def test_every_member_that_differs() -> None:
    """Each message that came in time is told, with got and expected for what did not fit and nothing of what did."""
    assert await told('do: expect, channel: [sms], kind: [card, carousel], text: [yes, "ye*"], within: 30s', "No") == [
        "no message that fits came within 30 s",
        'expected  channel sms, kind card or carousel, text "yes" or "ye*"',
        'came      msg, 1 s into the wait: text "No"',
        "  channel  got chat-1, expected sms",
        "  kind     got text, expected card or carousel",
        '  text     got "No"',
        '           expected "yes" or "ye*"',
    ]
    assert (await told("do: expect, kind: card, within: 30s", "No"))[3:] == ["  kind     got text, expected card"]


@pytest.mark.parametrize(
    ("pattern", "text", "hint"),
    [
        pytest.param(
            "*boarding pass*",
            "Here is your boarding-pass, Anna",
            ['nearest  "boarding-pass"', 'to       "boarding pass"', "                  ^"],
            id="another-sign",
        ),
        pytest.param(
            "*boarding pass*",
            "your Boarding\u00a0pass",
            ['nearest  "Boarding\\u00a0pass"', 'to       "boarding pass"', "                  ^"],
            id="a-space-that-is-none",
        ),
        pytest.param(
            "*pay now please",
            "Pay  now please",
            ['nearest  "Pay  now please"', 'to       "pay now please"', "              ^"],
            id="one-space-too-many",
        ),
        pytest.param(
            "*boarding pass",
            "your boarding pas",
            ['nearest  "boarding pas"', 'to       "boarding pass"', "                      ^"],
            id="too-short",
        ),
        pytest.param(
            "pass",
            "your pass",
            ["all of it is there, but other text as well: * stands for any text, at either end too"],
            id="no-star",
        ),
        pytest.param(
            "*boarding*pass*",
            "pass for boarding",
            ["all of it is there, but other text as well: * stands for any text, at either end too"],
            id="another-order",
        ),
        pytest.param("*boarding pass*", "Good morning", [], id="nothing-alike"),
        pytest.param("?", "Good morning", [], id="wildcards-alone"),
        pytest.param("pass", "", [], id="no-text"),
    ],
)
async def test_near_misses(pattern: str, text: str, hint: list[str]) -> None:
    """What is nearest in the text stands above what was wanted, so that a slip can be seen."""
    lines = await told(f'do: expect, text: "{pattern}", within: 30s', text)
    assert lines[5:] == [f"           {line}" for line in hint]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", '"plain"'),
        ('say "hi"\\', '"say \\"hi\\"\\\\"'),
        ("two\nlines\t", '"two\\nlines\\t"'),
        ("no\u200bjoin\x07", '"no\\u200bjoin\\u0007"'),
        ("Grüße 👋", '"Grüße 👋"'),
        ("x" * 201, f'"{"x" * 200}…"'),
        ("x" * 200, f'"{"x" * 200}"'),
    ],
)
def test_visible(text: str, shown: str) -> None:
    """Texts are quoted, clipped at 200 characters, and hide nothing."""
    assert difference.visible(text) == shown


async def test_few_of_many() -> None:
    """Five are told one by one, and how many more there were."""
    lines = await told("do: expect, kind: card, within: 30s", *map(str, range(7)))
    assert [line for line in lines if line.startswith("came")] == [
        f'came      msg, 1 s into the wait: text "{number}"' for number in range(5)
    ]
    assert lines[-1] == "and 2 more"
    assert (await told("do: expect, kind: card, within: 30s", *map(str, range(5))))[-1].startswith("  kind")


async def test_few_of_many_conditions() -> None:
    """Of many texts that would have done, a few are told."""
    quoted = ", ".join(f"'{number}'" for number in range(100, 106))
    assert (await told(f"do: expect, text: [{quoted}], within: 30s"))[1] == (
        'expected  text "100" or "101" or "102" or "103" or "104" or …'
    )


async def test_what_would_have_fitted() -> None:
    """A message that fits but came too early, or that another run took, is told; what is not about this person is not."""
    stage = Stage()
    stage.accept("before the run")
    stage.start(script("do: pause, seconds: 10s", "do: expect, within: 100s"))
    run = stage.start(script("do: expect, text: '1', within: 1s", "do: expect, text: '[23]', after: 10s, within: 100s"))
    stage.accept("1")
    stage.accept("2")
    stage.accept("4")
    await stage.advance(15)
    stage.accept("3")
    stage.accept("3", user=OTHER)
    stage.act("say", text="3")
    await stage.advance(100)
    assert lines_of(run.steps[1].detail) == [
        "no message that fits came within 100 s",
        'expected  text "[23]"',
        'came      msg, 10 s before the wait: text "2"',
        "  it fits, but came too early",
        'came      msg, 5 s into the wait: text "3"',
        "  it fits, but another run that waited longer took it",
    ]


async def test_too_late() -> None:
    """On a clock that runs behind, a message at the deadline is told as late."""
    stage = Stage()
    run = stage.start(script("do: expect, within: 30s"))
    stage.account.clock.freeze(NOON + timedelta(seconds=30))
    stage.accept("late")
    await stage.advance(0)
    assert lines_of(run.steps[0].detail)[-1] == "  it fits, but came too late"


async def test_another_sender() -> None:
    """Without a channel the conversation counts: what another sender writes is told as that."""
    stage = Stage()
    run = stage.start(script("do: expect, within: 30s"))
    stage.accept("Hello", sender="bank")
    await stage.advance(30)
    assert lines_of(run.steps[0].detail)[3:] == ["  sender   got bank, expected shop"]


def callback(number: int, state: Any, *statuses: int, url: str | None = "http://127.0.0.1:9/hook") -> Callback:
    """Return a callback that was answered with these statuses, each after 1.5 s."""
    stage = Stage()
    attempts = tuple(Attempt(NOON, status, None, 1500.0, "") for status in statuses)
    made = Callback(
        f"cbk_{number}", number, stage.key, "message.TEXT", USER, None, None, url, (), None, NOON, attempts=attempts
    )
    made.state = state
    return made


def test_callbacks_that_fared_otherwise() -> None:
    """Each that differs is told with the members that do; one that fared as expected is not."""
    expect = ExpectCallback(status=200, attempts=1, latency=1.0, within=60.0)
    lost = callback(3, "failed", url=None)
    lost.detail = "refused"
    told = (callback(1, "delivered", 500, 200), callback(2, "delivered", 200), lost)
    assert difference.of_callbacks("the webhook took it otherwise", expect, told).splitlines() == [
        "the webhook took it otherwise",
        "expected  state delivered, status 200, attempts 1, latency at most 1 s",
        "came      cbk_1, message.TEXT to http://127.0.0.1:9/hook",
        "  attempts  got 2, expected 1",
        "  latency   got 1.500 s, expected at most 1 s",
        "came      cbk_2, message.TEXT to http://127.0.0.1:9/hook",
        "  latency   got 1.500 s, expected at most 1 s",
        "came      cbk_3, message.TEXT to nobody (refused)",
        "  state     got failed, expected delivered",
        "  status    got no answer, expected 200",
        "  attempts  got 0, expected 1",
    ]


def test_callbacks_as_expected_are_left_out() -> None:
    """Where nothing but the state is expected, the state alone is judged."""
    told = (callback(1, "delivered", 500, 200), callback(2, "failed", 500))
    assert difference.of_callbacks("otherwise", ExpectCallback(within=60.0), told).splitlines()[1:] == [
        "expected  state delivered",
        "came      cbk_2, message.TEXT to http://127.0.0.1:9/hook",
        "  state     got failed, expected delivered",
    ]
