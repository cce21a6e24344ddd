"""The engine picks what answers a message, plays it in time, and leaves a record of every step."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import pytest

from sandbox.core.account import Account
from sandbox.core.content import Card, Text
from sandbox.core.conversation import Message
from sandbox.core.events import Cause, MessageDelivered, MessageExpired, MessageRead
from sandbox.core.fault import Latency
from sandbox.core.provider import Magic
from sandbox.engine.actions import InvalidActionError, NotPossibleError
from sandbox.engine.engine import Expecting
from sandbox.engine.loader import load
from stage import OTHER, SHOP, USER, YES, Stage, action, after, script, states

pytestmark = pytest.mark.anyio

DEFAULT = script("do: deliver, after: 200ms", "do: read, after: 400ms", name="default")
TYPES = script("do: start_typing", name="types")


def says(text: str, name: str, match: str | None = None) -> str:
    """Return a scenario in which the person says something."""
    return script(f"do: say, text: '{text}'", name=name, match=match)


def magic(*steps: Mapping[str, Any], address: str = USER) -> Magic:
    """Return a magic address that plays steps."""
    return Magic(address, "plays", lambda _message, _account: steps)


async def said(stage: Stage) -> list[str]:
    """Let the business say hello, and return what the person says at once."""
    stage.accept()
    await stage.advance(0)
    return [message.text for message in stage.replies()]


# picking


async def test_default_plays() -> None:
    """Where nothing else answers, the default delivers and reads, each in its time and with the message named."""
    stage = Stage(DEFAULT)
    message = stage.accept()
    assert [(run.scenario, run.state) for run in stage.runs] == [("default", "running")]
    await stage.advance(0.199)
    assert stage.timed == []
    await stage.advance(0.001)
    assert stage.timed == [("MessageDelivered", 0.2)]
    await stage.advance(0.399)
    assert len(stage.timed) == 1
    await stage.advance(10)
    assert stage.timed == [("MessageDelivered", 0.2), ("MessageRead", 0.6)]
    for event in stage.events[1:]:
        assert isinstance(event, MessageDelivered | MessageRead)
        assert event.message is message
        assert event.cause == Cause("scenario", stage.runs[0].id)
    assert stage.runs[0].state == "passed"


async def test_nothing_to_play() -> None:
    """Without a default, silence."""
    stage = Stage()
    assert await said(stage) == []
    assert stage.runs == []


async def test_messages_whose_fate_is_silence_start_nothing() -> None:
    """What the platform could not hand on reaches nobody."""
    stage = Stage(DEFAULT, magic=(magic({"do": "say", "text": "Hi"}),))
    stage.accept(fate=())
    assert stage.runs == []


async def test_other_events_start_nothing() -> None:
    """Only messages of the business are answered."""
    stage = Stage(DEFAULT)
    stage.act("say", text="Hi")
    assert stage.runs == []


MATCHING = says("match", "b-match", "text: '*'")
NAMED = says("account", "c-account")


@pytest.mark.parametrize(
    ("scenarios", "account", "address", "expected"),
    [
        pytest.param([says("default", "default")], None, None, "default", id="default"),
        pytest.param([says("default", "default"), MATCHING], None, None, "match", id="match-beats-default"),
        pytest.param(
            [MATCHING, says("first", "a-match", "user: '+49*'")], None, None, "first", id="first-name-beats-the-next"
        ),
        pytest.param([MATCHING, NAMED], "c-account", None, "account", id="account-beats-match"),
        pytest.param([MATCHING, NAMED], "gone", None, "match", id="an-unknown-name-is-none"),
        pytest.param([MATCHING, NAMED], "c-account", USER, "magic", id="magic-beats-account"),
        pytest.param([MATCHING], None, USER, "magic", id="magic-beats-match"),
        pytest.param([MATCHING], None, OTHER, "match", id="another-address-is-not-magic"),
    ],
)
async def test_precedence(scenarios: list[str], account: str | None, address: str | None, expected: str) -> None:
    """A magic address wins over the account's scenario, that over the first match, and that over the default."""
    addresses = (magic({"do": "say", "text": "magic"}, address=address),) if address else ()
    stage = Stage(*scenarios, magic=addresses)
    stage.account.scenario = account
    assert await said(stage) == [expected]


async def test_magic_address_without_a_script_plays_the_default() -> None:
    """A magic address that only changes the answer is delivered to as everybody is, whatever matches."""
    stage = Stage(says("default", "default"), MATCHING, NAMED, magic=(Magic(USER, "late"),))
    stage.account.scenario = "c-account"
    assert await said(stage) == ["default"]


