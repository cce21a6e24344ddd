"""Forgery: JSON Web Tokens of any header, payload and signature, good and bad."""

import base64
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


def base64url(data: bytes | dict[str, Any]) -> str:
    """Return unpadded base64url of bytes, or of the JSON of a dictionary."""
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def rs256(key: RSAPrivateKey) -> Callable[[bytes], bytes]:
    """Return what signs with RS256, whatever a token's header says."""
    return lambda text: key.sign(text, padding.PKCS1v15(), hashes.SHA256())


def forge(header: dict[str, Any], claims: dict[str, Any], sign: Callable[[bytes], bytes]) -> str:
    """Return a compact token; claims of None are left out."""
    given = {name: value for name, value in claims.items() if value is not None}
    text = f"{base64url(header)}.{base64url(given)}"
    return f"{text}.{base64url(sign(text.encode()))}"
