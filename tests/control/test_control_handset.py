"""What a face needs to act as a person: the addresses there are, where an action would be, samples, and files sent."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest

from calls import ask, items
from harness import USER

PIXEL = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        pytest.param("acc_link", [{"sender": "eap00001", "channel": "rcs"}], id="one"),
        pytest.param("acc_webex_connect", [], id="any-will-do"),
        pytest.param("acc_rbm", [{"sender": "SandboxAgent", "channel": "rcs"}], id="an-agent"),
    ],
)
async def test_senders(http: httpx.AsyncClient, account: str, expected: list[Any]) -> None:
    """An account tells the addresses that it can have in a conversation."""
    assert await items(http, f"/accounts/{account}/senders") == expected


async def test_senders_have_their_channels(http: httpx.AsyncClient) -> None:
    """Where each address speaks on a channel of its own, that is told."""
    channels = {each["sender"]: each["channel"] for each in await items(http, "/accounts/acc_mehery/senders")}
    assert (channels["wa360:918828218374"], channels["sms:SANDBX"]) == ("WHATSAPP", "SMS")


async def test_place(http: httpx.AsyncClient) -> None:
    """A person's address, written as people do, comes back in wire form, beside the only sender there is."""
    place = await ask(http, "GET", "/accounts/acc_link/place", user="0049 123 456-7890")
    assert place == {"sender": "eap00001", "user": USER, "channel": "rcs", "does": None}


async def test_place_of_a_sender(http: httpx.AsyncClient) -> None:
    """The sender that is given tells the channel."""
    place = await ask(http, "GET", "/accounts/acc_mehery/place", user="919812345678", sender="sms:SANDBX")
    assert (place["sender"], place["channel"]) == ("sms:SANDBX", "SMS")


async def test_place_of_a_magic_address(http: httpx.AsyncClient) -> None:
    """A magic address says what it does."""
    magic = (await items(http, "/magic", provider="link"))[0]
    place = await ask(http, "GET", "/accounts/acc_link/place", user=magic["address"])
    assert place["does"] == magic["does"]


@pytest.mark.parametrize(
    ("account", "query", "path"),
    [
        pytest.param("acc_link", {}, "user", id="no-user"),
        pytest.param("acc_link", {"user": "nobody"}, "user", id="no-number"),
        pytest.param("acc_link", {"user": USER, "sender": "eap99999"}, "sender", id="not-its-sender"),
        pytest.param("acc_mehery", {"user": "919812345678"}, "sender", id="several-senders"),
    ],
)
async def test_nowhere(http: httpx.AsyncClient, account: str, query: dict[str, str], path: str) -> None:
    """What an action would be refused for, is refused here, by the same name."""
    problem = await ask(http, "GET", f"/accounts/{account}/place", expects=422, **query)
    assert [error["path"] for error in problem["errors"]] == [path]


async def test_samples(http: httpx.AsyncClient) -> None:
    """Every shipped file is there by name, type and size, and can be sent."""
    samples = {each["name"]: each for each in await items(http, "/samples")}
    assert samples["photo.jpg"]["mime_type"] == "image/jpeg"
    assert samples["photo.jpg"]["size"] > 100
    for name in samples:
        body = {"account": "acc_rbm", "user": USER, "type": "send_file", "sample": name}
        await ask(http, "POST", "/actions", body, 202)


async def sent_file(http: httpx.AsyncClient, **changes: Any) -> str:
    """Let a person of LINK send a picture, and return the id of the callback that carries it."""
    content = base64.b64encode(PIXEL).decode()
    body = {"account": "acc_link", "user": USER, "type": "send_file", "name": "a b.gif", "content": content, **changes}
    callback: str = (await ask(http, "POST", "/actions", body, 202))["callbacks"][0]
    return callback


async def test_part(http: httpx.AsyncClient) -> None:
    """The file inside a multipart callback can be had by itself, under the type it went out with, and runs nothing."""
    response = await http.get(f"/_sandbox/callbacks/{await sent_file(http)}/parts/1")
    assert (response.status_code, response.content) == (200, PIXEL)
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"] == "inline; filename*=UTF-8''a%20b.gif"
    assert response.headers["content-security-policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize("index", ["2", "-1", "01", "x"])
async def test_no_part(http: httpx.AsyncClient, index: str) -> None:
    """A part that is not there is not found."""
    await ask(http, "GET", f"/callbacks/{await sent_file(http)}/parts/{index}", expects=404)


async def test_no_part_of_json(http: httpx.AsyncClient) -> None:
    """A callback that is no multipart has no parts."""
    body = {"account": "acc_link", "user": USER, "type": "say", "text": "Hello"}
    callback = (await ask(http, "POST", "/actions", body, 202))["callbacks"][0]
    await ask(http, "GET", f"/callbacks/{callback}/parts/0", expects=404)


async def test_what_a_provider_lets_people_do(http: httpx.AsyncClient) -> None:
    """A provider tells whether voice is a kind of file of its own, and where its people talk unless told otherwise."""
    told = {each["name"]: (each["default_channel"], each["has_voice"]) for each in await items(http, "/providers")}
    assert told == {
        "link": ("rcs", False),
        "webex-connect": ("sms", False),
        "mehery": ("WHATSAPP", True),
        "rbm": ("rcs", False),
    }
