"""The dispatcher on a clock that the tests move, with a webhook that answers from a script."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from callback_stubs import ANNA, BERT, LADDER, NOON, Change, Desk, StubProvider, arm, callback
from sandbox import dispatcher
from sandbox.core.account import Account
from sandbox.core.callback import Callback, DeliveryPolicy, Encoded, Subscriber
from sandbox.core.clock import Clock
from sandbox.core.events import Cause
from sandbox.webhook_client import Answer, DeliveryError

pytestmark = pytest.mark.anyio

INSTANT = 0.000_001


@pytest.fixture
def desk() -> Desk:
    """A desk whose clock stands at noon."""
    return Desk()


def relaxed() -> StubProvider:
    """A provider that does not hold back later callbacks."""
    provider = StubProvider()
    provider.policy = replace(provider.policy, strict_order=False)
    return provider


async def turns(number: int = 20) -> None:
    """Let the loop turn, as often as started work needs to come to a wait."""
    for _ in range(number):
        await asyncio.sleep(0)


# one callback


async def test_delivered(desk: Desk) -> None:
    """A callback that is due leaves at once, even on a clock that stands, and its attempt is kept."""
    sent = desk.send("hello")
    assert desk.client.sent == []
    await desk.clock.settle()
    assert desk.client.payloads == ["hello"]
    assert (sent.state, sent.detail) == ("delivered", None)
    (attempt,) = sent.attempts
    assert (attempt.at, attempt.status, attempt.error, attempt.response) == (NOON, 200, None, "thanks")
    assert attempt.duration_ms >= 0
    assert [change.state for change in desk.changes] == ["scheduled", "sending", "delivered"]
    assert desk.is_empty()


async def test_link_cb_05(desk: Desk) -> None:
    """LINK-CB-05: without a webhook a callback is recorded and no more."""
    sent = desk.send("hello", url=None)
    await desk.clock.settle()
    assert (sent.state, sent.detail, sent.attempts) == ("recorded", "no webhook is configured", ())
    assert desk.changes[-1] == Change(sent.id, "recorded")
    assert desk.client.sent == []
    assert desk.is_empty()


async def test_due_later(desk: Desk) -> None:
    """A callback leaves when it is due, and not an instant before."""
    sent = desk.send("later", after=3)
    await desk.clock.advance(3 - INSTANT)
    assert (sent.state, desk.client.sent, desk.dispatcher.pending) == ("scheduled", [], 1)
    await desk.clock.advance(INSTANT)
    assert (sent.state, desk.dispatcher.pending) == ("delivered", 0)


async def test_real_clock() -> None:
    """On a running clock a callback that is due leaves at once too."""
    desk = Desk(clock=Clock(wall=lambda: NOON))
    sent = desk.send("now")
    await desk.clock.settle()
    assert sent.state == "delivered"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        pytest.param(199, "retrying", id="LINK-CB-02-199-does-not-acknowledge"),
        pytest.param(200, "delivered", id="LINK-CB-02-200-acknowledges"),
        pytest.param(299, "delivered", id="LINK-CB-02-299-acknowledges"),
        pytest.param(307, "retrying", id="LINK-CB-02-redirect-does-not-acknowledge"),
        pytest.param(404, "retrying", id="LINK-CB-02-404-does-not-acknowledge"),
        pytest.param(503, "retrying", id="LINK-CB-02-503-does-not-acknowledge"),
        pytest.param(DeliveryError("timeout", "no answer"), "retrying", id="LINK-CB-02-timeout-does-not-acknowledge"),
    ],
)
async def test_acknowledgement(desk: Desk, status: int | Exception, state: str) -> None:
    """The provider's policy says which answers acknowledge; without one the callback is tried again."""
    desk.client.answers(status)
    sent = desk.send("hello")
    await desk.clock.settle()
    assert sent.state == state


