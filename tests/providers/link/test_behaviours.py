"""The ten scriptable behaviours of LINK, by scenarios, actions, faults and settings, on a clock that stands."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from harness import USER, FakeWebhook, LinkClient, Received, broken_rule
from phone import ASKS_FOR_LOCATION, INSTANT, Phone, card, carousel, reply
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.core.fault import FaultSpec
from sandbox.core.keys import Keys
from sandbox.engine.scenario import Run, Scenario
from sandbox.providers.link.account import LinkSettings
from sandbox.sandbox import AccountChanges
from sandbox.shipped import folder
from sandbox.webhook_client import Answer

BERT = "+4915100000002"
DAY = 86_400
FAULT = "x-sandbox-fault"
PNG = base64.b64encode(b"\x89PNG").decode()
TICKET: dict[str, Any] = {
    "conversationCard": carousel(
        card("One", reply("Take it", "take-1"), reply("Leave it", "leave-1")),
        card("Two", reply("Take it", "take-2")),
    ),
    "suggestions": [reply("None of these", "none")],
}


class Script:
    """What the people of an account do, as scenarios and faults say."""

    def __init__(self, app: App, account: Account) -> None:
        self._sandbox = app.sandbox
        self._account = account

    def answers(self, *steps: dict[str, Any], **match: Any) -> None:
        """Have every message that matches be answered with these steps."""
        document = {"name": "test", "match": match, "steps": list(steps)}
        self._sandbox.scenarios.put(Scenario.model_validate(document))

    def runs(self, *steps: dict[str, Any], user: str = USER) -> Run:
        """Play steps to a person, asked for by nobody."""
        scenario = Scenario.model_validate({"name": "test", "steps": list(steps)})
        return self._sandbox.start_run(self._account, scenario, user)

    def arms(self, on: str, effect: str, **more: Any) -> str:
        """Arm a fault and return its id; members of the effect and of the fault may be mixed."""
        of_the_fault = {name: more.pop(name) for name in ("match", "times", "probability") if name in more}
        spec = FaultSpec.model_validate({"on": on, "effect": {"type": effect, **more}, **of_the_fault})
        return self._sandbox.arm(spec, self._account).id


@pytest.fixture
def script(app: App, account: Account) -> Script:
    """The script of the LINK account."""
    return Script(app, account)


def said(received: list[Received]) -> list[Any]:
    """Return what the person sent, in short."""
    return [
        one.data.get("text") or one.data.get("suggestionResponse", {}).get("postbackData") or one.kind
        for one in received
    ]


async def turns(number: int) -> None:
    """Let the loop turn so many times."""
    for _ in range(number):
        await asyncio.sleep(0)


class TestDelivery:
    """Behaviour 1: whether, when, in which order and how often receipts come."""

    @pytest.mark.parametrize(
        ("steps", "timeline"),
        [
            pytest.param(
                [{"do": "deliver", "after": 1}, {"do": "read", "after": 2}],
                [(1, ["DELIVERED"]), (3, ["READ"])],
                id="delivered-then-read",
            ),
            pytest.param([{"do": "deliver", "after": 1}], [(1, ["DELIVERED"])], id="delivered-only"),
            pytest.param([], [], id="nothing"),
            pytest.param(
                [{"do": "deliver", "after": "2h"}, {"do": "read", "after": "1ms"}],
                [(7200, ["DELIVERED"]), (7200.001, ["READ"])],
                id="late",
            ),
            pytest.param([{"do": "read", "after": 1}], [(1, ["READ"])], id="read-without-delivered"),
            pytest.param(
                [{"do": "read", "after": 1}, {"do": "deliver", "after": 1}],
                [(1, ["READ"]), (2, ["DELIVERED"])],
                id="read-before-delivered",
            ),
            pytest.param(
                [{"do": "deliver", "after": 1, "callback": {"duplicate": 2}}],
                [(1, ["DELIVERED", "DELIVERED", "DELIVERED"])],
                id="three-times",
            ),
            pytest.param(
                [{"do": "deliver", "after": 1, "callback": {"delay": 5}}], [(6, ["DELIVERED"])], id="callback-late"
            ),
            pytest.param(
                [{"do": "repeat", "times": 2, "steps": [{"do": "say", "text": "Hm", "after": 1}]}],
                [(1, ["TEXT"]), (2, ["TEXT"])],
                id="repeated",
            ),
        ],
    )
    async def test_receipts(
        self, script: Script, link: LinkClient, phone: Phone, steps: list[dict[str, Any]], timeline: Any
    ) -> None:
        """What the scenario says comes at its instant, not before, and nothing else comes."""
        script.answers(*steps, user=USER)
        await link.send(text="Hello")
        for seconds, kinds in timeline:
            assert await phone.wait_until(seconds - INSTANT) == []
            assert await phone.wait_until(seconds) == kinds
        assert await phone.advance(DAY) == []

    async def test_copies(self, script: Script, link: LinkClient, phone: Phone) -> None:
        """LINK-CB-12: a callback that comes twice has one envelope id; the next has a greater one."""
        script.answers({"do": "deliver", "callback": {"duplicate": 1}}, {"do": "read"}, user=USER)
        await link.send(text="Hello")
        await phone.advance(0)
        first, copy, read = (int(one.envelope["message"]["messageId"]) for one in phone.webhook.received)
        assert first == copy < read

    @pytest.mark.parametrize(
        ("match", "to", "plays"),
        [
            pytest.param({"user": USER}, USER, True, id="exact"),
            pytest.param({"user": "+4912*"}, USER, True, id="glob"),
            pytest.param({"user": BERT}, USER, False, id="another-number-gets-the-default"),
            pytest.param({"user": "+999*"}, "+99900001000", False, id="a-magic-number-is-stronger"),
            pytest.param({"provider": "link"}, USER, True, id="provider"),
            pytest.param({"text": "*HELLO*"}, USER, True, id="text"),
        ],
    )
    async def test_matching(
        self, script: Script, link: LinkClient, phone: Phone, match: dict[str, str], to: str, plays: bool
    ) -> None:
        """A scenario is chosen by the number, else the default plays: DELIVERED at 0.2 s, READ at 0.6 s."""
        script.answers({"do": "say", "text": "It is me"}, **match)
        await link.send(to=to, text="Say hello!")
        assert await phone.wait_until(0.2 - INSTANT) == (["TEXT"] if plays else [])
        assert await phone.wait_until(0.2) == ([] if plays else ["DELIVERED"])
        assert await phone.wait_until(0.6 - INSTANT) == []
        assert await phone.wait_until(0.6) == ([] if plays else ["READ"])


async def test_asynchronous_failure(script: Script, link: LinkClient, phone: Phone, account: Account) -> None:
    """Behaviour 2: after a plain 200 no channel is found, and no receipt follows."""
    script.answers({"do": "fail", "after": 3}, {"do": "deliver", "after": 1}, user=USER)
    response = await link.send(text="Hello")
    assert (response.status_code, "error" in response.json()) == (200, False)
    assert await phone.wait_until(3 - INSTANT) == []
    assert await phone.wait_until(3) == ["error"]
    assert phone.webhook.received[0].data["errorCode"] == "NO_CHANNEL_AVAILABLE_ERROR"
    assert await phone.advance(DAY) == []
    (run,) = account.journal.runs
    assert isinstance(run, Run)
    assert [step.state for step in run.steps] == ["done", "failed"]


class TestPerson:
    """Behaviours 3 and 4: what the person does."""

    @pytest.mark.parametrize(
        ("suggestion", "expected"),
        [
            pytest.param({"index": 0}, ["none"], id="first-is-beside-the-message"),
            pytest.param({"index": 1}, ["take-1"], id="then-the-cards"),
            pytest.param({"index": 3}, ["take-2"], id="second-card"),
            pytest.param({"index": -1}, ["take-2"], id="last"),
            pytest.param({"postback": "leave-1"}, ["leave-1"], id="by-callbackData"),
            pytest.param("Take it", ["take-1"], id="by-text-the-first-of-two"),
        ],
    )
    async def test_tap(
        self, script: Script, link: LinkClient, phone: Phone, suggestion: Any, expected: list[str]
    ) -> None:
        """A suggestion is tapped by its index, its callbackData or its text."""
        script.answers({"do": "tap", "suggestion": suggestion, "after": 1}, user=USER)
        await link.send(**TICKET)
        await phone.advance(1)
        assert said(phone.webhook.received) == expected
        assert said(await phone.does("tap", suggestion=suggestion)) == expected

    async def test_tap_all(self, script: Script, link: LinkClient, phone: Phone) -> None:
        """Every suggestion is tapped in turn."""
        script.answers(*({"do": "tap", "suggestion": {"index": index}} for index in range(4)), user=USER)
        await link.send(**TICKET)
        await phone.advance(0)
        assert said(phone.webhook.received) == ["none", "take-1", "leave-1", "take-2"]

    async def test_tap_on_an_old_message(self, link: LinkClient, phone: Phone) -> None:
        """A suggestion of an earlier message is tapped, by naming the message in either id."""
        old = link.next_message_id()
        await link.send(text="Old", suggestions=[reply("Yes", "old")], message_id=old)
        await link.send(text="New", suggestions=[reply("Yes", "new")])
        await phone.advance(DAY)
        ours = next(iter(phone.account.journal.messages)).id
        assert said(await phone.does("tap", suggestion="Yes")) == ["new"]
        assert said(await phone.does("tap", suggestion="Yes", message=old)) == ["old"]
        assert said(await phone.does("tap", suggestion={"index": 0}, message=ours)) == ["old"]

    async def test_types_then_writes(self, script: Script, link: LinkClient, phone: Phone) -> None:
        """The person types for a while, and then the text comes."""
        script.answers({"do": "start_typing", "after": 1}, {"do": "say", "text": "Hi", "after": 4}, user=USER)
        await link.send(text="Hello")
        assert await phone.wait_until(1) == ["IS_TYPING"]
        assert await phone.wait_until(5 - INSTANT) == []
        assert await phone.wait_until(5) == ["TEXT"]

    @pytest.mark.parametrize(
        ("deed", "members", "kinds"),
        [
            pytest.param("say", {"text": "Hello?"}, ["TEXT"], id="text"),
            pytest.param("start_typing", {}, ["IS_TYPING"], id="typing"),
            pytest.param("share_location", {"latitude": 1.5, "longitude": -2.5}, ["message"], id="location"),
            pytest.param("send_file", {"name": "a.png", "content": PNG}, ["USER_FILE"], id="file"),
            pytest.param("send_file", {"sample": "clip.mp4"}, ["USER_FILE"], id="shipped-sample"),
            pytest.param("error", {"code": "USER_FILE_UPLOAD_ERROR"}, ["error"], id="failed-upload"),
        ],
    )
    async def test_unsolicited(
        self, script: Script, phone: Phone, deed: str, members: dict[str, Any], kinds: list[str]
    ) -> None:
        """Behaviour 10: a number that nothing was ever sent to acts, at once or as a scenario plays."""
        phone.user = BERT
        assert [one.kind for one in await phone.does(deed, **members)] == kinds
        script.runs({"do": deed, **members, "after": 2}, user=BERT)
        assert await phone.wait_until(2 - INSTANT) == []
        assert await phone.wait_until(2) == kinds
        assert {one.data["senderPhoneNumber"] for one in phone.webhook.received} == {BERT}

    async def test_unsolicited_receipt(self, phone: Phone) -> None:
        """Behaviour 10: even a receipt for a message that was never sent can be made of another event."""
        receipt = {"eventType": "READ", "messageId": "x", "message.attributes.event_type": "READ"}
        received = await phone.is_told("start_typing", callback={"set": receipt})
        assert received.kind == received.data["eventType"] == "READ"
        assert list(received.data) == ["senderPhoneNumber", "eventType", "sendTime", "messageId"]

    @pytest.mark.parametrize(
        ("members", "kinds"),
        [
            pytest.param({}, ["SUGGESTION_RESPONSE", "message"], id="share"),
            pytest.param({"location": {"latitude": 1, "longitude": 2}}, ["SUGGESTION_RESPONSE", "message"], id="given"),
            pytest.param({"location": False}, ["SUGGESTION_RESPONSE"], id="tap-and-cancel"),
        ],
    )
    async def test_location_request(
        self, script: Script, link: LinkClient, phone: Phone, members: dict[str, Any], kinds: list[str]
    ) -> None:
        """Behaviour 4: the person who is asked for a location shares it, or taps and cancels."""
        script.answers({"do": "tap", "suggestion": {"index": 0}, **members}, user=USER)
        await link.send(text="Where?", suggestions=[reply("Here", "here", **ASKS_FOR_LOCATION)])
        assert await phone.advance(DAY) == kinds


class TestRequestFaults:
    """Behaviour 6: trouble with requests, before a message is accepted or after it."""

    @pytest.mark.parametrize("status", [400, 500, 503])
    async def test_next_calls(
        self, script: Script, link: LinkClient, phone: Phone, account: Account, status: int
    ) -> None:
        """The next two calls are answered with trouble, which the header names; the third is accepted."""
        await link.headers()
        fault = script.arms("request", "status", status=status, times=2)
        for _ in range(2):
            response = await link.send(text="Hello")
            assert (response.status_code, response.headers.get(FAULT)) == (status, fault)
            assert broken_rule(response) is None
            assert list(response.json()) == ["status", "error", "message"]
        assert (await link.send(text="Hello")).status_code == 200
        assert len(account.journal.messages) == 1
        assert await phone.advance(DAY) == ["DELIVERED", "READ"]

    async def test_a_number(self, script: Script, link: LinkClient) -> None:
        """Trouble can be one number's."""
        script.arms("request", "status", status=503, match={"user": USER})
        assert [(await link.send(to=user, text="Hello")).status_code for user in (USER, BERT, USER)] == [503, 200, 503]

    async def test_code(self, script: Script, link: LinkClient) -> None:
        """LINK's errors have no codes but their statuses; another code cannot be armed."""
        await link.headers()
        script.arms("request", "code", code="422", times=1)
        response = await link.send(text="Hello")
        assert (response.status_code, response.json()["error"]) == (422, "Unprocessable Entity")
        with pytest.raises(ValueError, match="'7006' is none of LINK's: 400, 401"):
            script.arms("request", "code", code="7006")

    async def test_delay(self, script: Script, link: LinkClient, phone: Phone, account: Account) -> None:
        """The answer takes three seconds of the account's clock, and no callback comes before it."""
        await link.headers()
        script.arms("request", "latency", seconds=3, times=1)
        answer = asyncio.create_task(link.send(text="Hello"))
        await turns(50)
        assert await phone.advance(3 - INSTANT) == []
        assert not answer.done()
        await phone.advance(INSTANT)
        assert (await answer).status_code == 200
        await account.clock.settle()
        assert phone.webhook.kinds == ["DELIVERED", "READ"]  # long due: it was accepted three seconds ago

    async def test_reset(self, script: Script, link: LinkClient, phone: Phone, account: Account) -> None:
        """The connection is dropped before acceptance: nothing was accepted, and the retry is the first."""
        await link.headers()
        script.arms("request", "reset", times=1)
        message_id = link.next_message_id()
        with pytest.raises(ConnectionResetError):
            await link.send(text="Hello", message_id=message_id)
        assert len(account.journal.messages) == 0
        assert (await link.send(text="Hello", message_id=message_id)).status_code == 200
        assert next(reversed(account.journal.requests)).warnings == ()

    async def test_lost_answer(self, script: Script, link: LinkClient, phone: Phone, account: Account) -> None:
        """The connection is dropped after acceptance: the retry hits LINK-MSG-04, and delivery happens once."""
        await link.headers()
        script.arms("request", "drop_answer", times=1)
        message_id = link.next_message_id()
        with pytest.raises(ConnectionResetError):
            await link.send(text="Hello", message_id=message_id)
        assert await phone.advance(1) == ["DELIVERED", "READ"]
        response = await link.send(text="Hello", message_id=message_id)
        assert response.json()["sendTime"] == "2030-01-02T12:00:00.000Z"
        (warning,) = next(reversed(account.journal.requests)).warnings
        assert warning.startswith("LINK-MSG-04")
        assert await phone.advance(DAY) == []

    async def test_by_a_scenario(self, script: Script, link: LinkClient) -> None:
        """A scenario arms trouble, too."""
        effect = {"type": "status", "status": 503}
        script.answers({"do": "fault", "on": "request", "effect": effect, "times": 1}, user=USER)
        statuses = [(await link.send(text="Hello")).status_code]
        await link.account.clock.settle()
        script.answers(user=USER)
        statuses += [(await link.send(text="Hello")).status_code for _ in range(2)]
        assert statuses == [200, 503, 200]


