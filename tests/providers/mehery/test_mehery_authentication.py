"""Who may call MeherY: keys, ids, the platform key, and the verify token of the inbound requests."""

from __future__ import annotations

from typing import Any

import pytest

from harness import account_of
from mehery_tenant import PREFIX, Tenant, refusal
from sandbox.app import App
from sandbox.core.store import CredentialTakenError
from sandbox.providers.mehery import PROVIDER
from sandbox.providers.mehery.account import credentials_of
from sandbox.providers.mehery.fixture_world import app_id
from sandbox.sandbox import AccountChanges, AccountSpec

pytestmark = pytest.mark.anyio

KEY, ID = "sandbox-mehery-key-1", "61ec7d9c2ce85742b201c5ab"
BILLING_KEY, BILLING_ID = "sandbox-mehery-key-2", app_id("billing_bot")
OLD_KEY = "sandbox-mehery-key-5"
PLATFORM = "sandbox-mehery-platform-key"
TOKEN = "s1agenttoken$$$"

MISSING = (401, "UNAUTHORIZED", "MEH-AUTH-01", [("API_KEY_MISSING", "x-api-key")])
ELSEWHERE = (401, "UNAUTHORIZED", "MEH-AUTH-07", [("API_KEY_MISSING", "x-api-key")])
INVALID = (401, "UNAUTHORIZED", "MEH-AUTH-02", [("API_KEY_INVALID", "x-api-key")])
MISMATCH = (403, "ACCESS_DENIED", "MEH-AUTH-03", [("API_ID_MISMATCH", "x-api-id")])
DISABLED = (403, "ACCESS_DENIED", "MEH-AUTH-03", [("APP_DISABLED", "x-api-key")])
NO_ID = (401, "UNAUTHORIZED", "MEH-AUTH-05", [("API_ID_MISSING", "x-api-id")])
UNKNOWN_ID = (403, "ACCESS_DENIED", "MEH-AUTH-05", [("API_ID_MISMATCH", "x-api-id")])
BAD_TOKEN = (401, "UNAUTHORIZED", "MEH-AUTH-09", [("VERIFY_TOKEN_INVALID", "x-verify-token")])


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, MISSING, id="MEH-AUTH-01-no-key"),
        pytest.param({"x-api-key": ""}, MISSING, id="MEH-AUTH-01-an-empty-key"),
        pytest.param({"x-api-key": "  "}, MISSING, id="MEH-AUTH-01-a-blank-key"),
        pytest.param({"authorization": f"Bearer {KEY}"}, MISSING, id="MEH-AUTH-01-a-key-in-another-header"),
        pytest.param({"x-api-id": ID}, MISSING, id="MEH-AUTH-01-an-id-alone"),
        pytest.param({"x-api-key": "nobody"}, INVALID, id="MEH-AUTH-02-nobodys-key"),
        pytest.param({"x-api-key": KEY.upper()}, INVALID, id="MEH-AUTH-02-letter-case"),
        pytest.param({"x-api-key": TOKEN}, INVALID, id="MEH-AUTH-02-the-verify-token"),
        pytest.param({"x-api-key": KEY, "x-api-id": ID}, None, id="MEH-AUTH-03-the-id-of-the-app"),
        pytest.param({"x-api-key": KEY, "x-api-id": BILLING_ID}, MISMATCH, id="MEH-AUTH-03-the-id-of-another-app"),
        pytest.param({"x-api-key": KEY, "x-api-id": "?"}, MISMATCH, id="MEH-AUTH-03-the-id-of-no-app"),
        pytest.param({"x-api-key": OLD_KEY}, DISABLED, id="MEH-AUTH-03-a-disabled-app"),
        pytest.param({"x-api-key": KEY}, None, id="MEH-AUTH-04-no-id"),
        pytest.param({"x-api-key": KEY, "x-api-id": ""}, None, id="MEH-AUTH-04-an-empty-id"),
        pytest.param({"x-api-key": f" {KEY} "}, None, id="MEH-AUTH-02-blanks-around-the-key"),
        pytest.param({"x-api-key": PLATFORM}, NO_ID, id="MEH-AUTH-05-the-platform-key-alone"),
        pytest.param({"x-api-key": PLATFORM, "x-api-id": "?"}, UNKNOWN_ID, id="MEH-AUTH-05-for-no-app"),
        pytest.param({"x-api-key": PLATFORM, "x-api-id": BILLING_ID}, None, id="MEH-AUTH-05-for-an-app"),
        pytest.param({"x-api-key": PLATFORM, "x-api-id": app_id("old_bot")}, DISABLED, id="MEH-AUTH-05-for-a-disabled-app"),
        pytest.param([("x-api-key", "string"), ("x-api-key", KEY)], None, id="MEH-AUTH-06-the-last-key-counts"),
        pytest.param([("x-api-key", KEY), ("x-api-key", "string")], INVALID, id="MEH-AUTH-06-and-no-other"),
        pytest.param(
            [("x-api-key", KEY), ("x-api-id", "string"), ("x-api-id", ID)], None, id="MEH-AUTH-06-the-last-id-counts"
        ),
        pytest.param({"cookie": f"x-api-key={KEY}"}, ELSEWHERE, id="MEH-AUTH-07-in-a-cookie"),
    ],
)  # fmt: skip
async def test_meh_auth_01_to_07(tenant: Tenant, headers: Any, expected: Any) -> None:
    """The key stands in its header, is known, and may act for the app that the id names."""
    response = await tenant.http.get(PREFIX + "/config/channels", headers=headers)
    assert response.status_code == (200 if expected is None else expected[0])
    if expected is not None:
        assert refusal(response) == expected


