"""LINK-AUTH: the bearer token of gateway calls: every way to get it wrong is the same 401, and the journal knows why."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from forgery import base64url, forge, rs256
from harness import GATEWAY, NOON, USER, LinkClient, assert_refused, broken_rule
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.core.auth import Verified, VerifiedTokens
from sandbox.core.services import Services
from sandbox.sandbox import AccountChanges, AccountSpec

FEATURESET = f"{GATEWAY}/featureset"
ISSUER = "https://auth.conversationalmessaging.com"
AUDIENCE = "https://api.conversationalmessaging.com/gateway"
NOW = int(NOON.timestamp())
OPERATIONS = [
    pytest.param("GET", f"{GATEWAY}/admin/settings", id="LINK-AUTH-30-list-settings"),
    pytest.param("PUT", f"{GATEWAY}/admin/settings", id="LINK-AUTH-30-put-settings"),
    pytest.param("GET", f"{GATEWAY}/admin/settings/x", id="LINK-AUTH-30-get-settings"),
    pytest.param("DELETE", f"{GATEWAY}/admin/settings/x", id="LINK-AUTH-30-delete-settings"),
    pytest.param("GET", FEATURESET, id="LINK-AUTH-30-featureset"),
    pytest.param("POST", f"{GATEWAY}/phone/{USER}/conversationMessage", id="LINK-AUTH-30-message"),
    pytest.param("POST", f"{GATEWAY}/registerFile", id="LINK-AUTH-30-file"),
]


def assert_unauthorized(response: httpx.Response, rule: str) -> None:
    """Check the one documented 401, challenge included."""
    assert_refused(response, 401, rule, "Missing or invalid token")
    assert response.text == '{"status":"401","error":"Unauthorized","message":"Missing or invalid token"}'
    assert response.headers["www-authenticate"] == "Bearer"


def claims(**more: Any) -> dict[str, Any]:
    """Return the claims of a good access token, with some changed."""
    good = {"iss": ISSUER, "sub": "eap00001", "aud": AUDIENCE, "scope": AUDIENCE, "iat": NOW, "exp": NOW + 3600}
    return {**good, "jti": "610fddb9-6420-49e6-9549-2842f4588411", **more}


def services_of(app: App) -> Services:
    """Return what the sandbox's operations are handed."""
    return app.sandbox.services


async def get(link: LinkClient, authorization: str) -> httpx.Response:
    """Read the featureset with that Authorization header."""
    return await link.http.get(FEATURESET, headers={"Authorization": authorization})


# ---------------------------------------------------------------------------------------------------- the header


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_every_operation_wants_a_token(link: LinkClient, method: str, path: str) -> None:
    """All seven operations of the gateway answer 401 without one, whatever their tables list."""
    assert_unauthorized(await link.http.request(method, path), "LINK-AUTH-30")


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"params": {"access_token": "TOKEN"}}, id="LINK-AUTH-30-in-the-query"),
        pytest.param({"data": {"access_token": "TOKEN"}}, id="LINK-AUTH-30-in-a-form"),
        pytest.param({"json": {"access_token": "TOKEN"}}, id="LINK-AUTH-30-in-json"),
        pytest.param({"headers": {"X-Authorization": "Bearer TOKEN"}}, id="LINK-AUTH-30-in-another-header"),
        pytest.param({"cookies": {"Authorization": "TOKEN"}}, id="LINK-AUTH-30-in-a-cookie"),
    ],
)
async def test_a_token_elsewhere_does_not_count(link: LinkClient, options: dict[str, Any]) -> None:
    """The Authorization header is the one place for it."""
    token = (await link.headers())["Authorization"].removeprefix("Bearer ")
    real = json.loads(json.dumps(options).replace("TOKEN", token))
    cookies = real.pop("cookies", None)
    if cookies is not None:
        real["headers"] = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    response = await link.http.request("POST", f"{GATEWAY}/registerFile", **real)
    assert_unauthorized(response, "LINK-AUTH-30")


