"""Lists: pages, cursors, and waiting for what is to come."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from calls import ask, items, sandbox_with, turns
from harness import USER, FakeWebhook, LinkClient, account_of
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.core.conversation import Message

OTHER_USER = "+4917612345678"


async def say(http: httpx.AsyncClient, text: str = "Hello", account: str = "acc_link", user: str = USER) -> str:
    """Have a person write; return the message's id."""
    action = {"account": account, "type": "say", "user": user, "text": text}
    return str((await ask(http, "POST", "/actions", action, 202))["messages"][0])


@pytest.mark.parametrize(
    ("query", "says"),
    [
        pytest.param({"wait": 0.01}, True, id="waited-for"),
        pytest.param({"count": 1}, True, id="counted"),
        pytest.param({}, False, id="looked-at"),
        pytest.param({"wait": 0.01, "count": 0}, False, id="not-to-come"),
        pytest.param({"wait": 0.01, "direction": "inbound"}, False, id="there"),
    ],
)
async def test_waiting_where_time_stands_still(
    app: App, http: httpx.AsyncClient, query: dict[str, Any], says: bool
) -> None:
    """What is waited for in vain may be waiting itself, for time to go on: that is said, and how it goes on."""
    await ask(http, "PUT", "/clock", {"mode": "virtual", "now": "2030-01-02T12:00:00Z"}, account="acc_link")
    page = await ask(http, "GET", "/messages", account="acc_link", direction="outbound", wait=0.01)
    assert "hint" not in page  # nothing waits for time
    action = {"account": "acc_link", "type": "say", "user": USER, "text": "Hi", "callback": {"delay": 60}}
    await ask(http, "POST", "/actions", action, 202)
    page = await ask(http, "GET", "/messages", **{"account": "acc_link", "direction": "outbound", **query})
    still = "time stands still at 2030-01-02T12:00:00.000Z while 1 waits for it"
    assert page.get("hint") == (f"{still}: POST /_sandbox/clock/advance moves it on" if says else None)


@pytest.mark.parametrize(
    "path", ["/messages", "/requests", "/callbacks", "/runs", "/accounts", "/faults", "/conversations"]
)
@pytest.mark.parametrize(
    ("parameter", "value", "status"),
    [
        pytest.param("limit", "0", 422, id="limit-0"),
        pytest.param("limit", "1", 200, id="limit-1"),
        pytest.param("limit", "1000", 200, id="limit-1000"),
        pytest.param("limit", "1001", 422, id="limit-1001"),
        pytest.param("limit", "1.5", 422, id="limit-fraction"),
        pytest.param("limit", "-1", 422, id="limit-negative"),
        pytest.param("limit", "ten", 422, id="limit-word"),
        pytest.param("limit", "١", 422, id="limit-other-digits"),
        pytest.param("limit", "9" * 5000, 422, id="limit-of-thousands-of-digits"),
        pytest.param("count", "0", 200, id="count-0"),
        pytest.param("count", "-1", 422, id="count-negative"),
        pytest.param("count", "100000", 200, id="count-beyond-the-limit"),
        pytest.param("wait", "0", 200, id="wait-0"),
        pytest.param("wait", "0.001", 200, id="wait-fraction"),
        pytest.param("wait", ".001", 200, id="wait-bare-fraction"),
        pytest.param("wait", "60.001", 422, id="wait-beyond-60"),
        pytest.param("wait", "-0.1", 422, id="wait-negative"),
        pytest.param("wait", "inf", 422, id="wait-infinite"),
        pytest.param("wait", "nan", 422, id="wait-nan"),
        pytest.param("wait", "1e1", 422, id="wait-exponent"),
        pytest.param("wait", "5s", 422, id="wait-with-a-unit"),
        pytest.param("after", "0", 200, id="after-0"),
        pytest.param("after", "999999999999999999", 200, id="after-beyond-all"),
        pytest.param("after", "x", 422, id="after-no-cursor"),
    ],
)
async def test_ranges(http: httpx.AsyncClient, path: str, parameter: str, value: str, status: int) -> None:
    """Every list takes the same parameters with the same ranges; out of them is 422."""
    body = await ask(http, "GET", path, expects=status, **{parameter: value})
    if status == 422:
        assert [error["path"] for error in body["errors"]] == [parameter]
    else:
        assert list(body)[:3] == ["items", "cursor", "dropped"]


