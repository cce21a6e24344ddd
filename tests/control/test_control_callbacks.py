"""Callbacks: what was told to webhooks, every attempt, and once more on demand."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from calls import ask, items
from harness import USER, FakeWebhook, LinkClient
from sandbox.core.account import Account
from sandbox.webhook_client import DeliveryError

OTHER_USER = "+4917612345678"
MEMBERS = [
    *("id", "account", "provider", "kind", "user", "message", "cause", "url", "method", "headers", "body", "parts"),
    *("decoded", "state", "due_at", "attempts", "fault", "detail"),
]


async def tell(http: httpx.AsyncClient, **action: Any) -> Any:
    """Act as the usual person, and wait for the first attempts."""
    body = {"account": "acc_link", "user": USER, **action}
    made = await ask(http, "POST", "/actions", body, 202, wait=5)
    return await ask(http, "GET", f"/callbacks/{made['callbacks'][0]}")


async def test_shape(http: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    """A callback is shown with its bytes, the same read for people, and what came of it."""
    callback = await tell(http, type="say", text="Grüße")
    assert list(callback) == MEMBERS
    assert callback == (await items(http, "/callbacks"))[0]
    assert (callback["kind"], callback["user"], callback["method"]) == ("message.TEXT", USER, "POST")
    assert callback["cause"]["type"] == "action"
    assert callback["url"] == "http://127.0.0.1:9/webhook"
    assert callback["headers"]["content-type"] == "application/json"
    assert callback["body"].encode() == webhook.received[0].encoded.body
    assert (callback["parts"], callback["decoded"]["message"]["data"]["text"]) == (None, "Grüße")
    assert (callback["state"], callback["due_at"]) == ("delivered", "2030-01-02T12:00:00.000Z")
    (attempt,) = callback["attempts"]
    assert list(attempt) == ["at", "status", "error", "duration_ms", "response"]
    assert (attempt["at"], attempt["status"], attempt["error"]) == ("2030-01-02T12:00:00.000Z", 200, None)
    message = await ask(http, "GET", f"/messages/{callback['message']}")
    assert message["text"] == "Grüße"


async def test_file(http: httpx.AsyncClient, account: Account) -> None:
    """A multipart callback has its parts, with the text of the JSON one; what is a file is only measured."""
    callback = await tell(http, type="send_file", name="a.jpg", content="QUJD")
    assert callback["body"] is None
    assert callback["headers"]["content-type"].startswith("multipart/form-data; boundary=")
    envelope, file = callback["parts"]
    assert list(envelope) == ["name", "content_type", "filename", "size", "text"]
    assert (envelope["name"], envelope["content_type"], envelope["filename"]) == ("message", "application/json", None)
    assert envelope["size"] == len(envelope["text"].encode())
    assert json.loads(envelope["text"])["message"]["attributes"]["message_type"] == "USER_FILE"
    assert (file["filename"], file["size"], file["text"]) == ("a.jpg", 3, None)
    assert callback["decoded"]["message"]["data"]["userFile"]["payload"]["fileName"] == "a.jpg"


async def test_error_report(http: httpx.AsyncClient) -> None:
    """An error that belongs to no message is a callback like the others."""
    callback = await tell(http, type="error", code="USER_FILE_UPLOAD_ERROR")
    assert (callback["kind"], callback["message"], callback["state"]) == (
        "error.USER_FILE_UPLOAD_ERROR",
        None,
        "delivered",
    )


async def test_not_sent_yet(http: httpx.AsyncClient, account: Account) -> None:
    """A callback that waits is shown as it would be sent now; looking at it does not settle it."""
    action = {"account": "acc_link", "user": USER, "type": "say", "text": "Later", "callback": {"delay": 5}}
    made = await ask(http, "POST", "/actions", action, 202, wait=0.01)
    callback = await ask(http, "GET", f"/callbacks/{made['callbacks'][0]}")
    assert (callback["state"], callback["attempts"]) == ("scheduled", [])
    assert callback["due_at"] == "2030-01-02T12:00:05.000Z"
    assert callback["decoded"]["message"]["data"]["text"] == "Later"
    kept = account.journal.callbacks.get(callback["id"])
    assert kept is not None
    assert kept.encoded is None


async def test_that_cannot_be_made(http: httpx.AsyncClient, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """A callback that cannot be put into bytes has none, says so, and hides no other."""
    await tell(http, type="say", text="Good")

    def broken(*_: object) -> None:
        raise RuntimeError("the reason")

    monkeypatch.setattr(type(account.provider), "encode", broken)
    callback = await tell(http, type="say", text="Bad")
    assert (callback["state"], callback["detail"]) == ("failed", "RuntimeError: the reason")
    assert (callback["body"], callback["parts"], callback["decoded"], callback["headers"]) == (None, None, None, {})
    assert [bool(each["body"]) for each in await items(http, "/callbacks")] == [True, False]


async def test_without_a_webhook(http: httpx.AsyncClient) -> None:
    """Without a webhook a callback is recorded, with its body."""
    await ask(http, "PATCH", "/accounts/acc_link", {"webhook": None})
    callback = await tell(http, type="say", text="Hello")
    assert (callback["state"], callback["url"], callback["attempts"]) == ("recorded", None, [])
    assert callback["body"]


async def test_attempts(http: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    """Every attempt is there, also one that no answer came to."""
    webhook.answers = [503, DeliveryError("refused", "nothing listens there"), 204]
    await tell(http, type="say", text="Hello")
    await ask(http, "POST", "/clock/advance", {"seconds": 10})
    callback = (await items(http, "/callbacks"))[0]
    assert [(attempt["status"], attempt["error"]) for attempt in callback["attempts"]] == [
        (503, None),
        (None, "refused"),
        (204, None),
    ]
    assert [attempt["at"] for attempt in callback["attempts"]] == [
        "2030-01-02T12:00:00.000Z",
        "2030-01-02T12:00:01.000Z",
        "2030-01-02T12:00:03.000Z",
    ]


async def test_blocked(http: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    """What the egress rule refuses says why."""
    webhook.answers = [DeliveryError("blocked", "the reason")]
    callback = await tell(http, type="say", text="Hello")
    assert (callback["state"], callback["detail"], callback["attempts"]) == ("blocked", "the reason", [])


async def test_corrupt(http: httpx.AsyncClient) -> None:
    """A callback that a fault spoilt is shown spoilt, with the fault."""
    fault = {"account": "acc_link", "on": "callback", "effect": {"type": "corrupt"}}
    armed = await ask(http, "POST", "/faults", fault, 201)
    callback = await tell(http, type="say", text="Hello")
    assert (callback["fault"], callback["decoded"]) == (armed["id"], None)
    with pytest.raises(ValueError, match="Unterminated"):
        json.loads(callback["body"])


async def test_headers_of_the_webhook(http: httpx.AsyncClient) -> None:
    """The webhook's own headers are shown, their secrets shortened."""
    headers = {"X-Team": "blue", "Authorization": "Bearer 1234567890"}
    await ask(http, "PATCH", "/accounts/acc_link", {"webhook": {"headers": headers}})
    callback = await tell(http, type="say", text="Hello")
    assert callback["headers"]["x-team"] == "blue"
    assert callback["headers"]["authorization"] == "Bearer 12345…"