@pytest.mark.parametrize(
    ("attempt", "at"),
    [
        pytest.param(2, 1.0, id="LINK-CB-02-second-attempt-after-1-s"),
        pytest.param(3, 3.0, id="LINK-CB-02-third-attempt-2-s-later"),
        pytest.param(4, 7.0, id="LINK-CB-02-fourth-attempt-4-s-later"),
        pytest.param(5, 15.0, id="LINK-CB-02-fifth-attempt-8-s-later"),
    ],
)
async def test_retries(desk: Desk, attempt: int, at: float) -> None:
    """A callback that is not acknowledged is tried again after 1, 2, 4 and 8 seconds, and not an instant before."""
    desk.client.answers(*[503] * (attempt - 1))
    sent = desk.send("hello")
    await desk.clock.advance(at - INSTANT)
    assert (len(desk.client.sent), sent.state) == (attempt - 1, "retrying")
    await desk.clock.advance(INSTANT)
    assert (len(desk.client.sent), sent.state) == (attempt, "delivered")
    assert desk.is_empty()


@pytest.mark.parametrize(
    ("outcome", "error", "detail"),
    [
        pytest.param(503, None, "answered with 503 (attempt 5 of 5)", id="LINK-CB-02-status"),
        pytest.param(
            DeliveryError("refused", "nothing listens"),
            "refused",
            "nothing listens (attempt 5 of 5)",
            id="LINK-CB-02-no-answer",
        ),
    ],
)
async def test_given_up(desk: Desk, outcome: int | Exception, error: str | None, detail: str) -> None:
    """After five attempts a callback is dropped, and the journal says why; no sixth is made."""
    desk.client.answers(*[outcome] * 5)
    sent = desk.send("hello")
    await desk.clock.advance(3600)
    assert [attempt.after for attempt in desk.client.sent] == [0, 1, 3, 7, 15]
    assert (sent.state, sent.detail, sent.attempts[-1].error) == ("failed", detail, error)
    assert [change.state for change in desk.changes][-3:] == ["retrying", "sending", "failed"]
    assert desk.is_empty()


async def test_link_cb_03(desk: Desk) -> None:
    """LINK-CB-03: a retry is byte-identical: the callback is encoded once."""
    desk.client.answers(503, 503)
    desk.send("hello")
    await desk.clock.advance(3)
    assert len({sent.body for sent in desk.client.sent}) == 1
    assert (len(desk.client.sent), desk.provider.encodings) == (3, 1)


async def test_encoded_when_due(desk: Desk) -> None:
    """The bytes are made when they are first needed, and bytes that are there already are used."""
    desk.send("later", after=1)
    assert desk.provider.encodings == 0
    await desk.clock.advance(1)
    again = desk.send("ignored", encoded=desk.provider.encode(callback(desk.account, "redelivered"), desk.account))
    again.cause = Cause("redelivery", "cbk_1")
    await desk.clock.settle()
    assert desk.client.payloads == ["later", "redelivered"]


async def test_blocked(desk: Desk) -> None:
    """What the egress rule refuses is not tried again, and holds nothing back."""
    desk.client.answers(DeliveryError("blocked", "a public address"))
    refused, next_one = desk.send("first"), desk.send("second")
    await desk.clock.settle()
    assert (refused.state, refused.detail, refused.attempts) == ("blocked", "a public address", ())
    assert next_one.state == "delivered"
    assert desk.is_empty()


