"""Scenario file: the text of a recorded scenario, laid out as people write it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from typing import TYPE_CHECKING, Any

from sandbox.core.conversation import Conversation
from sandbox.engine.reader import LARGEST
from sandbox.engine.recording import Recording
from sandbox.engine.scenario import MOST_STEPS

if TYPE_CHECKING:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

_DURATIONS = ("after", "within", "delay", "seconds")
_PLAIN = ("do", "kind", "status", "code")  # words of ours and the provider's; what people write stands in quotes
_UNITS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s"))
_MOST_NOTES = 20
_WIDE = 10_000  # columns: no text is broken


def written(conversation: Conversation, at: datetime, recording: Recording) -> tuple[str, str]:
    """Return the name of a scenario and the text of its file."""
    account, sender, user = conversation
    name = f"recorded-{re.sub(r'[^a-z0-9]+', '-', user.lower()).strip('-')}"[:64].strip("-")
    spoke_with = f" with {sender}" if sender else ""
    description = (
        f"The conversation of {user}{spoke_with}, as {account.id} remembered it on {at:%Y-%m-%d at %H:%M:%S} UTC."
    )
    steps, notes = recording.steps[:MOST_STEPS], list(recording.omitted)
    while True:
        cut = len(recording.steps) - len(steps)
        told = [*notes[:_MOST_NOTES], *([f"the last {cut} steps: the file would be too large"] if cut else [])]
        text = _text(name, description, steps, told)
        if len(text.encode()) <= LARGEST:
            return name, text
        steps = steps[: len(steps) * 9 // 10]


def _text(name: str, description: str, steps: Sequence[dict[str, Any]], notes: Sequence[str]) -> str:
    from ruamel.yaml import YAML  # noqa: PLC0415 - 20 ms that only who records need pay
    from ruamel.yaml.comments import CommentedMap  # noqa: PLC0415

    document = CommentedMap(name=name, description=_quoted(description), steps=_steps(steps))
    yaml = YAML()
    yaml.version = None
    yaml.width = _WIDE
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    stream.write("# yaml-language-server: $schema=schema.json\n")
    for note in notes:
        stream.write(f"# left out: {' '.join(note.split())}\n")
    yaml.dump(document, stream)
    return stream.getvalue()


def _steps(steps: Sequence[dict[str, Any]]) -> CommentedSeq:
    from ruamel.yaml.comments import CommentedSeq  # noqa: PLC0415

    listed = CommentedSeq(_laid_out(step) for step in steps)
    for index, step in enumerate(steps):
        if index and step["do"] == "expect":
            listed.yaml_set_comment_before_after_key(index, before="\n")
    return listed


def _laid_out(step: dict[str, Any]) -> CommentedMap:
    """Return a step with its durations in units and its texts in quotes; how long it waits stands last."""
    from ruamel.yaml.comments import CommentedMap  # noqa: PLC0415

    last = [name for name in ("after", "within") if name in step]
    names = [*(name for name in step if name not in last), *last]
    return CommentedMap((name, _value(name, step[name])) for name in names)


def _value(name: str, value: Any) -> Any:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq  # noqa: PLC0415

    match value:
        case float() | int() if name in _DURATIONS and not isinstance(value, bool):
            return _duration(value)
        case str() if name not in _PLAIN:
            return _quoted(value)
        case dict():
            inner = CommentedMap((key, _value(key, item)) for key, item in value.items())
            inner.fa.set_flow_style()
            return inner
        case list():
            items = CommentedSeq(_value("", item) for item in value)
            items.fa.set_flow_style()
            return items
        case _:
            return value


def _quoted(text: str) -> Any:
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString  # noqa: PLC0415

    return DoubleQuotedScalarString(text)


def _duration(seconds: float) -> str:
    """Return seconds as `1.5s`, `200ms`, `2m`: in the largest unit of which it is a whole number, or in seconds."""
    milliseconds = round(seconds * 1000)
    if milliseconds < 1000:
        return f"{milliseconds}ms"
    for size, unit in _UNITS:
        if milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds / 1000:.3f}".rstrip("0") + "s"
