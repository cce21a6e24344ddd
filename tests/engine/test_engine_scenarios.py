"""The collection of scenarios, and those that are shipped with the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.core.account import Account
from sandbox.core.content import Card, Carousel, Content, Location, Media, Suggestion, SuggestionResponse, Text
from sandbox.core.conversation import Message
from sandbox.core.events import Event, UserReplied
from sandbox.engine.engine import Engine
from sandbox.engine.loader import ScenarioError, load
from sandbox.engine.scenario import Run
from sandbox.engine.scenarios import Scenarios
from stage import NO, REPO, USER, WHERE, YES, Stage, StubProvider, after, arm, change, script

SHIPPED = REPO / "scenarios"
NAMES = sorted(file.stem for file in SHIPPED.glob("*.yaml"))


def folder(path: Path, *names: str, text: str = "steps: []") -> Path:
    """Return a folder with scenarios of these names."""
    path.mkdir()
    for name in names:
        (path / f"{name}.yaml").write_text(f"name: {name}\n{text}")
    return path


def test_lazy(tmp_path: Path) -> None:
    """What is shipped is read when something is first asked for."""
    scenarios = Scenarios(tmp_path / "shipped")
    folder(tmp_path / "shipped", "default", "b", "a")
    assert [scenario.name for scenario in scenarios] == ["a", "b", "default"]
    assert len(scenarios) == 3
    assert "a" in scenarios
    assert "c" not in scenarios
    assert scenarios.get("c") is None


def test_load(tmp_path: Path) -> None:
    """It may be read beforehand, and then no more."""
    shipped = folder(tmp_path / "shipped", "default")
    scenarios = Scenarios(shipped)
    scenarios.load()
    (shipped / "default.yaml").unlink()
    assert scenarios.default("default") is not None


def test_own_folder(tmp_path: Path) -> None:
    """The operator's files come on top, and replace those of the same name."""
    shipped = folder(tmp_path / "shipped", "default", "a")
    own = folder(tmp_path / "own", "a", "b", text="description: mine\nsteps: []")
    scenarios = Scenarios(shipped, own)
    assert [(one.name, one.description) for one in scenarios] == [("a", "mine"), ("b", "mine"), ("default", "")]


def test_own_folder_is_read_at_once(tmp_path: Path) -> None:
    """What is wrong with the operator's files, and with the shipped ones, comes out at the start, all at once."""
    shipped = folder(tmp_path / "shipped", "default", text="steps: 1")
    own = folder(tmp_path / "own", "a", "b", text="steps: 2")
    with pytest.raises(ScenarioError) as caught:
        Scenarios(shipped, own)
    assert [Path(one.file).name for one in caught.value.complaints] == ["default.yaml", "a.yaml", "b.yaml"]


def test_default(tmp_path: Path) -> None:
    """Another scenario may be the default; one that is not there is told, with those that are."""
    shipped = folder(tmp_path / "shipped", "default", "other")
    other = Scenarios(shipped, default="other").default("default")
    assert other is not None
    assert other.name == "other"
    says = "^--default-scenario: there is no scenario 'none' to play by default; there are: default, other$"
    with pytest.raises(ScenarioError, match=says):  # at once: later nobody would see it
        Scenarios(shipped, default="none")
    assert Scenarios().default("default") is None


def test_put_delete_reset(tmp_path: Path) -> None:
    """Scenarios may be added, replaced and taken away; a reset brings back what was there at first."""
    scenarios = Scenarios(folder(tmp_path / "shipped", "default", "a"))
    changed = load("name: a\ndescription: changed\nsteps: []")
    scenarios.put(changed)
    scenarios.put(load("name: b\nsteps: []"))
    assert scenarios.get("a") is changed
    assert scenarios.delete("default") is not None
    assert scenarios.delete("default") is None
    assert [scenario.name for scenario in scenarios] == ["a", "b"]
    scenarios.reset()
    assert [(one.name, one.description) for one in scenarios] == [("a", ""), ("default", "")]


def test_reset_of_what_was_never_read(tmp_path: Path) -> None:
    """A reset reads nothing."""
    Scenarios(tmp_path / "none").reset()


def test_changes_are_matched_at_once() -> None:
    """What was put answers the next message, what was deleted no more, and a reset is heard of too."""
    message = Stage().accept()
    scenarios = Scenarios()

    def answers() -> str | None:
        found = scenarios.matching("stub", USER, message)
        return found.name if found else None

    assert answers() is None
    scenarios.put(load(script(name="b", match="text: '*'")))
    assert answers() == "b"
    scenarios.put(load(script(name="a", match=f"user: '{USER}'")))
    assert answers() == "a"
    scenarios.put(load(script(name="a", match="provider: link")))
    assert answers() == "b"
    scenarios.delete("b")
    assert answers() is None
    scenarios.put(load(script(name="b", match="text: '*'")))
    assert answers() == "b"
    scenarios.reset()
    assert answers() is None


