"""Codec: how one sort of value becomes JSON, and how JSON of unknown origin becomes that sort of value or is refused."""

from __future__ import annotations

import math
from base64 import b64decode, b64encode
from binascii import Error as NoBase64Error
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from pydantic_core import from_json, to_json

from sandbox.core.piecemeal import Steps, at_once
from sandbox.engine.complaint import Path

if TYPE_CHECKING:
    from sandbox.core.account import Account
    from sandbox.core.schedule import Action

MOST_WRONG = 100  # complaints about one document; more help nobody

_LARGEST = 2**62
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9500, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = timedelta(days=365 * 1000)
_FEW = 20  # values that are read in one step
_SMALL = 64  # bytes that are written out each time they occur
_DEEP = 100  # levels of plain JSON, of which no parser takes any number


class WrongError(ValueError):
    """
    A document is not what it should be.

    Attributes:
        complaints: what is wrong, and where, from the outside in; the paths grow on the way out.
    """

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.complaints: list[tuple[Path, str]] = [(path, message)]

    @classmethod
    def of(cls, errors: Iterable[WrongError]) -> WrongError:
        """Return several as one, as far as they help anybody."""
        whole = cls("several things are wrong")
        whole.complaints = [one for error in errors for one in error.complaints][:MOST_WRONG]
        return whole

    def inside(self, *place: str | int) -> WrongError:
        """Return it as seen from around that place."""
        self.complaints = [((*place, *path), message) for path, message in self.complaints]
        return self


class Writer:
    """
    One writing of one account: what has an identity is written where it first occurs, later by its number.

    Attributes:
        actions: names of what may be on the account's clock.
        given_up: ids of callbacks that will come to nothing.
    """

    def __init__(self, actions: Mapping[Action, str], given_up: Collection[str] = ()) -> None:
        self.actions = actions
        self.given_up = given_up
        self._numbers: dict[Any, int] = {}
        self._alive: list[Any] = []  # what is known by its address must not go
        self._count = 0

    def known(self, key: Any) -> int | None:
        """Return the number of what was written before; None if it was not."""
        return self._numbers.get(key)

    def give(self, key: Any, thing: Any) -> int:
        """Return a new number for a thing."""
        number = self._count
        self._count += 1
        self.call(key, number, thing)
        return number

    def call(self, key: Any, number: int, thing: Any) -> None:
        """Know a thing by a number from now on."""
        self._numbers[key] = number
        self._alive.append(thing)


class Reader:
    """
    One reading of one account's part of a document.

    Attributes:
        account: whose part it is; None for what belongs to none.
        actions: what may be on the account's clock, by name.
        things: what has an identity, by number.
    """

    def __init__(self, account: Account | None, actions: Mapping[str, Action]) -> None:
        self.account = account
        self.actions = actions
        self.things: dict[int, Any] = {}

    def number(self, given: Any) -> int:
        """Return a number that a thing may be given. Raises `WrongError`."""
        if type(given) is not int or given < 0 or given in self.things:
            raise WrongError("must be a number that nothing else has", "#")
        return given

    def found(self, number: int, kind: type | tuple[type, ...]) -> Any:
        """Return the thing of a number. Raises `WrongError`."""
        thing = self.things.get(number)
        if not isinstance(thing, kind) or number not in self.things:
            raise WrongError(f"{number} is the number of no such thing above")
        return thing


class Codec(Protocol):
    """
    One sort of value.

    Attributes:
        is_plain: it is the same in JSON, and need not be written by way of this.
    """

    @property
    def is_plain(self) -> bool:
        """See above."""
        ...

    def write(self, value: Any, writer: Writer) -> Any:
        """Return a value as JSON."""
        ...

    def read(self, given: Any, reader: Reader) -> Any:
        """Return the value that JSON stands for. Raises `WrongError`."""
        ...


def in_steps(codec: Codec, given: Any, reader: Reader) -> Steps[Any]:
    """Read in the steps of a codec that has any, else at once. Raises `WrongError`."""
    steps = getattr(codec, "steps", None)
    return codec.read(given, reader) if steps is None else (yield from steps(given, reader))


class Marked:
    """What is not the same in JSON."""

    is_plain = False


class Plain:
    """What is the same in JSON."""

    is_plain = True

    def __init__(self, says: str, *kinds: type) -> None:
        self._says = says
        self._kinds = kinds

    def write(self, value: Any, _writer: Writer) -> Any:
        """Return it as it is."""
        return value

    def read(self, given: Any, _reader: Reader) -> Any:
        """Return it as it is, if it is of the right type."""
        if type(given) not in self._kinds:
            raise WrongError(f"must be {self._says}")
        return given


