"""
A sample bot that takes a booking over LINK Conversations, written from LINK's document; copy it and make it yours.

`LinkApi` calls LINK, `Webhook` takes what LINK calls back, `BookingBot` holds the conversation. None of them knows that
there is a sandbox: give `LinkApi` the real address, customer id and key, and it talks to real phones.
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import aiohttp
import jwt
from aiohttp import web

JSON = dict[str, Any]


class LinkApi:
    """
    LINK's API, as far as a bot needs it.

    Args:
        session: makes the calls.
        url: scheme and host; authorization and gateway are told apart by their paths.
        customer_id: the id that LINK gave you, `eapXXXXX`.
        private_key: PEM of the RSA key whose public half LINK has.
    """

    def __init__(self, session: aiohttp.ClientSession, url: str, customer_id: str, private_key: str) -> None:
        self._session = session
        self._url = url
        self._customer_id = customer_id
        self._private_key = private_key
        self._token = ""
        self._good_until = 0.0

    async def send(self, msisdn: str, content: JSON) -> str:
        """Send a message and return its id, which later receipts refer to."""
        message_id = str(uuid4())
        path = f"/gateway/lmc/v1/phone/{msisdn}/conversationMessage"
        await self._call(path, {"messageContent": content}, messageId=message_id)
        return message_id

    async def register_file(self, url: str, description: str) -> str:
        """Make a file known and return the id that messages show it by."""
        file_id: str = (await self._call("/gateway/lmc/v1/registerFile", {"url": url, "description": description}))[
            "fileId"
        ]
        return file_id

    async def _call(self, path: str, body: JSON, **query: str) -> JSON:
        headers = {"Authorization": f"Bearer {await self._bearer()}"}
        async with self._session.post(self._url + path, json=body, params=query, headers=headers) as answer:
            return await _read(answer)

    async def _bearer(self) -> str:
        """Return a token: the one we have or, a minute before it expires, a new one for a freshly signed assertion."""
        now = time.time()
        if now > self._good_until - 60:
            claims = {"iss": self._customer_id, "iat": int(now), "exp": int(now) + 60}
            form = {
                "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
                "assertion": jwt.encode(claims, self._private_key, algorithm="RS256"),
            }
            async with self._session.post(f"{self._url}/auth/oauth2/token", data=form) as answer:
                granted = await _read(answer)
            self._token, self._good_until = granted["access_token"], now + granted["expires_in"]
        return self._token


async def _read(answer: aiohttp.ClientResponse) -> JSON:
    text = await answer.text()
    if not answer.ok:
        raise RuntimeError(f"{answer.method} {answer.url.path} was answered {answer.status} {text}")
    read: JSON = json.loads(text)
    return read


@dataclass(frozen=True, slots=True)
class Callback:
    """
    What LINK called back.

    Attributes:
        id: of the callback; the same when LINK sends it again.
        type: `message`, `event` or `error`.
        data: what happened.
        file: the bytes of a file that the user sent.
    """

    id: str
    type: str
    data: JSON
    file: bytes | None = None

    @classmethod
    async def of(cls, request: web.Request) -> Callback:
        """Read a callback: JSON or, with a file, multipart. The parts are known by their type, not by their names."""
        file = None
        if request.content_type == "multipart/form-data":
            text = b""
            async for part in await request.multipart():
                if not isinstance(part, aiohttp.BodyPartReader):
                    continue
                if part.headers.get("Content-Type") == "application/json":
                    text = await part.read()
                else:
                    file = bytes(await part.read())
        else:
            text = await request.read()
        message = json.loads(text)["message"]
        data = json.loads(base64.b64decode(message["data"]))
        return cls(message["messageId"], message["attributes"]["type"], data, file)


class Webhook:
    """Takes callbacks on a port of this machine: acknowledges each at once, drops repeats, and keeps the order."""

    def __init__(self) -> None:
        self.received: asyncio.Queue[Callback] = asyncio.Queue()
        self.url = ""
        self._seen: set[str] = set()
        app = web.Application(client_max_size=20 * 1024 * 1024)
        app.router.add_post("/link", self._take)
        self._runner = web.AppRunner(app)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/link"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        callback = await Callback.of(request)
        if callback.id not in self._seen:
            self._seen.add(callback.id)
            self.received.put_nowait(callback)
        return web.Response()


class BookingBot:
    """Asks whether to go on with a booking, offers rooms, and asks where the guest arrives."""

    def __init__(self, api: LinkApi) -> None:
        self._api = api

    async def invite(self, msisdn: str) -> None:
        """Begin a conversation."""
        await self._say(
            msisdn, "Would you like to continue with your booking?", reply("Yes", "continue"), reply("No", "stop")
        )

    async def listen(self, webhook: Webhook) -> None:
        """Answer whatever comes, for ever."""
        while True:
            callback = await webhook.received.get()
            if callback.type == "message":
                await self._answer(callback.data["senderPhoneNumber"], callback)

    async def _answer(self, guest: str, callback: Callback) -> None:
        match callback.data:
            case {"suggestionResponse": {"postbackData": "continue"}}:
                await self._offer_rooms(guest)
            case {"suggestionResponse": {"postbackData": "stop"}}:
                await self._say(guest, "All right. We keep your booking until tomorrow.")
            case {"suggestionResponse": {"postbackData": str(postback)}} if postback.startswith("room-"):
                share = {"text": "Share location", "callbackData": "arrival", "requestLocationAction": {}}
                await self._say(guest, "A good choice! Where do you arrive? A photo of your ticket helps, too.", share)
            case {"userFile": {"payload": {"fileName": str(name)}}}:
                await self._say(guest, f"Thank you, {name} has reached us. Your room is booked!")

    async def _offer_rooms(self, guest: str) -> None:
        cards = [await self._card(room, price) for room, price in (("Sea", 180), ("Garden", 140), ("Attic", 95))]
        await self._api.send(
            guest, {"conversationCard": {"carouselCard": {"cardWidth": "MEDIUM", "cardContents": cards}}}
        )

    async def _card(self, room: str, price: int) -> JSON:
        photo = await self._api.register_file(f"https://hotel.example/rooms/{room.lower()}.jpg", f"{room} room")
        return {
            "title": f"{room} room",
            "description": f"{price} euros a night, with breakfast",
            "cardMedia": {"cardHeight": "MEDIUM", "fileId": photo},
            "suggestions": [reply("Take it", f"room-{room.lower()}")],
        }

    async def _say(self, guest: str, text: str, *suggestions: JSON) -> None:
        await self._api.send(guest, {"text": text, "suggestions": list(suggestions)})


def reply(text: str, postback: str) -> JSON:
    """Return a suggested reply: what the chip reads, and what comes back when it is tapped."""
    return {"text": text, "callbackData": postback}
