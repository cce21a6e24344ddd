"""Timeline: its JSON, whose it is, and which part of it is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from calls import ask, sandbox_with
from harness import USER, FakeWebhook, LinkClient, account_of
from sandbox.app import App
from sandbox.core import piecemeal
from sandbox.core.account import Account


@pytest.fixture
def link(http: httpx.AsyncClient, account: Account) -> LinkClient:
    """A client that asks for its token over HTTP: that call is told of, too."""
    return LinkClient(http, account)


OTHER_USER = "+4917612345678"
TYPES = {"request", "action", "message", "callback", "attempt", "run", "step", "fault", "change"}
REASONS = {"rule", "fault", "scenario", "magic", "schedule", "action", "redelivery", "default", "setting"}


async def timeline(http: httpx.AsyncClient, **params: Any) -> Any:
    """Return the timeline of `acc_link` as JSON."""
    return await ask(http, "GET", "/timeline", account="acc_link", **params)


def below(nodes: list[Any]) -> list[Any]:
    """Return nodes and all that is below them, as they stand."""
    return [each for node in nodes for each in (node, *below(node["children"]))]


def summaries(found: Any) -> list[str]:
    """Return what the roots say."""
    return [str(root["summary"]) for root in found["items"]]


async def say(http: httpx.AsyncClient, text: str, user: str = USER) -> None:
    """Let a person write."""
    body = {"account": "acc_link", "user": user, "type": "say", "text": text}
    await ask(http, "POST", "/actions?wait=5", body, 202)


async def test_shape(http: httpx.AsyncClient, link: LinkClient, webhook: FakeWebhook) -> None:
    """Every node has the same members, whatever it is; times are those of the account's clock."""
    webhook.answers = [503]
    await link.headers()
    await link.send(text="Hello")
    await link.send(text=["x"])
    await ask(http, "POST", "/clock/advance?account=acc_link", {"seconds": 2})
    found = await timeline(http)
    assert list(found) == ["account", "items", "cursor", "omitted", "dropped"]
    assert (found["account"], found["omitted"]) == ("acc_link", 0)
    assert found["dropped"] == {"requests": 0, "messages": 0, "callbacks": 0, "runs": 0, "interventions": 0}
    nodes = below(found["items"])
    for node in nodes:
        assert list(node) == ["type", "id", "at", "summary", "why", "children"]
        assert node["type"] in TYPES
        assert node["why"] is None or node["why"]["type"] in REASONS
        assert "\n" not in node["summary"]
    message, run, step, callback, attempt = below(found["items"][1:2])[1:6]
    assert [node["type"] for node in (message, run, step, callback, attempt)] == [
        *("message", "run", "step", "callback", "attempt"),
    ]
    assert message["id"] == (await ask(http, "GET", "/messages", account="acc_link"))["items"][0]["id"]
    assert (step["id"], attempt["id"]) == (f"{run['id']}/0", f"{callback['id']}/0")
    assert callback["why"] == {
        "type": "default",
        "id": run["id"],
        "text": "default series, step 0 deliver",
        "source": None,
    }
    assert [attempt["at"] for attempt in callback["children"]] == [
        "2030-01-02T12:00:00.200Z",
        "2030-01-02T12:00:01.200Z",
    ]
    assert found["items"][2]["why"] == {
        "type": "rule",
        "id": "LINK-GEN-12",
        "text": "LINK-GEN-12: A body is an object, and each value has its documented type, uncoerced",
        "source": "000_8fd44aca822109ef.txt:635",
    }
    assert await timeline(http) == found


@pytest.mark.parametrize(
    ("params", "status", "path"),
    [
        pytest.param({}, 422, "account", id="no-account"),
        pytest.param({"account": "acc_nope"}, 404, None, id="unknown-account"),
        pytest.param({"account": "acc_link", "user": "nobody"}, 422, "user", id="a-user-that-is-none"),
        pytest.param({"account": "acc_link", "format": "xml"}, 422, "format", id="unknown-format"),
        pytest.param({"account": "acc_link", "limit": "0"}, 422, "limit", id="no-limit"),
        pytest.param({"account": "acc_link", "limit": "1001"}, 422, "limit", id="beyond-the-limit"),
        pytest.param({"account": "acc_link", "after": "x"}, 422, "after", id="a-cursor-that-is-none"),
        pytest.param({"account": "acc_link", "wait": "1"}, 422, "wait", id="unknown-parameter"),
    ],
)
async def test_bad_parameters(http: httpx.AsyncClient, params: dict[str, str], status: int, path: str | None) -> None:
    """What cannot be answered is told by the name of the parameter."""
    problem = await ask(http, "GET", "/timeline", expects=status, **params)
    assert [error["path"] for error in problem["errors"]] == ([] if path is None else [path])


