"""Who may call: Host, Origin and token, in this order."""

from __future__ import annotations

import re

import httpx
import pytest
from starlette.requests import Request

from calls import ask, sandbox_with
from sandbox.control.app import ROUTES
from sandbox.control.guard import OPEN, PAGE, PUBLIC, Guard
from sandbox.control.problem import ProblemError


def verdict(guard: Guard, path: str = "/_sandbox/messages", scheme: str = "http", **headers: str) -> int:
    """Return the status that a request gets from the guard; 200 if it may pass."""
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    try:
        guard.check(Request({"type": "http", "method": "GET", "path": path, "scheme": scheme, "headers": raw}))
    except ProblemError as problem:
        return problem.status
    return 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        pytest.param("localhost", 200, id="localhost"),
        pytest.param("localhost:4700", 200, id="localhost-and-port"),
        pytest.param("LocalHost:1", 200, id="letter-case"),
        pytest.param("localhost.", 200, id="final-dot"),
        pytest.param("app.localhost:4700", 200, id="below-localhost"),
        pytest.param("127.0.0.1:4700", 200, id="loopback"),
        pytest.param("127.8.9.10", 200, id="all-of-127"),
        pytest.param("[::1]", 200, id="v6-loopback"),
        pytest.param("[::1]:4700", 200, id="v6-loopback-and-port"),
        pytest.param("128.0.0.1", 403, id="past-127"),
        pytest.param("10.0.0.1", 403, id="private-address"),
        pytest.param("[::2]", 403, id="v6-past-loopback"),
        pytest.param("testserver", 403, id="testserver"),
        pytest.param("evil.example", 403, id="name"),
        pytest.param("localhost.evil.example", 403, id="localhost-as-a-subdomain"),
        pytest.param("127.0.0.1.evil.example", 403, id="loopback-as-a-subdomain"),
        pytest.param("evillocalhost", 403, id="name-that-ends-so"),
        pytest.param("localhost@evil.example", 403, id="userinfo"),
        pytest.param("localhost:", 403, id="port-missing"),
        pytest.param("localhost:x", 403, id="port-no-number"),
        pytest.param("localhost:123456", 403, id="port-too-long"),
        pytest.param("[::1", 403, id="bracket-open"),
        pytest.param("::1", 403, id="v6-without-brackets"),
        pytest.param("2130706433", 403, id="loopback-in-decimal"),
        pytest.param("", 403, id="empty"),
    ],
)
def test_host_of_a_loopback_server(host: str, status: int) -> None:
    """Bound to loopback, a server answers to loopback names and to no other: a rebinding page has another name."""
    assert verdict(Guard("127.0.0.1", [], None), host=host) == status


@pytest.mark.parametrize(
    ("bound", "allowed", "host", "status"),
    [
        pytest.param("192.168.1.5", [], "192.168.1.5:4700", 200, id="bind-address"),
        pytest.param("192.168.1.5", [], "192.168.1.6", 403, id="another-address"),
        pytest.param("box.test", [], "box.test", 200, id="bind-name"),
        pytest.param("::1", [], "[::1]:80", 200, id="v6-bind-address"),
        pytest.param("0.0.0.0", [], "10.1.2.3:4700", 200, id="any-address"),
        pytest.param("::", [], "[fd00::1]", 200, id="any-v6-address"),
        pytest.param("0.0.0.0", [], "sandbox", 403, id="name-of-a-container"),
        pytest.param("0.0.0.0", ["sandbox"], "Sandbox:4700", 200, id="allowed-name"),
        pytest.param("0.0.0.0", ["sandbox:4700"], "sandbox", 200, id="allowed-with-a-port"),
        pytest.param("0.0.0.0", ["sandbox"], "10.1.2.3", 403, id="address-beside-allowed-names"),
        pytest.param("0.0.0.0", ["10.1.2.3"], "10.1.2.3", 200, id="allowed-address"),
        pytest.param("0.0.0.0", ["sandbox"], "localhost", 200, id="loopback-beside-allowed-names"),
        pytest.param("127.0.0.1", ["*.test"], "a.test", 200, id="allowed-glob"),
        pytest.param("127.0.0.1", ["*.test"], "test", 403, id="outside-the-glob"),
        pytest.param("127.0.0.1", ["*"], "evil.example", 200, id="all-allowed"),
        pytest.param("127.0.0.1", ["*"], "", 200, id="all-allowed-and-none-given"),
    ],
)
def test_further_hosts(bound: str, allowed: list[str], host: str, status: int) -> None:
    """The bind address and `allowed_hosts` add to them; a server on every address answers to every address."""
    assert verdict(Guard(bound, allowed, None), host=host) == status


