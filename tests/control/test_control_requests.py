"""Requests: the journal of calls, secrets shortened."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from calls import ask, items
from harness import USER, LinkClient
from sandbox.control import redaction
from sandbox.core.account import Account


@pytest.fixture
def link(http: httpx.AsyncClient, account: Account) -> LinkClient:
    """A client that asks for its token over HTTP: that call is told of, too."""
    return LinkClient(http, account)


MEMBERS = [
    *("id", "account", "provider", "operation", "method", "path", "query", "headers", "body", "status"),
    *("response_headers", "response_body", "rule", "source", "warnings", "fault", "messages", "at", "duration_ms"),
    *("near", "detail"),
]


async def test_shape(http: httpx.AsyncClient, link: LinkClient) -> None:
    """A request is shown as it came, with the answer it got and the message it made."""
    await link.send(text="Hello", message_id="5c0d8f5e-7a55-4c43-8a0f-0e6f2b1f3f11")
    request = (await items(http, "/requests"))[-1]
    assert list(request) == MEMBERS
    assert request == await ask(http, "GET", f"/requests/{request['id']}")
    assert (request["account"], request["provider"], request["operation"]) == ("acc_link", "link", "sendMessage")
    assert (request["method"], request["status"], request["rule"]) == ("POST", 200, None)
    assert request["path"] == f"/gateway/lmc/v1/phone/{USER}/conversationMessage"
    assert request["query"] == {"messageId": "5c0d8f5e-7a55-4c43-8a0f-0e6f2b1f3f11"}
    assert request["headers"]["content-type"] == "application/json"
    assert request["body"] == {"messageContent": {"text": "Hello"}}
    assert request["response_body"]["messageContent"] == {"text": "Hello"}
    assert request["response_headers"]["content-type"] == "application/json"
    assert (request["at"], request["duration_ms"]) == ("2030-01-02T12:00:00.000Z", 0.0)
    assert len(request["messages"]) == 1


async def test_refused(http: httpx.AsyncClient, link: LinkClient) -> None:
    """A refused request names the rule that it broke and where the document says so."""
    await link.post_message(b"{")
    request = (await items(http, "/requests"))[-1]
    assert (request["status"], request["body"], request["rule"]) == (400, "{", "LINK-GEN-11")
    await link.send(text="Hello", suggestions=[{"callbackData": "x"}])
    request = (await items(http, "/requests"))[-1]
    assert request["source"].startswith("000_8fd44aca822109ef.txt:")


async def test_detail_is_for_the_journal_only(http: httpx.AsyncClient) -> None:
    """Why a token was refused is in the journal; the provider's body does not say."""
    response = await http.get("/gateway/lmc/v1/featureset", headers={"Authorization": "Bearer nonsense"})
    request = (await items(http, "/requests", status=401))[0]
    assert request["detail"]
    assert request["detail"] not in response.text


async def test_unknown_paths(http: httpx.AsyncClient) -> None:
    """What no document knows is journaled too, with what was perhaps meant; it belongs to no account."""
    await http.post(f"/gateway/lmc/v1/phone/{USER}/conversationMessages", content=b"x")
    await http.get("/somewhere/else")
    known, foreign = await items(http, "/requests")
    assert (known["account"], known["provider"], known["operation"], known["status"]) == (None, "link", None, 404)
    assert known["near"] == "POST /gateway/lmc/v1/phone/{msisdn}/conversationMessage"
    assert (foreign["provider"], foreign["near"]) == (None, None)
    assert foreign["response_body"].startswith("Not Found: ")
    assert await ask(http, "GET", f"/requests/{foreign['id']}") == foreign
    assert await items(http, "/requests", account="acc_link") == []


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        pytest.param({}, 4, id="none"),
        pytest.param({"operation": "sendMessage"}, 2, id="operation"),
        pytest.param({"operation": "*Message"}, 2, id="operation-glob"),
        pytest.param({"operation": "Message"}, 0, id="operation-in-part"),
        pytest.param({"status": "200"}, 3, id="status"),
        pytest.param({"status": "400"}, 1, id="another-status"),
        pytest.param({"status": "40"}, 0, id="status-in-part"),
        pytest.param({"rule": "LINK-GEN-11"}, 1, id="rule"),
        pytest.param({"rule": "LINK-*"}, 1, id="rule-glob"),
        pytest.param({"method": "POST"}, 3, id="method"),
        pytest.param({"method": "post"}, 0, id="method-in-lower-case"),
        pytest.param({"path": "/auth/oauth2/token"}, 1, id="path"),
        pytest.param({"path": "/gateway/*"}, 3, id="path-glob"),
        pytest.param({"path": "/gateway"}, 0, id="path-in-part"),
        pytest.param({"path": "/gateway/*", "status": "200", "method": "GET"}, 1, id="all-must-hold"),
    ],
)
async def test_filters(http: httpx.AsyncClient, link: LinkClient, filters: dict[str, str], count: int) -> None:
    """Filters are exact or globs, never parts."""
    await link.send(text="Hello")
    await link.post_message(b"{")
    await link.call("GET", "/featureset")
    assert len(await items(http, "/requests", **filters)) == count


