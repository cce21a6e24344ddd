"""Conformance: holds answers and callbacks against the OpenAPI documents that the sandbox serves of itself."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator
from pydantic_core import from_json

from sandbox.control import openapi
from sandbox.core.callback import Callback
from sandbox.providers import PROVIDERS

# Answers of an operation with the same status, or callbacks of a kind, that are looked into; all statuses are looked at.
ENOUGH = 3

Json = dict[str, Any]


@cache
def documents() -> dict[str, Json]:
    """Return every document, by the name of its provider; the control API's is called `control`."""
    found = {provider.name: from_json(openapi.of_provider(provider)) for provider in PROVIDERS}
    return {**found, "control": from_json(openapi.of_control(PROVIDERS))}


def validator(schema: Json, document: Json) -> Draft202012Validator:
    """Return what checks a value against a schema of a document."""
    return Draft202012Validator({**schema, "components": document["components"]})


def complaints(value: Any, schema: Json, document: Json) -> list[str]:
    """Return what of a value is not as the schema says."""
    return [f"{error.json_path}: {error.message[:300]}" for error in validator(schema, document).iter_errors(value)]


def resolved(thing: Json, document: Json) -> Json:
    """Return what a reference leads to; anything else as it is."""
    while "$ref" in thing:
        found: Any = document
        for step in thing["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        thing = found
    return thing


@cache
def _places() -> list[tuple[re.Pattern[str], str, str]]:
    """Return every path as a pattern, with the document it stands in; those without named parts first."""
    found = []
    for name, document in documents().items():
        for path, item in document["paths"].items():
            aliases = [alias for operation in item.values() for alias in operation.get("x-sandbox-aliases", ())]
            for place in (path, *aliases):
                pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(place))
                found.append((re.compile(pattern), name, path))
    return sorted(found, key=lambda place: "[^/]+" in place[0].pattern)


class Conformance:
    """Looks at answers as they come; what no document tells of (another path, another method, a fault) passes."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, ...]] = Counter()

    def check(self, response: httpx.Response) -> None:
        """Raise `AssertionError` if an answer is not as its document says."""
        request = response.request
        method, path = request.method.lower(), request.url.raw_path.partition(b"?")[0].decode("ascii")
        name, template = next(
            ((name, path_) for pattern, name, path_ in _places() if pattern.fullmatch(path)), ("", "")
        )
        if not name or "x-sandbox-fault" in response.headers:
            return
        document = documents()[name]
        # The control API answers HEAD as GET without a body; to providers it is another method.
        operation = document["paths"][template].get("get" if (name, method) == ("control", "head") else method)
        if operation is None:
            return
        status = str(response.status_code)
        assert status in operation["responses"], f"{method} {template} has no answer {status}: {response.text[:500]}"
        if method != "head" and self._is_worth_it(name, operation["operationId"], status):
            self._look_into(response, resolved(operation["responses"][status], document), document)

    def check_callback(self, callback: Callback) -> None:
        """Raise `AssertionError` if a callback that went out is not as its document says; one that was tweaked passes."""
        document = documents().get(callback.account.provider)
        encoded = callback.encoded
        if document is None or encoded is None or callback.corrupt or callback.unknown_fields or callback.tweak:
            return
        kind = "action" if callback.kind.startswith("action.") else callback.kind
        assert kind in document["webhooks"], f"{callback.account.provider} has no webhook {kind}"
        if not self._is_worth_it(callback.account.provider, kind):
            return
        content = document["webhooks"][kind]["post"]["requestBody"]["content"]
        schema = content[encoded.content_type.partition(";")[0]]["schema"]
        decoded: Any = encoded.decoded
        if encoded.parts is not None:
            schema = schema["properties"]["message"]
        found = complaints(
            from_json(encoded.body if encoded.parts is None else encoded.parts[0].content), schema, document
        )
        assert found == []
        if encoded.base64_at:
            message, data = encoded.base64_at
            inner = schema["allOf"][1]["properties"][message]["properties"][data]["contentSchema"]
            assert complaints(decoded[message][data], inner, document) == []

    def _is_worth_it(self, *place: str) -> bool:
        self._seen[place] += 1
        return self._seen[place] <= ENOUGH

    @staticmethod
    def _look_into(response: httpx.Response, answer: Json, document: Json) -> None:
        content = answer.get("content", {})
        if not response.content:
            assert not content, "there is no body"
            return
        kind = response.headers["content-type"].partition(";")[0]
        assert kind in content or "*/*" in content, f"{kind} is none of {', '.join(content)}"
        if "json" in kind:
            found = complaints(response.json(), content.get(kind, content.get("*/*", {})).get("schema", {}), document)
            assert found == []
