"""Callbacks: one POST for each message, its keys and values, what acknowledges it and what comes after (RBM-CB)."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from calls import ask, sandbox_with
from harness import NOON, FakeWebhook, account_of
from rbm_agent import JOHN, MEI, YES, Agent
from sandbox.core.content import Other
from sandbox.core.conversation import Body, Conversation
from sandbox.core.events import UserReplied, UserTyped
from sandbox.providers import rbm
from sandbox.providers.rbm.callbacks import timestamp
from sandbox.sandbox import AccountChanges, AccountSpec
from sandbox.webhook_client import DeliveryError

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "text": ("say", {"text": "Gr\u00fc\u00dfe \U0001f600"}),
    "suggestion": ("tap", {"suggestion": YES}),
    "file": ("send_file", {"sample": "invoice.pdf"}),
    "location": ("share_location", {"latitude": 19.076, "longitude": 72.8777}),
}


@pytest.mark.parametrize("kind", [pytest.param(kind, id=f"RBM-CB-01-{kind}") for kind in KINDS])
async def test_one_post(agent: Agent, kind: str) -> None:
    """A message is one POST to the webhook of one JSON object, in UTF-8."""
    deed, members = KINDS[kind]
    await agent.gets(deed, **members)
    (received,) = agent.webhook.received
    assert received.url == "http://127.0.0.1:9/webhook"
    assert received.encoded.content_type == "application/json"
    assert received.encoded.parts is None
    assert isinstance(json.loads(received.encoded.body.decode("utf-8")), dict)
    assert [callback.kind for callback in agent.callbacks] == [kind]
    assert rbm.PROVIDER.callback_kinds == tuple(KINDS)


@pytest.mark.parametrize("kind", [pytest.param(kind, id=f"RBM-CB-02-{kind}") for kind in KINDS])
async def test_seven_keys(agent: Agent, kind: str) -> None:
    """Seven keys, none of them null, and of the four contents the one that the type names."""
    deed, members = KINDS[kind]
    told = await agent.gets(deed, **members)
    assert told.keys() == {"agent", "phone", "request_id", "session_id", "type", kind, "timestamp"}
    assert (told["agent"], told["phone"], told["type"]) == ("SandboxAgent", JOHN, kind)
    assert None not in told.values()
    assert UUID.fullmatch(told["request_id"])
    assert UUID.fullmatch(told["session_id"])


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        pytest.param("text", "Gr\u00fc\u00dfe \U0001f600", id="RBM-CB-02-the-text-itself"),
        pytest.param(
            "suggestion",
            {"type": "reply", "postback": "confirm_yes", "text": "Yes"},
            id="RBM-CB-02-a-suggestion-of-three",
        ),
        pytest.param("location", {"latitude": 19.076, "longitude": 72.8777}, id="RBM-CB-02-a-location-of-two"),
    ],
)
async def test_contents(agent: Agent, kind: str, content: Any) -> None:
    """Each content is as documented, and has no key more."""
    deed, members = KINDS[kind]
    assert (await agent.gets(deed, **members))[kind] == content


async def test_nothing_else_slips_in(agent: Agent) -> None:
    """RBM-CB-02: a caption, the name of a place and a voice message have no key."""
    file = await agent.gets("send_file", sample="voice.mp3", caption="Listen", voice=True)
    assert file["file"]["document"].keys() == {"mimeType", "fileSizeBytes", "fileUri", "fileName"}
    place = await agent.gets("share_location", latitude=1, longitude=2, name="Home", address="Here")
    assert place["location"] == {"latitude": 1, "longitude": 2}


@pytest.mark.parametrize("count", [pytest.param(50, id="RBM-CB-03-of-hundred-messages-no-two")])
async def test_request_ids(agent: Agent, second: Agent, count: int) -> None:
    """No two messages have one request_id, of whatever agent and phone they are."""
    for number in range(count):
        agent.does("say", JOHN if number % 2 else MEI, text="Hello")
        second.does("say", JOHN, text="Hello")
    await agent.settle()
    await second.settle()
    assert len({body["request_id"] for body in agent.bodies}) == len(agent.bodies) == 2 * count


@pytest.mark.parametrize("again", [pytest.param(1, id="RBM-CB-03-a-retry-repeats-it")])
async def test_a_retry_is_the_same(agent: Agent, again: int) -> None:
    """A retry is the first attempt byte for byte: request_id and timestamp do not change (RBM-CB-04)."""
    agent.webhook.answers = [500]
    agent.does("say", text="Hello")
    await agent.advance(again)
    first, retry = agent.webhook.received
    assert first == retry


async def test_the_same_seed_gives_the_same_ids() -> None:
    """RBM-CB-03: ids come of the seed, and what else is drawn does not change them."""
    told = []
    for draws in (0, 3):
        webhook = FakeWebhook()
        async with sandbox_with(webhook, webhook_url="http://127.0.0.1:9/w") as (app, http):
            for _ in range(draws):
                account_of(app, "acc_rbm").ids.uuid4()
            agent = Agent(app, http, account_of(app, "acc_rbm"), webhook)
            told.append(await agent.gets("say", text="Hello"))
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("at", "written"),
    [
        pytest.param(
            datetime(2024, 6, 24, 6, 42, 16, 950_000, UTC), "2024-06-24T06:42:16.950Z", id="RBM-CB-04-as-shown"
        ),
        pytest.param(datetime(2024, 6, 24, 6, 42, 16, 0, UTC), "2024-06-24T06:42:16.000Z", id="RBM-CB-04-whole-second"),
        pytest.param(datetime(2024, 6, 24, 6, 42, 16, 999, UTC), "2024-06-24T06:42:16.000Z", id="RBM-CB-04-under-a-ms"),
        pytest.param(datetime(2024, 6, 24, 6, 42, 16, 1000, UTC), "2024-06-24T06:42:16.001Z", id="RBM-CB-04-one-ms"),
        pytest.param(
            datetime(2024, 6, 24, 12, 12, 16, 950_000, timezone(timedelta(hours=5.5))),
            "2024-06-24T06:42:16.950Z",
            id="RBM-CB-04-in-utc",
        ),
    ],
)
def test_timestamps(at: datetime, written: str) -> None:
    """UTC, always three digits of milliseconds."""
    assert timestamp(at) == written


@pytest.mark.parametrize("delay", [pytest.param(60, id="RBM-CB-04-when-it-was-sent")])
async def test_a_delayed_callback_tells_when_it_was_sent(agent: Agent, delay: int) -> None:
    """A callback that comes late, or again, tells the time of the message on the account's clock."""
    agent.webhook.answers = [500]
    await agent.advance(0.25)
    agent.does("say", text="Hello", callback={"delay": delay})
    await agent.advance(delay + 1)
    assert [body["timestamp"] for body in agent.bodies] == ["2030-01-02T12:00:00.250Z"] * 2


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        pytest.param(200, "delivered", id="RBM-CB-05-200"),
        pytest.param(201, "retrying", id="RBM-CB-05-201-is-none"),
        pytest.param(202, "retrying", id="RBM-CB-05-202-is-none"),
        pytest.param(204, "retrying", id="RBM-CB-05-204-is-none"),
        pytest.param(199, "retrying", id="RBM-CB-05-199-is-none"),
        pytest.param(301, "retrying", id="RBM-CB-05-301-is-none"),
        pytest.param(400, "retrying", id="RBM-CB-05-400-is-none"),
        pytest.param(410, "retrying", id="RBM-CB-05-410-is-none"),
        pytest.param(500, "retrying", id="RBM-CB-05-500-is-none"),
        pytest.param(DeliveryError("timeout", "no answer"), "retrying", id="RBM-CB-05-too-late"),
        pytest.param(DeliveryError("refused", "nobody listens"), "retrying", id="RBM-CB-05-nobody-listens"),
        pytest.param(DeliveryError("blocked", "by the rule"), "blocked", id="RBM-CB-05-never-sent"),
    ],
)
async def test_what_acknowledges(agent: Agent, answer: int | Exception, state: str) -> None:
    """A 200 acknowledges; every other answer, and none at all, is a failure."""
    agent.webhook.answers = [answer]
    await agent.gets("say", text="Hello")
    assert [callback.state for callback in agent.callbacks] == [state]


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        pytest.param({"url": "http://127.0.0.1:9/"}, 10.0, id="RBM-CB-05-ten-seconds"),
        pytest.param({"url": "http://127.0.0.1:9/", "timeout": 2.5}, 2.5, id="RBM-CB-05-as-configured"),
        pytest.param(None, 10.0, id="RBM-CB-05-without-a-webhook"),
    ],
)
async def test_how_long_an_answer_may_take(agent: Agent, given: dict[str, Any] | None, seconds: float) -> None:
    """An attempt has ten seconds, or those of the webhook."""
    agent.app.sandbox.change_account(agent.account, AccountChanges(webhook=given))
    assert rbm.PROVIDER.delivery(agent.account).timeout == seconds


