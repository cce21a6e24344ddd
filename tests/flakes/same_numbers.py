"""200 tests that all talk to the same person: whatever one of them sees of another is a flake (`make flakes`)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import uuid4

import httpx
import pytest

from sandbox.testing import AsyncMessagingSandbox, MessagingSandbox, SandboxAccount

PERSON = "+491234567890"
LONG = 60.0  # seconds: the machine may have a lot to do, and what fails for that alone tells nothing
HTTP = httpx.Client(verify=False, timeout=LONG)  # reading certificates for every call would be most of the work

pytestmark = pytest.mark.parametrize("turn", range(20), ids="turn{}".format)


def text_from_link(account: SandboxAccount[Any], text: str, to: object = PERSON) -> int:
    """Send a text with two suggestions as a customer of LINK; returns the status."""
    url = f"{account.base_url}/gateway/lmc/v1/phone/{to}/conversationMessage?messageId={uuid4()}"
    suggestions = [{"text": word, "callbackData": word.lower()} for word in ("Yes", "No")]
    body = {"messageContent": {"text": text, "suggestions": suggestions}}
    return HTTP.post(url, json=body, headers=account.authorization()).status_code


def text_from_webex(account: SandboxAccount[Any], text: str) -> int:
    """Send an SMS as a customer of Webex Connect; returns the status."""
    body = {"deliverychannel": "sms", "destination": [{"msisdn": [PERSON]}], "channels": {"sms": {"text": text}}}
    return HTTP.post(
        f"{account.base_url}/resources/v1/messaging", json=body, headers=account.authorization()
    ).status_code


def texts(account: SandboxAccount[Any]) -> list[str]:
    """Return what business and person said."""
    return [message["text"] for message in account.messages()]


def test_tap(messaging_sandbox: MessagingSandbox, turn: int) -> None:
    """A tap answers the one question that this test asked."""
    account = messaging_sandbox.link()
    person = account.user(PERSON)
    assert text_from_link(account, f"Question {turn}?", person) == 200
    person.tap("Yes")
    callback = account.wait_for_callback(kind="message.SUGGESTION_RESPONSE", within=LONG)
    assert callback["decoded"]["message"]["data"]["suggestionResponse"] == {"text": "Yes", "postbackData": "yes"}
    assert texts(account) == [f"Question {turn}?", "Yes"]


def test_real_time(messaging_sandbox: MessagingSandbox, turn: int) -> None:
    """A message is delivered and read by itself."""
    account = messaging_sandbox.link()
    text_from_link(account, f"Message {turn}")
    assert account.wait_for_message(status="read", within=LONG)["text"] == f"Message {turn}"
    assert [callback["kind"] for callback in account.callbacks()] == ["event.DELIVERED", "event.READ"]


def test_frozen_time(messaging_sandbox: MessagingSandbox, turn: int) -> None:
    """Days pass for this test alone."""
    messaging_sandbox.clock.freeze("2030-01-02T12:00:00Z")
    account = messaging_sandbox.webex_connect()
    assert text_from_webex(account, f"Message {turn}") == 200
    account.assert_no_callback(within=0)
    messaging_sandbox.clock.advance(3 * 86_400)
    assert [callback["kind"] for callback in account.callbacks()] == ["receipt.Submitted", "receipt.Delivered"]
    assert account.callbacks()[1]["due_at"] == "2030-01-02T12:00:00.400Z"


def test_receipts(messaging_sandbox: MessagingSandbox, turn: int) -> None:
    """Receipts come for the one message that was sent."""
    account = messaging_sandbox.webex_connect()
    text_from_webex(account, f"Message {turn}")
    account.wait_for_callback(kind="receipt.Delivered", within=LONG)
    assert len(account.callbacks()) == 2
    assert len(account.requests()) == len(account.messages()) == 1


def test_tenant(messaging_sandbox: MessagingSandbox, turn: int) -> None:
    """A person writes to one tenant."""
    account = messaging_sandbox.mehery()
    account.user(PERSON).say(f"Hello {turn}", sender="wa360:918828218374")
    account.wait_for_callback(kind="message.text", within=LONG)
    assert texts(account) == [f"Hello {turn}"]


def test_agent(messaging_sandbox: MessagingSandbox, turn: int) -> None:
    """A person shares a place with one agent."""
    account = messaging_sandbox.rbm()
    account.user(PERSON).share_location(19.0, turn)
    assert account.wait_for_callback(kind="location", within=LONG)["user"] == PERSON
    assert len(account.callbacks()) == 1


def test_fault(messaging_sandbox: MessagingSandbox, turn: int) -> None:
    """What goes wrong for one account goes well for another, in the same test too."""
    broken, whole = messaging_sandbox.link(), messaging_sandbox.link()
    broken.arm({"on": "request", "match": {"operation": "sendMessage"}, "effect": {"type": "status", "status": 503}})
    assert (text_from_link(broken, f"{turn}"), text_from_link(whole, f"{turn}")) == (503, 200)
    assert (texts(broken), texts(whole)) == ([], [f"{turn}"])


def test_silence(messaging_sandbox: MessagingSandbox, turn: int) -> None:
    """Nothing comes where nothing was done, however much others do."""
    account = messaging_sandbox.link()
    account.user(PERSON).start_typing()
    account.assert_no_callback(kind="message.*", within=0.2)
    account.assert_no_message(within=0)


def test_loop(async_messaging_sandbox: AsyncMessagingSandbox, turn: int) -> None:
    """The same goes for what is awaited."""

    async def talk() -> list[str]:
        account = await async_messaging_sandbox.link()
        await account.user(PERSON).say(f"Hello {turn}")
        await account.wait_for_callback(kind="message.TEXT", within=LONG)
        return [message["text"] for message in await account.messages()]

    assert asyncio.run(talk()) == [f"Hello {turn}"]


@contextmanager
def echo_bot(account: SandboxAccount[Any]) -> Iterator[str]:
    """Serve a webhook that sends every text back; the address is its."""

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()
            if json.loads(content)["message"]["attributes"].get("message_type") == "TEXT":
                text_from_link(account, "You said something")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Webhook) as server:
        server.block_on_close = True
        server.daemon_threads = False
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_bot(messaging_sandbox: MessagingSandbox, turn: int) -> None:
    """A bot behind a real webhook answers the person of this test."""
    account = messaging_sandbox.link()
    with echo_bot(account) as url:
        account.change(webhook={"url": url})
        account.user(PERSON).say(f"Hello {turn}", wait=LONG)
        assert account.wait_for_message(direction="outbound", within=LONG)["text"] == "You said something"
    assert texts(account) == [f"Hello {turn}", "You said something"]
