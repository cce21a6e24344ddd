"""What is waited for is returned when it comes; when it does not, the failure tells what came instead, and why."""

from __future__ import annotations

import re

import httpx
import pytest

from sandbox.client.asking import Answer, Request
from sandbox.testing import MessagingSandbox
from sandbox.testing.expectation import Expectation
from sandbox.testing.kept import MESSAGES
from sms import USER, send

OTHER = "+491111111111"


def failure(caught: pytest.ExceptionInfo[AssertionError]) -> str:
    """Return what a failure says, with ids and times replaced."""
    text = re.sub(r"\b(acc|msg|req|cbk)_\w+", r"\1_x", str(caught.value))
    return re.sub(r"http://127\.0\.0\.1:\d+", "http://sandbox", text)


def test_messages(view: MessagingSandbox) -> None:
    """A message is waited for by what it is; asked once more, the next one is meant."""
    account = view.webex_connect()
    for text in ("one", "two"):
        send(account, text)
    assert account.wait_for_message(direction="outbound")["text"] == "one"
    assert account.wait_for_message(direction="outbound")["text"] == "two"
    assert account.wait_for_message(text="ONE")["text"] == "one"
    with pytest.raises(AssertionError, match=r"^no further message came within 0 s with\n  direction  'outbound'\n"):
        account.wait_for_message(direction="outbound", within=0)


def test_next_one_may_be_older(view: MessagingSandbox) -> None:
    """The next one is whichever meets the conditions next, in whatever order they were sent."""
    account = view.link()
    account.clock.freeze()
    for text in ("one", "two"):
        account.user(USER).say(text)
    older, newer = account.messages()
    assert account.wait_for_callback(message=newer["id"])["message"] == newer["id"]
    assert account.wait_for_callback(kind="message.*")["message"] == older["id"]
    assert account.wait_for_callback(kind="message.*")["message"] == newer["id"]


def test_waiting(view: MessagingSandbox) -> None:
    """A wait lasts until what is waited for has come."""
    account = view.webex_connect()
    send(account)
    assert account.wait_for_message(status="delivered")["status"] == "delivered"
    assert account.wait_for_request(operation="sendMessage*")["status"] == 200


def test_callbacks_that_wait_have_not_come(view: MessagingSandbox) -> None:
    """A callback has come when the webhook could know of it; one that is held back is told of."""
    account = view.link(webhook="http://127.0.0.1:9/")
    account.clock.freeze()
    account.user(USER).say("Hi", callback={"delay": 60})
    with pytest.raises(AssertionError) as caught:
        account.wait_for_callback(within=0.05)
    assert "    state  'scheduled'  is not 'retrying,delivered,failed,blocked,recorded'" in failure(caught)
    assert account.wait_for_callback(state="scheduled")["attempts"] == []
    with pytest.raises(AssertionError, match="a callback must not be there\n  cbk"):
        account.assert_no_callback(within=0)
    account.clock.advance(60)
    assert account.wait_for_callback()["state"] == "retrying"


def test_closest(view: MessagingSandbox) -> None:
    """Of what came instead the closest is told field by field, as the sandbox judges it, and the others in a line."""
    account = view.webex_connect()
    account.clock.freeze()
    send(account, "Good morning", OTHER)
    send(account, "Good evening")
    for number in range(6):
        send(account, f"{number}" * 100, OTHER)
    with pytest.raises(AssertionError) as caught:
        account.wait_for_message(user="0049 1234567890", text="good night", direction="outbound", within=0)
    lines = failure(caught).splitlines()
    assert lines[:12] == [
        "no message came within 0 s with",
        "  user       '0049 1234567890'",
        "  text       'good night'",
        "  direction  'outbound'",
        "the closest of 8 that came:",
        f"  msg_x  outbound text 'Good evening' ({USER}, accepted)",
        f"    user       '{USER}'  as wanted",
        "    text       'Good evening'  is not 'good night'",
        "    direction  'outbound'  as wanted",
        "the others:",
        f"  msg_x  outbound text 'Good morning' ({OTHER}, accepted)",
        f"  msg_x  outbound text '{'0' * 78}… ({OTHER}, accepted)",
    ]
    assert lines[15] == "  and 2 more"


