"""What every operation of MeherY shares: routes, envelopes, the reading of JSON, and the order of the checks."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from harness import NOON, FakeWebhook
from mehery_shapes import complaints
from mehery_tenant import JOHN, PREFIX, Tenant, refusal
from sandbox.app import build
from sandbox.core.ids import Ids
from sandbox.providers.mehery import PROVIDER, reading
from sandbox.providers.mehery.errors import ERRORS, FieldFault, RefusalError
from sandbox.providers.mehery.reading import Faults, Field, Schema
from sandbox.sandbox import AccountSpec
from sandbox.settings import Settings

pytestmark = pytest.mark.anyio

LANG = {"contactId": JOHN, "lang": "en"}
COMPACT = {"message", "messageKey", "meta", "results", "status", "statusKey", "timestamp", "traceid"}


# routes


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/xms/api/v1/config/channels", 200, id="MEH-GEN-02-canonical"),
        pytest.param("/api/v1/config/channels", 200, id="MEH-GEN-02-as-the-headings-have-it"),
        pytest.param("/api.mehery.xyz/xms/api/v1/config/channels", 200, id="MEH-GEN-02-as-the-samples-have-it"),
        pytest.param("/xms/api/v1/config/channels/", 200, id="MEH-GEN-02-one-slash-at-the-end"),
        pytest.param("/api/v1/config/channels/", 200, id="MEH-GEN-02-one-slash-at-an-alias"),
        pytest.param("/xms/api/v1/config/channels//", 404, id="MEH-GEN-02-two-slashes"),
        pytest.param("/xms/api/v1/Config/channels", 404, id="MEH-GEN-02-letter-case"),
        pytest.param("/xms/api/v2/config/channels", 404, id="MEH-GEN-02-another-version"),
        pytest.param("/xms/api/v1/message/push", 404, id="MEH-GEN-02-an-operation-of-later-builds"),
        pytest.param("/api.mehery.xyz/api/v1/config/channels", 404, id="MEH-GEN-02-half-a-sample"),
    ],
)
async def test_meh_gen_02(tenant: Tenant, path: str, status: int) -> None:
    """An operation is found under three prefixes; any other path is not found, and no field is at fault."""
    response = await tenant.http.get(path, headers=tenant.key())
    assert response.status_code == status
    if status == 404:
        assert refusal(response) == (404, "HTTP_NOT_FOUND", "MEH-GEN-02", [])
        assert response.json()["path"] == path


async def test_meh_gen_02_the_short_prefix_is_no_catch_all(tenant: Tenant) -> None:
    """Under `/api/v1/` only the fourteen documented paths are MeherY's."""
    response = await tenant.http.get("/api/v1/orders", headers=tenant.key())
    assert response.status_code == 404
    assert response.text.startswith("Not Found: no provider has such a path.")


async def test_meh_gen_02_the_short_prefix_can_be_switched_off(webhook: FakeWebhook) -> None:
    """Where `/api/v1/` belongs to somebody else, the operator takes it away; the other prefixes stay."""
    made = build(Settings(api_v1_alias=False), client=webhook)
    headers = {"x-api-key": "sandbox-mehery-key-1"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url="http://localhost") as http:
        paths = (
            "/api/v1/config/channels",
            "/xms/api/v1/config/channels",
            "/api.mehery.xyz/xms/api/v1/config/channels/",
        )
        assert [(await http.get(path, headers=headers)).status_code for path in paths] == [404, 200, 200]
    await made.sandbox.close()


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        pytest.param("POST", "/config/channels", "GET", id="MEH-GEN-03-a-list-is-not-posted-to"),
        pytest.param("GET", "/message/send", "POST", id="MEH-GEN-03-a-message-is-posted"),
        pytest.param("DELETE", "/config/webhook", "POST", id="MEH-GEN-03-a-webhook-is-not-deleted"),
    ],
)
async def test_meh_gen_03(tenant: Tenant, method: str, path: str, allow: str) -> None:
    """A known path refuses other methods, with or without a key."""
    response = await tenant.http.request(method, PREFIX + path)
    assert refusal(response) == (405, "METHOD_NOT_ALLOWED", "MEH-GEN-03", [("METHOD_NOT_ALLOWED", None)])
    assert response.headers["allow"] == allow


