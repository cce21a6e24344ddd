"""Bots: whether a business answers once what it was told twice, seen by what it sends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from time import perf_counter

from sandbox.core.provider import Provider
from sandbox.core.rehearsal import Rehearsal
from sandbox.webhook_check.check import Check, Finding, NotObservedError, Play, Shot, Verdict
from sandbox.webhook_check.deliveries import retried
from sandbox.webhook_check.sources import Sources
from sandbox.webhook_check.stage import Stage, tweak

SHORTEST = 0.2  # seconds of real time in which a bot must have nothing more to say

_NOBODY = (
    "no answer came within {patience:g} s: no bot answers plain texts here, or it does not send to this sandbox; "
    "see --say, --wait and --port"
)


def bots(provider: Provider, rehearsal: Rehearsal, sources: Sources) -> Iterator[Check]:
    """Yield the checks of what a bot sends; none for a provider that takes no messages."""
    if not provider.operations:
        return
    kind, source = rehearsal.text, sources.rule("retry")
    yield Check(
        "bot/answers", f"{kind}, to a bot that has this sandbox for its provider", "sends an answer", source, _answers
    )
    yield Check(
        "bot/duplicate",
        f"{kind} twice, byte for byte the same",
        "answers once",
        source,
        _once(_doubled, "each callback"),
    )
    yield Check(
        "bot/retry",
        f"{kind}, whose acknowledgement is lost, and once more by the provider's schedule",
        "answers once",
        source,
        _once(retried, "each attempt"),
    )
    yield Check("bot/still-answers", f"{kind}, after everything else", "still sends an answer", source, _still_answers)


async def usual(stage: Stage) -> tuple[int, float]:
    """
    Return how many messages a text is answered with, and how long the first of them takes, in seconds.

    Raises:
        NotObservedError: none, or not always as many.
    """
    is_first = stage.usual is None
    if stage.usual is None:
        counts, slowest = [], 0.0
        for _ in range(2):
            began = perf_counter()
            user, _ = await _said(stage, _plainly)
            if not await stage.replies.count(user, 1, stage.patience):
                stage.usual = (0, 0.0)
                break
            slowest = max(slowest, perf_counter() - began)
            counts.append(await stage.replies.count(user, 1_000_000, _quiet(slowest, stage)))
        else:
            stage.usual = (counts[0] if counts[0] == counts[1] else -1, slowest)
    count, seconds = stage.usual
    if count == 0:
        raise NotObservedError(_NOBODY.format(patience=stage.patience) if is_first else "no bot was seen to answer")
    if count < 0:
        raise NotObservedError(
            "the bot does not always answer with the same number of messages, so that none is one too many"
        )
    return count, seconds


async def _answers(stage: Stage) -> Verdict:
    count, seconds = await usual(stage)
    return Verdict(note=f"{count} message{'s' if count != 1 else ''} after {seconds * 1000:.0f} ms")


def _once(told: Callable[[Stage, str], Awaitable[Sequence[Shot]]], of_what: str) -> Play:
    async def play(stage: Stage) -> Verdict:
        expected, seconds = await usual(stage)
        user, shots = await _said(stage, told)
        await stage.replies.count(user, expected, stage.patience)
        came = await stage.replies.count(user, expected + 1, _quiet(seconds, stage))
        if came <= expected:
            return Verdict(shots, note=f"{came} message{'s' if came != 1 else ''}, as usual")
        answer = f"the bot sent {came} messages, where it sends {expected} for one text: it answers {of_what}"
        advice = "remember the id of every callback before you act on it, and acknowledge a known one without acting"
        return Verdict(shots, [Finding("failed", answer, advice, shots[0] if shots else None)])

    return play


async def _still_answers(stage: Stage) -> Verdict:
    await usual(stage)
    user, shots = await _said(stage, _plainly)
    if await stage.replies.count(user, 1, stage.patience):
        return Verdict(shots)
    answer = f"the bot acknowledged, but sent nothing within {stage.patience:g} s, as it had done at first"
    advice = "something that was sent before has stopped what works behind the webhook; see its log for the first error"
    return Verdict(shots, [Finding("failed", answer, advice, shots[0])])


async def _said(stage: Stage, told: Callable[[Stage, str], Awaitable[Sequence[Shot]]]) -> tuple[str, Sequence[Shot]]:
    user = stage.account.provider.normalise_user(stage.person(stage.rehearsal.cue(stage.rehearsal.text)))
    return user, await told(stage, user)


async def _plainly(stage: Stage, user: str) -> Sequence[Shot]:
    return await stage.tell(stage.rehearsal.text, user=user)


async def _doubled(stage: Stage, user: str) -> Sequence[Shot]:
    return await stage.tell(stage.rehearsal.text, user=user, **tweak(duplicate=1))


def _quiet(seconds: float, stage: Stage) -> float:
    """Return how long to wait for a message too many, from how long the first one usually takes."""
    return max(min(3 * seconds, stage.patience), SHORTEST)