async def test_wait_of_60_seconds_is_allowed(http: httpx.AsyncClient) -> None:
    """The longest wait is 60 seconds; one that is met at once takes no time."""
    await say(http)
    assert (await ask(http, "GET", "/messages", wait=60))["satisfied"] is True


async def test_satisfied_is_told_to_those_who_ask(http: httpx.AsyncClient) -> None:
    """`satisfied` answers `wait` and `count`; a plain list has no such member."""
    assert "satisfied" not in await ask(http, "GET", "/messages")
    assert (await ask(http, "GET", "/messages", count=1))["satisfied"] is False
    assert (await ask(http, "GET", "/messages", wait=0))["satisfied"] is False


async def test_pages_miss_nothing_and_repeat_nothing(http: httpx.AsyncClient) -> None:
    """Going on from each cursor gives every item once, the oldest first, also those that come meanwhile."""
    made = [await say(http, f"{number}") for number in range(5)]
    seen: list[str] = []
    cursor = "0"
    for _ in range(6):
        page = await ask(http, "GET", "/messages", limit=2, after=cursor)
        seen += [item["id"] for item in page["items"]]
        cursor = page["cursor"]
        if len(seen) == 4:
            made.append(await say(http, "meanwhile"))
    assert seen == made
    assert (await ask(http, "GET", "/messages", after=cursor))["cursor"] == cursor


async def test_cursor_of_an_empty_list_is_now(http: httpx.AsyncClient) -> None:
    """Where nothing matches, the cursor stands behind all there is: what comes from now on is behind it."""
    await say(http)
    cursor = (await ask(http, "GET", "/messages", user=OTHER_USER))["cursor"]
    assert await items(http, "/messages", after=cursor) == []
    assert await items(http, "/callbacks", after=cursor) == []
    after = await say(http, "from now on")
    assert [item["id"] for item in await items(http, "/messages", after=cursor)] == [after]


async def test_cursor_outlives_a_reset(http: httpx.AsyncClient) -> None:
    """What comes after a reset is behind every cursor from before."""
    for _ in range(5):
        await say(http)
    cursor = (await ask(http, "GET", "/messages"))["cursor"]
    await ask(http, "POST", "/reset", expects=204)
    await say(http, "again")
    assert [item["text"] for item in await items(http, "/messages", after=cursor)] == ["again"]


async def test_accounts_are_merged_in_order(http: httpx.AsyncClient) -> None:
    """Without `account` a list has the items of all, in the order they came; with it, those of one."""
    other = (await ask(http, "POST", "/accounts", {"provider": "link"}, 201))["id"]
    first, second, third = await say(http), await say(http, account=other), await say(http)
    assert [item["id"] for item in await items(http, "/messages")] == [first, second, third]
    assert [item["id"] for item in await items(http, "/messages", account="acc_link")] == [first, third]
    assert [item["id"] for item in await items(http, "/messages", account=other)] == [second]
    assert [item["account"] for item in await items(http, "/callbacks")] == ["acc_link", other, "acc_link"]
    assert {item["account"] for item in await items(http, "/conversations", account=other)} == {other}


async def test_dropped() -> None:
    """What was let go for want of room is counted; a cursor from before it goes on with what is left."""
    async with sandbox_with(journal_limit=3) as (_, http):
        for number in range(5):
            await say(http, f"{number}")
        page = await ask(http, "GET", "/messages")
        assert [item["text"] for item in page["items"]] == ["2", "3", "4"]
        assert page["dropped"] == 2
        assert (await ask(http, "GET", "/messages", account="acc_link"))["dropped"] == 2