class TestAuthenticationFaults:
    """Behaviour 7: tokens that end, and customers that are switched off."""

    async def test_lifetime(self, link: LinkClient, phone: Phone) -> None:
        """A token lives as long as the account says, to the instant."""
        phone.configure(expires_in=2)
        assert (await link.request_token()).json()["expires_in"] == 2
        assert (await link.send(text="Hello")).status_code == 200
        await phone.wait_until(2 - INSTANT)
        assert (await link.send(text="Hello")).status_code == 200
        await phone.wait_until(2)
        response = await link.send(text="Hello")
        assert (response.status_code, broken_rule(response)) == (401, "LINK-AUTH-34")

    async def test_revoked(self, app: App, link: LinkClient, account: Account) -> None:
        """Every token issued so far is refused; the next one is good."""
        await link.headers()
        app.sandbox.revoke_tokens(account)
        response = await link.send(text="Hello")
        assert (response.status_code, broken_rule(response)) == (401, "LINK-AUTH-36")
        link.token = None
        assert (await link.send(text="Hello")).status_code == 200

    async def test_disabled(self, link: LinkClient, phone: Phone) -> None:
        """A customer that is switched off gets 403 at the token endpoint and 401 at the gateway, and back again."""
        await link.headers()
        phone.configure(disabled=True)
        token, call = await link.request_token(), await link.send(text="Hello")
        assert (token.status_code, token.content, call.status_code) == (403, b"", 401)
        phone.configure(disabled=False)
        assert (await link.request_token()).status_code == 200
        assert (await link.send(text="Hello")).status_code == 200

    async def test_swapped_key(self, app: App, link: LinkClient, account: Account) -> None:
        """With another key registered the old one's assertions are refused; with both, each is taken."""
        keys = Keys(folder("fixtures") / "primes.txt")
        ours = account.credentials.model_dump()
        theirs = account.provider.credentials({"customer_id": "other"}, 7, keys).model_dump()
        for public_keys, status in ((theirs["public_keys"], 400), (theirs["public_keys"] + ours["public_keys"], 200)):
            app.sandbox.change_account(account, AccountChanges(credentials={"public_keys": public_keys}))
            assertion = link.assertion(key=ours["private_key"])
            grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
            response = await link.request_token(grant_type=grant, assertion=assertion)
            assert response.status_code == status


