"""LINK-AUTH: the token endpoint: where its parameters come from, and which assertions are granted a token."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from pydantic import ValidationError

from forgery import base64url, forge, rs256
from harness import NOON, LinkClient, assert_refused, broken_rule
from sandbox.app import App
from sandbox.providers.link.account import credentials_of
from sandbox.sandbox import AccountChanges, AccountSpec
from sandbox.shipped import folder

TOKEN = "/auth/oauth2/token"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NOT_A_JWT = "assertion: is not a JSON Web Token"
ONLY_RS256 = "assertion: only RS256 is supported"
BAD_SIGNATURE = "assertion: signature verification failed"
NOW = int(NOON.timestamp())
SAMPLE: dict[str, Any] = json.loads((folder("fixtures") / "link" / "token" / "assertion.json").read_text())


def private_key(link: LinkClient) -> RSAPrivateKey:
    """Return the key that the customer signs with."""
    pem = (credentials_of(link.account).private_key or "").encode()
    key = load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, RSAPrivateKey)
    return key


def claims_of(link: LinkClient, **more: Any) -> dict[str, Any]:
    """Return the claims of a good assertion, with some changed."""
    return {"iss": credentials_of(link.account).customer_id, "iat": NOW, "exp": NOW + 60, **more}


async def ask(link: LinkClient, assertion: str) -> httpx.Response:
    """Ask for a token with that assertion."""
    return await link.request_token(grant_type=GRANT_TYPE, assertion=assertion)


# ------------------------------------------------------------------------------------------ where parameters are


@pytest.mark.parametrize(
    ("in_query", "in_form"),
    [
        pytest.param((), ("grant_type", "assertion"), id="LINK-AUTH-01-form"),
        pytest.param(("grant_type", "assertion"), (), id="LINK-AUTH-01-query"),
        pytest.param(("grant_type",), ("assertion",), id="LINK-AUTH-01-grant-type-in-the-query"),
        pytest.param(("assertion",), ("grant_type",), id="LINK-AUTH-01-assertion-in-the-query"),
        pytest.param(("grant_type", "assertion"), ("grant_type", "assertion"), id="LINK-AUTH-02-equal-in-both-places"),
    ],
)
async def test_parameters_come_from_query_or_form(
    link: LinkClient, in_query: tuple[str, ...], in_form: tuple[str, ...]
) -> None:
    """Each may be in either place, and in both if it is the same."""
    given = {"grant_type": GRANT_TYPE, "assertion": link.assertion()}
    query, form = ({name: given[name] for name in names} for names in (in_query, in_form))
    response = await link.http.post(TOKEN, params=query, data=form)
    assert response.status_code == 200, response.text


@pytest.mark.parametrize(
    "content_type",
    [
        pytest.param("application/x-www-form-urlencoded", id="LINK-AUTH-01-plain"),
        pytest.param("application/x-www-form-urlencoded; charset=UTF-8", id="LINK-AUTH-01-charset"),
        pytest.param("Application/X-WWW-Form-Urlencoded", id="LINK-AUTH-01-letter-case"),
    ],
)
@pytest.mark.parametrize("colon", [pytest.param("%3A", id="encoded"), pytest.param(":", id="LINK-AUTH-04-raw-colons")])
async def test_the_form_as_documented(link: LinkClient, content_type: str, colon: str) -> None:
    """Colons may be encoded, as in the sample, or not; the type may have parameters."""
    form = f"grant_type={GRANT_TYPE.replace(':', colon)}&assertion={link.assertion()}"
    response = await link.http.post(TOKEN, content=form, headers={"Content-Type": content_type})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("query", "form", "name"),
    [
        pytest.param("", "grant_type=a&grant_type=a&assertion=b", "grant_type", id="LINK-AUTH-02-form"),
        pytest.param("", "grant_type=a&assertion=b&assertion=b", "assertion", id="LINK-AUTH-02-assertion"),
        pytest.param("grant_type=a&grant_type=a", "assertion=b", "grant_type", id="LINK-AUTH-02-query"),
        pytest.param("grant_type=a", "grant_type=b&assertion=c", "grant_type", id="LINK-AUTH-02-different-places"),
        pytest.param("assertion=a", "assertion=b&grant_type=c", "assertion", id="LINK-AUTH-02-different-assertions"),
        pytest.param("assertion=", "assertion=b&grant_type=c", "assertion", id="LINK-AUTH-02-blank-and-not"),
    ],
)
async def test_a_parameter_has_one_value(link: LinkClient, query: str, form: str, name: str) -> None:
    """Twice in one place, or different in two, is refused before anything else is looked at."""
    response = await link.http.post(f"{TOKEN}?{query}", content=form, headers=FORM)
    assert_refused(response, 400, "LINK-AUTH-02", f"{name}: given more than once")


@pytest.mark.parametrize(
    ("changes", "rule", "message"),
    [
        pytest.param({"grant_type": None}, "LINK-AUTH-03", "grant_type: is required", id="LINK-AUTH-03-missing"),
        pytest.param({"grant_type": ""}, "LINK-AUTH-03", "grant_type: is required", id="LINK-AUTH-03-empty"),
        pytest.param(
            {"grant_type": "client_credentials"},
            "LINK-AUTH-04",
            f"grant_type: must be {GRANT_TYPE}",
            id="LINK-AUTH-04-client-credentials",
        ),
        pytest.param(
            {"grant_type": GRANT_TYPE.upper()},
            "LINK-AUTH-04",
            f"grant_type: must be {GRANT_TYPE}",
            id="LINK-AUTH-04-letter-case",
        ),
        pytest.param(
            {"grant_type": f"{GRANT_TYPE} "},
            "LINK-AUTH-04",
            f"grant_type: must be {GRANT_TYPE}",
            id="LINK-AUTH-04-space",
        ),
        pytest.param({"assertion": None}, "LINK-AUTH-05", "assertion: is required", id="LINK-AUTH-05-missing"),
        pytest.param({"assertion": ""}, "LINK-AUTH-05", "assertion: is required", id="LINK-AUTH-05-empty"),
    ],
)
@pytest.mark.parametrize("place", ["form", "query"])
async def test_parameters_are_required(
    link: LinkClient, place: str, changes: dict[str, str | None], rule: str, message: str
) -> None:
    """Both are needed, the grant type exactly as printed; its default does not stand in for it."""
    given = {"grant_type": GRANT_TYPE, "assertion": link.assertion(), **changes}
    parameters = {name: value for name, value in given.items() if value is not None}
    options: dict[str, Any] = {"data" if place == "form" else "params": parameters}
    response = await link.http.post(TOKEN, **options)
    assert_refused(response, 400, rule, message)


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        pytest.param("application/json", '{"grant_type": "%s"}', id="LINK-AUTH-21-json"),
        pytest.param("text/plain", "grant_type=%s&assertion=x", id="LINK-AUTH-21-text"),
        pytest.param("multipart/form-data; boundary=b", "--b\r\n%s\r\n--b--", id="LINK-AUTH-21-multipart"),
        pytest.param(None, "grant_type=%s&assertion=x", id="LINK-AUTH-21-no-type"),
        pytest.param("application/json", "grant_type=%s&" + "x&" * 5000, id="LINK-AUTH-21-form-in-disguise"),
    ],
)
async def test_another_body_is_not_read(link: LinkClient, content_type: str | None, content: str) -> None:
    """What is in it counts as missing, unless the query has it all: then the body does not matter."""
    headers = {} if content_type is None else {"Content-Type": content_type}
    body = (content % GRANT_TYPE).encode()
    response = await link.http.post(TOKEN, content=body, headers=headers)
    assert_refused(response, 400, "LINK-AUTH-21", "grant_type: is required")
    response = await link.http.post(TOKEN, params={"grant_type": GRANT_TYPE}, content=body, headers=headers)
    assert_refused(response, 400, "LINK-AUTH-21", "assertion: is required")
    query = {"grant_type": GRANT_TYPE, "assertion": link.assertion()}
    assert (await link.http.post(TOKEN, params=query, content=body, headers=headers)).status_code == 200


async def test_further_fields_are_ignored(link: LinkClient) -> None:
    """LINK-AUTH-14: scope, client_id and what else a form holds has no effect, however often it is there."""
    fields = [("grant_type", GRANT_TYPE), ("assertion", link.assertion()), ("scope", "x"), ("client_id", "y")]
    form = urlencode(fields + [("scope", "z")] * 3000)
    assert (await link.http.post(TOKEN, content=form, headers=FORM)).status_code == 200


# --------------------------------------------------------------------------------------------- forms of a token

HEADER = base64url({"alg": "RS256"})
CLAIMS = base64url({"iss": "eap00001"})
NOT_A_NUMBER = b'{"exp":NaN}'


@pytest.mark.parametrize(
    "assertion",
    [
        pytest.param("your_jwt_token_goes_here", id="LINK-AUTH-06-no-dots"),
        pytest.param(f"{HEADER}.{CLAIMS}", id="LINK-AUTH-06-two-parts"),
        pytest.param(f"{HEADER}.{CLAIMS}.c2ln.c2ln", id="LINK-AUTH-06-four-parts"),
        pytest.param("..", id="LINK-AUTH-06-empty-parts"),
        pytest.param(f"{HEADER}..c2ln", id="LINK-AUTH-06-empty-payload"),
        pytest.param(f"{HEADER}.{CLAIMS}.sig+", id="LINK-AUTH-06-plain-base64"),
        pytest.param(f"{HEADER}.{CLAIMS}.si/g", id="LINK-AUTH-06-slash"),
        pytest.param(f"{HEADER}.{CLAIMS}.s", id="LINK-AUTH-06-a-quarter-of-a-group"),
        pytest.param(f"{HEADER}.{CLAIMS}.si=g", id="LINK-AUTH-06-padding-inside"),
        pytest.param(f"{HEADER} .{CLAIMS}.c2ln", id="LINK-AUTH-06-space"),
        pytest.param(f"{HEADER}.{CLAIMS}.c2lñ", id="LINK-AUTH-06-not-ascii"),
        pytest.param(f"{base64url(b'[]')}.{CLAIMS}.c2ln", id="LINK-AUTH-06-header-is-no-object"),
        pytest.param(f"{HEADER}.{base64url(b'5')}.c2ln", id="LINK-AUTH-06-payload-is-no-object"),
        pytest.param(f"{HEADER}.{base64url(b'{')}.c2ln", id="LINK-AUTH-06-payload-is-no-json"),
        pytest.param(f"{HEADER}.{base64url(bytes([123, 255, 125]))}.c2ln", id="LINK-AUTH-06-payload-is-no-utf-8"),
        pytest.param(f"{HEADER}.{base64url(b'[' * 9999)}.c2ln", id="LINK-AUTH-06-payload-is-deep"),
        pytest.param(f"{HEADER}.{base64url(NOT_A_NUMBER)}.c2ln", id="LINK-AUTH-06-nan"),
    ],
)
async def test_an_assertion_is_a_json_web_token(link: LinkClient, assertion: str) -> None:
    """Three parts of base64url, the first two JSON objects."""
    assert_refused(await ask(link, assertion), 400, "LINK-AUTH-06", NOT_A_JWT)


def unsigned(link: LinkClient, algorithm: str) -> str:
    """Return an assertion without a signature."""
    return forge({"alg": algorithm}, claims_of(link), lambda _: b"")


def keyed_with_public_key(link: LinkClient) -> str:
    """Return an assertion whose HMAC is keyed with what everybody knows."""
    secret = credentials_of(link.account).public_keys[0].encode()
    return forge({"alg": "HS256"}, claims_of(link), lambda text: hmac.digest(secret, text, hashlib.sha256))


def elliptic(link: LinkClient) -> str:
    """Return an assertion signed on a curve."""
    return jwt.encode(claims_of(link), ec.generate_private_key(ec.SECP256R1()), "ES256")


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda link: unsigned(link, "none"), id="LINK-AUTH-07-none"),
        pytest.param(lambda link: unsigned(link, "None"), id="LINK-AUTH-07-none-in-other-letters"),
        pytest.param(keyed_with_public_key, id="LINK-AUTH-07-hs256-keyed-with-the-public-key"),
        pytest.param(lambda link: jwt.encode(claims_of(link), private_key(link), "RS384"), id="LINK-AUTH-07-rs384"),
        pytest.param(lambda link: jwt.encode(claims_of(link), private_key(link), "RS512"), id="LINK-AUTH-07-rs512"),
        pytest.param(lambda link: jwt.encode(claims_of(link), private_key(link), "PS256"), id="LINK-AUTH-07-ps256"),
        pytest.param(elliptic, id="LINK-AUTH-07-es256"),
        pytest.param(
            lambda link: forge({"alg": "rs256"}, claims_of(link), rs256(private_key(link))),
            id="LINK-AUTH-07-letter-case",
        ),
        pytest.param(
            lambda link: forge({"alg": ["RS256"]}, claims_of(link), rs256(private_key(link))),
            id="LINK-AUTH-07-no-string",
        ),
        pytest.param(
            lambda link: forge({"typ": "JWT"}, claims_of(link), rs256(private_key(link))), id="LINK-AUTH-07-missing"
        ),
    ],
)
async def test_only_rs256_is_supported(link: LinkClient, make: Callable[[LinkClient], str]) -> None:
    """Any other algorithm is refused, even where the signature is the customer's own."""
    assert_refused(await ask(link, make(link)), 400, "LINK-AUTH-07", ONLY_RS256)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param({}, id="LINK-AUTH-15-alg-alone"),
        pytest.param({"typ": "at+jwt", "kid": "../../etc/passwd"}, id="LINK-AUTH-15-typ-and-kid"),
        pytest.param({"typ": 5, "kid": [], "crit": ["x"]}, id="LINK-AUTH-15-odd-values"),
        pytest.param({"jku": "http://127.0.0.1:9/keys", "x5u": "file:///dev/zero"}, id="LINK-AUTH-15-addresses"),
        pytest.param({"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}, id="LINK-AUTH-15-another-key"),
    ],
)
async def test_the_rest_of_the_header_is_ignored(link: LinkClient, header: dict[str, Any]) -> None:
    """Only the algorithm matters; no address is followed, no key is taken from it."""
    assertion = forge({"alg": "RS256", **header}, claims_of(link), rs256(private_key(link)))
    assert (await ask(link, assertion)).status_code == 200


