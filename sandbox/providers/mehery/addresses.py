"""Addresses: the phone numbers and e-mail addresses that people are reached by."""

from __future__ import annotations

import re

_PUNCTUATION = str.maketrans("", "", "+ -().")
_digits = re.compile(r"[0-9]{7,15}").fullmatch
_LONGEST_EMAIL = 320


def phone_number(given: str) -> str | None:
    """Return the digits of a phone number, its punctuation taken away; None if they are not 7 to 15 (MEH-SEND-12)."""
    digits = given.strip().translate(_PUNCTUATION)
    return digits if _digits(digits) else None


def email_address(given: str) -> str | None:
    """Return an e-mail address in lower case; None if it has not one `@` with text on both sides (MEH-SEND-12)."""
    address = given.strip().lower()
    local, at, domain = address.partition("@")
    good = local and at and domain and "@" not in domain and " " not in address and address.isprintable()
    return address if good and len(address) <= _LONGEST_EMAIL else None
