"""Keys: RSA key pairs made from a shipped stock of primes, so that a new account costs no search for them."""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


_RESERVED = 16  # the signing key, and those of the accounts that are shipped


class Keys:
    """
    Deals out RSA keys of 2048 bits: the n-th is the same in every sandbox. Beyond the stock keys are made afresh.

    They are published, and many share a prime: good for tests, for nothing else.

    Args:
        primes: file with one prime of 1024 bits a line, in hexadecimal.
    """

    def __init__(self, primes: Path) -> None:
        self._file = primes
        self.restart()

    @cached_property
    def signing(self) -> RSAPrivateKey:
        """The key that the emulated platforms sign their own tokens with."""
        return _key(*_pairs(self._file)[0])

    def deal(self) -> RSAPrivateKey:
        """Return the next key for an account."""
        self._dealt += 1
        pairs = _pairs(self._file)
        if self._dealt < len(pairs):
            return _key(*pairs[self._dealt])
        from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - see _key

        return rsa.generate_private_key(65537, 2048)

    @property
    def dealt(self) -> int:
        """How many were dealt, the reserved ones among them."""
        return self._dealt

    def restart(self, dealt: int = _RESERVED - 1) -> None:
        """Deal from the first key again, or from where so many were dealt."""
        self._dealt = max(dealt, _RESERVED - 1)


# Both are kept for whoever makes one sandbox after another, as tests do: they come of the file alone.


@lru_cache(maxsize=1)
def _pairs(primes: Path) -> list[tuple[int, int]]:
    lines = primes.read_text(encoding="ascii").splitlines()
    return list(combinations([int(line, 16) for line in lines if not line.startswith("#")], 2))


@lru_cache(maxsize=64)
def _key(p: int, q: int) -> RSAPrivateKey:
    # Imported when the first key is wanted: a sandbox that is only started needs none.
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    exponent = 65537
    d = pow(exponent, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(exponent, p * q)
    )
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)
