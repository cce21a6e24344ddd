"""Both versions: who may send: a service key, or a JWT that is signed with the decoded service secret."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
import pytest

import v1_requests
import v2_requests
from harness import broken_rule
from sandbox.providers.webex_connect.account import credentials_of
from sandbox.sandbox import AccountChanges, AccountSpec
from webex_service import Service

NOW = 1_893_585_600  # noon of the tests, in seconds since 1970
OTHER_SECRET = base64.b64encode(b"another secret of thirty-two byte").decode()
Headers = dict[str, str]


class Case(NamedTuple):
    """What a request carries, and which rule of each version it breaks; None where it may pass."""

    headers: Callable[[Service], Headers]
    v1: str | None
    v2: str | None
    code: str = "7001"


def bearer(**wishes: Any) -> Callable[[Service], Headers]:
    """Return what makes an Authorization header."""
    return lambda service: {"Authorization": f"Bearer {service.token(**wishes)}"}


def undecoded(service: Service) -> Headers:
    """Return a token that is signed with the Base64 text itself."""
    return bearer(secret=credentials_of(service.account).service_secret.encode())(service)


def with_key(headers: Callable[[Service], Headers], key: str | None = None) -> Callable[[Service], Headers]:
    """Return what adds a key to a token, the right one unless another is given."""
    return lambda service: {**headers(service), **({"key": key} if key is not None else service.key)}


def unsigned(service: Service) -> Headers:
    """Return a token that claims to need no signature."""
    header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    payload = service.token().split(".")[1]
    return {"Authorization": f"Bearer {header}.{payload}."}


def swapped(service: Service) -> Headers:
    """Return a token whose payload was changed after it was signed."""
    header, _, signature = service.token().split(".")
    return {"Authorization": f"Bearer {header}.{service.token(sub='x').split('.')[1]}.{signature}"}


CASES: dict[str, Case] = {
    "AUTH-01-no-header": Case(lambda _: {}, "AUTH-01", "AUTH-01", "7002"),
    "AUTH-01-blank-key": Case(lambda _: {"key": ""}, "AUTH-01", "AUTH-01", "7002"),
    "AUTH-01-key-of-spaces": Case(lambda _: {"key": "  "}, "AUTH-01", "AUTH-01", "7002"),
    "AUTH-01-blank-authorization": Case(lambda _: {"Authorization": " "}, "AUTH-01", "AUTH-01", "7002"),
    "AUTH-01-blank-authorization-and-key": Case(lambda s: {"Authorization": "", **s.key}, None, None),
    "AUTH-02-the-key": Case(lambda s: s.key, None, None),
    "AUTH-02-header-in-capitals": Case(lambda s: {"KEY": s.key["key"]}, None, None),
    "AUTH-02-another-key": Case(lambda _: {"key": "x"}, "AUTH-02", "AUTH-02"),
    "AUTH-02-key-in-capitals": Case(lambda s: {"key": s.key["key"].upper()}, "AUTH-02", "AUTH-02"),
    "AUTH-02-beginning-of-the-key": Case(lambda s: {"key": s.key["key"][:-1]}, "AUTH-02", "AUTH-02"),
    "AUTH-02-key-beyond-ascii": Case(lambda _: {"key": "schlüssel"}, "AUTH-02", "AUTH-02"),
    "AUTH-03-token-and-wrong-key": Case(with_key(bearer(), "x"), None, None),
    "AUTH-03-bad-token-and-right-key": Case(with_key(bearer(iss="SV9")), "AUTH-07", "AUTH-06"),
    "AUTH-03-no-token-and-right-key": Case(lambda s: {"Authorization": "Basic eDp5", **s.key}, "AUTH-04", "AUTH-09"),
    "AUTH-04-bare-key": Case(lambda s: {"Authorization": s.key["key"]}, "AUTH-04", "AUTH-09"),
    "AUTH-04-two-parts": Case(lambda _: {"Authorization": "Bearer a.b"}, "AUTH-04", "AUTH-09"),
    "AUTH-04-no-base64": Case(lambda _: {"Authorization": "Bearer a.b.ü"}, "AUTH-04", "AUTH-09"),
    "AUTH-04-no-json": Case(lambda _: {"Authorization": "Bearer YQ.YQ.YQ"}, "AUTH-04", "AUTH-09"),
    "AUTH-04-token-without-scheme": Case(lambda s: {"Authorization": s.token()}, "AUTH-04", "AUTH-09"),
    "AUTH-04-scheme-in-lower-case": Case(lambda s: {"Authorization": f"bearer {s.token()}"}, None, None),
    "AUTH-05-none": Case(unsigned, "AUTH-05", "AUTH-04"),
    "AUTH-05-hs384": Case(bearer(headers={"alg": "HS384"}), "AUTH-05", "AUTH-04"),
    "AUTH-05-hs512": Case(bearer(headers={"alg": "HS512"}), "AUTH-05", "AUTH-04"),
    "AUTH-06-decoded-secret": Case(bearer(), None, None),
    "AUTH-06-undecoded-secret": Case(undecoded, "AUTH-06", "AUTH-05"),
    "AUTH-06-another-secret": Case(bearer(secret=b"another secret of thirty-two byte"), "AUTH-06", "AUTH-05"),
    "AUTH-06-changed-payload": Case(swapped, "AUTH-06", "AUTH-05"),
    "AUTH-07-another-iss": Case(bearer(iss="SV9"), "AUTH-07", "AUTH-06"),
    "AUTH-07-no-iss": Case(bearer(iss=None), "AUTH-07", "AUTH-06"),
    "AUTH-07-iss-in-lower-case": Case(bearer(iss="sv000000"), "AUTH-07", "AUTH-06"),
    "AUTH-08-no-iat": Case(bearer(iat=None), "AUTH-08", "AUTH-07"),
    "AUTH-08-iat-60-s-ahead": Case(bearer(iat=NOW + 60), None, None),
    "AUTH-08-iat-61-s-ahead": Case(bearer(iat=NOW + 61), "AUTH-08", "AUTH-07"),
    "AUTH-08-iat-in-milliseconds": Case(bearer(iat=NOW * 1000), "AUTH-08", "AUTH-07"),
    "AUTH-08-iat-is-negative": Case(bearer(iat=-1), "AUTH-08", "AUTH-07"),
    "AUTH-09-iat-3600-s-old": Case(bearer(iat=NOW - 3600), None, None),
    "AUTH-09-iat-3601-s-old": Case(bearer(iat=NOW - 3601), "AUTH-09", "AUTH-08"),
    "AUTH-09-exp-now": Case(bearer(exp=NOW), None, None),
    "AUTH-09-exp-past": Case(bearer(exp=NOW - 1), "AUTH-09", "AUTH-08"),
    "AUTH-09-exp-ahead-of-an-old-iat": Case(bearer(iat=NOW - 3601, exp=NOW + 60), "AUTH-09", "AUTH-08"),
    "AUTH-10-other-claims": Case(bearer(sub="x", jti="1", scope=["a"], aud="y"), None, None),
    "AUTH-10-another-typ": Case(bearer(headers={"typ": "at+jwt"}), None, None),
}
# Each case bears the number of the rule of v1, such as WX1-AUTH-01, WX1-AUTH-03, WX1-AUTH-05 or WX1-AUTH-10; this is how v2
# counts, whose WX2-AUTH-03, WX2-AUTH-06, WX2-AUTH-07 and WX2-AUTH-09 are proven nowhere else.
_NUMBERS_OF_V2 = {"04": "09", "05": "04", "06": "05", "07": "06", "08": "07", "09": "08", "10": "08"}


def _id(version: str, name: str) -> str:
    if version == "v1":
        return f"WX1-{name}"
    number = name[5:7]
    return f"WX2-AUTH-{_NUMBERS_OF_V2.get(number, number)}{name[7:]}"


async def sent(service: Service, version: str, headers: Headers) -> httpx.Response:
    """Send a good message with such headers."""
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    if version == "v1":
        return await service.v1(v1_requests.sms(), raw)  # type: ignore[arg-type]  # httpx takes bytes as well
    return await service.v2(v2_requests.sms(), raw)  # type: ignore[arg-type]  # likewise


def assert_answered(response: httpx.Response, version: str, rule: str | None, code: str) -> None:
    """Check that a request passed, or was refused as its version refuses."""
    if rule is None:
        assert (response.status_code, broken_rule(response)) == (200 if version == "v1" else 201, None), response.text
        assert version == "v2" or isinstance(response.json()["response"], list)
    elif version == "v1":
        answer = response.json()["response"]
        assert (response.status_code, broken_rule(response), answer["code"]) == (200, f"WX1-{rule}", code)
        assert answer["description"] == {"7001": "Authentication failed", "7002": "Service key missing"}[code]
    else:
        assert (response.status_code, broken_rule(response), response.content) == (401, f"WX2-{rule}", b"")
        assert "content-type" not in response.headers


@pytest.mark.parametrize(
    ("version", "case"),
    [pytest.param(version, case, id=_id(version, name)) for version in ("v1", "v2") for name, case in CASES.items()],
)
async def test_who_may_send(service: Service, version: str, case: Case) -> None:
    """A key or a token is needed, and of both the token alone decides."""
    response = await sent(service, version, case.headers(service))
    assert_answered(response, version, case.v1 if version == "v1" else case.v2, case.code)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("1893585600", id="WX1-AUTH-08-text"),
        pytest.param(1893585600.5, id="WX1-AUTH-08-fraction"),
        pytest.param(True, id="WX1-AUTH-08-true"),
        pytest.param([], id="WX1-AUTH-08-array"),
        pytest.param(10**400, id="WX1-AUTH-08-huge"),
    ],
)
async def test_iat_of_another_type(service: Service, value: Any) -> None:
    """`iat` is a whole number, and nothing that only looks like one."""
    token = _signed(service, {"iss": credentials_of(service.account).service_id, "iat": value})
    response = await sent(service, "v1", {"Authorization": f"Bearer {token}"})
    assert broken_rule(response) in ("WX1-AUTH-08", "WX1-AUTH-04")
    assert response.json()["response"]["code"] == "7001"


@pytest.mark.parametrize(
    ("iss", "rule"),
    [
        pytest.param(0, "WX1-AUTH-07", id="WX1-AUTH-07-iss-is-a-number"),
        pytest.param(["SV000000"], "WX1-AUTH-07", id="WX1-AUTH-07-iss-is-an-array"),
    ],
)
async def test_iss_of_another_type(service: Service, iss: Any, rule: str) -> None:
    """`iss` is the service id as a string."""
    response = await sent(service, "v1", {"Authorization": f"Bearer {_signed(service, {'iss': iss, 'iat': NOW})}"})
    assert broken_rule(response) == rule


def _signed(service: Service, claims: dict[str, Any]) -> str:
    """Return a token with claims that no library would write."""
    import hashlib
    import hmac
    import json

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    text = ".".join(part(json.dumps(each).encode()) for each in ({"alg": "HS256"}, claims))
    secret = base64.b64decode(credentials_of(service.account).service_secret)
    return f"{text}.{part(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


@pytest.mark.parametrize(
    ("options", "body"),
    [
        pytest.param({"params": {"key": "2f1d9c2e-5b7a-11ee-9a03-0242ac130003"}}, {}, id="WX1-AUTH-11-in-the-query"),
        pytest.param({}, {"key": "2f1d9c2e-5b7a-11ee-9a03-0242ac130003"}, id="WX1-AUTH-11-in-the-body"),
    ],
)
async def test_key_elsewhere(service: Service, options: dict[str, Any], body: dict[str, Any]) -> None:
    """A key that is no header does not authenticate."""
    response = await service.v1({**v1_requests.sms(), **body}, {}, **options)
    assert_answered(response, "v1", "AUTH-11", "7002")


async def test_two_tokens(service: Service) -> None:
    """WX1-AUTH-04: two Authorization headers are no bearer token."""
    token = f"Bearer {service.token()}"
    pairs = [("Authorization", token), ("Authorization", token)]
    response = await service.http.post("/resources/v1/messaging", json=v1_requests.sms(), headers=pairs)
    assert_answered(response, "v1", "AUTH-04", "7001")


@pytest.mark.parametrize("version", [pytest.param("v1", id="WX1-AUTH-09-v1"), pytest.param("v2", id="WX2-AUTH-08-v2")])
async def test_a_token_ends(service: Service, version: str) -> None:
    """A token that was good once is judged anew each time, on the account's clock."""
    headers = {"Authorization": f"Bearer {service.token()}"}
    assert_answered(await sent(service, version, headers), version, None, "")
    await service.advance(3600)
    assert_answered(await sent(service, version, headers), version, None, "")
    await service.advance(1)
    assert_answered(await sent(service, version, headers), version, {"v1": "AUTH-09", "v2": "AUTH-08"}[version], "7001")


