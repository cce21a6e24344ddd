"""Records: how dataclasses, named tuples, models and timers become JSON, and which of them have an identity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from sandbox.core.schedule import Timer
from sandbox.snapshot.codec import Codec, Marked, Reader, Time, Writer, WrongError


class Member:
    """
    One field of a record.

    Attributes:
        codec: None for what is not written.
        given: returns what such a field holds: what of the account stands there.
        take: returns what is written, of the thing that holds it.
        put: returns what the field is to hold, of what was read and the thing, whose fields before it are there.
        fallback: what it holds where nothing is written.
        blank: makes that anew, where it may be changed.
    """

    __slots__ = ("blank", "codec", "fallback", "given", "name", "put", "take", "write")

    def __init__(self, name: str, codec: Codec | None, given: Callable[[Reader], Any] | None = None) -> None:
        self.name = name
        self.codec = codec
        self.write = None if codec is None or codec.is_plain else codec.write
        self.given = given
        self.take: Callable[[Any, Writer], Any] | None = None
        self.put: Callable[[Any, Any], Any] | None = None
        self.fallback: Any = MISSING
        self.blank: Any = MISSING

    def is_fallback(self, value: Any) -> bool:
        """Tell whether nothing need be written."""
        fallback = self.fallback
        return value is fallback or (
            type(value) is type(fallback) and value == fallback and isinstance(value, str | int)
        )


class Record(Marked):
    """A dataclass, as an object; fields that have their default are left out."""

    def __init__(self, kind: type) -> None:
        self._kind = kind
        self.members: list[Member] = []

    def write(self, value: Any, writer: Writer) -> dict[str, Any]:
        """Return an object."""
        written = {}
        for member in self.members:
            if member.codec is None:
                continue
            held = getattr(value, member.name) if member.take is None else member.take(value, writer)
            if held is member.fallback or member.is_fallback(held):
                continue
            written[member.name] = held if member.write is None else member.write(held, writer)
        return written

    def read(self, given: Any, reader: Reader) -> Any:
        """Return a thing with these fields."""
        return self.fill(object.__new__(self._kind), given, reader)

    def fill(self, thing: Any, given: Any, reader: Reader) -> Any:
        """Write to a thing what was given, and the defaults of the rest."""
        if not isinstance(given, dict):
            raise WrongError("must be an object")
        left = dict(given)
        for member in self.members:
            object.__setattr__(thing, member.name, self._held(member, thing, left, reader))
        if left:
            raise WrongError("is not known here", next(iter(left)))
        return thing

    def _held(self, member: Member, thing: Any, left: dict[str, Any], reader: Reader) -> Any:
        name, codec = member.name, member.codec
        if member.given is not None:
            return member.given(reader)
        if codec is not None and name in left:
            try:
                value = codec.read(left.pop(name), reader)
                return value if member.put is None else member.put(value, thing)
            except WrongError as error:
                raise error.inside(name) from None
        if member.fallback is not MISSING:
            return member.fallback
        if member.blank is not MISSING:
            return member.blank()
        raise WrongError("is required", name)


class Thing(Marked):
    """A dataclass that may be changed: it has an identity, and a number."""

    def __init__(self, kind: type, record: Record) -> None:
        self._kind = kind
        self._record = record

    def write(self, value: Any, writer: Writer) -> Any:
        """Return its number if it was written before, else an object that tells its number."""
        number = writer.known(id(value))
        if number is not None:
            return number
        return {"#": writer.give(id(value), value), **self._record.write(value, writer)}

    def read(self, given: Any, reader: Reader) -> Any:
        """Return the thing of a number, or a new one."""
        if type(given) is int:
            return reader.found(given, self._kind)
        if not isinstance(given, dict):
            raise WrongError("must be an object, or the number of one")
        members = dict(given)
        number = reader.number(members.pop("#", None))
        thing: Any = object.__new__(self._kind)
        reader.things[number] = thing  # known before it is whole: it may lead to itself
        return self._record.fill(thing, members, reader)


class Row(Marked):
    """A named tuple, as an array."""

    def __init__(self, kind: Callable[..., Any]) -> None:
        self._kind = kind
        self.members: list[Member] = []

    def write(self, value: Any, writer: Writer) -> list[Any]:
        """Return an array."""
        return [
            held if member.write is None else member.write(held, writer)
            for member, held in zip(self.members, value, strict=True)
            if member.codec is not None
        ]

    def read(self, given: Any, reader: Reader) -> Any:
        """Return the named tuple."""
        written = [member.name for member in self.members if member.codec is not None]
        if not isinstance(given, list) or len(given) != len(written):
            raise WrongError(f"must be an array of {', '.join(written)}")
        left = iter(given)
        values = []
        for member in self.members:
            if member.codec is None:
                values.append(None if member.given is None else member.given(reader))
                continue
            try:
                values.append(member.codec.read(next(left), reader))
            except WrongError as error:
                raise error.inside(member.name) from None
        return self._kind(*values)


class Model(Marked):
    """A model, as its own JSON; it says itself what is wrong with it."""

    def __init__(self, kind: type[BaseModel]) -> None:
        self._kind = kind

    def write(self, value: BaseModel, _writer: Writer) -> Any:
        """Return what was given when it was made, and nothing else."""
        return value.model_dump(mode="json", exclude_unset=True)

    def read(self, given: Any, _reader: Reader) -> Any:
        """Return the model."""
        try:
            return self._kind.model_validate(given)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            raise WrongError(first["msg"], *first["loc"]) from None


class Once(Marked):
    """
    What may occur often, and is written once.

    Args:
        kind: its type.
        inner: how it is written.
        by_value: whether what reads the same is the same.
    """

    def __init__(self, kind: type, inner: Codec, *, by_value: bool = True) -> None:
        self._kind = kind
        self._inner = inner
        self._by_value = by_value

    def write(self, value: Any, writer: Writer) -> Any:
        """Return its number if it was written before, else it and its number."""
        number = writer.known(id(value))
        if number is not None:
            return number
        written = self._inner.write(value, writer)
        text = to_json(written).decode() if self._by_value else None
        number = writer.known(text)
        if number is not None:
            writer.call(id(value), number, value)
            return number
        number = writer.give(id(value), value)
        if text is not None:
            writer.call(text, number, text)
        return {"#": number, "of": written}

    def read(self, given: Any, reader: Reader) -> Any:
        """Return it."""
        match given:
            case bool():
                pass
            case int():
                return reader.found(given, self._kind)
            case {"#": number, "of": of} if len(given) == 2:
                number = reader.number(number)
                try:
                    value = self._inner.read(of, reader)
                except WrongError as error:
                    raise error.inside("of") from None
                reader.things[number] = value
                return value
        raise WrongError('must be {"#", "of"}, or the number of one')


class AnyOf(Marked):
    """
    A value of one of several types, which is told beside it; text, numbers and null stand for themselves.

    Args:
        codecs: by the name of the type.
        types: the same names, by type.
        plain: those of the types that stand for themselves.
    """

    def __init__(self, codecs: Mapping[str, Codec], types: Mapping[type, str], plain: tuple[type, ...]) -> None:
        self._codecs = codecs
        self._types = types
        self._plain = plain

    def write(self, value: Any, writer: Writer) -> Any:
        """Return `{"$", "of"}`."""
        if type(value) in self._plain:
            return value
        name = self._types.get(type(value))
        if name is None:
            raise TypeError(f"{type(value).__name__} is none of {', '.join(self._codecs)}")
        return {"$": name, "of": self._codecs[name].write(value, writer)}

    def read(self, given: Any, reader: Reader) -> Any:
        """Return the value."""
        if type(given) in self._plain:
            return given
        if not isinstance(given, dict) or set(given) != {"$", "of"}:
            raise WrongError('must be {"$", "of"}')
        codec = self._codecs.get(given["$"]) if isinstance(given["$"], str) else None
        if codec is None:
            raise WrongError(f"must be one of {', '.join(self._codecs)}", "$")
        try:
            return codec.read(given["of"], reader)
        except WrongError as error:
            raise error.inside("of") from None


class Waits(Marked):
    """
    A timer: when it runs, what it does by name, and what with.

    Args:
        args: how what an action is run with is written, by the action's name; None is the account.
    """

    def __init__(self, args: Mapping[str, Sequence[Codec | None]]) -> None:
        self._args = args
        self._time = Time()

    def write(self, value: Timer, writer: Writer) -> Any:
        """Return its number if it was written before, else an object that tells its number."""
        number = writer.known(id(value))
        if number is not None:
            return number
        number = writer.give(id(value), value)
        name = writer.actions[value.action]
        pairs = zip(self._args[name], value.args, strict=True)
        return {
            "#": number,
            "at": self._time.write(value.when, writer),
            "do": name,
            "with": [codec.write(arg, writer) for codec, arg in pairs if codec is not None],
            "quiet": value.quiet,
        }

    def read(self, given: Any, reader: Reader) -> Any:
        """Return a timer that is on no clock yet."""
        match given:
            case bool():
                pass
            case int():
                return reader.found(given, Timer)
            case {"#": number, "at": at, "do": str(name), "with": list(args), "quiet": bool(quiet)} if len(given) == 5:
                return self._timer(reader.number(number), at, name, args, reader, quiet=quiet)
        raise WrongError("must be a timer, or the number of one")

    def _timer(self, number: int, at: Any, name: str, args: list[Any], reader: Reader, *, quiet: bool) -> Timer:
        codecs = self._args.get(name)
        if codecs is None or name not in reader.actions or reader.account is None:
            raise WrongError(f"must be one of {', '.join(self._args)}", "do")
        if len(args) != len(codecs) - codecs.count(None):
            raise WrongError("are not what this is done with", "with")
        when = self._time.read(at, reader)
        timer = reader.things[number] = Timer(when, reader.actions[name], quiet=quiet)
        left = iter(args)
        try:
            timer.args = tuple([reader.account if each is None else each.read(next(left), reader) for each in codecs])
        except WrongError as error:
            raise error.inside("with") from None
        return timer