def public_jwk(key: RSAPrivateKey) -> dict[str, Any]:
    """Return the public half as a JSON Web Key."""
    jwk: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return jwk


async def test_a_key_in_the_header_is_not_believed(app: App, link: LinkClient) -> None:
    """LINK-AUTH-15: an attacker's signature does not verify by an attacker's key."""
    attacker = app.sandbox.services.keys.deal()
    header = {"alg": "RS256", "jwk": public_jwk(attacker), "jku": "http://127.0.0.1:9/keys"}
    response = await ask(link, forge(header, claims_of(link), rs256(attacker)))
    assert_refused(response, 400, "LINK-AUTH-10", BAD_SIGNATURE)


@pytest.mark.parametrize("sign_padded", [True, False], ids=["LINK-AUTH-15-signed-padded", "LINK-AUTH-15-padded-after"])
async def test_padding_is_tolerated(link: LinkClient, sign_padded: bool) -> None:
    """Equals signs at the end of a part do no harm, whether the signature counts them or not."""
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in ({"alg": "RS256"}, claims_of(link))
    ]
    assert "=" in "".join(parts)
    signed = ".".join(parts if sign_padded else [part.rstrip("=") for part in parts])
    signature = base64.urlsafe_b64encode(rs256(private_key(link))(signed.encode())).decode()
    assert (await ask(link, f"{parts[0]}.{parts[1]}.{signature}")).status_code == 200


