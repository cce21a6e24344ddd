"""Documents that are no good: each is refused with what is wrong where, and none can do harm."""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import httpx
import pytest
from pydantic_core import to_json

from calls import ask, sandbox_with
from harness import USER, FakeWebhook
from random_play import ACCOUNTS, SCENARIOS, Move, Player, moves, shown
from sandbox.app import App
from sandbox.snapshot.error import SnapshotError

pytestmark = pytest.mark.anyio

WEBHOOK = "http://127.0.0.1:9/webhook"
LINK = ("accounts", 0)
STEPS = [{"do": "deliver"}, {"do": "expect", "within": 60}, {"do": "say", "text": "x", "after": 5}]
TELLS = [{"do": "say", "text": "I wait"}, {"do": "expect_callback", "within": 60}]


@pytest.fixture(scope="module")
def documents() -> dict[str, str]:
    """Where the good document is kept when it was made once."""
    return {}


@pytest.fixture
async def good(documents: dict[str, str]) -> Any:
    """A snapshot in the middle of things: runs that wait in every way, a callback to be tried again, and more of them."""
    if "good" not in documents:
        async with sandbox_with(FakeWebhook(answers=[503] * 9), webhook_url=WEBHOOK) as (app, http):
            await in_the_middle(http)
            documents["good"] = json.dumps(app.sandbox.snapshot())
    return json.loads(documents["good"])


async def in_the_middle(http: httpx.AsyncClient) -> None:
    """Let things begin that do not end by themselves."""
    wish = {"account": "acc_link", "user": USER}
    for name, steps in {"waits": STEPS, "tells": TELLS, "later": [STEPS[2]]}.items():
        await ask(http, "PUT", f"/scenarios/{name}", {"name": name, "steps": steps}, 201)
    headers = (await ask(http, "POST", "/accounts/acc_link/authorization"))["headers"]
    await ask(http, "PATCH", "/accounts/acc_link", {"scenario": "waits"})
    path = f"/gateway/lmc/v1/phone/{USER}/conversationMessage?messageId=33ac5cb2-b2ea-4ba7-8ee6-1283caa1cf25"
    sent = await http.post(path, json={"messageContent": {"text": "Hello"}}, headers=headers)
    assert sent.status_code == 200
    await ask(http, "POST", "/scenarios/later/runs", wish, 201)
    await ask(http, "POST", "/scenarios/tells/runs", {**wish, "user": "+4917012345"}, 201)
    fault = {"on": "callback", "effect": {"type": "reorder", "window": 3}, "match": {"user": "+4915*"}}
    await ask(http, "POST", "/faults", {"account": "acc_link", **fault}, 201)
    await ask(http, "POST", "/actions", {**wish, "user": "+4915012345", "type": "say", "text": "Held"}, 202)
    await ask(http, "POST", "/clock/advance", {"seconds": 0.5})
    await ask(http, "POST", "/actions", {**wish, "type": "say", "text": "Behind", "callback": {"delay": 9}}, 202)


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    """Return what stands at a path."""
    for step in path:
        document = document[step]
    return document


def put(*path: str | int, value: Any) -> Callable[[Any], None]:
    """Return what writes a value to a place of a document."""

    def change(document: Any) -> None:
        at(document, path[:-1])[path[-1]] = value

    return change


def drop(*path: str | int) -> Callable[[Any], None]:
    """Return what takes a value out of a document."""

    def change(document: Any) -> None:
        del at(document, path[:-1])[path[-1]]

    return change


def again(*path: str | int) -> Callable[[Any], None]:
    """Return what has an array begin with the same thing twice."""

    def change(document: Any) -> None:
        things = at(document, path)
        things.append(copy.deepcopy(things[0]))

    return change


def of_run(name: str, **changes: Any) -> Callable[[Any], None]:
    """Return what changes the run of a scenario."""

    def change(document: Any) -> None:
        runs = at(document, (*LINK, "runs", "records"))
        next(run for run in runs if run["scenario"] == name).update(changes)

    return change


def of_lane(**changes: Any) -> Callable[[Any], None]:
    """Return what changes a lane that holds a callback back."""

    def change(document: Any) -> None:
        lanes = at(document, (*LINK, "on_its_way", "lanes"))
        next(lane for lane in lanes if "retry" in lane).update(changes)

    return change