async def test_a_token_of_a_clock_that_goes_back(service: Service) -> None:
    """WX1-AUTH-08: a known token that suddenly lies ahead is refused, as an unknown one is."""
    token = {"Authorization": f"Bearer {service.token()}"}
    assert_answered(await sent(service, "v1", token), "v1", None, "")
    service.account.clock.freeze(service.account.clock.now().replace(hour=11))
    assert_answered(await sent(service, "v1", token), "v1", "AUTH-08", "7001")


async def test_rotation(service: Service) -> None:
    """WX1-AUTH-02, -06: further keys and secrets open the service as well, until they are taken away."""
    service.configure(service_keys=["second"], service_secrets=[OTHER_SECRET])
    token = {"Authorization": f"Bearer {service.token(secret=base64.b64decode(OTHER_SECRET))}"}
    for headers in (service.key, {"key": "second"}, token):
        assert_answered(await sent(service, "v1", headers), "v1", None, "")
    service.configure(service_keys=[], service_secrets=[])
    assert_answered(await sent(service, "v1", {"key": "second"}), "v1", "AUTH-02", "7001")
    assert_answered(await sent(service, "v1", token), "v1", "AUTH-06", "7001")
    assert_answered(await sent(service, "v1", service.key), "v1", None, "")


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("-_-_c2FuZGJveA", id="WX1-AUTH-06-url-alphabet-without-padding"),
        pytest.param("+/+/c2FuZGJveA==", id="WX1-AUTH-06-standard-alphabet"),
    ],
)
async def test_alphabets(service: Service, secret: str) -> None:
    """The secret may be written in either Base64 alphabet, padded or not."""
    changes = AccountChanges(credentials={"service_secret": secret})
    service.app.sandbox.change_account(service.account, changes)
    token = service.token(secret=base64.urlsafe_b64decode("-_-_c2FuZGJveA=="))
    assert_answered(await sent(service, "v1", {"Authorization": f"Bearer {token}"}), "v1", None, "")


