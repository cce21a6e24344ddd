"""GET and PUT /_sandbox/snapshot: the whole state as one document, out and back in."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from calls import ask, items, sandbox_with
from harness import USER, LinkClient, account_of
from sandbox.app import App
from sandbox.core import piecemeal

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
async def test_size(more: int, status: int, app: App, http: httpx.AsyncClient) -> None:
    """A document has so many bytes at most, by a setting that the refusal names."""
    app.sandbox.snapshot_limit = 1024
    content = b"{}" + b" " * (1022 + more)
    answer = await http.put("/_sandbox/snapshot", content=content, headers=JSON)
    assert answer.status_code == status
    if status == 413:
        assert "--snapshot-limit" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("count", "status"), [pytest.param(128, 422, id="at-the-limit"), pytest.param(129, 413, id="beyond")]
)
async def test_values(count: int, status: int, app: App, http: httpx.AsyncClient) -> None:
    """A document has so many values at most, since small ones take more room than they look."""
    app.sandbox.snapshot_limit = 1024
    content = b"[" + b",".join([b"1"] * count) + b"]"
    answer = await http.put("/_sandbox/snapshot", content=content, headers=JSON)
    assert answer.status_code == status, answer.text
    if status == 413:
        assert answer.json()["detail"] == (
            "it has 0.0 MiB with about 129 values; one that is put back here has at most 0.000976562 MiB and 128 values, by"
            " the setting snapshot_limit (serve --snapshot-limit, SANDBOX_SNAPSHOT_LIMIT); 1 MiB would do"
        )


@pytest.mark.parametrize("limit", [pytest.param(1000, id="too-many-bytes"), pytest.param(1_000_000, id="not-too-many")])
async def test_more_than_is_put_back(
    limit: int, app: App, http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """A document that could not be put back is given all the same, and the log tells what it takes to put it back."""
    app.sandbox.snapshot_limit = limit
    document = await http.get("/_sandbox/snapshot")
    back = await http.put("/_sandbox/snapshot", content=document.content, headers=JSON)
    told = [record.getMessage() for record in caplog.records]
    assert (document.status_code, back.status_code) == (200, 413 if limit == 1000 else 204)
    assert [text.partition(":")[0] for text in told] == (
        ["this snapshot cannot be put back as the sandbox is"] if limit == 1000 else []
    )


async def test_others_are_answered_meanwhile(
    app: App, http: httpx.AsyncClient, link: LinkClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a document is read all goes on as it was, until at once everything is as the document says."""
    for number in range(100):
        await link.send(text=f"Hello {number}")
    document = (await http.get("/_sandbox/snapshot")).content
    await ask(http, "POST", "/reset", expects=204)
    monkeypatch.setattr(piecemeal, "PIECE", 0)
    reading = asyncio.create_task(http.put("/_sandbox/snapshot", content=document, headers=JSON))
    seen = []
    while not reading.done():
        seen.append(len(account_of(app).journal.messages))
        await asyncio.sleep(0)
    assert reading.result().status_code == 204
    assert (set(seen[:-5]), len(account_of(app).journal.messages)) == ({0}, 100)
    assert len(seen) > 20
    seen.clear()
    writing = asyncio.create_task(http.get("/_sandbox/snapshot"))
    while not writing.done():
        seen.append(1)
        await asyncio.sleep(0)
    assert (writing.result().content, len(seen) > 20) == (document, True)


async def test_no_parameters(http: httpx.AsyncClient) -> None:
    """Neither call takes any."""
    body: Any = (await http.get("/_sandbox/snapshot")).json()
    await ask(http, "GET", "/snapshot", expects=422, account="acc_link")
    await ask(http, "PUT", "/snapshot", body, expects=422, account="acc_link")
