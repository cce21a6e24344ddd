"""Scenarios: what people can be made to do, kept by name."""

from __future__ import annotations

import io
from typing import Any, cast

from pydantic import ConfigDict, with_config
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from sandbox.control.answer import HEADERS, answer, nothing
from sandbox.control.body import media_type, read
from sandbox.control.described import described
from sandbox.control.listing import Collection
from sandbox.control.problem import ProblemError, missing
from sandbox.control.query import Query
from sandbox.engine.loader import load, schema
from sandbox.engine.reader import Format
from sandbox.engine.scenario import Scenario
from sandbox.sandbox import Sandbox

YAML = "application/yaml"

_FORMATS: dict[str, Format] = {
    "application/json": "json",
    YAML: "yaml",
    "application/x-yaml": "yaml",
    "text/yaml": "yaml",
    "text/x-yaml": "yaml",
}


def view(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as JSON, with what its file says and nothing else; it can be put back as it is."""
    return scenario.model_dump(mode="json", exclude_unset=True)


@with_config(ConfigDict(extra="allow"))
class AnyScenario(TypedDict):
    """A scenario, as its own schema has it."""

    name: str


@described(answer=Collection[AnyScenario])
async def show_all(sandbox: Sandbox, request: Request) -> Response:
    """List every scenario, in the order of names; they are a collection, so that there are no pages and no waiting."""
    Query(request)
    return answer({"items": [view(scenario) for scenario in sandbox.scenarios]})


@described(answer=schema, media=((YAML, str),))
async def show(sandbox: Sandbox, request: Request) -> Response:
    """Return one scenario, as YAML if that is asked for."""
    Query(request)
    document = view(named(sandbox, request))
    if any(kind in request.headers.get("accept", "") for kind, form in _FORMATS.items() if form == "yaml"):
        return Response(_as_yaml(document), headers=HEADERS, media_type=YAML)
    return answer(document)


@described(answer=schema, statuses=(200, 201), body=schema, bodies=(*_FORMATS,), problems=(409,))
async def put(sandbox: Sandbox, request: Request) -> Response:
    """Add a scenario or replace the one of its name."""
    Query(request)
    name = request.path_params["name"]
    form = _FORMATS.get(media_type(request))
    if form is None:
        raise ProblemError(415, f"a scenario comes as {YAML} or application/json")
    scenario = load(await read(request), form, name=name, providers=sandbox.providers)
    is_new = name not in sandbox.scenarios
    sandbox.scenarios.put(scenario)
    if is_new:
        return answer(view(scenario), 201, {"Location": f"/_sandbox/scenarios/{name}"})
    return answer(view(scenario))


@described(statuses=(204,))
async def remove(sandbox: Sandbox, request: Request) -> Response:
    """Take a scenario away; runs of it go on."""
    Query(request)
    sandbox.scenarios.delete(named(sandbox, request).name)
    return nothing()


def named(sandbox: Sandbox, request: Request) -> Scenario:
    """Return the scenario that the path names. Raises `ProblemError`."""
    name = cast("str", request.path_params["name"])
    scenario = sandbox.scenarios.get(name)
    if scenario is None:
        raise missing("scenario", name, (each.name for each in sandbox.scenarios))
    return scenario


def _as_yaml(document: dict[str, Any]) -> str:
    from ruamel.yaml import YAML as Yaml  # noqa: N811, PLC0415 - only for those who ask

    yaml = Yaml(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # it is a switch
    text = io.StringIO()
    yaml.dump(document, text)
    return text.getvalue()