# what is shipped

EXPECTED = [
    "confirm-booking",
    "default",
    "deliver-parcel",
    "file-claim",
    "first-contact-profile",
    "impatient-tapper",
    "mehery-default",
    "moody-guest",
    "opt-out",
    "platform-trouble",
    "rbm-intake",
    "reopen-window",
    "silent-user",
    "slow-reader",
    "support-handover",
    "unreachable-number",
    "webex-bounced-mail",
    "webex-busy-line",
    "webex-carousel-fallback",
    "webex-clicked-link",
    "webex-connect-default",
    "webex-connect-submitted-only",
    "webex-connect-voice",
    "webex-expired-code",
    "webex-list-choice",
    "webex-messenger-receipt",
    "webex-pressed-button",
]
# What plays by default, somewhere.
SERIES = ("default", "mehery-default", "webex-connect-default", "webex-connect-submitted-only", "webex-connect-voice")
ON_REQUEST = ("rbm-intake",)  # nothing that the business sends could start it
# Whom the stories are about.
PEOPLE = {
    "link": [f"+99900005{number:03d}" for number in range(1, 11)],
    "webex-connect": [*(f"+99900006{number:03d}" for number in range(1, 8)), "bounced@x.test"],
    "mehery": [f"919900005{number:03d}" for number in range(1, 4)],
}


class LinkLike(StubProvider):
    """What the shipped scenarios need of the provider that they are for."""

    name = "link"

    def error_codes(self) -> tuple[str, ...]:
        """One."""
        return ("NO_CHANNEL_AVAILABLE_ERROR",)


ROOMS = Carousel(
    (
        Card(title="Sea view", suggestions=(Suggestion("Book sea view", "room-1"),)),
        Card(title="City view", suggestions=(Suggestion("Book city view", "room-2"),)),
    )
)


class Bot:
    """A stage with the shipped scenarios, where the business answers every reply that it has an answer for."""

    def __init__(self, answer: Callable[[Message], tuple[str | Content, tuple[Suggestion, ...]] | None]) -> None:
        self.stage = Stage(provider=LinkLike())
        self.scenarios = Scenarios(SHIPPED)
        self.stage.engine = Engine(self.scenarios, self.publish, (REPO / "fixtures" / "samples").joinpath, arm, change)
        self._answer = answer

    def publish(self, event: Event, _account: Account) -> tuple[()]:
        """Answer a reply half a second later."""
        self.stage.publish(event)
        if isinstance(event, UserReplied) and (answer := self._answer(event.reply)) is not None:
            said, suggestions = answer
            self.stage.account.clock.call_later(
                0.5, lambda: self.send(said, *suggestions, user=event.conversation.user)
            )
        return ()

    def send(self, said: str | Content, *suggestions: Suggestion, user: str) -> None:
        """Have the business send a message."""
        self.stage.accept(said, *suggestions, user=user)

    async def play(self) -> Run:
        """Let time pass until the first run is over, and return it."""
        run = self.stage.runs[0]
        while run.state == "running":
            await self.stage.account.clock.advance_to_next()
        return run


def polite(_reply: Message) -> tuple[str | Content, tuple[Suggestion, ...]] | None:
    """Ask for a photo, whatever was said."""
    return "Thank you. Please send us a photo.", ()


def receptionist(reply: Message) -> tuple[str | Content, tuple[Suggestion, ...]] | None:
    """Return what the sample conversation's bot answers."""
    match reply.content:
        case SuggestionResponse(postback="yes-1"):
            return ROOMS, ()
        case SuggestionResponse(postback="room-1"):
            return "Where do you arrive?", (WHERE,)
        case Media():
            return "Thanks, we are looking forward to you!", ()
        case _:
            return None


def test_what_is_shipped() -> None:
    """Defaults and stories are shipped, each with a description that says what it plays or teaches."""
    scenarios = list(Scenarios(SHIPPED))
    assert [scenario.name for scenario in scenarios] == EXPECTED == NAMES
    assert all(len(scenario.description) > 60 for scenario in scenarios)


