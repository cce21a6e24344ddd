"""Runner: makes checks one after the other, and stops where the webhook is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import perf_counter

from sandbox.webhook_check.check import Check, NotObservedError, Report, Result
from sandbox.webhook_check.judge import worst
from sandbox.webhook_check.stage import Stage

MOST_UNANSWERED = 5  # checks; each of them may take as long as the provider has patience

Tell = Callable[[Result], None]


async def run(stage: Stage, checks: Iterable[Check], tell: Tell) -> Report:
    """
    Make checks, and return how they went.

    Args:
        stage: where they play.
        checks: which.
        tell: is told of each as soon as it is over.
    """
    account = stage.account
    report = Report(stage.url, account.provider.name, account.id, stage.timeout)
    began = perf_counter()
    gone: str | None = None
    unanswered = 0
    for check in checks:
        result = Result(check, "skipped", note=gone) if gone is not None else await _made(check, stage)
        report.results.append(result)
        tell(result)
        if gone is None and any(shot.attempt.status is None for shot in result.shots):
            unanswered += 1
            if not await stage.answers():
                gone = f"the webhook no longer answers since {check.name}"
            elif unanswered == MOST_UNANSWERED:
                gone = f"{unanswered} checks got no answer already; mend that first"
    report.seconds = perf_counter() - began
    return report


async def _made(check: Check, stage: Stage) -> Result:
    began = perf_counter()
    try:
        shots, findings, note = await check.play(stage)
    except NotObservedError as error:
        return Result(check, "not observed", note=str(error), seconds=perf_counter() - began)
    finally:
        stage.account.faults.clear()
        stage.line.loses, stage.line.content_type = False, None
    return Result(check, worst(findings) or "passed", shots, findings, note, perf_counter() - began)
