"""Metrics: counts that Prometheus can read, that never go back, and that nobody's name is in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import httpx
import prometheus_client.openmetrics.parser
import prometheus_client.parser
import pytest
from prometheus_client import Metric

from calls import ask, sandbox_with
from harness import USER, FakeWebhook, LinkClient, account_of
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.webhook_client import DeliveryError


@pytest.fixture
def link(http: httpx.AsyncClient, account: Account) -> LinkClient:
    """A client that asks for its token over HTTP: that call is told of, too."""
    return LinkClient(http, account)


Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


async def scraped(http: httpx.AsyncClient) -> Samples:
    """Return every sample of ours, by its name without our prefix and its labels."""
    response = await http.get("/_sandbox/metrics")
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name.removeprefix("messaging_sandbox_"), frozenset(sample.labels.items())): sample.value
        for family in prometheus_client.parser.text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float | None:
    """Return a sample; None if there is none."""
    return samples.get((name, frozenset(labels.items())))


async def say(http: httpx.AsyncClient, account: str = "acc_link", **values: Any) -> None:
    """Let a person write, and wait for the first attempt."""
    body = {"account": account, "user": USER, "type": "say", "text": "Hello", **values}
    await ask(http, "POST", "/actions?wait=5", body, 202)


async def test_requests(http: httpx.AsyncClient, link: LinkClient, account: Account) -> None:
    """Requests are counted by operation, status and how they fared, with those that no account could be told of."""
    await link.headers()
    fault = {"account": account.id, "on": "request", "effect": {"type": "status", "status": 500}, "times": 1}
    await ask(http, "POST", "/faults", fault, 201)
    for _ in range(3):
        await link.send(text="Hello")
    await link.send(text="")
    await link.send("+99900003103", text="Hello")
    await http.get("/nowhere")
    await http.get("/gateway/lmc/v1/nowhere")
    samples = await scraped(http)

    def requests(operation: str, status: str, outcome: str, provider: str = "link") -> float | None:
        labels = {"provider": provider, "operation": operation, "status": status, "outcome": outcome}
        return value(samples, "requests_total", **labels)

    assert requests("sendMessage", "200", "answered") == 2
    assert requests("sendMessage", "400", "refused") == 1
    assert requests("sendMessage", "500", "fault") == 1
    assert requests("sendMessage", "503", "fault") == 1
    assert requests("none", "404", "failed", "none") == 1
    assert requests("none", "404", "refused") == 1
    assert value(samples, "faults_fired_total", provider="link", on="request", effect="status") == 1


async def test_unanswered(http: httpx.AsyncClient, account: Account) -> None:
    """A request that nobody answered, and that no fault decided, is counted as such."""
    account.tally.requests["sendMessage", None, False, False, True] = 2
    samples = await scraped(http)
    labels = {"provider": "link", "operation": "sendMessage", "status": "none", "outcome": "unanswered"}
    assert value(samples, "requests_total", **labels) == 2


async def test_messages(http: httpx.AsyncClient, link: LinkClient, account: Account) -> None:
    """Messages are counted by direction for good; those that are kept, by status as it is now."""
    await link.send(text="Hello")
    await link.send("+99900001002", text="Hello")
    await say(http)
    await ask(http, "POST", "/clock/advance?account=acc_link", {"seconds": 5})
    samples = await scraped(http)
    assert value(samples, "messages_total", provider="link", direction="outbound") == 2
    assert value(samples, "messages_total", provider="link", direction="inbound") == 1
    assert value(samples, "messages_total", provider="rbm", direction="inbound") == 0
    assert value(samples, "messages_kept", provider="link", direction="outbound", status="read") == 1
    assert value(samples, "messages_kept", provider="link", direction="outbound", status="delivered") == 1
    assert value(samples, "messages_kept", provider="link", direction="inbound", status="received") == 1


async def test_callbacks(http: httpx.AsyncClient, webhook: FakeWebhook, account: Account) -> None:
    """Callbacks are counted when they are over, every attempt as it ends, with the time it took."""
    fault = {"account": account.id, "on": "callback", "effect": {"type": "drop"}, "times": 1}
    await ask(http, "POST", "/faults", fault, 201)
    await say(http)
    webhook.answers = [503, DeliveryError("refused", "nothing listens there"), 200, DeliveryError("blocked", "no")]
    await say(http)
    await ask(http, "POST", "/clock/advance?account=acc_link", {"seconds": 5})
    await say(http)
    await ask(http, "PATCH", "/accounts/acc_link", {"webhook": None})
    await say(http)
    samples = await scraped(http)
    states = {
        state: value(samples, "callbacks_total", provider="link", kind="message.TEXT", state=state)
        for state in ("delivered", "failed", "blocked", "recorded", "retrying")
    }
    assert states == {"delivered": 1, "failed": 1, "blocked": 1, "recorded": 1, "retrying": None}
    results = {
        result: value(samples, "callback_attempts_total", provider="link", result=result)
        for result in ("2xx", "5xx", "refused")
    }
    assert results == {"2xx": 1, "5xx": 1, "refused": 1}
    assert value(samples, "callback_attempt_duration_seconds_count", provider="link") == 3
    assert value(samples, "callback_attempt_duration_seconds_bucket", provider="link", le="+Inf") == 3
    assert value(samples, "callback_attempt_duration_seconds_count", provider="rbm") is None
    assert value(samples, "callbacks_pending") == 0


async def test_kinds_with_codes(http: httpx.AsyncClient) -> None:
    """A kind with a code in it that anybody can make up is counted under the name that the catalogue has."""
    sender = "wa360:918828218374"
    action = {"account": "acc_mehery", "user": "919988776655", "sender": sender, "type": "action", "action_code": "X7"}
    await ask(http, "POST", "/actions?wait=5", action, 202)
    account = (await scraped(http)).keys()
    kinds = {dict(labels)["kind"] for name, labels in account if name == "callbacks_total"}
    assert "action" in kinds
    assert not any("X7" in kind for kind in kinds)


async def test_kind_of_nobody(http: httpx.AsyncClient, account: Account) -> None:
    """A kind that the catalogue has not is none of its own."""
    account.tally.callback("surprise", "delivered")
    assert value(await scraped(http), "callbacks_total", provider="link", kind="other", state="delivered") == 1


async def test_question(http: httpx.AsyncClient, app: App) -> None:
    """A question that a request puts to the business is a callback that is over as well."""
    mehery = account_of(app, "acc_mehery")
    await ask(http, "PATCH", "/accounts/acc_mehery", {"settings": {"contact_info_url": "http://127.0.0.1:9/who"}})
    headers = (await ask(http, "POST", "/accounts/acc_mehery/authorization"))["headers"]
    await http.post("/xms/api/v1/contact/info", json={"csid": "1"}, headers=headers)
    assert mehery.tally.callbacks == {("contact_info", "sending"): 1, ("contact_info", "delivered"): 1}


async def test_what_there_is_now(http: httpx.AsyncClient, link: LinkClient) -> None:
    """Accounts, timers, armed faults and sizes of journals are as they are when they are asked for."""
    await link.send(text="Hello")
    fault = {"account": "acc_link", "on": "request", "effect": {"type": "hang"}}
    await ask(http, "POST", "/faults", fault, 201)
    samples = await scraped(http)
    assert value(samples, "accounts", provider="rbm") == 3
    assert value(samples, "timers_pending", provider="link") == 1
    assert value(samples, "faults_armed", provider="link") == 1
    assert value(samples, "faults_armed", provider="rbm") == 0
    assert value(samples, "journal_records", provider="link", feed="requests") == 2
    assert value(samples, "journal_records", provider="none", feed="requests") == 0
    assert any(name == "info" for name, _ in samples)
    assert any(name.startswith("python_gc") for name, _ in samples)


async def test_dropped() -> None:
    """What journals had no room for is counted."""
    async with sandbox_with(FakeWebhook(), journal_limit=2) as (app, http):
        link = LinkClient(http, account_of(app))
        for _ in range(3):
            await link.send(text="Hello")
            await http.get("/nowhere")
        samples = await scraped(http)
    assert value(samples, "journal_dropped_total", provider="link", feed="requests") == 2
    assert value(samples, "journal_recorded_total", provider="link", feed="messages") == 3
    assert value(samples, "journal_dropped_total", provider="none", feed="requests") == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("POST", "/reset?account=acc_link", 204, id="an-account-is-reset"),
        pytest.param("DELETE", "/accounts/acc_link", 204, id="an-account-is-removed"),
        pytest.param("POST", "/reset", 204, id="everything-is-reset"),
    ],
)
async def test_counts_never_go_back(
    http: httpx.AsyncClient, link: LinkClient, method: str, path: str, status: int
) -> None:
    """Nothing takes a count back, whatever is forgotten."""
    await link.send(text="Hello")
    await link.send(text="")
    await say(http)
    await http.get("/nowhere")
    await ask(http, "POST", "/clock/advance?account=acc_link", {"seconds": 5})
    before = {key: each for key, each in (await scraped(http)).items() if key[0].endswith(("_total", "_count"))}
    await ask(http, method, path, expects=status)
    after = await scraped(http)
    ours = {
        key: each for key, each in before.items() if ("provider", "link") in key[1] or ("provider", "none") in key[1]
    }
    assert len(ours) > 15
    assert {key: after.get(key) for key in ours} == ours


@pytest.mark.parametrize(
    "resets",
    [
        pytest.param(["/reset?account=acc_link"], id="an-account-is-reset"),
        pytest.param(["/reset"], id="everything-is-reset"),
        pytest.param(["/reset?account=acc_link", "/reset"], id="one-after-the-other"),
    ],
)
async def test_counts_go_on(http: httpx.AsyncClient, app: App, webhook: FakeWebhook, resets: list[str]) -> None:
    """The same again makes every count twice what it was, whatever was forgotten in between."""

    async def counts() -> Samples:
        webhook.answers = [503, 200]
        link = LinkClient(http, account_of(app))
        await link.headers()
        fault = {"account": "acc_link", "on": "request", "effect": {"type": "status", "status": 500}, "times": 1}
        await ask(http, "POST", "/faults", fault, 201)
        for text in ("", "", "Hello"):
            await link.send(text=text)
        await say(http)
        await http.get("/nowhere")
        await http.get("/gateway/lmc/v1/nowhere")
        await ask(http, "POST", "/clock/advance?account=acc_link", {"seconds": 5})
        return {key: each for key, each in (await scraped(http)).items() if key[0].endswith(("_total", "_count"))}

    once = {key: each for key, each in (await counts()).items() if ("provider", "link") in key[1]}
    for path in resets:
        await ask(http, "POST", path, expects=204)
    twice = await counts()
    assert len([each for each in once.values() if each]) > 15
    assert {key: twice.get(key) for key in once} == {key: 2 * each for key, each in once.items()}


async def test_no_label_is_anybodys_name(http: httpx.AsyncClient, link: LinkClient) -> None:
    """No account, person or message is named."""
    await link.send(text="Hello")
    await say(http)
    text = (await http.get("/_sandbox/metrics")).text
    assert USER not in text
    assert "acc_" not in text


async def test_open_metrics(http: httpx.AsyncClient, link: LinkClient) -> None:
    """Who accepts OpenMetrics gets it, whole and valid."""
    await link.send(text="Hello")
    accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
    response = await http.get("/_sandbox/metrics", headers={"Accept": accept})
    assert response.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    read: Callable[[str], Iterable[Metric]] = prometheus_client.openmetrics.parser.text_string_to_metric_families
    families = read(response.text)
    assert "messaging_sandbox_requests" in {family.name for family in families}


async def test_bad_call(http: httpx.AsyncClient) -> None:
    """It has no parameters, and needs the control token like all else."""
    await ask(http, "GET", "/metrics?x=1", expects=422)
    async with sandbox_with(control_token="secret") as (_, guarded):
        await ask(guarded, "GET", "/metrics", expects=401)
        allowed = await guarded.get("/_sandbox/metrics", headers={"Authorization": "Bearer secret"})
    assert allowed.status_code == 200
