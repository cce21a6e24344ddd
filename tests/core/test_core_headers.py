"""Headers: what a request says beside its body."""

from __future__ import annotations

from sandbox.core.headers import Headers

GIVEN = [(b"host", b"a"), (b"x-b", b"1"), (b"x-b", b""), (b"x-b", b"2")]


def test_named() -> None:
    """All values of a name are there, in their order, the first time as ever after."""
    headers = Headers(GIVEN)
    assert headers == GIVEN
    for _ in range(2):
        assert [*headers.named(b"x-b")] == [b"1", b"", b"2"]
        assert [*headers.named(b"host")] == [b"a"]
        assert [*headers.named(b"x-c")] == []


def test_size() -> None:
    """Long ones take more room than short ones, and many take more than few."""
    assert Headers([]).size == 0
    assert Headers(GIVEN).size > Headers(GIVEN[:2]).size > 0
    assert Headers([(b"host", b"a" * 60_000)]).size > 60_000