class Number(Plain):
    """A number that is not negative, nor beyond all reason."""

    def read(self, given: Any, reader: Reader) -> Any:
        """Return it as it is, if it is in its bounds."""
        if not 0 <= super().read(given, reader) <= _LARGEST:
            raise WrongError(f"must be {self._says}")
        return given


class Degrees(Plain):
    """A number with a fraction, of either sign."""

    def read(self, given: Any, reader: Reader) -> Any:
        """Return it as it is, if it is finite."""
        if not -_LARGEST <= super().read(given, reader) <= _LARGEST:
            raise WrongError(f"must be {self._says}")
        return given


class Choice:
    """One of a few words."""

    is_plain = True

    def __init__(self, words: Collection[Any]) -> None:
        self._words = words

    def write(self, value: Any, _writer: Writer) -> Any:
        """Return it as it is."""
        return value

    def read(self, given: Any, _reader: Reader) -> Any:
        """Return it as it is, if it is one of them."""
        for word in self._words:
            if type(word) is type(given) and word == given:
                return word
        raise WrongError(f"must be one of {', '.join(map(str, self._words))}")


class Time(Marked):
    """An aware time, in RFC 3339 with microseconds; its offset is kept."""

    def write(self, value: Any, _writer: Writer) -> Any:
        """Return it as text."""
        return value.isoformat()

    def read(self, given: Any, _reader: Reader) -> Any:
        """Return the time of a text."""
        try:
            time = datetime.fromisoformat(given) if isinstance(given, str) else None
            if time is not None and time.tzinfo is not None and _EARLIEST <= time <= _LATEST:
                return time
        except (ValueError, OverflowError):
            pass
        raise WrongError("must be a time with an offset, such as 2030-01-02T12:00:00.000000+00:00")


class Span(Marked):
    """A length of time, in microseconds."""

    def write(self, value: Any, _writer: Writer) -> Any:
        """Return its microseconds."""
        return value // _MICROSECOND

    def read(self, given: Any, _reader: Reader) -> Any:
        """Return the length of so many microseconds."""
        if type(given) is not int or not 0 <= given <= _LONGEST // _MICROSECOND:
            raise WrongError("must be a number of microseconds")
        return timedelta(microseconds=given)


class Bytes(Marked):
    """Bytes: as text where they are UTF-8, in base64 where they are not; larger ones once, later by their number."""

    def write(self, value: Any, writer: Writer) -> Any:
        """Return text, `{"base64"}`, or either of them with a number beside it."""
        try:
            written: Any = value.decode()
        except UnicodeDecodeError:
            written = {"base64": b64encode(value).decode("ascii")}
        if len(value) <= _SMALL:
            return written
        number = writer.known(value)
        if number is not None:
            return number
        return {"#": writer.give(value, value), "of": written}

    def read(self, given: Any, reader: Reader) -> Any:
        """Return the bytes."""
        match given:
            case str():
                return given.encode()
            case {"base64": str(text)} if len(given) == 1:
                try:
                    return b64decode(text, validate=True)
                except (NoBase64Error, ValueError):
                    pass
            case int():
                return reader.found(given, bytes)
            case {"#": number, "of": str() | {"base64": _} as of} if len(given) == 2:
                number = reader.number(number)
                value = reader.things[number] = self.read(of, reader)
                return value
        raise WrongError('must be text, or bytes as {"base64"}')


class Json(Marked):
    """Plain JSON of any shape; what Python has beside it, tuples and infinite numbers, is marked with `$`."""

    def write(self, value: Any, _writer: Writer) -> Any:
        """Return it with what is marked."""
        return self._written(value, 0)

    def _written(self, value: Any, depth: int) -> Any:
        if value is None or isinstance(value, str | int):
            return value
        if depth == _DEEP:
            return {"$": "json", "of": to_json(value, inf_nan_mode="constants").decode()}
        match value:
            case float():
                return value if math.isfinite(value) else {"$": "float", "of": str(value)}
            case list():
                return [self._written(item, depth + 1) for item in value]
            case Mapping() if "$" not in value and all(isinstance(key, str) for key in value):
                return {key: self._written(item, depth + 1) for key, item in value.items()}
            case Mapping():
                pairs = [[self._written(key, depth + 1), self._written(item, depth + 1)] for key, item in value.items()]
                return {"$": "dict", "of": pairs}
            case tuple():
                return {"$": "tuple", "of": [self._written(item, depth + 1) for item in value]}
        raise TypeError(f"{type(value).__name__} is no JSON")

    def read(self, given: Any, reader: Reader) -> Any:
        """Return it without the marks."""
        match given:
            case float() if not math.isfinite(given):
                raise WrongError("must be a number that is finite")
            case list():
                return [_JSON.read(item, reader) for item in given]
            case {"$": "tuple", "of": list(items)}:
                return tuple([_JSON.read(item, reader) for item in items])
            case {"$": "float", "of": "inf" | "-inf" | "nan" as text}:
                return float(text)
            case {"$": "json", "of": str(text)}:
                try:
                    return from_json(text)
                except ValueError as error:
                    raise WrongError(f"is not JSON: {error}") from None
            case {"$": "dict", "of": list(pairs)}:
                return dict(self._pair(pair, reader) for pair in pairs)
            case {"$": _}:
                raise WrongError("has a mark that nobody knows")
            case dict():
                return {key: _JSON.read(item, reader) for key, item in given.items()}
        return given

    def _pair(self, pair: Any, reader: Reader) -> tuple[Any, Any]:
        if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str | int | float | None):
            raise WrongError("must be pairs of a key and a value")
        return pair[0], _JSON.read(pair[1], reader)


