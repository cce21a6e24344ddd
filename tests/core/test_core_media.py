"""Files under links: kept once, found by an id that nobody can guess, and bounded."""

from __future__ import annotations

import pytest

from sandbox.core.media import MAX_ROOM, Media

BASE = "http://127.0.0.1:4700/_sandbox/media/acc_one"
JPEG = ("photo.jpg", "image/jpeg")


def test_a_file_is_found_by_its_link() -> None:
    """What is put can be got by the last segment of its link, whole."""
    media = Media(BASE)
    link = media.put(*JPEG, b"bytes")
    base, _, file_id = link.rpartition("/")
    file = media.get(file_id)
    assert base == BASE
    assert file is not None
    assert (file.name, file.mime_type, file.data) == (*JPEG, b"bytes")
    assert [file.id] == [one.id for one in media]


def test_the_same_file_keeps_its_link() -> None:
    """A file that is put twice lies there once."""
    media = Media(BASE)
    assert media.put(*JPEG, b"bytes") == media.put(*JPEG, b"bytes")
    assert len(media) == 1


@pytest.mark.parametrize(
    ("name", "mime_type", "data"),
    [
        pytest.param("other.jpg", "image/jpeg", b"bytes", id="name"),
        pytest.param("photo.jpg", "image/png", b"bytes", id="type"),
        pytest.param("photo.jpg", "image/jpeg", b"bytes!", id="bytes"),
        pytest.param("\ud800", "image/jpeg", b"bytes", id="lone-surrogate"),
        pytest.param("photo.jpg", "image/jpeg", b"", id="empty"),
    ],
)
def test_another_file_has_another_link(name: str, mime_type: str, data: bytes) -> None:
    """Name, type and bytes tell files apart."""
    media = Media(BASE)
    assert media.put(*JPEG, b"bytes") != media.put(name, mime_type, data)
    assert len(media) == 2


@pytest.mark.parametrize(
    ("room", "left"),
    [
        pytest.param(3 * 1124, ["a", "b", "c"], id="three-fit"),
        pytest.param(3 * 1124 - 1, ["b", "c"], id="a-byte-less-and-the-oldest-goes"),
        pytest.param(1, ["c"], id="the-newest-stays-whatever-its-size"),
    ],
)
def test_the_oldest_go_first(room: int, left: list[str]) -> None:
    """Files take their bytes and about a kilobyte; beyond the room the oldest go."""
    media = Media(BASE, room=room)
    for name in ("a", "b", "c"):
        media.put(name, "text/plain", bytes(100))
    assert [file.name for file in media] == left


def test_a_file_that_is_put_again_is_new() -> None:
    """What was sent last goes last."""
    media = Media(BASE, room=2 * 1124)
    for name in ("a", "b", "a", "c"):
        media.put(name, "text/plain", bytes(100))
    assert [file.name for file in media] == ["a", "c"]


def test_clear() -> None:
    """Nothing is left, and the room is free again."""
    media = Media(BASE, room=1124)
    link = media.put("a", "text/plain", bytes(100))
    media.clear()
    assert media.get(link.rpartition("/")[2]) is None
    media.put("b", "text/plain", bytes(100))
    assert len(media) == 1
    assert MAX_ROOM == 64 * 1024 * 1024
