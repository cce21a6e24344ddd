"""Moments that a snapshot may be taken at, one by one, and what must be true of every one of them."""

from __future__ import annotations

import ast
import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic_core import to_json

import sandbox
from calls import ask, items, sandbox_with, turns
from harness import NOON, USER, FakeWebhook, LinkClient, account_of
from random_play import shown
from sandbox.app import App, build
from sandbox.core.callback import Encoded
from sandbox.core.clock import Clock
from sandbox.core.tally import Tally
from sandbox.engine.engine import Expecting
from sandbox.engine.loader import load
from sandbox.providers import PROVIDERS
from sandbox.settings import Settings
from sandbox.snapshot.error import SnapshotError
from sandbox.webhook_client import Answer

pytestmark = pytest.mark.anyio

WEBHOOK = "http://127.0.0.1:9/webhook"
SETTINGS: dict[str, Any] = {"webhook_url": WEBHOOK}


class SlowWebhook(FakeWebhook):
    """Answers when it is told to."""

    gate: asyncio.Event

    async def post(
        self,
        url: str,
        headers: Sequence[tuple[str, str]],
        encoded: Encoded,
        timeout: float,
        vouched: bool,
        *,
        verify: bool = True,
    ) -> Answer:
        """Take a callback, and let its sender wait."""
        answer = await super().post(url, headers, encoded, timeout, vouched, verify=verify)
        await self.gate.wait()
        return answer


@asynccontextmanager
async def slow_sandbox(**settings: Any) -> AsyncIterator[tuple[App, httpx.AsyncClient, SlowWebhook]]:
    """A sandbox with a webhook that keeps its answers to itself."""
    webhook = SlowWebhook()
    webhook.gate = asyncio.Event()
    async with sandbox_with(webhook, **{**SETTINGS, **settings}) as (app, http):
        yield app, http, webhook
        webhook.gate.set()


async def say(http: httpx.AsyncClient, account: str = "acc_link", user: str = USER, **more: Any) -> None:
    """Have a person write."""
    await ask(http, "POST", "/actions", {"account": account, "user": user, "type": "say", "text": "Hi", **more}, 202)


def copied(app: App) -> Any:
    """Return a snapshot as it comes out of a file."""
    return json.loads(to_json(app.sandbox.snapshot()))


async def test_attempt_under_way() -> None:
    """An attempt that is being made is due again in the other sandbox; the webhook may hear of it twice."""
    other_webhook = FakeWebhook()
    async with slow_sandbox() as (app, http, webhook), sandbox_with(other_webhook) as (other, other_http):
        await say(http)
        await turns()
        (callback,) = await items(http, "/callbacks")
        assert (callback["state"], len(webhook.received)) == ("sending", 1)
        other.sandbox.restore(copied(app))
        assert [one["state"] for one in await items(other_http, "/callbacks")] == ["scheduled"]
        await account_of(other).clock.settle()
        assert [one["state"] for one in await items(other_http, "/callbacks")] == ["delivered"]
        assert other_webhook.received == webhook.received


async def test_second_attempt_under_way() -> None:
    """So is the second attempt, behind the first, and the third comes when it would have come."""
    other_webhook = FakeWebhook(answers=[503, 200])
    async with slow_sandbox() as (app, http, webhook), sandbox_with(other_webhook) as (other, other_http):
        webhook.answers = [503, 503]
        webhook.gate.set()
        await say(http)
        await account_of(app).clock.settle()
        webhook.gate.clear()
        moving = asyncio.ensure_future(app.sandbox.advance(seconds=1, account=account_of(app)))
        await turns()
        assert len(webhook.received) == 2
        other.sandbox.restore(copied(app))
        (callback,) = await items(other_http, "/callbacks")
        assert (callback["state"], len(callback["attempts"])) == ("retrying", 1)
        await other.sandbox.advance(seconds=2, account=account_of(other))
        (callback,) = await items(other_http, "/callbacks")
        assert (callback["state"], [one["status"] for one in callback["attempts"]]) == ("delivered", [503, 503, 200])
        webhook.gate.set()
        await moving


