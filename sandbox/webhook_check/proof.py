"""Proof: whether a webhook believes whoever calls it, where its provider shows who it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sandbox.core.callback import Encoded
from sandbox.core.rehearsal import Rehearsal
from sandbox.webhook_check.check import Check, NotObservedError, Play, Shot, Verdict
from sandbox.webhook_check.sources import Sources
from sandbox.webhook_check.stage import Stage

_Headers = tuple[tuple[str, str], ...]

_ADVICE = (
    "compare the {secret} in constant time, and refuse with 401 or 403 what does not have it: anybody can find a URL"
)


def proofs(rehearsal: Rehearsal, sources: Sources) -> Iterator[Check]:
    """Yield the checks of forged callbacks; none for a provider that shows nothing."""
    if rehearsal.proof is None:
        return
    source = sources.rule("proof")
    expects = "refuses it with 401 or 403"
    for name, sends, play in (
        ("absent", f"a callback without the {rehearsal.proof}", _forged(_absent)),
        ("wrong", f"a callback with a wrong {rehearsal.proof}", _forged(_wrong)),
        ("tampered", "a callback whose body was changed on its way, with the signature that it had", _tampered),
    ):
        yield Check(f"proof/{name}", sends, expects, source, play)


def _forged(forge: Callable[[_Headers], _Headers]) -> Play:
    async def play(stage: Stage) -> Verdict:
        callback, encoded = stage.unsent(stage.rehearsal.text)
        _demand_proof(encoded)
        forged = encoded._replace(headers=forge(encoded.headers))
        shots = [await stage.post(f"{callback.kind}, forged", callback, forged)]
        return _judged(stage, shots)

    return play


def _absent(_headers: _Headers) -> _Headers:
    return ()


def _wrong(headers: _Headers) -> _Headers:
    """Return headers with the last character but two of each value another one: it still looks like what it is not."""
    return tuple((name, f"{value[:-3]}{'0' if value[-3:-2] != '0' else '1'}{value[-2:]}") for name, value in headers)


async def _tampered(stage: Stage) -> Verdict:
    callback, encoded = stage.unsent(stage.rehearsal.text)
    _demand_proof(encoded)
    body = encoded.body[:-1] + b',"tampered":true}'
    other = stage.signed(callback, encoded._replace(body=body))
    if other.headers == encoded.headers:
        raise NotObservedError("what shows who calls does not depend on the body, so that a changed one cannot be told")
    shots = [await stage.post(f"{callback.kind}, tampered with", callback, encoded._replace(body=body))]
    return _judged(stage, shots)


def _demand_proof(encoded: Encoded) -> None:
    if not encoded.headers:
        raise NotObservedError("the callbacks of this account show nobody's secret; give one with --secret")


def _judged(stage: Stage, shots: list[Shot]) -> Verdict:
    advice = _ADVICE.format(secret=stage.rehearsal.proof)
    if stage.knows_secret:
        return Verdict(shots, stage.judge.refused(shots, "failed", advice))
    advice = f"{advice}; if the webhook does that with another secret, give it with --secret"
    return Verdict(shots, stage.judge.refused(shots, "warning", advice))