async def test_undecoded_secret_is_told(service: Service) -> None:
    """WX1-AUTH-06, WX2-AUTH-05: the journal says that the secret was not decoded."""
    await sent(service, "v1", undecoded(service))
    (request,) = service.account.journal.requests
    assert request.detail == "signed with the undecoded secret"


@pytest.mark.parametrize(
    ("version", "status", "rule"),
    [
        pytest.param("v1", 200, "WX1-SVC-01", id="WX1-SVC-01-v1"),
        pytest.param("v2", 400, "WX2-SVC-01", id="WX2-SVC-01-v2"),
    ],
)
async def test_inactive(service: Service, version: str, status: int, rule: str) -> None:
    """A service that is switched off is told so, once its credentials are good."""
    service.configure(active=False)
    response = await sent(service, version, service.key)
    assert (response.status_code, broken_rule(response)) == (status, rule)
    told = response.json()["response"] if version == "v1" else response.json()
    assert told["code"] == "7007"
    assert (await sent(service, version, {"key": "x"})).headers["x-sandbox-rule"].endswith("AUTH-02")
    service.configure(active=True)
    assert_answered(await sent(service, version, service.key), version, None, "")


async def test_each_key_has_its_service(service: Service) -> None:
    """A message belongs to the service that its key opens, and to no other; keys and ids are nobody else's."""
    sandbox = service.app.sandbox
    other = sandbox.create_account(AccountSpec(provider="webex-connect"))
    await sent(service, "v1", {"key": credentials_of(other).service_key})
    assert (len(service.account.journal.messages), len(other.journal.messages)) == (0, 1)
    assert credentials_of(other).service_id != credentials_of(service.account).service_id
    with pytest.raises(Exception, match="is taken by acc_webex_connect"):
        sandbox.change_account(other, AccountChanges(settings={"service_keys": [service.key["key"]]}))
    with pytest.raises(ValueError, match="a service secret must be Base64 text"):
        sandbox.create_account(AccountSpec(provider="webex-connect", credentials={"service_secret": "!"}))


async def test_authorization_from_the_control_api(service: Service) -> None:
    """The control API hands out the headers of a client."""
    response = await service.http.post("/_sandbox/accounts/acc_webex_connect/authorization")
    assert response.json() == {"headers": service.key}
