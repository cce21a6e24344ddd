"""Reader: from the text of a YAML 1.2 or JSON file to a Document; hostile texts are refused in good time."""

from __future__ import annotations

import codecs
import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from sandbox.engine.document import DEEPEST, Builder, Document, DocumentError, Happening, Mark

LARGEST = 64 * 1024  # bytes: a hostile one must not hold the loop for seconds

Format = Literal["yaml", "json"]


def read(text: bytes | str, form: Format) -> Document:
    """Return the document in a text; raises `DocumentError`."""
    if len(text) > LARGEST:
        raise DocumentError(f"is larger than {LARGEST // 1024} kB")
    written = _decoded(text) if isinstance(text, bytes) else text
    builder = Builder()
    for happening in _from_yaml(written) if form == "yaml" else _from_json(written):
        builder.take(happening)
    return builder.document()


def _decoded(text: bytes) -> str:
    text = text.removeprefix(codecs.BOM_UTF8)
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        before = text[: error.start].decode()
        raise DocumentError("is not UTF-8", _Lines(before).mark(len(before))) from None


class _Lines:
    """Finds line and column of an offset."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]

    def mark(self, offset: int) -> Mark:
        line = bisect_right(self._starts, offset)
        return Mark(line, offset - self._starts[line - 1] + 1)


# JSON

# A string that does not end is one token all the same, so that no text is gone through twice.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[{}\[\]]|-?(?:Infinity|\d[\d.eE+-]*)|NaN|true|false|null')


def _from_json(text: str) -> Iterator[Happening]:
    lines = _Lines(text)
    depth = 0
    for token in _TOKEN.finditer(text):  # before Python's parser sees it, which is recursive and takes NaN
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
        if depth > DEEPEST:
            raise DocumentError(f"is nested more than {DEEPEST} deep", lines.mark(token.start()))
        if token[0].endswith(("NaN", "Infinity")):
            raise DocumentError(f"is not JSON: {token[0]}", lines.mark(token.start()))
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise DocumentError(f"is not JSON: {error.msg}", Mark(error.lineno, error.colno)) from None
    except ValueError:  # a number of thousands of digits
        raise DocumentError("holds a number that is too long") from None
    for token in _TOKEN.finditer(text):
        mark = lines.mark(token.start())
        match token[0]:
            case "{":
                yield Happening("dict", None, mark)
            case "[":
                yield Happening("list", None, mark)
            case "}" | "]":
                yield Happening("end", None, mark)
            case scalar:
                yield Happening("scalar", _whole(json.loads(scalar), mark), mark)


# YAML

# The core schema of YAML 1.2 (chapter 10.3.2): nothing else that is written without quotes is anything but text.
_PLAIN: tuple[tuple[str, Any], ...] = (
    (r"~|null|Null|NULL|", lambda _: None),
    (r"true|True|TRUE", lambda _: True),
    (r"false|False|FALSE", lambda _: False),
    (r"[-+]?[0-9]+", int),
    (r"0o[0-7]+", lambda text: int(text, 0)),
    (r"0x[0-9a-fA-F]+", lambda text: int(text, 0)),
    (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", float),
    (r"[-+]?\.(inf|Inf|INF)", lambda text: float(text.replace(".", ""))),
    (r"\.(nan|NaN|NAN)", lambda _: float("nan")),
)


def _from_yaml(text: str) -> Iterator[Happening]:
    from ruamel.yaml import YAML  # noqa: PLC0415 - 20 ms that a sandbox without scenarios need not pay
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415
    from ruamel.yaml.reader import ReaderError  # noqa: PLC0415

    try:
        yield from _happenings(YAML(typ="safe", pure=True).parse(text))
    except ReaderError as error:
        says = f"holds the character #x{error.character:04x}, which YAML does not allow"
        raise DocumentError(says, _Lines(text).mark(error.position)) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        says = f"is not YAML: {error.problem or error.context}"
        raise DocumentError(says, Mark(mark.line + 1, mark.column + 1) if mark else Mark(1, 1)) from None
    except (YAMLError, ValueError, OverflowError) as error:  # an escape beyond Unicode is an OverflowError
        raise DocumentError(f"is not YAML: {error}") from None


def _happenings(events: Iterable[Any]) -> Iterator[Happening]:
    documents = 0
    for event in events:
        mark = Mark(event.start_mark.line + 1, event.start_mark.column + 1)
        if getattr(event, "tag", None) is not None:
            raise DocumentError(f"the tag {event.tag} is not allowed", mark)
        match type(event).__name__:
            case "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    raise DocumentError("a file holds one document; this is the second", mark)
                if event.version not in (None, (1, 2)):
                    raise DocumentError("only YAML 1.2 is read", mark)
            case "ScalarEvent":
                value = _plain(event.value, mark) if event.implicit[0] else event.value
                yield Happening("scalar", _whole(value, mark), mark, event.anchor)
            case "AliasEvent":
                yield Happening("alias", event.anchor, mark)
            case "SequenceStartEvent":
                yield Happening("list", None, mark, event.anchor)
            case "MappingStartEvent":
                yield Happening("dict", None, mark, event.anchor)
            case "SequenceEndEvent" | "MappingEndEvent":
                yield Happening("end", None, mark)
    if not documents:
        raise DocumentError("is empty")


def _plain(text: str, mark: Mark) -> Any:
    """Return what a scalar without quotes stands for."""
    for pattern, convert in _PLAIN:
        if re.fullmatch(pattern, text):
            try:
                return convert(text)
            except ValueError:
                raise DocumentError("the number is too long", mark) from None
    return text


def _whole(value: Any, mark: Mark) -> Any:
    """Refuse text that no encoding can write: half of a surrogate pair."""
    if isinstance(value, str) and not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
        raise DocumentError("holds half of a surrogate pair", mark)
    return value
