"""Records: how dataclasses, named tuples, models and timers become JSON, and which of them have an identity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING
from functools import cached_property
from typing import Any, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from sandbox.core.piecemeal import Steps
from sandbox.core.schedule import Timer
from sandbox.snapshot.codec import Codec, Marked, Reader, Time, Writer, WrongError, in_steps


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

    @property
    def comparable(self) -> type | None:
        """The type of a fallback that another value may be equal to without being the same one."""
        return type(self.fallback) if isinstance(self.fallback, str | int) else None

    def unwritten(self, reader: Reader) -> Any:
        """Return what the field holds where nothing of it is written. Raises `WrongError`."""
        if self.given is not None:
            return self.given(reader)
        if self.fallback is not MISSING:
            return self.fallback
        if self.blank is not MISSING:
            return self.blank()
        raise WrongError("is required", self.name)


class Record(Marked):
    """A dataclass, as an object; fields that have their default are left out."""

    def __init__(self, kind: type) -> None:
        self._kind = kind
        self.members: list[Member] = []

    # There are hundreds of thousands of records in a snapshot: what is always the same is looked up once.

    @cached_property
    def _written(self) -> tuple[tuple[Any, ...], ...]:
        return tuple(
            (each.name, each.take, each.write, each.fallback, each.comparable)
            for each in self.members
            if each.codec is not None
        )

    @cached_property
    def _read(self) -> tuple[tuple[Member, str, Callable[[Any, Reader], Any] | None], ...]:
        return tuple(
            (each, each.name, None if each.codec is None or each.given is not None else each.codec.read)
            for each in self.members
        )

    def write(self, value: Any, writer: Writer) -> dict[str, Any]:
        """Return an object."""
        written = {}
        for name, take, write, fallback, comparable in self._written:
            held = getattr(value, name) if take is None else take(value, writer)
            if held is fallback or (type(held) is comparable and held == fallback):
                continue
            written[name] = held if write is None else write(held, writer)
        return written

    def read(self, given: Any, reader: Reader) -> Any:
        """Return a thing with these fields."""
        return self.fill(object.__new__(self._kind), given, reader)

    def steps(self, given: Any, reader: Reader) -> Steps[Any]:
        """Return the same, in the steps of the fields that have any."""
        if not isinstance(given, dict):
            raise WrongError("must be an object")
        thing: Any = object.__new__(self._kind)
        for member, name, read in self._read:
            if read is None or name not in given:
                object.__setattr__(thing, name, member.unwritten(reader))
                continue
            try:
                value = yield from in_steps(cast("Codec", member.codec), given[name], reader)
                object.__setattr__(thing, name, value if member.put is None else member.put(value, thing))
            except WrongError as error:
                raise error.inside(name) from None
        self._refuse_others(given)
        return thing

    def fill(self, thing: Any, given: Any, reader: Reader, besides: str | None = None) -> Any:
        """Write to a thing what was given, and the defaults of the rest; `besides` is a member that is no field."""
        if not isinstance(given, dict):
            raise WrongError("must be an object")
        left = len(given) - (besides is not None)
        put = object.__setattr__
        for member, name, read in self._read:
            if read is None or name not in given:
                put(thing, name, member.unwritten(reader))
                continue
            left -= 1
            try:
                value = read(given[name], reader)
                put(thing, name, value if member.put is None else member.put(value, thing))
            except WrongError as error:
                raise error.inside(name) from None
        if left:
            self._refuse_others(given, besides)
        return thing

    def _refuse_others(self, given: Mapping[str, Any], besides: str | None = None) -> None:
        """Raise `WrongError` if there is a member that is no field."""
        known = {besides, *(name for _, name, read in self._read if read is not None)}
        unknown = next((name for name in given if name not in known), None)
        if unknown is not None:
            raise WrongError("is not known here", unknown)


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
        number = reader.number(given.get("#"))
        thing: Any = object.__new__(self._kind)
        reader.things[number] = thing  # known before it is whole: it may lead to itself
        return self._record.fill(thing, given, reader, "#")


class Row(Marked):
    """A named tuple, as an array."""

    def __init__(self, kind: Callable[..., Any]) -> None:
        self._kind = kind
        self.members: list[Member] = []

    @cached_property
    def _places(self) -> tuple[Member, ...]:
        """The fields that are written, in order."""
        return tuple(member for member in self.members if member.codec is not None)

    @cached_property
    def _writes(self) -> tuple[tuple[bool, Callable[[Any, Writer], Any] | None], ...]:
        return tuple((member.codec is not None, member.write) for member in self.members)

    @cached_property
    def _reads(self) -> tuple[Callable[[Any, Reader], Any], ...]:
        return tuple(member.codec.read for member in self._places if member.codec is not None)

    def write(self, value: Any, writer: Writer) -> list[Any]:
        """Return an array."""
        return [
            held if write is None else write(held, writer)
            for (is_written, write), held in zip(self._writes, value, strict=True)
            if is_written
        ]

    def read(self, given: Any, reader: Reader) -> Any:
        """Return the named tuple."""
        if not isinstance(given, list) or len(given) != len(self._places):
            raise WrongError(f"must be an array of {', '.join(member.name for member in self._places)}")
        values: list[Any] = []
        try:
            for read, item in zip(self._reads, given, strict=True):
                values.append(read(item, reader))
        except WrongError as error:
            raise error.inside(self._places[len(values)].name) from None
        if len(values) == len(self.members):
            return self._kind(*values)
        left = iter(values)
        return self._kind(
            *(
                next(left) if member.codec is not None else None if member.given is None else member.given(reader)
                for member in self.members
            )
        )


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
