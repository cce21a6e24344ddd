"""Every refusal is a problem document that tells what to do."""

from __future__ import annotations

import logging
from importlib.metadata import PackageNotFoundError
from typing import Any

import httpx
import pytest

from calls import ask
from sandbox.control import health
from sandbox.control.app import ROUTES
from sandbox.control.page import PATH as PAGE
from sandbox.core import release

SAY = {"type": "say", "user": "+491234567890", "text": "Hello"}


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        pytest.param("POST", "/accounts", {"content": b"{"}, 400, id="400-not-json"),
        pytest.param("GET", "/nowhere", {}, 404, id="404-path"),
        pytest.param("GET", "/messages/", {}, 404, id="404-slash-too-many"),
        pytest.param("GET", "/messages/msg_x", {}, 404, id="404-message"),
        pytest.param("GET", "/requests/req_x", {}, 404, id="404-request"),
        pytest.param("GET", "/callbacks/cbk_x", {}, 404, id="404-callback"),
        pytest.param("POST", "/callbacks/cbk_x/redeliver", {}, 404, id="404-redeliver"),
        pytest.param("GET", "/accounts/acc_x", {}, 404, id="404-account"),
        pytest.param("DELETE", "/accounts/acc_x", {}, 404, id="404-account-to-delete"),
        pytest.param("POST", "/accounts/acc_x/authorization", {}, 404, id="404-account-to-authorize"),
        pytest.param("GET", "/runs/run_x", {}, 404, id="404-run"),
        pytest.param("DELETE", "/runs/run_x", {}, 404, id="404-run-to-cancel"),
        pytest.param("GET", "/scenarios/x", {}, 404, id="404-scenario"),
        pytest.param("DELETE", "/scenarios/x", {}, 404, id="404-scenario-to-delete"),
        pytest.param("DELETE", "/faults/flt_x", {}, 404, id="404-fault"),
        pytest.param("GET", "/messages?account=acc_x", {}, 404, id="404-account-as-filter"),
        pytest.param("GET", "/clock?account=acc_x", {}, 404, id="404-account-of-a-clock"),
        pytest.param("POST", "/reset?account=acc_x", {}, 404, id="404-account-to-reset"),
        pytest.param("DELETE", "/messages", {}, 405, id="405-list"),
        pytest.param("POST", "/accounts", {"json": {"provider": "link", "id": "acc_link"}}, 409, id="409-id-taken"),
        pytest.param(
            "POST",
            "/actions",
            {"json": {**SAY, "account": "acc_link", "type": "system"}},
            409,
            id="409-no-callback-for-it",
        ),
        pytest.param("POST", "/accounts", {"content": b"x" * (1024 * 1024 + 1)}, 413, id="413-one-byte-too-many"),
        pytest.param(
            "POST", "/accounts", {"content": b"{}", "headers": {"Content-Type": "text/plain"}}, 415, id="415-text"
        ),
        pytest.param("POST", "/accounts", {"json": {}}, 422, id="422-empty-object"),
        pytest.param("GET", "/messages?limit=0", {}, 422, id="422-limit"),
        pytest.param("POST", "/reset", {"json": {"account": "acc_link"}}, 422, id="422-body-where-none-is-read"),
    ],
)
async def test_problem(http: httpx.AsyncClient, method: str, path: str, sent: dict[str, Any], status: int) -> None:
    """Each has the members of RFC 9457, the errors, and never a traceback."""
    if "content" in sent and "headers" not in sent:
        sent = {**sent, "headers": {"Content-Type": "application/json"}}
    response = await http.request(method, f"/_sandbox{path}", **sent)
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert list(problem) == ["type", "title", "status", "detail", "errors"]
    assert (response.status_code, problem["status"], problem["type"]) == (status, status, "about:blank")
    assert problem["title"]
    assert problem["detail"]
    assert bool(problem["errors"]) == (status == 422)
    assert all({"path", "message"} <= set(error) for error in problem["errors"])


@pytest.mark.parametrize(("path", "handlers"), [pytest.param(path, handlers, id=path) for path, handlers in ROUTES])
async def test_other_methods(http: httpx.AsyncClient, path: str, handlers: dict[str, Any]) -> None:
    """Every path tells the methods it has."""
    named = path.format(id="x", name="x", account="x", file="x", index="0", provider="rbm")
    response = await http.request("REPORT", named)
    assert response.status_code == 405
    allowed = set(response.headers["allow"].split(", "))
    assert allowed == set(handlers) | ({"HEAD"} if "GET" in handlers else set())


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param(method, path, id=f"{method}-{path}")
        for path, handlers in ROUTES
        for method in handlers
        if path not in ("/", PAGE.rstrip("/")) and not path.startswith(PAGE)  # the page reads them itself
    ],
)
async def test_unknown_parameters(http: httpx.AsyncClient, method: str, path: str) -> None:
    """A parameter that a call does not know is refused, so that a misspelt filter does not pass for none."""
    account = "acc_link" if "accounts" in path else "x"
    made = path.format(id=account, name="default", account="x", index="0", provider="rbm")
    response = await http.request(method, made, params={"unkown": "1"})
    assert response.status_code == 422
    assert response.json()["errors"][0]["path"] == "unkown"
    known = list(dict(ROUTES)[path][method].query.__annotations__)
    told = f"known here: {', '.join(known)}" if known else "none is known here"
    assert response.json()["errors"][0]["message"] == f"unknown parameter; {told}"


