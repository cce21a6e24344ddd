"""Loader: from the text of a scenario file to a Scenario, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from sandbox.engine import actions, complaint, duration, reader
from sandbox.engine.actions import CallbackTweak
from sandbox.engine.complaint import Complaint
from sandbox.engine.document import Document, DocumentError
from sandbox.engine.reader import Format
from sandbox.engine.scenario import (
    ArmFault,
    ChangeSettings,
    Choose,
    Expect,
    ExpectCallback,
    Match,
    Pause,
    Repeat,
    Scenario,
)
from sandbox.engine.templates import TemplateError, compile_template, is_template

SUFFIXES = (".yaml", ".yml", ".json")
SCHEMA_FILE = "schema.json"  # lies among the scenarios for editors, and is none


class ScenarioError(Exception):
    """Scenarios that cannot be used, with everything that is wrong with them."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(map(str, self.complaints)))


def load_folder(folder: Path, *, tested: bool = False) -> tuple[list[Scenario], list[Complaint]]:
    """
    Return the scenarios of a folder in the order of their names, and what is wrong with the rest.

    Templates in files that were `tested` are compiled when they are needed: to compile one takes 2 MiB, all of Jinja.
    """
    if not folder.is_dir():
        return [], [Complaint("", "there is no such folder", file=str(folder))]
    scenarios: list[Scenario] = []
    complaints: list[Complaint] = []
    taken: dict[str, Path] = {}
    for file in sorted(folder.iterdir()):
        if file.suffix not in SUFFIXES or file.name == SCHEMA_FILE or file.name.startswith("."):
            continue
        if (other := taken.setdefault(file.stem, file)) is not file:
            complaints.append(Complaint("name", f"{other.name} has that name already", file=str(file)))
            continue
        try:
            scenarios.append(load_file(file, tested=tested))
        except ScenarioError as error:
            complaints.extend(error.complaints)
    return scenarios, complaints


def load_file(file: Path, *, tested: bool = False) -> Scenario:
    """Return the scenario in a file, which is called as the file is; `tested` as above. Raises `ScenarioError`."""
    try:
        with file.open("rb") as stream:
            text = stream.read(reader.LARGEST + 1)
    except OSError as error:
        raise ScenarioError([Complaint("", f"cannot be read: {error.strerror}", file=str(file))]) from None
    return load(text, "json" if file.suffix == ".json" else "yaml", name=file.stem, file=str(file), tested=tested)


def load(
    text: bytes | str, form: Format = "yaml", *, name: str | None = None, file: str = "", tested: bool = False
) -> Scenario:
    """
    Return the scenario in a text.

    Args:
        text: UTF-8, at most 64 kB.
        form: `yaml` (1.2) or `json`.
        name: what the scenario has to be called; None leaves it free.
        file: named in complaints.
        tested: whether its templates are known to be well-formed.

    Raises:
        ScenarioError: with every complaint, in the order of the text.
    """
    try:
        read = reader.read(text, form)
    except DocumentError as error:
        raise ScenarioError([Complaint(error.path, str(error), *error.mark, file)]) from None
    try:
        scenario = Scenario.model_validate(read.value)
    except ValidationError as error:
        raise ScenarioError(sorted(_invalid(error, read, file), key=_place)[: complaint.MOST]) from None
    complaints = [*_misnamed(scenario, name, read, file), *(() if tested else _bad_templates(read, file))]
    if complaints:
        raise ScenarioError(sorted(complaints, key=_place)[: complaint.MOST])
    return scenario


def _place(one: Complaint) -> tuple[int, int]:
    return (one.line, one.column)


def _invalid(error: ValidationError, read: Document, file: str) -> Iterator[Complaint]:
    for details in error.errors(include_url=False, include_input=False):
        path, message, at_key = complaint.explain(details, read.value, _models())
        yield Complaint(complaint.spell(path), message, *read.where(path, at_key=at_key), file)


def _misnamed(scenario: Scenario, name: str | None, read: Document, file: str) -> Iterator[Complaint]:
    if name is not None and scenario.name != name:
        yield Complaint("name", f"must be {name!r}, as the file is called", *read.where(("name",)), file)


def _bad_templates(read: Document, file: str) -> Iterator[Complaint]:
    for path, text in _strings(read.value["steps"], ("steps",)):
        if is_template(text):
            try:
                compile_template(text)
            except TemplateError as error:
                line = f" (line {error.line} of the text)" if error.line > 1 else ""
                yield Complaint(complaint.spell(path), f"template: {error}{line}", *read.where(path), file)


def _strings(value: Any, path: complaint.Path) -> Iterator[tuple[complaint.Path, str]]:
    match value:
        case str():
            yield path, value
        case list():
            for index, item in enumerate(value):
                yield from _strings(item, (*path, index))
        case dict() if value.get("do") not in ("expect", "fault", "settings"):  # braces are plain signs there
            for key, item in value.items():
                yield from _strings(item, (*path, key))


@lru_cache(maxsize=1)
def _models() -> dict[str, type[BaseModel]]:
    """Return what may stand where, for telling the known keys."""
    others = (Expect, ExpectCallback, Pause, Repeat, Choose, ArmFault, ChangeSettings)
    steps = {str(model.model_fields["do"].default): model for model in others}
    return {"": Scenario, "match": Match, "callback": CallbackTweak, **actions.models(), **steps}


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a scenario file."""
    found = Scenario.model_json_schema()
    for model in found["$defs"].values():
        members = model.get("properties", {})
        if "do" in members:  # it has a default for those who write Python; in a file it tells the steps apart
            model["required"] = ["do", *(name for name in model.get("required", []) if name != "do")]
    for effect in ("Latency", "Delay"):
        seconds = found["$defs"][effect]["properties"]["seconds"]
        found["$defs"][effect]["properties"]["seconds"] = {
            "title": seconds.pop("title"),
            "anyOf": [seconds, {"type": "string", "pattern": duration.PATTERN}],
        }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