@pytest.mark.parametrize(
    ("path", "query", "hint"),
    [
        pytest.param("/callbacks", {"kind": "event.READ"}, None, id="kind"),
        pytest.param("/callbacks", {"kind": "event.REED*"}, None, id="glob"),
        pytest.param(
            "/callbacks",
            {"kind": "texts", "account": "acc_rbm"},
            "RBM has no callback 'texts'; the nearest is text",
            id="misspelt-kind",
        ),
        pytest.param("/callbacks", {"kind": "text"}, None, id="kind-of-some-provider"),
        pytest.param("/callbacks", {"kind": "event.REED"}, "; RBM has no callback", id="kind-of-no-provider"),
        pytest.param("/requests", {"operation": "sendMessage"}, None, id="operation"),
        pytest.param(
            "/requests",
            {"operation": "sendMesage", "account": "acc_link"},
            "LINK Conversations has no operation 'sendMesage'; the nearest is sendMessage",
            id="misspelt-operation",
        ),
    ],
)
async def test_hints(http: httpx.AsyncClient, path: str, query: dict[str, Any], hint: str | None) -> None:
    """A list that can never have what is asked for is empty, and says so."""
    page = await ask(http, "GET", path, **query)
    assert page["items"] == []
    assert page.get("hint") == hint or (hint is not None and hint in page["hint"])


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        pytest.param({}, 4, id="none"),
        pytest.param({"kind": "event.READ"}, 1, id="kind"),
        pytest.param({"kind": "event.*"}, 2, id="kind-glob"),
        pytest.param({"kind": "event"}, 0, id="kind-in-part"),
        pytest.param({"state": "delivered"}, 3, id="state"),
        pytest.param({"state": "retrying"}, 1, id="another-state"),
        pytest.param({"state": "retrying,delivered,blocked"}, 4, id="any-of-some-states"),
        pytest.param({"user": "0049 176 12345678"}, 1, id="user-normalised"),
        pytest.param({"message": "msg_x"}, 0, id="unknown-message"),
        pytest.param({"kind": "event.*", "state": "delivered", "user": USER}, 2, id="all-must-hold"),
    ],
)
async def test_filters(
    http: httpx.AsyncClient, link: LinkClient, webhook: FakeWebhook, filters: dict[str, str], count: int
) -> None:
    """Filters pick callbacks."""
    await link.send(text="Hello")
    await ask(http, "POST", "/clock/advance", {"seconds": 1})
    await tell(http, type="say", text="Hello", user=OTHER_USER)
    webhook.answers = [500]
    await tell(http, type="say", text="Hello")
    assert len(await items(http, "/callbacks", **filters)) == count