RECORDS = "accounts[0].messages.records"
WRONG = [
    pytest.param(drop("snapshot"), "snapshot", "is required", id="no-version"),
    pytest.param(put("snapshot", value="1"), "snapshot", "is required", id="version-is-text"),
    pytest.param(put("snapshot", value=2), "snapshot", "is version 2, made by 0.1.0; this sandbox", id="later-version"),
    pytest.param(drop("accounts"), "accounts", "must be an array", id="no-accounts"),
    pytest.param(put("surplus", value=1), "surplus", "is not known here", id="surplus-member"),
    pytest.param(put("seed", value=1), "seed", "must be text", id="seed"),
    pytest.param(put("sequence", value=3), "", "has a seq that is still to come", id="sequence"),
    pytest.param(put("ids", "random", value="AAAA"), "ids.random", "must be 625 words", id="chance-too-short"),
    pytest.param(put("ids", "random", value="A"), "ids.random", "", id="chance-not-base64"),
    pytest.param(
        put("apart", value={"nobody": {}}), "apart.nobody", "is the name of no provider", id="counts-of-nobody"
    ),
    pytest.param(
        put("apart", value={"link": {"durations": [1]}}),
        "apart.link.durations",
        "must be 14 counts",
        id="counts-too-few",
    ),
    pytest.param(
        put(*LINK, "tally", "durations", value=[1]),
        "accounts[0].tally.durations",
        "must be 14 counts",
        id="counts-of-an-account-too-few",
    ),
    pytest.param(put(*LINK, "ids", "random", value="AAAA"), "accounts[0].ids.random", "625 words", id="own-chance"),
    pytest.param(put("clock", "now", value="noon"), "clock.now", "must be a time", id="time"),
    pytest.param(put("clock", "now", value="2030-01-01T00:00:00"), "clock.now", "with an offset", id="naive-time"),
    pytest.param(put("clock", "now", value="9999-01-01T00:00:00Z"), "clock.now", "must be a time", id="end-of-times"),
    pytest.param(put("scenarios", 0, "steps", value=[{"do": "x"}]), "scenarios[0].steps[0]", "", id="scenario"),
    pytest.param(put("unclaimed", "sizes", value=[1]), "unclaimed.sizes", "as many", id="sizes-of-unclaimed"),
    pytest.param(put(*LINK, value=7), "accounts[0]", "must be an object", id="account"),
    pytest.param(drop(*LINK, "spec"), "accounts[0].spec", "", id="no-spec"),
    pytest.param(put(*LINK, "spec", "id", value=None), "accounts[0].spec.id", "of its own", id="no-id"),
    pytest.param(put(*LINK, "spec", "provider", value="x"), "accounts[0].spec.provider", "no provider", id="provider"),
    pytest.param(put(*LINK, "spec", "settings", value={"x": 1}), "accounts[0].spec.settings.x", "", id="settings"),
    pytest.param(
        drop(*LINK, "spec", "credentials", "customer_id"),
        "accounts[0].spec.credentials.customer_id",
        "",
        id="no-customer-id",
    ),
    pytest.param(
        put(*LINK, "spec", "credentials", "public_keys", value=["x"]),
        "accounts[0].spec.credentials",
        "RSA public keys",
        id="bad-key",
    ),
    pytest.param(again("accounts"), "accounts[6].spec.id", "of its own", id="account-twice"),
    pytest.param(put(*LINK, "generation", value=-1), "accounts[0].generation", "not negative", id="negative"),
    pytest.param(put(*LINK, "generation", value=2**70), "accounts[0].generation", "whole number", id="too-large"),
    pytest.param(put(*LINK, "generation", value=True), "accounts[0].generation", "whole number", id="truth-for-number"),
    pytest.param(
        put(*LINK, "messages", "records", 0, "status", value="lost"), f"{RECORDS}[0].status", "one of", id="status"
    ),
    pytest.param(drop(*LINK, "messages", "records", 0, "id"), f"{RECORDS}[0].id", "is required", id="no-message-id"),
    pytest.param(
        put(*LINK, "messages", "records", 0, "__class__", value="x"),
        f"{RECORDS}[0].__class__",
        "not known",
        id="attribute",
    ),
    pytest.param(
        put(*LINK, "messages", "records", 0, "#", value=0), f"{RECORDS}[0].#", "nothing else has", id="number-taken"
    ),
    pytest.param(
        put(*LINK, "messages", "records", 0, "body", 0, "$", value="os.system"),
        f"{RECORDS}[0].body.content.$",
        "must be one of",
        id="unknown-type",
    ),
    pytest.param(
        put(*LINK, "messages", "records", 0, "body", 0, value="x"),
        f"{RECORDS}[0].body.content",
        '{"$", "of"}',
        id="no-type",
    ),
    pytest.param(
        put(*LINK, "messages", "records", 0, "conversation", value=["a"]),
        f"{RECORDS}[0].conversation",
        "array of sender, user",
        id="row-too-short",
    ),
    pytest.param(put(*LINK, "messages", "records", value={}), RECORDS, "must be an array", id="no-array"),
    pytest.param(put(*LINK, "messages", "sizes", value=[]), "accounts[0].messages.sizes", "as many", id="sizes"),
    pytest.param(
        put(*LINK, "callbacks", "records", 0, "payload", "of", "of", value=[9999, "1", None]),
        "accounts[0].callbacks.records[0].payload.of.of.event",
        "",
        id="no-such-thing",
    ),
    pytest.param(
        put(*LINK, "requests", "records", 0, "account", value="acc_rbm"),
        "accounts[0].requests.records[0]",
        "another account",
        id="request-of-another",
    ),
    pytest.param(
        put(*LINK, "requests", "records", 0, "request", "body", value={"base64": "%"}),
        "accounts[0].requests.records[0].request.body",
        "must be text",
        id="base64",
    ),
    pytest.param(
        put(*LINK, "faults", 0, "spec", "effect", value={"type": "hang"}),
        "accounts[0].faults[0].spec",
        "no effect on a callback",
        id="fault",
    ),
    pytest.param(
        put(*LINK, "faults", 0, "spec", value={"on": "request", "effect": {"type": "code", "code": "x"}}),
        "accounts[0].faults[0].spec.effect.code",
        "none of LINK's",
        id="fault-of-another",
    ),
    pytest.param(put(*LINK, "shelves", "Session", value=[]), "accounts[0].shelves.Session", "one of", id="shelf"),
    pytest.param(put(*LINK, "shelves", value=[]), "accounts[0].shelves", "an object", id="shelves"),
    pytest.param(put(*LINK, "shelves", "Expecting", value=[]), "accounts[0].runs", "expect a message", id="expects"),
    pytest.param(of_run("waits", expecting=False), "accounts[0].runs", "should not be there", id="expects-no-more"),
    pytest.param(of_run("waits", position=0), "accounts[0].runs", "does not wait for what", id="at-another-step"),
    pytest.param(of_run("later", position=1), "accounts[0].runs", "behind its last step", id="behind-the-last-step"),
    pytest.param(of_run("later", state="passed"), "accounts[0].runs", "has ended, and waits", id="ended"),
    pytest.param(of_run("tells", awaits=None), "accounts[0].runs", "does not wait for what", id="awaits-nothing"),
    pytest.param(of_run("later", timer=None), "accounts[0]", "", id="no-timer"),
    pytest.param(again(*LINK, "on_its_way", "lanes"), "accounts[0].on_its_way.lanes[2]", "", id="lane-twice"),
    pytest.param(of_lane(current=None), "accounts[0].on_its_way.lanes[0]", "", id="nothing-to-try-again"),
    pytest.param(put(*LINK, "clock", "waiting", value=[]), "accounts[0].clock.waiting", "every timer", id="no-timers"),
    pytest.param(
        put(
            *LINK,
            "clock",
            "waiting",
            value=[{"#": 999, "at": "2030-01-02T12:00:00Z", "do": "exec", "with": [], "quiet": False}],
        ),
        "accounts[0].clock.waiting[0].do",
        "must be one of",
        id="unknown-action",
    ),
    pytest.param(
        put(
            *LINK,
            "clock",
            "waiting",
            value=[{"#": 999, "at": "2030-01-02T12:00:00Z", "do": "wake", "with": [], "quiet": False}],
        ),
        "accounts[0].clock.waiting[0].with",
        "done with",
        id="action-of-nothing",
    ),
]


