"""v1: bodies as they come over HTTP: what is JSON, and how an array is answered."""

import json
from typing import Any

import httpx
import pytest

from harness import account_of, broken_rule
from sandbox.app import App
from sandbox.core.account import Account
from sandbox.providers.webex_connect.account import credentials_of
from sandbox.sandbox import AccountChanges
from test_v1_samples import BROKEN, SAMPLES, printed
from v1_requests import sms

PATH = "/resources/v1/messaging"


@pytest.fixture
def service(app: App) -> Account:
    """The Webex Connect account."""
    return account_of(app, "acc_webex_connect")


async def post(http: httpx.AsyncClient, service: Account, body: bytes | str) -> Any:
    """Send a body as it is."""
    return await http.post(PATH, content=body, headers={"key": credentials_of(service).service_key})


def assert_no_json(response: httpx.Response) -> None:
    """Check that a body was refused as no JSON: an object inside HTTP 200."""
    assert (response.status_code, broken_rule(response)) == (200, "WX1-JSON-01"), response.text
    answer = response.json()["response"]
    assert (answer["code"], answer["description"]) == ("7000", "Invalid JSON")
    assert list(answer) == ["code", "description", "transid"]


@pytest.mark.parametrize("name", sorted(BROKEN), ids=lambda name: f"WX1-JSON-01-{name}")
async def test_a_sample_copied_from_the_document(http: httpx.AsyncClient, service: Account, name: str) -> None:
    """With its comments and broken braces it is no JSON; nothing is sent."""
    assert_no_json(await post(http, service, printed(name)))
    assert not service.journal.messages


async def test_the_samples_repaired(app: App, http: httpx.AsyncClient, service: Account) -> None:
    """WX1-JSON-01: each is queued for each of its destinations, even by a strict service."""
    app.sandbox.change_account(service, AccountChanges(settings={"strict_unknown_fields": True}))
    for sample in SAMPLES.values():
        response = await post(http, service, json.dumps(sample["request"]))
        assert (response.status_code, broken_rule(response)) == (200, None), response.text
        queued = response.json()["response"]
        assert {entry["code"] for entry in queued} == {"1001"}
        assert len(queued) == sum(len(values) for values in _values(sample["request"]))


def _values(request: Any) -> list[list[str]]:
    return [values for entry in request["destination"] for key, values in entry.items() if key != "correlationid"]


GOOD = json.dumps(sms())


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="WX1-JSON-01-empty"),
        pytest.param(b" \n", id="WX1-JSON-01-blank"),
        pytest.param(GOOD[:-1], id="WX1-JSON-01-cut-off"),
        pytest.param(GOOD + "}", id="WX1-JSON-01-a-brace-too-many"),
        pytest.param(GOOD[:-1] + ",}", id="WX1-JSON-01-trailing-comma"),
        pytest.param("// comment\n" + GOOD, id="WX1-JSON-01-comment"),
        pytest.param(GOOD.replace('"', "“", 1), id="WX1-JSON-01-typographic-quote"),
        pytest.param(GOOD.replace('"', "'"), id="WX1-JSON-01-single-quotes"),
        pytest.param(GOOD.replace('"Hello"', "NaN"), id="WX1-JSON-01-NaN"),
        pytest.param(GOOD.replace('"Hello"', "-Infinity"), id="WX1-JSON-01-Infinity"),
        pytest.param(GOOD.replace('"Hello"', r'"\ud800"'), id="WX1-JSON-01-lone-surrogate"),
        pytest.param(GOOD.replace('"Hello"', '"a\nb"'), id="WX1-JSON-01-line-end-in-a-string"),
        pytest.param(GOOD.replace('"Hello"', "1" * 5000), id="WX1-JSON-01-number-without-end"),
        pytest.param(GOOD.encode().replace(b"Hello", b"\xff\xfe"), id="WX1-JSON-01-no-UTF-8"),
        pytest.param(GOOD.encode("utf-16"), id="WX1-JSON-01-UTF-16"),
        pytest.param(b"\xef\xbb\xbf" + GOOD.encode(), id="WX1-JSON-01-byte-order-mark"),
        pytest.param("[" * 100_000, id="WX1-JSON-01-a-hundred-thousand-brackets"),
        pytest.param('{"a":' * 100_000, id="WX1-JSON-01-a-hundred-thousand-objects"),
        pytest.param("[" * 5000 + "]" * 5000, id="WX1-JSON-01-five-thousand-deep"),
        pytest.param("5", id="WX1-JSON-01-number"),
        pytest.param('"text"', id="WX1-JSON-01-string"),
        pytest.param("null", id="WX1-JSON-01-null"),
        pytest.param("true", id="WX1-JSON-01-boolean"),
        pytest.param("deliverychannel=sms", id="WX1-JSON-01-form"),
    ],
)
async def test_a_body_that_is_no_json(http: httpx.AsyncClient, service: Account, body: bytes | str) -> None:
    """What is not one JSON object or array in UTF-8 is refused with 7000."""
    assert_no_json(await post(http, service, body))


async def test_unusual_json(http: httpx.AsyncClient, service: Account) -> None:
    """WX1-JSON-01: blanks around it, escapes in it and a member given twice are JSON; the last of two counts."""
    body = "\r\n\t " + GOOD.replace('"Hello"', r'"x", "text": "\u0048\ud83d\ude00"') + " \n"
    response = await post(http, service, body)
    assert response.json()["response"][0]["code"] == "1001"
    (message,) = service.journal.messages
    assert message.text == "H😀"


async def test_a_number_beyond_all_numbers(http: httpx.AsyncClient, service: Account) -> None:
    """WX1-JSON-01: 1e400 is JSON; as a value it is the wrong one."""
    response = await post(http, service, GOOD.replace('"Hello"', "1e400"))
    assert (broken_rule(response), response.json()["response"]["code"]) == ("WX1-SMS-02", "7004")


async def test_an_array_over_http(http: httpx.AsyncClient, service: Account) -> None:
    """WX1-JSON-02: one flat array answers all elements in order, bad ones with their own code; good ones are queued."""
    two = sms(destination=[{"msisdn": ["+447700900001", "+447700900002"], "correlationid": "two"}])
    body = json.dumps([sms(), 5, two, sms({"text": ""})])
    response = await post(http, service, body)
    assert (response.status_code, broken_rule(response)) == (200, None)
    entries = response.json()["response"]
    assert [(entry["code"], entry["correlationid"]) for entry in entries] == [
        ("1001", ""),
        ("7004", ""),
        ("1001", "two"),
        ("1001", "two"),
        ("7003", ""),
    ]
    assert entries[4]["description"] == "Mandatory parameters missing: param 'text' missing for channel sms"
    assert len({entry["transid"] for entry in entries}) == 5
    assert len(service.journal.messages) == 3


async def test_an_empty_array_over_http(http: httpx.AsyncClient, service: Account) -> None:
    """WX1-JSON-02: it is refused as a whole, with an object."""
    response = await post(http, service, "[]")
    assert (broken_rule(response), response.json()["response"]["code"]) == ("WX1-JSON-02", "7003")


async def test_a_whole_array_is_refused_over_http(http: httpx.AsyncClient, service: Account) -> None:
    """WX1-DEST-05: beyond 1000 destinations nothing is sent, and the answer is one object."""
    half = sms(destination=[{"msisdn": ["+447700900001"] * 501}])
    response = await post(http, service, json.dumps([half, half]))
    assert (broken_rule(response), response.json()["response"]["code"]) == ("WX1-DEST-05", "7009")
    assert not service.journal.messages
