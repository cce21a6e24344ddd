"""Faults: armed, listed, fired and taken away."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from calls import ask, items
from harness import LinkClient, account_of
from sandbox.app import App
from sandbox.core.bounds import MOST_FAULTS
from sandbox.core.fault import FaultSpec

HANG_UP = {"on": "request", "effect": {"type": "status", "status": 503}}


async def test_shape(http: httpx.AsyncClient, link: LinkClient) -> None:
    """An armed fault is told with what is left of it; the journal names it where it fires."""
    await link.headers()
    body = {"account": "acc_link", **HANG_UP, "match": {"operation": "send*"}, "times": 2, "probability": 1}
    fault = await ask(http, "POST", "/faults", body, 201)
    assert fault == {
        "id": fault["id"],
        "account": "acc_link",
        "on": "request",
        "match": {"operation": "send*"},
        "effect": {"type": "status", "status": 503, "body": None},
        "times": 2,
        "left": 2,
        "fired": 0,
        "probability": 1.0,
    }
    assert list(fault) == ["id", "account", "on", "match", "effect", "times", "left", "fired", "probability"]
    assert (await link.send(text="Hello")).status_code == 503
    assert await items(http, "/faults") == [{**fault, "left": 1, "fired": 1}]
    assert [request["id"] for request in await items(http, "/requests") if request["fault"] == fault["id"]]
    assert (await link.send(text="Hello")).status_code == 503
    assert await items(http, "/faults") == []
    assert (await link.send(text="Hello")).status_code == 200


async def test_for_all_accounts(http: httpx.AsyncClient, app: App, link: LinkClient) -> None:
    """Without an account, a fault is armed for each there is and each to come, with the same id and counts of their own."""
    made = await ask(http, "POST", "/accounts", {"provider": "link"}, 201)
    other = LinkClient(http, account_of(app, made["id"]))
    await link.headers()
    await other.headers()
    fault = await ask(http, "POST", "/faults", {**HANG_UP, "times": 1}, 201)
    assert fault["account"] is None
    found = await items(http, "/faults")
    assert [(each["id"], each["account"]) for each in found] == [
        (fault["id"], None),
        *((fault["id"], each.id) for each in app.sandbox.accounts),
    ]
    assert await items(http, "/faults", account="acc_link") == found[1:2]
    assert [(await client.send(text="Hello")).status_code for client in (link, other, link)] == [503, 503, 200]
    made = await ask(http, "POST", "/accounts", {"provider": "link"}, 201)
    late = LinkClient(http, account_of(app, made["id"]))
    assert [(await late.request_token()).status_code for _ in range(2)] == [503, 200]


@pytest.mark.parametrize(
    ("changes", "providers"),
    [
        pytest.param({"effect": {"type": "code", "code": "7006"}}, {"webex-connect"}, id="code"),
        pytest.param({"effect": {"type": "code", "code": "503"}}, {"link"}, id="code-of-another"),
        pytest.param({"match": {"user": "nobody@x.test"}}, {"webex-connect", "mehery"}, id="person"),
        pytest.param({"match": {"user": "*@x.test"}}, {"link", "webex-connect", "mehery", "rbm"}, id="persons"),
    ],
)
async def test_for_those_that_know(http: httpx.AsyncClient, changes: dict[str, Any], providers: set[str]) -> None:
    """A fault for all is armed for the accounts of those providers that have such a code and such a person."""
    await ask(http, "POST", "/faults", {**HANG_UP, **changes}, 201)
    await ask(http, "POST", "/accounts", {"provider": "link"}, 201)
    provider_of = {each["id"]: each["provider"] for each in await items(http, "/accounts")}
    armed = [each["account"] for each in await items(http, "/faults") if each["account"]]
    assert armed == [name for name, provider in provider_of.items() if provider in providers]


@pytest.mark.parametrize(
    ("account", "given", "wire_form"),
    [
        pytest.param("acc_link", "0049 (123) 456-7890", "+491234567890", id="link"),
        pytest.param("acc_webex_connect", "491234567890", "+491234567890", id="webex-connect"),
        pytest.param("acc_mehery", "wa919988776655_918828218374", "919988776655", id="mehery"),
        pytest.param("acc_rbm", "+91 99887 76655", "+919988776655", id="rbm"),
        pytest.param("acc_link", "+49*", "+49*", id="globs-are-as-they-are"),
    ],
)
async def test_person_in_wire_form(http: httpx.AsyncClient, account: str, given: str, wire_form: str) -> None:
    """The person that a fault is for is understood in any form that the provider understands."""
    fault = await ask(http, "POST", "/faults", {**HANG_UP, "account": account, "match": {"user": given}}, 201)
    assert fault["match"] == {"user": wire_form}


async def test_too_many(http: httpx.AsyncClient, app: App) -> None:
    """An account has a thousand faults at most; one more is refused, for it and for all."""
    spec = FaultSpec.model_validate(HANG_UP)
    for _ in range(MOST_FAULTS - 1):
        app.sandbox.arm(spec, account_of(app))
    await ask(http, "POST", "/faults", HANG_UP, 201)
    problem = await ask(http, "POST", "/faults", {**HANG_UP, "account": "acc_link"}, 409)
    assert problem["detail"] == "there are 1000 faults, and more there may not be; disarm some first, or reset"
    await ask(http, "POST", "/faults", HANG_UP, 409)
    await ask(http, "POST", "/faults", {**HANG_UP, "account": "acc_mehery"}, 201)


async def test_disarm(http: httpx.AsyncClient) -> None:
    """A fault is taken away by its id, wherever it is armed."""
    await ask(http, "POST", "/accounts", {"provider": "link"}, 201)
    fault = await ask(http, "POST", "/faults", HANG_UP, 201)
    kept = await ask(http, "POST", "/faults", {"account": "acc_link", **HANG_UP}, 201)
    await ask(http, "DELETE", f"/faults/{fault['id']}", expects=204)
    assert [each["id"] for each in await items(http, "/faults")] == [kept["id"]]
    await ask(http, "DELETE", f"/faults/{fault['id']}", expects=404)


async def test_disarm_all(http: httpx.AsyncClient) -> None:
    """All faults of an account are taken away at once, or all there are."""
    await ask(http, "POST", "/accounts", {"provider": "link"}, 201)
    for _ in range(2):
        await ask(http, "POST", "/faults", HANG_UP, 201)
    await ask(http, "DELETE", "/faults", expects=204, account="acc_link")
    assert "acc_link" not in {each["account"] for each in await items(http, "/faults")} != set()
    await ask(http, "DELETE", "/faults", expects=204)
    assert await items(http, "/faults") == []
    await ask(http, "DELETE", "/faults", expects=404, account="acc_x")


async def test_pages(http: httpx.AsyncClient) -> None:
    """Faults have places like everything else, so that a page misses none although others are taken away."""
    made = [(await ask(http, "POST", "/faults", {**HANG_UP, "account": "acc_link"}, 201))["id"] for _ in range(3)]
    page = await ask(http, "GET", "/faults", limit=1)
    await ask(http, "DELETE", f"/faults/{made[0]}", expects=204)
    assert [each["id"] for each in await items(http, "/faults", after=page["cursor"])] == made[1:]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        pytest.param({"account": "acc_x"}, "account", id="unknown-account"),
        pytest.param({"account": 5}, "account", id="account-no-text"),
        pytest.param({"on": "answer"}, "on", id="unknown-side"),
        pytest.param({"effect": {"type": "drop"}}, "", id="effect-of-the-other-side"),
        pytest.param({"effect": {"type": "status", "status": 199}}, "effect.status", id="status-too-low"),
        pytest.param({"effect": {"type": "status", "status": 600}}, "effect.status", id="status-too-high"),
        pytest.param({"effect": {"type": "latency", "seconds": 0}}, "effect.seconds", id="no-latency"),
        pytest.param({"effect": {"type": "latency", "seconds": 601}}, "effect.seconds", id="latency-too-long"),
        pytest.param({"effect": {"type": "code", "code": "x"}}, "effect.code", id="code-of-no-provider"),
        pytest.param(
            {"account": "acc_link", "effect": {"type": "code", "code": "7006"}},
            "effect.code",
            id="code-of-another-provider",
        ),
        pytest.param(
            {"account": "acc_link", "match": {"user": "nobody"}}, "match.user", id="person-of-another-provider"
        ),
        pytest.param({"match": {"user": "*" * 1001}}, "match.user", id="glob-too-long"),
        pytest.param({"match": {"kind": "event.READ"}}, "", id="match-of-the-other-side"),
        pytest.param({"match": {"x": "y"}}, "match.x", id="unknown-match"),
        pytest.param({"times": 0}, "times", id="times-0"),
        pytest.param({"probability": 1.01}, "probability", id="probability-beyond-1"),
        pytest.param({"probability": -0.01}, "probability", id="probability-negative"),
        pytest.param({"x": 1}, "x", id="unknown-key"),
    ],
)
async def test_bad_faults(http: httpx.AsyncClient, changes: dict[str, Any], path: str) -> None:
    """What is wrong with a fault is told by its place, and nothing is armed."""
    problem = await ask(http, "POST", "/faults", {**HANG_UP, **changes}, 422)
    assert [error["path"] for error in problem["errors"]] == [path]
    assert await items(http, "/faults") == []


async def test_armed_before_there_is_anybody(http: httpx.AsyncClient) -> None:
    """A fault for all is there, and can be taken away, although there is no account yet; a reset forgets it."""
    for account in await items(http, "/accounts"):
        await ask(http, "DELETE", f"/accounts/{account['id']}", expects=204)
    fault = await ask(http, "POST", "/faults", HANG_UP, 201)
    assert await items(http, "/faults") == [fault]
    await ask(http, "DELETE", f"/faults/{fault['id']}", expects=204)
    assert await items(http, "/faults") == []
    await ask(http, "POST", "/faults", HANG_UP, 201)
    await ask(http, "POST", "/reset", expects=204)
    assert await items(http, "/faults") == []


@pytest.mark.parametrize(
    ("account", "operation", "says"),
    [
        pytest.param(
            "acc_link",
            "sendMesage",
            "LINK Conversations has no operation 'sendMesage'; the nearest is sendMessage",
            id="misspelt",
        ),
        pytest.param("acc_rbm", "sendMessage", "it answers no requests", id="of-another-provider"),
        pytest.param("acc_link", "send*", None, id="a-glob-that-fits"),
        pytest.param("acc_link", "nothing*", None, id="a-glob-that-fits-nothing"),
        pytest.param(None, "sendMessage", None, id="one-provider-has-it"),
        pytest.param(None, "sendMesage", "has no operation", id="none-has-it"),
    ],
)
async def test_operation_that_nobody_has(
    http: httpx.AsyncClient, account: str | None, operation: str, says: str | None
) -> None:
    """A fault that could never fire is refused, with the operations there are."""
    spec: dict[str, Any] = {"on": "request", "match": {"operation": operation}, "effect": {"type": "hang"}}
    if account is not None:
        spec["account"] = account
    found = await ask(http, "POST", "/faults", spec, 201 if says is None else 422)
    if says is not None:
        assert [error["path"] for error in found["errors"]] == ["match.operation"]
        assert says in found["detail"]


@pytest.mark.parametrize(
    ("account", "kind", "says"),
    [
        pytest.param("acc_link", "event.READ", None, id="one-there-is"),
        pytest.param(
            "acc_link",
            "event.READD",
            "LINK Conversations has no callback 'event.READD'; the nearest are event.READ,",
            id="misspelt",
        ),
        pytest.param("acc_link", "event.read", "the nearest are event.READ,", id="in-another-letter-case"),
        pytest.param("acc_rbm", "x", "has no callback 'x'; there are text, suggestion, file, location", id="far-off"),
        pytest.param("acc_link", "event.*", None, id="a-glob-that-fits"),
        pytest.param("acc_link", "nothing*", None, id="a-glob-that-fits-nothing"),
        pytest.param("acc_mehery", "action.PAID", None, id="any-code"),
        pytest.param("acc_mehery", "action", "the nearest is action.<code>", id="no-code"),
        pytest.param("acc_mehery", "action.", "the nearest is action.<code>", id="empty-code"),
        pytest.param("acc_mehery", "contact_info", None, id="what-the-business-is-asked"),
        pytest.param("acc_link", "action.PAID", "has no callback 'action.PAID'", id="code-of-another-provider"),
        pytest.param(None, "event.READ", None, id="one-provider-has-it"),
        pytest.param(None, "event.READD", "has no callback", id="none-has-it"),
    ],
)
async def test_kind_that_nobody_has(http: httpx.AsyncClient, account: str | None, kind: str, says: str | None) -> None:
    """A fault for callbacks of a kind that is never sent is refused, with the kinds nearest to it."""
    spec: dict[str, Any] = {"on": "callback", "match": {"kind": kind}, "effect": {"type": "drop"}}
    if account is not None:
        spec["account"] = account
    found = await ask(http, "POST", "/faults", spec, 201 if says is None else 422)
    if says is not None:
        assert [error["path"] for error in found["errors"]] == ["match.kind"]
        assert says in found["detail"]