# ------------------------------------------------------------------------------------------------------- waiting


async def waiting(http: httpx.AsyncClient, path: str = "/messages", **params: Any) -> asyncio.Task[Any]:
    """Begin to wait."""
    task = asyncio.create_task(ask(http, "GET", path, **{"wait": 5, **params}))
    await turns()
    assert not task.done()
    return task


async def test_wait_ends_when_something_comes(http: httpx.AsyncClient) -> None:
    """A wait is over as soon as an item matches."""
    task = await waiting(http, user=OTHER_USER)
    await say(http)
    made = await say(http, user=OTHER_USER)
    page = await task
    assert (page["satisfied"], [item["id"] for item in page["items"]]) == (True, [made])


async def test_wait_for_several(http: httpx.AsyncClient) -> None:
    """With `count`, a wait is over when so many match, those from before included."""
    await say(http)
    task = await waiting(http, count=3)
    await say(http)
    await turns()
    assert not task.done()
    await say(http)
    assert len((await task)["items"]) == 3


async def test_wait_for_more_than_a_page(http: httpx.AsyncClient) -> None:
    """`count` may be beyond `limit`: the page is full, and the rest is behind the cursor."""
    for _ in range(4):
        await say(http)
    page = await ask(http, "GET", "/messages", wait=1, count=4, limit=3)
    assert (page["satisfied"], len(page["items"])) == (True, 3)
    assert len(await items(http, "/messages", after=page["cursor"])) == 1
    assert (await ask(http, "GET", "/messages", count=5, limit=3))["satisfied"] is False


async def test_wait_that_comes_to_nothing(http: httpx.AsyncClient) -> None:
    """At the deadline the answer has what there is."""
    await say(http)
    page = await ask(http, "GET", "/messages", wait=0.01, count=2)
    assert (page["satisfied"], len(page["items"])) == (False, 1)


async def test_wait_from_now_on(http: httpx.AsyncClient) -> None:
    """With `after`, only what comes behind the cursor counts."""
    await say(http)
    cursor = (await ask(http, "GET", "/messages"))["cursor"]
    task = await waiting(http, after=cursor)
    made = await say(http)
    assert [item["id"] for item in (await task)["items"]] == [made]


async def test_nothing_comes(http: httpx.AsyncClient) -> None:
    """`count=0` asserts that nothing comes, and holds at the deadline."""
    page = await ask(http, "GET", "/callbacks", wait=0.01, count=0)
    assert (page["satisfied"], page["items"]) == (True, [])


async def test_something_comes_where_nothing_should(http: httpx.AsyncClient) -> None:
    """`count=0` is answered early, unsatisfied, as soon as something comes, with what it was."""
    task = await waiting(http, "/callbacks", count=0)
    await say(http)
    page = await task
    assert (page["satisfied"], page["items"][0]["kind"]) == (False, "message.TEXT")


async def test_nothing_from_now_on(http: httpx.AsyncClient) -> None:
    """`count=0` looks at the whole list unless `after` says from where."""
    await say(http)
    assert (await ask(http, "GET", "/messages", wait=0.01, count=0))["satisfied"] is False
    cursor = (await ask(http, "GET", "/messages"))["cursor"]
    assert (await ask(http, "GET", "/messages", wait=0.01, count=0, after=cursor))["satisfied"] is True


async def test_wait_for_a_change(http: httpx.AsyncClient, link: LinkClient) -> None:
    """A filter on what changes is asked again at every change."""
    await link.send(text="Hello")
    task = await waiting(http, status="read")
    await ask(http, "POST", "/clock/advance", {"seconds": 0.5})
    await turns()
    assert not task.done()
    await ask(http, "POST", "/clock/advance", {"seconds": 0.5})
    assert [item["status"] for item in (await task)["items"]] == ["read"]