@pytest.mark.parametrize(
    "scheme",
    [
        pytest.param("Bearer", id="LINK-AUTH-31-as-documented"),
        pytest.param("bearer", id="LINK-AUTH-31-lower-case"),
        pytest.param("BEARER", id="LINK-AUTH-31-upper-case"),
    ],
)
async def test_the_scheme_has_no_letter_case(link: LinkClient, scheme: str) -> None:
    """It is the word Bearer, however it is written."""
    await link.headers()
    assert (await get(link, f"{scheme} {link.token}")).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param("Basic TOKEN", id="LINK-AUTH-31-basic"),
        pytest.param("Token TOKEN", id="LINK-AUTH-31-another-scheme"),
        pytest.param("TOKEN", id="LINK-AUTH-31-no-scheme"),
        pytest.param("Bearer", id="LINK-AUTH-31-no-token"),
        pytest.param("Bearer ", id="LINK-AUTH-31-empty-token"),
        pytest.param("Bearer  TOKEN", id="LINK-AUTH-31-two-spaces"),
        pytest.param("Bearer TOKEN TOKEN", id="LINK-AUTH-31-two-tokens"),
        pytest.param("Bearer TOKEN, Bearer TOKEN", id="LINK-AUTH-31-a-list"),
        pytest.param("Bearer:TOKEN", id="LINK-AUTH-31-colon"),
        pytest.param("", id="LINK-AUTH-31-empty"),
    ],
)
async def test_the_header_is_bearer_and_a_token(link: LinkClient, authorization: str) -> None:
    """Anything but the scheme, a space and the token is refused."""
    await link.headers()
    assert_unauthorized(await get(link, authorization.replace("TOKEN", str(link.token))), "LINK-AUTH-31")


async def test_two_headers_are_refused(link: LinkClient) -> None:
    """LINK-AUTH-31: two Authorization headers are one too many, even if they are equal."""
    value = (await link.headers())["Authorization"]
    response = await link.http.get(FEATURESET, headers=[("Authorization", value), ("Authorization", value)])
    assert_unauthorized(response, "LINK-AUTH-31")


# ----------------------------------------------------------------------------------------------------- the token


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("your_jwt_token_goes_here", id="LINK-AUTH-32-as-printed-in-the-samples"),
        pytest.param("a.b", id="LINK-AUTH-32-two-parts"),
        pytest.param("a.b.c", id="LINK-AUTH-32-no-json"),
        pytest.param("....", id="LINK-AUTH-32-dots"),
        pytest.param(f"{base64url(b'[]')}.{base64url(b'{}')}.c2ln", id="LINK-AUTH-32-header-is-no-object"),
        pytest.param(f"{base64url(b'{}')}.{base64url(b'[' * 5000)}.c2ln", id="LINK-AUTH-32-deep-payload"),
        pytest.param("\xff\xfe", id="LINK-AUTH-32-not-ascii"),
        pytest.param("x" * 100_000, id="LINK-AUTH-32-long"),
    ],
)
async def test_a_token_is_a_json_web_token(link: LinkClient, token: str) -> None:
    """What cannot be read as one is refused."""
    response = await link.http.get(FEATURESET, headers=[(b"Authorization", b"Bearer " + token.encode("latin-1"))])
    assert_unauthorized(response, "LINK-AUTH-32")


def hmac_with_public_key(services: Services) -> str:
    """Return a token whose HMAC is keyed with the sandbox's public key."""
    secret = services.keys.signing.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return forge({"alg": "HS256", "kid": "0"}, claims(), lambda text: hmac.digest(secret, text, hashlib.sha256))


def altered(services: Services) -> str:
    """Return a good token with another customer in it."""
    head, _, signature = forge({"alg": "RS256", "kid": "0"}, claims(), rs256(services.keys.signing)).split(".")
    return f"{head}.{base64url(claims(sub='eap00002'))}.{signature}"


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda _: forge({"alg": "none", "kid": "0"}, claims(), lambda _: b""), id="LINK-AUTH-33-unsigned"),
        pytest.param(
            lambda services: forge({"alg": "none", "kid": "0"}, claims(), rs256(services.keys.signing)),
            id="LINK-AUTH-33-none-and-yet-signed",
        ),
        pytest.param(
            lambda _: forge({"alg": "RS256", "kid": "0"}, claims(), lambda _: b""), id="LINK-AUTH-33-no-signature"
        ),
        pytest.param(hmac_with_public_key, id="LINK-AUTH-33-hs256-keyed-with-the-public-key"),
        pytest.param(
            lambda services: jwt.encode(claims(), services.keys.signing, "RS512", headers={"kid": "0"}),
            id="LINK-AUTH-33-rs512",
        ),
        pytest.param(
            lambda services: jwt.encode(claims(), services.keys.signing, "PS256", headers={"kid": "0"}),
            id="LINK-AUTH-33-ps256",
        ),
        pytest.param(
            lambda services: forge({"alg": "RS256", "kid": "0"}, claims(), rs256(services.keys.deal())),
            id="LINK-AUTH-33-another-key",
        ),
        pytest.param(
            lambda services: forge({"alg": "RS256", "kid": "0"}, claims(), rs256(services.keys.signing))[:-4],
            id="LINK-AUTH-33-truncated",
        ),
        pytest.param(altered, id="LINK-AUTH-33-altered"),
    ],
)
async def test_a_token_bears_our_signature(app: App, link: LinkClient, make: Callable[[Services], str]) -> None:
    """RS256 by the sandbox's own key over exactly this text, or it is refused."""
    assert_unauthorized(await get(link, f"Bearer {make(services_of(app))}"), "LINK-AUTH-33")


