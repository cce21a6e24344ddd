"""Ids: the same seed and the same calls give the same identifiers, chance and people."""

import re
from uuid import RFC_4122, UUID

import pytest

from sandbox.core.ids import Ids


def drawn(ids: Ids) -> list[object]:
    """Return one of everything."""
    return [ids.opaque("msg"), ids.uuid4(), ids.odd_uuid(), ids.random.random(), ids.person("+491").name]


def test_same_seed() -> None:
    """Two of one seed and scope give the same, and again after a restart."""
    ids = Ids("seed", "acc_1")
    first = drawn(ids)
    assert drawn(Ids("seed", "acc_1")) == first
    assert drawn(ids) != first
    ids.restart()
    assert drawn(ids) == first


@pytest.mark.parametrize(
    ("seed", "scope"), [pytest.param("other", "acc_1", id="seed"), pytest.param("seed", "acc_2", id="scope")]
)
def test_other_seed(seed: str, scope: str) -> None:
    """Another seed or account gives other ids and other chance."""
    ids, other = Ids("seed", "acc_1"), Ids(seed, scope)
    assert all(one != another for one, another in zip(drawn(ids)[:4], drawn(other)[:4], strict=True))


def test_opaque() -> None:
    """Our ids have their prefix, say whose they are, and are counted."""
    ids = Ids("seed", "acc_1")
    first, second = ids.opaque("msg"), ids.opaque("req")
    assert re.fullmatch(r"msg_[0-9a-f]{8}000001", first)
    assert second == f"req_{first[4:12]}000002"


def test_opaque_beyond_six_digits() -> None:
    """The count grows past its six digits."""
    ids = Ids("seed", "acc_1")
    ids._count = 0xFFFFFF
    assert ids.opaque("msg").endswith("1000000")


def test_uuid4() -> None:
    """UUIDs are of version 4, in lower case, and all different."""
    ids = Ids("seed", "acc_1")
    made = {ids.uuid4() for _ in range(1000)}
    assert len(made) == 1000
    for text in made:
        uuid = UUID(text)
        assert (uuid.version, uuid.variant, str(uuid)) == (4, RFC_4122, text)


def test_odd_uuid() -> None:
    """Odd ids are shaped as UUIDs, of a variant that RFC 9562 does not describe."""
    ids = Ids("seed", "acc_1")
    for text in (ids.odd_uuid() for _ in range(100)):
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-1[0-9a-f]{3}-[0-9a-f]{12}", text)
        assert UUID(text).variant != RFC_4122


def test_opaque_ids_take_no_chance() -> None:
    """Counting ids does not change what is drawn."""
    ids, other = Ids("seed", "acc_1"), Ids("seed", "acc_1")
    ids.opaque("msg")
    assert ids.random.random() == other.random.random()


def test_person() -> None:
    """A person is the same whoever asks, in whichever order, and has the address that was asked for."""
    ids, other = Ids("seed", "acc_1"), Ids("seed", "acc_2")
    anna, bert = ids.person("+491"), ids.person("+492")
    assert (other.person("+492"), other.person("+491")) == (bert, anna)
    assert anna != bert
    assert anna.name == f"{anna.first_name} {anna.last_name}"
    assert (anna.phone, bool(anna.city)) == ("+491", True)


def test_ids_of_a_kind() -> None:
    """They are UUIDs that come of seed, scope, kind and a count of their own, whatever else is drawn."""
    ids, other = Ids("seed", "acc_1"), Ids("seed", "acc_1")
    first = ids.uuid_of("request")
    other.uuid4()
    other.opaque("msg")
    other.uuid_of("session")
    assert other.uuid_of("request") == first
    assert len({first, ids.uuid_of("request"), ids.uuid_of("session"), Ids("seed", "acc_2").uuid_of("request")}) == 4
    assert (UUID(first).version, UUID(first).variant) == (4, RFC_4122)
    ids.restart()
    assert ids.uuid_of("request") == first