# ------------------------------------------------------------------------------------------------------- claims


@pytest.mark.parametrize(
    "issuer",
    [
        pytest.param(None, id="LINK-AUTH-08-missing"),
        pytest.param("", id="LINK-AUTH-08-empty"),
        pytest.param(5, id="LINK-AUTH-08-number"),
        pytest.param(["eap00001"], id="LINK-AUTH-08-array"),
        pytest.param({}, id="LINK-AUTH-08-object"),
    ],
)
async def test_an_assertion_names_its_issuer(link: LinkClient, issuer: Any) -> None:
    """The issuer is a string that is not empty."""
    response = await ask(link, forge({"alg": "RS256"}, claims_of(link, iss=issuer), rs256(private_key(link))))
    assert_refused(response, 400, "LINK-AUTH-08", "assertion: the iss claim is required")


def assert_account_not_found(response: httpx.Response) -> None:
    """Check the documented 403: no body and no content type."""
    assert (response.status_code, broken_rule(response)) == (403, "LINK-AUTH-09")
    assert response.content == b""
    assert response.headers["content-length"] == "0"
    assert "content-type" not in response.headers


@pytest.mark.parametrize(
    "issuer",
    [
        pytest.param("eap99999", id="LINK-AUTH-09-unknown"),
        pytest.param("EAP00001", id="LINK-AUTH-09-letter-case"),
        pytest.param("eap00001 ", id="LINK-AUTH-09-space"),
        pytest.param("acc_link", id="LINK-AUTH-09-account-id"),
        pytest.param("customer_id=eap00001", id="LINK-AUTH-09-our-own-word-for-it"),
        pytest.param("x" * 100_000, id="LINK-AUTH-09-long"),
    ],
)
async def test_an_unknown_customer(link: LinkClient, issuer: str) -> None:
    """An issuer that is no customer is an empty 403."""
    assert_account_not_found(await ask(link, link.assertion(iss=issuer)))