async def test_meh_auth_01_sentences(tenant: Tenant) -> None:
    """The two sentences that say what is wrong with a key."""
    assert (await tenant.get("/config/channels", {})).json()["message"] == "Missing x-api-key"
    assert (await tenant.get("/config/channels", {"x-api-key": "x"})).json()["message"] == "Invalid x-api-key"


async def test_meh_auth_07_in_the_query_or_the_body(tenant: Tenant) -> None:
    """A key counts in its header alone."""
    assert refusal(await tenant.http.get(PREFIX + "/config/channels", params={"x-api-key": KEY})) == ELSEWHERE
    assert refusal(await tenant.post("/event/push", {"x-api-key": KEY}, {"x-api-id": ID})) == ELSEWHERE


@pytest.mark.parametrize("body", [b"{", b"[]", b"x" * (1 << 21)], ids=lambda body: f"MEH-AUTH-08-{len(body)}-bytes")
async def test_meh_auth_08(tenant: Tenant, body: bytes) -> None:
    """A bad key is told before a bad body."""
    assert refusal(await tenant.post("/event/push", body, {"x-api-key": "nobody"})) == INVALID


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, None, id="MEH-AUTH-09-neither-token-nor-key"),
        pytest.param({"x-verify-token": TOKEN}, None, id="MEH-AUTH-09-the-token"),
        pytest.param({"x-verify-token": ""}, None, id="MEH-AUTH-09-an-empty-token"),
        pytest.param({"x-verify-token": "else"}, BAD_TOKEN, id="MEH-AUTH-09-another-token"),
        pytest.param({"x-verify-token": KEY}, BAD_TOKEN, id="MEH-AUTH-09-a-key-is-no-token"),
        pytest.param({"x-api-key": KEY}, None, id="MEH-AUTH-09-a-key-alone"),
        pytest.param({"x-api-key": KEY, "x-verify-token": TOKEN}, None, id="MEH-AUTH-09-both"),
        pytest.param({"x-api-key": KEY, "x-verify-token": "else"}, BAD_TOKEN, id="MEH-AUTH-09-a-key-and-another-token"),
        pytest.param({"x-api-key": "x", "x-verify-token": TOKEN}, INVALID, id="MEH-AUTH-09-a-wrong-key-and-the-token"),
        pytest.param({"x-api-key": OLD_KEY}, DISABLED, id="MEH-AUTH-09-the-key-of-a-disabled-app"),
        pytest.param({"x-api-key": PLATFORM}, NO_ID, id="MEH-AUTH-09-the-platform-key-alone"),
    ],
)
@pytest.mark.parametrize("path", ["/contact/info", "/message/receive"])
async def test_meh_auth_09(tenant: Tenant, path: str, headers: dict[str, str], expected: Any) -> None:
    """The inbound requests need nothing; a token or a key that is there must be right."""
    response = await tenant.post(path, {"csid": "1", "actions": [{"actionCode": "X"}]}, headers)
    if expected is None:
        assert response.status_code == 200
    else:
        assert refusal(response) == expected