async def test_question_that_a_request_waits_for() -> None:
    """Whoever waits for an answer is no part of the state: what they asked comes to nothing."""
    async with slow_sandbox() as (app, http, webhook), sandbox_with() as (other, other_http):
        await ask(http, "PATCH", "/accounts/acc_mehery", {"settings": {"contact_info_url": WEBHOOK}})
        headers = (await ask(http, "POST", "/accounts/acc_mehery/authorization"))["headers"]
        asking = asyncio.ensure_future(
            http.post("/xms/api/v1/contact/info", json={"csid": "919988776655"}, headers=headers)
        )
        await turns()
        assert len(webhook.received) == 1
        other.sandbox.restore(copied(app))
        (callback,) = await items(other_http, "/callbacks")
        assert (callback["state"], callback["attempts"]) == ("failed", [])
        assert callback["detail"] == "nobody waits for the answer since the sandbox was restored"
        assert (other.sandbox.undelivered, account_of(other, "acc_mehery").clock.pending) == (0, 0)
        webhook.gate.set()
        assert (await asking).status_code == 200


async def test_request_that_a_fault_holds_back() -> None:
    """A request that waits for its answer is no part of the state, nor is what it waits for."""
    async with sandbox_with() as (app, http), sandbox_with() as (other, _):
        fault = {"account": "acc_link", "on": "request", "effect": {"type": "latency", "seconds": 30}}
        await ask(http, "POST", "/faults", fault, 201)
        link = LinkClient(http, account_of(app))
        link.token = (await ask(http, "POST", "/accounts/acc_link/authorization"))["headers"]["Authorization"][7:]
        waiting = asyncio.ensure_future(link.send(text="Hello"))
        await turns()
        assert account_of(app).clock.pending == 1
        other.sandbox.restore(copied(app))
        assert account_of(other).clock.pending == 0
        await app.sandbox.advance(seconds=30, account=account_of(app))
        assert (await waiting).status_code == 200


async def test_real_clock() -> None:
    """Times are absolute: what fell due while nobody was there is due at once, and the rest when it would have been."""
    wall = [NOON]

    def made() -> App:
        settings = Settings(seed="test", webhook_url=WEBHOOK)
        return build(settings, client=FakeWebhook(), wall=lambda: wall[0])

    steps = [{"do": "say", "text": "Soon", "after": 60}, {"do": "say", "text": "Late", "after": 7200}]
    app, other = made(), made()
    app.sandbox.start_run(account_of(app), load(json.dumps({"name": "two", "steps": steps}), "json"), USER)
    document = copied(app)
    wall[0] += timedelta(hours=1)
    other.sandbox.restore(document)
    account = account_of(other)
    assert [message.text for message in account.journal.messages] == []
    await turns()
    assert [(message.text, message.at) for message in account.journal.messages] == [("Soon", wall[0])]
    assert account.clock.next_at == NOON + timedelta(seconds=7260)
    for each in (app, other):
        await each.sandbox.close()


async def test_run_that_the_journal_has_forgotten() -> None:
    """What is forgotten may still be going on, and goes on in the other sandbox as well."""
    async with sandbox_with(journal_limit=10) as (app, _), sandbox_with(journal_limit=10) as (other, _):
        scenario = load('{"name":"x","steps":[{"do":"say","text":"{{ user.phone }}","after":5}]}', "json")
        for number in range(15):
            app.sandbox.start_run(account_of(app), scenario, f"+4912345678{number:02d}")
        other.sandbox.restore(copied(app))
        assert (len(account_of(other).journal.runs), account_of(other).clock.pending) == (10, 15)
        for each in (app, other):
            await each.sandbox.advance(seconds=5)
        texts = [[message.text for message in account_of(each).journal.messages] for each in (app, other)]
        assert texts[0] == texts[1]
        assert account_of(other).journal.runs.dropped == 5


async def test_smaller_journal() -> None:
    """A sandbox keeps no more than it may: the oldest go first."""
    async with sandbox_with() as (app, http), sandbox_with(journal_limit=10) as (other, other_http):
        for _ in range(12):
            await say(http)
        other.sandbox.restore(copied(app))
        assert await items(other_http, "/messages") == (await items(http, "/messages"))[2:]