async def test_a_customer_switched_off(app: App, link: LinkClient) -> None:
    """LINK-AUTH-09: a disabled customer is not found until it is enabled again."""
    app.sandbox.change_account(link.account, AccountChanges(settings={"disabled": True}))
    assert_account_not_found(await link.request_token())
    app.sandbox.change_account(link.account, AccountChanges(settings={"disabled": False}))
    assert (await link.request_token()).status_code == 200


async def test_a_deleted_customer(app: App, link: LinkClient) -> None:
    """LINK-AUTH-09: a customer that is no more is not found."""
    assertion = link.assertion()
    app.sandbox.remove_account(link.account)
    assert_account_not_found(await ask(link, assertion))


def with_payload(assertion: str, claims: dict[str, Any]) -> str:
    """Put another payload under a signature."""
    header, _, signature = assertion.split(".")
    return f"{header}.{base64url(claims)}.{signature}"


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda link, jwt: with_payload(jwt, claims_of(link, exp=NOW + 9999)), id="LINK-AUTH-10-payload"),
        pytest.param(lambda _, jwt: f"{base64url({'alg': 'RS256'})}.{jwt.split('.', 1)[1]}", id="LINK-AUTH-10-header"),
        pytest.param(lambda _, jwt: jwt[:-4], id="LINK-AUTH-10-truncated"),
        pytest.param(lambda _, jwt: f"{jwt.rpartition('.')[0]}.", id="LINK-AUTH-10-no-signature"),
        pytest.param(lambda _, jwt: f"{jwt}AAAA", id="LINK-AUTH-10-longer"),
        pytest.param(lambda _, jwt: f"{jwt.rpartition('.')[0]}.{'A' * 342}", id="LINK-AUTH-10-zeros"),
    ],
)
async def test_a_signature_verifies(link: LinkClient, spoil: Callable[[LinkClient, str], str]) -> None:
    """Whatever is changed after signing shows."""
    response = await ask(link, spoil(link, link.assertion()))
    assert_refused(response, 400, "LINK-AUTH-10", BAD_SIGNATURE)