async def test_meh_gen_14(tenant: Tenant) -> None:
    """MEH-GEN-14: any origin may call, and a browser that asks beforehand is told what it may send."""
    asked = await tenant.http.options(PREFIX + "/message/send")
    assert (asked.status_code, asked.content) == (204, b"")
    assert asked.headers["access-control-allow-origin"] == "*"
    assert asked.headers["access-control-allow-methods"] == "POST, OPTIONS"
    assert asked.headers["access-control-allow-headers"] == "x-api-key, x-api-id, x-verify-token, content-type"
    for answered in (
        await tenant.get("/config/channels"),
        await tenant.get("/config/global/vars"),
        await tenant.get("/config/channels", {}),
        await tenant.post("/contact/info", {"csid": "1"}),
    ):
        assert answered.headers["access-control-allow-origin"] == "*"


# envelopes


async def test_meh_gen_13_a_list_has_the_small_envelope(tenant: Tenant) -> None:
    """`ApiResultsMetaCompactResponse` has eight keys, and its trace stands in a header too."""
    response = await tenant.get("/config/channels")
    body = response.json()
    assert set(body) == COMPACT
    assert (body["status"], body["statusKey"]) == ("200", "SUCCESS")
    assert (body["message"], body["messageKey"], body["meta"]) == ("Success", "MESSAGE_SUCCESS", {})
    assert body["timestamp"] == int(NOON.timestamp() * 1000)
    assert re.fullmatch("[0-9a-f]{16}", body["traceid"])
    assert response.headers["x-trace-id"] == body["traceid"]
    assert response.headers["content-type"] == "application/json"


async def test_meh_gen_13_a_single_object_stands_twice(tenant: Tenant) -> None:
    """`ApiResponse` has twenty-one keys, and one object is `data` as well as `results[0]`."""
    body = (await tenant.post("/event/push", {"eventName": "X", "id": "1"})).json()
    assert len(body) == 21
    assert body["results"] == [body["data"]] == [{"eventName": "X", "id": "1", "links": []}]
    empty = {name: body[name] for name in body if name not in COMPACT | {"data", "path"}}
    assert empty == {
        **{name: [] for name in ("errors", "warnings", "details", "logs")},
        **{name: {} for name in ("params", "extra", "query")},
        **dict.fromkeys(("warningKey", "error", "exception", "redirectUrl")),
    }
    assert body["path"] == "/xms/api/v1/event/push"


@pytest.mark.parametrize("spec", ERRORS, ids=lambda spec: f"MEH-GEN-12-{spec.code}")
def test_meh_gen_12(spec: Any) -> None:
    """Every error has the whole envelope, its status twice, and the first key of its entries (MEH-GEN-13)."""
    error = RefusalError(spec, "MEH-GEN-12", [FieldFault("KEY", "a.b", "Sentence", ("x",))], schema="OutBoundMsg")
    error.path, error.at = "/xms/api/v1/x", NOON
    reply = PROVIDER.render(error, None, Ids("1", "x"))
    body = httpx.Response(reply.status, content=reply.body).json()
    assert reply.status == spec.status
    assert complaints(body, "ApiResponse«ClientApp,object»") == []
    assert (body["status"], body["statusKey"], body["messageKey"]) == (str(spec.status), spec.code, "KEY")
    assert (body["message"], body["data"], body["results"]) == ("Sentence", None, [])
    assert (body["error"], body["path"], body["timestamp"]) == (
        httpx.codes.get_reason_phrase(spec.status).replace("Request Entity", "Payload"),
        "/xms/api/v1/x",
        int(NOON.timestamp() * 1000),
    )
    (entry,) = body["errors"]
    assert entry == {
        "body": None,
        "code": str(spec.status),
        "codeKey": "KEY",
        "codes": ["KEY"],
        "description": "Sentence",
        "descriptionKey": None,
        "field": "a.b",
        "obzect": "OutBoundMsg",
        "possibleValues": ["x"],
    }


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("/contact/prefs/lang", {}, id="MEH-GEN-12-where-success-is-compact"),
        pytest.param("/contact/info", {}, id="MEH-GEN-12-where-success-is-bare"),
        pytest.param("/event/push", {}, id="MEH-GEN-12-where-success-is-whole"),
    ],
)
async def test_meh_gen_12_everywhere(tenant: Tenant, path: str, body: Any) -> None:
    """Whatever an operation answers with, its errors have the same form."""
    response = await tenant.post(path, body)
    assert response.status_code == 400
    assert complaints(response.json(), "ApiResponse«ClientApp,object»") == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 415, 429, 500, 503, 418])