class TestCallbackFaults:
    """Behaviour 8: outages of the webhook, and callbacks that are held back, mixed up or spoiled."""

    async def test_outage(self, link: LinkClient, phone: Phone, webhook: FakeWebhook) -> None:
        """During an outage each callback is tried five times, in order, and then dropped; a later one gets through."""
        webhook.answers = [503] * 10
        await link.send(text="Hello")
        assert await phone.advance(DAY) == ["DELIVERED"] * 5 + ["READ"] * 5
        assert phone.states == ["failed", "failed"]
        assert [one.kind for one in await phone.does("say", text="Hello")] == ["TEXT"]

    async def test_held_back(self, script: Script, phone: Phone) -> None:
        """A callback that is held back comes later, bearing the time when it happened."""
        script.arms("callback", "delay", seconds=30, times=1)
        assert await phone.does("say", text="Hello") == []
        assert await phone.wait_until(30 - INSTANT) == []
        assert await phone.wait_until(30) == ["TEXT"]
        assert phone.webhook.received[0].data["sendTime"] == "2030-01-02T12:00:00.000Z"

    async def test_reordered(self, script: Script, phone: Phone) -> None:
        """Three callbacks come in another order, and the fourth is not touched."""
        script.arms("callback", "reorder", window=3, times=1)
        for text in ("1", "2", "3", "4"):
            await phone.does("say", text=text)
        texts = said(phone.webhook.received)
        assert (sorted(texts[:3]), texts[3]) == (["1", "2", "3"], "4")
        assert texts[:3] != ["1", "2", "3"]

    async def test_dropped(self, script: Script, phone: Phone) -> None:
        """A kind of callbacks can be lost."""
        script.arms("callback", "drop", match={"kind": "event.*"})
        assert await phone.does("start_typing") == []
        assert [one.kind for one in await phone.does("say", text="Hello")] == ["TEXT"]

    async def test_spoiled(self, script: Script, phone: Phone) -> None:
        """A callback can be broken JSON, or have members that no document knows."""
        script.arms("callback", "corrupt", times=1)
        script.arms("callback", "unknown_fields", times=1)
        broken, odd = await phone.is_told("say", text="1"), await phone.is_told("say", text="2")
        with pytest.raises(json.JSONDecodeError):
            json.loads(broken.encoded.body)
        assert set(odd.envelope) - {"message", "subscription"}


