"""The OpenAPI documents are valid, whole, and true to their own examples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from conformance import complaints, documents
from harness import account_of
from sandbox.app import App
from sandbox.control.app import ROUTES
from sandbox.control.described import Described
from sandbox.core.fault import Status
from sandbox.core.headers import Headers
from sandbox.core.operation import Operation, RawRequest
from sandbox.core.provider import Provider
from sandbox.providers import PROVIDERS
from sandbox.shipped import folder

pytestmark = pytest.mark.anyio

NAMES = (*(provider.name for provider in PROVIDERS), "control")

providers = pytest.mark.parametrize("provider", [pytest.param(provider, id=provider.name) for provider in PROVIDERS])


@pytest.mark.parametrize("name", NAMES)
async def test_a_document_is_served(http: httpx.AsyncClient, name: str) -> None:
    """Each is valid OpenAPI 3.1, and every reference in it leads somewhere."""
    path = "/_sandbox/openapi.json" if name == "control" else f"/_sandbox/openapi/{name}.json"
    response = await http.get(path)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    document = response.json()
    assert document["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


async def test_an_unknown_provider_has_none(http: httpx.AsyncClient) -> None:
    """Whoever asks for the document of a provider that is not there is told so."""
    response = await http.get("/_sandbox/openapi/pigeon.json")
    assert response.status_code == 404
    assert "no provider 'pigeon'" in response.json()["detail"]


# --------------------------------------------------------------------------------------------------- emulated APIs


@providers
def test_every_operation_and_callback_is_described(provider: Provider) -> None:
    """Paths and webhooks are the operations and kinds of the provider, each with what it answers or holds."""
    document, told = documents()[provider.name], provider.describe(folder("fixtures"))
    operations = {each["operationId"] for item in document["paths"].values() for each in item.values()}
    assert operations == {operation.id for operation in provider.operations} == set(told.operations)
    assert tuple(document["webhooks"]) == provider.callback_kinds
    for kind, item in document["webhooks"].items():
        (content,) = item["post"]["requestBody"]["content"].values()
        assert content["schema"], kind
        assert item["post"]["x-sandbox-rules"], kind


@providers
def test_every_rule_that_refuses_is_told(provider: Provider) -> None:
    """A rule that answers a request stands with an answer of some operation, but those for what is no operation."""
    document = documents()[provider.name]
    told = {
        rule["id"]
        for item in document["paths"].values()
        for operation in item.values()
        for answer in operation["responses"].values()
        for rule in answer.get("x-sandbox-rules", ())
    }
    refusing = {rule.id for rule in provider.rules if rule.error is not None}
    of_no_operation = (
        {provider.not_found("/").rule, provider.method_not_allowed(()).rule} if provider.operations else set()
    )
    assert refusing - told <= of_no_operation
    assert told <= refusing


def examples(document: dict[str, Any]) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Yield every example of a document, with its place and its schema."""
    for group in ("paths", "webhooks"):
        for path, item in document.get(group, {}).items():
            for operation in item.values():
                bodies = {"body": operation.get("requestBody", {}), **operation["responses"]}
                for place, body in bodies.items():
                    for content in body.get("content", {}).values():
                        for name, example in content.get("examples", {}).items():
                            yield f"{path} {place} {name}", example["value"], content["schema"]


# How many examples the documents print, and one for each status of a refusal with a body.
@pytest.mark.parametrize(
    ("name", "least"),
    [
        pytest.param("link", 11 + 11 + 7, id="link"),
        pytest.param("webex-connect", 38 + 16, id="webex-connect"),
        pytest.param("mehery", 11, id="mehery"),
        pytest.param("rbm", 2, id="rbm"),
    ],
)
def test_examples_are_as_their_schemas_say(name: str, least: int) -> None:
    """Every documented example, and every refusal as the provider's own code renders it, fits its schema."""
    document = documents()[name]
    found = list(examples(document))
    assert len(found) >= least
    wrong = [(place, lines) for place, value, schema in found if (lines := complaints(value, schema, document))]
    assert wrong == []


