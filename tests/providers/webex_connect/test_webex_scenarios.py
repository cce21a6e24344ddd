"""Scenarios: what the shipped people of Webex Connect do, told by real requests, their callbacks and their runs."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

import v1_requests
import v2_requests
from harness import NOON
from sandbox.engine.loader import load
from sandbox.engine.scenario import Run
from sandbox.shipped import folder
from webex_service import WEBHOOK, Service

Body = dict[str, Any]
SUBMITTED, DELIVERED, READ = ("Submitted", "7501"), ("Delivered", "7500"), ("Read", "7502")


def sample(version: str, name: str) -> Body:
    """Return a request of the document's."""
    file = folder("fixtures") / "webex_connect" / version / "requests" / f"{name}.json"
    request: Body = json.loads(file.read_text("utf-8"))["request"]
    return request


def runs(service: Service) -> list[Run]:
    """Return every run, in order."""
    return [run for run in service.account.journal.runs if isinstance(run, Run)]


def the_run(service: Service) -> Run:
    """Return the one run of a story."""
    (run,) = (run for run in runs(service) if not run.scenario.startswith("webex-connect-"))
    return run


def assert_passed(service: Service, scenario: str, *deeds: str) -> None:
    """Check that this scenario was played to its end, step by step, and that nothing went wrong on the way."""
    run = the_run(service)
    assert (run.scenario, run.state) == (scenario, "passed")
    assert [step.do for step in run.steps] == list(deeds)
    assert {step.state for step in run.steps} <= {"done", "passed"}
    assert {callback.state for callback in service.callbacks} == {"delivered"}


def assert_failed(service: Service, index: int, detail: str) -> None:
    """Check at which step the run failed, and with which last words."""
    run = the_run(service)
    assert run.state == "failed"
    assert run.steps[index].state == "failed"
    assert (run.steps[index].detail or "").splitlines()[0].endswith(detail)


def times(service: Service) -> list[float]:
    """Return when each receipt says that it happened, in seconds after noon, in the order in which they came."""
    return [(datetime.fromisoformat(info["timeStamp"]) - NOON).total_seconds() for info in service.infos()]


# ------------------------------------------------------------------------------------------------------------ SMS

CODE = "Your code is 274913"
CODES: dict[str, tuple[Body, Body, tuple[str, str]]] = {
    "v1": (
        v1_requests.request(
            "sms", {"sms": {"text": CODE}}, "+99900006001", expiry=(NOON + timedelta(minutes=5)).isoformat()
        ),
        v1_requests.request("sms", {"sms": {"text": CODE}}, "+99900006001"),
        ("Failed", "7005"),
    ),
    "v2": (
        v2_requests.sms({"text": CODE}, to=[{"msisdn": ["+99900006001"]}], validity=300),
        v2_requests.sms({"text": CODE}, to=[{"msisdn": ["+99900006001"]}]),
        ("Un-Delivered", "7208"),
    ),
}


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_expired_code(service: Service, version: str) -> None:
    """The code expires when its time is up, not before; the one that is sent then arrives."""
    first, second, expired = CODES[version]
    await service.sends(version, first)
    await service.wait_until(299.9)
    assert service.receipts() == [SUBMITTED]
    await service.wait_until(301)
    assert service.receipts() == [SUBMITTED, expired]
    assert service.messages[0].status == "expired"
    await service.sends(version, second)
    await service.advance(1)
    assert service.receipts()[2:] == [SUBMITTED, DELIVERED]
    assert times(service) == [0.1, 300, 301.1, 301.4]
    assert_passed(service, "webex-expired-code", "receipt", "expect", "receipt", "deliver")


async def test_code_that_is_not_sent_again(service: Service) -> None:
    """A business that sends no second code, or only something else, has failed after an hour."""
    await service.sends("v2", CODES["v2"][0])
    await service.sends("v2", v2_requests.sms({"text": "Hello"}, to=[{"msisdn": ["+99900006001"]}]))
    await service.wait_until(3601)
    assert_failed(service, 1, "no message came within 3600 s")


