"""Bodies: what is read, up to where, and how bad ones are told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from calls import ask
from sandbox.control import actions, body

USER = "+491234567890"


async def post(
    http: httpx.AsyncClient, content: bytes, content_type: str | None = "application/json"
) -> httpx.Response:
    """Post raw bytes where accounts are made."""
    headers = {} if content_type is None else {"Content-Type": content_type}
    return await http.post("/_sandbox/accounts", content=content, headers=headers)


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        pytest.param(b"", 400, "not JSON", id="empty"),
        pytest.param(b"{", 400, "not JSON", id="unfinished"),
        pytest.param(b"{'provider': 'link'}", 400, "not JSON", id="single-quotes"),
        pytest.param(b'{"provider": "link"} x', 400, "not JSON", id="more-behind"),
        pytest.param(b'{"name": NaN}', 400, "not JSON", id="nan"),
        pytest.param(b'{"settings": {"expires_in": 1e999}}', 400, "out of range", id="infinite-number"),
        pytest.param(b'{"settings": [{"a": -1e999}]}', 400, "out of range", id="infinite-number-in-a-list"),
        pytest.param(b'{"name": "\xff"}', 400, "not JSON", id="not-utf-8"),
        pytest.param(b'{"name": "\\ud800"}', 400, "not JSON", id="lone-surrogate"),
        pytest.param(b'{"name": ' + b"[" * 1000 + b"]" * 1000 + b"}", 400, "recursion", id="nested-too-deeply"),
        pytest.param(b'{"name": ' + b"9" * 5000 + b"}", 400, "not JSON", id="number-of-thousands-of-digits"),
        pytest.param(b'{"name": ' + b"[" * 150 + b"]" * 150 + b"}", 422, "name", id="nested-deeply"),
        pytest.param(b"[]", 422, "must be an object", id="list"),
        pytest.param(b"null", 422, "must be an object", id="null"),
        pytest.param(b'{"provider": "li\\u0000nk"}', 422, "is no provider", id="nul"),
        pytest.param(b'{"provider": "link", "id": "acc_\\u0000"}', 422, "must match", id="nul-in-an-id"),
    ],
)
async def test_json(http: httpx.AsyncClient, content: bytes, status: int, says: str) -> None:
    """What is not JSON is 400; JSON that is not meant here is 422."""
    response = await post(http, content)
    assert response.status_code == status
    assert says in response.json()["detail"]


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        pytest.param("application/json", 201, id="json"),
        pytest.param("Application/JSON; charset=utf-8", 201, id="letter-case-and-parameters"),
        pytest.param("text/plain", 415, id="text"),
        pytest.param("application/x-www-form-urlencoded", 415, id="form-that-a-page-can-send"),
        pytest.param("", 415, id="blank"),
        pytest.param(None, 415, id="none"),
    ],
)
async def test_content_type(http: httpx.AsyncClient, content_type: str | None, status: int) -> None:
    """A body says that it is JSON."""
    assert (await post(http, b'{"provider": "link"}', content_type)).status_code == status


@pytest.mark.parametrize(
    ("more", "status"), [pytest.param(0, 422, id="at-the-limit"), pytest.param(1, 413, id="a-byte-more")]
)
async def test_size(http: httpx.AsyncClient, more: int, status: int) -> None:
    """A body has at most 1 MiB."""
    content = b'{"x":"' + b"a" * (body.LIMIT - 8 + more) + b'"}'
    assert (await post(http, content)).status_code == status


@pytest.mark.parametrize(
    ("more", "status"), [pytest.param(0, 422, id="at-the-limit"), pytest.param(1, 413, id="a-byte-more")]
)
async def test_size_of_an_action(http: httpx.AsyncClient, more: int, status: int) -> None:
    """An action has room for a file: 16 MiB."""
    start = b'{"account":"acc_link","type":"send_file","user":"+491234567890","x":"'
    content = start + b"a" * (actions.LIMIT - len(start) - 2 + more) + b'"}'
    response = await http.post("/_sandbox/actions", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == status


async def test_body_in_pieces(http: httpx.AsyncClient) -> None:
    """A body may come without a length, piece by piece."""

    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b'{"provider"', b': "link",', b' "name": "Piecemeal"}'):
            yield piece

    response = await http.post("/_sandbox/accounts", content=pieces(), headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["name"]) == (201, "Piecemeal")


async def test_body_that_does_not_end(http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that has begun and does not go on is given up."""
    monkeypatch.setattr(body, "PATIENCE", 0.02)

    async def pieces() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    response = await http.post("/_sandbox/accounts", content=pieces(), headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["detail"]) == (400, "the body did not come within 0.02 s")


async def test_endless_body(http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body beyond the limit is read on so that the answer can be read, and that ends as well."""
    monkeypatch.setattr(body, "DRAINED", 100)

    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 60

    response = await http.post("/_sandbox/reset", content=pieces())
    assert response.status_code == 413


@pytest.mark.parametrize("path", ["/reset", "/accounts/acc_link/authorization"])
@pytest.mark.parametrize(
    ("content", "status"),
    [
        pytest.param(b"", None, id="nothing"),
        pytest.param(b" {} ", None, id="empty-object"),
        pytest.param(b'{"account": "acc_link"}', 422, id="something"),
        pytest.param(b"x", 400, id="not-json"),
    ],
)
async def test_calls_without_a_body(http: httpx.AsyncClient, path: str, content: bytes, status: int | None) -> None:
    """A call that reads no body refuses one: nobody is to believe that it was heard."""
    response = await http.post(f"/_sandbox{path}", content=content)
    assert response.is_success if status is None else response.status_code == status


@pytest.mark.parametrize(
    ("document", "path", "says"),
    [
        pytest.param({"on": "request", "effect": {"type": "latency"}}, "effect.seconds", "is required", id="missing"),
        pytest.param({"on": "request", "effect": {"type": "latenzy"}}, "effect.type", "is none of", id="tag"),
        pytest.param({"on": "request", "effect": {}}, "effect.type", "is required", id="no-tag"),
        pytest.param({"on": "request", "effect": 5}, "effect", "object", id="not-an-object"),
        pytest.param(
            {"on": "request", "effect": {"type": "hang", "seconds": 5}}, "effect.seconds", "unknown key", id="extra"
        ),
        pytest.param(
            {"on": "callback", "effect": {"type": "hang"}}, "", "hang is no effect on a callback", id="not-together"
        ),
    ],
)
async def test_one_helpful_message(http: httpx.AsyncClient, document: object, path: str, says: str) -> None:
    """Where one of several shapes may stand, the one that was meant is spoken of, and no other."""
    problem = await ask(http, "POST", "/faults", document, expects=422)
    assert [error["path"] for error in problem["errors"]] == [path]
    assert says in problem["errors"][0]["message"]


async def test_deep_values_go_through(http: httpx.AsyncClient) -> None:
    """A value nested as deeply as the parser takes it comes out of every list again."""
    deep = json.loads('{"a":' * 100 + "1" + "}" * 100)
    action = {"account": "acc_link", "type": "say", "user": USER, "text": "\x00"}
    await ask(http, "POST", "/actions", {**action, "callback": {"set": {"deep": deep}}}, expects=202)
    found = (await ask(http, "GET", "/callbacks"))["items"][0]
    assert found["decoded"]["message"]["data"]["deep"] == deep
    assert (await ask(http, "GET", "/messages"))["items"][0]["text"] == "\x00"