async def test_meh_gen_13_a_fault_has_the_form_too(tenant: Tenant, status: int) -> None:
    """An armed status is answered in the envelope, with the trouble's own key."""
    from sandbox.core.fault import FaultSpec

    spec = FaultSpec.model_validate({"on": "request", "effect": {"type": "status", "status": status}})
    tenant.app.sandbox.arm(spec, tenant.account)
    response = await tenant.get("/config/channels")
    assert response.status_code == status
    body = response.json()
    assert (body["status"], body["path"]) == (str(status), "/xms/api/v1/config/channels")
    assert body["timestamp"] == int(NOON.timestamp() * 1000)
    assert complaints(body, "ApiResponse«ClientApp,object»") == []
    assert "x-sandbox-rule" not in response.headers


def test_meh_gen_13_codes() -> None:
    """Faults name an error by its status key; an unknown one is told which there are."""
    assert PROVIDER.of_code("SERVICE_UNAVAILABLE").spec.status == 503
    with pytest.raises(ValueError, match="PARAM_MISSING"):
        PROVIDER.of_code("7006")
    assert PROVIDER.rate_limited().spec.code == "TOO_MANY_REQUESTS"
    assert PROVIDER.broken_down().spec.code == "API_ERROR"


# the body


@pytest.mark.parametrize(
    ("announced", "status"),
    [
        pytest.param("application/json", 200, id="MEH-GEN-04-json"),
        pytest.param("Application/JSON; charset=utf-8", 200, id="MEH-GEN-04-with-a-parameter"),
        pytest.param("application/vnd.mehery+json", 200, id="MEH-GEN-04-a-kind-of-json"),
        pytest.param(None, 200, id="MEH-GEN-04-nothing-announced"),
        pytest.param("text/plain", 415, id="MEH-GEN-04-text"),
        pytest.param("application/x-www-form-urlencoded", 415, id="MEH-GEN-04-a-form"),
        pytest.param("+json", 415, id="MEH-GEN-04-half-a-type"),
        pytest.param("", 415, id="MEH-GEN-04-a-blank"),
    ],
)
async def test_meh_gen_04(tenant: Tenant, announced: str | None, status: int) -> None:
    """A body is announced as JSON or a kind of it, or not at all."""
    headers = tenant.key() if announced is None else {**tenant.key(), "content-type": announced}
    response = await tenant.http.post(
        PREFIX + "/event/push", content=b'{"eventName":"X","id":"1"}', headers={"accept": "text/html", **headers}
    )
    assert response.status_code == status
    if status == 415:
        assert refusal(response) == (
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "MEH-GEN-04",
            [("UNSUPPORTED_MEDIA_TYPE", None)],
        )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="MEH-GEN-05-nothing"),
        pytest.param(b"{", id="MEH-GEN-05-half-an-object"),
        pytest.param(b"[]", id="MEH-GEN-05-an-array"),
        pytest.param(b"null", id="MEH-GEN-05-null"),
        pytest.param(b'"text"', id="MEH-GEN-05-a-string"),
        pytest.param(b'{"id": NaN}', id="MEH-GEN-05-no-json-number"),
        pytest.param(b'{"id":"\xff"}', id="MEH-GEN-05-not-utf-8"),
        pytest.param(b'{"id":"\\ud800"}', id="MEH-GEN-05-half-a-surrogate-pair"),
        pytest.param(b"[" * 50_000, id="MEH-GEN-05-too-deep"),
        pytest.param(b'{"id":' + b"9" * 50_000 + b"}", id="MEH-GEN-05-too-long-a-number"),
    ],
)
async def test_meh_gen_05(tenant: Tenant, body: bytes) -> None:
    """A body that is no JSON object is refused as a whole."""
    response = await tenant.post("/event/push", body)
    assert refusal(response) == (400, "PARAM_INVALID", "MEH-GEN-05", [("MALFORMED_JSON", None)])


