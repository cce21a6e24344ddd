"""Authentication: an app's key in `x-api-key`, and the verify token of the two inbound requests.

The pipeline authenticates before it looks at anything else of a request (MEH-AUTH-08).
"""

from __future__ import annotations

from sandbox.core.account import Account
from sandbox.core.operation import RawRequest
from sandbox.core.services import Services
from sandbox.providers.mehery.account import DEFAULT_ACCOUNT, PROVIDER, credentials_of
from sandbox.providers.mehery.errors import ACCESS_DENIED, UNAUTHORIZED, RefusalError, refusal
from sandbox.providers.mehery.fixture_world import world_of
from sandbox.providers.mehery.world import App


def by_key(request: RawRequest, services: Services) -> Account:
    """Return the tenant whose key a request carries, if that may act (MEH-AUTH-01 to -08). Raises `RefusalError`."""
    key = _last(request, b"x-api-key")
    if not key:
        rule = "MEH-AUTH-07" if _has_key_elsewhere(request) else "MEH-AUTH-01"
        raise refusal(UNAUTHORIZED, rule, "API_KEY_MISSING", "x-api-key", "Missing x-api-key")
    account = request.account = _of_key(key, services)
    _acting(request, account, key)
    return account


def by_token(request: RawRequest, services: Services) -> Account:
    """
    Return the tenant that an inbound request is for: by key, else by token, else the default one (MEH-AUTH-09).

    Raises `RefusalError`.
    """
    key, token = _last(request, b"x-api-key"), _last(request, b"x-verify-token")
    if key:
        account = request.account = _of_key(key, services)
        if token and token != credentials_of(account).verify_token:
            raise _bad_token()
        _acting(request, account, key)
        return account
    if token:
        found = services.store.find(PROVIDER, f"verify_token={token}")
        if found is None:
            raise _bad_token()
        return found
    default = services.store.get(DEFAULT_ACCOUNT)
    if default is None or default.key.provider != PROVIDER:
        default = next((account for account in services.store if account.key.provider == PROVIDER), None)
    if default is None:
        raise refusal(UNAUTHORIZED, "MEH-AUTH-09", "API_KEY_MISSING", "x-api-key", "Missing x-api-key")
    return default


def acting_app(request: RawRequest, account: Account) -> App | None:
    """Return the app that an authenticated request acts for; None if it has no key."""
    key = _last(request, b"x-api-key")
    return _acting(request, account, key) if key else None


def _of_key(key: str, services: Services) -> Account:
    account = services.store.find(PROVIDER, f"api_key={key}")
    if account is None:
        raise refusal(UNAUTHORIZED, "MEH-AUTH-02", "API_KEY_INVALID", "x-api-key", "Invalid x-api-key")
    return account


def _acting(request: RawRequest, account: Account, key: str) -> App:
    world, given = world_of(account), _last(request, b"x-api-id")
    if key == credentials_of(account).platform_key:
        app = _named(world.app_of_id(given) if given else None, given)
    else:
        app = next(app for app in world.apps.values() if world.key_of(app) == key)
        if given and given != world.id_of(app):  # MEH-AUTH-04: a client may leave it out
            raise _mismatch("MEH-AUTH-03", "x-api-id is not that of the key's app")
    if world.is_disabled(app):
        raise refusal(ACCESS_DENIED, "MEH-AUTH-03", "APP_DISABLED", "x-api-key", "The app is disabled")
    return app


def _named(app: App | None, given: str) -> App:
    """Return the app that the platform key acts for (MEH-AUTH-05)."""
    if not given:
        raise refusal(UNAUTHORIZED, "MEH-AUTH-05", "API_ID_MISSING", "x-api-id", "Missing x-api-id")
    if app is None:
        raise _mismatch("MEH-AUTH-05", "x-api-id is no app's")
    return app


def _mismatch(rule: str, sentence: str) -> RefusalError:
    return refusal(ACCESS_DENIED, rule, "API_ID_MISMATCH", "x-api-id", sentence)


def _bad_token() -> RefusalError:
    return refusal(UNAUTHORIZED, "MEH-AUTH-09", "VERIFY_TOKEN_INVALID", "x-verify-token", "Invalid x-verify-token")


def _last(request: RawRequest, name: bytes) -> str:
    """Return the last header of that name, for the samples send theirs twice (MEH-AUTH-06); empty if there is none."""
    found = request.headers.named(name)
    return found[-1].decode("latin-1").strip() if found else ""


def _has_key_elsewhere(request: RawRequest) -> bool:
    places = (request.query, *request.headers.named(b"cookie"), request.body)
    return any(b"x-api-key" in place.lower() for place in places)