async def test_same_sandbox() -> None:
    """A sandbox goes back to where it was, and nothing of what came after is left."""
    async with sandbox_with(**SETTINGS) as (app, http):
        await say(http)
        await ask(http, "POST", "/clock/advance", {"seconds": 1})
        document, before = copied(app), await shown(http)
        await say(http)
        await ask(http, "POST", "/accounts", {"provider": "rbm"}, 201)
        await ask(http, "PUT", "/scenarios/mine", {"name": "mine", "steps": [{"do": "say", "text": "x"}]}, 201)
        await ask(http, "POST", "/faults", {"on": "callback", "effect": {"type": "drop"}}, 201)
        await ask(http, "POST", "/scenarios/mine/runs", {"account": "acc_link", "user": USER}, 201)
        app.sandbox.restore(document)
        assert copied(app) == document
        assert await shown(http) == before
        await ask(http, "POST", "/clock/advance", {"seconds": 100})
        assert len(await items(http, "/messages")) == 1


@pytest.mark.parametrize("is_same", [pytest.param(True, id="same"), pytest.param(False, id="other")])
async def test_metrics_go_on(*, is_same: bool) -> None:
    """Coverage goes back with everything else; metrics tell what the sandbox has done, and a snapshot changes nothing of it."""
    async with sandbox_with(**SETTINGS) as (app, http), sandbox_with() as (source, source_http):
        await say(source_http)
        await say(http)
        document = copied(app if is_same else source)
        await say(http)
        done, inbound = app.sandbox.tallies(), app.sandbox.tallies()["link"].inbound
        app.sandbox.restore(document)
        gone_on = app.sandbox.tallies()
        assert inbound == 2
        assert {name: nonzero(tally) for name, tally in gone_on.items()} == {
            name: nonzero(tally) for name, tally in done.items()
        }
        await say(http)
        assert app.sandbox.tallies()["link"].inbound == 3


def nonzero(tally: Tally) -> dict[str, Any]:
    """Return all counts of a tally that are not zero."""
    found = {each.name: getattr(tally, each.name) for each in fields(tally)}
    return {
        name: {key: count for key, count in counts.items() if count} if isinstance(counts, dict) else counts
        for name, counts in found.items()
    }


async def test_reset_afterwards() -> None:
    """A reset still leads to the state at start-up, not to that of the snapshot."""
    async with sandbox_with(seed="other", clock="real") as (app, http), sandbox_with() as (source, _):
        at_first = app.sandbox.ids.opaque("acc")
        app.sandbox.restore(copied(source))
        health = await ask(http, "GET", "/health")
        assert (health["seed"], health["clock"]) == ("test", "virtual")
        app.sandbox.reset()
        health = await ask(http, "GET", "/health")
        assert (health["seed"], health["clock"]) == ("other", "real")
        assert app.sandbox.ids.opaque("acc") == at_first


async def test_account_made_afterwards() -> None:
    """Accounts made later get the same id, credentials, faults and time as they would have had."""
    async with sandbox_with() as (app, http), sandbox_with(seed="other", clock="real") as (other, other_http):
        await ask(http, "POST", "/accounts", {"provider": "link"}, 201)
        await ask(http, "POST", "/faults", {"on": "callback", "effect": {"type": "drop"}}, 201)
        await ask(http, "PUT", "/clock", {"mode": "virtual", "now": "2040-01-01T00:00:00Z"})
        other.sandbox.restore(copied(app))
        assert await ask(other_http, "GET", "/faults") == await ask(http, "GET", "/faults")
        for provider in PROVIDERS:
            made = [await ask(one, "POST", "/accounts", {"provider": provider.name}, 201) for one in (http, other_http)]
            assert made[0] == made[1]
        assert await shown(other_http) == await shown(http)


