"""Coverage: exactly what a client has met, account by account, and in every form."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from calls import ask, sandbox_with, turns
from harness import GATEWAY, FakeWebhook, LinkClient, account_of
from sandbox.app import App
from sandbox.control import coverage_html, coverage_junit, coverage_markdown
from sandbox.core.coverage import Entry, Report

ANNA, JOHN = "+491234567890", "wa919988776655_918828218374"
V1, V2, XMS = "/resources/v1/messaging", "/v2/messages", "/xms/api/v1"
SECTIONS = ("operations", "outcomes", "errors", "callbacks")

Met = dict[str, Any]


async def met(http: httpx.AsyncClient, provider: str, **account: Any) -> Met:
    """Return what was met of a provider: by section, the numbers of each entry; of callbacks also how many were taken."""
    report = (await ask(http, "GET", "/coverage", **account))["providers"][provider]
    found = {section: [entry for entry in report[section] if entry["hit"]] for section in SECTIONS}
    entries = [entry for section in SECTIONS for entry in report[section]]
    assert report["percent"] == 100 * sum(map(len, found.values())) / len(entries)
    numbers: Met = {}
    for section, hits in found.items():
        for entry in hits:
            told = entry["hit"] if section != "callbacks" else (entry["hit"], entry["acknowledged"])
            numbers.setdefault(section, {})[entry["id"]] = told
    return numbers


async def say(http: httpx.AsyncClient, account: str, user: str, kind: str = "say", **members: Any) -> None:
    """Have a person do something, and the callbacks be attempted."""
    await ask(http, "POST", "/actions", {"account": account, "user": user, "type": kind, **members}, 202, wait=5)


async def signed_in(http: httpx.AsyncClient, account: str) -> dict[str, str]:
    """Return the headers of an account's client."""
    headers: dict[str, str] = (await ask(http, "POST", f"/accounts/{account}/authorization"))["headers"]
    return headers


async def fault(http: httpx.AsyncClient, account: str, on: str, effect: Mapping[str, Any]) -> None:
    """Arm a fault for one time."""
    await ask(http, "POST", "/faults", {"account": account, "on": on, "effect": effect, "times": 1}, 201)


async def test_link(http: httpx.AsyncClient, link: LinkClient, app: App) -> None:
    """A client of LINK that gets a token, sends a message well and badly, meets trouble, and is answered."""
    await link.fetch_token()
    await link.send(text="Hello")
    await app.sandbox.advance(seconds=1)
    await link.post_message({"messageContent": {}})
    await fault(http, "acc_link", "request", {"type": "status", "status": 503})
    await link.send(text="Hello")
    await fault(http, "acc_link", "request", {"type": "status", "status": 400})
    await link.send(text="Hello")
    await say(http, "acc_link", ANNA, text="Hi")
    expected = {
        "operations": {"requestToken": 1, "sendMessage": 4},
        # Trouble of the platform has a rule of its own, although no request breaks it.
        "outcomes": {"requestToken": 1, "sendMessage": 1, "LINK-GEN-20": 1, "LINK-MSG-12": 1},
        "errors": {"400 Bad Request": 2, "503 Service Unavailable": 1},
        "callbacks": {"event.DELIVERED": (1, 1), "event.READ": (1, 1), "message.TEXT": (1, 1)},
    }
    assert await met(http, "link", account="acc_link") == expected
    assert await met(http, "link") == expected


