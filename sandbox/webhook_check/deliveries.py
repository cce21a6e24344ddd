"""Deliveries: good callbacks in every kind and form, and the ways in which they may come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sandbox.core.rehearsal import Cue, Rehearsal, Variant
from sandbox.webhook_check.check import Check, Finding, NotObservedError, Play, Shot, Verdict
from sandbox.webhook_check.sources import Sources
from sandbox.webhook_check.stage import Stage, tweak

CROWD = 10  # people who do something at the same time
LATE = timedelta(hours=26)

_ANSWERS = "acknowledges"


def kinds(rehearsal: Rehearsal, sources: Sources) -> Iterator[Check]:
    """Yield a check for every kind of callback, that of a text first: if it fails, little else is worth while."""
    for cue in sorted(rehearsal.cues, key=lambda cue: cue.kind != rehearsal.text):
        expects = "acknowledges or refuses it" if cue.may_refuse else _ANSWERS
        yield Check(f"kind/{cue.kind}", f"one callback {cue.kind}", expects, sources.of(cue.rule), _kind(cue))


def variants(rehearsal: Rehearsal, sources: Sources) -> Iterator[Check]:
    """Yield a check for every unusual form."""
    for one in rehearsal.variants:
        sends = f"{', '.join(one.kinds)}: {one.says}"
        expects = "acknowledges it and drops what it does not know" if one.unforeseen else _ANSWERS
        yield Check(f"variant/{one.name}", sends, expects, sources.of(one.rule), _variant(one))


def deliveries(rehearsal: Rehearsal, sources: Sources) -> Iterator[Check]:
    """Yield the checks of order, repetition and time."""
    repeated = [rehearsal.text, *(kind for pair in rehearsal.pairs[:1] for kind in pair)]
    if rehearsal.file is not None:
        repeated.append(rehearsal.file)
    yield Check(
        "delivery/duplicate",
        f"{', '.join(repeated)}: each twice, byte for byte the same",
        "acknowledges both and acts on one",
        sources.rule("retry"),
        _duplicate(tuple(repeated)),
    )
    yield Check(
        "delivery/retry",
        f"{rehearsal.text}, whose answer is lost, and once more by the provider's schedule",
        "acknowledges both and acts on one",
        sources.rule("retry"),
        _retry,
    )
    yield Check(
        "delivery/out-of-order",
        "two texts of one person, the second told first",
        _ANSWERS,
        sources.rule("order"),
        _swapped(rehearsal.text, rehearsal.text),
    )
    for first, second in rehearsal.pairs:
        yield Check(
            f"delivery/{second}-before-{first}",
            f"{second} and {first} of one message, in this order",
            "acknowledges both, and does not take the message's state back",
            sources.rule("order"),
            _swapped(first, second),
        )
    yield Check(
        "delivery/late",
        f"a text of now, and then one of {LATE.total_seconds() / 3600:g} hours ago, of the same person",
        _ANSWERS,
        sources.rule("time"),
        _late,
    )
    yield Check(
        "delivery/same-time",
        "two texts of one person within the same millisecond",
        "acknowledges both: they differ in their ids",
        sources.rule("time"),
        _same_time,
    )
    yield Check(
        "delivery/whole-second",
        "callbacks at a whole second, whose fraction is nothing but zeros",
        _ANSWERS,
        sources.rule("time"),
        _whole_second,
    )
    yield Check(
        "delivery/leap-day",
        "a text in the last millisecond of a 29 February",
        _ANSWERS,
        sources.rule("time"),
        _leap_day,
    )
    yield Check(
        "delivery/concurrent",
        f"texts of {CROWD} people at the same time",
        "acknowledges all, none of them late",
        sources.rule("order"),
        _concurrent,
    )


def _kind(cue: Cue) -> Play:
    async def play(stage: Stage) -> Verdict:
        shots = await stage.tell(cue.kind)
        own = [shot for shot in shots if shot.what == cue.kind or shot.what.startswith(f"{cue.kind}.")]
        if not own:
            raise NotObservedError(f"{', '.join(dict.fromkeys(shot.what for shot in shots))} was told in its place")
        if cue.may_refuse:
            shots = own
        return Verdict(shots, stage.judge.taken(shots, None if cue.may_refuse else "failed"))

    return play


def _variant(variant: Variant) -> Play:
    async def play(stage: Stage) -> Verdict:
        shots: list[Shot] = []
        with stage.configured(variant.settings):
            for kind in variant.kinds:
                changes = tweak(set=dict(variant.set), drop=list(variant.drop))
                shots += await stage.tell(kind, **(changes if changes["callback"] else {}))
        return Verdict(shots, stage.judge.taken(shots, "warning" if variant.unforeseen else "failed"))

    return play


def _duplicate(repeated: tuple[str, ...]) -> Play:
    async def play(stage: Stage) -> Verdict:
        shots: list[Shot] = []
        for kind in repeated:
            shots += await stage.tell(kind, **tweak(duplicate=1))
        return Verdict(shots, _advised(stage.judge.taken(shots), "acknowledge what you have had already"))

    return play


async def _retry(stage: Stage) -> Verdict:
    text = stage.rehearsal.cue(stage.rehearsal.text)
    shots = await retried(stage, stage.person(text))
    return Verdict(shots, _advised(stage.judge.taken(shots), "acknowledge what you have had already"))


async def retried(stage: Stage, user: str) -> list[Shot]:
    """Have a text told whose answer is lost, and what the provider does then; return the second attempts."""
    text = stage.rehearsal.cue(stage.rehearsal.text)
    mark = stage.mark()
    stage.line.loses = True
    stage.bring_about(text, user)
    await stage.account.clock.settle()
    stage.line.loses = False
    told = [callback for callback in stage.account.journal.callbacks.after(mark) if callback.url == stage.url]
    lost = {attempt for callback in told for attempt in callback.attempts}
    if stage.policy.retry_waits:
        await stage.sandbox.advance(seconds=stage.policy.retry_waits[0], account=stage.account)
    else:  # by itself this provider does not try again, but its operator may
        for callback in told:
            stage.sandbox.redeliver(stage.account, callback)
    return await stage.shots(mark, without=lost)


def _swapped(first: str, second: str) -> Play:
    async def play(stage: Stage) -> Verdict:
        cues = stage.rehearsal.cue(first), stage.rehearsal.cue(second)
        user = stage.person(cues[0])
        stage.prepare(cues[0], user)
        await stage.account.clock.settle()
        mark = stage.mark()
        stage.arm({"type": "reorder", "window": 2}, user)
        for cue in cues:
            stage.bring_about(cue, user, sends=False)
        shots = await stage.shots(mark)
        stage.account.faults.clear()
        return Verdict(shots, _advised(stage.judge.taken(shots), "take callbacks in any order, by the times in them"))

    return play


async def _late(stage: Stage) -> Verdict:
    cue = stage.rehearsal.cue(stage.rehearsal.text)
    user = stage.person(cue)
    shots = await stage.tell(cue.kind, user=user)
    mark = stage.mark()
    with stage.at(stage.account.clock.now() - LATE):
        stage.bring_about(cue, user, tick=False)
    shots += await stage.shots(mark)
    return Verdict(
        shots, _advised(stage.judge.taken(shots), "take what is old: phones are off, and platforms catch up")
    )


async def _same_time(stage: Stage) -> Verdict:
    cue = stage.rehearsal.cue(stage.rehearsal.text)
    user = stage.person(cue)
    shots = await stage.tell(cue.kind, user=user)
    shots += await stage.tell(cue.kind, user=user, tick=False)
    return Verdict(shots, _advised(stage.judge.taken(shots), "tell callbacks apart by their ids, not by their times"))


async def _whole_second(stage: Stage) -> Verdict:
    shots: list[Shot] = []
    for kind in (stage.rehearsal.text, *(pair[1] for pair in stage.rehearsal.pairs[:1])):
        cue = stage.rehearsal.cue(kind)
        mark = stage.mark()
        with stage.at(stage.account.clock.now().replace(microsecond=0)):
            stage.bring_about(cue, stage.person(cue), tick=False)
        shots += await stage.shots(mark)
    return Verdict(shots, stage.judge.taken(shots))


async def _leap_day(stage: Stage) -> Verdict:
    cue = stage.rehearsal.cue(stage.rehearsal.text)
    year = stage.account.clock.now().year
    leap = stage.account.clock.now().replace(
        year=year - year % 4, month=2, day=29, hour=23, minute=59, second=59, microsecond=999_000
    )
    mark = stage.mark()
    with stage.at(leap):
        stage.bring_about(cue, stage.person(cue), tick=False)
    shots = await stage.shots(mark)
    return Verdict(shots, stage.judge.taken(shots, "warning"))  # one that refuses what is very old may have its reasons


async def _concurrent(stage: Stage) -> Verdict:
    cue = stage.rehearsal.cue(stage.rehearsal.text)
    mark = stage.mark()
    for _ in range(CROWD):
        stage.bring_about(cue, stage.person(cue))
    shots = await stage.shots(mark)
    advice = "let requests of different people be handled side by side"
    return Verdict(shots, _advised(stage.judge.taken(shots), advice))


def _advised(findings: list[Finding], advice: str) -> list[Finding]:
    """Return findings with what to do in this case put before what is to be done in general."""
    return [finding._replace(advice=f"{advice}; {finding.advice}") for finding in findings]