async def test_user(http: httpx.AsyncClient, link: LinkClient) -> None:
    """With a person, in whatever form, what is about others is left out; what is about nobody in particular stays."""
    await link.headers()
    await link.send(text="to the one")
    await link.send(OTHER_USER, text="to the other")
    await link.send(OTHER_USER, text="")
    await say(http, "from the one")
    await say(http, "from the other", OTHER_USER)
    await ask(http, "PATCH", "/accounts/acc_link", {"name": "Blue"})
    found = await timeline(http, user="0049 123 4567890")
    assert summaries(found) == [
        "POST /auth/oauth2/token → 200",
        f"POST /gateway/lmc/v1/phone/{USER}/conversationMessage → 200",
        f'action for {USER}: say "from the one"',
        'account changed: name = "Blue"',
    ]
    assert not any(OTHER_USER in node["summary"] for node in below(found["items"]))


async def test_user_of_a_request_for_many(app: App, http: httpx.AsyncClient) -> None:
    """Of a request for several people, the messages to the others are left out."""
    headers = (await ask(http, "POST", "/accounts/acc_webex_connect/authorization"))["headers"]
    phones = ["+4917600000001", "+4917600000002"]
    body = {"deliverychannel": "sms", "channels": {"sms": {"text": "Hi"}}, "destination": [{"msisdn": phones}]}
    sent = await http.post("/resources/v1/messaging", json=body, headers=headers)
    assert sent.status_code == 200
    found = await ask(http, "GET", "/timeline", account="acc_webex_connect", user=phones[1])
    (request,) = found["items"]
    assert [message["summary"] for message in request["children"]] == [
        f'message to {phones[1]} (sms): text "Hi", accepted'
    ]


async def test_parts(http: httpx.AsyncClient) -> None:
    """Without a cursor the end is shown, and how much stands before it; behind a cursor the beginning."""
    for number in range(5):
        await say(http, str(number))
    said = [f'action for {USER}: say "{number}"' for number in range(5)]
    end = await timeline(http, limit=2)
    assert (summaries(end), end["omitted"]) == (said[3:], 3)
    first = await timeline(http, after=0, limit=2)
    assert (summaries(first), first["omitted"]) == (said[:2], 0)
    second = await timeline(http, after=first["cursor"], limit=2)
    assert (summaries(second), second["omitted"]) == (said[2:4], 2)
    last = await timeline(http, after=end["cursor"])
    assert (summaries(last), last["cursor"]) == ([], end["cursor"])


async def test_dropped() -> None:
    """What the journal keeps no more is counted; what came of it stands by itself and says so."""
    async with sandbox_with(FakeWebhook(), journal_limit=1) as (app, http):
        link = LinkClient(http, account_of(app))
        await link.send(text="first")
        await ask(http, "POST", "/clock/advance?account=acc_link", {"seconds": 0.3})
        await link.send(text="second")
        await ask(http, "PUT", "/clock?account=acc_link", {"mode": "virtual"})
        found = await timeline(http)
        text = (await http.get("/_sandbox/timeline?account=acc_link&format=text&limit=1")).text
    assert found["dropped"] == {"requests": 2, "messages": 1, "callbacks": 0, "runs": 1, "interventions": 1}
    (callback,) = (root for root in found["items"] if root["type"] == "callback")
    assert callback["why"]["text"] == f"scenario run {callback['why']['id']}, which is kept no more"
    assert text.splitlines()[1:3] == [
        "… kept no more: requests 2, messages 1, runs 1, interventions 1 (the setting journal_limit keeps more)",
        "… 2 things before are left out",
    ]
    assert "the clock stands" in text


async def test_hostile_words(http: httpx.AsyncClient) -> None:
    """Whatever people, codes and globs are made of: a line stays a line, and no terminal is told anything."""
    hostile = "a\nb\x1b[31m\u202e"
    fault = {"account": "acc_mehery", "on": "callback", "match": {"user": hostile}, "effect": {"type": "drop"}}
    await ask(http, "POST", "/faults", fault, 201)
    action = {"account": "acc_mehery", "user": "919988776655", "sender": "wa360:918828218374"}
    tweak = {"set": {hostile: 1}}
    await ask(http, "POST", "/actions", {**action, "type": "action", "action_code": hostile, "callback": tweak}, 202)
    await ask(http, "POST", "/actions", {**action, "type": "say", "text": hostile}, 202)
    found = await ask(http, "GET", "/timeline", account="acc_mehery")
    said = [text for node in below(found["items"]) for text in (node["summary"], (node["why"] or {}).get("text", ""))]
    assert all(text.isprintable() for text in said)
    text = (await http.get("/_sandbox/timeline?account=acc_mehery&format=text")).text
    assert all(line.isprintable() for line in text.splitlines())