@pytest.mark.parametrize(("change", "path", "says"), WRONG)
async def test_refused(change: Callable[[Any], None], path: str, says: str, good: Any, app: App) -> None:
    """What is wrong is told with its path, and nothing has changed."""
    before = to_json(app.sandbox.snapshot())
    change(good)
    with pytest.raises(SnapshotError) as refused:
        app.sandbox.restore(good)
    told = [(error["path"], error["message"]) for error in refused.value.errors]
    assert any(where.startswith(path) and says in message for where, message in told), told
    assert to_json(app.sandbox.snapshot()) == before


async def test_good(good: Any, app: App) -> None:
    """The document that the others are made of is good."""
    app.sandbox.restore(good)
    assert json.loads(to_json(app.sandbox.snapshot())) == good


@pytest.mark.parametrize(
    ("member", "value", "says"),
    [
        pytest.param("channel", "pigeon", "its channel is none of sms", id="unknown-channel"),
        pytest.param("facts", None, "it has no facts", id="no-facts"),
    ],
)
async def test_message_that_nothing_could_come_of(member: str, value: Any, says: str) -> None:
    """A provider says which messages it could not go on with."""
    async with sandbox_with() as (app, http):
        headers = (await ask(http, "POST", "/accounts/acc_webex_connect/authorization"))["headers"]
        sms = {"deliverychannel": "sms", "destination": [{"msisdn": [USER]}], "channels": {"sms": {"text": "Hello"}}}
        assert (await http.post("/resources/v1/messaging", json=sms, headers=headers)).status_code == 200
        document = json.loads(to_json(app.sandbox.snapshot()))
        document["accounts"][1]["messages"]["records"][0][member] = value
        with pytest.raises(SnapshotError, match=says):
            app.sandbox.restore(document)


