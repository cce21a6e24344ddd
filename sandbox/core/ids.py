"""Ids: seeded identifiers, chance and fake people; the same seed and the same calls give the same bytes."""

from __future__ import annotations

import hashlib
import random
import struct
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist, for texts that want a name."""

    first_name: str
    last_name: str
    city: str
    phone: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


_WORDS = struct.Struct(">625I")  # of the Mersenne Twister
_BYTES = tuple(f"{byte:02x}" for byte in range(256))
_VERSION_4 = 0x4000_8000_0000_0000_0000  # version and variant of a UUID, where they stand in its 128 bits
_CHANCE = (1 << 128) - 1 ^ 0xF000_C000_0000_0000_0000  # the other bits


@lru_cache(maxsize=1)
def _faker() -> Any:
    from faker import Faker  # noqa: PLC0415 - takes longer to import than all else here, and few need it

    return Faker("en_US")


@dataclass(frozen=True, slots=True)
class IdsState:
    """
    How far an account's identifiers and its chance have come.

    Attributes:
        random: the state of its generator, 625 words of 32 bits in base64.
        count: ids of ours so far.
        counts: ids of each other kind so far.
    """

    random: str
    count: int
    counts: dict[str, int]


class Ids:
    """
    What one account draws its identifiers and its chance from.

    Args:
        seed: the sandbox's seed.
        scope: what the account is called; accounts of one seed differ by it.
    """

    def __init__(self, seed: str, scope: str) -> None:
        self._seed = seed
        self._scope = scope
        self.restart()

    def restart(self) -> None:
        """Begin again, as on the first call."""
        self.random = random.Random(f"{self._seed}/{self._scope}")  # noqa: S311 - chance, not secrets
        self._tag = hashlib.blake2s(f"{self._seed}/{self._scope}".encode(), digest_size=4).hexdigest()
        self._heads: dict[str, str] = {}  # of ids, by their prefix: a handful
        self._count = 0
        self._middle = ""  # of an id: the digits of the count that change with every 256th
        self._counts: dict[str, int] = {}

    @property
    def state(self) -> IdsState:
        """How far it has come."""
        words = _WORDS.pack(*self.random.getstate()[1])
        return IdsState(b64encode(words).decode("ascii"), self._count, dict(self._counts))

    def restore(self, state: IdsState) -> None:
        """Go on from there. Raises `ValueError` if that is no state of the generator."""
        try:
            words = _WORDS.unpack(b64decode(state.random, validate=True))
        except struct.error:
            raise ValueError("must be 625 words of 32 bits") from None
        self.random.setstate((3, words, None))
        self._count = state.count
        self._middle = ""
        self._counts = dict(state.counts)

    def opaque(self, prefix: str) -> str:
        """Return the next id of ours, `msg_5f0c2a91000007`."""
        self._count = number = self._count + 1
        last = number & 0xFF
        if not last or not self._middle:
            self._middle = f"{number >> 8:04x}"
        head = self._heads.get(prefix)
        if head is None:
            head = self._heads[prefix] = f"{prefix}_{self._tag}"
        return f"{head}{self._middle}{_BYTES[last]}"  # in six tenths of the time that the format `06x` takes

    def uuid4(self) -> str:
        """Return the next UUID, version 4, in lower case."""
        return _uuid4_of(self.random.getrandbits(128))

    def uuid_of(self, kind: str) -> str:
        """
        Return the next id of a kind, shaped as a UUID of version 4.

        It comes of seed, scope, kind and a count of its own, so that what else is drawn does not change it.

        Args:
            kind: a word; few of them, as each has a count.
        """
        number = self._counts[kind] = self._counts.get(kind, 0) + 1
        return self.uuid_named(f"{kind}/{number}")

    def uuid_named(self, name: str) -> str:
        """Return the id of a name, shaped as a UUID of version 4: it comes of seed, scope and name alone."""
        digest = hashlib.blake2s(f"{self._seed}/{self._scope}/{name}".encode(), digest_size=16).digest()
        return _uuid4_of(int.from_bytes(digest))

    def odd_uuid(self) -> str:
        """Return an id shaped as a UUID whose version and variant no RFC knows."""
        digits = f"{self.random.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-7{digits[13:16]}-1{digits[17:20]}-{digits[20:]}"

    def person(self, user: str) -> Person:
        """Return the person behind an address: the same seed and address always give the same one."""
        fake = _faker()
        fake.seed_instance(f"{self._seed}/{user}")
        return Person(fake.first_name(), fake.last_name(), fake.city(), user)


def _uuid4_of(bits: int) -> str:
    digits = (bits & _CHANCE | _VERSION_4).to_bytes(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