async def test_webex_connect(http: httpx.AsyncClient, app: App) -> None:
    """A client of both versions; what is wrong with one element of an array counts, although the array is answered."""
    headers = await signed_in(http, "acc_webex_connect")
    sms = {"deliverychannel": "sms", "destination": [{"msisdn": [ANNA]}], "channels": {"sms": {"text": "Hello"}}}
    await http.post(V1, json=[sms, {**sms, "channels": {"sms": {"senderid": "CONNCT"}}}], headers=headers)
    v2 = {"channel": "sms", "from": "CISCO", "to": [{"msisdn": [ANNA]}], "content": {"type": "text", "text": "Hello"}}
    assert (await http.post(V2, json=v2, headers=headers)).status_code == 201
    await http.post(V2, json={**v2, "channel": "fax"}, headers=headers)
    await http.post(V1, json=sms, headers={"key": "wrong"})
    await app.sandbox.advance(seconds=1)
    mine: Met = {
        "operations": {"sendMessageV1": 1, "sendMessageV2": 2},
        "outcomes": {"sendMessageV1": 1, "sendMessageV2": 1, "WX1-SMS-01": 1, "WX2-ENV-02": 1},
        "errors": {"200 7003": 1, "400 7004": 1},
        "callbacks": {"receipt.Submitted": (2, 0), "receipt.Delivered": (2, 0)},
    }
    assert await met(http, "webex-connect", account="acc_webex_connect") == mine
    assert await met(http, "webex-connect") == {
        **mine,
        "operations": {"sendMessageV1": 2, "sendMessageV2": 2},
        "outcomes": {**mine["outcomes"], "WX1-AUTH-02": 1},
        "errors": {**mine["errors"], "200 7001": 1},
    }


@pytest.mark.parametrize(("path", "rule", "error"), [(V1, "WX1-SVC-02", "200 7006"), (V2, "WX2-SVC-02", "500 7006")])
async def test_trouble_of_webex_connect(path: str, rule: str, error: str, http: httpx.AsyncClient) -> None:
    """Trouble that a fault makes is what the rule of it speaks of, which no request could break."""
    await fault(http, "acc_webex_connect", "request", {"type": "code", "code": "7006"})
    await http.post(path, json={}, headers=await signed_in(http, "acc_webex_connect"))
    found = await met(http, "webex-connect")
    assert (found["outcomes"], found["errors"]) == ({rule: 1}, {error: 1})


async def test_mehery(http: httpx.AsyncClient, app: App) -> None:
    """A client of MeherY; actions are one kind of callback, whatever their code."""
    headers = await signed_in(http, "acc_mehery")
    message = {"channelId": "wa360:918828218374", "type": "text", "to": {"contactId": JOHN}, "text": {"body": "Hello"}}
    assert (await http.post(f"{XMS}/message/send", json=message, headers=headers)).status_code == 200
    await http.post(f"{XMS}/message/send", json={**message, "channelId": "wa360:1"}, headers=headers)
    await http.get(f"{XMS}/config/channels", headers=headers)
    await http.get(f"{XMS}/nowhere", headers=headers)
    await app.sandbox.advance(seconds=0.3)
    for code in ("A", "B"):
        await say(http, "acc_mehery", JOHN, "action", action_code=code)
    mine: Met = {
        "operations": {"configChannels": 1, "messageSend": 2},
        "outcomes": {"configChannels": 1, "messageSend": 1, "MEH-SEND-02": 1},
        "errors": {"404 HTTP_NOT_FOUND": 1},
        "callbacks": {"status.SENT": (1, 1), "action": (2, 2)},
    }
    assert await met(http, "mehery", account="acc_mehery") == mine
    assert await met(http, "mehery") == {
        **mine,
        "outcomes": {**mine["outcomes"], "MEH-GEN-02": 1},
        "errors": {"404 HTTP_NOT_FOUND": 2},
    }