async def test_another_key_does_not_verify(app: App, link: LinkClient, http: httpx.AsyncClient) -> None:
    """LINK-AUTH-10: neither a stranger's key, nor another customer's, nor the sandbox's own."""
    other = LinkClient(http, app.sandbox.create_account(AccountSpec(provider="link")))
    for key in (app.sandbox.services.keys.deal(), private_key(other), app.sandbox.services.keys.signing):
        response = await ask(link, forge({"alg": "RS256"}, claims_of(link), rs256(key)))
        assert_refused(response, 400, "LINK-AUTH-10", BAD_SIGNATURE)


async def test_keys_can_be_rotated(app: App, link: LinkClient) -> None:
    """LINK-AUTH-10: any key registered for the customer will do, and one taken away will not."""
    second = app.sandbox.services.keys.deal()
    pem = second.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assertions = [forge({"alg": "RS256"}, claims_of(link), rs256(key)) for key in (private_key(link), second)]
    first = credentials_of(link.account).public_keys[0]
    for keys, statuses in (([first], [200, 400]), ([first, pem], [200, 200]), ([pem], [400, 200])):
        app.sandbox.change_account(link.account, AccountChanges(credentials={"public_keys": keys}))
        assert [(await ask(link, assertion)).status_code for assertion in assertions] == statuses


