"""Forged tokens: the tricks that are known of JSON Web Tokens, at every place that takes one.

They are those of RFC 8725 and of public collections of attacks: a signature that is none, a public key taken for a
secret, keys that the token itself brings along, claims of others, and whatever parsers might read in two ways.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import v1_requests
import v2_requests
from calls import ask
from forgery import base64url, forge, rs256
from harness import GATEWAY, NOON, _read_key, account_of
from sandbox.app import App
from sandbox.core.auth import LONGEST, Verified, VerifiedTokens
from sandbox.providers.link import tokens
from sandbox.providers.link.account import credentials_of as link_credentials
from sandbox.providers.webex_connect.account import credentials_of as webex_credentials

pytestmark = pytest.mark.anyio

NOW = int(NOON.timestamp())

Json = dict[str, Any]
Sign = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Place:
    """
    Somewhere a token is taken.

    Attributes:
        alg: the one that is taken.
        claims: of a token that is good.
        sign: with the right key.
        others: the claims that tell that it is another account's, or another party's.
        public: what anybody may know of the key; None where nobody knows anything.
        present: hands a token in.
    """

    alg: str
    claims: Json
    sign: Sign
    others: Json
    public: rsa.RSAPublicKey | None
    present: Callable[[str], Awaitable[httpx.Response]]

    @property
    def header(self) -> Json:
        """The header of a token that is good."""
        return {"alg": self.alg, "typ": "JWT", "kid": "0"}

    def token(self, header: Json | None = None, sign: Sign | None = None, **claims: Any) -> str:
        """Return a token that is good but for what is given; a claim of None is left out."""
        return forge({**self.header, **(header or {})}, {**self.claims, **claims}, sign or self.sign)


def hs(name: str, secret: bytes) -> Sign:
    """Return what signs with an HMAC."""
    return lambda text: hmac.digest(secret, text, name)


@cache
def attackers_key() -> rsa.RSAPrivateKey:
    """Return a key of nobody's."""
    return rsa.generate_private_key(65537, 2048)


def pem(place: Place) -> bytes:
    """Return the public key as text; what anybody may know in its place where there is none."""
    if place.public is None:
        return str(place.claims["iss"]).encode()
    return place.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def der(place: Place) -> bytes:
    """Return the public key as bytes."""
    if place.public is None:
        return b"\0"
    return place.public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def own_jwk() -> Json:
    """Return the attacker's public key as a token brings it along."""
    numbers = attackers_key().public_key().public_numbers()
    modulus = numbers.n.to_bytes(256, "big")
    return {"kty": "RSA", "kid": "0", "use": "sig", "n": base64url(modulus), "e": "AQAB"}


def with_text(place: Place, payload: str) -> str:
    """Return a token with just that payload, signed with the right key."""
    text = f"{base64url(place.header)}.{base64url(payload.encode())}"
    return f"{text}.{base64url(place.sign(text.encode()))}"


def tampered(place: Place) -> str:
    """Return a good token whose payload was changed afterwards."""
    header, _, signature = place.token().split(".")
    return f"{header}.{base64url({**place.claims, 'exp': NOW + 9999, 'admin': True})}.{signature}"


def other_alg(place: Place) -> str:
    """Return a token of the other family of algorithms, signed by the attacker."""
    if place.alg == "HS256":
        return place.token({"alg": "RS256"}, rs256(attackers_key()))
    return place.token({"alg": "HS256"}, hs("sha256", b"secret"))


def flipped(place: Place) -> str:
    """Return a good token with one bit of its signature turned."""
    text, _, signature = place.token().rpartition(".")
    raw = bytearray(base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4)))
    raw[-1] ^= 1
    return f"{text}.{base64url(bytes(raw))}"


def swapped(place: Place) -> str:
    """Return a token with the signature of another good one."""
    return f"{place.token().rpartition('.')[0]}.{place.token(jti='another').rpartition('.')[2]}"


def doubled(place: Place) -> str:
    """Return a token that names its owner first and somebody else behind, under the same name."""
    members = [*place.claims.items(), *place.others.items()]
    return with_text(
        place, "{" + ", ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in members) + "}"
    )