def test_format_variants() -> None:
    """Behaviour 9: every variant of the contract is a setting of the account, off by default."""
    off: dict[str, Any] = {
        "message_id": True,
        "publish_time": True,
        "include_event_id": False,
        "fractional_digits": None,
        "file_size_as_string": False,
        "legacy_error_code": False,
        "location_message_type": None,
        "odd_uuids": False,
        "strict_unknown_fields": False,
        "put_settings_status": 200,
    }
    assert {name: getattr(LinkSettings(), name) for name in off} == off


class Wire(FakeWebhook):
    """A webhook and the answers' way out, as one list of what passed in which order."""

    def __init__(self) -> None:
        super().__init__()
        self.passed: list[str] = []

    async def post(self, *args: Any, **options: Any) -> Answer:
        """Note a callback."""
        answer = await super().post(*args, **options)
        self.passed.append(self.received[-1].kind)
        return answer

    def watch(self, app: App) -> Callable[..., Awaitable[None]]:
        """Return the application behind a slow line: everything else may run before a piece of an answer is out."""

        async def watched(scope: Any, receive: Any, send: Any) -> None:
            async def send_slowly(message: Any) -> None:
                await turns(100)
                await send(message)
                if message["type"] == "http.response.body":
                    self.passed.append("answer")
                await turns(100)

            await app(scope, receive, send_slowly)

        return watched