@pytest.mark.parametrize(
    "expiry",
    [
        pytest.param(None, id="LINK-AUTH-11-missing"),
        pytest.param("1893585660", id="LINK-AUTH-11-string"),
        pytest.param(True, id="LINK-AUTH-11-boolean"),
        pytest.param([NOW + 60], id="LINK-AUTH-11-array"),
    ],
)
async def test_an_assertion_has_an_expiry(link: LinkClient, expiry: Any) -> None:
    """It is a number."""
    response = await ask(link, forge({"alg": "RS256"}, claims_of(link, exp=expiry), rs256(private_key(link))))
    assert_refused(response, 400, "LINK-AUTH-11", "assertion: the exp claim is required")


async def test_an_assertion_expires_to_the_instant(link: LinkClient) -> None:
    """LINK-AUTH-12: a microsecond before `exp` it is good, at `exp` it is not: there is no tolerance."""
    assertion = link.assertion(exp=NOW + 60)
    link.account.clock.freeze(NOON + timedelta(seconds=60) - timedelta(microseconds=1))
    assert (await ask(link, assertion)).status_code == 200
    await link.account.clock.advance(0.000001)
    assert_refused(await ask(link, assertion), 400, "LINK-AUTH-12", "assertion: has expired")


@pytest.mark.parametrize(
    ("expiry", "status"),
    [
        pytest.param(NOW + 1, 200, id="LINK-AUTH-12-a-second"),
        pytest.param(NOW + 3600, 200, id="LINK-AUTH-12-an-hour"),
        pytest.param(NOW + 10**9, 200, id="LINK-AUTH-12-a-generation"),
        pytest.param(1e300, 200, id="LINK-AUTH-12-forever"),
        pytest.param(NOW + 0.5, 200, id="LINK-AUTH-12-half-a-second"),
        pytest.param(NOW, 400, id="LINK-AUTH-12-now"),
        pytest.param(NOW - 1, 400, id="LINK-AUTH-12-just-now"),
        pytest.param(0, 400, id="LINK-AUTH-12-the-epoch"),
        pytest.param(-1, 400, id="LINK-AUTH-12-before-the-epoch"),
    ],
)
async def test_any_lifetime_is_accepted(link: LinkClient, expiry: float, status: int) -> None:
    """It only has to end in the future."""
    assert (await ask(link, link.assertion(exp=expiry))).status_code == status


@pytest.mark.parametrize(
    ("claims", "valid"),
    [
        pytest.param({"iat": None}, True, id="LINK-AUTH-13-no-iat"),
        pytest.param({"iat": NOW + 60}, True, id="LINK-AUTH-13-iat-60-ahead"),
        pytest.param({"iat": NOW + 60.5}, False, id="LINK-AUTH-13-iat-60.5-ahead"),
        pytest.param({"iat": NOW + 61}, False, id="LINK-AUTH-13-iat-61-ahead"),
        pytest.param({"iat": 0}, True, id="LINK-AUTH-13-iat-long-ago"),
        pytest.param({"iat": "now"}, False, id="LINK-AUTH-13-iat-string"),
        pytest.param({"iat": True}, False, id="LINK-AUTH-13-iat-boolean"),
        pytest.param({"nbf": NOW + 60}, True, id="LINK-AUTH-13-nbf-60-ahead"),
        pytest.param({"nbf": NOW + 61}, False, id="LINK-AUTH-13-nbf-61-ahead"),
        pytest.param({"nbf": NOW - 10**6}, True, id="LINK-AUTH-13-nbf-long-ago"),
        pytest.param({"nbf": "now"}, False, id="LINK-AUTH-13-nbf-string"),
        pytest.param({"iat": NOW + 10, "nbf": NOW + 61}, False, id="LINK-AUTH-13-both"),
    ],
)
async def test_an_assertion_may_be_a_minute_ahead(link: LinkClient, claims: dict[str, Any], valid: bool) -> None:
    """Clocks differ: `iat` and `nbf` may lie 60 s in the future, and no more."""
    given = claims_of(link, exp=NOW + 600, **claims)
    response = await ask(link, forge({"alg": "RS256"}, given, rs256(private_key(link))))
    if valid:
        assert response.status_code == 200
    else:
        assert_refused(response, 400, "LINK-AUTH-13", "assertion: is not valid yet")


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"aud": "https://example.com"}, id="LINK-AUTH-14-aud"),
        pytest.param({"aud": [5, None]}, id="LINK-AUTH-14-aud-of-odd-types"),
        pytest.param({"sub": "somebody"}, id="LINK-AUTH-14-sub"),
        pytest.param({"sub": 5}, id="LINK-AUTH-14-sub-number"),
        pytest.param({"sub": {"a": []}}, id="LINK-AUTH-14-sub-object"),
        pytest.param({"scope": "everything"}, id="LINK-AUTH-14-scope"),
        pytest.param({"scope": 5}, id="LINK-AUTH-14-scope-number"),
        pytest.param({"jti": ["x"], "unheard": {"of": 1}}, id="LINK-AUTH-14-others"),
    ],
)
async def test_other_claims_are_ignored(link: LinkClient, claims: dict[str, Any]) -> None:
    """Audience, subject and scope may hold anything, of any type."""
    assertion = forge({"alg": "RS256"}, claims_of(link, **claims), rs256(private_key(link)))
    assert (await ask(link, assertion)).status_code == 200