async def test_rbm(http: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    """A webhook of RBM: what it took, and what it was told and did not take."""
    webhook.answers = [200, 503]
    await say(http, "acc_rbm", "+919988776655", text="Hello")
    await say(http, "acc_rbm", "+919988776655", "share_location", latitude=1, longitude=2)
    assert await met(http, "rbm", account="acc_rbm") == {"callbacks": {"text": (1, 1), "location": (1, 0)}}
    assert await met(http, "rbm", account="acc_rbm_second") == {}


async def test_shape(http: httpx.AsyncClient) -> None:
    """Every provider has every section, and entries what they need to be known by."""
    report = await ask(http, "GET", "/coverage")
    assert list(report) == ["providers"]
    assert list(report["providers"]) == ["link", "webex-connect", "mehery", "rbm"]
    link = report["providers"]["link"]
    assert list(link) == [*SECTIONS, "percent"]
    assert link["operations"][6] == {"id": "sendMessage", "hit": 0}
    assert link["outcomes"][6] == {"id": "sendMessage", "status": 200, "hit": 0}
    assert {"id": "LINK-MSG-12", "status": 400, "hit": 0} in link["outcomes"]
    assert link["errors"][0] == {"id": "400 Bad Request", "status": 400, "hit": 0}
    assert link["callbacks"][1] == {"id": "event.READ", "hit": 0, "acknowledged": 0}
    assert {"id": "sendMessageV2", "status": 201, "hit": 0} in report["providers"]["webex-connect"]["outcomes"]
    one = await ask(http, "GET", "/coverage", account="acc_rbm", format="json")
    assert (one["account"], list(one["providers"])) == ("acc_rbm", ["rbm"])


async def test_accounts(http: httpx.AsyncClient, link: LinkClient, app: App) -> None:
    """Accounts count apart; those that are removed stay in the whole, and so does what names no account."""
    made = await ask(http, "POST", "/accounts", {"provider": "link"}, 201)
    other = LinkClient(http, account_of(app, made["id"]))
    await link.fetch_token()
    for client in (link, other, other):
        await client.send(text="Hello")
    await http.get(f"{GATEWAY}/featureset")
    of_other = {"operations": {"requestToken": 1, "sendMessage": 2}, "outcomes": {"requestToken": 1, "sendMessage": 2}}
    assert await met(http, "link", account=made["id"]) == of_other
    whole = await met(http, "link")
    assert whole["operations"] == {"requestToken": 2, "getFeatureset": 1, "sendMessage": 3}
    assert whole["errors"] == {"401 Unauthorized": 1}
    await ask(http, "DELETE", f"/accounts/{made['id']}", expects=204)
    assert await met(http, "link") == whole


async def test_reset(http: httpx.AsyncClient, link: LinkClient, app: App) -> None:
    """A reset of an account takes its counts away and no others; a whole one takes all."""
    made = await ask(http, "POST", "/accounts", {"provider": "link"}, 201)
    for client in (link, LinkClient(http, account_of(app, made["id"]))):
        await client.send(text="Hello")
    await http.get(f"{GATEWAY}/nowhere")
    await ask(http, "POST", "/reset", expects=204, account="acc_link")
    assert await met(http, "link", account="acc_link") == {}
    assert (await met(http, "link"))["operations"] == {"requestToken": 1, "sendMessage": 1}
    await ask(http, "POST", "/reset", expects=204)
    assert await met(http, "link") == {}


async def test_outlives_the_journal() -> None:
    """What the journal has dropped is still counted."""
    async with sandbox_with(journal_limit=1) as (app, http):
        link = LinkClient(http, account_of(app))
        for _ in range(3):
            await link.send(text="Hello")
        assert (await met(http, "link", account="acc_link"))["operations"] == {"requestToken": 1, "sendMessage": 3}


@pytest.mark.parametrize(
    ("effect", "more"),
    [
        pytest.param({"type": "drop_answer"}, {}, id="an-answer-that-is-lost"),
        pytest.param({"type": "status", "status": 200, "body": {}}, {}, id="a-success-that-a-fault-makes-up"),
        pytest.param(
            {"type": "latency", "seconds": 0.1}, {"outcomes": {"sendMessage": 1}}, id="an-answer-that-is-late"
        ),
        pytest.param(
            {"type": "rate_limit", "per_second": 1}, {"outcomes": {"sendMessage": 1}}, id="a-limit-that-is-not-reached"
        ),
        pytest.param({"type": "code", "code": "429"}, {"errors": {"429 Too Many Requests": 1}}, id="an-error"),
    ],
)
async def test_requests_that_meet_a_fault(
    effect: dict[str, Any], more: Met, http: httpx.AsyncClient, link: LinkClient, app: App
) -> None:
    """The operation is reached; what comes of it counts only if the client gets it, and from the operation itself."""
    headers = await signed_in(http, "acc_link")
    link.token = headers["Authorization"].removeprefix("Bearer ")
    await fault(http, "acc_link", "request", effect)
    sending = asyncio.create_task(link.send(text="Hello"))
    await turns()
    await app.sandbox.advance(seconds=0.1)
    await asyncio.wait([sending])
    assert isinstance(sending.exception(), ConnectionResetError if effect["type"] == "drop_answer" else type(None))
    assert await met(http, "link") == {"operations": {"sendMessage": 1}, **more}


@pytest.mark.parametrize(
    ("effect", "answers", "numbers"),
    [
        pytest.param(None, [503, 200], (1, 1), id="taken-at-last"),
        pytest.param(None, [503] * 5, (1, 0), id="never-taken"),
        pytest.param({"type": "duplicate", "copies": 2}, [], (3, 3), id="copies"),
        pytest.param({"type": "drop"}, [], None, id="lost"),
        pytest.param({"type": "delay", "seconds": 3600}, [], None, id="not-yet-due"),
    ],
)
async def test_callbacks(
    effect: dict[str, Any] | None,
    answers: list[Any],
    numbers: tuple[int, int] | None,
    http: httpx.AsyncClient,
    app: App,
    webhook: FakeWebhook,
) -> None:
    """A callback counts once when its turn comes, however often it is tried, and as taken when it is."""
    webhook.answers = answers
    if effect is not None:
        await fault(http, "acc_link", "callback", effect)
    await ask(http, "POST", "/actions", {"account": "acc_link", "user": ANNA, "type": "say", "text": "Hi"}, 202)
    await app.sandbox.advance(seconds=60)
    assert await met(http, "link") == ({} if numbers is None else {"callbacks": {"message.TEXT": numbers}})


async def test_callbacks_without_a_webhook() -> None:
    """What is only recorded has been told, as far as it could be, and nobody took it."""
    async with sandbox_with() as (_, http):
        await say(http, "acc_rbm", "+919988776655", text="Hello")
        await fault(http, "acc_rbm", "callback", {"type": "unknown_fields"})
        await say(http, "acc_rbm", "+919988776655", text="Hello")
        assert await met(http, "rbm") == {"callbacks": {"text": (2, 0)}}


# ------------------------------------------------------------------------------------------------------------- forms

ODD = "<a&b>|`_*\"'"
REPORTS = {
    ODD: Report((Entry(ODD, 1),), (Entry(ODD, 0, 400),), (), (Entry("b", 2, acknowledged=1),)),
    "idle": Report((), (), (), (Entry("c", 0, acknowledged=0),)),
}


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("json", "application/json"),
        ("markdown", "text/markdown; charset=utf-8"),
        ("html", "text/html; charset=utf-8"),
        ("junit", "application/xml"),
    ],
)
async def test_forms(form: str, media_type: str, http: httpx.AsyncClient, link: LinkClient) -> None:
    """Every form names the account and every entry, and is not stored anywhere."""
    await link.send(text="Hello")
    answer = await http.get(f"/_sandbox/coverage?account=acc_link&format={form}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.headers["cache-control"] == "no-store"
    told = answer.text.replace("\\", "")
    assert all(name in told for name in ("acc_link", "sendMessage", "LINK-MSG-12", "Bad Request", "event.READ"))


async def test_html_loads_and_runs_nothing(http: httpx.AsyncClient) -> None:
    """The policy allows the page's own style by its hash, and nothing else; there is no script and no style inline."""
    answer = await http.get("/_sandbox/coverage?format=html")
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert policy.split("; ")[:2] == ["default-src 'none'", f"style-src 'sha256-{digest}'"]
    assert not re.search(r"<script|style=|onclick|src=|href=", answer.text)


def test_html() -> None:
    """Names are text; a section without entries is left out."""
    page = coverage_html.page("acc<1>", REPORTS)
    assert "<h1>Contract coverage of acc&lt;1&gt;</h1>" in page
    assert "<h2>&lt;a&amp;b&gt;|`_*&quot;&#x27;: 66.7 %</h2>" in page
    assert re.findall(r"<summary>(.+)</summary>", page) == [
        "operations: 1 of 1",
        "outcomes: 0 of 1",
        "callbacks: 1 of 1",
        "callbacks: 0 of 1",
    ]
    cells = "".join(f'<td class="number">{cell}</td>' for cell in ("", "2", "1"))
    assert f'<tr class="met"><td>b</td>{cells}</tr>' in page
    assert "<tr><td>c</td>" in page


def test_junit() -> None:
    """Each entry is a case, known by class and name; what was not met is skipped, and counted so."""
    root = ET.fromstring(coverage_junit.document("acc<1>", REPORTS))
    assert root.attrib == {
        "name": "contract coverage of acc<1>",
        "tests": "4",
        "failures": "0",
        "errors": "0",
        "skipped": "2",
    }
    assert [(suite.get("name"), suite.get("tests"), suite.get("skipped")) for suite in root] == [
        (ODD, "3", "1"),
        ("idle", "1", "1"),
    ]
    assert [
        (case.get("classname"), case.get("name"), [each.tag for each in case]) for case in root.iter("testcase")
    ] == [
        (f"{ODD}.operations", ODD, []),
        (f"{ODD}.outcomes", ODD, ["skipped"]),
        (f"{ODD}.callbacks", "b", []),
        ("idle.callbacks", "c", ["skipped"]),
    ]


def test_markdown() -> None:
    """Names are text, whatever is in them; the figures come first."""
    lines = coverage_markdown.page("acc_1", REPORTS).splitlines()
    odd = "\\<a\\&b\\>\\|\\`\\_\\*\"'"
    assert lines[0] == "# Contract coverage of acc\\_1"
    assert lines[4:6] == [
        f"| {odd} | 1 of 1 | 0 of 1 | 0 of 0 | 1 of 1 | 66.7 % |",
        "| idle | 0 of 0 | 0 of 0 | 0 of 0 | 0 of 1 | 0.0 % |",
    ]
    assert f"| operations | ✓ | {odd} |  | 1 |  |" in lines
    assert f"| outcomes |  | {odd} | 400 | 0 |  |" in lines
    assert "| callbacks | ✓ | b |  | 2 | 1 |" in lines


async def test_without_an_account(http: httpx.AsyncClient) -> None:
    """The whole is nobody's in particular."""
    assert (await http.get("/_sandbox/coverage?format=markdown")).text.startswith("# Contract coverage\n")
    assert "<title>Contract coverage</title>" in (await http.get("/_sandbox/coverage?format=html")).text
    assert 'name="contract coverage"' in (await http.get("/_sandbox/coverage?format=junit")).text


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        pytest.param("format=xml", 422, "format: must be one of json, markdown, html, junit", id="unknown-form"),
        pytest.param("format=", 422, "format: must not be blank", id="blank-form"),
        pytest.param("provider=link", 422, "provider: unknown parameter; known here: account, format", id="parameter"),
        pytest.param(
            "account=acc_nope",
            404,
            "there is no account 'acc_nope', or no more; there are: acc_link, acc_webex_connect, acc_mehery, acc_rbm, acc_rbm_second, acc_rbm_old",
            id="unknown-account",
        ),
    ],
)
async def test_refused(query: str, status: int, says: str, http: httpx.AsyncClient) -> None:
    """What cannot be answered is told."""
    answer = await http.get(f"/_sandbox/coverage?{query}")
    assert (answer.status_code, json.loads(answer.text)["detail"]) == (status, says)