@pytest.mark.parametrize("status", ["4xx", "-1", "1000"])
async def test_status_is_a_number(http: httpx.AsyncClient, status: str) -> None:
    """A status is a number."""
    await ask(http, "GET", f"/requests?status={status}", expects=422)


async def test_secrets_are_shortened(http: httpx.AsyncClient, link: LinkClient) -> None:
    """Neither token nor assertion can be read off the journal, wherever they stand."""
    assertion = link.assertion()
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    answered = await link.request_token(grant_type=grant, assertion=assertion)
    await http.post("/auth/oauth2/token", params={"grant_type": grant, "assertion": assertion})
    await link.send(text="Hello")
    response = await http.get("/_sandbox/requests")
    assert assertion not in response.text
    assert answered.json()["access_token"] not in response.text
    form, query, _, sent = response.json()["items"]
    assert form["body"].endswith(f"&assertion={assertion[:12]}…")
    assert form["response_body"]["access_token"] == f"{answered.json()['access_token'][:12]}…"
    assert query["query"] == {"grant_type": grant, "assertion": f"{assertion[:12]}…"}
    assert sent["headers"]["authorization"] == "Bearer eyJhb…"


@pytest.mark.parametrize(
    ("pairs", "shown"),
    [
        pytest.param([(b"Accept", b"a"), (b"ACCEPT", b"b")], {"accept": "a, b"}, id="repeated"),
        pytest.param([(b"key", b"123456789012")], {"key": "123456789012"}, id="key-of-12"),
        pytest.param([(b"key", b"1234567890123")], {"key": "123456789012…"}, id="key-of-13"),
        pytest.param([(b"X-Api-Key", b"1234567890123")], {"x-api-key": "123456789012…"}, id="x-api-key"),
        pytest.param([(b"Cookie", b"session=123456")], {"cookie": "session=1234…"}, id="cookie"),
        pytest.param([(b"set-cookie", b"session=123456")], {"set-cookie": "session=1234…"}, id="set-cookie"),
        pytest.param([(b"x-other", b"1234567890123")], {"x-other": "1234567890123"}, id="no-secret"),
        pytest.param([(b"x-odd", b"\xff")], {"x-odd": "ÿ"}, id="not-ascii"),
    ],
)
def test_headers(pairs: list[tuple[bytes, bytes]], shown: dict[str, str]) -> None:
    """Header names are in lower case, repeated ones joined, secrets cut after 12 characters."""
    assert redaction.headers(pairs) == shown


@pytest.mark.parametrize(
    ("pairs", "shown"),
    [
        pytest.param([("a", "1"), ("b", "")], {"a": "1", "b": ""}, id="once"),
        pytest.param([("a", "1"), ("a", "2"), ("a", "3")], {"a": ["1", "2", "3"]}, id="repeated"),
        pytest.param([("token", "1" * 13)] * 2, {"token": ["1" * 12 + "…"] * 2}, id="repeated-secret"),
    ],
)
def test_parameters(pairs: list[tuple[str, str]], shown: dict[str, Any]) -> None:
    """A parameter that came several times is a list."""
    assert redaction.parameters(pairs) == shown


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        pytest.param(b"", None, id="nothing"),
        pytest.param(b"null", None, id="json-null"),
        pytest.param(b'{"a": [1]}', {"a": [1]}, id="json"),
        pytest.param(b"NaN", "NaN", id="not-quite-json"),
        pytest.param(b"Gr\xc3\xbc\xc3\x9fe", "Grüße", id="text"),
        pytest.param(b"\xffx", "\ufffdx", id="not-utf-8"),
        pytest.param(b"[" * 300, "[" * 300, id="nested-too-deeply"),
        pytest.param(b"a=1&token=123456789012345", "a=1&token=123456789012…", id="form"),
        pytest.param(b"token=123456789012", "token=123456789012", id="form-with-a-short-secret"),
        pytest.param(b"assertion=1234567890123&a=1", "assertion=123456789012…&a=1", id="form-that-goes-on"),
        pytest.param(b"mytoken=1234567890123", "mytoken=1234567890123", id="another-name"),
        pytest.param(b'{"access_token":"1234567890123"}', {"access_token": "123456789012…"}, id="access-token"),
        pytest.param(b'{"access_token":5}', {"access_token": 5}, id="access-token-no-text"),
    ],
)
def test_body(content: bytes, shown: Any) -> None:
    """A body is shown as JSON where it is JSON, else as text."""
    assert redaction.body(content) == shown
