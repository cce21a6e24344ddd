"""LINK: two hundred damaged versions of the documented requests, none of which may take the sandbox off its feet."""

import json
import logging
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from harness import GATEWAY, LinkClient, broken_rule
from sandbox.shipped import folder

REQUESTS = [json.loads(path.read_text()) for path in sorted((folder("fixtures") / "link" / "requests").glob("*.json"))]
ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e308,
    10**30,
    "",
    " ",
    "\u0000",
    "😀" * 3000,
    [],
    [[]],
    [None],
    {},
    {"": {}},
    "2018-02-30T00:00:00Z",
    "https://[::1",
    "+",
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every container of a JSON document with each of its keys or indexes."""
    if isinstance(value, dict):
        own: list[tuple[Any, Any]] = [(value, key) for key in value]
    elif isinstance(value, list):
        own = [(value, index) for index in range(len(value))]
    else:
        return []
    return own + [place for container, key in own for place in places(container[key])]


def replaced(body: Any, random: Random) -> bytes:
    """Put an odd value somewhere."""
    container, key = random.choice(places(body))
    container[key] = random.choice(ODD_VALUES)
    return json.dumps(body).encode()


def removed(body: Any, random: Random) -> bytes:
    """Take something away."""
    container, key = random.choice(places(body))
    del container[key]
    return json.dumps(body).encode()


def repeated(body: Any, random: Random) -> bytes:
    """Make something of an array twelve, or a member two of different names."""
    container, key = random.choice(places(body))
    if isinstance(container, list):
        container[:] = [container[key]] * 12
    else:
        container[random.choice(["text", "fileId", "carouselCard", "callAction", "extra"])] = container[key]
    return json.dumps(body).encode()


def moved(body: Any, random: Random) -> bytes:
    """Put a part of the document where another was."""
    (target, key), (source, other) = random.choice(places(body)), random.choice(places(body))
    target[key] = json.loads(json.dumps(source[other]))
    return json.dumps(body).encode()


def scrambled(body: Any, random: Random) -> bytes:
    """Change, drop or add a few bytes."""
    raw = bytearray(json.dumps(body).encode())
    for _ in range(random.randint(1, 4)):
        index = random.randrange(len(raw))
        raw[index : index + random.randint(0, 3)] = random.randbytes(random.randint(0, 2))
    return bytes(raw)


DAMAGES: tuple[Callable[[Any, Random], bytes], ...] = (replaced, removed, repeated, moved, scrambled)


@pytest.mark.parametrize("seed", range(20))
async def test_a_damaged_request_is_answered(link: LinkClient, caplog: pytest.LogCaptureFixture, seed: int) -> None:
    """LINK-GEN-20: never a 5xx, nor a failure of ours dressed as one of the platform's; every refusal names its rule."""
    random = Random(seed)
    for number in range(10):
        request = random.choice(REQUESTS)
        body = random.choice(DAMAGES)(json.loads(json.dumps(request["body"])), random)
        query = {"messageId": f"00000000-0000-4000-8000-{number:012}"} if request["query"] else {}
        before = len(link.account.journal.messages)
        response = await link.call(
            "POST",
            request["path"].removeprefix(GATEWAY),
            params=query,
            content=body,
            headers={"Content-Type": "application/json"},
        )
        assert response.status_code in (200, 400), body
        assert (response.status_code == 400) == (broken_rule(response) is not None), body
        assert len(link.account.journal.messages) - before == (response.status_code == 200 and bool(query)), body
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
