"""Secret: which names tell that a value is one, and how much of it is shown to people."""

from __future__ import annotations

import re

KEPT = 12  # characters, enough to tell one secret from another

# By words, as in `X-Api-Key`, `client_secret`, `accessToken`; compared in small letters.
_WORDS = frozenset(
    ("apikey", "assertion", "authorization", "cookie", "key", "passwd", "password", "secret", "token", "credentials")
)
_word = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])").findall
_PARAMETER = re.compile(r"(?<=[?&])([^=&#]{1,100})=([^&#]*)")
_USERINFO = re.compile(r"(?<=//)[^/?#]*@")


def shortened(secret: str) -> str:
    """Return the beginning of a secret."""
    return secret if len(secret) <= KEPT else f"{secret[:KEPT]}…"


def is_secret(name: str) -> bool:
    """Tell whether what goes by a name is a secret, as far as names tell."""
    return not _WORDS.isdisjoint(word.lower() for word in _word(name))


def without_secrets(url: str) -> str:
    """Return a URL, or what was meant to be one, without userinfo and with the secrets in its query shortened."""
    bare = _USERINFO.sub("…@", url)
    return _PARAMETER.sub(lambda pair: f"{pair[1]}={shortened(pair[2]) if is_secret(pair[1]) else pair[2]}", bare)