@pytest.mark.parametrize(
    ("retries", "times"),
    [
        pytest.param(None, [0, 1, 6, 21], id="RBM-CB-06-after-1-5-and-15-seconds"),
        pytest.param([], [0], id="RBM-CB-06-no-retry"),
        pytest.param([0.5], [0, 0.5], id="RBM-CB-06-one-retry"),
        pytest.param([2, 2, 2, 2], [0, 2, 4, 6, 8], id="RBM-CB-06-more-than-three"),
    ],
)
async def test_retries(agent: Agent, retries: list[float] | None, times: list[float]) -> None:
    """A failing webhook is tried again by the schedule, and not once more."""
    if retries is not None:
        agent.configure(callback_retries=retries)
    agent.webhook.answers = [500] * 20
    agent.does("say", text="Hello")
    await agent.advance(3600)
    (callback,) = agent.callbacks
    assert [(attempt.at - NOON).total_seconds() for attempt in callback.attempts] == times
    assert callback.state == "failed"


@pytest.mark.parametrize(
    ("second", "attempts"),
    [
        pytest.param(0.999, 1, id="RBM-CB-06-just-before-the-first-retry"),
        pytest.param(1.0, 2, id="RBM-CB-06-at-the-first-retry"),
        pytest.param(5.999, 2, id="RBM-CB-06-just-before-the-second"),
        pytest.param(6.0, 3, id="RBM-CB-06-at-the-second"),
        pytest.param(20.999, 3, id="RBM-CB-06-just-before-the-third"),
        pytest.param(21.0, 4, id="RBM-CB-06-at-the-third"),
    ],
)
async def test_retries_come_on_time(agent: Agent, second: float, attempts: int) -> None:
    """No retry comes before its time."""
    agent.webhook.answers = [500] * 4
    agent.does("say", text="Hello")
    await agent.advance(second)
    assert len(agent.webhook.received) == attempts