async def test_those_who_watch() -> None:
    """Whoever watches is told that every account is another one."""
    async with sandbox_with() as (app, _):
        before = app.sandbox.stream.last
        old = list(app.sandbox.accounts)
        app.sandbox.restore(copied(app))
        told = [change.subject for change in app.sandbox.stream.after(before)]
        assert told == [*old, *app.sandbox.accounts]


async def test_deep_json() -> None:
    """What a client sent nested as deeply as can be read is written so that it can be read again."""
    deep: Any = []
    for _ in range(185):
        deep = [deep]
    async with sandbox_with() as (app, http), sandbox_with() as (other, _):
        headers = (await ask(http, "POST", "/accounts/acc_mehery/authorization"))["headers"]
        body = {"id": "1", "type": "t", "data": {"deep": deep, "n": 1e300}}
        assert (await http.post("/xms/api/v1/data/push", json=body, headers=headers)).status_code == 200
        document = to_json(app.sandbox.snapshot())
        other.sandbox.restore(json.loads(document))
        assert to_json(other.sandbox.snapshot()) == document


async def test_wrong_document_changes_nothing() -> None:
    """If anything is wrong, all stays as it was, what waits too."""
    async with sandbox_with(**SETTINGS) as (app, http):
        await say(http)
        document = copied(app)
        for account in document["accounts"]:
            account["generation"] = -1
        before = copied(app)
        with pytest.raises(SnapshotError) as wrong:
            app.sandbox.restore(document)
        assert [error["path"] for error in wrong.value.errors] == [f"accounts[{n}].generation" for n in range(6)]
        assert copied(app) == before


# ------------------------------------------------------------------------------- what is put somewhere can be found there


ROOT = Path(sandbox.__file__).parent
NO_PART_OF_THE_STATE = {"let_go"}  # a request that waits for its answer


def called(*methods: str) -> Iterator[tuple[str, list[ast.expr]]]:
    """Yield where in the package one of these methods is called, and with what."""
    for file in sorted(ROOT.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if any(f".{method}(" in text for method in methods) else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods:
                yield f"{file.relative_to(ROOT)}:{node.lineno} {ast.unparse(node.func)}", node.args


def name_of(node: ast.expr) -> str:
    """Return what a function or class is called where it stands."""
    return ast.unparse(node).rpartition(".")[2].lstrip("_")


async def test_all_that_is_timed_is_known(app: App) -> None:
    """Whatever is put on an account's clock can be written down: it is a function that a snapshot knows by name."""
    timed: list[Any] = [*app.sandbox.engine.timed, *app.sandbox.dispatcher(account_of(app)).timed]
    timed += [action for provider in PROVIDERS for action in provider.kept.timed]
    known = {action.__name__.lstrip("_") for action in timed}
    of_loops = ("loop.", "get_running_loop().", "self.loop.")
    used = {
        where: name_of(args[1])
        for where, args in called("call_at", "call_later")
        if not where.rpartition(" ")[2].removesuffix("call_later").removesuffix("call_at").endswith(of_loops)
        and name_of(args[1]) != "action"
    }
    assert set(used.values()) == known | NO_PART_OF_THE_STATE, used


def test_all_that_is_kept_is_known() -> None:
    """Whatever a provider lays on a shelf is among the types that it tells of."""
    known = {kind.__name__ for provider in PROVIDERS for kind in provider.kept.shelves} | {Expecting.__name__}
    used = {name_of(args[0]) for where, args in called("shelf") if name_of(args[0]) not in ("kind", "shelves[name]")}
    assert used == known


async def test_clock_of_an_account() -> None:
    """A clock has the timers of its state wait in their order, the quiet ones before the others of their time."""
    ran: list[Any] = []
    clock = Clock(lambda: NOON, NOON)
    at = NOON + timedelta(seconds=5)
    for number in range(3):
        clock.call_at(at, ran.append, number, quiet=number == 0)
    cancelled = clock.call_at(at, ran.append, "no")
    cancelled.cancel()
    assert [timer.args for timer in clock.state.waiting] == [(0,), (1,), (2,)]
    assert (clock.state.now, clock.pending, clock.next_at) == (NOON, 2, at)