@pytest.mark.parametrize(
    ("size", "status"),
    [
        pytest.param(1024 * 1024, 200, id="MEH-GEN-06-exactly-a-mebibyte"),
        pytest.param(1024 * 1024 + 1, 413, id="MEH-GEN-06-a-byte-more"),
    ],
)
async def test_meh_gen_06(tenant: Tenant, size: int, status: int) -> None:
    """A body has at most 1 MiB."""
    start, end = b'{"eventName":"X","id":"', b'"}'
    response = await tenant.post("/event/push", start + b"x" * (size - len(start) - len(end)) + end)
    assert response.status_code == status
    if status == 413:
        assert refusal(response) == (413, "PAYLOAD_TOO_LARGE", "MEH-GEN-06", [("PAYLOAD_TOO_LARGE", None)])


async def test_meh_gen_07(tenant: Tenant) -> None:
    """MEH-GEN-07: unknown keys and query parameters are ignored without a word."""
    many = {f"x{number}": number for number in range(100_000 // 8)}
    body = {"eventName": "X", "id": "1", "note": "hello", "headers": {"a": 1}, **many}
    answered = (await tenant.post("/event/push?colour=blue", body)).json()
    assert (answered["warnings"], answered["data"]) == ([], {"eventName": "X", "id": "1", "links": []})


@pytest.mark.parametrize(
    ("given", "text"),
    [
        pytest.param(919988776655, "919988776655", id="MEH-GEN-08-a-phone"),
        pytest.param(10.5, "10.5", id="MEH-GEN-08-a-fraction"),
        pytest.param(True, "true", id="MEH-GEN-08-a-boolean"),
        pytest.param(0, "0", id="MEH-GEN-08-zero"),
        pytest.param(-7, "-7", id="MEH-GEN-08-negative"),
        pytest.param(10**30, "1" + "0" * 30, id="MEH-GEN-08-a-huge-number"),
        pytest.param("12", "12", id="MEH-GEN-08-a-string"),
        pytest.param({}, None, id="MEH-GEN-08-an-object-is-none"),
        pytest.param([], None, id="MEH-GEN-08-an-array-is-none"),
        pytest.param(float("inf"), None, id="MEH-GEN-08-what-json-cannot-print-is-none"),
    ],
)
def test_meh_gen_08_strings(given: Any, text: str | None) -> None:
    """Where the document says string, numbers and booleans turn into their JSON text."""
    assert reading.text(given) == text


@pytest.mark.parametrize(
    ("given", "value"),
    [
        pytest.param(True, True, id="MEH-GEN-08-true"),
        pytest.param(False, False, id="MEH-GEN-08-false"),
        pytest.param("true", True, id="MEH-GEN-08-the-word-true"),
        pytest.param("FALSE", False, id="MEH-GEN-08-the-word-false-in-capitals"),
        pytest.param("yes", None, id="MEH-GEN-08-another-word-is-none"),
        pytest.param(1, None, id="MEH-GEN-08-a-number-is-no-boolean"),
    ],
)
def test_meh_gen_08_booleans(given: Any, value: bool | None) -> None:
    """Where the document says boolean, the words true and false will do."""
    assert reading.truth(given) is value


@pytest.mark.parametrize(
    ("given", "value"),
    [
        pytest.param(7, 7, id="MEH-GEN-08-an-integer"),
        pytest.param(7.0, 7, id="MEH-GEN-08-an-integral-fraction"),
        pytest.param("7", 7, id="MEH-GEN-08-digits"),
        pytest.param("-7", -7, id="MEH-GEN-08-negative-digits"),
        pytest.param(2**63 - 1, 2**63 - 1, id="MEH-GEN-08-the-largest"),
        pytest.param(2**63, None, id="MEH-GEN-08-one-more-than-the-largest"),
        pytest.param(-(2**63), -(2**63), id="MEH-GEN-08-the-smallest"),
        pytest.param(str(2**63), None, id="MEH-GEN-08-digits-of-one-more"),
        pytest.param(7.5, None, id="MEH-GEN-08-a-true-fraction-is-none"),
        pytest.param("7.0", None, id="MEH-GEN-08-a-fraction-in-words-is-none"),
        pytest.param("٧", None, id="MEH-GEN-08-other-digits-are-none"),
        pytest.param(True, None, id="MEH-GEN-08-a-boolean-is-none"),
        pytest.param(float("inf"), None, id="MEH-GEN-08-infinity-is-none"),
        pytest.param("9" * 100_000, None, id="MEH-GEN-08-a-hundred-thousand-digits-are-none"),
    ],
)
def test_meh_gen_08_integers(given: Any, value: int | None) -> None:
    """Where the document says int64, integral numbers and strings of digits will do."""
    assert reading.integer(given) == value


INNER = Schema("Inner", (Field("a", required=True), Field("kind", enum=("ONE", "TWO"))))
OUTER = Schema(
    "Outer",
    (
        Field("id", required=True),
        Field("flag", "boolean"),
        Field("at", "int64"),
        Field("data", "object"),
        Field("raw", "any"),
        Field("inner", INNER),
        Field("many", INNER, is_list=True),
        Field("words", is_list=True),
    ),
)


@pytest.mark.parametrize(
    ("body", "stage", "entries"),
    [
        pytest.param({"id": []}, "types", [("FIELD_TYPE_MISMATCH", "id")], id="MEH-GEN-08-an-array-for-a-string"),
        pytest.param({"id": "1", "flag": 2}, "types", [("FIELD_TYPE_MISMATCH", "flag")], id="MEH-GEN-08-no-boolean"),
        pytest.param({"id": "1", "data": 2}, "types", [("FIELD_TYPE_MISMATCH", "data")], id="MEH-GEN-08-no-object"),
        pytest.param({"id": "1", "inner": 2}, "types", [("FIELD_TYPE_MISMATCH", "inner")], id="MEH-GEN-08-no-schema"),
        pytest.param({"id": "1", "many": {}}, "types", [("FIELD_TYPE_MISMATCH", "many")], id="MEH-GEN-08-no-array"),
        pytest.param(
            {"id": {}, "at": "x", "words": [1, []]},
            "types",
            [("FIELD_TYPE_MISMATCH", "id"), ("FIELD_TYPE_MISMATCH", "at"), ("FIELD_TYPE_MISMATCH", "words[1]")],
            id="MEH-GEN-01-all-of-a-stage-are-told",
        ),
        pytest.param({}, "missing", [("FIELD_MISSING", "id")], id="MEH-GEN-10-absent"),
        pytest.param({"id": None}, "missing", [("FIELD_MISSING", "id")], id="MEH-GEN-09-null-is-absent"),
        pytest.param({"id": " \t"}, "blank", [("FIELD_MISSING", "id")], id="MEH-GEN-09-blank-is-absent"),
        pytest.param(
            {"inner": {}, "many": [{"a": 1}, {}]},
            "missing",
            [("FIELD_MISSING", "id"), ("FIELD_MISSING", "inner.a"), ("FIELD_MISSING", "many[1].a")],
            id="MEH-GEN-10-inside-others",
        ),
        pytest.param({"flag": 2}, "types", [("FIELD_TYPE_MISMATCH", "flag")], id="MEH-GEN-01-types-before-required"),
        pytest.param(
            {"id": "1", "inner": {"a": 1, "kind": "three"}},
            "values",
            [("VALUE_NOT_ALLOWED", "inner.kind")],
            id="MEH-GEN-11-none-of-the-values",
        ),
    ],
)
def test_meh_gen_08_to_11(body: dict[str, Any], stage: str, entries: list[tuple[str, str]]) -> None:
    """Faults are told by stage: types, then what is missing, then values."""
    faults = Faults("Outer")
    reading.read(body, OUTER, "", faults)
    with pytest.raises(RefusalError) as refused:
        faults.refuse()
    error = refused.value
    assert [(entry.key, entry.field) for entry in error.faults] == entries
    assert (error.spec.code, error.rule) == {
        "types": ("PARAM_TYPE_MISMATCH", "MEH-GEN-08"),
        "missing": ("PARAM_MISSING", "MEH-GEN-10"),
        "blank": ("PARAM_MISSING", "MEH-GEN-09"),
        "values": ("PARAM_INVALID", "MEH-GEN-11"),
    }[stage]
    assert all(entry.possible == (("ONE", "TWO") if stage == "values" else ()) for entry in error.faults)


def test_meh_gen_11_letter_case() -> None:
    """A value of an enumeration is stored as the document spells it, and what is null or unknown falls away."""
    faults = Faults("Outer")
    body = {
        "id": 1,
        "inner": {"a": True, "kind": "two"},
        "many": [None, {"a": "x"}],
        "flag": None,
        "more": 1,
        "raw": 2.5,
    }
    read = reading.read(body, OUTER, "", faults)
    faults.refuse()
    assert read == {"id": "1", "inner": {"a": "true", "kind": "TWO"}, "many": [{"a": "x"}], "raw": 2.5}


def test_meh_gen_01_a_hundred_faults_are_enough() -> None:
    """Of a hundred thousand faults the first hundred are told."""
    faults = Faults("Outer")
    reading.read({"id": "1", "words": [[]] * 100_000}, OUTER, "", faults)
    with pytest.raises(RefusalError) as refused:
        faults.refuse()
    assert len(refused.value.faults) == 100


# the order of the checks


@pytest.mark.parametrize(
    ("headers", "body", "status", "rule"),
    [
        pytest.param({}, b"x" * (1 << 21), 401, "MEH-AUTH-01", id="MEH-GEN-01-key-before-type-and-size"),
        pytest.param({"key": "", "content-type": "text/plain"}, b"x" * (1 << 21), 415, "MEH-GEN-04", id="MEH-GEN-01-type-before-size"),
        pytest.param({"key": ""}, b"x" * (1 << 21), 413, "MEH-GEN-06", id="MEH-GEN-01-size-before-json"),
        pytest.param({"key": ""}, b"{", 400, "MEH-GEN-05", id="MEH-GEN-01-json-before-types"),
        pytest.param({"key": ""}, b'{"lang": []}', 400, "MEH-GEN-08", id="MEH-GEN-01-types-before-what-is-missing"),
        pytest.param({"key": ""}, b'{"lang": "xx"}', 400, "MEH-GEN-10", id="MEH-GEN-01-missing-before-values"),
        pytest.param({"key": ""}, b'{"lang": "xx", "contactId": "x"}', 400, "MEH-PREF-02", id="MEH-GEN-01-values-before-references"),
        pytest.param({"key": ""}, b'{"lang": "en", "contactId": "x"}', 404, "MEH-PREF-01", id="MEH-GEN-01-references-last"),
    ],
)  # fmt: skip
async def test_meh_gen_01(tenant: Tenant, headers: dict[str, str], body: bytes, status: int, rule: str) -> None:
    """The first stage that fails answers."""
    sent = {name: value for name, value in headers.items() if name != "key"} | (
        tenant.key() if "key" in headers else {}
    )
    response = await tenant.post("/contact/prefs/lang", body, sent)
    assert (response.status_code, response.headers["x-sandbox-rule"]) == (status, rule)


async def test_meh_gen_01_a_fault_comes_behind_the_key(tenant: Tenant) -> None:
    """An armed status is answered to whom the key is right, before the body is looked at."""
    from sandbox.core.fault import FaultSpec

    spec = FaultSpec.model_validate({"on": "request", "effect": {"type": "status", "status": 503}})
    tenant.app.sandbox.arm(spec, tenant.account)
    assert (await tenant.post("/contact/prefs/lang", b"{", {"x-api-key": "wrong"})).status_code == 401
    response = await tenant.post("/contact/prefs/lang", b"{", {**tenant.key(), "content-type": "text/plain"})
    assert (response.status_code, response.json()["statusKey"]) == (503, "SERVICE_UNAVAILABLE")


# ids


async def test_meh_gen_15(tenant: Tenant) -> None:
    """MEH-GEN-15: the same calls after a reset give the same ids and traces."""

    async def calls() -> list[Any]:
        answers = [
            await tenant.get("/config/global/vars"),
            await tenant.post("/contact/prefs/lang", LANG),
            await tenant.get("/config/tmpl/hsm"),
        ]
        return [answer.json() for answer in answers]

    first = await calls()
    tenant.app.sandbox.reset(tenant.account)
    assert await calls() == first


async def test_meh_gen_15_another_tenant_has_a_world_of_its_own(tenant: Tenant) -> None:
    """MEH-GEN-15: tenants share the fixture world's ids and nothing else: no key, no token, no contact's language."""
    other = tenant.app.sandbox.create_account(AccountSpec(provider="mehery"))
    headers = PROVIDER.authorization(other, tenant.app.sandbox.services)
    assert headers["x-api-key"] != tenant.key()["x-api-key"]
    assert headers["x-api-id"] == "61ec7d9c2ce85742b201c5ab"
    assert (await tenant.post("/contact/prefs/lang", {**LANG, "lang": "hi"}, headers)).status_code == 200
    assert tenant.world.contacts.get(JOHN).lang is None  # type: ignore[union-attr]  # John is there
    theirs, ours = (await tenant.get("/config/tmpl/hsm", headers)).json(), (await tenant.get("/config/tmpl/hsm")).json()
    assert theirs["results"] == ours["results"]
