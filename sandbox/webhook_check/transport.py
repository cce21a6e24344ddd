"""Transport: good callbacks, in every way in which HTTP/1.1 may carry them."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.core.callback import headers_of
from sandbox.core.rehearsal import Rehearsal
from sandbox.webhook_check.check import Check, Finding, Shot, Verdict
from sandbox.webhook_check.sources import HTTP, SEMANTICS, Sources
from sandbox.webhook_check.spoiled import still_takes
from sandbox.webhook_check.stage import Stage
from sandbox.webhook_check.wire import WireAnswer

PAUSE = 0.03  # seconds of real time between the pieces of a request
TOO_SOON = 0.25  # seconds of real time in which half a body must not be acknowledged


def transport(rehearsal: Rehearsal, sources: Sources) -> Iterator[Check]:  # noqa: ARG001 - the same for all
    """Yield the checks on raw connections."""
    yield Check(
        "http/framing",
        "one callback on a connection of its own",
        "sends one answer, and not a byte more",
        f"{HTTP}, section 6.3",
        _framing,
    )
    yield Check(
        "http/keep-alive",
        "two callbacks, one after the other, on one connection",
        "answers both, or says that it closes the connection",
        f"{HTTP}, section 9.3",
        _keep_alive,
    )
    yield Check(
        "http/pieces",
        f"a callback in three pieces, {PAUSE * 1000:g} ms apart, its header names in lower case",
        "waits for the whole of it",
        f"{HTTP}, section 6; {SEMANTICS}, section 5.1: names of headers have no letter case",
        _pieces,
    )
    yield Check(
        "http/chunked",
        "a callback in chunks, as proxies pass it on, without a Content-Length",
        "reads it as any other",
        f"{HTTP}, section 7.1: a recipient must be able to parse chunked",
        _chunked,
    )
    yield Check(
        "http/half-a-body",
        f"half a callback; the rest never comes, and the connection is closed after {TOO_SOON:g} s",
        "does not acknowledge what it has not read, and takes the next good callback",
        f"{HTTP}, section 8: a message whose body is shorter than told is incomplete",
        _half,
    )


class _Raw:
    """One good callback, ready for the wire."""

    def __init__(self, stage: Stage) -> None:
        callback, encoded = stage.unsent(stage.rehearsal.text)
        self.kind = callback.kind
        self.body = encoded.body
        self._stage = stage
        self._headers = [("Content-Type", encoded.content_type), *headers_of(callback.headers, encoded)]

    def head(self, *headers: tuple[str, str], lower: bool = False) -> bytes:
        """Return its head; without headers that say so it has a length."""
        measured = headers or (("Content-Length", str(len(self.body))),)
        return self._stage.wire.head("POST", *self._headers, *measured, lower=lower)

    def shot(self, answer: WireAnswer, what: str = "") -> Shot:
        """Return what came back, with the body."""
        return self._stage.seen(f"{self.kind}{what}", self.body.decode(errors="replace"), answer)


async def _framing(stage: Stage) -> Verdict:
    raw = _Raw(stage)
    try:
        async with stage.wire.connected() as connection:
            await connection.send(raw.head() + raw.body)
            answer = await connection.answer()
            more = answer.keeps and await connection.says_more()
    except (TimeoutError, OSError):
        answer, more = WireAnswer(None, "closed"), False
    shot = raw.shot(answer)
    findings = stage.judge.taken([shot])
    if more:
        advice = "let Content-Length tell the very number of bytes; the rest spoils the next answer on this connection"
        findings.append(Finding("failed", "bytes came after the end of the answer", advice, shot))
    return Verdict([shot], findings)


async def _keep_alive(stage: Stage) -> Verdict:
    first, second = _Raw(stage), _Raw(stage)
    shots: list[Shot] = []
    try:
        async with stage.wire.connected() as connection:
            await connection.send(first.head() + first.body)
            answer = await connection.answer()
            shots.append(first.shot(answer))
            if answer.keeps:
                await connection.send(second.head() + second.body)
                again = await connection.answer()
                if again.error != "closed" or again.detail:  # to close an idle connection is anybody's right
                    shots.append(second.shot(again, ", on the same connection"))
    except (TimeoutError, OSError):
        shots.append(first.shot(WireAnswer(None, "closed")))
    return Verdict(shots, stage.judge.taken(shots))


async def _pieces(stage: Stage) -> Verdict:
    raw = _Raw(stage)
    middle = len(raw.body) // 2
    answer = await stage.wire.ask(raw.head(lower=True), raw.body[:middle], raw.body[middle:], pause=PAUSE)
    shots = [raw.shot(answer)]
    return Verdict(shots, stage.judge.taken(shots))


async def _chunked(stage: Stage) -> Verdict:
    raw = _Raw(stage)
    middle = len(raw.body) // 2
    chunks = [b"%x\r\n%b\r\n" % (len(part), part) for part in (raw.body[:middle], raw.body[middle:])]
    head = raw.head(("Transfer-Encoding", "chunked"))
    shots = [raw.shot(await stage.wire.ask(head, *chunks, b"0\r\n\r\n"))]
    findings = [finding._replace(severity="warning") for finding in stage.judge.taken(shots)]
    return Verdict(shots, findings)  # the providers themselves send a length


async def _half(stage: Stage) -> Verdict:
    raw = _Raw(stage)
    try:
        async with stage.wire.connected() as connection:
            await connection.send(raw.head() + raw.body[: len(raw.body) // 2])
            answer = await connection.answer(min(TOO_SOON, stage.timeout))
    except (TimeoutError, OSError):
        answer = WireAnswer(None, "timeout")
    shots: list[Shot] = []
    findings: list[Finding] = []
    if answer.status is not None and stage.policy.acknowledges(answer.status):
        shots.append(raw.shot(answer, ", half of it"))
        advice = "read the body before you answer: if the connection breaks now, the callback is lost and nobody knows"
        findings.append(
            Finding("failed", f"acknowledged with {answer.status} before the body had come", advice, shots[0])
        )
    good, wrong = await still_takes(stage)
    return Verdict([*shots, *good], [*findings, *wrong])