def test_host_must_be_one() -> None:
    """A request without `Host`, or with two, is refused."""
    guard = Guard("127.0.0.1", [], None)
    scope = {"type": "http", "method": "GET", "path": "/", "scheme": "http"}
    for headers in ([], [(b"host", b"localhost"), (b"host", b"localhost")]):
        with pytest.raises(ProblemError):
            guard.check(Request({**scope, "headers": headers}))


@pytest.mark.parametrize(
    ("scheme", "origin", "status"),
    [
        pytest.param("http", "http://localhost:4700", 200, id="own"),
        pytest.param("http", "HTTP://LOCALHOST:4700", 200, id="letter-case"),
        pytest.param("https", "https://localhost:4700", 200, id="own-with-tls"),
        pytest.param("http", "https://localhost:4700", 403, id="another-scheme"),
        pytest.param("http", "http://localhost:4701", 403, id="another-port"),
        pytest.param("http", "http://127.0.0.1:4700", 403, id="another-name-of-the-same"),
        pytest.param("http", "http://localhost:4700.evil.example", 403, id="longer"),
        pytest.param("http", "https://evil.example", 403, id="foreign"),
        pytest.param("http", "null", 403, id="null"),
    ],
)
@pytest.mark.parametrize("token", [None, "secret"])
def test_origin(scheme: str, origin: str, status: int, token: str | None) -> None:
    """A page of any other origin is refused, whatever the token."""
    headers = {"host": "localhost:4700", "origin": origin, "authorization": "Bearer secret"}
    assert verdict(Guard("127.0.0.1", [], token), scheme=scheme, **headers) == status


@pytest.mark.parametrize(
    ("given", "status"),
    [
        pytest.param(None, 401, id="none"),
        pytest.param("Bearer s3cret-ü", 200, id="right"),
        pytest.param("bearer  s3cret-ü ", 200, id="letter-case-and-blanks"),
        pytest.param("Bearer s3cret", 401, id="beginning"),
        pytest.param("Bearer s3cret-ü2", 401, id="longer"),
        pytest.param("Basic s3cret-ü", 401, id="another-scheme"),
        pytest.param("s3cret-ü", 401, id="no-scheme"),
        pytest.param("Bearer", 401, id="no-token"),
    ],
)
def test_token(given: str | None, status: int) -> None:
    """With a control token, calls bear it."""
    headers = {"host": "localhost"} | ({} if given is None else {"authorization": given})
    assert verdict(Guard("127.0.0.1", [], "s3cret-ü"), **headers) == status


@pytest.mark.parametrize(
    ("cookie", "authorization", "status"),
    [
        pytest.param("sandbox_token=s3cret", None, 200, id="right"),
        pytest.param("a=b; sandbox_token=s3cret; c=d", None, 200, id="among-others"),
        pytest.param("sandbox_token=s3cre%74", None, 200, id="percent-encoded"),
        pytest.param("sandbox_token=s3cret", "Bearer wrong", 200, id="beside-a-wrong-header"),
        pytest.param("sandbox_token=wrong", "Bearer s3cret", 200, id="wrong-beside-a-right-header"),
        pytest.param("sandbox_token=s3cre", None, 401, id="beginning"),
        pytest.param("sandbox_token=", None, 401, id="empty"),
        pytest.param("token=s3cret", None, 401, id="another-name"),
        pytest.param("sandbox_token", None, 401, id="no-value"),
    ],
)
def test_cookie(cookie: str, authorization: str | None, status: int) -> None:
    """The page bears the token in a cookie."""
    headers = {"host": "localhost", "cookie": cookie}
    headers |= {} if authorization is None else {"authorization": authorization}
    assert verdict(Guard("127.0.0.1", [], "s3cret"), **headers) == status


