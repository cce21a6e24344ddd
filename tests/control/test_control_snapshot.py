"""GET and PUT /_sandbox/snapshot: the whole state as one document, out and back in."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from calls import ask, items, sandbox_with
from harness import USER
from sandbox.control import snapshot

pytestmark = pytest.mark.anyio

JSON = {"content-type": "application/json"}


async def test_out_and_back_in(http: httpx.AsyncClient) -> None:
    """What was there is there again, in the other sandbox as in the first."""
    body = {"account": "acc_link", "user": USER, "type": "say", "text": "Hello"}
    await ask(http, "POST", "/actions", body, expects=202)
    document = await http.get("/_sandbox/snapshot")
    assert document.headers["content-type"] == "application/json"
    assert document.headers["cache-control"] == "no-store"  # there are credentials in it
    assert list(document.json())[:3] == ["snapshot", "version", "seed"]
    async with sandbox_with(seed="other") as (_, other):
        back = await other.put("/_sandbox/snapshot", content=document.content, headers=JSON)
        assert (back.status_code, back.content) == (204, b"")
        assert (await other.get("/_sandbox/snapshot")).content == document.content
        (message,) = await items(other, "/messages")
        assert (message["text"], message["user"]) == ("Hello", USER)


@pytest.mark.parametrize(
    ("content", "headers", "status", "says"),
    [
        pytest.param(b"{}", {"content-type": "text/plain"}, 415, "must be application/json", id="415-no-json"),
        pytest.param(b"{", JSON, 400, "is not JSON", id="400-cut-off"),
        pytest.param(b"[1e999]", JSON, 422, "must be an object", id="422-array"),
        pytest.param(b"NaN", JSON, 400, "is not JSON", id="400-not-a-number"),
        pytest.param(b"[" * 1000, JSON, 400, "recursion limit", id="400-too-deep"),
        pytest.param(b"{}", JSON, 422, "snapshot: is required", id="422-no-version"),
        pytest.param(b'{"snapshot":9}', JSON, 422, "reads version 1 only", id="422-later-version"),
    ],
)
async def test_refused(
    content: bytes, headers: dict[str, str], status: int, says: str, http: httpx.AsyncClient
) -> None:
    """What is no snapshot is refused with a problem that says why."""
    answer = await http.put("/_sandbox/snapshot", content=content, headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (status, status)
    assert says in problem["detail"]


async def test_every_complaint_has_its_path(http: httpx.AsyncClient) -> None:
    """All that is wrong is told at once, each with its place."""
    document = (await http.get("/_sandbox/snapshot")).json()
    document["accounts"][0]["generation"] = "x"
    document["accounts"][3]["created_at"] = 7
    problem = await ask(http, "PUT", "/snapshot", document, expects=422)
    assert [error["path"] for error in problem["errors"]] == ["accounts[0].generation", "accounts[3].created_at"]
    assert problem["errors"][0]["message"] == "must be a whole number, not negative"


@pytest.mark.parametrize(
    ("more", "status"), [pytest.param(0, 422, id="at-the-limit"), pytest.param(1, 413, id="beyond")]
)
async def test_size(more: int, status: int, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document has so many bytes at most."""
    monkeypatch.setattr(snapshot, "LIMIT", 1000)
    content = b"{}" + b" " * (998 + more)
    assert (await http.put("/_sandbox/snapshot", content=content, headers=JSON)).status_code == status


@pytest.mark.parametrize(
    ("count", "status"), [pytest.param(99, 422, id="at-the-limit"), pytest.param(100, 413, id="beyond")]
)
async def test_values(count: int, status: int, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document has so many values at most, since small ones take more room than they look."""
    monkeypatch.setattr(snapshot, "MOST_VALUES", 100)
    content = b"[" + b",".join([b"1"] * (count + 1)) + b"]"
    answer = await http.put("/_sandbox/snapshot", content=content, headers=JSON)
    assert answer.status_code == status, answer.text


async def test_no_parameters(http: httpx.AsyncClient) -> None:
    """Neither call takes any."""
    body: Any = (await http.get("/_sandbox/snapshot")).json()
    await ask(http, "GET", "/snapshot", expects=422, account="acc_link")
    await ask(http, "PUT", "/snapshot", body, expects=422, account="acc_link")