async def test_meh_auth_09_the_token_leads_to_its_tenant(tenant: Tenant) -> None:
    """Where no key says whose an inbound request is, the token does; without one it is the default tenant's."""
    other = tenant.app.sandbox.create_account(AccountSpec(provider="mehery"))
    body = {"actions": [{"actionCode": "X"}]}
    for headers, owner in (
        ({"x-verify-token": credentials_of(other).verify_token}, other),
        ({"x-verify-token": TOKEN}, tenant.account),
        ({}, tenant.account),
    ):
        before = len(owner.journal.requests)
        assert (await tenant.post("/message/receive", body, headers)).status_code == 200
        assert len(owner.journal.requests) == before + 1


async def test_meh_auth_09_without_the_default_tenant(tenant: Tenant) -> None:
    """When the default tenant is gone, the first one that is there is meant; when none is, nobody is."""
    sandbox = tenant.app.sandbox
    sandbox.remove_account(tenant.account)
    assert refusal(await tenant.post("/contact/info", {"csid": "1"}, {}))[:3] == (401, "UNAUTHORIZED", "MEH-AUTH-09")
    other = sandbox.create_account(AccountSpec(provider="mehery"))
    assert (await tenant.post("/contact/info", {"csid": "1"}, {})).status_code == 200
    assert len(other.journal.requests) == 1


# the account


async def test_an_app_can_be_switched_off_and_on(tenant: Tenant) -> None:
    """Settings say of any app whether it is disabled."""
    tenant.configure(apps={"external_bot": {"disabled": True}, "old_bot": {"disabled": False}})
    assert refusal(await tenant.get("/config/channels")) == DISABLED
    assert (await tenant.get("/config/channels", {"x-api-key": OLD_KEY})).status_code == 200


async def test_the_shipped_credentials_are_what_the_fixture_world_has(app: App) -> None:
    """The published keys are numbered, and the app ids are the fixture world's."""
    own = credentials_of(account_of(app, "acc_mehery"))
    assert own.key_of("external_bot").model_dump() == {"api_key": KEY, "api_id": ID}
    keys = [own.key_of(queue) for queue in ("billing_bot", "agent_desk", "basic_bot", "old_bot")]
    assert [key.api_key for key in keys] == [f"sandbox-mehery-key-{number}" for number in range(2, 6)]
    assert [key.api_id for key in keys] == [app_id(queue) for queue in own.apps]
    assert (own.verify_token, own.platform_key) == (TOKEN, PLATFORM)
    assert PROVIDER.authorization(account_of(app, "acc_mehery"), app.sandbox.services) == {
        "x-api-key": KEY,
        "x-api-id": ID,
    }


async def test_what_is_not_given_is_generated(app: App) -> None:
    """A new tenant has keys of its own, and keeps those that were given."""
    given = {"api_key": "mine", "apps": {"billing_bot": {"api_key": "bills"}}}
    one = credentials_of(app.sandbox.create_account(AccountSpec(provider="mehery", credentials=given)))
    two = credentials_of(app.sandbox.create_account(AccountSpec(provider="mehery")))
    assert (one.api_key, one.apps["billing_bot"].api_key, one.apps["billing_bot"].api_id) == (
        "mine",
        "bills",
        BILLING_ID,
    )
    keys = [PROVIDER.identities(each, None) for each in (one, two)]  # type: ignore[arg-type]  # settings have no part in it
    assert [len(each) for each in keys] == [7, 7]
    assert not set(keys[0]) & set(keys[1])