LINK = "https://example.com/sale"
TRACKED = {"shortenLinks": True, "trackClicks": True}


def with_link(**options: Any) -> Body:
    """Return an SMS with a link."""
    return v2_requests.sms({"text": f"Our sale: {LINK}"}, to=[{"msisdn": ["+99900006007"]}], options=options)


async def test_clicked_link(service: Service) -> None:
    """Half a minute after Delivered comes Clicked, with the link as the request has it, and the browser."""
    await service.sends("v2", with_link(**TRACKED))
    await service.wait_until(60)
    assert service.receipts() == [SUBMITTED, DELIVERED, ("Clicked", "7528")]
    assert times(service) == [0.1, 0.4, 30.4]
    clicked = service.infos()[-1]
    assert LINK not in service.messages[0].text
    assert clicked["Description"].startswith(f"{LINK}|")
    assert clicked["additionalInfo"].startswith("Mozilla/")
    assert_passed(service, "webex-clicked-link", "receipt", "deliver", "click")


async def test_link_without_tracking(service: Service) -> None:
    """Where nobody would hear of the click, the run fails and says so."""
    await service.sends("v2", with_link(shortenLinks=True))
    await service.wait_until(60)
    assert service.receipts() == [SUBMITTED, DELIVERED]
    assert_failed(service, 2, "whose clicks are tracked; there are none")


# ------------------------------------------------------------------------------------------------------------ RCS

FALLBACK = {"smsFallback": True, "smsSenderId": "CNNECT", "text": "Two rooms are left. Answer 1 or 2."}


def carousel(**members: Any) -> Body:
    """Return the document's carousel."""
    return {**sample("v2", "14-rcs-carousel"), "to": [{"msisdn": ["+99900006002"]}], **members}


async def test_carousel_fallback(service: Service) -> None:
    """RCS fails after two seconds, the SMS arrives, and both are told of under the id of the answer."""
    (message_id,) = await service.sends("v2", carousel(options=FALLBACK))
    await service.wait_until(10)
    told = [(info["deliveryChannel"], info["deliveryStatus"], info["code"]) for info in service.infos()]
    assert told == [("rcs", "Failed", "7323"), ("SMS", *SUBMITTED), ("SMS", *DELIVERED)]
    assert times(service) == [2, 2.1, 2.4]
    assert {body["deliveryInfoNotification"]["transid"] for body in service.bodies()} == {message_id}
    lost, instead = service.messages
    assert (lost.status, instead.channel, instead.text, instead.status) == (
        *("failed", "sms", FALLBACK["text"]),
        "delivered",
    )
    assert_passed(service, "webex-carousel-fallback", "fail")


async def test_fallback_is_expected(service: Service) -> None:
    """A run can wait for the SMS by its channel, although its sender is another one and it goes out at once."""
    steps = "[{do: fail, code: '7323'}, {do: expect, channel: sms, within: 1s}, {do: deliver}]"
    service.app.sandbox.scenarios.put(
        load(f"name: falls-back\nmatch: {{channel: rcs, user: '+4917*'}}\nsteps: {steps}")
    )
    await service.sends("v2", carousel(options=FALLBACK, to=[{"msisdn": ["+491711111111"]}]))
    await service.wait_until(1)
    assert_passed(service, "falls-back", "fail", "expect", "deliver")
    assert [message.status for message in service.messages] == ["failed", "delivered"]


async def test_carousel_without_fallback(service: Service) -> None:
    """Without an SMS to fall back on, Failed is all."""
    await service.sends("v2", carousel())
    await service.wait_until(10)
    assert service.receipts() == [("Failed", "7323")]
    assert len(service.messages) == 1


# ------------------------------------------------------------------------------------------------------------ voice


def call() -> Body:
    """Return a call that plays a prompt."""
    return v1_requests.request("voice", {"voice": {"promptid": "31"}}, "+99900006006")


