"""Links: the short addresses that the platform puts in place of smart links, and knows again when they are clicked."""

from __future__ import annotations

from hashlib import blake2s

from sandbox.providers.webex_connect.checked import Addressed


def short_address(link: int, addressed: Addressed) -> str:
    """
    Return a smart link as it is put into a text (WX1-LINK-04).

    It is made of its id and the destination, so that each person has their own and it is the same each time.
    """
    seed = f"{link}|{addressed.value}|{addressed.correlation_id}".encode("utf-8", "surrogatepass")
    return f"https://lnk.sandbox.invalid/{link}-{blake2s(seed, digest_size=5).hexdigest()}"