@pytest.mark.parametrize("failures", [pytest.param(2, id="RBM-CB-07-a-retry-holds-back-later-ones")])
async def test_order(agent: Agent, failures: int) -> None:
    """What a phone sends while an earlier message of it is retried waits; another phone's does not."""
    agent.webhook.answers = [500]
    agent.does("say", JOHN, text="1")
    await agent.settle()
    agent.webhook.answers = [200, 500]
    agent.does("say", JOHN, text="2")
    agent.does("say", MEI, text="other")
    await agent.settle()
    assert agent.texts == ["1", "other"]
    await agent.advance(1)
    assert agent.texts == ["1", "other", "1"]
    await agent.advance(5)
    assert agent.texts == ["1", "other", "1", "1", "2"]


@pytest.mark.parametrize("number", [pytest.param(20, id="RBM-CB-07-a-burst-comes-in-order")])
async def test_a_burst(agent: Agent, number: int) -> None:
    """Many messages at once arrive in the order they were sent."""
    for one in range(number):
        agent.does("say", text=str(one))
    await agent.settle()
    assert agent.texts == [str(one) for one in range(number)]


@pytest.mark.parametrize("agents", [pytest.param(2, id="RBM-CB-07-another-agent-is-not-held-back")])
async def test_agents_do_not_wait_for_one_another(agent: Agent, second: Agent, agents: int) -> None:
    """The same phone's messages to two agents have nothing to do with one another."""
    agent.webhook.answers = [500]
    agent.does("say", text="1")
    await agent.settle()
    await second.gets("say", text="2")
    assert agent.texts == ["1", "2"]