async def test_broken_provider(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """A callback that cannot be encoded fails with the reason, is logged, and does not stop the others."""
    broken, next_one = desk.send(KeyError("sender")), desk.send("second")
    await desk.clock.settle()
    assert (broken.state, broken.detail) == ("failed", "KeyError: 'sender'")
    assert next_one.state == "delivered"
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("sandbox.dispatcher", logging.ERROR)
    assert desk.is_empty()


async def test_broken_client(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """So it is with a client that fails in a way of its own."""
    desk.client.answers(RuntimeError("session is closed"))
    broken, next_one = desk.send("first"), desk.send("second")
    await desk.clock.settle()
    assert (broken.state, broken.detail, next_one.state) == ("failed", "RuntimeError: session is closed", "delivered")
    assert len(caplog.records) == 1


# several


async def test_order(desk: Desk) -> None:
    """A person's callbacks leave by due time, and in the order of sending where that is the same."""
    for payload, after in (("third", 2), ("first", 1), ("fourth", 2), ("second", 1), ("at once", 0)):
        desk.send(payload, after=after)
    await desk.clock.advance(2)
    assert desk.client.payloads == ["at once", "first", "second", "third", "fourth"]


async def test_earlier_due_time(desk: Desk) -> None:
    """A callback that is due before those that wait does not wait for them."""
    desk.send("tomorrow", after=86_400)
    desk.send("soon", after=1)
    await desk.clock.advance(1)
    assert desk.client.payloads == ["soon"]
    desk.send("now")
    await desk.clock.advance(86_399)
    assert desk.client.payloads == ["soon", "now", "tomorrow"]
    assert desk.is_empty()


async def test_one_at_a_time(desk: Desk) -> None:
    """LINK-CB-04: callbacks of one person leave one at a time, those of different persons side by side."""
    desk.client.gate = asyncio.Event()
    for payload in (1, 2):
        for user in (ANNA, BERT):
            desk.send(f"{user} {payload}", user)
    await turns()
    assert desk.client.payloads == [f"{ANNA} 1", f"{BERT} 1"]
    desk.client.gate.set()
    await desk.clock.settle()
    assert desk.client.payloads[2:] == [f"{ANNA} 2", f"{BERT} 2"]


async def test_strict_order(desk: Desk) -> None:
    """LINK-CB-04: a callback that is being retried holds the later ones of that person back, and of nobody else."""
    desk.client.outcome = lambda body: 503 if b"stuck" in body and len(desk.client.sent) < 4 else 200
    desk.send("stuck")
    desk.send("held")
    desk.send("free", BERT)
    await desk.clock.advance(1 - INSTANT)
    desk.send("held too")
    assert desk.client.payloads == ["stuck", "free"]
    await desk.clock.advance(2 + INSTANT)
    assert desk.client.payloads == ["stuck", "free", "stuck", "stuck", "held", "held too"]
    assert desk.is_empty()


async def test_strict_order_after_giving_up(desk: Desk) -> None:
    """LINK-CB-04: when a callback is dropped, those that it held back go on."""
    desk.client.answers(*[503] * 5)
    desk.send("stuck")
    held = desk.send("held")
    await desk.clock.advance(15 - INSTANT)
    assert held.state == "scheduled"
    await desk.clock.advance(INSTANT)
    assert (held.state, desk.client.sent[-1].after) == ("delivered", 15)


async def test_relaxed_order() -> None:
    """Where the provider does not hold back, later callbacks pass one that is being retried."""
    desk = Desk(relaxed())
    desk.client.answers(503)
    desk.send("stuck")
    desk.send("next")
    await desk.clock.advance(0.5)
    desk.send("after that")
    assert await desk.clock.advance(0.5 - INSTANT) == 0
    assert desk.client.payloads == ["stuck", "next", "after that"]
    await desk.clock.advance(INSTANT)
    assert desk.client.payloads == ["stuck", "next", "after that", "stuck"]
    assert desk.is_empty()


@pytest.mark.parametrize("concurrency", [1, 2, 3])
async def test_concurrency(concurrency: int) -> None:
    """No more attempts run at once to one host and port than allowed; another webhook is not delayed by them."""
    desk = Desk(concurrency=concurrency)
    desk.client.gate = asyncio.Event()
    for number in range(5):
        desk.send(number, f"+{number}", url=f"http://user:secret@Slow.test:80/{number}")
    desk.send("elsewhere", BERT, url="http://quick.test/")
    await turns()
    assert desk.client.payloads == [*range(concurrency), "elsewhere"]
    desk.client.gate.set()
    await desk.clock.settle()
    assert sorted(desk.client.payloads, key=str) == [0, 1, 2, 3, 4, "elsewhere"]
    assert desk.is_empty()


@pytest.mark.parametrize(
    ("one", "other", "most"),
    [
        pytest.param("http://a.test/", "http://a.test:80/x?y", 1, id="the-default-port"),
        pytest.param("https://a.test/", "https://A.test:443", 1, id="the-default-port-of-tls"),
        pytest.param("http://a.test/", "https://a.test/", 2, id="another-port"),
        pytest.param("http://a.test/", "http://b.test/", 2, id="another-host"),
        pytest.param("http://a.test:x/", "http://a.test/", 2, id="not-a-url"),
    ],
)
async def test_same_webhook(one: str, other: str, most: int) -> None:
    """Webhooks are told apart by host and port."""
    desk = Desk(concurrency=1)
    desk.client.gate = asyncio.Event()
    desk.send(1, ANNA, url=one)
    desk.send(2, BERT, url=other)
    await turns()
    assert len(desk.client.sent) == most
    desk.client.gate.set()
    await desk.clock.settle()


async def test_few_workers(desk: Desk) -> None:
    """One piece of work sends all that waits for a webhook in a row, however many callbacks and persons there are."""
    spawned = 0
    spawn = desk.clock.spawn

    def counting(*work: object) -> object:
        nonlocal spawned
        spawned += 1
        return spawn(*work)  # type: ignore[arg-type]

    desk.clock.spawn = counting  # type: ignore[method-assign, assignment]
    for number in range(1000):
        desk.send(number, f"+{number % 100}")
    await desk.clock.settle()
    assert (len(desk.client.sent), spawned) == (1000, 32)
    for number in range(10):
        desk.send(number)
    await desk.clock.settle()
    assert spawned == 33


async def test_bound() -> None:
    """Beyond the most that may wait, callbacks fail at once and say so; when there is room again they are taken."""
    desk = Desk(max_pending=2)
    desk.client.answers(503)
    kept = [desk.send(number) for number in range(2)]
    refused = desk.send("too many")
    assert (refused.state, refused.detail) == ("failed", "too many callbacks are waiting")
    assert desk.dispatcher.pending == 2
    await desk.clock.advance(1)
    assert [one.state for one in kept] == ["delivered", "delivered"]
    assert desk.send("again").state == "scheduled"
    await desk.clock.settle()


async def test_bound_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """So they do beyond the room that those which wait may take; what is delivered makes room again."""
    monkeypatch.setattr(dispatcher, "MAX_ROOM", 4000)  # each takes a thousand more
    desk = Desk()
    desk.client.answers(503)
    kept = [desk.send(number, size=2000) for number in range(2)]
    refused = desk.send("too much")
    assert (refused.state, refused.detail) == ("failed", "too many callbacks are waiting")
    await desk.clock.advance(1)
    assert [one.state for one in kept] == ["delivered", "delivered"]
    assert desk.send("again").state == "scheduled"
    await desk.clock.settle()


# the end


async def test_close(desk: Desk) -> None:
    """Closing lets attempts in flight end, begins no other, and tells how many callbacks remain, as they are."""
    desk.client.gate = asyncio.Event()
    in_flight, waiting, later = desk.send("in flight"), desk.send("waiting"), desk.send("later", BERT, after=1)
    await turns()
    closing = asyncio.create_task(desk.dispatcher.close(5))
    await turns()
    desk.client.gate.set()
    assert await closing == 2
    await desk.clock.advance(60)
    assert [one.state for one in (in_flight, waiting, later)] == ["delivered", "scheduled", "scheduled"]
    assert desk.client.payloads == ["in flight"]
    assert desk.send("too late").state == "scheduled"
    assert desk.dispatcher.pending == 3


async def test_close_without_patience(desk: Desk) -> None:
    """An attempt that does not end within the grace is given up; its callback is as it was before."""
    desk.client.answers(503)
    tried = desk.send("tried")
    await desk.clock.settle()
    desk.client.gate = asyncio.Event()
    moving = asyncio.create_task(desk.clock.advance(1))
    await turns()
    fresh = desk.send("fresh", BERT)
    await turns()
    assert (tried.state, fresh.state) == ("sending", "sending")
    assert await desk.dispatcher.close(0) == 2
    await moving
    assert (tried.state, fresh.state, desk.client.running) == ("retrying", "scheduled", 0)


async def test_close_when_idle(desk: Desk) -> None:
    """Nothing to do is done at once, however often."""
    assert [await desk.dispatcher.close(60) for _ in range(2)] == [0, 0]


async def test_clear(desk: Desk) -> None:
    """A reset forgets what waits, is retried or runs; nothing of it is sent later, and new callbacks are."""
    desk.client.answers(503)
    desk.send("retried")
    desk.send("held")
    desk.send("later", BERT, after=1)
    await desk.clock.settle()
    desk.client.gate = asyncio.Event()
    desk.send("in flight", "+3")
    await turns()
    before = len(desk.client.sent)
    desk.dispatcher.clear()
    desk.client.gate = None
    new = desk.send("new")
    await desk.clock.advance(60)
    assert (desk.client.payloads[before:], new.state, desk.client.running) == (["new"], "delivered", 0)
    assert desk.is_empty()


async def test_clear_with_the_account(desk: Desk) -> None:
    """An account that forgets everything and its dispatcher go together, in either order."""
    for order in ((desk.dispatcher.clear, desk.account.forget), (desk.account.forget, desk.dispatcher.clear)):
        desk.client.gate = asyncio.Event()
        desk.send("forgotten")
        desk.send("forgotten too", after=1)
        await turns()
        for step in order:
            step()
        desk.client.gate = None
        new = desk.send("new")
        await desk.clock.settle()
        assert (new.state, desk.dispatcher.pending) == ("delivered", 0)
    assert desk.is_empty()


# all at once


@pytest.mark.parametrize("strict", [True, False], ids=["strict", "relaxed"])
@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_happens(strict: bool, seed: int) -> None:
    """However attempts fail, every callback ends delivered or failed, and each person gets theirs in order."""
    chance = Random(seed)
    policy = DeliveryPolicy(lambda status: status == 200, LADDER[:2], 10.0, strict_order=strict)
    desk = Desk(StubProvider(policy))
    outcomes = (200, 200, 200, 500, DeliveryError("timeout", "no answer"), DeliveryError("blocked", "no way"))
    desk.client.outcome = lambda _body: chance.choice(outcomes)
    sent: dict[str, list[Callback]] = {}
    for number in range(5):
        for person in range(1000):
            user = f"+{person}"
            sent.setdefault(user, []).append(desk.send((user, number), user, after=chance.choice((0, 0, 1, 2))))
    await desk.clock.advance_until_idle(60)
    assert desk.is_empty()
    assert desk.client.most == {"http://127.0.0.1:9/in": 32}
    seen: dict[str, list[int]] = {}
    for user, number in desk.client.payloads:
        seen.setdefault(user, []).append(number)
    for user, theirs in sent.items():
        assert {one.state for one in theirs} <= {"delivered", "failed", "blocked"}
        order = [number for _, number in sorted((one.due_at, number) for number, one in enumerate(theirs))]
        assert list(dict.fromkeys(seen[user])) == order
        # Under strict order the attempts of one callback follow one another.
        assert not strict or seen[user] == [number for number in order for _ in range(seen[user].count(number))]


# several who are told


async def test_subscribers_do_not_wait_for_one_another() -> None:
    """WX1-CB-08: what goes to a subscriber beside the webhook leaves in a lane of its own, in order there too."""
    desk = Desk()
    desk.client.outcome = lambda body: 500 if json.loads(body)["payload"].startswith("slow") else 200
    beside = Subscriber("http://127.0.0.1:9/beside")
    for name in ("slow-1", "slow-2"):
        desk.send(name)
    for name in ("beside-1", "beside-2"):
        desk.send(name, url=beside.url, to=beside)
    await desk.clock.settle()
    assert desk.client.payloads == ["slow-1", "beside-1", "beside-2"]
    await desk.clock.advance_until_idle(60)
    assert desk.is_empty()


async def test_what_is_refused_is_recorded() -> None:
    """WX1-CB-02: what may not go to its address is recorded with the reason, and never tried."""
    desk = Desk()
    made = desk.send("x", url="nowhere", to=Subscriber("nowhere", refused="no URL"))
    unknown = desk.send("x", url=None, to=Subscriber(None))
    await desk.clock.advance_until_idle(60)
    assert (made.state, made.detail, made.attempts) == ("recorded", "no URL", ())
    assert (unknown.state, unknown.detail) == ("recorded", "no webhook is configured")
    assert desk.client.sent == []


@pytest.mark.parametrize(
    ("status", "attempts", "detail"),
    [
        pytest.param(400, 1, "answered with 400, which is final (attempt 1 of 1)", id="WX1-CB-05-final"),
        pytest.param(500, 3, "answered with 500 (attempt 3 of 3)", id="WX1-CB-04-not-final"),
    ],
)
async def test_final_answers(status: int, attempts: int, detail: str) -> None:
    """A webhook may answer so that no further attempt is made."""
    desk = Desk(StubProvider(DeliveryPolicy(lambda _: False, LADDER[:2], 10.0, True, lambda status: status == 400)))
    desk.client.outcome = lambda _body: status
    made = desk.send("x")
    await desk.clock.advance_until_idle(60)
    assert (made.state, len(made.attempts), made.detail) == ("failed", attempts, detail)


async def test_headers_of_the_bytes() -> None:
    """WX1-CB-06: headers that depend on the bytes go along with those of the callback."""

    class Signing(StubProvider):
        def sign(self, encoded: Encoded, _callback: Callback, _account: Account) -> Encoded:
            return encoded._replace(headers=(("x-size", str(len(encoded.body))),))

    desk = Desk(Signing())
    seen: list[tuple[tuple[str, str], ...]] = []
    post = desk.client.post

    async def listening(url: str, headers: Any, *rest: Any, **options: Any) -> Answer:
        seen.append(tuple(headers))
        return await post(url, headers, *rest, **options)

    desk.client.post = listening  # type: ignore[method-assign]  # to see the headers as well
    arm(desk.account, {"type": "corrupt"})
    made = desk.send("x")
    await desk.clock.settle()
    assert made.encoded is not None
    assert seen == [(("x-size", str(len(made.encoded.body))),)]


@pytest.mark.parametrize(
    ("outcome", "heard"),
    [
        pytest.param(200, ("delivered", "thanks"), id="delivered"),
        pytest.param(DeliveryError("blocked", "not there"), ("blocked", ""), id="blocked"),
    ],
)
async def test_settled(desk: Desk, outcome: int | Exception, heard: tuple[str, str]) -> None:
    """The provider hears how a callback ended, with what the webhook said, before the person's next one is made."""
    desk.client.answers(outcome)
    desk.send("one")
    desk.send("two")
    await desk.clock.settle()
    assert desk.provider.heard == [heard, ("delivered", "thanks")]


async def test_settled_without_an_attempt() -> None:
    """The provider hears of a callback that goes nowhere, and of one for which there is no room."""
    desk = Desk(max_pending=0)
    desk.send("nowhere", url=None)
    desk.send("no room")
    await desk.clock.settle()
    assert desk.provider.heard == [("recorded", ""), ("failed", "")]


async def test_settled_after_the_last_attempt(desk: Desk) -> None:
    """While a callback is tried again nothing is settled."""
    desk.client.answers(503, 503)
    desk.send("stubborn")
    await desk.clock.settle()
    assert desk.provider.heard == []
    await desk.clock.advance(3600)
    assert desk.provider.heard == [("delivered", "thanks")]


async def test_settled_with_an_accident(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """A provider that stumbles over an answer holds up nobody."""

    def stumble(*_: Any) -> None:
        raise LookupError

    desk.provider.settled = stumble  # type: ignore[method-assign,assignment]  # as one that cannot read it
    sent = [desk.send("one"), desk.send("two")]
    await desk.clock.settle()
    assert [each.state for each in sent] == ["delivered", "delivered"]
    assert len(caplog.records) == 2


@pytest.mark.parametrize(
    ("outcome", "state", "answer"),
    [
        pytest.param(200, "delivered", "thanks", id="answered"),
        pytest.param(503, "failed", "thanks", id="not-a-second-time"),
        pytest.param(DeliveryError("timeout", "slow"), "failed", "", id="no-answer"),
    ],
)
async def test_ask(desk: Desk, outcome: int | Exception, state: str, answer: str) -> None:
    """A question is put at once and once, whatever waits in the person's lane."""
    desk.client.answers(outcome)
    question = callback(desk.account, "who?")
    assert await desk.dispatcher.ask(question) == answer
    assert question.state == state
    assert len(question.attempts) == 1
    await desk.clock.settle()
    assert desk.is_empty()


async def test_ask_beside_all_lanes(desk: Desk) -> None:
    """A question waits for nothing that was to be told before."""
    desk.client.answers(503)
    desk.send("held back until it is tried again")
    await desk.clock.settle()
    assert await desk.dispatcher.ask(callback(desk.account, "who?")) == "thanks"


@pytest.mark.parametrize("end", ["clear", "close"])
async def test_ask_at_the_end(desk: Desk, end: str) -> None:
    """Nobody waits for an answer beyond a reset or the end."""
    desk.client.gate = asyncio.Event()
    asking = asyncio.ensure_future(desk.dispatcher.ask(callback(desk.account, "who?")))
    while not desk.client.running:
        await asyncio.sleep(0)
    if end == "clear":
        desk.dispatcher.clear()
    else:
        await desk.dispatcher.close(0)
    assert await asking == ""


async def test_ask_what_cannot_be_put(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """A question that cannot be encoded is one without an answer."""
    question = callback(desk.account, LookupError("no words"))
    assert await desk.dispatcher.ask(question) == ""
    assert (question.state, question.detail) == ("failed", "LookupError: no words")
    assert len(caplog.records) == 1


async def test_subscriber_decides(desk: Desk) -> None:
    """A subscriber may have a patience of its own, and need no good certificate."""
    seen: list[tuple[float, bool]] = []
    post = desk.client.post

    async def listening(
        url: str, headers: Any, encoded: Encoded, timeout: float, vouched: bool, *, verify: bool
    ) -> Answer:
        seen.append((timeout, verify))
        return await post(url, headers, encoded, timeout, vouched)

    desk.client.post = listening  # type: ignore[method-assign,assignment]  # to see what it is asked for
    desk.send("usual")
    desk.send("other", to=Subscriber("http://127.0.0.1:9/", timeout=5.0, verify=False))
    await desk.clock.settle()
    assert seen == [(10.0, True), (5.0, False)]


async def test_lanes_of_the_provider(desk: Desk) -> None:
    """Where a provider names lanes itself, what is in one keeps its order, whoever is told and whoever it is about."""
    desk.client.answers(500)
    desk.send("first", lane="contact", to=Subscriber("http://127.0.0.1:9/one"))
    desk.send("second", user=BERT, lane="contact", to=Subscriber("http://127.0.0.1:9/other"))
    desk.send("elsewhere", lane="another contact")
    await desk.clock.settle()
    assert desk.client.payloads == ["first", "elsewhere"]
    await desk.clock.advance(1)
    assert desk.client.payloads == ["first", "elsewhere", "first", "second"]
