"""Statuses: their order, their times, what is told of each, and whom."""

from __future__ import annotations

from typing import Any

import pytest

from harness import FakeWebhook
from mehery_shapes import complaints
from mehery_tenant import JOHN, Tenant
from sandbox.core.conversation import Message
from sandbox.engine.actions import InvalidActionError
from sandbox.providers.mehery import statuses
from sandbox.providers.mehery.vocabulary import STATUSES

pytestmark = pytest.mark.anyio

SESSION = {"sessionId": "61f3810a02e14c0877fc1a32"}
REFUSALS = ("FAILD", "CCWIN", "BLCKD", "LIMIT", "NSENT", "SENT_ERR", "SENT_EXC")


async def send(tenant: Tenant, queue: str = "external_bot", **members: Any) -> Message:
    """Send a text to John and return the message."""
    body = {"channelId": "wa360:918828218374", "type": "text", "to": {"contactId": JOHN}, "text": {"body": "Hello"}}
    response = await tenant.post("/message/send", {**body, **members}, tenant.key(queue))
    assert response.status_code == 200
    return list(tenant.account.journal.messages)[-1]


async def chat(tenant: Tenant) -> dict[str, Any]:
    """Return the newest message of John's session, as `session/messages` tells it."""
    response = await tenant.post("/session/messages", SESSION)
    newest: dict[str, Any] = response.json()["results"][-1]
    return newest


def told(tenant: Tenant) -> list[str]:
    """Return the statuses that the webhook heard of, in order."""
    return [body["statuses"][0]["status"] for body in tenant.bodies() if body["type"] == "statuses"]


# ---------------------------------------------------------------------------------------------------------- the machine


@pytest.mark.parametrize(
    ("at", "word", "path"),
    [
        pytest.param("CRTD", "INIT", ("INIT",), id="MEH-STAT-01-crtd-init"),
        pytest.param("INIT", "SENT", ("SENT",), id="MEH-STAT-01-init-sent"),
        pytest.param("SENT", "DLVRD", ("DLVRD",), id="MEH-STAT-01-sent-dlvrd"),
        pytest.param("DLVRD", "READ", ("READ",), id="MEH-STAT-01-dlvrd-read"),
        pytest.param("SENT", "READ", ("DLVRD", "READ"), id="MEH-STAT-01-read-sends-dlvrd-first"),
        pytest.param("INIT", "READ", ("SENT", "DLVRD", "READ"), id="MEH-STAT-01-read-sends-all-that-is-missing"),
        pytest.param("READ", "DLVRD", (), id="MEH-STAT-01-what-is-behind-is-not-told-again"),
        *(pytest.param("INIT", word, (word,), id=f"MEH-STAT-01-init-{word.lower()}") for word in REFUSALS),
        pytest.param("SENT", "FAILD", ("FAILD",), id="MEH-STAT-01-sent-faild"),
        *(
            pytest.param(at, "DELTD", ("DELTD",), id=f"MEH-STAT-01-{at.lower()}-deltd")
            for at in ("SENT", "DLVRD", "READ")
        ),
        pytest.param("FAILD", "FAILD", (), id="MEH-STAT-01-the-same-again-is-nothing"),
        pytest.param("INIT", "SCHLD", ("SCHLD",), id="MEH-STAT-01-schld"),
        pytest.param("SCHLD", "SENT", ("SENT",), id="MEH-STAT-01-schld-sent"),
    ],
)
def test_meh_stat_01(at: str, word: str, path: tuple[str, ...]) -> None:
    """A message goes through its statuses in order; what is missing in between comes first."""
    assert statuses.path_to(word, at) == path


@pytest.mark.parametrize(
    ("at", "word"),
    [
        *(
            pytest.param(at, word, id=f"MEH-STAT-01-{at.lower()}-is-final-for-{word.lower()}")
            for at in (*REFUSALS, "DELTD", "SENTX_ERR")
            for word in ("SENT", "READ")
        ),
        pytest.param("DELTD", "FAILD", id="MEH-STAT-01-deltd-is-final"),
        pytest.param("DLVRD", "FAILD", id="MEH-STAT-01-what-arrived-does-not-fail"),
        pytest.param("READ", "CCWIN", id="MEH-STAT-01-what-was-read-was-not-stopped"),
        pytest.param("INIT", "DELTD", id="MEH-STAT-01-what-was-not-sent-is-not-deleted"),
    ],
)
def test_meh_stat_01_never(at: str, word: str) -> None:
    """Terminal statuses stay, and what comes in another order is refused."""
    with pytest.raises(ValueError, match=f"a message that is {at} does not become {word}"):
        statuses.path_to(word, at)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        *(pytest.param(word, word, id=f"MEH-STAT-02-{word}-as-it-is") for word in ("SENT", "DLVRD", "READ", "DELTD")),
        *(pytest.param(word, "FAILD", id=f"MEH-STAT-02-{word}-is-FAILD") for word in REFUSALS),
        *(pytest.param(word, None, id=f"MEH-STAT-02-{word}-is-not-told") for word in ("CRTD", "INIT", "SCHLD")),
    ],
)
def test_meh_stat_02(word: str, told: str | None) -> None:
    """Callbacks know five statuses."""
    assert word in STATUSES
    assert statuses.TOLD.get(word) == told


