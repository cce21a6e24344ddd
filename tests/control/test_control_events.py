"""Events and long waits over a real socket, which alone streams, disconnects and stops."""

from __future__ import annotations

import asyncio
import json
from time import perf_counter

import httpx
import pytest
from starlette.requests import Request

from calls import ask, serving, watching
from harness import USER, LinkClient, account_of
from sandbox.app import App
from sandbox.control import events
from sandbox.control.events import _begins_after, _events
from sandbox.engine.actions import Say

SAY = {"account": "acc_link", "user": USER, "type": "say", "text": "Hello"}
GENEROUS = 0.5  # seconds in which something that takes milliseconds must have happened


async def test_live_events(app: App) -> None:
    """Everything that happens is told as it happens, each with its object and a growing id."""
    async with serving(app) as http, watching(http) as watcher:
        made = await ask(http, "POST", "/actions", SAY, 202)
        seen = [await watcher.event() for _ in range(2)]
        assert [name for _, name, _ in seen] == ["message", "callback"]
        assert seen[0][2] == await ask(http, "GET", f"/messages/{made['messages'][0]}")
        assert seen[1][2]["id"] == made["callbacks"][0]
        link = LinkClient(http, account_of(app))
        await link.send(text="Hello")
        names = {(await watcher.event())[1] for _ in range(6)}
        assert {"request", "message", "run"} <= names
        fault = await ask(http, "POST", "/faults", {"on": "request", "effect": {"type": "hang"}}, 201)
        while (seen_fault := await watcher.event())[1] != "fault":
            pass
        assert seen_fault[2] == fault
        await ask(http, "POST", "/clock/advance", {"seconds": 0}, account="acc_link")
        while (seen_clock := await watcher.event())[1] != "clock":
            pass
        assert seen_clock[2] == await ask(http, "GET", "/clock", account="acc_link")
        await ask(http, "PATCH", "/accounts/acc_link", {"name": "New"})
        while (seen_account := await watcher.event())[1] != "account":
            pass
        assert seen_account[2] == await ask(http, "GET", "/accounts/acc_link")
        assert seen[0][0] < seen[1][0] < seen_fault[0] < seen_clock[0] < seen_account[0]


async def test_resume(app: App) -> None:
    """Who comes back with the id of the last event gets what was missed, once, and then what comes."""
    async with serving(app) as http:
        async with watching(http) as watcher:
            await ask(http, "POST", "/actions", SAY, 202, wait=5)
            number, _, _ = await watcher.event()
        await ask(http, "POST", "/actions", {**SAY, "text": "Missed"}, 202, wait=5)
        async with watching(http, {"Last-Event-ID": str(number)}) as watcher:
            found = []
            while ("message", "Missed") not in found:
                number, name, data = await watcher.event()
                found.append((name, data.get("text")))
            assert found.count(("message", "Hello")) == 0
            await ask(http, "POST", "/actions", {**SAY, "text": "Live"}, 202)
            while (event := await watcher.event())[1] != "message":
                pass
            assert (event[2]["text"], event[0] > number) == ("Live", True)


async def test_events_of_one_account(app: App) -> None:
    """`account` filters; the ids stay those of the whole stream."""
    async with serving(app) as http:
        other = (await ask(http, "POST", "/accounts", {"provider": "link"}, 201))["id"]
        async with watching(http, account=other) as watcher:
            await ask(http, "POST", "/actions", SAY, 202, wait=5)
            await ask(http, "POST", "/actions", {**SAY, "account": other}, 202)
            number, _, data = await watcher.event()
            assert (data["account"], number > 2) == (other, True)


async def test_client_that_goes(app: App) -> None:
    """When the client disconnects, its stream ends and nobody listens any more."""
    listeners = app.sandbox.stream._listeners
    async with serving(app) as http:
        async with watching(http):
            assert len(listeners) == 1
        began = perf_counter()
        while listeners:
            assert perf_counter() - began < GENEROUS
            await ask(http, "GET", "/health")