def test_shipped_scenarios_surprise_nobody() -> None:
    """Every story has one reserved address of its own, at one provider; nobody else meets it."""
    users: dict[str, list[str]] = {provider: [] for provider in PEOPLE}
    for scenario in Scenarios(SHIPPED):
        if scenario.name in (*SERIES, *ON_REQUEST):
            assert scenario.match is None
            continue
        assert scenario.match is not None
        assert scenario.match.provider is not None
        assert scenario.match.user is not None
        (provider,) = scenario.match.provider
        users[provider] += scenario.match.user
    assert {provider: sorted(met) for provider, met in users.items()} == PEOPLE


@pytest.mark.anyio
async def test_default_scenario() -> None:
    """The default delivers 0.2 s and reads 0.6 s after acceptance."""
    bot = Bot(polite)
    bot.stage.accept()
    await bot.play()
    assert bot.stage.timed == [("MessageDelivered", 0.2), ("MessageRead", 0.6)]


@pytest.mark.anyio
async def test_confirm_booking() -> None:
    """The sample conversation is played to its end with a bot that answers."""
    bot = Bot(receptionist)
    bot.stage.accept("Would you like to continue with your booking?", YES, NO, user="+99900005001")
    run = await bot.play()
    assert (run.scenario, run.state, len(bot.stage.runs)) == ("confirm-booking", "passed", 1)
    replies = [reply.content for reply in bot.stage.replies()]
    assert [reply.kind for reply in replies] == [*["suggestion_response"] * 3, "location", "media", "text"]
    assert replies[1] == SuggestionResponse("Book sea view", "room-1")
    assert replies[3] == Location(59.90765, 10.746597)
    assert replies[5] == Text("Thanks, see you soon!")


@pytest.mark.anyio
async def test_confirm_booking_without_an_answer() -> None:
    """With a bot that does not answer, the run fails thirty seconds after the tap."""
    bot = Bot(lambda _reply: None)
    bot.stage.accept("Would you like to continue with your booking?", YES, NO, user="+99900005001")
    run = await bot.play()
    assert (run.state, run.steps[3].do, run.steps[3].state, run.steps[3].at) == (
        "failed",
        "expect",
        "failed",
        after(31),
    )


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("name", "done"),
    [
        pytest.param("deliver-parcel", ["UserTyped", "UserReplied"], id="deliver-parcel"),
        pytest.param("file-claim", [*["UserTyped"] * 3, "UserReplied"], id="file-claim"),
        pytest.param("opt-out", ["UserReplied", "MessageDelivered"], id="opt-out"),
        pytest.param("slow-reader", [], id="slow-reader"),
        pytest.param("impatient-tapper", ["UserReplied", "UserReplied"], id="impatient-tapper"),
        pytest.param("moody-guest", [], id="moody-guest"),
        pytest.param("platform-trouble", ["UserReplied", "MessageDelivered"], id="platform-trouble"),
    ],
)
async def test_stories(name: str, done: list[str]) -> None:
    """Each story reads the message, goes on as it tells, and passes with a bot that answers."""
    bot = Bot(polite)
    scenario = bot.scenarios.get(name)
    assert scenario is not None
    assert scenario.match is not None
    assert scenario.match.user is not None
    bot.stage.accept("What would you like?", YES, user=scenario.match.user[0])
    run = await bot.play()
    assert (run.scenario, run.state) == (name, "passed")
    told = bot.stage.done
    assert told[: 2 + len(done)] == ["MessageDelivered", "MessageRead", *done]


@pytest.mark.anyio
async def test_unreachable_number() -> None:
    """The unreachable number fails with the provider's code, and nothing else happens."""
    bot = Bot(polite)
    bot.stage.accept("Hello", user="+99900005005")
    assert (await bot.play()).state == "passed"
    assert bot.stage.timed == [("MessageFailed", 0.2)]


@pytest.mark.anyio
@pytest.mark.parametrize(("hours", "passes"), [(47, True), (48, False)])
async def test_silent_user(hours: int, passes: bool) -> None:
    """The silent user waits two days for a reminder."""
    bot = Bot(polite)
    bot.stage.accept("Hello", user="+99900005008")
    await bot.stage.advance(hours * 3600 + 0.6)
    bot.stage.accept("A reminder", user="+99900005008")
    assert (await bot.play()).state == ("passed" if passes else "failed")


@pytest.mark.anyio
async def test_platform_trouble_arms_its_fault() -> None:
    """The story about a 503 arms it for the next message to its own number."""
    bot = Bot(lambda _reply: None)
    bot.stage.accept("Hello", user="+99900005010")
    await bot.stage.advance(2)
    (fault,) = bot.stage.account.faults
    assert fault.spec.match.user == "+99900005010"
    assert fault.left == 1
