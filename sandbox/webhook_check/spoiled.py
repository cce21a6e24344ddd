"""Spoiled: what no provider sends, and somebody will: a receiver refuses it, and lives on."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.core.callback import Encoded
from sandbox.core.rehearsal import Rehearsal
from sandbox.webhook_check.check import Check, Finding, Play, Shot, Verdict
from sandbox.webhook_check.sources import JSON, SEMANTICS, Sources
from sandbox.webhook_check.stage import Stage

_REFUSE = "refuse with a 4xx what cannot be read: what is acknowledged is never sent again"
_BODIES = {
    "empty-body": ("a POST without a body", b""),
    "not-an-object": ("JSON that is no object: []", b"[]"),
    "null": ("JSON that is no object: null", b"null"),
    "empty-object": ("a JSON object without members", b"{}"),
    "not-utf-8": ("a body that is no UTF-8", b'{"a": "\xff\xfe\xc3"}'),
}


def spoiled(rehearsal: Rehearsal, sources: Sources) -> Iterator[Check]:  # noqa: ARG001 - the same for all
    """Yield the checks with what cannot be taken; behind each a good callback shows whether the receiver lives."""
    expects = "refuses it with a 4xx, and takes the next good callback"
    yield Check("bad/invalid-json", "a callback whose JSON breaks off in the middle", expects, JSON, _broken)
    for name, (sends, body) in _BODIES.items():
        yield Check(f"bad/{name}", sends, expects, JSON, _body(sends, body))
    for method in ("GET", "HEAD"):
        yield Check(
            f"method/{method}",
            f"{method} in the place of POST, as crawlers and monitors ask",
            "answers, most fitly with 405, and takes the next good callback",
            f"{SEMANTICS}, section 9.1: every general-purpose server supports GET and HEAD",
            _method(method),
        )


async def still_takes(stage: Stage) -> tuple[list[Shot], list[Finding]]:
    """Return how a good callback fares after something bad, and what is wrong with that."""
    shots = await stage.tell(stage.rehearsal.text)
    wrong = [
        finding._replace(answer=f"the good callback after it: {finding.answer}", advice=f"{_REFUSE}; {finding.advice}")
        for finding in stage.judge.taken(shots)
        if finding.severity == "failed"
    ]
    return shots, wrong


async def _broken(stage: Stage) -> Verdict:
    user = stage.person()
    stage.arm({"type": "corrupt"}, user, None)
    shots = await stage.tell(stage.rehearsal.text, user=user)
    stage.account.faults.clear()
    return await _judged(stage, shots)


def _body(what: str, body: bytes) -> Play:
    async def play(stage: Stage) -> Verdict:
        callback, encoded = stage.unsent(stage.rehearsal.text)
        bad = stage.signed(callback, Encoded(encoded.content_type, body))
        return await _judged(stage, [await stage.post(what, callback, bad)])

    return play


async def _judged(stage: Stage, shots: list[Shot]) -> Verdict:
    findings = stage.judge.refused(shots, "warning", _REFUSE)
    good, wrong = await still_takes(stage)
    return Verdict([*shots, *good], [*findings, *wrong])


def _method(method: str) -> Play:
    async def play(stage: Stage) -> Verdict:
        answer = await stage.wire.ask(stage.wire.head(method, ("Connection", "close")), bodiless=method == "HEAD")
        shots = [stage.seen(method, "", answer)]
        good, wrong = await still_takes(stage)
        return Verdict([*shots, *good], [*stage.judge.alive(shots), *wrong])

    return play
