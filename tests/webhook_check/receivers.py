"""Receivers: webhooks on real sockets, a good one for each provider, and many that are broken in one way each."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from typing import Any, ClassVar, Literal, NamedTuple, Self

from typing_extensions import override

JSON = dict[str, Any]
ACKNOWLEDGING = {"link": 204, "webex-connect": 200, "mehery": 204, "rbm": 200}


class Request(NamedTuple):
    """One request; names of headers in lower case."""

    method: str
    headers: dict[str, str]
    body: bytes


class Answer(NamedTuple):
    """What it gets."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class RefusedError(Exception):
    """A request that is refused with this status."""

    def __init__(self, status: int = 400) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Told:
    """
    A callback as a receiver reads it.

    Attributes:
        id: of the callback.
        kind: in the provider's words.
        at: as it is written.
        text: what the person wrote.
        user: who.
        document: the payload.
        envelope: what it came in.
    """

    id: str
    kind: str
    at: str
    text: str | None
    user: str
    document: JSON
    envelope: JSON
    file: bytes | None = None


class Receiver:
    """
    A good receiver of one provider: reads strictly what may come, refuses what may not, and acknowledges the rest.

    Attributes:
        secret: what it knows its provider by.
        told: every callback that it took, repeats too.
    """

    provider: ClassVar[str] = "link"

    def __init__(self, secret: str | None = None) -> None:
        self.secret = secret
        self.told: list[Told] = []
        self.seen: set[str] = set()
        self.tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self.server = await asyncio.start_server(self.connected, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/hook?tenant=7"

    # ---------------------------------------------------------------------------------------------------- the wire

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self.exchange(reader, writer):
                    pass
        finally:
            writer.close()
            self.tasks.discard(task)

    async def exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request, and tell whether the connection goes on."""
        request = await self.read(reader)
        answer = await self.answer(request)
        writer.write(self.written(answer, request.method))
        await writer.drain()
        return request.headers.get("connection") != "close"

    def written(self, answer: Answer, method: str = "POST") -> bytes:
        """Return an answer's bytes."""
        lines = [f"HTTP/1.1 {answer.status} Said", *(f"{name}: {value}" for name, value in answer.headers)]
        if answer.status != 204:
            lines.append(f"Content-Length: {len(answer.body)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + (answer.body if method != "HEAD" else b"")

    async def read(self, reader: asyncio.StreamReader) -> Request:
        """Read one request, measured or in chunks."""
        method, headers = await self.read_head(reader)
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(await reader.readline(), 16):
                body += await reader.readexactly(size)
                await reader.readline()
            await reader.readline()
        else:
            body = await reader.readexactly(int(headers.get("content-length", "0")))
        return Request(method, headers, body)

    async def read_head(self, reader: asyncio.StreamReader) -> tuple[str, dict[str, str]]:
        """Read the method and the headers of a request."""
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[:-2]
        return first.split(" ")[0], {
            name.lower(): value.strip() for name, _, value in (li.partition(":") for li in lines)
        }

    # --------------------------------------------------------------------------------------------------- the answer

    async def answer(self, request: Request) -> Answer:
        """Return the answer to one request."""
        if request.method != "POST":
            return Answer(405)
        try:
            self.verify(request)
            told = self.understand(request)
        except RefusedError as refused:
            return Answer(refused.status)
        except (ValueError, LookupError, TypeError, AttributeError):
            return Answer(400)
        try:
            answer = await self.take(told)
        except Exception as error:  # noqa: BLE001 - as a framework does it
            return Answer(500, f"Internal Server Error: {error!r}".encode())
        self.told.append(told)
        return answer

    def verify(self, request: Request) -> None:
        """Refuse whoever does not show the secret, if there is one."""
        if self.secret is None:
            return
        match self.provider:
            case "mehery":
                shown, expected = request.headers.get("x-verify-token", ""), self.secret
            case "rbm":
                shown = request.headers.get("authorization", "")
                expected = f"Basic {base64.b64encode(self.secret.encode()).decode()}"
            case _:
                shown = request.headers.get("x-hub-signature", "")
                expected = hmac.digest(self.secret.encode(), request.body, "sha256").hex()
        if not hmac.compare_digest(shown, expected):
            raise RefusedError(401)

    async def take(self, told: Told) -> Answer:
        """Take a good callback: once."""
        if told.id not in self.seen:
            self.seen.add(told.id)
            self.at(told)
            await self.act(told)
        return Answer(ACKNOWLEDGING[self.provider])

    async def act(self, told: Told) -> None:
        """Do what a new callback asks for."""

    def at(self, told: Told) -> datetime | None:
        """Read the time of a callback as its provider writes it."""
        if self.provider == "mehery":
            return datetime.fromtimestamp(int(told.at) / 1000).astimezone() if told.at else None
        found = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", told.at)
        assert found is not None, told.at
        fraction = f".{(found[2] or '0')[:6].ljust(6, '0')}"
        return datetime.fromisoformat(found[1] + fraction + found[3].replace("Z", "+00:00"))

    # --------------------------------------------------------------------------------------------------- the reading

    def understand(self, request: Request) -> Told:
        """Return what a request tells. Raises whatever comes of one that tells nothing."""
        text, file = request.body, None
        content_type = Message()
        content_type["content-type"] = request.headers.get("content-type", "")
        if content_type.get_content_type() == "multipart/form-data":
            text, file = self.parts(request.body, self.boundary(request, content_type))
        elif content_type.get_content_type() != "application/json":
            raise RefusedError(415)
        envelope = self.parse(text)
        if not isinstance(envelope, dict) or not envelope:
            raise RefusedError
        return _READERS[self.provider](self, envelope, file)

    def parse(self, text: bytes) -> Any:
        """Return the JSON of a body."""
        return json.loads(text.decode("utf-8"))

    def boundary(self, _request: Request, content_type: Message) -> str:
        """Return what stands between the parts."""
        return str(content_type.get_param("boundary"))

    def parts(self, body: bytes, boundary: str) -> tuple[bytes, bytes]:
        """Return the JSON and the file of a multipart body, told apart by their types."""
        pieces = body.split(f"--{boundary}".encode())
        if len(pieces) < 3:
            raise RefusedError
        found: dict[str, bytes] = {}
        for piece in pieces[1:3]:
            head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
            is_json = b"application/json" in head.lower()
            if not is_json:
                self.file_name(head)
            found["json" if is_json else "file"] = content.removesuffix(b"\r\n")
        return found["json"], found["file"]

    def file_name(self, head: bytes) -> str:
        """Return the name of a file, whatever it is made of."""
        return head.decode("utf-8").partition("filename=")[2]


def _of_link(receiver: Receiver, envelope: JSON, file: bytes | None) -> Told:
    message = envelope["message"]
    attributes = message["attributes"]
    document = receiver.parse(base64.b64decode(message["data"], validate=True))
    kind = attributes.get("event_type") or attributes.get("message_type") or attributes["type"]
    if "userFile" in document:
        assert file is not None
        if int(document["userFile"]["payload"]["fileSizeBytes"]) != len(file):
            raise RefusedError
    at, user = document["sendTime"], document["senderPhoneNumber"]
    return Told(message["messageId"], kind, at, document.get("text"), user, document, envelope, file)


def _of_webex_connect(_receiver: Receiver, envelope: JSON, _file: bytes | None) -> Told:
    if "deliveryInfoNotification" in envelope:
        notification = envelope["deliveryInfoNotification"]
        info = notification["deliveryInfo"]
        name = f"{notification['transid']} {info['deliveryStatus']}"
        return Told(name, info["deliveryStatus"], info["timeStamp"], None, info["destination"], info, envelope)
    user = next(
        envelope[name] for name in ("oa", "psid", "waid", "abcUserId", "msisdn", "from", "userId") if name in envelope
    )
    kind = envelope.get("event", "MO")
    return Told(envelope["tid"], kind, envelope["ts"], envelope.get("message"), user, envelope, envelope)


def _of_mehery(_receiver: Receiver, envelope: JSON, _file: bytes | None) -> Told:
    if "type" not in envelope:  # a question who somebody is
        return Told(envelope["contactId"], "contact_info", "", None, envelope["csid"], envelope, envelope)
    kind = envelope["type"]
    (element,) = envelope[kind]
    user = envelope["contacts"][0]["csid"]
    if kind == "actions":
        return Told(f"{user} {element['actionCode']}", kind, "", None, user, element, envelope)
    name = f"{element.get('id') or element['eventId']} {element.get('status')}"
    told = element.get("status") or element.get("eventCode") or element["type"]
    text = (element.get("text") or {}).get("body")
    return Told(name, told, str(element.get("timestamp") or ""), text, user, element, envelope)


def _of_rbm(_receiver: Receiver, envelope: JSON, _file: bytes | None) -> Told:
    content = envelope[envelope["type"]]
    text = content if envelope["type"] == "text" else None
    return Told(
        envelope["request_id"], envelope["type"], envelope["timestamp"], text, envelope["phone"], envelope, envelope
    )


_READERS: dict[str, Callable[[Receiver, JSON, bytes | None], Told]] = {
    "link": _of_link,
    "webex-connect": _of_webex_connect,
    "mehery": _of_mehery,
    "rbm": _of_rbm,
}


def of(provider: str, kind: type[Receiver] = Receiver, secret: str | None = None) -> Receiver:
    """Return a receiver of a provider."""
    made: type[Receiver] = type(kind.__name__, (kind,), {"provider": provider})
    return made(secret)


# ------------------------------------------------------------------------------------------------------- broken ones


class ForbidsUnknownMembers(Receiver):
    """Its models forbid what they do not know."""

    @override
    async def take(self, told: Told) -> Answer:
        known = {"senderPhoneNumber", "messageId", "eventId", "sendTime", "eventType", "text", "suggestionResponse"}
        known |= {"location", "userFile", "errorCode", "errorMsg"}
        if unknown := (set(told.document) - known) | (set(told.envelope) - {"message", "subscription"}):
            raise ValueError(unknown)
        return await super().take(told)


class HasUniqueIds(Receiver):
    """Its database has a unique index, and nobody catches what it says."""

    @override
    async def take(self, told: Told) -> Answer:
        if told.id in self.seen:
            raise KeyError(told.id)
        return await super().take(told)


class ReadsAscii(Receiver):
    """It reads bodies as ASCII."""

    @override
    def parse(self, text: bytes) -> Any:
        return json.loads(text.decode("ascii"))


class LimitsBodies(Receiver):
    """Its server takes a megabyte, as many do unless told otherwise."""

    @override
    async def answer(self, request: Request) -> Answer:
        return Answer(413) if len(request.body) > 1024 * 1024 else await super().answer(request)


class HasShortColumn(Receiver):
    """Its column for texts has 1000 characters."""

    @override
    async def take(self, told: Told) -> Answer:
        if len(told.text or "") > 1000:
            raise OverflowError("value too long for type character varying(1000)")
        return await super().take(told)


class NeedsEverything(Receiver):
    """It takes what the samples show for mandatory."""

    @override
    async def take(self, told: Told) -> Answer:
        assert told.envelope["message"]["message_id"]
        return await super().take(told)


class AnswersOtherwise(Receiver):
    """It acknowledges with a 2xx of its own choice."""

    status: ClassVar[int]

    @override
    async def take(self, told: Told) -> Answer:
        await super().take(told)
        return Answer(self.status)


class AnswersNoContent(AnswersOtherwise):
    """With 204."""

    status = 204


class AnswersAccepted(AnswersOtherwise):
    """With 202."""

    status = 202


class Redirects(Receiver):
    """Its framework wants a slash at the end."""

    @override
    async def answer(self, request: Request) -> Answer:
        return Answer(307, b"", (("Location", "/hook/"),))


class NeverAnswers(Receiver):
    """It is stuck."""

    @override
    async def take(self, told: Told) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError


class AnswersLate(Receiver):
    """It does the work first."""

    @override
    async def take(self, told: Told) -> Answer:
        await asyncio.sleep(0.06)
        return await super().take(told)


class HangsUp(Receiver):
    """Its worker is killed by what it does with places."""

    @override
    async def exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        request = await self.read(reader)
        answer = await self.answer(request)
        if self.told and "location" in self.told[-1].document:
            return False
        writer.write(self.written(answer))
        return True


class AnswersFirst(Receiver):
    """It acknowledges before it reads."""

    @override
    async def exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        method, headers = await self.read_head(reader)
        writer.write(self.written(Answer(ACKNOWLEDGING[self.provider] if method == "POST" else 405)))
        await reader.readexactly(int(headers.get("content-length", "0")))
        return False


class LocksItself(Receiver):
    """Two requests at the same time wait for each other."""

    @override
    async def take(self, told: Told) -> Answer:
        self.busy = getattr(self, "busy", 0) + 1
        await asyncio.sleep(0)
        if self.busy > 1:
            await asyncio.Event().wait()
        self.busy -= 1
        return await super().take(told)


class Dies(Receiver):
    """It does not survive JSON that is none."""

    @override
    def parse(self, text: bytes) -> Any:
        try:
            return json.loads(text)
        except ValueError:
            self.server.close()
            for task in self.tasks:
                task.cancel()
            raise


class WantsMilliseconds(Receiver):
    """It reads times in one form only."""

    @override
    def at(self, told: Told) -> datetime | None:
        return datetime.strptime(told.at, "%Y-%m-%dT%H:%M:%S.%fZ").astimezone()


class WantsShortIds(Receiver):
    """Its column for ids has 36 characters."""

    @override
    async def take(self, told: Told) -> Answer:
        if len(told.document.get("messageId", "")) > 36:
            raise OverflowError("value too long for type character(36)")
        return await super().take(told)


class RejectsMultipart(Receiver):
    """It takes JSON and nothing else."""

    @override
    async def answer(self, request: Request) -> Answer:
        is_json = request.headers.get("content-type", "").startswith("application/json")
        return await super().answer(request) if is_json or request.method != "POST" else Answer(415)


class ComparesContentType(Receiver):
    """It compares the content type letter by letter."""

    @override
    async def answer(self, request: Request) -> Answer:
        content_type = request.headers.get("content-type", "")
        good = content_type == "application/json" or content_type.startswith("multipart/form-data")
        return await super().answer(request) if good or request.method != "POST" else Answer(415)


class WantsOrder(Receiver):
    """It refuses what is older than what it had."""

    @override
    async def take(self, told: Told) -> Answer:
        latest = getattr(self, "latest", "")
        if told.at and told.at < latest:
            raise RuntimeError("events must come in order")
        self.latest = max(latest, told.at)
        return await super().take(told)


class WantsDeliveredFirst(Receiver):
    """Its state machine knows no way from sent to read."""

    @override
    async def take(self, told: Told) -> Answer:
        delivered: set[str] = self.__dict__.setdefault("delivered", set())
        read: set[str] = self.__dict__.setdefault("read_before", set())
        if told.kind == "READ":
            read.add(told.document["messageId"])
        if told.kind == "DELIVERED" and told.document["messageId"] in read:
            raise RuntimeError("no transition from read to delivered")
        delivered.add(told.id)
        return await super().take(told)


class KeysByTime(Receiver):
    """It tells callbacks of one person apart by their times."""

    @override
    async def take(self, told: Told) -> Answer:
        times: dict[tuple[str, str], str] = self.__dict__.setdefault("times", {})
        if times.setdefault((told.user, told.at), told.id) != told.id:
            raise KeyError(told.at)
        return await super().take(told)


class IgnoresSecret(Receiver):
    """It believes everybody."""

    @override
    def verify(self, request: Request) -> None:
        pass


class LooksForSignature(Receiver):
    """A signature must be there; whose, it does not ask."""

    @override
    def verify(self, request: Request) -> None:
        if not request.headers.get("x-hub-signature"):
            raise RefusedError(401)


class ShowsErrorPage(Receiver):
    """A proxy answers in its place."""

    @override
    async def answer(self, request: Request) -> Answer:
        page = b"<!DOCTYPE html><html><title>Error 502</title>The application is unavailable.</html>"
        return Answer(200, page, (("Content-Type", "text/html"),))


class ComplainsInJson(Receiver):
    """It tells of errors in the body of a 200."""

    @override
    async def take(self, told: Told) -> Answer:
        if told.kind == "suggestion":
            return Answer(200, b"{taken}")  # which is no JSON, and says nothing
        if told.kind == "location":
            return Answer(
                200, b'{"success": false, "error": "not implemented"}', (("Content-Type", "application/json"),)
            )
        return await super().take(told)


class SaysTooMuch(Receiver):
    """It ends an answer twice."""

    @override
    async def exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        goes_on = await super().exchange(reader, writer)
        await asyncio.sleep(0.005)
        writer.write(b"0\r\n\r\n")
        return goes_on


class ForgetsConnections(Receiver):
    """It reads one request of a connection and never the next."""

    @override
    async def exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        await super().exchange(reader, writer)
        await asyncio.Event().wait()
        return False


class ReadsOnce(Receiver):
    """It takes what has come so far for the whole body."""

    @override
    async def read(self, reader: asyncio.StreamReader) -> Request:
        method, headers = await self.read_head(reader)
        length = int(headers.get("content-length", "0"))
        return Request(method, headers, await reader.read(length) if length else b"")


class CrashesOnGet(Receiver):
    """It reads a body whatever the method."""

    @override
    async def answer(self, request: Request) -> Answer:
        return Answer(500) if not request.body else await super().answer(request)


class KnowsItsEvents(Receiver):
    """Its enumeration is closed."""

    @override
    async def take(self, told: Told) -> Answer:
        if told.document.get("eventType") not in (None, "DELIVERED", "READ", "IS_TYPING"):
            raise ValueError(told.kind)
        return await super().take(told)


class WantsPlainNames(Receiver):
    """It reads the names of files as ASCII."""

    @override
    def file_name(self, head: bytes) -> str:
        return head.decode("ascii")


class CutsBoundary(Receiver):
    """It takes what stands behind the equals sign for the boundary."""

    @override
    def boundary(self, request: Request, content_type: Message) -> str:
        return request.headers["content-type"].partition("boundary=")[2]


class KnowsPartNames(Receiver):
    """It looks for the part that is called message."""

    @override
    def parts(self, body: bytes, boundary: str) -> tuple[bytes, bytes]:
        if b'name="message"' not in body:
            raise RefusedError
        return super().parts(body, boundary)


class ReadsLength(Receiver):
    """It looks for Content-Length in one letter case."""

    @override
    async def read_head(self, reader: asyncio.StreamReader) -> tuple[str, dict[str, str]]:
        head = await reader.readuntil(b"\r\n\r\n")
        fed = asyncio.StreamReader()
        fed.feed_data(head if b"Content-Length" in head else head.replace(b"content-length", b"x-length"))
        return await super().read_head(fed)


class WantsChunksNot(Receiver):
    """It demands a length."""

    @override
    async def answer(self, request: Request) -> Answer:
        return Answer(411) if "transfer-encoding" in request.headers else await super().answer(request)


class CountsSeconds(Receiver):
    """It reads the fraction of a second as a number, and divides by it."""

    @override
    def at(self, told: Told) -> datetime | None:
        assert 1 / int(told.at.rpartition(".")[2].rstrip("Z"))
        return super().at(told)


# -------------------------------------------------------------------------------------------------------------- bots

Habit = Literal["good", "every", "mute", "moody"]
Send = Callable[[str], None]
"""Sends a text to a person, by the provider's API."""


def bot(provider: str, habit: Habit, send: Send) -> Receiver:
    """
    Return a receiver with a bot that answers texts.

    It answers each once (good), whenever it is told (every), never again after an event it does not know (mute), or
    with one message and with two in turn (moody).
    """

    class Answering(Receiver):
        @override
        async def take(self, told: Told) -> Answer:
            if told.kind in ("REVOKED", "Throttled", "RECALLED"):
                self.__dict__["is_mute"] = habit == "mute"
            if habit == "every" and told.text:
                send(told.user)
            return await super().take(told)

        @override
        async def act(self, told: Told) -> None:
            if habit == "every" or not told.text or self.__dict__.get("is_mute"):
                return
            send(told.user)
            self.__dict__["answers"] = answers = self.__dict__.get("answers", 0) + 1
            if habit == "moody" and answers % 2:
                send(told.user)

    return of(provider, Answering)