@pytest.mark.parametrize(
    ("word", "code", "title", "expected"),
    [
        pytest.param("LIMIT", None, None, ("429", "Rate limit hit."), id="MEH-STAT-03-limit"),
        pytest.param("NSENT", None, None, ("408", "Message is not valid."), id="MEH-STAT-03-nsent"),
        pytest.param("SENT_ERR", None, None, ("500", "Generic error."), id="MEH-STAT-03-sent-err"),
        pytest.param("SENT_EXC", None, None, ("500", "Generic error."), id="MEH-STAT-03-sent-exc"),
        pytest.param("FAILD", "471", None, ("471", "Spam rate limit hit."), id="MEH-STAT-03-a-known-code"),
        pytest.param("FAILD", "9", None, ("9", "Generic error."), id="MEH-STAT-03-an-unknown-code"),
        pytest.param("FAILD", "9", "Nope", ("9", "Nope"), id="MEH-STAT-03-a-title-of-ones-own"),
    ],
)
def test_meh_stat_03(word: str, code: str | None, title: str | None, expected: tuple[str, str]) -> None:
    """A failure has a code and a title, and the page that explains codes."""
    error = statuses.error_of(word, code, title)
    assert (error["code"], error["title"]) == expected
    assert (error["details"], error["href"]) == ("", statuses.HREF)
    assert complaints(error, "MessageReportError") == []


# ------------------------------------------------------------------------------------------------------------ its times


async def test_meh_stat_04(tenant: Tenant) -> None:
    """SENT comes after 0.2 s, DLVRD at 0.5 s and READ at 1.5 s, each in a callback of its own, none earlier."""
    await send(tenant)
    for wait, expected in [
        (0.199, []),
        (0.001, ["SENT"]),
        (0.299, ["SENT"]),
        (0.001, ["SENT", "DLVRD"]),
        (0.999, ["SENT", "DLVRD"]),
        (0.001, ["SENT", "DLVRD", "READ"]),
        (600.0, ["SENT", "DLVRD", "READ"]),
    ]:
        await tenant.advance(wait)
        assert told(tenant) == expected
    assert all(len(body["statuses"]) == 1 and body["statuses"][0]["errors"] == [] for body in tenant.bodies())
    assert [complaints(body["statuses"][0], "InBoundMsgStatus") for body in tenant.bodies()] == [[], [], []]


@pytest.mark.parametrize(
    ("delays", "expected"),
    [
        pytest.param({"READ": None}, [("SENT", 200), ("DLVRD", 500)], id="MEH-STAT-04-read-is-left-to-people"),
        pytest.param(
            {"SENT": 1, "DLVRD": 2, "READ": 60},
            [("SENT", 1000), ("DLVRD", 2000), ("READ", 60_000)],
            id="MEH-STAT-04-other-times",
        ),
        pytest.param({"SENT": None, "DLVRD": None, "READ": None}, [], id="MEH-STAT-04-none-at-all"),
        pytest.param(
            {"SENT": None}, [("SENT", 500), ("DLVRD", 500), ("READ", 1500)], id="MEH-STAT-04-sent-comes-with-dlvrd"
        ),
    ],
)
async def test_status_delays(delays: dict[str, Any], expected: list[tuple[str, int]], tenant: Tenant) -> None:
    """Each delay can be set, and each status left out."""
    tenant.configure(status_delays=delays)
    message = await send(tenant)
    await tenant.advance(120)
    start = int(message.at.timestamp() * 1000)
    found = [body["statuses"][0] for body in tenant.bodies()]
    assert [(one["status"], one["timestamp"] - start) for one in found] == expected


async def test_meh_stat_05(tenant: Tenant) -> None:
    """MEH-STAT-05: the channel's id is known from SENT on, and stays the same; before, it is null."""
    await send(tenant)
    assert (await chat(tenant))["messageIdExt"] is None
    await tenant.advance(5)
    found = {body["statuses"][0]["messageIdExt"] for body in tenant.bodies()}
    assert found == {(await chat(tenant))["messageIdExt"]}
    assert all(isinstance(one, str) and len(one) == 27 for one in found)


