"""Answers: the forms in which the two versions tell of trouble, and the faults that make some."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

import v1_requests
import v2_requests
from harness import broken_rule
from sandbox.core.fault import FaultSpec
from sandbox.providers.webex_connect import PROVIDER
from webex_service import PERSON, V1, V2, Service

Body = dict[str, Any]


def arm(service: Service, effect: Body, **match: Any) -> None:
    """Arm a fault for the service."""
    spec = FaultSpec.model_validate({"on": "request", "effect": effect, "match": match})
    service.app.sandbox.arm(spec, service.account)


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        pytest.param("GET", V1, 405, "POST", id="WX1-JSON-01-get"),
        pytest.param("PUT", V1, 405, "POST", id="WX1-JSON-01-put"),
        pytest.param("POST", "/resources/v1/messages", 404, None, id="WX1-JSON-01-messages-is-another-path"),
        pytest.param("POST", "/resources/v2/messaging", 404, None, id="WX1-JSON-01-another-version"),
        pytest.param("GET", V2, 405, "POST", id="WX2-JSON-01-get"),
        pytest.param("POST", f"{V2}/1", 405, "GET", id="WX2-JSON-01-post-to-a-message"),
        pytest.param("POST", "/v2/message", 404, None, id="WX2-JSON-01-another-path"),
    ],
)
async def test_other_paths_and_methods(
    service: Service, method: str, path: str, status: int, allow: str | None
) -> None:
    """Other methods are an empty 405 that says what is allowed, other paths an empty 404; no key is asked for."""
    response = await service.http.request(method, path)
    assert (response.status_code, response.content, response.headers.get("allow")) == (status, b"", allow)


@pytest.mark.parametrize("wish", [200, 400])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(b"{", "7000", id="WX1-JSON-01"),
        pytest.param(v1_requests.sms({"text": ""}), "7003", id="WX1-SMS-01"),
        pytest.param(v1_requests.sms({"type": "9"}), "7004", id="WX1-SMS-03"),
    ],
)
async def test_v1_error(service: Service, wish: int, body: Any, code: str) -> None:
    """v1 tells of an error in an object inside 200, or 400 if the account wants it so; success stays 200."""
    service.configure(v1_error_http_status=wish)
    response = await service.v1(body)
    answer = response.json()["response"]
    assert (response.status_code, list(answer)) == (wish, ["code", "description", "transid"])
    assert answer["code"] == code
    assert str(UUID(answer["transid"])) == answer["transid"]
    assert response.headers["content-type"] == "application/json"
    assert (await service.v1(v1_requests.sms())).status_code == 200


def test_v1_error_status_is_one_of_two() -> None:
    """No other status can be chosen for v1's errors."""
    with pytest.raises(ValidationError, match="200 or 400"):
        PROVIDER.account_settings.model_validate({"v1_error_http_status": 422})


async def test_v2_error(service: Service) -> None:
    """WX2-ENV-01: v2 tells of an error with 400, code and message."""
    response = await service.v2({})
    assert (response.status_code, broken_rule(response)) == (400, "WX2-ENV-01")
    assert response.json() == {"code": "7003", "message": "Mandatory parameter missing - channel"}
    assert response.headers["content-type"] == "application/json;charset=ISO-8859-1"


@pytest.mark.parametrize(
    ("version", "effect", "status", "code"),
    [
        pytest.param("v1", {"type": "code", "code": "7006"}, 200, "7006", id="WX1-SVC-02-code"),
        pytest.param("v1", {"type": "code", "code": "7020"}, 200, "7020", id="WX1-SVC-02-7020"),
        pytest.param("v1", {"type": "code", "code": "7007"}, 200, "7007", id="WX1-SVC-02-7007"),
        pytest.param("v1", {"type": "code", "code": "7041"}, 200, "7041", id="WX1-SVC-02-of-v2-alone"),
        pytest.param("v1", {"type": "status", "status": 500}, 500, "7006", id="WX1-SVC-02-500"),
        pytest.param("v1", {"type": "status", "status": 503}, 503, "7006", id="WX1-SVC-02-503"),
        pytest.param("v1", {"type": "status", "status": 429}, 429, "7020", id="WX1-SVC-02-429"),
        pytest.param("v1", {"type": "status", "status": 401}, 401, "7001", id="WX1-SVC-02-401"),
        pytest.param("v1", {"type": "status", "status": 404}, 404, None, id="WX1-SVC-02-404"),
        pytest.param("v1", {"type": "status", "status": 418}, 418, "7004", id="WX1-SVC-02-418"),
        pytest.param("v1", {"type": "rate_limit", "per_second": 1}, 200, "7020", id="WX1-RATE-02-rate-limit"),
        pytest.param("v2", {"type": "code", "code": "7006"}, 500, "7006", id="WX2-SVC-02-code"),
        pytest.param("v2", {"type": "code", "code": "7020"}, 429, "7020", id="WX2-SVC-02-7020"),
        pytest.param("v2", {"type": "code", "code": "7001"}, 401, None, id="WX2-SVC-02-7001"),
        pytest.param("v2", {"type": "code", "code": "7722"}, 400, "7722", id="WX2-SVC-02-of-v1-alone"),
        pytest.param("v2", {"type": "status", "status": 500}, 500, "7006", id="WX2-SVC-02-500"),
        pytest.param("v2", {"type": "status", "status": 401}, 401, None, id="WX2-SVC-02-401"),
        pytest.param("v2", {"type": "status", "status": 404}, 404, None, id="WX2-SVC-02-404"),
        pytest.param("v2", {"type": "status", "status": 409}, 409, "7004", id="WX2-SVC-02-409"),
        pytest.param("v2", {"type": "rate_limit", "per_second": 1}, 429, "7020", id="WX2-RATE-01-rate-limit"),
    ],
)
async def test_faults(service: Service, version: str, effect: Body, status: int, code: str | None) -> None:
    """An armed fault answers in the form of the version that it meets, and names itself instead of a rule."""
    arm(service, effect)
    send = service.v1 if version == "v1" else service.v2
    body = v1_requests.sms() if version == "v1" else v2_requests.sms()
    if effect["type"] == "rate_limit":
        await send(body)
    sent = len(service.messages)
    response = await send(body)
    assert (response.status_code, broken_rule(response)) == (status, None)
    assert response.headers["x-sandbox-fault"].startswith("flt_")
    assert len(service.messages) == sent
    if code is None:
        assert response.content == b""
    elif version == "v1":
        assert response.json()["response"]["code"] == code
    else:
        assert response.json()["code"] == code
        assert ("x-rate-limit-remaining" in response.headers) == (status == 429)


