"""The clock: time that stands until it is moved, and everything that waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.core.clock import Clock, ClockIsRealError, wall_time

NOON = datetime(2030, 1, 2, 12, 0, 0, tzinfo=UTC)
INSTANT = 0.000_001

pytestmark = pytest.mark.anyio


@pytest.fixture
async def clock() -> Clock:
    """A clock that stands at noon."""
    return Clock(frozen_at=NOON)


class Diary:
    """What happened, and when."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.entries: list[tuple[str, float]] = []

    def note(self, what: str) -> Callable[[], None]:
        """Return an action that writes `what` down, with the seconds since noon."""
        return lambda: self.entries.append((what, (self._clock.now() - NOON).total_seconds()))

    def plan(self, what: str, after: float) -> Callable[[], None]:
        """Return an action that puts another on the clock."""

        def later() -> None:
            self._clock.call_later(after, self.note(what))

        return later

    @property
    def order(self) -> list[str]:
        """What happened, in order."""
        return [what for what, _ in self.entries]


@pytest.fixture
async def diary(clock: Clock) -> Diary:
    """A diary kept by the clock."""
    return Diary(clock)


class TestVirtual:
    """Time that is moved by hand."""

    async def test_stands(self, clock: Clock) -> None:
        """A virtual clock moves only when it is told to."""
        assert (clock.mode, clock.now()) == ("virtual", NOON)
        await clock.advance(1.5)
        assert clock.now() == NOON + timedelta(seconds=1.5)

    async def test_instant_before(self, clock: Clock, diary: Diary) -> None:
        """An action runs at its time and not an instant before."""
        clock.call_later(5, diary.note("five"))
        assert await clock.advance(5 - INSTANT) == 0
        assert (diary.entries, clock.pending, clock.next_at) == ([], 1, NOON + timedelta(seconds=5))
        assert await clock.advance(INSTANT) == 1
        assert (diary.entries, clock.pending, clock.next_at) == ([("five", 5.0)], 0, None)

    async def test_order(self, clock: Clock, diary: Diary) -> None:
        """Actions run by their times, those of one time as they were put on the clock, each at its own time."""
        for what, after in (("c", 3), ("a", 1), ("b1", 2), ("b2", 2)):
            clock.call_later(after, diary.note(what))
        assert await clock.advance(10) == 4
        assert diary.entries == [("a", 1.0), ("b1", 2.0), ("b2", 2.0), ("c", 3.0)]
        assert clock.now() == NOON + timedelta(seconds=10)

    async def test_chain(self, clock: Clock, diary: Diary) -> None:
        """What an action puts on the clock runs in the same advance, if its time comes."""

        def again() -> None:
            diary.note("again")()
            clock.call_later(1, again)

        clock.call_later(1, again)
        assert await clock.advance(3.5) == 3
        assert diary.entries == [("again", 1.0), ("again", 2.0), ("again", 3.0)]

    async def test_work_is_awaited(self, clock: Clock, diary: Diary) -> None:
        """Work that an action starts has ended, at the action's time, before time moves on."""

        async def work() -> None:
            for _ in range(10):
                await asyncio.sleep(0)
            diary.note("done")()

        clock.call_later(1, work)
        clock.call_later(2, diary.note("later"))
        await clock.advance(5)
        assert diary.entries == [("done", 1.0), ("later", 2.0)]

    async def test_due_now(self, clock: Clock, diary: Diary) -> None:
        """What is due already runs as soon as the loop turns, without an advance."""
        clock.call_at(NOON - timedelta(hours=1), diary.note("overdue"))
        clock.call_at(NOON, diary.note("now"))
        clock.call_later(1, diary.note("later"))
        assert diary.order == []
        await asyncio.sleep(0)
        assert diary.order == ["overdue", "now"]

    async def test_settle(self, clock: Clock, diary: Diary) -> None:
        """Settling runs all that is due, and what comes of it, and moves no time."""
        clock.call_later(0, diary.plan("child", 0))
        await clock.settle()
        assert diary.entries == [("child", 0.0)]

    async def test_to_next(self, clock: Clock, diary: Diary) -> None:
        """Time can be moved to the next action, past cancelled ones; nothing happens where nothing waits."""
        clock.call_later(1, diary.note("never")).cancel()
        clock.call_later(7, diary.note("a"))
        clock.call_later(7, diary.note("b"))
        clock.call_later(8, diary.note("c"))
        assert await clock.advance_to_next() == 2
        assert diary.entries == [("a", 7.0), ("b", 7.0)]
        assert await clock.advance_to_next() == 1
        assert await clock.advance_to_next() == 0
        assert clock.now() == NOON + timedelta(seconds=8)

    @pytest.mark.parametrize(
        ("limit", "fired", "stands_at"),
        [
            pytest.param(10.0, 2, 4.0, id="until-nothing-waits"),
            pytest.param(4.0, 2, 4.0, id="the-limit-itself"),
            pytest.param(4 - INSTANT, 1, 1.0, id="an-instant-short"),
            pytest.param(0.5, 0, 0.0, id="before-anything"),
        ],
    )
    async def test_until_idle(self, clock: Clock, diary: Diary, limit: float, fired: int, stands_at: float) -> None:
        """Time can be moved until nothing waits; it then stands at the last action."""
        clock.call_later(1, diary.plan("second", 3))
        assert await clock.advance_until_idle(limit) == fired
        assert clock.now() == NOON + timedelta(seconds=stands_at)

    async def test_one_at_a_time(self, clock: Clock, diary: Diary) -> None:
        """Two who move the clock at once move it one after the other."""
        clock.call_later(1, diary.note("one"))
        clock.call_later(3, diary.note("three"))
        assert list(await asyncio.gather(clock.advance(2), clock.advance(2))) == [1, 1]
        assert clock.now() == NOON + timedelta(seconds=4)


