"""Authentication: a service key in the header `key`, or a JWT that the customer signs with the service secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic_core import from_json

from sandbox.core.account import Account
from sandbox.core.auth import UnverifiedJwt, Verified, its_time
from sandbox.core.errors import ApiError
from sandbox.core.operation import RawRequest
from sandbox.core.rule import Rulebook
from sandbox.core.services import Services
from sandbox.providers.webex_connect.account import credentials_of, decoded_secret, settings_of

PROVIDER = "webex-connect"
LIFETIME = 3600  # seconds that a token is good for from its `iat`
LEEWAY = 60  # seconds that `iat` may lie ahead

_LATEST = 253_402_300_799  # the last second that a date can tell


@dataclass(frozen=True, slots=True)
class Authentication:
    """
    Finds the service that a request is for, by the rules of one API version.

    Attributes:
        rules: that version's.
        missing: neither header is there, or only blank ones.
        elsewhere: a `key` stands in the body or the query instead; the same as `missing` where no rule speaks of it.
        key: the key opens no service.
        form: the header is not `Bearer` and a token of three parts.
        algorithm: the token is not signed with HS256.
        issuer: its `iss` is no service's id.
        signature: it is not signed with the service secret.
        issued: its `iat` is no whole number of seconds, or lies ahead.
        stale: its `iat` is too old, or its `exp` is past.
        inactive: the service is switched off.
    """

    rules: Rulebook
    missing: str
    elsewhere: str
    key: str
    form: str
    algorithm: str
    issuer: str
    signature: str
    issued: str
    stale: str
    inactive: str

    def __call__(self, request: RawRequest, services: Services) -> Account:
        """Return the active service that a request is for. Raises `ApiError`."""
        keys = request.headers.named(b"key")
        bearers = [value for value in request.headers.named(b"authorization") if value.strip()]
        if len(bearers) > 1:
            raise self._refused(self.form, "two Authorization headers")
        if bearers:
            # WX1-AUTH-03, WX2-AUTH-03: "the JWT is used for authentication" (v2: 9), whatever the key.
            account = self._by_token(bearers[0], request, services)
        elif keys and (key := keys[-1].strip()):
            account = self._by_key(key, services)
        else:
            raise self._refused(self.elsewhere if _has_key_elsewhere(request) else self.missing)
        request.account = account
        if not settings_of(account).active:
            raise self.rules.broken(self.inactive)
        return account

    def _by_key(self, key: bytes, services: Services) -> Account:
        account = services.store.find(PROVIDER, f"service_key={key.decode('latin-1')}")
        if account is None:
            raise self._refused(self.key)
        return account

    def _by_token(self, header: bytes, request: RawRequest, services: Services) -> Account:
        known = services.verified.get(header)
        if (
            known is None
            or services.store.find(PROVIDER, known.identity) is not known.account
            or known.secret not in secrets_of(known.account)
        ):
            known = self._verify(header, request, services)
        account = request.account = known.account
        now = account.clock.now()
        if known.claims["iat"] > now.timestamp() + LEEWAY:
            raise self._refused(self.issued, f"iat, which is in seconds, lies ahead; {its_time(account)}")
        if now > known.expires:
            raise self._refused(self.stale, f"the token ended at {known.expires.isoformat()}, {its_time(account)}")
        return account

    def _verify(self, header: bytes, request: RawRequest, services: Services) -> Verified:
        scheme, _, token = header.decode("latin-1").strip().partition(" ")
        if scheme.lower() != "bearer":
            raise self._refused(self.form, "not of the form Bearer <token>")
        try:
            jwt = UnverifiedJwt.parse(token.strip())
        except ValueError as error:
            raise self._refused(self.form, str(error)) from None
        if jwt.header.get("alg") != "HS256":
            raise self._refused(self.algorithm, f"alg is {str(jwt.header.get('alg'))[:50]!r}")
        issuer = jwt.claims.get("iss")
        identity = f"service_id={issuer}"
        account = services.store.find(PROVIDER, identity) if isinstance(issuer, str) else None
        if account is None:
            raise self._refused(self.issuer, "iss is no service's id")
        request.account = account
        secret = next((each for each in secrets_of(account) if jwt.signed_with(decoded_secret(each))), None)
        if secret is None:
            undecoded = any(jwt.signed_with(each.encode()) for each in secrets_of(account))
            raise self._refused(self.signature, "signed with the undecoded secret" if undecoded else None)
        issued, expires = jwt.claims.get("iat"), jwt.claims.get("exp")
        if not isinstance(issued, int) or isinstance(issued, bool) or not 0 <= issued <= _LATEST:
            raise self._refused(self.issued, "iat is a whole number of seconds; it has ten digits")
        ends = float(issued + LIFETIME)
        if expires is not None:
            if not isinstance(expires, int | float) or isinstance(expires, bool) or not 0 <= expires <= _LATEST:
                raise self._refused(self.stale, "exp is no number of seconds")
            ends = min(ends, expires)
        claims = {"iat": issued}  # all others are ignored (WX1-AUTH-10)
        end = datetime.fromtimestamp(0, UTC) + timedelta(seconds=min(ends, _LATEST - 1))
        verified = Verified(account, identity, account.generation, end, secret, claims)
        services.verified.put(header, verified)
        return verified

    def _refused(self, rule: str, why: str | None = None) -> ApiError:
        return self.rules.broken(rule, detail=why)


def secrets_of(account: Account) -> tuple[str, ...]:
    """Return the service secrets of an account, the first one first."""
    return (credentials_of(account).service_secret, *settings_of(account).service_secrets)


def _has_key_elsewhere(request: RawRequest) -> bool:
    """Tell whether a key was put where it does not count (WX1-AUTH-11)."""
    if any(name == "key" for name, _ in request.query_pairs()):
        return True
    try:
        body: Any = from_json(request.body)
    except ValueError:
        return False
    return isinstance(body, dict) and "key" in body