async def test_magic_script_sees_the_message() -> None:
    """A script is asked for its steps with the message and the account; the run is called as the address."""
    asked: list[tuple[Message, Account]] = []

    def steps(message: Message, account: Account) -> list[dict[str, Any]]:
        asked.append((message, account))
        return [{"do": "read", "after": 1}, {"do": "say", "text": "{{ user.name }}"}]

    stage = Stage(DEFAULT, magic=(Magic(USER, "reads", steps),))
    message = stage.accept()
    await stage.advance(1)
    assert asked == [(message, stage.account)]
    assert [run.scenario for run in stage.runs] == [USER]
    assert stage.done == ["MessageRead", "UserReplied"]
    assert stage.replies()[0].text == "{{ user.name }}"  # it may quote the business: no template


async def test_silent_magic_address() -> None:
    """A script without steps is silence, and a run that is over at once."""
    stage = Stage(DEFAULT, magic=(magic(),))
    assert await said(stage) == []
    assert [(run.scenario, run.state, run.steps) for run in stage.runs] == [(USER, "passed", [])]


# time


async def test_after_counts_from_the_step_before() -> None:
    """`after` counts from the step before, a pause takes its time, and steps without `after` come at once, in order."""
    steps = (
        "do: deliver, after: 1s",
        "do: read",
        "do: pause, seconds: 2s, after: 1s",
        "do: say, text: Hi, after: 500ms",
    )
    stage = Stage(script(*steps, name="default"))
    stage.accept()
    await stage.advance(4.499)
    assert stage.timed == [("MessageDelivered", 1.0), ("MessageRead", 1.0)]
    await stage.advance(0.001)
    assert stage.timed[2:] == [("UserReplied", 4.5)]
    assert [step.at for step in stage.runs[0].steps] == [after(1), after(1), after(4), after(4.5)]


async def test_one_timer_at_a_time() -> None:
    """However long a run is, one thing of it waits on the clock."""
    stage = Stage(script("do: repeat, times: 1000, steps: [{do: start_typing, after: 1s}]", name="default"))
    stage.accept()
    assert stage.account.clock.pending == 1
    await stage.advance(500)
    assert (len(stage.done), stage.account.clock.pending) == (500, 1)
    await stage.advance(500)
    assert (len(stage.done), stage.account.clock.pending) == (1000, 0)


async def test_real_time_does_not_drift() -> None:
    """A step that comes late does not put off those after it: their times count from when it was due."""
    stage = Stage(DEFAULT)
    stage.accept()
    stage.account.clock.freeze(after(0.5))
    await stage.advance(0)
    assert stage.timed == [("MessageDelivered", 0.5)]
    assert stage.account.clock.next_at == after(0.6)


async def test_simultaneous_runs_keep_to_their_messages() -> None:
    """Two messages sent together are delivered and read each for itself."""
    stage = Stage(DEFAULT)
    first, second = stage.accept("1"), stage.accept("2")
    await stage.advance(1)
    about = [event.message for event in stage.events if isinstance(event, MessageDelivered | MessageRead)]
    assert about == [first, second, first, second]


# expecting


EXPECTS = script(
    "do: start_typing",
    "do: expect, kind: card, text: '*pass*', within: 30s",
    "do: deliver, after: 1s",
    "do: say, text: '{{ message.text }}'",
)


async def expecting(*scenarios: str) -> Stage:
    """Return a stage where a run has come to its `expect`."""
    stage = Stage(*scenarios)
    stage.start(EXPECTS)
    await stage.advance(0)
    assert states(stage.runs[0])[:2] == [("start_typing", "done"), ("expect", "waiting")]
    return stage


async def test_expected_message() -> None:
    """What is expected is consumed: nothing else plays for it, and the run goes on with it as its message."""
    stage = await expecting(DEFAULT)
    await stage.advance(10)
    message = stage.accept(Card(title="Your PASS"))
    (run,) = stage.runs
    assert (run.message, run.steps[1].state, run.steps[1].detail, run.steps[1].at) == (
        message,
        "passed",
        message.id,
        after(10),
    )
    await stage.advance(1)
    assert stage.timed == [("UserTyped", 0.0), ("MessageDelivered", 11.0), ("UserReplied", 11.0)]
    assert stage.replies()[0].text == "Your PASS"
    assert (run.state, stage.account.clock.pending) == ("passed", 0)