class TestCancelling:
    """Actions that are taken off the clock."""

    async def test_cancel(self, clock: Clock, diary: Diary) -> None:
        """A cancelled action does not run, and does not count."""
        timer = clock.call_later(1, diary.note("never"))
        timer.cancel()
        timer.cancel()
        assert (clock.pending, clock.next_at) == (0, None)
        assert await clock.advance(2) == 0

    async def test_cancel_what_has_run(self, clock: Clock, diary: Diary) -> None:
        """Cancelling what has run changes nothing."""
        timer = clock.call_later(1, diary.note("done"))
        clock.call_later(5, diary.note("later"))
        await clock.advance(1)
        timer.cancel()
        assert (diary.order, clock.pending) == (["done"], 1)

    async def test_cancel_among_many(self, clock: Clock, diary: Diary) -> None:
        """However many are cancelled, what is left runs in order and is counted right."""
        timers = [clock.call_later(after, diary.note(str(after))) for after in range(1, 101)]
        for timer in timers[1:99]:
            timer.cancel()
        assert clock.pending == 2
        assert await clock.advance(1000) == 2
        assert diary.order == ["1", "100"]

    async def test_cancel_in_the_same_instant(self, clock: Clock, diary: Diary) -> None:
        """An action can take another of its own time off the clock, and the count stays right."""

        def cancel() -> None:
            second.cancel()

        clock.call_later(1, cancel)
        second = clock.call_later(1, diary.note("never"))
        clock.call_later(2, diary.note("later"))
        assert await clock.advance(1) == 1
        assert (clock.pending, diary.order) == (1, [])

    async def test_clear(self, clock: Clock, diary: Diary) -> None:
        """Clearing forgets what waits and stops what runs; the time stays, and the clock goes on."""
        started = asyncio.Event()

        async def forever() -> None:
            started.set()
            await asyncio.Event().wait()

        task = clock.spawn(forever())
        await started.wait()
        waiting = clock.call_later(1, diary.note("never"))
        clock.clear()
        waiting.cancel()
        await clock.settle()
        assert task.cancelled()
        assert (clock.pending, clock.running, clock.now()) == (0, 0, NOON)
        clock.call_later(1, diary.note("new"))
        await clock.advance(2)
        assert diary.order == ["new"]