async def test_server_that_stops(app: App, caplog: pytest.LogCaptureFixture) -> None:
    """At the end of the server, streams end as they should and waits are answered; nothing holds it up."""
    async with serving(app) as http, httpx.AsyncClient(base_url=http.base_url) as other, watching(http) as watcher:
        waiting = asyncio.create_task(ask(other, "GET", "/messages", expects=503, wait=50))
        while len(app.sandbox.stream._listeners) < 2:
            await ask(http, "GET", "/health")
        began = perf_counter()
        app.stop()
        with pytest.raises(EOFError):
            await watcher.event()
        await waiting
        assert perf_counter() - began < GENEROUS
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_waiter_wakes(app: App) -> None:
    """A waiter hears of an event within 20 ms; the bound here is generous, since machines are busy."""
    took = []
    async with serving(app) as http, httpx.AsyncClient(base_url=http.base_url) as other:
        for _ in range(5):
            cursor = (await ask(http, "GET", "/messages"))["cursor"]
            task = asyncio.create_task(ask(other, "GET", "/messages", wait=5, after=cursor))
            while not app.sandbox.stream._listeners:
                await ask(http, "GET", "/health")
            made = app.sandbox.act(account_of(app), Say(user=USER, text="Hello"))  # so that the wait alone is timed
            began = perf_counter()
            found = (await task)["items"]
            took.append(perf_counter() - began)
            assert [item["id"] for item in found] == [message.id for message in made.messages]
    assert max(took) < GENEROUS