def test_too_late(view: MessagingSandbox) -> None:
    """What comes while it is looked for what came instead came too late."""
    account = view.link()
    account.user(USER).say("Hi")
    asking = Expectation(MESSAGES, account.id, account.base_url, {"text": "hi"}).met(1, set())
    next(asking)
    request = asking.send(Answer(view.url, 200, "application/json", b'{"items": []}'))

    def go_on(request: Request) -> None:
        while True:
            request = asking.send(view.client.send(request))

    with pytest.raises(AssertionError) as caught:
        go_on(request)
    assert failure(caught).splitlines()[2:] == [
        "what came instead:",
        f"  msg_x  inbound text 'Hi' ({USER}, received)",
        "    text  'Hi'  as wanted",
        "it came too late: let it take longer with within=...",
    ]


def test_time_stands_still(view: MessagingSandbox) -> None:
    """Where something waits for time that stands still, that is said."""
    account = view.webex_connect()
    account.clock.freeze("2030-01-02T12:00:00Z")
    send(account)
    with pytest.raises(AssertionError) as caught:
        account.wait_for_callback(within=0)
    stands = "time stands still at 2030-01-02T12:00:00.000Z"
    waits = "the next of 1 that wait for it is due at 2030-01-02T12:00:00.100Z"
    assert failure(caught).splitlines() == [
        "no callback came within 0 s",
        "no callback came at all",
        f"{stands}, and {waits}: move it on with clock.advance(...)",
    ]


def test_refused_calls(view: MessagingSandbox) -> None:
    """Where calls were refused, they are told with their rules."""
    account = view.webex_connect()
    httpx.post(f"{account.base_url}/resources/v1/messaging", json={}, headers=account.authorization())
    with pytest.raises(AssertionError) as caught:
        account.wait_for_message(within=0)
    *_, count, request = failure(caught).splitlines()
    assert count == "1 of 1 calls were refused:"
    assert re.fullmatch(r"  req_x  POST /resources/v1/messaging -> 200 WX1-\w+-\d+ \(.+:\d+\)", request)


def test_nothing_was_called(view: MessagingSandbox) -> None:
    """Where nothing was called at all, the address is told, and calls of which nobody knows whose they are."""
    account = view.webex_connect()
    httpx.post(f"{account.base_url}/resources/v1/mesaging", json={})
    with pytest.raises(AssertionError) as caught:
        account.wait_for_request(within=0)
    assert failure(caught).splitlines() == [
        "no request came within 0 s",
        "no request came at all",
        "nothing was called as acc_x: does your program call http://sandbox, and with the credentials of this account?",
        "calls of nobody that is known, maybe another test's:",
        "  req_x  POST /resources/v1/mesaging -> 404, near POST /resources/v1/messaging",
    ]


def test_nothing_must_come(view: MessagingSandbox) -> None:
    """That nothing comes holds as long as nothing does; what came is told."""
    account = view.link()
    account.assert_no_message(within=0)
    account.assert_no_callback(kind="message.*", within=0.05)
    account.user(USER).say("Hi")
    account.assert_no_callback(kind="event.*", within=0)
    with pytest.raises(AssertionError) as caught:
        account.assert_no_callback(kind="message.*", user=USER)
    assert failure(caught).splitlines() == [
        "a callback must not be there with",
        "  kind  'message.*'",
        f"  user  '{USER}'",
        f"  cbk_x  message.TEXT ({USER}, recorded: no webhook is configured)",
    ]
    with pytest.raises(AssertionError, match=r"a message must not be there\n  msg_.*inbound text 'Hi'"):
        account.assert_no_message(within=0)


def test_names_that_are_not_there(view: MessagingSandbox) -> None:
    """What nothing can ever be called is not waited for without a word, nor made sure not to come."""
    account = view.link()
    nearest = "LINK Conversations has no callback 'event.read'; the nearest are event.READ, "
    with pytest.raises(AssertionError) as caught:
        account.assert_no_callback(kind="event.read", within=0)
    assert failure(caught).startswith(f"there never is a callback with\n  kind  'event.read'\n{nearest}")
    with pytest.raises(AssertionError) as caught:
        account.wait_for_callback(kind="event.read", within=0)
    assert failure(caught).splitlines()[2].startswith(nearest)
    with pytest.raises(AssertionError) as caught:
        account.wait_for_request(operation="sendMesage", within=0)
    assert failure(caught).splitlines()[2].endswith("'sendMesage'; the nearest is sendMessage")


def test_attempts_are_told(view: MessagingSandbox) -> None:
    """A callback is told with what came of its last attempt."""
    account = view.link(webhook="http://127.0.0.1:9/")
    account.user(USER).say("Hi", wait=5)
    with pytest.raises(AssertionError, match=r"message\.TEXT \(\+491234567890, retrying refused\)"):
        account.wait_for_callback(kind="event.READ", within=0)