@pytest.mark.parametrize(("seconds", "passes"), [(29.999, True), (30, False), (30.001, False)])
async def test_deadline(seconds: float, passes: bool) -> None:
    """A message is expected until its time is up, and not at that instant."""
    stage = await expecting()
    await stage.advance(seconds)
    stage.accept(Card(title="pass"))
    await stage.advance(100)
    (run,) = stage.runs
    if passes:
        assert run.state == "passed"
    else:
        assert run.state == "failed"
        assert states(run) == [
            ("start_typing", "done"),
            ("expect", "failed"),
            ("deliver", "skipped"),
            ("say", "skipped"),
        ]
        assert run.steps[1].at == after(30)
        assert (run.steps[1].detail or "").startswith("no message came within 30 s\n")
        assert (run.steps[2].at, run.steps[2].detail) == (None, None)


async def test_late_message_before_the_clock_noticed() -> None:
    """On a clock that runs behind, a message at the deadline is late all the same."""
    stage = await expecting()
    stage.account.clock.freeze(after(30))
    stage.accept(Card(title="pass"))
    assert states(stage.runs[0])[1] == ("expect", "waiting")
    await stage.advance(0)
    assert stage.runs[0].state == "failed"


@pytest.mark.parametrize(
    ("user", "sender", "said"),
    [
        pytest.param(USER, SHOP, Text("pass"), id="another-kind"),
        pytest.param(USER, SHOP, Card(title="something else"), id="another-text"),
        pytest.param(OTHER, SHOP, Card(title="pass"), id="another-person"),
        pytest.param(USER, "bank", Card(title="pass"), id="another-sender"),
    ],
)
async def test_unexpected_message(user: str, sender: str, said: Text | Card) -> None:
    """What is not expected is answered as if nobody waited, and the run goes on waiting."""
    stage = await expecting(DEFAULT)
    stage.accept(said, user=user, sender=sender)
    assert [run.scenario for run in stage.runs] == ["test", "default"]
    assert stage.runs[0].state == "running"
    stage.accept(Card(title="pass"))
    assert len(stage.runs) == 2
    assert stage.runs[0].steps[1].state == "passed"


async def test_expected_on_another_channel() -> None:
    """With a channel, what the person is sent there counts whoever sends it, and the run goes on in that conversation."""
    stage = Stage(DEFAULT)
    run = stage.start(script("do: expect, channel: sms, within: 30s", "do: say, text: Thanks"))
    stage.accept("not yet")
    sms = stage.accept("Your code is 1234", sender="12345", channel="sms")
    await stage.advance(0)
    assert (run.state, run.message, run.conversation) == ("passed", sms, sms.conversation)
    assert [reply.conversation.sender for reply in stage.replies()] == ["12345"]


async def test_longest_waiting_is_served_first() -> None:
    """Two runs that expect the same get one message each, the one that waited longer first."""
    stage = Stage(DEFAULT)
    for _ in range(2):
        stage.start(script("do: expect, within: 30s"))
        await stage.advance(1)
    first, second = stage.accept("1"), stage.accept("2")
    stage.accept("3")
    assert [(run.message, run.state) for run in stage.runs[:2]] == [(first, "passed"), (second, "passed")]
    assert len(stage.runs) == 3


async def test_expectation_without_a_gap() -> None:
    """What comes in the same instant as the step before is expected already; an expected answer may be the next one's cue."""
    stage = Stage(DEFAULT)
    run = stage.start(script("do: expect, within: 1s", "do: expect, within: 1s", "do: say, text: Hi"))
    stage.accept("1")
    stage.accept("2")
    await stage.advance(0)
    assert (run.state, stage.runs) == ("passed", [run])


async def test_expect_after_a_while() -> None:
    """With `after`, what comes before that is not expected yet, and the time begins then."""
    stage = Stage()
    run = stage.start(script("do: expect, after: 5s, within: 1s"))
    await stage.advance(4.9)
    stage.accept("early")
    await stage.advance(1.0)
    before = run.state
    stage.accept("in time")
    assert (before, run.state) == ("running", "passed")


async def test_messages_whose_fate_is_silence_can_be_expected() -> None:
    """A run that waits sees every message, even one that the platform could not hand on."""
    stage = await expecting(DEFAULT)
    stage.accept(Card(title="pass"), fate=())
    assert stage.runs[0].steps[1].state == "passed"


async def test_expectation_beats_magic() -> None:
    """A magic address does nothing by itself for a message that a run expects."""
    stage = Stage(magic=(magic({"do": "say", "text": "magic"}),))
    stage.start(script("do: expect, within: 1s"))
    assert await said(stage) == []


