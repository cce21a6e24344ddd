"""Catalogue: every check of a provider's webhooks, in the order in which they are made."""

from __future__ import annotations

from fnmatch import fnmatchcase

from sandbox.core.provider import Provider
from sandbox.core.rehearsal import Rehearsal
from sandbox.webhook_check.bots import bots
from sandbox.webhook_check.check import Check, Verdict
from sandbox.webhook_check.contents import contents
from sandbox.webhook_check.deliveries import deliveries, kinds, variants
from sandbox.webhook_check.proof import proofs
from sandbox.webhook_check.sources import Sources
from sandbox.webhook_check.spoiled import spoiled
from sandbox.webhook_check.stage import Stage
from sandbox.webhook_check.transport import transport


def catalogue(provider: Provider, rehearsal: Rehearsal) -> tuple[Check, ...]:
    """Return every check; what could stop a receiver for good comes behind what could not."""
    sources = Sources(provider, rehearsal)
    bot = list(bots(provider, rehearsal, sources))
    *seen, last = bot or (None,)
    return (
        *kinds(rehearsal, sources),
        *(check for check in seen if check is not None),
        *variants(rehearsal, sources),
        *contents(rehearsal, sources),
        *deliveries(rehearsal, sources),
        *proofs(rehearsal, sources),
        *transport(rehearsal, sources),
        *spoiled(rehearsal, sources),
        Check(
            "end/alive",
            f"one more {rehearsal.text}, after everything else",
            "acknowledges it as at first",
            sources.rule("acknowledgement"),
            _alive,
        ),
        *((last,) if last is not None else ()),
    )


def chosen(checks: tuple[Check, ...], patterns: tuple[str, ...]) -> tuple[Check, ...]:
    """Return the checks whose name, or group, fits one of the patterns; all of them without patterns."""
    if not patterns:
        return checks
    return tuple(
        check
        for check in checks
        if any(fnmatchcase(check.name, one) or check.name.partition("/")[0] == one for one in patterns)
    )


async def _alive(stage: Stage) -> Verdict:
    shots = await stage.tell(stage.rehearsal.text)
    return Verdict(shots, stage.judge.taken(shots))
