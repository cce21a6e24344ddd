"""Keys: the n-th key is the same in every sandbox, and no key is dealt twice."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from sandbox.app import App
from sandbox.core.account import Account
from sandbox.core.keys import Keys
from sandbox.providers.link.account import credentials_of
from sandbox.sandbox import AccountSpec
from sandbox.shipped import folder

PRIMES = folder("fixtures") / "primes.txt"
RESERVED = 16


def modulus(key: RSAPrivateKey) -> int:
    """Return the number by which keys are told apart."""
    return key.public_key().public_numbers().n


def stock() -> list[int]:
    """Return the moduli of all keys that the shipped primes give, in the order in which they are dealt."""
    lines = PRIMES.read_text(encoding="ascii").splitlines()
    primes = [int(line, 16) for line in lines if not line.startswith("#")]
    return [p * q for p, q in combinations(primes, 2)]


def test_the_same_everywhere() -> None:
    """Two sandboxes deal the same keys in the same order, all of them different."""
    keys, others = Keys(PRIMES), Keys(PRIMES)
    dealt = [modulus(keys.deal()) for _ in range(5)]
    assert dealt == [modulus(others.deal()) for _ in range(5)] == stock()[RESERVED : RESERVED + 5]
    assert len(set(dealt)) == 5


def test_restart() -> None:
    """After a restart the first key is dealt again."""
    keys = Keys(PRIMES)
    first = modulus(keys.deal())
    keys.deal()
    keys.restart()
    assert modulus(keys.deal()) == first


def test_a_key_is_sound() -> None:
    """A dealt key has 2048 bits, passes every check, and what it signs can be verified."""
    key = Keys(PRIMES).deal()
    assert key.key_size == 2048
    checked = key.private_numbers().private_key()
    signature = checked.sign(b"hello", PKCS1v15(), SHA256())
    key.public_key().verify(signature, b"hello", PKCS1v15(), SHA256())


def test_signing_key() -> None:
    """The key that platforms sign with is the first of the stock, always the same, and never dealt."""
    keys = Keys(PRIMES)
    assert keys.signing is keys.signing
    assert modulus(keys.signing) == stock()[0]


def test_the_stock_is_large() -> None:
    """The stock lasts for thousands of accounts, and no two of its keys are the same."""
    moduli = stock()
    assert len(moduli) > 4000
    assert len(set(moduli)) == len(moduli)


def test_beyond_the_stock(tmp_path: Path) -> None:
    """When the stock is used up keys are made afresh."""
    few = tmp_path / "primes.txt"
    few.write_text("".join(line + "\n" for line in PRIMES.read_text(encoding="ascii").splitlines()[:9]))
    primes = sum(not line.startswith("#") for line in few.read_text().splitlines())
    keys = Keys(few)
    dealt = [keys.deal() for _ in range(primes * (primes - 1) // 2 - RESERVED)]
    fresh = keys.deal()
    assert fresh.key_size == 2048
    assert modulus(fresh) not in {modulus(key) for key in dealt} | set(stock())


@pytest.mark.anyio
async def test_the_shipped_accounts_keys_are_reserved(app: App, account: Account) -> None:
    """The published key of a shipped account is among the reserved ones: no other account ever gets it."""
    (published,) = credentials_of(account).verification_keys
    assert published.public_numbers().n in stock()[1:RESERVED]
    other = app.sandbox.create_account(AccountSpec(provider="link"))
    (dealt,) = credentials_of(other).verification_keys
    assert dealt.public_numbers().n == stock()[RESERVED]