@pytest.mark.parametrize(
    ("sample", "media", "mime_type"),
    [
        pytest.param("photo.jpg", "image", "image/jpeg", id="RBM-CB-08-image"),
        pytest.param("clip.mp4", "video", "video/mp4", id="RBM-CB-08-video"),
        pytest.param("invoice.pdf", "document", "application/pdf", id="RBM-CB-08-document"),
    ],
)
async def test_files_are_served(agent: Agent, sample: str, media: str, mime_type: str) -> None:
    """The fileUri serves as many bytes as were told, under the MIME type that was told, to anybody."""
    told = (await agent.gets("send_file", sample=sample))["file"][media]
    response = await agent.http.get(told["fileUri"], headers={"Host": "elsewhere.test"})
    assert response.status_code == 200
    assert len(response.content) == told["fileSizeBytes"] > 0
    assert response.headers["content-type"] == told["mimeType"] == mime_type
    assert told["fileName"] == sample


@pytest.mark.parametrize(
    ("more", "size"),
    [
        pytest.param({"size": 48_213}, 48_213, id="RBM-CB-08-elsewhere-with-its-size"),
        pytest.param({}, 0, id="RBM-CB-08-elsewhere-and-nobody-tells-its-size"),
    ],
)
async def test_files_elsewhere(agent: Agent, more: dict[str, int], size: int) -> None:
    """A file that lies elsewhere is told by its own address, and never fetched."""
    told = (await agent.gets("send_file", url="https://cdn.test/dir/a%20b.pdf", **more))["file"]["document"]
    assert told == {
        "mimeType": "application/pdf",
        "fileSizeBytes": size,
        "fileUri": "https://cdn.test/dir/a%20b.pdf",
        "fileName": "a b.pdf",
    }
    assert len(agent.account.media) == 0


@pytest.mark.parametrize(
    ("public_url", "begins"),
    [
        pytest.param(None, "http://127.0.0.1:4700/", id="RBM-CB-08-http-without-tls"),
        pytest.param("https://sandbox.test", "https://sandbox.test/", id="RBM-CB-08-https-with-it"),
    ],
)
async def test_file_links(public_url: str | None, begins: str) -> None:
    """Links begin where the server is."""
    webhook = FakeWebhook()
    settings = {"webhook_url": "http://127.0.0.1:9/w", "public_url": public_url}
    async with sandbox_with(webhook, **settings) as (app, http):
        agent = Agent(app, http, account_of(app, "acc_rbm"), webhook)
        told = await agent.gets("send_file", sample="photo.jpg")
    assert told["file"]["image"]["fileUri"].startswith(f"{begins}_sandbox/media/acc_rbm/")


@pytest.mark.parametrize(
    ("basic", "sent"),
    [
        pytest.param(None, None, id="RBM-CB-09-none"),
        pytest.param({"username": "shop", "password": "s3cret"}, "shop:s3cret", id="RBM-CB-09-on-every-attempt"),
        pytest.param({"username": "", "password": "a:b"}, ":a:b", id="RBM-CB-09-colons-in-the-password"),
        pytest.param({"username": "M\u00fcller", "password": "\u20ac"}, "M\u00fcller:\u20ac", id="RBM-CB-09-utf-8"),
    ],
)
async def test_basic_credentials(agent: Agent, basic: dict[str, str] | None, sent: str | None) -> None:
    """Credentials are on the first attempt and on every retry."""
    agent.configure(basic_auth=basic)
    agent.webhook.answers = [500]
    agent.does("say", text="Hello")
    await agent.advance(1)
    found = [dict(received.headers).get("Authorization") for received in agent.webhook.received]
    assert len(found) == 2
    for header in found:
        assert (None if header is None else b64decode(header.removeprefix("Basic ")).decode()) == sent