async def test_silence_is_broken(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection on which nothing happens is kept open by comments, also when others have much to hear."""
    monkeypatch.setattr(events, "PING", 0.02)
    other = "acc_nobody"
    stream = _events(app.sandbox, app.sandbox.stream.last, other)
    assert await anext(stream) == b"retry: 1000\n\n"
    for _ in range(2):
        comment = asyncio.ensure_future(anext(stream))
        while not comment.done():
            app.sandbox.act(account_of(app), Say(user=USER, text="Hello"))
            await asyncio.sleep(0)
        assert comment.result() == b": still here\n\n"
    await stream.aclose()
    assert app.sandbox.stream._listeners == set()


@pytest.mark.parametrize(
    ("last", "status"),
    [
        pytest.param("0", 200, id="from-the-beginning"),
        pytest.param("999999999999999999", 200, id="from-before-a-restart"),
        pytest.param("", 200, id="blank"),
        pytest.param("x", 422, id="no-number"),
        pytest.param("-1", 422, id="negative"),
        pytest.param("9" * 19, 422, id="too-long"),
    ],
)
async def test_last_event_id(http: httpx.AsyncClient, last: str, status: int) -> None:
    """`Last-Event-ID` is the id of an event."""
    response = await http.head("/_sandbox/events", headers={"Last-Event-ID": last})
    assert response.status_code == status


async def test_id_from_before_a_restart(app: App, http: httpx.AsyncClient) -> None:
    """Whoever comes with an id that was never given gets everything that is kept."""
    number = app.sandbox.stream.last
    await ask(http, "POST", "/actions", SAY, 202, wait=5)
    headers = [(b"last-event-id", b"%d" % number), (b"last-event-id", b"77")]
    begins = [_begins_after(app.sandbox, Request({"type": "http", "headers": [header]})) for header in headers]
    assert begins == [0, 0]
    assert app.sandbox.stream.after(0)


async def test_slow_reader_is_told_what_it_missed(app: App, http: httpx.AsyncClient) -> None:
    """Nothing is kept for a slow reader: it goes on with the oldest change there still is, and hears how many it missed."""
    stream = app.sandbox.stream
    number = stream.last
    reader = _events(app.sandbox, number, None)
    assert await anext(reader) == b"retry: 1000\n\n"
    for _ in range(12_000):
        stream.put("clock", "acc_link", account_of(app))
    assert await anext(reader) == b": 2000 changes were missed, since only the latest are kept\n\n"
    assert (await anext(reader)).startswith(b"id: 2001\nevent: clock\ndata: {")
    await reader.aclose()


async def test_what_is_gone_is_marked(app: App, http: httpx.AsyncClient) -> None:
    """An account that was deleted and a fault that is armed no more are told with their last state, as `deleted`."""
    number = app.sandbox.stream.last
    fault = await ask(
        http, "POST", "/faults", {"account": "acc_link", "on": "request", "effect": {"type": "hang"}}, 201
    )
    await ask(http, "DELETE", f"/faults/{fault['id']}", expects=204)
    await ask(http, "POST", "/actions", SAY, 202, wait=5)
    await ask(http, "DELETE", "/accounts/acc_link", expects=204)
    told = app.sandbox.stream.after(number)
    seen = [(change.kind, json.loads(events._data(app.sandbox, change)).get("deleted")) for change in told]
    assert seen[:2] == [("fault", True), ("fault", True)]
    assert seen[-1] == ("account", True)
    assert ("message", None) in seen
    assert ("callback", None) in seen


async def test_faults_of_all_are_told(app: App, http: httpx.AsyncClient) -> None:
    """A fault for all is told as such, beside those of the accounts, with every firing and with its end."""
    await ask(http, "DELETE", "/faults", expects=204)
    number = app.sandbox.stream.last
    body = {"on": "callback", "effect": {"type": "drop"}, "match": {"user": "*"}}
    fault = await ask(http, "POST", "/faults", body, 201)
    await ask(http, "POST", "/actions", SAY, 202)
    told = [change for change in app.sandbox.stream.after(number) if change.kind == "fault"]
    seen = [json.loads(events._data(app.sandbox, change)) for change in told]
    assert {each["id"] for each in seen} == {fault["id"]}
    assert [each["account"] for each in seen] == [None, *(each.id for each in app.sandbox.accounts), "acc_link"]
    assert (seen[-1]["fired"], seen[-1]["left"]) == (1, None)
    await ask(http, "DELETE", f"/faults/{fault['id']}", expects=204)
    assert json.loads(events._data(app.sandbox, told[0]))["deleted"]


async def test_emptied_account_is_told(app: App, http: httpx.AsyncClient) -> None:
    """An account that had to forget is told as it is now, marked as `reset`; whoever watches lets go of what it had."""
    number = app.sandbox.stream.last
    await ask(http, "POST", "/reset", expects=204, account="acc_link")
    told = [json.loads(events._data(app.sandbox, change)) for change in app.sandbox.stream.after(number)]
    account = await ask(http, "GET", "/accounts/acc_link")
    assert told[-1] == {**account, "reset": True}
    await ask(http, "DELETE", "/accounts/acc_link", expects=204)
    assert json.loads(events._data(app.sandbox, app.sandbox.stream.after(number)[0]))["deleted"]


async def test_a_run_is_told_once_however_many_steps_it_took(app: App, http: httpx.AsyncClient) -> None:
    """What a run did in one go is told at once, as it is then: the rest would be the same again, with every step."""
    scenario = {"name": "chatter", "steps": [{"do": "repeat", "times": 40, "steps": [{"do": "say", "text": "x"}]}]}
    await ask(http, "PUT", "/scenarios/chatter", scenario, 201)
    reader = _events(app.sandbox, app.sandbox.stream.last, None)
    await anext(reader)
    await ask(http, "POST", "/scenarios/chatter/runs", {"account": "acc_link", "user": USER}, 201)
    await ask(http, "POST", "/clock/advance", {"seconds": 0}, account="acc_link")
    told: list[bytes] = []
    while not told or b"event: clock" not in told[-1]:
        told.append(await anext(reader))
    await reader.aclose()
    assert sum(b"event: message" in each for each in told) == 40
    runs = [each for each in told if b"event: run" in each]
    assert 1 <= len(runs) <= 3
    assert b'"state":"passed"' in runs[-1]


async def test_reset_is_told(app: App, http: httpx.AsyncClient) -> None:
    """A whole reset is told as accounts that go and accounts that come."""
    number = app.sandbox.stream.last
    await ask(http, "POST", "/reset", expects=204)
    told = [json.loads(events._data(app.sandbox, change)) for change in app.sandbox.stream.after(number)]
    shipped = [account.id for account in app.sandbox.accounts]
    assert [(each["id"], each.get("deleted", False)) for each in told] == [
        *((name, True) for name in shipped),
        *((name, False) for name in shipped),
    ]