@pytest.mark.parametrize("document", [None, [], "x", 7, {}], ids=repr)
async def test_no_document(document: Any, app: App) -> None:
    """What is no object, or has no version, is refused."""
    with pytest.raises(SnapshotError):
        app.sandbox.restore(document)


async def test_too_deep(good: Any, app: App) -> None:
    """A document that is nested without end is refused before the interpreter gives up."""
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    good["accounts"][0]["messages"]["records"][0]["body"][0] = {
        "$": "Other",
        "of": {"text": "", "details": {"x": deep}},
    }
    with pytest.raises(SnapshotError, match="nested too deeply"):
        app.sandbox.restore(good)


async def test_only_so_many_complaints(good: Any, app: App) -> None:
    """No more is told than helps anybody."""
    requests = good["accounts"][0]["requests"]
    requests["records"] = [{"#": "x"}] * 150
    with pytest.raises(SnapshotError) as refused:
        app.sandbox.restore(good)
    assert len(refused.value.errors) == 100


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of everything inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield (*path, key)
        yield from places(item, (*path, key))


def spoil(document: Any, chance: Random, paths: list[tuple[str | int, ...]]) -> None:
    """Change something somewhere: take it away, double it, or put in its place what stands elsewhere, or what is odd."""
    path = chance.choice(paths)
    parent, key = at(document, path[:-1]), path[-1]
    match chance.randrange(5):
        case 0:
            del parent[key]
        case 1:
            parent[key] = copy.deepcopy(at(document, chance.choice(paths)))
        case 2 if isinstance(parent, list):
            parent.append(copy.deepcopy(at(document, path)))
        case 3 if type(parent[key]) is int:
            parent[key] += chance.choice((1, -1, 100))
        case _:
            parent[key] = chance.choice(
                (None, True, 0, 1, -1, 2**70, 1.5, "", "x", [], {}, [[]], {"#": 1}, "delivered")
            )


@pytest.mark.parametrize("provider", ACCOUNTS)
async def test_spoilt(provider: str, caplog: pytest.LogCaptureFixture) -> None:
    """A spoilt document is refused, or makes a sandbox that answers and goes on; it never breaks down."""
    chance = Random(provider)
    calls = moves(provider, chance, 23)
    async with sandbox_with(webhook_url=WEBHOOK) as (app, http):
        headers = (await ask(http, "POST", f"/accounts/{ACCOUNTS[provider]}/authorization"))["headers"]
        player = Player(http, ACCOUNTS[provider], headers)
        for name, steps in SCENARIOS.items():
            await player.make(Move("PUT", f"/_sandbox/scenarios/{name}", {"name": name, "steps": steps}))
        for move in calls[:20]:
            await player.make(move)
        text = to_json(app.sandbox.snapshot())
        own = [*ACCOUNTS].index(provider)
        paths = [path for path in places(json.loads(text)) if path[0] != "accounts" or path[1:2] == (own,)]
        with caplog.at_level(logging.ERROR, "sandbox"):
            for _ in range(5):
                document = json.loads(text)
                spoil(document, chance, paths)
                answer = await http.put("/_sandbox/snapshot", json=document)
                assert answer.status_code in (204, 422), answer.text
                if answer.status_code == 204:
                    for move in calls[20:]:
                        await player.make(move)
                    await shown(http)
                    app.sandbox.restore(json.loads(text))
                assert to_json(app.sandbox.snapshot()) == text
        assert caplog.records == []