@pytest.mark.parametrize("name", [pytest.param("authorization", id="RBM-CB-09-instead-of-a-configured-header")])
async def test_credentials_stand_once(agent: Agent, name: str) -> None:
    """A header that the operator configured gives way; others stay. The control API shows none of it in full."""
    headers = {name: "Bearer something", "X-Shop": "1"}
    agent.app.sandbox.change_account(
        agent.account, AccountChanges(webhook={"url": "http://127.0.0.1:9/", "headers": headers})
    )
    agent.configure(basic_auth={"username": "shop", "password": "s3cret"})
    await agent.gets("say", text="Hello")
    (received,) = agent.webhook.received
    assert received.headers == (("X-Shop", "1"), ("Authorization", "Basic c2hvcDpzM2NyZXQ="))
    (shown,) = (await ask(agent.http, "GET", "/callbacks", account="acc_rbm"))["items"]
    assert "c2hvcDpzM2NyZXQ=" not in json.dumps(shown)


@pytest.mark.parametrize("kind", [pytest.param(kind, id=f"RBM-CB-10-{kind}") for kind in KINDS])
async def test_order_of_keys(agent: Agent, kind: str) -> None:
    """Keys stand as the document prints them, the content before the timestamp, which is last."""
    deed, members = KINDS[kind]
    told = await agent.gets(deed, **members)
    assert list(told) == ["agent", "phone", "request_id", "session_id", "type", kind, "timestamp"]


async def test_a_redelivery_is_the_same(agent: Agent) -> None:
    """RBM-CB-03: a callback that is sent again by hand repeats its request_id."""
    await agent.gets("say", text="Hello")
    agent.app.sandbox.redeliver(agent.account, agent.callbacks[0])
    await agent.settle()
    assert agent.bodies[0] == agent.bodies[1]


async def test_an_agent_that_is_renamed(agent: Agent) -> None:
    """RBM-CB-02: the name in a message is that of the agent when it was sent."""
    agent.webhook.answers = [500]
    await agent.gets("say", text="Hello")
    agent.app.sandbox.change_account(agent.account, AccountChanges(credentials={"agent": "Renamed"}))
    agent.does("say", text="Hello again")
    await agent.advance(1)
    assert [body["agent"] for body in agent.bodies] == ["SandboxAgent", "SandboxAgent", "Renamed"]


async def test_accounts_are_apart(agent: Agent, second: Agent) -> None:
    """What is sent to one agent is no business of another, not even of one that is made later."""
    third = agent.app.sandbox.create_account(AccountSpec(provider="rbm"))
    await agent.gets("say", text="Hello")
    assert not second.callbacks
    assert not third.journal.callbacks


async def test_what_is_no_incoming_message(agent: Agent) -> None:
    """RBM-CB-02: of what is no message nobody is told, and what the document has no type for cannot be one."""
    conversation = Conversation(agent.account.key, "SandboxAgent", JOHN)
    typed = UserTyped(at=NOON, conversation=conversation, cause=None, channel="rcs")
    assert rbm.PROVIDER.callbacks_for(typed, agent.account) == ()
    (reply,) = agent.does("say", text="Hello").messages
    reply.body = Body(Other("a sticker"))
    with pytest.raises(ValueError, match="RBM has no incoming message for other"):
        rbm.PROVIDER.callbacks_for(
            UserReplied(at=NOON, conversation=conversation, cause=None, reply=reply), agent.account
        )
