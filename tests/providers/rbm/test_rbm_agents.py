"""Agents: their names, their webhooks, and what becomes of messages that nobody hears of (RBM-CFG)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from calls import ask
from rbm_agent import MEI, Agent
from sandbox.core.provider import Provider
from sandbox.core.store import CredentialTakenError
from sandbox.providers import rbm
from sandbox.sandbox import AccountChanges, AccountSpec


async def made(http: httpx.AsyncClient, **members: Any) -> httpx.Response:
    """Make an agent over the control API."""
    return await http.post("/_sandbox/accounts", json={"provider": "rbm", **members})


@pytest.mark.parametrize(
    ("name", "status"),
    [
        pytest.param("", 422, id="RBM-CFG-01-empty"),
        pytest.param("a", 201, id="RBM-CFG-01-one-character"),
        pytest.param("a" * 100, 201, id="RBM-CFG-01-100-characters"),
        pytest.param("a" * 101, 422, id="RBM-CFG-01-101-characters"),
        pytest.param("\U0001f600" * 100, 201, id="RBM-CFG-01-100-characters-outside-the-plane"),
        pytest.param("a\nb", 422, id="RBM-CFG-01-two-lines"),
        pytest.param(7, 422, id="RBM-CFG-01-a-number"),
        pytest.param(None, 422, id="RBM-CFG-01-null"),
        pytest.param("SandboxAgent", 409, id="RBM-CFG-01-taken"),
        pytest.param("sandboxagent", 201, id="RBM-CFG-01-letter-case-counts"),
    ],
)
async def test_names(http: httpx.AsyncClient, name: Any, status: int) -> None:
    """A name has 1 to 100 characters on one line, and no other agent has it."""
    response = await made(http, credentials={"agent": name})
    assert response.status_code == status, response.text
    if status == 201:
        assert response.json()["credentials"] == {"agent": name}


async def test_a_name_that_is_not_given_is_made(http: httpx.AsyncClient) -> None:
    """Each agent without a name gets one of its own, and may be given another that is free."""
    first, second = [(await made(http)).json() for _ in range(2)]
    assert first["credentials"]["agent"] != second["credentials"]["agent"]
    path = f"/accounts/{first['id']}"
    await ask(http, "PATCH", path, {"credentials": second["credentials"]}, expects=409)
    await ask(http, "PATCH", path, {"credentials": {"agent": "Mine"}})
    assert (await ask(http, "GET", path))["credentials"] == {"agent": "Mine"}


@pytest.mark.parametrize(
    ("members", "status"),
    [
        pytest.param({"account": "acc_rbm_none"}, 422, id="RBM-CFG-01-unknown-account"),
        pytest.param({"account": "acc_rbm", "sender": "Nobody"}, 422, id="RBM-CFG-01-unknown-agent"),
        pytest.param({"account": "acc_rbm", "sender": "SecondAgent"}, 422, id="RBM-CFG-01-another-agent"),
        pytest.param({"account": "acc_rbm", "sender": "SandboxAgent"}, 202, id="RBM-CFG-01-the-agent"),
        pytest.param({"account": "acc_rbm"}, 202, id="RBM-CFG-01-the-only-one"),
    ],
)
async def test_a_trigger_names_an_agent(http: httpx.AsyncClient, members: dict[str, str], status: int) -> None:
    """The account is the agent; it may be named besides."""
    await ask(http, "POST", "/actions", {"user": MEI, "type": "say", "text": "Hi", **members}, expects=status)


@pytest.mark.parametrize(
    ("url", "status"),
    [
        pytest.param("https://shop.test/hook", 201, id="RBM-CFG-02-https"),
        pytest.param("http://127.0.0.1:8000/", 201, id="RBM-CFG-02-http-on-this-machine"),
        pytest.param("http://shop.test/hook", 201, id="RBM-CFG-02-http-elsewhere-is-the-operators-choice"),
        pytest.param("/hook", 422, id="RBM-CFG-02-not-absolute"),
        pytest.param("shop.test/hook", 422, id="RBM-CFG-02-no-scheme"),
        pytest.param("ftp://shop.test/", 422, id="RBM-CFG-02-another-scheme"),
        pytest.param("https://", 422, id="RBM-CFG-02-no-host"),
        pytest.param("", 422, id="RBM-CFG-02-empty"),
    ],
)
async def test_webhooks(http: httpx.AsyncClient, url: str, status: int) -> None:
    """A webhook is an absolute http or https URL."""
    assert (await made(http, webhook={"url": url})).status_code == status


@pytest.mark.parametrize("url", [pytest.param("http://127.0.0.1:9/new", id="RBM-CFG-02-a-change-is-for-the-next")])
async def test_a_new_webhook(agent: Agent, url: str) -> None:
    """What was made before goes to the former webhook, what comes after it to the new one."""
    agent.webhook.answers = [503]
    await agent.gets("say", text="before")
    agent.app.sandbox.change_account(agent.account, AccountChanges(webhook={"url": url}))
    agent.does("say", text="after")
    await agent.advance(1)
    assert [
        (received.url, body["text"]) for received, body in zip(agent.webhook.received, agent.bodies, strict=True)
    ] == [
        ("http://127.0.0.1:9/webhook", "before"),
        ("http://127.0.0.1:9/webhook", "before"),
        (url, "after"),
    ]


@pytest.mark.parametrize("deed", [pytest.param("say", id="RBM-CFG-03-disabled")])
async def test_disabled(old: Agent, deed: str) -> None:
    """A message to a disabled agent is recorded with the reason, and nothing is posted; enabled, the next one is."""
    acted = old.does(deed, text="Is anybody there?")
    await old.settle()
    (callback,) = acted.callbacks
    assert (callback.state, callback.detail, callback.attempts) == (
        "recorded",
        "the agent is disabled (setting enabled)",
        (),
    )
    assert [message.text for message in old.account.journal.messages] == ["Is anybody there?"]
    assert old.webhook.received == []
    old.configure(enabled=True)
    assert (await old.gets("say", text="And now?"))["agent"] == "OldAgent"


@pytest.mark.parametrize(
    "enabled", [pytest.param(True, id="RBM-CFG-03-no-webhook"), pytest.param(False, id="RBM-CFG-03-neither")]
)
async def test_no_webhook(agent: Agent, enabled: bool) -> None:
    """Without a webhook a message is recorded."""
    agent.app.sandbox.change_account(agent.account, AccountChanges(webhook=None, settings={"enabled": enabled}))
    acted = agent.does("say", text="Hello")
    await agent.settle()
    assert [(callback.state, callback.url) for callback in acted.callbacks] == [("recorded", None)]
    assert agent.webhook.received == []


async def test_a_fresh_sandbox_has_three_agents(agent: Agent) -> None:
    """SandboxAgent and SecondAgent are enabled, OldAgent is not."""
    found = {
        account.credentials.model_dump()["agent"]: account.settings.model_dump()["enabled"]
        for account in agent.app.sandbox.accounts
        if account.provider.name == "rbm"
    }
    assert found == {"SandboxAgent": True, "SecondAgent": True, "OldAgent": False}


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        pytest.param({"enabled": "yes please"}, "enabled", id="RBM-CFG-03-no-boolean"),
        pytest.param({"basic_auth": {"username": "a"}}, "basic_auth.password", id="RBM-CB-09-no-password"),
        pytest.param({"basic_auth": {"username": "a:b", "password": ""}}, "basic_auth.username", id="RBM-CB-09-colon"),
        pytest.param(
            {"basic_auth": {"username": "a", "password": "b\r\nX: 1"}}, "basic_auth.password", id="RBM-CB-09-two-lines"
        ),
        pytest.param({"callback_retries": [-1]}, "callback_retries[0]", id="RBM-CB-06-negative"),
        pytest.param({"callback_retries": [0.0] * 101}, "callback_retries", id="RBM-CB-06-too-many"),
        pytest.param({"callback_retries": 3}, "callback_retries", id="RBM-CB-06-a-count"),
        pytest.param({"retries": []}, "retries", id="RBM-CB-06-misspelt"),
    ],
)
async def test_settings_that_are_wrong(http: httpx.AsyncClient, settings: dict[str, Any], path: str) -> None:
    """A setting that cannot be is refused by its path."""
    problem = (await made(http, settings=settings)).json()
    assert (problem["status"], problem["errors"][0]["path"]) == (422, f"settings.{path}")


async def test_no_client_needs_a_header(agent: Agent, http: httpx.AsyncClient) -> None:
    """Nobody calls RBM; whoever asks how to, gets no headers."""
    assert await ask(http, "POST", "/accounts/acc_rbm/authorization") == {"headers": {}}


async def test_two_agents_in_one_process(agent: Agent) -> None:
    """A name is claimed in one sandbox, and free in the next: the provider itself remembers nothing."""
    with pytest.raises(CredentialTakenError):
        agent.app.sandbox.create_account(AccountSpec(provider="rbm", credentials={"agent": "SecondAgent"}))
    assert isinstance(rbm.PROVIDER, Provider)
    assert not vars(rbm.PROVIDER).keys() - {"_magic", "has_magic_effects"}