ATTACKS: dict[str, Callable[[Place], str]] = {
    # a signature that is none
    "none": lambda at: at.token({"alg": "none"}, lambda _: b""),
    "none-in-other-letters": lambda at: at.token({"alg": "nOnE"}, lambda _: b""),
    "none-in-capitals": lambda at: at.token({"alg": "NONE"}, lambda _: b""),
    "none-with-the-right-signature": lambda at: at.token({"alg": "none"}),
    "no-signature": lambda at: at.token(sign=lambda _: b""),
    "zeros-for-a-signature": lambda at: at.token(sign=lambda text: bytes(len(at.sign(text)))),
    "half-a-signature": lambda at: at.token(sign=lambda text: at.sign(text)[: len(at.sign(text)) // 2]),
    "longer-signature": lambda at: at.token(sign=lambda text: at.sign(text) + b"\0"),
    "a-bit-turned": flipped,
    "signature-of-another-token": swapped,
    "tampered-payload": tampered,
    "tampered-header": lambda at: f"{base64url({**at.header, 'x': 1})}.{at.token().split('.', 1)[1]}",
    # the algorithm
    "no-alg": lambda at: forge({"typ": "JWT"}, at.claims, at.sign),
    "alg-null": lambda at: at.token({"alg": None}),
    "alg-empty": lambda at: at.token({"alg": ""}),
    "alg-in-small-letters": lambda at: at.token({"alg": at.alg.lower()}),
    "alg-in-a-list": lambda at: at.token({"alg": [at.alg]}),
    "another-family": other_alg,
    "stronger-than-allowed": lambda at: at.token({"alg": at.alg[:2] + "512"}),
    "public-key-as-a-secret": lambda at: at.token({"alg": "HS256"}, hs("sha256", pem(at))),
    "public-key-as-a-secret-stripped": lambda at: at.token({"alg": "HS256"}, hs("sha256", pem(at).strip())),
    "public-key-as-a-secret-in-der": lambda at: at.token({"alg": "HS256"}, hs("sha256", der(at))),
    "public-key-as-a-secret-unannounced": lambda at: at.token(sign=hs("sha256", pem(at))),
    "empty-secret": lambda at: at.token({"alg": "HS256"}, hs("sha256", b"")),
    # keys that the token brings along
    "own-key": lambda at: at.token(sign=rs256(attackers_key())),
    "jwk": lambda at: at.token({"alg": "RS256", "jwk": own_jwk()}, rs256(attackers_key())),
    "jku": lambda at: at.token({"jku": "http://127.0.0.1:9/keys.json"}, rs256(attackers_key())),
    "x5u": lambda at: at.token({"x5u": "http://127.0.0.1:9/cert.pem"}, rs256(attackers_key())),
    "x5c": lambda at: at.token({"x5c": [base64url(b"certificate")]}, rs256(attackers_key())),
    "kid-of-an-empty-file": lambda at: at.token({"kid": "../../../../dev/null"}, hs("sha256", b"")),
    "kid-of-a-known-file": lambda at: at.token({"kid": "/proc/sys/kernel/randomize_va_space"}, hs("sha256", b"2\n")),
    "kid-of-an-address": lambda at: at.token({"kid": "http://127.0.0.1:9/key"}, rs256(attackers_key())),
    "kid-of-a-query": lambda at: at.token({"kid": "x' UNION SELECT 'key"}, hs("sha256", b"key")),
    "kid-of-a-command": lambda at: at.token({"kid": "0; sleep 9"}, rs256(attackers_key())),
    "kid-no-text": lambda at: at.token({"kid": {"a": [1]}}, rs256(attackers_key())),
    "critical-extension-with-own-key": lambda at: at.token({"crit": ["b64"], "b64": False}, rs256(attackers_key())),
    # claims
    "others-claims": lambda at: at.token(**at.others),
    "others-claims-behind-ours": doubled,
    "expired": lambda at: at.token(iat=NOW - 7200, exp=NOW - 3600),
    "expires-now": lambda at: at.token(iat=NOW - 3601, exp=NOW - 1),
    "no-issuer": lambda at: at.token(iss=None),
    "unknown-issuer": lambda at: at.token(iss="nobody"),
    "issuer-in-a-list": lambda at: at.token(iss=[at.claims["iss"]]),
    "issuer-and-more": lambda at: at.token(iss=f"{at.claims['iss']}\0"),
    "issuer-in-other-letters": lambda at: at.token(iss=str(at.claims["iss"]).swapcase()),
    # what parsers might read in two ways
    "two-parts": lambda at: at.token().rpartition(".")[0],
    "four-parts": lambda at: f"{at.token()}.{base64url(b'x')}",
    "five-parts-as-if-encrypted": lambda at: ".".join([base64url({"alg": "dir", "enc": "A128GCM"}), "", "YQ", "YQ", "YQ"]),
    "json-serialization": lambda at: base64url(json.dumps({"payload": at.token().split(".")[1]}).encode()),
    "standard-base64": lambda at: f"{at.token().rpartition('.')[0]}.+/+/",
    "padding-inside": lambda at: at.token().replace(".", "=.=", 1),
    "blank-inside": lambda at: at.token().replace(".", ". ", 1),
    "null-inside": lambda at: at.token().replace(".", "\0.", 1),
    "payload-no-object": lambda at: with_text(at, "[]"),
    "payload-twice": lambda at: with_text(at, json.dumps(at.claims) * 2),
    "payload-with-nan": lambda at: with_text(at, json.dumps({**at.claims, "iat": float("nan")})),
    "payload-deep": lambda at: with_text(at, '{"a":' * 5000 + "1" + "}" * 5000),
    "empty": lambda _: "",
    "dots": lambda _: "..",
    "huge": lambda _: "A" * 60_000,
}  # fmt: skip


@pytest.fixture(params=["link-assertion", "link-bearer", "webex-connect-v1", "webex-connect-v2"])
async def place(request: pytest.FixtureRequest, app: App, http: httpx.AsyncClient) -> Place:
    """Each place that takes tokens, with another account of the provider beside."""
    link, webex = account_of(app), account_of(app, "acc_webex_connect")
    provider = link.provider if request.param.startswith("link") else webex.provider
    other = account_of(app, (await ask(http, "POST", "/accounts", {"provider": provider.name}, 201))["id"])

    async def bearer(token: str) -> httpx.Response:
        headers = [(b"Authorization", b"Bearer " + token.encode("latin-1"))]
        return await http.get(f"{GATEWAY}/featureset", headers=headers)

    async def assertion(token: str) -> httpx.Response:
        return await http.post("/auth/oauth2/token", data={"grant_type": tokens.GRANT_TYPE, "assertion": token})

    async def sending(token: str) -> httpx.Response:
        is_v1 = request.param.endswith("v1")
        headers = [(b"Authorization", b"Bearer " + token.encode("latin-1"))]
        path, body = ("/resources/v1/messaging", v1_requests.sms()) if is_v1 else ("/v2/messages", v2_requests.sms())
        return await http.post(path, json=body, headers=headers)

    match request.param:
        case "link-assertion":
            ours, theirs = link_credentials(link), link_credentials(other)
            key = _read_key(ours.private_key or "")
            claims = {"iss": ours.customer_id, "iat": NOW, "exp": NOW + 60}
            return Place("RS256", claims, rs256(key), {"iss": theirs.customer_id}, key.public_key(), assertion)
        case "link-bearer":
            key = app.sandbox.services.keys.signing
            claims = {
                "iss": tokens.ISSUER,
                "aud": tokens.GATEWAY,
                "sub": link_credentials(link).customer_id,
                "exp": NOW + 3600,
            }
            return Place("RS256", claims, rs256(key), {"aud": "https://elsewhere.test"}, key.public_key(), bearer)
        case _:
            own, foreign = webex_credentials(webex), webex_credentials(other)
            sign = hs("sha256", base64.b64decode(own.service_secret))
            claims = {"iss": own.service_id, "iat": NOW}
            return Place("HS256", claims, sign, {"iss": foreign.service_id}, None, sending)


def is_refused(response: httpx.Response) -> bool:
    """Tell whether a token was not taken; whatever else there is to say must have come behind it."""
    rule: str = response.headers.get("x-sandbox-rule", "")
    assert rule == "" or "-AUTH-" in rule, rule
    assert response.status_code < 500
    return rule != ""


async def test_forged(place: Place, app: App) -> None:
    """A good token is taken; none of the tricks makes another one good, and nothing comes of any."""
    assert not is_refused(await place.present(place.token()))
    before = sum(len(account.journal.messages) for account in app.sandbox.accounts)
    assert [name for name, attack in ATTACKS.items() if not is_refused(await place.present(attack(place)))] == []
    assert sum(len(account.journal.messages) for account in app.sandbox.accounts) == before
    assert not is_refused(await place.present(place.token()))


async def test_time(place: Place) -> None:
    """A token is judged by the account's clock: one from the future is refused, or one that ends now."""
    if "iat" in place.claims:
        assert not is_refused(await place.present(place.token(iat=NOW + 60)))
        assert is_refused(await place.present(place.token(iat=NOW + 61)))
        assert is_refused(await place.present(place.token(iat="now")))
    else:  # the platform's own
        assert not is_refused(await place.present(place.token(exp=NOW + 1)))
        assert is_refused(await place.present(place.token(exp=NOW)))


async def test_padding(place: Place) -> None:
    """Padding at the end of the parts changes nothing, signed or not."""
    header, payload, signature = place.token().split(".")
    padded = ".".join(part + "=" * (-len(part) % 4) for part in (header, payload, signature))
    assert not is_refused(await place.present(padded))


async def test_tokens_of_others(http: httpx.AsyncClient, place: Place) -> None:
    """What one place gives or takes is not taken at another."""
    link = (await ask(http, "POST", "/accounts/acc_link/authorization"))["headers"]["Authorization"].split()[1]
    at_home = place.claims["iss"] == tokens.ISSUER
    assert is_refused(await place.present(link)) is not at_home
    if not at_home:
        refused = await http.get(f"{GATEWAY}/featureset", headers={"Authorization": f"Bearer {place.token()}"})
        assert refused.status_code == 401


async def test_large_tokens_are_not_remembered(place: Place, app: App) -> None:
    """A good token may be large, but is verified each time, so that many of them take no room."""
    token = place.token(filler="x" * 20_000)
    assert not is_refused(await place.present(token))
    assert not is_refused(await place.present(token))
    assert app.sandbox.services.verified.get(b"Bearer " + token.encode()) is None


def test_longest_that_is_remembered() -> None:
    """Tokens of 4 KiB are remembered, and the next longer ones are not."""
    known, verified = VerifiedTokens(), cast("Verified", object())
    for length in (LONGEST, LONGEST + 1):
        known.put(b"x" * length, verified)
    assert known.get(b"x" * LONGEST) is not None
    assert known.get(b"x" * (LONGEST + 1)) is None