class TestTrouble:
    """Actions and work that fail."""

    async def test_bad_action(self, clock: Clock, diary: Diary, caplog: pytest.LogCaptureFixture) -> None:
        """One bad action is logged and does not take the others along."""

        def bad() -> None:
            raise ValueError("bad")

        clock.call_later(1, bad)
        clock.call_later(1, diary.note("good"))
        with caplog.at_level(logging.ERROR, "sandbox.clock"):
            assert await clock.advance(1) == 2
        assert diary.order == ["good"]
        assert [record.message for record in caplog.records] == ["an action on the clock failed"]

    async def test_bad_work(self, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
        """Work that fails is logged and forgotten."""

        async def bad() -> None:
            raise ValueError("bad")

        with caplog.at_level(logging.ERROR, "sandbox.clock"):
            clock.spawn(bad())
            await clock.settle()
        assert [record.message for record in caplog.records] == ["work on the clock failed"]
        assert clock.running == 0


class Wall:
    """The machine's time, as a test sets it."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        """Tell it."""
        return self.time


class TestReal:
    """Time that runs by itself."""

    async def test_follows_the_wall(self) -> None:
        """A real clock tells the machine's time."""
        wall = Wall()
        clock = Clock(wall)
        assert (clock.mode, clock.now()) == ("real", NOON)
        wall.time += timedelta(seconds=9)
        assert clock.now() == wall.time

    async def test_wall_time_is_aware(self) -> None:
        """The machine's time is aware, in UTC."""
        assert wall_time().tzinfo is UTC

    async def test_cannot_be_moved(self) -> None:
        """A real clock cannot be moved by hand, and says what to do."""
        clock = Clock(Wall())
        for move in (clock.advance(1), clock.advance_to_next(), clock.advance_until_idle(1)):
            with pytest.raises(ClockIsRealError, match="freeze it first"):
                await move

    async def test_due_action_runs(self) -> None:
        """What is due runs as soon as the loop turns."""
        wall = Wall()
        clock = Clock(wall)
        diary = Diary(clock)
        clock.call_at(NOON, diary.note("now"))
        await asyncio.sleep(0)
        assert diary.order == ["now"]

    async def test_fires_when_the_wall_gets_there(self) -> None:
        """The loop calls the clock when an action is due; an earlier one that comes later goes first."""
        wall = Wall()
        clock = Clock(wall)
        diary = Diary(clock)
        both = asyncio.Event()
        clock.call_at(NOON + timedelta(seconds=0.003), both.set)
        clock.call_at(NOON + timedelta(seconds=0.002), diary.note("second"))
        clock.call_at(NOON + timedelta(seconds=0.001), diary.note("first"))
        wall.time += timedelta(seconds=1)
        async with asyncio.timeout(5):
            await both.wait()
        assert diary.order == ["first", "second"]

    @pytest.mark.parametrize(
        ("late", "ran"),
        [
            pytest.param(0, [32, 64, 96, 100], id="in-time"),
            pytest.param(0.005, [72, 100], id="late"),
            pytest.param(60, [100], id="very-late"),
        ],
    )
    async def test_many_at_once(self, late: float, ran: list[int]) -> None:
        """Many actions of one time run in order over some turns of the loop; in fewer if they are late."""
        wall = Wall()
        clock = Clock(wall)
        happened: list[int] = []
        for number in range(100):
            clock.call_at(NOON, happened.append, number)
        wall.time += timedelta(seconds=late)
        turns: list[int] = []
        while not turns or turns[-1] < 100:
            await asyncio.sleep(0)
            turns.append(len(happened))
        assert (turns, happened) == (ran, list(range(100)))

    async def test_freeze_and_thaw(self) -> None:
        """Frozen where it is, or elsewhere, time stands; let go, it is the machine's again, and what is due runs."""
        wall = Wall()
        clock = Clock(wall)
        diary = Diary(clock)
        clock.freeze()
        wall.time += timedelta(seconds=60)
        assert (clock.mode, clock.now()) == ("virtual", NOON)
        clock.call_later(30, diary.note("half a minute"))
        await asyncio.sleep(0)
        assert diary.order == []
        clock.thaw()
        await asyncio.sleep(0)
        assert (clock.mode, diary.order) == ("real", ["half a minute"])

    async def test_freeze_ahead(self, clock: Clock, diary: Diary) -> None:
        """What lies before the time at which a clock is frozen is due at once; what is put behind it waits."""
        clock.call_later(10, diary.note("ten"))
        clock.freeze(NOON + timedelta(days=1))
        await clock.settle()
        assert diary.entries == [("ten", 86_400.0)]
        clock.freeze(NOON)
        clock.call_later(1, diary.note("one"))
        await clock.settle()
        assert clock.pending == 1

    async def test_let_go_on_the_way(self, clock: Clock, diary: Diary) -> None:
        """An advance ends where an action lets the clock go."""
        clock.call_later(1, clock.thaw)
        clock.call_later(10**9, diary.note("in thirty years"))
        assert await clock.advance(5) == 1
        assert (clock.mode, clock.pending) == ("real", 1)
        clock.clear()


class TestQuiet:
    """What takes effect when time passes it, and that nobody waits for."""

    async def test_happens_when_time_passes_it(self, clock: Clock, diary: Diary) -> None:
        """The instant before, nothing has happened; among the others it has its place in time, at one time before them."""
        clock.call_at(NOON + timedelta(seconds=5), diary.note("awaited"))
        clock.call_at(NOON + timedelta(seconds=5), diary.note("quiet"), quiet=True)
        clock.call_at(NOON + timedelta(seconds=4), diary.note("quiet before"), quiet=True)
        await clock.advance(4 - INSTANT)
        assert diary.order == []
        assert await clock.advance(1 + INSTANT) == 3
        assert diary.entries == [("quiet before", 4.0), ("quiet", 5.0), ("awaited", 5.0)]

    async def test_is_not_pending(self, clock: Clock, diary: Diary) -> None:
        """It is not counted, time is not moved for it, and what lies beyond the last that is waited for stays."""
        clock.call_at(NOON + timedelta(seconds=1), diary.note("on the way"), quiet=True)
        clock.call_at(NOON + timedelta(seconds=2), diary.note("awaited"))
        clock.call_at(NOON + timedelta(seconds=3), diary.note("beyond"), quiet=True)
        assert (clock.pending, clock.next_at) == (1, NOON + timedelta(seconds=2))
        await clock.advance_until_idle(60)
        assert diary.order == ["on the way", "awaited"]
        assert (clock.pending, clock.next_at, clock.now()) == (0, None, NOON + timedelta(seconds=2))
        assert await clock.advance_to_next() == 0

    async def test_can_be_cancelled(self, clock: Clock, diary: Diary) -> None:
        """A cancelled one is passed over, and the count of what is pending knows nothing of it."""
        timer = clock.call_at(NOON + timedelta(seconds=1), diary.note("quiet"), quiet=True)
        clock.call_at(NOON + timedelta(seconds=2), diary.note("awaited"))
        timer.cancel()
        assert clock.pending == 1
        await clock.advance(10)
        assert diary.order == ["awaited"]

    async def test_is_forgotten_with_the_rest(self, clock: Clock, diary: Diary) -> None:
        """`clear` forgets it too."""
        clock.call_at(NOON + timedelta(seconds=1), diary.note("quiet"), quiet=True)
        clock.clear()
        await clock.advance(10)
        assert diary.order == []