@pytest.mark.parametrize(
    ("query", "path", "says"),
    [
        pytest.param("stauts=read", "stauts", "known here: account, after, limit, wait, count", id="misspelt"),
        pytest.param("limit=1&limit=2", "limit", "twice", id="twice"),
        pytest.param("status=", "status", "blank", id="blank"),
        pytest.param("status=READ", "status", "one of accepted, sent, delivered, read", id="letter-case"),
        pytest.param("direction=out", "direction", "outbound, inbound", id="no-such-word"),
        pytest.param("kind=txt", "kind", "suggestion_response", id="no-such-kind"),
    ],
)
async def test_bad_filters(http: httpx.AsyncClient, query: str, path: str, says: str) -> None:
    """A filter that cannot be meant is told, with what there is."""
    response = await http.get(f"/_sandbox/messages?{query}")
    assert response.status_code == 422
    error = response.json()["errors"][0]
    assert error["path"] == path
    assert says in error["message"]


async def test_many_errors_are_told_at_once(http: httpx.AsyncClient) -> None:
    """Everything that is wrong is in `errors`; `detail` repeats the first five."""
    response = await http.get("/_sandbox/messages", params={f"x{number}": "1" for number in range(7)})
    assert len(response.json()["errors"]) == 7
    assert response.json()["detail"].endswith(", and 2 more")


async def test_unexpected_errors_are_logged(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong inside is a 500 that tells nothing of the inside; the log has it."""

    def broken() -> str:
        raise RuntimeError("the inside")

    monkeypatch.setattr(health, "installed_version", broken)
    with caplog.at_level(logging.ERROR, "sandbox.control"):
        response = await http.get("/_sandbox/health")
    assert response.status_code == 500
    assert "inside" not in response.text
    assert "the inside" in caplog.text


async def test_head_is_get_without_a_body(http: httpx.AsyncClient) -> None:
    """HEAD is answered wherever GET is."""
    assert (await http.head("/_sandbox/messages")).status_code == 200
    assert (await http.head("/")).status_code == 307
    events = await http.head("/_sandbox/events")
    assert events.headers["content-type"].startswith("text/event-stream")


async def test_answers_are_not_kept_or_guessed_at(http: httpx.AsyncClient) -> None:
    """No cache keeps an answer, and no browser takes it for something else."""
    for path in ("/", "/_sandbox/health", "/_sandbox/nowhere", "/_sandbox/ui/nowhere.js"):
        headers = (await http.get(path)).headers
        assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


async def test_health(http: httpx.AsyncClient) -> None:
    """Health tells what runs here."""
    health_ = await ask(http, "GET", "/health")
    assert list(health_) == ["status", "version", "providers", "clock", "seed"]
    assert (health_["status"], health_["clock"], health_["seed"]) == ("ok", "virtual", "test")
    assert "link" in health_["providers"]


async def test_version_of_a_bare_checkout(http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is installed there is no version, and all is well nevertheless."""

    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(release, "version", version)
    release.installed_version.cache_clear()
    assert (await ask(http, "GET", "/health"))["version"] == "unknown"
    release.installed_version.cache_clear()


async def test_magic(http: httpx.AsyncClient) -> None:
    """Every magic address is listed with what it does; `provider` picks one provider's."""
    found = (await ask(http, "GET", "/magic", provider="link"))["items"]
    assert found[0] == {"provider": "link", "address": "+99900001000", "does": "DELIVERED, READ"}
    assert found == [item for item in (await ask(http, "GET", "/magic"))["items"] if item["provider"] == "link"]
    await ask(http, "GET", "/magic", expects=422, provider="x")


@pytest.mark.parametrize(
    ("method", "path", "body", "errors"),
    [
        pytest.param(
            "POST",
            "/accounts",
            {"provider": "link", "webhook": "http://127.0.0.1:8080/"},
            {"webhook": "must be an object, with url, headers, timeout"},
            id="webhook-as-text",
        ),
        pytest.param(
            "POST",
            "/faults",
            {"on": "request", "match": {"path": "/x"}, "effect": {"type": "hang"}},
            {"match.path": "unknown key; known here: operation, kind, user"},
            id="unknown-key-of-an-inner-object",
        ),
        pytest.param(
            "POST", "/faults", {"on": "request", "effect": "hang"}, {"effect": "must be an object"}, id="effect-as-text"
        ),
        pytest.param(
            "PUT",
            "/clock",
            {"mode": "virtual", "now": "2030-01-02T12:00:00"},
            {"now": "must be a time with its zone, such as 2030-01-02T12:00:00Z"},
            id="time-without-zone",
        ),
        pytest.param(
            "POST",
            "/actions",
            {**SAY, "account": "acc_webex_connect", "channel": "whatsap"},
            {"channel": "'whatsap' is none; the nearest is whatsapp"},
            id="misspelt-channel",
        ),
    ],
)
async def test_words(
    http: httpx.AsyncClient, method: str, path: str, body: dict[str, Any], errors: dict[str, str]
) -> None:
    """What is wrong with a value is said in the words of JSON, with what it may be."""
    problem = await ask(http, method, path, body, 422)
    assert {error["path"]: error["message"] for error in problem["errors"]} == errors
