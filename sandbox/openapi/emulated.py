"""Emulated: the OpenAPI 3.1 document of one provider's API, made from its operations, rules and description."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic_core import from_json

from sandbox.core.description import CallbackDescription, Description, OperationDescription, Sample
from sandbox.core.errors import ApiError
from sandbox.core.ids import Ids
from sandbox.core.operation import Operation, Reply
from sandbox.core.provider import Provider
from sandbox.core.rule import Rule, Rulebook
from sandbox.openapi.components import Components, Json
from sandbox.shipped import folder

VERSION = "3.1.1"

_SAYS = """\
{title} as messaging-sandbox emulates it. The paths are those of the provider; a client changes scheme and host alone.

An answer that refuses names the broken rule in the header `X-Sandbox-Rule`, which is the sandbox's own; `x-sandbox-rules`
tells each with its source. A fault that somebody armed, and some magic addresses, answer anything: `X-Sandbox-Fault`.
"""
_REFUSED = "refused"
_HEADER = {"schema": {"type": "string"}}
_RULE_HEADER = {"X-Sandbox-Rule": {"description": "id of the broken rule; the sandbox's own", **_HEADER}}


def document(provider: Provider) -> Json:
    """Return the document."""
    described = provider.describe(folder("fixtures"))
    components = Components(is_open=True)
    made: Json = {
        "openapi": VERSION,
        "info": {
            "title": f"{provider.title} (messaging-sandbox)",
            "version": described.version,
            "description": _SAYS.format(title=provider.title),
        },
        "servers": [{"url": "/"}],
        "paths": _paths(provider, described, components),
        "webhooks": {
            kind: {"post": _callback(kind, provider, described, components)} for kind in provider.callback_kinds
        },
    }
    made["components"] = {"schemas": components.schemas, "securitySchemes": dict(described.security)}
    return made


def _paths(provider: Provider, described: Description, components: Components) -> Json:
    paths: Json = {}
    for operation in provider.operations:
        at = paths.setdefault(operation.path, {})
        at[operation.method.lower()] = _operation(operation, provider, described, components)
    return paths


# ----------------------------------------------------------------------------------------------------- operations


def _operation(operation: Operation, provider: Provider, described: Description, components: Components) -> Json:
    told = described.operations.get(operation.id, OperationDescription())
    says = " ".join((operation.handle.__doc__ or "").split())
    made: Json = {
        "operationId": operation.id,
        "summary": re.split(r"[.;:](?: |$)", says)[0],
        "description": says,
        "security": [dict.fromkeys(filter(None, names.split("+")), ()) for names in told.security],
        "parameters": [
            {
                "name": each.name,
                "in": each.place,
                "description": each.says,
                "required": each.required,
                "schema": dict(each.schema),
            }
            for each in told.parameters
        ],
    }
    if operation.source:
        made["x-sandbox-source"] = operation.source
    if operation.aliases:
        made["x-sandbox-aliases"] = list(operation.aliases)
    samples = [sample for sample in described.samples if sample.of == operation.id]
    if told.body is not None:
        content: Json = {"schema": components.of(told.body)}
        if samples:
            content["examples"] = _examples((sample, sample.body) for sample in samples)
        made["requestBody"] = {"required": True, "content": {told.media: content}}
    made["responses"] = _responses(operation, told, provider, described, components, samples)
    return made


def _examples(samples: Iterable[tuple[Sample, Any]]) -> Json:
    return {
        f"{number:02}": {"summary": sample.title, "description": sample.source, "value": value}
        for number, (sample, value) in enumerate(samples, 1)
    }


def _responses(
    operation: Operation,
    told: OperationDescription,
    provider: Provider,
    described: Description,
    components: Components,
    samples: Iterable[Sample],
) -> Json:
    """Return every status that can occur: the successes, then the refusals as the provider's own code renders them."""
    made: Json = {} if told.answers else {"default": {"description": "not described"}}
    for status, shape in told.answers.items():
        answer: Json = {"description": "as asked for" if shape is not None else "done"}
        if told.headers:
            answer["headers"] = {name: {"description": says, **_HEADER} for name, says in told.headers.items()}
        if shape is not None:
            content: Json = {"schema": components.of(shape, given=False)}
            if answered := [(sample, sample.answer) for sample in samples if sample.status == status]:
                content["examples"] = _examples(answered)
            answer["content"] = {"application/json": content}
        made[str(status)] = answer
    shape = described.error.get(operation.id, described.error.get(""))
    refused = None if shape is None else components.of(shape, given=False)
    for error, reply in _refusals(operation, told, provider):
        answer = made.setdefault(str(reply.status), {"description": error.spec.message or _REFUSED})
        if reply.status not in told.answers and answer["description"] != error.spec.message:
            answer["description"] = _REFUSED
        if error.rule is not None:
            answer.setdefault("headers", {}).update(_RULE_HEADER)
            answer.setdefault("x-sandbox-rules", []).append(_told(provider.rules[error.rule], provider.rules))
        if reply.body:
            _add_refusal(answer, refused, reply.body)
    return dict(sorted(made.items()))


def _add_refusal(answer: Json, shape: Json | None, body: bytes) -> None:
    """Put the body of a refusal to an answer; where success has the same status, it is the one or the other."""
    schema = shape or {}
    content = answer.setdefault("content", {}).setdefault("application/json", {"schema": schema})
    if content["schema"] != schema and schema not in content["schema"].get("anyOf", ()):
        content["schema"] = {"anyOf": [content["schema"], schema]}
    content.setdefault("examples", {}).setdefault("refused", {"value": from_json(body)})


def _refusals(operation: Operation, told: OperationDescription, provider: Provider) -> Iterator[tuple[ApiError, Reply]]:
    """Yield each way in which a request can go wrong, and how that is answered; blanks in a wording stay blanks."""
    answers, ids = provider.answers_to(operation.path), Ids("openapi", operation.id)
    for rule in provider.rules:
        if rule.error is not None and rule.id.startswith(told.rules):
            error = ApiError(rule.error, rule.message, rule=rule.id)
            yield error, answers.render(error, None, ids)
    for error in (answers.too_large(), answers.broken_down(), *map(answers.of_status, told.statuses)):
        yield ApiError(error.spec), answers.render(error, None, ids)


def _told(rule: Rule, book: Rulebook) -> Json:
    return {"id": rule.id, "says": rule.says, "grade": rule.grade.value, "source": book.source_of(rule.id)}


# ------------------------------------------------------------------------------------------------------ callbacks


def _callback(kind: str, provider: Provider, described: Description, components: Components) -> Json:
    told = _longest(kind, described.callbacks)
    samples = [(sample, sample.body) for sample in described.samples if sample.of == kind]
    content = {}
    for media, shape in told.bodies.items():
        content[media] = {"schema": components.of(shape, given=False)}
        if samples:
            content[media]["examples"] = _examples(samples)
    return {
        "operationId": f"callback.{kind}",
        "summary": f"{provider.title} tells of {kind}",
        "requestBody": {"required": True, "content": content or {"*/*": {}}},
        "responses": {described.acknowledges: {"description": "taken"}},
        "x-sandbox-rules": [_told(rule, provider.rules) for rule in provider.rules if rule.id.startswith(told.rules)],
    }


def _longest(kind: str, by_beginning: Mapping[str, CallbackDescription]) -> CallbackDescription:
    """Return what is told of a kind of callback: under its own name, or under the longest beginning of it."""
    fitting = [name for name in by_beginning if kind.startswith(name)]
    return by_beginning[max(fitting, key=len)] if fitting else CallbackDescription()