def sample_calls() -> Iterator[Any]:
    """Yield every documented request, with its operation."""
    for provider in PROVIDERS:
        operations = {operation.id: operation for operation in provider.operations}
        for number, sample in enumerate(provider.describe(folder("fixtures")).samples, 1):
            if sample.of in operations:
                yield pytest.param(provider, operations[sample.of], sample.body, id=f"{sample.of}-{number}")


@pytest.mark.parametrize(("provider", "operation", "body"), [*sample_calls()])
async def test_a_documented_request_is_answered_as_described(
    app: App, http: httpx.AsyncClient, provider: Provider, operation: Operation, body: Any
) -> None:
    """What the documents print is answered with a declared status and body: `http` looks at every answer."""
    account = next(account for account in app.sandbox.accounts if account.provider is provider)
    path = operation.path.format(msisdn="+491234567890")
    headers = provider.authorization(account, app.sandbox.services)
    query = {"messageId": "33ac5cb2-b2ea-4ba7-8ee6-1283caa1cf25"} if "{msisdn}" in operation.path else {}
    response = await http.request(operation.method, path, json=body, headers=headers, params=query)
    assert response.status_code != 401


@pytest.mark.parametrize(
    ("account_id", "operation", "answers"),
    [
        pytest.param("acc_link", "sendMessage", {400, 401, 500, 503}, id="link"),
        pytest.param("acc_mehery", "messageSend", {429, 500, 503}, id="mehery"),
    ],
)
async def test_what_magic_addresses_answer_is_declared(
    app: App, account_id: str, operation: str, answers: set[int]
) -> None:
    """An address that answers in the place of the provider does so with a status that stands with the operation."""
    account = account_of(app, account_id)
    met = set()
    for magic in account.provider.magic:
        if magic.effect is not None:
            request = RawRequest("POST", "/", b"", Headers([]), b"", {"msisdn": magic.address})
            effect = magic.effect(request, account)
            if isinstance(effect, Status):
                met.add(effect.status)
    document = documents()[account.provider.name]
    (described,) = (
        each for item in document["paths"].values() for each in item.values() if each["operationId"] == operation
    )
    assert met == answers
    assert {str(status) for status in met} <= set(described["responses"])


# ----------------------------------------------------------------------------------------------------- control API

CALLS = [
    pytest.param(path, method, handler, id=f"{method}-{path}")
    for path, handlers in ROUTES
    for method, handler in handlers.items()
]


@pytest.mark.parametrize(("path", "method", "handler"), CALLS)
def test_every_call_is_described(path: str, method: str, handler: Any) -> None:
    """A line in the table of routes has a handler that says what it does, and what it answers unless that is nothing."""
    assert isinstance(handler, Described), "put @described(...) above it"
    operation = documents()["control"]["paths"][path][method.lower()]
    assert operation["summary"].endswith(".")
    for status in handler.statuses:
        assert ("content" in operation["responses"][str(status)]) == (status not in (204, 307))
    assert {"422", "403"} <= set(operation["responses"])


def test_operations_have_names_of_their_own() -> None:
    """No two calls have one `operationId`."""
    names = [each["operationId"] for item in documents()["control"]["paths"].values() for each in item.values()]
    assert len(names) == len(CALLS)
    assert len(set(names)) == len(names)


