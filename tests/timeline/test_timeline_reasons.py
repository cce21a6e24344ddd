"""Reasons: why a run plays, who sent or expected a message, and what would help where nothing came of a callback."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import httpx
import pytest

import v2_requests
from calls import ask
from harness import NOON, USER, FakeWebhook, LinkClient, account_of
from mehery_tenant import JOHN, Tenant
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.core.callback import Attempt
from sandbox.core.fault import FaultSpec
from sandbox.core.piecemeal import at_once
from sandbox.engine.loader import load
from sandbox.sandbox import AccountChanges
from sandbox.timeline.node import Node, Timeline
from sandbox.timeline.reasons import of_attempt
from sandbox.webhook_client import DeliveryError
from webex_service import Service


def nodes(found: Iterable[Node]) -> Iterator[Node]:
    """Yield nodes and all that is below them, as they stand."""
    for node in found:
        yield node
        yield from nodes(node.children)


def said(timeline: Timeline, kind: str) -> list[tuple[str, str | None]]:
    """Return the summary of each node of a type with the text of its reason."""
    found = (node for node in nodes(timeline.roots) if node.type == kind)
    return [(node.summary, None if node.why is None else node.why.text) for node in found]


async def play(app: App, account: Account, scenario: str, seconds: float = 1.0) -> Timeline:
    """Let the usual person play a scenario and return the timeline."""
    made = load(scenario)
    app.sandbox.scenarios.put(made)
    app.sandbox.start_run(account, made, USER)
    await app.sandbox.advance(seconds=seconds, account=account)
    return at_once(app.sandbox.timeline(account))


async def test_run_that_was_asked_for(app: App, account: Account) -> None:
    """A run that was asked for stands by itself; a failed step says why."""
    timeline = await play(app, account, "name: hasty\nsteps: [{do: say, text: 'Hello!'}, {do: tap, suggestion: 'No'}]")
    assert said(timeline, "run") == [("scenario hasty: failed", "it was asked for by name")]
    assert [summary for summary, _ in said(timeline, "step")] == [
        'step 0 say "Hello!": done',
        f"step 1 tap \"No\": failed, {USER} was never shown the suggestion 'No'; there are none",
    ]
    assert said(timeline, "message") == [(f'message from {USER} (rcs): text "Hello!"', "scenario hasty, step 0 say")]


async def test_run_of_the_account(app: App, account: Account, link: LinkClient) -> None:
    """A run that the account's `scenario` wants says so."""
    account.scenario = "opt-out"
    await link.send(text="Hello")
    (run,) = said(at_once(app.sandbox.timeline(account)), "run")
    assert run == ("scenario opt-out: running", "the account's scenario is opt-out")


