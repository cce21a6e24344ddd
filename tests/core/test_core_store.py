"""The store: accounts by id, and by the credentials that select them."""

from __future__ import annotations

from itertools import count
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import BaseModel

from sandbox.core.account import Account, Shelf
from sandbox.core.clock import Clock
from sandbox.core.conversation import AccountKey
from sandbox.core.ids import Ids
from sandbox.core.journal import Journal
from sandbox.core.store import CredentialTakenError, Store
from sandbox.core.stream import Stream


class Credentials(BaseModel):
    """What selects an account."""

    keys: list[str]


def account(name: str, *keys: str, provider: str = "shop") -> Account:
    """Return an account that these keys select."""
    stub = SimpleNamespace(
        identities=lambda credentials, _settings: tuple(f"key={key}" for key in credentials.keys), callback_kinds=()
    )
    return Account(
        AccountKey(provider, name),
        cast("Any", stub),
        name,
        Credentials(keys=list(keys)),
        Credentials(keys=[]),
        clock=Clock(),
        ids=Ids("test", name),
        journal=Journal(name, 2, count(1), Stream()),
    )


def found(store: Store, *keys: str, provider: str = "shop") -> list[str | None]:
    """Return the ids of the accounts that the keys select."""
    accounts = (store.find(provider, f"key={key}") for key in keys)
    return [None if one is None else one.id for one in accounts]


def filled() -> Store:
    """Return a store with two accounts."""
    store = Store()
    store.add(account("one", "a", "b"))
    store.add(account("two", "c"))
    return store


def test_finding() -> None:
    """An account is found by its id, and by each of its credentials."""
    store = filled()
    assert ([one.id for one in store], len(store)) == (["one", "two"], 2)
    assert found(store, "a", "b", "c", "d") == ["one", "one", "two", None]
    assert store.get("one") is next(iter(store))
    assert store.get("three") is None


def test_providers_are_apart() -> None:
    """The same credential may be one account's of each provider."""
    store = filled()
    store.add(account("three", "a", provider="post"))
    assert (found(store, "a"), found(store, "a", provider="post")) == (["one"], ["three"])


def test_taken() -> None:
    """A credential that another account has is refused, and nothing of the newcomer stays."""
    store = filled()
    with pytest.raises(CredentialTakenError, match="key=c is taken by two"):
        store.add(account("three", "new", "c"))
    assert (len(store), found(store, "new", "c")) == (2, [None, "two"])


def test_claiming() -> None:
    """An account whose credentials changed is found by the new ones and by no former one."""
    store = filled()
    one = store.get("one")
    assert one is not None
    one.credentials = Credentials(keys=["b", "x"])
    store.claim(one)
    assert found(store, "a", "b", "x") == [None, "one", "one"]


def test_claiming_what_is_taken() -> None:
    """If a new credential is taken, the account is found as before."""
    store = filled()
    one = store.get("one")
    assert one is not None
    one.credentials = Credentials(keys=["x", "c"])
    with pytest.raises(CredentialTakenError):
        store.claim(one)
    assert found(store, "a", "b", "c", "x") == ["one", "one", "two", None]


def test_removing() -> None:
    """A removed account is not found any more, and its credentials are free; removing it again does nothing."""
    store = filled()
    one = store.get("one")
    assert one is not None
    for _ in range(2):
        store.remove(one)
    assert (store.get("one"), found(store, "a", "b", "c")) == (None, [None, None, "two"])
    store.add(account("three", "a"))
    assert found(store, "a") == ["three"]


def test_iterating_while_removing() -> None:
    """Accounts may go while they are looked at."""
    store = filled()
    for one in store:
        store.remove(one)
    assert len(store) == 0


class TestShelf:
    """What an account keeps of one sort."""

    def test_limit(self) -> None:
        """Beyond the limit the oldest goes first; replacing keeps its place."""
        shelf: Shelf[int] = Shelf(2)
        for key, thing in (("a", 1), ("b", 2), ("a", 3), ("c", 4)):
            shelf.put(key, thing)
        assert (list(shelf), len(shelf), "a" in shelf, shelf.get("a")) == ([2, 4], 2, False, None)

    def test_remove(self) -> None:
        """What is removed makes room, and may come again at the end."""
        shelf: Shelf[int] = Shelf(2)
        shelf.put("a", 1)
        shelf.put("b", 2)
        assert (shelf.remove("a"), shelf.remove("a")) == (1, None)
        shelf.put("a", 3)
        assert list(shelf) == [2, 3]

    def test_room(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Beyond the room that large things take the oldest go first, small ones among them; the newest stays."""
        monkeypatch.setattr("sandbox.core.account.MAX_ROOM", 10)
        shelf: Shelf[str] = Shelf(100)
        for key, size in (("a", 0), ("b", 6 << 10), ("c", 1023), ("d", 4 << 10)):
            shelf.put(key, key, size)
        assert list(shelf) == ["a", "b", "c", "d"]
        shelf.put("b", "replaced", 5 << 10)
        shelf.put("e", "e", 1 << 10)
        assert list(shelf) == ["a", "replaced", "c", "d", "e"]
        shelf.put("f", "f", 1 << 10)
        assert list(shelf) == ["c", "d", "e", "f"]
        shelf.remove("d")
        shelf.put("g", "g", 8 << 10)
        assert list(shelf) == ["c", "e", "f", "g"]
        shelf.put("h", "h", 99 << 10)
        assert list(shelf) == ["h"]

    def test_of_an_account(self) -> None:
        """An account has a shelf for each type, and forgets them all together."""
        one = account("one")
        one.shelf(int).put("a", 1)
        one.shelf(str).put("a", "x")
        assert (list(one.shelf(int)), list(one.shelf(str))) == ([1], ["x"])
        one.forget()
        assert len(one.shelf(int)) == 0