async def test_a_change_does_not_bring_an_item_behind_the_cursor(http: httpx.AsyncClient, link: LinkClient) -> None:
    """A cursor is a place in the order of arrival; what changes stays where it is."""
    await link.send(text="Hello")
    cursor = (await ask(http, "GET", "/messages"))["cursor"]
    await ask(http, "POST", "/clock/advance", {"seconds": 10})
    assert await items(http, "/messages", after=cursor) == []


async def test_wait_for_a_new_account(http: httpx.AsyncClient) -> None:
    """Accounts are a list as well, and items of accounts made meanwhile count."""
    cursor = (await ask(http, "GET", "/accounts"))["cursor"]
    accounts, messages = await waiting(http, "/accounts", after=cursor), await waiting(http)
    made = (await ask(http, "POST", "/accounts", {"provider": "link"}, 201))["id"]
    assert [item["id"] for item in (await accounts)["items"]] == [made]
    await say(http, account=made)
    assert (await messages)["items"][0]["account"] == made


async def test_wait_across_a_reset(http: httpx.AsyncClient) -> None:
    """A wait goes on over a reset and hears of what comes to the account that begins again."""
    task = await waiting(http, account="acc_link")
    await ask(http, "POST", "/reset", expects=204)
    made = await say(http)
    assert [item["id"] for item in (await task)["items"]] == [made]


async def test_wait_for_an_account_that_goes(http: httpx.AsyncClient) -> None:
    """An account that is deleted meanwhile has nothing any more: who waits is answered at once."""
    nothing = await waiting(http, account="acc_link", wait=60, count=0)
    something = await waiting(http, account="acc_link", wait=60)
    await ask(http, "DELETE", "/accounts/acc_link", expects=204)
    async with asyncio.timeout(5):
        assert (await nothing)["satisfied"] is True
        assert (await something)["satisfied"] is False


async def test_wait_ends_with_the_sandbox(app: App, http: httpx.AsyncClient) -> None:
    """Who waits when the server stops is told so, not that nothing came."""
    task = asyncio.create_task(ask(http, "GET", "/messages", wait=5, count=0, expects=503))
    await turns()
    app.stop()
    assert (await task)["detail"] == "the sandbox stops"
    await ask(http, "GET", "/messages", wait=5, expects=503)


async def test_client_that_goes_stops_waiting(app: App, account: Account) -> None:
    """When the client disconnects, nothing goes on waiting and nothing is answered."""
    gone = asyncio.Event()
    came = [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[Any] = []

    async def receive() -> Any:
        if came:
            return came.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/_sandbox/messages",
        "query_string": b"wait=60",
        "headers": [(b"host", b"localhost")],
    }
    call = asyncio.create_task(app(scope, receive, send))
    await turns()
    assert len(app.sandbox.stream._listeners) == 1
    gone.set()
    await call
    await turns()
    assert (sent, app.sandbox.stream._listeners) == ([], set())


async def test_fleeting_items_are_not_counted_twice(http: httpx.AsyncClient, app: App, webhook: FakeWebhook) -> None:
    """Copies of a callback are items of their own."""
    fault = {"account": "acc_link", "on": "callback", "effect": {"type": "duplicate", "copies": 2}, "times": 1}
    await ask(http, "POST", "/faults", fault, 201)
    task = await waiting(http, "/callbacks", count=3, state="delivered")
    await say(http)
    found = (await task)["items"]
    assert len({item["id"] for item in found}) == len(webhook.received) == 3
    assert account_of(app).journal.callbacks.dropped == 0


async def test_place_of_every_kind(http: httpx.AsyncClient, link: LinkClient, account: Account) -> None:
    """Whatever is listed has a place of its own in the one order of all things."""
    await link.send(text="Hello")
    fault = {"account": "acc_link", "on": "request", "effect": {"type": "hang"}}
    await ask(http, "POST", "/faults", fault, 201)
    messages: list[Message] = list(account.journal.messages)
    places = [account.seq, messages[0].seq, next(iter(account.faults)).seq]
    places += [record.seq for feed in (account.journal.requests, account.journal.runs) for record in feed]
    assert len(set(places)) == len(places)
    assert min(places) == account.seq
