"""Operation: one documented endpoint as data, with the request it gets, the call it makes of it and the reply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from pydantic_core import to_json

from sandbox.core.headers import Headers

if TYPE_CHECKING:
    from sandbox.core.account import Account
    from sandbox.core.callback import Callback, Draft
    from sandbox.core.conversation import Message
    from sandbox.core.events import Event
    from sandbox.core.services import Services

ReplyHeaders = tuple[tuple[bytes, bytes], ...]

JSON_TYPE = (b"content-type", b"application/json")
NO_PARTS: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True, eq=False)
class RawRequest:
    """
    A request as it came, read once.

    Attributes:
        params: the parts of the path that the operation's template names, percent-decoded; none once it is answered.
        too_large: the body passed the limit and was not kept.
        account: whose request it is, as soon as that is known; a refused one may know it too.
    """

    method: str
    path: str
    query: bytes
    headers: Headers
    body: bytes
    params: Mapping[str, str] = field(default_factory=dict)
    too_large: bool = False
    account: Account | None = None

    def header(self, name: bytes) -> bytes | None:
        """Return the first header of that (lower-case) name."""
        values = self.headers.named(name)
        return values[0] if values else None

    def query_pairs(self) -> list[tuple[str, str]]:
        """Return the query's parameters in order, decoded; a blank one keeps its name."""
        return parse_qsl(self.query.decode("latin-1"), keep_blank_values=True) if self.query else []


class Reply(NamedTuple):
    """An answer: status, body bytes and headers (the length is added on the way out)."""

    status: int
    body: bytes = b""
    headers: ReplyHeaders = (JSON_TYPE,)


def json_reply(status: int, body: Any) -> Reply:
    """Return an answer of JSON."""
    return Reply(status, to_json(body))


class Question(NamedTuple):
    """
    Something the business is asked before the request is answered.

    Attributes:
        draft: the question, with whom it is put to.
        user: the person it is about, in wire form.
        then: makes the reply of how the question fared and of the beginning of the answer to it.
    """

    draft: Draft
    user: str
    then: Callable[[Callback, str], Reply]


@dataclass(slots=True, eq=False)
class Call:
    """
    One authenticated request on its way through a handler.

    A handler changes state through the account and says what happened with `publish`; events take effect after the
    answer has been written, so that no callback precedes it. With a `question` the answer waits for the business's.
    """

    request: RawRequest
    operation: Operation
    account: Account
    services: Services
    at: datetime
    events: list[Event] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    question: Question | None = None

    def take(self, message: Message) -> None:
        """Remember a message of the business, at once and as part of this request."""
        self.messages.append(message)

    def publish(self, event: Event) -> None:
        """Let an event take effect once the answer is out."""
        self.events.append(event)


@dataclass(frozen=True, slots=True)
class Operation:
    """
    One documented endpoint.

    Attributes:
        id: what faults and coverage call it, `sendMessage`.
        path: with named parts in braces, as documented.
        source: where the document describes it, lines.
        authenticate: finds the account or raises `ApiError`.
        handle: a plain function from the call to its reply; raises `ApiError`.
        users_of: whom the request is meant for, in wire form; asked only where a fault or a magic address may strike,
            since some have to read the body for it. It must not raise.
        aliases: further paths that lead here.
        check_head: judges what stands before the body, and raises `ApiError`; asked before the body's size is looked at.
        success: status of the answer when all is well, where no setting of the account has another one.
    """

    id: str
    method: str
    path: str
    source: str
    authenticate: Callable[[RawRequest, Services], Account]
    handle: Callable[[Call], Reply]
    users_of: Callable[[RawRequest], Iterable[str]] = lambda _request: ()
    aliases: tuple[str, ...] = ()
    check_head: Callable[[RawRequest], None] = lambda _request: None
    success: int = 200