_JSON = Json()


class JsonObject(Json):
    """A JSON object of any shape."""

    def read(self, given: Any, reader: Reader) -> Any:
        """Return it without the marks."""
        read = super().read(given, reader)
        if not isinstance(read, dict):
            raise WrongError("must be an object")
        return read


class Optional:
    """A value or null."""

    def __init__(self, inner: Codec) -> None:
        self._inner = inner
        self.is_plain = inner.is_plain

    def write(self, value: Any, writer: Writer) -> Any:
        """Return the value, if there is one."""
        return None if value is None else self._inner.write(value, writer)

    def read(self, given: Any, reader: Reader) -> Any:
        """Return the value, if there is one."""
        return None if given is None else self._inner.read(given, reader)


class Many(Marked):
    """Any number of values of one sort."""

    def __init__(self, inner: Codec, make: Callable[[Iterable[Any]], Any]) -> None:
        self._inner = inner
        self._make = make

    def write(self, value: Any, writer: Writer) -> Any:
        """Return an array; a set is written in order, which it has none of."""
        items = sorted(value) if isinstance(value, frozenset) else value
        if self._inner.is_plain:
            return list(items)
        write = self._inner.write
        return [write(item, writer) for item in items]

    def read(self, given: Any, reader: Reader) -> Any:
        """Return the values; behind a wrong one it reads on, so that all are told of."""
        return at_once(self.steps(given, reader))

    def steps(self, given: Any, reader: Reader) -> Steps[Any]:
        """Return the same, in steps of a few values."""
        if not isinstance(given, list):
            raise WrongError("must be an array")
        items, wrong = [], []
        read = self._inner.read
        for index, item in enumerate(given):
            try:
                items.append(read(item, reader))
            except WrongError as error:
                wrong.append(error.inside(index))
                if len(wrong) >= MOST_WRONG:
                    break
            if index % _FEW == _FEW - 1:
                yield
        if wrong:
            raise WrongError.of(wrong)
        return self._make(items)


class Fixed(Marked):
    """A fixed number of values, each of its own sort."""

    def __init__(self, inner: tuple[Codec, ...]) -> None:
        self._inner = inner

    def write(self, value: Any, writer: Writer) -> Any:
        """Return an array."""
        return [codec.write(item, writer) for codec, item in zip(self._inner, value, strict=True)]

    def read(self, given: Any, reader: Reader) -> Any:
        """Return a tuple."""
        if not isinstance(given, list) or len(given) != len(self._inner):
            raise WrongError(f"must be an array of {len(self._inner)}")
        values = []
        for index, (codec, item) in enumerate(zip(self._inner, given, strict=True)):
            try:
                values.append(codec.read(item, reader))
            except WrongError as error:
                raise error.inside(index) from None
        return tuple(values)


class Pairs(Marked):
    """A mapping: an object where the keys are text, else an array of pairs."""

    def __init__(self, key: Codec | None, value: Codec, make: Callable[[Iterable[Any]], Any] = dict) -> None:
        self._pairs = None if key is None else Many(Fixed((key, value)), make)
        self._value = value
        self._make = make

    def write(self, value: Any, writer: Writer) -> Any:
        """Return an object, or pairs."""
        if self._pairs is not None:
            return self._pairs.write(value.items(), writer)
        write = self._value.write
        return {key: write(item, writer) for key, item in value.items()}

    def read(self, given: Any, reader: Reader) -> Any:
        """Return the mapping."""
        if self._pairs is not None:
            return self._pairs.read(given, reader)
        if not isinstance(given, dict):
            raise WrongError("must be an object")
        pairs = []
        for key, item in given.items():
            try:
                pairs.append((key, self._value.read(item, reader)))
            except WrongError as error:
                raise error.inside(key) from None
        return self._make(pairs)