@pytest.mark.parametrize(
    ("form", "rule"),
    [
        pytest.param("assertion=a&assertion=a", "LINK-AUTH-02", id="LINK-AUTH-16-02-before-03"),
        pytest.param("assertion=", "LINK-AUTH-03", id="LINK-AUTH-16-03-before-05"),
        pytest.param("grant_type=x", "LINK-AUTH-04", id="LINK-AUTH-16-04-before-05"),
        pytest.param("grant_type=x&assertion=y", "LINK-AUTH-04", id="LINK-AUTH-16-04-before-06"),
    ],
)
async def test_parameters_are_judged_first(link: LinkClient, form: str, rule: str) -> None:
    """Repeats, then the grant type, then the assertion."""
    assert broken_rule(await link.http.post(TOKEN, content=form, headers=FORM)) == rule


@pytest.mark.parametrize(
    ("header", "claims", "signed", "rule"),
    [
        pytest.param({"alg": "none"}, {"iss": None}, True, "LINK-AUTH-07", id="LINK-AUTH-16-07-before-08"),
        pytest.param({}, {"iss": None}, False, "LINK-AUTH-08", id="LINK-AUTH-16-08-before-10"),
        pytest.param({}, {"iss": "eap99999"}, False, "LINK-AUTH-09", id="LINK-AUTH-16-09-before-10"),
        pytest.param({}, {"iss": "eap99999", "exp": 0}, True, "LINK-AUTH-09", id="LINK-AUTH-16-09-before-12"),
        pytest.param({}, {"exp": None}, False, "LINK-AUTH-10", id="LINK-AUTH-16-10-before-11"),
        pytest.param({}, {"exp": 0}, False, "LINK-AUTH-10", id="LINK-AUTH-16-10-before-12"),
        pytest.param({}, {"exp": None, "iat": NOW + 99}, True, "LINK-AUTH-11", id="LINK-AUTH-16-11-before-13"),
        pytest.param({}, {"exp": 0, "iat": NOW + 99}, True, "LINK-AUTH-12", id="LINK-AUTH-16-12-before-13"),
    ],
)
async def test_an_assertion_is_judged_in_order(
    link: LinkClient, header: dict[str, Any], claims: dict[str, Any], signed: bool, rule: str
) -> None:
    """Of two defects the one whose check comes first is answered; an unknown customer hides all that follows."""
    sign = rs256(private_key(link)) if signed else lambda _: bytes(256)
    response = await ask(link, forge({"alg": "RS256", **header}, claims_of(link, **claims), sign))
    assert broken_rule(response) == rule


@pytest.mark.parametrize(
    ("customer", "rule"),
    [
        pytest.param(None, "LINK-AUTH-09", id="LINK-AUTH-09-the-printed-assertion-has-no-customer"),
        pytest.param("eapXXXXX", "LINK-AUTH-10", id="LINK-AUTH-10-the-printed-assertion-has-another-key"),
    ],
)
async def test_the_documented_assertion(app: App, link: LinkClient, customer: str | None, rule: str) -> None:
    """The assertion of the sample is of a customer that nobody has, signed with a key that is not printed."""
    if customer is not None:
        app.sandbox.create_account(AccountSpec(provider="link", credentials={"customer_id": customer}))
    assert broken_rule(await ask(link, SAMPLE["assertion"])) == rule