async def test_callbacks_of_a_message(http: httpx.AsyncClient, link: LinkClient) -> None:
    """`message` picks what was told of one message."""
    for _ in range(2):
        await link.send(text="Hello")
    await ask(http, "POST", "/clock/advance", {"seconds": 1})
    first = (await items(http, "/messages"))[0]["id"]
    found = await items(http, "/callbacks", message=first)
    assert [callback["kind"] for callback in found] == ["event.DELIVERED", "event.READ"]
    assert {callback["message"] for callback in found} == {first}


async def test_state_is_one_of_few(http: httpx.AsyncClient) -> None:
    """A state that there is not is refused, alone and among others."""
    await ask(http, "GET", "/callbacks?state=done", expects=422)
    await ask(http, "GET", "/callbacks?state=delivered,done", expects=422)


async def test_redeliver(http: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    """A callback is sent once more, byte for byte, as a new one that names the old."""
    callback = await tell(http, type="say", text="Hello")
    response = await http.post(f"/_sandbox/callbacks/{callback['id']}/redeliver")
    again = response.json()
    assert (response.status_code, response.headers["location"]) == (202, f"/_sandbox/callbacks/{again['id']}")
    assert again["cause"] == {"type": "redelivery", "id": callback["id"]}
    assert again["body"] == callback["body"]
    await ask(http, "GET", "/callbacks", wait=1, state="delivered", count=2)
    assert webhook.received[0].encoded == webhook.received[1].encoded


async def test_redeliver_to_the_new_webhook(http: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    """It goes to the webhook that the account has now."""
    callback = await tell(http, type="say", text="Hello")
    await ask(http, "PATCH", "/accounts/acc_link", {"webhook": {"url": "http://127.0.0.1:10/new"}})
    await ask(http, "POST", f"/callbacks/{callback['id']}/redeliver", expects=202)
    await ask(http, "GET", "/callbacks", wait=1, state="delivered", count=2)
    assert [received.url for received in webhook.received] == ["http://127.0.0.1:9/webhook", "http://127.0.0.1:10/new"]