def test_settings_and_credentials_are_described() -> None:
    """What an account of a provider may be set to stands there, with what its docstring says of each."""
    schemas = documents()["control"]["components"]["schemas"]
    settings = {choice["$ref"].rpartition("/")[2] for choice in schemas["Account"]["properties"]["settings"]["anyOf"]}
    assert settings == {provider.account_settings.__name__ for provider in PROVIDERS}
    assert schemas["LinkSettings"]["properties"]["expires_in"]["description"] == "lifetime of a token, in seconds."
    assert "LinkSettings" in schemas["AccountSpec"]["properties"]["settings"]["description"]


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        pytest.param({"account": "acc_link", "user": "+491234567890", "type": "say", "text": "Hi"}, True, id="say"),
        pytest.param({"user": "+491234567890", "type": "tap", "suggestion": {"index": 0}}, True, id="tap"),
        pytest.param({"user": "+491234567890", "type": "tap"}, False, id="tap-what"),
        pytest.param({"type": "say", "text": "Hi"}, False, id="nobody"),
        pytest.param({"user": "+491234567890", "do": "say", "text": "Hi"}, False, id="as-in-a-scenario"),
        pytest.param({"user": "+491234567890", "type": "say", "text": "Hi", "after": 1}, False, id="after"),
    ],
)
def test_actions_are_described_as_they_are_taken(body: dict[str, Any], fits: bool) -> None:
    """An action has a `type` and a `user`, and no `after`: that is for scenarios."""
    document = documents()["control"]
    content = document["paths"]["/_sandbox/actions"]["post"]["requestBody"]["content"]["application/json"]
    assert (complaints(body, content["schema"], document) == []) is fits


# --------------------------------------------------------------------------------------------- requests of providers


@pytest.mark.parametrize(
    ("operation", "body", "fits"),
    [
        pytest.param("sendMessage", {"messageContent": {"text": "Hi"}}, True, id="link-text"),
        pytest.param(
            "sendMessage", {"messageContent": {"text": "Hi", "colour": "red"}}, True, id="link-unknown-member"
        ),
        pytest.param("sendMessage", {"messageContent": {"text": None, "fileId": "f"}}, True, id="link-null-is-absent"),
        pytest.param("sendMessage", {"messageContent": {}}, False, id="link-no-content"),
        pytest.param("sendMessage", {"messageContent": {"text": "Hi", "fileId": "f"}}, False, id="link-two-contents"),
        pytest.param("sendMessage", {"messageContent": {"text": ""}}, False, id="link-empty-text"),
        pytest.param(
            "sendMessageV1",
            {"deliverychannel": "SMS", "destination": [{"msisdn": ["+1"]}], "channels": {"sms": {"text": "a" * 1024}}},
            True,
            id="v1-1024-characters",
        ),
        pytest.param(
            "sendMessageV1",
            {"deliverychannel": "sms", "destination": [{"msisdn": ["+1"]}], "channels": {"sms": {"text": "a" * 1025}}},
            False,
            id="v1-1025-characters",
        ),
        pytest.param("sendMessageV1", {"deliverychannel": "fax", "destination": [{}]}, False, id="v1-no-such-channel"),
        pytest.param("sendMessageV2", {"channel": "sms", "from": "A", "to": []}, True, id="v2-sms"),
        pytest.param("sendMessageV2", {"channel": "sms", "to": []}, False, id="v2-no-sender"),
        pytest.param("messageSend", {"channelId": "c", "type": "TEXT", "to": {}}, True, id="mehery-any-letter-case"),
        pytest.param("messageSend", {"channelId": "c", "type": "fax", "to": {}}, False, id="mehery-no-such-type"),
        pytest.param("sessionClose", {"sessionId": 7}, True, id="mehery-numbers-are-strings"),
        pytest.param("sessionClose", {}, False, id="mehery-missing"),
    ],
)
def test_requests_are_described_as_they_are_taken(operation: str, body: Any, fits: bool) -> None:
    """The schema of a body lets pass what the provider takes, and not what it refuses by its shape."""
    for document in documents().values():
        for item in document["paths"].values():
            for each in item.values():
                if each["operationId"] == operation:
                    (content,) = each["requestBody"]["content"].values()
                    assert (complaints(body, content["schema"], document) == []) is fits
                    return
    raise LookupError(operation)