async def test_fault_with_a_body(service: Service) -> None:
    """A fault may bring the body itself."""
    arm(service, {"type": "status", "status": 502, "body": {"oops": [1]}})
    response = await service.v2(v2_requests.sms())
    assert (response.status_code, response.json()) == (502, {"oops": [1]})


@pytest.mark.parametrize("code", ["7999", "1001", "", "x"])
async def test_no_such_code(service: Service, code: str) -> None:
    """A code that neither version knows cannot be armed, and the answer says which can."""
    with pytest.raises(ValueError, match="7000, 7001"):
        arm(service, {"type": "code", "code": code})


@pytest.mark.parametrize(
    ("match", "version", "body", "strikes"),
    [
        pytest.param({"user": PERSON}, "v1", v1_requests.sms(), True, id="WX1-SVC-02-this-person"),
        pytest.param({"user": "+4477*"}, "v2", v2_requests.sms(), True, id="WX2-SVC-02-people-like-this"),
        pytest.param({"user": "+49*"}, "v1", v1_requests.sms(), False, id="WX1-SVC-02-somebody-else"),
        pytest.param(
            {"user": "+447700900999"},
            "v1",
            v1_requests.request("sms", {"sms": {"text": "Hi"}}, PERSON, "44 7700 900999"),
            True,
            id="WX1-SVC-02-one-of-many",
        ),
        pytest.param(
            {"user": "*@example.com"},
            "v2",
            v2_requests.email(to=[{"email": ["A@Example.com"]}]),
            True,
            id="WX2-SVC-02-mail",
        ),
        pytest.param({"operation": "sendMessageV1"}, "v2", v2_requests.sms(), False, id="WX2-SVC-02-another-operation"),
        pytest.param({"operation": "sendMessage*"}, "v2", v2_requests.sms(), True, id="WX2-SVC-02-both-operations"),
        pytest.param({"user": PERSON}, "v1", b"{", False, id="WX1-SVC-02-no-json"),
        pytest.param(
            {"user": PERSON}, "v1", [[[]], 5, {"destination": [5, {"msisdn": 5}]}], False, id="WX1-SVC-02-odd"
        ),
        pytest.param({"user": PERSON}, "v2", {"to": [{"msisdn": [5]}, 5]}, False, id="WX2-SVC-02-odd"),
        pytest.param({"user": PERSON}, "v2", b"[]", False, id="WX2-SVC-02-an-array"),
    ],
)
async def test_faults_for_people(service: Service, match: Body, version: str, body: Any, *, strikes: bool) -> None:
    """A fault may be for people, whom the body names: it strikes if one of them is meant."""
    arm(service, {"type": "status", "status": 503}, **match)
    response = await (service.v1 if version == "v1" else service.v2)(body)
    assert (response.status_code == 503) is strikes


async def test_lost_answer(service: Service) -> None:
    """WX1-DEST-07: where the answer is lost, a client that tries again sends twice: no idempotency is documented."""
    arm(service, {"type": "drop_answer"})
    with pytest.raises(ConnectionResetError):
        await service.v1(v1_requests.sms())
    assert len(service.messages) == 1


@pytest.mark.parametrize(
    ("version", "code"),
    [pytest.param("v1", "7004", id="WX1-JSON-01-v1"), pytest.param("v2", "7004", id="WX2-JSON-01-v2")],
)
async def test_too_large(service: Service, version: str, code: str) -> None:
    """A body over 1 MiB is 413 in the version's form, once the key is good."""
    send = service.v1 if version == "v1" else service.v2
    response = await send(b" " * (1024 * 1024 + 1))
    told = response.json()["response"] if version == "v1" else response.json()
    assert (response.status_code, told["code"]) == (413, code)
    assert (await send(b" " * (1024 * 1024))).status_code == (200 if version == "v1" else 400)


async def test_journal(service: Service) -> None:
    """A refused request is journaled with its rule, the line of the right document, and the account."""
    await service.v1(v1_requests.sms({"text": ""}))
    await service.v2(v2_requests.sms({"text": ""}))
    items = (await service.http.get("/_sandbox/requests", params={"account": "acc_webex_connect"})).json()["items"]
    assert [(item["rule"], item["source"]) for item in items] == [
        ("WX1-SMS-01", "001_dd3e958a9a894ff5.txt:202"),
        ("WX2-SMS-02", "004_41c4b639e6b3e426.txt:524"),
    ]
    assert [item["operation"] for item in items] == ["sendMessageV1", "sendMessageV2"]
    shown = items[0]["headers"]["key"]
    assert service.key["key"] not in str(shown)


def test_rules_of_both() -> None:
    """The provider's rules are those of both documents."""
    ids = [rule.id for rule in PROVIDER.rules]
    assert (sum(each.startswith("WX1-") for each in ids), sum(each.startswith("WX2-") for each in ids)) == (144, 96)