@pytest.mark.parametrize(
    ("queue", "url"),
    [
        pytest.param("external_bot", "http://127.0.0.1:9/webhook", id="MEH-STAT-06-external-bot"),
        pytest.param("billing_bot", "http://127.0.0.1:9/billing", id="MEH-STAT-06-billing-bot"),
        pytest.param("agent_desk", None, id="MEH-STAT-06-an-agent-app-is-told-nothing"),
        pytest.param("basic_bot", None, id="MEH-STAT-06-a-bot-app-is-told-nothing"),
    ],
)
async def test_meh_stat_06(queue: str, url: str | None, tenant: Tenant) -> None:
    """Statuses go to the app that sent the message, whatever the session's queue."""
    tenant.configure(apps={"billing_bot": {"webhook": "http://127.0.0.1:9/billing"}})
    await send(tenant, queue)
    await tenant.advance(5)
    assert [received.url for received in tenant.webhook.received] == ([url] * 3 if url else [])
    assert (await chat(tenant))["status"] == "READ"
    if url is not None:
        app = tenant.world.apps[queue]
        assert {body["meta"]["appId"] for body in tenant.bodies(url)} == {tenant.world.id_of(app)}  # MEH-CB-08


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        pytest.param(200, "FORWARDED", id="MEH-STAT-07-taken"),
        pytest.param(204, "FORWARDED", id="MEH-STAT-07-any-2xx"),
        pytest.param(500, "FORWARD_ERR", id="MEH-STAT-07-refused"),
        pytest.param(302, "FORWARD_ERR", id="MEH-STAT-07-redirected"),
    ],
)
async def test_meh_stat_07(answer: int, status: str, tenant: Tenant, webhook: FakeWebhook) -> None:
    """What a person wrote is RECEIVD, and FORWARDED or FORWARD_ERR when its callback is done with."""
    webhook.answers = [answer]
    await tenant.does("say", text="Hi")
    found = await chat(tenant)
    assert (found["type"], found["status"]) == ("I", status)
    assert sorted(found["stamps"]) == sorted(["RECEIVD", status])


async def test_meh_stat_07_nobody_listens(tenant: Tenant) -> None:
    """Without a webhook a message stays RECEIVD."""
    tenant.account.webhook = None
    await tenant.does("say", text="Hi")
    assert (await chat(tenant))["status"] == "RECEIVD"


async def test_meh_stat_07_of_a_status(tenant: Tenant, webhook: FakeWebhook) -> None:
    """A status callback that fails is noted in the log of its message, whose own status goes on."""
    webhook.answers = [200, 503]
    await send(tenant)
    await tenant.advance(5)
    found = await chat(tenant)
    assert found["status"] == "READ"
    assert [(one["status"], one["callbackStatus"]) for one in found["logs"]] == [("STATUS_FORWARD_ERR", "DLVRD")]
    assert list(found["stamps"]) == ["CRTD", "INIT", "SENT", "DLVRD", "READ"]


# ------------------------------------------------------------------------------------------------------------ by script


@pytest.mark.parametrize(
    ("wish", "expected", "status"),
    [
        pytest.param({"type": "read"}, ["SENT", "DLVRD", "READ"], "READ", id="MEH-STAT-01-read-at-once"),
        pytest.param({"type": "deliver"}, ["SENT", "DLVRD"], "DLVRD", id="MEH-STAT-01-deliver-at-once"),
        pytest.param({"type": "fail", "code": "402"}, ["FAILD"], "FAILD", id="MEH-STAT-03-fail"),
        *(
            pytest.param({"type": "receipt", "status": word}, ["FAILD"], word, id=f"MEH-STAT-02-{word}-by-script")
            for word in REFUSALS
        ),
        pytest.param({"type": "receipt", "status": "SCHLD"}, [], "SCHLD", id="MEH-STAT-02-SCHLD-by-script"),
        pytest.param({"type": "receipt", "status": "SENTX"}, [], "SENTX", id="MEH-STAT-02-SENTX-by-script"),
    ],
)
async def test_by_script(wish: dict[str, Any], expected: list[str], status: str, tenant: Tenant) -> None:
    """A script brings a message to any status, with what is missing before it."""
    tenant.silence()
    await send(tenant)
    await tenant.does(wish.pop("type"), **wish)
    assert told(tenant) == expected
    assert (await chat(tenant))["status"] == status


async def test_history_has_what_was_missing(tenant: Tenant) -> None:
    """The message's own history tells of the statuses in between as well."""
    tenant.silence()
    message = await send(tenant)
    await tenant.does("read")
    assert [(one.status, one.provider_status) for one in message.history] == [
        ("sent", "SENT"),
        ("delivered", "DLVRD"),
        ("read", "READ"),
    ]


async def test_terminal_by_script(tenant: Tenant) -> None:
    """Nothing becomes of a deleted message, even where a script insists; nor of a note."""
    message = await send(tenant)
    await tenant.advance(5)
    await tenant.does("receipt", status="DELTD")
    assert told(tenant)[-1] == "DELTD"
    with pytest.raises(InvalidActionError, match="DELTD is final"):
        await tenant.does("read", message=message.id)
    note = await send(tenant, type="system")
    with pytest.raises(InvalidActionError, match="a note in the session"):
        await tenant.does("deliver", message=note.id)


async def test_unknown_word(tenant: Tenant) -> None:
    """A receipt has one of the document's words."""
    await send(tenant)
    with pytest.raises(InvalidActionError, match="'DELIVERED' is none of MeherY's statuses"):
        await tenant.does("receipt", status="DELIVERED")


async def test_code_and_title_by_script(tenant: Tenant) -> None:
    """A script may give any code and title."""
    tenant.silence()
    await send(tenant)
    await tenant.does("receipt", status="NSENT", code="131", detail="Blocked by policy")
    (error,) = tenant.bodies()[-1]["statuses"][0]["errors"]
    assert (error["code"], error["title"]) == ("131", "Blocked by policy")
