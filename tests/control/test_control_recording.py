"""Recording: what a person did, as a scenario that does it again."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import pytest

from calls import ask, items, sandbox_with
from harness import USER, FakeWebhook, LinkClient, account_of
from sandbox.core.callback import Encoded
from sandbox.engine import loader
from sandbox.engine.recording import MOST_CONTENT
from sandbox.webhook_client import Answer

HELLO: dict[str, Any] = {"text": "Would you [really] go on? *", "suggestions": [{"text": "Yes", "callbackData": "go"}]}
ROOMS: dict[str, Any] = {
    "conversationCard": {
        "carouselCard": {
            "cardWidth": "SMALL",
            "cardContents": [
                {"title": title, "suggestions": [{"text": "Take it", "callbackData": f"room-{title}"}]}
                for title in ("Sea", "Garden")
            ],
        }
    }
}
WHERE: dict[str, Any] = {
    "text": "Where do you arrive?",
    "suggestions": [{"text": "Share", "callbackData": "at", "requestLocationAction": {}}],
}
SAME: dict[str, Any] = {
    "text": "Which?",
    "suggestions": [{"text": "This", "callbackData": "x"}, {"text": "This", "callbackData": "x"}],
}


class Bot(FakeWebhook):
    """A bot that answers what it knows: a tapped postback, or a text."""

    def __init__(self) -> None:
        super().__init__()
        self.link: LinkClient
        self.answers_to: dict[str, Sequence[dict[str, Any]]] = {"go": (ROOMS, {"text": "Which one?"}), "more": (WHERE,)}

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
        """Take a callback and answer it."""
        answer = await super().post(url, headers, encoded, timeout, vouched, verify=verify)
        data = (encoded.decoded or {}).get("message", {}).get("data", {})
        said = data.get("suggestionResponse", {}).get("postbackData") or data.get("text")
        for content in self.answers_to.get(str(said), ()):
            assert (await self.link.send(**content)).status_code == 200
        return answer


class Talk:
    """A conversation of a bot and a person, on a clock that stands."""

    def __init__(self, http: httpx.AsyncClient, bot: Bot, link: LinkClient) -> None:
        self.http, self.bot, self.link = http, bot, link

    async def act(self, kind: str, seconds: float = 1.0, *, wait: int = 5, **values: Any) -> Any:
        """Do something as the person, wait some seconds of real time for what is called back, and let time pass."""
        body = {"account": "acc_link", "user": USER, "type": kind, **values}
        made = await ask(self.http, "POST", "/actions", body, 202, wait=wait)
        await self.pass_time(seconds)
        return made

    async def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        await ask(self.http, "POST", "/clock/advance", {"seconds": seconds}, account="acc_link")

    async def record(self) -> tuple[str, str]:
        """Return name and text of the recording."""
        found = await ask(self.http, "GET", "/recording", account="acc_link", user=USER)
        assert list(found) == ["name", "yaml"]
        return found["name"], found["yaml"]

    async def transcript(self) -> list[Any]:
        """Return what was said, what became of it, and what was called back."""
        said = [
            (each["direction"], each["kind"], each["text"], [one["provider_status"] for one in each["history"]])
            for each in await items(self.http, "/messages", account="acc_link")
        ]
        told = [(each["kind"], each["user"]) for each in await items(self.http, "/callbacks", account="acc_link")]
        return [*said, *told]

    async def again(self, name: str, text: str, *, begins: dict[str, Any] | None = None) -> list[Any]:
        """Forget everything, play the recording with the same bot, and return that transcript."""
        await ask(self.http, "POST", "/reset", expects=204, account="acc_link")
        headers = {"Content-Type": "application/yaml"}
        put = await self.http.put(f"/_sandbox/scenarios/{name}", content=text, headers=headers)
        assert put.status_code in (200, 201), put.text
        run = await ask(self.http, "POST", f"/scenarios/{name}/runs", {"account": "acc_link", "user": USER}, 201)
        if begins is not None:
            await self.link.send(**begins)
        # Not until nothing waits: that would be over before a bot has answered.
        for _ in range(400):
            await self.pass_time(0.1)
            await asyncio.sleep(0)
            if (found := await ask(self.http, "GET", f"/runs/{run['id']}"))["state"] != "running":
                break
        assert found["state"] == "passed", [step for step in found["steps"] if step["state"] == "failed"]
        return await self.transcript()


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    """Nothing was said yet."""
    bot = Bot()
    async with sandbox_with(bot, webhook_url="http://127.0.0.1:9/webhook") as (app, http):
        bot.link = LinkClient(http, account_of(app))
        yield Talk(http, bot, bot.link)


async def test_a_recording_plays_the_same_conversation(talk: Talk) -> None:
    """Recorded, put back and played with the same bot, the same is said and called back, in the same order."""
    await talk.link.send(**HELLO)
    await talk.pass_time(1)
    await talk.act("tap", 0.3, suggestion="Yes")  # two messages come of it, whose receipts go across
    await talk.act("start_typing", 2)
    await talk.act("tap", suggestion={"postback": "room-Garden"})
    await talk.act("say", text="more")
    await talk.act("tap", suggestion={"index": 0})
    await talk.act("send_file", sample="photo.jpg")
    await talk.act("send_file", name="note.gif", content=base64.b64encode(b"bring towels").decode())
    await talk.act("share_location", latitude=52.5, longitude=13.25)
    await talk.act("say", text='{{ not }} a {% template %} "at all"\n# or: a comment')
    late = {"set": {"a.b": "{{x}}"}, "delay": 0.5}  # which nothing comes of before time passes
    await talk.act("say", text="Unicode 😀 and a bell \a", callback=late, wait=0)
    await talk.act("error", code="NO_CHANNEL_AVAILABLE_ERROR")
    before = await talk.transcript()
    name, text = await talk.record()
    assert name == "recorded-491234567890"
    after = await talk.again(name, text, begins=HELLO)
    assert after == before
    assert len(before) > 30


async def test_the_file_reads_as_the_shipped_ones_do(talk: Talk) -> None:
    """Steps stand in order with their waits in units, what is expected by kind and glob, what is tapped by its text."""
    await talk.link.send(**HELLO)
    await talk.pass_time(1.6)
    await talk.act("tap", 0, suggestion={"index": 0})
    name, text = await talk.record()
    assert (
        text
        == f"""\
