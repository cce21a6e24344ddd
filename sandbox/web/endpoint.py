"""Endpoint: how a request to an emulated API is answered, step by step, and journaled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, assert_never

from sandbox.core.account import Account
from sandbox.core.answers import Answers
from sandbox.core.callback import Callback
from sandbox.core.clock import Clock
from sandbox.core.conversation import Message
from sandbox.core.errors import ApiError
from sandbox.core.events import Event
from sandbox.core.fault import Code, DropAnswer, Hang, Latency, RateLimit, RequestEffect, Reset, Status
from sandbox.core.headers import Headers
from sandbox.core.held import LetGo
from sandbox.core.journal import Exchange
from sandbox.core.operation import NO_PARTS, Call, Operation, Question, RawRequest, Reply, json_reply
from sandbox.core.provider import Provider
from sandbox.sandbox import Sandbox
from sandbox.web.router import Endpoint, Router

Scope = MutableMapping[str, Any]
AsgiMessage = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[AsgiMessage]]
Send = Callable[[AsgiMessage], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Pairs = list[tuple[bytes, bytes]]
Write = Callable[[int, Pairs, bytes], None]

_log = logging.getLogger("sandbox.web")

STRAY_LIMIT = 64 * 1024  # bytes of a body that are kept where no document knows the path or the method
DRAIN_LIMIT = 64 * 1024 * 1024  # bytes of a body that are read before it is refused as too large

_NOT_FOUND = Reply(
    404,
    b"Not Found: no provider has such a path. GET /_sandbox/providers lists the operations that there are.\n",
    ((b"content-type", b"text/plain; charset=utf-8"),),
)
_ASKS_FIRST = (b"expect", b"100-continue")


@dataclass(slots=True)
class _Outcome:
    """
    What a request has come to so far.

    Attributes:
        at: when it was taken up, on the account's clock.
        late: seconds of that clock for which the answer is held back.
        lost: the fault that keeps the answer from the client.
        error: what was answered, if it was an error, be it by a fault.
        handled: whether the operation itself gave the answer, or is about to.
        question: what the business is asked before the answer is made.
        hold: is done when whatever the answer waits for is not going to happen; None if it waits for nothing.
    """

    provider: Provider | None
    operation: Operation | None
    reply: Reply | None = None
    at: datetime | None = None
    rule: str | None = None
    fault: str | None = None
    detail: str | None = None
    near: str | None = None
    late: float = 0.0
    lost: DropAnswer | Hang | Reset | None = None
    messages: Sequence[Message] = ()
    events: Sequence[Event] = ()
    warnings: Sequence[str] = ()
    question: Question | None = None
    error: ApiError | None = None
    handled: bool = False
    hold: asyncio.Future[LetGo] | None = None

    @property
    def is_forgotten(self) -> bool:
        """Whether the account has forgotten the request while its answer waited."""
        return self.hold is not None and self.hold.done() and self.hold.result().forgotten


@lru_cache(maxsize=8)
def _router(providers: tuple[Provider, ...], without: tuple[str, ...]) -> Router:
    """Return what finds the operations of providers: all sandboxes of a process have the same few."""
    return Router(providers, without=without)


class Endpoints:
    """
    The ASGI callable that serves every documented operation.

    Args:
        sandbox: what the requests are about.
        drain_limit: bytes of a body that are read before it is refused as too large.
        without: see `Router`.
        others: what `at_once` returns for a request that it does not know; None is this.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        *,
        drain_limit: int = DRAIN_LIMIT,
        without: tuple[str, ...] = (),
        others: Asgi | None = None,
    ) -> None:
        self._sandbox = sandbox
        self._services = sandbox.services
        self._router = _router(sandbox.providers, without)
        self._drain_limit = drain_limit
        self._others = self if others is None else others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        method, path = scope["method"], scope["raw_path"].decode("latin-1")
        endpoints, params = self._router.find(path)
        endpoint = endpoints.get(method)
        request = RawRequest(method, path, scope["query_string"], Headers(scope["headers"]), b"", params)
        limit = endpoint.provider.body_limit if endpoint is not None else STRAY_LIMIT
        if not await _read_body(request, limit, self._drain_limit, receive):
            self._journal(request, self._abandoned(request, endpoint))
            return
        outcome = self._answer(request, endpoint) if endpoint is not None else self._refuse(request, endpoints)
        await self._deliver(request, outcome, scope, receive, send)

    def at_once(self, method: str, path: str, query: bytes, headers: Pairs, body: bytes, write: Write) -> Asgi | None:
        """
        Answer a request that is all there without a task of its own, which takes a third of the time off it.

        Args:
            method: in upper case.
            path: as it came, percent-encoded.
            query: as it came.
            headers: names in lower case.
            body: all of it.
            write: puts the answer on the wire.

        Returns None if it was answered, else what is to answer it.
        """
        endpoints, params = self._router.find(path)
        endpoint = endpoints.get(method)
        if endpoint is None or len(body) > endpoint.provider.body_limit:
            return self._others
        if not isinstance(headers, Headers):
            headers = Headers(headers)
        request = RawRequest(method, path, query, headers, body, params)
        outcome = self._answer(request, endpoint)
        if outcome.reply is None or outcome.late or outcome.lost is not None or outcome.question is not None:
            self._hold(outcome, request.account)  # now: much may happen before the answer's task begins
            return partial(self._deliver, request, outcome)
        exchange = self._journal(request, outcome)
        write(outcome.reply.status, *_wire(outcome.reply, outcome))
        self._publish(outcome.events, request.account, exchange)
        return None

    # ------------------------------------------------------------------------------------------ the request's way

    def _answer(self, request: RawRequest, endpoint: Endpoint) -> _Outcome:
        """Authenticate, let faults strike, validate and handle; one atomic step, whatever comes of it."""
        provider, operation, answers = endpoint
        outcome = _Outcome(provider, operation)
        try:
            account = request.account = operation.authenticate(request, self._services)
            outcome.at = account.clock.now()
            effect = self._effect(request, provider, operation, account, outcome)
            if effect is not None and self._strike(effect, answers, request, outcome):
                return outcome
            operation.check_head(request)
            if request.too_large:
                raise answers.too_large()  # noqa: TRY301 - one place renders every error
            call = Call(request, operation, account, self._services, outcome.at)
            outcome.warnings = call.warnings
            outcome.reply = operation.handle(call)
            outcome.handled = True
            outcome.messages, outcome.events, outcome.question = call.messages, call.events, call.question
            for message in call.messages:
                account.journal.messages.add(message, message.size + 300)
        except ApiError as error:
            self._tell(error, answers, request, outcome)
            outcome.rule, outcome.detail = error.rule, error.detail
        except Exception:  # noqa: BLE001 - whatever we got wrong, the client sees the provider's own form of trouble
            _log.exception("%s %s failed", request.method, request.path)
            self._tell(answers.broken_down(), answers, request, outcome)
            outcome.detail = "the sandbox failed; its log tells more"
        return outcome

    def _effect(
        self, request: RawRequest, provider: Provider, operation: Operation, account: Account, outcome: _Outcome
    ) -> RequestEffect | None:
        """Return what is to befall the request, and name its origin in the outcome; a magic address comes first."""
        if provider.has_magic_effects:
            for user in operation.users_of(request):
                magic = provider.user_of_magic(user)
                effect = magic.effect(request, account) if magic is not None and magic.effect is not None else None
                if magic is not None and effect is not None:
                    outcome.fault = magic.address
                    return effect
        if not account.faults.armed:
            return None
        users = tuple(operation.users_of(request))
        fault = account.faults.draw("request", operation.id, users, account.clock.now(), account.ids.random)
        if fault is None or not isinstance(fault.spec.effect, RequestEffect):
            return None
        outcome.fault = fault.id
        return fault.spec.effect

    def _refuse(self, request: RawRequest, endpoints: Mapping[str, Endpoint]) -> _Outcome:
        """Answer a path or a method that no document knows, in the form of the provider that it seems meant for."""
        if endpoints:
            provider, _, answers = next(iter(endpoints.values()))
            reply = answers.preflight(tuple(endpoints)) if request.method == "OPTIONS" else None
            if reply is not None:
                return _Outcome(provider, None, reply)
            error = answers.method_not_allowed(tuple(endpoints))
            outcome = _Outcome(provider, None, rule=error.rule, detail=error.detail)
            self._tell(error, answers, request, outcome)
            return outcome
        near = self._router.nearest(request.method, request.path)
        owner = self._router.owner(request.path)
        if owner is None:
            return _Outcome(None, None, _NOT_FOUND, near=near)
        answers = owner.answers_to(request.path)
        error = answers.not_found(request.path)
        outcome = _Outcome(owner, None, rule=error.rule, detail=error.detail, near=near)
        self._tell(error, answers, request, outcome)
        return outcome

    def _tell(self, error: ApiError, answers: Answers, request: RawRequest, outcome: _Outcome) -> None:
        """Answer with an error, as the client sees it."""
        account = request.account
        error.path = request.path
        error.at = (self._sandbox if account is None else account).clock.now()
        outcome.reply = answers.render(error, account, self._sandbox.ids if account is None else account.ids)
        outcome.error = error.with_traceback(None)  # which holds the outcome, and they would keep one another

    def _strike(self, effect: RequestEffect, answers: Answers, request: RawRequest, outcome: _Outcome) -> bool:
        """Let a fault have its way with a request; tell whether the operation is passed over for it."""
        match effect:
            case Latency(seconds=seconds):
                outcome.late = seconds
                return False
            case DropAnswer():
                outcome.lost = effect
                return False
            case Reset() | Hang():
                outcome.lost = effect
            case Status(status=status, body=None):
                self._tell(answers.of_status(status), answers, request, outcome)
            case Status(status=status, body=body):
                outcome.reply = json_reply(status, body)
            case Code(code=code):
                self._tell(answers.of_code(code), answers, request, outcome)
            case RateLimit():
                self._tell(answers.rate_limited(), answers, request, outcome)
            case _:
                assert_never(effect)
        return True

    def _abandoned(self, request: RawRequest, endpoint: Endpoint | None) -> _Outcome:
        """Find out whose request it was that nobody waits for any more."""
        detail = "the connection ended before the body was whole"
        if endpoint is None:
            return _Outcome(self._router.owner(request.path), None, detail=detail)
        with suppress(ApiError):
            endpoint.operation.authenticate(request, self._services)
        return _Outcome(endpoint.provider, endpoint.operation, detail=detail)

    # ------------------------------------------------------------------------------------------- the answer's way

    async def _deliver(
        self, request: RawRequest, outcome: _Outcome, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Journal and write the answer; events take effect behind it, so that no callback precedes it."""
        account, exchange = request.account, None
        self._hold(outcome, account)
        asked = None
        if outcome.question is not None and account is not None and not outcome.is_forgotten:
            question = outcome.question
            asked = self._sandbox.question(account, question.draft, question.user)
            outcome.reply = await self._ask(question, asked, outcome, account, receive)
        if not outcome.is_forgotten:
            exchange = self._journal(request, outcome)
            if asked is not None:
                asked.request = exchange.id
        out: asyncio.Event | None = None
        try:
            if outcome.late and account is not None:
                out = asyncio.Event()
                await _hold_back(account.clock, outcome, out, receive)
                exchange = self._late(exchange, outcome, account)
            if outcome.lost is not None:
                await _lose(outcome.lost, outcome.hold, scope, receive)
            elif outcome.reply is not None:
                await _write(outcome.reply, outcome, send, last=request.too_large)
        finally:
            if exchange is not None and not outcome.is_forgotten:
                self._publish(outcome.events, account, exchange)
            if out is not None:
                out.set()

    def _hold(self, outcome: _Outcome, account: Account | None) -> None:
        """Have an answer that waits for something let go, should the account or the server end before."""
        waits = outcome.late or outcome.question is not None or isinstance(outcome.lost, Hang)
        if waits and account is not None and outcome.hold is None:
            outcome.hold = account.held.begin()

    def _late(self, exchange: Exchange | None, outcome: _Outcome, account: Account) -> Exchange | None:
        """Journal when a late answer goes out, and what made it go early; None if the account knows no more of it."""
        if exchange is None or outcome.is_forgotten:
            return None
        exchange.ended_at = account.clock.now()
        if outcome.hold is not None and outcome.hold.done():
            exchange.detail = f"answered before its time: {outcome.hold.result().why}"
        account.journal.requests.changed(exchange)
        return exchange

    async def _ask(
        self, question: Question, asked: Callback, outcome: _Outcome, account: Account, receive: Receive
    ) -> Reply | None:
        """Return what comes of asking the business; None if the client gives up before."""
        asking = asyncio.ensure_future(self._sandbox.ask(account, asked))
        gone = asyncio.ensure_future(_until_gone(receive))
        over = [asking, gone, *([outcome.hold] if outcome.hold is not None else ())]
        try:
            await asyncio.wait(over, return_when=asyncio.FIRST_COMPLETED)
            if asking.done():
                return question.then(asked, asking.result())
            if gone.done() or outcome.hold is None:
                return None
            outcome.detail = f"answered without the business: {outcome.hold.result().why}"
            return question.then(asked, "")
        finally:
            asking.cancel()
            gone.cancel()

    def _publish(self, events: Sequence[Event], account: Account | None, exchange: Exchange) -> None:
        if account is None:
            return
        for event in events:
            try:
                self._sandbox.publish(event, account, exchange.id)
            except Exception:  # noqa: BLE001 - the answer is out: what goes wrong now is ours alone to know
                _log.exception("%s had no effect", type(event).__name__)

    def _journal(self, request: RawRequest, outcome: _Outcome) -> Exchange:
        account, provider, operation = request.account, outcome.provider, outcome.operation
        reply = outcome.reply if outcome.lost is None else None
        request.params = NO_PARTS  # journals remember many requests, and nobody asks for these again
        owner = account if account is not None else self._sandbox
        now = outcome.at
        if now is None or outcome.question is not None:  # else no time has passed since
            now = owner.clock.now()
        exchange = Exchange(
            owner.ids.opaque("req"),
            self._sandbox.next_seq(),
            account.id if account is not None else None,
            provider.name if provider is not None else None,
            operation.id if operation is not None else None,
            request,
            outcome.at or now,
            now,
            reply.status if reply is not None else None,
            reply.headers if reply is not None else (),
            reply.body if reply is not None else b"",
            outcome.rule,
            outcome.fault,
            outcome.detail,
            outcome.near,
            tuple([message.id for message in outcome.messages]),
            tuple(outcome.warnings),
        )
        for message in outcome.messages:
            message.request = exchange.id
        error = outcome.error if reply is not None else None
        self._sandbox.record(account, exchange, error, handled=outcome.handled)
        return exchange


async def _read_body(request: RawRequest, limit: int, drain_limit: int, receive: Receive) -> bool:
    """
    Read the body; of one beyond `limit` bytes nothing is kept, and `too_large` is set.

    A client that announces such a body and asks before it sends it is refused unread. Others are heard out, for
    `drain_limit` bytes: many look for an answer only when they have sent everything.

    Returns False if the client left before the body was whole.
    """
    if _ASKS_FIRST in request.headers and int(request.header(b"content-length") or 0) > limit:
        request.too_large = True
        return True
    message = await receive()
    body: bytes = message.get("body", b"")
    size = len(body)
    if message.get("more_body", False):
        kept = bytearray(body)
        while message.get("more_body", False) and size <= drain_limit:
            message = await receive()
            chunk: bytes = message.get("body", b"")
            size += len(chunk)
            if size <= limit:
                kept += chunk
        body = bytes(kept)
    request.too_large = size > limit
    request.body = b"" if request.too_large else body
    return bool(message["type"] == "http.request")


async def _hold_back(clock: Clock, outcome: _Outcome, out: asyncio.Event, receive: Receive) -> None:
    """
    Wait on the account's clock, until the client gives up, or until the account or the server ends.

    Who moves the clock waits until the answer is `out`.
    """
    over = asyncio.Event()

    async def let_go() -> None:
        over.set()
        await out.wait()

    timer = clock.call_later(outcome.late, let_go)
    gone = asyncio.ensure_future(_until_gone(receive))
    for each in (gone, outcome.hold):
        if each is not None:
            each.add_done_callback(lambda _: over.set())
    try:
        await over.wait()
    finally:
        timer.cancel()
        gone.cancel()


def _wire(reply: Reply, outcome: _Outcome) -> tuple[Pairs, bytes]:
    """Return the headers and the body that go out."""
    headers = list(reply.headers)
    body = reply.body
    if reply.status in {204, 304}:
        body = b""  # these have none, whatever a fault was armed with
    else:
        headers.append((b"content-length", b"%d" % len(body)))
    if outcome.rule is not None:
        headers.append((b"x-sandbox-rule", outcome.rule.encode("latin-1")))
    if outcome.near is not None:
        headers.append((b"x-sandbox-near", outcome.near.encode("latin-1")))
    if outcome.fault is not None:
        headers.append((b"x-sandbox-fault", outcome.fault.encode("latin-1")))
    return headers, body


async def _write(reply: Reply, outcome: _Outcome, send: Send, *, last: bool) -> None:
    headers, body = _wire(reply, outcome)
    if last:  # the rest of the body may still come, and is not to be taken for another request
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _lose(
    how: DropAnswer | Hang | Reset, hold: asyncio.Future[LetGo] | None, scope: Scope, receive: Receive
) -> None:
    """
    Give no answer: cut the connection, or wait until the client does or the account ends.

    In process a cut is an error to the client.
    """
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        if isinstance(how, Hang):
            await asyncio.wait([gone, *([hold] if hold is not None else ())], return_when=asyncio.FIRST_COMPLETED)
        if not gone.done():
            cut = scope.get("state", {}).get("cut")
            if cut is None:
                raise ConnectionResetError("a fault dropped the connection")
            cut(reset=isinstance(how, Reset))
            await gone
    finally:
        gone.cancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
