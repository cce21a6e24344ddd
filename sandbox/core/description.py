"""Description: what a document for machines tells of an emulated API besides what its operations and rules are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Shape = Any  # a type, a JSON Schema (2020-12), or a function that makes one; None for no body at all


class Sample(NamedTuple):
    """
    A documented example.

    Attributes:
        of: id of the operation, or the kind of callback.
        title: what the document calls it.
        source: `file:lines`, where it is printed.
        body: what is sent.
        status: of the printed answer; None if none is printed.
        answer: its body.
    """

    of: str
    title: str
    source: str
    body: Any
    status: int | None = None
    answer: Any = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a request says outside its body, besides what its credentials are."""

    name: str
    place: Literal["path", "query", "header"]
    says: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    required: bool = False


@dataclass(frozen=True, slots=True)
class OperationDescription:
    """
    What an operation takes and answers; of one that is not described, nobody knows.

    Attributes:
        answers: shapes by status of success.
        rules: beginnings of the ids of the rules that may refuse it.
        body: what the request holds.
        media: type of the body.
        security: names of the schemes of which one is needed, with `+` between those that go together; "" is none at all.
        statuses: of refusals that no rule tells of: what magic addresses do.
        headers: those of a success, with what they say.
    """

    answers: Mapping[int, Shape] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    body: Shape = None
    media: str = "application/json"
    parameters: tuple[Parameter, ...] = ()
    security: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallbackDescription:
    """What a callback holds, by media type, and the beginnings of the ids of the rules that it keeps."""

    bodies: Mapping[str, Shape] = field(default_factory=dict)
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """
    One emulated API.

    Attributes:
        version: of the API.
        error: shape of the body of a refusal, where it has one: by operation, or by "" for all others.
        operations: by id.
        callbacks: by the beginning of their kind; the longest that fits counts.
        acknowledges: the status by which a webhook takes a callback, or their range, `2XX`.
        security: schemes by name.
        samples: documented examples.
    """

    version: str = "1"
    operations: Mapping[str, OperationDescription] = field(default_factory=dict)
    callbacks: Mapping[str, CallbackDescription] = field(default_factory=dict)
    acknowledges: str = "2XX"
    error: Mapping[str, Shape] = field(default_factory=dict)
    security: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    samples: Sequence[Sample] = ()
