"""Schema: checks parsed JSON against a provider's documented types and says what does not fit, in document order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, NamedTuple, NotRequired, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError
from typing_extensions import is_typeddict

Loc = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Cites:
    """
    Names the rules that stand behind a member, beside its type: `Annotated[str, Cites(missing="LINK-CARD-01")]`.

    Attributes:
        missing: broken when a required member is absent or null.
        limit: broken when a length, a number of items or a value is out of bounds.
        kind: broken when the value has another JSON type; None for the provider's general rule.
    """

    missing: str | None = None
    limit: str | None = None
    kind: str | None = None


class Defect(NamedTuple):
    """
    One thing that does not fit.

    Attributes:
        loc: where, from the top of the body.
        type: pydantic's word for it.
        context: pydantic's facts about it (limits, expected values).
        cites: the rules named beside the member.
    """

    loc: Loc
    type: str
    context: dict[str, Any]
    cites: Cites

    @property
    def path(self) -> str:
        """The place as a JSON path, `messageContent.suggestions[2].text`."""
        return json_path(self.loc)


def json_path(loc: Sequence[str | int]) -> str:
    """Return names joined by dots and indexes in brackets; `body` for the top itself."""
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "body"


class Schema:
    """
    A body's documented shape: a TypedDict whose members carry their types, limits and `Cites`.

    Its configuration must forbid extra members: that is how they are noticed. Lists of objects should fail fast, or a
    hostile body has a defect for every byte of it.
    """

    def __init__(self, shape: Any) -> None:
        self.shape = shape

    def fit(self, data: Any) -> tuple[list[Loc], Defect | None]:
        """
        Take the members that the shape does not know out of `data`, in place.

        Returns where they stood, and the first thing in document order that still does not fit.
        """
        unknown: list[Loc] = []
        errors = self._errors(data)
        if not errors:
            return unknown, None
        if any(error["type"] == "extra_forbidden" for error in errors):
            self._prune(data, (), (), unknown)
            errors = self._errors(data)
        return unknown, self._defect(errors[0]) if errors else None

    def objects_along(self, data: Any, loc: Loc) -> Iterator[tuple[Loc, Any, dict[str, Any]]]:
        """Yield place, shape and members of every object on the way to `loc`, the outermost first."""
        value = data
        for depth, step in enumerate(loc):
            if isinstance(step, str):
                at = loc[:depth]
                yield at, self._members[_names(at)].shape, value
            if depth + 1 < len(loc):
                value = value[step]

    @cached_property
    def _check(self) -> Callable[[Any], Any]:
        """What checks data; made with the first request, since it takes longer than all else at the start."""
        return TypeAdapter(self.shape).validator.validate_python

    def _errors(self, data: Any) -> Sequence[Any]:
        try:
            self._check(data)
        except ValidationError as invalid:
            return invalid.errors(include_url=False, include_input=False)
        return ()

    def _prune(self, value: Any, names: tuple[str, ...], loc: Loc, unknown: list[Loc]) -> None:
        if isinstance(value, list):
            for index, item in enumerate(value):
                self._prune(item, names, (*loc, index), unknown)
        elif isinstance(value, dict) and is_typeddict(self._members[names].shape):
            for name in tuple(value):
                if (*names, name) in self._members:
                    self._prune(value[name], (*names, name), (*loc, name), unknown)
                else:
                    del value[name]
                    unknown.append((*loc, name))

    def _defect(self, error: Any) -> Defect:
        loc: Loc = error["loc"]
        return Defect(loc, error["type"], error.get("ctx", {}), self._members[_names(loc)].cites)

    @cached_property
    def _members(self) -> dict[tuple[str, ...], _Member]:
        """Every member by the names that lead to it."""
        found: dict[tuple[str, ...], _Member] = {(): _Member(self.shape, Cites())}
        ahead: list[tuple[str, ...]] = [()]
        while ahead:
            names = ahead.pop()
            for name, hint in _hints(found[names].shape).items():
                place = (*names, name)
                found[place] = _member(hint)
                ahead.append(place)
        return found


class _Member(NamedTuple):
    shape: Any
    cites: Cites


def _names(loc: Loc) -> tuple[str, ...]:
    return tuple(step for step in loc if isinstance(step, str))


def _hints(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape, include_extras=True) if is_typeddict(shape) else {}


def _member(hint: Any) -> _Member:
    """Strip NotRequired, Annotated, `| None` and list from a type, and keep what it cites."""
    cites = Cites()
    while True:
        cites = next((mark for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, Cites)), cites)
        inside = [part for part in get_args(hint) if part is not type(None)]
        if get_origin(hint) in (NotRequired, Annotated, list) or len(inside) < len(get_args(hint)):
            hint = inside[0]
        else:
            return _Member(hint, cites)


def without_nulls(value: Any) -> Any:
    """Return the same JSON value with every null member of an object left out."""
    if isinstance(value, dict):
        return {name: without_nulls(member) for name, member in value.items() if member is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value