# steps


async def test_failed_step_fails_the_run() -> None:
    """What cannot be done fails the step with the reason, and the rest is skipped."""
    stage = Stage()
    run = stage.start(script("do: read, after: 1s", "do: say, text: Hi"))
    await stage.advance(1)
    assert (run.state, states(run)) == ("failed", [("read", "failed"), ("say", "skipped")])
    assert (run.steps[0].at, run.steps[0].detail) == (
        after(1),
        f"no message to {USER} is there that read fits; name one to insist",
    )
    assert stage.account.clock.pending == 0


@pytest.mark.parametrize(
    ("step", "detail"),
    [
        pytest.param("do: system, text: X", "Stub Messaging has no callback for system", id="no-callback"),
        pytest.param("do: error, code: X", "code: 'X' is none of BROKEN, LATE", id="invalid-value"),
        pytest.param("do: say, text: '{{ message.txet }}'", "has no attribute 'txet'", id="undefined"),
        pytest.param(
            "do: say, text: '{{ message.text | trim }}'", "text: string should have at least 1", id="rendered-empty"
        ),
        pytest.param("do: say, text: Hi, user: nobody", "user: 'nobody' is no number", id="no-user"),
        pytest.param("do: say, text: Hi, sender: bank", "sender: 'bank' is none of shop", id="no-sender"),
        pytest.param("do: deliver, message: '{{ message.text }}x'", "no message ' x' was sent", id="no-message"),
        pytest.param("do: send_file, url: 'https://a.b/c'", "the bytes of a file are needed", id="provider-refuses"),
    ],
)
async def test_details(step: str, detail: str) -> None:
    """A failed step says why."""
    stage = Stage()
    run = stage.start(script(f"{step}"), stage.accept(" "))
    await stage.advance(0)
    assert run.state == "failed"
    assert detail in (run.steps[0].detail or "")


async def test_message_is_not_delivered_twice_by_a_run() -> None:
    """A run speaks of its own message: if that was read meanwhile, the step fails, and names it only if it insists."""
    stage = Stage()
    stage.accept("older")
    message = stage.accept()
    run = stage.start(script("do: read", "do: read"), message)
    insists = stage.start(script("do: read, after: 1s, message: '{{ message.id }}'"), message)
    await stage.advance(1)
    assert (run.steps[1].state, run.steps[1].detail) == (
        "failed",
        f"read does not fit {message.id}, which is read; name it to insist",
    )
    assert insists.state == "passed"
    assert [event.message for event in stage.events if isinstance(event, MessageRead)] == [message, message]