async def test_reset(http: httpx.AsyncClient) -> None:
    """An account that starts afresh has a timeline in which nothing has happened."""
    await say(http, "Hello")
    await ask(http, "POST", "/reset?account=acc_link", expects=204)
    assert (await timeline(http))["items"] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"name": "Blue"}, 'name = "Blue"', id="name"),
        pytest.param({"scenario": "opt-out"}, 'scenario = "opt-out"', id="scenario"),
        pytest.param({"settings": {"disabled": False}}, "settings.disabled = false", id="setting"),
        pytest.param({"settings": {"files": {}}}, "settings.files = …", id="a-setting-with-members"),
        pytest.param(
            {"webhook": {"url": "http://127.0.0.1:9/w", "headers": {"Authorization": "secret"}}},
            'webhook = "http://127.0.0.1:9/w"',
            id="webhook-without-headers",
        ),
        pytest.param({"webhook": {"headers": {"a": "secret"}}}, 'webhook = "…"', id="headers-alone"),
        pytest.param({"credentials": {"customer_id": "eap7"}}, "credentials = …", id="credentials-withheld"),
    ],
)
async def test_changes(http: httpx.AsyncClient, change: dict[str, Any], says: str) -> None:
    """A change of the account says what was changed, and no secret."""
    await ask(http, "PATCH", "/accounts/acc_link", change)
    assert summaries(await timeline(http)) == [f"account changed: {says}"]


async def test_what_operators_do(http: httpx.AsyncClient) -> None:
    """What is done to clock, tokens and faults is told as well; a fault for all accounts stands with each."""
    fault = {"on": "request", "effect": {"type": "rate_limit", "per_second": 5}, "probability": 0.5, "times": 2}
    armed = (await ask(http, "POST", "/faults", fault, 201))["id"]
    await ask(http, "DELETE", f"/faults/{armed}", expects=204)
    armed_again = (await ask(http, "POST", "/faults", {"account": "acc_link", **fault}, 201))["id"]
    await ask(http, "DELETE", "/faults?account=acc_link", expects=204)
    await ask(http, "DELETE", "/accounts/acc_link/authorization", expects=204)
    await ask(http, "POST", "/clock/advance", {"until": "idle"})
    await ask(http, "PUT", "/clock?account=acc_link", {"mode": "virtual", "now": "2031-01-02T00:00:00Z"})
    assert summaries(await timeline(http)) == [
        f"fault {armed} armed: rate_limit 5 on request, 2 times, with probability 0.5",
        f"fault {armed} disarmed",
        f"fault {armed_again} armed: rate_limit 5 on request, 2 times, with probability 0.5",
        f"fault {armed_again} disarmed",
        "every token issued so far was revoked",
        "the clock is moved on until idle",
        "the clock stands, at 2031-01-02 00:00:00 UTC",
    ]
    assert len((await ask(http, "GET", "/timeline", account="acc_rbm"))["items"]) == 3
    await ask(http, "PUT", "/clock?account=acc_link", {"mode": "real"})
    assert any(each.startswith("the clock runs with the machine's") for each in summaries(await timeline(http)))


async def test_others_are_answered_meanwhile(
    http: httpx.AsyncClient, link: LinkClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long timeline is made in pieces, between which everything else goes on; it is the same however many there are."""
    for number in range(40):
        await link.send(text=f"Hello {number}")
    await ask(http, "POST", "/clock/advance", {"seconds": 10})
    monkeypatch.setattr(piecemeal, "PIECE", 1000)
    whole = await ask(http, "GET", "/timeline", account="acc_link")
    monkeypatch.setattr(piecemeal, "PIECE", 0)
    reading = asyncio.create_task(ask(http, "GET", "/timeline", account="acc_link"))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0)
        turns += 1
    assert reading.result() == whole
    assert turns > len(list(every(whole["items"])))  # there is a pause behind each node, at the latest


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize("user", [None, USER])
async def test_changes_while_it_is_made(
    http: httpx.AsyncClient, link: LinkClient, monkeypatch: pytest.MonkeyPatch, form: str, user: str | None
) -> None:
    """Messages that come, runs that go on and a reset between two pieces do no harm."""
    params = {"account": "acc_link", "format": form, **({"user": user} if user else {})}
    for number in range(20):
        await link.send(text=f"Hello {number}")
    monkeypatch.setattr(piecemeal, "PIECE", 0)
    for pauses in range(0, 200, 7):
        reading = asyncio.create_task(http.get("/_sandbox/timeline", params=params))
        for _ in range(pauses):
            await asyncio.sleep(0)
        await ask(http, "POST", "/clock/advance", {"seconds": 0.2})
        await link.send(text="Hello once more")
        if pauses % 4 == 0:
            await ask(http, "POST", "/reset", expects=204, account="acc_link")
        assert (await reading).status_code == 200


def every(nodes: list[Any]) -> Iterator[Any]:
    """Yield nodes with all that came of them."""
    for node in nodes:
        yield node
        yield from every(node["children"])