async def test_busy_line(service: Service) -> None:
    """The first call is rejected, the second answered; twenty seconds later it ends, all at one time."""
    await service.sends("v1", call())
    await service.wait_until(600)
    assert service.receipts() == [("DROPPED", "7409"), ("REJECTED", "7402")]
    assert service.messages[0].status == "failed"
    await service.sends("v1", call())
    await service.wait_until(660)
    answered = [("OFFERED", "7407"), ("ACCEPTED", "7408"), ("ANSWERED", "7519"), ("DROPPED", "7409")]
    assert service.receipts()[2:] == [*answered, ("Released", "7405")]
    assert times(service) == [2, 2, 600.1, 600.2, 604.2, 624.2, 624.2]
    assert service.messages[1].status == "delivered"
    assert_passed(service, "webex-busy-line", "receipt", "receipt", "expect", *["receipt"] * 5)


async def test_no_second_call(service: Service) -> None:
    """A business that does not call again has failed a quarter of an hour later."""
    await service.sends("v1", call())
    await service.wait_until(903)
    assert_failed(service, 2, "no message came within 900 s")


# -------------------------------------------------------------------------------------------------------- Messenger


def on_messenger(**block: Any) -> Body:
    """Return a message on Messenger."""
    return v1_requests.request("fb", {"OTT-Messaging": {"fb": block}}, "99900006003", key="psid", appid="a_1")


async def test_messenger_receipt(service: Service) -> None:
    """The receipt is read, a question comes, and its answer is read too; `typing_on` is no answer."""
    receipt = sample("v1", "31-fb-receipt-template")
    await service.sends("v1", {**receipt, "appid": "a_1", "destination": [{"psid": ["99900006003"]}]})
    await service.wait_until(12.4)
    assert service.receipts() == [SUBMITTED, DELIVERED, READ]
    (asked,) = service.bodies(WEBHOOK)
    assert (asked["event"], asked["psid"], asked["appId"]) == ("MO", "99900006003", "a_1")
    assert asked["message"] == "Can it still go to another address?"
    await service.wait_until(14)
    await service.sends("v1", on_messenger(sender_action="typing_on"))
    await service.wait_until(16)
    await service.sends("v1", on_messenger(text="It can, until tonight."))
    await service.wait_until(30)
    assert service.receipts()[3:] == [SUBMITTED, SUBMITTED, DELIVERED, READ]
    assert times(service) == [0.1, 0.4, 4.4, 14.1, 16.1, 16.4, 18.4]
    steps = ("receipt", "deliver", "read")
    assert_passed(service, "webex-messenger-receipt", *steps, "say", "expect", *steps)


# --------------------------------------------------------------------------------------------------------- WhatsApp

ROWS = [{"id": "r1", "title": "Sea view"}, {"id": "r2", "title": "City view", "description": "Quiet, on the yard"}]
LIST: Body = {
    "type": "list",
    "list": {"body": {"text": "Which room?"}, "action": {"button": "Rooms", "sections": [{"rows": ROWS}]}},
}
REPLY: Body = {
    "type": "reply",
    "reply": {
        "body": {"text": "Shall we book it?"},
        "action": {"buttons": [{"type": "reply", "reply": {"id": id_, "title": id_.title()}} for id_ in ("yes", "no")]},
    },
}
# What the webhook is told of a choice, but for the id of the question.
CHOSEN_ROW = {"listRowIdentifier": "r2", "listRowTitle": "City view", "listRowDescription": "Quiet, on the yard"}
CHOSEN_BUTTON = {"replyButtonIdentifier": "no", "replyButtonTitle": "No"}


def on_whatsapp(block: Body) -> Body:
    """Return a message on WhatsApp."""
    return v1_requests.request("whatsapp", {"OTT-Messaging": {"wa": block}}, "99900006004", key="waid", appid="a_1")