async def test_sandbox_that_fails(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of our own fails the step and goes to the log; the run does not hang."""
    stage = Stage()
    monkeypatch.setattr(stage.provider, "inbound_id", lambda _account: 1 / 0)
    run = stage.start(script("do: say, text: Hi", "do: read"))
    with caplog.at_level(logging.ERROR):
        await stage.advance(0)
    assert (run.state, run.steps[0].detail) == ("failed", "the sandbox failed; see its log")
    assert "ZeroDivisionError" in caplog.text


async def test_another_person() -> None:
    """A step may name another person; it is then not about the run's message."""
    stage = Stage()
    stage.accept("theirs", user=OTHER)
    message = stage.accept("mine")
    stage.start(script(f"do: read, user: '{OTHER}'", f"do: say, text: Hi, user: '{USER}'", "do: read"), message)
    await stage.advance(0)
    assert [message.text for message in stage.account.journal.messages if message.status == "read"] == [
        "theirs",
        "mine",
    ]
    assert [reply.conversation.user for reply in stage.replies()] == [USER]


async def test_tap_prefers_the_message_of_the_run() -> None:
    """A run taps the suggestion of its own message, though a newer one has it too."""
    stage = Stage(script("do: tap, suggestion: {index: 0}, after: 1s", name="default"))
    messages = [stage.accept("1", YES), stage.accept("2", YES)]
    await stage.advance(1)
    assert [getattr(event, "answered", None) for event in stage.events[2:]] == messages


async def test_fault() -> None:
    """A fault is armed on the account, for as many times as it says."""
    stage = Stage()
    stage.start(script("do: fault, on: request, effect: {type: latency, seconds: 500ms}, times: 2, probability: 0.5"))
    await stage.advance(0)
    (fault,) = stage.account.faults
    assert (fault.spec.effect, fault.left, fault.spec.probability) == (Latency(type="latency", seconds=0.5), 2, 0.5)
    assert fault.id.startswith("flt_")


@pytest.mark.parametrize("seed", ["a", "b", "c"])
async def test_choices_are_seeded(seed: str) -> None:
    """The same seed plays the same branches."""
    choice = "do: repeat, times: 20, steps: [{do: choose, of: [[{do: start_typing}], [{do: say, text: Hi}]]}]"
    played = []
    for _ in range(2):
        stage = Stage(script(choice, name="default"), seed=seed)
        stage.accept()
        await stage.advance(0)
        played.append(stage.done)
    assert played[0] == played[1]
    assert set(played[0]) == {"UserTyped", "UserReplied"}


async def test_templates() -> None:
    """Templates see the person, the account, the message of the run and the time at which the step is played."""
    text = "{{ user.first_name }} {{ account.id }} {{ message.provider_id }} {{ now.second }}"
    stage = Stage(script(f"do: say, after: 7s, text: '{text}'", name="default"))
    message = stage.accept()
    await stage.advance(7)
    first_name = stage.account.ids.person(USER).first_name
    assert stage.replies()[0].text == f"{first_name} acc_stub {message.provider_id} 7"


# start, cancel, reset


async def test_start() -> None:
    """A run may be started by hand, for a person in any notation."""
    stage = Stage()
    run = stage.engine.start(stage.account, load(TYPES), "+49 151 1234 5678", None)
    assert (run.scenario, run.user, run.conversation.sender, run.message, run.state) == (
        "types",
        USER,
        SHOP,
        None,
        "running",
    )
    assert run.id.startswith("run_")
    assert stage.account.journal.runs.get(run.id) is run
    await stage.advance(0)
    assert stage.done == ["UserTyped"]


@pytest.mark.parametrize(
    ("user", "sender", "message"), [("nobody", None, "user: "), (USER, "bank", "sender: 'bank' is none of shop")]
)
async def test_start_for_nobody(user: str, sender: str | None, message: str) -> None:
    """A run needs a person and a sender of the account."""
    stage = Stage()
    with pytest.raises(InvalidActionError, match=message):
        stage.engine.start(stage.account, load(TYPES), user, sender)
    assert stage.runs == []


@pytest.mark.parametrize("step", ["do: read, after: 5s", "do: expect, within: 5s"])
async def test_cancel(step: str) -> None:
    """A cancelled run does nothing more, and what it expected is free for others."""
    stage = Stage(DEFAULT)
    run = stage.start(script("do: start_typing", step, "do: read"))
    await stage.advance(0)
    stage.engine.cancel(run)
    assert (run.state, [step.state for step in run.steps]) == ("cancelled", ["done", "skipped", "skipped"])
    assert stage.account.clock.pending == 0
    stage.accept()
    assert [each.scenario for each in stage.runs] == ["test", "default"]
    await stage.advance(10)
    assert stage.done == ["UserTyped", "MessageDelivered", "MessageRead"]


async def test_cancel_what_is_over() -> None:
    """A run that has ended stays as it ended."""
    stage = Stage()
    run = stage.start(TYPES)
    await stage.advance(0)
    stage.engine.cancel(run)
    assert run.state == "passed"


async def test_reset() -> None:
    """A reset forgets runs and what they expected, and a run that was forgotten can still be cancelled."""
    stage = await expecting(DEFAULT)
    (run,) = stage.runs
    stage.account.forget()
    stage.accept(Card(title="pass"))
    assert [each.scenario for each in stage.runs] == ["default"]
    assert run.steps[1].state == "waiting"
    stage.engine.cancel(run)
    assert run.state == "cancelled"
    assert stage.account.clock.pending == 1


async def test_nothing_is_left_behind() -> None:
    """When nobody waits any more, nothing is kept of those who did."""
    stage = await expecting()
    (waiting,) = stage.account.shelf(Expecting)
    assert list(waiting) == [USER]
    stage.accept(Card(title="pass"))
    assert waiting == {}


async def test_those_who_wait_for_runs_are_told() -> None:
    """The journal tells of a run when it begins, after every step, and of its end with the last."""
    stage = Stage(DEFAULT)
    stage.accept()
    await stage.advance(1)
    assert stage.told == [stage.runs[0]] * 3


async def test_long_runs_take_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run counts by its length for what the journal has room for."""
    stage = Stage()
    sizes: list[int] = []
    monkeypatch.setattr(stage.account.journal.runs, "add", lambda _run, size: sizes.append(size))
    stage.start(TYPES)
    stage.start(script("do: repeat, times: 10000, steps: [{do: start_typing, after: 1s}]"))
    assert sizes[0] < 1_000
    assert sizes[1] > 1_000_000


# the action `start`


async def test_start_of_a_magic_address() -> None:
    """A magic address does once more what it does, for the newest message sent to it."""
    stage = Stage(magic=(magic({"do": "say", "text": "magic"}),))
    with pytest.raises(NotPossibleError, match="nothing was sent to"):
        stage.act("start")
    stage.accept("1")
    message = stage.accept("2")
    await stage.advance(0)
    stage.engine.act(stage.account, action("start"), Cause("action", "act_1"))
    await stage.advance(0)
    assert [run.message for run in stage.runs][2:] == [message]
    assert len(stage.replies()) == 3


async def test_start_of_a_person() -> None:
    """Nobody else starts by themselves."""
    stage = Stage()
    stage.accept()
    with pytest.raises(NotPossibleError, match="is no magic address"):
        stage.act("start")


# what the platform knows


async def test_fate_beats_whatever_else() -> None:
    """What is known of a message plays in the place of account, match and magic; several messages share its script."""
    stage = Stage(says("Hi", "all", "user: '*'"), says("Hello", "own"), magic=(magic({"do": "read"}),))
    stage.account.scenario = "own"
    fate = ({"do": "fail", "code": "gone", "after": 1.0},)
    first, second = stage.accept(fate=fate), stage.accept(fate=fate)
    assert [run.scenario for run in stage.runs] == ["fate", "fate"]
    assert stage.runs[0].plan is stage.runs[1].plan
    await stage.advance(1)
    assert stage.done == ["MessageFailed", "MessageFailed"]
    assert (first.status, second.status) == ("failed", "failed")


async def test_fate_of_what_was_expected() -> None:
    """A run that waits sees the message, and its fate plays as well."""
    stage = await expecting()
    stage.accept(Card(title="pass"), fate=({"do": "fail"},))
    await stage.advance(0)
    assert stage.runs[0].steps[1].state == "passed"
    assert "MessageFailed" in stage.done


@pytest.mark.parametrize("fate", [None, ({"do": "deliver", "after": 0.2},)], ids=["by-scenario", "by-fate"])
async def test_a_later_beginning(fate: Any) -> None:
    """What is scheduled begins to play when it is sent."""
    stage = Stage(DEFAULT)
    stage.accept(fate=fate, plays_from=after(3600))
    await stage.advance(3600.199)
    assert stage.timed == []
    await stage.advance(0.001)
    assert stage.timed == [("MessageDelivered", 3600.2)]


async def test_expiry() -> None:
    """A message that was not delivered expires at its time, to the instant; one that is done with does not."""
    stage = Stage()
    late, done = stage.accept(expires_at=after(60)), stage.accept(expires_at=after(60))
    done.status = "delivered"
    await stage.advance(59.999)
    assert stage.timed == []
    await stage.advance(0.001)
    assert stage.timed == [("MessageExpired", 60.0)]
    assert [event.message for event in stage.events if isinstance(event, MessageExpired)] == [late]
    assert (late.expiry, done.expiry) == (None, None)


async def test_default_of_the_provider() -> None:
    """A provider names what plays by default; the operator's choice wins; a name that is nobody's is the default's."""
    stage = Stage(DEFAULT, says("Own", "own"), says("Chosen", "chosen"))
    stage.provider.default_scenario = lambda message: "own"  # type: ignore[method-assign]  # as a provider may
    assert await said(stage) == ["Own"]
    stage.scenarios._default = "chosen"
    assert await said(stage) == ["Own", "Chosen"]
    stage.scenarios._default = None
    stage.provider.default_scenario = lambda message: "nobody"  # type: ignore[method-assign]  # likewise
    stage.accept()
    assert stage.runs[-1].scenario == "default"


async def test_default_of_the_account() -> None:
    """An account's own steps play in the place of its provider's scenario, but not of the operator's choice."""
    stage = Stage(DEFAULT, says("Own", "own"), says("Chosen", "chosen"))
    stage.provider.default_scenario = lambda message: "own"  # type: ignore[method-assign]  # as a provider may
    steps = ({"do": "say", "text": "The account's"},)
    stage.provider.default_steps = lambda message, account: steps  # type: ignore[method-assign]  # likewise
    assert await said(stage) == ["The account's"]
    stage.scenarios._default = "chosen"
    assert await said(stage) == ["The account's", "Chosen"]