@pytest.mark.parametrize(
    "credentials",
    [
        pytest.param({"api_key": KEY}, id="a-key"),
        pytest.param({"apps": {"basic_bot": {"api_key": BILLING_KEY}}}, id="an-apps-key"),
        pytest.param({"verify_token": TOKEN}, id="the-token"),
        pytest.param({"platform_key": PLATFORM}, id="the-platform-key"),
        pytest.param({"platform_key": KEY}, id="a-key-as-the-platform-key"),
    ],
)
async def test_a_credential_is_one_tenants(app: App, credentials: Any) -> None:
    """A key or a token that is taken is refused."""
    with pytest.raises(CredentialTakenError):
        app.sandbox.create_account(AccountSpec(provider="mehery", credentials=credentials))


@pytest.mark.parametrize(
    ("credentials", "why"),
    [
        pytest.param({"apps": {"my_bot": {"api_key": "x"}}}, "my_bot", id="an-app-that-is-not-there"),
        pytest.param({"apps": {"external_bot": {"api_key": "x", "api_id": "y"}}}, "external_bot", id="the-main-app"),
        pytest.param({"apps": "all"}, "apps", id="no-object"),
        pytest.param({"apps": {"old_bot": "x"}}, "old_bot", id="no-key"),
        pytest.param({"api_key": "two words"}, "api_key", id="a-blank-in-a-key"),
        pytest.param({"api_key": "same", "platform_key": "same"}, "differ", id="the-same-key-twice"),
        pytest.param({"colour": "blue"}, "colour", id="an-unknown-name"),
    ],
)
async def test_bad_credentials_are_refused(app: App, credentials: Any, why: str) -> None:
    """Credentials have the documented names, and keys differ from one another."""
    with pytest.raises(ValueError, match=why):
        app.sandbox.create_account(AccountSpec(provider="mehery", credentials=credentials))


async def test_a_changed_key_opens_and_the_former_does_not(tenant: Tenant) -> None:
    """Credentials can be changed one by one."""
    changes = AccountChanges(credentials={"api_key": "fresh"})
    tenant.app.sandbox.change_account(tenant.account, changes)
    assert (await tenant.get("/config/channels", {"x-api-key": "fresh"})).status_code == 200
    assert refusal(await tenant.get("/config/channels", {"x-api-key": KEY})) == INVALID
    assert (await tenant.get("/config/channels", {"x-api-key": BILLING_KEY})).status_code == 200


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        pytest.param({"colour": "blue"}, "colour", id="an-unknown-name"),
        pytest.param({"status_delays": {"DELTD": 1}}, "status_delays", id="an-unknown-status"),
        pytest.param({"status_delays": {"SENT": -1}}, "status_delays", id="a-negative-delay"),
        pytest.param({"contact_info_url": "ftp://x"}, "contact_info_url", id="no-web-address"),
        pytest.param({"apps": {"my_bot": {}}}, "apps", id="an-unknown-app"),
        pytest.param({"approvals": {"FEEDBACK": {"sms:SANDBX": "MAYBE"}}}, "approvals", id="an-unknown-approval"),
    ],
)
def test_bad_settings_are_refused(settings: Any, why: str) -> None:
    """Settings have the documented names and values."""
    with pytest.raises(ValueError, match=why):
        PROVIDER.account_settings.model_validate(settings)


def test_status_delays_are_told_whole() -> None:
    """Delays that are not given are the usual ones."""
    settings: Any = PROVIDER.account_settings.model_validate({"status_delays": {"READ": None}})
    assert settings.status_delays == {"SENT": 0.2, "DLVRD": 0.5, "READ": None}


@pytest.mark.parametrize(
    ("given", "wire"),
    [
        pytest.param("+91 99887-76655", "919988776655", id="a-number"),
        pytest.param("wa919988776655_918828218374", "919988776655", id="a-contact-id"),
        pytest.param("Jane@Example.com", "jane@example.com", id="an-address"),
    ],
)
def test_people_have_one_name(given: str, wire: str) -> None:
    """Numbers, addresses and contactIds come down to the person's id on the channel."""
    assert PROVIDER.normalise_user(given) == wire


@pytest.mark.parametrize("given", ["", "  ", "a\nb", "x" * 400], ids=["nothing", "blank", "two-lines", "too-long"])
def test_nobody_has_such_a_name(given: str) -> None:
    """What cannot be anybody's address is refused."""
    with pytest.raises(ValueError, match="nobody"):
        PROVIDER.normalise_user(given)
