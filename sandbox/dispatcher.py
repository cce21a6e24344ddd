"""Dispatcher: sends one account's callbacks to webhooks, in order, and again where the provider would."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from heapq import heappop, heappush
from itertools import count
from time import perf_counter
from urllib.parse import urlsplit

from sandbox.chaos import Chaos, Delivery, Window
from sandbox.core.account import Account
from sandbox.core.callback import NO_WEBHOOK, Attempt, Callback, DeliveryPolicy, State, headers_of
from sandbox.core.schedule import Timer
from sandbox.webhook_client import DeliveryError, WebhookClient

MAX_ROOM = 256 * 1024 * 1024  # bytes that callbacks which wait may take
REMEMBERED = 1024  # characters of an answer that the journal keeps

_log = logging.getLogger("sandbox.dispatcher")


@dataclass(slots=True, eq=False)
class Lane:
    """
    The callbacks of one person to one subscriber that are not done with.

    Attributes:
        name: what it is found by.
        waiting: a heap of them, by due time and then in the order of sending.
        current: the one that is at a webhook's door, or holds the others back until it is tried again.
        timer: when the first of those waiting is due.
        retry: when the one that holds the others back is tried again.
    """

    name: str
    waiting: list[tuple[datetime, int, Delivery]] = field(default_factory=list)
    current: Delivery | None = None
    timer: Timer | None = None
    retry: Timer | None = None

    @property
    def deliveries(self) -> list[Delivery]:
        """All of them."""
        waiting = [delivery for _, _, delivery in self.waiting]
        return waiting if self.current is None else [self.current, *waiting]

    @property
    def is_at_door(self) -> bool:
        """Whether it has an attempt made, or waits for its turn."""
        return self.current is not None and (self.retry is None or self.retry.cancelled)


@dataclass(frozen=True, slots=True)
class DispatcherState:
    """What is on its way: in the windows of armed faults, and in lanes, first those that are at a door, in their turn."""

    windows: tuple[Window, ...] = ()
    lanes: tuple[Lane, ...] = ()


class Dispatcher:
    """
    Delivers callbacks of one account.

    Each person has a lane, and one more for every subscriber beside the account's webhook, unless the provider names
    lanes of its own: their callbacks leave one at a time, by due time and then in the order of sending. Lanes run side
    by side. A lane that has something to send queues at the webhook's door, where a few workers serve all lanes in
    turn; lanes, doors and workers exist only while there is work.

    Attributes:
        timed: what it puts on the clock.

    Args:
        client: makes the requests.
        concurrency: most attempts at once to one host and port.
        max_pending: most callbacks that wait; beyond, new ones fail at once.
    """

    def __init__(
        self,
        account: Account,
        client: WebhookClient,
        *,
        concurrency: int = 32,
        max_pending: int = 100_000,
    ) -> None:
        self._account = account
        self._client = client
        self._concurrency = concurrency
        self._max_pending = max_pending
        self._chaos = Chaos(account, self._take)
        self._lanes: dict[str, Lane] = {}
        self._doors: dict[str, _Door] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._asked: dict[str, asyncio.Future[str]] = {}  # who waits for an answer, by the callback's id
        self._order = count()
        self._taken = 0
        self._room = 0  # bytes that those take, about
        self._closed = False
        self.timed = (self._wake, self._queue, *self._chaos.timed)

    @property
    def pending(self) -> int:
        """How many callbacks are not yet delivered, given up or recorded."""
        return self._taken + self._chaos.held

    def send(self, callback: Callback) -> None:
        """Journal a callback and deliver it when it is due, without waiting; one without an address is only recorded."""
        unheard = _why_unheard(callback) if self._chaos.spares(callback) else None
        if unheard is not None:  # as in every sandbox without a webhook: there the rest would be much ado
            callback.state, callback.detail = "recorded", unheard
        self._account.journal.callbacks.add(callback, callback.size)
        if unheard is not None:
            self._settled(callback, "")
            return
        deliveries = self._chaos.meet(callback)
        if callback.state == "failed":  # it is dropped
            self._settled(callback, "")
        for delivery in deliveries:
            self._take(delivery)

    async def ask(self, callback: Callback) -> str:
        """
        Send a callback once, in a lane of its own, and return the beginning of the answer to it.

        What came of it is told by its state and attempts.
        """
        callback.lane = callback.id
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._asked[callback.id] = answer
        try:
            self.send(callback)
            return await answer
        finally:
            del self._asked[callback.id]

    @property
    def state(self) -> DispatcherState:
        """What is on its way, without what is asked: whoever waits for an answer is no part of it."""
        at_doors = {lane.name: lane for door in self._doors.values() for lane, _ in door.queue}
        under_way = [lane for lane in self._lanes.values() if lane.is_at_door and lane.name not in at_doors]
        lanes = {lane.name: lane for lane in (*under_way, *at_doors.values(), *self._lanes.values())}
        return DispatcherState(
            self._chaos.windows, tuple(lane for name, lane in lanes.items() if name not in self._asked)
        )

    def restore(self, state: DispatcherState) -> None:
        """Have that on its way and nothing else; nothing leaves before `resume`."""
        self._chaos.restore(state.windows)
        self._lanes = {lane.name: lane for lane in state.lanes}
        self._order = count(sum(len(lane.waiting) for lane in state.lanes))
        deliveries = [delivery for lane in state.lanes for delivery in lane.deliveries]
        self._taken, self._room = len(deliveries), sum(delivery.callback.size for delivery in deliveries)

    def flaw(self, lane: Lane) -> str | None:
        """Return why a lane cannot be as it is, and so could not go on; None if it can."""
        timer, retry = lane.timer, lane.retry
        deliveries = lane.deliveries
        if not deliveries or any(_why_unheard(delivery.callback) is not None for delivery in deliveries):
            return "nothing is on its way in it, or something that goes nowhere"
        if timer is not None and (timer.action != self._wake or timer.args != (lane,)):
            return "its timer does not wake it"
        if retry is not None and (retry.action != self._queue or retry.args != (lane, lane.current)):
            return "what it tries again is not what it holds"
        return "it waits for nothing" if lane.current is None and timer is None else None

    def resume(self) -> None:
        """Make again the attempts that were under way, and those whose turn it was."""
        for lane in tuple(self._lanes.values()):
            if lane.current is not None and lane.is_at_door:
                self._queue(lane, lane.current)

    @property
    def asked(self) -> frozenset[str]:
        """Ids of the callbacks that somebody waits for the answer to."""
        return frozenset(self._asked)

    def clear(self) -> None:
        """Forget everything that waits and stop what runs."""
        for worker in self._workers:
            worker.cancel()
        for lane in self._lanes.values():
            for timer in filter(None, (lane.timer, lane.retry)):
                timer.cancel()
        self._chaos.clear()
        self._let_go()
        self._lanes.clear()
        self._doors.clear()
        self._taken = self._room = 0

    async def close(self, grace: float) -> int:
        """
        Begin no further attempt and return how many callbacks remain, which keep their state.

        Args:
            grace: seconds of real time that attempts which run may take to end.
        """
        self._closed = True
        if self._workers:
            _, late = await asyncio.wait(tuple(self._workers), timeout=grace)
            for worker in late:
                worker.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._let_go()
        return self.pending

    def _let_go(self) -> None:
        """Tell those who wait for an answer that none comes."""
        for answer in self._asked.values():
            if not answer.done():
                answer.set_result("")

    # the way to the webhook's door

    def _take(self, delivery: Delivery) -> None:
        callback = delivery.callback
        to = callback.to
        if (unheard := _why_unheard(callback)) is not None:
            self._end(callback, "recorded", unheard)
        elif self._taken >= self._max_pending or self._room >= MAX_ROOM:
            self._end(callback, "failed", "too many callbacks are waiting")
        else:
            self._taken += 1
            self._room += callback.size
            # Subscribers beside the webhook are told in lanes of their own: one that is slow keeps nobody else waiting.
            name = callback.lane or (callback.user if to is None else f"{callback.user} {to.url}")
            lane = self._lanes.get(name)
            if lane is None:
                lane = self._lanes[name] = Lane(name)
            heappush(lane.waiting, (callback.due_at, next(self._order), delivery))
            if lane.current is None:
                self._proceed(lane)

    def _proceed(self, lane: Lane) -> None:
        """Let an idle lane's next callback go if it is due, or see to it that it goes then."""
        clock = self._account.clock
        due = lane.waiting[0][0]
        if due <= clock.now():
            lane.current = heappop(lane.waiting)[2]
            self._queue(lane, lane.current)
        elif lane.timer is None or lane.timer.cancelled or due < lane.timer.when:
            if lane.timer is not None:
                lane.timer.cancel()
            lane.timer = clock.call_at(due, self._wake, lane)

    def _wake(self, lane: Lane) -> None:
        if lane.waiting and lane.current is None:
            self._proceed(lane)

    def _queue(self, lane: Lane, delivery: Delivery) -> None:
        """Have a lane's callback wait for its turn at the webhook."""
        address = _address(delivery.url)
        door = self._doors.get(address)
        if door is None:
            door = self._doors[address] = _Door(address)
        door.queue.append((lane, delivery))
        if door.free < len(door.queue) and door.workers < self._concurrency and not self._closed:
            door.workers += 1
            door.free += 1
            worker = self._account.clock.spawn(self._serve(door))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    # the attempts

    async def _serve(self, door: _Door) -> None:
        """Make the attempts that wait at a door, one after the other, until none does."""
        while door.queue and not self._closed:
            lane, delivery = door.queue.popleft()
            door.free -= 1
            try:
                again, answer = await self._attempt(delivery)
                if again is None:
                    self._settled(delivery.callback, answer)
            except Exception as error:  # noqa: BLE001 - one callback that cannot be made must not stop the others
                _log.exception("callback %s cannot be sent", delivery.callback.id)
                self._end(delivery.callback, "failed", f"{type(error).__name__}: {error}")
                again = None
            door.free += 1
            self._settle(lane, delivery, again)
        door.workers -= 1
        door.free -= 1
        if not door.workers and not door.queue:
            del self._doors[door.address]

    async def _attempt(self, delivery: Delivery) -> tuple[DeliveryPolicy | None, str]:
        """Try once to deliver; return the policy by which to try again, None if that is not to be, and the answer."""
        account, callback = self._account, delivery.callback
        encoded = delivery.encoded(account)
        policy, to = account.provider.delivery(account), callback.to
        timeout = policy.timeout if to is None or to.timeout is None else to.timeout
        before = callback.state
        if not delivery.tried:
            account.tally.callback(callback.kind, "sending")
        self._note(callback, "sending")
        at, began = account.clock.now(), perf_counter()
        status, response, error, detail = None, "", None, None
        try:
            status, response = await self._client.post(
                delivery.url,
                headers_of(callback.headers, encoded),
                encoded,
                timeout,
                callback.vouched,
                verify=to is None or to.verify,
            )
        except DeliveryError as failure:
            error, detail = failure.reason, failure.detail
        except asyncio.CancelledError:
            callback.state = before
            raise
        if error == "blocked":
            self._note(callback, "blocked", detail)
            return None, ""
        remembered = response[:REMEMBERED]
        attempt = Attempt(at, status, error, (perf_counter() - began) * 1000, remembered)
        callback.attempts += (attempt,)
        account.tally.attempt(attempt)
        if status is not None and policy.acknowledges(status):
            self._note(callback, "delivered")
            return None, response
        delivery.tried += 1
        final = status is not None and policy.gives_up(status)
        once = (to is not None and to.once) or callback.id in self._asked
        if final or once or delivery.tried > len(policy.retry_waits):
            why = detail or f"answered with {status}" + (", which is final" if final else "")
            self._note(callback, "failed", f"{why} (attempt {delivery.tried} of {delivery.tried})")
            return None, response
        self._note(callback, "retrying")
        return policy, response

    def _end(self, callback: Callback, state: State, detail: str) -> None:
        """Note how a callback ended that no attempt was made at, or none that came to anything."""
        self._note(callback, state, detail)
        self._settled(callback, "")

    def _settled(self, callback: Callback, answer: str) -> None:
        self._account.tally.callback(callback.kind, callback.state)
        asked = self._asked.get(callback.id)
        if asked is not None and not asked.done():
            asked.set_result(answer)
        try:
            self._account.provider.settled(callback, self._account, answer)
            if callback.over is not None:
                callback.over()
        except Exception:  # noqa: BLE001 - the callback is over, whatever the provider makes of it
            _log.exception("nothing came of the answer to callback %s", callback.id)

    def _settle(self, lane: Lane, delivery: Delivery, again: DeliveryPolicy | None) -> None:
        """Let a lane go on after an attempt; under strict order a callback that is tried again keeps it until then."""
        if again is None:
            self._taken -= 1
            self._room -= delivery.callback.size
        else:
            clock, wait = self._account.clock, again.retry_waits[delivery.tried - 1]
            if again.strict_order:
                lane.retry = clock.call_later(wait, self._queue, lane, delivery)
                return
            heappush(lane.waiting, (clock.now() + timedelta(seconds=wait), next(self._order), delivery))
        lane.current = None
        if lane.waiting:
            self._proceed(lane)
        else:
            del self._lanes[lane.name]

    def _note(self, callback: Callback, state: State, detail: str | None = None) -> None:
        callback.state = state
        callback.detail = detail
        self._account.journal.callbacks.changed(callback)


@dataclass(slots=True, eq=False)
class _Door:
    """
    One host and port, with the lanes that wait there.

    Attributes:
        workers: how many serve it.
        free: how many of them are not at an attempt.
    """

    address: str
    queue: deque[tuple[Lane, Delivery]] = field(default_factory=deque)
    workers: int = 0
    free: int = 0


def _why_unheard(callback: Callback) -> str | None:
    """Return why a callback is recorded and no more; None if it is to be sent."""
    refused = callback.to.refused if callback.to is not None else None
    return refused or (NO_WEBHOOK if callback.url is None else None)


@lru_cache(maxsize=1024)
def _address(url: str) -> str:
    """Return a URL's host and port; the URL itself if it is none, for it will be refused anyway."""
    with suppress(ValueError):
        parts = urlsplit(url)
        return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    return url