async def test_a_forged_token_is_good_when_signed_by_us(app: App, link: LinkClient) -> None:
    """LINK-AUTH-33: what is forged here differs from a good token by nothing but the defect that is shown."""
    token = forge({"alg": "RS256", "kid": "0"}, claims(), rs256(services_of(app).keys.signing))
    assert (await get(link, f"Bearer {token}")).status_code == 200


@pytest.mark.parametrize("seen_before", [False, True], ids=["LINK-AUTH-34-new", "LINK-AUTH-34-remembered"])
async def test_a_token_expires_to_the_instant(link: LinkClient, seen_before: bool) -> None:
    """A microsecond before `exp` it is good, at `exp` it is not, be it remembered or not."""
    await link.headers()
    if seen_before:
        assert (await link.call("GET", "/featureset")).status_code == 200
    link.account.clock.freeze(NOON + timedelta(seconds=3600) - timedelta(microseconds=1))
    if seen_before:
        assert (await link.call("GET", "/featureset")).status_code == 200
    await link.account.clock.advance(0.000001)
    assert_unauthorized(await link.call("GET", "/featureset"), "LINK-AUTH-34")
    assert_unauthorized(await link.call("GET", "/featureset"), "LINK-AUTH-34")
    link.token = None
    assert (await link.call("GET", "/featureset")).status_code == 200


async def test_an_expired_token_lets_nothing_through(link: LinkClient) -> None:
    """LINK-AUTH-34: a message that comes too late is not accepted."""
    await link.headers()
    await link.account.clock.advance(3600)
    assert_unauthorized(await link.send(text="Hello"), "LINK-AUTH-34")
    assert not link.account.journal.messages


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"iss": "https://auth.example.com"}, id="LINK-AUTH-35-issuer"),
        pytest.param({"iss": f"{ISSUER}/"}, id="LINK-AUTH-35-issuer-with-a-slash"),
        pytest.param({"iss": None}, id="LINK-AUTH-35-no-issuer"),
        pytest.param({"aud": "https://api.example.com"}, id="LINK-AUTH-35-audience"),
        pytest.param({"aud": [AUDIENCE]}, id="LINK-AUTH-35-audience-in-an-array"),
        pytest.param({"aud": None}, id="LINK-AUTH-35-no-audience"),
    ],
)
async def test_a_foreign_token(app: App, link: LinkClient, changes: dict[str, Any]) -> None:
    """A token of another issuer or for another audience is refused, even with our signature."""
    token = forge({"alg": "RS256", "kid": "0"}, claims(**changes), rs256(services_of(app).keys.signing))
    assert_unauthorized(await get(link, f"Bearer {token}"), "LINK-AUTH-35")


async def test_the_assertion_is_no_access_token(link: LinkClient) -> None:
    """LINK-AUTH-35: the customer's own assertion has to be exchanged first, even one that imitates the claims."""
    assert_unauthorized(await get(link, f"Bearer {link.assertion()}"), "LINK-AUTH-35")
    imitation = link.assertion(**claims())
    assert_unauthorized(await get(link, f"Bearer {imitation}"), "LINK-AUTH-33")


# -------------------------------------------------------------------------------------- revoked and switched off


@pytest.mark.parametrize("seen_before", [False, True], ids=["LINK-AUTH-36-new", "LINK-AUTH-36-remembered"])
async def test_revoked_tokens(app: App, link: LinkClient, seen_before: bool) -> None:
    """Every token so far is refused from the next call on; one issued afterwards is good."""
    old = [await link.headers(), {"Authorization": f"Bearer {(await link.request_token()).json()['access_token']}"}]
    if seen_before:
        for headers in old:
            assert (await link.http.get(FEATURESET, headers=headers)).status_code == 200
    app.sandbox.revoke_tokens(link.account)
    for headers in old:
        assert_unauthorized(await link.http.get(FEATURESET, headers=headers), "LINK-AUTH-36")
    link.token = None
    assert (await link.call("GET", "/featureset")).status_code == 200
    app.sandbox.revoke_tokens(link.account)
    assert_unauthorized(await link.call("GET", "/featureset"), "LINK-AUTH-36")


