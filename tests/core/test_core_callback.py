"""Callbacks: which headers go along with the bytes."""

from __future__ import annotations

import pytest

from sandbox.core.callback import Encoded, headers_of

Headers = tuple[tuple[str, str], ...]
SHOP = ("X-Shop", "1")


@pytest.mark.parametrize(
    ("configured", "decided", "expected"),
    [
        pytest.param((), (), (), id="none"),
        pytest.param((SHOP,), (), (SHOP,), id="configured"),
        pytest.param((SHOP,), (("Authorization", "a"),), (SHOP, ("Authorization", "a")), id="both"),
        pytest.param(
            (("authorization", "b"), SHOP), (("Authorization", "a"),), (SHOP, ("Authorization", "a")), id="one"
        ),
    ],
)
def test_headers(configured: Headers, decided: Headers, expected: Headers) -> None:
    """What is configured goes along, but for what the provider decides, whatever the letter case."""
    assert headers_of(configured, Encoded("application/json", b"{}", headers=decided)) == expected
