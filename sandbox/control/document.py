"""Document: the OpenAPI 3.1 document of the control API, made from its routes and what stands beside their handlers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sandbox.control.described import JSON, Described, Nothing
from sandbox.control.problem import MEDIA_TYPE, TITLES, Problem
from sandbox.core.provider import Provider
from sandbox.core.release import installed_version
from sandbox.openapi.components import Components, Json

VERSION = "3.1.1"

_SAYS = """\
Everything that the command line, the page and the test plugin of a messaging-sandbox can do.

Times are RFC 3339 in UTC with milliseconds, durations numbers of seconds. What is refused is told as a problem (RFC 9457).
With a control token every call but those that are marked otherwise bears it. Calls of pages of another origin are refused.
"""
_TOKEN = {"type": "http", "scheme": "bearer", "description": "the control token, where the server was given one"}
_LOCATION = {"Location": {"description": "where it is", "schema": {"type": "string"}}}


def document(routes: Iterable[tuple[str, Mapping[str, Described]]], providers: Sequence[Provider]) -> Json:
    """
    Return the document.

    Args:
        routes: paths, each with its handlers by method.
        providers: whose credentials and settings accounts may have.
    """
    components = Components()
    paths = {
        path: {method.lower(): _operation(path, handler, components) for method, handler in handlers.items()}
        for path, handlers in routes
    }
    _tell_of_providers(components, providers)
    problem = components.of(Problem, given=False)
    return {
        "openapi": VERSION,
        "info": {"title": "messaging-sandbox control API", "version": installed_version(), "description": _SAYS},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": components.schemas,
            "responses": {
                _name_of(status): {"description": title, "content": {MEDIA_TYPE: {"schema": problem}}}
                for status, title in TITLES.items()
            },
            "securitySchemes": {"token": _TOKEN},
        },
    }


def _operation(path: str, handler: Described, components: Components) -> Json:
    module = handler.handle.__module__.rpartition(".")[2]
    operation: Json = {
        "operationId": f"{module}_{handler.handle.__name__}",
        "tags": [module],
        "summary": handler.says,
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in _parts(path)),
            *_parameters(handler.query, "query", components),
            *_parameters(handler.headers, "header", components),
        ],
        "security": [] if handler.is_open else [{}, {"token": []}],
    }
    if handler.body is not None:
        schema = components.of(handler.body)
        operation["requestBody"] = {
            "required": handler.body is not Nothing,
            "content": {media: {"schema": schema} for media in handler.bodies},
        }
    operation["responses"] = {
        **{str(status): _answer(status, handler, components) for status in handler.statuses},
        **{str(status): {"$ref": f"#/components/responses/{_name_of(status)}"} for status in handler.refusals(path)},
    }
    return operation


def _parts(path: str) -> list[str]:
    return re.findall(r"{(\w+)}", path)


def _parameters(query: Any, place: str, components: Components) -> Iterable[Json]:
    """Yield the members of a TypedDict as parameters."""
    for name, schema in components.members_of(query).items():
        said = schema.pop("description", None)
        yield {"name": name, "in": place, "schema": schema, **({"description": said} if said else {})}


def _answer(status: int, handler: Described, components: Components) -> Json:
    shapes = dict(handler.media)
    if handler.answer is not None:
        shapes = {JSON: handler.answer, **shapes}
    made: Json = {"description": handler.says}
    if shapes:
        made["content"] = {media: {"schema": components.of(shape, given=False)} for media, shape in shapes.items()}
    if status == 201:
        made["headers"] = _LOCATION
    return made


def _name_of(status: int) -> str:
    return TITLES[status].replace(" ", "")


def _tell_of_providers(components: Components, providers: Sequence[Provider]) -> None:
    """Say what `credentials` and `settings` are, which each provider has of its own."""
    for member in ("credentials", "settings"):
        models = [components.of(getattr(provider, f"account_{member}"), given=False) for provider in providers]
        told = f"as its provider has them: {', '.join(model['$ref'].rpartition('/')[2] for model in models)}"
        components.schemas["Account"]["properties"][member] = {"anyOf": models}
        for given in ("AccountSpec", "AccountChanges"):
            components.schemas[given]["properties"][member]["description"] = told