async def test_revoking_is_one_customers_matter(app: App, link: LinkClient, http: httpx.AsyncClient) -> None:
    """LINK-AUTH-36: tokens of another customer stay good."""
    other = LinkClient(http, app.sandbox.create_account(AccountSpec(provider="link")))
    await other.headers()
    app.sandbox.revoke_tokens(link.account)
    assert (await other.call("GET", "/featureset")).status_code == 200


@pytest.mark.parametrize("seen_before", [False, True], ids=["LINK-AUTH-36-off-new", "LINK-AUTH-36-off-remembered"])
async def test_a_customer_switched_off(app: App, link: LinkClient, seen_before: bool) -> None:
    """A disabled customer's tokens are refused; they are good again when it is back."""
    await link.headers()
    if seen_before:
        await link.call("GET", "/featureset")
    app.sandbox.change_account(link.account, AccountChanges(settings={"disabled": True}))
    assert_unauthorized(await link.call("GET", "/featureset"), "LINK-AUTH-36")
    app.sandbox.change_account(link.account, AccountChanges(settings={"disabled": False}))
    assert (await link.call("GET", "/featureset")).status_code == 200


@pytest.mark.parametrize("seen_before", [False, True], ids=["LINK-AUTH-36-gone-new", "LINK-AUTH-36-gone-remembered"])
async def test_a_deleted_customer(app: App, link: LinkClient, seen_before: bool) -> None:
    """The tokens of a customer that is no more are refused."""
    await link.headers()
    if seen_before:
        await link.call("GET", "/featureset")
    app.sandbox.remove_account(link.account)
    assert_unauthorized(await link.call("GET", "/featureset"), "LINK-AUTH-36")


@pytest.mark.parametrize("seen_before", [False, True], ids=["LINK-AUTH-36-renamed-new", "LINK-AUTH-36-renamed-seen"])
async def test_a_customer_of_another_id(app: App, link: LinkClient, seen_before: bool) -> None:
    """A token names its customer: when the id changes it is nobody's, whether it was seen before or not."""
    await link.headers()
    if seen_before:
        await link.call("GET", "/featureset")
    app.sandbox.change_account(link.account, AccountChanges(credentials={"customer_id": "eap77777"}))
    assert_unauthorized(await link.call("GET", "/featureset"), "LINK-AUTH-36")


# --------------------------------------------------------------------------------------------------- the journal


@pytest.mark.parametrize(
    ("authorization", "why"),
    [
        pytest.param("Basic x", "not of the form Bearer <token>", id="LINK-AUTH-31-reason"),
        pytest.param("Bearer x", "a JSON Web Token has three parts", id="LINK-AUTH-32-reason"),
    ],
)
async def test_the_reason_is_in_the_journal(app: App, link: LinkClient, authorization: str, why: str) -> None:
    """The body is the same for every 401; why it was given is journaled, unclaimed where no customer is known."""
    response = await get(link, authorization)
    exchange = next(reversed(app.sandbox.unclaimed))
    assert (exchange.rule, exchange.detail) == (broken_rule(response), why)


async def test_a_refused_token_is_journaled_with_its_customer(link: LinkClient) -> None:
    """LINK-AUTH-34: when the token tells whose it is, the refusal is in the customer's own journal."""
    await link.headers()
    await link.account.clock.advance(7200)
    await link.call("GET", "/featureset")
    exchange = next(reversed(link.account.journal.requests))
    assert (exchange.status, exchange.rule) == (401, "LINK-AUTH-34")
    assert exchange.detail == (
        "expired at 2030-01-02T13:00:00+00:00, the account's clock says 2030-01-02T14:00:00+00:00"
    )


async def test_the_memory_of_tokens_is_bounded(account: Account) -> None:
    """The oldest verified token is forgotten when there are too many; it will be verified again."""
    memory = VerifiedTokens(limit=2)
    for header in (b"a", b"b", b"b", b"c"):
        memory.put(header, Verified(account, "customer_id=eap00001", 0, NOON))
    assert [header for header in (b"a", b"b", b"c") if memory.get(header)] == [b"b", b"c"]
