"""Tokens: LINK's token endpoint takes an assertion and gives an access token, which every gateway call carries."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from sandbox.core.account import Account
from sandbox.core.auth import UnverifiedJwt, Verified, its_time
from sandbox.core.errors import ApiError
from sandbox.core.operation import RawRequest
from sandbox.core.services import Services
from sandbox.providers.link.account import credentials_of, settings_of
from sandbox.providers.link.errors import PAYLOAD_TOO_LARGE
from sandbox.providers.link.rules import RULES

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ISSUER = "https://auth.conversationalmessaging.com"
GATEWAY = "https://api.conversationalmessaging.com/gateway"
LEEWAY = 60  # seconds that `iat` and `nbf` may lie ahead (LINK-AUTH-13); `exp` has none
CHALLENGE = ((b"www-authenticate", b"Bearer"),)


# ------------------------------------------------------------------------------------------------ token endpoint


def customer(request: RawRequest, services: Services) -> Account:
    """Return the account whose assertion the request carries; raises by LINK-AUTH-02 to -13, in the order of -16."""
    if request.too_large:
        raise ApiError(PAYLOAD_TOO_LARGE, rule="LINK-GEN-22")
    given = _parameters(request)
    if not given["grant_type"]:
        raise RULES.broken(_missing(request, "LINK-AUTH-03"), name="grant_type")
    if given["grant_type"] != GRANT_TYPE:
        raise RULES.broken("LINK-AUTH-04")
    if not given["assertion"]:
        raise RULES.broken(_missing(request, "LINK-AUTH-05"), name="assertion")
    try:
        assertion = UnverifiedJwt.parse(given["assertion"])
    except ValueError as error:
        raise RULES.broken("LINK-AUTH-06", detail=str(error)) from None
    if assertion.header.get("alg") != "RS256":
        raise RULES.broken("LINK-AUTH-07")
    issuer = assertion.claims.get("iss")
    if not isinstance(issuer, str) or not issuer:
        raise RULES.broken("LINK-AUTH-08")
    account = request.account = services.store.find("link", f"customer_id={issuer}")
    if account is None or settings_of(account).disabled:
        raise RULES.broken("LINK-AUTH-09")
    if not assertion.signed_by(*credentials_of(account).verification_keys):
        raise RULES.broken("LINK-AUTH-10")
    _times(assertion.claims, account)
    return account


def _parameters(request: RawRequest) -> dict[str, str]:
    """Return both parameters, from the query or a form body; "" if not given. Raises LINK-AUTH-02."""
    form = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True) if _is_form(request) else []
    places = (request.query_pairs(), form)
    given = {"grant_type": "", "assertion": ""}
    for name in given:
        values = [[value for key, value in pairs if key == name] for pairs in places]
        if any(len(found) > 1 for found in values) or len(set(values[0] + values[1])) > 1:
            raise RULES.broken("LINK-AUTH-02", name=name)
        given[name] = (values[0] + values[1] + [""])[0]
    return given


def _is_form(request: RawRequest) -> bool:
    kind = request.header(b"content-type") or b""
    return kind.partition(b";")[0].strip().lower() == b"application/x-www-form-urlencoded"


def _missing(request: RawRequest, rule: str) -> str:
    """Name the more specific rule where a body was there and could not be read (LINK-AUTH-21)."""
    return "LINK-AUTH-21" if request.body and not _is_form(request) else rule


def _times(claims: dict[str, Any], account: Account) -> None:
    now = account.clock.now().timestamp()
    expires = claims.get("exp")
    if expires is None or not _is_number(expires):
        raise RULES.broken("LINK-AUTH-11")
    if expires <= now:
        raise RULES.broken("LINK-AUTH-12", detail=its_time(account))
    for name in ("iat", "nbf"):
        since = claims.get(name)
        if since is not None and (not _is_number(since) or since > now + LEEWAY):
            raise RULES.broken("LINK-AUTH-13", detail=f"{name}; {its_time(account)}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def issue(account: Account, services: Services) -> tuple[str, int]:
    """Return a new access token and its lifetime in seconds (LINK-AUTH-18, LINK-AUTH-19)."""
    import jwt  # noqa: PLC0415 - brings cryptography, wanted with the first token

    lifetime = settings_of(account).expires_in
    issued = int(account.clock.now().timestamp())
    claims = {
        "iss": ISSUER,
        "sub": credentials_of(account).customer_id,
        "aud": GATEWAY,
        "scope": GATEWAY,
        "iat": issued,
        "exp": issued + lifetime,
        "jti": account.ids.uuid4(),
    }
    # The key id tells from which generation of the account's tokens this one is: revoking starts the next.
    token = jwt.encode(claims, services.keys.signing, "RS256", headers={"kid": str(account.generation)})
    return token, lifetime


# -------------------------------------------------------------------------------------------------- gateway calls


def bearer(request: RawRequest, services: Services) -> Account:
    """Return the account whose token the request carries; raises by LINK-AUTH-30 to -36, all of them the same 401."""
    headers = request.headers.named(b"authorization")
    if not headers:
        raise _refused("LINK-AUTH-30", "no Authorization header")
    if len(headers) > 1:
        raise _refused("LINK-AUTH-31", "two Authorization headers")
    header = headers[0]
    known = services.verified.get(header)
    if known is None or services.store.find("link", known.identity) is not known.account:
        known = _verify(header, request, services)
    account = request.account = known.account
    if account.clock.now() >= known.expires:
        raise _refused("LINK-AUTH-34", f"expired at {known.expires.isoformat()}, {its_time(account)}")
    if known.generation != account.generation:
        raise _refused("LINK-AUTH-36", "the token is revoked")
    if settings_of(account).disabled:
        raise _refused("LINK-AUTH-36", "the customer is switched off")
    return account


def _verify(header: bytes, request: RawRequest, services: Services) -> Verified:
    scheme, _, token = header.decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not token or " " in token:
        raise _refused("LINK-AUTH-31", "not of the form Bearer <token>")
    try:
        jwt = UnverifiedJwt.parse(token)
    except ValueError as error:
        raise _refused("LINK-AUTH-32", str(error)) from None
    claims = jwt.claims
    request.account = _named_by(claims, services)
    if claims.get("iss") != ISSUER or claims.get("aud") != GATEWAY:
        raise _refused("LINK-AUTH-35", "not an access token of this platform; an assertion must be exchanged for one")
    if jwt.header.get("alg") != "RS256" or not jwt.signed_by(services.keys.signing.public_key()):
        raise _refused("LINK-AUTH-33", "the signature is not ours")
    if request.account is None:
        raise _refused("LINK-AUTH-36", "the customer is no more")
    expires = datetime.fromtimestamp(claims["exp"], UTC)
    verified = Verified(request.account, f"customer_id={claims['sub']}", int(jwt.header["kid"]), expires)
    services.verified.put(header, verified)
    return verified


def _named_by(claims: dict[str, Any], services: Services) -> Account | None:
    """Return the account that a token speaks of, so that even a refused request is journaled with it."""
    named = (services.store.find("link", f"customer_id={claims.get(name)}") for name in ("sub", "iss"))
    return next((account for account in named if account is not None), None)


def _refused(rule: str, why: str) -> ApiError:
    return RULES.broken(rule, headers=CHALLENGE, detail=why)