# yaml-language-server: $schema=schema.json
name: {name}
description: "The conversation of {USER} with eap00001, as acc_link remembered it on 2030-01-02 at 12:00:01 UTC."
steps:
  - do: expect
    kind: text
    text: "Would you [[]really] go on[?] [*]"
    within: 30s
  - do: deliver
    after: 200ms
  - do: read
    after: 400ms
  - do: tap
    suggestion: "Yes"
    after: 1s

  - do: expect
    kind: carousel
    text: "Sea\\nGarden"
    within: 30s

  - do: expect
    kind: text
    text: "Which one[?]"
    within: 30s
"""
    )


async def test_receipts_of_an_earlier_message_name_it(talk: Talk) -> None:
    """What became of a message after another had come says which, by its place among those that were expected."""
    await talk.link.send(text="One")
    await talk.pass_time(0.3)
    await talk.link.send(text="Two")
    await talk.pass_time(2)
    steps = loader.load((await talk.record())[1]).steps
    assert [(step.do, getattr(step, "message", None)) for step in steps] == [
        ("expect", None),
        ("deliver", None),
        ("expect", None),
        ("deliver", None),
        ("read", "{{ messages[0].id }}"),
        ("read", None),
    ]


@pytest.mark.parametrize(
    ("done", "told"),
    [
        pytest.param([("deliver", {})], [("deliver", {})], id="deliver"),
        pytest.param([("fail", {"detail": "gone"})], [("fail", {"detail": "gone"})], id="fail"),
        pytest.param([("receipt", {"status": "READ"})], [("receipt", {"status": "READ"})], id="receipt"),
        pytest.param(
            [("tap", {"suggestion": {"index": 1}})], [("tap", {"suggestion": {"index": 1}})], id="tap-by-place"
        ),
        pytest.param([("tap", {"suggestion": "This"})], [("tap", {"suggestion": {"index": 0}})], id="tap-the-first"),
        pytest.param(
            [("say", {"text": "a", "channel": "sms"})], [("say", {"text": "a", "channel": "sms"})], id="channel"
        ),
    ],
)
async def test_actions_of_the_control_api(talk: Talk, done: list[Any], told: list[Any]) -> None:
    """What was done by calls is told as it was asked for, without whose handset it was; a tap says which it was."""
    await ask(talk.http, "PATCH", "/accounts/acc_link", {"scenario": "silent-user"})
    await talk.link.send(**SAME)
    for kind, values in done:
        await talk.act(kind, 0, **values)
    steps = loader.load((await talk.record())[1]).steps
    silent = [step for step in steps[1:] if step.do != "pause"]
    assert [
        (step.do, step.model_dump(mode="json", exclude_unset=True, exclude={"do", "after"})) for step in silent
    ] == told


async def test_a_large_file_is_stood_in_for(talk: Talk) -> None:
    """A file that would not fit is sent as a sample of that name and type; the recording says so."""
    content = base64.b64encode(bytes(MOST_CONTENT)).decode()
    await talk.act("send_file", name="film.mp4", mime_type="video/mp4", content=content)
    _, text = await talk.record()
    assert "# left out: the bytes of film.mp4, in whose place document.pdf is sent\n" in text
    assert loader.load(text).steps[0].model_dump(exclude_unset=True) == {
        "do": "send_file",
        "name": "film.mp4",
        "mime_type": "video/mp4",
        "sample": "document.pdf",
    }


async def test_a_long_conversation_is_cut(talk: Talk) -> None:
    """A file is never larger than can be read; what is missing is said at its head."""
    for number in range(40):
        await talk.act("say", 0, text=f"{number} " + "ä" * 1500)
    _, text = await talk.record()
    steps = loader.load(text.encode()).steps
    assert 10 < len(steps) < 40
    assert f"# left out: the last {40 - len(steps)} steps: the file would be too large\n" in text


async def test_what_happens_by_itself_is_left_out(talk: Talk) -> None:
    """What is certain from the start to become of a message is not told, since it will happen again."""
    authorization = await ask(talk.http, "POST", "/accounts/acc_webex_connect/authorization")
    message = {
        "from": "48000",
        "to": [{"msisdn": ["+491234567890"], "correlationId": "c1", "substitutions": {"word": "x" * 4000}}],
        "content": {"type": "text", "text": "Too long: $(word)"},
        "channel": "sms",
    }
    sent = await talk.http.post("/v2/messages", json=message, headers=authorization["headers"])
    assert sent.status_code == 201, sent.text
    await ask(talk.http, "POST", "/clock/advance", {"seconds": 60}, account="acc_webex_connect")
    [message] = await items(talk.http, "/messages", account="acc_webex_connect")
    assert message["status"] == "failed"
    found = await ask(talk.http, "GET", "/recording", account="acc_webex_connect", user=USER, sender="48000")
    assert [step.do for step in loader.load(found["yaml"]).steps] == ["expect"]


async def test_what_is_not_told_is_said(talk: Talk) -> None:
    """An agent's message comes of the agent's action, not of the business: what is done to it has no words of its own."""
    person: dict[str, Any] = {"account": "acc_mehery", "user": "919876543210", "sender": "wa360:918828218374"}
    for action in (
        {"type": "say", "text": "Is anybody there?"},
        {"type": "agent", "assign": "alice"},
        {"type": "agent", "reply": "I am"},
        {"type": "receipt", "status": "READ"},
        {"type": "say", "text": "{{" + "x" * 5000},
    ):
        await ask(talk.http, "POST", "/actions", {**person, **action}, 202)
    await ask(talk.http, "POST", "/clock/advance", {"seconds": 60}, account="acc_mehery")
    text = (await ask(talk.http, "GET", "/recording", **person))["yaml"]
    assert [step.do for step in loader.load(text).steps] == ["say", "agent", "agent"]
    first, second = (line for line in text.splitlines() if line.startswith("# left out: "))
    assert "receipt of msg_" in first
    assert "which the business did not send" in first
    assert "say: a template has at most 4096 characters" in second


async def test_started_again_by_hand(talk: Talk) -> None:
    """What a magic address does when it is told to start is told step by step, and not the order to start as well."""
    await talk.link.send(to="+99900002001", text="Hello", suggestions=[{"text": "Go", "callbackData": "go-on"}])
    await talk.pass_time(5)
    await ask(talk.http, "POST", "/actions", {"account": "acc_link", "user": "+99900002001", "type": "start"}, 202)
    await talk.pass_time(5)
    text = (await ask(talk.http, "GET", "/recording", account="acc_link", user="+99900002001"))["yaml"]
    done = [step.do for step in loader.load(text).steps]
    assert done[:2] == ["expect", "deliver"]
    assert "start" not in done
    assert done.count("tap") >= 1


async def test_a_played_scenario_can_be_recorded(talk: Talk) -> None:
    """Of a scenario that played, templates are told as they were filled in, and its faults and settings as they stand."""
    scenario = {
        "name": "teller",
        "steps": [
            {"do": "settings", "set": {"web_recipients": ["*@x.example"]}},
            {"do": "fault", "on": "callback", "effect": {"type": "duplicate", "copies": 1}, "times": 1, "after": 1},
            {"do": "say", "text": "It is {{ now.strftime('%H:%M') }}", "after": 61},
            {"do": "pause", "seconds": 2},
            {"do": "say", "text": "to somebody else", "user": "+4917000000"},
        ],
    }
    await ask(talk.http, "PUT", "/scenarios/teller", scenario, 201)
    await ask(talk.http, "POST", "/scenarios/teller/runs", {"account": "acc_link", "user": USER}, 201)
    await talk.pass_time(100)
    steps = loader.load((await talk.record())[1]).steps
    assert [step.do for step in steps] == ["settings", "fault", "say"]
    assert steps[2].model_dump(exclude_unset=True) == {"do": "say", "text": "It is 12:01", "after": 61.0}


async def test_templates_see_the_messages_of_their_run(talk: Talk) -> None:
    """`messages` are those that the run has met, in order; one that it has not met is an error of that step."""
    scenario = {
        "name": "reader",
        "steps": [
            {"do": "expect", "within": 5},
            {"do": "expect", "within": 5},
            {"do": "say", "text": "{{ messages[0].text }} and {{ messages[1].text }}"},
            {"do": "read", "message": "{{ messages[2].id }}"},
        ],
    }
    await ask(talk.http, "PUT", "/scenarios/reader", scenario, 201)
    run = await ask(talk.http, "POST", "/scenarios/reader/runs", {"account": "acc_link", "user": USER}, 201)
    await talk.link.send(text="One")
    await talk.link.send(text="Two")
    await talk.pass_time(1)
    steps = (await ask(talk.http, "GET", f"/runs/{run['id']}"))["steps"]
    assert [step["state"] for step in steps] == ["passed", "passed", "done", "failed"]
    assert (await items(talk.http, "/messages", direction="inbound"))[0]["text"] == "One and Two"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        pytest.param({}, 422, id="no-account"),
        pytest.param({"account": "acc_link"}, 422, id="no-user"),
        pytest.param({"account": "acc_none", "user": USER}, 404, id="no-such-account"),
        pytest.param({"account": "acc_link", "user": "x"}, 422, id="no-user-of-this-provider"),
        pytest.param({"account": "acc_link", "user": USER}, 404, id="nothing-was-said"),
        pytest.param({"account": "acc_link", "user": USER, "x": "1"}, 422, id="unknown-parameter"),
        pytest.param({"account": "acc_mehery", "user": "919876543210"}, 422, id="which-sender"),
    ],
)
async def test_what_cannot_be_recorded(talk: Talk, query: dict[str, str], status: int) -> None:
    """A recording is that of one conversation, in which something was said."""
    await ask(talk.http, "GET", "/recording", expects=status, **query)
