"""Golden trees: what a developer reads who asks why something happened."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import v2_requests
from calls import ask
from harness import USER, FakeWebhook, LinkClient, account_of
from mehery_tenant import INFO, Tenant
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.webhook_client import Answer, DeliveryError
from webex_service import Service


@pytest.fixture
def link(http: httpx.AsyncClient, account: Account) -> LinkClient:
    """A client that asks for its token over HTTP: that call is told of, too."""
    return LinkClient(http, account)


WHATSAPP = "wa360:918828218374"
BLOCKED = "169.254.1.1 is a link-local address; callbacks never go there"


class Story:
    """What a test does before it looks at the timeline of one account."""

    def __init__(self, app: App, http: httpx.AsyncClient, link: LinkClient, webhook: FakeWebhook) -> None:
        self.app = app
        self.http = http
        self.link = link
        self.webhook = webhook
        self.account = "acc_link"

    async def act(self, kind: str, user: str = USER, **values: Any) -> Any:
        """Act as a person, and let happen what is due."""
        body = {"account": self.account, "user": user, "type": kind, **values}
        acted = await ask(self.http, "POST", "/actions", body, 202)
        await account_of(self.app, self.account).clock.settle()
        return acted

    async def arm(self, effect: dict[str, Any], **fault: Any) -> None:
        """Arm a fault."""
        await ask(self.http, "POST", "/faults", {"account": self.account, "effect": effect, **fault}, 201)

    async def advance(self, seconds: float) -> None:
        """Let time pass."""
        await ask(self.http, "POST", f"/clock/advance?account={self.account}", {"seconds": seconds})

    async def drawn(self, **params: Any) -> str:
        """Return the timeline as text, ids numbered as they come and real time left out."""
        asked = {"account": self.account, "format": "text", **params}
        response = await self.http.get("/_sandbox/timeline", params=asked)
        assert response.headers["content-type"] == "text/plain; charset=utf-8"
        text = re.sub(r"in \d+ ms", "in 0 ms", response.text)
        numbers: dict[str, int] = {}
        return re.sub(
            r"\b(flt|cbk|msg|act|run|req)_[0-9a-f]{14}",
            lambda found: f"{found[1]}_{numbers.setdefault(found[0], len(numbers) + 1)}",
            text,
        )


@pytest.fixture
def story(app: App, http: httpx.AsyncClient, link: LinkClient, webhook: FakeWebhook) -> Story:
    """A sandbox to which nothing has happened, at noon."""
    return Story(app, http, link, webhook)


async def nothing(_: Story) -> None:
    """Nothing has happened."""


async def default_series(story: Story) -> None:
    """An accepted message gets the default series; the callback before the last is still to come."""
    await story.link.send(text="Hello")
    await story.advance(0.4)


async def refused(story: Story) -> None:
    """A refused request names the rule, what it says and where that is printed; a warning stands with its request."""
    await story.link.headers()
    await story.link.post_message({"messageContent": {"text": ["x"]}})
    await story.link.post_message({"messageContent": {"text": "x"}, "colour": "blue"})


async def retried(story: Story) -> None:
    """A scenario taps, the webhook answers 503 at first, and the run goes on with the message that it expected."""
    story.webhook.answers = [200, 200, Answer(503, "try\nlater"), 200]
    yes = [{"text": "Yes", "callbackData": "yes"}]
    await story.link.send("+99900005001", text="Would you like to continue?", suggestions=yes)
    await story.advance(3)
    rooms = [{"title": title, "suggestions": yes} for title in ("Sea view", "Garden")]
    carousel = {"cardWidth": "MEDIUM", "cardContents": rooms}
    await story.link.send("+99900005001", conversationCard={"carouselCard": carousel})
    await story.advance(1)


async def faults(story: Story) -> None:
    """A fault strikes a request, another one a callback; a magic address needs none."""
    await story.link.headers()
    await story.arm({"type": "status", "status": 503}, on="request", match={"operation": "sendMessage"}, times=1)
    await story.arm({"type": "drop"}, on="callback", match={"kind": "event.READ"})
    await story.link.send(text="Hello")
    await story.link.send(text="Hello again")
    await story.link.send("+99900003102", text="Hello")
    await story.advance(1)


async def not_sent(story: Story) -> None:
    """Without a webhook a callback is recorded, and the egress rule blocks another; either says what would help."""
    await ask(story.http, "PATCH", "/accounts/acc_link", {"webhook": None})
    await story.act("say", text="Is anybody there?")
    await ask(story.http, "PATCH", "/accounts/acc_link", {"webhook": {"url": "http://169.254.1.1/in"}})
    story.webhook.answers = [DeliveryError("blocked", BLOCKED)]
    await story.act("say", text="Hello?")


async def actions(story: Story) -> None:
    """An action's message and callbacks hang under it, with what was done to them; one that is refused leaves nothing."""
    await ask(
        story.http, "POST", "/actions", {"account": "acc_link", "user": USER, "type": "tap", "suggestion": "x"}, 409
    )
    await story.act("say", text="Hello\nthere", callback={"duplicate": 1, "delay": 2, "drop": ["a"]})
    await story.act("error", code="USER_FILE_UPLOAD_ERROR")
    story.webhook.answers = [200, DeliveryError("refused", "nothing listens at 127.0.0.1:9")]
    await story.advance(2)