class TestAnswerFirst:
    """LINK-MSG-22: no callback for a message leaves before its 200 has been written."""

    @pytest.fixture
    def webhook(self) -> Wire:
        """A webhook that notes what passes."""
        return Wire()

    @pytest.fixture
    async def slow(self, app: App, account: Account, webhook: Wire) -> Any:
        """A LINK client with a token, behind a slow line."""
        transport = httpx.ASGITransport(webhook.watch(app))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:4700") as http:
            link = LinkClient(http, account)
            await link.headers()
            webhook.passed.clear()
            yield link

    async def test_at_once(self, script: Script, slow: LinkClient, webhook: Wire, account: Account) -> None:
        """A scenario without any delay plays behind the answer."""
        steps = ({"do": "deliver"}, {"do": "read"}, {"do": "tap", "suggestion": "Yes"}, {"do": "say", "text": "Hi"})
        script.answers(*steps, user=USER)
        await slow.send(text="Hello", suggestions=[reply("Yes", "yes")])
        await account.clock.settle()
        assert webhook.passed == ["answer", "DELIVERED", "READ", "SUGGESTION_RESPONSE", "TEXT"]

    async def test_expected(self, script: Script, slow: LinkClient, webhook: Wire, account: Account) -> None:
        """A run that was waiting for the message goes on behind the answer."""
        script.runs({"do": "expect", "within": 10}, {"do": "deliver"}, {"do": "say", "text": "At last"})
        await slow.send(text="Hello")
        await account.clock.settle()
        assert webhook.passed == ["answer", "DELIVERED", "TEXT"]

    async def test_each_its_own(self, script: Script, slow: LinkClient, webhook: Wire, account: Account) -> None:
        """Of two messages at once each is told of behind its own answer."""
        script.answers({"do": "deliver"}, user=USER)
        await asyncio.gather(slow.send(text="One"), slow.send(text="Two"))
        await account.clock.settle()
        assert sorted(webhook.passed) == ["DELIVERED", "DELIVERED", "answer", "answer"]
        assert webhook.passed[0] == "answer"
        assert webhook.passed[:3].count("answer") >= webhook.passed[:3].count("DELIVERED")

    async def test_moving_clock(self, slow: LinkClient, webhook: Wire, phone: Phone) -> None:
        """Even if time is moved while the answer is on its way, nothing overtakes it."""
        answer = asyncio.create_task(slow.send(text="Hello"))
        for _ in range(50):
            await asyncio.sleep(0)
            await phone.advance(1)
        await answer
        await phone.advance(1)
        assert webhook.passed == ["answer", "DELIVERED", "READ"]


async def test_numbers_of_a_whole_conversation(
    script: Script, link: LinkClient, phone: Phone, webhook: FakeWebhook
) -> None:
    """LINK-CB-03, -04, -12: over retries and several people, each person's ids only grow and no other id repeats."""
    webhook.answers = [503, 200, 503, 503, 200, 200, 500]
    script.answers({"do": "deliver"}, {"do": "read"}, {"do": "say", "text": "Yes"}, text="*")
    for user in (USER, BERT, USER):
        await link.send(to=user, text="Hello")
    await phone.advance(DAY)
    assert set(phone.states) == {"delivered"}
    made = [callback.encoded for callback in phone.account.journal.callbacks]
    numbers = [int(one.decoded["message"]["messageId"]) for one in made if one is not None]
    assert len(numbers) == 9
    assert numbers == sorted(set(numbers))
    for user in (USER, BERT):
        arrived = [one for one in webhook.received if one.data["senderPhoneNumber"] == user]
        ids = [int(one.envelope["message"]["messageId"]) for one in arrived]
        assert ids == sorted(ids)
