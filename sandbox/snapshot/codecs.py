"""Codecs: finds the codec of a type by its annotations, among the types that may be in a snapshot and no others."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime, timedelta
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from sandbox.core.account import Account
from sandbox.core.conversation import AccountKey, Message
from sandbox.core.events import Cause
from sandbox.core.kept import Table
from sandbox.core.schedule import Timer
from sandbox.snapshot.codec import (
    Bytes,
    Choice,
    Codec,
    Degrees,
    Fixed,
    Json,
    JsonObject,
    Many,
    Number,
    Optional,
    Pairs,
    Plain,
    Reader,
    Span,
    Time,
    Writer,
    WrongError,
)
from sandbox.snapshot.records import AnyOf, Member, Model, Once, Record, Row, Thing, Waits

# What modules name in annotations, and import for the type checker alone.
_NAMES = {"Account": Account, "Cause": Cause, "Message": Message, "Timer": Timer}
_SCALARS: dict[Any, Codec] = {
    str: Plain("text", str),
    bool: Plain("true or false", bool),
    int: Number("a whole number, not negative", int),
    float: Degrees("a number", int, float),
    bytes: Bytes(),
    datetime: Time(),
    timedelta: Span(),
    object: Json(),
    Any: Json(),
}
_PLAIN = (str, bool, int, float, NoneType)


class Special:
    """
    A field that is not simply what its annotation says.

    Attributes:
        codec: finds that of what is written, once all such fields are known.
        take: returns what is written, of the thing that holds the field.
        put: returns what the field is to hold, of what was read and the thing.
    """

    def __init__(
        self,
        codec: Callable[[], Codec],
        take: Callable[[Any, Writer], Any] | None = None,
        put: Callable[[Any, Any], Any] | None = None,
    ) -> None:
        self.codec = codec
        self.take = take
        self.put = put


class Codecs:
    """
    The codecs of everything that one provider's accounts may hold.

    Args:
        several: classes that stand where an annotation names a class above them.
        actions: what may be put on a clock, by name.
        tables: see `Kept`.
    """

    def __init__(
        self, several: Sequence[type], actions: Mapping[str, Callable[..., Any]], tables: Sequence[Table]
    ) -> None:
        self._several = several
        self._found: dict[Any, Codec] = {}
        self._classes: dict[type, Codec] = {}
        self._tables = {(table.of, name): table for table in tables for name in table.names}
        self._special: dict[tuple[type, str], Special] = {}
        self._actions = actions

    def special(self, kind: type, name: str, special: Special) -> None:
        """Let a field be written otherwise than its annotation says; to be told before its codec is asked for."""
        self._special[(kind, name)] = special

    def of(self, annotation: Any) -> Codec:
        """Return the codec of what an annotation describes. Raises `TypeError` if it describes none of our types."""
        codec = _SCALARS.get(annotation) if isinstance(annotation, type) or annotation is Any else None
        if codec is None:
            codec = self._found.get(annotation)
        if codec is None:
            codec = self._found[annotation] = self._made(annotation)
        return codec

    def one_of(self, kinds: Iterable[type]) -> Codec:
        """Return the codec of what is of one of several types, or a plain JSON object, or null."""
        types = {**{kind: kind.__name__ for kind in kinds}, dict: "object"}
        codecs = {name: self._class(kind) for kind, name in types.items() if kind is not dict}
        return AnyOf({**codecs, "object": JsonObject()}, types, (NoneType,))

    def _made(self, annotation: Any) -> Codec:
        origin, args = get_origin(annotation), get_args(annotation)
        if origin is Literal:
            return Choice(args)
        if origin in (Union, UnionType):
            return self._union(args)
        if origin is tuple:
            return Many(self.of(args[0]), tuple) if args[1:] == (...,) else Fixed(tuple(map(self.of, args)))
        if origin in (list, deque, frozenset):
            return Many(self.of(args[0]), origin)
        if origin is Sequence:
            return _SCALARS[Any]  # a list or a tuple, and it stays what it is
        if origin in (dict, Mapping, OrderedDict):
            return self._pairs(args, OrderedDict if origin is OrderedDict else dict)
        if origin is not None:  # a record of such and such
            return self._record(origin, dict(zip(origin.__parameters__, args, strict=True)))
        if not isinstance(annotation, type):
            raise TypeError(f"{annotation} is nothing that a snapshot can hold")
        below = [kind for kind in self._several if issubclass(kind, annotation)]
        return self._any(below, ()) if below else self._class(annotation)

    def _pairs(self, args: tuple[Any, ...], make: Callable[..., Any]) -> Codec:
        key, value = args
        if value is Any:
            return _SCALARS[Any]
        value = Plain("null", NoneType) if value in (None, NoneType) else self.of(value)
        return Pairs(None if key is str or get_origin(key) is Literal else self.of(key), value, make)

    def _union(self, args: tuple[Any, ...]) -> Codec:
        others = [each for each in args if each is not NoneType]
        if len(others) == 1:
            return Optional(self.of(others[0]))
        plain = tuple(each for each in args if each in _PLAIN)
        kinds = [each for each in others if each not in _PLAIN]
        if any(self.of(each) is _SCALARS[Any] for each in kinds):
            return _SCALARS[Any]
        below = [kind for kind in self._several if issubclass(kind, tuple(kinds))]
        return self._any(
            (*below, *(kind for kind in kinds if not any(issubclass(each, kind) for each in below))), plain
        )

    def _any(self, kinds: Iterable[type], plain: tuple[type, ...]) -> Codec:
        types = {kind: kind.__name__ for kind in kinds}
        return AnyOf({name: self._class(kind) for kind, name in types.items()}, types, plain)

    def _class(self, kind: type) -> Codec:
        return self._classes.get(kind) or self._described(kind)

    def _described(self, kind: type) -> Codec:
        if kind is Timer:
            return self._timer()
        if issubclass(kind, BaseModel):
            model = Model(kind)
            return model if kind.model_config.get("frozen") else Once(kind, model)
        if issubclass(kind, dict | list):
            inside = get_args(cast("Any", kind).__orig_bases__[0])  # it says by its base what is in it
            return self._pairs(inside, kind) if issubclass(kind, dict) else Many(self.of(inside[0]), kind)
        return self._record(kind, {})

    def _record(self, kind: type, given: Mapping[TypeVar, Any]) -> Codec:
        hints = get_type_hints(kind, localns=_NAMES)
        if is_dataclass(kind):
            record = Record(kind)
            # Nobody can tell two that are equal apart, if they cannot be changed.
            is_thing = not cast("Any", kind).__dataclass_params__.frozen
            codec: Codec = Thing(kind, record) if is_thing else record
            if not given:
                self._classes[kind] = codec  # it may lead to itself
            for each in fields(kind):
                member = self._member(kind, each.name, _filled(hints[each.name], given))
                member.fallback, member.blank = each.default, each.default_factory
                if member.codec is None and member.fallback is MISSING and member.given is None:
                    member.fallback = _has_served
                if isinstance(member.codec, Many) and get_origin(hints[each.name]) is deque:
                    member.put = _refilled(each.default_factory)  # which knows how many it may hold
                record.members.append(member)
            return codec
        names = getattr(kind, "_fields", None)
        if names is None:
            raise TypeError(f"{kind.__name__} is nothing that a snapshot can hold")
        row = Row(kind)
        row.members += [self._member(kind, name, _filled(hints[name], given)) for name in names]
        return row

    def _member(self, kind: type, name: str, hint: Any) -> Member:
        special = self._special.get((kind, name))
        if special is not None:
            member = Member(name, special.codec())
            member.take, member.put = special.take, special.put
            return member
        if hint in (Account, Account | None):
            return Member(name, None, lambda reader: reader.account)
        if hint is AccountKey:
            return Member(name, None, _key)
        for each in (hint, *get_args(hint)):
            if get_origin(each) is Callable:
                return self._function(kind, name, each)
        member = Member(name, self.of(hint))
        if hint == Timer | None:  # one that has run, or is not to, may still be held
            member.take = lambda thing, _: timer if (timer := getattr(thing, name)) and not timer.cancelled else None
        return member

    def _function(self, kind: type, name: str, hint: Any) -> Member:
        """Return what is written of a function: what it returns; or nothing, if it has done all it was for."""
        table = self._tables.get((kind, name))
        if table is None:
            return Member(name, None)
        member = Member(name, Many(self.of(get_args(hint)[1]), list))
        arguments = table.arguments

        def results(thing: Any, _writer: Writer) -> Any:
            function = getattr(thing, name)
            return function if function is member.fallback else list(map(function, arguments(thing)))

        member.take = results
        member.put = lambda results, thing: _looked_up(list(arguments(thing)), results)
        return member

    def _timer(self) -> Codec:
        args: dict[str, list[Codec | None]] = {}
        timer = self._classes[Timer] = Waits(args)  # what waits may lead to its timer
        for name, action in self._actions.items():
            hints = get_type_hints(action, localns=_NAMES)
            kinds = [hint for parameter, hint in hints.items() if parameter != "return"]
            args[name] = [None if kind is Account else self.of(kind) for kind in kinds]
        return timer


def _filled(hint: Any, given: Mapping[TypeVar, Any]) -> Any:
    """Return an annotation with its type variables filled in."""
    parameters = getattr(hint, "__parameters__", ())
    return hint[tuple(given[each] for each in parameters)] if parameters else given.get(hint, hint)


def _key(reader: Reader) -> AccountKey:
    if reader.account is None:
        raise WrongError("belongs to no account")
    return reader.account.key


def _has_served(*_: Any) -> Any:
    raise LookupError("what this function is for was done before the snapshot was taken")


def _refilled(blank: Any) -> Callable[[Any, Any], Any]:
    def refill(items: Any, _thing: Any) -> Any:
        things = blank()
        things.extend(items)
        return things

    return refill


def _looked_up(arguments: Sequence[Any], results: Sequence[Any]) -> Callable[[Any], Any]:
    if len(arguments) != len(results):
        raise WrongError(f"must be {len(arguments)}, one for each that it is about")

    def look_up(argument: Any) -> Any:
        return next(result for known, result in zip(arguments, results, strict=True) if known == argument)

    return look_up
