"""Complaint: one thing that is wrong with a document, in words for whoever wrote it, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]

OR_TEMPLATE = r"|\{[{%]"  # ends a pattern where a template may stand instead: what it renders to is checked again
MOST = 100  # complaints about one document; more help nobody


class Complaint(NamedTuple):
    """What is wrong, at which path of the document, and where in the file; line and column count from 1."""

    path: str
    message: str
    line: int = 1
    column: int = 1
    file: str = ""

    def __str__(self) -> str:
        """Return it in the form that editors and terminals make clickable."""
        if not self.line:  # it is about no line in particular
            where = self.file
        else:
            where = f"{self.file}:{self.line}:{self.column}" if self.file else f"line {self.line}, column {self.column}"
        return ": ".join(filter(None, (where, self.path, self.message)))


class Explained(NamedTuple):
    """A validation error: its path in the document, what to say, and whether it is the key that is wrong."""

    path: Path
    message: str
    at_key: bool


def spell(path: Path) -> str:
    """Return a path as people write it, `steps[0].text`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def explain(error: ErrorDetails, document: Any, models: Mapping[str, type[BaseModel]]) -> Explained:
    """
    Return a validation error in the document's own terms.

    Args:
        error: pydantic's, whose location also names the members of unions.
        document: what was validated.
        models: what may stand at a key or under a tag, for telling the known keys; `""` is the document itself.
    """
    location = error["loc"]
    match error["type"]:
        case "missing":
            return Explained((*_walk(location[:-1], document), location[-1]), "is required", at_key=False)
        case "extra_forbidden":
            model = models.get(str(location[-2]) if len(location) > 1 else "")
            known = f"; known here: {', '.join(model.model_fields)}" if model else ""
            return Explained(_walk(location, document), f"unknown key{known}", at_key=True)
        case "union_tag_not_found":
            name = str(error["ctx"]["discriminator"]).strip("'")
            return Explained((*_walk(location, document), name), "is required", at_key=False)
        case "union_tag_invalid":
            name, tag = str(error["ctx"]["discriminator"]).strip("'"), error["ctx"]["tag"]
            says = f"{tag!r} is none of {str(error['ctx']['expected_tags']).replace(chr(39), '')}"
            return Explained((*_walk(location, document), name), says, at_key=False)
        case "model_type" | "model_attributes_type" | "dict_type":
            model = models.get(str(location[-1])) if location else None
            known = f", with {', '.join(model.model_fields)}" if model else ""
            return Explained(_walk(location, document), f"must be an object{known}", at_key=False)
        case "timezone_aware" | "datetime_type" | "datetime_parsing" | "datetime_from_date_parsing":
            says = "must be a time with its zone, such as 2030-01-02T12:00:00Z"
            return Explained(_walk(location, document), says, at_key=False)
        case "string_pattern_mismatch":
            pattern = error["ctx"]["pattern"].removesuffix(OR_TEMPLATE)
            return Explained(_walk(location, document), f"must match {pattern}", at_key=False)
        case _:
            says = error["msg"].removeprefix("Value error, ")
            return Explained(_walk(location, document), says[:1].lower() + says[1:], at_key=False)


def _walk(location: Path, document: Any) -> Path:
    """Follow a location through the document and leave out what names a member of a union and no place."""
    path: list[str | int] = []
    here, tagged = document, False
    for part in location:
        if isinstance(here, dict):
            if not tagged and part in (here.get("do"), here.get("type")):
                tagged = True
                continue
            if part not in here:
                continue
        elif not (isinstance(here, list) and isinstance(part, int) and part < len(here)):
            continue
        path.append(part)
        here, tagged = here[part], False
    return tuple(path)
