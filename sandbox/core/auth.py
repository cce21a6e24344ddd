"""Auth: the documented ways in, and a memory of tokens that were verified before."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import from_json

if TYPE_CHECKING:
    from sandbox.core.account import Account

LONGEST = 4096  # bytes of a token that is remembered: a client may make up larger ones by the thousand

_is_base64url = re.compile(r"[A-Za-z0-9_-]*").fullmatch


class Verified(NamedTuple):
    """
    A token that was found good.

    Attributes:
        account: whose it is.
        identity: what of it selected the account, `customer_id=eap00001`.
        generation: which of the account's tokens it belongs to.
        expires: when it ends.
        secret: what its signature was verified with, where the account's own may change.
        claims: what it says, where more of it is judged each time.
    """

    account: Account
    identity: str
    generation: int
    expires: datetime
    secret: str = ""
    claims: Mapping[str, Any] = MappingProxyType({})


class VerifiedTokens:
    """Remembers up to `limit` verified tokens, so that a repeated one costs a look-up; expiry is the caller's to check."""

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._tokens: dict[bytes, Verified] = {}
        self._order: deque[bytes] = deque()

    def get(self, header: bytes) -> Verified | None:
        """Return what is known of a token, by the header value that carried it."""
        return self._tokens.get(header)

    def put(self, header: bytes, verified: Verified) -> None:
        """Remember a token, unless it is a long one; the oldest is forgotten when there are too many."""
        if len(header) > LONGEST:
            return
        if header not in self._tokens:
            self._order.append(header)
            if len(self._order) > self._limit:
                self._tokens.pop(self._order.popleft(), None)
        self._tokens[header] = verified


def its_time(account: Account) -> str:
    """Return in words the time by which an account's tokens are judged, where that may be why one is refused."""
    return f"the account's clock says {account.clock.now().isoformat(timespec='seconds')}"


@dataclass(frozen=True, slots=True)
class UnverifiedJwt:
    """
    A JSON Web Token taken apart and not yet believed.

    Attributes:
        signed: the text that the signature is about; with padding there are two readings of it.
    """

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: frozenset[bytes]
    signature: bytes

    @classmethod
    def parse(cls, token: str) -> UnverifiedJwt:
        """
        Take a compact token apart; `=` padding at the end of a part is tolerated.

        Raises:
            ValueError: it has not three parts of base64url, or its header or payload is no JSON object.
        """
        import base64  # noqa: PLC0415 - with binascii, needed only here

        parts = token.split(".")
        if len(parts) != 3:
            raise ValueError("a JSON Web Token has three parts")
        bare = [part.rstrip("=") for part in parts]
        raw = []
        for part in bare:
            if not _is_base64url(part) or len(part) % 4 == 1:
                raise ValueError("a part is not base64url")
            raw.append(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        header, claims = (from_json(part, allow_inf_nan=False) for part in raw[:2])
        if not isinstance(header, dict) or not isinstance(claims, dict):
            raise ValueError("header and payload are JSON objects")  # noqa: TRY004 - the text is wrong, not a type of ours
        signed = frozenset(f"{text[0]}.{text[1]}".encode() for text in (bare, parts))
        return cls(header, claims, signed, raw[2])

    def signed_with(self, secret: bytes) -> bool:
        """Tell whether the signature is HS256 with this secret; the token has no say in the algorithm."""
        import hmac  # noqa: PLC0415 - wanted with the first token

        return any(hmac.compare_digest(hmac.digest(secret, text, "sha256"), self.signature) for text in self.signed)

    def signed_by(self, *public_keys: Any) -> bool:
        """Tell whether the signature is RS256 by one of these RSA public keys; the token has no say in the algorithm."""
        from jwt.algorithms import RSAAlgorithm  # noqa: PLC0415 - brings cryptography, wanted with the first token

        rs256 = RSAAlgorithm(RSAAlgorithm.SHA256)
        return any(rs256.verify(text, key, self.signature) for key in public_keys for text in self.signed)
