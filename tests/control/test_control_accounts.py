"""Accounts: made, changed, authorized and let go."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from calls import ask, items
from harness import LinkClient, account_of
from sandbox.app import App

WEBHOOK = {"url": "http://127.0.0.1:9/in", "headers": {"X-Key": "k"}, "timeout": 2.5}


async def test_shape(http: httpx.AsyncClient) -> None:
    """An account is shown with everything that a client of it needs."""
    account = await ask(http, "GET", "/accounts/acc_link")
    members = ["id", "provider", "name", "credentials", "webhook", "scenario", "settings", "created_at"]
    assert list(account) == members
    assert (account["id"], account["provider"]) == ("acc_link", "link")
    assert account["credentials"]["private_key"].startswith("-----BEGIN PRIVATE KEY-----")
    assert account["webhook"] == {"url": "http://127.0.0.1:9/webhook", "headers": {}, "timeout": 10.0}
    assert account["scenario"] is None
    assert account["settings"]["expires_in"] == 3600
    assert account["created_at"] == "2030-01-02T12:00:00.000Z"
    assert (await items(http, "/accounts"))[0] == account


async def test_create(http: httpx.AsyncClient, app: App) -> None:
    """An account is made of what is given, and of what is generated; it works at once."""
    given = {
        "provider": "link",
        "id": "acc_mine",
        "name": "Mine",
        "credentials": {"customer_id": "mine"},
        "webhook": WEBHOOK,
        "scenario": "default",
        "settings": {"expires_in": 60},
    }
    response = await http.post("/_sandbox/accounts", json=given)
    made = response.json()
    assert (response.status_code, response.headers["location"]) == (201, "/_sandbox/accounts/acc_mine")
    assert (made["id"], made["name"], made["scenario"]) == ("acc_mine", "Mine", "default")
    assert made["webhook"] == WEBHOOK
    assert made["settings"]["expires_in"] == 60
    assert made == await ask(http, "GET", "/accounts/acc_mine")
    assert (await LinkClient(http, account_of(app, "acc_mine")).send(text="Hello")).status_code == 200


async def test_create_with_public_keys_alone(http: httpx.AsyncClient) -> None:
    """Who keeps the private key gives the public ones."""
    credentials = (await ask(http, "GET", "/accounts/acc_link"))["credentials"]
    body = {"provider": "link", "credentials": {"public_keys": credentials["public_keys"]}}
    made = await ask(http, "POST", "/accounts", body, 201)
    assert made["credentials"]["private_key"] is None
    assert made["credentials"]["public_keys"] == credentials["public_keys"]


async def test_generated_credentials_evade_given_ones(http: httpx.AsyncClient) -> None:
    """What somebody took is not generated for somebody else."""
    taken = {"provider": "link", "credentials": {"customer_id": "eap00003"}}
    await ask(http, "POST", "/accounts", taken, 201)
    names = {
        (await ask(http, "POST", "/accounts", {"provider": "link"}, 201))["credentials"]["customer_id"] for _ in "123"
    }
    assert len(names | {"eap00003"}) == 4


@pytest.mark.parametrize(
    ("given", "status", "path"),
    [
        pytest.param({}, 422, "provider", id="no-provider"),
        pytest.param({"provider": "x"}, 422, "provider", id="unknown-provider"),
        pytest.param({"provider": 5}, 422, "provider", id="provider-no-text"),
        pytest.param({"provider": "link", "id": "mine"}, 422, "id", id="id-without-prefix"),
        pytest.param({"provider": "link", "id": "acc_"}, 422, "id", id="id-empty"),
        pytest.param({"provider": "link", "id": "acc_" + "a" * 60}, 201, None, id="id-of-60"),
        pytest.param({"provider": "link", "id": "acc_" + "a" * 61}, 422, "id", id="id-of-61"),
        pytest.param({"provider": "link", "id": "acc_a/b"}, 422, "id", id="id-with-a-slash"),
        pytest.param({"provider": "link", "name": ""}, 422, "name", id="name-empty"),
        pytest.param({"provider": "link", "name": "n" * 200}, 201, None, id="name-of-200"),
        pytest.param({"provider": "link", "name": "n" * 201}, 422, "name", id="name-of-201"),
        pytest.param({"provider": "link", "x": 1}, 422, "x", id="unknown-key"),
        pytest.param({"provider": "link", "scenario": "nope"}, 422, "scenario", id="unknown-scenario"),
        pytest.param({"provider": "link", "settings": {"x": 1}}, 422, "settings.x", id="unknown-setting"),
        pytest.param(
            {"provider": "link", "settings": {"part_names": {"message": "a b"}}},
            422,
            "settings.part_names.message",
            id="bad-setting",
        ),
        pytest.param(
            {"provider": "link", "settings": {"featureset": "poor"}}, 422, "settings.featureset", id="unknown-preset"
        ),
        pytest.param({"provider": "link", "credentials": {"x": 1}}, 422, "credentials.x", id="unknown-credential"),
        pytest.param(
            {"provider": "link", "credentials": {"customer_id": "a b"}},
            422,
            "credentials.customer_id",
            id="bad-credential",
        ),
        pytest.param({"provider": "link", "credentials": {"public_keys": ["x"]}}, 422, "credentials", id="bad-key"),
        pytest.param(
            {"provider": "link", "credentials": {"private_key": "x"}}, 422, "credentials", id="bad-private-key"
        ),
        pytest.param({"provider": "link", "credentials": {"private_key": 5}}, 422, "credentials", id="key-no-text"),
        pytest.param(
            {"provider": "link", "credentials": {"customer_id": "eap00001"}}, 409, None, id="credential-taken"
        ),
        pytest.param(
            {
                "provider": "webex-connect",
                "credentials": {"service_key": "2f1d9c2e-5b7a-11ee-9a03-0242ac130003"},
            },
            409,
            None,
            id="one-credential-taken-and-others-to-be-generated",
        ),
        pytest.param({"provider": "link", "id": "acc_link"}, 409, None, id="id-taken"),
    ],
)
async def test_what_an_account_is_made_of(
    http: httpx.AsyncClient, given: dict[str, Any], status: int, path: str | None
) -> None:
    """What is wrong is told by its place; what is taken is a conflict; neither leaves anything behind."""
    before = await items(http, "/accounts")
    problem = await ask(http, "POST", "/accounts", given, status)
    if status == 201:
        return
    assert [error["path"] for error in problem["errors"]] == ([] if path is None else [path])
    assert await items(http, "/accounts") == before


@pytest.mark.parametrize(
    ("url", "status"),
    [
        pytest.param("http://127.0.0.1:9/in", 201, id="http"),
        pytest.param("https://hooks.example/in?a=1", 201, id="https"),
        pytest.param("http://user:secret@hooks.example", 201, id="userinfo"),
        pytest.param("http://[::1]:80/", 201, id="v6"),
        pytest.param("http://169.254.169.254/", 201, id="egress-is-decided-when-it-is-called"),
        pytest.param("/in", 422, id="relative"),
        pytest.param("hooks.example/in", 422, id="no-scheme"),
        pytest.param("//hooks.example/in", 422, id="no-scheme-but-a-host"),
        pytest.param("ftp://hooks.example", 422, id="another-scheme"),
        pytest.param("http://", 422, id="no-host"),
        pytest.param("http:///in", 422, id="empty-host"),
        pytest.param("http://:80/in", 422, id="port-without-host"),
        pytest.param("http://hooks.example:65535/", 201, id="last-port"),
        pytest.param("http://hooks.example:65536/", 422, id="port-too-high"),
        pytest.param("http://[::1/", 422, id="bracket-open"),
        pytest.param("http://hooks.example/a b", 422, id="blank"),
        pytest.param("http://hooks.example/\u0000", 422, id="nul"),
        pytest.param("http://hooks.example/\r\nX: y", 422, id="line-break"),
        pytest.param("", 422, id="empty"),
        pytest.param(None, 422, id="null"),
    ],
)
async def test_webhook_url(http: httpx.AsyncClient, url: str | None, status: int) -> None:
    """A webhook is an absolute http or https URL with a host, when it is made and when it is changed."""
    body = await ask(http, "POST", "/accounts", {"provider": "link", "webhook": {"url": url}}, status)
    if status == 422:
        assert [error["path"] for error in body["errors"]] == ["webhook.url"]
    if url is not None:
        changed = {"webhook": {"url": url}}
        await ask(http, "PATCH", "/accounts/acc_link", changed, 200 if status == 201 else 422)


@pytest.mark.parametrize(
    ("changes", "path", "value"),
    [
        pytest.param({"name": "New"}, ("name",), "New", id="name"),
        pytest.param({"scenario": "default"}, ("scenario",), "default", id="scenario"),
        pytest.param({"webhook": {"timeout": 1}}, ("webhook",), {**WEBHOOK, "timeout": 1.0}, id="webhook-merged"),
        pytest.param({"webhook": {"headers": {}}}, ("webhook",), {**WEBHOOK, "headers": {}}, id="webhook-headers"),
        pytest.param({"webhook": {"timeout": None}}, ("webhook",), {**WEBHOOK, "timeout": 10.0}, id="webhook-undone"),
        pytest.param({"webhook": None}, ("webhook",), None, id="webhook-removed"),
        pytest.param({"settings": {"odd_uuids": True}}, ("settings", "expires_in"), 60, id="settings-merged"),
        pytest.param({"settings": {"expires_in": None}}, ("settings", "expires_in"), 3600, id="setting-undone"),
        pytest.param({"credentials": {"customer_id": "new"}}, ("credentials", "customer_id"), "new", id="credentials"),
        pytest.param({}, ("name",), "Old", id="nothing"),
    ],
)
async def test_change(http: httpx.AsyncClient, changes: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """What is given is merged into what is there; a null undoes a member."""
    given = {"provider": "link", "id": "acc_x", "name": "Old", "webhook": WEBHOOK, "settings": {"expires_in": 60}}
    before = await ask(http, "POST", "/accounts", given, 201)
    changed = await ask(http, "PATCH", "/accounts/acc_x", changes)
    assert changed == await ask(http, "GET", "/accounts/acc_x")
    found = changed
    for name in path:
        found = found[name]
    assert found == value
    untouched = {name for name in before if name not in changes}
    assert {name: changed[name] for name in untouched} == {name: before[name] for name in untouched}


async def test_scenario_is_taken_back(http: httpx.AsyncClient) -> None:
    """A null scenario lets `match` decide again."""
    await ask(http, "PATCH", "/accounts/acc_link", {"scenario": "default"})
    assert (await ask(http, "PATCH", "/accounts/acc_link", {"scenario": None}))["scenario"] is None


@pytest.mark.parametrize(
    ("changes", "status", "path"),
    [
        pytest.param({"id": "acc_y"}, 422, "id", id="id-is-fixed"),
        pytest.param({"provider": "link"}, 422, "provider", id="provider-is-fixed"),
        pytest.param({"scenario": "nope"}, 422, "scenario", id="unknown-scenario"),
        pytest.param({"settings": {"x": 1}}, 422, "settings.x", id="unknown-setting"),
        pytest.param({"settings": []}, 422, "settings", id="settings-no-object"),
        pytest.param({"webhook": {"url": None}}, 422, "webhook.url", id="webhook-without-url"),
        pytest.param({"webhook": {"x": 1}}, 422, "webhook.x", id="unknown-webhook-member"),
        pytest.param({"webhook": {"headers": {"a b": "c"}}}, 422, "webhook.headers", id="bad-header"),
        pytest.param({"credentials": {"customer_id": ""}}, 422, "credentials.customer_id", id="bad-credential"),
        pytest.param({"credentials": {"customer_id": "other"}}, 409, None, id="credential-taken"),
    ],
)
async def test_bad_changes(http: httpx.AsyncClient, changes: dict[str, Any], status: int, path: str | None) -> None:
    """A change that is not valid changes nothing, not even its valid parts."""
    await ask(http, "POST", "/accounts", {"provider": "link", "credentials": {"customer_id": "other"}}, 201)
    before = await ask(http, "GET", "/accounts/acc_link")
    problem = await ask(http, "PATCH", "/accounts/acc_link", {"name": "New", **changes}, status)
    assert [error["path"] for error in problem["errors"]] == ([] if path is None else [path])
    assert await ask(http, "GET", "/accounts/acc_link") == before


async def test_remove(http: httpx.AsyncClient, link: LinkClient) -> None:
    """A removed account is gone with all that was its own, and its token opens nothing."""
    await link.send(text="Hello")
    await ask(http, "DELETE", "/accounts/acc_link", expects=204)
    await ask(http, "GET", "/accounts/acc_link", expects=404)
    for path in ("/messages", "/callbacks", "/requests", "/runs"):
        assert await items(http, path) == []
    assert (await link.send(text="Hello")).status_code == 401
    assert (await ask(http, "POST", "/accounts", {"provider": "link", "id": "acc_link"}, 201))["id"] == "acc_link"


async def test_authorization(http: httpx.AsyncClient, link: LinkClient) -> None:
    """The headers let a client in at once; revoked, they and every earlier token are good for nothing."""
    url = "/gateway/lmc/v1/featureset"
    headers = (await ask(http, "POST", "/accounts/acc_link/authorization"))["headers"]
    earlier = await link.headers()
    for each in (headers, earlier):
        assert (await http.get(url, headers=each)).status_code == 200
    await ask(http, "DELETE", "/accounts/acc_link/authorization", expects=204)
    for each in (headers, earlier):
        assert (await http.get(url, headers=each)).status_code == 401
    fresh = (await ask(http, "POST", "/accounts/acc_link/authorization"))["headers"]
    assert (await http.get(url, headers=fresh)).status_code == 200


async def test_tenants(http: httpx.AsyncClient, app: App, link: LinkClient) -> None:
    """Nothing of one account is in the lists of another."""
    other = LinkClient(http, account_of(app, (await ask(http, "POST", "/accounts", {"provider": "link"}, 201))["id"]))
    await link.send(text="From acc_link")
    await other.send(text="From the other")
    for path in ("/messages", "/requests", "/runs", "/conversations"):
        for client in (link, other):
            found = await items(http, path, account=client.account.id)
            assert found
            assert {item["account"] for item in found} == {client.account.id}