def test_cookie_of_a_foreign_page() -> None:
    """A browser sends the cookie along for a foreign page too: its Origin tells."""
    headers = {"host": "localhost:4700", "cookie": "sandbox_token=s3cret", "origin": "http://evil.example"}
    assert verdict(Guard("127.0.0.1", [], "s3cret"), **headers) == 403


def test_how_long_it_takes_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens are compared in constant time, in whatever they came."""
    compared: list[bytes] = []

    def compare(given: bytes, _: bytes) -> bool:
        compared.append(given)
        return False

    monkeypatch.setattr("sandbox.control.guard.compare_digest", compare)
    headers = {"host": "localhost", "authorization": "Bearer secret", "cookie": "sandbox_token=secret"}
    assert verdict(Guard("127.0.0.1", [], "secret"), **headers) == 401
    assert compared == [b"secret", b"secret"]


CALLS = [(method, path) for path, handlers in ROUTES for method in (*handlers, "OPTIONS")]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_every_route_is_guarded(method: str, path: str) -> None:
    """Whatever the control API has: a foreign Host, a foreign Origin and a missing token are refused before it is asked."""
    target = re.sub(r"\{\w+\}", "x", path)
    is_open, is_public = target in OPEN or target.startswith(PAGE), target.startswith(PUBLIC)
    opens = {"/": 307, PAGE.rstrip("/"): 307, f"{PAGE}x": 404}.get(target, 200)
    bearer = {"Authorization": "Bearer secret"}

    async def answered(**headers: str) -> tuple[int, str | None]:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        response = await http.request(method, target, headers=given)
        return response.status_code, response.headers.get("access-control-allow-origin")

    async with sandbox_with(control_token="secret") as (_, http):
        if is_public:  # webhooks fetch files from there, by whatever name they know this machine
            assert (await answered(Host="evil.example"))[0] in (404, 405)
            return
        assert await answered(Host="evil.example", **bearer) == (403, None)
        assert await answered(Host="127.0.0.1.evil.example", **bearer) == (403, None)
        assert await answered(Origin="http://evil.example", **bearer) == (403, None)
        assert await answered(Origin="null", **bearer) == (403, None)
        assert (await answered())[0] == (401 if not is_open else 405 if method == "OPTIONS" else opens)
        if path != "/_sandbox/events":  # which would never end
            assert (await answered(**bearer))[0] not in (401, 403)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/_sandbox/health", 200, id="health"),
        pytest.param("/", 200, id="page"),
        pytest.param("/_sandbox/health/", 401, id="longer-than-health"),
        pytest.param("/_sandbox/nowhere", 401, id="what-is-not-there"),
    ],
)
def test_open_paths(path: str, status: int) -> None:
    """Health and page need no token; everything else does, and does not tell whether it is there."""
    assert verdict(Guard("127.0.0.1", [], "secret"), path, host="localhost") == status


async def test_order_of_the_guards() -> None:
    """Host comes before Origin, Origin before token, token before route."""
    async with sandbox_with(control_token="secret") as (_, http):
        foreign = {"Host": "evil.example", "Origin": "http://evil.example"}
        response = await http.get("/_sandbox/nowhere", headers=foreign)
        assert (response.status_code, "Host" in response.json()["detail"]) == (403, True)
        response = await http.get("/_sandbox/nowhere", headers={"Origin": "http://evil.example"})
        assert (response.status_code, "pages of" in response.json()["detail"]) == (403, True)
        response = await http.get("/_sandbox/nowhere")
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Bearer")
        response = await http.get("/_sandbox/nowhere", headers={"Authorization": "Bearer secret"})
        assert response.status_code == 404


async def test_refusals_change_nothing() -> None:
    """A refused call has no effect."""
    async with sandbox_with(control_token="secret") as (app, http):
        await ask(http, "DELETE", "/accounts/acc_link", expects=401)
        assert app.sandbox.accounts.get("acc_link") is not None


async def test_provider_paths_are_not_guarded(http: httpx.AsyncClient) -> None:
    """Emulated APIs answer whatever the Host, as their clients only change where they connect to."""
    response = await http.post("/auth/oauth2/token", headers={"Host": "auth.example", "Origin": "http://a.example"})
    assert response.status_code == 400