@pytest.mark.parametrize(
    ("question", "event", "chosen"),
    [pytest.param(LIST, "list", CHOSEN_ROW, id="list"), pytest.param(REPLY, "reply", CHOSEN_BUTTON, id="reply")],
)
async def test_list_choice(service: Service, question: Body, event: str, chosen: Body) -> None:
    """The last row (or button) comes back with all that is known of it, and what it answers; then that is confirmed."""
    (transid,) = await service.sends("v1", on_whatsapp(question))
    await service.wait_until(4.4)
    assert service.receipts() == [SUBMITTED, DELIVERED, READ]
    (told,) = service.bodies(WEBHOOK)
    assert (told["event"], told["type"], told["waid"]) == (event, "interactive", "99900006004")
    assert {**told, **chosen, "contextId": transid} == told
    await service.wait_until(5)
    await service.sends("v1", on_whatsapp({"type": "text", "text": {"body": "It is yours. Any more wishes?"}}))
    await service.wait_until(60)
    assert service.receipts()[3:] == [SUBMITTED, DELIVERED, READ]
    assert times(service) == [0.1, 0.4, 1.4, 5.1, 5.4, 6.4]
    steps = ("receipt", "deliver", "read")
    assert_passed(service, "webex-list-choice", *steps, "tap", "expect", *steps)


async def test_question_without_a_choice(service: Service) -> None:
    """A question that offers nothing to choose ends the run, which says what is missing."""
    await service.sends("v1", on_whatsapp({"type": "text", "text": {"body": "Which room?"}}))
    await service.wait_until(60)
    assert_failed(service, 3, "+99900006004 was never shown the suggestion {'index': -1}; there are none")


# ------------------------------------------------------------------------------------------------------------- push


@pytest.mark.parametrize("key", ["android_pushid", "ios_pushid", "userid"])
async def test_pressed_button(service: Service, key: str) -> None:
    """The pressed button is told by Read to the notify URL; the webhook hears of nothing."""
    push = sample("v1", "23-push-interactive")
    await service.sends("v1", {**push, "appid": "a_1", "destination": [{key: ["99900006005"]}]})
    await service.wait_until(60)
    assert service.receipts() == [SUBMITTED, DELIVERED, READ]
    assert times(service) == [0.1, 0.4, 5.4]
    assert [info.get("interaction") for info in service.infos()] == [
        *(None, None),
        {"Button_Pressed": "YES", "pushref": "4321"},
    ]
    assert service.told(WEBHOOK) == []
    assert_passed(service, "webex-pressed-button", "receipt", "deliver", "tap")


# ----------------------------------------------------------------------------------------------------------- e-mail


async def test_bounced_mail(service: Service) -> None:
    """The first mail bounces; the second is accepted alike and fails at once, and the scenario has no part in that."""
    mail = v2_requests.email(to=[{"email": ["Bounced@x.test"]}])
    await service.sends("v2", mail)
    await service.wait_until(10)
    assert service.receipts() == [SUBMITTED, ("Bounce", "7520")]
    bounced = service.infos()[-1]
    assert (bounced["Description"], bounced["additionalInfo"][:5]) == ("Permanent_NoEmail", "smtp;")
    await service.sends("v2", mail)
    await service.wait_until(20)
    assert service.receipts()[2:] == [("Failed", "7240")]
    assert service.infos()[-1]["Description"] == "already bounced : Bounced@x.test"
    assert times(service) == [0.1, 2.1, 10.1]
    first, second = runs(service)
    assert (first.scenario, first.state, [step.do for step in first.steps]) == (
        *("webex-bounced-mail", "passed"),
        ["receipt", "receipt"],
    )
    assert (second.scenario, second.state) == ("fate", "passed")


# ------------------------------------------------------------------------------------------------ of all of them


@pytest.mark.parametrize("number", [1, 2, 3, 4, 6, 7])
async def test_anything_else_plays_the_default(service: Service, number: int) -> None:
    """A message that a story is not about gets the usual receipts."""
    await service.sends("v1", v1_requests.request("sms", {"sms": {"text": "Hello"}}, f"+9990000600{number}"))
    await service.wait_until(60)
    assert service.receipts() == [SUBMITTED, DELIVERED]
    assert [run.scenario for run in runs(service)] == ["webex-connect-default"]