# ------------------------------------------------------------------------------------------------------- answers


@pytest.mark.parametrize("place", ["params", "data"], ids=["LINK-AUTH-17-query", "LINK-AUTH-17-form"])
async def test_a_token_is_granted(link: LinkClient, place: str) -> None:
    """Token, lifetime and type, and nothing else; not to be cached."""
    options: dict[str, Any] = {place: {"grant_type": GRANT_TYPE, "assertion": link.assertion()}}
    response = await link.http.post(TOKEN, **options)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["pragma"] == "no-cache"
    granted = response.json()
    assert list(granted) == ["access_token", "expires_in", "token_type"]
    assert granted["token_type"] == "Bearer"
    assert type(granted["expires_in"]) is int


@pytest.mark.parametrize("customer", ["eap00001", "eap4711"], ids=lambda customer: f"LINK-AUTH-18-{customer}")
async def test_what_a_token_says(app: App, link: LinkClient, customer: str) -> None:
    """An RS256 token of the sandbox's own key, with the claims of a gateway's."""
    app.sandbox.change_account(link.account, AccountChanges(credentials={"customer_id": customer}))
    token = (await link.request_token()).json()["access_token"]
    gateway = "https://api.conversationalmessaging.com/gateway"
    key = app.sandbox.services.keys.signing.public_key()
    claims = jwt.decode(token, key, ["RS256"], audience=gateway, options={"verify_exp": False, "verify_iat": False})
    assert jwt.get_unverified_header(token)["alg"] == "RS256"
    assert len(claims.pop("jti")) == 36
    assert claims == {
        "iss": "https://auth.conversationalmessaging.com",
        "sub": customer,
        "aud": gateway,
        "scope": gateway,
        "iat": NOW,
        "exp": NOW + 3600,
    }


@pytest.mark.parametrize("lifetime", [1, 60, 3600, 86_400], ids=lambda lifetime: f"LINK-AUTH-19-{lifetime}")
async def test_a_token_lives_as_long_as_configured(app: App, link: LinkClient, lifetime: int) -> None:
    """`expires_in` is the customer's, and the token ends that long after it was issued."""
    app.sandbox.change_account(link.account, AccountChanges(settings={"expires_in": lifetime}))
    granted = (await link.request_token()).json()
    claims = jwt.decode(granted["access_token"], options={"verify_signature": False})
    assert granted["expires_in"] == claims["exp"] - claims["iat"] == lifetime


@pytest.mark.parametrize("lifetime", [0, -1, "an hour", 0.5], ids=lambda lifetime: f"LINK-AUTH-19-{lifetime}")
async def test_a_lifetime_is_a_second_at_least(app: App, link: LinkClient, lifetime: Any) -> None:
    """A shorter one, or none, cannot be configured."""
    with pytest.raises(ValidationError):
        app.sandbox.change_account(link.account, AccountChanges(settings={"expires_in": lifetime}))
    assert (await link.request_token()).json()["expires_in"] == 3600


@pytest.mark.parametrize("times", [2, 10], ids=lambda times: f"LINK-AUTH-20-{times}-times")
async def test_an_assertion_serves_again(link: LinkClient, times: int) -> None:
    """The same assertion gets several tokens, different and valid side by side."""
    assertion = link.assertion()
    tokens = [(await ask(link, assertion)).json()["access_token"] for _ in range(times)]
    assert len(set(tokens)) == times
    for link.token in tokens:
        assert (await link.call("GET", "/featureset")).status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({"grant_type": "client_credentials"}, id="LINK-AUTH-22-unsupported-grant-type"),
        pytest.param({"grant_type": GRANT_TYPE, "assertion": SAMPLE["assertion"] + "A"}, id="LINK-AUTH-22-bad-grant"),
    ],
)
async def test_errors_are_not_those_of_oauth(app: App, link: LinkClient, form: dict[str, str]) -> None:
    """The body is ApiError: `error` holds the reason phrase, and nothing of RFC 6749 is there."""
    app.sandbox.create_account(AccountSpec(provider="link", credentials={"customer_id": "eapXXXXX"}))
    response = await link.request_token(**form)
    assert response.status_code == 400
    assert set(response.json()) == {"status", "error", "message"}
    assert response.json()["error"] == "Bad Request"