async def redelivered(story: Story) -> None:
    """A redelivery stands where it happened, and names what was sent again."""
    acted = await story.act("say", text="Hello")
    await story.advance(60)
    await ask(story.http, "POST", f"/callbacks/{acted['callbacks'][0]}/redeliver", expects=202)
    await account_of(story.app).clock.settle()


async def fallback(story: Story) -> None:
    """An SMS that goes out in the place of a lost RCS message hangs under it, and what expires says that its time was up."""
    story.account = "acc_webex_connect"
    service = Service(story.app, story.http, account_of(story.app, story.account), story.webhook)
    wish = {"smsFallback": True, "smsSenderId": "BRAND", "text": "Read me as SMS"}
    await service.sends("v2", v2_requests.rcs(options=wish, to=[{"msisdn": ["+15550007323"]}]))
    await service.v2(v2_requests.sms(validity=1, to=[{"msisdn": ["+15550007501"]}]))
    await story.advance(61)


async def question(story: Story) -> None:
    """A question that a request puts to the business hangs under it, one that a message makes necessary under that."""
    story.account = "acc_mehery"
    tenant = Tenant(story.app, story.http, account_of(story.app, story.account), story.webhook)
    tenant.configure(apps={"external_bot": {"contact_info_url": INFO}})
    story.webhook.answers = [Answer(200, '{"name": "Jo"}')]
    await tenant.post("/contact/info", {"csid": "919911223344"})
    await story.act("say", "919911223344", text="Hi", sender=WHATSAPP)
    await story.advance(86_400)