async def test_series_of_the_settings(app: App, http: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    """A series that the account's settings lay down says so."""
    tenant = Tenant(app, http, account_of(app, "acc_mehery"), webhook)
    tenant.configure(status_delays={"SENT": 1, "DLVRD": 2, "READ": 3})
    message = {"channelId": "wa360:918828218374", "type": "text", "to": {"contactId": JOHN}, "text": {"body": "Hi"}}
    sent = await tenant.post("/message/send", message)
    assert sent.status_code == 200, sent.text
    await tenant.advance(1)
    timeline = at_once(app.sandbox.timeline(tenant.account))
    assert said(timeline, "run") == [
        (
            "series of the settings: running",
            "nothing else answers such a message, and the account's settings say how it fares",
        )
    ]
    assert ("setting", "series of the settings, step 0 receipt") in [
        (node.why.type, node.why.text) for node in nodes(timeline.roots) if node.type == "callback" and node.why
    ]


async def test_certain_outcome(app: App, http: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    """What was certain when a message was accepted says so."""
    service = Service(app, http, account_of(app, "acc_webex_connect"), webhook)
    await service.v2(v2_requests.email(to=[{"email": ["not-an-address"]}]))
    await app.sandbox.advance(seconds=1, account=service.account)
    timeline = at_once(app.sandbox.timeline(service.account))
    assert said(timeline, "run") == [
        ("certain outcome: passed", "what becomes of the message was certain when it was accepted")
    ]
    assert [why for _, why in said(timeline, "callback")] == ["certain outcome, step 0 receipt"]


async def test_steps_that_operate(app: App, account: Account) -> None:
    """What a step arms or changes hangs under the step; what a step does otherwise does not."""
    steps = (
        "[{do: fault, on: callback, effect: {type: duplicate, copies: 2}}, {do: settings, set: {disabled: false}},"
        " {do: pause, seconds: 1}, {do: say, text: x}]"
    )
    timeline = await play(app, account, f"name: meddler\nsteps: {steps}", 2)
    (run,) = (root for root in timeline.roots if root.type == "run")
    armed, changed, _, wrote = run.children
    assert [child.summary.partition(" armed")[2] for child in armed.children] == [": duplicate 2 on callback"]
    assert [child.summary for child in changed.children] == ["account changed: settings.disabled = false"]
    (message,) = wrote.children
    assert [child.children[0].type for child in message.children] == ["fault", "fault", "fault"]


async def test_agents_message_does_not_carry_on_a_run(app: App, http: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    """Steps behind an `expect` hang under the message that a request brought, but not under one that a run sent."""
    tenant = Tenant(app, http, account_of(app, "acc_mehery"), webhook)
    app.sandbox.scenarios.put(load("name: waits\nsteps: [{do: expect, within: 60s}, {do: say, text: Thanks}]"))
    scenario = app.sandbox.scenarios.get("waits")
    assert scenario is not None
    run = app.sandbox.start_run(tenant.account, scenario, JOHN)
    await tenant.does("say", text="Help")
    await tenant.does("agent", assign="support")
    await tenant.does("agent", reply="How can I help?")
    await tenant.advance(5)
    timeline = at_once(app.sandbox.timeline(tenant.account))
    (top,) = (root for root in timeline.roots if root.id == run.id)
    assert [child.summary.partition(":")[0] for child in top.children] == [
        "step 0 expect 60.0",
        'step 1 say "Thanks"',
    ]
    assert ("scenario waits, step 0 expect was waiting for it") in [why for _, why in said(timeline, "message")]


async def test_late_answer(app: App, http: httpx.AsyncClient, account: Account, link: LinkClient) -> None:
    """An answer that a fault holds back says how long it took, and which fault that was."""
    import asyncio

    await link.headers()
    fault = {"account": account.id, "on": "request", "effect": {"type": "latency", "seconds": 3}}
    await ask(http, "POST", "/faults", fault, 201)
    sending = asyncio.create_task(link.send(text="Hello"))
    while not account.clock.pending:
        await asyncio.sleep(0)
    await app.sandbox.advance(seconds=3, account=account)
    await sending
    summary, why = said(at_once(app.sandbox.timeline(account)), "request")[-1]
    assert summary.endswith("conversationMessage → 200 after 3 s")
    assert why is not None
    assert why.endswith(": latency 3.0 on request")


async def test_trouble_of_our_own(
    app: App, account: Account, link: LinkClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that came to nothing for no rule's sake says what is known."""
    await link.headers()
    monkeypatch.setattr(account.ids, "opaque", lambda prefix: f"{prefix}_1" if prefix == "req" else 1 / 0)
    await link.send(text="Hello")
    summary, why = said(at_once(app.sandbox.timeline(account)), "request")[-1]
    assert "; the sandbox failed; its log tells more" in summary
    assert why is None


async def test_spent_fault_of_a_run_kept_no_more(app: App, account: Account, webhook: FakeWebhook) -> None:
    """Of a fault that is remembered no more only its id is told."""
    app.sandbox.change_account(account, AccountChanges(name="Blue"))
    timeline = await play(
        app,
        account,
        "name: f\nsteps: [{do: fault, on: callback, effect: {type: corrupt}}, {do: say, text: x}]",
    )
    (fired,) = [node for node in nodes(timeline.roots) if node.type == "fault" and "armed" not in node.summary]
    assert fired.summary == f"fault {fired.id}: corrupt on callback"
    account.journal.interventions.clear()
    (fired,) = [node for node in nodes(at_once(app.sandbox.timeline(account)).roots) if node.type == "fault"]
    assert fired.summary == f"fault {fired.id}"


async def test_fault_that_fits_nothing(app: App, account: Account, link: LinkClient) -> None:
    """A fault that is armed and has done nothing says so, as long as it is true."""
    effect = {"type": "status", "status": 503}
    faults = [
        app.sandbox.arm(FaultSpec.model_validate({"on": "request", "match": {"user": user}, "effect": effect}), account)
        for user in ("+49999*", "*")
    ]
    await link.send(text="Hello")
    told = {
        node.id: node.summary for node in nodes(at_once(app.sandbox.timeline(account)).roots) if node.type == "fault"
    }
    assert told[faults[0].id].endswith(": status 503 on request user=+49999*, and has not fired yet")
    assert told[faults[1].id].endswith(": status 503 on request user=*")


@pytest.mark.parametrize(
    ("outcome", "number", "expected"),
    [
        pytest.param(200, 0, None, id="taken-at-once"),
        pytest.param(503, 0, None, id="trouble-of-the-webhook"),
        pytest.param(503, 2, "retry 2 of 4", id="retried"),
        pytest.param(404, 0, "the program has no such path: correct the webhook's URL", id="404"),
        pytest.param(401, 0, "credentials go along as headers of the account's webhook", id="401"),
        pytest.param(
            302, 0, "redirects are never followed: give the webhook the URL that it leads to", id="redirected"
        ),
        pytest.param("dns", 0, "the name is not known here: correct the host of the webhook's URL", id="dns"),
        pytest.param("error", 0, None, id="what-nobody-knows"),
    ],
)
def test_attempt(outcome: int | str, number: int, expected: str | None) -> None:
    """An attempt that failed says what would help, as far as anybody can tell; a later one, that it is a retry."""
    status, error = (outcome, None) if isinstance(outcome, int) else (None, outcome)
    why = of_attempt(Attempt(NOON, status, error, 1.0, ""), number, 4)
    assert (why and why.text) == expected


async def test_given_up(app: App, account: Account, http: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    """A callback that nobody took says how its last attempt ended, below it every attempt."""
    webhook.answers = [DeliveryError("timeout", "no answer within 10 s")] * 5
    await ask(http, "POST", "/actions?wait=5", {"account": account.id, "user": USER, "type": "say", "text": "x"}, 202)
    await app.sandbox.advance(seconds=20, account=account)
    timeline = at_once(app.sandbox.timeline(account))
    ((summary, _),) = said(timeline, "callback")
    assert summary.endswith(", failed: no answer within 10 s (attempt 5 of 5)")
    assert [why for _, why in said(timeline, "attempt")] == [
        "no answer came in time: answer first and work afterwards, or raise the webhook's timeout",
        *(f"retry {number} of 4" for number in range(1, 5)),
    ]


async def test_scheduled(account: Account, app: App, http: httpx.AsyncClient) -> None:
    """A callback that waits says until when."""
    body = {"account": account.id, "user": USER, "type": "say", "text": "x", "callback": {"delay": 90, "set": {"a": 1}}}
    await ask(http, "POST", "/actions", body, 202)
    ((summary, why),) = said(at_once(app.sandbox.timeline(account)), "callback")
    assert summary.endswith("/webhook, scheduled for 12:01:30")
    assert why == "somebody acted as the person, with set a, delay 90 s"
