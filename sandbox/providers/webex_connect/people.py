"""People: the addresses of persons in the form by which the sandbox knows them."""

from __future__ import annotations

import re

MOST = 2048  # characters of an address; push tokens are long

_NUMBER = re.compile(r"\+?([1-9][0-9]{6,14})").fullmatch
_TOLERATED = str.maketrans("", "", " -.()")


def wire_form(value: str) -> str:
    """
    Return a destination as the sandbox knows the person: a number with its plus, e-mail in lower case, the rest as it is.

    What could be a number is taken for one on every channel, so that the control API need not be told the channel.
    """
    found = _NUMBER(value)
    if found is not None:
        return f"+{found[1]}"
    if "@" in value:
        return value.lower()
    if not value.isascii() or not any(sign in value for sign in " -.()"):
        return value
    found = _NUMBER(value.translate(_TOLERATED))
    return f"+{found[1]}" if found is not None else value


def normalise(address: str) -> str:
    """Return the address that somebody typed, in wire form. Raises `ValueError`."""
    address = address.strip()
    if not address or len(address) > MOST or not address.isprintable():
        raise ValueError("an address is printable, and has a character at least")
    if address.startswith("00") and _NUMBER(address[2:].translate(_TOLERATED)):
        address = f"+{address[2:]}"
    return wire_form(address)


def number(value: str) -> str:
    """Return a number as callbacks print it: as it was given, without blanks and dashes."""
    return value.replace(" ", "").replace("-", "")