TREES: dict[Callable[[Story], Awaitable[None]], str] = {
    nothing: """\
acc_link (link), virtual clock at 2030-01-02 12:00:00 UTC
nothing has happened
""",
    default_series: """\
acc_link (link), virtual clock at 2030-01-02 12:00:00 UTC
12:00:00.000  POST /auth/oauth2/token → 200
12:00:00.000  POST /gateway/lmc/v1/phone/+491234567890/conversationMessage → 200
└─ 12:00:00.000  message to +491234567890 (rcs): text "Hello", delivered
   └─ 12:00:00.000  default series: running  (nothing else answers such a message)
      ├─ 12:00:00.200  event.DELIVERED → http://127.0.0.1:9/webhook 200 in 0 ms  (default series, step 0 deliver)
      └─ 12:00:00.600  step 1 read: waiting
12:00:00.000  the clock is moved on by 0.4 s
""",
    refused: """\
acc_link (link), virtual clock at 2030-01-02 12:00:00 UTC
12:00:00.000  POST /auth/oauth2/token → 200
12:00:00.000  POST /gateway/lmc/v1/phone/+491234567890/conversationMessage → 400 {"status":"400","error":"Bad Request","message":"messageContent.text: must be a string"}
    (LINK-GEN-12: A body is an object, and each value has its documented type, uncoerced; 000_8fd44aca822109ef.txt:635)
12:00:00.000  POST /gateway/lmc/v1/phone/+491234567890/conversationMessage → 200; LINK-GEN-13: colour is unknown and was ignored
└─ 12:00:00.000  message to +491234567890 (rcs): text "x", accepted
   └─ 12:00:00.000  default series: running  (nothing else answers such a message)
      └─ 12:00:00.200  step 0 deliver: waiting
""",
    retried: """\
acc_link (link), virtual clock at 2030-01-02 12:00:04 UTC
12:00:00.000  POST /auth/oauth2/token → 200
12:00:00.000  POST /gateway/lmc/v1/phone/+99900005001/conversationMessage → 200
└─ 12:00:00.000  message to +99900005001 (rcs): text "Would you like to continue?", read
   └─ 12:00:00.000  scenario confirm-booking: running  (the match of confirm-booking fits the message)
      ├─ 12:00:00.200  event.DELIVERED → http://127.0.0.1:9/webhook 200 in 0 ms  (scenario confirm-booking, step 0 deliver)
      ├─ 12:00:00.600  event.READ → http://127.0.0.1:9/webhook 200 in 0 ms  (scenario confirm-booking, step 1 read)
      ├─ 12:00:01.000  message from +99900005001 (rcs): suggestion_response "Yes"  (scenario confirm-booking, step 2 tap)
      │  └─ 12:00:01.000  message.SUGGESTION_RESPONSE → http://127.0.0.1:9/webhook 200 in 0 ms
      │     ├─ 12:00:01.000  attempt 1: 503 in 0 ms "try later"
      │     └─ 12:00:02.000  attempt 2: 200 in 0 ms  (retry 1 of 4)
      └─ 12:00:03.000  step 3 expect kind=["carousel"] within=30.0: passed, msg_1
12:00:00.000  the clock is moved on by 3 s
12:00:03.000  POST /gateway/lmc/v1/phone/+99900005001/conversationMessage → 200
└─ 12:00:03.000  message to +99900005001 (rcs): carousel "Sea view Garden", read
   │   (scenario confirm-booking, step 3 expect was waiting for it)
   ├─ 12:00:03.200  event.DELIVERED → http://127.0.0.1:9/webhook 200 in 0 ms  (scenario confirm-booking, step 4 deliver)
   ├─ 12:00:03.600  event.READ → http://127.0.0.1:9/webhook 200 in 0 ms  (scenario confirm-booking, step 5 read)
   └─ 12:00:04.600  step 6 tap {"index":0}: waiting
12:00:03.000  the clock is moved on by 1 s
""",
    faults: """\
acc_link (link), virtual clock at 2030-01-02 12:00:01 UTC
12:00:00.000  POST /auth/oauth2/token → 200
12:00:00.000  fault flt_1 armed: status 503 on request operation=sendMessage, 1 time
12:00:00.000  fault flt_2 armed: drop on callback kind=event.READ
12:00:00.000  POST /gateway/lmc/v1/phone/+491234567890/conversationMessage → 503 {"status":"503","error":"Service Unavailable","message":"The Conversational Platform is currently experiencing problems"}
    (fault flt_1: status 503 on request operation=sendMessage, 1 time)
12:00:00.000  POST /gateway/lmc/v1/phone/+491234567890/conversationMessage → 200
└─ 12:00:00.000  message to +491234567890 (rcs): text "Hello again", read
   └─ 12:00:00.000  default series: passed  (nothing else answers such a message)
      ├─ 12:00:00.200  event.DELIVERED → http://127.0.0.1:9/webhook 200 in 0 ms  (default series, step 0 deliver)
      └─ 12:00:00.600  event.READ → http://127.0.0.1:9/webhook, failed: dropped by the fault flt_2
         │   (default series, step 1 read)
         └─ 12:00:00.600  fault flt_2: drop on callback kind=event.READ
12:00:00.000  POST /gateway/lmc/v1/phone/+99900003102/conversationMessage → 500 {"status":"500","error":"Internal Server Error","message":"The Conversational Platform is currently experiencing problems"}
    (magic address +99900003102: 500)
12:00:00.000  the clock is moved on by 1 s
""",
    not_sent: """\
acc_link (link), virtual clock at 2030-01-02 12:00:00 UTC
12:00:00.000  account changed: webhook = null
12:00:00.000  action for +491234567890: say "Is anybody there?"
└─ 12:00:00.000  message from +491234567890 (rcs): text "Is anybody there?"
   └─ 12:00:00.000  message.TEXT → nobody, recorded
      └─ 12:00:00.000  not sent: no webhook is configured
             (the account's webhook says where callbacks go (serve --webhook-url, or PATCH the account))
12:00:00.000  account changed: webhook = "http://169.254.1.1/in"
12:00:00.000  action for +491234567890: say "Hello?"
└─ 12:00:00.000  message from +491234567890 (rcs): text "Hello?"
   └─ 12:00:00.000  message.TEXT → http://169.254.1.1/in, blocked
      └─ 12:00:00.000  not sent: 169.254.1.1 is a link-local address; callbacks never go there  (no setting allows it: name another URL)
""",
    actions: """\
acc_link (link), virtual clock at 2030-01-02 12:00:02 UTC
12:00:00.000  action for +491234567890: say "Hello\\nthere"
└─ 12:00:00.000  message from +491234567890 (rcs): text "Hello there"
   ├─ 12:00:02.000  message.TEXT → http://127.0.0.1:9/webhook 200 in 0 ms
   │      (somebody acted as the person, with drop a, duplicate 1, delay 2 s)
   └─ 12:00:02.000  message.TEXT → http://127.0.0.1:9/webhook refused in 0 ms, retrying
      │   (somebody acted as the person, with drop a, duplicate 1, delay 2 s)
      └─ 12:00:02.000  attempt 1: refused in 0 ms
             (nothing listens there: start the program, or correct the webhook's URL; from a container, 127.0.0.1 is the container itself)
12:00:00.000  action for +491234567890: error "USER_FILE_UPLOAD_ERROR"
└─ 12:00:00.000  error.USER_FILE_UPLOAD_ERROR → http://127.0.0.1:9/webhook 200 in 0 ms
12:00:00.000  the clock is moved on by 2 s
""",
    redelivered: """\
acc_link (link), virtual clock at 2030-01-02 12:01:00 UTC
12:00:00.000  action for +491234567890: say "Hello"
└─ 12:00:00.000  message from +491234567890 (rcs): text "Hello"
   └─ 12:00:00.000  message.TEXT → http://127.0.0.1:9/webhook 200 in 0 ms
12:00:00.000  the clock is moved on by 60 s
12:01:00.000  message.TEXT → http://127.0.0.1:9/webhook 200 in 0 ms  (cbk_1 was sent once more on demand)
""",
    fallback: """\
acc_webex_connect (webex-connect), virtual clock at 2030-01-02 12:01:01 UTC
12:00:00.000  POST /v2/messages → 201
└─ 12:00:00.000  message to +15550007323 (rcs): text "Hello", failed 7323
   ├─ 12:00:00.000  magic address +15550007323: passed  (receipt code 7323)
   │  └─ 12:00:00.100  receipt.Failed → http://127.0.0.1:9/receipts 200 in 0 ms  (magic address +15550007323, step 0 receipt)
   └─ 12:00:00.100  message to +15550007323 (sms): text "Read me as SMS", delivered
      │   (in the place of msg_1, which failed, as its request asked)
      └─ 12:00:00.100  magic address +15550007323: passed  (receipt code 7323)
         ├─ 12:00:00.200  receipt.Submitted → http://127.0.0.1:9/receipts 200 in 0 ms  (magic address +15550007323, step 0 receipt)
         └─ 12:00:00.500  receipt.Delivered → http://127.0.0.1:9/receipts 200 in 0 ms  (magic address +15550007323, step 1 deliver)
12:00:00.000  POST /v2/messages → 201
└─ 12:00:00.000  message to +15550007501 (sms): text "Hello", expired Un-Delivered
   ├─ 12:00:00.000  magic address +15550007501: passed  (receipt code 7501)
   │  └─ 12:00:00.100  receipt.Submitted → nobody, recorded  (magic address +15550007501, step 0 receipt)
   │     └─ 12:00:00.100  not sent: neither the request nor the service names a notify URL (setting notify_url)
   │            (the account's settings, or the request itself, say who is told)
   └─ 12:00:01.000  receipt.Un-Delivered → nobody, recorded  (the time of the message was up)
      └─ 12:00:01.000  not sent: neither the request nor the service names a notify URL (setting notify_url)
             (the account's settings, or the request itself, say who is told)
12:00:00.000  the clock is moved on by 61 s
""",
    question: """\
acc_mehery (mehery), virtual clock at 2030-01-03 12:00:00 UTC
2030-01-02 12:00:00.000  account changed: settings.apps = …
12:00:00.000  POST /xms/api/v1/contact/info → 200
└─ 12:00:00.000  contact_info → http://127.0.0.1:9/who 200 in 0 ms
12:00:00.000  action for 919911223344: say "Hi"
└─ 12:00:00.000  message from 919911223344 (WHATSAPP): text "Hi"
   ├─ 12:00:00.000  contact_info → http://127.0.0.1:9/who 200 in 0 ms
   ├─ 12:00:00.000  event.SESSION_ROUTED → http://127.0.0.1:9/webhook 200 in 0 ms
   └─ 12:00:00.000  message.text → http://127.0.0.1:9/webhook 200 in 0 ms
12:00:00.000  the clock is moved on by 86400 s
2030-01-03 11:00:00.000  event.SESSION_CLOSED → http://127.0.0.1:9/webhook 200 in 0 ms  (the platform tells of it by itself)
11:01:00.000  event.SESSION_CLOSED → http://127.0.0.1:9/webhook 200 in 0 ms  (the platform tells of it by itself)
12:00:00.000  event.SESSION_CLOSED → http://127.0.0.1:9/webhook 200 in 0 ms  (the platform tells of it by itself)
""",
}


@pytest.mark.parametrize("tell", [pytest.param(tell, id=tell.__name__) for tell in TREES])
async def test_tree(tell: Callable[[Story], Awaitable[None]], story: Story) -> None:
    """A timeline tells what happened in time order, each thing below what it came of, with its reason."""
    await tell(story)
    assert await story.drawn() == TREES[tell]


def test_documented_tree() -> None:
    """The tree that the documentation shows is one of these."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "timeline.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert block == TREES[retried]
